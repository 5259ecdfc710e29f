//! Motion and picture of a broadcast, so that neither ends it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use signing::{Flicks, PoseFrame, SignSentence, SourceTime};
use stream::Piece;

use super::{crew::Crew, open::SharedFeed, wire::Order};
use crate::live::{LocalMove, Move, Moved, Show, StageError};

/// Motion whose panic is a stage that is lost, not the end of the broadcast.
pub(super) struct Guarded(pub(super) LocalMove);

impl Guarded {
    fn try_it<T>(&mut self, work: impl FnOnce(&mut LocalMove) -> Result<T, StageError>) -> Result<T, StageError> {
        // What a panic leaves behind is made anew by `revive` before it is used again.
        catch_unwind(AssertUnwindSafe(|| work(&mut self.0)))
            .unwrap_or_else(|_| Err(StageError::Lost { stage: "motion", reason: "it panicked".to_owned() }))
    }
}

impl Move for Guarded {
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError> {
        // A sentence that motion can't bear is left out: offered again, it would do the same.
        self.try_it(|inner| inner.push(sentence)).map_err(|error| match error {
            StageError::Lost { stage, reason } => StageError::Refused { stage, reason },
            refused @ StageError::Refused { .. } => refused,
        })
    }

    fn step(&mut self) -> Result<Moved, StageError> {
        self.try_it(LocalMove::step)
    }

    fn interrupt(&mut self) -> Result<(), StageError> {
        self.try_it(LocalMove::interrupt)
    }

    fn revive(&mut self) -> Result<(), StageError> {
        self.try_it(LocalMove::revive)
    }
}

/// While a studio is behind, one frame of so many is made, and the picture stands for the others: eight a second at 25.
const MADE_IN_HASTE: u64 = 3;

/// Poses go to the studio; its packets come back elsewhere.
pub(super) struct StudioShow {
    pub(super) crew: Arc<Crew>,
    pub(super) openings: Arc<AtomicU64>,
    pub(super) next: u64,
    /// What lies behind the signer, and how late.
    pub(super) feed: Option<SharedFeed>,
    pub(super) delay: Flicks,
}

impl Show for StudioShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        let opening = self.openings.load(Ordering::Acquire);
        let (pose, caption) = (pose.clone(), caption.map(str::to_owned));
        let moment = SourceTime(pose.time.0 - self.delay);
        let programme = self.feed.as_ref().and_then(|feed| feed.get()).and_then(|feed| feed.picture(moment));
        let repeats = self.crew.is_behind() && !self.next.is_multiple_of(MADE_IN_HASTE);
        self.crew.order(Order { index: self.next, opening, repeats, pose, caption, programme });
        self.next += 1;
        Ok(Vec::new())
    }

    fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        Ok(Vec::new())
    }

    fn gives_back(&self) -> bool {
        false
    }
}
