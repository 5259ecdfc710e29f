//! ProRes 4444, 10 bits, with or without straight alpha.

use ffmpeg_next::{
    codec::threading::{Config, Type},
    format::Pixel,
};

use super::{CodecPlan, THREADS};
use crate::config::{EncoderConfig, Transparency};

pub(super) const ENCODER: &str = "prores_ks";
pub(super) const PACKAGE: &str = "libavcodec-extra";

/// From 1, finest, to 224. Rate control would search for it slice by slice, at several times the cost.
const QUANTIZER: u8 = 2;

pub(super) fn plan(config: &EncoderConfig) -> CodecPlan {
    let (pixel, alpha_bits) = match config.transparency {
        Transparency::Opaque => (Pixel::YUV444P10LE, 0),
        Transparency::Alpha => (Pixel::YUVA444P10LE, 16),
    };
    CodecPlan {
        encoder: ENCODER,
        package: PACKAGE,
        pixel,
        key_interval: 1, // every frame stands alone
        fixed_quantizer: Some(QUANTIZER),
        threading: Config { kind: Type::Slice, ..Config::count(THREADS) },
        options: vec![
            ("profile", "4444".to_owned()),
            ("vendor", "apl0".to_owned()), // some editors refuse any other
            ("alpha_bits", alpha_bits.to_string()),
        ],
        stream_metadata: &[],
    }
}
