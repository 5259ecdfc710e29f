//! What goes over the wire comes back as it was; what is wrong is refused by name.
#![allow(clippy::unwrap_used, reason = "tests state what they expect")]

use glam::{Quat, Vec3};
use proptest::prelude::*;
use prost::Message as _;
use proto::{rate_from, rate_of, v1};
use signing::{Bone, FaceShape, Flicks, FrameRate, OutputTime, PoseFrame, SignSentence, SourceTime, Transcript};

/// Through bytes, as over a connection.
fn wired<M: prost::Message + Default>(message: &M) -> M {
    M::decode(message.encode_to_vec().as_slice()).unwrap()
}

fn pose() -> impl Strategy<Value = PoseFrame> {
    let unit = prop::array::uniform4(-1.0f32..1.0).prop_filter_map("no direction", |four| {
        let quat = Quat::from_array(four);
        (quat.length() > 0.1).then(|| quat.normalize())
    });
    (
        any::<i64>(),
        prop::array::uniform3(-2.0f32..2.0),
        prop::collection::vec(unit, Bone::COUNT),
        prop::collection::vec(0.0f32..=1.0, FaceShape::COUNT),
    )
        .prop_map(|(time, hips, rotations, face)| PoseFrame {
            time: OutputTime(Flicks(time)),
            hips: Vec3::from_array(hips),
            rotations: rotations.try_into().unwrap(),
            face: face.try_into().unwrap(),
        })
}

proptest! {
    #[test]
    fn poses_come_back(pose in pose()) {
        prop_assert_eq!(PoseFrame::try_from(&wired(&v1::PoseFrame::from(&pose))).unwrap(), pose);
    }

    #[test]
    fn transcripts_come_back(text in ".{0,60}", language in "[a-z]{2}", start: i64, end: i64, stable: bool) {
        let time = |flicks| SourceTime(Flicks(flicks));
        let transcript = Transcript { text, language, start: time(start), end: time(end), stable };
        prop_assert_eq!(Transcript::from(wired(&v1::Transcript::from(transcript.clone()))), transcript);
    }

    #[test]
    fn rates_come_back(num in 1u32..240) {
        if let Ok(rate) = FrameRate::new(num, 1) {
            prop_assert_eq!(rate_from(Some(&wired(&rate_of(rate)))).unwrap(), rate);
        }
    }

    #[test]
    fn sentences_come_back(words in prop::collection::vec(prop::sample::select(WORDS), 1..8)) {
        for sentence in sentences(&words.concat()) {
            prop_assert_eq!(SignSentence::try_from(wired(&v1::SignSentence::from(sentence.clone()))).unwrap(), sentence);
        }
    }

    #[test]
    fn garbage_is_refused_and_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(message) = v1::SignSentence::decode(bytes.as_slice()) {
            let _ = SignSentence::try_from(message);
        }
        if let Ok(message) = v1::PoseFrame::decode(bytes.as_slice()) {
            prop_assert!(PoseFrame::try_from(&message).is_err(), "a pose has 275 numbers");
        }
    }
}

const WORDS: &[&str] =
    &["我", "你", "北京", "李明", "明天", "去", "不", "吗？", "，", "。", "3点", "比赛", "给", "因为", "OK"];

fn sentences(text: &str) -> Vec<SignSentence> {
    use std::sync::OnceLock;
    static SHARED: OnceLock<understanding::Understanding> = OnceLock::new();
    let shared = SHARED.get_or_init(|| understanding::Understanding::new(lexicon::Lexicon::core().unwrap()));
    shared.interpret(&Transcript::plain(text, "zh")).map(|found| found.sentences).unwrap_or_default()
}

#[test]
fn what_is_wrong_with_a_sentence_is_named() {
    let good = v1::SignSentence::from(sentences("我叫李明。").remove(0));
    type Spoil = fn(&mut v1::SignSentence);
    let cases: [(Spoil, &str); 7] = [
        (|it| it.source = None, "source: missing"),
        (|it| it.sentence_type = 0, "sentence_type: 0"),
        (|it| it.sentence_type = 99, "sentence_type: 99"),
        (|it| it.tokens[0].form_json.clear(), "form_json"),
        (|it| it.tokens[0].confidence = f32::NAN, "confidence"),
        (|it| it.score_json = vec![b' '; (1 << 20) + 1], "1048577 bytes"),
        (|it| it.tokens.truncate(0), "span"),
    ];
    for (spoil, expected) in cases {
        let mut bad = good.clone();
        spoil(&mut bad);
        let error = SignSentence::try_from(bad).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn what_is_wrong_with_a_pose_is_named() {
    let good = v1::PoseFrame::from(&PoseFrame::t_pose(OutputTime::ZERO));
    type Spoil = fn(&mut v1::PoseFrame);
    let cases: [(Spoil, &str); 5] = [
        (|it| it.hips.clear(), "pose.hips: 0 values, expected 3"),
        (|it| it.rotations.truncate(219), "219 values, expected 220"),
        (|it| it.rotations[7] = 2.0, "pose.rotations[1]"),
        (|it| it.face[3] = f32::NAN, "pose.face[3]"),
        (|it| it.hips[1] = f32::INFINITY, "pose.hips[1]"),
    ];
    for (spoil, expected) in cases {
        let mut bad = good.clone();
        spoil(&mut bad);
        let error = PoseFrame::try_from(&bad).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}
