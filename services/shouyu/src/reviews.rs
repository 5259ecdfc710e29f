//! `shouyu lexicon reviews`: what visitors of the demo said of signs.

use std::{io::Write as _, process::ExitCode};

use demo::{DemoError, ExportFormat, Reviews};

use crate::{
    args::{ExportArgument, ReviewsArguments},
    output::{reader_is_gone, say},
};

pub(crate) fn run(arguments: &ReviewsArguments) -> anyhow::Result<ExitCode> {
    let path = match &arguments.file {
        Some(path) => path.clone(),
        None => demo::reviews_path()?,
    };
    anyhow::ensure!(
        path.is_file(),
        "{}: no reviews here; they are filed on the page of `shouyu demo`, or name the file with --file",
        path.display()
    );
    let reviews = Reviews::open(&path)?;
    if let Some(format) = arguments.export {
        let format = match format {
            ExportArgument::Json => ExportFormat::Json,
            ExportArgument::Csv => ExportFormat::Csv,
            ExportArgument::Tsv => ExportFormat::Tsv,
        };
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        return match reviews.export(format, &mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(ExitCode::SUCCESS),
        };
    }
    reviews
        .each(|kept| {
            let review = &kept.review;
            let pack =
                kept.version.pack.iter().chain(&kept.version.pack_version).cloned().collect::<Vec<_>>().join(" ");
            let lexeme = review.lexeme.as_deref().unwrap_or("-");
            say!("{}  {}  {} [{lexeme}]  {}  [{pack}]", kept.id, kept.time, review.gloss, review.faults.join(", "));
            if !review.text.is_empty() {
                let place = review.source.map(|(start, end)| format!(" ({start} to {end})")).unwrap_or_default();
                say!("    in: {}{place}", review.text.escape_debug());
            }
            if !review.comment.is_empty() {
                say!("    why: {}", review.comment.escape_debug());
            }
            if !review.reviewer.is_empty() {
                say!("    by: {}", review.reviewer.escape_debug());
            }
            if reader_is_gone() { Err(Stop::Reader) } else { Ok(()) }
        })
        .or_else(|stop| match stop {
            Stop::Reader => Ok(()),
            Stop::Store(error) => Err(error),
        })?;
    say!("{} reviews in {}", reviews.count()?, path.display());
    Ok(ExitCode::SUCCESS)
}

/// Why a list ends early.
enum Stop {
    Reader,
    Store(DemoError),
}

impl From<DemoError> for Stop {
    fn from(error: DemoError) -> Self {
        Self::Store(error)
    }
}
