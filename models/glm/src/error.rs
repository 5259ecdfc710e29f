use std::path::PathBuf;

use inference::InferenceError;

/// What can go wrong with a member of the family.
#[derive(Debug, thiserror::Error)]
pub enum GlmError {
    /// A checkpoint of another family.
    #[error("{}: the architecture is {found}; supported are {supported}", path.display())]
    Architecture {
        /// The file that says so.
        path: PathBuf,
        /// What it says.
        found: String,
        /// What can be loaded.
        supported: &'static str,
    },
    /// A configuration that can't be read.
    #[error("{}: cannot read the configuration: {reason}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The field and what is wrong with it.
        reason: String,
    },
    /// A value of a field that the implementation does not have.
    #[error("{}: “{field}” is {found}; supported: {supported}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// The field's name in it.
        field: &'static str,
        /// Its value.
        found: String,
        /// The values that are supported.
        supported: &'static str,
    },
    /// A tokenizer without a token that the chat format needs.
    #[error("the tokenizer has no “{token}”, which {format} needs")]
    ChatToken {
        /// The token.
        token: &'static str,
        /// The chat format.
        format: &'static str,
    },
    /// A line of the training corpus that can't be read.
    #[error("{}:{line}: {reason}; expected an object with “id”, “split” (train, dev or test), “zh”, “glosses” and “type”", path.display())]
    Corpus {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 is the file as a whole.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A corpus with nothing to learn from.
    #[error("no pair of the corpus has the split “train”")]
    EmptyCorpus,
    /// Anything below: files, tensors, sampling.
    #[error(transparent)]
    Inference(#[from] InferenceError),
}

impl From<candle_core::Error> for GlmError {
    fn from(error: candle_core::Error) -> Self {
        Self::Inference(InferenceError::Tensor(error))
    }
}
