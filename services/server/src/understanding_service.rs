//! `UnderstandingService`.

use std::{sync::Arc, time::Instant};

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
    trace::Trace,
};

pub(crate) struct Service(pub(crate) Arc<State>);

#[tonic::async_trait]
impl UnderstandingService for Service {
    async fn interpret(
        &self,
        request: Request<v1::InterpretRequest>,
    ) -> Result<Response<v1::InterpretResponse>, Status> {
        let span = tracing::info_span!("understanding", trace = tracing::field::Empty);
        Trace::of(request.metadata(), &span);
        let permit = self.0.capacity.call()?;
        let understanding = self.0.loaded()?.understanding()?;
        let v1::InterpretRequest { transcript, most_signs } = request.into_inner();
        let transcript: Transcript =
            transcript.ok_or_else(|| of_convert(&proto::ConvertError::Missing("transcript")))?.into();
        check_text(&transcript.text, SessionConfig::MAX_CHARACTERS)?;
        if !transcript.stable {
            return Err(invalid("UNSTABLE", "transcript.stable is false: only what can no longer change is signed"));
        }
        if let Some(signs) = most_signs.filter(|signs| !(0.0..=100_000.0).contains(signs)) {
            return Err(invalid("MOST_SIGNS", format!("most_signs is {signs}: expected 0 to 100000")));
        }
        let metrics = Arc::clone(&self.0.metrics);
        let work = tokio::task::spawn_blocking(move || {
            let (_permit, _entered) = (permit, span.entered());
            let (mut interpret, began) = (LocalInterpret::new(understanding), Instant::now());
            let understood = match most_signs {
                Some(signs) => interpret.interpret_within(&transcript, signs.into()),
                None => interpret.interpret(&transcript),
            };
            metrics.understood(began.elapsed());
            understood
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
