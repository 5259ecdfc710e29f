//! The teacher: searches for the shapes that make a sentence cost least. Slow and good.
//!
//! From several random starts, times are swept through one by one, then each token's shapes are changed a little at random; a
//! change stays if the sentence costs less around it. Tokens three apart don't feel each other, so a trial serves a third of the sentence at once. What turns out
//! to be of no use is taken back to 0, so that what is left can be learnt.

use std::sync::Arc;

use body::Body;
use serde::{Deserialize, Serialize};
use signing::{FrameRate, PoseFrame, SignSentence};

use super::{
    Head, PoseNetwork, Score, Shape, Shaper,
    features::Features,
    objective::score,
    recording::{Mismatch, Recording},
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
    /// Only what sets the pace is searched, [`Shape::PACE`] numbers: what a network can learn from few sentences.
    pub pace_alone: bool,
}

impl Default for TeacherOptions {
    fn default() -> Self {
        Self { starts: 4, trials: 200, seed: 0, pace_alone: false }
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

/// Which way a network's shapes for a sentence should go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slopes {
    /// What it saw, and what it gave.
    pub(crate) examples: Vec<Example>,
    /// For each of them what makes the sentence cost less: cost by number.
    pub(crate) downhill: Vec<[f32; OUTPUTS]>,
    /// What the sentence costs with it.
    pub(crate) cost: f64,
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
/// Frames a second at which motion is measured, and at which the search does: most of its time is making frames.
const RATE: u32 = 50;
const SEARCH_RATE: u32 = 32;

/// Searches for one body.
#[derive(Debug, Clone)]
pub struct Teacher {
    body: Arc<Body>,
    rig: Arc<Rig>,
    options: TeacherOptions,
}

/// A sentence, and the recording that it should be like, if there is one.
#[derive(Clone, Copy)]
struct Task<'a> {
    sentence: &'a SignSentence,
    like: Option<&'a Recording>,
    /// The shapes that cost nothing; planning as it is where there are none.
    base: &'a [Shape],
}

impl<'a> Task<'a> {
    const fn of(sentence: &'a SignSentence) -> Self {
        Self { sentence, like: None, base: &[] }
    }

    fn base(&self, index: usize) -> &Shape {
        self.base.get(index).unwrap_or(&Shape::ANALYTIC)
    }

    /// What the search goes by: what the sentence costs, and being different.
    fn cost(&self, tried: &Tried) -> f64 {
        tried.score.total() + (0..tried.shapes.len()).map(|index| self.different(&tried.shapes, index)).sum::<f64>()
    }

    /// What a token and its neighbours cost, and being different there.
    fn around(&self, tried: &Tried, owners: &[usize], token: usize) -> f64 {
        let near = token.saturating_sub(1)..=token + 1;
        let own = (0..tried.shapes.len()).filter(|index| owners[*index] == token);
        near.map(|token| tried.score.of_token(token)).sum::<f64>()
            + own.map(|index| self.different(&tried.shapes, index)).sum::<f64>()
    }

    fn different(&self, shapes: &[Shape], index: usize) -> f64 {
        let (numbers, base) = (shapes[index].numbers(), self.base(index).numbers());
        numbers.iter().zip(base).map(|(number, base)| f64::from((number - base).powi(2))).sum::<f64>() * DIFFERENT
    }
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
        at_rate(RATE)
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
        self.search(Task::of(sentence), salt, pupil)
    }

    /// Searches for the shapes that make a sentence most like a recording of it, near what a network gives with a
    /// [style](Teacher::style). Time, effort and band are the recording's; what the checker measures still costs.
    ///
    /// Errors: as [`crate::sign_all`].
    pub fn imitate(
        &self,
        (sentence, like): (&SignSentence, &Recording),
        network: &Arc<PoseNetwork>,
        style: &Shape,
        salt: u64,
    ) -> Result<Solution, MotionError> {
        let given = self.of_pupil(Task::of(sentence), network)?;
        let base: Vec<Shape> = given.shapes.iter().map(|shape| shape.and(style)).collect();
        self.search(Task { sentence, like: Some(like), base: &base }, salt, None)
    }

    /// A signer's style: what is added to all that a network gives, the same everywhere, so that its motion is most like
    /// these recordings. And what being unlike them costs without it and with it.
    ///
    /// What a signer does everywhere is found by all recordings together and holds for every other sentence too; what
    /// single signs are like, [`Teacher::imitate`] finds.
    ///
    /// `watch` is told of every output that is done, of [`OUTPUTS`]. Errors: as [`crate::sign_all`].
    pub fn style(
        &self,
        recordings: &[(&SignSentence, &Recording)],
        network: &Arc<PoseNetwork>,
        mut watch: impl FnMut(),
    ) -> Result<(Shape, [f64; 2]), MotionError> {
        /// The trunk carries the arms: it comes before them.
        const ORDER: [(usize, usize); 3] = [(0, HANDS), (BODY, OUTPUTS), (HANDS, BODY)];
        let mut given = Vec::with_capacity(recordings.len());
        for (sentence, like) in recordings {
            let shapes = self.of_pupil(Task::of(sentence), network)?.shapes;
            given.push((Task { sentence, like: Some(like), base: &[] }, shapes));
        }
        let cost = |style: &Shape| -> Result<f64, MotionError> {
            let mut sum = 0.0;
            for (task, shapes) in &given {
                sum += self.tried(*task, shapes.iter().map(|shape| shape.and(style)).collect())?.score.total();
                let numbers = style.numbers().iter().map(|number| f64::from(number * number));
                sum += numbers.sum::<f64>() * DIFFERENT * shapes.len() as f64;
            }
            Ok(sum)
        };
        let mut style = Shape::ANALYTIC;
        let before = cost(&style)?;
        let mut least = before;
        for output in ORDER.into_iter().flat_map(|(from, to)| from..to) {
            for step in STEPS {
                let mut other = style;
                other.0[output] = (other.0[output] + step).clamp(-1.0, 1.0);
                if other != style {
                    let found = cost(&other)?;
                    if found < least {
                        (style, least) = (other, found);
                    }
                }
            }
            watch();
        }
        Ok((style, [before, least]))
    }

    /// Finds the signs of a sentence in a recording of it.
    ///
    /// Errors: as [`crate::sign_all`]; within, a [`Mismatch`] when it is of something else.
    pub fn align(
        &self,
        sentence: &SignSentence,
        recorded: &[PoseFrame],
    ) -> Result<Result<Recording, Mismatch>, MotionError> {
        let (frames, report) = self.motion(sentence, &Head::Analytic)?;
        Ok(Recording::align(&self.body, recorded, &frames, &report))
    }

    /// What a network gives for a sentence, with a style, as examples: so that what is learnt next is not learnt in its place.
    ///
    /// Errors: as [`crate::sign_all`].
    pub fn rehearse(
        &self,
        sentence: &SignSentence,
        network: &Arc<PoseNetwork>,
        style: &Shape,
    ) -> Result<Vec<Example>, MotionError> {
        let task = Task::of(sentence);
        let shapes: Vec<Shape> = self.of_pupil(task, network)?.shapes.iter().map(|shape| shape.and(style)).collect();
        self.examples(task, &shapes)
    }

    /// The body's motion for a sentence with a head, sampled as the teacher does.
    ///
    /// Errors: as [`crate::sign_all`].
    pub fn motion(&self, sentence: &SignSentence, head: &Head) -> Result<(Vec<PoseFrame>, Report), MotionError> {
        let config = unlimited(Self::config());
        let mut signer = Signer::with_rig(Arc::clone(&self.rig), config);
        signer.set_shaper(head.shaper());
        drive(&mut signer, config, std::slice::from_ref(sentence))
    }

    /// The body.
    pub const fn body(&self) -> &Arc<Body> {
        &self.body
    }

    /// Which way a network's shapes for a sentence should go: shapes near its own are tried in pairs to both sides, and
    /// what a token and its neighbours cost tells which side is better. Nothing is searched: many sentences with few
    /// trials each say more of what a network should give than few sentences with many.
    ///
    /// Errors: as [`crate::sign_all`].
    pub(crate) fn slopes(
        &self,
        sentence: &SignSentence,
        network: &Arc<PoseNetwork>,
        (tries, told): (u32, &[f32; OUTPUTS]),
        random: &mut Random,
    ) -> Result<Slopes, MotionError> {
        let task = Task::of(sentence);
        let given = self.of_pupil(task, network)?;
        let (_, seen) = self.sign(task, &given.shapes, true)?;
        let owners: Vec<usize> = seen.iter().map(|seen| seen.token).collect();
        let mut sums = vec![[0.0_f32; OUTPUTS]; owners.len()];
        for _ in 0..tries {
            for third in 0..3 {
                let noise: Vec<[f32; OUTPUTS]> = owners
                    .iter()
                    .map(|token| if token % 3 == third { some_noise(told, random) } else { [0.0; OUTPUTS] })
                    .collect();
                let moved = |sign: f32| {
                    let rows = given.shapes.iter().zip(&noise);
                    rows.map(|(shape, noise)| {
                        Shape::new(std::array::from_fn(|at| shape.0[at] + sign * SPREAD * noise[at]))
                    })
                    .collect::<Vec<Shape>>()
                };
                let (there, back) = (self.tried(task, moved(1.0))?, self.tried(task, moved(-1.0))?);
                for (at, &token) in owners.iter().enumerate() {
                    let dearer = task.around(&there, &owners, token) - task.around(&back, &owners, token);
                    #[expect(clippy::cast_possible_truncation, reason = "a price")]
                    let slope = dearer.clamp(-MOST_TELLING, MOST_TELLING) as f32 / (2.0 * SPREAD * tries as f32);
                    sums[at].iter_mut().zip(noise[at]).for_each(|(sum, noise)| *sum -= slope * noise);
                }
            }
        }
        let examples = seen.into_iter().zip(&given.shapes);
        let examples = examples.map(|(Seen { features, .. }, shape)| Example { features, shape: *shape }).collect();
        Ok(Slopes { examples, downhill: sums, cost: given.score.total() })
    }

    fn examples(&self, task: Task<'_>, shapes: &[Shape]) -> Result<Vec<Example>, MotionError> {
        let (_, seen) = self.sign(task, shapes, true)?;
        let pairs = seen.into_iter().zip(shapes);
        Ok(pairs.map(|(Seen { features, .. }, shape)| Example { features, shape: *shape }).collect())
    }

    fn search(&self, task: Task<'_>, salt: u64, pupil: Option<&Arc<PoseNetwork>>) -> Result<Solution, MotionError> {
        let (_, seen) = self.sign(task, &[], true)?;
        let owners: Vec<usize> = seen.iter().map(|seen| seen.token).collect();
        let analytic = self.tried(task, vec![Shape::ANALYTIC; owners.len()])?;
        let mut random = Random::new(self.options.seed ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let base = match task.base {
            [] => Tried { shapes: analytic.shapes.clone(), score: analytic.score.clone() },
            base => self.tried(task, base.to_vec())?,
        };
        let copy = |tried: &Tried| Tried { shapes: tried.shapes.clone(), score: tried.score.clone() };
        let mut best = copy(&base);
        for start in 0..self.options.starts {
            let begin = match (start, pupil) {
                (0, Some(pupil)) => self.of_pupil(task, pupil)?,
                (0, None) => copy(&base),
                _ => {
                    let scattered = (0..owners.len()).map(|index| self.scattered(&mut random).and(task.base(index)));
                    self.tried(task, scattered.collect())?
                }
            };
            let swept = self.sweep(task, &owners, begin)?;
            let found = self.descend(task, &owners, swept, &mut random)?;
            if task.cost(&found) < task.cost(&best) {
                best = found;
            }
        }
        let best = self.pruned(task, &owners, best)?;
        let examples = self.examples(task, &best.shapes)?;
        Ok(Solution { examples, analytic: analytic.score, found: best.score })
    }

    /// What a pupil gives.
    fn of_pupil(&self, task: Task<'_>, pupil: &Arc<PoseNetwork>) -> Result<Tried, MotionError> {
        let (score, mut shaper) = self.sign_by(task, Shaper::network(Arc::clone(pupil)).listening())?;
        Ok(Tried { shapes: shaper.take_given(), score })
    }

    fn sign(&self, task: Task<'_>, shapes: &[Shape], keep_seen: bool) -> Result<(Score, Vec<Seen>), MotionError> {
        let (score, mut shaper) = self.sign_by(task, Shaper::given(shapes, keep_seen))?;
        Ok((score, shaper.take_seen()))
    }

    fn sign_by(&self, task: Task<'_>, shaper: Shaper) -> Result<(Score, Shaper), MotionError> {
        let config = unlimited(at_rate(SEARCH_RATE));
        let mut signer = Signer::with_rig(Arc::clone(&self.rig), config);
        signer.set_shaper(shaper);
        let (frames, report): (_, Report) = drive(&mut signer, config, std::slice::from_ref(task.sentence))?;
        let mut score = score(&self.body, &frames, &report);
        if let Some(like) = task.like {
            like.add_to(&mut score, &self.body, &frames, &report);
        }
        Ok((score, signer.into_shaper()))
    }

    /// What a sentence costs with a network.
    ///
    /// Errors: as [`crate::sign_all`].
    pub fn score_of(&self, sentence: &SignSentence, network: &Arc<PoseNetwork>) -> Result<Score, MotionError> {
        let task = Task::of(sentence);
        Ok(self.sign_by(task, Shaper::network(Arc::clone(network)))?.0)
    }

    fn tried(&self, task: Task<'_>, shapes: Vec<Shape>) -> Result<Tried, MotionError> {
        let (score, _) = self.sign(task, &shapes, false)?;
        Ok(Tried { shapes, score })
    }

    /// Goes through the times one by one, in steps that are halved: what random trials would find at random places, this
    /// finds at the same place for the same reason, so that it can be learnt.
    fn sweep(&self, task: Task<'_>, owners: &[usize], start: Tried) -> Result<Tried, MotionError> {
        let mut now = start;
        if self.options.trials == 0 {
            return Ok(now);
        }
        for index in 0..Shape::PACE {
            for step in STEPS {
                for third in 0..3 {
                    let turn = |token: usize| token % 3 == third;
                    let mut shapes = now.shapes.clone();
                    for (shape, _) in shapes.iter_mut().zip(owners).filter(|(_, token)| turn(**token)) {
                        shape.0[index] = (shape.0[index] + step).clamp(-1.0, 1.0);
                    }
                    if shapes != now.shapes {
                        let trial = self.tried(task, shapes)?;
                        now = self.keep_better(task, owners, now, trial, turn)?;
                    }
                }
            }
        }
        Ok(now)
    }

    /// Trials from a start: what costs less around a token stays.
    fn descend(
        &self,
        task: Task<'_>,
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
            for (index, (shape, token)) in shapes.iter_mut().zip(owners).enumerate() {
                if turn(*token) {
                    *shape = self.changed(shape, task.base(index), step, random);
                }
            }
            if shapes == now.shapes {
                continue;
            }
            let trial = self.tried(task, shapes)?;
            now = self.keep_better(task, owners, now, trial, turn)?;
        }
        Ok(now)
    }

    fn changed(&self, shape: &Shape, base: &Shape, step: f32, random: &mut Random) -> Shape {
        let mut numbers = *shape.numbers();
        for ((from, to), chance) in self.groups() {
            if random.unit() >= chance {
                continue;
            }
            if random.unit() < 0.12 {
                numbers[from..to].copy_from_slice(&base.0[from..to]);
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
    fn scattered(&self, random: &mut Random) -> Shape {
        let mut numbers = [0.0; OUTPUTS];
        for number in self.groups().flat_map(|((from, to), _)| from..to).filter(|number| *number < BODY) {
            if random.unit() < 0.3 {
                numbers[number] = random.normal() * 0.4;
            }
        }
        Shape::new(numbers)
    }

    /// The groups that are searched, and how often each is changed.
    fn groups(&self) -> impl Iterator<Item = ((usize, usize), f32)> {
        /// Where nothing else is searched, times are changed as often as all is otherwise.
        const OFTENER: f32 = 5.0;
        let pace_alone = self.options.pace_alone;
        let searched = GROUPS.into_iter().zip(CHANCES).filter(move |((_, to), _)| !pace_alone || *to <= Shape::PACE);
        searched.map(move |(group, chance)| (group, if pace_alone { chance * OFTENER } else { chance }))
    }

    /// Tokens whose turn it was keep what was tried where it costs less around them.
    fn keep_better(
        &self,
        task: Task<'_>,
        owners: &[usize],
        now: Tried,
        trial: Tried,
        turn: impl Fn(usize) -> bool,
    ) -> Result<Tried, MotionError> {
        let count = now.score.tokens.len().max(owners.iter().max().map_or(0, |last| last + 1));
        let better: Vec<bool> = (0..count)
            .map(|token| turn(token) && task.around(&trial, owners, token) < task.around(&now, owners, token) - 1e-6)
            .collect();
        if !better.contains(&true) {
            return Ok(now);
        }
        if (0..count).all(|token| better[token] || !turn(token)) {
            return Ok(if task.cost(&trial) < task.cost(&now) { trial } else { now });
        }
        let mixed = owners.iter().zip(now.shapes.iter().zip(&trial.shapes));
        let shapes = mixed.map(|(token, (old, new))| if better[*token] { *new } else { *old }).collect();
        let mixed = self.tried(task, shapes)?;
        Ok(if task.cost(&mixed) < task.cost(&now) { mixed } else { now })
    }

    /// Takes groups of numbers back to where they would cost nothing, where that costs nothing.
    fn pruned(&self, task: Task<'_>, owners: &[usize], found: Tried) -> Result<Tried, MotionError> {
        let mut now = found;
        for group in GROUPS {
            for third in 0..3 {
                let turn = |token: usize| token % 3 == third;
                let mut shapes = now.shapes.clone();
                for (index, shape) in shapes.iter_mut().enumerate().filter(|(index, _)| turn(owners[*index])) {
                    shape.0[group.0..group.1].copy_from_slice(&task.base(index).0[group.0..group.1]);
                }
                if shapes != now.shapes {
                    let trial = self.tried(task, shapes)?;
                    now = self.keep_better(task, owners, now, trial, turn)?;
                }
            }
        }
        Ok(now)
    }
}

fn at_rate(rate: u32) -> MotionConfig {
    let rate = FrameRate::new(rate, 1).unwrap_or(FrameRate::PAL);
    MotionConfig { rate, ..MotionConfig::default() }
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
/// Steps in which a number is swept through: each is added if that costs less.
const STEPS: [f32; 5] = [-0.5, 0.5, -0.5, 0.25, -0.25];
/// How often each group is changed: times were swept through; head and face are not what the checker measures.
const CHANCES: [f32; 9] = [0.10, 0.08, 0.08, 0.10, 0.40, 0.25, 0.25, 0.15, 0.03];

/// How far shapes are moved to see which way is better, and how much a difference of cost says at most: what is beyond a
/// limit here and not there would drown everything else.
const SPREAD: f32 = 0.2;
const MOST_TELLING: f64 = 0.4;

/// Noise in some groups of numbers, of so much deviation by output.
fn some_noise(told: &[f32; OUTPUTS], random: &mut Random) -> [f32; OUTPUTS] {
    /// How often a group has some.
    const CHANCE: f32 = 0.4;
    let mut noise = [0.0; OUTPUTS];
    for (from, to) in GROUPS {
        if told[from..to].iter().any(|told| *told > 0.0) && random.unit() < CHANCE {
            (from..to).for_each(|output| noise[output] = told[output] * random.normal());
        }
    }
    noise
}

const _: () = assert!(GROUPS[8].1 == OUTPUTS);
