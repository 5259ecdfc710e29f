//! The small GLM: autoregressive blank infilling as the GLM paper (Du et al., 2022) has it.
//!
//! Part A, the given text, sees all of itself; part B, the blanks, sees part A and what came before in part B. Every
//! token has two positions: its place in part A (a blank's tokens all have the place of their mask) and its place inside
//! its blank (0 in part A). `[MASK]` stands for a few tokens, `[sMASK]` for a sentence, `[gMASK]` for the rest of the
//! text; several blanks are filled in shuffled order. Translation into signs is one `[sMASK]` behind the source and,
//! where there is one, the draft that rules made of it.
//!
//! Read in this order: `vocabulary`, `corpus` (pairs), `example` (masking and layout), `network`, `optimiser`,
//! `training`, `running` (the same network without gradients), `trie` (what may come out), `proposal` (decoding),
//! `infill` (what a blank of a text may have been), `score`.

mod corpus;
mod example;
mod infill;
mod network;
mod optimiser;
mod proposal;
mod running;
mod score;
mod training;
mod trie;
mod vocabulary;

pub use corpus::{Pair, Split, read_corpus};
pub use network::BlankConfig;
pub use proposal::{Proposal, ProposalOptions};
pub use running::BlankGlm;
pub use score::Scores;
pub use training::{EpochReport, Stage, StepReport, Trainer, TrainingOptions};
pub use trie::AllowedGlosses;
pub use vocabulary::{Language, Source, Vocabulary, common_characters};
