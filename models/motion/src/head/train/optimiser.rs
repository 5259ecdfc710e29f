//! AdamW whose state is named tensors. Source: I. Loshchilov and F. Hutter, “Decoupled weight decay regularization”, 2019.

use std::collections::{BTreeMap, HashMap};

use candle_core::{Device, Result, Tensor, Var, backprop::GradStore};

/// How fast the running means of gradients and of their squares forget.
const FORGET: (f64, f64) = (0.9, 0.99);
/// What keeps a step finite.
const EPS: f64 = 1e-8;
/// How much of a matrix decays in a step of rate 1.
const DECAY: f64 = 0.05;

#[derive(Debug)]
pub(super) struct Optimiser {
    pub(super) variables: BTreeMap<String, Var>,
    /// Running means of each variable's gradient and of its square.
    means: BTreeMap<String, [Tensor; 2]>,
    steps: u32,
}

impl Optimiser {
    pub(super) fn new(variables: BTreeMap<String, Var>) -> Result<Self> {
        let mut means = BTreeMap::new();
        for (name, variable) in &variables {
            let zero = variable.zeros_like()?;
            means.insert(name.clone(), [zero.clone(), zero]);
        }
        Ok(Self { variables, means, steps: 0 })
    }

    pub(super) fn step(&mut self, gradients: &GradStore, rate: f64) -> Result<()> {
        self.steps += 1;
        let steps = f64::from(self.steps);
        for (name, variable) in &self.variables {
            let (Some(gradient), Some([first, second])) = (gradients.get(variable), self.means.get_mut(name)) else {
                continue;
            };
            // Cut off from the graph, which would otherwise grow with every step.
            *first = ((&*first * FORGET.0)? + (gradient * (1.0 - FORGET.0))?)?.detach();
            *second = ((&*second * FORGET.1)? + (gradient.sqr()? * (1.0 - FORGET.1))?)?.detach();
            let scale = ((&*second / (1.0 - FORGET.1.powf(steps)))?.sqrt()? + EPS)?;
            let step = ((&*first * (rate / (1.0 - FORGET.0.powf(steps))))? / scale)?;
            let decay = if variable.rank() == 2 { 1.0 - rate * DECAY } else { 1.0 };
            variable.set(&((variable.as_tensor() * decay)? - step)?.detach())?;
        }
        Ok(())
    }

    /// Everything that a later run needs to go on, by name.
    pub(super) fn state(&self) -> Result<HashMap<String, Tensor>> {
        let mut state = HashMap::from([("steps".to_owned(), Tensor::new(&[self.steps], &Device::Cpu)?)]);
        for (name, variable) in &self.variables {
            state.insert(format!("value.{name}"), variable.as_tensor().detach());
        }
        for (name, [first, second]) in &self.means {
            state.insert(format!("first.{name}"), first.clone());
            state.insert(format!("second.{name}"), second.clone());
        }
        Ok(state)
    }

    /// Takes up a state that [`Optimiser::state`] gave.
    pub(super) fn resume(&mut self, state: &HashMap<String, Tensor>) -> Result<()> {
        let find = |name: String| {
            state.get(&name).ok_or_else(|| candle_core::Error::Msg(format!("“{name}” is not in the saved state")))
        };
        for (name, variable) in &self.variables {
            variable.set(find(format!("value.{name}"))?)?;
            let means = [find(format!("first.{name}"))?.clone(), find(format!("second.{name}"))?.clone()];
            self.means.insert(name.clone(), means);
        }
        self.steps = find("steps".to_owned())?.to_vec1::<u32>()?.first().copied().unwrap_or(0);
        Ok(())
    }
}
