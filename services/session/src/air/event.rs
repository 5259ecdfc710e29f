//! What an operator hears of a broadcast.

use serde::Serialize;
use signing::OutputTime;
use stream::air::SenderStats;

use super::pace::Stages;

/// Something happened, and when.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// Seconds since the broadcast began, on the wall clock.
    pub wall: f64,
    /// What.
    #[serde(flatten)]
    pub event: AirEvent,
}

/// Something happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AirEvent {
    /// Frames go out from now on.
    OnAir {
        /// Width and height in pixels.
        size: (u32, u32),
        /// Frames a second.
        rate: String,
        /// Seconds from input to output.
        delay: f64,
    },
    /// A receiver came, went or fell behind.
    Receiver {
        /// Which, without secrets.
        destination: String,
        /// `connected`, `away` or `ended`.
        state: &'static str,
        /// For how many seconds it had been away.
        #[serde(skip_serializing_if = "Option::is_none")]
        away: Option<f64>,
        /// For a reader.
        message: String,
    },
    /// A studio (renderer and encoder) works, stands by, or is gone.
    Studio {
        /// `works`, `stands_by`, `lost` or `failed`.
        state: &'static str,
        /// Its process.
        #[serde(skip_serializing_if = "Option::is_none")]
        pid: Option<u32>,
        /// For how many seconds there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        away: Option<f64>,
        /// For a reader.
        message: String,
    },
    /// The first sign of a sentence.
    Signing {
        /// Which sentence.
        utterance: String,
        /// What it says.
        text: String,
        /// When it was due, seconds on the output's clock.
        due: f64,
        /// When its first sign began, seconds on the output's clock.
        at: f64,
    },
    /// Something about signing: a sentence that was captioned or left out, a stage that was lost or is back.
    Session {
        /// `omitted`, `overloaded`, `fallback`, `recovered`, `warning`, `interrupted`, `ordered`.
        kind: &'static str,
        /// Of which sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        utterance: Option<String>,
        /// For a reader.
        message: String,
    },
    /// Something about an input.
    Input {
        /// Which.
        source: String,
        /// `open`, `quiet`, `back`, `jump`, `late`, `wrong`, `overlap`, `lost`, `ended`, `timecode`, `warning`.
        state: &'static str,
        /// For a reader.
        message: String,
    },
    /// An operator ordered something.
    Operator {
        /// `hold`, `resume`, `skip`, `repeat`, `replace`, `load_pack`.
        order: String,
        /// By which means, such as `grpc 127.0.0.1:40112`.
        from: String,
        /// `followed` or `refused`.
        outcome: &'static str,
        /// For a reader.
        message: String,
    },
    /// Figures, every ten seconds.
    Metrics(Box<Metrics>),
    /// The broadcast is over.
    Ended {
        /// Frames that went out.
        frames: u64,
        /// Frames that left more than a frame late.
        late: u64,
        /// Frames that no studio made.
        lost: u64,
        /// Why.
        message: String,
    },
}

/// Figures of a broadcast.
#[derive(Debug, Clone, Serialize)]
pub struct Metrics {
    /// Frames ordered so far.
    pub frames: u64,
    /// Of those, how many left more than a frame late.
    pub late: u64,
    /// The latest to leave in the last ten seconds, milliseconds after it should have.
    pub worst_late_ms: f64,
    /// What took time in the last ten seconds, on the way to leaving: there is room for as much as the buffer.
    pub worst_ms: Stages,
    /// Frames that the studio has not given back yet.
    pub in_flight: usize,
    /// Frames that no studio made.
    pub lost: u64,
    /// Frames for which the picture before them stood, as the studio was behind.
    pub repeated: u64,
    /// Signs that wait.
    pub signs_waiting: usize,
    /// Sentences that are understood and not yet due.
    pub sentences_waiting: usize,
    /// Whether an operator holds it.
    pub held: bool,
    /// Operators' orders followed and refused.
    pub orders: (u64, u64),
    /// Memory of this process, megabytes.
    pub memory_mb: f64,
    /// Receivers: destination, whether connected, frames, frames lost, connections.
    pub receivers: Vec<(String, bool, u64, u64, u64)>,
}

impl Metrics {
    pub(super) fn receiver(stats: SenderStats) -> (String, bool, u64, u64, u64) {
        (stats.destination, stats.connected, stats.frames, stats.lost, stats.connections)
    }
}

/// Resident memory of this process, megabytes; zero where the system does not say.
pub(super) fn memory_mb() -> f64 {
    const PAGE: f64 = 4096.0;
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or(0.0) * PAGE / 1e6
}

pub(super) fn secs(time: OutputTime) -> f64 {
    (time.as_secs() * 1e6).round() / 1e6
}
