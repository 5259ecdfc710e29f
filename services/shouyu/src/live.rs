//! `shouyu live`: a broadcast.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use ::lexicon::Lexicon;
use anyhow::{Context as _, bail, ensure};
use session::{
    air::{
        self, AirConfig, AirFeed, AirInput, AirStages, AlphaFile, Desk, Form, LineSource, PackLoader, StudioCommand,
        StudioConfig, TimeCode, Told, broadcast, send_captions, send_text, start_feed_captions, start_hearing,
        start_lines,
    },
    read_captions,
};
use signing::{Flicks, FrameRate, Side};
use speech::Language;
use stream::{
    AigcLabel, FeedTaps, Metadata,
    air::{AirCodec, Destination},
};
use understanding::{Spelling, Understanding};

use crate::{
    args::{BackgroundArgument, SpellingArgument},
    gloss::{with_abuse, with_glm},
    input::read_file,
    live_args::{FillArgument, LinesArgument, LiveArguments, PlaceArgument, SoundArgument},
    sign::interrupts,
    transcribe,
};

/// Inputs that may wait for the broadcast; then their sources do.
const INPUTS: usize = 64;

/// The studio's process: renderer and encoder.
pub(crate) fn studio() -> anyhow::Result<ExitCode> {
    let stdin = io::BufReader::with_capacity(1 << 16, io::stdin());
    let stdout = io::BufWriter::with_capacity(1 << 16, io::stdout());
    // What went wrong has been told to the broadcast, which tells the operator.
    Ok(if air::work(stdin, stdout).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(crate) fn run(arguments: &LiveArguments) -> anyhow::Result<ExitCode> {
    let destinations =
        |texts: &[String]| texts.iter().map(|text| Destination::parse(text)).collect::<Result<Vec<_>, _>>();
    let (picture, key) = (destinations(&arguments.outputs)?, destinations(&arguments.key_outputs)?);
    ensure_apart(picture.iter().chain(&key))?;
    let programme = arguments.programme.as_deref().filter(|source| !source.contains("://")).map(Path::new);
    let texts = [&arguments.file, &arguments.captions].into_iter().flatten().map(PathBuf::as_path);
    ensure_inputs_stay(picture.iter().chain(&key), programme.into_iter().chain(texts))?;
    let rate = arguments.picture.fps;
    let form = form(arguments, &picture)?;
    let timecode = begins_at(arguments, rate)?;
    let avatar = match &arguments.picture.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    let studio = StudioConfig { size: arguments.picture.size, rate, form, avatar: avatar.clone() };
    stream::air::AirPictureConfig { size: studio.size, rate, codec: form.codec() }.validate()?;

    let understanding = understanding(&arguments.packs, arguments)?;
    let packs: Vec<String> =
        understanding.lexicon().packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    let mut metadata = Metadata::new(AigcLabel::new("Shouyu", format!("live-{}", std::process::id())));
    metadata.comment = Some(format!("shouyu {}; packs: {}", env!("CARGO_PKG_VERSION"), packs.join(", ")));

    let (inputs, inbox) = sync_channel(INPUTS);
    let mut sources = start_sources(arguments, &inputs)?;
    let feed = feed(arguments, understanding.lexicon(), &inputs)?;
    let taps = feed.as_ref().map(|feed| &feed.taps);
    sources += taps.map_or(0, |taps| usize::from(taps.sound.is_some()) + usize::from(taps.captions.is_some()));
    drop(inputs);
    let stages = AirStages {
        understanding: Arc::new(understanding),
        packs: Some(pack_loader(arguments)),
        body: Arc::new(::body::Body::read(&avatar)?),
    };
    let config = AirConfig {
        studio,
        command: StudioCommand {
            program: std::env::current_exe().context("where this program is")?,
            arguments: vec!["studio".to_owned()],
            spare: !arguments.no_spare,
        },
        picture,
        key,
        metadata,
        delay: whole_frames(arguments.delay, rate),
        buffer: Duration::from_millis(arguments.buffer.into()),
        length: arguments.length.map(Flicks::from_secs),
        sources,
        timecode,
        feed,
        dominant: if arguments.picture.left_handed { Side::Left } else { Side::Right },
        seed: arguments.picture.seed,
    };
    let events = Events::open(arguments)?;
    let stop = interrupts()?;
    let (desk, orders) = air::desk();
    let control = Control::open(arguments, desk)?;
    let record = broadcast(config, stages, inbox, orders, Arc::new(move |told| events.write(&told)), &stop)?;
    drop(control);
    Ok(if record.lost == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The core pack and `packs`, and who proposes.
fn understanding(packs: &[PathBuf], arguments: &LiveArguments) -> anyhow::Result<Understanding> {
    let lexicon = Lexicon::core_with(packs)?;
    let understanding = Understanding::new(lexicon).with_spelling(match arguments.spelling {
        SpellingArgument::Initials => Spelling::Initials,
        SpellingArgument::Full => Spelling::Full,
    });
    with_abuse(with_glm(understanding, &arguments.glm)?, &arguments.abuse)
}

/// Stacks a pack on those of the command line and those that an operator loaded before.
fn pack_loader(arguments: &LiveArguments) -> PackLoader {
    let (stacked, arguments) = (Mutex::new(arguments.packs.clone()), arguments.clone());
    Arc::new(move |folder| {
        let mut stacked = stacked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut packs = stacked.clone();
        // A pack that has changed is read anew, on top.
        packs.retain(|pack| pack != folder);
        packs.push(folder.to_owned());
        let understanding = understanding(&packs, &arguments).map_err(|error| error.to_string())?;
        *stacked = packs;
        Ok(understanding)
    })
}

/// The operator's orders over gRPC, on a thread of their own until it is dropped.
struct Control {
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Control {
    /// Errors: the address can't be had, or other machines can reach it.
    fn open(arguments: &LiveArguments, desk: Desk) -> anyhow::Result<Self> {
        let Some(address) = arguments.control else { return Ok(Self { stop: None, thread: None }) };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let control = runtime.block_on(server::Control::bind(address, desk))?;
        eprintln!("orders are taken on http://{} (gRPC, shouyu.v1.BroadcastService)", control.address()?);
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let serve = move || {
            let served = runtime.block_on(control.run(async {
                // A broadcast that ends without a word has ended all the same.
                let _ = stopped.await;
            }));
            if let Err(error) = served {
                tracing::error!(%error, "orders are taken no more");
            }
            // An order without an answer must not keep the process.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("control".to_owned()).spawn(serve)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Its thread may have ended already.
            let _ = stop.send(());
        }
        // Clients that stay connected are not waited for.
        drop(self.thread.take());
    }
}

/// What is seen, from the background and the outputs.
fn form(arguments: &LiveArguments, picture: &[Destination]) -> anyhow::Result<Form> {
    let keyed = !arguments.key_outputs.is_empty();
    if let Some(share) = arguments.inset {
        ensure!(!keyed, "--key-out and --inset exclude each other: over a programme there is no key");
        ensure!(
            alpha(picture).is_none(),
            "a programme's picture is opaque: take .mp4 or .mkv instead of .webm or .mov"
        );
        let (width, height) = arguments.picture.size;
        let area = area((width, height), share, arguments.place);
        if let PlaceArgument::At(left, top) = arguments.place {
            ensure!(
                (area.0, area.1) == (left & !1, top & !1),
                "--place {left},{top}: a signer of {}×{} pixels does not fit there in a picture of {width}×{height}: at most \
                 {},{}",
                area.2,
                area.3,
                area.0,
                area.1
            );
        }
        let found = f64::from(area.2) * f64::from(area.3) / (f64::from(width) * f64::from(height));
        if found < LEAST_SHARE {
            eprintln!("warning: the signer has {:.0} % of the picture: a sixth at least is asked for", found * 100.0);
        }
        let panel = match arguments.picture.background {
            BackgroundArgument::Color(color) => Some(color),
            BackgroundArgument::Transparent => None,
        };
        return Ok(Form::Inset { area, panel });
    }
    match (arguments.picture.background, alpha(picture)) {
        (BackgroundArgument::Transparent, None) if keyed => {
            Ok(Form::Keyed { premultiplied: arguments.fill == FillArgument::Premultiplied })
        }
        (BackgroundArgument::Transparent, Some(file)) if !keyed => Ok(Form::Alpha(file)),
        (BackgroundArgument::Transparent, Some(_)) => {
            bail!("--key-out and files with alpha exclude each other: their pictures are encoded differently")
        }
        (BackgroundArgument::Transparent, None) => {
            bail!(
                "a transparent background needs files that keep alpha (.webm or .mov) or an output for the key: name such \
                 files alone, add --key-out, or choose a colour"
            )
        }
        (BackgroundArgument::Color(_), _) if keyed => {
            bail!("--key-out needs --background transparent: before a colour there is nothing to key")
        }
        (BackgroundArgument::Color(_), Some(_)) => {
            bail!(
                ".webm and .mov are files with alpha: add --background transparent, or take .mp4 or .mkv for a colour"
            )
        }
        (BackgroundArgument::Color(color), None) => Ok(Form::Plain(color)),
    }
}

/// The kind of file with alpha, if one is among the outputs.
fn alpha(picture: &[Destination]) -> Option<AlphaFile> {
    picture.iter().find_map(|destination| match destination.codec() {
        AirCodec::H264 => None,
        AirCodec::Vp9Alpha => Some(AlphaFile::Webm),
        AirCodec::ProRes4444 => Some(AlphaFile::Mov),
    })
}

/// Below this share of a picture's area a signer is hard to read.
const LEAST_SHARE: f64 = 1.0 / 6.0;
/// Width to height of the signer's part of a picture: all that signs need, and little more.
const PORTRAIT: f64 = 0.75;
/// From the edge of the picture, as a share of its shorter side.
const MARGIN: f64 = 0.02;

/// Left, top, width and height of the signer's part, pixels: even, and not smaller than asked for.
fn area((width, height): (u32, u32), share: f64, place: PlaceArgument) -> (u32, u32, u32, u32) {
    let (whole_width, whole_height) = (f64::from(width), f64::from(height));
    let wanted = share * whole_width * whole_height;
    let high = (wanted / PORTRAIT).sqrt().min(whole_height);
    let wide = (wanted / high).min(whole_width);
    // What the width had no room for.
    let high = (wanted / wide).min(whole_height);
    // Sides of a picture; rounded up to even.
    let even = |side: f64, most: u32| ((side / 2.0 - 1e-9).ceil() as u32 * 2).min(most & !1);
    let (wide, high) = (even(wide, width), even(high, height));
    let margin = (f64::from(width.min(height)) * MARGIN) as u32 & !1;
    let (free_x, free_y) = ((width - wide) & !1, (height - high) & !1);
    let (near_x, near_y) = (margin.min(free_x), margin.min(free_y));
    let (x, y) = match place {
        PlaceArgument::TopLeft => (near_x, near_y),
        PlaceArgument::TopRight => (free_x - near_x, near_y),
        PlaceArgument::BottomLeft => (near_x, free_y - near_y),
        PlaceArgument::BottomRight => (free_x - near_x, free_y - near_y),
        PlaceArgument::At(left, top) => ((left & !1).min(free_x), (top & !1).min(free_y)),
    };
    (x, y, wide, high)
}

/// Pieces of sound that may wait to be listened to: some seconds.
const SOUNDS: usize = 512;
/// Captions of a programme that may wait to be understood.
const CAPTIONS: usize = 64;

/// The programme, and whoever listens to it.
fn feed(
    arguments: &LiveArguments,
    lexicon: &Lexicon,
    inputs: &SyncSender<AirInput>,
) -> anyhow::Result<Option<AirFeed>> {
    let Some(source) = arguments.programme.clone() else { return Ok(None) };
    let other_text = arguments.file.is_some() || arguments.captions.is_some() || arguments.lines.is_some();
    let sound = if arguments.hear || !(other_text || arguments.caption_track) {
        let spoken = if arguments.lang == "en" { Language::English } else { Language::Chinese };
        let hearing = transcribe::open(&arguments.hearing, spoken, lexicon)?;
        let (sound, heard) = sync_channel(SOUNDS);
        start_hearing(&hearing, heard, inputs.clone())?;
        Some(sound)
    } else {
        None
    };
    let captions = if arguments.caption_track {
        let (captions, read) = sync_channel(CAPTIONS);
        start_feed_captions(read, &arguments.lang, inputs.clone())?;
        Some(captions)
    } else {
        None
    };
    let taps = FeedTaps { sound, captions };
    Ok(Some(AirFeed { source, sound: arguments.sound != Some(SoundArgument::Silent), taps }))
}

/// Two outputs under one name would overwrite each other.
fn ensure_apart<'a>(destinations: impl Iterator<Item = &'a Destination>) -> anyhow::Result<()> {
    let mut names = Vec::new();
    for destination in destinations {
        // An RTMP server's key is hidden in its name: those are told apart by the whole of it.
        let differs = !names.contains(&destination);
        ensure!(differs, "{destination} is named for two outputs: give each its own");
        names.push(destination);
    }
    Ok(())
}

/// An output over an input would destroy it.
fn ensure_inputs_stay<'a>(
    destinations: impl Iterator<Item = &'a Destination> + Clone,
    inputs: impl Iterator<Item = &'a Path>,
) -> anyhow::Result<()> {
    for input in inputs {
        // What is not there can't be destroyed.
        let Ok(whole) = input.canonicalize() else { continue };
        let over = destinations.clone().any(
            |it| matches!(it, Destination::File { path, .. } if path.canonicalize().is_ok_and(|path| path == whole)),
        );
        ensure!(!over, "{} is named for an input and an output: what is signed would be destroyed", input.display());
    }
    Ok(())
}

/// The timecode at the beginning: as it was given, or that of the programme's file.
fn begins_at(arguments: &LiveArguments, rate: FrameRate) -> anyhow::Result<Option<TimeCode>> {
    if let Some(text) = &arguments.timecode {
        return match TimeCode::parse(text, rate) {
            Some(code) => Ok(Some(code?)),
            None => bail!("--timecode {text}: expected HH:MM:SS:FF or HH:MM:SS.mmm"),
        };
    }
    let file = arguments.programme.as_deref().filter(|source| !source.contains("://"));
    let Some(found) = file.map(|file| stream::source_timecode(Path::new(file))).transpose()?.flatten() else {
        return Ok(None);
    };
    match TimeCode::parse(&found.label, found.rate.unwrap_or(rate)) {
        Some(Ok(code)) => Ok(Some(code)),
        Some(Err(error)) => {
            eprintln!("warning: the programme's {error}; it counts from zero");
            Ok(None)
        }
        None => {
            eprintln!("warning: the programme's timecode “{}” can't be read; it counts from zero", found.label);
            Ok(None)
        }
    }
}

fn whole_frames(seconds: f64, rate: FrameRate) -> Flicks {
    // Seconds are checked to be a year at most.
    let frames = (seconds * rate.as_f64()).round() as u64;
    rate.time_of(frames).0
}

/// Starts whatever gives text; how many of them will end.
fn start_sources(arguments: &LiveArguments, inputs: &SyncSender<AirInput>) -> anyhow::Result<usize> {
    let language = arguments.lang.clone();
    let mut sources = 0;
    let mut spawn = |work: Box<dyn FnOnce() + Send>| {
        sources += 1;
        thread::Builder::new().name("source".to_owned()).spawn(work).map(drop).context("a thread for an input")
    };
    if let Some(path) = &arguments.captions {
        let (captions, name, inputs) = (read_captions(path, &language)?, path.display().to_string(), inputs.clone());
        let language = language.clone();
        spawn(Box::new(move || send_captions(&captions, &language, &name, &inputs)))?;
    }
    if let Some(path) = &arguments.file {
        let (text, name, inputs) = (read_file(path)?, path.display().to_string(), inputs.clone());
        ensure!(!text.trim().is_empty(), "{name} is empty: nothing to sign");
        let (language, again) = (language.clone(), arguments.again);
        spawn(Box::new(move || send_text(&text, &language, &name, again, &inputs)))?;
    }
    if let Some(lines) = arguments.lines {
        let from = match lines {
            LinesArgument::Standard => LineSource::Standard,
            LinesArgument::Tcp(address) => LineSource::Tcp(address),
        };
        let bound = start_lines(from, &language, arguments.picture.fps, inputs.clone())?;
        if let Some(address) = bound {
            eprintln!("lines are taken on tcp://{address}");
        }
        sources += 1;
    }
    Ok(sources)
}

/// Where events go.
struct Events(Mutex<Box<dyn Write + Send>>);

impl Events {
    fn open(arguments: &LiveArguments) -> anyhow::Result<Self> {
        let to: Box<dyn Write + Send> = match &arguments.events {
            Some(path) => Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
            None => Box::new(io::stderr()),
        };
        Ok(Self(Mutex::new(to)))
    }

    fn write(&self, told: &Told) {
        // Numbers and texts always serialise.
        let mut line = serde_json::to_string(told).unwrap_or_default();
        line.push('\n');
        let mut to = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // An operator who no longer listens must not end the broadcast.
        let _ = to.write_all(line.as_bytes()).and_then(|()| to.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_does_not_destroy_an_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("news.mp4"), "").unwrap();
        let output = |text: String| Destination::parse(&text).unwrap();
        let outputs =
            [output(format!("{}/./news.mp4", folder.path().display())), output("udp://127.0.0.1:1".to_owned())];
        let error = ensure_inputs_stay(outputs.iter(), [path("news.mp4").as_path()].into_iter()).unwrap_err();
        assert!(error.to_string().contains("news.mp4"), "{error}");
        let others = [path("other.mp4"), path("news.srt")];
        ensure_inputs_stay(outputs.iter(), others.iter().map(PathBuf::as_path)).unwrap();
    }

    #[test]
    fn the_signer_has_the_size_that_was_asked_for() {
        for size in [(1280, 720), (1920, 1080), (720, 1280), (640, 360)] {
            for share in [1.0 / 6.0, 0.2, 0.5, 1.0, 0.02] {
                for place in [
                    PlaceArgument::TopLeft,
                    PlaceArgument::TopRight,
                    PlaceArgument::BottomLeft,
                    PlaceArgument::BottomRight,
                    PlaceArgument::At(40, 5_000),
                ] {
                    let (x, y, width, height) = area(size, share, place);
                    let found = f64::from(width * height) / f64::from(size.0 * size.1);
                    assert!(found >= share && found < share * 1.1 + 0.001, "{size:?}, {share}: {found}");
                    assert!(x + width <= size.0 && y + height <= size.1, "{size:?}, {share}");
                    assert!([x, y, width, height].iter().all(|side| side.is_multiple_of(2)));
                }
            }
        }
    }
}
