//! What a session answers: its responses, and behind the last of them how it ended.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::sync::{mpsc, oneshot};
use tokio_stream::Stream;
use tonic::Status;

use super::Responses;

pub(crate) struct StreamOut {
    responses: mpsc::Receiver<Responses>,
    /// Dropped by its sender if the session ended well.
    end: Option<oneshot::Receiver<Status>>,
}

impl StreamOut {
    pub(super) const fn new(responses: mpsc::Receiver<Responses>, end: oneshot::Receiver<Status>) -> Self {
        Self { responses, end: Some(end) }
    }
}

impl Stream for StreamOut {
    type Item = Responses;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Responses>> {
        if let Some(response) = ready!(self.responses.poll_recv(context)) {
            return Poll::Ready(Some(response));
        }
        let Some(end) = &mut self.end else { return Poll::Ready(None) };
        let end = ready!(Pin::new(end).poll(context));
        self.end = None;
        Poll::Ready(end.ok().map(Err))
    }
}
