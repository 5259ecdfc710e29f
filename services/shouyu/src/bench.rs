//! `shouyu bench`: what each stage costs on this machine. Prints figures and asserts none.

mod endurance;
mod gloss;
mod lag;

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use ::lexicon::Lexicon;
use anyhow::Context as _;
use avatar::{Renderer, RendererConfig};
use body::Body;
use motion::{HeadChoice, MotionConfig};
use session::{Background, PictureConfig, Session};
use signing::{FrameRate, PoseFrame, Side, SignSentence, Transcript, VideoFrame};
use stream::{AigcLabel, Encoder, EncoderConfig, Latency, Metadata, OutputFormat, Transparency, mark::MarkSpan};
use understanding::Understanding;

use crate::{
    args::bench::{BenchArguments, BenchVerb},
    output::say,
};

/// Sizes that are measured.
const SIZES: [(u32, u32); 2] = [(1280, 720), (1920, 1080)];
/// Frames drawn and encoded for a figure.
const FRAMES: usize = 150;
/// Motion is repeated for at least this long.
const MOTION_TIME: Duration = Duration::from_secs(2);

pub(crate) fn run(arguments: &BenchArguments) -> anyhow::Result<ExitCode> {
    match &arguments.what {
        Some(BenchVerb::Gloss(arguments)) => return gloss::run(arguments),
        Some(BenchVerb::Lag(arguments)) => return lag::run(arguments),
        Some(BenchVerb::Endurance(arguments)) => return endurance::run(arguments),
        None => {}
    }
    let adapter = crate::doctor::adapter().map_err(anyhow::Error::msg)?;
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    say!("machine: {}, {cores} cores; adapter: {adapter}", processor());
    say!("text: {}", arguments.text);
    let avatar = body::default_avatar_path()?;
    let body = Arc::new(Body::read(&avatar)?);
    let start = Instant::now();
    let understanding = Understanding::new(Lexicon::core()?);
    say!("understanding, loading: {:.0} ms", millis(start.elapsed()));
    let transcript = Transcript::plain(arguments.text.clone(), "zh");
    let start = Instant::now();
    let sentences = understanding.interpret(&transcript)?.sentences;
    say!("understanding, this text: {:.2} ms", millis(start.elapsed()));

    say!("pose head: {}", motion::Head::choose(arguments.head)?);
    let poses = motion(&body, &sentences, arguments.head)?;
    for size in SIZES {
        draw_and_encode(size, &avatar, &poses)?;
    }
    latency(understanding, &avatar, &transcript, arguments)?;
    Ok(ExitCode::SUCCESS)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The time that so large a share of the sorted times does not exceed.
fn quantile(times: &[Duration], share: f64) -> Option<Duration> {
    times.get(((times.len() as f64 * share).ceil() as usize).saturating_sub(1)).copied()
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// Motion on one core, as a multiple of real time.
fn motion(body: &Arc<Body>, sentences: &[SignSentence], head: HeadChoice) -> anyhow::Result<Vec<PoseFrame>> {
    let config = MotionConfig { head, ..MotionConfig::default() };
    let (poses, _) = motion::sign_all(body, config, sentences)?;
    let signed = poses.len() as f64 / config.rate.as_f64();
    let (start, mut rounds) = (Instant::now(), 0_u32);
    while start.elapsed() < MOTION_TIME {
        motion::sign_all(body, config, sentences)?;
        rounds += 1;
    }
    let each = start.elapsed() / rounds;
    say!(
        "motion: {:.0} × real time on one core ({:.3} ms a frame at {} frames a second, {:.2} s of signing)",
        signed / each.as_secs_f64(),
        millis(each) / poses.len() as f64,
        config.rate,
        signed,
    );
    Ok(poses)
}

/// Rendering alone, encoding alone, and both as a film does them.
fn draw_and_encode(size: (u32, u32), avatar: &std::path::Path, poses: &[PoseFrame]) -> anyhow::Result<()> {
    let (width, height) = size;
    let mut renderer = Renderer::start(RendererConfig::new(size, avatar))?;
    let mut frames: Vec<VideoFrame> = Vec::with_capacity(FRAMES);
    // The first frames warm caches.
    for pose in poses.iter().cycle().take(10) {
        renderer.render_still(pose)?;
    }
    let start = Instant::now();
    for pose in poses.iter().cycle().take(FRAMES) {
        renderer.push(pose)?;
        frames.extend(renderer.step()?);
    }
    frames.extend(renderer.flush()?);
    let drawn = start.elapsed();
    drop(renderer);

    let folder = tempfile::tempdir()?;
    let mut encoder = Encoder::open(folder.path().join("bench.mp4"), encoder_config(size, Latency::File))?;
    let start = Instant::now();
    for (index, frame) in frames.into_iter().enumerate() {
        let frame = VideoFrame::new(FrameRate::PAL.time_of(index as u64), width, height, frame.into_rgba())?;
        encoder.push(&frame)?;
    }
    let summary = encoder.finish()?;
    let encoded = start.elapsed();
    let frames = summary.frames as f64;
    let (render, encode) = (millis(drawn) / frames, millis(encoded) / frames);
    let budget = 1e3 / FrameRate::PAL.as_f64();
    say!(
        "{width}×{height}: render {render:.1} ms a frame ({:.1} a second), encode {encode:.1} ms a frame; together {:.2} of real time at 25 frames a second",
        1e3 / render,
        (render + encode) / budget,
    );
    Ok(())
}

fn encoder_config((width, height): (u32, u32), latency: Latency) -> EncoderConfig {
    EncoderConfig {
        width,
        height,
        rate: FrameRate::PAL,
        format: OutputFormat::Mp4,
        transparency: Transparency::Opaque,
        latency,
        metadata: Metadata::new(AigcLabel::new("Shouyu", "bench")),
    }
}

/// Text in → packet of the first frame that moves towards its first sign, in a warm process.
fn latency(
    understanding: Understanding,
    avatar: &std::path::Path,
    transcript: &Transcript,
    arguments: &BenchArguments,
) -> anyhow::Result<()> {
    let size = SIZES[0];
    let (rounds, head) = (arguments.rounds, arguments.head);
    let picture = PictureConfig {
        size,
        rate: FrameRate::PAL,
        background: Background::Color([200, 210, 217]),
        avatar: avatar.to_owned(),
        dominant: Side::Right,
        seed: 1,
        head,
        mark: MarkSpan::Opening,
    };
    let mut session = Session::with_understanding(understanding, &picture)?;
    let folder = tempfile::tempdir()?;
    let mut encoder = Encoder::open(folder.path().join("latency.mp4"), encoder_config(size, Latency::Live))?;
    // A stream is running: the avatar idles.
    for _ in 0..25 {
        if let Some(shown) = session.advance()?.shown {
            encoder.push(&shown.frame)?;
        }
    }
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        for sentence in session.interpret(transcript)?.sentences {
            session.push(sentence)?;
        }
        loop {
            let Some(shown) = session.advance()?.shown else { continue };
            let packets = encoder.packets_written();
            encoder.push(&shown.frame)?;
            if shown.token.is_some() && encoder.packets_written() > packets {
                break;
            }
        }
        times.push(start.elapsed());
        session.interrupt();
        while !session.is_idle() {
            if let Some(shown) = session.advance()?.shown {
                encoder.push(&shown.frame)?;
            }
        }
    }
    times.sort();
    let at = |share: f64| quantile(&times, share);
    say!(
        "text in → first encoded frame, {}×{}, {rounds} rounds: median {:.0} ms, p95 {:.0} ms",
        size.0,
        size.1,
        millis(at(0.5).context("no round was run")?),
        millis(at(0.95).context("no round was run")?),
    );
    Ok(())
}
