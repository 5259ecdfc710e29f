//! What a head says may lead nowhere that the plan alone would not lead: a step is planned as it is shaped, looked at
//! ([`super::outcome`]), and planned again with less of what was said, or nothing, where hands would be deeper in the body
//! or in each other, jerk more than a human's, or miss what is asked of them.

use signing::Step;

use super::{Asked, Manner, Planned, Planner, care::Care, outcome::Outcome};
use crate::{Warning, head::Shape, presence::Cue, track::Track};

/// What is tried when all of it does not do: shares of what is said of times, and of what is added.
const LESS: [(f32, f32); 4] = [(1.0, 0.0), (1.0, 0.0), (0.66, 0.0), (0.33, 0.0)];
/// Where planning itself jerks, because what went before was shaped: so much slower, of the most that a shape can say.
const SLOWER: [f32; 2] = [0.4, 1.0];

/// Ways to let an idle hand go, as a shape has them (time, how far down, when): as planning does, further down, at once and
/// further down, less far, late; then with what care.
const WAYS_TO_REST: [([f32; 3], Care); 11] = [
    ([0.0; 3], Care::USUAL),
    ([0.0; 3], Care::FURTHER),
    ([0.0, 1.0, 0.0], Care::USUAL),
    ([-0.8, 1.0, -1.0], Care::USUAL),
    ([0.0, -0.8, 0.0], Care::USUAL),
    ([0.0, 0.0, 1.0], Care::USUAL),
    ([0.0, 0.0, 1.0], Care::later(0.08)),
    ([0.0, 0.0, 1.0], Care::later(0.18)),
    ([-0.5, 1.0, 1.0], Care::later(0.08)),
    ([0.6, 0.0, 0.0], Care::USUAL),
    ([0.0; 3], Care::aside(0.06, 0.0, 0.03)),
];

/// What is asked so long before the hands set out is over.
const DUE_SECS: f64 = 0.02;

/// A planner before a step.
pub(super) struct Before {
    tracks: [Track; 2],
    busy_until: [f64; 2],
    resting: [bool; 2],
    cues: usize,
    pub(super) asked: usize,
    warnings: usize,
}

/// What a step has come to, to be taken up again.
pub(super) struct Made {
    pub(super) planned: Planned,
    shape: Shape,
    tracks: [Track; 2],
    busy_until: [f64; 2],
    resting: [bool; 2],
    cues: Vec<Cue>,
    asked: Vec<Asked>,
    warnings: Vec<Warning>,
}

impl Planner {
    /// Plans a step to begin at `start`.
    pub(super) fn step(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        if self.shaper.is_silent() {
            return self.step_as_shaped(step, start, manner);
        }
        let noted = self.asked.is_some();
        let known = self.asked.get_or_insert_with(Vec::new).len();
        self.forget_due(start);
        let planned = self.guarded(step, start, manner);
        self.due.extend(self.asked.iter().flat_map(|asked| &asked[known..]).cloned());
        if !noted {
            self.asked = None;
        }
        planned
    }

    /// What was asked before may still be due while the hands set out for what begins at `start`; the rest is forgotten.
    pub(super) fn forget_due(&mut self, start: f64) {
        self.due.retain(|asked| asked.time.as_secs() > start - DUE_SECS);
    }

    fn guarded(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        let lent = std::mem::take(&mut self.lent);
        let before = self.before();
        let planned = self.step_as_shaped(step, start, manner);
        let shape = self.shaper.last();
        if shape == Shape::ANALYTIC {
            return planned;
        }
        let outcome = self.outcome_since(&before, start, &planned);
        if outcome.is_sound() {
            return planned;
        }
        let as_shaped = self.made(&before, planned, shape);
        let again = |planner: &mut Self, shape: Shape, start: f64| {
            planner.back_to(&before);
            planner.shaper.repeat(shape);
            let planned = planner.step_as_shaped(step, start, manner);
            let outcome = planner.outcome_since(&before, start, &planned);
            (planned, outcome)
        };
        // Planning alone would have set out later, too.
        let usual = start + lent;
        let (planned, alone) = again(self, Shape::ANALYTIC, usual);
        if outcome.will_do(&alone) {
            return self.take_up(&before, as_shaped);
        }
        let as_planned = self.made(&before, planned, Shape::ANALYTIC);
        let less = LESS.map(|(of_times, added)| shape.weakened(of_times, added));
        let less = less.into_iter().zip([start, usual, usual, usual]);
        let slower = SLOWER.map(|by| (Shape::slower(by), usual));
        // Where planning itself leaves something amiss, nothing of what is said is tried.
        let tried = less.filter(|_| !alone.is_amiss()).chain(slower.into_iter().filter(|_| alone.jerks()));
        for (shape, start) in tried {
            let (planned, outcome) = again(self, shape, start);
            if outcome.will_do(&alone) {
                return planned;
            }
        }
        self.take_up(&before, as_planned)
    }

    /// Lets a hand go that is idle from `from` on, as the last shape has it, or in the way that leads it least deep before
    /// `until`, if that is not sound. `secs` and `share`: as [`Planner::release`], before they are shaped; all the way if
    /// `share` is `None`.
    pub(crate) fn let_go(&mut self, hand: usize, [from, until]: [f64; 2], secs: f64, share: Option<f32>) {
        if self.resting[hand] && share.is_none() {
            return;
        }
        let before = self.before();
        let shaped = self.shaper.last();
        let release = |planner: &mut Self, (shape, care): &(Shape, Care)| {
            planner.back_to(&before);
            let share = share.map_or(1.0, |share| shape.release_share(share));
            planner.care = *care;
            planner.release(hand, from + shape.release_later_secs() + care.later, secs * shape.release(), share);
            planner.care = Care::USUAL;
        };
        release(self, &(shaped, Care::USUAL));
        let latest = until.max(from + secs);
        let mut best = (self.outcome(from, latest, &[]), (shaped, Care::USUAL));
        if best.0.is_sound() {
            return;
        }
        for (ways, care) in WAYS_TO_REST {
            let way = (Shape::letting_go(ways), care);
            if way == best.1 {
                continue;
            }
            release(self, &way);
            let outcome = self.outcome(from, latest, &[]);
            if outcome.is_better_than(&best.0) {
                best = (outcome, way);
            }
            if outcome.is_sound() {
                break;
            }
        }
        release(self, &best.1);
    }

    pub(super) fn outcome_since(&mut self, before: &Before, start: f64, planned: &Planned) -> Outcome {
        let mut asked = self.due.clone();
        asked.extend(self.asked.iter().flat_map(|asked| &asked[before.asked..]).cloned());
        self.outcome(start, planned.end, &asked)
    }

    pub(super) fn before(&self) -> Before {
        Before {
            tracks: self.tracks.clone(),
            busy_until: self.busy_until,
            resting: self.resting,
            cues: self.cues.len(),
            asked: self.asked.as_ref().map_or(0, Vec::len),
            warnings: self.warnings.len(),
        }
    }

    pub(super) fn back_to(&mut self, before: &Before) {
        self.tracks.clone_from(&before.tracks);
        (self.busy_until, self.resting) = (before.busy_until, before.resting);
        self.cues.truncate(before.cues);
        if let Some(asked) = &mut self.asked {
            asked.truncate(before.asked);
        }
        self.warnings.truncate(before.warnings);
    }

    pub(super) fn made(&self, before: &Before, planned: Planned, shape: Shape) -> Made {
        Made {
            planned,
            shape,
            tracks: self.tracks.clone(),
            busy_until: self.busy_until,
            resting: self.resting,
            cues: self.cues[before.cues..].to_vec(),
            asked: self.asked.as_ref().map_or_else(Vec::new, |asked| asked[before.asked..].to_vec()),
            warnings: self.warnings[before.warnings..].to_vec(),
        }
    }

    pub(super) fn take_up(&mut self, before: &Before, made: Made) -> Planned {
        self.back_to(before);
        self.tracks = made.tracks;
        (self.busy_until, self.resting) = (made.busy_until, made.resting);
        self.cues.extend(made.cues);
        if let Some(asked) = &mut self.asked {
            asked.extend(made.asked);
        }
        self.warnings.extend(made.warnings);
        self.shaper.settle(made.shape);
        made.planned
    }
}
