//! Finds a font with Simplified Chinese characters on the system.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use ab_glyph::{FontArc, FontVec};

use crate::error::StreamError;

/// Files that hold Simplified Chinese glyphs, best first. In a collection the face is picked by name.
const FILES: [&str; 8] = [
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSans.ttc",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "NotoSansCJK-Bold.ttc",
];

/// How deep font folders are searched: `/usr/share/fonts/opentype/noto` is two down.
const MAX_DEPTH: usize = 4;

/// Faces looked at in a collection: a broken file may claim billions.
const MAX_FACES: u32 = 64;

/// A font, ready to draw with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Font {
    pub(crate) face: FontArc,
    path: PathBuf,
    family: String,
}

impl Font {
    /// The system's font for Simplified Chinese.
    ///
    /// Errors: [`StreamError::MissingFont`], which names the Debian package; [`StreamError::Font`].
    pub fn system_chinese() -> Result<Self, StreamError> {
        Self::chinese_in(&font_folders())
    }

    /// The first font for Simplified Chinese in `folders`, searched in this order.
    ///
    /// Errors: as for [`system_chinese`](Self::system_chinese).
    pub fn chinese_in(folders: &[PathBuf]) -> Result<Self, StreamError> {
        let mut found: Option<(usize, PathBuf)> = None;
        for folder in folders {
            search(folder, MAX_DEPTH, &mut found);
        }
        match found {
            Some((_, path)) => Self::from_file(&path),
            None => Err(StreamError::MissingFont {
                looked_for: FILES.join(", "),
                folders: folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Loads a font file; of a collection the Simplified Chinese face, else the first.
    ///
    /// Errors: [`StreamError::Font`] if it can't be read or is no font.
    pub fn from_file(path: &Path) -> Result<Self, StreamError> {
        let unusable = |reason: String| StreamError::Font { path: path.to_owned(), reason };
        let data = fs::read(path).map_err(|error| unusable(error.to_string()))?;
        let count = ttf_parser::fonts_in_collection(&data).unwrap_or(1).min(MAX_FACES);
        let index = (0..count).find(|index| is_simplified_chinese(&family(&data, *index))).unwrap_or(0);
        let family = family(&data, index);
        let face = FontVec::try_from_vec_and_index(data, index).map_err(|error| unusable(error.to_string()))?;
        Ok(Self { face: FontArc::new(face), path: path.to_owned(), family })
    }

    /// The file it came from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The face's family, such as `Noto Sans CJK SC`; empty if the file does not say.
    pub fn family(&self) -> &str {
        &self.family
    }
}

/// English family name of a face, empty if it has none.
fn family(data: &[u8], index: u32) -> String {
    let Ok(face) = ttf_parser::Face::parse(data, index) else { return String::new() };
    let names = face.names();
    names
        .into_iter()
        .filter(|name| name.name_id == ttf_parser::name_id::FAMILY && name.is_unicode())
        .filter_map(|name| name.to_string())
        .find(|name| name.is_ascii())
        .unwrap_or_default()
}

/// “Noto Sans CJK SC”, but not “Noto Sans Mono CJK SC”, whose Latin letters are wide.
fn is_simplified_chinese(family: &str) -> bool {
    family.split_whitespace().any(|word| word == "SC") && !family.contains("Mono")
}

/// Remembers in `found` the best file of [`FILES`] below `folder`; of equals the first.
fn search(folder: &Path, depth: usize, found: &mut Option<(usize, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if found.as_ref().is_some_and(|(rank, _)| *rank == 0) {
            return;
        }
        let path = entry.path();
        if path.is_dir() {
            if depth > 0 {
                search(&path, depth - 1, found);
            }
        } else if let Some(rank) = FILES.iter().position(|file| entry.file_name() == *file)
            && found.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            *found = Some((rank, path));
        }
    }
}

/// Where fonts are installed: the system's folders, then the user's.
fn font_folders() -> Vec<PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let user_data = env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| home.as_ref().map(|home| home.join(".local/share")));
    let system = [PathBuf::from("/usr/share/fonts"), PathBuf::from("/usr/local/share/fonts")];
    system
        .into_iter()
        .chain(user_data.map(|data| data.join("fonts")))
        .chain(home.map(|home| home.join(".fonts")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simplified_chinese_face_is_picked() {
        let font = Font::system_chinese().unwrap();
        assert!(is_simplified_chinese(font.family()), "{} of {}", font.family(), font.path().display());
    }

    #[test]
    fn a_missing_font_names_the_package() {
        let folder = tempfile::tempdir().unwrap();
        let message = Font::chinese_in(&[folder.path().to_owned()]).unwrap_err().to_string();
        assert!(message.contains("fonts-noto-cjk"), "{message}");
    }

    #[test]
    fn a_broken_font_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILES[0]);
        for content in [&b""[..], b"not a font", b"ttcf\0\x01\0\0\0\0\0\x01\0\0\xff\xff"] {
            fs::write(&path, content).unwrap();
            let error = Font::chinese_in(&[folder.path().to_owned()]).unwrap_err();
            assert!(matches!(error, StreamError::Font { .. }), "{error}");
        }
    }
}
