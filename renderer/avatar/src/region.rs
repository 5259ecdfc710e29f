//! The rectangle of a picture that is drawn: what the avatar covers, and no more.
//!
//! On a software rasteriser the cost of a frame is that of its pixels: clearing, smoothing, copying.
//! A signer fills a fifth of a 16:9 picture; the rest is background, which needs no drawing.

use glam::{Mat4, Vec4};

use crate::deform::Bounds;

/// Pixels kept free around the vertices, for smoothed edges.
const MARGIN: f32 = 2.0;
/// Sides and corners of regions are multiples of this many pixels, or the picture's edge.
const GRID: u32 = 16;

/// A rectangle in pixels, from the top left of the picture. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Region {
    /// What `bounds` covers of a picture of `size`; a corner of it if it covers nothing.
    pub(crate) fn covering(bounds: Bounds, size: (u32, u32)) -> Self {
        let (left, right) = axis(bounds.low.x, bounds.high.x, size.0);
        let (top, bottom) = axis(-bounds.high.y, -bounds.low.y, size.1);
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }

    /// Takes clip space of the whole picture to clip space of this part of it.
    pub(crate) fn part_from_whole(&self, size: (u32, u32)) -> Mat4 {
        let (width, height) = (size.0 as f32, size.1 as f32);
        let half = (self.width as f32 / width, self.height as f32 / height);
        let centre_x = (2 * self.x + self.width) as f32 / width - 1.0;
        let centre_y = 1.0 - (2 * self.y + self.height) as f32 / height;
        Mat4::from_cols(
            Vec4::new(1.0 / half.0, 0.0, 0.0, 0.0),
            Vec4::new(0.0, 1.0 / half.1, 0.0, 0.0),
            Vec4::Z,
            Vec4::new(-centre_x / half.0, -centre_y / half.1, 0.0, 1.0),
        )
    }
}

/// First and last-plus-one pixel of −1..1 stretched over `side`, widened to the grid.
fn axis(low: f32, high: f32, side: u32) -> (u32, u32) {
    let pixel = |at: f32| (0.5 + 0.5 * at) * side as f32;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture; NaN is 0")]
    let (from, to) = (
        (pixel(low) - MARGIN).clamp(0.0, side as f32).floor() as u32,
        (pixel(high) + MARGIN).clamp(0.0, side as f32).ceil() as u32,
    );
    let from = (from / GRID * GRID).min(side.saturating_sub(GRID));
    let to = to.max(from + 1).div_ceil(GRID).saturating_mul(GRID).min(side);
    (from, to)
}

#[cfg(test)]
mod tests {
    use glam::{Vec2, Vec3};

    use super::*;

    fn bounds(low: [f32; 2], high: [f32; 2]) -> Bounds {
        Bounds { low: Vec2::from(low), high: Vec2::from(high) }
    }

    #[test]
    fn a_region_holds_what_it_covers_and_stays_in_the_picture() {
        let size = (1280, 720);
        for (low, high) in [([-0.2, -1.4], [0.3, 0.9]), ([-1.0, -1.0], [1.0, 1.0]), ([0.9, -3.0], [5.0, -0.99])] {
            let region = Region::covering(bounds(low, high), size);
            assert!(region.x + region.width <= 1280 && region.y + region.height <= 720, "{region:?}");
            assert!(region.x as f32 <= (low[0].clamp(-1.0, 1.0) * 0.5 + 0.5) * 1280.0, "{region:?}");
            assert!((region.x + region.width) as f32 >= (high[0].clamp(-1.0, 1.0) * 0.5 + 0.5) * 1280.0, "{region:?}");
        }
    }

    #[test]
    fn what_is_out_of_sight_still_has_a_region() {
        for (low, high) in [([2.0, 2.0], [3.0, 3.0]), ([-3.0, -3.0], [-2.0, -2.0]), ([f32::NAN; 2], [f32::NAN; 2])] {
            let region = Region::covering(bounds(low, high), (17, 16));
            assert!(region.width > 0 && region.height > 0, "{region:?}");
            assert!(region.x + region.width <= 17 && region.y + region.height <= 16, "{region:?}");
        }
    }

    #[test]
    fn a_parts_corners_are_the_corners_of_its_clip_space() {
        let region = Region { x: 320, y: 90, width: 640, height: 180 };
        let part = region.part_from_whole((1280, 720));
        // (320, 90) of 1280×720 is (−0.5, 0.75) of the whole.
        assert!(part.project_point3(Vec3::new(-0.5, 0.75, 0.3)).distance(Vec3::new(-1.0, 1.0, 0.3)) < 1e-5);
        assert!(part.project_point3(Vec3::new(0.5, 0.25, 0.3)).distance(Vec3::new(1.0, -1.0, 0.3)) < 1e-5);
    }
}
