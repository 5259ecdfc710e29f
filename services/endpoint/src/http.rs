//! One POST of JSON over HTTP or HTTPS, within a deadline.

use std::{
    io::ErrorKind,
    sync::Arc,
    time::{Duration, Instant},
};

use ureq::{
    Agent, Error,
    http::StatusCode,
    tls::{RootCerts, TlsConfig},
};

/// An answer longer than this is not read.
const LONGEST: u64 = 1 << 20;
/// How long a connection is kept for the next sentence: a handshake costs what a sentence may not.
const KEPT: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The deadline is over.
    Late,
    /// Another try may help.
    Passing(String),
    /// No other try will.
    Final(String),
}

/// A client that keeps its connections, trusts `roots`, and goes through the proxy that the environment names, except to
/// this machine itself.
pub(crate) fn client(this_machine: bool, roots: RootCerts) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let mut config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        // A redirected POST loses its body or sends the key elsewhere: the operator gives the right address instead.
        .max_redirects(0)
        .max_idle_age(KEPT);
    if this_machine {
        config = config.proxy(None);
    }
    config.build().new_agent()
}

/// The body of the answer to a POST of JSON. `who` is the host, for messages.
pub(crate) fn post(
    client: &Agent,
    url: &str,
    who: &str,
    key: Option<&str>,
    body: &str,
    deadline: Instant,
) -> Result<String, Failure> {
    let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or(Failure::Late)?;
    let mut request = client.post(url).config().timeout_global(Some(left)).build();
    request = request.header("Content-Type", "application/json");
    if let Some(key) = key {
        request = request.header("Authorization", format!("Bearer {key}"));
    }
    let mut answer = request.send(body).map_err(|error| failure(&error, who))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(refusal(status, who));
    }
    let bytes = answer.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(|error| failure(&error, who))?;
    String::from_utf8(bytes).map_err(|_| Failure::Final(format!("{who} answered with no UTF-8")))
}

fn refusal(status: StatusCode, who: &str) -> Failure {
    let code = status.as_u16();
    match code {
        300..=399 => Failure::Final(format!(
            "{who} sends its callers elsewhere (status {code}); give the address that it sends them to"
        )),
        401 | 403 => Failure::Final(format!("{who} refused the key (status {code}); check the key in the environment")),
        404 => Failure::Final(format!("{who} has no such path (status 404); check whether the base ends in /v1")),
        429 | 500..=599 => Failure::Passing(format!("{who} answered with status {code}")),
        _ => Failure::Final(format!("{who} answered with status {code}")),
    }
}

fn failure(error: &Error, who: &str) -> Failure {
    let untrusted = |why: &dyn std::fmt::Display| {
        Failure::Final(format!(
            "no safe connection to {who}: {why}; where its certificate is by an authority of your own, name its file in \
             SSL_CERT_FILE"
        ))
    };
    match error {
        Error::Timeout(_) => Failure::Late,
        Error::Io(io) if matches!(io.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => Failure::Late,
        // What the handshake finds wrong comes as an unreadable stream.
        Error::Io(io) if io.kind() == ErrorKind::InvalidData => untrusted(io),
        Error::Rustls(why) => untrusted(why),
        Error::Tls(why) => untrusted(why),
        Error::BodyExceedsLimit(_) => Failure::Final(format!("{who} answered with more than a mebibyte")),
        Error::Protocol(why) => Failure::Passing(format!("{who} broke off, or does not speak HTTP: {why}")),
        Error::HostNotFound => Failure::Final(format!("{who} has no address")),
        // A key with a line break, or the like; its text would name the key.
        Error::Http(_) | Error::BadUri(_) => {
            Failure::Final("the key or the address holds characters that HTTP does not allow".to_owned())
        }
        other => Failure::Passing(format!("cannot reach {who}: {other}")),
    }
}
