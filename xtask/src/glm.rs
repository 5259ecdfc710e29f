//! The tokenizer of ChatGLM2 and 3, whose own checkpoints have it in a form that nothing here reads.

use std::fs;

use anyhow::{Context, Result};

use crate::assets::{self, Need};
use crate::place::Cache;
use crate::{report, system};

/// The package and the file in it.
const PACKAGE: &str = "@lenml/tokenizer-chatglm3";
const FILE: &str = "package/models/tokenizer.json";

/// Makes sure that the tokenizer is in the cache.
///
/// # Errors
/// When the package can't be had or the cache can't be written.
pub(crate) fn ensure(cache: &Cache) -> Result<()> {
    let place = cache.chatglm_tokenizer();
    let source = assets::ensure(Need::Glm, cache)?.folder(PACKAGE)?.join(FILE);
    if place.is_file() {
        return Ok(());
    }
    let folder = place.parent().context("a file in the cache has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let staged = tempfile::NamedTempFile::new_in(folder)?;
    fs::copy(&source, staged.path()).with_context(|| format!("cannot copy {}", source.display()))?;
    staged.persist(&place).with_context(|| format!("cannot write {}", place.display()))?;
    report::line(&format!("the tokenizer of ChatGLM2 and 3: {}", place.display()));
    Ok(())
}

/// The same as part of a whole set-up, for which few need npm: where it is not installed, says how to go on.
///
/// # Errors
/// As for [`ensure`], where npm is there.
pub(crate) fn offer(cache: &Cache) -> Result<()> {
    if cache.chatglm_tokenizer().is_file() || system::answers("npm", &["--version"]) {
        return ensure(cache);
    }
    report::line("the tokenizer of ChatGLM2 and 3 was left out, since npm is not here: `cargo xtask glm` fetches both");
    Ok(())
}
