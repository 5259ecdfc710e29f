//! A corpus of descriptions compiled, one row a sign, in input order.

use std::{collections::HashMap, io::BufRead, path::Path};

use serde::Serialize;

use crate::{
    description::{Compiled, Status, compile},
    entry::Entry,
    error::LexiconError,
    pack::Pack,
};

/// How one sign compiled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// The sign's id.
    pub id: String,
    /// Its gloss.
    pub gloss: String,
    /// Understood whole, in part or not at all.
    pub status: Status,
    /// How many clauses the description has.
    pub clauses: usize,
    /// The clauses that could not be read, as they stand.
    pub unparsed: Vec<String>,
    /// What is wrong and what was expected, one line a finding; empty if nothing is.
    pub message: String,
}

impl ReportRow {
    fn of(id: &str, gloss: &str, compiled: &Compiled) -> Self {
        Self {
            id: id.to_owned(),
            gloss: gloss.to_owned(),
            status: compiled.status,
            clauses: compiled.clauses,
            unparsed: compiled.unparsed.iter().map(|unparsed| unparsed.clause.clone()).collect(),
            message: compiled.message(),
        }
    }

    fn add_message(&mut self, message: &str) {
        if !self.message.is_empty() {
            self.message.push('\n');
        }
        self.message.push_str(message);
    }
}

/// Compiles lines of `id<TAB>gloss<TAB>description`, one row a line; empty lines have none.
///
/// A line of another form, or with bytes that are not UTF-8, gives a row with status `error`; an id
/// that was there before is said in the message.
///
/// Errors: the input itself cannot be read.
pub fn compile_tsv(mut reader: impl BufRead) -> std::io::Result<Vec<ReportRow>> {
    let mut rows = Vec::new();
    let mut first_lines: HashMap<String, usize> = HashMap::new();
    let mut bytes = Vec::new();
    let mut number = 0;
    while {
        bytes.clear();
        reader.read_until(b'\n', &mut bytes)? > 0
    } {
        number += 1;
        let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
        let line = String::from_utf8_lossy(bytes);
        let line = line.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = line.splitn(3, '\t').collect();
        let mut row = match fields[..] {
            [id, gloss, description] => ReportRow::of(id.trim(), gloss.trim(), &compile(description)),
            _ => {
                let found = fields.len();
                let message =
                    format!("line {number}: {found} field(s): expected id, gloss and description between tabs");
                let gloss = fields.get(1).copied().unwrap_or_default();
                ReportRow::of(fields[0].trim(), gloss.trim(), &Compiled::failed(message))
            }
        };
        if std::str::from_utf8(bytes).is_err() {
            row.status = Status::Error;
            row.add_message(&format!("line {number}: bytes that are not UTF-8: save the file as UTF-8"));
        }
        match first_lines.get(&row.id) {
            Some(first) => row.add_message(&format!("id “{}” is already on line {first}", row.id)),
            None => {
                first_lines.insert(row.id.clone(), number);
            }
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Compiles the pack in a folder, one row an entry, in the order of its files.
///
/// Errors: no pack there, or a file that cannot be read. A duplicate id is said in its row's message.
pub fn compile_pack(folder: &Path) -> Result<Vec<ReportRow>, LexiconError> {
    let pack = Pack::read(folder)?;
    let row = |entry: &Entry| ReportRow::of(&entry.id, &entry.headword, &entry.form);
    let mut rows: Vec<ReportRow> = pack.entries.iter().map(row).collect();
    for duplicate in &pack.duplicates {
        let mut row = row(&duplicate.entry);
        row.add_message(&format!("id “{}” is already at {}:{}", row.id, duplicate.first.0, duplicate.first.1));
        rows.insert(duplicate.position + rows.len().saturating_sub(pack.entries.len()), row);
    }
    Ok(rows)
}
