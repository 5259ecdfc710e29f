//! What the linked FFmpeg can do, for `shouyu doctor`.

use ffmpeg_next::{codec, format, software::scaling, util};

use crate::{codec::needed_encoders, ffi, format::OutputFormat};

/// What the linked FFmpeg can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The linked libraries, name and version, such as `("libavcodec", "59.37.100")`.
    pub libraries: Vec<(&'static str, String)>,
    /// The encoders that output formats need.
    pub encoders: Vec<EncoderStatus>,
}

/// Whether one encoder is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncoderStatus {
    /// FFmpeg's name of the encoder.
    pub encoder: &'static str,
    /// The format that needs it.
    pub format: OutputFormat,
    /// Whether the linked FFmpeg has it.
    pub present: bool,
    /// Debian package to install if not.
    pub package: &'static str,
}

/// Asks the linked FFmpeg; opens nothing.
pub fn capabilities() -> Capabilities {
    ffi::init();
    let libraries = [
        ("libavutil", util::version()),
        ("libavcodec", codec::version()),
        ("libavformat", format::version()),
        ("libswscale", scaling::version()),
    ];
    Capabilities {
        libraries: libraries.map(|(name, version)| (name, dotted(version))).to_vec(),
        encoders: needed_encoders()
            .map(|(format, encoder, package)| EncoderStatus {
                encoder,
                format,
                present: codec::encoder::find_by_name(encoder).is_some(),
                package,
            })
            .to_vec(),
    }
}

/// FFmpeg packs versions as `major << 16 | minor << 8 | micro`.
fn dotted(version: u32) -> String {
    format!("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_ffmpeg_packs_them() {
        assert_eq!(dotted(59 << 16 | 37 << 8 | 100), "59.37.100");
    }

    #[test]
    fn each_format_has_an_encoder_in_this_build() {
        let found = capabilities();
        assert_eq!(found.encoders.iter().map(|status| status.format).collect::<Vec<_>>(), OutputFormat::ALL);
        for status in found.encoders {
            assert!(status.present, "{status:?}");
        }
        assert_eq!(found.libraries.len(), 4);
    }
}
