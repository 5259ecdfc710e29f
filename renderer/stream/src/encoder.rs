//! The stage: frames in, a file out.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use ffmpeg_next::{self as ffmpeg, Dictionary, Packet, Rational, codec, color, format, frame};
use signing::{Flicks, VideoFrame};

use crate::{
    clock::FrameClock,
    codec::CodecPlan,
    config::EncoderConfig,
    container::{self, ContainerPlan},
    convert::{self, Converter},
    error::StreamError,
    ffi,
    target::Target,
};

/// The only stream of a file.
const VIDEO: usize = 0;

/// Writes frames of one size and a constant rate into one file.
///
/// Lookahead: with [`Latency::Live`](crate::Latency::Live) none, a packet a frame; with
/// [`Latency::File`](crate::Latency::File) up to some twenty frames wait inside the encoder. Encoding happens on
/// the caller's thread and two of the encoder's; [`push`](Self::push) returns when the frame is taken.
///
/// The file appears under its final name when [`finish`](Self::finish) returns, and only then. Dropped before that,
/// nothing is left.
pub struct Encoder {
    config: EncoderConfig,
    clock: FrameClock,
    converter: Converter,
    picture: frame::Video,
    encoder: codec::encoder::video::Encoder,
    muxer: format::context::Output,
    stream_time_base: Rational,
    packets: u64,
    bytes: u64,
    failed: bool,
    /// Last, so that the muxer lets go of the file before it is deleted.
    target: Target,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The file.
    pub path: PathBuf,
    /// Frames in it.
    pub frames: u64,
    /// Its exact length in time: frames ÷ rate.
    pub duration: Flicks,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Encoder {
    /// Checks `config`, opens the encoder and a hidden file beside `path`, and writes the header.
    ///
    /// Errors: those of [`EncoderConfig::validate`]; [`StreamError::Folder`] and [`StreamError::Unwritable`]
    /// for the path; [`StreamError::Ffmpeg`].
    pub fn open(path: impl AsRef<Path>, config: EncoderConfig) -> Result<Self, StreamError> {
        let path = path.as_ref();
        ffi::init();
        config.validate()?;
        let target = Target::create(path, config.format)?;
        let codec_plan = crate::codec::plan(&config);
        let container_plan = container::plan(&config);
        let failed = |doing| move |source| StreamError::ffmpeg(path.to_owned(), doing, 0, source);

        let mut muxer = format::output_as(target.temporary_path(), container_plan.muxer)
            .map_err(failed("opening the container"))?;
        let global_header = muxer.format().flags().contains(format::Flags::GLOBAL_HEADER);
        let encoder = open_codec(&config, &codec_plan, global_header, failed("opening the encoder"))?;
        let stream_time_base = write_header(&mut muxer, &encoder, &config, &codec_plan, &container_plan)
            .map_err(failed("writing the header"))?;
        let (width, height) = (config.width, config.height);
        let converter =
            Converter::from_rgba(codec_plan.pixel, width, height).map_err(failed("setting up colour conversion"))?;
        let mut picture = convert::allocate(codec_plan.pixel, width, height).map_err(failed("allocating a picture"))?;
        tag_bt709(&mut picture);
        Ok(Self {
            clock: FrameClock::new(config.rate),
            config,
            converter,
            picture,
            encoder,
            muxer,
            stream_time_base,
            packets: 0,
            bytes: 0,
            failed: false,
            target,
        })
    }

    /// Takes the next frame. Its time must be exactly one frame after the one before; the first may have any.
    ///
    /// Errors: [`StreamError::FrameSize`], [`StreamError::NotMonotonic`], [`StreamError::NotConstant`]: the
    /// frame is not taken and the stream goes on; [`StreamError::DiskFull`] and [`StreamError::Ffmpeg`]: the
    /// stream is lost, drop it.
    pub fn push(&mut self, frame: &VideoFrame) -> Result<(), StreamError> {
        self.check_alive()?;
        let (width, height) = (self.config.width, self.config.height);
        if (frame.width(), frame.height()) != (width, height) {
            let (found_width, found_height) = (frame.width(), frame.height());
            return Err(StreamError::FrameSize { width, height, found_width, found_height });
        }
        let index = self.clock.tick(frame.time())?;
        let encoded = self.encode(frame, index);
        self.poison(encoded)
    }

    /// Packets handed to the file so far. With [`Latency::Live`](crate::Latency::Live) one for each frame.
    pub const fn packets_written(&self) -> u64 {
        self.packets
    }

    /// Bytes of encoded video handed to the file so far.
    pub const fn bytes_written(&self) -> u64 {
        self.bytes
    }

    /// Ends the stream, puts the file on the disk and gives it its final name.
    ///
    /// Errors: [`StreamError::Empty`] without a frame, [`StreamError::DiskFull`], [`StreamError::Io`],
    /// [`StreamError::Ffmpeg`]; no file is left then.
    pub fn finish(mut self) -> Result<Summary, StreamError> {
        self.check_alive()?;
        let frames = self.clock.ticks();
        if frames == 0 {
            return Err(StreamError::Empty { path: self.target.path().to_owned() });
        }
        self.encoder.send_eof().map_err(|source| self.error("ending the stream", source))?;
        self.drain()?;
        self.muxer.write_trailer().map_err(|source| self.error("writing the index", source))?;

        let Self { muxer, target, config, .. } = self;
        drop(muxer); // closes the file
        let path = target.path().to_owned();
        let bytes = target.commit()?;
        Ok(Summary { path, frames, duration: config.rate.time_of(frames).0, bytes })
    }

    fn encode(&mut self, frame: &VideoFrame, index: u64) -> Result<(), StreamError> {
        let convert = |this: &mut Self| {
            ffi::make_writable(&mut this.picture)?;
            this.converter.encode(frame.rgba(), &mut this.picture)?;
            this.picture.set_pts(Some(index.cast_signed()));
            this.encoder.send_frame(&this.picture)
        };
        convert(self).map_err(|source| self.error("encoding a frame", source))?;
        self.drain()
    }

    /// Moves finished packets from the encoder to the file.
    fn drain(&mut self) -> Result<(), StreamError> {
        let ticks = self.encoder.time_base();
        loop {
            let mut packet = Packet::empty();
            match self.encoder.receive_packet(&mut packet) {
                Ok(()) => {}
                Err(ffmpeg::Error::Eof | ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) => return Ok(()),
                Err(source) => return Err(self.error("encoding a frame", source)),
            }
            packet.set_stream(VIDEO);
            packet.set_duration(1); // the last frame too lasts one tick
            packet.rescale_ts(ticks, self.stream_time_base);
            let size = packet.size() as u64;
            packet.write_interleaved(&mut self.muxer).map_err(|source| self.error("writing a packet", source))?;
            self.packets += 1;
            self.bytes += size;
        }
    }

    fn error(&self, doing: &'static str, source: ffmpeg::Error) -> StreamError {
        StreamError::ffmpeg(self.target.path().to_owned(), doing, self.bytes, source)
    }

    fn check_alive(&self) -> Result<(), StreamError> {
        if self.failed { Err(StreamError::Failed { path: self.target.path().to_owned() }) } else { Ok(()) }
    }

    fn poison<T>(&mut self, result: Result<T, StreamError>) -> Result<T, StreamError> {
        self.failed |= result.is_err();
        result
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("target", &self.target)
            .field("config", &self.config)
            .field("frames", &self.clock.ticks())
            .field("packets", &self.packets)
            .finish_non_exhaustive()
    }
}

/// Says on the picture itself what its numbers mean: ProRes reads the tags off each picture, the others off the encoder.
pub(crate) fn tag_bt709(picture: &mut frame::Video) {
    picture.set_color_space(color::Space::BT709);
    picture.set_color_range(color::Range::MPEG);
    picture.set_color_primaries(color::Primaries::BT709);
    picture.set_color_transfer_characteristic(color::TransferCharacteristic::BT709);
}

/// One tick of the stream's clock: the length of a frame.
pub(crate) fn tick(config: &EncoderConfig) -> Rational {
    // A rate is a whole number of flicks a frame, so both halves are far below 2³¹.
    Rational::new(config.rate.den().cast_signed(), config.rate.num().cast_signed())
}

pub(crate) fn open_codec(
    config: &EncoderConfig,
    plan: &CodecPlan,
    global_header: bool,
    failed: impl Fn(ffmpeg::Error) -> StreamError + Copy,
) -> Result<codec::encoder::video::Encoder, StreamError> {
    let found = plan.find_encoder(config.format)?;
    let mut context = codec::Context::new_with_codec(found);
    context.set_threading(plan.threading);
    let mut flags = codec::Flags::empty();
    flags.set(codec::Flags::GLOBAL_HEADER, global_header);
    flags.set(codec::Flags::QSCALE, plan.fixed_quantizer.is_some());
    context.set_flags(flags);
    let mut video = context.encoder().video().map_err(failed)?;
    video.set_width(config.width);
    video.set_height(config.height);
    video.set_format(plan.pixel);
    video.set_aspect_ratio(Rational::new(1, 1));
    video.set_time_base(tick(config));
    video.set_frame_rate(Some(tick(config).invert()));
    video.set_gop(plan.key_interval);
    if let Some(quantizer) = plan.fixed_quantizer {
        video.set_global_quality(i32::from(quantizer) * ffmpeg::ffi::FF_QP2LAMBDA);
    }
    let (space, range) = match plan.pixel {
        // What every reader of JPEG takes for granted.
        format::Pixel::YUVJ420P => (color::Space::BT470BG, color::Range::JPEG),
        _ => (color::Space::BT709, color::Range::MPEG),
    };
    video.set_colorspace(space);
    video.set_color_range(range);
    video.set_color_primaries(color::Primaries::BT709);
    video.set_color_transfer_characteristic(color::TransferCharacteristic::BT709);
    video.open_as_with(found, dictionary(borrowed(&plan.options))).map_err(failed)
}

/// Describes the stream, writes the header, and returns the container's own tick.
fn write_header(
    muxer: &mut format::context::Output,
    encoder: &codec::encoder::video::Encoder,
    config: &EncoderConfig,
    codec_plan: &CodecPlan,
    container_plan: &ContainerPlan,
) -> Result<Rational, ffmpeg::Error> {
    let mut stream = muxer.add_stream_with(encoder)?;
    stream.set_time_base(tick(config));
    stream.set_rate(tick(config).invert());
    stream.set_avg_frame_rate(tick(config).invert());
    stream.set_metadata(dictionary(codec_plan.stream_metadata.iter().copied()));
    muxer.set_metadata(dictionary(borrowed(&config.metadata.entries())));
    let unused = muxer.write_header_with(dictionary(borrowed(&container_plan.options)))?;
    for (key, value) in unused.iter() {
        tracing::warn!(key, value, muxer = container_plan.muxer, "this FFmpeg does not know a muxer option");
    }
    drop(unused);
    Ok(muxer.stream(VIDEO).ok_or(ffmpeg::Error::StreamNotFound)?.time_base())
}

/// The strings hold no NUL: keys are constants, values are checked by `EncoderConfig::validate`.
pub(crate) fn dictionary<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> Dictionary<'static> {
    let mut dictionary = Dictionary::new();
    for (key, value) in entries {
        dictionary.set(key, value);
    }
    dictionary
}

pub(crate) fn borrowed<'a>(entries: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    entries.iter().map(|(key, value)| (*key, value.as_str()))
}
