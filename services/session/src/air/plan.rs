//! Understanding on a thread of its own: the tick never waits for meaning.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel},
    },
    thread,
};

use signing::{OutputTime, SignSentence, Transcript};
use understanding::{Discourse, Understanding};

use super::{agenda::Appointment, desk::Call};
use crate::{TimedScript, live::source_of};

/// Text to be understood.
pub(super) enum Job {
    /// Captions; each sentence at the time of its first word.
    Script(TimedScript),
    /// At its own time.
    Timed(Transcript),
    /// When its turn comes.
    Text(Transcript),
    /// At once, instead of what is being signed, as an operator asks.
    Instead(Transcript, Call),
}

/// A sentence to be signed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Planned {
    pub(super) utterance: Arc<str>,
    pub(super) transcript: Transcript,
    pub(super) sentence: Box<SignSentence>,
    /// What it says.
    pub(super) text: String,
}

/// Sentences with their times on the input's clock, or why there are none.
pub(super) type Plan = Result<Vec<Appointment<Planned>>, String>;

/// What became of a job.
pub(super) enum Understood {
    Plan(Plan),
    Instead(Call, Plan),
}

/// Jobs that may wait, in utterances; more stay where they come from.
const WAITING: usize = 16;
/// Longest text of an event, characters.
const SHOWN: usize = 60;

/// Gives jobs to understanding, and takes what it made of them.
pub(super) struct Planner {
    understanding: Arc<Mutex<Arc<Understanding>>>,
    jobs: SyncSender<Job>,
    plans: Receiver<Understood>,
    pending: Cell<usize>,
}

impl Planner {
    /// Starts the thread. Errors: none can be made.
    pub(super) fn start(understanding: Arc<Understanding>) -> std::io::Result<Self> {
        let (jobs, inbox) = sync_channel::<Job>(WAITING);
        let (outbox, plans) = sync_channel(WAITING);
        let understanding = Arc::new(Mutex::new(understanding));
        let shared = Arc::clone(&understanding);
        thread::Builder::new().name("understand".to_owned()).spawn(move || {
            // Whom the broadcast has spoken of, and where they stand.
            let mut discourse = Discourse::default();
            for (number, job) in inbox.into_iter().enumerate() {
                let understanding = Arc::clone(&shared.lock().unwrap_or_else(PoisonError::into_inner));
                if outbox.send(understand(&understanding, &mut discourse, number, job)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { understanding, jobs, plans, pending: Cell::new(0) })
    }

    /// Understands with `understanding` from the next job on.
    pub(super) fn adopt(&self, understanding: Understanding) {
        *self.understanding.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(understanding);
    }

    /// Jobs that are not understood yet.
    pub(super) fn pending(&self) -> usize {
        self.pending.get()
    }

    pub(super) fn has_room(&self) -> bool {
        self.pending.get() < WAITING
    }

    /// Hands over a job; there must be room.
    pub(super) fn ask(&self, job: Job) {
        match self.jobs.try_send(job) {
            Ok(()) => self.pending.set(self.pending.get() + 1),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                tracing::warn!("understanding takes nothing more: a text is left out");
            }
        }
    }

    /// What has been understood since.
    pub(super) fn planned(&self) -> Vec<Understood> {
        let mut plans = Vec::new();
        while self.pending.get() > 0 {
            match self.plans.try_recv() {
                Ok(plan) => {
                    self.pending.set(self.pending.get() - 1);
                    plans.push(plan);
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    let lost = self.pending.replace(0);
                    let why = format!("understanding has ended; {lost} texts are not signed");
                    plans.push(Understood::Plan(Err(why)));
                }
            }
        }
        plans
    }
}

fn understand(understanding: &Understanding, discourse: &mut Discourse, number: usize, job: Job) -> Understood {
    // A text that understanding can't bear costs itself, not what comes after it: the discourse is then as it was.
    let mut plan = |script: TimedScript, timed: bool| {
        catch_unwind(AssertUnwindSafe(|| plan(understanding, discourse, number, &script, timed)))
            .unwrap_or_else(|_| Err("understanding panicked; a text is not signed".to_owned()))
    };
    match job {
        Job::Script(script) => Understood::Plan(plan(script, true)),
        Job::Timed(transcript) => {
            let language = transcript.language.clone();
            Understood::Plan(plan(TimedScript::join(&[transcript], &language), true))
        }
        Job::Text(transcript) => Understood::Plan(plan(TimedScript::untimed(transcript), false)),
        Job::Instead(transcript, call) => Understood::Instead(call, plan(TimedScript::untimed(transcript), false)),
    }
}

fn plan(
    understanding: &Understanding,
    discourse: &mut Discourse,
    number: usize,
    script: &TimedScript,
    timed: bool,
) -> Plan {
    let transcript = script.transcript.clone();
    let shown = |text: &str| text.chars().take(SHOWN).collect::<String>();
    let found = understanding
        .interpret_in(discourse, &transcript)
        .map_err(|error| format!("“{}”: {error}", shown(&transcript.text)))?;
    if found.sentences.is_empty() {
        return Err(format!("nothing in it is signed: {}", shown(&transcript.text)));
    }
    let due = script.due(&found.sentences);
    let one = |(index, sentence): (usize, SignSentence)| Appointment {
        due: due.get(index).copied().unwrap_or(OutputTime::ZERO),
        timed,
        what: Planned {
            utterance: format!("{}.{}", number + 1, index + 1).into(),
            transcript: transcript.clone(),
            text: shown(&source_of(&sentence)),
            sentence: Box::new(sentence),
        },
    };
    Ok(found.sentences.into_iter().enumerate().map(one).collect())
}
