//! `shouyu bench lag`: how far a live signer falls behind a reader. Its clock is the frames', so that a machine's load
//! changes nothing.

use std::{collections::BTreeMap, process::ExitCode, sync::Arc};

use ::lexicon::Lexicon;
use body::Body;
use motion::MotionConfig;
use session::live::{EventKind, Interpret as _, LagLimits, Live, LocalInterpret, LocalMove, Output, Wants};
use signing::{Flicks, SourceTime, Transcript};
use understanding::{LEFT_OUT, Understanding};

use crate::{args::bench::LagArguments, input::read_file, output::say};

/// Windows in which the peak is looked for, seconds.
const WINDOWS: [f64; 2] = [2.0, 5.0];

/// What is known of an utterance, seconds on the output clock.
#[derive(Debug, Default, Clone)]
struct Said {
    at: f64,
    started: Option<f64>,
    finished: Option<f64>,
    captioned: bool,
}

pub(crate) fn run(arguments: &LagArguments) -> anyhow::Result<ExitCode> {
    let text = read_file(&arguments.text)?;
    let chars: Vec<char> = text.chars().filter(|char| !char.is_control()).collect();
    let ranges = ::text::sentences(&chars);
    anyhow::ensure!(!ranges.is_empty(), "{}: there is nothing to say in it", arguments.text.display());
    let sentences: Vec<String> = ranges.into_iter().map(|range| chars[range].iter().collect()).collect();

    let body = Arc::new(Body::read(&body::default_avatar_path()?)?);
    let config = MotionConfig::default();
    let mut interpret = LocalInterpret(Arc::new(Understanding::new(Lexicon::core()?)));
    let mover = LocalMove::new(Arc::clone(&body), config)?;
    let wants = Wants { sentences: true, ..Wants::default() };
    let mut live = Live::new(Box::new(mover), None, (body, config), wants, LagLimits::default())?;

    let secs_a_char = 60.0 / f64::from(arguments.pace);
    let most = f64::from(arguments.minutes) * 60.0;
    let (mut said, mut spoken, mut characters) = (BTreeMap::<String, Said>::new(), 0.0, 0);
    let mut next = sentences.iter().cycle().enumerate().peekable();
    let (mut starts, mut signs) = (Vec::<(f64, usize)>::new(), 0);
    let (mut listed, mut left_out, mut omitted) = (0, 0, Vec::new());
    let mut before = None;
    loop {
        let now = live.now().as_secs();
        while let Some((index, sentence)) =
            next.next_if(|(_, it)| spoken + it.chars().count() as f64 * secs_a_char <= now.min(most))
        {
            spoken += sentence.chars().count() as f64 * secs_a_char;
            characters += sentence.chars().count();
            let mut transcript = Transcript::plain(sentence.clone(), "zh");
            transcript.end = SourceTime(Flicks::from_secs(spoken));
            transcript.start = transcript.end;
            let name = format!("u{index}");
            said.insert(name.clone(), Said { at: spoken, ..Said::default() });
            let understood = match live.room(&transcript) {
                Some(room) => interpret.interpret_within(&transcript, room),
                None => interpret.interpret(&transcript),
            };
            match understood {
                Ok(sentences) => live.take(&name.into(), &transcript, sentences),
                Err(error) => live.event(EventKind::Omitted, Some(&name.into()), error.to_string()),
            }
        }
        if now >= most && live.is_idle() {
            break;
        }
        let outputs = live.tick()?;
        for output in outputs {
            match output {
                Output::Event(event) => {
                    let known = event.utterance.as_deref().and_then(|name| said.get_mut(name));
                    let time = event.time.as_secs();
                    match (event.kind, known) {
                        (EventKind::UtteranceStarted, Some(said)) => said.started = Some(time),
                        (EventKind::UtteranceFinished, Some(said)) => said.finished = Some(time),
                        (EventKind::Omitted, known) => {
                            listed += usize::from(event.message.contains(LEFT_OUT));
                            if let Some(said) = known.filter(|_| event.message.starts_with("captioned")) {
                                said.captioned = true;
                            }
                            omitted.push(format!(
                                "{time:8.2} s {} {}",
                                event.utterance.unwrap_or_default(),
                                event.message
                            ));
                        }
                        _ => {}
                    }
                }
                Output::Sentence { sentence, .. } => {
                    left_out += sentence.dropped.iter().filter(|it| it.reason.starts_with(LEFT_OUT)).count();
                }
                _ => {}
            }
        }
        let signing = live.signing().map(|it| (it.utterance.to_string(), it.sentence.tokens.clone(), it.token));
        let new = signing.as_ref().filter(|it| before.as_ref() != Some(*it));
        if let Some((_, tokens, token)) = new {
            let forms = tokens.get(*token).map_or(1, |token| token.forms.len().max(1));
            starts.push((now, forms));
            signs += forms;
        }
        before = signing;
    }

    say!(
        "{}: {characters} characters in {spoken:.0} s, {:.0} a minute",
        arguments.text.display(),
        characters as f64 / spoken * 60.0
    );
    let signed: Vec<&Said> = said.values().filter(|it| !it.captioned && it.finished.is_some()).collect();
    let captioned = said.values().filter(|it| it.captioned).count();
    say!(
        "{} utterances: {} signed, {captioned} captioned, {} neither",
        said.len(),
        signed.len(),
        said.len() - signed.len() - captioned
    );
    for (name, lag) in [
        ("said → its first sign begins", (|it: &Said| it.started.map(|time| time - it.at)) as fn(&Said) -> Option<f64>),
        ("said → its last sign is over", |it| it.finished.map(|time| time - it.at)),
    ] {
        let of = |from: f64, to: f64| {
            let mut lags: Vec<f64> =
                signed.iter().filter(|it| (from..to).contains(&it.at)).filter_map(|it| lag(it)).collect();
            lags.sort_by(f64::total_cmp);
            lags
        };
        let all = of(0.0, f64::INFINITY);
        let (first, last) = (of(0.0, spoken / 2.0), of(spoken / 2.0, f64::INFINITY));
        say!(
            "{name}: p50 {:.2} s, p95 {:.2} s, most {:.2} s; p95 of the first half {:.2} s, of the second {:.2} s",
            at(&all, 0.5),
            at(&all, 0.95),
            at(&all, 1.0),
            at(&first, 0.95),
            at(&last, 0.95),
        );
    }
    say!(
        "{} signs ({signs} with letters and digits counted one by one): {:.2} a second",
        starts.len(),
        starts.len() as f64 / spoken
    );
    for window in WINDOWS {
        say!("peak within {window} s: {:.2} signs a second", peak(&starts, window));
    }
    say!("left out: {left_out} words, of which {listed} were told by an event");
    if arguments.list {
        for line in &omitted {
            say!("{line}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn at(sorted: &[f64], share: f64) -> f64 {
    let index = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// The most signs that begin within `window` seconds, a second.
fn peak(starts: &[(f64, usize)], window: f64) -> f64 {
    let within = |from: f64| starts.iter().filter(|(start, _)| (from..from + window - 1e-6).contains(start)).count();
    starts.iter().map(|(start, _)| within(*start)).max().unwrap_or(0) as f64 / window
}
