//! What is said over a page's socket: JSON in texts, the microphone's sound and video in binary messages.
//!
//! Sound: signed 16-bit samples, little-endian, one channel, at the rate that [`FromPage::Listen`] named. Video: see
//! [`outbox`](crate::outbox).

use serde::{Deserialize, Serialize};
use session::live::{Angle, EventKind};
use signing::{OutputTime, SourceTime};

use crate::lines::Lines;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Language {
    /// Mandarin.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Its BCP-47 tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// From where the visitor looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum View {
    Front,
    Oblique,
    Side,
}

impl From<View> for Angle {
    fn from(view: View) -> Self {
        match view {
            View::Front => Self::Front,
            View::Oblique => Self::Oblique,
            View::Side => Self::Side,
        }
    }
}

/// What a page says.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FromPage {
    /// Sign a text.
    Say { text: String, language: Language },
    /// Sign captions: WebVTT, SubRip or TTML.
    Captions { text: String, language: Language },
    /// Sign an utterance again.
    Again { utterance: u64 },
    /// Sign an entry of the lexicon.
    Sign { id: String },
    /// End the sign under way, drop what waits.
    Stop,
    /// Move the camera.
    View { view: View },
    /// Sign at half speed, or at full.
    Speed { half: bool },
    /// Sound follows: samples a second.
    Listen { rate: u32, language: Language },
    /// No more sound.
    Hush,
}

/// Where an utterance comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Means {
    Typed,
    Captions,
    Speech,
    Lexicon,
}

/// What may be wrong; the page says it in the visitor's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Problem {
    /// Too many visitors.
    Full,
    /// A message that is none.
    Message,
    /// More messages than are taken.
    Flood,
    /// A text or captions that are too long, or a message that is.
    TooLong,
    /// Nothing in it.
    Empty,
    /// Captions that can't be read.
    Captions,
    /// Too much waits to be signed.
    Busy,
    /// An utterance that is not known any more.
    Forgotten,
    /// A sign that is not there, or can't be signed.
    NoSign,
    /// Speech can't be heard: no weights, or all listeners are busy.
    NoSpeech,
    /// Sound came faster than it can be heard.
    SoundLost,
    /// The session goes on more slowly than the clock.
    Slow,
    /// Nothing was said for a long time, or the session was very long.
    Ended,
    /// A stage that can't be stood in for.
    Lost,
}

/// What a page is told.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToPage<'a> {
    /// The first message: what this visitor is called in addresses, what may be asked.
    Hello { visitor: &'a str, size: (u32, u32), rate: f64, limits: Limits, software: &'a str, packs: Vec<String> },
    /// The picture begins. For fragmented MP4, what it must be opened as.
    Picture { media_type: Option<String> },
    /// What was said; while it is not stable it may change.
    Transcript {
        utterance: u64,
        means: Means,
        text: &'a str,
        stable: bool,
        start_ms: i64,
        end_ms: i64,
        /// Of which utterance it is a repetition.
        of: Option<u64>,
        /// Captions' own pieces.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        cues: Vec<Cue<'a>>,
    },
    /// What will be signed for it.
    Sentences {
        utterance: u64,
        #[serde(flatten)]
        lines: Lines,
    },
    /// A token is signed from `start` to `end`, seconds of the picture's own clock.
    Token { utterance: u64, sentence: usize, token: usize, start: f64, end: f64 },
    /// Something happened in the session.
    Event { kind: &'static str, utterance: Option<u64>, time: f64, message: &'a str },
    /// Something is wrong.
    Problem { problem: Problem, utterance: Option<u64>, message: &'a str },
    /// The microphone's listener: `loading`, `on`, `off`.
    Hearing { state: &'static str },
}

/// A caption with its time.
#[derive(Debug, Serialize)]
pub(crate) struct Cue<'a> {
    pub(crate) start_ms: i64,
    pub(crate) text: &'a str,
}

/// What a page may ask for.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Limits {
    pub(crate) text_characters: usize,
    pub(crate) caption_bytes: usize,
    pub(crate) film_signs: usize,
    pub(crate) comment_characters: usize,
}

impl ToPage<'_> {
    pub(crate) fn json(&self) -> String {
        // Texts and numbers always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A kind of event, as the page knows it.
pub(crate) const fn kind_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::UtteranceStarted => "started",
        EventKind::UtteranceFinished => "finished",
        EventKind::Overloaded => "overloaded",
        EventKind::Fallback => "fallback",
        EventKind::Recovered => "recovered",
        EventKind::Omitted => "omitted",
        EventKind::Flushed => "flushed",
        EventKind::Interrupted => "interrupted",
        EventKind::Warning => "warning",
        EventKind::Ordered => "ordered",
    }
}

/// Whole milliseconds, for a reader.
#[expect(clippy::cast_possible_truncation, reason = "a time that a session can last")]
pub(crate) fn millis(time: SourceTime) -> i64 {
    (time.as_secs() * 1e3).round() as i64
}

/// Seconds of the picture's clock.
pub(crate) fn secs(time: OutputTime) -> f64 {
    time.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_others_refused() {
        let read = |text: &str| serde_json::from_str::<FromPage>(text);
        assert_eq!(
            read(r#"{"type":"say","text":"雪","language":"zh"}"#).unwrap(),
            FromPage::Say { text: "雪".to_owned(), language: Language::Zh }
        );
        assert_eq!(read(r#"{"type":"stop"}"#).unwrap(), FromPage::Stop);
        assert_eq!(read(r#"{"type":"speed","half":true}"#).unwrap(), FromPage::Speed { half: true });
        for wrong in [
            "",
            "[]",
            "null",
            r#"{"type":"say"}"#,
            r#"{"type":"say","text":1,"language":"zh"}"#,
            r#"{"type":"say","text":"雪","language":"fr"}"#,
            r#"{"type":"say","text":"雪","language":"zh","sudo":true}"#,
            r#"{"type":"again","utterance":-1}"#,
            r#"{"type":"shutdown"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_told_has_its_type() {
        let told = ToPage::Token { utterance: 3, sentence: 0, token: 1, start: 0.04, end: 0.5 }.json();
        assert_eq!(told, r#"{"type":"token","utterance":3,"sentence":0,"token":1,"start":0.04,"end":0.5}"#);
    }
}
