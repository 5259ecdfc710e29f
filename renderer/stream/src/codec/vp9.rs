//! VP9, 4:2:0, with or without straight alpha, by libvpx.

use ffmpeg_next::{codec::threading, format::Pixel};

use super::{CodecPlan, THREADS, two_seconds};
use crate::config::{EncoderConfig, Latency, Transparency};

pub(super) const ENCODER: &str = "libvpx-vp9";
pub(super) const PACKAGE: &str = "libavcodec-extra";

/// Constant quality on libvpx's scale of 0 to 63.
const CRF: u32 = 24;

pub(super) fn plan(config: &EncoderConfig) -> CodecPlan {
    let (pixel, stream_metadata): (_, &[_]) = match config.transparency {
        Transparency::Opaque => (Pixel::YUV420P, &[]),
        // Without this entry players ignore the second, alpha half of each block.
        Transparency::Alpha => (Pixel::YUVA420P, &[("alpha_mode", "1")]),
    };
    let cpu_used = match config.latency {
        Latency::File => 6,
        Latency::Live => 8,
    };
    CodecPlan {
        encoder: ENCODER,
        package: PACKAGE,
        pixel,
        key_interval: two_seconds(config),
        fixed_quantizer: None,
        threading: threading::Config::count(THREADS),
        options: vec![
            // “good” makes files a third smaller at three times the cost.
            ("deadline", "realtime".to_owned()),
            ("cpu-used", cpu_used.to_string()),
            ("row-mt", "1".to_owned()),
            ("crf", CRF.to_string()),
            ("b", "0".to_owned()), // with `crf`: quality alone decides
            ("lag-in-frames", "0".to_owned()),
            ("auto-alt-ref", "0".to_owned()), // hidden frames and alpha exclude each other
        ],
        stream_metadata,
    }
}
