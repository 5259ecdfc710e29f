//! Files that appear whole or not at all.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::error::SessionError;

/// A file that gets its name when it is whole. Dropped before that, nothing is left.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    file: io::BufWriter<tempfile::NamedTempFile>,
}

impl WholeFile {
    /// Opens a hidden file beside `path`.
    ///
    /// Errors: [`SessionError::Refused`] if the folder is missing or refuses, or if `path` is a folder, a device or
    /// a pipe.
    pub fn create(path: &Path) -> Result<Self, SessionError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let refused = |why: String| SessionError::Refused { path: path.to_owned(), why };
        if !folder.is_dir() {
            return Err(refused(format!("there is no folder {}; make it or choose another", folder.display())));
        }
        // A device or a pipe would be replaced by a file of its name.
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(refused("that name belongs to something that is not a file; choose another".to_owned()));
        }
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any new file: the umask takes away what others may not do.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder
            .prefix(".shouyu-")
            .tempfile_in(folder)
            .map_err(|error| refused(format!("no file can be made in its folder ({})", error.kind())))?;
        Ok(Self { path: path.to_owned(), file: io::BufWriter::new(file) })
    }

    /// The name it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes all of `bytes`.
    ///
    /// Errors: [`SessionError::Write`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SessionError> {
        self.file.write_all(bytes).map_err(|source| SessionError::Write { path: self.path.clone(), source })
    }

    /// Puts the file on the disk and gives it its name.
    ///
    /// Errors: [`SessionError::Write`]; nothing is left then.
    pub fn keep(self) -> Result<(), SessionError> {
        let Self { path, file } = self;
        let kept = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
            file.as_file().sync_all()?;
            file.persist(&path).map(drop).map_err(|error| error.error)
        });
        kept.map_err(|source| SessionError::Write { path, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let mut file = WholeFile::create(&path).unwrap();
        file.write(b"{}").unwrap();
        assert!(!path.exists());
        file.keep().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"{}");

        let mut file = WholeFile::create(&path).unwrap();
        file.write(b"half").unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"{}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_file_and_a_missing_folder_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("missing/a.json"), "/dev/null".into()] {
            let error = WholeFile::create(&path).unwrap_err().to_string();
            assert!(error.contains(&path.display().to_string()), "{error}");
        }
    }
}
