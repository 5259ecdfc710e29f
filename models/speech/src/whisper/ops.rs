//! The activation function, on all cores.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

/// x · Φ(x), with the error function of Abramowitz and Stegun 7.1.26 (absolute error below 1.5e-7).
pub(super) fn gelu(x: &Tensor) -> Result<Tensor> {
    if x.device().is_cpu() { x.contiguous()?.apply_op1_no_bwd(&Gelu) } else { x.gelu_erf() }
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = storage.as_slice::<f32>()?;
        let Some((from, to)) = layout.contiguous_offsets() else {
            candle_core::bail!("gelu needs contiguous values");
        };
        const CHUNK: usize = 16_384;
        let mut out = vec![0.0; to - from];
        let work = |(values, out): (&[f32], &mut [f32])| {
            for (x, y) in values.iter().zip(out) {
                *y = value(*x);
            }
        };
        if out.len() <= CHUNK {
            work((&values[from..to], &mut out));
        } else {
            values[from..to].par_chunks(CHUNK).zip(out.par_chunks_mut(CHUNK)).for_each(work);
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

fn value(x: f32) -> f32 {
    let z = (x * std::f32::consts::FRAC_1_SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_8 + t * (-1.453_152 + t * 1.061_405_4))));
    let erf = (1.0 - polynomial * (-z * z).exp()).copysign(x);
    0.5 * x * (1.0 + erf)
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
}
