//! sRGB pixels to the YUV of BT.709 and back; for JPEG to its own.
//!
//! Values are passed through the matrix as they are: sRGB and BT.709 share primaries and white, and
//! video players treat both transfer curves alike.

use ffmpeg_next::{
    self as ffmpeg,
    format::Pixel,
    frame,
    software::scaling::{self, Flags},
};

use crate::{bleed::EdgeBleed, ffi};

/// Bytes of one RGBA pixel.
const RGBA_BYTES: usize = 4;

/// Converts pictures of one size between two pixel formats, one of them RGBA.
pub(crate) struct Converter {
    scaler: scaling::Context,
    /// Kept from picture to picture: memory that is written every time, allocated once.
    rgba: frame::Video,
    /// For formats that keep alpha beside halved colour.
    bleed: Option<EdgeBleed>,
}

// SAFETY: the scaler is a plain allocation without ties to the thread that made it, and is only used
// through `&mut self`.
#[expect(unsafe_code, reason = "the binding's scaler holds a raw pointer and says nothing about threads")]
unsafe impl Send for Converter {}

impl Converter {
    /// From RGBA to `pixel`.
    pub(crate) fn from_rgba(pixel: Pixel, width: u32, height: u32) -> Result<Self, ffmpeg::Error> {
        // All chroma samples of a pair take part, rounded rather than cut.
        Self::new(Pixel::RGBA, pixel, width, height, Flags::BILINEAR | Flags::FULL_CHR_H_INP | Flags::ACCURATE_RND)
    }

    /// From `pixel` to RGBA.
    pub(crate) fn to_rgba(pixel: Pixel, width: u32, height: u32) -> Result<Self, ffmpeg::Error> {
        Self::new(pixel, Pixel::RGBA, width, height, Flags::BILINEAR | Flags::FULL_CHR_H_INT | Flags::ACCURATE_RND)
    }

    fn new(from: Pixel, to: Pixel, width: u32, height: u32, flags: Flags) -> Result<Self, ffmpeg::Error> {
        let mut scaler = scaling::Context::get(from, width, height, to, width, height, flags)?;
        ffi::set_matrix(&mut scaler)?;
        let bleed = (to == Pixel::YUVA420P).then(EdgeBleed::default);
        Ok(Self { scaler, rgba: allocate(Pixel::RGBA, width, height)?, bleed })
    }

    /// Converts `[height, width, 4]` bytes into `out`, whose pixel format and size must be those of the converter.
    pub(crate) fn encode(&mut self, rgba: &[u8], out: &mut frame::Video) -> Result<(), ffmpeg::Error> {
        let row = self.rgba.width() as usize * RGBA_BYTES;
        let stride = self.rgba.stride(0);
        for (to, from) in self.rgba.data_mut(0).chunks_exact_mut(stride).zip(rgba.chunks_exact(row)) {
            to[..row].copy_from_slice(from);
        }
        if let Some(bleed) = &mut self.bleed {
            bleed.apply(self.rgba.data_mut(0), row / RGBA_BYTES, stride);
        }
        self.scaler.run(&self.rgba, out)
    }

    /// Converts `picture` into `[height, width, 4]` bytes.
    pub(crate) fn decode(&mut self, picture: &frame::Video) -> Result<Vec<u8>, ffmpeg::Error> {
        self.scaler.run(picture, &mut self.rgba)?;
        let row = self.rgba.width() as usize * RGBA_BYTES;
        let stride = self.rgba.stride(0);
        Ok(self.rgba.data(0).chunks_exact(stride).flat_map(|padded| &padded[..row]).copied().collect())
    }
}

/// A picture with memory for its pixels.
pub(crate) fn allocate(pixel: Pixel, width: u32, height: u32) -> Result<frame::Video, ffmpeg::Error> {
    let picture = frame::Video::new(pixel, width, height);
    if ffi::is_allocated(&picture) { Ok(picture) } else { Err(ffmpeg::Error::Other { errno: ffmpeg::error::ENOMEM }) }
}
