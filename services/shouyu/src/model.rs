//! `shouyu model`: checkpoints looked at, asked, measured, trained and converted.

mod bench;
mod train;
mod train_pose;

use std::{
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use glm::{
    Blueprint, Checkpoint, Glm, LoadOptions, Role, Talk, Turn,
    blank::{BlankConfig, BlankGlm},
    write_random_gguf,
};
use inference::{GenerationOptions, GgufFile, LanguageModel as _, SamplingOptions};

use crate::{
    args::model::{
        CheckpointArguments, GenerateArguments, InfoArguments, LogitsArguments, ModelVerb, QuantizeArguments,
        RandomArguments,
    },
    output::{reader_is_gone, say},
    progress::Progress,
};

pub(crate) fn run(verb: &ModelVerb) -> anyhow::Result<ExitCode> {
    match verb {
        ModelVerb::Info(arguments) => info(arguments)?,
        ModelVerb::Logits(arguments) => logits(arguments)?,
        ModelVerb::Generate(arguments) => generate(arguments)?,
        ModelVerb::Bench(arguments) => bench::run(arguments)?,
        ModelVerb::Train(arguments) => train::run(arguments)?,
        ModelVerb::TrainPose(arguments) => train_pose::run(arguments)?,
        ModelVerb::Quantize(arguments) => quantize(arguments)?,
        ModelVerb::Random(arguments) => random(arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

impl CheckpointArguments {
    fn options(&self) -> LoadOptions {
        LoadOptions { device: self.device, precision: self.precision, chatglm_tokenizer: session::chatglm_tokenizer() }
    }

    fn load(&self) -> anyhow::Result<Glm> {
        Ok(Checkpoint::open(&self.model)?.load(&self.options())?)
    }
}

fn info(arguments: &InfoArguments) -> anyhow::Result<()> {
    let small = |name: &str, network: &BlankGlm| {
        let BlankConfig { vocabulary, width, inner_width, layers, heads, places, inside, .. } = *network.config();
        say!("{name}: the small GLM (blank infilling), text and a draft to a sign sentence");
        say!("made by: {}", network.notes());
        say!("vocabulary {vocabulary}, width {width}, inner width {inner_width}, layers {layers}, heads {heads}");
        say!("at most {places} tokens of source, {inside} of answer; {} parameters", network.parameters());
    };
    let Some(path) = &arguments.path else {
        small("embedded", &BlankGlm::embedded()?);
        return Ok(());
    };
    if BlankGlm::recognises(path) {
        small(&path.display().to_string(), &BlankGlm::open(path)?);
        return Ok(());
    }
    let checkpoint = Checkpoint::open(path)?;
    describe(path, checkpoint.blueprint());
    if let Some(format) = path.is_file().then(|| GgufFile::open(path)).transpose()?.and_then(|file| file.main_format())
    {
        say!("most of it in: {format}");
    }
    let options = LoadOptions { chatglm_tokenizer: session::chatglm_tokenizer(), ..LoadOptions::default() };
    match checkpoint.tokenizer(&options) {
        Ok(tokenizer) => {
            say!("tokenizer: {} ids", tokenizer.size());
            say!("chat format: {:?}", checkpoint.chat_format(&tokenizer));
            say!("end tokens: {:?}", checkpoint.end_tokens(&tokenizer));
        }
        Err(error) => say!("tokenizer: none: {error}"),
    }
    Ok(())
}

fn describe(path: &Path, shape: &Blueprint) {
    say!("{}: {}", path.display(), shape.architecture);
    if let Some(name) = &shape.name {
        say!("name: {name}");
    }
    say!(
        "vocabulary {}, width {}, inner width {}, layers {}, heads {} ({} of keys and values, {} wide), context {}",
        shape.vocabulary,
        shape.width,
        shape.inner_width,
        shape.layers,
        shape.heads,
        shape.key_value_heads,
        shape.head_width,
        shape.context
    );
    say!(
        "rotary: {} of {} numbers of a head, base {}; {}",
        shape.rotary_width,
        shape.head_width,
        shape.rope_theta,
        if shape.tied { "output tied to the embedding" } else { "output of its own" }
    );
}

fn logits(arguments: &LogitsArguments) -> anyhow::Result<()> {
    let logits = arguments.checkpoint.load()?.step(&arguments.tokens)?;
    say!("{}", serde_json::json!({ "tokens": arguments.tokens, "logits": logits }));
    Ok(())
}

fn generate(arguments: &GenerateArguments) -> anyhow::Result<()> {
    let options = GenerationOptions {
        sampling: SamplingOptions {
            temperature: arguments.temperature,
            top_k: arguments.top_k,
            top_p: arguments.top_p,
            seed: arguments.seed,
            ..SamplingOptions::default()
        },
        max_tokens: arguments.max_tokens as usize,
        end_tokens: Vec::new(),
        stop: arguments.stop.clone(),
        until: None,
    };
    let mut talk = Talk::open(&arguments.checkpoint.model, &arguments.checkpoint.options())?;
    let show = |piece: &str| {
        let mut stdout = io::stdout().lock();
        // Who has gone does not need the rest.
        let _ = write!(stdout, "{piece}").and_then(|()| stdout.flush());
    };
    let said = match (&arguments.prompt, &arguments.text) {
        (Some(prompt), _) => {
            let turn = |role, text: &String| Turn { role, text: text.clone() };
            let mut turns: Vec<Turn> = arguments.system.iter().map(|text| turn(Role::System, text)).collect();
            turns.push(turn(Role::User, prompt));
            talk.answer(&turns, options, show)?
        }
        (None, Some(text)) => talk.go_on(text, options, show)?,
        (None, None) => anyhow::bail!("nothing to generate from: give --prompt or --text"),
    };
    if !reader_is_gone() {
        say!("");
    }
    eprintln!("{} tokens, ended by {:?}", said.tokens, said.stopped);
    Ok(())
}

fn quantize(arguments: &QuantizeArguments) -> anyhow::Result<()> {
    let mut progress = Tensors::default();
    Checkpoint::open(&arguments.input)?.quantise(&arguments.output, arguments.format, |_, all| progress.tick(all))?;
    progress.finish(&arguments.output)
}

fn random(arguments: &RandomArguments) -> anyhow::Result<()> {
    let mut progress = Tensors::default();
    write_random_gguf(&arguments.output, &Blueprint::glm_edge_1_5b(), arguments.format, 0, |_, all| {
        progress.tick(all)
    })?;
    progress.finish(&arguments.output)
}

/// The tensors of a file that is written.
#[derive(Default)]
struct Tensors(Option<Progress>);

impl Tensors {
    fn tick(&mut self, all: usize) {
        self.0.get_or_insert_with(|| Progress::new("tensors", all as u64)).tick();
    }

    fn finish(self, output: &Path) -> anyhow::Result<()> {
        if let Some(progress) = self.0 {
            progress.finish();
        }
        say!("{}: {:.1} MB", output.display(), std::fs::metadata(output)?.len() as f64 / 1e6);
        Ok(())
    }
}
