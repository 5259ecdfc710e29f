//! A clause as a sequence of phrases. Every word must belong to one; what does not is where it fails.

use super::{
    item::{Act, End, Fingers, Item, Pointing, ShapePhrase, SiteOf, SitePhrase, Topic},
    token::Token,
    words::{Adverb, Bend, FingerSet, Link, Near, Part, Prep, PutKind, Relation, Unit, Verb, Who, Word},
};

mod act;
mod becoming;
mod face;
mod modifier;
mod place;
mod shape;
mod verb;

pub(crate) use verb::{is_contact, is_surface};

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
        let mimed = mimed_verb(tokens).map(|verb| {
            let text = note.clone();
            Item::Mime(Box::new(Act { verb: Some(verb), text, ..Act::default() }))
        });
        return Ok(std::iter::once(Item::Note(note)).chain(mimed).collect());
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
    // 动作机械: how it looks, in words that are not of the language.
    let unknown = |token: &Token| matches!(token.meanings[..], [Word::Unknown(_)]);
    let looks = tokens.len() > 1 && ["动作", "手势", "姿势", "姿态"].contains(&first.text.as_str());
    if looks && tokens[1..].iter().any(unknown) && !tokens[1..].iter().any(of_hands) {
        return Some(whole);
    }
    // 仿…, 如…状 open a note; so do 音同, 形近 anywhere.
    let of_sound = ["音同", "音近", "形近", "同音", "谐音", "同形", "借代", "字形相近", "一形"]
        .iter()
        .any(|mark| whole.contains(mark));
    let of_meaning = ["之意", "的意思", "引申", "象征", "表示"].iter().any(|mark| whole.contains(mark));
    (opens || of_sound || of_meaning).then_some(whole)
}

/// Whether it speaks of a hand, where it is or where it goes.
fn of_hands(token: &Token) -> bool {
    token.meanings.iter().any(|word| {
        matches!(
            word,
            Word::Who(_) | Word::Fingers(_) | Word::Part(_) | Word::Dir(_) | Word::Body(..) | Word::Count(..)
        )
    })
}

/// 模仿行走的动作, 仿扫地动作: the verb of what is imitated.
fn mimed_verb(tokens: &[Token]) -> Option<Verb> {
    let imitates = tokens.first().is_some_and(|first| ["模仿", "仿"].contains(&first.text.as_str()));
    let acts = tokens.last().is_some_and(|last| last.text.ends_with("动作"));
    let verb = |token: &Token| {
        token.meanings.iter().find_map(|word| if let Word::Verb(verb) = word { Some(*verb) } else { None })
    };
    let named = |token: &&Token| token.text.chars().count() > 1;
    let moves = |verb: &Verb| !matches!(verb, Verb::Still | Verb::Become) && !is_contact(*verb);
    tokens.iter().filter(named).find_map(verb).filter(moves).filter(|_| imitates && acts)
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
            self.legs(at),
            self.face(at),
            self.orient(at),
            self.shape(at),
            self.at_site(at),
            self.relation_phrase(at),
            self.becomes(at),
            self.act(at),
            self.mime(at),
            self.again(at),
            self.link_or_who(at),
            self.topic_before_link(at),
            self.bare_adverbs(at),
            self.manner(at),
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

    /// 僵硬地: words of no other meaning before 地, and where they end.
    fn manner_word(&self, at: usize) -> Option<usize> {
        let end = (at + 1..at + 6).find(|&at| self.text(at) == "地" && self.is(at, &Word::Filler))?;
        let unknown = |at: usize| matches!(self.meanings(at), [Word::Unknown(_)]);
        ((at..end).any(unknown) && (at..end).all(|at| unknown(at) || self.adverb(at).is_some())).then_some(end + 1)
    }

    /// 僵硬地移动: the manner stands in a note.
    fn manner(&self, at: usize) -> Found {
        let end = self.manner_word(at)?;
        Some((vec![Item::Note(text(&self.tokens[at..end]))], end))
    }

    fn note(&self, at: usize) -> Found {
        let strong = ["如", "仿", "表示", "象征", "模仿", "仿佛", "似", "像", "如同"].contains(&self.text(at));
        let opens = self.is(at, &Word::Note) && strong && at + 1 < self.tokens.len();
        // 一手如执笔状: how the fingers hold it.
        let pen = ["执笔", "握笔", "持笔", "拿笔"].iter().any(|hold| self.chars_from(at + 1).starts_with(hold));
        if opens && pen && at > 0 && self.who(at - 1).is_some() && !self.chars_from(at + 1).contains('写') {
            let fingers = Some(Fingers::Set(FingerSet(0b111)));
            let shape = ShapePhrase { fingers, bends: vec![Bend::Pinched], ..ShapePhrase::default() };
            return Some((vec![Item::Shape(shape), Item::Note(text(&self.tokens[at..]))], self.tokens.len()));
        }
        opens.then(|| (vec![Item::Note(text(&self.tokens[at..]))], self.tokens.len()))
    }

    fn link_or_who(&self, at: usize) -> Found {
        // 每顿一下五指张开一次: what is done at each of them is done meanwhile.
        let counted = usize::from(self.count(at + 2).is_some());
        if self.text(at) == "每" && self.verb(at + 1).is_some() && (counted == 1 || self.text(at + 1).ends_with("一下"))
        {
            return Some((vec![Item::Link(Link::Meanwhile)], at + 2 + counted));
        }
        if let Some(link) = self.link(at) {
            return Some((vec![Item::Link(link)], at + 1));
        }
        if let Some(who) = self.who(at) {
            // 两手间形成直角
            let between = who == Who::Both && self.is(at + 1, &Word::Locative(Near::In));
            return Some((vec![Item::Who(who)], at + 1 + usize::from(between)));
        }
        // 张开、撮合: one after the other.
        if at > 0 && at + 1 < self.tokens.len() && self.is(at, &Word::Comma) {
            // 掌心向上、指尖朝前: both at once.
            let of_state = self.who(at + 1).is_some()
                || self.orient(at + 1).is_some()
                || self.at_site(at + 1).is_some()
                || self.relation_phrase(at + 1).is_some();
            return Some((vec![Item::Link(if of_state { Link::And } else { Link::Then })], at + 1));
        }
        None
    }

    /// 重复一次, 再重复一次动作.
    fn again(&self, at: usize) -> Found {
        if self.adverb(at) != Some(Adverb::Repeatedly) {
            return None;
        }
        let mut next = at + 1 + usize::from(self.is(at + 1, &Word::Do));
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
        let mut fingers = self.fingers(at);
        let mut next = at + usize::from(fingers.is_some());
        // 食指与拇指捏住, 拇指与其他四指互捻: both of them.
        let acts = |at: usize| {
            let bends = self.find(at, |word| matches!(word, Word::Bend(_)).then_some(())).is_some();
            let put = self.find(at, |word| matches!(word, Word::Put(_)).then_some(())).is_some();
            put || self.verb(at).is_some_and(|verb| !bends || is_contact(verb))
        };
        if let (Some(Fingers::Set(first)), true, Some(second)) =
            (fingers, self.prep(next, Prep::And), self.fingers(next + 1))
            && [0, 1].iter().any(|&how| {
                acts(next + 2 + how)
                    && (how == 0 || self.adverb(next + 2).is_some() || self.link(next + 2) == Some(Link::Meanwhile))
            })
        {
            let second = if let Fingers::Set(second) = second { second } else { FingerSet::ALL.but(first) };
            fingers = Some(Fingers::Set(FingerSet(first.0 | second.0)));
            next += 2;
        }
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
            let put = self.find(next + 1, |word| matches!(word, Word::Put(_)).then_some(())).is_some();
            if (part == Some(Part::Tips) || put) && self.dir(next).is_some() && self.text(next).ends_with('侧') {
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
                    } else if let more = after + usize::from(["较", "很", "稍"].contains(&self.text(after)))
                        && ["宽", "窄", "远", "近"].contains(&self.text(more))
                    {
                        after = more;
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

    /// 屈膝, 双脚原地踏步: the form has no legs; what they do stays as a note.
    fn legs(&self, at: usize) -> Found {
        const OF_LEGS: [&str; 17] = [
            "下蹲",
            "蹲下",
            "双腿微屈",
            "双腿弯曲",
            "腿微屈",
            "屈膝",
            "弯膝",
            "跪下",
            "跪地",
            "下跪",
            "踏步",
            "跺脚",
            "踮脚",
            "抬腿",
            "踢腿",
            "迈步",
            "抬脚",
        ];
        const LEGS: [&str; 8] = ["腿", "双腿", "脚", "双脚", "膝", "双膝", "膝盖", "脚尖"];
        let mut ignored = Vec::new();
        let start = self.adverbs(at, &mut ignored);
        let moves = OF_LEGS.iter().any(|word| self.chars_from(start).starts_with(word));
        let opens = at == 0 || self.link(at - 1).is_some();
        let start = start + usize::from(self.dir(start).is_some());
        let named = opens
            && LEGS.iter().any(|legs| self.text(start).starts_with(legs))
            && self.verb(self.tokens.len() - 1).is_some();
        (moves || named).then(|| (vec![Item::Note(text(&self.tokens[at..]))], self.tokens.len()))
    }

    fn chars_from(&self, at: usize) -> String {
        self.tokens.iter().skip(at).take(3).map(|token| token.text.as_str()).collect()
    }

    /// 作倾听状, 做敬礼的姿势: what the form imitates, where it names no movement that is known.
    fn imitation(&self, at: usize) -> Found {
        let opens = ["作", "做", "呈"].contains(&self.text(at)) || self.text(at) == "成" && at == 0;
        let last = self.tokens.last()?;
        let closes = ["状", "的样子", "样", "的姿势", "样子"].contains(&last.text.as_str());
        // 光芒四射状: nothing of it is of the language but what closes it.
        let unknown = |at: usize| matches!(self.meanings(at), [Word::Unknown(_)]);
        let opens = opens || (at == 0 && unknown(0) && last.text == "状");
        (opens && closes && at + 2 < self.tokens.len())
            .then(|| (vec![Item::Note(text(&self.tokens[at..]))], self.tokens.len()))
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
