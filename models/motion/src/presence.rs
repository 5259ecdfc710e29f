//! Everything but the hands: face, head, gaze, torso, breath and blinks, on their own timeline.
//!
//! Cues say what is asked, from when to when; what is shown follows them like a damped spring, so
//! that nothing starts or stops abruptly and a cue whose end is not yet known can be ended at any time.

use glam::{Quat, Vec3};
use signing::{
    BodyMotion, BodyMotionKind, Bone, Brows, Cheeks, Expression, Eyes, FaceShape, Gaze, HeadMotion, HeadMotionKind,
    MouthShape, NonManual, Side, Tongue, Viseme,
};

use crate::{
    face::{self, Weights},
    head::shape::BodyResidual,
    random::Random,
};

/// What is asked of face and body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Brows(Brows),
    Eyes(Eyes),
    Cheeks(Cheeks),
    Expression(Expression),
    Mouth(MouthShape),
    Tongue(Tongue),
    Head(HeadMotion),
    Gaze(Gaze),
    Torso(BodyMotion),
    Mouthing(Vec<Viseme>),
    /// What the head adds.
    Learnt(BodyResidual),
}

impl From<NonManual> for Asked {
    fn from(what: NonManual) -> Self {
        match what {
            NonManual::Brows(what) => Self::Brows(what),
            NonManual::Eyes(what) => Self::Eyes(what),
            NonManual::Cheeks(what) => Self::Cheeks(what),
            NonManual::Expression(what) => Self::Expression(what),
            NonManual::Mouth(what) => Self::Mouth(what),
            NonManual::Tongue(what) => Self::Tongue(what),
            NonManual::Head(what) => Self::Head(what),
            NonManual::Gaze(what) => Self::Gaze(what),
            NonManual::Body(what) => Self::Torso(what),
        }
    }
}

/// Which cue of which sentence, so that its end can be set later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CueId {
    pub(crate) sentence: u64,
    pub(crate) tier: u8,
    pub(crate) index: usize,
}

/// What is asked, how strongly, from when to when (seconds; the end may be infinite until it is known).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cue {
    pub(crate) id: Option<CueId>,
    pub(crate) asked: Asked,
    pub(crate) intensity: f32,
    pub(crate) start: f64,
    pub(crate) end: f64,
}

/// A critically damped spring towards a moving target: continuous in position and velocity.
#[derive(Debug, Clone, Copy, Default)]
struct Spring {
    at: f32,
    velocity: f32,
}

impl Spring {
    /// Exact step for a target that stands still during `dt`. `rate`: 1/s.
    fn step(&mut self, target: f32, rate: f32, dt: f32) -> f32 {
        let off = self.at - target;
        let decay = (-rate * dt).exp();
        let push = self.velocity + rate * off;
        self.at = target + (off + push * dt) * decay;
        self.velocity = (self.velocity - rate * push * dt) * decay;
        self.at
    }
}

/// Head: pitch (up positive), yaw (left positive), roll (towards the left shoulder positive), forward.
const HEAD: usize = 4;
/// Torso: pitch (forward positive), yaw (left positive), roll (left positive), shrug, chest out.
const TORSO: usize = 5;

/// Where the hands are, for a gaze that follows them: from between the eyes, head's rest frame.
pub(crate) type HandsSeen = [Vec3; 2];

/// Springs' rates, 1/s. A rate of 20 settles in about a quarter of a second.
mod rates {
    pub(super) const BROWS: f32 = 22.0;
    pub(super) const MOUTH: f32 = 45.0;
    pub(super) const HEAD: f32 = 22.0;
    pub(super) const TORSO: f32 = 12.0;
    pub(super) const EYES: f32 = 40.0;
}

/// How long before its start a cue of the face begins to show, seconds.
const LEAD_SECS: f64 = 0.08;
/// Closing and opening of a blink, seconds.
const BLINK_SECS: (f64, f64) = (0.09, 0.15);
/// Seconds between blinks when nothing asks for one: shortest and longest.
const BLINK_GAP_SECS: (f64, f64) = (2.8, 6.0);
/// Seconds of one nod, and of one shake to both sides.
const NOD_SECS: f64 = 0.45;
const SHAKE_SECS: f64 = 0.5;

/// What is shown in one frame.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) hips: Vec3,
    /// Local rotations of hips, spine, chest, neck, head.
    pub(crate) trunk: [(Bone, Quat); 5],
    /// Both eyes.
    pub(crate) eyes: Quat,
    /// Added to both shoulders, radians upwards.
    pub(crate) shrug: f32,
    pub(crate) face: Weights,
}

/// Face and body through time.
#[derive(Debug, Clone)]
pub(crate) struct Presence {
    cues: Vec<Cue>,
    random: Random,
    blink_at: f64,
    next_blink: f64,
    /// A blink at a boundary, behind the next one.
    boundary: Option<f64>,
    weights: [Spring; FaceShape::COUNT],
    head: [Spring; HEAD],
    torso: [Spring; TORSO],
    gaze: [Spring; 2],
    phases: [f32; 4],
}

impl Presence {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let phases = [0; 4].map(|_| random.unit() * std::f32::consts::TAU);
        let mut weights = [Spring::default(); FaceShape::COUNT];
        for &(shape, weight) in face::REST {
            weights[shape.index()].at = weight;
        }
        let next_blink = 0.8 + 2.0 * f64::from(random.unit());
        Self {
            cues: Vec::with_capacity(64),
            random,
            blink_at: -10.0,
            next_blink,
            boundary: None,
            weights,
            head: [Spring::default(); HEAD],
            torso: [Spring::default(); TORSO],
            gaze: [Spring::default(); 2],
            phases,
        }
    }

    /// Adds a cue.
    pub(crate) fn ask(&mut self, cue: Cue) {
        if cue.asked == Asked::Eyes(Eyes::Blink) {
            self.blink(cue.start);
        } else {
            self.cues.push(cue);
        }
    }

    /// A blink at `time`, unless one is due just then.
    pub(crate) fn blink(&mut self, time: f64) {
        if self.next_blink > time - 1.0 {
            self.next_blink = time;
        } else {
            // One comes long before it: this one is kept beside it.
            self.boundary = Some(time);
        }
    }

    /// Sets the end of a cue that was open.
    pub(crate) fn end(&mut self, id: CueId, time: f64) {
        for cue in &mut self.cues {
            if cue.id == Some(id) {
                cue.end = time;
            }
        }
    }

    /// Ends whatever is open.
    pub(crate) fn end_all(&mut self, time: f64) {
        for cue in &mut self.cues {
            cue.end = cue.end.min(time);
        }
    }

    /// What is shown at `time`, `dt` seconds after the last call.
    pub(crate) fn step(&mut self, time: f64, dt: f32, hands: &HandsSeen) -> Shown {
        self.cues.retain(|cue| cue.end > time);
        let mut wanted = [0.0; FaceShape::COUNT];
        let mut mouth = [0.0; FaceShape::COUNT];
        let mut head = [0.0; HEAD];
        let mut torso = [0.0; TORSO];
        let mut gaze = None;
        let (mut blank, mut gesture) = (1.0_f32, false);
        for cue in &self.cues {
            if cue.start - LEAD_SECS > time {
                continue;
            }
            let strength = cue.intensity;
            match &cue.asked {
                Asked::Brows(what) => face::add(&mut wanted, face::brows(*what), strength),
                Asked::Eyes(what) => face::add(&mut wanted, face::eyes(*what), strength),
                Asked::Cheeks(what) => {
                    face::add(&mut wanted, face::cheeks(*what), strength);
                    gesture = true;
                }
                Asked::Expression(what) => {
                    blank = blank.min(1.0 - strength);
                    face::add(&mut wanted, face::expression(*what), strength);
                }
                Asked::Mouth(what) => {
                    face::add(&mut wanted, face::mouth(*what), strength);
                    gesture = true;
                }
                Asked::Tongue(what) => {
                    face::add(&mut wanted, face::tongue(*what), strength);
                    gesture = true;
                }
                Asked::Mouthing(visemes) => mouthing(&mut mouth, visemes, cue, time, strength),
                Asked::Head(what) => head_motion(&mut head, *what, time - cue.start, strength),
                Asked::Torso(what) => torso_motion(&mut torso, *what, time - cue.start, strength),
                Asked::Learnt(what) => learnt(what, &mut head, &mut torso, &mut wanted),
                Asked::Gaze(what) => gaze = Some(gaze_target(*what, hands)),
            }
        }
        face::add(&mut wanted, face::REST, blank);
        let mut shown = [0.0; FaceShape::COUNT];
        for shape in FaceShape::ALL {
            let index = shape.index();
            let of_mouth = face::is_of_mouth(shape);
            // One at a time: the gesture of the sign wins over the word on the lips.
            let target = wanted[index] + if gesture { 0.0 } else { mouth[index] };
            let rate = if of_mouth { rates::MOUTH } else { rates::BROWS };
            shown[index] = self.weights[index].step(target.clamp(0.0, 1.0), rate, dt);
        }
        let closed = self.lids(time);
        for side in [Side::Left, Side::Right] {
            let index = face::lid(side).index();
            shown[index] = shown[index].max(0.0) + (1.0 - shown[index].clamp(0.0, 1.0)) * closed;
        }

        for (spring, target) in self.head.iter_mut().zip(head) {
            spring.step(target, rates::HEAD, dt);
        }
        for (spring, target) in self.torso.iter_mut().zip(torso) {
            spring.step(target, rates::TORSO, dt);
        }
        let gaze = gaze.unwrap_or([0.0, 0.0]);
        for (spring, target) in self.gaze.iter_mut().zip(gaze) {
            spring.step(target, rates::EYES, dt);
        }
        let [yaw, pitch] = [self.gaze[0].at, self.gaze[1].at];
        face::look(&mut shown, yaw, pitch);
        for weight in &mut shown {
            *weight = if weight.is_finite() { weight.clamp(0.0, 1.0) } else { 0.0 };
        }
        self.pose(time, [yaw, pitch], shown)
    }

    fn pose(&self, time: f64, [yaw, pitch]: [f32; 2], face: Weights) -> Shown {
        let wave = |hertz: f64, phase: f32| {
            #[expect(clippy::cast_possible_truncation, reason = "a phase within one turn")]
            let turn = (time * hertz).fract() as f32;
            (turn * std::f32::consts::TAU + phase).sin()
        };
        let breath = wave(0.24, self.phases[0]);
        let sway = wave(0.11, self.phases[1]);
        let drift = wave(0.073, self.phases[2]);
        let nodding = wave(0.17, self.phases[3]);

        let [head_pitch, head_yaw, head_roll, forward] = self.head.map(|spring| spring.at);
        let [lean, twist, side, shrug, chest_out] = self.torso.map(|spring| spring.at);
        let head_pitch = head_pitch + 0.30 * pitch + 0.006 * nodding;
        let head_yaw = head_yaw + 0.30 * yaw + 0.008 * drift;
        let head_roll = head_roll + 0.006 * sway;
        let [neck, head] = neck_and_head([head_pitch, head_yaw, head_roll, forward], lean, chest_out);
        let trunk = [
            (Bone::Hips, euler(0.0, 0.15 * twist, 0.004 * sway)),
            (Bone::Spine, euler(0.45 * lean + 0.003 * breath, 0.35 * twist, 0.5 * side - 0.003 * sway)),
            (Bone::Chest, euler(0.55 * lean - 0.25 * chest_out - 0.010 * breath, 0.5 * twist, 0.5 * side)),
            (Bone::Neck, neck),
            (Bone::Head, head),
        ];
        let eyes = Quat::from_rotation_y(0.7 * yaw) * Quat::from_rotation_x(-0.7 * pitch);
        let hips = Vec3::new(0.004 * sway, 0.0008 * breath, 0.002 * drift);
        Shown { hips, trunk, eyes, shrug: shrug + 0.008 * breath, face }
    }

    /// How far the lids are closed by blinking, 0 to 1.
    fn lids(&mut self, time: f64) -> f32 {
        if time >= self.next_blink {
            self.blink_at = self.next_blink;
            let (low, high) = BLINK_GAP_SECS;
            let usual = time + low + (high - low) * f64::from(self.random.unit());
            self.next_blink = self.boundary.take().map_or(usual, |boundary| boundary.max(time + 0.3));
        }
        let (closing, opening) = BLINK_SECS;
        let since = time - self.blink_at;
        let u = if since < closing { since / closing } else { 1.0 - (since - closing) / opening };
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let u = u.clamp(0.0, 1.0) as f32;
        u * u * (3.0 - 2.0 * u)
    }
}

/// Pitch about X: positive bends forwards (Y towards Z). Roll about Z: negative bends to the left.
fn euler(pitch: f32, yaw: f32, roll: f32) -> Quat {
    Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch) * Quat::from_rotation_z(-roll)
}

/// Local turns of neck and head: what the head does, and what it makes up for of the trunk's lean.
fn neck_and_head([pitch, yaw, roll, forward]: [f32; HEAD], lean: f32, chest_out: f32) -> [Quat; 2] {
    [
        euler(0.4 * -pitch + forward - 0.3 * lean, 0.4 * yaw, 0.4 * roll),
        euler(0.6 * -pitch - forward - 0.3 * lean + 0.2 * chest_out, 0.6 * yaw, 0.6 * roll),
    ]
}

/// How a motion turns neck and head once it has come about; what goes to and fro is taken in its middle.
pub(crate) fn turned_head(motion: HeadMotion, strength: f32) -> [Quat; 2] {
    let mut head = [0.0; HEAD];
    let since = if motion.kind == HeadMotionKind::Nod { NOD_SECS / 4.0 } else { 0.0 };
    head_motion(&mut head, motion, since, strength);
    neck_and_head(head, 0.0, 0.0)
}

/// Adds what the head learnt to head, torso and face.
fn learnt(what: &BodyResidual, head: &mut [f32; HEAD], torso: &mut [f32; TORSO], face: &mut Weights) {
    head.iter_mut().zip(what.head).for_each(|(angle, more)| *angle += more);
    torso.iter_mut().zip(what.torso).for_each(|(angle, more)| *angle += more);
    let [up, down, open, smile] = what.face;
    let mut add = |shapes: &[FaceShape], more: f32| shapes.iter().for_each(|shape| face[shape.index()] += more);
    add(&[FaceShape::BrowInnerUp, FaceShape::BrowOuterUpLeft, FaceShape::BrowOuterUpRight], up);
    add(&[FaceShape::BrowDownLeft, FaceShape::BrowDownRight], down);
    add(&[FaceShape::JawOpen], open);
    add(&[FaceShape::MouthSmileLeft, FaceShape::MouthSmileRight], smile);
}

/// The lips of a word, spread over its cue.
fn mouthing(mouth: &mut Weights, visemes: &[Viseme], cue: &Cue, time: f64, strength: f32) {
    // The end may not be known yet; a word is not slower than an eighth of a second a sound.
    let end = cue.end.min(cue.start + 0.16 * visemes.len() as f64).max(cue.start + 0.05);
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
    let progress = ((time + LEAD_SECS * 0.5 - cue.start) / (end - cue.start)) as f32;
    if visemes.is_empty() || !(0.0..1.0).contains(&progress) {
        return;
    }
    let place = progress * visemes.len() as f32;
    for (index, &viseme) in visemes.iter().enumerate() {
        // Neighbouring sounds overlap by a quarter.
        let away = (place - (index as f32 + 0.5)).abs();
        let share = ((0.75 - away) / 0.5).clamp(0.0, 1.0);
        face::add(mouth, face::viseme(viseme), share * strength);
    }
}

fn head_motion(head: &mut [f32; HEAD], motion: HeadMotion, since: f64, strength: f32) {
    #[expect(clippy::cast_possible_truncation, reason = "a phase")]
    let cycle =
        |secs: f64| ((since / secs).min(f64::from(motion.times.max(1))).max(0.0) * std::f64::consts::TAU) as f32;
    match motion.kind {
        HeadMotionKind::Nod => head[0] -= strength * 0.17 * (1.0 - cycle(NOD_SECS).cos()),
        HeadMotionKind::Shake => head[1] += strength * 0.34 * cycle(SHAKE_SECS).sin(),
        HeadMotionKind::TiltDown => head[0] -= 0.26 * strength,
        HeadMotionKind::TiltUp => head[0] += 0.22 * strength,
        HeadMotionKind::TiltLeft => head[2] += 0.17 * strength,
        HeadMotionKind::TiltRight => head[2] -= 0.17 * strength,
        HeadMotionKind::TurnLeft => head[1] += 0.42 * strength,
        HeadMotionKind::TurnRight => head[1] -= 0.42 * strength,
        HeadMotionKind::Forward => head[3] += 0.16 * strength,
        HeadMotionKind::Backward => head[3] -= 0.14 * strength,
    }
}

fn torso_motion(torso: &mut [f32; TORSO], motion: BodyMotion, since: f64, strength: f32) {
    #[expect(clippy::cast_possible_truncation, reason = "a phase")]
    let cycle = ((since / 0.9).clamp(0.0, f64::from(motion.times.max(1))) * std::f64::consts::TAU) as f32;
    match motion.kind {
        BodyMotionKind::LeanForward => torso[0] += 0.14 * strength,
        BodyMotionKind::LeanBack => torso[0] -= 0.10 * strength,
        BodyMotionKind::LeanLeft => torso[2] += 0.10 * strength,
        BodyMotionKind::LeanRight => torso[2] -= 0.10 * strength,
        BodyMotionKind::TurnLeft => torso[1] += 0.28 * strength,
        BodyMotionKind::TurnRight => torso[1] -= 0.28 * strength,
        BodyMotionKind::ShrugShoulders => torso[3] += 0.22 * strength,
        BodyMotionKind::Hunch => {
            torso[0] += 0.10 * strength;
            torso[3] += 0.12 * strength;
        }
        BodyMotionKind::ChestOut => torso[4] += 0.3 * strength,
        BodyMotionKind::Sway => torso[2] += 0.07 * strength * cycle.sin(),
    }
}

/// Yaw to the left and pitch upwards, radians.
fn gaze_target(gaze: Gaze, hands: &HandsSeen) -> [f32; 2] {
    let towards = match gaze {
        Gaze::Addressee => Vec3::Z,
        Gaze::DominantHand => hands[0],
        Gaze::WeakHand => hands[1],
        Gaze::Towards(dir) => dir.vec(),
    };
    let towards = towards.normalize_or(Vec3::Z);
    let yaw = towards.x.atan2(towards.z.max(0.2)).clamp(-0.6, 0.6);
    let pitch = towards.y.clamp(-1.0, 1.0).asin().clamp(-0.6, 0.4);
    [yaw, pitch]
}
