//! Sound of a broadcast → packets of AAC or Opus: silence, or what a programme says.

use std::path::PathBuf;

use ffmpeg_next::{self as ffmpeg, ChannelLayout, Packet, Rational, codec, format, frame};
use signing::{Flicks, OutputTime};

use super::AirCodec;
use crate::{error::StreamError, ffi};

/// How sound is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoundCodec {
    /// What every receiver takes.
    Aac,
    /// What WebM asks for.
    Opus,
}

impl From<AirCodec> for SoundCodec {
    fn from(picture: AirCodec) -> Self {
        match picture {
            AirCodec::H264 | AirCodec::ProRes4444 => Self::Aac,
            AirCodec::Vp9Alpha => Self::Opus,
        }
    }
}

impl SoundCodec {
    const fn name(self) -> &'static str {
        match self {
            Self::Aac => "aac",
            Self::Opus => "libopus",
        }
    }

    /// Whether both channels lie in one plane.
    const fn is_packed(self) -> bool {
        matches!(self, Self::Opus)
    }
}

/// Samples a second of every broadcast; two channels.
pub const AIR_SOUND_RATE: u32 = 48_000;

/// Fills left and right from a sample on, −1 to 1.
pub type SoundSource<'a> = dyn FnMut(i64, &mut [f32], &mut [f32]) + 'a;
const BIT_RATE: usize = 128_000;
const FLICKS_A_SAMPLE: i64 = Flicks::PER_SECOND / AIR_SOUND_RATE as i64;

/// A packet of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundPacket {
    /// Its first sample, counted from the start of the broadcast.
    pub sample: i64,
    /// How many samples it holds.
    pub samples: i64,
    /// The packet.
    pub data: Vec<u8>,
}

/// Encodes sound up to any moment, without a gap.
pub struct AirSound {
    codec: SoundCodec,
    encoder: codec::encoder::audio::Encoder,
    samples: frame::Audio,
    next: i64,
}

impl AirSound {
    /// Opens the encoder; also to describe the stream to a container.
    ///
    /// Errors: [`StreamError::Ffmpeg`].
    pub fn open(codec: SoundCodec) -> Result<Self, StreamError> {
        Self::open_raw(codec).map_err(|source| lost("opening the encoder of sound", source))
    }

    fn open_raw(codec: SoundCodec) -> Result<Self, ffmpeg::Error> {
        ffi::init();
        let found = ffmpeg::encoder::find_by_name(codec.name()).ok_or(ffmpeg::Error::EncoderNotFound)?;
        let plan = if codec.is_packed() { format::sample::Type::Packed } else { format::sample::Type::Planar };
        let kind = format::Sample::F32(plan);
        let rate = AIR_SOUND_RATE.cast_signed();
        let mut audio = ffmpeg::codec::Context::new_with_codec(found).encoder().audio()?;
        audio.set_rate(rate);
        audio.set_format(kind);
        audio.set_channel_layout(ChannelLayout::STEREO);
        audio.set_bit_rate(BIT_RATE);
        audio.set_time_base(Rational::new(1, rate));
        let encoder = audio.open_as(found)?;
        let length = usize::try_from(encoder.frame_size()).unwrap_or(1024);
        let mut samples = frame::Audio::new(kind, length, ChannelLayout::STEREO);
        samples.set_rate(AIR_SOUND_RATE);
        Ok(Self { codec, encoder, samples, next: 0 })
    }

    pub(super) fn codec(&self) -> &codec::encoder::audio::Encoder {
        &self.encoder
    }

    /// Encodes until sound reaches `end`. `sound` fills left and right from a sample on, −1 to 1.
    ///
    /// Errors: [`StreamError::Ffmpeg`].
    pub fn until(&mut self, end: OutputTime, sound: &mut SoundSource<'_>) -> Result<Vec<SoundPacket>, StreamError> {
        self.until_raw(end, sound).map_err(|source| lost("encoding sound", source))
    }

    fn until_raw(&mut self, end: OutputTime, sound: &mut SoundSource<'_>) -> Result<Vec<SoundPacket>, ffmpeg::Error> {
        let end = end.0.0 / FLICKS_A_SAMPLE;
        let mut packets = Vec::new();
        while self.next < end {
            ffi::make_audio_writable(&mut self.samples)?;
            let count = self.samples.samples();
            let (mut left, mut right) = (vec![0.0; count], vec![0.0; count]);
            sound(self.next, &mut left, &mut right);
            if self.codec.is_packed() {
                let pairs = left.iter().zip(&right).map(|(left, right)| (*left, *right));
                self.samples.plane_mut::<(f32, f32)>(0).iter_mut().zip(pairs).for_each(|(to, pair)| *to = pair);
            } else {
                self.samples.plane_mut::<f32>(0).copy_from_slice(&left);
                self.samples.plane_mut::<f32>(1).copy_from_slice(&right);
            }
            self.samples.set_pts(Some(self.next));
            self.next += i64::try_from(count).unwrap_or(1024);
            self.encoder.send_frame(&self.samples)?;
            let mut packet = Packet::empty();
            while self.encoder.receive_packet(&mut packet).is_ok() {
                // The first packet holds only what the codec puts before its first sample.
                if let Some(sample) = packet.pts().filter(|sample| *sample >= 0) {
                    let samples = packet.duration().max(1);
                    packets.push(SoundPacket { sample, samples, data: packet.data().unwrap_or_default().to_vec() });
                }
            }
        }
        Ok(packets)
    }
}

impl std::fmt::Debug for AirSound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AirSound").field("next", &self.next).finish_non_exhaustive()
    }
}

fn lost(doing: &'static str, source: ffmpeg::Error) -> StreamError {
    StreamError::ffmpeg(PathBuf::from("broadcast"), doing, 0, source)
}
