//! Recordings made by `fixtures/make.py`, which knows nothing of this project, and bad ones.

use std::path::PathBuf;

use glam::Vec3;
use signing::{Bone, PoseFrame};

use super::*;
use crate::{Rigid, default_avatar_path};

fn body() -> Body {
    Body::read(&default_avatar_path().unwrap()).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/import/fixtures").join(name)
}

/// From a bone's joint to another's, unit.
fn along(body: &Body, frame: &PoseFrame, from: Bone, to: Bone) -> Vec3 {
    let mut posture = [Rigid::IDENTITY; Bone::COUNT];
    body.solve(frame.hips, &frame.rotations, &mut posture);
    (posture[to.index()].translation - posture[from.index()].translation).normalize()
}

/// The left forearm comes forwards from where it was at rest, by a right angle; the right arm stays.
#[track_caller]
fn raises_its_left_forearm(name: &str, at_rest: Vec3) -> Clip {
    let body = body();
    let clip = read_clip(&fixture(name), &body).unwrap();
    let (first, last) = (&clip.frames[0], clip.frames.last().unwrap());
    let near = |found: Vec3, wanted: Vec3, what: &str| {
        assert!(found.angle_between(wanted) < 0.05, "{name}, {what}: {found} is not {wanted}");
    };
    let mirrored = Vec3::new(-at_rest.x, at_rest.y, at_rest.z);
    near(along(&body, first, Bone::LeftUpperArm, Bone::LeftLowerArm), at_rest, "upper arm");
    near(along(&body, first, Bone::LeftLowerArm, Bone::LeftHand), at_rest, "forearm at first");
    near(along(&body, last, Bone::LeftUpperArm, Bone::LeftLowerArm), at_rest, "upper arm at last");
    near(along(&body, last, Bone::LeftLowerArm, Bone::LeftHand), Vec3::Z, "forearm at last");
    near(along(&body, last, Bone::RightLowerArm, Bone::RightHand), mirrored, "the other forearm");
    for frame in &clip.frames {
        assert!(frame.rotations.iter().all(|turn| turn.is_finite() && turn.is_normalized()));
    }
    clip
}

#[test]
fn a_rig_on_another_axis_with_its_arms_down_is_understood() {
    let clip = raises_its_left_forearm("arms_down_z_up.bvh", Vec3::NEG_Y);
    assert_eq!(clip.frames.len(), 49);
    assert!((clip.frames[48].time.as_secs() - 1.0).abs() < 1e-3);
    assert_eq!(clip.complaints, []);
    assert!(clip.missing.contains(&Bone::LeftIndexProximal) && !clip.missing.contains(&Bone::LeftShoulder));
}

#[test]
fn a_rig_that_rests_with_its_arms_aslant_is_understood() {
    let clip = raises_its_left_forearm("a_pose.glb", Vec3::new(1.0, -1.0, 0.0).normalize());
    assert_eq!(clip.frames.len(), 31);
}

#[test]
fn points_of_a_video_become_turns_and_what_is_not_seen_is_told() {
    let clip = raises_its_left_forearm("body_alone.pose", Vec3::NEG_Y);
    assert_eq!(clip.frames.len(), 9);
    let told: Vec<String> = clip.complaints.iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].contains("body_alone.pose, frame 3: LEFT_WRIST is not seen"), "{told:?}");
    assert!(clip.missing.contains(&Bone::RightThumbDistal));
}

#[test]
fn what_is_not_a_number_is_left_out_and_told_by_frame() {
    let clip = read_clip(&fixture("with_nan.bvh"), &body()).unwrap();
    assert_eq!(clip.frames.len(), 19);
    let told: Vec<String> = clip.complaints.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|line| line.contains("frame 5") && line.contains("not a number")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("frame 20") && line.contains("fewer numbers")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("49 frames are announced")), "{told:?}");
}

#[test]
fn what_our_own_exporter_writes_comes_back() {
    let body = body();
    let mut frame = PoseFrame::t_pose(signing::OutputTime::ZERO);
    frame.rotations[Bone::LeftUpperArm.index()] = glam::Quat::from_rotation_z(-1.1);
    frame.rotations[Bone::LeftLowerArm.index()] = glam::Quat::from_rotation_y(-0.8);
    frame.rotations[Bone::RightIndexProximal.index()] = glam::Quat::from_rotation_z(0.6);
    let rate = signing::FrameRate::PAL;
    let folder = std::env::temp_dir().join(format!("shouyu-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("own.bvh");
    crate::export::write_bvh(std::fs::File::create(&path).unwrap(), &body, rate, [&frame]).unwrap();
    let clip = read_clip(&path, &body).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    for bone in [Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::RightIndexProximal] {
        let off = clip.frames[0].rotation(bone).angle_between(frame.rotation(bone));
        assert!(off < 0.02, "{}: {off}", bone.name());
    }
}

#[test]
fn files_that_are_no_recordings_are_refused_with_what_would_be_right() {
    let body = body();
    let folder = std::env::temp_dir().join(format!("shouyu-no-clips-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let hips = "HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\nCHANNELS 3 Xrotation Yrotation Zrotation\n}\nMOTION\nFrames: 1\nFrame Time: 0.03\n0 0 0\n";
    for (name, content, expected) in [
        ("a.bvh", "HIERARCHY\nROOT Hips\n{\nOFFSET 0 zero 0\n", "a.bvh:4: found “zero”"),
        ("b.bvh", "", "expected HIERARCHY"),
        ("c.bvh", hips, "no leftUpperArm"),
        ("d.glb", "glTF", "expected a glTF 2.0 file"),
        ("e.pose", "abc", "expected a .pose file"),
        ("f.txt", "abc", "recordings are read from .bvh, .glb, .gltf and .pose"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        let error = read_clip(&path, &body).unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
