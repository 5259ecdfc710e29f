//! Poses beside a film: as JSON, or in the format of another program.

use std::path::{Path, PathBuf};

use body::{Body, export::PoseFormat};
use signing::{Bone, FaceShape, FrameRate, PoseFrame};

use crate::{error::SessionError, film::json, whole::WholeFile};

/// How poses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoseKind {
    /// `{"rate": [num, den], "bones": […], "shapes": […], "frames": […]}`.
    Json,
    /// As another program reads them.
    Exported(PoseFormat),
}

impl PoseKind {
    /// What the file's name asks for; `None` if that is not known.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return Some(Self::Json);
        }
        PoseFormat::from_path(path).map(Self::Exported)
    }
}

/// A file of poses that is being written.
///
/// The name's extension says how: `.json`, or `.pose`, `.bvh`, `.glb` for other programs.
pub struct PoseFile {
    file: WholeFile,
    writer: Writer,
}

enum Writer {
    /// Written as they come.
    Json { frames: u64 },
    /// Kept, and written at the end: these formats say their length first. About 1 kB a frame.
    Exported { format: PoseFormat, avatar: PathBuf, rate: FrameRate, frames: Vec<PoseFrame> },
}

impl PoseFile {
    /// Begins the file; `avatar` is the file of the body whose poses these are.
    ///
    /// Errors: [`SessionError::PoseFormat`], [`SessionError::Refused`].
    pub fn create(path: &Path, rate: FrameRate, avatar: &Path) -> Result<Self, SessionError> {
        let kind = PoseKind::of(path).ok_or_else(|| SessionError::PoseFormat { path: path.to_owned() })?;
        let mut file = WholeFile::create(path)?;
        let writer = match kind {
            PoseKind::Json => {
                let header = serde_json::json!({
                    "rate": rate,
                    "bones": Bone::ALL.map(Bone::name).to_vec(),
                    "shapes": FaceShape::ALL.map(FaceShape::name).to_vec(),
                })
                .to_string();
                file.write(header.trim_end_matches('}').as_bytes())?;
                file.write(b",\"frames\":[")?;
                Writer::Json { frames: 0 }
            }
            PoseKind::Exported(format) => {
                Writer::Exported { format, avatar: avatar.to_owned(), rate, frames: Vec::new() }
            }
        };
        Ok(Self { file, writer })
    }

    /// Takes the next pose, one frame after the one before.
    ///
    /// Errors: [`SessionError::Write`].
    pub fn push(&mut self, pose: &PoseFrame) -> Result<(), SessionError> {
        match &mut self.writer {
            Writer::Json { frames } => {
                let separator: &[u8] = if *frames == 0 { b"\n" } else { b",\n" };
                *frames += 1;
                self.file.write(separator)?;
                self.file.write(&json(self.file.path(), pose)?)
            }
            Writer::Exported { frames, .. } => {
                frames.push(pose.clone());
                Ok(())
            }
        }
    }

    /// Writes what is left; the file gets its name when it is kept.
    ///
    /// Errors: [`SessionError::Write`], [`SessionError::Export`], [`SessionError::Body`].
    pub fn finish(mut self) -> Result<WholeFile, SessionError> {
        match self.writer {
            Writer::Json { .. } => self.file.write(b"\n]}\n")?,
            Writer::Exported { format, avatar, rate, frames } => {
                let mut bytes = Vec::new();
                body::export::write(format, &mut bytes, &Body::read(&avatar)?, &avatar, rate, &frames)?;
                self.file.write(&bytes)?;
            }
        }
        Ok(self.file)
    }
}
