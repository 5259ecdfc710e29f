use signing::{Flicks, SourceTime, Transcript};
use understanding::LEFT_OUT;

use super::*;

mod corrections;
mod orders;
mod trace;

/// Motion that can be lost and found: the real signer behind a switch.
struct Switched {
    inner: LocalMove,
    on: Arc<std::sync::atomic::AtomicBool>,
}

impl Switched {
    fn check(&self) -> Result<(), StageError> {
        let lost = StageError::Lost { stage: "motion", reason: "switched off".to_owned() };
        if self.on.load(std::sync::atomic::Ordering::Relaxed) { Ok(()) } else { Err(lost) }
    }
}

impl Move for Switched {
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError> {
        self.check()?;
        self.inner.push(sentence)
    }
    fn step(&mut self) -> Result<Moved, StageError> {
        self.check()?;
        self.inner.step()
    }
    fn interrupt(&mut self) -> Result<(), StageError> {
        self.check()?;
        self.inner.interrupt()
    }
    fn revive(&mut self) -> Result<(), StageError> {
        self.check()?;
        self.inner.revive()
    }
}

struct Bench {
    live: Live,
    understanding: understanding::Understanding,
    on: Arc<std::sync::atomic::AtomicBool>,
    poses: Vec<PoseFrame>,
    events: Vec<Event>,
}

impl Bench {
    fn new() -> Self {
        let body = Arc::new(Body::read(&body::default_avatar_path().unwrap()).unwrap());
        let on = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let config = MotionConfig::default();
        let inner = LocalMove::new(Arc::clone(&body), config).unwrap();
        let mover = Box::new(Switched { inner, on: Arc::clone(&on) });
        let wants = Wants { transcripts: false, sentences: false, poses: true };
        let live = Live::new(mover, None, (body, config), wants, LagLimits::default()).unwrap();
        let understanding = understanding::Understanding::new(lexicon::Lexicon::core().unwrap());
        Self { live, understanding, on, poses: Vec::new(), events: Vec::new() }
    }

    fn sentences(&self, text: &str, at: i64) -> (Transcript, Vec<SignSentence>) {
        let mut transcript = Transcript::plain(text, "zh");
        transcript.end = SourceTime(Flicks::from_millis(at));
        transcript.start = transcript.end;
        let found = match self.live.room(&transcript) {
            #[expect(clippy::cast_possible_truncation, reason = "a small count")]
            Some(signs) => self.understanding.interpret_within(&transcript, signs as f32),
            None => self.understanding.interpret(&transcript),
        };
        (transcript, found.unwrap().sentences)
    }

    fn say(&mut self, name: &str, text: &str, at: i64) {
        let (transcript, sentences) = self.sentences(text, at);
        self.live.take(&name.into(), &transcript, sentences);
    }

    fn tick(&mut self, frames: u64) {
        for _ in 0..frames {
            for output in self.live.tick().unwrap() {
                match output {
                    Output::Pose(pose) => self.poses.push(*pose),
                    Output::Event(event) => self.events.push(event),
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    fn kinds(&self) -> Vec<(EventKind, &str)> {
        self.events.iter().map(|event| (event.kind, event.utterance.as_deref().unwrap_or(""))).collect()
    }

    fn check_clock(&self) {
        for (index, pose) in self.poses.iter().enumerate() {
            assert_eq!(pose.time, FrameRate::PAL.time_of(index as u64));
            assert!(pose.rotations.iter().all(|rotation| rotation.is_normalized()));
        }
        for (frame, pair) in self.poses.windows(2).enumerate() {
            let turns = pair[0].rotations.iter().zip(&pair[1].rotations).map(|(a, b)| a.angle_between(*b));
            for (bone, turn) in turns.enumerate() {
                assert!(turn < 1.3, "bone {bone} jumps by {turn} rad behind frame {frame}");
            }
        }
    }
}

#[test]
fn utterances_start_and_finish_in_order_and_the_stream_never_stops() {
    use EventKind::{Flushed, UtteranceFinished, UtteranceStarted};
    let mut bench = Bench::new();
    bench.tick(20);
    bench.say("a", "我去北京。", 0);
    bench.say("b", "你好。", 0);
    bench.live.flush();
    bench.tick(400);
    let expected = [
        (UtteranceStarted, "a"),
        (UtteranceFinished, "a"),
        (UtteranceStarted, "b"),
        (UtteranceFinished, "b"),
        (Flushed, ""),
    ];
    assert_eq!(bench.kinds(), expected);
    assert_eq!(bench.poses.len(), 420);
    bench.check_clock();
    assert!(bench.live.is_idle());
}

#[test]
fn lost_motion_idles_and_what_was_not_begun_is_signed_when_it_is_back() {
    let mut bench = Bench::new();
    bench.say("a", "我去北京。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.tick(15);
    bench.on.store(false, std::sync::atomic::Ordering::Relaxed);
    bench.tick(60);
    bench.on.store(true, std::sync::atomic::Ordering::Relaxed);
    bench.tick(400);
    let kinds = bench.kinds();
    for expected in [
        (EventKind::Fallback, ""),
        (EventKind::Omitted, "a"),
        (EventKind::Recovered, ""),
        (EventKind::UtteranceStarted, "b"),
        (EventKind::UtteranceFinished, "b"),
    ] {
        assert!(kinds.contains(&expected), "{expected:?}: {kinds:?}");
    }
    assert_eq!(bench.poses.len(), 475);
    bench.check_clock();
}

#[test]
fn an_interrupt_drops_what_waits_and_says_so() {
    let mut bench = Bench::new();
    bench.say("a", "我去北京。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.tick(20);
    bench.live.interrupt(["c".into()]);
    bench.tick(80);
    assert!(bench.live.is_idle());
    let told = bench.events.iter().find(|event| event.kind == EventKind::Interrupted).unwrap();
    assert!(told.message.ends_with("a, b, c"), "{told:?}");
    let kinds = bench.kinds();
    assert!(kinds.contains(&(EventKind::Interrupted, "")), "{kinds:?}");
    assert!(!kinds.contains(&(EventKind::UtteranceStarted, "b")), "{kinds:?}");
    bench.check_clock();
}

#[test]
fn what_was_said_at_a_moment_does_not_fall_behind_and_each_omission_is_listed() {
    let mut bench = Bench::new();
    let text = "北京今天有雪，冰壶比赛下午三点开始。";
    for index in 0..20 {
        bench.say(&format!("u{index}"), text, 1 + index * 2_000);
        bench.tick(50);
    }
    bench.tick(200);
    assert!(bench.live.is_idle(), "{} signs wait", bench.live.backlog());
    let omitted = bench.events.iter().filter(|event| event.kind == EventKind::Omitted).count();
    let finished = bench.events.iter().filter(|event| event.kind == EventKind::UtteranceFinished).count();
    assert!(omitted > 0, "twice what can be signed was said");
    assert_eq!(finished, 20);
    let why = |it: &Event| it.message.starts_with("captioned") || it.message.contains(LEFT_OUT);
    assert!(bench.events.iter().filter(|it| it.kind == EventKind::Omitted).all(why));
    bench.check_clock();
}

#[test]
fn an_utterance_whose_last_sentence_is_captioned_is_over_when_the_one_before_is() {
    use EventKind::{Omitted, UtteranceFinished, UtteranceStarted};
    let mut bench = Bench::new();
    let text = "老师和学生昨天下午三点坐火车去北京的学校看比赛。妈妈明天早上和医生去医院看爸爸。";
    let mut transcript = Transcript::plain(text, "zh");
    transcript.end = SourceTime(Flicks::from_millis(1));
    let sentences = bench.understanding.interpret(&transcript).unwrap().sentences;
    assert_eq!(sentences.len(), 2);
    bench.live.take(&"a".into(), &transcript, sentences);
    bench.tick(500);
    assert!(bench.live.is_idle());
    assert_eq!(bench.kinds(), [(UtteranceStarted, "a"), (Omitted, "a"), (UtteranceFinished, "a")]);
    let [started, omitted, finished] = [0, 1, 2].map(|index: usize| bench.events[index].time.as_secs());
    assert!(finished - started > 3.0, "the first is signed from {started} to {finished} s, {omitted} s");
}

/// How a signer follows a reader.
struct Followed {
    /// From when a piece was said to the end of its signs, seconds; sorted.
    lags: Vec<f64>,
    /// The most signs that begin within two seconds.
    peak: usize,
}

/// Ten minutes of a reader at 280 characters a minute, whose text comes in `pieces`.
fn follow<'t>(pieces: impl Iterator<Item = &'t str> + Clone) -> Followed {
    let mut bench = Bench::new();
    let (mut spoken, mut said, mut starts, mut before) = (0.0, Vec::new(), Vec::new(), None);
    let mut left_out = 0;
    for (index, text) in pieces.cycle().enumerate() {
        spoken += text.chars().count() as f64 * 60.0 / 280.0;
        if spoken > 600.0 {
            break;
        }
        while bench.live.now().as_secs() < spoken {
            bench.tick(1);
            let signing = bench.live.signing().map(|it| (it.utterance.clone(), it.token));
            if signing.is_some() && signing != before {
                starts.push(bench.live.frames());
            }
            before = signing;
        }
        #[expect(clippy::cast_possible_truncation, reason = "some minutes")]
        let (transcript, sentences) = bench.sentences(text, (spoken * 1e3) as i64);
        let dropped = sentences.iter().flat_map(|sentence| &sentence.dropped);
        left_out += dropped.filter(|dropped| dropped.reason.starts_with(LEFT_OUT)).count();
        bench.live.take(&format!("u{index}").into(), &transcript, sentences);
        said.push(spoken);
    }
    bench.tick(200);
    assert!(bench.live.is_idle(), "{} signs wait", bench.live.backlog());
    let finished = bench.events.iter().filter(|event| event.kind == EventKind::UtteranceFinished);
    let mut lags: Vec<f64> = finished.zip(&said).map(|(event, said)| event.time.as_secs() - said).collect();
    assert_eq!(lags.len(), said.len());
    lags.sort_by(f64::total_cmp);
    let within = |from: u64| starts.iter().filter(|&&it| (from..from + 50).contains(&it)).count();
    let peak = starts.iter().map(|&from| within(from)).max().unwrap();
    let told = bench.events.iter().filter(|event| event.message.contains(LEFT_OUT)).count();
    assert_eq!(told, left_out);
    bench.check_clock();
    Followed { lags, peak }
}

#[test]
fn a_signer_keeps_up_with_a_reader_and_never_signs_faster_than_can_be_read() {
    let text = include_str!("news.txt");
    let sentences = follow(text.lines());
    // As a recogniser hands text on while it listens.
    let clauses = follow(text.lines().flat_map(|line| line.split_inclusive(['，', '；', '：'])));
    for (name, Followed { lags, peak }) in [("sentences", sentences), ("clauses", clauses)] {
        let p95 = lags[lags.len() * 95 / 100];
        assert!(p95 <= 6.0, "{name}: {p95} s");
        assert!(peak <= 5, "{name}: {peak} signs in two seconds");
    }
}

#[test]
fn a_script_is_signed_whole() {
    let mut bench = Bench::new();
    for index in 0..4 {
        bench.say(&format!("u{index}"), "北京今天有雪，冰壶比赛下午三点开始。", 0);
    }
    bench.tick(1_500);
    assert!(bench.live.is_idle());
    assert!(bench.events.iter().all(|event| event.kind != EventKind::Omitted), "{:?}", bench.events);
}

#[test]
fn too_much_is_refused() {
    let mut bench = Bench::new();
    let text = "北京今天有雪，冰壶比赛下午三点开始。".repeat(200);
    bench.say("a", &text, 0);
    for name in ["b", "c", "d", "e"] {
        bench.say(name, &text, 0);
    }
    bench.tick(1);
    assert!(bench.kinds().iter().any(|(kind, _)| *kind == EventKind::Overloaded), "{:?}", bench.kinds());
    assert!(bench.live.backlog() <= MAX_WAITING);
}

#[test]
fn sentences_with_times_begin_at_them_and_what_is_said_meanwhile_does_not_wait() {
    let mut bench = Bench::new();
    let at = |secs: f64| signing::OutputTime(Flicks::from_secs(secs));
    for (name, text, secs) in [("late", "他喜欢下雪。", 12.0), ("early", "我去北京。", 4.0)] {
        let (_, sentences) = bench.sentences(text, 0);
        bench.live.sign_at(&name.into(), sentences, &[at(secs)]);
    }
    bench.say("now", "你好。", 0);
    bench.live.flush();
    bench.tick(25 * 20);
    let begun: Vec<(&str, f64)> = bench
        .events
        .iter()
        .filter(|event| event.kind == EventKind::UtteranceStarted)
        .map(|event| (event.utterance.as_deref().unwrap(), event.time.as_secs()))
        .collect();
    let names: Vec<&str> = begun.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["now", "early", "late"]);
    for ((name, found), expected) in begun.iter().zip([0.0, 4.0, 12.0]).skip(1) {
        assert!((found - expected).abs() < 0.5, "{name} at {found} s, due at {expected} s");
    }
    assert_eq!(bench.kinds().last(), Some(&(EventKind::Flushed, "")), "a flush waits for what has a time");
    assert!(bench.live.is_idle());
    bench.check_clock();
}

#[test]
fn an_interrupt_drops_what_has_a_time_too() {
    let mut bench = Bench::new();
    let (_, sentences) = bench.sentences("他喜欢下雪。", 0);
    bench.live.sign_at(&"late".into(), sentences, &[signing::OutputTime(Flicks::from_secs(5.0))]);
    assert!(!bench.live.is_idle());
    bench.live.interrupt([]);
    bench.tick(1);
    assert!(bench.events[0].message.contains("late"), "{:?}", bench.events);
    assert!(bench.live.is_idle());
}
