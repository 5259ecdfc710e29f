//! The small GLM as it runs: numbers in plain rows, on the thread that asks. It is so small that handing parts of it to
//! other threads costs more than it saves, above all where they are busy drawing.

use std::path::Path;

use candle_core::{Device, Tensor};
use inference::{GgufFile, Precision, Weights};

use super::network::{ARCHITECTURE, EPS, LEAST};
use super::{BlankConfig, Vocabulary};
use crate::GlmError;

/// Bytes that begin where GGUF's alignment has them, as they do in a mapped file.
#[repr(align(32))]
struct Aligned<Bytes>(Bytes);

static WEIGHTS: Aligned<[u8; include_bytes!("../../weights/small.gguf").len()]> =
    Aligned(*include_bytes!("../../weights/small.gguf"));

/// A matrix `[out, in]`, row by row, and its `[out]`.
#[derive(Debug, Clone)]
struct Rows {
    matrix: Vec<f32>,
    bias: Vec<f32>,
    width: usize,
}

impl Rows {
    /// `W x + b`.
    fn of(&self, x: &[f32]) -> Vec<f32> {
        let rows = self.matrix.chunks_exact(self.width);
        rows.zip(&self.bias).map(|(row, bias)| dot(row, x) + bias).collect()
    }
}

#[derive(Debug, Clone)]
struct Layer {
    attention_norm: Vec<f32>,
    qkv: Rows,
    out: Rows,
    inner_norm: Vec<f32>,
    up: Rows,
    down: Rows,
}

/// Keys and values of a layer, position by position.
#[derive(Debug, Clone, Default)]
struct Kept {
    keys: Vec<f32>,
    values: Vec<f32>,
}

/// What has been read: part A, then one blank's tokens.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    layers: Vec<Kept>,
    /// Part A's tokens, and what finds them to be copied.
    given: Vec<u32>,
    copy_keys: Vec<f32>,
}

/// The network and its vocabulary.
#[derive(Debug, Clone)]
pub struct BlankGlm {
    config: BlankConfig,
    vocabulary: Vocabulary,
    notes: String,
    tokens: Vec<f32>,
    places: Vec<f32>,
    inside: Vec<f32>,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    copy_query: Rows,
    copy_key: Rows,
    copy_gate: Rows,
}

impl BlankGlm {
    /// Whether the file is one of this model: a GGUF file that names its architecture.
    pub fn recognises(path: &Path) -> bool {
        path.is_file()
            && GgufFile::open(path)
                .is_ok_and(|file| file.text("general.architecture").is_ok_and(|found| found == ARCHITECTURE))
    }

    /// The weights that ship with the project; `weights/README.md` says how they were made.
    pub fn embedded() -> Result<Self, GlmError> {
        Self::from_gguf(GgufFile::embedded("the embedded small GLM", &WEIGHTS.0)?)
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
        if tokens.len() != shape.vocabulary
            || shape.said > shape.vocabulary
            || shape.heads == 0
            || !shape.width.is_multiple_of(shape.heads)
        {
            return Err(config(format!(
                "{} tokens for a vocabulary of {}, {} heads for a width of {}",
                tokens.len(),
                shape.vocabulary,
                shape.heads,
                shape.width
            )));
        }
        let notes = file.text("general.description").unwrap_or_default().to_owned();
        let weights = Weights::gguf(file, &Device::Cpu, Precision::Full);
        Ok(Self { notes, ..Self::from_weights(shape, Vocabulary::from_tokens(tokens), &weights)? })
    }

    /// From weights by their names.
    pub(crate) fn from_weights(
        config: BlankConfig,
        vocabulary: Vocabulary,
        weights: &Weights,
    ) -> Result<Self, GlmError> {
        let (width, inner) = (config.width, config.inner_width);
        let numbers = |tensor: Tensor| -> Result<Vec<f32>, GlmError> { Ok(tensor.flatten_all()?.to_vec1()?) };
        let table = |name: &str, rows: usize| numbers(weights.tensor(name, (rows, width))?);
        let rows = |name: String, out: usize, width: usize| -> Result<Rows, GlmError> {
            Ok(Rows {
                matrix: numbers(weights.tensor(&format!("{name}.weight"), (out, width))?)?,
                bias: numbers(weights.tensor(&format!("{name}.bias"), out)?)?,
                width,
            })
        };
        let mut layers = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            let name = |rest: &str| format!("layers.{layer}.{rest}");
            layers.push(Layer {
                attention_norm: numbers(weights.tensor(&name("attention_norm.weight"), width)?)?,
                qkv: rows(name("attention.qkv"), 3 * width, width)?,
                out: rows(name("attention.out"), width, width)?,
                inner_norm: numbers(weights.tensor(&name("inner_norm.weight"), width)?)?,
                up: rows(name("inner.up"), inner, width)?,
                down: rows(name("inner.down"), width, inner)?,
            });
        }
        Ok(Self {
            tokens: table("tokens.weight", config.vocabulary)?,
            places: table("places.weight", config.places)?,
            inside: table("inside.weight", config.inside)?,
            norm: numbers(weights.tensor("norm.weight", width)?)?,
            copy_query: rows("copy.query".to_owned(), config.copy_width, width)?,
            copy_key: rows("copy.key".to_owned(), config.copy_width, width)?,
            copy_gate: rows("copy.gate".to_owned(), 1, width)?,
            layers,
            config,
            vocabulary,
            notes: String::new(),
        })
    }

    /// Its shape.
    pub fn config(&self) -> &BlankConfig {
        &self.config
    }

    /// How it was made, as its file says; empty for one that was just trained.
    pub fn notes(&self) -> &str {
        &self.notes
    }

    /// How many numbers were learnt.
    pub fn parameters(&self) -> usize {
        self.config.tensors().iter().map(|(_, shape)| shape.iter().product::<usize>()).sum()
    }

    /// Its vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Reads part A, whose tokens see each other.
    pub(crate) fn read_given(&self, tokens: &[u32]) -> Memory {
        let mut rows: Vec<Vec<f32>> =
            (0..).zip(tokens).map(|(place, token)| self.embedded_token(*token, place, 0)).collect();
        let mut layers = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let mut kept = Kept::default();
            let queries: Vec<Vec<f32>> = rows.iter().map(|x| self.remembered(layer, x, &mut kept)).collect();
            for (x, query) in rows.iter_mut().zip(queries) {
                self.go_on(layer, x, &query, &kept);
            }
            layers.push(kept);
        }
        let copy_keys = rows.iter().flat_map(|x| self.copy_key.of(&norm(x, &self.norm))).collect();
        Memory { layers, given: tokens.to_vec(), copy_keys }
    }

    /// Reads one further token of part B and gives the logarithm of every token's probability to come next.
    pub(crate) fn read_next(&self, token: u32, place: u32, inside: u32, memory: &mut Memory) -> Vec<f32> {
        let mut x = self.embedded_token(token, place, inside);
        for (layer, kept) in self.layers.iter().zip(&mut memory.layers) {
            let query = self.remembered(layer, &x, kept);
            self.go_on(layer, &mut x, &query, kept);
        }
        let x = norm(&x, &self.norm);
        let table = self.tokens.chunks_exact(self.config.width).take(self.config.said);
        let mut said: Vec<f32> = table.map(|row| dot(row, &x)).collect();
        softmax(&mut said);
        let share = 1.0 / (1.0 + (-self.copy_gate.of(&x)[0]).exp());
        said.iter_mut().for_each(|probability| *probability *= 1.0 - share);
        said.resize(self.config.vocabulary, 0.0);
        let (query, scale) = (self.copy_query.of(&x), (self.config.copy_width as f32).powf(-0.5));
        let keys = memory.copy_keys.chunks_exact(self.config.copy_width);
        let mut found: Vec<f32> = keys.map(|key| dot(key, &query) * scale).collect();
        softmax(&mut found);
        for (token, copied) in memory.given.iter().zip(found) {
            if let Some(probability) = said.get_mut(*token as usize) {
                *probability += share * copied;
            }
        }
        said.iter_mut().for_each(|probability| *probability = (*probability + LEAST as f32).ln());
        said
    }

    fn embedded_token(&self, token: u32, place: u32, inside: u32) -> Vec<f32> {
        let width = self.config.width;
        let row = |table: &[f32], at: u32| table[at as usize * width..][..width].to_vec();
        let mut x = row(&self.tokens, token);
        for other in [row(&self.places, place), row(&self.inside, inside)] {
            x.iter_mut().zip(other).for_each(|(x, other)| *x += other);
        }
        x
    }

    /// Puts a position's keys and values into memory; gives its query.
    fn remembered(&self, layer: &Layer, x: &[f32], kept: &mut Kept) -> Vec<f32> {
        let width = self.config.width;
        let mut qkv = layer.qkv.of(&norm(x, &layer.attention_norm));
        kept.keys.extend_from_slice(&qkv[width..2 * width]);
        kept.values.extend_from_slice(&qkv[2 * width..]);
        qkv.truncate(width);
        qkv
    }

    /// Attention over all that is kept, then the inner layer.
    fn go_on(&self, layer: &Layer, x: &mut [f32], query: &[f32], kept: &Kept) {
        let (width, head_width) = (self.config.width, self.config.width / self.config.heads);
        let scale = (head_width as f32).powf(-0.5);
        let mut mixed = vec![0.0; width];
        for (head, mixed) in mixed.chunks_exact_mut(head_width).enumerate() {
            let part = head * head_width..(head + 1) * head_width;
            let query = &query[part.clone()];
            let mut scores: Vec<f32> =
                kept.keys.chunks_exact(width).map(|key| dot(&key[part.clone()], query) * scale).collect();
            softmax(&mut scores);
            for (score, value) in scores.iter().zip(kept.values.chunks_exact(width)) {
                mixed.iter_mut().zip(&value[part.clone()]).for_each(|(mixed, value)| *mixed += score * value);
            }
        }
        let attended = layer.out.of(&mixed);
        x.iter_mut().zip(attended).for_each(|(x, more)| *x += more);
        let mut inner = layer.up.of(&norm(x, &layer.inner_norm));
        inner.iter_mut().for_each(|value| *value = value.max(0.0));
        x.iter_mut().zip(layer.down.of(&inner)).for_each(|(x, more)| *x += more);
    }
}

/// The sum of products, in eight running sums that a processor adds at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (mut sums, eights) = ([0.0f32; 8], a.len() / 8 * 8);
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for at in 0..8 {
            sums[at] += a[at] * b[at];
        }
    }
    let rest: f32 = a[eights..].iter().zip(&b[eights..]).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// Root-mean-square norm.
fn norm(x: &[f32], weight: &[f32]) -> Vec<f32> {
    let scale = (dot(x, x) / x.len() as f32 + EPS as f32).sqrt();
    x.iter().zip(weight).map(|(x, weight)| x / scale * weight).collect()
}

fn softmax(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - highest).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::super::example::{Batch, Example, translation};
    use super::super::network::Network;
    use super::super::vocabulary::tests::pair;
    use super::*;

    fn networks() -> (Network, BlankGlm) {
        let vocabulary = Vocabulary::build([pair("我去学校", None, &["学校", "我", "去"])].iter());
        let config = BlankConfig {
            vocabulary: vocabulary.tokens().len(),
            said: vocabulary.tokens().len() - 2,
            width: 32,
            inner_width: 64,
            layers: 2,
            heads: 4,
            places: 32,
            inside: 32,
            copy_width: 32,
        };
        let variables = Network::fresh(&config, &mut StdRng::seed_from_u64(1)).unwrap();
        let learnt = Network::over(&config, &variables).unwrap();
        let tensors: HashMap<String, Tensor> =
            variables.iter().map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
        let weights = Weights::memory(tensors, &Device::Cpu, Precision::Full);
        (learnt, BlankGlm::from_weights(config, vocabulary, &weights).unwrap())
    }

    /// The loss of one row, token by token through the memory.
    fn stepwise_loss(network: &BlankGlm, example: &Example) -> f32 {
        let mut memory = network.read_given(&example.tokens[..example.given]);
        let mut loss = 0.0;
        for at in example.given..example.len() {
            let logarithms = network.read_next(example.tokens[at], example.places[at], example.inside[at], &mut memory);
            let sum: f32 = logarithms.iter().map(|logarithm| logarithm.exp()).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
            loss -= logarithms[example.targets[at].unwrap() as usize];
        }
        loss / (example.len() - example.given) as f32
    }

    #[test]
    fn what_runs_is_what_was_learnt_and_padding_changes_nothing() {
        let (learnt, running) = networks();
        let loss = |examples: &[&Example]| {
            let batch = Batch::new(examples, running.config.said, &Device::Cpu).unwrap();
            learnt.loss(&batch).unwrap().to_scalar::<f32>().unwrap()
        };
        // 21 can be copied.
        let example = translation(&[8, 20, 21, 22], &[30, 21, 32]);
        let longer = translation(&[8, 20, 21, 22, 23, 24], &[30, 31, 32, 33]);
        assert!((loss(&[&example]) - stepwise_loss(&running, &example)).abs() < 1e-5);
        let expected = (stepwise_loss(&running, &example) * 4.0 + stepwise_loss(&running, &longer) * 5.0) / 9.0;
        assert!((loss(&[&example, &longer]) - expected).abs() < 1e-5);
    }
}
