//! The broadcast's side of its studios: one works, one stands by, and when the first is lost the second takes over.
//!
//! Every order is kept until its packets are back, so that whoever takes over makes it again: no frame is left out, and no
//! timestamp. A studio that answers nothing for too long is ended.

use std::{
    collections::VecDeque,
    io::{BufReader, BufWriter, Read},
    os::unix::process::CommandExt as _,
    process::{ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    StudioConfig,
    wire::{FromStudio, Made, Order, ToStudio},
};
use crate::{child::KeptChild, error::SessionError};

/// Longest that a studio may take to open.
const OPENING: Duration = Duration::from_secs(60);
/// Longest that a broadcast waits for its spare before it begins.
const SPARE: Duration = Duration::from_secs(15);
/// Longest that a studio may keep orders without giving anything back.
const STUCK: Duration = Duration::from_secs(3);
/// Longest that a tick waits for a slow studio.
const PATIENCE: Duration = Duration::from_secs(1);
/// From one report of frames that are given up to the next.
const REPORT: Duration = Duration::from_secs(5);
/// From one attempt to open a studio to the next.
const AGAIN: Duration = Duration::from_millis(500);
/// How often the crew looks after its studios.
const ROUND: Duration = Duration::from_millis(200);
/// Orders that may wait while there is no studio, seconds; the oldest are given up beyond it.
const WAITING_SECS: f64 = 10.0;
/// The same in bytes of programme pictures.
const WAITING_BYTES: usize = 400 << 20;

/// How a studio's process is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudioCommand {
    /// The program.
    pub program: std::path::PathBuf,
    /// What it is told, so that it calls [`work`](super::work).
    pub arguments: Vec<String>,
    /// Whether a second one stands by.
    pub spare: bool,
}

/// Something happened to a studio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CrewEvent {
    /// It works from now on; how long there had been none.
    Works { pid: u32, away: Option<Duration> },
    /// It stands by.
    StandsBy { pid: u32 },
    /// It is gone.
    Lost { pid: u32, why: String },
    /// None could be opened; it is tried again.
    Failed(String),
    /// Orders were given up.
    GaveUp { frames: u64 },
}

type Hear = Arc<dyn Fn(CrewEvent) + Send + Sync>;
type Deliver = Box<dyn FnMut(Made) + Send>;

struct Worker {
    number: u64,
    pid: u32,
    /// Ends with this.
    child: KeptChild,
    ready: bool,
    failed: Option<String>,
}

struct State {
    orders: VecDeque<Arc<Order>>,
    /// Orders at the front that the working studio has.
    sent: usize,
    working: Option<Worker>,
    spare: Option<Worker>,
    /// When something last came back, or the first order after that was sent.
    progress: Instant,
    /// Since when nothing is made.
    away: Instant,
    numbers: u64,
    deliver: Deliver,
    given_up: u64,
    given_up_said: u64,
    repeated: u64,
    said: Option<Instant>,
    closing: bool,
    stopped: bool,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    config: StudioConfig,
    command: StudioCommand,
    hear: Hear,
    most: usize,
    /// More orders than this are more than the buffer hides.
    behind: usize,
}

/// Studios and the orders that they have.
pub(super) struct Crew {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Crew {
    /// Opens a studio, and the one that stands by, and waits until they are ready. More than `behind` orders that are not
    /// made are more than should be. `deliver` gets what is made, in order; `hear` what happens.
    ///
    /// Errors: [`SessionError::Studio`] says why it did not open.
    pub(super) fn open(
        config: StudioConfig,
        command: StudioCommand,
        behind: usize,
        deliver: impl FnMut(Made) + Send + 'static,
        hear: impl Fn(CrewEvent) + Send + Sync + 'static,
    ) -> Result<Self, SessionError> {
        let (width, height) = config.size;
        let by_bytes = match config.form {
            super::Form::Inset { .. } => WAITING_BYTES / (width as usize * height as usize * 4).max(1),
            super::Form::Plain(_) | super::Form::Keyed { .. } | super::Form::Alpha(_) => usize::MAX,
        };
        // A positive count of frames.
        let most = ((config.rate.as_f64() * WAITING_SECS) as usize).min(by_bytes).max(8);
        let state = State {
            orders: VecDeque::new(),
            sent: 0,
            working: None,
            spare: None,
            progress: Instant::now(),
            away: Instant::now(),
            numbers: 0,
            deliver: Box::new(deliver),
            given_up: 0,
            given_up_said: 0,
            repeated: 0,
            said: None,
            closing: false,
            stopped: false,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            config,
            command,
            hear: Arc::new(hear),
            most,
            behind,
        });
        let first = shared.start().map_err(SessionError::Studio)?;
        let pid = first.pid;
        shared.lock().working = Some(first);
        (shared.hear)(CrewEvent::Works { pid, away: None });
        let looking = Arc::clone(&shared);
        let thread = thread::Builder::new().name("crew".to_owned()).spawn(move || looking.look_after());
        let thread = thread.map_err(SessionError::Pipe)?;
        // Before the clock starts: opening one takes what the other needs.
        let mut state = shared.lock();
        let until = Instant::now() + SPARE;
        while shared.command.spare && state.spare.is_none() && Instant::now() < until {
            state = shared.wait(state);
        }
        drop(state);
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Orders a frame; never waits.
    pub(super) fn order(&self, order: Order) {
        let mut state = self.shared.lock();
        if state.sent == 0 {
            state.progress = Instant::now();
        }
        state.repeated += u64::from(order.repeats);
        state.orders.push_back(Arc::new(order));
        let mut gave_up = 0_u64;
        while state.orders.len() > self.shared.most {
            state.orders.pop_front();
            state.sent = state.sent.saturating_sub(1);
            gave_up += 1;
        }
        state.given_up += gave_up;
        let unsaid = state.given_up - state.given_up_said;
        let say = unsaid > 0 && state.said.is_none_or(|said| said.elapsed() > REPORT);
        if say {
            (state.said, state.given_up_said) = (Some(Instant::now()), state.given_up);
        }
        drop(state);
        if say {
            (self.shared.hear)(CrewEvent::GaveUp { frames: unsaid });
        }
        self.shared.changed.notify_all();
    }

    /// Waits a moment for a studio that works but is slow, so that its backlog does not outgrow what may wait.
    pub(super) fn wait_for_room(&self) {
        let mut state = self.shared.lock();
        let until = Instant::now() + PATIENCE;
        while state.orders.len() * 2 > self.shared.most && state.working.is_some() && Instant::now() < until {
            state = self.shared.wait(state);
        }
    }

    /// Orders that are not made yet, and those given up so far.
    pub(super) fn backlog(&self) -> (usize, u64) {
        let state = self.shared.lock();
        (state.orders.len(), state.given_up)
    }

    /// Whether frames are made later than they should be, so that some must be spared.
    pub(super) fn is_behind(&self) -> bool {
        self.shared.lock().orders.len() > self.shared.behind
    }

    /// Frames so far for which the picture before them stood.
    pub(super) fn repeated(&self) -> u64 {
        self.shared.lock().repeated
    }

    /// Waits until all that was ordered is made, at most for `patience`, and ends the studios. Gives the orders that
    /// were not.
    pub(super) fn finish(&self, patience: Duration) -> usize {
        let until = Instant::now() + patience;
        let mut state = self.shared.lock();
        state.closing = true;
        self.shared.changed.notify_all();
        while !state.orders.is_empty() && Instant::now() < until {
            state = self.shared.wait(state);
        }
        let left = state.orders.len();
        drop(state);
        self.stop();
        left
    }

    fn stop(&self) {
        let (working, spare) = {
            let mut state = self.shared.lock();
            state.stopped = true;
            (state.working.take(), state.spare.take())
        };
        self.shared.changed.notify_all();
        drop((working, spare));
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the crew has been reported on standard error.
            let _ = thread.join();
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, ROUND).map_or_else(|error| error.into_inner().0, |(state, _)| state)
    }

    /// Starts a studio's process and waits until it is ready.
    fn start(self: &Arc<Self>) -> Result<Worker, String> {
        let number = {
            let mut state = self.lock();
            state.numbers += 1;
            state.numbers
        };
        let mut child = Command::new(&self.command.program)
            .args(&self.command.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Mesa's device chooser would complain, on standard error, that there is no desktop.
            .env("NODEVICE_SELECT", "1")
            // What a terminal sends to the broadcast is not meant for its studios.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{}: {error}", self.command.program.display()))?;
        let pid = child.id();
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("its pipes are missing".to_owned());
        };
        let (ready, opened) = std::sync::mpsc::sync_channel(1);
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.to_owned()).spawn(work).map(drop).map_err(|error| error.to_string())
        };
        let reading = Arc::clone(self);
        let started = spawn("studio results", Box::new(move || reading.read(number, stdout, &ready))).and_then(|()| {
            let writing = Arc::clone(self);
            spawn("studio orders", Box::new(move || writing.write(number, stdin)))
        });
        let mut worker = Worker { number, pid, child: KeptChild::new(child), ready: false, failed: None };
        let opened = started.and_then(|()| match opened.recv_timeout(OPENING) {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("it was not ready within {} s", OPENING.as_secs())),
        });
        opened.map(|()| {
            worker.ready = true;
            worker
        })
    }

    /// Hands orders to one studio while it is the one that works.
    fn write(&self, number: u64, stdin: ChildStdin) {
        let mut stdin = BufWriter::with_capacity(1 << 16, stdin);
        if ToStudio::Config(Box::new(self.config.clone())).send(&mut stdin).is_err() {
            return;
        }
        let mut first = true;
        loop {
            let order = {
                let mut state = self.lock();
                loop {
                    if state.stopped || !state.knows(number) {
                        return;
                    }
                    if state.works(number) {
                        if let Some(order) = state.orders.get(state.sent).cloned() {
                            state.sent += 1;
                            break order;
                        }
                        if state.closing {
                            // The end of its orders: it gives what it still holds.
                            return;
                        }
                    }
                    state = self.wait(state);
                }
            };
            // A studio that takes over has no picture yet that could be repeated.
            let repeats = !std::mem::take(&mut first) && order.repeats;
            let order = if repeats == order.repeats { order } else { Arc::new(Order { repeats, ..(*order).clone() }) };
            if ToStudio::Order(order).send(&mut stdin).is_err() {
                return;
            }
        }
    }

    /// Takes what one studio gives.
    fn read(&self, number: u64, stdout: ChildStdout, ready: &std::sync::mpsc::SyncSender<Result<(), String>>) {
        let mut stdout = BufReader::with_capacity(1 << 16, stdout);
        let why = loop {
            match FromStudio::receive(&mut stdout) {
                Ok(Some(FromStudio::Ready)) => drop(ready.try_send(Ok(()))),
                Ok(Some(FromStudio::Made(made))) => {
                    let mut state = self.lock();
                    if state.works(number) {
                        state.take(made);
                    }
                    drop(state);
                    self.changed.notify_all();
                }
                Ok(Some(FromStudio::Failed(why))) => break why,
                Ok(None) => break "its process ended".to_owned(),
                Err(error) => break error.to_string(),
            }
        };
        drop(ready.try_send(Err(why.clone())));
        // What it might still say is read, so that it can end.
        let _ = stdout.read_to_end(&mut Vec::new());
        let mut state = self.lock();
        let State { working, spare, .. } = &mut *state;
        for worker in working.iter_mut().chain(spare).filter(|worker| worker.number == number) {
            worker.failed = Some(why.clone());
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Until the broadcast ends: takes away studios that are lost, and opens others.
    fn look_after(self: &Arc<Self>) {
        loop {
            let mut state = self.lock();
            if state.stopped {
                return;
            }
            let lost = state.lose();
            let promoted = state.promote();
            let needs_spare = self.command.spare && state.spare.is_none() && !state.closing;
            let needs_one = state.working.is_none() && !(state.closing && state.orders.is_empty());
            if lost.is_empty() && promoted.is_none() && !needs_one && !needs_spare {
                drop(self.wait(state));
                continue;
            }
            drop(state);
            for (worker, why) in lost {
                (self.hear)(CrewEvent::Lost { pid: worker.pid, why });
            }
            if let Some(event) = promoted {
                self.changed.notify_all();
                (self.hear)(event);
            }
            if needs_one || needs_spare {
                self.open_one();
            }
        }
    }

    fn open_one(self: &Arc<Self>) {
        match self.start() {
            Ok(worker) => {
                let pid = worker.pid;
                let mut state = self.lock();
                if state.stopped {
                    return;
                }
                state.spare = Some(worker);
                let event = state.promote_or(CrewEvent::StandsBy { pid });
                drop(state);
                self.changed.notify_all();
                (self.hear)(event);
            }
            Err(why) => {
                (self.hear)(CrewEvent::Failed(why));
                thread::sleep(AGAIN);
            }
        }
    }
}

impl State {
    fn works(&self, number: u64) -> bool {
        self.working.as_ref().is_some_and(|worker| worker.number == number)
    }

    /// Whether a studio may still get orders: it works, stands by, or is just being opened.
    fn knows(&self, number: u64) -> bool {
        self.works(number)
            || self.spare.as_ref().is_some_and(|worker| worker.number == number)
            || number == self.numbers
    }

    fn take(&mut self, made: Made) {
        while self.orders.front().is_some_and(|order| order.index <= made.index) {
            self.orders.pop_front();
            self.sent = self.sent.saturating_sub(1);
        }
        self.progress = Instant::now();
        (self.deliver)(made);
    }

    /// Studios that are gone or stuck.
    fn lose(&mut self) -> Vec<(Worker, String)> {
        let mut lost = Vec::new();
        let stuck = self.sent > 0 && self.progress.elapsed() > STUCK;
        let why = |worker: &mut Worker, stuck: bool| {
            let ended = || worker.child.has_ended().then(|| "its process ended".to_owned());
            worker
                .failed
                .take()
                .or_else(ended)
                .or_else(|| stuck.then(|| format!("it gave nothing for {} s", STUCK.as_secs())))
        };
        if let Some(reason) = self.working.as_mut().and_then(|worker| why(worker, stuck)) {
            lost.extend(self.working.take().map(|worker| (worker, reason)));
            self.sent = 0;
            // Since something last came back from it.
            self.away = self.progress;
        }
        if let Some(reason) = self.spare.as_mut().and_then(|worker| why(worker, false)) {
            lost.extend(self.spare.take().map(|worker| (worker, reason)));
        }
        lost
    }

    /// The spare works if nobody else does.
    fn promote(&mut self) -> Option<CrewEvent> {
        if self.working.is_some() {
            return None;
        }
        let worker = self.spare.take_if(|worker| worker.ready)?;
        let pid = worker.pid;
        self.working = Some(worker);
        self.sent = 0;
        self.progress = Instant::now();
        Some(CrewEvent::Works { pid, away: Some(self.away.elapsed()) })
    }

    fn promote_or(&mut self, otherwise: CrewEvent) -> CrewEvent {
        self.promote().unwrap_or(otherwise)
    }
}
