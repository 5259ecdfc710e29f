use std::collections::{BTreeMap, HashMap};

use candle_core::backprop::GradStore;
use candle_core::{Device, Result, Tensor, Var};

/// How fast the running means of gradients and of their squares forget.
const FORGET: (f32, f32) = (0.9, 0.98);
/// What keeps a step finite.
const EPS: f32 = 1e-8;
/// How much of a matrix decays in a step of rate 1.
const DECAY: f32 = 0.01;
/// Gradients longer than this are shortened to it.
const LONGEST: f32 = 1.0;

/// AdamW whose state can be saved, so that a resumed training is the same training.
#[derive(Debug)]
pub(crate) struct Optimiser {
    variables: BTreeMap<String, Var>,
    means: BTreeMap<String, (Vec<f32>, Vec<f32>)>,
    steps: u32,
}

impl Optimiser {
    pub(crate) fn new(variables: BTreeMap<String, Var>) -> Self {
        let means = variables
            .iter()
            .map(|(name, variable)| {
                let zeros = vec![0.0; variable.elem_count()];
                (name.clone(), (zeros.clone(), zeros))
            })
            .collect();
        Self { variables, means, steps: 0 }
    }

    pub(crate) fn variables(&self) -> &BTreeMap<String, Var> {
        &self.variables
    }

    /// One step down the gradients. Gives their length before shortening.
    pub(crate) fn step(&mut self, gradients: &GradStore, rate: f32) -> Result<f32> {
        self.steps += 1;
        let mut flat = Vec::with_capacity(self.variables.len());
        for (name, variable) in &self.variables {
            if let Some(gradient) = gradients.get(variable) {
                flat.push((name, variable, gradient.flatten_all()?.to_vec1::<f32>()?));
            }
        }
        let length = flat.iter().flat_map(|(_, _, values)| values).map(|value| value * value).sum::<f32>().sqrt();
        let shorten = if length > LONGEST { LONGEST / length } else { 1.0 };
        let unbias = (1.0 - FORGET.0.powi(self.steps as i32), 1.0 - FORGET.1.powi(self.steps as i32));
        for (name, variable, gradient) in flat {
            let Some((first, second)) = self.means.get_mut(name) else { continue };
            let mut values = variable.flatten_all()?.to_vec1::<f32>()?;
            let decay = if variable.rank() == 2 { 1.0 - rate * DECAY } else { 1.0 };
            for (((value, gradient), first), second) in values.iter_mut().zip(gradient).zip(first).zip(second) {
                let gradient = gradient * shorten;
                *first = FORGET.0 * *first + (1.0 - FORGET.0) * gradient;
                *second = FORGET.1 * *second + (1.0 - FORGET.1) * gradient * gradient;
                *value = *value * decay - rate * (*first / unbias.0) / ((*second / unbias.1).sqrt() + EPS);
            }
            variable.set(&Tensor::from_vec(values, variable.dims(), &Device::Cpu)?)?;
        }
        Ok(length)
    }

    /// Everything that a later run needs to go on, by name.
    pub(crate) fn state(&self) -> Result<HashMap<String, Tensor>> {
        let mut state = HashMap::new();
        for (name, variable) in &self.variables {
            state.insert(format!("value.{name}"), variable.as_tensor().detach());
            if let Some((first, second)) = self.means.get(name) {
                state.insert(format!("first.{name}"), Tensor::from_slice(first, variable.dims(), &Device::Cpu)?);
                state.insert(format!("second.{name}"), Tensor::from_slice(second, variable.dims(), &Device::Cpu)?);
            }
        }
        state.insert("steps".to_owned(), Tensor::new(&[self.steps], &Device::Cpu)?);
        Ok(state)
    }

    /// Takes up a state that [`Optimiser::state`] gave.
    pub(crate) fn resume(&mut self, state: &HashMap<String, Tensor>) -> Result<()> {
        let find = |name: String| {
            state.get(&name).ok_or_else(|| candle_core::Error::Msg(format!("“{name}” is not in the saved state")))
        };
        for (name, variable) in &self.variables {
            variable.set(find(format!("value.{name}"))?)?;
            let means = |kind: &str| find(format!("{kind}.{name}"))?.flatten_all()?.to_vec1::<f32>();
            self.means.insert(name.clone(), (means("first")?, means("second")?));
        }
        self.steps = find("steps".to_owned())?.to_vec1::<u32>()?.first().copied().unwrap_or(0);
        Ok(())
    }
}
