//! “This sign is wrong”: reviews in an SQLite file, and their way out of it.
//!
//! A review says what (the sign, and what of it is wrong), where (the text and its place in it), why (in words) and
//! which version (pack, program, understanding).

mod export;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, named_params};
use serde::{Deserialize, Serialize};

use crate::DemoError;

pub use export::ExportFormat;

/// Longest words of a visitor, characters.
pub(crate) const COMMENT: usize = 1_000;
/// Longest text that a review quotes, characters.
const SOURCE: usize = 2_000;
/// Longest name, id or version, characters.
const NAME: usize = 100;
/// More reviews are not kept in one file.
const MOST: u64 = 200_000;
/// What can be wrong with a sign.
const FAULTS: [&str; 9] =
    ["handshape", "palm", "place", "movement", "face", "word", "order", "fingerspelling", "other"];
/// How the file is built; a later program that changes it raises this.
const VERSION: i64 = 1;

/// What a visitor says of a sign.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// What is shown under the sign.
    pub gloss: String,
    /// The pack entry's id; none for what is formed by rule.
    #[serde(default)]
    pub lexeme: Option<String>,
    /// How the sign came about: `sign`, `synonym`, …
    #[serde(default)]
    pub origin: Option<String>,
    /// What is wrong: some of `handshape`, `palm`, `place`, `movement`, `face`, `word`, `order`, `fingerspelling`,
    /// `other`; at least one.
    pub faults: Vec<String>,
    /// Why, in words.
    #[serde(default)]
    pub comment: String,
    /// Who says so; empty for nobody.
    #[serde(default)]
    pub reviewer: String,
    /// The text that was signed; empty where the sign was looked up.
    #[serde(default)]
    pub text: String,
    /// Where in it, `[start, end)` in Unicode scalars.
    #[serde(default)]
    pub source: Option<(u32, u32)>,
}

/// Which versions a review is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Version {
    /// The pack.
    pub pack: Option<String>,
    /// Its version.
    pub pack_version: Option<String>,
    /// This program.
    pub software: String,
    /// The sign's description, as it stood.
    pub description: Option<String>,
}

/// A review as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its number.
    pub id: i64,
    /// When, UTC, such as `2026-01-31T08:30:00Z`.
    pub time: String,
    /// What was said.
    #[serde(flatten)]
    pub review: Review,
    /// Of what.
    #[serde(flatten)]
    pub version: Version,
}

impl Review {
    /// Checks lengths and values.
    ///
    /// Errors: [`DemoError::Review`] with the field.
    pub fn validate(&self) -> Result<(), DemoError> {
        let length = |field: &'static str, text: &str, most: usize| {
            let found = text.chars().count();
            let expected = format!("at most {most} characters");
            if found > most {
                return Err(DemoError::Review { field, found: format!("{found} characters"), expected });
            }
            match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
                Some(control) => {
                    let found = format!("the control character {}", control.escape_unicode());
                    Err(DemoError::Review { field, found, expected: "text".to_owned() })
                }
                None => Ok(()),
            }
        };
        let wrong =
            |field, found: &str, expected: String| DemoError::Review { field, found: found.to_owned(), expected };
        length("gloss", &self.gloss, NAME)?;
        length("lexeme", self.lexeme.as_deref().unwrap_or_default(), NAME)?;
        length("origin", self.origin.as_deref().unwrap_or_default(), NAME)?;
        length("comment", &self.comment, COMMENT)?;
        length("reviewer", &self.reviewer, NAME)?;
        length("text", &self.text, SOURCE)?;
        if self.gloss.trim().is_empty() {
            return Err(wrong("gloss", "nothing", "the sign that is wrong".to_owned()));
        }
        let known = || FAULTS.join(", ");
        if self.faults.is_empty() {
            return Err(wrong("faults", "none", format!("at least one of {}", known())));
        }
        if self.faults.len() > FAULTS.len() {
            return Err(wrong("faults", "more than there are", known()));
        }
        if let Some(fault) = self.faults.iter().find(|fault| !FAULTS.contains(&fault.as_str())) {
            let found: String = fault.chars().take(NAME).collect();
            return Err(wrong("faults", &found, known()));
        }
        let within = |(start, end): (u32, u32)| start <= end && end as usize <= self.text.chars().count();
        if let Some((start, end)) = self.source.filter(|source| !within(*source)) {
            return Err(wrong("source", &format!("{start} to {end}"), "a range within the text".to_owned()));
        }
        Ok(())
    }
}

/// The file.
#[derive(Debug)]
pub struct Reviews {
    path: PathBuf,
    connection: Connection,
}

impl Reviews {
    /// Opens the file, or makes it with its folder.
    ///
    /// Errors: [`DemoError::Folder`], [`DemoError::Store`].
    pub fn open(path: &Path) -> Result<Self, DemoError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|source| DemoError::Folder { path: folder.to_owned(), source })?;
        }
        let at = |source| DemoError::Store { path: path.to_owned(), source };
        let connection = Connection::open(path).map_err(at)?;
        let set_up = || -> rusqlite::Result<i64> {
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            // Readers and the one writer do not hinder each other.
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS reviews (
                    id INTEGER PRIMARY KEY,
                    time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
                    gloss TEXT NOT NULL, lexeme TEXT, origin TEXT, faults TEXT NOT NULL,
                    comment TEXT NOT NULL, reviewer TEXT NOT NULL,
                    text TEXT NOT NULL, source_start INTEGER, source_end INTEGER,
                    pack TEXT, pack_version TEXT, software TEXT NOT NULL, description TEXT
                ) STRICT;",
            )?;
            let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if version == 0 {
                connection.pragma_update(None, "user_version", VERSION)?;
            }
            Ok(version)
        };
        let version = set_up().map_err(at)?;
        if version > VERSION {
            let source = rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_SCHEMA),
                Some(format!(
                    "its reviews are of version {version}, and this program knows up to {VERSION}: update it"
                )),
            );
            return Err(at(source));
        }
        Ok(Self { path: path.to_owned(), connection })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a review; gives its number.
    ///
    /// Errors: [`DemoError::Review`], [`DemoError::Full`], [`DemoError::Store`].
    pub fn add(&mut self, review: &Review, version: &Version) -> Result<i64, DemoError> {
        review.validate()?;
        let found = self.count()?;
        if found >= MOST {
            return Err(DemoError::Full { found });
        }
        let (start, end) = review.source.unzip();
        let insert = "INSERT INTO reviews (gloss, lexeme, origin, faults, comment, reviewer, text, source_start, \
                      source_end, pack, pack_version, software, description) VALUES (:gloss, :lexeme, :origin, \
                      :faults, :comment, :reviewer, :text, :start, :end, :pack, :pack_version, :software, :description)";
        let values = named_params! {
            ":gloss": review.gloss,
            ":lexeme": review.lexeme,
            ":origin": review.origin,
            ":faults": review.faults.join(" "),
            ":comment": review.comment,
            ":reviewer": review.reviewer,
            ":text": review.text,
            ":start": start,
            ":end": end,
            ":pack": version.pack,
            ":pack_version": version.pack_version,
            ":software": version.software,
            ":description": version.description,
        };
        self.connection.execute(insert, values).map_err(|source| self.at(source))?;
        Ok(self.connection.last_insert_rowid())
    }

    /// How many there are.
    ///
    /// Errors: [`DemoError::Store`].
    pub fn count(&self) -> Result<u64, DemoError> {
        let count: rusqlite::Result<i64> =
            self.connection.query_row("SELECT count(*) FROM reviews", [], |row| row.get(0));
        count.map(i64::unsigned_abs).map_err(|source| self.at(source))
    }

    /// Hands every review to `take`, the oldest first.
    ///
    /// Errors: [`DemoError::Store`], and whatever `take` says.
    pub fn each<E: From<DemoError>>(&self, mut take: impl FnMut(Kept) -> Result<(), E>) -> Result<(), E> {
        let at = |source| E::from(self.at(source));
        let mut statement = self
            .connection
            .prepare(
                "SELECT id, time, gloss, lexeme, origin, faults, comment, reviewer, text, source_start, source_end, \
                 pack, pack_version, software, description FROM reviews ORDER BY id",
            )
            .map_err(at)?;
        let rows = statement
            .query_map([], |row| {
                let faults: String = row.get("faults")?;
                let start: Option<u32> = row.get("source_start")?;
                let end: Option<u32> = row.get("source_end")?;
                Ok(Kept {
                    id: row.get("id")?,
                    time: row.get("time")?,
                    review: Review {
                        gloss: row.get("gloss")?,
                        lexeme: row.get("lexeme")?,
                        origin: row.get("origin")?,
                        faults: faults.split(' ').map(str::to_owned).collect(),
                        comment: row.get("comment")?,
                        reviewer: row.get("reviewer")?,
                        text: row.get("text")?,
                        source: start.zip(end),
                    },
                    version: Version {
                        pack: row.get("pack")?,
                        pack_version: row.get("pack_version")?,
                        software: row.get("software")?,
                        description: row.get("description")?,
                    },
                })
            })
            .map_err(at)?;
        for row in rows {
            take(row.map_err(at)?)?;
        }
        Ok(())
    }

    /// A name that nobody can guess: 32 hexadecimal digits.
    ///
    /// Errors: [`DemoError::Store`].
    pub(crate) fn secret(&self) -> Result<String, DemoError> {
        // SQLite draws from the system's own source of randomness.
        let drawn = self.connection.query_row("SELECT lower(hex(randomblob(16)))", [], |row| row.get(0));
        drawn.map_err(|source| self.at(source))
    }

    fn at(&self, source: rusqlite::Error) -> DemoError {
        DemoError::Store { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests;
