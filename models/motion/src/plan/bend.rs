//! What an inflection does to a form: directional verbs, pointing, signs made at a locus.

use glam::{Quat, Vec3};
use signing::{Dir, Distance, Hand, HandConfig, Hands, LocusId, MovementKind, Place, Site, SpacePoint, Step};

use super::{Manner, place::locus, timing};
use crate::rig::Rig;

/// How an inflection bends a step: the path between loci, the pointing to one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bend {
    /// Replaces the direction of the first path without a place, metres on this body.
    pub(super) path: Option<Vec3>,
    /// Where the hand begins, from the default place.
    pub(super) start: Option<Vec3>,
    /// Turns the hand's own directions about the vertical, to the left positive, radians.
    turn: f32,
    /// Whether the hand leaves the place that the form gives it in the air: it begins at who acts.
    moves_off: bool,
    /// Whether somebody acts upon somebody, or the sign is made where somebody is.
    acts: bool,
    /// Whether both hands do.
    both: bool,
}

/// Of two hands none turns outwards further than this: a palm that is pushed forward would otherwise stand beyond what a
/// forearm can be turned by, and the hand upside down. Radians.
const OUTWARD: f32 = 0.7;
/// How far ahead somebody stands who is pointed at, half shoulder widths.
const AHEAD: f32 = 0.95;

impl Bend {
    pub(super) fn of(step: &Step, manner: &Manner, rig: &Rig) -> Self {
        let both = matches!(step.hands, Hands::Two { .. });
        let mut bend = Self { path: None, start: None, turn: 0.0, moves_off: false, acts: false, both };
        let written = step.action.movements().into_iter().find_map(|movement| match &movement.kind {
            MovementKind::Path(path) => path.direction.map(|direction| (direction.vec(), path)),
            _ => None,
        });
        let default = rig.space(SpacePoint::NEUTRAL_RIGHT);
        if let Some((from, to)) = manner.inflection.direction {
            let (from, to) = (rig.space(locus(from)), rig.space(locus(to)));
            let way = to - from;
            let length = written.map_or(0.22, |(_, path)| timing::path_metres(path)).max(0.24) * rig.scale;
            let stroke = way.normalize_or(Vec3::Z) * length;
            bend.path = Some(stroke);
            bend.acts = true;
            let middle = from.lerp(to, 0.5);
            bend.start = Some(middle.lerp(default, 0.5) - default - stroke * 0.5);
            bend.moves_off = manner.inflection.direction.is_some_and(|(from, _)| from != LocusId::Signer);
            if let Some((direction, _)) = written {
                bend.turn = yaw_between(direction, way);
            }
        } else if let Some(at @ LocusId::Side(..)) = manner.inflection.locus {
            let towards = rig.space(locus(at));
            let finger = step.hands.config(Hand::Dominant).and_then(|config| config.fingers);
            if manner.pointing
                && let Some(finger) = finger
                && finger.vec().y.abs() < 0.8
            {
                // Seen from the middle of the body, so that the finger and not only the hand tells the places apart.
                // A finger slants a little for its elbow's sake: what is asked is further to the side than what is shown.
                let ahead = rig.space(SpacePoint { x: AHEAD, y: 0.8, z: 0.0 }).x.abs();
                let way = Vec3::new(towards.x, 0.0, ahead);
                bend.turn = yaw_between(finger.vec(), way);
                bend.start = Some(Vec3::ZERO);
                if let Some((_, path)) = written {
                    bend.path = Some(way.normalize_or(Vec3::Z) * timing::path_metres(path) * rig.scale);
                }
            } else if let Some((direction, path)) = written {
                let way = towards - default;
                bend.acts = true;
                bend.path = Some(way.normalize_or(Vec3::Z) * timing::path_metres(path) * rig.scale);
                bend.start = Some(Vec3::ZERO);
                bend.turn = yaw_between(direction, way);
            } else {
                // A sign without a path of its own is made at the locus.
                bend.acts = true;
                bend.start = Some((towards - default) * Vec3::new(0.6, 0.0, 0.3));
            }
        }
        bend
    }

    /// Whether two hands go aside together, to whom they act upon or to where somebody is.
    pub(super) fn goes_aside(&self) -> bool {
        /// Less is straight ahead, metres.
        const AHEAD_M: f32 = 0.02;
        self.acts && (self.turn != 0.0 || self.start.is_some_and(|start| start.x.abs() > AHEAD_M))
    }

    pub(super) fn config(&self, config: &HandConfig, hand: Hand) -> HandConfig {
        let mut config = config.clone();
        (config.palm, config.fingers) = squared(config.palm, config.fingers);
        if (hand == Hand::Dominant || self.acts) && self.turn != 0.0 {
            let turn = Quat::from_rotation_y(match hand {
                Hand::Weak => self.turn.min(OUTWARD),
                Hand::Dominant if self.both => self.turn.max(-OUTWARD),
                Hand::Dominant => self.turn,
            });
            let turned = |dir: Option<Dir>| dir.map(|dir| Dir::new(turn * dir.vec()).unwrap_or(dir));
            config.palm = turned(config.palm);
            config.fingers = turned(config.fingers);
            config.radial = turned(config.radial);
        }
        if (hand == Hand::Dominant || self.acts) && self.moves_off && config.place.as_ref().is_some_and(is_in_air) {
            config.place = None;
        }
        config
    }
}

/// Whether a place is in the air, not at the body's skin nor at the other hand.
pub(super) fn is_in_air(place: &Place) -> bool {
    !matches!(place.site, Site::OtherHand(_)) && place.distance != Distance::Contact
        || matches!(place.site, Site::Space(_))
}

/// Palm and fingers square to each other, where the fingers point between two of the main directions and the palm along
/// one: 指尖朝左后方，手背向外. Who takes the trouble to say left and back means it; the palm is then what is nearest to
/// the direction that is said.
fn squared(palm: Option<Dir>, fingers: Option<Dir>) -> (Option<Dir>, Option<Dir>) {
    /// The most that a direction has along one axis, if it lies between two.
    const BETWEEN: f32 = 0.95;
    let (Some(palm_said), Some(fingers_said)) = (palm, fingers) else { return (palm, fingers) };
    let between = |dir: Dir| dir.vec().abs().max_element() < BETWEEN;
    if between(palm_said) || !between(fingers_said) {
        return (palm, fingers);
    }
    let along = fingers_said.vec();
    let rest = palm_said.vec() - along * palm_said.vec().dot(along);
    let square = if rest.length() > 0.4 { Dir::new(rest) } else { None };
    (square.or(palm), fingers)
}

/// The turn about the vertical from one direction to another, to the left positive, radians; 0 if they are opposite (the
/// hand then only moves the other way) or upright.
fn yaw_between(from: Vec3, to: Vec3) -> f32 {
    let (from, to) = (Vec3::new(from.x, 0.0, from.z), Vec3::new(to.x, 0.0, to.z));
    if from.length() < 0.3 || to.length() < 1e-3 {
        return 0.0;
    }
    let angle = from.cross(to).y.atan2(from.dot(to));
    if angle.abs() > 2.1 { 0.0 } else { angle }
}
