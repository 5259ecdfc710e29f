//! Which trace a call belongs to, as W3C trace context carries it from process to process.
//!
//! A session has one trace. Its spans are logged where they happen, each with the trace's id, so that the logs of all
//! processes together show the way of an utterance from speech to video. Where spans are exported
//! (`OTEL_EXPORTER_OTLP_ENDPOINT`), the trace is OpenTelemetry's, and a collector shows the same way as a tree.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
};

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};
use tonic::{Request, metadata::MetadataMap};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The name of the header.
const HEADER: &str = "traceparent";

/// A trace, and the span of it that calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trace {
    id: u128,
    span: u64,
    /// Whether it is kept by whoever gathers traces.
    sampled: bool,
}

impl Trace {
    /// The caller's trace with `span` as the one that calls; a new trace where the caller has none. Its id goes into the
    /// span's field `trace`, which must be there. The span must be new.
    pub(crate) fn of(metadata: &MetadataMap, span: &Span) -> Self {
        let header = metadata.get(HEADER).and_then(|value| value.to_str().ok());
        Self::of_header(header.unwrap_or_default(), span)
    }

    /// The same, from the header's text; empty if there is none.
    pub(crate) fn of_header(header: &str, span: &Span) -> Self {
        let caller = Self::read(header);
        if let Some(caller) = caller {
            // Fails where nothing is exported: then the logs alone tell of the trace.
            let _ = span.set_parent(Context::new().with_remote_span_context(caller.into()));
        }
        let trace = Self::exported(span).unwrap_or_else(|| match caller {
            Some(caller) => Self { span: random(), ..caller },
            None => Self { id: u128::from(random()) << 64 | u128::from(random()), span: random(), sampled: true },
        });
        span.record("trace", trace.id());
        trace
    }

    /// What `span` is exported as, if it is.
    pub(crate) fn exported(span: &Span) -> Option<Self> {
        let context = span.context();
        let span = context.span();
        let own = span.span_context();
        own.is_valid().then(|| Self {
            id: u128::from_be_bytes(own.trace_id().to_bytes()),
            span: u64::from_be_bytes(own.span_id().to_bytes()),
            sampled: own.is_sampled(),
        })
    }

    /// `00-<32 hexadecimal digits>-<16>-<2>`; all zeros are no trace.
    fn read(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let [version, id, span, flags] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        let hex = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        // Later versions may add parts; the first one has none.
        let known = hex(version, 2) && version != "ff" && (version != "00" || parts.next().is_none());
        if !known || !hex(id, 32) || !hex(span, 16) || !hex(flags, 2) {
            return None;
        }
        let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
        let trace = Self { id: u128::from_str_radix(id, 16).ok()?, span: u64::from_str_radix(span, 16).ok()?, sampled };
        (trace.id != 0 && trace.span != 0).then_some(trace)
    }

    /// The trace's id, as logs show it.
    pub(crate) fn id(&self) -> String {
        format!("{:032x}", self.id)
    }

    /// `message` as a call within this trace: of the span around it, if that is one of the trace's.
    pub(crate) fn carry<T>(&self, message: T) -> Request<T> {
        let here = Self::exported(&Span::current()).filter(|here| here.id == self.id).unwrap_or(*self);
        let mut request = Request::new(message);
        // Hexadecimal digits and dashes are ASCII.
        if let Ok(value) = here.to_string().parse() {
            request.metadata_mut().insert(HEADER, value);
        }
        request
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.id, self.span, u8::from(self.sampled))
    }
}

impl From<Trace> for SpanContext {
    fn from(trace: Trace) -> Self {
        let (id, span) = (TraceId::from(trace.id), SpanId::from(trace.span));
        Self::new(id, span, TraceFlags::default().with_sampled(trace.sampled), true, TraceState::default())
    }
}

/// The standard library seeds each of these anew from the system.
fn random() -> u64 {
    RandomState::new().hash_one(0_u8).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_goes_on_in_the_called_process() {
        let first = Trace::of(&MetadataMap::new(), &Span::none());
        let called = Trace::of(first.carry(()).metadata(), &Span::none());
        assert_eq!(called.id, first.id);
        assert_ne!(called.span, first.span);
        assert_ne!(Trace::of(&MetadataMap::new(), &Span::none()).id, first.id);
    }

    #[test]
    fn what_is_no_trace_begins_a_new_one() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        for good in [good, unsampled] {
            assert_eq!(Trace::read(good).map(|trace| trace.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(Trace::read(bad), None, "{bad}");
        }
    }
}
