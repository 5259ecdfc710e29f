//! What is wrong with a message.

/// What is wrong with a message: which field, what was found, what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConvertError {
    /// A field that must be there.
    #[error("{0}: missing; set it")]
    Missing(&'static str),
    /// An enum value that is unspecified or unknown.
    #[error("{field}: {found} is not one of the values of its enum; use one that is named in the proto")]
    Enum {
        /// Which field.
        field: &'static str,
        /// The number found.
        found: i32,
    },
    /// A list of the wrong length.
    #[error("{field}: {found} values, expected {expected}")]
    Count {
        /// Which field.
        field: &'static str,
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A number out of its range.
    #[error("{field}[{index}] is {found}: expected {expected}")]
    Number {
        /// Which field.
        field: &'static str,
        /// Which of its values.
        index: usize,
        /// As found.
        found: f32,
        /// What would be right.
        expected: &'static str,
    },
    /// A field that is too big.
    #[error("{field}: {found} bytes, at most {limit} are taken; send less at a time")]
    TooBig {
        /// Which field.
        field: &'static str,
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// JSON that can't be read.
    #[error("{field}: not readable as JSON of its kind: {reason}")]
    Json {
        /// Which field.
        field: &'static str,
        /// Where and why.
        reason: String,
    },
    /// A frame rate that is not supported.
    #[error("rate: {0}")]
    Rate(#[from] signing::FrameRateError),
    /// A sentence that breaks its own rules.
    #[error("sentence: {0}")]
    Sentence(#[from] signing::SentenceError),
}
