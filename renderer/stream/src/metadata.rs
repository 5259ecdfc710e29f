//! What a file says about itself, above all that it was generated.

use serde::Serialize;

use crate::error::StreamError;

/// Name of the metadata entry that GB 45438-2025 asks for in generated files.
pub const AIGC_KEY: &str = "AIGC";

/// The implicit mark of GB 45438-2025, annex E: who generated the file and which one it is.
///
/// Nothing is made up here: what the caller leaves empty stays an empty string, so that equal
/// input gives equal files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AigcLabel {
    /// “1”: the content is generated.
    label: &'static str,
    /// Name or code of the service that generated the content.
    pub content_producer: String,
    /// The producer's number for this piece of content.
    #[serde(rename = "ProduceID")]
    pub produce_id: String,
    /// Kept for the producer's own use.
    pub reserved_code1: String,
    /// Name or code of the service that spreads the content.
    pub content_propagator: String,
    /// The propagator's number for this piece of content.
    #[serde(rename = "PropagateID")]
    pub propagate_id: String,
    /// Kept for the propagator's own use.
    pub reserved_code2: String,
}

impl AigcLabel {
    /// A label of content that `producer` generated under the number `produce_id`.
    pub fn new(producer: impl Into<String>, produce_id: impl Into<String>) -> Self {
        Self {
            label: "1",
            content_producer: producer.into(),
            produce_id: produce_id.into(),
            reserved_code1: String::new(),
            content_propagator: String::new(),
            propagate_id: String::new(),
            reserved_code2: String::new(),
        }
    }

    /// The value of [`AIGC_KEY`]: a JSON object with the standard's field names in its order.
    #[expect(clippy::expect_used, reason = "seven strings always serialise")]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("seven strings always serialise")
    }
}

/// What goes into the container beside the pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The mark of generated content; every file has one.
    pub aigc: AigcLabel,
    /// Title, such as the text that is signed.
    pub title: Option<String>,
    /// Comment, such as the versions of pack, models and program.
    pub comment: Option<String>,
}

impl Metadata {
    /// Only the mark.
    pub fn new(aigc: AigcLabel) -> Self {
        Self { aigc, title: None, comment: None }
    }

    /// Keys and values as containers take them.
    pub(crate) fn entries(&self) -> Vec<(&'static str, String)> {
        let mut entries = vec![(AIGC_KEY, self.aigc.to_json())];
        entries.extend(self.title.clone().map(|title| ("title", title)));
        entries.extend(self.comment.clone().map(|comment| ("comment", comment)));
        entries
    }

    /// Errors: [`StreamError::Metadata`] for text that ends early in C.
    pub(crate) fn validate(&self) -> Result<(), StreamError> {
        match self.entries().into_iter().find(|(_, value)| value.contains('\0')) {
            Some((key, _)) => Err(StreamError::Metadata { key }),
            None => Ok(()),
        }
    }
}
