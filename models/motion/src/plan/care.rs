//! What a careful signer does where a step would come out amiss: goes further round, takes a little longer, sets out a
//! little later.
//!
//! In: a step that is planned, looked at ([`super::outcome`]). Out: the same step, planned in the way that leads hands
//! least deep, jerks least and meets best; as it was if nothing is better. Never: looks at what follows the step.

use glam::Vec3;
use signing::{Side, Step};

use super::{
    Manner, Planned, Planner,
    guard::{Before, Made},
    outcome::Outcome,
};
use crate::head::Shape;

/// How much more carefully than usual a step is planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Care {
    /// How much later the hands set out, seconds.
    pub(super) later: f64,
    /// Factor on the time of the way there.
    pub(super) longer: f64,
    /// Factor on the time of the movement.
    pub(super) slower: f64,
    /// Whether more moments of the way are looked at, and more is added to go round what is between.
    pub(super) further: bool,
    /// How far the way there leads aside, metres on a body of 1.70 m: to the hand's own side, up, forwards.
    pub(super) aside: Vec3,
}

impl Care {
    /// Planning as usual.
    pub(super) const USUAL: Self = Self { later: 0.0, longer: 1.0, slower: 1.0, further: false, aside: Vec3::ZERO };
    pub(super) const FURTHER: Self = Self { further: true, ..Self::USUAL };

    pub(super) const fn later(later: f64) -> Self {
        Self { later, ..Self::USUAL }
    }

    const fn longer(longer: f64) -> Self {
        Self { longer, ..Self::USUAL }
    }

    const fn slower(slower: f64) -> Self {
        Self { slower, ..Self::USUAL }
    }

    pub(super) const fn aside(x: f32, y: f32, z: f32) -> Self {
        Self { aside: Vec3::new(x, y, z), ..Self::USUAL }
    }

    /// Where the way of a hand on that side is led, metres on a body of that scale.
    pub(super) fn aside_of(&self, side: Side, scale: f32) -> Vec3 {
        self.aside * Vec3::new(side.sign(), 1.0, 1.0) * scale
    }

    /// Both, within bounds.
    fn and(self, other: Self) -> Self {
        /// Seconds, factors, metres.
        const MOST: (f64, f64, f64, f32) = (0.16, 1.7, 1.6, 0.12);
        Self {
            later: (self.later + other.later).min(MOST.0),
            longer: (self.longer * other.longer).min(MOST.1),
            slower: (self.slower * other.slower).min(MOST.2),
            further: self.further || other.further,
            aside: (self.aside + other.aside).clamp_length_max(MOST.3),
        }
    }
}

/// What is tried where hands are deep in something: each is added to the best so far.
const ROUND: [Care; 9] = [
    Care::FURTHER,
    Care::longer(1.2),
    Care::aside(0.0, 0.0, 0.04),
    Care::aside(0.05, 0.0, 0.0),
    Care::aside(0.0, 0.05, 0.0),
    Care::aside(0.0, -0.05, 0.0),
    Care::later(0.06),
    Care::slower(1.2),
    Care::longer(1.2),
];
/// The same where they are deep only when they have got there.
const LATER_ON: [Care; 3] = [Care::FURTHER, Care::slower(1.2), Care::later(0.06)];
/// The same where hands only jerk, or face or meet what they should too late.
const CALM: [Care; 6] =
    [Care::longer(1.15), Care::slower(1.2), Care::later(0.05), Care::longer(1.2), Care::slower(1.2), Care::later(0.05)];

/// What a second more of a step is worth, in the measure of [`Outcome::amount_amiss`]: 0.1 s a millimetre.
const OF_A_SECOND: f32 = 10.0;
/// What is better by less than this is not worth a change.
const WORTH: f32 = 0.25;

/// The best of what was tried so far.
#[derive(Debug, Clone, Copy)]
struct Best {
    outcome: Outcome,
    /// How much is amiss, with what the time that it takes is worth.
    amount: f32,
    care: Care,
}

/// How both hands may be let go at once: how much later each, seconds, and with what care.
const WAYS_TO_REST: [([f64; 2], Care); 8] = [
    ([0.0, 0.0], Care::FURTHER),
    ([0.0, 0.0], Care { further: true, ..Care::aside(0.0, 0.0, 0.05) }),
    ([0.0, 0.0], Care { longer: 1.35, ..Care::FURTHER }),
    ([0.0, 0.12], Care::FURTHER),
    ([0.12, 0.0], Care::FURTHER),
    ([0.0, 0.0], Care { further: true, ..Care::aside(0.06, 0.0, 0.03) }),
    ([0.0, 0.25], Care::FURTHER),
    ([0.25, 0.0], Care::FURTHER),
];

impl Planner {
    /// Plans a step to begin at `start`, with care where it would come out amiss. What a head has shaped stays as it is.
    pub(super) fn careful(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        let noted = self.asked.is_some();
        self.asked.get_or_insert_with(Vec::new);
        self.forget_due(start);
        let due = self.due.len();
        let before = self.before();
        let planned = self.step(step, start, manner);
        self.due.truncate(due);
        let shaped = !self.shaper.is_silent() && self.shaper.last() != Shape::ANALYTIC;
        let planned = if shaped { planned } else { self.with_care(step, &before, planned, manner) };
        self.due.extend(self.asked.iter().flat_map(|asked| &asked[before.asked..]).cloned());
        self.leaving = [None, None];
        if !noted {
            self.asked = None;
        }
        planned
    }

    fn with_care(&mut self, step: &Step, before: &Before, planned: Planned, manner: &Manner) -> Planned {
        let start = planned.start;
        let usual = self.outcome_since(f32::INFINITY, before, start, &planned);
        let mut best = Best { outcome: usual, amount: usual.amount_amiss(), care: Care::USUAL };
        if best.amount <= WORTH {
            return planned;
        }
        let mut made = self.made(before, planned, Shape::ANALYTIC);
        if usual.is_deep() {
            // What is only deep later is not the way's fault.
            let on_the_way = self.outcome(start, planned.first, &[]).is_deep();
            let tried: &[Care] = if on_the_way { &ROUND } else { &LATER_ON };
            self.try_all(tried, &mut best, &mut made, step, before, manner);
        }
        if !best.outcome.is_deep() || best.outcome.jerks() {
            self.try_all(&CALM, &mut best, &mut made, step, before, manner);
        }
        Planned { start, ..self.take_up(before, made) }
    }

    fn try_all(
        &mut self,
        tried: &[Care],
        best: &mut Best,
        made: &mut Made,
        step: &Step,
        before: &Before,
        manner: &Manner,
    ) {
        let (start, end) = (made.planned.start, made.planned.end);
        let start = start - best.care.later;
        for care in tried {
            let care = best.care.and(*care);
            if best.amount <= WORTH || care == best.care {
                continue;
            }
            self.back_to(before);
            self.shaper.repeat_if_asked(Shape::ANALYTIC);
            self.care = care;
            let again = self.step_as_shaped(step, start, manner);
            self.care = Care::USUAL;
            #[expect(clippy::cast_possible_truncation, reason = "a few seconds")]
            let more = (again.end - end).max(0.0) as f32 * OF_A_SECOND;
            let enough = best.amount - WORTH - more;
            if enough <= 0.0 {
                continue;
            }
            let outcome = self.outcome_since(enough, before, start, &again);
            let amount = outcome.amount_amiss();
            if amount < enough {
                let amount = amount + more;
                *best = Best { outcome, amount, care };
                *made = self.made(before, again, Shape::ANALYTIC);
            }
        }
    }

    /// Lets both hands go that are not at rest, to rest or part of the way there: one before the other, or more slowly,
    /// where they would pass through each other or the body.
    pub(crate) fn let_both_go(&mut self, from: f64, secs: f64, share: f32) {
        if self.resting == [true; 2] {
            return;
        }
        let before = self.before();
        let release = |planner: &mut Self, (later, care): ([f64; 2], Care)| {
            planner.back_to(&before);
            planner.care = care;
            for (hand, later) in later.into_iter().enumerate() {
                if !planner.resting[hand] {
                    planner.release(hand, from + later, secs, share);
                }
            }
            planner.care = Care::USUAL;
            planner.outcome(from, from + secs * care.longer + later[0].max(later[1]), &[])
        };
        let usual = ([0.0; 2], Care::USUAL);
        let mut best = (release(self, usual), usual);
        if best.0.amount_amiss() <= WORTH {
            return;
        }
        for way in WAYS_TO_REST {
            let outcome = release(self, way);
            if outcome.amount_amiss() < best.0.amount_amiss() - WORTH {
                best = (outcome, way);
                if outcome.amount_amiss() <= WORTH {
                    return;
                }
            }
        }
        release(self, best.1);
    }
}
