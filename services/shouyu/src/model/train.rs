//! The one command that makes the small GLM.

use std::time::Instant;

use glm::blank::{BlankConfig, Trainer, TrainingOptions, common_characters, read_corpus};
use lexicon::Lexicon;
use understanding::Understanding;

use crate::{args::model::TrainArguments, output::say, progress::Progress};

pub(super) fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    let options = TrainingOptions {
        seed: arguments.seed,
        blank_epochs: arguments.blank_epochs,
        translation_epochs: arguments.epochs,
        ..TrainingOptions::default()
    };
    let mut pairs = read_corpus(&arguments.corpus)?;
    let understanding = Understanding::new(Lexicon::core_with(&arguments.packs)?);
    session::draft(&mut pairs, &understanding)?;
    let mut trainer = Trainer::new(pairs, &common_characters(), BlankConfig::small, options)?;
    let resumed = trainer.resume(&arguments.state)?;
    let (all, done) = trainer.epochs();
    say!(
        "{} parameters, {all} epochs{}",
        trainer.parameters(),
        if resumed { format!(", {done} of them done before") } else { String::new() }
    );
    let begin = Instant::now();
    loop {
        let mut progress: Option<Progress> = None;
        let report =
            trainer.epoch(|step| progress.get_or_insert_with(|| Progress::new("steps", step.steps as u64)).tick())?;
        if let Some(progress) = progress {
            progress.finish();
        }
        let Some(report) = report else { break };
        trainer.save_state(&arguments.state)?;
        say!(
            "epoch {} of {all} ({:?}): loss {:.3}, dev {:.3} nats a token, {:.0} s in all",
            report.epoch,
            report.stage,
            report.loss,
            report.dev_loss,
            begin.elapsed().as_secs_f64()
        );
    }
    trainer.export(&arguments.output)?;
    say!("{}: {:.1} MB", arguments.output.display(), std::fs::metadata(&arguments.output)?.len() as f64 / 1e6);
    Ok(())
}
