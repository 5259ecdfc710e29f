//! Which pages of other origins may call from a browser (CORS, for gRPC-Web).

use std::time::Duration;

use tonic::codegen::http::{HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember that it was allowed to call.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// Answers browsers for the pages of `origins`; nothing if there are none, so that no page of another origin can read an
/// answer.
pub(crate) fn cors(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let names = |names: &[&'static str]| names.iter().copied().map(HeaderName::from_static).collect::<Vec<_>>();
    let sent = names(&["x-grpc-web", "x-user-agent", "grpc-timeout", "x-api-key", "traceparent"]);
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::POST])
            .allow_headers([vec![header::CONTENT_TYPE, header::AUTHORIZATION], sent].concat())
            // A call that is refused before its first message has its status in the headers.
            .expose_headers(names(&["grpc-status", "grpc-message", "grpc-status-details-bin"]))
            .max_age(REMEMBERED)
    })
}

/// Whether `text` is an origin as browsers send it: `https://example.org` or `http://127.0.0.1:8080`, in lower case,
/// without the scheme's own port and without a path.
pub(crate) fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let own_port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return false,
    };
    // Built anew from its parts it is the same only if it has no others.
    let origin = match authority.port_u16() {
        Some(port) if port != own_port => format!("{scheme}://{}:{port}", authority.host()),
        _ => format!("{scheme}://{}", authority.host()),
    };
    origin.to_lowercase() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_as_browsers_send_it() {
        for good in ["https://example.org", "http://127.0.0.1:8080", "http://[::1]:3000", "https://a.b.example:8443"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "*",
            "null",
            "example.org",
            "https://example.org/",
            "https://example.org/page",
            "https://Example.org",
            "https://example.org:443",
            "http://a:80",
            "ftp://example.org",
            "https://me@example.org",
            "https://*.example.org/*",
            "https://example.org?x",
            "https://example.org:",
            "file:///tmp",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
