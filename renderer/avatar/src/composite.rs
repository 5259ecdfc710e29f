//! Drawn pixels → a picture: averaged, laid on the background or un-premultiplied.

use crate::{Background, region::Region};

/// What was read back: premultiplied sRGB-coded RGBA, rows of `stride` bytes.
pub(crate) struct Drawn<'a> {
    pub bytes: &'a [u8],
    pub stride: usize,
    /// Drawn pixels along one side of a pixel.
    pub scale: u32,
}

/// Fills `[height, width, 4]` with the background and lays what was drawn of `region` on it.
pub(crate) fn compose(drawn: &Drawn<'_>, region: Region, size: (u32, u32), background: Background) -> Vec<u8> {
    let (width, height) = (size.0 as usize, size.1 as usize);
    let empty = match background {
        Background::Color([r, g, b]) => [r, g, b, 255],
        Background::Transparent => [0; 4],
    };
    let mut rgba = if empty == [0; 4] { vec![0; width * height * 4] } else { empty.repeat(width * height) };
    let (x, y) = (region.x as usize, region.y as usize);
    let mut row = vec![0; region.width as usize * 4];
    for line in 0..region.height as usize {
        let source = drawn.row(line, region.width as usize, &mut row);
        let start = ((y + line) * width + x) * 4;
        let target = &mut rgba[start..start + region.width as usize * 4];
        match background {
            Background::Color(color) => over(source, target, color),
            Background::Transparent => straighten(source, target),
        }
    }
    rgba
}

impl Drawn<'_> {
    /// One row of pixels, averaged into `row` if they were drawn larger.
    fn row<'b>(&'b self, line: usize, width: usize, row: &'b mut [u8]) -> &'b [u8] {
        if self.scale == 1 {
            return &self.bytes[line * self.stride..][..width * 4];
        }
        let upper = &self.bytes[2 * line * self.stride..][..width * 8];
        let lower = &self.bytes[(2 * line + 1) * self.stride..][..width * 8];
        for ((pixel, above), below) in row.chunks_exact_mut(4).zip(upper.chunks_exact(8)).zip(lower.chunks_exact(8)) {
            for channel in 0..4 {
                let sum = u16::from(above[channel])
                    + u16::from(above[channel + 4])
                    + u16::from(below[channel])
                    + u16::from(below[channel + 4]);
                #[expect(clippy::cast_possible_truncation, reason = "an average of four bytes")]
                let average = ((sum + 2) / 4) as u8;
                pixel[channel] = average;
            }
        }
        row
    }
}

/// `premultiplied` on a plain colour.
fn over(premultiplied: &[u8], target: &mut [u8], color: [u8; 3]) {
    for (pixel, out) in premultiplied.chunks_exact(4).zip(target.chunks_exact_mut(4)) {
        match pixel[3] {
            0 => {}
            255 => out.copy_from_slice(pixel),
            alpha => {
                let behind = u16::from(255 - alpha);
                for channel in 0..3 {
                    let through = (u16::from(color[channel]) * behind + 127) / 255;
                    let sum = (u16::from(pixel[channel]) + through).min(255) as u8;
                    out[channel] = sum;
                }
            }
        }
    }
}

/// Premultiplied to straight alpha.
fn straighten(premultiplied: &[u8], target: &mut [u8]) {
    for (pixel, out) in premultiplied.chunks_exact(4).zip(target.chunks_exact_mut(4)) {
        match pixel[3] {
            0 => {}
            255 => out.copy_from_slice(pixel),
            alpha => {
                let whole = u16::from(alpha);
                for channel in 0..3 {
                    let straight = ((u16::from(pixel[channel]) * 255 + whole / 2) / whole).min(255) as u8;
                    out[channel] = straight;
                }
                out[3] = alpha;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXEL: Region = Region { x: 1, y: 0, width: 1, height: 1 };

    fn check(bytes: &[u8], scale: u32, background: Background, expected: [u8; 4]) {
        let drawn = Drawn { bytes, stride: bytes.len() / scale as usize, scale };
        let rgba = compose(&drawn, PIXEL, (2, 1), background);
        assert_eq!(rgba[4..], expected);
    }

    #[test]
    fn a_half_covered_pixel_keeps_its_colour_and_loses_alpha() {
        check(&[100, 50, 0, 128], 1, Background::Transparent, [199, 100, 0, 128]);
    }

    #[test]
    fn a_half_covered_pixel_mixes_with_the_background() {
        check(&[100, 50, 0, 128], 1, Background::Color([200, 200, 200]), [200, 150, 100, 255]);
    }

    #[test]
    fn four_drawn_pixels_become_one() {
        let bytes = [200, 0, 0, 255, 0, 0, 0, 0, 200, 0, 0, 255, 0, 0, 0, 0];
        check(&bytes, 2, Background::Transparent, [199, 0, 0, 128]);
    }

    #[test]
    fn what_is_outside_of_the_region_is_background() {
        let drawn = Drawn { bytes: &[9, 9, 9, 255], stride: 4, scale: 1 };
        assert_eq!(compose(&drawn, PIXEL, (2, 1), Background::Color([1, 2, 3]))[..4], [1, 2, 3, 255]);
        assert_eq!(compose(&drawn, PIXEL, (2, 1), Background::Transparent)[..4], [0; 4]);
    }
}
