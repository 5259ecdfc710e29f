//! `SpeechService`. There is no speech stage in this build: it says so.

use proto::v1::{self, speech_service_server::SpeechService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::status::status;

pub(crate) struct Service;

/// What audio is answered with.
pub(crate) fn no_speech() -> Status {
    status(Code::Unimplemented, "NO_SPEECH", "this server has no speech stage yet: send text")
}

#[tonic::async_trait]
impl SpeechService for Service {
    type StreamingRecognizeStream = ReceiverStream<Result<v1::StreamingRecognizeResponse, Status>>;

    async fn streaming_recognize(
        &self,
        _request: Request<Streaming<v1::StreamingRecognizeRequest>>,
    ) -> Result<Response<Self::StreamingRecognizeStream>, Status> {
        Err(no_speech())
    }
}
