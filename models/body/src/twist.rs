//! Twist bones: extra joints that spread a limb's roll along its length.
//!
//! A twist bone is a child of a humanoid bone and carries skin weights, but it isn't part of a
//! pose: whoever draws the avatar turns it, each frame, from the pose's own rotations. Its glTF
//! node says how in `extras`:
//!
//! ```json
//! {"shouyu_twist": [{"source": "leftHand", "fraction": 0.5}, {"source": "leftLowerArm", "fraction": -0.5}]}
//! ```
//!
//! The node's local rotation is the product, in the order written, of each source's roll about the
//! node's own limb (the ±X axis in T-pose) times its fraction: take the pose's local rotation of
//! the source bone, keep `(x, 0, 0, w)`, normalise, and raise it to the power `fraction`. A reader
//! that ignores the extras leaves the node at identity, which is plain skinning.

use glam::Quat;
use serde::{Deserialize, Serialize};
use signing::Bone;

/// The key in a node's `extras`.
pub const TWIST_KEY: &str = "shouyu_twist";

/// One part of what turns a twist bone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TwistDriver {
    /// The bone whose roll is taken.
    pub source: Bone,
    /// How much of it, −1 to 1; negative takes it back.
    pub fraction: f32,
}

/// A twist bone of an avatar.
#[derive(Debug, Clone, PartialEq)]
pub struct Twist {
    /// Name of the glTF node.
    pub node: String,
    /// The humanoid bone it hangs from.
    pub parent: Bone,
    /// What turns it.
    pub drivers: Vec<TwistDriver>,
}

impl Twist {
    /// Its local rotation for a pose's rotations.
    pub fn rotation(&self, rotations: &[Quat; Bone::COUNT]) -> Quat {
        self.drivers
            .iter()
            .fold(Quat::IDENTITY, |turned, driver| turned * roll(rotations[driver.source.index()], driver.fraction))
    }
}

/// `fraction` of the part of `rotation` that turns about the X axis.
///
/// A half turn about an axis across X has no roll; identity is returned for it.
pub fn roll(rotation: Quat, fraction: f32) -> Quat {
    // The short way round: q and −q are the same rotation.
    let angle = 2.0 * rotation.x.atan2(rotation.w);
    let angle = if angle > std::f32::consts::PI {
        angle - std::f32::consts::TAU
    } else if angle < -std::f32::consts::PI {
        angle + std::f32::consts::TAU
    } else {
        angle
    };
    if rotation.x.hypot(rotation.w) < 1e-6 { Quat::IDENTITY } else { Quat::from_rotation_x(angle * fraction) }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::{FRAC_PI_2, PI};

    use super::*;

    #[test]
    fn roll_ignores_bending_and_takes_the_short_way() {
        let bent_and_rolled = Quat::from_rotation_y(0.7) * Quat::from_rotation_x(1.0);
        assert!(roll(bent_and_rolled, 0.5).angle_between(Quat::from_rotation_x(0.5)) < 1e-3);
        assert!(roll(-bent_and_rolled, 0.5).angle_between(Quat::from_rotation_x(0.5)) < 1e-3);
        assert_eq!(roll(Quat::from_rotation_y(PI), 1.0).angle_between(Quat::IDENTITY), 0.0);
    }

    #[test]
    fn a_forearm_bone_adds_the_hands_roll_and_takes_back_the_elbows() {
        let twist = Twist {
            node: "mid".into(),
            parent: Bone::LeftLowerArm,
            drivers: vec![
                TwistDriver { source: Bone::LeftHand, fraction: 0.5 },
                TwistDriver { source: Bone::LeftLowerArm, fraction: -0.5 },
            ],
        };
        let mut rotations = [Quat::IDENTITY; Bone::COUNT];
        rotations[Bone::LeftHand.index()] = Quat::from_rotation_x(FRAC_PI_2);
        assert!(twist.rotation(&rotations).angle_between(Quat::from_rotation_x(FRAC_PI_2 / 2.0)) < 1e-3);
        rotations[Bone::LeftLowerArm.index()] = Quat::from_rotation_x(FRAC_PI_2);
        assert!(twist.rotation(&rotations).angle_between(Quat::IDENTITY) < 1e-3);
    }
}
