//! What the person at the terminal, or the log of a pipe, gets to read.
//!
//! Progress goes to stderr; stdout carries results only (a path, the final count), so that a
//! script can read its last line.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// One plain line on stderr.
pub(crate) fn line(message: &str) {
    eprintln!("{message}");
}

/// One result line on stdout. A reader that has gone away is not an error of ours.
pub(crate) fn result(message: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{message}").and_then(|()| out.flush());
}

const TEMPLATE: &str = "  {wide_bar} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec}";

/// One line at the start, one at the end; on a terminal a bar in between.
pub(crate) struct Progress {
    bar: ProgressBar,
    label: String,
}

impl Progress {
    /// Starts a progress of `total` bytes.
    pub(crate) fn bytes(label: &str, total: u64) -> Self {
        line(&format!("{label} …"));
        let bar = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(total);
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        } else {
            ProgressBar::hidden()
        };
        Self { bar, label: label.to_owned() }
    }

    /// Moves to `position`, bytes.
    pub(crate) fn at(&self, position: u64) {
        self.bar.set_position(position);
    }

    /// Ends well, and says how.
    pub(crate) fn done(self, outcome: &str) {
        self.bar.finish_and_clear();
        line(&format!("{}: {outcome}", self.label));
    }
}

impl Drop for Progress {
    /// An early return leaves no half-drawn bar above the error message.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Bytes for people: `47.7 MB`.
pub(crate) fn megabytes(bytes: u64) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn sizes_are_rounded_to_a_tenth_of_a_megabyte() {
        assert_eq!(megabytes(47_711_600), "47.7 MB");
        assert_eq!(megabytes(0), "0.0 MB");
        assert_eq!(megabytes(1_960_000), "2.0 MB");
    }
}
