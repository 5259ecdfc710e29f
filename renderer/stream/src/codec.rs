//! How each codec is set up: one kind a file.

mod h264;
mod jpeg;
mod prores;
mod vp9;

use ffmpeg_next::{Codec, codec::threading, format::Pixel};

use crate::{config::EncoderConfig, error::StreamError, format::OutputFormat};

/// Encoder threads: frames of 720p gain nothing from more, and the renderer needs cores too.
const THREADS: usize = 2;

/// Everything FFmpeg must be told about one video encoder.
#[derive(Debug, Clone)]
pub(crate) struct CodecPlan {
    /// FFmpeg's name of the encoder.
    pub(crate) encoder: &'static str,
    /// Debian package that brings it.
    pub(crate) package: &'static str,
    /// Pixels that go in.
    pub(crate) pixel: Pixel,
    /// Frames from one key frame to the next.
    pub(crate) key_interval: u32,
    /// Quantiser that holds for all blocks, on the codec's own scale, instead of rate control.
    pub(crate) fixed_quantizer: Option<u8>,
    /// How work is split.
    pub(crate) threading: threading::Config,
    /// Private options, name and value.
    pub(crate) options: Vec<(&'static str, String)>,
    /// Metadata that belongs to the video stream, not to the file.
    pub(crate) stream_metadata: &'static [(&'static str, &'static str)],
}

impl CodecPlan {
    /// Looks the encoder up in the linked FFmpeg.
    pub(crate) fn find_encoder(&self, format: OutputFormat) -> Result<Codec, StreamError> {
        let &Self { encoder, package, .. } = self;
        ffmpeg_next::encoder::find_by_name(encoder).ok_or(StreamError::MissingEncoder { encoder, format, package })
    }
}

/// The codec that `config` asks for.
pub(crate) fn plan(config: &EncoderConfig) -> CodecPlan {
    match config.format {
        OutputFormat::Mp4 => h264::plan(config),
        OutputFormat::Webm => vp9::plan(config),
        OutputFormat::Mov => prores::plan(config),
    }
}

/// Pictures that need no other to be shown.
pub(crate) fn jpeg() -> CodecPlan {
    jpeg::plan()
}

/// Frames in two seconds: how far a player must look back when it seeks.
fn two_seconds(config: &EncoderConfig) -> u32 {
    config.rate.num().saturating_mul(2).div_ceil(config.rate.den())
}

/// What every format needs: format, encoder, Debian package.
pub(crate) const fn needed_encoders() -> [(OutputFormat, &'static str, &'static str); 3] {
    [
        (OutputFormat::Mp4, h264::ENCODER, h264::PACKAGE),
        (OutputFormat::Webm, vp9::ENCODER, vp9::PACKAGE),
        (OutputFormat::Mov, prores::ENCODER, prores::PACKAGE),
    ]
}
