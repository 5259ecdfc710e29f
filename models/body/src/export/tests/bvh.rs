//! A reader of BVH, and forward kinematics as its users do them.

use glam::{DMat4, DVec3};
use proptest::prelude::*;
use signing::{Bone, FrameRate, OutputTime, PoseFrame};

use super::{any_frame, avatar, solved, timed, write_bvh};
use crate::Body;

struct Joint {
    name: String,
    parent: Option<usize>,
    offset: DVec3,
    channels: Vec<String>,
}

pub(super) struct Bvh {
    joints: Vec<Joint>,
    frame_secs: f64,
    frames: Vec<Vec<f64>>,
}

impl Bvh {
    fn parse(text: &str) -> Self {
        let (hierarchy, motion) = text.split_once("MOTION\n").unwrap();
        let mut words = hierarchy.split_whitespace();
        assert_eq!(words.next(), Some("HIERARCHY"));
        let mut joints: Vec<Joint> = Vec::new();
        let mut open = Vec::new();
        while let Some(word) = words.next() {
            match word {
                "ROOT" | "JOINT" | "End" => {
                    let name = words.next().unwrap().to_owned();
                    assert_eq!(words.next(), Some("{"));
                    joints.push(Joint { name, parent: open.last().copied(), offset: DVec3::ZERO, channels: vec![] });
                    open.push(joints.len() - 1);
                }
                "OFFSET" => {
                    let offset = [(); 3].map(|()| words.next().unwrap().parse().unwrap());
                    joints[*open.last().unwrap()].offset = DVec3::from(offset);
                }
                "CHANNELS" => {
                    let count = words.next().unwrap().parse().unwrap();
                    joints[*open.last().unwrap()].channels = words.by_ref().take(count).map(str::to_owned).collect();
                }
                "}" => drop(open.pop().unwrap()),
                other => panic!("{other} in the hierarchy"),
            }
        }
        assert!(open.is_empty());
        let mut lines = motion.lines();
        let count: usize = lines.next().unwrap().strip_prefix("Frames: ").unwrap().parse().unwrap();
        let frame_secs = lines.next().unwrap().strip_prefix("Frame Time: ").unwrap().parse().unwrap();
        let numbers = |line: &str| line.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let frames: Vec<Vec<f64>> = lines.map(numbers).collect();
        assert_eq!(frames.len(), count);
        Self { joints, frame_secs, frames }
    }

    /// What is written of `body`.
    pub(super) fn of(body: &Body, frames: &[PoseFrame]) -> Self {
        let mut out = Vec::new();
        write_bvh(&mut out, body, FrameRate::PAL, frames).unwrap();
        Self::parse(std::str::from_utf8(&out).unwrap())
    }

    /// The joints' places in a frame, metres, by name; end sites bear their parents' names and "Site".
    pub(super) fn places(&self, frame: usize) -> Vec<(&str, DVec3)> {
        let mut values = self.frames[frame].iter();
        let mut worlds: Vec<DMat4> = Vec::new();
        for joint in &self.joints {
            let mut local = DMat4::from_translation(joint.offset);
            for channel in &joint.channels {
                let value = *values.next().unwrap();
                local *= match channel.as_str() {
                    "Xposition" => DMat4::from_translation(DVec3::X * value),
                    "Yposition" => DMat4::from_translation(DVec3::Y * value),
                    "Zposition" => DMat4::from_translation(DVec3::Z * value),
                    "Xrotation" => DMat4::from_rotation_x(value.to_radians()),
                    "Yrotation" => DMat4::from_rotation_y(value.to_radians()),
                    "Zrotation" => DMat4::from_rotation_z(value.to_radians()),
                    other => panic!("channel {other}"),
                };
            }
            worlds.push(joint.parent.map_or(local, |parent| worlds[parent] * local));
        }
        assert_eq!(values.next(), None, "numbers beyond the channels");
        self.joints
            .iter()
            .zip(worlds)
            .map(|(joint, world)| (joint.name.as_str(), world.transform_point3(DVec3::ZERO) / 100.0))
            .collect()
    }
}

fn written(rate: FrameRate, frames: &[PoseFrame]) -> Bvh {
    let mut out = Vec::new();
    write_bvh(&mut out, avatar(), rate, frames).unwrap();
    Bvh::parse(std::str::from_utf8(&out).unwrap())
}

#[test]
fn zero_angles_are_the_t_pose() {
    let bvh = written(FrameRate::PAL, &[PoseFrame::t_pose(OutputTime::ZERO)]);
    assert!(bvh.frames[0][3..].iter().all(|angle| *angle == 0.0), "{:?}", bvh.frames[0]);
    let places = bvh.places(0);
    for bone in Bone::ALL {
        let (_, place) = places.iter().find(|(name, _)| *name == bone.name()).unwrap();
        let expected = avatar().joint(bone).unwrap().head_in_world.as_dvec3();
        assert!(place.distance(expected) < 1e-6, "{bone:?} at {place}, in T-pose at {expected}");
    }
    // Five fingertips a hand, eyes, jaw and toes end somewhere.
    assert_eq!(places.iter().filter(|(name, _)| *name == "Site").count(), 10 + 3 + 2);
}

#[test]
fn frames_last_exactly_as_long_as_the_rate_says() {
    for (rate, secs) in [("25", 0.04), ("30000/1001", 1001.0 / 30000.0), ("240", 1.0 / 240.0)] {
        let rate: FrameRate = rate.parse().unwrap();
        let frames = timed(rate, vec![PoseFrame::t_pose(OutputTime::ZERO); 3]);
        assert_eq!(written(rate, &frames).frame_secs, secs, "{rate}");
    }
}

#[test]
fn angles_do_not_jump_between_frames() {
    // Once round about each axis, through every place where angles wrap or lose an axis.
    let turn = |index: usize| {
        let angle = index as f32 * std::f32::consts::TAU / 100.0;
        let mut frame = PoseFrame::t_pose(OutputTime::ZERO);
        frame.rotations[Bone::LeftUpperArm.index()] = glam::Quat::from_rotation_x(angle);
        frame.rotations[Bone::RightUpperArm.index()] = glam::Quat::from_rotation_y(angle);
        frame.rotations[Bone::Head.index()] = glam::Quat::from_rotation_z(angle);
        frame
    };
    let frames = timed(FrameRate::PAL, (0..=100).map(turn).collect());
    let bvh = written(FrameRate::PAL, &frames);
    for (index, pair) in bvh.frames.windows(2).enumerate() {
        let step = pair[0].iter().zip(&pair[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(step < 3.7, "{step}° between frames {index} and {}", index + 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn read_back_every_joint_is_where_the_body_has_it(frames in prop::collection::vec(any_frame(), 1..4)) {
        let frames = timed(FrameRate::PAL, frames);
        let bvh = written(FrameRate::PAL, &frames);
        for (index, frame) in frames.iter().enumerate() {
            let posture = solved(frame);
            let places = bvh.places(index);
            for bone in Bone::ALL {
                let (_, place) = places.iter().find(|(name, _)| *name == bone.name()).unwrap();
                let expected = posture[bone.index()].translation.as_dvec3();
                prop_assert!(place.distance(expected) < 1e-4, "{:?} of frame {} is at {}, not {}", bone, index, place, expected);
            }
        }
    }
}
