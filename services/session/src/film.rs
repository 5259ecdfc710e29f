//! A session whose frames go into a file.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
};

use serde::Serialize;
use signing::{Bone, FaceShape, FrameRate, OutputTime, PoseFrame, SignSentence, Transcript};
use stream::{AigcLabel, Encoder, EncoderConfig, Latency, Metadata, OutputFormat, Summary, Transparency};
use understanding::{GlossLine, Interpretation};

use crate::{
    config::{Background, PictureConfig},
    error::SessionError,
    meter::Stage,
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
    /// Every pose, as JSON.
    pub pose: Option<PathBuf>,
}

/// A film that has been checked and can be shot.
pub struct Film {
    config: FilmConfig,
    encoder: EncoderConfig,
    rate: FrameRate,
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
    /// Errors: [`SessionError::Stream`], [`SessionError::Write`].
    pub fn new(config: FilmConfig, picture: &PictureConfig, title: &str, versions: &str) -> Result<Self, SessionError> {
        let format = OutputFormat::from_path(&config.output)?;
        let mut metadata = Metadata::new(AigcLabel::new("Shouyu", produce_id(title, versions)));
        metadata.title = Some(title.chars().filter(|c| !c.is_control()).take(200).collect());
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
        for path in [&config.gloss, &config.pose].into_iter().flatten() {
            drop(WholeFile::create(path)?);
        }
        Ok(Self { config, encoder, rate: picture.rate })
    }
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

/// Signs `interpretation` into the film. `progress` is called as each token begins.
///
/// Files appear under their final names when all of them are whole.
///
/// Errors: the first stage that fails; no file is left then.
pub fn film(
    session: &mut Session,
    transcript: &Transcript,
    interpretation: &Interpretation,
    film: Film,
    mut progress: impl FnMut(),
) -> Result<FilmRecord, SessionError> {
    let mut encoder = Encoder::open(&film.config.output, film.encoder)?;
    let mut poses = film.config.pose.as_deref().map(|path| PoseFile::create(path, film.rate)).transpose()?;
    let mut clock = TokenClock { rate: film.rate, sentences: &interpretation.sentences, times: Vec::new() };
    let mut waiting: VecDeque<SignSentence> = interpretation.sentences.iter().cloned().collect();
    let take = |session: &mut Session, encoder: &mut Encoder, shown: Shown| -> Result<(), SessionError> {
        Ok(session.meter().measure(Stage::Stream, || encoder.push(&shown.frame))?)
    };
    loop {
        while session.wants_more() {
            match waiting.pop_front() {
                Some(sentence) => session.push(sentence)?,
                None => break,
            }
        }
        if waiting.is_empty() {
            session.finish();
        }
        let tick = session.advance()?;
        if let Some(poses) = &mut poses {
            poses.push(&tick.pose)?;
        }
        if let Some(shown) = tick.shown {
            if clock.note(&shown) {
                progress();
            }
            take(session, &mut encoder, shown)?;
        }
        if waiting.is_empty() && session.is_idle() {
            break;
        }
    }
    for shown in session.flush()? {
        if clock.note(&shown) {
            progress();
        }
        take(session, &mut encoder, shown)?;
    }
    let gloss = film
        .config
        .gloss
        .as_deref()
        .map(|path| write_gloss(path, transcript, interpretation, &clock.times))
        .transpose()?;
    let poses = poses.map(PoseFile::finish).transpose()?;
    let summary = session.meter().measure(Stage::Stream, || encoder.finish())?;
    for sidecar in [gloss, poses].into_iter().flatten() {
        sidecar.keep()?;
    }
    Ok(FilmRecord { summary, times: clock.times })
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

/// Poses as they come: `{"rate": [num, den], "bones": […], "shapes": […], "frames": […]}`.
struct PoseFile {
    sidecar: WholeFile,
    frames: u64,
}

impl PoseFile {
    fn create(path: &Path, rate: FrameRate) -> Result<Self, SessionError> {
        let mut sidecar = WholeFile::create(path)?;
        let header = serde_json::json!({
            "rate": rate,
            "bones": Bone::ALL.map(Bone::name).to_vec(),
            "shapes": FaceShape::ALL.map(FaceShape::name).to_vec(),
        })
        .to_string();
        sidecar.write(header.trim_end_matches('}').as_bytes())?;
        sidecar.write(b",\"frames\":[")?;
        Ok(Self { sidecar, frames: 0 })
    }

    fn push(&mut self, pose: &PoseFrame) -> Result<(), SessionError> {
        let separator: &[u8] = if self.frames == 0 { b"\n" } else { b",\n" };
        self.frames += 1;
        self.sidecar.write(separator)?;
        self.sidecar.write(&json(self.sidecar.path(), pose)?)
    }

    fn finish(mut self) -> Result<WholeFile, SessionError> {
        self.sidecar.write(b"\n]}\n")?;
        Ok(self.sidecar)
    }
}

fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, SessionError> {
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
