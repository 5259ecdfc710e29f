//! Text into words.

use std::ops::Range;

use jieba_rs::Jieba;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in characters of what was segmented.
    pub range: Range<usize>,
    /// The word itself.
    pub text: String,
    /// Its part of speech in the segmenter's tag set (`n`, `v`, `nr` a person, `ns` a place, `t` a time…).
    pub tag: String,
}

/// Cuts text into words: jieba's dictionary with the words of the loaded packs.
pub struct Segmenter {
    jieba: Jieba,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmenter").finish_non_exhaustive()
    }
}

impl Segmenter {
    /// With `words` (and their parts of speech where the dictionary has none) made whole.
    ///
    /// A word of one character is left at the dictionary's frequency: raised, it would tear longer words
    /// apart. The order of `words` does not matter.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut jieba = Jieba::new();
        let mut words: Vec<_> = words.into_iter().filter(|(word, _)| word.chars().nth(1).is_some()).collect();
        words.sort_unstable();
        words.dedup_by_key(|&mut (word, _)| word);
        for (word, tag) in words {
            jieba.add_word(word, None, Some(tag));
        }
        Self { jieba }
    }

    /// The words of `chars`, white space included: their ranges follow on each other and cover all of it.
    ///
    /// Neighbouring characters that the dictionary does not have together are joined where they look like a
    /// word of their own, such as a person's name.
    pub fn cut(&self, chars: &[char]) -> Vec<Word> {
        self.tagged(chars, true)
    }

    /// The same with the dictionary's words alone.
    pub fn cut_known(&self, chars: &[char]) -> Vec<Word> {
        self.tagged(chars, false)
    }

    fn tagged(&self, chars: &[char], guess: bool) -> Vec<Word> {
        let text: String = chars.iter().collect();
        self.jieba
            .tag(&text, guess)
            .into_iter()
            .map(|tag| Word { range: tag.start..tag.end, text: tag.word.to_owned(), tag: tag.tag.to_owned() })
            .collect()
    }

    /// The natural logarithm of how probable `word` is among words: the dictionary's count where it has the word,
    /// else what its parts make together. Never below [`Self::RAREST`].
    pub fn log_probability(&self, word: &str) -> f32 {
        (self.jieba.suggest_freq(word) as f32 / Self::WORDS).ln().max(Self::RAREST)
    }

    /// Words counted for the dictionary.
    const WORDS: f32 = 6.0e7;
    /// A word that was counted once.
    pub const RAREST: f32 = -18.0;

    /// Whether the dictionary or a pack has the word.
    pub fn knows(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::OnceLock;

    fn segmenter() -> &'static Segmenter {
        static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
        SEGMENTER.get_or_init(|| Segmenter::new([("冬奥会", "n"), ("花样滑冰", "n"), ("冰壶", "n"), ("人", "n")]))
    }

    fn check(text: &str, expected: &str) {
        let chars: Vec<char> = text.chars().collect();
        let words: Vec<String> = segmenter().cut(&chars).into_iter().map(|w| w.text).collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn words_of_packs_are_whole() {
        check("北京冬奥会的花样滑冰比赛", "北京 冬奥会 的 花样滑冰 比赛");
        check("冰壶比赛开始", "冰壶 比赛 开始");
        check("中国人", "中国 人");
    }

    #[test]
    fn people_are_tagged() {
        let chars: Vec<char> = "我叫李明".chars().collect();
        let words = segmenter().cut(&chars);
        assert!(words.iter().any(|w| w.text == "李明" && w.tag.starts_with("nr")), "{words:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn words_cover_the_text(text in any::<String>()) {
            let chars: Vec<char> = text.chars().collect();
            let mut at = 0;
            for word in segmenter().cut(&chars) {
                prop_assert_eq!(word.range.start, at);
                prop_assert_eq!(chars[word.range.clone()].iter().collect::<String>(), word.text);
                at = word.range.end;
            }
            prop_assert_eq!(at, chars.len());
        }
    }
}
