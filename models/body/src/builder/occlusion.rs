//! How much of the sky a point of the skin sees: shading baked into vertex colours.

use glam::Vec3;

/// Directions a point looks in.
const RAYS: usize = 48;
/// Surfaces farther away than this don't darken, metres.
const REACH_M: f32 = 0.07;
/// Rays start this far off the surface, metres.
const LIFT_M: f32 = 0.0006;
const LEAF: usize = 6;

struct Branch {
    low: Vec3,
    high: Vec3,
    /// Children in `branches`, or a range of `order` for leaves.
    kind: Kind,
}

enum Kind {
    Leaf(usize, usize),
    Fork(usize, usize),
}

/// Triangles in a tree of boxes.
pub(crate) struct Occluder {
    triangles: Vec<[Vec3; 3]>,
    branches: Vec<Branch>,
}

impl Occluder {
    pub(crate) fn new(mut triangles: Vec<[Vec3; 3]>) -> Self {
        let mut branches = Vec::new();
        let count = triangles.len();
        grow(&mut triangles, 0, count, &mut branches);
        Self { triangles, branches }
    }

    /// 1 where nothing is near, falling towards 0 in a crease.
    pub(crate) fn openness(&self, point: Vec3, normal: Vec3) -> f32 {
        let side = normal.any_orthonormal_vector();
        let up = normal.cross(side);
        let start = point + normal * LIFT_M;
        let mut open = 0.0;
        for index in 0..RAYS {
            // Evenly over the hemisphere, weighted by the cosine (Malley's method on a Fibonacci spiral).
            let radius = ((index as f32 + 0.5) / RAYS as f32).sqrt();
            let angle = index as f32 * 2.399_963;
            let direction = side * (radius * angle.cos())
                + up * (radius * angle.sin())
                + normal * (1.0 - radius * radius).max(0.0).sqrt();
            open += self.nearest(start, direction).map_or(1.0, |distance| (distance / REACH_M).powf(0.6));
        }
        open / RAYS as f32
    }

    fn nearest(&self, from: Vec3, direction: Vec3) -> Option<f32> {
        let inverse = direction.recip();
        let mut best = REACH_M;
        let mut met = false;
        let mut stack = [0_usize; 64];
        let mut depth = usize::from(!self.branches.is_empty());
        while depth > 0 {
            depth -= 1;
            let branch = &self.branches[stack[depth]];
            let (a, b) = ((branch.low - from) * inverse, (branch.high - from) * inverse);
            let (enter, leave) = (a.min(b).max_element(), a.max(b).min_element());
            if enter > leave || leave < 0.0 || enter > best {
                continue;
            }
            match branch.kind {
                Kind::Leaf(first, last) => {
                    for triangle in &self.triangles[first..last] {
                        if let Some(distance) = meet(from, direction, triangle).filter(|distance| *distance < best) {
                            best = distance;
                            met = true;
                        }
                    }
                }
                Kind::Fork(one, other) => {
                    // The tree halves at each fork, so 64 levels are never reached.
                    stack[depth] = one;
                    stack[depth + 1] = other;
                    depth += 2;
                }
            }
        }
        met.then_some(best)
    }
}

fn grow(triangles: &mut [[Vec3; 3]], first: usize, last: usize, branches: &mut Vec<Branch>) -> usize {
    let part = &mut triangles[first..last];
    let corners = part.iter().flatten();
    let (low, high) =
        corners.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), corner| (low.min(*corner), high.max(*corner)));
    let index = branches.len();
    branches.push(Branch { low, high, kind: Kind::Leaf(first, last) });
    if last - first > LEAF {
        let axis = (high - low).max_position();
        let middle = (last - first) / 2;
        let centre = |triangle: &[Vec3; 3]| triangle.iter().map(|corner| corner[axis]).sum::<f32>();
        part.select_nth_unstable_by(middle, |a, b| centre(a).total_cmp(&centre(b)));
        let one = grow(triangles, first, first + middle, branches);
        let other = grow(triangles, first + middle, last, branches);
        branches[index].kind = Kind::Fork(one, other);
    }
    index
}

/// Möller and Trumbore 1997, both sides.
fn meet(from: Vec3, direction: Vec3, [a, b, c]: &[Vec3; 3]) -> Option<f32> {
    let (ab, ac) = (*b - *a, *c - *a);
    let p = direction.cross(ac);
    let determinant = ab.dot(p);
    if determinant.abs() < 1e-14 {
        return None;
    }
    let to = from - *a;
    let u = to.dot(p) / determinant;
    let q = to.cross(ab);
    let v = direction.dot(q) / determinant;
    let distance = ac.dot(q) / determinant;
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && distance > 1e-5).then_some(distance)
}
