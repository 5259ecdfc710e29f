use std::path::PathBuf;

/// What can go wrong between a file on disk and a sampled token.
#[derive(Debug, thiserror::Error)]
pub enum InferenceError {
    /// A file that can't be opened or read.
    #[error("{}: cannot read it: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that can't be written.
    #[error("{}: cannot write it: {source}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A shard that the index names and that is not there.
    #[error("{}: the shard “{shard}” is missing; it holds {tensors} tensors, such as “{example}”: fetch it again into the same folder", index.display())]
    MissingShard {
        /// The index that names it.
        index: PathBuf,
        /// The file's name.
        shard: String,
        /// How many of the model's tensors are in it.
        tensors: usize,
        /// One of them.
        example: String,
    },
    /// A folder without weights.
    #[error("{}: no weights here; expected `model.safetensors`, `model.safetensors.index.json` with its shards, or a `.gguf` file", path.display())]
    NoWeights {
        /// The folder.
        path: PathBuf,
    },
    /// A file whose content is not what its format says.
    #[error("{}: {found}; expected {expected}", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// What was found there.
        found: String,
        /// What would have been right.
        expected: String,
    },
    /// A tensor that the model needs and that the file lacks.
    #[error("{}: the tensor “{name}” is not in the checkpoint; the nearest name in it is “{nearest}”", path.display())]
    MissingTensor {
        /// The checkpoint.
        path: PathBuf,
        /// The tensor.
        name: String,
        /// What the file has that is nearest to it.
        nearest: String,
    },
    /// A tensor of another shape than the configuration says.
    #[error("{}: “{name}” has the shape {found:?}; the configuration says {expected:?}", path.display())]
    Shape {
        /// The checkpoint.
        path: PathBuf,
        /// The tensor.
        name: String,
        /// Its shape in the file.
        found: Vec<usize>,
        /// The shape that the configuration asks for.
        expected: Vec<usize>,
    },
    /// A metadata key that a GGUF file lacks or that has another type.
    #[error("{}: metadata key “{key}”: found {found}, expected {expected}", path.display())]
    Metadata {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What stands there.
        found: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A tokenizer that can't be read.
    #[error("{}: not a tokenizer that can be used: {reason}", path.display())]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A text or a row of ids that the tokenizer can't turn into the other.
    #[error("the tokenizer failed: {0}")]
    Tokenize(String),
    /// A device that this build or this machine does not have.
    #[error("device “{found}”: {reason}")]
    Device {
        /// What was asked for.
        found: String,
        /// Why it can't be had, and what can.
        reason: String,
    },
    /// A setting out of its range.
    #[error("{name} is {found}; expected {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        found: String,
        /// Its range.
        expected: &'static str,
    },
    /// A mask that leaves nothing to choose from.
    #[error("no token is allowed at this position: the mask is empty")]
    NothingAllowed,
    /// A context that does not fit.
    #[error("{found} tokens are more than the model's context of {limit}")]
    Context {
        /// How many tokens there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The time was over while the prompt was read. What was read stays known to the model.
    #[error("the time was over when {read} of {of} tokens of the prompt had been read")]
    Late {
        /// How many were read.
        read: usize,
        /// How many there are.
        of: usize,
    },
    /// A token id outside the vocabulary.
    #[error("token {found} is outside the vocabulary of {limit}")]
    Token {
        /// The id.
        found: u32,
        /// How many ids there are.
        limit: usize,
    },
    /// Arithmetic that failed: out of memory, or a bug.
    #[error("tensor arithmetic failed: {0}")]
    Tensor(#[from] candle_core::Error),
}
