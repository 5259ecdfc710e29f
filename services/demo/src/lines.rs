//! Sign sentences as the page shows them: glosses, where in the source each comes from and how, what is left out.

use lexicon::{Lexicon, ProvenanceKind};
use serde::Serialize;
use signing::{Dropped, Grounding, Origin, PackRef, SentenceType, SignSentence, SourceRange, Versions};
use understanding::{Counts, LegReport};

/// One sentence.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    #[serde(rename = "type")]
    sentence_type: SentenceType,
    leg: LegReport,
    tokens: Vec<Token>,
    dropped: Vec<Dropped>,
}

/// One token, without the forms.
#[derive(Debug, Serialize)]
struct Token {
    gloss: String,
    origin: Origin,
    grounding: Grounding,
    /// Ranges of Unicode scalars of the text.
    source: Vec<SourceRange>,
    confidence: f32,
    lexeme: Option<String>,
    pack: Option<PackRef>,
    /// Whether anybody reviewed the sign.
    reviewed: bool,
    /// Where the knowledge of its form comes from; none for what is formed by rule.
    provenance: Option<ProvenanceKind>,
    caption: Option<String>,
    /// What it is put together from, if from more than one form.
    parts: Vec<String>,
}

/// How much of a text is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Coverage {
    /// Letters, digits and characters that a sign renders.
    pub(crate) signed: usize,
    /// All of them; marks of punctuation and spaces do not count.
    pub(crate) total: usize,
}

/// What a text became.
#[derive(Debug, Serialize)]
pub(crate) struct Lines {
    pub(crate) lines: Vec<Line>,
    pub(crate) counts: Counts,
    pub(crate) coverage: Coverage,
    pub(crate) versions: Versions,
    /// What is left out of a text of which nothing is signed.
    dropped: Vec<Dropped>,
}

impl Lines {
    /// `legs` has one report a sentence, or none at all.
    pub(crate) fn new(text: &str, sentences: &[SignSentence], legs: &[LegReport], lexicon: &Lexicon) -> Self {
        let legs = legs.iter().cloned().chain(std::iter::repeat(LegReport::default()));
        Self {
            lines: sentences.iter().zip(legs).map(|(sentence, leg)| line(sentence, leg, lexicon)).collect(),
            counts: Counts::of(sentences),
            coverage: coverage(text, sentences),
            versions: sentences.first().map(|sentence| sentence.versions.clone()).unwrap_or_default(),
            dropped: Vec::new(),
        }
    }

    /// Of a text of which nothing is signed.
    pub(crate) fn nothing(text: &str, dropped: Vec<Dropped>) -> Self {
        Self {
            lines: Vec::new(),
            counts: Counts { dropped: dropped.len(), ..Counts::default() },
            coverage: coverage(text, &[]),
            versions: Versions::default(),
            dropped,
        }
    }
}

fn line(sentence: &SignSentence, leg: LegReport, lexicon: &Lexicon) -> Line {
    let tokens = sentence.tokens.iter().map(|token| {
        let entry = token.lexeme.as_deref().and_then(|id| lexicon.entry(id));
        let parts = || token.forms.iter().map(|form| form.name.clone()).collect();
        Token {
            gloss: token.gloss.clone(),
            origin: token.origin,
            grounding: token.grounding,
            source: token.source.clone(),
            confidence: token.confidence,
            lexeme: token.lexeme.clone(),
            pack: token.pack.clone(),
            reviewed: entry.is_some_and(|entry| !entry.reviewers.is_empty()),
            provenance: entry.map(|entry| entry.provenance.kind),
            caption: token.caption.clone(),
            parts: if token.forms.len() > 1 { parts() } else { Vec::new() },
        }
    });
    Line { sentence_type: sentence.sentence_type, leg, tokens: tokens.collect(), dropped: sentence.dropped.clone() }
}

/// Counts the characters that carry something and those of them that a token renders.
fn coverage(text: &str, sentences: &[SignSentence]) -> Coverage {
    let chars: Vec<char> = text.chars().collect();
    let mut rendered = vec![false; chars.len()];
    for range in sentences.iter().flat_map(|sentence| &sentence.tokens).flat_map(|token| &token.source) {
        let end = (range.end as usize).min(chars.len());
        rendered[(range.start as usize).min(end)..end].fill(true);
    }
    let carries = |index: &usize| chars[*index].is_alphanumeric();
    let total = (0..chars.len()).filter(carries).count();
    let signed = (0..chars.len()).filter(carries).filter(|&index| rendered[index]).count();
    Coverage { signed, total }
}

#[cfg(test)]
mod tests {
    use signing::Transcript;
    use understanding::Understanding;

    use super::*;

    #[test]
    fn what_is_shown_leads_back_to_the_source() {
        let understanding = Understanding::new(Lexicon::core().unwrap());
        let text = "北京的雪很大，你来吗？";
        let found = understanding.interpret(&Transcript::plain(text, "zh")).unwrap();
        let lines = Lines::new(text, &found.sentences, &found.legs, understanding.lexicon());
        let shown = serde_json::to_value(&lines).unwrap();
        let tokens = shown["lines"][0]["tokens"].as_array().unwrap();
        assert_eq!(tokens[0]["gloss"], "北京");
        assert_eq!(tokens[0]["source"][0], serde_json::json!([0, 2]));
        assert_eq!(tokens[0]["origin"], "sign");
        assert_eq!(tokens[0]["reviewed"], false, "nobody has reviewed the core pack");
        assert_eq!(shown["lines"][0]["leg"]["leg"], "knowledge");
        assert!(lines.lines.iter().flat_map(|line| &line.dropped).any(|dropped| dropped.text == "的"));
        assert!(lines.coverage.total == 9 && (5..9).contains(&lines.coverage.signed), "{:?}", lines.coverage);
    }

    #[test]
    fn marks_and_spaces_do_not_count() {
        assert_eq!(coverage("，。 !", &[]), Coverage { signed: 0, total: 0 });
        assert_eq!(coverage("雪 a1。", &[]), Coverage { signed: 0, total: 3 });
    }
}
