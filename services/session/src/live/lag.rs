//! Lag control: what was said at a moment is condensed to the time there is and signed faster; then holds are trimmed;
//! what still does not fit is captioned. No sign is shorter than a reader can follow.

use signing::{Boundary, SignSentence, SignToken};

/// How far a signer may fall behind, and how fast it may sign. Lag is counted from when something was said to the end of
/// its signs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LagLimits {
    /// The most signs a second that a reader can follow: no sign is shorter than its part of a second.
    pub signs_per_sec: f64,
    /// Signs are hastened so that the lag stays below this, seconds.
    pub hasten_to_secs: f64,
    /// Nothing is left out while the lag stays below this, seconds.
    pub whole_to_secs: f64,
    /// Less important words are left out so that the lag stays below this, seconds.
    pub condense_to_secs: f64,
    /// From this lag on holds are trimmed, seconds.
    pub trim_from_secs: f64,
    /// From this lag on a sentence is captioned instead of signed, seconds, unless it begins on time.
    pub caption_from_secs: f64,
}

impl Default for LagLimits {
    fn default() -> Self {
        Self {
            signs_per_sec: 2.5,
            hasten_to_secs: 3.5,
            whole_to_secs: 4.7,
            condense_to_secs: 5.2,
            trim_from_secs: 3.0,
            caption_from_secs: 6.0,
        }
    }
}

/// The most that signs are hastened to keep up: what motion makes is slower than signers of news are.
pub(super) const HASTE: f64 = 1.85;
/// What is counted on when words are left out: not every way can be hastened so much.
pub(super) const PLANNED_HASTE: f64 = 1.55;
/// Of what is said while the signer is behind, so much of the time that saying it took is used to sign it.
pub(super) const CATCH_UP: f64 = 0.9;
/// How long a character takes to be said where nobody tells, seconds: 280 a minute.
pub(super) const SECS_A_CHARACTER: f64 = 60.0 / 280.0;
/// A sentence that begins within this is on time, seconds.
const ON_TIME_SECS: f64 = 1.0;

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

/// When a sentence would be signed, in seconds after it was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lag {
    pub(super) start: f64,
    pub(super) end: f64,
}

impl LagLimits {
    /// `own` is the next sentence's lag, `worst` the longest of all that wait.
    pub(super) fn measure(&self, own: Lag, worst: f64) -> Measure {
        if own.start > ON_TIME_SECS && own.end > self.caption_from_secs {
            Measure::Caption
        } else if worst > self.trim_from_secs {
            Measure::Trim
        } else {
            Measure::Sign
        }
    }

    /// The shortest time of a sign, seconds.
    pub(super) fn shortest_secs(&self) -> f64 {
        1.0 / self.signs_per_sec
    }
}

/// How long signs take when nothing hastens them, learnt from those of this session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speed {
    secs_a_sign: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Self { secs_a_sign: 0.6 }
    }
}

impl Speed {
    /// How much one token changes what is believed.
    const WEIGHT: f64 = 0.04;

    /// A token whose time is that of so many signs took so long.
    pub(super) fn learn(&mut self, signs: f64, secs: f64) {
        // Long tokens say more.
        let weight = (Self::WEIGHT * signs).min(0.5);
        self.secs_a_sign += (secs / signs - self.secs_a_sign) * weight;
        self.secs_a_sign = self.secs_a_sign.clamp(0.2, 2.0);
    }

    pub(super) fn secs(&self, signs: f64) -> f64 {
        signs * self.secs_a_sign
    }

    /// Signs that there is time for in so many seconds.
    pub(super) fn signs(&self, secs: f64) -> f64 {
        secs.max(0.0) / self.secs_a_sign
    }
}

/// The time a token takes, in signs.
pub(super) fn signs(token: &SignToken) -> f64 {
    f64::from(understanding::time_of(token.forms.len()))
}

/// The time some tokens take, in signs.
pub(super) fn signs_of(tokens: &[SignToken]) -> f64 {
    tokens.iter().map(signs).sum()
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
        let limits = LagLimits { trim_from_secs: 3.0, caption_from_secs: 6.0, ..LagLimits::default() };
        for (start, end, worst, expected) in [
            (0.0, 2.0, 2.0, Measure::Sign),
            (0.0, 2.0, 4.0, Measure::Trim),
            (0.5, 9.0, 9.0, Measure::Trim),
            (2.0, 5.0, 5.0, Measure::Trim),
            (2.0, 6.5, 6.5, Measure::Caption),
            (7.0, 8.0, 8.0, Measure::Caption),
        ] {
            assert_eq!(limits.measure(Lag { start, end }, worst), expected, "{start} to {end}, worst {worst}");
        }
    }
}
