//! A folder → a network that can be asked.

use std::path::Path;

use candle_core::{Device, Tensor};
use inference::{GgufFile, Precision, Quantisation, SafetensorsFile, Tokenizer, Weights};

use super::{
    config::Config,
    decoder::{Decoder, Memory},
    encoder::{Encoded, Encoder},
};
use crate::SpeechError;

/// How exactly a checkpoint is computed with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Numbers {
    /// 8-bit matrices: a quarter of the memory, and faster where memory is slow. Accumulated in 32 bits.
    #[default]
    Fast,
    /// 32-bit floats throughout.
    Exact,
}

/// Ids with a meaning.
#[derive(Debug, Clone)]
pub(crate) struct Special {
    pub end: u32,
    pub start: u32,
    pub transcribe: Option<u32>,
    pub no_timestamps: u32,
    pub previous: Option<u32>,
    pub no_speech: Option<u32>,
    /// The languages that can be asked for: their code and their token.
    pub languages: Vec<(&'static str, u32)>,
}

/// A Whisper checkpoint. It holds no state of a stream: any number of listeners share it.
pub struct Whisper {
    pub(super) config: Config,
    pub(super) encoder: Encoder,
    pub(super) decoder: Decoder,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) special: Special,
    /// Never said; and never said first.
    pub(super) suppressed: Vec<u32>,
    pub(super) suppressed_first: Vec<u32>,
}

impl std::fmt::Debug for Whisper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Whisper").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Whisper {
    /// Reads a folder in Hugging Face's layout: `config.json`, `tokenizer.json`, and `model.safetensors` (or its
    /// shards) or one `.gguf` file with the same names of tensors.
    ///
    /// Errors: what is missing, or doesn't fit.
    pub fn load(folder: &Path, numbers: Numbers) -> Result<Self, SpeechError> {
        let config = Config::read(folder)?;
        if !folder.join("tokenizer.json").is_file() {
            return Err(SpeechError::NoModel { path: folder.to_owned(), missing: "tokenizer.json" });
        }
        let tokenizer = Tokenizer::from_json_file(&folder.join("tokenizer.json"))?;
        let precision = match numbers {
            Numbers::Fast => Precision::Quantised(Quantisation::Q8_0),
            Numbers::Exact => Precision::Full,
        };
        let weights = match gguf(folder) {
            Some(file) => Weights::gguf(GgufFile::open(&file)?, &Device::Cpu, precision),
            None => Weights::safetensors(SafetensorsFile::open(folder)?, &Device::Cpu, precision),
        };
        tokenizer.check_fits(&folder.join("tokenizer.json"), config.vocab_size)?;
        let special = special(&tokenizer).ok_or_else(|| SpeechError::Checkpoint {
            path: folder.join("tokenizer.json"),
            found: "it has no <|startoftranscript|>, <|notimestamps|> and <|endoftext|>".to_owned(),
            expected: "the tokenizer of a Whisper checkpoint",
        })?;
        Self::new(config, &weights, precision, tokenizer, special)
    }

    pub(super) fn new(
        config: Config,
        weights: &Weights,
        precision: Precision,
        tokenizer: Tokenizer,
        special: Special,
    ) -> Result<Self, SpeechError> {
        let ids = |list: &Option<Vec<i64>>| -> Vec<u32> {
            list.iter().flatten().filter_map(|&id| u32::try_from(id).ok()).collect()
        };
        Ok(Self {
            encoder: Encoder::load(weights, &config)?,
            decoder: Decoder::load(weights, &config, precision)?,
            suppressed: ids(&config.suppress_tokens),
            suppressed_first: ids(&config.begin_suppress_tokens),
            config,
            tokenizer,
            special,
        })
    }

    /// Bands of the spectrogram.
    pub(crate) fn bands(&self) -> usize {
        self.config.num_mel_bins
    }

    /// The most frames that can be heard at once.
    pub(crate) fn most_frames(&self) -> usize {
        self.config.max_source_positions * 2
    }

    /// The most tokens that can be said.
    pub(crate) fn most_tokens(&self) -> usize {
        self.config.max_target_positions
    }

    /// Whether it knows but English.
    pub(crate) fn is_english_only(&self) -> bool {
        self.special.languages.len() < 2
    }

    /// `mel`: `[bands][frames]`.
    pub(crate) fn encode(&self, mel: Vec<f32>) -> Result<Encoded, SpeechError> {
        let (bands, frames) = (self.bands(), mel.len() / self.bands());
        Ok(self.encoder.forward(&Tensor::from_vec(mel, (1, bands, frames), &Device::Cpu)?)?)
    }

    pub(crate) fn listen(&self, heard: &Encoded) -> Result<Memory, SpeechError> {
        Ok(self.decoder.listen(heard)?)
    }
}

fn gguf(folder: &Path) -> Option<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gguf"))
        .collect();
    files.sort();
    files.into_iter().next()
}

fn special(tokenizer: &Tokenizer) -> Option<Special> {
    let id = |name: &str| tokenizer.special(name);
    let transcribe = id("<|transcribe|>");
    // A checkpoint of one language has the tokens of many, and was never taught to use them: its vocabulary is the
    // GPT-2 one, a token shorter.
    let english = id("<|endoftext|>") == Some(50_256);
    let language = |code: &'static str| Some((code, id(&format!("<|{code}|>"))?));
    Some(Special {
        end: id("<|endoftext|>")?,
        start: id("<|startoftranscript|>")?,
        transcribe: if english { None } else { transcribe },
        no_timestamps: id("<|notimestamps|>")?,
        previous: id("<|startofprev|>"),
        no_speech: id("<|nospeech|>").or_else(|| id("<|nocaptions|>")),
        languages: if english { Vec::new() } else { ["zh", "en"].into_iter().filter_map(language).collect() },
    })
}
