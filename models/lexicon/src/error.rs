//! What can be wrong with a pack, and what is only worth a warning.

use std::{fmt, path::PathBuf};

/// What is wrong with a pack or a request to the lexicon.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A file or folder that cannot be read.
    #[error("{}: cannot be read: {error}; check that it exists and is readable", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// A folder without `pack.toml`.
    #[error("{}: no pack.toml in this folder; a pack is a folder with pack.toml and its entries in *.toml", path.display())]
    NoPack {
        /// The folder.
        path: PathBuf,
    },
    /// A file that is not the TOML it should be.
    #[error("{file}:{line}: {message}")]
    Syntax {
        /// The file, inside its pack.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What was found and expected.
        message: String,
    },
    /// An entry that has no form to give.
    #[error("“{id}” ({headword}) has no form: {reason}")]
    NoForm {
        /// The entry's id.
        id: String,
        /// Its headword.
        headword: String,
        /// Why.
        reason: String,
    },
    /// A number slot asked of an entry that has none.
    #[error("“{id}” has no number slot; ask for its form, or sign the number by itself")]
    NoSlot {
        /// The entry's id.
        id: String,
    },
    /// A number outside of an entry's slot.
    #[error("“{id}” takes a number from {min} to {max}, not {found}; sign the number by itself beside it")]
    OutsideSlot {
        /// The entry's id.
        id: String,
        /// Least.
        min: u32,
        /// Greatest.
        max: u32,
        /// As asked.
        found: u32,
    },
    /// A numeral that needs a number sign that no pack has.
    #[error("no pack has the number sign “{0}”; add an entry with pos = \"number\" and this headword")]
    NoNumber(String),
    /// A numeral that is not one.
    #[error("“{found}” is not a number: expected {expected}")]
    NotANumber {
        /// As given.
        found: String,
        /// What would be one.
        expected: &'static str,
    },
}

/// Something in a pack that its author should look at; the rest of the pack is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The pack's name.
    pub pack: String,
    /// The file inside the pack, and the line, counted from 1; none for what concerns no file.
    pub place: Option<(String, usize)>,
    /// What is wrong, what is done about it, what to do.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some((file, line)) => write!(f, "{}: {file}:{line}: {}", self.pack, self.message),
            None => write!(f, "{}: {}", self.pack, self.message),
        }
    }
}
