//! `MotionService`: a signer a stream, stepped by the caller.

use std::sync::Arc;

use proto::v1::{self, motion_service_server::MotionService, streaming_pose_request::Content};
use session::live::{LocalMove, Move as _};
use signing::{Side, SignSentence};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status, Streaming};
use tracing::Instrument as _;

use crate::{
    admit::Caller,
    stages::TimedMove,
    state::State,
    status::{invalid, of_convert, of_stage, status},
    trace::Trace,
};

pub(crate) struct Service(pub(crate) Arc<State>);

/// Responses that wait for the caller, in responses; when full the next step waits.
const RESPONSES: usize = 8;
/// Most frames of a step.
const MOST_FRAMES: u32 = 240;

#[tonic::async_trait]
impl MotionService for Service {
    type StreamingPoseStream = ReceiverStream<Result<v1::StreamingPoseResponse, Status>>;

    async fn streaming_pose(
        &self,
        request: Request<Streaming<v1::StreamingPoseRequest>>,
    ) -> Result<Response<Self::StreamingPoseStream>, Status> {
        self.0.check_draining()?;
        let span = tracing::info_span!("motion stream", trace = tracing::field::Empty);
        Trace::of(request.metadata(), &span);
        let place = self.0.capacity.session(&Caller::of(&request)?, 0)?;
        let body = self.0.loaded()?.body()?;
        let mut requests = request.into_inner();
        let first = tokio::time::timeout(self.0.config.limits.first_message(), requests.message());
        let first = first.await.map_err(|_| silent())??.and_then(|first| first.content);
        let Some(Content::Config(config)) = first else {
            return Err(invalid("CONFIG_FIRST", "the first message must be a config"));
        };
        let rate = proto::rate_from(config.rate.as_ref()).map_err(|error| of_convert(&error))?;
        let dominant = if config.left_handed { Side::Left } else { Side::Right };
        let inner = LocalMove::with(body, rate, dominant, config.seed)
            .map_err(|error| status(Code::FailedPrecondition, "BODY", error.to_string()))?;
        let mover = TimedMove { inner, metrics: Arc::clone(&self.0.metrics) };
        let (responses, stream) = mpsc::channel(RESPONSES);
        let header = v1::StreamingPoseResponse {
            header: Some(proto::pose_header(rate)),
            idle: true,
            ..v1::StreamingPoseResponse::default()
        };
        let silence = std::time::Duration::from_secs(self.0.config.limits.silence_secs);
        let serving = async move {
            let _place = place;
            if responses.send(Ok(header)).await.is_err() {
                return;
            }
            if let Err(error) = serve(mover, &mut requests, &responses, silence).await {
                // Nobody is left to hear it if this fails.
                let _ = responses.send(Err(error)).await;
            }
        };
        tokio::spawn(serving.instrument(span));
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

async fn serve(
    mut mover: TimedMove,
    requests: &mut Streaming<v1::StreamingPoseRequest>,
    responses: &mpsc::Sender<Result<v1::StreamingPoseResponse, Status>>,
    silence: std::time::Duration,
) -> Result<(), Status> {
    loop {
        let next = tokio::time::timeout(silence, requests.message()).await.map_err(|_| silent())??;
        let Some(request) = next else { return Ok(()) };
        match request.content {
            Some(Content::Sentence(sentence)) => {
                let sentence = SignSentence::try_from(sentence).map_err(|error| of_convert(&error))?;
                mover.push(&sentence).map_err(|error| of_stage(&error))?;
            }
            Some(Content::Interrupt(v1::Interrupt {})) => mover.interrupt().map_err(|error| of_stage(&error))?,
            Some(Content::Step(frames)) if (1..=MOST_FRAMES).contains(&frames) => {
                let response = step(&mut mover, frames).map_err(|error| of_stage(&error))?;
                if responses.send(Ok(response)).await.is_err() {
                    return Ok(());
                }
            }
            Some(Content::Step(frames)) => {
                return Err(invalid("STEP", format!("step is {frames}: expected 1 to {MOST_FRAMES} frames")));
            }
            Some(Content::Config(_)) => return Err(invalid("CONFIG_TWICE", "only the first message is a config")),
            None => return Err(invalid("EMPTY", "a message without content")),
        }
    }
}

fn step(mover: &mut TimedMove, frames: u32) -> Result<v1::StreamingPoseResponse, session::live::StageError> {
    let mut response = v1::StreamingPoseResponse::default();
    let mut chunk = v1::PoseChunk::default();
    for _ in 0..frames {
        let moved = mover.step()?;
        chunk.frames.push((&moved.pose).into());
        response.times.extend(moved.times.iter().map(|time| v1::TokenTime {
            sentence: time.sentence,
            token: u32::try_from(time.token).unwrap_or(u32::MAX),
            start_flicks: time.start.0.0,
            end_flicks: time.end.0.0,
        }));
        response.waiting = u32::try_from(moved.waiting).unwrap_or(u32::MAX);
        response.idle = moved.idle;
    }
    response.chunk = Some(chunk);
    Ok(response)
}

pub(crate) fn silent() -> Status {
    status(Code::DeadlineExceeded, "CLIENT_SILENT", "no message for too long")
}
