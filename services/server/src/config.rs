//! What a server is asked for: defaults, then TOML, then `SHOUYU__SECTION__KEY`, then flags; checked whole.

use std::{
    collections::BTreeMap,
    fmt, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use understanding::AbusePolicy;

use crate::web;

mod peers;

pub use peers::{PeerTls, Peers, Secret};

/// What a server is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Which services run here.
    pub role: Role,
    /// Where gRPC is served. Loopback by default; elsewhere only with TLS and keys.
    pub listen: SocketAddr,
    /// Where `/healthz`, `/readyz` and `/metrics` are served; none if absent. Loopback only.
    pub admin: Option<SocketAddr>,
    /// TLS.
    pub tls: Option<Tls>,
    /// Who may call; nobody is asked for a key where there is none.
    pub keys: Vec<Key>,
    /// Bounds.
    pub limits: Limits,
    /// Where the other roles are (gateway only).
    pub peers: Peers,
    /// How sound is listened to.
    pub speech: Speech,
    /// What becomes of abusive words.
    pub abuse: AbuseConfig,
    /// Pages that may call.
    pub web: Web,
    /// Packs on top of the core pack.
    pub packs: Vec<PathBuf>,
    /// The avatar; the default one if absent.
    pub avatar: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            role: Role::All,
            listen: SocketAddr::from(([127, 0, 0, 1], 50_051)),
            admin: None,
            tls: None,
            keys: Vec::new(),
            limits: Limits::default(),
            peers: Peers::default(),
            speech: Speech::default(),
            abuse: AbuseConfig::default(),
            web: Web::default(),
            packs: Vec::new(),
            avatar: None,
        }
    }
}

/// Which services run in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Every service, joined in memory.
    #[default]
    All,
    /// Audio to transcripts.
    Speech,
    /// Transcripts to sentences, and the lexicon.
    Understanding,
    /// Sentences to poses.
    Motion,
    /// Poses to video.
    Render,
    /// What clients call; reaches the others by address.
    Gateway,
}

/// TLS, by paths of PEM files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The server's certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Who must have signed a client's certificate; clients need none if absent.
    #[serde(default)]
    pub client_ca: Option<PathBuf>,
}

/// An API key. Clients send it as `authorization: Bearer …` or `x-api-key: …`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Whose it is; stands in logs and metrics.
    pub name: String,
    /// SHA-256 of the key, in hexadecimal: the key itself is never stored.
    pub sha256: String,
    /// Sessions at once.
    #[serde(default = "four")]
    pub sessions: u32,
    /// Calls a minute.
    #[serde(default = "six_hundred")]
    pub calls_per_minute: u32,
    /// Longest session, seconds; `limits.session_secs` alone if absent.
    #[serde(default)]
    pub session_secs: Option<u64>,
    /// Characters of text a minute in one session, counted over ten seconds; any number if absent.
    #[serde(default)]
    pub session_characters_per_minute: Option<u32>,
}

const fn four() -> u32 {
    4
}

const fn six_hundred() -> u32 {
    600
}

impl Key {
    /// A key with the quotas that hold where none are given; nobody has it yet.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            sha256: String::new(),
            sessions: four(),
            calls_per_minute: six_hundred(),
            session_secs: None,
            session_characters_per_minute: None,
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Bounds of everything that could grow.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of one incoming message.
    pub message_bytes: usize,
    /// Streams at once on one connection.
    pub streams_per_connection: u32,
    /// Live sessions at once.
    pub sessions: u32,
    /// What all video sessions may render together, pixels a second: two of 1280×720 at 25. Each picture counts 460,800
    /// pixels more than it has, its cost at any size.
    pub pixels_per_sec: u64,
    /// Widest picture.
    pub max_width: u32,
    /// Highest picture.
    pub max_height: u32,
    /// Unary calls under way at once.
    pub calls: u32,
    /// Longest session, seconds.
    pub session_secs: u64,
    /// Longest silence of a client while nothing is signed, seconds.
    pub silence_secs: u64,
    /// Longest wait for a client's first message, seconds.
    pub first_message_secs: u64,
    /// How long the session's clock waits for a client that does not read, seconds.
    pub grace_secs: u64,
    /// How long running sessions may take to end when the server drains, seconds.
    pub drain_secs: u64,
    /// How long a stage in another process may take for an answer, milliseconds.
    pub stage_millis: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 4 << 20,
            streams_per_connection: 64,
            sessions: 64,
            pixels_per_sec: (1280 * 720 + crate::render::FRAME_PIXELS) * 25 * 2,
            max_width: 1920,
            max_height: 1920,
            calls: 16,
            session_secs: 4 * 3600,
            silence_secs: 600,
            first_message_secs: 10,
            grace_secs: 10,
            drain_secs: 30,
            stage_millis: 2_000,
        }
    }
}

impl Limits {
    pub(crate) const fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_secs)
    }

    pub(crate) const fn first_message(&self) -> Duration {
        Duration::from_secs(self.first_message_secs)
    }

    pub(crate) const fn stage(&self) -> Duration {
        Duration::from_millis(self.stage_millis)
    }
}

/// How sound is listened to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speech {
    /// Whether it is at all: the model takes about 320 MB.
    pub enabled: bool,
    /// The folder of a Whisper checkpoint; the one that set-up fetches if absent.
    pub model: Option<PathBuf>,
    /// Streams listened to at once.
    pub listeners: usize,
}

impl Default for Speech {
    fn default() -> Self {
        Self { enabled: true, model: None, listeners: 4 }
    }
}

/// What becomes of abusive words, where sentences are understood.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AbuseConfig {
    /// `pass`, `mask` or `refuse`.
    pub policy: AbusePolicy,
    /// A file of words, one a line, instead of the few that come with the program.
    pub words: Option<PathBuf>,
}

/// Pages of other origins that may call from a browser, over gRPC-Web.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Their origins as browsers send them, such as `https://example.org`. None by default: browsers then refuse. There
    /// is no wildcard: a server without keys would be open to every page that someone on its machine visits.
    pub origins: Vec<String>,
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{path}: can't be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("{origin}: {reason}")]
    Value {
        /// Which file, variable or flag.
        origin: String,
        /// What is wrong.
        reason: String,
    },
    /// A public address that anyone could use.
    #[error(
        "listen = {address}: not a loopback address, and {missing} missing: set [tls] certificate and key and at least one [[keys]], or listen on 127.0.0.1"
    )]
    Open {
        /// The address.
        address: SocketAddr,
        /// What is missing.
        missing: &'static str,
    },
    /// The admin port would be public.
    #[error("admin = {0}: not a loopback address; metrics are not for the public: listen on 127.0.0.1")]
    OpenAdmin(SocketAddr),
    /// A number that makes no sense.
    #[error("{field} = {found}: expected {expected}")]
    Range {
        /// Which.
        field: &'static str,
        /// As found.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
}

/// Environment variables that set a key begin like this.
const PREFIX: &str = "SHOUYU__";

impl Config {
    /// Defaults, then `file`, then those of `environment` that begin with `SHOUYU__`, then `flags` (dotted key and value).
    ///
    /// Errors: [`ConfigError`]; nothing is bound or opened then.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[(String, String)],
    ) -> Result<Self, ConfigError> {
        let mut table = toml::Table::new();
        let mut origin = "the configuration".to_owned();
        if let Some(path) = file {
            let text =
                fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
            origin = path.display().to_string();
            // Read alone first, so that what is wrong is told with its line.
            let value =
                |error: toml::de::Error| ConfigError::Value { origin: origin.clone(), reason: error.to_string() };
            toml::from_str::<Self>(&text).map_err(value)?;
            table = toml::from_str(&text).map_err(value)?;
        }
        let environment: BTreeMap<String, String> =
            environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        let from_environment = environment
            .into_iter()
            .map(|(name, value)| (name[PREFIX.len()..].to_lowercase().replace("__", "."), value, name));
        let from_flags = flags.iter().map(|(key, value)| (key.clone(), value.clone(), format!("--{key}")));
        for (key, value, said) in from_environment.chain(from_flags) {
            set(&mut table, &key, &value, &said)?;
            table
                .clone()
                .try_into::<Self>()
                .map_err(|error| ConfigError::Value { origin: said, reason: error.to_string().trim().to_owned() })?;
        }
        let config: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Value { origin, reason: error.to_string() })?;
        config.check()?;
        Ok(config)
    }

    /// Checks what single values can't show.
    ///
    /// Errors: [`ConfigError`].
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() {
            let missing = match (self.tls.is_none(), self.keys.is_empty()) {
                (true, true) => Some("TLS and API keys are"),
                (true, false) => Some("TLS is"),
                (false, true) => Some("API keys are"),
                (false, false) => None,
            };
            if let Some(missing) = missing {
                return Err(ConfigError::Open { address: self.listen, missing });
            }
        }
        if let Some(admin) = self.admin.filter(|admin| !admin.ip().is_loopback()) {
            return Err(ConfigError::OpenAdmin(admin));
        }
        for key in &self.keys {
            if key.sha256.len() != 64 || !key.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(ConfigError::Range {
                    field: "keys.sha256",
                    found: format!("{} characters for “{}”", key.sha256.chars().count(), key.name),
                    expected: "64 hexadecimal digits: the SHA-256 of the key",
                });
            }
        }
        let limits = &self.limits;
        let bounds: [(&'static str, u64, u64, u64, &'static str); 10] = [
            ("limits.message_bytes", limits.message_bytes as u64, 1 << 10, 64 << 20, "1024 to 67108864"),
            ("limits.sessions", limits.sessions.into(), 1, 10_000, "1 to 10000"),
            ("limits.calls", limits.calls.into(), 1, 10_000, "1 to 10000"),
            ("limits.streams_per_connection", limits.streams_per_connection.into(), 1, 10_000, "1 to 10000"),
            ("limits.max_width", limits.max_width.into(), 16, 4096, "16 to 4096"),
            ("limits.max_height", limits.max_height.into(), 16, 4096, "16 to 4096"),
            ("limits.session_secs", limits.session_secs, 1, 7 * 86_400, "1 to 604800"),
            ("limits.stage_millis", limits.stage_millis, 10, 60_000, "10 to 60000"),
            ("speech.listeners", self.speech.listeners as u64, 1, 1_000, "1 to 1000"),
            ("limits.first_message_secs", limits.first_message_secs, 1, 3_600, "1 to 3600"),
        ];
        for (field, found, least, most, expected) in bounds {
            if !(least..=most).contains(&found) {
                return Err(ConfigError::Range { field, found: found.to_string(), expected });
            }
        }
        self.peers.check()?;
        if let Some(origin) = self.web.origins.iter().find(|origin| !web::is_origin(origin)) {
            return Err(ConfigError::Range {
                field: "web.origins",
                found: origin.clone(),
                expected: "an origin as browsers send it: https://example.org or http://127.0.0.1:8080, in lower case, \
                           without path, own port or wildcard",
            });
        }
        Ok(())
    }
}

/// Sets a dotted key. A value that reads as TOML is taken so, anything else as a string; commas make a list of peers, packs and origins.
fn set(table: &mut toml::Table, key: &str, value: &str, said: &str) -> Result<(), ConfigError> {
    let lists = ["packs", "web.origins", "peers.speech", "peers.understanding", "peers.motion", "peers.render"];
    let parsed = if lists.contains(&key) {
        toml::Value::Array(
            value
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| part.to_owned().into())
                .collect(),
        )
    } else {
        match format!("v = {value}").parse::<toml::Table>().ok().and_then(|mut table| table.remove("v")) {
            Some(parsed) => parsed,
            None => value.to_owned().into(),
        }
    };
    let mut parts: Vec<&str> = key.split('.').collect();
    let last = parts.pop().unwrap_or_default();
    let mut here = table;
    for part in parts {
        let next = here.entry(part).or_insert_with(|| toml::Table::new().into());
        here = next.as_table_mut().ok_or_else(|| ConfigError::Value {
            origin: said.to_owned(),
            reason: format!("“{part}” is not a section"),
        })?;
    }
    here.insert(last.to_owned(), parsed);
    Ok(())
}

/// SHA-256 in hexadecimal, as [`Key::sha256`] holds it.
pub fn sha256_hex(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, file).unwrap();
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        Config::load(Some(&path), owned(environment), &owned(flags)).map_err(|error| error.to_string())
    }

    #[test]
    fn later_sources_win() {
        let file = "[limits]\nsessions = 3\ncalls = 5\nmax_width = 640";
        let config = load(
            file,
            &[("SHOUYU__LIMITS__CALLS", "6"), ("SHOUYU__LIMITS__MAX_WIDTH", "800"), ("OTHER", "x")],
            &[("limits.max_width", "320"), ("role", "gateway"), ("peers.motion", "http://127.0.0.1:1,http://[::1]:2")],
        )
        .unwrap();
        assert_eq!((config.limits.sessions, config.limits.calls, config.limits.max_width), (3, 6, 320));
        assert_eq!((config.role, config.peers.motion.len()), (Role::Gateway, 2));
        let origins = [("SHOUYU__WEB__ORIGINS", "https://a.example, https://b.example")];
        assert_eq!(load("", &origins, &[]).unwrap().web.origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        type Pairs = &'static [(&'static str, &'static str)];
        let cases: [(&str, Pairs, Pairs, &str); 14] = [
            ("[limits]\nsessoins = 3", &[], &[], "sessoins"),
            ("listen = 3", &[], &[], "a.toml"),
            ("", &[("SHOUYU__LIMITS__CALLS", "many")], &[], "SHOUYU__LIMITS__CALLS"),
            ("", &[("SHOUYU__ROLE", "cook")], &[], "cook"),
            ("", &[], &[("listen", "0.0.0.0:50051")], "TLS and API keys"),
            ("[[keys]]\nname='a'\nsha256='12'", &[], &[], "64 hexadecimal"),
            ("", &[], &[("admin", "0.0.0.0:1")], "loopback"),
            ("", &[], &[("limits.sessions", "0")], "1 to 10000"),
            ("", &[], &[("peers.motion", "nonsense")], "http://127.0.0.1:50052"),
            ("", &[], &[("peers.motion", "https://a.example:1")], "[peers.tls] ca"),
            ("[peers]\napi_key='x'\nmotion=['http://192.0.2.1:1']", &[], &[], "plain HTTP"),
            ("[peers.tls]\nca='a'\nkey='b'", &[], &[], "both or none"),
            ("[peers]\napi_keys='x'", &[], &[], "api_keys"),
            ("[web]\norigins = [\"*\"]", &[], &[], "web.origins = *"),
        ];
        for (file, environment, flags, expected) in cases {
            let error = load(file, environment, flags).unwrap_err();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = Key { sha256: sha256_hex("secret"), ..Key::new("a") };
        assert!(!format!("{key:?}").contains(&key.sha256));
        let config = load("", &[("SHOUYU__PEERS__API_KEY", "secret")], &[]).unwrap();
        assert_eq!(config.peers.api_key.as_ref().unwrap().reveal(), "secret");
        assert!(!format!("{config:?}").contains("secret"));
        assert!(!toml::to_string(&config.peers).unwrap().contains("\"secret\""));
    }
}
