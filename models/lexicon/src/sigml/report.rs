//! What comes out of a SiGML file: one compiled sign each, and report rows.

use std::path::PathBuf;

use signing::SignForm;

use super::{assemble::assemble, sign::Sign};
use crate::{ReportRow, Status};

/// What is wrong with a file as such; what is wrong with a sign is in its [`CompiledSign`].
#[derive(Debug, thiserror::Error)]
pub enum SigmlError {
    /// A file or folder that cannot be read.
    #[error("{}: cannot be read: {error}; check that it exists and is readable", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// A file beyond any dictionary's size.
    #[error("{}: {size} bytes: expected at most {max}; split the file", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The most that is read.
        max: u64,
    },
    /// Folders in folders without end.
    #[error("{}: more than {max} folders deep: is there a link back?", path.display())]
    FolderDepth {
        /// Which.
        path: PathBuf,
        /// The most that is followed.
        max: usize,
    },
}

/// Something in a sign that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnparsedItem {
    /// Line in the file, from 1.
    pub line: usize,
    /// The element, attribute or character.
    pub what: String,
    /// What was expected.
    pub message: String,
}

/// One sign of a file, compiled.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledSign {
    /// The file.
    pub source: String,
    /// The line on which the sign begins, from 1.
    pub line: usize,
    /// Its gloss; empty if it has none.
    pub gloss: String,
    /// Its form; `None` if nothing could be made of it.
    pub form: Option<SignForm>,
    /// Understood whole, in part or not at all.
    pub status: Status,
    /// How many symbols or elements and attributes it has, understood or not.
    pub clauses: usize,
    /// What was not understood, in reading order.
    pub unparsed: Vec<UnparsedItem>,
    /// The mouthed word, in SAMPA, if any.
    pub mouthing: Option<String>,
    /// What is wrong as a whole; empty if nothing is.
    pub message: String,
}

impl CompiledSign {
    pub(super) fn failed(source: &str, line: usize, gloss: String, message: String) -> Self {
        Self {
            source: source.to_owned(),
            line,
            gloss,
            form: None,
            status: Status::Error,
            clauses: 0,
            unparsed: Vec::new(),
            mouthing: None,
            message,
        }
    }

    /// Assembles what a notation said into a form.
    pub(super) fn assembled(source: &str, line: usize, gloss: String, sign: &Sign) -> Self {
        let mut compiled = Self::failed(source, line, gloss, String::new());
        compiled.clauses = sign.clauses;
        compiled.unparsed.clone_from(&sign.unparsed);
        compiled.mouthing.clone_from(&sign.mouthing);
        if sign.is_empty() {
            compiled.message = "the sign is empty: expected hands or non-manual elements".to_owned();
            return compiled;
        }
        let form = assemble(sign);
        match form.validate() {
            Ok(()) => {
                compiled.status = if sign.unparsed.is_empty() { Status::Ok } else { Status::Partial };
                compiled.form = Some(form);
            }
            Err(error) => compiled.message = format!("the sign cannot be formed: {error}"),
        }
        compiled
    }

    /// Where it stands: file and line.
    pub fn position(&self) -> String {
        if self.source.is_empty() { format!("line {}", self.line) } else { format!("{}:{}", self.source, self.line) }
    }

    /// The sign as a row of the report that descriptions have too.
    pub fn row(&self) -> ReportRow {
        let mut message: Vec<String> = Vec::new();
        if !self.message.is_empty() {
            message.push(format!("{}: {}", self.position(), self.message));
        }
        for item in &self.unparsed {
            let file = if self.source.is_empty() { String::new() } else { format!("{}:", self.source) };
            message.push(format!("{file}{}: “{}”: {}", item.line, item.what, item.message));
        }
        ReportRow {
            id: self.position(),
            gloss: self.gloss.clone(),
            status: self.status,
            clauses: self.clauses,
            unparsed: self.unparsed.iter().map(|item| format!("{}: {}", item.line, item.what)).collect(),
            message: message.join("\n"),
        }
    }
}
