//! A clause's characters as words: at each place the longest word that the vocabulary or a scanner knows.

use std::{collections::HashMap, sync::LazyLock};

use signing::Finger;

use super::{
    face::{FaceWord, Organ},
    lex::Clause,
    parse::is_contact,
    vocabulary::vocabulary,
    words::{Adverb, FingerSet, Link, Prep, Unit, Who, Word},
};

/// A word of a clause, with the half-open range of positions in the description.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What it can mean, the likeliest first.
    pub(crate) meanings: Vec<Word>,
}

/// All words in a trie of characters.
struct Trie {
    next: HashMap<(u32, char), u32>,
    meanings: Vec<Vec<Word>>,
}

impl Trie {
    fn new() -> Self {
        let mut trie = Self { next: HashMap::new(), meanings: vec![Vec::new()] };
        for (word, meaning) in vocabulary() {
            let mut node = 0;
            for c in word.chars() {
                let fresh = trie.meanings.len() as u32;
                node = *trie.next.entry((node, c)).or_insert(fresh);
                if node == fresh {
                    trie.meanings.push(Vec::new());
                }
            }
            let meanings = &mut trie.meanings[node as usize];
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        }
        trie
    }

    /// The longest word at the start of `chars` with a meaning that is `wanted`: its length and meanings.
    fn longest(&self, chars: &[(char, usize)], wanted: fn(&Word) -> bool) -> Option<(usize, &[Word])> {
        let mut node = 0;
        let mut found = None;
        for (length, &(c, _)) in chars.iter().enumerate() {
            let Some(&next) = self.next.get(&(node, c)) else { break };
            node = next;
            let meanings = &self.meanings[node as usize];
            if meanings.iter().any(wanted) {
                found = Some((length + 1, meanings.as_slice()));
            }
        }
        found
    }
}

static TRIE: LazyLock<Trie> = LazyLock::new(Trie::new);

/// The words of a clause.
pub(crate) fn tokens(clause: &Clause) -> Vec<Token> {
    let chars = &clause.chars;
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let scanned = [fingers(rest), count(rest), quoted(rest), sided(rest), by_steps(rest)]
            .into_iter()
            .flatten()
            .max_by_key(|s| s.0);
        // 向上移动 heads up and moves: after a preposition a place or direction comes first.
        // 自上而下移动 heads down and moves.
        let from_to = matches!(&tokens[..], [.., from, link] if link.text == "而" && from.meanings.iter().any(|word| matches!(word, Word::Dir(_))));
        let after_preposition = from_to || tokens.last().is_some_and(leads_to_place);
        let known = TRIE
            .longest(rest, if after_preposition { is_place } else { |_| true })
            .or_else(|| TRIE.longest(rest, |_| true));
        // 左手背后 is behind the left hand's back, not behind the back of the body.
        let after_hand = tokens.last().is_some_and(|last: &Token| matches!(last.meanings[..], [Word::Who(_)]));
        let of_body = known.is_some_and(|(_, words)| matches!(words.first(), Some(Word::Body(..))));
        let known = if after_hand && of_body {
            TRIE.longest(rest, |word| matches!(word, Word::Part(_))).or(known)
        } else {
            known
        };
        // 前移, 下垂: what an organ does is said of an organ only.
        let known = match known {
            Some((_, words)) if words.iter().all(is_doing) && !speaks_of_organ(&tokens) => {
                TRIE.longest(rest, |word| !is_doing(word)).or(known)
            }
            known => known,
        };
        // 左上臂 is the left upper arm, not an arm at the upper left.
        let upper_arm = matches!((rest.get(1), rest.get(2)), (Some(('上', _)), Some(('臂', _))));
        let known = known.filter(|_| !(upper_arm && matches!(scanned, Some((_, Word::Who(_))))));
        // 摸一下下嘴唇: once, and the lower lip.
        let known = match (&scanned, known) {
            (Some((counted, Word::Count(..))), Some((length, _)))
                if length > *counted
                    && TRIE
                        .longest(&rest[*counted..], |word| matches!(word, Word::Body(..)))
                        .is_some_and(|(site, _)| site > 1) =>
            {
                None
            }
            (_, known) => known,
        };
        // 从前向后边张合边移动: 边, not the side.
        let known = match known {
            Some((length, words))
                if length > 1
                    && rest[length - 1].0 == '边'
                    && words.iter().any(|word| matches!(word, Word::Dir(_)))
                    && rest[length..].iter().any(|&(c, _)| c == '边') =>
            {
                TRIE.longest(&rest[..length - 1], |_| true)
            }
            // 鼻孔下方向下: 下方, and the way down.
            Some((length, words))
                if length > 1
                    && matches!(rest.get(length..length + 2), Some([('方', _), ('向', _)]))
                    && words.iter().any(|word| matches!(word, Word::Body(..)))
                    && "上下前后".contains(rest[length - 1].0)
                    && TRIE.longest(&rest[length + 2..], |word| matches!(word, Word::Dir(_))).is_some() =>
            {
                Some((length + 1, words))
            }
            known => known,
        };
        // 摸下嘴唇: the lower lip, not down.
        let known = match known {
            Some((length, words))
                if length > 1
                    && rest[length - 1].0 == '下'
                    && words.iter().any(|word| matches!(word, Word::Verb(_)))
                    && TRIE
                        .longest(&rest[length - 1..], |word| matches!(word, Word::Body(..)))
                        .is_some_and(|(site, _)| site > 1) =>
            {
                TRIE.longest(&rest[..length - 1], |_| true)
            }
            known => known,
        };
        // 边沿胸部上移边张开: 边, and the way along.
        let at_once = rest[0].0 == '边'
            && tokens.iter().all(|token| matches!(token.meanings[..], [Word::Who(_) | Word::Link(_)]));
        let known = if at_once && rest[1..].iter().any(|&(c, _)| c == '边') { Some((1, AT_ONCE)) } else { known };
        let (length, meanings) = match (scanned, known) {
            (Some((scanned, word)), Some((length, _))) if scanned >= length => (scanned, vec![word]),
            (Some((scanned, word)), None) => (scanned, vec![word]),
            (_, Some((length, meanings))) => (length, meanings.to_vec()),
            (None, None) => (1, vec![Word::Unknown(rest[0].0)]),
        };
        // 点一下后下移, 碰一下左手食指后弹开: after it, not behind it.
        let (length, meanings) =
            if rest[0].0 == '后' && (follows_on(&tokens, &rest[1..]) || rest.len() == 1 && has_met(&tokens)) {
                (1, vec![Word::Link(Link::Then)])
            } else {
                (length, meanings)
            };
        let text = rest[..length].iter().map(|&(c, _)| c).collect();
        tokens.push(Token { text, start: rest[0].1, end: rest[length - 1].1 + 1, meanings });
        at += length;
    }
    tokens
}

/// What 边 means where a second one follows.
const AT_ONCE: &[Word] = &[Word::Link(Link::AtOnce)];

/// 向, 从, 在: a place or a direction follows.
fn leads_to_place(token: &Token) -> bool {
    token.meanings.iter().any(|word| matches!(word, Word::Facing | Word::Prep(Prep::From | Prep::To | Prep::At)))
}

/// Whether what was told so far is done with before `rest` begins: it was counted, and something is done next.
fn follows_on(told: &[Token], rest: &[(char, usize)]) -> bool {
    // 向左移动少许后收回 has no count, but a verb of more than one character comes next.
    let verb_next =
        TRIE.longest(rest, |word| matches!(word, Word::Verb(_) | Word::Bend(_))).is_some_and(|(length, _)| length > 1);
    let done = |token: &Token| {
        token.meanings.iter().any(|word| match word {
            Word::Count(_, Unit::Times | Unit::Turns(_)) | Word::Action => true,
            Word::Verb(_) => verb_next && token.text.chars().count() > 1,
            _ => false,
        })
    };
    let placed = |token: &Token| {
        token.meanings.iter().any(|word| matches!(word, Word::Prep(Prep::At | Prep::From) | Word::Put(_)))
    };
    let leads = told.last().is_some_and(|last| leads_to_place(last) || placed(last));
    let acts = |word: &Word| matches!(word, Word::Verb(_) | Word::Facing | Word::Adverb(_) | Word::Prep(Prep::To));
    let goes_on = TRIE.longest(rest, |_| true).is_some_and(|(_, words)| words.iter().any(acts));
    // 后方, 后侧 are directions.
    let is_dir = matches!(rest.first(), Some(('方' | '侧' | '面' | '脑' | '颈' | '背' | '腰', _)));
    goes_on && !is_dir && !leads && told.iter().any(done) && !told.iter().any(placed)
}

/// 套入左手食指后: the last verb meets something, and the clause ends when it has.
fn has_met(told: &[Token]) -> bool {
    let verb = |token: &Token| {
        let verbs =
            token.meanings.iter().filter_map(|word| if let Word::Verb(verb) = word { Some(*verb) } else { None });
        let verbs: Vec<_> = verbs.collect();
        (!verbs.is_empty()).then(|| verbs.into_iter().any(is_contact) && !token.text.ends_with(['在', '于']))
    };
    told.iter().rev().find_map(verb).unwrap_or(false) && told.last().is_some_and(|last| !leads_to_place(last))
}

/// 一颠一颠, 一步一步: in steps.
fn by_steps(rest: &[(char, usize)]) -> Scan {
    let at = |index: usize| rest.get(index).map(|&(c, _)| c);
    let steps = at(0) == Some('一') && at(2) == Some('一') && at(1) == at(3) && at(1) != Some('一');
    steps.then_some((4, Word::Adverb(Adverb::Stepwise)))
}

fn is_doing(word: &Word) -> bool {
    matches!(word, Word::Face(FaceWord::Does(_)))
}

/// Whether an organ is named otherwise than as a place (在腹部左右微动).
fn speaks_of_organ(told: &[Token]) -> bool {
    let placed =
        |token: &Token| leads_to_place(token) || token.meanings.iter().any(|word| matches!(word, Word::Put(_)));
    told.iter().position(names_organ).is_some_and(|organ| !told[..organ].iter().any(placed))
}

fn names_organ(token: &Token) -> bool {
    token.meanings.iter().any(|word| match word {
        Word::Face(face) => !matches!(face, FaceWord::Does(_)),
        Word::Body(site, _) => Organ::of(*site).is_some(),
        _ => false,
    })
}

fn is_place(word: &Word) -> bool {
    matches!(word, Word::Dir(_) | Word::Body(..) | Word::Who(_) | Word::Part(_) | Word::Axis(_))
}

type Scan = Option<(usize, Word)>;

/// 左拳, 右臂: the hand, leaving the part to the next word.
fn sided(rest: &[(char, usize)]) -> Scan {
    let starts = |text: &str| text.chars().zip(rest).filter(|&(c, &(r, _))| c == r).count() == text.chars().count();
    for (text, who) in [("另一拳", Who::Other), ("另一臂", Who::Other), ("一拳", Who::One), ("一臂", Who::One)]
    {
        if starts(text) {
            return Some((text.chars().count() - 1, Word::Who(who)));
        }
    }
    let who = match rest.first()?.0 {
        '左' => Who::Left,
        '右' => Who::Right,
        '双' | '两' => Who::Both,
        _ => return None,
    };
    let next: String = rest[1..].iter().take(2).map(|&(c, _)| c).collect();
    let parts = [
        "拳", "臂", "袖", "衣袖", "小臂", "前臂", "上臂", "大臂", "肘", "腕", "掌", "食指", "拇指", "小指", "中指",
        "手", "虎口", "胳膊",
    ];
    parts.iter().any(|part| next.starts_with(part)).then_some((1, Word::Who(who)))
}

/// 拇、食指; 食指和中指 as one list only where the finger's character stands before 、.
fn fingers(rest: &[(char, usize)]) -> Scan {
    let at = |index: usize| rest.get(index).map(|&(c, _)| c);
    let text: String = rest.iter().take(6).map(|&(c, _)| c).collect();
    for (word, set) in [
        ("五个手指", FingerSet::ALL),
        ("五手指", FingerSet::ALL),
        ("手指", FingerSet::ALL),
        ("五指", FingerSet::ALL),
        ("十指", FingerSet::ALL),
        ("四指", FingerSet::LONG),
        ("并拢的四指", FingerSet::LONG),
        ("各手指", FingerSet::ALL),
        ("各指", FingerSet::ALL),
        ("每指", FingerSet::ALL),
    ] {
        if text.starts_with(word) && !text.starts_with("手指字母") {
            return Some((word.chars().count(), Word::Fingers(set)));
        }
    }
    for word in ["二指", "两指", "三指", "两个手指", "三个手指", "两根手指"] {
        if text.starts_with(word) {
            return Some((word.chars().count(), Word::OutFingers));
        }
    }
    for head in ["其他", "其余", "另外", "另", "其它", "余"] {
        if let Some(after) = text.strip_prefix(head) {
            let mut chars = after.chars();
            let number = chars.next().and_then(numeral);
            let length = head.chars().count();
            return match (number, chars.next()) {
                (Some(n), Some('指')) => Some((length + 2, Word::OtherFingers(Some(n)))),
                _ if after.starts_with("手指") => Some((length + 2, Word::OtherFingers(None))),
                _ if after.starts_with('指') => Some((length + 1, Word::OtherFingers(None))),
                _ => None,
            };
        }
    }
    for word in ["小拇指", "小指头"] {
        if text.starts_with(word) {
            return Some((3, Word::Fingers(FingerSet::default().with(Finger::Little))));
        }
    }
    let mut set = FingerSet::default();
    let mut length = 0;
    loop {
        if at(length) == Some('大') && at(length + 1) == Some('拇') {
            length += 1;
        }
        let (finger, used) = match (at(length)?, at(length + 1)) {
            ('拇', _) => (Finger::Thumb, 1),
            ('食', _) => (Finger::Index, 1),
            ('中', _) => (Finger::Middle, 1),
            ('无', Some('名')) => (Finger::Ring, 2),
            ('环', _) => (Finger::Ring, 1),
            ('小', _) => (Finger::Little, 1),
            _ => return None,
        };
        set = set.with(finger);
        length += used;
        let mut after = length;
        if at(after) == Some('指') {
            after += 1;
            let goes_on = matches!(at(after), Some('、' | '和' | '与' | '及'))
                && matches!(at(after + 1), Some('拇' | '食' | '中' | '无' | '环' | '小'))
                && fingers(&rest[after + 1..]).is_some();
            if !goes_on || at(after) != Some('、') {
                return Some((after, Word::Fingers(set)));
            }
            length = after + 1;
            continue;
        }
        match at(after) {
            Some('、' | '和' | '与') => length = after + 1,
            // 拇食指: a list without its marks.
            Some('食' | '中' | '无' | '小') => length = after,
            _ => return None,
        }
    }
}

pub(crate) fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '一' | '1' => 1,
        '二' | '两' | '2' => 2,
        '三' | '3' => 3,
        '四' | '4' => 4,
        '五' | '5' => 5,
        '六' | '6' => 6,
        '七' | '7' => 7,
        '八' | '8' => 8,
        '九' | '9' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// 两下, 几下, 一大圈, 半圈, 90度, 2厘米.
fn count(rest: &[(char, usize)]) -> Scan {
    let text: String = rest.iter().take(12).map(|&(c, _)| c).collect();
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(4).collect();
    let (number, length, half) = if digits.is_empty() {
        let first = text.chars().next()?;
        match first {
            '几' | '数' | '多' => (3, 1, false),
            '半' => (1, 1, true),
            _ => (numeral(first)?, 1, false),
        }
    } else {
        (digits.parse().ok()?, digits.len(), false)
    };
    let mut after: String = text.chars().skip(length).collect();
    let mut used = length;
    // 一或两下, 二三下, 两三下: the first number that is meant at least.
    let mut chars = after.chars();
    if let (Some('至' | '到' | '或' | '~'), Some(second)) = (chars.next(), chars.next()) {
        if numeral(second).is_some() {
            after = after.chars().skip(2).collect();
            used += 2;
        }
    } else if after.chars().next().and_then(numeral).is_some() && !half {
        let shorter: String = after.chars().skip(1).collect();
        if shorter.starts_with('下') || shorter.starts_with('圈') {
            after = shorter;
            used += 1;
        }
    }
    let turns = if half { 0.5 } else { 1.0 };
    for (word, unit) in [
        ("小圈", Unit::Turns(turns)),
        ("大圈", Unit::Turns(turns)),
        ("圈半", Unit::Turns(1.5)),
        ("圈", Unit::Turns(turns)),
        ("周", Unit::Turns(turns)),
        ("下", Unit::Times),
        ("次", Unit::Times),
        ("遍", Unit::Times),
        ("声", Unit::Times),
        ("把", Unit::Times),
        ("趟", Unit::Times),
        ("拍", Unit::Times),
        ("回", Unit::Times),
        ("步", Unit::Times),
        ("大步", Unit::Times),
        ("小步", Unit::Times),
        ("把", Unit::Times),
        ("口", Unit::Times),
        ("度", Unit::Degrees),
        ("°", Unit::Degrees),
        ("个", Unit::Pieces),
        ("条", Unit::Pieces),
        ("道", Unit::Pieces),
        ("根", Unit::Pieces),
        ("厘米", Unit::Centimetres),
        ("公分", Unit::Centimetres),
        ("寸", Unit::Centimetres),
    ] {
        if unit == Unit::Pieces && number < 2 {
            continue;
        }
        if !after.starts_with(word) || (half && !matches!(unit, Unit::Turns(_))) {
            continue;
        }
        // 一下嘴唇 counts, 一下一下 is a manner and is in the vocabulary.
        return Some((used + word.chars().count(), Word::Count(number, unit)));
    }
    None
}

fn quoted(rest: &[(char, usize)]) -> Scan {
    if rest.first()?.0 != '“' {
        return None;
    }
    let close = rest.iter().take(16).position(|&(c, _)| c == '”')?;
    let inside = rest[1..close].iter().map(|&(c, _)| c).collect();
    Some((close + 1, Word::Quoted(inside)))
}
