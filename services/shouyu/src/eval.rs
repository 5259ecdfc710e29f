//! `shouyu eval gloss`: how near the sign sentences of a file are to its references.

use std::{
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use anyhow::Context as _;
use lexicon::Lexicon;
use understanding::{
    ProposeError, Proposed, Proposer, Request, Understanding,
    evaluate::{Evaluation, samples},
    score::Scores,
};

use crate::{args::EvalGlossArguments, gloss::proposer, output::say};

pub(crate) fn gloss(arguments: &EvalGlossArguments) -> anyhow::Result<ExitCode> {
    let name = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file).with_context(|| format!("cannot read {name}"))?;
    let samples = samples(&text, &arguments.split, arguments.lang == "en").with_context(|| name.to_string())?;
    anyhow::ensure!(
        !samples.is_empty(),
        "{name}: found no sentence of the split “{}”; expected lines of text, a tab and glosses, or JSON objects with \
         “zh” or “text”, and “glosses”",
        arguments.split
    );
    let mut understanding = Understanding::new(Lexicon::core_with(&arguments.packs)?);
    let mut alone = None;
    match proposer(&arguments.glm)? {
        Some(proposer) if arguments.alone => {
            let heard = Arc::new(Heard { proposer, proposals: Mutex::default() });
            understanding = understanding.with_proposer(Arc::<Heard>::clone(&heard));
            alone = Some(heard);
        }
        Some(proposer) => understanding = understanding.with_proposer(proposer),
        None => anyhow::ensure!(!arguments.alone, "--alone measures proposals; --glm knowledge makes none"),
    }
    let begin = Instant::now();
    let found = match alone {
        None => understanding.evaluate(&samples, &arguments.lang)?,
        Some(heard) => {
            let mut signed = Vec::new();
            for sample in &samples {
                understanding.gloss(&sample.text, &arguments.lang)?;
                signed.push(heard.take());
            }
            let references = samples.iter().map(|sample| sample.glosses.clone());
            let pairs: Vec<_> = signed.iter().cloned().zip(references).collect();
            Evaluation { scores: Scores::of(&pairs), legs: [0; 3], signed }
        }
    };
    let each = begin.elapsed().as_secs_f64() * 1000.0 / samples.len() as f64;
    if arguments.json {
        say!("{}", serde_json::to_string(&found)?);
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.show {
        for (sample, signed) in samples.iter().zip(&found.signed).filter(|(sample, signed)| sample.glosses != **signed)
        {
            say!("{}\n  reference: {}\n  signed:    {}", sample.text, sample.glosses.join(" "), signed.join(" "));
        }
    }
    let scores = found.scores;
    say!(
        "{} sentences, {} signs: BLEU-4 {:.1}, ROUGE-L {:.1}, gloss error rate {:.1} %; {each:.1} ms a sentence",
        scores.sentences,
        scores.signs,
        scores.bleu4,
        scores.rouge_l,
        scores.error_rate
    );
    let [knowledge, proposed, repaired] = found.legs;
    if knowledge + proposed + repaired > 0 {
        say!("legs: knowledge {knowledge}, as proposed {proposed}, repaired {repaired}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Hands on what a proposer says, and keeps it as it was before the gate.
#[derive(Debug)]
struct Heard {
    proposer: Arc<dyn Proposer>,
    proposals: Mutex<Vec<String>>,
}

impl Heard {
    /// The signs proposed since the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.proposals.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Proposer for Heard {
    fn name(&self) -> &str {
        self.proposer.name()
    }

    fn propose(&self, request: &Request<'_>) -> Result<Proposed, ProposeError> {
        let proposed = self.proposer.propose(request);
        // Who prefers the draft has proposed it; who fails has proposed nothing.
        let signs: &[String] = match &proposed {
            Ok(proposed) => &proposed.glosses,
            Err(ProposeError::Declined { .. }) => request.draft,
            Err(_) => &[],
        };
        self.proposals.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(signs);
        proposed
    }
}
