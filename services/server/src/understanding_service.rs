//! `UnderstandingService`.

use std::sync::Arc;

use proto::v1::{self, understanding_service_server::UnderstandingService};
use session::{
    SessionConfig,
    live::{Interpret as _, LocalInterpret},
};
use signing::Transcript;
use tonic::{Request, Response, Status};

use crate::{
    state::State,
    status::{invalid, of_convert, of_stage},
};

pub(crate) struct Service(pub(crate) Arc<State>);

#[tonic::async_trait]
impl UnderstandingService for Service {
    async fn interpret(
        &self,
        request: Request<v1::InterpretRequest>,
    ) -> Result<Response<v1::InterpretResponse>, Status> {
        let permit = self.0.capacity.call()?;
        let understanding = self.0.loaded()?.understanding()?;
        let transcript = request.into_inner().transcript;
        let transcript: Transcript =
            transcript.ok_or_else(|| of_convert(&proto::ConvertError::Missing("transcript")))?.into();
        check_text(&transcript.text, SessionConfig::MAX_CHARACTERS)?;
        if !transcript.stable {
            return Err(invalid("UNSTABLE", "transcript.stable is false: only what can no longer change is signed"));
        }
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            LocalInterpret(understanding).interpret(&transcript)
        });
        let sentences = work.await.map_err(|error| Status::internal(error.to_string()))?;
        let sentences = sentences.map_err(|error| of_stage(&error))?;
        Ok(Response::new(v1::InterpretResponse { sentences: sentences.into_iter().map(Into::into).collect() }))
    }
}

/// Refuses text that is too long.
pub(crate) fn check_text(text: &str, limit: usize) -> Result<(), Status> {
    match text.chars().count() {
        found if found > limit => Err(invalid(
            "TEXT_TOO_LONG",
            format!("the text has {found} characters, more than {limit}: split it into shorter texts"),
        )),
        _ => Ok(()),
    }
}
