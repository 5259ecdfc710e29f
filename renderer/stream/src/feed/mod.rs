//! A programme that comes in: pictures and sound at their times on the input's clock.
//!
//! In: a file, which is played at the rate of its clock, or an address that FFmpeg reads. Out: the picture and the sound of
//! any moment, and sound at once for whoever listens. What is compressed waits compressed, so that a delay of many seconds
//! costs little memory. A feed that is lost is looked for again; meanwhile there is no picture, and silence.
//!
//! Read in this order: `reader` (the thread that reads), `pictures` and `sounds` (what waits for its moment), `captions`,
//! `timecode` (of a file's beginning, and of a live feed's pictures).

mod captions;
mod pictures;
mod reader;
mod sounds;
mod timecode;

use std::{
    fmt,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::SyncSender,
    },
    thread::{self, JoinHandle},
    time::Instant,
};

use signing::{Flicks, SourceTime};

use crate::{SoundChunk, error::StreamError, ffi};
pub use captions::FeedCaption;
use captions::Track;
use pictures::Pictures;
use reader::Reader;
use sounds::Sounds;
pub use timecode::{SourceTimecode, source_timecode};

/// What is wanted of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedConfig {
    /// A file's path or an address.
    pub source: String,
    /// Width and height in pixels at which pictures are wanted; none if not at all.
    pub pictures: Option<(u32, u32)>,
    /// How late both are taken: what is older than that is forgotten.
    pub delay: Flicks,
    /// From one moment at which pictures are taken to the next: a live feed's pictures are placed at such moments, so that they
    /// are as late as its sound.
    pub tick: Flicks,
}

/// What a feed gives as soon as it is read, if there is room.
#[derive(Debug, Clone, Default)]
pub struct FeedTaps {
    /// Its sound.
    pub sound: Option<SyncSender<SoundChunk>>,
    /// Its captions.
    pub captions: Option<SyncSender<FeedCaption>>,
}

/// What happens to a feed.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedEvent {
    /// It is there.
    Opened {
        /// Width and height of its pictures.
        pictures: Option<(u32, u32)>,
        /// Whether it has sound.
        sound: bool,
        /// The codec of its captions, if they are wanted and can be read.
        captions: Option<String>,
    },
    /// It is gone, or not there; it is tried again.
    Lost(String),
    /// Its times jumped by so many seconds; they are taken to go on.
    Jumped(f64),
    /// The timecode of one of a live feed's key pictures: of each that has one.
    Timecode {
        /// `HH:MM:SS:FF`, or `HH:MM:SS;FF` for drop-frame, and the rate at which it counts.
        code: SourceTimecode,
        /// When the picture with it came, on the input's clock.
        at: SourceTime,
    },
    /// Something in it can't be used.
    Warning(String),
    /// A file's end.
    Ended,
}

/// A programme that comes in.
pub struct Feed {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    stop: Arc<AtomicBool>,
    pictures: Mutex<Pictures>,
    sounds: Mutex<Sounds>,
}

impl Feed {
    /// Begins to read. The input's clock is zero at `zero`; a file begins there, a live feed when it comes.
    ///
    /// Sound and captions go to `taps` as soon as they are read. `listener` hears what happens, on the feed's thread.
    ///
    /// Errors: a file that is not there, holds neither pictures nor sound, or has captions that are wanted and can't be
    /// read; no thread can be made.
    pub fn start(
        config: FeedConfig,
        zero: Instant,
        taps: FeedTaps,
        listener: impl Fn(FeedEvent) + Send + Sync + 'static,
    ) -> Result<Self, StreamError> {
        ffi::init();
        check_file(&config.source, taps.captions.is_some())?;
        let stop = Arc::new(AtomicBool::new(false));
        let shared = Arc::new(Shared {
            stop: Arc::clone(&stop),
            pictures: Mutex::new(Pictures::new(config.pictures, config.delay)),
            sounds: Mutex::new(Sounds::new(config.delay)),
        });
        let reader = Reader::new(config, zero, Arc::clone(&shared), taps, Box::new(listener));
        let thread = thread::Builder::new().name("feed".to_owned()).spawn(move || reader.run());
        let thread =
            thread.map_err(|source| StreamError::Io { path: "feed".into(), doing: "starting its thread", source })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Whether `source` can be read, as far as that is known before it is; with captions if they are wanted.
    ///
    /// Errors: as for [`start`](Self::start).
    pub fn check(source: &str, wants_captions: bool) -> Result<(), StreamError> {
        ffi::init();
        check_file(source, wants_captions)
    }

    /// The picture of a moment of the input, `[height, width, 4]`, opaque; none if there is none. Moments must rise.
    pub fn picture(&self, at: SourceTime) -> Option<Arc<Vec<u8>>> {
        self.shared.pictures.lock().unwrap_or_else(PoisonError::into_inner).at(at)
    }

    /// Fills in the sound from `sample` on, of [`AIR_SOUND_RATE`](crate::air::AIR_SOUND_RATE) a second on the input's
    /// clock; silence where there is none. Samples must rise.
    pub fn sound(&self, sample: i64, left: &mut [f32], right: &mut [f32]) {
        self.shared.sounds.lock().unwrap_or_else(PoisonError::into_inner).fill(sample, left, right);
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic of the reader has been reported on standard error.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").finish_non_exhaustive()
    }
}

/// Whether a source is a file of this machine.
fn is_file(source: &str) -> bool {
    !source.contains("://")
}

/// A file that can't be used is refused at once; an address may come later.
fn check_file(source: &str, wants_captions: bool) -> Result<(), StreamError> {
    if !is_file(source) {
        return Ok(());
    }
    let path = Path::new(source);
    let input = crate::probe::open(path)?;
    if let Track::Unreadable(why) = Track::find(&input)
        && wants_captions
    {
        return Err(StreamError::UnreadableCaptions { path: path.to_owned(), why });
    }
    let has = |kind| input.streams().best(kind).is_some();
    if has(ffmpeg_next::media::Type::Video) || has(ffmpeg_next::media::Type::Audio) {
        return Ok(());
    }
    Err(StreamError::NoVideo { path: path.to_owned() })
}
