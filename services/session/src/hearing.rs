//! The sound of a file → transcripts: decoding, listening and the words of the packs, joined.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use lexicon::{Lang, Lexicon};
use signing::{Flicks, SourceTime};
use speech::{Language, Listener, Model, Numbers, Options, PcmChunk, Span, SpeechError, Vocabulary};
use stream::SoundChunk;

use crate::{SessionError, rescore::MakesSense};

/// What set-up calls the checkpoints and the voice detector, below `speech/` in the cache.
const CHECKPOINT: &str = "whisper-base-1";
const ENGLISH_CHECKPOINT: &str = "whisper-tiny.en-1";
const DETECTOR: &str = "silero_vad_16k.safetensors";
/// Sound is listened to in pieces of at least this: larger steps of the networks cost less, smaller ones answer sooner.
const PIECE_SECS: f64 = 0.1;

/// Listens to files.
pub struct Hearing {
    model: Arc<Model>,
    vocabulary: Arc<Vocabulary>,
    language: Language,
}

impl Hearing {
    /// Loads a Whisper checkpoint (set-up's own unless a folder is named) and the voice detector.
    ///
    /// `terms` are expected beside the words of `lexicon`.
    ///
    /// Errors: [`SpeechError::NoModel`] says what set-up would do; whatever does not fit.
    pub fn open(
        checkpoint: Option<&Path>,
        language: Language,
        lexicon: &Lexicon,
        terms: &[String],
    ) -> Result<Self, SessionError> {
        Self::open_with(checkpoint, language, lexicon, terms, |model| model)
    }

    /// The same, for at most `listeners` streams at once.
    ///
    /// Errors: as for [`open`](Self::open).
    pub fn open_for(
        checkpoint: Option<&Path>,
        language: Language,
        lexicon: &Lexicon,
        listeners: usize,
    ) -> Result<Self, SessionError> {
        Self::open_with(checkpoint, language, lexicon, &[], |model| model.with_limit(listeners))
    }

    fn open_with(
        checkpoint: Option<&Path>,
        language: Language,
        lexicon: &Lexicon,
        terms: &[String],
        limited: impl FnOnce(Model) -> Model,
    ) -> Result<Self, SessionError> {
        let folder = body::cache_dir()?.join("speech");
        let packaged = || -> PathBuf {
            let base = folder.join(CHECKPOINT);
            let english = folder.join(ENGLISH_CHECKPOINT);
            if language == Language::English && !base.is_dir() && english.is_dir() { english } else { base }
        };
        let checkpoint = checkpoint.map_or_else(packaged, Path::to_owned);
        let model = Model::load(&checkpoint, &folder.join(DETECTOR), Numbers::Fast)?;
        let words = lexicon.words(Lang::Zh).chain(terms.iter().map(String::as_str));
        let vocabulary = Vocabulary::new(words).with_rescorer(Arc::new(MakesSense::embedded()?));
        Ok(Self { model: Arc::new(limited(model)), vocabulary: Arc::new(vocabulary), language })
    }

    /// A listener for one stream of sound; the weights are shared.
    ///
    /// Errors: [`SpeechError::Busy`], [`SpeechError::Language`].
    pub fn listener(&self, options: Options) -> Result<Listener, SessionError> {
        Ok(Listener::new(&self.model, self.vocabulary.clone(), options)?)
    }

    /// Hears all of a file. `heard` is told after every piece which spans it made known, often none, and up to which time
    /// the file was heard then; it may end it.
    ///
    /// With `interim`, spans that may still change come so often; without, stable ones alone.
    ///
    /// Errors: a file without sound or with damaged sound, [`SessionError::Interrupted`].
    pub fn hear(
        &self,
        path: &Path,
        interim: Option<Flicks>,
        mut heard: impl FnMut(&[Span], SourceTime) -> ControlFlow<()>,
    ) -> Result<(), SessionError> {
        let mut ear = self.ear(interim)?;
        let mut tell = |spans: &[Span], until: SourceTime| {
            if heard(spans, until).is_break() { Err(SessionError::Interrupted) } else { Ok(()) }
        };
        let mut broken = None;
        for chunk in stream::decode_sound(path)? {
            match chunk {
                Ok(chunk) => {
                    let spans = ear.push(chunk)?;
                    tell(&spans, ear.heard_until())?;
                }
                // What was said before is told all the same.
                Err(error) => broken = Some(error),
            }
        }
        let spans = ear.listen()?;
        tell(&spans, ear.heard_until())?;
        let until = ear.heard_until();
        let spans = ear.finish()?;
        tell(&spans, until)?;
        broken.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Listens to sound as it comes. `interim` as for [`hear`](Self::hear).
    ///
    /// Errors: whatever the voice detector lacks.
    pub fn ear(&self, interim: Option<Flicks>) -> Result<Ear, SessionError> {
        let options = Options { language: self.language, interim, ..Options::default() };
        Ok(Ear { listener: Listener::new(&self.model, self.vocabulary.clone(), options)?, piece: None })
    }
}

/// Listens to sound as it comes, in pieces of a tenth of a second at least.
pub struct Ear {
    listener: Listener,
    piece: Option<PcmChunk>,
}

impl Ear {
    /// Takes more sound; gives what has become known.
    ///
    /// Errors: whatever the networks refuse.
    pub fn push(&mut self, chunk: SoundChunk) -> Result<Vec<Span>, SessionError> {
        let SoundChunk { start, rate, channels, samples } = chunk;
        let chunk = PcmChunk { start, rate, channels, samples };
        let mut spans = Vec::new();
        match &mut self.piece {
            Some(open) if follows(open, &chunk) => open.samples.extend(chunk.samples),
            open => {
                if let Some(whole) = open.replace(chunk) {
                    spans = self.listener.push(&whole)?;
                }
            }
        }
        if self.piece.as_ref().is_some_and(|piece| length(piece).as_secs() >= PIECE_SECS) {
            spans.extend(self.listen()?);
        }
        Ok(spans)
    }

    /// Up to which time sound was heard.
    pub fn heard_until(&self) -> SourceTime {
        self.listener.heard_until()
    }

    /// No more sound: the last spans.
    ///
    /// Errors: as for [`push`](Self::push).
    pub fn finish(mut self) -> Result<Vec<Span>, SessionError> {
        let mut spans = self.listen()?;
        spans.extend(self.listener.finish()?);
        Ok(spans)
    }

    fn listen(&mut self) -> Result<Vec<Span>, SessionError> {
        match self.piece.take() {
            Some(piece) => Ok(self.listener.push(&piece)?),
            None => Ok(Vec::new()),
        }
    }
}

/// How long a piece of sound is.
pub(crate) fn length(piece: &PcmChunk) -> Flicks {
    let samples = (piece.samples.len() / usize::from(piece.channels.max(1))) as i128;
    let flicks = samples * i128::from(Flicks::PER_SECOND) / i128::from(piece.rate.max(1));
    Flicks(i64::try_from(flicks).unwrap_or(i64::MAX))
}

/// Whether `next` is of the same kind and begins where `piece` ends, within what containers round to.
fn follows(piece: &PcmChunk, next: &PcmChunk) -> bool {
    let gap = next.start - (piece.start + length(piece));
    (piece.rate, piece.channels) == (next.rate, next.channels) && gap.0.abs() <= Flicks::from_millis(5).0
}

impl From<SpeechError> for SessionError {
    fn from(error: SpeechError) -> Self {
        Self::Speech(Box::new(error))
    }
}
