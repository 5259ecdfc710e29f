//! What can go wrong in a session: what went wrong in a stage, and which.

use avatar::AvatarError;
use body::BodyError;
use lexicon::LexiconError;
use motion::MotionError;
use stream::StreamError;
use understanding::UnderstandingError;

/// What went wrong, and in which stage.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The text is too long for one session.
    #[error("the text has {found} characters, more than {limit}: split it into shorter texts")]
    TooLong {
        /// Characters found.
        found: usize,
        /// [`SessionConfig::MAX_CHARACTERS`](crate::SessionConfig::MAX_CHARACTERS).
        limit: usize,
    },
    /// The lexicon.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// Text to sign sentences.
    #[error(transparent)]
    Understanding(#[from] UnderstandingError),
    /// Reading the avatar's body.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Sentences to poses.
    #[error(transparent)]
    Motion(#[from] MotionError),
    /// Poses to pictures.
    #[error(transparent)]
    Avatar(#[from] AvatarError),
    /// Pictures to a file.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// Sound to text.
    #[error(transparent)]
    Speech(Box<speech::SpeechError>),
    /// Reading the small GLM.
    #[error(transparent)]
    Glm(#[from] glm::GlmError),
    /// A corpus that cannot be read.
    #[error("{path}: {reason}; expected JSON objects with “zh” and “glosses”, one a line")]
    Corpus {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A folder without a recording that can be used.
    #[error(
        "{folder}: {reason}. Expected recordings (.bvh, .glb, .gltf, .pose), each with its glosses in NAME.txt beside it or in glosses.tsv"
    )]
    NoClips {
        /// The folder.
        folder: std::path::PathBuf,
        /// Why not.
        reason: String,
    },
    /// Building a body of other proportions.
    #[error(transparent)]
    Build(#[from] body::builder::BuildError),
    /// A file that cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Captions that cannot be read.
    #[error("{path}:{line}: {found}: expected {expected}")]
    Captions {
        /// The file.
        path: std::path::PathBuf,
        /// From 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A file that cannot be begun.
    #[error("{path} can't be written: {why}")]
    Refused {
        /// The file.
        path: std::path::PathBuf,
        /// Why not, and what to do.
        why: String,
    },
    /// Two files under one name.
    #[error("{path} is named for two files at once: give each a name of its own")]
    SameFile {
        /// The name.
        path: std::path::PathBuf,
    },
    /// Poses in a format that is not known.
    #[error("{path}: unknown format for poses: end the file name in .json, .pose, .bvh or .glb")]
    PoseFormat {
        /// The file.
        path: std::path::PathBuf,
    },
    /// Poses to another program's format.
    #[error(transparent)]
    Export(#[from] body::export::ExportError),
    /// The pipes between a broadcast and its studio.
    #[error("the studio's process: {0}")]
    Pipe(#[source] std::io::Error),
    /// The studio did not open.
    #[error("the studio did not open: {0}")]
    Studio(String),
    /// Somebody asked it to stop.
    #[error("interrupted: no file was written")]
    Interrupted,
    /// A file beside the video (gloss, poses, a report, a sheet).
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}
