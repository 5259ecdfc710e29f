//! From what planning says about both hands to a pose: the last word before a frame leaves.
//!
//! The head stands between `plan` and this file: it may change a [`HandState`] as it likes; `clear` then moves hands out of the body and of each
//! other, and what comes out here is within limits.

use glam::{Quat, Vec4};
use signing::{Bone, OutputTime, PoseFrame};

use crate::{
    arm::{ArmLimits, ArmPose},
    clear::depth_in_trunk,
    hand::{DIGITS, Digits, hand_bones},
    presence::Shown,
    reach::arm_of,
    rig::{HeadMove, Rig, SIDES},
    track::{HandState, minimum_jerk},
};

/// A head that is turned this far has moved, radians.
const NODS_RAD: f32 = 0.25;

/// How many moments around a frame its arms and fingers are the mean of, and how far apart those are, seconds.
///
/// Joints are linear between limits and stop at them: without it a wrist that reaches its limit, or an elbow that shuts,
/// would jerk. The mean passes 5 Hz almost whole (0.93) and little above 12 Hz; what stands still, stays.
pub(crate) const MOMENTS: usize = 7;
pub(crate) const APART_SECS: f64 = 0.0145;
/// Binomial.
pub(crate) const WEIGHTS: [f32; MOMENTS] =
    [1.0 / 64.0, 6.0 / 64.0, 15.0 / 64.0, 20.0 / 64.0, 15.0 / 64.0, 6.0 / 64.0, 1.0 / 64.0];

/// The moments of the frame at `now`, seconds.
pub(crate) fn moments(now: f64) -> [f64; MOMENTS] {
    std::array::from_fn(|moment| now + (moment as f64 - (MOMENTS / 2) as f64) * APART_SECS)
}

/// A pose of both arms and all that moves without hands. `states`: both hands at each of the frame's moments.
pub(crate) fn project(rig: &Rig, time: OutputTime, states: &[[HandState; 2]; MOMENTS], shown: &Shown) -> PoseFrame {
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

    for hand in 0..2 {
        let mut arms = [[Quat::IDENTITY; 4]; MOMENTS];
        let mut digits: Digits = [0.0; DIGITS];
        for ((both, weight), arm) in states.iter().zip(WEIGHTS).zip(&mut arms) {
            let state = with_head(rig, hand, both[hand], &moved);
            *arm = meeting(rig, hand, &state).locals;
            for (sum, angle) in digits.iter_mut().zip(state.digits) {
                *sum += angle * weight;
            }
        }
        let arm = mean_arm(rig, hand, &arms);
        write_arm(rig, hand, &digits, &arm, shown.shrug, &mut frame);
    }
    for rotation in &mut frame.rotations {
        *rotation = if rotation.is_finite() { rotation.normalize() } else { Quat::IDENTITY };
    }
    frame
}

/// The mean of an arm's local rotations at a frame's moments.
pub(crate) fn mean_arm(rig: &Rig, hand: usize, arms: &[[Quat; 4]; MOMENTS]) -> [Quat; 4] {
    let mut mean = [Vec4::ZERO; 4];
    for (locals, weight) in arms.iter().zip(WEIGHTS) {
        for (sum, local) in mean.iter_mut().zip(locals) {
            let local = Vec4::from(*local);
            *sum += if sum.dot(local) < 0.0 { -local } else { local } * weight;
        }
    }
    let mut arm = mean.map(|sum| Quat::from_vec4(sum).normalize());
    // A mean of turns about two axes turns a little about the third.
    arm[2] = rig.arms[hand].hinged(arm[2]);
    arm
}

/// How much of the head's turn a hand at the head takes over: it stays with its place, and keeps facing as it did.
pub(crate) const TURNS_ALONG: f32 = 0.4;

/// A hand at the head goes along with it.
fn with_head(rig: &Rig, hand: usize, mut state: HandState, moved: &HeadMove) -> HandState {
    if state.with_head > 1e-4 {
        let along = state.with_head;
        // The wrist goes with the head too.
        state.point = state.point.lerp(moved.point(state.point), along);
        state.turn = (Quat::IDENTITY.slerp(moved.turn, along * TURNS_ALONG) * state.turn).normalize();
        // A head that nods does not push the hand into the chest.
        let moving = minimum_jerk(moved.turn.angle_between(Quat::IDENTITY) / NODS_RAD);
        if moving > 0.0 {
            state.point.z += depth_in_trunk(rig, hand, &state) * moving;
        }
    }
    state
}

/// The arm of a hand whose anchor meets its place: what limits or a head that moves have bent of the hand's turn, the
/// wrist makes up for.
pub(crate) fn meeting(rig: &Rig, hand: usize, state: &HandState) -> ArmPose {
    /// Nearer than this is met, metres.
    const MET_M: f32 = 2e-4;
    /// What is further away is no contact, metres.
    const MOST_M: f32 = 0.03;
    let mut arm = arm_of(rig, hand, state);
    let touch = minimum_jerk((state.touch.most() - 0.5) * 2.0);
    if touch <= 0.0 {
        return arm;
    }
    let mut wrist = state.wrist();
    for _ in 0..3 {
        let off = state.point - (arm.wrist + arm.turns[3] * state.anchor);
        if off.length() < MET_M {
            break;
        }
        wrist += off.clamp_length_max(MOST_M) * touch;
        arm = rig.arms[hand].solve(wrist, state.turn, state.swivel, &ArmLimits::HUMAN);
    }
    arm
}

fn write_arm(rig: &Rig, hand: usize, digits: &Digits, locals: &[Quat; 4], shrug: f32, frame: &mut PoseFrame) {
    let side = SIDES[hand];
    let bones = hand_bones(side);
    let shoulder = Quat::from_rotation_z(side.sign() * shrug) * locals[0];
    let arm_bones = match side {
        signing::Side::Left => [Bone::LeftShoulder, Bone::LeftUpperArm, Bone::LeftLowerArm, Bone::LeftHand],
        signing::Side::Right => [Bone::RightShoulder, Bone::RightUpperArm, Bone::RightLowerArm, Bone::RightHand],
    };
    for (bone, turn) in arm_bones.into_iter().zip([shoulder, locals[1], locals[2], locals[3]]) {
        frame.rotations[bone.index()] = turn;
    }
    for (bone, turn) in bones.into_iter().skip(1).zip(rig.hands[hand].rotations(digits)) {
        frame.rotations[bone.index()] = turn;
    }
}
