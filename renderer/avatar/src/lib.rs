//! Poses in, pictures out: the only crate that knows Bevy.
//!
//! In: a VRM 1.0 or glTF human, and [`PoseFrame`](signing::PoseFrame)s. Out:
//! [`VideoFrame`](signing::VideoFrame)s of one size, in the order of their poses.
//! [`window`] shows finished pictures on a desktop. Never: invents a pose, knows a sign, encodes, reads the network.
//!
//! Read in this order: `renderer` (the stage and its thread), `config` and `view` (what is asked
//! for), `model` (the file), `rig` and `deform` (a pose on this body), `painter` (one frame), `visible`,
//! `region` and `edges` (what of it is drawn), `engine`, `canvas` and `pipeline` (Bevy and the device),
//! `light.wgsl` (what it looks like), `composite` (pixels to picture); apart from these, `window` and `blit`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

pub mod bench;
mod blit;
mod canvas;
mod composite;
mod config;
mod deform;
mod device;
mod edges;
mod engine;
mod error;
mod model;
mod painter;
mod pipeline;
mod region;
mod renderer;
mod rig;
mod view;
mod visible;
pub mod window;

pub use config::{Antialias, Background, MAX_LOOKAHEAD, MAX_SIDE, MIN_SIDE, RendererConfig};
pub use device::{AdapterInfo, probe};
pub use error::AvatarError;
pub use renderer::Renderer;
pub use view::{Camera, View};
