//! Looks at a plan before it is kept: as frames are made, only without head and face.
//!
//! Tracks, clearing, the mean of a frame's moments, as [`crate::project`] has them; then what [`crate::check`] measures.

use glam::{Quat, Vec3};
use signing::{HandPart, Site};

use super::{
    Asked, Planner,
    verdict::{Measure, NOT_NEAR_M, Verdict, When},
};
use crate::{
    check::granted::{self, Allowed},
    clear::Clearing,
    hand::{DIGITS, Digits},
    project::{APART_SECS, MOMENTS, WEIGHTS, mean_arm, meeting},
    reach::arm_of,
    rig::{Rig, SIDES},
    touch::thumb_in_fingers,
    track::{HandState, Track},
    volume::{HandSegments, Segment, Volume, between_segments},
};

/// Moments before and after that make a frame's mean.
const AROUND: usize = MOMENTS / 2;
/// How long before its beginning a plan is looked at where hands are cleared: that begins before it is needed.
const BEFORE_SECS: f64 = 0.12;
/// The same where they are not: what sets out while something else runs out makes hands jerk a little before.
const SMOOTHED_SECS: f64 = 0.03;
/// How long behind its end a plan is looked at: what overlaps it runs out.
const BEHIND_SECS: f64 = 0.08;
/// A longer plan is not looked at to its end, seconds.
const LONGEST_SECS: f64 = 4.0;
/// A contact may be this much earlier or later, moments: as the checker has it.
const MEETING: usize = 3;

/// A hand that goes along with the head keeps so much further off the other one, metres: the head's moves are not looked at.
const WITH_HEAD_M: f32 = 0.006;

/// One hand at one moment, cleared.
#[derive(Debug, Clone, Copy)]
struct Moment {
    /// Local rotations of its arm.
    arm: [Quat; 4],
    /// Where in the hand is what should touch.
    anchor: Vec3,
    digits: Digits,
    /// How far it goes along with the head.
    with_head: f32,
    /// Whether it is as it was at the moment before.
    stands: bool,
}

/// What a frame shows of a hand: the mean of the moments around it.
#[derive(Debug, Clone, Copy)]
struct Shown {
    elbow: Vec3,
    wrist: Vec3,
    turn: Quat,
    anchor: Vec3,
    digits: Digits,
    /// Of the five fingers.
    tips: [Vec3; 5],
    /// Whether it goes along with the head.
    with_head: bool,
    /// Whether it is as the one before.
    stands: bool,
}

impl Shown {
    /// Between the second and the third of four that follow each other: so much of the way, along a cubic through them.
    fn between([a, b, c, d]: [&Self; 4], share: f32) -> Self {
        let weights = cubic(share);
        let mut between = *b;
        let point = |of: fn(&Self) -> Vec3| {
            [a, b, c, d].into_iter().zip(weights).map(|(shown, weight)| of(shown) * weight).sum::<Vec3>()
        };
        (between.elbow, between.wrist) = (point(|shown| shown.elbow), point(|shown| shown.wrist));
        let near = |turn: Quat| if turn.dot(b.turn) < 0.0 { -turn } else { turn };
        let turns = [a, b, c, d].into_iter().zip(weights).map(|(shown, weight)| near(shown.turn) * weight);
        between.turn = turns.fold(Quat::from_xyzw(0.0, 0.0, 0.0, 0.0), |sum, turn| sum + turn).normalize();
        between.digits = std::array::from_fn(|digit| {
            [a, b, c, d].into_iter().zip(weights).map(|(shown, weight)| shown.digits[digit] * weight).sum()
        });
        between
    }

    /// How far what of the hand goes furthest goes to what is shown next, metres.
    fn goes(&self, next: &Self) -> f32 {
        let tips = self.tips.iter().zip(&next.tips).map(|(here, there)| here.distance(*there));
        tips.fold(self.wrist.distance(next.wrist), f32::max)
    }
}

/// Weights of four points that follow each other, for a place between the second and the third: Catmull and Rom, 1974.
fn cubic(share: f32) -> [f32; 4] {
    let (t, tt, ttt) = (share, share * share, share * share * share);
    [0.5 * (2.0 * tt - t - ttt), 0.5 * (2.0 - 5.0 * tt + 3.0 * ttt), 0.5 * (t + 4.0 * tt - 3.0 * ttt), 0.5 * (ttt - tt)]
}

/// Of those that follow each other, the two before and the two from the `nth` on, as far as there are any.
fn four(shown: &[Shown], nth: usize) -> [&Shown; 4] {
    let last = shown.len() - 1;
    [nth.saturating_sub(2), nth - 1, nth, (nth + 1).min(last)].map(|nth| &shown[nth])
}

/// A plan through time.
struct Plan<'a> {
    rig: &'a Rig,
    tracks: [Track; 2],
    clearing: Clearing,
    clears: bool,
}

impl Plan<'_> {
    /// Both hands at so many moments, the first at `from`.
    fn moments(&self, from: f64, count: usize) -> [Vec<Moment>; 2] {
        let mut paths = [Vec::with_capacity(count), Vec::with_capacity(count)];
        let mut before: Option<[HandState; 2]> = None;
        for moment in 0..count {
            let time = from + moment as f64 * APART_SECS;
            let mut states = [0, 1].map(|hand| self.tracks[hand].peek(time));
            if self.clears {
                self.clearing.clear(time, &mut states);
            }
            for (hand, path) in paths.iter_mut().enumerate() {
                let stands = before.is_some_and(|before| before[hand] == states[hand]);
                let known: Option<&Moment> = path.last().filter(|_| stands);
                let arm = known.map_or_else(|| meeting(self.rig, hand, &states[hand]).locals, |known| known.arm);
                let HandState { anchor, digits, with_head, .. } = states[hand];
                path.push(Moment { arm, anchor, digits, with_head, stands });
            }
            before = Some(states);
        }
        paths
    }

    /// What frames show of a hand, one for each moment that has enough of them around it.
    fn shown(&self, hand: usize, path: &[Moment]) -> Vec<Shown> {
        let mut shown: Vec<Shown> = Vec::with_capacity(path.len());
        for around in path.windows(MOMENTS) {
            let stands = around.iter().all(|moment| moment.stands);
            match shown.last().filter(|_| stands) {
                Some(last) => shown.push(Shown { stands, ..*last }),
                None => shown.push(self.mean(hand, around, shown.last())),
            }
        }
        shown
    }

    fn mean(&self, hand: usize, around: &[Moment], last: Option<&Shown>) -> Shown {
        let arm = mean_arm(self.rig, hand, &std::array::from_fn(|moment| around[moment].arm));
        let (elbow, wrist, turn) = self.rig.arms[hand].joints(&arm);
        let (mut anchor, mut digits) = (Vec3::ZERO, [0.0; DIGITS]);
        for (moment, weight) in around.iter().zip(WEIGHTS) {
            anchor += moment.anchor * weight;
            digits.iter_mut().zip(moment.digits).for_each(|(sum, angle)| *sum += angle * weight);
        }
        let tips = match last {
            Some(last) if last.digits == digits => last.tips.map(|tip| last.turn.inverse() * (tip - last.wrist)),
            _ => self.rig.hands[hand].tips(&digits),
        };
        let tips = tips.map(|tip| wrist + turn * tip);
        let with_head = around[AROUND].with_head > 1e-3;
        Shown { elbow, wrist, turn, anchor: wrist + turn * anchor, digits, tips, with_head, stands: false }
    }
}

impl Planner {
    /// What comes of what is planned to begin at `begins` and to end at `end`, from `start` on, when it could have begun. What
    /// is asked is noted in [`Planner::due`], and from `fresh` on in [`Planner::asked`].
    pub(super) fn verdict(&mut self, times: [f64; 3], fresh: usize) -> Verdict {
        self.looked_at(times, fresh, false)
    }

    /// The same; not all of it is looked at once it [can't do](Verdict::cannot_do).
    pub(super) fn verdict_while_it_can_do(&mut self, times: [f64; 3], fresh: usize) -> Verdict {
        self.looked_at(times, fresh, true)
    }

    fn looked_at(&mut self, [start, begins, end]: [f64; 3], fresh: usize, while_it_can_do: bool) -> Verdict {
        let Self { rig, tracks, looked, due, asked, .. } = self;
        let rig = &**rig;
        let asked: Vec<&Asked> = due.iter().chain(asked.iter().flat_map(|asked| &asked[fresh..])).collect();
        let to = (end + BEHIND_SECS).min(start + LONGEST_SECS);
        let mean = APART_SECS * AROUND as f64;
        let clearing = Clearing::over(rig, tracks, looked, start - BEFORE_SECS - mean, to + mean);
        let clears = clearing.moves();
        let from = start - if clears { BEFORE_SECS } else { SMOOTHED_SECS };
        let mut tracks_then = tracks.clone();
        tracks_then.iter_mut().for_each(|track| track.fold(from - mean));
        let plan = Plan { rig, tracks: tracks_then, clearing, clears };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred moments")]
        let looked_at = ((to - from).max(0.0) / APART_SECS).ceil() as usize + 1;
        let count = looked_at + 2 * AROUND;
        let paths = plan.moments(from - mean, count);
        let shown = [0, 1].map(|hand| plan.shown(hand, &paths[hand]));
        let when = |secs: f64| if secs < begins { When::Before } else { When::Since };

        let mut verdict = Verdict::default();
        for hand in 0..2 {
            let coarsely = |last: usize| when(from + last as f64 * APART_SECS);
            let Some((first, last)) = jerks(&shown[hand], coarsely, &mut verdict) else { continue };
            const HALF: f64 = APART_SECS / 2.0;
            let begin = from + first as f64 * APART_SECS;
            let between = plan.moments(begin - mean + HALF, last - first + 2 * AROUND);
            let between = plan.shown(hand, &between[hand]);
            let closely = shown[hand][first..=last].iter().zip(&between).flat_map(|(a, b)| [a, b]);
            let closely: Vec<&Shown> = closely.chain(shown[hand].get(last)).collect();
            jerks_closely(&closely, HALF, |secs| when(begin + secs), &mut verdict);
        }
        for (hand, shown) in shown.iter().enumerate() {
            thumbs(rig, hand, shown, |nth| when(from + nth * APART_SECS), &mut verdict);
        }
        let enough = |verdict: &Verdict| while_it_can_do && verdict.cannot_do();
        if enough(&verdict) {
            return verdict;
        }
        let granted = granted::windows(&asked);
        let allowed = |nth: f64| granted::at(&granted, from + nth * APART_SECS);
        depths(rig, &shown, (allowed, |nth| when(from + nth * APART_SECS), enough), &mut verdict);
        for ask in asked {
            let Some(hand) = SIDES.iter().position(|side| *side == ask.side) else { continue };
            let secs = ask.time.as_secs();
            let at = (secs - from) / APART_SECS;
            if secs >= start - 1e-6 && at <= (looked_at - 1) as f64 {
                directions(rig, hand, ask, &shown[hand], at, when(secs), &mut verdict);
                meetings(&plan, hand, ask, &shown, at, when(secs), &mut verdict);
            }
        }
        verdict
    }
}

/// The wrist and the tips of thumb, index, middle and little finger.
fn points(shown: &Shown) -> [Vec3; 5] {
    let [thumb, index, middle, _, little] = shown.tips;
    [shown.wrist, thumb, index, middle, little]
}

/// Jerk of wrist and fingertips. `when`: of the last of the four points that make one.
///
/// From where to where it is so much that it should be looked at more closely, if it is.
fn jerks(shown: &[Shown], when: impl Fn(usize) -> When, verdict: &mut Verdict) -> Option<(usize, usize)> {
    #[expect(clippy::cast_possible_truncation, reason = "a few milliseconds")]
    let cube = (APART_SECS as f32).powi(3);
    let mut near: Option<(usize, usize)> = None;
    for last in 3..shown.len() {
        let first = last - 3;
        if shown[first + 1..=last].iter().all(|shown| shown.stands) {
            continue;
        }
        let [a, b, c, d] = [first, first + 1, first + 2, last].map(|nth| points(&shown[nth]));
        for point in 0..5 {
            let jerk = (d[point] - c[point] * 3.0 + b[point] * 3.0 - a[point]).length() / cube;
            let measure = if point == 0 { Measure::WristJerk } else { Measure::TipJerk };
            verdict.note(measure, when(last), jerk);
            if measure.is_near(jerk) {
                // With what a cubic through them needs before and behind.
                let from = near.map_or(first.saturating_sub(1), |(from, _)| from);
                near = Some((from, (last + 1).min(shown.len() - 1)));
            }
        }
    }
    near
}

/// The same of points `secs` apart, as the checker sees it at 100 frames a second, wherever those lie.
fn jerks_closely(shown: &[&Shown], secs: f64, when: impl Fn(f64) -> When, verdict: &mut Verdict) {
    /// Between frames, seconds, and from where frames could lie to where others could.
    const FRAME_SECS: f64 = 0.01;
    const STEP_SECS: f64 = 0.0025;
    let points: Vec<[Vec3; 5]> = shown.iter().map(|shown| points(shown)).collect();
    let long = (points.len().saturating_sub(1)) as f64 * secs;
    let place = |at: f64| -> [Vec3; 5] {
        let at = (at / secs).max(0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few moments")]
        let (nth, share) = (at as usize, at.fract() as f32);
        let last = points.len() - 1;
        let around = [nth.saturating_sub(1), nth.min(last), (nth + 1).min(last), (nth + 2).min(last)];
        let weights = cubic(share);
        std::array::from_fn(|point| around.into_iter().zip(weights).map(|(nth, w)| points[nth][point] * w).sum())
    };
    let mut first = 0.0;
    while first + 3.0 * FRAME_SECS <= long {
        let [a, b, c, d] = [0.0, 1.0, 2.0, 3.0].map(|frame| place(first + frame * FRAME_SECS));
        for point in 0..5 {
            #[expect(clippy::cast_possible_truncation, reason = "a length over a time")]
            let jerk = (d[point] - c[point] * 3.0 + b[point] * 3.0 - a[point]).length() / FRAME_SECS.powi(3) as f32;
            let measure = if point == 0 { Measure::WristJerk } else { Measure::TipJerk };
            verdict.note(measure, when(first + 3.0 * FRAME_SECS), jerk);
        }
        first += STEP_SECS;
    }
}

/// The thumb in the fingers, while they move; closely where it is near.
fn thumbs(rig: &Rig, hand: usize, shown: &[Shown], when: impl Fn(f64) -> When, verdict: &mut Verdict) {
    /// Half of what gives.
    const NEAR_M: f32 = 0.002;
    const BETWEEN: usize = 4;
    let mut before: Option<(&Shown, bool)> = None;
    for (nth, now) in shown.iter().enumerate() {
        let digits = &now.digits;
        if before.is_some_and(|(before, _)| before.digits.iter().zip(digits).all(|(a, b)| (a - b).abs() < 1e-4)) {
            continue;
        }
        let depth = thumb_in_fingers(rig, hand, digits);
        verdict.note(Measure::Thumb, when(nth as f64), depth);
        let is_near = depth > NEAR_M;
        if before.is_some_and(|(_, was_near)| is_near || was_near) {
            for part in 1..BETWEEN {
                let share = part as f32 / BETWEEN as f32;
                let depth = thumb_in_fingers(rig, hand, &Shown::between(four(shown, nth), share).digits);
                verdict.note(Measure::Thumb, when(nth as f64 - 1.0 + f64::from(share)), depth);
            }
        }
        before = Some((now, is_near));
    }
}

/// What is inside of what, through time, until it is enough; closely where it could be between two moments.
fn depths(
    rig: &Rig,
    shown: &[Vec<Shown>; 2],
    (allowed, when, enough): (impl Fn(f64) -> Allowed, impl Fn(f64) -> When, impl Fn(&Verdict) -> bool),
    verdict: &mut Verdict,
) {
    /// As near as that to being too deep is looked at closely, and how closely, metres.
    const NEAR_M: f32 = -0.003;
    const CLOSELY_M: f32 = 0.003;
    const MOST_BETWEEN: usize = 12;
    let mut before = NOT_NEAR_M;
    for nth in 0..shown[0].len() {
        let here = [0, 1].map(|hand| &shown[hand][nth]);
        if nth > 0 && here[0].stands && here[1].stands {
            continue;
        }
        if enough(verdict) {
            return;
        }
        let mut note = |depths: [f32; 4], at: f64| {
            let of = [Measure::HandInBody, Measure::ForearmInBody, Measure::HandInHand, Measure::ArmInArm];
            of.into_iter().zip(depths).for_each(|(of, depth)| verdict.note(of, when(at), depth));
        };
        let depths = volumes(rig, here, allowed(nth as f64));
        note(depths, nth as f64);
        let deepest = depths.into_iter().fold(NOT_NEAR_M, f32::max);
        if nth > 0 {
            let goes: f32 = shown.iter().map(|shown| shown[nth - 1].goes(&shown[nth])).sum();
            if deepest.max(before) + goes * 0.5 > NEAR_M {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few")]
                let between = ((goes / CLOSELY_M).ceil() as usize).clamp(2, MOST_BETWEEN);
                for part in 1..between {
                    let share = part as f32 / between as f32;
                    let both = [0, 1].map(|hand| Shown::between(four(&shown[hand], nth), share));
                    let at = (nth - 1) as f64 + f64::from(share);
                    note(volumes(rig, both.each_ref(), allowed(at)), at);
                }
            }
        }
        before = deepest;
    }
}

fn directions(rig: &Rig, hand: usize, ask: &Asked, shown: &[Shown], at: f64, when: When, verdict: &mut Verdict) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment and a share")]
    let (nth, share) = (at.max(0.0) as usize, at.max(0.0).fract() as f32);
    let turn = shown[nth].turn.lerp(shown[(nth + 1).min(shown.len() - 1)].turn, share);
    let measures = &rig.hands[hand];
    if let Some(wanted) = ask.palm {
        verdict.note(Measure::Palm, when, (turn * measures.palm).angle_between(wanted));
    }
    if let Some(wanted) = ask.fingers {
        let square = ask.palm.map_or(wanted, |palm| wanted - palm * wanted.dot(palm));
        verdict.note(Measure::Fingers, when, (turn * measures.fingers).angle_between(square.normalize_or(wanted)));
    }
}

/// How far the part that should touch is off what it should touch; at head and trunk, and with forearms, off where planning
/// has it when it should: what mean and clearing take.
fn meetings(
    plan: &Plan<'_>,
    hand: usize,
    ask: &Asked,
    shown: &[Vec<Shown>; 2],
    at: f64,
    when: When,
    verdict: &mut Verdict,
) {
    /// A contact that is so far apart is still one, metres: a little within what the checker grants, without what an
    /// [`Verdict`] grants.
    const MET_M: f32 = 0.005;
    let Some(asked) = ask.meeting else { return };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred moments")]
    let at = at.round().max(0.0) as usize;
    let around = at.saturating_sub(MEETING)..(at + MEETING + 1).min(shown[hand].len());
    let (moment, other) = (ask.time.as_secs(), 1 - hand);
    let of_arm = |part: HandPart| {
        use HandPart::{Elbow, ElbowInner, ForearmInner, ForearmOuter, UpperArm};
        matches!(part, ForearmInner | ForearmOuter | Elbow | ElbowInner | UpperArm)
    };
    let missed = match asked.site {
        Site::OtherHand(site) if !of_arm(site) && !of_arm(asked.part) => {
            let place = |hand: usize, part: HandPart, shown: &Shown| {
                let frames = plan.rig.hands[hand].frames(&shown.digits);
                shown.wrist + shown.turn * plan.rig.part_in_hand(hand, part, &shown.digits, &frames).point
            };
            let gap = |nth: usize| {
                place(hand, asked.part, &shown[hand][nth]).distance(place(other, site, &shown[other][nth]))
            };
            around.map(gap).fold(f32::INFINITY, f32::min) - MET_M
        }
        site => {
            let wanted = plan.tracks[hand].peek(moment).point;
            let stood = arm_of(plan.rig, other, &plan.tracks[other].peek(moment)).wrist;
            let gap = |nth: usize| {
                let off = shown[hand][nth].anchor - wanted;
                let moved = shown[other][nth].wrist - stood;
                if matches!(site, Site::OtherHand(_)) { off - moved } else { off }.length()
            };
            around.map(gap).fold(f32::INFINITY, f32::min)
        }
    };
    verdict.note(Measure::Missed, when, missed);
}

/// How deep hands are in head and trunk, forearms there, hands in each other, forearms in the other arm or hand, as
/// [`crate::check`] measures it: metres beyond what gives.
fn volumes(rig: &Rig, shown: [&Shown; 2], allowed: Allowed) -> [f32; 4] {
    let mut depths = [NOT_NEAR_M; 4];
    let [in_body, arm_in_body, in_hand, arm_in_arm] = &mut depths;
    let hands = [0, 1].map(|hand| {
        let (shown, measures) = (shown[hand], &rig.hands[hand]);
        let half = measures.length() * 0.5;
        // A thumb that stands off and the flesh around.
        (shown.wrist + shown.turn * measures.fingers * half, half + 0.03 * rig.scale)
    });
    let arms = [0, 1].map(|hand| {
        let middle = shown[hand].elbow.midpoint(shown[hand].wrist);
        let [upper, lower] = rig.forearm_radii(hand);
        let halves = [
            Segment { from: shown[hand].elbow, to: middle, radius: upper },
            Segment { from: middle, to: shown[hand].wrist, radius: lower },
        ];
        (halves, (middle, middle.distance(shown[hand].wrist) + upper.max(lower)))
    });
    let mut posed: [Option<HandSegments>; 2] = [None; 2];
    let mut segments = |hand: usize| -> HandSegments {
        *posed[hand]
            .get_or_insert_with(|| rig.hand_segments(hand, &shown[hand].digits, shown[hand].wrist, shown[hand].turn))
    };
    for hand in 0..2 {
        if rig.is_near_body(hands[hand].0, hands[hand].1 - NOT_NEAR_M) {
            let soft = granted::of_body(allowed, SIDES[hand]);
            *in_body = in_body.max(deepest_in(rig.volumes(), &segments(hand)) - soft);
        }
        let (halves, (middle, reach)) = &arms[hand];
        if rig.is_near_body(*middle, *reach - NOT_NEAR_M) {
            *arm_in_body = arm_in_body.max(deepest_in(rig.volumes(), halves) - granted::FOREARM_M);
        }
    }
    let near = |a: (Vec3, f32), b: (Vec3, f32)| a.0.distance_squared(b.0) < (a.1 + b.1 - NOT_NEAR_M).powi(2);
    let moved = if shown[0].with_head != shown[1].with_head { WITH_HEAD_M } else { 0.0 };
    let soft = granted::of_hands(allowed) - moved;
    if !allowed.closed {
        if near(hands[0], hands[1]) {
            *in_hand = deepest(&segments(0), &segments(1)) - soft;
        }
        for hand in 0..2 {
            if near(arms[hand].1, hands[1 - hand]) {
                *arm_in_arm = arm_in_arm.max(deepest(&arms[hand].0, &segments(1 - hand)) - soft);
            }
        }
    }
    if near(arms[0].1, arms[1].1) {
        *arm_in_arm = arm_in_arm.max(deepest(&arms[0].0, &arms[1].0) - soft);
    }
    depths
}

/// What is so far apart is not looked at more closely, metres.
const FAR_M: f32 = 1.0;

/// How deep any of the segments is in any of the others, metres; negative if none is.
fn deepest(ones: &[Segment], others: &[Segment]) -> f32 {
    let others: Vec<Volume> = others.iter().map(|other| Volume::from(*other)).collect();
    let mut most = -FAR_M;
    for one in ones {
        let around = Volume::from(*one);
        for other in &others {
            // No deeper than the spheres around them are.
            let near = around.reach + other.reach - most;
            if near > 0.0 && around.middle.distance_squared(other.middle) < near * near {
                most = most.max(depth(one, &other.segment));
            }
        }
    }
    most
}

fn depth(one: &Segment, other: &Segment) -> f32 {
    one.radius + other.radius - between_segments(one.from, one.to, other.from, other.to).0
}

fn deepest_in(volumes: &[Volume], segments: &[Segment]) -> f32 {
    let mut most = -FAR_M;
    for segment in segments {
        let around = Volume::from(*segment);
        for volume in volumes {
            let near = volume.reach + around.reach - most.max(0.0);
            if near > 0.0 && volume.middle.distance_squared(around.middle) < near * near {
                most = most.max(depth(segment, &volume.segment));
            }
        }
    }
    most
}
