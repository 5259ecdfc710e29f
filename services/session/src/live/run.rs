//! Gives a live session a clock and two threads: one understands, one ticks.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use signing::Transcript;
use tracing::Span;

use super::{EventKind, Interpret, Live, Order, Output, StageError};
use crate::{
    TimedScript,
    live::understand::{Job, Understood, understand},
};

/// What goes into a running session.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Something to sign. Unstable transcripts are shown and not signed.
    Say {
        /// Whose it is.
        utterance: Arc<str>,
        /// What.
        transcript: Transcript,
    },
    /// Something to sign, each sentence at its time, counted from when it is understood.
    SayTimed {
        /// Whose it is.
        utterance: Arc<str>,
        /// What, and when.
        script: TimedScript,
    },
    /// A correction.
    Replace {
        /// Of which utterance.
        utterance: Arc<str>,
        /// What it should have been.
        transcript: Transcript,
    },
    /// End the sign under way, drop what waits.
    Interrupt,
    /// An operator's order; answered by an event [`EventKind::Ordered`].
    Order(Order),
    /// Sign this instead of the sentence under way; answered by an event [`EventKind::Ordered`].
    SignInstead {
        /// Whose it is.
        utterance: Arc<str>,
        /// What.
        transcript: Transcript,
    },
    /// Say when all that was taken is signed.
    Flush,
    /// An input that was not taken; said to the client in order.
    Warn(String),
    /// Something happened to what makes inputs; said to the client in order.
    Tell {
        /// What.
        kind: EventKind,
        /// For a reader.
        message: String,
    },
    /// Sound comes, though nobody speaks: the client is not silent.
    Alive,
    /// Nothing more comes.
    End,
}

/// What drives the ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// The wall clock: a frame when it is due, late ones as soon as can be, none left out.
    RealTime,
    /// As fast as outputs are taken. Nothing is ticked while something is being understood, so that the same
    /// inputs give the same frames.
    Free,
}

/// How a session runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunConfig {
    /// What drives the ticks.
    pub pace: Pace,
    /// Outputs that may wait for a slow taker, in outputs; when full the clock waits.
    pub outputs: usize,
    /// Longest that the clock waits for a taker; then the session ends with [`RunEnd::SlowTaker`].
    pub grace: Duration,
    /// Longest silence between two inputs while nothing is signed; then the session ends with [`RunEnd::Silent`].
    pub silence: Duration,
    /// Longest session on the output clock; then it ends with [`RunEnd::TooLong`].
    pub length: Duration,
}

/// Utterances that may wait to be understood, in utterances; when full an input is answered by an event
/// [`EventKind::Overloaded`] and not taken.
const UTTERANCES: usize = 64;

/// Why a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// All was signed.
    Done,
    /// Nobody takes outputs any more.
    Left,
    /// Outputs were not taken for [`RunConfig::grace`].
    SlowTaker,
    /// No input for [`RunConfig::silence`].
    Silent,
    /// [`RunConfig::length`].
    TooLong,
    /// A stage that can't be stood in for.
    Lost(StageError),
}

/// A running session.
pub struct LiveHandle {
    inputs: SyncSender<Input>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<RunEnd>>,
}

impl LiveHandle {
    /// Where inputs go; waits when 64 wait.
    pub fn inputs(&self) -> SyncSender<Input> {
        self.inputs.clone()
    }

    /// Ends it at the next tick.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Waits for its end.
    pub fn join(mut self) -> RunEnd {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(end)) => end,
            _ => RunEnd::Lost(StageError::Lost { stage: "session", reason: "its thread panicked".to_owned() }),
        }
    }
}

impl Drop for LiveHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Hears what a session costs; called on the session's threads and must not wait.
pub trait Watch: Send + Sync {
    /// A tick was `late` by so much when it began, and took so long.
    fn tick(&self, late: Duration, took: Duration);
    /// An utterance took so long to be understood.
    fn understood(&self, took: Duration);
    /// What waits behind a tick.
    fn waits(&self, waits: Waits) {
        let _ = waits;
    }
    /// So many frames were made and will not be seen, because of `reason`. The session ends with them.
    fn dropped(&self, reason: &'static str, frames: usize) {
        let _ = (reason, frames);
    }
}

/// What waits in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waits {
    /// Utterances to be understood.
    pub utterances: usize,
    /// Signs to be signed.
    pub signs: usize,
    /// Poses whose pictures have not come out.
    pub frames: usize,
}

/// Starts `open`'s session on threads of its own. Outputs go to `outputs`.
///
/// Errors: no thread can be made.
pub fn start(
    name: &str,
    config: RunConfig,
    interpret: Box<dyn Interpret>,
    open: impl FnOnce() -> Result<Live, StageError> + Send + 'static,
    outputs: SyncSender<Output>,
    watch: Arc<dyn Watch>,
) -> std::io::Result<LiveHandle> {
    let (inputs, inbox) = sync_channel(UTTERANCES);
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let (jobs, work) = sync_channel(UTTERANCES);
    let (results, understood) = sync_channel(UTTERANCES);
    let span = Span::current();
    let of_session = span.clone();
    let watching = Arc::clone(&watch);
    thread::Builder::new().name(format!("understand {name}")).spawn(move || {
        let _entered = of_session.entered();
        understand(interpret, &work, &results, &*watching);
    })?;
    let thread = thread::Builder::new().name(format!("session {name}")).spawn(move || {
        let _entered = span.entered();
        let live = match open() {
            Ok(live) => live,
            Err(error) => return RunEnd::Lost(error),
        };
        let run = Run {
            config,
            inbox,
            jobs,
            understood,
            outputs,
            stopped,
            watch,
            pending: 0,
            held: VecDeque::new(),
            ended: false,
        };
        run.run(live)
    })?;
    Ok(LiveHandle { inputs, stop, thread: Some(thread) })
}

/// From when an utterance is taken until it is signed, for the trace.
fn span_of(utterance: &Arc<str>, transcript: &Transcript) -> Span {
    tracing::info_span!("utterance", %utterance, characters = transcript.text.chars().count())
}

fn full(utterance: &Arc<str>, live: &mut Live) {
    let message = format!("{UTTERANCES} utterances wait to be understood; this one was not taken");
    live.event(EventKind::Overloaded, Some(utterance), message);
}

struct Run {
    config: RunConfig,
    inbox: Receiver<Input>,
    jobs: SyncSender<(Job, Span)>,
    understood: Receiver<(Understood, Span)>,
    outputs: SyncSender<Output>,
    stopped: Arc<AtomicBool>,
    watch: Arc<dyn Watch>,
    /// Utterances being understood.
    pending: usize,
    /// Utterances that wait for the ones before them to be understood, so that their time is known.
    held: VecDeque<(Arc<str>, Transcript, Span)>,
    ended: bool,
}

impl Run {
    fn run(mut self, mut live: Live) -> RunEnd {
        if let Err(end) = self.give(vec![Output::Started]) {
            return end;
        }
        let mut clock = (Instant::now(), live.frames());
        let mut heard = Instant::now();
        let step = Duration::from_secs_f64(1.0 / live.rate.as_f64());
        let most = self.config.length.as_secs_f64();
        loop {
            if self.hear(&mut live) || !live.is_idle() {
                heard = Instant::now();
            }
            self.learn(&mut live);
            if self.stopped.load(Ordering::Relaxed) {
                return RunEnd::Left;
            }
            if self.ended && self.is_understood() && live.is_idle() && live.is_drawn() {
                return self.end(live);
            }
            if !self.ended && heard.elapsed() > self.config.silence {
                return RunEnd::Silent;
            }
            if live.now().as_secs() >= most {
                return RunEnd::TooLong;
            }
            let mut late = Duration::ZERO;
            match self.config.pace {
                Pace::RealTime => {
                    let (began, from) = clock;
                    let ticks = u32::try_from(live.frames() - from).unwrap_or(u32::MAX);
                    let due = began + step * ticks;
                    let now = Instant::now();
                    if due > now {
                        match self.wait(due, &mut live) {
                            Ok(true) => heard = Instant::now(),
                            Ok(false) => {}
                            Err(end) => return end,
                        }
                    } else {
                        late = now - due;
                    }
                    if ticks > 1 << 20 {
                        // Whole steps are counted from a new beginning, so that the product stays exact.
                        clock = (due, live.frames());
                    }
                }
                Pace::Free if !self.is_understood() => continue,
                Pace::Free => {}
            }
            let before = Instant::now();
            let ticked = live.tick();
            self.watch.tick(late, before.elapsed());
            let utterances = self.pending + self.held.len();
            self.watch.waits(Waits { utterances, signs: live.backlog(), frames: live.undrawn() });
            match ticked {
                Ok(outputs) => match self.give(outputs) {
                    Ok(waited) if waited > Duration::ZERO => clock.0 += waited,
                    Ok(_) => {}
                    Err(end) => return end,
                },
                Err(error) => {
                    let rest = live.drain();
                    let _ = self.give(rest);
                    self.watch.dropped("stage_lost", live.undrawn());
                    return RunEnd::Lost(error);
                }
            }
        }
    }

    /// Waits until the next frame is `due`. What comes meanwhile is taken and understood at once, so that the frame can
    /// show it. True if there was an input.
    fn wait(&mut self, due: Instant, live: &mut Live) -> Result<bool, RunEnd> {
        let mut any = false;
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(any);
            }
            if self.pending > 0 {
                match self.understood.recv_timeout(left) {
                    Ok(understood) => self.book(understood, live),
                    Err(RecvTimeoutError::Timeout) => return Ok(any),
                    Err(RecvTimeoutError::Disconnected) => self.give_up(live),
                }
            } else if self.ended {
                thread::sleep(left);
            } else {
                match self.inbox.recv_timeout(left) {
                    Ok(input) => {
                        any = true;
                        self.obey(input, live);
                    }
                    Err(RecvTimeoutError::Timeout) => return Ok(any),
                    Err(RecvTimeoutError::Disconnected) => self.ended = true,
                }
            }
            let outputs = live.drain();
            self.give(outputs)?;
        }
    }

    /// Takes inputs that are there. True if there was one.
    fn hear(&mut self, live: &mut Live) -> bool {
        let mut any = false;
        while !self.ended {
            // Free running waits for its inputs, or the frames before them would depend on the machine.
            let next = if self.config.pace == Pace::Free && live.is_idle() && self.is_understood() {
                match self.inbox.recv_timeout(self.config.silence) {
                    Ok(input) => Ok(input),
                    Err(RecvTimeoutError::Timeout) => Err(TryRecvError::Empty),
                    Err(RecvTimeoutError::Disconnected) => Err(TryRecvError::Disconnected),
                }
            } else {
                self.inbox.try_recv()
            };
            match next {
                Ok(input) => {
                    any = true;
                    self.obey(input, live);
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => self.ended = true,
            }
        }
        any
    }

    fn obey(&mut self, input: Input, live: &mut Live) {
        match input {
            Input::Say { utterance, transcript } if !transcript.stable => live.hear(&utterance, &transcript),
            Input::Say { utterance, transcript } => {
                if self.held.len() >= UTTERANCES {
                    return full(&utterance, live);
                }
                live.hear(&utterance, &transcript);
                let span = span_of(&utterance, &transcript);
                self.held.push_back((utterance, transcript, span));
                self.release(live);
            }
            Input::SayTimed { utterance, script } => {
                live.hear(&utterance, &script.transcript);
                self.ask(Job::Timed(utterance, script), live);
            }
            Input::Replace { utterance, transcript } => {
                live.hear(&utterance, &transcript);
                // What nobody has begun to understand is as good as unsaid.
                match self.held.iter_mut().rev().find(|(held, ..)| *held == utterance) {
                    Some((_, held, _)) => *held = Transcript { start: held.start, end: held.end, ..transcript },
                    None => self.ask(Job::Replace(utterance, transcript), live),
                }
            }
            Input::Interrupt => {
                // What is still being understood was said before, and goes too.
                let mut dropped = Vec::new();
                while self.pending > 0 {
                    let Ok((understood, _)) = self.understood.recv() else { break };
                    dropped.push(understood.into_utterance());
                    self.pending -= 1;
                }
                live.interrupt(dropped.into_iter().chain(self.held.drain(..).map(|(utterance, ..)| utterance)));
            }
            Input::Order(order) => {
                let message = match live.order(order) {
                    Ok(done) => format!("{order}: {done}"),
                    Err(error) => format!("{order}: not followed: {error}"),
                };
                live.event(EventKind::Ordered, None, message);
            }
            Input::SignInstead { utterance, transcript } => self.ask(Job::Instead(utterance, transcript), live),
            Input::Flush => {
                self.learn_all(live);
                live.flush();
            }
            Input::Warn(message) => live.event(EventKind::Warning, None, message),
            Input::Tell { kind, message } => live.event(kind, None, message),
            Input::Alive => {}
            Input::End => self.ended = true,
        }
    }

    /// Whether nothing waits to be understood.
    fn is_understood(&self) -> bool {
        self.pending == 0 && self.held.is_empty()
    }

    /// Hands on what was held, as long as its time is known: what must not fall behind waits for what is before it.
    fn release(&mut self, live: &mut Live) {
        while let Some((_, transcript, _)) = self.held.front() {
            let room = live.room(transcript);
            if room.is_some() && self.pending > 0 {
                return;
            }
            let Some((utterance, transcript, span)) = self.held.pop_front() else { return };
            self.ask_within(span, Job::Say(utterance, transcript, room), live);
        }
    }

    fn ask(&mut self, job: Job, live: &mut Live) {
        let span = span_of(job.utterance(), job.transcript());
        self.ask_within(span, job, live);
    }

    fn ask_within(&mut self, span: Span, job: Job, live: &mut Live) {
        match self.jobs.try_send((job, span)) {
            Ok(()) => self.pending += 1,
            Err(TrySendError::Full((job, _))) => full(job.utterance(), live),
            Err(TrySendError::Disconnected((job, _))) => {
                let utterance = job.utterance();
                live.event(EventKind::Omitted, Some(utterance), "understanding has ended; this was not taken");
            }
        }
    }

    fn learn(&mut self, live: &mut Live) {
        if self.config.pace == Pace::Free {
            return self.learn_all(live);
        }
        while self.pending > 0 {
            match self.understood.try_recv() {
                Ok(understood) => self.book(understood, live),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => return self.give_up(live),
            }
        }
    }

    /// The understanding thread is gone: nothing that waits for it will ever come.
    fn give_up(&mut self, live: &mut Live) {
        let message = format!("understanding has ended; {} utterances are not signed", self.pending + self.held.len());
        self.pending = 0;
        self.held.clear();
        live.event(EventKind::Omitted, None, message);
    }

    fn learn_all(&mut self, live: &mut Live) {
        while self.pending > 0 {
            match self.understood.recv() {
                Ok(understood) => self.book(understood, live),
                Err(_) => return self.give_up(live),
            }
        }
    }

    fn book(&mut self, (understood, span): (Understood, Span), live: &mut Live) {
        self.pending -= 1;
        span.in_scope(|| Self::take(understood, live));
        self.release(live);
    }

    /// What was understood goes into the session, within its utterance's span.
    fn take(understood: Understood, live: &mut Live) {
        match understood {
            Understood::Say(utterance, sentences) => live.sign(&utterance, sentences),
            Understood::Timed(utterance, sentences, due) => live.sign_at(&utterance, sentences, &due),
            Understood::Instead(utterance, transcript, sentences) => {
                let left_out = live.sign_instead(&utterance, &transcript, sentences).unwrap_or_default();
                let message = format!("replace: “{}” instead of “{left_out}”", transcript.text);
                live.event(EventKind::Ordered, Some(&utterance), message);
            }
            Understood::Replace { utterance, fresh, repair } => {
                let corrected = live.replace(&utterance, fresh, repair);
                tracing::info!(%utterance, ?corrected, "a correction");
            }
            Understood::Failed(utterance, error @ StageError::Lost { .. }) => {
                live.event(EventKind::Fallback, Some(&utterance), error.to_string());
                live.event(EventKind::Omitted, Some(&utterance), "not understood in time; not signed");
            }
            Understood::Failed(utterance, error @ StageError::Refused { .. }) => {
                live.event(EventKind::Omitted, Some(&utterance), error.to_string());
            }
        }
    }

    /// Hands outputs on; how long the clock had to wait for room.
    fn give(&self, outputs: Vec<Output>) -> Result<Duration, RunEnd> {
        let mut waited = Duration::ZERO;
        let mut outputs = outputs.into_iter();
        while let Some(mut output) = outputs.next() {
            loop {
                match self.outputs.try_send(output) {
                    Ok(()) => break,
                    Err(TrySendError::Disconnected(_)) => return Err(RunEnd::Left),
                    Err(TrySendError::Full(back)) => {
                        if self.stopped.load(Ordering::Relaxed) {
                            return Err(RunEnd::Left);
                        }
                        if waited >= self.config.grace {
                            let rest = std::iter::once(back).chain(outputs);
                            self.watch.dropped("slow_client", rest.map(|output| output.frames()).sum());
                            return Err(RunEnd::SlowTaker);
                        }
                        output = back;
                        let nap = Duration::from_millis(2);
                        thread::sleep(nap);
                        waited += nap;
                    }
                }
            }
        }
        Ok(waited)
    }

    fn end(self, live: Live) -> RunEnd {
        match live.finish() {
            Ok(rest) => match self.give(rest) {
                Ok(_) => RunEnd::Done,
                Err(end) => end,
            },
            Err(error) => RunEnd::Lost(error),
        }
    }
}
