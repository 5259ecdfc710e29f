//! Landmarks of hands and arms.
//!
//! In T-pose the palm looks down, the thumb's side is in front, the elbow's crease is in front.

use std::collections::HashMap;

use glam::Vec3;
use signing::{Bone, Finger, HandPart, Side};

use super::{Joints, Skin, SurfacePoint, no_surface};
use crate::{BodyError, digits};

/// Every part of one hand and arm that the avatar has.
pub(crate) type HandPoints = HashMap<HandPart, SurfacePoint>;

/// How far outside a hand's surface rays start, metres.
const REACH_M: f32 = 0.08;

struct Probe<'a> {
    skin: &'a Skin<'a>,
    joints: Joints<'a>,
    side: Side,
    points: HandPoints,
}

impl Probe<'_> {
    fn bone(&self, name: &str) -> Bone {
        digits::arm_bone(self.side, name)
    }

    fn at(&self, name: &str) -> Vec3 {
        self.joints.at(self.bone(name))
    }

    /// The surface of the bones named `of` seen from `towards` of `inside`; moves with `on`.
    fn put(&mut self, part: HandPart, on: Bone, of: &[Bone], inside: Vec3, towards: Vec3) -> Result<(), BodyError> {
        self.put_within(REACH_M, part, on, of, inside, towards)
    }

    /// As [`Probe::put`], looking from no farther than `reach` metres.
    fn put_within(
        &mut self,
        reach: f32,
        part: HandPart,
        on: Bone,
        of: &[Bone],
        inside: Vec3,
        towards: Vec3,
    ) -> Result<(), BodyError> {
        let hit = self
            .skin
            .outermost(of, inside, towards, reach)
            .ok_or_else(|| no_surface(format!("{part:?} of the {:?} hand", self.side), "signs touch with it"))?;
        // The part's own direction, not the facet's: facets of a fingertip look anywhere.
        self.points.insert(part, self.joints.surface_point(on, hit.point, towards));
        Ok(())
    }
}

/// Finds every part of the hand and arm on `side`.
pub(crate) fn hand_points(skin: &Skin<'_>, joints: Joints<'_>, side: Side) -> Result<HandPoints, BodyError> {
    let mut probe = Probe { skin, joints, side, points: HandPoints::new() };
    let out = Vec3::X * side.sign();
    palm(&mut probe, out)?;
    arm(&mut probe)?;
    for finger in Finger::ALL {
        if let Some(bones) = digits::finger_bones(&joints, side, finger) {
            digit(&mut probe, finger, bones)?;
        }
    }
    gaps(&mut probe, out)?;
    summary(&mut probe);
    Ok(probe.points)
}

fn palm(probe: &mut Probe<'_>, out: Vec3) -> Result<(), BodyError> {
    let hand = probe.bone("Hand");
    let (wrist, knuckle) = (probe.at("Hand"), probe.at("MiddleProximal"));
    let index = probe.at("IndexProximal");
    // Without a little finger the ring finger is the edge.
    let little =
        probe.at(if probe.joints.has(probe.bone("LittleProximal")) { "LittleProximal" } else { "RingProximal" });
    let flesh = [
        hand,
        probe.bone("ThumbMetacarpal"),
        probe.bone("IndexProximal"),
        probe.bone("LittleProximal"),
        probe.bone("MiddleProximal"),
        probe.bone("RingProximal"),
    ];
    let centre = wrist.lerp(knuckle, 0.62);
    probe.put(HandPart::Palm, hand, &flesh, centre, Vec3::NEG_Y)?;
    probe.put(HandPart::Back, hand, &flesh, centre, Vec3::Y)?;
    probe.put(HandPart::PalmHeel, hand, &flesh, wrist.lerp(knuckle, 0.2), Vec3::NEG_Y)?;
    // Where the web ends and the index finger's side begins.
    let edge = [hand, probe.bone("IndexProximal")];
    let root = index.lerp(probe.at("IndexIntermediate"), 0.12);
    probe.put_within(0.03, HandPart::RadialEdge, hand, &edge, root, Vec3::Z)?;
    let edge = [hand, probe.bone("LittleProximal"), probe.bone("RingProximal")];
    probe.put(HandPart::UlnarEdge, hand, &edge, wrist.lerp(little, 0.6), Vec3::NEG_Z)?;
    let thumb = probe.at("ThumbProximal");
    let web = [hand, probe.bone("ThumbMetacarpal"), probe.bone("ThumbProximal"), probe.bone("IndexProximal")];
    let between = (out * 0.92 + Vec3::Z * 0.38).normalize();
    let inside = probe.at("ThumbMetacarpal").lerp(thumb, 0.5).lerp(wrist.lerp(index, 0.7), 0.5);
    probe.put(HandPart::Web, hand, &web, inside, between)
}

fn arm(probe: &mut Probe<'_>) -> Result<(), BodyError> {
    let (upper, lower, hand) = (probe.bone("UpperArm"), probe.bone("LowerArm"), probe.bone("Hand"));
    let (elbow, wrist) = (probe.at("LowerArm"), probe.at("Hand"));
    let sleeve = [lower, hand];
    probe.put(HandPart::Wrist, hand, &sleeve, wrist, Vec3::NEG_Y)?;
    probe.put(HandPart::WristBack, hand, &sleeve, wrist, Vec3::Y)?;
    let middle = elbow.lerp(wrist, 0.5);
    probe.put(HandPart::ForearmInner, lower, &[lower], middle, Vec3::NEG_Y)?;
    probe.put(HandPart::ForearmOuter, lower, &[lower], middle, Vec3::Y)?;
    let bend = [upper, lower];
    probe.put(HandPart::Elbow, lower, &bend, elbow, Vec3::NEG_Z)?;
    probe.put(HandPart::ElbowInner, upper, &bend, elbow, Vec3::Z)?;
    probe.put(HandPart::UpperArm, upper, &[upper], probe.at("UpperArm").lerp(elbow, 0.5), Vec3::Y)
}

fn digit(probe: &mut Probe<'_>, finger: Finger, bones: [Bone; 3]) -> Result<(), BodyError> {
    let [first, middle, last] = bones;
    let [first_at, middle_at, last_at] = bones.map(|bone| probe.joints.at(bone));
    let along = (last_at - middle_at).normalize_or(Vec3::X * probe.side.sign());
    let pad = digits::pad_direction(probe.side, finger);
    let lateral = pad.cross(along).normalize_or(Vec3::Z);
    // The thumb's side of a finger; of the thumb the side away from the palm.
    let radial = if lateral.z < 0.0 { -lateral } else { lateral };

    let whole = [middle, last];
    probe.put(HandPart::Tip(finger), last, &[last], last_at, along)?;
    let tip = probe.points[&HandPart::Tip(finger)].point_in_bone + probe.joints.at(probe.joints.present(last));
    probe.put(HandPart::Pad(finger), last, &whole, last_at.lerp(tip, 0.5), pad)?;
    let segment = middle_at.lerp(last_at, 0.5);
    probe.put(HandPart::FingerBack(finger), middle, &[first, middle, last], segment, -pad)?;
    probe.put(HandPart::FingerSide(finger), middle, &[first, middle, last], segment, radial)?;
    let hinge = if finger == Finger::Thumb { last } else { middle };
    probe.put(HandPart::MiddleJoint(finger), hinge, &bones, probe.joints.at(hinge), -pad)?;
    let (base, base_at) = if finger == Finger::Thumb { (middle, middle_at) } else { (first, first_at) };
    probe.put(HandPart::Base(finger), base, &[probe.bone("Hand"), first, middle], base_at, -pad)
}

/// Between two fingers, at their roots. The thumb's gap is the web; the little finger, which has
/// no next, gets the edge of the hand at its root.
fn gaps(probe: &mut Probe<'_>, out: Vec3) -> Result<(), BodyError> {
    let hand = probe.bone("Hand");
    let web = probe.points[&HandPart::Web];
    probe.points.insert(HandPart::Gap(Finger::Thumb), web);
    for (finger, next) in
        [(Finger::Index, Finger::Middle), (Finger::Middle, Finger::Ring), (Finger::Ring, Finger::Little)]
    {
        let roots = digits::finger_bones(&probe.joints, probe.side, finger).zip(digits::finger_bones(
            &probe.joints,
            probe.side,
            next,
        ));
        if let Some(([a, ..], [b, ..])) = roots {
            let root = (probe.joints.at(a) + probe.joints.at(b)) / 2.0;
            let ends = digits::bones_of(probe.side, finger)[1];
            let length = probe.joints.at(ends).distance(probe.joints.at(a));
            // The web lies within the finger's first segment, wherever the two fingers part.
            let across = [0.0, 0.002, -0.002, 0.004, -0.004];
            let web = across.into_iter().flat_map(|z| across.map(|y| Vec3::new(0.0, y, z))).find_map(|aside| {
                let hit = probe.skin.outermost(&[hand, a, b], root + aside, out, REACH_M)?;
                let along = (hit.point - root).dot(out);
                (along > 0.0 && along < 0.8 * length).then_some(hit.point)
            });
            // Fingers that touch in T-pose hide their web; it is taken half-way to the next joint.
            let point = web.unwrap_or(root + out * (0.5 * length));
            let placed = probe.joints.surface_point(hand, point, out);
            probe.points.insert(HandPart::Gap(finger), placed);
        }
    }
    if let Some([root, ..]) = digits::finger_bones(&probe.joints, probe.side, Finger::Little) {
        probe.put(HandPart::Gap(Finger::Little), hand, &[hand, root], probe.joints.at(root), Vec3::NEG_Z)?;
    }
    Ok(())
}

/// Parts of several fingers: carried by the middle finger, at the middle of the long fingers' parts.
fn summary(probe: &mut Probe<'_>) {
    type OfFinger = fn(Finger) -> HandPart;
    let gather: [(HandPart, OfFinger, Bone); 4] = [
        (HandPart::Knuckles, HandPart::Base, probe.bone("Hand")),
        (HandPart::Fingertips, HandPart::Tip, probe.bone("MiddleDistal")),
        (HandPart::FingerPads, HandPart::Pad, probe.bone("MiddleDistal")),
        (HandPart::FingerBacks, HandPart::FingerBack, probe.bone("MiddleIntermediate")),
    ];
    for (whole, part, bone) in gather {
        let single: Vec<(Vec3, Vec3)> = Finger::LONG
            .iter()
            .filter_map(|finger| probe.points.get(&part(*finger)))
            .map(|point| (point.point_in_bone + probe.joints.at(point.bone), point.normal_in_bone))
            .collect();
        let count = single.len().max(1) as f32;
        let (point, normal) = single.iter().fold((Vec3::ZERO, Vec3::ZERO), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let placed = probe.joints.surface_point(bone, point / count, normal.normalize_or(Vec3::Y));
        probe.points.insert(whole, placed);
    }
}
