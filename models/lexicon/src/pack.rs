//! Reading one pack: a folder with `pack.toml` and entries in every other `*.toml` below it.

use std::{
    collections::HashMap,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use signing::PackRef;
use toml::Spanned;

use crate::{
    description::{self, Compiled, Status, Unparsed},
    entry::{Entry, NumberSlot, PartOfSpeech, Provenance, ProvenanceKind, Sense, VerbClass, WordList},
    error::{LexiconError, Warning},
};

/// What `pack.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackInfo {
    /// The pack's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// ISO 639-3 code of its sign language.
    pub sign_language: String,
    /// Its licence, as SPDX writes it.
    pub licence: String,
    /// Where its knowledge comes from.
    pub provenance: String,
    /// Who wrote it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Who reviewed it as a whole.
    #[serde(default)]
    pub reviewers: Vec<String>,
    /// What it holds, for a reader.
    #[serde(default)]
    pub description: String,
}

impl PackInfo {
    /// As tokens refer to it.
    pub fn reference(&self) -> PackRef {
        PackRef { name: self.name.clone(), version: self.version.clone() }
    }
}

/// A pack that has been read. Entries keep the order of files (by path) and of each file.
#[derive(Debug)]
pub(crate) struct Pack {
    pub(crate) info: PackInfo,
    pub(crate) entries: Vec<Entry>,
    pub(crate) warnings: Vec<Warning>,
    /// Entries whose id was there before: reported, never used.
    pub(crate) duplicates: Vec<Duplicate>,
}

/// An entry whose id was there before.
#[derive(Debug)]
pub(crate) struct Duplicate {
    pub(crate) entry: Entry,
    /// Where the first one is.
    pub(crate) first: (String, usize),
    /// How many entries stand before it.
    pub(crate) position: usize,
}

/// An entry as a file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    id: String,
    headword: String,
    senses: Vec<Sense>,
    #[serde(default)]
    hypernym_of: WordList,
    #[serde(default = "standard")]
    variant: String,
    pos: PartOfSpeech,
    #[serde(default)]
    verb_class: Option<VerbClass>,
    #[serde(default)]
    number_slot: Option<NumberSlot>,
    #[serde(default)]
    classifier: Option<String>,
    #[serde(default)]
    mouthing: Option<String>,
    #[serde(default)]
    parts: Vec<String>,
    #[serde(default)]
    description: Option<String>,
    provenance: Provenance,
    #[serde(default)]
    reviewers: Vec<String>,
}

fn standard() -> String {
    "standard".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    sign: Vec<Spanned<RawEntry>>,
}

/// A compound of more than this many levels of compounds is taken for a mistake.
const MAX_PART_DEPTH: usize = 16;

impl Pack {
    /// Reads the folder at `root`.
    pub(crate) fn read(root: &Path) -> Result<Self, LexiconError> {
        Self::parse(&read_files(root)?, root)
    }

    /// Reads a pack from its files, `(path inside the pack, text)`; `root` is for messages.
    pub(crate) fn parse<S: AsRef<str>>(files: &[(S, S)], root: &Path) -> Result<Self, LexiconError> {
        let (info_file, info_text) = files
            .iter()
            .find(|(file, _)| file.as_ref() == "pack.toml")
            .ok_or_else(|| LexiconError::NoPack { path: root.to_owned() })?;
        let info: PackInfo = toml::from_str(info_text.as_ref())
            .map_err(|error| syntax(info_file.as_ref(), info_text.as_ref(), &error))?;
        let mut pack = Self { info, entries: Vec::new(), warnings: Vec::new(), duplicates: Vec::new() };
        let mut ids: HashMap<String, usize> = HashMap::new();
        for (file, text) in files.iter().filter(|(file, _)| file.as_ref() != "pack.toml") {
            let (file, text) = (file.as_ref(), text.as_ref());
            let raw: RawFile = toml::from_str(text).map_err(|error| syntax(file, text, &error))?;
            let lines = Lines::of(text);
            for spanned in raw.sign {
                let line = lines.line(spanned.span());
                pack.add(spanned.into_inner(), file, line, &mut ids);
            }
        }
        pack.resolve_parts(&ids);
        Ok(pack)
    }

    fn warn(&mut self, file: &str, line: usize, message: String) {
        self.warnings.push(Warning { pack: self.info.name.clone(), place: Some((file.to_owned(), line)), message });
    }

    fn add(&mut self, raw: RawEntry, file: &str, line: usize, ids: &mut HashMap<String, usize>) {
        self.check(&raw, file, line);
        let form = match &raw.description {
            Some(description) => description::compile(description),
            None => Compiled::failed("no description and no parts: write one or the other".to_owned()),
        };
        if raw.description.is_some() {
            for unparsed in &form.unparsed {
                self.warn(file, line, format!("“{}” ({}): {unparsed}", raw.id, raw.headword));
            }
            if form.status == Status::Error && form.unparsed.is_empty() {
                self.warn(file, line, format!("“{}” ({}): {}", raw.id, raw.headword, form.message()));
            }
        }
        let entry = Entry {
            id: raw.id,
            headword: raw.headword,
            senses: raw.senses,
            hypernym_of: raw.hypernym_of,
            variant: raw.variant,
            pos: raw.pos,
            verb_class: raw.verb_class,
            number_slot: raw.number_slot,
            classifier: raw.classifier,
            mouthing: raw.mouthing,
            parts: raw.parts,
            description: raw.description,
            provenance: raw.provenance,
            reviewers: raw.reviewers,
            pack: self.info.reference(),
            place: (file.to_owned(), line),
            form,
        };
        let position = self.entries.len();
        let Some(&first) = ids.get(&entry.id) else {
            ids.insert(entry.id.clone(), position);
            return self.entries.push(entry);
        };
        let first = self.entries[first].place.clone();
        let (id, (first_file, first_line)) = (&entry.id, &first);
        let message =
            format!("“{id}” is already defined at {first_file}:{first_line}; the first one is used: rename this one");
        self.warn(file, line, message);
        self.duplicates.push(Duplicate { entry, first, position });
    }

    /// What an entry may be without, but its author should know of.
    fn check(&mut self, raw: &RawEntry, file: &str, line: usize) {
        let mut say = |message: String| self.warn(file, line, format!("“{}”: {message}", raw.id));
        if raw.senses.is_empty() {
            say("no senses: no word leads to this sign; add senses = [{ zh = […], en = […] }]".to_owned());
        }
        if !(0.0..=1.0).contains(&raw.provenance.confidence) {
            say(format!("confidence is {}: expected 0 to 1", raw.provenance.confidence));
        }
        if raw.provenance.kind == ProvenanceKind::Corroborated && raw.provenance.source.is_none() {
            say("corroborated without a source: name the public source, or call it recalled".to_owned());
        }
        if let Some(slot) = &raw.number_slot {
            if slot.min > slot.max {
                say(format!("number slot from {} to {}: expected min ≤ max", slot.min, slot.max));
            }
            let has_hand = raw.description.as_deref().is_none_or(description::has_number_placeholder);
            if !has_hand {
                say("a number slot, but no 数字“N” in the description to put the number's hand".to_owned());
            }
        }
    }

    /// Gives compounds without a description the forms of their parts in order.
    fn resolve_parts(&mut self, ids: &HashMap<String, usize>) {
        for index in 0..self.entries.len() {
            let entry = &self.entries[index];
            if entry.description.is_some() || entry.parts.is_empty() {
                if entry.description.is_none() {
                    let message = format!("“{}” has no description and no parts; write one or the other", entry.id);
                    let (file, line) = entry.place.clone();
                    self.warn(&file, line, message);
                }
                continue;
            }
            let mut path = Vec::new();
            let compound = self.compound(index, ids, &mut path);
            let form = match compound {
                Ok(form) => form,
                Err(reason) => {
                    let (file, line) = self.entries[index].place.clone();
                    self.warn(&file, line, format!("“{}”: {reason}", self.entries[index].id));
                    Compiled::failed(reason)
                }
            };
            self.entries[index].form = form;
        }
    }

    fn compound(&self, index: usize, ids: &HashMap<String, usize>, path: &mut Vec<usize>) -> Result<Compiled, String> {
        let entry = &self.entries[index];
        if entry.description.is_some() {
            return Ok(entry.form.clone());
        }
        if path.contains(&index) {
            let round: Vec<&str> = path.iter().chain([&index]).map(|&i| self.entries[i].id.as_str()).collect();
            return Err(format!("a sign cannot include itself: {}", round.join(" → ")));
        }
        if path.len() >= MAX_PART_DEPTH {
            return Err(format!("compounds of compounds more than {MAX_PART_DEPTH} deep"));
        }
        if entry.parts.is_empty() {
            return Err(format!("part “{}” has neither description nor parts", entry.id));
        }
        path.push(index);
        let mut whole = Compiled::empty();
        for part in &entry.parts {
            let &part_index =
                ids.get(part).ok_or_else(|| format!("part “{part}” is not an id of this pack; check its spelling"))?;
            let compiled = self.compound(part_index, ids, path)?;
            if compiled.form.is_none() {
                return Err(format!("part “{part}” has no form: {}", compiled.message()));
            }
            whole.append(compiled)?;
        }
        path.pop();
        Ok(whole)
    }
}

/// Where lines begin in a text, to turn byte positions into line numbers.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// Counted from 1.
    fn line(&self, span: Range<usize>) -> usize {
        self.0.partition_point(|&start| start <= span.start)
    }
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> LexiconError {
    let line = error.span().map_or(1, |span| Lines::of(text).line(span));
    LexiconError::Syntax { file: file.to_owned(), line, message: error.message().to_owned() }
}

/// Every `*.toml` below `root`, by path; symbolic links to folders are not followed.
fn read_files(root: &Path) -> Result<Vec<(String, String)>, LexiconError> {
    let unreadable = |path: &Path, error| LexiconError::Unreadable { path: path.to_owned(), error };
    let mut folders = vec![root.to_owned()];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).map_err(|error| unreadable(&folder, error))? {
            let item = item.map_err(|error| unreadable(&folder, error))?;
            let path = item.path();
            if item.file_type().map_err(|error| unreadable(&path, error))?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
        let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Ok((inside, text))
    };
    paths.into_iter().map(read).collect()
}

/// The unparsed clauses of a compound's parts, for its report.
impl Compiled {
    fn append(&mut self, part: Self) -> Result<(), String> {
        let Some(form) = part.form else { return Ok(()) };
        let whole = self.form.get_or_insert_with(|| signing::SignForm { steps: Vec::new(), notes: Vec::new() });
        if whole.steps.len() + form.steps.len() > signing::SignForm::MAX_STEPS {
            return Err(format!("more than {} steps in all", signing::SignForm::MAX_STEPS));
        }
        whole.steps.extend(form.steps);
        whole.notes.extend(form.notes);
        self.clauses += part.clauses;
        let unparsed: Vec<Unparsed> = part.unparsed;
        self.unparsed.extend(unparsed);
        self.notes.extend(part.notes);
        if part.status != Status::Ok {
            self.status = Status::Partial;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
