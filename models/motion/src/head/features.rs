//! What the head sees of one configuration: numbers by index, about −1 to 1 each.
//!
//! | part | how many | what |
//! | --- | --- | --- |
//! | form | [`OF_FORM`] | the step itself: both hands' shape, directions, place; symmetry; what its action does |
//! | planned | [`OF_PLAN`] | what planning found: ways, turns and times, by hand |
//! | around | [`OF_AROUND`] | sentence, token and body it is in |
//! | next | [`OF_FORM`] + 2 | the first step of the next sign of the sentence, if there is one |
//!
//! Nothing of planning's own parameters is in it, only what it arrives at, in metres, radians and seconds: weights outlive
//! changes of planning. They don't outlive a change of this list, for which [`FEATURES_VERSION`] stands.

use signing::{
    Action, Boundary, ContactKind, HandConfig, HandPart, Hands, Lateral, Movement, MovementKind, Origin, PathShape,
    Place, SentenceType, SignSentence, Site, Size, Speed, Step, Symmetry,
};

use crate::{
    hand::{DIGITS, digits_of},
    rig::Rig,
    track::HandState,
};

/// Raise it whenever an index of this file changes its meaning: weights of another version are refused.
pub const FEATURES_VERSION: u32 = 1;

const SITES: usize = 33;
const PARTS: usize = 8;
const OF_PLACE: usize = 4 + 1 + 3 + SITES + 3 + 2 * PARTS;
const OF_CONFIG: usize = 1 + DIGITS + 4 + 4 + OF_PLACE;
const KINDS: usize = 9;
const OF_ACTION: usize = KINDS + 3 + 4 + 5 + OF_PLACE + 3;
/// Numbers of a step.
pub(crate) const OF_FORM: usize = 2 * OF_CONFIG + 4 + OF_ACTION + 1;
/// Numbers of what planning found.
pub(crate) const OF_PLAN: usize = 2 * 15 + 2;
/// Numbers of what is around it.
pub(crate) const OF_AROUND: usize = 5 + 4 + 7 + 8 + 4;
/// Numbers of a configuration.
pub const FEATURES: usize = OF_FORM + OF_PLAN + OF_AROUND + OF_FORM + 2;

/// What the head sees of one configuration.
pub type Features = [f32; FEATURES];

/// Fills an array from the front.
struct Writer<'a> {
    into: &'a mut [f32],
    at: usize,
}

impl Writer<'_> {
    fn put(&mut self, value: f32) {
        if let Some(slot) = self.into.get_mut(self.at) {
            *slot = if value.is_finite() { value.clamp(-4.0, 4.0) } else { 0.0 };
        }
        self.at += 1;
    }

    fn flag(&mut self, value: bool) {
        self.put(if value { 1.0 } else { 0.0 });
    }

    fn many(&mut self, values: &[f32]) {
        values.iter().for_each(|value| self.put(*value));
    }

    /// One of `count`; all zero for `None`.
    fn one_of(&mut self, index: Option<usize>, count: usize) {
        for slot in 0..count {
            self.flag(index == Some(slot));
        }
    }

    /// What is not there is zero.
    fn skip(&mut self, count: usize) {
        self.at += count;
    }
}

/// The numbers of a step.
pub(crate) fn of_step(step: &Step) -> [f32; OF_FORM] {
    let mut numbers = [0.0; OF_FORM];
    let mut to = Writer { into: &mut numbers, at: 0 };
    for hand in signing::Hand::BOTH {
        match step.hands.config(hand) {
            Some(config) => put_config(&mut to, config),
            None => to.skip(OF_CONFIG),
        }
    }
    let symmetry = match step.hands {
        Hands::Two { symmetry, .. } => Some(match symmetry {
            Symmetry::Mirror => 0,
            Symmetry::Parallel => 1,
            Symmetry::Alternating => 2,
            Symmetry::Independent => 3,
        }),
        Hands::None | Hands::One(_) => None,
    };
    to.one_of(symmetry, 4);
    put_action(&mut to, &step.action);
    to.flag(!step.nonmanuals.is_empty());
    numbers
}

fn put_config(to: &mut Writer<'_>, config: &HandConfig) {
    to.flag(true);
    to.many(&digits_of(&config.shape));
    for direction in [config.palm, config.fingers] {
        to.flag(direction.is_some());
        to.many(&direction.map_or([0.0; 3], Into::into));
    }
    match &config.place {
        Some(place) => put_place(to, place),
        None => to.skip(OF_PLACE),
    }
}

fn put_place(to: &mut Writer<'_>, place: &Place) {
    let (kind, site, lateral, other, point) = match place.site {
        Site::Body { site, lateral } => (0, Some(site as usize), Some(lateral), None, [0.0; 3]),
        Site::OtherHand(part) => (1, None, None, Some(part), [0.0; 3]),
        Site::Space(point) => (2, None, None, None, [point.x, point.y, point.z]),
    };
    to.one_of(Some(kind), 3);
    to.flag(place.distance == signing::Distance::Contact && kind != 2);
    to.put(place.offset.iter().map(|metres| metres.abs()).sum::<f32>() * 5.0);
    to.many(&point);
    to.one_of(site, SITES);
    to.one_of(
        lateral.map(|lateral| match lateral {
            Lateral::Left => 0,
            Lateral::Centre => 1,
            Lateral::Right => 2,
        }),
        3,
    );
    to.one_of(Some(group_of(place.part)), PARTS);
    to.one_of(other.map(group_of), PARTS);
}

/// Parts of a hand that touch alike.
const fn group_of(part: HandPart) -> usize {
    match part {
        HandPart::Palm | HandPart::PalmHeel => 0,
        HandPart::Back | HandPart::Knuckles => 1,
        HandPart::RadialEdge | HandPart::Web => 2,
        HandPart::UlnarEdge => 3,
        HandPart::Fingertips | HandPart::Tip(_) => 4,
        HandPart::FingerPads | HandPart::Pad(_) => 5,
        HandPart::FingerBacks
        | HandPart::FingerBack(_)
        | HandPart::FingerSide(_)
        | HandPart::MiddleJoint(_)
        | HandPart::Base(_)
        | HandPart::Gap(_) => 6,
        HandPart::Wrist
        | HandPart::WristBack
        | HandPart::ForearmInner
        | HandPart::ForearmOuter
        | HandPart::Elbow
        | HandPart::ElbowInner
        | HandPart::UpperArm => 7,
    }
}

const fn kind_of(kind: &MovementKind) -> usize {
    match kind {
        MovementKind::Path(path) => match path.shape {
            PathShape::Straight => 0,
            PathShape::Arc(_) | PathShape::Circle { .. } => 1,
            _ => 2,
        },
        MovementKind::Rotate(_) => 3,
        MovementKind::Orient { .. } => 4,
        MovementKind::Shape(_) => 5,
        MovementKind::Finger(_) => 6,
        MovementKind::Contact(_) => 7,
        MovementKind::Hold { .. } => 8,
    }
}

fn put_action(to: &mut Writer<'_>, action: &Action) {
    let movements = action.movements();
    let mut counts = [0.0; KINDS];
    for movement in &movements {
        counts[kind_of(&movement.kind)] += 0.5;
    }
    to.many(&counts);
    let path = movements.iter().find_map(|movement| match &movement.kind {
        MovementKind::Path(path) => Some(path),
        _ => None,
    });
    to.many(&path.and_then(|path| path.direction).map_or([0.0; 3], Into::into));
    to.put(path.map_or(0.0, |path| size_of(path.size)));
    to.flag(path.is_some_and(|path| path.there_and_back));
    to.put(repeats(action) as f32 * 0.25);
    to.put(movements.iter().map(|movement| turn_of(movement)).sum::<f32>() * 0.3);
    let contact = movements.iter().find_map(|movement| match &movement.kind {
        MovementKind::Contact(contact) => Some(contact),
        _ => None,
    });
    to.one_of(
        contact.map(|contact| match contact.kind {
            ContactKind::Tap => 0,
            ContactKind::Touch => 1,
            ContactKind::Brush => 2,
            ContactKind::Grasp => 3,
            ContactKind::Insert => 4,
        }),
        5,
    );
    match contact.map(|contact| contact.place).or_else(|| path.and_then(|path| path.to)) {
        Some(place) => put_place(to, &place),
        None => to.skip(OF_PLACE),
    }
    let any = |asked: fn(&Movement) -> bool| movements.iter().any(|movement| asked(movement));
    to.flag(any(|movement| movement.manner.forceful || movement.manner.stop));
    to.flag(any(|movement| movement.manner.speed == Speed::Slow));
    to.flag(any(|movement| movement.manner.speed == Speed::Fast));
}

const fn size_of(size: Size) -> f32 {
    match size {
        Size::Small => 0.36,
        Size::Normal => 1.0,
        Size::Large => 1.5,
        Size::Metres(metres) => metres * 6.0,
    }
}

fn turn_of(movement: &Movement) -> f32 {
    match &movement.kind {
        MovementKind::Rotate(rotation) => rotation.angle_rad,
        _ => 0.0,
    }
}

fn repeats(action: &Action) -> u32 {
    match action {
        Action::Seq(parts) | Action::Par(parts) => parts.iter().map(repeats).max().unwrap_or(0),
        Action::Repeat { times, action } => times.saturating_add(repeats(action)),
        Action::Move(_) => 0,
    }
}

/// What planning found for one hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HandPlan {
    pub(crate) from: HandState,
    /// `None` if the hand takes no part.
    pub(crate) to: Option<HandState>,
    /// Whether it sets out from rest.
    pub(crate) resting: bool,
}

/// What planning found for a configuration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepPlan {
    pub(crate) hands: [HandPlan; 2],
    /// Time of the way there, seconds.
    pub(crate) arrival: f64,
    /// Time of the movement, seconds; 0 for none.
    pub(crate) action: f64,
}

fn put_plan(to: &mut Writer<'_>, plan: &StepPlan, rig: &Rig) {
    for hand in &plan.hands {
        let from = hand.from.wrist() / rig.scale;
        to.flag(hand.resting);
        to.many(&[from.x * 3.0, from.y - 1.2, from.z * 3.0]);
        let Some(target) = &hand.to else {
            to.skip(11);
            continue;
        };
        let way = target.wrist() / rig.scale - from;
        let bent = hand.from.digits.iter().zip(target.digits).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        to.flag(true);
        to.many(&[way.x * 3.0, way.y * 3.0, way.z * 3.0, way.length() * 3.0]);
        to.many(&[hand.from.turn.angle_between(target.turn), bent]);
        to.many(&[hand.from.touch.body, hand.from.touch.hand, target.touch.body, target.touch.hand]);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a few tenths of a second")]
    to.many(&[plan.arrival as f32 * 3.0, plan.action as f32 * 2.0]);
}

/// The sentence, token and form a configuration is in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around {
    kind: Option<usize>,
    boundary: Option<usize>,
    origin: Option<usize>,
    first: bool,
    last: bool,
    confidence: f32,
    /// Steps of the whole token.
    pub(crate) steps: usize,
    /// Which of them it is.
    pub(crate) step: usize,
    pub(crate) letter: bool,
    pub(crate) pointing: bool,
    pub(crate) mirrored: bool,
    /// Whether both hands may take part.
    pub(crate) both: bool,
}

impl Around {
    /// Of a token; `next` is the one that is signed after it.
    pub(crate) fn of(sentence: &SignSentence, token: usize, next: Option<usize>) -> Self {
        let Some(known) = sentence.tokens.get(token) else { return Self::default() };
        let kind = match sentence.sentence_type {
            SentenceType::Statement => 0,
            SentenceType::YesNoQuestion => 1,
            SentenceType::ContentQuestion => 2,
            SentenceType::Imperative => 3,
            SentenceType::Exclamation => 4,
        };
        let boundary = match known.boundary {
            None => 0,
            Some(Boundary::Phrase) => 1,
            Some(Boundary::Clause) => 2,
            Some(Boundary::Sentence) => 3,
        };
        Self {
            kind: Some(kind),
            boundary: Some(boundary),
            origin: Origin::ALL.iter().position(|origin| *origin == known.origin),
            first: token == 0,
            last: next.is_none(),
            confidence: known.confidence,
            steps: known.forms.iter().map(|form| form.form.steps.len()).sum(),
            ..Self::default()
        }
    }

    fn put(&self, to: &mut Writer<'_>, rig: &Rig) {
        to.one_of(self.kind, 5);
        to.one_of(self.boundary, 4);
        to.one_of(self.origin, 7);
        for flag in [self.first, self.last, self.letter, self.pointing, self.mirrored, self.both] {
            to.flag(flag);
        }
        to.many(&[self.step as f32 * 0.25, self.steps as f32 * 0.25]);
        let (arm, hand) = (&rig.arms[0], &rig.hands[0]);
        let reach = arm.upper + arm.fore;
        to.many(&[
            (rig.scale - 1.0) * 5.0,
            (hand.length() / reach - 0.35) * 10.0,
            (arm.fore / arm.upper - 0.9) * 5.0,
            self.confidence - 0.5,
        ]);
    }
}

/// Everything of one configuration.
pub(crate) fn assemble(
    step: &Step,
    plan: &StepPlan,
    around: &Around,
    next: Option<&(Box<[f32; OF_FORM]>, usize)>,
    rig: &Rig,
) -> Box<Features> {
    let mut numbers = Box::new([0.0; FEATURES]);
    let mut to = Writer { into: numbers.as_mut_slice(), at: 0 };
    to.many(&of_step(step));
    put_plan(&mut to, plan, rig);
    around.put(&mut to, rig);
    match next {
        Some((form, steps)) => {
            to.many(form.as_slice());
            to.flag(true);
            to.put(*steps as f32 * 0.25);
        }
        None => to.skip(OF_FORM + 2),
    }
    debug_assert_eq!(to.at, FEATURES, "every index is written or skipped once");
    numbers
}
