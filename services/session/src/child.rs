//! A process of this one, which ends with whoever keeps it.

use std::{
    io,
    process::{Child, ExitStatus},
    thread,
};

/// A child process; dropping it kills it.
///
/// Nobody waits until it is gone: on a machine that is busy its threads may take seconds to be given a processor to end on, and
/// whoever lost a renderer wants another one at once.
#[derive(Debug)]
pub(crate) struct KeptChild(Option<Child>);

impl KeptChild {
    pub(crate) const fn new(child: Child) -> Self {
        Self(Some(child))
    }

    /// How it ended, if it has.
    pub(crate) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        // It is there until it is dropped.
        self.0.as_mut().map_or(Ok(None), Child::try_wait)
    }

    #[cfg(test)]
    pub(crate) fn id(&self) -> u32 {
        self.0.as_ref().map_or(0, Child::id)
    }

    #[cfg(test)]
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Child::kill)
    }
}

impl Drop for KeptChild {
    fn drop(&mut self) {
        let Some(mut child) = self.0.take() else { return };
        // One that is gone already can't be killed.
        let _ = child.kill();
        if matches!(child.try_wait(), Ok(None)) {
            // Without a thread it stays on the system's list until this process ends.
            let _ = thread::Builder::new().name("reap".to_owned()).spawn(move || child.wait());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        path::PathBuf,
        process::Command,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn what_is_dropped_ends_and_leaves_nothing_behind() {
        let child = KeptChild::new(Command::new("sleep").arg("600").spawn().unwrap());
        let entry = PathBuf::from(format!("/proc/{}", child.id()));
        assert!(entry.exists());
        drop(child);
        let until = Instant::now() + Duration::from_secs(60);
        while entry.exists() && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(!entry.exists(), "it is still on the system's list");
    }
}
