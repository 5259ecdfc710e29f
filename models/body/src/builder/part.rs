//! Parts of the avatar: geometry bound to the sculpt, still in the relaxed pose.

use std::collections::HashMap;

use glam::Vec3;
use signing::FaceShape;

use super::{
    sculpt::{self, Sculpt},
    skeleton::Skeleton,
    skin::Influence,
};

/// A vertex in the relaxed pose, bound to the sculpt it follows.
#[derive(Debug, Clone)]
pub(crate) struct Vertex {
    pub(crate) position: Vec3,
    /// Its own normal; `None`: from the part's faces.
    pub(crate) normal: Option<Vec3>,
    /// Linear RGB.
    pub(crate) colour: Vec3,
    /// Sculpt vertices it follows and how much (weights sum to 1).
    pub(crate) follows: Vec<(u32, f32)>,
    /// Skin weights, if not those of what it follows.
    pub(crate) influence: Option<Influence>,
    /// Displacement by face shapes beyond that of what it follows, metres.
    pub(crate) extra: Vec<(FaceShape, Vec3)>,
}

/// Geometry drawn with one material.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) vertices: Vec<Vertex>,
    pub(crate) triangles: Vec<[u32; 3]>,
}

impl Part {
    /// Faces of the sculpt, each vertex offset along its normal by `offset` metres and coloured.
    pub(crate) fn of_faces(
        sculpt: &Sculpt,
        quads: &[[u32; 4]],
        offset: impl Fn(u32) -> f32,
        colour: impl Fn(u32) -> Vec3,
    ) -> Self {
        let mut part = Self::default();
        let mut known: HashMap<u32, u32> = HashMap::new();
        for quad in quads {
            let corners = quad.map(|index| {
                *known.entry(index).or_insert_with(|| {
                    let at = index as usize;
                    let normal = sculpt.relaxed_normals[at];
                    part.vertices.push(Vertex {
                        position: sculpt.relaxed[at] + normal * offset(index),
                        normal: Some(normal),
                        colour: colour(index),
                        follows: vec![(index, 1.0)],
                        influence: None,
                        extra: Vec::new(),
                    });
                    part.vertices.len() as u32 - 1
                })
            });
            part.push_quad(corners);
        }
        part
    }

    /// Adds a quad, as one triangle if two of its corners are one.
    pub(crate) fn push_quad(&mut self, quad: [u32; 4]) {
        for triangle in sculpt::triangles_of(quad) {
            let [a, b, c] = triangle;
            if a != b && b != c && c != a {
                self.triangles.push(triangle);
            }
        }
    }

    /// Adds another part's geometry.
    pub(crate) fn append(&mut self, other: Self) {
        let base = self.vertices.len() as u32;
        self.vertices.extend(other.vertices);
        self.triangles.extend(other.triangles.into_iter().map(|triangle| triangle.map(|index| index + base)));
    }

    /// Forgets the given normals, so that they are taken from the part's own faces.
    pub(crate) fn with_own_normals(mut self) -> Self {
        for vertex in &mut self.vertices {
            vertex.normal = None;
        }
        self
    }

    /// Drops vertices that no triangle uses.
    pub(crate) fn compact(&mut self) {
        let mut place = vec![u32::MAX; self.vertices.len()];
        let mut kept = Vec::new();
        for index in self.triangles.iter_mut().flatten() {
            let slot = &mut place[*index as usize];
            if *slot == u32::MAX {
                *slot = kept.len() as u32;
                kept.push(self.vertices[*index as usize].clone());
            }
            *index = *slot;
        }
        self.vertices = kept;
    }
}

/// A face shape on a mesh: the vertices it moves.
#[derive(Debug, Clone)]
pub(crate) struct Morph {
    pub(crate) shape: FaceShape,
    /// Vertex, displacement, change of normal.
    pub(crate) deltas: Vec<(u32, Vec3, Vec3)>,
}

/// A part in T-pose, as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Baked {
    pub(crate) name: &'static str,
    pub(crate) positions: Vec<Vec3>,
    pub(crate) normals: Vec<Vec3>,
    pub(crate) colours: Vec<Vec3>,
    pub(crate) influences: Vec<Influence>,
    pub(crate) triangles: Vec<[u32; 3]>,
    /// All 52, or none.
    pub(crate) morphs: Vec<Morph>,
}

/// Whether a part gets face shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Morphing {
    /// All 52 shapes.
    Face,
    /// Rigid but for the skin.
    None,
}

/// Brings a part to T-pose.
pub(crate) fn bake(name: &'static str, part: &Part, sculpt: &Sculpt, skeleton: &Skeleton, morphing: Morphing) -> Baked {
    let influences: Vec<Influence> = part
        .vertices
        .iter()
        .map(|vertex| vertex.influence.unwrap_or_else(|| followed_influence(sculpt, &vertex.follows)))
        .collect();
    let affines: Vec<_> = influences.iter().map(|influence| sculpt::rest_from_relaxed(skeleton, influence)).collect();
    let relaxed: Vec<Vec3> = part.vertices.iter().map(|vertex| vertex.position).collect();
    let own = sculpt::normals(&relaxed, part.triangles.iter().copied());
    let relaxed_normals: Vec<Vec3> =
        part.vertices.iter().zip(&own).map(|(vertex, own)| vertex.normal.unwrap_or(*own)).collect();
    let positions: Vec<Vec3> =
        affines.iter().zip(&relaxed).map(|(affine, position)| affine.transform_point3(*position)).collect();
    // Normals go by the inverse transpose.
    let normals = affines
        .iter()
        .zip(&relaxed_normals)
        .map(|(affine, normal)| {
            let matrix = glam::Mat3::from(affine.matrix3).inverse().transpose();
            (matrix * *normal).try_normalize().unwrap_or(*normal)
        })
        .collect();

    let mut morphs = Vec::new();
    if morphing == Morphing::Face {
        for (shape, deltas) in &sculpt.faces {
            let mut field = vec![Vec3::ZERO; sculpt.relaxed.len()];
            for (index, delta) in deltas {
                field[*index as usize] = *delta;
            }
            let moves: Vec<Vec3> = part
                .vertices
                .iter()
                .map(|vertex| {
                    let followed: Vec3 =
                        vertex.follows.iter().map(|(index, weight)| field[*index as usize] * *weight).sum();
                    let own = vertex.extra.iter().filter(|(own, _)| own == shape).map(|(_, delta)| *delta);
                    followed + own.sum::<Vec3>()
                })
                .collect();
            let moved: Vec<Vec3> = relaxed.iter().zip(&moves).map(|(position, delta)| *position + *delta).collect();
            let moved_normals = sculpt::normals(&moved, part.triangles.iter().copied());
            let mut list = Vec::new();
            for index in 0..relaxed.len() {
                let turned = moved_normals[index] - own[index];
                if moves[index].length_squared() > 2.5e-9 || turned.length_squared() > 4e-4 {
                    let matrix = affines[index].matrix3;
                    list.push((index as u32, matrix * moves[index], turned));
                }
            }
            morphs.push(Morph { shape: *shape, deltas: list });
        }
    }
    Baked {
        name,
        positions,
        normals,
        colours: part.vertices.iter().map(|vertex| vertex.colour).collect(),
        influences,
        triangles: part.triangles.clone(),
        morphs,
    }
}

fn followed_influence(sculpt: &Sculpt, follows: &[(u32, f32)]) -> Influence {
    let parts: Vec<(usize, f32)> = follows
        .iter()
        .flat_map(|(index, share)| {
            sculpt.influences[*index as usize].parts().map(move |(joint, weight)| (joint, weight * share))
        })
        .collect();
    Influence::strongest(&parts)
}
