//! The visible mark of generated video.
//!
//! GB 45438-2025 asks for a text mark that holds “AI” or “人工智能” and “生成” or “合成”, at the start of the video for at
//! least two seconds, its characters at least 5 % of the picture's shorter side high.

use signing::{Flicks, OutputTime, VideoFrame};

use crate::{
    font::Font,
    text::{Plate, Sprite, TextPainter, TextStyle},
};

/// The words that the standard asks for.
const TITLE: &str = "AI生成";
/// What was generated.
const SUBTITLE: &str = "手语数字人";
/// Em of the title as a share of the picture's shorter side: capitals are 0.73 em high, so that “A” too is
/// above the standard's 5 %.
const TITLE_SHARE: f32 = 0.072;
/// Em of the second line, in ems of the first.
const SUBTITLE_SHARE: f32 = 0.5;
/// From the picture's corner, as a share of its shorter side.
const MARGIN_SHARE: f32 = 0.03;

/// How long the mark stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MarkSpan {
    /// For the first [`AiMark::OPENING`] of the video.
    #[default]
    Opening,
    /// Throughout.
    Always,
}

/// Burns the mark into the frames of one video: upper left corner, clear of face and signing space.
#[derive(Debug, Clone)]
pub struct AiMark {
    sprite: Sprite,
    corner: (i32, i32),
    span: MarkSpan,
    start: Option<OutputTime>,
}

impl AiMark {
    /// How long the mark of an opening stays; the standard asks for two seconds.
    pub const OPENING: Flicks = Flicks::from_millis(2_500);

    /// A mark for pictures of `width`×`height` pixels.
    pub fn new(width: u32, height: u32, font: &Font, span: MarkSpan) -> Self {
        let short_side = width.min(height) as f32;
        let title = TextStyle::white((short_side * TITLE_SHARE).ceil());
        let subtitle = TextStyle { color: [255, 255, 255, 225], ..TextStyle::white(title.px_height * SUBTITLE_SHARE) };
        let sprite = TextPainter::new(font.clone())
            .sprite(&[(TITLE, title), (SUBTITLE, subtitle)], Some(Plate::dark(title.px_height)));
        let margin = (short_side * MARGIN_SHARE).round() as i32;
        Self { sprite, corner: (margin, margin), span, start: None }
    }

    /// The part of the picture that the mark covers: x, y, width, height in pixels.
    pub fn area(&self) -> (i32, i32, u32, u32) {
        (self.corner.0, self.corner.1, self.sprite.width(), self.sprite.height())
    }

    /// Moves the mark to the upper right corner of a picture of `width` pixels.
    pub fn move_right(&mut self, width: u32) {
        let free = i64::from(width) - i64::from(self.sprite.width()) - i64::from(self.corner.1);
        self.corner.0 = i32::try_from(free).unwrap_or(0).max(0);
    }

    /// The next frame is the first of a video again.
    pub const fn restart(&mut self) {
        self.start = None;
    }

    /// Marks `frame` if it is due. The first frame given sets the start of the video.
    pub fn apply(&mut self, frame: &mut VideoFrame) {
        let start = *self.start.get_or_insert(frame.time());
        if self.span == MarkSpan::Always || frame.time() - start < Self::OPENING {
            self.sprite.draw(frame, self.corner);
        }
    }
}

#[cfg(test)]
mod tests {
    use signing::FrameRate;

    use super::*;

    fn blank(width: u32, height: u32, time: OutputTime) -> VideoFrame {
        VideoFrame::new(time, width, height, vec![0; (width * height * 4) as usize]).unwrap()
    }

    fn font() -> Font {
        Font::system_chinese().unwrap()
    }

    #[test]
    fn every_character_is_a_twentieth_of_the_short_side() {
        for (width, height) in [(1280, 720), (480, 720), (1920, 1080), (640, 360)] {
            let short_side = width.min(height) as f32;
            let style = TextStyle::white((short_side * TITLE_SHARE).ceil());
            let painter = TextPainter::new(font());
            for character in TITLE.chars() {
                let sprite = painter.sprite(&[(&character.to_string(), style)], None);
                let row = sprite.width() as usize * 4;
                let rows = sprite.rgba().chunks(row).filter(|row| row.iter().any(|value| *value > 127)).count();
                assert!(rows as f32 >= 0.05 * short_side, "{character} at {width}×{height}: {rows} rows");
            }
        }
    }

    #[test]
    fn the_opening_is_marked_for_two_seconds_and_more() {
        let rate = FrameRate::PAL;
        let marked = |span: MarkSpan| {
            let mut mark = AiMark::new(320, 180, &font(), span);
            (0..100)
                .filter(|index| {
                    let mut frame = blank(320, 180, OutputTime(Flicks(77)) + rate.time_of(*index).0);
                    mark.apply(&mut frame);
                    frame.rgba().iter().any(|value| *value != 0)
                })
                .collect::<Vec<u64>>()
        };
        let opening = marked(MarkSpan::Opening);
        assert_eq!(opening, (0..opening.len() as u64).collect::<Vec<_>>(), "without a gap");
        assert!(opening.len() >= 50 && opening.len() < 100, "{} frames", opening.len());
        assert_eq!(marked(MarkSpan::Always).len(), 100);
    }

    #[test]
    fn the_mark_stays_in_its_corner_and_is_in_the_alpha() {
        for (width, height) in [(1280, 720), (480, 720), (16, 16)] {
            let mut mark = AiMark::new(width, height, &font(), MarkSpan::Opening);
            let mut frame = blank(width, height, OutputTime::ZERO);
            mark.apply(&mut frame);
            let (left, top, mark_width, mark_height) = mark.area();
            assert!(left >= 0 && top >= 0);
            let covered = |least: u8| frame.rgba().chunks(4).filter(|pixel| pixel[3] >= least).count();
            assert!(covered(1) > 0, "a plate at {width}×{height}");
            if width > 16 {
                assert!(covered(201) >= 100, "{} pixels of text at {width}×{height}", covered(201));
                assert!(mark_width < width / 3 && mark_height < height / 5, "{mark_width}×{mark_height}");
            }
        }
    }
}
