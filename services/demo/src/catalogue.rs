//! The lexicon as visitors search it: by headword, by words in Chinese or English, by pinyin.

use lexicon::{Entry, Lexicon, ProvenanceKind, Status};
use serde::Serialize;

use crate::config::Romanise;

/// Most signs that one search shows.
const SHOWN: usize = 40;
/// Longest search, characters.
const LONGEST: usize = 60;

/// A sign in a list.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Hit {
    pub(crate) id: String,
    headword: String,
    pinyin: String,
    zh: Vec<String>,
    en: Vec<String>,
    reviewed: bool,
}

/// What a search found.
#[derive(Debug, Serialize)]
pub(crate) struct Hits {
    pub(crate) hits: Vec<Hit>,
    /// How many there are in all.
    found: usize,
    /// Signs in the lexicon.
    signs: usize,
}

/// All that the packs say of a sign.
#[derive(Debug, Serialize)]
pub(crate) struct Card<'a> {
    #[serde(flatten)]
    hit: Hit,
    description: Option<&'a str>,
    parts: &'a [String],
    part_of_speech: &'static str,
    variant: &'a str,
    provenance: ProvenanceKind,
    source: Option<&'a str>,
    confidence: f32,
    note: Option<&'a str>,
    reviewers: &'a [String],
    pack: &'a str,
    version: &'a str,
    /// Whether the description was understood whole.
    whole: bool,
    /// What of it was not.
    message: String,
}

/// How well a sign answers a search; the least is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Headword,
    Word,
    Pinyin,
    Begins,
    PinyinBegins,
    Holds,
}

/// Searches.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// Headwords' pinyin, beside the lexicon's entries: with spaces, and without.
    pinyin: Vec<(String, String)>,
}

impl Catalogue {
    pub(crate) fn new(lexicon: &Lexicon, romanise: Romanise) -> Self {
        let pinyin = lexicon.entries().map(|entry| {
            let spaced = romanise(&entry.headword);
            let joined = spaced.replace(' ', "");
            (spaced, joined)
        });
        Self { pinyin: pinyin.collect() }
    }

    /// The signs that answer `query`, the best first; for an empty one the first of the lexicon.
    pub(crate) fn search(&self, lexicon: &Lexicon, query: &str) -> Hits {
        let query: String = query.trim().chars().take(LONGEST).collect::<String>().to_lowercase();
        let mut ranked: Vec<(Rank, usize, &Entry)> = lexicon
            .entries()
            .enumerate()
            .filter_map(|(index, entry)| Some((self.rank(index, entry, &query)?, index, entry)))
            .collect();
        ranked.sort_by_key(|(rank, index, entry)| (*rank, entry.headword.chars().count(), *index));
        let hits = ranked.iter().take(SHOWN).map(|(_, index, entry)| self.hit(*index, entry)).collect();
        Hits { hits, found: ranked.len(), signs: self.pinyin.len() }
    }

    /// All about one sign.
    pub(crate) fn card<'a>(&self, lexicon: &'a Lexicon, id: &str) -> Option<Card<'a>> {
        let entry = lexicon.entry(id)?;
        let index = lexicon.entries().position(|other| std::ptr::eq(other, entry))?;
        let provenance = &entry.provenance;
        let whole = entry.status() == Status::Ok;
        Some(Card {
            hit: self.hit(index, entry),
            description: entry.description.as_deref(),
            parts: &entry.parts,
            part_of_speech: entry.pos.as_str(),
            variant: &entry.variant,
            provenance: provenance.kind,
            source: provenance.source.as_deref(),
            confidence: provenance.confidence,
            note: provenance.note.as_deref(),
            reviewers: &entry.reviewers,
            pack: &entry.pack.name,
            version: &entry.pack.version,
            whole,
            message: if whole { String::new() } else { entry.form.message() },
        })
    }

    fn hit(&self, index: usize, entry: &Entry) -> Hit {
        let words = |of: fn(&lexicon::Sense) -> &Vec<String>| entry.senses.iter().flat_map(of).cloned().collect();
        Hit {
            id: entry.id.clone(),
            headword: entry.headword.clone(),
            pinyin: self.pinyin.get(index).map(|(spaced, _)| spaced.clone()).unwrap_or_default(),
            zh: words(|sense| &sense.zh),
            en: words(|sense| &sense.en),
            reviewed: !entry.reviewers.is_empty(),
        }
    }

    fn rank(&self, index: usize, entry: &Entry, query: &str) -> Option<Rank> {
        let headword = entry.headword.to_lowercase();
        let words =
            || entry.senses.iter().flat_map(|sense| sense.zh.iter().chain(&sense.en)).map(|it| it.to_lowercase());
        let (spaced, joined) = self.pinyin.get(index)?;
        let latin = query.replace([' ', '\''], "");
        let sounds = |test: fn(&str, &str) -> bool| !latin.is_empty() && latin.is_ascii() && test(joined, &latin);
        if headword == query || entry.id == query {
            Some(Rank::Headword)
        } else if words().any(|word| word == query) {
            Some(Rank::Word)
        } else if sounds(|joined, latin| joined == latin) || (!spaced.is_empty() && spaced == query) {
            Some(Rank::Pinyin)
        } else if headword.starts_with(query) || words().any(|word| word.starts_with(query)) {
            Some(Rank::Begins)
        } else if sounds(|joined, latin| joined.starts_with(latin)) {
            Some(Rank::PinyinBegins)
        } else {
            (headword.contains(query) || words().any(|word| word.contains(query))).then_some(Rank::Holds)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn romanise(word: &str) -> String {
        match word {
            "雪" => "xue".to_owned(),
            "学习" => "xue xi".to_owned(),
            "北京" => "bei jing".to_owned(),
            _ => String::new(),
        }
    }

    fn first(query: &str) -> Option<String> {
        let lexicon = Lexicon::core().unwrap();
        let catalogue = Catalogue::new(&lexicon, romanise);
        catalogue.search(&lexicon, query).hits.into_iter().next().map(|hit| hit.headword)
    }

    #[test]
    fn signs_are_found_by_word_and_by_sound() {
        for (query, expected) in
            [("雪", "雪"), (" Snow ", "雪"), ("xue", "雪"), ("xuexi", "学习"), ("bei jing", "北京"), ("beij", "北京")]
        {
            assert_eq!(first(query).as_deref(), Some(expected), "{query}");
        }
        assert_eq!(first("天书天书天书"), None);
    }

    #[test]
    fn lists_are_bounded_and_a_card_says_who_reviewed_the_sign() {
        let lexicon = Lexicon::core().unwrap();
        let catalogue = Catalogue::new(&lexicon, romanise);
        let all = catalogue.search(&lexicon, "");
        assert!(all.hits.len() == SHOWN && all.found == all.signs && all.signs > 400, "{}", all.signs);
        let id = catalogue.search(&lexicon, "雪").hits[0].id.clone();
        let card = serde_json::to_value(catalogue.card(&lexicon, &id).unwrap()).unwrap();
        assert_eq!(card["headword"], "雪");
        assert_eq!(card["reviewers"], serde_json::json!([]));
        assert!(card["description"].as_str().unwrap().chars().count() > 5);
        assert!(catalogue.card(&lexicon, "no such sign").is_none());
    }
}
