//! Stages in other processes: deadlines, retry of what is safe, keepalive, several addresses.

use std::time::{Duration, Instant};

use motion::TokenTime;
use proto::v1::{
    self, motion_service_client::MotionServiceClient, render_service_client::RenderServiceClient,
    streaming_pose_request, streaming_render_request, understanding_service_client::UnderstandingServiceClient,
};
use session::live::{Interpret, Move, Moved, Show, StageError};
use signing::{Flicks, FrameRate, OutputTime, PoseFrame, Side, SignSentence, Transcript};
use stream::Piece;
use tokio::{runtime::Handle, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{
    Code, Status, Streaming,
    transport::{Channel, Endpoint},
};

use crate::{
    config::{Config, Peers, Role},
    render::Picture,
};

/// Channels to the stages that are elsewhere.
#[derive(Clone, Default)]
pub(crate) struct Remotes {
    pub(crate) understanding: Option<Channel>,
    pub(crate) motion: Option<Channel>,
    pub(crate) render: Option<Channel>,
}

impl Remotes {
    /// Opens nothing yet: channels connect when they are used, and again when they are lost.
    pub(crate) fn new(config: &Config) -> Result<Self, tonic::transport::Error> {
        if config.role != Role::Gateway {
            return Ok(Self::default());
        }
        let Peers { understanding, motion, render, .. } = &config.peers;
        Ok(Self { understanding: channel(understanding)?, motion: channel(motion)?, render: channel(render)? })
    }
}

fn channel(addresses: &[String]) -> Result<Option<Channel>, tonic::transport::Error> {
    let endpoints = addresses
        .iter()
        .map(|address| {
            Ok(Endpoint::from_shared(address.clone())?
                .connect_timeout(Duration::from_millis(500))
                .http2_keep_alive_interval(Duration::from_secs(10))
                .keep_alive_timeout(Duration::from_secs(5))
                .keep_alive_while_idle(true)
                .tcp_nodelay(true))
        })
        .collect::<Result<Vec<Endpoint>, tonic::transport::Error>>()?;
    Ok(match endpoints.as_slice() {
        [] => None,
        [one] => Some(one.connect_lazy()),
        _ => Some(Channel::balance_list(endpoints.into_iter())),
    })
}

/// What a call's failure means for the session.
fn failed(stage: &'static str, status: &Status) -> StageError {
    let reason = format!("{:?}: {}", status.code(), status.message());
    match status.code() {
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StageError::Refused { stage, reason },
        _ => StageError::Lost { stage, reason },
    }
}

fn late(stage: &'static str, limit: Duration) -> StageError {
    StageError::Lost { stage, reason: format!("no answer within {} ms", limit.as_millis()) }
}

/// Understanding elsewhere. A call may be repeated, so it is, until its deadline.
pub(crate) struct RemoteInterpret {
    pub(crate) channel: Channel,
    pub(crate) runtime: Handle,
    /// Deadline of one attempt.
    pub(crate) limit: Duration,
    pub(crate) message_bytes: usize,
}

/// How long an utterance is worth waiting for, as attempts.
const ATTEMPTS: u32 = 6;

impl Interpret for RemoteInterpret {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        const STAGE: &str = "understanding";
        let mut client =
            UnderstandingServiceClient::new(self.channel.clone()).max_decoding_message_size(self.message_bytes * 4);
        let mut pause = Duration::from_millis(100);
        let mut last = late(STAGE, self.limit);
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(pause);
                pause *= 2;
            }
            let request = v1::InterpretRequest { transcript: Some(transcript.clone().into()) };
            let call = tokio::time::timeout(self.limit, client.interpret(request));
            match self.runtime.block_on(async { call.await }) {
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
    pub(crate) channel: Channel,
    pub(crate) runtime: Handle,
    pub(crate) limit: Duration,
    pub(crate) rate: FrameRate,
    pub(crate) dominant: Side,
    pub(crate) seed: u64,
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
        let first = v1::StreamingPoseRequest { content: Some(streaming_pose_request::Content::Config(config)) };
        let opened = async {
            // The channel is empty: it takes one.
            let _ = requests.send(first).await;
            let mut responses = client.streaming_pose(ReceiverStream::new(stream)).await?.into_inner();
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

/// Render elsewhere: one stream, a response a pose.
pub(crate) struct RemoteShow {
    runtime: Handle,
    limit: Duration,
    requests: mpsc::Sender<v1::StreamingRenderRequest>,
    responses: Streaming<v1::StreamingRenderResponse>,
}

/// How long a renderer may take to open.
const OPEN: Duration = Duration::from_secs(20);

impl RemoteShow {
    const STAGE: &'static str = "render";

    pub(crate) fn open(
        channel: Channel,
        runtime: Handle,
        limit: Duration,
        picture: &Picture,
    ) -> Result<Self, StageError> {
        let (requests, stream) = mpsc::channel(REQUESTS);
        let first =
            v1::StreamingRenderRequest { content: Some(streaming_render_request::Content::Config(picture.config())) };
        let opened = async {
            let _ = requests.send(first).await;
            let mut client = RenderServiceClient::new(channel).max_decoding_message_size(64 << 20);
            let mut responses = client.streaming_render(ReceiverStream::new(stream)).await?.into_inner();
            responses.message().await?;
            Ok::<_, Status>(responses)
        };
        let opened = runtime.block_on(async { tokio::time::timeout(OPEN, opened).await });
        let responses = opened.map_err(|_| late(Self::STAGE, OPEN))?.map_err(|status| failed(Self::STAGE, &status))?;
        Ok(Self { runtime, limit, requests, responses })
    }

    fn answer(&mut self) -> Result<Option<Vec<Piece>>, StageError> {
        let (limit, responses) = (self.limit, &mut self.responses);
        let answer = self.runtime.block_on(async { tokio::time::timeout(limit, responses.message()).await });
        let answer = answer.map_err(|_| late(Self::STAGE, limit))?.map_err(|status| failed(Self::STAGE, &status))?;
        Ok(answer.map(|response| response.chunks.into_iter().map(piece).collect()))
    }
}

fn piece(chunk: v1::VideoChunk) -> Piece {
    let v1::VideoChunk { data, time_flicks, frames, key } = chunk;
    Piece { data: data.into(), time: OutputTime(Flicks(time_flicks)), frames, key }
}

impl Show for RemoteShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        let captioned = v1::CaptionedPose {
            pose: Some(pose.into()),
            caption: caption.unwrap_or_default().chars().take(200).collect(),
        };
        let request = v1::StreamingRenderRequest { content: Some(streaming_render_request::Content::Pose(captioned)) };
        let lost = |reason: String| StageError::Lost { stage: Self::STAGE, reason };
        self.requests.try_send(request).map_err(|error| lost(format!("its stream takes no more: {error}")))?;
        self.answer()?.ok_or_else(|| lost("its stream ended".to_owned()))
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        let (closed, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.requests, closed));
        let (mut pieces, until) = (Vec::new(), Instant::now() + OPEN);
        while Instant::now() < until {
            match self.answer()? {
                Some(more) => pieces.extend(more),
                None => return Ok(pieces),
            }
        }
        Err(late(Self::STAGE, OPEN))
    }
}
