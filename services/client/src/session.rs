//! A live session: what goes in, what comes out.

use proto::v1::{
    self, SessionStarted, signing_service_client::SigningServiceClient, streaming_sign_request::Content,
    streaming_sign_response::Content as Output,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Streaming, service::interceptor::InterceptedService, transport::Channel};

use crate::{ClientError, connect::WithKey};

/// Inputs on their way, in messages; when full, whoever gives one waits.
const INPUTS: usize = 16;

/// A session that has started.
#[derive(Debug)]
pub struct Session {
    /// Its name at the server, and what the picture looks like.
    pub started: SessionStarted,
    /// What goes in; may be moved to another task.
    pub inputs: Inputs,
    /// What comes out. A client that does not read slows the session down, and ends it in time.
    pub outputs: Outputs,
}

/// What goes into a session. Cloning shares it; when the last clone is dropped, nothing more comes, and what waits is
/// signed.
#[derive(Debug, Clone)]
pub struct Inputs(mpsc::Sender<v1::StreamingSignRequest>);

/// What comes out of a session, in order.
#[derive(Debug)]
pub struct Outputs(Streaming<v1::StreamingSignResponse>);

impl Session {
    pub(crate) async fn begin(
        mut service: SigningServiceClient<InterceptedService<Channel, WithKey>>,
        config: v1::SigningConfig,
    ) -> Result<Self, ClientError> {
        let (sender, requests) = mpsc::channel(INPUTS);
        let inputs = Inputs(sender);
        inputs.send(Content::Config(config)).await?;
        let mut outputs = Outputs(service.streaming_sign(ReceiverStream::new(requests)).await?.into_inner());
        match outputs.next().await? {
            Some(Output::SessionStarted(started)) => Ok(Self { started, inputs, outputs }),
            _ => Err(ClientError::Protocol { expected: "session_started" }),
        }
    }
}

impl Inputs {
    async fn send(&self, content: Content) -> Result<(), ClientError> {
        let request = v1::StreamingSignRequest { content: Some(content) };
        self.0.send(request).await.map_err(|_| ClientError::Over)
    }

    /// Signs a text, whole however long that takes. `utterance_id` names it in what becomes of it; if it is empty the
    /// server counts.
    ///
    /// Errors: [`ClientError::Over`], as for all inputs.
    pub async fn text(&self, utterance_id: &str, text: &str) -> Result<(), ClientError> {
        self.say(utterance_id, text, None).await
    }

    /// Signs what was said at a moment of something that goes on, flicks on its clock: it is kept from falling behind.
    ///
    /// Errors: as for [`text`](Self::text).
    pub async fn text_said_at(&self, utterance_id: &str, text: &str, flicks: i64) -> Result<(), ClientError> {
        self.say(utterance_id, text, Some(flicks)).await
    }

    async fn say(&self, utterance_id: &str, text: &str, said_at_flicks: Option<i64>) -> Result<(), ClientError> {
        let (text, utterance_id) = (text.to_owned(), utterance_id.to_owned());
        self.send(Content::Text(v1::TextInput { text, utterance_id, said_at_flicks })).await
    }

    /// More sound, as the configuration says, at most 1 MiB.
    ///
    /// Errors: as for [`text`](Self::text).
    pub async fn audio(&self, samples: Vec<u8>) -> Result<(), ClientError> {
        self.send(Content::Audio(samples)).await
    }

    /// Corrects an utterance: what waits is replaced, what has been signed is repaired.
    ///
    /// Errors: as for [`text`](Self::text).
    pub async fn replace(&self, utterance_id: &str, text: &str) -> Result<(), ClientError> {
        let (text, utterance_id) = (text.to_owned(), utterance_id.to_owned());
        self.send(Content::Replace(v1::ReplaceInput { utterance_id, text })).await
    }

    /// Stops: the sign under way reaches its end, what waits is dropped.
    ///
    /// Errors: as for [`text`](Self::text).
    pub async fn interrupt(&self) -> Result<(), ClientError> {
        self.send(Content::Interrupt(v1::InterruptInput {})).await
    }

    /// Asks for the event FLUSHED when all that was given is signed.
    ///
    /// Errors: as for [`text`](Self::text).
    pub async fn flush(&self) -> Result<(), ClientError> {
        self.send(Content::Flush(v1::FlushInput {})).await
    }

    /// Nothing more comes: what waits is signed, then the session ends.
    ///
    /// Errors: as for [`text`](Self::text).
    pub async fn end(&self) -> Result<(), ClientError> {
        self.send(Content::End(v1::EndOfInput {})).await
    }
}

impl Outputs {
    /// The next message; `None` when the session has ended well.
    ///
    /// Errors: [`ClientError::Refused`] if it ended otherwise.
    pub async fn next(&mut self) -> Result<Option<Output>, ClientError> {
        loop {
            match self.0.message().await? {
                // A kind of message of a later version.
                Some(response) if response.content.is_none() => {}
                Some(response) => return Ok(response.content),
                None => return Ok(None),
            }
        }
    }
}
