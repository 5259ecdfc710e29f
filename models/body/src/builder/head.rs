//! Where the head's features are, for the parts that are made for it.

use glam::Vec3;
use signing::Bone;

use super::{BuildError, sculpt::Sculpt, skeleton::Skeleton, source::Source};

/// Measures of the shaped head in the relaxed pose, metres. Head and T-pose agree in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// Left eyeball's centre; the right one mirrors it.
    pub(crate) eye: Vec3,
    /// Eyeball's radius.
    pub(crate) eye_radius: f32,
    /// Middle of the skull at the eyes' height.
    pub(crate) middle: Vec3,
    /// Top of the skull.
    pub(crate) top_y: f32,
}

impl Head {
    pub(crate) fn measure(source: &Source, skeleton: &Skeleton, sculpt: &Sculpt) -> Result<Self, BuildError> {
        let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        for index in source.group("helper-l-eye")?.iter().flatten() {
            low = low.min(sculpt.relaxed[*index as usize]);
            high = high.max(sculpt.relaxed[*index as usize]);
        }
        let eye = skeleton.nodes[Bone::LeftEye.index()].head;
        let (mut back, mut front, mut top_y) = (f32::MAX, f32::MIN, f32::MIN);
        for index in sculpt.body.iter().flatten() {
            let at = sculpt.relaxed[*index as usize];
            if at.y > eye.y {
                back = back.min(at.z);
                front = front.max(at.z);
                top_y = top_y.max(at.y);
            }
        }
        let middle = Vec3::new(0.0, eye.y, f32::midpoint(back, front));
        Ok(Self { eye, eye_radius: (high.y - low.y) / 2.0, middle, top_y })
    }

    /// Degrees around the skull: 0 in front, 90 at the signer's left, ±180 behind.
    pub(crate) fn azimuth_deg(&self, point: Vec3) -> f32 {
        (point.x).atan2(point.z - self.middle.z).to_degrees()
    }
}

/// Piecewise-linear through rising `(x, y)` points; flat beyond the ends.
pub(crate) fn interpolate(points: &[(f32, f32)], x: f32) -> f32 {
    match points.iter().position(|point| point.0 > x) {
        None => points.last().map_or(0.0, |last| last.1),
        Some(0) => points[0].1,
        Some(next) => {
            let ((x0, y0), (x1, y1)) = (points[next - 1], points[next]);
            y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        }
    }
}

/// 0 below 0, 1 above 1, a smooth step between.
pub(crate) fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// 1 at 0, falling as a bell of this width.
pub(crate) fn bell(x: f32, width: f32) -> f32 {
    (-(x / width).powi(2)).exp()
}
