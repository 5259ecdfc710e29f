//! What a session takes: sentences, corrections, the order to stop.

use std::sync::Arc;

use signing::{OutputTime, SignSentence, Transcript};
use tracing::Span;
use understanding::LEFT_OUT;

use super::{Due, EventKind, LEAD, Live, MAX_WAITING, Output};

impl Live {
    /// Takes what an utterance means. `transcript` is what was said.
    pub fn take(&mut self, utterance: &Arc<str>, transcript: &Transcript, sentences: Vec<SignSentence>) {
        self.hear(utterance, transcript);
        self.sign(utterance, sentences);
    }

    /// The same, of an utterance whose transcript was shown before.
    pub fn sign(&mut self, utterance: &Arc<str>, sentences: Vec<SignSentence>) {
        if self.admit(utterance, &sentences) {
            self.waiting.extend(due(utterance, sentences, self.frame));
        }
    }

    /// Signs each sentence at its time, counted from now; it is then kept from falling behind. `at` has one time a sentence,
    /// in order.
    pub fn sign_at(&mut self, utterance: &Arc<str>, sentences: Vec<SignSentence>, at: &[OutputTime]) {
        if !self.admit(utterance, &sentences) {
            return;
        }
        let frame_of = |time: OutputTime| {
            let early = (time.0 - LEAD).0.max(0);
            self.frame + u64::try_from(early / self.rate.flicks_per_frame().0).unwrap_or(0)
        };
        let frames: Vec<u64> = at.iter().map(|time| frame_of(*time)).collect();
        let due = due(utterance, sentences, self.frame).into_iter();
        let timed = due.zip(frames.into_iter().chain(std::iter::repeat(self.frame)));
        self.later.extend(timed.map(|(due, frame)| (frame, Due { said: Some(frame), ..due })));
        self.later.make_contiguous().sort_by_key(|(frame, _)| *frame);
    }

    /// Whether there is room for `sentences`; says so if not, and what was left out of them.
    fn admit(&mut self, utterance: &Arc<str>, sentences: &[SignSentence]) -> bool {
        let offered: usize = sentences.iter().map(|sentence| sentence.tokens.len()).sum();
        let backlog = self.backlog();
        if backlog + offered > MAX_WAITING {
            let message =
                format!("{backlog} signs wait and {offered} more were offered: at most {MAX_WAITING} may wait");
            self.event(EventKind::Overloaded, Some(utterance), message);
            return false;
        }
        if offered == 0 {
            self.event(EventKind::Omitted, Some(utterance), "nothing in it is signed");
        }
        let condensed = sentences.iter().flat_map(|sentence| &sentence.dropped);
        for dropped in condensed.filter(|dropped| dropped.reason.starts_with(LEFT_OUT)) {
            self.event(EventKind::Omitted, Some(utterance), format!("“{}” {}", dropped.text, dropped.reason));
        }
        self.announce(utterance, sentences);
        true
    }

    /// Shows what was heard, open to revision or not.
    pub fn hear(&mut self, utterance: &Arc<str>, transcript: &Transcript) {
        if self.wants.transcripts {
            self.out.push(Output::Transcript { utterance: Arc::clone(utterance), transcript: transcript.clone() });
        }
    }

    /// Takes a correction of `utterance`: its signs that wait are replaced. True if some of it was signed already,
    /// so that the correction had to be put as a repair (which `repair` holds).
    pub fn replace(&mut self, utterance: &Arc<str>, fresh: Vec<SignSentence>, repair: Vec<SignSentence>) -> bool {
        let place = self.waiting.iter().position(|due| due.utterance == *utterance);
        self.waiting.retain(|due| due.utterance != *utterance);
        self.later.retain(|(_, due)| due.utterance != *utterance);
        let begun = self.moving.iter().any(|moving| moving.due.utterance == *utterance)
            || place.is_none_or(|place| place == 0 && self.started.as_ref() == Some(utterance));
        let sentences = if begun { repair } else { fresh };
        self.announce(utterance, &sentences);
        let at = place.unwrap_or(0).min(self.waiting.len());
        for (offset, due) in due(utterance, sentences, self.frame).into_iter().enumerate() {
            self.waiting.insert(at + offset, due);
        }
        begun
    }

    pub(super) fn announce(&mut self, utterance: &Arc<str>, sentences: &[SignSentence]) {
        if self.wants.sentences {
            self.out.extend(sentences.iter().map(|sentence| Output::Sentence {
                utterance: Arc::clone(utterance),
                sentence: Box::new(sentence.clone()),
            }));
        }
    }

    /// Ends the sign under way and drops what waits.
    pub fn interrupt(&mut self) {
        let mut dropped: Vec<Arc<str>> = Vec::new();
        let later = self.later.drain(..).map(|(_, due)| due);
        for due in self.waiting.drain(..).chain(self.moving.drain(..).map(|moving| moving.due)).chain(later) {
            if !dropped.contains(&due.utterance) {
                dropped.push(due.utterance);
            }
        }
        self.times.clear();
        self.caption = None;
        if let Err(error) = self.mover.interrupt() {
            self.lose(&error);
        }
        self.started = None;
        let message = format!("{} utterances dropped: {}", dropped.len(), dropped.join(", "));
        self.event(EventKind::Interrupted, None, message);
    }
}

/// Whether it was said at a moment; a script has no time.
pub(super) fn is_paced(transcript: &Transcript) -> bool {
    transcript.end > signing::SourceTime::ZERO
}

/// Sentences as they wait, of the utterance whose span is around.
pub(super) fn due(utterance: &Arc<str>, sentences: Vec<SignSentence>, frame: u64) -> Vec<Due> {
    let count = sentences.len();
    let one = |(index, sentence): (usize, SignSentence)| Due {
        utterance: Arc::clone(utterance),
        last: index + 1 == count,
        said: is_paced(&sentence.source).then_some(frame),
        span: Span::current(),
        sentence,
    };
    sentences.into_iter().enumerate().map(one).collect()
}
