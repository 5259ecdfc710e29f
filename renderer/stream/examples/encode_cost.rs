//! Prints what encoding costs, in milliseconds a frame, for each format at 720p and 1080p.
//!
//! `cargo run --release -p stream --example encode_cost [FRAMES]`. The pictures are a figure-sized, textured shape
//! that sways over a plain background: about what an avatar gives the encoder to do.
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::{env, error::Error, time::Instant};

use signing::{FrameRate, VideoFrame};
use stream::{AigcLabel, Encoder, EncoderConfig, Latency, Metadata, OutputFormat, Transparency};

fn main() -> Result<(), Box<dyn Error>> {
    let frames: u64 = env::args().nth(1).map_or(Ok(100), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    println!("{frames} frames each, {} cores", std::thread::available_parallelism()?);
    for (width, height) in [(1280, 720), (1920, 1080)] {
        for (format, transparency, latency) in [
            (OutputFormat::Mp4, Transparency::Opaque, Latency::File),
            (OutputFormat::Mp4, Transparency::Opaque, Latency::Live),
            (OutputFormat::Webm, Transparency::Opaque, Latency::File),
            (OutputFormat::Webm, Transparency::Alpha, Latency::File),
            (OutputFormat::Mov, Transparency::Alpha, Latency::File),
        ] {
            let metadata = Metadata::new(AigcLabel::new("Shouyu", "benchmark"));
            let rate = FrameRate::PAL;
            let config = EncoderConfig { width, height, rate, format, transparency, latency, metadata };
            let path = folder.path().join(format!("a.{}", format.extension()));
            // Pictures are drawn beforehand: only the encoder is on the clock.
            let pictures = (0..25).map(|index| picture(&config, index)).collect::<Result<Vec<_>, _>>()?;

            let opened = Instant::now();
            let mut encoder = Encoder::open(&path, config)?;
            let mut first_packet = None;
            let mut pushing = 0.0;
            for index in 0..frames {
                // Back and forth, so that no frame jumps.
                let phase = (index % 48) as usize;
                let drawn = &pictures[if phase < 24 { phase } else { 48 - phase }];
                let frame = VideoFrame::new(rate.time_of(index), width, height, drawn.clone())?;
                let started = Instant::now();
                encoder.push(&frame)?;
                pushing += started.elapsed().as_secs_f64();
                if encoder.packets_written() > 0 {
                    first_packet.get_or_insert_with(|| opened.elapsed().as_secs_f64() * 1e3);
                }
            }
            let started = Instant::now();
            let summary = encoder.finish()?;
            let total = pushing + started.elapsed().as_secs_f64();
            println!(
                "{width}×{height} {format} {transparency:?} {latency:?}: {:.2} ms a frame ({:.2} in push), first packet \
                 after {}, {:.0} kbit/s",
                total * 1e3 / frames as f64,
                pushing * 1e3 / frames as f64,
                first_packet.map_or("the end".to_owned(), |millis| format!("{millis:.1} ms")),
                summary.bytes as f64 * 8.0 / summary.duration.as_secs() / 1e3,
            );
        }
    }
    Ok(())
}

fn picture(config: &EncoderConfig, index: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    let (width, height) = (config.width as f32, config.height as f32);
    let sway = (index as f32 / 25.0 * std::f32::consts::TAU).sin() * width * 0.03;
    let mut rgba = Vec::with_capacity(config.width as usize * config.height as usize * 4);
    for y in 0..config.height {
        for x in 0..config.width {
            let (dx, dy) =
                ((x as f32 - width / 2.0 - sway) / (height * 0.28), (y as f32 - height * 0.6) / (height * 0.5));
            let (inside, texture) = (dx * dx + dy * dy < 1.0, ((dx * 40.0).sin() * (dy * 31.0).cos() * 18.0) as i16);
            let shade = |base: i16| (base + texture + (dy * 30.0) as i16).clamp(0, 255) as u8;
            let background = if config.transparency == Transparency::Alpha { [0; 4] } else { [58, 96, 140, 255] };
            rgba.extend(if inside { [shade(190), shade(140), shade(110), 255] } else { background });
        }
    }
    Ok(rgba)
}
