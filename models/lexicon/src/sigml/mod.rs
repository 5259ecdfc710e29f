//! SiGML and HamNoSys in, sign forms out.
//!
//! In: SiGML files with `hns_sign` (HamNoSys 4 symbols as elements) and `hamgestural_sign` (the
//! gestural form), and HamNoSys as Unicode text. Out: one [`CompiledSign`] a sign, with its
//! [`SignForm`](signing::SignForm), its mouthing and what could not be understood, by file and line.
//! Never: follows a DOCTYPE, expands an entity of a file's own, opens another file than those named.
//!
//! How HamNoSys sees space: it is written from the signer's side, the dominant hand is the right
//! one; `l` and `r` are the signer's, `o` is away from the signer and `i` towards the signer.
//!
//! Read in this order: `report` (what comes out), `xml` (files and their limits), `sign` (what both
//! notations say of a sign), `hamnosys` and `gestural` (the notations), `assemble` (to the form).

mod assemble;
mod direction;
mod face;
mod gestural;
mod hamnosys;
mod hand;
mod place;
mod report;
mod sign;
mod site;
mod xml;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::ReportRow;

pub use report::{CompiledSign, SigmlError, UnparsedItem};

/// Compiles every sign of a SiGML document, in order, and hands each to `sink`.
///
/// `source` names the document in messages. A sign that is malformed, and a document that holds no
/// sign, come as a [`CompiledSign`] with status `error`; reading goes on with the next sign where
/// that is possible.
pub fn read(bytes: &[u8], source: &str, sink: &mut dyn FnMut(CompiledSign)) {
    xml::read(bytes, source, &mut |item| sink(compile_item(source, item)));
}

/// Compiles every sign of one `.sigml` file.
///
/// Errors: the file cannot be read, or is larger than 64 MiB.
pub fn compile_file(path: &Path) -> Result<Vec<CompiledSign>, SigmlError> {
    let source = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    compile_named(path, &source)
}

/// Compiles every `.sigml` file in a folder and the folders in it, in order of their paths.
///
/// Errors: a folder or file that cannot be read.
pub fn compile_folder(folder: &Path) -> Result<Vec<CompiledSign>, SigmlError> {
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    files.sort();
    let mut signs = Vec::new();
    for file in files {
        let source = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
        signs.extend(compile_named(&file, &source)?);
    }
    Ok(signs)
}

/// Compiles a file, or every `.sigml` file in a folder, to the rows of a report.
///
/// Errors: a folder or file that cannot be read.
pub fn report(path: &Path) -> Result<Vec<ReportRow>, SigmlError> {
    let signs = if path.is_dir() { compile_folder(path)? } else { compile_file(path)? };
    Ok(signs.iter().map(CompiledSign::row).collect())
}

/// Compiles one sign written in HamNoSys as Unicode text (private use area U+E000 to U+E0F1).
pub fn compile_hamnosys_text(text: &str) -> CompiledSign {
    hamnosys::compile_text(text)
}

fn compile_named(path: &Path, source: &str) -> Result<Vec<CompiledSign>, SigmlError> {
    let unreadable = |error| SigmlError::Unreadable { path: path.to_owned(), error };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > xml::MAX_BYTES {
        return Err(SigmlError::TooLarge { path: path.to_owned(), size, max: xml::MAX_BYTES });
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let mut signs = Vec::new();
    read(&bytes, source, &mut |sign| signs.push(sign));
    Ok(signs)
}

/// Folders deeper than this are a loop of links or a mistake.
const MAX_FOLDER_DEPTH: usize = 32;

fn collect(folder: &Path, depth: usize, files: &mut Vec<std::path::PathBuf>) -> Result<(), SigmlError> {
    let unreadable = |error| SigmlError::Unreadable { path: folder.to_owned(), error };
    if depth > MAX_FOLDER_DEPTH {
        return Err(SigmlError::FolderDepth { path: folder.to_owned(), max: MAX_FOLDER_DEPTH });
    }
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect(&path, depth + 1, files)?;
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sigml")) {
            files.push(path);
        }
    }
    Ok(())
}

fn compile_item(source: &str, item: xml::Item) -> CompiledSign {
    match item {
        xml::Item::Sign(node) => match node.name.as_str() {
            "hamgestural_sign" => gestural::compile(source, &node),
            _ => hamnosys::compile(source, &node),
        },
        xml::Item::Broken { line, gloss, message } => CompiledSign::failed(source, line, gloss, message),
    }
}
