//! All parts of the avatar, in the meshes that are drawn.

use glam::Vec3;

use super::{
    BuildError, brows,
    clothes::{self, Tailoring},
    eyes,
    glb::Surface,
    hair,
    head::Head,
    paint::{self, Paint},
    part::{self, Baked, Morphing, Part, Vertex},
    sculpt::Sculpt,
    skeleton::Skeleton,
    source::Source,
};

const TEETH: Vec3 = Vec3::new(0.70, 0.66, 0.58);
const TONGUE: Vec3 = Vec3::new(0.38, 0.10, 0.095);
const LASHES: Vec3 = Vec3::new(0.010, 0.008, 0.007);

/// Every part in T-pose with its surface.
///
/// `Face` carries the 52 shapes and everything that moves with them; nothing else is morphed,
/// since a shape costs per vertex.
pub(crate) fn parts(
    source: &Source,
    skeleton: &Skeleton,
    sculpt: &Sculpt,
) -> Result<Vec<(Baked, Surface)>, BuildError> {
    let head = Head::measure(source, skeleton, sculpt)?;
    let tailoring = Tailoring::measure(skeleton);
    let paint = paint::paint(source, skeleton, sculpt, &head)?;
    let (face_quads, skin_quads) = visible_skin(sculpt, &head, &paint, &tailoring);

    let mut face = Part::of_faces(sculpt, &face_quads, |_| 0.0, |index| paint.colours[index as usize]);
    face.append(brows::brows(sculpt, &head, &face_quads, paint::SKIN));
    face.append(mouth(source, sculpt)?);
    face.append(lashes(source, sculpt));

    let under_collar = |index: u32| {
        let at = sculpt.relaxed[index as usize];
        if tailoring.beyond_cuff(at) > -0.1 { 0.0 } else { -tailoring.pressed(at) }
    };
    let mut skin = Part::of_faces(sculpt, &skin_quads, under_collar, |index| paint.colours[index as usize]);
    nails(sculpt, &paint, &mut skin);
    let mut eyes = eyes::eyes(&head);
    for vertex in &mut eyes.vertices {
        let open = paint.occluder.openness(vertex.position, vertex.normal.unwrap_or(Vec3::Z));
        vertex.colour *= 0.45 + 0.60 * open;
    }
    let hair = hair::hair(sculpt, &head, &paint, paint::SKIN);
    let clothes = clothes::clothes(source, sculpt, &tailoring)?;

    let surface = |roughness, double_sided| Surface { roughness, double_sided };
    Ok(vec![
        (part::bake("Face", &face, sculpt, skeleton, Morphing::Face), surface(0.55, false)),
        (part::bake("Skin", &skin, sculpt, skeleton, Morphing::None), surface(0.55, false)),
        (part::bake("Eyes", &eyes, sculpt, skeleton, Morphing::None), surface(0.15, false)),
        (part::bake("Hair", &hair, sculpt, skeleton, Morphing::None), surface(0.45, true)),
        (part::bake("Clothes", &clothes, sculpt, skeleton, Morphing::None), surface(0.85, false)),
    ])
}

type Quads = Vec<[u32; 4]>;

/// The skin that clothes and hair leave free: what face shapes move, and the rest.
fn visible_skin(sculpt: &Sculpt, head: &Head, paint: &Paint, tailoring: &Tailoring) -> (Quads, Quads) {
    let moved = sculpt.moved_by_faces();
    let at = |index: &u32| sculpt.relaxed[*index as usize];
    let nail = |quad: &[u32; 4]| sculpt.body.iter().position(|known| known == quad).is_some_and(|at| paint.nails[at]);
    sculpt
        .body
        .iter()
        .filter(|quad| !quad.iter().all(|index| tailoring.hides(at(index))))
        .filter(|quad| !quad.iter().all(|index| hair::hides(head, paint, *index as usize, at(index))))
        .filter(|quad| moved[quad[0] as usize] || !nail(quad))
        .partition(|quad| quad.iter().any(|index| moved[*index as usize]))
}

/// Fingernails: the same faces with vertices of their own, so that their edge is crisp.
fn nails(sculpt: &Sculpt, paint: &Paint, skin: &mut Part) {
    let quads: Vec<[u32; 4]> =
        sculpt.body.iter().zip(&paint.nails).filter(|(_, nail)| **nail).map(|(quad, _)| *quad).collect();
    let colour = |index: u32| paint::NAIL * paint::shade(paint.openness[index as usize]);
    skin.append(Part::of_faces(sculpt, &quads, |_| 0.0, colour));
}

/// The upper lashes, a little forward so that a shut eye doesn't swallow them, from both sides.
fn lashes(source: &Source, sculpt: &Sculpt) -> Part {
    let mut part = Part::of_faces(sculpt, &source.groups_with("eyelashes-2"), |_| 0.0, |_| LASHES).with_own_normals();
    for vertex in &mut part.vertices {
        vertex.position.z += 0.0007;
    }
    let mut back = part.clone();
    for triangle in &mut back.triangles {
        triangle.swap(1, 2);
    }
    part.append(back);
    part
}

/// Teeth and tongue, set back behind the lips and darker towards the throat.
fn mouth(source: &Source, sculpt: &Sculpt) -> Result<Part, BuildError> {
    let mut part = Part::default();
    for (group, colour) in [("helper-upper-teeth", TEETH), ("helper-lower-teeth", TEETH), ("helper-tongue", TONGUE)] {
        part.append(Part::of_faces(sculpt, source.group(group)?, |_| 0.0, |_| colour));
    }
    let front = part.vertices.iter().map(|vertex| vertex.position.z).fold(f32::MIN, f32::max);
    for Vertex { position, colour, .. } in &mut part.vertices {
        let depth = front - position.z;
        *colour *= (1.0 - depth / 0.045).clamp(0.15, 1.0) * 0.85;
    }
    Ok(part)
}
