//! One visitor's session: its threads, what was said in it, and what waits for its page.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use motion::MotionConfig;
use session::{
    TimedScript,
    live::{
        CameraSwitch, Event, EventKind, Input, LagLimits, Live, LiveHandle, Output, Pace, RunConfig, RunEnd,
        ShowConfig, StageError, Wants, Watch, start,
    },
};
use signing::{SourceTime, Transcript};
use stream::LiveContainer;
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    config::{BACKGROUND, GRACE, LENGTH, REMEMBERED, SILENCE, WAITING},
    mp4,
    outbox::{Kind, Outbox},
    protocol::{Cue, Means, Problem, ToPage, kind_name, millis, secs},
    server::State,
    stages::{Begun, PageInterpret, PageMove, PageShow, tag},
};

/// Outputs that may wait for the thread that takes them, in outputs: it never waits itself.
const OUTPUTS: usize = 256;
/// A session that is later than this says so, and not more often than that.
const LATE: Duration = Duration::from_millis(1_500);
const LATE_AGAIN: Duration = Duration::from_secs(30);

/// What threads and the socket share.
#[derive(Debug)]
pub(crate) struct Room {
    /// What addresses call it; nobody can guess it.
    pub(crate) name: String,
    pub(crate) outbox: Outbox,
    pub(crate) camera: CameraSwitch,
    /// Half speed.
    pub(crate) half: AtomicBool,
    /// Signs that begin with the next pose.
    begun: Mutex<Vec<Begun>>,
    /// The page is gone.
    left: AtomicBool,
    /// By how much the session is behind the clock, milliseconds.
    late: AtomicU64,
    book: Mutex<Book>,
}

/// What was said.
#[derive(Debug, Default)]
struct Book {
    last: u64,
    /// Utterances that are not signed yet.
    waiting: BTreeSet<u64>,
    /// The last utterances, the newest last, in their plain languages.
    said: VecDeque<Said>,
}

/// Something that was said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    utterance: u64,
    pub(crate) transcript: Transcript,
    means: Means,
}

impl Room {
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            outbox: Outbox::default(),
            camera: CameraSwitch::default(),
            half: AtomicBool::new(false),
            begun: Mutex::default(),
            left: AtomicBool::new(false),
            late: AtomicU64::new(0),
            book: Mutex::default(),
        }
    }

    /// Sends a message.
    pub(crate) fn tell(&self, message: &ToPage<'_>) {
        self.outbox.text(message.json());
    }

    /// Says what is wrong.
    pub(crate) fn problem(&self, problem: Problem, utterance: Option<u64>, message: &str) {
        self.tell(&ToPage::Problem { problem, utterance, message });
    }

    /// The page is gone: the session ends at its next frame.
    pub(crate) fn leave(&self) {
        self.left.store(true, Ordering::Relaxed);
    }

    /// A sign begins with the next pose.
    pub(crate) fn begin(&self, begun: Begun) {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).push(begun);
    }

    /// What begins now.
    pub(crate) fn take_begun(&self) -> Vec<Begun> {
        mem::take(&mut self.begun.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A number for something that is being said.
    pub(crate) fn number(&self) -> u64 {
        let mut book = self.book();
        book.last += 1;
        book.last
    }

    /// What was said under a number, if it is not too long ago.
    pub(crate) fn said(&self, utterance: u64) -> Option<Said> {
        self.book().said.iter().find(|said| said.utterance == utterance).cloned()
    }

    /// Books an utterance and gives it to the session. False if too much waits.
    pub(crate) fn say(&self, said: Said, of: Option<u64>, inputs: &SyncSender<Input>) -> bool {
        let Said { utterance, transcript, .. } = &said;
        let transcript = Transcript { language: tag(&transcript.language, *utterance), ..transcript.clone() };
        let input = Input::Say { utterance: name(*utterance), transcript };
        self.give(said, of, Vec::new(), input, inputs)
    }

    /// The same of captions, each sentence of which is signed at its time after now.
    pub(crate) fn say_timed(
        &self,
        said: Said,
        mut script: TimedScript,
        cues: Vec<Cue<'_>>,
        inputs: &SyncSender<Input>,
    ) -> bool {
        let language = &mut script.transcript.language;
        *language = tag(language, said.utterance);
        let input = Input::SayTimed { utterance: name(said.utterance), script };
        self.give(said, None, cues, input, inputs)
    }

    fn give(&self, said: Said, of: Option<u64>, cues: Vec<Cue<'_>>, input: Input, inputs: &SyncSender<Input>) -> bool {
        let Said { utterance, transcript, means } = &said;
        let (utterance, means) = (*utterance, *means);
        {
            let mut book = self.book();
            if book.waiting.len() >= WAITING {
                drop(book);
                self.problem(Problem::Busy, None, &format!("{WAITING} texts wait to be signed already"));
                return false;
            }
            book.waiting.insert(utterance);
        }
        self.transcript(utterance, means, transcript, of, cues);
        if let Err(error) = inputs.try_send(input) {
            self.book().waiting.remove(&utterance);
            if matches!(error, TrySendError::Full(_)) {
                self.problem(Problem::Busy, Some(utterance), "too much comes at once; this was not taken");
            }
            return false;
        }
        let mut book = self.book();
        book.said.push_back(said);
        if book.said.len() > REMEMBERED {
            book.said.pop_front();
        }
        true
    }

    /// An utterance waits no more.
    pub(crate) fn done(&self, utterance: u64) {
        self.book().waiting.remove(&utterance);
    }

    /// Whether the page is gone.
    pub(crate) fn has_left(&self) -> bool {
        self.left.load(Ordering::Relaxed)
    }

    /// Shows what was said, or is being said.
    pub(crate) fn transcript(
        &self,
        utterance: u64,
        means: Means,
        transcript: &Transcript,
        of: Option<u64>,
        cues: Vec<Cue<'_>>,
    ) {
        self.tell(&ToPage::Transcript {
            utterance,
            means,
            // A sign's id is not what it says.
            text: if means == Means::Lexicon { "" } else { &transcript.text },
            stable: transcript.stable,
            start_ms: millis(transcript.start),
            end_ms: millis(transcript.end),
            of,
            cues,
        });
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Nothing that is done under the lock can panic half way.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a page is told of an event.
    fn event(&self, event: &Event) {
        let utterance = event.utterance.as_deref().and_then(number);
        let mut book = self.book();
        match event.kind {
            EventKind::UtteranceFinished | EventKind::Overloaded => {
                if let Some(utterance) = utterance {
                    book.waiting.remove(&utterance);
                }
            }
            EventKind::Interrupted => book.waiting.clear(),
            _ => {}
        }
        drop(book);
        let (time, message) = (secs(event.time), event.message.as_str());
        self.tell(&ToPage::Event { kind: kind_name(event.kind), utterance, time, message });
    }
}

impl Said {
    pub(crate) const fn new(utterance: u64, transcript: Transcript, means: Means) -> Self {
        Self { utterance, transcript, means }
    }

    /// The same under another number. What was said at a moment is not tied to it any more.
    pub(crate) fn again(&self, utterance: u64) -> Self {
        let (start, end) = (SourceTime::ZERO, SourceTime::ZERO);
        Self { utterance, transcript: Transcript { start, end, ..self.transcript.clone() }, means: self.means }
    }
}

/// An utterance's name in the session.
fn name(utterance: u64) -> Arc<str> {
    format!("u{utterance}").into()
}

fn number(name: &str) -> Option<u64> {
    name.strip_prefix('u')?.parse().ok()
}

/// Notes how late the session is.
struct Lateness(Arc<Room>);

impl Watch for Lateness {
    fn tick(&self, late: Duration, _: Duration) {
        self.0.late.store(u64::try_from(late.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn understood(&self, _: Duration) {}
}

/// Starts the session of `room`, whose picture is wrapped in `container`. Its place is free again when all its threads
/// have ended.
///
/// Errors: no thread can be made.
pub(crate) fn open(
    state: &Arc<State>,
    room: &Arc<Room>,
    container: LiveContainer,
    place: OwnedSemaphorePermit,
) -> std::io::Result<SyncSender<Input>> {
    let config = RunConfig { pace: Pace::RealTime, outputs: OUTPUTS, grace: GRACE, silence: SILENCE, length: LENGTH };
    let interpret = PageInterpret::new(Arc::clone(&state.understanding), Arc::clone(room));
    let (outbox, outputs) = sync_channel(config.outputs);
    let opener = opener(Arc::clone(state), Arc::clone(room), container);
    let watch = Arc::new(Lateness(Arc::clone(room)));
    let handle = start(&room.name, config, Box::new(interpret), opener, outbox, watch)?;
    let inputs = handle.inputs();
    let taking = Arc::clone(room);
    thread::Builder::new().name("page".to_owned()).spawn(move || {
        let _place = place;
        take(&taking, container, outputs.iter(), &handle);
        drop(outputs);
        end(&taking, &handle.join());
    })?;
    Ok(inputs)
}

fn opener(
    state: Arc<State>,
    room: Arc<Room>,
    container: LiveContainer,
) -> impl FnOnce() -> Result<Live, StageError> + Send + 'static {
    move || {
        let config = &state.config;
        let show = ShowConfig {
            size: config.size,
            rate: config.rate,
            container,
            background: BACKGROUND,
            avatar: config.avatar.clone(),
            produce_id: "demo".to_owned(),
        };
        let show = (state.open_show)(show, room.camera.clone())?;
        let bad_body = |error: motion::MotionError| StageError::Refused { stage: "motion", reason: error.to_string() };
        let body = Arc::clone(&state.body);
        let mover = PageMove::new(Arc::clone(&body), config.rate, 1, Arc::clone(&room)).map_err(bad_body)?;
        let idle = MotionConfig { rate: config.rate, seed: 1, ..MotionConfig::default() };
        let show = Box::new(PageShow { inner: show, room });
        Live::new(Box::new(mover), Some(show), (body, idle), Wants::default(), LagLimits::default()).map_err(bad_body)
    }
}

/// Hands a session's outputs to the page until it is gone.
fn take(room: &Room, container: LiveContainer, outputs: impl Iterator<Item = Output>, handle: &LiveHandle) {
    let mut told_late: Option<Instant> = None;
    let mut begun = false;
    for output in outputs {
        if room.has_left() {
            handle.stop();
            return;
        }
        match output {
            Output::Video(piece) => {
                let head = piece.frames == 0;
                if !begun {
                    let media_type = if head { mp4::media_type(&piece.data) } else { None };
                    room.tell(&ToPage::Picture { media_type });
                    begun = true;
                }
                let kind = match (container, head, piece.key) {
                    (LiveContainer::Jpeg, ..) => Kind::Jpeg,
                    (_, true, _) => Kind::Head,
                    (_, false, true) => Kind::Key,
                    (_, false, false) => Kind::Delta,
                };
                room.outbox.piece(kind, &piece);
            }
            Output::Event(event) => room.event(&event),
            Output::Started | Output::Transcript { .. } | Output::Sentence { .. } | Output::Pose(_) => {}
        }
        let late = Duration::from_millis(room.late.load(Ordering::Relaxed));
        if late > LATE && told_late.is_none_or(|told| told.elapsed() > LATE_AGAIN) {
            told_late = Some(Instant::now());
            room.problem(Problem::Slow, None, &format!("the picture is {:.1} s behind the clock", late.as_secs_f64()));
        }
    }
}

/// Says why a session ended.
fn end(room: &Room, end: &RunEnd) {
    match end {
        RunEnd::Done | RunEnd::Left => {}
        RunEnd::SlowTaker => room.problem(Problem::Lost, None, "the page took nothing any more"),
        RunEnd::Silent | RunEnd::TooLong => room.problem(Problem::Ended, None, "nothing was said for a long time"),
        RunEnd::Lost(error) => {
            tracing::error!(%error, "a visitor's session ended");
            room.problem(Problem::Lost, None, &error.to_string());
        }
    }
    room.outbox.end();
}
