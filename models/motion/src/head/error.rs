//! What can go wrong with a head.

use std::path::{Path, PathBuf};

/// Why a head cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// A file that can't be read.
    #[error("cannot read {path}: {reason}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file that can't be written.
    #[error("cannot write {path}: {reason}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Weights that are no pose head, or one for another program.
    #[error("{name} does not fit: {reason}")]
    Weights {
        /// What they are called.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A training that can't go on from its state, or has nothing to learn from.
    #[error("{path}: {reason}")]
    State {
        /// The state's file.
        path: PathBuf,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The tensors' library failed.
    #[error("training failed: {0}")]
    Tensor(String),
}

impl HeadError {
    pub(crate) fn read(path: &Path, error: &std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), reason: error.to_string() }
    }

    pub(crate) fn write(path: &Path, error: &std::io::Error) -> Self {
        Self::Write { path: path.to_owned(), reason: error.to_string() }
    }
}

impl From<candle_core::Error> for HeadError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error.to_string())
    }
}
