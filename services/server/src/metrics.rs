//! What is counted, in the format of Prometheus.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use session::live::{PictureCost, Waits, Watch};

use crate::strain::{Effort, Strain};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Labelled {
    pub(crate) what: &'static str,
}

/// All counts of a process.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) strain: Strain,
    pub(crate) effort: Effort,
    pub(crate) sessions: Gauge<i64, AtomicI64>,
    pub(crate) pixels_per_sec: Gauge<i64, AtomicI64>,
    pub(crate) frames: Counter<u64, AtomicU64>,
    pub(crate) late: Counter<u64, AtomicU64>,
    drawn: Counter<u64, AtomicU64>,
    frames_dropped: Family<Labelled, Counter>,
    waiting: Family<Labelled, Gauge>,
    pub(crate) signs: Family<Labelled, Counter>,
    pub(crate) dropped: Family<Labelled, Counter>,
    pub(crate) events: Family<Labelled, Counter>,
    pub(crate) refused: Family<Labelled, Counter>,
    pub(crate) video_bytes: Counter<u64, AtomicU64>,
    tick: Histogram,
    motion: Histogram,
    render: Histogram,
    encode: Histogram,
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
            effort: Effort::new(),
            sessions: Gauge::default(),
            pixels_per_sec: Gauge::default(),
            frames: Counter::default(),
            late: Counter::default(),
            drawn: Counter::default(),
            frames_dropped: Family::default(),
            waiting: Family::default(),
            signs: Family::default(),
            dropped: Family::default(),
            events: Family::default(),
            refused: Family::default(),
            video_bytes: Counter::default(),
            tick: histogram(),
            motion: histogram(),
            render: histogram(),
            encode: histogram(),
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
        registry.register("frames_drawn", "Frames drawn and encoded here", this.drawn.clone());
        registry.register(
            "frames_dropped",
            "Frames made that nobody will see, by reason; a session ends with them",
            this.frames_dropped.clone(),
        );
        registry.register("waiting", "Utterances, signs and frames that wait in sessions", this.waiting.clone());
        registry.register("signs", "Signs by origin; with source_dropped, what the lexicon covers", this.signs.clone());
        registry.register("source_dropped", "Source not signed, by who dropped it", this.dropped.clone());
        registry.register("events", "Events by kind", this.events.clone());
        registry.register("refused", "Calls refused, by reason", this.refused.clone());
        registry.register("video_bytes", "Bytes of video", this.video_bytes.clone());
        registry.register("tick_seconds", "Motion, render and encode of a frame", this.tick.clone());
        registry.register("motion_seconds", "Motion of a frame", this.motion.clone());
        registry.register("render_seconds", "Drawing of a frame", this.render.clone());
        registry.register("encode_seconds", "Encoding of a frame", this.encode.clone());
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

impl Metrics {
    /// A frame of motion took so long.
    pub(crate) fn moved(&self, took: Duration) {
        self.motion.observe(took.as_secs_f64());
    }

    /// An utterance took so long to be understood here.
    pub(crate) fn understood(&self, took: Duration) {
        self.understanding.observe(took.as_secs_f64());
    }

    /// A picture took so long.
    pub(crate) fn pictured(&self, cost: PictureCost) {
        match cost {
            PictureCost::Render(took) => self.render.observe(took.as_secs_f64()),
            PictureCost::Encode(took) => {
                self.encode.observe(took.as_secs_f64());
                self.drawn.inc();
            }
        }
    }
}

/// A session's costs go into the process's counts.
pub(crate) struct SessionWatch {
    metrics: Arc<Metrics>,
    frame: Duration,
    /// Whether its frames have pictures.
    draws: bool,
    /// What of the process's gauges is this session's: utterances, signs, frames.
    waits: [(Gauge, AtomicI64); 3],
}

impl SessionWatch {
    /// Of a session whose frames last `frame`, and have pictures if it `draws`.
    pub(crate) fn new(metrics: Arc<Metrics>, frame: Duration, draws: bool) -> Self {
        let gauge = |what| (metrics.waiting.get_or_create(&Labelled { what }).clone(), AtomicI64::new(0));
        Self { waits: ["utterances", "signs", "frames"].map(gauge), metrics, frame, draws }
    }

    fn wait(&self, counts: [usize; 3]) {
        for ((gauge, own), count) in self.waits.iter().zip(counts) {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            gauge.inc_by(count - own.swap(count, Ordering::Relaxed));
        }
    }
}

impl Watch for SessionWatch {
    fn tick(&self, late: Duration, took: Duration) {
        self.metrics.frames.inc();
        self.metrics.tick.observe(took.as_secs_f64());
        self.metrics.lateness.observe(late.as_secs_f64());
        if self.draws {
            self.metrics.effort.note(took.as_secs_f64() / self.frame.as_secs_f64(), Instant::now());
        }
        if late > self.frame {
            self.metrics.late.inc();
            self.metrics.strain.note(Instant::now());
        }
    }

    fn understood(&self, took: Duration) {
        self.metrics.understood(took);
    }

    fn waits(&self, Waits { utterances, signs, frames }: Waits) {
        self.wait([utterances, signs, frames]);
    }

    fn dropped(&self, reason: &'static str, frames: usize) {
        self.metrics.frames_dropped.get_or_create(&Labelled { what: reason }).inc_by(frames as u64);
    }
}

impl Drop for SessionWatch {
    fn drop(&mut self) {
        self.wait([0; 3]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_summed_over_sessions_and_goes_with_them() {
        let metrics = Arc::new(Metrics::new());
        let session = || SessionWatch::new(Arc::clone(&metrics), Duration::from_millis(40), false);
        let (one, two) = (session(), session());
        one.waits(Waits { utterances: 1, signs: 5, frames: 2 });
        two.waits(Waits { utterances: 0, signs: 7, frames: 0 });
        one.waits(Waits { utterances: 0, signs: 3, frames: 2 });
        let signs = || metrics.waiting.get_or_create(&Labelled { what: "signs" }).get();
        assert_eq!(signs(), 10);
        assert!(metrics.text().contains("shouyu_waiting{what=\"frames\"} 2"), "{}", metrics.text());
        drop(one);
        assert_eq!(signs(), 7);
        drop(two);
        assert_eq!(signs(), 0);
    }

    #[test]
    fn a_late_frame_is_counted_and_a_punctual_one_is_not() {
        let metrics = Arc::new(Metrics::new());
        let watch = SessionWatch::new(Arc::clone(&metrics), Duration::from_millis(40), false);
        for late in [0, 39, 41, 400] {
            watch.tick(Duration::from_millis(late), Duration::from_millis(5));
        }
        watch.dropped("slow_client", 3);
        assert_eq!((metrics.frames.get(), metrics.late.get()), (4, 2));
        assert!(metrics.text().contains("shouyu_frames_dropped_total{what=\"slow_client\"} 3"));
    }
}
