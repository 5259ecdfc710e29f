//! A session's pictures for a window of this process.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, TrySendError},
    },
};

use avatar::RendererConfig;
use signing::{PoseFrame, VideoFrame};
use stream::{
    Font, Piece,
    mark::MarkSpan,
    text::{Plate, Sprite, TextPainter, TextStyle},
};

use super::{
    Angle, EventKind, Show, StageError,
    pictures::{Picture, Pictures},
};
use crate::{error::SessionError, overlay::Overlay};

/// Em of the status as a share of the picture's shorter side.
const STATUS_SHARE: f32 = 0.032;
/// From the picture's left and lower edges, as a share of its shorter side.
const MARGIN_SHARE: f32 = 0.02;

/// Lines at the picture's lower edge, for the operator; empty for none. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct WindowStatus(Arc<Mutex<Vec<String>>>);

impl WindowStatus {
    /// Shows `lines` from the next picture on.
    pub fn set(&self, lines: Vec<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = lines;
    }

    fn get(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Draws, and hands pictures to a window. A window that is slow misses pictures; the session does not wait for it.
pub struct WindowShow {
    pictures: Pictures,
    overlay: Overlay,
    painter: TextPainter,
    status: WindowStatus,
    lines: Option<(Vec<String>, Sprite)>,
    captions: VecDeque<Option<String>>,
    window: SyncSender<VideoFrame>,
}

impl WindowShow {
    /// Opens and warms the renderer.
    ///
    /// Errors: the renderer's; no font.
    pub fn open(
        config: RendererConfig,
        status: WindowStatus,
        window: SyncSender<VideoFrame>,
    ) -> Result<Self, SessionError> {
        let font = Font::system_chinese()?;
        Ok(Self {
            overlay: Overlay::new(config.size, &font, MarkSpan::Opening),
            pictures: Pictures::open(config, None)?,
            painter: TextPainter::new(font),
            status,
            lines: None,
            captions: VecDeque::new(),
            window,
        })
    }

    fn finish_frames(&mut self, frames: Vec<Picture>) -> Result<Vec<Piece>, StageError> {
        let mut pieces = Vec::with_capacity(frames.len());
        for Picture { mut frame, stands_in } in frames {
            let caption = self.captions.pop_front().flatten();
            self.overlay.apply(&mut frame, stands_in.or(caption.as_deref()));
            self.show_status(&mut frame);
            pieces.push(Piece { data: Vec::new(), time: frame.time(), frames: 1, key: true });
            if stands_in.is_none() {
                self.pictures.keep(frame.clone());
            }
            if let Err(TrySendError::Disconnected(_)) = self.window.try_send(frame) {
                let reason = "the window was closed".to_owned();
                return Err(StageError::Refused { stage: "window", reason });
            }
        }
        Ok(pieces)
    }

    fn show_status(&mut self, frame: &mut VideoFrame) {
        let lines = self.status.get();
        if lines.is_empty() {
            self.lines = None;
            return;
        }
        let short_side = frame.width().min(frame.height()) as f32;
        if self.lines.as_ref().is_none_or(|(drawn, _)| *drawn != lines) {
            let style = TextStyle::white((short_side * STATUS_SHARE).ceil());
            let styled: Vec<(&str, TextStyle)> = lines.iter().map(|line| (line.as_str(), style)).collect();
            let sprite = self.painter.sprite(&styled, Some(Plate::dark(style.px_height)));
            self.lines = Some((lines, sprite));
        }
        if let Some((_, sprite)) = &self.lines {
            let margin = (short_side * MARGIN_SHARE) as i32;
            sprite.draw(frame, (margin, frame.height() as i32 - sprite.height() as i32 - margin));
        }
    }
}

impl Show for WindowShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        self.captions.push_back(caption.map(str::to_owned));
        let frames = self.pictures.push(pose, Angle::Front);
        self.finish_frames(frames)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        let frames = self.pictures.finish();
        self.finish_frames(frames)
    }

    fn news(&mut self) -> Option<(EventKind, String)> {
        self.pictures.news()
    }
}
