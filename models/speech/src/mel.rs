//! Sound → log mel spectrogram, frame by frame, as Whisper was trained on it.

use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};

use crate::audio::RATE;

/// Samples in a transform.
const WINDOW: usize = 400;
/// Samples between frames.
pub(crate) const HOP: usize = 160;
const BINS: usize = WINDOW / 2 + 1;
/// Loudness below which nothing is told apart.
const FLOOR: f32 = 1e-10;

/// Windows and filters, shared by all listeners.
pub(crate) struct MelBank {
    fft: Arc<dyn RealToComplex<f32>>,
    hann: Vec<f32>,
    /// For each band: its first bin and its weights.
    filters: Vec<(usize, Vec<f32>)>,
}

impl MelBank {
    /// Slaney's mel scale with area normalisation, 0 to 8 kHz (librosa's default, which Whisper uses).
    pub(crate) fn new(bands: usize) -> Self {
        const LINEAR_HERTZ: f64 = 200.0 / 3.0;
        const BREAK_HERTZ: f64 = 1_000.0;
        const BREAK_MEL: f64 = BREAK_HERTZ / LINEAR_HERTZ;
        let step = 6.4_f64.ln() / 27.0;
        let mel_of = |hertz: f64| {
            if hertz < BREAK_HERTZ { hertz / LINEAR_HERTZ } else { BREAK_MEL + (hertz / BREAK_HERTZ).ln() / step }
        };
        let hertz_of = |mel: f64| {
            if mel < BREAK_MEL { mel * LINEAR_HERTZ } else { BREAK_HERTZ * ((mel - BREAK_MEL) * step).exp() }
        };
        let top = mel_of(f64::from(RATE) / 2.0);
        let edges: Vec<f64> = (0..bands + 2).map(|n| hertz_of(top * n as f64 / (bands + 1) as f64)).collect();
        let filters = edges
            .windows(3)
            .map(|edge| {
                let weight = |bin: usize| {
                    let hertz = bin as f64 * f64::from(RATE) / WINDOW as f64;
                    let rise = (hertz - edge[0]) / (edge[1] - edge[0]);
                    let fall = (edge[2] - hertz) / (edge[2] - edge[1]);
                    (rise.min(fall).max(0.0) * 2.0 / (edge[2] - edge[0])) as f32
                };
                let first = (0..BINS).find(|&bin| weight(bin) > 0.0).unwrap_or(0);
                let weights = (first..BINS).map(weight).take_while(|&weight| weight > 0.0).collect();
                (first, weights)
            })
            .collect();
        let hann = (0..WINDOW)
            .map(|n| (0.5 - 0.5 * (2.0 * std::f64::consts::PI * n as f64 / WINDOW as f64).cos()) as f32)
            .collect();
        Self { fft: RealFftPlanner::new().plan_fft_forward(WINDOW), hann, filters }
    }

    pub(crate) fn bands(&self) -> usize {
        self.filters.len()
    }
}

impl std::fmt::Debug for MelBank {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MelBank({})", self.bands())
    }
}

/// The spectrogram of a piece of sound that may still grow. Frames whose sound is all there are made once.
#[derive(Debug)]
pub(crate) struct LogMel {
    bank: Arc<MelBank>,
    samples: Vec<f32>,
    /// Log10 of each band, frame after frame.
    frames: Vec<f32>,
}

impl LogMel {
    pub(crate) fn new(bank: Arc<MelBank>) -> Self {
        Self { bank, samples: Vec::new(), frames: Vec::new() }
    }

    pub(crate) fn push(&mut self, samples: &[f32]) {
        self.samples.extend_from_slice(samples);
        let ready = (self.samples.len().saturating_sub(WINDOW / 2)) / HOP;
        let have = self.frames.len() / self.bank.bands();
        for frame in have..ready {
            let bands = self.frame(frame, self.samples.len());
            self.frames.extend(bands);
        }
    }

    /// That of the same sound from sample `from` on.
    pub(crate) fn rest(&self, from: usize) -> Self {
        let mut rest = Self::new(self.bank.clone());
        rest.push(self.samples.get(from..).unwrap_or_default());
        rest
    }

    /// Whisper's input, `[bands, frames]`: the first `len` samples and silence behind them up to `frames`.
    pub(crate) fn features(&self, len: usize, frames: usize) -> Vec<f32> {
        let bands = self.bank.bands();
        let len = len.min(self.samples.len());
        let whole = (len.saturating_sub(WINDOW / 2) / HOP).min(self.frames.len() / bands).min(frames);
        let mut log = self.frames[..whole * bands].to_vec();
        for frame in whole..frames {
            if frame * HOP >= len + WINDOW / 2 {
                log.resize(frames * bands, FLOOR.log10());
                break;
            }
            log.extend(self.frame(frame, len));
        }
        // Whisper's normalisation: eighty decibels below the loudest band is the floor.
        let floor = log.iter().copied().fold(f32::MIN, f32::max) - 8.0;
        let mut out = vec![0.0; log.len()];
        for (frame, row) in log.chunks_exact(bands).enumerate() {
            for (band, value) in row.iter().enumerate() {
                out[band * frames + frame] = (value.max(floor) + 4.0) / 4.0;
            }
        }
        out
    }

    /// One frame, centred on sample `frame · HOP`; mirrored before the start, silent after `len`.
    fn frame(&self, frame: usize, len: usize) -> Vec<f32> {
        let start = (frame * HOP) as i64 - (WINDOW / 2) as i64;
        let mut input: Vec<f32> = (0..WINDOW)
            .map(|n| {
                let at = (start + n as i64).unsigned_abs() as usize;
                if at < len { self.samples[at] * self.bank.hann[n] } else { 0.0 }
            })
            .collect();
        let mut spectrum = self.bank.fft.make_output_vec();
        // Both lengths are the plan's own.
        let done = self.bank.fft.process(&mut input, &mut spectrum);
        debug_assert!(done.is_ok(), "{done:?}");
        let power: Vec<f32> = spectrum.iter().map(|bin| bin.norm_sqr()).collect();
        let band = |(first, weights): &(usize, Vec<f32>)| {
            power[*first..].iter().zip(weights).map(|(power, weight)| power * weight).sum::<f32>().max(FLOOR).log10()
        };
        self.bank.filters.iter().map(band).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize) -> Vec<f32> {
        let mut state = 1_u32;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect()
    }

    #[test]
    fn stepwise_is_offline() {
        let bank = Arc::new(MelBank::new(80));
        let samples = noise(20_123);
        let frames = samples.len() / HOP + 50;
        let mut whole = LogMel::new(bank.clone());
        whole.push(&samples);
        for chunk in [1, 160, 999] {
            let mut steps = LogMel::new(bank.clone());
            for part in samples.chunks(chunk) {
                steps.push(part);
            }
            assert_eq!(steps.features(samples.len(), frames), whole.features(samples.len(), frames), "{chunk}");
        }
    }

    #[test]
    fn the_rest_is_that_of_the_rest() {
        let bank = Arc::new(MelBank::new(80));
        let samples = noise(16_000);
        let (mut all, mut end) = (LogMel::new(bank.clone()), LogMel::new(bank));
        all.push(&samples[..12_000]);
        let mut rest = all.rest(5_000);
        rest.push(&samples[12_000..]);
        end.push(&samples[5_000..]);
        assert_eq!(rest.features(11_000, 90), end.features(11_000, 90));
    }

    #[test]
    fn a_shorter_look_does_not_see_what_came_later() {
        let bank = Arc::new(MelBank::new(80));
        let samples = noise(16_000);
        let (mut long, mut short) = (LogMel::new(bank.clone()), LogMel::new(bank));
        long.push(&samples);
        short.push(&samples[..8_000]);
        assert_eq!(long.features(8_000, 90), short.features(8_000, 90));
    }

    #[test]
    fn a_tone_is_in_its_band() {
        let mut mel = LogMel::new(Arc::new(MelBank::new(80)));
        let tone: Vec<f32> =
            (0..16_000).map(|n| (2.0 * std::f32::consts::PI * 1_000.0 * n as f32 / 16_000.0).sin()).collect();
        mel.push(&tone);
        let features = mel.features(tone.len(), 100);
        let loudest = (0..80).max_by(|a, b| features[a * 100 + 50].total_cmp(&features[b * 100 + 50])).unwrap();
        // Slaney: 15 mels at 1 kHz of 45.25 at 8 kHz, over 81 steps: band 26 of 80, counted from 0: 25 or 26.
        assert!((25..=26).contains(&loudest), "{loudest}");
    }
}
