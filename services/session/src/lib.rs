//! Joins the stages into one running session.
//!
//! In: [`signing::Transcript`]s. Out: [`signing::VideoFrame`]s at a constant rate, or a file of them, with the
//! mark of generated video and captions of names burned in, and a record of which token each frame shows.
//! Never: knows a transport (no tonic), draws, encodes or understands anything itself.
//!
//! Read in this order: `config` (what can be asked for), `data_leg` (local models that propose sentences), `session`
//! (the stages joined), `overlay` (mark and captions),
//! `film` (a session whose frames go into a file), [`live`] (one that goes on), [`air`] (one that is broadcast), `poses`
//! and `whole` (files beside it),
//! `hearing` with `rescore`, `captions` and `script` (sound and captions → text with times),
//! `pipe` (what processes say to each other), `meter` (what it cost), `error`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod air;
mod captions;
mod child;
mod config;
mod data_leg;
mod error;
mod film;
mod hearing;
pub mod live;
mod meter;
mod overlay;
mod pipe;
mod pose_clips;
mod pose_lessons;
mod poses;
mod rescore;
mod script;
mod session;
mod whole;

pub use captions::{parse_captions, read_captions};
pub use config::{Background, PictureConfig, SessionConfig};
pub use data_leg::{chatglm_tokenizer, draft, embedded_glm, glm_at};
pub use error::SessionError;
pub use film::{Film, FilmConfig, FilmEvent, FilmRecord, TokenTime, film, film_on_time};
pub use hearing::{Ear, Hearing};
pub use meter::{Meter, Stage};
pub use pose_clips::{PoseClip, PoseClips, pose_clips};
pub use pose_lessons::{PoseLesson, PoseLessons, corpus_sentences, pose_bodies, pose_lessons, sentence_of_glosses};
pub use poses::PoseFile;
pub use script::TimedScript;
pub use session::{Session, Shown, ShownToken, Tick, interpret};
/// Sound, and what is spoken in it.
pub use speech::{Language, PcmChunk, SpeechError};
pub use whole::WholeFile;
