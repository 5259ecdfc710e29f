//! What is inside of what: capsules of hands and forearms against body, each other and the thumb.

use body::{Capsule, CapsuleKind};
use glam::Vec3;
use signing::{Bone, BoneSide, Finger, Side};

use super::{
    Kind, Log, granted,
    watch::{BOTH, Watched, side_name},
};
use crate::{Asked, hand::hand_bones};

/// Capsules within a thumb's own reach of each other at its root always meet.
const THUMB_JOINTS: usize = 2;

/// A capsule in the world.
#[derive(Clone, Copy)]
struct Placed {
    bone: Bone,
    kind: CapsuleKind,
    from: Vec3,
    to: Vec3,
    radius: f32,
}

pub(super) fn measure(watched: &Watched<'_>, asked: &[Asked], log: &mut Log) {
    let windows = granted::windows(&asked.iter().collect::<Vec<_>>());
    let capsules = watched.body.capsules();
    let of = |wanted: &dyn Fn(&Capsule) -> bool| {
        capsules.iter().filter(|capsule| wanted(capsule)).copied().collect::<Vec<_>>()
    };
    let on = |capsule: &Capsule, side: Side| capsule.bone.side() == BoneSide::On(side);
    let body = of(&|capsule| matches!(capsule.kind, CapsuleKind::Head | CapsuleKind::Neck | CapsuleKind::Trunk));
    let hands = BOTH.map(|side| {
        of(&|capsule| on(capsule, side) && matches!(capsule.kind, CapsuleKind::Palm | CapsuleKind::Finger))
    });
    let forearms = BOTH.map(|side| of(&|capsule| on(capsule, side) && capsule.kind == CapsuleKind::Forearm));

    for (index, frame) in watched.frames.iter().enumerate() {
        let place = |capsules: &[Capsule]| {
            capsules
                .iter()
                .map(|capsule| {
                    let bone = &watched.postures[index][capsule.bone.index()];
                    let (from, to) = (bone.point(capsule.from_in_bone), bone.point(capsule.to_in_bone));
                    Placed { bone: capsule.bone, kind: capsule.kind, from, to, radius: capsule.radius }
                })
                .collect::<Vec<_>>()
        };
        let allowed = granted::at(&windows, frame.time.as_secs());
        let (body, hands, forearms) =
            (place(&body), hands.each_ref().map(|h| place(h)), forearms.each_ref().map(|f| place(f)));
        let mut pair =
            |kind: Kind, a: &[Placed], b: &[Placed], soft: f32, names: &dyn Fn(&Placed, &Placed) -> String| {
                let (depth, a, b) = deepest(a, b);
                log.note(kind, frame.time, ((depth - soft) * 1e3).max(0.0), || match (a, b) {
                    (Some(a), Some(b)) => names(&a, &b),
                    _ => String::new(),
                });
            };
        let soft_of_hands = granted::of_hands(allowed);
        for (side, of) in BOTH.into_iter().enumerate() {
            let (name, soft) = (side_name(of), granted::of_body(allowed, of));
            pair(Kind::HandInBody, &hands[side], &body, soft, &|_, b| format!("{name} hand and {}", kind_name(b.kind)));
            pair(Kind::ForearmInBody, &forearms[side], &body, granted::FOREARM_M, &|_, b| {
                format!("{name} forearm and {}", kind_name(b.kind))
            });
            if !allowed.closed {
                pair(Kind::ArmInArm, &forearms[side], &hands[1 - side], soft_of_hands, &|_, _| {
                    format!("{name} forearm and the other hand")
                });
            }
        }
        pair(Kind::ArmInArm, &forearms[0], &forearms[1], soft_of_hands, &|_, _| "forearms".to_owned());
        if !allowed.closed {
            pair(Kind::HandInHand, &hands[0], &hands[1], soft_of_hands, &|_, _| "hands".to_owned());
        }
        for (side, hand) in BOTH.into_iter().zip(&hands) {
            let bones = hand_bones(side);
            let is_thumb = |placed: &&Placed| bones[THUMB_JOINTS..4].contains(&placed.bone);
            let is_finger = |placed: &&Placed| bones[4..].contains(&placed.bone);
            let thumb: Vec<Placed> = hand.iter().filter(is_thumb).copied().collect();
            let fingers: Vec<Placed> = hand.iter().filter(is_finger).copied().collect();
            // Pad on pad: both give.
            pair(Kind::ThumbInFinger, &thumb, &fingers, granted::SOFT_M, &|_, finger| {
                let at = bones.iter().position(|bone| *bone == finger.bone).unwrap_or(4);
                let finger = Finger::ALL[((at - 1) / 3).min(4)];
                format!("{} thumb and {}", side_name(side), format!("{finger:?}").to_lowercase())
            });
        }
    }
}

const fn kind_name(kind: CapsuleKind) -> &'static str {
    match kind {
        CapsuleKind::Head => "head",
        CapsuleKind::Neck => "neck",
        CapsuleKind::Trunk => "trunk",
        CapsuleKind::Thigh => "thigh",
        CapsuleKind::UpperArm | CapsuleKind::Forearm => "arm",
        CapsuleKind::Palm | CapsuleKind::Finger => "hand",
    }
}

/// The deepest of two sets: metres by which capsules overlap, negative if none does, and which.
fn deepest(a: &[Placed], b: &[Placed]) -> (f32, Option<Placed>, Option<Placed>) {
    let mut best = (f32::NEG_INFINITY, None, None);
    for one in a {
        for other in b {
            let depth = one.radius + other.radius - distance(one, other);
            if depth > best.0 || !depth.is_finite() {
                best = (depth, Some(*one), Some(*other));
            }
        }
    }
    best
}

/// Between two segments, metres. Source: C. Ericson, *Real-Time Collision Detection*, 2005, 5.1.9.
fn distance(a: &Placed, b: &Placed) -> f32 {
    crate::volume::between_segments(a.from, a.to, b.from, b.to).0
}
