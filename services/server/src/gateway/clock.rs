//! When utterances and sound came in: to measure what becomes of them, and to trace how they were heard.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use opentelemetry::{
    KeyValue, global,
    trace::{Span as _, SpanBuilder, Tracer as _},
};
use signing::{SourceTime, Transcript};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Most utterances that are remembered.
const UTTERANCES: usize = 256;
/// Most moments of sound that are remembered; a phrase is shorter than the time they span.
const MOMENTS: usize = 1024;
/// From one remembered moment of sound to the next, at least.
const APART: Duration = Duration::from_millis(50);

/// When a session's utterances and its sound came.
#[derive(Default)]
pub(super) struct Clock {
    came: Mutex<HashMap<Arc<str>, Instant>>,
    sound: Mutex<VecDeque<(SourceTime, SystemTime)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clock {
    pub(super) fn came(&self, utterance: &Arc<str>) {
        let mut came = lock(&self.came);
        if came.len() < UTTERANCES {
            came.insert(Arc::clone(utterance), Instant::now());
        }
    }

    pub(super) fn since(&self, utterance: &str, forget: bool) -> Option<Duration> {
        let mut came = lock(&self.came);
        let since = came.get(utterance).map(Instant::elapsed);
        if forget {
            came.remove(utterance);
        }
        since
    }

    /// Sound that begins `at` has come.
    pub(super) fn sounded(&self, at: SourceTime) {
        self.sounded_at(at, SystemTime::now());
    }

    fn sounded_at(&self, at: SourceTime, now: SystemTime) {
        let mut sound = lock(&self.sound);
        let newest = sound.back().and_then(|(_, came)| now.duration_since(*came).ok());
        if newest.is_none_or(|since| since >= APART) {
            sound.push_back((at, now));
            if sound.len() > MOMENTS {
                sound.pop_front();
            }
        }
    }

    /// When the sound of `at` came; nothing if that is forgotten or never came.
    fn came_at(&self, at: SourceTime) -> Option<SystemTime> {
        lock(&self.sound).iter().rev().find(|(from, _)| *from <= at).map(|(_, came)| *came)
    }

    /// Puts into the session's trace how `transcript` was heard: from when its first sound came until now.
    pub(super) fn trace(&self, utterance: &str, transcript: &Transcript, session: &tracing::Span) {
        let tracer = global::tracer("shouyu");
        let builder = SpanBuilder::from_name("speech").with_attributes([
            KeyValue::new("utterance", utterance.to_owned()),
            KeyValue::new("text", transcript.text.clone()),
            KeyValue::new("from_secs", transcript.start.as_secs()),
            KeyValue::new("until_secs", transcript.end.as_secs()),
        ]);
        let builder = match self.came_at(transcript.start) {
            Some(came) => builder.with_start_time(came),
            None => builder,
        };
        let mut speech = tracer.build_with_context(builder, &session.context());
        if let Some(came) = self.came_at(transcript.end) {
            speech.add_event_with_timestamp("speech: its last sound came", came, Vec::new());
        }
        speech.end();
    }
}

#[cfg(test)]
mod tests {
    use signing::Flicks;

    use super::*;

    #[test]
    fn when_sound_came_is_remembered_for_the_length_of_a_phrase() {
        let clock = Clock::default();
        let time = |millis: u64| SourceTime(Flicks::from_millis(i64::try_from(millis).unwrap()));
        let came = |millis: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        assert_eq!(clock.came_at(time(0)), None);
        // Pieces of 10 ms, a second late, for two minutes.
        for piece in 0..12_000 {
            clock.sounded_at(time(piece * 10), came(1_000 + piece * 10));
        }
        assert_eq!(clock.came_at(time(119_000)), Some(came(120_000)));
        assert_eq!(clock.came_at(time(119_049)), Some(came(120_000)), "the piece that it is in");
        assert_eq!(clock.came_at(time(10_000)), None, "forgotten");
        assert!(lock(&clock.sound).len() <= MOMENTS);
    }
}
