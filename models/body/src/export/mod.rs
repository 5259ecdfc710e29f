//! Poses in, files of other people's formats out.
//!
//! In: a [`Body`] or the avatar's own file, and [`PoseFrame`]s at a constant rate. Out: bytes in a
//! writer. Never: opens the file it writes, renames, resamples.
//!
//! Read in this order: `holistic` (what each point of the field's layout is on a body), `pose`
//! (its binary), `bvh`, `glb` (the avatar with the motion in it).

mod bvh;
mod error;
mod glb;
mod holistic;
mod pose;

use std::{
    io::{BufWriter, Write},
    path::Path,
};

use signing::{FrameRate, PoseFrame};

pub use bvh::write_bvh;
pub use error::ExportError;
pub use glb::write_glb;
pub use pose::write_pose;

use crate::Body;

/// A format that poses are written in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PoseFormat {
    /// `.pose`: the binary of the Python library `pose-format`, version 0.2, holistic layout.
    Pose,
    /// `.bvh`: Biovision hierarchy, centimetres and degrees.
    Bvh,
    /// `.glb`: the avatar itself with the motion as a glTF animation.
    Glb,
}

impl PoseFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pose, Self::Bvh, Self::Glb];

    /// The format of a file of this name, by its extension in any case; `None` if it is none of these.
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Self::ALL.into_iter().find(|format| format.extension().eq_ignore_ascii_case(extension))
    }

    /// Its file name's extension, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pose => "pose",
            Self::Bvh => "bvh",
            Self::Glb => "glb",
        }
    }
}

/// Writes `frames` to `out` as `format`.
///
/// `avatar` is the file that `body` was read from; only [`PoseFormat::Glb`] opens it.
///
/// # Errors
/// As [`write_pose`], [`write_bvh`] and [`write_glb`].
pub fn write<'a>(
    format: PoseFormat,
    out: impl Write,
    body: &Body,
    avatar: &Path,
    rate: FrameRate,
    frames: impl IntoIterator<Item = &'a PoseFrame>,
) -> Result<(), ExportError> {
    match format {
        PoseFormat::Pose => write_pose(out, body, rate, frames),
        PoseFormat::Bvh => write_bvh(out, body, rate, frames),
        PoseFormat::Glb => write_glb(out, avatar, rate, frames),
    }
}

/// The frames if there are any, all numbers are finite, and each follows the last by one frame's time.
fn checked<'a>(
    rate: FrameRate,
    frames: impl IntoIterator<Item = &'a PoseFrame>,
) -> Result<Vec<&'a PoseFrame>, ExportError> {
    let frames: Vec<&PoseFrame> = frames.into_iter().collect();
    let first = frames.first().ok_or(ExportError::NoFrames)?;
    for (index, frame) in frames.iter().enumerate() {
        let expected = rate.time_of(index as u64);
        let found = frame.time.0 - first.time.0;
        if found != expected.0 {
            return Err(ExportError::Uneven {
                index,
                found_secs: found.as_secs(),
                expected_secs: expected.0.as_secs(),
                rate,
            });
        }
        let finite = frame.hips.is_finite()
            && frame.rotations.iter().all(|rotation| rotation.is_normalized())
            && frame.face.iter().all(|weight| weight.is_finite());
        if !finite {
            return Err(ExportError::NotAPose { index });
        }
    }
    Ok(frames)
}

/// Runs `fill` on a buffered `out` and makes sure that all of it has arrived.
fn buffered<W: Write>(out: W, fill: impl FnOnce(&mut BufWriter<W>) -> std::io::Result<()>) -> Result<(), ExportError> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    fill(&mut out).and_then(|()| out.flush()).map_err(ExportError::Write)
}

#[cfg(test)]
mod tests;
