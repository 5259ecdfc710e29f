//! Landmarks of head and neck.
//!
//! Eyes and joints are known; the rest is found on the profile (the midline's outline seen from
//! the side) and by rays. Offsets are given for an adult whose pupils are 62 mm apart (the mean
//! distance of adults, Dodgson 2004) and scale with the avatar's own distance.

use std::collections::HashMap;

use glam::Vec3;
use signing::{BodySite, Bone, Lateral};

use super::{Hit, Joints, Skin, SurfacePoint, no_surface, trunk};
use crate::BodyError;

const PUPILS_M: f32 = 0.062;
const REACH_M: f32 = 0.4;
/// Rays on the midline pass this far beside it: exactly on it they run along the mesh's own seam.
const ASIDE_M: f32 = 0.0003;
const HEAD: [Bone; 4] = [Bone::Head, Bone::Jaw, Bone::LeftEye, Bone::RightEye];
const NECK: [Bone; 3] = [Bone::Neck, Bone::Head, Bone::UpperChest];

/// Heights of the face, found on its profile; metres, world.
#[derive(Debug, Clone, Copy)]
struct Profile {
    nose_tip: Vec3,
    under_nose_y: f32,
    mouth_y: f32,
    chin: Vec3,
    /// Lowest point of the chin.
    menton_y: f32,
}

struct Face<'a> {
    skin: &'a Skin<'a>,
    /// Middle between the eyes' centres.
    eyes: Vec3,
    /// Half the pupils' distance.
    eye_x: f32,
    /// Scale against an adult of [`PUPILS_M`].
    k: f32,
}

impl Face<'_> {
    fn front(&self, x: f32, y: f32) -> Option<Hit> {
        self.skin.outermost(&HEAD, Vec3::new(x, y, self.eyes.z - 0.04 * self.k), Vec3::Z, REACH_M)
    }

    /// Depth of the ear: where the head is widest between nose and brow, behind the temples.
    fn ear_z(&self, sign: f32, under_nose_y: f32) -> f32 {
        self.skin
            .vertices(&HEAD)
            .filter(|at| at.y > under_nose_y && at.y < self.eyes.y + 0.015 * self.k)
            .filter(|at| at.z < self.eyes.z - 0.045 * self.k)
            .max_by(|a, b| (a.x * sign).total_cmp(&(b.x * sign)))
            .map_or(self.eyes.z - 0.075 * self.k, |at| at.z)
    }

    fn profile(&self) -> Option<Profile> {
        // Millimetre by millimetre down the midline, from the eyes to below any chin.
        let step = 0.001 * self.k;
        let line: Vec<Vec3> = (0..190)
            .filter_map(|index| self.front(ASIDE_M, self.eyes.y - step * index as f32))
            .map(|hit| hit.point)
            .collect();
        let above_chin = line.get(..line.len().min(75))?;
        let nose = above_chin.iter().enumerate().max_by(|a, b| a.1.z.total_cmp(&b.1.z))?.0;
        let nose_tip = line[nose];
        // The chin ends where the outline falls back by 40 mm behind the nose.
        let end = line.iter().skip(nose).position(|point| point.z < nose_tip.z - 0.048 * self.k).map(|at| at + nose);
        let menton = end.unwrap_or(line.len()) - 1;
        let menton_y = line[menton].y;
        // Under the nose: the deepest point within 25 mm of its tip.
        let under = (nose..(nose + 25).min(menton)).min_by(|a, b| line[*a].z.total_cmp(&line[*b].z))?;
        // Lips part a third of the way from there to the chin's end (facial thirds), at the deepest point nearby.
        let guess = under + (menton - under) / 3;
        let mouth = (guess.saturating_sub(6).max(under)..(guess + 7).min(menton))
            .min_by(|a, b| line[*a].z.total_cmp(&line[*b].z))
            .unwrap_or(guess);
        let chin_from = mouth + (menton - mouth) * 55 / 100;
        let chin = (chin_from..=menton).max_by(|a, b| line[*a].z.total_cmp(&line[*b].z))?;
        Some(Profile { nose_tip, under_nose_y: line[under].y, mouth_y: line[mouth].y, chin: line[chin], menton_y })
    }
}

/// Finds the sites of head and neck.
pub(crate) fn head_points(
    skin: &Skin<'_>,
    joints: Joints<'_>,
    points: &mut HashMap<(BodySite, Lateral), SurfacePoint>,
) -> Result<(), BodyError> {
    let head = joints.at(Bone::Head);
    let (eyes, eye_x) = eyes(skin, joints)?;
    let face = Face { skin, eyes, eye_x, k: eye_x * 2.0 / PUPILS_M };
    let k = face.k;
    let profile =
        face.profile().ok_or_else(|| no_surface("the face's midline", "nose, mouth and chin are found on it"))?;

    let mut put = |site: BodySite, lateral: Lateral, hit: Option<Hit>, bone: Bone| -> Result<(), BodyError> {
        let hit = hit.ok_or_else(|| no_surface(format!("{site:?} {lateral:?}"), "signs are made there"))?;
        points.insert((site, lateral), joints.surface_point(bone, hit.point, hit.normal));
        Ok(())
    };

    // On the midline, seen from the front.
    let middle_y = f32::midpoint(profile.nose_tip.y, eyes.y);
    for (site, y) in [
        (BodySite::Forehead, eyes.y + 0.050 * k),
        (BodySite::Face, middle_y),
        (BodySite::NoseBridge, eyes.y - 0.002 * k),
        (BodySite::NoseTip, profile.nose_tip.y),
        (BodySite::UnderNose, profile.under_nose_y - 0.004 * k),
        (BodySite::UpperLip, profile.mouth_y + 0.006 * k),
        (BodySite::Mouth, profile.mouth_y),
        (BodySite::LowerLip, profile.mouth_y - 0.008 * k),
        (BodySite::Chin, profile.chin.y),
    ] {
        for lateral in [Lateral::Left, Lateral::Centre, Lateral::Right] {
            put(site, lateral, face.front(ASIDE_M, y), Bone::Head)?;
        }
    }
    let above = Vec3::new(ASIDE_M, eyes.y, head.z + 0.02 * k);
    let under = Vec3::new(ASIDE_M, profile.mouth_y, profile.chin.z - 0.028 * k);
    let behind = Vec3::new(ASIDE_M, eyes.y + 0.045 * k, head.z);
    let neck = joints.at(Bone::Neck);
    let throat = Vec3::new(ASIDE_M, neck.y + 0.45 * (profile.menton_y - neck.y), neck.z);
    for lateral in [Lateral::Left, Lateral::Centre, Lateral::Right] {
        put(BodySite::HeadTop, lateral, skin.outermost(&HEAD, above, Vec3::Y, REACH_M), Bone::Head)?;
        put(
            BodySite::UnderChin,
            lateral,
            skin.outermost(&[Bone::Head, Bone::Jaw, Bone::Neck], under, Vec3::NEG_Y, REACH_M),
            Bone::Head,
        )?;
        put(BodySite::HeadBack, lateral, skin.outermost(&HEAD, behind, Vec3::NEG_Z, REACH_M), Bone::Head)?;
        put(BodySite::Throat, lateral, skin.outermost(&NECK, throat, Vec3::Z, REACH_M), Bone::Neck)?;
        put(BodySite::NeckBack, lateral, skin.outermost(&NECK, throat, Vec3::NEG_Z, REACH_M), Bone::Neck)?;
    }

    for (lateral, sign) in [(Lateral::Left, 1.0), (Lateral::Right, -1.0)] {
        // Seen from the front.
        for (site, x, y) in [
            (BodySite::Brow, face.eye_x, eyes.y + 0.021 * k),
            (BodySite::Eye, face.eye_x, eyes.y),
            (BodySite::Nostril, 0.013 * k, profile.nose_tip.y - 0.003 * k),
            (BodySite::Cheek, face.eye_x + 0.008 * k, f32::midpoint(profile.under_nose_y, profile.mouth_y)),
            (BodySite::MouthCorner, 0.023 * k, profile.mouth_y),
        ] {
            put(site, lateral, face.front(x * sign, y), Bone::Head)?;
        }
        // Seen from the side.
        let ear_z = face.ear_z(sign, profile.under_nose_y);
        for (site, y, z) in [
            (BodySite::HeadSide, eyes.y + 0.055 * k, ear_z),
            (BodySite::Temple, eyes.y + 0.018 * k, eyes.z - 0.022 * k),
            (BodySite::Ear, f32::midpoint(eyes.y, profile.nose_tip.y), ear_z),
            (BodySite::Earlobe, profile.under_nose_y, ear_z + 0.006 * k),
        ] {
            let inside = Vec3::new(0.0, y, z);
            put(site, lateral, skin.outermost(&HEAD, inside, Vec3::X * sign, REACH_M), Bone::Head)?;
        }
        put(BodySite::NeckSide, lateral, skin.outermost(&NECK, throat, Vec3::X * sign, REACH_M), Bone::Neck)?;
    }
    for site in [
        BodySite::HeadSide,
        BodySite::Temple,
        BodySite::Brow,
        BodySite::Eye,
        BodySite::Nostril,
        BodySite::Cheek,
        BodySite::Ear,
        BodySite::Earlobe,
        BodySite::MouthCorner,
        BodySite::NeckSide,
    ] {
        if let Some(middle) = trunk::midpoint(joints, points, site) {
            points.insert((site, Lateral::Centre), middle);
        }
    }
    Ok(())
}

/// Middle between the eyes and half their distance; estimated where the avatar has no eye bones:
/// eyes lie half-way up a head, as far apart as 0.4 of its width (Farkas 1994).
fn eyes(skin: &Skin<'_>, joints: Joints<'_>) -> Result<(Vec3, f32), BodyError> {
    if let (Some(left), Some(right)) = (joints.heads[Bone::LeftEye.index()], joints.heads[Bone::RightEye.index()]) {
        let half = (left.x - right.x) / 2.0;
        if half > 0.005 {
            return Ok(((left + right) / 2.0, half));
        }
    }
    let (low, high) = skin
        .vertices(&HEAD)
        .fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), vertex| (low.min(vertex), high.max(vertex)));
    if low.x >= high.x {
        return Err(no_surface("the head", "the face's sites are on it"));
    }
    let middle = Vec3::new(0.0, f32::midpoint(low.y, high.y), high.z - 0.03);
    Ok((middle, 0.2 * (high.x - low.x)))
}
