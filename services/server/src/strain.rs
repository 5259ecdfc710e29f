//! Whether running sessions fall behind the clock, or are about to, so that no other one is taken in.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Late frames that are forgotten in a second.
const FORGOTTEN_A_SEC: f64 = 5.0;
/// So many that are not forgotten are too many: a stumble when a session begins is not.
const TOO_MANY: f64 = 12.0;
/// More are not counted, so that a machine that has caught up takes sessions again within seconds.
const MOST: f64 = 25.0;

/// Late frames of all sessions, the older ones forgotten.
pub(crate) struct Strain(Mutex<(f64, Instant)>);

impl Strain {
    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new((0.0, now)))
    }

    /// A frame was late.
    pub(crate) fn note(&self, now: Instant) {
        let mut late = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *late = ((left(*late, now) + 1.0).min(MOST), now);
    }

    /// Whether too many have been lately.
    pub(crate) fn is_high(&self, now: Instant) -> bool {
        left(*self.0.lock().unwrap_or_else(PoisonError::into_inner), now) >= TOO_MANY
    }
}

fn left((count, since): (f64, Instant), now: Instant) -> f64 {
    (count - now.saturating_duration_since(since).as_secs_f64() * FORGOTTEN_A_SEC).max(0.0)
}

/// How much of its time a picture takes, as a moving mean over all sessions that have one.
pub(crate) struct Effort(Mutex<Option<(f64, Instant)>>);

impl Effort {
    /// Part of a frame's time that a picture may take on the average for another session to be taken in: what it costs slows
    /// those that run.
    const MOST: f64 = 0.6;
    /// What one frame changes: the mean is over about fifty frames.
    const WEIGHT: f64 = 0.02;
    /// Without a frame for so long nothing runs.
    const STALE: Duration = Duration::from_secs(2);

    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// A frame took this part of its time.
    pub(crate) fn note(&self, share: f64, now: Instant) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One frame says little: what is not known yet is none.
        let mean =
            kept.filter(|(_, since)| now.saturating_duration_since(*since) < Self::STALE).map_or(0.0, |(mean, _)| mean);
        *kept = Some((mean + (share.min(4.0) - mean) * Self::WEIGHT, now));
    }

    /// The mean, if it is too high.
    pub(crate) fn is_high(&self, now: Instant) -> Option<f64> {
        let (mean, since) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        (mean > Self::MOST && now.saturating_duration_since(since) < Self::STALE).then_some(mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it is high after frames, of which one in `every` was late, came at 25 a second for `secs`.
    fn after(every: u32, secs: u32) -> (Strain, Instant, bool) {
        let mut now = Instant::now();
        let strain = Strain::new(now);
        for frame in 0..secs * 25 {
            now += Duration::from_millis(40);
            if frame % every == 0 {
                strain.note(now);
            }
        }
        let high = strain.is_high(now);
        (strain, now, high)
    }

    #[test]
    fn lateness_that_lasts_is_strain_and_passes() {
        for (every, secs, expected) in [(1, 3, true), (2, 10, true), (8, 60, false), (1_000, 60, false)] {
            assert_eq!(after(every, secs).2, expected, "one in {every}, {secs} s");
        }
        let (strain, now, _) = after(1, 60);
        assert!(strain.is_high(now + Duration::from_secs(2)));
        assert!(!strain.is_high(now + Duration::from_secs(3)));
    }

    #[test]
    fn effort_that_lasts_is_high_and_is_forgotten_with_the_sessions() {
        for (share, frames, expected) in [(0.3, 500, false), (0.9, 10, false), (0.9, 200, true), (0.55, 500, false)] {
            let (effort, mut now) = (Effort::new(), Instant::now());
            for _ in 0..frames {
                now += Duration::from_millis(40);
                effort.note(share, now);
            }
            assert_eq!(effort.is_high(now).is_some(), expected, "{share} for {frames} frames");
            assert!(effort.is_high(now + Duration::from_secs(3)).is_none());
        }
    }
}
