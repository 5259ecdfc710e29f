//! The wire: messages and services of `shouyu/v1/*.proto`, and the way to and from the project's own types.
//!
//! In: messages. Out: [`signing`]'s types, and back. What comes from outside is checked here, once: counts, ranges,
//! enum values, unit quaternions, sizes.
//! Never: opens a connection, does a stage's work, carries pixels.
//!
//! Read in this order: the `.proto` files, [`v1`] (what is generated from them), `convert` (the nouns), `error`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod convert;
mod error;

pub use convert::{BadPose, pose_header, rate_from, rate_of};
pub use error::ConvertError;

/// What is generated from `shouyu/v1`.
pub mod v1 {
    #![allow(
        missing_docs,
        unreachable_pub,
        clippy::all,
        clippy::allow_attributes_without_reason,
        clippy::expect_used,
        clippy::unwrap_used,
        reason = "generated; the comments stand in the .proto files"
    )]
    tonic::include_proto!("shouyu.v1");
}

/// The protos as a `google.protobuf.FileDescriptorSet`, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
