//! The `shouyu` command.
//!
//! In: arguments, text files, packs. Out: files, tables, JSON lines.
//! Never: holds an algorithm; every verb admits its input, calls a crate and shows what came back.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests state what they expect"))]

mod args;
mod bench;
mod check;
mod demo;
mod doctor;
mod eval;
mod eval_pose;
mod gloss;
mod input;
mod letters;
mod lexicon;
mod live;
mod live_args;
mod log;
mod model;
mod output;
mod progress;
mod reviews;
mod serve;
mod sheet;
mod sign;
mod telemetry;
mod transcribe;
mod window;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, EvalVerb, LexiconVerb, Verb};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Exports until the end.
    let _telemetry = match log::start() {
        Ok(telemetry) => telemetry,
        Err(error) => {
            progress::print_error(&error);
            return ExitCode::FAILURE;
        }
    };
    let outcome = match arguments.verb {
        Verb::Sign(arguments) => sign::run(&arguments),
        Verb::Transcribe(arguments) => transcribe::run(&arguments),
        Verb::Gloss(arguments) => gloss::run(&arguments),
        Verb::Eval { verb: EvalVerb::Gloss(arguments) } => eval::gloss(&arguments),
        Verb::Eval { verb: EvalVerb::Pose(arguments) } => eval_pose::run(&arguments),
        Verb::Lexicon { verb: LexiconVerb::Show(arguments) } => lexicon::show(&arguments),
        Verb::Lexicon { verb: LexiconVerb::Sheets(arguments) } => lexicon::sheets(&arguments),
        Verb::Lexicon { verb: LexiconVerb::Letters(arguments) } => letters::run(&arguments),
        Verb::Lexicon { verb: LexiconVerb::Watch(arguments) } => lexicon::watch(&arguments),
        Verb::Lexicon { verb: LexiconVerb::Compile(arguments) } => lexicon::compile(&arguments),
        Verb::Model { verb } => model::run(&verb),
        Verb::Live(arguments) => live::run(&arguments),
        Verb::Studio => live::studio(),
        Verb::Draw => demo::draw(),
        Verb::Lexicon { verb: LexiconVerb::Reviews(arguments) } => reviews::run(&arguments),
        Verb::Demo(arguments) => demo::run(&arguments),
        Verb::Serve(arguments) => serve::run(&arguments),
        Verb::Check(arguments) => check::run(&arguments),
        Verb::Doctor => doctor::run(),
        Verb::Bench(arguments) => bench::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            progress::print_error(&error);
            ExitCode::FAILURE
        }
    }
}
