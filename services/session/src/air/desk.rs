//! An operator's desk: orders go to the broadcast, answers and its state come back.

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    time::Duration,
};

use signing::Transcript;

use crate::live::Order;

/// Orders that may wait, in orders; more are refused with [`DeskError::Busy`].
const WAITING: usize = 16;
/// Longest that an order waits for its answer: a pack takes a few seconds to load.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an operator orders of a broadcast.
#[derive(Debug, Clone, PartialEq)]
pub enum AirOrder {
    /// Of what is being signed.
    Session(Order),
    /// Sign this instead of the sentence under way; on hold, instead of the one that would come next.
    Replace(Transcript),
    /// Stack the pack in a folder on those that are loaded; what is understood from then on knows its signs.
    LoadPack(PathBuf),
}

impl AirOrder {
    /// The order's name in events.
    pub fn name(&self) -> String {
        match self {
            Self::Session(order) => order.to_string(),
            Self::Replace(_) => "replace".to_owned(),
            Self::LoadPack(_) => "load_pack".to_owned(),
        }
    }
}

/// What was done, for a reader, or why it was not.
pub type Answer = Result<String, String>;

/// An order that waits for its answer.
#[derive(Debug)]
pub struct Call {
    /// What is to be done.
    pub order: AirOrder,
    /// By which means it came.
    pub from: String,
    answer: SyncSender<Answer>,
}

impl Call {
    /// Answers whoever gave the order, if they still wait.
    pub fn answer(self, answer: Answer) {
        // They may have left.
        let _ = self.answer.try_send(answer);
    }
}

/// How a broadcast stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AirStatus {
    /// Frames ordered so far.
    pub frames: u64,
    /// Output time, seconds.
    pub time: f64,
    /// Whether an operator holds it.
    pub held: bool,
    /// The sentence under way: its name and what it says.
    pub signing: Option<(Arc<str>, String)>,
    /// Signs that wait.
    pub signs_waiting: usize,
    /// Sentences that are understood and not yet due.
    pub sentences_waiting: usize,
    /// Packs, name and version.
    pub packs: Vec<String>,
    /// Orders followed and refused so far.
    pub orders: (u64, u64),
}

/// Why an order had no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// Too many at once.
    #[error("{WAITING} orders wait already: order again in a moment")]
    Busy,
    /// It could not be followed.
    #[error("{0}")]
    Refused(String),
    /// There is no broadcast any more.
    #[error("the broadcast is over")]
    Over,
    /// It was given, and no answer came.
    #[error("no answer for {} s: ask for the status before ordering again", PATIENCE.as_secs())]
    Silent,
}

/// Where orders are given; clones give orders to the same broadcast.
#[derive(Clone)]
pub struct Desk {
    calls: SyncSender<Call>,
    status: Arc<Mutex<AirStatus>>,
}

/// The broadcast's end of a [`Desk`].
pub struct Orders {
    calls: Receiver<Call>,
    status: Arc<Mutex<AirStatus>>,
}

impl Orders {
    /// The next order, if one waits.
    pub fn next(&self) -> Option<Call> {
        self.calls.try_recv().ok()
    }

    /// How the broadcast stands, to be brought up to date.
    pub fn status(&self) -> MutexGuard<'_, AirStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A desk, and what the broadcast needs of it.
pub fn desk() -> (Desk, Orders) {
    let (sender, calls) = sync_channel(WAITING);
    let status = Arc::<Mutex<AirStatus>>::default();
    (Desk { calls: sender, status: Arc::clone(&status) }, Orders { calls, status })
}

impl Desk {
    /// Gives an order and waits until it is followed; gives what was done. `from` names the operator's means, for events.
    ///
    /// Errors: [`DeskError`].
    pub fn order(&self, order: AirOrder, from: &str) -> Result<String, DeskError> {
        let (answer, answered) = sync_channel(1);
        self.calls.try_send(Call { order, from: from.to_owned(), answer }).map_err(|error| match error {
            TrySendError::Full(_) => DeskError::Busy,
            TrySendError::Disconnected(_) => DeskError::Over,
        })?;
        match answered.recv_timeout(PATIENCE) {
            Ok(answer) => answer.map_err(DeskError::Refused),
            Err(RecvTimeoutError::Timeout) => Err(DeskError::Silent),
            Err(RecvTimeoutError::Disconnected) => Err(DeskError::Over),
        }
    }

    /// How the broadcast stands.
    pub fn status(&self) -> AirStatus {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl fmt::Debug for Orders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orders").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_orders_than_may_wait_are_refused_and_none_waits_for_a_broadcast_that_is_over() {
        let (desk, orders) = desk();
        for _ in 0..WAITING {
            let (answer, _) = sync_channel(1);
            let call = Call { order: AirOrder::Session(Order::Skip), from: "test".to_owned(), answer };
            desk.calls.try_send(call).map_err(drop).unwrap();
        }
        assert_eq!(desk.order(AirOrder::Session(Order::Hold), "test"), Err(DeskError::Busy));
        drop(orders);
        assert_eq!(desk.order(AirOrder::Session(Order::Hold), "test"), Err(DeskError::Over));
    }
}
