//! Sign sentences in, poses out.
//!
//! In: [`signing::SignSentence`] and [`body::Body`]. Out: [`signing::PoseFrame`]s at a constant rate.
//! Never: opens a pack, reads text, knows a language, reads a clock, allocates for a frame that only moves on.
//!
//! Planning says what the hands should be like and when, as submovements that add up; the head may change that, as
//! it has learnt; projection has the last word: arms, limits, no penetration.
//!
//! Read in this order: `signer` (the stream), `sentence` (tokens, channels and tiers), `plan` (one
//! form: where, when, how), `head` (what is learnt), `track` (one hand through time), `reach` (turn and elbow for a place),
//! `arm`, `hand` and `touch` (joints), `clear` (out of the body), `presence` and `face` (everything but the hands), `project`
//! (the pose), `rig` and `front` (what motion needs of a body), `offline` (whole sentences and single forms at once),
//! `check` (what the judge measures, on any stream of poses), `length` (sentences against dictionary forms).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod arm;
pub mod check;
mod clear;
mod error;
mod face;
mod front;
mod hand;
pub mod head;
mod lately;
mod length;
mod offline;
mod plan;
mod presence;
mod project;
mod random;
mod reach;
mod rig;
mod sentence;
mod signer;
mod touch;
mod track;
mod volume;

pub use error::{Complaint, MotionError, Warning};
pub use head::{Head, HeadChoice};
pub use length::{Flow, Lengths};
pub use offline::{FormMotion, Moments, Report, sign_all, sign_all_as, sign_form};
pub use plan::asked::{Asked, Grip, Meeting};
pub use sentence::{Timeline, TokenTime};
pub use signer::{CurrentToken, MotionConfig, Signer};
