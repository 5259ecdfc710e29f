//! Signs texts and saves the video while it comes.
//!
//!     shouyu serve &
//!     cargo run --release -p client --example sign -- hello.mp4 "你好，我叫李明。"
//!
//! `SHOUYU_ADDRESS` names another server than `http://127.0.0.1:50051`, `SHOUYU_KEY` the API key.
#![allow(clippy::print_stdout, reason = "an example for the command line")]

use std::{env, fs::File, io::Write as _};

use anyhow::{Context as _, ensure};
use client::{Client, Credentials, FLICKS_PER_SECOND, Output, v1};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().context("usage: sign OUT.mp4 TEXT…")?;
    let texts: Vec<String> = arguments.collect();
    ensure!(!texts.is_empty(), "name a text to sign");

    let address = env::var("SHOUYU_ADDRESS").unwrap_or_else(|_| "http://127.0.0.1:50051".to_owned());
    let credentials = Credentials { key: env::var("SHOUYU_KEY").ok(), ..Credentials::default() };
    let client = Client::connect_as(&address, credentials).await?;
    let config = v1::SigningConfig {
        outputs: vec![v1::Output::Sentence.into(), v1::Output::Video.into()],
        video: Some(v1::VideoConfig { width: 640, height: 360, ..v1::VideoConfig::default() }),
        ..v1::SigningConfig::default()
    };
    let mut session = client.session(config).await?;
    println!("session {}", session.started.session_id);
    for text in &texts {
        session.inputs.text("", text).await?;
    }
    session.inputs.end().await?;

    let mut file = File::create(&path).with_context(|| path.clone())?;
    let mut frames = 0;
    while let Some(output) = session.outputs.next().await? {
        match output {
            Output::Video(chunk) => {
                frames += chunk.frames;
                file.write_all(&chunk.data)?;
            }
            Output::Sentence(found) => {
                let tokens = found.sentence.unwrap_or_default().tokens;
                let glosses: Vec<String> = tokens.into_iter().map(|token| token.gloss).collect();
                println!("{} {}", found.utterance_id, glosses.join(" "));
            }
            Output::Event(event) => {
                let secs = event.time_flicks as f64 / FLICKS_PER_SECOND as f64;
                println!("{secs:8.2} s {} {} {}", event.kind().as_str_name(), event.utterance_id, event.message);
            }
            _ => {}
        }
    }
    println!("{path}: {frames} frames");
    Ok(())
}
