//! The demo's server: routes, and what all visitors share.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Query, State as Shared, WebSocketUpgrade},
    http::StatusCode,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use body::Body;
use serde::Deserialize;
use session::live::{CameraSwitch, Drawers, LocalShow, Show, ShowConfig, StageError};
use stream::LiveContainer;
use tokio::{net::TcpListener, sync::Semaphore};
use understanding::Understanding;

use crate::{
    DemoConfig, DemoError, Review, Reviews,
    catalogue::Catalogue,
    config::{BACKGROUND, MESSAGE_BYTES},
    film,
    guard::{Names, guard},
    hearing::Ears,
    page,
    reviews::Version,
    room::Room,
    visitor::visit,
};

/// Largest review, bytes.
const REVIEW_BYTES: usize = 32 << 10;

/// Opens renderer and encoder of one visitor.
pub(crate) type OpenShow = dyn Fn(ShowConfig, CameraSwitch) -> Result<Box<dyn Show>, StageError> + Send + Sync;

/// What visitors share.
pub(crate) struct State {
    pub(crate) config: DemoConfig,
    pub(crate) understanding: Arc<Understanding>,
    pub(crate) body: Arc<Body>,
    pub(crate) open_show: Box<OpenShow>,
    pub(crate) places: Arc<Semaphore>,
    pub(crate) film_slot: Arc<Semaphore>,
    pub(crate) ears: Ears,
    catalogue: Catalogue,
    reviews: Mutex<Reviews>,
    rooms: Mutex<HashMap<String, Arc<Room>>>,
}

/// A server that listens.
pub struct Demo {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<State>,
}

impl Demo {
    /// Reads the avatar's body, opens the reviews and listens on loopback. Nothing is served before [`run`](Self::run).
    ///
    /// Errors: [`DemoError`].
    pub async fn bind(config: DemoConfig, understanding: Understanding) -> Result<Self, DemoError> {
        let drawers = config.drawer.clone().map(Drawers::new);
        if let Some(drawers) = &drawers {
            drawers.stand_by(config.size, BACKGROUND, config.avatar.clone());
        }
        let open = move |config: ShowConfig, camera: CameraSwitch| -> Result<Box<dyn Show>, StageError> {
            let lost = |error: session::SessionError| StageError::Lost { stage: "render", reason: error.to_string() };
            let show = match &drawers {
                Some(drawers) => LocalShow::open_elsewhere(config, drawers),
                None => LocalShow::open(config),
            };
            Ok(Box::new(show.map_err(lost)?.with_camera(camera)))
        };
        Self::bind_with(config, understanding, Box::new(open)).await
    }

    /// The same with another way to draw.
    pub(crate) async fn bind_with(
        config: DemoConfig,
        understanding: Understanding,
        open_show: Box<OpenShow>,
    ) -> Result<Self, DemoError> {
        let body = Arc::new(Body::read(&config.avatar)?);
        let reviews = Reviews::open(&config.reviews)?;
        let listen = |source| DemoError::Listen { port: config.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let state = Arc::new(State {
            catalogue: Catalogue::new(understanding.lexicon(), config.romanise),
            understanding: Arc::new(understanding),
            body,
            open_show,
            places: Arc::new(Semaphore::new(config.visitors)),
            film_slot: Arc::new(Semaphore::new(1)),
            ears: Ears::default(),
            reviews: Mutex::new(reviews),
            rooms: Mutex::default(),
            config,
        });
        Ok(Self { listener, address, state })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is done. Sessions end with it.
    ///
    /// Errors: [`DemoError::Serve`].
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), DemoError> {
        let Self { listener, address, state } = self;
        let names = Names::new(address.port());
        let leaving = Arc::clone(&state);
        let router = Router::new()
            .route("/", get(page::index))
            .route("/favicon.ico", get(page::icon))
            .route("/page/{name}", get(page::file))
            .route("/live", get(live))
            .route("/lexicon", get(search))
            .route("/lexicon/sign", get(sign))
            .route("/reviews", post(review))
            .route("/film/{visitor}/{utterance}", get(film::serve))
            .layer(DefaultBodyLimit::max(REVIEW_BYTES))
            .layer(middleware::from_fn_with_state(names, guard))
            .with_state(state);
        let stop = async move {
            stop.await;
            leaving.leave_all();
        };
        axum::serve(listener, router).with_graceful_shutdown(stop).await.map_err(DemoError::Serve)
    }
}

impl State {
    /// A room for a new visitor.
    pub(crate) fn enter(&self) -> Result<Arc<Room>, DemoError> {
        let room = Arc::new(Room::new(self.reviews().secret()?));
        self.rooms().insert(room.name.clone(), Arc::clone(&room));
        Ok(room)
    }

    pub(crate) fn room(&self, name: &str) -> Option<Arc<Room>> {
        self.rooms().get(name).cloned()
    }

    pub(crate) fn leave(&self, name: &str) {
        self.rooms().remove(name);
    }

    fn leave_all(&self) {
        for room in self.rooms().values() {
            room.leave();
            room.outbox.end();
        }
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<String, Arc<Room>>> {
        // Nothing that is done under the lock can panic half way.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reviews(&self) -> MutexGuard<'_, Reviews> {
        // Each change of the file is whole by itself.
        self.reviews.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the picture is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Picture {
    /// Fragmented MP4.
    #[default]
    Mp4,
    /// JPEG pictures.
    Jpeg,
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    picture: Picture,
}

async fn live(Shared(state): Shared<Arc<State>>, Query(wanted): Query<Wanted>, upgrade: WebSocketUpgrade) -> Response {
    let container = match wanted.picture {
        Picture::Mp4 => LiveContainer::FragmentedMp4,
        Picture::Jpeg => LiveContainer::Jpeg,
    };
    upgrade
        .max_message_size(MESSAGE_BYTES)
        .max_frame_size(MESSAGE_BYTES)
        .on_upgrade(move |socket| visit(socket, state, container))
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn search(Shared(state): Shared<Arc<State>>, Query(search): Query<Search>) -> Response {
    Json(state.catalogue.search(state.understanding.lexicon(), &search.q)).into_response()
}

#[derive(Debug, Deserialize)]
struct Asked {
    id: String,
}

async fn sign(Shared(state): Shared<Arc<State>>, Query(asked): Query<Asked>) -> Response {
    match state.catalogue.card(state.understanding.lexicon(), &asked.id) {
        Some(card) => Json(card).into_response(),
        None => (StatusCode::NOT_FOUND, "no sign has this id").into_response(),
    }
}

#[derive(Debug, serde::Serialize)]
struct Stored {
    id: i64,
}

async fn review(Shared(state): Shared<Arc<State>>, Json(review): Json<Review>) -> Response {
    let stored = tokio::task::spawn_blocking(move || {
        let entry = review.lexeme.as_deref().and_then(|id| state.understanding.lexicon().entry(id));
        let version = Version {
            pack: entry.map(|entry| entry.pack.name.clone()),
            pack_version: entry.map(|entry| entry.pack.version.clone()),
            software: env!("CARGO_PKG_VERSION").to_owned(),
            description: entry.and_then(|entry| entry.description.clone()),
        };
        state.reviews().add(&review, &version)
    });
    match stored.await {
        Ok(Ok(id)) => (StatusCode::CREATED, Json(Stored { id })).into_response(),
        Ok(Err(error @ DemoError::Review { .. })) => {
            (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response()
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a review is not kept");
            (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a review's thread broke down");
            (StatusCode::INTERNAL_SERVER_ERROR, "the review could not be stored").into_response()
        }
    }
}

#[cfg(test)]
mod tests;
