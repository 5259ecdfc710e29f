use candle_core::{D, DType, Device, Result, Tensor};

use crate::Blueprint;
use crate::config::Stretch;

/// Rotary positions over the first numbers of each head, neighbours in pairs: `(x₀, x₁)`, `(x₂, x₃)`, …
#[derive(Debug, Clone)]
pub(crate) struct Rotary {
    /// Angle per position of each pair.
    frequencies: Vec<f32>,
    /// What cosine and sine are multiplied by.
    scale: f64,
}

impl Rotary {
    pub(crate) fn new(blueprint: &Blueprint) -> Self {
        let width = blueprint.rotary_width;
        let base = blueprint.rope_theta;
        let plain: Vec<f64> = (0..width).step_by(2).map(|at| base.powf(-(at as f64) / width as f64)).collect();
        let (frequencies, scale) = match blueprint.stretch {
            Stretch::None => (plain, 1.0),
            Stretch::Linear { factor } => (plain.into_iter().map(|frequency| frequency / factor).collect(), 1.0),
            Stretch::Yarn { factor, original, fast, slow, scale } => {
                // Where in the row of pairs a frequency makes so many turns over the original context.
                let place = |turns: f64| {
                    width as f64 * (original as f64 / (turns * std::f64::consts::TAU)).ln() / (2.0 * base.ln())
                };
                let low = place(fast).floor().max(0.0);
                let high = place(slow).ceil().min(width as f64 - 1.0);
                let span = if high > low { high - low } else { 0.001 };
                let stretched = plain.into_iter().enumerate().map(|(at, frequency)| {
                    let share = ((at as f64 - low) / span).clamp(0.0, 1.0);
                    frequency / factor * share + frequency * (1.0 - share)
                });
                (stretched.collect(), scale)
            }
        };
        Self { frequencies: frequencies.into_iter().map(|frequency| frequency as f32).collect(), scale }
    }

    /// Cosines and sines of the positions `start..start + count`: `[count, pairs]` each.
    pub(crate) fn angles(&self, start: usize, count: usize, dtype: DType, device: &Device) -> Result<(Tensor, Tensor)> {
        let pairs = self.frequencies.len();
        let mut cosines = Vec::with_capacity(count * pairs);
        let mut sines = Vec::with_capacity(count * pairs);
        for position in start..start + count {
            for frequency in &self.frequencies {
                // In f32 as the reference has it: the product's rounding is part of the trained positions.
                let angle = position as f32 * frequency;
                cosines.push((f64::from(angle).cos() * self.scale) as f32);
                sines.push((f64::from(angle).sin() * self.scale) as f32);
            }
        }
        let make = |values| Tensor::from_vec(values, (count, pairs), device)?.to_dtype(dtype);
        Ok((make(cosines)?, make(sines)?))
    }

    /// Rotates `[batch, heads, positions, head width]`.
    pub(crate) fn apply(&self, x: &Tensor, (cosines, sines): &(Tensor, Tensor)) -> Result<Tensor> {
        let width = x.dim(D::Minus1)?;
        let rotated = 2 * self.frequencies.len();
        if rotated == width {
            return candle_nn::rotary_emb::rope_i(&x.contiguous()?, cosines, sines);
        }
        let head = x.narrow(D::Minus1, 0, rotated)?.contiguous()?;
        let rest = x.narrow(D::Minus1, rotated, width - rotated)?;
        Tensor::cat(&[&candle_nn::rotary_emb::rope_i(&head, cosines, sines)?, &rest], D::Minus1)
    }
}
