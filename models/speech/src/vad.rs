//! Is somebody speaking? Silero's network, one step for every 32 ms.

use std::path::Path;

use candle_core::{Device, Tensor};
use inference::{Precision, SafetensorsFile, Weights};

use crate::SpeechError;

/// Samples in a step: 32 ms.
pub(crate) const STEP: usize = 512;
/// Samples of the step before that a step sees.
const CONTEXT: usize = 64;
/// Samples that are mirrored behind a step.
const PAD: usize = 64;
const BINS: usize = 129;
const HIDDEN: usize = 128;

/// The weights, shared by all listeners.
#[derive(Debug)]
pub struct Vad {
    /// `[258, 256]`: cosine and sine rows.
    spectrum: Tensor,
    convolutions: [Convolution; 4],
    input: Tensor,
    input_bias: Tensor,
    /// `[128 columns][512 rows]`, so that a step goes through memory in order.
    hidden: Vec<f32>,
    out: Vec<f32>,
    out_bias: f32,
}

#[derive(Debug)]
struct Convolution {
    weight: Tensor,
    bias: Tensor,
    stride: usize,
}

/// What one stream's detector remembers.
#[derive(Debug, Clone)]
pub(crate) struct VadState {
    context: Vec<f32>,
    h: Vec<f32>,
    c: Vec<f32>,
}

impl Default for VadState {
    fn default() -> Self {
        Self { context: vec![0.0; CONTEXT], h: vec![0.0; HIDDEN], c: vec![0.0; HIDDEN] }
    }
}

impl Vad {
    /// Reads `silero_vad_16k.safetensors`.
    ///
    /// Errors: a file that is not there or not that network.
    pub fn load(path: &Path) -> Result<Self, SpeechError> {
        if !path.is_file() {
            return Err(SpeechError::NoModel { path: path.to_owned(), missing: "the voice detector" });
        }
        Self::new(&Weights::safetensors(SafetensorsFile::open(path)?, &Device::Cpu, Precision::Full))
    }

    pub(crate) fn new(weights: &Weights) -> Result<Self, SpeechError> {
        let convolution = |n: usize, input: usize, output: usize, stride: usize| -> Result<_, SpeechError> {
            let weight = weights.tensor(&format!("conv{n}.weight"), (output, input, 3))?;
            let bias = weights.tensor(&format!("conv{n}.bias"), output)?.reshape((1, output, 1))?;
            Ok(Convolution { weight, bias, stride })
        };
        let gates = 4 * HIDDEN;
        let bias = (weights.tensor("lstm_cell.bias_ih", gates)? + weights.tensor("lstm_cell.bias_hh", gates)?)?;
        let hidden = weights.tensor("lstm_cell.weight_hh", (gates, HIDDEN))?.t()?.contiguous()?;
        Ok(Self {
            spectrum: weights.tensor("stft_conv.weight", (2 * BINS, 1, 256))?.squeeze(1)?.t()?.contiguous()?,
            convolutions: [
                convolution(1, BINS, 128, 1)?,
                convolution(2, 128, 64, 2)?,
                convolution(3, 64, 64, 2)?,
                convolution(4, 64, 128, 1)?,
            ],
            input: weights.tensor("lstm_cell.weight_ih", (gates, HIDDEN))?.t()?.contiguous()?,
            input_bias: bias,
            hidden: hidden.flatten_all()?.to_vec1()?,
            out: weights.tensor("final_conv.weight", (1, HIDDEN, 1))?.flatten_all()?.to_vec1()?,
            out_bias: weights.tensor("final_conv.bias", 1)?.to_vec1::<f32>()?[0],
        })
    }

    /// The probability of speech in each whole step of `samples` (a multiple of 512 samples).
    ///
    /// All that does not depend on the step before is done for all steps at once.
    pub(crate) fn steps(&self, state: &mut VadState, samples: &[f32]) -> Result<Vec<f32>, SpeechError> {
        let count = samples.len() / STEP;
        if count == 0 {
            return Ok(Vec::new());
        }
        const FRAMES: usize = 4;
        let mut windows = Vec::with_capacity(count * FRAMES * 256);
        for step in samples.chunks_exact(STEP) {
            let mut heard = std::mem::replace(&mut state.context, step[STEP - CONTEXT..].to_vec());
            heard.extend_from_slice(step);
            let len = heard.len();
            heard.extend((2..2 + PAD).map(|back| step[STEP - back]));
            debug_assert_eq!(len + PAD, 3 * 128 + 256);
            for frame in 0..FRAMES {
                windows.extend_from_slice(&heard[frame * 128..frame * 128 + 256]);
            }
        }
        let spectrum = Tensor::from_vec(windows, (count * FRAMES, 256), &Device::Cpu)?.matmul(&self.spectrum)?;
        let (real, imaginary) = (spectrum.narrow(1, 0, BINS)?, spectrum.narrow(1, BINS, BINS)?);
        let loudness = (real.sqr()? + imaginary.sqr()?)?.sqrt()?;
        let mut x = loudness.reshape((count, FRAMES, BINS))?.transpose(1, 2)?.contiguous()?;
        for convolution in &self.convolutions {
            x = x.conv1d(&convolution.weight, 1, convolution.stride, 1, 1)?.broadcast_add(&convolution.bias)?.relu()?;
        }
        let gates = x.squeeze(2)?.matmul(&self.input)?.broadcast_add(&self.input_bias)?.to_vec2::<f32>()?;
        Ok(gates.into_iter().map(|gates| self.remember(state, gates)).collect())
    }

    /// The recurrent part of a step.
    fn remember(&self, state: &mut VadState, mut gates: Vec<f32>) -> f32 {
        for (column, h) in self.hidden.chunks_exact(4 * HIDDEN).zip(&state.h) {
            for (gate, weight) in gates.iter_mut().zip(column) {
                *gate += weight * h;
            }
        }
        let mut sum = self.out_bias;
        for n in 0..HIDDEN {
            let (input, forget) = (sigmoid(gates[n]), sigmoid(gates[HIDDEN + n]));
            let (cell, output) = (gates[2 * HIDDEN + n].tanh(), sigmoid(gates[3 * HIDDEN + n]));
            state.c[n] = forget * state.c[n] + input * cell;
            state.h[n] = output * state.c[n].tanh();
            sum += state.h[n].max(0.0) * self.out[n];
        }
        sigmoid(sum)
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// The network's shape with random weights.
    fn random() -> Vad {
        let shapes: [(&str, &[usize]); 15] = [
            ("stft_conv.weight", &[258, 1, 256]),
            ("conv1.weight", &[128, 129, 3]),
            ("conv1.bias", &[128]),
            ("conv2.weight", &[64, 128, 3]),
            ("conv2.bias", &[64]),
            ("conv3.weight", &[64, 64, 3]),
            ("conv3.bias", &[64]),
            ("conv4.weight", &[128, 64, 3]),
            ("conv4.bias", &[128]),
            ("lstm_cell.weight_ih", &[512, 128]),
            ("lstm_cell.weight_hh", &[512, 128]),
            ("lstm_cell.bias_ih", &[512]),
            ("lstm_cell.bias_hh", &[512]),
            ("final_conv.weight", &[1, 128, 1]),
            ("final_conv.bias", &[1]),
        ];
        let tensors =
            shapes.map(|(name, shape)| (name.to_owned(), Tensor::randn(0.0_f32, 0.08, shape, &Device::Cpu).unwrap()));
        Vad::new(&Weights::memory(HashMap::from(tensors), &Device::Cpu, Precision::Full)).unwrap()
    }

    #[test]
    fn stepwise_is_offline() {
        let vad = random();
        let samples: Vec<f32> = (0..STEP * 40).map(|n| ((n * n) as f32 * 0.001).sin() * 0.3).collect();
        let offline = vad.steps(&mut VadState::default(), &samples).unwrap();
        let mut state = VadState::default();
        let stepwise: Vec<f32> = samples.chunks(STEP).flat_map(|step| vad.steps(&mut state, step).unwrap()).collect();
        assert_eq!(offline.len(), 40);
        for (n, (a, b)) in offline.iter().zip(&stepwise).enumerate() {
            assert!((a - b).abs() < 1e-5, "step {n}: {a} {b}");
        }
        assert!(offline.windows(2).any(|pair| pair[0] != pair[1]), "it listens");
    }
}
