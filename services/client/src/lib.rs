//! Calls `shouyu serve`: text or sound in; transcripts, sign sentences, poses and encoded video out.
//!
//! In: an address and what is wanted ([`v1::SigningConfig`]). Out: a [`Session`], or the answer to a short text.
//! Never: knows a stage. Whoever uses it builds no renderer, no model and no lexicon, only the messages of `proto`.
//!
//! ```no_run
//! # async fn sign() -> Result<(), client::ClientError> {
//! use client::{Client, Output, v1};
//!
//! let client = Client::connect("http://127.0.0.1:50051").await?;
//! let config = v1::SigningConfig { outputs: vec![v1::Output::Video.into()], ..Default::default() };
//! let mut session = client.session(config).await?;
//! session.inputs.text("", "你好。").await?;
//! session.inputs.end().await?;
//! let mut file = Vec::new();
//! while let Some(output) = session.outputs.next().await? {
//!     if let Output::Video(chunk) = output {
//!         file.extend(chunk.data);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Read in this order: [`Client`] (connects), [`Session`] (a live one), [`ClientError`].
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests state what they expect"))]

mod connect;
mod error;
mod session;

pub use connect::{Client, Credentials};
pub use error::{ClientError, Refusal};
pub use proto::v1;
/// What a session says: one of the messages of `SigningService.StreamingSign`.
pub use proto::v1::streaming_sign_response::Content as Output;
pub use session::{Inputs, Outputs, Session};

/// Flicks in a second: the unit of all times.
pub const FLICKS_PER_SECOND: i64 = 705_600_000;
