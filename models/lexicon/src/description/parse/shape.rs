//! Handshapes: which fingers, how bent, in what posture, as what figure.

use super::{Fingers, Found, Item, Link, Parser, Part, Pointing, Prep, ShapePhrase, Topic, Unit, Who, Word};
use crate::description::{
    item::Figure,
    words::{Bend, FingerSet, FormVerb, Posture},
};

/// How fingers are bent that hold something this way.
fn held(verb: &str) -> Option<Bend> {
    Some(match verb {
        "捏" | "捏住" | "捏着" | "拈" => Bend::Pinched,
        "夹" | "夹住" | "夹着" => Bend::Together,
        "握" | "握住" | "握着" | "持" | "拿" | "拿着" | "抓" | "抓住" | "抱" | "抱住" | "端" | "端着" | "捧" | "托"
        | "捧着" | "托着" | "执" | "提" | "拎" => Bend::Curved,
        _ => return None,
    })
}

impl Parser<'_> {
    fn bend(&self, at: usize) -> Option<Bend> {
        self.find(at, |word| if let Word::Bend(bend) = word { Some(*bend) } else { None })
    }

    fn posture(&self, at: usize) -> Option<Posture> {
        self.find(at, |word| if let Word::Posture(posture) = word { Some(*posture) } else { None })
    }

    /// A quoted figure or a round one, with what closes it: “十”字形, 半圆形.
    pub(super) fn figure_noun(&self, at: usize) -> Option<(Figure, usize)> {
        let figure = self.find(at, |word| match word {
            Word::Quoted(glyph) => Some(Figure::Glyph(glyph.clone())),
            Word::Round(round) => Some(Figure::Round(*round)),
            _ => None,
        })?;
        let mut next = at + 1;
        // “物”的偏旁“牛”: the part of it.
        if self.text(next) == "的"
            && ["偏旁", "部首", "上半部", "下半部", "左半部", "右半部", "一部分"]
                .iter()
                .any(|part| super::text(&self.tokens[next + 1..]).starts_with(part))
            && let Some(part) = (next + 1..self.tokens.len())
                .find(|&at| self.find(at, |word| matches!(word, Word::Quoted(_)).then_some(())).is_some())
        {
            return self.figure_noun(part);
        }
        // “⊃”“⊂”形: one half for each hand.
        let half = next + usize::from(self.is(next, &Word::Comma));
        let figure =
            match (figure, self.find(half, |word| if let Word::Quoted(g) = word { Some(g.clone()) } else { None })) {
                (Figure::Glyph(first), Some(second)) => {
                    next = half + 1;
                    Figure::Glyph(first + &second)
                }
                (figure, _) => figure,
            };
        while self.is(next, &Word::FigureEnd) || (self.is(next, &Word::Filler) && self.is(next + 1, &Word::FigureEnd)) {
            next += 1;
        }
        Some((figure, next))
    }

    pub(super) fn shape(&self, at: usize) -> Found {
        self.letter(at).or_else(|| self.fingers_shape(at))
    }

    /// 打手指字母“A”的指式, 打数字“8”的手势.
    fn letter(&self, at: usize) -> Found {
        let mut next = at + usize::from(self.is(at, &Word::Do) || self.is(at, &Word::Form(FormVerb::As)));
        let number = self.is(next, &Word::Number);
        let named = number || self.is(next, &Word::Letter);
        next += usize::from(named);
        let quoted = self.find(next, |word| if let Word::Quoted(text) = word { Some(text.clone()) } else { None })?;
        next += 1;
        // “A”“B”、“C”的指式: one after the other.
        let mut all = vec![quoted];
        loop {
            let more = next + usize::from(self.is(next, &Word::Comma) || self.prep(next, Prep::And));
            match self.find(more, |word| if let Word::Quoted(text) = word { Some(text.clone()) } else { None }) {
                Some(text) => all.push(text),
                None => break,
            }
            next = more + 1;
        }
        let mut closed = false;
        while self.is(next, &Word::FigureEnd) || self.is(next, &Word::Filler) {
            closed |= self.text(next).contains('指') || self.text(next).contains('手');
            next += 1;
        }
        // A bare figure is a letter only where something says so.
        if !named && !closed {
            return None;
        }
        let mut items = Vec::new();
        for quoted in all {
            let mut shape = ShapePhrase::default();
            if number || quoted.chars().all(|c| c.is_ascii_digit()) {
                shape.number = Some(quoted);
            } else {
                shape.letter = Some(quoted);
            }
            if !items.is_empty() {
                items.push(Item::Link(Link::Then));
            }
            items.push(Item::Shape(shape));
        }
        Some((items, next))
    }

    fn fingers_shape(&self, at: usize) -> Found {
        let mut shape = ShapePhrase::default();
        let mut next = self.adverbs(at, &mut shape.adverbs);
        let mut says = false;
        let mut of_arm = false;
        if self.is(next, &Word::Extend) && self.fingers(next + 1).is_some() {
            shape.extended = true;
            says = true;
            next += 1;
        }
        // 手背拱起, 指尖稍分开, 左臂横伸: the part says no more than the word after it.
        // 指尖相触 is a relation.
        if shape.fingers.is_none()
            && self.relation(next + 1).is_none()
            && self.part(next).is_some_and(|part| !matches!(part, Part::Fist))
            && (self.bend(next + 1).is_some()
                || self.form_verb(next + 1).is_some()
                || self.posture(next + 1).is_some()
                || self.adverb(next + 1).is_some() && self.bend(next + 2).is_some())
        {
            of_arm = self.part(next).is_some_and(super::is_arm);
            next += 1;
        }
        // 与拇指捏合: with the fingers that the clause speaks of.
        if self.prep(next, Prep::And) && self.finger_set(next + 1).is_some() {
            // 与拇指成“⊐”形: thumb and fingers are the two sides of the figure.
            let forms = self.form_verb(next + 2).is_some() && self.finger_set(next + 1) == Some(FingerSet(1));
            if self.bend(next + 2).is_some() || forms {
                shape.joins_thumb = true;
                shape.fingers = forms.then_some(Fingers::Set(FingerSet::ALL));
                next += 2;
            }
        }
        // 用拇、食指捏成小圆形
        if self.prep(next, Prep::With) && self.fingers(next + 1).is_some() {
            next += 1;
        }
        // 另一手食指与之搭成“王”字形
        if self.prep(next, Prep::And) && self.text(next + 1) == "之" && self.form_verb(next + 2).is_some() {
            shape.other = Some((Who::Other, None));
            next += 2;
        }
        // 与左手食指搭成“民”字形: with the hand that was spoken of before.
        if self.prep(next, Prep::And) && self.who(next + 1).is_some() {
            let after = self.more_fingers(next, &mut shape);
            if after == next || self.form_verb(after).is_none() {
                return None;
            }
            next = after;
        }
        if let Some(fingers) = self.fingers(next) {
            shape.fingers = Some(fingers);
            next += 1;
            next = self.more_fingers(next, &mut shape);
            if self.prep(next, Prep::And) && self.text(next + 1) == "之" && self.form_verb(next + 2).is_some() {
                shape.other = Some((Who::Other, None));
                next += 2;
            }
            // 五指尖 is a part, not a shape; 四指与拇指相捏 goes on.
            if let Some(part) = self.part(next).filter(|part| !matches!(part, Part::Fist | Part::Arm))
                && shape.other.is_none()
            {
                // 拇、食指指尖相捏
                let meet = self.bend(next + 1).is_some_and(|bend| matches!(bend, Bend::Pinched | Bend::Bunched));
                if !(matches!(part, Part::Tips | Part::Pads) && meet) {
                    return None;
                }
                next += 1;
            }
        }
        // 与手掌成“∟”形
        if self.prep(next, Prep::And)
            && matches!(self.part(next + 1), Some(Part::Palm | Part::Wrist | Part::Forearm))
            && self.form_verb(next + 2).is_some()
        {
            shape.with_palm = true;
            next += 2;
        }
        loop {
            let before = next;
            next = self.adverbs(next, &mut shape.adverbs);
            // 左右分开 of no fingers is what hands do.
            let hands_part = self.text(next + 1) == "分开" && shape.fingers.is_none();
            if self.axis(next).is_some() && self.bend(next + 1).is_some() && !hands_part {
                next += 1;
            }
            if self.part(next) == Some(Part::Fist) && next == before && !says && shape.fingers.is_none() {
                // 左拳: a fist is a shape by its name.
                shape.bends.push(Bend::Fist);
                return Some((vec![Item::Shape(shape)], next + 1));
            }
            if self.is(next, &Word::Extend)
                && shape.fingers.is_some()
                && !says
                && self.fingers(next + 1).is_none()
                && self.dir(next + 1).is_none()
            {
                shape.extended = true;
                says = true;
                next += 1;
                // 食指伸出
                if next == self.tokens.len() {
                    break;
                }
            }
            if let Some(posture) = self.posture(next) {
                shape.postures.push(posture);
                says = true;
                next += 1;
                // 竖起拇指
                if shape.fingers.is_none()
                    && let Some(fingers) = self.fingers(next)
                    && self.part(next + 1).is_none()
                {
                    shape.fingers = Some(fingers);
                    shape.extended = true;
                    next += 1;
                }
            } else if let Some(form) = self.form_verb(next)
                && let Some((figure, after)) = self.figure_noun(self.skip_words(next + 1, &mut shape))
            {
                if form == FormVerb::Draw {
                    return None;
                }
                shape.figure = Some((form, figure));
                says = true;
                next = after;
            } else if shape.fingers.is_some()
                && self.form_verb(next) == Some(FormVerb::As)
                && self.path_word(next + 1) == Some(crate::description::words::PathWord::Arc)
                && next + 2 == self.tokens.len()
            {
                // 拇、食指成弧形: of fingers no way.
                shape.figure = Some((FormVerb::As, Figure::Glyph("弧".to_owned())));
                says = true;
                next += 2;
            } else if let Some(bend) = self.bend(next) {
                // 双臂弯曲: the elbows, not the fingers.
                let elbow = of_arm && matches!(bend, Bend::Bent | Bend::Curved);
                shape.bends.push(if elbow { Bend::ElbowBent } else { bend });
                shape.closing |=
                    !says && shape.fingers.is_none() && ["合拢", "闭拢", "合上"].contains(&self.text(next));
                shape.parting |= !says && shape.fingers.is_none() && self.text(next) == "分开";
                says = true;
                next += 1;
                // 张开五指, 缩回食、中指
                if shape.fingers.is_none()
                    && let Some(fingers) = self.fingers(next)
                    && self.part(next + 1).is_none()
                {
                    shape.fingers = Some(fingers);
                    next += 1;
                }
            } else if (self.is(next, &Word::Do) || self.form_verb(next) == Some(FormVerb::As))
                && let Some(bend) = self.bend(next + 1)
                && (self.is(next + 2, &Word::FigureEnd) || self.text(next + 1).ends_with('状'))
            {
                // 做握拳状, 呈弯曲状
                shape.bends.push(bend);
                says = true;
                next += 2 + usize::from(self.is(next + 2, &Word::FigureEnd));
            } else if let Some((figure, after)) = self.figure_noun(self.skip_words(next, &mut ShapePhrase::default()))
                && says
                && shape.figure.is_none()
                && matches!(figure, Figure::Round(_))
            {
                shape.figure = Some((FormVerb::As, figure));
                next = after;
            } else {
                next = before;
                break;
            }
        }
        // 食、中指夹烟状, 捏住一根细线状: the fingers as they hold it; what they hold is a note.
        if !says
            && let Some(bend) = held(self.text(next))
            && self.holds_a_thing(next + 1)
        {
            shape.bends.push(bend);
            let note = super::text(&self.tokens[next..]);
            return Some((vec![Item::Shape(shape), Item::Note(note)], self.tokens.len()));
        }
        // 捏成针筒状: the verb says what the fingers do.
        let formed = match self.text(next) {
            "捏成" | "撮成" => Some(Bend::Pinched),
            "弯成" | "屈成" | "曲成" => Some(Bend::Curved),
            "握成" => Some(Bend::LooseFist),
            _ => None,
        };
        if let Some(bend) = formed.filter(|_| !says && self.holds_a_thing(next + 1)) {
            shape.bends.push(bend);
            let note = super::text(&self.tokens[next..]);
            return Some((vec![Item::Shape(shape), Item::Note(note)], self.tokens.len()));
        }
        if !says {
            return None;
        }
        // 张开约3厘米: how wide.
        let measure = next + usize::from(["约", "大约"].contains(&self.text(next)));
        if matches!(self.count(measure), Some((_, Unit::Centimetres))) {
            next = measure + 1;
        }
        if let Some((times, Unit::Times)) = self.count(next) {
            shape.times = Some(times);
            next += 1;
        }
        Some((vec![Item::Shape(shape)], next))
    }

    /// Whether from `at` on the clause names what is held: 一根细线状, or a thing that is no word of the language.
    fn holds_a_thing(&self, at: usize) -> bool {
        let rest = at..self.tokens.len();
        let imitates = self.tokens.last().is_some_and(|last| last.text.ends_with('状')) && rest.len() > 1;
        let unknown = |at: usize| matches!(self.meanings(at), [Word::Unknown(_)]);
        let of_hands = |at: usize| {
            self.who(at).is_some()
                || self.is(at, &Word::Facing)
                || !imitates && (self.count(at).is_some() || self.link(at).is_some() || self.prep(at, Prep::To))
        };
        let moves = |at: usize| self.verb(at).is_some() && self.text(at).chars().count() > 1;
        let named = rest.clone().any(unknown) && !rest.clone().any(moves);
        (imitates || named) && !rest.clone().any(of_hands)
    }

    /// 向前伸直, 向下弯曲: a change of shape and where the tips point then.
    pub(super) fn directed_shape(&self, at: usize) -> Found {
        let named = self.fingers(at).filter(|_| self.part(at + 1).is_none());
        let mut adverbs = Vec::new();
        let towards = self.adverbs(at + usize::from(named.is_some()), &mut adverbs);
        if !(self.prep(towards, Prep::To) || self.is(towards, &Word::Facing)) {
            return None;
        }
        let dir = self.dir(towards + 1)?;
        // 双手握拳，同时向两侧平伸: the arms go there.
        if dir.is_of_pair() {
            let stretches = named.is_none()
                && ["平伸", "伸直", "直伸", "横伸", "侧伸", "平举", "伸展", "斜伸"].contains(&self.text(towards + 2));
            let act =
                super::Act { verb: Some(super::Verb::Travel(None)), dirs: vec![dir], adverbs, ..super::Act::default() };
            return stretches.then(|| (vec![Item::Act(Box::new(act))], towards + 3));
        }
        let (mut items, next) = self.fingers_shape(towards + 2)?;
        // 然后向前平伸: the hand goes there.
        if named.is_none() && at > 0 && self.link(at - 1) == Some(Link::Then) && self.text(towards + 2).ends_with('伸')
        {
            let verb = Some(super::Verb::Travel(None));
            items.push(Item::Act(Box::new(super::Act { verb, dirs: vec![dir], ..super::Act::default() })));
        }
        if let Some(Item::Shape(shape)) = items.first_mut() {
            shape.fingers = shape.fingers.or(named);
            shape.adverbs.append(&mut adverbs);
        }
        let fingers = match items.first() {
            Some(Item::Shape(shape)) => shape.fingers,
            _ => named,
        };
        let topic = Topic { fingers, part: Some(Part::Tips) };
        items.push(Item::Orient(topic, Pointing::Dir(dir)));
        Some((items, next))
    }

    fn form_verb(&self, at: usize) -> Option<FormVerb> {
        self.find(at, |word| if let Word::Form(form) = word { Some(*form) } else { None })
    }

    /// 一个, 大, 小 between 成 and the figure.
    fn skip_words(&self, mut at: usize, shape: &mut ShapePhrase) -> usize {
        loop {
            if let Some(adverb) = self.adverb(at) {
                shape.adverbs.push(adverb);
            } else if !(self.is(at, &Word::Filler)
                || self.is(at, &Word::Once)
                || ["个", "一个", "反", "倒"].contains(&self.text(at))
                || matches!(self.count(at), Some((_, Unit::Pieces))))
            {
                return at;
            }
            at += 1;
        }
    }

    /// 食指与拇指, 左手食指与右手食、中指: fingers that take part together.
    fn more_fingers(&self, at: usize, shape: &mut ShapePhrase) -> usize {
        let mut next = at;
        while self.prep(next, Prep::And) || self.is(next, &Word::Comma) {
            let who = self.who(next + 1);
            let after_who = next + 1 + usize::from(who.is_some());
            let set = self.finger_set(after_who);
            match (who, set) {
                (Some(who @ (Who::Left | Who::Right | Who::Other)), set) => {
                    let after = after_who + usize::from(set.is_some());
                    // Only where the two form something; 与左手掌心相贴 is a relation.
                    if self.part(after).is_some() {
                        return next;
                    }
                    shape.other = Some((who, set));
                    next = after;
                }
                (None, Some(set)) => {
                    let Some(Fingers::Set(have)) = shape.fingers else { return next };
                    if self.part(after_who + 1).is_some() {
                        return next;
                    }
                    shape.fingers = Some(Fingers::Set(crate::description::words::FingerSet(have.0 | set.0)));
                    next = after_who + 1;
                }
                _ => return next,
            }
        }
        next
    }
}
