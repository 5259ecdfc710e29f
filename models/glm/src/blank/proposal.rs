use candle_core::Tensor;
use inference::InferenceError;

use super::network::Memory;
use super::trie::Place;
use super::vocabulary::{END, SENTENCE_MASK, START};
use super::{AllowedGlosses, BlankGlm, Language};
use crate::GlmError;

/// How a proposal is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalOptions {
    /// How many sentences are followed side by side; 1 is greedy.
    pub beams: usize,
    /// At most so many glosses.
    pub max_glosses: usize,
}

impl Default for ProposalOptions {
    fn default() -> Self {
        Self { beams: 1, max_glosses: 40 }
    }
}

/// A sign sentence that the network proposes. Nothing has checked yet that the source says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The sentence's type, in the words of the corpus.
    pub sentence_type: String,
    /// The signs, in order.
    pub glosses: Vec<String>,
    /// Logarithm of the network's probability of each token, averaged: 0 is certain.
    pub mean_log_probability: f32,
    /// Whether the network ended the sentence itself, not a limit.
    pub complete: bool,
}

/// A shorter sentence has the higher probability: sums are divided by the length to this power.
const LENGTH_POWER: f32 = 0.8;

#[derive(Debug, Clone)]
struct Beam {
    sum: f32,
    tokens: usize,
    sentence_type: u32,
    glosses: Vec<String>,
    /// Where in the two trees the gloss that is being spelled stands.
    places: [Option<Place>; 2],
    /// What is read next.
    last: u32,
}

impl Beam {
    fn score(&self) -> f32 {
        self.sum / (self.tokens.max(1) as f32).powf(LENGTH_POWER)
    }

    fn at_boundary(&self) -> bool {
        self.places == [Some(AllowedGlosses::ROOT); 2]
    }
}

impl BlankGlm {
    /// Proposes a sign sentence for a source text.
    ///
    /// `allowed` are the glosses that may come out of any sentence (the loaded packs); `further` those of this sentence
    /// alone: its numbers, its names, in the form that they are signed in. Nothing else can come out.
    ///
    /// Errors: a source longer than the network's places, or no gloss allowed at all.
    pub fn propose(
        &self,
        source: &str,
        language: Language,
        allowed: &AllowedGlosses,
        further: &AllowedGlosses,
        options: &ProposalOptions,
    ) -> Result<Proposal, GlmError> {
        let trees = [allowed, further];
        if trees.iter().all(|tree| tree.is_empty()) {
            return Err(InferenceError::NothingAllowed.into());
        }
        let mut given = self.vocabulary().source(source, language);
        let limit = self.config().places - 1;
        if given.len() > limit {
            return Err(InferenceError::Context { found: given.len(), limit }.into());
        }
        given.push(SENTENCE_MASK);
        let place = given.len() as u32 - 1;
        let row = |values: &[u32], rows: usize| Tensor::from_slice(values, (rows, values.len() / rows), self.device());
        let places: Vec<u32> = (0..=place).collect();
        let (_, mut memory) =
            self.read(&row(&given, 1)?, &row(&places, 1)?, &row(&vec![0; given.len()], 1)?, Memory::default())?;
        let types: Vec<u32> = self.vocabulary().types().into_iter().map(|(id, _)| id).collect();
        let mut beams = vec![Beam {
            sum: 0.0,
            tokens: 0,
            sentence_type: START,
            glosses: Vec::new(),
            places: [Some(AllowedGlosses::ROOT); 2],
            last: START,
        }];
        let mut finished: Vec<Beam> = Vec::new();
        for inside in 1..self.config().inside as u32 {
            let rows = beams.len();
            let last: Vec<u32> = beams.iter().map(|beam| beam.last).collect();
            let (logits, read) = self.read(
                &row(&last, rows)?,
                &row(&vec![place; rows], rows)?,
                &row(&vec![inside; rows], rows)?,
                memory,
            )?;
            let logits: Vec<Vec<f32>> = candle_nn::ops::log_softmax(&logits, 1)?.to_vec2()?;
            let mut candidates: Vec<(f32, usize, u32)> = Vec::new();
            for (at, (beam, logits)) in beams.iter().zip(&logits).enumerate() {
                let next = next_tokens(beam, inside == 1, &types, &trees, options.max_glosses);
                candidates
                    .extend(next.into_iter().filter_map(|id| Some((beam.sum + logits.get(id as usize)?, at, id))));
            }
            // Ties go to the earlier beam and the smaller id, so that nothing depends on the order of candidates.
            candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
            candidates.dedup_by_key(|(_, at, id)| (*at, *id));
            let (mut kept, mut from) = (Vec::new(), Vec::new());
            for (sum, at, id) in candidates {
                if kept.len() == options.beams.max(1) {
                    break;
                }
                let mut beam = beams[at].clone();
                beam.sum = sum;
                beam.tokens += 1;
                beam.last = id;
                if id == END {
                    finished.push(beam);
                    if finished.len() >= options.beams {
                        break;
                    }
                    continue;
                }
                advance(&mut beam, inside == 1, &trees);
                kept.push(beam);
                from.push(at as u32);
            }
            let best = finished.iter().map(Beam::score).fold(f32::NEG_INFINITY, f32::max);
            if kept.is_empty() || finished.len() >= options.beams.max(1) || kept.iter().all(|beam| beam.score() < best)
            {
                break;
            }
            memory = if rows == 1 && kept.len() == 1 { read } else { read.select(&from)? };
            beams = kept;
        }
        let complete = !finished.is_empty();
        let pool = if complete { finished } else { beams };
        let best =
            pool.into_iter().max_by(|a, b| a.score().total_cmp(&b.score())).ok_or(InferenceError::NothingAllowed)?;
        Ok(Proposal {
            sentence_type: self.vocabulary().type_of(best.sentence_type).unwrap_or_default().to_owned(),
            mean_log_probability: best.sum / best.tokens.max(1) as f32,
            glosses: best.glosses,
            complete,
        })
    }
}

/// What may come behind a beam.
fn next_tokens(beam: &Beam, first: bool, types: &[u32], trees: &[&AllowedGlosses; 2], max_glosses: usize) -> Vec<u32> {
    if first {
        return types.to_vec();
    }
    let mut next = Vec::new();
    if beam.at_boundary() {
        if !beam.glosses.is_empty() {
            next.push(END);
        }
        if beam.glosses.len() >= max_glosses {
            return next;
        }
    }
    for (tree, place) in trees.iter().zip(beam.places) {
        next.extend(place.into_iter().flat_map(|place| tree.next(place)));
    }
    next.sort_unstable();
    next.dedup();
    next
}

/// Moves a beam over its last token.
fn advance(beam: &mut Beam, first: bool, trees: &[&AllowedGlosses; 2]) {
    if first {
        beam.sentence_type = beam.last;
        return;
    }
    for (tree, place) in trees.iter().zip(&mut beam.places) {
        *place = place.and_then(|place| tree.follow(place, beam.last));
    }
    let ended = trees.iter().zip(beam.places).find_map(|(tree, place)| tree.gloss(place?));
    if let Some(gloss) = ended {
        beam.glosses.push(gloss.to_owned());
        beam.places = [Some(AllowedGlosses::ROOT); 2];
    }
}
