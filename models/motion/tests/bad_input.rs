//! What nobody should ask for: a clear error, or the nearest that a body can do and a warning; never a broken pose.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod common;

use common::*;
use motion::{
    Complaint, MotionConfig, MotionError, Signer,
    check::{Kind, check},
    sign_all, sign_form,
};
use signing::*;

fn sound(frames: &[PoseFrame]) {
    assert!(!frames.is_empty());
    for frame in frames {
        assert!(frame.hips.is_finite() && frame.rotations.iter().all(|turn| turn.is_finite() && turn.is_normalized()));
        assert!(frame.face.iter().all(|weight| (0.0..=1.0).contains(weight)));
    }
    let checked = check(&avatar(), frames, &[]);
    for kind in [Kind::HandInBody, Kind::ForearmInBody] {
        let worst = checked.worst(kind).unwrap();
        assert!(worst < 25.0, "{}: {worst} mm, {:?}", kind.name(), checked.findings);
    }
    assert!(checked.worst(Kind::JointLimit).unwrap() < 30.0, "{:?}", checked.findings);
}

fn in_space(x: f32, y: f32, z: f32) -> SignForm {
    one(config_of(flat(), None, None, Some(Place::in_space(SpacePoint { x, y, z }))), Action::NONE)
}

#[test]
fn a_place_out_of_reach_is_approached_and_said() {
    for form in [in_space(3.5, 3.0, 3.0), in_space(-4.0, -3.0, 2.0), in_space(0.0, 3.9, 0.0)] {
        let motion = sign_form(&avatar(), config(), &form).unwrap();
        assert!(
            motion
                .warnings
                .iter()
                .any(|warning| matches!(warning.complaint, Complaint::Unreachable { miss_m } if miss_m > 0.05)),
            "{:?}",
            motion.warnings
        );
        sound(&motion.frames);
    }
}

#[test]
fn a_place_behind_the_back_is_approached_from_the_side_and_said() {
    for (x, y) in [(0.0, 0.8), (0.4, 0.3), (-0.6, 0.6)] {
        let motion = sign_form(&avatar(), config(), &in_space(x, y, -0.9)).unwrap();
        assert!(!motion.warnings.is_empty(), "behind the back at {x} {y}");
        sound(&motion.frames);
    }
}

#[test]
fn contradictory_directions_are_said() {
    for (palm, fingers) in [(Dir::UP, Dir::UP), (Dir::LEFT, Dir::RIGHT), (Dir::FORWARD, Dir::BACK)] {
        let motion =
            sign_form(&avatar(), config(), &one(config_of(flat(), Some(palm), Some(fingers), None), Action::NONE))
                .unwrap();
        assert!(
            motion.warnings.iter().any(|warning| warning.complaint == Complaint::Contradiction),
            "{:?}",
            motion.warnings
        );
        sound(&motion.frames);
    }
}

#[test]
fn a_million_repetitions_are_refused_with_the_number() {
    let nod = movement(DOMINANT, straight(Dir::UP));
    let action = Action::Repeat { times: 1_000_000, action: Box::new(nod) };
    let form = one(config_of(flat(), None, None, None), action);
    let error = sign_form(&avatar(), config(), &form).unwrap_err();
    assert!(error.to_string().contains("1000000"), "{error}");
    let mut signer = Signer::new(avatar(), config()).unwrap();
    let refused = signer.push(sentence(vec![token("多", vec![form], Some(Boundary::Sentence))])).unwrap_err();
    assert!(matches!(refused, MotionError::Sentence(_)) && refused.to_string().contains("1000000"), "{refused}");
    // The signer goes on as if nothing had been pushed.
    assert!(signer.is_idle());
    sound(&[signer.step(), signer.step()]);
}

#[test]
fn a_sentence_of_two_thousand_signs_is_signed_or_refused_whole() {
    let form =
        one(config_of(flat(), Some(Dir::DOWN), Some(Dir::FORWARD), None), movement(DOMINANT, straight(Dir::RIGHT)));
    let mut tokens: Vec<SignToken> = (0..2000).map(|_| token("长", vec![form.clone()], None)).collect();
    tokens.last_mut().unwrap().boundary = Some(Boundary::Sentence);
    let long = sentence(tokens);
    let mut small = Signer::new(avatar(), MotionConfig { queued_signs: 100, ..config() }).unwrap();
    assert_eq!(small.push(long.clone()), Err(MotionError::Backlog { queued: 0, offered: 2000, limit: 100 }));
    let (frames, report) = sign_all(&avatar(), config(), &[long]).unwrap();
    assert_eq!(report.timeline.tokens.len(), 2000);
    assert!(frames.iter().all(|frame| frame.rotations.iter().all(|turn| turn.is_finite() && turn.is_normalized())));
}
