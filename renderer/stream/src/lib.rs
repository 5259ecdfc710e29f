//! Pictures in, containers out.
//!
//! In: [`signing::VideoFrame`]s at a constant rate; and files whose sound is to be heard ([`decode_sound`]). Out: an
//! MP4, WebM or MOV file that carries the mark and the metadata of generated video, or pieces of a live stream
//! (fragmented MP4, MPEG-TS). For tests and `doctor` also the way back: [`probe()`] and
//! [`decode_rgba`].
//! Never: renders, decides what is signed, leaves a half-written file under its final name, repeats
//! or drops a frame. No other crate knows FFmpeg.
//!
//! Read in this order: `format` and `config` (what can be asked for), `encoder` (the stage itself)
//! with `clock` (constant rate), `codec` and `container` (one kind a file), `convert` (sRGB to
//! BT.709) and `bleed` (no dark rim around a cut-out), `target` (the file appears whole or not at all); `live` with
//! `silence` (a stream instead of a file); `metadata` and `mark` (the video says
//! that it is generated) with `font` and `text`; [`air`] (a broadcast to many receivers); `feed` (a programme that comes in); `probe` and `decode` (reading
//! back);
//! `audio` (the sound of any file);
//! `capabilities` (what this FFmpeg can do).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod air;
pub mod mark;
pub mod text;

mod audio;
mod bleed;
mod capabilities;
mod clock;
mod codec;
mod config;
mod container;
mod convert;
mod decode;
mod encoder;
mod error;
mod feed;
mod ffi;
mod font;
mod format;
mod live;
mod metadata;
mod probe;
mod silence;
mod target;

pub use audio::{DecodedSound, SoundChunk, decode_sound};
pub use capabilities::{Capabilities, EncoderStatus, capabilities};
pub use config::{EncoderConfig, Latency, MAX_SIDE, MIN_SIDE, Transparency};
pub use decode::{DecodedFrames, decode_rgba, first_yuv};
pub use encoder::{Encoder, Summary};
pub use error::StreamError;
pub use feed::{Feed, FeedCaption, FeedConfig, FeedEvent, FeedTaps, SourceTimecode, source_timecode};
pub use font::Font;
pub use format::OutputFormat;
pub use live::{LiveConfig, LiveContainer, LiveEncoder, Piece};
pub use metadata::{AIGC_KEY, AigcLabel, Metadata};
pub use probe::{FrameTiming, Probe, probe};
