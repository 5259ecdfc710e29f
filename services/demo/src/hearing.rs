//! The microphone of a page: sound → what is said, as it is said.

use std::sync::{Arc, mpsc::SyncSender};

use session::live::Input;

use crate::{
    protocol::{Language, Problem},
    room::Room,
    server::State,
};

/// What listens.
#[derive(Debug, Default)]
pub(crate) struct Ears;

/// A microphone that is open.
#[derive(Debug)]
pub(crate) struct Microphone;

impl Microphone {
    pub(crate) fn open(_: &Arc<State>, room: &Arc<Room>, _: &SyncSender<Input>, _: u32, _: Language) -> Self {
        room.problem(Problem::NoSpeech, None, "speech is not joined to the page");
        Self
    }
    pub(crate) fn hear(&mut self, _: &[u8]) {}
}
