//! A step's state to a [`Step`]: axes resolved, movements of both hands written by the step's symmetry.

use glam::Quat;
use signing::{
    Action, BodySite, Dir, Distance, Hand, HandConfig, HandPart, HandSelector, Hands, Lateral, Movement, MovementKind,
    Path, PathShape, Place, Rotation, RotationAxis, Site, Step, Symmetry,
};

use super::state::{Axes, HandState, Node, StepState};
use crate::description::handshape::{flat, relaxed, tip_angle};

/// Bent fingers turn the tips from the hand's axis; below this (radians) the two are taken as one.
const STRAIGHT_ENOUGH: f32 = 0.25;
/// Two directions are at right angles within this (radians).
const RIGHT_ANGLE_TOLERANCE: f32 = 0.12;

pub(super) fn step(mut state: StepState) -> Option<Step> {
    needs_other_hand(&mut state);
    look_up(&mut state);
    let [dominant, weak] = &state.hands;
    let hands_at_work = dominant.present || weak.present;
    if !hands_at_work && state.nonmanuals.is_empty() {
        return None;
    }
    let tree = Node::Seq(std::mem::take(&mut state.actions));
    let symmetry = symmetry(&tree, &state);
    let hands = match (dominant.present, weak.present) {
        (false, false) => Hands::None,
        (true, false) => Hands::One(config(dominant, Hand::Dominant)),
        (true, true) => {
            Hands::Two { dominant: config(dominant, Hand::Dominant), weak: config(weak, Hand::Weak), symmetry }
        }
        // The left hand alone: the right one hangs at the side.
        (false, true) => Hands::Two { dominant: hanging(), weak: config(weak, Hand::Weak), symmetry },
    };
    let action = if hands_at_work { simplified(action(tree, symmetry)) } else { Action::NONE };
    Some(Step { hands, action, nonmanuals: state.nonmanuals })
}

/// A place on the other hand needs that hand, whether or not a clause told of it.
fn needs_other_hand(state: &mut StepState) {
    let at_other = |place: &Option<Place>| place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)));
    let mut needed = [false, false];
    for hand in Hand::BOTH {
        needed[hand.other().index()] |= at_other(&state.hands[hand.index()].place);
    }
    for node in &mut state.actions {
        let mut note = |hand: Option<Hand>, kind: &MovementKind| {
            let place = match kind {
                MovementKind::Contact(contact) => Some(contact.place),
                MovementKind::Path(path) => path.to,
                _ => None,
            };
            if at_other(&place) {
                match hand {
                    Some(hand) => needed[hand.other().index()] = true,
                    None => needed = [true, true],
                }
            }
        };
        each_of(node, &mut note);
    }
    for hand in Hand::BOTH {
        let state = &mut state.hands[hand.index()];
        if needed[hand.index()] && !state.present {
            state.present = true;
            state.shape.get_or_insert_with(relaxed);
        }
    }
}

/// 左手横伸；右手在左手掌心上…: a palm that nothing is said of, and that is met from above, looks up.
fn look_up(state: &mut StepState) {
    for hand in Hand::BOTH {
        let met = |place: &Place| {
            matches!(place.site, Site::OtherHand(HandPart::Palm | HandPart::FingerPads)) && place.offset[1] >= 0.0
        };
        let other = &state.hands[hand.other().index()];
        let from_below = other.said.palm.is_some_and(|palm| palm.vec().y > 0.5)
            || other.said.tips.or(other.said.fingers).is_some_and(|tips| tips.vec().y > 0.5);
        let mut meets = other.place.is_some_and(|place| met(&place));
        for node in &mut state.actions {
            each_of(node, &mut |of, kind| {
                if let (Some(of), MovementKind::Contact(contact)) = (of, kind) {
                    meets |= of != hand && met(&contact.place);
                }
            });
        }
        let own = &mut state.hands[hand.index()];
        let lies = own.said.palm.is_none() && own.said.radial.is_none() && own.implied.palm == Some(Dir::DOWN);
        if lies && meets && !from_below {
            own.implied.palm = Some(Dir::UP);
        }
    }
}

fn each_of(node: &Node, note: &mut impl FnMut(Option<Hand>, &MovementKind)) {
    match node {
        Node::Seq(parts) | Node::Par(parts) => parts.iter().for_each(|part| each_of(part, note)),
        Node::Repeat(_, part) => each_of(part, note),
        Node::One(hand, kind, _) => note(Some(*hand), kind),
        Node::Both { dominant, weak, .. } => {
            note(None, dominant);
            note(None, weak);
        }
    }
}

fn hanging() -> HandConfig {
    let place = Place {
        part: HandPart::Palm,
        site: Site::Body { site: BodySite::Hip, lateral: Lateral::Right },
        distance: Distance::Near,
        offset: [0.0; 3],
    };
    HandConfig { shape: relaxed(), palm: None, fingers: Some(Dir::DOWN), radial: None, place: Some(place) }
}

fn config(state: &HandState, hand: Hand) -> HandConfig {
    let shape = state.shape.clone().unwrap_or_else(flat);
    let axes = resolve(state, tip_angle(&shape), hand);
    HandConfig { shape, palm: axes.palm, fingers: axes.fingers, radial: axes.radial, place: state.place }
}

/// For the right hand radial = fingers × palm; for the left the other way round.
fn handed(hand: Hand) -> f32 {
    match hand {
        Hand::Dominant => 1.0,
        Hand::Weak => -1.0,
    }
}

fn perpendicular(a: Dir, b: Dir) -> bool {
    (a.angle_to(b) - std::f32::consts::FRAC_PI_2).abs() < RIGHT_ANGLE_TOLERANCE
}

/// The hand's axes from what is said, then what a posture implies, then what follows from two of them.
pub(super) fn resolve(state: &HandState, tip_angle: f32, hand: Hand) -> Axes {
    let said = state.said;
    let mut axes = Axes { tips: None, ..said };
    if let (None, Some(tips)) = (axes.fingers, said.tips) {
        place_tips(&mut axes, tips, tip_angle, hand);
    }
    // What a posture implies holds where it does not contradict what is said.
    let fits = |dir: Dir, axes: &Axes| {
        [axes.palm, axes.fingers, axes.radial].into_iter().flatten().all(|other| perpendicular(dir, other))
    };
    let known = |axes: &Axes| [axes.palm, axes.fingers, axes.radial].into_iter().flatten().count();
    if axes.fingers.is_none() && known(&axes) < 2 {
        axes.fingers = state.implied.fingers.filter(|&dir| fits(dir, &axes));
    }
    if axes.palm.is_none() && known(&axes) < 2 {
        axes.palm = state.implied.palm.filter(|&dir| fits(dir, &axes));
    }
    if axes.radial.is_none() && known(&axes) < 2 {
        axes.radial = state.implied.radial.filter(|&dir| fits(dir, &axes));
    }
    third(&mut axes, hand);
    axes
}

/// The third axis, where two at right angles leave no choice.
fn third(axes: &mut Axes, hand: Hand) {
    let sign = handed(hand);
    match (axes.palm, axes.fingers, axes.radial) {
        (Some(palm), Some(fingers), None) if perpendicular(palm, fingers) => {
            axes.radial = Dir::new(fingers.vec().cross(palm.vec()) * sign);
        }
        (Some(palm), None, Some(radial)) if perpendicular(palm, radial) => {
            axes.fingers = Dir::new(palm.vec().cross(radial.vec()) * sign);
        }
        (None, Some(fingers), Some(radial)) if perpendicular(fingers, radial) => {
            axes.palm = Dir::new(radial.vec().cross(fingers.vec()) * sign);
        }
        _ => {}
    }
}

/// From where the fingertips point to where the hand points: the tips are turned from the hand's
/// axis towards the palm by `angle`, about the radial axis.
fn place_tips(axes: &mut Axes, tips: Dir, angle: f32, hand: Hand) {
    if angle < STRAIGHT_ENOUGH {
        axes.fingers = Some(tips);
        return;
    }
    match (axes.radial, axes.palm) {
        (Some(radial), _) if perpendicular(radial, tips) => {
            let back = Quat::from_axis_angle(radial.vec(), -angle * handed(hand));
            axes.fingers = Dir::new(back * tips.vec());
            if let (None, Some(fingers)) = (axes.palm, axes.fingers) {
                axes.palm = Dir::new(radial.vec().cross(fingers.vec()) * handed(hand));
            }
        }
        (_, Some(palm)) => {
            // In the plane of palm and tips; where the two are one, the hand's axis stays free.
            let across = tips.vec() - palm.vec() * tips.vec().dot(palm.vec());
            axes.fingers = (across.length() > 0.3).then(|| Dir::new(across)).flatten();
        }
        // A claw or a bent knuckle: the palm looks where the tips point.
        _ if angle > 0.75 => axes.palm = Some(tips),
        _ => axes.fingers = Some(tips),
    }
}

/// How the weak hand moves, by what most of the step's two-handed movements say.
fn symmetry(tree: &Node, state: &StepState) -> Symmetry {
    let pairs = tree.pairs();
    if pairs.iter().any(|&(_, _, alternating)| alternating) {
        return Symmetry::Alternating;
    }
    if pairs.is_empty() {
        return if state.as_pair { Symmetry::Mirror } else { Symmetry::Independent };
    }
    if pairs.iter().any(|&(dominant, weak, _)| mirrored(dominant) == *weak) {
        return Symmetry::Mirror;
    }
    if pairs.iter().any(|&(dominant, weak, _)| dominant == weak) {
        return Symmetry::Parallel;
    }
    Symmetry::Independent
}

fn action(node: Node, symmetry: Symmetry) -> Action {
    let one = |hand, kind, manner| Action::Move(Movement { hand, kind, manner });
    match node {
        Node::Seq(parts) => Action::Seq(parts.into_iter().map(|part| action(part, symmetry)).collect()),
        Node::Par(parts) => Action::Par(parts.into_iter().map(|part| action(part, symmetry)).collect()),
        Node::Repeat(times, part) => Action::Repeat { times, action: Box::new(action(*part, symmetry)) },
        Node::One(hand, kind, manner) => one(HandSelector::One(hand), kind, manner),
        Node::Both { dominant, weak, manner, alternating } => {
            let as_one = match symmetry {
                Symmetry::Mirror => mirrored(&dominant) == weak,
                Symmetry::Parallel => dominant == weak,
                Symmetry::Alternating => alternating,
                Symmetry::Independent => false,
            };
            if as_one {
                return one(HandSelector::Both, dominant, manner);
            }
            Action::Par(vec![
                one(HandSelector::One(Hand::Dominant), dominant, manner),
                one(HandSelector::One(Hand::Weak), weak, manner),
            ])
        }
    }
}

/// Groups of one are what they hold.
fn simplified(action: Action) -> Action {
    match action {
        Action::Seq(parts) => group(parts, Action::Seq, |part| match part {
            Action::Seq(inner) => inner,
            other => vec![other],
        }),
        Action::Par(parts) => group(parts, Action::Par, |part| vec![part]),
        Action::Repeat { times: 1, action } => simplified(*action),
        Action::Repeat { times, action } => Action::Repeat { times, action: Box::new(simplified(*action)) },
        Action::Move(movement) => Action::Move(movement),
    }
}

fn group(parts: Vec<Action>, wrap: fn(Vec<Action>) -> Action, open: fn(Action) -> Vec<Action>) -> Action {
    let mut flat: Vec<Action> = parts.into_iter().map(simplified).flat_map(open).collect();
    flat.retain(|part| *part != Action::NONE);
    match flat.len() {
        1 => flat.remove(0),
        _ => wrap(flat),
    }
}

/// A movement as in a mirror between the hands.
pub(super) fn mirrored(kind: &MovementKind) -> MovementKind {
    match kind {
        MovementKind::Path(path) => MovementKind::Path(Path {
            shape: mirrored_shape(&path.shape),
            direction: path.direction.map(Dir::mirrored),
            to: path.to.map(Place::mirrored),
            ..path.clone()
        }),
        MovementKind::Rotate(rotation) => {
            let axis = match rotation.axis {
                RotationAxis::ElbowSwing(dir) => RotationAxis::ElbowSwing(mirrored_axis(dir)),
                RotationAxis::About(dir) => RotationAxis::About(mirrored_axis(dir)),
                axis => axis,
            };
            MovementKind::Rotate(Rotation { axis, ..*rotation })
        }
        MovementKind::Orient { palm, fingers, radial } => MovementKind::Orient {
            palm: palm.map(Dir::mirrored),
            fingers: fingers.map(Dir::mirrored),
            radial: radial.map(Dir::mirrored),
        },
        MovementKind::Contact(contact) => MovementKind::Contact(signing::Contact {
            place: contact.place.mirrored(),
            along: contact.along.map(Dir::mirrored),
            ..*contact
        }),
        other => other.clone(),
    }
}

/// The axis of a rotation as a mirror shows it: the turn along the mirror's normal keeps, the others reverse.
pub(super) fn mirrored_axis(axis: Dir) -> Dir {
    -axis.mirrored()
}

fn mirrored_shape(shape: &PathShape) -> PathShape {
    match shape {
        PathShape::Arc(signing::ArcPlane::Towards(dir)) => PathShape::Arc(signing::ArcPlane::Towards(dir.mirrored())),
        PathShape::Circle { axis, turns } => PathShape::Circle { axis: mirrored_axis(*axis), turns: *turns },
        PathShape::ZigZag { across, strokes } => PathShape::ZigZag { across: across.mirrored(), strokes: *strokes },
        PathShape::Wave { across, waves } => PathShape::Wave { across: across.mirrored(), waves: *waves },
        PathShape::Trace(strokes) => PathShape::Trace(
            strokes.iter().map(|stroke| stroke.iter().map(|&[x, y, z]| [-x, y, z]).collect()).collect(),
        ),
        other => other.clone(),
    }
}
