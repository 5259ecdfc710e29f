//! Corrections: an utterance is replaced by what it should have been.

use std::{collections::VecDeque, sync::Arc};

use signing::SignSentence;

use super::{Due, EventKind, Live, inputs::due};

/// Utterances that are remembered.
const REMEMBERED: usize = 1024;

/// The utterances that were taken, the last [`REMEMBERED`] of them, and whether each was begun.
#[derive(Debug, Default)]
pub(super) struct Names(VecDeque<(Arc<str>, bool)>);

impl Names {
    /// Notes an utterance that was taken. A name that is used again is that of the later one.
    pub(super) fn note(&mut self, name: &Arc<str>) {
        self.0.retain(|(known, _)| known != name);
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((Arc::clone(name), false));
    }

    /// Notes that its first sign has begun.
    pub(super) fn begin(&mut self, name: &Arc<str>) {
        if let Some((_, begun)) = self.0.iter_mut().rev().find(|(known, _)| known == name) {
            *begun = true;
        }
    }

    /// Whether it was begun; `None` if nobody remembers it.
    fn begun(&self, name: &Arc<str>) -> Option<bool> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, begun)| *begun)
    }
}

/// What became of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Corrected {
    /// Nothing of the utterance was signed: it is signed as corrected.
    Replaced,
    /// Some of it was signed: the sign under way reaches its end, then the correction is signed as a repair.
    Repaired,
    /// Not taken: no utterance of that name is remembered, or too many signs wait. An event has said so.
    Refused,
}

impl Live {
    /// Takes a correction of `utterance`: what waits of it is replaced, what is under way ends with its sign. `fresh` is the
    /// correction by itself, `repair` the same as it is put when some of the utterance was signed already.
    ///
    /// An utterance that stands behind another one's last signs in motion's lookahead (six signs) is signed and then repaired.
    pub fn replace(&mut self, utterance: &Arc<str>, fresh: Vec<SignSentence>, repair: Vec<SignSentence>) -> Corrected {
        let Some(mut begun) = self.names.begun(utterance) else {
            let message = format!("no utterance “{utterance}” is known, or it was long ago: nothing is replaced");
            self.event(EventKind::Warning, None, message);
            return Corrected::Refused;
        };
        let offered = if begun { &repair } else { &fresh };
        if !self.has_room(utterance, offered.iter().map(|sentence| sentence.tokens.len()).sum()) {
            return Corrected::Refused;
        }
        let mut at = None;
        if self.is_up_next(utterance) && self.take_back().is_some() {
            at = Some(0);
        }
        begun |= self.moving.iter().any(|moving| moving.due.utterance == *utterance);
        let is_its = |due: &Due| due.utterance == *utterance;
        let at = at.or_else(|| self.waiting.iter().position(is_its));
        let its_time = self.later.iter().find(|(_, due)| is_its(due)).map(|(frame, _)| *frame);
        self.waiting.retain(|due| !is_its(due));
        self.later.retain(|(_, due)| !is_its(due));
        let sentences = if begun { repair } else { fresh };
        self.tell(utterance, &sentences);
        if begun && sentences.is_empty() {
            self.event(EventKind::UtteranceFinished, Some(utterance), "");
        }
        let due = due(utterance, sentences, self.frame);
        match its_time.filter(|_| at.is_none() && !begun) {
            Some(frame) => {
                self.later.extend(due.into_iter().map(|due| (frame, due)));
                self.later.make_contiguous().sort_by_key(|(frame, _)| *frame);
            }
            None => {
                let rest = self.waiting.split_off(at.unwrap_or(0).min(self.waiting.len()));
                self.waiting.extend(due.into_iter().chain(rest));
            }
        }
        if begun { Corrected::Repaired } else { Corrected::Replaced }
    }

    /// Whether motion signs it now, or signs nothing and would sign it next.
    fn is_up_next(&self, utterance: &Arc<str>) -> bool {
        let under_way = self.moving.iter().rev().find(|moving| moving.begun);
        under_way.or(self.moving.front()).is_some_and(|moving| moving.due.utterance == *utterance)
    }
}
