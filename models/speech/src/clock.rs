//! Which sample sounds when.

use signing::{Flicks, SourceTime};

use crate::audio::FLICKS_PER_SAMPLE;

/// Samples ↔ time: each entry says at which time a sample sounds.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    anchors: Vec<(u64, SourceTime)>,
    /// Samples of input since the run began, per channel, and their rate.
    pub(crate) run: Option<(SourceTime, u64, u32)>,
}

impl Clock {
    /// When a sample sounds.
    pub(crate) fn time(&self, sample: u64) -> SourceTime {
        let anchor = self.anchors.iter().rev().find(|(first, _)| *first <= sample).or_else(|| self.anchors.first());
        let (first, time) = anchor.copied().unwrap_or((0, SourceTime::ZERO));
        let samples = i64::try_from(sample).unwrap_or(i64::MAX) - i64::try_from(first).unwrap_or(i64::MAX);
        time + Flicks(samples.saturating_mul(FLICKS_PER_SAMPLE))
    }

    /// From `sample` on, sound is counted from `time`.
    pub(crate) fn anchor(&mut self, sample: u64, time: SourceTime) {
        self.anchors.push((sample, time));
        // Old ones are of segments that are long closed.
        if self.anchors.len() > 64 {
            self.anchors.drain(..32);
        }
    }
}

/// `samples` of `rate`, rounded down to a flick.
pub(crate) fn flicks_of(samples: u64, rate: u32) -> Flicks {
    let flicks = i128::from(samples) * i128::from(Flicks::PER_SECOND) / i128::from(rate);
    Flicks(i64::try_from(flicks).unwrap_or(i64::MAX))
}

/// Whole samples of 16 kHz in `span`; 0 if it is negative.
pub(crate) fn samples_of(span: Flicks) -> u64 {
    u64::try_from(span.0 / FLICKS_PER_SAMPLE).unwrap_or(0)
}
