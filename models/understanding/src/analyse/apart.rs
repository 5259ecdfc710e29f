//! Words of the segmenter that say which week or month, seen from now: 下周一, 上个月, 本周. What stands before the week is a word
//! of its own, so that numbers and signs are found behind it.

use text::Word;

/// The same words, with those taken apart.
pub(super) fn apart(words: Vec<Word>, chars: &[char]) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        match time_at(&chars[word.range.clone()]) {
            Some(time) => {
                let (start, end) = (word.range.start, word.range.end);
                let parts = [(start, start + 1, "f"), (start + 1, start + time, "q"), (start + time, end, "t")];
                out.extend(parts.into_iter().filter(|(from, to, _)| from < to).map(|(from, to, tag)| Word {
                    range: from..to,
                    text: chars[from..to].iter().collect(),
                    tag: tag.to_owned(),
                }));
            }
            None => out.push(word),
        }
    }
    out
}

/// Where the time begins: behind the character that says which one, and its measure word if there is one.
fn time_at(word: &[char]) -> Option<usize> {
    let (first, rest) = word.split_first()?;
    if !matches!(first, '上' | '下' | '本') {
        return None;
    }
    let measure = usize::from(rest.first() == Some(&'个'));
    let time: String = rest[measure..].iter().collect();
    let is_time = match time.as_str() {
        "月" | "周" | "星期" | "礼拜" => true,
        // 上个, where the week is a word of its own.
        "" => measure == 1,
        _ => time.strip_prefix('周').or_else(|| time.strip_prefix("星期")).is_some_and(is_day),
    };
    is_time.then_some(1 + measure)
}

fn is_day(day: &str) -> bool {
    matches!(day, "一" | "二" | "三" | "四" | "五" | "六" | "日" | "天" | "末")
}
