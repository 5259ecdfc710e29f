//! Every error as a status with `google.rpc` details.

use std::{collections::HashMap, time::Duration};

use proto::ConvertError;
use session::live::{RunEnd, StageError};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// Whose reasons these are.
const DOMAIN: &str = "shouyu";

/// A status with a reason that programs can read.
pub(crate) fn status(code: Code, reason: &'static str, message: impl Into<String>) -> Status {
    Status::with_error_details(
        code,
        message,
        ErrorDetails::with_error_info(reason, DOMAIN, HashMap::<String, String>::new()),
    )
}

/// Too much at once: says when to try again.
pub(crate) fn exhausted(reason: &'static str, message: impl Into<String>, retry: Duration) -> Status {
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::<String, String>::new());
    details.set_retry_info(Some(retry));
    Status::with_error_details(Code::ResourceExhausted, message, details)
}

/// A field that is wrong.
pub(crate) fn invalid(reason: &'static str, message: impl Into<String>) -> Status {
    status(Code::InvalidArgument, reason, message)
}

/// A message that can't be converted.
pub(crate) fn of_convert(error: &ConvertError) -> Status {
    let reason = match error {
        ConvertError::Missing(_) => "FIELD_MISSING",
        ConvertError::Enum { .. } => "ENUM_UNKNOWN",
        ConvertError::Count { .. } => "COUNT_WRONG",
        ConvertError::Number { .. } => "NUMBER_OUT_OF_RANGE",
        ConvertError::TooBig { .. } => "FIELD_TOO_BIG",
        ConvertError::Json { .. } => "JSON_UNREADABLE",
        ConvertError::Rate(_) => "RATE_UNSUPPORTED",
        ConvertError::Sentence(_) => "SENTENCE_INVALID",
    };
    invalid(reason, error.to_string())
}

/// A stage that gave no answer.
pub(crate) fn of_stage(error: &StageError) -> Status {
    match error {
        StageError::Lost { .. } => status(Code::Unavailable, "STAGE_LOST", error.to_string()),
        StageError::Refused { .. } => invalid("STAGE_REFUSED", error.to_string()),
    }
}

/// How a session ended; `None` if well.
pub(crate) fn of_end(end: RunEnd) -> Option<Status> {
    Some(match end {
        RunEnd::Done | RunEnd::Left => return None,
        RunEnd::SlowTaker => exhausted(
            "CLIENT_TOO_SLOW",
            "the client did not read for too long; read faster or ask for less",
            Duration::from_secs(1),
        ),
        RunEnd::Silent => status(Code::DeadlineExceeded, "CLIENT_SILENT", "no input for too long; begin a new session"),
        RunEnd::TooLong => status(Code::DeadlineExceeded, "SESSION_TOO_LONG", "the session's longest time is over"),
        RunEnd::Lost(error) => of_stage(&error),
    })
}
