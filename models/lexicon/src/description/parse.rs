//! A clause as a sequence of phrases. Every word must belong to one; what does not is where it fails.

use super::{
    item::{Act, End, Fingers, Item, Pointing, ShapePhrase, SiteOf, SitePhrase, Topic},
    token::Token,
    words::{Adverb, FingerSet, Link, Near, Part, Prep, PutKind, Relation, Unit, Verb, Who, Word},
};

mod act;
mod face;
mod shape;

pub(crate) use act::is_contact;

/// 与肩同宽, centimetres.
const SHOULDER_WIDTH: u32 = 38;

/// Where a clause stops making sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stuck {
    /// Index of the word.
    pub(crate) at: usize,
    /// What could have stood there.
    pub(crate) expected: &'static str,
}

/// The phrases of a clause.
pub(crate) fn parse(tokens: &[Token]) -> Result<Vec<Item>, Stuck> {
    if let Some(note) = whole_note(tokens) {
        return Ok(vec![Item::Note(note)]);
    }
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let parser = Parser { tokens, start: at };
        // 书空“民”字后: what comes next comes after it, as it would anyway.
        let done = items.iter().any(|item| matches!(item, Item::Act(_) | Item::Shape(_) | Item::Relation { .. }));
        if at + 1 == tokens.len() && done && ["后", "之后", "以后"].contains(&parser.text(at)) {
            break;
        }
        let Some((found, next)) = parser.phrase() else {
            return Err(Stuck { at: parser.reach(), expected: parser.expected(&items) });
        };
        items.extend(found);
        at = next;
    }
    let says_something = |item: &Item| match item {
        Item::Link(_) | Item::Topic(_) => false,
        Item::Adverbs(adverbs) => adverbs.iter().any(|adverb| !matches!(adverb, Adverb::Plain)),
        _ => true,
    };
    let bare_adverb = matches!(items[..], [Item::Who(_), Item::Adverbs(_)]);
    match items.last() {
        Some(Item::Link(_) | Item::Topic(_) | Item::Becomes) => {
            Err(Stuck { at: tokens.len() - 1, expected: "what follows it: a movement, a shape or a place" })
        }
        _ if !items.iter().any(says_something) || bare_adverb => {
            Err(Stuck { at: 0, expected: "a hand, a shape, a direction, a place or a movement" })
        }
        _ => Ok(items),
    }
}

fn text(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

/// A clause that says what the form means or imitates, and nothing of the form.
fn whole_note(tokens: &[Token]) -> Option<String> {
    let first = tokens.first()?;
    let whole = text(tokens);
    let opens = first.meanings.contains(&Word::Note);
    // 仿…, 如…状 open a note; so do 音同, 形近 anywhere.
    let of_sound = ["音同", "音近", "形近", "同音", "谐音", "同形", "借代", "字形相近", "一形"]
        .iter()
        .any(|mark| whole.contains(mark));
    let of_meaning = ["之意", "的意思", "引申", "象征", "表示"].iter().any(|mark| whole.contains(mark));
    (opens || of_sound || of_meaning).then_some(whole)
}

type Found = Option<(Vec<Item>, usize)>;

#[derive(Clone, Copy)]
struct Parser<'a> {
    tokens: &'a [Token],
    start: usize,
}

impl<'a> Parser<'a> {
    fn meanings(&self, at: usize) -> &'a [Word] {
        self.tokens.get(at).map_or(&[], |token| token.meanings.as_slice())
    }

    fn find<T>(&self, at: usize, pick: impl Fn(&Word) -> Option<T>) -> Option<T> {
        self.meanings(at).iter().find_map(pick)
    }

    fn is(&self, at: usize, word: &Word) -> bool {
        self.meanings(at).contains(word)
    }

    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn who(&self, at: usize) -> Option<Who> {
        self.find(at, |word| if let Word::Who(who) = word { Some(*who) } else { None })
    }

    fn part(&self, at: usize) -> Option<Part> {
        self.find(at, |word| if let Word::Part(part) = word { Some(*part) } else { None })
    }

    fn finger_set(&self, at: usize) -> Option<FingerSet> {
        self.find(at, |word| if let Word::Fingers(set) = word { Some(*set) } else { None })
    }

    fn fingers(&self, at: usize) -> Option<Fingers> {
        self.find(at, |word| match word {
            Word::Fingers(set) => Some(Fingers::Set(*set)),
            Word::OtherFingers(_) => Some(Fingers::Others),
            Word::OutFingers => Some(Fingers::Out),
            _ => None,
        })
    }

    fn dir(&self, at: usize) -> Option<super::dir::DirWord> {
        self.find(at, |word| if let Word::Dir(dir) = word { Some(*dir) } else { None })
    }

    fn adverb(&self, at: usize) -> Option<Adverb> {
        self.find(at, |word| if let Word::Adverb(adverb) = word { Some(*adverb) } else { None })
    }

    fn prep(&self, at: usize, prep: Prep) -> bool {
        self.is(at, &Word::Prep(prep))
    }

    fn link(&self, at: usize) -> Option<Link> {
        self.find(at, |word| if let Word::Link(link) = word { Some(*link) } else { None })
    }

    fn count(&self, at: usize) -> Option<(u32, Unit)> {
        self.find(at, |word| if let Word::Count(n, unit) = word { Some((*n, *unit)) } else { None })
    }

    fn axis(&self, at: usize) -> Option<super::dir::Axis> {
        self.find(at, |word| if let Word::Axis(axis) = word { Some(*axis) } else { None })
    }

    fn relation(&self, at: usize) -> Option<Relation> {
        self.find(at, |word| if let Word::Relation(relation) = word { Some(*relation) } else { None })
    }

    fn verb(&self, at: usize) -> Option<Verb> {
        self.find(at, |word| if let Word::Verb(verb) = word { Some(*verb) } else { None })
    }

    fn skip_filler(&self, mut at: usize) -> usize {
        while self.is(at, &Word::Filler) {
            at += 1;
        }
        at
    }

    fn adverbs(&self, mut at: usize, into: &mut Vec<Adverb>) -> usize {
        loop {
            if let Some(adverb) = self.adverb(at) {
                into.push(adverb);
            } else if !self.is(at, &Word::Filler) {
                return at;
            }
            at += 1;
        }
    }

    /// The phrase at the start: of all that could stand there the longest; the earlier kind wins a tie.
    fn phrase(&self) -> Found {
        let at = self.start;
        let candidates = [
            self.note(at),
            self.face(at),
            self.orient(at),
            self.shape(at),
            self.at_site(at),
            self.relation_phrase(at),
            self.becomes(at),
            self.act(at),
            self.again(at),
            self.link_or_who(at),
            self.topic_before_link(at),
            self.bare_adverbs(at),
            self.directed_shape(at),
            self.body_measure(at),
            self.imitation(at),
        ];
        let mut best: Found = None;
        for found in candidates.into_iter().flatten() {
            if found.1 > at && best.as_ref().is_none_or(|best| found.1 > best.1) {
                best = Some(found);
            }
        }
        best
    }

    /// The word at which every reading gave up.
    fn reach(&self) -> usize {
        let mut at = self.start;
        let known = |at: usize| !self.meanings(at).iter().all(|word| matches!(word, Word::Unknown(_)));
        // The first unknown word is the likeliest culprit, else the first word.
        while at < self.tokens.len() && known(at) {
            at += 1;
        }
        if at < self.tokens.len() { at } else { self.start }
    }

    fn expected(&self, before: &[Item]) -> &'static str {
        let at = self.reach();
        match self.meanings(at.saturating_sub(1)).first() {
            Some(Word::Facing) if at > self.start => "a direction (上, 前, 左…) or a place",
            Some(Word::Prep(Prep::From | Prep::To)) if at > self.start => "a direction or a place",
            Some(Word::Put(_)) if at > self.start => "a place on the body or the other hand",
            Some(Word::Form(_)) if at > self.start => "a figure, such as “十”字形 or 圆形",
            _ if before.is_empty() => {
                "a hand and its shape, an orientation (掌心向上), a place (置于胸前), a movement, or an expression of the face"
            }
            _ => "a movement, a place or a manner, or the end of the clause",
        }
    }

    fn note(&self, at: usize) -> Found {
        let strong = ["如", "仿", "表示", "象征", "模仿", "仿佛", "似", "像", "如同"].contains(&self.text(at));
        let opens = self.is(at, &Word::Note) && strong && at + 1 < self.tokens.len();
        opens.then(|| (vec![Item::Note(text(&self.tokens[at..]))], self.tokens.len()))
    }

    fn link_or_who(&self, at: usize) -> Found {
        if let Some(link) = self.link(at) {
            return Some((vec![Item::Link(link)], at + 1));
        }
        if let Some(who) = self.who(at) {
            return Some((vec![Item::Who(who)], at + 1));
        }
        // 张开、撮合: one after the other.
        if at > 0 && at + 1 < self.tokens.len() && self.is(at, &Word::Comma) {
            return Some((vec![Item::Link(Link::Then)], at + 1));
        }
        None
    }

    /// 重复一次, 再重复一次动作.
    fn again(&self, at: usize) -> Found {
        if self.adverb(at) != Some(Adverb::Repeatedly) {
            return None;
        }
        let mut next = at + 1;
        let times = match self.count(next) {
            Some((n, Unit::Times)) => {
                next += 1;
                n
            }
            _ if next == self.tokens.len() => 1,
            _ => return None,
        };
        while self.is(next, &Word::Action) || self.is(next, &Word::Filler) {
            next += 1;
        }
        Some((vec![Item::Again(times)], next))
    }

    fn topic(&self, at: usize) -> Option<(Topic, usize)> {
        let fingers = self.fingers(at);
        let mut next = at + usize::from(fingers.is_some());
        let of = self.skip_filler(next);
        let part = self.part(of);
        let mut part = part;
        if part.is_some() {
            next = of + 1;
            // 左拳虎口, 手腕脉搏处: the part of a part.
            while let (Some(Part::Fist | Part::Wrist | Part::Forearm | Part::Arm | Part::Palm), Some(inner)) =
                (part, self.part(next))
                && !matches!(inner, Part::Palm | Part::Edge)
            {
                part = Some(inner);
                next += 1;
            }
            // 掌心一侧, 指尖左侧: which side of the part.
            if let (Some(Part::Tips), Some(_)) = (part, self.dir(next))
                && self.text(next).ends_with('侧')
            {
                next += 1;
            }
        } else if fingers.is_some() && ["外侧", "内侧", "一侧", "侧面", "下侧", "上侧"].contains(&self.text(next))
        {
            return Some((Topic { fingers, part: Some(Part::Edge) }, next + 1));
        }
        (fingers.is_some() || part.is_some()).then_some((Topic { fingers, part }, next))
    }

    /// 拇、食指 before 先…再…: what the following bends are of.
    fn topic_before_link(&self, at: usize) -> Found {
        let (topic, next) = self.topic(at)?;
        let goes_on = self.link(next).is_some() || self.adverb(next).is_some();
        goes_on.then(|| (vec![Item::Topic(topic)], next))
    }

    fn bare_adverbs(&self, at: usize) -> Found {
        let mut adverbs = Vec::new();
        let next = self.adverbs(at, &mut adverbs);
        let only_fillers = adverbs.is_empty();
        (next > at && (!only_fillers || next < self.tokens.len() || at > 0))
            .then(|| (vec![Item::Adverbs(adverbs)], next))
    }

    /// 掌心向上, 食指尖朝前, 掌心左右相对, 指尖对着嘴部.
    fn orient(&self, at: usize) -> Found {
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
                Relation::OneAbove => super::dir::DirWord::UP,
                Relation::OneBefore => super::dir::DirWord::FORWARD,
                Relation::LeftRight => super::dir::DirWord::RIGHT,
                _ => return None,
            };
            return Some((vec![Item::Orient(topic, Pointing::Opposite(opposite))], goal + 1));
        }
        if let Some((site, after)) = self.site(goal) {
            return Some((vec![Item::Orient(topic, Pointing::Site(site))], after));
        }
        if self.axis(goal) == Some(super::dir::Axis::LeftRight) {
            return Some((vec![Item::Orient(topic, Pointing::Dir(super::dir::DirWord::APART))], goal + 1));
        }
        let mut dir = self.dir(goal)?;
        goal += 1;
        // 分别向左右斜前方 is one word; 向左、右 and 向前、下方 are two.
        if self.is(goal, &Word::Comma)
            && let Some(more) = self.dir(goal + 1)
        {
            let opposite = dir.left * more.left < 0.0;
            dir = if opposite { super::dir::DirWord::APART } else { dir };
            goal += 2;
        }
        Some((vec![Item::Orient(topic, Pointing::Dir(dir))], goal))
    }

    /// A place: 胸前, 左胸部, 左手掌心上, 食指根部, 左手“C”形中.
    fn site(&self, at: usize) -> Option<(SitePhrase, usize)> {
        let mut shifts = Vec::new();
        let mut next = at;
        // 自己的双眼: whose face and body is never in question.
        if ["自己", "自身", "本人"].contains(&self.text(next)) {
            let after = self.skip_filler(next + 1);
            if self.body(after).is_some() || self.dir(after).is_some() && self.body(after + 1).is_some() {
                next = after;
            }
        }
        // 左右耳, 左、右胸部: each hand at its own.
        let listed = usize::from(self.is(next + 1, &Word::Comma));
        if self.axis(next) == Some(super::dir::Axis::LeftRight) && self.body(next + 1).is_some() {
            shifts.push(super::dir::DirWord::APART);
            next += 1;
        } else if listed == 1
            && let (Some(first), Some(second)) = (self.dir(next), self.dir(next + 2))
            && first.left * second.left < 0.0
            && self.body(next + 3).is_some()
        {
            shifts.push(super::dir::DirWord::APART);
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
            // 胸前衣服: the thing at the place is the place.
            let named_twice = self.body(next + 1).is_some_and(|(_, near)| near == Near::At);
            (SiteOf::Body(site), near, next + 1 + usize::from(named_twice))
        } else if let Some((_, after)) = self.figure_noun(next)
            && shifts.is_empty()
            && (self.is(after, &Word::Locative(Near::In)) || self.text(after).starts_with("中间"))
        {
            // “U”形内: the figure is the other hand's.
            (SiteOf::Hand { who: Some(Who::Other), topic: Topic::default() }, Near::In, after + 1)
        } else {
            // 其上方: of the hand that was spoken of before.
            let who = self.who(next).or_else(|| (self.text(next) == "其").then_some(Who::Other));
            let after_who = self.skip_filler(next + usize::from(who.is_some()));
            let topic = self.topic(after_who);
            // A hand by itself is a place (左手旁); 手 and 双手 are not without a part.
            let has_part = topic.is_some();
            if !has_part && !matches!(who, Some(Who::Left | Who::Right | Who::Other)) {
                return None;
            }
            let (topic, after) = topic.unwrap_or((Topic::default(), after_who));
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
        loop {
            if self.is(next, &Word::Filler) && self.dir(next + 1).is_some() && self.prep_before_dir(next + 1) {
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

    fn prep_before_dir(&self, at: usize) -> bool {
        ["上", "下", "前", "后", "上方", "下方", "前方", "一侧", "两侧"].contains(&self.text(at))
    }

    fn locative(&self, at: usize) -> Option<Near> {
        // 边 after a site is a place only where no second 边 makes it 边…边….
        if self.link(at) == Some(Link::AtOnce) {
            return None;
        }
        self.find(at, |word| if let Word::Locative(near) = word { Some(*near) } else { None })
    }

    fn body(&self, at: usize) -> Option<(signing::BodySite, Near)> {
        self.find(at, |word| if let Word::Body(site, near) = word { Some((*site, *near)) } else { None })
    }

    /// 置于胸前, 拇指尖抵于太阳穴, 右手在上.
    fn at_site(&self, at: usize) -> Found {
        let (topic, mut next) = self.topic(at).unwrap_or((Topic::default(), at));
        let mut adverbs = Vec::new();
        next = self.adverbs(next, &mut adverbs);
        if self.prep(next, Prep::At) {
            // 在前, 在上: only where the clause ends there or the hand stays.
            if let Some(dir) = self.dir(next + 1) {
                let ends =
                    next + 2 == self.tokens.len() || self.link(next + 2).is_some() || self.who(next + 2).is_some();
                return ends.then(|| (vec![Item::AtSide(dir)], next + 2));
            }
            let (site, after) = self.site(next + 1)?;
            let ends = after == self.tokens.len();
            return ends.then(|| (vec![Item::At { topic, how: PutKind::Placed, site, adverbs }], after));
        }
        // 左手低、右手高
        if ["高", "低"].contains(&self.text(next)) && self.who(at.saturating_sub(1)).is_some() {
            return self.dir(next).map(|dir| (vec![Item::AtSide(dir)], next + 1));
        }
        let how = self.find(next, |word| if let Word::Put(how) = word { Some(*how) } else { None })?;
        let mut goal = self.adverbs(next + 1, &mut adverbs);
        if let Some((site, after)) = self.site(goal) {
            return Some((vec![Item::At { topic, how, site, adverbs }], after));
        }
        let dir = self.dir(goal)?;
        goal += 1;
        Some((vec![Item::AtSide(dir)], goal))
    }

    /// 掌心相贴, 手腕交叉相搭, 一前一后, 与左手掌心相贴.
    fn relation_phrase(&self, at: usize) -> Found {
        let (topic, mut next) = self.topic(at).unwrap_or((Topic::default(), at));
        let mut with = None;
        if self.prep(next, Prep::And)
            && let Some((site, after)) = self.site(next + 1)
        {
            with = Some(site);
            next = after;
        }
        let mut adverbs = Vec::new();
        next = self.adverbs(next, &mut adverbs);
        let axis = self.axis(next);
        let mut after = next + usize::from(axis.is_some() && self.relation(next + 1).is_some());
        let axis = axis.filter(|_| after > next);
        after = self.adverbs(after, &mut adverbs);
        let relation = self.relation(after)?;
        after += 1;
        let mut centimetres = None;
        if relation == Relation::Apart {
            let mut degree = Vec::new();
            after = self.adverbs(after, &mut degree);
            if ["约", "大约"].contains(&self.text(after)) {
                after += 1;
            }
            match self.count(after) {
                Some((n, Unit::Centimetres)) => {
                    centimetres = Some(n);
                    after += 1;
                }
                _ => {
                    if let Some(next) = self.shoulder_width(after) {
                        centimetres = Some(SHOULDER_WIDTH);
                        after = next;
                    } else if ["宽", "窄", "远", "近", "较近", "较远", "窄些", "宽些"].contains(&self.text(after))
                    {
                        centimetres = Some(if self.text(after).contains(['宽', '远']) { 40 } else { 8 });
                        after += 1;
                    } else {
                        return None;
                    }
                }
            }
            while ["些", "左右"].contains(&self.text(after)) {
                after += 1;
            }
        }
        Some((vec![Item::Relation { topic, axis, relation, with, centimetres }], after))
    }

    /// 与肩同宽, 同肩宽
    fn shoulder_width(&self, at: usize) -> Option<usize> {
        let site = at + usize::from(self.prep(at, Prep::And) || self.is(at, &Word::Filler));
        self.body(site).filter(|(site, _)| matches!(site, signing::BodySite::Shoulder | signing::BodySite::Chest))?;
        let same = site + 1 + usize::from(self.prep(site + 1, Prep::And));
        ["宽", "同宽", "等宽"].contains(&self.text(same)).then_some(same + 1)
    }

    /// 与肩同宽, 与胸同高: how far apart or how high the hands are, by the body's measure.
    fn body_measure(&self, at: usize) -> Found {
        let axis = self.axis(at);
        if let Some(after) = self.shoulder_width(at) {
            let relation = Relation::Apart;
            let topic = Topic::default();
            let centimetres = Some(SHOULDER_WIDTH);
            return Some((vec![Item::Relation { topic, axis, relation, with: None, centimetres }], after));
        }
        let site = at + usize::from(self.prep(at, Prep::And));
        let (site, after) = self.site(site)?;
        let level = ["同高", "齐平", "平齐", "等高", "齐高", "齐"].contains(&self.text(after));
        let site = SitePhrase { near: Near::Before, ..site };
        let topic = Topic::default();
        let how = PutKind::Placed;
        level.then(|| (vec![Item::At { topic, how, site, adverbs: Vec::new() }], after + 1))
    }

    /// 作倾听状, 做敬礼的姿势: what the form imitates, where it names no movement that is known.
    fn imitation(&self, at: usize) -> Found {
        let opens = ["作", "做", "呈"].contains(&self.text(at));
        let last = self.tokens.last()?;
        let closes = ["状", "的样子", "样", "的姿势", "样子"].contains(&last.text.as_str());
        (opens && closes && at + 2 < self.tokens.len())
            .then(|| (vec![Item::Note(text(&self.tokens[at..]))], self.tokens.len()))
    }

    /// 翻转为, 变为: what follows is what becomes.
    fn becomes(&self, at: usize) -> Found {
        let mut adverbs = Vec::new();
        let mut next = self.adverbs(at, &mut adverbs);
        // 由掌心向外翻转为掌心向内: where it comes from is where the hand is.
        if self.prep(next, Prep::From)
            && let Some((from, after)) = self.orient(next + 1)
            && matches!(self.verb(after), Some(Verb::Flip | Verb::Become))
        {
            let mut items = from;
            items.push(Item::Becomes);
            return Some((items, self.become_word(after + 1)));
        }
        // 从数字“1”变为数字“2”
        if self.prep(next, Prep::From)
            && let Some((mut items, after)) = self.shape(next + 1)
            && matches!(self.verb(after), Some(Verb::Flip | Verb::Become))
        {
            items.push(Item::Becomes);
            return Some((items, self.become_word(after + 1)));
        }
        // 使拳心向上
        if self.prep(next, Prep::Object)
            && let Some((mut items, after)) = self.orient(next + 1).or_else(|| self.shape(next + 1))
        {
            items.insert(0, Item::Becomes);
            return Some((items, after));
        }
        // 掌心变为向上
        if let Some((topic, after)) = self.topic(next)
            && topic.part.is_some()
            && matches!(self.verb(after), Some(Verb::Flip | Verb::Become))
            && self.is(self.become_word(after + 1), &Word::Facing)
            && let Some(dir) = self.dir(self.become_word(after + 1) + 1)
        {
            let end = self.become_word(after + 1) + 2;
            return Some((vec![Item::Becomes, Item::Orient(topic, Pointing::Dir(dir))], end));
        }
        if !matches!(self.verb(next), Some(Verb::Become)) {
            let flips = self.verb(next) == Some(Verb::Flip);
            let goal = self.become_word(next + 1);
            if !flips || !(self.orient(goal).is_some() || self.shape(goal).is_some()) {
                return None;
            }
        }
        next = self.become_word(next + 1);
        (next < self.tokens.len()).then(|| (vec![Item::Becomes], next))
    }

    fn become_word(&self, at: usize) -> usize {
        at + usize::from(["为", "成", "至"].contains(&self.text(at)))
    }

    fn end(&self, at: usize) -> Option<(End, usize)> {
        if let Some((site, after)) = self.site(at) {
            return Some((End::Site(site), after));
        }
        self.dir(at).map(|dir| (End::Dir(dir), at + 1))
    }
}

const fn is_arm(part: Part) -> bool {
    matches!(part, Part::Arm | Part::UpperArm | Part::Forearm | Part::Elbow | Part::ElbowInner)
}
