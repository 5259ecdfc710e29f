//! A sentence of the source, taken apart: clauses of words, numbers and names, each with its entry.

mod apart;
mod join;

use std::ops::Range;

use apart::apart;
use join::{merge, people};
use lexicon::{Lang, Lexicon, PartOfSpeech};
use text::{Found, Numeral, Quantity, Segmenter, Unit, Word, is_han};

use crate::{
    item::{Clause, Drop, Item, Kind, choose},
    slots::Slots,
    split::split,
};

/// What the knowledge leg knows.
#[derive(Clone, Copy)]
pub(crate) struct Knowledge<'l> {
    pub(crate) lexicon: &'l Lexicon,
    pub(crate) segmenter: &'l Segmenter,
    pub(crate) slots: &'l Slots,
}

/// A sentence taken apart.
#[derive(Debug, Default)]
pub(crate) struct Analysis<'l> {
    pub(crate) clauses: Vec<Clause<'l>>,
    pub(crate) dropped: Vec<Drop>,
    /// The last of the sentence's marks that says of what type it is: `?`, `!` or `。`.
    pub(crate) mark: Option<char>,
}

/// The most characters of a word without a break that are read as one word.
const LONGEST_WORD: usize = 30;

pub(crate) fn analyse<'l>(knowledge: Knowledge<'l>, chars: &[char]) -> Analysis<'l> {
    let mut analysis = Analysis::default();
    let pieces = pieces(knowledge, chars, &mut analysis.dropped);
    let mut clause = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Item(item) => clause.push(*item),
            Piece::Mark(at) => {
                let mark = chars[at];
                if matches!(mark, '?' | '!' | '。') {
                    analysis.mark = Some(match (analysis.mark, mark) {
                        // ?! and !? ask.
                        (Some('?'), '!') => '?',
                        (_, mark) => mark,
                    });
                }
                // A list or a quotation goes on within its clause.
                if !matches!(mark, ',' | ':' | ';' | '。' | '?' | '!' | '…' | '—' | '\n') {
                    continue;
                }
                close(knowledge, &mut analysis, &mut clause);
            }
        }
    }
    close(knowledge, &mut analysis, &mut clause);
    analysis
}

fn close<'l>(knowledge: Knowledge<'l>, analysis: &mut Analysis<'l>, items: &mut Vec<Item<'l>>) {
    if items.is_empty() {
        return;
    }
    let items = merge(knowledge, std::mem::take(items));
    let mut items = people(knowledge.lexicon, split(knowledge, items));
    other_senses(knowledge.lexicon, &mut items);
    analysis.clauses.push(Clause { items, ..Clause::default() });
}

/// Takes away the signs of words that mean something else where they stand.
fn other_senses<'l>(lexicon: &'l Lexicon, items: &mut Vec<Item<'l>>) {
    // 三百块 | 钱 is one amount.
    for at in (1..items.len().saturating_sub(1)).rev() {
        if items[at - 1].is_number() && items[at].is(&["块", "元", "毛"]) && items[at + 1].is(&["钱"]) {
            let money = items.remove(at + 1);
            items[at].reach(&money);
            items[at].text.push('钱');
        }
    }
    for at in 0..items.len() {
        // 3021.5点: an hour has its number with it.
        let points = at > 0 && items[at - 1].is_number() && items[at].is(&["点"]);
        // 对青霉素过敏 is not 对，青霉素过敏.
        let towards = at + 1 < items.len() && items[at].is(&["对", "往", "朝"]) && items[at].tag == "p";
        if points || towards {
            items[at].kind = Kind::Word(None);
        }
        // 三百块钱, 三百块: money, where the slot has no hand for so much.
        if at > 0 && items[at - 1].is_number() && items[at].is(&["块", "块钱"]) {
            items[at].kind = Kind::Word(choose(lexicon, "元", Lang::Zh, "q"));
        }
        // 三十几个: more than thirty.
        if at > 0
            && items[at - 1].is_number()
            && items[at].is(&["几"])
            && items[at].ranges[0].start == items[at - 1].ranges[0].end
        {
            items[at].kind = Kind::Word(choose(lexicon, "多", Lang::Zh, "m"));
            "多".clone_into(&mut items[at].text);
        }
        // 早点回家.
        let hurried = items[at].is(&["早点", "快点", "慢点", "早点儿", "快点儿", "慢点儿", "早些", "快些"]);
        if hurried && items.get(at + 1).is_some_and(Item::is_verb) {
            let first: String = items[at].text.chars().take(1).collect();
            // 早 alone would be the morning.
            let choice = choose(lexicon, &first, Lang::Zh, "a").filter(|choice| choice.entry.pos != PartOfSpeech::Time);
            items[at].kind = Kind::Word(choice);
        }
        // 7日至8日.
        let between = at > 0 && items[at - 1].is_number() && items.get(at + 1).is_some_and(Item::is_number);
        if between && items[at].is(&["至"]) {
            items[at].kind = Kind::Word(choose(lexicon, "到", Lang::Zh, "v"));
        }
    }
}

/// The quantity with what belongs to it: the percent of -12.5%, but not the number of 3号登机口.
fn rectified(mut quantity: Quantity, chars: &[char], words: &[Word]) -> Quantity {
    let end = quantity.range.end;
    if let Numeral::Negative(of) = &quantity.value
        && chars.get(end) == Some(&'%')
        && quantity.suffix.is_empty()
    {
        quantity.value = Numeral::Negative(Box::new(Numeral::Percent(of.clone())));
        quantity.number.end = end + 1;
        quantity.range.end = end + 1;
        quantity.suffix = end + 1..end + 1;
    }
    let named = words.iter().any(|word| word.range.start == end && word.tag.starts_with('n') && word.tag != "nr");
    // 人民路15号 is a house, and no day.
    let house = quantity.range.start > 0 && "路街巷弄道村".contains(chars[quantity.range.start - 1]);
    let named = named || house;
    let month = quantity.range.start > 0 && chars[quantity.range.start - 1] == '月';
    if quantity.unit == Unit::Day && chars[quantity.suffix.clone()] == ['号'] && named && !month {
        quantity.range.end = quantity.number.end;
        quantity.suffix = quantity.number.end..quantity.number.end;
        quantity.unit = Unit::None;
    }
    quantity
}

enum Piece<'l> {
    Item(Box<Item<'l>>),
    /// Punctuation at this place.
    Mark(usize),
}

/// Numbers first, then the words between them.
fn pieces<'l>(knowledge: Knowledge<'l>, chars: &[char], dropped: &mut Vec<Drop>) -> Vec<Piece<'l>> {
    let words = apart(knowledge.segmenter.cut(chars), chars);
    let whole =
        |word: &str| choose(knowledge.lexicon, word, Lang::Zh, "").is_some() && !knowledge.slots.is_pattern(word);
    let mut pieces = Vec::new();
    let mut at = 0;
    for found in text::quantities(chars, &words, whole) {
        let (item, range) = match found {
            Found::Quantity(quantity) => {
                let quantity = rectified(quantity, chars, &words);
                let slot = knowledge.slots.around(knowledge.lexicon, chars, &words, &quantity);
                let slot = slot.filter(|slot| slot.start >= at);
                let range = slot.as_ref().map_or(quantity.range.clone(), |slot| {
                    slot.start.min(quantity.range.start)..slot.end.max(quantity.number.end)
                });
                // What the number took before it was known to be 三点, the slot gives back.
                let range = if slot.is_some() { range } else { quantity.range.clone() };
                if range.start < at {
                    continue;
                }
                let item = Item {
                    text: chars[range.clone()].iter().collect(),
                    ranges: vec![range.clone()],
                    tag: "m".to_owned(),
                    kind: Kind::Number { quantity, slot: slot.map(|slot| slot.entry) },
                    inflection: signing::Inflection::default(),
                    weighed: false,
                };
                (item, range)
            }
            Found::To(range) if score(chars, &range) => (sign_word(knowledge.lexicon, "比", range.clone()), range),
            Found::To(range) => (sign_word(knowledge.lexicon, "到", range.clone()), range),
            Found::Against(range) => (sign_word(knowledge.lexicon, "比", range.clone()), range),
        };
        between(knowledge, chars, &words, at..range.start, &mut pieces, dropped);
        at = range.end;
        // 三块五: the money stands within the number.
        let money = (!range.is_empty()).then(|| range.start + 1..range.end - 1);
        let money = money.and_then(|mut inside| inside.find(|&at| chars[at] == '块' && item.is_number()));
        pieces.push(Piece::Item(Box::new(item)));
        if let Some(at) = money {
            let choice = choose(knowledge.lexicon, "元", Lang::Zh, "q");
            pieces.push(Piece::Item(Box::new(Item::word("元".to_owned(), at..at + 1, "q", choice))));
        }
    }
    between(knowledge, chars, &words, at..chars.len(), &mut pieces, dropped);
    contractions(knowledge.lexicon, chars, pieces)
}

/// Words that tell of a score.
const SCORED: [&str; 16] = [
    "比分", "战胜", "击败", "获胜", "取胜", "告负", "战平", "领先", "落后", "进球", "逆转", "不敌", "赢", "输", "横扫",
    "失利",
];

/// Whether the dash in `range` stands in a score, 2-1, and not between the ends of a span, 3-4级.
fn score(chars: &[char], range: &Range<usize>) -> bool {
    let dash = chars.get(range.clone()).is_some_and(|mark| matches!(mark, ['-' | '–']));
    let before: String = {
        let digits = chars[..range.start].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        chars[range.start - digits..range.start].iter().collect()
    };
    let after: String = chars[range.end..].iter().take_while(|c| c.is_ascii_digit()).collect();
    let (Ok(before), Ok(after)) = (before.parse::<u32>(), after.parse::<u32>()) else { return false };
    let told = || {
        let text: String = chars.iter().collect();
        SCORED.iter().any(|word| text.contains(word))
    };
    // A span rises.
    dash && (before >= after || told())
}

/// `don't` is one word, and so are `café`, which the segmenter cuts before its accent, and `PM2.5`.
fn contractions<'l>(lexicon: &'l Lexicon, chars: &[char], pieces: Vec<Piece<'l>>) -> Vec<Piece<'l>> {
    let mut out: Vec<Piece<'l>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let latin = |item: &Item<'l>| matches!(item.kind, Kind::Latin(_)).then(|| item.ranges[0].clone());
        let digits = |item: &Item<'l>| item.is_number() && item.text.chars().all(|c| c.is_ascii_digit() || c == '.');
        let joint = match (out.as_slice(), &piece) {
            ([.., Piece::Item(before), Piece::Mark(mark)], Piece::Item(item)) if matches!(chars[*mark], '\'' | '’') => {
                latin(before).zip(latin(item)).filter(|(a, b)| a.end == *mark && b.start == mark + 1).map(|_| "'")
            }
            ([.., Piece::Item(before), Piece::Mark(mark)], Piece::Item(item))
                if chars[*mark] == '.' && digits(item) && before.text.ends_with(|c: char| c.is_ascii_digit()) =>
            {
                latin(before).filter(|range| range.end == *mark && item.ranges[0].start == mark + 1).map(|_| ".")
            }
            ([.., Piece::Item(before)], Piece::Item(item)) => {
                latin(before).zip(latin(item)).filter(|(a, b)| a.end == b.start).map(|_| "")
            }
            _ => None,
        };
        match (piece, joint) {
            (Piece::Item(item), Some(joint)) if item.ranges[0].end - begins(&out) <= LONGEST_WORD => {
                if !joint.is_empty() {
                    out.pop();
                }
                if let Some(Piece::Item(before)) = out.last_mut() {
                    before.text = format!("{}{joint}{}", before.text, item.text);
                    before.reach(&item);
                    before.kind = Kind::Latin(english(lexicon, &before.text));
                }
            }
            (piece, _) => out.push(piece),
        }
    }
    out
}

/// Where the last item begins.
fn begins(pieces: &[Piece<'_>]) -> usize {
    let last = pieces.iter().rev().find_map(|piece| match piece {
        Piece::Item(item) => item.ranges.first(),
        Piece::Mark(_) => None,
    });
    last.map_or(0, |range| range.start)
}

/// A word that a sign between numbers stands for.
fn sign_word<'l>(lexicon: &'l Lexicon, word: &str, range: Range<usize>) -> Item<'l> {
    Item::word(word.to_owned(), range, "p", choose(lexicon, word, Lang::Zh, "v"))
}

/// The words of `range`, which lies between two numbers.
fn between<'l>(
    knowledge: Knowledge<'l>,
    chars: &[char],
    words: &[Word],
    range: Range<usize>,
    pieces: &mut Vec<Piece<'l>>,
    dropped: &mut Vec<Drop>,
) {
    if range.is_empty() {
        return;
    }
    // Words that a number does not cut are taken as they are; where one is cut, the rest is cut anew.
    let first = words.partition_point(|word| word.range.end <= range.start);
    let inside = words[first..].iter().take_while(|word| word.range.start < range.end);
    for word in inside {
        if word.range.start >= range.start && word.range.end <= range.end {
            piece(knowledge.lexicon, chars, word, 0, pieces, dropped);
            continue;
        }
        let rest = word.range.start.max(range.start)..word.range.end.min(range.end);
        for word in knowledge.segmenter.cut(&chars[rest.clone()]) {
            piece(knowledge.lexicon, chars, &word, rest.start, pieces, dropped);
        }
    }
}

/// One word of the segmenter, `base` characters into the sentence.
fn piece<'l>(
    lexicon: &'l Lexicon,
    chars: &[char],
    word: &Word,
    base: usize,
    pieces: &mut Vec<Piece<'l>>,
    dropped: &mut Vec<Drop>,
) {
    let range = word.range.start + base..word.range.end + base;
    let text = word.text.as_str();
    let Some(first) = text.chars().next() else { return };
    if text.chars().all(char::is_whitespace) {
        // A space between Chinese characters parts them as a comma of a list does.
        return;
    }
    if text.chars().all(is_mark) {
        pieces.extend(range.map(Piece::Mark));
        return;
    }
    if first.is_ascii_alphanumeric() || is_latin(first) {
        latin(lexicon, chars, range, pieces, dropped);
        return;
    }
    if text.chars().all(is_han) {
        if range.len() > LONGEST_WORD {
            dropped.push(Drop::new(range, "a word of more than thirty characters"));
            return;
        }
        let choice = choose(lexicon, text, Lang::Zh, &word.tag);
        pieces.push(Piece::Item(Box::new(Item::word(text.to_owned(), range, &word.tag, choice))));
        return;
    }
    for at in range {
        let c = chars[at];
        if c.is_whitespace() {
        } else if is_mark(c) {
            pieces.push(Piece::Mark(at));
        } else if is_han(c) {
            let choice = choose(lexicon, &c.to_string(), Lang::Zh, "");
            pieces.push(Piece::Item(Box::new(Item::word(c.to_string(), at..at + 1, "x", choice))));
        } else if let Some(money) = currency(c) {
            let choice = choose(lexicon, money, Lang::Zh, "n");
            pieces.push(Piece::Item(Box::new(Item::word(money.to_owned(), at..at + 1, "n", choice))));
        } else {
            dropped.push(Drop::new(at..at + 1, unreadable(c)));
        }
    }
}

/// The word for a currency's symbol.
const fn currency(c: char) -> Option<&'static str> {
    match c {
        '$' => Some("美元"),
        '¥' => Some("元"),
        '€' => Some("欧元"),
        '£' => Some("英镑"),
        _ => None,
    }
}

/// A run of Latin letters and digits. Runs that the segmenter cut (`don't`, `e-mail`) stay cut.
fn latin<'l>(
    lexicon: &'l Lexicon,
    chars: &[char],
    range: Range<usize>,
    pieces: &mut Vec<Piece<'l>>,
    dropped: &mut Vec<Drop>,
) {
    let mut at = range.start;
    while at < range.end {
        let run = chars[at..range.end].iter().take_while(|c| c.is_ascii_alphanumeric() || is_latin(**c)).count();
        if run == 0 {
            let c = chars[at];
            if is_mark(c) {
                pieces.push(Piece::Mark(at));
            } else if is_han(c) {
                // B超, T恤.
                let choice = choose(lexicon, &c.to_string(), Lang::Zh, "n");
                pieces.push(Piece::Item(Box::new(Item::word(c.to_string(), at..at + 1, "n", choice))));
            } else if !c.is_whitespace() {
                dropped.push(Drop::new(at..at + 1, unreadable(c)));
            }
            at += 1;
            continue;
        }
        let text: String = chars[at..at + run].iter().collect();
        if run > LONGEST_WORD {
            dropped.push(Drop::new(at..at + run, "more than thirty letters without a break"));
        } else {
            let choice = english(lexicon, &text);
            let mut item = Item::word(text, at..at + run, "eng", None);
            item.kind = Kind::Latin(choice);
            pieces.push(Piece::Item(Box::new(item)));
        }
        at += run;
    }
}

/// An English word as the packs have it, in its plain form where the text inflects it.
pub(crate) fn english<'l>(lexicon: &'l Lexicon, word: &str) -> Option<crate::item::Choice<'l>> {
    let lower = word.to_lowercase();
    // I do not like it: no work is done. WHO is no question.
    if matches!(lower.as_str(), "do" | "does" | "did") || matches!(word, "WHO" | "US" | "IT" | "AM" | "PM") {
        return None;
    }
    stems(&lower).find_map(|stem| {
        choose(lexicon, &format!("to {stem}"), Lang::En, "v").or_else(|| choose(lexicon, &stem, Lang::En, ""))
    })
}

/// A word in lower case, then what it may be an inflected form of.
pub(crate) fn stems(word: &str) -> impl Iterator<Item = String> {
    // stopped, running: the last consonant is doubled.
    let single = |stem: &str| {
        let mut letters = stem.chars().rev();
        let doubled = letters.next().zip(letters.next()).is_some_and(|(last, before)| last == before);
        doubled.then(|| stem[..stem.len() - 1].to_owned())
    };
    let word = word.strip_suffix("'s").unwrap_or(word);
    let bare = |suffix: &str| word.strip_suffix(suffix).filter(|stem| stem.len() > 2 && stem.is_ascii());
    // bus, glass and this are no plurals.
    let plural = !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is");
    let stems = [
        Some(word.to_owned()),
        bare("ies").map(|stem| format!("{stem}y")),
        bare("s").filter(|_| plural).map(str::to_owned),
        bare("es").filter(|_| plural).map(str::to_owned),
        bare("ing").map(str::to_owned),
        bare("ing").map(|stem| format!("{stem}e")),
        bare("ing").and_then(single),
        bare("ied").map(|stem| format!("{stem}y")),
        bare("ed").map(str::to_owned),
        bare("d").map(str::to_owned),
        bare("ed").and_then(single),
    ];
    stems.into_iter().flatten().filter(|stem| stem.len() > 1 || stem == "i")
}
/// Why a character that is no word, number or mark cannot be signed.
fn unreadable(c: char) -> &'static str {
    match c {
        '\u{1f000}'..='\u{1faff}'
        | '\u{2600}'..='\u{27bf}'
        | '\u{2190}'..='\u{21ff}'
        | '\u{2b00}'..='\u{2bff}'
        | '\u{20e3}' => "emoji or pictograph",
        '\u{3040}'..='\u{30ff}' => "Japanese, for which there are no rules",
        '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' => "Korean, for which there are no rules",
        c if c.is_alphabetic() => "a script for which there are no rules",
        c if c.is_numeric() => "a numeral for which there are no rules",
        _ => "a symbol without a sign",
    }
}

/// Latin letters beyond ASCII: é, ü, ł.
const fn is_latin(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}') && c != '×' && c != '÷'
}

/// Punctuation: it parts, and is not signed.
pub(crate) const fn is_mark(c: char) -> bool {
    matches!(c,
        '\n' | '!' | '"' | '\'' | '(' | ')' | '*' | ',' | '-' | '.' | '/' | ':' | ';' | '?' | '[' | '\\' | ']' | '_' | '`'
        | '{' | '}' | '|' | '~' | '\u{b7}' | '\u{ab}' | '\u{bb}' | '\u{a1}' | '\u{bf}'
        | '\u{2010}'..='\u{2027}' | '\u{2032}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}'
        | '\u{3014}'..='\u{301f}' | '\u{30fb}' | '\u{fe30}'..='\u{fe6b}')
}
