//! Asks the proposer, and puts the gate behind it.

use std::sync::Arc;

use lexicon::{Lang, Lexicon, PartOfSpeech, Relation};
use text::Normalised;

use crate::{
    Understanding, UnderstandingError,
    analyse::Analysis,
    gate::judge,
    item::{Kind, choose, signable},
    ladder::Ladder,
    proposal::{Leg, LegReport, Proposer, Request},
};

/// How many sentences before this one are told.
const CONTEXT: usize = 3;

/// A proposer with what it may propose.
#[derive(Debug)]
pub(crate) struct Proposing {
    proposer: Arc<dyn Proposer>,
    /// The headwords of the packs, sorted.
    allowed: Vec<String>,
}

impl Proposing {
    pub(crate) fn new(proposer: Arc<dyn Proposer>, lexicon: &Lexicon) -> Self {
        let words = lexicon.entries().filter(|entry| {
            signable(entry)
                && entry.number_slot.is_none()
                && !matches!(entry.pos, PartOfSpeech::Letter | PartOfSpeech::Number)
        });
        let mut allowed: Vec<String> = words.map(|entry| entry.headword.clone()).collect();
        allowed.sort_unstable();
        allowed.dedup();
        Self { proposer, allowed }
    }

    /// Brings `analysis`, in the knowledge leg's order, into the proposed order if the proposal passes.
    pub(crate) fn apply<'l>(
        &self,
        ladder: &Ladder<'l>,
        analysis: &mut Analysis<'l>,
        text: &str,
        language: &str,
        context: &[String],
    ) -> LegReport {
        let further = further(ladder, analysis);
        let items = analysis.clauses.iter().flat_map(|clause| &clause.items);
        let draft: Vec<String> =
            items.flat_map(|item| ladder.resolve(item, &mut Vec::new())).map(|token| token.gloss).collect();
        let context = &context[context.len().saturating_sub(CONTEXT)..];
        let request = Request { text, language, context, allowed: &self.allowed, further: &further, draft: &draft };
        let report = |leg, reasons| LegReport { leg, proposer: Some(self.proposer.name().to_owned()), reasons };
        let proposed = match self.proposer.propose(&request) {
            Ok(proposed) => proposed,
            Err(error) => return report(Leg::Knowledge, vec![error.to_string()]),
        };
        let (mut best, mut fallen) = (None, None);
        for glosses in std::iter::once(&proposed.glosses).chain(&proposed.others) {
            match judge(ladder, analysis, glosses, text) {
                Ok(passed) if passed.repairs.is_empty() => {
                    best = Some(passed);
                    break;
                }
                Ok(passed) => best = best.or(Some(passed)),
                Err(reason) => fallen = fallen.or(Some(reason)),
            }
        }
        let Some(passed) = best else { return report(Leg::Knowledge, fallen.into_iter().collect()) };
        analysis.clauses = passed.clauses;
        analysis.dropped.extend(passed.dropped);
        let leg = if passed.repairs.is_empty() { Leg::Proposal } else { Leg::Repaired };
        report(leg, passed.repairs)
    }
}

/// What this sentence alone may sign: its numbers, names and words without a sign of their own.
fn further(ladder: &Ladder<'_>, analysis: &Analysis<'_>) -> Vec<String> {
    let mut further = Vec::new();
    for item in analysis.clauses.iter().flat_map(|clause| &clause.items) {
        if matches!(item.kind, Kind::Number { .. }) {
            further.extend(ladder.resolve(item, &mut Vec::new()).into_iter().map(|draft| draft.gloss));
        } else if item.entry().is_none() {
            further.push(item.text.clone());
        }
    }
    further
}

/// A text as a [`Request`] has it: widths and marks as the rest of understanding reads them.
pub fn normalised(text: &str) -> String {
    let normalised = Normalised::new(text);
    normalised.slice(0..normalised.chars().len())
}

impl Understanding {
    /// What the knowledge leg signs for a text: the draft that a model learns to better.
    ///
    /// Errors: as [`Understanding::gloss`].
    pub fn draft(&self, text: &str, language: &str) -> Result<Vec<String>, UnderstandingError> {
        Ok(self.gloss(text, language)?.tokens.into_iter().map(|token| token.gloss).collect())
    }

    /// The glosses in the packs' words: 可以 is 能 where that is the sign for it. A model that may say nothing but the
    /// packs' words learns from these.
    pub fn in_headwords(&self, glosses: &[String]) -> Vec<String> {
        let headword = |gloss: &String| {
            let choice = choose(self.lexicon(), gloss, Lang::Zh, "");
            choice
                .filter(|choice| choice.relation != Relation::Hypernym)
                .map_or_else(|| gloss.clone(), |choice| choice.entry.headword.clone())
        };
        glosses.iter().map(headword).collect()
    }
}
