//! Movements about an axis: circles of the hand, turns of the wrist, waving.

use std::f32::consts::TAU;

use signing::{BodySite, Dir, Hand, MovementKind, Path, PathShape, Rotation, RotationAxis, Size};

use super::{
    Assembler,
    act::{at_other, is_small, sized},
    lower::mirrored_axis,
    state::Subject,
};
use crate::description::{
    dir::Axis,
    handshape as hs,
    item::{Act, SiteOf, SitePhrase},
    words::{Adverb, Near, Part, Verb},
};

/// A turn of the wrist, radians.
const WRIST_TURN: f32 = 1.4;

impl Assembler<'_> {
    /// 转圈: about which axis, and how far.
    pub(super) fn circle(&self, hand: Hand, subject: Subject, act: &Act) -> Path {
        let turns = act.turns.unwrap_or_else(|| act.times.unwrap_or(1) as f32);
        let state = &self.step.hands[hand.index()];
        let looks_down = |dir: Option<Dir>| dir.is_some_and(|dir| dir.vec().y < -0.7);
        // 食指直立，转动一圈: round where it points.
        let one_up = state.now.as_ref().is_some_and(|now| hs::out(now).count() == 1)
            && state.said.tips.or(state.said.fingers).or(state.implied.fingers).is_some_and(|tips| tips.vec().y > 0.9)
            && !act.text.contains('划');
        let level = act.has(Adverb::Level)
            || one_up
            || act.has(Adverb::SameWay)
            || looks_down(state.said.tips)
            || looks_down(state.said.palm)
            || subject == Subject::Both && looks_down(self.step.hands[hand.other().index()].said.palm)
            || self.in_ring_from_above(hand)
            || act.around.as_ref().is_some_and(|site| matches!(site.of, SiteOf::Hand { .. }))
            || act.at.as_ref().is_some_and(over_head);
        let clock = act.has(Adverb::Clockwise) || act.has(Adverb::CounterClockwise);
        let counter = act.has(Adverb::CounterClockwise);
        // Clockwise as the signer sees it: from above, or looking forward.
        let clockwise = match (act.axis, act.dirs.first()) {
            (Some(Axis::ForwardBack), _) => Dir::LEFT,
            // 指尖朝下，向两侧划一大圈: on what is below.
            _ if looks_down(state.said.tips) && act.text.contains('划') => Dir::DOWN,
            (_, Some(dir)) if !clock => wheel(dir.resolve(hand)),
            _ if level => Dir::DOWN,
            _ => Dir::FORWARD,
        };
        let mut axis = if counter { -clockwise } else { clockwise };
        // Where no sense is named, the hands of a pair mirror each other.
        if subject == Subject::Both && hand == Hand::Weak && !clock && act.dirs.is_empty() {
            axis = mirrored_axis(axis);
        }
        Path {
            shape: PathShape::Circle { axis, turns },
            direction: None,
            to: None,
            size: sized(Size::Normal, &act.adverbs, act.large, act.small),
            there_and_back: false,
        }
    }

    /// Whether the hand is in or over the other hand, whose web looks up.
    fn in_ring_from_above(&self, hand: Hand) -> bool {
        let web_up = self.step.hands[hand.other().index()].said.radial.is_some_and(|radial| radial.vec().y > 0.7);
        web_up && at_other(self.step.hands[hand.index()].goal)
    }

    /// 转动 that is no circle: of the wrist, or towards a direction.
    pub(super) fn turn(&self, hand: Hand, act: &Act) -> MovementKind {
        let state = &self.step.hands[hand.index()];
        let small = is_small(&act.adverbs);
        let repeated = act.times.is_some_and(|times| times > 1) || act.axis.is_some() || act.has(Adverb::BackAndForth);
        if let (Some(&dir), None) = (act.dirs.first(), act.axis) {
            let dir = dir.resolve(hand);
            let fingers = state.said.fingers.or(state.said.tips).or(state.implied.fingers);
            let axis = fingers.and_then(|fingers| Dir::new(fingers.vec().cross(dir.vec())));
            let axis = match axis {
                Some(axis) => RotationAxis::About(axis),
                None if dir.vec().x.abs() > 0.5 => RotationAxis::Forearm,
                None => RotationAxis::WristFlexion,
            };
            let angle = act.degrees.map_or(if small { 0.4 } else { 1.0 }, f32::to_radians);
            return MovementKind::Rotate(Rotation {
                axis,
                angle_rad: angle.clamp(-TAU, TAU),
                there_and_back: repeated,
            });
        }
        MovementKind::Rotate(Rotation { there_and_back: repeated, ..self.wrist(hand, act) })
    }

    /// A turn of the forearm: which way is positive is with the palm coming up.
    pub(super) fn wrist(&self, hand: Hand, act: &Act) -> Rotation {
        let state = &self.step.hands[hand.index()];
        let palm_up = state.said.palm.is_some_and(|palm| palm.vec().y > 0.5);
        let out = |dir: Dir| if hand == Hand::Dominant { -dir.vec().x } else { dir.vec().x };
        let positive = match act.dirs.first().map(|dir| dir.resolve(hand)) {
            Some(dir) if out(dir).abs() > 0.5 => out(dir) > 0.0,
            Some(dir) if dir.vec().y.abs() > 0.5 => dir.vec().y > 0.0,
            Some(dir) => dir.vec().z < 0.0,
            None => !palm_up,
        };
        let repeated = act.times.is_some_and(|times| times > 1) || act.axis.is_some();
        let whole = match act.verb {
            Some(Verb::Flip) => std::f32::consts::PI,
            _ if is_small(&act.adverbs) => 0.5,
            _ if repeated => 0.8,
            _ => WRIST_TURN,
        };
        let angle = act.degrees.map_or(whole, f32::to_radians).clamp(0.0, TAU);
        Rotation {
            axis: RotationAxis::Forearm,
            angle_rad: if positive { angle } else { -angle },
            there_and_back: repeated || act.verb == Some(Verb::Twist),
        }
    }
}

/// 在头上方, 在头顶上方: a circle there goes round what is below it.
fn over_head(site: &SitePhrase) -> bool {
    let top = matches!(&site.of, SiteOf::Body(BodySite::HeadTop));
    let head = matches!(&site.of, SiteOf::Body(BodySite::HeadSide | BodySite::Forehead | BodySite::Face));
    top || head && (site.near == Near::Above || site.shifts.iter().any(|shift| shift.up > 0.0))
}

/// Whether 转 is a circle of the hand: turns, a sense of rotation, a plane or something to go round.
pub(super) fn is_turn(act: &Act) -> bool {
    let of_wrist = matches!(act.topic.part, Some(Part::Wrist | Part::Forearm));
    let sense = act.has(Adverb::Clockwise) || act.has(Adverb::CounterClockwise) || act.has(Adverb::Level);
    let rolls = act.axis == Some(Axis::ForwardBack) && !of_wrist;
    let alternates = act.has(Adverb::Alternating) && act.axis != Some(Axis::LeftRight) && !of_wrist;
    let rounds = act.text.contains('圈') || act.text.contains("盘旋") || act.text.contains("打转");
    act.turns.is_some() || rounds || sense || act.around.is_some() || rolls || alternates
}

/// Upright hands that wave from side to side swing about the elbow.
pub(super) fn waves(act: &Act) -> bool {
    act.text.contains(['摆', '摇']) && act.axis == Some(Axis::LeftRight)
}

/// The axis of a swing from side to side, starting outward.
pub(super) fn sway_axis(hand: Hand) -> Dir {
    if hand == Hand::Dominant { Dir::FORWARD } else { mirrored_axis(Dir::FORWARD) }
}

/// The axis of a wheel whose top moves towards `dir`.
fn wheel(dir: Dir) -> Dir {
    Dir::new(Dir::UP.vec().cross(dir.vec())).unwrap_or(Dir::LEFT)
}
