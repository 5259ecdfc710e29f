//! The stages as a live session sees them, and the ones of this process.
//!
//! A stage may stand in another process: whoever reaches it there implements these traits over a connection.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use avatar::{Renderer, RendererConfig};
use body::Body;
use motion::{MotionConfig, MotionError, Signer, TokenTime};
use signing::{FrameRate, PoseFrame, Side, SignSentence, Transcript};
use stream::{AigcLabel, Font, LiveConfig, LiveContainer, LiveEncoder, Metadata, Piece, mark::MarkSpan};
use understanding::{Interpretation, Understanding, UnderstandingError};

use super::CameraSwitch;
use crate::{error::SessionError, overlay::Overlay};

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
}

/// Understanding in this process, shared by all sessions.
#[derive(Debug, Clone)]
pub struct LocalInterpret(pub Arc<Understanding>);

impl Interpret for LocalInterpret {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        understood(self.0.interpret(transcript))
    }

    fn interpret_within(&mut self, transcript: &Transcript, signs: f64) -> Result<Vec<SignSentence>, StageError> {
        #[expect(clippy::cast_possible_truncation, reason = "a small count")]
        understood(self.0.interpret_within(transcript, signs as f32))
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

/// How a live picture looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowConfig {
    /// Width and height in pixels, even.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// The container.
    pub container: LiveContainer,
    /// sRGB.
    pub background: [u8; 3],
    /// The avatar's file.
    pub avatar: std::path::PathBuf,
    /// A number for this piece of content.
    pub produce_id: String,
}

/// Renderer and encoder in this process.
pub struct LocalShow {
    renderer: Renderer,
    overlay: Overlay,
    encoder: LiveEncoder,
    captions: VecDeque<Option<String>>,
    head: Option<Piece>,
    camera: CameraSwitch,
    costs: Costs,
}

/// What a stream's frames took; logged at its end.
#[derive(Default)]
struct Costs {
    frames: u32,
    rendering: Duration,
    encoding: Duration,
}

impl LocalShow {
    /// Opens and warms renderer and encoder.
    ///
    /// Errors: whatever a stage lacks.
    pub fn open(config: ShowConfig) -> Result<Self, SessionError> {
        Self::open_at(config, 0)
    }

    /// The same, to go on at frame number `first_frame` with a stream whose renderer was lost.
    ///
    /// Errors: whatever a stage lacks.
    pub fn open_at(config: ShowConfig, first_frame: u64) -> Result<Self, SessionError> {
        let live = LiveConfig {
            size: config.size,
            rate: config.rate,
            container: config.container,
            metadata: Metadata::new(AigcLabel::new("Shouyu", config.produce_id)),
        };
        live.validate()?;
        let font = Font::system_chinese()?;
        let renderer = Renderer::start(RendererConfig {
            background: avatar::Background::Color(config.background),
            ..RendererConfig::new(config.size, config.avatar)
        })?;
        let (encoder, head) = LiveEncoder::open_at(live, first_frame)?;
        Ok(Self {
            renderer,
            overlay: Overlay::new(config.size, &font, MarkSpan::Opening),
            encoder,
            captions: VecDeque::new(),
            head: Some(head),
            camera: CameraSwitch::default(),
            costs: Costs::default(),
        })
    }

    /// The same, with a camera that `camera` moves.
    #[must_use]
    pub fn with_camera(self, camera: CameraSwitch) -> Self {
        Self { camera, ..self }
    }

    fn finish_frames(&mut self, frames: Vec<signing::VideoFrame>) -> Result<Vec<Piece>, StageError> {
        let mut pieces: Vec<Piece> = self.head.take().into_iter().filter(|head| !head.data.is_empty()).collect();
        for mut frame in frames {
            let caption = self.captions.pop_front().flatten();
            let began = Instant::now();
            self.overlay.apply(&mut frame, caption.as_deref());
            pieces.push(self.encoder.push(&frame).map_err(lost)?);
            self.costs.encoding += began.elapsed();
            self.costs.frames += 1;
        }
        Ok(pieces)
    }
}

fn lost(error: impl std::fmt::Display) -> StageError {
    StageError::Lost { stage: "render", reason: error.to_string() }
}

impl Drop for Costs {
    fn drop(&mut self) {
        let a_frame = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(self.frames.max(1));
        let (render_ms, encode_ms) = (a_frame(self.rendering), a_frame(self.encoding));
        tracing::info!(frames = self.frames, render_ms, encode_ms, "render, encode: the stream is over");
    }
}

impl Show for LocalShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        self.captions.push_back(caption.map(str::to_owned));
        self.renderer.set_view(self.camera.view());
        let began = Instant::now();
        self.renderer.push(pose).map_err(lost)?;
        let frames = self.renderer.step().map_err(lost)?.into_iter().collect();
        self.costs.rendering += began.elapsed();
        self.finish_frames(frames)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        let frames = self.renderer.flush().map_err(lost)?;
        let mut pieces = self.finish_frames(frames)?;
        let last = self.encoder.finish().map_err(lost)?;
        pieces.extend((!last.data.is_empty()).then_some(last));
        Ok(pieces)
    }
}
