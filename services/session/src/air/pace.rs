//! Frames leave at their moments, however unevenly they are made, and what takes time on the way is measured.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde::Serialize;
use signing::FrameRate;

use super::wire::Made;
use crate::error::SessionError;

/// Frames that are made and wait to leave, seconds; what is beyond it is lost. More wait only when this thread stands still.
const WAITING_SECS: f64 = 10.0;

/// Moment of a frame: exact to the nanosecond for ever.
pub(super) fn moment(zero: Instant, rate: FrameRate, frame: u64) -> Instant {
    let nanos = u128::from(frame) * u128::from(rate.den()) * 1_000_000_000 / u128::from(rate.num());
    zero + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// What takes time on the way of a frame; the worst of each since the last report, milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Stages {
    /// The system woke the clock's thread so late.
    pub wake: f64,
    /// The clock waited for a studio that was slow.
    pub room: f64,
    /// Inputs, orders, what was understood.
    pub inputs: f64,
    /// Motion.
    pub motion: f64,
    /// From the moment of a frame to its packets: renderer and encoder, and all of the above.
    pub made: f64,
}

impl Stages {
    /// Notes what a stage took.
    pub(super) fn note(worst: &mut f64, took: Duration) {
        *worst = worst.max((took.as_secs_f64() * 1e4).round() / 10.0);
    }
}

/// What became of frames that left.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Left {
    /// How many left more than a frame later than they should.
    pub(super) late: u64,
    /// How many were made and lost here.
    pub(super) lost: u64,
    /// The latest since the last report.
    pub(super) worst: Duration,
    /// The latest to be made since the last report, after its moment.
    pub(super) made: Duration,
}

/// Hands frames to receivers: each so long after its moment that a slow moment of the studio, or a change of studios, is
/// not seen.
pub(super) struct Pacer {
    frames: SyncSender<Option<Made>>,
    left: Arc<Mutex<Left>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    rate: FrameRate,
    zero: Arc<OnceLock<Instant>>,
}

fn lock(left: &Mutex<Left>) -> MutexGuard<'_, Left> {
    left.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pacer {
    /// `send` gets each frame `hold` after its moment, or at once if it is later already. Frames may come when `zero` is set.
    ///
    /// Errors: no thread can be made.
    pub(super) fn start(
        rate: FrameRate,
        hold: Duration,
        zero: Arc<OnceLock<Instant>>,
        mut send: impl FnMut(Made) + Send + 'static,
    ) -> Result<Self, SessionError> {
        // A positive count of frames.
        let waiting = ((rate.as_f64() * WAITING_SECS) as usize).max(8);
        let (frames, inbox) = sync_channel::<Option<Made>>(waiting);
        let left = Arc::new(Mutex::new(Left::default()));
        let (shared, of_zero) = (Arc::clone(&left), Arc::clone(&zero));
        let work = move || {
            while let Ok(Some(made)) = inbox.recv() {
                let zero = *of_zero.get_or_init(Instant::now);
                let due = moment(zero, rate, made.index) + hold;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let late = due.elapsed();
                {
                    let mut left = lock(&shared);
                    left.worst = left.worst.max(late);
                    left.late += u64::from(late > moment(zero, rate, 1) - zero);
                }
                send(made);
            }
        };
        let thread = thread::Builder::new().name("pacer".to_owned()).spawn(work).map_err(SessionError::Pipe)?;
        Ok(Self { frames, left, thread: Mutex::new(Some(thread)), rate, zero })
    }

    /// Takes a frame that is made; never waits.
    pub(super) fn push(&self, made: Made) {
        let after = self.zero.get().map_or(Duration::ZERO, |zero| moment(*zero, self.rate, made.index).elapsed());
        let lost = matches!(self.frames.try_send(Some(made)), Err(TrySendError::Full(_)));
        let mut left = lock(&self.left);
        left.made = left.made.max(after);
        left.lost += u64::from(lost);
    }

    /// What became of frames so far; the worst ones are counted anew from here.
    pub(super) fn report(&self) -> Left {
        let mut left = lock(&self.left);
        let found = *left;
        (left.worst, left.made) = (Duration::ZERO, Duration::ZERO);
        found
    }

    /// Waits until all that was made has left.
    pub(super) fn finish(&self) -> Left {
        // A thread that has ended needs no end.
        let _ = self.frames.send(None);
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A panic has been reported on standard error.
            let _ = thread.join();
        }
        self.report()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use stream::air::AirPacket;

    use super::*;

    fn made(index: u64) -> Made {
        let picture = AirPacket { data: Vec::new(), key: false, alpha: None };
        Made { index, opening: 0, picture, mask: None }
    }

    #[test]
    fn moments_do_not_drift() {
        let (zero, ntsc) = (Instant::now(), FrameRate::new(30_000, 1_001).unwrap());
        assert_eq!(moment(zero, ntsc, 30_000 * 3_600) - zero, Duration::from_secs(1_001 * 3_600));
        assert_eq!(moment(zero, FrameRate::PAL, 1) - zero, Duration::from_millis(40));
    }

    #[test]
    fn frames_leave_in_order_and_never_early() {
        let (out, left) = channel();
        let (zero, hold) = (Instant::now(), Duration::from_millis(60));
        let send = move |made: Made| out.send((made.index, Instant::now())).unwrap();
        let pacer = Pacer::start(FrameRate::PAL, hold, Arc::new(OnceLock::from(zero)), send).unwrap();
        // All at once, as after a studio was lost.
        (0..5).for_each(|index| pacer.push(made(index)));
        assert_eq!(pacer.finish().lost, 0);
        let left: Vec<(u64, Instant)> = left.iter().collect();
        assert_eq!(left.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        for (index, at) in left {
            assert!(at >= moment(zero, FrameRate::PAL, index) + hold, "frame {index}");
        }
    }

    #[test]
    fn a_frame_that_is_made_too_late_leaves_at_once_and_is_counted() {
        let zero = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        let pacer = Pacer::start(FrameRate::PAL, Duration::ZERO, Arc::new(OnceLock::from(zero)), |_| {}).unwrap();
        (0..3).for_each(|index| pacer.push(made(index)));
        let left = pacer.finish();
        assert_eq!((left.late, left.lost), (3, 0));
        assert!(left.worst > Duration::from_secs(9) && left.made > Duration::from_secs(9), "{left:?}");
    }
}
