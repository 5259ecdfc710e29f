//! Times, dates and telephone numbers.

use super::{
    Found, Scanner, Unit,
    words::{DAYTIMES, SCORES},
};
use crate::number::{Numeral, digit, scan};

impl Scanner<'_> {
    /// Whether `value` before the 点 at `end` is an hour.
    pub(super) fn hour(&self, value: &Numeral, at: usize, end: usize) -> bool {
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
    pub(super) fn time(&mut self, at: usize, end: usize, hour: Numeral) -> usize {
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
    pub(super) fn clock(&mut self, at: usize) -> Option<usize> {
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
    pub(super) fn dated(&mut self, at: usize) -> Option<usize> {
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
    pub(super) fn telephone(&mut self, at: usize) -> Option<usize> {
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

    /// One to four digits.
    fn short(&self, at: usize) -> Option<(u32, usize)> {
        let digits: String = self.chars.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).take(5).collect();
        if digits.len() > 4 {
            return None;
        }
        digits.parse().ok().map(|value| (value, digits.len()))
    }
}

fn minutes_of(value: &Numeral) -> Option<u32> {
    match value {
        // 八点零五: read as digits.
        Numeral::Digits(digits) => digits.parse().ok(),
        value => value.whole(),
    }
    .filter(|&minutes| minutes <= 59)
}
