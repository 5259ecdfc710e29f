//! Verbs, and what they are done to.

use signing::FingerMotionKind;

use super::{Act, Adverb, End, Fingers, Near, Parser, Prep, SiteOf, SitePhrase, Topic, Unit, Verb, Word};
use crate::description::words::FormVerb;

impl Parser<'_> {
    pub(super) fn verb_and_object(&self, at: usize, act: &mut Act) -> Option<usize> {
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
        // 划圆形
        if self.text(at).ends_with(['圆', '圈'])
            && self.is(at + 1, &Word::FigureEnd)
            && self.verb(at) == Some(Verb::Turn)
        {
            act.verb = Some(Verb::Turn);
            act.turns = act.turns.or(Some(1.0));
            return Some(at + 2);
        }
        // 向下一点: once.
        if self.text(at) == "一点" && act.verb.is_none() && (!act.dirs.is_empty() || act.at.is_some()) {
            act.verb = Some(Verb::Tap);
            act.once = true;
            return Some(at + 1);
        }
        let verbs: Vec<Verb> = self
            .meanings(at)
            .iter()
            .filter_map(|word| if let Word::Verb(verb) = word { Some(*verb) } else { None })
            .collect();
        let mut verbs = verbs;
        let mut at = at;
        // 仰倒: how, in a word that is not of the language, and the verb.
        let unknown = |at: usize| {
            let meanings = self.meanings(at);
            !meanings.is_empty() && meanings.iter().all(|word| matches!(word, Word::Unknown(_) | Word::Face(_)))
        };
        if unknown(at) && !(at > 0 && unknown(at - 1)) && self.text(at + 1).chars().count() == 1 {
            let next = self.meanings(at + 1).iter();
            let free = next.filter_map(|word| match word {
                Word::Verb(verb) if is_free(*verb) => Some(*verb),
                _ => None,
            });
            verbs = free.collect();
            if verbs.is_empty() {
                return None;
            }
            at += 1;
        }
        // 向前下方灌, 在左手背上一叮: a verb that is no word of the language; where it goes is told.
        let next = at + 1 + usize::from(self.adverb(at + 1) == Some(Adverb::Plain));
        let ends = next == self.tokens.len() || self.count(next).is_some();
        let told = !act.dirs.is_empty() || act.at.is_some() || matches!(act.to, Some(End::Site(_)));
        let once = at > 0 && self.is(at - 1, &Word::Once);
        let alone = matches!(self.meanings(at), [Word::Unknown(_)]) && !(at > 0 && unknown(at - 1));
        if verbs.is_empty() && alone && ends && told && (once || !act.dirs.is_empty()) {
            let meets = act.dirs.is_empty() && act.at.as_ref().is_some_and(is_surface);
            act.verb = Some(if meets { Verb::Tap } else { Verb::Travel(None) });
            act.once |= once;
            return Some(next);
        }
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
        // 从上慢慢落于左手掌心: put there on a way that is told.
        let on_a_way = act.from.is_some() || !act.dirs.is_empty() || act.path.is_some();
        if verbs.is_empty()
            && on_a_way
            && self.find(at, |word| matches!(word, Word::Put(_)).then_some(())).is_some()
            && let Some((site, after)) = self.site(at + 1)
        {
            act.verb = Some(Verb::Travel(None));
            act.to = Some(End::Site(site));
            return Some(after);
        }
        // 打手指字母, 伸出食指 are shapes.
        let names_shape = self.is(at + 1, &Word::Letter) || self.is(at + 1, &Word::Number);
        if self.is(at, &Word::Do) && names_shape {
            return None;
        }
        if self.is(at, &Word::Extend) && self.fingers(at + 1).is_some() && self.part(at + 2).is_none() {
            return None;
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
        // 弹开中指
        if self.text(next - 1).starts_with('弹')
            && act.topic == Topic::default()
            && self.fingers(next).is_some()
            && self.part(next + 1).is_none()
        {
            act.topic.fingers = self.fingers(next);
            act.verb = Some(Verb::Fingers(FingerMotionKind::Flick));
            return Some(next + 1);
        }
        if of_itself
            && act.topic == Topic::default()
            && let Some((topic, after)) = self.topic(next)
            && (after == self.tokens.len()
                || self.count(after).is_some()
                || self.is(after, &Word::Note)
                || ["成", "使", "为", "至", "并", "变"].contains(&self.text(after)))
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
        let object = if takes_object(&verbs) {
            self.site(counted + to).or_else(|| self.site(self.skip_filler(counted + to)))
        } else {
            None
        };
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
        let presses = ["按动", "按下", "压下", "扣下", "扣动", "勾动", "拨动", "钩动", "扳动"]
            .contains(&self.text(next - 1))
            && act.at.is_none();
        // 拇指向前按动一下: the finger's own way.
        if single && presses && act.topic.part.is_none() && act.to.is_none() && act.from.is_none() {
            act.verb = Some(Verb::Fingers(FingerMotionKind::Bend));
            return Some(counted);
        }
        let moves = (self.text(next - 1) == "动" || single && presses) && act.axis.is_none();
        if act.topic.fingers.is_some() && act.topic.part.is_none() && act.dirs.is_empty() && act.to.is_none() {
            let stretch = self.text(next - 1) == "伸缩";
            let several = stretch || !matches!(act.topic.fingers, Some(Fingers::Set(set)) if set.count() < 2);
            // 食、中指交替前后移动 of one hand: the fingers walk.
            let of_both = (0..at).any(|at| self.who(at) == Some(super::Who::Both));
            let travels = matches!(first, Verb::Travel(None)) && !of_both && act.from.is_none();
            // 五指抖动, 中指弹开, 五指交替动: what fingers do, whatever the verb would be of a hand.
            let kind = match first {
                Verb::Tremble => Some(FingerMotionKind::Tremble),
                _ if self.text(next - 1).starts_with('弹') => Some(FingerMotionKind::Flick),
                _ if (moves || travels) && several && act.has(Adverb::Alternating) => Some(FingerMotionKind::Wiggle),
                // 五指交替按动
                _ if presses && several && act.has(Adverb::Alternating) => Some(FingerMotionKind::Wiggle),
                // 五指微动
                _ if moves && several && act.has(Adverb::Slight) => Some(FingerMotionKind::Wiggle),
                _ => moves.then_some(FingerMotionKind::Bend),
            };
            if let Some(verb) = fingers.filter(|_| several).or(kind.map(Verb::Fingers)) {
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
        // 撒种, 拉绳: a thing that is not there, and no word of the language.
        let run = (next..self.tokens.len()).take_while(|&at| unknown(at)).count();
        let after = next + run;
        let closes = after == self.tokens.len() || self.count(after).is_some() || self.is(after, &Word::Action);
        if (1..=3).contains(&run) && closes && one_char(next - 1) && act.verb.is_some_and(is_free) {
            next = after;
        }
        // 向前移动成, 移至前方: where it ends as a direction.
        // 左右晃动后 says when.
        let when = self.text(next) == "后" && next + 1 == self.tokens.len();
        if act.dirs.is_empty()
            && !when
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

/// Verbs of movements that meet nothing.
const fn is_free(verb: Verb) -> bool {
    matches!(verb, Verb::Travel(_) | Verb::Stroke(_) | Verb::Swing | Verb::Turn | Verb::Tremble | Verb::Twist)
}

pub(crate) const fn is_contact(verb: Verb) -> bool {
    matches!(verb, Verb::Tap | Verb::Touch | Verb::Brush | Verb::Grasp | Verb::Insert | Verb::Point)
}

/// Whether a place is a surface that can be met (在左手掌心上), not a region (在胸前).
pub(crate) fn is_surface(site: &SitePhrase) -> bool {
    matches!(site.near, Near::At | Near::In | Near::UpperEnd | Near::LowerEnd | Near::Centre)
        && match &site.of {
            SiteOf::Body(_) => true,
            SiteOf::Hand { topic, .. } => *topic != Topic::default(),
        }
}
