//! The pose head: identity without it, the next sign and no further with it, and projection behind it whatever it says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unreachable,
    clippy::print_stdout,
    reason = "tests state what they expect"
)]

mod common;

use std::sync::Arc;

use common::*;
use motion::{
    Head, HeadChoice, MotionConfig, Signer,
    check::{Kind, check},
    head::{
        FEATURES, Features, NetworkConfig, PoseNetwork, Shape, Teacher, TeacherOptions, score,
        train::{Practice, PracticeOptions, Practised},
    },
    sign_all, sign_all_as,
};
use signing::*;

/// A network of random weights that says much.
fn strong() -> Head {
    let config = NetworkConfig::of(16);
    let mut state = 1_u64;
    let mut number = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    let tensors = config.tensors().into_iter().map(|(name, shape)| {
        let count = shape.iter().product();
        (0..count).map(|_| if name == "gain" { 1.0 } else { number() }).collect()
    });
    Head::Neural(Arc::new(PoseNetwork::from_numbers(config, "random".to_owned(), tensors.collect()).unwrap()))
}

fn given(shapes: &[Shape]) -> Head {
    Head::Given(shapes.into())
}

#[test]
fn nothing_given_is_planning_bit_for_bit() {
    let (analytic, _) = sign_all(&avatar(), config(), &[ordinary(), ordinary()]).unwrap();
    let (given, _) = sign_all_as(&avatar(), config(), &given(&[]), &[ordinary(), ordinary()]).unwrap();
    assert!(analytic == given);
    let (other, _) = sign_all_as(&avatar(), config(), &strong(), &[ordinary(), ordinary()]).unwrap();
    assert!(analytic != other, "a head that says something is heard");
}

#[test]
fn stepping_with_a_network_gives_the_frames_of_the_whole_however_late_sentences_come() {
    let head = strong();
    let sentences = [ordinary(), ordinary(), ordinary()];
    let (whole, _) = sign_all_as(&avatar(), config(), &head, &sentences).unwrap();
    let mut signer = Signer::with_head(&avatar(), config(), &head).unwrap();
    signer.push(sentences[0].clone()).unwrap();
    signer.push(sentences[1].clone()).unwrap();
    let mut last = Some(sentences[2].clone());
    for (index, frame) in whole.iter().enumerate() {
        // The third comes while the first is being signed.
        if index == 10 {
            signer.push(last.take().unwrap()).unwrap();
        }
        assert_eq!(&signer.step(), frame, "frame {index}");
    }
}

#[test]
fn a_network_sees_the_next_sign_and_none_behind_it() {
    let head = strong();
    let plain = |mut sentence: SignSentence| {
        sentence.tokens.iter_mut().for_each(|token| token.boundary = None);
        sentence
    };
    let tokens: Vec<SignToken> = ordinary().tokens;
    let [you, big, think, want] = <[SignToken; 4]>::try_from(tokens).unwrap();
    let row = |last: &SignToken, third: &SignToken| {
        plain(sentence(vec![you.clone(), big.clone(), third.clone(), last.clone()]))
    };
    let made =
        |sentence: &SignSentence| sign_all_as(&avatar(), config(), &head, std::slice::from_ref(sentence)).unwrap();
    let (usual, report) = made(&row(&want, &think));
    // What is cleared ahead may look a little past a token's end.
    let until = |token: usize| {
        let end = report.timeline.tokens[token].end.as_secs() - 0.3;
        usual.iter().take_while(|frame| frame.time.as_secs() < end).count()
    };
    let (other_last, _) = made(&row(&you, &think));
    assert_eq!(usual[..until(1)], other_last[..until(1)], "the second sign does not know the fourth");
    let (other_third, _) = made(&row(&want, &big));
    assert_ne!(usual[..until(1)], other_third[..until(1)], "the second sign knows the third");
}

#[test]
fn a_citation_form_is_what_the_dictionary_shows_whatever_the_head() {
    let form = touch(HandPart::Palm, BodySite::Chest, Lateral::Centre);
    let of = |head| motion::sign_form(&avatar(), MotionConfig { head, ..config() }, &form).unwrap();
    assert!(of(HeadChoice::Analytic).frames == of(HeadChoice::Neural).frames);
}

#[test]
fn wild_shapes_lead_little_deeper_than_planning_does() {
    let config = MotionConfig { rate: FrameRate::new(100, 1).unwrap(), ..config() };
    let mut state = 7_u64;
    let mut number = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut most = [0.0_f32; SLACK.len()];
    for text in SENTENCES {
        let sentences = interpreted(text);
        let (usual, report) = sign_all(&avatar(), config, &sentences).unwrap();
        let usual = check(&avatar(), &usual, &report.asked);
        for extreme in [false, true, true] {
            let shapes: Vec<Shape> = (0..40)
                .map(|_| {
                    let mut number = || if extreme { number().signum() } else { number() };
                    Shape::new(std::array::from_fn(|_| number()))
                })
                .collect();
            let (frames, report) = sign_all_as(&avatar(), config, &given(&shapes), &sentences).unwrap();
            for frame in &frames {
                assert!(frame.rotations.iter().all(|turn| turn.is_finite() && turn.is_normalized()));
                assert!(frame.face.iter().all(|weight| (0.0..=1.0).contains(weight)));
            }
            let checked = check(&avatar(), &frames, &report.asked);
            for ((kind, slack), most) in SLACK.into_iter().zip(&mut most) {
                let more = checked.worst(kind).unwrap_or(0.0) - usual.worst(kind).unwrap_or(0.0).max(kind.limit());
                *most = most.max(more);
                assert!(more <= slack, "{text}: {kind:?} {more} beyond: {:?}", checked.findings);
            }
        }
    }
    println!("beyond planning at most: {:?}", SLACK.iter().zip(most).collect::<Vec<_>>());
}

/// Both hands at the face, at the body, at each other, in the air, and round each other.
const SENTENCES: [&str; 8] = [
    "你想要什么？",
    "我妈妈感冒了，去医院看医生。",
    "北京今天有雪，冰壶比赛下午三点开始。",
    "朋友们一起吃饭，很高兴。",
    "警察帮助老人过马路。",
    "我喜欢学习手语。",
    "鱼在水里游。",
    "中国运动员得了第一名，大家祝贺他。",
];

fn interpreted(text: &str) -> Vec<SignSentence> {
    static UNDERSTANDING: std::sync::OnceLock<understanding::Understanding> = std::sync::OnceLock::new();
    let understanding =
        UNDERSTANDING.get_or_init(|| understanding::Understanding::new(lexicon::Lexicon::core().unwrap()));
    understanding.interpret(&Transcript::plain(text, "zh")).unwrap().sentences
}

/// How much further than planning alone, or than limits, wild shapes may lead: millimetres, degrees for joints. Skin gives way
/// by 8 mm before any of it is counted.
const SLACK: [(Kind, f32); 6] = [
    (Kind::HandInBody, 3.0),
    (Kind::ForearmInBody, 8.0),
    (Kind::HandInHand, 3.5),
    (Kind::ArmInArm, 3.0),
    (Kind::JointLimit, 1.0),
    (Kind::Contact, 1.0),
];

#[test]
fn the_teacher_finds_what_costs_less_and_the_same_again() {
    let options = TeacherOptions { starts: 2, trials: 4, seed: 3, pace_alone: false };
    let teacher = Teacher::new(avatar(), options).unwrap();
    let found = teacher.solve(&ordinary(), 1, None).unwrap();
    assert!(found.found.total() < found.analytic.total(), "{} {}", found.found, found.analytic);
    let again = teacher.solve(&ordinary(), 1, None).unwrap();
    assert!(found == again);
    // What it says it found is what a signer makes of it.
    let measured = |head: &Head| {
        let (frames, report) = teacher.motion(&ordinary(), head).unwrap();
        score(&avatar(), &frames, &report).total()
    };
    assert!(measured(&found.head()) < measured(&Head::Analytic));
}

#[test]
fn practice_makes_sentences_cheaper_and_goes_on_where_it_stopped() {
    let teachers = [Teacher::new(avatar(), TeacherOptions::default()).unwrap()];
    let sentence = ordinary();
    let sentences = [Practised { teacher: 0, sentence: &sentence }];
    let Head::Neural(begin) = strong() else { unreachable!() };
    let options = PracticeOptions { updates: 24, batch: 4, rate: 5e-3, ..PracticeOptions::default() };
    let run = |practice: &mut Practice, updates: u32, threads: usize| {
        for _ in 0..updates {
            practice.update(&teachers, &sentences, threads).unwrap().unwrap();
        }
    };
    let mut whole = Practice::new(&begin, options).unwrap();
    run(&mut whole, 24, 1);
    assert!(whole.update(&teachers, &sentences, 1).unwrap().is_none(), "all are done");
    let network = Arc::new(whole.network("").unwrap());
    let cost = |network| teachers[0].score_of(&sentence, network).unwrap().total();
    assert!(cost(&network) < 0.9 * cost(&begin), "{} {}", cost(&network), cost(&begin));

    let folder = tempfile::tempdir().unwrap();
    let mut half = Practice::new(&begin, options).unwrap();
    run(&mut half, 10, 2);
    half.save_state(folder.path(), "practice").unwrap();
    let mut other = Practice::new(&begin, options).unwrap();
    assert!(other.resume(folder.path(), "practice").unwrap());
    run(&mut other, 14, 3);
    assert_eq!(*network, other.network("").unwrap());
    let mut longer = Practice::new(&begin, PracticeOptions { updates: 25, ..options }).unwrap();
    assert!(!longer.resume(folder.path(), "practice").unwrap(), "a state of other options is not gone on with");
    assert!(longer.update(&teachers, &[], 1).is_err());
}

#[test]
fn weights_of_another_program_are_refused_with_what_to_do() {
    let config = NetworkConfig::of(8);
    let zeros = |config: &NetworkConfig| {
        config.tensors().into_iter().map(|(_, shape)| vec![0.0; shape.iter().product()]).collect::<Vec<_>>()
    };
    let network = PoseNetwork::from_numbers(config, String::new(), zeros(&config)).unwrap();
    let bytes = network.to_bytes().unwrap();
    assert_eq!(PoseNetwork::from_bytes("own", &bytes).unwrap(), network);
    let older = NetworkConfig { features_version: config.features_version + 1, ..config };
    let older = PoseNetwork::from_numbers(older, String::new(), zeros(&config)).unwrap().to_bytes().unwrap();
    let error = PoseNetwork::from_bytes("older", &older).unwrap_err().to_string();
    assert!(error.contains("older") && error.contains("train-pose"), "{error}");
    assert!(PoseNetwork::from_bytes("short", &bytes[..40]).is_err());
    assert!(PoseNetwork::from_bytes("empty", &[]).is_err());
}

#[test]
fn the_embedded_network_is_small_fits_and_takes_any_features() {
    let network = PoseNetwork::embedded().unwrap();
    assert!(network.to_bytes().unwrap().len() < 5_000_000);
    let mut memory = network.memory();
    for value in [0.0, 1.0, -4.0, 4.0] {
        let features: Features = [value; FEATURES];
        assert!(network.step(&features, &mut memory).numbers().iter().all(|n| (-1.0..=1.0).contains(n)));
    }
}
