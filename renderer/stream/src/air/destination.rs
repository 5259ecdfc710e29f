//! Where a broadcast goes, read from one word of a command line and checked before anything is opened.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use super::AirCodec;
use crate::error::StreamError;

/// Where a broadcast goes.
///
/// Its [`Display`](fmt::Display) leaves out what must stay secret: passphrases and stream keys.
#[derive(Clone, PartialEq, Eq)]
pub enum Destination {
    /// MPEG-TS over SRT.
    Srt {
        /// `srt://host:port`, without its parameters.
        url: String,
        /// Whether the receiver calls us.
        listener: bool,
        /// FFmpeg's options.
        options: Vec<(&'static str, String)>,
    },
    /// FLV over RTMP.
    Rtmp {
        /// The whole URL; its last part is often a secret.
        url: String,
    },
    /// MPEG-TS over UDP, unicast or multicast.
    Udp {
        /// `udp://host:port`, without its parameters.
        url: String,
        /// FFmpeg's options.
        options: Vec<(&'static str, String)>,
    },
    /// A folder of HLS segments with its playlists; `master.m3u8` says that it is signed.
    Hls {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder of DASH segments; `manifest.mpd` says that it is signed.
    Dash {
        /// The folder.
        folder: PathBuf,
    },
    /// One file that can be played up to where it was written.
    File {
        /// The file.
        path: PathBuf,
        /// Its container.
        container: FileContainer,
    },
}

/// Containers of files that are written while on air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileContainer {
    /// `.ts`
    MpegTs,
    /// `.mp4`, fragmented.
    Mp4,
    /// `.flv`
    Flv,
    /// `.mkv`
    Matroska,
    /// `.webm`, VP9 with alpha.
    Webm,
    /// `.mov`, ProRes 4444 with alpha, fragmented.
    Mov,
}

const EXPECTED: &str = "srt://HOST:PORT, rtmp://HOST/APP/KEY, udp://HOST:PORT, hls:FOLDER, dash:FOLDER, or a file that ends in .ts, .mp4, .mkv, .flv or, with alpha, .webm or .mov";
/// Shortest and longest passphrase of SRT, in bytes.
const PASSPHRASE: std::ops::RangeInclusive<usize> = 10..=64;
/// What a datagram carries: seven packets of MPEG-TS.
const DATAGRAM: &str = "1316";
const SRT_LATENCY_MILLIS: u32 = 200;

impl Destination {
    /// Reads a destination.
    ///
    /// `srt://HOST:PORT?mode=caller|listener&latency=MILLISECONDS&passphrase=…&streamid=…&pbkeylen=16|24|32`; without a host
    /// or with `mode=listener` the receiver calls. `udp://HOST:PORT?ttl=…&pkt_size=…`.
    ///
    /// Errors: [`StreamError::Destination`] says what was found and what is right; a listener that other machines can reach
    /// is refused without a passphrase.
    pub fn parse(text: &str) -> Result<Self, StreamError> {
        if text.contains('\0') {
            return Err(wrong(text, "a NUL character".to_owned(), EXPECTED));
        }
        if let Some(folder) = text.strip_prefix("hls:") {
            return Ok(Self::Hls { folder: folder_of(text, folder)? });
        }
        if let Some(folder) = text.strip_prefix("dash:") {
            return Ok(Self::Dash { folder: folder_of(text, folder)? });
        }
        match text.split_once("://") {
            Some(("srt", rest)) => srt(text, rest),
            Some(("udp", rest)) => udp(text, rest),
            Some(("rtmp" | "rtmps", rest)) => {
                let mut parts = rest.splitn(2, '/');
                let host = parts.next().unwrap_or_default();
                if host.is_empty() || parts.next().unwrap_or_default().is_empty() {
                    return Err(wrong(
                        &hidden_rtmp(text),
                        "no host or no application".to_owned(),
                        "rtmp://HOST[:PORT]/APP/KEY",
                    ));
                }
                Ok(Self::Rtmp { url: text.to_owned() })
            }
            Some((scheme, _)) => Err(wrong(&format!("{scheme}://…"), format!("the protocol “{scheme}”"), EXPECTED)),
            None => file(text),
        }
    }

    /// Whether it is on this machine, so that it must open before the broadcast begins.
    pub const fn is_local(&self) -> bool {
        matches!(self, Self::Hls { .. } | Self::Dash { .. } | Self::File { .. })
    }

    /// Where it goes the `number`th time: a file gets another name, `air.2.ts` after `air.ts`.
    pub(super) fn again(&self, number: u64) -> Self {
        match self {
            Self::File { path, container } if number > 1 => {
                let extension = path.extension().unwrap_or_default().to_string_lossy();
                Self::File { path: path.with_extension(format!("{number}.{extension}")), container: *container }
            }
            _ => self.clone(),
        }
    }

    /// How late the receiver takes what is sent, if it agrees on that with the sender.
    pub(super) fn latency(&self) -> Option<Duration> {
        let Self::Srt { options, .. } = self else { return None };
        let micros = options.iter().find(|(key, _)| *key == "latency").and_then(|(_, value)| value.parse().ok());
        micros.map(Duration::from_micros)
    }

    /// FFmpeg's name of the container.
    pub(super) const fn muxer(&self) -> &'static str {
        match self {
            Self::Srt { .. } | Self::Udp { .. } | Self::File { container: FileContainer::MpegTs, .. } => "mpegts",
            Self::Rtmp { .. } | Self::File { container: FileContainer::Flv, .. } => "flv",
            Self::Hls { .. } => "hls",
            Self::Dash { .. } => "dash",
            Self::File { container: FileContainer::Mp4, .. } => "mp4",
            Self::File { container: FileContainer::Matroska, .. } => "matroska",
            Self::File { container: FileContainer::Webm, .. } => "webm",
            Self::File { container: FileContainer::Mov, .. } => "mov",
        }
    }

    /// The codec that its container takes from a broadcast.
    pub const fn codec(&self) -> AirCodec {
        match self {
            Self::File { container: FileContainer::Webm, .. } => AirCodec::Vp9Alpha,
            Self::File { container: FileContainer::Mov, .. } => AirCodec::ProRes4444,
            _ => AirCodec::H264,
        }
    }

    /// Whether its container takes pictures of `codec`.
    pub(super) fn check(&self, codec: AirCodec) -> Result<(), StreamError> {
        if self.codec() == codec {
            return Ok(());
        }
        let (found, expected) = match codec {
            AirCodec::H264 => (
                "a file with alpha beside outputs without",
                "outputs without alpha, or only files of one kind with alpha",
            ),
            AirCodec::Vp9Alpha => {
                ("no WebM beside WebM files with alpha", "only .webm files: pictures are encoded once")
            }
            AirCodec::ProRes4444 => {
                ("no MOV beside MOV files with alpha", "only .mov files: pictures are encoded once")
            }
        };
        Err(wrong(&self.to_string(), found.to_owned(), expected))
    }

    /// Whether its container keeps the timecode of its first frame: MP4 and MOV in a track, Matroska, WebM and FLV as a tag.
    /// MPEG-TS, HLS and DASH have no place for it that FFmpeg fills; their pictures hold it all the same.
    pub(super) const fn keeps_timecode(&self) -> bool {
        match self {
            Self::Rtmp { .. } => true,
            Self::File { container, .. } => !matches!(container, FileContainer::MpegTs),
            Self::Srt { .. } | Self::Udp { .. } | Self::Hls { .. } | Self::Dash { .. } => false,
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Srt { url, listener: true, .. } => write!(f, "{url} (listener)"),
            Self::Srt { url, .. } | Self::Udp { url, .. } => f.write_str(url),
            Self::Rtmp { url } => f.write_str(&hidden_rtmp(url)),
            Self::Hls { folder } => write!(f, "hls:{}", folder.display()),
            Self::Dash { folder } => write!(f, "dash:{}", folder.display()),
            Self::File { path, .. } => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Destination({self})")
    }
}

/// Without the stream key: the last part of the path, and what follows a question mark.
fn hidden_rtmp(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("rtmp", url));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let plain = rest.split('?').next().unwrap_or_default();
    match plain.rsplit_once('/') {
        Some((before, _)) if before.contains('/') => format!("{scheme}://{before}/…"),
        _ => format!("{scheme}://{plain}"),
    }
}

fn wrong(given: &str, found: String, expected: &'static str) -> StreamError {
    StreamError::Destination { given: given.to_owned(), found, expected }
}

fn folder_of(given: &str, folder: &str) -> Result<PathBuf, StreamError> {
    if folder.is_empty() {
        return Err(wrong(given, "no folder".to_owned(), "hls:FOLDER or dash:FOLDER"));
    }
    Ok(PathBuf::from(folder))
}

fn file(text: &str) -> Result<Destination, StreamError> {
    let path = PathBuf::from(text);
    let extension = Path::new(text).extension().map(|found| found.to_string_lossy().to_lowercase());
    let container = match extension.as_deref() {
        Some("ts" | "m2ts") => FileContainer::MpegTs,
        Some("mp4") => FileContainer::Mp4,
        Some("flv") => FileContainer::Flv,
        Some("mkv") => FileContainer::Matroska,
        Some("webm") => FileContainer::Webm,
        Some("mov") => FileContainer::Mov,
        _ => return Err(wrong(text, "neither a known address nor a known kind of file".to_owned(), EXPECTED)),
    };
    Ok(Destination::File { path, container })
}

/// `host:port` and the parameters behind a question mark, decoded.
struct Address {
    host: String,
    port: u16,
    parameters: Vec<(String, String)>,
}

fn address(shown: &str, rest: &str) -> Result<Address, StreamError> {
    const FORM: &str = "HOST:PORT, such as 127.0.0.1:9000 or [::1]:9000";
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let place = place.trim_end_matches('/');
    let (host, port) = place.rsplit_once(':').ok_or_else(|| wrong(shown, "no port".to_owned(), FORM))?;
    let port: u16 =
        port.parse().ok().filter(|port| *port > 0).ok_or_else(|| wrong(shown, format!("the port “{port}”"), FORM))?;
    let host = host.trim_start_matches('@').to_owned();
    let odd = |character: char| !(character.is_ascii_alphanumeric() || "._-:[]%".contains(character));
    if host.contains(odd) {
        return Err(wrong(shown, format!("the host “{host}”"), FORM));
    }
    let mut parameters = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value)
            .ok_or_else(|| wrong(shown, format!("a broken %-code in “{key}”"), "percent-encoded UTF-8"))?;
        parameters.push((key.to_owned(), value));
    }
    Ok(Address { host, port, parameters })
}

/// Percent-decoded.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

fn srt(given: &str, rest: &str) -> Result<Destination, StreamError> {
    let shown = given.split('?').next().unwrap_or_default();
    let Address { host, port, parameters } = address(shown, rest)?;
    let mut listener = host.is_empty();
    let mut latency = SRT_LATENCY_MILLIS;
    let mut options: Vec<(&'static str, String)> =
        vec![("pkt_size", DATAGRAM.to_owned()), ("transtype", "live".to_owned())];
    let mut passphrase = false;
    for (key, value) in parameters {
        match key.as_str() {
            "mode" => {
                listener = match value.as_str() {
                    "caller" if !host.is_empty() => false,
                    "caller" => {
                        return Err(wrong(shown, "a caller without a host".to_owned(), "srt://HOST:PORT?mode=caller"));
                    }
                    "listener" => true,
                    _ => return Err(wrong(shown, format!("mode={value}"), "mode=caller or mode=listener")),
                }
            }
            "latency" => {
                let millis = value.parse::<u32>().ok().filter(|millis| *millis <= 60_000);
                latency = millis
                    .ok_or_else(|| wrong(shown, format!("latency={value}"), "latency in milliseconds, 0 to 60000"))?;
            }
            "passphrase" => {
                if !PASSPHRASE.contains(&value.len()) {
                    return Err(wrong(
                        shown,
                        format!("a passphrase of {} bytes", value.len()),
                        "a passphrase of 10 to 64 bytes",
                    ));
                }
                passphrase = true;
                options.push(("passphrase", value));
            }
            "streamid" => {
                if value.len() > 512 {
                    return Err(wrong(
                        shown,
                        format!("a stream id of {} bytes", value.len()),
                        "a stream id of at most 512 bytes",
                    ));
                }
                options.push(("streamid", value));
            }
            "pbkeylen" => match value.as_str() {
                "16" | "24" | "32" => options.push(("pbkeylen", value)),
                _ => return Err(wrong(shown, format!("pbkeylen={value}"), "pbkeylen=16, 24 or 32")),
            },
            _ => {
                let known = "the parameters mode, latency (milliseconds), passphrase, streamid and pbkeylen";
                return Err(wrong(shown, format!("the parameter “{key}”"), known));
            }
        }
    }
    if listener && !passphrase && !is_loopback(&host) {
        return Err(StreamError::OpenListener { given: shown.to_owned() });
    }
    options.push(("latency", (u64::from(latency) * 1_000).to_string()));
    options.push(("mode", if listener { "listener" } else { "caller" }.to_owned()));
    options.push(("connect_timeout", "2000".to_owned()));
    let host = if host.is_empty() { "0.0.0.0".to_owned() } else { host };
    Ok(Destination::Srt { url: format!("srt://{host}:{port}"), listener, options })
}

/// Names are not looked up: `localhost` alone is trusted.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn udp(given: &str, rest: &str) -> Result<Destination, StreamError> {
    let shown = given.split('?').next().unwrap_or_default();
    let Address { host, port, parameters } = address(shown, rest)?;
    if host.is_empty() {
        return Err(wrong(shown, "no host".to_owned(), "udp://HOST:PORT"));
    }
    let mut size = DATAGRAM.to_owned();
    let mut options = Vec::new();
    for (key, value) in parameters {
        match (key.as_str(), value.parse::<u32>()) {
            ("ttl", Ok(0..=255)) => options.push(("ttl", value)),
            ("pkt_size", Ok(bytes)) if (188..=65_424).contains(&bytes) && bytes.is_multiple_of(188) => size = value,
            ("ttl" | "pkt_size", _) => {
                let expected = "ttl=0 to 255, pkt_size a multiple of 188 up to 65424";
                return Err(wrong(shown, format!("{key}={value}"), expected));
            }
            _ => return Err(wrong(shown, format!("the parameter “{key}”"), "the parameters ttl and pkt_size")),
        }
    }
    options.push(("pkt_size", size));
    Ok(Destination::Udp { url: format!("udp://{host}:{port}"), options })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        match Destination::parse(text) {
            Ok(found) => assert_eq!(found.to_string(), expected, "{text}"),
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(expected), "{text}: {error}");
                assert!(!error.contains("sesame"), "a secret in: {error}");
            }
        }
    }

    #[test]
    fn destinations_are_read_and_secrets_are_not_shown() {
        for (text, expected) in [
            ("srt://127.0.0.1:9000", "srt://127.0.0.1:9000"),
            ("srt://10.0.0.1:9000?latency=120&streamid=a%3Db&passphrase=sesame-open", "srt://10.0.0.1:9000"),
            ("srt://:9000?passphrase=sesame-open", "srt://0.0.0.0:9000 (listener)"),
            ("srt://127.0.0.1:9000?mode=listener", "srt://127.0.0.1:9000 (listener)"),
            ("srt://[::1]:9000?mode=listener", "srt://[::1]:9000 (listener)"),
            ("rtmp://host:1935/live/sesame", "rtmp://host:1935/live/…"),
            ("rtmp://user:sesame@host/live/sesame?token=sesame", "rtmp://host/live/…"),
            ("udp://239.0.0.1:5000?ttl=4", "udp://239.0.0.1:5000"),
            ("hls:out/hls", "hls:out/hls"),
            ("dash:/air/x", "dash:/air/x"),
            ("a.ts", "a.ts"),
            ("dir/节目.mp4", "dir/节目.mp4"),
            // What is refused.
            ("srt://0.0.0.0:9000?mode=listener", "passphrase"),
            ("srt://:9000", "passphrase"),
            ("srt://10.0.0.1:9000?mode=listener", "passphrase"),
            ("srt://localhost.example.com:9000?mode=listener", "passphrase"),
            ("srt://host:9000?passphrase=sesame", "6 bytes"),
            ("srt://host", "no port"),
            ("srt://host:0", "port “0”"),
            ("srt://host:70000", "port “70000”"),
            ("srt://host:9000?mode=rendezvous", "mode=rendezvous"),
            ("srt://host:9000?latency=-1", "latency=-1"),
            ("srt://host:9000?pass=sesame-open", "the parameter “pass”"),
            ("srt://ho st:9000", "the host"),
            ("rtmp://host", "no application"),
            ("rtmp:///live/sesame", "no host"),
            ("udp://:5000", "no host"),
            ("udp://host:5000?pkt_size=1000", "multiple of 188"),
            ("hls:", "no folder"),
            ("http://host/x", "the protocol “http”"),
            ("a.avi", "known kind of file"),
            ("", "known kind of file"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn a_file_that_is_begun_again_gets_another_name() {
        for (text, number, expected) in
            [("dir/a.ts", 1, "dir/a.ts"), ("dir/a.ts", 2, "dir/a.2.ts"), ("udp://h:1", 3, "udp://h:1")]
        {
            assert_eq!(Destination::parse(text).unwrap().again(number).to_string(), expected);
        }
    }

    #[test]
    fn parameters_become_options() {
        let Destination::Srt { options, listener, .. } =
            Destination::parse("srt://h:1?latency=120&streamid=%23%21%3A%3Ar%3Dlive&pbkeylen=32&passphrase=0123456789")
                .unwrap()
        else {
            panic!("not SRT");
        };
        assert!(!listener);
        for expected in [
            ("latency", "120000"),
            ("streamid", "#!::r=live"),
            ("pbkeylen", "32"),
            ("passphrase", "0123456789"),
            ("mode", "caller"),
        ] {
            assert!(options.iter().any(|(key, value)| (*key, value.as_str()) == expected), "{expected:?}");
        }
    }
}
