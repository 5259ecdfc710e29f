//! Stages in other processes: deadlines, retry of what is safe, keepalive, several addresses.

mod listen;
mod peer;
mod show;

use std::time::Duration;

use motion::TokenTime;
use proto::v1::{
    self, motion_service_client::MotionServiceClient, streaming_pose_request,
    understanding_service_client::UnderstandingServiceClient,
};
use session::live::{Interpret, Move, Moved, StageError};
use signing::{Flicks, FrameRate, OutputTime, PoseFrame, Side, SignSentence, Transcript};
use tokio::{runtime::Handle, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use crate::trace::Trace;

pub(crate) use listen::RemoteListen;
pub use peer::PeerError;
pub(crate) use peer::{Peer, Remotes};
pub(crate) use show::RemoteShow;

/// What a call's failure means for the session.
fn failed(stage: &'static str, status: &Status) -> StageError {
    let reason = format!("{:?}: {}", status.code(), status.message());
    match status.code() {
        Code::InvalidArgument
        | Code::FailedPrecondition
        | Code::OutOfRange
        | Code::Unauthenticated
        | Code::PermissionDenied
        | Code::Unimplemented => StageError::Refused { stage, reason },
        _ => StageError::Lost { stage, reason },
    }
}

fn late(stage: &'static str, limit: Duration) -> StageError {
    StageError::Lost { stage, reason: format!("no answer within {} ms", limit.as_millis()) }
}

/// Understanding elsewhere. A call may be repeated, so it is, until its deadline.
pub(crate) struct RemoteInterpret {
    pub(crate) channel: Peer,
    pub(crate) runtime: Handle,
    /// Deadline of one attempt.
    pub(crate) limit: Duration,
    pub(crate) message_bytes: usize,
    pub(crate) trace: Trace,
}

/// How long an utterance is worth waiting for, as attempts.
const ATTEMPTS: u32 = 6;

impl Interpret for RemoteInterpret {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        self.ask(transcript, None)
    }

    fn interpret_within(&mut self, transcript: &Transcript, signs: f64) -> Result<Vec<SignSentence>, StageError> {
        self.ask(transcript, Some(signs))
    }
}

impl RemoteInterpret {
    fn ask(&mut self, transcript: &Transcript, signs: Option<f64>) -> Result<Vec<SignSentence>, StageError> {
        const STAGE: &str = "understanding";
        let mut client =
            UnderstandingServiceClient::new(self.channel.clone()).max_decoding_message_size(self.message_bytes * 4);
        let mut pause = Duration::from_millis(100);
        let mut last = late(STAGE, self.limit);
        #[expect(clippy::cast_possible_truncation, reason = "a small count")]
        let most_signs = signs.map(|signs| signs.clamp(0.0, 100_000.0) as f32);
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(pause);
                pause *= 2;
            }
            let request = v1::InterpretRequest { transcript: Some(transcript.clone().into()), most_signs };
            // A timer needs the runtime around it when it is made.
            let call = async { tokio::time::timeout(self.limit, client.interpret(self.trace.carry(request))).await };
            match self.runtime.block_on(call) {
                Ok(Ok(response)) => {
                    let sentences = response.into_inner().sentences.into_iter().map(SignSentence::try_from);
                    let refused =
                        |error: proto::ConvertError| StageError::Refused { stage: STAGE, reason: error.to_string() };
                    return sentences.collect::<Result<_, _>>().map_err(refused);
                }
                Ok(Err(status)) => match failed(STAGE, &status) {
                    refused @ StageError::Refused { .. } => return Err(refused),
                    lost @ StageError::Lost { .. } => last = lost,
                },
                Err(_) => last = late(STAGE, self.limit),
            }
        }
        Err(last)
    }
}

/// Motion elsewhere: one stream, stepped frame by frame.
pub(crate) struct RemoteMove {
    pub(crate) channel: Peer,
    pub(crate) runtime: Handle,
    pub(crate) limit: Duration,
    pub(crate) rate: FrameRate,
    pub(crate) dominant: Side,
    pub(crate) seed: u64,
    pub(crate) trace: Trace,
    pub(crate) open: Option<OpenMove>,
}

pub(crate) struct OpenMove {
    requests: mpsc::Sender<v1::StreamingPoseRequest>,
    responses: Streaming<v1::StreamingPoseResponse>,
}

/// Requests that may be under way, in messages.
const REQUESTS: usize = 64;
/// How long a lost stage may take to be taken up again: the session's clock waits for it.
const REVIVE: Duration = Duration::from_millis(120);

impl RemoteMove {
    const STAGE: &'static str = "motion";

    fn begin(&mut self, limit: Duration) -> Result<(), StageError> {
        let (requests, stream) = mpsc::channel(REQUESTS);
        let config = v1::MotionConfig {
            rate: Some(proto::rate_of(self.rate)),
            left_handed: self.dominant == Side::Left,
            seed: self.seed,
        };
        let mut client = MotionServiceClient::new(self.channel.clone());
        let trace = self.trace;
        let first = v1::StreamingPoseRequest { content: Some(streaming_pose_request::Content::Config(config)) };
        let opened = async {
            // The channel is empty: it takes one.
            let _ = requests.send(first).await;
            let mut responses = client.streaming_pose(trace.carry(ReceiverStream::new(stream))).await?.into_inner();
            responses.message().await?;
            Ok::<_, Status>(responses)
        };
        let opened = self.runtime.block_on(async { tokio::time::timeout(limit, opened).await });
        let responses = opened.map_err(|_| late(Self::STAGE, limit))?.map_err(|status| failed(Self::STAGE, &status))?;
        self.open = Some(OpenMove { requests, responses });
        Ok(())
    }

    fn opened(&mut self) -> Result<&mut OpenMove, StageError> {
        if self.open.is_none() {
            self.begin(self.limit)?;
        }
        let lost = || StageError::Lost { stage: Self::STAGE, reason: "no stream".to_owned() };
        self.open.as_mut().ok_or_else(lost)
    }

    fn send(&mut self, content: streaming_pose_request::Content) -> Result<(), StageError> {
        let sent = self.opened()?.requests.try_send(v1::StreamingPoseRequest { content: Some(content) });
        sent.map_err(|error| {
            self.open = None;
            StageError::Lost { stage: Self::STAGE, reason: format!("its stream takes no more: {error}") }
        })
    }
}

impl Move for RemoteMove {
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError> {
        self.send(streaming_pose_request::Content::Sentence(sentence.clone().into()))
    }

    fn step(&mut self) -> Result<Moved, StageError> {
        self.send(streaming_pose_request::Content::Step(1))?;
        let (limit, runtime) = (self.limit, self.runtime.clone());
        let open = self.opened()?;
        let answer = runtime.block_on(async { tokio::time::timeout(limit, open.responses.message()).await });
        let lost = |reason: String| StageError::Lost { stage: Self::STAGE, reason };
        let moved = match answer {
            Err(_) => Err(late(Self::STAGE, limit)),
            Ok(Err(status)) => Err(lost(format!("{:?}: {}", status.code(), status.message()))),
            Ok(Ok(None)) => Err(lost("its stream ended".to_owned())),
            Ok(Ok(Some(response))) => moved(&response).map_err(lost),
        };
        if moved.is_err() {
            self.open = None;
        }
        moved
    }

    fn interrupt(&mut self) -> Result<(), StageError> {
        self.send(streaming_pose_request::Content::Interrupt(v1::Interrupt {}))
    }

    fn revive(&mut self) -> Result<(), StageError> {
        self.open = None;
        self.begin(REVIVE)
    }
}

fn moved(response: &v1::StreamingPoseResponse) -> Result<Moved, String> {
    let frames = response.chunk.as_ref().map_or(&[][..], |chunk| &chunk.frames);
    let [frame] = frames else { return Err(format!("{} frames for one step", frames.len())) };
    let time = |flicks| OutputTime(Flicks(flicks));
    Ok(Moved {
        pose: PoseFrame::try_from(frame).map_err(|error| error.to_string())?,
        times: response
            .times
            .iter()
            .map(|it| TokenTime {
                sentence: it.sentence,
                token: it.token as usize,
                start: time(it.start_flicks),
                end: time(it.end_flicks),
            })
            .collect(),
        waiting: response.waiting as usize,
        idle: response.idle,
    })
}
