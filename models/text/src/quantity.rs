//! Numbers in a text, with what they count.

use std::ops::Range;

mod clock;
mod words;

pub use words::MEASURES;

use crate::{
    Word,
    number::{Numeral, digit, multiplier, scan},
};

/// A number, or what stands between two numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A number with its unit.
    Quantity(Quantity),
    /// From the number before to the number after: the `-` of 3-5天.
    To(Range<usize>),
    /// The number before against the number after: the `:` of 3:2.
    Against(Range<usize>),
}

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// All of it: sign, number, unit.
    pub range: Range<usize>,
    /// The number alone, with 百分之, 分之 and %, without 第, 零下 and the unit.
    pub number: Range<usize>,
    /// Its value.
    pub value: Numeral,
    /// What stands before the number and belongs to it: 第, 零下, 负, 星期. Empty where nothing does.
    pub prefix: Range<usize>,
    /// The unit's characters behind the number. Empty where there are none.
    pub suffix: Range<usize>,
    /// What is counted.
    pub unit: Unit,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Nothing that is written beside it, or a word of its own.
    None,
    /// A calendar year, 2022年.
    Year,
    /// A month of the year, 三月.
    Month,
    /// A day of the month, 5号, 五日.
    Day,
    /// A day of the week, 星期三.
    Weekday,
    /// An hour of the clock, 三点, 8:35.
    Hour,
    /// Minutes, 三十五分.
    Minute,
    /// Seconds.
    Second,
    /// Degrees of temperature.
    Degree,
    /// Things, by a measure word that says nothing of its own: 24名, 三个.
    Measure,
}

impl Unit {
    /// The words that name the unit, the usual one first; none for `None` and `Measure`.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::None | Self::Measure => &[],
            Self::Year => &["年"],
            Self::Month => &["月", "月份"],
            Self::Day => &["日", "号"],
            Self::Weekday => &["星期", "周", "礼拜"],
            Self::Hour => &["点", "点钟", "时"],
            Self::Minute => &["分", "分钟"],
            Self::Second => &["秒", "秒钟"],
            Self::Degree => &["度", "摄氏度", "℃"],
        }
    }
}

/// The numbers in `chars`, in order, apart from each other.
///
/// `words` is the same text cut into words: a numeral inside a longer word (一起, 四川) is no number.
/// `whole` says of a word with numerals in it (星期三, 十月) that it has a sign of its own and is to be left whole.
pub fn quantities(chars: &[char], words: &[Word], whole: impl Fn(&str) -> bool) -> Vec<Found> {
    let mut scanner = Scanner { chars, words, whole: &whole, found: Vec::new(), free: 0 };
    let mut at = 0;
    while at < chars.len() {
        let next = scanner.step(at).max(at + 1);
        scanner.free = if next > at + 1 || scanner.ends() == next { next } else { scanner.free };
        at = next;
    }
    scanner.found
}

struct Scanner<'a> {
    chars: &'a [char],
    words: &'a [Word],
    whole: &'a dyn Fn(&str) -> bool,
    found: Vec<Found>,
    /// Where what was found last ends: a prefix may not reach back over it.
    free: usize,
}

impl Scanner<'_> {
    /// Looks at `at`; where to go on.
    fn step(&mut self, at: usize) -> usize {
        let c = self.chars[at];
        let arabic = c.is_ascii_digit();
        if !arabic && digit(c).is_none() && multiplier(c).is_none() {
            return at;
        }
        // Letters run into the digits (G20, 3D): a name, not a number.
        if arabic && at > 0 && self.chars[at - 1].is_ascii_alphabetic() {
            return at + self.chars[at..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        }
        if arabic && let Some(next) = self.dated(at).or_else(|| self.clock(at)).or_else(|| self.telephone(at)) {
            return next;
        }
        if let Some(next) = self.percent_or_fraction(at) {
            return next;
        }
        let Some((value, length)) = scan(&self.chars[at..]) else { return self.after_numerals(at) };
        let end = at + length;
        if arabic && self.chars.get(end).is_some_and(char::is_ascii_alphabetic) && !self.metric(end) {
            return end + self.chars[end..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        }
        if !arabic && self.is_word(at, end) {
            return self.after_numerals(at);
        }
        self.number(at, end, value)
    }

    fn number(&mut self, at: usize, end: usize, value: Numeral) -> usize {
        let prefix = self.prefix(at);
        let text = self.text(prefix.clone());
        if let Numeral::Digits(digits) = &value
            && !self.chars[at].is_ascii_digit()
            && let Some(next) = self.approximate(at, end, digits)
        {
            return next;
        }
        if text == "第" {
            if let Some(rank) = value.whole() {
                return self.push(prefix, at..end, Numeral::Ordinal(rank), self.measure(end), Unit::Measure);
            }
        } else if matches!(text.as_str(), "星期" | "周" | "礼拜") {
            if value.whole().is_some_and(|day| (1..=7).contains(&day)) && self.unit_at(end).is_none() {
                return self.push(prefix, at..end, value, end..end, Unit::Weekday);
            }
            return self.unit(at..at, at, end, value);
        } else if matches!(text.as_str(), "零下" | "负" | "-") {
            let (value, end) = self.decimal(value, end);
            return self.unit(prefix, at, end, Numeral::Negative(Box::new(value)));
        }
        if matches!(self.chars.get(end), Some('%')) {
            return self.push(at..at, at..end + 1, Numeral::Percent(Box::new(value)), end + 1..end + 1, Unit::None);
        }
        if self.chars.get(end) == Some(&'点') && self.hour(&value, at, end) {
            return self.time(at, end, value);
        }
        let (value, end) = self.decimal(value, end);
        if matches!(self.chars.get(end), Some('%')) {
            return self.push(at..at, at..end + 1, Numeral::Percent(Box::new(value)), end + 1..end + 1, Unit::None);
        }
        if let Some((value, after)) = self.price(&value, end) {
            return self.push(at..at, at..after, value, after..after, Unit::None);
        }
        self.between(at);
        self.unit(at..at, at, end, value)
    }

    /// A number with the unit that stands behind it.
    fn unit(&mut self, prefix: Range<usize>, at: usize, end: usize, value: Numeral) -> usize {
        let length = end - at;
        let whole = value.whole();
        let year = |unit| (Some((unit, Unit::Year)), true);
        let (unit, digits) = match (self.unit_at(end), &value) {
            (Some((unit, Unit::Year)), Numeral::Cardinal(1000..=2999)) if length == 4 => year(unit),
            (Some((unit, Unit::Year)), Numeral::Digits(digits)) if matches!(digits.len(), 2 | 4) => year(unit),
            // So many years, months, days: words of their own.
            (Some((_, Unit::Year)), _) => (None, false),
            (Some((_, Unit::Month)), _) if !whole.is_some_and(|m| (1..=12).contains(&m)) => (None, false),
            (Some((_, Unit::Day)), _) if !whole.is_some_and(|d| (1..=31).contains(&d)) => (None, false),
            (unit, _) => (unit, false),
        };
        let bare_year = unit.is_none() && matches!(value, Numeral::Cardinal(1900..=2099)) && length == 4;
        let coded = unit.is_none() && self.preceded(at, &words::CODES) && self.chars[at].is_ascii_digit();
        let value = match value {
            Numeral::Cardinal(number) if digits || bare_year || coded => Numeral::Digits(number.to_string()),
            value => value,
        };
        match unit {
            Some((suffix, unit)) => self.push(prefix, at..end, value, end..end + suffix.chars().count(), unit),
            None => self.push(prefix, at..end, value, end..end, Unit::None),
        }
    }

    fn measure(&self, at: usize) -> Range<usize> {
        match self.unit_at(at) {
            Some((text, Unit::Measure)) => at..at + text.chars().count(),
            _ => at..at,
        }
    }

    /// 三点五, where no time is meant.
    fn decimal(&self, value: Numeral, end: usize) -> (Numeral, usize) {
        if self.chars.get(end) != Some(&'点') {
            return (value, end);
        }
        let Some(whole) = value.whole() else { return (value, end) };
        let digits: String =
            self.chars[end + 1..].iter().map_while(|&c| digit(c)).map(|digit| digit.to_string()).collect();
        if digits.is_empty() {
            return (value, end);
        }
        let after = end + 1 + digits.len();
        (Numeral::Decimal(format!("{whole}.{digits}")), after)
    }

    /// 三块五: what stands behind 块 are tenths, unless it is a number with a unit of its own (三块一斤).
    fn price(&self, value: &Numeral, end: usize) -> Option<(Numeral, usize)> {
        let whole = value.whole().filter(|_| self.chars.get(end) == Some(&'块'))?;
        let tenths = self.chars.get(end + 1).copied().and_then(digit).filter(|&tenths| tenths > 0)?;
        let next = self.chars.get(end + 2).copied();
        let over = next.is_none_or(|c| {
            // 三块五一斤: the second number begins anew.
            let counts = c == '一' || c == '每';
            counts || (digit(c).is_none() && multiplier(c).is_none() && !words::measures(c))
        });
        over.then(|| (Numeral::Decimal(format!("{whole}.{tenths}")), end + 2))
    }

    /// 百分之五, 三分之一, 1/3.
    fn percent_or_fraction(&mut self, at: usize) -> Option<usize> {
        let (of, length) = scan(&self.chars[at..])
            .or_else(|| matches!(self.chars[at], '百' | '千').then_some((Numeral::Cardinal(0), 1)))?;
        let bar = at + length;
        let slash = self.chars.get(bar) == Some(&'/') && self.chars[at].is_ascii_digit();
        let chinese = self.chars.get(bar) == Some(&'分') && self.chars.get(bar + 1) == Some(&'之');
        if !slash && !chinese {
            return None;
        }
        let rest = bar + if slash { 1 } else { 2 };
        let tail = self.chars.get(rest..)?;
        // 百分之百: the run begins with its multiplier.
        let (part, part_length) =
            scan(tail).or_else(|| (tail.first() == Some(&'百')).then_some((Numeral::Cardinal(100), 1)))?;
        let (part, end) = self.decimal(part, rest + part_length);
        let value = match (of.whole(), &part) {
            _ if chinese && self.chars[at] == '百' => Numeral::Percent(Box::new(part)),
            (Some(0), Numeral::Cardinal(numerator)) if chinese => {
                Numeral::Fraction { numerator: *numerator, denominator: 1000 }
            }
            (Some(first), Numeral::Cardinal(second)) if chinese && first > 0 => {
                Numeral::Fraction { numerator: *second, denominator: first.into() }
            }
            (Some(first), Numeral::Cardinal(second)) if *second > 0 && i64::from(first) < *second => {
                Numeral::Fraction { numerator: first.into(), denominator: *second }
            }
            _ => return None,
        };
        Some(self.push(at..at, at..end, value, end..end, Unit::None))
    }

    /// 三四个: three or four.
    fn approximate(&mut self, at: usize, end: usize, digits: &str) -> Option<usize> {
        let values: Vec<i64> = digits.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
        match values.as_slice() {
            &[low, high] if low > 0 && high == low + 1 && !matches!(self.unit_at(end), Some((_, Unit::Year))) => {
                self.push(at..at, at..at + 1, Numeral::Cardinal(low), at + 1..at + 1, Unit::None);
                Some(self.unit(at + 1..at + 1, at + 1, end, Numeral::Cardinal(high)))
            }
            _ => None,
        }
    }

    /// Marks `-` between two numbers that follow on each other.
    fn between(&mut self, at: usize) {
        let Some(mark) = at.checked_sub(1) else { return };
        if matches!(self.chars[mark], '-' | '~' | '—' | '–') && mark > 0 && self.ends() == mark {
            self.found.push(Found::To(mark..mark + 1));
        }
    }

    /// What stands before the number at `at` and belongs to it.
    fn prefix(&self, at: usize) -> Range<usize> {
        let before = &self.chars[self.free..at];
        let ends = |text: &str| {
            let length = text.chars().count();
            before.len() >= length && text.chars().eq(before[before.len() - length..].iter().copied())
        };
        for text in ["第", "零下", "星期", "礼拜", "周"] {
            if ends(text) {
                return at - text.chars().count()..at;
            }
        }
        let negative = (ends("负") && !ends("胜负")) || ends("-");
        // A minus stands at a beginning or after something that is no number and no letter.
        let open = at < 2 || !(self.chars[at - 2].is_ascii_alphanumeric() || self.ends() == at - 1);
        if negative && open { at - 1..at } else { at..at }
    }

    /// Whether one of `texts` stands right before `at`.
    fn preceded(&self, at: usize, texts: &[&str]) -> bool {
        let before: String = self.chars[at.saturating_sub(4)..at].iter().filter(|c| !c.is_whitespace()).collect();
        texts.iter().any(|text| before.ends_with(text))
    }

    /// The end of the numeral characters at `at`.
    fn after_numerals(&self, at: usize) -> usize {
        at + self.chars[at..].iter().take_while(|&&c| digit(c).is_some() || multiplier(c).is_some()).count()
    }

    /// Whether a metric unit in letters stands at `at`: 5km.
    fn metric(&self, at: usize) -> bool {
        let letters: String = self.chars[at..].iter().take_while(|c| c.is_ascii_alphabetic()).collect();
        matches!(letters.as_str(), "km" | "m" | "cm" | "mm" | "kg" | "g" | "C" | "s" | "h" | "min")
    }

    fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }

    fn ends(&self) -> usize {
        match self.found.last() {
            Some(Found::Quantity(quantity)) => quantity.range.end,
            Some(Found::To(range) | Found::Against(range)) => range.end,
            None => usize::MAX,
        }
    }

    /// Lets the last quantity's unit reach to `end`.
    fn stretch(&mut self, end: usize) {
        if let Some(Found::Quantity(last)) = self.found.last_mut() {
            last.suffix.end = end;
            last.range.end = end;
        }
    }

    fn push(
        &mut self,
        prefix: Range<usize>,
        number: Range<usize>,
        value: Numeral,
        suffix: Range<usize>,
        unit: Unit,
    ) -> usize {
        let start = if prefix.is_empty() { number.start } else { prefix.start };
        let end = number.end.max(suffix.end);
        let unit = if suffix.is_empty() && unit == Unit::Measure { Unit::None } else { unit };
        self.found.push(Found::Quantity(Quantity { range: start..end, number, value, prefix, suffix, unit }));
        end
    }
}

/// The words that share a character with `range`.
pub fn overlapping(words: &[Word], range: Range<usize>) -> &[Word] {
    let first = words.partition_point(|word| word.range.end <= range.start);
    let last = words.partition_point(|word| word.range.start < range.end);
    words.get(first..last).unwrap_or_default()
}

#[cfg(test)]
#[path = "quantity_tests.rs"]
mod tests;
