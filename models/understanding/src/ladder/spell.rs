//! Names, and words in manual letters.

use lexicon::{Entry, Lang, PartOfSpeech, Relation};
use signing::{Grounding, Origin, TokenForm, Viseme};
use text::{Numeral, Syllable};

use super::{Draft, Ladder, form_of, left_out, sure};
use crate::{
    Spelling,
    item::{Drop, Item, Kind, signable},
    mouth, names,
};

impl<'l> Ladder<'l> {
    /// A person's or a place's name: the surname's sign, the signs of characters, else initials; always
    /// mouthed, and shown in characters.
    pub(super) fn name(&self, item: &Item<'l>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
        let person = item.tag.starts_with("nr") || matches!(item.kind, Kind::Name);
        let surname = if person { names::surname_range(&item.text) } else { 0..0 };
        let syllables = if person { text::name_syllables(&item.text) } else { text::syllables(&item.text) };
        let chars: Vec<char> = item.text.chars().collect();
        let mut forms = Vec::new();
        let mut signs = 0;
        let mut at = 0;
        while at < chars.len() {
            let length = if surname.start == at && surname.len() == 2 { 2 } else { 1 };
            let word: String = chars[at..(at + length).min(chars.len())].iter().collect();
            let own = self.name_sign(&word, surname.contains(&at));
            match own {
                Some(entry) => {
                    signs += length;
                    forms.extend(form_of(entry));
                }
                None => {
                    // Each character is a syllable of its own, unless it has no reading.
                    let initials = text::syllables(&word);
                    let read = syllables.get(at..at + length).filter(|_| syllables.len() == chars.len());
                    for syllable in read.unwrap_or(&initials) {
                        forms.extend(self.letters(&self.spell(syllable)));
                    }
                }
            }
            at += length;
        }
        if forms.is_empty() {
            return left_out(item, "a name without signs, and no pack has manual letters", dropped);
        }
        vec![Draft {
            gloss: item.text.clone(),
            lexeme: None,
            pack: None,
            origin: Origin::Name,
            ranges: item.ranges.clone(),
            grounding: Grounding::Name,
            confidence: if signs == chars.len() { sure::NAME } else { sure::INITIALS },
            inflection: item.inflection,
            forms,
            caption: Some(item.text.clone()),
            mouthing: mouth::visemes(&syllables),
        }]
    }

    /// A surname's sign, or the sign that a character has as a word.
    fn name_sign(&self, word: &str, surname: bool) -> Option<&'l Entry> {
        let found: Vec<_> = self.lexicon().lookup(word, Lang::Zh).into_iter().filter(|f| signable(f.entry)).collect();
        if surname {
            return found.iter().find(|found| found.entry.pos == PartOfSpeech::Name).map(|found| found.entry);
        }
        found
            .iter()
            .find(|found| {
                found.relation == Relation::Same
                    && found.entry.number_slot.is_none()
                    && !matches!(found.entry.pos, PartOfSpeech::Letter | PartOfSpeech::Name)
            })
            .map(|found| found.entry)
    }

    /// Manual letters of a word's syllables: initials, or all of them if asked for.
    pub(super) fn spelled(&self, item: &Item<'l>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
        let syllables = text::syllables(&item.text);
        let forms: Vec<_> = syllables.iter().flat_map(|syllable| self.letters(&self.spell(syllable))).collect();
        in_letters(item, forms, mouth::visemes(&syllables), dropped)
    }

    fn spell(&self, syllable: &Syllable) -> Vec<String> {
        match self.spelling {
            Spelling::Initials => vec![syllable.first_letter()],
            Spelling::Full => syllable.spelling(),
        }
    }

    fn letters(&self, letters: &[String]) -> Vec<TokenForm> {
        letters.iter().filter_map(|letter| self.lexicon().letter(letter)).filter_map(form_of).collect()
    }

    /// A word in Latin letters without a sign: its letters and digits, one by one.
    pub(super) fn latin(&self, item: &Item<'l>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
        // A alone is a letter, and IT is no `it`.
        let acronym = item.text.chars().all(|c| c.is_ascii_uppercase()) && item.text != "I";
        if !acronym && FUNCTION_WORDS.contains(&item.text.to_lowercase().as_str()) {
            return left_out(item, "a function word without a sign", dropped);
        }
        let mut forms = Vec::new();
        // PM2.5: the decimal number is one.
        let decimal = item.text.find(|c: char| c.is_ascii_digit()).filter(|&at| is_decimal(&item.text[at..]));
        let (letters, number) = item.text.split_at(decimal.unwrap_or(item.text.len()));
        for c in letters.chars() {
            // é is spelled as e.
            let plain = text::Normalised::new(&unaccented(c).to_string()).chars().first().copied().unwrap_or(c);
            if let Some(digit) = plain.to_digit(10) {
                forms.extend(self.number_forms(&Numeral::Digits(digit.to_string())).unwrap_or_default());
            } else {
                forms.extend(self.letters(&[plain.to_uppercase().to_string()]));
            }
        }
        if !number.is_empty() {
            forms.extend(self.number_forms(&Numeral::Decimal(number.to_owned())).unwrap_or_default());
        }
        in_letters(item, forms, Vec::new(), dropped)
    }
}

/// Digits, a point, digits.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, rest)| digits(whole) && digits(rest))
}

/// A letter without its accent.
const fn unaccented(c: char) -> char {
    match c {
        'à'..='å' | 'À'..='Å' => 'A',
        'ç' | 'Ç' => 'C',
        'è'..='ë' | 'È'..='Ë' => 'E',
        'ì'..='ï' | 'Ì'..='Ï' => 'I',
        'ñ' | 'Ñ' => 'N',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' => 'O',
        'ù'..='ü' | 'Ù'..='Ü' => 'U',
        'ý' | 'ÿ' | 'Ý' => 'Y',
        c => c,
    }
}

/// English words that signs say without a sign.
const FUNCTION_WORDS: [&str; 30] = [
    "a", "an", "the", "of", "to", "in", "on", "at", "is", "are", "was", "were", "be", "been", "am", "do", "does",
    "did", "and", "or", "by", "for", "with", "as", "that", "this", "it", "has", "had", "will",
];

/// A word in these letters, with its characters on screen; left out if there are none.
fn in_letters(item: &Item<'_>, forms: Vec<TokenForm>, mouthing: Vec<Viseme>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
    if forms.is_empty() {
        return left_out(item, "no sign, and nothing to spell it with", dropped);
    }
    vec![Draft {
        gloss: item.text.clone(),
        lexeme: None,
        pack: None,
        origin: Origin::Letters,
        ranges: item.ranges.clone(),
        grounding: Grounding::SameWord,
        confidence: sure::LETTERS,
        inflection: item.inflection,
        forms,
        caption: Some(item.text.clone()),
        mouthing,
    }]
}
