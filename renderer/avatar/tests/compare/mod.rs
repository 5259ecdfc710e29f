//! Pictures compared with those that were looked at and kept.

use std::{fs, path::Path};

use image::{ColorType, ImageReader};
use signing::VideoFrame;

/// Largest mean difference of a channel, of 255: rasterisers round differently, and a new version of
/// the avatar may have a few vertices elsewhere.
const MEAN: f64 = 4.0;
/// A pixel that differs by more than this in some channel is another pixel…
const FAR: u8 = 48;
/// …and this many of them in a hundred make another picture.
const FAR_PERCENT: f64 = 3.0;

/// Compares with `golden/NAME.png`; on failure writes what was drawn and what was expected beside the test binary.
///
/// With `SHOUYU_BLESS` set, keeps what was drawn instead: look at it before it is committed.
pub(crate) fn golden(name: &str, frame: &VideoFrame) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.png"));
    let save = |path: &Path, rgba: &[u8]| {
        image::save_buffer(path, rgba, frame.width(), frame.height(), ColorType::Rgba8).unwrap();
    };
    if std::env::var_os("SHOUYU_BLESS").is_some() {
        save(&kept, frame.rgba());
        return;
    }
    let expected = ImageReader::open(&kept).unwrap().decode().unwrap().into_rgba8();
    assert_eq!(expected.dimensions(), (frame.width(), frame.height()), "{name}");
    let differences: Vec<u8> =
        frame.rgba().iter().zip(expected.as_raw()).map(|(drawn, kept)| drawn.abs_diff(*kept)).collect();
    let mean = differences.iter().map(|difference| f64::from(*difference)).sum::<f64>() / differences.len() as f64;
    let pixels = differences.as_chunks::<4>().0;
    let far = pixels.iter().filter(|pixel| pixel.iter().any(|channel| *channel > FAR)).count();
    let far_percent = 100.0 * far as f64 / pixels.len() as f64;
    if mean > MEAN || far_percent > FAR_PERCENT {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
        fs::create_dir_all(&folder).unwrap();
        save(&folder.join(format!("{name}-actual.png")), frame.rgba());
        save(&folder.join(format!("{name}-expected.png")), expected.as_raw());
        panic!(
            "{name}: differs by {mean:.2} of 255 on average, {far_percent:.1} % of pixels are others; see {}",
            folder.display()
        );
    }
}
