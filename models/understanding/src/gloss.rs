//! Sign sentences as programs and people read them.

use serde::{Deserialize, Serialize};
use signing::{Dropped, Origin, SentenceType, SignSentence, SourceRange, Transcript};

use crate::{Counts, LegReport, Understanding, UnderstandingError};

/// One line of text and what is signed for it: what `gloss --json` prints, one object a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GlossLine {
    /// The line as it was given, starred where the operator's policy keeps words out.
    pub text: String,
    /// What is signed, in order; empty if nothing is.
    pub tokens: Vec<GlossToken>,
    /// What is not signed, and why.
    pub dropped: Vec<Dropped>,
    /// How the tokens came about.
    pub counts: Counts,
    /// What its sentences are, in order.
    pub sentence_types: Vec<SentenceType>,
    /// Which leg each sentence is of, and why; left out where nobody proposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<LegReport>,
}

/// One token of a [`GlossLine`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GlossToken {
    /// The bare headword; the source word where it is spelled or named; Arabic digits for a number.
    pub gloss: String,
    /// The pack entry's id.
    pub lexeme: Option<String>,
    /// The step of the ladder.
    pub origin: Origin,
    /// `[start, end)` in Unicode scalars of the line; empty for what the grammar adds.
    pub source: SourceRange,
    /// 0 to 1.
    pub confidence: f32,
    /// A number's value in Arabic digits, without the word that it is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

impl GlossLine {
    /// What is signed for `text`, which is what `sentences` were made of.
    pub fn new(text: &str, sentences: &[SignSentence]) -> Self {
        Self {
            text: text.to_owned(),
            tokens: sentences.iter().flat_map(tokens).collect(),
            dropped: sentences.iter().flat_map(|sentence| sentence.dropped.iter().cloned()).collect(),
            counts: Counts::of(sentences),
            sentence_types: sentences.iter().map(|sentence| sentence.sentence_type).collect(),
            legs: Vec::new(),
        }
    }

    /// The glosses with spaces between.
    pub fn line(&self) -> String {
        self.tokens.iter().map(|token| token.gloss.as_str()).collect::<Vec<_>>().join(" ")
    }
}

fn tokens(sentence: &SignSentence) -> impl Iterator<Item = GlossToken> {
    let mut anchor = 0;
    sentence.tokens.iter().map(move |token| {
        let hull = token.source.iter().copied().reduce(|a, b| SourceRange::new(a.start.min(b.start), a.end.max(b.end)));
        // What the grammar adds stands behind what came before it.
        let source = hull.unwrap_or(SourceRange::new(anchor, anchor));
        anchor = source.end;
        let digits = || token.gloss.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '%')).to_owned();
        GlossToken {
            gloss: token.gloss.clone(),
            lexeme: token.lexeme.clone(),
            origin: token.origin,
            source,
            confidence: token.confidence,
            number: (token.origin == Origin::Number).then(digits),
        }
    })
}

impl Understanding {
    /// What is signed for one line of text. A line with nothing to sign gives a line without tokens.
    ///
    /// Errors: as [`Understanding::interpret`], but for [`UnderstandingError::NothingToSign`].
    pub fn gloss(&self, line: &str, language: &str) -> Result<GlossLine, UnderstandingError> {
        match self.interpret(&Transcript::plain(line, language)) {
            Ok(interpretation) => {
                let legs = interpretation.legs;
                let legs = if legs.iter().any(|leg| leg.proposer.is_some()) { legs } else { Vec::new() };
                let text = interpretation.sentences.first().map_or(line, |sentence| &sentence.source.text);
                Ok(GlossLine { legs, ..GlossLine::new(text, &interpretation.sentences) })
            }
            Err(UnderstandingError::NothingToSign { dropped, .. }) => {
                let counts = Counts { dropped: dropped.len(), ..Counts::default() };
                Ok(GlossLine {
                    text: self.shown(line),
                    tokens: Vec::new(),
                    dropped,
                    counts,
                    sentence_types: Vec::new(),
                    legs: Vec::new(),
                })
            }
            Err(error) => Err(error),
        }
    }
}
