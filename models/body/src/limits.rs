//! How far a human's joints turn.
//!
//! Ranges follow the American Academy of Orthopaedic Surgeons' mean active ranges (Greene and
//! Heckman, *The Clinical Measurement of Joint Motion*, 1994), given from our T-pose; neck and
//! spine, which clinics measure as wholes, are shared out evenly among their bones. Forearms turn 90° out and 85° in
//! (Kapandji, *The Physiology of the Joints* 1, 2007). Finger ranges
//! equal those that `signing::FingerFlex` and `signing::ThumbFlex` document.
//!
//! Axes are in the bone's own axes, which in T-pose are the world's. A positive angle about
//! `flex` bends as anatomy's flexion does (fingers into the palm, elbow shut, head down, wrist
//! palmwards, arm forwards); `spread` is the other swing; `twist` turns about the bone's length.

use glam::{Quat, Vec3};
use signing::{Bone, BoneSide, Finger, Side};

use crate::digits;

/// An axis and how far a joint turns about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisLimit {
    /// Unit; a positive angle turns right-handed about it.
    pub axis: Vec3,
    /// Radians, at most 0.
    pub min: f32,
    /// Radians, at least 0.
    pub max: f32,
}

/// How far one joint turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointLimits {
    /// The main bend.
    pub flex: AxisLimit,
    /// The swing across it.
    pub spread: AxisLimit,
    /// The roll about the bone's length. `flex`, `spread` and `twist` are at right angles.
    pub twist: AxisLimit,
}

/// A rotation's parts: angles about the axes of [`JointLimits`], radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointAngles {
    /// About `flex`.
    pub flex: f32,
    /// About `spread`.
    pub spread: f32,
    /// About `twist`.
    pub twist: f32,
}

impl JointLimits {
    /// Splits a local rotation into `swing · twist`: the swing's rotation vector along `flex` and
    /// `spread`, and the roll.
    pub fn angles(&self, rotation: Quat) -> JointAngles {
        let rotation = if rotation.w < 0.0 { -rotation } else { rotation };
        let along = rotation.xyz().dot(self.twist.axis);
        let twist = Quat::from_vec4((self.twist.axis * along).extend(rotation.w));
        let twist = if twist.length_squared() < 1e-12 { Quat::IDENTITY } else { twist.normalize() };
        let swing = (rotation * twist.conjugate()).to_scaled_axis();
        JointAngles {
            flex: swing.dot(self.flex.axis),
            spread: swing.dot(self.spread.axis),
            twist: 2.0 * twist.xyz().dot(self.twist.axis).atan2(twist.w),
        }
    }

    /// The rotation of these angles.
    pub fn rotation(&self, angles: JointAngles) -> Quat {
        let swing = Quat::from_scaled_axis(self.flex.axis * angles.flex + self.spread.axis * angles.spread);
        (swing * Quat::from_axis_angle(self.twist.axis, angles.twist)).normalize()
    }

    /// The nearest rotation, angle by angle, that the joint allows.
    pub fn clamp(&self, rotation: Quat) -> Quat {
        let angles = self.angles(rotation);
        let clamped = JointAngles {
            flex: angles.flex.clamp(self.flex.min, self.flex.max),
            spread: angles.spread.clamp(self.spread.min, self.spread.max),
            twist: angles.twist.clamp(self.twist.min, self.twist.max),
        };
        if clamped == angles { rotation } else { self.rotation(clamped) }
    }

    /// By how much the rotation exceeds its limits, radians; 0 within them.
    pub fn excess(&self, rotation: Quat) -> f32 {
        let angles = self.angles(rotation);
        let over = |angle: f32, limit: AxisLimit| (limit.min - angle).max(angle - limit.max).max(0.0);
        over(angles.flex, self.flex).max(over(angles.spread, self.spread)).max(over(angles.twist, self.twist))
    }
}

/// Degrees from `.0` to `.1`.
type Degrees = (f32, f32);

/// The limits of a bone.
pub fn joint_limits(bone: Bone) -> JointLimits {
    match bone.side() {
        BoneSide::On(Side::Right) => mirror(left_limits(bone.mirrored())),
        _ => left_limits(bone),
    }
}

/// Mirrored in the sagittal plane: axes are axial vectors.
fn mirror(limits: JointLimits) -> JointLimits {
    let flip = |limit: AxisLimit| {
        let Vec3 { x, y, z } = limit.axis;
        AxisLimit { axis: Vec3::new(x, -y, -z), ..limit }
    };
    JointLimits { flex: flip(limits.flex), spread: flip(limits.spread), twist: flip(limits.twist) }
}

fn limit(axis: Vec3, (min, max): Degrees) -> AxisLimit {
    AxisLimit { axis, min: min.to_radians(), max: max.to_radians() }
}

fn joint(flex: (Vec3, Degrees), spread: (Vec3, Degrees), twist: (Vec3, Degrees)) -> JointLimits {
    JointLimits { flex: limit(flex.0, flex.1), spread: limit(spread.0, spread.1), twist: limit(twist.0, twist.1) }
}

fn radians((min, max): (f32, f32)) -> Degrees {
    (min.to_degrees(), max.to_degrees())
}

/// Limits of a bone of the left side or the midline.
fn left_limits(bone: Bone) -> JointLimits {
    use Bone::*;
    const X: Vec3 = Vec3::X;
    const Y: Vec3 = Vec3::Y;
    const Z: Vec3 = Vec3::Z;
    match bone {
        // A signer stands: the hips turn with the legs, not in a joint.
        Hips => joint((X, (-30.0, 60.0)), (Z, (-30.0, 30.0)), (Y, (-180.0, 180.0))),
        Spine | Chest | UpperChest => joint((X, (-10.0, 25.0)), (Z, (-12.0, 12.0)), (Y, (-15.0, 15.0))),
        Neck | Head => joint((X, (-30.0, 25.0)), (Z, (-22.0, 22.0)), (Y, (-40.0, 40.0))),
        Jaw => joint((X, (0.0, 26.0)), (Y, (-8.0, 8.0)), (Z, (0.0, 0.0))),
        LeftEye => joint((X, (-30.0, 35.0)), (Y, (-40.0, 40.0)), (Z, (0.0, 0.0))),
        LeftShoulder => joint((-Y, (-20.0, 30.0)), (Z, (-8.0, 35.0)), (X, (-10.0, 10.0))),
        // Forwards and back; down to the thigh and up to the ear; outwards and inwards.
        LeftUpperArm => joint((-Y, (-45.0, 135.0)), (-Z, (-90.0, 95.0)), (X, (-90.0, 80.0))),
        LeftLowerArm => joint((-Y, (-5.0, 148.0)), (-Z, (0.0, 0.0)), (X, (-90.0, 85.0))),
        LeftHand => joint((-Z, (-70.0, 80.0)), (Y, (-22.0, 35.0)), (X, (-90.0, 85.0))),
        LeftUpperLeg => joint((-X, (-20.0, 120.0)), (Z, (-30.0, 45.0)), (Y, (-45.0, 45.0))),
        LeftLowerLeg => joint((X, (-5.0, 140.0)), (Z, (0.0, 0.0)), (Y, (-10.0, 10.0))),
        LeftFoot => joint((X, (-20.0, 45.0)), (Y, (-20.0, 20.0)), (Z, (-30.0, 20.0))),
        LeftToes => joint((X, (-60.0, 30.0)), (Y, (0.0, 0.0)), (Z, (0.0, 0.0))),
        _ => left_finger_limits(bone),
    }
}

fn left_finger_limits(bone: Bone) -> JointLimits {
    let place = Finger::ALL.into_iter().find_map(|finger| {
        let at = digits::bones_of(Side::Left, finger).iter().position(|of_finger| *of_finger == bone)?;
        Some((finger, at))
    });
    match place {
        Some((Finger::Thumb, 0)) => {
            // T-pose holds the thumb at 45° of abduction (`ThumbFlex` counts from the index finger).
            let along = Vec3::new(1.0, 0.0, 1.0).normalize();
            let opposition = Vec3::new(1.0, 0.0, -1.0).normalize();
            joint(
                (opposition, radians((-0.2, 1.4))),
                (Vec3::NEG_Y, radians((-std::f32::consts::FRAC_PI_4, 1.2 - std::f32::consts::FRAC_PI_4))),
                (along, (-30.0, 60.0)),
            )
        }
        Some((Finger::Thumb, at)) => {
            let along = Vec3::new(1.0, 0.0, 1.0).normalize();
            let pad = digits::pad_direction(Side::Left, Finger::Thumb);
            let flex = along.cross(pad).normalize();
            let range = if at == 1 { (-0.2, 1.1) } else { (-0.3, 1.4) };
            joint((flex, radians(range)), (pad, (-5.0, 5.0)), (along, (-5.0, 5.0)))
        }
        Some((finger, 0)) => {
            // Away from the middle finger; the middle finger towards the thumb.
            let spread = if matches!(finger, Finger::Ring | Finger::Little) { Vec3::Y } else { Vec3::NEG_Y };
            joint((Vec3::NEG_Z, radians((-0.5, 1.6))), (spread, radians((-0.35, 0.45))), (Vec3::X, (-10.0, 10.0)))
        }
        Some((_, at)) => {
            let range = if at == 1 { (0.0, 1.9) } else { (0.0, 1.4) };
            joint((Vec3::NEG_Z, radians(range)), (Vec3::Y, (0.0, 0.0)), (Vec3::X, (0.0, 0.0)))
        }
        // No other bone is left; a joint that doesn't move is the safe answer.
        None => joint((Vec3::X, (0.0, 0.0)), (Vec3::Z, (0.0, 0.0)), (Vec3::Y, (0.0, 0.0))),
    }
}
