//! What a judge measures of any stream of poses: whether a body could do it, and whether it is what was asked.
//!
//! In: a [`Body`], [`PoseFrame`]s in order of time from whatever source, and optionally what forms
//! [`Asked`] of the hands. Out: the worst of each [`Kind`], and each stretch of time that is beyond its limit.
//! Never: looks at how motion was planned, changes a pose.
//!
//! Read in this order: `mod` (kinds and limits), `watch` (where everything is in a frame), `granted`
//! (by how much skin gives way, and when), `volumes` (what is inside of what), `kinematics` (speed and jerk), `held` (contacts and directions), `table`.

pub(crate) mod granted;
mod held;
mod kinematics;
mod table;
mod volumes;
mod watch;

use body::Body;
use signing::{OutputTime, PoseFrame};

use crate::Asked;

pub use kinematics::Jerk;
pub use table::Table;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Palm or fingers inside head, neck or trunk.
    HandInBody,
    /// A forearm inside head, neck or trunk.
    ForearmInBody,
    /// Palm or fingers inside the other hand.
    HandInHand,
    /// A forearm inside the other arm or hand.
    ArmInArm,
    /// The thumb inside a finger of the same hand.
    ThumbInFinger,
    /// What should touch, apart.
    Contact,
    /// A joint beyond what a human's turns.
    JointLimit,
    /// A joint that turns faster than a human's: it flips from one side to the other.
    Flip,
    /// Jerk of a wrist.
    WristJerk,
    /// Jerk of a fingertip.
    FingertipJerk,
    /// The palm, off where the form says.
    Palm,
    /// The hand's length, off where the form says.
    Fingers,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::HandInBody,
        Self::ForearmInBody,
        Self::HandInHand,
        Self::ArmInArm,
        Self::ThumbInFinger,
        Self::Contact,
        Self::JointLimit,
        Self::Flip,
        Self::WristJerk,
        Self::FingertipJerk,
        Self::Palm,
        Self::Fingers,
    ];

    /// How it is written in tables and lists of exceptions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HandInBody => "hand-in-body",
            Self::ForearmInBody => "forearm-in-body",
            Self::HandInHand => "hand-in-hand",
            Self::ArmInArm => "arm-in-arm",
            Self::ThumbInFinger => "thumb-in-finger",
            Self::Contact => "contact",
            Self::JointLimit => "joint-limit",
            Self::Flip => "flip",
            Self::WristJerk => "wrist-jerk",
            Self::FingertipJerk => "fingertip-jerk",
            Self::Palm => "palm",
            Self::Fingers => "fingers",
        }
    }

    /// The kind with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What its amounts are in.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::HandInBody
            | Self::ForearmInBody
            | Self::HandInHand
            | Self::ArmInArm
            | Self::ThumbInFinger
            | Self::Contact => "mm",
            Self::JointLimit | Self::Palm | Self::Fingers => "°",
            Self::Flip => "rad/s",
            Self::WristJerk | Self::FingertipJerk => "m/s³",
        }
    }

    /// What a human's motion stays within, in [`Kind::unit`].
    ///
    /// - Skin and flesh give way by 8 mm before a hand looks inside (both sides together; a sleeve with its
    ///   forearm by 14 mm); where the form asks for contact, 14 mm more: a body's volumes are rounder than it is.
    ///   Those are taken off before an amount is counted, so the limit is the same for all: nothing.
    /// - Contact: a centimetre, about a fingertip's width.
    /// - Joints: 3.5°, the error of reading a goniometer (Gajdosik and Bohannon, 1987).
    /// - Flips: 25 rad/s of any joint of neck, arms and fingers. Trained throwers' forearms and wrists reach 30 to
    ///   50 rad/s and untrained fast wrist turns about 20 (Pappas et al., 1985; Hoffman and Strick, 1986); a sign is
    ///   no throw. What turns half round between two frames of a video has 78 rad/s.
    /// - Jerk: hands swing to and fro at most 6 times a second (Freund, 1986), and signs keep their meaning
    ///   when band-limited below that (Foulds, 2004). A swing of amplitude `a` has the jerk `a·(2πf)³`: at 6 Hz
    ///   2,680 m/s³ for a wrist that swings 5 cm to each side. A fingertip adds the hand's turn and the
    ///   finger's own: twice as much.
    /// - Palm: 10°. Fingers: 45°, the angle between two directions that descriptions tell apart.
    pub const fn limit(self) -> f32 {
        match self {
            Self::HandInBody | Self::ForearmInBody | Self::HandInHand | Self::ArmInArm | Self::ThumbInFinger => 0.0,
            Self::Contact => 10.0,
            Self::JointLimit => 3.5,
            Self::Flip => 25.0,
            Self::WristJerk => 2680.0,
            Self::FingertipJerk => 5360.0,
            Self::Palm => 10.0,
            Self::Fingers => 45.0,
        }
    }
}

/// A stretch of time that is beyond a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Between what, or of what.
    pub what: String,
    /// The first frame that is beyond the limit.
    pub from: OutputTime,
    /// The last one.
    pub to: OutputTime,
    /// The worst frame.
    pub at: OutputTime,
    /// The worst amount, in the kind's unit.
    pub amount: f32,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, unit) = (self.kind.name(), self.kind.unit());
        let (from, to) = (self.from.as_secs(), self.to.as_secs());
        write!(
            f,
            "{kind} {:.1} {unit}, {}, {from:.2}–{to:.2} s (worst at {:.2} s)",
            self.amount,
            self.what,
            self.at.as_secs()
        )
    }
}

/// What was measured of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The worst amount of each kind that could be measured, in the order of [`Kind::ALL`].
    pub worst: [Option<f32>; Kind::ALL.len()],
    /// What is beyond its limit, in order of time.
    pub findings: Vec<Finding>,
    /// Jerk of the wrists.
    pub wrist_jerk: Jerk,
    /// Jerk of the fingertips.
    pub fingertip_jerk: Jerk,
    /// How long the stream is, seconds.
    pub secs: f64,
}

impl Checked {
    /// The worst amount of a kind, in its unit; `None` if there was nothing to measure.
    pub fn worst(&self, kind: Kind) -> Option<f32> {
        self.worst[kind as usize]
    }
}

/// Measures a stream of poses of a body. `asked` may be empty: then only what a body allows is measured.
///
/// Poses should be at most 50 ms apart; speed and jerk are those of the sampled motion.
pub fn check(body: &Body, frames: &[PoseFrame], asked: &[Asked]) -> Checked {
    let mut log = Log::default();
    let watched = watch::Watched::new(body, frames);
    volumes::measure(&watched, asked, &mut log);
    kinematics::limits(&watched, &mut log);
    let (wrist_jerk, fingertip_jerk) = kinematics::measure(&watched, &mut log);
    held::measure(&watched, asked, &mut log);
    let secs = match (frames.first(), frames.last()) {
        (Some(first), Some(last)) => last.time.as_secs() - first.time.as_secs(),
        _ => 0.0,
    };
    let mut findings = log.findings;
    findings.sort_by(|a, b| (a.from, a.kind, &a.what).cmp(&(b.from, b.kind, &b.what)));
    Checked { worst: log.worst, findings, wrist_jerk, fingertip_jerk, secs }
}

/// What has been found so far.
#[derive(Debug, Default)]
struct Log {
    worst: [Option<f32>; Kind::ALL.len()],
    findings: Vec<Finding>,
}

/// Frames further apart than this are two stretches, seconds.
const SAME_STRETCH_SECS: f64 = 0.1;

impl Log {
    /// Notes an amount; beyond the limit it becomes a finding, or a part of the last one about the same.
    fn note(&mut self, kind: Kind, at: OutputTime, amount: f32, what: impl FnOnce() -> String) {
        let worst = &mut self.worst[kind as usize];
        // What is not a number is worse than any.
        let amount = if amount.is_finite() { amount } else { f32::MAX };
        *worst = Some(worst.map_or(amount, |known| known.max(amount)));
        if amount <= kind.limit() {
            return;
        }
        let what = what();
        let known = self.findings.iter_mut().rev().find(|known| {
            known.kind == kind && known.what == what && at.as_secs() - known.to.as_secs() < SAME_STRETCH_SECS
        });
        match known {
            Some(known) => {
                known.to = known.to.max(at);
                if amount > known.amount {
                    (known.amount, known.at) = (amount, at);
                }
            }
            None => self.findings.push(Finding { kind, what, from: at, to: at, at, amount }),
        }
    }
}

#[cfg(test)]
mod tests;
