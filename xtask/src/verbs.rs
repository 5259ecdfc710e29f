//! What each verb does.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::assets::{self, Need};
use crate::place::{self, Cache};
use crate::{avatar, cargo, glm, judge, report, speech, suite, system};

/// Set-up and chores of Shouyu. Each verb does the set-up it needs; a second run does none of it again.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Install Debian packages, fetch asset packages, build everything and the avatar.
    Setup,
    /// Build the optimised binary and print its path.
    Build,
    /// Sign a text: the arguments of `shouyu sign`. Without -o the film goes to out/sign.mp4.
    #[command(disable_help_flag = true)]
    Sign {
        /// Arguments of `shouyu sign`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, num_args = 0..)]
        arguments: Vec<OsString>,
    },
    /// Fetch the tokenizer that checkpoints of ChatGLM2 and 3 need when they have no tokenizer.json.
    Glm,
    /// Everything CI checks: format, lints, tests, documentation, licences.
    Test,
    /// Let an off-the-shelf hand detector look at the rendered manual letters (`tests/judges`).
    Judge,
    /// Measure: the arguments of `shouyu bench`.
    #[command(disable_help_flag = true)]
    Bench {
        /// Arguments of `shouyu bench`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, num_args = 0..)]
        arguments: Vec<OsString>,
    },
}

/// Runs the verb and gives the exit code of what it started.
pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    let cache = Cache::locate()?;
    match cli.verb {
        Verb::Setup => {
            set_up(&cache)?;
            glm::offer(&cache)?;
            report::line("set-up: complete");
            Ok(ExitCode::SUCCESS)
        }
        Verb::Build => {
            system::ensure(system::BUILD_AND_RUN)?;
            cargo::build(&cache)?;
            report::result(&cargo::program("shouyu", &cache)?.display().to_string());
            Ok(ExitCode::SUCCESS)
        }
        Verb::Sign { arguments } => sign(arguments, &cache),
        Verb::Glm => {
            glm::ensure(&cache)?;
            report::result(&cache.chatglm_tokenizer().display().to_string());
            Ok(ExitCode::SUCCESS)
        }
        Verb::Test => {
            system::ensure(system::BUILD_AND_RUN)?;
            suite::ensure_components(&cache)?;
            assets::ensure(Need::Avatar, &cache)?;
            assets::ensure(Need::Speech, &cache)?;
            suite::run(&cache)
        }
        Verb::Judge => judge::run(&set_up(&cache)?, &cache).map(exit_code),
        Verb::Bench { arguments } => {
            let program = set_up(&cache)?;
            let status = cargo::run(&program, shouyu("bench", arguments), &cache)?;
            Ok(exit_code(status))
        }
    }
}

/// Everything `shouyu` needs to run. Returns its path.
fn set_up(cache: &Cache) -> Result<PathBuf> {
    system::ensure(system::BUILD_AND_RUN)?;
    // Before the long build: a package that can't be had should be known early.
    assets::ensure(Need::Avatar, cache)?;
    assets::ensure(Need::Speech, cache)?;
    cargo::build(cache)?;
    avatar::ensure(cache)?;
    speech::ensure(cache)?;
    cargo::program("shouyu", cache)
}

fn sign(mut arguments: Vec<OsString>, cache: &Cache) -> Result<ExitCode> {
    let program = set_up(cache)?;
    let film = if names_output(&arguments) {
        None
    } else {
        let folder = place::workspace()?.join("out");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let film = folder.join("sign.mp4");
        // In front, so that a `--` before the text doesn't swallow it.
        arguments.splice(0..0, ["-o".into(), film.clone().into_os_string()]);
        Some(film)
    };
    let status = cargo::run(&program, shouyu("sign", arguments), cache)?;
    if let Some(film) = film.filter(|_| status.success()) {
        report::result(&film.display().to_string());
    }
    Ok(exit_code(status))
}

fn shouyu(verb: &str, arguments: Vec<OsString>) -> Vec<OsString> {
    std::iter::once(verb.into()).chain(arguments).collect()
}

/// Whether the arguments say where the film goes, or ask for help only. What follows `--` is text.
fn names_output(arguments: &[OsString]) -> bool {
    arguments.iter().take_while(|argument| *argument != OsStr::new("--")).any(|argument| {
        let argument = argument.to_string_lossy();
        ["--help", "--output"].contains(&argument.as_ref())
            || argument.starts_with("--output=")
            || argument.starts_with("-o")
            || argument.starts_with("-h")
    })
}

/// The child's code; a signal has none and counts as failure.
fn exit_code(status: ExitStatus) -> ExitCode {
    match status.code().map(u8::try_from) {
        Some(Ok(code)) => ExitCode::from(code),
        _ => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &[&str]) -> Verb {
        Cli::try_parse_from([&["xtask"], line].concat()).unwrap().verb
    }

    #[test]
    fn the_arguments_of_sign_are_passed_as_they_are() {
        let line = ["你好", "--size", "480x720", "--help", "-o", "a.mp4"];
        let Verb::Sign { arguments } = parsed(&[&["sign"], line.as_slice()].concat()) else {
            panic!("not sign");
        };
        assert_eq!(arguments, line.map(OsString::from));
        let Verb::Sign { arguments } = parsed(&["sign", "--file", "a.txt"]) else { panic!("not sign") };
        assert_eq!(arguments, ["--file", "a.txt"].map(OsString::from));
    }

    #[test]
    fn an_output_is_added_only_where_none_is_named() {
        for (line, expected) in [
            (vec!["你好"], false),
            (vec!["你好", "-o", "a.mp4"], true),
            (vec!["-oa.mp4", "你好"], true),
            (vec!["--output=a.mp4", "你好"], true),
            (vec!["--output", "a.mp4", "你好"], true),
            (vec!["--help"], true),
            (vec!["--", "-o"], false),
            (vec![], false),
        ] {
            let arguments: Vec<OsString> = line.iter().map(OsString::from).collect();
            assert_eq!(names_output(&arguments), expected, "{line:?}");
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
