//! What joints do through time: limits, speed, jerk.

use glam::Vec3;
use signing::{Bone, Finger, HandPart, Side};

use super::{
    Kind, Log,
    watch::{BOTH, Watched, arm_bones, side_name},
};
use crate::hand::hand_bones;

/// Jerk of some points of the body, m/s³.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Jerk {
    /// The highest.
    pub peak: f32,
    /// The mean over the time in which the points move.
    pub mean: f32,
}

/// Slower points count as standing still, m/s.
const STILL_M_S: f32 = 0.02;

/// Upper arms: how far behind the frontal plane they point (extension, 60°), and how far past straight ahead
/// to the other side (horizontal adduction, 45°). Greene and Heckman, as `body`'s limits.
const UPPER_ARM_BACK_RAD: f32 = 1.05;
const UPPER_ARM_ACROSS_RAD: f32 = 0.79;

/// Joints beyond their limits. Collar bone and upper arm turn about each other and share out what they do
/// as they like: of them it is measured where the upper arm points.
pub(super) fn limits(watched: &Watched<'_>, log: &mut Log) {
    let mut bones = vec![Bone::Neck, Bone::Head];
    for side in BOTH {
        bones.extend(arm_bones(side).into_iter().skip(2));
        // The thumb's root is a saddle: what its two turns do together is no sum of limits.
        bones.extend(hand_bones(side).into_iter().skip(2));
    }
    bones.retain(|bone| watched.body.joint(*bone).is_some());
    for (index, frame) in watched.frames.iter().enumerate() {
        for &bone in &bones {
            let excess = watched.body.limits(bone).excess(frame.rotation(bone)).to_degrees();
            log.note(Kind::JointLimit, frame.time, excess, || bone.name().to_owned());
        }
        for side in BOTH {
            let [_, upper, lower, _] = arm_bones(side);
            let (from, to) = (watched.postures[index][upper.index()], watched.postures[index][lower.index()]);
            let along = (to.translation - from.translation).normalize_or(Vec3::NEG_Y);
            let along = watched.chest(index).inverse() * along;
            let back = (-along.z).clamp(-1.0, 1.0).asin() - UPPER_ARM_BACK_RAD;
            let across = (-along.x * side.sign()).clamp(-1.0, 1.0).asin() - UPPER_ARM_ACROSS_RAD;
            let excess = back.max(across).max(0.0).to_degrees();
            log.note(Kind::JointLimit, frame.time, excess, || format!("{} upper arm", side_name(side)));
        }
    }
}

/// Speed of joints.
fn flips(watched: &Watched<'_>, log: &mut Log) {
    let mut bones = vec![Bone::Neck, Bone::Head];
    for side in BOTH {
        bones.extend(arm_bones(side));
        bones.extend(hand_bones(side).into_iter().skip(1));
    }
    bones.retain(|bone| watched.body.joint(*bone).is_some());
    for index in 1..watched.frames.len() {
        let (before, now) = (&watched.frames[index - 1], &watched.frames[index]);
        let dt = secs_between(watched, index - 1, index);
        if dt <= 0.0 {
            continue;
        }
        for &bone in &bones {
            let speed = before.rotation(bone).angle_between(now.rotation(bone)) / dt;
            log.note(Kind::Flip, now.time, speed, || bone.name().to_owned());
        }
    }
}

/// Speed of joints, and jerk of wrists and fingertips.
pub(super) fn measure(watched: &Watched<'_>, log: &mut Log) -> (Jerk, Jerk) {
    flips(watched, log);
    let wrists = BOTH.map(|side| {
        let bone = arm_bones(side)[3];
        (side, path(watched, |index| Some(watched.postures[index][bone.index()].translation)))
    });
    let wrist = jerk(watched, log, Kind::WristJerk, &wrists, "wrist");
    let tips: Vec<(Side, Vec<Vec3>)> = BOTH
        .into_iter()
        .flat_map(|side| [Finger::Thumb, Finger::Index, Finger::Middle, Finger::Little].map(|finger| (side, finger)))
        .map(|(side, finger)| (side, path(watched, |index| watched.part(index, side, HandPart::Tip(finger)))))
        .collect();
    let tip = jerk(watched, log, Kind::FingertipJerk, &tips, "fingertips");
    (wrist, tip)
}

fn secs_between(watched: &Watched<'_>, a: usize, b: usize) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a difference of a few frames")]
    let dt = (watched.frames[b].time.as_secs() - watched.frames[a].time.as_secs()) as f32;
    dt
}

/// A point through time; empty if the body does not have it.
fn path(watched: &Watched<'_>, at: impl Fn(usize) -> Option<Vec3>) -> Vec<Vec3> {
    (0..watched.frames.len()).map(at).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Third differences of paths.
fn jerk(watched: &Watched<'_>, log: &mut Log, kind: Kind, paths: &[(Side, Vec<Vec3>)], of: &str) -> Jerk {
    let (mut peak, mut sum, mut count) = (0.0_f32, 0.0_f64, 0_u32);
    for (side, path) in paths {
        for (index, points) in path.windows(4).enumerate() {
            let dt = secs_between(watched, index, index + 3) / 3.0;
            if dt <= 0.0 {
                continue;
            }
            let third = points[3] - points[2] * 3.0 + points[1] * 3.0 - points[0];
            let amount = third.length() / (dt * dt * dt);
            log.note(kind, watched.frames[index + 2].time, amount, || format!("{} {of}", side_name(*side)));
            peak = peak.max(amount);
            if points[2].distance(points[1]) / dt > STILL_M_S {
                sum += f64::from(amount);
                count += 1;
            }
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "a mean of single precision amounts")]
    let mean = if count == 0 { 0.0 } else { (sum / f64::from(count)) as f32 };
    Jerk { peak, mean }
}
