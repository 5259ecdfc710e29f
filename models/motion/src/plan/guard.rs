//! What a head says may lead nowhere that the plan alone would not lead: a step is planned as it is shaped, looked at
//! ([`super::look`]), and planned again with less of what was said, later, or as planning has it, where hands would be deeper
//! in the body or in each other than with planning alone, jerk more, or miss what is asked of them.
//!
//! What is made sooner may meet a hand that planning alone would have out of the way by then. So planning alone is looked at as
//! if nothing had been saved: it waits until other hands are where they would be. What is deep or jerks with planning alone is
//! made so, and at the same moments of clearing's grid: it is neither mended nor made worse.

use std::collections::VecDeque;

use signing::Step;

use super::{Asked, Manner, Planned, Planner, care::Care, outcome::Outcome};
use crate::{Warning, clear::GRID_SECS, head::Shape, presence::Cue, rig::SIDES, track::Track};

/// What is tried where all of it does not do: shares of what is said of times, and of the wait after which planning alone
/// would begin. Nothing is added to hands.
const LESS: [(f32, f64); 5] = [(0.5, 0.0), (0.0, 0.0), (1.0, 1.0), (0.5, 1.0), (1.0, 0.0)];
/// What is tried too where planning alone has something amiss: how much slower, of the most that a shape can say, and how
/// much later, seconds.
const MORE: [(f32, f64); 2] = [(0.0, 0.06), (0.4, 0.0)];
/// And with what care all that is said is tried before that: another way there.
const CAREFUL: [Care; 5] = [
    Care::FURTHER,
    Care::aside(0.0, 0.0, 0.04),
    Care::aside(0.0, -0.05, 0.0),
    Care::aside(0.0, 0.05, 0.0),
    Care::aside(0.05, 0.0, 0.0),
];

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

/// What was asked so long ago may still be touched, seconds.
const TOUCHED_SECS: f64 = 1.0;

/// How much sooner things are made than planning alone would make them.
#[derive(Debug, Default)]
pub(super) struct Sooner {
    /// In all, seconds; less than 0: later.
    secs: f64,
    /// When it became more or less, and by how much, seconds: what matters while hands are on their way.
    lately: VecDeque<(f64, f64)>,
}

impl Sooner {
    /// What has become so longer ago matters no more: hands that were let go then are down, seconds.
    const ON_THEIR_WAY_SECS: f64 = 0.8;
    /// No hand waits longer for another, seconds.
    const LONGEST_WAIT_SECS: f64 = 0.3;

    fn is_nothing(&self) -> bool {
        self.secs.abs() < 1e-6
    }

    fn note(&mut self, at: f64, secs: f64) {
        if secs != 0.0 {
            self.secs += secs;
            self.lately.push_back((at, secs));
        }
        self.forget(at);
    }

    fn forget(&mut self, now: f64) {
        while self.lately.front().is_some_and(|(at, _)| *at < now - Self::ON_THEIR_WAY_SECS) {
            self.lately.pop_front();
        }
    }

    /// How long a step that could begin at `start` waits at least so that clearing, which looks at whole multiples of its
    /// grid, looks at the same moments of it as with planning alone; and so that other hands are where they would be then.
    /// Seconds.
    fn waits(&mut self, start: f64) -> [f64; 2] {
        self.forget(start);
        let lately = self.lately.iter().map(|(_, secs)| secs).sum::<f64>().clamp(0.0, Self::LONGEST_WAIT_SECS);
        [0.0, lately].map(|waited| {
            let left = ((self.secs - waited) / GRID_SECS + 1e-6).floor() * GRID_SECS;
            (self.secs - left).max(0.0)
        })
    }
}

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
    /// Plans a step to begin at `start`. What forms ask is noted meanwhile.
    pub(super) fn step(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        if self.shaper.is_silent() {
            return self.step_as_shaped(step, start, manner);
        }
        self.guarded(step, start, manner)
    }

    /// What was asked before may still be due or touched while the hands set out for what begins at `start`; the rest is
    /// forgotten.
    pub(super) fn forget_due(&mut self, start: f64) {
        // The last of each hand may still be held.
        let last = SIDES.map(|side| self.due.iter().rposition(|asked| asked.side == side));
        let mut nth = 0..;
        self.due.retain(|asked| asked.time.as_secs() > start - TOUCHED_SECS || last.contains(&nth.next()));
    }

    fn guarded(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        let before = self.before();
        let planned = self.step_as_shaped(step, start, manner);
        let shape = self.shaper.last();
        if shape == Shape::ANALYTIC && self.sooner.is_nothing() {
            return planned;
        }
        let verdict = self.verdict_while_it_can_do([start, start, planned.end], before.asked);
        if verdict.is_sound() {
            return self.keep(start, planned);
        }
        let as_shaped = self.made(&before, planned, shape);
        let again = |planner: &mut Self, shape: Shape, wait: f64| {
            planner.back_to(&before);
            planner.shaper.repeat(shape);
            planner.step_as_shaped(step, start + wait, manner)
        };
        let times = |planned: &Planned| [start, planned.start, planned.end];
        let [soonest, wait] = self.sooner.waits(start);
        let planned = again(self, Shape::ANALYTIC, wait);
        let alone = self.verdict(times(&planned), before.asked);
        let mut as_planned = self.made(&before, planned, Shape::ANALYTIC);
        if verdict.will_do(&alone) {
            let planned = self.take_up(&before, as_shaped);
            return self.keep(start, planned);
        }
        let less = LESS.map(|(of_times, waited)| (shape.weakened(of_times, 0.0), wait * waited, Care::USUAL));
        let careful = CAREFUL.map(|care| (shape.weakened(1.0, 0.0), 0.0, care));
        let more = MORE.map(|(slower, waited)| (Shape::slower(slower), wait + waited, Care::USUAL));
        let mut tried = vec![(shape, 0.0, Care::USUAL), (Shape::ANALYTIC, wait, Care::USUAL)];
        if soonest < wait {
            // The same, and nothing waits for anything?
            let planned = again(self, Shape::ANALYTIC, soonest);
            let verdict = self.verdict(times(&planned), before.asked);
            if verdict.is_same(&alone) {
                as_planned = self.made(&before, planned, Shape::ANALYTIC);
            }
        }
        let amiss = careful.into_iter().chain(more).filter(|_| !alone.is_sound());
        for one in less.into_iter().chain(amiss) {
            if tried.contains(&one) {
                continue;
            }
            tried.push(one);
            self.care = one.2;
            let planned = again(self, one.0, one.1);
            self.care = Care::USUAL;
            let verdict = self.verdict_while_it_can_do(times(&planned), before.asked);
            if verdict.will_do(&alone) {
                return self.keep(start, planned);
            }
        }
        let planned = self.take_up(&before, as_planned);
        self.keep(start, planned)
    }

    /// A step that could have begun at `start` is planned so.
    fn keep(&mut self, start: f64, planned: Planned) -> Planned {
        self.save(start, planned.usual.end - planned.end - (planned.start - start));
        planned
    }

    /// Notes that things happen so much sooner from `at` on than with planning alone, seconds; less than 0: later.
    pub(crate) fn save(&mut self, at: f64, secs: f64) {
        if !self.shaper.is_absent() {
            self.sooner.note(at, secs);
        }
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

    /// As [`Planner::outcome_below`], with all that was asked since then or is still due.
    pub(super) fn outcome_since(&mut self, bound: f32, before: &Before, start: f64, planned: &Planned) -> Outcome {
        let mut asked = self.due.clone();
        asked.extend(self.asked.iter().flat_map(|asked| &asked[before.asked..]).cloned());
        self.outcome_below(bound, start, planned.end, &asked)
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
