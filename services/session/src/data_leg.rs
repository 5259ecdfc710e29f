//! The data leg's local models: the small GLM and checkpoints on disk as proposers of sign sentences.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use glm::{
    GenerationOptions, GlmError, InferenceError, ListForm, LoadOptions, Role, StopReason, Talk, Turn,
    blank::{AllowedGlosses, BlankGlm, Language, Pair, Proposal, ProposalOptions, Source},
};
use understanding::{
    ProposeError, Proposed, Proposer, Request, SENTENCE_TYPES, Understanding, UnderstandingError, normalised,
    read_answer, sentence_type,
};

/// The name that results give the small GLM.
const SMALL: &str = "small-glm";
/// How many sentences the small GLM follows side by side.
const BEAMS: usize = 4;
/// By how much the mean logarithm of the small GLM's sentence must exceed that of the knowledge leg's, which it rates
/// too, to be proposed. Found on the development part of the corpus.
const MARGIN: f32 = 0.0;
/// At most so many tokens of an answer: some eighty glosses in JSON.
const ANSWER_TOKENS: usize = 512;

/// The small GLM that is part of the program.
///
/// Errors: weights that can't be read, which a test excludes.
pub fn embedded_glm() -> Result<Arc<dyn Proposer>, GlmError> {
    Ok(Arc::new(SmallGlm::new(BlankGlm::embedded()?)))
}

/// A model on disk: another small GLM, or a checkpoint of the family (a folder, or a GGUF file), which is asked in its
/// chat format and can say nothing but words that may be signed. A checkpoint has `budget` for a sentence; what it has
/// read of its instructions in this time need not be read again for the next one.
///
/// Errors: whatever is missing or does not fit.
pub fn glm_at(path: &Path, budget: Duration) -> Result<Arc<dyn Proposer>, GlmError> {
    if BlankGlm::recognises(path) {
        return Ok(Arc::new(SmallGlm::new(BlankGlm::open(path)?)));
    }
    let options = LoadOptions { chatglm_tokenizer: chatglm_tokenizer(), ..LoadOptions::default() };
    Ok(Arc::new(ChatGlm::open(path, budget, &options)?))
}

/// The packaged tokenizer of ChatGLM2 and 3, if set-up has fetched it.
pub fn chatglm_tokenizer() -> Option<PathBuf> {
    let path = body::cache_dir().ok()?.join("glm/chatglm3-tokenizer.json");
    path.is_file().then_some(path)
}

/// Gives training pairs what the small GLM will see and may say: texts as understanding reads them, the knowledge leg's
/// drafts, and glosses in the packs' words.
///
/// Errors: a text that understanding refuses.
pub fn draft(pairs: &mut [Pair], understanding: &Understanding) -> Result<(), UnderstandingError> {
    for pair in pairs {
        pair.draft = understanding.draft(&pair.zh, "zh")?;
        pair.zh = normalised(&pair.zh);
        if let Some(english) = &mut pair.en {
            pair.draft_en = understanding.draft(english, "en")?;
            *english = normalised(english);
        }
        pair.glosses = understanding.in_headwords(&pair.glosses);
    }
    Ok(())
}

/// The small GLM, which can only say what it is allowed to.
#[derive(Debug)]
struct SmallGlm {
    network: BlankGlm,
    /// The tree of the last request's allowed glosses: they change only with the packs.
    allowed: Mutex<Option<(Vec<String>, Arc<AllowedGlosses>)>>,
}

impl SmallGlm {
    fn new(network: BlankGlm) -> Self {
        Self { network, allowed: Mutex::default() }
    }

    fn tree(&self, glosses: &[String]) -> AllowedGlosses {
        AllowedGlosses::new(self.network.vocabulary(), glosses.iter().map(String::as_str))
    }

    fn allowed(&self, glosses: &[String]) -> Arc<AllowedGlosses> {
        let mut kept = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, tree)) if of == glosses => Arc::clone(tree),
            _ => {
                let tree = Arc::new(self.tree(glosses));
                *kept = Some((glosses.to_vec(), Arc::clone(&tree)));
                tree
            }
        }
    }

    fn best(&self, request: &Request<'_>) -> Result<Result<Proposed, String>, GlmError> {
        let language = if request.language.starts_with("en") { Language::English } else { Language::Chinese };
        let source = Source { text: request.text, language, draft: request.draft };
        let options = ProposalOptions { beams: BEAMS, ..ProposalOptions::default() };
        let proposals =
            self.network.propose(&source, &self.allowed(request.allowed), &self.tree(request.further), &options)?;
        let Some(first) = proposals.first().filter(|first| first.complete) else {
            return Ok(Err("it found no end".to_owned()));
        };
        let (best, sentence_type) = (first.mean_log_probability, sentence_type(&first.sentence_type));
        let least = if request.draft.is_empty() {
            f32::NEG_INFINITY
        } else {
            MARGIN + self.network.mean_log_probability(&source, &first.sentence_type, request.draft)?
        };
        let better = |proposal: &Proposal| proposal.mean_log_probability >= least || proposal.glosses == request.draft;
        let mut sentences = proposals.into_iter().filter(better).map(|proposal| proposal.glosses);
        Ok(match sentences.next() {
            Some(glosses) => Ok(Proposed { glosses, others: sentences.collect(), sentence_type }),
            None => Err(format!("its best is better by {:.2} nats a token only", best + MARGIN - least)),
        })
    }
}

impl Proposer for SmallGlm {
    fn name(&self) -> &str {
        SMALL
    }

    fn propose(&self, request: &Request<'_>) -> Result<Proposed, ProposeError> {
        let who = || SMALL.to_owned();
        match self.best(request) {
            Ok(Ok(proposed)) => Ok(proposed),
            Ok(Err(reason)) => Err(ProposeError::Declined { who: who(), reason }),
            Err(error) => Err(ProposeError::Failed { who: who(), reason: error.to_string() }),
        }
    }
}

/// A checkpoint of the family that is asked in words, as an endpoint is.
struct ChatGlm {
    name: String,
    budget: Duration,
    talk: Mutex<Talk>,
}

impl std::fmt::Debug for ChatGlm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatGlm").field("name", &self.name).finish_non_exhaustive()
    }
}

impl ChatGlm {
    fn open(path: &Path, budget: Duration, options: &LoadOptions) -> Result<Self, GlmError> {
        let name = path.file_stem().map_or_else(|| "glm".to_owned(), |name| name.to_string_lossy().into_owned());
        Ok(Self { name, budget, talk: Mutex::new(Talk::open(path, options)?) })
    }
}

/// The answers that a request allows: its prompt's JSON, with the words that may be signed and nothing else.
fn answer_form(request: &Request<'_>) -> ListForm {
    let quoted: Vec<String> = request
        .allowed
        .iter()
        .chain(request.further)
        .chain(request.draft)
        .map(|word| serde_json::Value::from(word.as_str()).to_string())
        .collect();
    let inside = quoted.iter().filter_map(|word| word.strip_prefix('"')?.strip_suffix('"'));
    let closings = SENTENCE_TYPES.map(|kind| format!("\"],\"type\":\"{kind}\"}}"));
    ListForm::new("{\"glosses\":[\"", inside, "\",\"", closings.iter().map(String::as_str))
}

impl Proposer for ChatGlm {
    fn name(&self) -> &str {
        &self.name
    }

    fn propose(&self, request: &Request<'_>) -> Result<Proposed, ProposeError> {
        let (system, user) = request.prompt();
        let turns = [Turn { role: Role::System, text: system }, Turn { role: Role::User, text: user }];
        let mut talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Some(Instant::now() + self.budget);
        let options = GenerationOptions { max_tokens: ANSWER_TOKENS, until, ..GenerationOptions::default() };
        let who = || self.name.clone();
        let milliseconds = u64::try_from(self.budget.as_millis()).unwrap_or(u64::MAX);
        match talk.answer_within(&turns, &answer_form(request), options, |_| {}) {
            Ok(said) if said.stopped == Some(StopReason::Time) => {
                Err(ProposeError::Timeout { who: who(), milliseconds })
            }
            Ok(said) => read_answer(&self.name, &said.text),
            Err(GlmError::Inference(InferenceError::Late { .. })) => {
                Err(ProposeError::Timeout { who: who(), milliseconds })
            }
            Err(error) => Err(ProposeError::Failed { who: who(), reason: error.to_string() }),
        }
    }
}
