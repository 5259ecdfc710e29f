//! How long sentences are, against the dictionary forms of their signs strung together.

use std::{fmt, sync::Arc};

use body::Body;
use signing::SignSentence;

use crate::{
    MotionConfig, MotionError,
    check::{Jerk, check},
    sign_all, sign_form,
};

/// One way of signing, measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flow {
    /// From the first movement of the hands to the end of the last sign, seconds.
    pub secs: f64,
    /// Jerk of the wrists: the peak over all, the mean over time.
    pub wrist: Jerk,
    /// Jerk of the fingertips.
    pub fingertips: Jerk,
}

impl Flow {
    fn add(&mut self, secs: f64, wrist: Jerk, fingertips: Jerk) {
        let whole = self.secs + secs;
        if whole <= 0.0 {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let share = (secs / whole) as f32;
        let merge = |known: Jerk, more: Jerk| Jerk {
            peak: known.peak.max(more.peak),
            mean: known.mean + (more.mean - known.mean) * share,
        };
        *self = Self { secs: whole, wrist: merge(self.wrist, wrist), fingertips: merge(self.fingertips, fingertips) };
    }
}

/// Sentences as they are signed, and as their dictionary forms one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lengths {
    /// Tokens.
    pub signs: usize,
    /// In sentences.
    pub signed: Flow,
    /// As dictionary forms: each from where its hands set out to the end of its last movement.
    pub cited: Flow,
}

impl Lengths {
    /// Signs a second in sentences.
    pub fn rate(&self) -> f64 {
        if self.signed.secs > 0.0 { self.signs as f64 / self.signed.secs } else { 0.0 }
    }

    /// The sentences' length as a share of the dictionary forms'.
    pub fn ratio(&self) -> f64 {
        if self.cited.secs > 0.0 { self.signed.secs / self.cited.secs } else { 0.0 }
    }

    /// Adds sentences, each signed by itself from rest.
    ///
    /// Errors: as [`sign_all`] and [`sign_form`].
    pub fn add(
        &mut self,
        body: &Arc<Body>,
        config: MotionConfig,
        sentences: &[SignSentence],
    ) -> Result<(), MotionError> {
        for sentence in sentences.iter().filter(|sentence| !sentence.tokens.is_empty()) {
            let (frames, report) = sign_all(body, config, std::slice::from_ref(sentence))?;
            let tokens = &report.timeline.tokens;
            let start = tokens.iter().map(|token| token.start).min();
            let end = tokens.iter().map(|token| token.end).max();
            if let (Some(start), Some(end)) = (start, end) {
                let checked = check(body, &frames, &[]);
                let secs = end.as_secs() - start.as_secs();
                self.signed.add(secs, checked.wrist_jerk, checked.fingertip_jerk);
            }
            self.signs += sentence.tokens.len();
            for form in sentence.tokens.iter().flat_map(|token| &token.forms) {
                let motion = sign_form(body, config, &form.form)?;
                let shown = &motion.frames[motion.moments.start..=motion.moments.end];
                let checked = check(body, shown, &[]);
                self.cited.add(checked.secs, checked.wrist_jerk, checked.fingertip_jerk);
            }
        }
        Ok(())
    }
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} signs: {:.2} a second in sentences; {:.2} s against {:.2} s of dictionary forms: {:.2} of their length",
            self.signs,
            self.rate(),
            self.signed.secs,
            self.cited.secs,
            self.ratio(),
        )?;
        for (name, flow) in [("in sentences", &self.signed), ("dictionary forms", &self.cited)] {
            writeln!(
                f,
                "jerk {name}: wrists peak {:.0}, mean {:.0}; fingertips peak {:.0}, mean {:.0} m/s³",
                flow.wrist.peak, flow.wrist.mean, flow.fingertips.peak, flow.fingertips.mean,
            )?;
        }
        Ok(())
    }
}
