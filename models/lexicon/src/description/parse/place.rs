//! Places, and where the hands point: sites on the body and the other hand, orientations, measures of the body.

use super::{
    FingerSet, Fingers, Found, Item, Link, Near, Parser, Part, Pointing, Prep, PutKind, Relation, SHOULDER_WIDTH,
    ShapePhrase, SiteOf, SitePhrase, Topic, Who, Word, is_arm,
};
use crate::description::words::Posture;

impl Parser<'_> {
    /// 掌心向上, 食指尖朝前, 掌心左右相对, 指尖对着嘴部.
    pub(super) fn orient(&self, at: usize) -> Found {
        let (topic, mut next) = self.topic(at)?;
        let mut adverbs = Vec::new();
        next = self.adverbs(next, &mut adverbs);
        let axis = self.axis(next);
        let after_axis = next + usize::from(axis.is_some());
        let after_axis = self.adverbs(after_axis, &mut adverbs);
        if topic.part.is_some()
            && self.relation(after_axis) == Some(Relation::Facing)
            && self.site(after_axis + 1).is_none()
        {
            return Some((vec![Item::Orient(topic, Pointing::Facing(axis))], after_axis + 1));
        }
        if !self.is(next, &Word::Facing) {
            return None;
        }
        let mut goal = self.adverbs(next + 1, &mut adverbs);
        if let Some(relation) = self.relation(goal) {
            let opposite = match relation {
                Relation::OneAbove => crate::description::dir::DirWord::UP,
                Relation::OneBefore => crate::description::dir::DirWord::FORWARD,
                Relation::LeftRight => crate::description::dir::DirWord::RIGHT,
                _ => return None,
            };
            return Some((vec![Item::Orient(topic, Pointing::Opposite(opposite))], goal + 1));
        }
        if let Some((site, after)) = self.site(goal) {
            return Some((vec![Item::Orient(topic, Pointing::Site(site))], after));
        }
        if self.axis(goal) == Some(crate::description::dir::Axis::LeftRight) {
            return Some((vec![Item::Orient(topic, Pointing::Dir(crate::description::dir::DirWord::APART))], goal + 1));
        }
        let mut dir = self.dir(goal)?;
        goal += 1;
        // 分别向左右斜前方 is one word; 向左、右 and 向前、下方 are two.
        if self.is(goal, &Word::Comma)
            && let Some(more) = self.dir(goal + 1)
        {
            let opposite = dir.left * more.left < 0.0;
            dir = if opposite { crate::description::dir::DirWord::APART } else { dir };
            goal += 2;
        }
        Some((vec![Item::Orient(topic, Pointing::Dir(dir))], goal))
    }

    /// A place: 胸前, 左胸部, 左手掌心上, 食指根部, 左手“C”形中.
    pub(super) fn site(&self, at: usize) -> Option<(SitePhrase, usize)> {
        let mut shifts = Vec::new();
        let mut next = at;
        // 自己的双眼: whose face and body is never in question.
        if ["自己", "自身", "本人"].contains(&self.text(next)) {
            let after = self.skip_filler(next + 1);
            if self.body(after).is_some() || self.dir(after).is_some() && self.body(after + 1).is_some() {
                next = after;
            }
        }
        // 一眼前, 一侧脸颊: one of the two, the dominant hand's.
        if ["一", "一只", "一条"].contains(&self.text(next)) && self.body(next + 1).is_some() {
            next += 1;
        }
        if self.text(next) == "一" && ["只", "个"].contains(&self.text(next + 1)) && self.body(next + 2).is_some() {
            next += 2;
        }
        // 左右耳, 左、右胸部: each hand at its own.
        let listed = usize::from(self.is(next + 1, &Word::Comma));
        if self.axis(next) == Some(crate::description::dir::Axis::LeftRight) && self.body(next + 1).is_some() {
            shifts.push(crate::description::dir::DirWord::APART);
            next += 1;
        } else if listed == 1
            && let (Some(first), Some(second)) = (self.dir(next), self.dir(next + 2))
            && first.left * second.left < 0.0
            && self.body(next + 3).is_some()
        {
            shifts.push(crate::description::dir::DirWord::APART);
            next += 3;
        } else if let Some(dir) = self.dir(next) {
            // 左胸部, 两侧太阳穴, 对侧上臂
            let leads = self.body(next + 1).is_some() || self.part(next + 1).is_some_and(is_arm);
            if !leads {
                return None;
            }
            shifts.push(dir);
            next += 1;
        }
        let (of, mut near, after) = if let Some((site, near)) = self.body(next) {
            // 胸前衣服, 胸前的衣服: the thing at the place is the place.
            let thing = next + 1 + usize::from(self.text(next + 1) == "的");
            let named_twice = self.body(thing).is_some_and(|(_, near)| near == Near::At);
            (SiteOf::Body(site), near, if named_twice { thing + 1 } else { next + 1 })
        } else if let Some((_, after)) = self.figure_noun(next)
            && shifts.is_empty()
            && (self.locative(after).is_some() || self.dir(after).is_some() || self.text(after) == "边缘")
        {
            // “U”形内, 圆形右侧: the figure is the other hand's.
            let of = SiteOf::Hand { who: Some(Who::Other), topic: Topic::default() };
            let inside = self.locative(after) == Some(Near::In) || self.text(after).starts_with("中间");
            (of, if inside { Near::In } else { Near::At }, after + usize::from(inside))
        } else {
            // 其上方: of the hand that was spoken of before.
            let who = self.who(next).or_else(|| (self.text(next) == "其").then_some(Who::Other));
            let after_who = self.skip_filler(next + usize::from(who.is_some()));
            let topic = self.topic(after_who);
            // 左手指上, 左手指尖处: of its fingers.
            let topic = match topic {
                None if who.is_some() && self.text(after_who) == "指" && self.prep_before_dir(after_who + 1) => {
                    Some((Topic { fingers: Some(Fingers::Set(FingerSet::ALL)), part: None }, after_who + 1))
                }
                topic => topic,
            };
            // 左拳拇指根部: which hand it is, then which of its fingers.
            let topic = match topic {
                Some((Topic { fingers: None, part: Some(Part::Fist) }, of_fist)) if self.fingers(of_fist).is_some() => {
                    self.topic(of_fist)
                }
                topic => topic,
            };
            // A hand by itself is a place (左手旁); 手 and 双手 are not without a part.
            let has_part = topic.is_some();
            if !has_part && !matches!(who, Some(Who::Left | Who::Right | Who::Other)) {
                return None;
            }
            let (mut topic, mut after) = topic.unwrap_or((Topic::default(), after_who));
            // 左手无名指和小指: both of them.
            if let (Some(Fingers::Set(set)), None) = (topic.fingers, topic.part)
                && who.is_some()
                && self.prep(after, Prep::And)
                && let Some(more) = self.finger_set(after + 1)
            {
                topic.fingers = Some(Fingers::Set(FingerSet(set.0 | more.0)));
                topic.part = self.part(after + 2);
                after += 2 + usize::from(topic.part.is_some());
            }
            (SiteOf::Hand { who, topic }, Near::At, after)
        };
        next = after;
        // 左手“⊃”形中, 左手圆形上端
        if matches!(of, SiteOf::Hand { .. })
            && let Some((_, after)) = self.figure_noun(next)
            && (matches!(of, SiteOf::Hand { who: Some(_), topic } if topic == Topic::default())
                || self.is(after, &Word::Locative(Near::In))
                || self.is(after, &Word::Locative(Near::At))
                || self.dir(after).is_some())
        {
            near = Near::In;
            next = after;
        }
        // 左手掌心与身体之间, 拇指与食指间: between the two.
        if self.prep(next, Prep::And)
            && let Some((second, after)) = self.site(next + 1)
            && second.near == Near::In
        {
            let mut of = of;
            if let (SiteOf::Hand { topic, .. }, SiteOf::Hand { topic: other, .. }) = (&mut of, &second.of)
                && let (Some(Fingers::Set(first)), Some(Fingers::Set(second))) = (topic.fingers, other.fingers)
            {
                topic.fingers = Some(Fingers::Set(FingerSet(first.0 | second.0)));
            }
            return Some((SitePhrase { of, near: Near::In, shifts }, after));
        }
        loop {
            if self.is(next, &Word::Filler) && self.dir(next + 1).is_some() && self.prep_before_dir(next + 1) {
                next += 1;
            } else if self.text(next) == "中间" && matches!(of, SiteOf::Hand { .. }) {
                // 左手虎口中间, 其中间
                near = Near::In;
                next += 1;
            } else if let Some(dir) = self.dir(next) {
                // 上 of 上 as a suffix; not the goal of 向. 上方 is apart from what 上 is on.
                if self.text(next).ends_with("上方") && near == Near::At && dir.is_straight_up() {
                    near = Near::Above;
                } else {
                    shifts.push(dir);
                }
                next += 1;
            } else if let Some(locative) = self.locative(next) {
                if locative != Near::At {
                    near = locative;
                }
                next += 1;
            } else {
                return Some((SitePhrase { of, near, shifts }, next));
            }
        }
    }

    pub(super) fn prep_before_dir(&self, at: usize) -> bool {
        ["上", "下", "前", "后", "上方", "下方", "前方", "一侧", "两侧"].contains(&self.text(at))
    }

    pub(super) fn locative(&self, at: usize) -> Option<Near> {
        // 边 after a site is a place only where no second 边 makes it 边…边….
        if self.link(at) == Some(Link::AtOnce) {
            return None;
        }
        self.find(at, |word| if let Word::Locative(near) = word { Some(*near) } else { None })
    }

    pub(super) fn body(&self, at: usize) -> Option<(signing::BodySite, Near)> {
        self.find(at, |word| if let Word::Body(site, near) = word { Some((*site, *near)) } else { None })
    }

    /// 置于胸前, 拇指尖抵于太阳穴, 右手在上.
    pub(super) fn at_site(&self, at: usize) -> Found {
        let (topic, mut next) = self.topic(at).unwrap_or((Topic::default(), at));
        let mut adverbs = Vec::new();
        next = self.adverbs(next, &mut adverbs);
        if self.prep(next, Prep::At) {
            // 在前, 在上: only where the clause ends there or the hand stays.
            if let Some(dir) = self.dir(next + 1) {
                let ends =
                    next + 2 == self.tokens.len() || self.link(next + 2).is_some() || self.who(next + 2).is_some();
                // 拇指在上 turns the hand; where another finger is says nothing of the whole.
                let item = match topic.fingers {
                    Some(Fingers::Set(FingerSet(1))) => Item::Orient(topic, Pointing::Dir(dir)),
                    Some(_) => Item::Note(super::text(&self.tokens[at..next + 2])),
                    None => Item::AtSide(dir),
                };
                return ends.then(|| (vec![item], next + 2));
            }
            let (site, after) = self.site(next + 1)?;
            // 在头两侧指尖朝上, 在胸前一上一下
            let goes_on = Parser { tokens: self.tokens, start: after };
            let ends = after == self.tokens.len()
                || self.relation(after).is_some()
                || self.link(after) == Some(Link::AtOnce)
                || (goes_on.orient(after).is_some() || goes_on.shape(after).is_some())
                    && self.verb(self.tokens.len() - 1).is_none();
            return ends.then(|| (vec![Item::At { topic, how: PutKind::Placed, site, adverbs }], after));
        }
        // 左手低、右手高
        if ["高", "低"].contains(&self.text(next)) && self.who(at.saturating_sub(1)).is_some() {
            return self.dir(next).map(|dir| (vec![Item::AtSide(dir)], next + 1));
        }
        let put = |at: usize| self.find(at, |word| if let Word::Put(how) = word { Some(*how) } else { None });
        // 一眼贴于右手虎口: the hand is at the eye.
        let organ = at + usize::from(["一", "一只"].contains(&self.text(at)));
        if let Some(how) = put(organ + 1)
            && let Some((body, _)) = self.body(organ)
            && let Some((SitePhrase { of: SiteOf::Hand { who, topic }, .. }, after)) = self.site(organ + 2)
        {
            let site = SitePhrase { of: SiteOf::Body(body), near: Near::At, shifts: Vec::new() };
            let whose = who.map(Item::Who).into_iter();
            return Some((whose.chain([Item::At { topic, how, site, adverbs }]).collect(), after));
        }
        let how = put(next)?;
        let mut goal = self.adverbs(next + 1, &mut adverbs);
        if let Some((site, after)) = self.site(goal) {
            // 横立于左手掌心上: how the hand is held, and where.
            let posture = posture_of(self.text(next)).map(|posture| {
                let fingers = topic.fingers.filter(|_| topic.part.is_none());
                Item::Shape(ShapePhrase { fingers, postures: vec![posture], ..ShapePhrase::default() })
            });
            // 小臂交叉置于胸前
            let crossed = self.text(next).starts_with("交叉").then(|| {
                let relation = Relation::Crossed;
                Item::Relation { topic, axis: None, relation, with: None, centimetres: None }
            });
            let topic = if crossed.is_some() { Topic::default() } else { topic };
            let mut items: Vec<Item> = posture.into_iter().chain(crossed).collect();
            items.push(Item::At { topic, how, site, adverbs });
            // 依次置于前额、左肩: one after the other.
            let mut end = after;
            while self.is(end, &Word::Comma)
                && let Some((site, after)) = self.site(end + 1)
            {
                items.push(Item::Link(Link::Then));
                items.push(Item::At { topic, how, site, adverbs: Vec::new() });
                end = after;
            }
            return Some((items, end));
        }
        let dir = self.dir(goal)?;
        goal += 1;
        Some((vec![Item::AtSide(dir)], goal))
    }

    /// 与肩同宽, 同肩宽
    pub(super) fn shoulder_width(&self, at: usize) -> Option<usize> {
        let site = at + usize::from(self.prep(at, Prep::And) || self.is(at, &Word::Filler));
        self.body(site).filter(|(site, _)| matches!(site, signing::BodySite::Shoulder | signing::BodySite::Chest))?;
        let same = site + 1 + usize::from(self.prep(site + 1, Prep::And));
        ["宽", "同宽", "等宽"].contains(&self.text(same)).then_some(same + 1)
    }

    /// 与肩同宽, 与胸同高: how far apart or how high the hands are, by the body's measure.
    pub(super) fn body_measure(&self, at: usize) -> Found {
        let axis = self.axis(at);
        if let Some(after) = self.shoulder_width(at) {
            let relation = Relation::Apart;
            let topic = Topic::default();
            let centimetres = Some(SHOULDER_WIDTH);
            return Some((vec![Item::Relation { topic, axis, relation, with: None, centimetres }], after));
        }
        let site = at + usize::from(self.prep(at, Prep::And));
        let (site, after) = self.site(site)?;
        let words = format!("{}{}", self.text(after), self.text(after + 1));
        let level = ["同高", "齐平", "平齐", "等高", "齐高", "相齐", "相平"].contains(&words.as_str());
        let last = after + usize::from(level);
        let level = level || ["同高", "齐平", "平齐", "等高", "齐高", "齐", "平"].contains(&self.text(after));
        // 左臂平抬 is how the arm is raised.
        let level = level && self.verb(last + 1).is_none();
        let site = SitePhrase { near: Near::Before, ..site };
        let topic = Topic::default();
        let how = PutKind::Placed;
        level.then(|| (vec![Item::At { topic, how, site, adverbs: Vec::new() }], last + 1))
    }
}

/// How a hand is held that is 横立于, 侧立于, 平放于 a place.
fn posture_of(put: &str) -> Option<Posture> {
    Some(match put.chars().take(2).collect::<String>().as_str() {
        "横立" => Posture::EdgeAcross,
        "侧立" => Posture::EdgeForward,
        "斜立" => Posture::SlantingUp,
        "直立" | "竖立" | "竖放" | "竖置" => Posture::Upright,
        "横伸" | "横放" | "横置" => Posture::Across,
        "平伸" | "平放" | "平置" => Posture::Level,
        "斜放" | "斜置" => Posture::Slanting,
        _ => return None,
    })
}
