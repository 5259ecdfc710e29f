//! The stream's clock: one frame a tick, no frame twice, none left out.

use signing::{FrameRate, OutputTime};

use crate::error::StreamError;

/// Turns the times of frames into frame numbers; the first frame sets the zero.
#[derive(Debug)]
pub(crate) struct FrameClock {
    rate: FrameRate,
    start: Option<OutputTime>,
    ticks: u64,
}

impl FrameClock {
    pub(crate) const fn new(rate: FrameRate) -> Self {
        Self { rate, start: None, ticks: 0 }
    }

    /// Frames counted so far.
    pub(crate) const fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Number of the frame at `time`, counted from zero.
    ///
    /// Errors: [`StreamError::NotMonotonic`], [`StreamError::NotConstant`]; the clock then stands
    /// where it stood.
    pub(crate) fn tick(&mut self, time: OutputTime) -> Result<u64, StreamError> {
        let Self { rate, ticks, .. } = *self;
        let start = *self.start.get_or_insert(time);
        let expected = start + self.rate.time_of(ticks).0;
        if time < expected {
            let last = start + rate.time_of(ticks.saturating_sub(1)).0;
            if time <= last {
                return Err(StreamError::NotMonotonic { last, found: time, rate });
            }
        }
        if time != expected {
            return Err(StreamError::NotConstant { expected, found: time, step: rate.flicks_per_frame(), rate });
        }
        self.ticks += 1;
        Ok(ticks)
    }
}

#[cfg(test)]
mod tests {
    use signing::Flicks;

    use super::*;

    fn at(rate: FrameRate, frame: u64) -> OutputTime {
        OutputTime(Flicks(1_000)) + rate.time_of(frame).0
    }

    #[test]
    fn frames_are_numbered_from_the_first() {
        let rate = FrameRate::new(30_000, 1_001).unwrap();
        let mut clock = FrameClock::new(rate);
        for frame in 0..300 {
            assert_eq!(clock.tick(at(rate, frame)).unwrap(), frame);
        }
    }

    #[test]
    fn a_wrong_time_is_refused_and_forgotten() {
        let rate = FrameRate::PAL;
        let mut clock = FrameClock::new(rate);
        clock.tick(at(rate, 0)).unwrap();
        clock.tick(at(rate, 1)).unwrap();
        for frame in [0, 1] {
            assert!(matches!(clock.tick(at(rate, frame)), Err(StreamError::NotMonotonic { .. })), "{frame}");
        }
        for time in [at(rate, 3), at(rate, 2) + Flicks(1), at(rate, 1) + Flicks(1)] {
            assert!(matches!(clock.tick(time), Err(StreamError::NotConstant { .. })), "{time:?}");
        }
        assert_eq!(clock.tick(at(rate, 2)).unwrap(), 2);
        assert_eq!(clock.ticks(), 3);
    }
}
