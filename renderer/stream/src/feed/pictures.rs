//! Pictures that wait, compressed, for their moment.

use std::{collections::VecDeque, sync::Arc};

use ffmpeg_next::{self as ffmpeg, Packet, codec, frame};
use signing::{Flicks, SourceTime};

use crate::{convert::allocate, ffi};

/// Packets are decoded so long before their moment: decoders hold some pictures back.
const AHEAD: Flicks = Flicks::from_millis(600);
/// A picture stands at most so long when no other follows.
const STALE: Flicks = Flicks::from_millis(2_000);
/// Most bytes that wait; beyond it the oldest are forgotten up to a key frame.
const MOST_BYTES: usize = 256 << 20;
/// Pictures that are decoded and wait, at most.
const DECODED: usize = 64;

/// Something of a stream of pictures, in the order of decoding.
pub(super) enum Item {
    /// Another stream begins.
    Begin(codec::Parameters),
    /// A packet whose times are flicks on the input's clock.
    Packet(Packet),
}

pub(super) struct Pictures {
    size: Option<(u32, u32)>,
    keep: Flicks,
    items: VecDeque<Item>,
    bytes: usize,
    decoder: Option<codec::decoder::Video>,
    decoded: VecDeque<(SourceTime, frame::Video)>,
    scaler: Option<Scaler>,
    shown: Option<(SourceTime, Arc<Vec<u8>>)>,
}

impl Pictures {
    pub(super) fn new(size: Option<(u32, u32)>, delay: Flicks) -> Self {
        let keep = delay + Flicks::from_millis(10_000);
        let (items, decoded) = (VecDeque::new(), VecDeque::new());
        Self { size, keep, items, bytes: 0, decoder: None, decoded, scaler: None, shown: None }
    }

    pub(super) const fn is_wanted(&self) -> bool {
        self.size.is_some()
    }

    pub(super) fn put(&mut self, item: Item) {
        self.bytes += bytes_of(&item);
        self.items.push_back(item);
        let span = |items: &VecDeque<Item>| {
            let mut times = items.iter().filter_map(time_of);
            times.next().map_or(Flicks::ZERO, |first| items.iter().rev().find_map(time_of).unwrap_or(first) - first)
        };
        // More than the delay waits only if nobody takes it.
        if self.bytes > MOST_BYTES || span(&self.items) > self.keep {
            while let Some(item) = self.items.pop_front() {
                self.bytes -= bytes_of(&item);
                if matches!(self.items.front(), Some(Item::Packet(packet)) if packet.is_key()) {
                    break;
                }
            }
        }
    }

    /// The newest picture that is not after `at`.
    pub(super) fn at(&mut self, at: SourceTime) -> Option<Arc<Vec<u8>>> {
        while self.decoded.len() < DECODED && self.items.front().is_some_and(|item| is_due(item, at + AHEAD)) {
            let item = self.items.pop_front()?;
            self.bytes -= bytes_of(&item);
            // Damage costs the pictures that it touches, not the programme.
            if let Err(error) = self.decode(item) {
                tracing::debug!(%error, "a programme's picture can't be decoded");
            }
        }
        while self.decoded.get(1).is_some_and(|(time, _)| *time <= at) {
            self.decoded.pop_front();
        }
        if let Some((time, _)) = self.decoded.front().filter(|(time, _)| *time <= at) {
            let time = *time;
            if self.shown.as_ref().is_none_or(|(shown, _)| *shown != time) {
                let (_, picture) = self.decoded.front()?;
                let rgba = scale(&mut self.scaler, self.size?, picture);
                match rgba {
                    Ok(rgba) => self.shown = Some((time, Arc::new(rgba))),
                    Err(error) => tracing::debug!(%error, "a programme's picture can't be scaled"),
                }
            }
        }
        self.shown.as_ref().filter(|(time, _)| at - *time <= STALE).map(|(_, rgba)| Arc::clone(rgba))
    }

    fn decode(&mut self, item: Item) -> Result<(), ffmpeg::Error> {
        match item {
            Item::Begin(parameters) => {
                let mut context = codec::Context::from_parameters(parameters)?;
                context.set_threading(codec::threading::Config::count(1));
                self.decoder = Some(context.decoder().video()?);
            }
            Item::Packet(packet) => {
                let Some(decoder) = &mut self.decoder else { return Ok(()) };
                decoder.send_packet(&packet)?;
                loop {
                    let mut picture = frame::Video::empty();
                    match decoder.receive_frame(&mut picture) {
                        Ok(()) => {
                            let time = picture.timestamp().unwrap_or_default();
                            self.decoded.push_back((SourceTime(Flicks(time)), picture));
                        }
                        Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN } | ffmpeg::Error::Eof) => break,
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(())
    }
}

fn bytes_of(item: &Item) -> usize {
    match item {
        Item::Begin(_) => 0,
        Item::Packet(packet) => packet.size(),
    }
}

fn time_of(item: &Item) -> Option<SourceTime> {
    match item {
        Item::Begin(_) => None,
        Item::Packet(packet) => packet.dts().or_else(|| packet.pts()).map(|time| SourceTime(Flicks(time))),
    }
}

fn is_due(item: &Item, by: SourceTime) -> bool {
    time_of(item).is_none_or(|time| time <= by)
}

/// Scales pictures of one kind, whole, into a size, black at the sides that are left.
struct Scaler {
    context: ffmpeg::software::scaling::Context,
    scaled: frame::Video,
    size: (u32, u32),
    corner: (u32, u32),
}

// SAFETY: the scaler is a plain allocation without ties to the thread that made it, and is only used through `&mut self`.
#[expect(unsafe_code, reason = "the binding's scaler holds a raw pointer and says nothing about threads")]
unsafe impl Send for Scaler {}

fn scale(kept: &mut Option<Scaler>, size: (u32, u32), picture: &frame::Video) -> Result<Vec<u8>, ffmpeg::Error> {
    let input = (picture.format(), picture.width(), picture.height());
    let fits = |scaler: &Scaler| {
        let found = scaler.context.input();
        (found.format, found.width, found.height) == input && scaler.size == size
    };
    let scaler = match kept.take().filter(fits) {
        Some(scaler) => kept.insert(scaler),
        None => kept.insert(Scaler::open(size, picture)?),
    };
    scaler.context.run(picture, &mut scaler.scaled)?;
    let (width, height) = (size.0 as usize, size.1 as usize);
    let (left, top) = (scaler.corner.0 as usize, scaler.corner.1 as usize);
    let (row, stride) = (scaler.scaled.width() as usize * 4, scaler.scaled.stride(0));
    let mut rgba = [0, 0, 0, u8::MAX].repeat(width * height);
    let rows = scaler.scaled.data(0).chunks_exact(stride).take(scaler.scaled.height() as usize);
    for (target, source) in rgba[top * width * 4..].chunks_exact_mut(width * 4).zip(rows) {
        target[left * 4..left * 4 + row].copy_from_slice(&source[..row]);
    }
    Ok(rgba)
}

impl Scaler {
    fn open(size: (u32, u32), picture: &frame::Video) -> Result<Self, ffmpeg::Error> {
        use ffmpeg::software::scaling::{Context, Flags};
        let (width, height) = (picture.width(), picture.height());
        let aspect = picture.aspect_ratio();
        let stretch = match (aspect.numerator(), aspect.denominator()) {
            (above, below) if above > 0 && below > 0 => f64::from(above) / f64::from(below),
            _ => 1.0,
        };
        let (wide, high) = (f64::from(width) * stretch, f64::from(height));
        let factor = (f64::from(size.0) / wide).min(f64::from(size.1) / high);
        // Positive and within the picture.
        let side = |length: f64, most: u32| ((length * factor).round() as u32).clamp(1, most);
        let (inner_width, inner_height) = (side(wide, size.0), side(high, size.1));
        // A picture that keeps its size takes FFmpeg's short way, several times as fast.
        let is_whole = (inner_width, inner_height) == (width, height);
        let flags = if is_whole { Flags::FAST_BILINEAR } else { Flags::BILINEAR };
        let rgba = ffmpeg::format::Pixel::RGBA;
        let mut context = Context::get(picture.format(), width, height, rgba, inner_width, inner_height, flags)?;
        ffi::set_source_matrix(&mut context, picture)?;
        let scaled = allocate(rgba, inner_width, inner_height)?;
        let corner = ((size.0 - inner_width) / 2, (size.1 - inner_height) / 2);
        Ok(Self { context, scaled, size, corner })
    }
}
