//! Motion is lost and taken up again.

use std::sync::Arc;

use motion::Signer;
use signing::PoseFrame;

use super::{
    EventKind, Live, StageError, source_of,
    tempo::{self, Tempo},
};

/// Ticks from one attempt to take up a lost stage to the next, seconds.
const REVIVE_SECS: f64 = 0.5;
/// How long a change between signing and standing in takes, seconds.
const FADE_SECS: f64 = 0.4;
impl Live {
    /// Motion is lost: idle instead, and sign what it had not begun when it is back.
    pub(super) fn lose(&mut self, error: &StageError) {
        if self.lost.is_some() {
            return;
        }
        tracing::warn!(%error, "motion is lost; the session idles");
        self.lost = Some(self.frame);
        self.event(EventKind::Fallback, None, format!("{error}; the signer idles until it is back"));
        let (body, config) = &self.idle_config;
        if let Ok(fresh) = Signer::new(Arc::clone(body), *config) {
            self.idle = fresh;
        }
        self.start_fade();
        self.times.clear();
        let mut again = Vec::new();
        for moving in std::mem::take(&mut self.moving) {
            if moving.begun {
                let text = source_of(&moving.due.sentence);
                self.event(EventKind::Omitted, Some(&moving.due.utterance), format!("broken off: {text}"));
                if moving.due.last {
                    self.event(EventKind::UtteranceFinished, Some(&moving.due.utterance), "broken off");
                }
            } else {
                again.push(moving.due);
            }
        }
        for due in again.into_iter().rev() {
            self.waiting.push_front(due);
        }
        self.mover_waiting = 0;
        self.mover_idle = true;
    }

    pub(super) fn try_revive(&mut self, since: u64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
        let every = (REVIVE_SECS * self.rate.as_f64()).ceil() as u64;
        if self.frame == since || !(self.frame - since).is_multiple_of(every) || self.mover.revive().is_err() {
            return;
        }
        self.lost = None;
        self.mover_serial = 0;
        self.mover_secs = 0.0;
        self.tempo = Tempo::default();
        self.start_fade();
        self.event(EventKind::Recovered, None, "motion is back");
    }

    pub(super) fn start_fade(&mut self) {
        self.fade = self.last_pose.clone().map(|pose| (pose, self.frame));
    }

    /// No jump when another signer takes over.
    pub(super) fn crossfade(&mut self, pose: &mut PoseFrame) {
        let Some((from, since)) = &self.fade else { return };
        let share = (self.frame - since + 1) as f64 / (FADE_SECS * self.rate.as_f64());
        if share >= 1.0 {
            self.fade = None;
            return;
        }
        let eased = share * share * (3.0 - 2.0 * share);
        *pose = tempo::between(from, pose, eased);
    }
}
