//! How near a sign sentence is to a reference: BLEU-4, ROUGE-L, gloss error rate.
//!
//! In: pairs of glosses, what was signed and what the reference has. Out: three figures, in per cent. Chinese
//! numerals and Arabic digits count as alike; nothing else is smoothed over.

/// The figures over a set.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Scores {
    /// Sentences.
    pub sentences: usize,
    /// Signs of the references.
    pub signs: usize,
    /// BLEU up to four signs, over the whole set, with the brevity penalty; 0 to 100.
    pub bleu4: f64,
    /// ROUGE-L: the F measure (β = 1.2) of the longest common subsequence, averaged over sentences; 0 to 100.
    pub rouge_l: f64,
    /// Insertions, deletions and substitutions over the references' signs; 0 is perfect, more than 100 is possible.
    pub error_rate: f64,
}

impl Scores {
    /// Over pairs of (signed, reference).
    pub fn of(pairs: &[(Vec<String>, Vec<String>)]) -> Self {
        let pairs: Vec<(Vec<String>, Vec<String>)> = pairs.iter().map(|(a, b)| (plain(a), plain(b))).collect();
        let (mut matches, mut totals) = ([0_usize; 4], [0_usize; 4]);
        let (mut signed, mut signs, mut errors, mut rouge) = (0, 0, 0, 0.0);
        for (hypothesis, reference) in &pairs {
            signed += hypothesis.len();
            signs += reference.len();
            for n in 1..=4 {
                let mut left: Vec<&[String]> = reference.windows(n).collect();
                for gram in hypothesis.windows(n) {
                    totals[n - 1] += 1;
                    if let Some(at) = left.iter().position(|other| *other == gram) {
                        left.swap_remove(at);
                        matches[n - 1] += 1;
                    }
                }
            }
            errors += distance(hypothesis, reference);
            let common = common(hypothesis, reference) as f64;
            if common > 0.0 {
                let (precision, recall) = (common / hypothesis.len() as f64, common / reference.len() as f64);
                rouge += (1.0 + BETA * BETA) * precision * recall / (recall + BETA * BETA * precision);
            }
        }
        let log: f64 = matches.iter().zip(totals).map(|(&hit, all)| (hit as f64 / all.max(1) as f64).ln()).sum();
        let brevity = if signed >= signs { 1.0 } else { (1.0 - signs as f64 / signed.max(1) as f64).exp() };
        Self {
            sentences: pairs.len(),
            signs,
            bleu4: 100.0 * brevity * (log / 4.0).exp(),
            rouge_l: 100.0 * rouge / pairs.len().max(1) as f64,
            error_rate: 100.0 * errors as f64 / signs.max(1) as f64,
        }
    }
}

/// Weight of recall in ROUGE-L, as evaluations of sign translation have it.
const BETA: f64 = 1.2;

/// One way to write numbers: 三点, 3 点 and 3点 are the same two signs' worth.
fn plain(glosses: &[String]) -> Vec<String> {
    glosses.iter().map(|gloss| gloss.chars().map(digit).collect()).collect()
}

const fn digit(c: char) -> char {
    match c {
        '零' | '〇' => '0',
        '一' => '1',
        '二' | '两' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        other => other,
    }
}

/// Levenshtein's.
fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

/// The length of the longest common subsequence.
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let next = if x == y { diagonal + 1 } else { row[j + 1].max(row[j]) };
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(signed: &str, reference: &str) -> Scores {
        let glosses = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        Scores::of(&[(glosses(signed), glosses(reference))])
    }

    #[test]
    fn the_figures_are_those_worked_out_by_hand() {
        let same = scores("我 今天 去 学校", "我 今天 去 学校");
        assert!((same.bleu4 - 100.0).abs() < 1e-9 && (same.rouge_l - 100.0).abs() < 1e-9 && same.error_rate == 0.0);
        // One of four signs lacks: LCS 3, P = 1, R = 3/4; one deletion.
        let short = scores("我 今天 去", "我 今天 去 学校");
        assert!((short.rouge_l - 100.0 * 2.44 * 0.75 / (0.75 + 1.44)).abs() < 1e-9, "{short:?}");
        assert!((short.error_rate - 25.0).abs() < 1e-9 && short.bleu4 == 0.0);
        // 5 of 6, 4 of 5, 3 of 4, 2 of 3 n-grams.
        let one = scores("a b c d e x", "a b c d e f");
        let expected = 100.0 * (5.0 / 6.0 * 4.0 / 5.0 * 3.0 / 4.0 * 2.0 / 3.0_f64).powf(0.25);
        assert!((one.bleu4 - expected).abs() < 1e-9, "{one:?}");
        assert_eq!(scores("三 人", "3 人").error_rate, 0.0);
        assert!((scores("a b", "").error_rate - 200.0).abs() < 1e-9);
    }
}
