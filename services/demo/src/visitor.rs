//! One page's socket: what it may send, and what is done about it.

use std::{
    sync::{Arc, mpsc::SyncSender},
    time::{Duration, Instant},
};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use session::{TimedScript, live::Input, parse_captions};
use signing::Transcript;
use stream::LiveContainer;

use crate::{
    config::{
        BURST, CAPTION_BYTES, CAPTION_CHARACTERS, FILM_SIGNS, GRACE, MESSAGES_PER_SEC, SOUND_BURST, SOUND_PER_SEC,
        TEXT_CHARACTERS,
    },
    hearing::Microphone,
    outbox::Item,
    protocol::{Cue, FromPage, Language, Limits, Means, Problem, ToPage, millis},
    reviews::COMMENT,
    room::{self, Room, Said},
    server::State,
    stages::SIGN,
};

/// A page that sends too much is told so, and not more often than that.
const TELL_AGAIN: Duration = Duration::from_secs(2);
/// Captions whose own pieces are listed, the first so many.
const CUES: usize = 200;

/// A bucket that fills by `per_sec` up to `burst`, and from which what comes is taken.
#[derive(Debug)]
struct Bucket {
    burst: f64,
    per_sec: f64,
    left: f64,
    filled: Instant,
}

impl Bucket {
    fn new(burst: f64, per_sec: f64) -> Self {
        Self { burst, per_sec, left: burst, filled: Instant::now() }
    }

    /// Whether so much may come now.
    fn take(&mut self, amount: f64, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = (self.left + since * self.per_sec).min(self.burst);
        self.filled = now;
        let enough = self.left >= amount;
        if enough {
            self.left -= amount;
        }
        enough
    }
}

/// Serves a page until it leaves.
pub(crate) async fn visit(mut socket: WebSocket, state: Arc<State>, container: LiveContainer) {
    let Ok(place) = Arc::clone(&state.places).try_acquire_owned() else {
        let message = format!("{} visitors are here already, as many as this machine draws for", state.config.visitors);
        let full = ToPage::Problem { problem: Problem::Full, utterance: None, message: &message };
        // A page that is not there any more needs no answer.
        let _ = socket.send(Message::text(full.json())).await;
        close(&mut socket, close_code::AGAIN, "full").await;
        return;
    };
    let room = match state.enter() {
        Ok(room) => room,
        Err(error) => {
            tracing::error!(%error, "no name for a visitor");
            return;
        }
    };
    room.tell(&hello(&state, &room.name));
    match room::open(&state, &room, container, place) {
        Ok(inputs) => {
            let mut guest = Guest { state: Arc::clone(&state), room: Arc::clone(&room), inputs, microphone: None };
            guest.serve(&mut socket).await;
        }
        Err(error) => tracing::error!(%error, "a visitor's session can't be started"),
    }
    room.leave();
    state.leave(&room.name);
}

fn hello<'a>(state: &State, visitor: &'a str) -> ToPage<'a> {
    let packs = state.understanding.lexicon().references();
    ToPage::Hello {
        visitor,
        size: state.config.size,
        rate: state.config.rate.as_f64(),
        limits: Limits {
            text_characters: TEXT_CHARACTERS,
            caption_bytes: CAPTION_BYTES,
            film_signs: FILM_SIGNS,
            comment_characters: COMMENT,
        },
        software: env!("CARGO_PKG_VERSION"),
        packs: packs.into_iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect(),
    }
}

async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    // A page that is not there any more needs no farewell.
    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
}

/// What the socket's task holds of a session.
struct Guest {
    state: Arc<State>,
    room: Arc<Room>,
    inputs: SyncSender<Input>,
    microphone: Option<Microphone>,
}

impl Guest {
    async fn serve(&mut self, socket: &mut WebSocket) {
        let mut messages = Bucket::new(BURST, MESSAGES_PER_SEC);
        let mut sound = Bucket::new(SOUND_BURST, SOUND_PER_SEC);
        let mut told: Option<Instant> = None;
        // While a page floods, it is not read from: what it sends waits in its own machine's memory.
        let mut deaf_until: Option<Instant> = None;
        loop {
            let deaf = deaf_until.map(|until| until.saturating_duration_since(Instant::now()));
            tokio::select! {
                item = self.room.outbox.next() => {
                    let message = match item {
                        Item::Text(text) => Message::text(text),
                        Item::Binary(bytes) => Message::binary(bytes),
                        Item::End => return close(socket, close_code::NORMAL, "the session has ended").await,
                    };
                    match tokio::time::timeout(GRACE, socket.send(message)).await {
                        Ok(Ok(())) => {}
                        Ok(Err(_)) | Err(_) => return,
                    }
                }
                () = tokio::time::sleep(deaf.unwrap_or_default()), if deaf.is_some() => deaf_until = None,
                message = socket.recv(), if deaf.is_none() => {
                    let now = Instant::now();
                    let may = match &message {
                        Some(Ok(Message::Binary(bytes))) => sound.take(bytes.len() as f64, now),
                        Some(Ok(_)) => messages.take(1.0, now),
                        Some(Err(_)) | None => true,
                    };
                    match message {
                        _ if !may => {
                            deaf_until = Some(now + Duration::from_millis(50));
                            if told.is_none_or(|told| now - told > TELL_AGAIN) {
                                told = Some(now);
                                let message = "more came than is taken; it was left out. Send more slowly";
                                self.room.problem(Problem::Flood, None, message);
                            }
                        }
                        Some(Ok(Message::Text(text))) => self.hear(text.as_str()),
                        Some(Ok(Message::Binary(bytes))) => self.listen(&bytes),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Close(_))) | None => return,
                        Some(Err(error)) => return self.broken(socket, &error).await,
                    }
                }
            }
        }
    }

    /// The socket can't be read any more, mostly because of a message that is too long.
    async fn broken(&self, socket: &mut WebSocket, error: &axum::Error) {
        tracing::debug!(%error, "a page's socket broke");
        let message = format!("a message can't be read ({error}); the longest text has {TEXT_CHARACTERS} characters");
        let problem = ToPage::Problem { problem: Problem::TooLong, utterance: None, message: &message };
        // A page that is not there any more needs no answer.
        let _ = socket.send(Message::text(problem.json())).await;
        close(socket, close_code::SIZE, "message too long").await;
    }

    fn hear(&mut self, text: &str) {
        let message = match serde_json::from_str(text) {
            Ok(message) => message,
            Err(error) => {
                return self.room.problem(Problem::Message, None, &format!("a message that can't be read: {error}"));
            }
        };
        match message {
            FromPage::Say { text, language } => self.say(&text, language),
            FromPage::Captions { text, language } => self.captions(&text, language),
            FromPage::Again { utterance } => match self.room.said(utterance) {
                Some(said) => {
                    let again = said.again(self.room.number());
                    self.room.say(again, Some(utterance), &self.inputs);
                }
                None => self.room.problem(Problem::Forgotten, Some(utterance), "that was said too long ago"),
            },
            FromPage::Sign { id } => self.sign(&id),
            FromPage::Stop => self.send(Input::Interrupt),
            FromPage::View { view } => self.room.camera.set(view.into()),
            FromPage::Speed { half } => self.room.half.store(half, std::sync::atomic::Ordering::Relaxed),
            FromPage::Listen { rate, language } => {
                self.microphone = Some(Microphone::open(&self.state, &self.room, &self.inputs, rate, language));
            }
            FromPage::Hush => self.microphone = None,
        }
    }

    fn listen(&mut self, bytes: &[u8]) {
        match &mut self.microphone {
            Some(microphone) => microphone.hear(bytes),
            None => self.room.problem(Problem::Message, None, "sound came before the microphone was opened"),
        }
    }

    fn send(&self, input: Input) {
        if self.inputs.try_send(input).is_err() {
            self.room.problem(Problem::Busy, None, "too much comes at once; this was not taken");
        }
    }

    fn say(&self, text: &str, language: Language) {
        if self.fits(text, TEXT_CHARACTERS) {
            let transcript = Transcript::plain(text.trim(), language.tag());
            let said = Said::new(self.room.number(), transcript, Means::Typed);
            self.room.say(said, None, &self.inputs);
        }
    }

    fn captions(&self, text: &str, language: Language) {
        if text.len() > CAPTION_BYTES {
            let message = format!("{} bytes of captions; at most {CAPTION_BYTES} are taken at once", text.len());
            return self.room.problem(Problem::TooLong, None, &message);
        }
        let captions = match parse_captions(text, std::path::Path::new("captions"), language.tag()) {
            Ok(captions) => captions,
            Err(error) => return self.room.problem(Problem::Captions, None, &error.to_string()),
        };
        // Nobody waits for a caption that comes an hour after the beginning of a film: the first is signed at once.
        let script = TimedScript::join(&captions, language.tag()).from_first_word();
        if !self.fits(&script.transcript.text, CAPTION_CHARACTERS) {
            return;
        }
        let cues = captions.iter().take(CUES).map(|cue| Cue { start_ms: millis(cue.start), text: &cue.text }).collect();
        let said = Said::new(self.room.number(), script.transcript.clone(), Means::Captions);
        self.room.say_timed(said, script, cues, &self.inputs);
    }

    fn sign(&self, id: &str) {
        if self.state.understanding.lexicon().entry(id).is_none() {
            let id: String = id.chars().take(60).collect();
            return self.room.problem(Problem::NoSign, None, &format!("no sign has the id “{id}”"));
        }
        let said = Said::new(self.room.number(), Transcript::plain(id, SIGN), Means::Lexicon);
        self.room.say(said, None, &self.inputs);
    }

    /// Whether a text may be signed; says why not.
    fn fits(&self, text: &str, most: usize) -> bool {
        let found = text.chars().count();
        if text.trim().is_empty() {
            self.room.problem(Problem::Empty, None, "nothing to sign: the text is empty");
            return false;
        }
        if found > most {
            let message = format!("{found} characters; at most {most} are taken at once");
            self.room.problem(Problem::TooLong, None, &message);
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_what_flows() {
        let mut bucket = Bucket::new(5.0, 2.0);
        let begun = bucket.filled;
        let taken = (0..10).filter(|_| bucket.take(1.0, begun)).count();
        assert_eq!(taken, 5);
        let later = begun + Duration::from_secs(1);
        assert_eq!((0..10).filter(|_| bucket.take(1.0, later)).count(), 2);
        let much_later = begun + Duration::from_secs(1_000);
        assert_eq!((0..10).filter(|_| bucket.take(1.0, much_later)).count(), 5);
        assert!(!bucket.take(6.0, much_later + Duration::from_secs(1_000)), "more than a burst never fits");
    }
}
