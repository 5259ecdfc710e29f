//! `shouyu bench endurance`: a live session of an hour and more, faster than real time. Its clock is the frames', so
//! that frames can be counted against time, and memory is looked at as it goes on.

use std::{process::ExitCode, sync::Arc, time::Instant};

use ::lexicon::Lexicon;
use body::Body;
use motion::MotionConfig;
use session::live::{
    EventKind, Interpret as _, LagLimits, Live, LocalInterpret, LocalMove, LocalShow, Output, ShowConfig, Wants,
};
use signing::{FrameRate, Transcript};
use understanding::Understanding;

use crate::{args::bench::EnduranceArguments, output::say};

/// What is signed in turn.
const TEXTS: [&str; 6] = [
    "北京今天有雪，冰壶比赛下午三点开始。",
    "请大家注意安全。",
    "我叫李明，今年二十五岁。",
    "火车几点到？",
    "老师不喜欢下雨，学生喜欢下雪。",
    "医院在学校旁边，走路十分钟。",
];
/// Texts come so often, seconds of the session.
const EVERY_SECS: f64 = 12.0;
/// Memory is looked at so often, seconds of the session.
const LOOK_SECS: f64 = 300.0;

pub(crate) fn run(arguments: &EnduranceArguments) -> anyhow::Result<ExitCode> {
    let avatar = body::default_avatar_path()?;
    let body = Arc::new(Body::read(&avatar)?);
    let rate = FrameRate::PAL;
    let config = MotionConfig { rate, ..MotionConfig::default() };
    let mut interpret = LocalInterpret::new(Arc::new(Understanding::new(Lexicon::core()?)));
    let mover = LocalMove::new(Arc::clone(&body), config)?;
    let show = LocalShow::open(ShowConfig {
        size: arguments.size,
        rate,
        container: stream::LiveContainer::FragmentedMp4,
        background: [200, 210, 217],
        avatar,
        produce_id: "endurance".to_owned(),
    })?;
    let wants = Wants { poses: true, ..Wants::default() };
    let mut live = Live::new(Box::new(mover), Some(Box::new(show)), (body, config), wants, LagLimits::default())?;
    let end = f64::from(arguments.minutes) * 60.0;
    let (mut said, mut finished, mut seen) = (0_usize, 0_usize, Seen::default());
    let (mut text_at, mut look_at) = (0.0, 0.0);
    let began = Instant::now();
    while live.now().as_secs() < end {
        let now = live.now().as_secs();
        if now >= text_at {
            let transcript = Transcript::plain(TEXTS[said % TEXTS.len()], "zh");
            let sentences = interpret.interpret(&transcript)?;
            live.take(&format!("u{said}").into(), &transcript, sentences);
            said += 1;
            text_at += EVERY_SECS;
        }
        if now >= look_at {
            say!(
                "{:5.0} s of session, {:5.0} s on the clock: {:.1} MB",
                now,
                began.elapsed().as_secs_f64(),
                resident_mb()
            );
            look_at += LOOK_SECS;
        }
        finished += seen.note(live.tick()?, rate);
    }
    finished += seen.note(live.finish()?, rate);
    say!("{:5.0} s of session in {:.0} s: {:.1} MB", end, began.elapsed().as_secs_f64(), resident_mb());
    say!(
        "{} poses and {} frames of video for {end} s at {rate} frames a second (expected {}); {} out of step; {:.1} MB of video; {finished} of {said} texts finished",
        seen.poses,
        seen.frames,
        (end * rate.as_f64()).ceil(),
        seen.out_of_step,
        seen.bytes as f64 / 1e6,
    );
    Ok(ExitCode::SUCCESS)
}

/// What came out.
#[derive(Default)]
struct Seen {
    poses: u64,
    frames: u64,
    bytes: usize,
    /// Poses and pieces whose time is not that of their number.
    out_of_step: u64,
}

impl Seen {
    /// Counts, and gives how many utterances were finished.
    fn note(&mut self, outputs: Vec<Output>, rate: FrameRate) -> usize {
        let mut finished = 0;
        for output in outputs {
            match output {
                Output::Pose(pose) => {
                    self.out_of_step += u64::from(pose.time != rate.time_of(self.poses));
                    self.poses += 1;
                }
                Output::Video(piece) => {
                    if piece.frames > 0 {
                        self.out_of_step += u64::from(piece.time != rate.time_of(self.frames));
                    }
                    self.frames += u64::from(piece.frames);
                    self.bytes += piece.data.len();
                }
                Output::Event(event) if event.kind == EventKind::UtteranceFinished => finished += 1,
                _ => {}
            }
        }
        finished
    }
}

/// Memory of this process that is in use, where the system tells.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
