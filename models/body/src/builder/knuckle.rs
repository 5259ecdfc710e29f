//! Skin weights around the knuckles and the ball of the thumb.
//!
//! The source's weights belong to joints that sit at the webs between the fingers. With the joints
//! where a hand has them (`skeleton::seat_knuckles`), the flesh between joint and web must move
//! with the fingers, and the ball of the thumb with its metacarpal.

use glam::Vec3;
use signing::{Bone, Finger, Side};

use super::skeleton::Skeleton;
use crate::digits;

/// Half the length over which a knuckle's bend is spread, metres.
const BEND_M: f32 = 0.011;

/// Gives a vertex of a hand its new shares; other vertices stay as they are.
pub(crate) fn reseat(skeleton: &Skeleton, vertex: Vec3, parts: &mut Vec<(usize, f32)>) {
    for side in [Side::Left, Side::Right] {
        let hand = digits::arm_bone(side, "Hand");
        if parts.iter().any(|(joint, weight)| *joint == hand.index() && *weight > 0.0)
            || Finger::ALL.iter().any(|finger| {
                let root = digits::bones_of(side, *finger)[0].index();
                parts.iter().any(|(joint, _)| *joint == root)
            })
        {
            fingers(skeleton, side, hand, vertex, parts);
            thumb(skeleton, side, hand, vertex, parts);
        }
    }
}

fn at(skeleton: &Skeleton, bone: Bone) -> Vec3 {
    let node = bone.index();
    skeleton.relaxed_from_rest[node].transform_point3(skeleton.nodes[node].head)
}

fn fingers(skeleton: &Skeleton, side: Side, hand: Bone, vertex: Vec3, parts: &mut Vec<(usize, f32)>) {
    let roots = Finger::LONG.map(|finger| digits::bones_of(side, finger)[0]);
    let joints = roots.map(|root| at(skeleton, root));
    let nexts = Finger::LONG.map(|finger| at(skeleton, digits::bones_of(side, finger)[1]));
    let wrist = at(skeleton, hand);

    let weight_of = |parts: &[(usize, f32)], bone: Bone| -> f32 {
        parts.iter().filter(|(joint, _)| *joint == bone.index()).map(|(_, weight)| weight).sum()
    };
    let own = roots.map(|root| weight_of(parts, root));
    let of_fingers: f32 = own.iter().sum();
    let shared = of_fingers + weight_of(parts, hand);
    if shared <= 0.0 {
        return;
    }
    // Which finger: across the palm by place, on a finger itself as the source has it.
    let across = (joints[0] - joints[3]).normalize_or_zero();
    let place = |point: Vec3| point.dot(across);
    let mut by_place = [0.0; 4];
    let here = place(vertex);
    if here >= place(joints[0]) {
        by_place[0] = 1.0;
    } else if here <= place(joints[3]) {
        by_place[3] = 1.0;
    } else {
        for index in 0..3 {
            let (a, b) = (place(joints[index]), place(joints[index + 1]));
            if here <= a && here > b {
                let blend = smooth((a - here) / (a - b));
                by_place[index] = 1.0 - blend;
                by_place[index + 1] = blend;
            }
        }
    }
    let certain = (of_fingers / shared).clamp(0.0, 1.0);
    let mut to_hand = shared;
    parts.retain(|(joint, _)| *joint != hand.index() && !roots.iter().any(|root| root.index() == *joint));
    for index in 0..4 {
        let by_source = if of_fingers > 0.0 { own[index] / of_fingers } else { 0.0 };
        let share = by_source * certain + by_place[index] * (1.0 - certain);
        let metacarpal = (joints[index] - wrist).normalize_or_zero();
        let phalanx = (nexts[index] - joints[index]).normalize_or_zero();
        let along = (vertex - joints[index]).dot((metacarpal + phalanx).normalize_or_zero());
        let bent = smooth((along + BEND_M) / (2.0 * BEND_M));
        let weight = shared * share * bent;
        if weight > 0.0 {
            parts.push((roots[index].index(), weight));
            to_hand -= weight;
        }
    }
    parts.push((hand.index(), to_hand.max(0.0)));
}

/// The ball of the thumb follows the metacarpal the more, the nearer it is to it.
fn thumb(skeleton: &Skeleton, side: Side, hand: Bone, vertex: Vec3, parts: &mut Vec<(usize, f32)>) {
    const CORE_M: f32 = 0.010;
    const EDGE_M: f32 = 0.030;
    let [metacarpal, proximal, _] = digits::bones_of(side, Finger::Thumb);
    let (from, to) = (at(skeleton, metacarpal), at(skeleton, proximal));
    let axis = to - from;
    let along = (vertex - from).dot(axis) / axis.length_squared();
    let nearest = from + axis * along.clamp(0.0, 1.0);
    let near = 1.0 - smooth((vertex.distance(nearest) - CORE_M) / (EDGE_M - CORE_M));
    // Nothing behind the joint, all of it half-way to the next.
    let share = near * smooth((along + 0.25) / 0.75);
    let mut given = 0.0;
    for (joint, weight) in parts.iter_mut() {
        if *joint == hand.index() {
            given += *weight * share;
            *weight *= 1.0 - share;
        }
    }
    if given > 0.0 {
        parts.push((metacarpal.index(), given));
    }
}

/// 0 below 0, 1 above 1, a smooth step between.
fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
