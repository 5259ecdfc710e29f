//! A client's messages, checked, into its session.

use std::{
    sync::{
        Arc,
        mpsc::{SyncSender, TrySendError},
    },
    time::{Duration, Instant},
};

use proto::v1::{self, streaming_sign_request::Content};
use session::{
    SessionConfig,
    live::{Ear, EventKind, Input, Sound},
};
use signing::{Flicks, SourceTime, Transcript};
use tokio::sync::oneshot;
use tonic::Streaming;

use super::clock::Clock;
use crate::{
    admit::Allowance,
    speech::{self, Pcm},
    state::State,
};

/// Longest name of an utterance, characters.
const NAME: usize = 64;

/// Where a client's messages go.
pub(super) struct Into {
    pub(super) inputs: SyncSender<Input>,
    /// Who hears its sound, if it announced any.
    pub(super) ear: Option<(Ear, Pcm)>,
    pub(super) language: String,
    pub(super) clock: Arc<Clock>,
    /// Characters of text that may come, if their number is limited.
    pub(super) allowance: Option<Allowance>,
}

impl Into {
    /// The input, or what is said instead where a session of this key may not have so much text.
    fn allowed(&mut self, input: Input) -> Input {
        let (Input::Say { transcript, .. } | Input::Replace { transcript, .. }) = &input else { return input };
        let Some(allowance) = &mut self.allowance else { return input };
        let characters = transcript.text.chars().count();
        if allowance.take(characters as f64, Instant::now()) {
            return input;
        }
        let message =
            format!("{characters} characters were not taken: this key's characters of the minute are used up");
        Input::Tell { kind: EventKind::Overloaded, message }
    }

    /// False if the session has ended.
    async fn put(&mut self, input: Input) -> bool {
        if let Input::Say { utterance, .. } = &input {
            self.clock.came(utterance);
        }
        match (&self.ear, &input) {
            // What is being said comes before the end.
            (Some((ear, _)), Input::Flush | Input::End) => speech::send(ear, Sound::Close(input)).await,
            _ => send(&self.inputs, input).await,
        }
    }

    /// False if the session has ended.
    async fn hear(&mut self, bytes: &[u8]) -> bool {
        let Some((ear, pcm)) = &mut self.ear else {
            let message = "sound came, but the config has no `audio`; it was not taken";
            return send(&self.inputs, Input::Warn(message.to_owned())).await;
        };
        match pcm.push(bytes) {
            Ok(pieces) => {
                for piece in pieces {
                    self.clock.sounded(piece.start);
                    if !speech::send(ear, Sound::Chunk(piece)).await {
                        return false;
                    }
                }
                true
            }
            Err(error) => send(&self.inputs, Input::Warn(format!("{}; it was not taken", error.message()))).await,
        }
    }
}

/// Reads until the client has sent its last, leaves, the session is `over`, or the server drains.
pub(super) async fn read(
    mut requests: Streaming<v1::StreamingSignRequest>,
    mut into: Into,
    state: Arc<State>,
    mut over: oneshot::Receiver<()>,
) {
    let mut draining = state.draining.clone();
    let mut count = 0_u64;
    loop {
        let next = tokio::select! {
            next = requests.message() => next,
            // Its sender is dropped when the session has ended.
            _ = &mut over => return,
            () = drained(&mut draining) => {
                let message = "the server is about to stop: what waits is signed, then the session ends";
                into.put(Input::Warn(message.to_owned())).await;
                into.put(Input::End).await;
                return;
            }
        };
        let goes_on = match next {
            Ok(Some(v1::StreamingSignRequest { content: Some(Content::Audio(bytes)) })) => into.hear(&bytes).await,
            Ok(Some(request)) => {
                let input = into.allowed(input_of(request.content, &into.language, &mut count));
                let last = input == Input::End;
                into.put(input).await && !last
            }
            Ok(None) => {
                into.put(Input::End).await;
                return;
            }
            Err(error) => {
                tracing::info!(code = ?error.code(), message = error.message(), "the client's stream broke");
                into.put(Input::End).await;
                return;
            }
        };
        if !goes_on {
            return;
        }
    }
}

/// Waits until the server drains.
async fn drained(draining: &mut tokio::sync::watch::Receiver<bool>) {
    // An error means that the server is gone already.
    let _ = draining.wait_for(|draining| *draining).await;
}

/// Waits while the session's queue is full: the transport then slows the client. False if the session has ended.
async fn send(inputs: &SyncSender<Input>, mut input: Input) -> bool {
    loop {
        match inputs.try_send(input) {
            Ok(()) => return true,
            Err(TrySendError::Disconnected(_)) => return false,
            Err(TrySendError::Full(back)) => input = back,
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What a message means; what is wrong with it becomes a warning, and the session goes on.
fn input_of(content: Option<Content>, language: &str, count: &mut u64) -> Input {
    match content {
        Some(Content::Text(text)) => {
            *count += 1;
            let name = if text.utterance_id.is_empty() { format!("u{count}") } else { text.utterance_id };
            said(name, text.text, text.said_at_flicks, language, |utterance, transcript| Input::Say {
                utterance,
                transcript,
            })
        }
        Some(Content::Replace(replace)) => {
            said(replace.utterance_id, replace.text, None, language, |utterance, transcript| Input::Replace {
                utterance,
                transcript,
            })
        }
        Some(Content::Interrupt(_)) => Input::Interrupt,
        Some(Content::Flush(_)) => Input::Flush,
        Some(Content::End(_)) => Input::End,
        Some(Content::Config(_)) => {
            Input::Warn("only the first message is a config; this one was not taken".to_owned())
        }
        Some(Content::Audio(_)) | None => Input::Warn("a message without content; it was not taken".to_owned()),
    }
}

fn said(
    name: String,
    text: String,
    at: Option<i64>,
    language: &str,
    input: impl FnOnce(Arc<str>, Transcript) -> Input,
) -> Input {
    let (found, limit) = (text.chars().count(), SessionConfig::MAX_CHARACTERS);
    if found > limit {
        return Input::Warn(format!("the text has {found} characters, more than {limit}; it was not taken"));
    }
    if name.chars().count() > NAME {
        return Input::Warn(format!("an utterance_id of more than {NAME} characters; the text was not taken"));
    }
    let mut transcript = Transcript::plain(text, language);
    if let Some(at) = at {
        let time = SourceTime(Flicks(at.max(1)));
        (transcript.start, transcript.end) = (time, time);
    }
    input(name.into(), transcript)
}
