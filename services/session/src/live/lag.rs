//! Lag control: under a maximum rate holds are trimmed first; what still does not fit is captioned.

use signing::{Boundary, SignSentence};

/// When the signer falls behind, and how far it may.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LagLimits {
    /// Signs a second that a reader can follow; also what waiting is reckoned by.
    pub signs_per_sec: f64,
    /// From this lag on holds are trimmed, seconds.
    pub trim_from_secs: f64,
    /// From this lag on the oldest waiting sentence is captioned instead of signed, seconds.
    pub caption_from_secs: f64,
}

impl Default for LagLimits {
    fn default() -> Self {
        Self { signs_per_sec: 2.0, trim_from_secs: 1.5, caption_from_secs: 5.0 }
    }
}

/// What to do with the next sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Sign it as it is.
    Sign,
    /// Sign it with shorter holds.
    Trim,
    /// Show it as a caption.
    Caption,
}

impl LagLimits {
    /// `ahead` signs are to be signed before the next sentence, and `length` are its own.
    pub(super) fn measure(&self, ahead: usize, length: usize) -> Measure {
        let secs = |signs: usize| signs as f64 / self.signs_per_sec;
        match secs(ahead) {
            lag if lag + secs(length).min(1.0) >= self.caption_from_secs => Measure::Caption,
            lag if lag >= self.trim_from_secs => Measure::Trim,
            _ => Measure::Sign,
        }
    }
}

/// Weakens every boundary by one step: a full stop holds as a comma does, a comma as a topic, a topic not at all.
pub(super) fn trim(sentence: &mut SignSentence) {
    for token in &mut sentence.tokens {
        token.boundary = match token.boundary {
            Some(Boundary::Sentence) => Some(Boundary::Clause),
            Some(Boundary::Clause) => Some(Boundary::Phrase),
            Some(Boundary::Phrase) | None => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_grow_with_the_lag() {
        let limits = LagLimits { signs_per_sec: 2.0, trim_from_secs: 1.5, caption_from_secs: 5.0 };
        for (ahead, expected) in
            [(0, Measure::Sign), (2, Measure::Sign), (3, Measure::Trim), (7, Measure::Trim), (9, Measure::Caption)]
        {
            assert_eq!(limits.measure(ahead, 4), expected, "{ahead} signs ahead");
        }
    }
}
