//! The timecode of a broadcast: as it was given, or as a live feed brings it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use signing::{Flicks, SourceTime};

use super::lines::TimeCode;

/// What a live feed's timecode is to the broadcast's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// It is the first: the broadcast has one from now on.
    First,
    /// It broke with what came before by so much, and the broadcast's with it.
    Broke(Flicks),
    /// It is so far from the one that was given, which holds; said once.
    Apart(Flicks),
}

/// Timecodes that are no more than this from where they should be go on: those of a rate that is not the broadcast's.
const BREAK: Flicks = Flicks::from_millis(100);
const DAY: Flicks = Flicks::from_millis(86_400_000);

#[derive(Debug)]
struct State {
    /// The timecode of the input's zero.
    zero: Option<TimeCode>,
    given: bool,
    said: bool,
}

/// The timecode of the input's zero, for whoever needs it.
#[derive(Debug, Clone)]
pub(super) struct Clock(Arc<Mutex<State>>);

impl Clock {
    pub(super) fn new(given: Option<TimeCode>) -> Self {
        Self(Arc::new(Mutex::new(State { zero: given, given: given.is_some(), said: false })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The timecode of the input's zero, if there is one yet.
    pub(super) fn zero(&self) -> Option<TimeCode> {
        self.lock().zero
    }

    /// Whether a complaint about a timecode is the first.
    pub(super) fn say_once(&self) -> bool {
        !std::mem::replace(&mut self.lock().said, true)
    }

    /// Takes the timecode of a picture that came at `at`, on the input's clock; gives what is new about it.
    pub(super) fn found(&self, code: TimeCode, at: SourceTime) -> Option<News> {
        let zero = TimeCode(code.0 - at.0);
        let mut state = self.lock();
        let Some(before) = state.zero else {
            state.zero = Some(zero);
            return Some(News::First);
        };
        // Within half a day, as both count on from midnight.
        let away = (zero.0 - before.0 + Flicks(DAY.0 / 2)).0.rem_euclid(DAY.0) - DAY.0 / 2;
        if away.abs() <= BREAK.0 {
            return None;
        }
        if state.given {
            return (!std::mem::replace(&mut state.said, true)).then_some(News::Apart(Flicks(away)));
        }
        state.zero = Some(zero);
        Some(News::Broke(Flicks(away)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(clock: &Clock, code: f64, at: f64, expected: Option<News>) {
        let found = clock.found(TimeCode(Flicks::from_secs(code)), SourceTime(Flicks::from_secs(at)));
        assert_eq!(found, expected, "{code} at {at}");
    }

    #[test]
    fn a_feed_sets_the_clock_and_only_a_break_sets_it_again() {
        let clock = Clock::new(None);
        check(&clock, 36_002.0, 2.0, Some(News::First));
        check(&clock, 36_004.04, 4.0, None);
        assert_eq!(clock.zero(), Some(TimeCode(Flicks::from_secs(36_000.0))));
        check(&clock, 3_605.0, 5.0, Some(News::Broke(Flicks::from_secs(-32_400.0))));
        check(&clock, 3_606.0, 6.0, None);
        let night = Clock::new(None);
        check(&night, 86_399.0, 1.0, Some(News::First));
        check(&night, 1.0, 3.0, None);
    }

    #[test]
    fn what_was_given_holds() {
        let clock = Clock::new(Some(TimeCode(Flicks::from_secs(100.0))));
        check(&clock, 105.0, 5.0, None);
        check(&clock, 110.0, 5.0, Some(News::Apart(Flicks::from_secs(5.0))));
        check(&clock, 111.0, 6.0, None);
        assert_eq!(clock.zero(), Some(TimeCode(Flicks::from_secs(100.0))));
    }
}
