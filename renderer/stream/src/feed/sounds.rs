//! Sound that waits for its moment.

use std::collections::VecDeque;

use signing::Flicks;

use crate::air::AIR_SOUND_RATE;

/// What may come early, beyond the delay, seconds.
const EARLY_SECS: i64 = 5;
/// A piece that begins this near to the end of the one before belongs there: containers round times, samples.
const NEAR: i64 = AIR_SOUND_RATE as i64 / 25;

/// Two channels of samples, by their number on the input's clock.
#[derive(Debug)]
pub(super) struct Sounds {
    /// Number of the first pair that is kept.
    first: i64,
    pairs: VecDeque<[f32; 2]>,
    most: usize,
}

impl Sounds {
    pub(super) fn new(delay: Flicks) -> Self {
        let secs = delay.0 / Flicks::PER_SECOND + 1 + EARLY_SECS;
        let most = usize::try_from(secs * i64::from(AIR_SOUND_RATE)).unwrap_or(usize::MAX);
        Self { first: 0, pairs: VecDeque::new(), most }
    }

    /// Puts pairs at their place. A small gap or overlap is closed, a large one is silence.
    pub(super) fn put(&mut self, sample: i64, pairs: impl Iterator<Item = [f32; 2]>) {
        let end = self.first + i64::try_from(self.pairs.len()).unwrap_or(i64::MAX);
        let gap = sample - end;
        if self.pairs.is_empty() || gap > i64::try_from(self.most).unwrap_or(i64::MAX) {
            self.pairs.clear();
            self.first = sample;
        } else if gap > NEAR {
            self.pairs.extend((0..gap).map(|_| [0.0; 2]));
        } else if gap < -NEAR {
            // Its clock was set back: what was to come is replaced.
            let keep = usize::try_from(sample - self.first).unwrap_or(0);
            self.pairs.truncate(keep);
            if keep == 0 {
                self.first = sample;
            }
        }
        self.pairs.extend(pairs);
        while self.pairs.len() > self.most {
            self.pairs.pop_front();
            self.first += 1;
        }
    }

    pub(super) fn fill(&mut self, sample: i64, left: &mut [f32], right: &mut [f32]) {
        while self.first < sample && self.pairs.pop_front().is_some() {
            self.first += 1;
        }
        for (number, (left, right)) in (sample..).zip(left.iter_mut().zip(right)) {
            let pair = usize::try_from(number - self.first).ok().and_then(|at| self.pairs.get(at));
            [*left, *right] = pair.copied().unwrap_or([0.0; 2]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sounds: &mut Sounds, sample: i64, count: usize) -> Vec<f32> {
        let (mut left, mut right) = (vec![9.0; count], vec![9.0; count]);
        sounds.fill(sample, &mut left, &mut right);
        assert_eq!(left, right);
        left
    }

    fn pairs(value: f32, count: usize) -> impl Iterator<Item = [f32; 2]> {
        (0..count).map(move |_| [value; 2])
    }

    #[test]
    fn sound_comes_at_its_moment_and_silence_elsewhere() {
        let mut sounds = Sounds::new(Flicks::ZERO);
        sounds.put(10, pairs(0.5, 4));
        assert_eq!(read(&mut sounds, 8, 4), [0.0, 0.0, 0.5, 0.5]);
        sounds.put(14, pairs(0.25, 2));
        assert_eq!(read(&mut sounds, 12, 5), [0.5, 0.5, 0.25, 0.25, 0.0]);
        sounds.put(10_000, pairs(1.0, 1));
        assert_eq!(read(&mut sounds, 9_999, 3), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn small_gaps_are_closed_and_memory_is_bounded() {
        let mut sounds = Sounds::new(Flicks::ZERO);
        sounds.put(0, pairs(0.5, 100));
        sounds.put(110, pairs(0.25, 10));
        assert_eq!(read(&mut sounds, 99, 3), [0.5, 0.25, 0.25]);
        sounds.put(1_000_000_000, pairs(1.0, 5));
        assert!(sounds.pairs.len() <= 5);
        sounds.put(1_000_000_005, pairs(1.0, 10_000_000));
        assert!(sounds.pairs.len() <= sounds.most);
    }
}
