//! Speech that goes on: its sound, what was made out of it so far, where it may be cut.

use crate::{audio::RATE, guard::Evidence, listener::Span, mel::LogMel, vad::STEP, whisper::Decoded};

/// Speech that goes on.
pub(crate) struct Segment {
    /// First sample of `mel`.
    pub(crate) start: u64,
    pub(crate) mel: LogMel,
    pub(crate) samples: u64,
    /// Of each step since the voice began.
    pub(crate) voices: Vec<f32>,
    pub(crate) next_interim: u64,
    /// The last decoding, without what is committed.
    pub(crate) open: Vec<u32>,
    pub(crate) committed: Vec<u32>,
    /// Where the committed text ends.
    pub(crate) committed_end: u64,
    /// What was made out in a silence that may turn out to be a pause, if anything was said, and the last voice it knew.
    pub(crate) guess: Option<(u64, Option<Span>)>,
}

impl Segment {
    /// Where to cut speech without a pause: the least voice in its last third.
    pub(crate) fn quietest(&self) -> u64 {
        let from = self.voices.len() * 2 / 3;
        let at = (from..self.voices.len().saturating_sub(2))
            .min_by(|&a, &b| self.voices[a].total_cmp(&self.voices[b]))
            .unwrap_or(from);
        let end = self.start + self.samples;
        (end - ((self.voices.len() - at) * STEP) as u64).max(self.start + 1)
    }

    /// What follows sample `from`, as speech that began there.
    pub(crate) fn rest(&self, from: u64, next_interim: u64) -> Self {
        let heard = self.start + self.samples;
        let steps = ((heard - from) / STEP as u64) as usize;
        Self {
            start: from,
            mel: self.mel.rest((from - self.start) as usize),
            samples: heard - from,
            voices: self.voices[self.voices.len().saturating_sub(steps)..].to_vec(),
            next_interim,
            open: Vec::new(),
            committed: Vec::new(),
            committed_end: from,
            guess: None,
        }
    }

    /// What speaks for or against what was decoded of it.
    pub(crate) fn evidence(&self, decoded: &Decoded) -> Evidence {
        let silent = self.voices.iter().rev().take_while(|voice| **voice < 0.35).count();
        let voices = &self.voices[..self.voices.len() - silent];
        let voiced = voices.iter().filter(|voice| **voice >= 0.35).count() + 3;
        let sum: f32 = voices.iter().sum::<f32>() + 3.0 * 0.7;
        Evidence {
            mean_log_probability: decoded.mean_log_probability(),
            no_speech: decoded.no_speech,
            voiced_secs: (voiced * STEP) as f32 / RATE as f32,
            voice: sum / (voices.len() + 3) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::mel::MelBank;

    #[test]
    fn what_follows_a_cut_has_all_of_its_sound() {
        let bank = Arc::new(MelBank::new(80));
        let sound: Vec<f32> = (0..10 * STEP).map(|n| (n as f32 * 0.37).sin()).collect();
        let of = |sound: &[f32]| {
            let mut mel = LogMel::new(bank.clone());
            mel.push(sound);
            mel
        };
        let voices: Vec<f32> = (0..8).map(|n| if n == 3 { 0.4 } else { 0.9 }).collect();
        let segment = Segment {
            start: 1_000,
            mel: of(&sound),
            samples: sound.len() as u64,
            voices,
            next_interim: 0,
            open: vec![1],
            committed: vec![2],
            committed_end: 1_000,
            guess: None,
        };
        // The least voice of the last third; two steps of sound were there before the voice began.
        let cut = segment.quietest();
        assert_eq!(cut, 1_000 + 7 * STEP as u64);
        let rest = segment.rest(1_000 + 5 * STEP as u64, 7);
        assert_eq!((rest.start, rest.samples), (1_000 + 5 * STEP as u64, 5 * STEP as u64));
        assert_eq!(rest.voices, [0.4, 0.9, 0.9, 0.9, 0.9]);
        assert!(rest.open.is_empty() && rest.committed.is_empty() && rest.committed_end == rest.start);
        assert_eq!(rest.mel.features(4 * STEP, 20), of(&sound[5 * STEP..]).features(4 * STEP, 20));
    }
}
