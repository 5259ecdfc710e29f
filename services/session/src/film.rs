//! A session whose frames go into a file.

use std::{
    collections::VecDeque,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use serde::Serialize;
use signing::{FrameRate, OutputTime, SignSentence, Transcript};
use stream::{AigcLabel, Encoder, EncoderConfig, Latency, Metadata, OutputFormat, Summary, Transparency};
use understanding::{GlossLine, Interpretation};

use crate::{
    config::{Background, PictureConfig},
    error::SessionError,
    meter::Stage,
    poses::{PoseFile, PoseKind},
    session::{Session, Shown, ShownToken},
    whole::WholeFile,
};

/// Where a film goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilmConfig {
    /// The video; its extension says which format.
    pub output: PathBuf,
    /// The sign sentence with times, as JSON.
    pub gloss: Option<PathBuf>,
    /// Every pose: `.json`, or `.pose`, `.bvh`, `.glb` for other programs.
    pub pose: Option<PathBuf>,
}

/// A film that has been checked and can be shot.
pub struct Film {
    config: FilmConfig,
    encoder: EncoderConfig,
    avatar: PathBuf,
}

/// What happens while a film is shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilmEvent {
    /// A tick of the output clock.
    Tick,
    /// The first frame of a token.
    Token,
}

/// When a token is signed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TokenTime {
    /// Index of the sentence.
    pub sentence: u64,
    /// Index of the token in its sentence.
    pub token: usize,
    /// Its gloss.
    pub gloss: String,
    /// Time of its first frame, milliseconds.
    pub start_ms: f64,
    /// Time after its last frame, milliseconds.
    pub end_ms: f64,
}

/// What was shot.
#[derive(Debug)]
pub struct FilmRecord {
    /// The file.
    pub summary: Summary,
    /// When each token is signed.
    pub times: Vec<TokenTime>,
}

impl Film {
    /// Checks everything that can be known before the first frame: extension, size, transparency, folders.
    ///
    /// Errors: [`SessionError::Stream`], [`SessionError::Refused`], [`SessionError::SameFile`],
    /// [`SessionError::PoseFormat`].
    pub fn new(config: FilmConfig, picture: &PictureConfig, title: &str, versions: &str) -> Result<Self, SessionError> {
        let format = OutputFormat::from_path(&config.output)?;
        let mut metadata = Metadata::new(AigcLabel::new("Shouyu", produce_id(title, versions)));
        metadata.title = Some(title.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect());
        metadata.comment = Some(versions.to_owned());
        let encoder = EncoderConfig {
            width: picture.size.0,
            height: picture.size.1,
            rate: picture.rate,
            format,
            transparency: match picture.background {
                Background::Transparent => Transparency::Alpha,
                Background::Color(_) => Transparency::Opaque,
            },
            latency: Latency::File,
            metadata,
        };
        encoder.validate()?;
        let sidecars = || [&config.gloss, &config.pose].into_iter().flatten();
        if let Some(path) = config.pose.as_deref().filter(|path| PoseKind::of(path).is_none()) {
            return Err(SessionError::PoseFormat { path: path.to_owned() });
        }
        let mut named = vec![place_of(&config.output)];
        for path in sidecars() {
            let place = place_of(path);
            if named.contains(&place) {
                return Err(SessionError::SameFile { path: path.clone() });
            }
            named.push(place);
        }
        for path in sidecars().chain([&config.output]) {
            drop(WholeFile::create(path)?);
        }
        Ok(Self { config, encoder, avatar: picture.avatar.clone() })
    }
}

/// A path in one spelling, as far as its folder exists.
fn place_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

/// A number for this piece of content: the same text and versions give the same number.
fn produce_id(title: &str, versions: &str) -> String {
    // FNV-1a, 64 bits: short, stable, and nothing depends on its strength.
    let hash = title
        .bytes()
        .chain([0])
        .chain(versions.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// Signs `interpretation` into the film. `watch` hears what happens and may end it.
///
/// Files appear under their final names when all of them are whole.
///
/// Errors: the first stage that fails, or [`SessionError::Interrupted`]; no file is left then.
pub fn film(
    session: &mut Session,
    transcript: &Transcript,
    interpretation: &Interpretation,
    film: Film,
    watch: impl FnMut(FilmEvent) -> ControlFlow<()>,
) -> Result<FilmRecord, SessionError> {
    film_on_time(session, transcript, interpretation, &[], film, watch)
}

/// Signs `interpretation` into the film as [`film`] does, no sentence before it is due: until then the signer idles.
///
/// `due` has a time for each sentence; a sentence without one is due at once. A sentence that takes longer than the
/// time to the next makes that one late, never lost.
///
/// Errors: as for [`film`].
pub fn film_on_time(
    session: &mut Session,
    transcript: &Transcript,
    interpretation: &Interpretation,
    due: &[OutputTime],
    film: Film,
    mut watch: impl FnMut(FilmEvent) -> ControlFlow<()>,
) -> Result<FilmRecord, SessionError> {
    let rate = film.encoder.rate;
    let mut encoder = Encoder::open(&film.config.output, film.encoder)?;
    let mut poses = film.config.pose.as_deref().map(|path| PoseFile::create(path, rate, &film.avatar)).transpose()?;
    let mut clock = TokenClock { rate, sentences: &interpretation.sentences, times: Vec::new() };
    let due = due.iter().copied().chain(std::iter::repeat(OutputTime::ZERO));
    let mut waiting: VecDeque<(SignSentence, OutputTime)> = interpretation.sentences.iter().cloned().zip(due).collect();
    let mut now = OutputTime::ZERO;
    let mut take = |session: &mut Session, shown: Shown| -> Result<(), SessionError> {
        if clock.note(&shown) && watch(FilmEvent::Token).is_break() || watch(FilmEvent::Tick).is_break() {
            return Err(SessionError::Interrupted);
        }
        Ok(session.meter().measure(Stage::Stream, || encoder.push(&shown.frame))?)
    };
    loop {
        while session.wants_more() {
            match waiting.pop_front_if(|(_, due)| *due <= now) {
                Some((sentence, _)) => session.push(sentence)?,
                None => break,
            }
        }
        if waiting.is_empty() {
            session.finish();
        }
        let tick = session.advance()?;
        now = tick.pose.time + rate.flicks_per_frame();
        if let Some(poses) = &mut poses {
            poses.push(&tick.pose)?;
        }
        if let Some(shown) = tick.shown {
            take(session, shown)?;
        }
        if waiting.is_empty() && session.is_idle() {
            break;
        }
    }
    for shown in session.flush()? {
        take(session, shown)?;
    }
    let times = clock.times;
    let gloss = film.config.gloss.as_deref();
    let gloss = gloss.map(|path| write_gloss(path, transcript, interpretation, &times)).transpose()?;
    let poses = poses.map(PoseFile::finish).transpose()?;
    // The video comes last: where it stands, everything beside it does.
    for sidecar in [gloss, poses].into_iter().flatten() {
        sidecar.keep()?;
    }
    let summary = session.meter().measure(Stage::Stream, || encoder.finish())?;
    Ok(FilmRecord { summary, times })
}

/// Finds out when each token is signed from the frames that show it.
struct TokenClock<'a> {
    rate: FrameRate,
    sentences: &'a [SignSentence],
    times: Vec<TokenTime>,
}

impl TokenClock<'_> {
    /// Books a frame; true if it is the first of its token.
    fn note(&mut self, shown: &Shown) -> bool {
        let Some(ShownToken { sentence, token }) = shown.token else { return false };
        let millis = |time: OutputTime| time.as_secs() * 1e3;
        let end_ms = millis(shown.frame.time() + self.rate.flicks_per_frame());
        if let Some(last) = self.times.last_mut().filter(|last| (last.sentence, last.token) == (sentence, token)) {
            last.end_ms = end_ms;
            return false;
        }
        let gloss = usize::try_from(sentence)
            .ok()
            .and_then(|index| self.sentences.get(index)?.tokens.get(token))
            .map_or_else(String::new, |token| token.gloss.clone());
        self.times.push(TokenTime { sentence, token, gloss, start_ms: millis(shown.frame.time()), end_ms });
        true
    }
}

pub(crate) fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, SessionError> {
    serde_json::to_vec(value).map_err(|error| SessionError::Write { path: path.to_owned(), source: error.into() })
}

#[derive(Serialize)]
struct GlossFile<'a> {
    #[serde(flatten)]
    line: GlossLine,
    times: &'a [TokenTime],
    sentences: &'a [SignSentence],
}

fn write_gloss(
    path: &Path,
    transcript: &Transcript,
    interpretation: &Interpretation,
    times: &[TokenTime],
) -> Result<WholeFile, SessionError> {
    let mut sidecar = WholeFile::create(path)?;
    let line = GlossLine::new(&transcript.text, &interpretation.sentences);
    sidecar.write(&json(path, &GlossFile { line, times, sentences: &interpretation.sentences })?)?;
    sidecar.write(b"\n")?;
    Ok(sidecar)
}
