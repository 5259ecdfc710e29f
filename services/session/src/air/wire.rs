//! What the broadcast and its studio, a process of its own, say to each other, over pipes.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use signing::PoseFrame;
use stream::air::AirPacket;

use super::StudioConfig;
use crate::pipe::{Cursor, invalid, length_of, pose_bytes, pose_from, receive, send};

/// A frame to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    /// Number of the frame since the start of the broadcast.
    pub(super) index: u64,
    /// Requests so far for a key frame with the mark.
    pub(super) opening: u64,
    /// Whether the picture before it may stand for it: the studio is behind.
    pub(super) repeats: bool,
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

impl ToStudio {
    pub(super) fn send(&self, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Config(config) => send(to, 0, &[&serde_json::to_vec(config)?]),
            Self::Order(order) => {
                let caption = order.caption.as_deref().unwrap_or_default().as_bytes();
                // What is not shown need not go through the pipe.
                let programme = order.programme.as_ref().filter(|_| !order.repeats);
                let programme = programme.map(|picture| picture.as_slice()).unwrap_or_default();
                let (index, opening) = (order.index.to_le_bytes(), order.opening.to_le_bytes());
                let (repeats, pose) = ([u8::from(order.repeats)], pose_bytes(&order.pose));
                let (captioned, behind) = (length_of(caption), length_of(programme));
                send(to, 1, &[&index, &opening, &repeats, &pose, &captioned, caption, &behind, programme])
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
                let (repeats, pose) = (cursor.byte()? != 0, pose_from(&mut cursor)?);
                let caption =
                    String::from_utf8(cursor.block()?.to_vec()).map_err(|_| invalid("a caption that is no text"))?;
                let programme = cursor.block()?;
                Ok(Some(Self::Order(Arc::new(Order {
                    index,
                    opening,
                    repeats,
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
                let mask = if cursor.is_empty() { None } else { Some(packet_from(&mut cursor)?) };
                Ok(Some(Self::Made(Made { index, opening, picture, mask })))
            }
            2 => Ok(Some(Self::Failed(String::from_utf8_lossy(&payload).into_owned()))),
            _ => Err(invalid("an unknown kind of message")),
        }
    }
}

#[cfg(test)]
mod tests {
    use signing::{Flicks, OutputTime};

    use super::*;

    fn order(programme: Option<Arc<Vec<u8>>>) -> ToStudio {
        let mut pose = PoseFrame::t_pose(OutputTime(Flicks(28_224_000)));
        pose.hips.x = 0.25;
        pose.rotations[7].y = 0.5;
        pose.face[51] = 0.75;
        let (repeats, caption) = (programme.is_none(), Some("李明".to_owned()));
        ToStudio::Order(Arc::new(Order { index: 9, opening: 2, repeats, pose, caption, programme }))
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
