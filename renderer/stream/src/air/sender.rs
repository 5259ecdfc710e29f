//! One receiver and the thread that serves it: connects, sends, and connects again.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use signing::FrameRate;

use super::{
    destination::Destination,
    mux::{Mux, Patience},
    picture::AirCodec,
    sound::SoundPacket,
};
use crate::{error::StreamError, metadata::Metadata};

/// What all containers of a broadcast are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// How pictures are encoded; only for receivers whose container takes that.
    pub codec: AirCodec,
    /// The timecode of frame 0, `HH:MM:SS:FF`, where the container keeps it.
    pub timecode: Option<String>,
    /// What the stream says about itself, where the container keeps it.
    pub metadata: Metadata,
}

/// A frame as it is sent, and the sound that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AirFrame {
    /// Number of the frame since the start of the broadcast.
    pub index: u64,
    /// The picture's packet.
    pub video: Arc<[u8]>,
    /// Its alpha, for a codec that keeps that apart.
    pub alpha: Option<Arc<[u8]>>,
    /// Whether a decoder can begin here.
    pub key: bool,
    /// The latest request for an opening that was met at or before this frame: a key frame, and the mark again.
    pub opening: u64,
    /// Packets of sound.
    pub sound: Arc<[SoundPacket]>,
}

/// What a receiver is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SenderState {
    /// It is being looked for, or waited for.
    Away,
    /// It gets the stream.
    Connected,
    /// The broadcast is over.
    Ended,
}

/// Something happened to a receiver.
#[derive(Debug, Clone, PartialEq)]
pub struct SenderEvent {
    /// Its destination, without secrets.
    pub destination: String,
    /// What it does now.
    pub state: SenderState,
    /// For how long it had been away when it came back.
    pub away: Option<Duration>,
    /// For a reader.
    pub message: String,
}

/// What a receiver got so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderStats {
    /// Its destination, without secrets.
    pub destination: String,
    /// Whether it gets the stream now.
    pub connected: bool,
    /// Frames sent to it.
    pub frames: u64,
    /// Frames that it was connected for and could not take in time.
    pub lost: u64,
    /// Connections made.
    pub connections: u64,
}

/// How much may wait for a receiver, in seconds of video; what does not fit is lost to it alone.
const QUEUE_SECS: u32 = 4;
/// From one attempt to connect to the next: the first, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));
/// How often a sender without frames looks whether it should stop.
const NAP: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
struct Shared {
    connected: AtomicBool,
    overrun: AtomicBool,
    frames: AtomicU64,
    lost: AtomicU64,
    connections: AtomicU64,
}

/// Hears of what happens; called on the receiver's thread.
pub(super) type Listener = Arc<dyn Fn(SenderEvent) + Send + Sync>;

/// Serves one receiver on a thread of its own.
pub struct Sender {
    destination: String,
    frames: Option<SyncSender<Arc<AirFrame>>>,
    shared: Arc<Shared>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<(), StreamError>>>,
}

impl Sender {
    /// Begins to look for the receiver. `openings` counts requests for a key frame with the mark: raised on every
    /// connection, met by whoever encodes.
    ///
    /// What is local must open at once.
    ///
    /// Errors: [`StreamError::Folder`], [`StreamError::Receiver`] for what is local; [`StreamError::Destination`] for a
    /// container that does not take the broadcast's codec; no thread can be made.
    pub(super) fn start(
        destination: Destination,
        broadcast: Broadcast,
        openings: Arc<AtomicU64>,
        listener: Listener,
    ) -> Result<Self, StreamError> {
        let name = destination.to_string();
        destination.check(broadcast.codec)?;
        let shared = Arc::new(Shared::default());
        let stop = Arc::new(AtomicBool::new(false));
        let patience = Patience::new(Arc::clone(&stop));
        let opened = if destination.is_local() { Some(Mux::open(&destination, &broadcast, &patience)?) } else { None };
        shared.connected.store(opened.is_some(), Ordering::Release);
        let waiting = (QUEUE_SECS * broadcast.rate.num()).div_ceil(broadcast.rate.den()) as usize;
        let (frames, inbox) = sync_channel(waiting);
        let serving = Serving {
            name: name.clone(),
            destination,
            broadcast,
            openings,
            listener,
            inbox,
            shared: Arc::clone(&shared),
            stop: Arc::clone(&stop),
            patience,
        };
        let thread = thread::Builder::new()
            .name("sender".to_owned())
            .spawn(move || serving.run(opened))
            .map_err(|source| StreamError::Io { path: name.clone().into(), doing: "starting its thread", source })?;
        Ok(Self { destination: name, frames: Some(frames), shared, stop, thread: Some(thread) })
    }

    /// Offers a frame; never waits. A receiver that is away does not get it; one that is too slow loses it.
    pub fn push(&self, frame: &Arc<AirFrame>) {
        let Some(frames) = self.frames.as_ref().filter(|_| self.shared.connected.load(Ordering::Acquire)) else {
            return;
        };
        if let Err(TrySendError::Full(_)) = frames.try_send(Arc::clone(frame)) {
            self.shared.lost.fetch_add(1, Ordering::Relaxed);
            self.shared.overrun.store(true, Ordering::Release);
        }
    }

    /// What it got so far.
    pub fn stats(&self) -> SenderStats {
        SenderStats {
            destination: self.destination.clone(),
            connected: self.shared.connected.load(Ordering::Relaxed),
            frames: self.shared.frames.load(Ordering::Relaxed),
            lost: self.shared.lost.load(Ordering::Relaxed),
            connections: self.shared.connections.load(Ordering::Relaxed),
        }
    }

    /// No more frames: what waits is sent if the receiver takes it, and the container is ended.
    ///
    /// Errors: what it could not end.
    pub fn finish(mut self) -> Result<(), StreamError> {
        self.frames = None;
        if !self.shared.connected.load(Ordering::Acquire) {
            self.stop.store(true, Ordering::Relaxed);
        }
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            _ => Err(StreamError::Receiver {
                name: std::mem::take(&mut self.destination),
                doing: "sending",
                why: "its thread panicked".to_owned(),
            }),
        }
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.frames = None;
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What it could not end has nobody left to hear of it.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("destination", &self.destination).finish_non_exhaustive()
    }
}

struct Serving {
    name: String,
    destination: Destination,
    broadcast: Broadcast,
    openings: Arc<AtomicU64>,
    listener: Listener,
    inbox: Receiver<Arc<AirFrame>>,
    shared: Arc<Shared>,
    stop: Arc<AtomicBool>,
    patience: Arc<Patience>,
}

/// Why a connection is over.
enum Over {
    /// The broadcast is.
    Broadcast(Result<(), StreamError>),
    Lost(StreamError),
}

impl Serving {
    fn run(self, opened: Option<Mux>) -> Result<(), StreamError> {
        let mut away = Instant::now();
        let mut first = opened;
        loop {
            // What is local gets the very first frame, which is a key frame with the mark anyway.
            let (mux, opening) = match first.take() {
                Some(mux) => (mux, 0),
                None => match self.connect(away) {
                    Some(mux) => (mux, self.openings.fetch_add(1, Ordering::AcqRel) + 1),
                    None => {
                        self.tell(SenderState::Ended, None, "the broadcast ended while it was away".to_owned());
                        return Ok(());
                    }
                },
            };
            self.shared.connections.fetch_add(1, Ordering::Relaxed);
            self.tell(SenderState::Connected, Some(away.elapsed()), "connected".to_owned());
            match self.serve(mux, opening) {
                Over::Broadcast(ended) => {
                    self.shared.connected.store(false, Ordering::Release);
                    self.tell(SenderState::Ended, None, "the broadcast is over".to_owned());
                    return ended;
                }
                Over::Lost(error) => {
                    self.shared.connected.store(false, Ordering::Release);
                    away = Instant::now();
                    self.tell(SenderState::Away, None, error.to_string());
                }
            }
        }
    }

    /// Tries until the receiver is there; `None` when the broadcast is over before.
    fn connect(&self, since: Instant) -> Option<Mux> {
        let mut wait = BACKOFF.0;
        let mut said = String::new();
        // What a file holds already must not be overwritten.
        let connections = self.shared.connections.load(Ordering::Relaxed);
        let destination = self.destination.again(connections + 1);
        let mut broadcast = self.broadcast.clone();
        if connections > 0 && destination.is_local() {
            // It does not begin with the broadcast's first frame.
            broadcast.timecode = None;
        }
        loop {
            if self.stop.load(Ordering::Relaxed) || self.is_over() {
                return None;
            }
            match Mux::open(&destination, &broadcast, &self.patience) {
                Ok(mux) => {
                    if self.is_over() {
                        return None;
                    }
                    self.shared.overrun.store(false, Ordering::Release);
                    self.shared.connected.store(true, Ordering::Release);
                    return Some(mux);
                }
                Err(_) if self.stop.load(Ordering::Relaxed) => return None,
                Err(error) => {
                    let message = error.to_string();
                    if message != said {
                        let again = format!("{message}; it is tried again until it answers");
                        self.tell(SenderState::Away, Some(since.elapsed()), again);
                        said = message;
                    }
                }
            }
            let until = Instant::now() + wait;
            while Instant::now() < until && !self.stop.load(Ordering::Relaxed) {
                thread::sleep(NAP.min(wait));
            }
            wait = (wait * 2).min(BACKOFF.1);
        }
    }

    /// Whether no more frames will come. What was offered before belongs to the connection before, and is dropped.
    fn is_over(&self) -> bool {
        loop {
            match self.inbox.try_recv() {
                Ok(_) => {}
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => return true,
            }
        }
    }

    fn serve(&self, mut mux: Mux, mut opening: u64) -> Over {
        let mut waiting = true;
        let mut next = 0;
        loop {
            let frame = match self.inbox.recv_timeout(NAP) {
                Ok(frame) => frame,
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => return Over::Broadcast(Ok(())),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Over::Broadcast(mux.finish()),
            };
            if !waiting && frame.index != next {
                self.shared.overrun.store(false, Ordering::Release);
                let lost = frame.index.saturating_sub(next);
                self.tell(SenderState::Connected, None, format!("it did not take {lost} frames in time"));
                waiting = true;
                opening = self.openings.fetch_add(1, Ordering::AcqRel) + 1;
            }
            if waiting {
                if !frame.key || frame.opening < opening {
                    continue;
                }
                waiting = false;
            }
            next = frame.index + 1;
            if let Err(error) = mux.write(&frame) {
                return Over::Lost(error);
            }
            self.shared.frames.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn tell(&self, state: SenderState, away: Option<Duration>, message: String) {
        (self.listener)(SenderEvent { destination: self.name.clone(), state, away, message });
    }
}
