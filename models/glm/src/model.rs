//! One implementation of the family: `GlmForCausalLM`, `Glm4ForCausalLM`, `ChatGLMModel` and their GGUF forms differ in
//! names, in a few norms and biases and in where the pieces of fused matrices lie.

use candle_core::{D, Device, Module, Tensor};
use candle_nn::{RmsNorm, ops};
use inference::{InferenceError, LanguageModel, LayerCache, Linear, Table, Weights};

use crate::config::{Activation, Layout};
use crate::rotary::Rotary;
use crate::{Blueprint, GlmError};

/// How many positions of a prompt go through the layers at once: bounds what attention's scores take.
const PREFILL_POSITIONS: usize = 512;

/// Queries, keys and values: one fused matrix, or three.
#[derive(Debug, Clone)]
enum Qkv {
    Fused(Linear),
    Apart { query: Linear, key: Linear, value: Linear },
}

#[derive(Debug, Clone)]
struct Attention {
    qkv: Qkv,
    out: Linear,
    heads: usize,
    key_value_heads: usize,
    head_width: usize,
    by_head: bool,
    cache: LayerCache,
}

impl Attention {
    /// `[1, positions, heads · head width]` three times: queries, keys, values.
    fn project(&self, x: &Tensor) -> candle_core::Result<(Tensor, Tensor, Tensor)> {
        let (queries, others) = (self.heads * self.head_width, self.key_value_heads * self.head_width);
        match &self.qkv {
            Qkv::Apart { query, key, value } => Ok((query.forward(x)?, key.forward(x)?, value.forward(x)?)),
            Qkv::Fused(all) if self.by_head => {
                let (batch, positions, _) = x.dims3()?;
                let all = all.forward(x)?.reshape((batch, positions, self.heads, 3 * self.head_width))?;
                let part = |at: usize| {
                    all.narrow(D::Minus1, at * self.head_width, self.head_width)?
                        .contiguous()?
                        .reshape((batch, positions, queries))
                };
                Ok((part(0)?, part(1)?, part(2)?))
            }
            Qkv::Fused(all) => {
                let all = all.forward(x)?;
                Ok((
                    all.narrow(D::Minus1, 0, queries)?,
                    all.narrow(D::Minus1, queries, others)?,
                    all.narrow(D::Minus1, queries + others, others)?,
                ))
            }
        }
    }

    fn forward(
        &mut self,
        x: &Tensor,
        rotary: &Rotary,
        angles: &(Tensor, Tensor),
        mask: Option<&Tensor>,
    ) -> candle_core::Result<Tensor> {
        let (batch, positions, _) = x.dims3()?;
        let (query, key, value) = self.project(x)?;
        let by_heads = |x: Tensor, heads: usize| x.reshape((batch, positions, heads, self.head_width))?.transpose(1, 2);
        let query = rotary.apply(&by_heads(query, self.heads)?, angles)?;
        let key = rotary.apply(&by_heads(key, self.key_value_heads)?, angles)?.contiguous()?;
        let value = by_heads(value, self.key_value_heads)?.contiguous()?;
        let (keys, values) = self.cache.append(&key, &value)?;
        // Heads that share keys become further rows of the same product: nothing is repeated in memory.
        let shared = self.heads / self.key_value_heads;
        let query = query.contiguous()?.reshape((batch, self.key_value_heads, shared * positions, self.head_width))?;
        let scores = (query.matmul(&keys.transpose(2, 3)?)? * (self.head_width as f64).powf(-0.5))?;
        let scores = match mask {
            None => scores,
            Some(mask) => {
                let all = scores.dim(D::Minus1)?;
                scores.reshape((batch, self.heads, positions, all))?.broadcast_add(mask)?.reshape((
                    batch,
                    self.key_value_heads,
                    shared * positions,
                    all,
                ))?
            }
        };
        let mixed = ops::softmax_last_dim(&scores)?.matmul(&values)?;
        let mixed = mixed.reshape((batch, self.heads, positions, self.head_width))?.transpose(1, 2)?.reshape((
            batch,
            positions,
            self.heads * self.head_width,
        ))?;
        self.out.forward(&mixed)
    }
}

#[derive(Debug, Clone)]
struct Gated {
    gate_up: Linear,
    down: Linear,
    activation: Activation,
}

impl Gated {
    fn forward(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        let both = self.gate_up.forward(x)?;
        let half = both.dim(D::Minus1)? / 2;
        let (gate, up) = (both.narrow(D::Minus1, 0, half)?, both.narrow(D::Minus1, half, half)?);
        let gate = match self.activation {
            Activation::Silu => gate.silu()?,
            Activation::Gelu => gate.gelu_erf()?,
            Activation::GeluTanh => gate.gelu()?,
            Activation::Relu => gate.relu()?,
        };
        self.down.forward(&(gate * up)?)
    }
}

#[derive(Debug, Clone)]
struct Layer {
    norm: RmsNorm,
    attention: Attention,
    post_attention_norm: Option<RmsNorm>,
    gated_norm: RmsNorm,
    gated: Gated,
    post_gated_norm: Option<RmsNorm>,
    residual_after_norm: bool,
}

impl Layer {
    fn forward(
        &mut self,
        x: &Tensor,
        rotary: &Rotary,
        angles: &(Tensor, Tensor),
        mask: Option<&Tensor>,
    ) -> candle_core::Result<Tensor> {
        let behind = |norm: &Option<RmsNorm>, x: Tensor| match norm {
            Some(norm) => norm.forward(&x),
            None => Ok(x),
        };
        let normed = self.norm.forward(x)?;
        let attended = behind(&self.post_attention_norm, self.attention.forward(&normed, rotary, angles, mask)?)?;
        let x = if self.residual_after_norm { (normed + attended)? } else { (x + attended)? };
        let normed = self.gated_norm.forward(&x)?;
        let gated = behind(&self.post_gated_norm, self.gated.forward(&normed)?)?;
        if self.residual_after_norm { normed + gated } else { x + gated }
    }
}

/// A member of the family with its memory of what it has read. One sequence at a time.
#[derive(Debug, Clone)]
pub struct Glm {
    embedding: Table,
    layers: Vec<Layer>,
    norm: Option<RmsNorm>,
    output: Linear,
    rotary: Rotary,
    blueprint: Blueprint,
    device: Device,
    read: Vec<u32>,
}

/// Embedding, last norm and output layer by the names of two layouts.
pub(crate) const TRANSFORMERS_TOP: [&str; 3] = ["model.embed_tokens", "model.norm", "lm_head"];
pub(crate) const CHATGLM_TOP: [&str; 3] =
    ["transformer.embedding.word_embeddings", "transformer.encoder.final_layernorm", "transformer.output_layer"];

/// What the pieces of one layer are called.
pub(crate) struct Names {
    /// Fused, then query, key and value.
    pub(crate) qkv: [String; 4],
    pub(crate) out: String,
    pub(crate) gate_up: String,
    pub(crate) down: String,
    /// Before and behind attention, before and behind the gated layer.
    pub(crate) norms: [String; 4],
}

impl Names {
    pub(crate) fn of(layout: Layout, layer: usize) -> Self {
        let name = |prefix: &str, rest: &str| format!("{prefix}{layer}.{rest}");
        let (prefix, qkv, rest, norms) = match layout {
            Layout::Transformers => (
                "model.layers.",
                ["self_attn.qkv_proj", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
                ["self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj"],
                ["input_layernorm", "post_self_attn_layernorm", "post_attention_layernorm", "post_mlp_layernorm"],
            ),
            // Two of the names are not used: ChatGLM has neither separate matrices nor norms behind.
            Layout::ChatGlm => (
                "transformer.encoder.layers.",
                ["self_attention.query_key_value", "", "", ""],
                ["self_attention.dense", "mlp.dense_h_to_4h", "mlp.dense_4h_to_h"],
                ["input_layernorm", "", "post_attention_layernorm", ""],
            ),
            Layout::Gguf => (
                "blk.",
                ["attn_qkv", "attn_q", "attn_k", "attn_v"],
                ["attn_output", "ffn_up", "ffn_down"],
                ["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"],
            ),
        };
        let [out, gate_up, down] = rest.map(|rest| name(prefix, rest));
        Self {
            qkv: qkv.map(|rest| name(prefix, rest)),
            out,
            gate_up,
            down,
            norms: norms.map(|rest| name(prefix, rest)),
        }
    }
}

impl Glm {
    /// Takes the weights that the blueprint names.
    pub fn load(weights: &Weights, blueprint: &Blueprint) -> Result<Self, GlmError> {
        let shape = blueprint;
        let (queries, others) = (shape.heads * shape.head_width, shape.key_value_heads * shape.head_width);
        let norm = |name: &str| -> Result<RmsNorm, GlmError> {
            Ok(RmsNorm::new(weights.tensor(&format!("{name}.weight"), shape.width)?, shape.eps))
        };
        let linear = |name: &str, bias: bool, out: usize, width: usize| {
            let bias = bias.then(|| format!("{name}.bias"));
            weights.linear(&format!("{name}.weight"), bias.as_deref(), out, width)
        };
        let [embedding, last_norm, output] = match shape.layout {
            Layout::Transformers => TRANSFORMERS_TOP,
            Layout::ChatGlm => CHATGLM_TOP,
            Layout::Gguf => ["token_embd", "output_norm", "output"],
        };
        let embedding = weights.table(&format!("{embedding}.weight"), shape.vocabulary, shape.width)?;
        let mut layers = Vec::with_capacity(shape.layers);
        for at in 0..shape.layers {
            let names = Names::of(shape.layout, at);
            let [fused, query, key, value] = &names.qkv;
            let qkv = if shape.layout == Layout::ChatGlm || weights.has(&format!("{fused}.weight")) {
                Qkv::Fused(linear(fused, shape.qkv_bias, queries + 2 * others, shape.width)?)
            } else {
                Qkv::Apart {
                    query: linear(query, shape.qkv_bias, queries, shape.width)?,
                    key: linear(key, shape.qkv_bias, others, shape.width)?,
                    value: linear(value, shape.qkv_bias, others, shape.width)?,
                }
            };
            let [first, behind_attention, second, behind_gated] = &names.norms;
            layers.push(Layer {
                norm: norm(first)?,
                attention: Attention {
                    qkv,
                    out: linear(&names.out, shape.linear_bias, shape.width, queries)?,
                    heads: shape.heads,
                    key_value_heads: shape.key_value_heads,
                    head_width: shape.head_width,
                    by_head: shape.qkv_by_head,
                    cache: LayerCache::default(),
                },
                post_attention_norm: shape.post_norms.then(|| norm(behind_attention)).transpose()?,
                gated_norm: norm(second)?,
                gated: Gated {
                    gate_up: linear(&names.gate_up, shape.linear_bias, 2 * shape.inner_width, shape.width)?,
                    down: linear(&names.down, shape.linear_bias, shape.width, shape.inner_width)?,
                    activation: shape.activation,
                },
                post_gated_norm: shape.post_norms.then(|| norm(behind_gated)).transpose()?,
                residual_after_norm: shape.residual_after_norm,
            });
        }
        let output =
            if shape.tied { embedding.as_linear()? } else { linear(output, false, shape.vocabulary, shape.width)? };
        Ok(Self {
            norm: shape.final_norm.then(|| norm(last_norm)).transpose()?,
            embedding,
            layers,
            output,
            rotary: Rotary::new(shape),
            blueprint: blueprint.clone(),
            device: weights.device().clone(),
            read: Vec::new(),
        })
    }

    /// Its shape.
    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }

    /// How many positions it has read since the last reset.
    pub fn positions(&self) -> usize {
        self.read.len()
    }

    /// Bytes of weights that every decoded token reads: the least that memory has to carry.
    pub fn bytes_per_token(&self) -> usize {
        let layers = self.layers.iter().map(|layer| {
            let qkv = match &layer.attention.qkv {
                Qkv::Fused(all) => all.bytes(),
                Qkv::Apart { query, key, value } => query.bytes() + key.bytes() + value.bytes(),
            };
            qkv + layer.attention.out.bytes() + layer.gated.gate_up.bytes() + layer.gated.down.bytes()
        });
        layers.sum::<usize>() + self.output.bytes()
    }

    /// Reads further ids and gives the logits behind every one of them: `[ids, vocabulary]`.
    pub fn forward_all(&mut self, ids: &[u32]) -> Result<Tensor, GlmError> {
        let mut rows = Vec::new();
        for part in ids.chunks(PREFILL_POSITIONS) {
            let hidden = self.hidden(part)?;
            rows.push(self.output.forward(&hidden)?.squeeze(0)?);
        }
        if rows.is_empty() {
            return Err(no_ids().into());
        }
        Ok(Tensor::cat(&rows, 0)?.to_dtype(candle_core::DType::F32)?)
    }

    /// What the last layer says of each position: `[1, ids, width]`.
    fn hidden(&mut self, ids: &[u32]) -> Result<Tensor, InferenceError> {
        let limit = self.blueprint.vocabulary;
        if let Some(found) = ids.iter().find(|id| **id as usize >= limit) {
            return Err(InferenceError::Token { found: *found, limit });
        }
        let (start, count) = (self.read.len(), ids.len());
        if start + count > self.blueprint.context {
            return Err(InferenceError::Context { found: start + count, limit: self.blueprint.context });
        }
        let mut x = self.embedding.forward(&Tensor::from_slice(ids, (1, count), &self.device)?)?;
        let angles = self.rotary.angles(start, count, x.dtype(), &self.device)?;
        let mask = (count > 1).then(|| causal(start, count, &self.device)?.to_dtype(x.dtype())).transpose()?;
        for layer in &mut self.layers {
            x = layer.forward(&x, &self.rotary, &angles, mask.as_ref())?;
        }
        self.read.extend(ids);
        Ok(match &self.norm {
            Some(norm) => norm.forward(&x)?,
            None => x,
        })
    }
}

fn no_ids() -> InferenceError {
    InferenceError::Setting { name: "prompt", found: "empty".to_owned(), expected: "at least one token" }
}

/// What is added to the scores: nothing up to a position itself, minus infinity behind it. `[count, start + count]`.
fn causal(start: usize, count: usize, device: &Device) -> candle_core::Result<Tensor> {
    let all = start + count;
    let mask: Vec<f32> = (0..count)
        .flat_map(|row| (0..all).map(move |column| if column <= start + row { 0.0 } else { f32::NEG_INFINITY }))
        .collect();
    Tensor::from_vec(mask, (count, all), device)
}

impl LanguageModel for Glm {
    fn step(&mut self, ids: &[u32]) -> Result<Vec<f32>, InferenceError> {
        let mut last = None;
        for part in ids.chunks(PREFILL_POSITIONS) {
            last = Some(self.hidden(part)?);
        }
        let last = last.ok_or_else(no_ids)?;
        let last = last.narrow(1, last.dim(1)? - 1, 1)?.contiguous()?;
        Ok(self.output.forward(&last)?.flatten_all()?.to_dtype(candle_core::DType::F32)?.to_vec1()?)
    }

    fn reset(&mut self) {
        self.read.clear();
        for layer in &mut self.layers {
            layer.attention.cache.reset();
        }
    }

    fn resume(&mut self, ids: &[u32]) -> Result<usize, InferenceError> {
        let same = self.read.iter().zip(ids).take_while(|(a, b)| a == b).count();
        let kept = same.min(ids.len().saturating_sub(1));
        for layer in &mut self.layers {
            layer.attention.cache.keep(kept)?;
        }
        self.read.truncate(kept);
        Ok(kept)
    }

    fn context(&self) -> usize {
        self.blueprint.context
    }
}
