//! A process of this one, which ends with whoever keeps it.

use std::{fs, process::Child, thread};

/// A child process; dropping it kills it.
///
/// Nobody waits until it is gone, which may take seconds: whoever lost a renderer wants another one at once.
#[derive(Debug)]
pub(crate) struct KeptChild(Option<Child>);

impl KeptChild {
    pub(crate) const fn new(child: Child) -> Self {
        Self(Some(child))
    }

    /// Whether it has ended, or is about to: its first thread is gone.
    ///
    /// Its pipes stay open until the last of its threads is gone. A driver may have threads of the lowest priority, which on a
    /// machine that is busy take seconds to be given a processor to end on.
    pub(crate) fn has_ended(&self) -> bool {
        let Some(child) = &self.0 else { return true };
        let Ok(stat) = fs::read_to_string(format!("/proc/{}/stat", child.id())) else {
            // It is on the system's list until it is waited for, which happens here alone; so this system has no such list.
            return false;
        };
        // Its name may hold brackets, too.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        matches!(state, Some('Z' | 'X'))
    }

    #[cfg(test)]
    pub(crate) fn id(&self) -> u32 {
        self.0.as_ref().map_or(0, Child::id)
    }

    #[cfg(test)]
    pub(crate) fn kill(&mut self) -> std::io::Result<()> {
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
        assert!(entry.exists() && !child.has_ended());
        drop(child);
        let until = Instant::now() + Duration::from_secs(60);
        while entry.exists() && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(!entry.exists(), "it is still on the system's list");
    }

    #[test]
    fn one_that_ended_by_itself_is_noticed() {
        let child = KeptChild::new(Command::new("true").spawn().unwrap());
        let until = Instant::now() + Duration::from_secs(60);
        while !child.has_ended() && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(child.has_ended());
    }
}
