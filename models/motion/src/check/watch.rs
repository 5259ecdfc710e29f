//! Where everything is in each frame: forward kinematics by the body itself.

use body::{Body, CapsuleKind, Posture, Rigid};
use glam::{Quat, Vec3};
use signing::{BodySite, Bone, BoneSide, Finger, HandPart, Lateral, OutputTime, PoseFrame, Side};

use crate::{
    hand::hand_bones,
    rig::closing_finger,
    volume::{Segment, covered_by},
};

/// A stream of poses with where its bones are.
pub(super) struct Watched<'a> {
    pub(super) body: &'a Body,
    pub(super) frames: &'a [PoseFrame],
    pub(super) postures: Vec<Posture>,
    /// The bone that carries both arms.
    chest: Bone,
}

/// Both sides, in the order of everything that is listed by side here.
pub(super) const BOTH: [Side; 2] = [Side::Left, Side::Right];

/// Shoulder, upper arm, lower arm, hand.
pub(super) const fn arm_bones(side: Side) -> [Bone; 4] {
    match side {
        Side::Left => [Bone::LeftShoulder, Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand],
        Side::Right => [Bone::RightShoulder, Bone::RightUpperArm, Bone::RightLowerArm, Bone::RightHand],
    }
}

/// How a side is written.
pub(super) const fn side_name(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

impl<'a> Watched<'a> {
    pub(super) fn new(body: &'a Body, frames: &'a [PoseFrame]) -> Self {
        let postures = frames
            .iter()
            .map(|frame| {
                let mut posture = [Rigid::IDENTITY; Bone::COUNT];
                body.solve(frame.hips, &frame.rotations, &mut posture);
                posture
            })
            .collect();
        let chest = [Bone::UpperChest, Bone::Chest, Bone::Spine].into_iter().find(|bone| body.joint(*bone).is_some());
        Self { body, frames, postures, chest: chest.unwrap_or(Bone::Hips) }
    }

    /// How the chest is turned.
    pub(super) fn chest(&self, frame: usize) -> Quat {
        self.postures[frame][self.chest.index()].rotation
    }

    /// Frames within `secs` of a time.
    pub(super) fn around(&self, time: OutputTime, secs: f64) -> impl Iterator<Item = usize> {
        let time = time.as_secs();
        let near = move |frame: &PoseFrame| (frame.time.as_secs() - time).abs() <= secs;
        self.frames.iter().enumerate().filter(move |(_, frame)| near(frame)).map(|(index, _)| index)
    }

    /// The frame nearest to a time.
    pub(super) fn nearest(&self, time: OutputTime) -> Option<usize> {
        let off = |frame: &PoseFrame| (frame.time.as_secs() - time.as_secs()).abs();
        (0..self.frames.len()).min_by(|&a, &b| off(&self.frames[a]).total_cmp(&off(&self.frames[b])))
    }

    /// A place on head or trunk; a paired site's middle lies between both.
    pub(super) fn site(&self, frame: usize, site: BodySite, lateral: Lateral) -> Option<Vec3> {
        let at = |lateral| {
            let spot = self.body.site(site, lateral)?;
            Some(self.postures[frame][spot.bone.index()].point(spot.point_in_bone))
        };
        at(lateral).or_else(|| match (at(Lateral::Left), at(Lateral::Right)) {
            (Some(left), Some(right)) => Some(left.midpoint(right)),
            _ => at(Lateral::Centre),
        })
    }

    /// A part of a hand or arm; parts of several fingers are in the middle of those that are out.
    pub(super) fn part(&self, frame: usize, side: Side, part: HandPart) -> Option<Vec3> {
        let one = |part| {
            let spot = self.body.hand_part(side, part)?;
            Some(self.postures[frame][spot.bone.index()].point(spot.point_in_bone))
        };
        let of_fingers = |make: fn(Finger) -> HandPart, closed: &[HandPart]| {
            let mut out = self.out(frame, side);
            // A fist's front are the backs of its closed fingers, wherever its thumb is.
            out.retain(|finger| part != HandPart::FingerBacks || *finger != Finger::Thumb);
            let out: Vec<Vec3> = out.into_iter().filter_map(|finger| one(make(finger))).collect();
            let points = if out.is_empty() { closed.iter().filter_map(|&part| one(part)).collect() } else { out };
            (!points.is_empty()).then(|| points.iter().sum::<Vec3>() / points.len() as f32)
        };
        match part {
            HandPart::Fingertips => of_fingers(HandPart::Tip, &[HandPart::Knuckles]),
            HandPart::FingerPads => of_fingers(HandPart::Pad, &[HandPart::Palm]),
            HandPart::FingerBacks => of_fingers(
                HandPart::FingerBack,
                &[HandPart::FingerBack(Finger::Index), HandPart::FingerBack(Finger::Ring)],
            ),
            part => match closing_finger(part) {
                Some(finger) if !self.long_fingers_out(frame, side).contains(&finger) => {
                    self.over_closed(frame, side, part)
                }
                _ => one(part),
            },
        }
    }

    /// Palm or edge of a hand over which its fingers lie: those are what touches.
    fn over_closed(&self, frame: usize, side: Side, part: HandPart) -> Option<Vec3> {
        let spot = self.body.hand_part(side, part)?;
        let bone = &self.postures[frame][spot.bone.index()];
        let (point, normal) = (bone.point(spot.point_in_bone), bone.rotation * spot.normal_in_bone);
        let of_fingers = self
            .body
            .capsules()
            .iter()
            .filter(|capsule| capsule.kind == CapsuleKind::Finger && capsule.bone.side() == BoneSide::On(side));
        let fingers: Vec<Segment> = of_fingers
            .map(|capsule| {
                let bone = &self.postures[frame][capsule.bone.index()];
                let [from, to] = [capsule.from_in_bone, capsule.to_in_bone].map(|end| bone.point(end));
                Segment { from, to, radius: capsule.radius }
            })
            .collect();
        Some(point + normal * covered_by(&fingers, point, normal))
    }

    /// Fingers straight enough that their tips lead; the thumb only if no other is.
    fn out(&self, frame: usize, side: Side) -> Vec<Finger> {
        let long = self.long_fingers_out(frame, side);
        let thumb = Finger::Thumb;
        let bend = |joint| self.bend(frame, side, thumb, joint);
        match long.is_empty() && bend(1) + bend(2) < 0.9 {
            true => vec![thumb],
            false => long,
        }
    }

    fn long_fingers_out(&self, frame: usize, side: Side) -> Vec<Finger> {
        let bend = |finger, joint| self.bend(frame, side, finger, joint);
        Finger::LONG.into_iter().filter(|&finger| bend(finger, 0) + bend(finger, 1) < 1.5).collect()
    }

    /// How far a joint of a finger (0: its root) is bent, radians.
    fn bend(&self, frame: usize, side: Side, finger: Finger, joint: usize) -> f32 {
        let bone = hand_bones(side)[1 + finger.index() * 3 + joint];
        self.body.limits(bone).angles(self.frames[frame].rotation(bone)).flex
    }

    /// The palm's outward normal and the hand's length, in the chest's frame.
    pub(super) fn palm_and_fingers(&self, frame: usize, side: Side) -> Option<(Vec3, Vec3)> {
        let bones = hand_bones(side);
        let rest = |bone: Bone| self.body.joint(bone).map(|joint| joint.head_in_world);
        let (wrist, middle, index) = (rest(bones[0])?, rest(bones[7])?, rest(bones[4])?);
        let edge = rest(bones[13]).or_else(|| rest(bones[10]))?;
        let fingers = (middle - wrist).normalize_or(Vec3::X * side.sign());
        let across = index - edge;
        let radial = (across - fingers * across.dot(fingers)).normalize_or(Vec3::Z);
        let palm = fingers.cross(radial) * side.sign();
        let turn = self.chest(frame).inverse() * self.postures[frame][bones[0].index()].rotation;
        Some((turn * palm, turn * fingers))
    }
}
