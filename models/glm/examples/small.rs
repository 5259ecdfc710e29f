//! Trains the small GLM on the corpus, and measures it there.
//!
//!     cargo run --release -p glm --example small -- train models/understanding/corpus STATE OUT.gguf [BLANK TRANSLATION]
//!     cargo run --release -p glm --example small -- score models/understanding/corpus OUT.gguf test [BEAMS]
//!
//! `train` keeps its state in the folder STATE after every epoch and goes on from it; BLANK and TRANSLATION are the
//! numbers of epochs of its two stages. The same corpus and numbers give the same weights.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use glm::blank::{
    AllowedGlosses, BlankConfig, BlankGlm, Language, ProposalOptions, Scores, Split, Trainer, TrainingOptions,
    common_characters, read_corpus,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["train", corpus, state, out] => train(corpus, state, out, TrainingOptions::default()),
        ["train", corpus, state, out, blank, translation] => {
            let (blank_epochs, translation_epochs) = (blank.parse()?, translation.parse()?);
            train(
                corpus,
                state,
                out,
                TrainingOptions { blank_epochs, translation_epochs, ..TrainingOptions::default() },
            )
        }
        ["score", corpus, file, split] => score(corpus, file, split, 1),
        ["score", corpus, file, split, beams] => score(corpus, file, split, beams.parse()?),
        _ => Err("expected: train CORPUS STATE OUT [BLANK TRANSLATION], or: score CORPUS FILE SPLIT [BEAMS]".into()),
    }
}

fn train(corpus: &str, state: &str, out: &str, options: TrainingOptions) -> Result<(), Box<dyn Error>> {
    let notes = format!(
        "the small GLM: example small, train, {} and {} epochs, seed {}, rate {}, batches of {} tokens",
        options.blank_epochs, options.translation_epochs, options.seed, options.rate, options.batch_tokens
    );
    let mut trainer = Trainer::new(read_corpus(Path::new(corpus))?, &common_characters(), BlankConfig::small, options)?;
    let resumed = trainer.resume(Path::new(state))?;
    let (all, done) = trainer.epochs();
    println!(
        "{} parameters, {all} epochs, {done} of them done{}",
        trainer.parameters(),
        if resumed { " before" } else { "" }
    );
    let begin = Instant::now();
    while let Some(report) = trainer.epoch(|step| {
        if step.step % 10 == 0 || step.step == step.steps {
            eprint!("\rstep {} of {}: loss {:.3}   ", step.step, step.steps, step.loss);
        }
    })? {
        trainer.save_state(Path::new(state))?;
        println!(
            "\repoch {} of {all} ({:?}): loss {:.3}, dev {:.3}, {:.0} s in all",
            report.epoch,
            report.stage,
            report.loss,
            report.dev_loss,
            begin.elapsed().as_secs_f64()
        );
    }
    trainer.export(Path::new(out), &notes)?;
    println!("{out}: {:.1} MB", std::fs::metadata(out)?.len() as f64 / 1e6);
    Ok(())
}

fn score(corpus: &str, file: &str, split: &str, beams: usize) -> Result<(), Box<dyn Error>> {
    let split = match split {
        "train" => Split::Train,
        "dev" => Split::Dev,
        "test" => Split::Test,
        other => return Err(format!("the split is “{other}”; expected train, dev or test").into()),
    };
    let pairs = read_corpus(Path::new(corpus))?;
    let network = BlankGlm::open(Path::new(file))?;
    // What holds a number may come out of its own sentence alone: in use those are the source's numbers.
    let counts = |gloss: &&str| gloss.chars().any(|letter| letter.is_ascii_digit());
    let glosses = pairs.iter().flat_map(|pair| &pair.glosses).map(String::as_str);
    let allowed = AllowedGlosses::new(network.vocabulary(), glosses.filter(|gloss| !counts(gloss)));
    let options = ProposalOptions { beams, ..ProposalOptions::default() };
    let (mut found, mut millis, mut types) = (Vec::new(), Vec::new(), 0);
    for pair in pairs.iter().filter(|pair| pair.split == split) {
        let own = pair.glosses.iter().map(String::as_str).filter(counts);
        let further = AllowedGlosses::new(network.vocabulary(), own);
        let begin = Instant::now();
        let proposal = network.propose(&pair.zh, Language::Chinese, &allowed, &further, &options)?;
        millis.push(begin.elapsed().as_secs_f64() * 1e3);
        types += usize::from(proposal.sentence_type == pair.sentence_type);
        found.push((proposal.glosses, pair.glosses.clone()));
    }
    if found.is_empty() {
        return Err("the corpus has no pair of this split".into());
    }
    let scores = Scores::of(&found);
    millis.sort_by(f64::total_cmp);
    println!(
        "{} sentences: BLEU-4 {:.1}, ROUGE-L {:.1}, gloss error rate {:.1}, exact {:.1}, type right {:.1}; median {:.1} ms, p95 {:.1} ms",
        scores.sentences,
        scores.bleu4,
        scores.rouge_l,
        scores.gloss_error_rate,
        scores.exact,
        100.0 * types as f64 / found.len() as f64,
        millis[millis.len() / 2],
        millis[millis.len() * 95 / 100]
    );
    Ok(())
}
