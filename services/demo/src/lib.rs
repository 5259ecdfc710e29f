//! The live demo: a page on which a visitor types or speaks and watches the avatar sign.
//!
//! In: a browser's page over HTTP and a WebSocket: text, captions, the microphone's sound, reviews of signs. Out: the
//! page itself, live video, what is signed and why, films to download, reviews in an SQLite file.
//! Never: listens beyond loopback, fetches anything from elsewhere, lets one visitor see another's session, holds an
//! algorithm: understanding, motion and picture are [`session::live`]'s.
//!
//! Read in this order: `config`, `server` (routes) with `guard` (whose requests are answered) and `page` (the files of
//! the page), `visitor` (one socket) with `protocol` (what is said over it), `room` (its session) and `outbox` (what
//! waits for it), `stages` (understanding and motion as the page wants them) with `lines` (a sentence as the page
//! shows it) and `citation` (a sign on its own), `hearing`, `film`, `catalogue`, `reviews`, `mp4`, `error`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod catalogue;
mod citation;
mod config;
mod error;
mod film;
mod guard;
mod hearing;
mod lines;
mod mp4;
mod outbox;
mod page;
mod protocol;
mod reviews;
mod room;
mod server;
mod stages;
mod visitor;

pub use config::{DemoConfig, Romanise, reviews_path};
pub use error::DemoError;
pub use reviews::{ExportFormat, Kept, Review, Reviews, Version};
pub use server::Demo;
