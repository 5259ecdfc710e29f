//! Other bodies: the same sentence still meets its contacts; a body without little fingers still signs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod common;

use std::{fs, sync::Arc};

use body::{
    Body, avatar_source_dir,
    builder::{Figure, build_as},
    default_avatar_path,
};
use common::*;
use motion::{
    Complaint,
    check::{Kind, check},
    sign_all,
};
use signing::*;

/// Taller, with long arms, broad shoulders and larger hands.
fn tall() -> Arc<Body> {
    let target = |name: &str, weight: f32| (name.to_owned(), weight);
    let figure = Figure {
        stature_m: 1.86,
        targets: vec![
            target("arms/measure-upperarm-length-incr", 0.6),
            target("arms/measure-lowerarm-length-incr", 0.6),
            target("torso/measure-shoulder-dist-incr", 0.8),
            target("hands/l-hand-scale-incr", 0.4),
            target("hands/r-hand-scale-incr", 0.4),
        ],
    };
    let bytes = build_as(&avatar_source_dir().unwrap(), &figure).unwrap();
    Arc::new(Body::from_bytes(&bytes).unwrap())
}

fn touching(gloss: &str, part: HandPart, site: BodySite, lateral: Lateral) -> SignToken {
    token(gloss, vec![touch(part, site, lateral)], None)
}

/// Signs that touch head, trunk and the other hand.
fn contacts() -> SignSentence {
    let weak = config_of(flat(), Some(Dir::UP), Some(Dir::RIGHT), None);
    let place = Place::touching(HandPart::UlnarEdge, Site::OtherHand(HandPart::Palm));
    let on_palm = two(config_of(fist(), None, None, Some(place)), weak, Symmetry::Independent, Action::NONE);
    let mut tokens = vec![
        touching("额", HandPart::Tip(Finger::Index), BodySite::Forehead, Lateral::Centre),
        touching("颏", HandPart::Tip(Finger::Middle), BodySite::Chin, Lateral::Centre),
        touching("胸", HandPart::Palm, BodySite::Chest, Lateral::Centre),
        touching("颊", HandPart::Tip(Finger::Index), BodySite::Cheek, Lateral::Right),
        token("要", vec![on_palm], None),
        touching("腹", HandPart::Palm, BodySite::Belly, Lateral::Centre),
    ];
    if let Some(last) = tokens.last_mut() {
        last.boundary = Some(Boundary::Sentence);
    }
    sentence(tokens)
}

fn wrong_contacts(body: &Arc<Body>) -> Vec<String> {
    let config = motion::MotionConfig { rate: FrameRate::new(100, 1).unwrap(), ..config() };
    let (frames, report) = sign_all(body, config, &[contacts()]).unwrap();
    let unreachable =
        report.warnings.iter().filter(|warning| matches!(warning.complaint, Complaint::Unreachable { .. }));
    let checked = check(body, &frames, &report.asked);
    assert!(checked.worst(Kind::Contact).is_some(), "contacts were measured");
    let findings = checked.findings.iter().filter(|finding| finding.kind == Kind::Contact);
    findings.map(ToString::to_string).chain(unreachable.map(ToString::to_string)).collect()
}

#[test]
fn the_same_sentence_meets_its_contacts_on_other_bodies() {
    let (usual, tall) = (avatar(), tall());
    assert!(tall.arm_length() > usual.arm_length() * 1.1, "{} {}", tall.arm_length(), usual.arm_length());
    for (name, body) in [("default", usual), ("tall", tall)] {
        let wrong = wrong_contacts(&body);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}

#[test]
fn a_body_without_little_fingers_signs() {
    let mut bytes = fs::read(default_avatar_path().unwrap()).unwrap();
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let json = std::str::from_utf8(&bytes[20..20 + length]).unwrap();
    let json = json.replace("VRMC_vrm", "VRMC_off").replace("LittleProximal", "LottleProximal");
    let json = json.replace("LittleIntermediate", "LottleIntermediate").replace("LittleDistal", "LottleDistal");
    bytes[20..20 + length].copy_from_slice(json.as_bytes());
    let body = Arc::new(Body::from_bytes(&bytes).unwrap());
    assert_eq!(body.missing().count(), 6);

    let little = touch(HandPart::Tip(Finger::Little), BodySite::Chin, Lateral::Centre);
    let signed = sentence(vec![
        token("小", vec![little], None),
        token(
            "拳",
            vec![one(config_of(fist(), Some(Dir::LEFT), Some(Dir::FORWARD), None), Action::NONE)],
            Some(Boundary::Sentence),
        ),
    ]);
    let (frames, report) = sign_all(&body, config(), &[signed, ordinary()]).unwrap();
    for frame in &frames {
        assert!(frame.rotations.iter().all(|turn| turn.is_finite() && turn.is_normalized()));
    }
    let checked = check(&body, &frames, &report.asked);
    assert!(checked.worst(Kind::JointLimit).unwrap() < 5.0, "{:#?}", checked.findings);
}
