//! One binary for all that crosses crates, so that it links once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod chain;
mod data_leg;
mod fences;
mod serve;
mod web;
