//! One picture with alpha → fill and key: two opaque pictures of the same moment.

use signing::VideoFrame;

use crate::bleed::EdgeBleed;

/// What the fill holds where the picture is half transparent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fill {
    /// The signer's own colour, carried on beyond its edge: the keyer multiplies it by the key.
    #[default]
    Straight,
    /// The colour times the key, on black: the keyer adds it.
    Premultiplied,
}

/// Splits pictures. Keeps its memory from picture to picture.
#[derive(Debug)]
pub struct Keyer {
    fill: Fill,
    bleed: EdgeBleed,
}

impl Keyer {
    /// A keyer that makes `fill`.
    pub fn new(fill: Fill) -> Self {
        Self { fill, bleed: EdgeBleed::default() }
    }

    /// Turns `picture` (straight alpha, both sides even) into the fill, and gives the key: grey, its value the alpha.
    pub fn split(&mut self, picture: &mut VideoFrame) -> Vec<u8> {
        let width = picture.width() as usize;
        let rgba = picture.rgba_mut();
        let key = rgba.chunks_exact(4).flat_map(|pixel| [pixel[3], pixel[3], pixel[3], u8::MAX]).collect();
        match self.fill {
            Fill::Straight => self.bleed.apply(rgba, width, width * 4),
            Fill::Premultiplied => {
                for pixel in rgba.chunks_exact_mut(4) {
                    let alpha = u16::from(pixel[3]);
                    for value in &mut pixel[..3] {
                        // A byte times a share of a byte is a byte.
                        *value = ((u16::from(*value) * alpha + 127) / 255) as u8;
                    }
                }
            }
        }
        key
    }
}

/// Lays `above` over the opaque picture `below`, its upper left corner at `(x, y)` pixels; what lies outside is cut off.
pub fn lay(below: &mut VideoFrame, above: &VideoFrame, (x, y): (u32, u32)) {
    let columns = above.width().min(below.width().saturating_sub(x)) as usize * 4;
    let rows = above.height().min(below.height().saturating_sub(y)) as usize;
    let (wide, narrow) = (below.width() as usize * 4, above.width() as usize * 4);
    let start = y as usize * wide + x as usize * 4;
    if columns == 0 || rows == 0 {
        return;
    }
    let targets = below.rgba_mut()[start..].chunks_mut(wide);
    for (target, source) in targets.zip(above.rgba().chunks_exact(narrow)).take(rows) {
        for (pixel, over) in target[..columns].chunks_exact_mut(4).zip(source[..columns].chunks_exact(4)) {
            match over[3] {
                0 => {}
                u8::MAX => pixel.copy_from_slice(over),
                alpha => {
                    let alpha = u16::from(alpha);
                    for (value, over) in pixel[..3].iter_mut().zip(over) {
                        // A weighted mean of bytes is a byte.
                        *value = ((u16::from(*over) * alpha + u16::from(*value) * (255 - alpha) + 127) / 255) as u8;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use signing::OutputTime;

    use super::*;

    fn picture() -> VideoFrame {
        let mut rgba = vec![0; 4 * 4 * 4];
        rgba[..4].copy_from_slice(&[200, 100, 50, 255]);
        rgba[4..8].copy_from_slice(&[200, 100, 50, 51]);
        VideoFrame::new(OutputTime::ZERO, 4, 4, rgba).unwrap()
    }

    #[test]
    fn straight_fill_keeps_colour_beyond_the_edge_and_the_key_is_the_alpha() {
        let mut frame = picture();
        let key = Keyer::new(Fill::Straight).split(&mut frame);
        assert_eq!(&key[..12], [255, 255, 255, 255, 51, 51, 51, 255, 0, 0, 0, 255]);
        assert_eq!(frame.rgba()[..3], [200, 100, 50]);
        assert_eq!(frame.rgba()[4..7], [200, 100, 50]);
        assert_eq!(frame.rgba()[8..11], [200, 100, 50], "a hidden neighbour");
    }

    #[test]
    fn what_is_laid_over_a_picture_mixes_and_is_cut_off() {
        let solid = |pixel: [u8; 4], side: u32| {
            VideoFrame::new(OutputTime::ZERO, side, side, pixel.repeat((side * side) as usize)).unwrap()
        };
        for (pixel, corner, changed, expected) in [
            ([255, 0, 0, 255], (1, 1), 4, [255, 0, 0, 255]),
            ([255, 0, 0, 51], (0, 0), 4, [131, 80, 80, 255]),
            ([255, 0, 0, 0], (0, 0), 0, [0; 4]),
            ([255, 0, 0, 255], (3, 3), 1, [255, 0, 0, 255]),
            ([255, 0, 0, 255], (4, 9), 0, [0; 4]),
        ] {
            let mut below = solid([100, 100, 100, 255], 4);
            lay(&mut below, &solid(pixel, 2), corner);
            let other: Vec<_> = below.rgba().chunks(4).filter(|found| **found != [100, 100, 100, 255]).collect();
            assert_eq!(other.len(), changed, "{pixel:?} at {corner:?}");
            assert!(other.iter().all(|found| **found == expected), "{pixel:?} at {corner:?}: {other:?}");
        }
    }

    #[test]
    fn premultiplied_fill_is_colour_times_key() {
        let mut frame = picture();
        let key = Keyer::new(Fill::Premultiplied).split(&mut frame);
        assert_eq!(key[4], 51);
        assert_eq!(frame.rgba()[..3], [200, 100, 50]);
        assert_eq!(frame.rgba()[4..7], [40, 20, 10]);
        assert_eq!(frame.rgba()[8..11], [0, 0, 0]);
    }
}
