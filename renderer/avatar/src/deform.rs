//! Skin and face on the CPU: a posed rig → vertices in the world, and the part of the picture they cover.
//!
//! A software rasteriser runs a vertex shader on one thread and loads matrices from memory for each
//! vertex; here four joints are blended with SIMD, and only vertices of active shapes are touched.

use bytemuck::{Pod, Zeroable};
use glam::{Mat4, Vec2, Vec3, Vec3A, Vec4};
use signing::FaceShape;

use crate::{model::Model, rig::Rig};

/// A vertex of one frame, as the graphics card reads it.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub(crate) struct Vertex {
    /// In the world, metres.
    pub position: [f32; 3],
    /// Unit length, as signed normalised numbers; the fourth is unused.
    pub normal: [i16; 4],
}

/// Weights below this move nothing that could be seen.
const FAINT: f32 = 1e-3;

/// The part of the picture that vertices cover, in normalised device coordinates (−1 to 1, +Y up).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub low: Vec2,
    pub high: Vec2,
}

/// Deforms a model's vertices; holds what is reused between frames.
#[derive(Debug)]
pub(crate) struct Deformer {
    /// Rest positions and normals with the frame's shapes added; equal to the model's elsewhere.
    positions: Vec<Vec3A>,
    normals: Vec<Vec3A>,
    /// Vertices that the last frame's shapes moved.
    touched: Vec<u32>,
}

impl Deformer {
    pub(crate) fn new(model: &Model) -> Self {
        Self { positions: model.positions.clone(), normals: model.normals.clone(), touched: Vec::new() }
    }

    /// Fills `out` and `places` with `[vertices]`, and says what they cover.
    ///
    /// `places` are normalised device coordinates as seen through `clip_from_world`.
    pub(crate) fn deform(
        &mut self,
        model: &Model,
        rig: &Rig,
        face: &[f32; FaceShape::COUNT],
        clip_from_world: &Mat4,
        out: &mut Vec<Vertex>,
        places: &mut Vec<Vec2>,
    ) -> Bounds {
        self.shape(model, face);
        let matrices = rig.world_from_mesh();
        out.clear();
        out.reserve(self.positions.len());
        places.clear();
        places.reserve(self.positions.len());
        let (mut low, mut high) = (Vec4::INFINITY, Vec4::NEG_INFINITY);
        for (((position, normal), joints), weights) in
            self.positions.iter().zip(&self.normals).zip(&model.joint_indices).zip(&model.joint_weights)
        {
            let first = &matrices[usize::from(joints[0])];
            let (position, normal) = if weights[1] == 0.0 {
                (first.transform_point3a(*position), first.transform_vector3a(*normal))
            } else {
                let mut m = first.matrix3 * weights[0];
                let mut t = first.translation * weights[0];
                for k in 1..4 {
                    if weights[k] == 0.0 {
                        break;
                    }
                    let joint = &matrices[usize::from(joints[k])];
                    m += joint.matrix3 * weights[k];
                    t += joint.translation * weights[k];
                }
                (m * *position + t, m * *normal)
            };
            let clip = *clip_from_world * position.extend(1.0);
            if clip.w > 1e-3 {
                let place = clip / clip.w;
                low = low.min(place);
                high = high.max(place);
                places.push(place.truncate().truncate());
            } else {
                // A vertex behind the camera may cover anything; edges to it are not smoothed.
                low = low.min(Vec4::NEG_ONE);
                high = high.max(Vec4::ONE);
                places.push(Vec2::NAN);
            }
            out.push(Vertex { position: position.into(), normal: snorm(normal) });
        }
        Bounds { low: low.truncate().truncate(), high: high.truncate().truncate() }
    }

    /// Adds the active shapes to the rest, after taking the last frame's away.
    fn shape(&mut self, model: &Model, face: &[f32; FaceShape::COUNT]) {
        for vertex in self.touched.drain(..) {
            let vertex = vertex as usize;
            self.positions[vertex] = model.positions[vertex];
            self.normals[vertex] = model.normals[vertex];
        }
        for (shape, weight) in model.shapes.iter().zip(face) {
            if weight.abs() < FAINT {
                continue;
            }
            for delta in &shape.0 {
                let vertex = delta.vertex as usize;
                self.positions[vertex] += delta.position * *weight;
                self.normals[vertex] += delta.normal * *weight;
                self.touched.push(delta.vertex);
            }
        }
    }
}

/// A direction of any length as signed normalised 16-bit numbers.
fn snorm(direction: Vec3A) -> [i16; 4] {
    let scaled: Vec3 = (direction.normalize_or(Vec3A::Z) * 32_767.0).into();
    #[expect(clippy::cast_possible_truncation, reason = "between −32,767 and 32,767")]
    let [x, y, z] = scaled.to_array().map(|x| x as i16);
    [x, y, z, 0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_survive_their_sixteen_bits() {
        for direction in [Vec3A::new(0.0, -2.0, 0.0), Vec3A::new(1.0, 1.0, 1.0), Vec3A::NEG_Z] {
            let stored = snorm(direction);
            let read = Vec3A::new(f32::from(stored[0]), f32::from(stored[1]), f32::from(stored[2])) / 32_767.0;
            assert!(read.distance(direction.normalize()) < 1e-4, "{direction}: {read}");
        }
    }
}
