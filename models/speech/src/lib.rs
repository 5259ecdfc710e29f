//! Sound in, transcripts out.
//!
//! In: [`PcmChunk`]s with times, a [`Vocabulary`], optionally a [`Rescorer`]. Out: [`Span`]s: interim text that may
//! still change, and stable text that never does.
//! Never: opens a media file, knows a sign, changes what it was sure of, says anything of a stream to another.
//!
//! Read in this order: `audio` (chunks, resampling), `mel` and `vad` (what the networks see), `whisper` (the network),
//! `model` (what listeners share), `listener` with `growing` and `clock` (one stream:
//! segments, interim, stable), `guard` (what nobody said),
//! `written` (marks and script), `correct` with `homophone` (what was misheard), `ct2` (packaged weights → a checkpoint folder).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod ct2;

mod audio;
mod clock;
mod correct;
mod error;
mod growing;
mod guard;
mod homophone;
mod listener;
mod mel;
mod model;
mod segment;
mod vad;
mod whisper;
mod written;

pub use audio::{MAX_RATE, MIN_RATE, PcmChunk, RATE};
pub use correct::{Change, Rescorer, Vocabulary};
pub use error::SpeechError;
pub use listener::{Language, Listener, Options, Span};
pub use model::Model;
pub use vad::Vad;
pub use whisper::{Numbers, Whisper};
