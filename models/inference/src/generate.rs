use std::collections::VecDeque;
use std::time::Instant;

use crate::{Allowed, InferenceError, Sampler, SamplingOptions, Tokenizer};

/// A causal model with a memory of what it has read.
pub trait LanguageModel {
    /// Reads further ids and gives the logits behind the last of them, one a vocabulary row.
    fn step(&mut self, ids: &[u32]) -> Result<Vec<f32>, InferenceError>;
    /// Forgets what was read.
    fn reset(&mut self);
    /// Forgets what was read but for what these ids also begin with, and says how many of them need not be read again.
    /// At least one is left to be read.
    fn resume(&mut self, ids: &[u32]) -> Result<usize, InferenceError>;
    /// How many positions it can hold.
    fn context(&self) -> usize;
}

/// What to generate and when to stop.
#[derive(Debug, Clone, Default)]
pub struct GenerationOptions {
    /// How the next token is chosen.
    pub sampling: SamplingOptions,
    /// At most so many tokens.
    pub max_tokens: usize,
    /// Ids that end the text; several, since GLM ends a turn with whose turn is next.
    pub end_tokens: Vec<u32>,
    /// Texts that end it; they are not part of what comes out.
    pub stop: Vec<String>,
    /// When the time for it is over; `None` is never.
    pub until: Option<Instant>,
}

/// How many tokens of a prompt are read between two looks at the clock.
const READ_AT_ONCE: usize = 128;

/// Why a generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// One of the end tokens came.
    EndToken,
    /// One of the stop texts came.
    StopText,
    /// As many tokens as allowed.
    MaxTokens,
    /// The model holds no more.
    Context,
    /// The time is over.
    Time,
}

/// A running generation: `step` gives the next piece of text until it gives none.
///
/// A piece is held back while it may be the start of a stop text or part of a character.
pub struct Generation<'a, M: LanguageModel> {
    model: &'a mut M,
    tokenizer: &'a Tokenizer,
    sampler: Sampler,
    options: GenerationOptions,
    logits: Vec<f32>,
    /// The prompt and what came after it.
    ids: Vec<u32>,
    prompt_len: usize,
    given: usize,
    stopped: Option<StopReason>,
    finished: bool,
    ready: VecDeque<String>,
}

impl<'a, M: LanguageModel> Generation<'a, M> {
    /// Reads the prompt. Errors: an empty or too long one, an option out of range, or no time to read it.
    pub fn new(
        model: &'a mut M,
        tokenizer: &'a Tokenizer,
        prompt: &[u32],
        options: GenerationOptions,
    ) -> Result<Self, InferenceError> {
        if options.stop.iter().any(String::is_empty) {
            return Err(InferenceError::Setting {
                name: "stop text",
                found: "empty".to_owned(),
                expected: "at least one character",
            });
        }
        let sampler = Sampler::new(options.sampling.clone())?;
        let mut read = model.resume(prompt)?;
        let logits = loop {
            let rest = &prompt[read..];
            let part = if options.until.is_some() { &rest[..rest.len().min(READ_AT_ONCE)] } else { rest };
            let logits = model.step(part)?;
            read += part.len();
            if read == prompt.len() {
                break logits;
            }
            if is_over(options.until) {
                return Err(InferenceError::Late { read, of: prompt.len() });
            }
        };
        Ok(Self {
            model,
            tokenizer,
            sampler,
            options,
            logits,
            ids: prompt.to_vec(),
            prompt_len: prompt.len(),
            given: 0,
            stopped: None,
            finished: false,
            ready: VecDeque::new(),
        })
    }

    /// The next piece of text, from any id. `None` when the text has ended: see [`Generation::stopped`].
    pub fn step(&mut self) -> Result<Option<String>, InferenceError> {
        self.step_allowed(|_| None)
    }

    /// The same, where `allowed` says from the ids so far (without the prompt) which may come next; `None` is all.
    pub fn step_allowed(
        &mut self,
        mut allowed: impl FnMut(&[u32]) -> Option<Vec<u32>>,
    ) -> Result<Option<String>, InferenceError> {
        while self.ready.is_empty() && !self.finished {
            self.advance(&mut allowed)?;
        }
        Ok(self.ready.pop_front())
    }

    /// Why it ended, when it has.
    pub fn stopped(&self) -> Option<StopReason> {
        self.stopped
    }

    /// The ids that came, end token included.
    pub fn ids(&self) -> &[u32] {
        &self.ids[self.prompt_len..]
    }

    fn advance(&mut self, allowed: &mut impl FnMut(&[u32]) -> Option<Vec<u32>>) -> Result<(), InferenceError> {
        if self.ids.len() - self.prompt_len >= self.options.max_tokens {
            return self.finish(StopReason::MaxTokens);
        }
        if is_over(self.options.until) {
            return self.finish(StopReason::Time);
        }
        let mask = allowed(&self.ids[self.prompt_len..]);
        let mask = mask.as_deref().map_or(Allowed::All, Allowed::Only);
        let id = self.sampler.choose(&self.logits, &self.ids, mask)?;
        self.ids.push(id);
        if self.options.end_tokens.contains(&id) {
            return self.finish(StopReason::EndToken);
        }
        let text = self.tokenizer.decode(self.ids())?;
        if let Some(at) = self.options.stop.iter().filter_map(|stop| text.find(stop.as_str())).min() {
            self.give(&text[..at]);
            self.stopped = Some(StopReason::StopText);
            self.finished = true;
            return Ok(());
        }
        // A character whose bytes are not all there decodes to a replacement; a stop text may be half there.
        let whole = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
        let held = self.options.stop.iter().map(|stop| overlap(whole, stop)).max().unwrap_or(0);
        self.give(&whole[..whole.len() - held]);
        if self.ids.len() >= self.model.context() {
            return self.finish(StopReason::Context);
        }
        self.logits = self.model.step(&[id])?;
        Ok(())
    }

    fn finish(&mut self, reason: StopReason) -> Result<(), InferenceError> {
        let text = self.tokenizer.decode(self.ids())?;
        self.give(&text);
        self.stopped = Some(reason);
        self.finished = true;
        Ok(())
    }

    fn give(&mut self, text: &str) {
        if text.len() > self.given && text.is_char_boundary(self.given) {
            self.ready.push_back(text[self.given..].to_owned());
            self.given = text.len();
        }
    }
}

fn is_over(until: Option<Instant>) -> bool {
    until.is_some_and(|until| Instant::now() >= until)
}

/// How many bytes at the end of the text are the start of `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    stop.char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .filter(|length| *length < stop.len() && text.ends_with(&stop[..*length]))
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says the same ids whatever it reads.
    struct Parrot {
        script: Vec<u32>,
        at: usize,
    }

    impl LanguageModel for Parrot {
        fn step(&mut self, _: &[u32]) -> Result<Vec<f32>, InferenceError> {
            let mut logits = vec![0.0; 300];
            logits[self.script.get(self.at).copied().unwrap_or(299) as usize] = 1.0;
            self.at += 1;
            Ok(logits)
        }
        fn reset(&mut self) {
            self.at = 0;
        }
        fn resume(&mut self, _: &[u32]) -> Result<usize, InferenceError> {
            self.reset();
            Ok(0)
        }
        fn context(&self) -> usize {
            100
        }
    }

    fn letters() -> Tokenizer {
        let folder = tempfile::tempdir().unwrap();
        let vocabulary: serde_json::Map<String, serde_json::Value> = ('a'..='z')
            .chain(['中'])
            .enumerate()
            .map(|(id, letter)| (letter.to_string(), serde_json::json!(id)))
            .collect();
        let description = serde_json::json!({"version": "1.0", "added_tokens": [crate::tiktoken::added("<end>", 299)],
            "decoder": {"type": "Fuse"}, "model": {"type": "BPE", "vocab": vocabulary, "merges": []}});
        let path = folder.path().join("tokenizer.json");
        std::fs::write(&path, description.to_string()).unwrap();
        Tokenizer::from_json_file(&path).unwrap()
    }

    fn run(options: GenerationOptions, text: &str) -> (Vec<String>, Option<StopReason>) {
        let tokenizer = letters();
        let mut model = Parrot { script: tokenizer.encode(text).unwrap(), at: 0 };
        let mut generation = Generation::new(&mut model, &tokenizer, &[1], options).unwrap();
        let mut pieces = Vec::new();
        while let Some(piece) = generation.step().unwrap() {
            pieces.push(piece);
        }
        (pieces, generation.stopped())
    }

    #[test]
    fn pieces_stream_until_an_end_token_a_stop_text_or_the_limit() {
        let base = GenerationOptions { max_tokens: 20, end_tokens: vec![298, 299], ..GenerationOptions::default() };
        assert_eq!(
            run(base.clone(), "ab中c"),
            (["a", "b", "中", "c"].map(String::from).to_vec(), Some(StopReason::EndToken))
        );
        let stop = GenerationOptions { stop: vec!["bcd".to_owned()], ..base.clone() };
        assert_eq!(run(stop.clone(), "abcdef"), (vec!["a".to_owned()], Some(StopReason::StopText)));
        let (pieces, reason) = run(stop, "abcef");
        assert_eq!(
            (pieces.concat(), reason),
            ("abcef".to_owned(), Some(StopReason::EndToken)),
            "what was held is given"
        );
        let short = GenerationOptions { max_tokens: 2, ..base };
        assert_eq!(run(short.clone(), "abc").1, Some(StopReason::MaxTokens));
        let late = GenerationOptions { until: Some(Instant::now()), ..short };
        assert_eq!(run(late, "abc"), (vec![], Some(StopReason::Time)));
    }

    #[test]
    fn a_prompt_that_takes_too_long_is_left() {
        let tokenizer = letters();
        let mut model = Parrot { script: vec![1], at: 0 };
        let options = GenerationOptions { until: Some(Instant::now()), max_tokens: 2, ..GenerationOptions::default() };
        let prompt = [1; 3 * READ_AT_ONCE];
        let Err(error) = Generation::new(&mut model, &tokenizer, &prompt, options) else { panic!("it read on") };
        assert!(matches!(error, InferenceError::Late { read: READ_AT_ONCE, of: 384 }), "{error}");
    }

    #[test]
    fn a_mask_leaves_only_what_is_allowed() {
        let tokenizer = letters();
        let mut model = Parrot { script: tokenizer.encode("abc").unwrap(), at: 0 };
        let options = GenerationOptions { max_tokens: 2, ..GenerationOptions::default() };
        let mut generation = Generation::new(&mut model, &tokenizer, &[1], options).unwrap();
        let mut text = String::new();
        while let Some(piece) = generation.step_allowed(|so_far| Some(vec![23 + so_far.len() as u32])).unwrap() {
            text += &piece;
        }
        assert_eq!(text, "xy");
    }
}
