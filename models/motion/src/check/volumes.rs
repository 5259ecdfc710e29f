//! What is inside of what: capsules of hands and forearms against body, each other and the thumb.

use body::{Capsule, CapsuleKind};
use glam::Vec3;
use signing::{Bone, BoneSide, Finger, HandPart, OutputTime, PoseFrame, Side, Site};

use super::{
    Kind, Log,
    watch::{BOTH, Watched, side_name},
};
use crate::{Asked, Grip, hand::hand_bones};

/// Depth by which skin and flesh give way, metres.
const SOFT_M: f32 = 0.008;
/// Further depth where the form asks for contact.
const TOUCHING_M: f32 = 0.014;
/// A contact is on from this long before the hand sets out for it, seconds.
const BEFORE_SECS: f64 = 0.1;
/// And this long after the hand has set out for something else.
const AFTER_SECS: f64 = 0.25;
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

/// What contact is asked for at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Allowed {
    /// Of the left and the right hand with the body.
    body: [bool; 2],
    /// Of the hands, or of a hand with the other arm.
    hands: bool,
    /// One hand closes around the other.
    closed: bool,
}

struct Window {
    from: f64,
    to: f64,
    allowed: Allowed,
}

pub(super) fn measure(watched: &Watched<'_>, asked: &[Asked], log: &mut Log) {
    let windows = windows(asked);
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
        let allowed = allowed_at(&windows, frame);
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
        for (side, name) in [(0, side_name(Side::Left)), (1, side_name(Side::Right))] {
            let soft = SOFT_M + if allowed.body[side] { TOUCHING_M } else { 0.0 };
            pair(Kind::HandInBody, &hands[side], &body, soft, &|_, b| format!("{name} hand and {}", kind_name(b.kind)));
            // What lies against the body near the elbow is sleeve and flesh.
            pair(Kind::ForearmInBody, &forearms[side], &body, SOFT_M + 0.006, &|_, b| {
                format!("{name} forearm and {}", kind_name(b.kind))
            });
            if !allowed.closed {
                let soft = SOFT_M + if allowed.hands { TOUCHING_M } else { 0.0 };
                pair(Kind::ArmInArm, &forearms[side], &hands[1 - side], soft, &|_, _| {
                    format!("{name} forearm and the other hand")
                });
            }
        }
        let soft = SOFT_M + if allowed.hands { TOUCHING_M } else { 0.0 };
        pair(Kind::ArmInArm, &forearms[0], &forearms[1], soft, &|_, _| "forearms".to_owned());
        if !allowed.closed {
            let soft = SOFT_M + if allowed.hands { TOUCHING_M } else { 0.0 };
            pair(Kind::HandInHand, &hands[0], &hands[1], soft, &|_, _| "hands".to_owned());
        }
        for (side, hand) in BOTH.into_iter().zip(&hands) {
            let bones = hand_bones(side);
            let is_thumb = |placed: &&Placed| bones[THUMB_JOINTS..4].contains(&placed.bone);
            let is_finger = |placed: &&Placed| bones[4..].contains(&placed.bone);
            let thumb: Vec<Placed> = hand.iter().filter(is_thumb).copied().collect();
            let fingers: Vec<Placed> = hand.iter().filter(is_finger).copied().collect();
            // Pad on pad: both give.
            pair(Kind::ThumbInFinger, &thumb, &fingers, SOFT_M, &|_, finger| {
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

/// From when to when contact is asked for: until the hand has left for what is asked next.
fn windows(asked: &[Asked]) -> Vec<Window> {
    let mut windows = Vec::new();
    for (index, ask) in asked.iter().enumerate() {
        let Some(meeting) = ask.meeting else { continue };
        let next = asked[index + 1..]
            .iter()
            .find(|next| next.side == ask.side && next.since >= ask.time)
            .map_or(f64::INFINITY, |next| next.since.as_secs());
        let mut allowed = Allowed::default();
        match meeting.site {
            Site::Body { .. } => allowed.body[usize::from(ask.side == Side::Right)] = true,
            Site::OtherHand(part) => {
                allowed.hands = true;
                // Between fingers there is no surface to stay outside of.
                let between = |part: HandPart| matches!(part, HandPart::Gap(_) | HandPart::Web);
                allowed.closed = meeting.grip == Grip::Closed || between(part) || between(meeting.part);
            }
            Site::Space(_) => continue,
        }
        let from = ask.since.as_secs() - BEFORE_SECS;
        windows.push(Window { from, to: next + AFTER_SECS, allowed });
    }
    windows
}

fn allowed_at(windows: &[Window], frame: &PoseFrame) -> Allowed {
    let time: OutputTime = frame.time;
    let mut all = Allowed::default();
    for window in windows.iter().filter(|window| (window.from..=window.to).contains(&time.as_secs())) {
        let Allowed { body, hands, closed } = window.allowed;
        all.body = [all.body[0] | body[0], all.body[1] | body[1]];
        all.hands |= hands;
        all.closed |= closed;
    }
    all
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
