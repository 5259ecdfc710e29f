//! How far a session is behind, and how fast it must sign.

use signing::Transcript;

use super::{
    Due, LagLimits, Live, Moving,
    inputs::is_paced,
    lag::{self, Lag},
};

impl Live {
    /// For how many signs there is time in what is said now, so that it is not signed too late. `None` for a script.
    ///
    /// All the time there is while the signer is hardly behind; then somewhat less than saying it took, so that each
    /// thing that is said gets its share and the signer catches up; never more than the limit leaves.
    pub fn room(&self, transcript: &Transcript) -> Option<f64> {
        if !is_paced(transcript) {
            return None;
        }
        let behind: f64 = self.waiting.iter().map(|due| lag::signs_of(&due.sentence.tokens)).sum();
        let behind_secs = (self.ahead_secs() + self.speed.secs(behind)) / lag::PLANNED_HASTE;
        let LagLimits { whole_to_secs, condense_to_secs, .. } = self.limits;
        let share = said_secs(transcript) * lag::CATCH_UP;
        let secs = (whole_to_secs - behind_secs).max(share.min(condense_to_secs - behind_secs));
        Some(self.speed.signs(secs * lag::PLANNED_HASTE))
    }

    /// How long what motion has takes until it is signed if nothing hastens it, seconds.
    fn ahead_secs(&self) -> f64 {
        let planned = self.times.back().map_or(0.0, |planned| planned.time.end.as_secs() - self.mover_secs);
        planned.max(0.0) + self.speed.secs(self.moving.iter().map(Moving::unplanned).sum())
    }

    pub(super) fn since(&self, said: u64) -> f64 {
        (self.frame - said) as f64 / self.rate.as_f64()
    }

    /// When the next sentence would be signed if all were hastened, and the longest lag of all that wait.
    pub(super) fn lags(&self, next: &Due, said: u64) -> (Lag, f64) {
        let secs = |due: &Due| self.speed.secs(lag::signs_of(&due.sentence.tokens)) / lag::PLANNED_HASTE;
        let ahead = self.ahead_secs() / lag::PLANNED_HASTE;
        let mut end = ahead + secs(next);
        let own = Lag { start: self.since(said) + ahead, end: self.since(said) + end };
        let mut worst = own.end;
        for due in &self.waiting {
            end += secs(due);
            worst = worst.max(due.said.map_or(0.0, |said| self.since(said)) + end);
        }
        (own, worst)
    }

    /// How much faster than motion makes them signs must be played, so that all that was said is signed in time.
    pub(super) fn haste(&self) -> f64 {
        let mut most: f64 = 1.0;
        let mut need = |due: &Due, end: f64| {
            if let Some(said) = due.said {
                let left = self.limits.hasten_to_secs - self.since(said);
                most = most.max(if left > 0.1 { end / left } else { lag::HASTE });
            }
        };
        let mut end = self.times.back().map_or(0.0, |planned| planned.time.end.as_secs() - self.mover_secs).max(0.0);
        for moving in &self.moving {
            end += self.speed.secs(moving.unplanned());
            need(&moving.due, end);
        }
        for due in &self.waiting {
            end += self.speed.secs(lag::signs_of(&due.sentence.tokens));
            need(due, end);
        }
        most.min(lag::HASTE)
    }
}

/// How long it took to say. Where the transcript tells no beginning, as long as a reader takes.
fn said_secs(transcript: &Transcript) -> f64 {
    let read = transcript.text.chars().count() as f64 * lag::SECS_A_CHARACTER;
    let told = (transcript.end - transcript.start).as_secs();
    if told > 0.0 { told.min(2.0 * read) } else { read }
}
