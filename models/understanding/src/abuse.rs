//! Words that an operator keeps off the screen.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use signing::{Dropped, SourceRange, Transcript};
use text::{Normalised, Segmenter, is_han};

/// More words are not taken: each is looked for in every text.
const MOST_WORDS: usize = 100_000;
/// Longer words are not taken, in characters.
const LONGEST: usize = 64;
/// What stands for each character of a word that is kept out.
const STAR: char = '＊';

/// What an operator wants done with abusive words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbusePolicy {
    /// They are signed like any other.
    #[default]
    Pass,
    /// They are left out, and starred wherever the text is shown.
    Mask,
    /// Sentences that hold one are not signed.
    Refuse,
}

/// A policy with the words that it is about.
#[derive(Debug, Clone, Default)]
pub struct Abuse {
    policy: AbusePolicy,
    /// By their first character, the longest first.
    words: HashMap<char, Vec<Vec<char>>>,
}

/// What is wrong with a list of words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AbuseError {
    /// A line that can't be a word.
    #[error(
        "line {line}: {found}; expected one word a line, of at most {LONGEST} characters, with a letter in it, or a comment after #"
    )]
    Word {
        /// From 1.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// No words at all.
    #[error("no words; expected one a line: without any, nothing would be kept out")]
    Empty,
    /// Too many.
    #[error("more than {MOST_WORDS} words")]
    TooMany,
}

impl Abuse {
    /// The list that is used where an operator has none: the coarsest words of Chinese and English. Whoever wants others
    /// writes a list.
    pub const WORDS: &str = include_str!("abusive.txt");

    /// A policy over a list: one word a line, `#` begins a comment. Width, script (Simplified, Traditional) and case do
    /// not matter.
    ///
    /// Errors: [`AbuseError`]: a line that is no word, no words, or too many.
    pub fn new(policy: AbusePolicy, list: &str) -> Result<Self, AbuseError> {
        let mut words: HashMap<char, Vec<Vec<char>>> = HashMap::new();
        let mut count = 0;
        for (index, line) in list.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            let word: Vec<char> = Normalised::new(line).chars().iter().copied().map(lower).collect();
            let Some(&first) = word.first() else { continue };
            let wrong = |found: String| AbuseError::Word { line: index + 1, found };
            if word.len() > LONGEST {
                return Err(wrong(format!("a word of {} characters", word.len())));
            }
            if !first.is_alphanumeric() || !word.iter().any(|c| c.is_alphabetic()) {
                return Err(wrong(format!("“{}”, which begins with no letter", line.escape_debug())));
            }
            count += 1;
            if count > MOST_WORDS {
                return Err(AbuseError::TooMany);
            }
            words.entry(first).or_default().push(word);
        }
        if count == 0 {
            return Err(AbuseError::Empty);
        }
        for words in words.values_mut() {
            words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Ok(Self { policy, words })
    }

    /// Where words of the list stand, in original characters, in order, none within another.
    fn find(&self, text: &Normalised, segmenter: &Segmenter) -> Vec<Range<u32>> {
        if self.policy == AbusePolicy::Pass {
            return Vec::new();
        }
        let chars: Vec<char> = text.chars().iter().copied().map(lower).collect();
        if !chars.iter().any(|c| self.words.contains_key(c)) {
            return Vec::new();
        }
        let known = segmenter.cut_known(text.chars());
        // 工人渣土 holds no 人渣: a word of the dictionary lies across.
        let cuts = |at: usize, of: &Range<usize>| {
            known.iter().any(|word| {
                let inside = word.range.start < at && at < word.range.end;
                inside && word.range.len() > 1 && !(of.start <= word.range.start && word.range.end <= of.end)
            })
        };
        let mut found = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let words = self.words.get(&chars[at]).into_iter().flatten();
            let mut ends = words.filter_map(|word| matched(word, &chars, at));
            match ends.find(|&end| !cuts(at, &(at..end)) && !cuts(end, &(at..end))) {
                Some(end) => {
                    found.push(text.original(at..end));
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// What of a transcript may be signed and shown.
    pub(crate) fn apply<'t>(&self, transcript: &'t Transcript, segmenter: &Segmenter) -> Kept<'t> {
        let text = Normalised::new(&transcript.text);
        let found = self.find(&text, segmenter);
        if found.is_empty() {
            return Kept { transcript: Cow::Borrowed(transcript), text, starred: Vec::new(), refused: Vec::new() };
        }
        let masked = starred(&transcript.text, &found);
        let mut refused = Vec::new();
        if self.policy == AbusePolicy::Refuse {
            let sentences = text::sentences(text.chars()).into_iter().map(|range| text.original(range));
            refused = sentences.filter(|range| found.iter().any(|word| overlap(word, range))).collect();
        }
        let text = Normalised::new(&masked);
        Kept {
            transcript: Cow::Owned(Transcript { text: masked, ..transcript.clone() }),
            text,
            starred: found,
            refused,
        }
    }
}

/// A transcript under a policy.
pub(crate) struct Kept<'t> {
    /// With stars for what is kept out, character for character.
    pub(crate) transcript: Cow<'t, Transcript>,
    pub(crate) text: Normalised,
    /// Words that were kept out, in original characters.
    starred: Vec<Range<u32>>,
    /// Sentences that are not signed.
    refused: Vec<Range<u32>>,
}

impl Kept<'_> {
    /// Whether the sentence at `range`, in normalised characters, is not signed.
    pub(crate) fn is_refused(&self, range: &Range<usize>) -> bool {
        !self.refused.is_empty() && {
            let range = self.text.original(range.clone());
            self.refused.iter().any(|refused| overlap(refused, &range))
        }
    }

    /// What is kept out, to be told.
    pub(crate) fn dropped(&self) -> impl Iterator<Item = Dropped> {
        let chars: Vec<char> =
            if self.starred.is_empty() { Vec::new() } else { self.transcript.text.chars().collect() };
        let told = move |range: &Range<u32>, reason: &str| Dropped {
            source: SourceRange::new(range.start, range.end),
            text: chars.get(range.start as usize..range.end as usize).unwrap_or_default().iter().collect(),
            reason: reason.to_owned(),
        };
        let (ranges, reason) = if self.refused.is_empty() {
            (&self.starred, "an abusive word, which the operator keeps out")
        } else {
            (&self.refused, "a sentence with an abusive word, which the operator refuses")
        };
        ranges.iter().map(move |range| told(range, reason))
    }
}

fn overlap(a: &Range<u32>, b: &Range<u32>) -> bool {
    a.start < b.end && b.start < a.end
}

fn starred(text: &str, ranges: &[Range<u32>]) -> String {
    let mut ranges = ranges.iter().peekable();
    let star = |(at, c): (u32, char)| {
        while ranges.next_if(|range| range.end <= at).is_some() {}
        if ranges.peek().is_some_and(|range| range.contains(&at)) { STAR } else { c }
    };
    (0..).zip(text.chars()).map(star).collect()
}

/// Where `word` ends if it begins at `at`. What people put between its characters to hide it does not matter; an
/// alphabetic word is not found within a longer one.
fn matched(word: &[char], chars: &[char], at: usize) -> Option<usize> {
    let latin = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() && !is_han(*c));
    if latin(word.first()) && latin(at.checked_sub(1).and_then(|before| chars.get(before))) {
        return None;
    }
    let mut end = at;
    for (index, c) in word.iter().enumerate() {
        // “as s…” is two words; between Chinese characters, spaces are nothing.
        let hides =
            |c: char| matches!(c, '*' | '.' | '·' | '-' | '_' | '~' | '|' | '+') || (is_han(word[0]) && c == ' ');
        while index > 0 && c != chars.get(end)? && hides(chars[end]) {
            end += 1;
        }
        if c != chars.get(end)? {
            return None;
        }
        end += 1;
    }
    (!latin(word.last()) || !latin(chars.get(end))).then_some(end)
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use lexicon::Lexicon;

    use super::*;
    use crate::{Understanding, UnderstandingError};

    fn found(list: &str, text: &str) -> Vec<String> {
        let segmenter = Segmenter::new([]);
        let abuse = Abuse::new(AbusePolicy::Mask, list).unwrap();
        let chars: Vec<char> = text.chars().collect();
        let ranges = abuse.find(&Normalised::new(text), &segmenter);
        ranges.into_iter().map(|range| chars[range.start as usize..range.end as usize].iter().collect()).collect()
    }

    #[test]
    fn words_are_found_hidden_or_not_and_not_within_others() {
        for (list, text, expected) in [
            ("笨蛋", "你这个笨蛋！", vec!["笨蛋"]),
            ("笨蛋", "笨 蛋，笨*蛋、笨.蛋", vec!["笨 蛋", "笨*蛋", "笨.蛋"]),
            ("笨蛋", "他很笨，蛋很好吃。", vec![]),
            ("人渣", "工人渣土车", vec![]),
            ("鸡", "我买鸡蛋", vec![]),
            ("damn", "Damn! ＤＡＭＮ it, damnation, d.a.m.n", vec!["Damn", "ＤＡＭＮ", "d.a.m.n"]),
            ("ass", "pass as sample, class, an ass.", vec!["ass"]),
            ("渾蛋", "浑蛋和渾蛋", vec!["浑蛋", "渾蛋"]),
            ("笨\n笨蛋", "笨蛋", vec!["笨蛋"]),
            ("damn", "你damn好", vec!["damn"]),
        ] {
            assert_eq!(found(list, text), expected, "{list:?} in {text}");
        }
    }

    #[test]
    fn lists_that_are_none_are_told_with_their_line() {
        let error = |list: &str| Abuse::new(AbusePolicy::Mask, list).unwrap_err().to_string();
        assert!(error("# nothing\n\n").contains("no words"));
        assert!(error("笨蛋\n***").starts_with("line 2: “***”"));
        assert!(error(&"笨".repeat(65)).contains("65 characters"));
        assert!(Abuse::new(AbusePolicy::Mask, Abuse::WORDS).is_ok());
    }

    #[test]
    fn what_is_kept_out_is_neither_signed_nor_shown() {
        let text = "你是笨蛋。我去医院。";
        let with = |policy| {
            let abuse = Abuse::new(policy, "笨蛋").unwrap();
            Understanding::new(Lexicon::core().unwrap()).with_abuse(abuse)
        };
        let interpret = |policy, text: &str| with(policy).interpret(&Transcript::plain(text, "zh"));
        let glosses = |sentence: &signing::SignSentence| -> Vec<String> {
            sentence.tokens.iter().map(|token| token.gloss.clone()).collect()
        };

        let passed = interpret(AbusePolicy::Pass, text).unwrap();
        assert!(passed.sentences[0].source.text == text && passed.sentences.len() == 2);

        let masked = interpret(AbusePolicy::Mask, text).unwrap();
        assert!(masked.sentences.iter().all(|sentence| sentence.source.text == "你是＊＊。我去医院。"));
        assert_eq!(glosses(&masked.sentences[0]), ["你", "是"]);
        let told = masked.sentences[0].dropped.iter().find(|dropped| dropped.reason.contains("operator")).unwrap();
        assert_eq!((told.source.start, told.source.end, told.text.as_str()), (2, 4, "＊＊"));
        assert!(!masked.sentences[0].dropped.iter().any(|dropped| dropped.reason == "not understood"));

        let refused = interpret(AbusePolicy::Refuse, text).unwrap();
        assert_eq!(refused.sentences.len(), 1);
        assert!(glosses(&refused.sentences[0]).contains(&"医院".to_owned()));
        assert_eq!(refused.sentences[0].dropped[0].text, "你是＊＊。");

        let Err(UnderstandingError::NothingToSign { found, dropped }) = interpret(AbusePolicy::Refuse, "笨蛋") else {
            panic!("signed");
        };
        assert!(found.contains("refuses") && dropped.len() == 1, "{found}");
    }
}
