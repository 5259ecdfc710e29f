//! Text as written → text as the rest reads it, with a way back.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::hant::{simplify, simplify_at};

/// Text in one form: half width, Simplified, without what cannot be seen. Each character knows where in the
/// original it stood, so that whatever is found here can be named there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised {
    chars: Vec<char>,
    origin: Vec<u32>,
    removed: Vec<Removed>,
    length: u32,
}

/// A character that was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Its index in the original, in Unicode scalars.
    pub at: u32,
    /// What it was.
    pub character: char,
    /// Why it was taken out.
    pub why: RemovedWhy,
}

/// Why a character was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedWhy {
    /// A control character other than line breaks and tabs.
    Control,
    /// A format character: zero width, direction marks, soft hyphen, byte order mark, variation selectors.
    Invisible,
    /// A code point without a meaning that two programs agree on: private use, not a character.
    Unassigned,
}

impl RemovedWhy {
    /// In words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Control => "control character",
            Self::Invisible => "invisible character",
            Self::Unassigned => "private or unassigned character",
        }
    }
}

impl Normalised {
    /// Normalises `text`. Total: any Unicode text will do. Linear in its length.
    pub fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut this = Self {
            chars: Vec::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len()),
            removed: Vec::new(),
            length: index(original.len()),
        };
        for (at, &character) in original.iter().enumerate() {
            match removed(character) {
                Some(why) => this.removed.push(Removed { at: index(at), character, why }),
                None => this.push(index(at), simplify_at(&original, at)),
            }
        }
        this
    }

    fn push(&mut self, at: u32, character: char) {
        match character {
            '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{3000}' => self.one(at, ' '),
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.one(at, '\n'),
            '…' | '‥' => self.one(at, '…'),
            // ℃ and ℉ are one unit; their decomposition is two characters.
            '℃' | '℉' | '‰' => self.one(at, character),
            c if c < '\u{80}' => self.one(at, c),
            // Full width, circled, superscript, ligature, compatibility ideograph: what they stand for.
            c => {
                for plain in std::iter::once(c).nfkc() {
                    self.one(at, canonical(plain));
                }
            }
        }
    }

    fn one(&mut self, at: u32, character: char) {
        self.chars.push(character);
        self.origin.push(at);
    }

    /// The normalised characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The normalised characters of `range`; it must lie within [`Self::chars`].
    pub fn slice(&self, range: Range<usize>) -> String {
        self.chars.get(range).unwrap_or_default().iter().collect()
    }

    /// What was taken out, in order.
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }

    /// How many Unicode scalars the original holds.
    pub const fn original_length(&self) -> u32 {
        self.length
    }

    /// The original's half-open range of Unicode scalars that the normalised `range` came from.
    ///
    /// An empty range is empty in the original too, and stands before the character that follows.
    pub fn original(&self, range: Range<usize>) -> Range<u32> {
        let at = |i: usize| self.origin.get(i).copied().unwrap_or(self.length);
        if range.is_empty() {
            return at(range.start)..at(range.start);
        }
        at(range.start)..self.origin.get(range.end - 1).map_or(self.length, |&last| last + 1)
    }
}

/// Look-alikes that mean the same become one.
fn canonical(c: char) -> char {
    match c {
        '○' => '〇',
        '−' => '-',
        '⁄' | '∕' => '/',
        c => simplify(c),
    }
}

/// A position as the public types count. Texts of 2³² characters do not fit in memory as `char`s with origins.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

const fn removed(c: char) -> Option<RemovedWhy> {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => None,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Some(RemovedWhy::Control),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => Some(RemovedWhy::Invisible),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}'..='\u{ffff}' => {
            Some(RemovedWhy::Unassigned)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(Normalised::new(text).chars().iter().collect::<String>(), expected, "{text:?}");
    }

    #[test]
    fn widths_and_compatibility_forms() {
        check("ＡＢＣ１２３％", "ABC123%");
        check("你好，世界！", "你好,世界!");
        check("①②", "12");
        check("㎏", "kg");
        check("３℃", "3℃");
        check("½", "1/2");
        check("二○二二年", "二〇二二年");
        check("⽇本", "日本");
        check("a\u{3000}b\u{a0}c\td", "a b c d");
        check("一\r\n二", "一\n\n二");
    }

    #[test]
    fn the_invisible_goes_and_is_named() {
        let text = "你\u{200b}好\u{0}啊\u{feff}\u{e001}";
        let normalised = Normalised::new(text);
        assert_eq!(normalised.slice(0..3), "你好啊");
        let why: Vec<_> = normalised.removed().iter().map(|r| (r.at, r.why)).collect();
        assert_eq!(
            why,
            [
                (1, RemovedWhy::Invisible),
                (3, RemovedWhy::Control),
                (5, RemovedWhy::Invisible),
                (6, RemovedWhy::Unassigned)
            ]
        );
    }

    #[test]
    fn ranges_lead_back_to_the_original() {
        let text = "a\u{200b}㎏北";
        let normalised = Normalised::new(text);
        assert_eq!(normalised.slice(0..4), "akg北");
        assert_eq!(normalised.original(0..1), 0..1);
        assert_eq!(normalised.original(1..3), 2..3, "both letters of the one ㎏");
        assert_eq!(normalised.original(3..4), 3..4);
        assert_eq!(normalised.original(4..4), 4..4);
        assert_eq!(normalised.original(0..4), 0..4);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in any::<String>()) {
            let normalised = Normalised::new(&text);
            let length = text.chars().count() as u32;
            prop_assert_eq!(normalised.original_length(), length);
            let mut seen: Vec<bool> = vec![false; length as usize];
            for removed in normalised.removed() {
                seen[removed.at as usize] = true;
            }
            for at in 0..normalised.chars().len() {
                let range = normalised.original(at..at + 1);
                prop_assert_eq!(range.len(), 1);
                seen[range.start as usize] = true;
            }
            prop_assert!(seen.iter().all(|&s| s));
        }

        #[test]
        fn normalising_twice_is_normalising_once(text in any::<String>()) {
            let once: String = Normalised::new(&text).chars().iter().collect();
            let twice: String = Normalised::new(&once).chars().iter().collect();
            prop_assert_eq!(once, twice);
        }
    }
}
