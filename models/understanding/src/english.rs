//! English words into the Chinese words whose signs say them, in the order that the grammar expects.
//!
//! In: a clause in which English words stand as [`Kind::Latin`]. Out: the same with Chinese words, longest phrases
//! first, question words behind. What the table `english.tsv` and the packs lack stays as it is: the ladder
//! spells it, and the result says so.

mod count;

use std::{collections::HashMap, sync::LazyLock};

use lexicon::Lang;

use crate::{
    analyse::{Knowledge, stems},
    item::{Drop, Item, Kind, choose},
};

const TABLE: &str = include_str!("english.tsv");
/// The longest phrase of the table, in words.
const LONGEST: usize = 5;

static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
});

/// Puts Chinese words for the English ones of a clause.
pub(crate) fn transfer<'l>(knowledge: Knowledge<'l>, items: &mut Vec<Item<'l>>, dropped: &mut Vec<Drop>) {
    if !items
        .iter()
        .any(|item| matches!(item.kind, Kind::Latin(_)) && item.text.chars().any(|c| c.is_ascii_lowercase()))
    {
        return;
    }
    let Knowledge { lexicon, segmenter, .. } = knowledge;
    count::count(knowledge, items);
    let mut out: Vec<Item<'l>> = Vec::with_capacity(items.len());
    let mut asks: Vec<Item<'l>> = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let phrase = |length: usize| -> Option<String> {
            let words = items.get(at..at + length)?;
            let english = words.iter().all(|item| matches!(item.kind, Kind::Latin(_)));
            english.then(|| words.iter().map(|item| item.text.to_lowercase()).collect::<Vec<_>>().join(" "))
        };
        let found = (1..=LONGEST)
            .rev()
            .find_map(|length| WORDS.get(phrase(length)?.as_str()).map(|chinese| (length, *chinese)));
        // An inflected form of a word of the table, where the packs have no sign for it.
        let inflected = || {
            let unknown = matches!(items[at].kind, Kind::Latin(None));
            let word = unknown.then(|| items[at].text.to_lowercase())?;
            stems(&word).find_map(|stem| WORDS.get(stem.as_str())).map(|chinese| (1, *chinese))
        };
        let Some((length, chinese)) = found.or_else(inflected) else {
            out.push(items[at].clone());
            at += 1;
            continue;
        };
        let ranges: Vec<_> = items[at..at + length].iter().flat_map(|item| item.ranges.clone()).collect();
        let whole = ranges.first().zip(ranges.last()).map_or(0..0, |(first, last)| first.start..last.end);
        at += length;
        if chinese == "—" {
            dropped.push(Drop::new(whole, "an English function word: the signs need none"));
            continue;
        }
        let chars: Vec<char> = chinese.chars().collect();
        for word in segmenter.cut(&chars) {
            let choice = choose(lexicon, &word.text, Lang::Zh, &word.tag);
            let item = Item::word(word.text.clone(), whole.clone(), &word.tag, choice);
            if item.is_question() && out.iter().all(|before| !before.is_verb()) {
                asks.push(item);
            } else {
                out.push(item);
            }
        }
    }
    out.append(&mut asks);
    // English says when at the end.
    let when = |item: &Item<'l>| item.is_time() && (!item.is_number() || count::is_hour(item));
    let (mut times, rest): (Vec<_>, Vec<_>) = out.into_iter().partition(when);
    times.extend(rest);
    let out = times;
    *items = out;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_once() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(WORDS.len(), lines, "a word stands twice, or a line has no tab");
        assert!(WORDS.keys().all(|word| word.split(' ').count() <= LONGEST && *word == word.to_lowercase()));
    }
}
