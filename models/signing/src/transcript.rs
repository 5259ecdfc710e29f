//! What was said.

use serde::{Deserialize, Serialize};

use crate::{LanguageTag, time::SourceTime};

/// A half-open range of Unicode scalar values of a source text: `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct SourceRange {
    /// First scalar inside.
    pub start: u32,
    /// First scalar after.
    pub end: u32,
}

impl SourceRange {
    /// `[start, end)`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// How many scalars it holds.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds none.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The part of `text` it names; `None` where it reaches beyond the text.
    pub fn slice(self, text: &str) -> Option<&str> {
        let byte_of =
            |scalar: u32| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(usize::try_from(scalar).ok()?);
        text.get(byte_of(self.start)?..byte_of(self.end)?)
    }
}

impl From<(u32, u32)> for SourceRange {
    fn from((start, end): (u32, u32)) -> Self {
        Self { start, end }
    }
}

impl From<SourceRange> for (u32, u32) {
    fn from(range: SourceRange) -> Self {
        (range.start, range.end)
    }
}

/// A span of source language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// What was said, as it was written.
    pub text: String,
    /// The language it is in.
    pub language: LanguageTag,
    /// When it began; zero for plain text.
    pub start: SourceTime,
    /// When it ended; equal to `start` for plain text.
    pub end: SourceTime,
    /// Whether it can no longer change. Only stable text is signed.
    pub stable: bool,
}

impl Transcript {
    /// Text without a clock.
    pub fn plain(text: impl Into<String>, language: impl Into<LanguageTag>) -> Self {
        Self {
            text: text.into(),
            language: language.into(),
            start: SourceTime::ZERO,
            end: SourceTime::ZERO,
            stable: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_count_scalars_not_bytes() {
        let text = "a冰壶😀b";
        for (start, end, expected) in
            [(0, 1, Some("a")), (1, 3, Some("冰壶")), (3, 4, Some("😀")), (5, 5, Some("")), (4, 6, None), (3, 2, None)]
        {
            assert_eq!(SourceRange::new(start, end).slice(text), expected, "{start}..{end}");
        }
    }
}
