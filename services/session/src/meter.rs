//! What a session cost, stage by stage.

use std::time::{Duration, Instant};

/// A stage of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Text to sign sentences.
    Understanding,
    /// Sentences to poses.
    Motion,
    /// Poses to pictures, mark and captions included.
    Avatar,
    /// Pictures to a file.
    Stream,
}

impl Stage {
    /// In the order of the chain.
    pub const ALL: [Self; 4] = [Self::Understanding, Self::Motion, Self::Avatar, Self::Stream];

    /// The stage's noun.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Understanding => "understanding",
            Self::Motion => "motion",
            Self::Avatar => "avatar",
            Self::Stream => "stream",
        }
    }
}

/// Time spent in each stage. It is shown to people and never reaches a pose.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    spent: [Duration; Stage::ALL.len()],
}

impl Meter {
    /// Runs `work` and books its time on `stage`.
    pub fn measure<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let out = work();
        self.spent[stage as usize] += start.elapsed();
        out
    }

    /// Time spent in `stage` so far.
    pub const fn spent(&self, stage: Stage) -> Duration {
        self.spent[stage as usize]
    }

    /// Books what another meter has measured as well.
    pub fn add(&mut self, other: &Self) {
        for (spent, more) in self.spent.iter_mut().zip(other.spent) {
            *spent += more;
        }
    }

    /// Time spent in all stages.
    pub fn total(&self) -> Duration {
        self.spent.iter().sum()
    }
}
