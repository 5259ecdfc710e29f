//! The network as it runs: plain arithmetic on one thread, a step a configuration.
//!
//! Features go through a layer of rectified units into a gated recurrent unit that remembers the sentence; two more
//! layers make a shape of both. Source of the unit: K. Cho et al., “Learning phrase representations using RNN
//! encoder–decoder”, 2014, with the reset gate behind the product as common frameworks have it.

use std::{collections::HashMap, path::Path, sync::OnceLock};

use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use super::{
    HeadError,
    features::{FEATURES, FEATURES_VERSION, Features},
    shape::{OUTPUTS, OUTPUTS_VERSION, Shape},
};

/// The shape of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkConfig {
    /// Numbers it sees: [`FEATURES`].
    pub features: usize,
    /// Width of every layer within.
    pub width: usize,
    /// Numbers it gives: [`OUTPUTS`].
    pub outputs: usize,
    /// What the numbers seen mean: [`FEATURES_VERSION`].
    pub features_version: u32,
    /// What the numbers given mean: [`OUTPUTS_VERSION`].
    pub outputs_version: u32,
}

impl NetworkConfig {
    /// Of a width, with the features and outputs of this program.
    pub const fn of(width: usize) -> Self {
        Self {
            features: FEATURES,
            width,
            outputs: OUTPUTS,
            features_version: FEATURES_VERSION,
            outputs_version: OUTPUTS_VERSION,
        }
    }

    /// Names and shapes of its tensors, `[out, in]` or `[out]`.
    pub fn tensors(&self) -> Vec<(&'static str, Vec<usize>)> {
        let width = self.width;
        vec![
            ("input.weight", vec![width, self.features]),
            ("input.bias", vec![width]),
            ("gates.input.weight", vec![3 * width, width]),
            ("gates.input.bias", vec![3 * width]),
            ("gates.hidden.weight", vec![3 * width, width]),
            ("gates.hidden.bias", vec![3 * width]),
            ("inner.weight", vec![width, 2 * width]),
            ("inner.bias", vec![width]),
            ("output.weight", vec![self.outputs, width]),
            ("output.bias", vec![self.outputs]),
            ("gain", vec![self.outputs]),
        ]
    }
}

/// The key of the config in the file's metadata, and that of the notes.
const CONFIG_KEY: &str = "shouyu.pose_head";
const NOTES_KEY: &str = "shouyu.notes";

/// Rows of a matrix and what is added.
#[derive(Debug, Clone, PartialEq)]
struct Rows {
    matrix: Vec<f32>,
    bias: Vec<f32>,
    width: usize,
}

impl Rows {
    fn of(&self, x: &[f32]) -> Vec<f32> {
        self.matrix.chunks_exact(self.width).zip(&self.bias).map(|(row, bias)| dot(row, x) + bias).collect()
    }
}

/// What the network remembers of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory(Vec<f32>);

/// The pose head's network.
#[derive(Debug, Clone, PartialEq)]
pub struct PoseNetwork {
    config: NetworkConfig,
    notes: String,
    input: Rows,
    gates_input: Rows,
    gates_hidden: Rows,
    inner: Rows,
    output: Rows,
    /// How much of each output is believed, 0 to 1: set on the development sentences after training.
    gain: Vec<f32>,
}

impl PoseNetwork {
    /// The network that is part of the program.
    ///
    /// Errors: [`HeadError`] if its file does not fit this program.
    pub fn embedded() -> Result<std::sync::Arc<Self>, HeadError> {
        static EMBEDDED: OnceLock<Result<std::sync::Arc<PoseNetwork>, HeadError>> = OnceLock::new();
        let load = || {
            let bytes = include_bytes!("../../weights/pose.safetensors");
            Self::from_bytes("the embedded pose head", bytes).map(std::sync::Arc::new)
        };
        EMBEDDED.get_or_init(load).clone()
    }

    /// From a file.
    ///
    /// Errors: as [`PoseNetwork::from_bytes`], and [`HeadError::Read`].
    pub fn open(path: &Path) -> Result<Self, HeadError> {
        let bytes = std::fs::read(path).map_err(|error| HeadError::read(path, &error))?;
        Self::from_bytes(&path.display().to_string(), &bytes)
    }

    /// From a safetensors file in memory; `name` is what errors call it.
    ///
    /// Errors: [`HeadError::Weights`] for what is no such file, or one of other features or outputs.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, HeadError> {
        let wrong = |reason: String| HeadError::Weights { name: name.to_owned(), reason };
        let (_, head) = SafeTensors::read_metadata(bytes).map_err(|error| wrong(error.to_string()))?;
        let metadata = head.metadata().clone().unwrap_or_default();
        let text = metadata
            .get(CONFIG_KEY)
            .ok_or_else(|| wrong(format!("its metadata has no “{CONFIG_KEY}”: it is no pose head")))?;
        let config: NetworkConfig = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let wanted = NetworkConfig::of(config.width);
        if config != wanted || config.width == 0 || config.width > 4096 {
            return Err(wrong(format!(
                "it was trained for features {}.{} and outputs {}.{}, this program has {}.{} and {}.{}; train it again \
                 with `shouyu model train-pose`",
                config.features_version,
                config.features,
                config.outputs_version,
                config.outputs,
                wanted.features_version,
                wanted.features,
                wanted.outputs_version,
                wanted.outputs
            )));
        }
        let file = SafeTensors::deserialize(bytes).map_err(|error| wrong(error.to_string()))?;
        let mut tensors = HashMap::new();
        for (tensor, shape) in config.tensors() {
            let view = file.tensor(tensor).map_err(|error| wrong(format!("{tensor}: {error}")))?;
            if view.dtype() != Dtype::F32 || view.shape() != shape {
                let (dtype, found) = (view.dtype(), view.shape());
                return Err(wrong(format!("{tensor} is {dtype:?} {found:?}, expected F32 {shape:?}")));
            }
            let numbers: Vec<f32> = view
                .data()
                .chunks_exact(4)
                .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
                .collect();
            if numbers.iter().any(|number| !number.is_finite()) {
                return Err(wrong(format!("{tensor} holds what is not a number")));
            }
            tensors.insert(tensor, numbers);
        }
        let notes = metadata.get(NOTES_KEY).cloned().unwrap_or_default();
        Ok(Self::of(config, notes, tensors))
    }

    /// `tensors` holds all of [`NetworkConfig::tensors`], in their shapes.
    fn of(config: NetworkConfig, notes: String, mut tensors: HashMap<&'static str, Vec<f32>>) -> Self {
        let mut take = |name: &str| tensors.remove(name).unwrap_or_default();
        let mut rows = |weight: &str, bias: &str, width: usize| Rows { matrix: take(weight), bias: take(bias), width };
        Self {
            input: rows("input.weight", "input.bias", config.features),
            gates_input: rows("gates.input.weight", "gates.input.bias", config.width),
            gates_hidden: rows("gates.hidden.weight", "gates.hidden.bias", config.width),
            inner: rows("inner.weight", "inner.bias", 2 * config.width),
            output: rows("output.weight", "output.bias", config.width),
            gain: take("gain"),
            config,
            notes,
        }
    }

    /// The network as a safetensors file.
    ///
    /// Errors: [`HeadError::Weights`] if it can't be written down.
    pub fn to_bytes(&self) -> Result<Vec<u8>, HeadError> {
        let wrong = |reason: String| HeadError::Weights { name: "the pose head".to_owned(), reason };
        let numbers = self.numbers();
        let bytes: Vec<(&str, Vec<usize>, Vec<u8>)> = self
            .config
            .tensors()
            .into_iter()
            .zip(numbers)
            .map(|((name, shape), numbers)| (name, shape, numbers.iter().flat_map(|n| n.to_le_bytes()).collect()))
            .collect();
        let mut views = Vec::with_capacity(bytes.len());
        for (name, shape, bytes) in &bytes {
            let view = safetensors::tensor::TensorView::new(Dtype::F32, shape.clone(), bytes)
                .map_err(|error| wrong(error.to_string()))?;
            views.push((*name, view));
        }
        let config = serde_json::to_string(&self.config).map_err(|error| wrong(error.to_string()))?;
        let metadata = HashMap::from([(CONFIG_KEY.to_owned(), config), (NOTES_KEY.to_owned(), self.notes.clone())]);
        safetensors::serialize(views, Some(metadata)).map_err(|error| wrong(error.to_string()))
    }

    /// Its numbers, in the order of [`NetworkConfig::tensors`].
    pub(super) fn numbers(&self) -> [&Vec<f32>; 11] {
        [
            &self.input.matrix,
            &self.input.bias,
            &self.gates_input.matrix,
            &self.gates_input.bias,
            &self.gates_hidden.matrix,
            &self.gates_hidden.bias,
            &self.inner.matrix,
            &self.inner.bias,
            &self.output.matrix,
            &self.output.bias,
            &self.gain,
        ]
    }

    /// From numbers in the order of [`NetworkConfig::tensors`].
    ///
    /// Errors: [`HeadError::Weights`] if a tensor has another size.
    pub fn from_numbers(config: NetworkConfig, notes: String, numbers: Vec<Vec<f32>>) -> Result<Self, HeadError> {
        let shapes = config.tensors();
        let fits = shapes.len() == numbers.len()
            && shapes
                .iter()
                .zip(&numbers)
                .all(|((_, shape), numbers)| shape.iter().product::<usize>() == numbers.len());
        if !fits {
            let reason = "its tensors don't have the sizes of its shape".to_owned();
            return Err(HeadError::Weights { name: "the pose head".to_owned(), reason });
        }
        Ok(Self::of(config, notes, shapes.into_iter().map(|(name, _)| name).zip(numbers).collect()))
    }

    /// Its shape.
    pub const fn config(&self) -> &NetworkConfig {
        &self.config
    }

    /// How it was made.
    pub fn notes(&self) -> &str {
        &self.notes
    }

    /// How many numbers were learnt.
    pub fn parameters(&self) -> usize {
        self.numbers().iter().map(|numbers| numbers.len()).sum()
    }

    /// What tells these weights from others: 8 hexadecimal digits (FNV-1a of all numbers).
    pub fn version(&self) -> String {
        let bytes = self.numbers().into_iter().flatten().flat_map(|number| number.to_le_bytes());
        let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{hash:08x}")
    }

    /// How much of each output is believed.
    pub fn gain(&self) -> &[f32] {
        &self.gain
    }

    /// The same network with other gains; those that are missing become 0.
    #[must_use]
    pub fn with_gain(mut self, gain: &[f32; OUTPUTS]) -> Self {
        self.gain = gain.to_vec();
        self
    }

    /// The same network with every output believed: what was believed of them is in its last layer, which gives as much
    /// near 0 and a little more or less far from it.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let rows = self.output.matrix.chunks_exact_mut(self.output.width).zip(&mut self.output.bias);
        for ((row, bias), gain) in rows.zip(&mut self.gain) {
            row.iter_mut().for_each(|number| *number *= *gain);
            *bias *= *gain;
            *gain = 1.0;
        }
        self
    }

    /// The same network, believed as it is, that gives so much more of each output: exactly so where it gave nothing before,
    /// less where that leads beyond ±1.
    #[must_use]
    pub fn leaning(self, style: &Shape) -> Self {
        /// What would need an endless number is so much less.
        const MOST: f32 = 0.96;
        let mut network = self.settled();
        for (bias, lean) in network.output.bias.iter_mut().zip(style.numbers()) {
            *bias += lean.clamp(-MOST, MOST).atanh();
        }
        network
    }

    /// Nothing yet.
    pub fn memory(&self) -> Memory {
        Memory(vec![0.0; self.config.width])
    }

    /// The shape of the next configuration of a sentence.
    pub fn step(&self, features: &Features, memory: &mut Memory) -> Shape {
        let width = self.config.width;
        let mut seen = self.input.of(features);
        seen.iter_mut().for_each(|value| *value = value.max(0.0));
        let (from_input, from_hidden) = (self.gates_input.of(&seen), self.gates_hidden.of(&memory.0));
        for at in 0..width {
            let gate = |part: usize| sigmoid(from_input[part * width + at] + from_hidden[part * width + at]);
            let (reset, update) = (gate(0), gate(1));
            let new = (from_input[2 * width + at] + reset * from_hidden[2 * width + at]).tanh();
            memory.0[at] = (1.0 - update) * new + update * memory.0[at];
        }
        seen.extend_from_slice(&memory.0);
        let mut inner = self.inner.of(&seen);
        inner.iter_mut().for_each(|value| *value = value.max(0.0));
        let mut shape = [0.0; OUTPUTS];
        for ((slot, value), gain) in shape.iter_mut().zip(self.output.of(&inner)).zip(&self.gain) {
            *slot = value.tanh() * gain;
        }
        Shape::new(shape)
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// The sum of products, in eight running sums that a processor adds at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (eights_a, eights_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = eights_a.remainder().iter().zip(eights_b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in eights_a.zip(eights_b) {
        for at in 0..8 {
            sums[at] += a[at] * b[at];
        }
    }
    sums.iter().sum::<f32>() + rest
}
