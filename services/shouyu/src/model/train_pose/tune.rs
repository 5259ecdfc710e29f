//! Fine-tuning the pose head on recordings of a signer.

use std::{path::Path, sync::Arc};

use lexicon::Lexicon;
use motion::{
    Head,
    head::{
        OUTPUTS, PoseNetwork, Teacher, TeacherOptions,
        measure::{Comparison, PoseTrack, compare},
        train::{Lesson, PoseTrainer, TrainingOptions},
    },
};
use session::{PoseClip, WholeFile, corpus_sentences, pose_clips};
use understanding::Understanding;

use crate::{args::model::TrainPoseArguments, output::say, progress::Progress};

/// One recording in so many is kept aside.
const ASIDE: usize = 4;
/// Each recording's lesson is taken so many times for each that is rehearsed.
const TIMES: usize = 4;

pub(super) fn run(arguments: &TrainPoseArguments, folder: &Path) -> anyhow::Result<()> {
    let understanding = Understanding::new(Lexicon::core_with(&arguments.packs)?);
    let body = Arc::new(body::Body::read(&body::default_avatar_path()?)?);
    let options =
        TeacherOptions { starts: arguments.starts, trials: arguments.trials, seed: arguments.seed, pace_alone: false };
    let teacher = Teacher::new(body, options)?;
    let found = pose_clips(folder, understanding.lexicon(), &teacher)?;
    found.complaints.iter().for_each(|complaint| say!("{complaint}"));
    let before = match &arguments.from {
        Some(path) => Arc::new(PoseNetwork::open(path)?),
        None => PoseNetwork::embedded()?,
    };
    let is_aside = |index: usize| found.clips.len() >= ASIDE && index % ASIDE == ASIDE - 1;
    let (aside, learnt): (Vec<_>, Vec<_>) = found.clips.iter().enumerate().partition(|(index, _)| is_aside(*index));
    say!("{} recordings to learn from, {} kept aside", learnt.len(), aside.len());

    let mut progress = Progress::new("outputs", OUTPUTS as u64);
    let recordings: Vec<_> = learnt.iter().map(|(_, clip)| (&clip.sentence, &clip.recording)).collect();
    let (style, [without, with]) = teacher.style(&recordings, &before, || progress.tick())?;
    progress.finish();
    say!("what this signer does everywhere: unlikeness {without:.2} without it, {with:.2} with it");
    let mut lessons = Vec::new();
    let mut progress = Progress::new("recordings", learnt.len() as u64);
    for (salt, (index, clip)) in (1..).zip(&learnt) {
        let solution = teacher.imitate((&clip.sentence, &clip.recording), &before, &style, salt)?;
        let lesson = Lesson::new(format!("recording {index}"), solution);
        say!(
            "{}: unlikeness {:.2} as planned, {:.2} as imitated",
            clip.clip.path.display(),
            lesson.costs[0],
            lesson.costs[1]
        );
        lessons.push(lesson);
        progress.tick();
    }
    progress.finish();
    let rehearsed = corpus_sentences(&arguments.corpus, "train", arguments.sentences, &understanding)?;
    let mut all = Vec::new();
    for (id, sentence) in &rehearsed {
        all.push(Lesson { id: id.clone(), examples: teacher.rehearse(sentence, &before, &style)?, costs: [0.0; 2] });
    }
    let times = (rehearsed.len() / lessons.len().max(1)).clamp(1, TIMES);
    (0..times).for_each(|_| all.extend(lessons.iter().cloned()));

    let options = TrainingOptions { seed: arguments.seed, epochs: arguments.epochs, ..TrainingOptions::default() };
    // What was learnt is rehearsed as it is believed, so that every output can be believed from now on.
    let leaning = PoseNetwork::clone(&before).leaning(&style);
    let mut trainer = PoseTrainer::new(&all, Some(&leaning), options)?;
    let mut progress = Progress::new("epochs", u64::from(arguments.epochs));
    while trainer.epoch()?.is_some() {
        progress.tick();
    }
    progress.finish();
    let notes = format!("{}; fine-tuned on {} recordings, {} epochs", before.notes(), learnt.len(), arguments.epochs);
    let network = trainer.network(&notes)?.with_gain(&[1.0; OUTPUTS]);
    if aside.is_empty() {
        say!("fewer than {ASIDE} recordings: none is kept aside, nothing is measured");
    } else {
        let clips: Vec<&PoseClip> = aside.iter().map(|(_, clip)| *clip).collect();
        for (name, head) in [
            ("as planned", Head::Analytic),
            ("before", Head::Neural(Arc::clone(&before))),
            ("fine-tuned", Head::Neural(Arc::new(network.clone()))),
        ] {
            let Comparison { distances, speed, .. } = distance(&teacher, &clips, &head)?;
            say!(
                "recordings kept aside, {name}: hands {:.1}, body {:.1}, face {:.1} ‰; wrists' speed {speed:.3} /s; time {:.0} %",
                distances.hands,
                distances.body,
                distances.face,
                100.0 * time(&teacher, &clips, &head)?,
            );
        }
    }
    let mut file = WholeFile::create(&arguments.output)?;
    file.write(&network.to_bytes()?)?;
    file.keep()?;
    say!("{}: version {}", arguments.output.display(), network.version());
    Ok(())
}

fn tracks(teacher: &Teacher, clips: &[&PoseClip], head: &Head) -> anyhow::Result<Vec<PoseTrack>> {
    let mut tracks = Vec::with_capacity(clips.len());
    for clip in clips {
        let (frames, _) = teacher.motion(&clip.sentence, head)?;
        tracks.push(PoseTrack::of(teacher.body(), &frames));
    }
    Ok(tracks)
}

fn distance(teacher: &Teacher, clips: &[&PoseClip], head: &Head) -> anyhow::Result<Comparison> {
    let references: Vec<PoseTrack> = clips.iter().map(|clip| clip.recording.track().clone()).collect();
    Ok(compare(&tracks(teacher, clips, head)?, &references))
}

/// How long the motions are, as a share of the recordings.
fn time(teacher: &Teacher, clips: &[&PoseClip], head: &Head) -> anyhow::Result<f64> {
    let made: f64 = tracks(teacher, clips, head)?.iter().map(PoseTrack::secs).sum();
    let recorded: f64 = clips.iter().map(|clip| clip.recording.track().secs()).sum();
    Ok(made / recorded.max(1e-3))
}
