//! Decodes a file back to RGBA frames, to compare with what went in.

use std::path::{Path, PathBuf};

use ffmpeg_next::{self as ffmpeg, Packet, Rational, codec, format, frame};
use signing::{OutputTime, VideoFrame};

use crate::{
    convert::Converter,
    error::StreamError,
    probe::{best_video, flicks, open},
};

/// The frames of a file, in order of display, with straight alpha. Made by [`decode_rgba`].
pub struct DecodedFrames {
    path: PathBuf,
    input: format::context::Input,
    stream: usize,
    time_base: Rational,
    decoder: codec::decoder::Video,
    converter: Option<Converter>,
    draining: bool,
    done: bool,
}

/// Opens the first video stream of a file.
///
/// Its YUV is taken for limited-range BT.709, as [`Encoder`](crate::Encoder) writes it.
///
/// Errors: [`StreamError::Io`], [`StreamError::NoVideo`], [`StreamError::MissingDecoder`],
/// [`StreamError::Ffmpeg`].
pub fn decode_rgba(path: impl AsRef<Path>) -> Result<DecodedFrames, StreamError> {
    let path = path.as_ref();
    let input = open(path)?;
    let stream = best_video(&input, path)?;
    let (index, time_base) = (stream.index(), stream.time_base());
    let failed = |source| StreamError::ffmpeg(path.to_owned(), "opening the decoder", 0, source);
    let context = codec::Context::from_parameters(stream.parameters()).map_err(failed)?;
    // FFmpeg's own VP9 decoder, its first choice, knows no alpha; libvpx does.
    let decoder = match context.id() {
        codec::Id::VP9 => codec::decoder::find_by_name("libvpx-vp9"),
        id => codec::decoder::find(id),
    };
    let decoder = decoder.ok_or_else(|| StreamError::MissingDecoder { decoder: context.id().name().to_owned() })?;
    let decoder = context.decoder().open_as(decoder).and_then(|opened| opened.video()).map_err(failed)?;
    let path = path.to_owned();
    Ok(DecodedFrames { path, input, stream: index, time_base, decoder, converter: None, draining: false, done: false })
}

/// Mean Y, Cb and Cr of the first frame as stored, in steps of 8 bits: what a check of colours needs, free of any
/// conversion that could undo a wrong one.
///
/// Errors: as for [`decode_rgba`], and [`StreamError::NoVideo`] if there is no frame of 8-bit planar YUV.
pub fn first_yuv(path: impl AsRef<Path>) -> Result<[f64; 3], StreamError> {
    let path = path.as_ref();
    let mut frames = decode_rgba(path)?;
    let picture = frames.next_picture().map_err(|source| frames.error(source))?;
    let no_video = || StreamError::NoVideo { path: path.to_owned() };
    let picture = picture.filter(|picture| picture.format() == format::Pixel::YUV420P).ok_or_else(no_video)?;
    Ok([0, 1, 2].map(|plane| {
        let width = picture.plane_width(plane) as usize;
        let rows = picture.data(plane).chunks_exact(picture.stride(plane));
        let values: Vec<_> = rows.flat_map(|row| &row[..width]).map(|value| f64::from(*value)).collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    }))
}

impl DecodedFrames {
    fn next_frame(&mut self) -> Result<Option<VideoFrame>, ffmpeg::Error> {
        let picture = self.next_picture()?;
        picture.map(|picture| self.convert(&picture)).transpose()
    }

    fn error(&self, source: ffmpeg::Error) -> StreamError {
        StreamError::ffmpeg(self.path.clone(), "decoding a frame", 0, source)
    }

    fn next_picture(&mut self) -> Result<Option<frame::Video>, ffmpeg::Error> {
        let mut picture = frame::Video::empty();
        loop {
            match self.decoder.receive_frame(&mut picture) {
                Ok(()) => return Ok(Some(picture)),
                Err(ffmpeg::Error::Eof) => return Ok(None),
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) if !self.draining => self.feed()?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Gives the decoder the next packet, or the end.
    fn feed(&mut self) -> Result<(), ffmpeg::Error> {
        let mut packet = Packet::empty();
        loop {
            match packet.read(&mut self.input) {
                Ok(()) if packet.stream() == self.stream => return self.decoder.send_packet(&packet),
                Ok(()) => {}
                Err(ffmpeg::Error::Eof) => {
                    self.draining = true;
                    return self.decoder.send_eof();
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn convert(&mut self, picture: &frame::Video) -> Result<VideoFrame, ffmpeg::Error> {
        let (width, height) = (picture.width(), picture.height());
        let converter = match self.converter.take() {
            Some(converter) => converter,
            None => Converter::to_rgba(picture.format(), width, height)?,
        };
        let rgba = self.converter.insert(converter).decode(picture)?;
        let time = OutputTime(flicks(picture.timestamp().unwrap_or_default(), self.time_base));
        VideoFrame::new(time, width, height, rgba).map_err(|_| ffmpeg::Error::OutputChanged)
    }
}

impl Iterator for DecodedFrames {
    type Item = Result<VideoFrame, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.next_frame();
        self.done = !matches!(next, Ok(Some(_)));
        next.map_err(|source| self.error(source)).transpose()
    }
}
