//! Any humanoid avatar in, its measured body out; CC0 source in, the default avatar out.
//!
//! In: a VRM 1.0 or glTF humanoid file, or (for the builder) the MakeHuman data. Out: [`Body`].
//! Never: draws, poses over time, knows a sign, touches Bevy.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod builder;
pub mod cache;
mod error;
mod twist;

pub use cache::{cache_dir, default_avatar_path};
pub use error::BodyError;
pub use twist::{TWIST_KEY, Twist, TwistDriver, roll};
