//! What motion needs of a body, measured once: arms, hands, places on the surface, volumes.
//!
//! Inside, the dominant hand is always the right one (index 0) and the weak hand the left one
//! (index 1); a left-handed signer is the mirror image. All of it is in the chest's frame, which
//! is the world's while the trunk stands as in the T-pose.

use body::{Body, CapsuleKind, SurfacePoint};
use glam::{Quat, Vec3};
use signing::{BodySite, Bone, BoneSide, Finger, HandPart, Lateral, Side, SpacePoint};

use crate::{
    MotionError,
    arm::{ArmPose, ArmRig},
    front::Front,
    hand::{Digits, HandFrames, HandRig, hand_bones, is_out},
    track::HandState,
    volume::{HandSegments, Segment, Volume, covered_by},
};

/// Sides by hand: the dominant hand, then the weak one.
pub(crate) const SIDES: [Side; 2] = [Side::Right, Side::Left];

/// A point of a surface and its outward normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) point: Vec3,
    pub(crate) normal: Vec3,
}

/// A place on head or trunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SiteSpot {
    pub(crate) spot: Spot,
    /// Whether it goes along with the head.
    pub(crate) on_head: bool,
    /// The hand (0: dominant, 1: weak) whose collar bone carries it.
    pub(crate) on_shoulder: Option<usize>,
}

/// A segment of palm or finger, from the head of its bone, in T-pose axes.
#[derive(Debug, Clone, Copy)]
struct HandSegment {
    /// Index into [`hand_bones`].
    bone: usize,
    segment: Segment,
}

/// The finger that lies over a part of the hand when it is closed.
pub(crate) const fn closing_finger(part: HandPart) -> Option<Finger> {
    match part {
        HandPart::Palm => Some(Finger::Middle),
        HandPart::RadialEdge => Some(Finger::Index),
        HandPart::UlnarEdge => Some(Finger::Little),
        _ => None,
    }
}

/// Which joint a part of the arm moves with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Carrier {
    /// Index into [`hand_bones`].
    Hand(usize),
    Forearm,
    UpperArm,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    part: HandPart,
    carrier: Carrier,
    offset: Vec3,
    normal: Vec3,
}

/// A body as motion sees it.
#[derive(Debug, Clone)]
pub(crate) struct Rig {
    pub(crate) arms: [ArmRig; 2],
    pub(crate) hands: [HandRig; 2],
    parts: [Vec<Part>; 2],
    sites: Vec<(BodySite, Lateral, SiteSpot)>,
    volumes: Vec<Volume>,
    /// How many of the volumes go along with the head.
    head_volumes: usize,
    front: Front,
    hand_segments: [Vec<HandSegment>; 2],
    /// Radii of the forearms' upper and lower half.
    forearm_radii: [[f32; 2]; 2],
    /// Whether left and right are mirror images, within a few millimetres.
    pub(crate) symmetric: bool,
    /// Joints of neck and head.
    pub(crate) neck: Vec3,
    pub(crate) head: Vec3,
    /// Between the eyes.
    pub(crate) eyes: Vec3,
    /// The signer's right eye and the left one.
    pub(crate) each_eye: [Vec3; 2],
    half_shoulder: f32,
    hips_y: f32,
    shoulders_y: f32,
    breastbone_z: f32,
    /// Shoulder to wrist, metres.
    pub(crate) arm_length: f32,
    /// What a metre of a form is on this body.
    pub(crate) scale: f32,
}

/// Shoulder to wrist of a body of 1.70 m, metres, for which forms are written.
const WRITTEN_ARM_M: f32 = 0.535;

impl Rig {
    /// Measures a body.
    ///
    /// Errors: [`MotionError::MissingBone`] without trunk, head or an arm.
    pub(crate) fn measure(body: &Body) -> Result<Self, MotionError> {
        let joint = |bone: Bone| at(body, bone).ok_or(MotionError::MissingBone { bone: bone.name() });
        for bone in [Bone::Hips, Bone::Spine, Bone::Head] {
            joint(bone)?;
        }
        let head = joint(Bone::Head)?;
        let neck = at(body, Bone::Neck).unwrap_or(head - Vec3::Y * 0.1);
        let arms = [measure_arm(body, SIDES[0])?, measure_arm(body, SIDES[1])?];
        let hands = [measure_hand(body, SIDES[0])?, measure_hand(body, SIDES[1])?];
        let parts = SIDES.map(|side| measure_parts(body, side));

        let mut sites = Vec::new();
        for &site in BodySite::ALL {
            for lateral in [Lateral::Left, Lateral::Centre, Lateral::Right] {
                if let Some(spot) = body.site(site, lateral) {
                    let point = at(body, spot.bone).unwrap_or(Vec3::ZERO) + spot.point_in_bone;
                    let spot_bone = spot.bone;
                    let on_head = is_of_head(spot_bone);
                    let spot = Spot { point, normal: spot.normal_in_bone.normalize_or(Vec3::Z) };
                    let on_shoulder = SIDES.iter().position(|&side| arm_bones(side)[..2].contains(&spot_bone));
                    sites.push((site, lateral, SiteSpot { spot, on_head, on_shoulder }));
                }
            }
        }
        let is_head = |capsule: &&body::Capsule| capsule.kind == CapsuleKind::Head;
        let head_volumes = body.capsules().iter().filter(is_head).count();
        let mut volumes: Vec<Segment> = body
            .capsules()
            .iter()
            .filter(|capsule| {
                matches!(capsule.kind, CapsuleKind::Head | CapsuleKind::Neck | CapsuleKind::Trunk | CapsuleKind::Thigh)
            })
            .map(|capsule| {
                let joint = at(body, capsule.bone).unwrap_or(Vec3::ZERO);
                Segment { from: joint + capsule.from_in_bone, to: joint + capsule.to_in_bone, radius: capsule.radius }
            })
            .collect();
        // Between the trunk's slices and the neck: the base of the neck, from shoulder to shoulder.
        let between = arms[0].shoulder.midpoint(arms[1].shoulder);
        let base = Vec3::new(0.0, between.y - 0.01, neck.z.midpoint(between.z));
        volumes.push(Segment { from: neck, to: base, radius: 0.06 });
        let across = Vec3::X * (arms[0].shoulder.x - arms[1].shoulder.x) * 0.30;
        let yoke = base - Vec3::Y * 0.03;
        volumes.push(Segment { from: yoke - across, to: yoke + across, radius: 0.055 });

        let volumes: Vec<Volume> = volumes.into_iter().map(Volume::from).collect();

        let hips_y = joint(Bone::Hips)?.y;
        let arm_length = arms[0].length().midpoint(arms[1].length());
        let mut rig = Self {
            half_shoulder: (arms[0].shoulder.x - arms[1].shoulder.x).abs() / 2.0,
            hips_y,
            shoulders_y: arms[0].shoulder.y.midpoint(arms[1].shoulder.y),
            breastbone_z: 0.0,
            arm_length,
            scale: arm_length / WRITTEN_ARM_M,
            arms,
            hands,
            parts,
            sites,
            front: Front::of(&volumes),
            volumes,
            head_volumes,
            hand_segments: SIDES.map(|side| measure_segments(body, side)),
            forearm_radii: SIDES.map(|side| measure_forearm(body, side)),
            neck,
            head,
            eyes: head,
            each_eye: [head; 2],
            symmetric: is_symmetric(body),
        };
        rig.breastbone_z = rig.site(BodySite::Chest, Lateral::Centre).map_or(neck.z + 0.12, |site| site.spot.point.z);
        rig.eyes = rig.site(BodySite::NoseBridge, Lateral::Centre).map_or(head, |site| site.spot.point);
        rig.each_eye = [Lateral::Right, Lateral::Left]
            .map(|side| rig.site(BodySite::Eye, side).map_or(rig.eyes, |site| site.spot.point));
        Ok(rig)
    }

    /// A place on head or trunk; `None` if the body does not have it.
    pub(crate) fn site(&self, site: BodySite, lateral: Lateral) -> Option<SiteSpot> {
        let find = |lateral| self.sites.iter().find(|(s, l, _)| *s == site && *l == lateral).map(|(_, _, spot)| *spot);
        find(lateral).or_else(|| match (find(Lateral::Left), find(Lateral::Right), lateral) {
            (Some(left), Some(right), Lateral::Centre) => Some(SiteSpot {
                spot: Spot {
                    point: left.spot.point.midpoint(right.spot.point),
                    normal: (left.spot.normal + right.spot.normal).normalize_or(left.spot.normal),
                },
                on_head: left.on_head,
                on_shoulder: None,
            }),
            _ => find(Lateral::Centre),
        })
    }

    /// A point of signing space.
    pub(crate) fn space(&self, at: SpacePoint) -> Vec3 {
        Vec3::new(
            at.x * self.half_shoulder,
            self.hips_y + at.y * (self.shoulders_y - self.hips_y),
            self.breastbone_z + at.z * self.arm_length,
        )
    }

    /// Where a part is in the hand's own frame; parts of the arm as if the wrist were straight.
    pub(crate) fn part_in_hand(&self, hand: usize, part: HandPart, digits: &Digits, frames: &HandFrames) -> Spot {
        let of_fingers = |make: fn(Finger) -> HandPart| {
            let mut sum = Spot { point: Vec3::ZERO, normal: Vec3::ZERO };
            let mut count = 0.0;
            let any = Finger::LONG.iter().any(|&finger| is_out(digits, finger));
            for finger in Finger::ALL {
                let counts =
                    if any { finger != Finger::Thumb && is_out(digits, finger) } else { is_out(digits, finger) };
                if counts && let Some(spot) = self.single_part(hand, make(finger), frames) {
                    sum.point += spot.point;
                    sum.normal += spot.normal;
                    count += 1.0;
                }
            }
            (count > 0.0)
                .then(|| Spot { point: sum.point / count, normal: sum.normal.normalize_or(self.hands[hand].fingers) })
        };
        let found = match part {
            // A closed fist's tips are hidden: its knuckles lead.
            HandPart::Fingertips => {
                of_fingers(HandPart::Tip).or_else(|| self.single_part(hand, HandPart::Knuckles, frames))
            }
            HandPart::FingerPads => {
                of_fingers(HandPart::Pad).or_else(|| self.single_part(hand, HandPart::Palm, frames))
            }
            // A fist's front are the backs of its closed fingers, wherever its thumb is.
            HandPart::FingerBacks if !Finger::LONG.iter().any(|&finger| is_out(digits, finger)) => {
                self.middle_backs(hand, frames)
            }
            HandPart::FingerBacks => of_fingers(HandPart::FingerBack),
            _ => self.single_part(hand, part, frames).map(|spot| self.over_closed(hand, part, spot, digits, frames)),
        };
        found.or_else(|| self.single_part(hand, HandPart::Palm, frames)).unwrap_or(Spot {
            point: self.hands[hand].fingers * self.hands[hand].palm_length() * 0.6,
            normal: self.hands[hand].palm,
        })
    }

    /// Where fingers lie over the palm or beside an edge of the hand, they are what touches.
    fn over_closed(&self, hand: usize, part: HandPart, spot: Spot, digits: &Digits, frames: &HandFrames) -> Spot {
        if closing_finger(part).is_none_or(|finger| is_out(digits, finger)) {
            return spot;
        }
        let of_fingers = self.hand_segments[hand].iter().filter(|known| known.bone > 0);
        let fingers = of_fingers.map(|HandSegment { bone, segment }| {
            let [from, to] = [segment.from, segment.to].map(|end| frames.point(*bone, end));
            Segment { from, to, radius: segment.radius }
        });
        let fingers = HandSegments::new(spot.point, fingers);
        Spot { point: spot.point + spot.normal * covered_by(&fingers, spot.point, spot.normal), ..spot }
    }

    /// Between the backs of the closed fingers' middle segments.
    fn middle_backs(&self, hand: usize, frames: &HandFrames) -> Option<Spot> {
        let index = self.single_part(hand, HandPart::FingerBack(Finger::Index), frames)?;
        let ring = self.single_part(hand, HandPart::FingerBack(Finger::Ring), frames)?;
        Some(Spot {
            point: index.point.midpoint(ring.point),
            normal: (index.normal + ring.normal).normalize_or(index.normal),
        })
    }

    fn single_part(&self, hand: usize, part: HandPart, frames: &HandFrames) -> Option<Spot> {
        let found = self.parts[hand].iter().find(|known| known.part == part)?;
        Some(match found.carrier {
            Carrier::Hand(bone) => {
                Spot { point: frames.point(bone, found.offset), normal: frames.turn[bone] * found.normal }
            }
            Carrier::Forearm => {
                let back = self.hands[hand].fingers * self.arms[hand].fore;
                Spot { point: found.offset - back, normal: found.normal }
            }
            Carrier::UpperArm => {
                let back = self.hands[hand].fingers * self.arms[hand].length();
                Spot { point: found.offset - back, normal: found.normal }
            }
        })
    }

    /// Where a part of a posed hand or arm is.
    pub(crate) fn part(&self, hand: usize, part: HandPart, state: &HandState, arm: &ArmPose) -> Spot {
        let posed = self.parts[hand].iter().find(|known| known.part == part).and_then(|known| match known.carrier {
            Carrier::Hand(_) => None,
            Carrier::Forearm => {
                Some(Spot { point: arm.elbow + arm.turns[2] * known.offset, normal: arm.turns[2] * known.normal })
            }
            Carrier::UpperArm => {
                Some(Spot { point: arm.shoulder + arm.turns[1] * known.offset, normal: arm.turns[1] * known.normal })
            }
        });
        posed.unwrap_or_else(|| {
            let frames = self.hands[hand].frames(&state.digits);
            let spot = self.part_in_hand(hand, part, &state.digits, &frames);
            Spot { point: arm.wrist + arm.turns[3] * spot.point, normal: arm.turns[3] * spot.normal }
        })
    }

    /// Head, neck, trunk and thighs.
    pub(crate) fn volumes(&self) -> &[Volume] {
        &self.volumes
    }

    /// The same without what goes along with the head.
    pub(crate) fn volumes_below_head(&self) -> &[Volume] {
        // A body's capsules begin with those of its head.
        &self.volumes[self.head_volumes..]
    }

    /// Palm and fingers of a posed hand.
    pub(crate) fn hand_segments(&self, hand: usize, digits: &Digits, wrist: Vec3, turn: Quat) -> HandSegments {
        self.framed_segments(hand, &self.hands[hand].frames(digits), wrist, turn)
    }

    /// The same, where the bones' frames are known.
    pub(crate) fn framed_segments(&self, hand: usize, frames: &HandFrames, wrist: Vec3, turn: Quat) -> HandSegments {
        let known = &self.hand_segments[hand];
        HandSegments::new(
            wrist,
            known.iter().map(|HandSegment { bone, segment: at }| Segment {
                from: wrist + turn * frames.point(*bone, at.from),
                to: wrist + turn * frames.point(*bone, at.to),
                radius: at.radius,
            }),
        )
    }

    /// Radii of the forearm's upper and lower half, metres.
    pub(crate) const fn forearm_radii(&self, hand: usize) -> [f32; 2] {
        self.forearm_radii[hand]
    }

    /// The radius of a bone's flesh; index into [`hand_bones`].
    pub(crate) fn radius_of(&self, hand: usize, bone: usize) -> f32 {
        self.hand_segments[hand].iter().find(|known| known.bone == bone).map_or(0.009, |known| known.segment.radius)
    }

    /// The end of a bone's flesh in the hand's frame.
    pub(crate) fn end_of(&self, hand: usize, bone: usize, frames: &HandFrames) -> Vec3 {
        let end = self.hand_segments[hand]
            .iter()
            .find(|known| known.bone == bone)
            .map_or(Vec3::ZERO, |known| known.segment.to);
        frames.point(bone, end)
    }

    /// The thumb's two outer segments in the hand's frame.
    pub(crate) fn thumb_segments(&self, hand: usize, digits: &Digits) -> [Segment; 2] {
        let frames = self.hands[hand].thumb_frames(digits);
        [2, 3].map(|bone| {
            let (turn, head) = frames[bone - 1];
            let at = self.hand_segments[hand].iter().find(|known| known.bone == bone).map(|known| known.segment);
            let at = at.unwrap_or(Segment { from: Vec3::ZERO, to: Vec3::ZERO, radius: 0.0 });
            Segment { from: head + turn * at.from, to: head + turn * at.to, radius: at.radius }
        })
    }

    /// The fingers' segments in the hand's frame, without the thumb's and the palm's.
    pub(crate) fn finger_segments(&self, hand: usize, digits: &Digits) -> HandSegments {
        let mut found = self.hand_segments(hand, digits, Vec3::ZERO, Quat::IDENTITY);
        let known = &self.hand_segments[hand];
        found.keep(|index| known[index].bone >= 4);
        found
    }

    /// Both halves of a posed forearm, from the elbow.
    pub(crate) fn forearm_segments(&self, hand: usize, arm: &ArmPose) -> [Segment; 2] {
        let middle = arm.elbow.lerp(arm.wrist, 0.5);
        let [upper, lower] = self.forearm_radii[hand];
        // As the body's own: round ends don't reach into the hand.
        let end = arm.wrist + (middle - arm.wrist).clamp_length_max(lower);
        [Segment { from: arm.elbow, to: middle, radius: upper }, Segment { from: middle, to: end, radius: lower }]
    }

    /// Distance of a point from the surface of the head, metres; negative inside.
    pub(crate) fn off_head(&self, point: Vec3) -> f32 {
        let head = &self.volumes[..self.head_volumes];
        head.iter().map(|volume| volume.segment.distance(point) - volume.segment.radius).fold(f32::INFINITY, f32::min)
    }

    /// Distance of a point from the surface of head and trunk, metres; negative inside.
    pub(crate) fn clearance(&self, point: Vec3) -> f32 {
        let mut best = f32::INFINITY;
        for volume in &self.volumes {
            let nearest = best + volume.reach;
            if nearest < f32::INFINITY && (nearest < 0.0 || !volume.is_within(point, nearest)) {
                continue;
            }
            best = best.min(volume.segment.distance(point) - volume.segment.radius);
        }
        best
    }

    /// Whether head or trunk is nearer to a point than `far` metres.
    pub(crate) fn is_near_body(&self, point: Vec3, far: f32) -> bool {
        let is_near = |volume: &Volume| {
            let near = volume.reach + far;
            near > 0.0 && volume.is_within(point, near) && volume.segment.distance(point) - volume.segment.radius < far
        };
        !self.front.is_clear(point, far) && self.volumes.iter().any(is_near)
    }

    /// How deep a ball is in head and trunk, metres; 0 outside.
    pub(crate) fn depth(&self, point: Vec3, radius: f32) -> f32 {
        let mut deepest = 0.0_f32;
        if self.front.is_clear(point, radius) {
            return deepest;
        }
        for volume in &self.volumes {
            let near = volume.reach + radius - deepest;
            if near > 0.0 && volume.is_within(point, near) {
                deepest = deepest.max(radius - (volume.segment.distance(point) - volume.segment.radius));
            }
        }
        deepest
    }
}

fn at(body: &Body, bone: Bone) -> Option<Vec3> {
    body.joint(bone).map(|joint| joint.head_in_world)
}

fn is_symmetric(body: &Body) -> bool {
    Bone::ALL.into_iter().all(|bone| match (at(body, bone), at(body, bone.mirrored())) {
        (Some(a), Some(b)) => (a * Vec3::new(-1.0, 1.0, 1.0)).distance(b) < 0.003,
        (None, None) => true,
        _ => false,
    })
}

fn is_of_head(bone: Bone) -> bool {
    let mut at = Some(bone);
    while let Some(bone) = at {
        if bone == Bone::Head {
            return true;
        }
        at = bone.parent();
    }
    false
}

fn arm_bones(side: Side) -> [Bone; 4] {
    match side {
        Side::Left => [Bone::LeftShoulder, Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand],
        Side::Right => [Bone::RightShoulder, Bone::RightUpperArm, Bone::RightLowerArm, Bone::RightHand],
    }
}

fn measure_arm(body: &Body, side: Side) -> Result<ArmRig, MotionError> {
    let bones = arm_bones(side);
    let joint = |bone: Bone| at(body, bone).ok_or(MotionError::MissingBone { bone: bone.name() });
    let (shoulder, elbow, wrist) = (joint(bones[1])?, joint(bones[2])?, joint(bones[3])?);
    let clavicle = at(body, bones[0]).unwrap_or(shoulder);
    let arm = ArmRig::measure(side, clavicle, shoulder, elbow, wrist);
    if arm.upper < 0.02 || arm.fore < 0.02 {
        return Err(MotionError::MissingBone { bone: bones[2].name() });
    }
    Ok(arm)
}

fn measure_hand(body: &Body, side: Side) -> Result<HandRig, MotionError> {
    let bones = hand_bones(side);
    let wrist = at(body, bones[0]).ok_or(MotionError::MissingBone { bone: bones[0].name() })?;
    let out = Vec3::X * side.sign();
    let mut heads = [wrist; 16];
    for (head, bone) in heads.iter_mut().zip(bones).skip(1) {
        // What is missing lies where its parent is; it then moves nothing.
        *head = at(body, bone).unwrap_or(wrist);
    }
    if heads[7] == wrist {
        return Err(MotionError::MissingBone { bone: bones[7].name() });
    }
    if heads[13] == wrist {
        // Without a little finger the ring finger is the edge of the hand.
        heads[13] = heads[10];
    }
    let mut tips = [Vec3::ZERO; 5];
    for (finger, tip) in Finger::ALL.into_iter().zip(&mut tips) {
        let last = heads[3 + finger.index() * 3];
        *tip = body.hand_part(side, HandPart::Tip(finger)).map_or(last + out * 0.02, |spot| last + spot.point_in_bone);
    }
    let pad = body.hand_part(side, HandPart::Pad(Finger::Thumb)).map(|spot| spot.normal_in_bone);
    Ok(HandRig::measure(side, heads, tips, pad))
}

fn measure_parts(body: &Body, side: Side) -> Vec<Part> {
    let bones = hand_bones(side);
    let [_, upper, lower, _] = arm_bones(side);
    HandPart::all()
        .filter_map(|part| {
            let SurfacePoint { bone, point_in_bone, normal_in_bone } = *body.hand_part(side, part)?;
            debug_assert!(bone.side() == BoneSide::On(side), "{part:?} of {side:?} hangs on {bone:?}");
            let carrier = if bone == lower {
                Carrier::Forearm
            } else if bone == upper {
                Carrier::UpperArm
            } else {
                Carrier::Hand(bones.iter().position(|&known| known == bone)?)
            };
            Some(Part { part, carrier, offset: point_in_bone, normal: normal_in_bone.normalize_or(Vec3::NEG_Y) })
        })
        .collect()
}

fn measure_segments(body: &Body, side: Side) -> Vec<HandSegment> {
    let bones = hand_bones(side);
    body.capsules()
        .iter()
        .filter(|capsule| matches!(capsule.kind, CapsuleKind::Palm | CapsuleKind::Finger))
        .filter_map(|capsule| {
            let bone = bones.iter().position(|&known| known == capsule.bone)?;
            let segment = Segment { from: capsule.from_in_bone, to: capsule.to_in_bone, radius: capsule.radius };
            Some(HandSegment { bone, segment })
        })
        .collect()
}

fn measure_forearm(body: &Body, side: Side) -> [f32; 2] {
    let lower = arm_bones(side)[2];
    let mut radii = body
        .capsules()
        .iter()
        .filter(|capsule| capsule.kind == CapsuleKind::Forearm && capsule.bone == lower)
        .map(|capsule| capsule.radius);
    let upper = radii.next().unwrap_or(0.04);
    [upper, radii.next().unwrap_or(upper)]
}

/// What the head does to points that go along with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadMove {
    neck: Vec3,
    head: Vec3,
    neck_turn: Quat,
    /// How the head is turned against the chest.
    pub(crate) turn: Quat,
}

impl HeadMove {
    pub(crate) fn new(rig: &Rig, neck: Quat, head: Quat) -> Self {
        Self { neck: rig.neck, head: rig.head, neck_turn: neck, turn: neck * head }
    }

    pub(crate) fn point(&self, point: Vec3) -> Vec3 {
        self.neck + self.neck_turn * (self.head - self.neck) + self.turn * (point - self.head)
    }
}
