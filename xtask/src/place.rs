//! Where things are: the workspace, its target directory, the cache.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

/// Root of the workspace this xtask belongs to.
pub(crate) fn workspace() -> Result<PathBuf> {
    // Cargo sets the variable when it runs us; the compiled-in one serves a directly started binary.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| OsString::from(env!("CARGO_MANIFEST_DIR")));
    let root = Path::new(&manifest).parent().map(Path::to_path_buf);
    root.filter(|root| root.join("Cargo.lock").is_file()).ok_or_else(|| {
        anyhow!(
            "no workspace around {}: found no Cargo.lock beside it; start xtask as `cargo xtask`",
            Path::new(&manifest).display()
        )
    })
}

/// The project's cache: `$SHOUYU_CACHE`, else `$XDG_CACHE_HOME/shouyu`, else `~/.cache/shouyu`.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache of this user, as an absolute path. Creates nothing.
    pub(crate) fn locate() -> Result<Self> {
        let root = root_from(|name| env::var_os(name))?;
        let root = std::path::absolute(&root)
            .with_context(|| format!("the cache path {} has no absolute form", root.display()))?;
        Ok(Self { root })
    }

    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The cache directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Archives as the registries gave them.
    pub(crate) fn packages(&self) -> PathBuf {
        self.root.join("packages")
    }

    /// Unpacked packages, one folder each.
    pub(crate) fn assets(&self) -> PathBuf {
        self.root.join("assets")
    }

    /// The judges' Python environment.
    pub(crate) fn judges(&self) -> PathBuf {
        self.root.join("judges")
    }

    /// Work in progress, on the same file system as what it becomes. Emptied under the lock.
    pub(crate) fn staging(&self) -> PathBuf {
        self.root.join("staging")
    }

    /// The networks that listen.
    pub(crate) fn speech(&self) -> PathBuf {
        self.root.join("speech")
    }

    /// The tokenizer of ChatGLM2 and 3.
    pub(crate) fn chatglm_tokenizer(&self) -> PathBuf {
        self.root.join("glm/chatglm3-tokenizer.json")
    }

    /// The avatar that builder version `version` makes.
    pub(crate) fn avatar(&self, version: &str) -> PathBuf {
        self.root.join("avatar").join(format!("default-{version}.glb"))
    }
}

/// An empty variable counts as unset, as the XDG specification has it; so does a relative
/// `$XDG_CACHE_HOME`.
fn root_from(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(own) = set("SHOUYU_CACHE") {
        return Ok(own);
    }
    if let Some(xdg) = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
        return Ok(xdg.join("shouyu"));
    }
    let home = set("HOME")
        .ok_or_else(|| anyhow!("no cache directory: HOME is not set; set SHOUYU_CACHE to a directory to use"))?;
    Ok(home.join(".cache").join("shouyu"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let found =
            root_from(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)));
        assert_eq!(found.ok(), expected.map(PathBuf::from), "{variables:?}");
    }

    #[test]
    fn the_cache_follows_its_own_variable_then_xdg_then_home() {
        let home = ("HOME", "/a");
        check(&[home], Some("/a/.cache/shouyu"));
        check(&[home, ("XDG_CACHE_HOME", "/big")], Some("/big/shouyu"));
        check(&[home, ("XDG_CACHE_HOME", "relative")], Some("/a/.cache/shouyu"));
        check(&[home, ("XDG_CACHE_HOME", "/big"), ("SHOUYU_CACHE", "/own")], Some("/own"));
        check(&[home, ("SHOUYU_CACHE", "")], Some("/a/.cache/shouyu"));
        check(&[], None);
    }
}
