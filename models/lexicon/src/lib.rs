//! Packs of signs in, sign forms out.
//!
//! In: pack folders (`pack.toml` and entries in TOML), descriptions in the controlled Chinese of the
//! national dictionary. Out: [`Lexicon`] with its [`Entry`]s, each with its [`signing::SignForm`];
//! [`Compiled`] for a single description; report rows for a corpus.
//! Never: opens the network, knows how a sentence is made, guesses what a clause might have meant.
//!
//! Read in this order: `description` (the language and its compiler), `entry` (what a pack says of a
//! sign), `pack` (reading a folder), `lexicon` (packs stacked and looked up), `number` (numbers from
//! number signs), `report` (a corpus compiled, row by row).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod description;
mod entry;
mod error;
mod number;
mod pack;
pub mod report;
pub mod sigml;
#[path = "lexicon.rs"]
mod stack;

pub use description::{Compiled, NumberHand, Status, Unparsed, compile, compile_with_number};
pub use entry::{Entry, Lang, NumberSlot, PartOfSpeech, Provenance, ProvenanceKind, Sense, VerbClass, WordList};
pub use error::{LexiconError, Warning};
pub use number::Numeral;
pub use pack::PackInfo;
pub use report::{ReportRow, compile_pack, compile_tsv};
pub use stack::{Lexicon, Match, Relation};
