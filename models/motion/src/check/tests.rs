//! The checker sees what is wrong.

use glam::{Quat, Vec3};
use signing::{Flicks, FrameRate};

use super::*;

fn avatar() -> Body {
    Body::read(&body::default_avatar_path().unwrap()).unwrap()
}

fn frames(count: u64, pose: impl Fn(u64, &mut PoseFrame)) -> Vec<PoseFrame> {
    (0..count)
        .map(|index| {
            let mut frame = PoseFrame::t_pose(FrameRate::PAL.time_of(index));
            pose(index, &mut frame);
            frame
        })
        .collect()
}

fn kinds(checked: &Checked) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = checked.findings.iter().map(|finding| finding.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_body_that_stands_in_t_pose_is_sound() {
    let checked = check(&avatar(), &frames(10, |_, _| {}), &[]);
    assert_eq!(checked.findings, []);
    assert_eq!(checked.worst(Kind::Palm), None, "nothing was asked");
    assert_eq!(check(&avatar(), &[], &[]).findings, []);
}

#[test]
fn an_arm_through_the_chest_is_found() {
    use signing::Bone;
    // The arm before the body, and the elbow shut until the hand is in the chest.
    let checked = check(
        &avatar(),
        &frames(6, |_, frame| {
            frame.rotations[Bone::RightUpperArm.index()] = Quat::from_rotation_z(1.2);
            frame.rotations[Bone::RightLowerArm.index()] = Quat::from_rotation_z(1.4);
        }),
        &[],
    );
    assert!(kinds(&checked).iter().any(|kind| matches!(kind, Kind::HandInBody | Kind::ForearmInBody)), "{checked:?}");
    assert!(checked.findings[0].from < checked.findings[0].to, "one stretch, not a finding a frame");
}

#[test]
fn a_joint_that_turns_half_round_between_two_frames_is_found_whichever_it_is() {
    use signing::Bone;
    for bone in [Bone::RightLowerArm, Bone::LeftUpperArm, Bone::RightHand, Bone::Head, Bone::LeftThumbProximal] {
        let flip = |axis: Vec3, at: u64| {
            check(
                &avatar(),
                &frames(6, |index, frame| {
                    let angle = if index >= at { 1.5 } else { -1.5 };
                    frame.rotations[bone.index()] = Quat::from_axis_angle(axis, angle);
                }),
                &[],
            )
        };
        let found = flip(Vec3::X, 3);
        let flips: Vec<_> = found.findings.iter().filter(|finding| finding.kind == Kind::Flip).collect();
        assert!(
            flips.iter().any(|finding| finding.what == bone.name() && finding.amount > 70.0),
            "{bone:?}: {found:?}"
        );
        assert!(!kinds(&flip(Vec3::X, 0)).contains(&Kind::Flip), "{bone:?} stands");
    }
}

#[test]
fn a_wrist_that_flips_and_a_finger_bent_back_are_found() {
    use signing::Bone;
    let checked = check(
        &avatar(),
        &frames(6, |index, frame| {
            if index >= 3 {
                frame.rotations[Bone::LeftHand.index()] = Quat::from_rotation_z(-1.2);
            }
            frame.rotations[Bone::LeftIndexIntermediate.index()] = Quat::from_rotation_z(0.6);
        }),
        &[],
    );
    let found = kinds(&checked);
    assert!(found.contains(&Kind::Flip) && found.contains(&Kind::JointLimit), "{checked:?}");
    assert!(checked.findings.iter().any(|finding| finding.what == "leftIndexIntermediate"));
}

#[test]
fn what_was_asked_is_held_against_the_pose() {
    let at = OutputTime(Flicks::from_secs(0.2));
    let asked = Asked {
        sentence: 0,
        token: 0,
        name: "试".to_owned(),
        side: signing::Side::Left,
        since: OutputTime::ZERO,
        time: at,
        palm: Some(Vec3::Y),
        fingers: Some(Vec3::X),
        meeting: Some(crate::Meeting {
            part: signing::HandPart::Palm,
            site: signing::Site::Body { site: signing::BodySite::Chest, lateral: signing::Lateral::Centre },
            grip: crate::Grip::Light,
        }),
    };
    let checked = check(&avatar(), &frames(10, |_, _| {}), &[asked]);
    // In the T-pose palms look down and hands point to their sides.
    assert!(checked.worst(Kind::Palm).unwrap() > 150.0);
    assert!(checked.worst(Kind::Fingers).unwrap() < 15.0);
    assert!(checked.worst(Kind::Contact).unwrap() > 300.0);
}

#[test]
fn what_is_no_number_is_beyond_every_limit() {
    let mut broken = frames(5, |_, _| {});
    broken[2].hips = Vec3::NAN;
    assert!(!check(&avatar(), &broken, &[]).findings.is_empty());
}
