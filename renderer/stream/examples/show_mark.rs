//! Writes pictures of the mark to be looked at: `cargo run -p stream --example show_mark FOLDER`.
//!
//! The pictures are raw RGBA files named after their size.

use std::{env, error::Error, fs, path::PathBuf};

use signing::{OutputTime, VideoFrame};
use stream::{
    Font,
    mark::{AiMark, MarkSpan},
    text::{Plate, TextPainter, TextStyle},
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("usage: show_mark FOLDER")?);
    let font = Font::system_chinese()?;
    for (width, height, background) in
        [(1280, 720, [206, 214, 224, 255]), (480, 720, [24, 28, 36, 255]), (640, 360, [0, 0, 0, 0])]
    {
        let rgba = [background[0], background[1], background[2], background[3]].repeat(width * height);
        let (width, height) = (u32::try_from(width)?, u32::try_from(height)?);
        let mut frame = VideoFrame::new(OutputTime::ZERO, width, height, rgba)?;
        AiMark::new(width, height, &font, MarkSpan::Opening).apply(&mut frame);
        let caption = TextStyle { plate: Some(Plate::dark(36.0)), ..TextStyle::white(36.0) };
        let painter = TextPainter::new(font.clone());
        let (caption_width, caption_height) = painter.measure("李明 Lǐ Míng", &caption);
        let x = (width.cast_signed() - caption_width.cast_signed()) / 2;
        let y = height.cast_signed() - caption_height.cast_signed() - 24;
        painter.draw(&mut frame, "李明 Lǐ Míng", (x, y), &caption);
        fs::write(folder.join(format!("{width}x{height}.rgba")), frame.rgba())?;
    }
    Ok(())
}
