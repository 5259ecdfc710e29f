//! One open container on one destination.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use ffmpeg_next::{self as ffmpeg, Packet, Rational, codec, format, util::interrupt::InterruptGuard};

use super::{
    destination::{Destination, FileContainer},
    manifest,
    picture::AirPictureConfig,
    sender::{AirFrame, Broadcast},
    sound::{AIR_SOUND_RATE, AirSound},
};
use crate::{
    encoder::{borrowed, dictionary},
    error::StreamError,
    ffi,
};

const VIDEO: usize = 0;
const SOUND: usize = 1;
/// How long a segment of HLS or DASH is, seconds: from one key frame to the next.
const SEGMENT_SECS: u32 = 2;
/// Segments that a playlist lists: how far a player may fall behind.
const SEGMENTS: u32 = 6;
/// How far presentation is behind the clock in MPEG-TS, microseconds: room for a receiver's buffer.
const MPEG_TS_DELAY: &str = "200000";
/// Longest that a connection may take to open.
const OPENING: Duration = Duration::from_secs(5);
/// Longest that a receiver may take one frame's packets.
const WRITING: Duration = Duration::from_secs(3);

/// SRT says no at once, and nothing at all when nobody is there; FFmpeg does not tell one from the other.
const REFUSES: Duration = Duration::from_millis(1_500);
const REFUSED: &str = "it refused: check the passphrase on both sides, and the stream id";
const UNANSWERED: &str = "nobody answers: check address and port, and that it listens";
/// Beyond its latency, what SRT takes to deliver the last packets.
const LINGER: Duration = Duration::from_millis(200);

/// How long FFmpeg may wait for the network: it asks several times a second.
#[derive(Debug)]
pub(super) struct Patience {
    stop: Arc<AtomicBool>,
    began: Instant,
    /// Milliseconds since `began`; [`NEVER`] for no limit.
    until: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl Patience {
    pub(super) fn new(stop: Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self { stop, began: Instant::now(), until: AtomicU64::new(NEVER) })
    }

    fn allow(&self, span: Option<Duration>) {
        let until =
            span.map_or(NEVER, |span| u64::try_from((self.began.elapsed() + span).as_millis()).unwrap_or(NEVER));
        self.until.store(until, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
            || self.began.elapsed().as_millis() > u128::from(self.until.load(Ordering::Relaxed))
    }
}

/// A container that is open, its header written.
pub(super) struct Mux {
    output: format::context::Output,
    /// After the container, which may still ask while it closes.
    _interrupt: InterruptGuard,
    patience: Arc<Patience>,
    name: String,
    tick: Rational,
    time_bases: [Rational; 2],
    /// How long what was sent takes to arrive.
    linger: Duration,
}

impl Mux {
    /// Connects, or makes the file, and writes the header. A listener waits until it is called.
    pub(super) fn open(
        destination: &Destination,
        broadcast: &Broadcast,
        patience: &Arc<Patience>,
    ) -> Result<Self, StreamError> {
        let name = destination.to_string();
        let picture = AirPictureConfig { size: broadcast.size, rate: broadcast.rate, codec: broadcast.codec };
        let video = picture.open()?;
        let sound = AirSound::open(broadcast.codec.into())?;
        let waits = matches!(destination, Destination::Srt { listener: true, .. });
        patience.allow((!waits).then_some(OPENING));
        let (address, protocol) = address(destination)?;
        let asked = Arc::clone(patience);
        let began = Instant::now();
        let opened = ffi::open_output(&address, destination.muxer(), protocol, move || asked.is_over());
        let (mut output, interrupt) = opened.map_err(|source| match destination {
            Destination::Srt { listener: false, .. } => StreamError::Receiver {
                name: name.clone(),
                doing: "calling it",
                why: if began.elapsed() < REFUSES { REFUSED } else { UNANSWERED }.to_owned(),
            },
            _ => refused(&name, "opening it", source),
        })?;

        patience.allow(Some(OPENING));
        let heading = |source| refused(&name, "writing the header", source);
        let tick = Rational::new(broadcast.rate.den().cast_signed(), broadcast.rate.num().cast_signed());
        let mut stream = output.add_stream_with(&video).map_err(heading)?;
        stream.set_time_base(tick);
        stream.set_rate(tick.invert());
        stream.set_avg_frame_rate(tick.invert());
        // DASH writes both into the adaptation set; other containers keep the language at most.
        let mut said = vec![("role", "sign"), ("language", "csl")];
        said.extend(picture.stream_metadata());
        said.extend(timecode(destination, broadcast).map(|label| ("timecode", label)));
        stream.set_metadata(dictionary(said.into_iter()));
        output
            .add_stream_with(sound.codec())
            .map_err(heading)?
            .set_time_base(Rational::new(1, AIR_SOUND_RATE.cast_signed()));
        let mut metadata = broadcast.metadata.entries();
        metadata.extend(timecode(destination, broadcast).map(|label| ("timecode", label.to_owned())));
        // What a receiver of MPEG-TS lists; other containers drop it.
        metadata.extend([("service_name", "AI生成 手语".to_owned()), ("service_provider", "Shouyu".to_owned())]);
        output.set_metadata(dictionary(borrowed(&metadata)));
        let options = options(destination);
        let unused = output.write_header_with(dictionary(borrowed(&options))).map_err(heading)?;
        for (key, value) in unused.iter() {
            tracing::debug!(key, value, output = name, "this FFmpeg does not know a muxer option");
        }
        drop(unused);
        let base = |index| output.stream(index).ok_or(ffmpeg::Error::StreamNotFound).map(|stream| stream.time_base());
        let time_bases = [base(VIDEO).map_err(heading)?, base(SOUND).map_err(heading)?];
        if let Destination::Hls { folder } = destination {
            let codecs = ffi::extradata(&video).and_then(|bytes| manifest::avc1(&bytes));
            let codecs = format!("{},mp4a.40.2", codecs.unwrap_or_else(|| "avc1.640028".to_owned()));
            manifest::write_master(folder, broadcast.size, broadcast.rate, picture.most_bits(), &codecs).map_err(
                |source| StreamError::Io { path: folder.clone(), doing: "writing the master playlist", source },
            )?;
        }
        let linger = destination.latency().map_or(Duration::ZERO, |latency| latency + LINGER);
        Ok(Self { output, _interrupt: interrupt, patience: Arc::clone(patience), name, tick, time_bases, linger })
    }

    /// Sends one frame and its sound.
    pub(super) fn write(&mut self, frame: &AirFrame) -> Result<(), StreamError> {
        self.patience.allow(Some(WRITING));
        self.write_raw(frame).map_err(|source| refused(&self.name, "sending a frame", source))
    }

    fn write_raw(&mut self, frame: &AirFrame) -> Result<(), ffmpeg::Error> {
        let mut packet = Packet::copy(&frame.video);
        let index = frame.index.cast_signed();
        packet.set_pts(Some(index));
        packet.set_dts(Some(index));
        packet.set_duration(1);
        packet.set_stream(VIDEO);
        if frame.key {
            packet.set_flags(codec::packet::Flags::KEY);
        }
        if let Some(alpha) = &frame.alpha {
            ffi::add_block_addition(&mut packet, alpha)?;
        }
        packet.rescale_ts(self.tick, self.time_bases[VIDEO]);
        packet.write(&mut self.output)?;
        for sound in frame.sound.iter() {
            let mut packet = Packet::copy(&sound.data);
            packet.set_pts(Some(sound.sample));
            packet.set_dts(Some(sound.sample));
            packet.set_duration(sound.samples);
            packet.set_stream(SOUND);
            packet.set_flags(codec::packet::Flags::KEY);
            packet.rescale_ts(Rational::new(1, AIR_SOUND_RATE.cast_signed()), self.time_bases[SOUND]);
            packet.write(&mut self.output)?;
        }
        ffi::flush_output(&mut self.output)
    }

    /// Ends the container.
    pub(super) fn finish(mut self) -> Result<(), StreamError> {
        self.patience.allow(Some(WRITING));
        self.output.write_trailer().map_err(|source| refused(&self.name, "ending it", source))?;
        ffi::flush_output(&mut self.output).map_err(|source| refused(&self.name, "ending it", source))?;
        // SRT forgets what it has not delivered when it is closed.
        std::thread::sleep(self.linger);
        Ok(())
    }
}

/// The timecode of the broadcast's first frame, for a container that keeps it. A file that was begun anew does not begin with
/// that frame.
fn timecode<'a>(destination: &Destination, broadcast: &'a Broadcast) -> Option<&'a str> {
    broadcast.timecode.as_deref().filter(|_| destination.keeps_timecode())
}

/// Of a protocol, for FFmpeg.
type Options = Vec<(&'static str, String)>;

/// What FFmpeg opens, and the options of its protocol.
fn address(destination: &Destination) -> Result<(String, Options), StreamError> {
    let plain = |path: &Path| {
        // Absolute, as FFmpeg takes `a:b` as a protocol.
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        absolute.to_str().map(str::to_owned).ok_or_else(|| StreamError::Unwritable {
            path: path.to_owned(),
            reason: "its name is not valid UTF-8: choose another".to_owned(),
        })
    };
    let folder = |folder: &Path, name: &str| {
        std::fs::create_dir_all(folder).map_err(|source| StreamError::Folder {
            path: folder.to_owned(),
            folder: folder.to_owned(),
            source,
        })?;
        plain(&folder.join(name))
    };
    Ok(match destination {
        Destination::Srt { url, options, .. } | Destination::Udp { url, options } => (url.clone(), options.clone()),
        Destination::Rtmp { url } => (url.clone(), vec![("rtmp_live", "live".to_owned())]),
        Destination::Hls { folder: path } => (folder(path, manifest::MEDIA)?, Vec::new()),
        Destination::Dash { folder: path } => (folder(path, "manifest.mpd")?, Vec::new()),
        Destination::File { path, .. } => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if let Err(source) = parent.metadata() {
                return Err(StreamError::Folder { path: path.clone(), folder: parent.to_owned(), source });
            }
            (plain(path)?, Vec::new())
        }
    })
}

fn options(destination: &Destination) -> Vec<(&'static str, String)> {
    let mut options = vec![
        // Times go on from connection to connection.
        ("avoid_negative_ts", "disabled".to_owned()),
        ("flush_packets", "0".to_owned()),
    ];
    let mut add = |key, value: &str| options.push((key, value.to_owned()));
    match destination {
        Destination::Srt { .. }
        | Destination::Udp { .. }
        | Destination::File { container: FileContainer::MpegTs, .. } => {
            add("mpegts_flags", "+resend_headers+pat_pmt_at_frames");
            add("max_delay", MPEG_TS_DELAY);
        }
        Destination::Rtmp { .. } | Destination::File { container: FileContainer::Flv, .. } => {
            add("flvflags", "+no_duration_filesize");
        }
        Destination::File { container: FileContainer::Mp4, .. } => {
            add("movflags", "+frag_keyframe+empty_moov+default_base_moof+use_metadata_tags");
        }
        Destination::File { container: FileContainer::Mov, .. } => {
            // A fragment a second: each picture of ProRes could be one.
            add("movflags", "+empty_moov+default_base_moof+use_metadata_tags");
            add("frag_duration", "1000000");
        }
        Destination::File { container: FileContainer::Matroska | FileContainer::Webm, .. } => {}
        Destination::Hls { .. } => {
            add("hls_time", &SEGMENT_SECS.to_string());
            add("hls_list_size", &SEGMENTS.to_string());
            add("hls_flags", "+delete_segments+independent_segments+temp_file+program_date_time");
            add("hls_delete_threshold", "4");
            // Numbers go on from start to start, so that a player never meets an old one again.
            add("hls_start_number_source", "epoch");
        }
        Destination::Dash { .. } => {
            add("seg_duration", &SEGMENT_SECS.to_string());
            add("window_size", &SEGMENTS.to_string());
            add("extra_window_size", "4");
            add(
                "adaptation_sets",
                "id=0,descriptor=<Accessibility schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"sign\"/>,streams=v \
                 id=1,streams=a",
            );
        }
    }
    options
}

fn refused(name: &str, doing: &'static str, source: ffmpeg::Error) -> StreamError {
    let said = ffi::last_words().filter(|said| !said.is_empty());
    let why = match source {
        ffmpeg::Error::Exit => "no answer in time".to_owned(),
        source => source.to_string(),
    };
    let why = match said {
        Some(said) => format!("{why} ({said})"),
        None => why,
    };
    StreamError::Receiver { name: name.to_owned(), doing, why }
}
