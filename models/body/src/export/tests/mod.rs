//! What is written, read back by readers of their own.

mod bvh;
mod glb;
mod pose;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use glam::{Quat, Vec3};
use proptest::prelude::*;
use signing::{Bone, FaceShape, Flicks, FrameRate, OutputTime, PoseFrame};

use super::{ExportError, PoseFormat, write_bvh, write_pose};
use crate::{Body, Posture, Rigid, default_avatar_path};

fn avatar_path() -> PathBuf {
    default_avatar_path().unwrap()
}

fn avatar_bytes() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| fs::read(avatar_path()).unwrap())
}

fn avatar() -> &'static Body {
    static BODY: OnceLock<Body> = OnceLock::new();
    BODY.get_or_init(|| Body::from_bytes(avatar_bytes()).unwrap())
}

fn solved(frame: &PoseFrame) -> Posture {
    let mut posture = [Rigid::IDENTITY; Bone::COUNT];
    avatar().solve(frame.hips, &frame.rotations, &mut posture);
    posture
}

fn timed(rate: FrameRate, frames: Vec<PoseFrame>) -> Vec<PoseFrame> {
    let at = |(index, frame)| PoseFrame { time: rate.time_of(index as u64), ..frame };
    frames.into_iter().enumerate().map(at).collect()
}

/// Any turn of any bone, joint limits or none.
fn any_frame() -> impl Strategy<Value = PoseFrame> {
    let turn = prop_oneof![
        8 => (prop::array::uniform3(-1.0_f32..1.0), 0.0_f32..3.1).prop_map(|(axis, angle)| {
            Quat::from_axis_angle(Vec3::from(axis).normalize_or(Vec3::Y), angle)
        }),
        // Where Z, X, Y angles lose an axis.
        1 => (-3.0_f32..3.0, any::<bool>()).prop_map(|(z, up)| {
            Quat::from_rotation_z(z) * Quat::from_rotation_x(std::f32::consts::FRAC_PI_2 * if up { 1.0 } else { -1.0 })
        }),
        1 => Just(Quat::IDENTITY),
    ];
    let hips = prop::array::uniform3(-0.3_f32..0.3);
    let face = prop::collection::vec(0.0_f32..1.0, FaceShape::COUNT);
    (hips, prop::collection::vec(turn, Bone::COUNT), face).prop_map(|(hips, rotations, face)| PoseFrame {
        time: OutputTime::ZERO,
        hips: Vec3::from(hips),
        rotations: rotations.try_into().unwrap(),
        face: face.try_into().unwrap(),
    })
}

#[test]
fn formats_are_chosen_by_extension() {
    let check = |path: &str, expected| assert_eq!(PoseFormat::from_path(Path::new(path)), expected, "{path}");
    check("a/hello.pose", Some(PoseFormat::Pose));
    check("hello.BVH", Some(PoseFormat::Bvh));
    check("你好.glb", Some(PoseFormat::Glb));
    check("hello.json", None);
    check("pose", None);
    check("hello.glb.txt", None);
    check("", None);
}

#[test]
fn nothing_is_written_of_no_frames() {
    let mut out = Vec::new();
    let none: [PoseFrame; 0] = [];
    for format in PoseFormat::ALL {
        let error = super::write(format, &mut out, avatar(), &avatar_path(), FrameRate::PAL, &none).unwrap_err();
        assert!(matches!(error, ExportError::NoFrames), "{format:?}: {error}");
        assert!(out.is_empty(), "{format:?} wrote {} bytes", out.len());
    }
}

#[test]
fn a_missing_frame_is_named() {
    let mut frames = timed(FrameRate::PAL, vec![PoseFrame::t_pose(OutputTime::ZERO); 5]);
    frames.remove(2);
    let error = write_bvh(io::sink(), avatar(), FrameRate::PAL, &frames).unwrap_err().to_string();
    assert!(error.starts_with("frame 2 is 0.120000 s after the first"), "{error}");
    assert!(error.contains("0.080000 s"), "{error}");
}

#[test]
fn frames_may_begin_at_any_time() {
    let mut frames = timed(FrameRate::PAL, vec![PoseFrame::t_pose(OutputTime::ZERO); 3]);
    for frame in &mut frames {
        frame.time.0 = frame.time.0 + Flicks(123_456_789);
    }
    write_pose(io::sink(), avatar(), FrameRate::PAL, &frames).unwrap();
}

#[test]
fn numbers_that_are_none_are_refused() {
    let broken: [fn(&mut PoseFrame); 3] = [
        |frame| frame.hips.y = f32::NAN,
        |frame| frame.rotations[7] = Quat::from_xyzw(0.0, 0.0, 0.0, 0.0),
        |frame| frame.face[3] = f32::INFINITY,
    ];
    for damage in broken {
        let mut frames = timed(FrameRate::PAL, vec![PoseFrame::t_pose(OutputTime::ZERO); 2]);
        damage(&mut frames[1]);
        let error = write_pose(io::sink(), avatar(), FrameRate::PAL, &frames).unwrap_err();
        assert!(matches!(error, ExportError::NotAPose { index: 1 }), "{error}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let frames = [PoseFrame::t_pose(OutputTime::ZERO)];
    for format in PoseFormat::ALL {
        let error = super::write(format, Full, avatar(), &avatar_path(), FrameRate::PAL, &frames).unwrap_err();
        assert!(matches!(error, ExportError::Write(_)), "{format:?}: {error}");
    }
}
