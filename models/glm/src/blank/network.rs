use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{D, Device, Tensor, Var};
use inference::{GgufFile, Linear, Precision, Table, Weights, write_gguf};
use rand::RngExt;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};

use super::Vocabulary;
use super::example::Batch;
use crate::GlmError;

/// What `general.architecture` says in a file of this model.
const ARCHITECTURE: &str = "shouyu-blank-glm";
/// What keeps norms away from zero.
const EPS: f64 = 1e-6;
/// Standard deviation of fresh weights.
const FRESH: f32 = 0.02;

/// The shape of the small GLM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlankConfig {
    /// Rows of the vocabulary.
    pub vocabulary: usize,
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
}

impl BlankConfig {
    /// The shape that ships, for a vocabulary.
    pub fn small(vocabulary: usize) -> Self {
        Self { vocabulary, width: 256, inner_width: 1024, layers: 4, heads: 8, places: 256, inside: 192 }
    }

    /// Every tensor's name and shape, in the order of the network.
    fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let (width, inner) = (self.width, self.inner_width);
        let mut tensors = vec![
            ("tokens.weight".to_owned(), vec![self.vocabulary, width]),
            ("places.weight".to_owned(), vec![self.places, width]),
            ("inside.weight".to_owned(), vec![self.inside, width]),
            ("norm.weight".to_owned(), vec![width]),
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

/// Root-mean-square norm out of operations that have gradients.
fn norm(x: &Tensor, weight: &Tensor) -> candle_core::Result<Tensor> {
    let scale = (x.sqr()?.mean_keepdim(D::Minus1)? + EPS)?.sqrt()?;
    x.broadcast_div(&scale)?.broadcast_mul(weight)
}

fn softmax(scores: &Tensor) -> candle_core::Result<Tensor> {
    candle_nn::ops::softmax(scores, D::Minus1)
}

/// Keys and values of what has been read, per layer: `[rows, heads, positions, head width]`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    layers: Vec<(Tensor, Tensor)>,
}

impl Memory {
    /// The memory of rows of this one: what beams do when some go on and others do not.
    pub(crate) fn select(&self, rows: &[u32]) -> candle_core::Result<Self> {
        let select = |x: &Tensor| x.index_select(&Tensor::from_slice(rows, rows.len(), x.device())?, 0);
        let layers = self.layers.iter().map(|(keys, values)| Ok((select(keys)?, select(values)?)));
        Ok(Self { layers: layers.collect::<candle_core::Result<_>>()? })
    }
}

/// The network and its vocabulary.
#[derive(Debug, Clone)]
pub struct BlankGlm {
    config: BlankConfig,
    vocabulary: Vocabulary,
    tokens: Table,
    places: Table,
    inside: Table,
    layers: Vec<Layer>,
    norm: Tensor,
    output: Linear,
    device: Device,
}

impl BlankGlm {
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

    /// The network over variables, so that what it gives has gradients.
    pub(crate) fn over(
        config: &BlankConfig,
        vocabulary: &Vocabulary,
        variables: &BTreeMap<String, Var>,
    ) -> Result<Self, GlmError> {
        let tensors: HashMap<String, Tensor> =
            variables.iter().map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
        Self::from_weights(config.clone(), vocabulary.clone(), &Weights::memory(tensors, &Device::Cpu, Precision::Full))
    }

    fn from_weights(config: BlankConfig, vocabulary: Vocabulary, weights: &Weights) -> Result<Self, GlmError> {
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
        let tokens = weights.table("tokens.weight", config.vocabulary, width)?;
        Ok(Self {
            output: tokens.as_linear(),
            tokens,
            places: weights.table("places.weight", config.places, width)?,
            inside: weights.table("inside.weight", config.inside, width)?,
            norm: weights.tensor("norm.weight", width)?,
            layers,
            config,
            vocabulary,
            device: weights.device().clone(),
        })
    }

    /// Opens a file that `save` wrote.
    pub fn open(path: &Path) -> Result<Self, GlmError> {
        Self::from_gguf(GgufFile::open(path)?)
    }

    /// From a file that is in memory already.
    pub fn from_gguf(file: GgufFile) -> Result<Self, GlmError> {
        let path = file.path().to_owned();
        let architecture = file.text("general.architecture")?;
        if architecture != ARCHITECTURE {
            return Err(GlmError::Architecture {
                path,
                found: format!("“{architecture}” (general.architecture)"),
                supported: "shouyu-blank-glm, the small GLM; other members of the family are loaded as checkpoints",
            });
        }
        let config = |reason: String| GlmError::Config { path: path.clone(), reason };
        let shape: BlankConfig =
            serde_json::from_str(file.text("shouyu.config")?).map_err(|error| config(error.to_string()))?;
        let tokens: Vec<String> = file.texts("shouyu.tokens")?.into_iter().map(str::to_owned).collect();
        if tokens.len() != shape.vocabulary || shape.heads == 0 || !shape.width.is_multiple_of(shape.heads) {
            return Err(config(format!(
                "{} tokens for a vocabulary of {}, {} heads for a width of {}",
                tokens.len(),
                shape.vocabulary,
                shape.heads,
                shape.width
            )));
        }
        let weights = Weights::gguf(file, &Device::Cpu, Precision::Stored);
        Self::from_weights(shape, Vocabulary::from_tokens(tokens), &weights)
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

    /// Its shape.
    pub fn config(&self) -> &BlankConfig {
        &self.config
    }

    /// Its vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    fn embed(&self, tokens: &Tensor, places: &Tensor, inside: &Tensor) -> candle_core::Result<Tensor> {
        (self.tokens.forward(tokens)? + self.places.forward(places)?)? + self.inside.forward(inside)?
    }

    /// The mean loss over a batch's targets, in nats a token: a scalar with a gradient.
    pub(crate) fn loss(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        let x = self.embed(&batch.tokens, &batch.places, &batch.inside)?;
        let (x, _) = self.layers(&x, Some(&batch.mask), None)?;
        let (rows, length, width) = x.dims3()?;
        let asked = x.reshape((rows * length, width))?.index_select(&batch.asked, 0)?;
        candle_nn::loss::cross_entropy(&self.output.forward(&asked)?, &batch.targets)
    }

    /// Reads further tokens, `[rows, count]` each, and gives the logits behind the last of each row:
    /// `[rows, vocabulary]`. Tokens read together see each other, as part A does; part B is read one at a time.
    pub(crate) fn read(
        &self,
        tokens: &Tensor,
        places: &Tensor,
        inside: &Tensor,
        memory: Memory,
    ) -> candle_core::Result<(Tensor, Memory)> {
        let x = self.embed(tokens, places, inside)?;
        let (x, memory) = self.layers(&x, None, Some(memory))?;
        let last = x.narrow(1, x.dim(1)? - 1, 1)?.squeeze(1)?.contiguous()?;
        Ok((self.output.forward(&last)?, memory))
    }

    fn layers(
        &self,
        x: &Tensor,
        mask: Option<&Tensor>,
        memory: Option<Memory>,
    ) -> candle_core::Result<(Tensor, Memory)> {
        let (rows, count, width) = x.dims3()?;
        let heads = self.config.heads;
        let mut x = x.clone();
        let mut kept = Memory::default();
        for (at, layer) in self.layers.iter().enumerate() {
            let qkv = layer.qkv.forward(&norm(&x, &layer.attention_norm)?)?;
            let part = |at: usize| {
                qkv.narrow(D::Minus1, at * width, width)?
                    .reshape((rows, count, heads, width / heads))?
                    .transpose(1, 2)?
                    .contiguous()
            };
            let (query, mut keys, mut values) = (part(0)?, part(1)?, part(2)?);
            if let Some(memory) = &memory {
                if let Some((old_keys, old_values)) = memory.layers.get(at) {
                    keys = Tensor::cat(&[old_keys, &keys], 2)?;
                    values = Tensor::cat(&[old_values, &values], 2)?;
                }
                kept.layers.push((keys.clone(), values.clone()));
            }
            let scale = ((width / heads) as f64).powf(-0.5);
            let scores = ((query * scale)?.matmul(&keys.transpose(2, 3)?.contiguous()?))?;
            let scores = match mask {
                Some(mask) => scores.broadcast_add(mask)?,
                None => scores,
            };
            let mixed = softmax(&scores)?.matmul(&values)?.transpose(1, 2)?.reshape((rows, count, width))?;
            x = (x + layer.out.forward(&mixed)?)?;
            let inner = layer.up.forward(&norm(&x, &layer.inner_norm)?)?.gelu()?;
            x = (x + layer.down.forward(&inner)?)?;
        }
        Ok((norm(&x, &self.norm)?, kept))
    }
}

/// One number of the normal distribution (Box–Muller).
fn normal(random: &mut StdRng) -> f32 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    (radius * (std::f64::consts::TAU * random.random::<f64>()).cos()) as f32
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::super::example::{Example, translation};
    use super::super::vocabulary::tests::pair;
    use super::*;

    fn network() -> BlankGlm {
        let vocabulary = Vocabulary::build([pair("我去学校", None, &["学校", "我", "去"])].iter(), "");
        let config = BlankConfig {
            vocabulary: vocabulary.tokens().len(),
            width: 32,
            inner_width: 64,
            layers: 2,
            heads: 4,
            places: 32,
            inside: 32,
        };
        let variables = BlankGlm::fresh(&config, &mut StdRng::seed_from_u64(1)).unwrap();
        BlankGlm::over(&config, &vocabulary, &variables).unwrap()
    }

    /// The loss of one row, token by token through the memory.
    fn stepwise_loss(network: &BlankGlm, example: &Example) -> f32 {
        let row = |values: &[u32]| Tensor::from_slice(values, (1, values.len()), &Device::Cpu).unwrap();
        let read = |range: std::ops::Range<usize>, memory| {
            network
                .read(
                    &row(&example.tokens[range.clone()]),
                    &row(&example.places[range.clone()]),
                    &row(&example.inside[range]),
                    memory,
                )
                .unwrap()
        };
        let (_, mut memory) = read(0..example.given, Memory::default());
        let mut loss = 0.0;
        for at in example.given..example.len() {
            let (logits, next) = read(at..at + 1, memory);
            memory = next;
            let target = Tensor::new(&[example.targets[at].unwrap()], &Device::Cpu).unwrap();
            loss += candle_nn::loss::cross_entropy(&logits, &target).unwrap().to_scalar::<f32>().unwrap();
        }
        loss / (example.len() - example.given) as f32
    }

    #[test]
    fn token_by_token_is_the_same_as_all_at_once_and_padding_changes_nothing() {
        let network = network();
        let example = translation(&[8, 20, 21, 22], &[30, 31, 32]);
        let longer = translation(&[8, 20, 21, 22, 23, 24], &[30, 31, 32, 33]);
        let alone = network.loss(&Batch::new(&[&example], &Device::Cpu).unwrap()).unwrap().to_scalar::<f32>().unwrap();
        assert!((alone - stepwise_loss(&network, &example)).abs() < 1e-5);
        let both = network.loss(&Batch::new(&[&example, &longer], &Device::Cpu).unwrap()).unwrap();
        let expected = (alone * 4.0 + stepwise_loss(&network, &longer) * 5.0) / 9.0;
        assert!((both.to_scalar::<f32>().unwrap() - expected).abs() < 1e-5);
    }
}
