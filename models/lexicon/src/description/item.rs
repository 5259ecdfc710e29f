//! What a clause says, part by part, before it is known which hand it falls to.

use signing::{BodySite, NonManual};

use super::{
    dir::{Axis, DirWord},
    words::{
        Adverb, Bend, FingerSet, FormVerb, Link, Near, Part, PathWord, Posture, PutKind, Relation, RoundWord, Verb, Who,
    },
};

/// Which fingers a phrase speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fingers {
    Set(FingerSet),
    /// 其他三指: those that the hand's phrase has not named.
    Others,
    /// 三指: those that are out.
    Out,
}

/// What of the hand a phrase speaks of: 食指, 指尖, 食指尖.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Topic {
    pub(crate) fingers: Option<Fingers>,
    pub(crate) part: Option<Part>,
}

/// A place that a phrase names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SitePhrase {
    pub(crate) of: SiteOf,
    pub(crate) near: Near,
    /// 左, 右, 一侧, 两侧, or a direction away from the site (上方, 前).
    pub(crate) shifts: Vec<DirWord>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SiteOf {
    Body(BodySite),
    /// Of a hand: whose, if it says so, and what of it.
    Hand {
        who: Option<Who>,
        topic: Topic,
    },
}

/// Where a movement comes from or goes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Dir(DirWord),
    Site(SitePhrase),
}

/// A figure made by fingers or hands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Figure {
    Glyph(String),
    Round(RoundWord),
}

/// A handshape, or a change of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ShapePhrase {
    pub(crate) who: Option<Who>,
    pub(crate) fingers: Option<Fingers>,
    /// Fingers of the other hand that take part (左手拇、食指与右手食指).
    pub(crate) other: Option<(Who, Option<FingerSet>)>,
    pub(crate) extended: bool,
    pub(crate) bends: Vec<Bend>,
    pub(crate) postures: Vec<Posture>,
    pub(crate) figure: Option<(FormVerb, Figure)>,
    /// At right angles to the palm (与手掌成“∟”形).
    pub(crate) with_palm: bool,
    /// 分开 of no finger that is named: of the hands, where they touch.
    pub(crate) parting: bool,
    /// 合拢 of no finger that is named: of hands that have moved.
    pub(crate) closing: bool,
    /// 与拇指捏合: the fingers spoken of and the thumb.
    pub(crate) joins_thumb: bool,
    pub(crate) letter: Option<String>,
    pub(crate) number: Option<String>,
    pub(crate) adverbs: Vec<Adverb>,
    pub(crate) times: Option<u32>,
}

impl ShapePhrase {
    /// The drawn figure of a phrase that says nothing else: 成“S”形.
    pub(crate) fn bare_figure(&self) -> Option<&str> {
        let (FormVerb::As, Figure::Glyph(glyph)) = self.figure.as_ref()? else { return None };
        let says_more = self.fingers.is_some()
            || self.other.is_some()
            || self.extended
            || self.with_palm
            || self.joins_thumb
            || !self.bends.is_empty()
            || !self.postures.is_empty();
        (!says_more).then_some(glyph)
    }
}

/// Where an axis of the hand points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pointing {
    Dir(DirWord),
    /// 相对
    Facing(Option<Axis>),
    /// Towards a place.
    Site(SitePhrase),
    /// 一上一下: the dominant hand's up, the weak hand's down.
    Opposite(DirWord),
}

/// A movement.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Act {
    pub(crate) topic: Topic,
    pub(crate) verb: Option<Verb>,
    pub(crate) dirs: Vec<DirWord>,
    pub(crate) axis: Option<Axis>,
    pub(crate) from: Option<End>,
    pub(crate) to: Option<End>,
    pub(crate) at: Option<SitePhrase>,
    pub(crate) at_dir: Option<DirWord>,
    /// 在上、下各点一下, 前后、左右晃动: where and along what it is done again.
    pub(crate) at_next: Vec<SitePhrase>,
    pub(crate) axis_next: Vec<Axis>,
    pub(crate) along: Option<SitePhrase>,
    pub(crate) around: Option<SitePhrase>,
    pub(crate) past: Option<SitePhrase>,
    pub(crate) with: Option<Topic>,
    pub(crate) object: Option<SitePhrase>,
    pub(crate) path: Option<PathWord>,
    pub(crate) figure: Option<Figure>,
    pub(crate) turns: Option<f32>,
    pub(crate) large: bool,
    pub(crate) small: bool,
    pub(crate) degrees: Option<f32>,
    pub(crate) times: Option<u32>,
    pub(crate) adverbs: Vec<Adverb>,
    /// 一 before the verb, or 一顿: ends in a stop.
    pub(crate) once: bool,
    /// Words that the movement is told by, for messages.
    pub(crate) text: String,
}

impl Act {
    pub(crate) fn has(&self, adverb: Adverb) -> bool {
        self.adverbs.contains(&adverb)
    }
}

/// One thing that a clause says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Who(Who),
    Link(Link),
    Topic(Topic),
    Shape(ShapePhrase),
    Orient(Topic, Pointing),
    At {
        topic: Topic,
        how: PutKind,
        site: SitePhrase,
        adverbs: Vec<Adverb>,
    },
    /// 在前, 在上: a hand relative to the other.
    AtSide(DirWord),
    Relation {
        topic: Topic,
        axis: Option<Axis>,
        relation: Relation,
        with: Option<SitePhrase>,
        centimetres: Option<u32>,
    },
    Act(Box<Act>),
    /// 翻转为掌心向上: what a verb of becoming leads to comes as the next items.
    Becomes,
    Adverbs(Vec<Adverb>),
    /// 重复一次: what was done, so many times more.
    Again(u32),
    Face(Vec<NonManual>),
    Note(String),
    /// 模仿行走的动作: what is imitated, as a movement, where the step tells of no other.
    Mime(Box<Act>),
}
