use candle_core::{Result, Tensor};
use candle_nn::kv_cache::KvCache;

/// By how many positions a cache grows: large enough that growing (a copy) is rare, small enough that a short
/// prompt does not pay for a long one's memory.
const GROWTH_POSITIONS: usize = 512;

/// Keys and values of one layer's past positions, `[batch, heads, positions, head width]` each.
#[derive(Debug, Clone)]
pub struct LayerCache {
    inner: KvCache,
}

impl Default for LayerCache {
    fn default() -> Self {
        Self { inner: KvCache::new(2, GROWTH_POSITIONS) }
    }
}

impl LayerCache {
    /// Appends the new positions and gives back all of them.
    pub fn append(&mut self, keys: &Tensor, values: &Tensor) -> Result<(Tensor, Tensor)> {
        self.inner.append(keys, values)
    }

    /// How many positions are held.
    pub fn positions(&self) -> usize {
        self.inner.current_seq_len()
    }

    /// Forgets all but the first positions.
    pub fn keep(&mut self, positions: usize) -> Result<()> {
        let held = self.inner.k()?.zip(self.inner.v()?);
        if positions >= self.positions() {
            return Ok(());
        }
        self.inner.reset();
        if let Some((keys, values)) = held.filter(|_| positions > 0) {
            // A copy: both are views of the memory that is written to.
            let first = |of: &Tensor| of.narrow(2, 0, positions)?.contiguous()?.copy();
            self.inner.append(&first(&keys)?, &first(&values)?)?;
        }
        Ok(())
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.inner.reset();
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device};

    use super::*;

    #[test]
    fn what_goes_in_comes_out_also_beyond_the_first_block() {
        let mut cache = LayerCache::default();
        let mut expected = Vec::new();
        for step in 0..(GROWTH_POSITIONS + 3) {
            let one = Tensor::full(step as f32, (1, 1, 1, 2), &Device::Cpu).unwrap();
            let (keys, _) = cache.append(&one, &one).unwrap();
            expected.extend([step as f32; 2]);
            if step % 200 == 0 || step > GROWTH_POSITIONS {
                let found: Vec<f32> = keys.to_dtype(DType::F32).unwrap().flatten_all().unwrap().to_vec1().unwrap();
                assert_eq!(found, expected);
            }
        }
        cache.keep(5).unwrap();
        let two = Tensor::full(2000f32, (1, 1, 1, 2), &Device::Cpu).unwrap();
        let (keys, _) = cache.append(&two, &two).unwrap();
        let found: Vec<f32> = keys.flatten_all().unwrap().to_vec1().unwrap();
        assert_eq!(found, [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 2000.0, 2000.0]);
        cache.keep(100).unwrap();
        assert_eq!(cache.positions(), 6);
        cache.keep(0).unwrap();
        assert_eq!(cache.positions(), 0);
        cache.reset();
        assert_eq!(cache.positions(), 0);
    }
}
