//! A file that appears whole or not at all.

use std::{
    fs::{self, File, Permissions},
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{error::StreamError, format::OutputFormat};

/// A hidden file beside the final one. Dropped, it is deleted; committed, it takes the final name.
#[derive(Debug)]
pub(crate) struct Target {
    temporary: NamedTempFile,
    path: PathBuf,
    folder: PathBuf,
}

impl Target {
    /// Creates the hidden file.
    ///
    /// Errors: [`StreamError::Folder`] if the folder is missing, [`StreamError::Unwritable`] if
    /// the path can't become a file.
    pub(crate) fn create(path: &Path, format: OutputFormat) -> Result<Self, StreamError> {
        let unwritable = |reason: String| StreamError::Unwritable { path: path.to_owned(), reason };
        if path.file_name().is_none() || path.to_string_lossy().ends_with('/') {
            return Err(unwritable("it names a folder; give a file name".to_owned()));
        }
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(unwritable("it is a folder; give a file name".to_owned())),
            Ok(found) if !found.is_file() => return Err(unwritable("it exists and is not a plain file".to_owned())),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(unwritable(error.to_string())),
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // Absolute, so that FFmpeg can't read `a:b.mp4` as a protocol.
        let folder = folder.canonicalize().and_then(|found| match found.is_dir() {
            true => Ok(found),
            false => Err(io::ErrorKind::NotADirectory.into()),
        });
        let folder = folder.map_err(|source| StreamError::Folder {
            path: path.to_owned(),
            folder: path.parent().unwrap_or(Path::new(".")).to_owned(),
            source,
        })?;
        if folder.to_str().is_none() {
            return Err(unwritable("the folder's name is not valid UTF-8; choose another folder".to_owned()));
        }

        let suffix = format!(".{}", format.extension());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".shouyu-").suffix(&suffix);
        #[cfg(unix)]
        let builder = {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(Permissions::from_mode(0o666)) // less the umask, as for any new file
        };
        let temporary = builder.tempfile_in(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull => StreamError::DiskFull { path: path.to_owned(), bytes_written: 0 },
            _ => unwritable(format!("no file can be made in its folder: {error}")),
        })?;
        Ok(Self { temporary, path: path.to_owned(), folder })
    }

    /// Where to write until [`commit`](Self::commit): absolute and valid UTF-8.
    pub(crate) fn temporary_path(&self) -> &Path {
        self.temporary.path()
    }

    /// The final path, as asked for.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the content on the disk, then gives the file its final name. An older file of that name is
    /// replaced in one step.
    pub(crate) fn commit(self) -> Result<u64, StreamError> {
        let Self { temporary, path, folder } = self;
        let io = |doing: &'static str, source: io::Error| match source.kind() {
            io::ErrorKind::StorageFull => StreamError::DiskFull { path: path.clone(), bytes_written: 0 },
            _ => StreamError::Io { path: path.clone(), doing, source },
        };
        // Opened anew by FFmpeg under the same name: same file, so syncing our handle syncs its content.
        temporary.as_file().sync_all().map_err(|source| io("flushing to the disk", source))?;
        let bytes = temporary.as_file().metadata().map_err(|source| io("reading its size", source))?.len();
        let name = path.file_name().map_or_else(|| path.clone(), |name| folder.join(name));
        temporary.persist(name).map_err(|error| io("taking its final name", error.error))?;
        // So that the name survives a power cut too; some file systems can't sync a folder.
        if let Err(error) = File::open(&folder).and_then(|folder| folder.sync_all()) {
            tracing::debug!(%error, folder = %folder.display(), "folder not synced");
        }
        Ok(bytes)
    }
}
