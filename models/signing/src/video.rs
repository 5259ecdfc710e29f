//! One picture.

use crate::time::OutputTime;

/// One RGBA picture and its time.
///
/// Pixels are sRGB, 8 bits a channel, straight (not premultiplied) alpha, rows from top to bottom
/// without padding: `[height, width, 4]`. Frames move; they are never written as JSON or sent over gRPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoFrame {
    time: OutputTime,
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

/// Why pixels are not a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VideoError {
    /// The buffer does not fit the size.
    #[error("a picture of {width}×{height} takes {expected} bytes of RGBA, {found} were given")]
    Length {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// `width × height × 4`.
        expected: u64,
        /// Bytes given.
        found: u64,
    },
}

impl VideoFrame {
    /// Takes `[height, width, 4]` bytes.
    ///
    /// Errors: [`VideoError::Length`] if `rgba` is of another length.
    pub fn new(time: OutputTime, width: u32, height: u32, rgba: Vec<u8>) -> Result<Self, VideoError> {
        let expected = u64::from(width) * u64::from(height) * 4;
        if rgba.len() as u64 != expected {
            return Err(VideoError::Length { width, height, expected, found: rgba.len() as u64 });
        }
        Ok(Self { time, width, height, rgba })
    }

    /// When it is shown.
    pub const fn time(&self) -> OutputTime {
        self.time
    }

    /// Pixels in a row.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, `[height, width, 4]`.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// The pixels, to be drawn on.
    pub fn rgba_mut(&mut self) -> &mut [u8] {
        &mut self.rgba
    }

    /// Gives the buffer back, to be used again.
    pub fn into_rgba(self) -> Vec<u8> {
        self.rgba
    }
}
