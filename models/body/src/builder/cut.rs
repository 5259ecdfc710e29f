//! Cutting and refining parts.

use std::collections::HashMap;

use glam::Vec3;

use super::part::{Part, Vertex};

/// The vertex at `blend` (0 to 1) of the way from `a` to `b`.
fn between(a: &Vertex, b: &Vertex, blend: f32) -> Vertex {
    let mut follows: Vec<(u32, f32)> =
        a.follows.iter().map(|(index, weight)| (*index, weight * (1.0 - blend))).collect();
    for (index, weight) in &b.follows {
        match follows.iter_mut().find(|(known, _)| known == index) {
            Some((_, sum)) => *sum += weight * blend,
            None => follows.push((*index, weight * blend)),
        }
    }
    let normal = a.normal.zip(b.normal).map(|(a, b)| a.lerp(b, blend).normalize_or(a));
    Vertex {
        position: a.position.lerp(b.position, blend),
        normal,
        colour: a.colour.lerp(b.colour, blend),
        follows,
        influence: a.influence,
        extra: a.extra.clone(),
    }
}

impl Part {
    /// Keeps what has a negative `field` (one value a vertex), cut cleanly where it is zero.
    pub(crate) fn cut(mut self, field: impl Fn(&Vertex) -> f32) -> Self {
        let mut values: Vec<f32> = self.vertices.iter().map(field).collect();
        let mut split: HashMap<(u32, u32), u32> = HashMap::new();
        let mut kept = Vec::with_capacity(self.triangles.len());
        for triangle in std::mem::take(&mut self.triangles) {
            let mut polygon: Vec<u32> = Vec::with_capacity(4);
            for corner in 0..3 {
                let (a, b) = (triangle[corner], triangle[(corner + 1) % 3]);
                let (va, vb) = (values[a as usize], values[b as usize]);
                if va < 0.0 {
                    polygon.push(a);
                }
                if (va < 0.0) != (vb < 0.0) {
                    let (low, high) = (a.min(b), a.max(b));
                    let index = *split.entry((low, high)).or_insert_with(|| {
                        let (vl, vh) = (values[low as usize], values[high as usize]);
                        let vertex =
                            between(&self.vertices[low as usize], &self.vertices[high as usize], vl / (vl - vh));
                        self.vertices.push(vertex);
                        self.vertices.len() as u32 - 1
                    });
                    values.resize(self.vertices.len(), 0.0);
                    polygon.push(index);
                }
            }
            for corner in 1..polygon.len().saturating_sub(1) {
                kept.push([polygon[0], polygon[corner], polygon[corner + 1]]);
            }
        }
        self.triangles = kept;
        self.compact();
        self
    }

    /// Splits the edges whose middle is `wanted`, and the triangles with them: all of a
    /// triangle's edges make four of it. New vertices bulge with the normals (Phong tessellation,
    /// Boubekeur and Alexa 2008). Vertices must have normals.
    pub(crate) fn refined(mut self, wanted: impl Fn(Vec3) -> bool) -> Self {
        let mut split: HashMap<(u32, u32), Option<u32>> = HashMap::new();
        let mut fine = Vec::with_capacity(self.triangles.len() * 4);
        for triangle in std::mem::take(&mut self.triangles) {
            let [a, b, c] = triangle;
            let middles = [(a, b), (b, c), (c, a)].map(|(from, to)| {
                let (low, high) = (from.min(to), from.max(to));
                *split.entry((low, high)).or_insert_with(|| {
                    let (one, other) = (&self.vertices[low as usize], &self.vertices[high as usize]);
                    let mut vertex = between(one, other, 0.5);
                    if !wanted(vertex.position) {
                        return None;
                    }
                    let onto = |plane: &Vertex| {
                        let normal = plane.normal.unwrap_or(Vec3::ZERO);
                        vertex.position - normal * normal.dot(vertex.position - plane.position)
                    };
                    let curved = (onto(one) + onto(other)) / 2.0;
                    vertex.position = vertex.position.lerp(curved, 0.75);
                    self.vertices.push(vertex);
                    Some(self.vertices.len() as u32 - 1)
                })
            });
            match middles {
                [None, None, None] => fine.push(triangle),
                [Some(ab), Some(bc), Some(ca)] => fine.extend([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]),
                [Some(ab), None, None] => fine.extend([[a, ab, c], [ab, b, c]]),
                [None, Some(bc), None] => fine.extend([[b, bc, a], [bc, c, a]]),
                [None, None, Some(ca)] => fine.extend([[c, ca, b], [ca, a, b]]),
                [Some(ab), Some(bc), None] => fine.extend([[ab, b, bc], [a, ab, bc], [a, bc, c]]),
                [None, Some(bc), Some(ca)] => fine.extend([[bc, c, ca], [b, bc, ca], [b, ca, a]]),
                [Some(ab), None, Some(ca)] => fine.extend([[ca, a, ab], [c, ca, ab], [c, ab, b]]),
            }
        }
        self.triangles = fine;
        self
    }

    /// Coarser where nobody looks: vertices within a cell of `size` metres become one of them.
    pub(crate) fn clustered(mut self, size: f32) -> Self {
        let mut first: HashMap<[i32; 3], u32> = HashMap::new();
        let merged: Vec<u32> = (0_u32..)
            .zip(&self.vertices)
            .map(|(index, vertex)| {
                *first.entry((vertex.position / size).floor().as_ivec3().to_array()).or_insert(index)
            })
            .collect();
        for triangle in &mut self.triangles {
            *triangle = triangle.map(|index| merged[index as usize]);
        }
        self.triangles.retain(|[a, b, c]| a != b && b != c && c != a);
        self.compact();
        self
    }

    /// Edges with a triangle on one side only, in that triangle's direction.
    pub(crate) fn border(&self) -> Vec<[u32; 2]> {
        let mut edges: HashMap<(u32, u32), (u32, [u32; 2])> = HashMap::new();
        for [a, b, c] in &self.triangles {
            for (from, to) in [(*a, *b), (*b, *c), (*c, *a)] {
                edges.entry((from.min(to), from.max(to))).or_insert((0, [from, to])).0 += 1;
            }
        }
        let mut border: Vec<[u32; 2]> =
            edges.into_values().filter(|(count, _)| *count == 1).map(|(_, edge)| edge).collect();
        border.sort_unstable();
        border
    }

    /// Turns the border in by `depth` metres against the normals: the thickness of cloth, and
    /// what lies on the skin under its edge.
    pub(crate) fn hemmed(mut self, depth: impl Fn(Vec3) -> f32) -> Self {
        let border = self.border();
        let mut inner: HashMap<u32, u32> = HashMap::new();
        for index in border.iter().flatten() {
            inner.entry(*index).or_insert_with(|| {
                let mut vertex = self.vertices[*index as usize].clone();
                let normal = vertex.normal.unwrap_or(Vec3::Y);
                vertex.position -= normal * depth(vertex.position);
                self.vertices.push(vertex);
                self.vertices.len() as u32 - 1
            });
        }
        for [from, to] in border {
            let (inner_from, inner_to) = (inner[&from], inner[&to]);
            self.triangles.push([to, from, inner_from]);
            self.triangles.push([to, inner_from, inner_to]);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Part {
        let vertex = |x: f32, y: f32, index: u32| Vertex {
            position: Vec3::new(x, y, 0.0),
            normal: Some(Vec3::Z),
            colour: Vec3::ONE,
            follows: vec![(index, 1.0)],
            influence: None,
            extra: Vec::new(),
        };
        let mut part = Part {
            vertices: vec![vertex(0.0, 0.0, 0), vertex(1.0, 0.0, 1), vertex(1.0, 1.0, 2), vertex(0.0, 1.0, 3)],
            triangles: Vec::new(),
        };
        part.push_quad([0, 1, 2, 3]);
        part
    }

    fn area(part: &Part) -> f32 {
        let corner = |index: u32| part.vertices[index as usize].position;
        part.triangles.iter().map(|[a, b, c]| (corner(*b) - corner(*a)).cross(corner(*c) - corner(*a)).z / 2.0).sum()
    }

    #[test]
    fn a_cut_takes_the_area_beyond_it_and_keeps_facing() {
        let cut = square().cut(|vertex| vertex.position.x - 0.25);
        assert!((area(&cut) - 0.25).abs() < 1e-6, "{}", area(&cut));
        for vertex in &cut.vertices {
            let total: f32 = vertex.follows.iter().map(|(_, weight)| weight).sum();
            assert!((total - 1.0).abs() < 1e-6);
        }
        assert!(square().cut(|_| 1.0).triangles.is_empty());
    }

    #[test]
    fn refining_keeps_a_flat_part_flat_and_whole() {
        let fine = square().refined(|_| true);
        assert_eq!((fine.triangles.len(), fine.vertices.len()), (8, 9));
        assert!((area(&fine) - 1.0).abs() < 1e-6);
        assert_eq!(fine.border().len(), 8);
    }

    #[test]
    fn refining_a_part_of_a_part_leaves_no_cracks() {
        let half = square().refined(|_| true).refined(|middle| middle.x > 0.6);
        assert!((area(&half) - 1.0).abs() < 1e-6, "{}", area(&half));
        assert_eq!(half.border().len(), 4 + 3 + 3 + 2, "only the square's own rim is open");
    }
}
