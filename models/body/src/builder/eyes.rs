//! Eyeballs with crisp irises: rings of vertices, doubled where the colour changes.

use glam::{Quat, Vec3};
use signing::Bone;

use super::{
    head::Head,
    part::{Part, Vertex},
    skin::Influence,
};

const SEGMENTS: u32 = 24;
/// Radius of an adult's iris, metres (mean visible iris diameter 11.8 mm).
const IRIS_M: f32 = 0.0060;

/// Both eyeballs, each on its bone.
pub(crate) fn eyes(head: &Head) -> Part {
    let mut part = eye(head, head.eye, Bone::LeftEye);
    part.append(eye(head, Vec3::new(-head.eye.x, head.eye.y, head.eye.z), Bone::RightEye));
    part
}

fn eye(head: &Head, centre: Vec3, bone: Bone) -> Part {
    let iris = (IRIS_M / head.eye_radius).min(0.9).asin().to_degrees();
    let pupil = 0.36 * iris;
    // Degrees from the axis, linear RGB. Two rings at one angle make an edge.
    let rings = [
        (0.0, Vec3::splat(0.004)),
        (pupil, Vec3::splat(0.004)),
        (pupil, Vec3::new(0.075, 0.034, 0.016)),
        (0.72 * iris, Vec3::new(0.050, 0.022, 0.011)),
        (0.90 * iris, Vec3::new(0.020, 0.010, 0.006)),
        (iris, Vec3::new(0.010, 0.007, 0.006)),
        (iris + 0.6, Vec3::new(0.78, 0.75, 0.73)),
        (58.0, Vec3::new(0.68, 0.60, 0.58)),
        (80.0, Vec3::new(0.42, 0.30, 0.28)),
        (105.0, Vec3::new(0.30, 0.20, 0.18)),
    ];
    let mut part = Part::default();
    let vertex = |direction: Vec3, radius: f32, colour: Vec3| Vertex {
        position: centre + direction * radius,
        normal: Some(direction),
        colour,
        follows: Vec::new(),
        influence: Some(Influence::rigid(bone.index())),
        extra: Vec::new(),
    };
    for (angle, colour) in rings {
        for segment in 0..SEGMENTS {
            let around = segment as f32 / SEGMENTS as f32 * std::f32::consts::TAU;
            let tilted = Quat::from_rotation_z(around) * Quat::from_rotation_x(-f32::to_radians(angle)) * Vec3::Z;
            part.vertices.push(vertex(tilted, head.eye_radius, colour));
        }
    }
    for ring in 0..rings.len() as u32 - 1 {
        if (rings[ring as usize].0 - rings[ring as usize + 1].0).abs() < 1e-6 {
            continue;
        }
        for segment in 0..SEGMENTS {
            let next = (segment + 1) % SEGMENTS;
            let [a, b] = [ring * SEGMENTS + segment, ring * SEGMENTS + next];
            let [c, d] = [b + SEGMENTS, a + SEGMENTS];
            if ring == 0 {
                part.triangles.push([a, d, c]);
            } else {
                part.push_quad([a, d, c, b]);
            }
        }
    }
    glint(&mut part, head, vertex);
    part
}

/// A window's reflection, the same side on both eyes: an eye without it looks dead.
fn glint(part: &mut Part, head: &Head, vertex: impl Fn(Vec3, f32, Vec3) -> Vertex) {
    const SIDES: u32 = 8;
    let axis = Vec3::new(0.17, 0.19, 1.0).normalize();
    let side = axis.any_orthonormal_vector();
    let up = axis.cross(side);
    let base = part.vertices.len() as u32;
    let radius = head.eye_radius * 1.012;
    for index in 0..SIDES {
        let angle = index as f32 / SIDES as f32 * std::f32::consts::TAU;
        let direction = (axis + (side * angle.cos() + up * angle.sin()) * 0.085).normalize();
        part.vertices.push(vertex(direction, radius, Vec3::splat(0.85)));
    }
    for index in 1..SIDES - 1 {
        part.triangles.push([base, base + index, base + index + 1]);
    }
}
