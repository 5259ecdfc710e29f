//! The stream: sentences are pushed, frames are stepped.

use std::{collections::VecDeque, sync::Arc};

use body::Body;
use glam::{Quat, Vec3};
use signing::{Bone, FaceShape, Flicks, FrameRate, OutputTime, PoseFrame, Side, SignForm, SignSentence};

use crate::{
    Head, HeadChoice, MotionError, TokenTime, Warning,
    clear::{AHEAD_SECS, Clearing},
    head::Shaper,
    plan::{Asked, Manner, Planned, Planner, timing::Fluency},
    presence::Presence,
    project::{MOMENTS, moments, project},
    reach::arm_of,
    rig::Rig,
    sentence::{Queue, Queued, TokenSecs, plan_token},
};

/// How motion is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MotionConfig {
    /// Frames a second.
    pub rate: FrameRate,
    /// The signer's dominant hand. A left-handed signer is the mirror image of a right-handed one,
    /// loci and sides included.
    pub dominant: Side,
    /// What blinks, breath and sway are drawn from.
    pub seed: u64,
    /// The most signs that may wait; beyond it [`Signer::push`] refuses.
    pub queued_signs: usize,
    /// Who shapes what is planned; see [`crate::head`].
    pub head: HeadChoice,
}

impl Default for MotionConfig {
    fn default() -> Self {
        Self { rate: FrameRate::PAL, dominant: Side::Right, seed: 0, queued_signs: 4096, head: HeadChoice::default() }
    }
}

/// Turns sentences into poses, one frame a step.
///
/// Lookahead: at most one sign, and 0.25 s of time. When no sentence is due the body idles at rest,
/// breathing and blinking: `step` always yields a frame, so that a stream never waits for meaning.
#[derive(Debug)]
pub struct Signer {
    config: MotionConfig,
    planner: Planner,
    presence: Presence,
    clearing: Clearing,
    queue: Queue,
    serial: u64,
    frame: u64,
    /// Everything before it is planned, seconds.
    horizon: f64,
    finished: bool,
    timeline: Vec<TokenTime>,
    /// Tokens that are planned and not over.
    ahead: VecDeque<TokenSecs>,
    mirror: Option<Box<Mirror>>,
}

/// The token that a frame belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentToken {
    /// Which sentence, counted from 0 in the order of pushing.
    pub sentence: u64,
    /// Index of the token.
    pub token: u32,
}

/// What is planned ahead of the frame, seconds.
const LEAD_SECS: f64 = 0.25;
const _: () = assert!(LEAD_SECS > AHEAD_SECS);
/// Hands go to rest when nothing has been due for this long, seconds.
const PATIENCE_SECS: f64 = 0.12;
/// How long that takes, seconds.
const TO_REST_SECS: f64 = 0.62;
/// Token times that wait to be taken; older ones are dropped.
const KEPT_TIMES: usize = 8192;

impl Signer {
    /// A signer at rest.
    ///
    /// Errors: [`MotionError::MissingBone`] for a body that cannot sign, [`MotionError::Head`].
    pub fn new(body: Arc<Body>, config: MotionConfig) -> Result<Self, MotionError> {
        let head = Head::choose(config.head)?;
        Self::with_head(&body, config, &head)
    }

    /// As [`Signer::new`], with a head of one's own in the place of [`MotionConfig::head`].
    ///
    /// Errors: [`MotionError::MissingBone`].
    pub fn with_head(body: &Body, config: MotionConfig, head: &Head) -> Result<Self, MotionError> {
        let mut signer = Self::with_rig(Arc::new(Rig::measure(body)?), config);
        signer.planner.shaper = head.shaper();
        Ok(signer)
    }

    pub(crate) fn with_rig(rig: Arc<Rig>, config: MotionConfig) -> Self {
        Self {
            planner: Planner::new(rig),
            presence: Presence::new(config.seed),
            clearing: Clearing::default(),
            queue: Queue::default(),
            serial: 0,
            frame: 0,
            horizon: 0.0,
            finished: false,
            timeline: Vec::new(),
            ahead: VecDeque::with_capacity(8),
            mirror: (config.dominant == Side::Left).then(|| Box::new(Mirror::new())),
            config,
        }
    }

    pub(crate) fn into_shaper(self) -> Shaper {
        self.planner.shaper
    }

    pub(crate) fn set_shaper(&mut self, shaper: Shaper) {
        self.planner.shaper = shaper;
    }

    /// Queues a sentence.
    ///
    /// Errors: [`MotionError::Backlog`] when more than [`MotionConfig::queued_signs`] would wait,
    /// [`MotionError::Sentence`] if it is not valid, [`MotionError::Finished`] after [`Signer::finish`].
    pub fn push(&mut self, sentence: SignSentence) -> Result<(), MotionError> {
        if self.finished {
            return Err(MotionError::Finished);
        }
        sentence.validate()?;
        let (queued, offered, limit) = (self.remaining(), sentence.tokens.len(), self.config.queued_signs);
        if queued + offered > limit {
            return Err(MotionError::Backlog { queued, offered, limit });
        }
        self.queue.0.push_back(Queued { sentence, serial: self.serial, next: 0 });
        self.serial += 1;
        Ok(())
    }

    /// The pose at the next tick of the output clock.
    pub fn step(&mut self) -> PoseFrame {
        let time = self.config.rate.time_of(self.frame);
        self.frame += 1;
        let now = time.as_secs();
        self.plan_ahead(now);
        while self.ahead.front().is_some_and(|token| token.end <= now) {
            self.ahead.pop_front();
        }

        let moments = moments(now);
        let [first, .., last] = moments;
        let mut states = [self.planner.tracks.each_mut().map(|track| track.sample(first)); MOMENTS];
        let Planner { rig, tracks, looked, .. } = &mut self.planner;
        let (rig, tracks) = (&**rig, &*tracks);
        self.clearing.look(rig, tracks, looked, first, now, last);
        for (states, moment) in states.iter_mut().zip(moments) {
            *states = tracks.each_ref().map(|track| track.peek(moment));
            self.clearing.clear(moment, states);
        }
        let seen = [0, 1].map(|hand| {
            let arm = arm_of(rig, hand, &states[MOMENTS / 2][hand]);
            arm.wrist + arm.turns[3] * rig.hands[hand].fingers * rig.hands[hand].length() * 0.6 - rig.eyes
        });
        #[expect(clippy::cast_possible_truncation, reason = "a frame's length")]
        let dt = self.config.rate.flicks_per_frame().as_secs() as f32;
        let shown = self.presence.step(now, dt, &seen);
        let frame = project(rig, time, &states, &shown);
        match &self.mirror {
            Some(mirror) => mirror.frame(&frame),
            None => frame,
        }
    }

    /// No more sentences come; what waits is still signed.
    pub const fn finish(&mut self) {
        self.finished = true;
    }

    /// Lets the current sign reach its end, drops what waits, and returns to rest.
    pub fn interrupt(&mut self) {
        self.queue.0.clear();
        self.presence.end_all(self.horizon);
    }

    /// Whether nothing is being signed and nothing waits: the body is at rest.
    pub fn is_idle(&self) -> bool {
        self.queue.0.is_empty()
            && self.planner.resting == [true; 2]
            && self.planner.tracks.iter().all(crate::track::Track::is_still)
    }

    /// Signs that are not planned yet.
    pub fn remaining(&self) -> usize {
        self.queue.waiting()
    }

    /// The token that the last frame belongs to, the way to it and the hold after it included;
    /// `None` while the body idles.
    pub fn current(&self) -> Option<CurrentToken> {
        let now = self.config.rate.time_of(self.frame.saturating_sub(1)).as_secs();
        let token = self.ahead.iter().find(|token| token.start <= now && now < token.end)?;
        Some(CurrentToken { sentence: token.sentence, token: u32::try_from(token.token).unwrap_or(u32::MAX) })
    }

    /// What could not be made as asked so far. At most 256 are kept.
    pub fn warnings(&self) -> &[Warning] {
        &self.planner.warnings
    }

    /// From now on what forms ask is noted, for [`Signer::take_asked`].
    pub fn note_asked(&mut self) {
        self.planner.asked.get_or_insert_with(Vec::new);
    }

    /// What forms have asked of the hands, as far as is planned since the last call.
    pub fn take_asked(&mut self) -> Vec<Asked> {
        let asked = self.planner.asked.as_mut().map(std::mem::take).unwrap_or_default();
        if self.mirror.is_none() { asked } else { asked.into_iter().map(Asked::mirrored).collect() }
    }

    /// When tokens are signed, as far as is planned since the last call.
    pub fn take_timeline(&mut self) -> Vec<TokenTime> {
        std::mem::take(&mut self.timeline)
    }

    fn plan_ahead(&mut self, now: f64) {
        while self.horizon < now + LEAD_SECS {
            let more_follow = self.queue.0.len() > 1;
            let Some(current) = self.queue.0.front_mut() else { break };
            let start = self.horizon.max(now);
            match plan_token(&mut self.planner, &mut self.presence, current, more_follow, start) {
                Some(secs) => {
                    let riders: Vec<usize> = current.riders(secs.token).collect();
                    self.horizon = secs.end;
                    for token in riders {
                        self.note(TokenSecs { token, ..secs });
                    }
                    self.note(secs);
                }
                None => {
                    self.queue.0.pop_front();
                }
            }
        }
        while self.queue.0.front().is_some_and(|current| current.waiting() == 0) {
            self.queue.0.pop_front();
        }
        // Planned ahead like everything else, so that what is cleared ahead of a frame is what comes.
        let rest = self.horizon + PATIENCE_SECS;
        if self.queue.0.is_empty() && now + LEAD_SECS >= rest {
            self.planner.let_both_go(rest.max(now), TO_REST_SECS, 1.0);
        }
    }

    fn note(&mut self, token: TokenSecs) {
        self.ahead.push_back(token);
        let TokenSecs { sentence, token, start, end } = token;
        if self.timeline.len() >= KEPT_TIMES {
            self.timeline.remove(0);
        }
        let time = |secs| OutputTime(Flicks::from_secs(secs));
        self.timeline.push(TokenTime { sentence, token, start: time(start), end: time(end) });
    }

    /// Plans a single form as a dictionary shows it, to begin at `start` seconds.
    pub(crate) fn cite(&mut self, form: &SignForm, start: f64) -> Planned {
        self.planner.shaper.pass();
        let manner = Manner::of(Fluency::Citation, form.steps.len());
        let planned = self.planner.form(form, start, &manner);
        for cue in self.planner.cues.drain(..) {
            self.presence.ask(cue);
        }
        self.planner.let_both_go(planned.end, TO_REST_SECS, 1.0);
        self.horizon = planned.end;
        planned
    }
}

/// Which bone and which shape is on the other side; [`PoseFrame::mirrored`] without looking up names.
#[derive(Debug)]
struct Mirror {
    bones: [usize; Bone::COUNT],
    shapes: [usize; FaceShape::COUNT],
}

impl Mirror {
    fn new() -> Self {
        let mut probe = PoseFrame::t_pose(OutputTime::ZERO);
        for (index, weight) in probe.face.iter_mut().enumerate() {
            *weight = index as f32;
        }
        let face = probe.mirrored().face;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices below 52")]
        Self { bones: Bone::ALL.map(|bone| bone.mirrored().index()), shapes: face.map(|index| index as usize) }
    }

    fn frame(&self, frame: &PoseFrame) -> PoseFrame {
        let mut out = PoseFrame::t_pose(frame.time);
        out.hips = Vec3::new(-frame.hips.x, frame.hips.y, frame.hips.z);
        for (turn, &twin) in out.rotations.iter_mut().zip(&self.bones) {
            let q = frame.rotations[twin];
            *turn = Quat::from_xyzw(q.x, -q.y, -q.z, q.w);
        }
        for (weight, &twin) in out.face.iter_mut().zip(&self.shapes) {
            *weight = frame.face[twin];
        }
        out
    }
}
