//! Set-up and chores: `cargo xtask setup | build | sign | test | bench`.
//!
//! In: a machine with a Rust toolchain. Out: system packages, asset packages and the avatar in
//! their places, then cargo run on the whole workspace in one profile.
//! Never: depends on Bevy, FFmpeg, candle or another crate of the project; does set-up work a
//! second time; names a registry's host (the machine's own clients know where to ask).
//!
//! Read in this order: `verbs` (what each verb does), `place` (where things are), `system`
//! (Debian packages), `assets` (packages from registries), `avatar`, `speech`, `suite` (the test run).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests"))]

mod assets;
mod avatar;
mod cargo;
mod glm;
mod judge;
mod place;
mod report;
mod speech;
mod suite;
mod system;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match verbs::run(verbs::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            report::line(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
