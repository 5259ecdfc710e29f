//! What is written, taken apart: widths, scripts, numbers, pinyin, words, sentences.
//!
//! In: text as people type it. Out: [`Normalised`] text whose every character knows where it stood in the
//! original, and over it sentences, [`Word`]s, quantities ([`Found`]) and pinyin [`Syllable`]s.
//! Never: knows a sign, reads a file, changes what it was given: whatever is found is named by its place.
//!
//! Read in this order: `normalise` (with `hant`, Traditional to Simplified), `sentence`, `segment`,
//! `number` (values), `quantity` (numbers with their units in a text), `pinyin`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod hant;
mod normalise;
mod number;
mod pinyin;
mod quantity;
mod segment;
mod sentence;

pub use self::pinyin::{Syllable, name_syllables, parse as parse_syllable, syllables, written as written_syllables};
pub use hant::simplify;
pub use normalise::{Normalised, Removed, RemovedWhy};
pub use number::{DIGITS, Numeral, parse_chinese};
pub use quantity::{Found, MEASURES, Quantity, Unit, overlapping, quantities};
pub use segment::{Segmenter, Word};
pub use sentence::{is_han, sentences};
