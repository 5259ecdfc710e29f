use std::collections::HashMap;

/// How near proposals are to what was written, over a set of sentences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// BLEU of up to four glosses in a row, 0 to 100, over the whole set; a missing order counts as half an agreement.
    pub bleu4: f64,
    /// ROUGE-L: the F-measure of the longest common subsequence, 0 to 100, averaged over sentences.
    pub rouge_l: f64,
    /// Glosses to insert, delete or replace, of 100 written; may exceed 100.
    pub gloss_error_rate: f64,
    /// Sentences that are right as a whole, of 100.
    pub exact: f64,
    /// How many sentences.
    pub sentences: usize,
}

impl Scores {
    /// From pairs of what was proposed and what was written.
    pub fn of(pairs: &[(Vec<String>, Vec<String>)]) -> Self {
        let count = pairs.len().max(1) as f64;
        let (mut edits, mut written, mut rouge, mut exact) = (0, 0, 0.0, 0);
        for (found, expected) in pairs {
            edits += distance(found, expected);
            written += expected.len();
            rouge += f_measure(common(found, expected), found.len(), expected.len());
            exact += usize::from(found == expected);
        }
        Self {
            bleu4: 100.0 * bleu(pairs),
            rouge_l: 100.0 * rouge / count,
            gloss_error_rate: 100.0 * edits as f64 / written.max(1) as f64,
            exact: 100.0 * exact as f64 / count,
            sentences: pairs.len(),
        }
    }
}

fn bleu(pairs: &[(Vec<String>, Vec<String>)]) -> f64 {
    let mut sum = 0.0;
    for order in 1..=4 {
        let (mut agreed, mut total) = (0.0f64, 0.0f64);
        for (found, expected) in pairs {
            let mut there: HashMap<&[String], usize> = HashMap::new();
            for row in expected.windows(order) {
                *there.entry(row).or_default() += 1;
            }
            for row in found.windows(order) {
                total += 1.0;
                if let Some(count) = there.get_mut(row).filter(|count| **count > 0) {
                    *count -= 1;
                    agreed += 1.0;
                }
            }
        }
        if total == 0.0 {
            return 0.0;
        }
        sum += (if agreed > 0.0 { agreed } else { 0.5 } / total).ln() / 4.0;
    }
    let (found, expected): (usize, usize) =
        pairs.iter().fold((0, 0), |(a, b), (found, expected)| (a + found.len(), b + expected.len()));
    let brevity = if found < expected { (1.0 - expected as f64 / found.max(1) as f64).exp() } else { 1.0 };
    brevity * sum.exp()
}

fn f_measure(common: usize, found: usize, expected: usize) -> f64 {
    if found + expected == 0 { 1.0 } else { 2.0 * common as f64 / (found + expected) as f64 }
}

/// Length of the longest common subsequence.
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for left in a {
        let mut diagonal = 0;
        for (at, right) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if left == right { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Insertions, deletions and replacements between two rows.
fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (at, right) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = (diagonal + usize::from(left != right)).min(above + 1).min(row[at] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn scores_of_known_rows() {
        let same = Scores::of(&[(row("a b c d e"), row("a b c d e"))]);
        assert!((same.bleu4 - 100.0).abs() < 1e-9 && same.gloss_error_rate == 0.0 && same.exact == 100.0);
        let swapped = Scores::of(&[(row("b a c d"), row("a b c d"))]);
        assert_eq!(swapped.gloss_error_rate, 50.0);
        assert_eq!(swapped.rouge_l, 75.0);
        // Orders agree 5/6, 3/5, 2/4 and 1/3.
        let found = Scores::of(&[(row("a b c d x e"), row("a b c d e f"))]);
        let expected = (5.0f64 / 6.0 * 3.0 / 5.0 * 2.0 / 4.0 * 1.0 / 3.0).powf(0.25) * 100.0;
        assert!((found.bleu4 - expected).abs() < 1e-9, "{} {expected}", found.bleu4);
        assert_eq!(Scores::of(&[(vec![], row("a b"))]).gloss_error_rate, 100.0);
    }
}
