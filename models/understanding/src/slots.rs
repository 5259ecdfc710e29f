//! Words with a number inside: which entries take one, and how the word is written around it.

use lexicon::{Entry, Lexicon, PartOfSpeech};
use text::{Numeral, Quantity, Word};

use crate::item::signable;

/// One way to write a word with a number inside: 第{n}名, {n}小时.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    /// Characters around the number: more of them come first.
    length: usize,
    prefix: Vec<char>,
    suffix: Vec<char>,
    /// The entry's place in the lexicon's order; later packs win.
    rank: usize,
    entry: String,
}

/// All patterns of a lexicon.
#[derive(Debug)]
pub(crate) struct Slots(Vec<Pattern>);

/// A number with the word around it, in characters of the sentence.
#[derive(Debug)]
pub(crate) struct Slot<'l> {
    pub(crate) entry: &'l Entry,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Slots {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let mut patterns = Vec::new();
        for (rank, entry) in lexicon.entries().enumerate() {
            let Some(slot) = &entry.number_slot else { continue };
            // The parts of numbers (百, 第) make numbers, not words.
            if entry.pos == PartOfSpeech::Number || !signable(entry) {
                continue;
            }
            let words = entry.senses.iter().flat_map(|sense| &sense.zh).chain([&slot.zh]);
            for (before, after) in words.filter_map(|word| word.split_once("{n}")) {
                let (prefix, suffix): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
                let length = prefix.len() + suffix.len();
                if length > 0 {
                    patterns.push(Pattern { length, prefix, suffix, rank, entry: entry.id.clone() });
                }
            }
        }
        patterns.sort_unstable_by(|a, b| (b.length, b.rank, a).cmp(&(a.length, a.rank, b)));
        patterns.dedup();
        Self(patterns)
    }

    /// The longest pattern around `quantity` that takes its number.
    ///
    /// `words` is the sentence cut into words: 三年级 is not 三年 with something behind it.
    pub(crate) fn around<'l>(
        &self,
        lexicon: &'l Lexicon,
        chars: &[char],
        words: &[Word],
        quantity: &Quantity,
    ) -> Option<Slot<'l>> {
        let number = quantity.value.whole()?;
        let ordinal = matches!(quantity.value, Numeral::Ordinal(_));
        self.0.iter().find_map(|pattern| {
            if ordinal != (pattern.prefix.last() == Some(&'第')) {
                return None;
            }
            let suffix: String = pattern.suffix.iter().collect();
            if pattern.prefix.is_empty() && quantity.unit.words().contains(&suffix.as_str()) {
                // 8:35 is 8点 in other signs.
                return self.takes(lexicon, pattern, number, quantity.range.start, quantity.range.end);
            }
            let start = quantity.number.start.checked_sub(pattern.prefix.len())?;
            let end = quantity.number.end + pattern.suffix.len();
            let written = chars.get(start..quantity.number.start)? == pattern.prefix
                && chars.get(quantity.number.end..end)? == pattern.suffix;
            // 三点半, 八点三十五 may be one word of the dictionary.
            let goes_on = chars.get(end).is_some_and(|c| "半多整前后内零一二三四五六七八九十".contains(*c));
            let torn = !pattern.suffix.is_empty()
                && !goes_on
                && text::overlapping(words, start..end)
                    .iter()
                    .any(|word| word.range.start < end && end < word.range.end);
            if !written || torn {
                return None;
            }
            self.takes(lexicon, pattern, number, start, end)
        })
    }

    fn takes<'l>(
        &self,
        lexicon: &'l Lexicon,
        pattern: &Pattern,
        number: u32,
        start: usize,
        end: usize,
    ) -> Option<Slot<'l>> {
        let entry = lexicon.entry(&pattern.entry)?;
        let takes = entry.number_slot.as_ref().is_some_and(|slot| (slot.min..=slot.max).contains(&number));
        takes.then_some(Slot { entry, start, end })
    }

    /// The entry that takes `number` before the Chinese word `unit`: 小时 for 2 is 2小时.
    pub(crate) fn counted<'l>(&self, lexicon: &'l Lexicon, unit: &str, number: u32) -> Option<&'l Entry> {
        let of = |pattern: &&Pattern| pattern.prefix.is_empty() && pattern.suffix.iter().copied().eq(unit.chars());
        self.0.iter().filter(of).find_map(|pattern| self.takes(lexicon, pattern, number, 0, 0)).map(|slot| slot.entry)
    }

    /// Whether the whole of `word` is a pattern with a number in it.
    pub(crate) fn is_pattern(&self, word: &str) -> bool {
        let chars: Vec<char> = word.chars().collect();
        self.0.iter().any(|pattern| {
            chars.len() > pattern.length
                && chars.starts_with(&pattern.prefix)
                && chars.ends_with(&pattern.suffix)
                && text::parse_chinese(&chars[pattern.prefix.len()..chars.len() - pattern.suffix.len()]).is_some()
        })
    }
}
