//! The five nouns of Shouyu, and the time and space they live in.
//!
//! In: nothing. Out: the types that stages hand to each other: [`Transcript`], [`SignForm`],
//! [`SignSentence`], [`PoseFrame`], [`VideoFrame`].
//! Never: does work. No stage's algorithm, no file, no network, no clock.
//!
//! Read in this order: `time` and `space` (what numbers mean), `transcript` (what was said),
//! `form` with `handshape`, `place`, `action` and `nonmanual` (how one sign is formed), `sentence`
//! (what will be signed), `humanoid`, `face` and `pose` (one instant of it), `video` (one picture).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod action;
mod face;
mod form;
mod handshape;
mod humanoid;
mod nonmanual;
mod place;
mod pose;
mod sentence;
mod space;
mod time;
mod transcript;
mod video;

pub use action::{
    Action, ArcPlane, Contact, ContactKind, FingerMotion, FingerMotionKind, HandSelector, Manner, Movement,
    MovementKind, Path, PathShape, Rotation, RotationAxis, Size, Speed,
};
pub use face::FaceShape;
pub use form::{FormError, HandConfig, Hands, SignForm, Step, Symmetry};
pub use handshape::{Finger, FingerFlex, FingerTouch, Handshape, ThumbFlex};
pub use humanoid::{Bone, BoneSide};
pub use nonmanual::{
    BodyMotion, BodyMotionKind, Brows, Cheeks, Expression, Eyes, Gaze, HeadMotion, HeadMotionKind, MouthShape,
    NonManual, TimedNonManual, Tongue,
};
pub use place::{BodySite, Distance, HandPart, Lateral, Place, Site, SpacePoint};
pub use pose::PoseFrame;
pub use sentence::{
    Anchor, Aspect, Boundary, ChannelUse, Construction, Dropped, Grounding, Inflection, LocusId, ManualChannel,
    ManualSegment, Origin, PackRef, SentenceError, SentenceType, SignSentence, SignToken, Span, Tier, Tiers, Timed,
    TokenForm, Versions, Viseme,
};
pub use space::{Dir, Hand, Side};
pub use time::{Flicks, FrameRate, FrameRateError, OutputTime, SourceTime};
pub use transcript::{SourceRange, Transcript};
pub use video::{VideoError, VideoFrame};

/// BCP-47 tag of a spoken language, such as `zh` or `en`.
pub type LanguageTag = String;
/// ISO 639-3 code of a sign language, such as `csl`.
pub type SignLanguageCode = String;
