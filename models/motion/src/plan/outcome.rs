//! What comes of a plan, looked at before it is kept: how deep hands stay in the body or in each other when clearing has
//! done what it can, how wrists and fingertips jerk, and how far what is asked is missed.
//!
//! As frames are made, only coarser, and without head and face: tracks, clearing, the mean of a frame's moments.

use std::sync::Arc;

use glam::{Quat, Vec3};
use signing::Site;

use super::{Asked, Planner};
use crate::{
    clear::{Clearing, Correction, corrections},
    hand::{DIGITS, Digits},
    project::{APART_SECS, MOMENTS, WEIGHTS, mean_arm, meeting},
    reach::arm_of,
    rig::{Rig, SIDES},
    touch::thumb_in_fingers,
    track::HandState,
};

/// What is measured of a plan, in the order of [`Outcome`]'s numbers.
#[derive(Debug, Clone, Copy)]
enum Measure {
    /// How far clearing would still have to move a hand, metres.
    Depth,
    /// Thumb in fingers of the same hand, metres.
    Thumb,
    /// m/s³.
    WristJerk,
    /// m/s³.
    TipJerk,
    /// Off what is asked, radians.
    Palm,
    /// Off what is asked, radians.
    Fingers,
    /// A part of a hand off what it should touch, metres, beyond what its reach leaves open.
    Missed,
}

const MEASURES: usize = 7;

/// What a motion should keep to. A little within what [`crate::check::Kind::limit`] grants: a plan is looked at more
/// coarsely than its frames are.
const BOUNDS: [f32; MEASURES] = [0.0015, 0.002, 2500.0, 5000.0, 0.15, 0.70, 0.004];

/// What comes of a plan: the worst of each measure.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Outcome([f32; MEASURES]);

impl Outcome {
    /// Whether everything keeps to its bound.
    pub(super) fn is_sound(&self) -> bool {
        self.0.iter().zip(BOUNDS).all(|(found, bound)| *found <= bound)
    }

    /// Whether it jerks more than a hand should.
    pub(super) fn jerks(&self) -> bool {
        [Measure::WristJerk, Measure::TipJerk].into_iter().any(|of| self.0[of as usize] > BOUNDS[of as usize])
    }

    /// Whether hands are less deep in anything, without jerking more than a hand should.
    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        /// Metres.
        const LESS_DEEP: f32 = 0.0005;
        let depth = |outcome: &Self| outcome.0[Measure::Depth as usize];
        depth(self) < depth(other) - LESS_DEEP && (!self.jerks() || other.jerks())
    }

    /// Whether hands are deep in something.
    pub(super) fn is_deep(&self) -> bool {
        self.0[Measure::Depth as usize] > BOUNDS[Measure::Depth as usize]
    }

    /// How much everything is beyond its bound, in all: a millimetre, a degree (three of the hand's length), a tenth of the
    /// jerk that is too much are 1.
    pub(super) fn amount_amiss(&self) -> f32 {
        const ONE: [f32; MEASURES] = [0.001, 0.001, 250.0, 500.0, 0.017, 0.052, 0.001];
        self.0.iter().zip(BOUNDS).zip(ONE).map(|((found, bound), one)| (found - bound).max(0.0) / one).sum()
    }

    fn note(&mut self, measure: Measure, amount: f32) {
        let worst = &mut self.0[measure as usize];
        *worst = worst.max(if amount.is_finite() { amount } else { f32::MAX });
    }
}

/// Between the moments that are looked at: half of what lies between a frame's moments.
const GRID_SECS: f64 = APART_SECS / 2.0;
const OF_MEAN: usize = 2;
/// Moments before and after that make a frame's mean.
const AROUND: usize = MOMENTS / 2 * OF_MEAN;
/// Depth is looked at every so many moments, thumbs every so many.
const DEPTH_EVERY: usize = 4;
const THUMB_EVERY: usize = 2;
/// How long behind its end a plan is looked at: what overlaps it runs out.
const BEHIND_SECS: f64 = 0.08;
/// A longer plan is not looked at to its end, seconds.
const LONGEST_SECS: f64 = 4.0;
/// A contact may be this much earlier or later, moments: as the checker has it.
const MEETING: usize = 6;

/// One hand at one moment, cleared.
#[derive(Debug, Clone, Copy)]
struct Moment {
    /// Local rotations of its arm.
    arm: [Quat; 4],
    /// Where in the hand is what should touch.
    anchor: Vec3,
    digits: Digits,
}

impl Moment {
    fn of(rig: &Rig, hand: usize, state: &HandState) -> Self {
        Self { arm: meeting(rig, hand, state).locals, anchor: state.anchor, digits: state.digits }
    }
}

/// What a frame shows of a hand: the mean of the moments around it.
struct Mean {
    wrist: Vec3,
    turn: Quat,
    anchor: Vec3,
    digits: Digits,
}

fn mean(rig: &Rig, hand: usize, path: &[Moment], at: usize) -> Mean {
    let around: [&Moment; MOMENTS] = std::array::from_fn(|nth| &path[at - AROUND + nth * OF_MEAN]);
    let (_, wrist, turn) = rig.arms[hand].joints(&mean_arm(rig, hand, &around.map(|moment| moment.arm)));
    let (mut anchor, mut digits) = (Vec3::ZERO, [0.0; DIGITS]);
    for (moment, weight) in around.into_iter().zip(WEIGHTS) {
        anchor += moment.anchor * weight;
        digits.iter_mut().zip(moment.digits).for_each(|(sum, angle)| *sum += angle * weight);
    }
    Mean { wrist, turn, anchor: wrist + turn * anchor, digits }
}

impl Planner {
    /// What comes of what is planned from `start` to `end`; `asked` is what it should show.
    pub(super) fn outcome(&mut self, start: f64, end: f64, asked: &[Asked]) -> Outcome {
        self.outcome_below(f32::INFINITY, start, end, asked)
    }

    /// The same; not all of it is looked at once the [amount amiss](Outcome::amount_amiss) is `bound` or more.
    pub(super) fn outcome_below(&mut self, bound: f32, start: f64, end: f64, asked: &[Asked]) -> Outcome {
        let rig = Arc::clone(&self.rig);
        let rig = &*rig;
        let mut outcome = Outcome::default();
        let from = start - GRID_SECS * AROUND as f64;
        let secs = (end + BEHIND_SECS - start).clamp(0.0, LONGEST_SECS);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred moments")]
        let looked_at = (secs / GRID_SECS).ceil() as usize + 1;
        let count = looked_at + 2 * AROUND;
        let time = |moment: usize| from + moment as f64 * GRID_SECS;
        let clearing = Clearing::over(rig, &self.tracks, &mut self.looked, from, time(count));
        let clears = clearing.moves();
        let mut paths = [Vec::with_capacity(count), Vec::with_capacity(count)];
        let (mut before, mut looked): (Option<[HandState; 2]>, Option<[HandState; 2]>) = (None, None);
        for moment in 0..count {
            let mut states = [0, 1].map(|hand| self.tracks[hand].peek(time(moment)));
            if clears {
                clearing.clear(time(moment), &mut states);
            }
            let stands = [0, 1].map(|hand| before.is_some_and(|before| before[hand] == states[hand]));
            if clears && moment.is_multiple_of(DEPTH_EVERY) && looked != Some(states) {
                looked = Some(states);
                let left = corrections(rig, &states).map(Correction::size);
                outcome.note(Measure::Depth, left[0].max(left[1]));
                if outcome.amount_amiss() >= bound {
                    return outcome;
                }
            }
            for (hand, path) in paths.iter_mut().enumerate() {
                let known = path.last().filter(|_| stands[hand]).copied();
                path.push(known.unwrap_or_else(|| Moment::of(rig, hand, &states[hand])));
            }
            before = Some(states);
        }
        let shown = [0, 1].map(|hand| {
            (AROUND..looked_at + AROUND).map(|at| mean(rig, hand, &paths[hand], at)).collect::<Vec<Mean>>()
        });
        for (hand, shown) in shown.iter().enumerate() {
            jerks(rig, hand, shown, &mut outcome);
            thumbs(rig, hand, shown, &mut outcome);
        }
        for ask in asked {
            let Some(hand) = SIDES.iter().position(|side| *side == ask.side) else { continue };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred moments")]
            let at = ((ask.time.as_secs() - start) / GRID_SECS).round().max(0.0) as usize;
            if ask.time.as_secs() >= start && at < looked_at {
                self.directions(hand, ask, &shown[hand][at], &mut outcome);
                self.meetings(hand, ask, &shown, at, &mut outcome);
            }
        }
        outcome
    }

    fn directions(&self, hand: usize, ask: &Asked, shown: &Mean, outcome: &mut Outcome) {
        let measures = &self.rig.hands[hand];
        if let Some(wanted) = ask.palm {
            outcome.note(Measure::Palm, (shown.turn * measures.palm).angle_between(wanted));
        }
        if let Some(wanted) = ask.fingers {
            let square = ask.palm.map_or(wanted, |palm| wanted - palm * wanted.dot(palm));
            let off = (shown.turn * measures.fingers).angle_between(square.normalize_or(wanted));
            outcome.note(Measure::Fingers, off);
        }
    }

    /// How far the part that should touch is off where planning has it when it should: what mean and clearing take.
    fn meetings(&self, hand: usize, ask: &Asked, shown: &[Vec<Mean>; 2], at: usize, outcome: &mut Outcome) {
        let Some(asked) = ask.meeting else { return };
        let moment = ask.time.as_secs();
        let wanted = self.tracks[hand].peek(moment).point;
        let other = 1 - hand;
        let meets_other = matches!(asked.site, Site::OtherHand(_));
        let stood = arm_of(&self.rig, other, &self.tracks[other].peek(moment)).wrist;
        let gap = |at: usize| {
            let off = shown[hand][at].anchor - wanted;
            if meets_other { off - (shown[other][at].wrist - stood) } else { off }.length()
        };
        let around = at.saturating_sub(MEETING)..(at + MEETING + 1).min(shown[hand].len());
        outcome.note(Measure::Missed, around.map(gap).fold(f32::INFINITY, f32::min));
    }
}

/// Third differences of the wrist, and of the tips of thumb, index, middle and little finger.
fn jerks(rig: &Rig, hand: usize, shown: &[Mean], outcome: &mut Outcome) {
    #[expect(clippy::cast_possible_truncation, reason = "a few milliseconds")]
    let cube = (GRID_SECS as f32).powi(3);
    let mut last = [[Vec3::ZERO; 5]; 4];
    for (nth, Mean { wrist, turn, digits, .. }) in shown.iter().enumerate() {
        let [thumb, index, middle, _, little] = rig.hands[hand].tips(digits).map(|tip| *wrist + *turn * tip);
        last.rotate_left(1);
        last[3] = [*wrist, thumb, index, middle, little];
        if nth < 3 {
            continue;
        }
        let [a, b, c, d] = &last;
        for point in 0..5 {
            let third = d[point] - c[point] * 3.0 + b[point] * 3.0 - a[point];
            let measure = if point == 0 { Measure::WristJerk } else { Measure::TipJerk };
            outcome.note(measure, third.length() / cube);
        }
    }
}

/// The thumb in the fingers, while they move.
fn thumbs(rig: &Rig, hand: usize, shown: &[Mean], outcome: &mut Outcome) {
    let mut before: Option<&Digits> = None;
    for Mean { digits, .. } in shown.iter().step_by(THUMB_EVERY) {
        let moved = before.is_none_or(|before| before.iter().zip(digits).any(|(a, b)| (a - b).abs() > 1e-3));
        if moved {
            outcome.note(Measure::Thumb, thumb_in_fingers(rig, hand, digits));
            before = Some(digits);
        }
    }
}
