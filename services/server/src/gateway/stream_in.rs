//! A client's messages, checked, into its session.

use std::{
    sync::{
        Arc,
        mpsc::{SyncSender, TrySendError},
    },
    time::Duration,
};

use proto::v1::{self, streaming_sign_request::Content};
use session::{SessionConfig, live::Input};
use signing::{Flicks, SourceTime, Transcript};
use tonic::Streaming;

use super::Clock;
use crate::{speech::no_speech, state::State};

/// Longest name of an utterance, characters.
const NAME: usize = 64;

/// Reads until the client has sent its last, leaves, or the server drains.
pub(super) async fn read(
    mut requests: Streaming<v1::StreamingSignRequest>,
    inputs: SyncSender<Input>,
    language: String,
    state: Arc<State>,
    clock: Arc<Clock>,
) {
    let mut draining = state.draining.clone();
    let mut count = 0_u64;
    loop {
        let next = tokio::select! {
            next = requests.message() => next,
            () = drained(&mut draining) => {
                send(&inputs, Input::Warn("the server is about to stop: what waits is signed, then the session ends".to_owned())).await;
                send(&inputs, Input::End).await;
                return;
            }
        };
        let input = match next {
            Ok(Some(request)) => input_of(request.content, &language, &mut count),
            Ok(None) => Input::End,
            Err(error) => {
                tracing::info!(code = ?error.code(), message = error.message(), "the client's stream broke");
                Input::End
            }
        };
        if let Input::Say { utterance, .. } = &input {
            clock.came(utterance);
        }
        let last = input == Input::End;
        if !send(&inputs, input).await || last {
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
        Some(Content::Audio(_)) => Input::Warn(no_speech().message().to_owned()),
        Some(Content::Config(_)) => {
            Input::Warn("only the first message is a config; this one was not taken".to_owned())
        }
        None => Input::Warn("a message without content; it was not taken".to_owned()),
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
