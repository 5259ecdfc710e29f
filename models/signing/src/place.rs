//! Where a hand is: on the body, at the other hand, or in space.

use serde::{Deserialize, Serialize};

use crate::handshape::Finger;

/// Which side of the midline a site is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lateral {
    /// The signer's left.
    Left,
    /// On the midline, or the middle of the site.
    Centre,
    /// The signer's right.
    Right,
}

impl Lateral {
    /// Mirrored in the sagittal plane.
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Centre => Self::Centre,
            Self::Right => Self::Left,
        }
    }
}

macro_rules! listed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

listed! {
    /// A place on the body (head, trunk, legs); the arms' places are [`HandPart`]s.
    ///
    /// Paired sites (temple, eye, cheek, shoulder, …) take their side from [`Lateral`]; with
    /// [`Lateral::Centre`] a paired site means the midpoint between both.
    BodySite {
        /// 头顶
        HeadTop,
        /// 头一侧 (paired, above the ear)
        HeadSide,
        /// 后脑
        HeadBack,
        /// 前额
        Forehead,
        /// 太阳穴 (paired)
        Temple,
        /// 眉 (paired)
        Brow,
        /// 眼 (paired)
        Eye,
        /// 面前, 面部: the middle of the face
        Face,
        /// 鼻梁
        NoseBridge,
        /// 鼻尖
        NoseTip,
        /// 鼻翼 (paired)
        Nostril,
        /// 鼻下, between nose and upper lip
        UnderNose,
        /// 脸颊, 腮 (paired)
        Cheek,
        /// 耳 (paired)
        Ear,
        /// 耳垂 (paired)
        Earlobe,
        /// 嘴
        Mouth,
        /// 上嘴唇
        UpperLip,
        /// 下嘴唇
        LowerLip,
        /// 嘴角 (paired)
        MouthCorner,
        /// 颏
        Chin,
        /// 颏下
        UnderChin,
        /// 咽喉
        Throat,
        /// 颈一侧 (paired)
        NeckSide,
        /// 颈后
        NeckBack,
        /// 肩 (paired, its top)
        Shoulder,
        /// 肩前 (paired)
        ShoulderFront,
        /// 胸: the breastbone; with a side, that side of the chest (左胸部)
        Chest,
        /// 心脏部位
        Heart,
        /// 腹
        Belly,
        /// 下腹
        LowerBelly,
        /// 腰 (paired)
        Waist,
        /// 臀, 胯 (paired)
        Hip,
        /// 大腿 (paired)
        Thigh,
    }
}

/// A part of a hand or its arm: the part that touches, or the part that is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandPart {
    /// 掌心
    Palm,
    /// 掌根, the heel of the hand
    PalmHeel,
    /// 手背
    Back,
    /// 虎口, the web between thumb and index finger
    Web,
    /// 手掌的拇指一侧, the index finger's edge
    RadialEdge,
    /// 小鱼际, 小指外侧: the edge of the hand
    UlnarEdge,
    /// 指根, the row of knuckles
    Knuckles,
    /// 指尖: the middle of the tips of the fingers that are out
    Fingertips,
    /// 指面: the pads of the fingers that are out
    FingerPads,
    /// 指背: the backs of the fingers that are out
    FingerBacks,
    /// The tip of one finger
    Tip(Finger),
    /// The pad of one finger's last segment
    Pad(Finger),
    /// The back of one finger's middle segment
    FingerBack(Finger),
    /// The thumb side of one finger's middle segment
    FingerSide(Finger),
    /// The middle joint of one finger (the thumb: its end joint)
    MiddleJoint(Finger),
    /// The base joint of one finger, on its back
    Base(Finger),
    /// 指缝: the gap between this finger and the next towards the little finger
    Gap(Finger),
    /// 腕, palm side
    Wrist,
    /// 腕, back of the hand's side
    WristBack,
    /// 小臂, inner (palm) side
    ForearmInner,
    /// 小臂, outer side
    ForearmOuter,
    /// 肘
    Elbow,
    /// 肘窝
    ElbowInner,
    /// 上臂, outer side
    UpperArm,
}

impl HandPart {
    /// Every part, those of single fingers once a finger.
    pub fn all() -> impl Iterator<Item = Self> {
        let whole = [
            Self::Palm,
            Self::PalmHeel,
            Self::Back,
            Self::Web,
            Self::RadialEdge,
            Self::UlnarEdge,
            Self::Knuckles,
            Self::Fingertips,
            Self::FingerPads,
            Self::FingerBacks,
            Self::Wrist,
            Self::WristBack,
            Self::ForearmInner,
            Self::ForearmOuter,
            Self::Elbow,
            Self::ElbowInner,
            Self::UpperArm,
        ];
        let of_finger = [
            Self::Tip as fn(Finger) -> Self,
            Self::Pad,
            Self::FingerBack,
            Self::FingerSide,
            Self::MiddleJoint,
            Self::Base,
            Self::Gap,
        ];
        whole.into_iter().chain(of_finger.into_iter().flat_map(|part| Finger::ALL.map(part)))
    }
}

/// A point of signing space in the body's own measure, so that it means the same on any body.
///
/// `x`: half shoulder widths to the signer's left of the midline. `y`: 0 at the hips' joint, 1 at
/// the shoulders' joints. `z`: arm lengths (shoulder to wrist) in front of the breastbone's surface.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SpacePoint {
    /// Half shoulder widths, + is the signer's left.
    pub x: f32,
    /// 0 at the hips, 1 at the shoulders.
    pub y: f32,
    /// Arm lengths in front of the chest.
    pub z: f32,
}

impl SpacePoint {
    /// Where a right hand rests in the air when nothing else is said.
    pub const NEUTRAL_RIGHT: Self = Self { x: -0.6, y: 0.72, z: 0.45 };

    /// Mirrored in the sagittal plane.
    pub const fn mirrored(self) -> Self {
        Self { x: -self.x, ..self }
    }
}

/// What a place is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// On the body's surface.
    Body {
        /// Where.
        site: BodySite,
        /// On which side.
        lateral: Lateral,
    },
    /// A part of the other hand or arm, moving with it.
    OtherHand(HandPart),
    /// In the air.
    Space(SpacePoint),
}

/// How far the part is from the site, along the site's outward normal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// They touch.
    Contact,
    /// Next to it, without touching: about 3 cm.
    Near,
    /// In front of it: about 12 cm (嘴前, 胸前).
    Before,
    /// So many metres on a body of 1.70 m; scaled with the arm's length.
    Metres(f32),
}

/// Where a hand is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The part of this hand that is there.
    pub part: HandPart,
    /// What it is relative to.
    pub site: Site,
    /// How far away, along the site's outward normal (for space: ignored).
    pub distance: Distance,
    /// Further displacement in the signer's space, metres on a body of 1.70 m.
    pub offset: [f32; 3],
}

impl Place {
    /// `part` touches `site`.
    pub const fn touching(part: HandPart, site: Site) -> Self {
        Self { part, site, distance: Distance::Contact, offset: [0.0; 3] }
    }

    /// The palm at a point of space.
    pub const fn in_space(point: SpacePoint) -> Self {
        Self { part: HandPart::Palm, site: Site::Space(point), distance: Distance::Contact, offset: [0.0; 3] }
    }

    /// Mirrored in the sagittal plane.
    pub const fn mirrored(self) -> Self {
        let site = match self.site {
            Site::Body { site, lateral } => Site::Body { site, lateral: lateral.mirrored() },
            Site::OtherHand(part) => Site::OtherHand(part),
            Site::Space(point) => Site::Space(point.mirrored()),
        };
        let [x, y, z] = self.offset;
        Self { site, offset: [-x, y, z], ..self }
    }
}
