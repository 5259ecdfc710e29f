//! What can go wrong between a pose and its picture.

use std::{io, path::PathBuf};

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum AvatarError {
    /// A size outside of what is drawn.
    #[error("picture size {width}×{height}: expected {min} to {max} pixels each way")]
    Size {
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
        /// Smallest side.
        min: u32,
        /// Largest side.
        max: u32,
    },
    /// A lookahead of no frames, or of too many.
    #[error("a lookahead of {found} frames: expected 1 to {max}")]
    Lookahead {
        /// Frames asked for.
        found: usize,
        /// Most frames.
        max: usize,
    },
    /// There is no window.
    #[error("no window: {reason}")]
    Window {
        /// Why, and what to do.
        reason: String,
    },
    /// The avatar file isn't there.
    #[error("no avatar at {path}: run `cargo xtask setup`, which builds the default one, or name another file")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The avatar file can't be read.
    #[error("cannot read avatar {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The avatar file isn't binary glTF.
    #[error(
        "avatar {path} is not a readable GLB or VRM file: {source}; build the default one with `cargo xtask setup`"
    )]
    Gltf {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: gltf::Error,
    },
    /// The avatar file is glTF, but not a human that can be drawn.
    #[error("avatar {path}: {found}; expected {expected}")]
    Model {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Nothing to draw with.
    #[error(
        "no Vulkan, Metal or DirectX adapter ({reason}): on Debian or Ubuntu install mesa-vulkan-drivers, \
         which draws on the CPU"
    )]
    NoAdapter {
        /// What the driver loader said.
        reason: String,
    },
    /// The adapter was there and refused.
    #[error("adapter {adapter} refused to open: {reason}")]
    Device {
        /// Which adapter.
        adapter: String,
        /// What it said.
        reason: String,
    },
    /// The adapter failed while drawing.
    #[error("drawing failed: {reason}; start the renderer again")]
    Draw {
        /// What it said.
        reason: String,
    },
    /// The adapter didn't answer.
    #[error("no picture for {seconds} s: the adapter hangs; start the renderer again")]
    Timeout {
        /// How long it was waited for.
        seconds: u64,
    },
    /// More poses waiting than allowed.
    #[error("{limit} frames are being drawn already: call `step` before the next `push`")]
    Backlog {
        /// The renderer's lookahead.
        limit: usize,
    },
    /// The renderer's thread has ended, after an error that was reported, or by a panic.
    #[error("the renderer has stopped: {reason}")]
    Stopped {
        /// Why, as far as known.
        reason: String,
    },
    /// The operating system gave no thread.
    #[error("cannot start the renderer's thread: {0}")]
    Thread(io::Error),
}
