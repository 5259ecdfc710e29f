//! What is logged, on standard error: for people, or one JSON object a line for programs.
//!
//! `SHOUYU_LOG` filters as `tracing` filters are written; `SHOUYU_LOG_FORMAT=json` makes lines of JSON: the event's own
//! fields, and under `spans` those of each span around it, the outermost first.

use std::{fmt, io::Write as _, time::SystemTime};

use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::telemetry::{self, Telemetry};

/// What is logged unless told otherwise. A certificate that is not trusted is told with the sentence that it concerns.
const DEFAULT: &str = "warn,wgpu=error,wgpu_hal=error,bevy=error,rustls_platform_verifier=off";

/// Begins to log, and to export traces if a collector is named; they are exported until what is given is dropped.
///
/// Errors: those of [`telemetry::start`].
pub(crate) fn start() -> anyhow::Result<Option<Telemetry>> {
    let filter = EnvFilter::try_from_env("SHOUYU_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let telemetry = telemetry::start()?;
    let exported = tracing_subscriber::registry().with(telemetry.as_ref().map(Telemetry::layer));
    let text = || tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match std::env::var("SHOUYU_LOG_FORMAT").as_deref() {
        Ok("json") => exported.with(Json.with_filter(filter)).init(),
        Ok("text") | Err(_) => exported.with(text().with_filter(filter)).init(),
        Ok(other) => {
            exported.with(text().with_filter(filter)).init();
            tracing::warn!("SHOUYU_LOG_FORMAT is “{other}”: expected json or text; logging as text");
        }
    }
    Ok(telemetry)
}

/// Writes lines of JSON.
struct Json;

/// A span's fields, kept beside it.
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Json {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields(Map::new());
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mut line = Fields(Map::new());
        event.record(&mut line);
        let mut line = line.0;
        line.insert("unix_secs".to_owned(), since.as_secs_f64().into());
        line.insert("level".to_owned(), event.metadata().level().as_str().into());
        line.insert("target".to_owned(), event.metadata().target().into());
        let spans = context.event_scope(event).into_iter().flat_map(|scope| scope.from_root());
        let spans: Vec<Value> = spans
            .map(|span| {
                let mut fields = span.extensions().get::<Fields>().map(|fields| fields.0.clone()).unwrap_or_default();
                fields.insert("name".to_owned(), span.name().into());
                Value::Object(fields)
            })
            .collect();
        line.insert("spans".to_owned(), spans.into());
        let mut bytes = Value::Object(line).to_string().into_bytes();
        bytes.push(b'\n');
        // In one piece, so that lines of several threads don't mix. Nobody is left to be told if it fails.
        let _ = std::io::stderr().lock().write_all(&bytes);
    }
}
