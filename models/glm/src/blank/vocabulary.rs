use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Pair;

/// The language of a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese: one token a character.
    Chinese,
    /// English: one token a word that the corpus repeats, else one a letter.
    English,
}

/// How often an English word has to occur in the corpus to be a token of its own.
const WORD_OCCURRENCES: usize = 2;

/// The text of each special token; their ids are their places in this row.
const SPECIAL: [&str; 12] =
    ["[pad]", "[unk]", "[MASK]", "[sMASK]", "[gMASK]", "[sop]", "[eop]", "[|]", "[zh]", "[en]", "[signs]", "[draft]"];

/// Fills what a batch has no token for.
pub(crate) const PAD: u32 = 0;
/// A character that the vocabulary lacks.
pub(crate) const UNKNOWN: u32 = 1;
/// Stands for a few tokens.
pub(crate) const MASK: u32 = 2;
/// Stands for a sentence.
pub(crate) const SENTENCE_MASK: u32 = 3;
/// Stands for the rest of the text.
pub(crate) const REST_MASK: u32 = 4;
/// Starts a blank.
pub(crate) const START: u32 = 5;
/// Ends a blank.
pub(crate) const END: u32 = 6;
/// Ends a gloss.
pub(crate) const GLOSS_END: u32 = 7;
/// Stand before a text and say what it is in.
const CHINESE: u32 = 8;
const ENGLISH: u32 = 9;
/// Stands before a sign sentence.
pub(crate) const SIGNS: u32 = 10;
/// Stands before a draft of a sign sentence.
const DRAFT: u32 = 11;

/// What is translated.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The sentence.
    pub text: &'a str,
    /// What it is in.
    pub language: Language,
    /// What rules make of it, to be bettered; may be empty.
    pub draft: &'a [String],
}

/// Characters, English words, sentence types and special tokens by id.
///
/// Glosses are spelled in characters, so that a gloss that training has not seen can be read and written.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    tokens: Vec<String>,
    ids: HashMap<String, u32>,
}

impl Vocabulary {
    /// Everything that occurs in the pairs.
    pub fn build<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Self {
        let mut letters: BTreeSet<char> = (' '..='~').collect();
        let (mut types, mut words) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        for pair in pairs {
            letters.extend(pair.zh.chars().chain(pair.glosses.iter().flat_map(|gloss| gloss.chars())));
            types.insert(type_token(&pair.sentence_type));
            if let Some(english) = &pair.en {
                letters.extend(english.to_lowercase().chars());
                for word in pieces(&english.to_lowercase()) {
                    *words.entry(word.to_owned()).or_default() += 1;
                }
            }
        }
        let words = words.into_iter().filter(|(word, count)| *count >= WORD_OCCURRENCES && word.chars().count() > 1);
        let tokens = SPECIAL
            .iter()
            .map(|token| (*token).to_owned())
            .chain(types)
            .chain(letters.into_iter().map(String::from))
            .chain(words.map(|(word, _)| word));
        Self::from_tokens(tokens.collect())
    }

    /// The same with further characters behind: they can be read, and copied.
    #[must_use]
    pub fn with_letters(self, further: &str) -> Self {
        let fresh: BTreeSet<String> =
            further.chars().map(String::from).filter(|letter| !self.ids.contains_key(letter)).collect();
        Self::from_tokens(self.tokens.into_iter().chain(fresh).collect())
    }

    /// From the tokens in the order of their ids, as a file has them.
    pub fn from_tokens(tokens: Vec<String>) -> Self {
        let ids = tokens.iter().zip(0..).map(|(token, id)| (token.clone(), id)).collect();
        Self { tokens, ids }
    }

    /// The tokens in the order of their ids.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// A source text with its language in front.
    pub fn source(&self, text: &str, language: Language) -> Vec<u32> {
        match language {
            Language::Chinese => std::iter::once(CHINESE).chain(self.letters(text)).collect(),
            Language::English => {
                let mut ids = vec![ENGLISH];
                for word in pieces(&text.to_lowercase()) {
                    match self.ids.get(word) {
                        Some(id) => ids.push(*id),
                        None => ids.extend(self.letters(word)),
                    }
                }
                ids
            }
        }
    }

    /// A source text with its draft behind it, if there is one.
    pub(crate) fn drafted(&self, source: &Source<'_>) -> Vec<u32> {
        let mut ids = self.source(source.text, source.language);
        if !source.draft.is_empty() {
            ids.push(DRAFT);
            ids.extend(source.draft.iter().flat_map(|gloss| self.gloss(gloss)));
        }
        ids
    }

    /// A gloss and its end.
    pub fn gloss(&self, gloss: &str) -> Vec<u32> {
        self.letters(gloss).chain([GLOSS_END]).collect()
    }

    /// A sign sentence: its type, then its glosses.
    pub fn signs(&self, sentence_type: &str, glosses: &[String]) -> Vec<u32> {
        let kind = self.ids.get(&type_token(sentence_type)).copied().unwrap_or(UNKNOWN);
        std::iter::once(kind).chain(glosses.iter().flat_map(|gloss| self.gloss(gloss))).collect()
    }

    /// The sentence types there are, by id.
    pub fn types(&self) -> Vec<(u32, &str)> {
        (0..).zip(&self.tokens).filter_map(|(id, token)| Some((id, type_of(token)?))).collect()
    }

    /// The type that a token stands for, if it is one.
    pub(crate) fn type_of(&self, id: u32) -> Option<&str> {
        type_of(self.tokens.get(id as usize)?)
    }

    /// The ids of all single characters beyond ASCII: what a word can be made up of.
    pub(crate) fn wide_letters(&self) -> Vec<u32> {
        (0..)
            .zip(&self.tokens)
            .filter(|(_, token)| {
                token.chars().count() == 1 && token.chars().all(|letter| ('一'..='鿿').contains(&letter))
            })
            .map(|(id, _)| id)
            .collect()
    }

    fn letters(&self, text: &str) -> impl Iterator<Item = u32> {
        let mut buffer = [0; 4];
        text.chars()
            .map(move |letter| self.ids.get(letter.encode_utf8(&mut buffer) as &str).copied().unwrap_or(UNKNOWN))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// The 3,755 characters of the first level of GB 2312: what everyday Chinese is written in. They are in the vocabulary
/// whether or not the corpus has them.
pub fn common_characters() -> String {
    let rows = (0xB0u8..=0xD7).flat_map(|row| (0xA1u8..=0xFE).map(move |column| [row, column]));
    // The last row ends early, with five places that have no character.
    rows.filter(|code| *code < [0xD7, 0xFA]).map(|code| encoding_rs::GBK.decode(&code).0.into_owned()).collect()
}

fn type_token(sentence_type: &str) -> String {
    format!("[type {sentence_type}]")
}

fn type_of(token: &str) -> Option<&str> {
    token.strip_prefix("[type ")?.strip_suffix(']')
}

/// Words, and what stands between them one character at a time; a single space is left out.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let inside = |letter: char| letter.is_ascii_alphabetic() || letter == '\'';
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let first = rest.chars().next()?;
        let end =
            if inside(first) { rest.find(|letter| !inside(letter)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::Split;
    use super::*;

    pub(crate) fn pair(zh: &str, en: Option<&str>, glosses: &[&str]) -> Pair {
        Pair {
            id: zh.to_owned(),
            split: Split::Train,
            zh: zh.to_owned(),
            en: en.map(str::to_owned),
            glosses: glosses.iter().map(|gloss| (*gloss).to_owned()).collect(),
            sentence_type: "statement".to_owned(),
            draft: Vec::new(),
            draft_en: Vec::new(),
        }
    }

    #[test]
    fn common_characters_are_the_first_level() {
        let letters: Vec<char> = common_characters().chars().collect();
        assert_eq!((letters.len(), letters.first(), letters.last()), (3755, Some(&'啊'), Some(&'座')));
    }

    #[test]
    fn characters_repeated_words_and_types_have_ids() {
        let pairs =
            [pair("我去。", Some("I'll go, go."), &["我", "去"]), pair("他来", Some("He comes."), &["他", "来"])];
        let vocabulary = Vocabulary::build(pairs.iter()).with_letters("北我");
        let spell = |ids: &[u32]| ids.iter().map(|id| vocabulary.tokens()[*id as usize].clone()).collect::<Vec<_>>();
        assert_eq!(spell(&vocabulary.source("我去北龘", Language::Chinese)), ["[zh]", "我", "去", "北", "[unk]"]);
        assert_eq!(spell(&vocabulary.source("Go, he!", Language::English)), ["[en]", "go", ",", "h", "e", "!"]);
        assert_eq!(
            spell(&vocabulary.signs("statement", &["来北".to_owned(), "1".to_owned()])),
            ["[type statement]", "来", "北", "[|]", "1", "[|]"]
        );
        let draft = ["我".to_owned()];
        let source = Source { text: "我", language: Language::Chinese, draft: &draft };
        assert_eq!(spell(&vocabulary.drafted(&source)), ["[zh]", "我", "[draft]", "我", "[|]"]);
        assert_eq!(spell(&vocabulary.drafted(&Source { draft: &[], ..source })), ["[zh]", "我"]);
        let again = Vocabulary::from_tokens(vocabulary.tokens().to_vec());
        assert_eq!(again.types(), vocabulary.types());
        assert_eq!(again.types().len(), 1);
    }
}
