//! Encodes synthetic pictures, reads the files back, and holds them against what went in.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod air;
mod audio;
mod bad_input;
mod color;
mod live;
mod support;
mod timing;
