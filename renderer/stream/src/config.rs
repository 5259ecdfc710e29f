//! What an encoder is asked for, checked before anything is opened.

use signing::FrameRate;

use crate::{error::StreamError, format::OutputFormat, metadata::Metadata};

/// Shortest side of a picture, in pixels.
pub const MIN_SIDE: u32 = 16;
/// Longest side of a picture, in pixels: 8K.
pub const MAX_SIDE: u32 = 7680;

/// Whether pictures have something to see through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Transparency {
    /// Alpha is ignored: every pixel counts as opaque.
    #[default]
    Opaque,
    /// Straight alpha is kept.
    Alpha,
}

/// What the encoder is tuned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Latency {
    /// Quality for its size; the encoder may look some frames ahead.
    #[default]
    File,
    /// Each frame comes out before the next goes in.
    Live,
}

/// What to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncoderConfig {
    /// Width in pixels, [`MIN_SIDE`] to [`MAX_SIDE`].
    pub width: u32,
    /// Height in pixels, [`MIN_SIDE`] to [`MAX_SIDE`].
    pub height: u32,
    /// Frames a second.
    pub rate: FrameRate,
    /// Container and codec.
    pub format: OutputFormat,
    /// Whether alpha is kept.
    pub transparency: Transparency,
    /// What the encoder is tuned for.
    pub latency: Latency,
    /// What the file says about itself.
    pub metadata: Metadata,
}

impl EncoderConfig {
    /// A stream that is seen as it comes: H.264, opaque, nothing held back.
    pub(crate) const fn live(size: (u32, u32), rate: FrameRate, metadata: Metadata) -> Self {
        Self {
            width: size.0,
            height: size.1,
            rate,
            format: OutputFormat::Mp4,
            transparency: Transparency::Opaque,
            latency: Latency::Live,
            metadata,
        }
    }

    /// Checks everything that can be known without opening a file, so that a wrong request is
    /// refused before the first frame is rendered.
    ///
    /// Errors: [`StreamError::Size`], [`StreamError::OddSize`], [`StreamError::NoAlpha`],
    /// [`StreamError::Metadata`], [`StreamError::MissingEncoder`].
    pub fn validate(&self) -> Result<(), StreamError> {
        let Self { width, height, format, .. } = *self;
        let allowed = MIN_SIDE..=MAX_SIDE;
        if !allowed.contains(&width) || !allowed.contains(&height) {
            return Err(StreamError::Size { width, height });
        }
        if self.transparency == Transparency::Alpha && !format.has_alpha() {
            return Err(StreamError::NoAlpha { format });
        }
        if format.needs_even_sides() && (width % 2 != 0 || height % 2 != 0) {
            return Err(StreamError::OddSize { width, height, format });
        }
        self.metadata.validate()?;
        crate::codec::plan(self).find_encoder(format).map(drop)
    }
}
