//! Transcripts in, sign sentences out.
//!
//! In: a [`signing::Transcript`] and the [`lexicon::Lexicon`]. Out: [`signing::SignSentence`]s that carry
//! everything motion needs, each token traced to its source; what is not signed is listed with its reason.
//! Never: moves a hand, opens a file, invents what the source did not say, gives another result for the
//! same input, packs and version.
//!
//! Read in this order: `interpret` (the whole way), `analyse` (words, numbers, names; with `slots`,
//! `split` and `names`), `item` (a word on its way, and the choice of its entry), `senses` and `english` (what a word
//! means here), `discourse` (who stands where) and `depict` (what moves on what), `order` (the grammar), `pace`,
//! `ladder` (what has no sign) and `date`, `tiers` (hands, face, head) with `mouth`, `gloss` (the result as others
//! read it). Beside that way: `proposal` (the data leg's door) with `proposing`, `gate` and `grounds` (what a proposal
//! must keep), `abuse` (what an operator keeps out), `corpus` (what is learnt from and measured on) with `score`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod abuse;
mod analyse;
pub mod corpus;
mod date;
mod depict;
mod discourse;
mod english;
mod error;
pub mod evaluate;
#[cfg(test)]
mod fixture;
mod gate;
mod gloss;
mod grounds;
mod interpret;
mod item;
mod ladder;
mod mouth;
mod names;
mod order;
mod pace;
mod proposal;
mod proposing;
pub mod score;
mod senses;
mod slots;
mod split;
mod tiers;

pub use abuse::{Abuse, AbuseError, AbusePolicy};
pub use discourse::Discourse;
pub use error::UnderstandingError;
pub use gloss::{GlossLine, GlossToken};
pub use interpret::{Counts, Interpretation, MAX_CHARACTERS, MAX_SENTENCES, Spelling, Understanding};
pub use pace::{LEFT_OUT, Pace, time_of};
pub use proposal::{
    Leg, LegReport, ProposeError, Proposed, Proposer, Request, SENTENCE_TYPES, read_answer, sentence_type,
};
pub use proposing::normalised;
pub use senses::sense;
