//! `shouyu transcribe`: sound in, text out.

use std::{ops::ControlFlow, process::ExitCode, time::Instant};

use ::lexicon::Lexicon;
use serde::Serialize;
use session::{Hearing, SessionError};
use signing::{Flicks, SourceTime, Transcript};
use speech::Language;

use crate::{
    args::{HearingArguments, SpokenArgument, TranscribeArguments},
    input::read_file,
    output::{reader_is_gone, say},
};

/// How often speech that goes on is decoded for `--stream`.
const INTERIM: Flicks = Flicks::from_millis(1_000);

#[derive(Serialize)]
struct SpanLine {
    start_ms: i64,
    end_ms: i64,
    text: String,
    stable: bool,
}

#[derive(Serialize)]
struct StreamLine {
    #[serde(flatten)]
    span: SpanLine,
    language: String,
    /// How much of the file had been heard.
    heard_ms: i64,
    /// When it would have been known had the file been heard as fast as it sounds: what was heard until then, and the
    /// time that the work behind it took.
    known_ms: i64,
    /// What the correction changed: where, in characters, and what had been heard there.
    changes: Vec<(usize, usize, String)>,
}

#[derive(Serialize)]
struct Answer {
    spans: Vec<SpanLine>,
}

pub(crate) fn run(arguments: &TranscribeArguments) -> anyhow::Result<ExitCode> {
    let lexicon = Lexicon::core_with(&arguments.packs)?;
    let hearing = open(&arguments.hearing, language(arguments.lang), &lexicon)?;
    let mut spans = Vec::new();
    let mut clock = LiveClock::start();
    let outcome = hearing.hear(&arguments.input, arguments.stream.then_some(INTERIM), |found, until| {
        let known_ms = clock.known(until);
        for span in found {
            if arguments.stream {
                let changes = &span.changes;
                let line = StreamLine {
                    span: line(&span.transcript),
                    language: span.transcript.language.to_string(),
                    heard_ms: millis(until),
                    known_ms,
                    changes: changes
                        .iter()
                        .map(|change| (change.range.0, change.range.1, change.heard.clone()))
                        .collect(),
                };
                // Numbers and texts always serialise.
                say!("{}", serde_json::to_string(&line).unwrap_or_default());
            } else if arguments.json {
                spans.push(line(&span.transcript));
            } else {
                say!("{}", span.transcript.text);
            }
        }
        if reader_is_gone() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    // What was heard before sound broke off is told too.
    if arguments.json && (outcome.is_ok() || !spans.is_empty()) {
        say!("{}", serde_json::to_string(&Answer { spans })?);
    }
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(SessionError::Speech(error)) => Err(anyhow::anyhow!("{}: {error}", arguments.input.display())),
        Err(error) => Err(error.into()),
    }
}

/// Loads what listens.
pub(crate) fn open(arguments: &HearingArguments, language: Language, lexicon: &Lexicon) -> anyhow::Result<Hearing> {
    let terms = arguments.terms.as_deref().map(read_file).transpose()?.unwrap_or_default();
    let terms: Vec<String> = terms.lines().map(str::trim).filter(|term| !term.is_empty()).map(str::to_owned).collect();
    Ok(Hearing::open(arguments.model.as_deref(), language, lexicon, &terms)?)
}

fn language(spoken: SpokenArgument) -> Language {
    match spoken {
        SpokenArgument::Zh => Language::Chinese,
        SpokenArgument::En => Language::English,
        SpokenArgument::Auto => Language::Detected,
    }
}

fn line(transcript: &Transcript) -> SpanLine {
    SpanLine {
        start_ms: millis(transcript.start),
        end_ms: millis(transcript.end),
        text: transcript.text.clone(),
        stable: transcript.stable,
    }
}

fn millis(time: SourceTime) -> i64 {
    let flicks = Flicks::from_millis(1).0;
    (time.0.0 + flicks / 2).div_euclid(flicks)
}

/// Says when a listener that hears sound as it sounds would have known something, while it hears a file at once.
struct LiveClock {
    begun: Instant,
    /// Work up to the last report, and when the listener would have been free again, milliseconds.
    worked_ms: f64,
    free_ms: f64,
}

impl LiveClock {
    fn start() -> Self {
        Self { begun: Instant::now(), worked_ms: 0.0, free_ms: 0.0 }
    }

    /// Work since the last report begins when its sound is there and the listener is free.
    fn known(&mut self, heard: SourceTime) -> i64 {
        let worked_ms = self.begun.elapsed().as_secs_f64() * 1e3;
        let heard_ms = heard.as_secs() * 1e3;
        self.free_ms = self.free_ms.max(heard_ms) + (worked_ms - self.worked_ms);
        self.worked_ms = worked_ms;
        self.free_ms.round() as i64
    }
}
