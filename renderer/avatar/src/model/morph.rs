//! What a face shape moves.

use std::collections::HashMap;

use glam::{Vec3, Vec3A};

/// Positions nearer than this, metres, are one point of the surface that was split for its normals or colours.
const WELD: f32 = 1e-6;
/// Smallest movement that counts, metres.
const STILL: f32 = 1e-6;

/// How far one vertex goes at full weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Delta {
    pub vertex: u32,
    pub position: Vec3A,
    pub normal: Vec3A,
}

/// All that one face shape moves; vertices it leaves alone aren't listed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shape(pub Vec<Delta>);

impl Shape {
    /// Adds a primitive's target. `first` is the model's index of the primitive's first vertex.
    ///
    /// Where the file has no normal deltas they are derived from the moved surface, so that raised
    /// cheeks and furrowed brows catch the light.
    pub(crate) fn extend(
        &mut self,
        first: u32,
        rest: &[Vec3],
        triangles: &[u32],
        positions: &[Vec3],
        normals: Option<&[Vec3]>,
    ) {
        let derived;
        let normals = match normals {
            Some(normals) => normals,
            None => {
                let moved: Vec<Vec3> = rest.iter().zip(positions).map(|(rest, delta)| *rest + *delta).collect();
                let (from, to) = (surface_normals(rest, triangles), surface_normals(&moved, triangles));
                derived = from.iter().zip(&to).map(|(from, to)| *to - *from).collect::<Vec<_>>();
                &derived
            }
        };
        let moved = (first..).zip(positions.iter().zip(normals)).filter(|(_, (position, normal))| {
            position.abs().max_element() > STILL || normal.abs().max_element() > 1e-3
        });
        self.0.extend(moved.map(|(vertex, (position, normal))| Delta {
            vertex,
            position: Vec3A::from(*position),
            normal: Vec3A::from(*normal),
        }));
    }
}

/// Area-weighted unit normals, the same on all vertices of one point.
pub(crate) fn surface_normals(positions: &[Vec3], triangles: &[u32]) -> Vec<Vec3> {
    let mut points: HashMap<[i64; 3], usize> = HashMap::new();
    let point_of: Vec<usize> = positions
        .iter()
        .map(|position| {
            #[expect(clippy::cast_possible_truncation, reason = "`as` saturates; far-off points may weld")]
            let key = position.to_array().map(|x| (f64::from(x) / f64::from(WELD)).round() as i64);
            let next = points.len();
            *points.entry(key).or_insert(next)
        })
        .collect();
    let mut sums = vec![Vec3::ZERO; points.len()];
    for triangle in triangles.chunks_exact(3) {
        let [a, b, c] = [triangle[0] as usize, triangle[1] as usize, triangle[2] as usize];
        let normal = (positions[b] - positions[a]).cross(positions[c] - positions[a]);
        for vertex in [a, b, c] {
            sums[point_of[vertex]] += normal;
        }
    }
    point_of.iter().map(|point| sums[*point].normalize_or_zero()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Vec3; 4] =
        [Vec3::ZERO, Vec3::new(1.0, 0.0, 0.0), Vec3::new(1.0, 1.0, 0.0), Vec3::new(0.0, 1.0, 0.0)];
    const TRIANGLES: [u32; 6] = [0, 1, 2, 0, 2, 3];

    #[test]
    fn a_square_faces_the_viewer() {
        assert_eq!(surface_normals(&SQUARE, &TRIANGLES), [Vec3::Z; 4]);
    }

    #[test]
    fn only_moved_vertices_are_listed_and_normals_follow() {
        let mut shape = Shape::default();
        let mut target = [Vec3::ZERO; 4];
        target[0] = Vec3::new(0.0, 0.0, 1.0);
        let given = [Vec3::ZERO; 4];
        shape.extend(10, &SQUARE, &TRIANGLES, &target, Some(&given));
        assert_eq!(shape.0.iter().map(|delta| delta.vertex).collect::<Vec<_>>(), [10]);

        let mut derived = Shape::default();
        derived.extend(0, &SQUARE, &TRIANGLES, &target, None);
        // Pulling one corner to the viewer tilts its normal away from the others.
        assert!(derived.0[0].normal.x > 0.1 && derived.0[0].normal.y > 0.1, "{:?}", derived.0[0]);
    }
}
