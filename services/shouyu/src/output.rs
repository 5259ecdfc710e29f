//! Standard output that may go away: `shouyu gloss … | head` ends quietly.

use std::{
    fmt,
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

static GONE: AtomicBool = AtomicBool::new(false);

/// Prints a line; once nobody reads any more, nothing.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    if reader_is_gone() {
        return;
    }
    let mut stdout = io::stdout().lock();
    if writeln!(stdout, "{text}").and_then(|()| stdout.flush()).is_err() {
        GONE.store(true, Ordering::Relaxed);
    }
}

/// Whether nobody reads standard output any more.
pub(crate) fn reader_is_gone() -> bool {
    GONE.load(Ordering::Relaxed)
}

/// Prints a line as [`line()`] does, formatted as `println!` would.
macro_rules! say {
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}
pub(crate) use say;
