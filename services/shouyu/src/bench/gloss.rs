//! `shouyu bench gloss`: how long a text takes to become sign sentences.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use signing::Transcript;
use understanding::UnderstandingError;

use super::{millis, quantile};
use crate::{args::bench::GlossArguments, gloss::understanding, input::read_text, output::say};

pub(crate) fn run(arguments: &GlossArguments) -> anyhow::Result<ExitCode> {
    let text = read_text(&arguments.input)?;
    let wanted = |line: &&str| {
        let characters = line.chars().count();
        arguments.characters.map_or(characters > 0, |(from, to)| (from..=to).contains(&characters))
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(wanted).collect();
    anyhow::ensure!(!lines.is_empty(), "no line of the text has so many characters");

    let start = Instant::now();
    let understanding = understanding(&arguments.input)?;
    say!("loading: {:.0} ms", millis(start.elapsed()));
    let (mut times, mut nothing) = (Vec::with_capacity(lines.len()), 0);
    for line in &lines {
        let transcript = Transcript::plain(*line, &arguments.input.lang);
        let start = Instant::now();
        match understanding.interpret(&transcript) {
            Ok(_) => times.push(start.elapsed()),
            Err(UnderstandingError::NothingToSign { .. }) => nothing += 1,
            Err(error) => return Err(error.into()),
        }
    }
    anyhow::ensure!(!times.is_empty(), "no line of the text can be signed");
    let mean = times.iter().sum::<Duration>() / u32::try_from(times.len())?;
    times.sort();
    let at = |share| quantile(&times, share).map_or(f64::NAN, millis);
    say!(
        "{} texts, GLM {}: mean {:.1} ms, p50 {:.1}, p95 {:.1}, p99 {:.1}, most {:.1} ms; {nothing} have nothing to sign",
        times.len(),
        arguments.input.glm.glm,
        millis(mean),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
    );
    Ok(ExitCode::SUCCESS)
}
