//! Where the server is, and who calls.

use std::{fmt, time::Duration};

use proto::v1::{self, signing_service_client::SigningServiceClient};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};

use crate::{ClientError, Session};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The largest message that is taken: a unary answer holds a minute of video.
const MESSAGE_BYTES: usize = 64 << 20;

/// Who calls, and whom they trust. By default nobody in particular, over plain HTTP.
#[derive(Clone, Default)]
pub struct Credentials {
    /// API key.
    pub key: Option<String>,
    /// PEM: who must have signed the server's certificate. An `https` address needs it.
    pub ca_pem: Option<Vec<u8>>,
    /// PEM: the client's own certificate chain and private key, where the server asks for one.
    pub identity_pem: Option<(Vec<u8>, Vec<u8>)>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, ca_pem, identity_pem } = self;
        let mut it = f.debug_struct("Credentials");
        it.field("key", &key.is_some()).field("ca", &ca_pem.is_some()).field("identity", &identity_pem.is_some());
        it.finish()
    }
}

/// Puts the key into every call.
#[derive(Clone)]
pub(crate) struct WithKey(Option<MetadataValue<Ascii>>);

impl Interceptor for WithKey {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            request.metadata_mut().insert("x-api-key", key.clone());
        }
        Ok(request)
    }
}

/// A connection to a server; cloning shares it.
#[derive(Clone)]
pub struct Client {
    service: SigningServiceClient<InterceptedService<Channel, WithKey>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// Connects to a server such as `http://127.0.0.1:50051` that asks for no key.
    ///
    /// Errors: [`ClientError::Address`], [`ClientError::Connect`].
    pub async fn connect(address: &str) -> Result<Self, ClientError> {
        Self::connect_as(address, Credentials::default()).await
    }

    /// Connects with a key, over TLS, or both. A key goes over plain HTTP to this machine alone.
    ///
    /// Errors: [`ClientError::Address`], [`ClientError::Key`], [`ClientError::Connect`].
    pub async fn connect_as(address: &str, credentials: Credentials) -> Result<Self, ClientError> {
        let endpoint = endpoint(address, &credentials)?;
        let key = match credentials.key {
            Some(key) => {
                let mut key = MetadataValue::try_from(key).map_err(|_| ClientError::Key)?;
                key.set_sensitive(true);
                Some(key)
            }
            None => None,
        };
        let unreachable = |source| ClientError::Connect { address: address.to_owned(), source };
        let channel = endpoint.connect().await.map_err(unreachable)?;
        let service = SigningServiceClient::with_interceptor(channel, WithKey(key));
        Ok(Self { service: service.max_decoding_message_size(MESSAGE_BYTES) })
    }

    /// Signs a short text (at most 200 characters) and waits until all of it is made.
    ///
    /// Errors: [`ClientError::Refused`].
    pub async fn sign(&self, text: &str, config: v1::SigningConfig) -> Result<v1::SignResponse, ClientError> {
        let request = v1::SignRequest { text: text.to_owned(), config: Some(config) };
        Ok(self.service.clone().sign(request).await?.into_inner())
    }

    /// Begins a live session and waits until it has started.
    ///
    /// Errors: [`ClientError::Refused`], [`ClientError::Protocol`].
    pub async fn session(&self, config: v1::SigningConfig) -> Result<Session, ClientError> {
        Session::begin(self.service.clone(), config).await
    }
}

fn endpoint(address: &str, credentials: &Credentials) -> Result<Endpoint, ClientError> {
    let wrong = |reason: String| ClientError::Address { address: address.to_owned(), reason };
    let endpoint = Endpoint::from_shared(address.to_owned())
        .map_err(|error| wrong(format!("{error}; expected an address such as http://127.0.0.1:50051")))?
        .connect_timeout(CONNECT)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        .tcp_nodelay(true);
    let secure = match endpoint.uri().scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(wrong("expected http:// or https:// in front".to_owned())),
    };
    let Credentials { key, ca_pem, identity_pem } = credentials;
    if !secure {
        let host = endpoint.uri().host().unwrap_or_default().trim_matches(['[', ']']);
        let here = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        if key.is_some() && !here {
            return Err(wrong("a key is not sent over plain HTTP to another machine: use https".to_owned()));
        }
        if ca_pem.is_some() || identity_pem.is_some() {
            return Err(wrong("certificates are for https".to_owned()));
        }
        return Ok(endpoint);
    }
    let Some(ca) = ca_pem else {
        return Err(wrong("https needs the certificate of who signed the server's (`ca_pem`)".to_owned()));
    };
    let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(ca));
    if let Some((certificate, key)) = identity_pem {
        tls = tls.identity(Identity::from_pem(certificate, key));
    }
    endpoint.tls_config(tls).map_err(|error| wrong(format!("TLS: {error}: check the PEM files")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_connected_to_is_said_before_anything_is_sent() {
        let key = || Credentials { key: Some("secret".to_owned()), ..Credentials::default() };
        let ca = || Credentials { ca_pem: Some(b"-----".to_vec()), ..Credentials::default() };
        let none = Credentials::default;
        for (address, credentials, expected) in [
            ("nonsense", none(), "expected http://"),
            ("http://127.0.0.1:1", ca(), "certificates are for https"),
            ("http://signs.example:1", key(), "plain HTTP"),
            ("https://signs.example:1", none(), "`ca_pem`"),
        ] {
            let error = endpoint(address, &credentials).unwrap_err().to_string();
            assert!(error.contains(expected), "{address}: {error}");
        }
        for address in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"] {
            assert!(endpoint(address, &key()).is_ok(), "{address}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let credentials = Credentials { key: Some("secret".to_owned()), ..Credentials::default() };
        assert!(!format!("{credentials:?}").contains("secret"));
    }
}
