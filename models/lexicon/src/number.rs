//! Numbers, composed of the packs' number signs.
//!
//! 0–10 are signs of their own; 11–19 are ten and unit in one movement; 20–90 the number's hand with
//! its fingers bent twice; 百, 千 and 万 carry their digit in their own hand. Calendar years, telephone
//! numbers and the like go digit by digit.

use signing::SignForm;

use crate::{entry::Entry, error::LexiconError, stack::Lexicon};

/// A number to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numeral {
    /// A quantity.
    Cardinal(i64),
    /// Digit by digit: years, telephone numbers. ASCII digits only.
    Digits(String),
    /// A decimal fraction such as `3.14`: ASCII digits, one point between digits.
    Decimal(String),
    /// Below zero.
    Negative(Box<Numeral>),
    /// Of a hundred.
    Percent(Box<Numeral>),
    /// A fraction.
    Fraction {
        /// Above the bar.
        num: u32,
        /// Below the bar.
        den: u32,
    },
    /// A rank.
    Ordinal(u32),
}

/// What is signed one after the other, each with the name a reader knows it by.
type Forms = Vec<(String, SignForm)>;

/// Headwords of number signs that are patterns or marks, as the core pack has them.
const TEENS: &str = "teens";
const TENS: &str = "tens";
const HUNDRED: &str = "百";
const THOUSAND: &str = "千";
const TEN_THOUSAND: &str = "万";
const HUNDRED_MILLION: &str = "亿";
const ORDINAL: &str = "第";
const MINUS: &str = "负";
const POINT: &str = "小数点";
const PERCENT: &str = "%";
const OVER: &str = "分子";
const UNDER: &str = "分母";

impl Lexicon {
    /// The forms of a number, in signing order, each with its name.
    ///
    /// Errors: a number sign that no pack has, a rank or fraction beyond its slot, digits that are none.
    pub fn number_forms(&self, numeral: &Numeral) -> Result<Forms, LexiconError> {
        match numeral {
            Numeral::Cardinal(value) => {
                let mut forms = Vec::new();
                if *value < 0 {
                    forms.push(self.plain(MINUS)?);
                }
                self.quantity(value.unsigned_abs(), &mut forms)?;
                Ok(forms)
            }
            Numeral::Digits(digits) => {
                if digits.is_empty() {
                    return Err(not_a_number(digits, "at least one digit"));
                }
                digits.chars().map(|digit| self.digit(digits, digit)).collect()
            }
            Numeral::Decimal(text) => self.decimal(text),
            Numeral::Negative(inner) => self.after(self.plain(MINUS)?, inner),
            Numeral::Percent(inner) => {
                let mut forms = self.number_forms(inner)?;
                forms.push(self.plain(PERCENT)?);
                Ok(forms)
            }
            Numeral::Fraction { num, den } => Ok(vec![self.slotted(UNDER, *den)?, self.slotted(OVER, *num)?]),
            Numeral::Ordinal(rank) => Ok(vec![self.slotted(ORDINAL, *rank)?]),
        }
    }

    fn after(&self, first: (String, SignForm), inner: &Numeral) -> Result<Forms, LexiconError> {
        let mut forms = vec![first];
        forms.extend(self.number_forms(inner)?);
        Ok(forms)
    }

    fn decimal(&self, text: &str) -> Result<Forms, LexiconError> {
        let expected = "digits, a point and digits, such as 3.14";
        let (whole, part) = text.split_once('.').ok_or_else(|| not_a_number(text, expected))?;
        if part.is_empty() {
            return Err(not_a_number(text, expected));
        }
        let value: u64 = whole.parse().map_err(|_| not_a_number(text, expected))?;
        let mut forms = Vec::new();
        self.quantity(value, &mut forms)?;
        forms.push(self.plain(POINT)?);
        for digit in part.chars() {
            forms.push(self.digit(text, digit)?);
        }
        Ok(forms)
    }

    fn digit(&self, text: &str, digit: char) -> Result<(String, SignForm), LexiconError> {
        if !digit.is_ascii_digit() {
            return Err(not_a_number(text, "the digits 0 to 9 only"));
        }
        self.plain(&digit.to_string())
    }

    /// As Chinese says it: sections of four digits with 万 and 亿, and a zero for a gap inside.
    fn quantity(&self, value: u64, forms: &mut Forms) -> Result<(), LexiconError> {
        if value == 0 {
            forms.push(self.plain("0")?);
            return Ok(());
        }
        let (above, rest) = (value / 100_000_000, value % 100_000_000);
        if above > 0 {
            self.with_unit(above, HUNDRED_MILLION, forms)?;
            if rest > 0 && rest < 10_000_000 {
                forms.push(self.plain("0")?);
            }
        }
        let (above, rest) = (rest / 10_000, rest % 10_000);
        if above > 0 {
            self.with_unit(above, TEN_THOUSAND, forms)?;
            if rest > 0 && rest < 1_000 {
                forms.push(self.plain("0")?);
            }
        }
        self.section(rest, forms)
    }

    /// `count` times a large unit: the last digit is in the unit's own hand where there is one.
    fn with_unit(&self, count: u64, unit: &str, forms: &mut Forms) -> Result<(), LexiconError> {
        let entry = self.sign(unit)?;
        let last = (count % 10) as u32;
        let has_slot = entry.number_slot.as_ref().is_some_and(|slot| (slot.min..=slot.max).contains(&last));
        if !has_slot {
            self.quantity(count, forms)?;
            forms.push(match entry.number_slot {
                // Round tens: the unit is drawn with the plain pointing finger.
                Some(_) => (unit.to_owned(), self.form_with_number(entry, 1)?),
                None => self.plain(unit)?,
            });
            return Ok(());
        }
        // 10 to 19 are one movement, which leaves no digit for the unit's hand.
        if count % 100 > 10 && count % 100 < 20 {
            self.quantity(count, forms)?;
            forms.push((unit.to_owned(), self.form_with_number(entry, 1)?));
            return Ok(());
        }
        if count > 10 {
            self.quantity(count - u64::from(last), forms)?;
        }
        forms.push((format!("{last}{unit}"), self.form_with_number(entry, last)?));
        Ok(())
    }

    /// 0 to 9,999; nothing for 0.
    fn section(&self, value: u64, forms: &mut Forms) -> Result<(), LexiconError> {
        let digit = |unit: u64| (value / unit % 10) as u32;
        let (thousands, hundreds, tens, units) = (digit(1000), digit(100), digit(10), digit(1));
        if thousands > 0 {
            forms.push(self.slotted(THOUSAND, thousands)?);
        }
        if hundreds > 0 {
            forms.push(self.slotted(HUNDRED, hundreds)?);
        }
        let gap = (thousands > 0 && hundreds == 0 && tens + units > 0) || (hundreds > 0 && tens == 0 && units > 0);
        if gap {
            forms.push(self.plain("0")?);
        }
        match (tens, units) {
            (0, 0) => {}
            (0, _) => forms.push(self.plain(&units.to_string())?),
            (1, 0) => forms.push(self.plain("10")?),
            (1, _) => forms.push((format!("1{units}"), self.slotted(TEENS, units)?.1)),
            _ => {
                forms.push((format!("{tens}0"), self.slotted(TENS, tens)?.1));
                if units > 0 {
                    forms.push(self.plain(&units.to_string())?);
                }
            }
        }
        Ok(())
    }

    fn sign(&self, headword: &str) -> Result<&Entry, LexiconError> {
        self.number(headword).ok_or_else(|| LexiconError::NoNumber(headword.to_owned()))
    }

    fn plain(&self, headword: &str) -> Result<(String, SignForm), LexiconError> {
        let entry = self.sign(headword)?;
        let form = entry.form().ok_or_else(|| LexiconError::NoForm {
            id: entry.id.clone(),
            headword: entry.headword.clone(),
            reason: entry.form.message(),
        })?;
        Ok((headword.to_owned(), form.clone()))
    }

    fn slotted(&self, headword: &str, n: u32) -> Result<(String, SignForm), LexiconError> {
        let entry = self.sign(headword)?;
        let name = entry
            .number_slot
            .as_ref()
            .map_or_else(|| headword.to_owned(), |slot| slot.zh.replace("{n}", &n.to_string()));
        Ok((name, self.form_with_number(entry, n)?))
    }
}

fn not_a_number(found: &str, expected: &'static str) -> LexiconError {
    LexiconError::NotANumber { found: found.to_owned(), expected }
}
