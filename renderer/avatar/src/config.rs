//! What is drawn, how large, and onto what.

use std::path::PathBuf;

use crate::{AvatarError, View};

/// Smallest side of a picture, pixels.
pub const MIN_SIDE: u32 = 16;
/// Largest side of a picture, pixels: half of what WebGPU guarantees for a texture, because
/// pictures may be drawn at twice their size.
pub const MAX_SIDE: u32 = 4096;
/// Most frames that may be on their way at once.
pub const MAX_LOOKAHEAD: usize = 16;

/// How a renderer is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct RendererConfig {
    /// Width and height of every picture, pixels: [`MIN_SIDE`] to [`MAX_SIDE`].
    pub size: (u32, u32),
    /// What is behind the avatar.
    pub background: Background,
    /// What the camera sees.
    pub view: View,
    /// How edges are smoothed.
    pub antialias: Antialias,
    /// The avatar's file: VRM 1.0, or a GLB whose bones are named or mapped as VRM names them.
    pub avatar: PathBuf,
    /// Most frames on their way at once, 1 to [`MAX_LOOKAHEAD`]. At 1 each `push` is answered by the
    /// next `step`; at 2 or more the picture of one pose is drawn while the next is prepared.
    pub lookahead: usize,
}

impl RendererConfig {
    /// The default picture of `avatar`: a portrait before a plain light grey.
    pub fn new(size: (u32, u32), avatar: impl Into<PathBuf>) -> Self {
        Self {
            size,
            background: Background::default(),
            view: View::Portrait,
            antialias: Antialias::default(),
            avatar: avatar.into(),
            lookahead: 2,
        }
    }

    pub(crate) fn check(&self) -> Result<(), AvatarError> {
        let (width, height) = self.size;
        let fits = MIN_SIDE..=MAX_SIDE;
        if !fits.contains(&width) || !fits.contains(&height) {
            return Err(AvatarError::Size { width, height, min: MIN_SIDE, max: MAX_SIDE });
        }
        if !(1..=MAX_LOOKAHEAD).contains(&self.lookahead) {
            return Err(AvatarError::Lookahead { found: self.lookahead, max: MAX_LOOKAHEAD });
        }
        Ok(())
    }
}

/// What is behind the avatar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// One opaque colour, sRGB.
    Color([u8; 3]),
    /// Nothing: straight alpha, 0 where the avatar isn't.
    Transparent,
}

impl Default for Background {
    fn default() -> Self {
        Self::Color([214, 219, 226])
    }
}

/// How edges are smoothed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Antialias {
    /// Not at all.
    Off,
    /// Silhouettes fade over one pixel. Costs next to nothing; for streams.
    #[default]
    Edges,
    /// Silhouettes fade, and all is drawn at twice the width and height and averaged: smooth
    /// within the face and the hands too, at about three times the cost; for stills.
    Supersample2,
}

impl Antialias {
    /// Drawn pixels along one side of a pixel.
    pub(crate) const fn scale(self) -> u32 {
        match self {
            Self::Supersample2 => 2,
            Self::Off | Self::Edges => 1,
        }
    }

    /// Whether silhouettes fade.
    pub(crate) const fn fades(self) -> bool {
        match self {
            Self::Off => false,
            Self::Edges | Self::Supersample2 => true,
        }
    }
}
