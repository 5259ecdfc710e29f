//! Distances between distributions.

/// Frames of a window of features: 0.4 s.
pub(super) const WINDOW: usize = 10;

/// Many amounts, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Vec<f32>);

impl Distribution {
    /// Of amounts in any order; what is not a number is left out.
    pub fn of(mut amounts: Vec<f32>) -> Self {
        amounts.retain(|amount| amount.is_finite());
        amounts.sort_by(f32::total_cmp);
        Self(amounts)
    }

    /// The amount below which a share of them lies; 0 if there are none.
    pub fn quantile(&self, share: f32) -> f32 {
        let last = self.0.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let index = (share.clamp(0.0, 1.0) * last as f32).round() as usize;
        self.0.get(index).copied().unwrap_or(0.0)
    }
}

/// The first Wasserstein distance: how far amounts must move, on average, to make one distribution of the other.
pub fn wasserstein(a: &Distribution, b: &Distribution) -> f32 {
    const SHARES: usize = 400;
    let share = |index: usize| (index as f32 + 0.5) / SHARES as f32;
    (0..SHARES).map(|index| (a.quantile(share(index)) - b.quantile(share(index))).abs()).sum::<f32>() / SHARES as f32
}

/// The Fréchet distance of two sets of features, both taken as normally distributed:
/// |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½). Source: D. Dowson and B. Landau, 1982. NaN if a set is empty.
pub fn frechet(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let (Some(of_a), Some(of_b)) = (moments(a), moments(b)) else { return f64::NAN };
    let ((mean_a, cov_a), (mean_b, cov_b)) = (of_a, of_b);
    let apart: f64 = mean_a.iter().zip(&mean_b).map(|(a, b)| (a - b) * (a - b)).sum();
    let root = root(&cov_a);
    let product = times(&times(&root, &cov_b), &root);
    let (values, _) = eigen(&product);
    let trace = |m: &Matrix| (0..m.len()).map(|at| m[at][at]).sum::<f64>();
    (apart + trace(&cov_a) + trace(&cov_b) - 2.0 * values.iter().map(|value| value.max(0.0).sqrt()).sum::<f64>())
        .max(0.0)
}

type Matrix = Vec<Vec<f64>>;

fn moments(rows: &[Vec<f64>]) -> Option<(Vec<f64>, Matrix)> {
    let width = rows.first()?.len();
    let count = rows.len() as f64;
    let mean: Vec<f64> = (0..width).map(|at| rows.iter().map(|row| row[at]).sum::<f64>() / count).collect();
    let mut covariance = vec![vec![0.0; width]; width];
    for row in rows {
        for i in 0..width {
            for j in 0..width {
                covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / count;
            }
        }
    }
    Some((mean, covariance))
}

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    let width = a.len();
    (0..width).map(|i| (0..width).map(|j| (0..width).map(|k| a[i][k] * b[k][j]).sum()).collect()).collect()
}

/// The root of a symmetric matrix without negative eigenvalues.
fn root(m: &Matrix) -> Matrix {
    let (values, vectors) = eigen(m);
    let width = m.len();
    let of =
        |i: usize, j: usize| (0..width).map(|k| vectors[i][k] * values[k].max(0.0).sqrt() * vectors[j][k]).sum::<f64>();
    (0..width).map(|i| (0..width).map(|j| of(i, j)).collect()).collect()
}

/// Eigenvalues and, as columns, eigenvectors of a symmetric matrix: Jacobi's rotations.
fn eigen(m: &Matrix) -> (Vec<f64>, Matrix) {
    const SWEEPS: usize = 60;
    let width = m.len();
    let mut a = m.clone();
    let mut vectors: Matrix = (0..width).map(|i| (0..width).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        let off: f64 = (0..width).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off < 1e-22 {
            break;
        }
        for p in 0..width {
            for q in p + 1..width {
                if a[p][q].abs() < 1e-300 {
                    continue;
                }
                let theta = 0.5 * (a[q][q] - a[p][p]) / a[p][q];
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut a {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                let (upper, lower) = a.split_at_mut(q);
                for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
                for row in &mut vectors {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
            }
        }
    }
    ((0..width).map(|at| a[at][at]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_that_move_by_one_are_one_apart() {
        let a = Distribution::of((0..100).map(|n| n as f32 * 0.1).collect());
        let b = Distribution::of((0..100).map(|n| n as f32 * 0.1 + 1.0).collect());
        assert!((wasserstein(&a, &b) - 1.0).abs() < 1e-4);
        assert!(wasserstein(&a, &a) < 1e-6);
    }

    /// Two numbers, spread as asked, around `mean`, correlated.
    fn cloud(mean: f64, spread: f64) -> Vec<Vec<f64>> {
        let mut rows = Vec::new();
        for i in -10..=10 {
            for j in -10..=10 {
                let (x, y) = (f64::from(i) * spread, f64::from(j) * 0.5);
                rows.push(vec![mean + x, 0.6 * x + y]);
            }
        }
        rows
    }

    #[test]
    fn frechet_is_what_one_dimension_says() {
        assert!(frechet(&cloud(1.0, 0.3), &cloud(1.0, 0.3)) < 1e-9);
        assert!((frechet(&cloud(1.0, 0.3), &cloud(3.0, 0.3)) - 4.0).abs() < 1e-6, "means two apart");
        let line = |spread: f64| (-10..=10).map(|i| vec![f64::from(i) * spread]).collect::<Vec<_>>();
        // Deviations of an even row from −10 to 10: √(110 ∕ 3).
        let expected = (110.0_f64 / 3.0) * (0.5_f64 - 0.2).powi(2);
        assert!((frechet(&line(0.5), &line(0.2)) - expected).abs() < 1e-6);
        assert!(frechet(&[], &line(0.2)).is_nan());
    }
}
