//! Movements that meet something: a place, the other hand, each other.

use signing::{
    Contact, ContactKind, Dir, Distance, Finger, Hand, HandPart, Manner, MovementKind, Path, PathShape, Place, Site,
    Size,
};

use super::{
    Assembler,
    act::{A_FEW, sized},
    place::{contact_part, part_of, path_to},
    state::{Node, Subject},
};
use crate::description::{
    dir::DirWord,
    handshape as hs,
    item::{Act, End, Fingers, SiteOf, SitePhrase, Topic},
    words::{Adverb, FingerSet, Part, Verb},
};

impl Assembler<'_> {
    /// 碰, 贴, 摸, 握, 插, 指: what meets what.
    pub(super) fn contact(&self, subject: Subject, act: &Act, verb: Verb, manner: Manner, alternating: bool) -> Node {
        let kind = match verb {
            Verb::Touch => ContactKind::Touch,
            Verb::Brush => ContactKind::Brush,
            Verb::Grasp => ContactKind::Grasp,
            Verb::Insert => ContactKind::Insert,
            _ => ContactKind::Tap,
        };
        let size = sized(Size::Normal, &act.adverbs, act.large, act.small);
        let mutual = act.has(Adverb::Mutual) || act.text.contains('互') || act.text.contains("相");
        // 互勾一次: bent fingers catch each other.
        if mutual && subject == Subject::Both && act.text.contains(['勾', '钩']) {
            let finger = |hand: Hand| {
                let named = self.step.hands[hand.index()].named;
                named.but(FingerSet(1)).first().unwrap_or(Finger::Index)
            };
            return self.both(subject, manner, false, |hand| {
                let place = Place::touching(
                    HandPart::MiddleJoint(finger(hand)),
                    Site::OtherHand(HandPart::MiddleJoint(finger(hand.other()))),
                );
                MovementKind::Contact(Contact { kind: ContactKind::Grasp, place, along: None, size })
            });
        }
        let make = |hand: Hand| {
            let state = &self.step.hands[hand.index()];
            let mover = self.mover(hand, act);
            let part = mover.unwrap_or_else(|| {
                // 卡在左手腕上: thumb and fingers on either side of it.
                let open = state.now.as_ref().map_or(FingerSet::ALL, hs::out);
                let clasps = act.text.contains('卡') && open.has(Finger::Thumb) && open.count() > 1;
                match contact_part(state, kind) {
                    _ if clasps => HandPart::Web,
                    // 罩住, 扣在: a hollow hand over something.
                    HandPart::Fingertips if kind == ContactKind::Touch && covers(&act.text) => HandPart::Palm,
                    part => part,
                }
            });
            let site = act.object.as_ref().or(match &act.to {
                Some(End::Site(site)) => Some(site),
                _ => None,
            });
            let site = site.filter(|site| !self.on_itself(hand, site) || mutual);
            let site = site.or(act.at.as_ref()).or(match &act.from {
                Some(End::Site(site)) if kind == ContactKind::Brush => Some(site),
                _ => None,
            });
            // 在太阳穴处向后一指: away from there.
            let away = verb == Verb::Point
                && !act.dirs.is_empty()
                && act.object.is_none()
                && !matches!(act.to, Some(End::Site(_)));
            let site = site.filter(|_| !away);
            // 掌心向下，交替按压几下: hands that look the same way do not meet.
            let looks = |hand: Hand| self.step.hands[hand.index()].said.palm.filter(|palm| palm.vec().x.abs() < 0.7);
            let same_way = looks(hand).filter(|_| looks(hand) == looks(hand.other()) && !mutual);
            let distance = if verb == Verb::Point { Distance::Near } else { Distance::Contact };
            let other = &self.step.hands[hand.other().index()];
            let place = match site {
                Some(site) if mutual && subject == Subject::Both => {
                    // 互拍手背: the part of the other.
                    let mut place = self.place(hand, site, part, distance);
                    if let SiteOf::Hand { topic, .. } = &site.of {
                        let out = other.now.as_ref().map_or(FingerSet::ALL, hs::out);
                        place.site = Site::OtherHand(part_of(*topic, out).unwrap_or(HandPart::Palm));
                    }
                    Some(place)
                }
                Some(site) => Some(self.place(hand, site, part, distance)),
                None if mutual
                    || subject == Subject::Both
                        && (same_way.is_none() || act.text.contains('碰'))
                        && act.dirs.is_empty()
                        && (act.axis.is_none() || act.text.contains('碰')) =>
                {
                    let theirs = self.mover(hand.other(), act).unwrap_or_else(|| contact_part(other, kind));
                    Some(Place::touching(part, Site::OtherHand(theirs)))
                }
                None => state.goal.filter(|_| act.dirs.is_empty()),
            };
            let along = match kind {
                ContactKind::Brush => self.heading(hand, act).or_else(|| act.along.as_ref().map(|_| Dir::DOWN)),
                _ => None,
            };
            match place {
                Some(place) => MovementKind::Contact(Contact { kind, place, along, size }),
                // Nothing to meet is named: the movement towards it.
                None => {
                    let mut path = self.travel(hand, act);
                    if let (Subject::Both, Some(palm), None, true) = (subject, same_way, act.axis, act.dirs.is_empty())
                    {
                        path.direction = Some(palm);
                    }
                    path.size = sized(
                        if verb == Verb::Point { Size::Normal } else { Size::Small },
                        &act.adverbs,
                        act.large,
                        act.small,
                    );
                    MovementKind::Path(path)
                }
            }
        };
        let manner = if verb == Verb::Point { Manner { stop: true, ..manner } } else { manner };
        self.both(subject, manner, alternating, make)
    }

    /// 从左向右点几下: the taps, and the way they go.
    pub(super) fn contact_on_the_way(
        &self,
        subject: Subject,
        act: &Act,
        verb: Verb,
        manner: Manner,
        alternating: bool,
    ) -> Node {
        let meets = self.contact(subject, act, verb, manner, alternating);
        let goes = matches!(act.from, Some(End::Dir(_))) && !act.dirs.is_empty()
            || act.has(Adverb::Stepwise) && self.heading(Hand::Dominant, act).is_some();
        let times = act.times.unwrap_or(if act.has(Adverb::Stepwise) { A_FEW } else { 1 });
        if verb != Verb::Tap || !goes || times < 2 || meets.is_free() {
            return meets;
        }
        let way = self.both(subject, manner, false, |hand| {
            let shape = PathShape::Straight;
            let direction = self.heading(hand, act);
            MovementKind::Path(Path { shape, direction, to: None, size: Size::Normal, there_and_back: false })
        });
        Node::Par(vec![Node::Repeat(times, Box::new(meets)), way])
    }

    /// 依次点左手各指尖, 自左手拇指点至小指: each of the fingers in turn.
    pub(super) fn in_turn(&self, act: &Act) -> Option<Vec<Act>> {
        let site = act.object.as_ref()?;
        let SiteOf::Hand { who, topic } = &site.of else { return None };
        let single = |topic: &Topic| match topic.fingers {
            Some(Fingers::Set(set)) if set.count() == 1 => set.first(),
            _ => None,
        };
        let told = ["依次", "逐", "各", "每", "顺次", "挨个"].iter().any(|word| act.text.contains(word));
        let first = match &act.from {
            Some(End::Site(SitePhrase { of: SiteOf::Hand { topic, .. }, .. })) => single(topic),
            _ => None,
        };
        let fingers: Vec<Finger> = match (first, single(topic), topic.fingers) {
            (Some(first), Some(last), _) if first != last => {
                let (low, high) = (first.index().min(last.index()), first.index().max(last.index()));
                let mut all = Finger::ALL[low..=high].to_vec();
                if first.index() > last.index() {
                    all.reverse();
                }
                all
            }
            (_, None, Some(Fingers::Set(set))) if told => set.iter().collect(),
            (_, None, None)
                if told && matches!(topic.part, Some(Part::Tips | Part::Pads | Part::Joint | Part::Root)) =>
            {
                Finger::ALL.to_vec()
            }
            _ => return None,
        };
        let of = |finger: Finger| {
            let topic = Topic { fingers: Some(Fingers::Set(FingerSet::default().with(finger))), ..*topic };
            Act { object: Some(SitePhrase { of: SiteOf::Hand { who: *who, topic }, ..site.clone() }), ..act.clone() }
        };
        Some(fingers.into_iter().map(of).collect())
    }

    /// 互换位置: each hand goes to the other side.
    pub(super) fn swap(&self, manner: Manner) -> Node {
        let place = |hand: Hand| self.step.hands[hand.index()].place;
        let to_other = |hand: Hand| match place(hand.other()) {
            Some(to @ Place { site: Site::Space(_) | Site::Body { .. }, .. }) => MovementKind::Path(path_to(to)),
            _ => MovementKind::Path(Path {
                shape: PathShape::Straight,
                direction: Some(DirWord::INWARD.resolve(hand)),
                to: None,
                size: Size::Large,
                there_and_back: false,
            }),
        };
        Node::Par(vec![
            Node::One(Hand::Dominant, to_other(Hand::Dominant), manner),
            Node::One(Hand::Weak, to_other(Hand::Weak), manner),
        ])
    }

    /// 合拢, 靠拢: the hands meet.
    pub(super) fn come_together(&self, act: &Act, manner: Manner) -> Node {
        let part = |hand: Hand| {
            self.mover(hand, act).unwrap_or_else(|| {
                let state = &self.step.hands[hand.index()];
                match state.goal {
                    Some(goal) if matches!(goal.site, Site::OtherHand(_)) => goal.part,
                    _ if state.said.palm.is_some_and(|palm| palm.vec().x.abs() > 0.7) => HandPart::Palm,
                    _ => HandPart::RadialEdge,
                }
            })
        };
        let make = |hand: Hand| {
            let place = Place::touching(part(hand), Site::OtherHand(part(hand.other())));
            MovementKind::Contact(Contact { kind: ContactKind::Touch, place, along: None, size: Size::Normal })
        };
        self.both(Subject::Both, manner, false, make)
    }
}

/// 盖, 罩, 扣, 捂: with the hollow of the hand.
fn covers(text: &str) -> bool {
    text.contains(['盖', '罩', '扣', '捂', '覆', '兜'])
}
