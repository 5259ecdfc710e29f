//! Fingers: from the angles of a form to rotations of bones, and where parts of the hand are.
//!
//! Everything here is in the hand's own frame: origin at the wrist's joint, axes those of the
//! T-pose. A hand is measured once; after that nothing allocates.

use glam::{Quat, Vec3};
use signing::{Bone, Finger, FingerFlex, Handshape, Side, ThumbFlex};

/// How many angles a hand's fingers have: four of the thumb, then four of each long finger.
pub(crate) const DIGITS: usize = 20;

/// Finger angles, radians: thumb `abduction, opposition, mcp, ip`, then for index to little
/// `mcp, pip, dip, spread`.
pub(crate) type Digits = [f32; DIGITS];

/// Anatomical limits of [`Digits`], as documented at [`ThumbFlex`] and [`FingerFlex`].
pub(crate) const DIGIT_LIMITS: [(f32, f32); DIGITS] = {
    let mut limits = [(0.0, 0.0); DIGITS];
    limits[0] = (0.0, 1.2);
    limits[1] = (-0.2, 1.4);
    limits[2] = (-0.2, 1.1);
    limits[3] = (-0.3, 1.4);
    let mut finger = 0;
    while finger < 4 {
        let first = 4 + finger * 4;
        limits[first] = (-0.5, 1.6);
        limits[first + 1] = (0.0, 1.9);
        limits[first + 2] = (0.0, 1.4);
        limits[first + 3] = (-0.35, 0.45);
        finger += 1;
    }
    limits
};

/// The angles of a handshape, brought within limits.
pub(crate) fn digits_of(shape: &Handshape) -> Digits {
    let ThumbFlex { abduction, opposition, mcp, ip } = shape.thumb;
    let mut digits = [0.0; DIGITS];
    digits[..4].copy_from_slice(&[abduction, opposition, mcp, ip]);
    for (slot, FingerFlex { mcp, pip, dip, spread }) in digits[4..].chunks_exact_mut(4).zip(shape.fingers) {
        slot.copy_from_slice(&[mcp, pip, dip, spread]);
    }
    clamp_digits(&mut digits);
    digits
}

/// Brings each angle within its limits; what is not a number becomes zero.
pub(crate) fn clamp_digits(digits: &mut Digits) {
    for (angle, (low, high)) in digits.iter_mut().zip(DIGIT_LIMITS) {
        *angle = if angle.is_finite() { angle.clamp(low, high) } else { 0.0 };
    }
}

/// Whether a finger is out: straight enough that its tip leads.
pub(crate) fn is_out(digits: &Digits, finger: Finger) -> bool {
    match finger {
        Finger::Thumb => digits[2] + digits[3] < 0.9 && digits[0] > 0.45,
        _ => {
            let first = finger.index() * 4;
            digits[first] + digits[first + 1] < 1.5
        }
    }
}

/// The bones of one side's hand: hand, then thumb, index, middle, ring, little, from the root.
pub(crate) const fn hand_bones(side: Side) -> [Bone; 16] {
    use Bone::*;
    match side {
        Side::Left => [
            LeftHand,
            LeftThumbMetacarpal,
            LeftThumbProximal,
            LeftThumbDistal,
            LeftIndexProximal,
            LeftIndexIntermediate,
            LeftIndexDistal,
            LeftMiddleProximal,
            LeftMiddleIntermediate,
            LeftMiddleDistal,
            LeftRingProximal,
            LeftRingIntermediate,
            LeftRingDistal,
            LeftLittleProximal,
            LeftLittleIntermediate,
            LeftLittleDistal,
        ],
        Side::Right => [
            RightHand,
            RightThumbMetacarpal,
            RightThumbProximal,
            RightThumbDistal,
            RightIndexProximal,
            RightIndexIntermediate,
            RightIndexDistal,
            RightMiddleProximal,
            RightMiddleIntermediate,
            RightMiddleDistal,
            RightRingProximal,
            RightRingIntermediate,
            RightRingDistal,
            RightLittleProximal,
            RightLittleIntermediate,
            RightLittleDistal,
        ],
    }
}

/// One hand's measures.
#[derive(Debug, Clone)]
pub(crate) struct HandRig {
    /// From the wrist to the middle knuckle, unit.
    pub(crate) fingers: Vec3,
    /// The palm's outward normal, unit.
    pub(crate) palm: Vec3,
    /// The thumb's side, unit.
    pub(crate) radial: Vec3,
    /// Heads of the finger bones from the wrist, metres: thumb to little, from the root.
    heads: [[Vec3; 3]; 5],
    /// Directions of the finger bones' segments in the T-pose.
    along: [[Vec3; 3]; 5],
    /// What straightens each bone: takes its T-pose direction to its finger's straight direction.
    straight: [[Quat; 3]; 5],
    /// How far the T-pose's thumb stands off within the palm's plane, radians.
    thumb_rest: Quat,
    /// The axis about which the thumb's hinges bend, T-pose.
    thumb_hinge: Vec3,
}

/// Where each of a hand's bones is, in the hand's frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HandFrames {
    /// Turn of each bone: hand, then three a finger.
    pub(crate) turn: [Quat; 16],
    /// Head of each bone, metres.
    pub(crate) head: [Vec3; 16],
}

impl HandFrames {
    /// A point that moves with a bone: `offset` from the bone's head in T-pose axes.
    pub(crate) fn point(&self, bone: usize, offset: Vec3) -> Vec3 {
        self.head[bone] + self.turn[bone] * offset
    }
}

impl HandRig {
    /// Measures a hand. `heads`: joints of [`hand_bones`] in the T-pose; `tips`: the five fingertips;
    /// `thumb_pad`: which way the thumb's pad faces in the T-pose, if known.
    pub(crate) fn measure(side: Side, heads: [Vec3; 16], tips: [Vec3; 5], thumb_pad: Option<Vec3>) -> Self {
        let wrist = heads[0];
        let out = Vec3::X * side.sign();
        let fingers = (heads[7] - wrist).try_normalize().unwrap_or(out);
        let across = heads[4] - heads[13];
        let radial = (across - fingers * across.dot(fingers)).try_normalize().unwrap_or(Vec3::Z);
        let palm = fingers.cross(radial) * side.sign();

        let mut relative = [[Vec3::ZERO; 3]; 5];
        let mut along = [[Vec3::ZERO; 3]; 5];
        let mut straight = [[Quat::IDENTITY; 3]; 5];
        for finger in 0..5 {
            for joint in 0..3 {
                let head = heads[1 + finger * 3 + joint];
                let end = if joint == 2 { tips[finger] } else { heads[2 + finger * 3 + joint] };
                relative[finger][joint] = head - wrist;
                along[finger][joint] = end - head;
            }
            let ideal = if finger == 0 { along[0][0].normalize_or(fingers) } else { fingers };
            for joint in 0..3 {
                let now = along[finger][joint].normalize_or(ideal);
                straight[finger][joint] = Quat::from_rotation_arc(now, ideal);
            }
        }
        let thumb = along[0][0].normalize_or(fingers);
        // Out of the palm's plane first, then back to the fingers within it.
        let thumb_rest = Quat::from_rotation_arc(thumb, fingers);
        let pad = thumb_pad.unwrap_or((palm - radial).normalize());
        let pad = (pad - thumb * pad.dot(thumb)).normalize_or(palm);
        Self {
            fingers,
            palm,
            radial,
            heads: relative,
            along,
            straight,
            thumb_rest,
            thumb_hinge: thumb.cross(pad).normalize_or(radial),
        }
    }

    /// Axis about which a positive angle flexes: towards the palm.
    pub(crate) fn flexion_axis(&self) -> Vec3 {
        self.fingers.cross(self.palm)
    }

    /// Axis about which a positive angle moves a finger towards the thumb's side.
    pub(crate) fn radial_axis(&self) -> Vec3 {
        self.fingers.cross(self.radial)
    }

    /// The thumb's bones alone, as [`HandRig::frames`] has them: turns and heads.
    pub(crate) fn thumb_frames(&self, digits: &Digits) -> [(Quat, Vec3); 3] {
        let locals = self.thumb_rotations(digits);
        let (mut turn, mut head) = (Quat::IDENTITY, self.heads[0][0]);
        std::array::from_fn(|joint| {
            turn *= locals[joint];
            let here = (turn, head);
            head += turn * self.along[0][joint];
            here
        })
    }

    fn thumb_rotations(&self, digits: &Digits) -> [Quat; 3] {
        let [abduction, opposition, mcp, ip] = [digits[0], digits[1], digits[2], digits[3]];
        let hinge = |angle| Quat::from_axis_angle(self.thumb_hinge, angle);
        [
            Quat::from_axis_angle(self.radial.cross(self.palm), opposition)
                * Quat::from_axis_angle(self.radial_axis(), abduction)
                * self.thumb_rest
                * self.straight[0][0],
            self.straight[0][0].inverse() * hinge(mcp) * self.straight[0][1],
            self.straight[0][1].inverse() * hinge(ip) * self.straight[0][2],
        ]
    }

    /// Local rotations of the fifteen finger bones, thumb to little.
    pub(crate) fn rotations(&self, digits: &Digits) -> [Quat; 15] {
        let mut out = [Quat::IDENTITY; 15];
        let radial_axis = self.radial_axis();
        out[..3].copy_from_slice(&self.thumb_rotations(digits));

        let flexion_axis = self.flexion_axis();
        let flex = |angle| Quat::from_axis_angle(flexion_axis, angle);
        for finger in 1..5 {
            let [mcp, pip, dip, spread] =
                [digits[finger * 4], digits[finger * 4 + 1], digits[finger * 4 + 2], digits[finger * 4 + 3]];
            // Bent knuckles hold fingers together.
            let fade = 1.0 - (mcp / 1.4).clamp(0.0, 1.0).powi(2);
            let towards_thumb = if finger <= 2 { spread } else { -spread };
            let straight = &self.straight[finger];
            out[finger * 3] = flex(mcp) * Quat::from_axis_angle(radial_axis, towards_thumb * fade) * straight[0];
            out[finger * 3 + 1] = straight[0].inverse() * flex(pip) * straight[1];
            out[finger * 3 + 2] = straight[1].inverse() * flex(dip) * straight[2];
        }
        out
    }

    /// Where the bones are with these finger angles.
    pub(crate) fn frames(&self, digits: &Digits) -> HandFrames {
        let locals = self.rotations(digits);
        let mut frames = HandFrames { turn: [Quat::IDENTITY; 16], head: [Vec3::ZERO; 16] };
        for finger in 0..5 {
            let mut turn = Quat::IDENTITY;
            let mut head = self.heads[finger][0];
            for joint in 0..3 {
                turn *= locals[finger * 3 + joint];
                let index = 1 + finger * 3 + joint;
                frames.turn[index] = turn;
                frames.head[index] = head;
                head += turn * self.along[finger][joint];
            }
        }
        frames
    }

    /// The five fingertips in the hand's frame, metres.
    pub(crate) fn tips(&self, digits: &Digits) -> [Vec3; 5] {
        let frames = self.frames(digits);
        std::array::from_fn(|finger| frames.point(3 + finger * 3, self.along[finger][2]))
    }

    /// From the wrist to the middle knuckle, metres.
    pub(crate) fn palm_length(&self) -> f32 {
        self.heads[2][0].length()
    }

    /// From the wrist to the tip of the straight middle finger, metres.
    pub(crate) fn length(&self) -> f32 {
        self.palm_length() + self.along[2].iter().map(|segment| segment.length()).sum::<f32>()
    }
}
