//! The sound of a file → transcripts: decoding, listening and the words of the packs, joined.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use lexicon::{Lang, Lexicon};
use signing::{Flicks, SourceTime};
use speech::{Language, Listener, Model, Numbers, Options, PcmChunk, Span, SpeechError, Vocabulary};

use crate::SessionError;

/// What set-up calls the checkpoints and the voice detector, below `speech/` in the cache.
const CHECKPOINT: &str = "whisper-base-1";
const ENGLISH_CHECKPOINT: &str = "whisper-tiny.en-1";
const DETECTOR: &str = "silero_vad_16k.safetensors";
/// Sound is listened to in pieces of at least this: fewer, larger steps of the networks.
const PIECE_SECS: f64 = 0.2;

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
        Ok(Self { model: Arc::new(limited(model)), vocabulary: Arc::new(Vocabulary::new(words)), language })
    }

    /// A listener for one stream of sound; the weights are shared.
    ///
    /// Errors: [`SpeechError::Busy`], [`SpeechError::Language`].
    pub fn listener(&self, options: Options) -> Result<Listener, SessionError> {
        Ok(Listener::new(&self.model, self.vocabulary.clone(), options)?)
    }

    /// Hears all of a file. `heard` is told of every span, and up to which time the file was heard then; it may end it.
    ///
    /// With `interim`, spans that may still change come so often; without, stable ones alone.
    ///
    /// Errors: a file without sound or with damaged sound, [`SessionError::Interrupted`].
    pub fn hear(
        &self,
        path: &Path,
        interim: Option<Flicks>,
        mut heard: impl FnMut(&Span, SourceTime) -> ControlFlow<()>,
    ) -> Result<(), SessionError> {
        let options = Options { language: self.language, interim, ..Options::default() };
        let mut listener = Listener::new(&self.model, self.vocabulary.clone(), options)?;
        let mut tell = |spans: &[Span], until: SourceTime| {
            let ended = spans.iter().any(|span| heard(span, until).is_break());
            if ended { Err(SessionError::Interrupted) } else { Ok(()) }
        };
        let mut piece: Option<PcmChunk> = None;
        let mut listen = |listener: &mut Listener, piece: &PcmChunk| -> Result<(), SessionError> {
            let spans = listener.push(piece)?;
            tell(&spans, listener.heard_until())
        };
        for chunk in stream::decode_sound(path)? {
            let chunk = chunk?;
            let chunk =
                PcmChunk { start: chunk.start, rate: chunk.rate, channels: chunk.channels, samples: chunk.samples };
            match &mut piece {
                Some(open) if follows(open, &chunk) => open.samples.extend(chunk.samples),
                open => {
                    if let Some(whole) = open.replace(chunk) {
                        listen(&mut listener, &whole)?;
                    }
                }
            }
            if let Some(whole) = piece.take_if(|piece| length(piece).as_secs() >= PIECE_SECS) {
                listen(&mut listener, &whole)?;
            }
        }
        if let Some(whole) = piece {
            listen(&mut listener, &whole)?;
        }
        let until = listener.heard_until();
        let spans = listener.finish()?;
        tell(&spans, until)
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
