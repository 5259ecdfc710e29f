//! Skin weights: the source's 163 bones folded onto the avatar's joints, four to a vertex.

use glam::Vec3;
use signing::Bone;

use super::{knuckle, skeleton::Skeleton, source::Source};

/// Joints and weights of one vertex; weights fall and sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Influence {
    pub(crate) joints: [u16; 4],
    pub(crate) weights: [f32; 4],
}

impl Influence {
    /// All of the weight on one joint.
    pub(crate) fn rigid(joint: usize) -> Self {
        Self { joints: [joint as u16, 0, 0, 0], weights: [1.0, 0.0, 0.0, 0.0] }
    }

    /// The four strongest of many, normalised. With nothing to go by, the hips.
    pub(crate) fn strongest(parts: &[(usize, f32)]) -> Self {
        let mut sums: Vec<(usize, f32)> = Vec::with_capacity(8);
        for &(joint, weight) in parts {
            match sums.iter_mut().find(|(known, _)| *known == joint) {
                Some((_, sum)) => *sum += weight,
                None => sums.push((joint, weight)),
            }
        }
        sums.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        sums.truncate(4);
        let total: f32 = sums.iter().map(|(_, weight)| weight).sum();
        if total <= 0.0 {
            return Self::rigid(Bone::Hips.index());
        }
        let mut influence = Self { joints: [0; 4], weights: [0.0; 4] };
        for (slot, (joint, weight)) in sums.into_iter().enumerate() {
            influence.joints[slot] = joint as u16;
            influence.weights[slot] = weight / total;
        }
        influence
    }

    /// The joint and weight pairs that count.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (usize, f32)> {
        let joints = self.joints.map(usize::from);
        joints.into_iter().zip(self.weights).filter(|(_, weight)| *weight > 0.0)
    }
}

/// Weights for every vertex of the base mesh, from its positions in the relaxed pose.
pub(crate) fn bind(source: &Source, skeleton: &Skeleton, relaxed: &[Vec3]) -> Vec<Influence> {
    let mut parts: Vec<Vec<(usize, f32)>> = vec![Vec::new(); relaxed.len()];
    for (rig_bone, weights) in &source.weights {
        let targets = fold(rig_bone);
        for &(vertex, weight) in weights {
            let Some(list) = parts.get_mut(vertex as usize) else { continue };
            for &(bone, share) in targets {
                spread(skeleton, bone, relaxed[vertex as usize], weight * share, list);
            }
        }
    }
    for (parts, vertex) in parts.iter_mut().zip(relaxed) {
        knuckle::reseat(skeleton, *vertex, parts);
    }
    parts.iter().map(|parts| Influence::strongest(parts)).collect()
}

/// Gives a limb's weight to its twist joints by how far along the limb the vertex is.
fn spread(skeleton: &Skeleton, bone: Bone, vertex: Vec3, weight: f32, list: &mut Vec<(usize, f32)>) {
    let Some(stops) = skeleton.limb_stops(bone) else {
        list.push((bone.index(), weight));
        return;
    };
    let end = match bone {
        Bone::LeftUpperArm => Bone::LeftLowerArm,
        Bone::RightUpperArm => Bone::RightLowerArm,
        Bone::LeftLowerArm => Bone::LeftHand,
        _ => Bone::RightHand,
    };
    let place = |bone: Bone| {
        let node = bone.index();
        skeleton.relaxed_from_rest[node].transform_point3(skeleton.nodes[node].head)
    };
    let (start, axis) = (place(bone), place(end) - place(bone));
    let along = (vertex - start).dot(axis) / axis.length_squared();
    let [low, middle, high] = stops.at;
    let (first, second, blend) = if along < middle {
        (0, 1, ((along - low) / (middle - low)).clamp(0.0, 1.0))
    } else {
        (1, 2, ((along - middle) / (high - middle)).clamp(0.0, 1.0))
    };
    // Smooth at the joints: linear in between.
    list.push((stops.nodes[first], weight * (1.0 - blend)));
    list.push((stops.nodes[second], weight * blend));
}

/// Which humanoid bones take over a bone of MPFB2's `default` rig.
fn fold(rig_bone: &str) -> &'static [(Bone, f32)] {
    use Bone::*;
    let (stem, left) = match rig_bone.split_once('.') {
        Some((stem, side)) => (stem, side == "L"),
        None => (rig_bone, true),
    };
    macro_rules! sided {
        ($left:ident, $right:ident) => {
            if left { &[($left, 1.0)] } else { &[($right, 1.0)] }
        };
    }
    match stem {
        "root" | "pelvis" | "spine05" => &[(Hips, 1.0)],
        "spine04" => &[(Spine, 1.0)],
        "spine03" => &[(Spine, 0.6), (Chest, 0.4)],
        "spine02" => &[(Chest, 1.0)],
        "spine01" | "breast" => &[(UpperChest, 1.0)],
        "neck01" => &[(Neck, 1.0)],
        "neck02" => &[(Neck, 0.75), (Head, 0.25)],
        "neck03" => &[(Neck, 0.3), (Head, 0.7)],
        "eye" => sided!(LeftEye, RightEye),
        "jaw" | "special04" | "oris01" | "oris02" | "oris06" | "oris07" | "tongue00" | "tongue01" | "tongue02"
        | "tongue03" | "tongue04" | "tongue05" | "tongue06" | "tongue07"
            if stem != "oris06" || rig_bone.contains('.') =>
        {
            &[(Jaw, 1.0)]
        }
        "clavicle" | "shoulder01" => sided!(LeftShoulder, RightShoulder),
        "upperarm01" | "upperarm02" => sided!(LeftUpperArm, RightUpperArm),
        "lowerarm01" | "lowerarm02" => sided!(LeftLowerArm, RightLowerArm),
        "wrist" | "metacarpal1" | "metacarpal2" | "metacarpal3" | "metacarpal4" => sided!(LeftHand, RightHand),
        "finger1-1" => sided!(LeftThumbMetacarpal, RightThumbMetacarpal),
        "finger1-2" => sided!(LeftThumbProximal, RightThumbProximal),
        "finger1-3" => sided!(LeftThumbDistal, RightThumbDistal),
        "finger2-1" => sided!(LeftIndexProximal, RightIndexProximal),
        "finger2-2" => sided!(LeftIndexIntermediate, RightIndexIntermediate),
        "finger2-3" => sided!(LeftIndexDistal, RightIndexDistal),
        "finger3-1" => sided!(LeftMiddleProximal, RightMiddleProximal),
        "finger3-2" => sided!(LeftMiddleIntermediate, RightMiddleIntermediate),
        "finger3-3" => sided!(LeftMiddleDistal, RightMiddleDistal),
        "finger4-1" => sided!(LeftRingProximal, RightRingProximal),
        "finger4-2" => sided!(LeftRingIntermediate, RightRingIntermediate),
        "finger4-3" => sided!(LeftRingDistal, RightRingDistal),
        "finger5-1" => sided!(LeftLittleProximal, RightLittleProximal),
        "finger5-2" => sided!(LeftLittleIntermediate, RightLittleIntermediate),
        "finger5-3" => sided!(LeftLittleDistal, RightLittleDistal),
        "upperleg01" | "upperleg02" => sided!(LeftUpperLeg, RightUpperLeg),
        "lowerleg01" | "lowerleg02" => sided!(LeftLowerLeg, RightLowerLeg),
        "foot" => sided!(LeftFoot, RightFoot),
        toe if toe.starts_with("toe") => sided!(LeftToes, RightToes),
        // What is left of the rig moves the face, which rests on the head here.
        _ => &[(Head, 1.0)],
    }
}
