//! What is burned into the picture: the mark of generated video, and captions of names.

use signing::VideoFrame;
use stream::{
    Font,
    mark::{AiMark, MarkSpan},
    text::{Plate, Sprite, TextPainter, TextStyle},
};

/// Em of a caption as a share of the picture's shorter side.
const CAPTION_SHARE: f32 = 0.075;
/// From the picture's upper and right edges, as a share of its shorter side.
const MARGIN_SHARE: f32 = 0.03;

/// Burns mark and captions into the frames of one stream.
pub(crate) struct Overlay {
    mark: AiMark,
    painter: TextPainter,
    caption: Option<(String, Sprite)>,
}

impl Overlay {
    pub(crate) fn new((width, height): (u32, u32), font: &Font, span: MarkSpan) -> Self {
        Self { mark: AiMark::new(width, height, font, span), painter: TextPainter::new(font.clone()), caption: None }
    }

    /// Burns in the mark if it is due, and `caption` in the upper right corner: across from the mark, clear of
    /// face and hands.
    pub(crate) fn apply(&mut self, frame: &mut VideoFrame, caption: Option<&str>) {
        self.mark.apply(frame);
        self.caption(frame, caption);
    }

    /// Keeps the mark out of `area` (left, top, width and height in pixels), if it stands there, in a picture of `width`.
    pub(crate) fn keep_mark_out_of(&mut self, area: (u32, u32, u32, u32), width: u32) {
        let (left, top, mark_width, mark_height) = self.mark.area();
        let apart = |start: i32, length: u32, other: u32, other_length: u32| {
            i64::from(start) + i64::from(length) <= i64::from(other)
                || i64::from(other) + i64::from(other_length) <= i64::from(start)
        };
        if !apart(left, mark_width, area.0, area.2) && !apart(top, mark_height, area.1, area.3) {
            self.mark.move_right(width);
        }
    }

    /// The lower edge of the mark, pixels from the top.
    pub(crate) fn below_mark(&self) -> i32 {
        let (_, top, _, height) = self.mark.area();
        top + height.cast_signed()
    }

    /// The mark stands again, from the next frame on.
    pub(crate) fn restart_mark(&mut self) {
        self.mark.restart();
    }

    /// Burns in `caption` alone.
    pub(crate) fn caption(&mut self, frame: &mut VideoFrame, caption: Option<&str>) {
        let Some(text) = caption else {
            self.caption = None;
            return;
        };
        if self.caption.as_ref().is_none_or(|(drawn, _)| drawn != text) {
            let short_side = frame.width().min(frame.height()) as f32;
            let style = TextStyle::white((short_side * CAPTION_SHARE).ceil());
            let sprite = self.painter.sprite(&[(text, style)], Some(Plate::dark(style.px_height)));
            self.caption = Some((text.to_owned(), sprite));
        }
        if let Some((_, sprite)) = &self.caption {
            let margin = (frame.width().min(frame.height()) as f32 * MARGIN_SHARE) as i32;
            let x = frame.width() as i32 - sprite.width() as i32 - margin;
            sprite.draw(frame, (x, margin));
        }
    }
}
