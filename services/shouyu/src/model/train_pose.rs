//! The one command that makes the pose head: the teacher's lessons, then the network.

mod tune;

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::Context as _;
use lexicon::Lexicon;
use motion::head::{
    PoseNetwork, Teacher, TeacherOptions,
    train::{Lesson, LessonSet, PoseTrainer, TrainingOptions, believe, measurements},
};
use session::{PoseLesson, PoseLessons, WholeFile, corpus_sentences, pose_bodies, pose_lessons};
use signing::SignSentence;
use understanding::Understanding;

use crate::{args::model::TrainPoseArguments, output::say, progress::Progress};

pub(super) fn run(arguments: &TrainPoseArguments) -> anyhow::Result<()> {
    if let Some(folder) = &arguments.pose_data {
        return tune::run(arguments, folder);
    }
    let begin = Instant::now();
    let understanding = Understanding::new(Lexicon::core_with(&arguments.packs)?);
    let counts = PoseLessons {
        corpus: arguments.sentences,
        signs: arguments.signs,
        letters: arguments.letters,
        invented: arguments.invented,
        seed: arguments.seed,
    };
    let bodies = pose_bodies()?;
    let lessons = pose_lessons(counts, &arguments.corpus, &understanding, bodies.len())?;
    let judged: Vec<SignSentence> = corpus_sentences(&arguments.corpus, "dev", arguments.judged, &understanding)?
        .into_iter()
        .map(|(_, sentence)| sentence)
        .collect();
    anyhow::ensure!(!lessons.is_empty(), "there is nothing to learn from: give --sentences, --signs or --invented");
    std::fs::create_dir_all(&arguments.state).with_context(|| format!("cannot make {}", arguments.state.display()))?;
    say!("{} lessons on {} bodies", lessons.len(), bodies.len());

    let options = TeacherOptions { starts: arguments.starts, trials: arguments.trials, seed: arguments.seed };
    let teachers: Vec<Teacher> =
        bodies.into_iter().map(|body| Teacher::new(body, options)).collect::<Result<_, _>>()?;
    let mut set = LessonSet::open(&arguments.state.join("set.jsonl"))?;
    let mut pupil: Option<Arc<PoseNetwork>> = None;
    let mut last = None;
    let each = lessons.len().div_ceil(arguments.passes as usize);
    for (pass, part) in lessons.chunks(each).enumerate() {
        teach(&mut set, &teachers, part, pupil.as_ref())?;
        let done = (pass + 1) * each;
        let learnt = learn(arguments, &set.lessons()[..done.min(set.lessons().len())], pass)?;
        last = Some(learnt.0.clone());
        pupil = learnt.1.then(|| Arc::new(learnt.0));
    }
    let last = last.context("no pass was made")?;
    let mut progress = Progress::new("measurements", measurements() as u64);
    let teacher = teachers.first().context("there is no body")?;
    let (network, [analytic, found]) = believe(last, teacher, &judged, || progress.tick())?;
    progress.finish();
    say!("{} development sentences: cost {analytic:.3} as planned, {found:.3} with the head", judged.len());
    say!("gains: {:?}", network.gain());
    let mut file = WholeFile::create(&arguments.output)?;
    file.write(&network.to_bytes()?)?;
    file.keep()?;
    say!(
        "{}: {} numbers, version {}, {:.0} s in all",
        arguments.output.display(),
        network.parameters(),
        network.version(),
        begin.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The teacher solves what is not in the set yet.
fn teach(
    set: &mut LessonSet,
    teachers: &[Teacher],
    lessons: &[PoseLesson],
    pupil: Option<&Arc<PoseNetwork>>,
) -> anyhow::Result<()> {
    let mut progress = Progress::new("lessons", lessons.len() as u64);
    let mut costs = [0.0; 2];
    for (salt, lesson) in (1..).zip(lessons) {
        if !set.has(&lesson.id) {
            let teacher = teachers.get(lesson.body).context("a lesson is for a body that there is not")?;
            let solution = teacher.solve(&lesson.sentence, salt, pupil)?;
            set.add(Lesson::new(lesson.id.clone(), solution))?;
        }
        if let Some(known) = set.lessons().iter().find(|known| known.id == lesson.id) {
            costs.iter_mut().zip(known.costs).for_each(|(sum, cost)| *sum += cost);
        }
        progress.tick();
    }
    progress.finish();
    say!("{} lessons: cost {:.1} as planned, {:.1} as the teacher has it", lessons.len(), costs[0], costs[1]);
    Ok(())
}

/// The network learns all lessons so far; and whether it gives more than nothing on those that it has not learnt, so that
/// the teacher may start from it.
fn learn(arguments: &TrainPoseArguments, lessons: &[Lesson], pass: usize) -> anyhow::Result<(PoseNetwork, bool)> {
    let options = TrainingOptions {
        seed: arguments.seed,
        width: arguments.width,
        epochs: arguments.epochs,
        ..TrainingOptions::default()
    };
    let name = format!("pass{}", pass + 1);
    let mut trainer = PoseTrainer::new(lessons, None, options)?;
    trainer.resume(&arguments.state, &name)?;
    let (all, done) = trainer.epochs();
    let mut progress = Progress::new("epochs", u64::from(all));
    (0..done).for_each(|_| progress.tick());
    let mut last = None;
    while let Some(report) = trainer.epoch()? {
        trainer.save_state(&arguments.state, &name)?;
        progress.tick();
        last = Some(report);
    }
    progress.finish();
    if let Some(report) = last {
        say!(
            "pass {}: loss {:.4}; on lessons kept aside {:.4} at last, {:.4} at best, giving nothing {:.4}",
            pass + 1,
            report.loss,
            report.aside,
            report.best,
            report.nothing
        );
    }
    Ok((trainer.network(&notes(arguments, lessons.len()))?, trainer.helps()?))
}

fn notes(arguments: &TrainPoseArguments, lessons: usize) -> String {
    let TrainPoseArguments { sentences, signs, letters, invented, passes, starts, trials, epochs, seed, .. } =
        arguments;
    let corpus = Path::new(arguments.corpus.file_name().unwrap_or_default()).display();
    format!(
        "train-pose {corpus} --sentences {sentences} --signs {signs} --letters {letters} --invented {invented} --passes \
         {passes} --starts {starts} --trials {trials} --epochs {epochs} --width {} --judged {} --seed {seed}; {lessons} \
         lessons, motion {}",
        arguments.width,
        arguments.judged,
        env!("CARGO_PKG_VERSION")
    )
}
