//! The studio: poses in, packets out, in a process of its own, so that a fault of a driver or a codec is not one of the
//! broadcast.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    path::PathBuf,
    sync::Arc,
};

use avatar::{Renderer, RendererConfig};
use serde::{Deserialize, Serialize};
use signing::{FrameRate, VideoFrame};
use stream::{
    Font,
    air::{AirCodec, AirPicture, AirPictureConfig, Fill, Keyer, lay},
    mark::MarkSpan,
};

use super::wire::{FromStudio, Made, Order, ToStudio};
use crate::{error::SessionError, overlay::Overlay};

/// What is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// The signer before one sRGB colour.
    Plain([u8; 3]),
    /// Two pictures: the signer, and where it is.
    Keyed {
        /// Whether the fill is multiplied by the key already.
        premultiplied: bool,
    },
    /// The signer alone, with straight alpha.
    Alpha(AlphaFile),
    /// The signer over a programme.
    Inset {
        /// Left, top, width and height of the signer's part of the picture, pixels.
        area: (u32, u32, u32, u32),
        /// What lies behind the signer there; nothing if the programme shows through.
        panel: Option<[u8; 3]>,
    },
}

/// Files that keep alpha while they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlphaFile {
    /// WebM: VP9.
    Webm,
    /// MOV: ProRes 4444.
    Mov,
}

impl Form {
    /// How its pictures are encoded.
    pub const fn codec(self) -> AirCodec {
        match self {
            Self::Plain(_) | Self::Keyed { .. } | Self::Inset { .. } => AirCodec::H264,
            Self::Alpha(AlphaFile::Webm) => AirCodec::Vp9Alpha,
            Self::Alpha(AlphaFile::Mov) => AirCodec::ProRes4444,
        }
    }
}

/// What a studio makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudioConfig {
    /// Width and height in pixels, even.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: FrameRate,
    /// What is seen.
    pub form: Form,
    /// The avatar's file.
    pub avatar: PathBuf,
}

/// sRGB of the picture while there is no programme.
const SLATE: [u8; 4] = [24, 28, 34, 255];

/// Works until `orders` ends: reads a config, then orders; writes what was made.
///
/// Errors: whatever a stage lacks; it has then been said to the broadcast, too.
pub fn work(mut orders: impl Read, mut results: impl Write) -> Result<(), SessionError> {
    let told = serve(&mut orders, &mut results);
    if let Err(error) = &told {
        // A broadcast that is gone hears nothing.
        let _ = FromStudio::Failed(error.to_string()).send(&mut results);
    }
    told
}

fn serve(orders: &mut impl Read, results: &mut impl Write) -> Result<(), SessionError> {
    let Some(ToStudio::Config(config)) = ToStudio::receive(orders).map_err(SessionError::Pipe)? else {
        return Ok(());
    };
    let mut studio = Studio::open(*config)?;
    FromStudio::Ready.send(results).map_err(SessionError::Pipe)?;
    loop {
        let made = match ToStudio::receive(orders).map_err(SessionError::Pipe)? {
            Some(ToStudio::Order(order)) => studio.make(order)?,
            Some(ToStudio::Config(_)) => continue,
            None => {
                for made in studio.finish()? {
                    FromStudio::Made(made).send(results).map_err(SessionError::Pipe)?;
                }
                return Ok(());
            }
        };
        for made in made {
            FromStudio::Made(made).send(results).map_err(SessionError::Pipe)?;
        }
    }
}

struct Studio {
    config: StudioConfig,
    renderer: Renderer,
    overlay: Overlay,
    /// For names over the signer's part of a programme.
    names: Overlay,
    keyer: Option<Keyer>,
    picture: AirPicture,
    mask: Option<AirPicture>,
    /// Orders whose picture has not come, and of those that repeat the one before.
    orders: VecDeque<Arc<Order>>,
    opening: Option<u64>,
    /// The last picture as it was encoded, with its key.
    last: Option<(VideoFrame, Option<Vec<u8>>)>,
}

impl Studio {
    fn open(config: StudioConfig) -> Result<Self, SessionError> {
        let font = Font::system_chinese()?;
        let (size, background) = match config.form {
            Form::Plain(color) => (config.size, avatar::Background::Color(color)),
            Form::Keyed { .. } | Form::Alpha(_) => (config.size, avatar::Background::Transparent),
            Form::Inset { area: (_, _, width, height), panel } => {
                ((width, height), panel.map_or(avatar::Background::Transparent, avatar::Background::Color))
            }
        };
        let encoding = AirPictureConfig { size: config.size, rate: config.rate, codec: config.form.codec() };
        let (keyer, mask) = match config.form {
            Form::Keyed { premultiplied } => {
                let fill = if premultiplied { Fill::Premultiplied } else { Fill::Straight };
                (Some(Keyer::new(fill)), Some(AirPicture::open(encoding)?))
            }
            Form::Plain(_) | Form::Alpha(_) | Form::Inset { .. } => (None, None),
        };
        let renderer =
            Renderer::start(RendererConfig { background, ..RendererConfig::new(size, config.avatar.clone()) })?;
        let mut overlay = Overlay::new(config.size, &font, MarkSpan::Opening);
        if let Form::Inset { area, .. } = config.form {
            overlay.keep_mark_out_of(area, config.size.0);
        }
        Ok(Self {
            renderer,
            overlay,
            names: Overlay::new(size, &font, MarkSpan::Opening),
            keyer,
            picture: AirPicture::open(encoding)?,
            mask,
            orders: VecDeque::new(),
            opening: None,
            last: None,
            config,
        })
    }

    fn make(&mut self, order: Arc<Order>) -> Result<Vec<Made>, SessionError> {
        // The first has nothing before it.
        let repeats = order.repeats && (self.last.is_some() || !self.orders.is_empty());
        if !repeats {
            self.renderer.push(&order.pose)?;
        }
        self.orders.push_back(order);
        let mut made = self.repeat()?;
        if let Some(frame) = self.renderer.step()? {
            made.extend(self.finish_frame(frame)?);
        }
        Ok(made)
    }

    fn finish(&mut self) -> Result<Vec<Made>, SessionError> {
        let mut made = Vec::new();
        for frame in self.renderer.flush()? {
            made.extend(self.finish_frame(frame)?);
        }
        Ok(made)
    }

    /// A picture that has come, and those that it stands for.
    fn finish_frame(&mut self, signer: VideoFrame) -> Result<Vec<Made>, SessionError> {
        let lost = || SessionError::Pipe(std::io::Error::other("a picture without an order"));
        let order = self.orders.pop_front().ok_or_else(lost)?;
        let opens = self.opens(&order);
        let mut frame = match self.config.form {
            Form::Plain(_) | Form::Keyed { .. } | Form::Alpha(_) => {
                let mut frame = signer;
                self.overlay.apply(&mut frame, order.caption.as_deref());
                frame
            }
            Form::Inset { area: (x, y, _, _), .. } => self.inset(signer, (x, y), &order)?,
        };
        let mask = self.keyer.as_mut().map(|keyer| keyer.split(&mut frame));
        self.last = Some((frame, mask));
        let mut made: Vec<Made> = self.encode(&order, opens)?.into_iter().collect();
        made.extend(self.repeat()?);
        Ok(made)
    }

    /// Those at the front for which the last picture stands.
    fn repeat(&mut self) -> Result<Vec<Made>, SessionError> {
        let mut made = Vec::new();
        while self.last.is_some()
            && let Some(order) = self.orders.pop_front_if(|order| order.repeats)
        {
            let opens = self.opens(&order);
            made.extend(self.encode(&order, opens)?);
        }
        Ok(made)
    }

    /// Whether a frame begins with a key frame and the mark: the first one, and each that meets a request.
    fn opens(&mut self, order: &Order) -> bool {
        let opens = self.opening.is_none_or(|met| met < order.opening);
        self.opening = Some(order.opening);
        if opens {
            self.overlay.restart_mark();
        }
        opens
    }

    /// The last picture, as the frame of `order`.
    fn encode(&mut self, order: &Order, opens: bool) -> Result<Option<Made>, SessionError> {
        let Some((frame, mask)) = &self.last else { return Ok(None) };
        let picture = self.picture.encode(frame.rgba(), order.index, opens)?;
        let mask = match (mask, &mut self.mask) {
            (Some(mask), Some(encoder)) => Some(encoder.encode(mask, order.index, opens)?),
            _ => None,
        };
        Ok(Some(Made { index: order.index, opening: order.opening, picture, mask }))
    }

    /// The signer over the programme.
    fn inset(&mut self, mut signer: VideoFrame, corner: (u32, u32), order: &Order) -> Result<VideoFrame, SessionError> {
        let (width, height) = self.config.size;
        let length = width as usize * height as usize * 4;
        let behind = match &order.programme {
            Some(picture) if picture.len() == length => picture.as_ref().clone(),
            _ => SLATE.repeat(length / 4),
        };
        let mut frame = VideoFrame::new(signer.time(), width, height, behind)
            .map_err(|error| SessionError::Pipe(std::io::Error::other(error.to_string())))?;
        self.names.caption(&mut signer, order.caption.as_deref());
        lay(&mut frame, &signer, corner);
        self.overlay.apply(&mut frame, None);
        Ok(frame)
    }
}
