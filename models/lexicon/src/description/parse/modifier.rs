//! What stands around a verb: whence, whither, where, along and about what, how, how often.

use super::{Act, Adverb, End, Parser, Prep, Unit, Verb, Word};
use crate::description::{
    dir::{Axis, DirWord},
    words::{FormVerb, PathWord, RoundWord},
};

impl Parser<'_> {
    /// What may stand before or after the verb, in any order. Returns `at` if nothing does.
    pub(super) fn modifier(&self, at: usize, act: &mut Act, goals: &mut u32) -> usize {
        if self.prep(at, Prep::Following) || self.is(at, &Word::Comma) {
            return at;
        }
        // 由低变高移动: the way of the verb that follows.
        let way = match self.verb(at) {
            Some(Verb::Travel(Some(dir))) => Some(dir),
            Some(Verb::Part) => Some(DirWord::APART),
            Some(Verb::Meet) => Some(DirWord::INWARD),
            _ => None,
        };
        if let Some(dir) = way.filter(|_| self.text(at).starts_with(['由', '从']) && act.verb.is_none())
            && (at + 1..self.tokens.len()).any(|at| self.verb(at).is_some())
        {
            act.dirs.push(dir);
            return at + 1;
        }
        // 从后向前由左手下方穿过: what it passes.
        if self.prep(at, Prep::From)
            && act.from.is_some()
            && act.past.is_none()
            && let Some((site, after)) = self.site(at + 1)
        {
            act.past = Some(site);
            return after;
        }
        if self.prep(at, Prep::From)
            && act.from.is_none()
            && let Some((end, after)) = self.end(at + 1)
        {
            // 自上而下
            let heads = matches!(end, End::Dir(_)) && self.text(after) == "而";
            act.from = Some(end);
            // 从左手拇指开始
            let after = after + usize::from(["开始", "起"].contains(&self.text(after)));
            if heads && let Some(dir) = self.dir(after + 1) {
                act.dirs.push(dir);
                return after + 2;
            }
            return after;
        }
        if act.verb.is_none() || *goals == 0 {
            let towards = self.prep(at, Prep::To) || self.is(at, &Word::Facing);
            if towards && let Some(after) = self.goal(at + 1, act) {
                // 移向 is a verb and its preposition in one.
                act.verb = act.verb.or(self.verb(at));
                *goals += 1;
                return after;
            }
        }
        if self.prep(at, Prep::At)
            && act.at.is_none()
            && act.at_dir.is_none()
            && let Some((end, after)) = self.end(at + 1)
        {
            let site = match end {
                End::Site(site) => site,
                End::Dir(dir) => {
                    act.at_dir = Some(dir);
                    return after;
                }
            };
            let after = self.further_places(after, &site, act);
            act.at = Some(site);
            return after;
        }
        // 僵硬地: how, in words that the form has no place for.
        if let Some(after) = self.manner_word(at) {
            return after;
        }
        // 沿斜线, 沿顺时针方向: the way itself.
        if self.prep(at, Prep::Along)
            && (self.find(at + 1, |word| matches!(word, Word::Path(_)).then_some(())).is_some()
                || matches!(self.adverb(at + 1), Some(Adverb::Clockwise | Adverb::CounterClockwise)))
        {
            return at + 1;
        }
        for (prep, slot) in
            [(Prep::Along, &mut act.along), (Prep::Around, &mut act.around), (Prep::Past, &mut act.past)]
        {
            if self.prep(at, prep)
                && slot.is_none()
                && let Some((site, mut after)) = self.site(at + 1)
            {
                // 顺肩、胸部, 沿食指、虎口、拇指: the first of them leads.
                while (self.is(after, &Word::Prep(Prep::And)) || self.is(after, &Word::Comma))
                    && let Some((_, more)) = self.site(after + 1)
                {
                    after = more;
                }
                // 顺肩胸部: two places without a mark.
                if prep == Prep::Along
                    && let Some((_, more)) = self.site(after)
                {
                    after = more;
                }
                *slot = Some(site);
                return after;
            }
        }
        if self.prep(at, Prep::With)
            && act.with.is_none()
            && let Some((topic, after)) = self.topic(at + 1 + usize::from(self.who(at + 1).is_some()))
        {
            act.with = Some(topic);
            return after;
        }
        if self.prep(at, Prep::Object)
            && act.object.is_none()
            && let Some((site, after)) = self.site(at + 1)
        {
            act.object = Some(site);
            return after;
        }
        if act.verb.is_none()
            && self.prep(at, Prep::And)
            && act.object.is_none()
            && let Some((site, after)) = self.site(at + 1)
        {
            act.object = Some(site);
            return after;
        }
        if let Some(axis) = self.axis(at)
            && act.axis.is_none()
        {
            act.axis = Some(axis);
            let mut next = at + 1;
            // 前后、左右晃动, 前后左右晃动
            while let more = next + usize::from(self.is(next, &Word::Comma))
                && let Some(axis) = self.axis(more)
            {
                act.axis_next.push(axis);
                next = more + 1;
            }
            return next;
        }
        // 横、竖各切几下: how the edge lies.
        let lies = |at: usize| ["横", "竖", "纵"].contains(&self.text(at));
        if lies(at) && self.is(at + 1, &Word::Comma) && lies(at + 2) {
            return at + 3;
        }
        // 一前一后转动: to and fro in turns.
        let in_turns = match self.relation(at) {
            Some(super::Relation::OneAbove) => Some(Axis::UpDown),
            Some(super::Relation::OneBefore) => Some(Axis::ForwardBack),
            Some(super::Relation::LeftRight) => Some(Axis::LeftRight),
            _ => None,
        };
        if let Some(axis) = in_turns
            && act.axis.is_none()
            && act.verb.is_none()
            && (self.verb(at + 1).is_some() || self.adverb(at + 1).is_some() && self.verb(at + 2).is_some())
        {
            act.axis = Some(axis);
            act.adverbs.push(Adverb::Alternating);
            return at + 1;
        }
        if let Some(path) = self.path_word(at) {
            act.path = Some(path);
            return at + 1;
        }
        // 呈弧形移动: the way, not a figure of the hand.
        if self.is(at, &Word::Form(FormVerb::As)) && self.path_word(at + 1).is_some() {
            return at + 1;
        }
        // 转动小圈, 转动一大圆: once round.
        if matches!(act.verb, Some(Verb::Turn))
            && let Some(round) = self.find(at, |word| if let Word::Round(round) = word { Some(*round) } else { None })
        {
            act.turns = act.turns.or(Some(if round == RoundWord::HalfCircle { 0.5 } else { 1.0 }));
            act.large |= round == RoundWord::LargeCircle;
            act.small |= round == RoundWord::SmallCircle;
            return at + 1;
        }
        // 打两下 strikes; 做一次套环动作 does.
        let strikes = self.verb(at).is_some()
            && self.count(at + 1).is_some()
            && self.relation(at + 2).is_none()
            && self.verb(at + 2).is_none();
        if self.is(at, &Word::Do) && !strikes {
            if let Some(after) = self.mimed(at + 1, act).or_else(|| self.drawn_way(at + 1, act)) {
                return after;
            }
            if self.done(at + 1) || self.is(at + 1, &Word::Filler) {
                return at + 1;
            }
        }
        if self.is(at, &Word::Action) && (act.verb.is_some() || act.path.is_some()) {
            return at + 1;
        }
        let imitates = act.verb.is_some() && ["状", "的样子", "的姿势"].contains(&self.text(at));
        if self.is(at, &Word::FigureEnd) && (act.path.is_some() || imitates) {
            return at + 1;
        }
        if let Some((number, unit)) = self.count(at) {
            match unit {
                Unit::Times => act.times = Some(number),
                Unit::Turns(turns) => {
                    act.turns = Some(turns * number as f32);
                    act.large |= self.text(at).contains('大');
                    act.small |= self.text(at).contains('小');
                }
                Unit::Degrees => act.degrees = Some(number as f32),
                Unit::Centimetres | Unit::Pieces => return at,
            }
            return at + 1;
        }
        let alone = matches!(self.meanings(at + 1), [Word::Unknown(_)]) && at + 2 == self.tokens.len();
        if self.is(at, &Word::Once)
            && (self.verb(at + 1).is_some() || self.is(at + 1, &Word::Numeral(1)) || alone && act.verb.is_none())
        {
            act.once = true;
            return at + 1;
        }
        let one_dab = self.text(at) == "一点" && act.verb.is_none() && self.verb(at + 1).is_none();
        if let Some(adverb) = self.adverb(at)
            && !(one_dab && (!act.dirs.is_empty() || act.at.is_some()))
            && (self.verb(at).is_none() || act.verb.is_some() || self.verb(at + 1).is_some())
        {
            act.adverbs.push(adverb);
            return at + 1;
        }
        let in_midst = self.link(at) == Some(super::Link::Meanwhile)
            && (act.at.is_some() || act.from.is_some() || act.axis.is_some() || act.topic.fingers.is_some());
        if self.is(at, &Word::Filler) || in_midst {
            return at + 1;
        }
        // 左右晃动: a direction without a preposition right before the verb (上移 is a verb of its own).
        if act.verb.is_none()
            && let Some(dir) = self.dir(at)
            && (self.verb(at + 1).is_some()
                || self.is(at + 1, &Word::Once)
                || self.text(at).starts_with(['自', '由', '从']))
        {
            act.dirs.push(dir);
            return at + 1;
        }
        at
    }

    pub(super) fn path_word(&self, at: usize) -> Option<PathWord> {
        self.find(at, |word| if let Word::Path(path) = word { Some(*path) } else { None })
    }

    /// 在左手食指上、下各点一下, 先在上方、再在下方: the places after the first.
    fn further_places(&self, at: usize, first: &crate::description::item::SitePhrase, act: &mut Act) -> usize {
        let mut next = at;
        while self.is(next, &Word::Comma) {
            let mut goal = next + 1;
            goal += usize::from(self.link(goal) == Some(super::Link::Then));
            goal += usize::from(self.prep(goal, Prep::At));
            let (site, after) = if let Some(found) = self.site(goal) {
                found
            } else if let Some(dir) = self.dir(goal) {
                (crate::description::item::SitePhrase { shifts: vec![dir], ..first.clone() }, goal + 1)
            } else {
                break;
            };
            act.at_next.push(site);
            next = after;
        }
        next
    }

    /// What follows 向: a direction, several, or a place.
    pub(super) fn goal(&self, at: usize, act: &mut Act) -> Option<usize> {
        // 向四周: every way; for two hands each its own.
        if ["四周", "四面", "四处", "四方", "周围"].contains(&self.text(at)) {
            act.dirs.push(DirWord::APART);
            return Some(at + 1);
        }
        if let Some((site, after)) = self.site(at) {
            // 向身体一侧: a way beside the body.
            if self.text(at) == "身体"
                && let [dir] = site.shifts[..]
                && dir.sideways != crate::description::dir::Sideways::None
            {
                act.dirs.push(dir);
                return Some(after);
            }
            // 向左手指尖方向: a way, not a place to reach.
            act.to = Some(End::Site(site));
            return Some(after);
        }
        if let Some(axis) = self.axis(at) {
            // 向左右各推一下: one way, then the other.
            let each = self.text(at + 1) == "各";
            if axis == Axis::LeftRight && !each {
                act.dirs.push(crate::description::dir::DirWord::APART);
            }
            act.axis = (axis != Axis::LeftRight || each).then_some(axis);
            return Some(at + 1);
        }
        let mut next = at;
        // 向两侧各劈一下 of one hand: one way, then the other.
        if self.dir(at).is_some_and(|dir| dir == DirWord::APART)
            && self.text(at + 1) == "各"
            && self.text(at).contains('左')
        {
            act.axis = Some(Axis::LeftRight);
            return Some(at + 1);
        }
        while let Some(dir) = self.dir(next) {
            act.dirs.push(dir);
            next += 1;
            if self.is(next, &Word::Comma) && self.dir(next + 1).is_some() {
                next += 1;
            } else {
                break;
            }
        }
        (next > at).then_some(next)
    }

    /// Whether what 做 is done to stands here.
    pub(super) fn done(&self, at: usize) -> bool {
        self.verb(at).is_some()
            || self.find(at, |word| matches!(word, Word::Path(_)).then_some(())).is_some()
            || self.count(at).is_some()
            || self.adverb(at).is_some()
            || self.axis(at).is_some()
            || self.is(at, &Word::Facing)
            || self.relation(at).is_some()
            || self.prep(at, Prep::To)
    }

    /// 做扎针的动作: the verb says what the hand does, and what is done it to is no word of the language.
    pub(super) fn mimed(&self, at: usize, act: &mut Act) -> Option<usize> {
        let verb = self.verb(at).filter(|_| act.verb.is_none())?;
        let mut next = at + 1;
        while matches!(self.meanings(next), [Word::Unknown(_)]) {
            next += 1;
        }
        let closes = self.is(next, &Word::Action) || self.is(next, &Word::FigureEnd) || self.text(next) == "的";
        if next == at + 1 || !closes {
            return None;
        }
        while self.is(next, &Word::Action) || self.is(next, &Word::FigureEnd) || self.text(next) == "的" {
            next += 1;
        }
        act.verb = Some(verb);
        Some(next)
    }

    /// 做“S”形移动: the figure is the way.
    pub(super) fn drawn_way(&self, at: usize, act: &mut Act) -> Option<usize> {
        let (figure, after) = self.figure_noun(at).filter(|_| act.figure.is_none() && act.verb.is_none())?;
        let travels = matches!(self.verb(after), Some(Verb::Travel(None)));
        if !travels || !matches!(figure, crate::description::item::Figure::Glyph(_)) {
            return None;
        }
        act.figure = Some(figure);
        Some(after + 1)
    }
}
