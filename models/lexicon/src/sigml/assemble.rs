//! From what a notation says of a sign to its form.

mod motion;
mod path;
mod tree;

use signing::{
    Action, Dir, Distance, Hand, HandConfig, HandPart, Hands, Handshape, Place, SignForm, Site, Step, Symmetry,
};

use self::motion::Assembler;
use super::{
    hand::{Base, ShapeSpec},
    place::{Placing, Turned},
    sign::{Contact, Location, Meeting, Motion, Posture, Relation, Sign, SignStep, Target, flipped},
};

/// The mirror of `hamsymmlr`.
const LEFT_RIGHT: [bool; 3] = [true, false, false];
/// No mirror: `hamsymmpar`.
const SAME: [bool; 3] = [false; 3];

/// The form of a sign; the caller validates it.
pub(super) fn assemble(sign: &Sign) -> SignForm {
    let mut notes = sign.notes.clone();
    if let Some(mouthing) = &sign.mouthing {
        notes.push(format!("mouthing: {mouthing}"));
    }
    if sign.holdover {
        notes.push("the hands keep what the sign before left them in".to_owned());
    }
    let mut steps: Vec<Step> = sign.steps.iter().map(|step| assemble_step(step, &mut notes)).collect();
    if steps.is_empty() {
        steps.push(Step { hands: Hands::None, action: Action::NONE, nonmanuals: Vec::new() });
    }
    for step in &mut steps {
        step.nonmanuals.clone_from(&sign.nonmanuals);
    }
    SignForm { steps, notes }
}

fn assemble_step(step: &SignStep, notes: &mut Vec<String>) -> Step {
    let relation = match step.relation {
        Relation::Dominant if names_weak(step) => Relation::Apart,
        relation => relation,
    };
    let [dominant, weak] = postures(step, relation);
    // Of a hand that takes no part nothing is known.
    let weak_turned = if relation == Relation::Dominant { Turned::default() } else { turned(&weak) };
    let turned = [turned(&dominant), weak_turned];
    let places = places(&step.location, relation, turned);
    let config = |posture: &Posture, hand: Hand| HandConfig {
        shape: posture.shape.clone().unwrap_or_else(relaxed),
        palm: turned[hand.index()].palm,
        fingers: turned[hand.index()].fingers,
        radial: None,
        place: places[hand.index()],
    };
    let dominant = config(&dominant, Hand::Dominant);
    let weak = config(&weak, Hand::Weak);
    if step.alternating && !matches!(relation, Relation::Both(_)) {
        notes.push("alternating".to_owned());
    }
    let symmetry = match relation {
        Relation::Both(_) if step.alternating => Symmetry::Alternating,
        Relation::Both(LEFT_RIGHT) => Symmetry::Mirror,
        Relation::Both(SAME) => Symmetry::Parallel,
        _ => Symmetry::Independent,
    };
    let mut assembler = Assembler::new(relation, turned, [&dominant, &weak], notes);
    let action = assembler.list(&step.motion, assembler.everyone());
    if let Some(meeting) = &step.location.meeting {
        match meeting.contact {
            Contact::Interlock => notes.push("the hands interlock".to_owned()),
            Contact::Cross => notes.push("the hands cross".to_owned()),
            _ => {}
        }
    }
    let hands = match relation {
        Relation::Dominant => Hands::One(dominant),
        Relation::Weak => {
            notes.push("signed with the weak hand".to_owned());
            Hands::Two { dominant: at_rest(), weak, symmetry }
        }
        Relation::Both(_) | Relation::Apart => Hands::Two { dominant, weak, symmetry },
    };
    Step { hands, action, nonmanuals: Vec::new() }
}

/// Whether anything is said of the weak hand alone.
fn names_weak(step: &SignStep) -> bool {
    fn in_target(target: &Target) -> bool {
        target.weak.is_some() || target.meeting.is_some()
    }
    fn in_motion(motion: &Motion) -> bool {
        match motion {
            Motion::Seq(parts) | Motion::Par(parts) => parts.iter().any(in_motion),
            Motion::Split(..) | Motion::Weak(_) => true,
            Motion::Repeat { motion, .. } => in_motion(motion),
            Motion::Alone(simple) => in_target(&simple.target) || !simple.postures.weak.is_empty(),
        }
    }
    !step.postures.weak.is_empty() || in_target(&step.location) || step.motion.iter().any(in_motion)
}

/// Each hand's posture: its own, else that of both, the weak hand's as the relation flips it.
fn postures(step: &SignStep, relation: Relation) -> [Posture; 2] {
    let split = &step.postures;
    let dominant = split.dominant.or(&split.both);
    let flip = match relation {
        Relation::Both(flip) => flip,
        Relation::Weak => SAME,
        Relation::Dominant | Relation::Apart => LEFT_RIGHT,
    };
    let follows = follow(&dominant, &split.weak, flip);
    [dominant, split.weak.or(&follows)]
}

/// What the weak hand takes over from the dominant one.
pub(super) fn follow(dominant: &Posture, weak: &Posture, flip: [bool; 3]) -> Posture {
    let palm = dominant.palm.map(|palm| match dominant.fingers {
        // The whole hand is mirrored, so that the normal is too.
        Some(fingers) if weak.fingers.is_none() => {
            palm.normal(fingers).map_or(palm, |normal| super::sign::Palm::Absolute(flipped(normal, flip)))
        }
        _ => palm.flipped(flip),
    });
    Posture { shape: dominant.shape.clone(), fingers: dominant.fingers.map(|fingers| flipped(fingers, flip)), palm }
}

/// The shape of a hand of which none is said.
fn relaxed() -> Handshape {
    let mut shape = ShapeSpec::new(Base::Flat);
    shape.bend = Some(super::hand::Bend([0.6, 0.8, 0.5]));
    Handshape { name: "relaxed".to_owned(), ..shape.handshape() }
}

/// A hand that takes no part: relaxed, at the thigh.
fn at_rest() -> HandConfig {
    HandConfig {
        shape: relaxed(),
        palm: Some(Dir::LEFT),
        fingers: Some(Dir::DOWN),
        radial: None,
        place: Some(Place {
            part: HandPart::Palm,
            site: Site::Body { site: signing::BodySite::Thigh, lateral: signing::Lateral::Right },
            distance: Distance::Near,
            offset: [0.0; 3],
        }),
    }
}

fn turned(posture: &Posture) -> Turned {
    let palm = posture.palm.and_then(|palm| palm.normal(posture.fingers.unwrap_or(Dir::FORWARD)));
    Turned { fingers: posture.fingers, palm }
}

/// Where each hand begins; `None` where nothing is said: in neutral space, as suits hands and motion.
fn places(target: &Target, relation: Relation, turned: [Turned; 2]) -> [Option<Place>; 2] {
    // What is said of one hand is its own; what is said of both is shared between them. Hands that
    // meet are before the middle of a site, not each on its side.
    let own = |hand: Hand, location: &Location| {
        let shared = target.both.as_ref().is_some_and(|both| std::ptr::eq(both, location));
        let placing = Placing {
            hand,
            paired: relation.is_two_handed() && shared && target.meeting.is_none(),
            turned: turned[hand.index()],
            other: turned[hand.other().index()],
        };
        placing.place(location)
    };
    if let Some(meeting) = &target.meeting {
        let location = target.weak.as_ref().or(target.both.as_ref()).filter(|location| location.site.is_some());
        return [Some(meet(meeting, turned)), location.and_then(|location| own(Hand::Weak, location))];
    }
    let said = target.dominant.as_ref().or(target.both.as_ref());
    let dominant = said.and_then(|location| own(Hand::Dominant, location));
    if let Some(location) = &target.weak {
        return [dominant, own(Hand::Weak, location)];
    }
    let (Some(location), Some(place)) = (said, dominant) else { return [dominant, None] };
    let weak = match relation {
        Relation::Weak => own(Hand::Weak, location),
        // What the dominant hand finds on the other hand, the weak hand does not find on itself.
        _ if matches!(place.site, Site::OtherHand(_)) => None,
        Relation::Both(flip) => {
            let beside = own(Hand::Weak, location).map(|weak| alongside(weak, place));
            let mut weak = if flip[0] { Some(place.mirrored()) } else { beside };
            if let Some(weak) = &mut weak {
                // The mirror image below, or behind.
                weak.offset[1] -= if flip[1] { 0.15 } else { 0.0 };
                weak.offset[2] -= if flip[2] { 0.15 } else { 0.0 };
            }
            weak
        }
        Relation::Dominant | Relation::Apart => Some(place.mirrored()),
    };
    [dominant, weak]
}

/// A weak hand that is moved like the dominant one stays beside it rather than inside it.
fn alongside(mut weak: Place, dominant: Place) -> Place {
    if weak.site == dominant.site && weak.offset == dominant.offset {
        weak.offset[0] += 0.22;
    }
    weak
}

/// The dominant hand's place at the weak one.
pub(super) fn meet(meeting: &Meeting, turned: [Turned; 2]) -> Place {
    let default = |hand: Hand| {
        let towards = if hand == Hand::Dominant { glam::Vec3::X } else { glam::Vec3::NEG_X };
        match meeting.contact {
            Contact::Interlock => HandPart::Gap(signing::Finger::Middle),
            _ => turned[hand.index()].part_facing(towards, hand),
        }
    };
    let part = |hand: Hand| {
        meeting.parts[hand.index()].as_ref().map_or_else(|| default(hand), super::sign::PartRef::hand_part)
    };
    let distance = match meeting.contact {
        Contact::None | Contact::ArmExtended => Distance::Before,
        Contact::Close => Distance::Near,
        Contact::Touch | Contact::Interlock | Contact::Cross => Distance::Contact,
    };
    Place { part: part(Hand::Dominant), site: Site::OtherHand(part(Hand::Weak)), distance, offset: [0.0; 3] }
}
