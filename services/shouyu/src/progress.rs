//! Bars on a terminal, plain lines in a pipe.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How much of a job is done.
pub(crate) struct Progress {
    bar: ProgressBar,
    plain: Option<Plain>,
}

struct Plain {
    what: &'static str,
    total: u64,
    done: u64,
    /// Tenths of the job already printed.
    tenths: u64,
}

impl Progress {
    /// A job of `total` units on standard error.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), plain: Some(Plain { what, total, done: 0, tenths: 0 }) };
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {per_sec} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, plain: None }
    }

    /// One more unit is done.
    pub(crate) fn tick(&mut self) {
        self.bar.inc(1);
        if let Some(plain) = &mut self.plain {
            plain.done += 1;
            let tenths = plain.done * 10 / plain.total.max(1);
            if tenths > plain.tenths {
                plain.tenths = tenths;
                eprintln!("{}: {}/{}", plain.what, plain.done, plain.total);
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// An error and its causes, one line each, without saying the same twice.
pub(crate) fn print_error(error: &anyhow::Error) {
    let mut stderr = std::io::stderr().lock();
    let mut said = String::new();
    for (depth, cause) in error.chain().enumerate() {
        let text = cause.to_string();
        if depth > 0 && said.contains(&text) {
            continue;
        }
        // Nothing is left to tell if standard error is gone.
        let _ = writeln!(stderr, "{}{text}", if depth == 0 { "error: " } else { "  because: " });
        said = text;
    }
}
