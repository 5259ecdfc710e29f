//! Numbers as tokens: inside a word's sign, or composed of number signs beside their unit.

use std::ops::Range;

use lexicon::{Entry, Lang, LexiconError};
use signing::{Grounding, Origin, TokenForm};
use text::{Numeral, Quantity, Unit};

use super::{Draft, Ladder, left_out, sign, sure, whole};
use crate::{
    item::{Choice, Drop, Item, Kind, choose},
    mouth,
};

/// The most characters of a number that are signed.
const MOST_DIGITS: usize = 40;

/// What packs call the class of words that stand beside a number beyond their slot.
const COUNTER: &str = "counter";

impl<'l> Ladder<'l> {
    /// A number inside a word's sign: one movement, one token.
    pub(super) fn slotted(&self, entry: &'l Entry, quantity: &Quantity, item: &Item<'l>) -> Option<Draft> {
        let number = quantity.value.whole()?;
        let form = self.lexicon().form_with_number(entry, number).ok()?;
        // 二月 is written as a month even where its sign is that of two months.
        let name = match quantity.unit {
            Unit::Month => format!("{number}月"),
            _ => slot_gloss(entry, number),
        };
        let reading = Numeral::Cardinal(number.into()).reading();
        let spoken = name.replace(&number.to_string(), &reading);
        let mouthing = match entry.mouthing.as_deref() {
            Some("") => Vec::new(),
            _ => mouth::visemes(&text::syllables(&spoken)),
        };
        Some(Draft {
            gloss: name.clone(),
            lexeme: Some(entry.id.clone()),
            pack: Some(entry.pack.clone()),
            origin: Origin::Number,
            ranges: item.ranges.clone(),
            grounding: Grounding::Number,
            confidence: whole(entry, sure::SAME),
            inflection: item.inflection,
            forms: vec![TokenForm { name, lexeme: Some(entry.id.clone()), form }],
            caption: None,
            mouthing,
        })
    }

    /// A number and its unit, each a token of its own.
    pub(super) fn number(&self, quantity: &Quantity, item: &Item<'l>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut value = quantity.value.clone();
        let mut range = quantity.number.clone();
        if !quantity.prefix.is_empty() {
            let prefix: String = item.text.chars().take(quantity.prefix.len()).collect();
            match (&value, self.prefix(quantity, &prefix)) {
                (Numeral::Negative(of), Some(choice)) => {
                    drafts.push(self.word(choice, quantity.prefix.clone()));
                    value = (**of).clone();
                }
                (Numeral::Negative(_) | Numeral::Ordinal(_), None) => range.start = quantity.prefix.start,
                (_, Some(choice)) if quantity.unit == Unit::Weekday => {
                    drafts.push(self.word(choice, quantity.prefix.clone()))
                }
                _ => range.start = quantity.prefix.start,
            }
        }
        if range.len() > MOST_DIGITS {
            return left_out(item, "a number of more than forty digits", dropped);
        }
        match self.number_forms(&value) {
            Ok(forms) => drafts.push(Draft {
                gloss: value.arabic(),
                lexeme: None,
                pack: None,
                origin: Origin::Number,
                ranges: vec![range],
                grounding: Grounding::Number,
                confidence: sure::SAME,
                inflection: item.inflection,
                forms,
                caption: None,
                mouthing: mouth::visemes(&text::syllables(&value.reading())),
            }),
            Err(error) => dropped.push(Drop::new(range, error.to_string())),
        }
        if !quantity.suffix.is_empty() {
            let suffix: String = {
                let before = quantity.suffix.start - quantity.range.start;
                item.text.chars().skip(before).take(quantity.suffix.len()).collect()
            };
            match self.unit(quantity.unit).or_else(|| self.counter(&suffix)) {
                Some(choice) => drafts.push(self.word(choice, quantity.suffix.clone())),
                None => {
                    let reason = if quantity.unit == Unit::Measure { "measure word" } else { "a unit without a sign" };
                    dropped.push(Drop::new(quantity.suffix.clone(), reason));
                }
            }
        }
        drafts
    }

    /// A whole number with its unit as one token of number signs alone, each put in its place by `place`.
    pub(crate) fn numeral_alone(
        &self,
        item: &Item<'l>,
        unit: &str,
        place: &dyn Fn(TokenForm) -> TokenForm,
    ) -> Option<Draft> {
        let Kind::Number { quantity, .. } = &item.kind else { return None };
        let number = quantity.value.whole()?;
        let value = Numeral::Cardinal(number.into());
        let forms: Vec<TokenForm> = self.number_forms(&value).ok()?.into_iter().map(place).collect();
        Some(Draft {
            gloss: format!("{number}{unit}"),
            lexeme: None,
            pack: None,
            origin: Origin::Number,
            ranges: item.ranges.clone(),
            grounding: Grounding::Number,
            confidence: sure::SAME,
            inflection: item.inflection,
            forms,
            caption: None,
            mouthing: mouth::visemes(&text::syllables(&format!("{}{unit}", value.reading()))),
        })
    }

    fn prefix(&self, quantity: &Quantity, written: &str) -> Option<Choice<'l>> {
        match (&quantity.value, quantity.unit) {
            (_, Unit::Weekday) => self.unit(Unit::Weekday),
            (Numeral::Negative(_), _) if written == "零下" => choose(self.lexicon(), "零下", Lang::Zh, "n"),
            _ => None,
        }
    }

    fn unit(&self, unit: Unit) -> Option<Choice<'l>> {
        unit.words().iter().find_map(|word| choose(self.lexicon(), word, Lang::Zh, "n"))
    }

    /// The plain sign of a word whose slot the number is beyond: 第24届 is no 第24名.
    fn counter(&self, suffix: &str) -> Option<Choice<'l>> {
        choose(self.lexicon(), suffix, Lang::Zh, "q")
            .filter(|choice| choice.entry.classifier.as_deref() == Some(COUNTER))
    }

    /// A word that belongs to a number.
    fn word(&self, choice: Choice<'l>, range: Range<usize>) -> Draft {
        sign(choice, &Item::word(choice.entry.headword.clone(), range, "n", Some(choice)))
    }

    /// The forms of a number; where a pack's slots end, those of its parts.
    pub(super) fn number_forms(&self, value: &Numeral) -> Result<Vec<TokenForm>, LexiconError> {
        let forms = self.lexicon().number_forms(&numeral(value)).or_else(|error| match value {
            Numeral::Ordinal(rank) => self.lexicon().number_forms(&lexicon::Numeral::Cardinal((*rank).into())),
            // Beyond the pack's multipliers: digit by digit.
            Numeral::Cardinal(value) if *value >= 0 => {
                self.lexicon().number_forms(&lexicon::Numeral::Digits(value.to_string()))
            }
            Numeral::Fraction { numerator, denominator } => {
                let mut forms = self.lexicon().number_forms(&lexicon::Numeral::Cardinal(*denominator))?;
                forms.extend(self.lexicon().number_forms(&lexicon::Numeral::Cardinal(*numerator))?);
                Ok(forms)
            }
            _ => Err(error),
        })?;
        Ok(forms.into_iter().map(|(name, form)| TokenForm { name, lexeme: None, form }).collect())
    }
}

/// The gloss of a sign with a number inside: the word with Arabic digits in the number's place, such as `3点`.
///
/// The design's gloss is the bare headword, and Arabic digits for numbers: this one sign is both.
pub(crate) fn slot_gloss(entry: &Entry, number: u32) -> String {
    let digits = number.to_string();
    if entry.headword.contains("{n}") {
        return entry.headword.replace("{n}", &digits);
    }
    if entry.headword.contains('N') {
        return entry.headword.replace('N', &digits);
    }
    entry.number_slot.as_ref().map_or_else(|| entry.headword.clone(), |slot| slot.zh.replace("{n}", &digits))
}

/// In the lexicon's terms.
fn numeral(value: &Numeral) -> lexicon::Numeral {
    match value {
        Numeral::Cardinal(value) => lexicon::Numeral::Cardinal(*value),
        Numeral::Digits(digits) => lexicon::Numeral::Digits(digits.clone()),
        Numeral::Decimal(decimal) => lexicon::Numeral::Decimal(decimal.clone()),
        Numeral::Negative(of) => lexicon::Numeral::Negative(Box::new(numeral(of))),
        Numeral::Percent(of) => lexicon::Numeral::Percent(Box::new(numeral(of))),
        // What does not fit is beyond every slot too, and refused there.
        Numeral::Fraction { numerator, denominator } => lexicon::Numeral::Fraction {
            num: u32::try_from(*numerator).unwrap_or(u32::MAX),
            den: u32::try_from(*denominator).unwrap_or(u32::MAX),
        },
        Numeral::Ordinal(rank) => lexicon::Numeral::Ordinal(*rank),
    }
}
