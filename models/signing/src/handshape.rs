//! What the fingers of one hand do.

use serde::{Deserialize, Serialize};

/// A finger, the thumb first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finger {
    /// 拇指
    Thumb,
    /// 食指
    Index,
    /// 中指
    Middle,
    /// 无名指
    Ring,
    /// 小指
    Little,
}

impl Finger {
    /// All five, from the thumb.
    pub const ALL: [Self; 5] = [Self::Thumb, Self::Index, Self::Middle, Self::Ring, Self::Little];
    /// The four without the thumb, from the index finger.
    pub const LONG: [Self; 4] = [Self::Index, Self::Middle, Self::Ring, Self::Little];

    /// 0 for the thumb to 4 for the little finger.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Joint angles of one of the four long fingers, radians. All zero is straight.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct FingerFlex {
    /// Flexion at the knuckle (MCP): −0.5 (bent back) to 1.6.
    pub mcp: f32,
    /// Flexion at the middle joint (PIP): 0 to 1.9.
    pub pip: f32,
    /// Flexion at the end joint (DIP): 0 to 1.4.
    pub dip: f32,
    /// Abduction at the knuckle, away from the middle finger (for the middle finger: towards the
    /// thumb): −0.35 to 0.45. Negative values cross a finger over its neighbour.
    pub spread: f32,
}

impl FingerFlex {
    /// Straight.
    pub const STRAIGHT: Self = Self { mcp: 0.0, pip: 0.0, dip: 0.0, spread: 0.0 };
    /// Closed into the palm.
    pub const CLOSED: Self = Self { mcp: 1.5, pip: 1.75, dip: 1.1, spread: 0.0 };
}

/// Joint angles of the thumb, radians.
///
/// `abduction` and `opposition` turn its base (CMC), then two hinges bend it. All zero is a
/// straight thumb that lies in the plane of the palm along the index finger's side.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ThumbFlex {
    /// Away from the index finger within the plane of the palm: 0 to 1.2.
    pub abduction: f32,
    /// Out of that plane, across the palm, towards the little finger: −0.2 to 1.4.
    pub opposition: f32,
    /// Flexion of the first hinge (MCP): −0.2 to 1.1.
    pub mcp: f32,
    /// Flexion of the second hinge (IP): −0.3 to 1.4.
    pub ip: f32,
}

/// Two parts of the same hand that touch, whatever the proportions of the body: motion closes what
/// the angles leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FingerTouch {
    /// The thumb's tip meets this finger's tip (捏, 圆形).
    ThumbTipToTip(Finger),
    /// The thumb's pad lies on the back of this finger's middle segment.
    ThumbOver(Finger),
    /// The thumb's tip lies at the base of this finger (按于根部).
    ThumbToBase(Finger),
    /// The thumb's tip touches the side of this finger's middle joint (K).
    ThumbToMiddleJoint(Finger),
    /// This finger lies across the back of the next one (相叠, towards the little finger).
    CrossedOverNext(Finger),
}

/// What the fingers of one hand do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handshape {
    /// What a reader calls it, such as `伸食指` or `字母A`; no meaning for motion.
    pub name: String,
    /// The thumb.
    pub thumb: ThumbFlex,
    /// Index, middle, ring, little.
    pub fingers: [FingerFlex; 4],
    /// Contacts within the hand.
    pub touches: Vec<FingerTouch>,
}
