//! A silent AAC track: receivers of MPEG-TS demand one.

use ffmpeg_next::{self as ffmpeg, ChannelLayout, Packet, Rational, codec, format, frame};
use signing::OutputTime;

/// Samples a second.
const SAMPLE_RATE: i32 = 48_000;
/// Which stream of the container.
const STREAM: usize = 1;

/// Encodes silence up to any moment.
pub(crate) struct Silence {
    encoder: codec::encoder::audio::Encoder,
    samples: frame::Audio,
    next: i64,
}

impl Silence {
    /// Adds the track, silent from `from` on. The header must not have been written yet.
    pub(crate) fn open(muxer: &mut format::context::Output, from: OutputTime) -> Result<Self, ffmpeg::Error> {
        let found = ffmpeg::encoder::find(codec::Id::AAC).ok_or(ffmpeg::Error::EncoderNotFound)?;
        let kind = format::Sample::F32(format::sample::Type::Planar);
        let mut audio = codec::Context::new_with_codec(found).encoder().audio()?;
        audio.set_rate(SAMPLE_RATE);
        audio.set_format(kind);
        audio.set_channel_layout(ChannelLayout::MONO);
        audio.set_bit_rate(32_000);
        audio.set_time_base(Rational::new(1, SAMPLE_RATE));
        let encoder = audio.open_as(found)?;
        let length = usize::try_from(encoder.frame_size()).unwrap_or(1024);
        let mut samples = frame::Audio::new(kind, length, ChannelLayout::MONO);
        samples.set_rate(SAMPLE_RATE.cast_unsigned());
        samples.plane_mut::<f32>(0).fill(0.0);
        muxer.add_stream_with(&encoder)?.set_time_base(Rational::new(1, SAMPLE_RATE));
        // On the grid of packets that began with the stream.
        let grid = i64::try_from(length).unwrap_or(1024);
        let next = (sample_at(from) + grid - 1) / grid * grid;
        Ok(Self { encoder, samples, next })
    }

    /// Writes silence until it reaches `end`.
    pub(crate) fn fill(&mut self, end: OutputTime, muxer: &mut format::context::Output) -> Result<(), ffmpeg::Error> {
        let time_base = muxer.stream(STREAM).ok_or(ffmpeg::Error::StreamNotFound)?.time_base();
        let end = sample_at(end);
        while self.next < end {
            self.samples.set_pts(Some(self.next));
            self.next += i64::try_from(self.samples.samples()).unwrap_or(1024);
            self.encoder.send_frame(&self.samples)?;
            let mut packet = Packet::empty();
            while self.encoder.receive_packet(&mut packet).is_ok() {
                packet.set_stream(STREAM);
                packet.rescale_ts(Rational::new(1, SAMPLE_RATE), time_base);
                packet.write(muxer)?;
            }
        }
        Ok(())
    }
}

/// The sample that sounds at `time`, rounded down.
fn sample_at(time: OutputTime) -> i64 {
    time.0.0 / (signing::Flicks::PER_SECOND / i64::from(SAMPLE_RATE))
}
