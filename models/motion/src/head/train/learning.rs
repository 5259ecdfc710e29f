//! The network as tensors that know their gradients; [`PoseNetwork`] is the same arithmetic without them.

use std::collections::BTreeMap;

use candle_core::{D, DType, Device, Result, Tensor, Var};

use crate::{
    head::{Example, FEATURES, HeadError, NetworkConfig, OUTPUTS, PoseNetwork},
    random::Random,
};

/// A batch of sentences, padded at their ends.
pub(super) struct Batch {
    /// `[steps, sentences, FEATURES]`.
    features: Tensor,
    /// `[steps, sentences, OUTPUTS]`.
    shapes: Tensor,
    /// `[steps, sentences, 1]`: 1 where there is a configuration.
    there: Tensor,
    /// How many configurations there are.
    pub(super) count: usize,
}

impl Batch {
    pub(super) fn new(sentences: &[&[Example]]) -> Result<Self> {
        let steps = sentences.iter().map(|sentence| sentence.len()).max().unwrap_or(0);
        let rows = steps * sentences.len();
        let (mut features, mut shapes) = (vec![0.0; rows * FEATURES], vec![0.0; rows * OUTPUTS]);
        let mut there = vec![0.0_f32; rows];
        for (column, sentence) in sentences.iter().enumerate() {
            for (step, example) in sentence.iter().enumerate() {
                let row = step * sentences.len() + column;
                features[row * FEATURES..][..FEATURES].copy_from_slice(example.features.as_slice());
                shapes[row * OUTPUTS..][..OUTPUTS].copy_from_slice(example.shape.numbers());
                there[row] = 1.0;
            }
        }
        let count = sentences.iter().map(|sentence| sentence.len()).sum();
        let tensor =
            |numbers: Vec<f32>, width| Tensor::from_vec(numbers, (steps, sentences.len(), width), &Device::Cpu);
        Ok(Self {
            features: tensor(features, FEATURES)?,
            shapes: tensor(shapes, OUTPUTS)?,
            there: tensor(there, 1)?,
            count,
        })
    }
}

/// Fresh variables for every tensor but the gain, which is not learnt by gradients.
pub(super) fn fresh(config: &NetworkConfig, seed: u64) -> Result<BTreeMap<String, Var>> {
    let mut random = Random::new(seed);
    let mut variables = BTreeMap::new();
    for (name, shape) in config.tensors().into_iter().filter(|(name, _)| *name != "gain") {
        let count = shape.iter().product();
        // Biases begin at 0; outputs near it, so that training begins with planning as it is.
        let spread = match (name, shape.get(1)) {
            (_, None) => 0.0,
            ("output.weight", Some(_)) => 0.01,
            (_, Some(inputs)) => (2.0 / *inputs as f32).sqrt(),
        };
        let numbers: Vec<f32> = (0..count).map(|_| random.normal() * spread).collect();
        variables.insert(name.to_owned(), Var::from_tensor(&Tensor::from_vec(numbers, shape, &Device::Cpu)?)?);
    }
    Ok(variables)
}

/// The variables of a network.
pub(super) fn variables_of(network: &PoseNetwork) -> Result<BTreeMap<String, Var>> {
    let mut variables = BTreeMap::new();
    for ((name, shape), numbers) in network.config().tensors().into_iter().zip(network.numbers()) {
        if name != "gain" {
            let tensor = Tensor::from_vec(numbers.clone(), shape, &Device::Cpu)?;
            variables.insert(name.to_owned(), Var::from_tensor(&tensor)?);
        }
    }
    Ok(variables)
}

/// The network of these tensors, with a gain for each output.
pub(super) fn network_of(
    config: &NetworkConfig,
    tensors: &BTreeMap<String, Tensor>,
    gain: &[f32],
    notes: String,
) -> std::result::Result<PoseNetwork, HeadError> {
    let mut numbers = Vec::new();
    for (name, _) in config.tensors() {
        numbers.push(match tensors.get(name) {
            Some(tensor) => tensor.flatten_all()?.to_vec1::<f32>()?,
            None => gain.to_vec(),
        });
    }
    PoseNetwork::from_numbers(*config, notes, numbers)
}

/// Mean over configurations of the outputs' squared distances, each output by its weight.
pub(super) fn loss(
    config: &NetworkConfig,
    variables: &BTreeMap<String, Var>,
    batch: &Batch,
    weights: &[f32; OUTPUTS],
    mut drop: Option<&mut Random>,
) -> Result<Tensor> {
    let (steps, sentences, _) = batch.features.dims3()?;
    let find = |name: &str| {
        variables.get(name).map(Var::as_tensor).ok_or_else(|| candle_core::Error::Msg(format!("no “{name}”")))
    };
    let layer = |x: &Tensor, name: &str| -> Result<Tensor> {
        x.matmul(&find(&format!("{name}.weight"))?.t()?)?.broadcast_add(find(&format!("{name}.bias"))?)
    };
    let width = config.width;
    let mut dropped = |x: Tensor| match &mut drop {
        Some(random) => x.mul(&mask(x.dims(), random)?),
        None => Ok(x),
    };
    let seen = layer(&batch.features.reshape((steps * sentences, FEATURES))?, "input")?.relu()?;
    let seen = dropped(seen)?;
    let from_input = layer(&seen, "gates.input")?.reshape((steps, sentences, 3 * width))?;
    let mut hidden = Tensor::zeros((sentences, width), DType::F32, &Device::Cpu)?;
    let mut remembered = Vec::with_capacity(steps);
    for step in 0..steps {
        let from_hidden = layer(&hidden, "gates.hidden")?;
        let from_input = from_input.get(step)?;
        let part = |gates: &Tensor, part: usize| gates.narrow(1, part * width, width);
        let reset = sigmoid(&(part(&from_input, 0)? + part(&from_hidden, 0)?)?)?;
        let update = sigmoid(&(part(&from_input, 1)? + part(&from_hidden, 1)?)?)?;
        let new = (part(&from_input, 2)? + (reset * part(&from_hidden, 2)?)?)?.tanh()?;
        hidden = (&new + (update * (&hidden - &new)?)?)?;
        remembered.push(hidden.clone());
    }
    let remembered = Tensor::stack(&remembered, 0)?.reshape((steps * sentences, width))?;
    let inner = dropped(layer(&Tensor::cat(&[&seen, &remembered], D::Minus1)?, "inner")?.relu()?)?;
    let given = layer(&inner, "output")?.tanh()?.reshape((steps, sentences, OUTPUTS))?;
    let weights = Tensor::from_slice(weights, (1, 1, OUTPUTS), &Device::Cpu)?;
    let off = (given - &batch.shapes)?.sqr()?.broadcast_mul(&weights)?.broadcast_mul(&batch.there)?;
    off.sum_all()? / batch.count.max(1) as f64
}

/// The share of units that are left out of a step. Source: N. Srivastava et al., “Dropout”, 2014.
const DROPPED: f32 = 0.3;

fn mask(dims: &[usize], random: &mut Random) -> Result<Tensor> {
    let kept = 1.0 / (1.0 - DROPPED);
    let numbers: Vec<f32> =
        (0..dims.iter().product()).map(|_| if random.unit() < DROPPED { 0.0 } else { kept }).collect();
    Tensor::from_vec(numbers, dims, &Device::Cpu)
}

fn sigmoid(x: &Tensor) -> Result<Tensor> {
    // Of a hyperbolic tangent, which has a gradient.
    ((x * 0.5)?.tanh()? + 1.0)? * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::{Features, Shape};

    fn examples(count: usize, seed: u64) -> Vec<Example> {
        let mut random = Random::new(seed);
        let mut draw = |spread: f32| random.normal() * spread;
        (0..count)
            .map(|_| {
                let features: Box<Features> = Box::new(std::array::from_fn(|_| draw(0.3)));
                Example { features, shape: Shape::new(std::array::from_fn(|_| draw(0.5))) }
            })
            .collect()
    }

    #[test]
    fn what_runs_is_what_was_learnt_and_padding_changes_nothing() {
        let config = NetworkConfig::of(24);
        let mut variables = fresh(&config, 1).unwrap();
        let strong = Tensor::rand(-0.3_f32, 0.3, (OUTPUTS, 24), &Device::Cpu).unwrap();
        variables.insert("output.weight".to_owned(), Var::from_tensor(&strong).unwrap());
        let tensors = variables.iter().map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
        let network = network_of(&config, &tensors, &[1.0; OUTPUTS], String::new()).unwrap();
        let weights: [f32; OUTPUTS] = std::array::from_fn(|index| 0.5 + index as f32 * 0.01);
        let stepwise = |sentence: &[Example]| {
            let mut memory = network.memory();
            let mut sum = 0.0;
            for example in sentence {
                let shape = network.step(&example.features, &mut memory);
                let off = shape.numbers().iter().zip(example.shape.numbers()).zip(weights);
                sum += off.map(|((a, b), weight)| (a - b) * (a - b) * weight).sum::<f32>();
            }
            sum
        };
        let (short, long) = (examples(3, 2), examples(7, 3));
        let batch = Batch::new(&[&short, &long]).unwrap();
        let learnt = loss(&config, &variables, &batch, &weights, None).unwrap().to_scalar::<f32>().unwrap();
        let expected = (stepwise(&short) + stepwise(&long)) / 10.0;
        assert!((learnt - expected).abs() < 1e-4 * expected, "{learnt} {expected}");
    }
}
