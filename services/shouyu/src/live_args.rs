//! What can be asked of a broadcast.

use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgGroup, Args, ValueEnum};

use crate::args::{
    HearingArguments, PictureArguments, SpellingArgument,
    meaning::{AbuseArguments, GlmArguments},
    parse_language,
};

#[derive(Debug, Clone, Args)]
#[command(group(ArgGroup::new("source").required(true).multiple(true).args(["file", "captions", "lines", "programme"])))]
pub(crate) struct LiveArguments {
    /// Sign a script: a UTF-8 text file, one sentence after the other.
    #[arg(long, value_name = "FILE", conflicts_with = "captions")]
    pub(crate) file: Option<PathBuf>,
    /// Begin the script anew when it ends.
    #[arg(long, requires = "file")]
    pub(crate) again: bool,
    /// Sign captions (WebVTT, SubRip or TTML) at their times.
    #[arg(long, value_name = "FILE")]
    pub(crate) captions: Option<PathBuf>,
    /// Sign lines as they come: `-` for standard input, or tcp://127.0.0.1:PORT. A line may begin with a timecode
    /// (HH:MM:SS:FF or HH:MM:SS.mmm); without one it is meant for now.
    #[arg(long, value_name = "SOURCE", value_parser = parse_lines)]
    pub(crate) lines: Option<LinesArgument>,
    /// The timecode at the beginning: lines are placed by it, each picture of H.264 holds it (SEI picture timing), and files
    /// begin with it, so that what comes in at a timecode goes out at that timecode + delay. By default that of the
    /// programme: a file's first, or what a live feed's pictures hold, from when they come.
    #[arg(long, value_name = "TIMECODE")]
    pub(crate) timecode: Option<String>,
    /// A programme: a file or an address that FFmpeg reads (srt://, rtmp://, udp://, http://…).
    #[arg(long, value_name = "SOURCE")]
    pub(crate) programme: Option<String>,
    /// Sign what is said in the programme; so it is if there is no other text.
    #[arg(long, requires = "programme")]
    pub(crate) hear: bool,
    /// Sign the captions that the programme carries (mov_text, SubRip, WebVTT, ASS, teletext) at their times.
    #[arg(long, requires = "programme", conflicts_with = "hear")]
    pub(crate) caption_track: bool,
    /// Put the signer over the programme's picture: its share of the picture's area, such as 0.2; by default 1/6.
    #[arg(long, value_name = "SHARE", requires = "programme", value_parser = parse_share, num_args = 0..=1,
          default_missing_value = "1/6")]
    pub(crate) inset: Option<f64>,
    /// Where the signer stands in the programme's picture: bottom-right, bottom-left, top-right, top-left, or the left and
    /// top of its part in pixels, such as 40,200.
    #[arg(long, value_name = "PLACE", default_value = "bottom-right", value_parser = parse_place)]
    pub(crate) place: PlaceArgument,
    /// What is heard: nothing, or the programme's sound, as late as its picture. By default the programme's.
    #[arg(long, value_enum)]
    pub(crate) sound: Option<SoundArgument>,
    /// Where it goes: srt://HOST:PORT (mode, latency in milliseconds, passphrase, streamid, pbkeylen), rtmp://…, udp://…,
    /// hls:FOLDER, dash:FOLDER, or a .ts, .mp4, .mkv or .flv file; with --background transparent a .webm (VP9) or .mov
    /// (ProRes 4444) file that keeps alpha. May be given more than once.
    #[arg(long = "out", value_name = "DESTINATION", required = true)]
    pub(crate) outputs: Vec<String>,
    /// Where the key goes; the outputs then get the fill. Needs --background transparent. May be given more than once.
    #[arg(long = "key-out", value_name = "DESTINATION")]
    pub(crate) key_outputs: Vec<String>,
    /// What the fill holds where the key is grey.
    #[arg(long, value_enum, default_value = "straight")]
    pub(crate) fill: FillArgument,
    #[command(flatten)]
    pub(crate) picture: PictureArguments,
    /// Output time = input time + so many seconds, to the frame.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = parse_seconds)]
    pub(crate) delay: f64,
    /// Frames leave so many milliseconds after their moment, their times unchanged: what a slow moment, or a change of
    /// renderers, may take without being seen. 0 to 2000.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 200, value_parser = clap::value_parser!(u16).range(..=2_000))]
    pub(crate) buffer: u16,
    /// End after so many seconds; without, when the text has ended and is signed.
    #[arg(long = "for", visible_alias = "until", value_name = "SECONDS", value_parser = parse_seconds)]
    pub(crate) length: Option<f64>,
    /// Write events there, one JSON object a line, instead of on standard error.
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
    /// Where an operator's orders are taken, over gRPC, from this machine alone; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:7420")]
    pub(crate) control: Option<SocketAddr>,
    /// No second renderer stands by: less memory, and a second or two of delay when the first is lost.
    #[arg(long)]
    pub(crate) no_spare: bool,
    /// Language of the text (BCP-47).
    #[arg(long, default_value = "zh", value_parser = parse_language)]
    pub(crate) lang: String,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// How names and words without a sign are spelled.
    #[arg(long, value_enum, default_value = "initials")]
    pub(crate) spelling: SpellingArgument,
    #[command(flatten)]
    pub(crate) hearing: HearingArguments,
    #[command(flatten)]
    pub(crate) glm: GlmArguments,
    #[command(flatten)]
    pub(crate) abuse: AbuseArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinesArgument {
    Standard,
    Tcp(SocketAddr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceArgument {
    BottomRight,
    BottomLeft,
    TopRight,
    TopLeft,
    /// Left and top, pixels.
    At(u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SoundArgument {
    /// Nothing is heard.
    Silent,
    /// What the programme says.
    Programme,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FillArgument {
    /// The signer's own colours.
    Straight,
    /// Colours times the key, on black.
    Premultiplied,
}

fn parse_lines(text: &str) -> Result<LinesArgument, String> {
    if text == "-" {
        return Ok(LinesArgument::Standard);
    }
    let address = text.strip_prefix("tcp://").and_then(|address| address.parse().ok());
    address.map(LinesArgument::Tcp).ok_or_else(|| "expected - or tcp://127.0.0.1:PORT".to_owned())
}

fn parse_share(text: &str) -> Result<f64, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let share = match text.split_once('/') {
        Some((above, below)) => number(above).zip(number(below)).map(|(above, below)| above / below),
        None => match text.strip_suffix('%') {
            Some(percent) => number(percent).map(|percent| percent / 100.0),
            None => number(text),
        },
    };
    share
        .filter(|share| (0.01..=1.0).contains(share))
        .ok_or_else(|| "expected 0.01 to 1, such as 1/6, 0.2 or 25%".to_owned())
}

fn parse_place(text: &str) -> Result<PlaceArgument, String> {
    let pixels = || {
        let (left, top) = text.split_once(',')?;
        Some(PlaceArgument::At(left.trim().parse().ok()?, top.trim().parse().ok()?))
    };
    match text {
        "bottom-right" => Ok(PlaceArgument::BottomRight),
        "bottom-left" => Ok(PlaceArgument::BottomLeft),
        "top-right" => Ok(PlaceArgument::TopRight),
        "top-left" => Ok(PlaceArgument::TopLeft),
        _ => pixels().ok_or_else(|| {
            "expected bottom-right, bottom-left, top-right, top-left, or LEFT,TOP in pixels, such as 40,200".to_owned()
        }),
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.0..=31_536_000.0).contains(seconds));
    seconds.ok_or_else(|| "expected seconds, 0 or more".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_lines_are_read() {
        for (text, expected) in [
            ("1/6", Some(1.0 / 6.0)),
            ("0.25", Some(0.25)),
            ("20%", Some(0.2)),
            ("2", None),
            ("1/0", None),
            ("x", None),
        ] {
            assert_eq!(parse_share(text).ok(), expected, "{text}");
        }
        assert_eq!(parse_place("top-left"), Ok(PlaceArgument::TopLeft));
        assert_eq!(parse_place("40, 200"), Ok(PlaceArgument::At(40, 200)));
        assert!(["middle", "40", "40,-1", ""].iter().all(|text| parse_place(text).is_err()));
        assert_eq!(parse_lines("-"), Ok(LinesArgument::Standard));
        assert!(parse_lines("tcp://127.0.0.1:7000").is_ok());
        assert!(parse_lines("tcp://somewhere").is_err());
        assert!(parse_seconds("-1").is_err() && parse_seconds("NaN").is_err() && parse_seconds("600").is_ok());
    }
}
