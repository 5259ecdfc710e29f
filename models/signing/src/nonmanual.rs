//! What face, head, gaze and torso do, in a sign or over a sentence.

use serde::{Deserialize, Serialize};

use crate::space::Dir;

/// Something that is not done with the hands, by the tier it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonManual {
    /// Brows.
    Brows(Brows),
    /// Lids.
    Eyes(Eyes),
    /// Cheeks.
    Cheeks(Cheeks),
    /// A whole expression of the face.
    Expression(Expression),
    /// Mouth gesture (口动).
    Mouth(MouthShape),
    /// Tongue.
    Tongue(Tongue),
    /// Head.
    Head(HeadMotion),
    /// Gaze.
    Gaze(Gaze),
    /// Torso and shoulders.
    Body(BodyMotion),
}

/// A non-manual and when it lasts, as fractions of the step: 0 ≤ `start` < `end` ≤ 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TimedNonManual {
    /// What.
    pub what: NonManual,
    /// How strong: 0 to 1.
    pub intensity: f32,
    /// Fraction of the step at which it begins.
    pub start: f32,
    /// Fraction of the step at which it ends.
    pub end: f32,
}

impl TimedNonManual {
    /// Through the whole step at full strength.
    pub const fn throughout(what: NonManual) -> Self {
        Self { what, intensity: 1.0, start: 0.0, end: 1.0 }
    }
}

/// Brows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brows {
    /// Raised: yes/no question, topic, condition.
    Raised,
    /// Drawn together and down: content question (皱眉).
    Furrowed,
    /// Inner ends up: grief.
    InnerRaised,
}

/// Lids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eyes {
    /// 睁大
    Wide,
    /// 微闭, 眯
    Squint,
    /// 闭
    Closed,
    /// One blink.
    Blink,
}

/// Cheeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cheeks {
    /// 鼓腮
    Puffed,
    /// 吸腮
    Sucked,
    /// 舌顶腮
    TonguePushed,
}

/// A whole expression (面露…的表情).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// 笑容, 喜悦
    Smile,
    /// 悲伤, 愁容
    Sad,
    /// 愤怒, 凶恶
    Angry,
    /// 惊讶
    Surprised,
    /// 害怕
    Afraid,
    /// 厌恶
    Disgusted,
    /// 痛苦, 难受
    Pained,
    /// 思考
    Thinking,
    /// 疑问, 怀疑
    Doubtful,
    /// 严肃, 坚毅
    Serious,
    /// 焦急, 紧张
    Anxious,
    /// 疲劳
    Tired,
    /// 傲慢
    Proud,
    /// 怜爱
    Tender,
    /// 期待, 羡慕
    Longing,
    /// 无表情
    Blank,
}

/// A mouth gesture (口动).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MouthShape {
    /// 口张开
    Open,
    /// 口微张
    SlightlyOpen,
    /// 嘴闭拢
    Closed,
    /// 撅嘴
    Pouted,
    /// 抿嘴
    Pressed,
    /// 嘴角下拉
    CornersDown,
    /// 咧嘴, corners apart
    Stretched,
    /// 咬牙, 龇牙
    TeethBared,
    /// 吹气
    Blowing,
}

/// Tongue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tongue {
    /// 伸舌
    Out,
}

/// What the head does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadMotionKind {
    /// 点头
    Nod,
    /// 摇头
    Shake,
    /// 低头
    TiltDown,
    /// 抬头, 后仰
    TiltUp,
    /// 偏向左侧
    TiltLeft,
    /// 偏向右侧
    TiltRight,
    /// 转向左侧
    TurnLeft,
    /// 转向右侧
    TurnRight,
    /// 前伸
    Forward,
    /// 后缩
    Backward,
}

/// What the head does, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HeadMotion {
    /// What.
    pub kind: HeadMotionKind,
    /// How often; 1 for a posture.
    pub times: u32,
}

/// Where the eyes look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gaze {
    /// At the person addressed.
    Addressee,
    /// 注视手, 目光随之移动
    DominantHand,
    /// The weak hand.
    WeakHand,
    /// A direction.
    Towards(Dir),
}

/// What torso and shoulders do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyMotionKind {
    /// 前倾
    LeanForward,
    /// 后仰
    LeanBack,
    /// 向左
    LeanLeft,
    /// 向右
    LeanRight,
    /// 转向左侧
    TurnLeft,
    /// 转向右侧
    TurnRight,
    /// 耸肩
    ShrugShoulders,
    /// 缩身
    Hunch,
    /// 挺胸
    ChestOut,
    /// 晃动
    Sway,
}

/// What torso and shoulders do, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BodyMotion {
    /// What.
    pub kind: BodyMotionKind,
    /// How often; 1 for a posture.
    pub times: u32,
}
