//! What the mouth shows while a word is signed: the word, reduced to what can be seen.

use signing::Viseme;
use text::Syllable;

/// No mouthing is longer: a word is reduced, and a sign leaves no time for more.
const MAX_VISEMES: usize = 8;

/// One or two visemes a syllable: the consonant where it shows, and the vowel.
pub(crate) fn visemes(syllables: &[Syllable]) -> Vec<Viseme> {
    syllables
        .iter()
        .flat_map(|syllable| consonant(&syllable.initial).into_iter().chain(vowel(syllable)))
        .take(MAX_VISEMES)
        .collect()
}

/// Lips and teeth show; what the tongue does behind them (d, t, n, l, g, k, h) does not.
fn consonant(initial: &str) -> Option<Viseme> {
    match initial {
        "b" | "p" | "m" => Some(Viseme::Pp),
        "f" => Some(Viseme::Ff),
        "j" | "q" | "x" => Some(Viseme::Ch),
        "z" | "c" | "s" => Some(Viseme::Ss),
        "zh" | "ch" | "sh" | "r" => Some(Viseme::Rr),
        _ => None,
    }
}

/// The main vowel, after Chinese phonology: a in -ian is e, i after s- and sh- sounds is no i.
fn vowel(syllable: &Syllable) -> Option<Viseme> {
    let rhyme = syllable.rhyme.as_str();
    Some(match rhyme {
        "i" if matches!(syllable.initial.as_str(), "z" | "c" | "s" | "zh" | "ch" | "sh" | "r") => Viseme::E,
        "i" | "in" | "ing" => Viseme::I,
        "iu" => Viseme::U,
        "ui" => Viseme::U,
        "un" | "u" | "ong" => Viseme::U,
        "ü" | "ün" | "üe" | "üan" | "iong" => Viseme::Yu,
        "uo" | "o" | "ou" => Viseme::O,
        "ian" | "ie" | "e" | "ei" | "en" | "eng" | "er" | "ê" => Viseme::E,
        "n" | "ng" => Viseme::Nn,
        "m" => Viseme::Pp,
        _ if rhyme.starts_with('u') && rhyme.contains('a') => Viseme::Aa,
        _ if rhyme.contains('a') => Viseme::Aa,
        _ if rhyme.contains('e') => Viseme::E,
        _ if rhyme.contains('o') => Viseme::O,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &[Viseme]) {
        assert_eq!(visemes(&text::syllables(word)), expected, "{word}");
    }

    #[test]
    fn words_are_reduced_to_what_shows() {
        check("八", &[Viseme::Pp, Viseme::Aa]);
        check("雪", &[Viseme::Ch, Viseme::Yu]);
        check("冰壶", &[Viseme::Pp, Viseme::I, Viseme::U]);
        check("是", &[Viseme::Rr, Viseme::E]);
        check("我", &[Viseme::O]);
        check("", &[]);
    }

    #[test]
    fn every_syllable_shows_at_most_two() {
        for word in ["今天", "运动员", "花样滑冰", "安全", "欧洲", "儿子", "嗯"] {
            let syllables = text::syllables(word);
            assert!(visemes(&syllables).len() <= 2 * syllables.len(), "{word}");
        }
    }
}
