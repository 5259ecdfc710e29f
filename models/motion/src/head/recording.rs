//! A recording of a sentence: which part of it is which sign, and how unlike it a motion is.

use std::fmt;

use body::Body;
use signing::PoseFrame;

use super::{
    measure::{Distances, PoseTrack, distances, matched},
    objective::{Part, Score},
};
use crate::Report;

/// A recording with its signs found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    track: PoseTrack,
    /// For each token when it is signed, seconds from the recording's beginning; `None` where it was not found.
    tokens: Vec<Option<(f64, f64)>>,
}

/// A recording that its glosses don't fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// How far the hands are from those of its glosses, thousandths of an arm's length.
    pub hands: f32,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the glosses don't fit it: even along the best times the hands are {:.2} of an arm's length away, more than {:.2}",
            self.hands / 1e3,
            FARTHEST / 1e3
        )
    }
}

/// Hands of another sentence are further away than this, thousandths of an arm's length.
const FARTHEST: f32 = 420.0;
/// A sign that takes less of a recording was not found in it, seconds.
const LEAST_SECS: f64 = 0.10;
/// Moments at which a sign is compared.
const MOMENTS: usize = 12;
/// A distance that costs 1, thousandths of an arm's length.
const UNLIKE: f64 = 60.0;
/// What twice or half the time costs.
const OTHER_TIME: f64 = 1.5;

impl Recording {
    /// Finds the signs of a sentence in a recording. `frames` and `report`: the sentence as planning has it, by the same
    /// body.
    ///
    /// Errors: [`Mismatch`] when it is of something else.
    pub fn align(body: &Body, recorded: &[PoseFrame], frames: &[PoseFrame], report: &Report) -> Result<Self, Mismatch> {
        let (track, planned) = (PoseTrack::of(body, recorded), PoseTrack::of(body, frames));
        let Distances { hands, .. } = distances(&planned, &track);
        if hands.is_nan() || hands > FARTHEST || track.frames.is_empty() {
            return Err(Mismatch { hands });
        }
        let of = matched(&planned, &track);
        let per_frame = planned.secs() / planned.frames.len().saturating_sub(1).max(1) as f64;
        let count = report.timeline.tokens.iter().map(|time| time.token + 1).max().unwrap_or(0);
        let mut tokens = vec![None; count];
        let begin = frames.first().map_or(0.0, |frame| frame.time.as_secs());
        for time in &report.timeline.tokens {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index of a frame")]
            let at = |secs: f64| (((secs - begin) / per_frame.max(1e-6)).round().max(0.0) as usize).min(of.len() - 1);
            let (first, last) = (of[at(time.start.as_secs())], of[at(time.end.as_secs())]);
            let (from, to) = (first.0 as f64 * per_frame, last.1 as f64 * per_frame);
            tokens[time.token] = (to - from >= LEAST_SECS).then_some((from, to));
        }
        Ok(Self { track, tokens })
    }

    /// When a token is signed, seconds from the recording's beginning; `None` where it was not found.
    pub fn token(&self, token: usize) -> Option<(f64, f64)> {
        self.tokens.get(token).copied().flatten()
    }

    /// The recording, to be compared.
    pub const fn track(&self) -> &PoseTrack {
        &self.track
    }

    /// Adds what being unlike costs; what a recording decides costs nothing else.
    pub(crate) fn add_to(&self, score: &mut Score, body: &Body, frames: &[PoseFrame], report: &Report) {
        for token in &mut score.tokens {
            for part in [Part::Effort, Part::Band, Part::Length] {
                token[part as usize] = 0.0;
            }
        }
        let made = PoseTrack::of(body, frames);
        let begin = frames.first().map_or(0.0, |frame| frame.time.as_secs());
        for time in &report.timeline.tokens {
            let (Some((from, to)), Some(parts)) = (self.token(time.token), score.tokens.get_mut(time.token)) else {
                continue;
            };
            let own = (time.start.as_secs() - begin, time.end.as_secs() - begin);
            let moments = |track: &PoseTrack, from: f64, to: f64| {
                let share = |moment: usize| moment as f64 / (MOMENTS - 1) as f64;
                let frames = (0..MOMENTS).map(|moment| from + (to - from) * share(moment));
                let frames = frames.filter_map(|secs| track.part(secs, secs + 0.04).frames.into_iter().next());
                PoseTrack { frames: frames.collect() }
            };
            let (a, b) = (moments(&made, own.0, own.1), moments(&self.track, from, to));
            let unlike: f32 = a.frames.iter().zip(&b.frames).map(|(a, b)| a.distances(b).whole()).sum();
            let pairs = a.frames.len().min(b.frames.len()).max(1) as f64;
            let longer = ((own.1 - own.0).max(0.02) / (to - from).max(0.02)).log2();
            parts[Part::Likeness as usize] += f64::from(unlike) / pairs / UNLIKE + longer.abs() * OTHER_TIME;
        }
    }
}
