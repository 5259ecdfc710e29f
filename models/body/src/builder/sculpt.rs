//! The base mesh in T-pose, and geometry that is bound to it.

use glam::{Affine3A, Mat3, Vec3};
use signing::FaceShape;

use super::{
    BuildError,
    shape::Shape,
    skeleton::Skeleton,
    skin::{self, Influence},
    source::Source,
};

/// The source's lips rest a millimetre apart; this much less of `jawOpen` shuts them.
const JAW_SHUT: f32 = 0.035;

/// The whole base mesh (body and helpers), re-baked to T-pose.
pub(crate) struct Sculpt {
    /// In the source's relaxed pose, metres.
    pub(crate) relaxed: Vec<Vec3>,
    /// Outward unit normals in the relaxed pose, over all visible groups.
    pub(crate) relaxed_normals: Vec<Vec3>,
    pub(crate) influences: Vec<Influence>,
    /// Displacement of each vertex (sparse) by each face shape, relaxed pose, metres.
    pub(crate) faces: Vec<(FaceShape, Vec<(u32, Vec3)>)>,
    /// Quads of the skin, for normals.
    pub(crate) body: Vec<[u32; 4]>,
}

impl Sculpt {
    /// Binds a shaped mesh to its skeleton.
    pub(crate) fn new(source: &Source, skeleton: &Skeleton, mut shape: Shape) -> Result<Self, BuildError> {
        for (index, delta) in source.face_target(FaceShape::JawOpen.name())? {
            shape.positions[index as usize] -= delta * (shape.scale * JAW_SHUT);
        }
        let influences = skin::bind(source, skeleton, &shape.positions);
        let body = source.group("body")?.to_vec();
        let mut visible = body.clone();
        for helper in ["tights", "l-eye", "r-eye", "upper-teeth", "lower-teeth", "tongue"] {
            visible.extend(source.group(&format!("helper-{helper}"))?);
        }
        let relaxed_normals = normals(&shape.positions, visible.iter().flat_map(|quad| triangles_of(*quad)));
        let mut faces = Vec::with_capacity(FaceShape::COUNT);
        for face in FaceShape::ALL {
            let deltas = source.face_target(face.name())?;
            let scale = shape.scale * gain(face);
            faces.push((face, deltas.into_iter().map(|(index, delta)| (index, delta * scale)).collect()));
        }
        Ok(Self { relaxed: shape.positions, relaxed_normals, influences, faces, body })
    }

    /// Which vertices any face shape moves by more than a tenth of a millimetre.
    pub(crate) fn moved_by_faces(&self) -> Vec<bool> {
        let mut moved = vec![false; self.relaxed.len()];
        for (index, delta) in self.faces.iter().flat_map(|(_, deltas)| deltas) {
            moved[*index as usize] |= delta.length_squared() > 1e-8;
        }
        moved
    }
}

/// Shapes that say something in sign must read in a small picture: the source's are made stronger.
fn gain(face: FaceShape) -> f32 {
    match face {
        FaceShape::BrowDownLeft | FaceShape::BrowDownRight => 1.5,
        FaceShape::BrowInnerUp => 1.7,
        FaceShape::BrowOuterUpLeft | FaceShape::BrowOuterUpRight => 1.25,
        FaceShape::CheekPuff => 1.4,
        FaceShape::TongueOut => 1.55,
        _ => 1.0,
    }
}

/// What carries a point bound by `influence` from the relaxed pose into T-pose.
///
/// It is the inverse of the blended skinning transform, so that skinning the result into the
/// relaxed pose gives the source's own surface back exactly, with no volume lost on the way.
pub(crate) fn rest_from_relaxed(skeleton: &Skeleton, influence: &Influence) -> Affine3A {
    let mut matrix = Mat3::ZERO;
    let mut translation = Vec3::ZERO;
    for (joint, weight) in influence.parts() {
        let affine = &skeleton.relaxed_from_rest[joint];
        matrix += Mat3::from(affine.matrix3) * weight;
        translation += Vec3::from(affine.translation) * weight;
    }
    Affine3A::from_mat3_translation(matrix, translation).inverse()
}

/// A quad's two triangles.
pub(crate) fn triangles_of([a, b, c, d]: [u32; 4]) -> [[u32; 3]; 2] {
    [[a, b, c], [a, c, d]]
}

/// Area-weighted vertex normals; vertices without a face get +Y.
pub(crate) fn normals(positions: &[Vec3], triangles: impl IntoIterator<Item = [u32; 3]>) -> Vec<Vec3> {
    let mut sums = vec![Vec3::ZERO; positions.len()];
    for [a, b, c] in triangles {
        let [pa, pb, pc] = [a, b, c].map(|index| positions[index as usize]);
        let area = (pb - pa).cross(pc - pa);
        for index in [a, b, c] {
            sums[index as usize] += area;
        }
    }
    sums.into_iter().map(|sum| sum.try_normalize().unwrap_or(Vec3::Y)).collect()
}
