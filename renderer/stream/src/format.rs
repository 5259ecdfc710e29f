//! The kinds of file that can be written.

use std::{fmt, path::Path};

use crate::error::StreamError;

/// Container and codec of an output file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputFormat {
    /// MP4 with H.264, 4:2:0; opaque.
    Mp4,
    /// WebM with VP9, 4:2:0; opaque or with straight alpha.
    Webm,
    /// QuickTime with ProRes 4444; opaque or with straight alpha.
    Mov,
}

impl OutputFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mp4, Self::Webm, Self::Mov];

    /// File name extension, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::Mov => "mov",
        }
    }

    /// Whether pictures may be transparent.
    pub const fn has_alpha(self) -> bool {
        match self {
            Self::Mp4 => false,
            Self::Webm | Self::Mov => true,
        }
    }

    /// Whether colour is stored at half resolution, so that both sides must be even.
    pub const fn needs_even_sides(self) -> bool {
        match self {
            Self::Mp4 | Self::Webm => true,
            Self::Mov => false,
        }
    }

    /// Reads the format off a file name; case does not matter.
    ///
    /// Errors: [`StreamError::UnknownFormat`], which lists the known extensions.
    pub fn from_path(path: &Path) -> Result<Self, StreamError> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        Self::ALL.into_iter().find(|format| extension.as_deref() == Some(format.extension())).ok_or_else(|| {
            StreamError::UnknownFormat {
                path: path.to_owned(),
                found: extension.map_or_else(|| "without an extension".to_owned(), |found| format!("“.{found}”")),
            }
        })
    }

    /// The known extensions, for messages.
    pub(crate) fn known() -> String {
        let [first, middle, last] = Self::ALL.map(Self::extension);
        format!(".{first}, .{middle} or .{last}")
    }
}

impl fmt::Display for OutputFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mp4 => "MP4 (H.264)",
            Self::Webm => "WebM (VP9)",
            Self::Mov => "MOV (ProRes 4444)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides() {
        for (name, expected) in
            [("a.mp4", OutputFormat::Mp4), ("dir.x/B.WebM", OutputFormat::Webm), ("手语.mov", OutputFormat::Mov)]
        {
            assert_eq!(OutputFormat::from_path(Path::new(name)).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn unknown_extensions_are_told_the_known_ones() {
        for name in ["a.avi", "mp4", "a.", ".mp4", "", "/dev/null"] {
            let message = OutputFormat::from_path(Path::new(name)).unwrap_err().to_string();
            for known in [".mp4", ".webm", ".mov"] {
                assert!(message.contains(known), "{name}: {message}");
            }
        }
    }
}
