//! Colours of the skin, in linear RGB, with shading baked in.

use glam::Vec3;
use signing::{Bone, Finger, Side};

use super::{
    BuildError,
    head::{Head, bell, smooth},
    occlusion::Occluder,
    sculpt::{self, Sculpt},
    skeleton::Skeleton,
    source::Source,
};
use crate::digits;

/// Face and back of the hand.
pub(crate) const SKIN: Vec3 = Vec3::new(0.640, 0.385, 0.268);
/// Palm and finger pads: lighter and pinker than the back.
const PALM: Vec3 = Vec3::new(0.800, 0.510, 0.400);
const LIPS: Vec3 = Vec3::new(0.450, 0.150, 0.140);
/// Nails' plates.
pub(crate) const NAIL: Vec3 = Vec3::new(0.790, 0.500, 0.425);
const MOUTH: Vec3 = Vec3::new(0.150, 0.030, 0.030);

/// Colours of the sculpt's vertices, and which quads of the skin are nails.
pub(crate) struct Paint {
    pub(crate) colours: Vec<Vec3>,
    pub(crate) openness: Vec<f32>,
    /// By quad of [`Sculpt::body`].
    pub(crate) nails: Vec<bool>,
    /// How much of an ear each vertex is.
    pub(crate) ears: Vec<f32>,
    pub(crate) occluder: Occluder,
}

/// Paints all of the skin.
pub(crate) fn paint(source: &Source, skeleton: &Skeleton, sculpt: &Sculpt, head: &Head) -> Result<Paint, BuildError> {
    let (lips, _) = source.region("lips")?;
    let (lids, _) = source.region("eyelids")?;
    let (ears, _) = source.region("ears")?;
    let (inside, _) = source.region("inside-mouth")?;
    let (_, nail_quads) = source.region("fingernails")?;
    let occluder = occluder(source, sculpt)?;
    let mut used = vec![false; sculpt.relaxed.len()];
    for index in sculpt.body.iter().flatten() {
        used[*index as usize] = true;
    }
    let mut openness = vec![1.0; sculpt.relaxed.len()];
    let mut colours = vec![SKIN; sculpt.relaxed.len()];
    for index in 0..sculpt.relaxed.len() {
        if !used[index] || !bare(sculpt, index) {
            continue;
        }
        let (at, normal) = (sculpt.relaxed[index], sculpt.relaxed_normals[index]);
        openness[index] = occluder.openness(at, normal);
        let mut colour = hand_colour(skeleton, sculpt, index, SKIN);
        // Blood in cheeks, nose and ears.
        let aside = Vec3::new(at.x.abs(), at.y, at.z);
        let cheek = aside.distance(head.eye + Vec3::new(0.010, -0.040, 0.005));
        let nose = at.distance(Vec3::new(0.0, head.eye.y - 0.036, head.eye.z + 0.034));
        let flush = 0.55 * bell(cheek, 0.022) + 0.45 * bell(nose, 0.014) + 0.5 * ears[index];
        colour *= Vec3::ONE.lerp(Vec3::new(0.99, 0.84, 0.83), flush.min(1.0));
        colour *= Vec3::ONE.lerp(Vec3::new(0.80, 0.70, 0.68), 0.55 * lids[index]);
        colour = colour.lerp(LIPS, 0.80 * smooth((lips[index] - 0.15) / 0.75));
        colour = colour.lerp(MOUTH, inside[index]);
        colours[index] = colour * shade(openness[index]);
    }
    Ok(Paint { colours, openness, nails: nail_quads.iter().map(|value| *value > 0.5).collect(), ears, occluder })
}

/// What a crease does to skin: darker, and redder as light that goes through flesh is.
pub(crate) fn shade(openness: f32) -> Vec3 {
    let open = openness.clamp(0.0, 1.0);
    Vec3::new(open.powf(0.62), open.powf(0.82), open.powf(0.88))
}

fn occluder(source: &Source, sculpt: &Sculpt) -> Result<Occluder, BuildError> {
    let mut quads = sculpt.body.clone();
    for helper in ["helper-l-eye", "helper-r-eye"] {
        quads.extend(source.group(helper)?);
    }
    let corner = |index: u32| sculpt.relaxed[index as usize];
    Ok(Occluder::new(quads.into_iter().flat_map(sculpt::triangles_of).map(|triangle| triangle.map(corner)).collect()))
}

/// Whether a vertex may be seen: head, neck, chest's top and hands; clothes hide the rest.
fn bare(sculpt: &Sculpt, index: usize) -> bool {
    sculpt.influences[index].parts().any(|(joint, _)| {
        Bone::ALL.get(joint).is_none_or(|bone| {
            matches!(bone, Bone::UpperChest | Bone::Neck | Bone::Head | Bone::Jaw | Bone::LeftHand | Bone::RightHand)
                || bone.index() > Bone::RightHand.index()
        })
    })
}

/// Palms, backs, knuckles and the creases of the fingers.
fn hand_colour(skeleton: &Skeleton, sculpt: &Sculpt, index: usize, skin: Vec3) -> Vec3 {
    let influence = &sculpt.influences[index];
    let joint = usize::from(influence.joints[0]);
    let Some(bone) = Bone::ALL.get(joint).copied() else { return skin };
    let Some((side, pad)) = palmar(bone) else { return skin };
    let to_rest = skeleton.relaxed_from_rest[joint].matrix3.transpose();
    let normal: Vec3 = (to_rest * sculpt.relaxed_normals[index]).normalize_or(Vec3::Y);
    let palmar = smooth((normal.dot(pad) + 0.28) / 0.72);
    let mut colour = skin.lerp(PALM, palmar);
    let here = super::sculpt::rest_from_relaxed(skeleton, influence).transform_point3(sculpt.relaxed[index]);
    for finger in Finger::ALL {
        let bones = digits::bones_of(side, finger);
        for (number, of_finger) in bones.into_iter().enumerate() {
            let to = here - skeleton.nodes[of_finger.index()].head;
            let along = match bones.get(number + 1) {
                Some(next) => (skeleton.nodes[next.index()].head - skeleton.nodes[of_finger.index()].head).normalize(),
                None => (skeleton.nodes[of_finger.index()].head - skeleton.nodes[bones[1].index()].head).normalize(),
            };
            let (ahead, aside) = (to.dot(along), (to - along * to.dot(along)).length());
            if aside > 0.016 {
                continue;
            }
            // Skin folds over joints: a crease on the palm's side, a redder patch on the back.
            let crease = 0.30 * bell(ahead, 0.0022) * palmar;
            let flush = 0.35 * bell(ahead, 0.007) * (1.0 - palmar);
            colour *= Vec3::ONE.lerp(Vec3::new(0.72, 0.52, 0.48), crease);
            colour *= Vec3::ONE.lerp(Vec3::new(0.92, 0.74, 0.70), flush);
        }
    }
    colour
}

/// For bones of a hand: its side and where its palmar surface looks in T-pose.
fn palmar(bone: Bone) -> Option<(Side, Vec3)> {
    for side in [Side::Left, Side::Right] {
        if bone == digits::arm_bone(side, "Hand") {
            return Some((side, Vec3::NEG_Y));
        }
        for finger in Finger::ALL {
            let bones = digits::bones_of(side, finger);
            if bones.contains(&bone) {
                // The ball of the thumb is palm.
                let pad = digits::pad_direction(side, finger);
                let thenar = finger == Finger::Thumb && bone == bones[0];
                return Some((side, if thenar { (pad + Vec3::NEG_Y).normalize() } else { pad }));
            }
        }
    }
    None
}
