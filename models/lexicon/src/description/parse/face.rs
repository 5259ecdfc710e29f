//! Face, head, gaze and body.

use signing::{BodyMotion, BodyMotionKind, Expression, Gaze, HeadMotion, HeadMotionKind, NonManual};

use super::{Found, Item, Parser, Prep, Unit, Word};
use crate::description::face::{FaceWord, Organ};

impl Parser<'_> {
    fn face_words(&self, at: usize) -> impl Iterator<Item = &'static FaceWord> {
        self.meanings(at).iter().filter_map(|word| if let Word::Face(face) = word { Some(*face) } else { None })
    }

    pub(super) fn face(&self, at: usize) -> Found {
        self.gazes(at)
            .or_else(|| self.moved_organ(at))
            .or_else(|| self.whole(at))
            .or_else(|| self.felt(at))
            .or_else(|| self.feeling(at))
            .or_else(|| self.organ(at))
    }

    /// What a word says whole: 咳嗽, 打喷嚏.
    pub(super) fn whole_face(&self, at: usize) -> Option<&'static [NonManual]> {
        self.face_words(at).find_map(|face| if let FaceWord::Whole(what) = face { Some(*what) } else { None })
    }

    /// 闭眼, 摇头两下.
    fn whole(&self, at: usize) -> Found {
        let mut ignored = Vec::new();
        let mut start = self.adverbs(at, &mut ignored);
        // 做咳嗽状
        let does = self.is(start, &Word::Do) && self.whole_face(start + 1).is_some();
        start += usize::from(does);
        // 向前吹气: the mouth's own way.
        let blows = |at: usize| {
            self.face_words(at)
                .any(|face| matches!(face, FaceWord::Whole([NonManual::Mouth(_)] | [NonManual::Tongue(_)])))
        };
        if (self.prep(start, Prep::To) || self.is(start, &Word::Facing))
            && self.dir(start + 1).is_some()
            && blows(start + 2)
        {
            start += 2;
        }
        let what = self.whole_face(start)?;
        let (times, mut next) = self.times(start + 1);
        let mut dir = None;
        if (self.prep(next, Prep::To) || self.is(next, &Word::Facing)) && self.dir(next + 1).is_some() {
            dir = self.dir(next + 1);
            next += 2;
        }
        let turned = |one: NonManual| repeated(dir.map_or(one, |dir| directed(one, dir)), times);
        // 眼睛看着手掌, 点头示意: what more is said of it.
        if matches!(what, [NonManual::Gaze(_)]) {
            while self.part(next).is_some() || self.finger_set(next).is_some() {
                next += 1;
            }
        }
        next += usize::from(self.text(next) == "示意");
        // 身体前倾注视: the eyes as well.
        let looks = self.face_words(next).find_map(|face| match face {
            FaceWord::Does(list) => list.iter().find(|(of, _)| *of == Organ::Eye).map(|&(_, what)| what),
            _ => None,
        });
        let looks = looks.filter(|_| next + 1 == self.tokens.len());
        next += usize::from(looks.is_some());
        let mut items = vec![Item::Face(what.iter().map(|&one| turned(one)).chain(looks).collect())];
        items.extend(does.then(|| Item::Note(super::text(&self.tokens[at..next]))));
        Some((items, next))
    }

    /// 目视远方, 凝视天边: whatever it is that is looked at, the eyes are on it and not on the hands.
    fn gazes(&self, at: usize) -> Found {
        let looks = ["目视", "凝视", "凝望", "眼望", "眺望", "遥望", "远望"].contains(&self.text(at));
        let object = at + 1;
        let of_hands = (object..self.tokens.len()).any(|at| self.who(at).is_some() || self.topic(at).is_some());
        if !looks || of_hands {
            return None;
        }
        let gaze = self.dir(object).map_or(Gaze::Addressee, |dir| Gaze::Towards(dir.resolve(signing::Hand::Dominant)));
        let mut items = vec![Item::Face(vec![NonManual::Gaze(gaze)])];
        if self.dir(object).is_none() && object < self.tokens.len() {
            items.push(Item::Note(super::text(&self.tokens[at..])));
        }
        Some((items, self.tokens.len()))
    }

    /// 左右转动身体, 摇动头部: what is moved comes last.
    fn moved_organ(&self, at: usize) -> Found {
        let mut ignored = Vec::new();
        let mut next = self.adverbs(at, &mut ignored);
        next += usize::from(self.axis(next).is_some());
        // 点一下头
        let counted = matches!(self.count(next + 1), Some((_, Unit::Times))) && self.text(next + 2) == "头";
        if counted && next + 3 == self.tokens.len() && self.who(at.saturating_sub(1)).is_none() {
            let kind = match self.text(next) {
                "点" => HeadMotionKind::Nod,
                "摇" | "摆" | "晃" => HeadMotionKind::Shake,
                _ => return None,
            };
            let (times, _) = self.times(next + 1);
            return Some((vec![Item::Face(vec![NonManual::Head(HeadMotion { kind, times })])], next + 3));
        }
        let verb = self.verb(next)?;
        let organ =
            self.body(next + 1).filter(|_| self.text(next + 1) != "头发").and_then(|(site, _)| Organ::of(site))?;
        let body = |kind| NonManual::Body(BodyMotion { kind, times: 1 });
        let head = |kind| NonManual::Head(HeadMotion { kind, times: 1 });
        let what = match (organ, verb) {
            (Organ::Body, super::Verb::Swing | super::Verb::Turn | super::Verb::Tremble | super::Verb::Twist) => {
                body(BodyMotionKind::Sway)
            }
            (Organ::Shoulder, super::Verb::Tremble | super::Verb::Swing) => body(BodyMotionKind::Sway),
            (Organ::Head, super::Verb::Swing | super::Verb::Turn | super::Verb::Twist) => head(HeadMotionKind::Shake),
            _ => return None,
        };
        let (times, next) = self.times(next + 2);
        Some((vec![Item::Face(vec![repeated(what, times)])], next))
    }

    fn feeling_word(&self, at: usize) -> Option<NonManual> {
        self.face_words(at)
            .find_map(|face| if let FaceWord::Feeling(one) = face { Some(NonManual::Expression(*one)) } else { None })
    }

    /// 自豪地挺胸, 愤怒地向下一挥: how the rest is done.
    fn felt(&self, at: usize) -> Found {
        let feeling = self.feeling_word(at)?;
        (self.text(at + 1) == "地" && self.adverb(at).is_none()).then(|| (vec![Item::Face(vec![feeling])], at + 2))
    }

    fn times(&self, at: usize) -> (u32, usize) {
        let mut next = self.skip_filler(at);
        while self.is(next, &Word::Action) || self.is(next, &Word::FigureEnd) {
            next += 1;
        }
        match self.count(next) {
            Some((times, Unit::Times)) => (times, next + 1),
            _ => (1, next),
        }
    }

    /// A feeling that is no word of the language, by the characters that it is made of; and where it ends.
    fn composed_feeling(&self, at: usize) -> Option<(Expression, usize)> {
        let closes = |at: usize| self.face_words(at).any(|face| *face == FaceWord::Look) || self.text(at) == "的";
        let end = (at..self.tokens.len()).find(|&at| closes(at)).unwrap_or(self.tokens.len());
        let word = super::text(self.tokens.get(at..end)?);
        let of_hands =
            (at..end).any(|at| self.who(at).is_some() || self.topic(at).is_some() || self.verb(at).is_some());
        if of_hands || !(1..=MAX_FEELING).contains(&word.chars().count()) {
            return None;
        }
        let after = end + usize::from(self.text(end) == "的" && closes(end + 1));
        of_characters(&word).map(|feeling| (feeling, after))
    }

    /// 面露难受的表情.
    fn feeling(&self, at: usize) -> Found {
        let show = |at| self.face_words(at).any(|face| *face == FaceWord::Show);
        let mut ignored = Vec::new();
        let mut next = self.adverbs(at, &mut ignored);
        if self.is(next, &Word::Do) || self.body(next).is_some() && show(next + 1) {
            next += 1;
        }
        // 神情庄重
        let looks = self.face_words(next).any(|face| *face == FaceWord::Look) && self.feeling_word(next + 1).is_some();
        let shown = show(next) || looks;
        next += usize::from(shown);
        // 由喜变悲: one after the other.
        next += usize::from(shown && self.prep(next, Prep::From));
        let mut feelings = Vec::new();
        loop {
            if self.feeling_word(next).is_none() {
                next = self.adverbs(next, &mut ignored);
            }
            if !feelings.is_empty()
                && (self.is(next, &Word::Comma)
                    || self.prep(next, Prep::And)
                    || matches!(self.verb(next), Some(super::Verb::Become | super::Verb::Flip)))
            {
                next += 1;
            }
            let feeling = self
                .face_words(next)
                .find_map(|face| if let FaceWord::Feeling(feeling) = face { Some(*feeling) } else { None });
            // 面露倦怠的表情: a word that is told by what it is made of.
            let composed = || self.composed_feeling(next).filter(|_| shown && feelings.is_empty());
            match feeling.map(|feeling| (feeling, next + 1)).or_else(composed) {
                Some((feeling, after)) => {
                    feelings.push(NonManual::Expression(feeling));
                    next = after;
                }
                None => break,
            }
        }
        let mut closed = false;
        while self.face_words(next).any(|face| *face == FaceWord::Look) || self.is(next, &Word::Action) {
            closed = true;
            next += 1;
        }
        // A feeling alone is a face only if something shows it.
        (!feelings.is_empty() && (shown || closed)).then(|| (vec![Item::Face(feelings)], next))
    }

    /// 口张开, 头微低, 眼同时睁大, 身体随之前倾, 头偏向右侧.
    fn organ(&self, at: usize) -> Found {
        // 右肩向前耸动: one of a pair.
        let sided = self.dir(at).is_some_and(|dir| dir.left != 0.0) && self.body(at + 1).is_some();
        // 一眼睁, 用鼻吸气
        let told = ["一", "一只", "用", "以"].contains(&self.text(at)) && self.body(at + 1).is_some();
        let at = at + usize::from(sided || told);
        let organ = self
            .face_words(at)
            .find_map(|face| if let FaceWord::Organ(organ) = face { Some(*organ) } else { None })
            .or_else(|| self.body(at).and_then(|(site, _)| Organ::of(site)))?;
        let mut ignored = Vec::new();
        let mut next = at + 1;
        let mut doing: Vec<NonManual> = Vec::new();
        let mut dir = None;
        let mut times = 1;
        let mut both_ways = false;
        loop {
            let before = next;
            // 目光坚定 says what it is like.
            if self.feeling_word(next).is_none() {
                next = self.adverbs(next, &mut ignored);
            }
            // 头微低并侧向一边
            let goes_on =
                |at: usize| self.face_words(at).any(|face| matches!(face, FaceWord::Does(_) | FaceWord::Whole(_)));
            let joins = self.link(next) == Some(super::Link::And) && goes_on(next + 1);
            // 呼气、吸气
            next += usize::from(!doing.is_empty() && self.is(next, &Word::Comma) && goes_on(next + 1));
            if self.link(next).is_some() && (doing.is_empty() || joins) {
                next += 1;
            }
            if self.is(next, &Word::Once) || self.axis(next).is_some() {
                both_ways |= self.axis(next) == Some(crate::description::dir::Axis::LeftRight);
                next += 1;
            }
            // 目光随双手移动: what is followed.
            // 头随手转动
            if self.prep(next, Prep::Following) && matches!(organ, Organ::Head | Organ::Body) {
                let (who, after) = self.looked_at(next + 1);
                if who.is_some() {
                    next = after;
                }
            }
            if self.prep(next, Prep::Following) && matches!(organ, Organ::Gaze | Organ::Eye) {
                let (who, after) = self.looked_at(next + 1);
                let moves = self.verb(after).is_some() || after == self.tokens.len();
                if moves {
                    let of = if who == Some(super::Who::Left) { Gaze::WeakHand } else { Gaze::DominantHand };
                    doing.push(NonManual::Gaze(of));
                    next = (after + 1).min(self.tokens.len());
                    continue;
                }
            }
            // 目光随之上移
            if organ == Organ::Gaze
                && doing.is_empty()
                && matches!(self.verb(next), Some(super::Verb::Travel(_) | super::Verb::Turn | super::Verb::Swing))
            {
                doing.push(NonManual::Gaze(Gaze::DominantHand));
                next += 1;
            }
            // 口发“啪”音
            // 口形为“张”
            if organ == Organ::Mouth
                && ["发", "发出", "为", "是", "呈", "似", "如", "念", "说"].contains(&self.text(next))
                && self.find(next + 1, |word| matches!(word, Word::Quoted(_)).then_some(())).is_some()
            {
                doing.push(NonManual::Mouth(signing::MouthShape::SlightlyOpen));
                next += 2;
                while ["音", "声", "声音", "的", "的音", "的声音", "字", "形", "状", "字音"].contains(&self.text(next))
                {
                    next += 1;
                }
            }
            // 舌头在口腔内顶一下, 眼睛透过指缝看: where it does it says no more.
            if (self.prep(next, Prep::At) || self.prep(next, Prep::Past))
                && let Some((_, after)) = self.site(next + 1)
            {
                next = after;
            }
            // 目光坚定, 脸部表情痛苦
            let feeling = self
                .face_words(next)
                .find_map(|face| if let FaceWord::Feeling(one) = face { Some(*one) } else { None });
            if let (Some(feeling), Organ::Gaze | Organ::Head | Organ::Eye) = (feeling, organ) {
                doing.push(NonManual::Expression(feeling));
                next += 1;
            }
            if (self.prep(next, Prep::To) || self.is(next, &Word::Facing)) && self.dir(next + 1).is_some() {
                dir = self.dir(next + 1);
                next += 2;
            } else if let Some(found) = self.dir(next)
                && (!doing.is_empty() || self.face_words(next + 1).any(|face| matches!(face, FaceWord::Does(_))))
            {
                dir = Some(found);
                next += 1;
            }
            if let Some((count, Unit::Times)) = self.count(next)
                && !doing.is_empty()
            {
                times = count;
                next += 1;
            }
            // 面朝下方, 头朝左: which way.
            if doing.is_empty()
                && dir.is_some()
                && next == self.tokens.len()
                && let Some(way) = match organ {
                    Organ::Head => Some(NonManual::Head(HeadMotion { kind: HeadMotionKind::TurnRight, times: 1 })),
                    Organ::Body => Some(NonManual::Body(BodyMotion { kind: BodyMotionKind::TurnRight, times: 1 })),
                    Organ::Gaze | Organ::Eye => Some(NonManual::Gaze(Gaze::Addressee)),
                    _ => None,
                }
            {
                doing.push(way);
                break;
            }
            // 口做吹哨状
            if self.is(next, &Word::Do) && self.whole_face(next + 1).is_some() {
                next += 1;
            }
            let does = self.face_words(next).find_map(|face| match face {
                // 身体前倾注视: the eyes.
                FaceWord::Does(list) => list
                    .iter()
                    .find(|(of, _)| *of == organ || !doing.is_empty() && *of == Organ::Eye)
                    .map(|&(_, what)| what),
                FaceWord::Whole(what) => what.first().copied(),
                _ => None,
            });
            if let Some(what) = does {
                doing.push(what);
                next += 1;
                // 眼看左手, 目光注视手的动作: what is looked at.
                if matches!(what, NonManual::Gaze(_)) {
                    let (who, after) = self.looked_at(next);
                    next = after;
                    if who == Some(super::Who::Left)
                        && let Some(last) = doing.last_mut()
                    {
                        *last = NonManual::Gaze(Gaze::WeakHand);
                    }
                }
            }
            if next == before {
                break;
            }
        }
        if doing.is_empty() {
            return None;
        }
        let turned = doing
            .into_iter()
            .flat_map(|what| if both_ways { to_both_sides(what) } else { vec![what] })
            .map(|what| repeated(dir.map_or(what, |dir| directed(what, dir)), times))
            .collect();
        Some((vec![Item::Face(turned)], next))
    }

    fn looked_at(&self, at: usize) -> (Option<super::Who>, usize) {
        let mut next = at;
        let who = self.who(next);
        next += usize::from(who.is_some());
        if let Some((_, after)) = self.topic(next) {
            next = after;
        } else if let (None, Some((_, after))) = (who, self.site(next)) {
            // 看向肩部: where the hand is.
            next = after;
        }
        if who.is_some() && self.text(next) == "上" {
            next += 1;
        }
        while self.is(next, &Word::Filler) || self.is(next, &Word::Action) {
            next += 1;
        }
        (who, next)
    }
}

/// The longest word for a feeling, characters.
const MAX_FEELING: usize = 6;

/// The feeling that most of the characters are of; of as many, the one that comes first.
fn of_characters(word: &str) -> Option<Expression> {
    use Expression as E;
    const FEELINGS: [(Expression, &str); 16] = [
        (E::Smile, "喜乐笑欢悦愉快甜美福祥舒爽羞慰媚"),
        (E::Sad, "悲哀忧愁伤悔惭愧憾惋沮丧失落泣泪孤寂怅凄屈"),
        (E::Angry, "怒愤恨凶狠暴怨恼仇狰狞"),
        (E::Surprised, "惊讶奇诧愕恍悟"),
        (E::Afraid, "怕惧恐畏怯"),
        (E::Disgusted, "厌恶嫌鄙蔑腻弃"),
        (E::Pained, "痛疼苦难辣酸呛憋"),
        (E::Thinking, "思想忆考索"),
        (E::Doubtful, "疑惑惘迷茫懵"),
        (E::Serious, "严肃庄坚毅郑敬诚恭勇决凝稳慎确定信"),
        (E::Anxious, "急焦虑慌忙躁紧"),
        (E::Tired, "倦疲困累乏惫懒怠"),
        (E::Proud, "傲骄"),
        (E::Tender, "爱慈怜柔温"),
        (E::Longing, "盼望期羡慕馋贪"),
        (E::Blank, "木呆漠淡"),
    ];
    let hits = |made_of: &str| word.chars().filter(|&c| made_of.contains(c)).count();
    let first = |made_of: &str| word.chars().position(|c| made_of.contains(c)).unwrap_or(usize::MAX);
    let (feeling, _) = FEELINGS
        .into_iter()
        .filter(|(_, made_of)| hits(made_of) > 0)
        .max_by_key(|(_, made_of)| (hits(made_of), usize::MAX - first(made_of)))?;
    Some(match feeling {
        E::Smile if word.starts_with(['不', '没', '无']) => E::Sad,
        E::Serious if word.starts_with(['不', '没', '无']) => E::Doubtful,
        feeling => feeling,
    })
}

/// 身体左右倾斜, 头左右偏: to one side, then to the other.
fn to_both_sides(what: NonManual) -> Vec<NonManual> {
    use BodyMotionKind as K;
    use HeadMotionKind as H;
    let head = |kind| NonManual::Head(HeadMotion { kind, times: 1 });
    match what {
        NonManual::Head(HeadMotion { kind: H::TiltRight, .. }) => vec![head(H::TiltRight), head(H::TiltLeft)],
        NonManual::Head(HeadMotion { kind: H::TurnRight, .. }) => vec![head(H::TurnRight), head(H::TurnLeft)],
        NonManual::Body(BodyMotion { kind: K::LeanRight | K::TurnRight, .. }) => {
            vec![NonManual::Body(BodyMotion { kind: K::Sway, times: 1 })]
        }
        other => vec![other],
    }
}

fn repeated(what: NonManual, times: u32) -> NonManual {
    match what {
        NonManual::Head(head) => NonManual::Head(HeadMotion { times, ..head }),
        NonManual::Body(body) => NonManual::Body(BodyMotion { times, ..body }),
        other => other,
    }
}

/// With a direction that the clause names: 头偏向左侧, 目光注视上方.
fn directed(what: NonManual, dir: crate::description::dir::DirWord) -> NonManual {
    let left = dir.left > 0.0;
    match what {
        NonManual::Gaze(_) => NonManual::Gaze(Gaze::Towards(dir.resolve(signing::Hand::Dominant))),
        NonManual::Head(head) => {
            use HeadMotionKind as H;
            let kind = match head.kind {
                H::TiltRight if left => H::TiltLeft,
                H::TurnRight if left => H::TurnLeft,
                H::TurnRight | H::TiltRight | H::TiltUp if dir.up < 0.0 => H::TiltDown,
                H::TurnRight | H::TiltRight if dir.up > 0.0 => H::TiltUp,
                H::Forward if dir.forward < 0.0 => H::Backward,
                kind => kind,
            };
            NonManual::Head(HeadMotion { kind, ..head })
        }
        NonManual::Body(body) => {
            use BodyMotionKind as K;
            let kind = match body.kind {
                K::LeanRight if left => K::LeanLeft,
                K::TurnRight if left => K::TurnLeft,
                K::LeanRight | K::TurnRight if dir.forward > 0.0 => K::LeanForward,
                K::LeanRight | K::TurnRight if dir.forward < 0.0 => K::LeanBack,
                kind => kind,
            };
            NonManual::Body(BodyMotion { kind, ..body })
        }
        other => other,
    }
}
