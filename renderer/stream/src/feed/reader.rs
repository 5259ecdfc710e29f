//! The thread that reads a feed: takes it apart, gives every packet its place on the input's clock, decodes the sound.

use std::{
    cell::Cell,
    collections::VecDeque,
    sync::{Arc, PoisonError, atomic::Ordering, mpsc::TrySendError},
    thread,
    time::{Duration, Instant},
};

use ffmpeg_next::{self as ffmpeg, ChannelLayout, Packet, Rational, codec, filter, format, frame, media};
use signing::{Flicks, SourceTime};

use super::{
    FeedConfig, FeedEvent, FeedTaps, Shared,
    captions::{CaptionDecoder, Track},
    is_file,
    pictures::Item,
    timecode::{Found, Scout},
};
use crate::{SoundChunk, air::AIR_SOUND_RATE, encoder::dictionary, ffi, probe::flicks};

/// From one attempt to the next: the first, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(3));
/// A live feed that gives nothing for so long is lost.
const SILENT: Duration = Duration::from_secs(5);
/// Longest that an address may take to open.
const OPENING: Duration = Duration::from_secs(10);
/// A file is read so far ahead of its clock.
const READ_AHEAD: Flicks = Flicks::from_millis(500);
/// A packet for which this had to be waited comes now, and did not lie there.
const WAITED: Duration = Duration::from_millis(5);
/// Longest that a feed's streams are looked for, and a little more.
const LOOKED_FOR: Flicks = Flicks::from_millis(3_000);
/// Most packets that lie there when a feed's streams are known.
const EARLY: usize = 4_096;
/// Times that are so far from where they should be have jumped.
const JUMP: Flicks = Flicks::from_millis(3_000);
/// From one report of sound that is not heard to the next.
const REPORT: Duration = Duration::from_secs(10);
const NAP: Duration = Duration::from_millis(50);

pub(super) type Listener = Box<dyn Fn(FeedEvent) + Send + Sync>;

pub(super) struct Reader {
    config: FeedConfig,
    zero: Instant,
    shared: Arc<Shared>,
    taps: FeedTaps,
    listener: Listener,
    /// When it last said that sound is not heard.
    said: Cell<Option<Instant>>,
    /// What would place its first picture at zero.
    begin: Cell<Flicks>,
}

/// Where a stream's own times stand on the input's clock.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// To be added to its times.
    offset: Flicks,
    /// Where its next packet should be.
    expected: Option<Flicks>,
}

/// Why reading ended.
enum End {
    Stopped,
    File,
    Lost(String),
}

impl Reader {
    pub(super) fn new(
        config: FeedConfig,
        zero: Instant,
        shared: Arc<Shared>,
        taps: FeedTaps,
        listener: Listener,
    ) -> Self {
        Self { config, zero, shared, taps, listener, said: Cell::new(None), begin: Cell::new(Flicks::ZERO) }
    }

    pub(super) fn run(self) {
        let mut wait = BACKOFF.0;
        let mut said = String::new();
        loop {
            let began = Instant::now();
            match self.read() {
                End::Stopped => return,
                End::File => return (self.listener)(FeedEvent::Ended),
                End::Lost(why) => {
                    if began.elapsed() > BACKOFF.1 {
                        (wait, said) = (BACKOFF.0, String::new());
                    }
                    if why != said {
                        (self.listener)(FeedEvent::Lost(why.clone()));
                        said = why;
                    }
                }
            }
            let until = Instant::now() + wait;
            while Instant::now() < until {
                if self.is_stopped() {
                    return;
                }
                thread::sleep(NAP);
            }
            wait = (wait * 2).min(BACKOFF.1);
        }
    }

    fn is_stopped(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    fn now(&self) -> Flicks {
        Flicks::from_secs(self.zero.elapsed().as_secs_f64())
    }

    fn open(&self) -> Result<(format::context::Input, Arc<std::sync::Mutex<Instant>>), ffmpeg::Error> {
        let stop = Arc::clone(&self.shared.stop);
        let until = Arc::new(std::sync::Mutex::new(Instant::now() + OPENING));
        let asked = Arc::clone(&until);
        let is_over = move || {
            let until = *asked.lock().unwrap_or_else(PoisonError::into_inner);
            stop.load(Ordering::Relaxed) || Instant::now() > until
        };
        let source = if is_file(&self.config.source) {
            // Absolute, as FFmpeg takes `a:b` as a protocol.
            let path = std::path::absolute(&self.config.source).unwrap_or_else(|_| self.config.source.clone().into());
            path.to_string_lossy().into_owned()
        } else {
            self.config.source.clone()
        };
        // Enough to find the streams of a live feed, little enough to begin soon.
        let options = dictionary([("analyzeduration", "1500000"), ("fflags", "+genpts+discardcorrupt")].into_iter());
        let input = format::input_with_interrupt_and_dictionary(&source, is_over, options)?;
        Ok((input, until))
    }

    fn read(&self) -> End {
        let is_file = is_file(&self.config.source);
        let failed = |error: ffmpeg::Error| {
            let said = ffi::last_words().filter(|said| !said.is_empty());
            End::Lost(said.map_or_else(|| error.to_string(), |said| format!("{error} ({said})")))
        };
        let (mut input, until) = match self.open() {
            Ok(opened) => opened,
            Err(_) if self.is_stopped() => return End::Stopped,
            Err(error) => return failed(error),
        };
        let wants_pictures = self.shared.pictures.lock().unwrap_or_else(PoisonError::into_inner).is_wanted();
        let video = input.streams().best(media::Type::Video).map(|stream| (stream.index(), stream.time_base()));
        let video = video.filter(|_| wants_pictures);
        let mut size = None;
        if let Some((index, _)) = video
            && let Some(stream) = input.stream(index)
        {
            let decoder = codec::Context::from_parameters(stream.parameters()).and_then(|it| it.decoder().video());
            size = decoder.ok().map(|decoder| (decoder.width(), decoder.height()));
            self.shared.pictures.lock().unwrap_or_else(PoisonError::into_inner).put(Item::Begin(stream.parameters()));
        }
        let mut sound = None;
        if let Some(stream) = input.streams().best(media::Type::Audio) {
            match SoundDecoder::open(&stream) {
                Ok(decoder) => sound = Some(decoder),
                Err(error) => (self.listener)(FeedEvent::Warning(format!("its sound can't be decoded: {error}"))),
            }
        }
        let mut scout = Scout::open(&input).filter(|_| !is_file);
        let mut captions = self.open_captions(&input);
        let of_captions = captions.as_ref().map(|it| it.kind.clone());
        (self.listener)(FeedEvent::Opened { pictures: size, sound: sound.is_some(), captions: of_captions });
        if wants_pictures && video.is_none() {
            (self.listener)(FeedEvent::Warning("it has no picture: the signer stands alone".to_owned()));
        }
        if sound.is_none() {
            (self.listener)(FeedEvent::Warning("it has no sound: nothing is heard in it".to_owned()));
        }

        // A file's first picture, or its first sound, is at the input's zero: what is decoded before it has a negative time.
        let begin = begin_of(&input);
        let mut place = begin.filter(|_| is_file);
        self.begin.set(begin.map_or(Flicks::ZERO, |begin| begin.offset));
        let wait = || *until.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + SILENT;
        wait();
        let mut early = if is_file { VecDeque::new() } else { Self::early(&mut input) };
        let bases: Vec<Rational> = input.streams().map(|stream| stream.time_base()).collect();
        let is_clock = |index: usize| {
            video.is_some_and(|(video, _)| video == index) || sound.as_ref().is_some_and(|sound| sound.stream == index)
        };
        let times = early.iter().flatten().filter(|packet| is_clock(packet.stream()));
        let times = times.filter_map(|packet| Some(flicks(time_of(packet)?, *bases.get(packet.stream())?)));
        if let Some(newest) = comes_now(times) {
            place = Some(Place { offset: self.on_tick(self.now() - newest), expected: None });
        }
        loop {
            if self.is_stopped() {
                return End::Stopped;
            }
            wait();
            let read = early.pop_front().unwrap_or_else(|| read_packet(&mut input));
            let mut packet = match read {
                Ok(packet) => packet,
                Err(ffmpeg::Error::Eof) if is_file => return End::File,
                Err(_) if self.is_stopped() => return End::Stopped,
                Err(ffmpeg::Error::Exit) => return End::Lost(format!("it gave nothing for {} s", SILENT.as_secs())),
                Err(ffmpeg::Error::Eof) => return End::Lost("it ended".to_owned()),
                Err(error) => return failed(error),
            };
            if let (Some(scout), Some(Place { offset, .. })) = (&mut scout, place) {
                self.tell_timecode(scout, &packet, offset, &bases);
            }
            let is_video = video.is_some_and(|(index, _)| index == packet.stream());
            let base_of_sound = sound.as_ref().filter(|it| it.stream == packet.stream()).map(|it| it.base);
            let base_of_captions = captions.as_ref().filter(|it| it.stream == packet.stream()).map(|it| it.base);
            let base_of_video = video.filter(|_| is_video).map(|(_, base)| base);
            let Some(base) = base_of_video.or(base_of_sound).or(base_of_captions) else { continue };
            let Some(time) = time_of(&packet).map(|ticks| flicks(ticks, base)) else { continue };
            // Captions come seldom, and may be cut out early: the clock is that of picture and sound.
            let offset = match place {
                Some(Place { offset, .. }) if base_of_captions.is_some() => offset,
                _ => self.place(&mut place, time, is_file),
            };
            if is_file && !self.wait_for(time + offset) {
                return End::Stopped;
            }
            if is_video {
                let shift = |ticks: Option<i64>| ticks.map(|ticks| (flicks(ticks, base) + offset).0);
                let (pts, dts) = (shift(packet.pts()), shift(packet.dts()));
                packet.set_pts(pts);
                packet.set_dts(dts);
                self.shared.pictures.lock().unwrap_or_else(PoisonError::into_inner).put(Item::Packet(packet));
            } else if let Some(decoder) = captions.as_mut().filter(|_| base_of_captions.is_some()) {
                self.read_caption(decoder, &packet, offset);
            } else if let Some(sound) = &mut sound {
                let heard = sound.decode(&packet, |chunk| self.hear(chunk, offset));
                if let Err(error) = heard {
                    tracing::debug!(%error, "a programme's sound can't be decoded");
                }
            }
        }
    }

    /// What has come already, and the packet behind it, which had to be waited for.
    fn early(input: &mut format::context::Input) -> VecDeque<Result<Packet, ffmpeg::Error>> {
        let mut early = VecDeque::new();
        while early.len() < EARLY {
            let began = Instant::now();
            let read = read_packet(input);
            let over = read.is_err() || began.elapsed() > WAITED;
            early.push_back(read);
            if over {
                break;
            }
        }
        early
    }

    /// The track of captions, if it is wanted and can be read.
    fn open_captions(&self, input: &format::context::Input) -> Option<Box<CaptionDecoder>> {
        self.taps.captions.as_ref()?;
        let warning = match Track::find(input) {
            Track::Text(decoder) => return Some(decoder),
            Track::Missing => "it has no captions: nothing of it is signed".to_owned(),
            Track::Unreadable(why) => {
                format!("its captions can't be read: {why}; give them as a file of text (--captions), or --hear")
            }
        };
        (self.listener)(FeedEvent::Warning(warning));
        None
    }

    fn read_caption(&self, decoder: &mut CaptionDecoder, packet: &Packet, offset: Flicks) {
        let Some(captions) = &self.taps.captions else { return };
        match decoder.decode(packet, offset) {
            Ok(Some(caption)) => {
                if let Err(TrySendError::Full(lost)) = captions.try_send(caption) {
                    let warning = format!("captions come faster than they are understood; left out: {}", lost.text);
                    (self.listener)(FeedEvent::Warning(warning));
                }
            }
            Ok(None) => {}
            Err(error) => (self.listener)(FeedEvent::Warning(format!("a caption can't be decoded: {error}"))),
        }
    }

    /// Tells the timecode of a key picture, and when that picture is shown.
    fn tell_timecode(&self, scout: &mut Scout, packet: &Packet, offset: Flicks, bases: &[Rational]) {
        let shown = packet.pts().or_else(|| packet.dts()).zip(bases.get(packet.stream()));
        if let (Some((ticks, base)), Some(Found { code, after })) = (shown, scout.look(packet)) {
            let before = scout.rate().map_or(Flicks::ZERO, |rate| rate.time_of(after.into()).0);
            (self.listener)(FeedEvent::Timecode { code, at: SourceTime(flicks(ticks, *base) + offset - before) });
        }
    }

    /// What must be added to a stream's time to stand on the input's clock.
    fn place(&self, place: &mut Option<Place>, time: Flicks, is_file: bool) -> Flicks {
        match place {
            None => {
                let offset = if is_file { Flicks::ZERO - time } else { self.on_tick(self.now() - time) };
                *place = Some(Place { offset, expected: Some(time + offset) });
            }
            Some(place) => {
                let at = time + place.offset;
                let jumped = place.expected.map(|expected| at - expected).filter(|away| away.0.abs() > JUMP.0);
                if let Some(away) = jumped {
                    (self.listener)(FeedEvent::Jumped(away.as_secs()));
                    place.offset = if is_file { at - away - time } else { self.on_tick(self.now() - time) };
                }
                place.expected = Some(time + place.offset);
            }
        }
        place.map_or(Flicks::ZERO, |place| place.offset)
    }

    /// The offset, or a little more, at which the first picture would be at a whole tick.
    fn on_tick(&self, offset: Flicks) -> Flicks {
        let tick = self.config.tick.0.max(1);
        // Where the first picture would be, and so each of a feed at the same rate.
        let first = offset - self.begin.get();
        offset + Flicks((-first.0).rem_euclid(tick))
    }

    /// Waits until a file's clock is near `time`. False if the feed is to stop.
    fn wait_for(&self, time: Flicks) -> bool {
        while time - READ_AHEAD > self.now() {
            if self.is_stopped() {
                return false;
            }
            thread::sleep(NAP.min(Duration::from_secs_f64((time - READ_AHEAD - self.now()).as_secs().max(0.001))));
        }
        true
    }

    fn hear(&self, samples: Resampled, offset: Flicks) {
        let start = samples.start + offset;
        let per_sample = Flicks::PER_SECOND / i64::from(AIR_SOUND_RATE);
        let pairs = samples.pairs.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
        self.shared.sounds.lock().unwrap_or_else(PoisonError::into_inner).put(start.0.div_euclid(per_sample), pairs);
        if let Some(hear) = &self.taps.sound {
            let chunk =
                SoundChunk { start: SourceTime(start), rate: AIR_SOUND_RATE, channels: 2, samples: samples.pairs };
            let full = matches!(hear.try_send(chunk), Err(TrySendError::Full(_)));
            if full && self.said.get().is_none_or(|said| said.elapsed() > REPORT) {
                self.said.set(Some(Instant::now()));
                (self.listener)(FeedEvent::Warning("listening is too slow: some of its sound is not heard".to_owned()));
            }
        }
    }
}

/// Which of the times that lay there is that of now. What came while the streams were looked for did not come now, but the
/// newest of it did. More than that is no feed that comes as it happens, but one of whole segments: its first time is now,
/// as any later one would leave nothing to show until the next segment.
fn comes_now(times: impl Iterator<Item = Flicks>) -> Option<Flicks> {
    let times: Vec<Flicks> = times.collect();
    let (oldest, newest) = (*times.iter().min()?, *times.iter().max()?);
    (newest - oldest <= LOOKED_FOR).then_some(newest)
}

fn read_packet(input: &mut format::context::Input) -> Result<Packet, ffmpeg::Error> {
    let mut packet = Packet::empty();
    packet.read(input).map(|()| packet)
}

/// When it is decoded, on its stream's clock.
fn time_of(packet: &Packet) -> Option<i64> {
    packet.dts().or_else(|| packet.pts())
}

/// Places a file's first picture, or its first sound, at zero.
fn begin_of(input: &format::context::Input) -> Option<Place> {
    let best = |kind| input.streams().best(kind);
    let stream = best(media::Type::Video).or_else(|| best(media::Type::Audio))?;
    let start = Some(stream.start_time()).filter(|start| *start != ffmpeg::ffi::AV_NOPTS_VALUE)?;
    Some(Place { offset: Flicks::ZERO - flicks(start, stream.time_base()), expected: None })
}

/// Sound of two channels at the broadcast's rate.
struct Resampled {
    start: Flicks,
    /// Interleaved.
    pairs: Vec<f32>,
}

struct SoundDecoder {
    stream: usize,
    base: Rational,
    decoder: codec::decoder::Audio,
    /// The resampler, and what it takes.
    graph: Option<(filter::Graph, Kind)>,
}

type Kind = (format::Sample, u32, u64);

impl SoundDecoder {
    fn open(stream: &ffmpeg::Stream<'_>) -> Result<Self, ffmpeg::Error> {
        let mut context = codec::Context::from_parameters(stream.parameters())?.decoder();
        context.set_packet_time_base(stream.time_base());
        let decoder = context.audio()?;
        Ok(Self { stream: stream.index(), base: stream.time_base(), decoder, graph: None })
    }

    fn decode(&mut self, packet: &Packet, mut take: impl FnMut(Resampled)) -> Result<(), ffmpeg::Error> {
        self.decoder.send_packet(packet)?;
        let mut sound = frame::Audio::empty();
        while self.decoder.receive_frame(&mut sound).is_ok() {
            if sound.samples() == 0 || sound.rate() == 0 {
                continue;
            }
            let start = sound.timestamp().map_or(Flicks::ZERO, |ticks| flicks(ticks, self.base));
            let layout = if sound.channel_layout().is_empty() {
                ChannelLayout::default(i32::from(sound.channels()))
            } else {
                sound.channel_layout()
            };
            sound.set_channel_layout(layout);
            let kind: Kind = (sound.format(), sound.rate(), layout.bits());
            if self.graph.as_ref().is_none_or(|(_, found)| *found != kind) {
                self.graph = Some((resampler(kind)?, kind));
            }
            let Some((graph, _)) = &mut self.graph else { continue };
            // Counted from here: what the resampler holds back is a few samples.
            sound.set_pts(None);
            graph.get("in").ok_or(ffmpeg::Error::FilterNotFound)?.source().add(&sound)?;
            let mut pairs = Vec::new();
            let mut out = frame::Audio::empty();
            while graph.get("out").ok_or(ffmpeg::Error::FilterNotFound)?.sink().frame(&mut out).is_ok() {
                let bytes = &out.data(0)[..out.samples() * 8];
                let number = |bytes: &[u8]| f32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                pairs.extend(bytes.chunks_exact(4).map(number));
            }
            if !pairs.is_empty() {
                take(Resampled { start, pairs });
            }
        }
        Ok(())
    }
}

/// Any sound → two channels of packed floats at the broadcast's rate.
fn resampler((sample, rate, layout): Kind) -> Result<filter::Graph, ffmpeg::Error> {
    let find = |name| filter::find(name).ok_or(ffmpeg::Error::FilterNotFound);
    let mut graph = filter::Graph::new();
    let input =
        format!("time_base=1/{rate}:sample_rate={rate}:sample_fmt={}:channel_layout=0x{layout:x}", sample.name());
    graph.add(&find("abuffer")?, "in", &input)?;
    graph.add(&find("abuffersink")?, "out", "")?;
    let wanted = format!("aformat=sample_fmts=flt:sample_rates={AIR_SOUND_RATE}:channel_layouts=stereo");
    graph.output("in", 0)?.input("out", 0)?.parse(&wanted)?;
    graph.validate()?;
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_placed_by_its_newest_packet_and_segments_by_their_first() {
        let times = |until: i64| (0..=until).step_by(40).map(Flicks::from_millis);
        assert_eq!(comes_now(times(1_200)), Some(Flicks::from_millis(1_200)));
        // Sound is muxed behind its picture.
        let mixed = times(1_200).chain([Flicks::from_millis(900)]);
        assert_eq!(comes_now(mixed), Some(Flicks::from_millis(1_200)));
        assert_eq!(comes_now(times(18_000)), None);
        assert_eq!(comes_now(std::iter::empty()), None);
    }
}
