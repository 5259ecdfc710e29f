//! H.264 High, 4:2:0, by x264.

use ffmpeg_next::{codec::threading, format::Pixel};

use super::{CodecPlan, THREADS, two_seconds};
use crate::config::{EncoderConfig, Latency};

pub(super) const ENCODER: &str = "libx264";
pub(super) const PACKAGE: &str = "libavcodec-extra";

/// Constant quality: hands and faces stay clean at a sixth of the screen.
const CRF: u32 = 20;

pub(super) fn plan(config: &EncoderConfig) -> CodecPlan {
    let mut options = vec![
        ("preset", "veryfast".to_owned()),
        ("profile", "high".to_owned()),
        ("crf", CRF.to_string()),
        // Without B-frames decoding order is display order: the file starts at zero without an edit list.
        ("bf", "0".to_owned()),
    ];
    if config.latency == Latency::Live {
        options.push(("tune", "zerolatency".to_owned()));
        // Key frames stand where a receiver expects them and nowhere else.
        options.push(("x264-params", "scenecut=0".to_owned()));
    }
    CodecPlan {
        encoder: ENCODER,
        package: PACKAGE,
        pixel: Pixel::YUV420P,
        key_interval: two_seconds(config),
        fixed_quantizer: None,
        threading: threading::Config::count(THREADS),
        options,
        stream_metadata: &[],
    }
}
