//! Who is asked for shapes while a sentence is planned.

use std::{collections::VecDeque, sync::Arc};

use signing::{SignSentence, Step};

use super::{
    Shape,
    features::{Around, Features, OF_FORM, StepPlan, assemble, of_step},
    network::{Memory, PoseNetwork},
};
use crate::rig::Rig;

/// Where shapes come from.
#[derive(Debug)]
enum Source {
    /// What planning has, unchanged.
    Analytic,
    /// The network, and what it remembers of the sentence.
    Network(Arc<PoseNetwork>, Memory),
    /// These, in the order of asking; what was seen is kept for whoever learns from it.
    Given { shapes: VecDeque<Shape>, seen: Option<Vec<Seen>> },
}

/// What was seen when a shape was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Index of the token.
    pub(crate) token: usize,
    pub(crate) features: Box<Features>,
}

/// What a sentence, a token and its neighbour say to the head, and whoever answers.
#[derive(Debug)]
pub(crate) struct Shaper {
    source: Source,
    sentence: Option<u64>,
    token: usize,
    around: Around,
    next: Option<(Box<[f32; OF_FORM]>, usize)>,
    /// Whether what is planned now goes by without the head.
    passing: bool,
    /// The last shape.
    last: Shape,
    /// What is answered next, whoever would answer.
    again: Option<Shape>,
    /// All shapes, if they are listened to.
    given: Option<Vec<Shape>>,
}

impl Shaper {
    fn from(source: Source) -> Self {
        Self {
            source,
            sentence: None,
            token: 0,
            around: Around::default(),
            next: None,
            passing: true,
            last: Shape::ANALYTIC,
            again: None,
            given: None,
        }
    }

    pub(crate) fn analytic() -> Self {
        Self::from(Source::Analytic)
    }

    pub(crate) fn network(network: Arc<PoseNetwork>) -> Self {
        let memory = network.memory();
        Self::from(Source::Network(network, memory))
    }

    /// Answers with `shapes`, then as planning has it.
    pub(crate) fn given(shapes: &[Shape], keep_seen: bool) -> Self {
        let seen = keep_seen.then(Vec::new);
        Self::from(Source::Given { shapes: shapes.iter().copied().collect(), seen })
    }

    /// From now on all shapes are kept, for [`Shaper::take_given`].
    pub(crate) fn listening(mut self) -> Self {
        self.given = Some(Vec::new());
        self
    }

    /// All shapes since the last call.
    pub(crate) fn take_given(&mut self) -> Vec<Shape> {
        self.given.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// What was seen, if it was kept.
    pub(crate) fn take_seen(&mut self) -> Vec<Seen> {
        match &mut self.source {
            Source::Given { seen: Some(seen), .. } => std::mem::take(seen),
            _ => Vec::new(),
        }
    }

    /// A token is planned. `next` is the one that is signed after it: no other is seen.
    pub(crate) fn enter(&mut self, serial: u64, sentence: &SignSentence, token: usize, next: Option<usize>) {
        self.passing = false;
        self.token = token;
        self.last = Shape::ANALYTIC;
        if matches!(self.source, Source::Analytic) {
            return;
        }
        if self.sentence != Some(serial) {
            self.sentence = Some(serial);
            if let Source::Network(network, memory) = &mut self.source {
                *memory = network.memory();
            }
        }
        self.around = Around::of(sentence, token, next);
        let following = next.and_then(|next| sentence.tokens.get(next)).map(|token| &token.forms);
        self.next = following.and_then(|forms| {
            let steps = forms.iter().map(|form| form.form.steps.len()).sum();
            Some((Box::new(of_step(forms.first()?.form.steps.first()?)), steps))
        });
    }

    /// What is planned from now on goes by without the head: what the weak hand signs beside, forms as dictionaries show them.
    pub(crate) const fn pass(&mut self) {
        self.passing = true;
    }

    /// Whether nobody answers: what is planned goes by without the head.
    pub(crate) const fn is_silent(&self) -> bool {
        self.passing || matches!(self.source, Source::Analytic)
    }

    /// The configuration that was asked for last is planned again: the next answer is `shape`, and nothing is remembered
    /// of it.
    pub(crate) const fn repeat(&mut self, shape: Shape) {
        self.again = Some(shape);
    }

    /// As [`Shaper::repeat`], if what is planned is asked of anybody.
    pub(crate) const fn repeat_if_asked(&mut self, shape: Shape) {
        if !self.is_silent() {
            self.repeat(shape);
        }
    }

    /// What is set about the step before it is asked for.
    pub(crate) const fn around(&mut self) -> &mut Around {
        &mut self.around
    }

    /// The configuration that was asked for last is planned with `shape` after all.
    pub(crate) const fn settle(&mut self, shape: Shape) {
        self.last = shape;
    }

    /// The shape of a configuration.
    pub(crate) fn shape(&mut self, step: &Step, plan: &StepPlan, rig: &Rig) -> Shape {
        if self.passing {
            return Shape::ANALYTIC;
        }
        if let Some(shape) = self.again.take() {
            self.last = shape;
            return shape;
        }
        let shape = match &mut self.source {
            Source::Analytic => return Shape::ANALYTIC,
            Source::Network(network, memory) => {
                network.step(&assemble(step, plan, &self.around, self.next.as_ref(), rig), memory)
            }
            Source::Given { shapes, seen } => {
                if let Some(seen) = seen {
                    let features = assemble(step, plan, &self.around, self.next.as_ref(), rig);
                    seen.push(Seen { token: self.token, features });
                }
                shapes.pop_front().unwrap_or(Shape::ANALYTIC)
            }
        };
        self.around.step += 1;
        self.last = shape;
        if let Some(given) = &mut self.given {
            given.push(shape);
        }
        shape
    }

    /// The shape of the token's last configuration.
    pub(crate) const fn last(&self) -> Shape {
        self.last
    }
}
