//! Motions become actions, hand by hand where the hands differ.

use signing::{
    Action, Contact as FormContact, ContactKind, Dir, Finger, FingerMotion, FingerMotionKind, Hand, HandConfig,
    HandSelector, Handshape, Manner, Movement, MovementKind, Path, PathShape, Place, Rotation, RotationAxis, SignForm,
    Size, Speed,
};

use super::{
    LEFT_RIGHT, SAME, follow, meet, path,
    tree::{WRITTEN_OUT, repeated, reversed, sequence, shallow, together, turn_back, written_out},
    turned,
};
use crate::sigml::{
    place::{Placing, Turned},
    sign::{Circle, Location, Motion, Posture, Relation, RepeatKind, Simple, Sized, Target, What, flipped},
};

/// Who moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Both hands, the weak one as the relation says.
    Both,
    One(Hand),
}

/// Keeps how the hands are turned, step by step through the motions.
pub(super) struct Assembler<'a> {
    relation: Relation,
    turned: [Turned; 2],
    places: [Option<Place>; 2],
    /// The fingers that are out.
    out: [Vec<Finger>; 2],
    notes: &'a mut Vec<String>,
    /// Whether both hands do what is being assembled.
    paired: bool,
}

impl<'a> Assembler<'a> {
    pub(super) fn new(
        relation: Relation,
        turned: [Turned; 2],
        configs: [&HandConfig; 2],
        notes: &'a mut Vec<String>,
    ) -> Self {
        let places = configs.map(|config| config.place);
        let out = configs.map(|config| fingers_out(&config.shape));
        Self { relation, turned, places, out, notes, paired: false }
    }

    pub(super) const fn everyone(&self) -> Who {
        match self.relation {
            Relation::Both(_) => Who::Both,
            Relation::Weak => Who::One(Hand::Weak),
            Relation::Dominant | Relation::Apart => Who::One(Hand::Dominant),
        }
    }

    /// Motions one after the other.
    pub(super) fn list(&mut self, motions: &[Motion], who: Who) -> Action {
        shallow(sequence(motions.iter().map(|motion| self.motion(motion, who)).collect()), SignForm::MAX_DEPTH - 2)
    }

    fn motion(&mut self, motion: &Motion, who: Who) -> Action {
        match motion {
            Motion::Seq(parts) => sequence(parts.iter().map(|part| self.motion(part, who)).collect()),
            Motion::Par(parts) => together(parts.iter().map(|part| self.motion(part, who)).collect()),
            Motion::Split(dominant, weak) => {
                let dominant = sequence(dominant.iter().map(|m| self.motion(m, Who::One(Hand::Dominant))).collect());
                let weak = sequence(weak.iter().map(|m| self.motion(m, Who::One(Hand::Weak))).collect());
                together(vec![dominant, weak])
            }
            Motion::Weak(parts) => sequence(parts.iter().map(|m| self.motion(m, Who::One(Hand::Weak))).collect()),
            Motion::Repeat { kind, times, grows, shift, motion } => {
                let repeated = self.repeat(*kind, *times, *grows, motion, who);
                match shift {
                    Some((direction, size)) => {
                        let along = Simple {
                            what: What::Travel { direction: *direction, path: crate::sigml::sign::Line::Straight },
                            size: *size,
                            ..Simple::default()
                        };
                        together(vec![repeated, self.simple(&along, who)])
                    }
                    None => repeated,
                }
            }
            Motion::Alone(simple) => self.simple(simple, who),
        }
    }

    fn repeat(&mut self, kind: RepeatKind, times: u32, grows: Option<bool>, motion: &Motion, who: Who) -> Action {
        let times = times.clamp(2, Action::MAX_TIMES);
        if let (Some(grows), Motion::Alone(simple)) = (grows, motion) {
            let mut sizes = [Some(Sized::Small), None, Some(Sized::Large)];
            if !grows {
                sizes.reverse();
            }
            let grown = sizes.into_iter().map(|size| {
                let simple = Simple { size, ..(**simple).clone() };
                self.simple(&simple, who)
            });
            return sequence(grown.collect());
        }
        let once = self.motion(motion, who);
        match kind {
            RepeatKind::FromStart => repeated(once, times),
            RepeatKind::Continue => match motion {
                Motion::Alone(simple) => match &simple.what {
                    What::Circle(circle) if circle.ellipse.is_none() => {
                        let more = Circle { full: circle.full.saturating_add(times - 1), ..*circle };
                        let simple = Simple { what: What::Circle(more), ..(**simple).clone() };
                        self.simple(&simple, who)
                    }
                    _ => written_out(once, times),
                },
                _ => written_out(once, times),
            },
            RepeatKind::Reverse => {
                let mut forth = once.clone();
                if turn_back(&mut forth) {
                    return repeated(forth, times - 1);
                }
                if once.movements().len() > WRITTEN_OUT {
                    return repeated(once, times);
                }
                let back = reversed(&once);
                repeated(sequence(vec![once, back]), times - 1)
            }
        }
    }

    fn simple(&mut self, simple: &Simple, who: Who) -> Action {
        let flip = match (who, self.relation) {
            (Who::Both, Relation::Both(flip)) => flip,
            _ => SAME,
        };
        if simple.rest {
            self.notes.push("a rest in the motion".to_owned());
        }
        self.paired = who == Who::Both;
        let own = !simple.postures.dominant.is_empty() || !simple.postures.weak.is_empty();
        let own = own || simple.target.dominant.is_some() || simple.target.weak.is_some();
        let both_alike = who == Who::Both && (flip == LEFT_RIGHT || flip == SAME) && !own;
        let mut parts = if both_alike {
            let parts = self.of(simple, HandSelector::Both, Hand::Dominant, SAME);
            // The weak hand has turned with the dominant one.
            if !simple.postures.both.is_empty() {
                self.turn(simple, Hand::Weak, flip);
            }
            parts
        } else {
            match who {
                Who::Both => {
                    let mut parts = self.of(simple, HandSelector::One(Hand::Dominant), Hand::Dominant, SAME);
                    parts.extend(self.of(simple, HandSelector::One(Hand::Weak), Hand::Weak, flip));
                    parts
                }
                Who::One(hand) => {
                    let mut parts = self.of(simple, HandSelector::One(hand), hand, SAME);
                    // What is said of the other hand by name is meant, whoever else moves.
                    let other = hand.other();
                    let (posture, target) = match other {
                        Hand::Dominant => (&simple.postures.dominant, &simple.target.dominant),
                        Hand::Weak => (&simple.postures.weak, &simple.target.weak),
                    };
                    if !posture.is_empty() || target.is_some() {
                        let change = Simple {
                            what: What::Change,
                            postures: simple.postures.clone(),
                            target: Target { both: None, meeting: None, ..simple.target.clone() },
                            ..Simple::default()
                        };
                        parts.extend(self.of(&change, HandSelector::One(other), other, SAME));
                    }
                    parts
                }
            }
        };
        if simple.rest {
            let selector = match who {
                Who::Both => HandSelector::Both,
                Who::One(hand) => HandSelector::One(hand),
            };
            let rest = Movement { hand: selector, kind: MovementKind::Hold { beats: 0.5 }, manner: Manner::USUAL };
            parts = vec![sequence(vec![together(parts), Action::Move(rest)])];
        }
        together(parts)
    }

    /// Updates how a hand is turned; returns what changed.
    fn turn(&mut self, simple: &Simple, hand: Hand, flip: [bool; 3]) -> Option<(Posture, Turned)> {
        let postures = &simple.postures;
        let dominant = postures.dominant.or(&postures.both);
        let posture = match hand {
            Hand::Dominant => dominant,
            Hand::Weak => postures.weak.or(&follow(&postures.both, &postures.weak, flip)),
        };
        if posture.is_empty() {
            return None;
        }
        let before = self.turned[hand.index()];
        let mut whole = posture.clone();
        whole.fingers = whole.fingers.or(before.fingers);
        let now = turned(&whole);
        self.turned[hand.index()] = Turned { fingers: now.fingers, palm: now.palm.or(before.palm) };
        Some((posture, now))
    }

    /// One hand's share, or both hands' alike, as movements at once.
    fn of(&mut self, simple: &Simple, selector: HandSelector, hand: Hand, flip: [bool; 3]) -> Vec<Action> {
        let manner = Manner {
            speed: match (simple.fast, simple.slow) {
                (true, _) => Speed::Fast,
                (false, true) => Speed::Slow,
                (false, false) => Speed::Normal,
            },
            forceful: simple.tense,
            stop: simple.halt,
        };
        let mut kinds = Vec::new();
        if let Some((posture, now)) = self.turn(simple, hand, flip) {
            if let Some(shape) = posture.shape {
                self.out[hand.index()] = fingers_out(&shape);
                kinds.push(MovementKind::Shape(shape));
            }
            let fingers = posture.fingers;
            let palm = posture.palm.and(now.palm);
            if fingers.is_some() || palm.is_some() {
                kinds.push(MovementKind::Orient { palm, fingers, radial: None });
            }
        }
        let to = self.target(&simple.target, hand, flip);
        kinds.extend(self.kinds(simple, hand, flip, to));
        kinds.into_iter().map(|kind| Action::Move(Movement { hand: selector, kind, manner })).collect()
    }

    fn target(&self, target: &Target, hand: Hand, flip: [bool; 3]) -> Option<Place> {
        let shared = self.paired && target.both.is_some();
        let placing = |hand: Hand| Placing {
            hand,
            paired: shared,
            turned: self.turned[hand.index()],
            other: self.turned[hand.other().index()],
        };
        let own: Option<&Location> = match hand {
            Hand::Dominant => target.dominant.as_ref(),
            Hand::Weak => target.weak.as_ref(),
        };
        match (own, &target.both, &target.meeting) {
            (Some(own), _, _) => Placing { paired: false, ..placing(hand) }.place(own),
            (None, _, Some(meeting)) => {
                let place = meet(meeting, self.turned);
                if hand == Hand::Dominant {
                    return Some(place);
                }
                // Seen from the weak hand the parts change places.
                let signing::Site::OtherHand(part) = place.site else { return Some(place) };
                Some(Place { part, site: signing::Site::OtherHand(place.part), ..place })
            }
            (None, Some(both), None) if hand == Hand::Weak && flip[0] => {
                placing(Hand::Dominant).place(both).map(Place::mirrored)
            }
            (None, Some(both), None) => placing(hand).place(both),
            (None, None, None) => None,
        }
    }

    /// The movements that a motion is made of: itself, and the way to its place if it does not travel there.
    fn kinds(&mut self, simple: &Simple, hand: Hand, flip: [bool; 3], to: Option<Place>) -> Vec<MovementKind> {
        let size = path::size(simple.size);
        let straight = to.map(|to| {
            let to = Some(to);
            MovementKind::Path(Path { shape: PathShape::Straight, direction: None, to, size, there_and_back: false })
        });
        let brush = simple.brushing.then(|| to.or(self.places[hand.index()])).flatten().map(|place| {
            let along = match &simple.what {
                What::Travel { direction, .. } => Some(flipped(*direction, flip)),
                _ => None,
            };
            let place = Place { distance: signing::Distance::Contact, ..place };
            MovementKind::Contact(FormContact { kind: ContactKind::Brush, place, along, size })
        });
        // A straight way that brushes is the brush; what else the hand does goes on beside it.
        if brush.is_some() && matches!(simple.what, What::Change | What::Still | What::Travel { .. }) {
            return brush.into_iter().collect();
        }
        let rotate = |axis, angle_rad: f32| {
            let scaled = angle_rad
                * match simple.size {
                    None => 1.0,
                    Some(Sized::Small) => 0.5,
                    Some(Sized::Large) => 1.5,
                };
            MovementKind::Rotate(Rotation { axis, angle_rad: scaled, there_and_back: true })
        };
        let moved = match &simple.what {
            What::Change | What::Still => return straight.into_iter().collect(),
            What::Travel { direction, path: line } => {
                return vec![MovementKind::Path(path::travel(*direction, *line, simple.size, to, flip))];
            }
            What::Circle(circle) => {
                if let Some([left, up]) = circle.start {
                    self.notes.push(format!("the circle begins at its {}", side(left, up)));
                }
                if brush.is_none() {
                    return vec![MovementKind::Path(path::circle(circle, simple.size, to, flip))];
                }
                MovementKind::Path(path::circle(circle, simple.size, None, flip))
            }
            What::Cross { slanted } => MovementKind::Path(path::cross(*slanted, simple.size, flip)),
            What::Nod => rotate(RotationAxis::WristFlexion, 0.6),
            What::Swing => rotate(RotationAxis::WristSway, 0.45),
            What::Twist => rotate(RotationAxis::Forearm, 0.9),
            What::Stir { clockwise } => {
                let along = self.turned[hand.index()].fingers.unwrap_or(Dir::FORWARD);
                let axis = if *clockwise { along } else { -along };
                let size = if simple.size == Some(Sized::Large) { Size::Normal } else { Size::Small };
                MovementKind::Path(Path {
                    shape: PathShape::Circle { axis, turns: 1.0 },
                    direction: None,
                    to: None,
                    size,
                    there_and_back: false,
                })
            }
            What::Fingers(fingers) => MovementKind::Finger(FingerMotion {
                kind: FingerMotionKind::Wiggle,
                fingers: if fingers.is_empty() { self.out[hand.index()].clone() } else { fingers.clone() },
                times: 3,
            }),
        };
        brush.or(straight).into_iter().chain([moved]).collect()
    }
}

/// The long fingers that are not closed into the palm; all of them if none is.
fn fingers_out(shape: &Handshape) -> Vec<Finger> {
    let out = |finger: &Finger| {
        let flex = shape.fingers[finger.index() - 1];
        flex.mcp + flex.pip < 2.6
    };
    let fingers: Vec<Finger> = Finger::LONG.into_iter().filter(out).collect();
    if fingers.is_empty() { Finger::LONG.to_vec() } else { fingers }
}

fn side(left: f32, up: f32) -> &'static str {
    match (left > 0.3, left < -0.3, up > 0.3, up < -0.3) {
        (true, _, true, _) => "upper left",
        (true, _, _, true) => "lower left",
        (true, ..) => "left",
        (_, true, true, _) => "upper right",
        (_, true, _, true) => "lower right",
        (_, true, ..) => "right",
        (_, _, true, _) => "top",
        _ => "bottom",
    }
}
