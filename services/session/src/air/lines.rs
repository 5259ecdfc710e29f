//! Lines with timecodes: what a caption desk sends.

use signing::{Flicks, FrameRate, SourceTime};
use stream::air::FrameTimecode;

/// A timecode, as a span since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeCode(pub Flicks);

/// Why a line's timecode can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("timecode {found}: {why}; expected HH:MM:SS:FF or HH:MM:SS.mmm")]
pub struct LineError {
    /// What was found.
    pub found: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl TimeCode {
    /// Reads `HH:MM:SS:FF` (`HH:MM:SS;FF` for drop-frame), `HH:MM:SS.mmm`, `HH:MM:SS,mmm` or `HH:MM:SS`; `None` if the
    /// text is no timecode at all.
    ///
    /// Errors: [`LineError`] for one that can't be.
    pub fn parse(text: &str, rate: FrameRate) -> Option<Result<Self, LineError>> {
        let wrong = |why| Some(Err(LineError { found: text.to_owned(), why }));
        let parts: Vec<&str> = text.split([':', ';', '.', ',']).collect();
        let marks: Vec<char> = text.chars().filter(|c| ":;.,".contains(*c)).collect();
        let digits =
            |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !(3..=4).contains(&parts.len()) || !parts.iter().all(digits) || marks[..2] != [':', ':'] {
            return None;
        }
        // At most three digits each.
        let number = |at: usize| parts.get(at).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
        let (hours, minutes, seconds) = (number(0), number(1), number(2));
        if hours > 23 || minutes > 59 || seconds > 59 {
            return wrong("not a time of day");
        }
        let whole = (hours * 60 + minutes) * 60 + seconds;
        let span = match marks.get(2) {
            None => Flicks::from_millis(whole * 1_000),
            Some('.' | ',') => {
                let digits = format!("{:0<3}", parts[3]);
                Flicks::from_millis(whole * 1_000 + digits.parse::<i64>().unwrap_or(0))
            }
            Some(mark) => {
                let frames = number(3);
                let nominal = i64::from(rate.num().div_ceil(rate.den()));
                if frames >= nominal {
                    return wrong("its frame is beyond the rate");
                }
                let mut count = whole * nominal + frames;
                if *mark == ';' {
                    // Two numbers a minute are left out at 29.97, four at 59.94, but for each tenth minute.
                    let dropped = nominal / 15;
                    let total = hours * 60 + minutes;
                    count -= dropped * (total - total / 10);
                }
                Flicks(rate.flicks_per_frame().0 * count)
            }
        };
        Some(Ok(Self(span)))
    }
}

impl TimeCode {
    /// As a frame of `rate` has it: drop-frame at 29.97 and 59.94, so that it stays with the clock. Counts on from midnight.
    pub fn at_rate(self, rate: FrameRate) -> FrameTimecode {
        let nominal = i64::from(rate.num().div_ceil(rate.den()));
        let length = rate.flicks_per_frame().0;
        let mut count = (self.0.0 + length / 2).div_euclid(length);
        let drops = rate.den() == 1_001 && nominal % 30 == 0;
        if drops {
            // Numbers that are left out at the beginning of each minute but the tenth.
            let (dropped, minute) = (nominal / 15, nominal * 60 - nominal / 15);
            let ten = minute * 10 + dropped;
            let (tens, rest) = (count.div_euclid(ten), count.rem_euclid(ten));
            let singles = if rest < nominal * 60 { 0 } else { (rest - nominal * 60) / minute + 1 };
            count += dropped * (tens * 9 + singles);
        }
        let (secs, frames) = (count.div_euclid(nominal), count.rem_euclid(nominal));
        // Each is less than its limit; a rate of more than 255 has no timecode of one byte.
        let byte = |number: i64| u8::try_from(number).unwrap_or(u8::MAX);
        FrameTimecode {
            hours: byte(secs.div_euclid(3_600).rem_euclid(24)),
            minutes: byte(secs.div_euclid(60).rem_euclid(60)),
            seconds: byte(secs.rem_euclid(60)),
            frames: byte(frames),
            drop_frame: drops,
        }
    }

    /// `HH:MM:SS:FF` at `rate`, or `HH:MM:SS;FF` for drop-frame.
    pub fn label(self, rate: FrameRate) -> String {
        let FrameTimecode { hours, minutes, seconds, frames, drop_frame } = self.at_rate(rate);
        let mark = if drop_frame { ';' } else { ':' };
        format!("{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:02}")
    }
}

/// A line taken apart: its timecode, if it begins with one, and its text.
pub(super) fn split(line: &str, rate: FrameRate) -> (Option<Result<TimeCode, LineError>>, &str) {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match TimeCode::parse(first.trim_matches(['[', ']']), rate) {
        Some(code) => (Some(code), rest.trim()),
        None => (None, line),
    }
}

/// How far a timecode may be from now before it counts as a jump.
const JUMP: Flicks = Flicks::from_millis(60_000);

/// Where the clock of timecodes stands on the input's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineClock {
    /// The timecode at the input's zero.
    zero: Flicks,
    fixed: bool,
}

/// What a timecode means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    /// On the input's clock.
    At(SourceTime),
    /// The clock of timecodes had to be set anew: it is now. From how far away.
    Jumped(Flicks),
}

impl LineClock {
    /// A clock whose zero is `start`, if that is known.
    pub(super) fn new(start: Option<TimeCode>) -> Self {
        Self { zero: start.map_or(Flicks::ZERO, |start| start.0), fixed: start.is_some() }
    }

    /// Sets the clock by the programme's.
    pub(super) fn set(&mut self, start: TimeCode) {
        *self = Self::new(Some(start));
    }

    /// The place of `code` at `now`. One that is a minute away or more sets the clock, unless its start was given.
    pub(super) fn place(&mut self, code: TimeCode, now: SourceTime) -> Placed {
        let at = SourceTime(code.0 - self.zero);
        let away = at - now;
        if away.0.abs() <= JUMP.0 || self.fixed {
            return Placed::At(at);
        }
        self.zero = code.0 - now.0;
        Placed::Jumped(away)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, rate: &str, expected: Option<Result<f64, &str>>, text: &str) {
        let (code, rest) = split(line, rate.parse().unwrap());
        assert_eq!(rest, text, "{line}");
        match (code, expected) {
            (None, None) => {}
            (Some(Ok(code)), Some(Ok(secs))) => {
                assert!((code.0.as_secs() - secs).abs() < 1e-6, "{line}: {}", code.0.as_secs())
            }
            (Some(Err(error)), Some(Err(why))) => assert!(error.to_string().contains(why), "{line}: {error}"),
            (found, expected) => panic!("{line}: {found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn timecodes_are_read() {
        check("00:00:05:12 北京今天有雪。", "25", Some(Ok(5.48)), "北京今天有雪。");
        check("[00:00:05.500] 你好", "25", Some(Ok(5.5)), "你好");
        check("10:00:00,25\t你好", "50", Some(Ok(36_000.25)), "你好");
        check("00:01:00;02 a b", "30000/1001", Some(Ok(60.06)), "a b");
        check("00:10:00;00 a", "30000/1001", Some(Ok(599.999_4)), "a");
        check("00:00:07 a", "25", Some(Ok(7.0)), "a");
        check("三点开始", "25", None, "三点开始");
        check("12:30 开会", "25", None, "12:30 开会");
        check("3.14.15 是数", "25", None, "3.14.15 是数");
        check("00:00:05:25 a", "25", Some(Err("beyond the rate")), "a");
        check("25:00:00:00 a", "25", Some(Err("time of day")), "a");
        check("", "25", None, "");
        check(":::: a", "25", None, ":::: a");
    }

    #[test]
    fn a_label_is_read_back_as_the_same_moment() {
        for (label, rate) in [
            ("00:00:05:12", "25"),
            ("10:59:59:49", "50"),
            ("00:00:59;29", "30000/1001"),
            ("00:01:00;02", "30000/1001"),
            ("00:09:59;29", "30000/1001"),
            ("00:10:00;00", "30000/1001"),
            ("23:59:59;29", "30000/1001"),
            ("01:11:00;04", "60000/1001"),
            ("10:00:00:23", "24"),
        ] {
            let rate: FrameRate = rate.parse().unwrap();
            let code = TimeCode::parse(label, rate).unwrap().unwrap();
            assert_eq!(code.label(rate), label);
        }
        let day = TimeCode(Flicks::from_secs(86_400.0 + 1.0));
        assert_eq!(day.label(FrameRate::PAL), "00:00:01:00");
    }

    #[test]
    fn a_far_timecode_sets_the_clock_and_a_near_one_does_not() {
        let code = |secs| TimeCode(Flicks::from_secs(secs));
        let at = |secs| SourceTime(Flicks::from_secs(secs));
        let mut clock = LineClock::new(None);
        assert_eq!(clock.place(code(5.0), at(1.0)), Placed::At(at(5.0)));
        assert_eq!(clock.place(code(36_000.0), at(2.0)), Placed::Jumped(Flicks::from_secs(35_998.0)));
        assert_eq!(clock.place(code(36_004.0), at(3.0)), Placed::At(at(6.0)));
        assert!(matches!(clock.place(code(10.0), at(4.0)), Placed::Jumped(_)));
        let mut fixed = LineClock::new(Some(code(36_000.0)));
        assert_eq!(fixed.place(code(36_100.0), at(0.0)), Placed::At(at(100.0)));
    }
}
