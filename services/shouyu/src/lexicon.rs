//! `shouyu lexicon`: look at signs, compile packs.

use std::{
    collections::BTreeMap,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, SystemTime},
};

use ::lexicon::{
    Entry, Lang, Lexicon, Status,
    report::{ReportRow, compile_pack, compile_tsv},
    sigml,
};
use anyhow::{Context as _, bail};
use motion::MotionConfig;
use session::{PoseFile, WholeFile};
use signing::SignForm;

use crate::{
    args::{CompileArguments, SheetOptions, SheetsArguments, ShowArguments, WatchArguments},
    output::{reader_is_gone, say},
    progress::Progress,
    sheet::SheetPainter,
};

/// Shows what the pack says of a word, and draws a contact sheet if asked for.
pub(crate) fn show(arguments: &ShowArguments) -> anyhow::Result<ExitCode> {
    let lexicon = Lexicon::core_with(&arguments.packs)?;
    let entries = find(&lexicon, arguments.word.trim());
    let Some(entry) = entries.first() else {
        bail!("no sign for “{}” in {}", arguments.word.trim(), pack_names(&lexicon));
    };
    for entry in &entries {
        print_entry(entry);
    }
    if let Some(path) = &arguments.sheet {
        let mut painter = painter(&arguments.sheets)?;
        for warning in draw(&mut painter, &lexicon, entry, path)? {
            say!("motion: {warning}");
        }
        say!("sheet: {}", path.display());
    }
    if let Some(path) = &arguments.pose {
        write_poses(&form_of(&lexicon, entry)?, &avatar_of(&arguments.sheets)?, path)?;
        say!("poses: {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Draws a contact sheet of every sign that has a form.
pub(crate) fn sheets(arguments: &SheetsArguments) -> anyhow::Result<ExitCode> {
    let lexicon = Lexicon::core_with(&arguments.packs)?;
    std::fs::create_dir_all(&arguments.folder)
        .with_context(|| format!("cannot make {}", arguments.folder.display()))?;
    let mut painter = painter(&arguments.sheets)?;
    let entries: Vec<&Entry> = lexicon.entries().filter(|entry| entry.form().is_some()).collect();
    let mut progress = Progress::new("sheets", entries.len() as u64);
    let mut warnings = Vec::new();
    for entry in &entries {
        let path = sheet_path(&arguments.folder, &entry.id);
        warnings.extend(draw(&mut painter, &lexicon, entry, &path)?.into_iter().map(|text| (entry.id.as_str(), text)));
        progress.tick();
    }
    progress.finish();
    for (id, warning) in warnings {
        say!("{id}: {warning}");
    }
    say!("{} sheets in {}", entries.len(), arguments.folder.display());
    Ok(ExitCode::SUCCESS)
}

fn painter(options: &SheetOptions) -> anyhow::Result<SheetPainter> {
    SheetPainter::new(&avatar_of(options)?, options.cell)
}

fn avatar_of(options: &SheetOptions) -> anyhow::Result<PathBuf> {
    Ok(match &options.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    })
}

/// The form to look at; a number slot is shown with a three, or with the nearest that it takes.
pub(crate) fn form_of(lexicon: &Lexicon, entry: &Entry) -> anyhow::Result<SignForm> {
    if let Some(slot) = &entry.number_slot {
        return Ok(lexicon.form_with_number(entry, 3.clamp(slot.min, slot.max.max(slot.min)))?);
    }
    let missing = || format!("{} “{}” has no form: its description cannot be read", entry.id, entry.headword);
    entry.form().cloned().with_context(missing)
}

fn draw(painter: &mut SheetPainter, lexicon: &Lexicon, entry: &Entry, path: &Path) -> anyhow::Result<Vec<String>> {
    painter.draw(&format!("{}  {}", entry.headword, entry.id), &form_of(lexicon, entry)?, path)
}

/// Writes the poses of one sign, from rest to rest.
fn write_poses(form: &SignForm, avatar: &Path, path: &Path) -> anyhow::Result<()> {
    let body = Arc::new(body::Body::read(avatar)?);
    let config = MotionConfig::default();
    let motion = motion::sign_form(&body, config, form)?;
    let mut file = PoseFile::create(path, config.rate, avatar)?;
    for pose in &motion.frames {
        file.push(pose)?;
    }
    Ok(file.finish()?.keep()?)
}

/// How often [`watch`] looks.
const LOOK_AGAIN: Duration = Duration::from_millis(400);

/// Compiles a pack, and again each time one of its files changes; says and draws what has become different.
pub(crate) fn watch(arguments: &WatchArguments) -> anyhow::Result<ExitCode> {
    let mut painter = arguments.sheets_to.as_ref().map(|_| painter(&arguments.sheets)).transpose()?;
    if let Some(folder) = &arguments.sheets_to {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut seen: Option<Stamps> = None;
    let mut known: BTreeMap<String, ReportRow> = BTreeMap::new();
    let mut forms: BTreeMap<String, Option<SignForm>> = BTreeMap::new();
    say!("watching {}; Ctrl-C ends", arguments.pack.display());
    while !reader_is_gone() {
        let stamps = stamps(&arguments.pack)?;
        if seen.as_ref() == Some(&stamps) {
            std::thread::sleep(LOOK_AGAIN);
            continue;
        }
        let first = seen.replace(stamps).is_none();
        // A file in mid-save may be broken for a moment: that is said, and the next change is awaited.
        let lexicon = match Lexicon::load(std::slice::from_ref(&arguments.pack)) {
            Ok(lexicon) => lexicon,
            Err(error) => {
                say!("{error}");
                continue;
            }
        };
        for row in compile_pack(&arguments.pack)? {
            let form = lexicon.entry(&row.id).and_then(|entry| entry.form().cloned());
            let changed = known.get(&row.id) != Some(&row) || forms.get(&row.id) != Some(&form);
            if changed && (!first || row.status != Status::Ok) {
                say!("{} {} {} {}", row.id, row.gloss, name(row.status), row.message);
            }
            if let (true, false, Some(painter), Some(folder)) = (changed, first, &mut painter, &arguments.sheets_to)
                && let Some(entry) = lexicon.entry(&row.id).filter(|entry| entry.form().is_some())
            {
                let path = sheet_path(folder, &row.id);
                for warning in draw(painter, &lexicon, entry, &path)? {
                    say!("motion: {warning}");
                }
                say!("sheet: {}", path.display());
            }
            forms.insert(row.id.clone(), form);
            known.insert(row.id.clone(), row);
        }
        if first {
            say!("{} signs", known.len());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// When the files of a pack were last written.
type Stamps = Vec<(PathBuf, Option<SystemTime>)>;

fn stamps(pack: &Path) -> anyhow::Result<Stamps> {
    let (mut stamps, mut folders) = (Vec::new(), vec![pack.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let written = path.metadata().and_then(|found| found.modified()).ok();
                stamps.push((path, written));
            }
        }
    }
    stamps.sort();
    Ok(stamps)
}

fn sheet_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{}.png", id.replace(['/', '\\', ':'], "_")))
}

/// Entries for a word or an id, the best first, none twice.
fn find<'a>(lexicon: &'a Lexicon, word: &str) -> Vec<&'a Entry> {
    let mut found: Vec<&Entry> = lexicon.entry(word).into_iter().collect();
    let letter = lexicon.letter(word);
    let matches = [Lang::Zh, Lang::En].into_iter().flat_map(|lang| lexicon.lookup(word, lang)).map(|found| found.entry);
    for entry in letter.into_iter().chain(matches) {
        if !found.iter().any(|known| known.id == entry.id) {
            found.push(entry);
        }
    }
    found
}

fn pack_names(lexicon: &Lexicon) -> String {
    let names: Vec<String> = lexicon.packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    names.join(", ")
}

fn print_entry(entry: &Entry) {
    say!("{}  {}  [{} {}]", entry.headword, entry.id, entry.pack.name, entry.pack.version);
    let senses: Vec<String> =
        entry.senses.iter().map(|sense| format!("{} / {}", sense.zh.join("、"), sense.en.join(", "))).collect();
    say!("  senses: {}", senses.join("; "));
    if let Some(description) = &entry.description {
        say!("  description: {description}");
    }
    if !entry.parts.is_empty() {
        say!("  parts: {}", entry.parts.join(" + "));
    }
    let provenance = &entry.provenance;
    say!(
        "  provenance: {} (confidence {}){}{}",
        provenance.kind.as_str(),
        provenance.confidence,
        provenance.source.as_ref().map_or_else(String::new, |source| format!(", {source}")),
        provenance.note.as_ref().map_or_else(String::new, |note| format!(" — {note}")),
    );
    let reviewers = if entry.reviewers.is_empty() { "nobody yet".to_owned() } else { entry.reviewers.join(", ") };
    say!("  reviewed by: {reviewers}");
    let status = entry.status();
    say!("  form: {}", name(status));
    if status != Status::Ok {
        say!("{}", entry.form.message());
    }
}

/// Compiles a pack or a table of descriptions and reports on each sign.
pub(crate) fn compile(arguments: &CompileArguments) -> anyhow::Result<ExitCode> {
    let rows = rows_of(&arguments.input)?;
    if let Some(path) = &arguments.report {
        write_report(path, &rows)?;
    } else {
        for row in rows.iter().filter(|row| row.status != Status::Ok) {
            say!("{} {} {}: {}", row.id, row.gloss, name(row.status), row.message);
        }
    }
    let count = |status| rows.iter().filter(|row| row.status == status).count();
    say!(
        "{} signs: {} ok, {} partial, {} error",
        rows.len(),
        count(Status::Ok),
        count(Status::Partial),
        count(Status::Error),
    );
    Ok(ExitCode::SUCCESS)
}

/// Reads a pack's folder, a folder of SiGML, a .sigml file or a .tsv.
fn rows_of(input: &Path) -> anyhow::Result<Vec<ReportRow>> {
    let is = |known: &str| input.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known));
    if input.is_dir() {
        if input.join("pack.toml").exists() {
            return Ok(compile_pack(input)?);
        }
        let rows = sigml::report(input)?;
        if rows.is_empty() {
            bail!("{}: expected a pack (a folder with pack.toml) or a folder of .sigml files", input.display());
        }
        return Ok(rows);
    }
    let file = File::open(input).with_context(|| format!("cannot open {}", input.display()))?;
    if is("sigml") || is("xml") {
        return Ok(sigml::report(input)?);
    }
    if !is("tsv") {
        bail!("{}: expected a pack's folder, a .tsv of id, gloss and description, or .sigml", input.display());
    }
    compile_tsv(BufReader::new(file)).with_context(|| format!("cannot read {}", input.display()))
}

fn write_report(path: &Path, rows: &[ReportRow]) -> anyhow::Result<()> {
    let mut file = WholeFile::create(path)?;
    for row in rows {
        file.write(&serde_json::to_vec(row)?)?;
        file.write(b"\n")?;
    }
    Ok(file.keep()?)
}

/// A status as reports write it.
const fn name(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Partial => "partial",
        Status::Error => "error",
    }
}
