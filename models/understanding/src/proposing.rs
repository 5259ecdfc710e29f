//! Asks the proposer, and puts the gate behind it.

use std::sync::Arc;

use lexicon::{Lexicon, PartOfSpeech};

use crate::{
    analyse::Analysis,
    gate::judge,
    item::{Kind, signable},
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
        let context = &context[context.len().saturating_sub(CONTEXT)..];
        let request = Request { text, language, context, allowed: &self.allowed, further: &further };
        let report = |leg, reasons| LegReport { leg, proposer: Some(self.proposer.name().to_owned()), reasons };
        let proposed = match self.proposer.propose(&request) {
            Ok(proposed) => proposed,
            Err(error) => return report(Leg::Knowledge, vec![error.to_string()]),
        };
        match judge(ladder, analysis, &proposed, text) {
            Ok(passed) => {
                analysis.clauses = passed.clauses;
                analysis.dropped.extend(passed.dropped);
                let leg = if passed.repairs.is_empty() { Leg::Proposal } else { Leg::Repaired };
                report(leg, passed.repairs)
            }
            Err(reason) => report(Leg::Knowledge, vec![reason]),
        }
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
