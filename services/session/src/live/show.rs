//! Renderer and encoder in this process.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use avatar::RendererConfig;
use signing::{FrameRate, PoseFrame};
use stream::{AigcLabel, Font, LiveConfig, LiveContainer, LiveEncoder, Metadata, Piece, mark::MarkSpan};
use tracing::Span;

use super::{
    CameraSwitch, Drawers, EventKind, Show, StageError,
    pictures::{Picture, Pictures},
};
use crate::{error::SessionError, overlay::Overlay};

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

/// Renderer and encoder in this process. A renderer that is lost is stood in for by its last picture until another one is
/// open; frames go on.
pub struct LocalShow {
    pictures: Pictures,
    overlay: Overlay,
    encoder: LiveEncoder,
    /// What belongs to the poses whose picture has not come.
    waiting: VecDeque<Waiting>,
    /// The next pose is traced within this.
    traced: Option<Span>,
    head: Option<Piece>,
    camera: CameraSwitch,
    costs: Costs,
}

/// What belongs to a pose, beside its picture.
#[derive(Default)]
struct Waiting {
    caption: Option<String>,
    traced: Option<Traced>,
}

/// A picture whose way is traced.
struct Traced {
    within: Span,
    /// Ends when the picture is there.
    render: Span,
}

impl Traced {
    fn new(within: Span) -> Self {
        Self { render: tracing::info_span!(parent: &within, "render"), within }
    }

    fn encode(self) -> Span {
        drop(self.render);
        tracing::info_span!(parent: &self.within, "encode")
    }
}

/// What a picture took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureCost {
    /// To be drawn: to hand in its pose and to fetch the picture that is ready.
    Render(Duration),
    /// To be written on and compressed.
    Encode(Duration),
}

/// What a stream's frames took; told as it goes on, and logged at its end.
#[derive(Default)]
struct Costs {
    frames: u32,
    rendering: Duration,
    encoding: Duration,
    watch: Option<Box<dyn Fn(PictureCost) + Send>>,
}

impl Costs {
    fn rendered(&mut self, took: Duration) {
        self.rendering += took;
        if let Some(watch) = &self.watch {
            watch(PictureCost::Render(took));
        }
    }

    fn encoded(&mut self, took: Duration) {
        self.encoding += took;
        self.frames += 1;
        if let Some(watch) = &self.watch {
            watch(PictureCost::Encode(took));
        }
    }
}

impl LocalShow {
    /// Opens and warms renderer and encoder.
    ///
    /// Errors: whatever a stage lacks.
    pub fn open(config: ShowConfig) -> Result<Self, SessionError> {
        Self::open_at(config, 0)
    }

    /// The same, with a renderer in a process of its own that `drawers` opens.
    ///
    /// Errors: whatever a stage lacks.
    pub fn open_elsewhere(config: ShowConfig, drawers: &Arc<Drawers>) -> Result<Self, SessionError> {
        Self::open_with(config, 0, Some(Arc::clone(drawers)))
    }

    /// The same, to go on at frame number `first_frame` with a stream whose renderer was lost.
    ///
    /// Errors: whatever a stage lacks.
    pub fn open_at(config: ShowConfig, first_frame: u64) -> Result<Self, SessionError> {
        Self::open_with(config, first_frame, None)
    }

    fn open_with(config: ShowConfig, first_frame: u64, elsewhere: Option<Arc<Drawers>>) -> Result<Self, SessionError> {
        let live = LiveConfig {
            size: config.size,
            rate: config.rate,
            container: config.container,
            metadata: Metadata::new(AigcLabel::new("Shouyu", config.produce_id)),
        };
        live.validate()?;
        let font = Font::system_chinese()?;
        let background = avatar::Background::Color(config.background);
        let renderer = RendererConfig { background, ..RendererConfig::new(config.size, config.avatar) };
        let pictures = Pictures::open(renderer, elsewhere)?;
        let (encoder, head) = LiveEncoder::open_at(live, first_frame)?;
        Ok(Self {
            pictures,
            overlay: Overlay::new(config.size, &font, MarkSpan::Opening),
            encoder,
            waiting: VecDeque::new(),
            traced: None,
            head: Some(head),
            camera: CameraSwitch::default(),
            costs: Costs::default(),
        })
    }

    /// The same, with `watch` told what each picture takes; it is called on the stream's thread and must not wait.
    #[must_use]
    pub fn watched(mut self, watch: impl Fn(PictureCost) + Send + 'static) -> Self {
        self.costs.watch = Some(Box::new(watch));
        self
    }

    /// The same, with a camera that `camera` moves.
    #[must_use]
    pub fn with_camera(self, camera: CameraSwitch) -> Self {
        Self { camera, ..self }
    }

    fn finish_frames(&mut self, frames: Vec<Picture>) -> Result<Vec<Piece>, StageError> {
        let mut pieces: Vec<Piece> = self.head.take().into_iter().filter(|head| !head.data.is_empty()).collect();
        for Picture { mut frame, stands_in } in frames {
            let Waiting { caption, traced } = self.waiting.pop_front().unwrap_or_default();
            let _encode = traced.map(|traced| traced.encode().entered());
            let began = Instant::now();
            self.overlay.apply(&mut frame, stands_in.or(caption.as_deref()));
            pieces.push(self.encoder.push(&frame).map_err(lost)?);
            if stands_in.is_none() {
                self.pictures.keep(frame);
            }
            self.costs.encoded(began.elapsed());
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
        let traced = self.traced.take().map(Traced::new);
        self.waiting.push_back(Waiting { caption: caption.map(str::to_owned), traced });
        let began = Instant::now();
        let frames = self.pictures.push(pose, self.camera.angle());
        self.costs.rendered(began.elapsed());
        self.finish_frames(frames)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        let frames = self.pictures.finish();
        let mut pieces = self.finish_frames(frames)?;
        let last = self.encoder.finish().map_err(lost)?;
        pieces.extend((!last.data.is_empty()).then_some(last));
        Ok(pieces)
    }

    fn trace(&mut self, span: &Span) {
        self.traced = Some(span.clone());
    }

    fn news(&mut self) -> Option<(EventKind, String)> {
        self.pictures.news()
    }
}
