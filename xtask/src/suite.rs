//! The test run: everything that CI checks, with one count at the end.
//!
//! Every step runs, so that one run shows all that is wrong; only a failed build ends it early.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::avatar;
use crate::cargo::{self, EVERYTHING, cargo};
use crate::place::Cache;
use crate::report;
use crate::speech;
use crate::system;

/// How to get cargo-deny. Not done by itself: it compiles for minutes.
const DENY_HINT: &str = "cargo install cargo-deny --locked";

/// Results of the tests, as their harness printed them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Adds a harness's summary; any other line counts nothing.
    fn add_line(&mut self, line: &str) {
        let Some(summary) = line.trim_start().strip_prefix("test result: ") else { return };
        // "ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s"
        let Some((_, fields)) = summary.split_once(". ") else { return };
        for field in fields.split("; ") {
            if let Some((number, what)) = field.split_once(' ')
                && let Ok(number) = number.parse::<u64>()
            {
                match what {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    "ignored" => self.ignored += number,
                    _ => {}
                }
            }
        }
    }
}

/// What became of a step.
enum Outcome {
    Passed,
    Failed,
    Skipped(String),
}

/// Makes sure that the toolchain has rustfmt and clippy, which a minimal one lacks.
pub(crate) fn ensure_components(cache: &Cache) -> Result<()> {
    let mut absent = Vec::new();
    for (verb, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let output = cargo(verb, cache)?.arg("--version").stdin(Stdio::null()).output();
        if !output.is_ok_and(|output| output.status.success()) {
            absent.push(component);
        }
    }
    if absent.is_empty() {
        return Ok(());
    }
    let names = absent.join(" ");
    if !system::answers("rustup", &["--version"]) {
        bail!(
            "the Rust toolchain has no {names} and there is no rustup to add it: install it the way Rust was installed"
        );
    }
    report::line(&format!("adding to the Rust toolchain: {names}"));
    let status = Command::new("rustup").args(["component", "add"]).args(&absent).stdout(std::io::stderr()).status();
    if !status.context("cannot start rustup")?.success() {
        bail!("`rustup component add {names}` failed: its own message is above");
    }
    Ok(())
}

/// Runs all steps. The last line on stdout is `N passed, N failed`; a failed step other than a
/// test counts as one failure.
pub(crate) fn run(cache: &Cache) -> Result<ExitCode> {
    let mut count = Count::default();
    let mut steps: Vec<(&str, Outcome)> = Vec::new();

    steps.push(("format", plain(cargo("fmt", cache)?.args(["--all", "--check"]))?));
    match cargo::build(cache).and_then(|()| avatar::ensure(cache)).and_then(|_| speech::ensure(cache)) {
        Ok(_) => steps.push(("build, avatar and speech", Outcome::Passed)),
        Err(error) => {
            report::line(&format!("error: {error:#}"));
            steps.push(("build, avatar and speech", Outcome::Failed));
            return Ok(finish(&steps, count));
        }
    }
    steps.push(("tests", tests(cache, &mut count)?));
    let clippy = ["--all-targets", "--", "-D", "warnings"];
    steps.push(("lints", plain(cargo("clippy", cache)?.args(EVERYTHING).args(clippy))?));
    let mut doc = cargo("doc", cache)?;
    doc.args(EVERYTHING).arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings");
    steps.push(("documentation", plain(&mut doc)?));
    steps.push(("licences and sources", deny(cache)?));
    Ok(finish(&steps, count))
}

/// A step whose exit code says it all. Its output goes to stderr: stdout is for results.
fn plain(command: &mut Command) -> Result<Outcome> {
    announce(command);
    let status = command.stdout(std::io::stderr()).status().context("cannot start cargo")?;
    Ok(if status.success() { Outcome::Passed } else { Outcome::Failed })
}

fn tests(cache: &Cache, count: &mut Count) -> Result<Outcome> {
    let mut command = cargo("test", cache)?;
    // Without the flag the first failing crate would hide the others.
    command.args(EVERYTHING).arg("--no-fail-fast").stdout(Stdio::piped());
    announce(&command);
    let mut child = command.spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("the child's stdout was asked for")?;
    pass_on(BufReader::new(output), &mut std::io::stdout(), count)?;
    let status = child.wait()?;
    if status.success() {
        return Ok(Outcome::Passed);
    }
    if count.failed == 0 {
        report::line("cargo test failed without a failed test: a test program crashed or did not compile");
    }
    Ok(Outcome::Failed)
}

/// Prints the lines as they come and counts on the way. Test output may hold any bytes.
fn pass_on(mut from: impl BufRead, to: &mut impl Write, count: &mut Count) -> Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).context("cannot read the output of cargo test")? > 0 {
        count.add_line(String::from_utf8_lossy(&line).trim_end());
        // A closed stdout (`| head`) must not end the run.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        line.clear();
    }
    Ok(())
}

fn deny(cache: &Cache) -> Result<Outcome> {
    if !system::answers("cargo-deny", &["--version"]) {
        return Ok(Outcome::Skipped(format!("cargo-deny not installed: {DENY_HINT}")));
    }
    // Its advisory database lives on a host that builders often can't reach: not asked for.
    plain(cargo("deny", cache)?.args(["--locked", "check", "bans", "licenses", "sources"]))
}

fn announce(command: &Command) {
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    report::line(&format!("\n== cargo {}", words.join(" ")));
}

fn finish(steps: &[(&str, Outcome)], count: Count) -> ExitCode {
    report::line("");
    for (name, outcome) in steps {
        match outcome {
            Outcome::Passed => report::line(&format!("{name}: passed")),
            Outcome::Failed => report::line(&format!("{name}: FAILED")),
            Outcome::Skipped(why) => report::line(&format!("{name}: skipped: {why}")),
        }
    }
    if count.ignored > 0 {
        report::line(&format!("{} tests are marked as ignored and did not run", count.ignored));
    }
    let failed = failures(steps, count);
    report::result(&format!("{} passed, {failed} failed", count.passed));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Failed tests, plus failed steps that no failed test accounts for.
fn failures(steps: &[(&str, Outcome)], count: Count) -> u64 {
    let unaccounted = steps
        .iter()
        .filter(|(name, outcome)| matches!(outcome, Outcome::Failed) && !(*name == "tests" && count.failed > 0));
    count.failed + unaccounted.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &[u8] = b"
running 3 tests
test a ... ok
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

noise \xff\xfe that is not text
   Doc-tests signing
test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s
a line that says test result: ok. 100 passed; in its middle
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s; merged doctests compilation took 0.1s
test result: nonsense";

    #[test]
    fn the_count_is_the_sum_of_the_harnesses_and_the_output_goes_through_untouched() {
        let mut count = Count::default();
        let mut seen = Vec::new();
        pass_on(OUTPUT, &mut seen, &mut count).unwrap();
        assert_eq!(count, Count { passed: 6, failed: 4, ignored: 1 });
        assert_eq!(seen, OUTPUT);
    }

    #[test]
    fn a_failed_step_is_never_counted_as_no_failure() {
        let none = Count::default();
        let two = Count { failed: 2, ..none };
        assert_eq!(failures(&[("lints", Outcome::Passed), ("tests", Outcome::Passed)], none), 0);
        assert_eq!(failures(&[("lints", Outcome::Failed), ("tests", Outcome::Passed)], none), 1);
        assert_eq!(failures(&[("tests", Outcome::Failed)], none), 1, "a crash");
        assert_eq!(failures(&[("tests", Outcome::Failed)], two), 2);
        assert_eq!(failures(&[("lints", Outcome::Failed), ("tests", Outcome::Failed)], two), 3);
        assert_eq!(failures(&[("deny", Outcome::Skipped("absent".into()))], none), 0);
    }
}
