//! Training: blank infilling over both languages and the glosses first, then text to sign sentence.

use std::path::Path;

use candle_core::Device;
use inference::{InferenceError, Precision, Weights};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use super::example::{Batch, Example, rest_blank, sentence_blank, short_blanks, translation};
use super::network::Network;
use super::optimiser::Optimiser;
use super::vocabulary::SIGNS;
use super::{BlankConfig, BlankGlm, Language, Pair, Source, Split, Vocabulary};
use crate::GlmError;

/// How long training lasts and how fast it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingOptions {
    /// The same seed, corpus and options give the same weights.
    pub seed: u64,
    /// Passes over the corpus in blank infilling.
    pub blank_epochs: u32,
    /// Passes in translation.
    pub translation_epochs: u32,
    /// Tokens of a batch, padding included.
    pub batch_tokens: usize,
    /// The highest rate of learning.
    pub rate: f32,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self { seed: 0, blank_epochs: 1, translation_epochs: 18, batch_tokens: 1024, rate: 2e-3 }
    }
}

/// What is being learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Filling blanks of texts, sign sentences and both together.
    Blanks,
    /// From text to sign sentence.
    Translation,
}

/// One step's figures.
#[derive(Debug, Clone, Copy)]
pub struct StepReport {
    /// How many steps of the epoch are done.
    pub step: usize,
    /// How many it has.
    pub steps: usize,
    /// Mean loss of its tokens, in nats.
    pub loss: f32,
}

/// One epoch's figures.
#[derive(Debug, Clone, Copy)]
pub struct EpochReport {
    /// What was learnt.
    pub stage: Stage,
    /// Which epoch, from 1, of both stages together.
    pub epoch: u32,
    /// Mean loss over the epoch, in nats a token.
    pub loss: f32,
    /// Mean loss of the development part's translations, in nats a token.
    pub dev_loss: f32,
}

/// The share of a stage over which the rate rises, and what is left of it at the end.
const RISE: f32 = 0.05;
const LEFT: f32 = 0.03;
/// Of a translation epoch's examples, how many are copies with another word in both sentences: it teaches that most
/// signs are named after the word, also for words that the corpus lacks.
const COPIED_SHARE: f64 = 0.4;
/// The share of the grammar's pairs that an epoch takes: they say much the same as each other.
const MADE_SHARE: f64 = 0.35;
/// The share of English sides that an epoch takes.
const ENGLISH_SHARE: f64 = 0.4;
/// The share of translations that are learnt with their draft; the rest are learnt from the text alone.
const DRAFTED_SHARE: f64 = 0.9;
/// How many blank-infilling examples a translation epoch keeps, for each pair.
const KEPT_BLANKS: f64 = 0.2;
/// How many examples are sorted by length together.
const SORTED_TOGETHER: usize = 512;
/// How many development pairs the loss between epochs is measured on.
const DEV_PAIRS: usize = 256;

#[derive(Debug, Serialize, Deserialize)]
struct SavedState {
    options: TrainingOptions,
    config: BlankConfig,
    tokens: Vec<String>,
    epochs_done: u32,
}

/// A training that can stop and go on between epochs.
pub struct Trainer {
    options: TrainingOptions,
    config: BlankConfig,
    vocabulary: Vocabulary,
    train: Vec<Pair>,
    dev: Vec<Pair>,
    optimiser: Optimiser,
    epochs_done: u32,
}

impl Trainer {
    /// A fresh start. `further` are characters beyond the corpus's; `config` is the shape for a size of vocabulary.
    ///
    /// Errors: [`GlmError::EmptyCorpus`] when no pair is for training.
    pub fn new(
        pairs: Vec<Pair>,
        further: &str,
        config: impl FnOnce(usize) -> BlankConfig,
        options: TrainingOptions,
    ) -> Result<Self, GlmError> {
        let train: Vec<Pair> = pairs.iter().filter(|pair| pair.split == Split::Train).cloned().collect();
        let dev = pairs.into_iter().filter(|pair| pair.split == Split::Dev).take(DEV_PAIRS).collect();
        if train.is_empty() {
            return Err(GlmError::EmptyCorpus);
        }
        let learnt = Vocabulary::build(train.iter());
        let said = learnt.tokens().len();
        let vocabulary = learnt.with_letters(further);
        let config = BlankConfig { said, ..config(vocabulary.tokens().len()) };
        let variables = Network::fresh(&config, &mut StdRng::seed_from_u64(options.seed))?;
        Ok(Self { options, config, vocabulary, train, dev, optimiser: Optimiser::new(variables), epochs_done: 0 })
    }

    /// Takes up the state in a folder, if there is one of the same options; `false` when there is none.
    ///
    /// Errors: a state of other options or of another corpus, or one that can't be read.
    pub fn resume(&mut self, folder: &Path) -> Result<bool, GlmError> {
        let (head, weights) = (folder.join("state.json"), folder.join("state.safetensors"));
        if !head.is_file() {
            return Ok(false);
        }
        let text =
            std::fs::read_to_string(&head).map_err(|source| InferenceError::Read { path: head.clone(), source })?;
        let wrong = |reason: String| GlmError::Config { path: head.clone(), reason };
        let state: SavedState = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if state.options != self.options || state.config != self.config || state.tokens != self.vocabulary.tokens() {
            return Err(wrong(
                "it is of a training with other options or another corpus; give another folder, or remove this one"
                    .to_owned(),
            ));
        }
        self.optimiser.resume(&candle_core::safetensors::load(&weights, &Device::Cpu)?)?;
        self.epochs_done = state.epochs_done;
        Ok(true)
    }

    /// Writes the state into a folder, from where [`Trainer::resume`] goes on. Call it between epochs.
    pub fn save_state(&self, folder: &Path) -> Result<(), GlmError> {
        let unwritten = |path: &Path, source| InferenceError::Write { path: path.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(|source| unwritten(folder, source))?;
        let partial = folder.join("state.partial");
        candle_core::safetensors::save(&self.optimiser.state()?, &partial)?;
        let weights = folder.join("state.safetensors");
        std::fs::rename(&partial, &weights).map_err(|source| unwritten(&weights, source))?;
        let state = SavedState {
            options: self.options.clone(),
            config: self.config.clone(),
            tokens: self.vocabulary.tokens().to_vec(),
            epochs_done: self.epochs_done,
        };
        let head = folder.join("state.json");
        let text = serde_json::to_string(&state)
            .map_err(|error| GlmError::Config { path: head.clone(), reason: error.to_string() })?;
        std::fs::write(&partial, text).map_err(|source| unwritten(&partial, source))?;
        std::fs::rename(&partial, &head).map_err(|source| unwritten(&head, source))?;
        Ok(())
    }

    /// How many epochs there are, and how many are done.
    pub fn epochs(&self) -> (u32, u32) {
        (self.options.blank_epochs + self.options.translation_epochs, self.epochs_done)
    }

    /// How many numbers are learnt.
    pub fn parameters(&self) -> usize {
        self.optimiser.variables().values().map(|variable| variable.elem_count()).sum()
    }

    /// The network as it is now.
    pub fn network(&self) -> Result<BlankGlm, GlmError> {
        let variables = self.optimiser.variables().iter();
        let tensors = variables.map(|(name, variable)| (name.clone(), variable.as_tensor().clone())).collect();
        let weights = Weights::memory(tensors, &Device::Cpu, Precision::Full);
        BlankGlm::from_weights(self.config.clone(), self.vocabulary.clone(), &weights)
    }

    /// Writes the network as it ships, with how it was made.
    pub fn export(&self, path: &Path) -> Result<(), GlmError> {
        let TrainingOptions { seed, blank_epochs, translation_epochs, batch_tokens, rate } = &self.options;
        let notes = format!(
            "{blank_epochs} epochs of blanks and {translation_epochs} of translation over {} pairs, seed {seed}, rate \
             {rate}, batches of {batch_tokens} tokens, {} epochs done",
            self.train.len(),
            self.epochs_done
        );
        Network::save(path, &self.config, &self.vocabulary, self.optimiser.variables(), &notes)
    }

    /// One pass over the corpus. `None` when all epochs are done. `watch` sees every step.
    pub fn epoch(&mut self, mut watch: impl FnMut(StepReport)) -> Result<Option<EpochReport>, GlmError> {
        let (all, done) = self.epochs();
        if done >= all {
            return Ok(None);
        }
        let blanks = self.options.blank_epochs;
        let (stage, first, length) = if done < blanks {
            (Stage::Blanks, 0, blanks)
        } else {
            (Stage::Translation, blanks, self.options.translation_epochs)
        };
        // Each epoch's numbers come from its own seed, so that a resumed training goes on as if it had not stopped.
        let mut random =
            StdRng::seed_from_u64(self.options.seed ^ (u64::from(done) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let examples = self.examples(stage, &mut random);
        let batches = batches(&examples, self.options.batch_tokens, &mut random);
        let network = Network::over(&self.config, self.optimiser.variables())?;
        let (mut sum, mut asked) = (0.0, 0);
        for (at, rows) in batches.iter().enumerate() {
            let rows: Vec<&Example> = rows.iter().map(|row| &examples[*row]).collect();
            let batch = Batch::new(&rows, self.config.said, &Device::Cpu)?;
            let loss = network.loss(&batch)?;
            let value: f32 = loss.to_scalar()?;
            let passed = ((done - first) as f32 + at as f32 / batches.len() as f32) / length as f32;
            self.optimiser.step(&loss.backward()?, self.options.rate * share_of_rate(passed))?;
            sum += f64::from(value) * batch.asked_count as f64;
            asked += batch.asked_count;
            watch(StepReport { step: at + 1, steps: batches.len(), loss: value });
        }
        self.epochs_done += 1;
        let loss = (sum / asked.max(1) as f64) as f32;
        Ok(Some(EpochReport { stage, epoch: self.epochs_done, loss, dev_loss: self.dev_loss(&network)? }))
    }

    fn dev_loss(&self, network: &Network) -> Result<f32, GlmError> {
        let examples: Vec<Example> = self
            .dev
            .iter()
            .filter_map(|pair| {
                let source = Source { text: &pair.zh, language: Language::Chinese, draft: &pair.draft };
                self.fitting(self.translate(&source, &pair.sentence_type, &pair.glosses))
            })
            .collect();
        let (mut sum, mut asked) = (0.0, 0);
        for rows in batches(&examples, self.options.batch_tokens, &mut StdRng::seed_from_u64(0)) {
            let rows: Vec<&Example> = rows.iter().map(|row| &examples[*row]).collect();
            let batch = Batch::new(&rows, self.config.said, &Device::Cpu)?;
            sum += f64::from(network.loss(&batch)?.to_scalar::<f32>()?) * batch.asked_count as f64;
            asked += batch.asked_count;
        }
        Ok((sum / asked.max(1) as f64) as f32)
    }

    fn examples(&self, stage: Stage, random: &mut StdRng) -> Vec<Example> {
        let letters = self.vocabulary.wide_letters();
        let words: Vec<&str> =
            self.train.iter().flat_map(|pair| &pair.glosses).map(String::as_str).filter(|gloss| wide(gloss)).collect();
        let mut examples = Vec::new();
        for pair in &self.train {
            if pair.made() && !random.random_bool(MADE_SHARE) {
                continue;
            }
            if stage == Stage::Blanks {
                examples.push(self.blanks(pair, random));
                continue;
            }
            let english = pair.en.as_ref().filter(|_| random.random_bool(ENGLISH_SHARE));
            let mut translate = |text: &str, language, draft: &[String], glosses: &[String]| {
                let draft = if random.random_bool(DRAFTED_SHARE) { draft } else { &[] };
                examples.push(self.translate(&Source { text, language, draft }, &pair.sentence_type, glosses));
            };
            translate(&pair.zh, Language::Chinese, &pair.draft, &pair.glosses);
            if let Some(english) = english {
                translate(english, Language::English, &pair.draft_en, &pair.glosses);
            }
            if random.random_bool(COPIED_SHARE)
                && let Some(other) = self.other_word(pair, &words, &letters, random)
            {
                let source = Source { text: &other.zh, language: Language::Chinese, draft: &other.draft };
                examples.push(self.translate(&source, &pair.sentence_type, &other.glosses));
            }
            if random.random_bool(KEPT_BLANKS) {
                examples.push(self.blanks(pair, random));
            }
        }
        examples.into_iter().filter_map(|example| self.fitting(example)).collect()
    }

    /// An example that the network has positions for.
    fn fitting(&self, example: Example) -> Option<Example> {
        let inside = example.inside.iter().max().copied().unwrap_or(0) as usize;
        (example.given <= self.config.places && inside < self.config.inside).then_some(example)
    }

    fn translate(&self, source: &Source<'_>, sentence_type: &str, glosses: &[String]) -> Example {
        translation(&self.vocabulary.drafted(source), &self.vocabulary.signs(sentence_type, glosses))
    }

    /// A pair's texts, one or two of them, with blanks of one of the three kinds.
    fn blanks(&self, pair: &Pair, random: &mut StdRng) -> Example {
        let signs = std::iter::once(SIGNS).chain(self.vocabulary.signs(&pair.sentence_type, &pair.glosses));
        let mut texts = vec![self.vocabulary.source(&pair.zh, Language::Chinese), signs.collect()];
        if let Some(english) = &pair.en {
            texts.push(self.vocabulary.source(english, Language::English));
        }
        texts.shuffle(random);
        texts.truncate(random.random_range(1..=2));
        let joined = texts.concat();
        match random.random_range(0..4) {
            0 | 1 => short_blanks(&joined, random),
            2 if texts.len() > 1 => sentence_blank(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>(), random),
            _ => rest_blank(&joined, random),
        }
    }

    /// The pair with another word in the place of one that is in both sentences once. Its draft goes where it does not
    /// have the word once.
    fn other_word(&self, pair: &Pair, words: &[&str], letters: &[u32], random: &mut StdRng) -> Option<OtherWord> {
        let once = |gloss: &&String| {
            wide(gloss)
                && pair.zh.matches(gloss.as_str()).count() == 1
                && pair.glosses.iter().filter(|other| other.contains(gloss.as_str())).count() == 1
        };
        let shared: Vec<&String> = pair.glosses.iter().filter(once).collect();
        let old = *shared.choose(random)?;
        let new = if random.random_bool(0.5) {
            (*words.choose(random)?).to_owned()
        } else {
            let count = random.random_range(1..=3);
            let spelled =
                (0..count).map(|_| Some(self.vocabulary.tokens()[*letters.choose(random)? as usize].as_str()));
            spelled.collect::<Option<String>>()?
        };
        let instead = |glosses: &[String]| -> Vec<String> {
            glosses.iter().map(|gloss| if gloss == old { new.clone() } else { gloss.clone() }).collect()
        };
        let drafted = pair.draft.iter().filter(|gloss| *gloss == old).count() == 1;
        Some(OtherWord {
            zh: pair.zh.replacen(old.as_str(), &new, 1),
            draft: if drafted { instead(&pair.draft) } else { Vec::new() },
            glosses: instead(&pair.glosses),
        })
    }
}

/// A pair with another word in it.
struct OtherWord {
    zh: String,
    draft: Vec<String>,
    glosses: Vec<String>,
}

/// Whether a gloss is written in Chinese characters alone.
fn wide(gloss: &str) -> bool {
    gloss.chars().all(|letter| ('一'..='鿿').contains(&letter))
}

/// Up in a line, down in half a cosine.
fn share_of_rate(passed: f32) -> f32 {
    if passed < RISE {
        return (passed / RISE).max(0.02);
    }
    let fall = (passed - RISE) / (1.0 - RISE);
    LEFT + (1.0 - LEFT) * 0.5 * (1.0 + (std::f32::consts::PI * fall).cos())
}

/// Which examples go together: of like length, so that little is padding, in random order.
fn batches(examples: &[Example], tokens: usize, random: &mut StdRng) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.shuffle(random);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for part in order.chunks_mut(SORTED_TOGETHER) {
        part.sort_by_key(|row| examples[*row].len());
        let mut batch: Vec<usize> = Vec::new();
        for row in part {
            // Sorted: the newest is the longest.
            if !batch.is_empty() && (batch.len() + 1) * examples[*row].len() > tokens {
                batches.push(std::mem::take(&mut batch));
            }
            batch.push(*row);
        }
        if !batch.is_empty() {
            batches.push(batch);
        }
    }
    batches.shuffle(random);
    batches
}
