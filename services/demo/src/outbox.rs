//! What waits to be sent to one page. Never more than fits; what is old goes first.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use stream::Piece;
use tokio::sync::Notify;

/// Texts that may wait, in texts; a page that is further behind has left.
const TEXTS: usize = 2_000;
/// Video that may wait, in pieces (4 s at 25 a second) and bytes. When full, all of it goes, and video begins again
/// with a picture that needs no other.
const PIECES: usize = 100;
const BYTES: usize = 6 << 20;

/// The first byte of a binary message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// The initialisation segment.
    Head = 0,
    /// A piece that a decoder can begin with.
    Key = 1,
    /// A piece that needs those before it.
    Delta = 2,
    /// A JPEG picture.
    Jpeg = 3,
}

/// Bytes before a piece: its kind, seven zeroes, the time of its first frame in seconds (64-bit, little-endian).
const HEADER: usize = 16;

/// What is sent next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A message of [`protocol`](crate::protocol).
    Text(String),
    /// A piece of video behind its header.
    Binary(Vec<u8>),
    /// Nothing more comes.
    End,
}

/// Filled by the session's threads, emptied by the socket's task.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    texts: VecDeque<String>,
    pieces: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Pieces are left out until the next that a decoder can begin with.
    skipping: bool,
    ended: bool,
}

impl Outbox {
    /// A message. After [`end`](Self::end) nothing is taken.
    pub(crate) fn text(&self, text: String) {
        let mut queue = self.queue();
        if queue.ended {
            return;
        }
        if queue.texts.len() >= TEXTS {
            queue.ended = true;
        } else {
            queue.texts.push_back(text);
        }
        drop(queue);
        self.filled.notify_one();
    }

    /// A piece of video.
    pub(crate) fn piece(&self, kind: Kind, piece: &Piece) {
        let mut queue = self.queue();
        let full = queue.pieces.len() >= PIECES || queue.bytes + piece.data.len() > BYTES;
        if full {
            // Without the head nothing that follows can be played.
            queue.pieces.retain(|piece| piece.first() == Some(&(Kind::Head as u8)));
            queue.bytes = queue.pieces.iter().map(Vec::len).sum();
            queue.skipping = true;
        }
        if queue.ended || queue.skipping && kind == Kind::Delta {
            return;
        }
        queue.skipping &= kind == Kind::Head;
        let mut bytes = Vec::with_capacity(HEADER + piece.data.len());
        bytes.extend([kind as u8, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(piece.time.as_secs().to_le_bytes());
        bytes.extend(&piece.data);
        queue.bytes += bytes.len();
        queue.pieces.push_back(bytes);
        drop(queue);
        self.filled.notify_one();
    }

    /// What waits is still sent, nothing more is taken.
    pub(crate) fn end(&self) {
        self.queue().ended = true;
        self.filled.notify_one();
    }

    /// The next thing to send; waits for it. Only one task may wait.
    pub(crate) async fn next(&self) -> Item {
        loop {
            if let Some(item) = self.take() {
                return item;
            }
            self.filled.notified().await;
        }
    }

    /// The next thing to send, if there is one.
    #[cfg(test)]
    pub(crate) fn poll(&self) -> Option<Item> {
        self.take()
    }

    fn take(&self) -> Option<Item> {
        let mut queue = self.queue();
        if let Some(text) = queue.texts.pop_front() {
            return Some(Item::Text(text));
        }
        if let Some(piece) = queue.pieces.pop_front() {
            queue.bytes -= piece.len();
            return Some(Item::Binary(piece));
        }
        queue.ended.then_some(Item::End)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing that is done under the lock can panic half way.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use signing::FrameRate;

    use super::*;

    fn piece(index: u64, size: usize) -> Piece {
        Piece { data: vec![7; size], time: FrameRate::PAL.time_of(index), frames: 1, key: index.is_multiple_of(50) }
    }

    fn put(outbox: &Outbox, index: u64, size: usize) {
        let piece = piece(index, size);
        outbox.piece(if piece.key { Kind::Key } else { Kind::Delta }, &piece);
    }

    fn kinds(outbox: &Outbox) -> Vec<(u8, f64)> {
        let mut out = Vec::new();
        while let Some(Item::Binary(bytes)) = outbox.take() {
            out.push((bytes[0], f64::from_le_bytes(bytes[8..16].try_into().unwrap())));
        }
        out
    }

    #[test]
    fn pieces_come_in_order_with_their_times() {
        let outbox = Outbox::default();
        outbox.piece(Kind::Head, &piece(0, 3));
        put(&outbox, 0, 5);
        put(&outbox, 1, 5);
        assert_eq!(kinds(&outbox), [(0, 0.0), (1, 0.0), (2, 0.04)]);
    }

    #[test]
    fn a_page_that_takes_nothing_costs_bounded_memory_and_begins_again_with_a_key_frame() {
        for (count, size) in [(1_000, 100), (60, 1 << 20)] {
            let outbox = Outbox::default();
            for index in 0..count {
                put(&outbox, index, size);
                let queue = outbox.queue();
                assert!(queue.pieces.len() <= PIECES && queue.bytes <= BYTES + HEADER * PIECES);
            }
            let kinds = kinds(&outbox);
            assert!(kinds.is_empty() || kinds[0].0 == Kind::Key as u8, "{kinds:?}");
            put(&outbox, 2_000, 1);
            assert_eq!(super::tests::kinds(&outbox), [(Kind::Key as u8, 80.0)]);
        }
    }

    #[test]
    fn texts_go_first_and_are_bounded_too() {
        let outbox = Outbox::default();
        put(&outbox, 0, 1);
        outbox.text("a".to_owned());
        assert_eq!(outbox.take(), Some(Item::Text("a".to_owned())));
        for _ in 0..=TEXTS {
            outbox.text("b".to_owned());
        }
        assert_eq!(outbox.queue().texts.len(), TEXTS);
        while outbox.take() != Some(Item::End) {}
    }
}
