//! Numbers in a text, with what they count.

use std::ops::Range;

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

/// Measure words that say nothing of their own; what they count stands behind them or is known.
pub const MEASURES: [&str; 58] = [
    "个", "名", "位", "枚", "只", "条", "张", "本", "件", "支", "把", "辆", "架", "艘", "场", "项", "种", "座", "栋",
    "所", "家", "匹", "朵", "棵", "杯", "瓶", "碗", "双", "对", "套", "台", "部", "首", "片", "滴", "串", "颗", "粒",
    "根", "副", "幅", "篇", "封", "株", "头", "口", "间", "门", "届", "次", "股", "阵", "顿", "趟", "节", "班", "款",
    "批",
];

/// Words of the dictionary that are a measure word and what it measures.
const WITH_MEASURE: [&str; 12] =
    ["本书", "件事", "张纸", "条路", "个人", "位老师", "个月", "个小时", "张票", "条鱼", "只猫", "杯水"];

/// Words that hold numeral characters and are no numbers.
const NOT_NUMBERS: [&str; 40] = [
    "十分", "一点", "一些", "一下", "一起", "一样", "一定", "一直", "一般", "一切", "一旦", "一边", "一面", "一路",
    "一时", "一度", "一致", "一流", "一带", "一会", "一生", "万一", "千万", "百度", "百年", "万岁", "一一", "一向",
    "万分", "三角", "四川", "九江", "四季", "五官", "一家", "两边", "一块", "一道", "一身", "一手",
];

/// Words before a time of day, after which 三点五 is a time and not a decimal.
const DAYTIMES: [&str; 12] =
    ["上午", "下午", "早上", "晚上", "凌晨", "中午", "傍晚", "夜里", "清晨", "早晨", "半夜", "今晚"];

/// Words before a score, after which 21:15 is no time.
const SCORES: [&str; 10] = ["比分", "战胜", "击败", "胜", "负", "以", "赢", "输", "战平", "平"];

/// Words before a number that is read digit by digit.
const CODES: [&str; 11] = ["电话", "号码", "手机", "热线", "拨打", "拨", "编号", "房间", "打", "微信", "邮编"];

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
        let coded = unit.is_none() && self.preceded(at, &CODES) && self.chars[at].is_ascii_digit();
        let value = match value {
            Numeral::Cardinal(number) if digits || bare_year || coded => Numeral::Digits(number.to_string()),
            value => value,
        };
        match unit {
            Some((suffix, unit)) => self.push(prefix, at..end, value, end..end + suffix.chars().count(), unit),
            None => self.push(prefix, at..end, value, end..end, Unit::None),
        }
    }

    /// The unit at `at`; longer ones first.
    fn unit_at(&self, at: usize) -> Option<(&'static str, Unit)> {
        const UNITS: [(&str, Unit); 10] = [
            ("月份", Unit::Month),
            ("摄氏度", Unit::Degree),
            ("分钟", Unit::Minute),
            ("秒钟", Unit::Second),
            ("年", Unit::Year),
            ("月", Unit::Month),
            ("度", Unit::Degree),
            ("℃", Unit::Degree),
            ("分", Unit::Minute),
            ("秒", Unit::Second),
        ];
        let starts = |text: &str| text.chars().eq(self.chars[at..].iter().copied().take(text.chars().count()));
        if starts("分之") || starts("分数") || starts("年级") || starts("年代") {
            return None;
        }
        if let Some(&found) = UNITS.iter().find(|(text, _)| starts(text)) {
            return Some(found);
        }
        if starts("°C") {
            return Some(("°C", Unit::Degree));
        }
        // 号楼, 号线: the number of a thing. 日本: a word.
        for day in ["号", "日"] {
            if starts(day) && !["号楼", "号线", "号馆", "号门", "号码", "日本"].into_iter().any(starts) {
                return Some((day, Unit::Day));
            }
        }
        let measure = MEASURES.into_iter().find(|measure| starts(measure))?;
        // The measure word must not begin a longer word: 3部分, 5家庭.
        let inside = overlapping(self.words, at..at + 1).iter().any(|w| {
            w.range.start == at && w.range.len() > measure.chars().count() && !WITH_MEASURE.contains(&w.text.as_str())
        });
        (!inside).then_some((measure, Unit::Measure))
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

    /// Whether `value` before the 点 at `end` is an hour.
    fn hour(&self, value: &Numeral, at: usize, end: usize) -> bool {
        if value.whole().is_none_or(|hour| hour > 24) {
            return false;
        }
        let rest = &self.chars[end + 1..];
        let run = rest.iter().take_while(|&&c| digit(c).is_some() || c == '十' || c.is_ascii_digit()).count();
        let ten = rest[..run].contains(&'十');
        let minutes = matches!(rest.get(run), Some('分' | '刻'));
        run == 0 || ten || minutes || self.preceded(at, &DAYTIMES)
    }

    /// Hour, minutes, seconds from the 点 at `end` on.
    fn time(&mut self, at: usize, end: usize, hour: Numeral) -> usize {
        self.between(at);
        let suffix = if self.chars.get(end + 1) == Some(&'钟') { end..end + 2 } else { end..end + 1 };
        let next = self.push(at..at, at..end, hour, suffix, Unit::Hour);
        let Some((minutes, length)) = self.chars.get(next..).and_then(scan) else { return next };
        let stop = next + length;
        let Some(value) = minutes_of(&minutes) else { return next };
        match self.chars.get(stop) {
            Some('刻') if value <= 3 => self.push(
                next..next,
                next..stop,
                Numeral::Cardinal(i64::from(value) * 15),
                stop..stop + 1,
                Unit::Minute,
            ),
            Some('分') => {
                let suffix = if self.chars.get(stop + 1) == Some(&'钟') { stop..stop + 2 } else { stop..stop + 1 };
                self.push(next..next, next..stop, Numeral::Cardinal(value.into()), suffix, Unit::Minute)
            }
            _ => self.push(next..next, next..stop, Numeral::Cardinal(value.into()), stop..stop, Unit::Minute),
        }
    }

    /// 8:35, 8:35:20, 3:2.
    fn clock(&mut self, at: usize) -> Option<usize> {
        let (hour, first) = self.short(at)?;
        let colon = at + first;
        if self.chars.get(colon) != Some(&':') {
            return None;
        }
        let (minute, length) = self.short(colon + 1)?;
        let end = colon + 1 + length;
        if length != 2 || minute > 59 || hour > 24 || self.preceded(at, &SCORES) {
            self.push(at..at, at..colon, Numeral::Cardinal(hour.into()), colon..colon, Unit::None);
            self.found.push(Found::Against(colon..colon + 1));
            return Some(self.push(
                colon + 1..colon + 1,
                colon + 1..end,
                Numeral::Cardinal(minute.into()),
                end..end,
                Unit::None,
            ));
        }
        self.between(at);
        self.push(at..at, at..colon, Numeral::Cardinal(hour.into()), colon..colon + 1, Unit::Hour);
        if minute > 0 {
            self.push(colon + 1..colon + 1, colon + 1..end, Numeral::Cardinal(minute.into()), end..end, Unit::Minute);
        } else {
            self.stretch(end);
        }
        match self.short(end + 1) {
            Some((second, 2)) if self.chars.get(end) == Some(&':') && second <= 59 => Some(self.push(
                end..end,
                end + 1..end + 3,
                Numeral::Cardinal(second.into()),
                end + 3..end + 3,
                Unit::Second,
            )),
            _ => Some(end),
        }
    }

    /// 2022-02-04, 2022/2/4, 2022.2.4.
    fn dated(&mut self, at: usize) -> Option<usize> {
        let (year, length) = self.short(at)?;
        let separator = *self.chars.get(at + length)?;
        if length != 4 || !(1000..=2999).contains(&year) || !matches!(separator, '-' | '/' | '.') {
            return None;
        }
        let (month, month_length) = self.short(at + 5)?;
        let second = at + 5 + month_length;
        let (day, day_length) = self.short(second + 1)?;
        if self.chars.get(second) != Some(&separator) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        self.push(at..at, at..at + 4, Numeral::Digits(year.to_string()), at + 4..at + 5, Unit::Year);
        self.push(at + 5..at + 5, at + 5..second, Numeral::Cardinal(month.into()), second..second + 1, Unit::Month);
        let end = second + 1 + day_length;
        Some(self.push(second + 1..second + 1, second + 1..end, Numeral::Cardinal(day.into()), end..end, Unit::Day))
    }

    /// 13800138000, 010-12345678.
    fn telephone(&mut self, at: usize) -> Option<usize> {
        let run =
            |from: usize| self.chars[from.min(self.chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
        let first = run(at);
        let mut end = at + first;
        let mut digits: String = self.chars[at..end].iter().collect();
        if self.chars[at] == '0' && matches!(first, 3 | 4) && self.chars.get(end) == Some(&'-') {
            let rest = run(end + 1);
            if !matches!(rest, 7 | 8) {
                return None;
            }
            digits.extend(&self.chars[end + 1..end + 1 + rest]);
            end += 1 + rest;
        } else if !(first == 11 && self.chars[at] == '1') {
            return None;
        }
        Some(self.push(at..at, at..end, Numeral::Digits(digits), end..end, Unit::None))
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

    /// Whether the numerals `at..end` are part of a word that is no number.
    fn is_word(&self, at: usize, end: usize) -> bool {
        overlapping(self.words, at..end).iter().any(|word| {
            if word.range.start >= at && word.range.end <= end {
                return NOT_NUMBERS.contains(&word.text.as_str());
            }
            if (self.whole)(&word.text) {
                return true;
            }
            if NOT_NUMBERS.contains(&word.text.as_str()) {
                let next = self.chars.get(word.range.end);
                // 十分钟, 下午一点, 一点三十分.
                let time = matches!(next, Some('钟' | '半')) || next.is_some_and(|&c| digit(c).is_some() || c == '十');
                return !(time || (word.text == "一点" && self.preceded(at, &DAYTIMES)));
            }
            let before: String = self.chars[word.range.start.min(at)..at].iter().collect();
            let after = end.min(word.range.end)..word.range.end;
            let known_before =
                before.is_empty() || ["第", "零下", "负", "星期", "周", "礼拜", "初"].contains(&before.as_str());
            let rest: String = self.chars[after].iter().collect();
            let known_after = rest.is_empty()
                || rest.starts_with("分之")
                || rest.starts_with('点')
                || self.unit_at(end).is_some_and(|(unit, _)| {
                    // 三十分 may be one word with the unit, and with the numerals behind it.
                    let behind = rest.strip_prefix(unit).map(|rest| rest.chars().next());
                    // 两本书 may be one too; 一次性, 一条龙 are words.
                    let counted = unit_counts_things(unit) && self.chars[at] != '一';
                    behind.is_some_and(|c| {
                        c.is_none_or(|c| digit(c).is_some() || multiplier(c).is_some() || c == '半' || counted)
                    })
                })
                || COUNTED.contains(&rest.as_str());
            !(known_before && known_after)
        })
    }

    /// The end of the numeral characters at `at`.
    fn after_numerals(&self, at: usize) -> usize {
        at + self.chars[at..].iter().take_while(|&&c| digit(c).is_some() || multiplier(c).is_some()).count()
    }

    /// One to four digits.
    fn short(&self, at: usize) -> Option<(u32, usize)> {
        let digits: String = self.chars.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).take(5).collect();
        if digits.len() > 4 {
            return None;
        }
        digits.parse().ok().map(|value| (value, digits.len()))
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

/// Words that may stand behind a number within one word of the dictionary: 三天, 两岁, 一元.
const COUNTED: [&str; 32] = [
    "天", "岁", "元", "人", "里", "米", "公里", "小时", "公斤", "斤", "吨", "倍", "层", "楼", "届", "次", "队", "班",
    "级", "周", "块", "毛", "角", "世纪", "月份", "日", "号", "年", "点钟", "多", "到", "至",
];

fn unit_counts_things(unit: &str) -> bool {
    MEASURES.contains(&unit)
}

fn minutes_of(value: &Numeral) -> Option<u32> {
    match value {
        // 八点零五: read as digits.
        Numeral::Digits(digits) => digits.parse().ok(),
        value => value.whole(),
    }
    .filter(|&minutes| minutes <= 59)
}

#[cfg(test)]
#[path = "quantity_tests.rs"]
mod tests;
