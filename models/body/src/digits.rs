//! Names and directions of arms and fingers that reading and limits share.

use glam::Vec3;
use signing::{Bone, Finger, Side};

use crate::measure::Joints;

/// The bone of an arm or hand, named without its side.
pub(crate) fn arm_bone(side: Side, name: &str) -> Bone {
    let found = Bone::on(side, name);
    debug_assert!(found.is_some(), "no bone is called {name}");
    found.unwrap_or(Bone::Hips)
}

/// The three bones of a finger, base first.
pub(crate) fn bones_of(side: Side, finger: Finger) -> [Bone; 3] {
    let names = match finger {
        Finger::Thumb => ["ThumbMetacarpal", "ThumbProximal", "ThumbDistal"],
        Finger::Index => ["IndexProximal", "IndexIntermediate", "IndexDistal"],
        Finger::Middle => ["MiddleProximal", "MiddleIntermediate", "MiddleDistal"],
        Finger::Ring => ["RingProximal", "RingIntermediate", "RingDistal"],
        Finger::Little => ["LittleProximal", "LittleIntermediate", "LittleDistal"],
    };
    names.map(|name| arm_bone(side, name))
}

/// The three bones of a finger if the avatar has all of them.
pub(crate) fn finger_bones(joints: &Joints<'_>, side: Side, finger: Finger) -> Option<[Bone; 3]> {
    let bones = bones_of(side, finger);
    bones.iter().all(|bone| joints.has(*bone)).then_some(bones)
}

/// The direction a finger's pad looks in T-pose, and in which it bends.
///
/// The thumb lies half-way between forwards and outwards in T-pose, turned by 45° about its own
/// length as a relaxed thumb is: its nail looks up and away from the fingers.
pub(crate) fn pad_direction(side: Side, finger: Finger) -> Vec3 {
    match finger {
        Finger::Thumb => Vec3::new(0.5 * side.sign(), -std::f32::consts::FRAC_1_SQRT_2, -0.5),
        _ => Vec3::NEG_Y,
    }
}
