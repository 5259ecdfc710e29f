//! From what planning says about both hands to a pose: the last word before a frame leaves.
//!
//! A learnt head that shapes timing and residual motion would stand between `plan` and this file:
//! it may change a [`HandState`] as it likes, what comes out here is within limits and outside
//! of the body.

use glam::{Quat, Vec3};
use signing::{Bone, OutputTime, PoseFrame};

use crate::{
    arm::ArmPose,
    hand::hand_bones,
    presence::Shown,
    reach::arm_of,
    rig::{HeadMove, Rig, SIDES},
    track::HandState,
};

/// Depth by which skin gives way, metres.
const SOFTNESS_M: f32 = 0.008;
/// Further depth where the hand is meant to touch: capsules are rounder than bodies.
const TOUCHING_M: f32 = 0.05;

/// Flat at zero, then linear: pushes without a kink.
fn push(depth: f32) -> f32 {
    if depth <= 0.0 { 0.0 } else { depth * depth / (depth + 0.006) }
}

/// Moves a hand that does not touch out of head and trunk.
fn clear_of_body(rig: &Rig, hand: usize, state: &mut HandState) {
    let measures = &rig.hands[hand];
    let allowed = SOFTNESS_M + TOUCHING_M * state.touch;
    for _ in 0..2 {
        let wrist = state.wrist();
        let along = state.turn * measures.fingers;
        let length = measures.length();
        let curl = 1.0 - 0.5 * (state.digits[8] / 1.5).clamp(0.0, 1.0);
        let mut out = Vec3::ZERO;
        for (part, radius) in [(0.0, 0.028), (0.35, 0.022), (0.62, 0.016), (0.92 * curl, 0.008)] {
            let (distance, normal) = rig.nearest_volume(wrist + along * length * part);
            let pushed = normal * push(radius - distance - allowed);
            if pushed.length_squared() > out.length_squared() {
                out = pushed;
            }
        }
        state.point += out;
    }
}

/// Moves hands that do not touch each other apart.
fn clear_of_each_other(rig: &Rig, states: &mut [HandState; 2]) {
    let allowed = 0.004 + TOUCHING_M * states[0].touch.max(states[1].touch);
    let spots = |state: &HandState, hand: usize| {
        let measures = &rig.hands[hand];
        let wrist = state.wrist();
        let curl = 1.0 - 0.5 * (state.digits[8] / 1.5).clamp(0.0, 1.0);
        [(0.02, 0.026), (0.30, 0.030), (0.60, 0.022), (0.90 * curl, 0.014)]
            .map(|(part, radius)| (wrist + state.turn * measures.fingers * measures.length() * part, radius))
    };
    let (first, second) = (spots(&states[0], 0), spots(&states[1], 1));
    let mut out = Vec3::ZERO;
    for (a, a_radius) in first {
        for (b, b_radius) in second {
            let apart = a - b;
            let distance = apart.length();
            let direction = if distance > 1e-4 { apart / distance } else { Vec3::NEG_X };
            let pushed = direction * push(a_radius + b_radius - distance - allowed);
            if pushed.length_squared() > out.length_squared() {
                out = pushed;
            }
        }
    }
    states[0].point += out * 0.5;
    states[1].point -= out * 0.5;
}

/// A pose of both arms and all that moves without hands.
pub(crate) fn project(rig: &Rig, time: OutputTime, mut states: [HandState; 2], shown: &Shown) -> PoseFrame {
    let mut frame = PoseFrame::t_pose(time);
    frame.hips = shown.hips;
    for (bone, turn) in shown.trunk {
        frame.rotations[bone.index()] = turn;
    }
    let moved = HeadMove::new(rig, frame.rotation(Bone::Neck), frame.rotation(Bone::Head));
    for bone in [Bone::LeftEye, Bone::RightEye] {
        frame.rotations[bone.index()] = shown.eyes;
    }
    frame.face = shown.face;

    clear_of_each_other(rig, &mut states);
    for (hand, state) in states.iter_mut().enumerate() {
        clear_of_body(rig, hand, state);
        if state.with_head > 1e-4 {
            let along = state.with_head;
            // The wrist goes with the head too: hand and head move as one.
            state.point = state.point.lerp(moved.point(state.point), along);
            state.turn = (Quat::IDENTITY.slerp(moved.turn, along) * state.turn).normalize();
        }
        let arm = arm_of(rig, hand, state);
        write_arm(rig, hand, state, &arm, shown.shrug, &mut frame);
    }
    for rotation in &mut frame.rotations {
        *rotation = if rotation.is_finite() { rotation.normalize() } else { Quat::IDENTITY };
    }
    frame
}

fn write_arm(rig: &Rig, hand: usize, state: &HandState, arm: &ArmPose, shrug: f32, frame: &mut PoseFrame) {
    let side = SIDES[hand];
    let bones = hand_bones(side);
    let shoulder = Quat::from_rotation_z(side.sign() * shrug) * arm.locals[0];
    let arm_bones = match side {
        signing::Side::Left => [Bone::LeftShoulder, Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand],
        signing::Side::Right => [Bone::RightShoulder, Bone::RightUpperArm, Bone::RightLowerArm, Bone::RightHand],
    };
    for (bone, turn) in arm_bones.into_iter().zip([shoulder, arm.locals[1], arm.locals[2], arm.locals[3]]) {
        frame.rotations[bone.index()] = turn;
    }
    for (bone, turn) in bones.into_iter().skip(1).zip(rig.hands[hand].rotations(&state.digits)) {
        frame.rotations[bone.index()] = turn;
    }
}
