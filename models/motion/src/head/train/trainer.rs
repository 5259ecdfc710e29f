//! Epochs over the teacher's lessons, which can stop and go on between them.

use std::{
    collections::{BTreeMap, HashMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    path::Path,
};

use candle_core::Tensor;
use serde::{Deserialize, Serialize};

use super::{
    learning::{Batch, fresh, loss, network_of, variables_of},
    optimiser::Optimiser,
    set::Lesson,
    state,
};
use crate::{
    head::{Example, HeadError, NetworkConfig, OUTPUTS, PoseNetwork, shape::BODY},
    random::Random,
};

/// How long training lasts and how fast it goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrainingOptions {
    /// The same seed, lessons and options give the same weights.
    pub seed: u64,
    /// Width of the network's layers.
    pub width: usize,
    /// Passes over the lessons.
    pub epochs: u32,
    /// Sentences of a batch.
    pub batch: usize,
    /// The highest rate of learning.
    pub rate: f64,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self { seed: 0, width: 96, epochs: 60, batch: 8, rate: 2e-3 }
    }
}

/// One epoch's figures: mean losses a configuration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochReport {
    /// Which epoch, from 1.
    pub epoch: u32,
    /// Of the lessons that are learnt.
    pub loss: f32,
    /// Of those that are kept aside; 0 if there are none. The least of it so far is in `best`.
    pub aside: f32,
    /// The least that those had so far.
    pub best: f32,
    /// What giving 0 everywhere would have on those.
    pub nothing: f32,
}

/// One lesson in so many is kept aside to look at.
const ASIDE: usize = 8;
/// The share of the epochs over which the rate rises, and what is left of it at the end.
const RISE: f64 = 0.05;
const LEFT: f64 = 0.03;

#[derive(Serialize, Deserialize, PartialEq)]
struct Saved {
    options: TrainingOptions,
    config: NetworkConfig,
    /// What the lessons are, so that others are not gone on with.
    lessons: u64,
    epochs_done: u32,
    best: Option<f32>,
}

/// A training that can stop and go on between epochs.
pub struct PoseTrainer {
    options: TrainingOptions,
    config: NetworkConfig,
    learnt: Vec<Vec<Example>>,
    aside: Vec<Vec<Example>>,
    lessons: u64,
    optimiser: Optimiser,
    epochs_done: u32,
    /// What the lessons kept aside lost least with, and how much that was.
    best: Option<(f32, HashMap<String, Tensor>)>,
}

impl PoseTrainer {
    /// A fresh start, or one from the weights of `before`.
    ///
    /// Errors: [`HeadError::State`] without a lesson.
    pub fn new(lessons: &[Lesson], before: Option<&PoseNetwork>, options: TrainingOptions) -> Result<Self, HeadError> {
        let config = before.map_or_else(|| NetworkConfig::of(options.width), |network| *network.config());
        let mut hasher = DefaultHasher::new();
        let (mut learnt, mut aside) = (Vec::new(), Vec::new());
        for (index, lesson) in lessons.iter().filter(|lesson| !lesson.examples.is_empty()).enumerate() {
            lesson.id.hash(&mut hasher);
            if index % ASIDE == ASIDE - 1 { &mut aside } else { &mut learnt }.push(lesson.examples.clone());
        }
        if learnt.is_empty() {
            let reason = "there is no lesson to learn from".to_owned();
            return Err(HeadError::State { path: "the training set".into(), reason });
        }
        let variables = match before {
            Some(network) => variables_of(network)?,
            None => fresh(&config, options.seed)?,
        };
        let optimiser = Optimiser::new(variables)?;
        Ok(Self { options, config, learnt, aside, lessons: hasher.finish(), optimiser, epochs_done: 0, best: None })
    }

    fn saved(&self) -> Saved {
        let Self { options, config, lessons, epochs_done, .. } = *self;
        Saved { options, config, lessons, epochs_done, best: self.best.as_ref().map(|best| best.0) }
    }

    /// Takes up the state of that name in a folder, if there is one; `false` when there is none, or when it is of other
    /// lessons or options: then training begins anew.
    ///
    /// Errors: a state that can't be read.
    pub fn resume(&mut self, folder: &Path, name: &str) -> Result<bool, HeadError> {
        let Some(saved) = state::begun::<Saved>(folder, name)? else { return Ok(false) };
        let begun = |saved: Saved| Saved { epochs_done: 0, best: None, ..saved };
        let (epochs_done, best) = (saved.epochs_done, saved.best);
        if begun(saved) != begun(self.saved()) {
            return Ok(false);
        }
        let tensors = state::tensors(folder, name)?;
        self.optimiser.resume(&tensors)?;
        self.best = best.map(|loss| {
            let tensors = tensors.iter().filter_map(|(name, tensor)| Some((name.strip_prefix("best.")?, tensor)));
            (loss, tensors.map(|(name, tensor)| (name.to_owned(), tensor.clone())).collect())
        });
        self.epochs_done = epochs_done;
        Ok(true)
    }

    /// Writes the state into a folder, from where [`PoseTrainer::resume`] goes on.
    ///
    /// Errors: [`HeadError::Write`].
    pub fn save_state(&self, folder: &Path, name: &str) -> Result<(), HeadError> {
        let mut state = self.optimiser.state()?;
        for (name, tensor) in self.best.iter().flat_map(|(_, tensors)| tensors) {
            state.insert(format!("best.{name}"), tensor.clone());
        }
        state::save(folder, name, &self.saved(), &state)
    }

    /// How many epochs there are, and how many are done.
    pub const fn epochs(&self) -> (u32, u32) {
        (self.options.epochs, self.epochs_done)
    }

    /// The network with which the lessons kept aside lost least, or as it is now if none are; every output believed.
    ///
    /// Errors: [`HeadError::Tensor`].
    pub fn network(&self, notes: &str) -> Result<PoseNetwork, HeadError> {
        let mut tensors = BTreeMap::new();
        for (name, variable) in &self.optimiser.variables {
            let best = self.best.as_ref().and_then(|(_, tensors)| tensors.get(name));
            tensors.insert(name.clone(), best.unwrap_or(variable.as_tensor()).clone());
        }
        network_of(&self.config, &tensors, &[1.0; OUTPUTS], notes.to_owned())
    }

    /// One pass over the lessons; `None` when all epochs are done.
    ///
    /// Errors: [`HeadError::Tensor`].
    pub fn epoch(&mut self) -> Result<Option<EpochReport>, HeadError> {
        if self.epochs_done >= self.options.epochs {
            return Ok(None);
        }
        // Each epoch's numbers come from its own seed, so that a resumed training goes on as if it had not stopped.
        let mut random = Random::new(self.options.seed ^ (u64::from(self.epochs_done) + 1) << 20);
        let mut order: Vec<usize> = (0..self.learnt.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at + 1));
        }
        let batches: Vec<&[usize]> = order.chunks(self.options.batch.max(1)).collect();
        let (mut sum, mut count) = (0.0, 0);
        for (at, rows) in batches.iter().enumerate() {
            let rows: Vec<&[Example]> = rows.iter().map(|row| self.learnt[*row].as_slice()).collect();
            let batch = Batch::new(&rows)?;
            let loss = loss(&self.config, &self.optimiser.variables, &batch, &weights(), Some(&mut random))?;
            let value: f32 = loss.to_scalar()?;
            let passed =
                (f64::from(self.epochs_done) + at as f64 / batches.len() as f64) / f64::from(self.options.epochs);
            self.optimiser.step(&loss.backward()?, self.options.rate * share_of_rate(passed, RISE, LEFT))?;
            sum += value * batch.count as f32;
            count += batch.count;
        }
        self.epochs_done += 1;
        let (aside, nothing) = self.look_aside()?;
        if !self.aside.is_empty() && self.best.as_ref().is_none_or(|(least, _)| aside < *least) {
            // A copy: the variables change in place.
            let now = self.optimiser.variables.iter();
            let copies = now.map(|(name, variable)| Ok((name.clone(), variable.as_tensor().copy()?)));
            self.best = Some((aside, copies.collect::<Result<_, HeadError>>()?));
        }
        Ok(Some(EpochReport {
            epoch: self.epochs_done,
            loss: sum / count.max(1) as f32,
            aside,
            best: self.best.as_ref().map_or(aside, |best| best.0),
            nothing,
        }))
    }

    /// Whether it gives more than nothing on the lessons that are kept aside.
    ///
    /// Errors: [`HeadError::Tensor`].
    pub fn helps(&self) -> Result<bool, HeadError> {
        /// Less is chance.
        const MORE: f32 = 0.97;
        let (_, nothing) = self.look_aside()?;
        Ok(self.best.as_ref().is_some_and(|(best, _)| *best < MORE * nothing))
    }

    fn look_aside(&self) -> Result<(f32, f32), HeadError> {
        if self.aside.is_empty() {
            return Ok((0.0, 0.0));
        }
        let rows: Vec<&[Example]> = self.aside.iter().map(Vec::as_slice).collect();
        let loss = loss(&self.config, &self.optimiser.variables, &Batch::new(&rows)?, &weights(), None)?;
        let all = rows.iter().flat_map(|row| row.iter());
        let nothing: f32 = all
            .clone()
            .map(|example| example.shape.numbers().iter().zip(weights()).map(|(n, weight)| n * n * weight).sum::<f32>())
            .sum();
        Ok((loss.to_scalar()?, nothing / all.count().max(1) as f32))
    }
}

/// Time counts most: all that a viewer sees hangs on it.
fn weights() -> [f32; OUTPUTS] {
    std::array::from_fn(|index| match index {
        0..=4 => 1.0,
        index if index < BODY => 0.4,
        _ => 0.3,
    })
}

/// Up over the first share `rise` of the way, then down along a cosine to `left`.
pub(super) fn share_of_rate(passed: f64, rise: f64, left: f64) -> f64 {
    if passed < rise {
        return (passed / rise).max(0.05);
    }
    let fallen = (passed - rise) / (1.0 - rise);
    left + (1.0 - left) * 0.5 * (1.0 + (std::f64::consts::PI * fallen).cos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::{FEATURES, Features, Shape};

    /// Lessons with a rule in them: the first number is what the first feature says.
    fn lessons() -> Vec<Lesson> {
        let mut random = Random::new(5);
        let mut example = || {
            let mut features: Box<Features> = Box::new([0.0; FEATURES]);
            features[0] = random.normal() * 0.5;
            let mut numbers = [0.0; OUTPUTS];
            numbers[0] = (features[0] * 1.5).tanh();
            Example { features, shape: Shape::new(numbers) }
        };
        (0..48).map(|id| Lesson { id: id.to_string(), examples: vec![example(), example()], costs: [1.0; 2] }).collect()
    }

    fn options() -> TrainingOptions {
        TrainingOptions { width: 16, epochs: 12, batch: 4, rate: 1e-2, ..TrainingOptions::default() }
    }

    #[test]
    fn a_rule_is_learnt() {
        let mut trainer = PoseTrainer::new(&lessons(), None, options()).unwrap();
        let mut last = None;
        while let Some(report) = trainer.epoch().unwrap() {
            last = Some(report);
        }
        let last = last.unwrap();
        assert!(last.best < 0.3 * last.nothing, "{last:?}");
    }

    #[test]
    fn a_training_that_stopped_goes_on_to_the_same_weights() {
        let folder = tempfile::tempdir().unwrap();
        let run = |trainer: &mut PoseTrainer, epochs: u32| {
            for _ in 0..epochs {
                trainer.epoch().unwrap();
            }
        };
        let mut whole = PoseTrainer::new(&lessons(), None, options()).unwrap();
        run(&mut whole, 12);
        let mut half = PoseTrainer::new(&lessons(), None, options()).unwrap();
        run(&mut half, 5);
        half.save_state(folder.path(), "train").unwrap();
        let mut other = PoseTrainer::new(&lessons(), None, options()).unwrap();
        assert!(other.resume(folder.path(), "train").unwrap());
        run(&mut other, 7);
        assert_eq!(whole.network("").unwrap(), other.network("").unwrap());
        let mut fewer = PoseTrainer::new(&lessons()[1..], None, options()).unwrap();
        assert!(!fewer.resume(folder.path(), "train").unwrap(), "a state of other lessons is not gone on with");
    }

    #[test]
    fn without_a_lesson_nothing_is_learnt() {
        assert!(PoseTrainer::new(&[], None, options()).is_err());
    }
}
