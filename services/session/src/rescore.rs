//! The small GLM's opinion of what may have been said: of several readings of the same sounds, which makes sense.

use std::ops::Range;

use glm::{
    GlmError,
    blank::{BlankGlm, Language},
};
use speech::Rescorer;
use understanding::normalised;

/// Weight of the GLM's natural logarithms against the network that listens.
const WEIGHT: f32 = 0.3;
/// A reading is no better or worse than another by more than this for each place where they differ: the GLM has read
/// little.
const MOST: f32 = 6.0;
/// What stands between two differences and is no longer than this is masked with them.
const BRIDGED: usize = 1;

/// A small GLM that fills blanks.
#[derive(Debug)]
pub(crate) struct MakesSense(BlankGlm);

impl MakesSense {
    /// The one that is part of the program.
    ///
    /// Errors: weights that can't be read, which a test excludes.
    pub(crate) fn embedded() -> Result<Self, GlmError> {
        Ok(Self(BlankGlm::embedded()?))
    }

    /// How much better `text` makes sense than `heard` where they differ: a natural logarithm.
    fn gain(&self, heard: &[char], text: &[char]) -> f32 {
        let gains = differences(heard, text).into_iter().map(|range| {
            // Each in the words of the other reading: what is measured is this place.
            let piece = |from: &[char], range: Range<usize>| normalised(&from[range].iter().collect::<String>());
            let (before, after) = (piece(text, 0..range.start), piece(text, range.end..text.len()));
            let (as_heard, instead) = (piece(heard, range.clone()), piece(text, range));
            match self.0.infill(&before, &after, Language::Chinese, &[&as_heard, &instead]) {
                Ok(found) => (found[1] - found[0]).clamp(-MOST, MOST),
                Err(error) => {
                    tracing::debug!(%error, "not weighed");
                    0.0
                }
            }
        });
        gains.sum()
    }
}

impl Rescorer for MakesSense {
    fn score(&self, texts: &[String]) -> Vec<f32> {
        let texts: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
        let Some(heard) = texts.first() else { return Vec::new() };
        texts.iter().map(|text| WEIGHT * self.gain(heard, text)).collect()
    }
}

/// Where two texts of one length differ; nowhere if their lengths do.
fn differences(a: &[char], b: &[char]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if a.len() != b.len() {
        return found;
    }
    for at in (0..a.len()).filter(|&at| a[at] != b[at]) {
        match found.last_mut() {
            Some(last) if at - last.end <= BRIDGED => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_that_makes_sense_scores_best() {
        let glm = MakesSense::embedded().unwrap();
        for [heard, said] in [
            ["昨天晚上的笔赛非常精彩。", "昨天晚上的比赛非常精彩。"],
            ["请大家注意安泉，不要乱跑。", "请大家注意安全，不要乱跑。"],
            ["我明天要去医愿看医声。", "我明天要去医院看医生。"],
            ["今天气温灵下三度。", "今天气温零下三度。"],
        ] {
            let scores = glm.score(&[heard.to_owned(), said.to_owned()]);
            assert!(scores[0] == 0.0 && scores[1] > 0.0, "{said}: {scores:?}");
        }
        assert_eq!(glm.score(&["我去".to_owned(), "我去了".to_owned()]), [0.0, 0.0], "other lengths are not weighed");
        assert!(glm.score(&[]).is_empty());
    }

    #[test]
    fn differences_close_together_are_one() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(differences(&chars("甲乙丙丁戊己庚"), &chars("申乙两丁戊己康")), [0..3, 6..7]);
        assert!(differences(&chars("甲"), &chars("甲")).is_empty());
    }
}
