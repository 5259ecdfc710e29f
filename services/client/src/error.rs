//! What can go wrong, so that a program can act on it.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not an address, or credentials that can't be used with it.
    #[error("{address}: {reason}")]
    Address {
        /// As given.
        address: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// Nobody answers there.
    #[error("{address}: can't be reached: {source}; is `shouyu serve` running there?")]
    Connect {
        /// As given.
        address: String,
        /// Why.
        #[source]
        source: tonic::transport::Error,
    },
    /// An API key that a header can't carry.
    #[error("the API key has characters that a header can't carry: use visible ASCII")]
    Key,
    /// The server refused the call, or ended the session.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An input after the end of the session.
    #[error("the session is over: it takes no more input")]
    Over,
    /// An answer that the protocol does not allow.
    #[error("the server's answer is not of this protocol: expected {expected}; are both of the same version?")]
    Protocol {
        /// What should have come.
        expected: &'static str,
    },
}

/// What the server said when it refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} ({reason}): {message}")]
pub struct Refusal {
    /// The status code.
    pub code: Code,
    /// A word for programs, such as `RENDER_CAPACITY`; empty if the server gave none.
    pub reason: String,
    /// For a reader.
    pub message: String,
    /// After which time the same call may be tried again, if it may.
    pub retry_after: Option<Duration>,
}

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        Self {
            code: status.code(),
            reason: status.get_details_error_info().map(|info| info.reason).unwrap_or_default(),
            retry_after: status.get_details_retry_info().and_then(|info| info.retry_delay),
            message: status.message().to_owned(),
        }
    }
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        Self::Refused(status.into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn a_refusal_says_why_and_when_to_try_again() {
        let mut details = ErrorDetails::with_error_info("SESSIONS", "shouyu", HashMap::<String, String>::new());
        details.set_retry_info(Some(Duration::from_secs(5)));
        let status = Status::with_error_details(Code::ResourceExhausted, "all sessions are in use", details);
        let refusal = Refusal::from(status);
        assert_eq!((refusal.reason.as_str(), refusal.retry_after), ("SESSIONS", Some(Duration::from_secs(5))));
        assert_eq!(refusal.to_string(), "ResourceExhausted (SESSIONS): all sessions are in use");

        let bare = Refusal::from(Status::unavailable("gone"));
        assert_eq!((bare.code, bare.reason.as_str(), bare.retry_after), (Code::Unavailable, "", None));
    }
}
