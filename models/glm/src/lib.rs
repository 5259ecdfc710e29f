//! The GLM family: checkpoints that people have on disk, and the small GLM that this project trains and ships.
//!
//! In: a checkpoint's folder or GGUF file; or a text and the glosses that may come out. Out: logits, generated text; or
//! a sign sentence as glosses. Never: knows the lexicon, checks what is grounded, opens the network.
//!
//! Read in this order: `config` (what a checkpoint says of itself), `rotary`, `model` (one implementation of the
//! family), `load` (from folder or file), `chat` (how each member is spoken to), `export` (to quantised
//! files), then `blank`, the small GLM.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod blank;
mod chat;
mod config;
mod error;
mod export;
mod load;
mod model;
mod rotary;

pub use chat::{ChatFormat, Role, Turn};
pub use config::{Activation, Blueprint, ChatGlmConfig, GlmConfig, RopeParameters};
pub use error::GlmError;
pub use export::write_random_gguf;
pub use load::{Checkpoint, LoadOptions};
pub use model::Glm;
