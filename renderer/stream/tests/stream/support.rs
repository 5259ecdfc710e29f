//! Synthetic pictures and short ways to encode them.

use std::path::Path;

use signing::{FrameRate, VideoFrame};
use stream::{AigcLabel, Encoder, EncoderConfig, Latency, Metadata, OutputFormat, Summary, Transparency};

pub(crate) const WIDTH: u32 = 128;
pub(crate) const HEIGHT: u32 = 96;

pub(crate) fn rate(text: &str) -> FrameRate {
    text.parse().unwrap()
}

pub(crate) fn metadata() -> Metadata {
    let aigc = AigcLabel::new("Shouyu", "0123456789abcdef");
    Metadata { aigc, title: Some("你好，世界。".to_owned()), comment: Some("csl 0.1.0; shouyu 0.1.0".to_owned()) }
}

pub(crate) fn config(format: OutputFormat, transparency: Transparency) -> EncoderConfig {
    EncoderConfig {
        width: WIDTH,
        height: HEIGHT,
        rate: FrameRate::PAL,
        format,
        transparency,
        latency: Latency::File,
        metadata: metadata(),
    }
}

/// A picture whose pixel at `(x, y)` is `pixel(x, y)`.
pub(crate) fn picture(config: &EncoderConfig, index: u64, pixel: impl Fn(u32, u32) -> [u8; 4]) -> VideoFrame {
    let (width, height) = (config.width, config.height);
    let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
    VideoFrame::new(config.rate.time_of(index), width, height, rgba).unwrap()
}

/// A bright square that moves right, two pixels a frame, over a gradient.
pub(crate) fn moving(config: &EncoderConfig, index: u64) -> VideoFrame {
    let left = (index as u32 * 2) % (config.width - 24);
    let height = config.height;
    picture(config, index, |x, y| match (left..left + 24).contains(&x) && (20..44).contains(&y) {
        true => [230, 190, 160, 255],
        false => [30, (y * 200 / height) as u8, 90, 255],
    })
}

/// Writes `count` frames.
pub(crate) fn encode(
    path: &Path,
    config: &EncoderConfig,
    count: u64,
    draw: impl Fn(&EncoderConfig, u64) -> VideoFrame,
) -> Summary {
    let mut encoder = Encoder::open(path, config.clone()).unwrap();
    for index in 0..count {
        encoder.push(&draw(config, index)).unwrap();
    }
    encoder.finish().unwrap()
}

/// Names of everything in `folder`, hidden files too.
pub(crate) fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
