//! Traces to an OpenTelemetry collector, over OTLP by gRPC.
//!
//! `OTEL_EXPORTER_OTLP_ENDPOINT` says where it is, such as `http://127.0.0.1:4317`; nothing is exported without it. Other
//! variables of OpenTelemetry (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`) hold too.

use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::{KeyValue, global, trace::TracerProvider as _};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tokio::runtime::Runtime;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// Where a collector is; the first wins.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
/// How long the last spans may take to be sent when the command ends.
const LAST: Duration = Duration::from_secs(3);
/// Whose spans are exported: the stages' and the services'.
const TARGETS: [&str; 4] = ["server", "session", "demo", "shouyu"];

/// An exporter. What waits is sent when it is dropped.
pub(crate) struct Telemetry {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    /// The connection to the collector lives on it.
    runtime: Option<Runtime>,
}

/// Begins to export, if a collector is named. At most 2,048 spans wait for it; more are dropped, and the log says so.
///
/// Errors: an address that can't be used. A collector that is not there is none: it may come.
pub(crate) fn start() -> anyhow::Result<Option<Telemetry>> {
    let found = ENDPOINTS.iter().find_map(|name| Some((name, std::env::var(name).ok()?)));
    let Some((name, endpoint)) = found.filter(|(_, endpoint)| !endpoint.is_empty()) else { return Ok(None) };
    anyhow::ensure!(
        endpoint.starts_with("http://"),
        "{name} is “{endpoint}”: expected http://host:port, such as http://127.0.0.1:4317; encryption is not spoken here: \
         put a collector on this machine"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("telemetry")
        .enable_all()
        .build()
        .context("no thread to export traces")?;
    let exporter = {
        let _entered = runtime.enter();
        let exporter = SpanExporter::builder().with_tonic().with_endpoint(&endpoint).build();
        exporter.with_context(|| format!("{name} is “{endpoint}”: expected http://host:port"))?
    };
    let mut resource = Resource::builder().with_attribute(KeyValue::new("process.pid", i64::from(std::process::id())));
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("shouyu");
    }
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build();
    global::set_tracer_provider(provider.clone());
    let tracer = provider.tracer("shouyu");
    Ok(Some(Telemetry { provider, tracer, runtime: Some(runtime) }))
}

impl Telemetry {
    /// Hears the spans of this process, whatever is logged of them.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        OpenTelemetryLayer::new(self.tracer.clone())
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_targets(TARGETS.map(|target| (target, LevelFilter::INFO))))
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "the last spans were not sent");
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
