//! Whisper in candle.
//!
//! In: a log mel spectrogram, token ids. Out: logits. `config` (what a checkpoint says of itself), `encoder`,
//! `decoder`, `checkpoint` (a folder → a network), `decode` (the loop that chooses).

mod checkpoint;
mod config;
mod decode;
mod decoder;
mod encoder;
mod ops;

pub use checkpoint::{Numbers, Whisper};
pub(crate) use decode::{Decoded, Piece, Request};
pub(crate) use encoder::Encoded;

#[cfg(test)]
mod tests;
