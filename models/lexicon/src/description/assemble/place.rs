//! Places: on the body, at the other hand, in space; and which part of the hand is there.

use signing::{
    BodySite, Contact, ContactKind, Dir, Distance, Finger, Hand, HandPart, Lateral, Manner, MovementKind, Path,
    PathShape, Place, Site, Size, SpacePoint,
};

use super::{
    Actions, Assembler,
    act::at_other,
    state::{HandState, Subject},
};
use crate::description::{
    dir::{DirWord, Sideways},
    handshape as hs,
    item::{Fingers, SiteOf, SitePhrase, Topic},
    words::{FingerSet, Near, Part, PutKind, Who},
};

/// How far above, below, before or behind a site 上方, 下方 … are, metres.
const SHIFT: f32 = 0.10;
/// How far 旁, 前, 下 of the other hand are, metres.
const HAND_SHIFT: f32 = 0.08;
/// How far from the middle of a site its upper and lower ends are, metres.
const END: f32 = 0.03;
/// How far apart 一上一下 and 一前一后 put the hands: shares of the trunk's height and of the arm's length.
/// Two hands at one place of the midline are this far from it, metres: in the air, and touching.
const HALF_APART: f32 = 0.08;
const HALF_APART_TOUCHING: f32 = 0.035;
const APART_UP: f32 = 0.14;
const APART_FORWARD: f32 = 0.12;

/// Where a hand that faces a place on the body looks.
pub(super) fn towards_body(site: BodySite, hand: Hand) -> Dir {
    let inward = if hand == Hand::Dominant { Dir::LEFT } else { Dir::RIGHT };
    match site {
        BodySite::HeadTop => Dir::DOWN,
        BodySite::Ear
        | BodySite::Earlobe
        | BodySite::Temple
        | BodySite::HeadSide
        | BodySite::Cheek
        | BodySite::NeckSide => inward,
        BodySite::UnderChin => Dir::UP,
        BodySite::Shoulder => Dir::DOWN,
        _ => Dir::BACK,
    }
}

/// Where a hand that faces the other hand looks: across, unless it is placed before, above or below it.
pub(super) fn towards_hand(place: Option<Place>, hand: Hand) -> Dir {
    if let Some(Place { site: Site::OtherHand(_), offset, .. }) = place
        && let Some(away) = Dir::new(offset.into())
    {
        return -away;
    }
    if hand == Hand::Dominant { Dir::LEFT } else { Dir::RIGHT }
}

const fn is_paired(site: BodySite) -> bool {
    use BodySite as B;
    matches!(
        site,
        B::HeadSide
            | B::Temple
            | B::Brow
            | B::Eye
            | B::Nostril
            | B::Cheek
            | B::Ear
            | B::Earlobe
            | B::MouthCorner
            | B::NeckSide
            | B::Shoulder
            | B::ShoulderFront
            | B::Waist
            | B::Hip
            | B::Thigh
    )
}

/// The part of a hand that a phrase names.
pub(super) fn part_of(topic: Topic, out: FingerSet) -> Option<HandPart> {
    let set = match topic.fingers {
        Some(Fingers::Set(set)) => Some(set),
        Some(Fingers::Others) => Some(FingerSet::ALL.but(out)),
        Some(Fingers::Out) => Some(out),
        None => None,
    };
    // Of one finger; of several the middle of them.
    let one = set.filter(|set| set.count() == 1).and_then(FingerSet::first);
    let first = set.and_then(|set| set.but(FingerSet(1)).first().or(set.first()));
    Some(match (topic.part, one, first) {
        (Some(Part::Palm | Part::Fist), ..) => HandPart::Palm,
        (Some(Part::Back), ..) => HandPart::Back,
        (Some(Part::Web), ..) => HandPart::Web,
        (Some(Part::Tips), Some(finger), _) => HandPart::Tip(finger),
        (Some(Part::Tips), ..) => HandPart::Fingertips,
        (Some(Part::Pads), Some(finger), _) => HandPart::Pad(finger),
        (Some(Part::Pads), ..) => HandPart::FingerPads,
        (Some(Part::Backs), Some(finger), _) => HandPart::FingerBack(finger),
        (Some(Part::Backs), ..) => HandPart::FingerBacks,
        (Some(Part::Root), Some(finger), _) => HandPart::Base(finger),
        (Some(Part::Root), ..) => HandPart::Knuckles,
        (Some(Part::Gap), _, Some(finger)) => HandPart::Gap(finger),
        (Some(Part::Gap), ..) => HandPart::Gap(Finger::Index),
        (Some(Part::Joint), _, Some(finger)) => HandPart::MiddleJoint(finger),
        (Some(Part::Joint), ..) => HandPart::Knuckles,
        (Some(Part::Wrist), ..) => HandPart::Wrist,
        (Some(Part::Forearm | Part::Arm), ..) => HandPart::ForearmOuter,
        (Some(Part::UpperArm), ..) => HandPart::UpperArm,
        (Some(Part::Elbow), ..) => HandPart::Elbow,
        (Some(Part::ElbowInner), ..) => HandPart::ElbowInner,
        (Some(Part::Heel), ..) => HandPart::PalmHeel,
        (Some(Part::Ulnar), ..) => HandPart::UlnarEdge,
        (Some(Part::Radial), ..) => HandPart::RadialEdge,
        (Some(Part::Edge), Some(Finger::Little), _) => HandPart::UlnarEdge,
        (Some(Part::Edge), Some(finger), _) => HandPart::FingerSide(finger),
        (Some(Part::Edge), ..) => HandPart::UlnarEdge,
        (None, Some(finger), _) => HandPart::Pad(finger),
        (None, None, Some(_)) => HandPart::FingerPads,
        (None, None, None) => return None,
    })
}

/// The part of the hand that touches, where the phrase does not say it.
pub(super) fn contact_part(state: &HandState, kind: ContactKind) -> HandPart {
    let Some(shape) = &state.now else { return HandPart::Palm };
    let out = hs::out(shape);
    let long = out.but(FingerSet(1));
    let edge_down = state.said.radial.is_some_and(|radial| radial.vec().y > 0.7);
    let palm_up = state.said.palm.is_some_and(|palm| palm.vec().y > 0.7);
    // Fingers that point down stand on what is below them, unless the palm is said to lie against something.
    let stands = state.said.palm.is_none() && state.said.tips.is_some_and(|tips| tips.vec().y < -0.7);
    match (long.count(), kind) {
        (4, ContactKind::Touch | ContactKind::Brush) if stands && hs::tip_angle(shape) < 0.5 => HandPart::Fingertips,
        // A palm that looks up does not meet what is below it.
        (4, ContactKind::Tap | ContactKind::Touch) if palm_up && hs::tip_angle(shape) < 0.5 => HandPart::Back,
        // A fist strikes with its lower side if the web is up, else with the knuckles.
        (0, _) if out.has(Finger::Thumb) => HandPart::Tip(Finger::Thumb),
        (0, _) if edge_down => HandPart::UlnarEdge,
        (0, ContactKind::Touch) => HandPart::FingerBacks,
        (0, _) => HandPart::Knuckles,
        (4, ContactKind::Touch | ContactKind::Brush | ContactKind::Grasp) if hs::tip_angle(shape) < 0.5 => {
            HandPart::Palm
        }
        (4, ContactKind::Tap) if hs::tip_angle(shape) < 0.3 => HandPart::Palm,
        (1, ContactKind::Touch | ContactKind::Tap | ContactKind::Insert | ContactKind::Brush) => {
            long.first().map_or(HandPart::Fingertips, HandPart::Tip)
        }
        _ => HandPart::Fingertips,
    }
}

impl Assembler<'_> {
    /// The place that a phrase names, for `hand`, whose `part` is there.
    pub(super) fn place(&self, hand: Hand, phrase: &SitePhrase, part: HandPart, near_default: Distance) -> Place {
        let mut offset = [0.0f32; 3];
        match &phrase.of {
            SiteOf::Body(site) => {
                let (lateral, distance) = self.on_body(hand, *site, phrase, near_default, &mut offset);
                Place { part, site: Site::Body { site: *site, lateral }, distance, offset }
            }
            SiteOf::Hand { who, topic } => {
                let own = self.is_own(hand, *who, *topic);
                let owner = if own { hand } else { hand.other() };
                let owner_state = &self.step.hands[owner.index()];
                let out = owner_state.now.as_ref().map_or(FingerSet::ALL, hs::out);
                let mut of = part_of(*topic, out);
                if topic.part == Some(Part::Fist) {
                    // A fist is met from above: its web, or its back where that is up.
                    let back_up = owner_state.said.palm.is_some_and(|palm| palm.vec().y < -0.5);
                    of = Some(if back_up { HandPart::Back } else { HandPart::RadialEdge });
                }
                // What lies on a wrist lies on its upper side.
                if of == Some(HandPart::Wrist) && owner_state.said.palm.is_some_and(|palm| palm.vec().y < -0.5) {
                    of = Some(HandPart::WristBack);
                }
                // Two hands: where a finger stands on a place of its own hand, the place is the other's.
                let mut distance = match phrase.near {
                    Near::Before | Near::Beside | Near::Above | Near::Behind | Near::Around => Distance::Near,
                    Near::At | Near::In | Near::UpperEnd | Near::LowerEnd | Near::Centre => near_default,
                };
                // 食、中指间: the gap after the first of them.
                if let (Near::In, Some(Fingers::Set(set)), None) = (phrase.near, topic.fingers, topic.part)
                    && set.count() > 1
                {
                    of = set.first().map(HandPart::Gap);
                }
                if phrase.near == Near::In && of.is_none() {
                    of = Some(HandPart::Web);
                }
                offset[1] += match phrase.near {
                    Near::Above => HAND_SHIFT,
                    Near::UpperEnd => END,
                    Near::LowerEnd => -END,
                    _ => 0.0,
                };
                if phrase.near == Near::Beside && phrase.shifts.is_empty() {
                    offset[0] += HAND_SHIFT * if hand == Hand::Dominant { -1.0 } else { 1.0 };
                }
                for shift in &phrase.shifts {
                    // 掌心上 is the palm itself; 掌心下, 手前 are apart from it.
                    let on_it =
                        matches!(shift, DirWord { up, left: 0.0, forward: 0.0, sideways: Sideways::None } if *up > 0.0);
                    let in_it = of.is_some_and(|of| matches!(of, HandPart::Palm | HandPart::Web | HandPart::Gap(_)))
                        && shift.forward != 0.0
                        && shift.forward < 0.0;
                    if (on_it || in_it) && of.is_some() {
                        continue;
                    }
                    let away = shift.resolve(hand).vec() * HAND_SHIFT;
                    offset = [offset[0] + away.x, offset[1] + away.y, offset[2] + away.z];
                    distance = Distance::Near;
                }
                let of = of.unwrap_or(if owner_state.now.as_ref().is_some_and(|now| hs::out(now).count() > 0) {
                    HandPart::Fingertips
                } else {
                    HandPart::Back
                });
                let of = if topic.part.is_none() && topic.fingers.is_none() && phrase.near != Near::In {
                    // The hand as a whole.
                    if distance == Distance::Contact { whole_hand(owner_state) } else { HandPart::Palm }
                } else {
                    of
                };
                Place { part, site: Site::OtherHand(of), distance, offset }
            }
        }
    }

    /// Whether a hand named as a place is the moving hand itself.
    fn is_own(&self, hand: Hand, who: Option<Who>, topic: Topic) -> bool {
        match who {
            Some(Who::Left) => hand == Hand::Weak,
            Some(Who::Right | Who::One) => hand == Hand::Dominant,
            Some(Who::Other | Who::Both) => false,
            // No hand reaches its own arm.
            Some(Who::Same) | None
                if matches!(
                    topic.part,
                    Some(Part::Forearm | Part::UpperArm | Part::Arm | Part::Elbow | Part::ElbowInner | Part::Wrist)
                ) =>
            {
                false
            }
            Some(Who::Same) | None => {
                // 抵于掌心 of a hand alone is its own palm; with the other hand there it is the other's.
                !self.step.hands[hand.other().index()].present
            }
        }
    }

    /// Whether a place is on the very hand that moves (拇指按于食指根部).
    pub(super) fn on_itself(&self, hand: Hand, phrase: &SitePhrase) -> bool {
        match &phrase.of {
            SiteOf::Hand { who, topic } => {
                self.is_own(hand, *who, *topic) || (who.is_none() && self.subject == Some(Subject::Both))
            }
            SiteOf::Body(_) => false,
        }
    }

    fn on_body(
        &self,
        hand: Hand,
        site: BodySite,
        phrase: &SitePhrase,
        near_default: Distance,
        offset: &mut [f32; 3],
    ) -> (Lateral, Distance) {
        let own = if hand == Hand::Dominant { Lateral::Right } else { Lateral::Left };
        let mut lateral = if is_paired(site) { own } else { Lateral::Centre };
        let mut distance = match phrase.near {
            Near::At | Near::In | Near::UpperEnd | Near::LowerEnd | Near::Centre => near_default,
            Near::Before => Distance::Before,
            Near::Beside | Near::Above | Near::Behind | Near::Around => Distance::Near,
        };
        match phrase.near {
            Near::Above => offset[1] += SHIFT,
            Near::UpperEnd => offset[1] += END,
            Near::LowerEnd => offset[1] -= END,
            Near::Centre => lateral = Lateral::Centre,
            Near::Behind => offset[2] -= SHIFT,
            _ => {}
        }
        for shift in &phrase.shifts {
            match shift.sideways {
                Sideways::OneSide | Sideways::Slant | Sideways::Apart => lateral = own,
                Sideways::OtherSide => lateral = own.mirrored(),
                Sideways::Inward => lateral = Lateral::Centre,
                Sideways::None => {}
            }
            if shift.left != 0.0 {
                lateral = if shift.left > 0.0 { Lateral::Left } else { Lateral::Right };
            }
            if shift.forward > 0.0 {
                distance = Distance::Before;
            } else if shift.forward < 0.0 && matches!(distance, Distance::Before) {
                distance = Distance::Near;
            }
            if shift.up != 0.0 && phrase.near != Near::At
                || (shift.up < 0.0)
                || (shift.up > 0.0 && site == BodySite::HeadTop)
            {
                offset[1] += SHIFT * shift.up.signum();
                if matches!(distance, Distance::Contact) && shift.up > 0.0 {
                    distance = Distance::Near;
                }
            }
        }
        (lateral, distance)
    }

    /// 置于…, 贴于…: where the hand begins, or where it goes.
    pub(super) fn at(&mut self, topic: Topic, how: PutKind, site: &SitePhrase, actions: &mut Actions) {
        let subject = self.subject();
        let whole = matches!(&site.of, SiteOf::Hand { topic, .. } if *topic == Topic::default());
        let default = match how {
            PutKind::Placed => match &site.of {
                SiteOf::Hand { .. } if whole => Distance::Near,
                SiteOf::Hand { .. } => Distance::Contact,
                SiteOf::Body(_) => Distance::Near,
            },
            PutKind::PointingAt => Distance::Near,
            PutKind::Touching | PutKind::Covering | PutKind::Holding | PutKind::Inserted => Distance::Contact,
        };
        let kind = match how {
            PutKind::Holding => ContactKind::Grasp,
            PutKind::Inserted => ContactKind::Insert,
            _ => ContactKind::Touch,
        };
        if let Some(&hand) = subject.hands().first()
            && self.on_itself(hand, site)
        {
            return self.touch_itself(subject, topic, site, actions);
        }
        let place = |assembler: &Self, hand: Hand| {
            let state = &assembler.step.hands[hand.index()];
            let out = state.now.as_ref().map_or(FingerSet::ALL, hs::out);
            let topic = if topic == Topic::default() { assembler.clause.topic } else { topic };
            let part = part_of(topic, out).unwrap_or_else(|| match (default, how) {
                (_, PutKind::Covering) if hs::out(state.now.as_ref().unwrap_or(&hs::flat())).count() >= 4 => {
                    HandPart::Palm
                }
                (Distance::Contact, _) => contact_part(state, kind),
                (_, PutKind::PointingAt) => HandPart::Fingertips,
                _ => HandPart::Palm,
            });
            assembler.place(hand, site, part, default)
        };
        let changing = subject.hands().iter().any(|&hand| self.changes(hand));
        match topic.fingers {
            _ if how == PutKind::Holding => self.give_grasp(subject, topic),
            Some(Fingers::Set(set)) if is_of_fingertips(topic) => self.give_fingers(subject, set),
            _ => {}
        }
        let pair = |hand: Hand, place: Place| if subject == Subject::Both { side_by_side(hand, place) } else { place };
        let places: Vec<(Hand, Place)> =
            subject.hands().iter().map(|&hand| (hand, pair(hand, place(self, hand)))).collect();
        for &(hand, place) in &places {
            let place = if subject == Subject::Both {
                apart_as_before(self.step.hands[hand.index()].place, place)
            } else {
                place
            };
            let known = self.step.hands[hand.index()].place.filter(|_| subject == Subject::One(hand) && !changing);
            let place = known.map_or(place, |known| self.second_place(hand, known, place));
            let state = &mut self.step.hands[hand.index()];
            state.goal = Some(place);
            // 手腕交叉相搭，置于胸前: the weak hand is there, the dominant one at the weak.
            let keeps_to_other = subject == Subject::Both
                && matches!(place.site, Site::Body { .. })
                && state.place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)));
            if !changing && !keeps_to_other {
                let joined = subject == Subject::Both && at_other(self.step.hands[hand.other().index()].place);
                // 搭成“♡”形，贴于左胸部: both on that side.
                let sided = site.shifts.iter().any(|shift| {
                    shift.left != 0.0 || matches!(shift.sideways, Sideways::OneSide | Sideways::OtherSide)
                });
                self.step.hands[hand.index()].place = Some(match joined {
                    true if sided => {
                        Place { part: place.part, ..self.place(Hand::Dominant, site, place.part, default) }
                    }
                    true => in_the_middle(place),
                    false => place,
                });
            }
        }
        if !changing {
            return;
        }
        let of = |hand: Hand| places.iter().find(|(of, _)| *of == hand).map_or(places[0].1, |&(_, place)| place);
        let manner = self.manner(&[]);
        let node = self.both(subject, manner, false, |hand| match (default, how) {
            (Distance::Contact, PutKind::Holding | PutKind::Inserted | PutKind::Touching | PutKind::Covering) => {
                MovementKind::Contact(Contact { kind, place: of(hand), along: None, size: Size::Normal })
            }
            _ => MovementKind::Path(path_to(of(hand))),
        });
        self.reconfigure(node, actions);
    }

    /// 拇指尖按于食指根部, 拇指贴于掌心: contacts within the hand are of its shape.
    fn touch_itself(&mut self, subject: Subject, topic: Topic, site: &SitePhrase, actions: &mut Actions) {
        let SiteOf::Hand { topic: goal, .. } = &site.of else { return };
        let goal_finger = match goal.fingers {
            Some(Fingers::Set(set)) => set.but(FingerSet(1)).first(),
            _ => None,
        };
        let mover = match topic.fingers {
            Some(Fingers::Set(set)) => set,
            _ => FingerSet(1),
        };
        for &hand in subject.hands() {
            let mut shape = self.step.hands[hand.index()].now.clone().unwrap_or_else(hs::flat);
            hs::touch_itself(&mut shape, mover, goal_finger, goal.part);
            let changes = self.changes(hand);
            let state = &mut self.step.hands[hand.index()];
            state.now = Some(shape.clone());
            if !changes {
                state.shape = Some(shape);
            }
        }
        if subject.hands().iter().any(|&hand| self.changes(hand)) {
            let now = |hand: Hand| self.step.hands[hand.index()].now.clone().unwrap_or_else(hs::flat);
            let node = self.both(subject, Manner::USUAL, false, |hand| MovementKind::Shape(now(hand)));
            self.reconfigure(node, actions);
        }
    }

    /// 右手在上, 置于前: relative to the other hand.
    pub(super) fn at_side(&mut self, dir: DirWord, actions: &mut Actions) {
        let subject = self.subject();
        let point = |hand: Hand| {
            let dir = match (subject, dir.is_of_pair()) {
                // Both at once above or in front: both there.
                (Subject::Both, _) | (_, true) => dir.resolve(hand),
                (Subject::One(_), false) => dir.resolve(hand),
            };
            aside(hand, dir)
        };
        let changing = subject.hands().iter().any(|&hand| self.changes(hand));
        if changing {
            let node = self
                .both(subject, Manner::USUAL, false, |hand| MovementKind::Path(path_to(Place::in_space(point(hand)))));
            return self.reconfigure(node, actions);
        }
        for &hand in subject.hands() {
            self.step.hands[hand.index()].place = Some(Place::in_space(point(hand)));
        }
    }

    /// 一上一下, 一前一后: each hand on its side of the middle.
    pub(super) fn opposite_sides(&mut self, dir: Dir, actions: &mut Actions) {
        let changing = Hand::BOTH.iter().any(|&hand| self.changes(hand));
        let point = |hand: Hand| aside(hand, if hand == Hand::Dominant { dir } else { -dir });
        if changing {
            let node = self.both(Subject::Both, Manner::USUAL, false, |hand| {
                MovementKind::Path(path_to(Place::in_space(point(hand))))
            });
            return self.reconfigure(node, actions);
        }
        for hand in Hand::BOTH {
            let state = &mut self.step.hands[hand.index()];
            state.place = Some(match state.place {
                // At a place on the body: before it, apart from each other.
                Some(Place { site: site @ Site::Body { .. }, distance, offset, part }) => {
                    let away = if hand == Hand::Dominant { dir } else { -dir }.vec() * SHIFT;
                    let offset = [offset[0] + away.x, offset[1] + away.y, offset[2] + away.z];
                    Place { site, distance, offset, part }
                }
                _ => Place::in_space(point(hand)),
            });
        }
    }
}

/// Whether it speaks of fingers, or of their tips and pads.
pub(super) const fn is_of_fingertips(topic: Topic) -> bool {
    matches!(topic.part, None | Some(Part::Tips | Part::Pads))
}

/// Two hands at one place of the midline stand beside each other there.
pub(super) fn side_by_side(hand: Hand, place: Place) -> Place {
    let Site::Body { site, lateral: Lateral::Centre } = place.site else { return place };
    let own = if hand == Hand::Dominant { Lateral::Right } else { Lateral::Left };
    if is_wide(site) {
        return Place { site: Site::Body { site, lateral: own }, ..place };
    }
    let aside = if matches!(place.distance, Distance::Contact) { HALF_APART_TOUCHING } else { HALF_APART };
    let [x, y, z] = place.offset;
    let x = x + if hand == Hand::Dominant { -aside } else { aside };
    Place { offset: [x, y, z], ..place }
}

/// 一上一下，贴于身体右侧: hands that were above each other, or one before the other, are so at their new place.
fn apart_as_before(known: Option<Place>, place: Place) -> Place {
    let (Some(Place { site: Site::Space(point), .. }), Site::Body { .. }) = (known, place.site) else { return place };
    let neutral = SpacePoint::NEUTRAL_RIGHT;
    let shift = |of: f32, from: f32| if (of - from).abs() > 0.02 { (of - from).signum() * SHIFT } else { 0.0 };
    let [x, y, z] = place.offset;
    Place { offset: [x, y + shift(point.y, neutral.y), z + shift(point.z, neutral.z)], ..place }
}

/// Undoes [`side_by_side`] for hands that touch each other.
pub(super) fn in_the_middle(place: Place) -> Place {
    let site = match place.site {
        Site::Body { site, .. } if is_wide(site) => Site::Body { site, lateral: Lateral::Centre },
        Site::Body { site, lateral: Lateral::Centre } => Site::Body { site, lateral: Lateral::Centre },
        _ => return place,
    };
    let [_, y, z] = place.offset;
    Place { site, offset: [0.0, y, z], ..place }
}

/// Sites of the midline with sides of their own.
const fn is_wide(site: BodySite) -> bool {
    matches!(site, BodySite::Chest | BodySite::Belly | BodySite::LowerBelly)
}

/// The middle of signing space for a hand, moved aside.
fn aside(hand: Hand, dir: Dir) -> SpacePoint {
    let neutral = match hand {
        Hand::Dominant => SpacePoint::NEUTRAL_RIGHT,
        Hand::Weak => SpacePoint::NEUTRAL_RIGHT.mirrored(),
    };
    let way = dir.vec();
    // Hands above each other or one before the other are near the midline.
    let x = if way.x.abs() > 0.5 { neutral.x } else { neutral.x * 0.35 };
    SpacePoint { x, y: neutral.y + APART_UP * way.y, z: neutral.z + APART_FORWARD * way.z }
}

/// Where a hand as a whole is struck or touched.
fn whole_hand(state: &HandState) -> HandPart {
    let Some(shape) = &state.now else { return HandPart::Palm };
    let out = hs::out(shape);
    match (out.count(), out.first()) {
        (1, Some(finger)) => HandPart::Pad(finger),
        (0, _) => HandPart::Back,
        _ if state.said.palm.is_some_and(|palm| palm.vec().y < -0.5) => HandPart::Back,
        _ => HandPart::Palm,
    }
}

pub(super) const fn path_to(place: Place) -> Path {
    Path { shape: PathShape::Straight, direction: None, to: Some(place), size: Size::Normal, there_and_back: false }
}
