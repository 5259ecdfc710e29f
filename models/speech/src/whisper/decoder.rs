//! Token ids + what the encoder heard → logits.

use candle_core::{DType, Result, Tensor};
use candle_nn::{LayerNorm, Module};
use inference::{Linear, Precision, Quantisation, Table, Weights};

use super::{
    config::Config,
    encoder::{Encoded, join, linear, norm, split},
    ops::gelu,
};
use crate::SpeechError;

/// Rows of the quantised output matrix come in tiles of so many; the rest is zeros.
const TILE: usize = 16;

pub(super) struct Decoder {
    tokens: Table,
    positions: Tensor,
    layers: Vec<Layer>,
    norm: LayerNorm,
    logits: Linear,
    vocab: usize,
    heads: usize,
    alignment_heads: Vec<(usize, usize)>,
}

struct Layer {
    attention: Attention,
    attention_norm: LayerNorm,
    cross: Attention,
    cross_norm: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    norm: LayerNorm,
}

struct Attention {
    q: Linear,
    k: Linear,
    v: Linear,
    out: Linear,
}

/// Keys and values of a layer.
#[derive(Clone)]
struct LayerMemory {
    /// `[1, heads, width of a head, heard positions]` and `[1, heads, heard positions, width of a head]`.
    heard: (Tensor, Tensor),
    /// `[batch, heads, said positions, width of a head]`, twice.
    said: Option<(Tensor, Tensor)>,
}

/// What a decoding remembers. Cloning is cheap: tensors are shared.
#[derive(Clone)]
pub(crate) struct Memory {
    layers: Vec<LayerMemory>,
    position: usize,
}

/// What a step gives.
pub(super) struct Step {
    /// `[batch, positions, width]`, normalised: what the logits are made from.
    pub hidden: Tensor,
    /// Where the alignment heads listened, mean over them: `[batch · positions, heard positions]`.
    pub alignment: Tensor,
}

impl Decoder {
    pub(super) fn load(
        weights: &Weights,
        config: &Config,
        precision: Precision,
    ) -> std::result::Result<Self, SpeechError> {
        let (width, vocab) = (config.d_model, config.vocab_size);
        let attention = |name: String| -> std::result::Result<_, SpeechError> {
            let part = |part: &str| linear(weights, &format!("{name}.{part}"), width, width);
            Ok(Attention { q: part("q_proj")?, k: part("k_proj")?, v: part("v_proj")?, out: part("out_proj")? })
        };
        let layer = |n: usize| -> std::result::Result<_, SpeechError> {
            let name = |part: &str| format!("model.decoder.layers.{n}.{part}");
            Ok(Layer {
                attention: attention(name("self_attn"))?,
                attention_norm: norm(weights, &name("self_attn_layer_norm"), width)?,
                cross: attention(name("encoder_attn"))?,
                cross_norm: norm(weights, &name("encoder_attn_layer_norm"), width)?,
                fc1: linear(weights, &name("fc1"), config.decoder_ffn_dim, width)?,
                fc2: linear(weights, &name("fc2"), width, config.decoder_ffn_dim)?,
                norm: norm(weights, &name("final_layer_norm"), width)?,
            })
        };
        let embedding = "model.decoder.embed_tokens.weight";
        let tokens = weights.table(embedding, vocab, width)?;
        let logits = match precision {
            Precision::Quantised(Quantisation::Q8_0) => {
                let rows = weights.tensor(embedding, (vocab, width))?;
                let rows = rows.pad_with_zeros(0, 0, vocab.next_multiple_of(TILE) - vocab)?;
                Linear::quantised(Quantisation::Q8_0.apply(&rows)?.into(), None)?
            }
            _ => tokens.as_linear()?,
        };
        let positions = weights.tensor("model.decoder.embed_positions.weight", (config.max_target_positions, width))?;
        Ok(Self {
            tokens,
            positions,
            layers: (0..config.decoder_layers).map(layer).collect::<std::result::Result<_, _>>()?,
            norm: norm(weights, "model.decoder.layer_norm", width)?,
            logits,
            vocab,
            heads: config.decoder_attention_heads,
            alignment_heads: config.alignment_heads.clone(),
        })
    }

    /// A memory that has heard and not yet said anything.
    pub(super) fn listen(&self, heard: &Encoded) -> Result<Memory> {
        let layers = self.layers.iter().map(|layer| {
            let k = split(&layer.cross.k.forward(&heard.0)?, self.heads)?.transpose(2, 3)?.contiguous()?;
            let v = split(&layer.cross.v.forward(&heard.0)?, self.heads)?;
            Ok(LayerMemory { heard: (k, v), said: None })
        });
        Ok(Memory { layers: layers.collect::<Result<_>>()?, position: 0 })
    }

    /// Says `ids` (`batch` rows of equal length, one after the other) behind what `memory` has said.
    ///
    /// A memory of one row may be continued by several.
    pub(super) fn step(&self, memory: &mut Memory, ids: &[u32], batch: usize) -> Result<Step> {
        let count = ids.len() / batch.max(1);
        let ids = Tensor::new(ids, self.positions.device())?.reshape((batch, count))?;
        let positions = self.positions.narrow(0, memory.position, count)?;
        let mut x = self.tokens.forward(&ids)?.broadcast_add(&positions)?;
        let mask = (count > 1).then(|| self.mask(memory.position, count)).transpose()?;
        let mut alignment: Option<Tensor> = None;
        for (n, (layer, memory)) in self.layers.iter().zip(&mut memory.layers).enumerate() {
            let inner = layer.attention_norm.forward(&x)?;
            x = (&x + layer.attention.look_back(&inner, memory, mask.as_ref(), self.heads)?)?;
            let inner = layer.cross_norm.forward(&x)?;
            let (out, listened) = layer.cross.listen(&inner, &memory.heard, self.heads)?;
            x = (&x + out)?;
            for &(_, head) in self.alignment_heads.iter().filter(|&&(layer, _)| layer == n) {
                let head = listened.get(head)?;
                alignment = Some(match alignment {
                    Some(sum) => (sum + head)?,
                    None => head,
                });
            }
            let inner = gelu(&layer.fc1.forward(&layer.norm.forward(&x)?)?)?;
            x = (&x + layer.fc2.forward(&inner)?)?;
        }
        memory.position += count;
        let hidden = self.norm.forward(&x)?;
        // The configuration names at least one head.
        let alignment = alignment.ok_or_else(|| candle_core::Error::Msg("no alignment head".to_owned()))?;
        Ok(Step { hidden, alignment: (alignment / self.alignment_heads.len() as f64)? })
    }

    /// `[rows, width]` → rows of logits.
    pub(super) fn logits(&self, hidden: &Tensor) -> Result<Vec<Vec<f32>>> {
        self.logits.forward(hidden)?.narrow(1, 0, self.vocab)?.to_vec2()
    }

    fn mask(&self, past: usize, count: usize) -> Result<Tensor> {
        let rows: Vec<f32> = (0..count)
            .flat_map(|row| {
                (0..past + count).map(move |column| if column <= past + row { 0.0 } else { f32::NEG_INFINITY })
            })
            .collect();
        Tensor::from_vec(rows, (count, past + count), self.positions.device())?.to_dtype(DType::F32)
    }
}

impl Attention {
    fn look_back(&self, x: &Tensor, memory: &mut LayerMemory, mask: Option<&Tensor>, heads: usize) -> Result<Tensor> {
        let q = split(&self.q.forward(x)?, heads)?;
        let (mut k, mut v) = (split(&self.k.forward(x)?, heads)?, split(&self.v.forward(x)?, heads)?);
        if let Some((past_k, past_v)) = &memory.said {
            let rows = |past: &Tensor| {
                let (_, heads, positions, width) = past.dims4()?;
                past.broadcast_as((x.dim(0)?, heads, positions, width))?.contiguous()
            };
            (k, v) = (Tensor::cat(&[&rows(past_k)?, &k], 2)?, Tensor::cat(&[&rows(past_v)?, &v], 2)?);
        }
        memory.said = Some((k.clone(), v.clone()));
        let scale = (q.dim(3)? as f64).powf(-0.5);
        let mut scores = (q * scale)?.matmul(&k.t()?)?;
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask)?;
        }
        self.out.forward(&join(&candle_nn::ops::softmax_last_dim(&scores)?.matmul(&v)?)?)
    }

    /// All rows listen to the same sound, so they are one matrix: `[heads, batch · positions, width of a head]`.
    fn listen(&self, x: &Tensor, (k, v): &(Tensor, Tensor), heads: usize) -> Result<(Tensor, Tensor)> {
        let (batch, count, width) = x.dims3()?;
        let q = split(&self.q.forward(&x.reshape((1, batch * count, width))?)?, heads)?;
        let scale = (q.dim(3)? as f64).powf(-0.5);
        let weights = candle_nn::ops::softmax_last_dim(&(q * scale)?.matmul(k)?)?;
        let out = self.out.forward(&join(&weights.matmul(v)?)?)?.reshape((batch, count, width))?;
        Ok((out, weights.squeeze(0)?))
    }
}
