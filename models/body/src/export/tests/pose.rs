//! A reader of `.pose` files as the Python library reads them.

use glam::Vec3;
use proptest::prelude::*;
use signing::{BodySite, Bone, FaceShape, Finger, FrameRate, HandPart, Lateral, OutputTime, PoseFrame, Side};

use super::{any_frame, avatar, solved, timed, write_pose};
use crate::export::pose::{SIDE_PX, VIEW_IN_STATURES};

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.0.split_first_chunk::<N>().unwrap();
        self.0 = rest;
        *head
    }
    fn short(&mut self) -> usize {
        usize::from(u16::from_le_bytes(self.bytes()))
    }
    fn float(&mut self) -> f32 {
        f32::from_le_bytes(self.bytes())
    }
    fn text(&mut self) -> String {
        let length = self.short();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8(text.to_vec()).unwrap()
    }
}

struct Read {
    size: [usize; 3],
    /// Names of points by component.
    components: Vec<(String, Vec<String>)>,
    fps: f32,
    /// `[frames][points]`.
    points: Vec<Vec<Vec3>>,
    confidence: Vec<Vec<f32>>,
}

impl Read {
    fn of(bytes: &[u8]) -> Self {
        let mut reader = Reader(bytes);
        assert_eq!(reader.float(), 0.2);
        let size = [(); 3].map(|()| reader.short());
        let count = reader.short();
        let component = |reader: &mut Reader<'_>| {
            let name = reader.text();
            assert_eq!(reader.text(), "XYZC");
            let [points, limbs, colours] = [(); 3].map(|()| reader.short());
            let names: Vec<String> = (0..points).map(|_| reader.text()).collect();
            for _ in 0..limbs * 2 {
                assert!(reader.short() < points, "a limb of {name} ends at no point");
            }
            for _ in 0..colours * 3 {
                assert!(reader.short() < 256, "a colour of {name}");
            }
            assert!(colours > 0);
            (name, names)
        };
        let components: Vec<(String, Vec<String>)> = (0..count).map(|_| component(&mut reader)).collect();
        let fps = reader.float();
        let frames = u32::from_le_bytes(reader.bytes()) as usize;
        assert_eq!(reader.short(), 1, "one person");
        let total: usize = components.iter().map(|(_, names)| names.len()).sum();
        let point = |reader: &mut Reader<'_>| Vec3::from([(); 3].map(|()| reader.float()));
        let points = (0..frames).map(|_| (0..total).map(|_| point(&mut reader)).collect()).collect();
        let confidence = (0..frames).map(|_| (0..total).map(|_| reader.float()).collect()).collect();
        assert!(reader.0.is_empty(), "{} bytes too many", reader.0.len());
        Self { size, components, fps, points, confidence }
    }

    fn index(&self, component: &str, point: &str) -> usize {
        let mut before = 0;
        for (name, points) in &self.components {
            if name == component {
                return before + points.iter().position(|name| name == point).unwrap();
            }
            before += points.len();
        }
        panic!("no component {component}")
    }

    fn at(&self, frame: usize, component: &str, point: &str) -> Vec3 {
        self.points[frame][self.index(component, point)]
    }

    fn sure(&self, frame: usize, component: &str, point: &str) -> f32 {
        self.confidence[frame][self.index(component, point)]
    }
}

fn written(rate: FrameRate, frames: &[PoseFrame]) -> Read {
    let mut out = Vec::new();
    write_pose(&mut out, avatar(), rate, frames).unwrap();
    Read::of(&out)
}

fn t_pose() -> Read {
    written(FrameRate::PAL, &[PoseFrame::t_pose(OutputTime::ZERO)])
}

const BODY: &str = "POSE_LANDMARKS";
const WORLD: &str = "POSE_WORLD_LANDMARKS";
const FACE: &str = "FACE_LANDMARKS";
const HANDS: [&str; 2] = ["LEFT_HAND_LANDMARKS", "RIGHT_HAND_LANDMARKS"];

#[test]
fn the_header_begins_as_the_library_reads_it() {
    let mut out = Vec::new();
    write_pose(&mut out, avatar(), FrameRate::PAL, &[PoseFrame::t_pose(OutputTime::ZERO)]).unwrap();
    let mut expected = 0.2_f32.to_le_bytes().to_vec();
    expected.extend([0xE8, 0x03, 0xE8, 0x03, 0, 0, 5, 0, 14, 0]);
    expected.extend(b"POSE_LANDMARKS\x04\0XYZC");
    expected.extend([33, 0, 35, 0, 1, 0, 4, 0]);
    expected.extend(b"NOSE\x0e\0LEFT_EYE_INNER");
    assert_eq!(out[..expected.len()], expected);
}

#[test]
fn the_layout_is_holistic() {
    let read = t_pose();
    let counts: Vec<(&str, usize)> =
        read.components.iter().map(|(name, points)| (name.as_str(), points.len())).collect();
    assert_eq!(counts, [(BODY, 33), (FACE, 478), (HANDS[0], 21), (HANDS[1], 21), (WORLD, 33)]);
    assert_eq!(read.size, [1000, 1000, 0]);
    let points = |component: usize| read.components[component].1.join(" ");
    assert_eq!(
        points(0),
        "NOSE LEFT_EYE_INNER LEFT_EYE LEFT_EYE_OUTER RIGHT_EYE_INNER RIGHT_EYE RIGHT_EYE_OUTER LEFT_EAR RIGHT_EAR \
         MOUTH_LEFT MOUTH_RIGHT LEFT_SHOULDER RIGHT_SHOULDER LEFT_ELBOW RIGHT_ELBOW LEFT_WRIST RIGHT_WRIST LEFT_PINKY \
         RIGHT_PINKY LEFT_INDEX RIGHT_INDEX LEFT_THUMB RIGHT_THUMB LEFT_HIP RIGHT_HIP LEFT_KNEE RIGHT_KNEE LEFT_ANKLE \
         RIGHT_ANKLE LEFT_HEEL RIGHT_HEEL LEFT_FOOT_INDEX RIGHT_FOOT_INDEX"
    );
    assert_eq!(points(4), points(0));
    assert_eq!(
        points(2),
        "WRIST THUMB_CMC THUMB_MCP THUMB_IP THUMB_TIP INDEX_FINGER_MCP INDEX_FINGER_PIP INDEX_FINGER_DIP \
         INDEX_FINGER_TIP MIDDLE_FINGER_MCP MIDDLE_FINGER_PIP MIDDLE_FINGER_DIP MIDDLE_FINGER_TIP RING_FINGER_MCP \
         RING_FINGER_PIP RING_FINGER_DIP RING_FINGER_TIP PINKY_MCP PINKY_PIP PINKY_DIP PINKY_TIP"
    );
    assert_eq!(points(3), points(2));
    assert_eq!((read.components[1].1[0].as_str(), read.components[1].1[477].as_str()), ("0", "477"));
}

#[test]
fn rate_and_length_are_the_signers() {
    for (rate, fps, count) in [("25", 25.0, 7), ("30000/1001", 29.97003, 2)] {
        let rate: FrameRate = rate.parse().unwrap();
        let read = written(rate, &timed(rate, vec![PoseFrame::t_pose(OutputTime::ZERO); count]));
        assert_eq!((read.fps, read.points.len()), (fps, count));
    }
}

#[test]
fn the_signers_left_is_on_the_right_of_the_picture() {
    let read = t_pose();
    let stature = avatar().stature();
    let px_per_metre = f32::from(SIDE_PX) / (VIEW_IN_STATURES * stature);
    let (left, right) = (read.at(0, BODY, "LEFT_WRIST"), read.at(0, BODY, "RIGHT_WRIST"));
    let wrist = avatar().joint(Bone::LeftHand).unwrap().head_in_world;
    assert!((left.x - (500.0 + wrist.x * px_per_metre)).abs() < 0.01, "{left}");
    assert!((left.x + right.x - 1000.0).abs() < 0.01, "{left} and {right} mirror each other");
    let nose = read.at(0, BODY, "NOSE");
    assert!(nose.y > 100.0 && nose.y < left.y, "the nose at {nose} is in the picture, above the wrist at {left}");
    assert!(nose.z < left.z, "the nose is nearer to the camera");
    let drop = read.at(0, BODY, "LEFT_HIP").y - left.y;
    let hip = avatar().joint(Bone::LeftUpperLeg).unwrap().head_in_world;
    assert!((drop - (wrist.y - hip.y) * px_per_metre).abs() < 0.01, "{drop} px");
    // Millimetres, from the middle of the hips.
    let world = read.at(0, WORLD, "LEFT_WRIST");
    let expected = Vec3::new(wrist.x * 1000.0, (hip.y - wrist.y) * 1000.0, hip.z - wrist.z);
    assert!(world.distance(expected) < 0.01, "{world}, expected {expected}");
}

#[test]
fn what_the_body_knows_is_sure_and_the_rest_is_zero() {
    let read = t_pose();
    for hand in HANDS {
        for point in &read.components[2].1 {
            assert_eq!(read.sure(0, hand, point), 1.0, "{hand} {point}");
        }
    }
    for component in [BODY, WORLD] {
        for point in &read.components[0].1 {
            let known = !point.contains("_EYE_") && !point.contains("HEEL");
            assert_eq!(read.sure(0, component, point), f32::from(u8::from(known)), "{component} {point}");
        }
    }
    let sure = |index: &usize| read.sure(0, FACE, &index.to_string()) == 1.0;
    let known: Vec<usize> = (0..478).filter(sure).collect();
    let expected = [4, 6, 10, 11, 13, 14, 16, 61, 65, 115, 139, 164, 195, 199, 216, 291, 295, 344, 368, 436];
    assert_eq!(known, expected);
    for (point, confidence) in read.points[0].iter().zip(&read.confidence[0]) {
        assert!(*confidence > 0.0 || *point == Vec3::ZERO, "{point} is unknown");
    }
}

#[test]
fn the_face_is_a_face() {
    let read = t_pose();
    let at = |index: usize| read.at(0, FACE, &index.to_string());
    for (left, right) in [(295, 65), (368, 139), (344, 115), (436, 216), (291, 61)] {
        assert!(at(left).x > at(right).x, "{left} is the left one of {right}");
        assert!((at(left).y - at(right).y).abs() < 4.0 && (at(left).x + at(right).x - 1000.0).abs() < 4.0);
    }
    for pair in [10, 6, 195, 4, 164, 11, 13, 16, 199].windows(2) {
        assert!(at(pair[0]).y < at(pair[1]).y, "{} is above {}", pair[0], pair[1]);
    }
    assert!((at(4) - read.at(0, BODY, "NOSE")).truncate().length() < 1e-3, "one nose");
}

#[test]
fn a_moved_mouth_is_less_sure() {
    let mut frames = timed(FrameRate::PAL, vec![PoseFrame::t_pose(OutputTime::ZERO); 3]);
    frames[1].face[FaceShape::JawOpen.index()] = 0.3;
    frames[2].face = [1.0; FaceShape::COUNT];
    let read = written(FrameRate::PAL, &frames);
    let sure = |frame, point| read.sure(frame, FACE, point);
    for (point, expected) in
        [("291", [1.0, 0.7, 0.2]), ("199", [1.0, 0.7, 0.2]), ("65", [1.0, 1.0, 0.2]), ("4", [1.0; 3])]
    {
        assert_eq!([0, 1, 2].map(|frame| sure(frame, point)), expected, "{point}");
    }
    assert_eq!(read.sure(1, BODY, "MOUTH_LEFT"), 0.7);
    assert_eq!(read.sure(2, BODY, "LEFT_WRIST"), 1.0);
    assert_eq!(read.sure(2, FACE, "0"), 0.0, "unknown stays unknown");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn points_are_as_far_apart_as_on_the_body(frame in any_frame()) {
        let read = written(FrameRate::PAL, std::slice::from_ref(&frame));
        let posture = solved(&frame);
        let side = f32::from(SIDE_PX);
        let metres_per_px = VIEW_IN_STATURES * avatar().stature() / side;
        let joint = |bone: Bone| posture[bone.index()].translation;
        for (side_of, component) in [(Side::Left, HANDS[0]), (Side::Right, HANDS[1])] {
            let wrist = read.at(0, component, "WRIST");
            prop_assert_eq!(wrist.z, 0.0);
            for (finger, name) in [
                (Finger::Thumb, "THUMB"), (Finger::Index, "INDEX_FINGER"), (Finger::Middle, "MIDDLE_FINGER"),
                (Finger::Ring, "RING_FINGER"), (Finger::Little, "PINKY"),
            ] {
                let tip = avatar().hand_part(side_of, HandPart::Tip(finger)).unwrap();
                let tip = posture[tip.bone.index()].point(tip.point_in_bone);
                let seen = read.at(0, component, &format!("{name}_TIP")) - wrist;
                let seen = seen * Vec3::new(metres_per_px, -metres_per_px, -metres_per_px * side);
                let expected = tip - joint(Bone::on(side_of, "Hand").unwrap());
                prop_assert!(seen.distance(expected) < 1e-4, "{} {}: {} not {}", component, name, seen, expected);
            }
        }
        let nose = avatar().site(BodySite::NoseTip, Lateral::Centre).unwrap();
        let nose = posture[nose.bone.index()].point(nose.point_in_bone);
        let hips = joint(Bone::LeftUpperLeg).midpoint(joint(Bone::RightUpperLeg));
        let seen = read.at(0, WORLD, "NOSE") * Vec3::new(1e-3, -1e-3, -1.0);
        prop_assert!(seen.distance(nose - hips) < 1e-4, "nose {} not {}", seen, nose - hips);
    }
}
