//! Recordings of people in, poses of a body out.
//!
//! In: BVH, animated glTF or GLB, `.pose`, by whatever program wrote them. Out: a [`Clip`] of [`PoseFrame`]s of a body.
//! Never: trusts a rest pose to be a T-pose, a rig to have all bones, or a number to be one.
//!
//! Read in this order: `rig` (a skeleton through time, and its way onto a body), `naming` (whose bone is which), then one
//! file a format: `bvh`, `gltf`, `pose`.

mod bvh;
mod gltf;
mod naming;
mod pose;
mod rig;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use signing::{Bone, PoseFrame};

use crate::Body;

/// A recording on a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// Its file.
    pub path: PathBuf,
    /// Poses, each at its own time from the recording's beginning; what could not be read is left out.
    pub frames: Vec<PoseFrame>,
    /// Bones that signing needs and the recording lacks: they stay as in T-pose.
    pub missing: Vec<Bone>,
    /// What was left out, and why.
    pub complaints: Vec<ClipComplaint>,
}

/// Something in a recording that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipComplaint {
    /// The file.
    pub path: PathBuf,
    /// Which frame, from 0; `None` for the whole file.
    pub frame: Option<usize>,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for ClipComplaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(frame) = self.frame {
            write!(f, ", frame {frame}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Why a recording cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file isn't what its name says.
    #[error("{path}{}: found {found}, expected {expected}", Place(*.line))]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Line, from 1; `None` for a binary file.
        line: Option<usize>,
        /// What was there.
        found: String,
        /// What should be there.
        expected: String,
    },
    /// The skeleton lacks what signing cannot do without.
    #[error("{path}: the recording has no {bones}; its joints are {joints}")]
    NoArms {
        /// Which file.
        path: PathBuf,
        /// What is missing.
        bones: String,
        /// What there is.
        joints: String,
    },
    /// No frame is left.
    #[error("{path}: none of its {frames} frames can be used: {first}")]
    NoFrames {
        /// Which file.
        path: PathBuf,
        /// How many there were.
        frames: usize,
        /// What is wrong with the first of them.
        first: String,
    },
    /// A kind of file that isn't read.
    #[error("{path}: recordings are read from .bvh, .glb, .gltf and .pose")]
    Kind {
        /// Which file.
        path: PathBuf,
    },
}

/// A line of a file, where there is one.
struct Place(Option<usize>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// Whether a file's name is one of a recording.
pub fn is_clip(path: &Path) -> bool {
    kind_of(path).is_some()
}

#[derive(Clone, Copy)]
enum ClipKind {
    Bvh,
    Gltf,
    Pose,
}

fn kind_of(path: &Path) -> Option<ClipKind> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "bvh" => Some(ClipKind::Bvh),
        "glb" | "gltf" => Some(ClipKind::Gltf),
        "pose" => Some(ClipKind::Pose),
        _ => None,
    }
}

/// Reads a recording onto a body.
///
/// # Errors
/// [`ImportError`]: a file that can't be read, isn't what its name says, has no arms, or no frame that can be used.
pub fn read_clip(path: &Path, body: &Body) -> Result<Clip, ImportError> {
    let kind = kind_of(path).ok_or_else(|| ImportError::Kind { path: path.to_owned() })?;
    let bytes = std::fs::read(path).map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
    let clip = match kind {
        ClipKind::Bvh => bvh::read(path, &bytes)?.onto(path, body)?,
        ClipKind::Gltf => gltf::read(path, &bytes)?.onto(path, body)?,
        ClipKind::Pose => pose::read(path, &bytes, body)?,
    };
    match clip.frames.is_empty() {
        false => Ok(clip),
        true => Err(ImportError::NoFrames {
            path: path.to_owned(),
            frames: clip.complaints.iter().filter(|complaint| complaint.frame.is_some()).count(),
            first: clip.complaints.first().map_or_else(|| "there is none".to_owned(), |first| first.what.clone()),
        }),
    }
}

#[cfg(test)]
mod tests;
