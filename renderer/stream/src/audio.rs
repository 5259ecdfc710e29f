//! Decodes the sound of a file: any container and codec that FFmpeg reads → 32-bit floats with their times.

use std::path::{Path, PathBuf};

use ffmpeg_next::{
    self as ffmpeg, Packet, Rational, codec, format,
    format::sample::{Sample, Type},
    frame, media,
};
use signing::{Flicks, SourceTime};

use crate::{
    error::StreamError,
    probe::{flicks, open},
};

/// A decoded piece of sound.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundChunk {
    /// When its first sample sounds, from the start of the file.
    pub start: SourceTime,
    /// Samples a second and channel.
    pub rate: u32,
    /// One or two; what has more is mixed down to one.
    pub channels: u16,
    /// −1 to 1, interleaved.
    pub samples: Vec<f32>,
}

/// The sound of a file, in order. Made by [`decode_sound`].
pub struct DecodedSound {
    path: PathBuf,
    input: format::context::Input,
    stream: usize,
    time_base: Rational,
    decoder: codec::decoder::Audio,
    draining: bool,
    done: bool,
    any: bool,
    /// Where the sound ends according to the file, if its format is one that knows.
    end: Option<SourceTime>,
    /// Where the next chunk begins if the file does not say.
    next: SourceTime,
    /// Packets in a row that could not be decoded.
    broken: u32,
}

/// Packets in a row that may be broken before the file is given up.
const MOST_BROKEN: u32 = 50;
/// The format whose files say how long their sound is (FFmpeg's name of it); in others it is guessed from what is there.
const EXACT_FORMAT: &str = "mov,mp4,m4a,3gp,3g2,mj2";
/// Sound may end so much before the file says.
const MISSING: Flicks = Flicks::from_millis(1_000);
/// What a sound can have, samples a second: beyond it FFmpeg's own tables end.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Opens the sound that a player would play.
///
/// Errors: [`StreamError::Io`], [`StreamError::NoSound`], [`StreamError::SoundRate`],
/// [`StreamError::MissingDecoder`], [`StreamError::Ffmpeg`].
pub fn decode_sound(path: impl AsRef<Path>) -> Result<DecodedSound, StreamError> {
    let path = path.as_ref();
    let is_empty = path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0);
    if is_empty {
        return Err(StreamError::NoSound { path: path.to_owned(), found: "is empty" });
    }
    let input = open(path)?;
    let stream = input.streams().best(media::Type::Audio);
    let stream = stream.ok_or_else(|| StreamError::NoSound { path: path.to_owned(), found: "holds no sound" })?;
    let (index, time_base) = (stream.index(), stream.time_base());
    let failed = |source| StreamError::ffmpeg(path.to_owned(), "opening the decoder", 0, source);
    let context = codec::Context::from_parameters(stream.parameters()).map_err(failed)?;
    let decoder = codec::decoder::find(context.id());
    let decoder = decoder.ok_or_else(|| StreamError::MissingDecoder { decoder: context.id().name().to_owned() })?;
    let mut context = context.decoder();
    context.set_packet_time_base(time_base);
    let decoder = context.open_as(decoder).and_then(|opened| opened.audio()).map_err(failed)?;
    if decoder.rate() != 0 && !RATES.contains(&decoder.rate()) {
        return Err(StreamError::SoundRate { path: path.to_owned(), found: decoder.rate() });
    }
    let length = flicks(stream.duration(), time_base);
    let says = stream.duration() > 0 && input.format().name() == EXACT_FORMAT;
    Ok(DecodedSound {
        path: path.to_owned(),
        end: says.then_some(SourceTime(length)),
        input,
        stream: index,
        time_base,
        decoder,
        draining: false,
        done: false,
        any: false,
        next: SourceTime::ZERO,
        broken: 0,
    })
}

impl DecodedSound {
    fn next_chunk(&mut self) -> Result<Option<SoundChunk>, StreamError> {
        let mut sound = frame::Audio::empty();
        loop {
            match self.decoder.receive_frame(&mut sound) {
                Ok(()) => {
                    self.broken = 0;
                    if sound.samples() > 0 {
                        return self.chunk(&sound).map(Some);
                    }
                }
                Err(ffmpeg::Error::Eof) if self.any => return self.ended().map(|()| None),
                Err(ffmpeg::Error::Eof) => {
                    return Err(StreamError::NoSound { path: self.path.clone(), found: "holds no sample of sound" });
                }
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) if !self.draining => self.feed()?,
                Err(error) => self.forgive(error)?,
            }
        }
    }

    /// Whether all of the sound was there.
    fn ended(&self) -> Result<(), StreamError> {
        match self.end {
            Some(end) if end - self.next > MISSING => Err(StreamError::CutOff {
                path: self.path.clone(),
                expected_secs: end.as_secs(),
                found_secs: self.next.as_secs(),
            }),
            _ => Ok(()),
        }
    }

    /// A broken packet now and then is passed over, as players do.
    fn forgive(&mut self, source: ffmpeg::Error) -> Result<(), StreamError> {
        self.broken += 1;
        if source == ffmpeg::Error::InvalidData && self.broken <= MOST_BROKEN {
            tracing::warn!(path = %self.path.display(), "a packet of sound is broken: passed over");
            return Ok(());
        }
        Err(StreamError::ffmpeg(self.path.clone(), "decoding the sound", 0, source))
    }

    /// Gives the decoder the next packet, or the end.
    fn feed(&mut self) -> Result<(), StreamError> {
        let mut packet = Packet::empty();
        loop {
            match packet.read(&mut self.input) {
                Ok(()) if packet.stream() == self.stream => match self.decoder.send_packet(&packet) {
                    Ok(()) => return Ok(()),
                    Err(error) => self.forgive(error)?,
                },
                Ok(()) => {}
                Err(ffmpeg::Error::Eof) => {
                    self.draining = true;
                    let path = &self.path;
                    return self
                        .decoder
                        .send_eof()
                        .map_err(|source| StreamError::ffmpeg(path.clone(), "ending the sound", 0, source));
                }
                Err(source) => return Err(StreamError::ffmpeg(self.path.clone(), "reading a packet", 0, source)),
            }
        }
    }

    fn chunk(&mut self, sound: &frame::Audio) -> Result<SoundChunk, StreamError> {
        let (rate, channels) = (sound.rate(), usize::from(sound.channels()).max(1));
        if !RATES.contains(&rate) {
            return Err(StreamError::SoundRate { path: self.path.clone(), found: rate });
        }
        let all = samples(sound, channels).ok_or_else(|| StreamError::SoundFormat {
            path: self.path.clone(),
            found: sound.format().name().to_owned(),
        })?;
        let (channels, samples) = match channels {
            1 => (1, all),
            2 => (2, all),
            many => (1, all.chunks_exact(many).map(|row| row.iter().sum::<f32>() / many as f32).collect()),
        };
        let start = sound.timestamp().map_or(self.next, |ticks| SourceTime(flicks(ticks, self.time_base)));
        let length = i128::from(Flicks::PER_SECOND) * sound.samples() as i128 / i128::from(rate);
        self.next = start + Flicks(i64::try_from(length).unwrap_or(i64::MAX));
        self.any = true;
        Ok(SoundChunk { start, rate, channels, samples })
    }
}

/// Interleaved floats of a frame; `None` for a format that has none.
fn samples(sound: &frame::Audio, channels: usize) -> Option<Vec<f32>> {
    let count = sound.samples();
    let kind = sound.format();
    let (width, read): (usize, fn(&[u8]) -> f32) = match kind {
        Sample::U8(_) => (1, |bytes| (f32::from(bytes[0]) - 128.0) / 128.0),
        Sample::I16(_) => (2, |bytes| f32::from(i16::from_ne_bytes([bytes[0], bytes[1]])) / 32_768.0),
        Sample::I32(_) => (4, |bytes| {
            (f64::from(i32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])) / 2_147_483_648.0) as f32
        }),
        Sample::F32(_) => (4, |bytes| f32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])),
        Sample::F64(_) => (8, |bytes| {
            let mut value = [0; 8];
            value.copy_from_slice(&bytes[..8]);
            f64::from_ne_bytes(value) as f32
        }),
        Sample::I64(_) | Sample::None => return None,
    };
    let planar = matches!(
        kind,
        Sample::U8(Type::Planar)
            | Sample::I16(Type::Planar)
            | Sample::I32(Type::Planar)
            | Sample::F32(Type::Planar)
            | Sample::F64(Type::Planar)
    );
    if !planar {
        return Some(sound.data(0).get(..count * channels * width)?.chunks_exact(width).map(read).collect());
    }
    if sound.planes() < channels {
        return None;
    }
    let planes: Option<Vec<Vec<f32>>> = (0..channels)
        .map(|plane| Some(sound.data(plane).get(..count * width)?.chunks_exact(width).map(read).collect()))
        .collect();
    let planes = planes?;
    Some((0..count).flat_map(|n| planes.iter().map(move |plane| plane[n])).collect())
}

impl Iterator for DecodedSound {
    type Item = Result<SoundChunk, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.next_chunk();
        self.done = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}
