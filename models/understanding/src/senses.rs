//! Which sense a word has where it stands.
//!
//! In: a word and the characters around it. Out: the sense of the table `senses.tsv`, and the signs that say it.
//! The table is a reviewable file: first line whose cues are met wins.

use std::{collections::HashMap, sync::LazyLock};

use lexicon::{Lang, Lexicon};

use crate::item::{Choice, Item, Kind, choose};

const TABLE: &str = include_str!("senses.tsv");
/// How many characters behind a word its cues are looked for in.
const BEHIND: usize = 4;
/// How many characters before it.
const BEFORE: usize = 3;

#[derive(Debug, Clone)]
struct Sense {
    name: &'static str,
    signs: Vec<&'static str>,
    before: Vec<&'static str>,
    behind: Vec<&'static str>,
}

static SENSES: LazyLock<HashMap<&'static str, Vec<Sense>>> = LazyLock::new(|| {
    let mut senses: HashMap<&'static str, Vec<Sense>> = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let [word, name, signs, before, behind] = fields.as_slice() else { continue };
        let list = |text: &'static str| text.split_whitespace().filter(|word| *word != "—").collect::<Vec<_>>();
        let sense = Sense { name, signs: list(signs), before: list(before), behind: list(behind) };
        senses.entry(word).or_default().push(sense);
    }
    senses
});

impl Sense {
    fn is_default(&self) -> bool {
        self.before.is_empty() && self.behind.is_empty()
    }

    /// A cue before or a cue behind is enough, except that a line that asks for both sides' cues and whose cues
    /// before are pronouns needs both.
    fn met(&self, before: &str, behind: &str) -> bool {
        let ahead = || {
            self.before.iter().any(|cue| {
                // One character stands right before the word, a longer one within reach.
                if cue.chars().nth(1).is_none() { before.ends_with(cue) } else { before.contains(cue) }
            })
        };
        let after = || {
            self.behind.iter().any(|cue| match cue.strip_prefix('^') {
                Some(cue) => behind.starts_with(cue),
                None => behind.contains(cue),
            })
        };
        let personal = self.before.iter().any(|cue| matches!(*cue, "我" | "你" | "他"));
        match (self.before.is_empty(), self.behind.is_empty()) {
            (false, false) if personal => ahead() && after(),
            (false, false) => ahead() || after(),
            (false, true) => ahead(),
            (true, false) => after(),
            (true, true) => true,
        }
    }
}

fn find(word: &str, before: &str, behind: &str) -> Option<&'static Sense> {
    SENSES.get(word)?.iter().find(|sense| sense.met(before, behind))
}

/// The sense of `word`, which stands at character `at` of `text`; none if the table does not have the word.
pub fn sense(text: &str, word: &str, at: usize) -> Option<&'static str> {
    let chars: Vec<char> = text.chars().collect();
    let end = at + word.chars().count();
    let before: String = chars[at.saturating_sub(BEFORE)..at.min(chars.len())].iter().collect();
    let behind: String = chars.get(end..)?.iter().take(BEHIND).collect();
    find(word, &before, &behind).map(|sense| sense.name)
}

/// Gives words with several senses the sign of the one they have. A sense that says nothing of signs leaves the choice
/// as it was.
pub(crate) fn disambiguate<'l>(lexicon: &'l Lexicon, chars: &[char], items: &mut [Item<'l>]) {
    for item in items {
        let (Kind::Word(had), Some(range)) = (&item.kind, item.ranges.first()) else { continue };
        if !SENSES.contains_key(item.text.as_str()) {
            continue;
        }
        let before: String = chars[range.start.saturating_sub(BEFORE)..range.start].iter().collect();
        let behind: String = chars[range.end.min(chars.len())..].iter().take(BEHIND).collect();
        let Some(sense) = find(&item.text, &before, &behind) else { continue };
        if sense.is_default() {
            continue;
        }
        let had = had.map(|choice| choice.entry.headword.clone());
        if sense.signs.iter().any(|sign| had.as_deref() == Some(sign)) {
            continue;
        }
        let other = sense.signs.iter().find_map(|sign| {
            let choice = choose(lexicon, sign, Lang::Zh, "")?;
            (choice.entry.headword == *sign).then_some(choice)
        });
        if let Some(choice) = other {
            item.kind = Kind::Word(Some(Choice { relation: lexicon::Relation::Synonym, ..choice }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 5, "{line}");
        }
        for (word, senses) in SENSES.iter() {
            assert!(senses.last().is_some_and(Sense::is_default), "{word} has no default");
        }
    }
}
