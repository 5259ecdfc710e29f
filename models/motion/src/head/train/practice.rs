//! Practice: the network signs sentences, tries a little to both sides of what it gives, and goes where sentences cost less.
//!
//! The teacher's lessons bring it near; here it learns what it can give by what it sees, which no search over single
//! sentences knows. Source of the idea: R. Williams, “Simple statistical gradient-following algorithms for connectionist
//! reinforcement learning”, 1992, with trials in opposite pairs and the credit given token by token.

use std::{path::Path, sync::Arc, thread};

use serde::{Deserialize, Serialize};
use signing::SignSentence;

use super::{
    believe,
    learning::{Batch, loss, network_of, variables_of},
    optimiser::Optimiser,
    state,
};
use crate::{
    MotionError,
    head::{Example, HeadError, OUTPUTS, PoseNetwork, Shape, Teacher, teacher::Slopes},
    random::Random,
};

/// How long practice lasts and how fast it goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PracticeOptions {
    /// The same seed, sentences and options give the same weights.
    pub seed: u64,
    /// Steps of the weights.
    pub updates: u32,
    /// Sentences of one.
    pub batch: usize,
    /// Pairs of trials for each third of a sentence.
    pub tries: u32,
    /// The highest rate of learning.
    pub rate: f64,
}

impl Default for PracticeOptions {
    fn default() -> Self {
        Self { seed: 0, updates: 400, batch: 24, tries: 1, rate: 1e-3 }
    }
}

/// A sentence, and on which of the teachers' bodies.
#[derive(Debug, Clone, Copy)]
pub struct Practised<'a> {
    /// Index of the teacher.
    pub teacher: usize,
    /// The sentence.
    pub sentence: &'a SignSentence,
}

/// One update's figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PracticeReport {
    /// Which update, from 1.
    pub update: u32,
    /// What its sentences cost before it, a mean.
    pub cost: f64,
}

/// How far the shapes' numbers should go in one update, in the mean over those that are told anything.
const STRIDE: f32 = 0.15;
/// The share of the updates over which the rate rises, and what is left of it at the end.
const RISE: f64 = 0.05;
const LEFT: f64 = 0.05;

#[derive(Serialize, Deserialize, PartialEq)]
struct Saved {
    options: PracticeOptions,
    /// The version of the network it began with.
    from: String,
    done: u32,
}

/// A practice that can stop and go on between updates.
pub struct Practice {
    options: PracticeOptions,
    from: PoseNetwork,
    optimiser: Optimiser,
    done: u32,
}

impl Practice {
    /// Begins with a network.
    ///
    /// Errors: [`HeadError::Tensor`].
    pub fn new(network: &PoseNetwork, options: PracticeOptions) -> Result<Self, HeadError> {
        let from = network.clone().settled();
        let optimiser = Optimiser::new(variables_of(&from)?)?;
        Ok(Self { options, from, optimiser, done: 0 })
    }

    /// How many updates there are, and how many are done.
    pub const fn updates(&self) -> (u32, u32) {
        (self.options.updates, self.done)
    }

    /// The network as it is now.
    ///
    /// Errors: [`HeadError::Tensor`].
    pub fn network(&self, notes: &str) -> Result<PoseNetwork, HeadError> {
        let tensors = self.optimiser.variables.iter();
        let tensors = tensors.map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
        network_of(self.from.config(), &tensors, &told(), notes.to_owned())
    }

    /// One step of the weights, after trials on some of `sentences`; `None` when all are done. Trials run on `threads`
    /// threads, whose number changes nothing but the time.
    ///
    /// Errors: as [`crate::sign_all`], [`HeadError::Tensor`]; [`HeadError::State`] without a sentence or its teacher.
    pub fn update(
        &mut self,
        teachers: &[Teacher],
        sentences: &[Practised<'_>],
        threads: usize,
    ) -> Result<Option<PracticeReport>, HeadError> {
        if self.done >= self.options.updates {
            return Ok(None);
        }
        if sentences.is_empty() || sentences.iter().any(|sentence| sentence.teacher >= teachers.len()) {
            let reason = "there is no sentence to practise, or no teacher for one".to_owned();
            return Err(HeadError::State { path: "the practice".into(), reason });
        }
        // Each update's numbers come from its own seed, so that a resumed practice goes on as if it had not stopped.
        let mut random = Random::new(self.options.seed ^ (u64::from(self.done) + 1) << 24);
        let network = Arc::new(self.network("")?);
        let tasks: Vec<(Practised<'_>, u64)> = (0..self.options.batch.max(1))
            .map(|nth| (sentences[random.below(sentences.len())], u64::from(self.done) << 16 | nth as u64))
            .collect();
        let tried = self.tried(teachers, &network, &tasks, threads)?;
        let cost = tried.iter().map(|slopes| slopes.cost).sum::<f64>() / tried.len().max(1) as f64;
        let aims = aims(&tried);
        let rows: Vec<&[Example]> = aims.iter().map(Vec::as_slice).filter(|row| !row.is_empty()).collect();
        if !rows.is_empty() {
            let loss = loss(self.from.config(), &self.optimiser.variables, &Batch::new(&rows)?, &told(), None)?;
            let passed = f64::from(self.done) / f64::from(self.options.updates);
            self.optimiser.step(&loss.backward()?, self.options.rate * share_of_rate(passed))?;
        }
        self.done += 1;
        Ok(Some(PracticeReport { update: self.done, cost }))
    }

    fn tried(
        &self,
        teachers: &[Teacher],
        network: &Arc<PoseNetwork>,
        tasks: &[(Practised<'_>, u64)],
        threads: usize,
    ) -> Result<Vec<Slopes>, HeadError> {
        let tries = self.options.tries;
        let one = |(task, salt): &(Practised<'_>, u64)| -> Result<Slopes, MotionError> {
            let mut random = Random::new(self.options.seed ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            teachers[task.teacher].slopes(task.sentence, network, (tries, &told()), &mut random)
        };
        let each = tasks.len().div_ceil(threads.max(1)).max(1);
        let parts: Vec<Result<Vec<Slopes>, MotionError>> = thread::scope(|scope| {
            let spawned: Vec<_> = tasks
                .chunks(each)
                .map(|part| scope.spawn(move || part.iter().map(one).collect::<Result<Vec<_>, _>>()))
                .collect();
            spawned
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let mut tried = Vec::with_capacity(tasks.len());
        for part in parts {
            tried.extend(
                part.map_err(|error| HeadError::State { path: "the practice".into(), reason: error.to_string() })?,
            );
        }
        Ok(tried)
    }

    /// Takes up the state of that name in a folder, if there is one; `false` when there is none, or when it is of another
    /// network or of other options: then practice begins anew.
    ///
    /// Errors: a state that can't be read.
    pub fn resume(&mut self, folder: &Path, name: &str) -> Result<bool, HeadError> {
        let Some(saved) = state::begun::<Saved>(folder, name)? else { return Ok(false) };
        let done = saved.done;
        if (Saved { done: 0, ..saved }) != (Saved { done: 0, ..self.saved() }) {
            return Ok(false);
        }
        self.optimiser.resume(&state::tensors(folder, name)?)?;
        self.done = done;
        Ok(true)
    }

    fn saved(&self) -> Saved {
        Saved { options: self.options, from: self.from.version(), done: self.done }
    }

    /// Writes the state into a folder, from where [`Practice::resume`] goes on.
    ///
    /// Errors: [`HeadError::Write`].
    pub fn save_state(&self, folder: &Path, name: &str) -> Result<(), HeadError> {
        state::save(folder, name, &self.saved(), &self.optimiser.state()?)
    }
}

/// What the network should give in the place of what it gave: a stride downhill, as long in the mean as [`STRIDE`].
fn aims(tried: &[Slopes]) -> Vec<Vec<Example>> {
    let all = tried.iter().flat_map(|slopes| &slopes.downhill).flatten();
    let (sum, count) = all
        .filter(|slope| **slope != 0.0)
        .fold((0.0_f64, 0_u32), |(sum, count), slope| (sum + f64::from(slope * slope), count + 1));
    #[expect(clippy::cast_possible_truncation, reason = "a root of a mean")]
    let mean = (sum / f64::from(count.max(1))).sqrt().max(1e-9) as f32;
    let aim = |slopes: &Slopes| {
        let rows = slopes.examples.iter().zip(&slopes.downhill);
        rows.map(|(example, downhill)| {
            let numbers = std::array::from_fn(|at| example.shape.numbers()[at] + STRIDE * downhill[at] / mean);
            Example { features: example.features.clone(), shape: Shape::new(numbers) }
        })
        .collect()
    };
    tried.iter().map(aim).collect()
}

/// What is tried and learnt: outputs that may be believed.
fn told() -> [f32; OUTPUTS] {
    std::array::from_fn(|output| if believe::may_be(output) { 1.0 } else { 0.0 })
}

/// Up, then down along a cosine.
fn share_of_rate(passed: f64) -> f64 {
    super::trainer::share_of_rate(passed, RISE, LEFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aims_are_a_stride_away_whatever_the_slopes_are_measured_in() {
        let example = Example { features: Box::new([0.0; crate::head::FEATURES]), shape: Shape::ANALYTIC };
        for scale in [1e-4_f32, 1.0, 300.0] {
            let mut downhill = [0.0; OUTPUTS];
            (downhill[0], downhill[9]) = (scale, -scale);
            let tried = [Slopes { examples: vec![example.clone()], downhill: vec![downhill], cost: 1.0 }];
            let aim = aims(&tried)[0][0].shape;
            let found = [aim.numbers()[0], aim.numbers()[1], aim.numbers()[9]];
            for (found, expected) in found.into_iter().zip([STRIDE, 0.0, -STRIDE]) {
                assert!((found - expected).abs() < 1e-5, "{found} {expected}");
            }
        }
    }
}
