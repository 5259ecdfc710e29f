//! Contact sheets: eight moments of a sign, from the front and from the side.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use avatar::{Renderer, RendererConfig, View};
use body::Body;
use image::{RgbaImage, imageops};
use motion::{FormMotion, MotionConfig};
use session::WholeFile;
use signing::{SignForm, VideoFrame};
use stream::text::{Plate, TextPainter, TextStyle};

/// Moments on a sheet.
const MOMENTS: usize = 8;

/// Draws sheets with one renderer.
pub(crate) struct SheetPainter {
    body: Arc<Body>,
    renderer: Renderer,
    text: TextPainter,
    cell: (u32, u32),
}

impl SheetPainter {
    /// Reads the avatar and starts the renderer with cells of `cell` pixels.
    pub(crate) fn new(avatar: &Path, cell: (u32, u32)) -> anyhow::Result<Self> {
        let body = Arc::new(Body::read(avatar)?);
        let renderer = Renderer::start(RendererConfig::new(cell, avatar))?;
        Ok(Self { body, renderer, text: TextPainter::system_chinese()?, cell })
    }

    /// Draws the sign to a PNG: moments from left to right, the front above, the side below. What motion could not do
    /// as the form asks is returned.
    pub(crate) fn draw(&mut self, title: &str, form: &SignForm, path: &Path) -> anyhow::Result<Vec<String>> {
        let motion = motion::sign_form(&self.body, MotionConfig::default(), form)?;
        let (width, height) = self.cell;
        let mut sheet = RgbaImage::new(width * MOMENTS as u32, height * 2);
        for (row, view) in [View::Portrait, View::Side].into_iter().enumerate() {
            self.renderer.set_view(view);
            for (column, index) in moments(&motion).into_iter().enumerate() {
                let pose = &motion.frames[index];
                let mut frame = self.renderer.render_still(pose)?;
                let time = format!("{:.2} s", pose.time.as_secs());
                self.label(&mut frame, if (row, column) == (0, 0) { title } else { &time });
                let (x, y) = (i64::from(width) * column as i64, i64::from(height) * row as i64);
                imageops::replace(&mut sheet, &picture(frame)?, x, y);
            }
        }
        let mut png = std::io::Cursor::new(Vec::new());
        sheet.write_to(&mut png, image::ImageFormat::Png)?;
        let mut file = WholeFile::create(path)?;
        file.write(png.get_ref())?;
        file.keep()?;
        Ok(motion.warnings.iter().map(ToString::to_string).collect())
    }

    fn label(&self, frame: &mut VideoFrame, text: &str) {
        let em = self.cell.1 as f32 * 0.04;
        let style = TextStyle { plate: Some(Plate::dark(em)), ..TextStyle::white(em) };
        self.text.draw(frame, text, (4, 4), &style);
    }
}

/// Indices of the moments: the first configuration, the end, and evenly between.
fn moments(motion: &FormMotion) -> [usize; MOMENTS] {
    let (first, end) = (motion.moments.first, motion.moments.end.max(motion.moments.first));
    std::array::from_fn(|moment| first + (end - first) * moment / (MOMENTS - 1))
}

fn picture(frame: VideoFrame) -> anyhow::Result<RgbaImage> {
    let (width, height) = (frame.width(), frame.height());
    RgbaImage::from_raw(width, height, frame.into_rgba()).context("a frame's buffer does not fit its size")
}
