//! The stages as a live session sees them, and the ones of this process.
//!
//! A stage may stand in another process: whoever reaches it there implements these traits over a connection.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use avatar::{Renderer, RendererConfig, View};
use body::Body;
use motion::{MotionConfig, MotionError, Signer, TokenTime};
use signing::{FrameRate, PoseFrame, Side, SignSentence, Transcript};
use stream::{AigcLabel, Font, LiveConfig, LiveContainer, LiveEncoder, Metadata, Piece, mark::MarkSpan};
use understanding::Understanding;

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
}

/// Understanding in this process, shared by all sessions.
#[derive(Debug, Clone)]
pub struct LocalInterpret(pub Arc<Understanding>);

impl Interpret for LocalInterpret {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        match self.0.interpret(transcript) {
            Ok(found) => Ok(found.sentences),
            Err(error) => Err(StageError::Refused { stage: "understanding", reason: error.to_string() }),
        }
    }
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
        Ok(Moved {
            pose,
            times: self.signer.take_timeline(),
            waiting: self.signer.remaining(),
            idle: self.signer.is_idle(),
        })
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

/// From where a viewer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Angle {
    /// From in front.
    #[default]
    Front,
    /// Half way between front and side.
    Oblique,
    /// From the signer's left.
    Side,
}

/// Moves the camera of a session that runs; clones move the same camera.
#[derive(Debug, Clone, Default)]
pub struct CameraSwitch(Arc<AtomicU8>);

impl CameraSwitch {
    /// From the next frame on.
    pub fn set(&self, angle: Angle) {
        self.0.store(angle as u8, Ordering::Relaxed);
    }

    /// As it stands.
    pub fn angle(&self) -> Angle {
        match self.0.load(Ordering::Relaxed) {
            at if at == Angle::Side as u8 => Angle::Side,
            at if at == Angle::Oblique as u8 => Angle::Oblique,
            _ => Angle::Front,
        }
    }

    fn view(&self) -> View {
        match self.angle() {
            Angle::Front => View::Portrait,
            Angle::Oblique => View::ThreeQuarter,
            Angle::Side => View::Side,
        }
    }
}

/// Renderer and encoder in this process.
pub struct LocalShow {
    renderer: Renderer,
    overlay: Overlay,
    encoder: LiveEncoder,
    captions: VecDeque<Option<String>>,
    head: Option<Piece>,
    camera: CameraSwitch,
}

impl LocalShow {
    /// Opens and warms renderer and encoder.
    ///
    /// Errors: whatever a stage lacks.
    pub fn open(config: ShowConfig) -> Result<Self, SessionError> {
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
        let (encoder, head) = LiveEncoder::open(live)?;
        Ok(Self {
            renderer,
            overlay: Overlay::new(config.size, &font, MarkSpan::Opening),
            encoder,
            captions: VecDeque::new(),
            head: Some(head),
            camera: CameraSwitch::default(),
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
            self.overlay.apply(&mut frame, caption.as_deref());
            pieces.push(self.encoder.push(&frame).map_err(lost)?);
        }
        Ok(pieces)
    }
}

fn lost(error: impl std::fmt::Display) -> StageError {
    StageError::Lost { stage: "render", reason: error.to_string() }
}

impl Show for LocalShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        self.captions.push_back(caption.map(str::to_owned));
        self.renderer.set_view(self.camera.view());
        self.renderer.push(pose).map_err(lost)?;
        let frames = self.renderer.step().map_err(lost)?.into_iter().collect();
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
