//! Frames → packets of H.264, or of a codec that keeps alpha, each out before the next goes in.

use std::path::PathBuf;

use ffmpeg_next::{self as ffmpeg, Packet, codec, frame, picture};
use signing::FrameRate;

use crate::{
    codec::CodecPlan,
    config::{EncoderConfig, Transparency},
    convert::{self, Converter},
    encoder::{open_codec, tag_bt709},
    error::StreamError,
    ffi,
    format::OutputFormat,
    metadata::{AigcLabel, Metadata},
};

/// How pictures are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AirCodec {
    /// H.264, opaque.
    #[default]
    H264,
    /// VP9 with straight alpha, for WebM.
    Vp9Alpha,
    /// ProRes 4444 with straight alpha, for MOV.
    ProRes4444,
}

/// An encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AirPacket {
    /// The packet.
    pub data: Vec<u8>,
    /// Whether it needs no other to be shown.
    pub key: bool,
    /// The alpha of a codec that keeps it apart, as WebM stores it.
    pub alpha: Option<Vec<u8>>,
}

/// What is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AirPictureConfig {
    /// Width and height in pixels, even.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// How.
    pub codec: AirCodec,
}

/// Encodes pictures, numbered from the start of the broadcast.
///
/// An encoder that takes over from another begins with a key frame; as both have the same settings, a receiver needs no new
/// header.
pub struct AirPicture {
    config: AirPictureConfig,
    converter: Converter,
    picture: frame::Video,
    encoder: codec::encoder::video::Encoder,
}

/// Bits a second at most, for each pixel a second: 3.5 Mbit/s at 720p25, 7.8 Mbit/s at 1080p25.
const MOST_BITS_A_PIXEL: f64 = 0.15;

impl AirPictureConfig {
    fn encoder(&self) -> EncoderConfig {
        let opaque = EncoderConfig::live(self.size, self.rate, Metadata::new(AigcLabel::new("", "")));
        let with_alpha = |format| EncoderConfig { format, transparency: Transparency::Alpha, ..opaque.clone() };
        match self.codec {
            AirCodec::H264 => opaque,
            AirCodec::Vp9Alpha => with_alpha(OutputFormat::Webm),
            AirCodec::ProRes4444 => with_alpha(OutputFormat::Mov),
        }
    }

    fn plan(&self) -> CodecPlan {
        let mut plan = crate::codec::plan(&self.encoder());
        if self.codec == AirCodec::H264 {
            let kilobits = self.most_bits() / 1_000;
            for (key, value) in &mut plan.options {
                if *key == "x264-params" {
                    // Every key frame brings its own headers, for receivers that join there; they announce a picture's timing.
                    *value =
                        format!("{value}:repeat-headers=1:pic-struct=1:vbv-maxrate={kilobits}:vbv-bufsize={kilobits}");
                }
            }
            plan.options.push(("forced-idr", "1".to_owned()));
        }
        plan
    }

    /// What a container must say of the stream.
    pub(super) fn stream_metadata(&self) -> &'static [(&'static str, &'static str)] {
        self.plan().stream_metadata
    }

    /// Checks size and codec.
    ///
    /// Errors: those of [`EncoderConfig::validate`].
    pub fn validate(&self) -> Result<(), StreamError> {
        self.encoder().validate()
    }

    /// Bits a second at most, over one second.
    pub(super) fn most_bits(&self) -> u32 {
        let pixels = f64::from(self.size.0) * f64::from(self.size.1) * self.rate.as_f64();
        // A motion picture of a few thousand pixels needs headers too; `as` saturates.
        (pixels * MOST_BITS_A_PIXEL).max(500_000.0) as u32
    }

    /// Opens an encoder: also to describe the stream to a container.
    pub(super) fn open(&self) -> Result<codec::encoder::video::Encoder, StreamError> {
        ffi::init();
        let config = self.encoder();
        config.validate()?;
        let plan = self.plan();
        open_codec(&config, &plan, true, |source| lost("opening the encoder", source))
    }
}

impl AirPicture {
    /// Opens the encoder.
    ///
    /// Errors: those of [`EncoderConfig::validate`]; [`StreamError::Ffmpeg`].
    pub fn open(config: AirPictureConfig) -> Result<Self, StreamError> {
        let encoder = config.open()?;
        let (width, height) = config.size;
        let pixel = config.plan().pixel;
        let converter = Converter::from_rgba(pixel, width, height)
            .map_err(|source| lost("setting up colour conversion", source))?;
        let mut picture =
            convert::allocate(pixel, width, height).map_err(|source| lost("allocating a picture", source))?;
        tag_bt709(&mut picture);
        Ok(Self { config, converter, picture, encoder })
    }

    /// Encodes frame `index`, `[height, width, 4]` bytes, as a key frame if asked for. Numbers must rise.
    ///
    /// Errors: [`StreamError::Ffmpeg`]; the encoder is of no more use then.
    pub fn encode(&mut self, rgba: &[u8], index: u64, key: bool) -> Result<AirPacket, StreamError> {
        self.encode_raw(rgba, index, key).map_err(|source| lost("encoding a frame", source))
    }

    fn encode_raw(&mut self, rgba: &[u8], index: u64, key: bool) -> Result<AirPacket, ffmpeg::Error> {
        ffi::make_writable(&mut self.picture)?;
        self.converter.encode(rgba, &mut self.picture)?;
        self.picture.set_pts(Some(index.cast_signed()));
        self.picture.set_kind(if key { picture::Type::I } else { picture::Type::None });
        self.encoder.send_frame(&self.picture)?;
        let mut packet = Packet::empty();
        self.encoder.receive_packet(&mut packet)?;
        let alpha = packet.side_data().find(|it| it.kind() == codec::packet::side_data::Type::MatroskaBlockAdditional);
        Ok(AirPacket {
            data: packet.data().unwrap_or_default().to_vec(),
            key: packet.is_key(),
            alpha: alpha.map(|alpha| alpha.data().to_vec()),
        })
    }
}

impl std::fmt::Debug for AirPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AirPicture").field("config", &self.config).finish_non_exhaustive()
    }
}

fn lost(doing: &'static str, source: ffmpeg::Error) -> StreamError {
    StreamError::ffmpeg(PathBuf::from("broadcast"), doing, 0, source)
}
