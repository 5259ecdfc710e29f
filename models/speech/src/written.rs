//! How Mandarin is written down.

use crate::correct::Heard;

/// As Mandarin is written: Simplified, full-width marks, no spaces between characters.
pub(crate) fn as_written(heard: &mut Vec<Heard>) {
    for heard in heard.iter_mut() {
        heard.char = text::simplify(heard.char);
    }
    let is_han = |n: Option<usize>, heard: &[Heard]| n.and_then(|n| heard.get(n)).is_some_and(|h| text::is_han(h.char));
    for n in 0..heard.len() {
        let beside = is_han(n.checked_sub(1), heard) || is_han(Some(n + 1), heard);
        let digits = |n: Option<usize>| n.and_then(|n| heard.get(n)).is_some_and(|h| h.char.is_ascii_digit());
        let in_number = digits(n.checked_sub(1)) && digits(Some(n + 1));
        if beside && !in_number {
            heard[n].char = match heard[n].char {
                ',' => '，',
                '!' => '！',
                '?' => '？',
                ';' => '；',
                ':' => '：',
                '.' if n + 1 == heard.len() => '。',
                other => other,
            };
        }
    }
    let is_mark = |n: Option<usize>, heard: &[Heard]| {
        n.and_then(|n| heard.get(n)).is_some_and(|heard| "，！？；：。".contains(heard.char))
    };
    let mut n = 0;
    while n < heard.len() {
        let before = n.checked_sub(1);
        if heard[n].char == ' ' && (is_han(before, heard) || is_han(Some(n + 1), heard) || is_mark(before, heard)) {
            heard.remove(n);
        } else {
            n += 1;
        }
    }
    // Degrees below zero are words; Whisper writes the first of them as a digit.
    for n in 2..heard.len() {
        let before = n.checked_sub(3).is_some_and(|n| heard[n].char.is_ascii_digit());
        let counts = heard[n].char.is_ascii_digit() || "一二两三四五六七八九十".contains(heard[n].char);
        if !before && counts && (heard[n - 2].char, heard[n - 1].char) == ('0', '下') {
            heard[n - 2].char = '零';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mandarin_is_simplified_with_its_own_marks_and_without_gaps() {
        for (heard, expected) in [
            ("謝謝您的幫助,再見.", "谢谢您的帮助，再见。"),
            ("有 24 名 选手", "有24名选手"),
            ("多少钱? 3.5元", "多少钱？3.5元"),
            ("最高气温0下3度", "最高气温零下3度"),
            ("气温0下十度", "气温零下十度"),
            ("敲了10下3次", "敲了10下3次"),
            ("晚上0点", "晚上0点"),
            ("OK, let us go.", "OK, let us go."),
        ] {
            let mut chars: Vec<Heard> = heard.chars().map(|char| Heard { char, probability: 0.9 }).collect();
            as_written(&mut chars);
            let found: String = chars.iter().map(|heard| heard.char).collect();
            assert_eq!(found, expected, "{heard}");
        }
    }
}
