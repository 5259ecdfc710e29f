//! The table of ties between signs and source words, and the question whether a sign is tied to a word.

use std::{collections::HashMap, sync::LazyLock};

use lexicon::{Lang, Lexicon, Relation};
use signing::Grounding;

/// The table as a reviewer edits it.
const TABLE: &str = include_str!("grounds.tsv");

#[derive(Debug, Default)]
pub(crate) struct Grounds {
    ties: HashMap<&'static str, Vec<(&'static str, Grounding)>>,
    added: HashMap<&'static str, Vec<&'static str>>,
    light: Vec<&'static str>,
    acting: Vec<&'static str>,
}

pub(crate) static GROUNDS: LazyLock<Grounds> = LazyLock::new(|| read(TABLE));

fn read(table: &'static str) -> Grounds {
    let mut grounds = Grounds::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(kind), Some(gloss), Some(words)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let words = words.split_whitespace();
        match kind {
            "same" => grounds.ties.entry(gloss).or_default().extend(words.map(|word| (word, Grounding::Synonym))),
            "wider" => grounds.ties.entry(gloss).or_default().extend(words.map(|word| (word, Grounding::Hypernym))),
            "add" => grounds.added.entry(gloss).or_default().extend(words),
            "light" => grounds.light.extend(words),
            "acts" => grounds.acting.extend(words),
            _ => {}
        }
    }
    grounds
}

impl Grounds {
    /// How `gloss` is tied to a source word, by the table or by the lexicon.
    pub(crate) fn tie(&self, lexicon: &Lexicon, gloss: &str, word: &str) -> Option<Grounding> {
        if gloss == word {
            return Some(Grounding::SameWord);
        }
        let listed = self.ties.get(gloss).and_then(|words| words.iter().find(|(tied, _)| *tied == word));
        if let Some((_, grounding)) = listed {
            return Some(*grounding);
        }
        lexicon.lookup(word, Lang::Zh).into_iter().find(|found| found.entry.headword == gloss).map(|found| match found
            .relation
        {
            Relation::Same => Grounding::SameWord,
            Relation::Synonym => Grounding::Synonym,
            Relation::Hypernym => Grounding::Hypernym,
        })
    }

    /// Whether the grammar may add `gloss` to what `source` says.
    pub(crate) fn may_add(&self, gloss: &str, source: &str) -> bool {
        self.added.get(gloss).is_some_and(|words| words.iter().any(|word| *word == "—" || source.contains(word)))
    }

    /// Whether what a source word names can act: a person, an animal, a body of people.
    pub(crate) fn acts(&self, word: &str) -> bool {
        self.acting.iter().any(|end| word.ends_with(end))
    }

    /// Whether a source word may go unsigned.
    pub(crate) fn is_light(&self, word: &str) -> bool {
        self.light.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(["same", "wider", "add", "light", "acts"].contains(&fields[0]), "{line}");
            assert!(!fields[1].is_empty() && !fields[2].trim().is_empty(), "{line}");
        }
        assert!(GROUNDS.ties.len() > 30 && GROUNDS.added.contains_key("完") && GROUNDS.is_light("很"));
    }

    #[test]
    fn nothing_that_changes_the_meaning_may_be_added_or_left_out() {
        for word in ["不", "没有", "不要", "别", "谁", "什么", "吗", "几", "多少", "没"] {
            assert!(!GROUNDS.is_light(word) && !GROUNDS.added.contains_key(word), "{word}");
        }
    }
}
