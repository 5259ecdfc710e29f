//! One movement of one hand: turns and fingers here, paths and contacts beside it.

use glam::Vec3;
use signing::{Finger, FingerMotion, FingerMotionKind, Movement, MovementKind, Place, Rotation, RotationAxis};

use super::{
    Manner, Planner,
    bend::Bend,
    in_air,
    timing::{self, Fluency},
};
use crate::{
    hand::{DIGIT_LIMITS, DIGITS, Digits},
    reach::{Wish, arm_of},
    touch,
    track::{Change, Flutter, HandState, Profile, Submovement, Touch},
};

/// One movement of one hand, ready to be made.
#[derive(Clone, Copy)]
pub(super) struct Doing<'a> {
    pub(super) movement: &'a Movement,
    /// Which of the signer's hands.
    pub(super) player: usize,
    /// How a direction of the movement is for this hand.
    pub(super) image: Image,
    pub(super) start: f64,
    pub(super) secs: f64,
    pub(super) manner: &'a Manner,
    pub(super) bend: &'a Bend,
    /// Whether both hands meet half-way.
    pub(super) half: bool,
}

/// How a movement that is written for the dominant hand looks on this one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Image {
    /// Mirrored in the sagittal plane.
    pub(super) mirror: bool,
    /// The opposite way: half a period later.
    pub(super) opposite: bool,
    /// The weak hand moves the same way through space as the dominant one, so its joints the other way.
    pub(super) parallel: bool,
}

impl Image {
    pub(super) fn vector(self, v: Vec3) -> Vec3 {
        let v = if self.mirror { Vec3::new(-v.x, v.y, v.z) } else { v };
        if self.opposite { -v } else { v }
    }

    /// A direction that names something (a palm's, an axis' side), which does not reverse.
    pub(super) fn direction(self, v: Vec3) -> Vec3 {
        if self.mirror { Vec3::new(-v.x, v.y, v.z) } else { v }
    }

    /// An axis of rotation.
    pub(super) fn axis(self, v: Vec3) -> Vec3 {
        if self.mirror { Vec3::new(v.x, -v.y, -v.z) } else { v }
    }
}

impl Planner {
    pub(super) fn push(&mut self, player: usize, start: f64, duration: f64, profile: Profile, change: Change) {
        self.tracks[player].push(Submovement { start, duration, profile, change });
    }

    /// Makes a movement. When it ends: later than asked if its way is longer than a hand goes in that time.
    pub(super) fn make(&mut self, doing: &Doing<'_>) -> f64 {
        let asked = doing.start + doing.secs;
        match &doing.movement.kind {
            MovementKind::Path(path) => {
                return self.path_round(doing, path).max(asked);
            }
            MovementKind::Rotate(rotation) => return self.rotate(doing, rotation).max(asked),
            MovementKind::Orient { palm, fingers, radial } => {
                let now = self.tracks[doing.player].cursor;
                let dir = |dir: &Option<signing::Dir>| dir.map(|dir| doing.image.direction(dir.vec()));
                let (palm, fingers, radial) = (dir(palm), dir(fingers), dir(radial));
                let wish = Wish { palm, fingers, radial, loose: false, ..self.staying(doing.player) };
                let mut target = in_air(now.point);
                (target.with_head, target.touch) = (now.with_head, now.touch);
                let state = self.reach_state(doing.player, &wish, now.digits, target);
                let end = doing.start + self.go(doing.player, &state, doing.start, doing.secs);
                self.ask(doing.player, [doing.start, end], wish.palm, wish.fingers, None);
                return end.max(asked);
            }
            MovementKind::Shape(shape) => {
                let to = self.closed(doing.player, shape);
                let now = self.tracks[doing.player].cursor.digits;
                self.form_hand(doing.player, &now, &to, doing.start, doing.secs, profile_of(doing));
            }
            MovementKind::Finger(motion) => self.fingers(doing, motion),
            MovementKind::Contact(contact) => return self.contact(doing, contact).max(asked),
            MovementKind::Hold { .. } => {}
        }
        asked
    }

    /// To stay where the hand is, turned as it is as far as the arm lets it.
    pub(super) fn staying(&self, player: usize) -> Wish {
        let now = self.tracks[player].cursor;
        let measures = &self.rig.hands[player];
        Wish {
            point: now.point,
            anchor: now.anchor,
            palm: Some(now.turn * measures.palm),
            fingers: Some(now.turn * measures.fingers),
            radial: None,
            facing: None,
            prefer: now.turn,
            loose: true,
            touching: now.touch.most() > 0.8,
            digits: now.digits,
            own_side: false,
            shows_eyes: false,
            other: self.other(player, None, now.point),
        }
    }

    /// The hand with `place` reached, its turn kept as far as the arm lets it.
    pub(super) fn placed_at(&mut self, player: usize, place: &Place, manner: &Manner) -> HandState {
        let now = self.tracks[player].cursor;
        let frames = self.rig.hands[player].frames(&now.digits);
        let spot = self.rig.part_in_hand(player, place.part, &now.digits, &frames);
        let target = self.target(player, place, manner.roles);
        let wish = Wish {
            point: target.point,
            anchor: spot.point,
            // Even near to a place the way there counts, not how the hand was turned before.
            touching: target.touch.most() > 0.5,
            other: self.other(player, Some(place), target.point),
            ..self.staying(player)
        };
        self.reach_state(player, &wish, now.digits, target)
    }

    fn rotate(&mut self, doing: &Doing<'_>, rotation: &Rotation) -> f64 {
        let Doing { player, image, start, secs, .. } = *doing;
        let rig = std::sync::Arc::clone(&self.rig);
        let now = self.tracks[player].cursor;
        let arm = arm_of(&rig, player, &now);
        let measures = &rig.hands[player];
        let sign = if image.opposite { -1.0 } else { 1.0 };
        let profile = if rotation.there_and_back { Profile::Return } else { profile_of(doing) };
        let angle = rotation.angle_rad * sign;
        // Anatomical axes mirror by themselves; a movement made the same way by both hands does not.
        let anatomical = if image.parallel { -angle } else { angle };
        let by = match rotation.axis {
            RotationAxis::Forearm => {
                let limit = crate::arm::ArmLimits::HUMAN.roll;
                let room = if anatomical > 0.0 { limit.1 - arm.roll } else { limit.0 - arm.roll };
                let kept =
                    if anatomical > 0.0 { anatomical.min(room.max(0.3)) } else { anatomical.max(room.min(-0.3)) };
                arm.turns[2] * rig.arms[player].supination() * kept
            }
            RotationAxis::WristFlexion => now.turn * measures.flexion_axis() * anatomical,
            RotationAxis::WristSway => now.turn * measures.radial_axis() * anatomical,
            RotationAxis::About(axis) => image.axis(axis.vec()) * angle,
            RotationAxis::ElbowSwing(normal) => {
                let axis = image.axis(normal.vec());
                let from_elbow = now.point - arm.elbow;
                let change = Change::Orbit { arm: from_elbow, axis, angle };
                self.push(player, start, secs, profile, change);
                axis * angle
            }
        };
        if !matches!(rotation.axis, RotationAxis::ElbowSwing(_))
            && now.touch.most() < 0.5
            && !self.tracks[player].turns_after(start)
        {
            // The hand turns about its wrist, not about the middle of its palm.
            let anchored = now.anchored_at(Vec3::ZERO);
            let change = Change::Shift {
                by: anchored.point - now.point,
                bow: Vec3::ZERO,
                anchor: -now.anchor,
                swivel: 0.0,
                with_head: 0.0,
                touch: Touch::NONE,
            };
            self.push(player, start - 0.002, 0.001, Profile::Smooth, change);
        }
        self.push(player, start, secs, profile, Change::Turn { by });
        if rotation.there_and_back {
            return start + secs;
        }
        start + self.settle(player, start, secs)
    }

    fn fingers(&mut self, doing: &Doing<'_>, motion: &FingerMotion) {
        let Doing { player, start, secs, manner, .. } = *doing;
        let now = self.tracks[player].cursor.digits;
        let times =
            timing::times(motion.times.max(1), if motion.times > 2 { Fluency::Citation } else { manner.fluency });
        let mut swing: Digits = [0.0; DIGITS];
        for &finger in &motion.fingers {
            let first = finger.index() * 4;
            let values: [f32; 4] = match (motion.kind, finger) {
                (FingerMotionKind::Wiggle, Finger::Thumb) => [0.0, 0.12, 0.15, 0.15],
                (FingerMotionKind::Wiggle, _) => [0.34, 0.20, 0.10, 0.0],
                (FingerMotionKind::Bend, Finger::Thumb) => [0.0, 0.0, 0.4, 0.8],
                // Bent fingers straighten, straight ones bend.
                (FingerMotionKind::Bend, _) if now[first + 1] > 1.0 => [0.0, -0.6, -0.4, 0.0],
                (FingerMotionKind::Bend, _) => [0.35, 1.0, 0.6, 0.0],
                (FingerMotionKind::OpenClose, Finger::Thumb) => [0.0, -0.25, -0.15, -0.1],
                (FingerMotionKind::OpenClose, _) if now[first] + now[first + 1] > 0.8 => [-0.45, -0.25, -0.1, 0.0],
                (FingerMotionKind::OpenClose, _) => [0.85, 0.35, 0.15, 0.0],
                (FingerMotionKind::Rub, Finger::Thumb) => [0.14, 0.10, 0.10, 0.22],
                (FingerMotionKind::Rub, _) => [0.08, 0.12, 0.06, 0.0],
                (FingerMotionKind::Flick, Finger::Thumb) => [0.1, 0.0, -0.15, -0.2],
                (FingerMotionKind::Flick, _) => {
                    [-0.7 * now[first].max(0.4), -now[first + 1].max(0.3), -now[first + 2], 0.0]
                }
                (FingerMotionKind::Tremble, _) => [0.09, 0.06, 0.0, 0.0],
            };
            for (offset, value) in values.into_iter().enumerate() {
                let index = first + offset;
                let (low, high) = DIGIT_LIMITS[index];
                swing[index] = value.clamp(low - now[index], high - now[index]);
            }
        }
        let periods = match motion.kind {
            FingerMotionKind::Tremble => (secs * 5.5).round().max(1.0) as f32,
            _ => times as f32,
        };
        // No quicker than fingers are: rather once less.
        let periods = periods.min((secs * (timing::SWINGS_A_SEC + 0.7)).floor().max(1.0) as f32);
        let lag = match motion.kind {
            FingerMotionKind::Wiggle => 1.35,
            FingerMotionKind::Rub => std::f32::consts::PI,
            _ => 0.0,
        };
        let one_sided =
            matches!(motion.kind, FingerMotionKind::Bend | FingerMotionKind::OpenClose | FingerMotionKind::Flick);
        let mut flutter = Flutter { swing, periods, lag, one_sided };
        if motion.kind == FingerMotionKind::Rub {
            let (share, lift) = self.rubs.look_up((player, now, flutter), |(player, now, flutter)| {
                touch::rubbing(&self.rig, *player, now, flutter)
            });
            flutter = flutter.of(share);
            let mut by = [0.0; DIGITS];
            by[..4].copy_from_slice(&lift);
            if lift != [0.0; 4] {
                self.push(player, start, secs, Profile::Return, Change::Digits { by });
            }
        }
        self.push(player, start, secs, Profile::Smooth, Change::Flutter(flutter));
    }

    /// How far a hand that keeps its turn and anchor must go so that the reached state's anchor meets its place.
    pub(super) fn exact(&self, player: usize, reached: &HandState, now: &HandState) -> Vec3 {
        let arm = arm_of(&self.rig, player, now);
        let meeting = arm.wrist + arm.turns[3] * reached.anchor;
        reached.point - meeting
    }
}

/// A hand that stays where it is and goes along with the head no more, nor touches anything: as far as it did.
pub(super) fn leaving(with_head: f32, touch: Touch) -> Change {
    let (by, bow, anchor) = (Vec3::ZERO, Vec3::ZERO, Vec3::ZERO);
    Change::Shift { by, bow, anchor, swivel: 0.0, with_head: -with_head, touch: Touch::NONE - touch }
}

/// A straight shift.
pub(super) fn shift(by: Vec3, touch: Touch) -> Change {
    Change::Shift { by, bow: Vec3::ZERO, anchor: Vec3::ZERO, swivel: 0.0, with_head: 0.0, touch }
}

pub(super) const fn profile_of(doing: &Doing<'_>) -> Profile {
    if doing.movement.manner.forceful || doing.movement.manner.stop { Profile::Sharp } else { Profile::Smooth }
}
