//! Whose requests are answered: a browser on this machine that shows this page, and nobody it was led here by.
//!
//! A page from elsewhere can make a browser send requests to loopback; its `Origin` gives it away. A name that is made
//! to point here (DNS rebinding) gives itself away by `Host`.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// The names under which this server answers.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    hosts: [String; 3],
}

/// What every answer says: only this page's own files, no frames, nothing guessed, nothing kept.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; \
         connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "microphone=(self), camera=(), geolocation=()"),
];

impl Names {
    /// Of a server on this port of loopback.
    pub(crate) fn new(port: u16) -> Self {
        Self { hosts: ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")) }
    }

    /// Why a request with these headers is not answered.
    pub(crate) fn refusal(&self, headers: &HeaderMap) -> Option<&'static str> {
        let one = |name: HeaderName| {
            let mut values = headers.get_all(name).iter();
            (values.next().and_then(|value| value.to_str().ok()), values.next().is_some())
        };
        let known = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        match one(header::HOST) {
            (Some(host), false) if known(host) => {}
            _ => {
                return Some("this demo answers under 127.0.0.1 and localhost alone; open the address that it printed");
            }
        }
        match one(header::ORIGIN) {
            (None, false) if !headers.contains_key(header::ORIGIN) => None,
            (Some(origin), false) if origin.strip_prefix("http://").is_some_and(known) => None,
            _ => Some("this demo answers its own page alone; open the address that it printed"),
        }
    }
}

/// Lets through what may be answered, and puts [`HEADERS`] on every answer.
pub(crate) async fn guard(State(names): State<Names>, request: Request, next: Next) -> Response {
    let mut response = match names.refusal(request.headers()) {
        None => next.run(request).await,
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_on_this_machine_is_answered() {
        let names = Names::new(8_080);
        for (host, origin, answered) in [
            (Some("127.0.0.1:8080"), None, true),
            (Some("localhost:8080"), Some("http://localhost:8080"), true),
            (Some("LOCALHOST:8080"), Some("http://127.0.0.1:8080"), true),
            (Some("[::1]:8080"), Some("http://[::1]:8080"), true),
            (Some("127.0.0.1:8080"), Some("http://evil.example"), false),
            (Some("127.0.0.1:8080"), Some("http://127.0.0.1:9090"), false),
            (Some("127.0.0.1:8080"), Some("https://127.0.0.1:8080"), false),
            (Some("127.0.0.1:8080"), Some("null"), false),
            (Some("127.0.0.1:8080"), Some("http://127.0.0.1:8080.evil.example"), false),
            (Some("evil.example:8080"), None, false),
            (Some("127.0.0.1"), None, false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert(header::HOST, HeaderValue::from_static(host));
            }
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(names.refusal(&headers).is_none(), answered, "{host:?} {origin:?}");
        }
    }

    #[test]
    fn a_second_origin_or_one_that_is_no_text_is_refused() {
        let names = Names::new(80);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost:80"));
        headers.append(header::ORIGIN, HeaderValue::from_static("http://localhost:80"));
        assert!(names.refusal(&headers).is_none());
        headers.append(header::ORIGIN, HeaderValue::from_static("http://evil.example"));
        assert!(names.refusal(&headers).is_some());
        headers.remove(header::ORIGIN);
        headers.append(header::ORIGIN, HeaderValue::from_bytes(b"http://\xff").unwrap());
        assert!(names.refusal(&headers).is_some());
    }
}
