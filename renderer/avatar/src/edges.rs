//! Smooth edges without more samples: each silhouette edge gets a fin, one pixel wide, that fades out.
//!
//! A pixel that a silhouette grazes should show a part of what is behind. Instead of sampling every
//! pixel several times, the edges that are silhouettes in this frame are found on the CPU, and beside
//! each a strip is blended that goes from opaque at the edge to nothing one pixel further out. Where
//! strips of two edges meet they share a mitred corner. The method is known as discontinuity edge
//! overdraw (Sander, Hoppe, Snyder, Gortler 2001). It costs a thousandth of the picture's pixels.

use std::collections::HashMap;

use bytemuck::{Pod, Zeroable};
use glam::Vec2;

use crate::{
    deform::Vertex,
    model::{Model, Paint},
    visible::Visible,
};

/// Width of a fin, pixels: that of the box filter that it stands for.
const WIDTH: f32 = 1.0;
/// Longest mitre, in widths: strips at a sharper angle share no corner.
const LONGEST_MITRE: f32 = 1.6;
/// Vertices nearer than this, metres, are one point of the surface.
const WELD: f32 = 1e-5;
const NONE: u32 = u32::MAX;

/// A vertex of a fin, as the graphics card reads it.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub(crate) struct FinVertex {
    pub vertex: Vertex,
    pub paint: [u16; 4],
    /// By how much it stands off the silhouette, pixels, +Y up; zero at the silhouette itself.
    pub offset: [f32; 2],
    /// 1 at the silhouette, 0 outside.
    pub alpha: f32,
}

/// Strips beside silhouettes: vertices, and three indices a triangle.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fins {
    pub vertices: Vec<FinVertex>,
    pub indices: Vec<u32>,
}

/// An edge of the surface and the triangles on both of its sides.
#[derive(Debug, Clone, Copy)]
struct Edge {
    ends: [u32; 2],
    /// The second is [`NONE`] at a border.
    triangles: [u32; 2],
    /// The vertices opposite to the edge, one a triangle.
    opposite: [u32; 2],
}

/// Finds silhouettes; holds what is reused between frames.
#[derive(Debug)]
pub(crate) struct Edges {
    edges: Vec<Edge>,
    /// Whether a triangle is also seen from behind.
    double_sided: Vec<bool>,
    /// Point that a vertex lies on, so that vertices split for colour share corners.
    point_of: Vec<u32>,
    /// Sum of outward directions at each point, and how many.
    outward: Vec<(Vec2, u32)>,
    found: Vec<([u32; 2], Vec2)>,
    fin_of: Vec<u32>,
}

impl Edges {
    pub(crate) fn new(model: &Model) -> Self {
        let point_of = weld(model);
        let triangles = model.indices.as_chunks::<3>().0;
        let mut double_sided = vec![false; triangles.len()];
        let mut textured = vec![false; triangles.len()];
        for batch in &model.batches {
            let range = batch.indices.start as usize / 3..batch.indices.end as usize / 3;
            double_sided[range.clone()].fill(batch.double_sided);
            textured[range].fill(batch.texture.is_some());
        }
        let mut of_ends: HashMap<[u32; 2], usize> = HashMap::new();
        let mut edges: Vec<Edge> = Vec::new();
        for (triangle, corners) in (0_u32..).zip(triangles) {
            // Cut-out textures have edges that the mesh knows nothing of, and hide some that it has.
            if textured[triangle as usize] {
                continue;
            }
            for side in 0..3 {
                let (a, b, c) = (corners[side], corners[(side + 1) % 3], corners[(side + 2) % 3]);
                let (p, q) = (point_of[a as usize], point_of[b as usize]);
                let key = [p.min(q), p.max(q)];
                match of_ends.get(&key) {
                    Some(index) if edges[*index].triangles[1] == NONE => {
                        edges[*index].triangles[1] = triangle;
                        edges[*index].opposite[1] = c;
                    }
                    // A third triangle on one edge starts another.
                    _ => {
                        of_ends.insert(key, edges.len());
                        edges.push(Edge { ends: [a, b], triangles: [triangle, NONE], opposite: [c, NONE] });
                    }
                }
            }
        }
        Self {
            outward: vec![(Vec2::ZERO, 0); point_of.len()],
            fin_of: vec![NONE; point_of.len()],
            found: Vec::new(),
            edges,
            double_sided,
            point_of,
        }
    }

    /// The fins of vertices as seen at `places`, normalised device coordinates of a
    /// picture of half the size `half`, pixels.
    pub(crate) fn fins(
        &mut self,
        vertices: &[Vertex],
        places: &[Vec2],
        half: Vec2,
        visible: &Visible,
        paint: &[Paint],
    ) -> Fins {
        let mut fins = Fins::default();
        self.found.clear();
        for edge in &self.edges {
            if !visible.inside[edge.triangles[0] as usize] {
                continue;
            }
            let first = visible.facing[edge.triangles[0] as usize];
            let side = if edge.triangles[1] == NONE {
                if !first && !self.double_sided[edge.triangles[0] as usize] {
                    continue;
                }
                0
            } else {
                let second = visible.facing[edge.triangles[1] as usize];
                if first == second {
                    continue;
                }
                usize::from(second)
            };
            let [a, b] = edge.ends;
            let along = half * (places[b as usize] - places[a as usize]);
            let across = along.perp().normalize_or_zero();
            let inside = half * (places[edge.opposite[side] as usize] - places[a as usize]);
            let outward = if across.dot(inside) > 0.0 { -across } else { across };
            if outward == Vec2::ZERO || !outward.is_finite() {
                continue;
            }
            for end in [a, b] {
                let sum = &mut self.outward[self.point_of[end as usize] as usize];
                sum.0 += outward;
                sum.1 += 1;
            }
            self.found.push(([a, b], outward));
        }
        for (ends, outward) in &self.found {
            let [a, b] = ends.map(|end| {
                let point = self.point_of[end as usize] as usize;
                let corner = mitre(self.outward[point]);
                if corner.is_some() && self.fin_of[point] != NONE {
                    return self.fin_of[point];
                }
                let fin = u32::try_from(fins.vertices.len()).unwrap_or(NONE);
                if corner.is_some() {
                    self.fin_of[point] = fin;
                }
                let offset = WIDTH * corner.unwrap_or(*outward);
                let (vertex, paint) = (vertices[end as usize], paint[end as usize].color);
                fins.vertices.push(FinVertex { vertex, paint, offset: [0.0; 2], alpha: 1.0 });
                fins.vertices.push(FinVertex { vertex, paint, offset: offset.to_array(), alpha: 0.0 });
                fin
            });
            fins.indices.extend([a, b, a + 1, a + 1, b, b + 1]);
        }
        for (ends, _) in &self.found {
            for end in ends {
                let point = self.point_of[*end as usize] as usize;
                self.fin_of[point] = NONE;
                self.outward[point] = (Vec2::ZERO, 0);
            }
        }
        fins
    }
}

/// The corner that two strips share whose outward directions sum to `sum`.
///
/// `None` where more than two strips meet, or two at a sharp angle: each then ends square.
fn mitre((sum, count): (Vec2, u32)) -> Option<Vec2> {
    // For two unit directions the mitre is sum ÷ (1 + cosine), and |sum|² = 2 + 2 cosine.
    let corner = sum * (2.0 / sum.length_squared());
    // Of opposite directions it is infinite or NaN, which is no length below the longest.
    (count == 2 && corner.length() <= LONGEST_MITRE).then_some(corner)
}

/// For each vertex, the first vertex at its place.
fn weld(model: &Model) -> Vec<u32> {
    let mut first_at: HashMap<[i32; 3], u32> = HashMap::new();
    (0_u32..)
        .zip(&model.positions)
        .map(|(index, position)| {
            #[expect(clippy::cast_possible_truncation, reason = "`as` saturates far beyond any body's size")]
            let place = position.to_array().map(|x| (x / WELD).round() as i32);
            *first_at.entry(place).or_insert(index)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_silhouettes_have_fins_of_one_width() {
        let up = mitre((2.0 * Vec2::Y, 2)).unwrap();
        assert!((up - Vec2::Y).length() < 1e-6, "{up}");
    }

    #[test]
    fn a_right_angle_is_mitred_to_its_corner() {
        let corner = mitre((Vec2::X + Vec2::Y, 2)).unwrap();
        assert!((corner - Vec2::ONE).length() < 1e-6, "{corner}");
    }

    #[test]
    fn spikes_and_crossings_share_no_corner() {
        let narrow = Vec2::from_angle(0.1) + Vec2::from_angle(std::f32::consts::PI - 0.1);
        for sum in [(narrow, 2), (Vec2::ZERO, 2), (3.0 * Vec2::Y, 3), (Vec2::Y, 1)] {
            assert_eq!(mitre(sum), None, "{sum:?}");
        }
    }
}
