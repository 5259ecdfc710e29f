//! `shouyu demo --window`: the signer in a window of the desktop. Lines of standard input are signed; keys give orders.

use std::{
    io::{self, BufRead as _},
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use ::lexicon::Lexicon;
use anyhow::bail;
use avatar::{
    RendererConfig,
    window::{self, Key, Stay},
};
use body::Body;
use motion::MotionConfig;
use session::live::{
    Event, EventKind, Input, Interpret, LagLimits, Live, LocalInterpret, LocalMove, Order, Output, Pace, RunConfig,
    RunEnd, StageError, Wants, Watch, WindowShow, WindowStatus, start,
};
use signing::{FrameRate, SignSentence, Transcript};
use understanding::Understanding;

use crate::{
    args::DemoArguments,
    gloss::{with_abuse, with_glm},
};

/// Outputs that may wait for the thread that prints them, in outputs.
const OUTPUTS: usize = 256;
/// Pictures that may wait for the window; more are missed by it.
const PICTURES: usize = 2;
/// A day: nobody ends a window but its user.
const LONG: Duration = Duration::from_secs(24 * 3_600);
/// What the window says of its keys.
const KEYS: [&str; 6] = ["空格 暂停", "S 跳过", "R 重复", "X 替换", "P 词包", "Q 关闭"];
/// Longest message in the window, characters.
const SHOWN: usize = 32;

/// Shows the window until it is closed.
pub(crate) fn run(arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    let understanding = Shared::new(understanding(arguments, &arguments.packs)?);
    let avatar = match &arguments.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    let body = Arc::new(Body::read(&avatar)?);
    let status = WindowStatus::default();
    status.set_keys(KEYS.map(str::to_owned).to_vec());
    let (pictures, shown) = sync_channel(PICTURES);
    let (outputs, told) = sync_channel(OUTPUTS);
    let config = RunConfig { pace: Pace::RealTime, outputs: OUTPUTS, grace: LONG, silence: LONG, length: LONG };
    let (of_show, size) = (status.clone(), arguments.size);
    let open = move || {
        let lost = |error: session::SessionError| StageError::Lost { stage: "render", reason: error.to_string() };
        let refused = |error: motion::MotionError| StageError::Refused { stage: "motion", reason: error.to_string() };
        let show = WindowShow::open(RendererConfig::new(size, avatar), of_show, pictures).map_err(lost)?;
        let motion = MotionConfig { rate: FrameRate::PAL, ..MotionConfig::default() };
        let mover = Box::new(LocalMove::new(Arc::clone(&body), motion).map_err(refused)?);
        let show = Some(Box::new(show) as Box<dyn session::live::Show>);
        Live::new(mover, show, (body, motion), Wants::default(), LagLimits::default()).map_err(refused)
    };
    let handle = start("window", config, Box::new(understanding.clone()), open, outputs, Arc::new(Unwatched))?;
    let of_told = status.clone();
    thread::Builder::new().name("events".to_owned()).spawn(move || tell(&told, &of_told))?;
    let desk = Desk { inputs: handle.inputs(), status, replaces: Arc::default(), said: Arc::default() };
    let reading = desk.clone();
    thread::Builder::new().name("lines".to_owned()).spawn(move || reading.read_lines())?;
    let packs = PackLoading { arguments: arguments.clone(), understanding, busy: Arc::default() };
    let mut held = false;
    window::show("手语 Shouyu", size, shown, move |key| desk.press(&key, &mut held, &packs))?;
    handle.stop();
    match handle.join() {
        RunEnd::Lost(error) if !matches!(error, StageError::Refused { stage: "window", .. }) => bail!(error),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn understanding(arguments: &DemoArguments, packs: &[PathBuf]) -> anyhow::Result<Understanding> {
    with_abuse(with_glm(Understanding::new(Lexicon::core_with(packs)?), &arguments.glm)?, &arguments.abuse)
}

struct Unwatched;

impl Watch for Unwatched {
    fn tick(&self, _: Duration, _: Duration) {}
    fn understood(&self, _: Duration) {}
}

/// Understanding that can be exchanged while it is in use.
#[derive(Clone)]
struct Shared {
    newest: Arc<Mutex<Arc<Understanding>>>,
    inner: LocalInterpret,
}

impl Shared {
    fn new(understanding: Understanding) -> Self {
        let understanding = Arc::new(understanding);
        Self { newest: Arc::new(Mutex::new(Arc::clone(&understanding))), inner: LocalInterpret::new(understanding) }
    }

    fn set(&self, understanding: Understanding) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(understanding);
    }
}

impl Interpret for Shared {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        let newest = Arc::clone(&self.newest.lock().unwrap_or_else(PoisonError::into_inner));
        self.inner.exchange(newest);
        self.inner.interpret(transcript)
    }
}

/// As much of a message as fits into the window.
fn shortened(message: &str) -> String {
    message.chars().take(SHOWN).collect()
}

/// Prints events, and shows the last one.
fn tell(told: &Receiver<Output>, status: &WindowStatus) {
    for output in told {
        let Output::Event(Event { kind, message, .. }) = output else { continue };
        if matches!(kind, EventKind::UtteranceStarted | EventKind::UtteranceFinished | EventKind::Flushed) {
            continue;
        }
        eprintln!("{message}");
        status.say(shortened(&message));
    }
}

/// Where lines and keys become inputs.
#[derive(Clone)]
struct Desk {
    inputs: SyncSender<Input>,
    status: WindowStatus,
    /// The next line replaces what is being signed.
    replaces: Arc<AtomicBool>,
    said: Arc<AtomicU64>,
}

impl Desk {
    fn read_lines(&self) {
        for line in io::stdin().lock().lines() {
            let line = match line {
                Ok(line) => line,
                Err(error) => {
                    eprintln!("warning: a line of standard input can't be read: {error}; it is left out");
                    continue;
                }
            };
            if !line.trim().is_empty() && !self.say(line.trim()) {
                return;
            }
        }
    }

    /// False when the window is closed.
    fn say(&self, text: &str) -> bool {
        let number = self.said.fetch_add(1, Ordering::Relaxed) + 1;
        let utterance: Arc<str> = format!("w{number}").into();
        let language = if text.is_ascii() { "en" } else { "zh" };
        let transcript = Transcript::plain(text, language);
        let input = if self.replaces.swap(false, Ordering::Relaxed) {
            Input::SignInstead { utterance, transcript }
        } else {
            Input::Say { utterance, transcript }
        };
        self.inputs.send(input).is_ok()
    }

    fn press(&self, key: &Key, held: &mut bool, packs: &PackLoading) -> Stay {
        let order = match key {
            Key::Escape => return Stay::Close,
            Key::Space => {
                *held = !*held;
                if *held { Order::Hold } else { Order::Resume }
            }
            Key::Character(text) => match text.as_str() {
                "q" => return Stay::Close,
                "s" => Order::Skip,
                "r" => Order::Repeat,
                "x" => {
                    self.replaces.store(true, Ordering::Relaxed);
                    self.show("下一行代替正在打的句子 / next line replaces");
                    return Stay::Open;
                }
                "p" => {
                    packs.load(self);
                    return Stay::Open;
                }
                _ => return Stay::Open,
            },
        };
        if self.inputs.try_send(Input::Order(order)).is_err() {
            self.show("too much comes at once: press it again");
        }
        Stay::Open
    }

    fn show(&self, message: &str) {
        self.status.say(shortened(message));
    }
}

/// Loads term packs on a thread of its own.
struct PackLoading {
    arguments: DemoArguments,
    understanding: Shared,
    busy: Arc<AtomicBool>,
}

impl PackLoading {
    fn load(&self, desk: &Desk) {
        if self.arguments.term_packs.is_empty() {
            return desk.show("no pack to load: start it with --term-pack DIR");
        }
        if self.busy.swap(true, Ordering::Relaxed) {
            return desk.show("the packs are being loaded");
        }
        let (arguments, understanding_of, busy) =
            (self.arguments.clone(), self.understanding.clone(), Arc::clone(&self.busy));
        let inputs = desk.inputs.clone();
        let load = move || {
            let packs: Vec<PathBuf> = arguments.packs.iter().chain(&arguments.term_packs).cloned().collect();
            let message = match understanding(&arguments, &packs) {
                Ok(loaded) => {
                    let names: Vec<String> = loaded.lexicon().packs().iter().map(|pack| pack.name.clone()).collect();
                    understanding_of.set(loaded);
                    format!("load_pack: {} are loaded", names.join(", "))
                }
                Err(error) => format!("load_pack: not followed: {error}"),
            };
            busy.store(false, Ordering::Relaxed);
            // A window that is closed needs no pack.
            let _ = inputs.send(Input::Tell { kind: EventKind::Ordered, message });
        };
        if let Err(error) = thread::Builder::new().name("pack".to_owned()).spawn(load) {
            self.busy.store(false, Ordering::Relaxed);
            desk.show(&error.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> (Desk, Receiver<Input>) {
        let (inputs, inbox) = sync_channel(8);
        (Desk { inputs, status: WindowStatus::default(), replaces: Arc::default(), said: Arc::default() }, inbox)
    }

    #[test]
    fn lines_are_said_and_the_one_after_x_replaces() {
        let (desk, inbox) = desk();
        assert!(desk.say("你好"));
        desk.replaces.store(true, Ordering::Relaxed);
        assert!(desk.say("hello") && desk.say("再见"));
        let found: Vec<Input> = inbox.try_iter().collect();
        let (name, plain) = (|name: &str| Arc::<str>::from(name), Transcript::plain);
        assert_eq!(
            found,
            [
                Input::Say { utterance: name("w1"), transcript: plain("你好", "zh") },
                Input::SignInstead { utterance: name("w2"), transcript: plain("hello", "en") },
                Input::Say { utterance: name("w3"), transcript: plain("再见", "zh") },
            ]
        );
        drop(inbox);
        assert!(!desk.say("谁"));
    }
}
