//! What is signed when: sentences that are understood and not yet due.

use std::collections::BTreeMap;

use signing::{Flicks, OutputTime};

/// Something with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Appointment<T> {
    /// When its first sign should begin.
    pub(super) due: OutputTime,
    /// Whether that is its own time; a script has none and waits for its turn.
    pub(super) timed: bool,
    pub(super) what: T,
}

/// Appointments in order of time; those of the same time in order of coming.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    appointments: BTreeMap<(OutputTime, u64), Appointment<T>>,
    count: u64,
}

/// Signs that may wait before a script's next sentence has to.
const SCRIPT_AHEAD: usize = 24;

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { appointments: BTreeMap::new(), count: 0 }
    }
}

impl<T> Agenda<T> {
    pub(super) fn put(&mut self, appointment: Appointment<T>) {
        self.count += 1;
        self.appointments.insert((appointment.due, self.count), appointment);
    }

    pub(super) fn len(&self) -> usize {
        self.appointments.len()
    }

    /// The next one that is due at `now`, if it begins `lead` before its time; `waiting` signs are ahead of it.
    pub(super) fn next(&mut self, now: OutputTime, lead: Flicks, waiting: usize) -> Option<Appointment<T>> {
        let first = self.appointments.first_entry()?;
        let appointment = first.get();
        let is_due = appointment.due.0 <= now.0 + lead;
        let has_turn = appointment.timed || waiting < SCRIPT_AHEAD;
        (is_due && has_turn).then(|| first.remove())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> OutputTime {
        OutputTime(Flicks::from_millis(millis))
    }

    #[test]
    fn appointments_come_when_they_are_due_in_order() {
        let mut agenda = Agenda::default();
        for (what, due) in [("c", 2_000), ("a", 1_000), ("b", 1_000)] {
            agenda.put(Appointment { due: at(due), timed: true, what });
        }
        let lead = Flicks::from_millis(200);
        let mut names =
            |now| -> Vec<&str> { std::iter::from_fn(|| agenda.next(at(now), lead, 99)).map(|due| due.what).collect() };
        assert_eq!(names(799), Vec::<&str>::new());
        assert_eq!(names(800), ["a", "b"]);
        assert_eq!(names(5_000), ["c"]);
    }

    #[test]
    fn a_script_waits_for_its_turn() {
        let mut agenda = Agenda::default();
        agenda.put(Appointment { due: OutputTime::ZERO, timed: false, what: "a" });
        assert!(agenda.next(OutputTime::ZERO, Flicks::ZERO, SCRIPT_AHEAD).is_none());
        assert!(agenda.next(OutputTime::ZERO, Flicks::ZERO, 0).is_some());
    }
}
