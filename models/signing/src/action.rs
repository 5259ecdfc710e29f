//! What a step does: a tree of movements.

use serde::{Deserialize, Serialize};

use crate::{
    handshape::{Finger, Handshape},
    place::{HandPart, Place},
    space::{Dir, Hand},
};

/// Movements in sequence, at once, or repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// One after the other; empty: the hands only take their configuration.
    Seq(Vec<Action>),
    /// All at once (边…边…, 同时); each is stretched to the longest.
    Par(Vec<Action>),
    /// The same again.
    Repeat {
        /// How often in all; 1 to [`Action::MAX_TIMES`].
        times: u32,
        /// What.
        action: Box<Action>,
    },
    /// One movement.
    Move(Movement),
}

impl Action {
    /// No sign repeats more often; more is a mistake in the description.
    pub const MAX_TIMES: u32 = 20;

    /// No movement.
    pub const NONE: Self = Self::Seq(Vec::new());

    /// Every movement in the tree, in reading order.
    pub fn movements(&self) -> Vec<&Movement> {
        match self {
            Self::Seq(parts) | Self::Par(parts) => parts.iter().flat_map(Self::movements).collect(),
            Self::Repeat { action, .. } => action.movements(),
            Self::Move(movement) => vec![movement],
        }
    }
}

/// Which hand moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandSelector {
    /// One hand; the other stays.
    One(Hand),
    /// Both, the weak hand as the step's symmetry says (mirrored, parallel, alternating).
    ///
    /// The movement is written for the dominant hand.
    Both,
}

/// How large a movement is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// 微: about a third of the usual.
    Small,
    /// Usual.
    Normal,
    /// 大: about one and a half of the usual.
    Large,
    /// So many metres on a body of 1.70 m.
    Metres(f32),
}

/// How fast a movement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speed {
    /// 缓慢
    Slow,
    /// Usual.
    Normal,
    /// 快速, 迅速, 突然
    Fast,
}

/// How a movement is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Manner {
    /// How fast.
    pub speed: Speed,
    /// 用力: tense, with a sharp start.
    pub forceful: bool,
    /// 一顿: ends in a sudden stop with a short hold.
    pub stop: bool,
}

impl Manner {
    /// Nothing special.
    pub const USUAL: Self = Self { speed: Speed::Normal, forceful: false, stop: false };
}

/// One movement of one hand, or of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// Which hand.
    pub hand: HandSelector,
    /// What it does.
    pub kind: MovementKind,
    /// How.
    pub manner: Manner,
}

/// What a hand does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// The hand travels.
    Path(Path),
    /// The hand turns on the spot.
    Rotate(Rotation),
    /// The hand turns until palm, fingers or web face a direction (翻转为掌心向上); what is `None` is free.
    Orient {
        /// The palm's outward normal.
        palm: Option<Dir>,
        /// From the wrist to the middle knuckle.
        fingers: Option<Dir>,
        /// The thumb's side of the hand (虎口).
        radial: Option<Dir>,
    },
    /// The hand takes another shape.
    Shape(Handshape),
    /// Fingers move by themselves.
    Finger(FingerMotion),
    /// The hand meets something.
    Contact(Contact),
    /// Nothing moves for a while.
    Hold {
        /// In units of an ordinary movement's duration.
        beats: f32,
    },
}

/// A hand's way through space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Its form.
    pub shape: PathShape,
    /// Where it heads; `None` if `to` says it, or for a circle.
    pub direction: Option<Dir>,
    /// Where it ends, if the form names a place.
    pub to: Option<Place>,
    /// Its length, or for a circle its diameter.
    pub size: Size,
    /// Whether the hand comes back to where it started (来回, 晃动, 摆动).
    pub there_and_back: bool,
}

/// The plane in which an arc bulges.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArcPlane {
    /// Upwards, or forwards for a vertical path.
    Usual,
    /// Towards a direction.
    Towards(Dir),
}

/// The form of a path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathShape {
    /// 直线
    Straight,
    /// 弧形
    Arc(ArcPlane),
    /// 转圈, about `axis`, right-handed: seen with the axis pointing at the viewer it runs counter-clockwise.
    Circle {
        /// The axis.
        axis: Dir,
        /// How many turns; a half circle is 0.5.
        turns: f32,
    },
    /// 曲折: sharp turns from side to side.
    ZigZag {
        /// From side to side along this.
        across: Dir,
        /// How many strokes.
        strokes: u32,
    },
    /// 波纹, 曲线, 起伏: smooth turns from side to side.
    Wave {
        /// From side to side along this.
        across: Dir,
        /// How many waves.
        waves: u32,
    },
    /// 一顿一顿: straight, with stops.
    Steps {
        /// How many stops.
        stops: u32,
    },
    /// 书空, 划“X”形: strokes of a figure. Each point is metres from the start on a body of 1.70 m.
    Trace(Vec<Vec<[f32; 3]>>),
}

/// What a rotation turns about.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RotationAxis {
    /// The forearm's length (转腕, 翻转): positive turns the palm up (supination).
    Forearm,
    /// The wrist bends (点头状): positive towards the palm.
    WristFlexion,
    /// The wrist sways: positive towards the thumb.
    WristSway,
    /// The forearm swings about the elbow, in the plane given by its normal.
    ElbowSwing(Dir),
    /// The whole hand about an axis through it, right-handed.
    About(Dir),
}

/// A hand turns on the spot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rotation {
    /// About what.
    pub axis: RotationAxis,
    /// How far, radians.
    pub angle_rad: f32,
    /// Whether it comes back (晃动, 转动几下).
    pub there_and_back: bool,
}

/// Fingers that move by themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FingerMotion {
    /// What they do.
    pub kind: FingerMotionKind,
    /// Which fingers.
    pub fingers: Vec<Finger>,
    /// How often.
    pub times: u32,
}

/// What fingers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FingerMotionKind {
    /// 交替点动: one after the other, as on keys.
    Wiggle,
    /// 弯动: bend and straighten together.
    Bend,
    /// 开合: open and close against the thumb.
    OpenClose,
    /// 互捻: the thumb rubs the fingers.
    Rub,
    /// 弹: flick out from the thumb.
    Flick,
    /// 颤动: tremble.
    Tremble,
}

/// How a contact is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// 碰, 点, 敲: meets and leaves.
    Tap,
    /// 贴, 抵, 按: meets and stays.
    Touch,
    /// 摸, 抹, 划: moves along what it touches.
    Brush,
    /// 握, 捏住, 抓: closes on it.
    Grasp,
    /// 插入: goes between or into.
    Insert,
}

/// A hand meets a place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// How.
    pub kind: ContactKind,
    /// The part that meets, what it meets, and where.
    pub place: Place,
    /// For a brush: the direction along the surface.
    pub along: Option<Dir>,
    /// For a tap: how far the hand backs off, the usual size being about 6 cm.
    pub size: Size,
}

impl Contact {
    /// The part that meets.
    pub const fn part(&self) -> HandPart {
        self.place.part
    }
}
