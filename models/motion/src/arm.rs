//! Two-bone arms: from a wrist's place and a hand's turn to shoulder, elbow, forearm and wrist.
//!
//! Everything is in the chest's frame: the torso stands in T-pose, whatever it does later. All of
//! it is closed form and smooth in its inputs, so that smooth targets give smooth joints.

use glam::{Mat3, Quat, Vec3};
use signing::Side;

use crate::rig::Spot;

/// Joint angles beyond which an arm does not go, radians.
///
/// The same ranges as `body`'s limits of forearm and hand; source there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ArmLimits {
    /// Turn of the forearm about its length: pronation (negative) to supination (positive).
    pub(crate) roll: (f32, f32),
    /// Wrist: extension (negative) to flexion (positive).
    pub(crate) flexion: (f32, f32),
    /// Wrist: ulnar (negative) to radial (positive) deviation.
    pub(crate) deviation: (f32, f32),
}

impl ArmLimits {
    /// A grown person's.
    pub(crate) const HUMAN: Self = Self { roll: (-1.48, 1.57), flexion: (-1.22, 1.39), deviation: (-0.61, 0.38) };
}

impl ArmLimits {
    /// The ranges within which nothing is bent: see [`soft_clamp`].
    pub(crate) fn unbent(&self) -> Self {
        let inner = |(low, high): (f32, f32)| {
            let margin = (high - low) * SOFT_PART + 1e-3;
            (low + margin, high - margin)
        };
        Self { roll: inner(self.roll), flexion: inner(self.flexion), deviation: inner(self.deviation) }
    }
}

/// Part of a range at each of its ends in which it gives softly.
const SOFT_PART: f32 = 1.0 / 80.0;

/// How far an elbow shuts, radians; source as for [`ArmLimits::HUMAN`].
const ELBOW_SHUT_RAD: f32 = 2.58;

/// One arm's measures in the T-pose, metres, chest frame.
#[derive(Debug, Clone)]
pub(crate) struct ArmRig {
    /// Which side.
    pub(crate) side: Side,
    /// Inner end of the collar bone.
    pub(crate) clavicle: Vec3,
    /// Shoulder joint.
    pub(crate) shoulder: Vec3,
    /// Upper arm's length.
    pub(crate) upper: f32,
    /// Forearm's length.
    pub(crate) fore: f32,
    /// Upper arm's direction in the T-pose.
    upper_dir: Vec3,
    /// Forearm's direction in the T-pose.
    fore_dir: Vec3,
    /// Elbow's hinge in the T-pose: positive angles bring the forearm forwards.
    hinge: Vec3,
    /// Shoulder to wrist of the shut elbow, metres.
    shortest: f32,
    /// See [`ArmRig::supination`].
    supination: Vec3,
    /// See [`ArmRig::wrist_axes`].
    wrist_axes: (Vec3, Vec3),
    /// Upper arm and forearm with their hinge, in the T-pose.
    rests: [Rest; 2],
}

/// Axes that are turned elsewhere: what undoes how they stand in the T-pose.
#[derive(Debug, Clone, Copy)]
struct Rest(Mat3);

impl Rest {
    fn new(x: Vec3, y: Vec3) -> Self {
        Self(Mat3::from_cols(x, y, x.cross(y)).transpose())
    }

    /// The turn that brings the axes to `x` and `y`.
    fn turned_to(&self, x: Vec3, y: Vec3) -> Quat {
        let now = Mat3::from_cols(x, y, x.cross(y));
        Quat::from_mat3(&(now * self.0)).normalize()
    }
}

/// A solved arm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArmPose {
    /// Local rotations of shoulder (collar bone), upper arm, lower arm, hand.
    pub(crate) locals: [Quat; 4],
    /// Turns in the chest's frame of shoulder, upper arm, lower arm, hand.
    pub(crate) turns: [Quat; 4],
    /// The forearm's turn in the chest's frame before it rolls.
    pub(crate) unrolled: Quat,
    /// Shoulder joint.
    pub(crate) shoulder: Vec3,
    /// Elbow.
    pub(crate) elbow: Vec3,
    /// Wrist, as far as it got.
    pub(crate) wrist: Vec3,
    /// Forearm's turn about its length, supination positive, before limits.
    pub(crate) roll: f32,
    /// Wrist flexion, towards the palm positive, before limits.
    pub(crate) flexion: f32,
    /// Wrist deviation, towards the thumb positive, before limits.
    pub(crate) deviation: f32,
}

/// `x` unchanged inside, and smoothly held at the limit outside: [`SOFT_PART`] of the range bends.
fn soft_clamp(x: f32, (low, high): (f32, f32)) -> f32 {
    let margin = (high - low) * SOFT_PART;
    let soften = |over: f32| margin * (1.0 - (-over / margin).exp());
    if x > high - margin {
        high - margin + soften(x - high + margin)
    } else if x < low + margin {
        low + margin - soften(low + margin - x)
    } else {
        x
    }
}

/// What is asked so far beyond a limit that the other limit is as near leads to neither: a joint does not change sides at
/// once when what is asked passes from one side to the other. `x` within ±π; unchanged within [`FOLD_RAD`] of the limits.
fn fold(x: f32, (low, high): (f32, f32)) -> f32 {
    let (near, far, middle) = if x > 0.0 {
        (high + FOLD_RAD, std::f32::consts::PI, high.midpoint(low))
    } else {
        (low - FOLD_RAD, -std::f32::consts::PI, high.midpoint(low))
    };
    let past = smoothstep(0.0, 1.0, (x - near) / (far - near));
    x + (middle - x) * past
}

/// See [`fold`], radians.
const FOLD_RAD: f32 = 0.5;

fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// The turn of `q` about `axis`, −π to π, and what is left: `q = twist * swing`.
fn twist_swing(q: Quat, axis: Vec3) -> (f32, Quat) {
    let along = q.xyz().dot(axis);
    let angle = 2.0 * along.atan2(q.w);
    let angle = if angle > std::f32::consts::PI {
        angle - std::f32::consts::TAU
    } else if angle < -std::f32::consts::PI {
        angle + std::f32::consts::TAU
    } else {
        angle
    };
    (angle, Quat::from_axis_angle(axis, -angle) * q)
}

impl ArmRig {
    /// Measures an arm from its joints in the T-pose.
    pub(crate) fn measure(side: Side, clavicle: Vec3, shoulder: Vec3, elbow: Vec3, wrist: Vec3) -> Self {
        let out = Vec3::X * side.sign();
        let upper_dir = (elbow - shoulder).normalize_or(out);
        let fore_dir = (wrist - elbow).normalize_or(upper_dir);
        let hinge = Vec3::NEG_Y * side.sign();
        let hinge = (hinge - upper_dir * hinge.dot(upper_dir)).normalize_or(hinge);
        let fore_hinge = (hinge - fore_dir * hinge.dot(fore_dir)).normalize_or(hinge);
        let (upper, fore) = (elbow.distance(shoulder), wrist.distance(elbow));
        let shut = std::f32::consts::PI - ELBOW_SHUT_RAD;
        Self {
            side,
            clavicle,
            shoulder,
            upper,
            fore,
            upper_dir,
            fore_dir,
            hinge,
            shortest: (upper * upper + fore * fore - 2.0 * upper * fore * shut.cos()).sqrt(),
            supination: fore_dir * -fore_dir.x.signum(),
            wrist_axes: (
                fore_dir.cross(Vec3::NEG_Y).normalize_or(Vec3::Z),
                fore_dir.cross(Vec3::Z).normalize_or(Vec3::Y),
            ),
            rests: [Rest::new(upper_dir, hinge), Rest::new(fore_dir, fore_hinge)],
        }
    }

    /// Shoulder to wrist of the straight arm, metres.
    pub(crate) fn length(&self) -> f32 {
        self.upper + self.fore
    }

    /// Nearer to the shoulder than this a wrist is held off by the shut elbow, metres.
    pub(crate) fn closest(&self) -> f32 {
        self.shortest * 1.12
    }

    /// How the collar bone turns so that the wrist can be at `wrist`: up for high hands, forwards for far ones.
    fn girdle(&self, wrist: Vec3) -> Quat {
        let reach = (wrist - self.shoulder) / self.length();
        let raise = 0.42 * smoothstep(-0.1, 0.95, reach.y);
        let far = smoothstep(0.72, 1.1, reach.length());
        let forward =
            0.30 * far * smoothstep(-0.2, 0.8, reach.z) + 0.16 * smoothstep(0.1, 0.7, -reach.x * self.side.sign());
        let side = self.side.sign();
        Quat::from_rotation_z(side * raise) * Quat::from_rotation_y(-side * forward)
    }

    /// A spot of the shoulder's skin with the collar bone turned.
    pub(crate) fn carried(&self, spot: Spot, girdle: Quat) -> Spot {
        Spot { point: self.clavicle + girdle * (spot.point - self.clavicle), normal: girdle * spot.normal }
    }

    /// Axis in the T-pose about which a positive angle turns the palm up.
    pub(crate) const fn supination(&self) -> Vec3 {
        self.supination
    }

    /// Axes in the T-pose about which positive angles bend the wrist towards the palm, and towards the thumb.
    pub(crate) const fn wrist_axes(&self) -> (Vec3, Vec3) {
        self.wrist_axes
    }

    /// The hand's turn that an arm in this pose has with other angles of forearm and wrist.
    pub(crate) fn turn_with(&self, pose: &ArmPose, roll: f32, flexion: f32, deviation: f32) -> Quat {
        let (flexion_axis, radial_axis) = self.wrist_axes();
        pose.unrolled
            * Quat::from_axis_angle(self.supination(), roll)
            * Quat::from_scaled_axis(flexion_axis * flexion + radial_axis * deviation)
    }

    /// Where wrist and hand are with these local rotations of shoulder, upper arm, lower arm, hand: the wrist's place and
    /// the hand's turn, chest frame.
    pub(crate) fn forward(&self, [girdle, upper, lower, hand]: &[Quat; 4]) -> (Vec3, Quat) {
        let shoulder = self.clavicle + *girdle * (self.shoulder - self.clavicle);
        let upper_turn = *girdle * *upper;
        let lower_turn = upper_turn * *lower;
        let elbow = shoulder + upper_turn * self.upper_dir * self.upper;
        (elbow + lower_turn * self.fore_dir * self.fore, lower_turn * *hand)
    }

    /// The nearest turn of a lower arm that an elbow's hinge and the forearm's roll make together.
    pub(crate) fn hinged(&self, lower: Quat) -> Quat {
        let (roll, _) = twist_swing(lower, self.supination());
        let twist = Quat::from_axis_angle(self.supination(), roll);
        let swing = lower * twist.inverse();
        let swing = if swing.w < 0.0 { -swing } else { swing };
        Quat::from_axis_angle(self.hinge, swing.to_scaled_axis().dot(self.hinge)) * twist
    }

    /// Where the elbow points when nothing else is asked: perpendicular to `reach`, down and a
    /// little outwards; more outwards when the hand is overhead, back when it hangs.
    fn pole(&self, reach: Vec3) -> Vec3 {
        let side = self.side.sign();
        let usual = Vec3::new(0.40 * side, -1.0, -0.22);
        let high = Vec3::new(0.70 * side, -0.80, 0.25);
        let hanging = Vec3::new(0.75 * side, -0.25, -1.0);
        let up = smoothstep(0.45, 1.0, reach.y);
        let down = smoothstep(0.55, 0.98, -reach.y);
        let pole = usual.lerp(high, up).lerp(hanging, down);
        let pole = pole - reach * pole.dot(reach);
        let carried = || Quat::from_rotation_arc(Vec3::Z, reach) * Vec3::new(0.40 * side, -1.0, 0.0);
        let pole = pole.try_normalize().unwrap_or_else(carried);
        // Beside and behind the hip the arm points where that pole does: there the elbow goes on from where it is in front.
        let behind = smoothstep(0.08, 0.34, -reach.z);
        let pole = if behind > 0.0 { pole.lerp(carried().normalize(), behind) } else { pole };
        pole.try_normalize().unwrap_or_else(|| reach.any_orthonormal_vector())
    }

    /// Brings the wrist to `wrist` and the hand to `turn`; `swivel` turns the elbow about the line from
    /// shoulder to wrist, radians, outwards positive. Limits bend what is beyond them.
    pub(crate) fn solve(&self, wrist: Vec3, turn: Quat, swivel: f32, limits: &ArmLimits) -> ArmPose {
        let side = self.side.sign();
        let girdle = self.girdle(wrist);
        let shoulder = self.clavicle + girdle * (self.shoulder - self.clavicle);

        let to_wrist = wrist - shoulder;
        let asked = to_wrist.length();
        let reach = to_wrist.normalize_or(Vec3::Z);
        let longest = self.length() * 0.999;
        let shortest = self.shortest;
        // Straightening slows down before the arm is straight, so that the elbow does not snap.
        let knee = longest * 0.97;
        let slack = longest - knee;
        let distance = if asked > knee {
            knee + slack * (1.0 - (-(asked - knee) / slack).exp())
        } else if asked < shortest * 1.08 {
            let slack = shortest * 0.08;
            shortest + slack * (-(shortest * 1.08 - asked) / slack).exp()
        } else {
            asked
        };
        let along = (self.upper * self.upper - self.fore * self.fore + distance * distance) / (2.0 * distance);
        let height = (self.upper * self.upper - along * along).max(1e-8).sqrt();

        let out = Quat::from_axis_angle(reach, swivel * side) * self.pole(reach);
        let elbow = shoulder + reach * along + out * height;
        let reached = shoulder + reach * distance;
        let upper_dir = ((elbow - shoulder) / self.upper).normalize();
        let fore_dir = ((reached - elbow) / self.fore).normalize();
        // upper × fore, but defined for a straight arm too.
        let hinge = out.cross(reach);
        let hinge_of = |dir: Vec3| (hinge - dir * hinge.dot(dir)).normalize_or(hinge);
        let [upper_rest, fore_rest] = &self.rests;
        let upper_turn = upper_rest.turned_to(upper_dir, hinge_of(upper_dir));
        let unrolled = fore_rest.turned_to(fore_dir, hinge_of(fore_dir));

        // What the hand adds to the unrolled forearm: a roll (the forearm's), then a bend (the wrist's).
        let relative = unrolled.inverse() * turn;
        let supination = self.supination();
        let (roll, swing) = twist_swing(relative, supination);
        let bend = if swing.w < 0.0 { -swing } else { swing }.to_scaled_axis();
        let (flexion_axis, radial_axis) = self.wrist_axes();
        let (flexion, deviation) = (bend.dot(flexion_axis), bend.dot(radial_axis));

        let roll_kept = soft_clamp(fold(roll, limits.roll), limits.roll);
        // Bent this far the hand lies on the forearm: it has no side to bend to.
        let bent_over = 1.0 - smoothstep(2.3, std::f32::consts::PI, flexion.hypot(deviation));
        let bend_kept = (flexion_axis * soft_clamp(flexion, limits.flexion)
            + radial_axis * soft_clamp(deviation, limits.deviation))
            * bent_over;
        let lower_turn = unrolled * Quat::from_axis_angle(supination, roll_kept);
        let hand_local = Quat::from_scaled_axis(bend_kept);
        ArmPose {
            locals: [girdle, girdle.inverse() * upper_turn, upper_turn.inverse() * lower_turn, hand_local],
            turns: [girdle, upper_turn, lower_turn, lower_turn * hand_local],
            unrolled,
            shoulder,
            elbow,
            wrist: reached,
            roll,
            flexion,
            deviation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(side: Side) -> ArmRig {
        let x = side.sign();
        ArmRig::measure(
            side,
            Vec3::new(0.02 * x, 1.40, 0.0),
            Vec3::new(0.17 * x, 1.40, -0.02),
            Vec3::new(0.44 * x, 1.40, -0.02),
            Vec3::new(0.68 * x, 1.40, -0.02),
        )
    }

    #[test]
    fn the_wrist_gets_where_it_is_asked_and_forward_kinematics_agrees() {
        for side in [Side::Left, Side::Right] {
            let arm = arm(side);
            let turn = Quat::from_rotation_y(-side.sign() * 1.4);
            for target in [Vec3::new(0.1, 1.2, 0.35), Vec3::new(0.3, 1.5, 0.25), Vec3::new(0.2, 1.0, 0.2)] {
                let target = Vec3::new(target.x * side.sign(), target.y, target.z);
                let pose = arm.solve(target, turn, 0.0, &ArmLimits::HUMAN);
                assert!(pose.wrist.distance(target) < 1e-4, "{side:?} {target}");
                let mut world = Quat::IDENTITY;
                let mut at = arm.clavicle;
                for (local, bone) in pose.locals.iter().zip([
                    arm.shoulder - arm.clavicle,
                    arm.upper_dir * arm.upper,
                    arm.fore_dir * arm.fore,
                    Vec3::ZERO,
                ]) {
                    world *= *local;
                    at += world * bone;
                }
                assert!(at.distance(target) < 1e-4, "{side:?} {target}: {at}");
                assert!(pose.elbow.y < target.y.max(pose.shoulder.y), "elbow hangs: {}", pose.elbow);
                assert!(pose.elbow.x * side.sign() > 0.12, "elbow outside of the trunk: {}", pose.elbow);
            }
        }
    }

    #[test]
    fn palm_up_is_supination_and_palm_down_pronation() {
        for side in [Side::Left, Side::Right] {
            let arm = arm(side);
            // Fingers forward, palm up / down: T-pose is fingers out, palm down.
            let down = Quat::from_rotation_y(-side.sign() * std::f32::consts::FRAC_PI_2);
            let up = Quat::from_rotation_z(std::f32::consts::PI) * down;
            let at = Vec3::new(0.2 * side.sign(), 1.15, 0.3);
            assert!(arm.solve(at, down, 0.0, &ArmLimits::HUMAN).roll < -0.5, "{side:?}");
            assert!(arm.solve(at, up, 0.0, &ArmLimits::HUMAN).roll > 0.5, "{side:?}");
        }
    }

    #[test]
    fn sides_mirror() {
        let (left, right) = (arm(Side::Left), arm(Side::Right));
        let turn = Quat::from_euler(glam::EulerRot::XYZ, 0.3, -1.2, 0.4);
        let mirrored = Quat::from_xyzw(turn.x, -turn.y, -turn.z, turn.w);
        let at = Vec3::new(0.05, 1.3, 0.3);
        let a = left.solve(at, turn, 0.2, &ArmLimits::HUMAN);
        let b = right.solve(at * Vec3::new(-1.0, 1.0, 1.0), mirrored, 0.2, &ArmLimits::HUMAN);
        assert!((a.elbow * Vec3::new(-1.0, 1.0, 1.0)).distance(b.elbow) < 1e-5);
        assert!((a.roll - b.roll).abs() < 1e-4 && (a.flexion - b.flexion).abs() < 1e-4);
        assert!((a.deviation - b.deviation).abs() < 1e-4);
    }
}
