//! `convert-whisper --beside DIR --out DIR PART…`: packaged weights → a checkpoint folder.

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            use std::io::Write as _;
            // Standard error that is closed leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "convert-whisper: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut beside, mut out, mut parts) = (None, None, Vec::new());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().map(PathBuf::from).ok_or_else(|| format!("{argument} needs a folder"));
        match argument.as_str() {
            "--beside" => beside = Some(value()?),
            "--out" => out = Some(value()?),
            _ => parts.push(PathBuf::from(argument)),
        }
    }
    let (Some(beside), Some(out), false) = (beside, out, parts.is_empty()) else {
        return Err(
            "expected --beside DIR (config.json, tokenizer.json) --out DIR and the parts of model.bin".to_owned()
        );
    };
    let parts: Vec<_> = parts.iter().map(PathBuf::as_path).collect();
    std::fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    speech::ct2::convert(&parts, &beside, &out).map_err(|error| error.to_string())
}
