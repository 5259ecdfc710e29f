//! `shouyu eval gloss`: how near the sign sentences of a file are to its references.

use std::{process::ExitCode, time::Instant};

use anyhow::Context as _;
use lexicon::Lexicon;
use understanding::{Understanding, evaluate::samples};

use crate::{args::EvalGlossArguments, gloss::with_glm, output::say};

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
    let understanding = with_glm(Understanding::new(Lexicon::core_with(&arguments.packs)?), &arguments.glm)?;
    let begin = Instant::now();
    let found = understanding.evaluate(&samples, &arguments.lang)?;
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
