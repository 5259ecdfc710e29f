//! Archives → files. Wheels are zip files, npm's packages gzipped tar files.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// Unpacks what `keep` names into `into`, and returns how many files that were.
///
/// `progress` is told how many bytes of the archive are behind.
///
/// # Errors
/// When the archive can't be read, a name would lead out of `into`, a kept entry is neither file
/// nor folder, or a rule of `keep` meets nothing.
pub(super) fn unpack(archive: &Path, keep: &[String], into: &Path, progress: impl Fn(u64)) -> Result<usize> {
    let file = BufReader::new(File::open(archive)?);
    let mut sink = Sink { keep, met: vec![false; keep.len()], into, files: 0 };
    match archive.extension().and_then(|extension| extension.to_str()) {
        Some("whl" | "zip") => unpack_zip(file, &mut sink, progress)?,
        Some("tgz") => unpack_tgz(file, &mut sink, progress)?,
        _ => bail!("its name ends neither in .whl, .zip nor .tgz"),
    }
    for (rule, met) in keep.iter().zip(&sink.met) {
        ensure!(*met, "the archive has nothing at `{rule}`, which packages.toml asks to keep");
    }
    Ok(sink.files)
}

fn unpack_zip(file: BufReader<File>, sink: &mut Sink, progress: impl Fn(u64)) -> Result<()> {
    let mut archive = zip::ZipArchive::new(file)?;
    let mut behind = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        let kind = if entry.is_dir() {
            Kind::Folder
        } else if entry.is_symlink() {
            Kind::Other
        } else {
            Kind::File
        };
        behind += entry.compressed_size();
        sink.take(&name, kind, &mut entry)?;
        progress(behind);
    }
    Ok(())
}

fn unpack_tgz(file: BufReader<File>, sink: &mut Sink, progress: impl Fn(u64)) -> Result<()> {
    let behind = Cell::new(0);
    let file = Counted { inner: file, bytes: &behind };
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).context("a name in the archive is not UTF-8")?;
        let kind = match entry.header().entry_type() {
            tar::EntryType::Regular => Kind::File,
            tar::EntryType::Directory => Kind::Folder,
            _ => Kind::Other,
        };
        sink.take(&name, kind, &mut entry)?;
        progress(behind.get());
    }
    Ok(())
}

/// Counts what is read: the tar format itself says nothing of compressed sizes.
struct Counted<'a, R> {
    inner: R,
    bytes: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

/// What an entry of an archive is.
enum Kind {
    File,
    Folder,
    /// A link, a device, a pipe.
    Other,
}

/// Where kept entries go.
struct Sink<'a> {
    keep: &'a [String],
    met: Vec<bool>,
    into: &'a Path,
    files: usize,
}

impl Sink<'_> {
    fn take(&mut self, name: &str, kind: Kind, content: &mut impl Read) -> Result<()> {
        // Every name is checked, also of what isn't kept: such an archive is not to be trusted.
        let path = safe_path(name)?;
        let Some(rule) = self.keep.iter().position(|rule| is_kept(name, rule)) else { return Ok(()) };
        match kind {
            Kind::Folder => return Ok(()),
            Kind::Other => bail!("`{name}` is a link or a device: only files are unpacked"),
            Kind::File => {}
        }
        let path = self.into.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create_new(&path).with_context(|| format!("cannot create {}", path.display()))?;
        io::copy(content, &mut file).with_context(|| format!("cannot unpack `{name}`"))?;
        if let Some(met) = self.met.get_mut(rule) {
            *met = true;
        }
        self.files += 1;
        Ok(())
    }
}

fn is_kept(name: &str, rule: &str) -> bool {
    if rule.ends_with('/') { name.starts_with(rule) } else { name == rule }
}

/// The entry's name as a relative path that can't leave the folder it is joined to.
fn safe_path(name: &str) -> Result<PathBuf> {
    let path = Path::new(name);
    let mut components = path.components();
    let stays = !name.is_empty()
        && !name.contains(['\\', '\0', ':'])
        && components.all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    ensure!(stays, "`{name}` in the archive would lead out of its folder: the archive is not to be trusted");
    Ok(path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip_of(path: &Path, entries: &[(&str, &str)]) {
        let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
        for (name, text) in entries {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
    }

    /// Writes names byte by byte, since the tar crate's own builder refuses evil ones.
    fn tgz_of(path: &Path, entries: &[(&str, &str, tar::EntryType)]) {
        let gzip = flate2::write::GzEncoder::new(File::create(path).unwrap(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(gzip);
        for (name, text, kind) in entries {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            tar.append(&header, text.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
    }

    fn rules(keep: &[&str]) -> Vec<String> {
        keep.iter().map(|&rule| rule.to_owned()).collect()
    }

    #[test]
    fn both_kinds_of_archive_give_the_kept_files_only() {
        let home = tempfile::tempdir().unwrap();
        let wheel = home.path().join("a.whl");
        zip_of(&wheel, &[("data/x/1", "one"), ("data/2", "two"), ("database", "no"), ("LICENSE", "free")]);
        let tgz = home.path().join("a.tgz");
        let file = tar::EntryType::Regular;
        tgz_of(
            &tgz,
            &[
                ("data/", "", tar::EntryType::Directory),
                ("data/x/1", "one", file),
                ("data/2", "two", file),
                ("database", "no", file),
                ("LICENSE", "free", file),
            ],
        );
        for archive in [wheel, tgz] {
            let into = home.path().join(archive.extension().unwrap());
            let reached = Cell::new(0);
            let files = unpack(&archive, &rules(&["data/", "LICENSE"]), &into, |bytes| reached.set(bytes)).unwrap();
            assert_eq!(files, 3);
            assert!((1..=fs::metadata(&archive).unwrap().len()).contains(&reached.get()), "{}", reached.get());
            assert_eq!(fs::read_to_string(into.join("data/x/1")).unwrap(), "one");
            assert_eq!(fs::read_to_string(into.join("LICENSE")).unwrap(), "free");
            assert!(!into.join("database").exists());
        }
    }

    #[test]
    fn a_rule_that_meets_nothing_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        let wheel = home.path().join("a.whl");
        zip_of(&wheel, &[("data/1", "one")]);
        let error = unpack(&wheel, &rules(&["data/", "gone/"]), &home.path().join("out"), |_| ()).unwrap_err();
        assert!(error.to_string().contains("`gone/`"), "{error}");
    }

    #[test]
    fn a_name_that_leads_out_stops_everything() {
        let home = tempfile::tempdir().unwrap();
        for name in ["../evil", "data/../../evil", "/evil", "data\\..\\evil", "C:evil"] {
            let into = home.path().join("in/ner");
            let wheel = home.path().join("a.whl");
            zip_of(&wheel, &[(name, "evil")]);
            let error = unpack(&wheel, &rules(&["data/"]), &into, |_| ()).unwrap_err();
            assert!(error.to_string().contains("lead out"), "{name}: {error}");
            let tgz = home.path().join("a.tgz");
            tgz_of(&tgz, &[(name, "evil", tar::EntryType::Regular)]);
            let error = unpack(&tgz, &rules(&["data/"]), &into, |_| ()).unwrap_err();
            assert!(error.to_string().contains("lead out"), "{name}: {error}");
            assert!(!home.path().join("evil").exists() && !home.path().join("in/evil").exists());
        }
    }

    #[test]
    fn a_link_is_not_unpacked() {
        let home = tempfile::tempdir().unwrap();
        let tgz = home.path().join("a.tgz");
        tgz_of(&tgz, &[("data/link", "", tar::EntryType::Symlink)]);
        let error = unpack(&tgz, &rules(&["data/"]), &home.path().join("out"), |_| ()).unwrap_err();
        assert!(error.to_string().contains("link"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_archive_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        for name in ["a.whl", "a.tgz", "a.rar"] {
            let file = home.path().join(name);
            fs::write(&file, "this is plain text").unwrap();
            assert!(unpack(&file, &rules(&["data/"]), &home.path().join("out"), |_| ()).is_err(), "{name}");
        }
    }
}
