//! `shouyu bench lag`: how far a live signer falls behind a reader. Its clock is the frames', so that a machine's load
//! changes nothing.

use std::{collections::BTreeMap, process::ExitCode, sync::Arc};

use ::lexicon::Lexicon;
use body::Body;
use motion::MotionConfig;
use session::live::{Event, EventKind, Interpret as _, LagLimits, Live, LocalInterpret, LocalMove, Output, Wants};
use signing::{Flicks, SourceTime, Transcript};
use understanding::{LEFT_OUT, Understanding};

use crate::{
    args::bench::{LagArguments, SaidUnit},
    gloss::with_glm,
    input::read_file,
    output::say,
};

/// Windows in which the peak is looked for, seconds.
const WINDOWS: [f64; 2] = [2.0, 5.0];
/// What must hold: 95 of 100 pieces are signed within this after they were said, seconds.
const MOST_LAG: f64 = 6.0;
/// What must hold: no more signs begin in a second, in any window.
const MOST_SIGNS: f64 = 2.5;
/// The median lag of the second half may be above that of the first by so much, seconds: more is growth.
const GROWTH: f64 = 0.5;

/// What is known of a piece of text, seconds on the output clock.
#[derive(Debug, Default, Clone)]
struct Said {
    at: f64,
    started: Option<f64>,
    finished: Option<f64>,
    captioned: bool,
    /// Nothing in it is signed: a particle, a mark.
    empty: bool,
}

/// What was measured.
#[derive(Debug, Default)]
struct Measured {
    said: BTreeMap<String, Said>,
    /// Seconds in which the text was spoken, and its characters.
    spoken: f64,
    characters: usize,
    /// When each token began, seconds, and of how many letters, digits and parts it is.
    starts: Vec<(f64, usize)>,
    /// Words that were left out, as sentences tell.
    left_out: usize,
    /// How many of these an event told.
    listed: usize,
    omitted: Vec<String>,
}

pub(crate) fn run(arguments: &LagArguments) -> anyhow::Result<ExitCode> {
    let text = read_file(&arguments.text)?;
    let chars: Vec<char> = text.chars().filter(|char| !char.is_control()).collect();
    let body = Arc::new(Body::read(&body::default_avatar_path()?)?);
    let understanding = Arc::new(with_glm(Understanding::new(Lexicon::core()?), &arguments.glm)?);
    let pieces = pieces(&chars, arguments.unit);
    anyhow::ensure!(!pieces.is_empty(), "{}: there is nothing to say in it", arguments.text.display());
    let found = measure(&pieces, arguments, &body, &understanding)?;
    let unit = match arguments.unit {
        SaidUnit::Clause => "clause by clause",
        SaidUnit::Sentence => "sentence by sentence",
    };
    say!(
        "{}, {unit}: {} characters in {:.0} s, {:.0} a minute",
        arguments.text.display(),
        found.characters,
        found.spoken,
        found.characters as f64 / found.spoken * 60.0
    );
    let wrong = report(&found, arguments.list);
    for what in &wrong {
        say!("does not hold: {what}");
    }
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The text as it comes.
fn pieces(chars: &[char], unit: SaidUnit) -> Vec<String> {
    let sentences = ::text::sentences(chars).into_iter().map(|range| &chars[range]);
    let ends = |char: &char| matches!(char, '，' | '；' | '：' | ',' | ';');
    sentences
        .flat_map(|sentence| match unit {
            SaidUnit::Sentence => vec![sentence],
            SaidUnit::Clause => sentence.split_inclusive(ends).collect(),
        })
        .map(|piece| piece.iter().collect())
        .collect()
}

fn measure(
    pieces: &[String],
    arguments: &LagArguments,
    body: &Arc<Body>,
    understanding: &Arc<Understanding>,
) -> anyhow::Result<Measured> {
    let config = MotionConfig::default();
    let mut interpret = LocalInterpret::new(Arc::clone(understanding));
    let mover = LocalMove::new(Arc::clone(body), config)?;
    let wants = Wants { sentences: true, ..Wants::default() };
    let mut live = Live::new(Box::new(mover), None, (Arc::clone(body), config), wants, LagLimits::default())?;

    let secs_a_char = 60.0 / f64::from(arguments.pace);
    let most = f64::from(arguments.minutes) * 60.0;
    let mut found = Measured::default();
    let mut next = pieces.iter().cycle().enumerate().peekable();
    let mut before = None;
    loop {
        let now = live.now().as_secs();
        while let Some((index, piece)) =
            next.next_if(|(_, it)| found.spoken + it.chars().count() as f64 * secs_a_char <= now.min(most))
        {
            let began = found.spoken;
            found.spoken += piece.chars().count() as f64 * secs_a_char;
            found.characters += piece.chars().count();
            let mut transcript = Transcript::plain(piece.clone(), "zh");
            transcript.start = SourceTime(Flicks::from_secs(began));
            transcript.end = SourceTime(Flicks::from_secs(found.spoken));
            let name = format!("u{index}");
            found.said.insert(name.clone(), Said { at: found.spoken, ..Said::default() });
            let understood = match live.room(&transcript) {
                Some(room) => interpret.interpret_within(&transcript, room),
                None => interpret.interpret(&transcript),
            };
            match understood {
                Ok(sentences) => live.take(&name.into(), &transcript, sentences),
                Err(error) => {
                    found.said.entry(name.clone()).or_default().empty = true;
                    live.event(EventKind::Omitted, Some(&name.into()), error.to_string());
                }
            }
        }
        if now >= most && live.is_idle() {
            return Ok(found);
        }
        for output in live.tick()? {
            match output {
                Output::Event(event) => found.hear(event),
                Output::Sentence { sentence, .. } => {
                    found.left_out += sentence.dropped.iter().filter(|it| it.reason.starts_with(LEFT_OUT)).count();
                }
                _ => {}
            }
        }
        let signing = live.signing().map(|it| (it.utterance.to_string(), it.sentence.tokens.clone(), it.token));
        if let Some((_, tokens, token)) = signing.as_ref().filter(|it| before.as_ref() != Some(*it)) {
            let forms = tokens.get(*token).map_or(1, |token| token.forms.len().max(1));
            found.starts.push((now, forms));
        }
        before = signing;
    }
}

impl Measured {
    fn hear(&mut self, event: Event) {
        let known = event.utterance.as_deref().and_then(|name| self.said.get_mut(name));
        let time = event.time.as_secs();
        match (event.kind, known) {
            (EventKind::UtteranceStarted, Some(said)) => said.started = Some(time),
            (EventKind::UtteranceFinished, Some(said)) => said.finished = Some(time),
            (EventKind::Omitted, known) => {
                self.listed += usize::from(event.message.contains(LEFT_OUT));
                if let Some(said) = known.filter(|_| event.message.starts_with("captioned")) {
                    said.captioned = true;
                }
                let name = event.utterance.unwrap_or_default();
                self.omitted.push(format!("{time:8.2} s {name} {}", event.message));
            }
            _ => {}
        }
    }

    /// Sorted lags of what was signed, of what was said between two moments.
    fn lags(&self, of: fn(&Said) -> Option<f64>, from: f64, to: f64) -> Vec<f64> {
        let signed = self.said.values().filter(|it| !it.captioned && (from..to).contains(&it.at));
        let mut lags: Vec<f64> = signed.filter_map(|it| Some(of(it)? - it.at)).collect();
        lags.sort_by(f64::total_cmp);
        lags
    }
}

/// Prints what was measured; what does not hold is returned.
fn report(found: &Measured, list: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let count = |of: fn(&Said) -> bool| found.said.values().filter(|it| of(it)).count();
    let (captioned, empty) = (count(|it| it.captioned), count(|it| it.empty));
    let signed = count(|it| !it.captioned && it.finished.is_some());
    let neither = found.said.len() - signed - captioned - empty;
    say!(
        "{} pieces: {signed} signed, {captioned} captioned, {empty} with nothing to sign, {neither} neither",
        found.said.len()
    );
    if neither > 0 {
        wrong.push(format!("{neither} pieces were neither signed nor captioned"));
    }
    for (name, of) in [
        ("said → its first sign begins", (|it: &Said| it.started) as fn(&Said) -> Option<f64>),
        ("said → its last sign is over", |it| it.finished),
    ] {
        let all = found.lags(of, 0.0, f64::INFINITY);
        let (first, last) =
            (found.lags(of, 0.0, found.spoken / 2.0), found.lags(of, found.spoken / 2.0, f64::INFINITY));
        let [p50, p95, most] = [0.5, 0.95, 1.0].map(|share| at(&all, share));
        let (early, late) = ((at(&first, 0.5), at(&first, 0.95)), (at(&last, 0.5), at(&last, 0.95)));
        say!(
            "{name}: p50 {p50:.2} s, p95 {p95:.2} s, most {most:.2} s; first half p50 {:.2} and p95 {:.2} s, second {:.2} and {:.2} s",
            early.0,
            early.1,
            late.0,
            late.1
        );
        if p95 > MOST_LAG {
            wrong.push(format!("{name}: p95 {p95:.2} s, at most {MOST_LAG} s"));
        }
        if late.0 > early.0 + GROWTH {
            wrong.push(format!("{name}: it grows, the medians of the halves are {:.2} and {:.2} s", early.0, late.0));
        }
    }
    let (signs, parts) = (found.starts.len(), found.starts.iter().map(|(_, forms)| forms).sum::<usize>());
    say!(
        "{signs} signs ({parts} with letters and digits counted one by one): {:.2} a second",
        signs as f64 / found.spoken
    );
    for window in WINDOWS {
        let peak = peak(&found.starts, window);
        say!("peak within {window} s: {peak:.2} signs a second");
        if peak > MOST_SIGNS + 1e-6 {
            wrong.push(format!("{peak:.2} signs a second within {window} s, at most {MOST_SIGNS}"));
        }
    }
    say!("left out: {} words, of which {} were told by an event", found.left_out, found.listed);
    if found.left_out != found.listed {
        wrong.push(format!("{} words were left out and {} told", found.left_out, found.listed));
    }
    if list {
        for line in &found.omitted {
            say!("{line}");
        }
    }
    wrong
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
