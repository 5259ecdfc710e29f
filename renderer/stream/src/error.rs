//! What can go wrong between a picture and a file.

use std::{io, path::PathBuf};

use ffmpeg_next as ffmpeg;
use signing::{Flicks, FrameRate, OutputTime};

use crate::{
    config::{MAX_SIDE, MIN_SIDE},
    format::OutputFormat,
};

/// Why a stream could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The file name says nothing about the format, or something unknown.
    #[error("{path}: unknown video format {found}: end the file name in {known}", path = path.display(), known = OutputFormat::known())]
    UnknownFormat {
        /// The path asked for.
        path: PathBuf,
        /// The extension found, quoted, or “without an extension”.
        found: String,
    },
    /// Transparent pictures into a format that has no alpha channel.
    #[error("{format} has no transparency: write to .webm (VP9) or .mov (ProRes 4444), or choose a background colour")]
    NoAlpha {
        /// The format asked for.
        format: OutputFormat,
    },
    /// Too small or too big.
    #[error("picture size {width}×{height}: each side must be {MIN_SIDE} to {MAX_SIDE} pixels")]
    Size {
        /// Width asked for, in pixels.
        width: u32,
        /// Height asked for, in pixels.
        height: u32,
    },
    /// A side is odd and the format halves the colour resolution.
    #[error(
        "picture size {width}×{height}: {format} needs even sides; the nearest size is {w}×{h}",
        w = width & !1,
        h = height & !1
    )]
    OddSize {
        /// Width asked for, in pixels.
        width: u32,
        /// Height asked for, in pixels.
        height: u32,
        /// The format asked for.
        format: OutputFormat,
    },
    /// Text that no container can carry.
    #[error("metadata {key}: contains a NUL character; remove it")]
    Metadata {
        /// Which entry.
        key: &'static str,
    },
    /// The linked FFmpeg was built without an encoder.
    #[error(
        "this FFmpeg has no encoder “{encoder}”, which {format} needs: install Debian's package {package} \
         (`shouyu doctor` lists what is missing)"
    )]
    MissingEncoder {
        /// FFmpeg's name of the encoder.
        encoder: &'static str,
        /// The format asked for.
        format: OutputFormat,
        /// Debian package that brings it.
        package: &'static str,
    },
    /// The linked FFmpeg was built without a decoder.
    #[error("this FFmpeg has no decoder “{decoder}”: install Debian's package libavcodec-extra")]
    MissingDecoder {
        /// FFmpeg's name of the decoder.
        decoder: String,
    },
    /// The folder of the output does not exist or is no folder.
    #[error("{path}: the folder {folder} can't be used: {source}; create it or choose another", path = path.display(), folder = folder.display())]
    Folder {
        /// The path asked for.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path can't be written as a file.
    #[error("{path}: can't be written: {reason}", path = path.display())]
    Unwritable {
        /// The path asked for.
        path: PathBuf,
        /// Why not, and what would be right.
        reason: String,
    },
    /// The disk has no room left.
    #[error("{path}: the disk is full after {bytes_written} bytes of video; the unfinished file is removed: free some space or choose another disk", path = path.display())]
    DiskFull {
        /// The path asked for.
        path: PathBuf,
        /// Bytes of encoded video handed to the file until then.
        bytes_written: u64,
    },
    /// The system refused a file operation.
    #[error("{path}: {doing} failed: {source}", path = path.display())]
    Io {
        /// The path asked for.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A frame is of another size than the stream.
    #[error("frame of {found_width}×{found_height} in a stream of {width}×{height}: render at the stream's size")]
    FrameSize {
        /// The stream's width in pixels.
        width: u32,
        /// The stream's height in pixels.
        height: u32,
        /// The frame's width in pixels.
        found_width: u32,
        /// The frame's height in pixels.
        found_height: u32,
    },
    /// A frame comes a second time, or after a later one.
    #[error(
        "frame at {:.6} s after one at {:.6} s: time must rise by one frame of {rate} fps each time",
        found.as_secs(), last.as_secs()
    )]
    NotMonotonic {
        /// Time of the frame before.
        last: OutputTime,
        /// Time of this frame.
        found: OutputTime,
        /// The stream's rate.
        rate: FrameRate,
    },
    /// A frame is missing, or between two ticks of the stream's clock.
    #[error(
        "frame at {:.6} s where one at {:.6} s was due: a stream of {rate} fps takes a frame every {} flicks",
        found.as_secs(), expected.as_secs(), step.0
    )]
    NotConstant {
        /// Time at which a frame was due.
        expected: OutputTime,
        /// Time of this frame.
        found: OutputTime,
        /// Length of a frame.
        step: Flicks,
        /// The stream's rate.
        rate: FrameRate,
    },
    /// A stream ended before its first frame.
    #[error("{path}: no frame was pushed; no file is written", path = path.display())]
    Empty {
        /// The path asked for.
        path: PathBuf,
    },
    /// An earlier error left the stream unusable.
    #[error("{path}: the stream failed before; nothing more can be written to it", path = path.display())]
    Failed {
        /// The path asked for.
        path: PathBuf,
    },
    /// FFmpeg refused something.
    #[error("{path}: {doing} failed: {source}", path = path.display())]
    Ffmpeg {
        /// The file worked on.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What FFmpeg said.
        source: ffmpeg::Error,
    },
    /// The file read holds no video.
    #[error("{path}: holds no video stream", path = path.display())]
    NoVideo {
        /// The file read.
        path: PathBuf,
    },
    /// The captions of the file read can't be had as text.
    #[error(
        "{path}: its captions can't be read: {why}; give them as a file of text (--captions FILE.srt), or sign what is heard (--hear)",
        path = path.display()
    )]
    UnreadableCaptions {
        /// The file read.
        path: PathBuf,
        /// What they are instead.
        why: String,
    },
    /// What was given is no film and no sound.
    #[error(
        "{path}: is no file with pictures or sound that FFmpeg knows, or its head or index is cut off: if it was copied, copy it again",
        path = path.display()
    )]
    NoMedia {
        /// The file read.
        path: PathBuf,
    },
    /// The file read ends before it should.
    #[error(
        "{path}: is cut off: it says that its sound lasts {expected_secs:.1} s, and it ends after {found_secs:.1} s; what is there was read",
        path = path.display()
    )]
    CutOff {
        /// The file read.
        path: PathBuf,
        /// How long its sound should be, seconds.
        expected_secs: f64,
        /// Where it ends, seconds.
        found_secs: f64,
    },
    /// The file read holds no sound.
    #[error("{path}: {found}: expected a file with sound, such as .wav, .mp3 or .mp4", path = path.display())]
    NoSound {
        /// The file read.
        path: PathBuf,
        /// What is wrong with it.
        found: &'static str,
    },
    /// A sample rate that no sound has.
    #[error("{path}: says {found} samples a second: expected 1,000 to 768,000; its header is damaged", path = path.display())]
    SoundRate {
        /// The file read.
        path: PathBuf,
        /// Samples a second found.
        found: u32,
    },
    /// Samples in a format that is not read.
    #[error("{path}: sound in the format {found}: convert it to 16-bit WAV first", path = path.display())]
    SoundFormat {
        /// The file read.
        path: PathBuf,
        /// FFmpeg's name of the format.
        found: String,
    },
    /// A destination of a broadcast that can't be read.
    #[error("{given}: {found}: expected {expected}")]
    Destination {
        /// What was given, without its secrets.
        given: String,
        /// What is wrong with it.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A listener that anybody on the network could call.
    #[error(
        "{given}: a listener that other machines can reach needs a passphrase: add &passphrase=… (10 to 64 characters), or \
         listen on 127.0.0.1"
    )]
    OpenListener {
        /// What was given, without its secrets.
        given: String,
    },
    /// A receiver that can't be reached, or is gone.
    #[error("{name}: {doing} failed: {why}")]
    Receiver {
        /// Its destination, without secrets.
        name: String,
        /// What was being done.
        doing: &'static str,
        /// What FFmpeg said.
        why: String,
    },
    /// A font with Chinese characters is missing.
    #[error(
        "no font with Simplified Chinese characters found (looked for {looked_for} under {folders}): \
         install Debian's package fonts-noto-cjk"
    )]
    MissingFont {
        /// File names that would do.
        looked_for: String,
        /// Folders searched.
        folders: String,
    },
    /// A font file can't be used.
    #[error("{path}: not a usable font: {reason}; install Debian's package fonts-noto-cjk", path = path.display())]
    Font {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl StreamError {
    /// Wraps what FFmpeg said; a full disk gets its own error.
    pub(crate) fn ffmpeg(path: PathBuf, doing: &'static str, bytes_written: u64, source: ffmpeg::Error) -> Self {
        match source {
            ffmpeg::Error::Other { errno: ffmpeg::error::ENOSPC } => Self::DiskFull { path, bytes_written },
            source => Self::Ffmpeg { path, doing, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        let full = ffmpeg::Error::Other { errno: ffmpeg::error::ENOSPC };
        let error = StreamError::ffmpeg("a.mp4".into(), "writing a packet", 7, full);
        assert!(matches!(&error, StreamError::DiskFull { bytes_written: 7, .. }), "{error}");
        let broken = ffmpeg::Error::Other { errno: ffmpeg::error::EIO };
        let error = StreamError::ffmpeg("a.mp4".into(), "writing a packet", 7, broken);
        assert!(matches!(&error, StreamError::Ffmpeg { .. }), "{error}");
    }

    #[test]
    fn an_odd_size_names_an_even_one() {
        let error = StreamError::OddSize { width: 1281, height: 720, format: OutputFormat::Mp4 };
        assert!(error.to_string().contains("1280×720"), "{error}");
    }
}
