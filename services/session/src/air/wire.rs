//! What the broadcast and its studio, a process of its own, say to each other: length-prefixed messages over pipes.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use signing::{Flicks, OutputTime, PoseFrame};
use stream::air::AirPacket;

use super::StudioConfig;

/// Longest message, bytes: an 8K picture and a little more. What claims to be longer is damage.
const LONGEST: u32 = 160 << 20;

/// A frame to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    /// Number of the frame since the start of the broadcast.
    pub(super) index: u64,
    /// Requests so far for a key frame with the mark.
    pub(super) opening: u64,
    /// The pose.
    pub(super) pose: PoseFrame,
    /// A name to be shown.
    pub(super) caption: Option<String>,
    /// What lies behind the signer: `[height, width, 4]`, opaque.
    pub(super) programme: Option<Arc<Vec<u8>>>,
}

/// Packets of one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) index: u64,
    /// The latest request met at or before this frame.
    pub(super) opening: u64,
    pub(super) picture: AirPacket,
    /// The key's, if there is one.
    pub(super) mask: Option<AirPacket>,
}

/// From the broadcast to the studio.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ToStudio {
    Config(Box<StudioConfig>),
    Order(Arc<Order>),
}

/// From the studio to the broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FromStudio {
    Ready,
    Made(Made),
    /// It ends; why.
    Failed(String),
}

fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn send(to: &mut impl Write, kind: u8, payload: &[&[u8]]) -> io::Result<()> {
    let length: usize = payload.iter().map(|part| part.len()).sum();
    let length =
        u32::try_from(length).ok().filter(|length| *length <= LONGEST).ok_or_else(|| invalid("too long a message"))?;
    to.write_all(&[kind])?;
    to.write_all(&length.to_le_bytes())?;
    for part in payload {
        to.write_all(part)?;
    }
    to.flush()
}

/// `None` at the end between two messages.
fn receive(from: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut kind = [0; 1];
    if from.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(invalid("too long a message"));
    }
    let mut payload = vec![0; length as usize];
    from.read_exact(&mut payload)?;
    Ok(Some((kind[0], payload)))
}

/// Reads a payload from its beginning.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn bytes(&mut self, count: usize) -> io::Result<&'a [u8]> {
        if count > self.0.len() {
            return Err(invalid("a message that ends early"));
        }
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        self.bytes(N)?.try_into().map_err(|_| invalid("a message that ends early"))
    }

    fn byte(&mut self) -> io::Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u64(&mut self) -> io::Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn f32(&mut self) -> io::Result<f32> {
        self.array().map(f32::from_le_bytes)
    }

    fn length(&mut self) -> io::Result<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    fn block(&mut self) -> io::Result<&'a [u8]> {
        let length = self.length()?;
        self.bytes(length)
    }
}

fn length_of(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes()
}

/// Flags and the lengths of a packet's data and alpha.
fn packet_head(packet: &AirPacket) -> [u8; 9] {
    let alpha = packet.alpha.as_deref().unwrap_or_default();
    let mut head = [0; 9];
    head[0] = u8::from(packet.key) | u8::from(packet.alpha.is_some()) << 1;
    head[1..5].copy_from_slice(&length_of(&packet.data));
    head[5..].copy_from_slice(&length_of(alpha));
    head
}

fn packet_from(cursor: &mut Cursor<'_>) -> io::Result<AirPacket> {
    let flags = cursor.byte()?;
    let (data, alpha) = (cursor.length()?, cursor.length()?);
    let data = cursor.bytes(data)?.to_vec();
    let alpha = cursor.bytes(alpha)?.to_vec();
    Ok(AirPacket { data, key: flags & 1 != 0, alpha: (flags & 2 != 0).then_some(alpha) })
}

fn pose_bytes(pose: &PoseFrame) -> Vec<u8> {
    let mut bytes = pose.time.0.0.to_le_bytes().to_vec();
    let rotations = pose.rotations.iter().flat_map(|rotation| rotation.to_array());
    let numbers = pose.hips.to_array().into_iter().chain(rotations).chain(pose.face);
    bytes.extend(numbers.flat_map(f32::to_le_bytes));
    bytes
}

fn pose_from(cursor: &mut Cursor<'_>) -> io::Result<PoseFrame> {
    let time = i64::from_le_bytes(cursor.array()?);
    let mut pose = PoseFrame::t_pose(OutputTime(Flicks(time)));
    (pose.hips.x, pose.hips.y, pose.hips.z) = (cursor.f32()?, cursor.f32()?, cursor.f32()?);
    for rotation in &mut pose.rotations {
        (rotation.x, rotation.y, rotation.z, rotation.w) = (cursor.f32()?, cursor.f32()?, cursor.f32()?, cursor.f32()?);
    }
    for weight in &mut pose.face {
        *weight = cursor.f32()?;
    }
    Ok(pose)
}

impl ToStudio {
    pub(super) fn send(&self, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Config(config) => send(to, 0, &[&serde_json::to_vec(config)?]),
            Self::Order(order) => {
                let caption = order.caption.as_deref().unwrap_or_default().as_bytes();
                let programme = order.programme.as_ref().map(|picture| picture.as_slice()).unwrap_or_default();
                let (index, opening) = (order.index.to_le_bytes(), order.opening.to_le_bytes());
                let pose = pose_bytes(&order.pose);
                let (captioned, behind) = (length_of(caption), length_of(programme));
                send(to, 1, &[&index, &opening, &pose, &captioned, caption, &behind, programme])
            }
        }
    }

    pub(super) fn receive(from: &mut impl Read) -> io::Result<Option<Self>> {
        let Some((kind, payload)) = receive(from)? else { return Ok(None) };
        let mut cursor = Cursor(&payload);
        match kind {
            0 => Ok(Some(Self::Config(serde_json::from_slice(&payload)?))),
            1 => {
                let (index, opening) = (cursor.u64()?, cursor.u64()?);
                let pose = pose_from(&mut cursor)?;
                let caption =
                    String::from_utf8(cursor.block()?.to_vec()).map_err(|_| invalid("a caption that is no text"))?;
                let programme = cursor.block()?;
                Ok(Some(Self::Order(Arc::new(Order {
                    index,
                    opening,
                    pose,
                    caption: (!caption.is_empty()).then_some(caption),
                    programme: (!programme.is_empty()).then(|| Arc::new(programme.to_vec())),
                }))))
            }
            _ => Err(invalid("an unknown kind of message")),
        }
    }
}

impl FromStudio {
    pub(super) fn send(&self, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Ready => send(to, 0, &[]),
            Self::Made(Made { index, opening, picture, mask }) => {
                let (index, opening) = (index.to_le_bytes(), opening.to_le_bytes());
                let mut parts: Vec<&[u8]> = vec![&index, &opening];
                let packets = [Some(picture), mask.as_ref()].map(|packet| packet.map(packet_head));
                for (packet, head) in [Some(picture), mask.as_ref()].into_iter().zip(&packets) {
                    if let (Some(packet), Some(head)) = (packet, head) {
                        let alpha = packet.alpha.as_deref().unwrap_or_default();
                        parts.extend([head.as_slice(), &packet.data, alpha]);
                    }
                }
                send(to, 1, &parts)
            }
            Self::Failed(why) => send(to, 2, &[why.as_bytes()]),
        }
    }

    pub(super) fn receive(from: &mut impl Read) -> io::Result<Option<Self>> {
        let Some((kind, payload)) = receive(from)? else { return Ok(None) };
        let mut cursor = Cursor(&payload);
        match kind {
            0 => Ok(Some(Self::Ready)),
            1 => {
                let (index, opening) = (cursor.u64()?, cursor.u64()?);
                let picture = packet_from(&mut cursor)?;
                let mask = if cursor.0.is_empty() { None } else { Some(packet_from(&mut cursor)?) };
                Ok(Some(Self::Made(Made { index, opening, picture, mask })))
            }
            2 => Ok(Some(Self::Failed(String::from_utf8_lossy(&payload).into_owned()))),
            _ => Err(invalid("an unknown kind of message")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(programme: Option<Arc<Vec<u8>>>) -> ToStudio {
        let mut pose = PoseFrame::t_pose(OutputTime(Flicks(28_224_000)));
        pose.hips.x = 0.25;
        pose.rotations[7].y = 0.5;
        pose.face[51] = 0.75;
        ToStudio::Order(Arc::new(Order { index: 9, opening: 2, pose, caption: Some("李明".to_owned()), programme }))
    }

    #[test]
    fn messages_come_back_as_they_were() {
        let mut bytes = Vec::new();
        let sent = [order(None), order(Some(Arc::new(vec![7; 64])))];
        sent.iter().for_each(|message| message.send(&mut bytes).unwrap());
        let mut from = bytes.as_slice();
        for message in &sent {
            assert_eq!(ToStudio::receive(&mut from).unwrap().as_ref(), Some(message));
        }
        assert_eq!(ToStudio::receive(&mut from).unwrap(), None);

        let packet = |data: &[u8], key, alpha: Option<&[u8]>| AirPacket {
            data: data.to_vec(),
            key,
            alpha: alpha.map(<[u8]>::to_vec),
        };
        let made = |picture, mask| FromStudio::Made(Made { index: 3, opening: 1, picture, mask });
        let sent = [
            FromStudio::Ready,
            made(packet(&[1, 2], true, None), None),
            made(packet(&[1, 2], false, Some(&[7, 8, 9])), None),
            made(packet(&[], false, Some(&[])), Some(packet(&[3], true, None))),
            FromStudio::Failed("为什么".to_owned()),
        ];
        let mut bytes = Vec::new();
        sent.iter().for_each(|message| message.send(&mut bytes).unwrap());
        let mut from = bytes.as_slice();
        for message in &sent {
            assert_eq!(FromStudio::receive(&mut from).unwrap().as_ref(), Some(message));
        }
    }

    #[test]
    fn damage_is_an_error_and_takes_no_memory() {
        let mut whole = Vec::new();
        order(None).send(&mut whole).unwrap();
        for end in 1..whole.len() {
            assert!(ToStudio::receive(&mut &whole[..end]).is_err(), "cut at {end}");
        }
        let claims = [&[1_u8][..], &u32::MAX.to_le_bytes()].concat();
        assert!(ToStudio::receive(&mut claims.as_slice()).is_err());
        assert!(FromStudio::receive(&mut [9_u8, 0, 0, 0, 0].as_slice()).is_err());
    }
}
