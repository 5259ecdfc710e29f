//! The animated avatar as a plain glTF reader sees it.

use glam::{Mat4, Quat, Vec3};
use gltf::{Gltf, animation::util::ReadOutputs};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use signing::{Bone, FaceShape, FrameRate, OutputTime, PoseFrame};

use super::{any_frame, avatar, avatar_bytes, avatar_path, bvh::Bvh, solved, timed};
use crate::{
    Body, BodyError, Rigid,
    export::{ExportError, glb::animate, write_glb},
};

fn animated(avatar: &[u8], frames: &[PoseFrame]) -> Gltf {
    let frames: Vec<&PoseFrame> = frames.iter().collect();
    Gltf::from_slice(&animate(avatar, FrameRate::PAL, &frames).unwrap()).unwrap()
}

fn random_frames(count: usize) -> Vec<PoseFrame> {
    let mut runner = TestRunner::deterministic();
    let frames = (0..count).map(|_| any_frame().new_tree(&mut runner).unwrap().current()).collect();
    timed(FrameRate::PAL, frames)
}

/// A node's channel in the first animation.
enum Channel {
    Rotation(Vec<Quat>),
    Translation(Vec<Vec3>),
    Weights(Vec<f32>),
}

fn channels(gltf: &Gltf) -> Vec<(usize, Channel)> {
    let blob = gltf.blob.as_deref().unwrap();
    let read = |channel: gltf::animation::Channel<'_>| {
        let reader = channel.reader(|_| Some(blob));
        let values = match reader.read_outputs().unwrap() {
            ReadOutputs::Rotations(turns) => Channel::Rotation(turns.into_f32().map(Quat::from_array).collect()),
            ReadOutputs::Translations(moves) => Channel::Translation(moves.map(Vec3::from).collect()),
            ReadOutputs::MorphTargetWeights(weights) => Channel::Weights(weights.into_f32().collect()),
            ReadOutputs::Scales(_) => panic!("nothing scales"),
        };
        (channel.target().node().index(), values)
    };
    gltf.animations().next().unwrap().channels().map(read).collect()
}

fn node_named(gltf: &Gltf, name: &str) -> usize {
    gltf.nodes().find(|node| node.name() == Some(name)).unwrap().index()
}

/// Where each node is in a frame, as a player of animations puts it.
fn played(gltf: &Gltf, frame: usize) -> Vec<Mat4> {
    let nodes = gltf.nodes().map(|node| node.transform().decomposed());
    let mut local: Vec<(Vec3, Quat, Vec3)> =
        nodes.map(|(at, turn, scale)| (Vec3::from(at), Quat::from_array(turn), Vec3::from(scale))).collect();
    for (node, channel) in channels(gltf) {
        match channel {
            Channel::Rotation(turns) => local[node].1 = turns[frame],
            Channel::Translation(moves) => local[node].0 = moves[frame],
            Channel::Weights(_) => {}
        }
    }
    let mut worlds = vec![Mat4::IDENTITY; local.len()];
    let mut open: Vec<(gltf::Node<'_>, Mat4)> =
        gltf.default_scene().unwrap().nodes().map(|node| (node, Mat4::IDENTITY)).collect();
    while let Some((node, parent)) = open.pop() {
        let (at, turn, scale) = local[node.index()];
        let world = parent * Mat4::from_scale_rotation_translation(scale, turn, at);
        worlds[node.index()] = world;
        open.extend(node.children().map(|child| (child, world)));
    }
    worlds
}

fn assert_plays(gltf: &Gltf, frames: &[PoseFrame]) {
    for (index, frame) in frames.iter().enumerate() {
        let (worlds, posture) = (played(gltf, index), solved(frame));
        for bone in Bone::ALL {
            let found = worlds[node_named(gltf, bone.name())].transform_point3(Vec3::ZERO);
            let expected = posture[bone.index()].translation;
            assert!(found.distance(expected) < 2e-4, "{bone:?} of frame {index} is at {found}, not {expected}");
        }
    }
}

#[test]
fn every_bone_and_twist_turns_hips_move_and_the_face_is_weighed() {
    let frames = random_frames(3);
    let gltf = animated(avatar_bytes(), &frames);
    let channels = channels(&gltf);
    let twists = avatar().twists().len();
    assert_eq!(twists, 10);
    assert_eq!(channels.len(), Bone::COUNT + twists + 1 + 1);
    for sampler in gltf.animations().next().unwrap().samplers() {
        let times = sampler.input();
        assert_eq!((times.count(), times.min(), times.max()), (3, Some(json!([0.0])), Some(json!([0.08_f32]))));
        assert_eq!(sampler.interpolation(), gltf::animation::Interpolation::Linear);
    }
    let face: Vec<&Vec<f32>> = channels
        .iter()
        .filter_map(|(_, channel)| if let Channel::Weights(weights) = channel { Some(weights) } else { None })
        .collect();
    assert_eq!(face.len(), 1);
    // The avatar's targets are in the order of the shapes.
    for (found, frame) in face[0].chunks(FaceShape::COUNT).zip(&frames) {
        assert_eq!(found, frame.face);
    }
    let node = node_named(&gltf, "leftLowerArmTwist2");
    let twist = avatar().twists().iter().find(|twist| twist.node == "leftLowerArmTwist2").unwrap();
    let turns = channels.iter().find_map(|(at, channel)| match channel {
        Channel::Rotation(turns) if *at == node => Some(turns),
        _ => None,
    });
    for (turn, frame) in turns.unwrap().iter().zip(&frames) {
        assert!(turn.dot(twist.rotation(&frame.rotations)).abs() > 1.0 - 1e-5);
    }
}

#[test]
fn the_default_avatar_takes_rotations_as_they_are() {
    let frames = random_frames(1);
    let gltf = animated(avatar_bytes(), &frames);
    for (node, channel) in channels(&gltf) {
        let name = gltf.nodes().nth(node).unwrap().name().unwrap();
        if let (Channel::Rotation(turns), Some(bone)) = (channel, Bone::from_name(name)) {
            let likeness = turns[0].dot(frames[0].rotation(bone)).abs();
            assert!(likeness > 1.0 - 1e-5, "{bone:?} turns by {}, not {}", turns[0], frames[0].rotation(bone));
        }
    }
}

#[test]
fn played_joints_are_where_the_body_has_them() {
    let frames = random_frames(20);
    assert_plays(&animated(avatar_bytes(), &frames), &frames);
}

#[test]
fn neighbouring_rotations_have_one_sign() {
    let gltf = animated(avatar_bytes(), &random_frames(20));
    for (node, channel) in channels(&gltf) {
        if let Channel::Rotation(turns) = channel {
            assert!(turns.windows(2).all(|pair| pair[0].dot(pair[1]) >= 0.0), "node {node}");
            assert!(turns.iter().all(|turn| turn.is_normalized()), "node {node}");
        }
    }
}

#[test]
fn the_avatars_own_data_stay() {
    let mut out = Vec::new();
    write_glb(&mut out, &avatar_path(), FrameRate::PAL, &random_frames(2)).unwrap();
    let (before, after) = (gltf::Glb::from_slice(avatar_bytes()).unwrap(), gltf::Glb::from_slice(&out).unwrap());
    let bin = before.bin.unwrap();
    assert!(after.bin.unwrap()[..bin.len()] == bin[..]);
    let [before, after] = [before.json, after.json].map(|json| serde_json::from_slice::<Value>(&json).unwrap());
    for key in ["asset", "nodes", "meshes", "materials", "skins", "scenes", "extensions", "extensionsUsed"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    assert_eq!(out.len() % 4, 0);
    assert_eq!(u32::from_le_bytes(out[8..12].try_into().unwrap()) as usize, out.len());
}

/// The same avatar as another program might have rigged it: bones rest turned, some written as
/// matrices, all below a root that turns and shrinks a hundredfold.
fn rerigged() -> Vec<u8> {
    let mut document = document();
    let nodes = document["nodes"].as_array_mut().unwrap();
    let root = Mat4::from_scale_rotation_translation(
        Vec3::splat(0.01),
        Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2),
        Vec3::new(0.1, 0.0, -0.2),
    );
    let own = |node: usize| Quat::from_euler(glam::EulerRot::XYZ, node as f32, 0.7 * node as f32, 0.3);
    let mut parents = vec![None; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for child in node["children"].as_array().into_iter().flatten() {
            parents[child.as_u64().unwrap() as usize] = Some(index);
        }
    }
    let heads: Vec<Vec3> = (0..nodes.len())
        .map(|start| {
            std::iter::successors(Some(start), |node| parents[*node])
                .filter_map(|node| serde_json::from_value::<[f32; 3]>(nodes[node]["translation"].clone()).ok())
                .fold(Vec3::ZERO, |sum, at| sum + Vec3::from(at))
        })
        .collect();
    let world = |node: usize| {
        Mat4::from_scale_rotation_translation(
            Vec3::splat(0.01),
            root.to_scale_rotation_translation().1 * own(node),
            heads[node],
        )
    };
    for (index, node) in nodes.iter_mut().enumerate().filter(|(_, node)| node.get("mesh").is_none()) {
        let local = parents[index].map_or(root, world).inverse() * world(index);
        let (scale, turn, at) = local.to_scale_rotation_translation();
        let node = node.as_object_mut().unwrap();
        if index % 3 == 0 {
            node.remove("translation");
            node.insert("matrix".into(), json!(local.to_cols_array()));
        } else {
            node.insert("translation".into(), json!(at.to_array()));
            node.insert("rotation".into(), json!(turn.to_array()));
            node.insert("scale".into(), json!(scale.to_array()));
        }
    }
    let (at, turn, scale) = (root.w_axis.truncate(), root.to_scale_rotation_translation().1, Vec3::splat(0.01));
    nodes.push(json!({
        "name": "Armature", "children": [Bone::Hips.index()],
        "translation": at.to_array(), "rotation": turn.to_array(), "scale": scale.to_array(),
    }));
    let armature = nodes.len() - 1;
    document["scenes"][0]["nodes"][0] = json!(armature);
    document["animations"] = json!([{"name": "idle", "channels": [], "samplers": []}]);
    with_document(&document)
}

#[test]
fn any_rigs_own_rest_is_respected() {
    let frames = random_frames(8);
    let gltf = animated(&rerigged(), &frames);
    assert_plays(&gltf, &frames);
    let names: Vec<Option<&str>> = gltf.animations().map(|animation| animation.name()).collect();
    assert_eq!(names, [Some("signing"), Some("idle")], "what viewers play is the signing");
    for (node, _) in channels(&gltf) {
        let matrix = matches!(gltf.nodes().nth(node).unwrap().transform(), gltf::scene::Transform::Matrix { .. });
        assert!(!matrix, "node {node} is animated and a matrix");
    }
}

/// A GLB of `document` and the default avatar's data.
fn with_document(document: &Value) -> Vec<u8> {
    let bin = gltf::Glb::from_slice(avatar_bytes()).unwrap().bin.unwrap();
    let json = document.to_string();
    let padded = json.len().next_multiple_of(4);
    let word = |value: usize| (value as u32).to_le_bytes();
    let mut out = b"glTF".to_vec();
    out.extend([word(2), word(28 + padded + bin.len()), word(padded)].concat());
    out.extend(format!("JSON{json:padded$}").bytes());
    out.extend(word(bin.len()));
    out.extend(b"BIN\0");
    out.extend(bin.iter());
    out
}

fn document() -> Value {
    serde_json::from_slice(&gltf::Glb::from_slice(avatar_bytes()).unwrap().json).unwrap()
}

#[test]
fn a_bone_of_no_size_or_turn_is_an_error() {
    let frame = PoseFrame::t_pose(OutputTime::ZERO);
    for (key, value) in [("scale", json!([0.0, 0.0, 0.0])), ("rotation", json!([0.0, 0.0, 0.0, 0.0]))] {
        let mut document = document();
        // A new root above the hips.
        let nodes = document["nodes"].as_array_mut().unwrap();
        nodes.push(json!({"children": [Bone::Hips.index()], key: value}));
        document["scenes"][0]["nodes"][0] = json!(nodes.len() - 1);
        let error = animate(&with_document(&document), FrameRate::PAL, &[&frame]).unwrap_err();
        assert!(matches!(error, ExportError::Avatar(BodyError::Malformed { .. })), "{key}: {error}");
    }
}

#[test]
fn bones_that_the_avatar_lacks_are_left_out() {
    let mut document = document();
    let bones = document.pointer_mut("/extensions/VRMC_vrm/humanoid/humanBones").unwrap().as_object_mut().unwrap();
    let lacks = |name: &str| matches!(name, "upperChest" | "jaw" | "leftToes") || name.contains("Little");
    bones.retain(|name, _| !lacks(name));
    let bytes = with_document(&document);
    let body = Body::from_bytes(&bytes).unwrap();
    assert_eq!(body.missing().count(), 9);
    let frames = random_frames(3);
    let gltf = animated(&bytes, &frames);
    for (index, frame) in frames.iter().enumerate() {
        let mut posture = [Rigid::IDENTITY; Bone::COUNT];
        body.solve(frame.hips, &frame.rotations, &mut posture);
        let (worlds, bvh) = (played(&gltf, index), Bvh::of(&body, &frames));
        let places = bvh.places(index);
        for bone in Bone::ALL {
            let named = places.iter().find(|(name, _)| *name == bone.name());
            assert_eq!(named.is_none(), lacks(bone.name()), "{bone:?}");
            let Some((_, place)) = named else { continue };
            let expected = posture[bone.index()].translation;
            assert!(place.as_vec3().distance(expected) < 2e-4, "BVH: {bone:?} at {place}, not {expected}");
            let played = worlds[node_named(&gltf, bone.name())].transform_point3(Vec3::ZERO);
            assert!(played.distance(expected) < 2e-4, "GLB: {bone:?} at {played}, not {expected}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_damaged_avatar_is_animated_or_refused(
        damage in prop::collection::vec((20_usize..20_000, any::<u8>()), 1..4)
    ) {
        let frame = PoseFrame::t_pose(OutputTime::ZERO);
        let mut bytes = avatar_bytes().to_vec();
        for (at, value) in damage {
            // Digits for digits keep most files readable.
            bytes[at] = if bytes[at].is_ascii_digit() { b'0' + value % 10 } else { value };
        }
        if let Ok(bytes) = animate(&bytes, FrameRate::PAL, &[&frame]) {
            prop_assert!(Gltf::from_slice(&bytes).is_ok());
        }
    }
}

#[test]
fn positions_that_are_not_there_are_an_error() {
    let mut document = document();
    document["meshes"][2]["primitives"][0]["attributes"]["POSITION"] = json!(9999);
    let frame = PoseFrame::t_pose(OutputTime::ZERO);
    let error = animate(&with_document(&document), FrameRate::PAL, &[&frame]).unwrap_err().to_string();
    assert!(error.contains("accessor 9999"), "{error}");
}

#[test]
fn what_is_no_avatar_is_an_error() {
    let frame = PoseFrame::t_pose(OutputTime::ZERO);
    for bytes in [&b""[..], b"glTF", b"not a model at all", &avatar_bytes()[..5000]] {
        let error = animate(bytes, FrameRate::PAL, &[&frame]).unwrap_err();
        assert!(matches!(error, ExportError::Avatar(_)), "{error}");
    }
    let missing = write_glb(Vec::new(), "no/such/avatar.glb".as_ref(), FrameRate::PAL, [&frame]).unwrap_err();
    assert!(missing.to_string().contains("no/such/avatar.glb"), "{missing}");
}
