//! `shouyu eval pose`: motion as planned, as learnt, and as the teacher finds it, or against recordings.

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use body::Body;
use lexicon::Lexicon;
use motion::{
    Head,
    head::{
        PoseNetwork, Solution, Tally, Teacher, TeacherOptions,
        measure::{Comparison, PoseTrack, compare},
        score,
    },
};
use session::{corpus_sentences, pose_clips};
use signing::SignSentence;
use understanding::Understanding;

use crate::{args::pose::EvalPoseArguments, output::say, progress::Progress};

pub(crate) fn run(arguments: &EvalPoseArguments) -> anyhow::Result<ExitCode> {
    let understanding = Understanding::new(Lexicon::core_with(&arguments.packs)?);
    let network = match &arguments.weights {
        Some(path) => Arc::new(PoseNetwork::open(path)?),
        None => PoseNetwork::embedded()?,
    };
    let avatar = match &arguments.avatar {
        Some(path) => path.clone(),
        None => body::default_avatar_path()?,
    };
    let body = Arc::new(Body::read(&avatar)?);
    let options =
        TeacherOptions { starts: arguments.starts, trials: arguments.trials, seed: arguments.seed, pace_alone: false };
    let teacher = Teacher::new(Arc::clone(&body), options)?;
    let neural = Head::Neural(network);
    say!("heads: {}, {neural}", Head::Analytic);
    match (&arguments.pose_data, &arguments.file) {
        (Some(folder), _) => {
            let found = pose_clips(folder, understanding.lexicon(), &teacher)?;
            found.complaints.iter().for_each(|complaint| say!("{complaint}"));
            let sentences: Vec<SignSentence> = found.clips.iter().map(|clip| clip.sentence.clone()).collect();
            let references: Vec<PoseTrack> = found.clips.iter().map(|clip| clip.recording.track().clone()).collect();
            against_recordings(&teacher, &neural, &sentences, &references)?;
        }
        (None, Some(file)) => {
            let count = usize::from(arguments.sentences);
            let found = corpus_sentences(file, &arguments.split, count, &understanding)?;
            anyhow::ensure!(!found.is_empty(), "{}: no sentence of the split “{}”", file.display(), arguments.split);
            let sentences: Vec<SignSentence> = found.into_iter().map(|(_, sentence)| sentence).collect();
            against_the_teacher(&teacher, options, &neural, &sentences, arguments.show)?;
        }
        (None, None) => anyhow::bail!("give a corpus, or --pose-data DIR"),
    }
    Ok(ExitCode::SUCCESS)
}

/// One head's motions.
#[derive(Default)]
struct Made {
    tally: Tally,
    tracks: Vec<PoseTrack>,
    spent: Duration,
}

impl Made {
    fn add(&mut self, teacher: &Teacher, sentence: &SignSentence, head: &Head) -> anyhow::Result<f64> {
        let begin = Instant::now();
        let (frames, report) = teacher.motion(sentence, head)?;
        self.spent += begin.elapsed();
        let score = score(teacher.body(), &frames, &report);
        self.tally.add(&score, sentence.tokens.len(), frames.len());
        self.tracks.push(PoseTrack::of(teacher.body(), &frames));
        Ok(score.total())
    }
}

fn against_the_teacher(
    teacher: &Teacher,
    options: TeacherOptions,
    neural: &Head,
    sentences: &[SignSentence],
    show: bool,
) -> anyhow::Result<()> {
    let other = Teacher::new(Arc::clone(teacher.body()), TeacherOptions { seed: options.seed + 1, ..options })?;
    let (mut planned, mut learnt, mut taught, mut again) =
        (Made::default(), Made::default(), Made::default(), Made::default());
    let mut progress = Progress::new("sentences", sentences.len() as u64);
    let mut searched = Duration::ZERO;
    for (salt, sentence) in (1..).zip(sentences) {
        let solve = |teacher: &Teacher| -> anyhow::Result<(Solution, Duration)> {
            let begin = Instant::now();
            Ok((teacher.solve(sentence, salt, None)?, begin.elapsed()))
        };
        let (found, second) = std::thread::scope(|scope| {
            let second = scope.spawn(|| solve(&other));
            (solve(teacher), second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let ((found, took), (second, _)) = (found?, second?);
        searched += took;
        let costs = [
            planned.add(teacher, sentence, &Head::Analytic)?,
            learnt.add(teacher, sentence, neural)?,
            taught.add(teacher, sentence, &found.head())?,
        ];
        again.add(teacher, sentence, &second.head())?;
        if show {
            let name: Vec<&str> = sentence.tokens.iter().map(|token| token.gloss.as_str()).collect();
            say!("{}: analytic {:.2}, neural {:.2}, teacher {:.2}", name.join(" "), costs[0], costs[1], costs[2]);
        }
        progress.tick();
    }
    progress.finish();
    say!("");
    say!("{}; means a sentence, each sampled at {} frames a second", sentences.len(), Teacher::config().rate);
    say!("head      {}  ms a frame", Tally::HEADINGS);
    for (name, made, spent) in
        [("analytic", &planned, planned.spent), ("neural", &learnt, learnt.spent), ("teacher", &taught, searched)]
    {
        let each = spent.as_secs_f64() * 1e3 / made.tally.frames().max(1) as f64;
        say!("{name:<9} {}  {each:.3}", made.tally);
    }
    say!("");
    say!("cost by part");
    for (name, made) in [("analytic", &planned), ("neural", &learnt), ("teacher", &taught)] {
        say!("{name:<9} {}", made.tally.parts());
    }
    say!("");
    say!("distance to the teacher{COMPARED}");
    show_comparison("analytic", &compare(&planned.tracks, &taught.tracks));
    show_comparison("neural", &compare(&learnt.tracks, &taught.tracks));
    show_comparison("ceiling", &compare(&again.tracks, &taught.tracks));
    say!("ceiling: the teacher's own motions from another seed");
    Ok(())
}

/// Recordings of the same glosses against each other are the ceiling.
fn against_recordings(
    teacher: &Teacher,
    neural: &Head,
    sentences: &[SignSentence],
    references: &[PoseTrack],
) -> anyhow::Result<()> {
    let (mut planned, mut learnt) = (Made::default(), Made::default());
    for sentence in sentences {
        planned.add(teacher, sentence, &Head::Analytic)?;
        learnt.add(teacher, sentence, neural)?;
    }
    say!("");
    say!("distance to {} recordings{COMPARED}", references.len());
    show_comparison("analytic", &compare(&planned.tracks, references));
    show_comparison("neural", &compare(&learnt.tracks, references));
    let glosses =
        |sentence: &SignSentence| -> Vec<String> { sentence.tokens.iter().map(|token| token.gloss.clone()).collect() };
    let (mut takes, mut others) = (Vec::new(), Vec::new());
    for (index, sentence) in sentences.iter().enumerate() {
        let other = (index + 1..sentences.len()).find(|&other| glosses(&sentences[other]) == glosses(sentence));
        if let Some(other) = other {
            takes.push(references[index].clone());
            others.push(references.get(other).context("a recording without a track")?.clone());
        }
    }
    if takes.is_empty() {
        say!("ceiling: none; no two recordings are of the same glosses");
    } else {
        show_comparison("ceiling", &compare(&takes, &others));
        say!("ceiling: {} pairs of recordings of the same glosses", takes.len());
    }
    Ok(())
}

/// What [`show_comparison`] prints.
const COMPARED: &str =
    ": hands, body, face (‰); wrists' speed and jerk (Wasserstein); Fréchet; diversity; follows its text";

fn show_comparison(name: &str, compared: &Comparison) {
    let Comparison { distances, speed, jerk, frechet, diversity, follows } = compared;
    let follows = follows.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
    say!(
        "{name:<9} {:>6.1} {:>6.1} {:>6.1}   {speed:.3} /s {jerk:.1} /s³   {frechet:.4}   {:.1}   {follows}",
        distances.hands,
        distances.body,
        distances.face,
        diversity.hands,
    );
}
