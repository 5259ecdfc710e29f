//! What a session gives.

use std::sync::Arc;

use signing::{OutputTime, PoseFrame, SignSentence, Transcript};
use stream::Piece;

/// What a session gives.
#[derive(Debug, Clone)]
pub enum Output {
    /// The stages are open; the first output of every session.
    Started,
    /// What was said.
    Transcript {
        /// Of which utterance.
        utterance: Arc<str>,
        /// What.
        transcript: Transcript,
    },
    /// What will be signed.
    Sentence {
        /// Of which utterance.
        utterance: Arc<str>,
        /// What.
        sentence: Box<SignSentence>,
    },
    /// The pose of a tick.
    Pose(Box<PoseFrame>),
    /// Video that came out.
    Video(Piece),
    /// Something happened.
    Event(Event),
}

impl Output {
    /// Frames of video in it.
    pub(super) fn frames(&self) -> usize {
        match self {
            Self::Video(piece) => piece.frames as usize,
            _ => 0,
        }
    }
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When, on the output clock.
    pub time: OutputTime,
    /// Of which utterance.
    pub utterance: Option<Arc<str>>,
    /// For a reader.
    pub message: String,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The first frame of an utterance's first sign.
    UtteranceStarted,
    /// The frame after its last sign.
    UtteranceFinished,
    /// An input was not taken: too much waits.
    Overloaded,
    /// A stage is lost and something simpler stands in for it.
    Fallback,
    /// A stage works again.
    Recovered,
    /// Source that is not signed.
    Omitted,
    /// All that was taken before a flush is signed.
    Flushed,
    /// Signing was interrupted.
    Interrupted,
    /// An input was wrong and was not taken.
    Warning,
    /// An operator's order was followed, or was not: the message says which and why.
    Ordered,
}

/// What is wanted of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// Transcripts.
    pub transcripts: bool,
    /// Sentences.
    pub sentences: bool,
    /// Poses.
    pub poses: bool,
}
