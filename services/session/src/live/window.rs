//! A session's pictures for a window of this process.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
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

/// For how many pictures a message stands.
const STANDS: u32 = 150;

#[derive(Debug, Default)]
struct Said {
    keys: Vec<String>,
    message: String,
    /// Pictures for which the message still stands.
    left: u32,
}

/// What the picture says to the operator: what keys do, a column below the mark, where hands seldom come; and the last
/// message, for some seconds, at the lower edge. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct WindowStatus(Arc<Mutex<Said>>);

impl WindowStatus {
    /// Shows what keys do from the next picture on; a line each.
    pub fn set_keys(&self, keys: Vec<String>) {
        self.lock().keys = keys;
    }

    /// Shows `message` from the next picture on.
    pub fn say(&self, message: String) {
        let mut said = self.lock();
        (said.message, said.left) = (message, STANDS);
    }

    fn lock(&self) -> MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keys and message of the next picture.
    fn next(&self) -> (Vec<String>, Vec<String>) {
        let mut said = self.lock();
        let stands = said.left > 0;
        said.left = said.left.saturating_sub(1);
        (said.keys.clone(), stands.then(|| said.message.clone()).into_iter().collect())
    }
}

/// Draws, and hands pictures to a window. A window that is slow misses pictures; the session does not wait for it.
pub struct WindowShow {
    pictures: Pictures,
    overlay: Overlay,
    painter: TextPainter,
    status: WindowStatus,
    keys: Option<Lines>,
    message: Option<Lines>,
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
            keys: None,
            message: None,
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
        let (keys, message) = self.status.next();
        let short_side = frame.width().min(frame.height()) as f32;
        let margin = (short_side * MARGIN_SHARE) as i32;
        let below = self.overlay.below_mark() + margin;
        draw(&mut self.keys, &mut self.painter, keys, frame, |_| (margin, below));
        let bottom = frame.height() as i32 - margin;
        draw(&mut self.message, &mut self.painter, message, frame, |height| (margin, bottom - height));
    }
}

/// Lines, and how they look.
type Lines = (Vec<String>, Sprite);

/// Draws `lines` where `corner` puts them, given their height in pixels; they are painted when they change.
fn draw(
    drawn: &mut Option<Lines>,
    painter: &mut TextPainter,
    lines: Vec<String>,
    frame: &mut VideoFrame,
    corner: impl Fn(i32) -> (i32, i32),
) {
    if lines.is_empty() {
        *drawn = None;
        return;
    }
    if drawn.as_ref().is_none_or(|(old, _)| *old != lines) {
        let style = TextStyle::white((frame.width().min(frame.height()) as f32 * STATUS_SHARE).ceil());
        let styled: Vec<(&str, TextStyle)> = lines.iter().map(|line| (line.as_str(), style)).collect();
        let sprite = painter.sprite(&styled, Some(Plate::dark(style.px_height)));
        *drawn = Some((lines, sprite));
    }
    if let Some((_, sprite)) = drawn {
        let at = corner(sprite.height() as i32);
        sprite.draw(frame, at);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_after_some_seconds_and_keys_stay() {
        let status = WindowStatus::default();
        status.set_keys(vec!["Q".to_owned()]);
        status.say("on hold".to_owned());
        let shown: Vec<(Vec<String>, Vec<String>)> = (0..=STANDS).map(|_| status.next()).collect();
        assert!(shown.iter().all(|(keys, _)| keys == &["Q"]));
        assert_eq!(shown.iter().filter(|(_, message)| message == &["on hold"]).count(), STANDS as usize);
        assert!(shown.last().unwrap().1.is_empty());
    }
}
