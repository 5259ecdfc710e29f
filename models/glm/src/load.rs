use std::path::{Path, PathBuf};

use inference::{DeviceChoice, GgufFile, InferenceError, Precision, SafetensorsFile, Tokenizer, Weights};

use crate::{Blueprint, ChatFormat, Glm, GlmError};

/// Where and how a checkpoint is loaded.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Where it runs.
    pub device: DeviceChoice,
    /// What becomes of the weights.
    pub precision: Precision,
    /// The packaged tokenizer of ChatGLM2 and 3, for their checkpoints that have no `tokenizer.json`.
    pub chatglm_tokenizer: Option<PathBuf>,
}

/// Rows of the vocabulary of ChatGLM2 and 3.
const CHATGLM_VOCABULARY: usize = 65_024;

/// A checkpoint on disk: a folder with `config.json` and safetensors, or a GGUF file.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    path: PathBuf,
    blueprint: Blueprint,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Folder,
    Gguf,
}

impl Checkpoint {
    /// Reads what the checkpoint says of itself; no weights yet. `path` is a folder, a file inside it, or a GGUF file.
    pub fn open(path: &Path) -> Result<Self, GlmError> {
        let unread = |path: &Path, source| GlmError::Inference(InferenceError::Read { path: path.to_owned(), source });
        let metadata = std::fs::metadata(path).map_err(|source| unread(path, source))?;
        if metadata.is_file() {
            let mut start = [0; 4];
            let mut file = std::fs::File::open(path).map_err(|source| unread(path, source))?;
            let found = std::io::Read::read(&mut file, &mut start).map_err(|source| unread(path, source))?;
            if &start[..found] == b"GGUF" || path.extension().is_some_and(|extension| extension == "gguf") {
                let blueprint = Blueprint::from_gguf(&GgufFile::open(path)?)?;
                return Ok(Self { path: path.to_owned(), blueprint, kind: Kind::Gguf });
            }
        }
        let folder = if metadata.is_file() { path.parent().unwrap_or(Path::new(".")) } else { path };
        let config = folder.join("config.json");
        if !config.is_file() {
            return Err(GlmError::Config {
                path: folder.to_owned(),
                reason: "no `config.json` here; expected a checkpoint's folder or a `.gguf` file".to_owned(),
            });
        }
        let text = std::fs::read_to_string(&config).map_err(|source| unread(&config, source))?;
        let blueprint = Blueprint::from_json(&config, &text)?;
        Ok(Self { path: folder.to_owned(), blueprint, kind: Kind::Folder })
    }

    /// Its shape.
    pub fn blueprint(&self) -> &Blueprint {
        &self.blueprint
    }

    /// The folder. Errors: [`GlmError::Unsupported`] for a GGUF file.
    pub(crate) fn folder(&self) -> Result<&Path, GlmError> {
        match self.kind {
            Kind::Folder => Ok(&self.path),
            Kind::Gguf => Err(GlmError::Unsupported {
                path: self.path.clone(),
                field: "checkpoint",
                found: "a GGUF file, quantised already or ready to be used".to_owned(),
                supported: "a folder with safetensors",
            }),
        }
    }

    /// Maps the weights and makes the model.
    pub fn load(&self, options: &LoadOptions) -> Result<Glm, GlmError> {
        let device = options.device.open()?;
        let weights = match self.kind {
            Kind::Folder => Weights::safetensors(SafetensorsFile::open(&self.path)?, &device, options.precision),
            Kind::Gguf => Weights::gguf(GgufFile::open(&self.path)?, &device, options.precision),
        };
        Glm::load(&weights, &self.blueprint)
    }

    /// Its tokenizer, checked against the size of its vocabulary.
    pub fn tokenizer(&self, options: &LoadOptions) -> Result<Tokenizer, GlmError> {
        // Only ChatGLM2 and 3 have its ids; GLM-4 has the same layout and other words.
        let second_or_third = self.blueprint.vocabulary == CHATGLM_VOCABULARY;
        let packaged = options.chatglm_tokenizer.as_deref().filter(|_| second_or_third);
        let tokenizer = match self.kind {
            Kind::Folder => Tokenizer::beside(&self.path, packaged)?,
            Kind::Gguf => {
                let file = GgufFile::open(&self.path)?;
                let beside = self.path.parent().unwrap_or(Path::new(".")).join("tokenizer.json");
                match (file.text("tokenizer.ggml.model"), packaged) {
                    (Ok("gpt2"), _) => Tokenizer::from_gguf(&file)?,
                    _ if beside.is_file() => Tokenizer::from_json_file(&beside)?,
                    // ChatGLM2 and 3 are converted with their SentencePiece vocabulary, which is the packaged one.
                    (Ok("llama"), Some(packaged)) => Tokenizer::from_chatglm_json_file(packaged)?,
                    _ => Tokenizer::from_gguf(&file)?,
                }
            }
        };
        tokenizer.check_fits(&self.path, self.blueprint.vocabulary)?;
        Ok(tokenizer)
    }

    /// How it is spoken to.
    pub fn chat_format(&self, tokenizer: &Tokenizer) -> ChatFormat {
        ChatFormat::of(&self.blueprint, tokenizer)
    }

    /// The ids that end a turn: those of the configuration, and those of the chat format that the tokenizer knows.
    pub fn end_tokens(&self, tokenizer: &Tokenizer) -> Vec<u32> {
        let mut ids = self.blueprint.end_tokens.clone();
        let known = ["<|endoftext|>", "<|user|>", "<|observation|>", "</s>", "eop", "<eop>"];
        ids.extend(known.iter().filter_map(|token| tokenizer.special(token)));
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
