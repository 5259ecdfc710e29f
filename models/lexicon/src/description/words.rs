//! The words of the language: what each means by itself.

use signing::{BodySite, Finger, FingerMotionKind};

use super::dir::{Axis, DirWord};

/// Whose hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// 一手
    One,
    /// 双手
    Both,
    /// 左手: the weak hand of a right-handed signer.
    Left,
    /// 右手
    Right,
    /// 另一手
    Other,
    /// 手: whoever is spoken of.
    Same,
}

/// A part of a hand or arm, before it is known whose and of which finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Palm,
    Back,
    Web,
    Tips,
    Pads,
    Backs,
    Root,
    Gap,
    Joint,
    Wrist,
    Forearm,
    UpperArm,
    Arm,
    Elbow,
    ElbowInner,
    Heel,
    Ulnar,
    Radial,
    Fist,
    /// 外侧, 下缘 and the like of a finger or hand
    Edge,
}

/// A set of fingers, one bit each, the thumb first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FingerSet(pub(crate) u8);

impl FingerSet {
    pub(crate) const ALL: Self = Self(0b1_1111);
    pub(crate) const LONG: Self = Self(0b1_1110);

    pub(crate) const fn has(self, finger: Finger) -> bool {
        self.0 & (1 << finger.index()) != 0
    }

    pub(crate) const fn with(self, finger: Finger) -> Self {
        Self(self.0 | 1 << finger.index())
    }

    pub(crate) const fn but(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Finger> {
        Finger::ALL.into_iter().filter(move |&finger| self.has(finger))
    }

    pub(crate) const fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(crate) fn first(self) -> Option<Finger> {
        self.iter().next()
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::ALL => return "五指".to_owned(),
            Self::LONG => return "四指".to_owned(),
            _ => {}
        }
        let names: Vec<&str> = self.iter().map(|finger| ["拇", "食", "中", "无名", "小"][finger.index()]).collect();
        format!("{}指", names.join("、"))
    }
}

/// How near a body site: before it, beside it, …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    At,
    Before,
    Beside,
    Above,
    Behind,
    In,
    /// 上端
    UpperEnd,
    /// 下端
    LowerEnd,
    /// 周围
    Around,
    /// 正中
    Centre,
}

/// A named posture of a hand or of extended fingers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Posture {
    /// 横伸
    Across,
    /// 直立
    Upright,
    /// 平伸
    Level,
    /// 横立
    EdgeAcross,
    /// 侧立
    EdgeForward,
    /// 斜伸
    Slanting,
    /// 斜立
    SlantingUp,
    /// 垂立
    Down,
    /// 侧伸
    Sideways,
}

/// What fingers are made to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bend {
    /// 伸直, 伸出
    Straight,
    /// 弯曲
    Bent,
    /// 微曲
    Curved,
    /// 并拢
    Together,
    /// 分开, 张开
    Spread,
    /// 微张, 稍分开
    SlightlySpread,
    /// 撮合
    Bunched,
    /// 相捏
    Pinched,
    /// 相叠
    Crossed,
    /// 握拳
    Fist,
    /// 虚握
    LooseFist,
    /// 收拢, 蜷缩
    Closed,
    /// 缩回, 收回: of fingers that are out, or of a hand that has moved.
    Withdrawn,
    /// 拱起
    Arched,
    /// 凹进
    Cupped,
    /// 相勾
    Hooked,
    /// 屈肘: of the arm, nothing of the hand
    ElbowBent,
    /// 合十, 抱拳 and the like come as relations
    Relaxed,
}

/// How hands stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// 相对
    Facing,
    /// 相贴, 相抵, 相触: they touch
    Touching,
    /// 交叉
    Crossed,
    /// 相叠, 重叠
    Stacked,
    /// 套环
    Linked,
    /// 相勾
    Hooked,
    /// 相握
    Clasped,
    /// 合十
    Praying,
    /// 抱拳, 作揖
    Saluting,
    /// 并排, 靠拢: next to each other
    SideBySide,
    /// 一上一下, 一高一低
    OneAbove,
    /// 一前一后
    OneBefore,
    /// 左高右低: the weak hand above
    OneBelow,
    /// 左前右后: the weak hand in front
    OneBehind,
    /// 一左一右
    LeftRight,
    /// 一横一竖
    OneUpright,
    /// 相背: backs to each other
    BackToBack,
    /// 相距: apart
    Apart,
}

/// What a verb does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verb {
    /// The hand travels; the direction if the verb itself has one.
    Travel(Option<DirWord>),
    /// A short movement that ends in a stop.
    Stroke(Option<DirWord>),
    /// To and fro.
    Swing,
    /// 转动: a turn, a circle or a wrist's rotation.
    Turn,
    /// 转腕
    TurnWrist,
    /// 翻转
    Flip,
    /// 扭动, 拧动
    Twist,
    /// Fingers move by themselves.
    Fingers(FingerMotionKind),
    /// Meets and leaves.
    Tap,
    /// Meets and stays.
    Touch,
    /// Moves along what it touches.
    Brush,
    /// Closes on it.
    Grasp,
    /// Goes into.
    Insert,
    /// 指: points at.
    Point,
    /// 互换
    Swap,
    /// 书空, 书写, 写
    Write,
    /// 一顿
    Stop,
    /// 不动, 停住
    Still,
    /// 变为, 改为: what follows is what the hand becomes.
    Become,
    /// 并拢/靠拢 of hands, 合
    Meet,
    /// 分开 of hands, 打开
    Part,
    /// 交叉 of hands
    Cross,
    /// A trembling of the hand
    Tremble,
    /// 绕, 缠绕
    Wind,
}

/// How a movement is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adverb {
    Forceful,
    Slow,
    Fast,
    Slight,
    Large,
    Alternating,
    Together,
    Mutual,
    Stepwise,
    Clockwise,
    CounterClockwise,
    Level,
    Crosswise,
    BackAndForth,
    Again,
    Repeatedly,
    /// A word that says nothing of the form by itself (分别, 随意, 自然).
    Plain,
    /// The same way for both (同方向).
    SameWay,
}

/// Where a movement comes from, goes to, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prep {
    From,
    To,
    At,
    Along,
    Around,
    With,
    Past,
    /// 把, 将, 使: what is moved
    Object,
    /// 与, 和
    And,
    /// 随: as it goes
    Following,
}

/// Form of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathWord {
    Straight,
    Arc,
    Wave,
    ZigZag,
    Circle,
    Spiral,
}

/// How clauses and movements follow on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    First,
    Then,
    Meanwhile,
    AtOnce,
    And,
}

/// What a count counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Unit {
    Times,
    Turns(f32),
    Degrees,
    /// 三个, 两条
    Pieces,
    Centimetres,
}

/// A word, or what the scanner made of several characters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Word {
    Who(Who),
    Fingers(FingerSet),
    /// 其他四指: those not named so far; how many, if it says so.
    OtherFingers(Option<u32>),
    /// 三指: those that are out.
    OutFingers,
    Part(Part),
    Body(BodySite, Near),
    /// A direction.
    Dir(DirWord),
    Axis(Axis),
    /// 处, 部位: nothing more than the site itself.
    Locative(Near),
    Posture(Posture),
    Bend(Bend),
    Relation(Relation),
    Verb(Verb),
    Adverb(Adverb),
    Prep(Prep),
    Path(PathWord),
    Link(Link),
    Count(u32, Unit),
    /// A figure or letter in quotes.
    Quoted(String),
    /// 朝, 对着: an orientation's preposition.
    Facing,
    /// 置于, 贴于, 抵于 …: how it is where it is.
    Put(PutKind),
    /// 伸: extend
    Extend,
    /// 成, 搭成, 捏成: what follows is a figure
    Form(FormVerb),
    /// 圆形, 半圆形 …
    Round(RoundWord),
    /// 形, 字形, 状, 的指式 …: closes a figure
    FigureEnd,
    /// 手指字母, 字母
    Letter,
    /// 数字
    Number,
    /// 打, 做, 作
    Do,
    /// 动作, 的动作
    Action,
    /// 的, 着, 了, 地, 之
    Filler,
    /// 一 standing alone before a verb
    Once,
    /// 、 between what is not a list of fingers
    Comma,
    /// 两, 三 … standing alone
    Numeral(u32),
    /// A word of the face, head or body.
    Face(&'static super::face::FaceWord),
    /// 表示, 仿, 如: the rest is a note
    Note,
    Unknown(char),
}

/// How a hand is put to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PutKind {
    /// 置于
    Placed,
    /// 贴于, 抵于, 按于
    Touching,
    /// 盖于, 罩在, 扣在
    Covering,
    /// 握住, 捏住
    Holding,
    /// 插入
    Inserted,
    /// 指向, 对着
    PointingAt,
}

/// How a figure is formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormVerb {
    /// 成, 呈
    As,
    /// 捏成
    Pinch,
    /// 搭成
    Build,
    /// 书空, 划
    Draw,
}

/// Round figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoundWord {
    Circle,
    SmallCircle,
    LargeCircle,
    HalfCircle,
    Ball,
    Oval,
    Square,
    Hook,
    Claw,
}
