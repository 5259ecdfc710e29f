//! What can be asked for, and what is refused before any work begins.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod meaning;
pub(crate) mod model;
pub(crate) mod pose;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use signing::FrameRate;

use self::{
    bench::BenchArguments,
    check::CheckArguments,
    meaning::{AbuseArguments, GlmArguments},
};
use crate::live_args::LiveArguments;

/// Text in, signed video out.
#[derive(Debug, Parser)]
#[command(name = "shouyu", version, about = "手语: speech and text in, a signing digital human out")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Sign a text to a video file.
    Sign(SignArguments),
    /// Write down what is said in a sound or video file.
    Transcribe(TranscribeArguments),
    /// Show the sign sentence of a text, one line for each input line.
    Gloss(GlossArguments),
    /// Measure sign sentences against references.
    Eval {
        #[command(subcommand)]
        verb: EvalVerb,
    },
    /// Look at and compile the lexicon.
    Lexicon {
        #[command(subcommand)]
        verb: LexiconVerb,
    },
    /// Look at, ask, measure, train and convert GLM checkpoints.
    Model {
        #[command(subcommand)]
        verb: model::ModelVerb,
    },
    /// Broadcast: captions, a script, lines or a programme in; SRT, RTMP, UDP, HLS, DASH and files out.
    Live(Box<LiveArguments>),
    /// Renders and encodes for `live`, in a process of its own.
    #[command(hide = true)]
    Studio,
    /// Renders for `demo`, in a process of its own.
    #[command(hide = true)]
    Draw,
    /// Open a page on this machine: type, paste captions or speak, and watch the avatar sign.
    Demo(DemoArguments),
    /// Serve gRPC: text in, sentences, poses and live video out.
    Serve(ServeArguments),
    /// Measure motion: penetration, contact, joints, jerk, palms; of a text, of packs, or of a file of poses.
    Check(CheckArguments),
    /// Check what this machine has: adapter, codecs, font, avatar, packs.
    Doctor,
    /// Measure motion, rendering, encoding and latency on this machine.
    Bench(BenchArguments),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArguments {
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 8765, value_name = "N")]
    pub(crate) port: u16,
    /// Open the page in this machine's browser.
    #[arg(long)]
    pub(crate) open: bool,
    /// Show the signer in a window of the desktop instead: lines of standard input are signed, keys hold, skip, repeat,
    /// replace and load packs.
    #[arg(long, conflicts_with_all = ["open", "port", "visitors"])]
    pub(crate) window: bool,
    /// A pack that the window's key P loads while it runs; may be given more than once.
    #[arg(long = "term-pack", value_name = "DIR", requires = "window")]
    pub(crate) term_packs: Vec<PathBuf>,
    /// Most visitors at once; each has a renderer of its own.
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) visitors: u16,
    /// Width and height of the picture in pixels.
    #[arg(long, default_value = "540x720", value_name = "WxH", value_parser = parse_size)]
    pub(crate) size: (u32, u32),
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) glm: GlmArguments,
    #[command(flatten)]
    pub(crate) abuse: AbuseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewsArguments {
    /// Write all reviews to standard output instead of listing them.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) export: Option<ExportArgument>,
    /// Another file than the demo's own.
    #[arg(long, value_name = "FILE.sqlite")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportArgument {
    /// One array, texts as they were given.
    Json,
    /// Comma-separated, after RFC 4180.
    Csv,
    /// Tab-separated, a line a review.
    Tsv,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// A TOML file; environment variables `SHOUYU__SECTION__KEY` and flags win over it.
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) config: Option<PathBuf>,
    /// Run one role instead of all.
    #[arg(long, value_enum)]
    pub(crate) role: Option<RoleArgument>,
    /// Where gRPC is served; by default 127.0.0.1:50051.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// Where /healthz, /readyz and /metrics are served.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) admin: Option<std::net::SocketAddr>,
    /// For the gateway: where speech is, such as http://127.0.0.1:50052; may be given more than once.
    #[arg(long, value_name = "URL")]
    pub(crate) speech: Vec<String>,
    /// For the gateway: where understanding is.
    #[arg(long, value_name = "URL")]
    pub(crate) understanding: Vec<String>,
    /// For the gateway: where motion is.
    #[arg(long, value_name = "URL")]
    pub(crate) motion: Vec<String>,
    /// For the gateway: where render is.
    #[arg(long, value_name = "URL")]
    pub(crate) render: Vec<String>,
    /// An origin whose pages may call over gRPC-Web, such as `https://example.org`; may be given more than once.
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub(crate) origins: Vec<String>,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
    /// Any other setting, such as limits.sessions=8; may be given more than once.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(flatten)]
    pub(crate) glm: GlmArguments,
    #[command(flatten)]
    pub(crate) abuse: AbuseArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArgument {
    All,
    Speech,
    Understanding,
    Motion,
    Render,
    Gateway,
}

impl RoleArgument {
    /// As the configuration has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Speech => "speech",
            Self::Understanding => "understanding",
            Self::Motion => "motion",
            Self::Render => "render",
            Self::Gateway => "gateway",
        }
    }
}

/// Where the text comes from.
#[derive(Debug, Args)]
pub(crate) struct TextArguments {
    /// The text; `-` reads standard input.
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: Option<String>,
    /// Read the text from a UTF-8 file.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Language of the text (BCP-47).
    #[arg(long, default_value = "zh", value_parser = parse_language)]
    pub(crate) lang: String,
    /// A pack to stack on top of the core pack (a folder with pack.toml); may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// How names and words without a sign are spelled.
    #[arg(long, value_enum, default_value = "initials")]
    pub(crate) spelling: SpellingArgument,
    /// The text is spoken at so many characters a minute: leave out less important words so that no more than 2.5 signs
    /// a second are signed.
    #[arg(long, value_name = "CHARACTERS", value_parser = clap::value_parser!(u16).range(30..=1000))]
    pub(crate) pace: Option<u16>,
    #[command(flatten)]
    pub(crate) glm: GlmArguments,
    #[command(flatten)]
    pub(crate) abuse: AbuseArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpellingArgument {
    /// The first letter of each syllable.
    Initials,
    /// Every letter of the pinyin.
    Full,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("source").required(true).args(["text", "file", "audio", "captions"])))]
pub(crate) struct SignArguments {
    #[command(flatten)]
    pub(crate) input: TextArguments,
    /// Sign what is said in a sound or video file, at its times.
    #[arg(long, value_name = "FILE")]
    pub(crate) audio: Option<PathBuf>,
    /// Sign captions (WebVTT, SubRip or TTML) at their times.
    #[arg(long, value_name = "FILE")]
    pub(crate) captions: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) hearing: HearingArguments,
    /// Where the video goes: .mp4 (H.264), .webm (VP9, may be transparent) or .mov (ProRes 4444, may be transparent).
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) picture: PictureArguments,
    /// Write the sign sentence with the time of each token as JSON.
    #[arg(long, value_name = "FILE.json")]
    pub(crate) gloss: Option<PathBuf>,
    /// Write every pose: .json, or for other programs .pose, .bvh or .glb.
    #[arg(long, value_name = "FILE")]
    pub(crate) pose: Option<PathBuf>,
    /// Keep the mark “AI生成” throughout instead of at the start alone.
    #[arg(long)]
    pub(crate) mark_throughout: bool,
}

/// How the picture looks.
#[derive(Debug, Clone, Args)]
pub(crate) struct PictureArguments {
    /// Width and height in pixels.
    #[arg(long, default_value = "1280x720", value_name = "WxH", value_parser = parse_size)]
    pub(crate) size: (u32, u32),
    /// Frames a second, such as 25, 50 or 30000/1001.
    #[arg(long, visible_alias = "rate", default_value = "25", value_name = "RATE")]
    pub(crate) fps: FrameRate,
    /// `transparent`, a name (grey, white, black, green, blue, navy) or #RRGGBB.
    #[arg(long, default_value = "#c8d2d9", value_name = "COLOR", value_parser = parse_background)]
    pub(crate) background: BackgroundArgument,
    /// Sign left-handed.
    #[arg(long)]
    pub(crate) left_handed: bool,
    /// Seed of blinks and breathing.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
    /// Who shapes the motion: `analytic` as planned, `neural` as learnt.
    #[arg(long, default_value_t = motion::HeadChoice::default(), value_name = "neural|analytic")]
    pub(crate) head: motion::HeadChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackgroundArgument {
    Color([u8; 3]),
    Transparent,
}

/// What listens, and what it should expect.
#[derive(Debug, Clone, Args)]
pub(crate) struct HearingArguments {
    /// A Whisper checkpoint's folder instead of the packaged one.
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
    /// Names and terms to expect beside the packs' words: a UTF-8 file, one a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) terms: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TranscribeArguments {
    /// A sound or video file.
    #[arg(value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// Print one JSON object: {"spans": [{"start_ms", "end_ms", "text", "stable"}]}.
    #[arg(long, conflicts_with = "stream")]
    pub(crate) json: bool,
    /// Print interim and stable spans as they come, one JSON object a line, with the time at which each became known.
    #[arg(long)]
    pub(crate) stream: bool,
    /// What is spoken.
    #[arg(long, value_enum, default_value = "zh")]
    pub(crate) lang: SpokenArgument,
    #[command(flatten)]
    pub(crate) hearing: HearingArguments,
    /// A pack to stack on top of the core pack: its words are expected too. May be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpokenArgument {
    /// Mandarin.
    Zh,
    /// English.
    En,
    /// Found out for each phrase.
    Auto,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("source").required(true).args(["text", "file"])))]
pub(crate) struct GlossArguments {
    #[command(flatten)]
    pub(crate) input: TextArguments,
    /// Print one JSON object for each input line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvalVerb {
    /// BLEU-4, ROUGE-L and gloss error rate of the sign sentences of a file.
    Gloss(EvalGlossArguments),
    /// Checker, cost and distances of the motion of a corpus's sentences: as planned, as learnt, as the teacher finds it.
    Pose(pose::EvalPoseArguments),
}

#[derive(Debug, Args)]
pub(crate) struct EvalGlossArguments {
    /// Lines of a sentence, a tab and its glosses; or JSON objects with `zh` or `text`, and `glosses`.
    pub(crate) file: PathBuf,
    /// Of objects that name a split, only this one.
    #[arg(long, default_value = "test")]
    pub(crate) split: String,
    /// Language of the text; `en` takes the English side of JSON objects.
    #[arg(long, default_value = "zh", value_parser = parse_language)]
    pub(crate) lang: String,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// Measure what is proposed as it is, without the check.
    #[arg(long)]
    pub(crate) alone: bool,
    /// Show every sentence that differs from its reference.
    #[arg(long)]
    pub(crate) show: bool,
    /// Print the figures as JSON.
    #[arg(long, conflicts_with = "show")]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) glm: GlmArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LexiconVerb {
    /// Show a sign: what the pack says of it, and a contact sheet of eight moments from front and side.
    Show(ShowArguments),
    /// Draw the contact sheets of every sign of the packs into a folder.
    Sheets(SheetsArguments),
    /// Draw every manual letter as it is held, with where its joints are in the picture: for `cargo xtask judge`.
    Letters(LettersArguments),
    /// Compile a pack again each time one of its files changes, and show what became of its signs.
    Watch(WatchArguments),
    /// Compile a pack, a .tsv of id, gloss and description, or SiGML, and report on every sign.
    Compile(CompileArguments),
    /// List what visitors of the demo said of signs, or write it for other programs.
    Reviews(ReviewsArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// A word in Chinese or English, or an entry's id.
    pub(crate) word: String,
    /// Write a contact sheet.
    #[arg(long, value_name = "FILE.png")]
    pub(crate) sheet: Option<PathBuf>,
    /// Write the sign's poses: .json, .pose, .bvh or .glb.
    #[arg(long, value_name = "FILE")]
    pub(crate) pose: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sheets: SheetOptions,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SheetsArguments {
    /// The folder, which is made if it is not there.
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) sheets: SheetOptions,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LettersArguments {
    /// The folder, which is made if it is not there.
    pub(crate) folder: PathBuf,
    /// Width and height in pixels.
    #[arg(long, default_value = "1280x720", value_name = "WxH", value_parser = parse_size)]
    pub(crate) size: (u32, u32),
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArguments {
    /// The pack's folder.
    pub(crate) pack: PathBuf,
    /// Draw the contact sheets of changed signs into this folder.
    #[arg(long = "sheets", value_name = "DIR")]
    pub(crate) sheets_to: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sheets: SheetOptions,
}

/// How contact sheets look.
#[derive(Debug, Args)]
pub(crate) struct SheetOptions {
    /// Size of each of a sheet's pictures.
    #[arg(long, default_value = "360x480", value_name = "WxH", value_parser = parse_size)]
    pub(crate) cell: (u32, u32),
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    /// A pack's folder, a .tsv of `id<TAB>gloss<TAB>description`, a .sigml file or a folder of them.
    pub(crate) input: PathBuf,
    /// Write one JSON object for each sign.
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) report: Option<PathBuf>,
}

pub(crate) fn parse_language(text: &str) -> Result<String, String> {
    match text.to_ascii_lowercase().split('-').next() {
        Some("zh" | "cmn") => Ok("zh".to_owned()),
        Some("en") => Ok("en".to_owned()),
        _ => Err("expected zh or en".to_owned()),
    }
}

fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(['x', 'X', '×']);
    let number = |part: &str| part.trim().parse::<u32>().ok();
    parts
        .and_then(|(width, height)| Some((number(width)?, number(height)?)))
        .ok_or_else(|| "expected WIDTHxHEIGHT, such as 1280x720".to_owned())
}

fn parse_background(text: &str) -> Result<BackgroundArgument, String> {
    let named = match text.to_ascii_lowercase().as_str() {
        "transparent" | "key" => return Ok(BackgroundArgument::Transparent),
        "grey" | "gray" => Some([0xc8, 0xd2, 0xd9]),
        "white" => Some([0xff; 3]),
        "black" => Some([0; 3]),
        "green" => Some([0x00, 0xb1, 0x40]),
        "blue" => Some([0x00, 0x47, 0xbb]),
        "navy" => Some([0x1b, 0x2a, 0x4a]),
        _ => None,
    };
    if let Some(color) = named {
        return Ok(BackgroundArgument::Color(color));
    }
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()));
    hex.and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .map(|value| {
            let [_, red, green, blue] = value.to_be_bytes();
            BackgroundArgument::Color([red, green, blue])
        })
        .ok_or_else(|| "expected transparent, grey, white, black, green, blue, navy or #RRGGBB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("1280x720", Some((1280, 720))),
            ("480×720", Some((480, 720))),
            ("1280", None),
            ("-1x5", None),
            ("axb", None),
        ] {
            assert_eq!(parse_size(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn backgrounds() {
        use BackgroundArgument::{Color, Transparent};
        for (text, expected) in [
            ("transparent", Some(Transparent)),
            ("#10fF00", Some(Color([0x10, 0xff, 0x00]))),
            ("White", Some(Color([255; 3]))),
            ("#fff", None),
            ("#é00000", None),
            ("sky", None),
        ] {
            assert_eq!(parse_background(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn text_may_begin_with_a_dash_and_needs_a_source() {
        let parse = |words: &[&str]| Arguments::try_parse_from([&["shouyu"], words].concat());
        assert!(parse(&["sign", "-5度", "-o", "a.mp4"]).is_ok());
        assert!(parse(&["sign", "-", "-o", "a.mp4"]).is_ok());
        assert!(parse(&["sign", "--file", "a.txt", "-o", "a.mp4"]).is_ok());
        assert!(parse(&["sign", "-o", "a.mp4"]).is_err());
        assert!(parse(&["sign", "文", "--file", "a.txt", "-o", "a.mp4"]).is_err());
        assert!(parse(&["sign", "--audio", "a.wav", "-o", "a.mp4"]).is_ok());
        assert!(parse(&["sign", "--captions", "a.vtt", "-o", "a.mp4"]).is_ok());
        assert!(parse(&["sign", "--captions", "a.vtt", "--audio", "a.wav", "-o", "a.mp4"]).is_err());
        assert!(parse(&["transcribe", "a.wav", "--json", "--lang", "auto"]).is_ok());
        assert!(parse(&["gloss"]).is_err());
        assert!(parse(&["sign", "文", "-o", "a.mp4", "--fps", "0"]).is_err());
    }
}
