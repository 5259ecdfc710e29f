//! English numbers in words, and what they count: two hours, twenty-five people, nine o'clock, 3 days.

use text::{Numeral, Quantity, Unit};

use crate::{
    analyse::Knowledge,
    item::{Item, Kind, choose},
};

/// English units, and the Chinese words whose signs they are; longer ones first.
const UNITS: &[(&[&str], &str)] = &[
    (&["years", "old"], "岁"),
    (&["year", "old"], "岁"),
    (&["o'clock"], "点钟"),
    (&["hour"], "小时"),
    (&["hours"], "小时"),
    (&["minute"], "分钟"),
    (&["minutes"], "分钟"),
    (&["second"], "秒"),
    (&["seconds"], "秒"),
    (&["day"], "天"),
    (&["days"], "天"),
    (&["week"], "星期"),
    (&["weeks"], "星期"),
    (&["month"], "个月"),
    (&["months"], "个月"),
    (&["year"], "年"),
    (&["years"], "年"),
    (&["yuan"], "元"),
    (&["degree"], "度"),
    (&["degrees"], "度"),
];
/// Words after which `one` is no number.
const ONES: &[&str] = &["this", "that", "which", "the", "no", "any", "every", "each", "another", "only", "some"];

/// Puts numbers for the words that say them, with their units where they have some.
pub(super) fn count<'l>(knowledge: Knowledge<'l>, items: &mut Vec<Item<'l>>) {
    let words: Vec<String> = items.iter().map(word).collect();
    let mut out: Vec<Item<'l>> = Vec::with_capacity(items.len());
    let mut at = 0;
    while at < items.len() {
        let digits = match &items[at].kind {
            Kind::Number { quantity, slot: None } if quantity.unit == Unit::None => Some((quantity.value.clone(), 1)),
            _ => None,
        };
        let found = digits.or_else(|| {
            let (value, length) = numeral(&words[at..])?;
            let pronoun = words[at] == "one"
                && length == 1
                && (at + 1 == words.len() || at.checked_sub(1).is_some_and(|before| ONES.contains(&&*words[before])));
            (!pronoun).then_some((Numeral::Cardinal(value), length))
        });
        let Some((value, length)) = found else {
            out.push(items[at].clone());
            at += 1;
            continue;
        };
        let unit = UNITS.iter().find(|(unit, _)| {
            words
                .get(at + length..)
                .is_some_and(|rest| rest.len() >= unit.len() && rest.iter().zip(*unit).all(|(a, b)| a == b))
        });
        // second is also what comes after the first.
        let unit = unit.filter(|(_, chinese)| *chinese != "秒" || value.whole().is_some_and(|n| n > 1));
        let slot =
            unit.zip(value.whole()).and_then(|((_, unit), n)| knowledge.slots.counted(knowledge.lexicon, unit, n));
        let last = at + length - 1 + unit.filter(|_| slot.is_some()).map_or(0, |(unit, _)| unit.len());
        let mut item = items[at].clone();
        item.reach(&items[last]);
        item.text = words[at..=last].join(" ");
        let range = item.ranges[0].clone();
        let hour = unit.is_some_and(|(_, chinese)| *chinese == "点钟");
        item.kind = Kind::Number {
            quantity: Quantity {
                range: range.clone(),
                number: range.clone(),
                value,
                prefix: range.start..range.start,
                suffix: range.end..range.end,
                unit: if hour { Unit::Hour } else { Unit::None },
            },
            slot,
        };
        "m".clone_into(&mut item.tag);
        out.push(item);
        at = last + 1;
        if let (Some((unit, chinese)), None) = (unit, slot) {
            let plain = chinese.strip_prefix('个').unwrap_or(chinese);
            let choice = choose(knowledge.lexicon, plain, lexicon::Lang::Zh, "q");
            let mut item = Item::word(plain.to_owned(), items[at].ranges[0].clone(), "q", choice);
            item.reach(&items[at + unit.len() - 1]);
            out.push(item);
            at += unit.len();
        }
    }
    *items = out;
}

/// Whether a number is an hour of the clock.
pub(super) fn is_hour(item: &Item<'_>) -> bool {
    matches!(&item.kind, Kind::Number { quantity, .. } if quantity.unit == Unit::Hour)
}

fn word(item: &Item<'_>) -> String {
    if matches!(item.kind, Kind::Latin(_)) { item.text.to_lowercase().replace('’', "'") } else { item.text.clone() }
}

/// The number that words begin with, and how many of them say it.
fn numeral(words: &[String]) -> Option<(i64, usize)> {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let place = |list: &[&str], word: &str| list.iter().position(|known| *known == word).map(|at| at as i64);
    let (mut total, mut part, mut at, mut said) = (0, 0, 0, 0);
    while let Some(word) = words.get(at) {
        let word = word.as_str();
        if let Some(small) = place(&SMALL, word) {
            // Two numbers in a row are two numbers: nine thirty.
            if part % 10 != 0 || (part % 100 != 0 && small > 9) {
                break;
            }
            part += small;
        } else if let Some(tens) = place(&TENS, word) {
            if part % 100 != 0 {
                break;
            }
            part += (tens + 2) * 10;
        } else if word == "hundred" && part > 0 && part < 100 {
            part *= 100;
        } else if let Some(scale) = [("thousand", 1_000), ("million", 1_000_000)].iter().find(|(name, _)| *name == word)
        {
            if part == 0 {
                break;
            }
            total += part * scale.1;
            part = 0;
        } else if word == "and" && said > 0 && words[at - 1] == "hundred" && numeral(&words[at + 1..]).is_some() {
            at += 1;
            continue;
        } else {
            break;
        }
        at += 1;
        said = at;
    }
    (said > 0).then_some((total + part, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        for (text, expected) in [
            ("two hours", Some((2, 1))),
            ("twenty five people", Some((25, 2))),
            ("three hundred and twelve", Some((312, 4))),
            ("two thousand three hundred", Some((2300, 4))),
            ("nine thirty", Some((9, 1))),
            ("hundred", None),
            ("a lot", None),
        ] {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(numeral(&words), expected, "{text}");
        }
    }
}
