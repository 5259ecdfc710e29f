//! How hands stand to each other: facing, touching, crossed, linked; figures that two hands form.

use signing::{Contact, ContactKind, Dir, Distance, Finger, Hand, HandPart, Manner, MovementKind, Place, Site, Size};

use super::{
    Actions, Assembler,
    place::{contact_part, in_the_middle, part_of, path_to},
    state::{Node, Subject},
};
use crate::description::{
    dir::Axis,
    handshape as hs,
    item::{Fingers, Pointing, ShapePhrase, SitePhrase, Topic},
    words::{Bend, FingerSet, Part, Relation, RoundWord},
};

impl Assembler<'_> {
    /// The dominant hand's `of` meets the weak hand's `at`: how the hands begin, or a movement of both.
    pub(super) fn meet(&mut self, of: HandPart, at: HandPart, kind: ContactKind, actions: &mut Actions) {
        for hand in Hand::BOTH {
            self.step.hands[hand.index()].present = true;
        }
        let place = |hand: Hand| {
            let (of, at) = if hand == Hand::Dominant { (of, at) } else { (at, of) };
            Place::touching(of, Site::OtherHand(at))
        };
        for hand in Hand::BOTH {
            self.step.hands[hand.index()].goal = Some(place(hand));
        }
        let changing = Hand::BOTH.iter().any(|&hand| self.changes(hand));
        if !changing {
            // The weak hand is where it is; the dominant one is placed at it.
            self.step.hands[0].place = Some(place(Hand::Dominant));
            let weak = &mut self.step.hands[1].place;
            *weak = weak.map(in_the_middle);
            return;
        }
        let node = self.both(Subject::Both, Manner::USUAL, false, |hand| {
            MovementKind::Contact(Contact { kind, place: place(hand), along: None, size: Size::Normal })
        });
        self.reconfigure(node, actions);
    }

    pub(super) fn relation(
        &mut self,
        topic: Topic,
        axis: Option<Axis>,
        relation: Relation,
        with: Option<&SitePhrase>,
        centimetres: Option<u32>,
        actions: &mut Actions,
    ) {
        let subject = self.subject();
        if let (Some(Fingers::Set(set)), None) = (topic.fingers, topic.part) {
            self.give_fingers(subject, set);
        }
        // 指尖与左手掌心相抵: a place for the hand in question.
        if let Some(site) = with {
            return self.at(topic, crate::description::words::PutKind::Touching, site, actions);
        }
        if let Subject::One(hand) = subject
            && !self.step.hands[hand.other().index()].present
        {
            return self.within_hand(topic, relation, actions);
        }
        let part = |assembler: &Self, hand: Hand| {
            let out = assembler.step.hands[hand.index()].now.as_ref().map_or(FingerSet::ALL, hs::out);
            let topic = if topic == Topic::default() { assembler.clause.topic } else { topic };
            part_of(topic, out)
        };
        let (mine, theirs) = (part(self, Hand::Dominant), part(self, Hand::Weak));
        let touching = |part: Option<HandPart>, otherwise: HandPart| part.unwrap_or(otherwise);
        // 上下相合: palm to palm, not as in prayer.
        let (relation, topic) = match (relation, axis) {
            (Relation::Praying, Some(Axis::UpDown | Axis::ForwardBack)) => {
                (Relation::Touching, Topic { part: Some(Part::Palm), ..topic })
            }
            _ => (relation, topic),
        };
        let (mine, theirs) = if relation == Relation::Touching && topic.part == Some(Part::Palm) {
            (Some(HandPart::Palm), Some(HandPart::Palm))
        } else {
            (mine, theirs)
        };
        match relation {
            Relation::Facing => {
                // 一手掌心向上，一手掌心向下，上下相对 says it once more.
                let both_said = self.step.hands.iter().all(|hand| hand.said.palm.is_some());
                if topic == Topic::default() && axis.is_some() && both_said && subject == Subject::Both {
                    return;
                }
                // 上下相对 of open hands is said of the palms, of fingers of their tips.
                let state = &self.step.hands[subject.hands()[0].index()];
                let open = topic.fingers.is_none() && state.named.count() >= 4 && state.said.tips.is_none();
                let part = topic.part.or(Some(if open { Part::Palm } else { Part::Tips }));
                let topic = Topic { part, ..topic };
                self.orient(topic, &Pointing::Facing(axis), actions);
            }
            Relation::Touching => {
                let default = |hand: Hand| contact_part(&self.step.hands[hand.index()], ContactKind::Touch);
                let (of, at) = (touching(mine, default(Hand::Dominant)), touching(theirs, default(Hand::Weak)));
                if axis.is_some() || matches!(topic.part, Some(Part::Palm | Part::Tips)) {
                    self.imply_facing(topic, axis);
                }
                self.meet(of, at, ContactKind::Touch, actions);
            }
            Relation::Crossed => {
                // 双手食指交叉: the fingers, where one or two of them are all there is.
                let few = |hand: Hand| {
                    let named = self.step.hands[hand.index()].named;
                    let one = (1..=2).contains(&named.count()) && !named.has(Finger::Thumb);
                    one.then(|| named.first().map(HandPart::MiddleJoint)).flatten()
                };
                // 一横一竖，交叉搭在一起: the fingers of open hands lie across each other.
                let across = self.step.hands.iter().all(|hand| hand.named.count() >= 4)
                    && self.step.hands[0].implied.fingers == Some(Dir::UP)
                    && self.step.hands[1].implied.fingers == Some(Dir::RIGHT);
                let otherwise = if across {
                    HandPart::MiddleJoint(Finger::Middle)
                } else if topic.fingers.is_some() {
                    HandPart::FingerPads
                } else {
                    HandPart::Wrist
                };
                let of = touching(mine.or(few(Hand::Dominant)), otherwise);
                let at = match touching(theirs.or(few(Hand::Weak)), otherwise) {
                    HandPart::Wrist => HandPart::WristBack,
                    HandPart::Pad(finger) => HandPart::FingerBack(finger),
                    HandPart::FingerPads => HandPart::FingerBacks,
                    other => other,
                };
                self.meet(of, at, ContactKind::Touch, actions);
            }
            Relation::Stacked => {
                let of = touching(mine, HandPart::Palm);
                let at = match touching(theirs, HandPart::Back) {
                    HandPart::Palm => HandPart::Back,
                    HandPart::Pad(finger) => HandPart::FingerBack(finger),
                    HandPart::FingerPads => HandPart::FingerBacks,
                    other => other,
                };
                self.meet(of, at, ContactKind::Touch, actions);
            }
            Relation::Linked => {
                self.link_rings(topic);
                self.meet(HandPart::Pad(Finger::Index), HandPart::Pad(Finger::Index), ContactKind::Insert, actions);
            }
            Relation::Hooked => {
                let named = self.step.hands[Hand::Dominant.index()].named;
                let set = match topic.fingers {
                    Some(Fingers::Set(set)) => set,
                    _ if (1..=2).contains(&named.count()) => named,
                    _ => FingerSet::default().with(Finger::Index),
                };
                for hand in Hand::BOTH {
                    let changes = self.changes(hand);
                    let state = &mut self.step.hands[hand.index()];
                    let mut shape = state.now.clone().unwrap_or_else(|| hs::extended(set));
                    hs::bend(&mut shape, set, Bend::Hooked);
                    state.now = Some(shape.clone());
                    if !changes {
                        state.shape = Some(shape);
                    }
                }
                let finger = set.but(FingerSet(1)).first().or(set.first()).unwrap_or(Finger::Index);
                self.meet(HandPart::MiddleJoint(finger), HandPart::MiddleJoint(finger), ContactKind::Grasp, actions);
            }
            Relation::Clasped => {
                self.shape_both(|shape| hs::bend(shape, FingerSet::ALL, Bend::Curved));
                self.meet(HandPart::Palm, HandPart::Palm, ContactKind::Grasp, actions);
            }
            Relation::Praying => {
                self.shape_both(|_| {});
                let inward = |hand: Hand| if hand == Hand::Dominant { Dir::LEFT } else { Dir::RIGHT };
                let changing = Hand::BOTH.iter().any(|&hand| self.changes(hand));
                if !changing {
                    for hand in Hand::BOTH {
                        let implied = &mut self.step.hands[hand.index()].implied;
                        implied.fingers.get_or_insert(Dir::UP);
                        implied.palm = Some(inward(hand));
                    }
                }
                self.meet(HandPart::Palm, HandPart::Palm, ContactKind::Touch, actions);
                // 然后双手合十: only then do the palms turn to each other.
                if changing {
                    let turns = self.both(Subject::Both, Manner::USUAL, false, |hand| MovementKind::Orient {
                        palm: Some(inward(hand)),
                        fingers: Some(Dir::UP),
                        radial: None,
                    });
                    self.reconfigure(turns, actions);
                }
            }
            Relation::Saluting => {
                let dominant = &mut self.step.hands[0];
                dominant.shape.get_or_insert_with(hs::fist);
                dominant.now.get_or_insert_with(hs::fist);
                let weak = &mut self.step.hands[1];
                weak.shape.get_or_insert_with(hs::flat);
                weak.now.get_or_insert_with(hs::flat);
                if Hand::BOTH.iter().any(|&hand| self.changes(hand)) {
                    let closes = self.both(Subject::Both, Manner::USUAL, false, |hand| {
                        MovementKind::Shape(if hand == Hand::Dominant { hs::fist() } else { hs::flat() })
                    });
                    for (hand, shape) in [(0, hs::fist()), (1, hs::flat())] {
                        self.step.hands[hand].now = Some(shape);
                    }
                    self.reconfigure(closes, actions);
                }
                self.meet(HandPart::Knuckles, HandPart::Palm, ContactKind::Touch, actions);
            }
            Relation::SideBySide => {
                let default = |hand: Hand| {
                    let palm = self.step.hands[hand.index()].said.palm;
                    let faces = palm.is_some_and(|palm| palm.vec().x.abs() > 0.7);
                    if faces { HandPart::Palm } else { HandPart::RadialEdge }
                };
                let edge = touching(mine, default(Hand::Dominant));
                let other = touching(theirs, default(Hand::Weak));
                self.meet(edge, other, ContactKind::Touch, actions);
            }
            Relation::BackToBack => {
                let (of, at) = (touching(mine, HandPart::Back), touching(theirs, HandPart::Back));
                self.meet(of, at, ContactKind::Touch, actions);
            }
            Relation::OneAbove => self.opposite_sides(Dir::UP, actions),
            Relation::OneBefore => self.opposite_sides(Dir::FORWARD, actions),
            Relation::OneBelow => self.opposite_sides(Dir::DOWN, actions),
            Relation::OneBehind => self.opposite_sides(Dir::BACK, actions),
            Relation::LeftRight => self.opposite_sides(Dir::RIGHT, actions),
            Relation::OneUpright => {
                self.step.hands[0].implied.fingers = Some(Dir::UP);
                self.step.hands[1].implied.fingers = Some(Dir::RIGHT);
            }
            Relation::Apart => {
                let metres = centimetres.unwrap_or(10).min(150) as f32 / 100.0;
                let place = Place {
                    part: touching(mine, HandPart::Palm),
                    site: Site::OtherHand(touching(theirs, HandPart::Palm)),
                    distance: Distance::Metres(metres),
                    offset: [0.0; 3],
                };
                if self.changes(Hand::Dominant) {
                    let node = Node::One(Hand::Dominant, MovementKind::Path(path_to(place)), Manner::USUAL);
                    return self.reconfigure(node, actions);
                }
                self.step.hands[0].place = Some(place);
            }
        }
    }

    fn shape_both(&mut self, change: impl Fn(&mut signing::Handshape)) {
        for hand in Hand::BOTH {
            let changes = self.changes(hand);
            let state = &mut self.step.hands[hand.index()];
            let mut shape = state.now.clone().unwrap_or_else(hs::flat);
            change(&mut shape);
            state.now = Some(shape.clone());
            if !changes {
                state.shape = Some(shape);
            }
        }
    }

    /// 掌心相贴: the palms face each other where nothing else is said of them.
    fn imply_facing(&mut self, topic: Topic, axis: Option<Axis>) {
        for hand in Hand::BOTH {
            let sign = |dir: Dir| if hand == Hand::Dominant { dir } else { -dir };
            let way = match axis {
                Some(Axis::UpDown) => sign(Dir::DOWN),
                Some(Axis::ForwardBack) => sign(Dir::BACK),
                _ => sign(Dir::LEFT),
            };
            if self.changes(hand) {
                continue;
            }
            let state = &mut self.step.hands[hand.index()];
            match topic.part {
                Some(Part::Palm) if state.said.palm.is_none() => state.implied.palm = Some(way),
                Some(Part::Back) if state.said.palm.is_none() => state.implied.palm = Some(-way),
                Some(Part::Tips) if state.said.tips.is_none() && state.said.fingers.is_none() => {
                    state.said.tips = Some(way);
                }
                _ => {}
            }
        }
    }

    /// 套环: rings of thumb and index, one through the other.
    fn link_rings(&mut self, topic: Topic) {
        let set = match topic.fingers {
            Some(Fingers::Set(set)) => set,
            _ => FingerSet(0b00011),
        };
        for hand in Hand::BOTH {
            let changes = self.changes(hand);
            let state = &mut self.step.hands[hand.index()];
            let mut shape = match &state.now {
                Some(now) if state.named != FingerSet::default() && state.named != set => now.clone(),
                _ => hs::extended(set),
            };
            hs::round(&mut shape, set, RoundWord::Circle);
            state.now = Some(shape.clone());
            if !changes {
                state.shape = Some(shape);
            }
        }
    }

    /// A relation of one hand's own fingers: 拇、食指相触, 食、中指交叉, 四指并排.
    fn within_hand(&mut self, topic: Topic, relation: Relation, actions: &mut Actions) {
        let bend = match relation {
            Relation::Touching | Relation::Linked => Bend::Pinched,
            Relation::Crossed | Relation::Stacked | Relation::Hooked => Bend::Crossed,
            Relation::SideBySide => Bend::Together,
            Relation::Clasped => Bend::Fist,
            Relation::OneAbove | Relation::OneBefore => Bend::Spread,
            Relation::Facing => {
                return self.orient(topic, &Pointing::Facing(None), actions);
            }
            // Words of two hands leave one hand's shape alone.
            Relation::Praying
            | Relation::Saluting
            | Relation::LeftRight
            | Relation::OneBelow
            | Relation::OneBehind
            | Relation::OneUpright
            | Relation::BackToBack
            | Relation::Apart => {
                return;
            }
        };
        let phrase = ShapePhrase { fingers: topic.fingers, bends: vec![bend], ..ShapePhrase::default() };
        self.shape(&phrase, actions);
    }
}
