//! Spectrogram → what the decoder listens to.

use candle_core::{Result, Tensor};
use candle_nn::{LayerNorm, Module};
use inference::{Linear, Weights};

use super::{
    config::Config,
    ops::{add, biased_gelu, gelu},
};
use crate::SpeechError;

/// Whisper's epsilon.
pub(super) const NORM_EPSILON: f64 = 1e-5;

pub(super) struct Encoder {
    conv1: (Tensor, Tensor),
    conv2: (Tensor, Tensor),
    positions: Tensor,
    layers: Vec<Layer>,
    norm: LayerNorm,
}

/// What the encoder heard: `[1, positions, width]`, one position for two frames.
pub(crate) struct Encoded(pub(super) Tensor);

struct Layer {
    attention: SelfAttention,
    attention_norm: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    norm: LayerNorm,
}

struct SelfAttention {
    q: Linear,
    k: Linear,
    v: Linear,
    out: Linear,
    heads: usize,
}

pub(super) fn norm(weights: &Weights, name: &str, width: usize) -> std::result::Result<LayerNorm, SpeechError> {
    let part = |part| weights.tensor(&format!("{name}.{part}"), width);
    Ok(LayerNorm::new(part("weight")?, part("bias")?, NORM_EPSILON))
}

pub(super) fn linear(
    weights: &Weights,
    name: &str,
    out: usize,
    width: usize,
) -> std::result::Result<Linear, SpeechError> {
    let bias = format!("{name}.bias");
    let bias = weights.has(&bias).then_some(bias.as_str());
    Ok(weights.linear(&format!("{name}.weight"), bias, out, width)?)
}

/// `[batch, positions, width]` → `[batch, heads, positions, width of a head]`.
pub(super) fn split(x: &Tensor, heads: usize) -> Result<Tensor> {
    let (batch, positions, width) = x.dims3()?;
    x.reshape((batch, positions, heads, width / heads))?.transpose(1, 2)?.contiguous()
}

/// The way back.
pub(super) fn join(x: &Tensor) -> Result<Tensor> {
    x.transpose(1, 2)?.contiguous()?.flatten_from(2)
}

impl Encoder {
    pub(super) fn load(weights: &Weights, config: &Config) -> std::result::Result<Self, SpeechError> {
        let width = config.d_model;
        let convolution = |name: &str, input: usize| -> std::result::Result<_, SpeechError> {
            let weight = weights.tensor(&format!("model.encoder.{name}.weight"), (width, input, 3))?;
            Ok((weight, weights.tensor(&format!("model.encoder.{name}.bias"), width)?.reshape((1, width, 1))?))
        };
        let layer = |n: usize| -> std::result::Result<_, SpeechError> {
            let name = |part: &str| format!("model.encoder.layers.{n}.{part}");
            Ok(Layer {
                attention: SelfAttention {
                    q: linear(weights, &name("self_attn.q_proj"), width, width)?,
                    k: linear(weights, &name("self_attn.k_proj"), width, width)?,
                    v: linear(weights, &name("self_attn.v_proj"), width, width)?,
                    out: linear(weights, &name("self_attn.out_proj"), width, width)?,
                    heads: config.encoder_attention_heads,
                },
                attention_norm: norm(weights, &name("self_attn_layer_norm"), width)?,
                fc1: linear(weights, &name("fc1"), config.encoder_ffn_dim, width)?,
                fc2: linear(weights, &name("fc2"), width, config.encoder_ffn_dim)?,
                norm: norm(weights, &name("final_layer_norm"), width)?,
            })
        };
        Ok(Self {
            conv1: convolution("conv1", config.num_mel_bins)?,
            conv2: convolution("conv2", width)?,
            positions: weights.tensor("model.encoder.embed_positions.weight", (config.max_source_positions, width))?,
            layers: (0..config.encoder_layers).map(layer).collect::<std::result::Result<_, _>>()?,
            norm: norm(weights, "model.encoder.layer_norm", width)?,
        })
    }

    /// `mel`: `[1, bands, frames]`, at most twice as many frames as there are positions.
    pub(super) fn forward(&self, mel: &Tensor) -> Result<Encoded> {
        let convolve = |x: &Tensor, (weight, bias): &(Tensor, Tensor), stride| {
            biased_gelu(&x.conv1d(weight, 1, stride, 1, 1)?, bias)
        };
        let x = convolve(&convolve(mel, &self.conv1, 1)?, &self.conv2, 2)?.transpose(1, 2)?.contiguous()?;
        let positions = x.dim(1)?;
        let mut x = add(&x, &self.positions.narrow(0, 0, positions)?.unsqueeze(0)?)?;
        for layer in &self.layers {
            x = layer.forward(&x)?;
        }
        Ok(Encoded(self.norm.forward(&x)?))
    }
}

impl Layer {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = add(x, &self.attention.forward(&self.attention_norm.forward(x)?)?)?;
        let inner = gelu(&self.fc1.forward(&self.norm.forward(&x)?)?)?;
        add(&x, &self.fc2.forward(&inner)?)
    }
}

impl SelfAttention {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let q = split(&self.q.forward(x)?, self.heads)?;
        let k = split(&self.k.forward(x)?, self.heads)?;
        let v = split(&self.v.forward(x)?, self.heads)?;
        let scale = (q.dim(3)? as f64).powf(-0.5);
        let weights = candle_nn::ops::softmax_last_dim(&(q * scale)?.matmul(&k.t()?)?)?;
        self.out.forward(&join(&weights.matmul(&v)?)?)
    }
}
