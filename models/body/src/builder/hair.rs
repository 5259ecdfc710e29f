//! Hair: parted at the side, swept back into a low knot, ears free for the hands.
//!
//! The scalp's own faces, refined, grow outwards from the hairline; strands run from the parting
//! and the hairline to the knot.

use glam::{Quat, Vec3};
use signing::Bone;

use super::{
    head::{Head, bell, interpolate, smooth},
    paint::Paint,
    part::{Part, Vertex},
    sculpt::Sculpt,
    skin::Influence,
};

const DARK: Vec3 = Vec3::new(0.0125, 0.0095, 0.0085);
const LIGHT: Vec3 = Vec3::new(0.050, 0.036, 0.030);
/// Where the hair is parted: metres to the signer's left.
const PARTING_M: f32 = 0.026;

/// Hairline's height above the eyes by degrees from the front (metres), signer's left.
const HAIRLINE: [(f32, f32); 13] = [
    (0.0, 0.0565),
    (18.0, 0.0570),
    (34.0, 0.0525),
    (47.0, 0.0440),
    (58.0, 0.0330),
    (68.0, 0.0170),
    (76.0, 0.0),
    (83.0, -0.016),
    (89.0, -0.014),
    (97.0, 0.012),
    (114.0, 0.010),
    (135.0, -0.030),
    (180.0, -0.052),
];

/// Metres above the hairline; negative is bare skin.
pub(crate) fn above_hairline(head: &Head, point: Vec3) -> f32 {
    let azimuth = head.azimuth_deg(point);
    // The larger side of the parting is swept lower over the forehead.
    let swept = 0.007 * bell(azimuth + 26.0, 22.0);
    point.y - head.eye.y - interpolate(&HAIRLINE, azimuth.abs()) + swept
}

/// Whether hair hides a point of the scalp, with some to spare.
pub(crate) fn hides(head: &Head, paint: &Paint, index: usize, point: Vec3) -> bool {
    paint.ears[index] < 0.05 && above_hairline(head, point) > 0.020
}

fn knot(head: &Head) -> Vec3 {
    Vec3::new(0.0, head.eye.y - 0.012, head.middle.z - 0.115)
}

/// A value that wanders between −1 and 1 along the strands' coordinate.
fn strands(coordinate: f32) -> f32 {
    0.45 * (coordinate * 23.0).sin() + 0.35 * (coordinate * 47.0 + 1.3).sin() + 0.2 * (coordinate * 91.0 + 0.4).sin()
}

/// Angle about the axis through the knot: strands are lines of equal angle.
fn strand_angle(head: &Head, point: Vec3) -> f32 {
    let centre = head.middle + Vec3::Y * 0.02;
    let axis = (knot(head) - centre).normalize_or(Vec3::NEG_Z);
    let across = axis.cross(Vec3::Y).normalize_or(Vec3::X);
    let up = across.cross(axis);
    let from = point - centre;
    from.dot(across).atan2(from.dot(up))
}

/// All of the hair.
pub(crate) fn hair(sculpt: &Sculpt, head: &Head, paint: &Paint, skin: Vec3) -> Part {
    let scalp: Vec<[u32; 4]> = sculpt
        .body
        .iter()
        .filter(|quad| {
            quad.iter().all(|index| {
                let at = sculpt.relaxed[*index as usize];
                at.y > head.eye.y - 0.09 && above_hairline(head, at) > -0.03
            })
        })
        .copied()
        .collect();
    let mut cap = Part::of_faces(sculpt, &scalp, |_| 0.0, |_| DARK)
        .refined(|_| true)
        // Strands need fine faces only where the camera looks.
        .refined(|middle| middle.z > head.middle.z + 0.015)
        .cut(|vertex| {
            let ear: f32 = vertex.follows.iter().map(|(index, weight)| paint.ears[*index as usize] * weight).sum();
            (-above_hairline(head, vertex.position)).max((ear - 0.30) * 0.02)
        });
    for vertex in &mut cap.vertices {
        grow(head, vertex, skin);
    }
    let mut part = cap.with_own_normals();
    part.append(bun(head));
    part
}

fn grow(head: &Head, vertex: &mut Vertex, skin: Vec3) {
    let at = vertex.position;
    let normal = vertex.normal.unwrap_or(Vec3::Y);
    let above = above_hairline(head, at).max(0.0);
    let height = ((at.y - head.eye.y) / (head.top_y - head.eye.y)).clamp(0.0, 1.0);
    let front = smooth((at.z - head.middle.z) / 0.06);
    let back = smooth((head.middle.z - at.z) / 0.06);
    // Full on top and behind, close at the temples and the nape.
    let full = 0.0065 + 0.0085 * smooth((height - 0.25) / 0.6) + 0.005 * back * smooth((height + 0.1) / 0.4);
    let root = 0.0012 + (1.0 - 0.0012 / full) * full * smooth(above / (0.022 + 0.012 * back)).powf(0.75);
    // The parting: a furrow from the hairline to the crown.
    let parted = smooth((at.z - head.middle.z + 0.030) / 0.03) * smooth((height - 0.45) / 0.2);
    let furrow = bell(at.x - PARTING_M, 0.0042) * parted;
    // Hair rises on either side of the parting, more where there is more of it.
    let lift =
        parted * (0.0045 * bell(at.x - PARTING_M + 0.022, 0.020) + 0.002 * bell(at.x - PARTING_M - 0.014, 0.010));
    let angle = strand_angle(head, at);
    let strand = strands(angle);
    let thick = (root + lift * front.max(0.4)) * (1.0 - 0.60 * furrow * smooth((0.97 - height) / 0.15).max(0.35))
        + 0.0009 * strand * smooth(above / 0.02);
    vertex.position = at + normal * thick.max(0.0008);
    let tone = 0.5 + 0.5 * strand;
    let mut colour = DARK.lerp(LIGHT, tone * tone * 0.8);
    // Thin at the hairline: skin shows through.
    let thin = 1.0 - smooth(above / 0.0035);
    colour = colour.lerp(skin * 0.55, 0.40 * thin * front);
    vertex.colour = colour.lerp(skin * 0.35, 0.65 * bell(at.x - PARTING_M, 0.0021) * parted);
}

/// The knot at the back of the head.
fn bun(head: &Head) -> Part {
    const RINGS: u32 = 9;
    const SEGMENTS: u32 = 20;
    let centre = knot(head) + Vec3::new(0.0, 0.0, 0.004);
    let radii = Vec3::new(0.036, 0.033, 0.026);
    let mut part = Part::default();
    for ring in 0..=RINGS {
        let polar = ring as f32 / RINGS as f32 * std::f32::consts::PI;
        for segment in 0..SEGMENTS {
            let around = segment as f32 / SEGMENTS as f32 * std::f32::consts::TAU;
            let direction = Quat::from_rotation_z(around) * Quat::from_rotation_x(polar) * Vec3::NEG_Z;
            // Coiled: strands run around the axis, wound a little inwards.
            let strand = strands(polar * 1.3 + around * 0.11);
            part.vertices.push(Vertex {
                position: centre + direction * radii * (1.0 + 0.02 * strand),
                normal: None,
                colour: DARK.lerp(LIGHT, (0.5 + 0.5 * strand).powi(2) * 0.8),
                follows: Vec::new(),
                influence: Some(Influence::rigid(Bone::Head.index())),
                extra: Vec::new(),
            });
        }
    }
    for ring in 0..RINGS {
        for segment in 0..SEGMENTS {
            let next = (segment + 1) % SEGMENTS;
            let [a, b] = [ring * SEGMENTS + segment, ring * SEGMENTS + next];
            part.push_quad([a, b, b + SEGMENTS, a + SEGMENTS]);
        }
    }
    part
}
