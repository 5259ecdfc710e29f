//! Draws text onto frames: the mark, captions, labels of contact sheets.

use ab_glyph::{Font as _, GlyphId, OutlinedGlyph, PxScale, ScaleFont, point};
use signing::VideoFrame;

use crate::font::Font;

/// Straight-alpha sRGB colour.
pub type Rgba = [u8; 4];

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextStyle {
    /// Height of a full-width character's square, in pixels.
    pub px_height: f32,
    /// Colour of the letters.
    pub color: Rgba,
    /// What lies behind the letters, if anything.
    pub plate: Option<Plate>,
}

impl TextStyle {
    /// White letters without a plate.
    pub const fn white(px_height: f32) -> Self {
        Self { px_height, color: [255; 4], plate: None }
    }
}

/// A rounded rectangle behind text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plate {
    /// Its colour.
    pub color: Rgba,
    /// From the text to its edge, in pixels.
    pub padding: f32,
    /// Of its corners, in pixels.
    pub radius: f32,
}

impl Plate {
    /// A dark, slightly translucent plate for text of `px_height`.
    pub const fn dark(px_height: f32) -> Self {
        Self { color: [0, 0, 0, 150], padding: px_height * 0.28, radius: px_height * 0.22 }
    }
}

/// Draws text with one font.
#[derive(Debug, Clone)]
pub struct TextPainter {
    font: Font,
}

impl TextPainter {
    /// A painter that uses `font`.
    pub const fn new(font: Font) -> Self {
        Self { font }
    }

    /// A painter that uses the system's font for Simplified Chinese.
    ///
    /// Errors: as for [`Font::system_chinese`].
    pub fn system_chinese() -> Result<Self, crate::StreamError> {
        Font::system_chinese().map(Self::new)
    }

    /// Draws `text` onto `frame` with the upper left corner of its box (the plate's, if there is one) at
    /// `(x, y)` pixels. What lies outside the frame is cut off.
    pub fn draw(&self, frame: &mut VideoFrame, text: &str, (x, y): (i32, i32), style: &TextStyle) {
        self.sprite(&[(text, *style)], style.plate).draw(frame, (x, y));
    }

    /// Size of the box that [`draw`](Self::draw) fills, in pixels.
    pub fn measure(&self, text: &str, style: &TextStyle) -> (u32, u32) {
        let lines = self.layout(&[(text, *style)]);
        let padding = style.plate.map_or(0.0, |plate| plate.padding);
        (ceil(lines.width + 2.0 * padding), ceil(lines.height + 2.0 * padding))
    }

    /// Draws lines of text below each other, left-aligned, to be put onto many frames. Line breaks inside a
    /// text start a new line as well. The plates of single lines are ignored in favour of `plate`.
    pub fn sprite(&self, lines: &[(&str, TextStyle)], plate: Option<Plate>) -> Sprite {
        let layout = self.layout(lines);
        let padding = plate.map_or(0.0, |plate| plate.padding);
        let mut sprite = Sprite::new(ceil(layout.width + 2.0 * padding), ceil(layout.height + 2.0 * padding));
        if let Some(plate) = plate {
            sprite.fill_rounded(plate.color, plate.radius);
        }
        for (glyph, color) in layout.glyphs {
            let bounds = glyph.px_bounds();
            let (left, top) = ((bounds.min.x + padding).round() as i32, (bounds.min.y + padding).round() as i32);
            glyph.draw(|x, y, coverage| {
                sprite.blend(left.saturating_add_unsigned(x), top.saturating_add_unsigned(y), color, coverage);
            });
        }
        sprite
    }

    fn layout(&self, lines: &[(&str, TextStyle)]) -> Layout {
        let face = &self.font.face;
        let mut layout = Layout { glyphs: Vec::new(), width: 0.0, height: 0.0 };
        for (text, style) in lines {
            // ab_glyph scales by ascent + descent; a full-width character fills the em.
            let em = style.px_height.clamp(1.0, MAX_PX_HEIGHT);
            let per_em = face.units_per_em().map_or(1.0, |units| face.height_unscaled() / units);
            let scaled = face.as_scaled(PxScale::from(em * per_em));
            for line in text.split('\n') {
                // The em box of Chinese type reaches from 0.88 above to 0.12 below the baseline.
                let baseline = layout.height + em * 0.88;
                let (mut x, mut before) = (0.0, None::<GlyphId>);
                for character in line.chars().filter(|character| !character.is_control()) {
                    let id = scaled.glyph_id(character);
                    x += before.map_or(0.0, |before| scaled.kern(before, id));
                    let glyph = id.with_scale_and_position(scaled.scale(), point(x, baseline));
                    layout.glyphs.extend(face.outline_glyph(glyph).map(|outline| (outline, style.color)));
                    x += scaled.h_advance(id);
                    before = Some(id);
                }
                layout.width = layout.width.max(x);
                layout.height += em * LINE_HEIGHT;
            }
        }
        // The space between lines is not needed below the last.
        let last = lines.last().map_or(0.0, |(_, style)| style.px_height.clamp(1.0, MAX_PX_HEIGHT));
        layout.height -= last * (LINE_HEIGHT - 1.0);
        layout
    }
}

/// From line to line, in ems.
const LINE_HEIGHT: f32 = 1.2;
/// Tallest text: the tallest frame.
const MAX_PX_HEIGHT: f32 = crate::config::MAX_SIDE as f32;

struct Layout {
    glyphs: Vec<(OutlinedGlyph, Rgba)>,
    width: f32,
    height: f32,
}

/// A small straight-alpha picture, drawn once and put onto many frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprite {
    width: u32,
    height: u32,
    /// `[height, width, 4]`
    rgba: Vec<u8>,
}

impl Sprite {
    fn new(width: u32, height: u32) -> Self {
        Self { width, height, rgba: vec![0; width as usize * height as usize * 4] }
    }

    /// Width in pixels.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, `[height, width, 4]`, straight alpha.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// Puts the sprite over `frame`, its upper left corner at `(x, y)`; what lies outside is cut off. On a
    /// transparent frame it is in the alpha too.
    pub fn draw(&self, frame: &mut VideoFrame, (x, y): (i32, i32)) {
        let (width, height) = (i64::from(frame.width()), i64::from(frame.height()));
        let (x, y) = (i64::from(x), i64::from(y));
        // Columns of the sprite that are inside the frame.
        let first = (-x).clamp(0, i64::from(self.width));
        let last = (width - x).clamp(first, i64::from(self.width));
        for (row, pixels) in (y..).zip(self.rgba.chunks_exact(self.width.max(1) as usize * 4)) {
            if !(0..height).contains(&row) || first == last {
                continue;
            }
            let start = usize::try_from((row * width + x + first) * 4).unwrap_or_default();
            let source = &pixels[first as usize * 4..last as usize * 4];
            let target = &mut frame.rgba_mut()[start..start + source.len()];
            for (below, above) in target.chunks_exact_mut(4).zip(source.chunks_exact(4)) {
                over(below, [above[0], above[1], above[2]], u32::from(above[3]));
            }
        }
    }

    fn blend(&mut self, x: i32, y: i32, color: Rgba, coverage: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x < self.width && y < self.height {
            let at = (y as usize * self.width as usize + x as usize) * 4;
            let alpha = (f32::from(color[3]) * coverage.clamp(0.0, 1.0)).round() as u32;
            over(&mut self.rgba[at..at + 4], [color[0], color[1], color[2]], alpha);
        }
    }

    fn fill_rounded(&mut self, color: Rgba, radius: f32) {
        let (width, height) = (self.width as f32, self.height as f32);
        let radius = radius.clamp(0.0, width.min(height) / 2.0);
        for y in 0..self.height {
            for x in 0..self.width {
                // Distance of the pixel's centre to the rectangle that the corner circles leave.
                let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
                let dx = (radius - px).max(px - (width - radius)).max(0.0);
                let dy = (radius - py).max(py - (height - radius)).max(0.0);
                let coverage = (radius + 0.5 - dx.hypot(dy)).clamp(0.0, 1.0);
                self.blend(x.cast_signed(), y.cast_signed(), color, coverage);
            }
        }
    }
}

/// Porter-Duff “over” with straight alpha, in the pixels' own (sRGB) values, rounded.
fn over(below: &mut [u8], above: [u8; 3], alpha: u32) {
    const FULL: u32 = 255;
    // Weights in units of 1/255²: of the picture above, and of what shows through from below.
    let weight_above = alpha * FULL;
    let weight_below = u32::from(below[3]) * (FULL - alpha);
    let total = weight_above + weight_below;
    if total == 0 {
        return;
    }
    for (channel, value) in below.iter_mut().zip(above) {
        let mixed = u32::from(value) * weight_above + u32::from(*channel) * weight_below;
        *channel = ((mixed + total / 2) / total) as u8; // a weighted mean of bytes is a byte
    }
    below[3] = ((total + FULL / 2) / FULL) as u8; // at most 255² / 255
}

fn ceil(pixels: f32) -> u32 {
    pixels.ceil().max(0.0) as u32
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
