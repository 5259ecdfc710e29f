//! The timecode of each picture, within H.264: a picture timing message (ITU-T H.264, D.1.3 and D.2.3), so that it goes wherever
//! the picture goes. SRT, MPEG-TS, HLS and DASH have no other place for it.

use super::picture::AirPacket;

/// The timecode of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTimecode {
    /// 0 to 23.
    pub hours: u8,
    /// 0 to 59.
    pub minutes: u8,
    /// 0 to 59.
    pub seconds: u8,
    /// From 0 to less than the nominal rate, 60 at most.
    pub frames: u8,
    /// Whether numbers are left out so that it stays with the clock (29.97, 59.94).
    pub drop_frame: bool,
}

/// Types of units of H.264 (table 7-1).
const SLICES: std::ops::RangeInclusive<u8> = 1..=5;
const MESSAGE: u8 = 6;
/// Payload type of a picture timing message (D.1.1).
const PICTURE_TIMING: u8 = 1;
/// Two numbers are left out at the beginning of a minute (table D-3).
const DROPS: u32 = 4;
/// Bits of a time offset where the stream names no other number (E.2.2).
const OFFSET_BITS: u32 = 24;

impl AirPacket {
    /// Writes the timecode into a packet of H.264 that [`AirPicture`](super::AirPicture) made, whose headers announce it.
    pub fn stamp(&mut self, code: FrameTimecode) {
        let mut stamped = Vec::with_capacity(self.data.len() + 32);
        let mut is_in = false;
        for unit in units(&self.data) {
            let kind = unit.first().map_or(0, |byte| byte & 0x1f);
            // x264 writes each message into a unit of its own.
            if kind == MESSAGE && unit.get(1) == Some(&PICTURE_TIMING) {
                continue;
            }
            if SLICES.contains(&kind) && !is_in {
                is_in = true;
                put(&mut stamped, &message(code));
            }
            put(&mut stamped, unit);
        }
        self.data = stamped;
    }
}

/// Starts a unit; the first one of a packet and parameter sets want four bytes, and others may have them.
fn put(out: &mut Vec<u8>, unit: &[u8]) {
    out.extend([0, 0, 0, 1]);
    out.extend(unit);
}

/// The units between the start codes of Annex B.
fn units(data: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(found) = data.get(at..).and_then(|rest| rest.windows(3).position(|bytes| bytes == [0, 0, 1])) {
        starts.push(at + found);
        at += found + 3;
    }
    let end_of = |index: usize| starts.get(index + 1).copied().unwrap_or(data.len());
    let unit = |(index, start): (usize, &usize)| {
        let unit = &data[start + 3..end_of(index)];
        // Zeros before the next start code are the code's own: a unit never ends with one.
        let trailing = unit.iter().rev().take_while(|byte| **byte == 0).count();
        &unit[..unit.len() - trailing]
    };
    starts.iter().enumerate().map(unit).collect()
}

/// Bits, first ones first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        for at in (0..bits).rev() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(value >> at & 1 == 1) << (7 - self.count % 8);
            }
            self.count += 1;
        }
    }
}

/// A unit with one picture timing message, for headers without delays of a reference decoder.
fn message(code: FrameTimecode) -> Vec<u8> {
    let mut bits = Bits::default();
    // A whole frame, with one clock: progressive, its numbers those of frames.
    bits.put(0, 4);
    bits.put(1, 1);
    bits.put(0, 2);
    bits.put(0, 1);
    bits.put(if code.drop_frame { DROPS } else { 0 }, 5);
    // All of the time, without a break. FFmpeg tells drop-frame by the flag of dropped numbers, so each frame has it.
    bits.put(1, 1);
    bits.put(0, 1);
    bits.put(u32::from(code.drop_frame), 1);
    bits.put(u32::from(code.frames), 8);
    bits.put(u32::from(code.seconds), 6);
    bits.put(u32::from(code.minutes), 6);
    bits.put(u32::from(code.hours), 5);
    bits.put(0, OFFSET_BITS);
    if !bits.count.is_multiple_of(8) {
        bits.put(1, 1);
    }
    // A handful of bytes.
    let length = u8::try_from(bits.bytes.len()).unwrap_or(u8::MAX);
    let mut payload = vec![PICTURE_TIMING, length];
    payload.extend(bits.bytes);
    // The end of the unit's data.
    payload.push(0x80);
    let mut unit = vec![MESSAGE];
    let mut zeros = 0;
    for byte in payload {
        // Nothing within a unit may look like a start code.
        if zeros >= 2 && byte <= 3 {
            unit.push(3);
            zeros = 0;
        }
        unit.push(byte);
        zeros = if byte == 0 { zeros + 1 } else { 0 };
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: FrameTimecode = FrameTimecode { hours: 10, minutes: 59, seconds: 58, frames: 24, drop_frame: false };

    #[test]
    fn a_message_has_the_bits_of_the_standard() {
        // 0000 1 00 0, 00000 1 0 0, 00011000, 111010 11'1011 0101'0, the offset's zeros, and a one where a byte is left open.
        let expected = [6, 1, 9, 0x08, 0x04, 0x18, 0xeb, 0xb5, 0, 0, 3, 0, 0x40, 0x80];
        assert_eq!(message(CODE), expected);
    }

    #[test]
    fn a_stamp_replaces_the_timing_and_keeps_all_else() {
        let packet = |units: &[&[u8]]| {
            let mut data = Vec::new();
            units.iter().for_each(|unit| put(&mut data, unit));
            AirPacket { data, key: true, alpha: None }
        };
        let (headers, user, timing, slice): (&[u8], &[u8], &[u8], &[u8]) =
            (&[0x67, 1, 2], &[6, 5, 9], &[6, 1, 1, 0x30, 0x80], &[0x65, 7, 7]);
        let mut found = packet(&[headers, user, timing, slice, slice]);
        found.stamp(CODE);
        assert_eq!(found, packet(&[headers, user, &message(CODE), slice, slice]));
        let again = FrameTimecode { frames: 0, ..CODE };
        found.stamp(again);
        assert_eq!(found, packet(&[headers, user, &message(again), slice, slice]));
    }

    #[test]
    fn units_are_found_behind_short_and_long_codes() {
        assert_eq!(units(&[0, 0, 0, 1, 9, 8, 0, 0, 1, 7, 0, 0, 0, 1, 6]), [&[9, 8][..], &[7], &[6]]);
        assert!(units(&[1, 2, 3]).is_empty());
    }
}
