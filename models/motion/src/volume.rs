//! Segments with a radius: the shapes that hands, arms and trunk are taken for.

use glam::Vec3;

use crate::rig::Segment;

/// How far above a spot of a hand, along its normal, the outermost of the fingers that lie there ends, metres: 0 if none
/// does. What is still inside of something a finger's thickness above a fist is not covered by it, but behind it.
pub(crate) fn covered_by(fingers: &[Segment], spot: Vec3, normal: Vec3) -> f32 {
    /// The thickness of a closed hand above its palm, or beside its edges.
    const MOST_M: f32 = 0.04;
    const MET_M: f32 = 2e-4;
    let clearance = |at: f32| {
        let point = spot + normal * at;
        fingers.iter().map(|finger| finger.distance(point) - finger.radius).fold(f32::INFINITY, f32::min)
    };
    let mut at = MOST_M;
    if clearance(at) <= 0.0 {
        return 0.0;
    }
    // Never further than what is nearest: from outside inwards, until something is met.
    for _ in 0..48 {
        let clear = clearance(at);
        if clear < MET_M {
            break;
        }
        at -= clear;
        if at <= 0.0 {
            return 0.0;
        }
    }
    at
}

/// The distance between two segments, and where along each (0 to 1) it is.
///
/// Source of the method: C. Ericson, *Real-Time Collision Detection*, 2005, 5.1.9.
pub(crate) fn between_segments(a_from: Vec3, a_to: Vec3, b_from: Vec3, b_to: Vec3) -> (f32, f32, f32) {
    let (along_a, along_b, apart) = (a_to - a_from, b_to - b_from, a_from - b_from);
    let (aa, bb) = (along_a.length_squared(), along_b.length_squared());
    let b_apart = along_b.dot(apart);
    let (s, t) = if aa <= 1e-10 {
        (0.0, if bb <= 1e-10 { 0.0 } else { (b_apart / bb).clamp(0.0, 1.0) })
    } else {
        let a_apart = along_a.dot(apart);
        if bb <= 1e-10 {
            ((-a_apart / aa).clamp(0.0, 1.0), 0.0)
        } else {
            let ab = along_a.dot(along_b);
            let denominator = aa * bb - ab * ab;
            let s =
                if denominator > 1e-12 { ((ab * b_apart - a_apart * bb) / denominator).clamp(0.0, 1.0) } else { 0.0 };
            let t = (ab * s + b_apart) / bb;
            if t < 0.0 {
                ((-a_apart / aa).clamp(0.0, 1.0), 0.0)
            } else if t > 1.0 {
                (((ab - a_apart) / aa).clamp(0.0, 1.0), 1.0)
            } else {
                (s, t)
            }
        }
    };
    ((a_from + along_a * s).distance(b_from + along_b * t), s, t)
}
