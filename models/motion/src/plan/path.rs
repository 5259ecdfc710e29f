//! Paths: straight, bowed, round and written ones, and where a hand comes to a stand behind them.

use glam::Vec3;
use signing::{ArcPlane, Hand, HandSelector, Path, PathShape, Size};

use super::{
    Planner, Round,
    asked::Grip,
    in_air,
    make::{Doing, leaving, profile_of, shift},
    timing,
};
use crate::{
    arm::ArmLimits,
    reach::{Reached, Wish, arm_of, beyond_shoulder},
    track::{Change, HandState, Profile, Touch},
};

impl Planner {
    /// A path, and what leads it round the body. When it ends.
    pub(super) fn path_round(&mut self, doing: &Doing<'_>, path: &Path) -> f64 {
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

    pub(super) fn path(&mut self, doing: &Doing<'_>, path: &Path) -> f64 {
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
                // On the other hand there is not more room than the hand is wide.
                let on_hand = path.size == Size::Normal && self.tracks[player].cursor.touch.hand > 0.5;
                let across = if on_hand { length * CIRCLE_ON_HAND } else { length };
                let arm = (top - axis_here * top.dot(axis_here)).normalize_or(Vec3::Y) * across * 0.5;
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
                let now = self.tracks[player].cursor;
                let leaves = !path.there_and_back && by.length() > LEFT_BEHIND_M;
                let off_head = self.rig.off_head(now.point).min(self.rig.off_head(now.wrist()));
                let with_head = if off_head > OFF_HEAD_M * scale { now.with_head } else { 0.0 };
                if leaves && now.touch.most().max(with_head) > 0.0 {
                    self.push(player, start, secs, Profile::Smooth, leaving(with_head, now.touch));
                }
                if !path.there_and_back {
                    return start + self.settle(player, start, secs);
                }
            }
        }
        start + secs
    }

    /// A way that does not end inside the body, nor where no upper arm points: as much of it as there is room for.
    pub(super) fn outside(&self, player: usize, by: Vec3) -> Vec3 {
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
    pub(super) fn settle(&mut self, player: usize, start: f64, secs: f64) -> f64 {
        let now = self.tracks[player].cursor;
        let own_side = self.paired && now.point.x * self.rig.arms[player].side.sign() > 0.02;
        let wish = Wish { own_side, ..self.staying(player) };
        let mut target = in_air(now.point);
        (target.with_head, target.touch) = (now.with_head, now.touch);
        // The same hand with a forearm that is turned the other way round is another arm, and no forearm turns
        // through what lies between: then it gives from where it is.
        let roll = |reached: &Reached| {
            let wrist = wish.point - reached.turn * wish.anchor;
            self.rig.arms[player].solve(wrist, reached.turn, reached.swivel, &ArmLimits::HUMAN).roll
        };
        let known = Reached::of(&now);
        let mut reached = self.searches.reach(&self.rig, player, &wish);
        if (roll(&reached) - roll(&known)).abs() > OTHER_ARM_RAD {
            reached = self.searches.reach_near(&self.rig, player, &wish, &known);
        }
        let state = self.state_of(player, &wish, now.digits, target, &reached);
        self.go(player, &state, start, secs)
    }

    /// Goes to a reached state in the manner of a path. How long it takes, seconds.
    pub(super) fn travel(&mut self, doing: &Doing<'_>, target: &HandState, path: &Path) -> f64 {
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
    pub(super) fn trace(&mut self, doing: &Doing<'_>, strokes: &[Vec<[f32; 3]>]) {
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
}

/// Half a finger's thickness, metres.
const FINGER_M: f32 = 0.008;

/// Forearms that are turned by more than this from each other are not those of one movement, radians.
const OTHER_ARM_RAD: f32 = 1.2;

/// How large a circle on the other hand is, of what it is elsewhere.
const CIRCLE_ON_HAND: f32 = 0.4;

/// A hand that goes this far on a way of its own touches nothing any more, metres: along the skin it may slide.
const LEFT_BEHIND_M: f32 = 0.06;

/// A hand that has gone so far off the head goes along with it no more, metres on a body of 1.70 m.
const OFF_HEAD_M: f32 = 0.10;

/// As many waves as a hand makes in that time.
fn waves_in(waves: u32, secs: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a few waves")]
    let most = (secs * (timing::SWINGS_A_SEC + 0.7)).floor().max(1.0) as f32;
    most.min(waves as f32)
}
