//! Products of activations with 8-bit and 4-bit matrices on x86 processors with AVX2.
//!
//! Eight rows of a matrix lie beside each other, so that one pass over them serves several rows of activations and no sum
//! runs across a register. candle has such kernels for processors with 8-bit dot products only, and takes single rows on
//! the others. Its threads also wait for each other by spinning: where a renderer or a second stream needs the cores
//! too, three quarters of their time went into that. Work is shared by rayon here, whose threads sleep. And what is heard or
//! read does not depend on the processor.
//!
//! Whether there is AVX2 is asked when the program runs.

use std::sync::OnceLock;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{CpuStorage, CustomOp1, DType, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

/// The products of a tile with up to [`SHARED`] rows of activations, each number of rows compiled for itself.
macro_rules! by_count {
    ($products:ident($tiles:expr, $rows:expr)) => {{
        #[expect(unsafe_code, reason = "the compiler does not know which processor this will run on")]
        // SAFETY: a matrix is packed only where the processor was asked for these features and has them.
        unsafe {
            match $rows {
                [a] => $products($tiles, [a]),
                [a, b] => $products($tiles, [a, b]),
                [a, b, c] => $products($tiles, [a, b, c]),
                [a, b, c, d, ..] => $products($tiles, [a, b, c, d]),
                [] => [[0.0; TILE_ROWS]; SHARED],
            }
        }
    }};
}

mod q4k;
mod q8;

use q4k::PackedQ4K;
use q8::PackedQ8;

/// Rows of a matrix that lie beside each other.
const TILE_ROWS: usize = 8;
/// Rows of activations that share one pass over a tile.
const SHARED: usize = 4;
/// Rows of activations in a piece of work: a tile that is in the nearest cache serves all of them.
const PIECE_ROWS: usize = 16;
/// With fewer rows than this it is the matrix that is shared out among threads.
const FEW_ROWS: usize = 2 * PIECE_ROWS;
/// Products of fewer weights than this are not worth waking another thread.
const WORTH_SHARING: usize = 2_000_000;
/// Set to `candle`, its kernels are used all the same: for measurements.
const CHOICE: &str = "SHOUYU_KERNELS";

/// Whether matrices are packed for the kernels of this module.
fn are_used() -> bool {
    static USED: OnceLock<bool> = OnceLock::new();
    *USED.get_or_init(|| can_run() && std::env::var_os(CHOICE).is_none_or(|choice| choice != "candle"))
}

fn can_run() -> bool {
    std::is_x86_feature_detected!("avx2")
        && std::is_x86_feature_detected!("fma")
        && std::is_x86_feature_detected!("f16c")
}

/// A layer whose matrix `[rows, columns]` the kernels of this module read.
#[derive(Debug)]
pub(crate) struct Packed {
    matrix: Matrix,
    /// As many as rows.
    bias: Option<Vec<f32>>,
}

#[derive(Debug)]
enum Matrix {
    Q8(PackedQ8),
    Q4K(PackedQ4K),
}

impl Packed {
    /// Packs a layer, if this processor and the matrix's format and shape are such that there is a kernel for it.
    pub(crate) fn new(matrix: &QTensor, bias: Option<&Tensor>) -> Result<Option<Self>> {
        let &[rows, columns] = matrix.shape().dims() else { return Ok(None) };
        if !are_used() || !matrix.device().is_cpu() {
            return Ok(None);
        }
        let matrix = match matrix.dtype() {
            GgmlDType::Q8_0 if columns.is_multiple_of(q8::BLOCK) => {
                Matrix::Q8(PackedQ8::new(&matrix.data()?, rows, columns))
            }
            GgmlDType::Q4K if columns.is_multiple_of(q4k::BLOCK) => {
                Matrix::Q4K(PackedQ4K::new(&matrix.data()?, rows, columns))
            }
            _ => return Ok(None),
        };
        let bias = bias.map(|bias| bias.to_dtype(DType::F32)?.to_vec1()).transpose()?;
        Ok(Some(Self { matrix, bias }))
    }

    fn shape(&self) -> (usize, usize) {
        match &self.matrix {
            Matrix::Q8(matrix) => matrix.shape(),
            Matrix::Q4K(matrix) => matrix.shape(),
        }
    }

    /// Rows of the matrix: the width of what comes out.
    pub(crate) fn rows(&self) -> usize {
        self.shape().0
    }

    /// Bytes that one use of the matrix reads.
    pub(crate) fn bytes(&self) -> usize {
        match &self.matrix {
            Matrix::Q8(matrix) => matrix.bytes(),
            Matrix::Q4K(matrix) => matrix.bytes(),
        }
    }
}

impl CustomOp1 for Packed {
    fn name(&self) -> &'static str {
        "packed matrix"
    }

    /// `x · Wᵀ + b` for rows of `x`, each as wide as the matrix.
    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = storage.as_slice::<f32>()?;
        let Some((from, to)) = layout.contiguous_offsets() else {
            candle_core::bail!("a packed matrix needs contiguous activations");
        };
        let (rows, columns) = self.shape();
        let mut dims = layout.dims().to_vec();
        match dims.pop() {
            Some(width) if width == columns => dims.push(rows),
            found => candle_core::bail!("activations are {found:?} wide, and the matrix {columns}"),
        }
        let (x, bias) = (&values[from..to], self.bias.as_deref());
        let out = match &self.matrix {
            Matrix::Q8(matrix) => product(matrix, x, bias),
            Matrix::Q4K(matrix) => product(matrix, x, bias),
        };
        Ok((CpuStorage::F32(out), dims.into()))
    }
}

/// What the two formats differ in.
trait Format: Sync {
    /// A row of activations as the kernel reads it.
    type Row: Send + Sync;

    fn shape(&self) -> (usize, usize);
    fn row(&self, x: &[f32]) -> Self::Row;
    /// The products of a tile with up to [`SHARED`] rows; what stands behind those is not defined.
    fn tile(&self, tile: usize, rows: &[&Self::Row]) -> [[f32; TILE_ROWS]; SHARED];
}

fn product<F: Format>(matrix: &F, x: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
    let (rows, columns) = matrix.shape();
    let count = x.len() / columns;
    let mut out = vec![0.0; count * rows];
    if count == 0 || rows == 0 {
        return out;
    }
    if count < FEW_ROWS {
        share_matrix(matrix, x, bias, &mut out);
    } else {
        let pieces = x.par_chunks(PIECE_ROWS * columns).zip(out.par_chunks_mut(PIECE_ROWS * rows));
        pieces.for_each(|(x, out)| multiply(matrix, x, bias, out));
    }
    out
}

/// All products of a few rows.
fn multiply<F: Format>(matrix: &F, x: &[f32], bias: Option<&[f32]>, out: &mut [f32]) {
    let (rows, columns) = matrix.shape();
    let acts: Vec<F::Row> = x.chunks_exact(columns).map(|x| matrix.row(x)).collect();
    let acts: Vec<&F::Row> = acts.iter().collect();
    for tile in 0..rows.div_ceil(TILE_ROWS) {
        for (group, acts) in acts.chunks(SHARED).enumerate() {
            let products = matrix.tile(tile, acts);
            for (n, products) in products.iter().take(acts.len()).enumerate() {
                put(products, tile, bias, &mut out[(group * SHARED + n) * rows..][..rows]);
            }
        }
    }
}

/// The same, each thread with a part of the matrix that it reads in order.
fn share_matrix<F: Format>(matrix: &F, x: &[f32], bias: Option<&[f32]>, out: &mut [f32]) {
    let (rows, columns) = matrix.shape();
    let count = x.len() / columns;
    if count * rows * columns < WORTH_SHARING {
        return multiply(matrix, x, bias, out);
    }
    let acts: Vec<F::Row> = x.chunks_exact(columns).map(|x| matrix.row(x)).collect();
    let acts: Vec<&F::Row> = acts.iter().collect();
    let tiles = rows.div_ceil(TILE_ROWS);
    let part = tiles.div_ceil(2 * rayon::current_num_threads());
    let starts: Vec<usize> = (0..tiles).step_by(part).collect();
    let products = |first: usize| -> Vec<[[f32; TILE_ROWS]; SHARED]> {
        (first..tiles.min(first + part))
            .flat_map(|tile| acts.chunks(SHARED).map(move |acts| matrix.tile(tile, acts)))
            .collect()
    };
    let parts: Vec<_> = starts.into_par_iter().map(products).collect();
    let groups = count.div_ceil(SHARED);
    for (n, products) in parts.iter().flatten().enumerate() {
        let (tile, first) = (n / groups, n % groups * SHARED);
        for (row, products) in (first..count).zip(products) {
            put(products, tile, bias, &mut out[row * rows..][..rows]);
        }
    }
}

/// Adds the bias and stores the products of a tile, whose last rows may be beyond the matrix.
fn put(products: &[f32; TILE_ROWS], tile: usize, bias: Option<&[f32]>, out: &mut [f32]) {
    let from = tile * TILE_ROWS;
    let out = &mut out[from..];
    match bias {
        Some(bias) => out.iter_mut().zip(products).zip(&bias[from..]).for_each(|((out, x), bias)| *out = x + bias),
        None => out.iter_mut().zip(products).for_each(|(out, x)| *out = *x),
    }
}

/// Two 16-bit numbers in the halves of one of 32 bits, the first in the lower.
fn pair(first: i16, second: i16) -> i32 {
    i32::from(first as u16) | i32::from(second) << 16
}

/// The nearest whole number to one within ±32,767. Where a number is so large that its last bit is worth one, adding it
/// rounds: a call for each would take longer than the products.
fn nearest(x: f32) -> i16 {
    const WHOLE: f32 = 12_582_912.0;
    (x + WHOLE).to_bits() as i16
}

/// The largest absolute value.
fn largest(x: &[f32]) -> f32 {
    let (lanes, rest) = x.as_chunks::<TILE_ROWS>();
    let mut most = [0.0_f32; TILE_ROWS];
    for lane in lanes {
        for (most, x) in most.iter_mut().zip(lane) {
            *most = if x.abs() > *most { x.abs() } else { *most };
        }
    }
    most.iter().chain(rest).fold(0.0, |most, x| x.abs().max(most))
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    /// The largest difference from the exact product of the dequantised matrix, against the largest product.
    fn error(format: GgmlDType, rows: usize, columns: usize, count: usize) -> f32 {
        let device = Device::Cpu;
        let matrix = Tensor::randn(0.0_f32, 0.3, (rows, columns), &device).unwrap();
        let matrix = QTensor::quantize(&matrix, format).unwrap();
        let x = Tensor::randn(0.0_f32, 1.5, (count, columns), &device).unwrap();
        let bias = Tensor::randn(0.0_f32, 0.5, rows, &device).unwrap();
        let expected = x.matmul(&matrix.dequantize(&device).unwrap().t().unwrap()).unwrap();
        let expected = expected.broadcast_add(&bias).unwrap();
        let data = matrix.data().unwrap();
        let matrix = match format {
            GgmlDType::Q8_0 => Matrix::Q8(PackedQ8::new(&data, rows, columns)),
            _ => Matrix::Q4K(PackedQ4K::new(&data, rows, columns)),
        };
        let packed = Packed { matrix, bias: Some(bias.to_vec1().unwrap()) };
        let found = x.apply_op1_no_bwd(&packed).unwrap();
        let worst = |x: Tensor| x.abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>().unwrap();
        worst((found - &expected).unwrap()) / worst(expected)
    }

    #[test]
    fn products_are_those_of_the_dequantised_matrix() {
        if !can_run() {
            eprintln!("not run: this processor has no AVX2, and never uses these kernels");
            return;
        }
        // Single rows and many, matrices that don't fill their tiles, and one that is shared between threads.
        for (rows, columns, count) in [(16, 256, 1), (24, 512, 3), (13, 256, 5), (40, 768, 37), (1_032, 512, 2)] {
            let q8 = error(GgmlDType::Q8_0, rows, columns, count);
            assert!(q8 < 2e-4, "Q8_0 {rows}×{columns}, {count} rows: {q8}");
            // Activations have eight bits here.
            let q4k = error(GgmlDType::Q4K, rows, columns, count);
            assert!(q4k < 1.5e-2, "Q4_K {rows}×{columns}, {count} rows: {q4k}");
        }
        assert!(error(GgmlDType::Q8_0, 8, 96, 2) < 2e-4, "blocks of 32");
    }
}
