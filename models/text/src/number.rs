//! Numerals: their values, as they are written, as they are read aloud.

/// The value of a number in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Numeral {
    /// A whole number: 24, 三万五千.
    Cardinal(i64),
    /// Digits one by one: a calendar year, a telephone number, a code. ASCII digits, at least one.
    Digits(String),
    /// A decimal fraction: ASCII digits, one `.`, digits on both sides.
    Decimal(String),
    /// Below zero: 零下三, 负五, -3.
    Negative(Box<Numeral>),
    /// 百分之五, 5%.
    Percent(Box<Numeral>),
    /// 三分之一.
    Fraction {
        /// Above the bar.
        numerator: i64,
        /// Below the bar.
        denominator: i64,
    },
    /// 第一.
    Ordinal(u32),
}

impl Numeral {
    /// In Arabic digits: `24`, `2022`, `3.5`, `-3`, `5%`, `1/3`, `第1`.
    pub fn arabic(&self) -> String {
        match self {
            Self::Cardinal(value) => value.to_string(),
            Self::Digits(digits) | Self::Decimal(digits) => digits.clone(),
            Self::Negative(of) => format!("-{}", of.arabic()),
            Self::Percent(of) => format!("{}%", of.arabic()),
            Self::Fraction { numerator, denominator } => format!("{numerator}/{denominator}"),
            Self::Ordinal(rank) => format!("第{rank}"),
        }
    }

    /// The value if it is a whole number that is not negative: what a number slot can take.
    pub fn whole(&self) -> Option<u32> {
        match self {
            Self::Cardinal(value) => u32::try_from(*value).ok(),
            Self::Ordinal(rank) => Some(*rank),
            Self::Digits(_) | Self::Decimal(_) | Self::Negative(_) | Self::Percent(_) | Self::Fraction { .. } => None,
        }
    }

    /// As it is read aloud, in characters: 二十四, 二零二二, 三点五, 百分之五.
    pub fn reading(&self) -> String {
        match self {
            Self::Cardinal(value) => read_cardinal(*value),
            Self::Digits(digits) => read_digits(digits),
            Self::Decimal(decimal) => match decimal.split_once('.') {
                Some((whole, rest)) => {
                    let whole = whole.parse().map_or_else(|_| read_digits(whole), read_cardinal);
                    format!("{whole}点{}", read_digits(rest))
                }
                None => read_digits(decimal),
            },
            Self::Negative(of) => format!("负{}", of.reading()),
            Self::Percent(of) => format!("百分之{}", of.reading()),
            Self::Fraction { numerator, denominator } => {
                format!("{}分之{}", read_cardinal(*denominator), read_cardinal(*numerator))
            }
            Self::Ordinal(rank) => format!("第{}", read_cardinal(i64::from(*rank))),
        }
    }
}

/// The characters of the digits 0 to 9.
pub const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

fn read_digits(digits: &str) -> String {
    digits.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| DIGITS.get(d as usize)).collect()
}

fn read_cardinal(value: i64) -> String {
    let mut out = String::new();
    if value < 0 {
        out.push('负');
    }
    match value.unsigned_abs() {
        0 => out.push('零'),
        value => read_positive(value, true, &mut out),
    }
    out
}

/// A value above zero; `first` if nothing stands before it.
fn read_positive(value: u64, first: bool, out: &mut String) {
    for (size, name) in [(100_000_000, '亿'), (10_000, '万')] {
        if value >= size {
            read_positive(value / size, first, out);
            out.push(name);
            let rest = value % size;
            if rest > 0 {
                if rest < size / 10 {
                    out.push('零');
                }
                read_positive(rest, false, out);
            }
            return;
        }
    }
    read_group(value, first, out);
}

/// 1 to 9999; `first` leaves 一 out before 十 (十五, but 一百一十五).
fn read_group(group: u64, first: bool, out: &mut String) {
    let (mut begun, mut gap) = (false, false);
    for (size, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = group / size % 10;
        if digit == 0 {
            gap = begun;
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        if !(digit == 1 && size == 10 && first && !begun) {
            out.extend(DIGITS.get(usize::try_from(digit).unwrap_or_default()));
        }
        out.push_str(name);
        begun = true;
    }
}

/// The value of a Chinese digit, ordinary or as on banknotes.
pub(crate) const fn digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// What a multiplier multiplies by.
pub(crate) const fn multiplier(c: char) -> Option<i64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// The value of a whole run of Chinese numeral characters; `None` if they make no number.
///
/// A run without a multiplier is read digit by digit when longer than one: 二〇二二 is `Digits("2022")`.
pub fn parse_chinese(run: &[char]) -> Option<Numeral> {
    if run.is_empty() {
        return None;
    }
    if let Some(digits) = run.iter().map(|&c| digit(c)).collect::<Option<Vec<_>>>() {
        return Some(match digits.as_slice() {
            [one] => Numeral::Cardinal(*one),
            more => Numeral::Digits(more.iter().map(ToString::to_string).collect()),
        });
    }
    let (mut total, mut myriad, mut section) = (0_i64, 0_i64, 0_i64);
    let mut pending: Option<i64> = None;
    let mut unit = i64::MAX; // the smallest multiplier of this section so far
    let mut last = 0; // the last multiplier, for 一百二 = 120
    let mut zero = false;
    for &c in run {
        if let Some(value) = digit(c) {
            if value == 0 {
                zero = true;
                if pending.is_some() {
                    return None;
                }
                continue;
            }
            if pending.replace(value).is_some() {
                return None;
            }
            continue;
        }
        let size = multiplier(c)?;
        zero = false;
        if size < 10_000 {
            if size >= unit {
                return None;
            }
            section = section.checked_add(pending.take().unwrap_or(1).checked_mul(size)?)?;
            unit = size;
        } else {
            section = section.checked_add(pending.take().unwrap_or(0))?;
            if size == 10_000 {
                if section == 0 || myriad != 0 {
                    return None;
                }
                myriad = section.checked_mul(size)?;
            } else {
                let of = myriad.checked_add(section)?;
                if of == 0 || total != 0 {
                    return None;
                }
                total = of.checked_mul(size)?;
                myriad = 0;
            }
            section = 0;
            unit = i64::MAX;
        }
        last = size;
    }
    if let Some(end) = pending {
        let worth = if zero || last <= 10 { 1 } else { last / 10 };
        section = section.checked_add(end.checked_mul(worth)?)?;
    }
    total.checked_add(myriad)?.checked_add(section).map(Numeral::Cardinal)
}

/// A number at the beginning of `chars`, and how many characters it takes.
///
/// Arabic digits with thousands separators, a decimal point and Chinese multipliers (3.5万), or a run of
/// Chinese numeral characters. What does not fit into 18 digits is read digit by digit.
pub(crate) fn scan(chars: &[char]) -> Option<(Numeral, usize)> {
    if chars.first()?.is_ascii_digit() {
        return Some(scan_arabic(chars));
    }
    let length = chars.iter().take_while(|&&c| digit(c).is_some() || multiplier(c).is_some()).count();
    parse_chinese(chars.get(..length)?).map(|numeral| (numeral, length))
}

fn scan_arabic(chars: &[char]) -> (Numeral, usize) {
    let run = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut whole: String = chars[..run(0)].iter().collect();
    let mut at = whole.len();
    if whole.len() <= 3 && !whole.starts_with('0') {
        while chars.get(at) == Some(&',') && run(at + 1) == 3 {
            whole.extend(&chars[at + 1..at + 4]);
            at += 4;
        }
    }
    let mut decimals = String::new();
    if chars.get(at) == Some(&'.') && at + 1 < chars.len() && run(at + 1) > 0 {
        let length = run(at + 1);
        // 1.2.3 is a version or an address, not a decimal.
        if chars.get(at + 1 + length) != Some(&'.') {
            decimals.extend(&chars[at + 1..at + 1 + length]);
            at += 1 + length;
        }
    }
    let multipliers = chars[at..].iter().take_while(|&&c| c != '十' && multiplier(c).is_some()).count();
    if multipliers > 0
        && let Some(numeral) = scaled(&whole, &decimals, &chars[at..at + multipliers])
    {
        return (numeral, at + multipliers);
    }
    let code = whole.len() > 18 || (whole.len() > 1 && whole.starts_with('0'));
    let numeral = match (whole.parse::<i64>(), decimals.is_empty()) {
        (Ok(value), true) if !code => Numeral::Cardinal(value),
        (_, true) => Numeral::Digits(whole),
        (_, false) => Numeral::Decimal(format!("{whole}.{decimals}")),
    };
    (numeral, at)
}

/// 3.5万 = 35000; stays decimal where digits are left over.
fn scaled(whole: &str, decimals: &str, multipliers: &[char]) -> Option<Numeral> {
    let mut by = multipliers.iter().try_fold(1_i64, |by, &c| by.checked_mul(multiplier(c)?))?;
    let mut value: i64 = format!("{whole}{decimals}").parse().ok()?;
    for _ in 0..decimals.len() {
        if by % 10 != 0 {
            return None;
        }
        by /= 10;
    }
    value = value.checked_mul(by)?;
    Some(Numeral::Cardinal(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        let chars: Vec<char> = text.chars().collect();
        let found = scan(&chars).map(|(numeral, length)| format!("{} {length}", numeral.arabic()));
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn values() {
        check("零", "0 1");
        check("三", "3 1");
        check("十", "10 1");
        check("十五", "15 2");
        check("三十五分", "35 3");
        check("一百零三", "103 4");
        check("一百二", "120 3");
        check("一百二十", "120 4");
        check("两千五", "2500 3");
        check("两千零五", "2005 4");
        check("三万五", "35000 3");
        check("十二万三千四百五十六", "123456 10");
        check("一亿二千万", "120000000 5");
        check("一万亿", "1000000000000 3");
        check("二〇二二", "2022 4");
        check("二零二二年", "2022 4");
        check("24名", "24 2");
        check("1,234,567", "1234567 9");
        check("1,23", "1 1");
        check("3.5", "3.5 3");
        check("3.5万", "35000 4");
        check("1200万", "12000000 5");
        check("0.5", "0.5 3");
        check("007", "007 3");
        check("1.2.3", "1 1");
        check("123456789012345678901", "123456789012345678901 21");
        check("叁佰", "300 2");
    }

    #[test]
    fn what_makes_no_number() {
        for text in ["百十千", "三三十", "万", "亿", "十百", "你", ""] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(scan(&chars), None, "{text}");
        }
    }

    #[test]
    fn readings() {
        for (numeral, expected) in [
            (Numeral::Cardinal(0), "零"),
            (Numeral::Cardinal(10), "十"),
            (Numeral::Cardinal(115), "一百一十五"),
            (Numeral::Cardinal(1005), "一千零五"),
            (Numeral::Cardinal(20_003), "二万零三"),
            (Numeral::Cardinal(120_000_000), "一亿二千万"),
            (Numeral::Digits("2022".into()), "二零二二"),
            (Numeral::Decimal("3.05".into()), "三点零五"),
            (Numeral::Percent(Box::new(Numeral::Cardinal(5))), "百分之五"),
            (Numeral::Fraction { numerator: 1, denominator: 3 }, "三分之一"),
            (Numeral::Negative(Box::new(Numeral::Cardinal(3))), "负三"),
            (Numeral::Ordinal(1), "第一"),
        ] {
            assert_eq!(numeral.reading(), expected);
        }
    }

    proptest! {
        #[test]
        fn reading_and_parsing_are_inverse(value in 0_i64..10_000_000_000_000_000) {
            let reading: Vec<char> = Numeral::Cardinal(value).reading().chars().collect();
            prop_assert_eq!(parse_chinese(&reading), Some(Numeral::Cardinal(value)), "{:?}", reading);
        }

        #[test]
        fn scanning_never_panics(text in "[0-9,.一二两三十百千万亿零〇点]{0,30}") {
            let chars: Vec<char> = text.chars().collect();
            if let Some((_, length)) = scan(&chars) {
                prop_assert!(length >= 1 && length <= chars.len());
            }
        }
    }
}
