//! The teacher: searches for the shapes that make a sentence cost least. Slow and good.
//!
//! From several random starts, each token's shapes are changed a little at a time; a change stays if the sentence costs less
//! around it. Tokens three apart don't feel each other, so a trial serves a third of the sentence at once. What turns out
//! to be of no use is taken back to 0, so that what is left can be learnt.

use std::sync::Arc;

use body::Body;
use serde::{Deserialize, Serialize};
use signing::{FrameRate, SignSentence};

use super::{
    Head, PoseNetwork, Score, Shape, Shaper,
    features::Features,
    objective::score,
    shape::{BODY, HANDS, OF_BODY, OF_HAND, OUTPUTS},
    shaper::Seen,
};
use crate::{
    MotionConfig, MotionError, Report, Signer,
    offline::{drive, unlimited},
    random::Random,
    rig::Rig,
};

/// How long the teacher searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherOptions {
    /// Starts; the first is what planning has, the others are random.
    pub starts: u32,
    /// Trials a token from each start.
    pub trials: u32,
    /// The same seed gives the same shapes.
    pub seed: u64,
}

impl Default for TeacherOptions {
    fn default() -> Self {
        Self { starts: 4, trials: 200, seed: 0 }
    }
}

/// One configuration as it was seen, and the shape that was found for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What the head sees.
    pub features: Box<Features>,
    /// What it should give.
    pub shape: Shape,
}

/// What the teacher made of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Configurations in the order of planning.
    pub examples: Vec<Example>,
    /// What the sentence costs with planning as it is.
    pub analytic: Score,
    /// What it costs with the shapes that were found.
    pub found: Score,
}

impl Solution {
    /// The head that gives these shapes.
    pub fn head(&self) -> Head {
        Head::Given(self.examples.iter().map(|example| example.shape).collect())
    }
}

/// What being different from planning costs, for a number of ±1.
const DIFFERENT: f64 = 0.015;
/// Frames a second at which motion is measured.
const RATE: u32 = 50;

/// Searches for one body.
#[derive(Debug, Clone)]
pub struct Teacher {
    body: Arc<Body>,
    rig: Arc<Rig>,
    options: TeacherOptions,
}

/// Shapes that were tried and what they cost.
struct Tried {
    shapes: Vec<Shape>,
    score: Score,
}

impl Teacher {
    /// A teacher for a body.
    ///
    /// Errors: [`MotionError::MissingBone`].
    pub fn new(body: Arc<Body>, options: TeacherOptions) -> Result<Self, MotionError> {
        let rig = Arc::new(Rig::measure(&body)?);
        Ok(Self { body, rig, options })
    }

    /// How motion is sampled where it is measured.
    pub fn config() -> MotionConfig {
        let rate = FrameRate::new(RATE, 1).unwrap_or(FrameRate::PAL);
        MotionConfig { rate, ..MotionConfig::default() }
    }

    /// Searches for a sentence. `salt` tells sentences of one seed apart; a `pupil` gives one more start.
    ///
    /// Errors: as [`crate::sign_all`].
    pub fn solve(
        &self,
        sentence: &SignSentence,
        salt: u64,
        pupil: Option<&Arc<PoseNetwork>>,
    ) -> Result<Solution, MotionError> {
        let (_, seen) = self.sign(sentence, &[], true)?;
        let owners: Vec<usize> = seen.iter().map(|seen| seen.token).collect();
        let analytic = self.tried(sentence, vec![Shape::ANALYTIC; owners.len()])?;
        let mut random = Random::new(self.options.seed ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut best = Tried { shapes: analytic.shapes.clone(), score: analytic.score.clone() };
        for start in 0..self.options.starts {
            let begin = match (start, pupil) {
                (0, Some(pupil)) => self.of_pupil(sentence, pupil)?,
                (0, None) => Tried { shapes: analytic.shapes.clone(), score: analytic.score.clone() },
                _ => self.tried(sentence, owners.iter().map(|_| scattered(&mut random)).collect())?,
            };
            let found = self.descend(sentence, &owners, begin, &mut random)?;
            if cost(&found) < cost(&best) {
                best = found;
            }
        }
        let best = self.pruned(sentence, &owners, best)?;
        let (_, seen) = self.sign(sentence, &best.shapes, true)?;
        let examples = seen
            .into_iter()
            .zip(&best.shapes)
            .map(|(Seen { features, .. }, shape)| Example { features, shape: *shape })
            .collect();
        Ok(Solution { examples, analytic: analytic.score, found: best.score })
    }

    /// What a pupil gives.
    fn of_pupil(&self, sentence: &SignSentence, pupil: &Arc<PoseNetwork>) -> Result<Tried, MotionError> {
        let (score, mut shaper) = self.sign_by(sentence, Shaper::network(Arc::clone(pupil)).listening())?;
        Ok(Tried { shapes: shaper.take_given(), score })
    }

    fn sign(
        &self,
        sentence: &SignSentence,
        shapes: &[Shape],
        keep_seen: bool,
    ) -> Result<(Score, Vec<Seen>), MotionError> {
        let (score, mut shaper) = self.sign_by(sentence, Shaper::given(shapes, keep_seen))?;
        Ok((score, shaper.take_seen()))
    }

    fn sign_by(&self, sentence: &SignSentence, shaper: Shaper) -> Result<(Score, Shaper), MotionError> {
        let config = unlimited(Self::config());
        let mut signer = Signer::with_rig(Arc::clone(&self.rig), config);
        signer.set_shaper(shaper);
        let (frames, report): (_, Report) = drive(&mut signer, config, std::slice::from_ref(sentence))?;
        Ok((score(&self.body, &frames, &report), signer.into_shaper()))
    }

    /// What a sentence costs with a network.
    ///
    /// Errors: as [`crate::sign_all`].
    pub fn score_of(&self, sentence: &SignSentence, network: &Arc<PoseNetwork>) -> Result<Score, MotionError> {
        Ok(self.sign_by(sentence, Shaper::network(Arc::clone(network)))?.0)
    }

    fn tried(&self, sentence: &SignSentence, shapes: Vec<Shape>) -> Result<Tried, MotionError> {
        let (score, _) = self.sign(sentence, &shapes, false)?;
        Ok(Tried { shapes, score })
    }

    /// Trials from a start: what costs less around a token stays.
    fn descend(
        &self,
        sentence: &SignSentence,
        owners: &[usize],
        start: Tried,
        random: &mut Random,
    ) -> Result<Tried, MotionError> {
        let mut now = start;
        let rounds = self.options.trials * 3;
        for round in 0..rounds {
            let third = (round % 3) as usize;
            let step = 0.55 * (1.0 - 0.75 * round as f32 / rounds as f32);
            let mut shapes = now.shapes.clone();
            let turn = |token: usize| token % 3 == third;
            for (shape, token) in shapes.iter_mut().zip(owners) {
                if turn(*token) {
                    *shape = changed(shape, step, random);
                }
            }
            if shapes == now.shapes {
                continue;
            }
            let trial = self.tried(sentence, shapes)?;
            now = self.keep_better(sentence, owners, now, trial, turn)?;
        }
        Ok(now)
    }

    /// Tokens whose turn it was keep what was tried where it costs less around them.
    fn keep_better(
        &self,
        sentence: &SignSentence,
        owners: &[usize],
        now: Tried,
        trial: Tried,
        turn: impl Fn(usize) -> bool,
    ) -> Result<Tried, MotionError> {
        let count = now.score.tokens.len().max(owners.iter().max().map_or(0, |last| last + 1));
        let around = |tried: &Tried, token: usize| {
            let near = token.saturating_sub(1)..=token + 1;
            near.map(|token| tried.score.of_token(token)).sum::<f64>() + different(&tried.shapes, owners, token)
        };
        let better: Vec<bool> =
            (0..count).map(|token| turn(token) && around(&trial, token) < around(&now, token) - 1e-6).collect();
        if !better.contains(&true) {
            return Ok(now);
        }
        if (0..count).all(|token| better[token] || !turn(token)) {
            return Ok(if cost(&trial) < cost(&now) { trial } else { now });
        }
        let mixed = owners.iter().zip(now.shapes.iter().zip(&trial.shapes));
        let shapes = mixed.map(|(token, (old, new))| if better[*token] { *new } else { *old }).collect();
        let mixed = self.tried(sentence, shapes)?;
        Ok(if cost(&mixed) < cost(&now) { mixed } else { now })
    }

    /// Takes groups of numbers back to 0 where that costs nothing.
    fn pruned(&self, sentence: &SignSentence, owners: &[usize], found: Tried) -> Result<Tried, MotionError> {
        let mut now = found;
        for group in GROUPS {
            for third in 0..3 {
                let turn = |token: usize| token % 3 == third;
                let mut shapes = now.shapes.clone();
                for (shape, _) in shapes.iter_mut().zip(owners).filter(|(_, token)| turn(**token)) {
                    shape.0[group.0..group.1].fill(0.0);
                }
                if shapes != now.shapes {
                    let trial = self.tried(sentence, shapes)?;
                    now = self.keep_better(sentence, owners, now, trial, turn)?;
                }
            }
        }
        Ok(now)
    }
}

/// Numbers that are changed, and taken back, together.
pub(crate) const GROUPS: [(usize, usize); 9] = [
    (0, 1),
    (1, 2),
    (2, 5),
    (5, HANDS),
    (HANDS, HANDS + 8),
    (HANDS + 8, HANDS + OF_HAND),
    (HANDS + OF_HAND, HANDS + OF_HAND + 8),
    (HANDS + OF_HAND + 8, BODY),
    (BODY, BODY + OF_BODY),
];
/// How often each group is changed: time matters most; head and face are not what the checker measures.
const CHANCES: [f32; 9] = [0.35, 0.25, 0.25, 0.15, 0.30, 0.20, 0.20, 0.12, 0.03];

fn changed(shape: &Shape, step: f32, random: &mut Random) -> Shape {
    let mut numbers = *shape.numbers();
    for ((from, to), chance) in GROUPS.into_iter().zip(CHANCES) {
        if random.unit() >= chance {
            continue;
        }
        if random.unit() < 0.12 {
            numbers[from..to].fill(0.0);
            continue;
        }
        // One to three numbers of a group.
        for _ in 0..=random.below(3.min(to - from)) {
            numbers[from + random.below(to - from)] += step * random.normal();
        }
    }
    Shape::new(numbers)
}

/// A random start.
fn scattered(random: &mut Random) -> Shape {
    let mut numbers = [0.0; OUTPUTS];
    for number in &mut numbers[..BODY] {
        if random.unit() < 0.3 {
            *number = random.normal() * 0.4;
        }
    }
    Shape::new(numbers)
}

fn different(shapes: &[Shape], owners: &[usize], token: usize) -> f64 {
    let own = shapes.iter().zip(owners).filter(|(_, owner)| **owner == token);
    own.flat_map(|(shape, _)| shape.numbers()).map(|number| f64::from(number * number)).sum::<f64>() * DIFFERENT
}

/// What the search goes by: what the sentence costs, and being different.
fn cost(tried: &Tried) -> f64 {
    let numbers = tried.shapes.iter().flat_map(|shape| shape.numbers());
    tried.score.total() + numbers.map(|number| f64::from(number * number)).sum::<f64>() * DIFFERENT
}

const _: () = assert!(GROUPS[8].1 == OUTPUTS);
