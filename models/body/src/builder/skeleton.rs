//! The avatar's joints: the 55 humanoid bones and the twist bones, in the source's relaxed pose
//! and in the T-pose the file rests in.
//!
//! The source rests with arms lowered and elbows bent. The relaxed pose is expressed as a *pose*
//! of the T-pose skeleton ([`Skeleton::relaxed`]): rotations that carry the T-pose into it. The
//! mesh is then brought to T-pose by the inverse of exactly that skinning ([`super::rebake`]), so
//! that posing the avatar as the source rests gives back the source's sculpted surface.

use glam::{Affine3A, Mat3, Quat, Vec3};
use signing::{Bone, Side};

use super::{BuildError, source::Source};
use crate::twist::{Twist, TwistDriver};

/// A joint of the skin: a humanoid bone or a twist bone.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// Index of the parent node; `None` for the hips.
    pub(crate) parent: Option<usize>,
    /// Joint in T-pose, metres.
    pub(crate) head: Vec3,
    /// How a twist bone is driven; `None` for humanoid bones.
    pub(crate) twist: Option<Twist>,
}

/// All joints. The first [`Bone::COUNT`] nodes are the bones in [`Bone::index`] order.
#[derive(Debug)]
pub(crate) struct Skeleton {
    pub(crate) nodes: Vec<Node>,
    /// For each node, what carries a T-pose point into the source's relaxed pose.
    pub(crate) relaxed_from_rest: Vec<Affine3A>,
}

/// How far along its limb (0 to 1) a limb's joints sit, and which node each is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LimbStops {
    /// Fractions of the limb's length, rising.
    pub(crate) at: [f32; 3],
    pub(crate) nodes: [usize; 3],
}

impl Skeleton {
    /// Measures the joints of a shaped mesh.
    pub(crate) fn measure(source: &Source, positions: &[Vec3]) -> Result<Self, BuildError> {
        let relaxed = relaxed_heads(source, positions)?;
        let tips = fingertips(source, positions)?;
        let turns = rest_to_relaxed_rotations(&relaxed, &tips);

        // Joints in T-pose: unrolled from the hips outwards.
        let mut heads = [Vec3::ZERO; Bone::COUNT];
        for bone in Bone::ALL {
            let index = bone.index();
            heads[index] = match bone.parent() {
                None => relaxed[index],
                Some(parent) => {
                    let parent = parent.index();
                    heads[parent] + turns[parent].inverse() * (relaxed[index] - relaxed[parent])
                }
            };
        }
        let mut nodes: Vec<Node> = Bone::ALL
            .into_iter()
            .map(|bone| Node {
                name: bone.name().to_owned(),
                parent: bone.parent().map(Bone::index),
                head: heads[bone.index()],
                twist: None,
            })
            .collect();
        for side in [Side::Left, Side::Right] {
            nodes.extend(twist_nodes(side, &heads));
        }

        let mut local = [Quat::IDENTITY; Bone::COUNT];
        for bone in Bone::ALL {
            let parent = bone.parent().map_or(Quat::IDENTITY, |parent| turns[parent.index()]);
            local[bone.index()] = parent.inverse() * turns[bone.index()];
        }
        let relaxed_from_rest = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| {
                let (turn, moved) = match &node.twist {
                    None => (turns[index], relaxed[index]),
                    Some(twist) => {
                        let bone = twist.parent.index();
                        let along = node.head - heads[bone];
                        (turns[bone] * twist.rotation(&local), relaxed[bone] + turns[bone] * along)
                    }
                };
                Affine3A::from_rotation_translation(turn, moved - turn * node.head)
            })
            .collect();
        Ok(Self { nodes, relaxed_from_rest })
    }

    /// The joints that share the skin of an upper arm or forearm.
    pub(crate) fn limb_stops(&self, bone: Bone) -> Option<LimbStops> {
        let twists: Vec<usize> = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.twist.as_ref().is_some_and(|twist| twist.parent == bone))
            .map(|(index, _)| index)
            .collect();
        match (bone, twists.as_slice()) {
            (Bone::LeftUpperArm | Bone::RightUpperArm, &[shoulder, middle]) => {
                Some(LimbStops { at: [0.0, 0.5, 1.0], nodes: [shoulder, middle, bone.index()] })
            }
            (Bone::LeftLowerArm | Bone::RightLowerArm, &[elbow, middle, wrist]) => {
                Some(LimbStops { at: [0.05, 0.55, 1.0], nodes: [elbow, middle, wrist] })
            }
            _ => None,
        }
    }
}

fn twist_nodes(side: Side, heads: &[Vec3; Bone::COUNT]) -> Vec<Node> {
    let [upper, lower, hand] = match side {
        Side::Left => [Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand],
        Side::Right => [Bone::RightUpperArm, Bone::RightLowerArm, Bone::RightHand],
    };
    let drive = |source: Bone, fraction: f32| TwistDriver { source, fraction };
    let node = |parent: Bone, end: Bone, number: u32, along: f32, drivers: Vec<TwistDriver>| {
        let name = format!("{}Twist{number}", parent.name());
        Node {
            name: name.clone(),
            parent: Some(parent.index()),
            head: heads[parent.index()].lerp(heads[end.index()], along),
            twist: Some(Twist { node: name, parent, drivers }),
        }
    };
    vec![
        // The deltoid hardly rolls with the arm, its lower end does.
        node(upper, lower, 1, 0.0, vec![drive(upper, -0.85)]),
        node(upper, lower, 2, 0.5, vec![drive(upper, -0.4)]),
        // The forearm rolls from nothing at the elbow to all of it at the wrist, whichever of
        // forearm and hand the pose gives the roll to.
        node(lower, hand, 1, 0.0, vec![drive(lower, -1.0)]),
        node(lower, hand, 2, 0.5, vec![drive(lower, -0.5), drive(hand, 0.5)]),
        node(lower, hand, 3, 1.0, vec![drive(hand, 0.95)]),
    ]
}

/// Joint cubes of the bones on the left, and of the midline; the right mirrors the left.
fn relaxed_heads(source: &Source, positions: &[Vec3]) -> Result<[Vec3; Bone::COUNT], BuildError> {
    let cube = |name: &str| source.cube(name, positions);
    let mut heads = [Vec3::ZERO; Bone::COUNT];
    for bone in Bone::ALL {
        let central = match bone {
            Bone::Hips => cube("pelvis")?,
            Bone::Spine => cube("spine-4")?,
            Bone::Chest => cube("spine-2")?,
            Bone::UpperChest => cube("spine-1")?,
            Bone::Neck => cube("neck")?,
            Bone::Head => source.bone_head("neck03", positions)?,
            Bone::Jaw => cube("mouth")?,
            _ => continue,
        };
        heads[bone.index()] = Vec3::new(0.0, central.y, central.z);
    }
    for bone in Bone::ALL {
        let Some(stem) = bone.name().strip_prefix("left") else { continue };
        let name = match stem {
            "Eye" => "eye".to_owned(),
            "Shoulder" => "clavicle".to_owned(),
            "UpperArm" => "shoulder".to_owned(),
            "LowerArm" => "elbow".to_owned(),
            "Hand" => "hand".to_owned(),
            "UpperLeg" => "upper-leg".to_owned(),
            "LowerLeg" => "knee".to_owned(),
            "Foot" => "ankle".to_owned(),
            "Toes" => "toe-2-1".to_owned(),
            finger => finger_cube(finger),
        };
        let left = cube(&format!("l-{name}"))?;
        let right = cube(&format!("r-{name}"))?;
        let both = (left + Vec3::new(-right.x, right.y, right.z)) / 2.0;
        heads[bone.index()] = both;
        heads[bone.mirrored().index()] = Vec3::new(-both.x, both.y, both.z);
    }
    seat_knuckles(&mut heads);
    Ok(heads)
}

/// Moves the base joints of the fingers to where a hand has them.
///
/// The source puts the knuckles' joints at the webs between the fingers and the thumb's first
/// joint in the middle of its metacarpal. A proximal phalanx is 1.7 to 1.9 times the length of the
/// middle one (Buryanov and Kotiuk 2010), which puts the joint 15 to 19 mm nearer to the wrist;
/// `skin` moves the weights with it.
fn seat_knuckles(heads: &mut [Vec3; Bone::COUNT]) {
    use Bone::*;
    for (joint, metres) in [
        (LeftIndexProximal, 0.019),
        (LeftMiddleProximal, 0.018),
        (LeftRingProximal, 0.017),
        (LeftLittleProximal, 0.014),
        (LeftThumbMetacarpal, 0.012),
    ] {
        for (joint, hand) in [(joint, LeftHand), (joint.mirrored(), RightHand)] {
            let towards = (heads[hand.index()] - heads[joint.index()]).normalize_or_zero();
            heads[joint.index()] += towards * metres;
        }
    }
}

/// `IndexProximal` → `finger-2-1`.
fn finger_cube(bone: &str) -> String {
    let finger = ["Thumb", "Index", "Middle", "Ring", "Little"]
        .iter()
        .position(|finger| bone.starts_with(finger))
        .map_or(0, |finger| finger + 1);
    let segment = match (finger, bone) {
        (1, "ThumbMetacarpal") => 1,
        (1, "ThumbProximal") => 2,
        (1, _) => 3,
        (_, bone) if bone.ends_with("Proximal") => 1,
        (_, bone) if bone.ends_with("Intermediate") => 2,
        _ => 3,
    };
    format!("finger-{finger}-{segment}")
}

/// Ends of the left hand's five fingers, relaxed pose.
fn fingertips(source: &Source, positions: &[Vec3]) -> Result<[Vec3; 5], BuildError> {
    let mut tips = [Vec3::ZERO; 5];
    for (finger, tip) in tips.iter_mut().enumerate() {
        let left = source.cube(&format!("l-finger-{}-4", finger + 1), positions)?;
        let right = source.cube(&format!("r-finger-{}-4", finger + 1), positions)?;
        *tip = (left + Vec3::new(-right.x, right.y, right.z)) / 2.0;
    }
    Ok(tips)
}

/// The rotation that takes unit axes `x`, `−y` onto `along` and (nearly) `down`.
fn frame(along: Vec3, down: Vec3) -> Quat {
    let x = along.normalize();
    let y = -(down - x * down.dot(x)).normalize();
    Quat::from_mat3(&Mat3::from_cols(x, y, x.cross(y)))
}

/// World rotations that carry the T-pose into the relaxed pose.
fn rest_to_relaxed_rotations(relaxed: &[Vec3; Bone::COUNT], tips: &[Vec3; 5]) -> [Quat; Bone::COUNT] {
    use Bone::*;
    let at = |bone: Bone| relaxed[bone.index()];
    let mut turns = [Quat::IDENTITY; Bone::COUNT];

    // The elbow's hinge is vertical in T-pose: bending brings the forearm forwards.
    let upper = at(LeftLowerArm) - at(LeftUpperArm);
    let fore = at(LeftHand) - at(LeftLowerArm);
    let hinge = upper.cross(fore);
    turns[LeftUpperArm.index()] = frame(upper, hinge);
    turns[LeftLowerArm.index()] = frame(fore, hinge);

    // The palm faces down in T-pose; the index finger's side is in front.
    let hand = at(LeftMiddleProximal) - at(LeftHand);
    let across = at(LeftIndexProximal) - at(LeftLittleProximal);
    let palm = hand.cross(across);
    let hand_turn = frame(hand, palm);
    turns[LeftHand.index()] = hand_turn;

    let fingers: [[Bone; 3]; 5] = [
        [LeftThumbMetacarpal, LeftThumbProximal, LeftThumbDistal],
        [LeftIndexProximal, LeftIndexIntermediate, LeftIndexDistal],
        [LeftMiddleProximal, LeftMiddleIntermediate, LeftMiddleDistal],
        [LeftRingProximal, LeftRingIntermediate, LeftRingDistal],
        [LeftLittleProximal, LeftLittleIntermediate, LeftLittleDistal],
    ];
    for (finger, bones) in fingers.into_iter().enumerate() {
        let straight = if finger == 0 { Vec3::new(1.0, 0.0, 1.0).normalize() } else { Vec3::X };
        let mut turn = hand_turn;
        for (segment, bone) in bones.into_iter().enumerate() {
            let end = bones.get(segment + 1).map_or(tips[finger], |&next| at(next));
            let along = (end - at(bone)).normalize();
            turn = Quat::from_rotation_arc((turn * straight).normalize(), along) * turn;
            turns[bone.index()] = turn;
        }
    }

    // Legs hang straight down, feet point forwards.
    let thigh = at(LeftLowerLeg) - at(LeftUpperLeg);
    let shin = at(LeftFoot) - at(LeftLowerLeg);
    turns[LeftUpperLeg.index()] = Quat::from_rotation_arc(Vec3::NEG_Y, thigh.normalize());
    turns[LeftLowerLeg.index()] = Quat::from_rotation_arc(Vec3::NEG_Y, shin.normalize());
    let foot = at(LeftToes) - at(LeftFoot);
    let yaw = Quat::from_rotation_y(foot.x.atan2(foot.z));
    turns[LeftFoot.index()] = yaw;
    turns[LeftToes.index()] = yaw;

    for bone in Bone::ALL {
        if bone.name().starts_with("left") {
            let q = turns[bone.index()];
            turns[bone.mirrored().index()] = Quat::from_xyzw(q.x, -q.y, -q.z, q.w);
        }
    }
    turns
}
