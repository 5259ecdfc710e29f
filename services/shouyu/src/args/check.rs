//! What is measured, and how.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use signing::FrameRate;

use super::parse_language;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("checked").required(true).args(["text", "file", "lexicon", "poses"])))]
pub(crate) struct CheckArguments {
    /// A text: each sentence is signed and measured, and held against the dictionary forms of its signs.
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: Option<String>,
    /// The same for a UTF-8 file.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Every sign of the core pack and of those stacked on it, in its dictionary form.
    #[arg(long, conflicts_with_all = ["lang", "head"])]
    pub(crate) lexicon: bool,
    /// Poses that `sign --pose` or another program wrote as .json, at their own rate.
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["packs", "lang", "head", "fps"])]
    pub(crate) poses: Option<PathBuf>,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// Language of the text (BCP-47).
    #[arg(long, default_value = "zh", value_parser = parse_language)]
    pub(crate) lang: String,
    /// Frames a second at which motion is sampled.
    #[arg(long, default_value = "100", value_name = "RATE")]
    pub(crate) fps: FrameRate,
    /// Who shapes the motion of texts: `analytic` as planned, `neural` as learnt. Dictionary forms are as planned.
    #[arg(long, default_value_t = motion::HeadChoice::default(), value_name = "neural|analytic")]
    pub(crate) head: motion::HeadChoice,
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use crate::args::Arguments;

    #[test]
    fn one_thing_is_checked_with_what_has_a_meaning_for_it() {
        let refusal = |words: &str| {
            let parsed = Arguments::try_parse_from(["shouyu", "check"].into_iter().chain(words.split(' ')));
            parsed.err().map(|error| error.to_string())
        };
        for words in [
            "文 --pack a --pack b --head neural --fps 50 --lang zh",
            "--file a.txt --pack a --avatar a.glb",
            "--lexicon --pack a --fps 50",
            "--poses a.json --avatar a.glb",
        ] {
            assert_eq!(refusal(words), None, "{words}");
        }
        for (words, names) in [
            ("--pack a", ["TEXT", "--lexicon"]),
            ("文 --lexicon", ["TEXT", "--lexicon"]),
            ("文 --file a.txt", ["TEXT", "--file"]),
            ("--poses a.json --pack a", ["--poses", "--pack"]),
            ("--poses a.json --fps 50", ["--poses", "--fps"]),
            ("--lexicon --head neural", ["--lexicon", "--head"]),
            ("--lexicon --lang en", ["--lexicon", "--lang"]),
        ] {
            let refused = refusal(words).unwrap_or_else(|| panic!("{words} is taken"));
            assert!(names.iter().all(|name| refused.contains(name)), "{words}: {refused}");
        }
    }
}
