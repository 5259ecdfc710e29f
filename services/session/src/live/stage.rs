//! The stages as a live session sees them, and the ones of this process.
//!
//! A stage may stand in another process: whoever reaches it there implements these traits over a connection.

use std::sync::Arc;

use body::Body;
use motion::{MotionConfig, MotionError, Signer, TokenTime};
use signing::{FrameRate, PoseFrame, Side, SignSentence, Transcript};
use stream::Piece;
use understanding::{Discourse, Interpretation, Understanding, UnderstandingError};

use super::EventKind;

/// Why a stage gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// It can't be reached, or does not answer; it may come back.
    #[error("{stage} is lost: {reason}")]
    Lost {
        /// Which.
        stage: &'static str,
        /// Why.
        reason: String,
    },
    /// It answers, and says no to this input.
    #[error("{stage} refused: {reason}")]
    Refused {
        /// Which.
        stage: &'static str,
        /// Why, and what would be right.
        reason: String,
    },
}

/// Transcripts to sentences. Called on a thread of its own: it may take its time.
pub trait Interpret: Send {
    /// What `transcript` means in signs.
    ///
    /// Errors: [`StageError`].
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError>;
    /// The same, when there is time for `signs` signs: less important words are left out and told under `dropped`.
    /// Whoever can't leave out words gives the whole.
    ///
    /// Errors: [`StageError`].
    fn interpret_within(&mut self, transcript: &Transcript, signs: f64) -> Result<Vec<SignSentence>, StageError> {
        let _ = signs;
        self.interpret(transcript)
    }
}

/// What one tick of motion gives.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The pose.
    pub pose: PoseFrame,
    /// Tokens whose time has become known; sentences are counted from 0 since the mover began.
    pub times: Vec<TokenTime>,
    /// Signs that wait inside.
    pub waiting: usize,
    /// Whether the hands are at rest and nothing waits.
    pub idle: bool,
}

/// Sentences to poses: a pose a tick, whether or not a sentence is due.
pub trait Move: Send {
    /// Queues a sentence.
    ///
    /// Errors: [`StageError`].
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError>;
    /// The next tick.
    ///
    /// Errors: [`StageError::Lost`].
    fn step(&mut self) -> Result<Moved, StageError>;
    /// Lets the current sign reach its end and drops what waits.
    ///
    /// Errors: [`StageError::Lost`].
    fn interrupt(&mut self) -> Result<(), StageError>;
    /// Begins anew after it was lost, with nothing queued and its clock at zero. Must answer within a frame or so.
    ///
    /// Errors: [`StageError::Lost`] while it is not back.
    fn revive(&mut self) -> Result<(), StageError>;
}

/// Poses to pieces of an encoded stream.
pub trait Show: Send {
    /// Takes the next pose; gives what has come out.
    ///
    /// Errors: [`StageError::Lost`].
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError>;
    /// What is still inside.
    ///
    /// Errors: [`StageError::Lost`].
    fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError>;
    /// Begins anew after it was lost, at frame number `first_frame` of the same stream; the next pose is that one's.
    /// True when it is ready, false while it is still opening. Must not wait: it is asked again with the next frame.
    ///
    /// Errors: [`StageError::Lost`] while it is not back, [`StageError::Refused`] if it never will be.
    fn revive(&mut self, first_frame: u64) -> Result<bool, StageError> {
        let reason = format!("it can't go on at frame {first_frame}");
        Err(StageError::Refused { stage: "render", reason })
    }
    /// The next pose is an utterance's first one: what is done for its picture is traced within `span`.
    fn trace(&mut self, span: &tracing::Span) {
        let _ = span;
    }
    /// Whether its pictures come back as pieces. One whose pictures go elsewhere keeps for itself what it may have to draw again.
    fn gives_back(&self) -> bool {
        true
    }
    /// What has happened to it since it was asked, if it stands in for something itself; for the session's listeners.
    fn news(&mut self) -> Option<(EventKind, String)> {
        None
    }
}

/// Understanding in this process, shared by all sessions; whom a session has spoken of, and where they stand, is its own.
#[derive(Debug, Clone)]
pub struct LocalInterpret {
    understanding: Arc<Understanding>,
    discourse: Discourse,
}

impl LocalInterpret {
    /// For a session that has spoken of nobody yet.
    pub fn new(understanding: Arc<Understanding>) -> Self {
        Self { understanding, discourse: Discourse::default() }
    }

    /// Understands with other packs from now on; whoever was spoken of stays known.
    pub fn exchange(&mut self, understanding: Arc<Understanding>) {
        self.understanding = understanding;
    }
}

impl Interpret for LocalInterpret {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        understood(self.understanding.interpret_in(&mut self.discourse, transcript))
    }

    fn interpret_within(&mut self, transcript: &Transcript, signs: f64) -> Result<Vec<SignSentence>, StageError> {
        #[expect(clippy::cast_possible_truncation, reason = "a small count")]
        understood(self.understanding.interpret_within_in(&mut self.discourse, transcript, signs as f32))
    }
}

/// Logs which leg understood, and why that one.
fn understood(found: Result<Interpretation, UnderstandingError>) -> Result<Vec<SignSentence>, StageError> {
    let refused = |error: UnderstandingError| StageError::Refused { stage: "understanding", reason: error.to_string() };
    let found = found.map_err(refused)?;
    for (sentence, leg) in found.sentences.iter().zip(&found.legs) {
        let why = match (&leg.proposer, leg.reasons.as_slice()) {
            (None, []) => "nobody proposes".to_owned(),
            (Some(_), []) => "the proposal passed the gate".to_owned(),
            (_, reasons) => reasons.join("; "),
        };
        tracing::info!(%leg, why, signs = sentence.tokens.len(), dropped = sentence.dropped.len(), "understanding: a sentence");
    }
    Ok(found.sentences)
}

/// Motion in this process.
#[derive(Debug)]
pub struct LocalMove {
    body: Arc<Body>,
    config: MotionConfig,
    signer: Signer,
}

impl LocalMove {
    /// A signer at rest.
    ///
    /// Errors: [`MotionError::MissingBone`].
    pub fn new(body: Arc<Body>, config: MotionConfig) -> Result<Self, MotionError> {
        Ok(Self { signer: Signer::new(Arc::clone(&body), config)?, body, config })
    }

    /// The same, from what a caller asks for.
    ///
    /// Errors: as for [`new`](Self::new).
    pub fn with(body: Arc<Body>, rate: FrameRate, dominant: Side, seed: u64) -> Result<Self, MotionError> {
        Self::new(body, MotionConfig { rate, dominant, seed, ..MotionConfig::default() })
    }
}

impl Move for LocalMove {
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError> {
        let refused = |error: MotionError| StageError::Refused { stage: "motion", reason: error.to_string() };
        self.signer.push(sentence.clone()).map_err(refused)
    }

    fn step(&mut self) -> Result<Moved, StageError> {
        let pose = self.signer.step();
        let times = self.signer.take_timeline();
        for time in times.iter().filter(|time| time.token == 0) {
            tracing::info!(sentence = time.sentence, from = time.start.as_secs(), "motion: a sentence is planned");
        }
        Ok(Moved { pose, times, waiting: self.signer.remaining(), idle: self.signer.is_idle() })
    }

    fn interrupt(&mut self) -> Result<(), StageError> {
        self.signer.interrupt();
        Ok(())
    }

    fn revive(&mut self) -> Result<(), StageError> {
        let lost = |error: MotionError| StageError::Lost { stage: "motion", reason: error.to_string() };
        self.signer = Signer::new(Arc::clone(&self.body), self.config).map_err(lost)?;
        Ok(())
    }
}
