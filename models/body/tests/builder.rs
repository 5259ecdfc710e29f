//! What the builder writes, seen as a plain glTF reader sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

use std::{fs, path::Path, sync::OnceLock};

use body::{Body, avatar_source_dir, builder};
use glam::Vec3;
use gltf::Gltf;
use serde_json::Value;
use signing::FaceShape;

/// The most triangles a software rasteriser is asked to draw.
const BUDGET: usize = 30_000;

fn built() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| builder::build(&avatar_source_dir().unwrap()).unwrap())
}

fn meshes(mut look: impl FnMut(&str, &gltf::Primitive<'_>, &[u8])) {
    let gltf = Gltf::from_slice(built()).unwrap();
    let blob = gltf.blob.as_deref().unwrap();
    for mesh in gltf.meshes() {
        for primitive in mesh.primitives() {
            look(mesh.name().unwrap(), &primitive, blob);
        }
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    assert!(builder::build(&avatar_source_dir().unwrap()).unwrap() == built(), "two builds differ");
}

#[test]
fn it_is_a_body() {
    assert_eq!(Body::from_bytes(built()).unwrap().missing().count(), 0);
}

#[test]
fn it_stays_within_the_triangle_budget() {
    let mut triangles = 0;
    meshes(|_, primitive, _| triangles += primitive.indices().unwrap().count() / 3);
    assert!((15_000..=BUDGET).contains(&triangles), "{triangles} triangles");
}

#[test]
fn weights_are_normalised_and_normals_are_unit() {
    meshes(|name, primitive, blob| {
        let reader = primitive.reader(|_| Some(blob));
        for weights in reader.read_weights(0).unwrap().into_f32() {
            let sum: f32 = weights.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{name}: weights sum to {sum}");
        }
        for normal in reader.read_normals().unwrap() {
            let length = Vec3::from(normal).length();
            assert!((length - 1.0).abs() < 1e-3, "{name}: a normal is {length} long");
        }
    });
}

#[test]
fn the_face_has_the_52_shapes_in_their_order_and_nothing_else_morphs() {
    let gltf = Gltf::from_slice(built()).unwrap();
    for mesh in gltf.meshes() {
        let targets = mesh.primitives().next().unwrap().morph_targets().count();
        if mesh.name() != Some("Face") {
            assert_eq!(targets, 0, "{:?} morphs", mesh.name());
            continue;
        }
        assert_eq!(targets, FaceShape::COUNT);
        let extras: Value = serde_json::from_str(mesh.extras().as_ref().unwrap().get()).unwrap();
        let names: Vec<&str> =
            extras["targetNames"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(names, FaceShape::ALL.map(FaceShape::name));
    }
}

/// The farthest that a shape moves the face, metres.
fn farthest(shape: FaceShape) -> Vec3 {
    let mut farthest = Vec3::ZERO;
    meshes(|name, primitive, blob| {
        if name == "Face" {
            let reader = primitive.reader(|_| Some(blob));
            let (positions, ..) = reader.read_morph_targets().nth(shape.index()).unwrap();
            farthest = positions
                .unwrap()
                .map(Vec3::from)
                .max_by(|a, b| a.length_squared().total_cmp(&b.length_squared()))
                .unwrap();
        }
    });
    farthest
}

#[test]
fn shapes_move_what_they_are_named_after() {
    for shape in FaceShape::ALL {
        let moved = farthest(shape).length();
        assert!((0.0005..0.06).contains(&moved), "{} moves {moved} m", shape.name());
    }
    assert!(farthest(FaceShape::JawOpen).y < -0.01, "the jaw opens downwards");
    assert!(farthest(FaceShape::BrowInnerUp).y > 0.003, "brows rise");
    assert!(farthest(FaceShape::BrowDownLeft).y < -0.003, "brows sink");
    assert!(farthest(FaceShape::TongueOut).z > 0.015, "the tongue comes forwards");
}

#[test]
fn palms_are_lighter_than_the_backs_of_hands() {
    let (mut palms, mut backs) = (Vec::new(), Vec::new());
    meshes(|name, primitive, blob| {
        if name != "Skin" {
            return;
        }
        let reader = primitive.reader(|_| Some(blob));
        let colours = reader.read_colors(0).unwrap().into_rgb_f32();
        for ((position, normal), colour) in
            reader.read_positions().unwrap().zip(reader.read_normals().unwrap()).zip(colours)
        {
            // In T-pose hands are what is farthest to the sides.
            if position[0].abs() > 0.70 {
                let luminance = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
                match normal[1] {
                    y if y < -0.8 => palms.push(luminance),
                    y if y > 0.8 => backs.push(luminance),
                    _ => {}
                }
            }
        }
    });
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
    assert!(palms.len() > 100 && backs.len() > 100);
    assert!(mean(&palms) > 1.12 * mean(&backs), "palms {}, backs {}", mean(&palms), mean(&backs));
}

#[test]
fn a_missing_source_names_the_file_and_what_to_do() {
    let message = builder::build(Path::new("no/such/folder")).unwrap_err().to_string();
    assert!(message.contains("base.obj") && message.contains("xtask setup"), "{message}");
}

#[test]
fn nothing_is_left_under_the_final_name_when_a_build_fails() {
    let folder = std::env::temp_dir().join(format!("shouyu-builder-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let out = folder.join("avatar.glb");
    builder::build_to(Path::new("no/such/folder"), &out).unwrap_err();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    builder::build_to(&avatar_source_dir().unwrap(), &out).unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(&folder).unwrap();
}
