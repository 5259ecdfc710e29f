//! How far head and trunk come forward at each height: most of what hands do is in front of that, and need not be compared
//! with any volume.

use glam::Vec3;

use crate::volume::Volume;

/// The most forward that volumes come, by height.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    /// The lowest height, metres.
    low: f32,
    /// By [`Front::BAND_M`] of height from there on, metres.
    bands: Vec<f32>,
}

impl Front {
    /// Larger balls are never called clear, metres.
    const MARGIN_M: f32 = 0.06;
    /// Height of a band, metres.
    const BAND_M: f32 = 0.02;

    pub(crate) fn of(volumes: &[Volume]) -> Self {
        let reach = |volume: &Volume| volume.segment.radius + Self::MARGIN_M;
        let low_of = |volume: &Volume| volume.segment.from.y.min(volume.segment.to.y) - reach(volume);
        let high_of = |volume: &Volume| volume.segment.from.y.max(volume.segment.to.y) + reach(volume);
        let low = volumes.iter().map(low_of).fold(f32::INFINITY, f32::min);
        let high = volumes.iter().map(high_of).fold(low, f32::max);
        let mut bands = Vec::new();
        let mut from = low;
        while from < high {
            let to = from + Self::BAND_M;
            let near = volumes.iter().filter(|volume| low_of(volume) <= to && high_of(volume) >= from);
            let front = near.map(|volume| volume.segment.from.z.max(volume.segment.to.z) + reach(volume));
            bands.push(front.fold(f32::NEG_INFINITY, f32::max));
            from = to;
        }
        Self { low, bands }
    }

    /// Whether a ball is clear of every volume because it is in front of all, above or below.
    pub(crate) fn is_clear(&self, point: Vec3, radius: f32) -> bool {
        if radius > Self::MARGIN_M {
            return false;
        }
        let band = (point.y - self.low) / Self::BAND_M;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, a few hundred")]
        let known = if band >= 0.0 { self.bands.get(band as usize) } else { None };
        known.is_none_or(|front| point.z > *front)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::volume::Segment;

    #[test]
    fn a_ball_that_is_in_a_volume_is_never_called_clear() {
        let segment = |from: [f32; 3], to: [f32; 3], radius: f32| Segment { from: from.into(), to: to.into(), radius };
        let segments =
            [segment([-0.1, 1.0, 0.0], [0.1, 1.0, 0.05], 0.12), segment([0.0, 1.3, 0.02], [0.0, 1.6, 0.06], 0.08)];
        let front = Front::of(&segments.map(Volume::from));
        let (mut clear, mut all) = (0, 0);
        for x in -4_i16..=4 {
            for y in 0..60_i16 {
                for z in -5_i16..30 {
                    let point = Vec3::new(f32::from(x) * 0.05, 0.75 + f32::from(y) * 0.017, f32::from(z) * 0.011);
                    let is_in =
                        segments.iter().any(|segment| segment.distance(point) < segment.radius + Front::MARGIN_M);
                    assert!(!(is_in && front.is_clear(point, Front::MARGIN_M)), "{point}");
                    clear += usize::from(front.is_clear(point, Front::MARGIN_M));
                    all += 1;
                }
            }
        }
        assert!(clear > all / 3, "{clear} of {all}");
        assert!(!front.is_clear(Vec3::Z * 5.0, Front::MARGIN_M * 1.1), "larger balls are compared");
    }
}
