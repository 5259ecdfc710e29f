//! How long things take.
//!
//! Citation forms are what a dictionary shows; in a sentence the same sign is far shorter. Lengths
//! here give about two signs a second in sentences (2.05 in everyday CSL).

use signing::{ContactKind, FingerMotionKind, Manner, MovementKind, Path, PathShape, RotationAxis, Size, Speed};

use crate::{reach::arm_of, rig::Rig, track::HandState};

/// How fluent a sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fluency {
    /// Alone, as in a dictionary.
    Citation,
    /// Among others.
    Sentence,
}

impl Fluency {
    const fn movement_factor(self) -> f64 {
        match self {
            Self::Citation => 1.5,
            Self::Sentence => 1.0,
        }
    }

    pub(crate) const fn transition_factor(self) -> f64 {
        match self {
            Self::Citation => 1.45,
            Self::Sentence => 1.0,
        }
    }

    /// How long a form without movement stands, seconds.
    pub(crate) const fn hold_secs(self) -> f64 {
        match self {
            Self::Citation => 0.55,
            Self::Sentence => 0.19,
        }
    }

    /// How long the first configuration stands before the movement, seconds.
    pub(crate) const fn onset_secs(self) -> f64 {
        match self {
            Self::Citation => 0.14,
            Self::Sentence => 0.02,
        }
    }

    /// How long the end of a movement stands, seconds.
    pub(crate) const fn coda_secs(self) -> f64 {
        match self {
            Self::Citation => 0.25,
            Self::Sentence => 0.0,
        }
    }
}

/// A manual letter stands this long, seconds.
pub(crate) const LETTER_HOLD_SECS: f64 = 0.30;
/// A configuration that only stands is seen at least this long before a hand leaves it, seconds: a little less than planning
/// alone gives it.
pub(crate) const LEAST_SEEN_SECS: f64 = 0.09;
/// A movement of one step in a sentence that would be longer than this is compressed, seconds.
const MOVEMENT_KNEE_SECS: f64 = 0.32;
/// How much of what is beyond the knee remains.
const MOVEMENT_BEYOND: f64 = 0.35;

/// Metres of a size on a body of 1.70 m.
pub(crate) const fn metres(size: Size, usual: f32) -> f32 {
    match size {
        Size::Small => usual * 0.36,
        Size::Normal => usual,
        Size::Large => usual * 1.5,
        Size::Metres(metres) => metres,
    }
}

/// Usual lengths, metres on a body of 1.70 m.
pub(crate) const STROKE_M: f32 = 0.17;
pub(crate) const SHUTTLE_M: f32 = 0.11;
pub(crate) const CIRCLE_M: f32 = 0.14;
pub(crate) const BACK_OFF_M: f32 = 0.06;
pub(crate) const BRUSH_M: f32 = 0.10;

/// Usual length of a path.
pub(crate) const fn path_metres(path: &Path) -> f32 {
    let usual = match path.shape {
        PathShape::Circle { .. } => CIRCLE_M,
        PathShape::Wave { .. } | PathShape::ZigZag { .. } | PathShape::Steps { .. } => 0.24,
        _ if path.there_and_back => SHUTTLE_M,
        _ => STROKE_M,
    };
    metres(path.size, usual)
}

/// Natural length of a movement in a sentence, seconds, before manner and fluency.
fn usual_secs(kind: &MovementKind) -> f64 {
    match kind {
        MovementKind::Path(path) => {
            let length = f64::from(path_metres(path));
            match &path.shape {
                PathShape::Straight if path.there_and_back => 0.24 + 0.5 * length,
                PathShape::Straight => 0.18 + 0.45 * length,
                PathShape::Arc(_) => 0.22 + 0.6 * length,
                PathShape::Circle { turns, .. } => 0.12 + f64::from(turns.abs()) * (0.24 + 0.9 * length),
                PathShape::ZigZag { strokes, .. } => 0.12 + 0.13 * f64::from(*strokes),
                PathShape::Wave { waves, .. } => 0.16 + 0.22 * f64::from(*waves),
                PathShape::Steps { stops } => 0.05 + 0.22 * f64::from(*stops),
                PathShape::Trace(strokes) => strokes.iter().map(|stroke| trace_secs(stroke) + 0.10).sum(),
            }
        }
        MovementKind::Rotate(rotation) => {
            let angle = f64::from(rotation.angle_rad.abs());
            if rotation.there_and_back { 0.20 + 0.13 * angle } else { 0.14 + 0.11 * angle }
        }
        MovementKind::Orient { .. } => 0.26,
        MovementKind::Shape(_) => 0.20,
        MovementKind::Finger(motion) => {
            let times = f64::from(motion.times.max(1));
            match motion.kind {
                FingerMotionKind::Wiggle => 0.10 + 0.20 * times,
                FingerMotionKind::Bend | FingerMotionKind::OpenClose => 0.06 + 0.20 * times,
                FingerMotionKind::Rub => 0.08 + 0.17 * times,
                FingerMotionKind::Flick => 0.04 + 0.20 * times,
                FingerMotionKind::Tremble => 0.16 + 0.11 * times,
            }
        }
        MovementKind::Contact(contact) => match contact.kind {
            ContactKind::Tap => 0.30,
            ContactKind::Touch => 0.22,
            ContactKind::Brush => 0.36,
            ContactKind::Grasp => 0.30,
            ContactKind::Insert => 0.30,
        },
        MovementKind::Hold { beats } => 0.25 * f64::from(*beats),
    }
}

/// Time to draw one stroke of a figure, seconds.
fn trace_secs(points: &[[f32; 3]]) -> f64 {
    let length: f32 =
        points.windows(2).map(|pair| glam::Vec3::from_array(pair[0]).distance(glam::Vec3::from_array(pair[1]))).sum();
    0.10 + f64::from(length) * 0.9
}

/// Length of a movement, seconds.
pub(crate) fn movement_secs(kind: &MovementKind, manner: Manner, fluency: Fluency) -> f64 {
    let speed = match manner.speed {
        Speed::Slow => 1.7,
        Speed::Normal => 1.0,
        Speed::Fast => 0.72,
    };
    let force = if manner.forceful { 0.85 } else { 1.0 };
    let stop = if manner.stop { 0.10 } else { 0.0 };
    (usual_secs(kind) * speed * force + stop) * fluency.movement_factor()
}

/// What a planned wrist's jerk stays below, m/s³, so that with what else moves it remains a human's
/// (see `check::Kind::limit`).
const WRIST_JERK: f64 = 2000.0;
/// The same of a fingertip.
const TIP_JERK: f64 = 3300.0;
/// Hands and fingers swing to and fro at most so many times a second.
pub(crate) const SWINGS_A_SEC: f64 = 4.8;
/// What a planned joint turns at most, rad/s, so that with what else moves it stays below `check::Kind::limit`.
const TURN_RAD_S: f64 = 17.0;
/// Peak speed of a way of one made in a second: minimum jerk.
const ONCE_SPEED: f64 = 1.875;
/// Peak jerk of a way of one metre made in a second: minimum jerk.
const ONCE: f64 = 60.0;
/// The same there and back: see [`crate::track::Profile::Return`].
const THERE_AND_BACK: f64 = 384.0;

/// The time in which a way of so many metres has no more than this jerk, seconds.
fn secs_for(metres: f64, shape: f64, jerk: f64) -> f64 {
    (shape * metres / jerk).cbrt()
}

/// The shortest time in which a hand can make a movement, seconds.
pub(crate) fn least_secs(kind: &MovementKind, manner: Manner, scale: f32) -> f64 {
    /// A sharp start has twice the jerk: see [`crate::track::Profile::Sharp`].
    const SHARP: f64 = 2.0;
    /// Peak speed round more than once, see [`crate::track::Profile::Even`], and once.
    const EVEN: f64 = 1.43;
    const ROUND_ONCE: f64 = 1.85;
    /// Of a hand and of a forearm that turn about wrist and elbow, metres.
    const HAND_M: f64 = 0.17;
    const FOREARM_M: f64 = 0.25;
    let once = if manner.forceful || manner.stop { ONCE * SHARP } else { ONCE };
    let shape = |back: bool| if back { THERE_AND_BACK } else { once };
    match kind {
        MovementKind::Path(path) => {
            let length = f64::from(path_metres(path) * scale);
            match &path.shape {
                PathShape::Circle { turns, .. } => {
                    let swing = 0.5 * length * std::f64::consts::TAU.powi(3) / WRIST_JERK;
                    f64::from(turns.abs()) * swing.cbrt() * if turns.abs() > 1.0 { EVEN } else { ROUND_ONCE }
                }
                PathShape::ZigZag { strokes, .. } => {
                    f64::from(*strokes) * secs_for(0.1 * f64::from(scale), ONCE, WRIST_JERK)
                }
                PathShape::Wave { waves, .. } => f64::from(*waves) / SWINGS_A_SEC,
                PathShape::Steps { stops } => {
                    let stops = f64::from((*stops).max(1));
                    stops * secs_for(length / stops, ONCE, WRIST_JERK) / 0.62
                }
                PathShape::Trace(strokes) => strokes.iter().map(|stroke| 0.9 * trace_secs(stroke)).sum(),
                PathShape::Straight | PathShape::Arc(_) => secs_for(length, shape(path.there_and_back), WRIST_JERK),
            }
        }
        MovementKind::Rotate(rotation) => {
            let angle = f64::from(rotation.angle_rad.abs());
            let (arm, jerk) = match rotation.axis {
                RotationAxis::ElbowSwing(_) => (FOREARM_M, WRIST_JERK),
                _ => (HAND_M, TIP_JERK),
            };
            secs_for(arm * f64::from(scale) * angle, shape(rotation.there_and_back), jerk)
        }
        MovementKind::Finger(motion) => f64::from(motion.times.clamp(1, 2)) / SWINGS_A_SEC,
        MovementKind::Contact(contact) => {
            let length = f64::from(metres(contact.size, BACK_OFF_M) * scale);
            secs_for(length, shape(contact.kind == ContactKind::Tap), WRIST_JERK)
        }
        MovementKind::Orient { .. } | MovementKind::Shape(_) => secs_for(0.12, ONCE, TIP_JERK),
        MovementKind::Hold { .. } => 0.0,
    }
}

/// The shortest time from one state of a hand to another, seconds.
pub(crate) fn least_transition_secs(rig: &Rig, hand: usize, from: &HandState, to: &HandState) -> f64 {
    let tips = |state: &HandState| rig.hands[hand].tips(&state.digits).map(|tip| state.wrist() + state.turn * tip);
    let furthest = tips(from).into_iter().zip(tips(to)).map(|(a, b)| a.distance(b)).fold(0.0, f32::max);
    let wrist = secs_for(f64::from(from.wrist().distance(to.wrist())), ONCE, WRIST_JERK);
    let (before, after) = (arm_of(rig, hand, from).locals, arm_of(rig, hand, to).locals);
    let of_arm = before.into_iter().zip(after).map(|(a, b)| a.angle_between(b));
    let of_fingers = from.digits.iter().zip(to.digits).map(|(a, b)| (a - b).abs());
    let turned = f64::from(of_arm.chain(of_fingers).fold(0.0, f32::max)) * ONCE_SPEED / TURN_RAD_S;
    wrist.max(secs_for(f64::from(furthest), ONCE, TIP_JERK)).max(turned)
}

/// The shortest time for a way that leads so far aside and back, metres, seconds.
pub(crate) fn round_secs(way: f32, aside: f32) -> f64 {
    // Both at once: their jerks add up.
    secs_for(ONCE * f64::from(way) + THERE_AND_BACK * f64::from(aside), 1.0, WRIST_JERK)
}

/// How often a repeated movement is made.
pub(crate) fn times(written: u32, fluency: Fluency) -> u32 {
    match fluency {
        Fluency::Citation => written.min(4),
        Fluency::Sentence => written.min(2),
    }
}

/// Length of a whole step's movement in its context, seconds. `steps`: how many the sign has.
pub(crate) fn compressed(secs: f64, steps: usize, fluency: Fluency) -> f64 {
    if fluency == Fluency::Citation {
        return secs;
    }
    // Compounds are shortened: two parts take about one and a half signs.
    let crowd = (steps.max(1) as f64).powf(-0.45);
    let knee = MOVEMENT_KNEE_SECS * crowd;
    let secs = secs * (0.6 + 0.4 * crowd);
    if secs > knee { knee + MOVEMENT_BEYOND * (secs - knee) } else { secs }
}

/// How long a hand takes from one state to another, seconds.
pub(crate) fn transition_secs(rig: &Rig, hand: usize, from: &HandState, to: &HandState) -> f64 {
    let elbow = |state| arm_of(rig, hand, state).elbow;
    let way = f64::from(from.wrist().distance(to.wrist()).max(elbow(from).distance(elbow(to))));
    let turned = f64::from(from.turn.angle_between(to.turn));
    let bent = from.digits.iter().zip(to.digits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let least = least_transition_secs(rig, hand, from, to);
    let still = way < 0.01 && turned < 0.08 && bent < 0.08;
    if still {
        return 0.06;
    }
    (0.13 + 0.33 * way).max(0.11 + 0.075 * turned).max(0.11 + 0.065 * f64::from(bent)).clamp(0.12, 0.45).max(least)
}
