//! Where sentences end.

use std::ops::Range;

/// Characters that end a sentence wherever they stand.
const ENDS: [char; 6] = ['。', '!', '?', ';', '\n', '｡'];
/// Characters that may close a sentence behind its end.
const CLOSERS: [char; 12] = ['"', '\'', '”', '’', ')', ']', '}', '」', '』', '》', '】', '〉'];

/// Half-open ranges of normalised characters, one for each sentence, with its punctuation, without
/// surrounding white space. What holds white space alone is left out.
pub fn sentences(chars: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < chars.len() {
        let end = ends(chars, at);
        at += 1;
        if !end {
            continue;
        }
        while at < chars.len() && (ends(chars, at) || CLOSERS.contains(&chars[at])) {
            at += 1;
        }
        push(chars, start..at, &mut found);
        start = at;
    }
    push(chars, start..chars.len(), &mut found);
    found
}

fn ends(chars: &[char], at: usize) -> bool {
    let c = chars[at];
    if ENDS.contains(&c) {
        return true;
    }
    if c != '.' {
        return false;
    }
    // A full stop, not a decimal point, an abbreviation or an address.
    let before = at.checked_sub(1).map(|before| chars[before]);
    let after = chars.get(at + 1);
    before.is_some_and(|c| c.is_alphanumeric() || CLOSERS.contains(&c))
        && after.is_none_or(|c| c.is_whitespace() || CLOSERS.contains(c) || (is_han(*c) && before.is_some_and(is_han)))
}

fn push(chars: &[char], range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let text = &chars[range.clone()];
    let Some(first) = text.iter().position(|c| !c.is_whitespace()) else { return };
    let last = text.iter().rposition(|c| !c.is_whitespace()).unwrap_or(first);
    found.push(range.start + first..range.start + last + 1);
}

/// Whether `c` is a Chinese character.
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇' | '々')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Normalised;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let normalised = Normalised::new(text);
        let found: Vec<String> = sentences(normalised.chars()).into_iter().map(|r| normalised.slice(r)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn ends_of_sentences() {
        check("你好。你去吗？去！", &["你好。", "你去吗?", "去!"]);
        check("他说：“走吧！”我们走了。", &["他说:“走吧!”", "我们走了。"]);
        check("真的？！", &["真的?!"]);
        check("一\n\n 二 \n", &["一", "二"]);
        check("气温3.5度", &["气温3.5度"]);
        check("Hello there. I am here.", &["Hello there.", "I am here."]);
        check("没有标点", &["没有标点"]);
        check("", &[]);
        check(" \n ", &[]);
    }

    proptest! {
        #[test]
        fn every_visible_character_is_in_one_sentence(text in any::<String>()) {
            let normalised = Normalised::new(&text);
            let ranges = sentences(normalised.chars());
            let mut at = 0;
            for range in &ranges {
                prop_assert!(range.start >= at && range.end > range.start);
                prop_assert!(normalised.chars()[at..range.start].iter().all(|c| c.is_whitespace()));
                at = range.end;
            }
            prop_assert!(normalised.chars()[at..].iter().all(|c| c.is_whitespace()));
        }
    }
}
