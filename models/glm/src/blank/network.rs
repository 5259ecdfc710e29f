use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{D, Device, Tensor, Var};
use inference::{Linear, Precision, Table, Weights, write_gguf};
use rand::RngExt;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};

use super::Vocabulary;
use super::example::Batch;
use crate::GlmError;

/// What `general.architecture` says in a file of this model.
pub(super) const ARCHITECTURE: &str = "shouyu-blank-glm";
/// What keeps norms away from zero.
pub(super) const EPS: f64 = 1e-6;
/// Standard deviation of fresh weights.
const FRESH: f32 = 0.02;

/// The shape of the small GLM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlankConfig {
    /// Rows of the vocabulary.
    pub vocabulary: usize,
    /// How many of them, from the first, can be said from memory; the rest can be read, and copied.
    pub said: usize,
    /// Width of the residual stream.
    pub width: usize,
    /// Width of the inner layer.
    pub inner_width: usize,
    /// Number of layers.
    pub layers: usize,
    /// Heads of attention; they share the width.
    pub heads: usize,
    /// Places in part A.
    pub places: usize,
    /// Places inside a blank, 0 included.
    pub inside: usize,
    /// Width of what finds the given token to copy.
    pub copy_width: usize,
}

impl BlankConfig {
    /// The shape that ships, for a vocabulary.
    pub fn small(vocabulary: usize) -> Self {
        Self {
            vocabulary,
            said: vocabulary,
            width: 128,
            inner_width: 384,
            layers: 3,
            heads: 4,
            places: 384,
            inside: 192,
            copy_width: 64,
        }
    }

    /// Every tensor's name and shape, in the order of the network.
    pub(super) fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let (width, inner) = (self.width, self.inner_width);
        let mut tensors = vec![
            ("tokens.weight".to_owned(), vec![self.vocabulary, width]),
            ("places.weight".to_owned(), vec![self.places, width]),
            ("inside.weight".to_owned(), vec![self.inside, width]),
            ("norm.weight".to_owned(), vec![width]),
            ("copy.query.weight".to_owned(), vec![self.copy_width, width]),
            ("copy.query.bias".to_owned(), vec![self.copy_width]),
            ("copy.key.weight".to_owned(), vec![self.copy_width, width]),
            ("copy.key.bias".to_owned(), vec![self.copy_width]),
            ("copy.gate.weight".to_owned(), vec![1, width]),
            ("copy.gate.bias".to_owned(), vec![1]),
        ];
        for layer in 0..self.layers {
            for (name, shape) in [
                ("attention_norm.weight", vec![width]),
                ("attention.qkv.weight", vec![3 * width, width]),
                ("attention.qkv.bias", vec![3 * width]),
                ("attention.out.weight", vec![width, width]),
                ("attention.out.bias", vec![width]),
                ("inner_norm.weight", vec![width]),
                ("inner.up.weight", vec![inner, width]),
                ("inner.up.bias", vec![inner]),
                ("inner.down.weight", vec![width, inner]),
                ("inner.down.bias", vec![width]),
            ] {
                tensors.push((format!("layers.{layer}.{name}"), shape));
            }
        }
        tensors
    }
}

#[derive(Debug, Clone)]
struct Layer {
    attention_norm: Tensor,
    qkv: Linear,
    out: Linear,
    inner_norm: Tensor,
    up: Linear,
    down: Linear,
}

/// Lets the network take a token of part A as it is: attention over part A whose weights are probabilities of its
/// tokens, and a gate between them and the vocabulary's (See, Liu and Manning, 2017). What was hardly learnt, such as
/// a rare character of a name, comes out that way.
#[derive(Debug, Clone)]
struct Copying {
    query: Linear,
    key: Linear,
    gate: Linear,
    scale: f64,
}

impl Copying {
    /// The share of copying: `[positions, 1]`.
    fn share(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        (self.gate.forward(x)?.neg()?.exp()? + 1.0)?.recip()
    }
}

/// What keeps a logarithm finite.
pub(super) const LEAST: f64 = 1e-9;

/// Root-mean-square norm out of operations that have gradients.
fn norm(x: &Tensor, weight: &Tensor) -> candle_core::Result<Tensor> {
    let scale = (x.sqr()?.mean_keepdim(D::Minus1)? + EPS)?.sqrt()?;
    x.broadcast_div(&scale)?.broadcast_mul(weight)
}

fn softmax(scores: &Tensor) -> candle_core::Result<Tensor> {
    candle_nn::ops::softmax(scores, D::Minus1)
}

/// The network as it is learnt: over variables, so that what it gives has gradients.
#[derive(Debug)]
pub(crate) struct Network {
    heads: usize,
    tokens: Table,
    places: Table,
    inside: Table,
    layers: Vec<Layer>,
    norm: Tensor,
    /// The rows of the table that can be said, as an output layer.
    output: Linear,
    copying: Copying,
}

impl Network {
    /// Fresh weights from random numbers.
    pub(crate) fn fresh(config: &BlankConfig, random: &mut StdRng) -> candle_core::Result<BTreeMap<String, Var>> {
        let device = Device::Cpu;
        let mut variables = BTreeMap::new();
        for (name, shape) in config.tensors() {
            let count: usize = shape.iter().product();
            let values: Vec<f32> = if name.ends_with("norm.weight") {
                vec![1.0; count]
            } else if name.ends_with("bias") {
                vec![0.0; count]
            } else {
                // What adds to the residual stream starts smaller the more layers add to it.
                let adds = name.ends_with("out.weight") || name.ends_with("down.weight");
                let scale = if adds { FRESH / (2.0 * config.layers as f32).sqrt() } else { FRESH };
                (0..count).map(|_| scale * normal(random)).collect()
            };
            variables.insert(name, Var::from_tensor(&Tensor::from_vec(values, shape, &device)?)?);
        }
        Ok(variables)
    }

    /// The network over variables.
    pub(crate) fn over(config: &BlankConfig, variables: &BTreeMap<String, Var>) -> Result<Self, GlmError> {
        let tensors: HashMap<String, Tensor> =
            variables.iter().map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
        let weights = Weights::memory(tensors, &Device::Cpu, Precision::Full);
        let (width, inner) = (config.width, config.inner_width);
        let linear = |name: String, out: usize, width: usize| {
            weights.linear(&format!("{name}.weight"), Some(&format!("{name}.bias")), out, width)
        };
        let mut layers = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            let name = |rest: &str| format!("layers.{layer}.{rest}");
            layers.push(Layer {
                attention_norm: weights.tensor(&name("attention_norm.weight"), width)?,
                qkv: linear(name("attention.qkv"), 3 * width, width)?,
                out: linear(name("attention.out"), width, width)?,
                inner_norm: weights.tensor(&name("inner_norm.weight"), width)?,
                up: linear(name("inner.up"), inner, width)?,
                down: linear(name("inner.down"), width, inner)?,
            });
        }
        let copying = Copying {
            query: linear("copy.query".to_owned(), config.copy_width, width)?,
            key: linear("copy.key".to_owned(), config.copy_width, width)?,
            gate: linear("copy.gate".to_owned(), 1, width)?,
            scale: (config.copy_width as f64).powf(-0.5),
        };
        let tokens = weights.table("tokens.weight", config.vocabulary, width)?;
        Ok(Self {
            copying,
            output: Linear::dense(
                weights.tensor("tokens.weight", (config.vocabulary, width))?.narrow(0, 0, config.said)?,
                None,
            ),
            tokens,
            places: weights.table("places.weight", config.places, width)?,
            inside: weights.table("inside.weight", config.inside, width)?,
            norm: weights.tensor("norm.weight", width)?,
            layers,
            heads: config.heads,
        })
    }

    /// Writes the network: matrices in Q8_0, the rest in f32. `notes` says how it was made.
    pub(crate) fn save(
        path: &Path,
        config: &BlankConfig,
        vocabulary: &Vocabulary,
        variables: &BTreeMap<String, Var>,
        notes: &str,
    ) -> Result<(), GlmError> {
        let mut tensors = Vec::new();
        for (name, variable) in variables {
            let format = if variable.rank() == 2 { GgmlDType::Q8_0 } else { GgmlDType::F32 };
            tensors.push((name.as_str(), QTensor::quantize(variable.as_tensor(), format)?));
        }
        let tokens = Value::Array(vocabulary.tokens().iter().cloned().map(Value::String).collect());
        let shape = serde_json::to_string(config)
            .map_err(|error| GlmError::Config { path: path.to_owned(), reason: error.to_string() })?;
        let metadata = [
            ("general.architecture", Value::String(ARCHITECTURE.to_owned())),
            ("general.description", Value::String(notes.to_owned())),
            ("shouyu.config", Value::String(shape)),
            ("shouyu.tokens", tokens),
        ];
        let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (*key, value)).collect();
        let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
        Ok(write_gguf(path, &metadata, &tensors)?)
    }

    fn embed(&self, tokens: &Tensor, places: &Tensor, inside: &Tensor) -> candle_core::Result<Tensor> {
        (self.tokens.forward(tokens)? + self.places.forward(places)?)? + self.inside.forward(inside)?
    }

    /// The mean loss over a batch's targets, in nats a token: a scalar with a gradient.
    pub(crate) fn loss(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        let x = self.embed(&batch.tokens, &batch.places, &batch.inside)?;
        let x = self.layers(&x, &batch.mask)?;
        let (rows, length, width) = x.dims3()?;
        let asked = x.reshape((rows * length, width))?.index_select(&batch.asked, 0)?;
        let said = softmax(&self.output.forward(&asked)?)?;
        let said = (said.gather(&batch.targets.unsqueeze(1)?, 1)? * &batch.sayable)?;
        let scores = (self.copying.query.forward(&x)? * self.copying.scale)?
            .matmul(&self.copying.key.forward(&x)?.transpose(1, 2)?.contiguous()?)?
            .reshape((rows * length, length))?
            .index_select(&batch.asked, 0)?;
        let found = softmax(&(scores + &batch.copyable)?)?;
        let copied = (found * &batch.same)?.sum_keepdim(1)?;
        let share = self.copying.share(&asked)?;
        // s·copied + (1 − s)·said
        let probability = ((share * (copied - &said)?)? + said)?;
        (probability + LEAST)?.log()?.mean_all()?.neg()
    }

    fn layers(&self, x: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor> {
        let (rows, count, width) = x.dims3()?;
        let heads = self.heads;
        let mut x = x.clone();
        for layer in &self.layers {
            let qkv = layer.qkv.forward(&norm(&x, &layer.attention_norm)?)?;
            let part = |at: usize| {
                qkv.narrow(D::Minus1, at * width, width)?
                    .reshape((rows, count, heads, width / heads))?
                    .transpose(1, 2)?
                    .contiguous()
            };
            let (query, keys, values) = (part(0)?, part(1)?, part(2)?);
            let scale = ((width / heads) as f64).powf(-0.5);
            let scores = (query * scale)?.matmul(&keys.transpose(2, 3)?.contiguous()?)?.broadcast_add(mask)?;
            let mixed = softmax(&scores)?.matmul(&values)?.transpose(1, 2)?.reshape((rows, count, width))?;
            x = (x + layer.out.forward(&mixed)?)?;
            let inner = layer.up.forward(&norm(&x, &layer.inner_norm)?)?.relu()?;
            x = (x + layer.down.forward(&inner)?)?;
        }
        norm(&x, &self.norm)
    }
}

/// One number of the normal distribution (Box–Muller).
fn normal(random: &mut StdRng) -> f32 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    (radius * (std::f64::consts::TAU * random.random::<f64>()).cos()) as f32
}
