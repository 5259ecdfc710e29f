//! Measures a leg on pairs of a sentence and its glosses.
//!
//! In: tab-separated or JSON lines. Out: [`Scores`], and how many sentences came from which leg.

use serde::Deserialize;

use crate::{Leg, Understanding, UnderstandingError, score::Scores};

/// A sentence and the signs it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The sentence.
    pub text: String,
    /// The reference.
    pub glosses: Vec<String>,
}

/// A line that is no sample.
#[derive(Debug, thiserror::Error)]
#[error(
    "line {line}: found “{found}”, expected a sentence, a tab and glosses with spaces between, or a JSON object with “zh” or “text”, and “glosses”"
)]
pub struct SampleError {
    /// Counted from 1.
    pub line: usize,
    /// Its beginning.
    pub found: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(alias = "text")]
    zh: String,
    #[serde(default)]
    en: Option<String>,
    #[serde(alias = "gloss")]
    glosses: Glosses,
    #[serde(default)]
    split: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Glosses {
    List(Vec<String>),
    Line(String),
}

/// Reads samples, a line each: TSV of text and glosses, or JSON. Of lines that name a split only `split` is taken, and
/// with `english` the English side of those that have one.
///
/// Errors: the first line that is neither.
pub fn samples(text: &str, split: &str, english: bool) -> Result<Vec<Sample>, SampleError> {
    let mut samples = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || SampleError { line: at + 1, found: line.chars().take(60).collect() };
        if line.trim_start().starts_with('{') {
            let read: Line = serde_json::from_str(line).map_err(|_| wrong())?;
            if read.split.is_some_and(|of| of != split) {
                continue;
            }
            let Some(text) = (if english { read.en } else { Some(read.zh) }) else { continue };
            let glosses = match read.glosses {
                Glosses::List(list) => list,
                Glosses::Line(line) => words(&line),
            };
            samples.push(Sample { text, glosses });
        } else {
            let (text, glosses) = line.split_once('\t').ok_or_else(wrong)?;
            let glosses = glosses.split('\t').next().unwrap_or_default();
            samples.push(Sample { text: text.trim().to_owned(), glosses: words(glosses) });
        }
    }
    Ok(samples)
}

/// Glosses are parted by spaces or slashes.
fn words(line: &str) -> Vec<String> {
    line.split(|c: char| c.is_whitespace() || c == '/').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A set measured.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Evaluation {
    /// Over all sentences.
    pub scores: Scores,
    /// Sentences of the transcript from each leg: knowledge, as proposed, repaired.
    pub legs: [usize; 3],
    /// What is signed for each sample, in order.
    #[serde(skip)]
    pub signed: Vec<Vec<String>>,
}

impl Understanding {
    /// Measures itself on samples. A sentence with nothing to sign counts as one without signs.
    ///
    /// Errors: as [`Understanding::gloss`].
    pub fn evaluate(&self, samples: &[Sample], language: &str) -> Result<Evaluation, UnderstandingError> {
        let (mut legs, mut signed) = ([0; 3], Vec::new());
        for sample in samples {
            let line = self.gloss(&sample.text, language)?;
            for leg in &line.legs {
                legs[match leg.leg {
                    Leg::Knowledge => 0,
                    Leg::Proposal => 1,
                    Leg::Repaired => 2,
                }] += 1;
            }
            signed.push(line.tokens.into_iter().map(|token| token.gloss).collect::<Vec<_>>());
        }
        let pairs: Vec<_> = signed.iter().cloned().zip(samples.iter().map(|sample| sample.glosses.clone())).collect();
        Ok(Evaluation { scores: Scores::of(&pairs), legs, signed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_kinds_are_read_and_others_refused() {
        let read = |text: &str| samples(text, "test", false);
        let sample = |text: &str, glosses: &str| Sample { text: text.to_owned(), glosses: words(glosses) };
        assert_eq!(
            read("我去。\t我 去\n\n你来。\t你/来\tx\n").unwrap(),
            [sample("我去。", "我 去"), sample("你来。", "你 来")]
        );
        let json = r#"{"zh":"我去。","glosses":["我","去"],"split":"test"}
{"text":"你来。","gloss":"你 来"}
{"zh":"他","glosses":["他"],"split":"train"}"#;
        assert_eq!(read(json).unwrap(), [sample("我去。", "我 去"), sample("你来。", "你 来")]);
        assert_eq!(read("我去。").unwrap_err().line, 1);
        assert!(read("我去。\t我\n{\"zh\":1}").unwrap_err().to_string().starts_with("line 2: found “{"));
    }
}
