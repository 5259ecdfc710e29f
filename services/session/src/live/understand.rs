//! Understanding on a thread of its own: no tick waits for meaning.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender},
    },
    time::Instant,
};

use signing::{OutputTime, SignSentence, Transcript};
use tracing::Span;

use super::{Interpret, StageError, run::Watch};
use crate::TimedScript;

/// What is signed before a correction of something that was signed already.
const REPAIR: &str = "错，";

/// What is to be understood.
pub(super) enum Job {
    /// With the signs that there is time for, if it must not fall behind.
    Say(Arc<str>, Transcript, Option<f64>),
    Timed(Arc<str>, TimedScript),
    Replace(Arc<str>, Transcript),
    Instead(Arc<str>, Transcript),
}

impl Job {
    pub(super) const fn utterance(&self) -> &Arc<str> {
        match self {
            Self::Say(utterance, ..)
            | Self::Timed(utterance, _)
            | Self::Replace(utterance, _)
            | Self::Instead(utterance, _) => utterance,
        }
    }

    pub(super) const fn transcript(&self) -> &Transcript {
        match self {
            Self::Say(_, transcript, _) | Self::Replace(_, transcript) | Self::Instead(_, transcript) => transcript,
            Self::Timed(_, script) => &script.transcript,
        }
    }
}

pub(super) enum Understood {
    Say(Arc<str>, Vec<SignSentence>),
    Timed(Arc<str>, Vec<SignSentence>, Vec<OutputTime>),
    Instead(Arc<str>, Transcript, Vec<SignSentence>),
    Replace { utterance: Arc<str>, fresh: Vec<SignSentence>, repair: Vec<SignSentence> },
    Failed(Arc<str>, StageError),
}

impl Understood {
    /// Whose it is.
    pub(super) fn into_utterance(self) -> Arc<str> {
        match self {
            Self::Say(utterance, ..)
            | Self::Timed(utterance, ..)
            | Self::Instead(utterance, ..)
            | Self::Replace { utterance, .. }
            | Self::Failed(utterance, _) => utterance,
        }
    }
}

/// Works until nobody asks any more. With each job goes the span of its utterance.
pub(super) fn understand(
    mut interpret: Box<dyn Interpret>,
    work: &Receiver<(Job, Span)>,
    results: &SyncSender<(Understood, Span)>,
    watch: &dyn Watch,
) {
    for (job, span) in work {
        let began = Instant::now();
        let entered = tracing::info_span!(parent: &span, "understanding", utterance = %job.utterance()).entered();
        let result = match job {
            Job::Say(utterance, transcript, room) => {
                let understood = match room {
                    Some(signs) => interpret.interpret_within(&transcript, signs),
                    None => interpret.interpret(&transcript),
                };
                match understood {
                    Ok(sentences) => Understood::Say(utterance, sentences),
                    Err(error) => Understood::Failed(utterance, error),
                }
            }
            Job::Timed(utterance, script) => match interpret.interpret(&script.transcript) {
                Ok(sentences) => {
                    let due = script.due(&sentences);
                    Understood::Timed(utterance, sentences, due)
                }
                Err(error) => Understood::Failed(utterance, error),
            },
            Job::Instead(utterance, transcript) => match interpret.interpret(&transcript) {
                Ok(sentences) => Understood::Instead(utterance, transcript, sentences),
                Err(error) => Understood::Failed(utterance, error),
            },
            Job::Replace(utterance, transcript) => {
                let repaired = Transcript { text: format!("{REPAIR}{}", transcript.text), ..transcript.clone() };
                let both = interpret
                    .interpret(&transcript)
                    .and_then(|fresh| interpret.interpret(&repaired).map(|repair| (fresh, repair)));
                match both {
                    Ok((fresh, repair)) => Understood::Replace { utterance, fresh, repair },
                    Err(error) => Understood::Failed(utterance, error),
                }
            }
        };
        drop(entered);
        watch.understood(began.elapsed());
        if results.send((result, span)).is_err() {
            return;
        }
    }
}
