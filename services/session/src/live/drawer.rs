//! A renderer in a process of its own, so that a fault of a driver does not end whoever shows its pictures.
//!
//! Poses go there over a pipe, and each is answered by the pictures that are finished. One process stands by, for
//! whichever session begins or loses its renderer next.

use std::{
    io::{self, BufReader, BufWriter, Read, Write},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use avatar::{AvatarError, Background, Renderer, RendererConfig};
use serde::{Deserialize, Serialize};
use signing::{Flicks, OutputTime, PoseFrame, VideoFrame};

use super::{Angle, pictures::Drawer};
use crate::{
    SessionError,
    child::KeptChild,
    pipe::{Cursor, invalid, pose_bytes, pose_from, receive, send},
};

/// Longest that a process may take to open.
const OPENING: Duration = Duration::from_secs(60);
/// Longest that it may take for an answer.
const STUCK: Duration = Duration::from_secs(3);
/// How often it is looked whether a process that has not answered yet has ended.
const LOOK: Duration = Duration::from_millis(50);
/// Answers that wait to be taken, in pictures; when full the process waits.
const ANSWERS: usize = 4;
/// The session that took the spare begins before another one is opened: both need the processor.
const AFTER: Duration = Duration::from_secs(2);

/// How the process of a renderer is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawerCommand {
    /// The program.
    pub program: PathBuf,
    /// What it is told, so that it calls [`draw`].
    pub arguments: Vec<String>,
}

/// What a renderer elsewhere draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Scene {
    size: (u32, u32),
    /// sRGB.
    background: [u8; 3],
    avatar: PathBuf,
}

/// To the process.
const CONFIG: u8 = 0;
const POSE: u8 = 1;
const FLUSH: u8 = 2;
/// From the process.
const READY: u8 = 0;
const PICTURE: u8 = 1;
/// All pictures of an answer have come.
const DONE: u8 = 2;
const FAILED: u8 = 3;

/// Draws until `orders` ends: reads what to draw, then poses; writes pictures.
///
/// Errors: whatever the renderer lacks; it has then been said to whoever asked, too.
pub fn draw(mut orders: impl Read, mut results: impl Write) -> Result<(), SessionError> {
    let told = serve(&mut orders, &mut results);
    if let Err(error) = &told {
        // One that is gone hears nothing.
        let _ = send(&mut results, FAILED, &[error.to_string().as_bytes()]);
    }
    told
}

fn serve(orders: &mut impl Read, results: &mut impl Write) -> Result<(), SessionError> {
    let Some((CONFIG, scene)) = receive(orders).map_err(SessionError::Pipe)? else { return Ok(()) };
    let scene: Scene = serde_json::from_slice(&scene).map_err(|error| SessionError::Pipe(error.into()))?;
    let mut renderer = Renderer::start(RendererConfig {
        background: Background::Color(scene.background),
        ..RendererConfig::new(scene.size, scene.avatar)
    })?;
    send(results, READY, &[]).map_err(SessionError::Pipe)?;
    while let Some((kind, order)) = receive(orders).map_err(SessionError::Pipe)? {
        let frames = match kind {
            POSE => {
                let mut cursor = Cursor(&order);
                let angle = cursor.byte().map_err(SessionError::Pipe)?;
                let pose = pose_from(&mut cursor).map_err(SessionError::Pipe)?;
                Drawer::draw(&mut renderer, &pose, Angle::of(angle))?
            }
            FLUSH => Drawer::flush(&mut renderer)?,
            _ => return Err(SessionError::Pipe(invalid("an unknown kind of message"))),
        };
        for frame in frames {
            let time = frame.time().0.0.to_le_bytes();
            send(results, PICTURE, &[frame.rgba(), &time]).map_err(SessionError::Pipe)?;
        }
        send(results, DONE, &[]).map_err(SessionError::Pipe)?;
    }
    Ok(())
}

/// Opens renderers in processes of their own, and keeps one that stands by.
#[derive(Debug)]
pub struct Drawers {
    command: DrawerCommand,
    spare: Mutex<Option<(Scene, Process)>>,
    stocking: AtomicBool,
}

impl Drawers {
    /// None is open yet.
    pub fn new(command: DrawerCommand) -> Arc<Self> {
        Arc::new(Self { command, spare: Mutex::new(None), stocking: AtomicBool::new(false) })
    }

    /// Opens one that stands by, meanwhile.
    pub fn stand_by(self: &Arc<Self>, size: (u32, u32), background: [u8; 3], avatar: PathBuf) {
        self.stock(Scene { size, background, avatar }, Duration::ZERO);
    }

    /// The one that stands by, or another.
    pub(super) fn take(self: &Arc<Self>, config: &RendererConfig) -> Result<Box<dyn Drawer>, AvatarError> {
        let Background::Color(background) = config.background else {
            return Err(failed("a renderer in another process draws on a colour"));
        };
        let scene = Scene { size: config.size, background, avatar: config.avatar.clone() };
        let spare = self.spare().take().filter(|(of, _)| *of == scene).and_then(|(_, process)| process.alive());
        self.stock(scene.clone(), AFTER);
        Ok(Box::new(match spare {
            Some(process) => process,
            None => Process::start(&self.command, &scene)?,
        }))
    }

    fn spare(&self) -> MutexGuard<'_, Option<(Scene, Process)>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens another one that stands by, on a thread of its own, if there is none.
    fn stock(self: &Arc<Self>, scene: Scene, after: Duration) {
        if self.stocking.swap(true, Ordering::AcqRel) {
            return;
        }
        // Whoever keeps the spare may be gone before it is open.
        let (keeper, command) = (Arc::downgrade(self), self.command.clone());
        let started = thread::Builder::new().name("spare".to_owned()).spawn(move || {
            thread::sleep(after);
            let opened = Process::start(&command, &scene);
            let Some(keeper) = keeper.upgrade() else { return };
            keeper.stocking.store(false, Ordering::Release);
            match opened {
                Ok(process) => *keeper.spare() = Some((scene, process)),
                Err(error) => tracing::warn!(%error, "no renderer stands by"),
            }
        });
        if let Err(error) = started {
            self.stocking.store(false, Ordering::Release);
            tracing::warn!(%error, "no thread to open a renderer that stands by");
        }
    }
}

/// A process that draws; it ends with this.
#[derive(Debug)]
struct Process {
    child: KeptChild,
    orders: BufWriter<ChildStdin>,
    answers: Receiver<io::Result<(u8, Vec<u8>)>>,
    size: (u32, u32),
}

fn failed(reason: impl ToString) -> AvatarError {
    AvatarError::Draw { reason: reason.to_string() }
}

impl Process {
    /// Starts a process and waits until it is ready.
    fn start(command: &DrawerCommand, scene: &Scene) -> Result<Self, AvatarError> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Mesa's device chooser would complain, on standard error, that there is no desktop.
            .env("NODEVICE_SELECT", "1")
            // What a terminal sends to the program is not meant for its renderers.
            .process_group(0)
            .spawn()
            .map_err(|error| failed(format!("{}: {error}", command.program.display())))?;
        let (outbox, answers) = sync_channel(ANSWERS);
        let (Some(orders), Some(results)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("its pipes are missing"));
        };
        let child = KeptChild::new(child);
        let mut this = Self { child, orders: BufWriter::new(orders), answers, size: scene.size };
        let read = move || {
            let mut results = BufReader::new(results);
            while let Some(answer) = receive(&mut results).transpose() {
                let over = answer.is_err();
                if outbox.send(answer).is_err() || over {
                    return;
                }
            }
        };
        thread::Builder::new().name("pictures".to_owned()).spawn(read).map_err(failed)?;
        let scene = serde_json::to_vec(scene).map_err(failed)?;
        // One that has ended takes nothing, and has said why.
        let sent = send(&mut this.orders, CONFIG, &[&scene]);
        match this.answer(Instant::now() + OPENING)? {
            (READY, _) => sent.map(|()| this).map_err(failed),
            (kind, _) => Err(failed(format!("an answer of kind {kind} before it was ready"))),
        }
    }

    /// Itself, if it has not ended meanwhile.
    fn alive(self) -> Option<Self> {
        (!self.child.has_ended()).then_some(self)
    }

    fn answer(&self, until: Instant) -> Result<(u8, Vec<u8>), AvatarError> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.answers.recv_timeout(left.min(LOOK)) {
                Ok(Ok((FAILED, why))) => return Err(failed(String::from_utf8_lossy(&why))),
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => return Err(failed(error)),
                // What it said before its end has been taken.
                Err(RecvTimeoutError::Timeout) if self.child.has_ended() => break,
                Err(RecvTimeoutError::Timeout) if left <= LOOK => {
                    return Err(failed("the renderer's process does not answer"));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Err(failed("the renderer's process ended"))
    }

    /// The pictures of one answer.
    fn pictures(&self) -> Result<Vec<VideoFrame>, AvatarError> {
        let (width, height) = self.size;
        let mut frames = Vec::new();
        loop {
            let (kind, mut picture) = self.answer(Instant::now() + STUCK)?;
            match kind {
                DONE => return Ok(frames),
                PICTURE => {
                    let time = picture.len().checked_sub(8).map(|at| picture.split_off(at));
                    let time = time.and_then(|time| <[u8; 8]>::try_from(time).ok()).map(i64::from_le_bytes);
                    let time = OutputTime(Flicks(time.ok_or_else(|| failed("a picture without a time"))?));
                    frames.push(VideoFrame::new(time, width, height, picture).map_err(failed)?);
                }
                _ => return Err(failed(format!("an answer of an unknown kind, {kind}"))),
            }
        }
    }
}

impl Drawer for Process {
    fn draw(&mut self, pose: &PoseFrame, angle: Angle) -> Result<Vec<VideoFrame>, AvatarError> {
        let sent = send(&mut self.orders, POSE, &[&[angle as u8], &pose_bytes(pose)]);
        let pictures = self.pictures()?;
        sent.map(|()| pictures).map_err(failed)
    }

    fn flush(&mut self) -> Result<Vec<VideoFrame>, AvatarError> {
        let sent = send(&mut self.orders, FLUSH, &[]);
        let pictures = self.pictures()?;
        sent.map(|()| pictures).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IS_READY: &str = r"printf '\0\0\0\0\0'";
    /// One picture of one pixel at flick 7, and the answer's end.
    const ANSWERS_ONCE: &str = r"printf '\001\014\0\0\0\011\010\007\377\007\0\0\0\0\0\0\0\002\0\0\0\0'";

    fn shell(script: &str) -> DrawerCommand {
        DrawerCommand { program: "/bin/sh".into(), arguments: vec!["-c".to_owned(), script.to_owned()] }
    }

    fn scene() -> Scene {
        Scene { size: (1, 1), background: [0; 3], avatar: "none.glb".into() }
    }

    fn config() -> RendererConfig {
        RendererConfig { background: Background::Color([0; 3]), ..RendererConfig::new((1, 1), "none.glb") }
    }

    #[test]
    fn what_a_process_draws_comes_back_and_its_end_is_an_error() {
        let mut process = Process::start(&shell(&format!("{IS_READY}; {ANSWERS_ONCE}; sleep 1")), &scene()).unwrap();
        let pose = PoseFrame::t_pose(OutputTime::ZERO);
        let frames = process.draw(&pose, Angle::Front).unwrap();
        assert_eq!((frames[0].time(), frames[0].rgba()), (OutputTime(Flicks(7)), &[9, 8, 7, 255][..]));
        process.child.kill().unwrap();
        let error = process.draw(&pose, Angle::Front).unwrap_err().to_string();
        assert!(error.contains("ended"), "{error}");
    }

    #[test]
    fn one_that_does_not_open_says_why() {
        let refuses = shell(r"printf '\003\003\0\0\0why'");
        let error = Process::start(&refuses, &scene()).unwrap_err().to_string();
        assert!(error.contains("why"), "{error}");
        let error = Process::start(&shell("exit 1"), &scene()).unwrap_err().to_string();
        assert!(error.contains("ended"), "{error}");
        let missing = DrawerCommand { program: "/no/such/program".into(), arguments: Vec::new() };
        let error = Process::start(&missing, &scene()).unwrap_err().to_string();
        assert!(error.contains("/no/such/program"), "{error}");
    }

    #[test]
    fn the_one_that_stands_by_is_taken_unless_it_is_dead() {
        let drawers = Drawers::new(shell(&format!("{IS_READY}; exec cat")));
        let spare = || loop {
            if let Some((_, process)) = drawers.spare().as_ref() {
                return process.child.id();
            }
            thread::sleep(Duration::from_millis(5));
        };
        drawers.stand_by((1, 1), [0; 3], "none.glb".into());
        let first = spare();
        let taken = drawers.take(&config()).unwrap();
        let second = spare();
        assert_ne!(first, second, "another one stands by");
        drawers.spare().as_mut().unwrap().1.child.kill().unwrap();
        drop((taken, drawers.take(&config()).unwrap()));
    }

    #[test]
    fn damaged_orders_end_the_process_with_a_reason() {
        let mut told = Vec::new();
        let orders = [&[CONFIG][..], &[2, 0, 0, 0], b"{}"].concat();
        assert!(draw(orders.as_slice(), &mut told).is_err());
        assert_eq!(told[0], FAILED);
    }
}
