//! What keeps the demo from starting, or a review from being kept.

use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The port is taken, or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}: {source}; choose another with --port, or 0 for any")]
    Listen {
        /// The port.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server broke down.
    #[error("the demo's server ended: {0}")]
    Serve(#[source] std::io::Error),
    /// The avatar.
    #[error(transparent)]
    Body(#[from] body::BodyError),
    /// A body that can't sign.
    #[error(transparent)]
    Motion(#[from] motion::MotionError),
    /// A stage.
    #[error(transparent)]
    Session(#[from] session::SessionError),
    /// The file of the reviews.
    #[error("{path}: {source}; if it is no file of this program, name another folder with SHOUYU_CACHE")]
    Store {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A folder that can't be made.
    #[error("{path} can't be made: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A review that says too much, too little, or about nothing.
    #[error("{field}: {found}; expected {expected}")]
    Review {
        /// Which of its fields.
        field: &'static str,
        /// What it holds.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// More reviews than are kept.
    #[error(
        "{found} reviews are stored, as many as are kept: export them with `shouyu lexicon reviews --export json`, then move the file away"
    )]
    Full {
        /// How many.
        found: u64,
    },
    /// No home for the reviews.
    #[error("no folder for data: set SHOUYU_CACHE, XDG_DATA_HOME or HOME")]
    NoDataFolder,
}
