//! What listeners share: one copy of the weights.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{Numbers, SpeechError, Vad, Whisper, mel::MelBank};

/// Listeners at once, unless told otherwise: what two processor cores keep up with.
const LISTENERS: usize = 4;

/// The networks. Share it with an [`Arc`].
#[derive(Debug)]
pub struct Model {
    pub(crate) whisper: Whisper,
    pub(crate) vad: Vad,
    pub(crate) bank: Arc<MelBank>,
    listeners: AtomicUsize,
    limit: usize,
}

impl Model {
    /// Reads a Whisper checkpoint's folder and Silero's weights.
    ///
    /// Errors: whatever is missing or does not fit.
    pub fn load(whisper: &Path, vad: &Path, numbers: Numbers) -> Result<Self, SpeechError> {
        Ok(Self::new(Whisper::load(whisper, numbers)?, Vad::load(vad)?))
    }

    /// From networks that are loaded.
    pub fn new(whisper: Whisper, vad: Vad) -> Self {
        let bank = Arc::new(MelBank::new(whisper.bands()));
        Self { whisper, vad, bank, listeners: AtomicUsize::new(0), limit: LISTENERS }
    }

    /// With another limit of listeners.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Takes a place among the listeners. Errors: [`SpeechError::Busy`].
    pub(crate) fn admit(self: &Arc<Self>) -> Result<Place, SpeechError> {
        self.listeners
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |found| (found < self.limit).then_some(found + 1))
            .map_err(|found| SpeechError::Busy { found, limit: self.limit })?;
        Ok(Place(self.clone()))
    }
}

/// A listener's place; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place(pub(crate) Arc<Model>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.listeners.fetch_sub(1, Ordering::AcqRel);
    }
}
