use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::InferenceError;

/// How the next token is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplingOptions {
    /// 0 is greedy; above it, how flat the distribution becomes. At least 0.
    pub temperature: f32,
    /// Only so many of the likeliest tokens; `None` is all.
    pub top_k: Option<usize>,
    /// Only the likeliest tokens that together reach this share, in (0, 1]; `None` is all.
    pub top_p: Option<f32>,
    /// Above 1, tokens that have come before are less likely; 1 changes nothing. Above 0.
    pub repetition_penalty: f32,
    /// The same seed gives the same choice.
    pub seed: u64,
}

impl Default for SamplingOptions {
    fn default() -> Self {
        Self { temperature: 0.0, top_k: None, top_p: None, repetition_penalty: 1.0, seed: 0 }
    }
}

/// Which ids may come next.
#[derive(Debug, Clone, Copy)]
pub enum Allowed<'a> {
    /// Every one.
    All,
    /// These alone.
    Only(&'a [u32]),
}

/// Chooses one id from a row of logits.
#[derive(Debug)]
pub struct Sampler {
    options: SamplingOptions,
    random: StdRng,
}

impl Sampler {
    /// Errors: [`InferenceError::Setting`] for an option out of its range.
    pub fn new(options: SamplingOptions) -> Result<Self, InferenceError> {
        let setting = |name, found: String, expected| Err(InferenceError::Setting { name, found, expected });
        if !(options.temperature >= 0.0 && options.temperature.is_finite()) {
            return setting("temperature", options.temperature.to_string(), "a number of at least 0");
        }
        if options.top_k == Some(0) {
            return setting("top-k", "0".to_owned(), "at least 1");
        }
        if options.top_p.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return setting("top-p", format!("{:?}", options.top_p), "above 0 and at most 1");
        }
        if !(options.repetition_penalty > 0.0 && options.repetition_penalty.is_finite()) {
            return setting("repetition penalty", options.repetition_penalty.to_string(), "a number above 0");
        }
        let random = StdRng::seed_from_u64(options.seed);
        Ok(Self { options, random })
    }

    /// Starts the random numbers anew: the same calls then give the same choices.
    pub fn reset(&mut self) {
        self.random = StdRng::seed_from_u64(self.options.seed);
    }

    /// One id of those allowed. `before` are the ids so far.
    /// Errors: [`InferenceError::NothingAllowed`] for an empty mask, or one outside the vocabulary.
    pub fn choose(&mut self, logits: &[f32], before: &[u32], allowed: Allowed) -> Result<u32, InferenceError> {
        let mut candidates: Vec<(u32, f32)> = match allowed {
            Allowed::All => (0..).zip(logits.iter().copied()).collect(),
            Allowed::Only(ids) => {
                ids.iter().filter_map(|id| logits.get(*id as usize).map(|logit| (*id, *logit))).collect()
            }
        };
        candidates.retain(|(_, logit)| !logit.is_nan());
        let penalty = self.options.repetition_penalty;
        if penalty != 1.0 {
            let before: std::collections::HashSet<u32> = before.iter().copied().collect();
            for (_, logit) in candidates.iter_mut().filter(|(id, _)| before.contains(id)) {
                *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
            }
        }
        // Equal logits: the smaller id, so that greedy choices do not depend on the order of the mask.
        let likeliest = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if self.options.temperature == 0.0 {
            return candidates.into_iter().min_by(likeliest).map(|(id, _)| id).ok_or(InferenceError::NothingAllowed);
        }
        candidates.sort_by(likeliest);
        candidates.dedup_by_key(|(id, _)| *id);
        if let Some(count) = self.options.top_k {
            candidates.truncate(count);
        }
        let highest = candidates.first().ok_or(InferenceError::NothingAllowed)?.1;
        let mut weights: Vec<f32> =
            candidates.iter().map(|(_, logit)| ((logit - highest) / self.options.temperature).exp()).collect();
        if let Some(share) = self.options.top_p {
            let total: f32 = weights.iter().sum();
            let mut sum = 0.0;
            let kept = weights.iter().take_while(|weight| {
                let below = sum < share * total;
                sum += **weight;
                below
            });
            let kept = kept.count().max(1);
            weights.truncate(kept);
        }
        let total: f32 = weights.iter().sum();
        let mut point = self.random.random::<f32>() * total;
        for ((id, _), weight) in candidates.iter().zip(&weights) {
            point -= weight;
            if point <= 0.0 {
                return Ok(*id);
            }
        }
        // Rounding may leave a crumb of the last weight.
        Ok(candidates[weights.len() - 1].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampler(options: SamplingOptions) -> Sampler {
        Sampler::new(options).unwrap()
    }

    #[test]
    fn greedy_takes_the_likeliest_of_those_allowed() {
        let mut greedy = sampler(SamplingOptions::default());
        let logits = [0.0, 3.0, 2.0, 3.0];
        assert_eq!(greedy.choose(&logits, &[], Allowed::All).unwrap(), 1);
        assert_eq!(greedy.choose(&logits, &[], Allowed::Only(&[2, 0])).unwrap(), 2);
        assert!(matches!(greedy.choose(&logits, &[], Allowed::Only(&[])), Err(InferenceError::NothingAllowed)));
        assert!(matches!(greedy.choose(&logits, &[], Allowed::Only(&[9])), Err(InferenceError::NothingAllowed)));
        let mut tired = sampler(SamplingOptions { repetition_penalty: 2.0, ..SamplingOptions::default() });
        assert_eq!(tired.choose(&logits, &[1, 3], Allowed::All).unwrap(), 2);
    }

    #[test]
    fn shares_follow_the_softmax_and_the_cuts() {
        let logits = [0.0, 1.0, 2.0, -1.0];
        let share = |options: SamplingOptions, id: u32| {
            let mut sampler = sampler(options);
            (0..4000).filter(|_| sampler.choose(&logits, &[], Allowed::All).unwrap() == id).count() as f32 / 4000.0
        };
        let warm = SamplingOptions { temperature: 1.0, seed: 7, ..SamplingOptions::default() };
        let total: f32 = logits.iter().map(|logit: &f32| logit.exp()).sum();
        for (id, logit) in logits.iter().enumerate() {
            assert!((share(warm.clone(), id as u32) - logit.exp() / total).abs() < 0.03, "{id}");
        }
        assert_eq!(share(SamplingOptions { top_k: Some(2), ..warm.clone() }, 0), 0.0);
        assert_eq!(share(SamplingOptions { top_p: Some(0.5), ..warm.clone() }, 2), 1.0);
        assert!(share(SamplingOptions { top_p: Some(0.7), ..warm }, 1) > 0.2);
    }

    #[test]
    fn the_same_seed_chooses_the_same() {
        let logits: Vec<f32> = (0..50).map(|at| (at % 7) as f32 * 0.3).collect();
        let options = SamplingOptions { temperature: 1.2, seed: 11, ..SamplingOptions::default() };
        let mut one = sampler(options);
        let first: Vec<u32> = (0..20).map(|_| one.choose(&logits, &[], Allowed::All).unwrap()).collect();
        one.reset();
        let again: Vec<u32> = (0..20).map(|_| one.choose(&logits, &[], Allowed::All).unwrap()).collect();
        assert_eq!(first, again);
    }

    #[test]
    fn settings_out_of_range_are_named() {
        for (options, name) in [
            (SamplingOptions { temperature: -1.0, ..SamplingOptions::default() }, "temperature"),
            (SamplingOptions { top_k: Some(0), ..SamplingOptions::default() }, "top-k"),
            (SamplingOptions { top_p: Some(1.5), ..SamplingOptions::default() }, "top-p"),
            (SamplingOptions { repetition_penalty: f32::NAN, ..SamplingOptions::default() }, "repetition"),
        ] {
            let error = Sampler::new(options).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
