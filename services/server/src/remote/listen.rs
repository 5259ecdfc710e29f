//! Speech elsewhere: one stream, its transcripts moved to the session's clock.

use std::time::Duration;

use proto::v1::{self, speech_service_client::SpeechServiceClient, streaming_recognize_request::Content};
use session::{
    Language, PcmChunk,
    live::{Listen, StageError},
};
use signing::{SourceTime, Transcript};
use tokio::{runtime::Handle, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{Peer, failed, late};
use crate::trace::Trace;

const STAGE: &str = "speech";
/// Pieces of sound on their way, in messages of at most 0.2 s; when full the ear waits.
const REQUESTS: usize = 16;
/// Longest that the role may take no sound, or be silent when it is told that the sound is over: ten seconds of sound may
/// wait there on a machine that is short of time. One that is gone is seen long before, by its connection.
const SLOW: Duration = Duration::from_secs(180);
/// How long a lost role may take to be taken up again.
const REVIVE: Duration = Duration::from_millis(1_000);

pub(crate) struct RemoteListen {
    channel: Peer,
    runtime: Handle,
    limit: Duration,
    language: Language,
    trace: Trace,
    open: Option<Open>,
}

/// A stream, and what a piece of sound must be like to go into it.
struct Open {
    requests: mpsc::Sender<v1::StreamingRecognizeRequest>,
    responses: Streaming<v1::StreamingRecognizeResponse>,
    kind: (u32, u16),
    /// When its first sample sounds; not known before there is one.
    from: Option<SourceTime>,
}

impl RemoteListen {
    /// Must be called within a runtime.
    pub(crate) fn new(channel: Peer, limit: Duration, language: Language, trace: Trace) -> Self {
        Self { channel, runtime: Handle::current(), limit, language, trace, open: None }
    }

    /// Opens a stream for what sound is most often like.
    pub(crate) async fn connect(&mut self) -> Result<(), Status> {
        self.open = Some(self.opened((16_000, 1), self.limit).await?);
        Ok(())
    }

    async fn opened(&self, kind: (u32, u16), limit: Duration) -> Result<Open, Status> {
        let (requests, stream) = mpsc::channel(REQUESTS);
        let config = v1::AudioConfig {
            encoding: v1::AudioEncoding::PcmF32le.into(),
            sample_rate: kind.0,
            channels: kind.1.into(),
            language: match self.language {
                Language::Chinese => "zh",
                Language::English => "en",
                Language::Detected => "auto",
            }
            .to_owned(),
        };
        let mut client = SpeechServiceClient::new(self.channel.clone());
        let opened = async {
            // The channel is empty: it takes one.
            let _ = requests.send(v1::StreamingRecognizeRequest { content: Some(Content::Config(config)) }).await;
            Ok::<_, Status>(
                client.streaming_recognize(self.trace.carry(ReceiverStream::new(stream))).await?.into_inner(),
            )
        };
        let opened = tokio::time::timeout(limit, opened).await;
        let responses = opened.map_err(|_| Status::deadline_exceeded("speech did not answer"))??;
        Ok(Open { requests, responses, kind, from: None })
    }

    fn begin(&mut self, kind: (u32, u16), limit: Duration) -> Result<(), StageError> {
        let runtime = self.runtime.clone();
        // A timer needs the runtime around it when it is made.
        let opened = runtime.block_on(async { self.opened(kind, limit).await });
        self.open = Some(opened.map_err(|status| failed(STAGE, &status))?);
        Ok(())
    }

    /// What a response says, on the session's clock.
    fn transcript(response: v1::StreamingRecognizeResponse, from: Option<SourceTime>) -> Option<Transcript> {
        let mut transcript: Transcript = response.transcript?.into();
        let from = from.unwrap_or(SourceTime::ZERO);
        transcript.start = transcript.start + from.0;
        transcript.end = transcript.end + from.0;
        Some(transcript)
    }

    fn ended() -> StageError {
        StageError::Lost { stage: STAGE, reason: "its stream ended".to_owned() }
    }
}

impl Open {
    /// Sends a message, taking what is answered meanwhile.
    async fn send(
        &mut self,
        message: v1::StreamingRecognizeRequest,
        heard: &mut Vec<Transcript>,
    ) -> Result<(), StageError> {
        loop {
            tokio::select! {
                permit = self.requests.reserve() => {
                    permit.map_err(|_| RemoteListen::ended())?.send(message);
                    return Ok(());
                }
                answer = self.responses.message() => self.book(answer, heard)?,
            }
        }
    }

    fn book(
        &self,
        answer: Result<Option<v1::StreamingRecognizeResponse>, Status>,
        heard: &mut Vec<Transcript>,
    ) -> Result<(), StageError> {
        let response = answer.map_err(|status| failed(STAGE, &status))?.ok_or_else(RemoteListen::ended)?;
        heard.extend(RemoteListen::transcript(response, self.from));
        Ok(())
    }
}

impl Listen for RemoteListen {
    fn push(&mut self, sound: &PcmChunk) -> Result<Vec<Transcript>, StageError> {
        let kind = (sound.rate, sound.channels);
        let mut heard = Vec::new();
        if self.open.as_ref().is_some_and(|open| open.kind != kind) {
            heard = self.finish()?;
        }
        if self.open.is_none() {
            self.begin(kind, self.limit)?;
        }
        let Some(mut open) = self.open.take() else { return Err(Self::ended()) };
        open.from.get_or_insert(sound.start);
        let bytes = sound.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let message = v1::StreamingRecognizeRequest { content: Some(Content::Audio(bytes)) };
        let sent = self.runtime.block_on(async { tokio::time::timeout(SLOW, open.send(message, &mut heard)).await });
        sent.map_err(|_| late(STAGE, SLOW))??;
        self.open = Some(open);
        heard.extend(self.poll()?);
        Ok(heard)
    }

    fn poll(&mut self) -> Result<Vec<Transcript>, StageError> {
        let mut heard = Vec::new();
        let Some(mut open) = self.open.take() else { return Ok(heard) };
        loop {
            let answer = async { tokio::time::timeout(Duration::ZERO, open.responses.message()).await };
            match self.runtime.block_on(answer) {
                Ok(answer) => open.book(answer, &mut heard)?,
                Err(_) => break,
            }
        }
        self.open = Some(open);
        Ok(heard)
    }

    fn finish(&mut self) -> Result<Vec<Transcript>, StageError> {
        let mut heard = Vec::new();
        let Some(Open { requests, mut responses, from, .. }) = self.open.take() else { return Ok(heard) };
        drop(requests);
        loop {
            let answer = async { tokio::time::timeout(SLOW, responses.message()).await };
            let answer = self.runtime.block_on(answer).map_err(|_| late(STAGE, SLOW))?;
            match answer.map_err(|status| failed(STAGE, &status))? {
                Some(response) => heard.extend(Self::transcript(response, from)),
                None => return Ok(heard),
            }
        }
    }

    /// The role sees for itself how much sound waits there.
    fn hurry(&mut self, _behind: bool) {}

    fn revive(&mut self) -> Result<(), StageError> {
        self.open = None;
        self.begin((16_000, 1), REVIVE)
    }
}
