//! What can go wrong, and what could not be done as asked.

use std::fmt;

use signing::{Hand, SentenceError};

/// Why motion refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MotionError {
    /// A body that cannot sign.
    #[error("the body has no {bone}: motion needs hips, spine, head and both arms with their hands")]
    MissingBone {
        /// VRM's name of the bone.
        bone: &'static str,
    },
    /// Too much waits to be signed.
    #[error("{queued} signs wait already and {offered} more were offered: at most {limit} may wait; step first")]
    Backlog {
        /// Signs that wait.
        queued: usize,
        /// Signs of the refused sentence.
        offered: usize,
        /// [`crate::MotionConfig::queued_signs`].
        limit: usize,
    },
    /// A sentence after [`crate::Signer::finish`].
    #[error("a sentence was pushed after the stream was finished")]
    Finished,
    /// A sentence that breaks its own rules.
    #[error("the sentence is not valid: {0}")]
    Sentence(#[from] SentenceError),
    /// A form that breaks its own rules.
    #[error("the form is not valid: {0}")]
    Form(#[from] signing::FormError),
    /// A pose head that cannot be had.
    #[error("the pose head: {0}")]
    Head(#[from] crate::head::HeadError),
}

/// A part of a form that this body could not make as asked; the nearest that it can was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// Which sentence, counted from 0 in the order of pushing.
    pub sentence: u64,
    /// Index of the token.
    pub token: usize,
    /// The token's gloss.
    pub name: String,
    /// Which hand.
    pub hand: Hand,
    /// What.
    pub complaint: Complaint,
}

/// What could not be done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Complaint {
    /// The arm does not get there.
    Unreachable {
        /// How far the hand stays away, metres.
        miss_m: f32,
    },
    /// Palm or fingers can't face where they should.
    Strained {
        /// By how much they are off, radians.
        off_rad: f32,
    },
    /// Palm, fingers and thumb's side exclude each other.
    Contradiction,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hand = match self.hand {
            Hand::Dominant => "dominant",
            Hand::Weak => "weak",
        };
        write!(f, "sentence {}, sign {} “{}”, {hand} hand: ", self.sentence + 1, self.token + 1, self.name)?;
        match self.complaint {
            Complaint::Unreachable { miss_m } => {
                write!(f, "its place is {:.0} cm out of reach; the arm goes as far as it can", miss_m * 100.0)
            }
            Complaint::Strained { off_rad } => {
                write!(f, "the direction asked is {:.0}° beyond what the wrist allows there", off_rad.to_degrees())
            }
            Complaint::Contradiction => {
                write!(f, "directions of palm, fingers and thumb's side exclude each other; the palm's was kept")
            }
        }
    }
}
