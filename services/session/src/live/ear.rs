//! Sound into a running session: a thread listens, and what it makes out becomes inputs.
//!
//! Stable text becomes utterances `a1`, `a2`, …; interim text bears the name of the utterance it will be part of. When
//! the listener is lost, the session goes on with text: sound is counted and dropped until the listener is back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use signing::{Flicks, Transcript};
use speech::{Language, Listener, Options, PcmChunk};

use super::{EventKind, Input, StageError};
use crate::{
    SessionError,
    hearing::{Hearing, length},
};

/// Sound to transcripts, of one stream. Called on a thread of its own: it may take its time.
pub trait Listen: Send {
    /// Hears sound, waiting while the listener is busy. Gives what became known, in order of time.
    ///
    /// Errors: [`StageError`].
    fn push(&mut self, sound: &PcmChunk) -> Result<Vec<Transcript>, StageError>;
    /// What became known since the last call, without waiting.
    ///
    /// Errors: [`StageError::Lost`].
    fn poll(&mut self) -> Result<Vec<Transcript>, StageError>;
    /// The sound is over: what is open becomes stable. Other sound may follow.
    ///
    /// Errors: [`StageError`].
    fn finish(&mut self) -> Result<Vec<Transcript>, StageError>;
    /// Whether sound waits for it: interim text can then be rarer.
    fn hurry(&mut self, behind: bool);
    /// Begins anew after it was lost.
    ///
    /// Errors: [`StageError::Lost`] while it is not back.
    fn revive(&mut self) -> Result<(), StageError>;
}

/// How often speech that goes on is decoded.
const INTERIM: Flicks = Flicks::from_millis(1_000);
/// The same while sound waits.
const INTERIM_BEHIND: Flicks = Flicks::from_millis(4_000);
/// Speech that goes on is decoded for one part of the time in so many: a phrase that ends meanwhile waits for it.
const INTERIM_SHARE: i64 = 4;
/// A piece of sound that takes longer was decoded, not only listened to.
const DECODED: Duration = Duration::from_millis(50);

/// Listening in this process; the weights are shared by all sessions.
pub struct LocalListen {
    hearing: Arc<Hearing>,
    language: Language,
    listener: Listener,
    /// What the last decoding took here.
    decoding: Duration,
}

impl LocalListen {
    /// Takes a place among the listeners.
    ///
    /// Errors: [`speech::SpeechError::Busy`], [`speech::SpeechError::Language`].
    pub fn new(hearing: Arc<Hearing>, language: Language) -> Result<Self, SessionError> {
        let listener = hearing.listener(options(language))?;
        Ok(Self { hearing, language, listener, decoding: Duration::ZERO })
    }
}

fn options(language: Language) -> Options {
    Options { language, interim: Some(INTERIM), ..Options::default() }
}

/// How often speech that goes on is decoded, where sound waits or not and a decoding takes so long.
fn interim(behind: bool, decoding: Duration) -> Flicks {
    let least = if behind { INTERIM_BEHIND } else { INTERIM };
    let millis = i64::try_from(decoding.as_millis()).unwrap_or(i64::MAX).saturating_mul(INTERIM_SHARE);
    // Longer than a phrase is never.
    least.max(Flicks::from_millis(millis.min(20_000)))
}

fn transcripts(spans: Vec<speech::Span>) -> Vec<Transcript> {
    spans.into_iter().map(|span| span.transcript).collect()
}

fn refused(error: impl std::fmt::Display) -> StageError {
    StageError::Refused { stage: "speech", reason: error.to_string() }
}

impl Listen for LocalListen {
    fn push(&mut self, sound: &PcmChunk) -> Result<Vec<Transcript>, StageError> {
        let began = Instant::now();
        let made = self.listener.push(sound).map(transcripts).map_err(refused);
        let took = began.elapsed();
        if took > DECODED {
            self.decoding = took;
        }
        made
    }

    fn poll(&mut self) -> Result<Vec<Transcript>, StageError> {
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<Transcript>, StageError> {
        self.listener.finish().map(transcripts).map_err(refused)
    }

    fn hurry(&mut self, behind: bool) {
        self.listener.set_interim(Some(interim(behind, self.decoding)));
    }

    fn revive(&mut self) -> Result<(), StageError> {
        let lost = |error: SessionError| StageError::Lost { stage: "speech", reason: error.to_string() };
        self.listener = self.hearing.listener(options(self.language)).map_err(lost)?;
        Ok(())
    }
}

/// What goes into an ear.
#[derive(Debug)]
pub enum Sound {
    /// The next sound. Its time is on the source's clock.
    Chunk(PcmChunk),
    /// What is open is closed, then this input follows what was made out.
    Close(Input),
}

/// Sound that may wait to be heard; when more waits, [`Ear::try_send`] takes none.
const WAITING: Flicks = Flicks::from_millis(10_000);
/// Pieces that may wait, in pieces.
const PIECES: usize = 1024;
/// From this much waiting sound on, interim text is rarer.
const BEHIND: Flicks = Flicks::from_millis(1_000);
/// From this much waiting sound on, the session is told.
const FAR_BEHIND: Flicks = Flicks::from_millis(5_000);
/// How often a listener is asked for text while no sound comes.
const POLL: Duration = Duration::from_millis(40);
/// From one attempt to take up a lost listener to the next.
const REVIVE: Duration = Duration::from_millis(500);
/// A session that hears nothing but silence is told so often that there is sound.
const ALIVE: Duration = Duration::from_secs(2);

/// A thread that listens. It ends when this is dropped, or when nobody takes what it makes out.
#[derive(Debug, Clone)]
pub struct Ear {
    sound: SyncSender<Sound>,
    /// Flicks of sound that wait.
    waiting: Arc<AtomicI64>,
}

/// Why an ear took nothing.
#[derive(Debug)]
pub enum EarError {
    /// Too much waits; the sound is given back.
    Full(Sound),
    /// The thread has ended.
    Ended,
}

impl Ear {
    /// Starts a thread that listens with `listen` and hands what it makes out to `take`, which says whether it goes on.
    /// `watch` hears how long a piece of sound took.
    ///
    /// Errors: no thread can be made.
    pub fn start(
        name: &str,
        listen: Box<dyn Listen>,
        take: impl FnMut(Input) -> bool + Send + 'static,
        watch: impl Fn(Duration) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sound, inbox) = sync_channel(PIECES);
        let waiting = Arc::new(AtomicI64::new(0));
        let of_thread = Arc::clone(&waiting);
        let span = tracing::Span::current();
        thread::Builder::new().name(format!("ear {name}")).spawn(move || {
            let _entered = span.entered();
            let hearer = Hearer {
                listen,
                take,
                watch,
                waiting: of_thread,
                count: 0,
                lost: None,
                unheard: Flicks(0),
                behind: false,
                alive: Instant::now(),
            };
            hearer.run(&inbox);
        })?;
        Ok(Self { sound, waiting })
    }

    /// Hands sound to the listener; never waits.
    ///
    /// Errors: [`EarError`].
    pub fn try_send(&self, sound: Sound) -> Result<(), EarError> {
        let long = match &sound {
            Sound::Chunk(chunk) => length(chunk),
            Sound::Close(_) => Flicks(0),
        };
        if long.0 > 0 && self.waiting.load(Ordering::Acquire) >= WAITING.0 {
            return Err(EarError::Full(sound));
        }
        self.waiting.fetch_add(long.0, Ordering::AcqRel);
        self.sound.try_send(sound).map_err(|error| {
            self.waiting.fetch_sub(long.0, Ordering::AcqRel);
            match error {
                TrySendError::Full(sound) => EarError::Full(sound),
                TrySendError::Disconnected(_) => EarError::Ended,
            }
        })
    }
}

/// What runs on the ear's thread.
struct Hearer<T, W> {
    listen: Box<dyn Listen>,
    take: T,
    watch: W,
    waiting: Arc<AtomicI64>,
    /// Stable spans so far.
    count: u64,
    /// When the listener was lost, or last looked for.
    lost: Option<Instant>,
    unheard: Flicks,
    behind: bool,
    alive: Instant,
}

impl<T: FnMut(Input) -> bool, W: Fn(Duration)> Hearer<T, W> {
    fn run(mut self, inbox: &Receiver<Sound>) {
        loop {
            let goes_on = match inbox.recv_timeout(POLL) {
                Ok(Sound::Chunk(chunk)) => self.hear(&chunk),
                Ok(Sound::Close(then)) => self.close() && (self.take)(then),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.close();
                    return;
                }
            };
            if !goes_on {
                return;
            }
        }
    }

    fn hear(&mut self, chunk: &PcmChunk) -> bool {
        let long = length(chunk);
        let waiting = Flicks(self.waiting.fetch_sub(long.0, Ordering::AcqRel) - long.0);
        if self.alive.elapsed() >= ALIVE {
            self.alive = Instant::now();
            if !(self.take)(Input::Alive) {
                return false;
            }
        }
        if !self.back() {
            self.unheard = Flicks(self.unheard.0 + long.0);
            return true;
        }
        self.listen.hurry(waiting > BEHIND);
        let far = waiting > FAR_BEHIND;
        if far && !self.behind {
            let message = format!("{:.1} s of sound wait to be heard; interim text is rarer", waiting.as_secs());
            if !self.tell(EventKind::Overloaded, message) {
                return false;
            }
        }
        self.behind = far || (self.behind && waiting > BEHIND);
        let began = Instant::now();
        let heard = self.listen.push(chunk);
        (self.watch)(began.elapsed());
        self.made(heard)
    }

    fn close(&mut self) -> bool {
        if self.lost.is_some() {
            return self.omit();
        }
        let heard = self.listen.finish();
        self.made(heard)
    }

    fn idle(&mut self) -> bool {
        if self.lost.is_some() {
            self.back();
            return true;
        }
        let heard = self.listen.poll();
        self.made(heard)
    }

    /// Whether the listener is there, looked for again from time to time.
    fn back(&mut self) -> bool {
        let Some(since) = self.lost else { return true };
        if since.elapsed() < REVIVE {
            return false;
        }
        if self.listen.revive().is_err() {
            self.lost = Some(Instant::now());
            return false;
        }
        self.lost = None;
        self.tell(EventKind::Recovered, "speech is back".to_owned()) && self.omit()
    }

    /// Says how much sound nobody heard.
    fn omit(&mut self) -> bool {
        let unheard = std::mem::replace(&mut self.unheard, Flicks(0));
        let message = || format!("{:.1} s of sound were not heard: speech was lost", unheard.as_secs());
        unheard.0 == 0 || self.tell(EventKind::Omitted, message())
    }

    fn tell(&mut self, kind: EventKind, message: String) -> bool {
        (self.take)(Input::Tell { kind, message })
    }

    fn made(&mut self, heard: Result<Vec<Transcript>, StageError>) -> bool {
        match heard {
            Ok(transcripts) => transcripts.into_iter().all(|transcript| self.say(transcript)),
            Err(error @ StageError::Refused { .. }) => self.tell(EventKind::Warning, error.to_string()),
            Err(error @ StageError::Lost { .. }) => {
                tracing::warn!(%error, "speech is lost; the session goes on with text");
                self.lost = Some(Instant::now());
                self.tell(EventKind::Fallback, format!("{error}; text alone is signed until it is back"))
            }
        }
    }

    fn say(&mut self, transcript: Transcript) -> bool {
        let utterance = format!("a{}", self.count + 1).into();
        self.count += u64::from(transcript.stable);
        (self.take)(Input::Say { utterance, transcript })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, atomic::AtomicBool};

    use signing::SourceTime;

    use super::*;

    /// Says what it has heard, a span each second; may be switched off.
    struct Counting {
        on: Arc<AtomicBool>,
        heard: Flicks,
        hurried: Arc<AtomicBool>,
    }

    impl Counting {
        fn check(&self) -> Result<(), StageError> {
            let lost = || StageError::Lost { stage: "speech", reason: "switched off".to_owned() };
            if self.on.load(Ordering::Relaxed) { Ok(()) } else { Err(lost()) }
        }

        fn span(&self, stable: bool) -> Vec<Transcript> {
            let mut span = Transcript::plain(format!("{:.0}", self.heard.as_secs()), "zh");
            span.stable = stable;
            vec![span]
        }
    }

    impl Listen for Counting {
        fn push(&mut self, sound: &PcmChunk) -> Result<Vec<Transcript>, StageError> {
            self.check()?;
            self.heard = Flicks(self.heard.0 + length(sound).0);
            Ok(self.span(self.heard.0 % Flicks::PER_SECOND == 0))
        }
        fn poll(&mut self) -> Result<Vec<Transcript>, StageError> {
            self.check().map(|()| Vec::new())
        }
        fn finish(&mut self) -> Result<Vec<Transcript>, StageError> {
            self.check().map(|()| self.span(true))
        }
        fn hurry(&mut self, behind: bool) {
            self.hurried.fetch_or(behind, Ordering::Relaxed);
        }
        fn revive(&mut self) -> Result<(), StageError> {
            self.check()
        }
    }

    fn half_second() -> Sound {
        Sound::Chunk(PcmChunk { start: SourceTime::ZERO, rate: 16_000, channels: 1, samples: vec![0.0; 8_000] })
    }

    type Made = Arc<Mutex<Vec<Input>>>;

    fn ear(on: &Arc<AtomicBool>, hurried: &Arc<AtomicBool>, slow: Duration) -> (Ear, Made) {
        let made = Made::default();
        let out = Arc::clone(&made);
        let listen = Counting { on: Arc::clone(on), heard: Flicks(0), hurried: Arc::clone(hurried) };
        let take = move |input| {
            thread::sleep(slow);
            out.lock().unwrap().push(input);
            true
        };
        (Ear::start("test", Box::new(listen), take, |_| {}).unwrap(), made)
    }

    fn wait(made: &Made, done: impl Fn(&[Input]) -> bool) -> Vec<Input> {
        for _ in 0..2_000 {
            if done(&made.lock().unwrap()) {
                return made.lock().unwrap().clone();
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("waited in vain: {:?}", made.lock().unwrap());
    }

    #[test]
    fn a_slow_machine_decodes_more_rarely_what_goes_on() {
        for (behind, millis, expected) in
            [(false, 0, 1_000), (false, 200, 1_000), (false, 600, 2_400), (true, 600, 4_000), (true, 1_500, 6_000)]
        {
            assert_eq!(interim(behind, Duration::from_millis(millis)), Flicks::from_millis(expected), "{millis}");
        }
        assert_eq!(interim(true, Duration::from_secs(3_600)), Flicks::from_millis(20_000));
    }

    #[test]
    fn interim_text_bears_the_name_of_what_it_becomes() {
        let on = Arc::new(AtomicBool::new(true));
        let (ear, made) = ear(&on, &Arc::default(), Duration::ZERO);
        for _ in 0..3 {
            ear.try_send(half_second()).unwrap();
        }
        ear.try_send(Sound::Close(Input::End)).unwrap();
        let made = wait(&made, |made| made.last() == Some(&Input::End));
        let names: Vec<(String, bool)> = made
            .iter()
            .filter_map(|input| match input {
                Input::Say { utterance, transcript } => Some((utterance.to_string(), transcript.stable)),
                _ => None,
            })
            .collect();
        let named = |name: &str, stable| (name.to_owned(), stable);
        assert_eq!(names, [named("a1", false), named("a1", true), named("a2", false), named("a2", true)]);
    }

    #[test]
    fn a_lost_listener_is_told_taken_up_again_and_what_was_not_heard_is_counted() {
        let on = Arc::new(AtomicBool::new(false));
        let (ear, made) = ear(&on, &Arc::default(), Duration::ZERO);
        for _ in 0..4 {
            ear.try_send(half_second()).unwrap();
        }
        let told = |kind| {
            move |made: &[Input]| {
                made.iter().any(|input| matches!(input, Input::Tell { kind: found, .. } if *found == kind))
            }
        };
        wait(&made, told(EventKind::Fallback));
        on.store(true, Ordering::Relaxed);
        wait(&made, told(EventKind::Recovered));
        let made = wait(&made, told(EventKind::Omitted));
        assert!(
            made.iter().any(|input| matches!(input, Input::Tell { message, .. } if message.contains("1.5 s of sound"))),
            "{made:?}"
        );
    }

    #[test]
    fn sound_that_can_not_be_heard_in_time_is_bounded_and_told() {
        let (on, hurried) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(false)));
        let (ear, made) = ear(&on, &hurried, Duration::from_millis(20));
        let mut refused = 0;
        for _ in 0..60 {
            refused += usize::from(matches!(ear.try_send(half_second()), Err(EarError::Full(_))));
        }
        assert!((20..=40).contains(&refused), "{refused} refused");
        let overloaded =
            |made: &[Input]| made.iter().any(|input| matches!(input, Input::Tell { kind: EventKind::Overloaded, .. }));
        wait(&made, overloaded);
        assert!(hurried.load(Ordering::Relaxed));
    }
}
