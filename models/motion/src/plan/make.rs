//! One movement of one hand: paths, turns, fingers, contacts.

use glam::Vec3;
use signing::{
    ArcPlane, Contact, ContactKind, Finger, FingerMotion, FingerMotionKind, Hand, HandSelector, Movement, MovementKind,
    Path, PathShape, Place, Rotation, RotationAxis,
};

use super::{
    Manner, Planner, Round,
    asked::Grip,
    bend::Bend,
    in_air,
    timing::{self, Fluency},
};
use crate::{
    arm::ArmLimits,
    hand::{DIGIT_LIMITS, DIGITS, Digits},
    reach::{Reached, Wish, arm_of, beyond_shoulder, reach, reach_near},
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
    fn vector(self, v: Vec3) -> Vec3 {
        let v = if self.mirror { Vec3::new(-v.x, v.y, v.z) } else { v };
        if self.opposite { -v } else { v }
    }

    /// A direction that names something (a palm's, an axis' side), which does not reverse.
    fn direction(self, v: Vec3) -> Vec3 {
        if self.mirror { Vec3::new(-v.x, v.y, v.z) } else { v }
    }

    /// An axis of rotation.
    fn axis(self, v: Vec3) -> Vec3 {
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
                let wish = Wish {
                    point: now.point,
                    anchor: now.anchor,
                    palm: dir(palm),
                    fingers: dir(fingers),
                    radial: dir(radial),
                    facing: None,
                    prefer: now.turn,
                    loose: false,
                    touching: now.touch.most() > 0.8,
                    digits: now.digits,
                    own_side: false,
                    other: self.other(doing.player, None, now.point),
                };
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

    /// A path, and what leads it round the body. When it ends.
    fn path_round(&mut self, doing: &Doing<'_>, path: &Path) -> f64 {
        let before = (self.tracks[doing.player].clone(), self.asked.as_ref().map(Vec::len), self.warnings.len());
        let end = self.path(doing, path);
        if self.tracks[doing.player].cursor.touch.most() > 0.7 {
            return end;
        }
        let way = before.0.cursor.wrist().distance(self.tracks[doing.player].cursor.wrist());
        let aside = self.detour(doing.player, doing.start, end - doing.start, Round::Body);
        let longer = timing::round_secs(way, aside);
        if longer <= end - doing.start || aside == 0.0 {
            return end;
        }
        let (track, asked, warnings) = before;
        self.tracks[doing.player] = track;
        if let (Some(known), Some(count)) = (&mut self.asked, asked) {
            known.truncate(count);
        }
        self.warnings.truncate(warnings);
        let end = self.path(&Doing { secs: longer, ..*doing }, path);
        self.detour(doing.player, doing.start, end - doing.start, Round::Body);
        end
    }

    /// The hand with `place` reached, its turn kept as far as the arm lets it.
    pub(super) fn placed_at(&mut self, player: usize, place: &Place, manner: &Manner) -> HandState {
        let now = self.tracks[player].cursor;
        let frames = self.rig.hands[player].frames(&now.digits);
        let spot = self.rig.part_in_hand(player, place.part, &now.digits, &frames);
        let target = self.target(player, place, manner.roles);
        let measures = &self.rig.hands[player];
        let wish = Wish {
            point: target.point,
            anchor: spot.point,
            palm: Some(now.turn * measures.palm),
            fingers: Some(now.turn * measures.fingers),
            radial: None,
            facing: None,
            prefer: now.turn,
            loose: true,
            // Even near to a place the way there counts, not how the hand was turned before.
            touching: target.touch.most() > 0.5,
            digits: now.digits,
            own_side: false,
            other: self.other(player, Some(place), target.point),
        };
        self.reach_state(player, &wish, now.digits, target)
    }

    fn path(&mut self, doing: &Doing<'_>, path: &Path) -> f64 {
        let Doing { player, image, start, secs, .. } = *doing;
        let scale = self.rig.scale;
        let length = timing::path_metres(path) * scale;
        let profile = if path.there_and_back { Profile::Return } else { profile_of(doing) };
        if let Some(place) = &path.to {
            let target = self.placed_at(player, place, doing.manner);
            let end = start + self.travel(doing, &target, path);
            if !path.there_and_back {
                self.ask_meeting(player, place, doing.manner.roles, [start, end], Grip::Light);
            }
            return end;
        }
        let bent = if doing.movement.hand == HandSelector::One(Hand::Weak) { None } else { doing.bend.path };
        let along = path.direction.map(|direction| match bent {
            Some(stroke) => stroke,
            None => direction.vec() * length,
        });
        match &path.shape {
            PathShape::Circle { axis, turns } => {
                let axis_here = axis.vec();
                // Upright circles begin at the top, level ones at the side of the signer.
                let top = if axis_here.y.abs() > 0.7 { Vec3::NEG_Z } else { Vec3::Y };
                let arm = (top - axis_here * top.dot(axis_here)).normalize_or(Vec3::Y) * length * 0.5;
                let angle = std::f32::consts::TAU * turns;
                let change = Change::Orbit { arm: image.vector(arm), axis: image.axis(axis_here), angle };
                let round = if turns.abs() > 1.0 { Profile::Even } else { Profile::Smooth };
                self.push(player, start, secs, round, change);
                if let Some(along) = along {
                    self.push(player, start, secs, profile, shift(image.vector(along), Touch::NONE));
                }
            }
            PathShape::Trace(strokes) => self.trace(doing, strokes),
            shape => {
                let Some(along) = along else { return start + secs };
                // From whom to whom is the same way for both hands.
                let whole = if bent.is_some() { along } else { image.vector(along) };
                let mut by = self.outside(player, whole);
                if bent.is_some() && path.there_and_back {
                    // What swings to and fro goes over to the receiver meanwhile.
                    self.push(player, start, secs, Profile::Smooth, shift(by * 0.5, Touch::NONE));
                    by *= 0.5;
                }
                if image.opposite && by.z < 0.0 {
                    // The opposite of ahead is into the body: there is less room.
                    by.z *= 0.45;
                }
                match shape {
                    PathShape::Arc(plane) => {
                        let bulge = match plane {
                            ArcPlane::Towards(dir) => image.direction(dir.vec()),
                            ArcPlane::Usual if by.normalize_or(Vec3::X).y.abs() > 0.6 => Vec3::Z,
                            ArcPlane::Usual => Vec3::Y,
                        };
                        let change = Change::Shift {
                            by,
                            bow: bulge * by.length() * 0.32,
                            anchor: Vec3::ZERO,
                            swivel: 0.0,
                            with_head: 0.0,
                            touch: Touch::NONE,
                        };
                        self.push(player, start, secs, profile, change);
                    }
                    PathShape::ZigZag { across, strokes } => {
                        let side = image.vector(across.vec()) * 0.05 * scale;
                        self.zigzag(player, start, secs, by, side, *strokes);
                    }
                    PathShape::Wave { across, waves } => {
                        let across = image.vector(across.vec()) * 0.035 * scale;
                        let change = Change::Wave { by, across, waves: waves_in(*waves, secs) };
                        self.push(player, start, secs, profile, change);
                    }
                    PathShape::Steps { stops } => {
                        let count = (*stops).max(1);
                        let each = secs / f64::from(count);
                        for stop in 0..count {
                            let at = start + each * f64::from(stop);
                            let part = shift(by / count as f32, Touch::NONE);
                            self.push(player, at, each * 0.62, Profile::Smooth, part);
                        }
                    }
                    _ => self.push(player, start, secs, profile, shift(by, Touch::NONE)),
                }
                let touch = self.tracks[player].cursor.touch;
                if touch.most() > 0.0 && !path.there_and_back && by.length() > LEFT_BEHIND_M {
                    let left = Touch::NONE - touch;
                    self.push(player, start, secs, Profile::Smooth, shift(Vec3::ZERO, left));
                }
                if !path.there_and_back {
                    return start + self.settle(player, start, secs);
                }
            }
        }
        start + secs
    }

    /// A way that does not end inside the body, nor where no upper arm points: as much of it as there is room for.
    fn outside(&self, player: usize, by: Vec3) -> Vec3 {
        /// What clearing sees to, metres.
        const GIVES_M: f32 = 0.02;
        let now = self.tracks[player].cursor;
        if now.touch.most() > 0.4 {
            return by;
        }
        let measures = &self.rig.hands[player];
        let room = |share: f32| {
            let mut state = now;
            state.point += by * share;
            let arm = arm_of(&self.rig, player, &state);
            let along = state.turn * measures.fingers * measures.length();
            [
                (arm.elbow.lerp(arm.wrist, 0.5), 0.03),
                (arm.elbow.lerp(arm.wrist, 0.8), 0.025),
                (arm.wrist + along * 0.35, 0.018),
                (arm.wrist + along * 0.7, 0.008),
            ]
            .into_iter()
            .map(|(point, radius)| self.rig.clearance(point) - radius)
            .fold(f32::INFINITY, f32::min)
            .min(self.on_own_side_by(player, &state))
            // A degree beyond what an upper arm does counts as a millimetre too deep.
            .min(-beyond_shoulder(&self.rig, player, &arm).to_degrees() * 1e-3)
        };
        let before = room(0.0);
        [1.0, 0.92, 0.85, 0.77, 0.7, 0.62, 0.55, 0.47, 0.4]
            .into_iter()
            .find(|&share| room(share) > before.min(0.0) - GIVES_M)
            .map_or(by * 0.4, |share| by * share)
    }

    /// How far a hand whose mirror image is on the other side stays on its own, metres; without one, far.
    fn on_own_side_by(&self, player: usize, state: &HandState) -> f32 {
        if !self.paired {
            return f32::INFINITY;
        }
        let side = self.rig.arms[player].side.sign();
        let frames = self.rig.hands[player].frames(&state.digits);
        let ends = (1..16).map(|bone| self.rig.end_of(player, bone, &frames));
        ends.map(|end| (state.wrist() + state.turn * end).x * side - FINGER_M).fold(f32::INFINITY, f32::min)
    }

    /// After a path the arm may have to give: the turn and the elbow that suit the new place. How long it takes, seconds.
    fn settle(&mut self, player: usize, start: f64, secs: f64) -> f64 {
        let now = self.tracks[player].cursor;
        let measures = &self.rig.hands[player];
        let wish = Wish {
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
            other: self.other(player, None, now.point),
        };
        let mut target = in_air(now.point);
        (target.with_head, target.touch) = (now.with_head, now.touch);
        // The same hand with a forearm that is turned the other way round is another arm, and no forearm turns
        // through what lies between: then it gives from where it is.
        let roll = |reached: &Reached| {
            let wrist = wish.point - reached.turn * wish.anchor;
            self.rig.arms[player].solve(wrist, reached.turn, reached.swivel, &ArmLimits::HUMAN).roll
        };
        let known = Reached::of(&now);
        let mut reached = reach(&self.rig, player, &wish);
        if (roll(&reached) - roll(&known)).abs() > OTHER_ARM_RAD {
            reached = reach_near(&self.rig, player, &wish, &known);
        }
        let state = self.state_of(player, &wish, now.digits, target, &reached);
        self.go(player, &state, start, secs)
    }

    /// Goes to a reached state in the manner of a path. How long it takes, seconds.
    fn travel(&mut self, doing: &Doing<'_>, target: &HandState, path: &Path) -> f64 {
        let Doing { player, start, secs, .. } = *doing;
        if path.there_and_back {
            let now = self.tracks[player].cursor;
            let by = target.anchored_at(now.anchor).point - now.point;
            self.push(player, start, secs, Profile::Return, shift(by, Touch::NONE));
            return secs;
        }
        let secs = self.go(player, target, start, secs);
        let now = self.tracks[player].cursor;
        let way = target.wrist().distance(now.wrist()).max(timing::STROKE_M * self.rig.scale);
        let bow = match path.shape {
            PathShape::Arc(ArcPlane::Towards(dir)) => doing.image.direction(dir.vec()) * way * 0.32,
            PathShape::Arc(ArcPlane::Usual) => (Vec3::Y + Vec3::Z * 0.4) * way * 0.28,
            _ => return secs,
        };
        let change =
            Change::Shift { by: Vec3::ZERO, bow, anchor: Vec3::ZERO, swivel: 0.0, with_head: 0.0, touch: Touch::NONE };
        self.push(player, start, secs, Profile::Smooth, change);
        secs
    }

    fn zigzag(&mut self, player: usize, start: f64, secs: f64, by: Vec3, side: Vec3, strokes: u32) {
        let count = strokes.max(1);
        let each = secs / f64::from(count);
        let mut at_side = 0.0_f32;
        for stroke in 0..count {
            let last = stroke + 1 == count;
            let next = if last {
                0.0
            } else if stroke % 2 == 0 {
                1.0
            } else {
                -1.0
            };
            let part = shift(by / count as f32 + side * (next - at_side), Touch::NONE);
            at_side = next;
            self.push(player, start + each * f64::from(stroke), each * 1.12, Profile::Smooth, part);
        }
    }

    /// Draws the strokes of a figure; between strokes the hand moves on without drawing.
    fn trace(&mut self, doing: &Doing<'_>, strokes: &[Vec<[f32; 3]>]) {
        let Doing { player, image, start, secs, .. } = *doing;
        let scale = self.rig.scale;
        if let Some(way) = doing.bend.path.filter(|_| player == doing.manner.roles.players[0].unwrap_or(player)) {
            // What is drawn goes from whom to whom.
            self.push(player, start, secs, Profile::Smooth, shift(way * 0.5, Touch::NONE));
        }
        let points: Vec<(Vec3, bool)> = strokes
            .iter()
            .flat_map(|stroke| stroke.iter().enumerate().map(|(index, at)| (Vec3::from_array(*at), index == 0)))
            .collect();
        let mut here = Vec3::ZERO;
        let lengths: Vec<f32> = points
            .iter()
            .map(|(at, _)| {
                let length = at.distance(here) + 0.025;
                here = *at;
                length
            })
            .collect();
        let whole: f32 = lengths.iter().sum();
        let mut at = start;
        here = Vec3::ZERO;
        for ((point, lifted), length) in points.into_iter().zip(lengths) {
            let part = secs * f64::from(length / whole.max(1e-3));
            let by = image.vector(point - here) * scale;
            // Off the page between strokes.
            #[expect(clippy::cast_possible_truncation, reason = "a share")]
            let room = (part / 0.28).min(1.0).powi(2) as f32;
            let bow = if lifted && here != Vec3::ZERO { Vec3::NEG_Z * 0.02 * scale * room } else { Vec3::ZERO };
            here = point;
            if by.length_squared() > 1e-10 {
                let change =
                    Change::Shift { by, bow, anchor: Vec3::ZERO, swivel: 0.0, with_head: 0.0, touch: Touch::NONE };
                self.push(player, at, part * 1.1, Profile::Smooth, change);
            }
            at += part;
        }
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
        let flutter = Flutter { swing, periods, lag, one_sided };
        self.push(player, start, secs, Profile::Smooth, Change::Flutter(flutter));
    }

    /// Makes a contact. When it ends.
    fn contact(&mut self, doing: &Doing<'_>, contact: &Contact) -> f64 {
        let Doing { player, start, secs, manner, .. } = *doing;
        let reached = self.placed_at(player, &contact.place, manner);
        let (meets, end) = match contact.kind {
            ContactKind::Tap => self.tap(doing, contact, &reached),
            ContactKind::Touch if doing.half => {
                let now = self.tracks[player].cursor;
                let way = self.exact(player, &reached, &now);
                let touch = Touch { body: 0.0, hand: 1.0 } - now.touch;
                self.push(player, start, secs, Profile::Smooth, shift(way * 0.5, touch));
                (start + secs, start + secs)
            }
            ContactKind::Touch => {
                let met = start + self.go(player, &reached, start, secs);
                (met, met)
            }
            ContactKind::Brush => self.brush(doing, contact, &reached),
            ContactKind::Grasp => self.grasp(doing, &reached),
            ContactKind::Insert => {
                let target = self.target(player, &contact.place, manner.roles);
                let mut inside = reached;
                inside.point -= target.normal.unwrap_or(Vec3::Y) * 0.02 * self.rig.scale;
                let met = start + self.go(player, &inside, start, secs);
                (met, met)
            }
        };
        let grip = match contact.kind {
            ContactKind::Grasp | ContactKind::Insert => Grip::Closed,
            ContactKind::Tap | ContactKind::Touch | ContactKind::Brush => Grip::Light,
        };
        self.ask_meeting(player, &contact.place, manner.roles, [start, meets], grip);
        end
    }

    /// There and back. When it meets, and when it ends.
    fn tap(&mut self, doing: &Doing<'_>, contact: &Contact, reached: &HandState) -> (f64, f64) {
        let Doing { player, start, secs, .. } = *doing;
        let now = self.tracks[player].cursor;
        let way = reached.anchored_at(now.anchor).point - now.point;
        let back = back_metres(contact) * self.rig.scale;
        if doing.half || way.length() <= back * 2.0 {
            // Close by: there and back.
            if doing.half {
                let by = self.exact(player, reached, &now) * 0.5;
                let secs = secs.max(timing::round_secs(0.0, by.length()));
                self.push(player, start, secs, Profile::Return, shift(by, reached.touch - now.touch));
                return (start + secs * 0.5, start + secs);
            }
            let secs = secs.max(timing::round_secs(0.0, now.wrist().distance(reached.wrist())));
            let change = Change::Shift {
                by: reached.point - now.point,
                bow: Vec3::ZERO,
                anchor: reached.anchor - now.anchor,
                swivel: reached.swivel - now.swivel,
                with_head: 0.0,
                touch: reached.touch - now.touch,
            };
            self.push(player, start, secs, Profile::Return, change);
            let turn = reached.turn * now.turn.inverse();
            let by = (if turn.w < 0.0 { -turn } else { turn }).to_scaled_axis();
            self.push(player, start, secs, Profile::Return, Change::Turn { by });
            return (start + secs * 0.5, start + secs);
        }
        let met = start + self.go(player, reached, start, secs * 0.62);
        let off = -way.normalize_or(Vec3::Z) * back;
        self.push(player, met, secs * 0.38, Profile::Smooth, shift(off, Touch::NONE - reached.touch));
        (met, met + secs * 0.38)
    }

    /// To the skin and along it. When it meets (anywhere on the way along), and when it ends.
    fn brush(&mut self, doing: &Doing<'_>, contact: &Contact, reached: &HandState) -> (f64, f64) {
        let Doing { player, start, secs, .. } = *doing;
        let target = self.target(player, &contact.place, doing.manner.roles);
        let normal = target.normal.unwrap_or(Vec3::Z);
        let wanted = contact.along.map_or(Vec3::NEG_Y, |along| doing.image.direction(along.vec()));
        let tangent = (wanted - normal * wanted.dot(normal)).normalize_or(wanted);
        let stroke = tangent * timing::metres(contact.size, timing::BRUSH_M) * self.rig.scale;
        let mut begin = *reached;
        begin.point -= stroke * 0.5;
        let on = start + self.go(player, &begin, start, secs * 0.42);
        self.push(player, on, secs * 0.58, Profile::Smooth, shift(stroke, Touch::NONE));
        (on + secs * 0.29, on + secs * 0.58)
    }

    /// There, and the fingers shut around it. When it meets, and when it ends.
    fn grasp(&mut self, doing: &Doing<'_>, reached: &HandState) -> (f64, f64) {
        let Doing { player, start, secs, .. } = *doing;
        let digits = self.tracks[player].cursor.digits;
        let took = self.go(player, reached, start, secs * 0.7);
        let mut by: Digits = [0.0; DIGITS];
        for finger in 1..5 {
            for (joint, share) in [0.35, 0.45, 0.3].into_iter().enumerate() {
                let index = finger * 4 + joint;
                let shut = [1.3, 1.5, 0.9][joint];
                by[index] = (shut - digits[index]).max(0.0) * share;
            }
        }
        by[1] = (0.9 - digits[1]).max(0.0) * 0.5;
        by[2] = (0.5 - digits[2]).max(0.0) * 0.5;
        self.push(player, start + took * 0.64, secs * 0.55, Profile::Smooth, Change::Digits { by });
        (start + took, start + took * 0.64 + secs * 0.55)
    }

    /// How far a hand that keeps its turn and anchor must go so that the reached state's anchor meets its place.
    pub(super) fn exact(&self, player: usize, reached: &HandState, now: &HandState) -> Vec3 {
        let arm = arm_of(&self.rig, player, now);
        let meeting = arm.wrist + arm.turns[3] * reached.anchor;
        reached.point - meeting
    }
}

/// Half a finger's thickness, metres.
const FINGER_M: f32 = 0.008;

/// Forearms that are turned by more than this from each other are not those of one movement, radians.
const OTHER_ARM_RAD: f32 = 1.2;

/// A hand that goes this far on a way of its own touches nothing any more, metres: along the skin it may slide.
const LEFT_BEHIND_M: f32 = 0.06;

/// As many waves as a hand makes in that time.
fn waves_in(waves: u32, secs: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a few waves")]
    let most = (secs * (timing::SWINGS_A_SEC + 0.7)).floor().max(1.0) as f32;
    most.min(waves as f32)
}

/// How far a tap backs off, metres on a body of 1.70 m.
const fn back_metres(contact: &Contact) -> f32 {
    timing::metres(contact.size, timing::BACK_OFF_M)
}

/// A straight shift.
pub(super) fn shift(by: Vec3, touch: Touch) -> Change {
    Change::Shift { by, bow: Vec3::ZERO, anchor: Vec3::ZERO, swivel: 0.0, with_head: 0.0, touch }
}

const fn profile_of(doing: &Doing<'_>) -> Profile {
    if doing.movement.manner.forceful || doing.movement.manner.stop { Profile::Sharp } else { Profile::Smooth }
}
