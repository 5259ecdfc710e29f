//! What `shouyu bench` is asked.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{GlmArguments, TextArguments, parse_size};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct BenchArguments {
    #[command(subcommand)]
    pub(crate) what: Option<BenchVerb>,
    /// What is signed.
    #[arg(long, default_value = "北京今天有雪，冰壶比赛下午三点开始。")]
    pub(crate) text: String,
    /// How many texts the latency is taken over.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: u32,
    /// Who shapes the motion: `analytic` as planned, `neural` as learnt.
    #[arg(long, default_value_t = motion::HeadChoice::default(), value_name = "neural|analytic")]
    pub(crate) head: motion::HeadChoice,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchVerb {
    /// How long a text takes to become sign sentences: each line is a text of its own.
    Gloss(GlossArguments),
    /// How far a signer falls behind a reader: a text is said at a constant pace, on a clock of its own.
    Lag(LagArguments),
    /// A live session for a long time, faster than real time: frames counted, memory looked at.
    Endurance(EnduranceArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GlossArguments {
    #[command(flatten)]
    pub(crate) input: TextArguments,
    /// Only lines of so many characters, such as 18-22.
    #[arg(long, value_name = "FROM-TO", value_parser = parse_lengths)]
    pub(crate) characters: Option<(usize, usize)>,
}

fn parse_lengths(text: &str) -> Result<(usize, usize), String> {
    let both = text.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    both.filter(|(from, to)| from <= to).ok_or_else(|| format!("“{text}” is not two numbers such as 18-22"))
}

#[derive(Debug, Args)]
pub(crate) struct EnduranceArguments {
    /// How long the session is, minutes.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub(crate) minutes: u32,
    /// Size of the picture.
    #[arg(long, value_name = "WxH", default_value = "320x180", value_parser = parse_size)]
    pub(crate) size: (u32, u32),
}

#[derive(Debug, Args)]
pub(crate) struct LagArguments {
    /// UTF-8 text. It is said again from its beginning until the time is over.
    #[arg(value_name = "FILE")]
    pub(crate) text: PathBuf,
    /// Characters a minute, punctuation included.
    #[arg(long, default_value_t = 280, value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub(crate) pace: u32,
    /// How long is spoken, minutes.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) minutes: u32,
    /// In which pieces it comes: clauses, as a recogniser hands them on while it listens, or whole sentences, as captions
    /// do, which can be signed only when all of each was said.
    #[arg(long, value_enum, default_value = "clause")]
    pub(crate) unit: SaidUnit,
    /// Name every omission.
    #[arg(long)]
    pub(crate) list: bool,
    #[command(flatten)]
    pub(crate) glm: GlmArguments,
}

/// In which pieces a text comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SaidUnit {
    /// To a comma, semicolon or full stop.
    Clause,
    /// To a full stop.
    Sentence,
}
