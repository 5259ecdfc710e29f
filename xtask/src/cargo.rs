//! Cargo and the programs it built.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;

use crate::place::{self, Cache};
use crate::report;

/// The flags of every cargo verb: one feature set and one profile, so that Bevy compiles once.
pub(crate) const EVERYTHING: [&str; 3] = ["--workspace", "--release", "--locked"];

/// A cargo command in the workspace.
pub(crate) fn cargo(verb: &str, cache: &Cache) -> Result<Command> {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.arg(verb).current_dir(place::workspace()?).env("SHOUYU_CACHE", cache.root());
    forget_outer_cargo(&mut command);
    Ok(command)
}

/// Takes back what the outer `cargo run` set for us: build scripts that watch such variables would
/// otherwise find a change between `cargo build` and `cargo xtask build`, and build again.
fn forget_outer_cargo(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_set_by_cargo_run) {
            command.env_remove(name);
        }
    }
    if let Some(paths) = env::var_os("LD_LIBRARY_PATH") {
        let kept: Vec<PathBuf> = env::split_paths(&paths).filter(|path| !is_library_path_of_cargo_run(path)).collect();
        match env::join_paths(&kept) {
            Ok(joined) if !joined.is_empty() => command.env("LD_LIBRARY_PATH", joined),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
}

fn is_set_by_cargo_run(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"]
            .contains(&name)
}

/// `cargo run` puts the target directory's and the toolchain's libraries in front.
fn is_library_path_of_cargo_run(path: &Path) -> bool {
    path.ends_with("debug")
        || path.ends_with("debug/deps")
        || path.components().any(|part| part.as_os_str() == "rustlib")
}

/// Builds the whole workspace, optimised.
pub(crate) fn build(cache: &Cache) -> Result<()> {
    if !release_folder(cache)?.join("shouyu").is_file() {
        report::line("building the workspace: from nothing that takes about a quarter of an hour on two cores");
    }
    let status = cargo("build", cache)?
        .args(EVERYTHING)
        .status()
        .context("cannot start cargo: is the Rust toolchain on the PATH?")?;
    if !status.success() {
        bail!("cargo build ended with {status}: its own message is above");
    }
    Ok(())
}

/// Where cargo puts optimised programs. Asked of cargo, since its configuration may move it.
fn release_folder(cache: &Cache) -> Result<PathBuf> {
    let output = cargo("metadata", cache)?
        .args(["--no-deps", "--format-version", "1", "--locked"])
        .output()
        .context("cannot start cargo: is the Rust toolchain on the PATH?")?;
    if !output.status.success() {
        bail!("cargo metadata ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata = MetadataCommand::parse(String::from_utf8_lossy(&output.stdout))
        .context("cannot read what cargo metadata printed")?;
    Ok(metadata.target_directory.join("release").into())
}

/// Path of an optimised program of the workspace, which must have been built.
pub(crate) fn program(name: &str, cache: &Cache) -> Result<PathBuf> {
    let path = release_folder(cache)?.join(name);
    if !path.is_file() {
        bail!("{} is missing although the workspace was built: no crate has a program `{name}`", path.display());
    }
    Ok(path)
}

/// Runs a program of the project where the user stands, with the terminal's own streams.
pub(crate) fn run<S: AsRef<OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = S>,
    cache: &Cache,
) -> Result<ExitStatus> {
    let mut command = Command::new(program);
    command.args(arguments).env("SHOUYU_CACHE", cache.root());
    forget_outer_cargo(&mut command);
    command.status().with_context(|| format!("cannot start {}", program.display()))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Features of each package on the edges named, as cargo resolves them for such a build.
    fn features(edges: &str) -> BTreeMap<String, BTreeSet<String>> {
        let home = tempfile::tempdir().unwrap();
        let output = cargo("tree", &Cache::at(home.path()))
            .unwrap()
            .args(["--workspace", "--locked", "--prefix", "none", "--format", "{p}|{f}", "--edges", edges])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut found = BTreeMap::<_, BTreeSet<_>>::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            if let Some((package, features)) = line.split_once('|') {
                let features = features.trim_end_matches(" (*)").to_owned();
                found.entry(package.to_owned()).or_default().insert(features);
            }
        }
        found
    }

    /// Otherwise `cargo test` would compile Bevy again after `cargo build`: a quarter of an hour. What build scripts use is
    /// compiled for itself, and `cargo tree` tells of it or not by the order of the members: it is left out.
    #[test]
    fn dev_dependencies_add_no_feature_to_a_crate_of_the_ordinary_build() {
        let ordinary = features("normal");
        let with_dev = features("normal,dev");
        assert!(ordinary.len() > 100, "cargo tree was understood");
        let changed: Vec<_> =
            ordinary.iter().filter(|(package, features)| with_dev.get(*package) != Some(features)).collect();
        assert!(
            changed.is_empty(),
            "dev-dependencies change the features of these; name the features in xtask/Cargo.toml: {changed:#?}"
        );
    }

    #[test]
    fn only_what_cargo_run_added_is_taken_back() {
        for (name, expected) in [
            ("CARGO_PKG_VERSION", true),
            ("CARGO_MANIFEST_DIR", true),
            ("CARGO_TARGET_DIR", false),
            ("CARGO_HOME", false),
            ("CARGO", false),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", false),
        ] {
            assert_eq!(is_set_by_cargo_run(name), expected, "{name}");
        }
        for (path, expected) in [
            ("/a/shouyu/target/debug", true),
            ("/a/shouyu/target/debug/deps", true),
            ("/a/.rustup/toolchains/stable/lib/rustlib/x86_64-unknown-linux-gnu/lib", true),
            ("/usr/local/lib", false),
            ("/opt/ffmpeg/lib", false),
        ] {
            assert_eq!(is_library_path_of_cargo_run(Path::new(path)), expected, "{path}");
        }
    }
}
