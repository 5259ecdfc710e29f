//! From what planning says about both hands to a pose: the last word before a frame leaves.
//!
//! A learnt head that shapes timing and residual motion would stand between `plan` and this file:
//! it may change a [`HandState`] as it likes; `clear` then moves hands out of the body and of each
//! other, and what comes out here is within limits.

use glam::Quat;
use signing::{Bone, OutputTime, PoseFrame};

use crate::{
    arm::ArmPose,
    clear::depth_in_trunk,
    hand::hand_bones,
    presence::Shown,
    reach::arm_of,
    rig::{HeadMove, Rig, SIDES},
    track::{HandState, minimum_jerk},
};

/// A head that is turned this far has moved, radians.
const NODS_RAD: f32 = 0.25;

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

    for (hand, state) in states.iter_mut().enumerate() {
        if state.with_head > 1e-4 {
            let along = state.with_head;
            // The wrist goes with the head too: hand and head move as one.
            state.point = state.point.lerp(moved.point(state.point), along);
            state.turn = (Quat::IDENTITY.slerp(moved.turn, along) * state.turn).normalize();
            // A head that nods does not push the hand into the chest.
            let moving = minimum_jerk(moved.turn.angle_between(Quat::IDENTITY) / NODS_RAD);
            if moving > 0.0 {
                state.point.z += depth_in_trunk(rig, hand, state) * moving;
            }
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
