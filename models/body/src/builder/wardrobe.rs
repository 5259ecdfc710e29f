//! All parts of the avatar.

use std::collections::HashSet;

use glam::Vec3;
use signing::Bone;

use super::{
    BuildError,
    glb::Surface,
    part::{self, Baked, Morphing, Part},
    sculpt::Sculpt,
    skeleton::Skeleton,
    source::Source,
};

/// Every part in T-pose with its surface.
pub(crate) fn parts(
    source: &Source,
    skeleton: &Skeleton,
    sculpt: &Sculpt,
) -> Result<Vec<(Baked, Surface)>, BuildError> {
    let moved = sculpt.moved_by_faces();
    let skin = Vec3::new(0.60, 0.36, 0.25);
    let body: Vec<[u32; 4]> = sculpt.body.clone();
    let (face, rest): (Vec<_>, Vec<_>) =
        body.into_iter().partition(|quad| quad.iter().any(|&index| moved[index as usize]));
    let bare: HashSet<usize> = Bone::ALL
        .into_iter()
        .filter(|bone| {
            bone.parent().is_some_and(|parent| matches!(parent, Bone::Head))
                || bone.index() > Bone::RightHand.index()
                || matches!(bone, Bone::Head | Bone::Neck | Bone::LeftHand | Bone::RightHand)
        })
        .map(Bone::index)
        .collect();
    let rest: Vec<_> = rest
        .into_iter()
        .filter(|quad| {
            quad.iter().any(|&index| sculpt.influences[index as usize].parts().any(|(joint, _)| bare.contains(&joint)))
        })
        .collect();
    let mut face = Part::of_faces(sculpt, &face, |_| 0.0, |_| skin);
    for (groups, colour) in [(["helper-upper-teeth", "helper-lower-teeth"], Vec3::new(0.85, 0.82, 0.75))] {
        for group in groups {
            face.append(Part::of_faces(sculpt, source.group(group)?, |_| 0.0, |_| colour));
        }
    }
    face.append(Part::of_faces(sculpt, source.group("helper-tongue")?, |_| 0.0, |_| Vec3::new(0.5, 0.12, 0.12)));
    face.append(
        Part::of_faces(sculpt, &source.groups_with("eyelashes"), |_| 0.0, |_| Vec3::splat(0.01)).with_own_normals(),
    );
    let skin_part = Part::of_faces(sculpt, &rest, |_| 0.0, |_| skin);
    let mut eyes = Part::of_faces(sculpt, source.group("helper-l-eye")?, |_| 0.0, |_| Vec3::ONE);
    eyes.append(Part::of_faces(sculpt, source.group("helper-r-eye")?, |_| 0.0, |_| Vec3::ONE));
    let clothes = Part::of_faces(sculpt, source.group("helper-tights")?, |_| 0.004, |_| Vec3::new(0.012, 0.018, 0.045));

    let surface = |roughness, double_sided| Surface { roughness, double_sided };
    Ok(vec![
        (part::bake("Face", &face, sculpt, skeleton, Morphing::Face), surface(0.55, true)),
        (part::bake("Skin", &skin_part, sculpt, skeleton, Morphing::None), surface(0.55, false)),
        (part::bake("Eyes", &eyes, sculpt, skeleton, Morphing::None), surface(0.1, false)),
        (part::bake("Clothes", &clothes, sculpt, skeleton, Morphing::None), surface(0.85, true)),
    ])
}
