//! Time, counted in flicks, and frame rates.

use std::{
    fmt,
    ops::{Add, Mul, Sub},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// A span of time in flicks: 1/705,600,000 s.
///
/// Exact for milliseconds, the 90 kHz clock, common audio rates and 30000/1001 frames a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flicks(pub i64);

impl Flicks {
    /// Flicks in one second.
    pub const PER_SECOND: i64 = 705_600_000;
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// From whole milliseconds; exact.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(Self::PER_SECOND / 1_000))
    }

    /// From seconds, rounded to the nearest flick; saturates at the ends of the range.
    pub fn from_secs(secs: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
        Self((secs * Self::PER_SECOND as f64).round() as i64)
    }

    /// In seconds.
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / Self::PER_SECOND as f64
    }
}

impl Add for Flicks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Flicks {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i64> for Flicks {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self(self.0 * times)
    }
}

macro_rules! clock {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Flicks);

        impl $name {
            /// The clock's zero.
            pub const ZERO: Self = Self(Flicks::ZERO);

            /// In seconds since the clock's zero.
            pub fn as_secs(self) -> f64 {
                self.0.as_secs()
            }
        }

        impl Add<Flicks> for $name {
            type Output = Self;
            fn add(self, span: Flicks) -> Self {
                Self(self.0 + span)
            }
        }

        impl Sub for $name {
            type Output = Flicks;
            fn sub(self, earlier: Self) -> Flicks {
                self.0 - earlier.0
            }
        }
    };
}

clock! {
    /// A moment of what comes in: captions, speech, programme.
    SourceTime
}
clock! {
    /// A moment of what goes out: poses, pictures, streams.
    OutputTime
}

/// Frames a second as a fraction, such as 25/1 or 30000/1001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32)", into = "(u32, u32)")]
pub struct FrameRate {
    num: u32,
    den: u32,
}

/// Why a frame rate was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameRateError {
    /// Not a number or a fraction.
    #[error("frame rate “{0}”: expected a number such as 25, or a fraction such as 30000/1001")]
    Unreadable(String),
    /// Outside of what is supported.
    #[error("frame rate {num}/{den}: expected 1 to 240 frames a second, in whole flicks a frame")]
    Range {
        /// Numerator found.
        num: u32,
        /// Denominator found.
        den: u32,
    },
}

impl FrameRate {
    /// 25 frames a second.
    pub const PAL: Self = Self { num: 25, den: 1 };

    /// `num`/`den` frames a second, in lowest terms.
    ///
    /// Errors: [`FrameRateError::Range`] outside 1 to 240, or if a frame is not a whole number of flicks.
    pub fn new(num: u32, den: u32) -> Result<Self, FrameRateError> {
        let range = || FrameRateError::Range { num, den };
        if num == 0 || den == 0 || num < den || u64::from(num) > 240 * u64::from(den) {
            return Err(range());
        }
        let divisor = greatest_common_divisor(num, den);
        let rate = Self { num: num / divisor, den: den / divisor };
        if (Flicks::PER_SECOND * i64::from(rate.den)) % i64::from(rate.num) != 0 {
            return Err(range());
        }
        Ok(rate)
    }

    /// Numerator, in lowest terms.
    pub const fn num(self) -> u32 {
        self.num
    }

    /// Denominator, in lowest terms.
    pub const fn den(self) -> u32 {
        self.den
    }

    /// Exact length of a frame.
    pub const fn flicks_per_frame(self) -> Flicks {
        Flicks(Flicks::PER_SECOND * self.den as i64 / self.num as i64)
    }

    /// Time of frame `index`, counted from zero.
    pub fn time_of(self, index: u64) -> OutputTime {
        OutputTime(Flicks(self.flicks_per_frame().0.saturating_mul(i64::try_from(index).unwrap_or(i64::MAX))))
    }

    /// Frames a second.
    pub fn as_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl TryFrom<(u32, u32)> for FrameRate {
    type Error = FrameRateError;
    fn try_from((num, den): (u32, u32)) -> Result<Self, Self::Error> {
        Self::new(num, den)
    }
}

impl From<FrameRate> for (u32, u32) {
    fn from(rate: FrameRate) -> Self {
        (rate.num, rate.den)
    }
}

impl FromStr for FrameRate {
    type Err = FrameRateError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || FrameRateError::Unreadable(text.to_owned());
        let number = |part: &str| part.trim().parse::<u32>().map_err(|_| unreadable());
        match text.split_once('/') {
            Some((num, den)) => Self::new(number(num)?, number(den)?),
            None => match text.trim() {
                "23.976" | "23.98" => Self::new(24_000, 1_001),
                "29.97" => Self::new(30_000, 1_001),
                "59.94" => Self::new(60_000, 1_001),
                whole => Self::new(number(whole)?, 1),
            },
        }
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_whole_flicks() {
        for (text, flicks) in
            [("25", 28_224_000), ("50", 14_112_000), ("30000/1001", 23_543_520), ("29.97", 23_543_520)]
        {
            assert_eq!(text.parse::<FrameRate>().unwrap().flicks_per_frame(), Flicks(flicks), "{text}");
        }
    }

    #[test]
    fn impossible_rates_are_refused() {
        for text in ["0", "-1", "241", "25/0", "0/1", "abc", "", "1/2", "999983/9973"] {
            assert!(text.parse::<FrameRate>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_hour_of_ntsc_does_not_drift() {
        let rate = FrameRate::new(30_000, 1_001).unwrap();
        assert_eq!(rate.time_of(30_000 * 3_600).0, Flicks(Flicks::PER_SECOND * 1_001 * 3_600));
    }

    #[test]
    fn rates_round_trip_through_json_and_refuse_zero() {
        let rate = FrameRate::new(30_000, 1_001).unwrap();
        let json = serde_json::to_string(&rate).unwrap();
        assert_eq!(serde_json::from_str::<FrameRate>(&json).unwrap(), rate);
        assert!(serde_json::from_str::<FrameRate>("[0,1]").is_err());
    }
}
