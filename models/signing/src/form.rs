//! The phonology of one sign, whatever the language.

use serde::{Deserialize, Serialize};

use crate::{
    action::{Action, MovementKind, PathShape, Size},
    handshape::Handshape,
    nonmanual::TimedNonManual,
    place::{Distance, Place, Site},
    space::{Dir, Hand},
};

/// How one sign is formed: steps in sequence, and notes that carry no movement.
///
/// Written for a right-handed signer: directions and sides are those of someone whose dominant
/// hand is the right one. Motion mirrors for a left-handed signer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignForm {
    /// At least one.
    pub steps: Vec<Step>,
    /// What the form means or imitates, regional remarks (表示…, 仿…, 如…状).
    pub notes: Vec<String>,
}

/// One step, such as （一）of a description.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// How the hands begin.
    pub hands: Hands,
    /// What they do.
    pub action: Action,
    /// What face, head, gaze and torso do meanwhile.
    pub nonmanuals: Vec<TimedNonManual>,
}

/// The hands of a step.
#[expect(clippy::large_enum_variant, reason = "most steps have two hands; a box would cost more than it saves")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hands {
    /// The hands take no part: a sign of the face or head alone.
    None,
    /// The dominant hand alone (一手).
    One(HandConfig),
    /// Both hands. Each is written out in full, also where one follows from the other.
    Two {
        /// The dominant hand.
        dominant: HandConfig,
        /// The weak hand.
        weak: HandConfig,
        /// How the weak hand moves where a movement is of both.
        symmetry: Symmetry,
    },
}

impl Hands {
    /// How `hand` begins; `None` if it takes no part.
    pub const fn config(&self, hand: Hand) -> Option<&HandConfig> {
        match (self, hand) {
            (Self::One(config), Hand::Dominant)
            | (Self::Two { dominant: config, .. }, Hand::Dominant)
            | (Self::Two { weak: config, .. }, Hand::Weak) => Some(config),
            (Self::None, _) | (Self::One(_), Hand::Weak) => None,
        }
    }
}

/// How the weak hand moves where a movement is of both hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symmetry {
    /// As in a mirror between the hands.
    Mirror,
    /// The same way (同时向一侧).
    Parallel,
    /// Mirrored, half a period later (交替); for paths up and down or to and fro: the opposite way.
    Alternating,
    /// Each hand has movements of its own.
    Independent,
}

/// How one hand begins. What is `None` motion chooses by least effort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandConfig {
    /// What the fingers do.
    pub shape: Handshape,
    /// Where the palm's outward normal points (掌心).
    pub palm: Option<Dir>,
    /// Where the hand points: from the wrist to the middle knuckle, whatever the fingers do.
    pub fingers: Option<Dir>,
    /// Where the thumb's side of the hand points (虎口).
    pub radial: Option<Dir>,
    /// Where it is.
    pub place: Option<Place>,
}

impl HandConfig {
    /// Mirrored in the sagittal plane, for the other hand.
    pub fn mirrored(&self) -> Self {
        Self {
            shape: self.shape.clone(),
            palm: self.palm.map(Dir::mirrored),
            fingers: self.fingers.map(Dir::mirrored),
            radial: self.radial.map(Dir::mirrored),
            place: self.place.map(Place::mirrored),
        }
    }
}

/// What is wrong with a form.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FormError {
    /// No step at all.
    #[error("a sign form needs at least one step")]
    NoSteps,
    /// Too many steps.
    #[error("a sign form has at most {max} steps, {found} were found")]
    TooManySteps {
        /// Steps found.
        found: usize,
        /// [`SignForm::MAX_STEPS`].
        max: usize,
    },
    /// A count outside of 1 to [`Action::MAX_TIMES`].
    #[error("step {step}: {what} {found} times: expected 1 to {max}")]
    Count {
        /// Counted from 1.
        step: usize,
        /// What is repeated.
        what: &'static str,
        /// Times found.
        found: u32,
        /// The most that is allowed.
        max: u32,
    },
    /// A number that is not finite, or out of its documented range.
    #[error("step {step}: {what} is {found}: expected {expected}")]
    Number {
        /// Counted from 1.
        step: usize,
        /// Which number.
        what: &'static str,
        /// As found.
        found: f32,
        /// The documented range.
        expected: &'static str,
    },
    /// A movement of a hand that the step does not have.
    #[error("step {step}: a movement of the {hand:?} hand, which takes no part in the step")]
    MissingHand {
        /// Counted from 1.
        step: usize,
        /// Which hand.
        hand: Hand,
    },
    /// Actions nested too deeply.
    #[error("step {step}: actions nested more than {max} deep")]
    Depth {
        /// Counted from 1.
        step: usize,
        /// [`SignForm::MAX_DEPTH`].
        max: usize,
    },
}

impl SignForm {
    /// No sign has more steps.
    pub const MAX_STEPS: usize = 32;
    /// No action tree is deeper.
    pub const MAX_DEPTH: usize = 16;

    /// Checks what the types cannot: counts, finite numbers, hands that exist.
    ///
    /// Errors: the first [`FormError`], in reading order.
    pub fn validate(&self) -> Result<(), FormError> {
        if self.steps.is_empty() {
            return Err(FormError::NoSteps);
        }
        if self.steps.len() > Self::MAX_STEPS {
            return Err(FormError::TooManySteps { found: self.steps.len(), max: Self::MAX_STEPS });
        }
        for (index, step) in self.steps.iter().enumerate() {
            StepCheck { step: index + 1, hands: &step.hands }.check(step)?;
        }
        Ok(())
    }
}

struct StepCheck<'a> {
    step: usize,
    hands: &'a Hands,
}

impl StepCheck<'_> {
    fn check(&self, step: &Step) -> Result<(), FormError> {
        for hand in Hand::BOTH {
            if let Some(config) = self.hands.config(hand) {
                self.shape(&config.shape)?;
                config.place.as_ref().map_or(Ok(()), |place| self.place(place))?;
            }
        }
        for timed in &step.nonmanuals {
            self.range("non-manual intensity", timed.intensity, 0.0..=1.0, "0 to 1")?;
            self.range("non-manual start", timed.start, 0.0..=1.0, "0 to 1")?;
            self.range("non-manual end", timed.end, timed.start..=1.0, "its start to 1")?;
        }
        self.action(&step.action, 0)
    }

    fn action(&self, action: &Action, depth: usize) -> Result<(), FormError> {
        if depth > SignForm::MAX_DEPTH {
            return Err(FormError::Depth { step: self.step, max: SignForm::MAX_DEPTH });
        }
        match action {
            Action::Seq(parts) | Action::Par(parts) => parts.iter().try_for_each(|part| self.action(part, depth + 1)),
            Action::Repeat { times, action } => {
                self.count("an action is repeated", *times)?;
                self.action(action, depth + 1)
            }
            Action::Move(movement) => {
                let needed: &[Hand] = match movement.hand {
                    crate::HandSelector::One(Hand::Dominant) => &[Hand::Dominant],
                    crate::HandSelector::One(Hand::Weak) => &[Hand::Weak],
                    crate::HandSelector::Both => &Hand::BOTH,
                };
                if let Some(&hand) = needed.iter().find(|&&hand| self.hands.config(hand).is_none()) {
                    return Err(FormError::MissingHand { step: self.step, hand });
                }
                self.kind(&movement.kind)
            }
        }
    }

    fn kind(&self, kind: &MovementKind) -> Result<(), FormError> {
        match kind {
            MovementKind::Path(path) => {
                self.size(path.size)?;
                path.to.as_ref().map_or(Ok(()), |place| self.place(place))?;
                match &path.shape {
                    PathShape::Circle { turns, .. } => self.range("circle turns", *turns, 0.05..=20.0, "0.05 to 20"),
                    PathShape::ZigZag { strokes, .. } => self.count("a stroke is made", *strokes),
                    PathShape::Wave { waves, .. } => self.count("a wave is made", *waves),
                    PathShape::Steps { stops } => self.count("a stop is made", *stops),
                    PathShape::Trace(strokes) => strokes
                        .iter()
                        .flatten()
                        .flatten()
                        .try_for_each(|&metres| self.range("a traced point", metres, -1.0..=1.0, "−1 to 1 m")),
                    PathShape::Straight | PathShape::Arc(_) => Ok(()),
                }
            }
            MovementKind::Rotate(rotation) => {
                self.range("rotation", rotation.angle_rad, -7.0..=7.0, "at most a full turn either way")
            }
            MovementKind::Shape(shape) => self.shape(shape),
            MovementKind::Finger(motion) => self.count("fingers move", motion.times),
            MovementKind::Contact(contact) => {
                self.size(contact.size)?;
                self.place(&contact.place)
            }
            MovementKind::Hold { beats } => self.range("hold", *beats, 0.0..=20.0, "0 to 20 beats"),
            MovementKind::Orient { .. } => Ok(()),
        }
    }

    fn shape(&self, shape: &Handshape) -> Result<(), FormError> {
        let thumb = [shape.thumb.abduction, shape.thumb.opposition, shape.thumb.mcp, shape.thumb.ip];
        let fingers = shape.fingers.iter().flat_map(|f| [f.mcp, f.pip, f.dip, f.spread]);
        thumb
            .into_iter()
            .chain(fingers)
            .try_for_each(|angle| self.range("finger angle", angle, -2.0..=2.0, "−2 to 2 rad"))
    }

    fn place(&self, place: &Place) -> Result<(), FormError> {
        for metres in place.offset {
            self.range("place offset", metres, -2.0..=2.0, "−2 to 2 m")?;
        }
        if let Distance::Metres(metres) = place.distance {
            self.range("place distance", metres, -0.2..=2.0, "−0.2 to 2 m")?;
        }
        if let Site::Space(point) = place.site {
            for coordinate in [point.x, point.y, point.z] {
                self.range("space point", coordinate, -4.0..=4.0, "−4 to 4")?;
            }
        }
        Ok(())
    }

    fn size(&self, size: Size) -> Result<(), FormError> {
        match size {
            Size::Metres(metres) => self.range("size", metres, 0.0..=2.0, "0 to 2 m"),
            Size::Small | Size::Normal | Size::Large => Ok(()),
        }
    }

    fn count(&self, what: &'static str, found: u32) -> Result<(), FormError> {
        if (1..=Action::MAX_TIMES).contains(&found) {
            return Ok(());
        }
        Err(FormError::Count { step: self.step, what, found, max: Action::MAX_TIMES })
    }

    fn range(
        &self,
        what: &'static str,
        found: f32,
        range: std::ops::RangeInclusive<f32>,
        expected: &'static str,
    ) -> Result<(), FormError> {
        // `contains` is false for NaN.
        if range.contains(&found) {
            return Ok(());
        }
        Err(FormError::Number { step: self.step, what, found, expected })
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
pub(crate) mod tests;
