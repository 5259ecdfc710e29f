//! Which characters sound alike, and how much.

use std::collections::HashMap;

use text::{Segmenter, Syllable};

/// Index of a syllable without its tone.
type Key = u16;

/// Initials that are taken for each other, with the price: first those that whole regions don't tell apart.
const INITIALS: [(&str, &str, f32); 20] = [
    ("z", "zh", 0.5),
    ("c", "ch", 0.5),
    ("s", "sh", 0.5),
    ("n", "l", 0.8),
    ("f", "h", 1.0),
    ("r", "l", 1.0),
    ("b", "p", 1.0),
    ("d", "t", 1.0),
    ("g", "k", 1.0),
    ("j", "q", 1.0),
    ("z", "c", 1.0),
    ("zh", "ch", 1.0),
    ("j", "zh", 1.2),
    ("q", "ch", 1.2),
    ("x", "sh", 1.2),
    ("x", "s", 1.2),
    ("j", "z", 1.4),
    ("q", "c", 1.4),
    ("m", "n", 1.4),
    ("n", "", 1.6),
];
const FINALS: [(&str, &str, f32); 14] = [
    ("in", "ing", 0.4),
    ("en", "eng", 0.4),
    ("an", "ang", 0.6),
    ("ian", "iang", 0.8),
    ("uan", "uang", 0.6),
    ("un", "ong", 1.0),
    ("eng", "ong", 0.8),
    ("o", "uo", 0.4),
    ("e", "uo", 1.2),
    ("ei", "ui", 1.2),
    ("ie", "ian", 1.4),
    ("e", "i", 1.4),
    ("ü", "u", 0.8),
    ("ai", "ei", 1.2),
];
/// The price of another tone.
const TONE: f32 = 0.25;
/// Pairs dearer than this are not taken for each other.
const DEAREST: f32 = 1.7;

/// A character that might have been said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alike {
    pub char: char,
    /// How unlike the two sound.
    pub price: f32,
}

/// The Simplified characters in use, by sound.
pub(crate) struct Homophones {
    keys: HashMap<(String, String), Key>,
    /// Of each key: its characters and their tones, the commonest first.
    chars: Vec<Vec<(char, u8)>>,
    /// Of each key: the keys that sound like it, itself included.
    alike: Vec<Vec<(Key, f32)>>,
}

impl Homophones {
    /// Characters that the dictionary has not counted at least this often (of sixty million) are left out.
    const RARE: f32 = -14.0;

    pub(crate) fn new(segmenter: &Segmenter) -> Self {
        let mut keys: HashMap<(String, String), Key> = HashMap::new();
        let mut chars: Vec<Vec<(f32, char, u8)>> = Vec::new();
        for c in '\u{4e00}'..='\u{9fa5}' {
            if text::simplify(c) != c {
                continue;
            }
            let word = c.to_string();
            let common = segmenter.log_probability(&word);
            if common < Self::RARE {
                continue;
            }
            let Some(sound) = text::syllables(&word).into_iter().next() else { continue };
            let next = keys.len() as Key;
            let key = *keys.entry((sound.initial, sound.rhyme)).or_insert(next);
            if usize::from(key) == chars.len() {
                chars.push(Vec::new());
            }
            chars[usize::from(key)].push((common, c, sound.tone));
        }
        let chars: Vec<Vec<(char, u8)>> = chars
            .into_iter()
            .map(|mut list| {
                list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                list.into_iter().map(|(_, c, tone)| (c, tone)).collect()
            })
            .collect();
        let mut alike = vec![Vec::new(); chars.len()];
        for (a, &key) in &keys {
            for (b, &other) in &keys {
                if let Some(price) = price_of(a, b) {
                    alike[usize::from(key)].push((other, price));
                }
            }
            alike[usize::from(key)].sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        }
        Self { keys, chars, alike }
    }

    /// The `most` characters that sound most like `c`, the commonest of equals first; `c` itself is not among them.
    pub(crate) fn of(&self, c: char, most: usize) -> Vec<Alike> {
        let Some(sound) = sound(c) else { return Vec::new() };
        let Some(&key) = self.keys.get(&(sound.initial, sound.rhyme)) else { return Vec::new() };
        let mut found = Vec::new();
        for &(other, price) in &self.alike[usize::from(key)] {
            // A sound that is only near is asked for its commonest characters.
            let some = if price == 0.0 { most } else { most / 3 };
            found.extend(
                self.chars[usize::from(other)]
                    .iter()
                    .take(some)
                    .filter(|(char, _)| *char != c)
                    .map(|&(char, tone)| Alike { char, price: price + if tone == sound.tone { 0.0 } else { TONE } }),
            );
            if found.len() >= most {
                break;
            }
        }
        found.truncate(most);
        found
    }

    /// How unlike two syllables sound; `None` where nobody takes one for the other.
    pub(crate) fn price(a: &Syllable, b: &Syllable) -> Option<f32> {
        let of = |s: &Syllable| (s.initial.clone(), s.rhyme.clone());
        Some(price_of(&of(a), &of(b))? + if a.tone == b.tone { 0.0 } else { TONE })
    }
}

/// How a character is read alone.
pub(crate) fn sound(c: char) -> Option<Syllable> {
    text::syllables(&c.to_string()).into_iter().next()
}

fn price_of(a: &(String, String), b: &(String, String)) -> Option<f32> {
    let between = |table: &[(&str, &str, f32)], a: &str, b: &str| {
        if a == b {
            return Some(0.0);
        }
        table.iter().find(|(x, y, _)| (*x == a && *y == b) || (*x == b && *y == a)).map(|(_, _, price)| *price)
    };
    let price = between(&INITIALS, &a.0, &b.0)? + between(&FINALS, &a.1, &b.1)?;
    (price <= DEAREST).then_some(price)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_sounds_are_near_and_others_are_none() {
        let price = |a, b| Homophones::price(&text::parse_syllable(a).unwrap(), &text::parse_syllable(b).unwrap());
        assert_eq!(price("bīng", "bīng"), Some(0.0));
        assert!(price("bīn", "bīng").unwrap() < price("bīn", "pīng").unwrap());
        assert!(price("hǔ", "hú").unwrap() < price("hǔ", "fú").unwrap());
        assert_eq!(price("bīng", "hú"), None);
    }

    #[test]
    fn the_most_alike_come_first() {
        let homophones = Homophones::new(&Segmenter::new([]));
        let found: Vec<char> = homophones.of('彬', 60).into_iter().map(|alike| alike.char).collect();
        assert!(found.contains(&'冰') && found.contains(&'宾'), "{found:?}");
        assert!(!found.contains(&'彬') && !found.contains(&'湖'));
        assert!(homophones.of('a', 60).is_empty());
    }
}
