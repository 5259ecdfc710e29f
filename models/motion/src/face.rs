//! What faces do, as weights of the 52 shapes.

use signing::{Brows, Cheeks, Expression, Eyes, FaceShape, MouthShape, Side, Tongue, Viseme};

/// Weights `[52]` in the order of [`FaceShape::ALL`].
pub(crate) type Weights = [f32; FaceShape::COUNT];

use FaceShape::*;

/// A friendly face that does nothing.
pub(crate) const REST: &[(FaceShape, f32)] = &[
    (MouthSmileLeft, 0.14),
    (MouthSmileRight, 0.14),
    (CheekSquintLeft, 0.05),
    (CheekSquintRight, 0.05),
    (BrowInnerUp, 0.04),
];

/// Adds `strength` times each weight.
pub(crate) fn add(weights: &mut Weights, shapes: &[(FaceShape, f32)], strength: f32) {
    for &(shape, weight) in shapes {
        weights[shape.index()] += weight * strength;
    }
}

/// Whether only the mouth is moved by it: jaw, lips, tongue and cheeks.
pub(crate) fn is_of_mouth(shape: FaceShape) -> bool {
    let index = shape.index();
    (JawForward.index()..=MouthUpperUpRight.index()).contains(&index) || shape == CheekPuff || shape == TongueOut
}

pub(crate) const fn brows(brows: Brows) -> &'static [(FaceShape, f32)] {
    match brows {
        Brows::Raised => &[
            (BrowInnerUp, 0.85),
            (BrowOuterUpLeft, 0.9),
            (BrowOuterUpRight, 0.9),
            (EyeWideLeft, 0.25),
            (EyeWideRight, 0.25),
        ],
        Brows::Furrowed => &[
            (BrowDownLeft, 0.9),
            (BrowDownRight, 0.9),
            (EyeSquintLeft, 0.25),
            (EyeSquintRight, 0.25),
            (NoseSneerLeft, 0.08),
            (NoseSneerRight, 0.08),
        ],
        Brows::InnerRaised => &[(BrowInnerUp, 1.0), (BrowDownLeft, 0.1), (BrowDownRight, 0.1)],
    }
}

/// Lids; [`Eyes::Blink`] is an event, not a posture, and gives nothing here.
pub(crate) const fn eyes(eyes: Eyes) -> &'static [(FaceShape, f32)] {
    match eyes {
        Eyes::Wide => &[(EyeWideLeft, 0.9), (EyeWideRight, 0.9), (BrowOuterUpLeft, 0.25), (BrowOuterUpRight, 0.25)],
        Eyes::Squint => &[(EyeSquintLeft, 0.9), (EyeSquintRight, 0.9), (EyeBlinkLeft, 0.25), (EyeBlinkRight, 0.25)],
        Eyes::Closed => &[(EyeBlinkLeft, 1.0), (EyeBlinkRight, 1.0)],
        Eyes::Blink => &[],
    }
}

pub(crate) const fn cheeks(cheeks: Cheeks) -> &'static [(FaceShape, f32)] {
    match cheeks {
        Cheeks::Puffed => &[(CheekPuff, 1.0), (MouthPucker, 0.25), (MouthPressLeft, 0.3), (MouthPressRight, 0.3)],
        Cheeks::Sucked => &[(MouthPucker, 0.7), (MouthDimpleLeft, 0.3), (MouthDimpleRight, 0.3), (JawOpen, 0.05)],
        Cheeks::TonguePushed => &[(CheekPuff, 0.4), (MouthLeft, 0.25), (JawLeft, 0.15), (JawOpen, 0.06)],
    }
}

pub(crate) const fn tongue(tongue: Tongue) -> &'static [(FaceShape, f32)] {
    match tongue {
        Tongue::Out => &[(TongueOut, 1.0), (JawOpen, 0.3), (MouthLowerDownLeft, 0.2), (MouthLowerDownRight, 0.2)],
    }
}

pub(crate) const fn mouth(shape: MouthShape) -> &'static [(FaceShape, f32)] {
    match shape {
        MouthShape::Open => &[(JawOpen, 0.6), (MouthLowerDownLeft, 0.15), (MouthLowerDownRight, 0.15)],
        MouthShape::SlightlyOpen => &[(JawOpen, 0.22)],
        MouthShape::Closed => &[(MouthPressLeft, 0.2), (MouthPressRight, 0.2), (MouthClose, 0.02)],
        MouthShape::Pouted => &[(MouthPucker, 0.85), (MouthShrugLower, 0.35), (MouthFunnel, 0.15)],
        MouthShape::Pressed => {
            &[(MouthPressLeft, 0.8), (MouthPressRight, 0.8), (MouthRollLower, 0.5), (MouthRollUpper, 0.5)]
        }
        MouthShape::CornersDown => &[(MouthFrownLeft, 0.9), (MouthFrownRight, 0.9), (MouthShrugLower, 0.35)],
        MouthShape::Stretched => &[(MouthStretchLeft, 0.8), (MouthStretchRight, 0.8), (JawOpen, 0.08)],
        MouthShape::TeethBared => &[
            (MouthStretchLeft, 0.5),
            (MouthStretchRight, 0.5),
            (MouthUpperUpLeft, 0.7),
            (MouthUpperUpRight, 0.7),
            (MouthLowerDownLeft, 0.7),
            (MouthLowerDownRight, 0.7),
        ],
        MouthShape::Blowing => &[(MouthPucker, 0.6), (MouthFunnel, 0.4), (CheekPuff, 0.35), (JawOpen, 0.06)],
    }
}

pub(crate) const fn expression(expression: Expression) -> &'static [(FaceShape, f32)] {
    match expression {
        Expression::Smile => &[
            (MouthSmileLeft, 0.7),
            (MouthSmileRight, 0.7),
            (CheekSquintLeft, 0.45),
            (CheekSquintRight, 0.45),
            (EyeSquintLeft, 0.2),
            (EyeSquintRight, 0.2),
        ],
        Expression::Sad => &[
            (BrowInnerUp, 0.8),
            (MouthFrownLeft, 0.6),
            (MouthFrownRight, 0.6),
            (EyeSquintLeft, 0.2),
            (EyeSquintRight, 0.2),
            (MouthShrugLower, 0.25),
        ],
        Expression::Angry => &[
            (BrowDownLeft, 1.0),
            (BrowDownRight, 1.0),
            (EyeWideLeft, 0.3),
            (EyeWideRight, 0.3),
            (NoseSneerLeft, 0.5),
            (NoseSneerRight, 0.5),
            (MouthPressLeft, 0.4),
            (MouthPressRight, 0.4),
        ],
        Expression::Surprised => &[
            (BrowInnerUp, 0.9),
            (BrowOuterUpLeft, 0.9),
            (BrowOuterUpRight, 0.9),
            (EyeWideLeft, 0.8),
            (EyeWideRight, 0.8),
            (JawOpen, 0.3),
        ],
        Expression::Afraid => &[
            (BrowInnerUp, 0.9),
            (BrowDownLeft, 0.2),
            (BrowDownRight, 0.2),
            (EyeWideLeft, 0.7),
            (EyeWideRight, 0.7),
            (MouthStretchLeft, 0.5),
            (MouthStretchRight, 0.5),
            (JawOpen, 0.1),
        ],
        Expression::Disgusted => &[
            (NoseSneerLeft, 0.9),
            (NoseSneerRight, 0.9),
            (BrowDownLeft, 0.5),
            (BrowDownRight, 0.5),
            (MouthUpperUpLeft, 0.45),
            (MouthUpperUpRight, 0.45),
            (MouthFrownLeft, 0.4),
            (MouthFrownRight, 0.4),
            (EyeSquintLeft, 0.4),
            (EyeSquintRight, 0.4),
        ],
        Expression::Pained => &[
            (BrowDownLeft, 0.7),
            (BrowDownRight, 0.7),
            (BrowInnerUp, 0.4),
            (EyeSquintLeft, 0.7),
            (EyeSquintRight, 0.7),
            (MouthStretchLeft, 0.5),
            (MouthStretchRight, 0.5),
            (NoseSneerLeft, 0.3),
            (NoseSneerRight, 0.3),
        ],
        Expression::Thinking => &[
            (BrowDownLeft, 0.3),
            (BrowOuterUpRight, 0.35),
            (EyeSquintLeft, 0.3),
            (EyeSquintRight, 0.3),
            (MouthPressLeft, 0.3),
            (MouthPressRight, 0.3),
            (MouthLeft, 0.12),
        ],
        Expression::Doubtful => &[
            (BrowDownLeft, 0.5),
            (BrowOuterUpRight, 0.4),
            (EyeSquintLeft, 0.3),
            (MouthFrownLeft, 0.25),
            (MouthFrownRight, 0.25),
            (MouthShrugLower, 0.25),
        ],
        Expression::Serious => {
            &[(BrowDownLeft, 0.35), (BrowDownRight, 0.35), (MouthPressLeft, 0.35), (MouthPressRight, 0.35)]
        }
        Expression::Anxious => &[
            (BrowInnerUp, 0.7),
            (BrowDownLeft, 0.35),
            (BrowDownRight, 0.35),
            (EyeWideLeft, 0.3),
            (EyeWideRight, 0.3),
            (MouthStretchLeft, 0.3),
            (MouthStretchRight, 0.3),
        ],
        Expression::Tired => &[
            (EyeBlinkLeft, 0.4),
            (EyeBlinkRight, 0.4),
            (BrowInnerUp, 0.35),
            (MouthFrownLeft, 0.25),
            (MouthFrownRight, 0.25),
            (JawOpen, 0.06),
        ],
        Expression::Proud => &[
            (EyeBlinkLeft, 0.22),
            (EyeBlinkRight, 0.22),
            (BrowOuterUpLeft, 0.3),
            (BrowOuterUpRight, 0.3),
            (MouthFrownLeft, 0.3),
            (MouthFrownRight, 0.3),
            (MouthShrugLower, 0.35),
        ],
        Expression::Tender => &[
            (BrowInnerUp, 0.5),
            (MouthSmileLeft, 0.4),
            (MouthSmileRight, 0.4),
            (EyeSquintLeft, 0.3),
            (EyeSquintRight, 0.3),
        ],
        Expression::Longing => &[
            (BrowInnerUp, 0.55),
            (BrowOuterUpLeft, 0.35),
            (BrowOuterUpRight, 0.35),
            (EyeWideLeft, 0.3),
            (EyeWideRight, 0.3),
            (MouthSmileLeft, 0.25),
            (MouthSmileRight, 0.25),
            (JawOpen, 0.06),
        ],
        Expression::Blank => &[],
    }
}

/// Mouthings are reduced: lips are read, the jaw hardly drops.
pub(crate) const fn viseme(viseme: Viseme) -> &'static [(FaceShape, f32)] {
    match viseme {
        Viseme::Silence => &[],
        Viseme::Pp => &[(MouthPressLeft, 0.55), (MouthPressRight, 0.55), (MouthRollLower, 0.35), (MouthRollUpper, 0.3)],
        Viseme::Ff => &[(MouthRollLower, 0.5), (MouthUpperUpLeft, 0.3), (MouthUpperUpRight, 0.3), (JawOpen, 0.06)],
        Viseme::Dd => &[(JawOpen, 0.09), (MouthLowerDownLeft, 0.25), (MouthLowerDownRight, 0.25)],
        Viseme::Nn => &[(JawOpen, 0.12), (MouthStretchLeft, 0.15), (MouthStretchRight, 0.15)],
        Viseme::Kk => &[(JawOpen, 0.12), (MouthStretchLeft, 0.1), (MouthStretchRight, 0.1)],
        Viseme::Ch => &[
            (JawOpen, 0.1),
            (MouthStretchLeft, 0.35),
            (MouthStretchRight, 0.35),
            (MouthLowerDownLeft, 0.25),
            (MouthLowerDownRight, 0.25),
            (MouthUpperUpLeft, 0.15),
            (MouthUpperUpRight, 0.15),
        ],
        Viseme::Ss => &[
            (JawOpen, 0.06),
            (MouthStretchLeft, 0.3),
            (MouthStretchRight, 0.3),
            (MouthLowerDownLeft, 0.3),
            (MouthLowerDownRight, 0.3),
        ],
        Viseme::Rr => &[(JawOpen, 0.12), (MouthFunnel, 0.5), (MouthPucker, 0.2)],
        Viseme::Aa => &[(JawOpen, 0.30), (MouthLowerDownLeft, 0.12), (MouthLowerDownRight, 0.12)],
        Viseme::E => &[(JawOpen, 0.17), (MouthStretchLeft, 0.25), (MouthStretchRight, 0.25)],
        Viseme::I => &[
            (JawOpen, 0.1),
            (MouthStretchLeft, 0.45),
            (MouthStretchRight, 0.45),
            (MouthSmileLeft, 0.2),
            (MouthSmileRight, 0.2),
        ],
        Viseme::O => &[(JawOpen, 0.17), (MouthFunnel, 0.5), (MouthPucker, 0.2)],
        Viseme::U => &[(JawOpen, 0.05), (MouthPucker, 0.7), (MouthFunnel, 0.12)],
        Viseme::Yu => &[(JawOpen, 0.03), (MouthPucker, 0.9), (MouthFunnel, 0.1)],
    }
}

/// The shapes that look to a side, up and down: `(in or out of that side's eye)`.
pub(crate) fn look(weights: &mut Weights, yaw_left: f32, pitch_up: f32) {
    let horizontal = (yaw_left.abs() / 0.5).min(1.0) * 0.6;
    let vertical = (pitch_up.abs() / 0.4).min(1.0) * 0.6;
    let sideways = if yaw_left > 0.0 { [EyeLookOutLeft, EyeLookInRight] } else { [EyeLookInLeft, EyeLookOutRight] };
    let upright = if pitch_up > 0.0 { [EyeLookUpLeft, EyeLookUpRight] } else { [EyeLookDownLeft, EyeLookDownRight] };
    for shape in sideways {
        weights[shape.index()] += horizontal;
    }
    for shape in upright {
        weights[shape.index()] += vertical;
    }
}

/// The lid of one side.
pub(crate) const fn lid(side: Side) -> FaceShape {
    match side {
        Side::Left => EyeBlinkLeft,
        Side::Right => EyeBlinkRight,
    }
}
