//! `/healthz`, `/readyz` and `/metrics`, for those who watch the server; loopback only.

use std::sync::Arc;

use axum::{Router, http::StatusCode, routing::get};
use tokio::net::TcpListener;

use crate::state::State;

pub(crate) async fn serve(listener: TcpListener, state: Arc<State>) -> std::io::Result<()> {
    let ready = Arc::clone(&state);
    let readyz = move || {
        let ready = ready.is_warm() && !*ready.draining.borrow();
        async move { if ready { (StatusCode::OK, "ready\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n") } }
    };
    let mut draining = state.draining.clone();
    let metrics = move || {
        let text = state.metrics.text();
        async move { ([("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8")], text) }
    };
    let router = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics));
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // An error means that the server is gone already.
            let _ = draining.wait_for(|draining| *draining).await;
        })
        .await
}
