//! `Q8_0`: blocks of 32 weights of eight bits, one scale each. Activations have sixteen bits, so that the weights alone are
//! rounded.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm256_add_epi32, _mm256_cvtepi8_epi16, _mm256_cvtepi32_ps, _mm256_cvtph_ps,
    _mm256_fmadd_ps, _mm256_madd_epi16, _mm256_mul_ps, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_setzero_si256,
};

use super::{Format, SHARED, TILE_ROWS, largest, nearest, pair};

/// Weights that share a scale.
pub(super) const BLOCK: usize = 32;
/// A block in a file: a half-precision scale, and the weights.
const BLOCK_BYTES: usize = 2 + BLOCK;

/// A block of each of eight rows.
#[derive(Debug, Clone)]
#[repr(C)]
struct Tile {
    /// Half-precision scales.
    scales: [u16; TILE_ROWS],
    /// Two weights of each row after each other.
    weights: [[i8; 2 * TILE_ROWS]; BLOCK / 2],
}

/// A `Q8_0` matrix in tiles.
#[derive(Debug)]
pub(crate) struct PackedQ8 {
    rows: usize,
    columns: usize,
    tiles: Vec<Tile>,
}

/// Activations of one row.
pub(crate) struct Row {
    /// What a step of one is worth.
    scale: f32,
    /// Two to a number.
    pairs: Vec<i32>,
}

impl PackedQ8 {
    /// From the bytes of `rows` rows of `columns / 32` blocks.
    pub(crate) fn new(bytes: &[u8], rows: usize, columns: usize) -> Self {
        let blocks = columns / BLOCK;
        let mut tiles = vec![
            Tile { scales: [0; TILE_ROWS], weights: [[0; 2 * TILE_ROWS]; BLOCK / 2] };
            rows.div_ceil(TILE_ROWS) * blocks
        ];
        for (n, block) in bytes.chunks_exact(BLOCK_BYTES).take(rows * blocks).enumerate() {
            let (row, at) = (n / blocks, n % blocks);
            let tile = &mut tiles[row / TILE_ROWS * blocks + at];
            let lane = row % TILE_ROWS;
            tile.scales[lane] = u16::from_le_bytes([block[0], block[1]]);
            for (pair, weights) in block[2..].chunks_exact(2).enumerate() {
                tile.weights[pair][2 * lane] = weights[0] as i8;
                tile.weights[pair][2 * lane + 1] = weights[1] as i8;
            }
        }
        Self { rows, columns, tiles }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.tiles.as_slice())
    }
}

impl Format for PackedQ8 {
    type Row = Row;

    fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    fn row(&self, x: &[f32]) -> Row {
        const MOST: f32 = 32_767.0;
        let most = largest(x);
        let steps = if most > 0.0 { MOST / most } else { 0.0 };
        let pairs = x.as_chunks::<2>().0.iter().map(|x| pair(nearest(x[0] * steps), nearest(x[1] * steps)));
        Row { scale: most / MOST, pairs: pairs.collect() }
    }

    fn tile(&self, tile: usize, rows: &[&Row]) -> [[f32; TILE_ROWS]; SHARED] {
        let blocks = self.columns / BLOCK;
        let tiles = &self.tiles[tile * blocks..(tile + 1) * blocks];
        by_count!(products(tiles, rows))
    }
}

/// Sums of 32 products of at most 127 and 32,767 fit 32 bits.
#[target_feature(enable = "avx2,fma,f16c")]
fn products<const N: usize>(tiles: &[Tile], rows: [&Row; N]) -> [[f32; TILE_ROWS]; SHARED] {
    let mut sums: [__m256; N] = [_mm256_setzero_ps(); N];
    let pairs = rows.map(|row| row.pairs.as_chunks::<{ BLOCK / 2 }>().0);
    for (at, tile) in tiles.iter().enumerate() {
        let x = pairs.map(|pairs| &pairs[at]);
        let mut whole: [__m256i; N] = [_mm256_setzero_si256(); N];
        for (pair, weights) in tile.weights.iter().enumerate() {
            let weights = _mm256_cvtepi8_epi16(bytemuck::cast::<[i8; 16], __m128i>(*weights));
            for n in 0..N {
                let x = _mm256_set1_epi32(x[n][pair]);
                whole[n] = _mm256_add_epi32(whole[n], _mm256_madd_epi16(weights, x));
            }
        }
        let scales = _mm256_cvtph_ps(bytemuck::cast::<[u16; 8], __m128i>(tile.scales));
        for n in 0..N {
            sums[n] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole[n]), scales, sums[n]);
        }
    }
    let mut out = [[0.0; TILE_ROWS]; SHARED];
    for n in 0..N {
        out[n] = bytemuck::cast(_mm256_mul_ps(sums[n], _mm256_set1_ps(rows[n].scale)));
    }
    out
}
