//! The one command that makes the pose head: the teacher's lessons, then the network.

mod tune;

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::Context as _;
use lexicon::Lexicon;
use motion::head::{
    PoseNetwork, Teacher, TeacherOptions,
    train::{
        Lesson, LessonSet, PoseTrainer, Practice, PracticeOptions, Practised, TrainingOptions, believe, measurements,
    },
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
    say!("{} sentences on {} bodies", lessons.len(), bodies.len());

    let options =
        TeacherOptions { starts: arguments.starts, trials: arguments.trials, seed: arguments.seed, pace_alone: true };
    let teachers: Vec<Teacher> =
        bodies.into_iter().map(|body| Teacher::new(body, options)).collect::<Result<_, _>>()?;
    let teacher = teachers.first().context("there is no body")?;
    let network = match &arguments.from {
        Some(path) => PoseNetwork::open(path)?,
        None => believed(taught(arguments, &teachers, &lessons)?, teacher, &judged, "as taught")?,
    };
    let network = practise(arguments, network, &teachers, &lessons)?;
    let network = believed(network, teacher, &judged, "as practised")?;
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

/// A network that has learnt what the teacher makes of some of the sentences.
fn taught(arguments: &TrainPoseArguments, teachers: &[Teacher], lessons: &[PoseLesson]) -> anyhow::Result<PoseNetwork> {
    let taught = spread(lessons, arguments.taught);
    let mut set = LessonSet::open(&arguments.state.join("set.jsonl"))?;
    let mut pupil: Option<Arc<PoseNetwork>> = None;
    let mut last = None;
    let each = taught.len().div_ceil(arguments.passes as usize).max(1);
    for (pass, part) in taught.chunks(each).enumerate() {
        teach(&mut set, teachers, part, pupil.as_ref(), arguments.threads)?;
        let done = (pass + 1) * each;
        let learnt = learn(arguments, &set.lessons()[..done.min(set.lessons().len())], pass)?;
        last = Some(learnt.0.clone());
        pupil = learnt.1.then(|| Arc::new(learnt.0));
    }
    last.context("nothing was taught: give --taught, or --from a head that practises")
}

/// At most `count` of them, spread over all kinds and bodies.
fn spread(lessons: &[PoseLesson], count: usize) -> Vec<&PoseLesson> {
    /// Shares no factor with most counts, so that none comes twice and no rhythm of the lessons is met.
    const STRIDE: usize = 7919;
    if lessons.len().is_multiple_of(STRIDE) {
        return lessons.iter().take(count).collect();
    }
    (0..count.min(lessons.len())).map(|index| &lessons[index * STRIDE % lessons.len()]).collect()
}

/// The teacher solves what is not in the set yet, several lessons at once.
fn teach(
    set: &mut LessonSet,
    teachers: &[Teacher],
    lessons: &[&PoseLesson],
    pupil: Option<&Arc<PoseNetwork>>,
    threads: usize,
) -> anyhow::Result<()> {
    let mut progress = Progress::new("lessons", lessons.len() as u64);
    let mut costs = [0.0; 2];
    let salted: Vec<(u64, &PoseLesson)> = (1..).zip(lessons.iter().copied()).collect();
    for some in salted.chunks(threads.max(1)) {
        let solve = |salt: u64, lesson: &PoseLesson| -> anyhow::Result<Lesson> {
            let teacher = teachers.get(lesson.body).context("a lesson is for a body that there is not")?;
            Ok(Lesson::new(lesson.id.clone(), teacher.solve(&lesson.sentence, salt, pupil)?))
        };
        let solved: Vec<anyhow::Result<Lesson>> = std::thread::scope(|scope| {
            let unknown = some.iter().filter(|(_, lesson)| !set.has(&lesson.id));
            let spawned: Vec<_> = unknown.map(|(salt, lesson)| scope.spawn(|| solve(*salt, lesson))).collect();
            spawned
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for lesson in solved {
            set.add(lesson?)?;
        }
        for (_, lesson) in some {
            if let Some(known) = set.lessons().iter().find(|known| known.id == lesson.id) {
                costs.iter_mut().zip(known.costs).for_each(|(sum, cost)| *sum += cost);
            }
            progress.tick();
        }
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

/// The network with what is believed of it, by what development sentences cost.
fn believed(
    network: PoseNetwork,
    teacher: &Teacher,
    judged: &[SignSentence],
    when: &str,
) -> anyhow::Result<PoseNetwork> {
    let mut progress = Progress::new("measurements", measurements() as u64);
    let (network, [analytic, found]) = believe(network, teacher, judged, || progress.tick())?;
    progress.finish();
    say!("{} development sentences, {when}: cost {analytic:.3} as planned, {found:.3} with the head", judged.len());
    say!("gains: {:?}", network.gain());
    Ok(network)
}

/// The network practises on all sentences.
fn practise(
    arguments: &TrainPoseArguments,
    network: PoseNetwork,
    teachers: &[Teacher],
    lessons: &[PoseLesson],
) -> anyhow::Result<PoseNetwork> {
    /// Updates between two states on disk, and between two lines.
    const SAVED_EVERY: u32 = 10;
    const SAID_EVERY: u32 = 50;
    const NAME: &str = "practice";
    let options = PracticeOptions { seed: arguments.seed, updates: arguments.practice, ..PracticeOptions::default() };
    let sentences: Vec<Practised<'_>> =
        lessons.iter().map(|lesson| Practised { teacher: lesson.body, sentence: &lesson.sentence }).collect();
    let mut practice = Practice::new(&network, options)?;
    practice.resume(&arguments.state, NAME)?;
    let (all, done) = practice.updates();
    let mut progress = Progress::new("updates", u64::from(all));
    (0..done).for_each(|_| progress.tick());
    let mut costs = Vec::new();
    while let Some(report) = practice.update(teachers, &sentences, arguments.threads)? {
        costs.push(report.cost);
        progress.tick();
        if report.update.is_multiple_of(SAVED_EVERY) || report.update == all {
            practice.save_state(&arguments.state, NAME)?;
        }
        if report.update.is_multiple_of(SAID_EVERY) {
            say!("update {}: sentences cost {:.3}", report.update, costs.iter().sum::<f64>() / costs.len() as f64);
            costs.clear();
        }
    }
    progress.finish();
    let notes = match &arguments.from {
        Some(_) => format!("{}; then --practice {} --seed {}", network.notes(), arguments.practice, arguments.seed),
        None => network.notes().to_owned(),
    };
    Ok(practice.network(&notes)?)
}

fn notes(arguments: &TrainPoseArguments, lessons: usize) -> String {
    let TrainPoseArguments {
        sentences,
        signs,
        letters,
        invented,
        taught,
        passes,
        starts,
        trials,
        epochs,
        practice,
        seed,
        ..
    } = arguments;
    let corpus = Path::new(arguments.corpus.file_name().unwrap_or_default()).display();
    format!(
        "train-pose {corpus} --sentences {sentences} --signs {signs} --letters {letters} --invented {invented} --taught \
         {taught} --passes {passes} --starts {starts} --trials {trials} --epochs {epochs} --practice {practice} --width {} --judged {} --seed {seed}; {lessons} \
         lessons, motion {}",
        arguments.width,
        arguments.judged,
        env!("CARGO_PKG_VERSION")
    )
}
