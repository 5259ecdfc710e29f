//! Chunks of sound in any rate → 16 kHz mono.

use signing::{Flicks, SourceTime};

use crate::SpeechError;

/// What the networks hear, hertz.
pub const RATE: u32 = 16_000;
/// Flicks in a sample of 16 kHz; exact.
pub(crate) const FLICKS_PER_SAMPLE: i64 = Flicks::PER_SECOND / RATE as i64;
/// The lowest rate that carries speech, hertz.
pub const MIN_RATE: u32 = 8_000;
/// The highest rate that is taken, hertz.
pub const MAX_RATE: u32 = 192_000;
/// Zero crossings of the kernel on each side: stop band below −80 dB with the window below.
const CROSSINGS: f64 = 24.0;
/// Where the pass band ends, as a part of the lower rate's half.
const PASS: f64 = 0.94;

/// A piece of sound.
#[derive(Debug, Clone, PartialEq)]
pub struct PcmChunk {
    /// When its first sample sounds.
    pub start: SourceTime,
    /// Samples a second and channel.
    pub rate: u32,
    /// One or two, interleaved.
    pub channels: u16,
    /// −1 to 1; louder is allowed.
    pub samples: Vec<f32>,
}

impl PcmChunk {
    /// From 16-bit samples.
    pub fn from_i16(start: SourceTime, rate: u32, channels: u16, samples: &[i16]) -> Self {
        let samples = samples.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
        Self { start, rate, channels, samples }
    }

    /// Mono samples. Errors: everything that [`SpeechError`] says of chunks.
    pub(crate) fn mono(&self) -> Result<Vec<f32>, SpeechError> {
        if !(MIN_RATE..=MAX_RATE).contains(&self.rate) {
            return Err(SpeechError::Rate { found: self.rate });
        }
        if let Some(index) = self.samples.iter().position(|sample| !sample.is_finite()) {
            return Err(SpeechError::NotFinite { index, found: self.samples[index], at: self.start });
        }
        match self.channels {
            1 => Ok(self.samples.clone()),
            2 if self.samples.len() % 2 == 1 => {
                Err(SpeechError::Uneven { samples: self.samples.len(), channels: self.channels })
            }
            2 => Ok(self.samples.chunks_exact(2).map(|pair| (pair[0] + pair[1]) * 0.5).collect()),
            found => Err(SpeechError::Channels { found }),
        }
    }
}

/// Another rate → 16 kHz, by a windowed sinc at exact positions. Output sample `n` stands at time `n`/16 kHz of the
/// input: the kernel's delay is waited for, never added.
#[derive(Debug)]
pub(crate) struct Resampler {
    /// Output advances by `step` of `phases` parts of an input sample.
    step: u64,
    phases: u64,
    half: usize,
    /// `[phase][tap]`.
    kernel: Vec<f32>,
    /// Input from sample `first` on; negative times are silence.
    input: Vec<f32>,
    first: i64,
    next_output: u64,
}

impl Resampler {
    pub(crate) fn new(rate: u32) -> Self {
        let divisor = greatest_common_divisor(rate, RATE);
        let (phases, step) = (u64::from(RATE / divisor), u64::from(rate / divisor));
        let cutoff = PASS * f64::from(RATE.min(rate)) / f64::from(rate);
        let half = if rate == RATE { 0 } else { (CROSSINGS / cutoff).ceil() as usize };
        let mut kernel = Vec::new();
        if rate != RATE {
            for phase in 0..phases {
                let offset = phase as f64 / phases as f64;
                let taps: Vec<f64> = (0..2 * half)
                    .map(|tap| {
                        let x = tap as f64 - (half as f64 - 1.0) - offset;
                        let angle = std::f64::consts::PI * x / half as f64;
                        let window = if x.abs() >= half as f64 {
                            0.0
                        } else {
                            0.42 + 0.5 * angle.cos() + 0.08 * (2.0 * angle).cos()
                        };
                        let x = std::f64::consts::PI * x * cutoff;
                        window * if x.abs() < 1e-9 { 1.0 } else { x.sin() / x }
                    })
                    .collect();
                // The same gain at every phase: no hum at the phase rate.
                let sum: f64 = taps.iter().sum();
                kernel.extend(taps.iter().map(|tap| (tap / sum) as f32));
            }
        }
        Self { step, phases, half, kernel, input: vec![0.0; half], first: -(half as i64), next_output: 0 }
    }

    /// What can be said with the input so far.
    pub(crate) fn push(&mut self, samples: &[f32]) -> Vec<f32> {
        if self.half == 0 {
            return samples.to_vec();
        }
        self.input.extend_from_slice(samples);
        let mut output = Vec::new();
        loop {
            let position = self.next_output * self.step;
            let (whole, phase) = ((position / self.phases) as i64, (position % self.phases) as usize);
            let from = (whole - (self.half as i64 - 1) - self.first) as usize;
            let Some(window) = self.input.get(from..from + 2 * self.half) else { break };
            let taps = &self.kernel[phase * 2 * self.half..][..2 * self.half];
            output.push(window.iter().zip(taps).map(|(a, b)| a * b).sum());
            self.next_output += 1;
        }
        let whole = (self.next_output * self.step / self.phases) as i64;
        let behind = (whole - (self.half as i64 - 1) - self.first).clamp(0, self.input.len() as i64);
        if behind > 4096 {
            self.input.drain(..behind as usize);
            self.first += behind;
        }
        output
    }

    /// The rest: what waited for input that will not come.
    pub(crate) fn finish(&mut self) -> Vec<f32> {
        self.push(&vec![0.0; self.half])
    }
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hertz: f64, secs: f64) -> Vec<f32> {
        let count = (f64::from(rate) * secs) as usize;
        (0..count)
            .map(|n| (2.0 * std::f64::consts::PI * hertz * n as f64 / f64::from(rate)).sin() as f32 * 0.5)
            .collect()
    }

    fn resampled(rate: u32, samples: &[f32], chunk: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(rate);
        let mut out: Vec<f32> = samples.chunks(chunk).flat_map(|part| resampler.push(part)).collect();
        out.extend(resampler.finish());
        out
    }

    #[test]
    fn a_tone_keeps_its_phase_and_its_loudness_from_every_rate() {
        for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000] {
            let out = resampled(rate, &tone(rate, 1_000.0, 0.5), 1_000);
            let expected = tone(RATE, 1_000.0, 0.5);
            assert!(out.len().abs_diff(expected.len()) <= 2, "{rate}: {} samples", out.len());
            for n in 800..expected.len() - 800 {
                assert!((out[n] - expected[n]).abs() < 2e-3, "{rate}: sample {n}: {} {}", out[n], expected[n]);
            }
        }
    }

    #[test]
    fn what_sixteen_kilohertz_cannot_hold_is_gone() {
        let out = resampled(48_000, &tone(48_000, 11_000.0, 0.5), 777);
        let loudest = out[800..out.len() - 800].iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(loudest < 1e-3, "{loudest}");
    }

    #[test]
    fn the_size_of_chunks_does_not_matter() {
        let input = tone(44_100, 440.0, 0.3);
        assert_eq!(resampled(44_100, &input, 1), resampled(44_100, &input, 9_999));
    }

    #[test]
    fn ten_hours_do_not_drift() {
        // Only the arithmetic of positions: output n is at n · 441/160 input samples, in whole numbers.
        let resampler = Resampler::new(44_100);
        let n = 36_000 * u64::from(RATE);
        assert_eq!(n * resampler.step % resampler.phases, 0);
        assert_eq!(n * resampler.step / resampler.phases, 36_000 * 44_100);
    }

    #[test]
    fn bad_sound_is_named() {
        let chunk = |rate, channels, samples: &[f32]| PcmChunk {
            start: SourceTime::ZERO,
            rate,
            channels,
            samples: samples.to_vec(),
        };
        for (chunk, expected) in [
            (chunk(1, 1, &[0.0]), "1 Hz"),
            (chunk(16_000, 0, &[0.0]), "0 channels"),
            (chunk(16_000, 6, &[0.0]), "6 channels"),
            (chunk(16_000, 1, &[0.0, f32::NAN]), "sample 1 of the chunk"),
            (chunk(16_000, 2, &[0.0]), "middle of a sample"),
        ] {
            let error = chunk.mono().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
