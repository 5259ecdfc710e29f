//! What both notations say of a sign: hands, places and motions, before they become a form.

use signing::{BodySite, Dir, Finger, HandPart, Handshape, TimedNonManual};

use super::{direction::across, hand::FingerPart, report::UnparsedItem};

/// A sign as its notation has it.
#[derive(Debug, Clone, Default)]
pub(super) struct Sign {
    pub(super) steps: Vec<SignStep>,
    pub(super) nonmanuals: Vec<TimedNonManual>,
    pub(super) notes: Vec<String>,
    pub(super) mouthing: Option<String>,
    /// The hands keep what the sign before left them in.
    pub(super) holdover: bool,
    pub(super) clauses: usize,
    pub(super) unparsed: Vec<UnparsedItem>,
}

impl Sign {
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.nonmanuals.is_empty() && self.mouthing.is_none() && !self.holdover
    }
}

/// One configuration of the hands and what they do with it.
#[derive(Debug, Clone, Default)]
pub(super) struct SignStep {
    pub(super) relation: Relation,
    /// Of both hands alike, then the dominant one's own, then the weak one's own.
    pub(super) postures: Split<Posture>,
    pub(super) location: Target,
    pub(super) motion: Vec<Motion>,
    /// Half a period apart.
    pub(super) alternating: bool,
}

/// Which hands, and how the weak one follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Relation {
    /// The dominant hand alone.
    #[default]
    Dominant,
    /// The weak hand alone.
    Weak,
    /// Both; the weak hand's directions are flipped along x, y, z where this says so.
    Both([bool; 3]),
    /// Both take part, but only what is said of both moves both.
    Apart,
}

impl Relation {
    pub(super) const fn is_two_handed(self) -> bool {
        matches!(self, Self::Both(_) | Self::Apart)
    }
}

/// What is said of both hands, of the dominant one, of the weak one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Split<T> {
    pub(super) both: T,
    pub(super) dominant: T,
    pub(super) weak: T,
}

impl<T> Split<T> {
    pub(super) const fn slot(&mut self, whose: Whose) -> &mut T {
        match whose {
            Whose::Both => &mut self.both,
            Whose::Dominant => &mut self.dominant,
            Whose::Weak => &mut self.weak,
        }
    }
}

/// Of whom something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Both,
    Dominant,
    Weak,
}

/// A hand's shape and orientation, as far as they are said.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Posture {
    pub(super) shape: Option<Handshape>,
    pub(super) fingers: Option<Dir>,
    pub(super) palm: Option<Palm>,
}

impl Posture {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is said here, else what `other` says.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self {
            shape: self.shape.clone().or_else(|| other.shape.clone()),
            fingers: self.fingers.or(other.fingers),
            palm: self.palm.or(other.palm),
        }
    }
}

/// How the palm is said to face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Palm {
    /// HamNoSys' symbol: left and up across the extended fingers.
    Symbol { left: f32, up: f32 },
    /// A direction of space.
    Absolute(Dir),
}

impl Palm {
    /// Its normal, for fingers that point this way.
    pub(super) fn normal(self, fingers: Dir) -> Option<Dir> {
        match self {
            Self::Symbol { left, up } => across(fingers, left, up),
            Self::Absolute(dir) => Some(dir),
        }
    }

    pub(super) fn flipped(self, flip: [bool; 3]) -> Self {
        let sign = |flip: bool| if flip { -1.0 } else { 1.0 };
        match self {
            Self::Symbol { left, up } => Self::Symbol { left: left * sign(flip[0]), up: up * sign(flip[1]) },
            Self::Absolute(dir) => Self::Absolute(flipped(dir, flip)),
        }
    }
}

/// Mirrored along the axes that `flip` names.
pub(super) fn flipped(dir: Dir, flip: [bool; 3]) -> Dir {
    let mut vec = dir.vec();
    for (axis, flip) in flip.into_iter().enumerate() {
        if flip {
            vec[axis] = -vec[axis];
        }
    }
    Dir::new(vec).unwrap_or(dir)
}

/// Where hands are or go: each hand's place, and how the hands meet.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Target {
    pub(super) both: Option<Location>,
    pub(super) dominant: Option<Location>,
    pub(super) weak: Option<Location>,
    pub(super) meeting: Option<Meeting>,
}

impl Target {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How two hands are to each other (hand constellation).
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Meeting {
    pub(super) parts: [Option<PartRef>; 2],
    pub(super) contact: Contact,
}

/// A place of one hand.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Location {
    pub(super) site: Option<(SiteRef, Mark)>,
    /// Half-way to this one.
    pub(super) second: Option<(SiteRef, Mark)>,
    pub(super) contact: Contact,
    /// The part of the hand that is there.
    pub(super) part: Option<PartRef>,
    pub(super) behind: bool,
}

/// What a location names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SiteRef {
    /// On the body; whether it comes in pairs, one on each side.
    Body(BodySite, Paired),
    /// On the other hand or arm.
    Other(PartRef),
    /// In the air before the body.
    Neutral,
}

/// Whether a site is one on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paired {
    /// On the midline.
    No,
    /// Both sides; said alone it is the middle between them.
    Middle,
    /// Both sides; said alone it is the hand's own.
    Own,
}

/// Which side of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mark {
    #[default]
    None,
    LeftAt,
    RightAt,
    LeftBeside,
    RightBeside,
    Palmar,
    Dorsal,
    Front,
    Back,
}

impl Mark {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "left_at" => Self::LeftAt,
            "right_at" => Self::RightAt,
            "left_beside" | "left" => Self::LeftBeside,
            "right_beside" | "right" => Self::RightBeside,
            "palmar" => Self::Palmar,
            "dorsal" => Self::Dorsal,
            "front" => Self::Front,
            "back" => Self::Back,
            "radial" => Self::LeftAt,
            "ulnar" => Self::RightAt,
            _ => return None,
        })
    }
}

/// How near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Contact {
    /// At the usual distance.
    #[default]
    None,
    Close,
    Touch,
    ArmExtended,
    Interlock,
    Cross,
}

impl Contact {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "close" => Self::Close,
            "touch" => Self::Touch,
            "armextended" => Self::ArmExtended,
            "interlock" => Self::Interlock,
            "cross" => Self::Cross,
            "medium" | "none" => Self::None,
            _ => return None,
        })
    }

    pub(super) const fn touches(self) -> bool {
        matches!(self, Self::Touch | Self::Interlock | Self::Cross)
    }
}

/// A part of a hand or arm, as named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PartRef {
    pub(super) zone: Option<HandPart>,
    pub(super) part: Option<FingerPart>,
    pub(super) fingers: Vec<Finger>,
    /// Between the fingers named.
    pub(super) between: bool,
    pub(super) mark: Mark,
}

/// Motions of hands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Motion {
    Seq(Vec<Motion>),
    Par(Vec<Motion>),
    /// The dominant hand's, the weak hand's.
    Split(Vec<Motion>, Vec<Motion>),
    /// Of the weak hand only.
    Weak(Vec<Motion>),
    Repeat {
        kind: RepeatKind,
        times: u32,
        grows: Option<bool>,
        shift: Option<(Dir, Option<Sized>)>,
        motion: Box<Motion>,
    },
    Alone(Box<Simple>),
}

/// How a motion is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RepeatKind {
    /// Back to where it began, and again.
    FromStart,
    /// On from where it ended.
    Continue,
    /// There and back again.
    Reverse,
}

/// One motion with its manner and target.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Simple {
    pub(super) what: What,
    pub(super) size: Option<Sized>,
    pub(super) fast: bool,
    pub(super) slow: bool,
    pub(super) tense: bool,
    pub(super) halt: bool,
    pub(super) rest: bool,
    pub(super) brushing: bool,
    pub(super) target: Target,
    /// A change of posture that goes with it.
    pub(super) postures: Split<Posture>,
}

/// Smaller or larger than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sized {
    Small,
    Large,
}

/// What moves.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum What {
    /// Nothing by itself: the target or posture says it all.
    #[default]
    Change,
    /// No motion.
    Still,
    Travel {
        direction: Dir,
        path: Line,
    },
    Circle(Circle),
    Nod,
    Swing,
    Twist,
    Stir {
        clockwise: bool,
    },
    /// Fingers play; none named: those that are out.
    Fingers(Vec<Finger>),
    /// A cross is drawn: an upright one, or one on its side (X).
    Cross {
        slanted: bool,
    },
}

/// A path's form.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Line {
    #[default]
    Straight,
    /// Bulges this far left and up across the path.
    Arc {
        left: f32,
        up: f32,
        size: Option<Sized>,
    },
    /// From side to side: this far left and up across the path, or as is usual.
    Wavy(Option<[f32; 2]>),
    ZigZag(Option<[f32; 2]>),
}

/// A circle or a part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Circle {
    /// Seen along it the hand goes clockwise: right-handed about it.
    pub(super) axis: Dir,
    /// Where it begins and ends, as left and up across the axis.
    pub(super) start: Option<[f32; 2]>,
    pub(super) end: Option<[f32; 2]>,
    /// Whole turns besides.
    pub(super) full: u32,
    /// The long axis of an ellipse, as left and up across the axis.
    pub(super) ellipse: Option<[f32; 2]>,
}
