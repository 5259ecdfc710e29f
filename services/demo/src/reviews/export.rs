//! Reviews as other programs read them.

use std::io::{self, Write};

use super::{Kept, Reviews};
use crate::DemoError;

/// How reviews are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON array, texts as they were given.
    Json,
    /// Comma-separated, after RFC 4180.
    Csv,
    /// Tab-separated, a line a review: tabs and line breaks within texts become spaces.
    Tsv,
}

const COLUMNS: [&str; 15] = [
    "id",
    "time",
    "gloss",
    "lexeme",
    "origin",
    "faults",
    "comment",
    "reviewer",
    "text",
    "source_start",
    "source_end",
    "pack",
    "pack_version",
    "software",
    "description",
];

/// What goes wrong while reviews are written.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] DemoError),
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl Reviews {
    /// Writes all reviews, the oldest first.
    ///
    /// In tables a text that a spreadsheet would take for a formula is led by an apostrophe.
    ///
    /// Errors: what writing says; what the store says, as [`io::Error::other`].
    pub fn export(&self, format: ExportFormat, out: &mut impl Write) -> io::Result<()> {
        let written = match format {
            ExportFormat::Json => self.json(out),
            ExportFormat::Csv => self.table(out, ",", "\r\n", quoted),
            ExportFormat::Tsv => self.table(out, "\t", "\n", spaced),
        };
        written.map_err(|error| match error {
            ExportError::Write(error) => error,
            ExportError::Store(error) => io::Error::other(error),
        })
    }

    fn json(&self, out: &mut impl Write) -> Result<(), ExportError> {
        let mut before = "[";
        self.each(|kept| {
            write!(out, "{before}\n  {}", serde_json::to_string(&kept).map_err(io::Error::from)?)?;
            before = ",";
            Ok::<_, ExportError>(())
        })?;
        // An empty store is an empty array.
        Ok(writeln!(out, "{}", if before == "[" { "[]" } else { "\n]" })?)
    }

    fn table(
        &self,
        out: &mut impl Write,
        between: &str,
        end: &str,
        cell: fn(&str) -> String,
    ) -> Result<(), ExportError> {
        write!(out, "{}{end}", COLUMNS.join(between))?;
        self.each(|kept| {
            let cells: Vec<String> = cells(kept).iter().map(|text| cell(&harmless(text))).collect();
            Ok(write!(out, "{}{end}", cells.join(between))?)
        })
    }
}

fn cells(kept: Kept) -> [String; 15] {
    let Kept { id, time, review, version } = kept;
    let (start, end) = review.source.unzip();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        id.to_string(),
        time,
        review.gloss,
        review.lexeme.unwrap_or_default(),
        review.origin.unwrap_or_default(),
        review.faults.join(" "),
        review.comment,
        review.reviewer,
        review.text,
        number(start),
        number(end),
        version.pack.unwrap_or_default(),
        version.pack_version.unwrap_or_default(),
        version.software,
        version.description.unwrap_or_default(),
    ]
}

/// A visitor's text must not become a formula in somebody's spreadsheet.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn spaced(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
