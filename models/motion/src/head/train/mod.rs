//! Training: from what the teacher found to weights.
//!
//! Read in this order: `set` (the teacher's solutions on disk), `learning` (the network as tensors), `optimiser`, `trainer`
//! (epochs that can stop and go on), `practice` (the network tries for itself what costs less), `believe` (how much of each output is kept), `invent` (forms that no pack has).

mod believe;
mod invent;
mod learning;
mod optimiser;
mod practice;
mod set;
mod state;
mod trainer;

pub use believe::{believe, measurements};
pub use invent::invent;
pub use practice::{Practice, PracticeOptions, PracticeReport, Practised};
pub use set::{Lesson, LessonSet};
pub use trainer::{EpochReport, PoseTrainer, TrainingOptions};
