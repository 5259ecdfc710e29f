//! What can go wrong between sound and text.

use std::path::PathBuf;

use inference::InferenceError;
use signing::SourceTime;

use crate::audio::{MAX_RATE, MIN_RATE};

/// Why sound could not become text.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// A sample rate that no speech has.
    #[error("sample rate {found} Hz: expected {MIN_RATE} to {MAX_RATE} Hz; convert the sound first")]
    Rate {
        /// Hertz found.
        found: u32,
    },
    /// More channels than two, or none.
    #[error("{found} channels: expected one or two; mix the sound down first")]
    Channels {
        /// Channels found.
        found: u16,
    },
    /// A sample that is no number.
    #[error("sample {index} of the chunk at {:.3} s is {found}: expected a finite number", at.as_secs())]
    NotFinite {
        /// Which sample of the chunk, all channels counted.
        index: usize,
        /// What it is.
        found: f32,
        /// When the chunk begins.
        at: SourceTime,
    },
    /// Samples that don't fill the channels.
    #[error("{samples} samples do not divide into {channels} channels: the chunk is cut in the middle of a sample")]
    Uneven {
        /// Samples found.
        samples: usize,
        /// Channels named.
        channels: u16,
    },
    /// No checkpoint where one was looked for.
    #[error("{}: no speech model here ({missing} is missing); run `cargo xtask setup`, or name the folder of a Whisper checkpoint", path.display())]
    NoModel {
        /// The folder.
        path: PathBuf,
        /// The file that is missing.
        missing: &'static str,
    },
    /// A checkpoint's file that says something impossible.
    #[error("{}: {found}; expected {expected}", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What was found.
        found: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A language that the checkpoint does not speak.
    #[error("this speech model has no language “{found}”: a model whose name ends in .en speaks English only")]
    Language {
        /// What was asked for.
        found: String,
    },
    /// A file that can't be read or written.
    #[error("{}: {doing} failed: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// As many listeners as this machine can serve.
    #[error("{found} streams are being listened to, and {limit} is the limit: try again when one has ended")]
    Busy {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Weights and tokenizers.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// Arithmetic that failed: out of memory, or a bug.
    #[error("tensor arithmetic failed: {0}")]
    Tensor(#[from] candle_core::Error),
}
