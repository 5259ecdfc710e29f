//! Reading text.

use std::{io::Read as _, path::Path};

use anyhow::{Context as _, bail};

use crate::args::TextArguments;

/// More than this is refused before it is read whole, bytes.
const MAX_TEXT_BYTES: u64 = 4 << 20;

/// The text that was asked for, as it stands.
///
/// Errors: a file or standard input that cannot be read, is not UTF-8, or is larger than 4 MiB.
pub(crate) fn read_text(arguments: &TextArguments) -> anyhow::Result<String> {
    match (&arguments.file, arguments.text.as_deref()) {
        (Some(path), _) => read_file(path),
        (None, Some("-")) => read(std::io::stdin().lock(), "standard input"),
        (None, Some(text)) => Ok(text.to_owned()),
        (None, None) => bail!("no text: give TEXT, - or --file"),
    }
}

/// A file's text. Errors: as for [`read_text`].
pub(crate) fn read_file(path: &Path) -> anyhow::Result<String> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    read(file, &path.display().to_string())
}

fn read(source: impl std::io::Read, name: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    source.take(MAX_TEXT_BYTES + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        bail!("{name} is larger than {} MiB: split it into shorter texts", MAX_TEXT_BYTES >> 20);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        anyhow::anyhow!("{name} is not UTF-8 (byte {}): convert it to UTF-8 first", error.utf8_error().valid_up_to())
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(read("\u{feff}你好".as_bytes(), "x").unwrap(), "你好");
        let error = read(&b"ab\xff"[..], "x").unwrap_err().to_string();
        assert!(error.contains("byte 2"), "{error}");
        let error = read(std::io::repeat(b'a'), "x").unwrap_err().to_string();
        assert!(error.contains("4 MiB"), "{error}");
    }
}
