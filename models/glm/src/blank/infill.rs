//! How well a piece of text stands where it stands: one `[MASK]`, and what it might have been.

use inference::InferenceError;

use super::vocabulary::{END, MASK, START};
use super::{BlankGlm, Language};
use crate::GlmError;

impl BlankGlm {
    /// Natural logarithm of how probable each of `fillings` is between `before` and `after`, the end of the blank
    /// included. Characters that the corpus lacks cost as much as anything can.
    ///
    /// Errors: a text longer than the network's places, or a filling longer than its blanks.
    pub fn infill(
        &self,
        before: &str,
        after: &str,
        language: Language,
        fillings: &[&str],
    ) -> Result<Vec<f32>, GlmError> {
        let mut given = self.vocabulary().source(before, language);
        let place = given.len() as u32;
        given.push(MASK);
        // Without the language, which stands in front.
        given.extend(&self.vocabulary().source(after, language)[1..]);
        if given.len() > self.config().places {
            return Err(InferenceError::Context { found: given.len(), limit: self.config().places }.into());
        }
        let memory = self.read_given(&given);
        let limit = self.config().inside - 2;
        let probability = |filling: &&str| {
            let tokens = self.vocabulary().source(filling, language).split_off(1);
            if tokens.len() > limit {
                return Err(InferenceError::Context { found: tokens.len(), limit }.into());
            }
            let mut memory = memory.clone();
            let inputs = std::iter::once(START).chain(tokens.iter().copied());
            let outputs = tokens.iter().copied().chain([END]);
            Ok((1..).zip(inputs.zip(outputs)).fold(0.0, |sum, (inside, (input, output))| {
                let logarithms = self.read_next(input, place, inside, &mut memory);
                sum + logarithms.get(output as usize).copied().unwrap_or(f32::NEG_INFINITY)
            }))
        };
        fillings.iter().map(probability).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_is_more_probable_than_what_sounds_alike() {
        let glm = BlankGlm::embedded().unwrap();
        for (before, after, right, wrong) in [
            ("我明天去", "看病。", "医院", "医愿"),
            ("今天", "很冷,你多穿衣服。", "天气", "天器"),
            ("我们去", "上课。", "学校", "学笑"),
            ("他坐", "去北京。", "火车", "货车"),
        ] {
            let found = glm.infill(before, after, Language::Chinese, &[right, wrong]).unwrap();
            assert!(found[0] > found[1], "{before}{right}{after}: {found:?}");
        }
        let long = "我".repeat(2_000);
        assert!(glm.infill(&long, "", Language::Chinese, &["他"]).is_err());
        assert!(glm.infill("", "", Language::Chinese, &[&long]).is_err());
    }
}
