//! A motion as points and weights at a fixed rate.

use body::{Body, Posture, Rigid};
use glam::Vec3;
use signing::{Bone, FaceShape, Finger, HandPart, PoseFrame, Side};

use super::spread::WINDOW;

/// Points of both hands: wrist and five fingertips each.
pub(super) const HAND_POINTS: usize = 12;
/// Points of the body: elbows, shoulders, neck, head.
pub(super) const BODY_POINTS: usize = 6;
/// What is compared a second.
const RATE: f64 = 25.0;

/// What of a pose is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Metres on a body whose arms are 1 m long, from between the hips; the body's own size does not count.
    pub hands: [Vec3; HAND_POINTS],
    /// Likewise.
    pub body: [Vec3; BODY_POINTS],
    /// Weights.
    pub face: [f32; FaceShape::COUNT],
}

/// A motion at a fixed rate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoseTrack {
    /// In order of time.
    pub frames: Vec<Compared>,
}

impl PoseTrack {
    /// Of poses in order of time, whatever their rate: where none is due, between two.
    pub fn of(body: &Body, frames: &[PoseFrame]) -> Self {
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else { return Self::default() };
        let points: Vec<Compared> = frames.iter().map(|frame| compared(body, frame)).collect();
        let (begin, end) = (first.time.as_secs(), last.time.as_secs());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of frames")]
        let count = ((end - begin).max(0.0) * RATE).floor() as usize + 1;
        let mut next = 0;
        let sampled = (0..count).map(|index| {
            let secs = begin + index as f64 / RATE;
            while next + 1 < frames.len() && frames[next].time.as_secs() < secs {
                next += 1;
            }
            let before = next.saturating_sub(1);
            let (from, until) = (frames[before].time.as_secs(), frames[next].time.as_secs());
            #[expect(clippy::cast_possible_truncation, reason = "a share")]
            let share = if until > from { ((secs - from) / (until - from)).clamp(0.0, 1.0) as f32 } else { 1.0 };
            between(&points[before], &points[next], share)
        });
        Self { frames: sampled.collect() }
    }

    /// The part from one time to another, seconds from its beginning.
    #[must_use]
    pub fn part(&self, from: f64, to: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index of a frame")]
        let index = |secs: f64| ((secs.max(0.0) * RATE).round() as usize).min(self.frames.len());
        let (from, to) = (index(from), index(to));
        Self { frames: self.frames[from.min(to)..to].to_vec() }
    }

    /// Seconds.
    pub fn secs(&self) -> f64 {
        self.frames.len().saturating_sub(1) as f64 / RATE
    }

    /// Both wrists, one after the other, through time.
    fn wrists(&self) -> [Vec<Vec3>; 2] {
        [0, HAND_POINTS / 2].map(|point| self.frames.iter().map(|frame| frame.hands[point]).collect())
    }

    /// Speeds of both wrists, 1/s of an arm's length.
    pub fn speeds(&self) -> Vec<f32> {
        #[expect(clippy::cast_possible_truncation, reason = "a rate")]
        let rate = RATE as f32;
        self.wrists().iter().flat_map(|path| path.windows(2).map(move |w| w[0].distance(w[1]) * rate)).collect()
    }

    /// Jerks of both wrists, 1/s³ of an arm's length.
    pub fn jerks(&self) -> Vec<f32> {
        #[expect(clippy::cast_possible_truncation, reason = "a rate")]
        let cube = RATE.powi(3) as f32;
        let third = |w: &[Vec3]| (w[3] - w[2] * 3.0 + w[1] * 3.0 - w[0]).length() * cube;
        self.wrists().iter().flat_map(|path| path.windows(4).map(third).collect::<Vec<_>>()).collect()
    }

    /// Features of short windows: of each, where the wrists and index fingertips are in the middle, how they go, and how
    /// fast the wrists are.
    pub fn windows(&self) -> Vec<Vec<f64>> {
        let half = WINDOW / 2;
        let middles = (half..self.frames.len().saturating_sub(half)).step_by(half);
        middles
            .map(|at| {
                let points = [0, 2, HAND_POINTS / 2, HAND_POINTS / 2 + 2];
                let mut features = Vec::with_capacity(20);
                for point in points {
                    features.extend(self.frames[at].hands[point].to_array().map(f64::from));
                }
                for point in [0, HAND_POINTS / 2] {
                    let (from, to) = (self.frames[at - half].hands[point], self.frames[at + half].hands[point]);
                    features.extend((to - from).to_array().map(f64::from));
                    let way: f32 = self.frames[at - half..=at + half]
                        .windows(2)
                        .map(|w| w[0].hands[point].distance(w[1].hands[point]))
                        .sum();
                    features.push(f64::from(way));
                }
                features
            })
            .collect()
    }
}

fn compared(body: &Body, frame: &PoseFrame) -> Compared {
    let mut posture: Posture = [Rigid::IDENTITY; Bone::COUNT];
    body.solve(frame.hips, &frame.rotations, &mut posture);
    // Where somebody stands in the room, and which way they face, says nothing.
    let hips = posture[Bone::Hips.index()];
    let arm = body.arm_length().max(1e-3);
    let local = |point: Vec3| hips.rotation.inverse() * (point - hips.translation) / arm;
    let joint = |bone: Bone| local(posture[bone.index()].translation);
    let mut hands = [Vec3::ZERO; HAND_POINTS];
    for (side, slots) in [Side::Right, Side::Left].into_iter().zip(hands.chunks_exact_mut(HAND_POINTS / 2)) {
        slots[0] = joint(if side == Side::Left { Bone::LeftHand } else { Bone::RightHand });
        for (finger, slot) in Finger::ALL.into_iter().zip(&mut slots[1..]) {
            let tip = body.hand_part(side, HandPart::Tip(finger));
            *slot = tip.map_or(Vec3::ZERO, |tip| local(posture[tip.bone.index()].point(tip.point_in_bone)));
        }
    }
    let body_points =
        [Bone::RightLowerArm, Bone::LeftLowerArm, Bone::RightUpperArm, Bone::LeftUpperArm, Bone::Neck, Bone::Head];
    Compared { hands, body: body_points.map(joint), face: frame.face }
}

fn between(a: &Compared, b: &Compared, share: f32) -> Compared {
    Compared {
        hands: std::array::from_fn(|index| a.hands[index].lerp(b.hands[index], share)),
        body: std::array::from_fn(|index| a.body[index].lerp(b.body[index], share)),
        face: std::array::from_fn(|index| a.face[index] + (b.face[index] - a.face[index]) * share),
    }
}
