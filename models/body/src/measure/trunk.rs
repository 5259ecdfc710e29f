//! Landmarks of trunk and thighs.

use std::collections::HashMap;

use glam::Vec3;
use signing::{BodySite, Bone, Lateral};

use super::{Joints, Skin, SurfacePoint, no_surface};
use crate::BodyError;

/// How far outside the trunk rays start, metres.
const REACH_M: f32 = 0.6;

const TRUNK: [Bone; 11] = [
    Bone::Hips,
    Bone::Spine,
    Bone::Chest,
    Bone::UpperChest,
    Bone::Neck,
    Bone::LeftShoulder,
    Bone::RightShoulder,
    Bone::LeftUpperLeg,
    Bone::RightUpperLeg,
    // The caps of the shoulders; no site of the trunk is hidden by a T-posed arm.
    Bone::LeftUpperArm,
    Bone::RightUpperArm,
];

/// Where a trunk site is, in the measure of [`signing::SpacePoint`]: x in half shoulder widths,
/// y from hips (0) to shoulders (1), and the direction from which it is seen.
///
/// Own choice after surface anatomy: breastbone's middle at 0.83, heart a hand left of it and a
/// little lower, navel at 0.27, waist at the narrowest height, hips at the thigh joints.
const SITES: [(BodySite, f32, f32, Seen); 9] = [
    (BodySite::ShoulderFront, 0.86, 0.93, Seen::Front),
    (BodySite::Chest, 0.5, 0.80, Seen::Front),
    (BodySite::Heart, 0.30, 0.74, Seen::Front),
    (BodySite::Belly, 0.0, 0.30, Seen::Front),
    (BodySite::LowerBelly, 0.0, 0.06, Seen::Front),
    (BodySite::Waist, 0.0, 0.36, Seen::Side),
    (BodySite::Hip, 0.0, 0.0, Seen::Side),
    (BodySite::Shoulder, 0.82, 1.0, Seen::Above),
    (BodySite::Thigh, 0.0, 0.0, Seen::Thigh),
];

#[derive(Debug, Clone, Copy)]
enum Seen {
    Front,
    Side,
    Above,
    /// From the front, at a third of the thigh.
    Thigh,
}

/// Finds the sites of the trunk on both sides and, where they mean one, on the midline.
pub(crate) fn trunk_points(
    skin: &Skin<'_>,
    joints: Joints<'_>,
    points: &mut HashMap<(BodySite, Lateral), SurfacePoint>,
) -> Result<(), BodyError> {
    let hips = joints.at(Bone::Hips);
    let shoulder = joints.at(Bone::LeftUpperArm);
    for (site, x, y, seen) in SITES {
        for (lateral, sign) in [(Lateral::Left, 1.0), (Lateral::Centre, 0.0), (Lateral::Right, -1.0)] {
            // The heart is on the left, whatever the sign is called.
            let sign = if site == BodySite::Heart { 1.0 } else { sign };
            // Exactly on the midline a ray would run along the mesh's own seam.
            let place = Vec3::new(x * sign * shoulder.x + 3e-4, hips.y + y * (shoulder.y - hips.y), shoulder.z);
            let (inside, towards) = match seen {
                Seen::Front => (place, Vec3::Z),
                Seen::Side if sign == 0.0 => (place, Vec3::Z),
                Seen::Side => (place.with_z(hips.z), Vec3::X * sign),
                Seen::Above if sign == 0.0 => continue,
                Seen::Above => (place.with_z(shoulder.z), Vec3::Y),
                Seen::Thigh if sign == 0.0 => continue,
                Seen::Thigh => {
                    let (top, knee) = if sign > 0.0 {
                        (joints.at(Bone::LeftUpperLeg), joints.at(Bone::LeftLowerLeg))
                    } else {
                        (joints.at(Bone::RightUpperLeg), joints.at(Bone::RightLowerLeg))
                    };
                    (top.lerp(knee, 0.35), Vec3::Z)
                }
            };
            let hit = skin
                .outermost(&TRUNK, inside, towards, REACH_M)
                .ok_or_else(|| no_surface(format!("{site:?} {lateral:?}"), "signs are made there"))?;
            // The cap of the shoulder moves with the collar bone more than with the arm.
            let bone = match hit.bone {
                Bone::LeftUpperArm => Bone::LeftShoulder,
                Bone::RightUpperArm => Bone::RightShoulder,
                bone => bone,
            };
            points.insert((site, lateral), joints.surface_point(bone, hit.point, hit.normal));
        }
    }
    for site in [BodySite::Shoulder, BodySite::Thigh] {
        if let Some(middle) = midpoint(joints, points, site) {
            points.insert((site, Lateral::Centre), middle);
        }
    }
    Ok(())
}

/// Half-way between the left and the right point of a site.
pub(crate) fn midpoint(
    joints: Joints<'_>,
    points: &HashMap<(BodySite, Lateral), SurfacePoint>,
    site: BodySite,
) -> Option<SurfacePoint> {
    let [left, right] = [Lateral::Left, Lateral::Right].map(|lateral| points.get(&(site, lateral)));
    let (left, right) = left.zip(right)?;
    let point = (left.point_in_bone + joints.at(left.bone) + right.point_in_bone + joints.at(right.bone)) / 2.0;
    let normal = (left.normal_in_bone + right.normal_in_bone).normalize_or(Vec3::Z);
    Some(joints.surface_point(left.bone, point, normal))
}
