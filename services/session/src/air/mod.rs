//! A broadcast: captions, a script, lines with timecodes or a programme's sound go in at their times, and a picture goes
//! out that never stops: to any number of receivers, at a constant rate, a constant delay behind its input.
//!
//! In: [`AirInput`]s on the input's clock. Out: frames on the output's, one at `input time + delay`; [`AirEvent`]s.
//! Loss of an input, of understanding, of motion, of the studio, of the network or of a receiver: the signer idles on,
//! timestamps go on, and an event says what happened.
//!
//! Read in this order: `open` (what must be there), `run` (the clock and what happens in a tick), `plan` and `agenda` (what is signed when), `lines`, `sources`
//! and `track` (inputs), `desk` and `operate` (an operator's orders), `timecode`, `show` and `studio` (renderer and encoder, in a process of their own),
//! `wire` (what is said to it) and `crew` (one works, one stands by), `pace` (frames leave at their moments), `event` (what an operator hears).

mod agenda;
mod crew;
mod desk;
mod event;
mod lines;
mod open;
mod operate;
mod pace;
mod plan;
mod run;
mod show;
mod sources;
mod studio;
mod timecode;
mod track;
mod wire;

pub use crew::StudioCommand;
pub use desk::{AirOrder, AirStatus, Answer, Call, Desk, DeskError, Orders, desk};
pub use event::{AirEvent, Told};
pub use lines::{LineError, TimeCode};
pub use operate::PackLoader;
pub use pace::Stages;
pub use run::{AirConfig, AirFeed, AirRecord, AirStages, broadcast};
pub use sources::{AirInput, LineSource, send_captions, send_text, start_hearing, start_lines};
pub use studio::{AlphaFile, Form, StudioConfig, work};
pub use track::start_feed_captions;
