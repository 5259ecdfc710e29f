//! What every network of this project needs to run: a device, mapped weights, tokenizers, caches, sampling.
//!
//! In: checkpoint files (safetensors, GGUF), tokenizer files, a choice of device. Out: tensors and
//! linear layers by their names in the file, token ids and text, one sampled token at a time.
//! Never: knows a model family, opens the network, trains.
//!
//! Read in this order: `device` (where it runs), `weights` (what is loaded, from which file), `linear` (dense or
//! quantised; `kernels` for processors whose quantised products candle takes row by row), `cache` (keys and values of past positions), `tokenizer` (text and ids), `sampling` (the next id),
//! `generate` (the loop that joins them), `answer` (what may be said at all).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod answer;
mod cache;
mod device;
mod error;
mod generate;
mod gguf;
#[cfg_attr(not(target_arch = "x86_64"), path = "kernels/none.rs")]
mod kernels;
mod linear;
mod sampling;
mod tiktoken;
mod tokenizer;
mod weights;

pub use answer::{Guide, ListForm, Pieces};
pub use cache::LayerCache;
pub use device::DeviceChoice;
pub use error::InferenceError;
pub use generate::{Generation, GenerationOptions, LanguageModel, StopReason};
pub use gguf::GgufFile;
pub use linear::{Linear, Table};
pub use sampling::{Allowed, Sampler, SamplingOptions};
pub use tokenizer::{GgufTokens, Tokenizer};
pub use weights::{Precision, Quantisation, SafetensorsFile, Weights, write_gguf};

/// What `candle` calls a device and a tensor: named here so that a family's crate and its callers mean the same version.
pub use candle_core::{DType, Device, Tensor};
