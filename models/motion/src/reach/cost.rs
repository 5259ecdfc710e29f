//! What a turn of the hand and a swivel of the elbow cost, and the descent from one of them to the cheapest nearby.

use glam::{Quat, Vec3};

use super::{FINGERS_SLACK_RAD, Other, Place, SOFT_FOREARM_M, SOFT_M, Search, beyond_shoulder, smooth_rise};
use crate::{arm::ArmPose, volume::Segment};

impl Search<'_> {
    pub(super) fn turn(&self, seed: Quat, place: &Place) -> Quat {
        let rig = &self.rig.hands[self.hand];
        // About the palm's normal, the fingers and the thumb's side, in that order of freedom.
        seed * Quat::from_axis_angle(rig.palm, place[0])
            * Quat::from_axis_angle(rig.fingers, place[1])
            * Quat::from_axis_angle(rig.radial, place[2])
    }

    pub(super) fn solve(&self, seed: Quat, place: &Place) -> (Quat, ArmPose) {
        let turn = self.turn(seed, place);
        let wrist = self.wish.point - turn * self.wish.anchor;
        // What is found is taken back to where limits bend nothing: so no more is hoped for here.
        (turn, self.rig.arms[self.hand].solve(wrist, turn, place[3], &self.limits.unbent()))
    }

    /// What a place costs; not all of it is counted once it is more than `bound`.
    pub(super) fn cost(&self, seed: Quat, place: &Place, bound: f32) -> f32 {
        let (turn, pose) = self.solve(seed, place);
        let rig = &self.rig.hands[self.hand];
        let got = pose.turns[3];
        let mut cost = 0.0;
        let off = |have: Vec3, want: Vec3| have.dot(want).clamp(-1.0, 1.0).acos();
        if let Some(palm) = self.axes.palm {
            let error = off(got * rig.palm, palm);
            // At a touch the meeting counts first; elsewhere the palm is what is read.
            cost += if self.wish.touching && self.wish.loose {
                4.0 * error * error + 30.0 * (error - 0.30).max(0.0)
            } else if self.wish.touching {
                9.0 * error * error + 60.0 * (error - 0.08).max(0.0)
            } else {
                20.0 * error * error + 90.0 * (error - 0.08).max(0.0) + 400.0 * (error - 0.13).max(0.0)
            };
        }
        if let Some(fingers) = self.axes.fingers {
            let error = (off(got * rig.fingers, fingers) - FINGERS_SLACK_RAD).max(0.0);
            cost += self.fingers_weight * (error * error + 0.5 * (error - 0.25).max(0.0));
            if !self.wish.loose {
                cost += 80.0 * (error - 0.45).max(0.0);
            }
        }
        if self.axes.fingers.is_none() {
            // Where nothing is said hands point up, ahead or inwards, seldom down, out or back.
            let along = got * rig.fingers;
            let side = self.rig.arms[self.hand].side.sign();
            let odd =
                1.6 * (-along.y - 0.2).max(0.0) + 0.9 * (along.x * side).max(0.0) + 0.9 * (-along.z - 0.2).max(0.0);
            cost += odd * if self.wish.touching { 0.35 } else { 2.5 };
        }
        if let Some((part, outward)) = self.wish.facing {
            // Surfaces may meet at a slant; past two thirds of a right angle it no longer looks like touching.
            let meeting = (got * part).dot(outward);
            cost += 0.5 * (1.0 + meeting) + 3.5 * (meeting + 0.4).max(0.0);
        }
        let apart = turn.angle_between(self.wish.prefer);
        cost += 0.06 * apart * apart;

        let strain = |x: f32, (low, high): (f32, f32)| {
            let range = if x > 0.0 { high } else { -low };
            let part = (x / range).abs();
            let beyond = (part - 0.88).max(0.0);
            0.22 * part * part + 30.0 * beyond * beyond + 4.0 * beyond
        };
        cost += strain(pose.roll, self.limits.roll)
            + strain(pose.flexion, self.limits.flexion)
            + strain(pose.deviation, self.limits.deviation);

        let swivel = place[3];
        cost += 0.7 * swivel * swivel + 20.0 * ((swivel - 1.3).max(0.0) + (-0.6 - swivel).max(0.0));
        // Elbows hang and wrists bend, as long as the hand is not above the face.
        let high = (pose.wrist.y - pose.shoulder.y - 0.05).max(0.0);
        let raised = (pose.elbow.y - pose.shoulder.y + 0.10 - 0.40 * high).max(0.0);
        cost += 36.0 * raised + 300.0 * raised * raised;
        let abducted = ((pose.elbow.x - pose.shoulder.x) * self.rig.arms[self.hand].side.sign() - 0.09).max(0.0);
        cost += 10.0 * abducted + 80.0 * abducted * abducted;
        // Hands work in front: neither elbow nor wrist goes behind the back; only to touch waist or hip does an elbow go
        // back rather than up.
        let side = self.rig.arms[self.hand].side.sign();
        let give = if self.wish.touching { 0.12 * smooth_rise(pose.shoulder.y - pose.wrist.y - 0.16) } else { 0.0 };
        let elbow_behind = (pose.shoulder.z - 0.07 - give - pose.elbow.z).max(0.0);
        cost += 60.0 * elbow_behind + 600.0 * elbow_behind * elbow_behind;
        let wrist_behind = (pose.shoulder.z - 0.02 - pose.wrist.z).max(0.0);
        cost += 60.0 * wrist_behind + 1200.0 * wrist_behind * wrist_behind;
        // A shoulder does not take the elbow past the spine.
        let crossed =
            (0.08 - pose.elbow.x * side).max(0.0) * if pose.elbow.z < pose.shoulder.z + 0.05 { 1.0 } else { 0.0 };
        cost += 160.0 * crossed;
        // Nor does it point further behind, or to the other side, than a shoulder lets it.
        let beyond = beyond_shoulder(self.rig, self.hand, &pose);
        cost += 30.0 * beyond + 200.0 * beyond * beyond;
        // A raised elbow stays beside the face, not before it.
        let before_face = ((pose.shoulder.x - pose.elbow.x) * side).max(0.0);
        cost += 50.0 * before_face * smooth_rise(pose.elbow.y - pose.shoulder.y + 0.08);
        // Where hands touch, meeting comes before facing. A wrist bent back by its limits misses as a short arm does.
        let missed = (pose.wrist + got * self.wish.anchor).distance(self.wish.point);
        let short = missed * if self.wish.touching { 2.0 } else { 1.0 };
        cost += 3000.0 * short * short + 60.0 * short;

        if cost >= bound {
            return cost;
        }
        let body = |point: Vec3, radius: f32| {
            let depth = self.rig.depth(point, radius);
            120.0 * depth + 4000.0 * depth * depth
        };
        let [upper, lower] = self.forearm;
        // Where a forearm can't be, the frame moves it away, and with it the hand turns.
        let mut forearm = body(pose.elbow, upper - SOFT_FOREARM_M);
        for (along, radius) in [(0.25, upper), (0.5, upper), (0.75, lower), (0.95, lower)] {
            forearm = forearm.max(body(pose.elbow.lerp(pose.wrist, along), radius - SOFT_FOREARM_M));
        }
        cost += 4.0 * forearm;
        cost += 0.5 * body(pose.shoulder.lerp(pose.elbow, 0.6), 0.03);
        if self.near_body && cost < bound {
            let worst = self.points.iter().map(|&(point, apart)| body(pose.wrist + got * point, apart));
            let (sum, most) = worst.fold((0.0, 0.0_f32), |(sum, most), cost| (sum + cost, most.max(cost)));
            cost += most + 0.25 * sum;
        }
        if self.wish.own_side && cost < bound {
            let past = |point: Vec3| 0.008 - (pose.wrist + got * point).x * side;
            let furthest = self.points.iter().map(|&(point, _)| past(point)).fold(0.0, f32::max);
            cost += 60.0 * furthest + 900.0 * furthest * furthest;
        }
        if self.wish.shows_eyes && cost < bound {
            cost += self.before_eyes(&pose);
        }
        if let Some(other) = &self.wish.other
            && cost < bound
        {
            cost += self.in_other(other, &pose);
        }
        cost
    }

    /// What standing between the eyes and who looks at the signer costs.
    fn before_eyes(&self, pose: &ArmPose) -> f32 {
        /// Half an eye, or half a finger, metres on a body of 1.70 m.
        const HALF_EYE_M: f32 = 0.016;
        const A_METRE: f32 = 200.0;
        /// What is no further behind the eye than this is before it, metres.
        const BEHIND_M: f32 = 0.01;
        let at = |index: usize| pose.wrist + pose.turns[3] * self.points[index].0;
        let mut cost = 0.0;
        for eye in self.rig.each_eye {
            let before = |from: Vec3, to: Vec3, thick: f32| {
                let (flat_from, flat_to) = (from.truncate(), to.truncate());
                let along = flat_to - flat_from;
                let share =
                    ((eye.truncate() - flat_from).dot(along) / along.length_squared().max(1e-9)).clamp(0.0, 1.0);
                if from.lerp(to, share).z < eye.z - BEHIND_M {
                    return 0.0;
                }
                (HALF_EYE_M * self.rig.scale + thick - flat_from.lerp(flat_to, share).distance(eye.truncate())).max(0.0)
            };
            let mut covered = before(pose.elbow, pose.wrist, self.forearm[1]);
            for finger in 0..5 {
                let (root, middle, tip) = (1 + finger * 3, 2 + finger * 3, 3 + finger * 3);
                for (from, to) in [(0, root), (root, middle), (middle, tip)] {
                    covered = covered.max(before(at(from), at(to), HALF_EYE_M * self.rig.scale));
                }
            }
            cost += A_METRE * covered;
        }
        cost
    }

    /// What being inside of the other hand costs.
    fn in_other(&self, other: &Other, pose: &ArmPose) -> f32 {
        let got = pose.turns[3];
        let depth_at = |point: Vec3, apart: f32, segments: &[Segment]| {
            segments.iter().map(|segment| segment.radius + apart - segment.distance(point)).fold(0.0, f32::max)
        };
        let (mut sum, mut most) = (0.0, 0.0_f32);
        let mut add = |depth: f32| {
            let cost = 120.0 * depth + 3000.0 * depth * depth;
            sum += cost;
            most = most.max(cost);
        };
        for &(point, apart) in &self.points {
            let point = pose.wrist + got * point;
            add(depth_at(point, apart, &other.hand).max(depth_at(point, apart, &other.forearm)));
        }
        let [upper, lower] = self.forearm;
        for (along, radius) in [(0.25, upper), (0.5, upper), (0.7, lower), (0.86, lower)] {
            let point = pose.elbow.lerp(pose.wrist, along);
            let apart = radius - SOFT_M;
            add(depth_at(point, apart, &other.hand).max(depth_at(point, apart, &other.forearm)));
        }
        most + 0.2 * sum
    }

    /// Pattern search from `seed`, with the elbow swivelled by `swivel`.
    pub(super) fn descend(&self, seed: Quat, swivel: f32, free: [f32; 4]) -> (Place, f32) {
        let mut place = [0.0, 0.0, 0.0, swivel];
        let mut best = self.cost(seed, &place, f32::INFINITY);
        for step in [0.4, 0.2, 0.1, 0.05, 0.025] {
            for _ in 0..4 {
                let before = best;
                for axis in 0..4 {
                    for sign in [1.0, -1.0] {
                        let mut next = place;
                        next[axis] += sign * step * free[axis];
                        let cost = self.cost(seed, &next, best);
                        if cost < best {
                            (place, best) = (next, cost);
                            break;
                        }
                    }
                }
                if best > before - 1e-3 {
                    break;
                }
            }
        }
        (place, best)
    }
}
