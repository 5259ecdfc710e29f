//! What `shouyu eval pose` is asked.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct EvalPoseArguments {
    /// A .jsonl file of a corpus, such as models/understanding/corpus/authored.jsonl.
    #[arg(value_name = "FILE", required_unless_present = "pose_data")]
    pub(crate) file: Option<PathBuf>,
    /// Only this split of it.
    #[arg(long, default_value = "test")]
    pub(crate) split: String,
    /// At most so many sentences, evenly spread over the split.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=2000))]
    pub(crate) sentences: u16,
    /// The teacher's starts for each sentence.
    #[arg(long, default_value_t = motion::head::TeacherOptions::default().starts, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) starts: u32,
    /// The teacher's trials for each sign, from each start.
    #[arg(long, default_value_t = motion::head::TeacherOptions::default().trials)]
    pub(crate) trials: u32,
    /// Other weights than those that are part of the program.
    #[arg(long, value_name = "FILE.safetensors")]
    pub(crate) weights: Option<PathBuf>,
    /// A folder of recordings with their glosses beside them: references in the place of the teacher.
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    pub(crate) pose_data: Option<PathBuf>,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
    /// Another VRM 1.0 avatar.
    #[arg(long, value_name = "FILE.glb")]
    pub(crate) avatar: Option<PathBuf>,
    /// Seed of the teacher.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Show what every sentence costs.
    #[arg(long)]
    pub(crate) show: bool,
}
