//! What a motion costs: what the checker measures, and what signers save: effort and time.
//!
//! One number a sentence, made of parts by token, lower is better. It is what the teacher searches by and what heads are
//! compared by; whatever is beyond a limit of the checker costs by how far it is beyond.

use std::fmt;

use body::{Body, Posture, Rigid};
use glam::Vec3;
use signing::{Bone, HandPart, PoseFrame, Side};

use crate::{
    Report,
    check::{Checked, Kind, check},
};

/// What costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Contacts that are missed, a centimetre beyond the limit costs 1.
    Contact,
    /// Hands and arms inside of what they should not be in, a centimetre costs 1.
    Penetration,
    /// Joints beyond their limits and wrists that flip, the limit again costs 1.
    Limits,
    /// Jerk beyond a human's, the limit again costs 1.
    Jerk,
    /// Palms and fingers off, the limit again costs 1.
    Directions,
    /// Acceleration of the wrists, squared.
    Effort,
    /// Wrists and fingertips beyond 6 Hz.
    Band,
    /// Time beyond what everyday signing takes, a second costs 2.5.
    Length,
    /// Being unlike a recording, where there is one.
    Likeness,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Contact,
        Self::Penetration,
        Self::Limits,
        Self::Jerk,
        Self::Directions,
        Self::Effort,
        Self::Band,
        Self::Length,
        Self::Likeness,
    ];

    /// How it is written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Penetration => "penetration",
            Self::Limits => "limits",
            Self::Jerk => "jerk",
            Self::Directions => "directions",
            Self::Effort => "effort",
            Self::Band => "band",
            Self::Length => "length",
            Self::Likeness => "likeness",
        }
    }
}

/// What a sentence costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// By token, then by [`Part::ALL`].
    pub tokens: Vec<[f64; Part::ALL.len()]>,
    /// What the checker found.
    pub checked: Checked,
    /// From the first movement to the end of the last sign, seconds.
    pub secs: f64,
}

/// Being beyond a limit at all costs this much, whatever by.
const BEYOND: f64 = 0.15;
/// A sign in everyday signing takes this long, seconds: 2.05 signs a second; each further step of it takes part of that.
const FLUENT_SECS: f64 = 0.49;
const STEP_SECS: f64 = 0.20;
/// What a second beyond it costs. Signs as planned are a good third longer than everyday ones, so that time outweighs
/// effort until jerk or effort of a hasty hand outweigh it.
const LONG: f64 = 2.5;
/// What an integral of squared acceleration costs, 1 for (m/s²)²·s.
const EFFORT: f64 = 1.0 / 1600.0;
/// What an integral of squared distance from the band-limited path costs, 1 for mm²·s.
const BAND: f64 = 1.0 / 800.0;

impl Score {
    /// A part over all tokens.
    pub fn part(&self, part: Part) -> f64 {
        self.tokens.iter().map(|token| token[part as usize]).sum()
    }

    /// All parts over all tokens.
    pub fn total(&self) -> f64 {
        self.tokens.iter().flatten().sum()
    }

    /// All parts of a token; 0 for one that there is not.
    pub(crate) fn of_token(&self, token: usize) -> f64 {
        self.tokens.get(token).map_or(0.0, |parts| parts.iter().sum())
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}:", self.total())?;
        Part::ALL.iter().try_for_each(|&part| write!(f, " {} {:.3}", part.name(), self.part(part)))
    }
}

/// Measures the motion of one sentence. Frames should be at most 20 ms apart.
pub fn score(body: &Body, frames: &[PoseFrame], report: &Report) -> Score {
    let checked = check(body, frames, &report.asked);
    let times: Vec<(f64, f64)> =
        report.timeline.tokens.iter().map(|time| (time.start.as_secs(), time.end.as_secs())).collect();
    let indices: Vec<usize> = report.timeline.tokens.iter().map(|time| time.token).collect();
    let count = indices.iter().max().map_or(0, |last| last + 1);
    let mut tokens = vec![[0.0; Part::ALL.len()]; count];
    // What comes before the first sign or behind the last is theirs.
    let owner = |secs: f64| {
        let at = times.iter().rposition(|(start, _)| *start <= secs).unwrap_or(0);
        indices.get(at).copied()
    };
    for finding in &checked.findings {
        let Some(token) = owner(finding.at.as_secs()) else { continue };
        let (part, unit) = price(finding.kind);
        let excess = f64::from(finding.amount - finding.kind.limit()) / unit;
        tokens[token][part as usize] += BEYOND + excess.min(10.0);
    }
    for (secs, dt, effort, band) in movement(body, frames) {
        let Some(token) = owner(secs) else { continue };
        tokens[token][Part::Effort as usize] += effort * dt * EFFORT;
        tokens[token][Part::Band as usize] += band * dt * BAND;
    }
    let mut last_end: Option<f64> = None;
    for (index, (start, end)) in indices.iter().zip(&times) {
        // Two signs at once take their time once.
        let begin = last_end.map_or(*start, |last| start.max(last));
        last_end = Some(last_end.map_or(*end, |last| last.max(*end)));
        let steps =
            report.asked.iter().filter(|asked| asked.token == *index).map(|asked| asked.time).collect::<Vec<_>>();
        let further = distinct(steps).saturating_sub(1) as f64;
        tokens[*index][Part::Length as usize] += (end - begin - FLUENT_SECS - further * STEP_SECS).max(0.0) * LONG;
    }
    let begin = times.iter().map(|time| time.0).fold(f64::INFINITY, f64::min);
    let end = times.iter().map(|time| time.1).fold(0.0, f64::max);
    Score { tokens, checked, secs: if begin.is_finite() { end - begin } else { 0.0 } }
}

fn distinct<T: Ord>(mut all: Vec<T>) -> usize {
    all.sort();
    all.dedup();
    all.len()
}

/// Which part a kind belongs to, and how much beyond its limit costs 1.
fn price(kind: Kind) -> (Part, f64) {
    match kind {
        Kind::Contact => (Part::Contact, 10.0),
        Kind::HandInBody | Kind::ForearmInBody | Kind::HandInHand | Kind::ArmInArm | Kind::ThumbInFinger => {
            (Part::Penetration, 10.0)
        }
        Kind::JointLimit | Kind::Flip => (Part::Limits, f64::from(kind.limit())),
        Kind::WristJerk | Kind::FingertipJerk => (Part::Jerk, f64::from(kind.limit())),
        Kind::Palm | Kind::Fingers => (Part::Directions, f64::from(kind.limit())),
    }
}

/// For each frame its time, length, squared acceleration of both wrists, and squared distance of wrists and index
/// fingertips from their path below 6 Hz (mm²).
fn movement(body: &Body, frames: &[PoseFrame]) -> Vec<(f64, f64, f64, f64)> {
    /// How far the smoothing that passes 6 Hz by half looks, deviations; and its deviation, seconds: √(2 ln 2) ∕ (2π·6 Hz)
    /// passes half of the amplitude.
    const WIDE: f64 = 2.5;
    const SMOOTH_SECS: f64 = 0.0312;
    let mut paths: [Vec<Vec3>; 4] = std::array::from_fn(|_| Vec::with_capacity(frames.len()));
    let mut posture: Posture = [Rigid::IDENTITY; Bone::COUNT];
    let tip = |side| body.hand_part(side, HandPart::Tip(signing::Finger::Index));
    for frame in frames {
        body.solve(frame.hips, &frame.rotations, &mut posture);
        for (index, (bone, side)) in
            [(Bone::LeftHand, Side::Left), (Bone::RightHand, Side::Right)].into_iter().enumerate()
        {
            let wrist = posture[bone.index()].translation;
            paths[index].push(wrist);
            let tip = tip(side).map_or(wrist, |spot| posture[spot.bone.index()].point(spot.point_in_bone));
            paths[2 + index].push(tip);
        }
    }
    let time = |index: usize| frames[index].time.as_secs();
    let mut out = Vec::with_capacity(frames.len());
    for index in 1..frames.len().saturating_sub(1) {
        let dt = 0.5 * (time(index + 1) - time(index - 1));
        if dt <= 0.0 {
            continue;
        }
        let acceleration = |path: &[Vec3]| {
            f64::from((path[index + 1] - path[index] * 2.0 + path[index - 1]).length_squared()) / dt.powi(4)
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few frames")]
        let reach = (WIDE * SMOOTH_SECS / dt).ceil() as usize;
        let window = index.saturating_sub(reach)..(index + reach + 1).min(frames.len());
        let weights: Vec<f32> = window
            .clone()
            .map(|other| {
                #[expect(clippy::cast_possible_truncation, reason = "a weight")]
                let weight = (-0.5 * ((time(other) - time(index)) / SMOOTH_SECS).powi(2)).exp() as f32;
                weight
            })
            .collect();
        let whole: f32 = weights.iter().sum();
        let rough = |path: &[Vec3]| {
            let smooth: Vec3 = window.clone().zip(&weights).map(|(at, weight)| path[at] * *weight).sum();
            f64::from((path[index] - smooth / whole).length_squared()) * 1e6
        };
        let effort = acceleration(&paths[0]) + acceleration(&paths[1]);
        out.push((time(index), dt, effort, paths.iter().map(|path| rough(path)).sum()));
    }
    out
}
