//! Any humanoid avatar in, its measured body out; CC0 source in, the default avatar out.
//!
//! In: a VRM 1.0 or glTF humanoid file, or (for the builder) the MakeHuman data. Out: [`Body`].
//! Never: draws, poses over time, knows a sign, touches Bevy.
//!
//! Read in this order: `names` and `rest` (what a file says), `body` (what is known of it and
//! forward kinematics), `measure` (landmarks and volumes), `limits`, `twist`, `cache`, `builder`,
//! `export` (poses as other programs' files), `import` (recordings as poses).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod body;
pub mod builder;
pub mod cache;
mod digits;
mod error;
pub mod export;
pub mod import;
mod limits;
mod measure;
mod names;
mod rest;
mod twist;

pub use body::{Body, Joint, Posture, Rigid};
pub use cache::{avatar_source_dir, cache_dir, default_avatar_path};
pub use error::BodyError;
pub use limits::{AxisLimit, JointAngles, JointLimits, joint_limits};
pub use measure::{Capsule, CapsuleKind, SurfacePoint};
pub use twist::{TWIST_KEY, Twist, TwistDriver, roll};
