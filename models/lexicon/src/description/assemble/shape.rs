//! Handshapes and orientations of the hands in question.

use signing::{Dir, Finger, FingerMotion, FingerMotionKind, FingerTouch, Hand, Handshape, Manner, MovementKind, Path};

use super::{
    Actions, Assembler,
    act::{at_other, is_small},
    is_placeholder,
    state::{Axes, Node, Subject},
};
use crate::description::{
    dir::{Axis, DirWord, Sideways},
    handshape as hs,
    item::{Act, Figure, Fingers, Pointing, ShapePhrase, SiteOf, Topic},
    letters, trace,
    words::{Adverb, Bend, FingerSet, FormVerb, Part, Posture, Relation, RoundWord, Verb},
};

impl Assembler<'_> {
    pub(super) fn shape(&mut self, phrase: &ShapePhrase, actions: &mut Actions) {
        if let Some(who) = phrase.who {
            self.who(who);
        }
        let subject = self.subject();
        // 握拳屈肘: the arm has no part in the shape.
        let mut phrase = phrase.clone();
        if phrase.bends.iter().any(|bend| *bend != Bend::ElbowBent) || !phrase.postures.is_empty() {
            phrase.bends.retain(|bend| *bend != Bend::ElbowBent);
        }
        let phrase = &phrase;
        if self.as_way(subject, phrase, actions) || self.as_relation(subject, phrase, actions) {
            return;
        }
        if phrase.parting && phrase.bends.len() == 1 && self.parts_hands(subject) {
            let verb = Some(Verb::Part);
            return self.act(&Act { verb, adverbs: phrase.adverbs.clone(), ..Act::default() }, actions);
        }
        // 向两侧拉开，再合拢: the hands.
        if phrase.closing
            && phrase.bends.len() == 1
            && subject == Subject::Both
            && self.clause.topic == Topic::default()
            && (self.last_way(Hand::Dominant, actions).is_some() || self.step.hands[0].is_told())
        {
            let verb = Some(Verb::Meet);
            let meets = Act { verb, adverbs: phrase.adverbs.clone(), ..Act::default() };
            // 分开、合拢几次: both of them.
            let parts = phrase.times.is_some_and(|times| times > 1) && self.last_way(Hand::Dominant, actions).is_some();
            let parts = parts.then(|| actions.pop()).flatten();
            self.act(&meets, actions);
            if let (Some(parts), Some(times)) = (parts, phrase.times)
                && let Some(closes) = actions.pop()
            {
                actions.push(Node::Repeat(times, Box::new(Node::Seq(vec![parts, closes]))));
            }
            return;
        }
        // 向前推出，再收回: of a hand that has moved and is not told of by its fingers.
        if phrase.bends == [Bend::Withdrawn]
            && phrase.fingers.is_none()
            && self.clause.topic == Topic::default()
            && let Some(way) = self.last_way(subject.hands()[0], actions)
        {
            return self.act(&back_along(way, phrase), actions);
        }
        if phrase.bends == [Bend::ElbowBent] && phrase.fingers.is_none() && phrase.postures.is_empty() {
            return;
        }
        // 慢慢张开, 依次弯曲: how it is done says that it is done.
        let happens = [Adverb::Slow, Adverb::Fast, Adverb::Stepwise].iter().any(|one| phrase.adverbs.contains(one));
        self.clause.changing |= happens && !phrase.bends.is_empty();
        let only_posture = phrase.fingers.is_none() && phrase.bends.is_empty() && phrase.figure.is_none();
        // 一手…，然后双手侧伸: a hand that joins in is open, and so is the one that was formed before.
        if only_posture
            && !phrase.postures.is_empty()
            && subject == Subject::Both
            && self.changes(Hand::Dominant)
            && !self.step.hands[Hand::Weak.index()].is_told()
        {
            let state = &mut self.step.hands[Hand::Dominant.index()];
            state.now = Some(hs::flat());
            state.named = FingerSet::default();
            let opens = Node::One(Hand::Dominant, MovementKind::Shape(hs::flat()), Manner::USUAL);
            self.reconfigure(opens, actions);
        }
        for &hand in subject.hands() {
            let changes = self.changes(hand) || phrase.times.is_some();
            let (shape, named) = self.formed(hand, phrase, changes);
            let state = &mut self.step.hands[hand.index()];
            state.named = FingerSet(state.named.0 | named.0);
            // The posture of a hand that is formed already only says how it is held.
            // 左手横伸，拇指直立: the thumb stands up from a hand that is held as it was.
            let keeps_fingers = phrase.fingers == Some(Fingers::Set(FingerSet(1)))
                && phrase.postures == [Posture::Upright]
                && state.now.as_ref().is_some_and(|now| hs::out(now).0 & !1 != 0);
            let keeps_shape = only_posture && !phrase.postures.is_empty() && state.now.is_some();
            if !changes {
                if !keeps_shape {
                    state.shape = Some(shape.clone());
                    state.now = Some(shape);
                }
                for &posture in &phrase.postures {
                    if keeps_fingers {
                        // Of a palm that looks up the thumb leaves the plane of the hand, which stays as it is.
                        let palm = state.said.palm.or(state.implied.palm);
                        if palm.is_none_or(|palm| palm.vec().y.abs() < 0.7) {
                            state.said.radial = Some(Dir::UP);
                        }
                    } else {
                        state.implied = implied(posture, hand);
                    }
                }
            } else if !keeps_shape {
                state.now = Some(shape);
            }
        }
        let changing: Vec<Hand> = subject.hands().iter().copied().filter(|&hand| self.changes(hand)).collect();
        if let Some(times) = phrase.times {
            return self.repeated_shape(subject, phrase, times, actions);
        }
        if changing.is_empty() {
            return;
        }
        let of = if changing.len() == subject.hands().len() { subject } else { Subject::One(changing[0]) };
        let manner = self.manner(&phrase.adverbs);
        if !only_posture || phrase.postures.is_empty() {
            let now = |hand: Hand| self.step.hands[hand.index()].now.clone().unwrap_or_else(hs::flat);
            let node = self.both(of, manner, false, |hand| MovementKind::Shape(now(hand)));
            self.reconfigure(node, actions);
        }
        for &posture in &phrase.postures {
            let thumb = phrase.fingers == Some(Fingers::Set(FingerSet(1))) && posture == Posture::Upright;
            let node = self.both(of, manner, false, |hand| {
                let axes =
                    if thumb { Axes { radial: Some(Dir::UP), ..Axes::default() } } else { implied(posture, hand) };
                let Axes { palm, fingers, radial, .. } = axes;
                MovementKind::Orient { palm, fingers, radial }
            });
            self.reconfigure(node, actions);
        }
    }

    /// 移动成“S”形: the figure is the way that the hand goes; 向两侧、再向下移动成“∩”形 sums up the ways of two.
    fn as_way(&mut self, subject: Subject, phrase: &ShapePhrase, actions: &mut Actions) -> bool {
        let Some(glyph) = phrase.bare_figure().filter(|glyph| trace::strokes(glyph).is_some()) else { return false };
        let Some(last) = actions.last_mut() else { return false };
        let way = |hand: Hand| match last.last_of(hand) {
            Some(MovementKind::Path(Path { to: None, direction, .. })) => Some(*direction),
            _ => None,
        };
        let ways: Option<Vec<_>> = subject.hands().iter().map(|&hand| way(hand)).collect();
        // 向中间移动成“∧”形: where the hands meet they are the figure.
        let meets = |dir: &Option<Dir>| dir.is_some_and(|dir| dir.vec().x > 0.3);
        if ways.is_none_or(|ways| subject == Subject::Both && ways.first().is_some_and(meets)) {
            return false;
        }
        let act = Act { adverbs: phrase.adverbs.clone(), ..Act::default() };
        let drawn = self.drawn(&Figure::Glyph(glyph.to_owned()), &act);
        match last {
            Node::One(_, kind @ MovementKind::Path(_), _) => *kind = MovementKind::Path(drawn),
            _ => self.notes.push(format!("“{glyph}”形")),
        }
        true
    }

    /// Where the last movement took `hand`, if it was a movement of the hand.
    fn last_way(&self, hand: Hand, actions: &Actions) -> Option<Dir> {
        let last = actions.last().or(self.step.actions.last())?;
        match last.last_of(hand)? {
            MovementKind::Path(path) if !path.there_and_back => path.direction,
            _ => None,
        }
    }

    /// Whether 分开 is said of hands that meet, or that have no two fingers to spread.
    fn parts_hands(&self, subject: Subject) -> bool {
        let meets = |hand: Hand| {
            let state = &self.step.hands[hand.index()];
            let single = state.now.as_ref().is_some_and(|now| hs::out(now).count() < 2);
            at_other(state.goal) || at_other(state.place) || single
        };
        subject == Subject::Both
            && self.clause.topic == Topic::default()
            && Hand::BOTH.into_iter().any(|hand| self.changes(hand))
            && Hand::BOTH.into_iter().any(meets)
    }

    /// 拇、食指相捏两下: to the shape and back.
    fn repeated_shape(&mut self, subject: Subject, phrase: &ShapePhrase, times: u32, actions: &mut Actions) {
        let kind = match phrase.bends.first() {
            Some(Bend::Bent | Bend::Curved | Bend::Hooked) => FingerMotionKind::Bend,
            _ => FingerMotionKind::OpenClose,
        };
        let manner = self.manner(&phrase.adverbs);
        let set = |hand: Hand| match phrase.fingers {
            Some(Fingers::Set(set)) => set,
            _ => self.step.hands[hand.index()].now.as_ref().map_or(FingerSet::ALL, hs::out),
        };
        let node = self.both(subject, manner, false, |hand| {
            MovementKind::Finger(FingerMotion { kind, fingers: set(hand).iter().collect(), times })
        });
        for &hand in subject.hands() {
            self.step.hands[hand.index()].moved = true;
        }
        self.step.reconfiguring = false;
        actions.push(node);
    }

    /// Some words are of a hand's fingers or of both hands: 双手食指相叠, 双手搭成“∧”形, 双手合拢.
    fn as_relation(&mut self, subject: Subject, phrase: &ShapePhrase, actions: &mut Actions) -> bool {
        let set = match phrase.fingers {
            Some(Fingers::Set(set)) => Some(set),
            _ => None,
        };
        // 再捏合 of fingers that were named before: within each hand.
        let named = self.step.hands[subject.hands()[0].index()].named;
        let one_finger = set.map_or(named.count() < 2 || named == FingerSet::ALL, |set| set.count() == 1);
        let both = subject == Subject::Both || phrase.other.is_some();
        // 右手食指直立，搭成“巾”字形: with the other hand.
        let with_other = phrase.fingers.is_none()
            && matches!(&phrase.figure, Some((FormVerb::Build, Figure::Glyph(glyph))) if !hs::glyph(&mut hs::flat(), FingerSet::ALL, glyph))
            && subject.hands().iter().all(|hand| self.step.hands[hand.other().index()].present);
        // 右手食指搭于左手食指上成“十”字形
        let onto = phrase.fingers.is_none()
            && named.count() == 1
            && matches!(&phrase.figure, Some((FormVerb::As, Figure::Glyph(glyph))) if "十×X人入T丁+".contains(glyph.as_str()))
            && subject.hands().iter().all(|hand| {
                let state = &self.step.hands[hand.index()];
                at_other(state.goal) || at_other(state.place)
            });
        let both = both || with_other || onto;
        if let Some((form, figure)) = &phrase.figure {
            let builds = (*form == FormVerb::Build || onto) && both;
            let only_for_two = match figure {
                Figure::Glyph(glyph) => both && !hs::glyph(&mut hs::flat(), set.unwrap_or(FingerSet::ALL), glyph),
                Figure::Round(_) => false,
            };
            if builds || only_for_two {
                self.two_hand_figure(phrase, set, figure, actions);
                return true;
            }
            return false;
        }
        let relation = match phrase.bends[..] {
            [Bend::Crossed] if one_finger && both => Relation::Crossed,
            [Bend::Pinched] if one_finger && both => Relation::Touching,
            _ => return false,
        };
        if let Some(set) = set {
            self.give_fingers(subject, set);
        }
        let topic = Topic { fingers: phrase.fingers, part: None };
        self.relation(topic, None, relation, None, None, actions);
        true
    }

    /// The hands in question stretch these fingers, if nothing is said of their shape yet.
    pub(super) fn give_fingers(&mut self, subject: Subject, set: FingerSet) {
        for &hand in subject.hands() {
            let state = &mut self.step.hands[hand.index()];
            if state.shape.is_none() {
                let shape = if set == FingerSet::ALL { hs::flat() } else { hs::extended(set) };
                state.shape = Some(shape.clone());
                state.now = Some(shape);
                state.named = set;
            }
        }
    }

    /// 捏住, 握住: fingers about to close on something, if nothing is said of their shape yet.
    pub(super) fn give_grasp(&mut self, subject: Subject, topic: Topic) {
        for &hand in subject.hands() {
            let state = &mut self.step.hands[hand.index()];
            if state.shape.is_some() {
                continue;
            }
            let shape = match topic.fingers {
                Some(Fingers::Set(set)) if set != FingerSet::ALL => {
                    state.named = set;
                    hs::about_to_pinch(set)
                }
                _ => hs::about_to_grasp(),
            };
            state.shape = Some(shape.clone());
            state.now = Some(shape);
        }
    }

    /// The shape that the phrase makes of what `hand` has, and the fingers that it names.
    fn formed(&self, hand: Hand, phrase: &ShapePhrase, changes: bool) -> (Handshape, FingerSet) {
        let state = &self.step.hands[hand.index()];
        if let Some(letter) = &phrase.letter {
            let shape = letters::letter(letter).or_else(|| letters::number_named(letter).and_then(letters::number));
            return named(shape.unwrap_or_else(hs::flat));
        }
        if let Some(number) = &phrase.number {
            let shape = match letters::number_named(number).and_then(letters::number) {
                Some(shape) => shape,
                None => self.placeholder(number),
            };
            return named(shape);
        }
        let set = self.fingers_of(phrase, state);
        let fresh = phrase.extended && !changes && state.shape.is_none();
        let explicit = matches!(phrase.fingers, Some(Fingers::Set(_)));
        let mut shape = match &state.now {
            Some(now) if !fresh => now.clone(),
            _ if explicit && set != FingerSet::ALL => hs::extended(set),
            _ => hs::flat(),
        };
        // 伸食指 once more before any movement: another hand, not a further finger.
        if phrase.extended && !changes && explicit && state.now.is_some() && state.named.0 & set.0 == state.named.0 {
            shape = hs::extended(set);
        }
        // 然后伸食指: the finger alone, whatever the hand was.
        if phrase.extended && changes && explicit && set != FingerSet::ALL && set.0 & state.named.0 != state.named.0 {
            shape = hs::extended(set);
        }
        let straightens = phrase.extended || (explicit && !phrase.postures.is_empty());
        if straightens && state.now.is_some() && phrase.figure.is_none() {
            hs::bend(&mut shape, set, Bend::Straight);
        }
        for &bend in &phrase.bends {
            let all = matches!(bend, Bend::Fist | Bend::LooseFist) && phrase.fingers.is_none();
            let bend = match bend {
                // 微…分开 with the adverb apart.
                Bend::Spread if is_small(&phrase.adverbs) => Bend::SlightlySpread,
                Bend::Bent if is_small(&phrase.adverbs) => Bend::Curved,
                // 食、中指相捏: without the thumb fingers can only lie together.
                Bend::Pinched if !set.has(Finger::Thumb) && phrase.fingers.is_some() => Bend::Together,
                bend => bend,
            };
            // 四指与拇指捏合, 捏合 alone: the thumb takes part.
            let thumb = phrase.joins_thumb || matches!(bend, Bend::Pinched | Bend::Bunched) && phrase.fingers.is_none();
            let set = if thumb { FingerSet(set.0 | 1) } else { set };
            // 五指弯曲张开: bent fingers spread as they are; a change to 张开 opens them.
            let bent_here = phrase.bends.iter().any(|bend| matches!(bend, Bend::Bent | Bend::Curved));
            if matches!(bend, Bend::Spread | Bend::SlightlySpread)
                && (bent_here || (!changes && hs::is_open(&shape, set)))
            {
                hs::spread_only(&mut shape, set);
                continue;
            }
            hs::bend(&mut shape, if all { FingerSet::ALL } else { set }, bend);
        }
        if phrase.with_palm {
            hs::right_angle(&mut shape, set);
        } else if let Some((form, figure)) = &phrase.figure {
            match figure {
                // 双手成球形: half of it each.
                Figure::Round(RoundWord::Ball) if *form == FormVerb::As && self.subject == Some(Subject::Both) => {
                    hs::round(&mut shape, set, RoundWord::HalfCircle);
                }
                Figure::Round(round) => hs::round(&mut shape, set, *round),
                Figure::Glyph(glyph) => {
                    hs::glyph(&mut shape, set, glyph);
                }
            }
        }
        let mut name = set.name();
        if phrase.extended {
            name = format!("伸{name}");
        }
        shape.name = match (phrase.bends.last(), &phrase.figure) {
            (Some(Bend::Fist), _) => "握拳".to_owned(),
            (Some(Bend::LooseFist), _) => "虚握".to_owned(),
            (Some(Bend::Bunched), _) => format!("{name}撮合"),
            (Some(Bend::Pinched), _) => format!("{name}相捏"),
            (Some(Bend::Bent), _) => format!("{name}弯曲"),
            (Some(Bend::Curved), _) => format!("{name}微曲"),
            (Some(Bend::Spread), _) => format!("{name}张开"),
            (Some(Bend::Together), _) => format!("{name}并拢"),
            (Some(Bend::Crossed), _) => format!("{name}相叠"),
            (_, Some((_, Figure::Glyph(glyph)))) => format!("{name}成“{glyph}”形"),
            (_, Some((_, Figure::Round(_)))) => format!("{name}成圆形"),
            _ => name,
        };
        (shape, set)
    }

    fn placeholder(&self, number: &str) -> Handshape {
        debug_assert!(is_placeholder(number), "the check lets numbers and placeholders through only");
        self.number.cloned().unwrap_or_else(|| {
            let mut shape = hs::extended(FingerSet::default().with(Finger::Index));
            shape.name = "数字N".to_owned();
            shape
        })
    }

    /// Which fingers a phrase is about: those it names, those its clause is about, those of the hand.
    fn fingers_of(&self, phrase: &ShapePhrase, state: &super::state::HandState) -> FingerSet {
        match phrase.fingers {
            Some(Fingers::Set(set)) => return set,
            Some(Fingers::Others) => {
                // 拇指尖抵于食指根部，其他四指伸直: the thumb was named by what it touches.
                let thumb_touches = state.now.as_ref().is_some_and(|now| {
                    now.touches.iter().any(|touch| !matches!(touch, FingerTouch::CrossedOverNext(_)))
                });
                let named =
                    if state.named == FingerSet::default() && thumb_touches { FingerSet(1) } else { state.named };
                let others = FingerSet::ALL.but(named);
                return if others == FingerSet::default() { FingerSet::LONG } else { others };
            }
            Some(Fingers::Out) => return state.now.as_ref().map_or(FingerSet::ALL, hs::out),
            None => {}
        }
        if let Some(Fingers::Set(set)) = self.clause.topic.fingers {
            return set;
        }
        if state.named == FingerSet::default() { FingerSet::ALL } else { state.named }
    }

    pub(super) fn orient(&mut self, topic: Topic, pointing: &Pointing, actions: &mut Actions) {
        let subject = self.subject();
        // 双手食指指尖朝前: the finger that points is the one that is out.
        if let (Some(Fingers::Set(set)), Some(Part::Tips | Part::Pads)) = (topic.fingers, topic.part)
            && set != FingerSet::ALL
        {
            self.give_fingers(subject, set);
        }
        let mut all = [Axes::default(); 2];
        for &hand in subject.hands() {
            let dir = self.direction(hand, topic, pointing);
            let own = &mut all[hand.index()];
            match topic.part {
                Some(Part::Palm | Part::Fist | Part::Pads | Part::Heel | Part::ElbowInner) => own.palm = Some(dir),
                Some(Part::Back | Part::Backs) => own.palm = Some(-dir),
                Some(Part::Web | Part::Radial) => own.radial = Some(dir),
                Some(Part::Ulnar) => own.radial = Some(-dir),
                Some(Part::Edge) => match topic.fingers {
                    Some(Fingers::Set(set)) if set.has(Finger::Little) => own.radial = Some(-dir),
                    _ => own.radial = Some(dir),
                },
                Some(Part::Wrist | Part::Forearm | Part::Arm | Part::Elbow | Part::UpperArm) => own.fingers = Some(dir),
                Some(Part::Tips | Part::Root | Part::Gap | Part::Joint) | None => {
                    let only_thumb = topic.fingers == Some(Fingers::Set(FingerSet(1)));
                    let thumb_hand =
                        self.step.hands[hand.index()].now.as_ref().is_some_and(|now| hs::out(now) == FingerSet(1));
                    if only_thumb || (thumb_hand && topic.fingers.is_none()) {
                        own.radial = Some(dir);
                    } else {
                        own.tips = Some(dir);
                    }
                }
            }
        }
        let changing = subject.hands().iter().any(|&hand| self.changes(hand));
        if changing {
            let manner = Manner::USUAL;
            let axes = |hand: Hand| all[hand.index()];
            let node = self.both(subject, manner, false, |hand| {
                let Axes { palm, fingers, radial, tips } = axes(hand);
                MovementKind::Orient { palm, fingers: fingers.or(tips), radial }
            });
            return self.reconfigure(node, actions);
        }
        for &hand in subject.hands() {
            let said = &mut self.step.hands[hand.index()].said;
            let new = all[hand.index()];
            said.palm = new.palm.or(said.palm);
            said.radial = new.radial.or(said.radial);
            said.fingers = new.fingers.or(said.fingers);
            said.tips = new.tips.or(said.tips);
        }
    }

    fn direction(&self, hand: Hand, topic: Topic, pointing: &Pointing) -> Dir {
        let sign = |dir: Dir| if hand == Hand::Dominant { dir } else { -dir };
        match pointing {
            // 掌心向斜前方: a hand turned a little towards the middle, as it is by nature.
            Pointing::Dir(dir) if dir.sideways == Sideways::Slant => {
                DirWord { sideways: Sideways::Inward, ..*dir }.resolve(hand)
            }
            Pointing::Dir(dir) => dir.resolve(hand),
            Pointing::Facing(None | Some(Axis::LeftRight)) => sign(Dir::LEFT),
            // The dominant hand is the upper one, or the one in front.
            Pointing::Facing(Some(Axis::UpDown)) => sign(Dir::DOWN),
            Pointing::Facing(Some(Axis::ForwardBack)) => sign(Dir::BACK),
            Pointing::Facing(Some(Axis::Slanting)) => {
                let down = DirWord { sideways: Sideways::Inward, ..DirWord::new(0.0, -0.6, 0.0) };
                let up = DirWord { sideways: Sideways::Inward, ..DirWord::new(0.0, 0.6, 0.0) };
                if hand == Hand::Dominant { down.resolve(hand) } else { up.resolve(hand) }
            }
            Pointing::Opposite(dir) => sign(dir.resolve(Hand::Dominant)),
            Pointing::Site(site) => {
                let _ = topic;
                match &site.of {
                    SiteOf::Body(body) => super::place::towards_body(*body, hand),
                    SiteOf::Hand { .. } => super::place::towards_hand(self.step.hands[hand.index()].place, hand),
                }
            }
        }
    }
}

/// 收回: the movement back.
fn back_along(way: Dir, phrase: &ShapePhrase) -> Act {
    let [left, up, forward] = (-way).into();
    let dirs = vec![DirWord::new(left, up, forward)];
    Act { verb: Some(Verb::Travel(None)), dirs, adverbs: phrase.adverbs.clone(), times: phrase.times, ..Act::default() }
}

fn named(shape: Handshape) -> (Handshape, FingerSet) {
    let set = hs::out(&shape);
    (shape, set)
}

/// What a posture word says of a hand's directions if nothing else is said: the fingers' direction
/// first; a palm or edge that other words may turn.
fn implied(posture: Posture, hand: Hand) -> Axes {
    let across = if hand == Hand::Dominant { Dir::LEFT } else { Dir::RIGHT };
    let axes = |fingers: Dir, palm: Option<Dir>, radial: Option<Dir>| Axes {
        fingers: Some(fingers),
        palm,
        radial,
        tips: None,
    };
    let slant =
        |up: f32, forward: f32| DirWord { sideways: Sideways::Inward, ..DirWord::new(0.0, up, forward) }.resolve(hand);
    match posture {
        Posture::Across => axes(across, Some(Dir::DOWN), None),
        Posture::Upright => axes(Dir::UP, Some(Dir::FORWARD), None),
        Posture::Level => axes(Dir::FORWARD, Some(Dir::DOWN), None),
        Posture::EdgeAcross => axes(across, None, Some(Dir::UP)),
        Posture::EdgeForward => axes(Dir::FORWARD, None, Some(Dir::UP)),
        Posture::Slanting => axes(slant(0.0, 1.0), Some(Dir::DOWN), None),
        Posture::SlantingUp => axes(slant(1.0, 0.0), None, None),
        Posture::Down => axes(Dir::DOWN, Some(Dir::BACK), None),
        Posture::Sideways => axes(-across, Some(Dir::DOWN), None),
    }
}
