//! The services: gRPC from speech or text to video, one process or many.
//!
//! In: a [`Config`]. Out: a server that runs until it is told to drain. In one process the stages are joined in memory;
//! with a role, it serves that stage alone, and the gateway reaches the others by address.
//! Never: holds an algorithm. A handler admits, converts, calls, converts.
//!
//! Read in this order: `config` (what can be asked for, checked whole before a port is bound), `serve` (the process),
//! `state` (what is loaded), `admit` (keys, quotas, capacity) with `strain` (whether running sessions are late), the
//! services (`understanding`, `motion`, `render`, `lexicon`, `speech`, `gateway` with `stages`), `remote` (stages in other
//! processes), `admin` (health and metrics over HTTP), `control` (an operator's orders to a broadcast), `web` (which pages
//! may call), `trace`, `status` (every error as a `google.rpc` status).
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect"))]

mod admin;
mod admit;
mod config;
mod control;
mod gateway;
mod lexicon_service;
mod metrics;
mod motion_service;
mod remote;
mod render;
mod serve;
mod speech;
mod stages;
mod state;
mod status;
mod strain;
mod trace;
mod understanding_service;
mod web;

pub use config::{Config, ConfigError, Key, Limits, PeerTls, Peers, Role, Secret, Speech, Tls, Web, sha256_hex};
pub use control::Control;
pub use remote::PeerError;
pub use serve::{ServeError, Server};
