//! Reads what a file holds, for tests, `doctor` and the curious.

use std::{collections::BTreeMap, path::Path};

use ffmpeg_next::{self as ffmpeg, Packet, Rational, codec, format, media};
use signing::Flicks;

use crate::{error::StreamError, ffi};

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub container: String,
    /// FFmpeg's name of the video codec, such as `h264`.
    pub codec: String,
    /// Profile, as FFmpeg writes it in Rust, such as `H264(High)`.
    pub profile: String,
    /// FFmpeg's name of the pixel format of the stream. VP9 keeps alpha apart: see [`has_alpha`](Self::has_alpha).
    pub pixel_format: String,
    /// Whether the stream has alpha.
    pub has_alpha: bool,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Colour range, as FFmpeg names it: `tv` is limited.
    pub color_range: Option<String>,
    /// Colour matrix, as FFmpeg names it.
    pub color_space: Option<String>,
    /// Colour primaries, as FFmpeg names them.
    pub color_primaries: Option<String>,
    /// Transfer curve, as FFmpeg names it.
    pub color_transfer: Option<String>,
    /// The stream's tick in seconds, as a fraction.
    pub time_base: (i32, i32),
    /// Average rate the container gives, as a fraction.
    pub average_rate: (i32, i32),
    /// Length of the container.
    pub duration: Flicks,
    /// Frames in order of display.
    pub frames: Vec<FrameTiming>,
    /// Metadata of the file, keys as found.
    pub metadata: BTreeMap<String, String>,
}

/// When a frame is shown, in ticks of [`Probe::time_base`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTiming {
    /// Start.
    pub pts: i64,
    /// Length.
    pub duration: i64,
}

impl Probe {
    /// A metadata value; the case of the key does not matter, as Matroska writes all keys upper-case.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.iter().find(|(found, _)| found.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }
}

/// Reads the headers and the times of all packets of the first video stream.
///
/// Errors: [`StreamError::Unwritable`] never; [`StreamError::Io`] if the path can't be given to FFmpeg,
/// [`StreamError::NoVideo`], [`StreamError::Ffmpeg`].
pub fn probe(path: impl AsRef<Path>) -> Result<Probe, StreamError> {
    let path = path.as_ref();
    let failed = |doing| move |source| StreamError::ffmpeg(path.to_owned(), doing, 0, source);
    let mut input = open(path)?;
    let stream = best_video(&input, path)?;
    let index = stream.index();
    let time_base = stream.time_base();
    let average_rate = stream.avg_frame_rate();
    let alpha_mode =
        stream.metadata().iter().any(|(key, value)| key.eq_ignore_ascii_case("alpha_mode") && value == "1");
    let video = codec::Context::from_parameters(stream.parameters())
        .and_then(|context| context.decoder().video())
        .map_err(failed("opening the decoder"))?;
    let pixel_format = video.format().descriptor().map_or_else(String::new, |found| found.name().to_owned());

    let mut frames = Vec::new();
    let mut packet = Packet::empty();
    loop {
        match packet.read(&mut input) {
            Ok(()) if packet.stream() == index => {
                let pts = packet.pts().or_else(|| packet.dts()).unwrap_or_default();
                frames.push(FrameTiming { pts, duration: packet.duration() });
            }
            Ok(()) => {}
            Err(ffmpeg::Error::Eof) => break,
            Err(source) => return Err(failed("reading a packet")(source)),
        }
    }
    frames.sort_by_key(|frame| frame.pts);

    Ok(Probe {
        container: input.format().name().to_owned(),
        codec: video.id().name().to_owned(),
        profile: format!("{:?}", video.profile()),
        has_alpha: alpha_mode || pixel_format.starts_with("yuva"),
        pixel_format,
        width: video.width(),
        height: video.height(),
        color_range: video.color_range().name().map(str::to_owned),
        color_space: video.color_space().name().map(str::to_owned),
        color_primaries: video.color_primaries().name().map(str::to_owned),
        color_transfer: video.color_transfer_characteristic().name().map(str::to_owned),
        time_base: (time_base.numerator(), time_base.denominator()),
        average_rate: (average_rate.numerator(), average_rate.denominator()),
        duration: flicks(input.duration(), Rational::new(1, ffmpeg::ffi::AV_TIME_BASE)),
        frames,
        metadata: input.metadata().iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
    })
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> Result<format::context::Input, StreamError> {
    ffi::init();
    // Absolute and UTF-8: FFmpeg takes `a:b` as a protocol, and the binding panics on other bytes.
    let absolute = path.canonicalize().map_err(|source| StreamError::Io {
        path: path.to_owned(),
        doing: "opening the file",
        source,
    })?;
    let Some(name) = absolute.to_str() else {
        let source = std::io::Error::new(std::io::ErrorKind::InvalidFilename, "its name is not valid UTF-8");
        return Err(StreamError::Io { path: path.to_owned(), doing: "opening the file", source });
    };
    format::input(name).map_err(|source| match source {
        ffmpeg::Error::InvalidData => StreamError::NoMedia { path: path.to_owned() },
        source => StreamError::ffmpeg(path.to_owned(), "reading the container", 0, source),
    })
}

/// The stream that a player would show.
pub(crate) fn best_video<'a>(
    input: &'a format::context::Input,
    path: &Path,
) -> Result<ffmpeg::Stream<'a>, StreamError> {
    input.streams().best(media::Type::Video).ok_or_else(|| StreamError::NoVideo { path: path.to_owned() })
}

/// `ticks` of `time_base` seconds, rounded to the nearest flick.
pub(crate) fn flicks(ticks: i64, time_base: Rational) -> Flicks {
    let numerator = i128::from(ticks) * i128::from(Flicks::PER_SECOND) * i128::from(time_base.numerator());
    let denominator = i128::from(time_base.denominator()).max(1);
    let rounded = (numerator + denominator / 2).div_euclid(denominator);
    Flicks(i64::try_from(rounded).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_become_flicks_exactly_where_they_can() {
        assert_eq!(flicks(1, Rational::new(1, 1_000)), Flicks::from_millis(1));
        assert_eq!(flicks(1_001 * 7, Rational::new(1, 30_000)), Flicks(23_543_520 * 7));
        assert_eq!(flicks(-1, Rational::new(1, 25)), Flicks(-28_224_000));
    }
}
