//! Eyebrows: strips laid on the face, following its shapes.

use glam::Vec3;
use signing::FaceShape;

use super::{
    head::{Head, smooth},
    part::{Part, Vertex},
    sculpt::{self, Sculpt},
};

const ALONG: u32 = 16;
const ACROSS: u32 = 5;
/// Hair stands off the skin by this much in the brow's middle, metres.
const LIFT_M: f32 = 0.0011;
const HAIR: Vec3 = Vec3::new(0.020, 0.014, 0.011);

/// Both eyebrows. `skin` is the skin's colour, into which their edges fade.
pub(crate) fn brows(sculpt: &Sculpt, head: &Head, face: &[[u32; 4]], skin: Vec3) -> Part {
    let mut part = brow(sculpt, head, face, skin, 1.0);
    part.append(brow(sculpt, head, face, skin, -1.0));
    part
}

fn brow(sculpt: &Sculpt, head: &Head, face: &[[u32; 4]], skin: Vec3, side: f32) -> Part {
    let (inner_x, outer_x) = (head.eye.x - 0.0155, head.eye.x + 0.0240);
    let mut part = Part::default();
    let mut complete = true;
    for along in 0..ALONG {
        let t = along as f32 / (ALONG - 1) as f32;
        for across in 0..ACROSS {
            let s = across as f32 / (ACROSS - 1) as f32 * 2.0 - 1.0;
            // The hairs of the inner end stand up: it leans.
            let x = inner_x + (outer_x - inner_x) * t + 0.0012 * s * (1.0 - t);
            let y = head.eye.y + height(t) + half_width(t) * s;
            let Some((follows, point, normal)) = on_face(sculpt, face, Vec3::new(x * side, y, 0.0)) else {
                complete = false;
                continue;
            };
            let inside = 1.0 - s.abs();
            let fade = if across == 0 || across == ACROSS - 1 { 0.65 } else { 0.0 };
            let end_fade = if along == 0 { 0.45 } else { 0.0 };
            // Single hairs: every other column a little lighter.
            let hair = HAIR * if along % 2 == 0 { 1.0 } else { 1.35 };
            part.vertices.push(Vertex {
                position: point + normal * (LIFT_M * (0.35 + 0.65 * inside)),
                normal: Some(normal),
                colour: hair.lerp(skin * 0.8, f32::max(fade, end_fade)),
                follows,
                influence: None,
                extra: knitting(t, side),
            });
        }
    }
    if !complete {
        // A brow with holes would be worse than none; the test of the built avatar asks for both.
        return Part::default();
    }
    for along in 0..ALONG - 1 {
        for across in 0..ACROSS - 1 {
            let a = along * ACROSS + across;
            let quad = [a, a + ACROSS, a + ACROSS + 1, a + 1];
            part.push_quad(if side > 0.0 { quad } else { [quad[0], quad[3], quad[2], quad[1]] });
        }
    }
    part
}

/// What the brow's hairs do beyond the skin under them, so that a frown and a question read in a
/// small picture: the inner end drops and nears the other, or rises.
fn knitting(t: f32, side: f32) -> Vec<(FaceShape, Vec3)> {
    let inner = 1.0 - smooth(t / 0.7);
    let outer = smooth((t - 0.3) / 0.6);
    let (down, up) = if side > 0.0 {
        (FaceShape::BrowDownLeft, FaceShape::BrowOuterUpLeft)
    } else {
        (FaceShape::BrowDownRight, FaceShape::BrowOuterUpRight)
    };
    vec![
        (down, Vec3::new(-0.0016 * side, -0.0030, 0.0008) * inner),
        (FaceShape::BrowInnerUp, Vec3::Y * (0.0022 * inner)),
        (up, Vec3::Y * (0.0015 * outer)),
    ]
}

/// Where the brow runs, metres above the eye's centre, from its inner (0) to its outer end (1):
/// highest at six tenths.
fn height(t: f32) -> f32 {
    let from_peak = t - 0.6;
    0.0222 - if from_peak < 0.0 { 0.0095 } else { 0.036 } * from_peak * from_peak
}

/// Half the brow's width, metres: full early, tapering to a point.
fn half_width(t: f32) -> f32 {
    0.0030 * smooth((t + 0.3) / 0.45) * (1.0 - t * t).max(0.0).powf(0.8) + 0.0003
}

type OnFace = (Vec<(u32, f32)>, Vec3, Vec3);

/// The frontmost point of the face at `place.x`, `place.y`.
fn on_face(sculpt: &Sculpt, face: &[[u32; 4]], place: Vec3) -> Option<OnFace> {
    let mut best: Option<OnFace> = None;
    for triangle in face.iter().flat_map(|quad| sculpt::triangles_of(*quad)) {
        let [a, b, c] = triangle.map(|index| sculpt.relaxed[index as usize]);
        let (ab, ac, ap) = ((b - a).truncate(), (c - a).truncate(), (place - a).truncate());
        let area = ab.perp_dot(ac);
        if area.abs() < 1e-12 {
            continue;
        }
        let (wb, wc) = (ap.perp_dot(ac) / area, ab.perp_dot(ap) / area);
        let weights = [1.0 - wb - wc, wb, wc];
        if weights.iter().any(|weight| *weight < 0.0) {
            continue;
        }
        let point = a * weights[0] + b * weights[1] + c * weights[2];
        if best.as_ref().is_none_or(|(_, known, _)| point.z > known.z) {
            let follows: Vec<(u32, f32)> = triangle.into_iter().zip(weights).collect();
            let normal: Vec3 =
                follows.iter().map(|(index, weight)| sculpt.relaxed_normals[*index as usize] * *weight).sum();
            best = Some((follows, point, normal.normalize_or(Vec3::Z)));
        }
    }
    best
}
