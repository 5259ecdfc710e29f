//! The live stage: frames in, pieces of a stream out, as bytes.

use std::{
    io::{self, Write},
    mem,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use ffmpeg_next::{self as ffmpeg, Packet, Rational, codec, format, frame};
use signing::{FrameRate, OutputTime, VideoFrame};

use crate::{
    clock::FrameClock,
    codec::CodecPlan,
    config::EncoderConfig,
    convert::{self, Converter},
    encoder::{borrowed, dictionary, open_codec, tag_bt709, tick},
    error::StreamError,
    ffi,
    metadata::Metadata,
    silence::Silence,
};

/// What a live stream is wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LiveContainer {
    /// Fragmented MP4, one fragment a frame: the first piece is the initialisation segment.
    #[default]
    FragmentedMp4,
    /// MPEG-TS with a silent AAC track. It has no place for metadata: the visible mark alone says what it is.
    MpegTs,
    /// Motion JPEG: each piece is a JPEG picture of its own, with what the stream says about itself in a comment. For
    /// receivers without H.264.
    Jpeg,
}

/// What to stream: H.264 (but for JPEG), opaque, without lookahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveConfig {
    /// Width and height in pixels, even.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// The container.
    pub container: LiveContainer,
    /// What the stream says about itself.
    pub metadata: Metadata,
}

/// A piece of a live stream. All pieces in order are the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the container.
    pub data: Vec<u8>,
    /// Time of its first frame, counted from the stream's first.
    pub time: OutputTime,
    /// Frames in it.
    pub frames: u32,
    /// Whether a decoder can begin here.
    pub key: bool,
}

/// Encodes frames of one size and a constant rate into pieces of a stream.
///
/// Lookahead: none; each [`push`](Self::push) gives the piece of its own frame. Nothing is kept but what the codec
/// needs, so that a stream may last for ever.
pub struct LiveEncoder {
    config: LiveConfig,
    clock: FrameClock,
    /// Frames of the stream before this encoder's first.
    before: u64,
    converter: Converter,
    picture: frame::Video,
    encoder: codec::encoder::video::Encoder,
    muxer: format::context::Output,
    stream_time_base: Rational,
    silence: Option<Silence>,
    bytes: Shared,
    failed: bool,
}

/// Where the muxer writes; emptied after each frame.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl LiveConfig {
    fn encoder(&self) -> EncoderConfig {
        EncoderConfig::live(self.size, self.rate, self.metadata.clone())
    }

    /// Checks everything that can be known before a stream is opened.
    ///
    /// Errors: those of [`EncoderConfig::validate`].
    pub fn validate(&self) -> Result<(), StreamError> {
        self.encoder().validate()
    }
}

impl LiveEncoder {
    /// Opens codec and container. The second value is what a receiver needs first: the initialisation segment.
    ///
    /// Errors: those of [`EncoderConfig::validate`]; [`StreamError::Ffmpeg`].
    pub fn open(config: LiveConfig) -> Result<(Self, Piece), StreamError> {
        Self::open_at(config, 0)
    }

    /// Goes on with a stream whose encoder was lost: the next frame is number `before`, and times and fragments are
    /// counted from the stream's beginning. The second value is another initialisation segment.
    ///
    /// Errors: as for [`open`](Self::open).
    pub fn open_at(config: LiveConfig, before: u64) -> Result<(Self, Piece), StreamError> {
        ffi::init();
        let encoder_config = config.encoder();
        encoder_config.validate()?;
        let plan: CodecPlan = match config.container {
            LiveContainer::FragmentedMp4 | LiveContainer::MpegTs => crate::codec::plan(&encoder_config),
            LiveContainer::Jpeg => crate::codec::jpeg(),
        };
        let failed = |doing| move |source| lost(doing, source);
        let bytes = Shared::default();
        let muxer_name = match config.container {
            LiveContainer::FragmentedMp4 => "mp4",
            LiveContainer::MpegTs => "mpegts",
            LiveContainer::Jpeg => "mjpeg",
        };
        let opening = failed("opening the container");
        let sink = format::context::StreamIo::from_write(bytes.clone()).map_err(opening)?;
        let mut muxer = format::output_to_stream(sink, None, Some(muxer_name)).map_err(opening)?;
        let global_header = muxer.format().flags().contains(format::Flags::GLOBAL_HEADER);
        let encoder = open_codec(&encoder_config, &plan, global_header, failed("opening the encoder"))?;

        let heading = failed("writing the header");
        let mut stream = muxer.add_stream_with(&encoder).map_err(heading)?;
        stream.set_time_base(tick(&encoder_config));
        stream.set_rate(tick(&encoder_config).invert());
        stream.set_avg_frame_rate(tick(&encoder_config).invert());
        let from = config.rate.time_of(before);
        let silence = match config.container {
            LiveContainer::FragmentedMp4 | LiveContainer::Jpeg => None,
            LiveContainer::MpegTs => Some(Silence::open(&mut muxer, from).map_err(failed("opening the silent track"))?),
        };
        muxer.set_metadata(dictionary(borrowed(&config.metadata.entries())));
        let mut options = vec![("fflags", "+bitexact".to_owned())];
        match config.container {
            LiveContainer::FragmentedMp4 => {
                let flags = "+empty_moov+default_base_moof+frag_custom+frag_discont+use_metadata_tags";
                options.push(("movflags", flags.to_owned()));
                // Else the muxer moves the first frame's time to zero.
                options.push(("avoid_negative_ts", "make_non_negative".to_owned()));
                options.push(("use_editlist", "0".to_owned()));
                // A fragment a frame, counted from 1.
                options.push(("fragment_index", before.saturating_add(1).min(i32::MAX as u64).to_string()));
            }
            LiveContainer::MpegTs => {
                let discontinuity = if before > 0 { "+initial_discontinuity" } else { "" };
                options.push(("mpegts_flags", format!("+resend_headers+pat_pmt_at_frames{discontinuity}")));
                options.push(("muxdelay", "0".to_owned()));
            }
            LiveContainer::Jpeg => {}
        }
        let unused = muxer.write_header_with(dictionary(borrowed(&options))).map_err(heading)?;
        for (key, value) in unused.iter() {
            tracing::debug!(key, value, muxer = muxer_name, "this FFmpeg does not know a muxer option");
        }
        drop(unused);
        ffi::flush_io(&mut muxer);
        let stream_time_base = muxer.stream(0).ok_or(ffmpeg::Error::StreamNotFound).map_err(heading)?.time_base();
        let (width, height) = config.size;
        let converter =
            Converter::from_rgba(plan.pixel, width, height).map_err(failed("setting up colour conversion"))?;
        let mut picture = convert::allocate(plan.pixel, width, height).map_err(failed("allocating a picture"))?;
        if plan.pixel != format::Pixel::YUVJ420P {
            tag_bt709(&mut picture);
        }
        let head = Piece { data: bytes.take(), time: from, frames: 0, key: true };
        let clock = FrameClock::new(config.rate);
        let this = Self {
            config,
            clock,
            before,
            converter,
            picture,
            encoder,
            muxer,
            stream_time_base,
            silence,
            bytes,
            failed: false,
        };
        Ok((this, head))
    }

    /// Encodes the next frame. Its time must be exactly one frame after the one before; the first may have any.
    ///
    /// Errors: as for [`Encoder::push`](crate::Encoder::push).
    pub fn push(&mut self, frame: &VideoFrame) -> Result<Piece, StreamError> {
        if self.failed {
            return Err(StreamError::Failed { path: stream_name() });
        }
        let (width, height) = self.config.size;
        if (frame.width(), frame.height()) != (width, height) {
            let (found_width, found_height) = (frame.width(), frame.height());
            return Err(StreamError::FrameSize { width, height, found_width, found_height });
        }
        let index = self.before + self.clock.tick(frame.time())?;
        let key = self.encode(frame, index).map_err(|source| {
            self.failed = true;
            lost("encoding a frame", source)
        })?;
        let mut data = self.bytes.take();
        if self.config.container == LiveContainer::Jpeg {
            comment(&mut data, &self.config.metadata);
        }
        Ok(Piece { data, time: self.config.rate.time_of(index), frames: 1, key })
    }

    /// Ends the stream; what it gives back is its last piece.
    ///
    /// Errors: [`StreamError::Ffmpeg`].
    pub fn finish(mut self) -> Result<Piece, StreamError> {
        let ending = |source| lost("ending the stream", source);
        self.encoder.send_eof().map_err(ending)?;
        self.drain().map_err(ending)?;
        self.muxer.write_trailer().map_err(ending)?;
        ffi::flush_io(&mut self.muxer);
        let time = self.config.rate.time_of(self.before + self.clock.ticks());
        Ok(Piece { data: self.bytes.take(), time, frames: 0, key: false })
    }

    fn encode(&mut self, frame: &VideoFrame, index: u64) -> Result<bool, ffmpeg::Error> {
        ffi::make_writable(&mut self.picture)?;
        self.converter.encode(frame.rgba(), &mut self.picture)?;
        self.picture.set_pts(Some(index.cast_signed()));
        self.encoder.send_frame(&self.picture)?;
        let key = self.drain()?;
        if let Some(silence) = &mut self.silence {
            silence.fill(self.config.rate.time_of(index + 1), &mut self.muxer)?;
        }
        ffi::end_fragment(&mut self.muxer)?;
        Ok(key)
    }

    /// Moves finished packets to the muxer. True if one of them is a key frame.
    fn drain(&mut self) -> Result<bool, ffmpeg::Error> {
        let ticks = self.encoder.time_base();
        let mut key = false;
        loop {
            let mut packet = Packet::empty();
            match self.encoder.receive_packet(&mut packet) {
                Ok(()) => {}
                Err(ffmpeg::Error::Eof | ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) => return Ok(key),
                Err(source) => return Err(source),
            }
            key |= packet.is_key();
            packet.set_stream(0);
            packet.set_duration(1);
            packet.rescale_ts(ticks, self.stream_time_base);
            packet.write(&mut self.muxer)?;
        }
    }
}

/// Puts what the stream says about itself behind the first marker of a JPEG picture.
fn comment(jpeg: &mut Vec<u8>, metadata: &Metadata) {
    const START: [u8; 2] = [0xff, 0xd8];
    const COMMENT: [u8; 2] = [0xff, 0xfe];
    /// Bytes that a segment can hold beside its length.
    const LONGEST: usize = 65_533;
    if !jpeg.starts_with(&START) {
        return;
    }
    let lines = metadata.entries().into_iter().map(|(key, value)| format!("{key}={value}\n"));
    let mut text: String = lines.collect();
    text.truncate((0..=LONGEST).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default());
    let length = u16::try_from(text.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    let segment = COMMENT.into_iter().chain(length).chain(text.into_bytes());
    jpeg.splice(START.len()..START.len(), segment);
}

/// A live stream has no path; errors name it so.
fn stream_name() -> PathBuf {
    PathBuf::from("live stream")
}

fn lost(doing: &'static str, source: ffmpeg::Error) -> StreamError {
    StreamError::ffmpeg(stream_name(), doing, 0, source)
}

impl std::fmt::Debug for LiveEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveEncoder")
            .field("config", &self.config)
            .field("frames", &self.clock.ticks())
            .finish_non_exhaustive()
    }
}
