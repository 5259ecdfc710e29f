//! The clock of a broadcast, and what happens in each of its ticks.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, TryRecvError},
    },
    thread,
    time::{Duration, Instant},
};

use body::Body;
use motion::MotionConfig;
use signing::{Flicks, FrameRate, OutputTime, Side, SourceTime};
use stream::{
    Feed, FeedTaps, Metadata,
    air::{Destination, Tee},
};
use understanding::Understanding;

use super::{
    AirInput, Form, StudioCommand, StudioConfig,
    agenda::{Agenda, Appointment},
    crew::Crew,
    desk::Orders,
    event::{AirEvent, Metrics, Told, memory_mb, secs},
    lines::{LineClock, Placed, TimeCode},
    open::{SharedFeed, SharedTee, lock, open_crew, open_feed, open_pacer, open_tee},
    operate::{Operating, PackLoader, names},
    pace::{Pacer, Stages, moment},
    plan::{Job, Planned, Planner, Understood},
    show::{Guarded, StudioShow},
    sources::at,
    timecode::Clock,
};
use crate::{
    error::SessionError,
    live::{Event, EventKind, LEAD, LagLimits, Live, LocalMove, Output, Wants},
};

/// What a broadcast is asked for.
#[derive(Debug, Clone)]
pub struct AirConfig {
    /// Size, rate, form, avatar.
    pub studio: StudioConfig,
    /// How a studio's process is started.
    pub command: StudioCommand,
    /// Receivers of the picture, or of the fill.
    pub picture: Vec<Destination>,
    /// Receivers of the key; only with [`Form::Keyed`].
    pub key: Vec<Destination>,
    /// What the stream says about itself.
    pub metadata: Metadata,
    /// From input to output.
    pub delay: Flicks,
    /// From the moment of a frame until it leaves: what a slow moment may take unseen. Its time is the same.
    pub buffer: Duration,
    /// How long it lasts; without, until its sources have ended and all is signed.
    pub length: Option<Flicks>,
    /// Sources that will say that they end.
    pub sources: usize,
    /// The timecode of the input's zero, which is the output's, too: what comes in at a timecode goes out at that timecode +
    /// delay. Lines are placed by it; each picture of H.264 holds it, and so does the beginning of a file. Without one, that of
    /// a live feed's pictures from when they come.
    pub timecode: Option<TimeCode>,
    /// The programme that comes in, if there is one.
    pub feed: Option<AirFeed>,
    /// The side of the dominant hand.
    pub dominant: Side,
    /// Seed of blinks and breathing.
    pub seed: u64,
}

/// A programme that comes in.
#[derive(Debug, Clone)]
pub struct AirFeed {
    /// A file's path or an address.
    pub source: String,
    /// Whether its sound goes out, as late as its picture.
    pub sound: bool,
    /// Where its sound and its captions go at once, to be understood.
    pub taps: FeedTaps,
}

/// The stages in this process.
#[derive(Clone)]
pub struct AirStages {
    /// Text to sentences.
    pub understanding: Arc<Understanding>,
    /// Loads packs while on air, if an operator may.
    pub packs: Option<PackLoader>,
    /// The signer's body.
    pub body: Arc<Body>,
}

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AirRecord {
    /// Frames that were ordered: rate × time.
    pub frames: u64,
    /// Of those, how many left more than a frame late.
    pub late: u64,
    /// Frames that no studio made.
    pub lost: u64,
}

/// Sentences that may be understood and wait; more stay where they come from.
const AGENDA: usize = 256;
/// Without a line for so long, an operator hears of it.
const QUIET: Duration = Duration::from_secs(10);
/// From one report to the next.
const REPORT: Duration = Duration::from_secs(10);
/// Longest that the last frames may take.
const LAST_FRAMES: Duration = Duration::from_secs(20);

type Tell = Arc<dyn Fn(Told) + Send + Sync>;

/// Tells events with the time on the broadcast's clock.
#[derive(Clone)]
pub(super) struct Teller {
    pub(super) tell: Tell,
    pub(super) zero: Arc<OnceLock<Instant>>,
}

impl Teller {
    pub(super) fn say(&self, event: AirEvent) {
        let wall = self.zero.get().map_or(0.0, |zero| zero.elapsed().as_secs_f64());
        (self.tell)(Told { wall: (wall * 1e3).round() / 1e3, event });
    }
}

/// Broadcasts until it is told to stop, its length is over, or its sources have ended and all is signed.
///
/// Errors: what must be there before the first frame: a studio that opens, files and folders that can be written, a body
/// that can sign. What fails later is told, and the picture goes on.
pub fn broadcast(
    mut config: AirConfig,
    stages: AirStages,
    inputs: Receiver<AirInput>,
    orders: Orders,
    tell: Tell,
    stop: &AtomicBool,
) -> Result<AirRecord, SessionError> {
    let teller = Teller { tell, zero: Arc::new(OnceLock::new()) };
    let rate = config.studio.rate;
    if let Some(feed) = &config.feed {
        // Before a file is begun and studios are opened.
        Feed::check(&feed.source, feed.taps.captions.is_some())?;
    }
    let feed: SharedFeed = Arc::default();
    let tee = open_tee(&config, &teller)?;
    let openings = lock(&tee).as_ref().map(Tee::openings).unwrap_or_default();
    let clock = Clock::new(config.timecode);
    let pacer = Arc::new(open_pacer(&config, &teller, Arc::clone(&tee), &feed, clock.clone())?);
    let crew = Arc::new(open_crew(&config, &teller, &pacer)?);
    let motion = MotionConfig { rate, dominant: config.dominant, seed: config.seed, ..MotionConfig::default() };
    let behind = matches!(config.studio.form, Form::Inset { .. }).then(|| Arc::clone(&feed));
    let show = StudioShow { crew: Arc::clone(&crew), openings, next: 0, feed: behind, delay: config.delay };
    let live = Live::new(
        Box::new(Guarded(LocalMove::new(Arc::clone(&stages.body), motion)?)),
        Some(Box::new(show)),
        (stages.body, motion),
        Wants::default(),
        LagLimits::default(),
    )?;
    let operating = Operating::new(orders, stages.packs, names(&stages.understanding), teller.clone());
    let planner = Planner::start(stages.understanding).map_err(SessionError::Pipe)?;
    let mut run = Run {
        rate,
        delay: config.delay,
        planner,
        operating,
        agenda: Agenda::default(),
        inputs,
        lines: LineClock::new(config.timecode),
        clock: clock.clone(),
        pacer: Arc::clone(&pacer),
        stages: Stages::default(),
        teller: teller.clone(),
        due: HashMap::new(),
        open_sources: config.sources,
        heard: Instant::now(),
        listens: false,
        quiet: false,
        feed_ended: None,
    };
    let zero = Instant::now();
    let _ = teller.zero.set(zero);
    if let Some(coming) = config.feed.take() {
        let (opened, ended) = open_feed(coming, &config, zero, &teller, clock)?;
        run.feed_ended = Some(ended);
        let _ = feed.set(opened);
    }
    let size = config.studio.size;
    teller.say(AirEvent::OnAir { size, rate: rate.to_string(), delay: config.delay.as_secs() });
    let (frames, why) = run.run(live, zero, config.length, stop, &crew, &tee)?;
    let unmade = crew.finish(LAST_FRAMES) as u64;
    let left = pacer.finish();
    let lost = unmade + crew.backlog().1 + left.lost;
    let ended = lock(&tee).take().map(Tee::finish).unwrap_or_default();
    for error in ended {
        let message = error.to_string();
        teller.say(AirEvent::Session { kind: "warning", utterance: None, message });
    }
    teller.say(AirEvent::Ended { frames, late: left.late, lost, message: why.to_owned() });
    Ok(AirRecord { frames, late: left.late, lost })
}

struct Run {
    rate: FrameRate,
    delay: Flicks,
    planner: Planner,
    operating: Operating,
    agenda: Agenda<Planned>,
    inputs: Receiver<AirInput>,
    lines: LineClock,
    clock: Clock,
    pacer: Arc<Pacer>,
    /// What took time since the last report.
    stages: Stages,
    teller: Teller,
    /// When sentences that were taken were due, and what they say.
    due: HashMap<Arc<str>, (OutputTime, String)>,
    open_sources: usize,
    heard: Instant,
    /// Whether there is an input of lines, which can fall quiet.
    listens: bool,
    quiet: bool,
    /// Set when a programme has ended.
    feed_ended: Option<Arc<OnceLock<Instant>>>,
}

/// Frames that a length lasts.
fn frames_of(length: Flicks, rate: FrameRate) -> u64 {
    u64::try_from(length.0 / rate.flicks_per_frame().0).unwrap_or(0)
}

impl Run {
    fn run(
        &mut self,
        mut live: Live,
        zero: Instant,
        length: Option<Flicks>,
        stop: &AtomicBool,
        crew: &Crew,
        tee: &SharedTee,
    ) -> Result<(u64, &'static str), SessionError> {
        let last = length.map(|length| frames_of(length, self.rate));
        // A programme is read a little ahead of its clock, and goes out late.
        let after = Duration::from_secs_f64(self.delay.as_secs() + 1.0);
        let mut reported = Instant::now();
        let why = loop {
            if stop.load(Ordering::Relaxed) {
                break "it was told to stop";
            }
            if last.is_some_and(|last| live.frames() >= last) {
                break "its time is over";
            }
            // Late rather than without some of its frames: what is missed here is made up for later.
            let began = Instant::now();
            crew.wait_for_room();
            Stages::note(&mut self.stages.room, began.elapsed());
            let due = moment(zero, self.rate, live.frames());
            if let Some(early) = due.checked_duration_since(Instant::now()) {
                thread::sleep(early);
                Stages::note(&mut self.stages.wake, due.elapsed());
            }
            let began = Instant::now();
            let now = live.now();
            self.hear(now, &mut live);
            self.operating.follow(&mut live, &self.planner);
            self.take_planned(&mut live);
            while !live.is_held()
                && let Some(appointment) = self.agenda.next(now, LEAD, live.backlog())
            {
                let Planned { utterance, transcript, sentence, text } = appointment.what;
                self.due.insert(Arc::clone(&utterance), (appointment.due, text));
                live.take(&utterance, &transcript, vec![*sentence]);
            }
            let over = self.open_sources == 0
                && self.agenda.len() == 0
                && self.planner.pending() == 0
                && self.feed_ended.as_ref().is_none_or(|ended| ended.get().is_some_and(|at| at.elapsed() > after));
            if last.is_none() && over && live.is_idle() && !live.is_held() {
                break "all is signed";
            }
            Stages::note(&mut self.stages.inputs, began.elapsed());
            let began = Instant::now();
            // The show never fails: a studio that is lost is replaced behind its back.
            match live.tick() {
                Ok(outputs) => outputs.into_iter().for_each(|output| self.tell(output)),
                Err(error) => self.warn(error.to_string()),
            }
            Stages::note(&mut self.stages.motion, began.elapsed());
            self.operating.note(&live, self.agenda.len());
            if reported.elapsed() >= REPORT {
                reported = Instant::now();
                self.report(&live, crew, tee);
            }
        };
        let frames = live.frames();
        if let Ok(outputs) = live.finish() {
            outputs.into_iter().for_each(|output| self.tell(output));
        }
        Ok((frames, why))
    }

    fn warn(&self, message: String) {
        self.teller.say(AirEvent::Session { kind: "warning", utterance: None, message });
    }

    /// Takes what comes in, as long as there is room.
    fn hear(&mut self, now: OutputTime, live: &mut Live) {
        while self.agenda.len() < AGENDA && self.planner.has_room() {
            match self.inputs.try_recv() {
                Ok(input) => self.obey(input, SourceTime(now.0), live),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.open_sources = 0;
                    break;
                }
            }
        }
        if self.listens && !self.quiet && self.heard.elapsed() > QUIET {
            self.quiet = true;
            let message = format!("nothing for {} s; the signer idles", QUIET.as_secs());
            self.note("lines", "quiet", message);
        }
    }

    fn note(&self, source: &str, state: &'static str, message: String) {
        self.teller.say(AirEvent::Input { source: source.to_owned(), state, message });
    }

    fn obey(&mut self, input: AirInput, now: SourceTime, live: &mut Live) {
        match input {
            AirInput::Script(script) => self.planner.ask(Job::Script(script)),
            AirInput::Text(transcript) => self.planner.ask(Job::Text(transcript)),
            AirInput::Heard(transcript) if transcript.stable => self.planner.ask(Job::Timed(transcript)),
            AirInput::Heard(transcript) => live.hear(&"heard".into(), &transcript),
            AirInput::Line { source, transcript, code } => {
                if std::mem::take(&mut self.quiet) {
                    self.note(&source, "back", format!("after {:.0} s", self.heard.elapsed().as_secs_f64()));
                }
                (self.heard, self.listens) = (Instant::now(), true);
                if let Some(zero) = self.clock.zero() {
                    self.lines.set(zero);
                }
                let start = match code.map(|code| self.lines.place(code, now)) {
                    None => now,
                    Some(Placed::At(start)) if start + self.delay < now => {
                        let late = (now - (start + self.delay)).as_secs();
                        self.note(
                            &source,
                            "late",
                            format!("a line came {late:.1} s after it was due: it is signed now"),
                        );
                        start
                    }
                    Some(Placed::At(start)) => start,
                    Some(Placed::Jumped(away)) => {
                        let message = format!("its timecode jumped by {:+.1} s: it is taken as now", away.as_secs());
                        self.note(&source, "jump", message);
                        now
                    }
                };
                let start = start.max(SourceTime(Flicks(1)));
                self.planner.ask(Job::Timed(at(transcript, start, start)));
            }
            AirInput::Note { source, state, message } => {
                self.listens |= state == "open";
                self.note(&source, state, message);
            }
            AirInput::End { source } => {
                self.open_sources = self.open_sources.saturating_sub(1);
                self.listens = self.listens && self.open_sources > 0;
                self.note(&source, "ended", "nothing more comes from it".to_owned());
            }
        }
    }

    fn take_planned(&mut self, live: &mut Live) {
        for understood in self.planner.planned() {
            match understood {
                Understood::Plan(Ok(appointments)) => {
                    for mut appointment in appointments {
                        appointment.due = OutputTime(appointment.due.0 + self.delay);
                        self.agenda.put(appointment);
                    }
                }
                Understood::Plan(Err(message)) => {
                    self.teller.say(AirEvent::Session { kind: "omitted", utterance: None, message });
                }
                Understood::Instead(call, plan) => {
                    let done =
                        plan.and_then(|plan| self.sign_instead(plan, live).ok_or("nothing in it is signed".into()));
                    self.operating.answer(call, done);
                }
            }
        }
    }

    /// Signs an operator's text at once; gives what was done, or nothing if there is nothing to sign.
    fn sign_instead(&mut self, plan: Vec<Appointment<Planned>>, live: &mut Live) -> Option<String> {
        let mut plan = plan.into_iter().map(|appointment| appointment.what);
        let first = plan.next()?;
        let text = first.transcript.text.clone();
        let (utterance, transcript) = (Arc::clone(&first.utterance), first.transcript.clone());
        self.due.insert(Arc::clone(&utterance), (live.now(), first.text));
        let sentences = std::iter::once(first.sentence).chain(plan.map(|planned| planned.sentence)).map(|it| *it);
        Some(match live.sign_instead(&utterance, &transcript, sentences.collect()) {
            Some(left_out) => format!("“{text}” instead of “{left_out}”"),
            None => format!("“{text}”, as nothing was being signed"),
        })
    }

    fn tell(&mut self, output: Output) {
        let Output::Event(Event { kind, time, utterance, message }) = output else { return };
        let utterance = utterance.as_ref();
        let kind = match kind {
            EventKind::UtteranceStarted => {
                if let Some((name, (due, text))) = utterance.and_then(|name| self.due.remove_entry(name)) {
                    let event = AirEvent::Signing { utterance: name.to_string(), text, due: secs(due), at: secs(time) };
                    self.teller.say(event);
                }
                return;
            }
            EventKind::UtteranceFinished => {
                utterance.map(|name| self.due.remove(name));
                return;
            }
            EventKind::Flushed => return,
            EventKind::Overloaded => "overloaded",
            EventKind::Fallback => "fallback",
            EventKind::Recovered => "recovered",
            EventKind::Omitted => "omitted",
            EventKind::Interrupted => "interrupted",
            EventKind::Warning => "warning",
            EventKind::Ordered => "ordered",
        };
        self.teller.say(AirEvent::Session { kind, utterance: utterance.map(ToString::to_string), message });
    }

    fn report(&mut self, live: &Live, crew: &Crew, tee: &SharedTee) {
        let (in_flight, given_up) = crew.backlog();
        let left = self.pacer.report();
        let mut stages = std::mem::take(&mut self.stages);
        Stages::note(&mut stages.made, left.made);
        let receivers = lock(tee).as_ref().map(Tee::stats).unwrap_or_default();
        self.teller.say(AirEvent::Metrics(Box::new(Metrics {
            frames: live.frames(),
            late: left.late,
            worst_late_ms: (left.worst.as_secs_f64() * 1e5).round() / 100.0,
            worst_ms: stages,
            in_flight,
            lost: given_up + left.lost,
            repeated: crew.repeated(),
            signs_waiting: live.backlog(),
            sentences_waiting: self.agenda.len(),
            held: live.is_held(),
            orders: self.operating.counts(),
            memory_mb: memory_mb().round(),
            receivers: receivers.into_iter().map(Metrics::receiver).collect(),
        })));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_rate_times_time() {
        let ntsc = FrameRate::new(30_000, 1_001).unwrap();
        for (secs, rate, expected) in [(600.0, FrameRate::PAL, 15_000), (1.0, ntsc, 29), (1_001.0, ntsc, 30_000)] {
            assert_eq!(frames_of(Flicks::from_secs(secs), rate), expected, "{secs} s at {rate}");
        }
    }
}
