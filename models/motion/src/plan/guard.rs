//! What a head adds may lead nowhere that the plan alone would not lead: a step is planned as it is shaped, looked at, and
//! planned again with less of what was added, or nothing, where hands would be deeper in the body or in each other.

use signing::Step;

use super::{Manner, Planned, Planner};
use crate::{
    clear::{Correction, corrections},
    track::Track,
};

/// Shares of a residual that are tried, after all of it; the last is planning with the head's times.
const SHARES: [f32; 2] = [0.5, 0.0];
/// What clearing makes up for without being seen, metres (radians of the elbow count a tenth).
const UNSEEN: f32 = 0.002;
/// How much more than the plan alone a residual may ask of clearing, in the same measure.
const MORE: f32 = 0.001;
/// Between the moments that are looked at, seconds; no step has more than [`MOST`].
const APART_SECS: f64 = 0.04;
const MOST: usize = 32;
/// How long behind its end a step is looked at: what overlaps it runs out.
const BEHIND_SECS: f64 = 0.08;

/// A planner before a step.
struct Before {
    tracks: [Track; 2],
    busy_until: [f64; 2],
    resting: [bool; 2],
    cues: usize,
    asked: usize,
    warnings: usize,
}

impl Planner {
    /// Plans a step to begin at `start`.
    pub(super) fn step(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        if self.shaper.is_silent() {
            return self.step_as_shaped(step, start, manner);
        }
        let before = self.before();
        let mut planned = self.step_as_shaped(step, start, manner);
        let shape = self.shaper.last();
        let asked = self.cleared(start, planned.end);
        if asked <= UNSEEN || !shape.adds_to_hands() {
            return planned;
        }
        let mut again = |planner: &mut Self, share: f32| {
            planner.back_to(&before);
            planner.shaper.repeat(shape.with_residuals(share));
            planned = planner.step_as_shaped(step, start, manner);
            planner.cleared(start, planned.end)
        };
        let allowed = again(self, 0.0).max(UNSEEN) + MORE;
        if asked <= allowed {
            again(self, 1.0);
        } else {
            for share in SHARES {
                if again(self, share) <= allowed {
                    break;
                }
            }
        }
        planned
    }

    fn before(&self) -> Before {
        Before {
            tracks: self.tracks.clone(),
            busy_until: self.busy_until,
            resting: self.resting,
            cues: self.cues.len(),
            asked: self.asked.as_ref().map_or(0, Vec::len),
            warnings: self.warnings.len(),
        }
    }

    fn back_to(&mut self, before: &Before) {
        self.tracks.clone_from(&before.tracks);
        (self.busy_until, self.resting) = (before.busy_until, before.resting);
        self.cues.truncate(before.cues);
        if let Some(asked) = &mut self.asked {
            asked.truncate(before.asked);
        }
        self.warnings.truncate(before.warnings);
    }

    /// The most that clearing has to move a hand while a step lasts: metres, and radians of the elbow a tenth.
    fn cleared(&self, start: f64, end: f64) -> f32 {
        let secs = end + BEHIND_SECS - start;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few moments")]
        let count = ((secs / APART_SECS).ceil().max(1.0) as usize).min(MOST);
        let mut most = 0.0_f32;
        for nth in 1..=count {
            let time = start + secs * nth as f64 / count as f64;
            let states = [0, 1].map(|hand| self.tracks[hand].peek(time));
            for Correction { shift, swivel } in corrections(&self.rig, &states) {
                most = most.max(shift.length() + swivel.abs() * 0.1);
            }
        }
        most
    }
}
