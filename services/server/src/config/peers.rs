//! Where the other roles are, and how the gateway makes itself known to them.

use std::{fmt, net::IpAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Addresses of other roles, such as `http://127.0.0.1:50052`; several are balanced over. A stage without an address
/// runs in the gateway itself. Roles on other machines are public, so they have TLS and ask for a key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Peers {
    /// Speech.
    pub speech: Vec<String>,
    /// Understanding.
    pub understanding: Vec<String>,
    /// Motion.
    pub motion: Vec<String>,
    /// Render.
    pub render: Vec<String>,
    /// For `https://` addresses.
    pub tls: Option<PeerTls>,
    /// The key that the roles know the gateway by.
    pub api_key: Option<Secret>,
}

/// How the gateway and the roles trust each other, by paths of PEM files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerTls {
    /// Who must have signed the roles' certificates.
    pub ca: PathBuf,
    /// The gateway's own certificate chain, where roles ask for one (`tls.client_ca`).
    #[serde(default)]
    pub certificate: Option<PathBuf>,
    /// Its private key.
    #[serde(default)]
    pub key: Option<PathBuf>,
}

/// What is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// A secret.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}

impl Peers {
    /// Checks addresses, and that a key goes to another machine encrypted alone.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let refuse =
            |found: &str, expected| Err(ConfigError::Range { field: "peers", found: found.to_owned(), expected });
        for address in [&self.speech, &self.understanding, &self.motion, &self.render].into_iter().flatten() {
            let Ok(endpoint) = tonic::transport::Endpoint::from_shared(address.clone()) else {
                return refuse(address, "an address such as http://127.0.0.1:50052");
            };
            match endpoint.uri().scheme_str() {
                Some("https") if self.tls.is_none() => {
                    return refuse(
                        address,
                        "[peers.tls] ca for an https address: who must have signed its certificate",
                    );
                }
                Some("https") => {}
                Some("http") if self.api_key.is_some() && !is_here(endpoint.uri().host()) => {
                    return refuse(address, "an https address: a key is not sent over plain HTTP to another machine");
                }
                Some("http") => {}
                _ => return refuse(address, "an address such as http://127.0.0.1:50052"),
            }
        }
        if self.tls.as_ref().is_some_and(|tls| tls.certificate.is_some() != tls.key.is_some()) {
            return refuse("one of tls.certificate and tls.key", "both or none");
        }
        Ok(())
    }
}

/// Whether a host is this machine.
fn is_here(host: Option<&str>) -> bool {
    let host = host.unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
