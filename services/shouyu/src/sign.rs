//! `shouyu sign`: text in, signed video out.

use std::{
    ops::ControlFlow,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::Context as _;
use session::{
    Background, Film, FilmConfig, FilmEvent, PictureConfig, Session, Stage, TimedScript, film_on_time, read_captions,
};
use signing::{Side, Transcript};
use speech::Language;
use stream::mark::MarkSpan;
use understanding::Understanding;

use crate::{
    args::{BackgroundArgument, PictureArguments, SignArguments},
    gloss::{print_sentences, understanding},
    input::read_text,
    output::say,
    progress::Progress,
    transcribe,
};

pub(crate) fn run(arguments: &SignArguments) -> anyhow::Result<ExitCode> {
    let span = if arguments.mark_throughout { MarkSpan::Always } else { MarkSpan::Opening };
    let picture = picture_config(&arguments.picture, span)?;
    let understanding = understanding(&arguments.input)?;
    let script = script(arguments, &understanding)?;
    let transcript = &script.transcript;
    let head = motion::Head::choose(picture.head)?.to_string();
    say!("pose head: {head}");
    // Everything that can be refused is refused before the renderer starts.
    let files =
        FilmConfig { output: arguments.output.clone(), gloss: arguments.gloss.clone(), pose: arguments.pose.clone() };
    let shot =
        Film::new(files, &picture, &understanding.shown(transcript.text.trim()), &versions(&understanding, &head))?;
    let mut meter = session::Meter::default();
    let interpretation = session::interpret(&understanding, transcript, &mut meter)?;
    let due = script.due(&interpretation.sentences);
    print_sentences(&transcript.text, &interpretation.sentences);

    let mut session = Session::with_understanding(understanding, &picture)?;
    let total = interpretation.counts.tokens() as u64;
    let mut progress = Progress::new("signing", total);
    let interrupted = interrupts()?;
    let record = film_on_time(&mut session, transcript, &interpretation, &due, shot, |event| {
        if event == FilmEvent::Token {
            progress.tick();
        }
        if interrupted.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    progress.finish();

    for warning in session.warnings() {
        say!("motion: {warning}");
    }
    let (width, height) = picture.size;
    let summary = record.summary;
    say!(
        "video: {} ({} frames, {:.2} s at {} frames a second, {width}×{height})",
        summary.path.display(),
        summary.frames,
        summary.duration.as_secs(),
        picture.rate,
    );
    meter.add(session.meter());
    let parts: Vec<String> =
        Stage::ALL.iter().map(|&stage| format!("{} {:.2} s", stage.name(), meter.spent(stage).as_secs_f64())).collect();
    say!("real-time factor: {:.2} ({})", meter.total().as_secs_f64() / summary.duration.as_secs(), parts.join(", "));
    Ok(ExitCode::SUCCESS)
}

/// What is to be signed, from wherever it comes.
fn script(arguments: &SignArguments, understanding: &Understanding) -> anyhow::Result<TimedScript> {
    let language = arguments.input.lang.as_str();
    if let Some(path) = &arguments.captions {
        return Ok(TimedScript::join(&read_captions(path, language)?, language));
    }
    let Some(path) = &arguments.audio else {
        let transcript = Transcript::plain(read_text(&arguments.input)?, language);
        return Ok(TimedScript::untimed(transcript));
    };
    let spoken = if language == "en" { Language::English } else { Language::Chinese };
    let hearing = transcribe::open(&arguments.hearing, spoken, understanding.lexicon())?;
    let mut heard = Vec::new();
    hearing.hear(path, None, |spans, _| {
        for span in spans {
            say!("heard: {}", span.transcript.text);
            heard.push(span.transcript.clone());
        }
        ControlFlow::Continue(())
    })?;
    anyhow::ensure!(!heard.is_empty(), "{}: nobody speaks in it, or nothing that is understood", path.display());
    Ok(TimedScript::join(&heard, language))
}

/// Turns true when the user or the system asks the process to stop, so that half-written files are taken away.
pub(crate) fn interrupts() -> anyhow::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("cannot listen for interrupts")?;
    Ok(interrupted)
}

/// What the arguments ask of the picture.
pub(crate) fn picture_config(arguments: &PictureArguments, mark: MarkSpan) -> anyhow::Result<PictureConfig> {
    let avatar = match &arguments.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    Ok(PictureConfig {
        size: arguments.size,
        rate: arguments.fps,
        background: match arguments.background {
            BackgroundArgument::Color(color) => Background::Color(color),
            BackgroundArgument::Transparent => Background::Transparent,
        },
        avatar,
        dominant: if arguments.left_handed { Side::Left } else { Side::Right },
        seed: arguments.seed,
        head: arguments.head,
        mark,
    })
}

/// Program, packs and pose head, as the file's comment says them.
fn versions(understanding: &Understanding, head: &str) -> String {
    let packs: Vec<String> =
        understanding.lexicon().packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    format!("shouyu {}; packs: {}; pose head: {head}", env!("CARGO_PKG_VERSION"), packs.join(", "))
}
