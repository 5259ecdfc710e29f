//! What `shouyu model …` can be asked for.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use inference::{DeviceChoice, Precision, Quantisation};

#[derive(Debug, Subcommand)]
pub(crate) enum ModelVerb {
    /// What a checkpoint says of itself.
    Info(InfoArguments),
    /// The logits behind the last of a row of tokens, as JSON.
    Logits(LogitsArguments),
    /// Let a checkpoint answer, or go on with a text.
    Generate(GenerateArguments),
    /// Measure prefill, decoding and memory.
    Bench(ModelBenchArguments),
    /// Train the small GLM on a corpus.
    Train(TrainArguments),
    /// Make the pose head's training set and train it.
    TrainPose(TrainPoseArguments),
    /// Write a checkpoint's folder as one quantised GGUF file.
    Quantize(QuantizeArguments),
    /// Write random weights in the shape of GLM-Edge-1.5B, to measure speed on.
    Random(RandomArguments),
}

/// Which checkpoint, and where it runs.
#[derive(Debug, Args)]
pub(crate) struct CheckpointArguments {
    /// A checkpoint's folder (config.json and safetensors), or a GGUF file.
    #[arg(long, value_name = "PATH")]
    pub(crate) model: PathBuf,
    /// cpu, cuda, cuda:N, metal or metal:N; the last four need a build with that feature.
    #[arg(long, default_value = "cpu", value_name = "DEVICE")]
    pub(crate) device: DeviceChoice,
    /// `stored`; `full` (f32); or a format such as Q4_K to quantise in while loading.
    #[arg(long, default_value = "stored", value_name = "PRECISION", value_parser = parse_precision)]
    pub(crate) precision: Precision,
}

#[derive(Debug, Args)]
pub(crate) struct InfoArguments {
    /// A checkpoint's folder or a GGUF file; without it, the small GLM that is part of this program.
    pub(crate) path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LogitsArguments {
    #[command(flatten)]
    pub(crate) checkpoint: CheckpointArguments,
    /// Ids with commas between.
    #[arg(long, required = true, value_delimiter = ',', value_name = "ID,ID,…")]
    pub(crate) tokens: Vec<u32>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).args(["prompt", "text"])))]
pub(crate) struct GenerateArguments {
    #[command(flatten)]
    pub(crate) checkpoint: CheckpointArguments,
    /// What the user says: it is put into the checkpoint's chat format.
    #[arg(long, value_name = "TEXT")]
    pub(crate) prompt: Option<String>,
    /// What holds for the whole conversation.
    #[arg(long, value_name = "TEXT", requires = "prompt")]
    pub(crate) system: Option<String>,
    /// A text to go on with, without roles around it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// At most so many tokens.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_tokens: u32,
    /// 0 always takes the likeliest token.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) temperature: f32,
    /// Only so many of the likeliest tokens.
    #[arg(long)]
    pub(crate) top_k: Option<usize>,
    /// Only the likeliest tokens that together reach this share.
    #[arg(long)]
    pub(crate) top_p: Option<f32>,
    /// The same seed gives the same text.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// A text that ends the answer; may be given more than once.
    #[arg(long, value_name = "TEXT")]
    pub(crate) stop: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelBenchArguments {
    #[command(flatten)]
    pub(crate) checkpoint: CheckpointArguments,
    /// Tokens of the prompt.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) prompt_tokens: u32,
    /// Tokens that are decoded.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) tokens: u32,
    /// Print the figures as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    /// A folder of .jsonl files, such as models/understanding/corpus.
    pub(crate) corpus: PathBuf,
    /// Where the training keeps its state after every epoch, and goes on from.
    pub(crate) state: PathBuf,
    /// Where the trained model goes.
    pub(crate) output: PathBuf,
    /// Passes over the corpus in blank infilling.
    #[arg(long, default_value_t = glm::blank::TrainingOptions::default().blank_epochs)]
    pub(crate) blank_epochs: u32,
    /// Passes in translation.
    #[arg(long, default_value_t = glm::blank::TrainingOptions::default().translation_epochs)]
    pub(crate) epochs: u32,
    /// The same seed, corpus and numbers give the same weights.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
}

/// README of `models/motion/weights` says what the shipped weights were made with, and how long it took.
#[derive(Debug, Args)]
pub(crate) struct TrainPoseArguments {
    /// A .jsonl file of a corpus, such as models/understanding/corpus/authored.jsonl: its training part is learnt from, its
    /// development part decides how much of each output is believed.
    pub(crate) corpus: PathBuf,
    /// A folder where set and training keep their state, and from where they go on.
    pub(crate) state: PathBuf,
    /// Where the weights go (safetensors).
    pub(crate) output: PathBuf,
    /// Sentences of the corpus.
    #[arg(long, default_value_t = 1000)]
    pub(crate) sentences: usize,
    /// Rows of four signs of the packs.
    #[arg(long, default_value_t = 300)]
    pub(crate) signs: usize,
    /// Rows of four letters.
    #[arg(long, default_value_t = 40)]
    pub(crate) letters: usize,
    /// Rows of four forms that no pack has.
    #[arg(long, default_value_t = 150)]
    pub(crate) invented: usize,
    /// So many of all these sentences are taught, evenly spread; all of them are practised.
    #[arg(long, default_value_t = 400)]
    pub(crate) taught: usize,
    /// The set is made in so many parts; from the second on the teacher also starts from what was learnt so far.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(crate) passes: u32,
    /// Random starts of the teacher, the first being what planning has or what was learnt so far.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) starts: u32,
    /// The teacher's trials for each sign, from each start.
    #[arg(long, default_value_t = 30)]
    pub(crate) trials: u32,
    /// Passes over the set.
    #[arg(long, default_value_t = motion::head::train::TrainingOptions::default().epochs)]
    pub(crate) epochs: u32,
    /// Updates of the network by its own trials, after it has learnt what was taught.
    #[arg(long, default_value_t = motion::head::train::PracticeOptions::default().updates)]
    pub(crate) practice: u32,
    /// Threads; their number does not change the weights.
    #[arg(long, default_value_t = std::thread::available_parallelism().map_or(1, usize::from), value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=256))]
    pub(crate) threads: usize,
    /// Width of the network's layers.
    #[arg(long, default_value_t = motion::head::train::TrainingOptions::default().width, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(8..=512))]
    pub(crate) width: usize,
    /// Fine-tune on recordings instead: a folder of .bvh, .glb, .gltf and .pose files with their glosses beside them. What
    /// was learnt before is rehearsed on --sentences of the corpus; every fourth recording is kept aside to measure.
    #[arg(long, value_name = "DIR")]
    pub(crate) pose_data: Option<PathBuf>,
    /// What is fine-tuned, if it is not the head that is part of the program; without --pose-data, what practises: nothing is
    /// taught then.
    #[arg(long, value_name = "FILE.safetensors")]
    pub(crate) from: Option<PathBuf>,
    /// Development sentences by which outputs are believed or not.
    #[arg(long, default_value_t = 24)]
    pub(crate) judged: usize,
    /// The same seed, corpus, packs and numbers give the same weights.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// A pack to stack on top of the core pack; may be given more than once.
    #[arg(long = "pack", value_name = "DIR")]
    pub(crate) packs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct QuantizeArguments {
    /// A checkpoint's folder.
    pub(crate) input: PathBuf,
    /// The GGUF file.
    pub(crate) output: PathBuf,
    /// Q4_0, Q5_0, Q8_0, Q4_K, Q5_K or Q6_K.
    #[arg(long, default_value = "Q4_K", value_name = "FORMAT")]
    pub(crate) format: Quantisation,
}

#[derive(Debug, Args)]
pub(crate) struct RandomArguments {
    /// The GGUF file.
    pub(crate) output: PathBuf,
    /// Q4_0, Q5_0, Q8_0, Q4_K, Q5_K or Q6_K.
    #[arg(long, default_value = "Q4_K", value_name = "FORMAT")]
    pub(crate) format: Quantisation,
}

fn parse_precision(text: &str) -> Result<Precision, String> {
    match text {
        "stored" => Ok(Precision::Stored),
        "full" => Ok(Precision::Full),
        other => other
            .parse()
            .map(Precision::Quantised)
            .map_err(|_| "expected stored, full, Q4_0, Q5_0, Q8_0, Q4_K, Q5_K or Q6_K".to_owned()),
    }
}
