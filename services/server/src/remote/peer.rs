//! Channels to the roles: keepalive, several addresses, TLS, the gateway's own certificate and key.

use std::{fs, path::PathBuf, time::Duration};

use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};

use crate::config::{Config, PeerTls, Peers, Role};

/// A role at its addresses. Calls carry the gateway's key, where it has one.
pub(crate) type Peer = InterceptedService<Channel, PeerKey>;

/// Puts the gateway's key into a call.
#[derive(Clone)]
pub(crate) struct PeerKey(Option<MetadataValue<Ascii>>);

impl Interceptor for PeerKey {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            request.metadata_mut().insert("x-api-key", key.clone());
        }
        Ok(request)
    }
}

/// Why the roles can't be called.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// A PEM file that can't be read.
    #[error("[peers.tls] {path}: can't be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// An address or a certificate that makes no channel.
    #[error("[peers] {address}: {source}")]
    Transport {
        /// As given.
        address: String,
        /// Why.
        #[source]
        source: tonic::transport::Error,
    },
    /// A key that a header can't carry.
    #[error("[peers] api_key: it has characters that a header can't carry: use visible ASCII")]
    Key,
}

/// Channels to the stages that are elsewhere.
#[derive(Clone, Default)]
pub(crate) struct Remotes {
    pub(crate) speech: Option<Peer>,
    pub(crate) understanding: Option<Peer>,
    pub(crate) motion: Option<Peer>,
    pub(crate) render: Option<Peer>,
}

impl Remotes {
    /// Opens nothing yet: channels connect when they are used, and again when they are lost.
    pub(crate) fn new(config: &Config) -> Result<Self, PeerError> {
        if config.role != Role::Gateway {
            return Ok(Self::default());
        }
        let peers = &config.peers;
        let tls = peers.tls.as_ref().map(tls).transpose()?;
        let key = match &peers.api_key {
            Some(key) => {
                let mut key = MetadataValue::try_from(key.reveal()).map_err(|_| PeerError::Key)?;
                key.set_sensitive(true);
                Some(key)
            }
            None => None,
        };
        let peer = |addresses: &[String]| -> Result<Option<Peer>, PeerError> {
            Ok(channel(addresses, tls.as_ref())?.map(|channel| Peer::new(channel, PeerKey(key.clone()))))
        };
        let Peers { speech, understanding, motion, render, .. } = peers;
        Ok(Self {
            speech: peer(speech)?,
            understanding: peer(understanding)?,
            motion: peer(motion)?,
            render: peer(render)?,
        })
    }
}

fn tls(files: &PeerTls) -> Result<ClientTlsConfig, PeerError> {
    let read = |path: &PathBuf| fs::read(path).map_err(|source| PeerError::Read { path: path.clone(), source });
    let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(&files.ca)?));
    if let (Some(certificate), Some(key)) = (&files.certificate, &files.key) {
        tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
    }
    Ok(tls)
}

fn channel(addresses: &[String], tls: Option<&ClientTlsConfig>) -> Result<Option<Channel>, PeerError> {
    let endpoint = |address: &String| {
        let endpoint = Endpoint::from_shared(address.clone())?
            .connect_timeout(Duration::from_millis(500))
            .http2_keep_alive_interval(Duration::from_secs(10))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        match tls {
            Some(tls) if address.starts_with("https://") => endpoint.tls_config(tls.clone()),
            _ => Ok(endpoint),
        }
    };
    let endpoints = addresses
        .iter()
        .map(|address| endpoint(address).map_err(|source| PeerError::Transport { address: address.clone(), source }))
        .collect::<Result<Vec<Endpoint>, PeerError>>()?;
    Ok(match endpoints.as_slice() {
        [] => None,
        [one] => Some(one.connect_lazy()),
        _ => Some(Channel::balance_list(endpoints.into_iter())),
    })
}
