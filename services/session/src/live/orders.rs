//! What an operator orders of a session while it runs.

use std::{fmt, sync::Arc};

use signing::{SignSentence, Transcript};
use tracing::Span;

use super::{Due, EventKind, Live, inputs::due, source_of};

/// An operator's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The sign under way reaches its end, then the signer idles. What comes waits.
    Hold,
    /// Signing goes on after a hold. A sentence that was broken off is signed again from its beginning.
    Resume,
    /// The sentence under way is broken off after its sign, and the next one is signed. On hold: what would come next.
    Skip,
    /// The sentence under way, or the last one, is signed once more: when it is over, behind what motion holds already.
    Repeat,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Skip => "skip",
            Self::Repeat => "repeat",
        })
    }
}

/// Why an order was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Twice the same.
    #[error("it is on hold already: resume first")]
    HeldAlready,
    /// There was no hold.
    #[error("it is not on hold")]
    NotHeld,
    /// Nothing to skip.
    #[error("nothing is being signed: there is nothing to skip")]
    NothingToSkip,
    /// Nothing to repeat.
    #[error("nothing has been signed yet: there is nothing to repeat")]
    NothingToRepeat,
}

impl Live {
    /// Whether an operator holds it.
    pub const fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Follows an order; gives what was done, for a reader.
    ///
    /// Errors: [`OrderError`]; nothing has changed then.
    pub fn order(&mut self, order: Order) -> Result<String, OrderError> {
        match order {
            Order::Hold if self.held.is_some() => Err(OrderError::HeldAlready),
            Order::Hold => Ok(self.hold()),
            Order::Resume => self.resume(),
            Order::Skip => {
                let text = self.skip("skipped by the operator").ok_or(OrderError::NothingToSkip)?;
                Ok(format!("skipped: {text}"))
            }
            Order::Repeat => self.repeat(),
        }
    }

    /// Signs `sentences` instead of the sentence under way; on hold, instead of what would come next. Gives what is left
    /// out, if anything.
    pub fn sign_instead(
        &mut self,
        utterance: &Arc<str>,
        transcript: &Transcript,
        sentences: Vec<SignSentence>,
    ) -> Option<String> {
        let left_out = self.skip("replaced by the operator");
        self.hear(utterance, transcript);
        self.announce(utterance, &sentences);
        for due in due(utterance, sentences, self.frame).into_iter().rev() {
            self.waiting.push_front(due);
        }
        left_out
    }

    fn hold(&mut self) -> String {
        self.held = Some(self.frame);
        match self.take_back() {
            Some(begun) => {
                let text = source_of(&begun.sentence);
                self.waiting.push_front(begun);
                format!("on hold; signed again from its beginning afterwards: {text}")
            }
            None => "on hold".to_owned(),
        }
    }

    fn resume(&mut self) -> Result<String, OrderError> {
        let since = self.held.take().ok_or(OrderError::NotHeld)?;
        // The hold was the operator's wish: nobody is late because of it.
        for said in self.waiting.iter_mut().filter_map(|due| due.said.as_mut()) {
            *said += self.frame - (*said).max(since);
        }
        Ok(format!("goes on; {} signs wait", self.backlog()))
    }

    /// Breaks off the sentence under way, or leaves out the next one on hold; gives its text.
    fn skip(&mut self, why: &str) -> Option<String> {
        let skipped = if self.held.is_some() {
            self.waiting.pop_front()?
        } else if self.moving.front().is_some_and(|moving| moving.begun) {
            self.take_back()?
        } else {
            // It stands at the door: raising the hands for it has not begun.
            self.moving.front()?;
            self.take_back();
            self.waiting.pop_front()?
        };
        let text = source_of(&skipped.sentence);
        self.event(EventKind::Omitted, Some(&skipped.utterance), format!("{why}: {text}"));
        if skipped.last {
            self.event(EventKind::UtteranceFinished, Some(&skipped.utterance), "");
        }
        Some(text)
    }

    fn repeat(&mut self) -> Result<String, OrderError> {
        let last = self.last.clone().ok_or(OrderError::NothingToRepeat)?;
        let text = source_of(&last.sentence);
        // Its lag is counted from the order.
        self.waiting.push_front(Due { said: last.said.map(|_| self.frame), span: Span::current(), ..last });
        Ok(format!("once more: {text}"))
    }

    /// Takes all sentences back from motion, which ends the sign under way. Those that had not begun wait again; gives
    /// the one that had.
    pub(super) fn take_back(&mut self) -> Option<Due> {
        let mut begun = Vec::new();
        for moving in std::mem::take(&mut self.moving).into_iter().rev() {
            if moving.begun {
                begun.push(moving.due);
            } else {
                self.waiting.push_front(moving.due);
            }
        }
        self.times.clear();
        self.caption = None;
        self.mover_waiting = 0;
        if let Err(error) = self.mover.interrupt() {
            self.lose(&error);
        }
        let mut begun = begun.into_iter();
        let under_way = begun.next();
        // One before it that only held its last sign is over now.
        for over in begun.filter(|due| due.last) {
            self.event(EventKind::UtteranceFinished, Some(&over.utterance), "");
        }
        under_way
    }
}
