//! What is known of a step while its clauses are read.

use signing::{Dir, Hand, Handshape, Manner, MovementKind, PathShape, Place, Site, TimedNonManual};

use crate::description::{item::Act, words::FingerSet};

/// Who a clause speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    One(Hand),
    Both,
}

impl Subject {
    pub(super) const fn hands(self) -> &'static [Hand] {
        match self {
            Self::One(Hand::Dominant) => &[Hand::Dominant],
            Self::One(Hand::Weak) => &[Hand::Weak],
            Self::Both => &Hand::BOTH,
        }
    }
}

/// What is known of one hand.
#[derive(Debug, Clone, Default)]
pub(super) struct HandState {
    /// It takes part.
    pub(super) present: bool,
    /// It has moved: what comes now is a change.
    pub(super) moved: bool,
    /// How it begins.
    pub(super) shape: Option<Handshape>,
    /// How it is by now.
    pub(super) now: Option<Handshape>,
    /// The fingers that its phrases have named.
    pub(super) named: FingerSet,
    /// What the description says.
    pub(super) said: Axes,
    /// What a posture word implies if nothing else is said.
    pub(super) implied: Axes,
    pub(super) place: Option<Place>,
    /// Where it met something last: the goal of later 敲两下.
    pub(super) goal: Option<Place>,
}

impl HandState {
    /// Whether anything is said of how it begins.
    pub(super) fn is_told(&self) -> bool {
        let axes = self.said != Axes::default() || self.implied != Axes::default();
        self.shape.is_some() || axes || self.place.is_some()
    }

    /// （二）左手不动: a hand of which the step says no more is as it was at the end of the step before.
    pub(super) fn carry_on(&mut self, before: &Self) {
        if !self.present || !before.present || self.is_told() {
            return;
        }
        self.shape.clone_from(&before.now);
        self.now.clone_from(&before.now);
        self.said = before.said;
        self.implied = before.implied;
        if !self.moved {
            self.place = before.place.filter(|place| matches!(place.site, Site::Body { .. }));
        }
    }
}

/// Directions of a hand.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Axes {
    pub(super) palm: Option<Dir>,
    /// From the wrist to the knuckles.
    pub(super) fingers: Option<Dir>,
    pub(super) radial: Option<Dir>,
    /// Where the fingertips point, whatever the fingers' bend.
    pub(super) tips: Option<Dir>,
}

/// A movement tree before it is settled how the weak hand's movements are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Seq(Vec<Node>),
    Par(Vec<Node>),
    Repeat(u32, Box<Node>),
    One(Hand, MovementKind, Manner),
    /// Both hands: the dominant hand's and the weak hand's movement.
    Both {
        dominant: MovementKind,
        weak: MovementKind,
        manner: Manner,
        alternating: bool,
    },
}

impl Node {
    pub(super) fn depth(&self) -> usize {
        match self {
            Self::Seq(parts) | Self::Par(parts) => 1 + parts.iter().map(Self::depth).max().unwrap_or(0),
            Self::Repeat(_, part) => 1 + part.depth(),
            // Both may be written as two at once.
            Self::Both { .. } => 1,
            Self::One(..) => 0,
        }
    }

    /// Whether it is a movement that meets nothing.
    pub(super) fn is_free(&self) -> bool {
        !matches!(
            self,
            Self::One(_, MovementKind::Contact(_), _) | Self::Both { dominant: MovementKind::Contact(_), .. }
        )
    }

    /// Whether it goes to and fro, or round.
    pub(super) fn keeps_on(&self) -> bool {
        let turns = |kind: &MovementKind| match kind {
            MovementKind::Path(path) => path.there_and_back || matches!(path.shape, PathShape::Circle { .. }),
            MovementKind::Rotate(rotation) => rotation.there_and_back,
            MovementKind::Finger(_) => true,
            _ => false,
        };
        match self {
            Self::Repeat(_, part) => part.keeps_on(),
            Self::One(_, kind, _) | Self::Both { dominant: kind, .. } => turns(kind),
            Self::Seq(_) | Self::Par(_) => false,
        }
    }

    /// The last movement of `hand`.
    pub(super) fn last_of(&self, hand: Hand) -> Option<&MovementKind> {
        match self {
            Self::Seq(parts) | Self::Par(parts) => parts.iter().rev().find_map(|part| part.last_of(hand)),
            Self::Repeat(_, part) => part.last_of(hand),
            Self::One(of, kind, _) => (*of == hand).then_some(kind),
            Self::Both { dominant, weak, .. } => Some(if hand == Hand::Dominant { dominant } else { weak }),
        }
    }

    /// Both hands' movements, in reading order.
    pub(super) fn pairs(&self) -> Vec<(&MovementKind, &MovementKind, bool)> {
        match self {
            Self::Seq(parts) | Self::Par(parts) => parts.iter().flat_map(Self::pairs).collect(),
            Self::Repeat(_, part) => part.pairs(),
            Self::Both { dominant, weak, alternating, .. } => vec![(dominant, weak, *alternating)],
            Self::One(..) => Vec::new(),
        }
    }

    /// Calls `change` on every movement's manner and kind.
    pub(super) fn each(&mut self, change: &mut impl FnMut(&mut MovementKind, &mut Manner)) {
        match self {
            Self::Seq(parts) | Self::Par(parts) => parts.iter_mut().for_each(|part| part.each(change)),
            Self::Repeat(_, part) => part.each(change),
            Self::One(_, kind, manner) => change(kind, manner),
            Self::Both { dominant, weak, manner, .. } => {
                change(dominant, manner);
                change(weak, manner);
            }
        }
    }
}

/// A step that is being read.
#[derive(Debug, Clone, Default)]
pub(super) struct StepState {
    pub(super) hands: [HandState; 2],
    pub(super) actions: Vec<Node>,
    /// The last action is a change of configuration that further changes join.
    pub(super) reconfiguring: bool,
    /// The last action was told by 边 and waits for what goes on meanwhile.
    pub(super) at_once: bool,
    pub(super) nonmanuals: Vec<TimedNonManual>,
    /// Hands were told of as 双手 first.
    pub(super) as_pair: bool,
    /// What is imitated, for a step that tells of no movement.
    pub(super) mime: Option<Act>,
    /// 一手 was said.
    pub(super) one_named: bool,
    /// How many clauses in a row said where one of the hands is (左手在上).
    pub(super) sided: u8,
}
