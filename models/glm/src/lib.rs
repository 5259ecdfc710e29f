//! The GLM family: checkpoints that people have on disk, and the small GLM that this project trains and ships.
//!
//! In: a checkpoint's folder or GGUF file; or a text and the glosses that may come out. Out: logits, generated text; or
//! a sign sentence as glosses. Never: knows the lexicon, checks what is grounded, opens the network.
//!
//! Read in this order: `config` (what a checkpoint says of itself), `rotary`, `model` (one implementation of the
//! family), `load` (from folder or file), `chat` (how each member is spoken to), `talk` (an answer to a
//! conversation), `export` (to quantised files), then `blank`, the small GLM.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod blank;
mod chat;
mod config;
mod error;
mod export;
mod load;
mod model;
mod rotary;
mod talk;

pub use chat::{ChatFormat, Role, Turn};
pub use config::{Activation, Blueprint, ChatGlmConfig, GlmConfig, RopeParameters};
pub use error::GlmError;
pub use export::write_random_gguf;
pub use load::{Checkpoint, LoadOptions};
pub use model::Glm;
pub use talk::{Said, Talk};

/// How a text is generated: named here so that who only talks to a model need not know more than this crate.
pub use inference::{GenerationOptions, InferenceError, ListForm, StopReason};
