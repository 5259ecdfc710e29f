//! Render elsewhere: one stream, a response a pose.

use std::time::{Duration, Instant};

use proto::v1::{self, render_service_client::RenderServiceClient, streaming_render_request::Content};
use session::live::{Show, StageError};
use signing::{Flicks, OutputTime, PoseFrame};
use stream::Piece;
use tokio::{runtime::Handle, sync::mpsc, task::JoinHandle};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{Peer, REQUESTS, failed, late};
use crate::{render::Picture, trace::Trace};

const STAGE: &str = "render";
/// How long a renderer may take to open, and to give its last pictures.
const OPEN: Duration = Duration::from_secs(20);
/// From one attempt to take up a lost renderer to the next.
const RETRY: Duration = Duration::from_millis(500);

pub(crate) struct RemoteShow {
    channel: Peer,
    runtime: Handle,
    limit: Duration,
    picture: Picture,
    trace: Trace,
    /// The next pose is traced as this.
    traced: Option<Trace>,
    open: Option<Open>,
    opening: Option<JoinHandle<Result<Open, StageError>>>,
    tried: Instant,
}

struct Open {
    requests: mpsc::Sender<v1::StreamingRenderRequest>,
    responses: Streaming<v1::StreamingRenderResponse>,
}

impl RemoteShow {
    /// Waits until the renderer is open.
    pub(crate) fn open(
        channel: Peer,
        runtime: Handle,
        limit: Duration,
        picture: &Picture,
        trace: Trace,
    ) -> Result<Self, StageError> {
        let open = runtime.block_on(opened(channel.clone(), *picture, trace, 0))?;
        let tried = Instant::now();
        Ok(Self {
            channel,
            runtime,
            limit,
            picture: *picture,
            trace,
            traced: None,
            open: Some(open),
            opening: None,
            tried,
        })
    }
}

async fn opened(channel: Peer, picture: Picture, trace: Trace, first_frame: u64) -> Result<Open, StageError> {
    let (requests, stream) = mpsc::channel(REQUESTS);
    let first = v1::StreamingRenderRequest { content: Some(Content::Config(picture.config())), first_frame };
    let opened = async {
        // The channel is empty: it takes one.
        let _ = requests.send(first).await;
        let mut client = RenderServiceClient::new(channel).max_decoding_message_size(64 << 20);
        let mut responses = client.streaming_render(trace.carry(ReceiverStream::new(stream))).await?.into_inner();
        responses.message().await?;
        Ok::<_, Status>(Open { requests, responses })
    };
    let opened = tokio::time::timeout(OPEN, opened).await;
    opened.map_err(|_| late(STAGE, OPEN))?.map_err(|status| failed(STAGE, &status))
}

fn lost(reason: impl Into<String>) -> StageError {
    StageError::Lost { stage: STAGE, reason: reason.into() }
}

impl Open {
    /// The next response; `None` at the stream's end.
    async fn answer(&mut self, limit: Duration) -> Result<Option<Vec<Piece>>, StageError> {
        let answer = tokio::time::timeout(limit, self.responses.message()).await;
        let answer = answer.map_err(|_| late(STAGE, limit))?.map_err(|status| failed(STAGE, &status))?;
        Ok(answer.map(|response| response.chunks.into_iter().map(piece).collect()))
    }
}

fn piece(chunk: v1::VideoChunk) -> Piece {
    let v1::VideoChunk { data, time_flicks, frames, key } = chunk;
    Piece { data: data.into(), time: OutputTime(Flicks(time_flicks)), frames, key }
}

impl Show for RemoteShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        let Some(mut open) = self.open.take() else { return Err(lost("no stream")) };
        let captioned = v1::CaptionedPose {
            pose: Some(pose.into()),
            caption: caption.unwrap_or_default().chars().take(200).collect(),
            traceparent: self.traced.take().map(|trace| trace.to_string()).unwrap_or_default(),
        };
        let request = v1::StreamingRenderRequest { content: Some(Content::Pose(captioned)), first_frame: 0 };
        open.requests.try_send(request).map_err(|error| lost(format!("its stream takes no more: {error}")))?;
        let limit = self.limit;
        let pieces = self.runtime.block_on(open.answer(limit))?.ok_or_else(|| lost("its stream ended"))?;
        self.open = Some(open);
        Ok(pieces)
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        let Some(Open { requests, responses }) = self.open.take() else { return Err(lost("no stream")) };
        drop(requests);
        let (closed, _) = mpsc::channel(1);
        let mut open = Open { requests: closed, responses };
        let (mut pieces, until) = (Vec::new(), Instant::now() + OPEN);
        // One that is gone is told by its connection; one that is only slow has all of this time.
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.runtime.block_on(open.answer(left))? {
                Some(more) => pieces.extend(more),
                None => return Ok(pieces),
            }
        }
    }

    fn trace(&mut self, span: &tracing::Span) {
        self.traced = Trace::exported(span);
    }

    fn revive(&mut self, first_frame: u64) -> Result<bool, StageError> {
        match self.opening.take() {
            Some(opening) if opening.is_finished() => {
                let open = self.runtime.block_on(opening).map_err(|error| lost(error.to_string()))?;
                // Whatever it answers, a renderer that was there once may be there again.
                self.open = Some(open.map_err(|error| lost(error.to_string()))?);
                Ok(true)
            }
            Some(opening) => {
                self.opening = Some(opening);
                Ok(false)
            }
            None => {
                if self.tried.elapsed() >= RETRY {
                    self.tried = Instant::now();
                    let opening = opened(self.channel.clone(), self.picture, self.trace, first_frame);
                    self.opening = Some(self.runtime.spawn(opening));
                }
                Ok(false)
            }
        }
    }
}
