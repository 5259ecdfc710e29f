//! One encoded stream to all of its receivers.

use std::sync::{Arc, atomic::AtomicU64};

use signing::FrameRate;

use super::{
    destination::Destination,
    picture::AirPacket,
    sender::{AirFrame, Broadcast, Sender, SenderEvent, SenderStats},
    sound::{AirSound, SoundPacket, SoundSource},
};
use crate::error::StreamError;

/// Where a broadcast goes.
#[derive(Debug, Clone)]
pub struct TeeConfig {
    /// What all containers are told.
    pub broadcast: Broadcast,
    /// Receivers of the picture; of the fill if there is a key.
    pub picture: Vec<Destination>,
    /// Receivers of the key.
    pub key: Vec<Destination>,
}

/// Sends packets to receivers, none of which is waited for.
pub struct Tee {
    rate: FrameRate,
    openings: Arc<AtomicU64>,
    sound: AirSound,
    picture: Vec<Sender>,
    key: Vec<Sender>,
}

impl Tee {
    /// Starts all senders. `listener` hears of every receiver that comes, goes or falls behind, on threads of theirs.
    ///
    /// Errors: what is local must open; [`StreamError::Ffmpeg`].
    pub fn open(
        config: &TeeConfig,
        listener: impl Fn(SenderEvent) + Send + Sync + 'static,
    ) -> Result<Self, StreamError> {
        let openings = Arc::new(AtomicU64::new(0));
        let listener: Arc<dyn Fn(SenderEvent) + Send + Sync> = Arc::new(listener);
        let start = |destinations: &[Destination]| {
            let one = |destination: &Destination| {
                let (openings, listener) = (Arc::clone(&openings), Arc::clone(&listener));
                Sender::start(destination.clone(), config.broadcast.clone(), openings, listener)
            };
            destinations.iter().map(one).collect::<Result<Vec<_>, _>>()
        };
        let (picture, key) = (start(&config.picture)?, start(&config.key)?);
        Ok(Self {
            rate: config.broadcast.rate,
            openings,
            sound: AirSound::open(config.broadcast.codec.into())?,
            picture,
            key,
        })
    }

    /// Requests so far for a key frame with the mark. Whoever encodes meets them.
    pub fn openings(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.openings)
    }

    /// Sends frame `index` and the sound up to its end: `sound` fills left and right from a sample on.
    ///
    /// `opening` is the latest request met at or before this frame. `mask` is the key's packet, if there is a key.
    ///
    /// Errors: [`StreamError::Ffmpeg`] from the sound's encoder.
    pub fn push(
        &mut self,
        index: u64,
        opening: u64,
        picture: AirPacket,
        mask: Option<AirPacket>,
        sound: &mut SoundSource<'_>,
    ) -> Result<(), StreamError> {
        let sound: Arc<[SoundPacket]> = self.sound.until(self.rate.time_of(index + 1), sound)?.into();
        let send = |packet: AirPacket, senders: &[Sender]| {
            let AirPacket { data, key, alpha } = packet;
            let (video, alpha) = (data.into(), alpha.map(Into::into));
            let frame = Arc::new(AirFrame { index, video, alpha, key, opening, sound: Arc::clone(&sound) });
            senders.iter().for_each(|sender| sender.push(&frame));
        };
        send(picture, &self.picture);
        if let Some(mask) = mask {
            send(mask, &self.key);
        }
        Ok(())
    }

    /// What each receiver got so far, those of the picture first.
    pub fn stats(&self) -> Vec<SenderStats> {
        self.picture.iter().chain(&self.key).map(Sender::stats).collect()
    }

    /// Ends all of them.
    ///
    /// Gives what could not be ended.
    pub fn finish(self) -> Vec<StreamError> {
        self.picture.into_iter().chain(self.key).filter_map(|sender| sender.finish().err()).collect()
    }
}

impl std::fmt::Debug for Tee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tee").field("picture", &self.picture).field("key", &self.key).finish_non_exhaustive()
    }
}
