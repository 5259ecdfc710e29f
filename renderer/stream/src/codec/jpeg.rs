//! Motion JPEG, 4:2:0, by FFmpeg's own encoder.

use ffmpeg_next::{codec::threading, format::Pixel};

use super::CodecPlan;

const ENCODER: &str = "mjpeg";
const PACKAGE: &str = "libavcodec-extra";

/// Quality on FFmpeg's scale from 2 (best) to 31: fingers stay clean at a portrait's size.
const QUANTIZER: u8 = 4;

pub(super) fn plan() -> CodecPlan {
    CodecPlan {
        encoder: ENCODER,
        package: PACKAGE,
        pixel: Pixel::YUVJ420P,
        key_interval: 1,
        fixed_quantizer: Some(QUANTIZER),
        // More threads would hold a picture back until the next one comes.
        threading: threading::Config::count(1),
        options: Vec::new(),
        stream_metadata: &[],
    }
}
