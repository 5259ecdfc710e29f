//! `RenderService`: a renderer and an encoder a stream, on a thread of their own.

use std::sync::Arc;

use proto::v1::{self, render_service_server::RenderService, streaming_render_request::Content};
use session::live::{LocalShow, Show, ShowConfig, StageError};
use signing::{FrameRate, PoseFrame};
use stream::{LiveContainer, Piece};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::{
    admit::Caller,
    config::Limits,
    metrics::Metrics,
    motion_service::silent,
    state::State,
    status::{invalid, of_convert, of_stage, status},
    trace::Trace,
};

pub(crate) struct Service(pub(crate) Arc<State>);

/// Poses and responses that wait, in messages; when full the caller waits.
const WAITING: usize = 4;
/// What a frame costs at any size, in pixels: the body's points are moved and lit however few pixels they cover. Two
/// cores without a GPU draw and encode about 110 frames a second at 640×360, about half as many at 1280×720.
pub(crate) const FRAME_PIXELS: u64 = 460_800;
/// Longest caption, characters.
const CAPTION: usize = 200;

/// A checked picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) size: (u32, u32),
    pub(crate) rate: FrameRate,
    pub(crate) container: LiveContainer,
    pub(crate) background: [u8; 3],
}

impl Picture {
    /// What a client asks for, with defaults.
    pub(crate) fn of(config: &v1::VideoConfig, limits: &Limits) -> Result<Self, Status> {
        let rate = proto::rate_from(config.rate.as_ref()).map_err(|error| of_convert(&error))?;
        if v1::VideoCodec::try_from(config.codec).is_err() {
            return Err(invalid("CODEC", format!("video.codec: {} is not known; use H264", config.codec)));
        }
        let container = match v1::VideoContainer::try_from(config.container) {
            Ok(v1::VideoContainer::Unspecified | v1::VideoContainer::FragmentedMp4) => LiveContainer::FragmentedMp4,
            Ok(v1::VideoContainer::MpegTs) => LiveContainer::MpegTs,
            Err(_) => {
                let message =
                    format!("video.container: {} is not known; use FRAGMENTED_MP4 or MPEG_TS", config.container);
                return Err(invalid("CONTAINER", message));
            }
        };
        let or = |found: u32, default: u32| if found == 0 { default } else { found };
        let size = (or(config.width, 1280), or(config.height, 720));
        let side = |found: u32, most: u32| (16..=most).contains(&found) && found.is_multiple_of(2);
        if !side(size.0, limits.max_width) || !side(size.1, limits.max_height) {
            return Err(invalid(
                "SIZE",
                format!(
                    "video is {}×{}: each side must be even, 16 to {}×{}",
                    size.0, size.1, limits.max_width, limits.max_height
                ),
            ));
        }
        let [_, red, green, blue] = config.background_rgb.unwrap_or(0x00C8_D2D9).to_be_bytes();
        Ok(Self { size, rate, container, background: [red, green, blue] })
    }

    pub(crate) fn config(&self) -> v1::VideoConfig {
        let [red, green, blue] = self.background;
        v1::VideoConfig {
            width: self.size.0,
            height: self.size.1,
            rate: Some(proto::rate_of(self.rate)),
            codec: v1::VideoCodec::H264.into(),
            container: match self.container {
                LiveContainer::FragmentedMp4 => v1::VideoContainer::FragmentedMp4,
                LiveContainer::MpegTs => v1::VideoContainer::MpegTs,
                // Not among what can be asked for here.
                LiveContainer::Jpeg => v1::VideoContainer::Unspecified,
            }
            .into(),
            background_rgb: Some(u32::from_be_bytes([0, red, green, blue])),
        }
    }

    /// What it costs, in pixels a second.
    pub(crate) fn pixels_per_sec(&self) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 240")]
        let rate = self.rate.as_f64().ceil() as u64;
        (u64::from(self.size.0) * u64::from(self.size.1) + FRAME_PIXELS) * rate
    }

    pub(crate) fn show(&self, avatar: std::path::PathBuf, produce_id: String) -> ShowConfig {
        let Self { size, rate, container, background } = *self;
        ShowConfig { size, rate, container, background, avatar, produce_id }
    }
}

/// A piece on the wire.
pub(crate) fn chunk(piece: Piece) -> v1::VideoChunk {
    let Piece { data, time, frames, key } = piece;
    v1::VideoChunk { data: data.into(), time_flicks: time.0.0, frames, key }
}

#[tonic::async_trait]
impl RenderService for Service {
    type StreamingRenderStream = ReceiverStream<Result<v1::StreamingRenderResponse, Status>>;

    async fn streaming_render(
        &self,
        request: Request<Streaming<v1::StreamingRenderRequest>>,
    ) -> Result<Response<Self::StreamingRenderStream>, Status> {
        self.0.check_draining()?;
        let caller = Caller::of(&request)?;
        let span = tracing::info_span!("render stream", trace = tracing::field::Empty);
        Trace::of(request.metadata(), &span);
        let avatar = self.0.loaded()?.avatar.clone();
        let limits = &self.0.config.limits;
        let mut requests = request.into_inner();
        let first = tokio::time::timeout(limits.first_message(), requests.message());
        let first = first.await.map_err(|_| silent())??.unwrap_or_default();
        let first_frame = first.first_frame;
        let Some(Content::Config(config)) = first.content else {
            return Err(invalid("CONFIG_FIRST", "the first message must be a config"));
        };
        let picture = Picture::of(&config, limits)?;
        let place = self.0.capacity.session(&caller, picture.pixels_per_sec())?;
        let show = picture.show(avatar, String::new());
        let silence = std::time::Duration::from_secs(limits.silence_secs);
        let (poses, inbox) = mpsc::channel(WAITING);
        let (responses, stream) = mpsc::channel(WAITING);
        let failed = responses.clone();
        let metrics = Arc::clone(&self.0.metrics);
        tokio::spawn(async move {
            if let Err(error) = read(&mut requests, &poses, silence).await {
                // Nobody is left to hear it if this fails.
                let _ = failed.send(Err(error)).await;
            }
        });
        std::thread::Builder::new()
            .name("render".to_owned())
            .spawn(move || {
                let (_place, _entered) = (place, span.entered());
                if let Err(error) = draw(show, first_frame, metrics, inbox, &responses) {
                    let _ = responses.blocking_send(Err(of_stage(&error)));
                }
            })
            .map_err(|error| status(tonic::Code::ResourceExhausted, "NO_THREAD", error.to_string()))?;
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

/// A pose on its way to a picture.
struct Captioned {
    pose: PoseFrame,
    caption: Option<String>,
    /// The caller's trace of it, as a header; mostly empty.
    trace: String,
}

async fn read(
    requests: &mut Streaming<v1::StreamingRenderRequest>,
    poses: &mpsc::Sender<Captioned>,
    silence: std::time::Duration,
) -> Result<(), Status> {
    loop {
        let next = tokio::time::timeout(silence, requests.message()).await.map_err(|_| silent())??;
        let Some(request) = next else { return Ok(()) };
        let captioned = match request.content {
            Some(Content::Pose(captioned)) => captioned,
            Some(Content::Config(_)) => return Err(invalid("CONFIG_TWICE", "only the first message is a config")),
            None => return Err(invalid("EMPTY", "a message without content")),
        };
        let pose = captioned.pose.ok_or_else(|| of_convert(&proto::ConvertError::Missing("pose.pose")))?;
        let pose = PoseFrame::try_from(&pose).map_err(|error| of_convert(&error))?;
        if captioned.caption.chars().count() > CAPTION {
            return Err(invalid("CAPTION", format!("a caption of more than {CAPTION} characters")));
        }
        let caption = (!captioned.caption.is_empty()).then_some(captioned.caption);
        if poses.send(Captioned { pose, caption, trace: captioned.traceparent }).await.is_err() {
            return Ok(());
        }
    }
}

/// Draws on this thread until no more poses come or nobody takes the pieces.
fn draw(
    config: ShowConfig,
    first_frame: u64,
    metrics: Arc<Metrics>,
    mut inbox: mpsc::Receiver<Captioned>,
    responses: &mpsc::Sender<Result<v1::StreamingRenderResponse, Status>>,
) -> Result<(), StageError> {
    let lost = |error: session::SessionError| StageError::Lost { stage: "render", reason: error.to_string() };
    let show = LocalShow::open_at(config, first_frame).map_err(lost)?;
    let mut show = Box::new(show.watched(move |cost| metrics.pictured(cost)));
    let respond = |pieces: Vec<Piece>| {
        let chunks = pieces.into_iter().map(chunk).collect();
        responses.blocking_send(Ok(v1::StreamingRenderResponse { chunks })).is_ok()
    };
    if !respond(Vec::new()) {
        return Ok(());
    }
    while let Some(Captioned { pose, caption, trace }) = inbox.blocking_recv() {
        if !trace.is_empty() {
            let span = tracing::info_span!("picture", trace = tracing::field::Empty);
            Trace::of_header(&trace, &span);
            show.trace(&span);
        }
        if !respond(show.push(&pose, caption.as_deref())?) {
            return Ok(());
        }
    }
    respond(show.finish()?);
    Ok(())
}
