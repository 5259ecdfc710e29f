//! Keeps hands and forearms out of head and trunk, and out of each other.
//!
//! What is too deep is moved out by the least that does it: the hand is shifted, the elbow swivelled.
//! Corrections of neighbouring moments are spread over a short time before and after, so that a hand that has to
//! go round something begins to do so in time and nothing jumps.

use std::collections::VecDeque;

use glam::Vec3;

use crate::{
    arm::ArmPose,
    hand::HandFrames,
    project::{APART_SECS, MOMENTS},
    reach::arm_of,
    rig::Rig,
    track::{HandState, Track},
    volume::{HandSegments, Segment, Volume, between_segments},
};

/// Depth by which skin and flesh give way before a hand is moved, metres.
const SOFT_M: f32 = 0.006;
/// The same for fingers against fingers.
const SOFT_FINGER_M: f32 = 0.003;
/// The same for forearms in their sleeves against the body.
const SOFT_FOREARM_M: f32 = 0.011;
/// Further depth where the hand is meant to touch: volumes are rounder than bodies.
const TOUCHING_M: f32 = 0.013;
/// The same where hands touch each other: both give.
const TOUCHING_HANDS_M: f32 = 0.017;
/// An elbow swivels at most this much to make room, radians.
const MOST_SWIVEL_RAD: f32 = 0.9;
/// A hand is moved at most this far, metres.
const MOST_SHIFT_M: f32 = 0.20;

/// How a hand is moved from where planning has it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Correction {
    pub(crate) shift: Vec3,
    pub(crate) swivel: f32,
}

impl Correction {
    /// One after the other, within bounds.
    fn with(self, other: Self) -> Self {
        Self {
            shift: (self.shift + other.shift).clamp_length_max(MOST_SHIFT_M),
            swivel: (self.swivel + other.swivel).clamp(-MOST_SWIVEL_RAD, MOST_SWIVEL_RAD),
        }
    }

    /// How far it moves a hand: metres, and radians of the elbow a tenth.
    pub(crate) fn size(self) -> f32 {
        self.shift.length() + self.swivel.abs() * 0.1
    }

    /// So much of it.
    pub(crate) fn part(self, part: f32) -> Self {
        Self { shift: self.shift * part, swivel: self.swivel * part }
    }

    /// Moves a hand by it.
    pub(crate) fn apply(self, state: &mut HandState) {
        state.point += self.shift;
        state.swivel += self.swivel;
    }
}

/// Hand and forearm of one side, posed.
struct Posed {
    /// Which hand: 0 or 1.
    side: usize,
    arm: ArmPose,
    hand: HandSegments,
    forearm: [Segment; 2],
    /// A sphere around all segments of the hand.
    around: (Vec3, f32),
}

impl Posed {
    /// `frames`: of the state's fingers, which no correction changes.
    fn new(rig: &Rig, hand: usize, state: &HandState, frames: &HandFrames) -> Self {
        let arm = arm_of(rig, hand, state);
        let segments = rig.framed_segments(hand, frames, arm.wrist, arm.turns[3]);
        let forearm = rig.forearm_segments(hand, &arm);
        let middle = arm.wrist + arm.turns[3] * rig.hands[hand].fingers * rig.hands[hand].length() * 0.5;
        let reach = segments
            .iter()
            .map(|segment| segment.from.distance(middle).max(segment.to.distance(middle)) + segment.radius)
            .fold(0.0, f32::max);
        Self { side: hand, arm, hand: segments, forearm, around: (middle, reach) }
    }
}

/// How deep something is, the way out, and where along the first segment (0 to 1).
#[derive(Clone, Copy)]
struct Depth {
    depth: f32,
    out: Vec3,
    along: f32,
}

const NOT_IN: Depth = Depth { depth: 0.0, out: Vec3::Z, along: 0.0 };

/// Depth of one segment in another.
fn depth_in(a: &Segment, b: &Segment) -> Depth {
    let (distance, s, t) = between_segments(a.from, a.to, b.from, b.to);
    let apart = a.from.lerp(a.to, s) - b.from.lerp(b.to, t);
    Depth { depth: a.radius + b.radius - distance, out: apart.try_normalize().unwrap_or(Vec3::Z), along: s }
}

fn deepest_in<'a>(volumes: impl IntoIterator<Item = &'a Volume>, segment: &Segment) -> Depth {
    let mut best = Depth { depth: f32::NEG_INFINITY, ..NOT_IN };
    let around = Volume::from(*segment);
    for volume in volumes {
        let near = volume.reach + around.reach - best.depth.max(0.0);
        if near < 0.0 || volume.middle.distance_squared(around.middle) > near * near {
            continue;
        }
        let found = depth_in(segment, &volume.segment);
        if found.depth > best.depth {
            best = found;
        }
    }
    // No hand comes out at the back of a body.
    if best.out.z < 0.25 {
        best.out = (best.out.with_z(0.0) + Vec3::Z * 0.25).normalize_or(Vec3::Z);
    }
    best
}

/// Whether everything of a hand is clear of the body.
fn is_far(rig: &Rig, posed: &Posed) -> bool {
    !rig.is_near_body(posed.around.0, posed.around.1 + 0.01)
}

/// What moves one hand clear of the body.
pub(crate) fn clear_of_body(rig: &Rig, hand: usize, state: &HandState) -> Correction {
    clear_of(rig, rig.volumes(), hand, state)
}

/// How far a hand must be moved to be clear of where the other one is, metres. `states`: both hands.
pub(crate) fn clear_of_other(rig: &Rig, hand: usize, states: &[HandState; 2]) -> Vec3 {
    let mut moved = *states;
    let mut all = Vec3::ZERO;
    let frames = [0, 1].map(|hand| rig.hands[hand].frames(&states[hand].digits));
    for _ in 0..4 {
        let posed = [0, 1].map(|hand| Posed::new(rig, hand, &moved[hand], &frames[hand]));
        let Some(apart) = out_of_each_other(&posed, &moved) else { break };
        all += apart.of_one(hand);
        moved[hand].point = states[hand].point + all;
    }
    all.clamp_length_max(MOST_SHIFT_M)
}

/// How deep a hand and its forearm are in neck and trunk, metres beyond what is soft: for a hand that goes along with
/// the head.
pub(crate) fn depth_in_trunk(rig: &Rig, hand: usize, state: &HandState) -> f32 {
    let posed = Posed::new(rig, hand, state, &rig.hands[hand].frames(&state.digits));
    let soft = SOFT_M + TOUCHING_M * touching(state.touch.body);
    let deepest = |segments: &[Segment], soft: f32| {
        let depths = segments.iter().map(|segment| deepest_in(rig.volumes_below_head(), segment).depth - soft);
        depths.fold(0.0, f32::max)
    };
    deepest(&posed.hand, soft).max(deepest(&posed.forearm, SOFT_FOREARM_M))
}

fn clear_of(rig: &Rig, volumes: &[Volume], hand: usize, state: &HandState) -> Correction {
    let mut all = Correction::default();
    let frames = rig.hands[hand].frames(&state.digits);
    for _ in 0..5 {
        let mut moved = *state;
        all.apply(&mut moved);
        let posed = Posed::new(rig, hand, &moved, &frames);
        let step = out_of_body(rig, volumes, &posed, &moved);
        if step == Correction::default() {
            break;
        }
        all = all.with(step);
    }
    all
}

/// What moves both hands clear, given where planning has them.
pub(crate) fn corrections(rig: &Rig, states: &[HandState; 2]) -> [Correction; 2] {
    let mut moved = *states;
    let mut all = [Correction::default(); 2];
    let frames = [0, 1].map(|hand| rig.hands[hand].frames(&states[hand].digits));
    for _ in 0..8 {
        let posed = [0, 1].map(|hand| Posed::new(rig, hand, &moved[hand], &frames[hand]));
        let mut steps = [Correction::default(); 2];
        for hand in 0..2 {
            steps[hand] = out_of_body(rig, rig.volumes(), &posed[hand], &moved[hand]);
        }
        if let Some(apart) = out_of_each_other(&posed, &moved) {
            for (hand, step) in steps.iter_mut().enumerate() {
                step.shift += apart.of_one(hand) * 0.5;
            }
        }
        let mut still = true;
        for hand in 0..2 {
            still &= steps[hand] == Correction::default();
            let next = all[hand].with(steps[hand]);
            all[hand] = next;
            moved[hand] = states[hand];
            next.apply(&mut moved[hand]);
        }
        if still {
            break;
        }
    }
    all
}

/// How far something is touched: a hand that is only about to may be no deeper for it.
fn touching(touch: f32) -> f32 {
    ((touch - 0.6) / 0.4).clamp(0.0, 1.0)
}

fn out_of_body(rig: &Rig, volumes: &[Volume], posed: &Posed, state: &HandState) -> Correction {
    let side = rig.arms[posed.side].side.sign();
    let mut step = Correction::default();
    if !is_far(rig, posed) {
        let soft = SOFT_M + TOUCHING_M * touching(state.touch.body);
        let mut worst = Depth { depth: soft, ..NOT_IN };
        // By bits; the last one stands for all further volumes.
        let bit = |index: usize| 1_u64 << index.min(63);
        let all = || volumes.iter().enumerate();
        let is_near = |volume: &Volume| are_near(volume.around(), posed.around);
        let near = all().filter(|(_, volume)| is_near(volume)).fold(0, |near, (index, _)| near | bit(index));
        for segment in posed.hand.iter() {
            let volumes = all().filter(|(index, _)| near & bit(*index) != 0).map(|(_, volume)| volume);
            let found = deepest_in(volumes, segment);
            if found.depth > worst.depth {
                worst = found;
            }
        }
        step.shift = worst.out * (worst.depth - soft);
    }
    let arm = &posed.arm;
    // A shut elbow holds the wrist off the shoulder: the hand goes round it.
    let off = state.wrist() - arm.shoulder;
    let near = rig.arms[posed.side].closest() - off.length();
    if near > 0.0 {
        step.shift +=
            (off.normalize_or(Vec3::Z) + Vec3::Z * 0.4).normalize_or(Vec3::Z) * near * (1.0 - state.touch.body);
    }
    let mut worst = (Depth { depth: SOFT_FOREARM_M, ..NOT_IN }, 0.0);
    for (index, segment) in posed.forearm.iter().enumerate() {
        let found = deepest_in(volumes, segment);
        if found.depth > worst.0.depth {
            worst = (found, (index as f32 + found.along) * 0.5);
        }
    }
    let (Depth { depth, out, .. }, along) = worst;
    let over = depth - SOFT_FOREARM_M;
    if over > 0.0 {
        // What moves at `along` of the forearm is shared out between elbow and hand.
        let (of_elbow, of_hand) = (1.0 - along, along);
        let whole = of_elbow * of_elbow + of_hand * of_hand;
        let reach = (arm.wrist - arm.shoulder).normalize_or(Vec3::Z);
        let radius = arm.elbow - arm.shoulder;
        let radius = radius - reach * radius.dot(reach);
        // Where the elbow goes when it swivels outwards.
        let way = reach.cross(radius) * side;
        let gain = way.dot(out);
        let wanted = over * of_elbow / whole;
        if gain.abs() > 0.03 {
            step.swivel = (wanted / gain).clamp(-0.25, 0.25);
        }
        let done = step.swivel * gain * of_elbow;
        step.shift += out * ((over - done).max(0.0) * of_hand.max(0.35)) * (1.0 - touching(state.touch.most()));
    }
    step
}

/// The way out of each other: of the dominant hand, metres, and how much of a hand's way is made where they meet.
#[derive(Clone, Copy)]
struct Apart {
    way: Vec3,
    lever: [f32; 2],
}

impl Apart {
    /// How far one hand goes if it goes alone.
    fn of_one(self, hand: usize) -> Vec3 {
        let way = self.way / self.lever[hand];
        if hand == 0 { way } else { -way }
    }
}

/// What of a hand's way a forearm makes at a share of its length from the elbow: half of it in its middle.
fn lever(along: f32) -> f32 {
    along.clamp(0.4, 1.0)
}

/// Whether two spheres meet: what is in them is in each other only if they do.
fn are_near(one: (Vec3, f32), other: (Vec3, f32)) -> bool {
    let near = one.1 + other.1;
    one.0.distance_squared(other.0) <= near * near
}

fn out_of_each_other(posed: &[Posed; 2], states: &[HandState; 2]) -> Option<Apart> {
    let touching = TOUCHING_HANDS_M * touching(states[0].touch.hand.max(states[1].touch.hand));
    let mut worst = (NOT_IN, [1.0; 2]);
    let mut offer = |found: Depth, soft: f32, sign: f32, lever: [f32; 2]| {
        let over = found.depth - soft - touching;
        if over > worst.0.depth {
            worst = (Depth { depth: over, out: found.out * sign, ..found }, lever);
        }
    };
    let [a, b] = posed;
    if a.around.0.distance(b.around.0) < a.around.1 + b.around.1 {
        let around_others = b.hand.each(|segment| Volume::from(*segment).around());
        for one in a.hand.iter() {
            let around = Volume::from(*one).around();
            for (other, around_other) in b.hand.iter().zip(around_others) {
                if are_near(around, around_other) {
                    offer(depth_in(one, other), SOFT_FINGER_M, 1.0, [1.0; 2]);
                }
            }
        }
    }
    for (arm, hand, sign) in [(a, b, 1.0), (b, a, -1.0)] {
        let [upper, lower] = &arm.forearm;
        let middle = upper.to;
        let long = upper.from.distance(middle).max(lower.to.distance(middle)) + lower.radius + upper.radius;
        if middle.distance(hand.around.0) < long + hand.around.1 {
            for (half, one) in arm.forearm.iter().enumerate() {
                let around = Volume::from(*one).around();
                for other in hand.hand.iter().filter(|other| are_near(around, Volume::from(**other).around())) {
                    let found = depth_in(one, other);
                    let mut levers = [1.0; 2];
                    levers[arm.side] = lever((half as f32 + found.along) * 0.5);
                    offer(found, SOFT_M, sign, levers);
                }
            }
        }
    }
    for (half, one) in a.forearm.iter().enumerate() {
        for (other_half, other) in b.forearm.iter().enumerate() {
            let found = depth_in(one, other);
            let other_along = depth_in(other, one).along;
            let levers = [(half, found.along), (other_half, other_along)]
                .map(|(half, along)| lever((half as f32 + along) * 0.5));
            offer(found, SOFT_M, 1.0, levers);
        }
    }
    let (Depth { depth, out, .. }, lever) = worst;
    // Hands that have passed through each other's axes come out to their own sides.
    let out = (out + Vec3::NEG_X * 0.25).normalize_or(Vec3::NEG_X);
    (depth > 0.0).then(|| Apart { way: out * depth, lever })
}

/// A hand that touches is moved only this far, metres: else it would no longer meet its place. What is deeper than the
/// second length is moved nevertheless.
const MOST_AT_HAND_M: [f32; 2] = [0.007, 0.020];
/// The same at head and trunk, which give less.
const MOST_AT_BODY_M: [f32; 2] = [0.009, 0.017];
/// Between the moments at which corrections are taken, seconds.
pub(crate) const GRID_SECS: f64 = 0.02;
/// A correction is spread over so many moments before and after.
const SPREAD: i64 = 5;
/// The same for a hand that touches.
const SPREAD_OF_TOUCH: i64 = 4;
/// What is needed at a moment is held for so many moments before and after.
const HELD: i64 = 4;
/// How far ahead is looked, seconds. The planner's lead is longer.
pub(crate) const AHEAD_SECS: f64 = GRID_SECS * (SPREAD + HELD + 1) as f64 + APART_SECS * (MOMENTS / 2) as f64;

/// The number of the moment at or before a time.
fn grid(secs: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "fifty a second")]
    let moment = (secs / GRID_SECS).floor() as i64;
    moment
}

/// What both hands were like at a moment, and what moved them clear.
type LookedAt = (i64, [HandState; 2], [Correction; 2]);

/// Moments that were looked at, so that the same hands are not looked at twice: a plan is looked at before it is kept, and
/// again when its frames are made.
#[derive(Debug, Clone)]
pub(crate) struct Looked(Vec<Option<LookedAt>>);

impl Default for Looked {
    fn default() -> Self {
        /// Five seconds: longer than a step and what is ahead of a frame.
        const MOST: usize = 256;
        Self(vec![None; MOST])
    }
}

impl Looked {
    /// The corrections of a moment; what was before `from` is not known any more.
    fn at(&mut self, rig: &Rig, tracks: &[Track; 2], moment: i64, from: f64) -> [Correction; 2] {
        let time = (moment as f64 * GRID_SECS).max(from);
        let states = [tracks[0].peek(time), tracks[1].peek(time)];
        let count = self.0.len() as i64;
        let slot = usize::try_from(moment.rem_euclid(count)).ok().and_then(|index| self.0.get_mut(index));
        let Some(slot) = slot else { return corrections(rig, &states) };
        match *slot {
            Some((of, hands, found)) if of == moment && hands == states => found,
            _ => slot.insert((moment, states, corrections(rig, &states))).2,
        }
    }
}

/// Corrections through time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clearing {
    /// Corrections at whole multiples of [`GRID_SECS`], the first one's number in front.
    first: i64,
    moments: VecDeque<[Correction; 2]>,
    /// What was planned when the moments ahead were taken.
    plans: [u64; 2],
}

impl Clearing {
    /// Corrections of all moments that matter from `from` to `to`, as far as is planned: to see what comes of a plan.
    pub(crate) fn over(rig: &Rig, tracks: &[Track; 2], looked: &mut Looked, from: f64, to: f64) -> Self {
        let (first, last) = (grid(from) - SPREAD - HELD, grid(to) + SPREAD + HELD + 1);
        let moments = (first..=last).map(|moment| looked.at(rig, tracks, moment, 0.0)).collect();
        Self { first, moments, plans: [0; 2] }
    }

    /// Whether any hand is moved at any of the moments.
    pub(crate) fn moves(&self) -> bool {
        self.moments.iter().flatten().any(|correction| *correction != Correction::default())
    }

    /// Takes the corrections from the moment `from` to the moment `to`; what is planned may have changed since `now`.
    /// Times never run backwards.
    pub(crate) fn look(&mut self, rig: &Rig, tracks: &[Track; 2], looked: &mut Looked, from: f64, now: f64, to: f64) {
        let (here, first, last) = (grid(now), grid(from) - SPREAD - HELD, grid(to) + SPREAD + HELD + 1);
        while self.first < first && self.moments.pop_front().is_some() {
            self.first += 1;
        }
        if self.moments.is_empty() {
            self.first = first.max(0);
        }
        let plans = [tracks[0].plans(), tracks[1].plans()];
        if plans != self.plans {
            self.plans = plans;
            self.moments.truncate(usize::try_from(here - self.first + 1).unwrap_or(0));
        }
        for moment in self.first + self.moments.len() as i64..=last {
            self.moments.push_back(looked.at(rig, tracks, moment, from));
        }
    }

    /// Moves both hands' states at `now`, a moment that was looked at, clear.
    pub(crate) fn clear(&self, now: f64, states: &mut [HandState; 2]) {
        // What touches is moved by what it needs itself, not by what its coming and going need.
        let of_hands = states[0].touch.hand.max(states[1].touch.hand);
        for (hand, state) in states.iter_mut().enumerate() {
            let touch = touching(state.touch.body.max(of_hands));
            let (spread, own) = (self.at(hand, now, HELD, SPREAD), self.at(hand, now, 0, SPREAD_OF_TOUCH));
            spread.part(1.0 - touch).apply(state);
            // A little inside is a touch; what is deep comes out all the same.
            let far = own.shift.length();
            let [most, deep] = if of_hands > state.touch.body { MOST_AT_HAND_M } else { MOST_AT_BODY_M };
            let kept = far.min(most) + (far - deep).max(0.0);
            let own = Correction { shift: own.shift.clamp_length_max(kept), ..own };
            own.part(touch).apply(state);
        }
    }

    /// The largest corrections of a hand near a moment.
    fn held(&self, hand: usize, moment: i64, hold: i64) -> Correction {
        let mut held = Correction::default();
        for near in moment - hold..=moment + hold {
            let known = usize::try_from(near - self.first).ok().and_then(|index| self.moments.get(index));
            let Some(known) = known.map(|both| both[hand]) else { continue };
            // By axis: what is needed now this way and then that way is held both ways.
            for axis in 0..3 {
                if known.shift[axis].abs() > held.shift[axis].abs() {
                    held.shift[axis] = known.shift[axis];
                }
            }
            if known.swivel.abs() > held.swivel.abs() {
                held.swivel = known.swivel;
            }
        }
        held
    }

    /// The corrections around `now`, each held for so many moments, spread over so many.
    fn at(&self, hand: usize, now: f64, hold: i64, spread: i64) -> Correction {
        let here = grid(now);
        let place = |moment: i64| usize::try_from(moment - self.first).unwrap_or(0).min(self.moments.len());
        let known = place(here - spread - hold)..place(here + spread + hold + 2);
        if self.moments.range(known).all(|both| both[hand] == Correction::default()) {
            return Correction::default();
        }
        let (mut sum, mut whole) = (Correction::default(), 0.0);
        for moment in here - spread..=here + spread + 1 {
            #[expect(clippy::cast_possible_truncation, reason = "a few moments")]
            let away = ((moment as f64 - now / GRID_SECS) / (spread + 1) as f64) as f32;
            let share = (1.0 - away * away).max(0.0).powi(3);
            let held = self.held(hand, moment, hold);
            sum.shift += held.shift * share;
            sum.swivel += held.swivel * share;
            whole += share;
        }
        Correction { shift: sum.shift / whole, swivel: sum.swivel / whole }
    }
}
