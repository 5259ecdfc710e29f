//! A live session: one continuous stream of poses, and of video, at a constant rate from its first tick to its last.
//!
//! In: sentences as they are understood, and orders (interrupt, flush, replace). Out: poses, pieces of video, events.
//! Idle between utterances, signing when due; a stage that is lost is stood in for by idling, and taken up again when
//! it returns. No wall clock here: whoever calls [`Live::tick`] is the clock; `run` gives one.

mod lag;
mod run;
mod stage;

use std::{collections::VecDeque, sync::Arc};

use body::Body;
use motion::{MotionConfig, MotionError, Signer, TokenTime};
use signing::{FrameRate, OutputTime, PoseFrame, SignSentence, Transcript};
use stream::Piece;

pub use lag::LagLimits;
pub use run::{Input, LiveHandle, Pace, RunConfig, RunEnd, Watch, start};
pub use stage::{
    Angle, CameraSwitch, Interpret, LocalInterpret, LocalMove, LocalShow, Move, Moved, Show, ShowConfig, StageError,
};

/// What a session gives.
#[derive(Debug, Clone)]
pub enum Output {
    /// The stages are open; the first output of every session.
    Started,
    /// What was said.
    Transcript {
        /// Of which utterance.
        utterance: Arc<str>,
        /// What.
        transcript: Transcript,
    },
    /// What will be signed.
    Sentence {
        /// Of which utterance.
        utterance: Arc<str>,
        /// What.
        sentence: Box<SignSentence>,
    },
    /// The pose of a tick.
    Pose(Box<PoseFrame>),
    /// Video that came out.
    Video(Piece),
    /// Something happened.
    Event(Event),
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When, on the output clock.
    pub time: OutputTime,
    /// Of which utterance.
    pub utterance: Option<Arc<str>>,
    /// For a reader.
    pub message: String,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The first frame of an utterance's first sign.
    UtteranceStarted,
    /// The frame after its last sign.
    UtteranceFinished,
    /// An input was not taken: too much waits.
    Overloaded,
    /// A stage is lost and something simpler stands in for it.
    Fallback,
    /// A stage works again.
    Recovered,
    /// Source that is not signed.
    Omitted,
    /// All that was taken before a flush is signed.
    Flushed,
    /// Signing was interrupted.
    Interrupted,
    /// An input was wrong and was not taken.
    Warning,
}

/// What is wanted of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Transcripts.
    pub transcripts: bool,
    /// Sentences.
    pub sentences: bool,
    /// Poses.
    pub poses: bool,
}

/// Most signs that may wait in a session, in signs; beyond it an utterance is refused with
/// [`EventKind::Overloaded`].
const MAX_WAITING: usize = 4096;
/// Signs that motion holds ahead: enough for its lookahead, few enough that lag control still decides late.
const AHEAD: usize = 6;
/// Ticks from one attempt to take up a lost stage to the next, seconds.
const REVIVE_SECS: f64 = 0.5;
/// How long a change between signing and standing in takes, seconds.
const FADE_SECS: f64 = 0.4;
/// How long a captioned sentence stands, seconds a character.
const CAPTION_SECS_A_CHARACTER: f64 = 0.18;

/// A sentence, and whose it is.
#[derive(Debug, Clone)]
struct Due {
    utterance: Arc<str>,
    sentence: SignSentence,
    /// Last of its utterance.
    last: bool,
    /// Whether it was said at a moment, so that it must not fall behind; a script may take its time.
    paced: bool,
}

/// A sentence that motion has.
#[derive(Debug)]
struct Moving {
    due: Due,
    /// Its number since the mover began.
    serial: u64,
    /// End of its last token, once planned.
    end: Option<OutputTime>,
    begun: bool,
}

/// The running session.
pub struct Live {
    rate: FrameRate,
    wants: Wants,
    limits: LagLimits,
    mover: Box<dyn Move>,
    show: Option<Box<dyn Show>>,
    idle: Signer,
    idle_config: (Arc<Body>, MotionConfig),
    frame: u64,
    /// Frame at which the mover's clock was zero.
    mover_from: u64,
    mover_serial: u64,
    mover_waiting: usize,
    mover_idle: bool,
    lost: Option<u64>,
    fade: Option<(PoseFrame, u64)>,
    last_pose: Option<PoseFrame>,
    waiting: VecDeque<Due>,
    moving: VecDeque<Moving>,
    times: VecDeque<TokenTime>,
    caption: Option<(String, u64)>,
    flushes: u32,
    started: Option<Arc<str>>,
    out: Vec<Output>,
}

impl Live {
    /// A session at rest. `idle_config` is what it idles with when motion is lost.
    ///
    /// Errors: [`MotionError::MissingBone`].
    pub fn new(
        mover: Box<dyn Move>,
        show: Option<Box<dyn Show>>,
        idle_config: (Arc<Body>, MotionConfig),
        wants: Wants,
        limits: LagLimits,
    ) -> Result<Self, MotionError> {
        let (body, config) = &idle_config;
        Ok(Self {
            rate: config.rate,
            idle: Signer::new(Arc::clone(body), *config)?,
            wants,
            limits,
            mover,
            show,
            idle_config,
            frame: 0,
            mover_from: 0,
            mover_serial: 0,
            mover_waiting: 0,
            mover_idle: true,
            lost: None,
            fade: None,
            last_pose: None,
            waiting: VecDeque::new(),
            moving: VecDeque::new(),
            times: VecDeque::new(),
            caption: None,
            flushes: 0,
            started: None,
            out: Vec::new(),
        })
    }

    /// Time of the next frame.
    pub fn now(&self) -> OutputTime {
        self.rate.time_of(self.frame)
    }

    /// Frames made so far.
    pub const fn frames(&self) -> u64 {
        self.frame
    }

    /// Whether all that was taken is signed and the hands are at rest.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.moving.is_empty() && self.mover_idle && self.caption.is_none()
    }

    /// Signs that wait.
    pub fn backlog(&self) -> usize {
        self.waiting.iter().map(|due| due.sentence.tokens.len()).sum::<usize>() + self.mover_waiting
    }

    /// Takes what an utterance means. `transcript` is what was said.
    pub fn take(&mut self, utterance: &Arc<str>, transcript: &Transcript, sentences: Vec<SignSentence>) {
        if self.wants.transcripts {
            self.out.push(Output::Transcript { utterance: Arc::clone(utterance), transcript: transcript.clone() });
        }
        let offered: usize = sentences.iter().map(|sentence| sentence.tokens.len()).sum();
        let backlog = self.backlog();
        if backlog + offered > MAX_WAITING {
            let message =
                format!("{backlog} signs wait and {offered} more were offered: at most {MAX_WAITING} may wait");
            self.event(EventKind::Overloaded, Some(utterance), message);
            return;
        }
        if offered == 0 {
            self.event(EventKind::Omitted, Some(utterance), "nothing in it is signed");
        }
        self.announce(utterance, &sentences);
        self.waiting.extend(due(utterance, sentences));
    }

    /// Shows what was heard and is still open to revision.
    pub fn hear(&mut self, utterance: &Arc<str>, transcript: &Transcript) {
        if self.wants.transcripts {
            self.out.push(Output::Transcript { utterance: Arc::clone(utterance), transcript: transcript.clone() });
        }
    }

    /// Takes a correction of `utterance`: its signs that wait are replaced. True if some of it was signed already,
    /// so that the correction had to be put as a repair (which `repair` holds).
    pub fn replace(&mut self, utterance: &Arc<str>, fresh: Vec<SignSentence>, repair: Vec<SignSentence>) -> bool {
        let place = self.waiting.iter().position(|due| due.utterance == *utterance);
        self.waiting.retain(|due| due.utterance != *utterance);
        let begun = self.moving.iter().any(|moving| moving.due.utterance == *utterance)
            || place.is_none_or(|place| place == 0 && self.started.as_ref() == Some(utterance));
        let sentences = if begun { repair } else { fresh };
        self.announce(utterance, &sentences);
        let at = place.unwrap_or(0).min(self.waiting.len());
        for (offset, due) in due(utterance, sentences).into_iter().enumerate() {
            self.waiting.insert(at + offset, due);
        }
        begun
    }

    fn announce(&mut self, utterance: &Arc<str>, sentences: &[SignSentence]) {
        if self.wants.sentences {
            self.out.extend(sentences.iter().map(|sentence| Output::Sentence {
                utterance: Arc::clone(utterance),
                sentence: Box::new(sentence.clone()),
            }));
        }
    }

    /// Ends the sign under way and drops what waits.
    pub fn interrupt(&mut self) {
        let mut dropped: Vec<Arc<str>> = Vec::new();
        for due in self.waiting.drain(..).chain(self.moving.drain(..).map(|moving| moving.due)) {
            if !dropped.contains(&due.utterance) {
                dropped.push(due.utterance);
            }
        }
        self.times.clear();
        self.caption = None;
        if let Err(error) = self.mover.interrupt() {
            self.lose(&error);
        }
        self.started = None;
        let message = format!("{} utterances dropped: {}", dropped.len(), dropped.join(", "));
        self.event(EventKind::Interrupted, None, message);
    }

    /// Asks to be told when all that was taken is signed.
    pub const fn flush(&mut self) {
        self.flushes += 1;
    }

    /// Says something to whoever listens.
    pub fn event(&mut self, kind: EventKind, utterance: Option<&Arc<str>>, message: impl Into<String>) {
        let event = Event { kind, time: self.now(), utterance: utterance.cloned(), message: message.into() };
        self.out.push(Output::Event(event));
    }

    /// What has been said since the last tick, without a tick.
    pub fn drain(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.out)
    }

    /// One frame.
    ///
    /// Errors: [`StageError::Lost`] if the renderer is: video can't go on then.
    pub fn tick(&mut self) -> Result<Vec<Output>, StageError> {
        self.feed();
        let now = self.now();
        let mut pose = match self.lost {
            None => self.moved(),
            Some(since) => {
                self.try_revive(since);
                self.idle.step()
            }
        };
        pose.time = now;
        self.crossfade(&mut pose);
        self.follow(now);
        let caption = self.caption_at(now);
        if let Some(show) = &mut self.show {
            let pieces = show.push(&pose, caption.as_deref())?;
            self.out.extend(pieces.into_iter().map(Output::Video));
        }
        if self.wants.poses {
            self.out.push(Output::Pose(Box::new(pose.clone())));
        }
        self.last_pose = Some(pose);
        self.frame += 1;
        if self.flushes > 0 && self.waiting.is_empty() && self.moving.is_empty() {
            for _ in 0..std::mem::take(&mut self.flushes) {
                self.event(EventKind::Flushed, None, "");
            }
        }
        Ok(self.drain())
    }

    /// The last pieces of video.
    ///
    /// Errors: [`StageError::Lost`].
    pub fn finish(mut self) -> Result<Vec<Output>, StageError> {
        let mut out = self.drain();
        if let Some(show) = self.show {
            out.extend(show.finish()?.into_iter().map(Output::Video));
        }
        Ok(out)
    }

    /// Gives motion the next sentences, as lag control has them.
    fn feed(&mut self) {
        while self.lost.is_none() && self.mover_waiting < AHEAD {
            let Some(mut due) = self.waiting.pop_front() else { return };
            // What would be signed if all that waits were: each sentence bears the lag of the whole queue behind it.
            let behind: usize = self.waiting.iter().map(|due| due.sentence.tokens.len()).sum();
            match self.limits.measure(self.mover_waiting + behind, due.sentence.tokens.len()) {
                _ if !due.paced => {}
                lag::Measure::Sign => {}
                lag::Measure::Trim => lag::trim(&mut due.sentence),
                lag::Measure::Caption => {
                    self.show_caption(&due);
                    continue;
                }
            }
            match self.mover.push(&due.sentence) {
                Ok(()) => {
                    self.mover_waiting += due.sentence.tokens.len();
                    self.moving.push_back(Moving { due, serial: self.mover_serial, end: None, begun: false });
                    self.mover_serial += 1;
                }
                Err(StageError::Refused { reason, .. }) => {
                    let utterance = Arc::clone(&due.utterance);
                    self.event(EventKind::Omitted, Some(&utterance), reason);
                }
                Err(lost @ StageError::Lost { .. }) => {
                    self.waiting.push_front(due);
                    self.lose(&lost);
                }
            }
        }
    }

    fn show_caption(&mut self, due: &Due) {
        let text = source_of(&due.sentence);
        let frames = (text.chars().count() as f64 * CAPTION_SECS_A_CHARACTER * self.rate.as_f64()).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count, `as` saturates")]
        let until = self.frame + frames as u64;
        self.event(EventKind::Omitted, Some(&due.utterance), format!("captioned, not signed, to keep up: {text}"));
        self.caption = Some((text, until));
        if due.last {
            self.event(EventKind::UtteranceFinished, Some(&due.utterance), "");
        }
    }

    fn moved(&mut self) -> PoseFrame {
        match self.mover.step() {
            Ok(moved) => {
                self.mover_waiting = moved.waiting;
                self.mover_idle = moved.idle;
                let offset = self.rate.time_of(self.mover_from).0;
                self.times.extend(moved.times.into_iter().map(|time| TokenTime {
                    start: time.start + offset,
                    end: time.end + offset,
                    ..time
                }));
                moved.pose
            }
            Err(error) => {
                self.lose(&error);
                self.idle.step()
            }
        }
    }

    /// Motion is lost: idle instead, and sign what it had not begun when it is back.
    fn lose(&mut self, error: &StageError) {
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

    fn try_revive(&mut self, since: u64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
        let every = (REVIVE_SECS * self.rate.as_f64()).ceil() as u64;
        if self.frame == since || !(self.frame - since).is_multiple_of(every) || self.mover.revive().is_err() {
            return;
        }
        self.lost = None;
        self.mover_serial = 0;
        self.mover_from = self.frame + 1;
        self.start_fade();
        self.event(EventKind::Recovered, None, "motion is back");
    }

    fn start_fade(&mut self) {
        self.fade = self.last_pose.clone().map(|pose| (pose, self.frame));
    }

    /// No jump when another signer takes over.
    fn crossfade(&mut self, pose: &mut PoseFrame) {
        let Some((from, since)) = &self.fade else { return };
        let share = (self.frame - since + 1) as f64 / (FADE_SECS * self.rate.as_f64());
        if share >= 1.0 {
            self.fade = None;
            return;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let share = share as f32;
        let eased = share * share * (3.0 - 2.0 * share);
        pose.hips = from.hips.lerp(pose.hips, eased);
        for (to, from) in pose.rotations.iter_mut().zip(&from.rotations) {
            *to = from.slerp(*to, eased).normalize();
        }
        for (to, from) in pose.face.iter_mut().zip(&from.face) {
            *to = (from + (*to - from) * eased).clamp(0.0, 1.0);
        }
    }

    /// Books the tokens whose time has come.
    fn follow(&mut self, now: OutputTime) {
        for time in &self.times {
            let Some(moving) = self.moving.iter_mut().find(|moving| moving.serial == time.sentence) else { continue };
            if time.token + 1 == moving.due.sentence.tokens.len() {
                moving.end = Some(time.end);
            }
        }
        let mut said = Vec::new();
        while self
            .moving
            .front()
            .is_some_and(|moving| moving.end.is_some_and(|end| end <= now) || moving.due.sentence.tokens.is_empty())
        {
            if let Some(moving) = self.moving.pop_front().filter(|moving| moving.due.last) {
                said.push((EventKind::UtteranceFinished, moving.due.utterance));
            }
        }
        for moving in &mut self.moving {
            let due_now = self.times.iter().any(|time| time.sentence == moving.serial && time.start <= now);
            if !moving.begun && due_now {
                moving.begun = true;
                if self.started.as_ref() != Some(&moving.due.utterance) {
                    self.started = Some(Arc::clone(&moving.due.utterance));
                    said.push((EventKind::UtteranceStarted, Arc::clone(&moving.due.utterance)));
                }
            }
        }
        while self.times.front().is_some_and(|time| time.end <= now) {
            self.times.pop_front();
        }
        for (kind, utterance) in said {
            self.event(kind, Some(&utterance), "");
        }
    }

    fn caption_at(&mut self, now: OutputTime) -> Option<String> {
        if self.caption.as_ref().is_some_and(|(_, until)| *until <= self.frame) {
            self.caption = None;
        }
        if let Some((text, _)) = &self.caption {
            return Some(text.clone());
        }
        let time = self.times.front().filter(|time| time.start <= now)?;
        let moving = self.moving.iter().find(|moving| moving.serial == time.sentence)?;
        moving.due.sentence.tokens.get(time.token)?.caption.clone()
    }
}

fn due(utterance: &Arc<str>, sentences: Vec<SignSentence>) -> Vec<Due> {
    let count = sentences.len();
    let one = |(index, sentence): (usize, SignSentence)| Due {
        utterance: Arc::clone(utterance),
        last: index + 1 == count,
        paced: sentence.source.end > signing::SourceTime::ZERO,
        sentence,
    };
    sentences.into_iter().enumerate().map(one).collect()
}

/// The part of the source that a sentence is made from.
fn source_of(sentence: &SignSentence) -> String {
    let ranges = || {
        let signed = sentence.tokens.iter().flat_map(|token| token.source.iter());
        signed.chain(sentence.dropped.iter().map(|dropped| &dropped.source))
    };
    let (start, end) = (ranges().map(|range| range.start).min(), ranges().map(|range| range.end).max());
    match (start, end) {
        (Some(start), Some(end)) => {
            signing::SourceRange::new(start, end).slice(&sentence.source.text).unwrap_or_default().to_owned()
        }
        _ => sentence.source.text.clone(),
    }
}

#[cfg(test)]
mod tests;
