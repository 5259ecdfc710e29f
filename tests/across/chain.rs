//! Text to poses, and text to a file that plays, on the core pack.

use std::{
    ops::ControlFlow,
    sync::{Arc, OnceLock},
};

use body::Body;
use lexicon::Lexicon;
use motion::MotionConfig;
use session::{Background, Film, FilmConfig, FilmEvent, FilmRecord, PictureConfig, Session, SessionError, film};
use signing::{Bone, FrameRate, PoseFrame, Side, SignSentence, Transcript};
use stream::mark::MarkSpan;
use understanding::{GlossLine, Understanding};

/// Sentences of greeting, weather, sport, travel and health.
const SENTENCES: [&str; 11] = [
    "北京今天有雪，冰壶比赛下午三点开始。",
    "你好，我叫李明。",
    "今天最高气温零下三度。",
    "中国队获得了第一枚金牌。",
    "你明天去医院吗？",
    "我不喜欢下雨。",
    "火车八点三十五分到北京。",
    "他为什么没来？",
    "2022年冬奥会在北京举行。",
    "花样滑冰决赛有24名选手参加。",
    "请大家注意安全。",
];

fn understanding() -> &'static Understanding {
    static SHARED: OnceLock<Understanding> = OnceLock::new();
    SHARED.get_or_init(|| Understanding::new(Lexicon::core().unwrap()))
}

fn body() -> &'static Arc<Body> {
    static SHARED: OnceLock<Arc<Body>> = OnceLock::new();
    SHARED.get_or_init(|| Arc::new(Body::read(&body::default_avatar_path().unwrap()).unwrap()))
}

fn sentences(text: &str) -> Vec<SignSentence> {
    understanding()
        .interpret(&Transcript::plain(text, "zh"))
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .sentences
}

fn poses(sentences: &[SignSentence]) -> Vec<PoseFrame> {
    motion::sign_all(body(), MotionConfig::default(), sentences).unwrap().0
}

#[test]
fn every_character_is_signed_or_listed_as_dropped() {
    for text in SENTENCES {
        let sentences = sentences(text);
        let mut covered = vec![false; text.chars().count()];
        for sentence in &sentences {
            sentence.validate().unwrap_or_else(|error| panic!("{text}: {error}"));
            let signed = sentence.tokens.iter().flat_map(|token| token.source.iter().copied());
            for range in signed.chain(sentence.dropped.iter().map(|dropped| dropped.source)) {
                covered[range.start as usize..range.end as usize].fill(true);
            }
        }
        let missing: String = text
            .chars()
            .zip(covered)
            .filter(|(character, covered)| !covered && !"，。？！、 ".contains(*character))
            .map(|(character, _)| character)
            .collect();
        assert_eq!(missing, "", "{text}: {}", GlossLine::new(text, &sentences).line());
    }
}

#[test]
fn every_token_of_the_pack_names_its_pack_and_version() {
    for text in SENTENCES {
        for token in sentences(text).iter().flat_map(|sentence| &sentence.tokens) {
            assert!(!token.forms.is_empty(), "{text}: {}", token.gloss);
            if let Some(id) = &token.lexeme {
                let entry = understanding().lexicon().entry(id);
                let pack = token.pack.as_ref().unwrap_or_else(|| panic!("{text}: {id} names no pack"));
                assert_eq!(entry.map(|entry| &entry.pack), Some(pack), "{text}: {id}");
            }
        }
    }
}

#[test]
fn the_same_text_gives_the_same_poses_byte_for_byte() {
    let bytes = |text| serde_json::to_vec(&poses(&sentences(text))).unwrap();
    for text in SENTENCES {
        assert_eq!(bytes(text), bytes(text), "{text}");
    }
    // The comparison can fail: another text gives other bytes.
    assert_ne!(bytes(SENTENCES[0]), bytes(SENTENCES[1]));
}

#[test]
fn poses_are_whole_and_the_dominant_hand_moves() {
    for text in SENTENCES {
        let poses = poses(&sentences(text));
        for pose in &poses {
            assert!(pose.rotations.iter().all(|rotation| rotation.is_normalized()), "{text} at {:?}", pose.time);
            assert!(pose.face.iter().all(|weight| (0.0..=1.0).contains(weight)), "{text} at {:?}", pose.time);
        }
        let turned = poses
            .iter()
            .map(|pose| pose.rotation(Bone::RightLowerArm).angle_between(poses[0].rotation(Bone::RightLowerArm)));
        let most = turned.fold(0.0, f32::max);
        assert!(most > 0.5, "{text}: the forearm turns by {most} rad at the most");
    }
}

fn picture(size: (u32, u32), background: Background) -> PictureConfig {
    PictureConfig {
        size,
        rate: FrameRate::PAL,
        background,
        avatar: body::default_avatar_path().unwrap(),
        dominant: Side::Right,
        seed: 1,
        head: motion::HeadChoice::default(),
        mark: MarkSpan::Opening,
    }
}

fn shoot(text: &str, config: FilmConfig, picture: &PictureConfig) -> FilmRecord {
    let film_to = Film::new(config, picture, text, "test").unwrap();
    let mut session = Session::with_understanding(Understanding::new(Lexicon::core().unwrap()), picture).unwrap();
    let transcript = Transcript::plain(text, "zh");
    let interpretation = session.interpret(&transcript).unwrap();
    film(&mut session, &transcript, &interpretation, film_to, |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn a_text_becomes_a_file_that_plays() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let config =
        FilmConfig { output: path("a.mp4"), gloss: Some(path("a.gloss.json")), pose: Some(path("a.pose.json")) };
    let record = shoot("我叫李明。", config, &picture((320, 240), Background::Color([200, 210, 220])));

    let probe = stream::probe(path("a.mp4")).unwrap();
    assert_eq!((probe.codec.as_str(), probe.pixel_format.as_str()), ("h264", "yuv420p"));
    assert_eq!(probe.frames.len() as u64, record.summary.frames);
    assert!(probe.metadata("AIGC").unwrap().contains("\"Label\":\"1\""));

    let gloss: serde_json::Value = serde_json::from_slice(&std::fs::read(path("a.gloss.json")).unwrap()).unwrap();
    assert_eq!(gloss["text"], "我叫李明。");
    let times = gloss["times"].as_array().unwrap();
    assert_eq!(times.len(), gloss["tokens"].as_array().unwrap().len(), "each token has a time: {times:?}");
    let pose: serde_json::Value = serde_json::from_slice(&std::fs::read(path("a.pose.json")).unwrap()).unwrap();
    assert_eq!(pose["frames"].as_array().unwrap().len() as u64, record.summary.frames);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_transparent_film_is_see_through_beside_the_signer() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("a.webm");
    let config = FilmConfig { output: output.clone(), gloss: None, pose: None };
    shoot("我", config, &picture((320, 240), Background::Transparent));
    let frames = stream::decode_rgba(&output).unwrap();
    let last = frames.last().unwrap().unwrap();
    let alpha = |x: u32, y: u32| last.rgba()[((y * last.width() + x) * 4 + 3) as usize];
    assert!(alpha(2, 120) < 16, "the left edge is empty");
    assert!(alpha(160, 200) > 239, "the trunk is not");
}

#[test]
fn a_film_that_cannot_be_is_refused_before_it_is_shot() {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |name: &str, size, background| {
        let config = FilmConfig { output: folder.path().join(name), gloss: None, pose: None };
        Film::new(config, &picture(size, background), "x", "x").err().unwrap().to_string()
    };
    let grey = Background::Color([128; 3]);
    for (error, expected) in [
        (refuse("a.mp4", (320, 240), Background::Transparent), ".webm"),
        (refuse("a.avi", (320, 240), grey), ".mp4"),
        (refuse("a.mp4", (1, 1), grey), "1×1"),
        (refuse("a.mp4", (20_000, 20_000), grey), "20000×20000"),
        (refuse("a.mp4", (321, 240), grey), "321×240"),
    ] {
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_interrupted_film_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| Some(folder.path().join(name));
    let config = FilmConfig { output: path("a.mp4").unwrap(), gloss: path("a.json"), pose: path("b.json") };
    let picture = picture((320, 240), Background::Color([128; 3]));
    let shot = Film::new(config, &picture, "x", "x").unwrap();
    let mut session = Session::with_understanding(Understanding::new(Lexicon::core().unwrap()), &picture).unwrap();
    let transcript = Transcript::plain(SENTENCES[0], "zh");
    let interpretation = session.interpret(&transcript).unwrap();
    let stop_at_the_third = |mut seen: u32| {
        move |event| {
            seen += u32::from(event == FilmEvent::Token);
            if seen < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    };
    let error = film(&mut session, &transcript, &interpretation, shot, stop_at_the_third(0)).unwrap_err();
    assert!(matches!(error, SessionError::Interrupted), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn two_files_of_one_name_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let picture = picture((320, 240), Background::Color([128; 3]));
    let path = |name: &str| folder.path().join(name);
    let config = |gloss, pose| FilmConfig { output: path("a.mp4"), gloss, pose };
    for config in
        [config(Some(path("a.mp4")), None), config(Some(path("x.json")), Some(folder.path().join("./x.json")))]
    {
        let error = Film::new(config, &picture, "x", "x").err().unwrap();
        assert!(matches!(error, SessionError::SameFile { .. }), "{error}");
    }
}
