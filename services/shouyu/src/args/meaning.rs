//! What text is signed by: who proposes, and what is kept out.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What is signed by unless told otherwise: the best on the corpus's test part (README).
const DEFAULT_GLM: &str = "embedded";

/// Where the data leg's proposals come from.
#[derive(Debug, Clone, Args)]
pub(crate) struct GlmArguments {
    /// Who proposes sign sentences. `knowledge`: nobody, words and grammar alone. `embedded`: the small GLM that is part
    /// of this program. A path: a checkpoint's folder or a GGUF file. https://…: an OpenAI-compatible endpoint, whose key
    /// is read from SHOUYU_GLM_KEY. What is proposed is checked; what fails is signed as `knowledge` has it.
    #[arg(long, value_name = "knowledge|embedded|PATH|URL", default_value = DEFAULT_GLM)]
    pub(crate) glm: String,
    /// The model's name at the endpoint.
    #[arg(long, value_name = "NAME")]
    pub(crate) glm_model: Option<String>,
    /// How long a sentence may take a checkpoint or an endpoint, in milliseconds; what takes longer is signed as
    /// `knowledge` has it. A checkpoint first reads its instructions: that may take several sentences.
    #[arg(long, value_name = "MS", default_value_t = 3000, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub(crate) glm_budget: u64,
}

/// What becomes of abusive words.
#[derive(Debug, Clone, Args)]
pub(crate) struct AbuseArguments {
    /// What becomes of abusive words: signed like others; left out and starred; or their sentences not signed at all. Each
    /// is told. Without: pass.
    #[arg(long, value_enum, value_name = "POLICY")]
    pub(crate) abuse: Option<AbuseArgument>,
    /// The words, one a line, instead of the few that come with the program.
    #[arg(long, value_name = "FILE", requires = "abuse")]
    pub(crate) abuse_words: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AbuseArgument {
    /// Signed like any other word.
    Pass,
    /// Left out, and starred where the text is shown.
    Mask,
    /// No sentence that holds one is signed.
    Refuse,
}

impl AbuseArgument {
    /// As configuration files write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Mask => "mask",
            Self::Refuse => "refuse",
        }
    }
}
