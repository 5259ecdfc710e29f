//! One hand through time, as a sum of submovements.
//!
//! A hand's state is what planning says about it: a point of the hand at a place, a turn, finger
//! angles. Each submovement adds its change with a bell-shaped velocity (minimum jerk), and
//! submovements may overlap: the next begins before the last has ended, and what was planned can
//! be added to at any moment, without a jump in position or velocity. Source: T. Flash and E. Henis,
//! “Arm trajectory modifications during reaching towards visual targets”, 1991.

use std::collections::VecDeque;

use glam::{Quat, Vec3};

use crate::hand::{Digits, clamp_digits};

/// What a hand is meant to touch: 0 or 1, in between while it changes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Touch {
    /// Head or trunk.
    pub(crate) body: f32,
    /// The other hand or arm.
    pub(crate) hand: f32,
}

impl Touch {
    /// Nothing.
    pub(crate) const NONE: Self = Self { body: 0.0, hand: 0.0 };

    /// How far anything is touched.
    pub(crate) const fn most(self) -> f32 {
        self.body.max(self.hand)
    }
}

impl std::ops::Sub for Touch {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { body: self.body - other.body, hand: self.hand - other.hand }
    }
}

/// What planning says about one hand at one instant. Chest frame, metres, radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HandState {
    /// Where the hand's anchor is.
    pub(crate) point: Vec3,
    /// Which point of the hand that is: from the wrist, in the hand's own frame.
    pub(crate) anchor: Vec3,
    /// How the hand is turned.
    pub(crate) turn: Quat,
    /// How far the elbow is turned outwards from its usual place.
    pub(crate) swivel: f32,
    /// How far the hand goes along with the head: 0 or 1, in between while it changes.
    pub(crate) with_head: f32,
    /// What the hand is meant to touch.
    pub(crate) touch: Touch,
    /// Finger angles.
    pub(crate) digits: Digits,
}

impl HandState {
    /// Where the wrist is.
    pub(crate) fn wrist(&self) -> Vec3 {
        self.point - self.turn * self.anchor
    }

    /// The other hand as this one's mirror image.
    pub(crate) fn mirrored(mut self) -> Self {
        self.point.x = -self.point.x;
        self.anchor.x = -self.anchor.x;
        self.turn = crate::reach::mirrored_turn(self.turn);
        self
    }

    /// The same hand, seen as anchored at another of its points.
    pub(crate) fn anchored_at(mut self, anchor: Vec3) -> Self {
        self.point = self.wrist() + self.turn * anchor;
        self.anchor = anchor;
        self
    }
}

/// How progress runs from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Profile {
    /// Minimum jerk.
    Smooth,
    /// Minimum jerk, but early: a sharp start and a soft end.
    Sharp,
    /// There and back: ends where it began.
    Return,
    /// At an even speed, with a soft start and a soft end: for what goes round more than once.
    Even,
    /// Minimum jerk that comes to a stand half-way, because something else is due.
    Stopped(Stop),
}

/// Where minimum jerk is stopped, as shares of the time until it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stop {
    /// From here it slows down.
    from: f32,
    /// How long the whole movement would have lasted.
    whole: f32,
}

impl Stop {
    /// Slows down from what it was, without a jump in speed or acceleration.
    fn at(self, u: f32) -> f32 {
        let planned = |u: f32| minimum_jerk(u / self.whole);
        if u <= self.from {
            return planned(u);
        }
        const STEP: f32 = 0.01;
        let (before, here, after) = (planned(self.from - STEP), planned(self.from), planned(self.from + STEP));
        let slowing = 1.0 - self.from;
        let speed = (after - before) / (2.0 * STEP) * slowing;
        let gain = (after - 2.0 * here + before) / (STEP * STEP) * slowing * slowing;
        let x = ((u - self.from) / slowing).clamp(0.0, 1.0);
        // The quintic from this speed and gain of speed to none of both, with the least jerk.
        let way = speed * 0.5 + gain / 12.0;
        let (a, b, c) = (
            10.0 * way - 6.0 * speed - 1.5 * gain,
            -15.0 * way + 8.0 * speed + 1.5 * gain,
            6.0 * way - 3.0 * speed - 0.5 * gain,
        );
        here + x * (speed + x * (0.5 * gain + x * (a + x * (b + x * c))))
    }
}

/// Minimum-jerk progress. Source: Flash and Hogan, 1985.
pub(crate) fn minimum_jerk(u: f32) -> f32 {
    let u = u.clamp(0.0, 1.0);
    u * u * u * (u * (u * 6.0 - 15.0) + 10.0)
}

impl Profile {
    pub(crate) fn at(self, u: f32) -> f32 {
        match self {
            Self::Smooth => minimum_jerk(u),
            // Velocity in proportion to u²·(1 − u)³: fastest at two fifths, and no jump in acceleration.
            Self::Sharp => {
                let u = u.clamp(0.0, 1.0);
                u * u * u * (20.0 - u * (45.0 - u * (36.0 - u * 10.0)))
            }
            Self::Return => {
                let u = u.clamp(0.0, 1.0);
                let bow = 4.0 * u * (1.0 - u);
                bow * bow * bow
            }
            Self::Even => {
                /// The part of the time in which it sets out, and that in which it comes to a stand.
                const SOFT: f32 = 0.3;
                // Of a speed that rises as minimum jerk does: its integral.
                let risen = |x: f32| SOFT * x * x * x * x * (2.5 - x * (3.0 - x));
                let u = u.clamp(0.0, 1.0);
                let way = if u < SOFT {
                    risen(u / SOFT)
                } else if u <= 1.0 - SOFT {
                    SOFT * 0.5 + (u - SOFT)
                } else {
                    1.0 - SOFT - risen((1.0 - u) / SOFT)
                };
                way / (1.0 - SOFT)
            }
            Self::Stopped(stop) => stop.at(u.clamp(0.0, 1.0)),
        }
    }
}

/// What fingers do by themselves; see [`signing::FingerMotionKind`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Flutter {
    /// How far each angle swings, radians.
    pub(crate) swing: Digits,
    /// How many periods.
    pub(crate) periods: f32,
    /// Phase from one finger to the next, radians; 0: together.
    pub(crate) lag: f32,
    /// Whether fingers only bend from where they are (a bow), not to both sides.
    pub(crate) one_sided: bool,
}

/// What a submovement changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    /// The anchor's place, along a straight line or a bow, and what goes with it.
    Shift { by: Vec3, bow: Vec3, anchor: Vec3, swivel: f32, with_head: f32, touch: Touch },
    /// The anchor runs round a centre: `arm` is from the centre to the start.
    Orbit { arm: Vec3, axis: Vec3, angle: f32 },
    /// The anchor goes `by` and swings to both sides.
    Wave { by: Vec3, across: Vec3, waves: f32 },
    /// The hand turns: rotation vector, chest frame.
    Turn { by: Vec3 },
    /// Finger angles change.
    Digits { by: Digits },
    /// Fingers move and come back.
    Flutter(Flutter),
}

/// One submovement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Submovement {
    /// When it begins, seconds.
    pub(crate) start: f64,
    /// How long it lasts, seconds, more than 0.
    pub(crate) duration: f64,
    /// How it progresses.
    pub(crate) profile: Profile,
    /// What it does.
    pub(crate) change: Change,
}

/// 0 at both ends, 1 in the middle, flat at both ends.
fn bump(w: f32) -> f32 {
    let a = 4.0 * w * (1.0 - w);
    a * a * (3.0 - 2.0 * a)
}

/// Rises from 0 to 1 over the first sixth and falls over the last.
fn envelope(u: f32) -> f32 {
    minimum_jerk(u * 6.0) * minimum_jerk((1.0 - u) * 6.0)
}

impl Submovement {
    /// When it has ended.
    pub(crate) fn end(&self) -> f64 {
        self.start + self.duration
    }

    fn apply(&self, time: f64, state: &mut HandState) {
        if time <= self.start {
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of one movement")]
        let u = ((time - self.start) / self.duration).min(1.0) as f32;
        self.apply_at(u, self.profile.at(u), state);
    }

    fn apply_at(&self, u: f32, w: f32, state: &mut HandState) {
        match &self.change {
            Change::Shift { by, bow, anchor, swivel, with_head, touch } => {
                state.point += *by * w + *bow * bump(w);
                state.anchor += *anchor * w;
                state.swivel += swivel * w;
                state.with_head += with_head * w;
                state.touch.body += touch.body * w;
                state.touch.hand += touch.hand * w;
            }
            Change::Orbit { arm, axis, angle } => {
                state.point += Quat::from_axis_angle(*axis, angle * w) * *arm - *arm;
            }
            Change::Wave { by, across, waves } => {
                // Evenly: an eased swing would be too quick in its middle.
                let swing = (std::f32::consts::TAU * waves * u).sin() * envelope(u);
                state.point += *by * w + *across * swing;
            }
            Change::Turn { by } => {
                state.turn = (Quat::from_scaled_axis(*by * w) * state.turn).normalize();
            }
            Change::Digits { by } => {
                for (angle, by) in state.digits.iter_mut().zip(by) {
                    *angle += by * w;
                }
            }
            Change::Flutter(flutter) => {
                if u < 1.0 {
                    flutter.apply(u, &mut state.digits);
                }
            }
        }
    }

    /// What is left of it when it is over.
    pub(crate) fn finish(&self, state: &mut HandState) {
        self.apply_at(1.0, self.profile.at(1.0), state);
    }
}

impl Flutter {
    /// The same with so much of its swing.
    pub(crate) fn of(mut self, share: f32) -> Self {
        self.swing.iter_mut().for_each(|swing| *swing *= share);
        self
    }

    pub(crate) fn apply(&self, u: f32, digits: &mut Digits) {
        let strength = envelope(u);
        for (index, (angle, swing)) in digits.iter_mut().zip(self.swing).enumerate() {
            if swing == 0.0 {
                continue;
            }
            let finger = (index / 4) as f32;
            let phase = std::f32::consts::TAU * self.periods * u - self.lag * finger;
            let wave = if self.one_sided { 0.5 - 0.5 * phase.cos() } else { phase.sin() };
            *angle += swing * strength * wave;
        }
    }
}

/// A hand's past (folded into one state), and what is planned for it.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    base: HandState,
    queue: VecDeque<Submovement>,
    /// How many submovements have been planned so far.
    plans: u64,
    /// Where the hand will be when all that is planned is over.
    pub(crate) cursor: HandState,
}

impl Track {
    /// How many submovements fit without allocating; more than the longest sign takes.
    const CAPACITY: usize = 256;

    /// A hand at rest.
    pub(crate) fn new(state: HandState) -> Self {
        Self { base: state, queue: VecDeque::with_capacity(Self::CAPACITY), plans: 0, cursor: state }
    }

    /// Adds a submovement. It may overlap others.
    pub(crate) fn push(&mut self, mut submovement: Submovement) {
        submovement.duration = submovement.duration.max(1e-3);
        submovement.finish(&mut self.cursor);
        self.plans += 1;
        self.queue.push_back(submovement);
    }

    /// Lets the hand come to a stand soon after `time` if it would still be on a long way then: it is called elsewhere.
    ///
    /// Two wide turns that overlap would add up to one that no forearm makes; so a way is given up before another begins.
    pub(crate) fn halt(&mut self, time: f64) {
        /// What ends this soon need not be stopped, and what is stopped stands after this, seconds.
        const NEARLY_SECS: f64 = 0.10;
        const STANDS_SECS: f64 = 0.14;
        let mut halted = false;
        for submovement in &mut self.queue {
            let Submovement { start, duration, profile, .. } = *submovement;
            let until = time.max(start) + STANDS_SECS;
            if profile == Profile::Smooth && start + duration > time + NEARLY_SECS && start + duration > until {
                #[expect(clippy::cast_possible_truncation, reason = "shares of one movement")]
                let share = |secs: f64| (secs / (until - start)) as f32;
                let stop = Stop { from: share((time - start).max(0.0)), whole: share(duration) };
                (submovement.profile, submovement.duration) = (Profile::Stopped(stop), until - start);
                halted = true;
            }
        }
        if halted {
            self.plans += 1;
            self.cursor = self.base;
            for submovement in &self.queue {
                submovement.finish(&mut self.cursor);
            }
        }
    }

    /// How many submovements have been planned so far: differs if what lies ahead may differ.
    pub(crate) const fn plans(&self) -> u64 {
        self.plans
    }

    /// Where the hand is at `time`. Times never run backwards.
    pub(crate) fn sample(&mut self, time: f64) -> HandState {
        self.fold(time);
        self.peek(time)
    }

    /// What is over at `time` is folded: what comes before is asked for no more.
    pub(crate) fn fold(&mut self, time: f64) {
        while let Some(first) = self.queue.front() {
            if first.end() > time {
                break;
            }
            first.finish(&mut self.base);
            self.queue.pop_front();
        }
    }

    /// Where the hand will be at `time`, as far as is planned; not before the last sampled time.
    pub(crate) fn peek(&self, time: f64) -> HandState {
        let mut state = self.base;
        for submovement in &self.queue {
            submovement.apply(time, &mut state);
        }
        clamp_digits(&mut state.digits);
        state.with_head = state.with_head.clamp(0.0, 1.0);
        for touch in [&mut state.touch.body, &mut state.touch.hand] {
            *touch = touch.clamp(0.0, 1.0);
        }
        state
    }

    /// Whether the hand still turns after `time`.
    pub(crate) fn turns_after(&self, time: f64) -> bool {
        self.queue.iter().any(|known| matches!(known.change, Change::Turn { .. }) && known.end() > time + 1e-6)
    }

    /// Whether anything is still to happen.
    pub(crate) fn is_still(&self) -> bool {
        self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand::DIGITS;

    fn still() -> HandState {
        HandState {
            point: Vec3::ZERO,
            anchor: Vec3::ZERO,
            turn: Quat::IDENTITY,
            swivel: 0.0,
            with_head: 0.0,
            touch: Touch::NONE,
            digits: [0.0; DIGITS],
        }
    }

    fn shift(start: f64, duration: f64, by: Vec3) -> Submovement {
        let change =
            Change::Shift { by, bow: Vec3::ZERO, anchor: Vec3::ZERO, swivel: 0.0, with_head: 0.0, touch: Touch::NONE };
        Submovement { start, duration, profile: Profile::Smooth, change }
    }

    #[test]
    fn overlapping_movements_add_up_without_a_kink() {
        let mut track = Track::new(still());
        track.push(shift(0.0, 0.4, Vec3::X));
        track.push(shift(0.2, 0.4, Vec3::Y));
        assert_eq!(track.cursor.point, Vec3::new(1.0, 1.0, 0.0));
        let points: Vec<Vec3> = (0..400).map(|tick| track.sample(f64::from(tick) * 0.002).point).collect();
        assert_eq!(points[399], Vec3::new(1.0, 1.0, 0.0));
        let velocity: Vec<Vec3> = points.windows(2).map(|w| (w[1] - w[0]) / 0.002).collect();
        let acceleration = velocity.windows(2).map(|w| (w[1] - w[0]).length() / 0.002).fold(0.0, f32::max);
        assert!(acceleration < 60.0, "{acceleration}");
    }

    #[test]
    fn a_way_that_is_given_up_ends_smoothly_where_it_is() {
        let mut track = Track::new(still());
        track.push(shift(0.0, 0.8, Vec3::X));
        let planned = track.clone();
        track.halt(0.3);
        let at = |tick: i32| track.peek(f64::from(tick) * 0.002).point.x;
        let stays = |tick: i32| (at(tick) - planned.peek(f64::from(tick) * 0.002).point.x).abs() < 1e-5;
        let before = (0..=150).all(stays);
        assert!(before, "what is before that time stays");
        let path: Vec<f32> = (0..400).map(at).collect();
        let speed: Vec<f32> = path.windows(2).map(|w| (w[1] - w[0]) / 0.002).collect();
        let gain = speed.windows(2).map(|w| (w[1] - w[0]).abs() / 0.002).fold(0.0, f32::max);
        // From two metres a second to a stand in 0.14 s: fifteen on average.
        assert!(gain < 30.0 && speed.iter().all(|speed| *speed > -1e-2), "{gain}");
        assert!((path[399] - track.cursor.point.x).abs() < 1e-6 && (0.25..0.5).contains(&path[399]), "{}", path[399]);
    }

    #[test]
    fn there_and_back_ends_where_it_began() {
        let mut track = Track::new(still());
        let mut once = shift(0.0, 0.4, Vec3::X);
        once.profile = Profile::Return;
        track.push(once);
        assert_eq!(track.cursor.point, Vec3::ZERO);
        assert!((track.sample(0.2).point.x - 1.0).abs() < 1e-5);
        assert_eq!(track.sample(0.5).point, Vec3::ZERO);
    }

    #[test]
    fn an_even_movement_is_smooth_and_ends() {
        let at: Vec<f32> = (0..=1000_u16).map(|step| Profile::Even.at(f32::from(step) / 1000.0)).collect();
        assert!(at[0].abs() < 1e-6 && (at[1000] - 1.0).abs() < 1e-6 && (at[500] - 0.5).abs() < 1e-5);
        let speed: Vec<f32> = at.windows(2).map(|w| (w[1] - w[0]) * 1000.0).collect();
        assert!(speed.iter().all(|speed| (-1e-3..1.44).contains(speed)));
        assert!(speed.windows(2).all(|w| (w[1] - w[0]).abs() < 0.015), "no kink");
    }

    #[test]
    fn a_full_circle_closes() {
        let mut track = Track::new(still());
        let change = Change::Orbit { arm: Vec3::X * 0.1, axis: Vec3::Z, angle: std::f32::consts::TAU };
        track.push(Submovement { start: 0.0, duration: 1.0, profile: Profile::Smooth, change });
        assert!((track.sample(0.5).point - Vec3::new(-0.2, 0.0, 0.0)).length() < 1e-5);
        assert!(track.sample(2.0).point.length() < 1e-5);
    }
}
