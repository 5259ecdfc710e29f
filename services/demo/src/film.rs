//! An utterance as a file to keep: signed again, without the live session's waits.

use std::{
    fs,
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use axum::{
    extract::{Path, State as Shared},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use session::{Background, Film, FilmConfig, PictureConfig, Session, SessionError, film};
use signing::Side;
use stream::mark::MarkSpan;
use understanding::Discourse;

use crate::{
    config::{BACKGROUND, FILM_SIGNS},
    room::Said,
    server::State,
    stages,
};

/// Numbers the files that are being made.
static SERIAL: AtomicU64 = AtomicU64::new(0);

/// Why there is no film.
#[derive(Debug, thiserror::Error)]
enum NoFilm {
    #[error("{0}")]
    NotSigned(String),
    #[error("{found} signs; a film has at most {FILM_SIGNS}: ask for a shorter text")]
    TooLong { found: usize },
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("the film can't be read back: {0}")]
    Read(#[from] std::io::Error),
}

/// Stops the work when nobody waits for it any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// `/film/{visitor}/{utterance}`: MP4. Only who knows the visitor's name gets it.
pub(crate) async fn serve(
    Shared(state): Shared<Arc<State>>,
    Path((visitor, utterance)): Path<(String, u64)>,
) -> Response {
    let Some(said) = state.room(&visitor).and_then(|room| room.said(utterance)) else {
        return (StatusCode::NOT_FOUND, "that was said too long ago, or by somebody else").into_response();
    };
    // One at a time: a film takes a renderer and an encoder of its own.
    let Ok(slot) = Arc::clone(&state.film_slot).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "another film is being made; try again when it is done")
            .into_response();
    };
    let left = Arc::new(AtomicBool::new(false));
    let waiting = Waiting(Arc::clone(&left));
    let made = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        make(&state, &said, &left)
    });
    let made = made.await;
    drop(waiting);
    match made {
        Ok(Ok(bytes)) => {
            let name = format!("attachment; filename=\"shouyu-{utterance}.mp4\"");
            ([(header::CONTENT_TYPE, "video/mp4".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
                .into_response()
        }
        Ok(Err(error @ (NoFilm::NotSigned(_) | NoFilm::TooLong { .. }))) => {
            (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response()
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "no film");
            (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the film's thread broke down");
            (StatusCode::INTERNAL_SERVER_ERROR, "the film could not be made").into_response()
        }
    }
}

/// A file that goes when this does.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // Where nothing was written there is nothing to take away.
        let _ = fs::remove_file(&self.0);
    }
}

fn make(state: &State, said: &Said, left: &AtomicBool) -> Result<Vec<u8>, NoFilm> {
    let transcript = &said.transcript;
    let interpretation = stages::interpret(&state.understanding, &mut Discourse::default(), transcript, None)
        .map_err(|(reason, _)| NoFilm::NotSigned(reason))?;
    let found = interpretation.counts.tokens();
    if found > FILM_SIGNS {
        return Err(NoFilm::TooLong { found });
    }
    let config = &state.config;
    let picture = PictureConfig {
        size: config.size,
        rate: config.rate,
        background: Background::Color(BACKGROUND),
        avatar: config.avatar.clone(),
        dominant: Side::Right,
        seed: 1,
        head: motion::HeadChoice::default(),
        mark: MarkSpan::Always,
    };
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let name = format!("shouyu-demo-{}-{serial}.mp4", std::process::id());
    let scratch = Scratch(std::env::temp_dir().join(name));
    let files = FilmConfig { output: scratch.0.clone(), gloss: None, pose: None };
    let title = interpretation.sentences.first().map_or("", |sentence| sentence.source.text.as_str());
    let versions = format!("shouyu {}", env!("CARGO_PKG_VERSION"));
    let shot = Film::new(files, &picture, title, &versions)?;
    let mut session = Session::with_understanding(Arc::clone(&state.understanding), &picture)?;
    film(&mut session, transcript, &interpretation, shot, |_| {
        if left.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(fs::read(&scratch.0)?)
}
