//! Rays against the surface of chosen bones.

use glam::Vec3;
use signing::Bone;

use crate::rest::Surface;

/// Where a ray met the surface.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) point: Vec3,
    /// Outward: against the ray.
    pub(crate) normal: Vec3,
    /// The bone the triangle hangs on most.
    pub(crate) bone: Bone,
}

/// The surface sorted by bone, so that a ray asks only the parts it is about.
pub(crate) struct Skin<'a> {
    surface: &'a Surface,
    by_bone: Vec<Vec<u32>>,
    /// Smooth vertex normals, so that a landmark doesn't look where one facet happens to.
    normals: Vec<Vec3>,
}

impl<'a> Skin<'a> {
    pub(crate) fn new(surface: &'a Surface) -> Self {
        let mut by_bone = vec![Vec::new(); Bone::COUNT];
        for (index, triangle) in surface.triangles.iter().enumerate() {
            // A triangle on a seam belongs to each of its bones.
            let mut bones = triangle.map(|vertex| surface.bones[vertex as usize].map(Bone::index));
            bones.sort_unstable();
            let mut last = None;
            for bone in bones.into_iter().flatten() {
                if last != Some(bone) {
                    by_bone[bone].push(index as u32);
                    last = Some(bone);
                }
            }
        }
        let mut normals = vec![Vec3::ZERO; surface.positions.len()];
        for triangle in &surface.triangles {
            let [a, b, c] = triangle.map(|vertex| surface.positions[vertex as usize]);
            for vertex in triangle {
                normals[*vertex as usize] += (b - a).cross(c - a);
            }
        }
        Self { surface, by_bone, normals }
    }

    /// Vertices whose strongest bone is one of `bones`.
    pub(crate) fn vertices(&self, bones: &[Bone]) -> impl Iterator<Item = Vec3> {
        self.surface
            .positions
            .iter()
            .zip(&self.surface.bones)
            .filter(move |(_, bone)| bone.is_some_and(|bone| bones.contains(&bone)))
            .map(|(position, _)| *position)
    }

    /// The first surface of `bones` that a ray meets, coming from `from` along `direction` (unit).
    pub(crate) fn cast(&self, bones: &[Bone], from: Vec3, direction: Vec3) -> Option<Hit> {
        let mut nearest: Option<(f32, Hit)> = None;
        for bone in bones {
            for &index in &self.by_bone[bone.index()] {
                let triangle = self.surface.triangles[index as usize];
                let [a, b, c] = triangle.map(|vertex| self.surface.positions[vertex as usize]);
                let Some((distance, [wa, wb, wc])) = meet(from, direction, a, b, c) else { continue };
                if nearest.is_none_or(|(best, _)| distance < best) {
                    let [na, nb, nc] = triangle.map(|vertex| self.normals[vertex as usize].normalize_or_zero());
                    let Some(normal) = (na * wa + nb * wb + nc * wc).try_normalize() else { continue };
                    let normal = if normal.dot(direction) > 0.0 { -normal } else { normal };
                    nearest = Some((distance, Hit { point: from + direction * distance, normal, bone: *bone }));
                }
            }
        }
        nearest.map(|(_, hit)| hit)
    }

    /// The outermost surface of `bones` seen from `towards` (unit) of `inside`, within `reach`
    /// metres; never the far side seen through a hole in the near one.
    pub(crate) fn outermost(&self, bones: &[Bone], inside: Vec3, towards: Vec3, reach: f32) -> Option<Hit> {
        let hit = self.cast(bones, inside + towards * reach, -towards)?;
        ((hit.point - inside).dot(towards) > -0.003).then_some(hit)
    }
}

/// Distance along the ray to a triangle, either side, and where in it (barycentric; Möller and
/// Trumbore 1997).
fn meet(from: Vec3, direction: Vec3, a: Vec3, b: Vec3, c: Vec3) -> Option<(f32, [f32; 3])> {
    const EPSILON: f32 = 1e-12;
    let (ab, ac) = (b - a, c - a);
    let p = direction.cross(ac);
    let determinant = ab.dot(p);
    if determinant.abs() < EPSILON {
        return None;
    }
    let to = from - a;
    let u = to.dot(p) / determinant;
    let q = to.cross(ab);
    let v = direction.dot(q) / determinant;
    let distance = ac.dot(q) / determinant;
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && distance > 0.0).then_some((distance, [1.0 - u - v, u, v]))
}
