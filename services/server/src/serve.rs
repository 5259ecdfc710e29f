//! The process: binds, warms up, serves, drains.

use std::{
    fs,
    future::Future,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use proto::v1::{
    lexicon_service_server::LexiconServiceServer, motion_service_server::MotionServiceServer,
    render_service_server::RenderServiceServer, signing_service_server::SigningServiceServer,
    speech_service_server::SpeechServiceServer, understanding_service_server::UnderstandingServiceServer,
};
use tokio::{net::TcpListener, sync::watch};
use tonic::{
    service::interceptor::InterceptedService,
    transport::{Certificate, Identity, Server as Transport, ServerTlsConfig},
};
use tonic_health::ServingStatus;
use understanding::Proposer;

use crate::{
    admin,
    admit::Keys,
    config::{Config, ConfigError, Role, Tls},
    gateway, lexicon_service,
    metrics::Metrics,
    motion_service,
    remote::{PeerError, Remotes},
    render, speech,
    state::{Loaded, State},
    understanding_service, web,
};

/// Why a server could not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// What was asked for makes no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The port can't be had.
    #[error("{address}: can't be listened on: {source}; is another server running there?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Orders are taken without a key, so from this machine alone.
    #[error("{address}: orders are taken without a key: listen on 127.0.0.1, and forward the port over a tunnel")]
    OpenControl {
        /// The address.
        address: SocketAddr,
    },
    /// A PEM file that can't be read.
    #[error("{path}: can't be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The transport failed.
    #[error("transport: {source}: {}", source_of(.source))]
    Transport {
        /// Why.
        #[from]
        source: tonic::transport::Error,
    },
    /// The gateway can't call its roles.
    #[error(transparent)]
    Peers(#[from] PeerError),
    /// What the role needs can't be loaded.
    #[error("warming up: {0}")]
    Load(String),
    /// Reflection could not read the protos.
    #[error("reflection: {0}")]
    Reflection(String),
}

fn source_of(error: &tonic::transport::Error) -> String {
    std::error::Error::source(error).map_or_else(String::new, ToString::to_string)
}

/// A bound server.
pub struct Server {
    config: Config,
    listener: TcpListener,
    admin: Option<TcpListener>,
    tls: Option<ServerTlsConfig>,
    remotes: Remotes,
    proposer: Option<Arc<dyn Proposer>>,
}

impl Server {
    /// Checks everything, then binds.
    ///
    /// Errors: [`ServeError`]; nothing is bound then.
    pub async fn bind(config: Config) -> Result<Self, ServeError> {
        config.check()?;
        let tls = config.tls.as_ref().map(tls).transpose()?;
        let remotes = Remotes::new(&config)?;
        let bind = |address: SocketAddr| async move {
            TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })
        };
        let listener = bind(config.listen).await?;
        let admin = match config.admin {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self { config, listener, admin, tls, remotes, proposer: None })
    }

    /// The same, with a data leg for the understanding that runs here.
    #[must_use]
    pub fn with_proposer(self, proposer: Option<Arc<dyn Proposer>>) -> Self {
        Self { proposer, ..self }
    }

    /// Where gRPC is served.
    ///
    /// Errors: the operating system's.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where health and metrics are served.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().and_then(|admin| admin.local_addr().ok())
    }

    /// Serves until `stop`, then drains: new sessions are refused, running ones sign what waits and end, at most for
    /// `limits.drain_secs`.
    ///
    /// Errors: [`ServeError`].
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let Self { config, listener, admin, tls, remotes, proposer } = self;
        let (drain, draining) = watch::channel(false);
        let metrics = Arc::new(Metrics::new());
        let keys = Keys::new(&config, Arc::clone(&metrics));
        let state = Arc::new(State::new(config.clone(), metrics, remotes, proposer, draining.clone()));
        let (health, health_service) = tonic_health::server::health_reporter();
        let reflection = |builder: tonic_reflection::server::Builder<'static>| {
            builder
                .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let v1 = reflection(tonic_reflection::server::Builder::configure())
            .build_v1()
            .map_err(|error| ServeError::Reflection(error.to_string()))?;
        let alpha = reflection(tonic_reflection::server::Builder::configure())
            .build_v1alpha()
            .map_err(|error| ServeError::Reflection(error.to_string()))?;

        let limits = &config.limits;
        let mut transport = Transport::builder()
            .accept_http1(true)
            .max_concurrent_streams(limits.streams_per_connection)
            .http2_keepalive_interval(Some(Duration::from_secs(20)))
            .http2_keepalive_timeout(Some(Duration::from_secs(10)))
            .http2_max_pending_accept_reset_streams(Some(64))
            .tcp_nodelay(true);
        if let Some(tls) = tls {
            transport = transport.tls_config(tls)?;
        }
        let role = config.role;
        let has = |role_of: Role| role == Role::All || role == role_of;
        let most = limits.message_bytes;
        macro_rules! service {
            ($server:ident, $role:expr, $service:expr) => {
                has($role).then(|| {
                    InterceptedService::new($server::new($service).max_decoding_message_size(most), keys.clone())
                })
            };
        }
        let shared = || Arc::clone(&state);
        let router = transport
            // The outermost: a browser asks first whether it may ask.
            .layer(tower::util::option_layer(web::cors(&config.web.origins)))
            .layer(tonic_web::GrpcWebLayer::new())
            .add_service(health_service)
            .add_service(v1)
            .add_service(alpha)
            .add_optional_service(service!(SigningServiceServer, Role::Gateway, gateway::Service(shared())))
            .add_optional_service(service!(
                UnderstandingServiceServer,
                Role::Understanding,
                understanding_service::Service(shared())
            ))
            .add_optional_service(service!(
                LexiconServiceServer,
                Role::Understanding,
                lexicon_service::Service(shared())
            ))
            .add_optional_service(service!(MotionServiceServer, Role::Motion, motion_service::Service(shared())))
            .add_optional_service(service!(RenderServiceServer, Role::Render, render::Service(shared())))
            .add_optional_service(service!(SpeechServiceServer, Role::Speech, speech::Service(shared())));

        // The empty name stands for the whole server.
        let names = ["", "Signing", "Understanding", "Lexicon", "Motion", "Render", "Speech"]
            .map(|name| if name.is_empty() { String::new() } else { format!("shouyu.v1.{name}Service") });
        let speaks = |name: &str| match name {
            "" => state.is_warm(),
            "shouyu.v1.SigningService" => has(Role::Gateway),
            "shouyu.v1.UnderstandingService" | "shouyu.v1.LexiconService" => has(Role::Understanding),
            "shouyu.v1.MotionService" => has(Role::Motion),
            "shouyu.v1.RenderService" => has(Role::Render),
            "shouyu.v1.SpeechService" => has(Role::Speech) && state.loaded().is_ok_and(Loaded::hears),
            _ => false,
        };
        for name in &names {
            health.set_service_status(name, ServingStatus::NotServing).await;
        }
        if let Some(admin) = admin {
            let state = Arc::clone(&state);
            tokio::spawn(async move {
                if let Err(error) = admin::serve(admin, state).await {
                    tracing::error!(%error, "the admin port failed");
                }
            });
        }
        let mut ended = draining.clone();
        let serving =
            router.serve_with_incoming_shutdown(tokio_stream::wrappers::TcpListenerStream::new(listener), async move {
                // An error means that the server is gone already.
                let _ = ended.wait_for(|draining| *draining).await;
            });
        let serving = tokio::spawn(serving);
        let loading = Arc::clone(&state);
        let mut loaded = tokio::task::spawn_blocking(move || loading.load().map_err(|error| error.to_string()));
        tokio::pin!(stop);
        let mut stopped = false;
        tokio::select! {
            loaded = &mut loaded => match loaded {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(ServeError::Load(error)),
                Err(error) => return Err(ServeError::Load(error.to_string())),
            },
            () = &mut stop => stopped = true,
        }
        if !stopped {
            for name in names.iter().filter(|name| speaks(name)) {
                health.set_service_status(name, ServingStatus::Serving).await;
            }
            tracing::info!("serving");
            stop.await;
        }
        for name in &names {
            health.set_service_status(name, ServingStatus::NotServing).await;
        }
        tracing::info!("draining");
        // Nobody listens if all is over already.
        let _ = drain.send(true);
        match tokio::time::timeout(Duration::from_secs(limits.drain_secs), serving).await {
            Ok(Ok(served)) => served?,
            Ok(Err(error)) => return Err(ServeError::Load(error.to_string())),
            Err(_) => tracing::warn!(secs = limits.drain_secs, "sessions still ran when the time to drain was over"),
        }
        tracing::info!("drained");
        Ok(())
    }
}

fn tls(tls: &Tls) -> Result<ServerTlsConfig, ServeError> {
    let read = |path: &Path| fs::read(path).map_err(|source| ServeError::Read { path: path.to_owned(), source });
    let identity = Identity::from_pem(read(&tls.certificate)?, read(&tls.key)?);
    let mut config = ServerTlsConfig::new().identity(identity);
    if let Some(ca) = &tls.client_ca {
        config = config.client_ca_root(Certificate::from_pem(read(ca)?));
    }
    Ok(config)
}
