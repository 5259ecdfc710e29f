//! What can go wrong in reading a body.

use std::{io, path::PathBuf};

use signing::Bone;

/// Why no body could be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The file can't be read.
    #[error("cannot read avatar {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The default avatar isn't in the cache.
    #[error("the default avatar is not at {path}: run `cargo xtask setup`, which builds it")]
    NotBuilt {
        /// Where it should be.
        path: PathBuf,
    },
    /// The avatar's source isn't in the cache.
    #[error("the avatar's source is not at {path}: run `cargo xtask setup`, which fetches it")]
    NoSource {
        /// Where it should be.
        path: PathBuf,
    },
    /// No folder to look for the cache in.
    #[error("no cache folder: set SHOUYU_CACHE, XDG_CACHE_HOME or HOME")]
    NoCacheDir,
    /// The bytes aren't a GLB.
    #[error(
        "not a binary glTF file (GLB or VRM): {0}; export the avatar as VRM 1.0 or as one GLB with its buffers inside"
    )]
    NotGlb(String),
    /// The document lacks something or contradicts itself.
    #[error("avatar file: {found}; expected {expected}")]
    Malformed {
        /// What was found.
        found: String,
        /// What is needed.
        expected: &'static str,
    },
    /// Bones without which nobody can sign.
    #[error(
        "avatar lacks the bones {}; neither a VRM humanoid map nor known node names (VRM, Mixamo, MakeHuman) gave them",
        names(.missing)
    )]
    MissingBones {
        /// Which bones.
        missing: Vec<Bone>,
    },
    /// The file rests in another pose than the T-pose.
    #[error(
        "avatar does not rest in T-pose: {found}; expected {expected}; export it in T-pose, facing +Z, arms along X"
    )]
    NotTPose {
        /// What was found.
        found: String,
        /// What is needed.
        expected: &'static str,
    },
    /// A measurement found no surface.
    #[error("avatar's mesh has no surface at {place}: {reason}")]
    NoSurface {
        /// Which place of the body.
        place: String,
        /// Why it is needed.
        reason: &'static str,
    },
}

fn names(bones: &[Bone]) -> String {
    bones.iter().map(|bone| bone.name()).collect::<Vec<_>>().join(", ")
}
