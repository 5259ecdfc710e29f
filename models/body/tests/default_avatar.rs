//! What the built avatar must be, whoever draws or moves it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

use std::{fs, sync::OnceLock};

use body::{Body, BodyError, CapsuleKind, JointAngles, Posture, Rigid, default_avatar_path};
use glam::{Quat, Vec3};
use proptest::prelude::*;
use signing::{BodySite, Bone, Finger, HandPart, Lateral, Side};

fn avatar() -> &'static Body {
    static BODY: OnceLock<Body> = OnceLock::new();
    BODY.get_or_init(|| Body::read(&default_avatar_path().unwrap()).unwrap())
}

fn joint(bone: Bone) -> Vec3 {
    avatar().joint(bone).unwrap().head_in_world
}

fn mirrored(point: Vec3) -> Vec3 {
    Vec3::new(-point.x, point.y, point.z)
}

fn in_world(bone: Bone, point_in_bone: Vec3) -> Vec3 {
    joint(bone) + point_in_bone
}

#[test]
fn it_has_every_bone_of_vrm() {
    assert_eq!(avatar().missing().count(), 0);
}

#[test]
fn it_stands_in_t_pose() {
    for side in [Side::Left, Side::Right] {
        let out = Vec3::X * side.sign();
        let bone = |name: &str| Bone::on(side, name).unwrap();
        let mut chains = vec![vec![bone("UpperArm"), bone("LowerArm"), bone("Hand")]];
        chains.extend(Finger::LONG.map(|finger| avatar().finger_bones(side, finger).to_vec()));
        for chain in chains {
            for pair in chain.windows(2) {
                let along = joint(pair[1]) - joint(pair[0]);
                assert!(along.angle_between(out) < 2_f32.to_radians(), "{:?} points {along}", pair[0]);
            }
        }
        // VRM 1.0: the thumb lies level, half-way between sideways and forwards.
        let [_, proximal, distal] = avatar().finger_bones(side, Finger::Thumb);
        let along = joint(distal) - joint(proximal);
        let wanted = (out + Vec3::Z).normalize();
        assert!(along.angle_between(wanted) < 3_f32.to_radians(), "thumb points {along}");
        let palm = avatar().hand_part(side, HandPart::Palm).unwrap();
        let back = avatar().hand_part(side, HandPart::Back).unwrap();
        let thickness = back.point_in_bone.y - palm.point_in_bone.y;
        assert!(palm.normal_in_bone.y < -0.9, "palm looks {}", palm.normal_in_bone);
        assert!((0.015..0.045).contains(&thickness), "palm to back {thickness} m");
    }
}

#[test]
fn left_and_right_mirror_within_a_millimetre() {
    for bone in Bone::ALL {
        let off = joint(bone).distance(mirrored(joint(bone.mirrored())));
        assert!(off < 1e-3, "{bone:?} is {off} m from its mirror image");
    }
    for part in HandPart::all() {
        let [left, right] = [Side::Left, Side::Right].map(|side| {
            let point = avatar().hand_part(side, part).unwrap_or_else(|| panic!("{part:?} of {side:?}"));
            in_world(point.bone, point.point_in_bone)
        });
        let off = left.distance(mirrored(right));
        assert!(off < 3e-3, "{part:?} is {off} m from its mirror image");
    }
}

#[test]
fn it_has_the_measures_of_an_adult() {
    let body = avatar();
    assert!((1.66..1.76).contains(&body.stature()), "stature {} m", body.stature());
    // Women's mean proportions of stature (NASA-STD-3000): arm 0.29 to 0.34, hand 0.10 to 0.12.
    let arm = body.arm_length() / body.stature();
    assert!((0.28..0.34).contains(&arm), "arm {arm} of stature");
    let hand = body.hand_length() / body.stature();
    assert!((0.10..0.122).contains(&hand), "hand {hand} of stature");
}

#[test]
fn every_site_is_found_where_it_belongs() {
    let height = |site: BodySite| {
        let point = avatar().site(site, Lateral::Centre).unwrap_or_else(|| panic!("no {site:?}"));
        in_world(point.bone, point.point_in_bone).y
    };
    for site in BodySite::ALL {
        for lateral in [Lateral::Left, Lateral::Centre, Lateral::Right] {
            let point = avatar().site(*site, lateral).unwrap_or_else(|| panic!("no {site:?} {lateral:?}"));
            assert!((point.normal_in_bone.length() - 1.0).abs() < 1e-3, "{site:?}");
        }
    }
    let falling = [
        BodySite::HeadTop,
        BodySite::Forehead,
        BodySite::Brow,
        BodySite::Eye,
        BodySite::NoseTip,
        BodySite::UnderNose,
        BodySite::UpperLip,
        BodySite::Mouth,
        BodySite::LowerLip,
        BodySite::Chin,
        BodySite::UnderChin,
        BodySite::Throat,
        BodySite::ShoulderFront,
        BodySite::Chest,
        BodySite::Heart,
        BodySite::Waist,
        BodySite::Belly,
        BodySite::LowerBelly,
        BodySite::Hip,
        BodySite::Thigh,
    ];
    for pair in falling.windows(2) {
        assert!(height(pair[0]) > height(pair[1]), "{:?} is not above {:?}", pair[0], pair[1]);
    }
    let heart = avatar().site(BodySite::Heart, Lateral::Centre).unwrap();
    assert!(heart.point_in_bone.x > 0.02, "the heart is on the left");
}

#[test]
fn fingertips_are_the_ends_of_fingers() {
    for side in [Side::Left, Side::Right] {
        for finger in Finger::ALL {
            let [_, _, distal] = avatar().finger_bones(side, finger);
            let tip = avatar().hand_part(side, HandPart::Tip(finger)).unwrap();
            assert_eq!(tip.bone, distal);
            let length = tip.point_in_bone.length();
            assert!((0.012..0.04).contains(&length), "{finger:?} ends {length} m from its last joint");
            let pad = avatar().hand_part(side, HandPart::Pad(finger)).unwrap();
            let direction = avatar().pad_direction(side, finger);
            assert!(pad.point_in_bone.dot(direction) > 0.003, "{finger:?} pad at {}", pad.point_in_bone);
        }
    }
}

#[test]
fn a_hands_edges_are_its_edges() {
    for side in [Side::Left, Side::Right] {
        let z = |part: HandPart| {
            let point = avatar().hand_part(side, part).unwrap();
            in_world(point.bone, point.point_in_bone).z
        };
        let root = |name: &str| joint(Bone::on(side, name).unwrap()).z;
        let (radial, ulnar) = (z(HandPart::RadialEdge), z(HandPart::UlnarEdge));
        assert!((0.005..0.02).contains(&(radial - root("IndexProximal"))), "index's side at {radial} m");
        assert!((0.003..0.02).contains(&(root("LittleProximal") - ulnar)), "hand's edge at {ulnar} m");
    }
}

#[test]
fn volumes_cover_what_hands_can_hit() {
    let radii = |kind: CapsuleKind| -> Vec<f32> {
        avatar().capsules().iter().filter(|capsule| capsule.kind == kind).map(|capsule| capsule.radius).collect()
    };
    for (kind, count, low, high) in [
        (CapsuleKind::Head, 2, 0.035, 0.11),
        (CapsuleKind::Neck, 1, 0.035, 0.08),
        (CapsuleKind::Trunk, 32, 0.03, 0.16),
        (CapsuleKind::UpperArm, 2, 0.03, 0.07),
        (CapsuleKind::Forearm, 4, 0.02, 0.06),
        (CapsuleKind::Palm, 8, 0.008, 0.022),
        (CapsuleKind::Finger, 30, 0.004, 0.0165),
        (CapsuleKind::Thigh, 2, 0.05, 0.13),
    ] {
        let radii = radii(kind);
        assert_eq!(radii.len(), count, "{kind:?}");
        assert!(radii.iter().all(|radius| (low..high).contains(radius)), "{kind:?} {radii:?}");
    }
}

/// Where a palm or the back of a hand is touched, its volumes end within a few millimetres of the skin.
#[test]
fn a_palms_volumes_lie_under_its_skin() {
    const MOST_M: f32 = 0.004;
    let mut off = Vec::new();
    for side in [Side::Left, Side::Right] {
        for part in [HandPart::Palm, HandPart::Back] {
            let at = avatar().hand_part(side, part).unwrap();
            let skin = in_world(at.bone, at.point_in_bone);
            let palms = avatar().capsules().iter().filter(|capsule| {
                capsule.kind == CapsuleKind::Palm && capsule.bone.side() == signing::BoneSide::On(side)
            });
            let depth = palms.map(|capsule| {
                let from = in_world(capsule.bone, capsule.from_in_bone);
                let along = capsule.to_in_bone - capsule.from_in_bone;
                let share = ((skin - from).dot(along) / along.length_squared()).clamp(0.0, 1.0);
                capsule.radius - skin.distance(from + along * share)
            });
            let depth = depth.fold(f32::NEG_INFINITY, f32::max);
            if depth.abs() > MOST_M {
                off.push(format!("{side:?} {part:?}: {:.1} mm", depth * 1e3));
            }
        }
    }
    assert!(off.is_empty(), "volumes end outside of the skin (or, negative, inside): {off:#?}");
}

#[test]
fn no_forearms_volume_reaches_into_the_hand() {
    for (side, hand) in [(Side::Left, Bone::LeftHand), (Side::Right, Bone::RightHand)] {
        let wrist = in_world(hand, Vec3::ZERO);
        let forearms = avatar().capsules().iter().filter(|capsule| {
            capsule.kind == CapsuleKind::Forearm && capsule.bone.side() == signing::BoneSide::On(side)
        });
        for capsule in forearms {
            let end = in_world(capsule.bone, capsule.to_in_bone);
            assert!(
                end.distance(wrist) > capsule.radius - 1e-4,
                "{side:?}: {} of {}",
                end.distance(wrist),
                capsule.radius
            );
        }
    }
}

#[test]
fn forearms_have_twist_bones() {
    let twists = avatar().twists();
    assert_eq!(twists.len(), 10);
    for parent in [Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::RightUpperArm, Bone::RightLowerArm] {
        assert!(twists.iter().any(|twist| twist.parent == parent), "{parent:?} has no twist bone");
    }
}

#[test]
fn a_t_pose_solves_to_the_rest_joints() {
    let mut out: Posture = [Rigid::IDENTITY; Bone::COUNT];
    avatar().solve(Vec3::ZERO, &[Quat::IDENTITY; Bone::COUNT], &mut out);
    for bone in Bone::ALL {
        assert!(out[bone.index()].translation.distance(joint(bone)) < 1e-5, "{bone:?}");
    }
}

#[test]
fn bending_the_elbow_brings_the_hand_forwards() {
    let mut rotations = [Quat::IDENTITY; Bone::COUNT];
    let limits = avatar().limits(Bone::LeftLowerArm);
    rotations[Bone::LeftLowerArm.index()] = Quat::from_axis_angle(limits.flex.axis, 1.5);
    let mut out: Posture = [Rigid::IDENTITY; Bone::COUNT];
    avatar().solve(Vec3::ZERO, &rotations, &mut out);
    let moved = out[Bone::LeftHand.index()].translation - joint(Bone::LeftHand);
    assert!(moved.z > 0.2 && moved.y.abs() < 1e-3, "{moved}");
}

#[test]
fn what_is_no_avatar_is_refused_by_name() {
    let check = |bytes: &[u8], expected: &str| {
        let message = Body::from_bytes(bytes).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    };
    check(b"", "not a binary glTF");
    check(b"glTF", "not a binary glTF");
    check(&[0; 4096], "not a binary glTF");
    let bytes = fs::read(default_avatar_path().unwrap()).unwrap();
    check(&bytes[..bytes.len() / 2], "not a binary glTF");
    check(&renamed(&bytes, "VRMC_vrm", "VRMC_off").1, "not a binary glTF");
}

/// The file with one word of the same length exchanged in its JSON, and that with a torn length.
fn renamed(bytes: &[u8], from: &str, to: &str) -> (Vec<u8>, Vec<u8>) {
    assert_eq!(from.len(), to.len());
    let json_length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let json = std::str::from_utf8(&bytes[20..20 + json_length]).unwrap().replace(from, to);
    let mut whole = bytes.to_vec();
    whole[20..20 + json_length].copy_from_slice(json.as_bytes());
    let mut torn = whole.clone();
    torn[12] = torn[12].wrapping_add(64);
    (whole, torn)
}

#[test]
fn node_names_stand_in_for_a_missing_vrm_map() {
    let bytes = fs::read(default_avatar_path().unwrap()).unwrap();
    let body = Body::from_bytes(&renamed(&bytes, "VRMC_vrm", "VRMC_off").0).unwrap();
    assert_eq!(body.missing().count(), 0);
}

#[test]
fn missing_bones_are_listed_and_little_fingers_may_lack() {
    let bytes = fs::read(default_avatar_path().unwrap()).unwrap();
    let without_map = renamed(&bytes, "VRMC_vrm", "VRMC_off").0;
    let without_leg = renamed(&without_map, "\"leftUpperLeg\"", "\"leftUpperLog\"").0;
    match Body::from_bytes(&without_leg) {
        Err(BodyError::MissingBones { missing }) => assert_eq!(missing, [Bone::LeftUpperLeg]),
        other => panic!("{other:?}"),
    }
    let mut without_little = without_map;
    for (from, to) in [
        ("LittleProximal", "LottleProximal"),
        ("LittleIntermediate", "LottleIntermediate"),
        ("LittleDistal", "LottleDistal"),
    ] {
        without_little = renamed(&without_little, from, to).0;
    }
    let body = Body::from_bytes(&without_little).unwrap();
    assert_eq!(body.missing().count(), 6);
    assert_eq!(body.hand_part(Side::Left, HandPart::Tip(Finger::Little)), None);
    assert!(body.hand_part(Side::Left, HandPart::UlnarEdge).is_some());
}

proptest! {
    #[test]
    fn solving_keeps_every_length_and_never_leaves_the_unit_sphere(
        angles in prop::collection::vec((-3.0_f32..3.0, -3.0_f32..3.0, -3.0_f32..3.0), Bone::COUNT),
        hips in (-0.5_f32..0.5, -0.5_f32..0.5, -0.5_f32..0.5),
    ) {
        let mut rotations = [Quat::IDENTITY; Bone::COUNT];
        for (rotation, (x, y, z)) in rotations.iter_mut().zip(angles) {
            *rotation = Quat::from_euler(glam::EulerRot::XYZ, x, y, z);
        }
        let mut out: Posture = [Rigid::IDENTITY; Bone::COUNT];
        avatar().solve(Vec3::from(hips), &rotations, &mut out);
        for bone in Bone::ALL {
            let Some(parent) = bone.parent() else { continue };
            let length = out[bone.index()].translation.distance(out[parent.index()].translation);
            prop_assert!((length - avatar().offset_in_parent(bone).length()).abs() < 1e-4);
            prop_assert!(out[bone.index()].rotation.is_normalized());
        }
    }

    #[test]
    fn clamped_rotations_are_within_limits_and_clamping_again_changes_nothing(
        bone in 0..Bone::COUNT, x in -3.0_f32..3.0, y in -3.0_f32..3.0, z in -3.0_f32..3.0,
    ) {
        let limits = avatar().limits(Bone::ALL[bone]);
        let clamped = limits.clamp(Quat::from_euler(glam::EulerRot::XYZ, x, y, z));
        prop_assert!(clamped.is_normalized());
        prop_assert!(limits.excess(clamped) < 2e-3, "{} over by {}", Bone::ALL[bone].name(), limits.excess(clamped));
        prop_assert!(limits.clamp(clamped).angle_between(clamped) < 5e-3);
    }

    #[test]
    fn joint_angles_lead_back(flex in -1.2_f32..1.2, spread in -1.0_f32..1.0, twist in -1.5_f32..1.5) {
        let limits = avatar().limits(Bone::RightUpperArm);
        let angles = limits.angles(limits.rotation(JointAngles { flex, spread, twist }));
        prop_assert!((angles.flex - flex).abs() < 1e-3);
        prop_assert!((angles.spread - spread).abs() < 1e-3);
        prop_assert!((angles.twist - twist).abs() < 1e-3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever bytes a file holds, reading ends in a body or an error.
    #[test]
    fn a_damaged_file_never_panics(
        damage in prop::collection::vec((0.0_f64..1.0, any::<u8>(), prop::bool::ANY), 1..40),
    ) {
        let mut bytes = fs::read(default_avatar_path().unwrap()).unwrap();
        let json_length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
        for (place, byte, in_json) in damage {
            if in_json {
                // Digits for digits keep the JSON readable, so that what it says is what is wrong.
                let at = 20 + (place * json_length as f64) as usize;
                if bytes[at].is_ascii_digit() {
                    bytes[at] = b'0' + byte % 10;
                }
            } else {
                let at = 28 + json_length + (place * (bytes.len() - json_length - 28) as f64) as usize;
                bytes[at] = byte;
            }
        }
        if let Err(error) = Body::from_bytes(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn positions_at_an_accessor_that_is_not_there_are_an_error() {
    let json = br#"{"asset":{"version":"2.0"},"meshes":[{"primitives":[{"attributes":{"POSITION":7}}]}],"nodes":[{"mesh":0}]}"#;
    let mut json = json.to_vec();
    json.resize(json.len().next_multiple_of(4), b' ');
    let total = u32::try_from(12 + 8 + json.len()).unwrap();
    let mut glb = Vec::from(*b"glTF");
    for word in [2, total, u32::try_from(json.len()).unwrap()] {
        glb.extend(word.to_le_bytes());
    }
    glb.extend(b"JSON");
    glb.extend(json);
    let error = Body::from_bytes(&glb).unwrap_err().to_string();
    assert!(error.contains("accessor 7 of 0"), "{error}");
}
