//! Chooses how a hand is turned and where its elbow goes, so that a part of it is where it should be.
//!
//! A form often says less than three axes: what it leaves open is chosen by least effort. It may
//! also say what no arm can do: then the nearest feasible hand is taken, and by how much it misses
//! is reported. One search serves both: a pattern search over small turns and the elbow's swivel.

mod cost;

use glam::{Mat3, Quat, Vec3};

use crate::{
    arm::{ArmLimits, ArmPose},
    hand::Digits,
    lately::Lately,
    rig::Rig,
    track::HandState,
    volume::{HandSegments, Segment},
};

/// What is asked of a hand. Chest frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wish {
    /// Where the anchor should be.
    pub(crate) point: Vec3,
    /// Which point of the hand, from the wrist in the hand's frame.
    pub(crate) anchor: Vec3,
    /// Palm's outward normal.
    pub(crate) palm: Option<Vec3>,
    /// Wrist to middle knuckle.
    pub(crate) fingers: Option<Vec3>,
    /// Thumb's side.
    pub(crate) radial: Option<Vec3>,
    /// A direction of the hand (in its own frame) that should point somewhere, if nothing speaks against it.
    pub(crate) facing: Option<(Vec3, Vec3)>,
    /// The turn to stay near where there is a choice.
    pub(crate) prefer: Quat,
    /// Whether directions only say how the hand was turned before: fingers, and at a touch the palm, may follow the arm.
    pub(crate) loose: bool,
    /// Whether the hand is meant to touch something: then it may be a little deeper in the body.
    pub(crate) touching: bool,
    /// What the fingers do meanwhile.
    pub(crate) digits: Digits,
    /// Whether the hand should stay on its own side, because its mirror image is on the other.
    pub(crate) own_side: bool,
    /// Whether the eyes should be left to be seen: the place is at the head, but not at them.
    pub(crate) shows_eyes: bool,
    /// The other hand and its forearm, where this one is placed at it.
    pub(crate) other: Option<Other>,
}

/// Palm, fingers and forearm of the other hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Other {
    pub(crate) hand: HandSegments,
    pub(crate) forearm: [Segment; 2],
}

impl Other {
    fn mirrored(mut self) -> Self {
        for segment in self.hand.iter_mut().chain(&mut self.forearm) {
            *segment = Segment { from: mirrored(segment.from), to: mirrored(segment.to), ..*segment };
        }
        self
    }
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reached {
    /// The hand's turn, within limits.
    pub(crate) turn: Quat,
    /// The elbow's swivel.
    pub(crate) swivel: f32,
    /// Angle between the asked and the found palm, radians; 0 if none was asked.
    pub(crate) palm_error: f32,
    /// The same for the fingers.
    pub(crate) fingers_error: f32,
    /// How far the anchor stays from its place, metres.
    pub(crate) miss: f32,
    /// What it costs in strain, errors and what is in the way.
    pub(crate) cost: f32,
}

impl Reached {
    /// Where a hand is already: what a search may begin at.
    pub(crate) fn of(state: &HandState) -> Self {
        let HandState { turn, swivel, .. } = *state;
        Self { turn, swivel, palm_error: 0.0, fingers_error: 0.0, miss: 0.0, cost: 0.0 }
    }
}

/// Fingers may slant by so much for the elbow's sake, radians.
const FINGERS_SLACK_RAD: f32 = 0.20;

/// Palm and fingers closer than this to parallel contradict each other: cosine.
const CONTRADICTION_COS: f32 = 0.92;

impl Wish {
    /// Whether palm, fingers and thumb's side can't all hold, whatever the arm does.
    pub(crate) fn contradicts_itself(&self, side: f32) -> bool {
        let parallel = |a: Option<Vec3>, b: Option<Vec3>| match (a, b) {
            (Some(a), Some(b)) => a.dot(b).abs() > CONTRADICTION_COS,
            _ => false,
        };
        let handed = match (self.palm, self.fingers, self.radial) {
            (Some(palm), Some(fingers), Some(radial)) => (radial.cross(palm) * side).dot(fingers) < -0.5,
            _ => false,
        };
        handed
            || parallel(self.palm, self.fingers)
            || parallel(self.palm, self.radial)
            || parallel(self.fingers, self.radial)
    }
}

/// Where palm and fingers should point: square to each other.
#[derive(Clone, Copy)]
struct Axes {
    palm: Option<Vec3>,
    fingers: Option<Vec3>,
}

fn across(of: Vec3, axis: Vec3) -> Option<Vec3> {
    let rest = of - axis * of.dot(axis);
    (rest.length_squared() > 1e-3).then(|| rest.normalize())
}

/// 0 below zero, 1 above 12 cm.
fn smooth_rise(metres: f32) -> f32 {
    (metres / 0.12).clamp(0.0, 1.0)
}

struct Search<'a> {
    rig: &'a Rig,
    hand: usize,
    wish: &'a Wish,
    axes: Axes,
    /// How strongly the fingers' direction holds.
    fingers_weight: f32,
    limits: ArmLimits,
    /// Points of the hand from the wrist in its own frame, and how far each should stay from the body's surface.
    points: [(Vec3, f32); POINTS],
    /// Half the forearm's thickness, upper and lower half.
    forearm: [f32; 2],
    /// Whether the body is near enough to matter for the hand.
    near_body: bool,
}

/// Knuckles, middles and tips of the five fingers, and the wrist.
const POINTS: usize = 16;
/// How deep a hand may be in the body's volumes, metres, and how much more where it touches.
const SOFT_M: f32 = 0.004;
const TOUCHING_M: f32 = 0.010;
/// The same for a forearm in its sleeve.
const SOFT_FOREARM_M: f32 = 0.008;

/// How far behind the frontal plane, and past straight ahead to the other side, an upper arm points with ease: a little
/// less than the checker allows.
const UPPER_ARM_BACK_RAD: f32 = 0.98;
const UPPER_ARM_ACROSS_RAD: f32 = 0.70;

/// Position in the search: three small turns of the hand, and the swivel.
type Place = [f32; 4];

/// The cheapest few of the turns that a search could begin with.
struct Starts<'a> {
    search: &'a Search<'a>,
    best: [(f32, Quat, f32); 5],
}

impl Starts<'_> {
    fn offer(&mut self, seed: Quat) {
        for swivel in [-0.3, 0.1, 0.6] {
            let cost = self.search.cost(seed, &[0.0, 0.0, 0.0, swivel], self.best[4].0);
            let Some(slot) = self.best.iter().position(|known| cost < known.0) else { continue };
            self.best[slot..].rotate_right(1);
            self.best[slot] = (cost, seed, swivel);
        }
    }
}

fn mirrored(v: Vec3) -> Vec3 {
    Vec3::new(-v.x, v.y, v.z)
}

/// A turn seen in the sagittal mirror.
pub(crate) fn mirrored_turn(q: Quat) -> Quat {
    Quat::from_xyzw(q.x, -q.y, -q.z, q.w)
}

impl Wish {
    fn mirrored(&self) -> Self {
        Self {
            point: mirrored(self.point),
            anchor: mirrored(self.anchor),
            palm: self.palm.map(mirrored),
            fingers: self.fingers.map(mirrored),
            radial: self.radial.map(mirrored),
            facing: self.facing.map(|(part, outward)| (mirrored(part), mirrored(outward))),
            prefer: mirrored_turn(self.prefer),
            other: self.other.map(Other::mirrored),
            ..*self
        }
    }
}

/// Searches that are remembered: those of a step, with all that is tried around a strained place.
const REMEMBERED: usize = 96;

/// The last searches: of a hand, for a wish, near to what was known or anywhere.
#[derive(Debug, Default)]
pub(crate) struct Searches(Lately<(usize, Wish, Option<Reached>), Reached, REMEMBERED>);

impl Searches {
    /// As [`reach`].
    pub(crate) fn reach(&mut self, rig: &Rig, hand: usize, wish: &Wish) -> Reached {
        self.0.look_up((hand, *wish, None), |_| reach(rig, hand, wish))
    }

    /// As [`reach`], but only near to what was found for a wish that is nearly the same.
    pub(crate) fn reach_near(&mut self, rig: &Rig, hand: usize, wish: &Wish, known: &Reached) -> Reached {
        self.0.look_up((hand, *wish, Some(*known)), |_| reach_near(rig, hand, wish, known))
    }
}

/// Finds the hand's turn and the elbow's swivel for a wish.
///
/// On a symmetric body the weak hand is solved as the dominant one's mirror image, so that mirrored wishes
/// give mirrored arms.
pub(crate) fn reach(rig: &Rig, hand: usize, wish: &Wish) -> Reached {
    if hand == 1 && rig.symmetric {
        let image = search(rig, 0, &wish.mirrored());
        return Reached { turn: mirrored_turn(image.turn), ..image };
    }
    search(rig, hand, wish)
}

/// What is exact of a wish, and what follows from it: palm before fingers before thumb's side.
fn axes_of(wish: &Wish, side: f32) -> Axes {
    let (palm, fingers) = match (wish.palm, wish.fingers, wish.radial) {
        (Some(palm), Some(fingers), _) => (Some(palm), across(fingers, palm)),
        (Some(palm), None, Some(radial)) => (Some(palm), across(radial, palm).map(|r| r.cross(palm) * side)),
        (None, Some(fingers), Some(radial)) => {
            (across(radial, fingers).map(|r| fingers.cross(r) * side), Some(fingers))
        }
        (palm, fingers, None) => (palm, fingers),
        (None, None, Some(_)) => (None, None),
    };
    Axes { palm, fingers }
}

impl<'a> Search<'a> {
    fn new(rig: &'a Rig, hand: usize, wish: &'a Wish) -> Self {
        Self {
            rig,
            hand,
            wish,
            // With a palm both are asked for a reason; alone or at a touch the fingers may slant.
            fingers_weight: match (wish.loose, wish.palm) {
                (true, _) => 3.0,
                (false, Some(_)) if !wish.touching => 14.0,
                (false, _) => 5.0,
            },
            axes: axes_of(wish, rig.arms[hand].side.sign()),
            limits: ArmLimits::HUMAN,
            points: points(rig, hand, wish),
            forearm: rig.forearm_radii(hand),
            near_body: rig.is_near_body(wish.point, rig.hands[hand].length() + 0.03),
        }
    }

    /// How far each axis may move: a free one further than one that the form gives.
    const fn free(&self) -> [f32; 4] {
        match (self.axes.palm, self.axes.fingers) {
            (Some(_), Some(_)) => [1.0, 0.5, 0.5, 1.0],
            (Some(_), None) => [1.5, 0.5, 0.5, 1.0],
            (None, Some(_)) => [0.5, 1.5, 0.5, 1.0],
            (None, None) => [1.0, 1.0, 1.0, 1.0],
        }
    }

    /// What a place of the search gives.
    ///
    /// Limits may have bent the hand: it is taken as far as it goes freely, so that the frame's own
    /// limits leave it as it is and the anchor meets its place.
    fn reached(&self, seed: Quat, place: &Place, cost: f32) -> Reached {
        let (wish, arm, measures) = (self.wish, &self.rig.arms[self.hand], &self.rig.hands[self.hand]);
        let free = self.limits.unbent();
        let (_, mut pose) = self.solve(seed, place);
        for _ in 0..8 {
            let turn = arm.turn_with(
                &pose,
                pose.roll.clamp(free.roll.0, free.roll.1),
                pose.flexion.clamp(free.flexion.0, free.flexion.1),
                pose.deviation.clamp(free.deviation.0, free.deviation.1),
            );
            pose = arm.solve(wish.point - turn * wish.anchor, turn, place[3], &self.limits);
            if pose.turns[3].angle_between(turn) < 1e-3 {
                break;
            }
        }
        let turn = pose.turns[3];
        let anchor = pose.wrist + turn * wish.anchor;
        let off = |have: Vec3, want: Option<Vec3>| want.map_or(0.0, |want| have.dot(want).clamp(-1.0, 1.0).acos());
        let fingers = if wish.palm.is_none() { wish.fingers } else { self.axes.fingers };
        Reached {
            turn,
            swivel: place[3],
            palm_error: off(turn * measures.palm, wish.palm),
            fingers_error: off(turn * measures.fingers, fingers),
            miss: anchor.distance(wish.point),
            cost,
        }
    }
}

fn reach_near(rig: &Rig, hand: usize, wish: &Wish, known: &Reached) -> Reached {
    if hand == 1 && rig.symmetric {
        let image = near(rig, 0, &wish.mirrored(), mirrored_turn(known.turn), known.swivel);
        return Reached { turn: mirrored_turn(image.turn), ..image };
    }
    near(rig, hand, wish, known.turn, known.swivel)
}

fn near(rig: &Rig, hand: usize, wish: &Wish, turn: Quat, swivel: f32) -> Reached {
    let search = Search::new(rig, hand, wish);
    let (place, cost) = search.descend(turn, swivel, [1.0; 4]);
    search.reached(turn, &place, cost)
}

fn search(rig: &Rig, hand: usize, wish: &Wish) -> Reached {
    let measures = &rig.hands[hand];
    let side = rig.arms[hand].side.sign();
    let search = Search::new(rig, hand, wish);
    let Axes { palm, fingers } = search.axes;
    let lone_radial = if palm.is_none() && fingers.is_none() { wish.radial } else { None };
    let turn_with = |palm: Vec3, fingers: Vec3| {
        let rest = Mat3::from_cols(measures.fingers, measures.palm, measures.fingers.cross(measures.palm));
        let now = Mat3::from_cols(fingers, palm, fingers.cross(palm));
        Quat::from_mat3(&(now * rest.transpose())).normalize()
    };
    let mut starts = Starts { search: &search, best: [(f32::INFINITY, wish.prefer, 0.0); 5] };
    let spin = |starts: &mut Starts<'_>, axis: Vec3, make: &dyn Fn(Vec3) -> Quat| {
        let first = across(wish.prefer * measures.fingers, axis).unwrap_or_else(|| axis.any_orthonormal_vector());
        for step in 0..12 {
            let angle = std::f32::consts::TAU * step as f32 / 12.0;
            starts.offer(make(Quat::from_axis_angle(axis, angle) * first));
        }
    };
    let inwards = Vec3::new(-side, 0.0, 0.0);
    match (palm, fingers, lone_radial) {
        (Some(palm), Some(fingers), _) => {
            let exact = turn_with(palm, fingers);
            starts.offer(exact);
            if wish.touching {
                // Tilted so that the wrist is in front of what is touched, or to its own side.
                for aim in [Vec3::NEG_Z, inwards, Vec3::Y] {
                    let tilted = (fingers + aim * 0.8).normalize_or(fingers);
                    starts.offer(Quat::from_rotation_arc(fingers, tilted) * exact);
                }
                if wish.loose {
                    // Hanging, as a hand does that has come down along the body.
                    let hanging = (fingers + Vec3::NEG_Y * 2.5).normalize_or(fingers);
                    starts.offer(Quat::from_rotation_arc(fingers, hanging) * exact);
                }
            }
        }
        (Some(palm), None, _) => {
            spin(&mut starts, palm, &|fingers| turn_with(palm, fingers));
            if wish.touching {
                for aim in [Vec3::NEG_Z, -inwards, inwards] {
                    let slanting = (palm + aim * 0.8).normalize_or(palm);
                    spin(&mut starts, slanting, &|fingers| turn_with(slanting, fingers));
                }
            }
        }
        (None, Some(fingers), _) => spin(&mut starts, fingers, &|palm| turn_with(palm, fingers)),
        (None, None, Some(radial)) => {
            spin(&mut starts, radial, &|fingers| turn_with(fingers.cross(radial) * side, fingers));
        }
        (None, None, None) => {
            starts.offer(wish.prefer);
            let diagonal = (inwards + Vec3::Y).normalize();
            for (palm, fingers) in [
                (Vec3::Z, Vec3::Y),
                (Vec3::NEG_Y, Vec3::Z),
                (inwards, Vec3::Z),
                (inwards, Vec3::Y),
                (Vec3::NEG_Z, inwards),
                (Vec3::NEG_Z, Vec3::Y),
                (Vec3::NEG_Z, diagonal),
                (Vec3::NEG_Y, inwards),
                (Vec3::Y, Vec3::Z),
                (Vec3::NEG_Z, Vec3::NEG_Y),
                ((Vec3::NEG_Z - Vec3::Y).normalize(), (Vec3::Y - Vec3::Z + inwards * 0.6).normalize()),
            ] {
                starts.offer(turn_with(across(palm, fingers).unwrap_or(palm), fingers));
            }
            if let Some((part, outward)) = wish.facing {
                // The part straight onto the surface, and slanting up and inwards.
                for towards in [
                    -outward,
                    (Vec3::Y * 0.9 - outward).normalize_or(Vec3::Y),
                    (inwards * 0.7 - outward).normalize_or(inwards),
                ] {
                    let onto = Quat::from_rotation_arc(part, towards);
                    for step in 0..8 {
                        let angle = std::f32::consts::TAU * step as f32 / 8.0;
                        starts.offer(Quat::from_axis_angle(towards, angle) * onto);
                    }
                }
            }
        }
    }
    let free = search.free();
    let mut found = ([0.0; 4], f32::INFINITY, wish.prefer);
    for (cost, seed, swivel) in starts.best {
        if cost.is_finite() {
            let (place, cost) = search.descend(seed, swivel, free);
            if cost < found.1 {
                found = (place, cost, seed);
            }
        }
    }
    let (place, cost, seed) = found;
    search.reached(seed, &place, cost)
}

/// What of the hand must stay out of the body.
fn points(rig: &Rig, hand: usize, wish: &Wish) -> [(Vec3, f32); POINTS] {
    let soft = SOFT_M + if wish.touching { TOUCHING_M } else { 0.0 };
    let frames = rig.hands[hand].frames(&wish.digits);
    let radius = |bone: usize| rig.radius_of(hand, bone) - soft;
    let mut all = [(Vec3::ZERO, radius(0)); POINTS];
    for finger in 0..5 {
        let (root, middle, last) = (1 + finger * 3, 2 + finger * 3, 3 + finger * 3);
        all[1 + finger * 3] = (frames.head[root], radius(root));
        all[2 + finger * 3] = (frames.head[last].lerp(frames.head[middle], 0.5), radius(middle));
        all[3 + finger * 3] = (rig.end_of(hand, last, &frames), radius(last));
    }
    all
}

/// How far an upper arm points further behind, or to the other side, than it does with ease, radians.
pub(crate) fn beyond_shoulder(rig: &Rig, hand: usize, arm: &ArmPose) -> f32 {
    let along = (arm.elbow - arm.shoulder) / rig.arms[hand].upper;
    let back = (-along.z).clamp(-1.0, 1.0).asin() - UPPER_ARM_BACK_RAD;
    let across = (-along.x * rig.arms[hand].side.sign()).clamp(-1.0, 1.0).asin() - UPPER_ARM_ACROSS_RAD;
    back.max(across).max(0.0)
}

/// The arm of a state, as it will be drawn.
pub(crate) fn arm_of(rig: &Rig, hand: usize, state: &HandState) -> ArmPose {
    rig.arms[hand].solve(state.wrist(), state.turn, state.swivel, &ArmLimits::HUMAN)
}
