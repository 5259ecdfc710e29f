//! Functions of many numbers: activations and sums, on all cores, and sums of probabilities.
//!
//! Sums: candle's threads wait for each other by spinning, which costs more than the sum where something else runs.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

/// x · Φ(x), with the error function of Abramowitz and Stegun 7.1.26 (absolute error below 1.5e-7).
pub(super) fn gelu(x: &Tensor) -> Result<Tensor> {
    if x.device().is_cpu() { x.contiguous()?.apply_op1_no_bwd(&Gelu) } else { x.gelu_erf() }
}

/// gelu(x + bias) for `[batch, channels, positions]` and `[1, channels, 1]`.
pub(super) fn biased_gelu(x: &Tensor, bias: &Tensor) -> Result<Tensor> {
    if !x.device().is_cpu() {
        return x.broadcast_add(bias)?.gelu_erf();
    }
    let positions = x.dim(2)?;
    let bias = bias.flatten_all()?.to_vec1::<f32>()?;
    x.contiguous()?.apply_op1_no_bwd(&BiasedGelu { bias, positions })
}

/// a + b, of one shape.
pub(super) fn add(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if !a.device().is_cpu() || a.shape() != b.shape() {
        return a + b;
    }
    a.contiguous()?.apply_op2_no_bwd(&b.contiguous()?, &Add)
}

/// Numbers that one thread takes at a time.
const CHUNK: usize = 16_384;

/// The numbers of a contiguous tensor.
fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&storage.as_slice::<f32>()?[from..to]),
        None => candle_core::bail!("contiguous values are needed"),
    }
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = numbers(storage, layout)?;
        let mut out = vec![0.0; values.len()];
        let work = |(values, out): (&[f32], &mut [f32])| {
            for (x, y) in values.iter().zip(out) {
                *y = value(*x);
            }
        };
        if out.len() <= CHUNK {
            work((values, &mut out));
        } else {
            values.par_chunks(CHUNK).zip(out.par_chunks_mut(CHUNK)).for_each(work);
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

struct BiasedGelu {
    bias: Vec<f32>,
    positions: usize,
}

impl CustomOp1 for BiasedGelu {
    fn name(&self) -> &'static str {
        "biased gelu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = numbers(storage, layout)?;
        let mut out = vec![0.0; values.len()];
        let rows = values.par_chunks(self.positions).zip(out.par_chunks_mut(self.positions)).enumerate();
        rows.for_each(|(row, (values, out))| {
            let bias = self.bias[row % self.bias.len()];
            for (x, y) in values.iter().zip(out) {
                *y = value(x + bias);
            }
        });
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

struct Add;

impl CustomOp2 for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn cpu_fwd(&self, a: &CpuStorage, of_a: &Layout, b: &CpuStorage, of_b: &Layout) -> Result<(CpuStorage, Shape)> {
        let (a, b) = (numbers(a, of_a)?, numbers(b, of_b)?);
        let mut out = a.to_vec();
        if out.len() <= CHUNK {
            out.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        } else {
            let pieces = out.par_chunks_mut(CHUNK).zip(b.par_chunks(CHUNK));
            pieces.for_each(|(a, b)| a.iter_mut().zip(b).for_each(|(a, b)| *a += b));
        }
        Ok((CpuStorage::F32(out), of_a.shape().clone()))
    }
}

fn value(x: f32) -> f32 {
    let z = (x * std::f32::consts::FRAC_1_SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_8 + t * (-1.453_152 + t * 1.061_405_4))));
    let erf = (1.0 - polynomial * exp(-z * z)).copysign(x);
    0.5 * x * (1.0 + erf)
}

/// eˣ for numbers up to 88, within a millionth of itself, without a call, so that several are computed at once. What is
/// below e⁻⁸⁷ becomes that.
fn exp(x: f32) -> f32 {
    // Where a number is so large that its last bit is worth one, adding it rounds.
    const WHOLE: f32 = 12_582_912.0;
    const BIAS: i32 = 127;
    const MANTISSA_BITS: u32 = 23;
    // ln 2 in two parts, of which the first has few enough bits for its products to be exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = if x > -87.0 { x } else { -87.0 };
    let shifted = x * std::f32::consts::LOG2_E + WHOLE;
    let whole = shifted - WHOLE;
    let part = x - whole * LN_2[0] - whole * LN_2[1];
    // eˣ within ±½ ln 2: Taylor's series.
    let series = 1.0
        + part * (1.0 + part * (0.5 + part * (1.0 / 6.0 + part * (1.0 / 24.0 + part * (1.0 / 120.0 + part / 720.0)))));
    let whole = (shifted.to_bits() as i32).wrapping_sub(WHOLE.to_bits() as i32);
    f32::from_bits(((whole + BIAS) << MANTISSA_BITS) as u32) * series
}

/// ln Σ exp.
pub(super) fn log_sum(logits: &[f32]) -> f32 {
    const LANES: usize = 8;
    let (lanes, rest) = logits.as_chunks::<LANES>();
    let mut most = [f32::NEG_INFINITY; LANES];
    for lane in lanes {
        for (most, &x) in most.iter_mut().zip(lane) {
            *most = if x > *most { x } else { *most };
        }
    }
    let most = most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sums = [0.0; LANES];
    for lane in lanes {
        for (sum, &x) in sums.iter_mut().zip(lane) {
            *sum += exp(x - most);
        }
    }
    let rest: f32 = rest.iter().map(|&x| exp(x - most)).sum();
    most + (sums.iter().sum::<f32>() + rest).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exact_one_within_a_millionth() {
        let x = Tensor::arange(-6.0_f32, 6.0, &candle_core::Device::Cpu).unwrap();
        let x = (x / 1.7).unwrap();
        let (found, exact) =
            (gelu(&x).unwrap().to_vec1::<f32>().unwrap(), x.gelu_erf().unwrap().to_vec1::<f32>().unwrap());
        for (a, b) in found.iter().zip(&exact) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }

    #[test]
    fn sums_and_biased_activations_are_those_of_the_tensors() {
        let device = candle_core::Device::Cpu;
        let x = Tensor::randn(0.0_f32, 2.0, (1, 40, 1_001), &device).unwrap();
        let other = Tensor::randn(0.0_f32, 2.0, (1, 40, 1_001), &device).unwrap();
        let bias = Tensor::randn(0.0_f32, 2.0, (1, 40, 1), &device).unwrap();
        let worst = |a: Tensor, b: Tensor| {
            (a - b).unwrap().abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar::<f32>().unwrap()
        };
        assert_eq!(worst(add(&x, &other).unwrap(), (&x + &other).unwrap()), 0.0);
        let exact = x.broadcast_add(&bias).unwrap().gelu_erf().unwrap();
        assert!(worst(biased_gelu(&x, &bias).unwrap(), exact) < 2e-6);
    }

    #[test]
    fn exponentials_and_their_sums_are_the_exact_ones_within_a_millionth() {
        for n in -870..880 {
            let x = n as f32 / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-6, "{x}: {} {}", exp(x), x.exp());
        }
        let logits: Vec<f32> = (0..1_003).map(|n| (n as f32 * 0.37).sin() * 20.0 - 5.0).collect();
        let exact = logits.iter().map(|&x| f64::from(x).exp()).sum::<f64>().ln();
        assert!((f64::from(log_sum(&logits)) - exact).abs() < 1e-5);
        let suppressed = [&logits[..], &[f32::NEG_INFINITY; 9]].concat();
        assert_eq!(log_sum(&suppressed), log_sum(&logits));
    }
}
