//! What processes of the project say to each other over pipes: length-prefixed messages, and poses in them.

use std::io::{self, Read, Write};

use signing::{Flicks, OutputTime, PoseFrame};

/// Longest message, bytes: an 8K picture and a little more. What claims to be longer is damage.
const LONGEST: u32 = 160 << 20;

pub(crate) fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

pub(crate) fn send(to: &mut impl Write, kind: u8, payload: &[&[u8]]) -> io::Result<()> {
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
pub(crate) fn receive(from: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
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
pub(crate) struct Cursor<'a>(pub(crate) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn bytes(&mut self, count: usize) -> io::Result<&'a [u8]> {
        if count > self.0.len() {
            return Err(invalid("a message that ends early"));
        }
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        self.bytes(N)?.try_into().map_err(|_| invalid("a message that ends early"))
    }

    pub(crate) fn byte(&mut self) -> io::Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u64(&mut self) -> io::Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> io::Result<f32> {
        self.array().map(f32::from_le_bytes)
    }

    pub(crate) fn length(&mut self) -> io::Result<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn block(&mut self) -> io::Result<&'a [u8]> {
        let length = self.length()?;
        self.bytes(length)
    }
}

pub(crate) fn length_of(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes()
}

pub(crate) fn pose_bytes(pose: &PoseFrame) -> Vec<u8> {
    let mut bytes = pose.time.0.0.to_le_bytes().to_vec();
    let rotations = pose.rotations.iter().flat_map(|rotation| rotation.to_array());
    let numbers = pose.hips.to_array().into_iter().chain(rotations).chain(pose.face);
    bytes.extend(numbers.flat_map(f32::to_le_bytes));
    bytes
}

pub(crate) fn pose_from(cursor: &mut Cursor<'_>) -> io::Result<PoseFrame> {
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
