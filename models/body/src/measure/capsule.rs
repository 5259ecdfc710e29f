//! Volumes that hands must not enter: capsules that move with bones, measured on the surface.

use glam::Vec3;
use signing::{Bone, Side};

use super::{Joints, Skin};
use crate::digits;

/// What a capsule stands for, so that a solver can leave out pairs that always meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CapsuleKind {
    /// Skull or face.
    Head,
    /// Neck.
    Neck,
    /// Hips to upper chest.
    Trunk,
    /// Upper arm.
    UpperArm,
    /// Forearm.
    Forearm,
    /// One metacarpal of the palm.
    Palm,
    /// A finger's segment.
    Finger,
    /// Thigh.
    Thigh,
}

/// A sphere swept along a segment, moving with a bone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capsule {
    /// The bone it moves with.
    pub bone: Bone,
    /// What it stands for.
    pub kind: CapsuleKind,
    /// One end of the segment, metres from the bone's joint, in the bone's axes.
    pub from_in_bone: Vec3,
    /// The other end.
    pub to_in_bone: Vec3,
    /// Metres.
    pub radius: f32,
}

/// All capsules of a body.
pub(crate) fn capsules(skin: &Skin<'_>, joints: Joints<'_>, fingertips: &[(Bone, Vec3)]) -> Vec<Capsule> {
    let mut all = Vec::new();
    let mut add = |bone: Bone, kind: CapsuleKind, from: Vec3, to: Vec3, radius: f32| {
        let joint = joints.at(bone);
        all.push(Capsule { bone, kind, from_in_bone: from - joint, to_in_bone: to - joint, radius });
    };
    head(skin, joints, &mut add);
    trunk(skin, joints, &mut add);
    for side in [Side::Left, Side::Right] {
        arm(skin, joints, side, &mut add);
        hand(skin, joints, side, fingertips, &mut add);
    }
    all
}

type Add<'a> = dyn FnMut(Bone, CapsuleKind, Vec3, Vec3, f32) + 'a;

/// The skull from front to back and the face from brow to chin.
fn head(skin: &Skin<'_>, joints: Joints<'_>, add: &mut Add<'_>) {
    let bones = [Bone::Head, Bone::Jaw];
    let (low, high) = extent(skin.vertices(&bones));
    if low.y >= high.y {
        return;
    }
    let height = high.y - low.y;
    let skull_y = high.y - 0.38 * height;
    // Half the head's width without the ears: seen from the side, above them.
    // Beside the midline: exactly on it rays run along the mesh's own seam.
    let above_ears = Vec3::new(3e-4, high.y - 0.30 * height, low.z.midpoint(high.z));
    let width = skin.outermost(&bones, above_ears, Vec3::X, 0.4).map_or(0.36 * height, |hit| hit.point.x);
    let front = skin.outermost(&bones, Vec3::new(3e-4, skull_y, above_ears.z), Vec3::Z, 0.4);
    let front = front.map_or(high.z, |hit| hit.point.z);
    // Seen, not measured by the vertices: a knot of hair behind is not the skull.
    let back = skin.outermost(&bones, Vec3::new(3e-4, skull_y, above_ears.z), Vec3::NEG_Z, 0.4);
    let back = back.map_or(low.z, |hit| hit.point.z);
    add(
        Bone::Head,
        CapsuleKind::Head,
        Vec3::new(0.0, skull_y, (back + width).min(front - width)),
        Vec3::new(0.0, skull_y, front - width),
        width,
    );
    let jaw_radius = 0.6 * width;
    let chin = skin.outermost(&bones, Vec3::new(3e-4, low.y + 0.12 * height, above_ears.z), Vec3::Z, 0.4);
    let chin_z = chin.map_or(high.z, |hit| hit.point.z);
    add(
        Bone::Head,
        CapsuleKind::Head,
        Vec3::new(0.0, skull_y, front - jaw_radius - 0.004),
        Vec3::new(0.0, low.y + 0.12 * height + jaw_radius * 0.6, chin_z - jaw_radius),
        jaw_radius,
    );
    let (neck, head) = (joints.at(Bone::Neck), joints.at(Bone::Head));
    let around = ring(
        skin,
        &[Bone::Neck, Bone::Head, Bone::UpperChest],
        neck.lerp(head, 0.5) + Vec3::X * 3e-4,
        [Vec3::X, Vec3::NEG_X, Vec3::Z, Vec3::NEG_Z],
    );
    add(Bone::Neck, CapsuleKind::Neck, neck, head, around.unwrap_or(0.055));
}

/// Slices of the trunk's front: in each, capsules side by side that follow the skin. What is behind
/// them is never met before they are.
fn trunk(skin: &Skin<'_>, joints: Joints<'_>, add: &mut Add<'_>) {
    const SLICES: u8 = 8;
    /// Where the front is felt, of half the width.
    const ACROSS: [f32; 5] = [-0.85, -0.45, 0.0, 0.45, 0.85];
    /// No capsule is thicker, metres: a chest is not as round as it is deep.
    const THICKEST_M: f32 = 0.07;
    let flesh = [
        Bone::Hips,
        Bone::Spine,
        Bone::Chest,
        Bone::UpperChest,
        Bone::LeftShoulder,
        Bone::RightShoulder,
        Bone::LeftUpperLeg,
        Bone::RightUpperLeg,
    ];
    let (hips, shoulder) = (joints.at(Bone::Hips), joints.at(Bone::LeftUpperArm));
    let spine = [Bone::Hips, Bone::Spine, Bone::Chest, Bone::UpperChest];
    // From the hips to just under the shoulders.
    for slice in 0..SLICES {
        let y = hips.y + (shoulder.y - hips.y) * (0.02 + 0.85 * f32::from(slice) / f32::from(SLICES - 1));
        // Beside the midline: exactly on it rays run along the mesh's own seam.
        let inside = Vec3::new(3e-4, y, hips.z);
        let [front, back, left] = [Vec3::Z, Vec3::NEG_Z, Vec3::X]
            .map(|towards| skin.outermost(&flesh, inside, towards, 0.6).map(|hit| hit.point));
        let (Some(front), Some(back)) = (front, back) else { continue };
        let half_width = left.map_or(shoulder.x * 0.9, |left| left.x.min(shoulder.x * 1.05));
        let bone = spine
            .into_iter()
            .filter(|bone| joints.has(*bone))
            .take_while(|bone| *bone == Bone::Hips || joints.at(*bone).y <= y + 0.02)
            .last()
            .unwrap_or(Bone::Hips);
        let radius = ((front.z - back.z) / 2.0).min(THICKEST_M);
        let mut before: Option<Vec3> = None;
        for share in ACROSS {
            // Ends are round.
            let x = share / ACROSS[4] * (half_width - radius).max(0.0);
            // Both sides alike: what is felt on the left holds for the right.
            let felt = skin.outermost(&flesh, Vec3::new(x.abs().max(3e-4), y, hips.z), Vec3::Z, 0.6);
            let felt = felt.map_or(front.z, |hit| hit.point.z);
            let here = Vec3::new(x, y, felt - radius);
            if let Some(before) = before {
                add(bone, CapsuleKind::Trunk, before, here, radius);
            }
            before = Some(here);
        }
    }
    for (top, knee) in [(Bone::LeftUpperLeg, Bone::LeftLowerLeg), (Bone::RightUpperLeg, Bone::RightLowerLeg)] {
        let (from, to) = (joints.at(top), joints.at(knee));
        let out = Vec3::X * from.x.signum();
        let radius = ring(skin, &[top], from.lerp(to, 0.4), [Vec3::Z, Vec3::NEG_Z, out, out]).unwrap_or(0.08);
        add(top, CapsuleKind::Thigh, from, to, radius);
    }
}

fn arm(skin: &Skin<'_>, joints: Joints<'_>, side: Side, add: &mut Add<'_>) {
    let bone = |name: &str| digits::arm_bone(side, name);
    let around = [Vec3::Y, Vec3::NEG_Y, Vec3::Z, Vec3::NEG_Z];
    let (upper, lower, hand) = (bone("UpperArm"), bone("LowerArm"), bone("Hand"));
    let [shoulder, elbow, wrist] = [upper, lower, hand].map(|bone| joints.at(bone));
    let radius = ring(skin, &[upper], shoulder.lerp(elbow, 0.6), around).unwrap_or(0.05);
    add(upper, CapsuleKind::UpperArm, shoulder, elbow, radius);
    // A forearm tapers: two capsules.
    let middle = elbow.lerp(wrist, 0.5);
    let radius = ring(skin, &[lower], elbow.lerp(wrist, 0.25), around).unwrap_or(0.045);
    add(lower, CapsuleKind::Forearm, elbow, middle, radius);
    let radius = ring(skin, &[lower], elbow.lerp(wrist, 0.75), around).unwrap_or(0.035);
    // Its end is round and must not reach into the hand: the segment ends a radius short of the wrist.
    add(lower, CapsuleKind::Forearm, middle, wrist + (middle - wrist).clamp_length_max(radius), radius);
}

fn hand(skin: &Skin<'_>, joints: Joints<'_>, side: Side, fingertips: &[(Bone, Vec3)], add: &mut Add<'_>) {
    let hand = digits::arm_bone(side, "Hand");
    let wrist = joints.at(hand);
    for finger in signing::Finger::ALL {
        let Some(bones) = digits::finger_bones(&joints, side, finger) else { continue };
        let pad = digits::pad_direction(side, finger);
        if finger != signing::Finger::Thumb {
            let knuckle = joints.at(bones[0]);
            let flesh = [hand, digits::arm_bone(side, "ThumbMetacarpal"), bones[0]];
            // Where the flesh is, not where bones are: those lie nearer to the back than to the palm.
            let half_way = |share: f32| half_way(skin, &flesh, wrist.lerp(knuckle, share), Vec3::Y);
            let radius = half_way(0.75).map_or(0.012, |(_, radius)| radius);
            let inside = |share: f32, near: f32| {
                let off = half_way(near).map_or(Vec3::ZERO, |(off, _)| off);
                wrist.lerp(knuckle, share) + off
            };
            add(hand, CapsuleKind::Palm, inside(0.15, 0.35), inside(1.0, 0.9), radius);
        }
        let tip = fingertips.iter().find(|(bone, _)| *bone == bones[2]).map(|(_, tip)| *tip);
        for (index, bone) in bones.into_iter().enumerate() {
            let from = joints.at(bone);
            let end = match bones.get(index + 1) {
                Some(next) => joints.at(*next),
                None => match tip {
                    Some(tip) => tip,
                    None => continue,
                },
            };
            let along = (end - from).normalize_or(Vec3::X);
            let across = pad.cross(along).normalize_or(Vec3::Z);
            let radius =
                ring(skin, &[bone], from.lerp(end, 0.5), [pad, -pad, across, -across]).unwrap_or(0.008).min(0.016);
            // A tip is round: the segment ends a radius short of it.
            let to = if index == 2 { end - along * radius.min(from.distance(end)) } else { end };
            add(bone, CapsuleKind::Finger, from, to, radius);
        }
    }
}

/// Mean distance of the surface from `centre` in four directions; `None` if fewer than two meet it.
fn ring(skin: &Skin<'_>, bones: &[Bone], centre: Vec3, directions: [Vec3; 4]) -> Option<f32> {
    let distances: Vec<f32> = directions
        .into_iter()
        .filter_map(|towards| skin.outermost(bones, centre, towards, 0.2))
        .map(|hit| hit.point.distance(centre))
        .collect();
    (distances.len() >= 2).then(|| distances.iter().sum::<f32>() / distances.len() as f32)
}

/// How far from `inside` the middle between both surfaces along `axis` is, and how far the surfaces are from there;
/// `None` if one of them is not met.
fn half_way(skin: &Skin<'_>, bones: &[Bone], inside: Vec3, axis: Vec3) -> Option<(Vec3, f32)> {
    let along = |towards: Vec3| skin.outermost(bones, inside, towards, 0.2).map(|hit| (hit.point - inside).dot(axis));
    let (one, other) = (along(axis)?, along(-axis)?);
    Some((axis * (one + other) / 2.0, (one - other) / 2.0))
}

fn extent(points: impl Iterator<Item = Vec3>) -> (Vec3, Vec3) {
    points.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), point| (low.min(point), high.max(point)))
}
