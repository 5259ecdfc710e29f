//! Where a hand should be: places of a form on this body.

use glam::{Quat, Vec3};
use signing::{
    Action, BodySite, ContactKind, Distance, Hand, HandConfig, HandPart, HandSelector, MovementKind, Place, Site,
    SpacePoint,
};

use super::{Planner, Roles};
use crate::{
    Complaint,
    arm::ArmLimits,
    clear::{clear_of_body, clear_of_other},
    project::TURNS_ALONG,
    reach::{Other, Reached, Wish, arm_of},
    rig::{SiteSpot, Spot},
    touch,
    track::{HandState, Touch},
};

/// A place on this body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) point: Vec3,
    /// The outward normal of what is there, if it is a surface.
    pub(super) normal: Option<Vec3>,
    pub(super) with_head: f32,
    pub(super) touch: Touch,
    /// The hand whose collar bone carries the place.
    pub(super) on_shoulder: Option<usize>,
}

impl Target {
    /// Whether the hand is to touch what is there, not only to be near.
    pub(super) fn touches(&self) -> bool {
        self.touch.most() > 0.8
    }
}

/// Metres of [`Distance::Near`] and [`Distance::Before`] on a body of 1.70 m.
const NEAR_M: f32 = 0.03;
const BEFORE_M: f32 = 0.12;

/// A palm that is further off than this is told of, radians.
const STRAINED_RAD: f32 = 0.35;
/// The same of the hand's length: the angle between two directions that descriptions tell apart.
const FINGERS_RAD: f32 = std::f32::consts::FRAC_PI_4;

/// What one hand should be like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stance<'a> {
    pub(super) config: &'a HandConfig,
    /// Where, if not where the configuration says.
    pub(super) place: Option<Place>,
    /// By how much the place is displaced, metres on this body.
    pub(super) shift: Vec3,
    /// Whether both hands take part.
    pub(super) two_hands: bool,
    /// Whether the other hand is placed at this one.
    pub(super) ground: bool,
    /// Whether its mirror image is on the other side of the body.
    pub(super) own_side: bool,
    /// Whether the other hand is where it will be: then this one keeps out of it.
    pub(super) other_stands: bool,
    /// The part that meets its mirror image on the midline, and how far from the midline it stays, metres.
    pub(super) meets: Option<(HandPart, f32)>,
}

impl Planner {
    /// A place of a form, given how the other hand is.
    pub(super) fn target(&self, hand: usize, place: &Place, roles: Roles) -> Target {
        let rig = &self.rig;
        let scale = rig.scale;
        let distance = match place.distance {
            Distance::Contact => 0.0,
            Distance::Near => NEAR_M * scale,
            Distance::Before => BEFORE_M * scale,
            Distance::Metres(metres) => metres * scale,
        };
        let offset = roles.dir(Vec3::from_array(place.offset)) * scale;
        let touch = match place.distance {
            Distance::Contact => 1.0,
            Distance::Near => 0.6,
            Distance::Metres(metres) if metres < 0.02 => 1.0,
            // About to touch: the hand is already turned for it.
            Distance::Metres(metres) if metres < 0.09 => 0.55,
            Distance::Before | Distance::Metres(_) => 0.0,
        };
        match place.site {
            Site::Space(point) => {
                let point = if roles.mirrored { point.mirrored() } else { point };
                Target {
                    point: rig.space(point) + offset,
                    normal: None,
                    with_head: 0.0,
                    touch: Touch::NONE,
                    on_shoulder: None,
                }
            }
            Site::Body { site, lateral } => {
                let lateral = if roles.mirrored { lateral.mirrored() } else { lateral };
                let found = rig.site(site, lateral).unwrap_or(SiteSpot {
                    spot: Spot { point: rig.space(SpacePoint { x: 0.0, y: 0.9, z: 0.0 }), normal: Vec3::Z },
                    on_head: false,
                    on_shoulder: None,
                });
                let SiteSpot { mut spot, on_head, on_shoulder } = found;
                if let Some(other) = on_shoulder.filter(|&of| of != hand) {
                    // The other arm is where it is; this one's own shoulder is seen to when it is solved.
                    let arm = arm_of(rig, other, &self.tracks[other].cursor);
                    spot = rig.arms[other].carried(spot, arm.turns[0]);
                }
                let aside = offset.length() > 0.03 * scale;
                Target {
                    point: spot.point + spot.normal * distance + offset,
                    normal: Some(spot.normal),
                    with_head: if on_head && distance < 0.06 { 1.0 } else { 0.0 },
                    touch: Touch { body: if aside { 0.0 } else { touch }, hand: 0.0 },
                    on_shoulder: on_shoulder.filter(|&of| of == hand),
                }
            }
            Site::OtherHand(part) => {
                let other = &self.tracks[1 - hand].cursor;
                let spot = rig.part(1 - hand, part, other, &arm_of(rig, 1 - hand, other));
                let aside = offset.length() > 0.03 * scale;
                Target {
                    point: spot.point + spot.normal * distance + offset,
                    normal: Some(spot.normal),
                    with_head: other.with_head,
                    touch: Touch { body: 0.0, hand: if aside { 0.0 } else { touch } },
                    on_shoulder: None,
                }
            }
        }
    }

    /// Where a hand is when the form does not say.
    pub(super) fn default_target(&self, hand: usize, stance: &Stance<'_>, roles: Roles) -> Target {
        let rig = &self.rig;
        let side = rig.arms[hand].side.sign();
        let fingers = stance.config.fingers.map(|dir| roles.dir(dir.vec()));
        let (up, ahead, across) = fingers.map_or((0.3, 0.0, 0.0), |fingers| (fingers.y, fingers.z, -fingers.x * side));
        // A palm that is up across the chest asks for a forearm that lies across it: supination ends there.
        let palm_up = stance.config.palm.map_or(0.0, |palm| palm.vec().y.max(0.0)) * across.max(0.0);
        let mut at = SpacePoint::NEUTRAL_RIGHT;
        // The palm is the anchor; fingers that point somewhere need room there, and the forearm behind them.
        at.y += 0.14 * up.max(0.0) + 0.26 * up.min(0.0);
        // A hand on edge that points up has its forearm upright: the wrist hardly bends towards the thumb.
        let edge_up = stance.config.palm.map_or(0.0, |palm| palm.vec().x.abs()) * up.max(0.0);
        at.y += 0.10 * edge_up;
        at.z += 0.06 * up.max(0.0) - 0.24 * edge_up - 0.10 * ahead.max(0.0) - 0.10 * across.max(0.0);
        at.x = match (stance.two_hands, stance.ground) {
            // A hand that the other one acts on lies before the chest.
            (true, true) => -0.32 + 0.32 * across.max(0.0) + 0.45 * palm_up,
            (true, false) => -0.85 + 0.12 * across.max(0.0),
            (false, _) => -0.80 - 0.20 * up.max(0.0) + 0.40 * across.max(0.0) + 0.45 * palm_up,
        };
        // Fingers that point to the hand's own side need the forearm to point there.
        let outwards = (-across).max(0.0);
        at.x -= 1.9 * outwards;
        at.z -= 0.26 * outwards;
        at.y -= 0.12 * palm_up;
        at.z -= 0.05 * palm_up;
        at.x *= -side;
        Target { point: rig.space(at), normal: None, with_head: 0.0, touch: Touch::NONE, on_shoulder: None }
    }

    /// The hand in its stance, as near as the arm can.
    pub(super) fn stand(&mut self, hand: usize, stance: &Stance<'_>, roles: Roles) -> HandState {
        let rig = std::sync::Arc::clone(&self.rig);
        let digits = self.closed(hand, &stance.config.shape);
        let place = if stance.meets.is_some() { None } else { stance.place.or(stance.config.place) };
        let part = match (stance.meets, &place) {
            (Some((part, _)), _) => part,
            (None, Some(place)) => place.part,
            (None, None) => HandPart::Palm,
        };
        let frames = rig.hands[hand].frames(&digits);
        let spot = rig.part_in_hand(hand, part, &digits, &frames);
        let target = match &place {
            Some(place) => self.target(hand, place, roles),
            None => self.default_target(hand, stance, roles),
        };
        let dir = |dir: Option<signing::Dir>| dir.map(|dir| roles.dir(dir.vec()));
        let mut target = target;
        if let Some((_, aside)) = stance.meets {
            target.point.x = self.rig.arms[hand].side.sign() * aside * self.rig.scale;
            target.touch.hand = if aside == 0.0 { 1.0 } else { 0.5 };
        }
        if let Some(Place { site: Site::Body { site, .. }, .. }) = place
            && target.touch.most() < 0.5
        {
            target.point += if (site as u8) >= (BodySite::Shoulder as u8) {
                self.ease(hand, dir(stance.config.palm), dir(stance.config.fingers))
            } else if target.touch == Touch::NONE && target.normal.is_some_and(|normal| normal.z > 0.6) {
                self.ease_before_face(hand, dir(stance.config.fingers))
            } else {
                Vec3::ZERO
            };
        }
        let wish = Wish {
            point: target.point + stance.shift,
            anchor: spot.point,
            palm: dir(stance.config.palm),
            fingers: dir(stance.config.fingers),
            radial: dir(stance.config.radial),
            facing: target.normal.filter(|_| target.touch.most() > 0.5).map(|normal| (spot.normal, normal)),
            prefer: self.tracks[hand].cursor.turn,
            loose: false,
            touching: target.touches() && stance.meets.is_none(),
            digits,
            own_side: stance.own_side && target.point.x * self.rig.arms[hand].side.sign() > 0.02,
            shows_eyes: place.is_some_and(|place| shows_eyes(&place.site)),
            other: if stance.other_stands || place.is_some_and(|place| matches!(place.site, Site::OtherHand(_))) {
                self.other(hand, place.as_ref(), target.point)
            } else {
                None
            },
        };
        self.reach_state(hand, &wish, digits, target)
    }

    /// The other hand and its forearm, if it does a part of its own or `place` is at it, and it is near enough to be in the way; not
    /// if `place` is inside of its grip.
    pub(super) fn other(&self, hand: usize, place: Option<&Place>, point: Vec3) -> Option<Other> {
        /// Further from each other than this hands and forearms hardly meet, metres.
        const NEAR_M: f32 = 0.34;
        let at_other = place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)));
        let between = |part: HandPart| matches!(part, HandPart::Gap(_) | HandPart::Web);
        if let Some(Place { site: Site::OtherHand(part), part: own, .. }) = place
            && (between(*part) || between(*own))
        {
            return None;
        }
        let state = &self.tracks[1 - hand].cursor;
        if !(self.independent || at_other) || state.point.distance(point) > NEAR_M * self.rig.scale {
            return None;
        }
        let arm = arm_of(&self.rig, 1 - hand, state);
        Some(Other {
            hand: self.rig.hand_segments(1 - hand, &state.digits, arm.wrist, arm.turns[3]),
            forearm: self.rig.forearm_segments(1 - hand, &arm),
        })
    }

    /// A place in front of the trunk is not exact: the hand goes to where the forearm can be behind it.
    /// Chest frame, metres.
    fn ease(&self, hand: usize, palm: Option<Vec3>, fingers: Option<Vec3>) -> Vec3 {
        let side = self.rig.arms[hand].side.sign();
        // A palm that faces ahead needs the forearm behind it: further out, and a little to its own side.
        let ahead = palm.map_or(0.0, |palm| palm.z.max(0.0));
        let room = Vec3::new(side * 0.05, 0.0, 0.10) * ahead;
        let along = fingers.unwrap_or(Vec3::ZERO);
        let across = (-along.x * side).max(0.0);
        let on_edge = palm.map_or(0.0, |palm| palm.x.abs());
        let edge_up = on_edge * along.y.max(0.0);
        let down = (-along.y).max(0.0);
        let eased = Vec3::new(
            -side * (0.09 * across + 0.04 * down),
            0.08 * edge_up - 0.05 * across - (0.14 + 0.12 * on_edge) * down,
            -0.06 * edge_up,
        );
        // Fingers that point to the hand's own side need the forearm to point there.
        let outwards = (along.x * side).max(0.0);
        let beside = Vec3::new(side * 0.11, -0.16, -0.07) * outwards;
        (eased + room + beside) * self.rig.scale
    }

    /// A place before the face is no nearer than a forearm below it lets the hand be, and leaves the eyes to be seen:
    /// a hand that points up stands with its middle there, not with its palm; one that points ahead is below the eyes.
    /// Chest frame, metres.
    fn ease_before_face(&self, hand: usize, fingers: Option<Vec3>) -> Vec3 {
        let side = self.rig.arms[hand].side.sign();
        let along = fingers.unwrap_or(Vec3::ZERO);
        let (up, ahead) = (along.y.max(0.0), along.z.max(0.0));
        Vec3::new(side * 0.04 * ahead, -0.06 * up - 0.07 * ahead, 0.06 * up + 0.10 * ahead) * self.rig.scale
    }

    /// Solves a wish, complains about what it misses, and gives the state.
    pub(super) fn reach_state(
        &mut self,
        hand: usize,
        wish: &Wish,
        digits: crate::hand::Digits,
        target: Target,
    ) -> HandState {
        /// What is only near may be so much further off, metres.
        const GIVES_M: f32 = 0.06;
        let role = if hand == 0 { Hand::Dominant } else { Hand::Weak };
        if wish.contradicts_itself(self.rig.arms[hand].side.sign()) {
            self.complain(role, Complaint::Contradiction);
        }
        let mut wish = *wish;
        let head = self.head.filter(|_| target.with_head > 0.5);
        let unmoved = wish.point;
        if let Some(head) = &head {
            wish.point = head.point(wish.point);
        }
        let asked = wish.point;
        self.bring_to_front(hand, &mut wish);
        let moved = asked.distance(wish.point);
        let mut reached = self.searches.reach(&self.rig, hand, &wish);
        if !target.touches() && !wish.loose {
            reached = self.ease_into(hand, &mut wish, reached);
        }
        if target.on_shoulder == Some(hand) {
            // The shoulder moves with the arm that reaches for it.
            let rest = wish.point;
            for _ in 0..2 {
                let turn = self.rig.arms[hand].solve(
                    wish.point - reached.turn * wish.anchor,
                    reached.turn,
                    reached.swivel,
                    &ArmLimits::HUMAN,
                );
                let at = Spot { point: rest, normal: Vec3::Z };
                wish.point = self.rig.arms[hand].carried(at, turn.turns[0]).point;
                reached = self.searches.reach(&self.rig, hand, &wish);
            }
        }
        let mut state = self.state_of(hand, &wish, digits, target, &reached);
        // What is in the body will be moved out of it: how far, is better said now.
        let mut in_the_way =
            if target.touch.most() > 0.5 { clear_of_body(&self.rig, hand, &state).shift } else { Vec3::ZERO };
        if !target.touches() && wish.other.is_some() {
            let mut states = [self.tracks[0].cursor, self.tracks[1].cursor];
            states[hand] = state;
            in_the_way += clear_of_other(&self.rig, hand, &states);
        }
        if !target.touches() && in_the_way.length() < GIVES_M * self.rig.scale {
            // Near is not exact: a little further off is near as well.
            wish.point += in_the_way;
            reached = self.searches.reach_near(&self.rig, hand, &wish, &reached);
            state = self.state_of(hand, &wish, digits, target, &reached);
            in_the_way = Vec3::ZERO;
        }
        let in_the_way = in_the_way.length();
        if let Some(head) = &head {
            // The frame moves the hand along with the head: here it is where it would be without.
            state.point += unmoved - asked;
            state.turn = (Quat::IDENTITY.slerp(head.turn, TURNS_ALONG).inverse() * state.turn).normalize();
        }
        let miss = reached.miss + moved + in_the_way;
        if miss > 0.009 {
            self.complain(role, Complaint::Unreachable { miss_m: miss });
        } else if !wish.loose && (reached.palm_error > STRAINED_RAD || reached.fingers_error > FINGERS_RAD) {
            let off = reached.palm_error.max(reached.fingers_error);
            self.complain(role, Complaint::Strained { off_rad: off });
        }
        state
    }

    /// The state of a hand for what was found of a wish.
    pub(super) fn state_of(
        &self,
        hand: usize,
        wish: &Wish,
        digits: crate::hand::Digits,
        target: Target,
        reached: &Reached,
    ) -> HandState {
        let mut state = HandState {
            point: wish.point,
            anchor: wish.anchor,
            turn: reached.turn,
            swivel: reached.swivel,
            with_head: target.with_head,
            touch: target.touch,
            digits,
        };
        // What is out of reach stays where the arm ends, so that paths from there stay feasible.
        if reached.miss > 0.004 {
            let arm = arm_of(&self.rig, hand, &state);
            state.point = arm.wrist + state.turn * state.anchor;
        }
        state
    }

    /// A place in the air is not exact: where palm or fingers can't face as asked, the hand goes to where they can
    /// more nearly, if that is close by.
    fn ease_into(&mut self, hand: usize, wish: &mut Wish, reached: Reached) -> Reached {
        /// Steps, metres on a body of 1.70 m, and what a metre of moving away costs.
        const STEPS_M: [f32; 3] = [0.06, 0.05, 0.03];
        const AWAY: f32 = 25.0;
        const FURTHEST_M: f32 = 0.13;
        /// What costs more is no pose to stand in: bent to its limits, raised, or partly inside the body.
        const DEAR: f32 = 4.0;
        let strained =
            |reached: &Reached| reached.palm_error > 0.12 || reached.fingers_error > 0.55 || reached.cost > DEAR;
        let asked = wish.point;
        let (mut best, mut best_point) = (reached, asked);
        for step in STEPS_M {
            if !strained(&best) {
                break;
            }
            let from = best_point;
            for axis in [Vec3::X, Vec3::Y, Vec3::Z] {
                for sign in [1.0, -1.0] {
                    let point = from + axis * (sign * step * self.rig.scale);
                    if point.distance(asked) > FURTHEST_M * self.rig.scale {
                        continue;
                    }
                    let there = self.searches.reach_near(&self.rig, hand, &Wish { point, ..*wish }, &best);
                    let cost = |reached: &Reached, point: Vec3| reached.cost + AWAY * point.distance(asked);
                    if cost(&there, point) < cost(&best, best_point) {
                        (best, best_point) = (there, point);
                    }
                }
            }
        }
        wish.point = best_point;
        best
    }

    /// No hand works behind the back: what is there is moved to the side of the body.
    fn bring_to_front(&self, hand: usize, wish: &mut Wish) {
        let shoulder = self.rig.arms[hand].shoulder;
        let low = shoulder.y - 0.08 * self.rig.scale;
        let behind = shoulder.z - 0.09 * self.rig.scale;
        if wish.point.y < low && wish.point.z < behind {
            // Beside the body, on the hand's own side: no arm goes through it.
            let side = self.rig.arms[hand].side.sign();
            let beside = shoulder.x.abs() + 0.06 * self.rig.scale;
            wish.point.x = side * beside.max(wish.point.x * side);
            wish.point.z = shoulder.z + 0.02 * self.rig.scale;
        }
    }

    /// A handshape's angles on this body, remembered.
    pub(super) fn closed(&mut self, hand: usize, shape: &signing::Handshape) -> crate::hand::Digits {
        // Names carry no meaning: what counts is what the fingers do.
        let same = |known: &signing::Handshape| {
            known.thumb == shape.thumb && known.fingers == shape.fingers && known.touches == shape.touches
        };
        if let Some((_, _, digits)) = self.shapes.iter().find(|(of, known, _)| *of == hand && same(known)) {
            return *digits;
        }
        let digits = touch::close(&self.rig, hand, shape);
        if self.shapes.len() >= Self::REMEMBERED_SHAPES {
            self.shapes.remove(0);
        }
        self.shapes.push((hand, shape.clone(), digits));
        digits
    }
}

/// Whether a hand at a place should leave the eyes to be seen: at the head, but not where they are themselves.
fn shows_eyes(site: &Site) -> bool {
    use BodySite::{Brow, Eye, Face, NoseBridge, UnderChin};
    matches!(site, Site::Body { site, .. }
        if (*site as u8) <= (UnderChin as u8) && !matches!(site, Brow | Eye | Face | NoseBridge))
}

/// Where a hand waits before the first movement brings it somewhere, if the form does not say where it begins.
pub(super) fn approach(action: &Action, hand: Hand) -> Option<Place> {
    let first = action.movements().into_iter().find(|movement| {
        let of_hand = movement.hand == HandSelector::Both || movement.hand == HandSelector::One(hand);
        of_hand && matches!(movement.kind, MovementKind::Path(_) | MovementKind::Contact(_))
    })?;
    match &first.kind {
        MovementKind::Contact(contact) => {
            let back = super::timing::metres(contact.size, super::timing::BACK_OFF_M);
            let touching = matches!(contact.kind, ContactKind::Tap | ContactKind::Touch | ContactKind::Brush);
            // Both hands meet half-way: neither waits at the other.
            if movement_meets(first) {
                return None;
            }
            let metres = if touching { back } else { back + 0.02 };
            Some(Place { distance: Distance::Metres(metres.max(0.03)), ..contact.place })
        }
        _ => None,
    }
}

fn movement_meets(movement: &signing::Movement) -> bool {
    match &movement.kind {
        MovementKind::Contact(contact) => {
            movement.hand == HandSelector::Both && matches!(contact.place.site, Site::OtherHand(_))
        }
        _ => false,
    }
}

/// Where a path that the form does not place should begin, so that its middle is in neutral space:
/// displacement of its start, metres on a body of 1.70 m.
pub(super) fn centring(action: &Action, hand: Hand) -> Vec3 {
    let first = action.movements().into_iter().find(|movement| {
        let of_hand = movement.hand == HandSelector::Both || movement.hand == HandSelector::One(hand);
        of_hand && matches!(movement.kind, MovementKind::Path(_) | MovementKind::Contact(_))
    });
    match first.map(|movement| &movement.kind) {
        Some(MovementKind::Path(path)) if !path.there_and_back && path.to.is_none() => {
            path.direction.map_or(Vec3::ZERO, |direction| direction.vec() * -0.5 * super::timing::path_metres(path))
        }
        _ => Vec3::ZERO,
    }
}

/// The place of a locus in signing space.
pub(super) fn locus(locus: signing::LocusId) -> SpacePoint {
    use signing::{LocusId, Side};
    match locus {
        LocusId::Signer => SpacePoint { x: -0.1, y: 0.80, z: 0.12 },
        LocusId::Addressee => SpacePoint { x: 0.0, y: 0.84, z: 0.78 },
        LocusId::Side(side, number) => {
            let out = 1.25 + 0.45 * f32::from(number.min(4));
            SpacePoint { x: if side == Side::Left { out } else { -out }, y: 0.80, z: 0.58 }
        }
    }
}
