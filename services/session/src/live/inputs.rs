//! What a session takes: sentences, and the order to stop.

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
            self.names.note(utterance);
            self.waiting.extend(due(utterance, sentences, self.frame));
        }
    }

    /// Signs each sentence at its time, counted from now; it is then kept from falling behind. `at` has one time a sentence,
    /// in order.
    pub fn sign_at(&mut self, utterance: &Arc<str>, sentences: Vec<SignSentence>, at: &[OutputTime]) {
        if !self.admit(utterance, &sentences) {
            return;
        }
        self.names.note(utterance);
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
        let room = self.has_room(utterance, signs_in(sentences));
        if room {
            self.tell(utterance, sentences);
        }
        room
    }

    /// Whether `offered` signs more may wait; says so if not.
    pub(super) fn has_room(&mut self, utterance: &Arc<str>, offered: usize) -> bool {
        let backlog = self.backlog();
        let room = backlog + offered <= MAX_WAITING;
        if !room {
            let message =
                format!("{backlog} signs wait and {offered} more were offered: at most {MAX_WAITING} may wait");
            self.event(EventKind::Overloaded, Some(utterance), message);
        }
        room
    }

    /// Tells what will be signed and what was left out of it.
    pub(super) fn tell(&mut self, utterance: &Arc<str>, sentences: &[SignSentence]) {
        if signs_in(sentences) == 0 {
            self.event(EventKind::Omitted, Some(utterance), "nothing in it is signed");
        }
        let condensed = sentences.iter().flat_map(|sentence| &sentence.dropped);
        for dropped in condensed.filter(|dropped| dropped.reason.starts_with(LEFT_OUT)) {
            self.event(EventKind::Omitted, Some(utterance), format!("“{}” {}", dropped.text, dropped.reason));
        }
        self.announce(utterance, sentences);
    }

    /// Shows what was heard, open to revision or not.
    pub fn hear(&mut self, utterance: &Arc<str>, transcript: &Transcript) {
        if self.wants.transcripts {
            self.out.push(Output::Transcript { utterance: Arc::clone(utterance), transcript: transcript.clone() });
        }
    }

    pub(super) fn announce(&mut self, utterance: &Arc<str>, sentences: &[SignSentence]) {
        if self.wants.sentences {
            self.out.extend(sentences.iter().map(|sentence| Output::Sentence {
                utterance: Arc::clone(utterance),
                sentence: Box::new(sentence.clone()),
            }));
        }
    }

    /// Ends the sign under way and drops what waits, and tells it; `others` wait elsewhere, behind what waits here.
    pub fn interrupt(&mut self, others: impl IntoIterator<Item = Arc<str>>) {
        let moving = self.moving.drain(..).map(|moving| moving.due);
        let here = moving.chain(self.waiting.drain(..)).chain(self.later.drain(..).map(|(_, due)| due));
        let mut dropped: Vec<Arc<str>> = Vec::new();
        for name in here.map(|due| due.utterance).chain(others) {
            if !dropped.contains(&name) {
                dropped.push(name);
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

fn signs_in(sentences: &[SignSentence]) -> usize {
    sentences.iter().map(|sentence| sentence.tokens.len()).sum()
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
