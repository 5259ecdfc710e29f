//! An OpenAI-compatible endpoint as a proposer of sign sentences.
//!
//! In: its address, model and key. Out: [`understanding::Proposed`] sentences, or why there are none. Never: more time
//! than its budget, a key in a message or a log, trust in an answer (the gate stands behind it).
//!
//! HTTP for a server on this machine, HTTPS for any other: a key would be readable on its way. The machine's own
//! certificates are trusted; `SSL_CERT_FILE` names others.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests state what they expect"))]

mod http;

use std::{
    fmt,
    sync::Mutex,
    time::{Duration, Instant},
};

use http::{Failure, client, post};
use serde_json::json;
use understanding::{ProposeError, Proposed, Proposer, Request, read_answer};
use ureq::tls::RootCerts;

/// Failures in a row after which the endpoint is left alone for a while.
const BREAKS_AFTER: u32 = 3;
/// For how long.
const BROKEN_FOR: Duration = Duration::from_secs(30);
/// How many tries a sentence gets within its budget.
const TRIES: u32 = 3;
/// The first pause between tries; it doubles.
const PAUSE: Duration = Duration::from_millis(100);

/// What an endpoint is told by.
#[derive(Clone)]
pub struct EndpointConfig {
    /// `https://host[:port]/base`, or `http://` without encryption; `/chat/completions` is put behind it. The base may end in `/v1` or not.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// The key, from the environment; never printed.
    pub key: Option<String>,
    /// How long a sentence may take, tries included.
    pub budget: Duration,
    /// Whether to send `thinking: disabled`, which BigModel's models understand and others may refuse.
    pub disable_thinking: bool,
}

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The address can't be used.
    #[error(
        "endpoint url “{found}”: {reason}; expected https://host[:port]/base, or for a server on this machine http://127.0.0.1:8080/v1"
    )]
    Url {
        /// As given.
        found: String,
        /// What is wrong.
        reason: &'static str,
    },
}

/// An endpoint that answers.
pub struct Endpoint {
    config: EndpointConfig,
    client: ureq::Agent,
    /// The host, for messages.
    host: String,
    /// Where completions are asked for.
    url: String,
    circuit: Mutex<Circuit>,
}

#[derive(Debug, Default)]
struct Circuit {
    failures: u32,
    until: Option<Instant>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &self.config.url)
            .field("model", &self.config.model)
            .finish_non_exhaustive()
    }
}

impl Endpoint {
    /// Checks the configuration; nothing is sent yet.
    ///
    /// Errors: an address that is none, or one that would send the key without encryption to another machine.
    pub fn new(config: EndpointConfig) -> Result<Self, EndpointError> {
        let wrong = |reason| EndpointError::Url { found: config.url.clone(), reason };
        let (encrypted, rest) = match (config.url.strip_prefix("https://"), config.url.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(wrong("it begins with neither https:// nor http://")),
        };
        let (authority, _) = rest.split_once('/').unwrap_or((rest, ""));
        let port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let host = port.map_or(authority, |(host, _)| host).to_owned();
        if host.is_empty() || host.contains(['@', ' ', '?', '#']) || config.url.contains(['\r', '\n']) {
            return Err(wrong("it has no host, or one with characters that are not allowed"));
        }
        if port.is_some_and(|(_, port)| port.parse::<u16>().is_err()) {
            return Err(wrong("its port is not between 0 and 65535"));
        }
        if !encrypted && config.key.is_some() && !is_this_machine(&host) {
            return Err(wrong("the key would be sent without encryption to another machine"));
        }
        let url = format!("{}/chat/completions", config.url.trim_end_matches('/'));
        let client = client(is_this_machine(&host), RootCerts::PlatformVerifier);
        Ok(Self { client, host, url, config, circuit: Mutex::default() })
    }

    fn body(&self, request: &Request<'_>) -> String {
        let (system, user) = request.prompt();
        let mut body = json!({
            "model": self.config.model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "max_tokens": 512,
            "stream": false,
        });
        if self.config.disable_thinking {
            body["thinking"] = json!({"type": "disabled"});
        }
        body.to_string()
    }

    fn failed(&self, reason: String) -> ProposeError {
        ProposeError::Failed { who: self.name().to_owned(), reason }
    }

    fn ask(&self, body: &str, deadline: Instant) -> Result<String, ProposeError> {
        let timeout = || ProposeError::Timeout {
            who: self.name().to_owned(),
            milliseconds: u64::try_from(self.config.budget.as_millis()).unwrap_or(u64::MAX),
        };
        let mut pause = PAUSE;
        for attempt in 1..=TRIES {
            let why = match post(&self.client, &self.url, &self.host, self.config.key.as_deref(), body, deadline) {
                Ok(answer) => return Ok(answer),
                Err(Failure::Late) => return Err(timeout()),
                Err(Failure::Final(why)) => return Err(self.failed(why)),
                Err(Failure::Passing(why)) => why,
            };
            if attempt == TRIES || Instant::now() + pause >= deadline {
                return Err(self.failed(why));
            }
            std::thread::sleep(pause);
            pause *= 2;
        }
        Err(timeout())
    }
}

/// Whether `host` is the machine that asks.
fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Proposer for Endpoint {
    fn name(&self) -> &str {
        &self.config.model
    }

    fn propose(&self, request: &Request<'_>) -> Result<Proposed, ProposeError> {
        let lock = || self.circuit.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if lock().until.is_some_and(|until| Instant::now() < until) {
            return Err(self.failed("it failed several times in a row and is left alone for a while".to_owned()));
        }
        let answer = self.ask(&self.body(request), Instant::now() + self.config.budget);
        let mut circuit = lock();
        match &answer {
            Ok(_) => *circuit = Circuit::default(),
            Err(_) => {
                circuit.failures += 1;
                circuit.until = (circuit.failures >= BREAKS_AFTER).then(|| Instant::now() + BROKEN_FOR);
            }
        }
        drop(circuit);
        let answer = answer?;
        let value: serde_json::Value = serde_json::from_str(&answer)
            .map_err(|_| self.failed("its answer is no JSON; expected a chat completion".to_owned()))?;
        let content = value.pointer("/choices/0/message/content").and_then(|content| content.as_str());
        let content = content.ok_or_else(|| self.failed("its answer has no choices[0].message.content".to_owned()))?;
        read_answer(self.name(), content)
    }
}

#[cfg(test)]
mod tests;
