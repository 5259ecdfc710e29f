//! Judges from outside the project: Python scripts of `tests/judges` in an environment of their own.

use std::path::Path;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::place::{self, Cache};
use crate::{cargo, report};

/// Draws the manual letters with `program` and lets the hand detector look at them.
pub(crate) fn run(program: &Path, cache: &Cache) -> Result<ExitStatus> {
    let scripts = place::workspace()?.join("tests").join("judges");
    let python = environment(&scripts, cache)?;
    let letters = place::workspace()?.join("out").join("letters");
    let arguments = ["lexicon".as_ref(), "letters".as_ref(), letters.as_os_str()];
    let drawn = cargo::run(program, arguments, cache)?;
    if !drawn.success() {
        bail!("the letters could not be drawn: {} ended with {drawn}", program.display());
    }
    let script = scripts.join("hands.py");
    Command::new(&python)
        .arg(&script)
        .arg(&letters)
        .status()
        .with_context(|| format!("cannot start {} {}", python.display(), script.display()))
}

/// The environment's Python, with the packages that `requirements.txt` pins; made again when they change.
fn environment(scripts: &Path, cache: &Cache) -> Result<std::path::PathBuf> {
    let requirements = scripts.join("requirements.txt");
    let wanted =
        std::fs::read_to_string(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = cache.judges();
    let (python, stamp) = (folder.join("bin").join("python"), folder.join("requirements.txt"));
    if std::fs::read_to_string(&stamp).is_ok_and(|known| known == wanted) {
        return Ok(python);
    }
    report::line("judges: making the Python environment");
    let parts = ["-m", "venv", "--clear"];
    succeed(Command::new("python3").args(parts).arg(&folder), "python3 -m venv")?;
    // Wheels alone: a source distribution would run its build script before its hash means anything.
    let install = ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r"];
    succeed(Command::new(&python).args(install).arg(&requirements), "pip install")?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

fn succeed(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {what}; is python3-venv installed?"))?;
    if status.success() { Ok(()) } else { bail!("{what} ended with {status}") }
}
