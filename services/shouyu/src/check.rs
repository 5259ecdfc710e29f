//! `shouyu check`: whether a body could make the motion, and whether it is what was asked.

use std::{fs::File, io::BufReader, path::Path, process::ExitCode, sync::Arc};

use ::lexicon::Lexicon;
use anyhow::Context as _;
use body::Body;
use motion::{
    Lengths, MotionConfig,
    check::{Table, check},
};
use serde::Deserialize;
use signing::{PoseFrame, Transcript};
use understanding::Understanding;

use crate::{args::check::CheckArguments, lexicon::form_of, output::say};

/// Prints the table and what is beyond its limits; fails if anything is.
pub(crate) fn run(arguments: &CheckArguments) -> anyhow::Result<ExitCode> {
    let avatar = match &arguments.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    let body = Arc::new(Body::read(&avatar)?);
    let config = MotionConfig { rate: arguments.fps, head: arguments.head, ..MotionConfig::default() };
    say!("pose head: {}", motion::Head::choose(arguments.head)?);
    let table = match (&arguments.poses, &arguments.file, &arguments.text) {
        (Some(poses), ..) => of_poses(&body, poses)?,
        (None, Some(file), _) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            of_text(&body, config, &text, arguments)?
        }
        (None, None, Some(text)) => of_text(&body, config, text, arguments)?,
        (None, None, None) => of_lexicon(&body, config, arguments)?,
    };
    let mut beyond = 0;
    for (name, checked) in table.rows() {
        for finding in &checked.findings {
            say!("{name}: {finding}");
            beyond += 1;
        }
    }
    say!("{table}");
    Ok(if beyond == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn of_lexicon(body: &Arc<Body>, config: MotionConfig, arguments: &CheckArguments) -> anyhow::Result<Table> {
    let lexicon = Lexicon::core_with(&arguments.packs)?;
    let mut table = Table::default();
    for entry in lexicon.entries().filter(|entry| entry.form().is_some() || entry.number_slot.is_some()) {
        let motion = motion::sign_form(body, config, &form_of(&lexicon, entry)?)?;
        table.add(entry.id.as_str(), check(body, &motion.frames, &motion.asked));
    }
    Ok(table)
}

fn of_text(body: &Arc<Body>, config: MotionConfig, text: &str, arguments: &CheckArguments) -> anyhow::Result<Table> {
    let understanding = Understanding::new(Lexicon::core_with(&arguments.packs)?);
    let (mut table, mut lengths) = (Table::default(), Lengths::default());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let transcript = Transcript::plain(line.to_owned(), arguments.lang.clone());
        for sentence in understanding.interpret(&transcript)?.sentences {
            let (frames, report) = motion::sign_all(body, config, std::slice::from_ref(&sentence))?;
            let name: Vec<&str> = sentence.tokens.iter().map(|token| token.gloss.as_str()).collect();
            table.add(name.join(" "), check(body, &frames, &report.asked));
            lengths.add(body, config, &[sentence])?;
        }
    }
    say!("{lengths}");
    Ok(table)
}

/// What a file of poses holds; the rest of it is not needed here.
#[derive(Deserialize)]
struct Poses {
    frames: Vec<PoseFrame>,
}

fn of_poses(body: &Body, path: &Path) -> anyhow::Result<Table> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let poses: Poses = serde_json::from_reader(BufReader::new(file))
        .with_context(|| format!("{}: expected poses as `sign --pose FILE.json` writes them", path.display()))?;
    let mut table = Table::default();
    table.add(path.display().to_string(), check(body, &poses.frames, &[]));
    Ok(table)
}
