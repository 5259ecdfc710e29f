//! What can go wrong in writing poses.

use std::io;

use signing::FrameRate;

use crate::BodyError;

/// Why poses could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is nothing to write.
    #[error("no frames to export: a file needs at least one; give a sentence that signs something")]
    NoFrames,
    /// A frame isn't where the rate puts it.
    #[error(
        "frame {index} is {found_secs:.6} s after the first; at {rate} frames a second it should be {expected_secs:.6} s after it: export frames of one constant rate, none left out"
    )]
    Uneven {
        /// Which frame, from zero.
        index: usize,
        /// Its time after the first frame's.
        found_secs: f64,
        /// The time that the rate gives it.
        expected_secs: f64,
        /// The rate asked for.
        rate: FrameRate,
    },
    /// A frame has a number that isn't finite or a rotation that isn't one.
    #[error("frame {index} is not a pose: its hips, rotations or face weights are not finite unit values")]
    NotAPose {
        /// Which frame, from zero.
        index: usize,
    },
    /// The format can't count so far.
    #[error("{frames} frames are more than a {format} file can hold: {limit}; export in parts")]
    TooLong {
        /// How many there are.
        frames: usize,
        /// The format's name.
        format: &'static str,
        /// What stands in the way.
        limit: &'static str,
    },
    /// The avatar can't be read.
    #[error(transparent)]
    Avatar(#[from] BodyError),
    /// The output takes no more.
    #[error("cannot write the export: {0}")]
    Write(#[source] io::Error),
}
