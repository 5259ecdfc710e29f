//! Movements: how, from where, whither, along what, about what; the verb; how often; what it meets.

use signing::FingerMotionKind;

use super::{
    Act, Adverb, End, Fingers, Found, Item, Near, Parser, Pointing, Prep, SiteOf, SitePhrase, Topic, Unit, Verb, Word,
};
use crate::description::{
    dir::{Axis, DirWord},
    words::{FormVerb, PathWord, RoundWord},
};

impl Parser<'_> {
    pub(super) fn act(&self, at: usize) -> Found {
        let mut act = Act::default();
        let mut next = at;
        if let Some((topic, after)) = self.topic(at) {
            act.topic = topic;
            next = after;
        }
        let mut goals = 0;
        loop {
            let before = next;
            next = self.modifier(next, &mut act, &mut goals);
            if next > before {
                continue;
            }
            if act.verb.is_some() || (act.figure.is_some() && act.path.is_none()) {
                break;
            }
            let Some(after) = self.verb_and_object(next, &mut act) else { break };
            next = after;
        }
        let complete = act.verb.is_some()
            || act.figure.is_some()
            || act.path.is_some()
            || (act.turns.is_some()
                && (act.around.is_some() || act.has(Adverb::Clockwise) || act.has(Adverb::CounterClockwise)))
            || (act.times.is_some() && act.axis.is_some())
            || act.past.is_some()
            // 先向下再向外移动: the verb comes with the last of them.
            || (!act.dirs.is_empty()
                && (self.link(next) == Some(super::Link::Then)
                    || next == self.tokens.len()
                        && at > 0
                        && (matches!(self.link(at - 1), Some(super::Link::First | super::Link::Then))
                            || self.who(at - 1).is_some())));
        // 由下往上: from where and whither, and no more.
        let ends = matches!(act.from, Some(End::Dir(_))) && (!act.dirs.is_empty() || act.to.is_some());
        if !complete && ends && next == self.tokens.len() {
            act.verb = Some(Verb::Travel(None));
        }
        let complete = complete || act.verb.is_some();
        // 自左手拇指起: where it begins, and no more.
        if let (false, Some(End::Site(site)), None, true) = (complete, &act.from, &act.to, act.dirs.is_empty()) {
            let how = super::PutKind::Placed;
            return Some((vec![Item::At { topic: act.topic, how, site: site.clone(), adverbs: act.adverbs }], next));
        }
        // 至胸前时握拳: there first, and then what follows.
        let on_arrival = self.text(next) == "时" && next > at && matches!(act.to, Some(End::Site(_)));
        if !complete && on_arrival {
            act.verb = Some(Verb::Travel(None));
        } else if !complete {
            return None;
        }
        act.text = self.tokens[at..next].iter().map(|token| token.text.as_str()).collect();
        // 掌心向上一抬: the palm faces where the hand goes.
        let mut items = Vec::new();
        if act.topic.part.is_some_and(is_axis)
            && act.verb.is_some_and(|verb| {
                matches!(
                    verb,
                    Verb::Travel(_) | Verb::Stroke(_) | Verb::Stop | Verb::Point | Verb::Tap | Verb::Turn | Verb::Brush
                )
            })
            && let Some(&dir) = act.dirs.first()
            && self.is(at + 1 + usize::from(act.topic.fingers.is_some()), &Word::Facing)
        {
            items.push(Item::Orient(act.topic, Pointing::Dir(dir)));
        }
        let first = act.clone();
        items.push(Item::Act(Box::new(act)));
        if on_arrival {
            items.push(Item::Link(super::Link::Then));
            next += 1;
        }
        // 点一下前额、左肩、右肩: one after the other.
        while first.verb.is_some_and(is_contact)
            && first.object.is_some()
            && self.is(next, &Word::Comma)
            && let Some((site, after)) = self.site(next + 1)
        {
            items.push(Item::Link(super::Link::Then));
            items.push(Item::Act(Box::new(Act { object: Some(site), ..first.clone() })));
            next = after;
        }
        Some((items, next))
    }

    /// 在肩部做背书包的动作: an everyday action, with the verb that names it. Where the language has no
    /// verb for it, the hand makes a short movement where it is; what it imitates stands in a note.
    pub(super) fn mime(&self, at: usize) -> Found {
        let end = self.tokens.len();
        let opens = (at..end).find(|&index| ["做", "作"].contains(&self.text(index)))?;
        let closes = (opens + 1..end).find(|&index| {
            self.is(index, &Word::Action) && (self.text(index).contains("动作") || self.text(index) == "的样子")
        })?;
        let mut act = Act::default();
        let mut next = at;
        if let Some((topic, after)) = self.topic(at).filter(|&(_, after)| after <= opens) {
            act.topic = topic;
            next = after;
        }
        let mut goals = 0;
        while next < opens {
            let after = self.modifier(next, &mut act, &mut goals);
            if after == next || after > opens {
                return None;
            }
            next = after;
        }
        let told = self.tokens.get(opens + 1..closes).filter(|told| !told.is_empty())?;
        // What is told of hands, shapes and ways is no name of an action.
        let of_form = |token: &super::Token| {
            let form = |word: &Word| matches!(word, Word::Who(_) | Word::Facing | Word::Put(_) | Word::Prep(_));
            token.meanings.iter().all(form)
        };
        if told.iter().any(of_form) {
            return None;
        }
        let verb = (opens + 1..closes).find_map(|index| self.verb(index));
        act.verb = Some(verb.filter(|verb| !matches!(verb, Verb::Still | Verb::Become)).unwrap_or(Verb::Stroke(None)));
        next = closes + 1;
        loop {
            let after = self.modifier(next, &mut act, &mut goals);
            if after == next {
                break;
            }
            next = after;
        }
        act.text = super::text(&self.tokens[at..next]);
        let note = super::text(&self.tokens[opens..=closes]);
        Some((vec![Item::Act(Box::new(act)), Item::Note(note)], next))
    }

    /// What may stand before or after the verb, in any order. Returns `at` if nothing does.
    fn modifier(&self, at: usize, act: &mut Act, goals: &mut u32) -> usize {
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
            match end {
                End::Site(site) => act.at = Some(site),
                End::Dir(dir) => act.at_dir = Some(dir),
            }
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
                if self.is(after, &Word::Prep(Prep::And)) || self.is(after, &Word::Comma) {
                    // 顺肩、胸部: the first of them leads.
                    if let Some((_, more)) = self.site(after + 1) {
                        after = more;
                    }
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
            return at + 1;
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
        if self.is(at, &Word::Once) && (self.verb(at + 1).is_some() || self.is(at + 1, &Word::Numeral(1))) {
            act.once = true;
            return at + 1;
        }
        if let Some(adverb) = self.adverb(at)
            && (self.verb(at).is_none() || act.verb.is_some() || self.verb(at + 1).is_some())
        {
            act.adverbs.push(adverb);
            return at + 1;
        }
        let in_midst = self.link(at) == Some(super::Link::Meanwhile)
            && (act.at.is_some() || act.from.is_some() || act.axis.is_some());
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

    fn path_word(&self, at: usize) -> Option<PathWord> {
        self.find(at, |word| if let Word::Path(path) = word { Some(*path) } else { None })
    }

    /// What follows 向: a direction, several, or a place.
    fn goal(&self, at: usize, act: &mut Act) -> Option<usize> {
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
            if !each {
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
    fn done(&self, at: usize) -> bool {
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
    fn mimed(&self, at: usize, act: &mut Act) -> Option<usize> {
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
    fn drawn_way(&self, at: usize, act: &mut Act) -> Option<usize> {
        let (figure, after) = self.figure_noun(at).filter(|_| act.figure.is_none() && act.verb.is_none())?;
        let travels = matches!(self.verb(after), Some(Verb::Travel(None)));
        if !travels || !matches!(figure, crate::description::item::Figure::Glyph(_)) {
            return None;
        }
        act.figure = Some(figure);
        Some(after + 1)
    }

    fn verb_and_object(&self, at: usize, act: &mut Act) -> Option<usize> {
        // 书空“千”字形, 划“∨”形, 划一圆圈
        let draws = self.is(at, &Word::Form(FormVerb::Draw)) || self.text(at).ends_with('划') || self.text(at) == "写";
        if draws {
            let mut next = at + 1;
            while self.is(next, &Word::Filler)
                || self.is(next, &Word::Once)
                || ["个", "一个", "出", "下"].contains(&self.text(next))
                || self.adverb(next) == Some(Adverb::Large)
                || matches!(self.count(next), Some((_, Unit::Pieces)))
            {
                if let Some((pieces, Unit::Pieces)) = self.count(next) {
                    act.times = Some(pieces);
                }
                act.large |= self.adverb(next) == Some(Adverb::Large);
                next += 1;
            }
            if let Some((figure, after)) = self.figure_noun(next) {
                act.figure = Some(figure);
                return Some(after);
            }
            // 划弧线: the way the hand goes.
            if let Some(path) = self.path_word(next) {
                act.path = Some(path);
                act.verb = Some(Verb::Travel(None));
                return Some(next + 1);
            }
            if self.is(at, &Word::Form(FormVerb::Draw)) && self.verb(at).is_none() {
                return None;
            }
        }
        // 做一次套环动作
        if let Some(relation) = self.relation(at)
            && self.is(at + 1, &Word::Action)
        {
            act.verb = Some(Verb::Meet);
            let _ = relation;
            return Some(at + 2);
        }
        let verbs: Vec<Verb> = self
            .meanings(at)
            .iter()
            .filter_map(|word| if let Word::Verb(verb) = word { Some(*verb) } else { None })
            .collect();
        let mut verbs = verbs;
        let mut at = at;
        // 推举, 挥打: two verbs of one character are one, led by the second; X动 by the first.
        let one_char = |at: usize| self.text(at).chars().count() == 1;
        if !verbs.is_empty() && one_char(at) && one_char(at + 1) && self.verb(at + 1).is_some() {
            let second = self.meanings(at + 1).iter();
            let second = second.filter_map(|word| if let Word::Verb(verb) = word { Some(*verb) } else { None });
            if self.text(at + 1) != "动" {
                verbs = second.chain(verbs).collect();
            }
            at += 1;
        }
        let first = *verbs.first()?;
        // 张开五指 is a shape.
        let of_fingers = matches!(first, Verb::Part | Verb::Meet) && self.fingers(at + 1).is_some();
        if of_fingers && self.part(at + 2).is_none() {
            return None;
        }
        if matches!(first, Verb::Become) {
            return None;
        }
        let mut next = at + 1;
        // 点两下太阳穴, 摸一下嘴唇: the count may stand between.
        let mut counted = next;
        if let Some((number, Unit::Times)) = self.count(counted) {
            act.times = Some(number);
            counted += 1;
        }
        // 抖动手腕, 弯动食指: what of the hand itself moves.
        let of_itself = matches!(
            first,
            Verb::Flip | Verb::Twist | Verb::Swing | Verb::Tremble | Verb::Fingers(_) | Verb::Turn | Verb::TurnWrist
        );
        if of_itself
            && act.topic == Topic::default()
            && let Some((topic, after)) = self.topic(next)
            && (after == self.tokens.len() || self.count(after).is_some() || self.is(after, &Word::Note))
            && !matches!(topic.part, Some(super::Part::Ulnar | super::Part::Radial | super::Part::Edge))
            && (matches!(topic.part, None | Some(super::Part::Wrist | super::Part::Forearm | super::Part::Arm))
                || first == Verb::Flip)
        {
            act.topic = topic;
            act.verb = Some(first);
            return Some(after);
        }
        let to = usize::from(
            self.prep(counted, Prep::To) || ["在", "于", "住", "到", "至", "向"].contains(&self.text(counted)),
        );
        let object = if takes_object(&verbs) { self.site(self.skip_filler(counted + to)) } else { None };
        if let Some((site, after)) = object {
            // A verb that both travels and meets meets where a place follows it.
            let verb = verbs.iter().copied().find(|&verb| is_contact(verb)).unwrap_or(first);
            act.verb = Some(verb);
            if is_contact(verb) {
                act.object = Some(site);
            } else {
                act.to = Some(End::Site(site));
            }
            return Some(after);
        }
        let brushed_from = matches!(&act.from, Some(End::Site(site)) if is_surface(site)) && act.to.is_none();
        if brushed_from && verbs.contains(&Verb::Brush) {
            act.verb = Some(Verb::Brush);
            return Some(counted);
        }
        // 五指交替爬动, 拇指微动: what fingers do.
        let fingers = verbs.iter().copied().find(|verb| matches!(verb, Verb::Fingers(_)));
        let single = matches!(act.topic.fingers, Some(Fingers::Set(set)) if set.count() == 1);
        let presses =
            ["按动", "扣动", "勾动", "拨动", "钩动", "扳动"].contains(&self.text(next - 1)) && act.at.is_none();
        let moves = (self.text(next - 1) == "动" || single && presses) && act.axis.is_none();
        if act.topic.fingers.is_some() && act.topic.part.is_none() && act.dirs.is_empty() && act.to.is_none() {
            let stretch = self.text(next - 1) == "伸缩";
            let several = stretch || !matches!(act.topic.fingers, Some(Fingers::Set(set)) if set.count() < 2);
            if let Some(verb) = fingers.filter(|_| several).or(moves.then_some(Verb::Fingers(FingerMotionKind::Bend))) {
                act.verb = Some(verb);
                return Some(counted);
            }
        }
        let meets = act.at.is_some() || act.object.is_some() || matches!(act.to, Some(End::Site(_)));
        act.verb = Some(if meets && act.at.as_ref().is_none_or(is_surface) {
            verbs.iter().copied().find(|&verb| is_contact(verb)).unwrap_or(first)
        } else {
            first
        });
        if counted > next {
            next = counted;
        }
        // 向前移动成, 移至前方: where it ends as a direction.
        if act.dirs.is_empty()
            && let Some(dir) = self.dir(next)
        {
            act.dirs.push(dir);
            next += 1;
        }
        Some(next)
    }
}

fn takes_object(verbs: &[Verb]) -> bool {
    verbs.iter().any(|&verb| {
        is_contact(verb) || matches!(verb, Verb::Travel(_) | Verb::Stroke(_) | Verb::Turn | Verb::Fingers(_))
    })
}

pub(crate) const fn is_contact(verb: Verb) -> bool {
    matches!(verb, Verb::Tap | Verb::Touch | Verb::Brush | Verb::Grasp | Verb::Insert | Verb::Point)
}

/// Whether a place is a surface that can be met (在左手掌心上), not a region (在胸前).
fn is_surface(site: &SitePhrase) -> bool {
    matches!(site.near, Near::At | Near::In | Near::UpperEnd | Near::LowerEnd | Near::Centre)
        && match &site.of {
            SiteOf::Body(_) => true,
            SiteOf::Hand { topic, .. } => *topic != Topic::default(),
        }
}

fn is_axis(part: super::Part) -> bool {
    use super::Part;
    matches!(part, Part::Palm | Part::Back | Part::Web | Part::Tips | Part::Fist | Part::Backs)
}
