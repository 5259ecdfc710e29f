//! `Q4_K`: blocks of 256 weights of four bits in eight parts, each with a scale and a minimum of six bits. Activations have
//! eight bits and one scale for 256, as the format's authors have it.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm_set_epi64x, _mm256_add_epi16, _mm256_add_epi32, _mm256_and_si256, _mm256_cvtepi32_ps,
    _mm256_cvtepu8_epi32, _mm256_cvtph_ps, _mm256_fmadd_ps, _mm256_fnmadd_ps, _mm256_madd_epi16, _mm256_maddubs_epi16,
    _mm256_mul_ps, _mm256_or_si256, _mm256_set1_epi8, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_setzero_si256, _mm256_slli_epi32, _mm256_srli_epi16,
};

use super::{Format, SHARED, TILE_ROWS, largest, nearest, pair};

/// Weights that share a scale of scales.
pub(super) const BLOCK: usize = 256;
/// Parts of a block, and the weights of each.
const PARTS: usize = 8;
const PART: usize = BLOCK / PARTS;
/// Weights of one row that lie beside each other: four in the lower halves of four bytes, four in the upper.
const GROUP: usize = 8;
/// A block in a file: two half-precision scales, twelve bytes of parts' scales and minima, the weights.
const BLOCK_BYTES: usize = 4 + 12 + BLOCK / 2;

/// A block of each of eight rows.
#[derive(Debug, Clone)]
#[repr(C)]
struct Tile {
    /// Half-precision scales of the parts' scales, and of their minima.
    scale: [u16; TILE_ROWS],
    least: [u16; TILE_ROWS],
    scales: [[u8; TILE_ROWS]; PARTS],
    minima: [[u8; TILE_ROWS]; PARTS],
    weights: [[u8; 4 * TILE_ROWS]; BLOCK / GROUP],
}

/// A `Q4_K` matrix in tiles.
#[derive(Debug)]
pub(crate) struct PackedQ4K {
    rows: usize,
    columns: usize,
    tiles: Vec<Tile>,
}

/// Activations of one row, a block after the other.
pub(crate) struct Row(Vec<Block>);

struct Block {
    /// What a step of one is worth.
    scale: f32,
    /// Four to a number.
    fours: [i32; BLOCK / 4],
    /// Sums of parts, two to a number.
    sums: [i32; PARTS / 2],
}

/// The six-bit scale and minimum of a part.
fn scale_and_minimum(packed: &[u8], part: usize) -> (u8, u8) {
    if part < 4 {
        (packed[part] & 63, packed[part + 4] & 63)
    } else {
        ((packed[part + 4] & 0xf) | (packed[part - 4] >> 6) << 4, (packed[part + 4] >> 4) | (packed[part] >> 6) << 4)
    }
}

impl PackedQ4K {
    /// From the bytes of `rows` rows of `columns / 256` blocks.
    pub(crate) fn new(bytes: &[u8], rows: usize, columns: usize) -> Self {
        let blocks = columns / BLOCK;
        let empty = Tile {
            scale: [0; TILE_ROWS],
            least: [0; TILE_ROWS],
            scales: [[0; TILE_ROWS]; PARTS],
            minima: [[0; TILE_ROWS]; PARTS],
            weights: [[0; 4 * TILE_ROWS]; BLOCK / GROUP],
        };
        let mut tiles = vec![empty; rows.div_ceil(TILE_ROWS) * blocks];
        for (n, block) in bytes.chunks_exact(BLOCK_BYTES).take(rows * blocks).enumerate() {
            let (row, at) = (n / blocks, n % blocks);
            let tile = &mut tiles[row / TILE_ROWS * blocks + at];
            let lane = row % TILE_ROWS;
            tile.scale[lane] = u16::from_le_bytes([block[0], block[1]]);
            tile.least[lane] = u16::from_le_bytes([block[2], block[3]]);
            for part in 0..PARTS {
                (tile.scales[part][lane], tile.minima[part][lane]) = scale_and_minimum(&block[4..16], part);
            }
            // Thirty-two bytes hold two parts: one in their lower halves, one in their upper.
            let weight = |n: usize| (block[16 + n / (2 * PART) * PART + n % PART] >> (n / PART % 2 * 4)) & 0xf;
            for (group, weights) in tile.weights.iter_mut().enumerate() {
                for n in 0..GROUP / 2 {
                    let lower = weight(group * GROUP + n);
                    weights[4 * lane + n] = lower | weight(group * GROUP + GROUP / 2 + n) << 4;
                }
            }
        }
        Self { rows, columns, tiles }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.tiles.as_slice())
    }
}

impl Block {
    fn new(x: &[f32]) -> Self {
        const MOST: f32 = 127.0;
        let most = largest(x);
        let steps = if most > 0.0 { MOST / most } else { 0.0 };
        let mut levels = [0; BLOCK];
        for (level, x) in levels.iter_mut().zip(x) {
            *level = nearest(x * steps);
        }
        let mut block = Self { scale: most / MOST, fours: [0; BLOCK / 4], sums: [0; PARTS / 2] };
        for (four, levels) in block.fours.iter_mut().zip(levels.as_chunks::<4>().0) {
            *four = i32::from_le_bytes(levels.map(|level| level as u8));
        }
        // Of 32 numbers of at most 127: they fit 16 bits.
        for (sums, levels) in block.sums.iter_mut().zip(levels.chunks_exact(2 * PART)) {
            *sums = pair(levels[..PART].iter().sum(), levels[PART..].iter().sum());
        }
        block
    }
}

impl Format for PackedQ4K {
    type Row = Row;

    fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    fn row(&self, x: &[f32]) -> Row {
        Row(x.chunks_exact(BLOCK).map(Block::new).collect())
    }

    fn tile(&self, tile: usize, rows: &[&Row]) -> [[f32; TILE_ROWS]; SHARED] {
        let blocks = self.columns / BLOCK;
        let tiles = &self.tiles[tile * blocks..(tile + 1) * blocks];
        by_count!(products(tiles, rows))
    }
}

/// Eight bytes as eight numbers of 32 bits.
#[target_feature(enable = "avx2")]
fn widened(bytes: [u8; TILE_ROWS]) -> __m256i {
    _mm256_cvtepu8_epi32(_mm_set_epi64x(0, i64::from_le_bytes(bytes)))
}

/// Eight pairs of products of at most 15 and 127 fit 16 bits; with scales of six bits, a block fits 32.
#[target_feature(enable = "avx2,fma,f16c")]
fn products<const N: usize>(tiles: &[Tile], rows: [&Row; N]) -> [[f32; TILE_ROWS]; SHARED] {
    let mask = _mm256_set1_epi8(0xf);
    let mut sums: [__m256; N] = [_mm256_setzero_ps(); N];
    for (at, tile) in tiles.iter().enumerate() {
        let x = rows.map(|row| &row.0[at]);
        let mut whole: [__m256i; N] = [_mm256_setzero_si256(); N];
        for part in 0..PARTS {
            let mut of_part: [__m256i; N] = [_mm256_setzero_si256(); N];
            for group in part * PART / GROUP..(part + 1) * PART / GROUP {
                let weights: __m256i = bytemuck::cast(tile.weights[group]);
                let lower = _mm256_and_si256(weights, mask);
                let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(weights), mask);
                for n in 0..N {
                    let lower = _mm256_maddubs_epi16(lower, _mm256_set1_epi32(x[n].fours[2 * group]));
                    let upper = _mm256_maddubs_epi16(upper, _mm256_set1_epi32(x[n].fours[2 * group + 1]));
                    of_part[n] = _mm256_add_epi16(of_part[n], _mm256_add_epi16(lower, upper));
                }
            }
            let scale = widened(tile.scales[part]);
            let scale = _mm256_or_si256(scale, _mm256_slli_epi32::<16>(scale));
            for n in 0..N {
                whole[n] = _mm256_add_epi32(whole[n], _mm256_madd_epi16(of_part[n], scale));
            }
        }
        let mut least: [__m256i; N] = [_mm256_setzero_si256(); N];
        for two in 0..PARTS / 2 {
            let upper = _mm256_slli_epi32::<16>(widened(tile.minima[2 * two + 1]));
            let minima = _mm256_or_si256(widened(tile.minima[2 * two]), upper);
            for n in 0..N {
                let product = _mm256_madd_epi16(minima, _mm256_set1_epi32(x[n].sums[two]));
                least[n] = _mm256_add_epi32(least[n], product);
            }
        }
        let scales = _mm256_cvtph_ps(bytemuck::cast::<[u16; 8], __m128i>(tile.scale));
        let minima = _mm256_cvtph_ps(bytemuck::cast::<[u16; 8], __m128i>(tile.least));
        for n in 0..N {
            let step = _mm256_set1_ps(x[n].scale);
            sums[n] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole[n]), _mm256_mul_ps(scales, step), sums[n]);
            sums[n] = _mm256_fnmadd_ps(_mm256_cvtepi32_ps(least[n]), _mm256_mul_ps(minima, step), sums[n]);
        }
    }
    let mut out = [[0.0; TILE_ROWS]; SHARED];
    for n in 0..N {
        out[n] = bytemuck::cast(sums[n]);
    }
    out
}
