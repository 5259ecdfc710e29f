//! Movements: from a verb and what stands around it to movement kinds.

use signing::{
    ArcPlane, ContactKind, Dir, Distance, FingerMotionKind, FingerTouch, Hand, HandPart, Manner, MovementKind, Path,
    PathShape, Place, Rotation, RotationAxis, Site, Size, Speed,
};

use super::{
    Actions, Assembler,
    place::{contact_part, is_of_fingertips, part_of, path_to, side_by_side},
    state::{Node, Subject},
    turn::{is_turn, sway_axis, waves},
};
use crate::description::{
    dir::{Axis, DirWord, Sideways},
    handshape as hs,
    item::{Act, End, Figure, Fingers, SiteOf, SitePhrase, Topic},
    words::{Adverb, FingerSet, Part, PathWord, RoundWord, Verb, Who},
};

/// 几下, where no number is given.
pub(super) const A_FEW: u32 = 3;
pub(super) fn is_small(adverbs: &[Adverb]) -> bool {
    adverbs.contains(&Adverb::Slight)
}

/// Adverbs that stand after their movement.
pub(super) fn modify(node: &mut Node, adverbs: &[Adverb]) {
    if adverbs.is_empty() {
        return;
    }
    node.each(&mut |kind, manner| {
        *manner = with_adverbs(*manner, adverbs);
        let size = match kind {
            MovementKind::Path(path) => &mut path.size,
            MovementKind::Contact(contact) => &mut contact.size,
            _ => return,
        };
        *size = sized(*size, adverbs, false, false);
    });
}

fn with_adverbs(mut manner: Manner, adverbs: &[Adverb]) -> Manner {
    for adverb in adverbs {
        match adverb {
            Adverb::Forceful => manner.forceful = true,
            Adverb::Slow => manner.speed = Speed::Slow,
            Adverb::Fast => manner.speed = Speed::Fast,
            _ => {}
        }
    }
    manner
}

pub(super) fn sized(size: Size, adverbs: &[Adverb], large: bool, small: bool) -> Size {
    match () {
        () if small || is_small(adverbs) => Size::Small,
        () if large || adverbs.contains(&Adverb::Large) => Size::Large,
        () => size,
    }
}

impl Assembler<'_> {
    pub(super) fn manner(&self, adverbs: &[Adverb]) -> Manner {
        with_adverbs(with_adverbs(Manner::USUAL, &self.clause.adverbs), adverbs)
    }

    pub(super) fn act(&mut self, told: &Act, actions: &mut Actions) {
        let mut act = told.clone();
        act.adverbs.append(&mut self.clause.adverbs);
        if act.topic == Topic::default() {
            act.topic = self.clause.topic;
        }
        // 自左手拇指点至小指: the same hand's.
        if let Some(End::Site(SitePhrase { of: SiteOf::Hand { who: from @ Some(_), .. }, .. })) = &act.from {
            let to = match &mut act.to {
                Some(End::Site(site)) => Some(site),
                _ => None,
            };
            for site in to.into_iter().chain(act.object.as_mut()) {
                if let SiteOf::Hand { who: who @ None, .. } = &mut site.of {
                    *who = *from;
                }
            }
        }
        // 沿左手食指下移至根部: of that finger.
        if let (Some(SitePhrase { of: SiteOf::Hand { who, topic: along }, .. }), Some(End::Site(to))) =
            (&act.along, &mut act.to)
            && let SiteOf::Hand { who: to_who, topic: Topic { fingers: fingers @ None, part: Some(_) } } = &mut to.of
        {
            *fingers = along.fingers;
            *to_who = to_who.or(*who);
        }
        // 从左手无名指尖套向指根: of that finger.
        if let Some(End::Site(SitePhrase { of: SiteOf::Hand { topic: from, .. }, .. })) = &act.from
            && from.fingers.is_some()
        {
            let to = match &mut act.to {
                Some(End::Site(site)) => Some(site),
                _ => None,
            };
            for site in to.into_iter().chain(act.object.as_mut()) {
                if let SiteOf::Hand {
                    topic:
                        Topic { fingers: fingers @ None, part: Some(Part::Root | Part::Tips | Part::Joint | Part::Pads) },
                    ..
                } = &mut site.of
                {
                    *fingers = from.fingers;
                }
            }
        }
        let subject = self.subject();
        // …，在左拳上敲两下: of two hands the other one.
        let at_named =
            [act.at.as_ref(), act.object.as_ref(), act.around.as_ref()].into_iter().flatten().find_map(|site| {
                match &site.of {
                    SiteOf::Hand { who: Some(who @ (Who::Left | Who::Right)), .. } => Some(*who),
                    _ => None,
                }
            });
        // 左右拉开 of both hands: once, apart.
        if subject == Subject::Both
            && act.verb == Some(Verb::Travel(None))
            && act.axis == Some(Axis::LeftRight)
            && act.text.ends_with('开')
            && !act.has(Adverb::Alternating)
        {
            act.verb = Some(Verb::Part);
        }
        // 边向上移动边缩小: what two hands enclose.
        if subject == Subject::Both
            && act.verb == Some(Verb::Travel(None))
            && act.dirs.is_empty()
            && act.text.ends_with("缩小")
        {
            act.verb = Some(Verb::Meet);
        }
        let mutual = act.has(Adverb::Mutual) || act.has(Adverb::Alternating) || act.text.contains('互');
        let subject = match at_named {
            Some(who) if subject == Subject::Both && !mutual => {
                Subject::One(if who == Who::Left { Hand::Dominant } else { Hand::Weak })
            }
            _ => subject,
        };
        match act.topic.fingers {
            _ if act.verb == Some(Verb::Grasp) => self.give_grasp(subject, act.topic),
            Some(Fingers::Set(set)) if is_of_fingertips(act.topic) => self.give_fingers(subject, set),
            _ => {}
        }
        self.begin_at(subject, &act);
        let mut manner = self.manner(&act.adverbs);
        manner.stop = act.verb == Some(Verb::Stop) || act.once;
        // 反向拧动: each the other way.
        let opposed = act.has(Adverb::Crosswise)
            && (act.axis.is_some()
                || matches!(act.verb, Some(Verb::Swing | Verb::Turn | Verb::Twist | Verb::TurnWrist)))
            // 前后交错移动, 互相错动
            || act.text.contains("错动")
            || act.verb == Some(Verb::Cross) && matches!(act.axis, Some(Axis::UpDown | Axis::ForwardBack));
        let alternating = (act.has(Adverb::Alternating) || opposed)
            && subject == Subject::Both
            && (!matches!(act.verb, Some(Verb::Fingers(_))) || self.dabs(Hand::Dominant, &act));
        if act.verb == Some(Verb::Still) {
            // 不动 says that nothing happens; 停住 after a movement is a hold.
            if subject.hands().iter().any(|&hand| self.step.hands[hand.index()].moved) && !act.text.contains("不动")
                || act.text.contains("片刻")
            {
                let node = self.both(subject, manner, false, |_| MovementKind::Hold { beats: 0.5 });
                actions.push(node);
            }
            return;
        }
        let node = match act.verb {
            Some(Verb::Swap) => self.swap(manner),
            // 在左手拳背上划一圈: round and round on it.
            Some(Verb::Brush) if act.turns.is_some() => {
                self.both(subject, manner, alternating, |hand| MovementKind::Path(self.circle(hand, subject, &act)))
            }
            Some(Verb::Meet) if subject == Subject::Both => self.come_together(&act, manner),
            // 中指点一下掌心 of the same hand: the finger bends to it.
            Some(verb)
                if crate::description::parse::is_contact(verb)
                    && act.text.contains(|c| "点碰敲弹".contains(c))
                    && subject.hands().len() == 1
                    && act.object.as_ref().is_some_and(|site| self.on_itself(subject.hands()[0], site)) =>
            {
                let bend = |hand: Hand| {
                    let named = Some(Fingers::Set(self.step.hands[hand.index()].named));
                    let topic = Topic { fingers: act.topic.fingers.or(named), part: None };
                    self.fingers_move(hand, &Act { topic, ..act.clone() }, FingerMotionKind::Bend)
                };
                self.both(subject, manner, false, |hand| MovementKind::Finger(bend(hand)))
            }
            // 五指撮合，在左手掌心上点动两下: it meets what it dabs at.
            Some(Verb::Fingers(FingerMotionKind::Wiggle))
                if self.dabs(subject.hands()[0], &act)
                    && act.dirs.is_empty()
                    && act.at.as_ref().is_some_and(crate::description::parse::is_surface) =>
            {
                self.contact(subject, &act, Verb::Tap, manner, alternating)
            }
            Some(verb) if crate::description::parse::is_contact(verb) => match self.in_turn(&act) {
                Some(all) => {
                    Node::Seq(all.iter().map(|one| self.contact(subject, one, verb, manner, alternating)).collect())
                }
                None => self.contact_on_the_way(subject, &act, verb, manner, alternating),
            },
            _ => {
                let make = |hand: Hand| self.free(hand, subject, &act);
                let moves = self.both(subject, manner, alternating, make);
                // 从上向下交替点动: the fingers move and the hand goes on.
                let goes = act.from.is_some() && (act.to.is_some() || !act.dirs.is_empty())
                    // 交替向下抓动
                    || !act.dirs.is_empty() && act.text.contains("抓动");
                let passes = matches!(act.to, Some(End::Site(_))).then_some(act.past.as_ref()).flatten();
                let reaches = matches!(act.to, Some(End::Site(_)))
                    && matches!(
                        &moves,
                        Node::One(_, MovementKind::Rotate(_), _) | Node::Both { dominant: MovementKind::Rotate(_), .. }
                    );
                if reaches {
                    // 转腕至嘴边: it turns on the way.
                    let way = self.both(subject, manner, false, |hand| MovementKind::Path(self.travel(hand, &act)));
                    Node::Par(vec![moves, way])
                } else if let Some(past) = passes {
                    // 经腹部划向右胸部: there first.
                    let there = self.both(subject, manner, false, |hand| {
                        let part = self.mover(hand, &act).unwrap_or(HandPart::Palm);
                        MovementKind::Path(path_to(self.place(hand, past, part, Distance::Near)))
                    });
                    Node::Seq(vec![there, moves])
                } else if goes && act.verb == Some(Verb::Fingers(FingerMotionKind::Wiggle)) {
                    let way = self.both(subject, manner, false, |hand| MovementKind::Path(self.travel(hand, &act)));
                    Node::Par(vec![moves, way])
                } else {
                    moves
                }
            }
        };
        let times = self.times(&act, &node);
        for &hand in subject.hands() {
            // 左臂抬起，左手握拳: an arm that is raised first is how its hand begins.
            let begins = !self.changes(hand)
                && matches!(act.topic.part, Some(Part::Arm | Part::Forearm | Part::UpperArm | Part::Elbow))
                && matches!(act.verb, Some(Verb::Travel(Some(way))) if way.is_straight_up());
            let state = &mut self.step.hands[hand.index()];
            state.moved |= !begins;
            let kind = match (&node, hand) {
                (Node::One(_, kind, _) | Node::Both { dominant: kind, .. }, Hand::Dominant)
                | (Node::One(_, kind, _) | Node::Both { weak: kind, .. }, Hand::Weak) => kind,
                _ => continue,
            };
            match kind {
                MovementKind::Contact(contact) => state.goal = Some(contact.place),
                MovementKind::Path(Path { to: Some(place), .. }) => state.goal = Some(*place),
                _ => {}
            }
        }
        self.step.reconfiguring = false;
        actions.push(if times > 1 { Node::Repeat(times, Box::new(node)) } else { node });
    }

    /// How often the whole is done; fingers and circles count for themselves.
    fn times(&self, act: &Act, node: &Node) -> u32 {
        let counts_itself = |kind: &MovementKind| match kind {
            MovementKind::Finger(_) => true,
            MovementKind::Path(path) => match path.shape {
                PathShape::Circle { .. } => act.turns.is_some() || act.times.is_none_or(|_| is_turn(act)),
                PathShape::Steps { .. } => true,
                _ => false,
            },
            _ => false,
        };
        let itself = match node {
            Node::Par(_) => true,
            Node::One(_, kind, _) | Node::Both { dominant: kind, .. } => counts_itself(kind),
            _ => false,
        };
        if itself {
            return 1;
        }
        let swings = matches!(act.verb, Some(Verb::Swing | Verb::Tremble));
        let repeated = act.has(Adverb::Repeatedly) || act.has(Adverb::BackAndForth);
        act.times.unwrap_or(if swings || repeated || act.has(Adverb::Alternating) { 2 } else { 1 })
    }

    /// 在胸前, 从左手掌心: where a hand is that has not been placed yet.
    fn begin_at(&mut self, subject: Subject, act: &Act) {
        let from = match &act.from {
            Some(End::Site(site)) => Some(site),
            _ => None,
        };
        let passed = act.along.as_ref().or(act.around.as_ref());
        // 将左手拇指向外一扒: where the thing is that it moves.
        let moved = act.object.as_ref().filter(|site| {
            matches!(site.of, SiteOf::Hand { who: Some(_), .. })
                && act.verb.is_some_and(|verb| !crate::description::parse::is_contact(verb))
        });
        let Some(site) = from.or(act.at.as_ref()).or(passed).or(moved) else {
            if let Some(dir) = act.at_dir
                && !subject.hands().iter().any(|&hand| self.step.hands[hand.index()].place.is_some())
            {
                let mut ignored = Actions::new();
                self.at_side(dir, &mut ignored);
            }
            return;
        };
        for &hand in subject.hands() {
            if self.on_itself(hand, site) {
                continue;
            }
            let state = &self.step.hands[hand.index()];
            let surface = matches!(&site.of, SiteOf::Hand { topic, .. } if *topic != Topic::default());
            let brushes = matches!(act.verb, Some(Verb::Brush)) || act.text.contains('划');
            let along = from.is_none() && act.at.is_none() && act.along.is_some();
            let around = from.is_none() && act.at.is_none() && !along && act.around.is_some();
            let distance = match () {
                () if around && matches!(site.of, SiteOf::Body(_)) => Distance::Before,
                () if around => Distance::Near,
                () if surface || along || (brushes && from.is_some()) => Distance::Contact,
                () => Distance::Near,
            };
            let part = self.mover(hand, act).unwrap_or(if distance == Distance::Contact {
                contact_part(state, ContactKind::Touch)
            } else {
                HandPart::Palm
            });
            let place = self.place(hand, site, part, distance);
            let place = if subject == Subject::Both { side_by_side(hand, place) } else { place };
            let changes = self.changes(hand);
            let state = &mut self.step.hands[hand.index()];
            if state.place.is_none() && !state.moved {
                state.place = Some(place);
            } else if changes
                && !(at_other(state.goal)
                    && matches!(&site.of, SiteOf::Hand { topic, .. } if *topic == Topic::default())
                    && site.shifts.is_empty())
                && state.goal != Some(place)
                && !(subject == Subject::Both && at_other(state.goal))
            {
                // It goes there first.
                let node = Node::One(hand, MovementKind::Path(path_to(place)), Manner::USUAL);
                self.step.actions.push(node);
            }
            self.step.hands[hand.index()].goal = Some(place);
        }
    }

    /// The part of the hand that the movement is told of: 指尖, 食指, 以指背.
    pub(super) fn mover(&self, hand: Hand, act: &Act) -> Option<HandPart> {
        let out = self.step.hands[hand.index()].now.as_ref().map_or(FingerSet::ALL, hs::out);
        let topic = act.with.unwrap_or(act.topic);
        if topic.part == Some(Part::Fist) && topic.fingers.is_none() {
            // A fist that comes down strikes with its edge.
            let down = self.heading(hand, act).is_some_and(|way| way.vec().y < -0.5);
            return Some(if down { HandPart::UlnarEdge } else { HandPart::FingerBacks });
        }
        part_of(topic, out)
    }

    /// Where the movement heads, for one hand.
    pub(super) fn heading(&self, hand: Hand, act: &Act) -> Option<Dir> {
        let mut sum = glam::Vec3::ZERO;
        for dir in &act.dirs {
            sum += dir.resolve(hand).vec();
        }
        if let Some(dir) = Dir::new(sum).filter(|_| !act.dirs.is_empty()) {
            return Some(dir);
        }
        // 左右交替下按: the left hand, then the right one.
        if act.verb == Some(Verb::Part) && act.axis == Some(Axis::LeftRight) {
            return Some(DirWord::APART.resolve(hand));
        }
        let by_turns = act.axis == Some(Axis::LeftRight)
            && act.has(Adverb::Alternating)
            && matches!(act.verb, Some(Verb::Travel(Some(_)) | Verb::Stroke(Some(_))));
        if let Some(axis) = act.axis.filter(|_| !by_turns) {
            let first = axis.outset().resolve(hand);
            // Mirrored hands swing apart and together; the same way where the description says so.
            return Some(first);
        }
        if let Some(End::Dir(dir)) = act.to {
            return Some(dir.resolve(hand));
        }
        if let (Some(End::Dir(from)), None) = (&act.from, &act.to) {
            return Some(from.opposite().resolve(hand));
        }
        // 沿左手掌心下移
        if let (Some(_), None, Some(Verb::Travel(Some(dir)) | Verb::Stroke(Some(dir)))) =
            (&act.along, &act.to, act.verb)
        {
            return Some(dir.resolve(hand));
        }
        // Along an arm towards its fingers, unless another way is named.
        if let (Some(SitePhrase { of: SiteOf::Hand { .. }, .. }), None) = (&act.along, &act.to) {
            let other = &self.step.hands[hand.other().index()];
            let angle = other.now.as_ref().map_or(0.0, hs::tip_angle);
            let fingers = super::lower::resolve(other, angle, hand.other()).fingers;
            return Some(fingers.unwrap_or(if hand == Hand::Dominant { Dir::RIGHT } else { Dir::LEFT }));
        }
        match act.verb {
            Some(Verb::Travel(Some(dir)) | Verb::Stroke(Some(dir))) => Some(dir.resolve(hand)),
            Some(Verb::Part) => Some(DirWord::APART.resolve(hand)),
            Some(Verb::Meet | Verb::Cross) => Some(DirWord::INWARD.resolve(hand)),
            _ => None,
        }
    }

    /// A movement that meets nothing.
    fn free(&self, hand: Hand, subject: Subject, act: &Act) -> MovementKind {
        match &act.figure {
            Some(Figure::Round(round)) if *round != RoundWord::Square => {
                let turns = Some(if *round == RoundWord::HalfCircle { 0.5 } else { 1.0 });
                let large = act.large || *round == RoundWord::LargeCircle;
                let small = act.small || *round == RoundWord::SmallCircle;
                return MovementKind::Path(self.circle(hand, subject, &Act { turns, large, small, ..act.clone() }));
            }
            Some(figure) => return MovementKind::Path(self.drawn(figure, act)),
            None => {}
        }
        match act.verb {
            // 手腕向左侧倾斜: the hand turns about it.
            Some(Verb::Travel(_) | Verb::Stroke(_) | Verb::Swing)
                if act.topic.part == Some(Part::Wrist)
                    && !act.dirs.is_empty()
                    && act.text.contains(['斜', '歪', '弯', '偏', '折', '摆']) =>
            {
                self.turn(hand, act)
            }
            Some(Verb::Fingers(FingerMotionKind::Wiggle)) if self.dabs(hand, act) => {
                let path = self.travel(hand, act);
                let tips = self.step.hands[hand.index()].said.tips;
                let direction = if act.dirs.is_empty() && act.axis.is_none() { tips } else { None };
                MovementKind::Path(Path {
                    direction: direction.or(path.direction),
                    size: sized(Size::Small, &act.adverbs, act.large, act.small),
                    there_and_back: true,
                    ..path
                })
            }
            Some(Verb::Fingers(kind)) => MovementKind::Finger(self.fingers_move(hand, act, kind)),
            // 五指张开，交替抖动 of one hand: its fingers.
            Some(Verb::Tremble)
                if matches!(subject, Subject::One(_))
                    && act.has(Adverb::Alternating)
                    && self.step.hands[hand.index()].now.as_ref().is_some_and(|now| hs::out(now).count() > 1) =>
            {
                MovementKind::Finger(self.fingers_move(hand, act, FingerMotionKind::Wiggle))
            }
            Some(Verb::Turn | Verb::Wind) if is_turn(act) => MovementKind::Path(self.circle(hand, subject, act)),
            None if act.turns.is_some() => MovementKind::Path(self.circle(hand, subject, act)),
            Some(Verb::Turn) => self.turn(hand, act),
            Some(Verb::TurnWrist | Verb::Flip | Verb::Twist) => MovementKind::Rotate(self.wrist(hand, act)),
            Some(Verb::Swing) if waves(act) => MovementKind::Rotate(Rotation {
                axis: RotationAxis::ElbowSwing(sway_axis(hand)),
                angle_rad: if is_small(&act.adverbs) { 0.2 } else { 0.5 },
                there_and_back: true,
            }),
            Some(Verb::Write) => MovementKind::Path(Path {
                shape: PathShape::ZigZag { across: Dir::FORWARD, strokes: 4 },
                direction: Some(Dir::RIGHT),
                to: None,
                size: Size::Small,
                there_and_back: false,
            }),
            _ if act.path == Some(PathWord::Circle) || (act.turns.is_some() && act.to.is_none()) => {
                MovementKind::Path(self.circle(hand, subject, act))
            }
            _ => MovementKind::Path(self.travel(hand, act)),
        }
    }

    /// 点动 of a hand with one finger out, or with its tips together: the hand dabs.
    fn dabs(&self, hand: Hand, act: &Act) -> bool {
        let closed = self.step.hands[hand.index()].now.as_ref().is_some_and(|now| {
            let joined = now
                .touches
                .iter()
                .any(|touch| matches!(touch, FingerTouch::ThumbTipToTip(_) | FingerTouch::CrossedOverNext(_)));
            hs::out(now).count() == 1 || joined
        });
        let of_several = match act.topic.fingers {
            Some(Fingers::Set(set)) => set.count() > 1,
            Some(_) => true,
            None => false,
        };
        closed && !of_several && act.text.contains("点动")
    }

    pub(super) fn travel(&self, hand: Hand, act: &Act) -> Path {
        let to = match &act.to {
            Some(End::Site(site)) if !self.on_itself(hand, site) => Some(self.goal_place(hand, site, act)),
            _ => None,
        };
        let over = act
            .past
            .as_ref()
            .filter(|_| to.is_none())
            .map(|site| self.place(hand, site, HandPart::Palm, Distance::Near));
        let to = to.or(over);
        let mut direction = self.heading(hand, act);
        if let (None, None) = (direction, to) {
            direction = Some(match act.verb {
                Some(Verb::Stop) => Dir::DOWN,
                Some(Verb::Tremble) => {
                    DirWord { sideways: Sideways::Slant, ..DirWord::new(0.0, 0.0, 0.0) }.resolve(hand)
                }
                Some(Verb::Swing) => DirWord { sideways: Sideways::Slant, ..DirWord::new(0.0, 0.0, 0.0) }.resolve(hand),
                _ if act.path.is_some() => DirWord::ONE_SIDE.resolve(hand),
                // 从左手掌心前划过: across it.
                _ if ["划过", "掠过", "滑过", "擦过", "扫过", "飘过"].iter().any(|verb| act.text.contains(verb)) => {
                    DirWord::APART.resolve(hand)
                }
                // 指尖朝下，插动: where the tips point.
                _ if act.text.contains(['插', '戳', '扎', '刺', '啄', '捣']) => {
                    self.step.hands[hand.index()].said.tips.unwrap_or(Dir::FORWARD)
                }
                // 抽出, 拔出: up out of an upright ring, else away from the other hand.
                _ if act.text.contains('出') && at_other(self.step.hands[hand.index()].goal) => {
                    let radial = self.step.hands[hand.other().index()].said.radial;
                    if radial.is_some_and(|radial| radial.vec().y > 0.7) {
                        Dir::UP
                    } else {
                        DirWord::APART.resolve(hand)
                    }
                }
                _ => Dir::FORWARD,
            });
        }
        let heading = direction.unwrap_or(Dir::FORWARD);
        let across = if heading.vec().y.abs() > 0.7 { Dir::RIGHT } else { Dir::UP };
        let shape = match act.path {
            _ if act.has(Adverb::Stepwise) => PathShape::Steps { stops: act.times.unwrap_or(A_FEW) },
            Some(PathWord::Arc) => PathShape::Arc(ArcPlane::Usual),
            Some(PathWord::Wave) => PathShape::Wave { across: wave_across(act, heading, across), waves: 3 },
            Some(PathWord::ZigZag) => PathShape::ZigZag { across, strokes: 4 },
            Some(PathWord::Spiral) => PathShape::Circle { axis: heading, turns: 2.0 },
            _ if act.along.is_some() && to.is_none() => PathShape::Straight,
            _ => PathShape::Straight,
        };
        let swings = matches!(act.verb, Some(Verb::Swing | Verb::Tremble))
            || act.has(Adverb::BackAndForth)
            || (act.axis.is_some_and(|axis| axis != Axis::Slanting || act.dirs.is_empty())
                && act.verb != Some(Verb::Part));
        let repeated = act.times.is_some_and(|times| times > 1) && !matches!(shape, PathShape::Steps { .. });
        let size = match act.verb {
            Some(Verb::Tremble | Verb::Stop) => Size::Small,
            Some(Verb::Cross) => Size::Large,
            // 交错: past each other.
            _ if act.has(Adverb::Crosswise) && act.dirs.iter().any(|dir| dir.sideways == Sideways::Inward) => {
                Size::Large
            }
            _ => Size::Normal,
        };
        Path {
            shape,
            direction: if to.is_some() && act.dirs.is_empty() { None } else { direction },
            to,
            size: sized(size, &act.adverbs, act.large, act.small),
            there_and_back: swings || repeated,
        }
    }

    fn goal_place(&self, hand: Hand, site: &SitePhrase, act: &Act) -> Place {
        let of_hand = matches!(&site.of, SiteOf::Hand { topic, .. } if *topic != Topic::default());
        let distance = if of_hand { Distance::Contact } else { Distance::Near };
        let state = &self.step.hands[hand.index()];
        let on_body = |place: &Place| matches!(place.site, Site::Body { .. }) && place.distance == Distance::Contact;
        let part = self.mover(hand, act).unwrap_or_else(|| match state.place {
            _ if of_hand => contact_part(state, ContactKind::Touch),
            // 食指尖自咽喉部划至腰部: what touches goes on along the body.
            Some(place) if on_body(&place) && matches!(site.of, SiteOf::Body(_)) => place.part,
            _ => HandPart::Palm,
        });
        self.place(hand, site, part, distance)
    }
}

pub(super) fn at_other(place: Option<Place>) -> bool {
    place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)))
}

/// 起伏 goes up and down; a curve on the level from side to side.
fn wave_across(act: &Act, heading: Dir, usual: Dir) -> Dir {
    let level = heading.vec().z.abs() > 0.7;
    if level && !act.text.contains("起伏") && !act.text.contains('浪') { Dir::RIGHT } else { usual }
}
