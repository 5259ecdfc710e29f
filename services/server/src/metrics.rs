//! What is counted, in the format of Prometheus.

use std::{
    sync::atomic::{AtomicI64, AtomicU64},
    time::{Duration, Instant},
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use session::live::Watch;

use crate::strain::Strain;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Labelled {
    pub(crate) what: &'static str,
}

/// All counts of a process.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) strain: Strain,
    pub(crate) sessions: Gauge<i64, AtomicI64>,
    pub(crate) pixels_per_sec: Gauge<i64, AtomicI64>,
    pub(crate) frames: Counter<u64, AtomicU64>,
    pub(crate) late: Counter<u64, AtomicU64>,
    pub(crate) signs: Family<Labelled, Counter>,
    pub(crate) dropped: Family<Labelled, Counter>,
    pub(crate) events: Family<Labelled, Counter>,
    pub(crate) refused: Family<Labelled, Counter>,
    pub(crate) video_bytes: Counter<u64, AtomicU64>,
    tick: Histogram,
    lateness: Histogram,
    understanding: Histogram,
    pub(crate) speech: Histogram,
    pub(crate) first_sentence: Histogram,
    pub(crate) first_sign: Histogram,
}

/// Buckets around the budget of a frame, 40 ms at 25 frames a second; seconds.
const BUCKETS: [f64; 13] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.033, 0.04, 0.05, 0.1, 0.25, 1.0, 5.0];

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("shouyu");
        let histogram = || Histogram::new(BUCKETS);
        let this = Self {
            strain: Strain::new(Instant::now()),
            sessions: Gauge::default(),
            pixels_per_sec: Gauge::default(),
            frames: Counter::default(),
            late: Counter::default(),
            signs: Family::default(),
            dropped: Family::default(),
            events: Family::default(),
            refused: Family::default(),
            video_bytes: Counter::default(),
            tick: histogram(),
            lateness: histogram(),
            understanding: histogram(),
            speech: histogram(),
            first_sentence: histogram(),
            first_sign: histogram(),
            registry: Registry::default(),
        };
        registry.register("sessions", "Live sessions", this.sessions.clone());
        registry.register("pixels_per_sec", "Pixels a second that sessions reserve", this.pixels_per_sec.clone());
        registry.register("frames", "Frames made", this.frames.clone());
        registry.register("frames_late", "Frames begun more than a frame late", this.late.clone());
        registry.register("signs", "Signs by origin", this.signs.clone());
        registry.register("source_dropped", "Source not signed, by who dropped it", this.dropped.clone());
        registry.register("events", "Events by kind", this.events.clone());
        registry.register("refused", "Calls refused, by reason", this.refused.clone());
        registry.register("video_bytes", "Bytes of video", this.video_bytes.clone());
        registry.register("tick_seconds", "Motion, render and encode of a frame", this.tick.clone());
        registry.register("late_seconds", "How late a frame is begun", this.lateness.clone());
        registry.register("understanding_seconds", "Understanding of an utterance", this.understanding.clone());
        registry.register("speech_seconds", "Listening to a piece of sound of at most 0.2 s", this.speech.clone());
        registry.register("first_sentence_seconds", "Text to its first sentence", this.first_sentence.clone());
        registry.register("first_sign_seconds", "Text to the first frame of its sign", this.first_sign.clone());
        Self { registry, ..this }
    }

    /// All of it as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &self.registry) {
            tracing::error!(%error, "metrics can't be written");
        }
        text
    }
}

/// A session's costs go into the process's counts.
pub(crate) struct SessionWatch {
    pub(crate) metrics: std::sync::Arc<Metrics>,
    pub(crate) frame: Duration,
}

impl Watch for SessionWatch {
    fn tick(&self, late: Duration, took: Duration) {
        self.metrics.frames.inc();
        self.metrics.tick.observe(took.as_secs_f64());
        self.metrics.lateness.observe(late.as_secs_f64());
        if late > self.frame {
            self.metrics.late.inc();
            self.metrics.strain.note(Instant::now());
        }
    }

    fn understood(&self, took: Duration) {
        self.metrics.understanding.observe(took.as_secs_f64());
    }
}
