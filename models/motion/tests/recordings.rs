//! Recordings of a signer: found in time, imitated, learnt from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests state what they expect")]

mod common;

use std::sync::Arc;

use common::*;
use motion::{
    Head, MotionConfig,
    head::{
        NetworkConfig, OUTPUTS, PoseNetwork, Recording, Shape, Teacher, TeacherOptions,
        measure::{PoseTrack, compare},
        train::{Lesson, PoseTrainer, TrainingOptions},
    },
    sign_all_as,
};
use signing::*;

/// A signer who takes more time and holds the elbows out.
fn style() -> Shape {
    let mut numbers = [0.0; OUTPUTS];
    numbers[..4].copy_from_slice(&[0.8, 0.9, 0.8, 0.8]);
    (numbers[11], numbers[23]) = (0.9, 0.9);
    Shape::new(numbers)
}

fn rows() -> Vec<SignSentence> {
    let tokens = ordinary().tokens;
    let row = |order: &[usize]| {
        let mut tokens: Vec<SignToken> = order.iter().map(|&index| tokens[index].clone()).collect();
        tokens.iter_mut().for_each(|token| token.boundary = None);
        tokens.last_mut().unwrap().boundary = Some(Boundary::Sentence);
        sentence(tokens)
    };
    vec![row(&[0, 1, 2]), row(&[2, 3, 0]), row(&[1, 0, 3]), row(&[3, 2, 1])]
}

/// What a camera at another rate sees of that signer.
fn recorded(sentence: &SignSentence) -> Vec<PoseFrame> {
    let config = MotionConfig { rate: FrameRate::new(30, 1).unwrap(), ..config() };
    let head = Head::Given(vec![style(); 16].into());
    sign_all_as(&avatar(), config, &head, std::slice::from_ref(sentence)).unwrap().0
}

fn teacher() -> Teacher {
    Teacher::new(avatar(), TeacherOptions { starts: 1, trials: 8, seed: 1, pace_alone: false }).unwrap()
}

#[test]
fn signs_are_found_where_they_are_and_other_glosses_are_refused() {
    let teacher = teacher();
    let sentence = &rows()[0];
    let recording = teacher.align(sentence, &recorded(sentence)).unwrap().unwrap();
    let config = MotionConfig { rate: FrameRate::new(30, 1).unwrap(), ..config() };
    let head = Head::Given(vec![style(); 16].into());
    let (_, truth) = sign_all_as(&avatar(), config, &head, std::slice::from_ref(sentence)).unwrap();
    for time in &truth.timeline.tokens {
        let (from, to) = recording.token(time.token).unwrap();
        let off = (from - time.start.as_secs()).abs().max((to - time.end.as_secs()).abs());
        assert!(off < 0.25, "token {}: {from}–{to} s is not {:?}", time.token, time);
    }
    // Hands that stay overhead all the time sign something else.
    let mut still = recorded(sentence);
    for frame in &mut still {
        frame.rotations[Bone::LeftUpperArm.index()] = glam::Quat::from_rotation_z(1.4);
        frame.rotations[Bone::RightUpperArm.index()] = glam::Quat::from_rotation_z(-1.4);
        frame.rotations[Bone::LeftLowerArm.index()] = glam::Quat::IDENTITY;
        frame.rotations[Bone::RightLowerArm.index()] = glam::Quat::IDENTITY;
    }
    let mismatch = teacher.align(sentence, &still).unwrap().unwrap_err();
    assert!(mismatch.to_string().contains("don't fit"), "{mismatch}");
    assert!(teacher.align(sentence, &[]).unwrap().is_err());
}

#[test]
fn learning_from_some_recordings_brings_others_of_that_signer_nearer() {
    let teacher = teacher();
    let config = NetworkConfig::of(16);
    let zeros = config.tensors().into_iter().map(|(name, shape)| {
        let count = shape.iter().product::<usize>();
        (0..count).map(|at| if name == "gain" { 1.0 } else { ((at * 37 % 101) as f32 / 101.0 - 0.5) * 0.2 }).collect()
    });
    let before = Arc::new(PoseNetwork::from_numbers(config, String::new(), zeros.collect()).unwrap());
    let (aside, learnt) = rows().split_last().map(|(last, rest)| (last.clone(), rest.to_vec())).unwrap();
    let recordings: Vec<Recording> =
        learnt.iter().map(|sentence| teacher.align(sentence, &recorded(sentence)).unwrap().unwrap()).collect();
    let pairs: Vec<_> = learnt.iter().zip(&recordings).collect();
    let mut done = 0;
    let (style, [without, with]) = teacher.style(&pairs, &before, || done += 1).unwrap();
    assert!(with < 0.9 * without && done == OUTPUTS, "{without} {with} {done}");
    let lessons: Vec<Lesson> = (0..)
        .zip(&pairs)
        .map(|(salt, pair)| {
            let solution = teacher.imitate(*pair, &before, &style, salt).unwrap();
            assert!(solution.found.total() < solution.analytic.total());
            Lesson::new(salt.to_string(), solution)
        })
        .collect();
    let options = TrainingOptions { epochs: 40, batch: 3, rate: 1e-2, ..TrainingOptions::default() };
    let leaning = PoseNetwork::clone(&before).leaning(&style);
    let mut trainer = PoseTrainer::new(&lessons, Some(&leaning), options).unwrap();
    while trainer.epoch().unwrap().is_some() {}
    let after = trainer.network("").unwrap();

    let reference = [PoseTrack::of(&avatar(), &recorded(&aside))];
    let measured = |head: &Head| {
        let (frames, _) = teacher.motion(&aside, head).unwrap();
        let track = PoseTrack::of(&avatar(), &frames);
        let longer = (track.secs() / reference[0].secs()).ln().abs();
        (compare(&[track], &reference).distances.whole(), longer)
    };
    let (far, other_time) = measured(&Head::Neural(before));
    let (near, nearer_time) = measured(&Head::Neural(Arc::new(after)));
    println!("whole {far} → {near}, time {other_time} → {nearer_time}");
    assert!(near < far, "{near} is not nearer than {far}");
    assert!(nearer_time < other_time, "{nearer_time} {other_time}");
}
