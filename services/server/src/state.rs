//! What a process has loaded, and whether it is warm.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use body::Body;
use lexicon::Lexicon;
use session::{Hearing, Language};
use tokio::sync::watch;
use tonic::{Code, Status};
use understanding::{Abuse, Proposer, Understanding};

use crate::{
    admit::Capacity,
    config::{AbuseConfig, Config, Role},
    metrics::Metrics,
    remote::Remotes,
    status::status,
};

/// What services share.
pub(crate) struct State {
    pub(crate) config: Config,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) capacity: Capacity,
    pub(crate) remotes: Remotes,
    pub(crate) draining: watch::Receiver<bool>,
    proposer: Option<Arc<dyn Proposer>>,
    /// Running sessions, by number.
    pub(crate) serial: std::sync::atomic::AtomicU64,
    loaded: OnceLock<Loaded>,
}

/// What is loaded while the server is not yet serving.
pub(crate) struct Loaded {
    understanding: Option<Arc<Understanding>>,
    body: Option<Arc<Body>>,
    hearing: Hears,
    pub(crate) avatar: PathBuf,
}

/// Who listens.
enum Hears {
    /// Another role.
    Elsewhere,
    /// Nobody: it was switched off.
    Off,
    /// Nobody: why, and what to do.
    Missing(String),
    /// This process.
    Here(Arc<Hearing>),
}

/// Why a process can't warm up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error(transparent)]
    Lexicon(#[from] lexicon::LexiconError),
    #[error(transparent)]
    Body(#[from] body::BodyError),
    #[error(transparent)]
    Session(#[from] session::SessionError),
    #[error("[abuse] words {path}: {reason}")]
    Abuse { path: PathBuf, reason: String },
}

impl State {
    pub(crate) fn new(
        config: Config,
        metrics: Arc<Metrics>,
        remotes: Remotes,
        proposer: Option<Arc<dyn Proposer>>,
        draining: watch::Receiver<bool>,
    ) -> Self {
        Self {
            capacity: Capacity::new(&config, Arc::clone(&metrics)),
            config,
            metrics,
            remotes,
            proposer,
            draining,
            serial: std::sync::atomic::AtomicU64::new(0),
            loaded: OnceLock::new(),
        }
    }

    /// Loads what this role needs. Blocks.
    pub(crate) fn load(&self) -> Result<(), LoadError> {
        let role = self.config.role;
        let peers = &self.config.peers;
        let here = |stage: Role, addresses: &[String]| {
            role == Role::All || role == stage || (role == Role::Gateway && addresses.is_empty())
        };
        let avatar = match &self.config.avatar {
            Some(avatar) => avatar.clone(),
            None => body::default_avatar_path()?,
        };
        let understanding = if here(Role::Understanding, &peers.understanding) {
            let lexicon = Lexicon::core_with(&self.config.packs)?;
            let understanding = Understanding::new(lexicon).with_abuse(self.abuse()?);
            Some(Arc::new(match &self.proposer {
                Some(proposer) => understanding.with_proposer(Arc::clone(proposer)),
                None => understanding,
            }))
        } else {
            None
        };
        // The gateway has a body in any case: it idles with it while motion is lost.
        let body = if here(Role::Motion, &peers.motion) || role == Role::Gateway {
            Some(Arc::new(Body::read(&avatar)?))
        } else {
            None
        };
        if here(Role::Render, &peers.render) {
            warm_renderer(&avatar)?;
        }
        let hearing = if here(Role::Speech, &peers.speech) { self.hears() } else { Hears::Elsewhere };
        let loaded = Loaded { understanding, body, hearing, avatar };
        if self.loaded.set(loaded).is_err() {
            tracing::warn!("loaded twice");
        }
        Ok(())
    }

    /// What becomes of abusive words.
    fn abuse(&self) -> Result<Abuse, LoadError> {
        let AbuseConfig { policy, words } = &self.config.abuse;
        let path = words.clone().unwrap_or_default();
        let list = match words {
            Some(path) => std::fs::read_to_string(path).map_err(|error| error.to_string()),
            None => Ok(Abuse::WORDS.to_owned()),
        };
        let abuse = list.and_then(|list| Abuse::new(*policy, &list).map_err(|error| error.to_string()));
        abuse.map_err(|reason| LoadError::Abuse { path, reason })
    }

    /// Loads what listens. Without it everything else is still served.
    fn hears(&self) -> Hears {
        let config = &self.config.speech;
        if !config.enabled {
            return Hears::Off;
        }
        let open = || -> Result<Hearing, LoadError> {
            let lexicon = Lexicon::core_with(&self.config.packs)?;
            Ok(Hearing::open_for(config.model.as_deref(), Language::Detected, &lexicon, config.listeners)?)
        };
        match open() {
            Ok(hearing) => Hears::Here(Arc::new(hearing)),
            Err(error) => {
                tracing::warn!(%error, "speech is not served");
                Hears::Missing(error.to_string())
            }
        }
    }

    pub(crate) fn loaded(&self) -> Result<&Loaded, Status> {
        let warming = || status(Code::Unavailable, "WARMING_UP", "still loading; ask grpc.health.v1 when it serves");
        self.loaded.get().ok_or_else(warming)
    }

    /// Whether all that this role is for is loaded.
    pub(crate) fn is_warm(&self) -> bool {
        self.loaded.get().is_some_and(|loaded| self.config.role != Role::Speech || loaded.hears())
    }

    /// Refuses what is new while the server drains.
    pub(crate) fn check_draining(&self) -> Result<(), Status> {
        if *self.draining.borrow() {
            return Err(status(Code::Unavailable, "DRAINING", "the server is about to stop; use another or try again"));
        }
        Ok(())
    }
}

impl Loaded {
    pub(crate) fn understanding(&self) -> Result<Arc<Understanding>, Status> {
        self.understanding.clone().ok_or_else(|| elsewhere("understanding"))
    }

    pub(crate) fn body(&self) -> Result<Arc<Body>, Status> {
        self.body.clone().ok_or_else(|| elsewhere("motion"))
    }

    /// Whether sound is listened to in this process.
    pub(crate) const fn hears(&self) -> bool {
        matches!(self.hearing, Hears::Here(_))
    }

    pub(crate) fn hearing(&self) -> Result<Arc<Hearing>, Status> {
        match &self.hearing {
            Hears::Here(hearing) => Ok(Arc::clone(hearing)),
            Hears::Elsewhere => Err(elsewhere("speech")),
            Hears::Off => {
                let message = "this server was started with speech.enabled = false: send text";
                Err(status(Code::Unimplemented, "NO_SPEECH", message))
            }
            Hears::Missing(why) => Err(status(Code::FailedPrecondition, "NO_SPEECH_MODEL", why.clone())),
        }
    }
}

fn elsewhere(stage: &str) -> Status {
    status(Code::Unimplemented, "OTHER_ROLE", format!("{stage} is not served by this role"))
}

/// Draws and encodes one picture, so that the first client does not wait for shaders and codecs.
fn warm_renderer(avatar: &std::path::Path) -> Result<(), session::SessionError> {
    use session::live::{LocalShow, Show as _, ShowConfig};
    let mut show = LocalShow::open(ShowConfig {
        size: (320, 240),
        rate: signing::FrameRate::PAL,
        container: stream::LiveContainer::FragmentedMp4,
        background: [200; 3],
        avatar: avatar.to_owned(),
        produce_id: String::new(),
    })?;
    let pose = signing::PoseFrame::t_pose(signing::OutputTime::ZERO);
    if let Err(error) = show.push(&pose, None).and_then(|_| Box::new(show).finish()) {
        tracing::warn!(%error, "the renderer could not be warmed");
    }
    Ok(())
}
