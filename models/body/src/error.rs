//! What can go wrong in reading a body.

use std::{io, path::PathBuf};

/// Why no body could be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The file can't be read.
    #[error("cannot read avatar {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The default avatar isn't in the cache.
    #[error("the default avatar is not at {path}: run `cargo xtask setup`, which builds it")]
    NotBuilt {
        /// Where it should be.
        path: PathBuf,
    },
    /// No folder to look for the cache in.
    #[error("no cache folder: set SHOUYU_CACHE, XDG_CACHE_HOME or HOME")]
    NoCacheDir,
}
