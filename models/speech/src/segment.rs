//! Where speech begins and ends, from the detector's probabilities.

use crate::vad::STEP;

/// At and above this a step is voice, while nobody speaks (Silero's own threshold).
const BEGIN: f32 = 0.5;
/// Below this it is silence, while somebody speaks: lower, so that soft ends are not cut off (Silero's own).
const END: f32 = 0.35;
/// Voice for so many steps begins a segment: a click is shorter.
const BEGIN_STEPS: usize = 3;

/// What a step changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Nothing.
    None,
    /// Speech began, at this sample.
    Began(u64),
    /// Speech is over; its last voice ended at this sample.
    Ended(u64),
}

/// Follows one stream. Positions are samples of 16 kHz.
#[derive(Debug, Clone)]
pub(crate) struct Pauses {
    pause_steps: usize,
    voiced: usize,
    silent: usize,
    speaking: bool,
    last_voice: u64,
}

impl Pauses {
    /// So many steps of silence end speech.
    pub(crate) const fn new(pause_steps: usize) -> Self {
        Self { pause_steps, voiced: 0, silent: 0, speaking: false, last_voice: 0 }
    }

    /// The step that begins at sample `at`.
    pub(crate) fn step(&mut self, at: u64, probability: f32) -> Edge {
        let end = at + STEP as u64;
        if self.speaking {
            if probability >= END {
                self.silent = 0;
                self.last_voice = end;
                return Edge::None;
            }
            self.silent += 1;
            if self.silent < self.pause_steps {
                return Edge::None;
            }
            (self.speaking, self.voiced) = (false, 0);
            return Edge::Ended(self.last_voice);
        }
        if probability < BEGIN {
            self.voiced = 0;
            return Edge::None;
        }
        self.voiced += 1;
        if self.voiced < BEGIN_STEPS {
            return Edge::None;
        }
        (self.speaking, self.silent, self.last_voice) = (true, 0, end);
        Edge::Began(end - (BEGIN_STEPS * STEP) as u64)
    }

    /// From now on so many steps of silence end speech.
    pub(crate) const fn wait_for(&mut self, pause_steps: usize) {
        self.pause_steps = pause_steps;
    }

    /// Steps of silence since the last voice, while speech goes on.
    pub(crate) fn silent_steps(&self) -> usize {
        self.silent
    }

    /// Where the last voice ended.
    pub(crate) fn last_voice(&self) -> u64 {
        self.last_voice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_nothing_and_a_breath_is_no_pause() {
        let mut pauses = Pauses::new(10);
        let mut edges = Vec::new();
        let voice = [(5, 0.1), (2, 0.9), (5, 0.1), (20, 0.9), (9, 0.1), (20, 0.9), (12, 0.1)];
        let mut at = 0;
        for (steps, probability) in voice {
            for _ in 0..steps {
                let edge = pauses.step(at, probability);
                if edge != Edge::None {
                    edges.push(edge);
                }
                at += STEP as u64;
            }
        }
        assert_eq!(edges, [Edge::Began(12 * STEP as u64), Edge::Ended(61 * STEP as u64)]);
    }
}
