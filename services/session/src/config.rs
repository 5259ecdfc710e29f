//! What a session is asked for.

use std::path::PathBuf;

use signing::{FrameRate, Side};

/// What lies behind the signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// One sRGB colour.
    Color([u8; 3]),
    /// Nothing: straight alpha.
    Transparent,
}

/// How the picture looks.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureConfig {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// What lies behind the signer.
    pub background: Background,
    /// The avatar's file.
    pub avatar: PathBuf,
    /// The side of the dominant hand.
    pub dominant: Side,
    /// Seed of blinks and breathing.
    pub seed: u64,
    /// Who shapes the motion.
    pub head: motion::HeadChoice,
    /// Whether the mark stays throughout instead of at the start alone.
    pub mark: stream::mark::MarkSpan,
}

/// What a session is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionConfig {
    /// How the picture looks.
    pub picture: PictureConfig,
    /// Packs stacked on top of the core pack, the last one first in precedence.
    pub packs: Vec<PathBuf>,
    /// How names and words without a sign are spelled.
    pub spelling: understanding::Spelling,
}

impl SessionConfig {
    /// Longest text of one push, in characters: about three quarters of an hour of signing.
    pub const MAX_CHARACTERS: usize = 10_000;
}
