//! What can keep a text from being signed.

use signing::{Dropped, SentenceError};

/// What can keep a text from being signed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UnderstandingError {
    /// Nothing in the text can be signed.
    #[error("nothing to sign: the text holds {found}; give words, names or numbers")]
    NothingToSign {
        /// What it holds instead, in words.
        found: String,
        /// All of it, with reasons.
        dropped: Vec<Dropped>,
    },
    /// More characters than are taken at once.
    #[error("the text has {found} characters, at most {max} are taken at once; give it in parts, such as paragraphs")]
    TooLong {
        /// Characters found.
        found: usize,
        /// [`crate::MAX_CHARACTERS`].
        max: usize,
    },
    /// More sentences than are taken at once.
    #[error("the text has {found} sentences, at most {max} are taken at once; give it in parts, such as paragraphs")]
    TooManySentences {
        /// Sentences found.
        found: usize,
        /// [`crate::MAX_SENTENCES`].
        max: usize,
    },
    /// Text that may still change.
    #[error("the transcript is still open to revision; only stable text is signed: wait for its stable version")]
    Unstable,
    /// A language that nothing is known of.
    #[error("no rules for text in “{found}”; give zh or en")]
    Language {
        /// The transcript's language tag.
        found: String,
    },
    /// The sentence that was made breaks a rule of its type. A form in a pack is the likely cause.
    #[error("the sentence made of “{text}” is not valid: {error}; check the pack's entry with `shouyu lexicon show`")]
    Invalid {
        /// The source sentence.
        text: String,
        /// What is wrong.
        #[source]
        error: SentenceError,
    },
}
