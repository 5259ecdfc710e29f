use inference::InferenceError;

use super::running::Memory;
use super::trie::Place;
use super::vocabulary::{END, SENTENCE_MASK, START};
use super::{AllowedGlosses, BlankGlm, Source};
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
    memory: Memory,
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
    /// Proposes sign sentences for a source, the best first: at least one, at most as many as there are beams.
    ///
    /// `allowed` are the glosses that may come out of any sentence (the loaded packs); `further` those of this sentence
    /// alone: its numbers, its names, in the form that they are signed in. Nothing else can come out.
    ///
    /// Errors: a source that with its draft is longer than the network's places, or no gloss allowed at all.
    pub fn propose(
        &self,
        source: &Source<'_>,
        allowed: &AllowedGlosses,
        further: &AllowedGlosses,
        options: &ProposalOptions,
    ) -> Result<Vec<Proposal>, GlmError> {
        let trees = [allowed, further];
        if trees.iter().all(|tree| tree.is_empty()) {
            return Err(InferenceError::NothingAllowed.into());
        }
        let given = self.given(source)?;
        let place = given.len() as u32 - 1;
        let types: Vec<u32> = self.vocabulary().types().into_iter().map(|(id, _)| id).collect();
        let mut beams = vec![Beam {
            sum: 0.0,
            tokens: 0,
            sentence_type: START,
            glosses: Vec::new(),
            places: [Some(AllowedGlosses::ROOT); 2],
            last: START,
            memory: self.read_given(&given),
        }];
        let mut finished: Vec<Beam> = Vec::new();
        for inside in 1..self.config().inside as u32 {
            let read = beams.iter_mut().map(|beam| self.read_next(beam.last, place, inside, &mut beam.memory));
            let logarithms: Vec<Vec<f32>> = read.collect();
            let mut candidates: Vec<(f32, usize, u32)> = Vec::new();
            for (at, (beam, logarithms)) in beams.iter().zip(&logarithms).enumerate() {
                let next = next_tokens(beam, inside == 1, &types, &trees, options.max_glosses);
                candidates
                    .extend(next.into_iter().filter_map(|id| Some((beam.sum + logarithms.get(id as usize)?, at, id))));
            }
            // Ties go to the earlier beam and the smaller id, so that nothing depends on the order of candidates.
            candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
            candidates.dedup_by_key(|(_, at, id)| (*at, *id));
            let mut kept = Vec::new();
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
            }
            let best = finished.iter().map(Beam::score).fold(f32::NEG_INFINITY, f32::max);
            if kept.is_empty() || finished.len() >= options.beams.max(1) || kept.iter().all(|beam| beam.score() < best)
            {
                break;
            }
            beams = kept;
        }
        let complete = !finished.is_empty();
        let mut pool = if complete { finished } else { beams };
        pool.sort_by(|a, b| b.score().total_cmp(&a.score()));
        let proposal = |beam: Beam| Proposal {
            sentence_type: self.vocabulary().type_of(beam.sentence_type).unwrap_or_default().to_owned(),
            mean_log_probability: beam.sum / beam.tokens.max(1) as f32,
            glosses: beam.glosses,
            complete,
        };
        if pool.is_empty() {
            return Err(InferenceError::NothingAllowed.into());
        }
        Ok(pool.into_iter().map(proposal).collect())
    }

    /// How likely the network holds a sign sentence to be: the logarithm of the probability of each of its tokens,
    /// averaged, as [`Proposal::mean_log_probability`] is.
    ///
    /// Errors: a source or a sentence longer than the network's places.
    pub fn mean_log_probability(
        &self,
        source: &Source<'_>,
        sentence_type: &str,
        glosses: &[String],
    ) -> Result<f32, GlmError> {
        let given = self.given(source)?;
        let signs = self.vocabulary().signs(sentence_type, glosses);
        let limit = self.config().inside - 2;
        if signs.len() > limit {
            return Err(InferenceError::Context { found: signs.len(), limit }.into());
        }
        let mut memory = self.read_given(&given);
        let inputs = std::iter::once(START).chain(signs.iter().copied());
        let outputs = signs.iter().copied().chain([END]);
        let mut sum = 0.0;
        for (inside, (input, output)) in (1..).zip(inputs.zip(outputs)) {
            let logarithms = self.read_next(input, given.len() as u32 - 1, inside, &mut memory);
            sum += logarithms.get(output as usize).copied().unwrap_or(f32::NEG_INFINITY);
        }
        Ok(sum / (signs.len() + 1) as f32)
    }

    /// Part A of a translation.
    fn given(&self, source: &Source<'_>) -> Result<Vec<u32>, GlmError> {
        let mut given = self.vocabulary().drafted(source);
        let limit = self.config().places - 1;
        if given.len() > limit {
            return Err(InferenceError::Context { found: given.len(), limit }.into());
        }
        given.push(SENTENCE_MASK);
        Ok(given)
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
