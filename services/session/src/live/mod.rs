//! A live session: one continuous stream of poses, and of video, at a constant rate from its first tick to its last.
//!
//! In: sentences as they are understood, and orders (interrupt, flush, replace). Out: poses, pieces of video, events.
//! Idle between utterances, signing when due; a stage that is lost is stood in for by idling, and taken up again when
//! it returns. No wall clock here: whoever calls [`Live::tick`] is the clock; `run` gives one.

mod camera;
mod corrections;
mod draw;
mod drawer;
mod ear;
mod inputs;
mod lag;
mod lost;
mod orders;
mod output;
mod pace;
mod pictures;
mod run;
mod show;
mod stage;
mod tempo;
mod understand;
mod window;

use std::{collections::VecDeque, sync::Arc};

use body::Body;
use motion::{MotionConfig, MotionError, Signer, TokenTime};
use signing::{Flicks, FrameRate, OutputTime, PoseFrame, SignSentence};
use tracing::Span;

use self::{
    corrections::Names,
    lag::{Measure, Speed},
    tempo::Tempo,
};

pub use camera::{Angle, CameraSwitch};
pub use corrections::Corrected;
pub use drawer::{DrawerCommand, Drawers, draw};
pub use ear::{Ear, EarError, Listen, LocalListen, Sound};
pub use lag::LagLimits;
pub use orders::{Order, OrderError};
pub use output::{Event, EventKind, Output, Wants};
pub use run::{Input, LiveHandle, Pace, RunConfig, RunEnd, Waits, Watch, start};
pub use show::{LocalShow, PictureCost, ShowConfig};
pub use stage::{Interpret, LocalInterpret, LocalMove, Move, Moved, Show, StageError};
pub use window::{WindowShow, WindowStatus};

/// Most signs that may wait in a session, in signs; beyond it an utterance is refused with
/// [`EventKind::Overloaded`].
const MAX_WAITING: usize = 4096;
/// Signs that motion holds ahead: enough for its lookahead, few enough that lag control still decides late.
const AHEAD: usize = 6;
/// How long a captioned sentence stands, seconds a character.
const CAPTION_SECS_A_CHARACTER: f64 = 0.18;
/// Hands are raised before the first sign: a sentence with a time is taken so long before it.
pub(crate) const LEAD: Flicks = Flicks::from_millis(300);
/// Times this close are the same, seconds.
const CLOSE: f64 = 1e-6;

/// A sentence, and whose it is.
#[derive(Debug, Clone)]
struct Due {
    utterance: Arc<str>,
    sentence: SignSentence,
    /// Last of its utterance.
    last: bool,
    /// Frame at which it was said, if it was said at a moment, so that it must not fall behind; a script may take its
    /// time.
    said: Option<u64>,
    /// Its utterance's, for the trace.
    span: Span,
}

/// A token that is planned and not over.
#[derive(Debug)]
struct Planned {
    /// On the mover's clock.
    time: TokenTime,
    /// Its time, in signs.
    signs: f64,
    /// The frame it began at.
    begun: Option<u64>,
}

impl Planned {
    fn covers(&self, secs: f64) -> bool {
        self.time.start.as_secs() <= secs && secs < self.time.end.as_secs()
    }

    fn secs(&self) -> f64 {
        self.time.end.as_secs() - self.time.start.as_secs()
    }
}

/// A sentence that motion has.
#[derive(Debug)]
struct Moving {
    due: Due,
    /// Its number since the mover began.
    serial: u64,
    /// Tokens whose time is known.
    planned: usize,
    begun: bool,
    /// From when motion got it to its first sign.
    span: Span,
}

/// What is being signed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signing<'a> {
    /// Whose it is.
    pub utterance: &'a Arc<str>,
    /// The sentence as it is signed.
    pub sentence: &'a SignSentence,
    /// Which of its tokens.
    pub token: usize,
}

impl Moving {
    /// The time of tokens whose own is not known, in signs.
    fn unplanned(&self) -> f64 {
        lag::signs_of(self.due.sentence.tokens.get(self.planned..).unwrap_or_default())
    }
}

/// The running session.
pub struct Live {
    rate: FrameRate,
    wants: Wants,
    limits: LagLimits,
    mover: Box<dyn Move>,
    draw: Option<draw::Draw>,
    idle: Signer,
    idle_config: (Arc<Body>, MotionConfig),
    frame: u64,
    tempo: Tempo,
    speed: Speed,
    /// The mover's time of the last pose, seconds.
    mover_secs: f64,
    mover_serial: u64,
    mover_waiting: usize,
    mover_idle: bool,
    lost: Option<u64>,
    fade: Option<(PoseFrame, u64)>,
    last_pose: Option<PoseFrame>,
    waiting: VecDeque<Due>,
    /// Sentences with a time, and the frame at which they begin to wait; in order of frames.
    later: VecDeque<(u64, Due)>,
    moving: VecDeque<Moving>,
    times: VecDeque<Planned>,
    caption: Option<(String, u64)>,
    /// Utterances whose first frame is on its way through the renderer, for the trace.
    showing: VecDeque<(Arc<str>, OutputTime, Span)>,
    /// The next pose is an utterance's first: its span.
    first: Option<Span>,
    /// Since which frame an operator holds it.
    held: Option<u64>,
    /// The sentence under way, or the last one.
    last: Option<Due>,
    flushes: u32,
    names: Names,
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
            draw: show.map(draw::Draw::new),
            idle_config,
            frame: 0,
            tempo: Tempo::default(),
            speed: Speed::default(),
            mover_secs: 0.0,
            mover_serial: 0,
            mover_waiting: 0,
            mover_idle: true,
            lost: None,
            fade: None,
            last_pose: None,
            waiting: VecDeque::new(),
            later: VecDeque::new(),
            moving: VecDeque::new(),
            times: VecDeque::new(),
            caption: None,
            showing: VecDeque::new(),
            first: None,
            held: None,
            last: None,
            flushes: 0,
            names: Names::default(),
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
        let nothing_waits = self.waiting.is_empty() && self.later.is_empty() && self.moving.is_empty();
        nothing_waits && self.mover_idle && self.caption.is_none()
    }

    /// The token that the last frame belongs to; `None` between sentences and at rest.
    pub fn signing(&self) -> Option<Signing<'_>> {
        let now = self.mover_secs + CLOSE;
        let time = self.times.iter().find(|it| it.covers(now))?.time;
        let moving = self.moving.iter().find(|moving| moving.serial == time.sentence)?;
        Some(Signing { utterance: &moving.due.utterance, sentence: &moving.due.sentence, token: time.token })
    }

    /// Signs that wait.
    pub fn backlog(&self) -> usize {
        let waiting = self.waiting.iter().chain(self.later.iter().map(|(_, due)| due));
        waiting.map(|due| due.sentence.tokens.len()).sum::<usize>() + self.mover_waiting
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
    /// Errors: [`StageError::Lost`] if the renderer is and does not come back: video can't go on then.
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
        self.follow();
        let caption = self.caption_at();
        if let Some(draw) = &mut self.draw {
            draw.push(pose.clone(), caption, self.first.take());
        }
        self.draw()?;
        if self.wants.poses {
            self.out.push(Output::Pose(Box::new(pose.clone())));
        }
        self.last_pose = Some(pose);
        self.frame += 1;
        if self.flushes > 0 && self.waiting.is_empty() && self.later.is_empty() && self.moving.is_empty() {
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
        if let Some(draw) = self.draw {
            out.extend(draw.finish()?.into_iter().map(Output::Video));
        }
        Ok(out)
    }

    /// Whether the renderer is there and has been given all poses.
    pub fn is_drawn(&self) -> bool {
        self.draw.as_ref().is_none_or(draw::Draw::is_done)
    }

    /// Poses whose pictures have not come out.
    pub fn undrawn(&self) -> usize {
        self.draw.as_ref().map_or(0, draw::Draw::undrawn)
    }

    /// Gives the renderer what waits for it, and looks for one that is lost.
    fn draw(&mut self) -> Result<(), StageError> {
        let Some(draw) = &mut self.draw else { return Ok(()) };
        let stepped = draw.step(self.rate)?;
        while let Some((kind, message)) = self.draw.as_mut().and_then(draw::Draw::news) {
            self.event(kind, None, message);
        }
        match stepped {
            draw::Stepped::Drew(pieces) => {
                for piece in &pieces {
                    let end = piece.time + self.rate.time_of(u64::from(piece.frames)).0;
                    while let Some((utterance, time, span)) = self.showing.pop_front_if(|(_, time, _)| *time < end) {
                        let frame_secs = time.as_secs();
                        tracing::info!(parent: &span, %utterance, frame_secs, "render, encode: its first frame is out");
                    }
                }
                self.out.extend(pieces.into_iter().map(Output::Video));
            }
            draw::Stepped::Lost(pieces, error) => {
                tracing::warn!(%error, "render is lost; video waits");
                self.out.extend(pieces.into_iter().map(Output::Video));
                let most = draw::WAIT_SECS;
                self.event(EventKind::Fallback, None, format!("{error}; poses go on, video waits for up to {most} s"));
            }
            draw::Stepped::Back(frames) => {
                self.event(EventKind::Recovered, None, format!("render is back; {frames} frames come late"));
            }
        }
        Ok(())
    }

    /// Gives motion the next sentences, as lag control has them.
    fn feed(&mut self) {
        while self.held.is_none()
            && let Some((_, due)) = self.later.pop_front_if(|(frame, _)| *frame <= self.frame)
        {
            self.waiting.push_back(Due { said: Some(self.frame), ..due });
        }
        while self.held.is_none() && self.lost.is_none() && self.mover_waiting < AHEAD {
            let Some(mut due) = self.waiting.pop_front() else { return };
            let measure = due.said.map_or(Measure::Sign, |said| {
                let (own, worst) = self.lags(&due, said);
                self.limits.measure(own, worst)
            });
            match measure {
                Measure::Sign => {}
                Measure::Trim => lag::trim(&mut due.sentence),
                Measure::Caption => {
                    self.show_caption(&due);
                    continue;
                }
            }
            let signs = due.sentence.tokens.len();
            let span = tracing::info_span!(parent: &due.span, "motion", utterance = %due.utterance, signs);
            match span.in_scope(|| self.mover.push(&due.sentence)) {
                Ok(()) => {
                    self.mover_waiting += signs;
                    self.moving.push_back(Moving { due, serial: self.mover_serial, planned: 0, begun: false, span });
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
        if !due.last {
            return;
        }
        // What is before it in its utterance may be under way: that is the last one signed then.
        if let Some(before) = self.moving.iter_mut().rev().find(|moving| moving.due.utterance == due.utterance) {
            before.due.last = true;
        } else {
            self.event(EventKind::UtteranceFinished, Some(&due.utterance), "");
        }
    }

    fn moved(&mut self) -> PoseFrame {
        let haste = self.haste();
        // A frame more: signs begin at frames, and the speed does not change at once.
        let shortest = self.limits.shortest_secs() + 1.0 / self.rate.as_f64();
        let (times, frame, rate) = (&self.times, self.frame, self.rate.as_f64());
        // A sign that would be over before a reader can follow is played as much slower.
        let speed_at = |secs: f64| {
            let Some(now) = times.iter().find(|planned| planned.covers(secs + CLOSE)) else { return haste };
            let shown = now.begun.map_or(0.0, |begun| (frame - begun) as f64 / rate);
            let left = (shortest * now.signs - shown).max(0.5 / rate);
            haste.min((now.time.end.as_secs() - secs) / left)
        };
        match self.tempo.step(&mut *self.mover, self.rate.as_f64(), speed_at) {
            Ok(played) => {
                self.mover_waiting = played.waiting;
                self.mover_idle = played.idle;
                self.mover_secs = played.secs;
                self.plan(played.times);
                played.pose
            }
            Err(error) => {
                self.lose(&error);
                self.idle.step()
            }
        }
    }

    /// Books tokens whose time has become known.
    fn plan(&mut self, times: Vec<TokenTime>) {
        for time in times {
            let Some(moving) = self.moving.iter_mut().find(|moving| moving.serial == time.sentence) else { continue };
            moving.planned = moving.planned.max(time.token + 1);
            let planned = Planned {
                signs: moving.due.sentence.tokens.get(time.token).map_or(1.0, lag::signs),
                begun: None,
                time,
            };
            // A token that is signed beside another takes no time of its own.
            if self.times.back().is_none_or(|last| last.time.end <= time.start) {
                self.speed.learn(planned.signs, planned.secs());
            }
            self.times.push_back(planned);
        }
    }

    /// Tells what has begun and what is over.
    fn follow(&mut self) {
        let (now, frame) = (self.mover_secs + CLOSE, self.frame);
        if let Some(planned) = self.times.iter_mut().find(|planned| planned.covers(now)) {
            planned.begun.get_or_insert(frame);
        }
        self.times.retain(|planned| planned.time.end.as_secs() > now);
        let mut said = Vec::new();
        while self.moving.front().is_some_and(|moving| {
            let all = moving.planned >= moving.due.sentence.tokens.len();
            all && !self.times.iter().any(|planned| planned.time.sentence == moving.serial)
        }) {
            if let Some(moving) = self.moving.pop_front().filter(|moving| moving.due.last) {
                // Signed once more, or repaired, it starts once more.
                self.started.take_if(|started| *started == moving.due.utterance);
                said.push((EventKind::UtteranceFinished, moving.due.utterance));
            }
        }
        for moving in &mut self.moving {
            let due_now =
                self.times.iter().any(|it| it.time.sentence == moving.serial && it.time.start.as_secs() <= now);
            if !moving.begun && due_now {
                moving.begun = true;
                let span = std::mem::replace(&mut moving.span, Span::none());
                tracing::info!(parent: &span, frame_secs = self.frame as f64 / self.rate.as_f64(), "motion: its first sign begins");
                // What may be signed once more keeps no span open.
                self.last = Some(Due { span: Span::none(), ..moving.due.clone() });
                self.names.begin(&moving.due.utterance);
                if self.started.as_ref() != Some(&moving.due.utterance) {
                    self.started = Some(Arc::clone(&moving.due.utterance));
                    said.push((EventKind::UtteranceStarted, Arc::clone(&moving.due.utterance)));
                    self.first = self.draw.is_some().then(|| moving.due.span.clone());
                }
            }
        }
        for (kind, utterance) in said {
            if kind == EventKind::UtteranceStarted {
                let gives_back = self.draw.as_ref().is_some_and(draw::Draw::gives_back);
                if let Some(span) = self.first.as_ref().filter(|_| gives_back) {
                    self.showing.push_back((Arc::clone(&utterance), self.now(), span.clone()));
                }
            }
            self.event(kind, Some(&utterance), "");
        }
    }

    fn caption_at(&mut self) -> Option<String> {
        if self.caption.as_ref().is_some_and(|(_, until)| *until <= self.frame) {
            self.caption = None;
        }
        if let Some((text, _)) = &self.caption {
            return Some(text.clone());
        }
        let time = self.times.front().filter(|it| it.covers(self.mover_secs + CLOSE))?.time;
        let moving = self.moving.iter().find(|moving| moving.serial == time.sentence)?;
        moving.due.sentence.tokens.get(time.token)?.caption.clone()
    }
}

/// The part of the source that a sentence is made from.
pub(crate) fn source_of(sentence: &SignSentence) -> String {
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
