//! `shouyu lexicon`: look at signs, compile packs.

use std::{fs::File, io::BufReader, path::Path, process::ExitCode};

use ::lexicon::{
    Entry, Lang, Lexicon, Status,
    report::{ReportRow, compile_pack, compile_tsv},
};
use anyhow::{Context as _, bail};
use session::WholeFile;

use crate::{
    args::{CompileArguments, SheetOptions, SheetsArguments, ShowArguments},
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
            println!("motion: {warning}");
        }
        println!("sheet: {}", path.display());
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
        let path = arguments.folder.join(format!("{}.png", entry.id.replace(['/', '\\', ':'], "_")));
        warnings.extend(draw(&mut painter, &lexicon, entry, &path)?.into_iter().map(|text| (entry.id.as_str(), text)));
        progress.tick();
    }
    progress.finish();
    for (id, warning) in warnings {
        println!("{id}: {warning}");
    }
    println!("{} sheets in {}", entries.len(), arguments.folder.display());
    Ok(ExitCode::SUCCESS)
}

fn painter(options: &SheetOptions) -> anyhow::Result<SheetPainter> {
    let avatar = match &options.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    SheetPainter::new(&avatar, options.cell)
}

/// Draws one entry; a number slot is shown with a three, or with the least it takes.
fn draw(painter: &mut SheetPainter, lexicon: &Lexicon, entry: &Entry, path: &Path) -> anyhow::Result<Vec<String>> {
    let form = match (&entry.number_slot, entry.form()) {
        (Some(slot), _) => lexicon.form_with_number(entry, 3.clamp(slot.min, slot.max.max(slot.min)))?,
        (None, Some(form)) => form.clone(),
        (None, None) => {
            bail!("{} “{}” has no form to draw: its description cannot be read", entry.id, entry.headword)
        }
    };
    painter.draw(&format!("{}  {}", entry.headword, entry.id), &form, path)
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
    println!("{}  {}  [{} {}]", entry.headword, entry.id, entry.pack.name, entry.pack.version);
    let senses: Vec<String> =
        entry.senses.iter().map(|sense| format!("{} / {}", sense.zh.join("、"), sense.en.join(", "))).collect();
    println!("  senses: {}", senses.join("; "));
    if let Some(description) = &entry.description {
        println!("  description: {description}");
    }
    if !entry.parts.is_empty() {
        println!("  parts: {}", entry.parts.join(" + "));
    }
    let provenance = &entry.provenance;
    println!(
        "  provenance: {} (confidence {}){}{}",
        provenance.kind.as_str(),
        provenance.confidence,
        provenance.source.as_ref().map_or_else(String::new, |source| format!(", {source}")),
        provenance.note.as_ref().map_or_else(String::new, |note| format!(" — {note}")),
    );
    let reviewers = if entry.reviewers.is_empty() { "nobody yet".to_owned() } else { entry.reviewers.join(", ") };
    println!("  reviewed by: {reviewers}");
    let status = entry.status();
    println!("  form: {}", name(status));
    if status != Status::Ok {
        println!("{}", entry.form.message());
    }
}

/// Compiles a pack or a table of descriptions and reports on each sign.
pub(crate) fn compile(arguments: &CompileArguments) -> anyhow::Result<ExitCode> {
    let rows = rows_of(&arguments.input)?;
    if let Some(path) = &arguments.report {
        write_report(path, &rows)?;
    } else {
        for row in rows.iter().filter(|row| row.status != Status::Ok) {
            println!("{} {} {}: {}", row.id, row.gloss, name(row.status), row.message);
        }
    }
    let count = |status| rows.iter().filter(|row| row.status == status).count();
    println!(
        "{} signs: {} ok, {} partial, {} error",
        rows.len(),
        count(Status::Ok),
        count(Status::Partial),
        count(Status::Error),
    );
    Ok(ExitCode::SUCCESS)
}

fn rows_of(input: &Path) -> anyhow::Result<Vec<ReportRow>> {
    if input.is_dir() {
        return Ok(compile_pack(input)?);
    }
    let known = input.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"));
    if input.exists() && !known {
        bail!("{}: expected a pack's folder, or a .tsv of id, gloss and description", input.display());
    }
    let file = File::open(input).with_context(|| format!("cannot open {}", input.display()))?;
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
