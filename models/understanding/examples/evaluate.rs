//! `evaluate FILE [zh|en] [--show]`: the knowledge leg's figures on a TSV or JSONL of text and glosses.
#![allow(clippy::print_stdout, reason = "a command tells what it measured")]

use std::{fs, time::Instant};

use anyhow::Context as _;
use lexicon::Lexicon;
use understanding::{Understanding, evaluate::samples};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().context("expected a file")?;
    let language = arguments.get(1).map_or("zh", String::as_str);
    let samples = samples(&fs::read_to_string(file)?, "test", language == "en").with_context(|| file.clone())?;
    let understanding = Understanding::new(Lexicon::core()?);
    let begin = Instant::now();
    let found = understanding.evaluate(&samples, language)?;
    let each = begin.elapsed().as_secs_f64() * 1000.0 / samples.len().max(1) as f64;
    if arguments.iter().any(|argument| argument == "--show") {
        for (sample, signed) in samples.iter().zip(&found.signed) {
            if sample.glosses != *signed {
                println!("{}\n  + {}\n  - {}", sample.text, sample.glosses.join(" "), signed.join(" "));
            }
        }
    }
    let scores = found.scores;
    println!(
        "{} sentences, {} signs: BLEU-4 {:.1}, ROUGE-L {:.1}, gloss error rate {:.1} %; {each:.2} ms a sentence",
        scores.sentences, scores.signs, scores.bleu4, scores.rouge_l, scores.error_rate
    );
    Ok(())
}
