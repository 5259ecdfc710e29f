//! Gives the pixels just outside a cut-out the colour of its edge.
//!
//! 4:2:0 shares one colour among four pixels, and block codecs smear over more. What a transparent
//! pixel hides, usually black, would then show as a dark rim once the picture is keyed. Alpha is left
//! alone, and so is every pixel that can be seen.

/// A hidden pixel looks for colour in its block of 2×2, then 4×4, 8×8 and 16×16 pixels.
const LEVELS: usize = 4;

/// Alpha of a block of 2×2 that is visible throughout.
const ALL_VISIBLE: u32 = 4 * 255;

/// Colour weighted by alpha, summed over the pixels of a block: red, green, blue; then alpha alone. The
/// largest block's 256 pixels × 255 × 255 fit easily.
type Sum = [u32; 4];

/// Fills hidden pixels that share a block with visible ones. Keeps its memory from picture to picture.
#[derive(Debug, Default)]
pub(crate) struct EdgeBleed {
    /// Blocks of 2×2 pixels first; each level has half the blocks of the one before in each direction.
    levels: [Level; LEVELS],
}

#[derive(Debug, Default)]
struct Level {
    columns: usize,
    /// `[rows, columns]`
    sums: Vec<Sum>,
}

impl EdgeBleed {
    /// `rgba` is `[height, stride]` bytes, of which each row begins with `width` pixels; both sides are even.
    pub(crate) fn apply(&mut self, rgba: &mut [u8], width: usize, stride: usize) {
        self.levels[0].sum_pixels(rgba, width, stride);
        for level in 1..LEVELS {
            let (finer, coarser) = self.levels.split_at_mut(level);
            coarser[0].sum_blocks(&finer[level - 1]);
        }
        for (y, rows) in rgba.chunks_exact_mut(stride * 2).enumerate() {
            let (above, below) = rows.split_at_mut(stride);
            for x in 0..width / 2 {
                if self.levels[0].sums[y * (width / 2) + x][3] == ALL_VISIBLE {
                    continue;
                }
                let Some(color) = self.color(x, y) else { continue };
                let block = x * 8..x * 8 + 8;
                let pixels = above[block.clone()].chunks_exact_mut(4).chain(below[block].chunks_exact_mut(4));
                for pixel in pixels.filter(|pixel| pixel[3] == 0) {
                    pixel[..3].copy_from_slice(&color);
                }
            }
        }
    }

    /// Mean visible colour of the smallest block around block `(x, y)` of 2×2 in which anything can be seen.
    fn color(&self, x: usize, y: usize) -> Option<[u8; 3]> {
        self.levels.iter().enumerate().find_map(|(level, blocks)| {
            let [red, green, blue, alpha] = blocks.sums[(y >> level) * blocks.columns + (x >> level)];
            // A weighted mean of bytes is a byte.
            (alpha > 0).then(|| [red, green, blue].map(|sum| ((sum + alpha / 2) / alpha) as u8))
        })
    }
}

impl Level {
    fn sum_pixels(&mut self, rgba: &[u8], width: usize, stride: usize) {
        self.columns = width / 2;
        self.sums.clear();
        for rows in rgba.chunks_exact(stride * 2) {
            let (above, below) = rows.split_at(stride);
            let pairs = above[..width * 4].chunks_exact(8).zip(below[..width * 4].chunks_exact(8));
            self.sums.extend(pairs.map(|(above, below)| {
                let upper = add(weighted(&above[..4]), weighted(&above[4..]));
                add(upper, add(weighted(&below[..4]), weighted(&below[4..])))
            }));
        }
    }

    /// Sums the blocks of `finer` by fours; at an odd edge there are fewer.
    fn sum_blocks(&mut self, finer: &Self) {
        self.columns = finer.columns.div_ceil(2);
        self.sums.clear();
        for rows in finer.sums.chunks(finer.columns * 2) {
            let (above, below) = rows.split_at(finer.columns);
            self.sums.extend(above.chunks(2).enumerate().map(|(x, pair)| {
                let under = below.get(x * 2..x * 2 + pair.len()).unwrap_or_default();
                pair.iter().chain(under).copied().fold(Sum::default(), add)
            }));
        }
    }
}

fn weighted(pixel: &[u8]) -> Sum {
    let alpha = u32::from(pixel[3]);
    [u32::from(pixel[0]) * alpha, u32::from(pixel[1]) * alpha, u32::from(pixel[2]) * alpha, alpha]
}

fn add(a: Sum, b: Sum) -> Sum {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    // Neither is a multiple of 16: the last blocks are cut short.
    const WIDTH: usize = 38;
    const HEIGHT: usize = 26;
    /// Rows are longer than their pixels, as FFmpeg's are.
    const STRIDE: usize = WIDTH * 4 + 16;

    fn bled(draw: impl Fn(usize, usize) -> [u8; 4]) -> Vec<u8> {
        let mut rgba = vec![0; STRIDE * HEIGHT];
        for (x, y) in (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))) {
            rgba[y * STRIDE + x * 4..][..4].copy_from_slice(&draw(x, y));
        }
        EdgeBleed::default().apply(&mut rgba, WIDTH, STRIDE);
        rgba
    }

    fn at(rgba: &[u8], x: usize, y: usize) -> [u8; 4] {
        rgba[y * STRIDE + x * 4..][..4].try_into().unwrap()
    }

    #[test]
    fn color_is_carried_through_the_block_and_alpha_stays() {
        let red = [200, 40, 30, 255];
        let rgba = bled(|x, y| if (17..20).contains(&x) && (17..20).contains(&y) { red } else { [0; 4] });
        for (x, y) in [(16, 16), (16, 17), (20, 19), (31, 25), (24, 24)] {
            assert_eq!(at(&rgba, x, y), [200, 40, 30, 0], "at {x}, {y}");
        }
        for (x, y) in [(15, 17), (17, 15), (32, 20), (37, 25), (0, 0)] {
            assert_eq!(at(&rgba, x, y), [0; 4], "at {x}, {y}");
        }
        assert_eq!(at(&rgba, 18, 18), red);
    }

    #[test]
    fn the_nearest_color_wins_and_faint_pixels_keep_theirs() {
        let rgba = bled(|x, _| match x {
            0 => [255, 0, 0, 255],
            6 => [9, 8, 7, 1],
            12.. => [0, 0, 255, 255],
            _ => [0; 4],
        });
        assert_eq!(at(&rgba, 1, 5), [255, 0, 0, 0], "in its block of 2×2");
        assert_eq!(at(&rgba, 2, 5), [255, 0, 0, 0], "in its block of 4×4");
        assert_eq!(at(&rgba, 6, 5), [9, 8, 7, 1]);
        assert_eq!(at(&rgba, 7, 5), [9, 8, 7, 0]);
        assert_eq!(at(&rgba, 10, 5), [0, 0, 255, 0], "in its block of 8×8");
    }

    #[test]
    fn nothing_visible_changes_nothing() {
        assert!(bled(|_, _| [0; 4]).iter().all(|value| *value == 0));
    }
}
