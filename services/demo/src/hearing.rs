//! The microphone of a page: sound → what is said, as it is said.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::SyncSender},
    thread,
    time::{Duration, Instant},
};

use lexicon::Lexicon;
use session::{
    Hearing, PcmChunk, SessionError,
    live::{Ear, EarError, Input, LocalListen, Sound},
};
use signing::{Flicks, SourceTime, Transcript};

use crate::{
    protocol::{Language, Means, Problem, ToPage},
    room::{Room, Said},
    server::State,
};

/// Rates at which a page's sound is taken, samples a second.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=96_000;
/// A page is told of lost sound, and not more often than that.
const TELL_AGAIN: Duration = Duration::from_secs(4);

/// What listens, shared by all visitors: loaded when the first one opens a microphone.
#[derive(Default)]
pub(crate) struct Ears(Mutex<Option<Arc<Hearing>>>);

impl Ears {
    /// The weights, read if they are not there yet. Takes a second or two then.
    fn hearing(&self, lexicon: &Lexicon, listeners: usize) -> Result<Arc<Hearing>, SessionError> {
        let mut loaded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hearing) = &*loaded {
            return Ok(Arc::clone(hearing));
        }
        let hearing = Arc::new(Hearing::open_for(None, session::Language::Chinese, lexicon, listeners)?);
        *loaded = Some(Arc::clone(&hearing));
        Ok(hearing)
    }
}

/// How far a microphone's listener is.
enum Listening {
    Loading,
    On(Ear),
    Off,
}

/// A microphone that is open. Dropped, what was said last is still made out.
pub(crate) struct Microphone {
    room: Arc<Room>,
    listening: Arc<Mutex<Listening>>,
    rate: u32,
    /// Samples so far.
    samples: u64,
    told: Option<Instant>,
}

fn lock(listening: &Mutex<Listening>) -> MutexGuard<'_, Listening> {
    listening.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Microphone {
    /// Opens one; the page is told when it listens, or why it does not.
    pub(crate) fn open(
        state: &Arc<State>,
        room: &Arc<Room>,
        inputs: &SyncSender<Input>,
        rate: u32,
        language: Language,
    ) -> Self {
        let listening = Arc::new(Mutex::new(Listening::Loading));
        let microphone =
            Self { room: Arc::clone(room), listening: Arc::clone(&listening), rate, samples: 0, told: None };
        if !RATES.contains(&rate) {
            let (least, most) = RATES.into_inner();
            let message = format!("{rate} samples a second: expected {least} to {most}");
            room.problem(Problem::NoSpeech, None, &message);
            return microphone;
        }
        room.tell(&ToPage::Hearing { state: "loading" });
        let (state, of_thread, inputs) = (Arc::clone(state), Arc::clone(room), inputs.clone());
        let started = thread::Builder::new().name("microphone".to_owned()).spawn(move || {
            match start(&state, &of_thread, inputs, language) {
                Ok(ear) => {
                    let mut listening = lock(&listening);
                    // The page may have shut it while the weights were read.
                    if matches!(*listening, Listening::Loading) {
                        *listening = Listening::On(ear);
                        drop(listening);
                        of_thread.tell(&ToPage::Hearing { state: "on" });
                    }
                }
                Err(reason) => of_thread.problem(Problem::NoSpeech, None, &reason),
            }
        });
        if let Err(error) = started {
            room.problem(Problem::NoSpeech, None, &error.to_string());
        }
        microphone
    }

    /// Hears signed 16-bit samples, little-endian, one channel. Sound that comes before anybody listens is left out.
    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        let samples: Vec<i16> = bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
        let start = SourceTime(time_of(self.samples, self.rate));
        self.samples += samples.len() as u64;
        let sent = match &*lock(&self.listening) {
            Listening::On(ear) => ear.try_send(Sound::Chunk(PcmChunk::from_i16(start, self.rate, 1, &samples))),
            Listening::Loading | Listening::Off => Ok(()),
        };
        let lost = match sent {
            Ok(()) => None,
            Err(EarError::Full(_)) => Some("sound comes faster than it is made out; some of it was left out"),
            Err(EarError::Ended) => Some("nobody listens any more; open the microphone again"),
        };
        if let Some(message) = lost
            && self.told.is_none_or(|told| told.elapsed() > TELL_AGAIN)
        {
            self.told = Some(Instant::now());
            self.room.problem(Problem::SoundLost, None, message);
        }
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        *lock(&self.listening) = Listening::Off;
    }
}

/// When a sample sounds, counted from the first.
fn time_of(sample: u64, rate: u32) -> Flicks {
    let flicks = i128::from(sample) * i128::from(Flicks::PER_SECOND) / i128::from(rate.max(1));
    Flicks(i64::try_from(flicks).unwrap_or(i64::MAX))
}

fn start(state: &State, room: &Arc<Room>, inputs: SyncSender<Input>, language: Language) -> Result<Ear, String> {
    let hearing = state.ears.hearing(state.understanding.lexicon(), state.config.visitors);
    let hearing = hearing.map_err(|error| error.to_string())?;
    let spoken = match language {
        Language::Zh => session::Language::Chinese,
        Language::En => session::Language::English,
    };
    let listen = LocalListen::new(hearing, spoken).map_err(|error| error.to_string())?;
    let mut said = Heard { room: Arc::clone(room), inputs, open: None };
    let take = move |input| said.take(input);
    Ear::start(&room.name, Box::new(listen), take, |_| {}).map_err(|error| error.to_string())
}

/// Gives what is heard its numbers, and hands it on.
struct Heard {
    room: Arc<Room>,
    inputs: SyncSender<Input>,
    /// The number of what is being said.
    open: Option<u64>,
}

impl Heard {
    /// False when the visitor has left.
    fn take(&mut self, input: Input) -> bool {
        match input {
            Input::Say { transcript, .. } => self.say(transcript),
            // What does not fit is no more than news.
            other => drop(self.inputs.try_send(other)),
        }
        !self.room.has_left()
    }

    fn say(&mut self, transcript: Transcript) {
        if transcript.text.trim().is_empty() {
            return;
        }
        let room = &self.room;
        if transcript.stable {
            let number = self.open.take().unwrap_or_else(|| room.number());
            room.say(Said::new(number, transcript, Means::Speech), None, &self.inputs);
        } else {
            let number = *self.open.get_or_insert_with(|| room.number());
            room.transcript(number, Means::Speech, &transcript, None, Vec::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use serde_json::Value;

    use super::*;
    use crate::outbox::Item;

    #[test]
    fn what_is_being_said_keeps_its_number_until_it_is_settled() {
        let room = Arc::new(Room::new("test".to_owned()));
        let (inputs, inbox) = sync_channel(8);
        let mut heard = Heard { room: Arc::clone(&room), inputs, open: None };
        for (text, stable) in [("明天", false), ("明天下", false), ("明天下雪。", true), ("大家", false), (" ", true)]
        {
            let transcript = Transcript { stable, ..Transcript::plain(text, "zh") };
            assert!(heard.take(Input::Say { utterance: "a1".into(), transcript }));
        }
        let mut told = Vec::new();
        while let Some(Item::Text(text)) = room.outbox.poll() {
            let value: Value = serde_json::from_str(&text).unwrap();
            told.push((value["utterance"].as_u64().unwrap(), value["stable"].as_bool().unwrap()));
        }
        assert_eq!(told, [(1, false), (1, false), (1, true), (2, false)]);
        match inbox.try_iter().collect::<Vec<_>>().as_slice() {
            [Input::Say { utterance, transcript }] => {
                assert_eq!((&**utterance, transcript.language.as_str()), ("u1", "zh-x-u1"));
            }
            other => panic!("{other:?}"),
        }
        room.leave();
        assert!(!heard.take(Input::Warn(String::new())));
    }

    #[test]
    fn samples_have_their_times() {
        assert_eq!(time_of(8_000, 16_000), Flicks::from_millis(500));
        assert_eq!(time_of(44_100, 44_100), Flicks::from_millis(1_000));
    }
}
