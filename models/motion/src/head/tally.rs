//! What the motions of many sentences cost, in a row of a table.

use std::fmt;

use super::objective::{Part, Score};
use crate::check::Kind;

/// Sums over sentences.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tally {
    sentences: usize,
    signs: usize,
    frames: usize,
    secs: f64,
    parts: [f64; Part::ALL.len()],
    /// Sums of the sentences' worst contact, and how many sentences have one.
    contact_mm: (f64, usize),
    /// Sums of the sentences' deepest penetration.
    inside_mm: f64,
    /// Findings: contacts missed, volumes entered, limits and flips, jerk, palms and fingers.
    findings: [usize; 5],
}

/// What counts as penetration.
const VOLUMES: [Kind; 5] =
    [Kind::HandInBody, Kind::ForearmInBody, Kind::HandInHand, Kind::ArmInArm, Kind::ThumbInFinger];

impl Tally {
    /// The columns of its row.
    pub const HEADINGS: &str =
        "   cost  contact mm  missed  inside mm  entered  beyond limits  jerk  palms  s a sign  s in all";

    /// Adds a sentence of so many signs and frames.
    pub fn add(&mut self, score: &Score, signs: usize, frames: usize) {
        self.sentences += 1;
        self.signs += signs;
        self.frames += frames;
        self.secs += score.secs;
        for part in Part::ALL {
            self.parts[part as usize] += score.part(part);
        }
        if let Some(worst) = score.checked.worst(Kind::Contact) {
            self.contact_mm = (self.contact_mm.0 + f64::from(worst), self.contact_mm.1 + 1);
        }
        let deepest = VOLUMES.into_iter().filter_map(|kind| score.checked.worst(kind)).fold(0.0, f32::max);
        self.inside_mm += f64::from(deepest);
        for finding in &score.checked.findings {
            let column = match finding.kind {
                Kind::Contact => 0,
                kind if VOLUMES.contains(&kind) => 1,
                Kind::WristJerk | Kind::FingertipJerk => 3,
                Kind::Palm | Kind::Fingers => 4,
                _ => 2,
            };
            self.findings[column] += 1;
        }
    }

    /// Frames of all sentences.
    pub const fn frames(&self) -> usize {
        self.frames
    }

    /// The mean cost of a sentence.
    pub fn cost(&self) -> f64 {
        self.parts.iter().sum::<f64>() / self.sentences.max(1) as f64
    }

    /// The mean cost of a sentence, by part.
    pub fn parts(&self) -> String {
        let mean = |part: Part| self.parts[part as usize] / self.sentences.max(1) as f64;
        let shown = Part::ALL.iter().filter(|part| mean(**part) > 0.0);
        shown.map(|&part| format!("{} {:.3}", part.name(), mean(part))).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [missed, entered, limits, jerk, palms] = self.findings;
        let sentences = self.sentences.max(1) as f64;
        let contact = self.contact_mm.0 / self.contact_mm.1.max(1) as f64;
        let a_sign = self.secs / self.signs.max(1) as f64;
        write!(
            f,
            "{:>7.3}  {contact:>10.1}  {missed:>6}  {:>9.1}  {entered:>7}  {limits:>13}  {jerk:>4}  {palms:>5}  {a_sign:>8.3}  {:>8.1}",
            self.cost(),
            self.inside_mm / sentences,
            self.secs,
        )
    }
}
