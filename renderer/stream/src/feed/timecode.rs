//! The timecode that a programme begins with, and that of a live feed's pictures.

use std::path::Path;

use ffmpeg_next::{Packet, codec, format, frame, media};
use signing::FrameRate;

use crate::error::StreamError;

/// A programme's first timecode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTimecode {
    /// `HH:MM:SS:FF`, or `HH:MM:SS;FF` for drop-frame.
    pub label: String,
    /// The rate at which its frames count, where the programme says so.
    pub rate: Option<FrameRate>,
}

/// Longest label that is looked at, characters.
const LONGEST: usize = 16;

/// The timecode that a file names for its beginning: of its picture, of a track of timecodes, or of the whole.
///
/// Errors: the file is not there or can't be read.
pub fn source_timecode(path: &Path) -> Result<Option<SourceTimecode>, StreamError> {
    let input = crate::probe::open(path)?;
    let named = |entries: ffmpeg_next::DictionaryRef<'_>| entries.get("timecode").map(str::to_owned);
    let label = input.streams().find_map(|stream| named(stream.metadata())).or_else(|| named(input.metadata()));
    let rate = input.streams().best(media::Type::Video).and_then(|stream| rate_of(&stream));
    Ok(label.filter(|label| label.len() <= LONGEST).map(|label| SourceTimecode { label, rate }))
}

fn rate_of(stream: &format::stream::Stream<'_>) -> Option<FrameRate> {
    let rate = stream.avg_frame_rate();
    let part = |part: i32| u32::try_from(part).ok();
    FrameRate::new(part(rate.numerator())?, part(rate.denominator())?).ok()
}

/// Looks for timecodes in a live feed's key pictures: picture timing of H.264 and HEVC, groups of pictures of MPEG-2.
pub(super) struct Scout {
    stream: usize,
    rate: Option<FrameRate>,
    way: Way,
}

/// How a timecode is found.
enum Way {
    /// A decoder hands it on with the picture.
    Decoder(codec::decoder::Video),
    /// The bytes are read: a decoder of MPEG-2 gives it with whichever picture comes out next.
    Groups,
}

/// The timecode of a key picture.
pub(super) struct Found {
    pub(super) code: SourceTimecode,
    /// Pictures from that of the timecode to the key picture.
    pub(super) after: u32,
}

impl Scout {
    /// For the stream that a player would show; none if there is none that can be decoded.
    pub(super) fn open(input: &format::context::Input) -> Option<Self> {
        let stream = input.streams().best(media::Type::Video)?;
        let rate = rate_of(&stream);
        let mut context = codec::Context::from_parameters(stream.parameters()).ok()?;
        let way = if matches!(context.id(), codec::Id::MPEG1VIDEO | codec::Id::MPEG2VIDEO) {
            Way::Groups
        } else {
            context.set_threading(codec::threading::Config::count(1));
            Way::Decoder(context.decoder().video().ok()?)
        };
        Some(Self { stream: stream.index(), rate, way })
    }

    /// The timecode of a key picture: one in a second or two is looked at, alone.
    pub(super) fn look(&mut self, packet: &Packet) -> Option<Found> {
        if packet.stream() != self.stream || !packet.is_key() {
            return None;
        }
        let (label, after) = match &mut self.way {
            Way::Decoder(decoder) => (decoded(decoder, packet)?, 0),
            Way::Groups => group(packet.data()?)?,
        };
        Some(Found { code: SourceTimecode { label, rate: self.rate }, after })
    }

    /// Its pictures a second, if the stream says so.
    pub(super) fn rate(&self) -> Option<FrameRate> {
        self.rate
    }
}

fn decoded(decoder: &mut codec::decoder::Video, packet: &Packet) -> Option<String> {
    // Damage is the business of whoever shows the picture.
    let sent = decoder.send_packet(packet).and_then(|()| decoder.send_eof());
    let mut picture = frame::Video::empty();
    let got = sent.and_then(|()| decoder.receive_frame(&mut picture));
    decoder.flush();
    got.ok()?;
    picture.metadata().get("timecode").filter(|label| label.len() <= LONGEST).map(str::to_owned)
}

/// What the header of a group of pictures of MPEG-2 says (ISO/IEC 13818-2, 6.2.2.6), which is the time of the first of its
/// pictures to be shown, and how many of them are shown before the one that follows it here (6.3.9).
fn group(data: &[u8]) -> Option<(String, u32)> {
    let behind = |code: u8| {
        let at = data.windows(4).position(|bytes| bytes == [0, 0, 1, code])?;
        Some(u32::from_be_bytes(data.get(at + 4..at + 8)?.try_into().ok()?))
    };
    let (bits, picture) = (behind(0xb8)?, behind(0)?);
    let part = |shift: u32, mask: u32| bits >> shift & mask;
    let mark = if part(31, 1) == 1 { ';' } else { ':' };
    let label = format!("{:02}:{:02}:{:02}{mark}{:02}", part(26, 31), part(20, 63), part(13, 63), part(7, 63));
    Some((label, picture >> 22))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::air::{AirCodec, AirPicture, AirPictureConfig, FrameTimecode};

    #[test]
    fn what_is_stamped_into_h264_is_read_back_by_a_decoder() {
        let decoder = codec::decoder::find(codec::Id::H264).unwrap();
        for (rate, code, label) in [
            ("25", (10, 59, 58, 24, false), "10:59:58:24"),
            ("25", (0, 0, 0, 0, false), "00:00:00:00"),
            ("50", (23, 0, 1, 49, false), "23:00:01:49"),
            ("30000/1001", (1, 1, 0, 2, true), "01:01:00;02"),
        ] {
            let rate: FrameRate = rate.parse().unwrap();
            let config = AirPictureConfig { size: (128, 96), rate, codec: AirCodec::H264 };
            let mut encoder = AirPicture::open(config).unwrap();
            let decoder = codec::Context::new_with_codec(decoder).decoder().video().unwrap();
            let mut scout = Scout { stream: 0, rate: Some(rate), way: Way::Decoder(decoder) };
            let (hours, minutes, seconds, frames, drop_frame) = code;
            // Twice, as a decoder that was emptied goes on.
            for index in 0..2 {
                let mut picture = encoder.encode(&[90; 128 * 96 * 4], index, true).unwrap();
                let read = |picture: &crate::air::AirPacket, scout: &mut Scout| {
                    let mut packet = Packet::copy(&picture.data);
                    packet.set_flags(codec::packet::Flags::KEY);
                    scout.look(&packet).map(|found| found.code.label)
                };
                assert_eq!(read(&picture, &mut scout), None, "no timecode before it is stamped");
                picture.stamp(FrameTimecode { hours, minutes, seconds, frames, drop_frame });
                assert_eq!(read(&picture, &mut scout).as_deref(), Some(label), "frame {index} at {rate}");
            }
        }
    }

    #[test]
    fn a_group_of_pictures_names_its_time() {
        let check = |code: [u32; 5], first: u32, expected: &str| {
            let [drop, hours, minutes, seconds, pictures] = code;
            let bits = drop << 31 | hours << 26 | minutes << 20 | 1 << 19 | seconds << 13 | pictures << 7;
            let mut data = vec![0, 0, 1, 0xb3, 9, 9, 0, 0, 1, 0xb8];
            data.extend(bits.to_be_bytes());
            data.extend([0, 0, 1, 0]);
            data.extend((first << 22).to_be_bytes());
            assert_eq!(group(&data), Some((expected.to_owned(), first)), "{code:?}");
            assert_eq!(group(&data[..data.len() - 1]), None, "cut off");
        };
        check([0, 10, 59, 58, 24], 0, "10:59:58:24");
        check([1, 23, 0, 1, 29], 2, "23:00:01;29");
        assert_eq!(group(&[0, 0, 1]), None);
    }
}
