//! Who may call, and how much.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Code, Request, Status, metadata::MetadataMap, service::Interceptor};

use crate::{
    config::{Config, Key},
    metrics::{Labelled, Metrics},
    status::{exhausted, status},
};

/// Who calls.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) Arc<Account>);

/// A key and what is used of it.
pub(crate) struct Account {
    pub(crate) name: String,
    sessions: Arc<Semaphore>,
    calls: Mutex<Allowance>,
    /// Longest session, if it is shorter than the server's.
    session: Option<Duration>,
    characters_per_minute: Option<u32>,
}

/// So many a minute, some of them at once.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    left: f64,
    most: f64,
    since: Instant,
    per_minute: f64,
}

impl Allowance {
    /// `secs` of it may be used at once.
    pub(crate) fn new(per_minute: u32, secs: f64, now: Instant) -> Self {
        let per_minute = f64::from(per_minute);
        let most = per_minute * secs / 60.0;
        Self { left: most, most, since: now, per_minute }
    }

    /// Uses `count`. False, and nothing is used, if there are not so many; more than fit at once need the whole of it.
    pub(crate) fn take(&mut self, count: f64, now: Instant) -> bool {
        let came = now.saturating_duration_since(self.since).as_secs_f64() * self.per_minute / 60.0;
        (self.left, self.since) = ((self.left + came).min(self.most), now);
        let enough = self.left >= count.min(self.most);
        if enough {
            // What is used beyond is paid for by what comes.
            self.left -= count;
        }
        enough
    }
}

impl Account {
    fn new(key: &Key) -> Self {
        Self {
            name: key.name.clone(),
            sessions: Arc::new(Semaphore::new(key.sessions as usize)),
            calls: Mutex::new(Allowance::new(key.calls_per_minute, 60.0, Instant::now())),
            session: key.session_secs.map(Duration::from_secs),
            characters_per_minute: key.session_characters_per_minute,
        }
    }

    /// Takes one call from the minute's allowance.
    fn call(&self) -> bool {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).take(1.0, Instant::now())
    }

    /// Longest session of this key, where the server allows `most`.
    pub(crate) fn session_length(&self, most: Duration) -> Duration {
        self.session.map_or(most, |own| own.min(most))
    }

    /// Characters of text that one session may take; `None`: any number.
    pub(crate) fn characters(&self) -> Option<Allowance> {
        self.characters_per_minute.map(|most| Allowance::new(most, CHARACTERS_AT_ONCE_SECS, Instant::now()))
    }
}

/// Text of so many seconds may come at once.
const CHARACTERS_AT_ONCE_SECS: f64 = 10.0;

impl Caller {
    /// Whoever the interceptor let in.
    pub(crate) fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        let unknown = || status(Code::Unauthenticated, "KEY_MISSING", "the call came past the check of keys");
        request.extensions().get::<Self>().cloned().ok_or_else(unknown)
    }
}

/// Checks keys; a tonic interceptor in front of every service.
#[derive(Clone)]
pub(crate) struct Keys {
    accounts: Arc<HashMap<[u8; 32], Arc<Account>>>,
    anyone: Option<Arc<Account>>,
    metrics: Arc<Metrics>,
}

impl Keys {
    pub(crate) fn new(config: &Config, metrics: Arc<Metrics>) -> Self {
        let digest = |key: &Key| {
            let mut bytes = [0; 32];
            for (byte, pair) in bytes.iter_mut().zip(key.sha256.as_bytes().chunks_exact(2)) {
                let pair = std::str::from_utf8(pair).unwrap_or_default();
                // `Config::check` has seen 64 hexadecimal digits.
                *byte = u8::from_str_radix(pair, 16).unwrap_or_default();
            }
            bytes
        };
        // Only the server's own limits hold for those who need no key.
        let anyone = config.keys.is_empty().then(|| {
            Arc::new(Account::new(&Key { sessions: u32::MAX, calls_per_minute: u32::MAX, ..Key::new("anyone") }))
        });
        let accounts = config.keys.iter().map(|key| (digest(key), Arc::new(Account::new(key)))).collect();
        Self { accounts: Arc::new(accounts), anyone, metrics }
    }

    fn account(&self, metadata: &MetadataMap) -> Result<Arc<Account>, Status> {
        if let Some(anyone) = &self.anyone {
            return Ok(Arc::clone(anyone));
        }
        let text = |name| metadata.get(name).and_then(|value| value.to_str().ok());
        let bearer = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let Some(key) = bearer.or_else(|| text("x-api-key")) else {
            return Err(status(
                Code::Unauthenticated,
                "KEY_MISSING",
                "no API key: send it as `authorization: Bearer …` or `x-api-key: …`",
            ));
        };
        let found: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let unknown = || status(Code::Unauthenticated, "KEY_UNKNOWN", "this API key is not known here");
        self.accounts.get(&found).cloned().ok_or_else(unknown)
    }
}

impl Interceptor for Keys {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let account = self.account(request.metadata()).inspect_err(|_| {
            self.metrics.refused.get_or_create(&Labelled { what: "key" }).inc();
        })?;
        if !account.call() {
            self.metrics.refused.get_or_create(&Labelled { what: "calls_per_minute" }).inc();
            return Err(exhausted(
                "CALLS_PER_MINUTE",
                "this key's calls of the minute are used up",
                Duration::from_secs(5),
            ));
        }
        request.extensions_mut().insert(Caller(account));
        Ok(request)
    }
}

/// What the machine can bear.
#[derive(Clone)]
pub(crate) struct Capacity {
    sessions: Arc<Semaphore>,
    pixels: Arc<Semaphore>,
    /// Permits of `pixels` while nothing is drawn.
    all_pixels: usize,
    calls: Arc<Semaphore>,
    metrics: Arc<Metrics>,
}

/// Pixels a second that one permit stands for.
const PIXELS_A_PERMIT: u64 = 1 << 10;
/// When a refused client may try again.
const RETRY: Duration = Duration::from_secs(5);

/// A place for a session; given back when dropped.
pub(crate) struct Place {
    _account: OwnedSemaphorePermit,
    _session: OwnedSemaphorePermit,
    _pixels: Option<OwnedSemaphorePermit>,
    pixels: i64,
    metrics: Arc<Metrics>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.metrics.sessions.dec();
        self.metrics.pixels_per_sec.dec_by(self.pixels);
    }
}

impl Capacity {
    pub(crate) fn new(config: &Config, metrics: Arc<Metrics>) -> Self {
        let permits = usize::try_from(config.limits.pixels_per_sec / PIXELS_A_PERMIT).unwrap_or(Semaphore::MAX_PERMITS);
        let all_pixels = permits.min(Semaphore::MAX_PERMITS);
        Self {
            sessions: Arc::new(Semaphore::new(config.limits.sessions as usize)),
            pixels: Arc::new(Semaphore::new(all_pixels)),
            all_pixels,
            calls: Arc::new(Semaphore::new(config.limits.calls as usize)),
            metrics,
        }
    }

    fn refuse(&self, what: &'static str, reason: &'static str, message: String) -> Status {
        self.metrics.refused.get_or_create(&Labelled { what }).inc();
        exhausted(reason, message, RETRY)
    }

    /// A place for a session that renders `pixels_per_sec` (0: none).
    pub(crate) fn session(&self, caller: &Caller, pixels_per_sec: u64) -> Result<Place, Status> {
        let account = Arc::clone(&caller.0.sessions).try_acquire_owned().map_err(|_| {
            self.refuse("key_sessions", "KEY_SESSIONS", "this key's sessions are all in use".to_owned())
        })?;
        let session = Arc::clone(&self.sessions)
            .try_acquire_owned()
            .map_err(|_| self.refuse("sessions", "SESSIONS", "all sessions are in use".to_owned()))?;
        let permits = u32::try_from(pixels_per_sec.div_ceil(PIXELS_A_PERMIT)).unwrap_or(u32::MAX);
        let pixels = match permits {
            0 => None,
            permits => Some(Arc::clone(&self.pixels).try_acquire_many_owned(permits).map_err(|_| {
                let left = self.pixels.available_permits() as u64 * PIXELS_A_PERMIT;
                let message = format!("{pixels_per_sec} pixels a second asked for, {left} are free: ask for a smaller picture or a lower rate, or wait");
                self.refuse("pixels", "RENDER_CAPACITY", message)
            })?),
        };
        let others_draw = self.pixels.available_permits() + (permits as usize) < self.all_pixels;
        if pixels.is_some() && others_draw {
            self.check_running()?;
        }
        let pixels_per_sec = i64::try_from(pixels_per_sec).unwrap_or(i64::MAX);
        self.metrics.sessions.inc();
        self.metrics.pixels_per_sec.inc_by(pixels_per_sec);
        Ok(Place {
            _account: account,
            _session: session,
            _pixels: pixels,
            pixels: pixels_per_sec,
            metrics: Arc::clone(&self.metrics),
        })
    }

    /// Refuses another picture where those of running sessions are late, or will be: what sessions reserve is an estimate,
    /// and on a slower or a busier machine this is what is true.
    fn check_running(&self) -> Result<(), Status> {
        let now = Instant::now();
        if self.metrics.strain.is_high(now) {
            let message = "the pictures of running sessions are late: this machine can't bear another one now";
            return Err(self.refuse("late", "RENDER_LATE", message.to_owned()));
        }
        if let Some(share) = self.metrics.effort.is_high(now) {
            let percent = share * 100.0;
            let message = format!(
                "a picture of the running sessions takes {percent:.0} % of its time: another session would make them late"
            );
            return Err(self.refuse("busy", "RENDER_BUSY", message));
        }
        Ok(())
    }

    /// A place for a unary call.
    pub(crate) fn call(&self) -> Result<OwnedSemaphorePermit, Status> {
        Arc::clone(&self.calls)
            .try_acquire_owned()
            .map_err(|_| self.refuse("calls", "CALLS", "too many calls are under way".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_used_up_and_comes_again() {
        let begin = Instant::now();
        let mut allowance = Allowance::new(60, 10.0, begin);
        let at = |secs: u64| begin + Duration::from_secs(secs);
        for (secs, count, expected) in [
            (0, 6.0, true),
            (0, 4.0, true),
            (0, 1.0, false),
            (1, 1.0, true),
            (1, 1.0, false),
            // More than fits at once: when all of it is there, and then nothing for as long as it counts for.
            (9, 30.0, false),
            (12, 30.0, true),
            (30, 1.0, false),
            (34, 1.0, true),
            // It does not grow beyond what may be used at once.
            (1_000, 10.0, true),
            (1_000, 1.0, false),
        ] {
            assert_eq!(allowance.take(count, at(secs)), expected, "{count} at {secs} s");
        }
    }

    #[test]
    fn who_draws_alone_is_taken_in_and_others_are_not_while_its_pictures_take_most_of_their_time() {
        let metrics = Arc::new(Metrics::new());
        let config = Config::default();
        let keys = Keys::new(&config, Arc::clone(&metrics));
        let caller = Caller(Arc::clone(keys.anyone.as_ref().unwrap()));
        let capacity = Capacity::new(&config, Arc::clone(&metrics));
        let busy = || (0..600).for_each(|_| metrics.effort.note(0.9, Instant::now()));
        busy();
        let pixels = config.limits.pixels_per_sec / 3;
        let alone = capacity.session(&caller, pixels).unwrap();
        let refused = capacity.session(&caller, pixels).err().unwrap();
        assert!(refused.message().contains("90 % of its time"), "{refused}");
        assert!(capacity.session(&caller, 0).is_ok(), "poses cost no pixels");
        drop(alone);
        assert!(capacity.session(&caller, pixels).is_ok());
    }
}
