//! What must be open before the first frame: the programme, the receivers, the studios.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use signing::Flicks;
use stream::{
    Feed, FeedConfig, FeedEvent,
    air::{AIR_SOUND_RATE, Broadcast, SenderEvent, SenderState, Tee, TeeConfig},
};

use super::{
    AirConfig, AirEvent, AirFeed, Form, StudioConfig,
    crew::{Crew, CrewEvent},
    run::Teller,
    wire::Made,
};
use crate::error::SessionError;

/// The programme, once it is there, and whether its sound goes out.
pub(super) type SharedFeed = Arc<OnceLock<Feed>>;

/// Begins to read the programme; the second value is set when it has ended.
pub(super) fn open_feed(
    coming: AirFeed,
    config: &AirConfig,
    zero: Instant,
    teller: &Teller,
) -> Result<(Feed, Arc<OnceLock<Instant>>), SessionError> {
    let pictures = matches!(config.studio.form, Form::Inset { .. }).then_some(config.studio.size);
    let tick = config.studio.rate.flicks_per_frame();
    let wanted = FeedConfig { source: coming.source, pictures, delay: config.delay, tick };
    let ended = Arc::new(OnceLock::new());
    let (of_feed, end) = (teller.clone(), Arc::clone(&ended));
    let feed = Feed::start(wanted, zero, coming.taps, move |event| {
        let (state, message) = match event {
            FeedEvent::Opened { pictures, sound, captions } => {
                let pictures =
                    pictures.map_or("no picture taken".to_owned(), |(width, height)| format!("{width}×{height}"));
                let sound = if sound { "with sound" } else { "without sound" };
                let captions = captions.map_or_else(String::new, |codec| format!(", with captions ({codec})"));
                ("open", format!("{pictures}, {sound}{captions}"))
            }
            FeedEvent::Lost(why) => ("lost", format!("{why}; it is tried again until it is back")),
            FeedEvent::Jumped(secs) => ("jump", format!("its clock jumped by {secs:+.1} s: it is taken to go on")),
            FeedEvent::Warning(message) => ("warning", message),
            FeedEvent::Ended => {
                let _ = end.set(Instant::now());
                ("ended", "nothing more comes from it".to_owned())
            }
        };
        of_feed.say(AirEvent::Input { source: "programme".to_owned(), state, message });
    })?;
    Ok((feed, ended))
}

/// Seconds, to the millisecond.
fn rounded(span: Duration) -> f64 {
    (span.as_secs_f64() * 1e3).round() / 1e3
}

/// Receivers, until the broadcast is over.
pub(super) type SharedTee = Arc<Mutex<Option<Tee>>>;

pub(super) fn lock(tee: &SharedTee) -> std::sync::MutexGuard<'_, Option<Tee>> {
    tee.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn open_tee(config: &AirConfig, teller: &Teller) -> Result<SharedTee, SessionError> {
    let StudioConfig { size, rate, .. } = config.studio;
    let broadcast = Broadcast {
        size,
        rate,
        codec: config.studio.form.codec(),
        timecode: config.timecode.map(|code| code.label(rate)),
        metadata: config.metadata.clone(),
    };
    if let Some(label) = &broadcast.timecode {
        for destination in config.picture.iter().chain(&config.key).filter(|it| !it.keeps_timecode()) {
            let message =
                format!("the timecode (from {label}) is not kept: its container has no place that FFmpeg fills");
            teller.say(AirEvent::Receiver {
                destination: destination.to_string(),
                state: "no_timecode",
                away: None,
                message,
            });
        }
    }
    let key = if matches!(config.studio.form, Form::Keyed { .. }) { config.key.clone() } else { Vec::new() };
    let of_tee = teller.clone();
    let tee = Tee::open(&TeeConfig { broadcast, picture: config.picture.clone(), key }, move |event| {
        let SenderEvent { destination, state, away, message } = event;
        let state = match state {
            SenderState::Away => "away",
            SenderState::Connected => "connected",
            SenderState::Ended => "ended",
        };
        of_tee.say(AirEvent::Receiver { destination, state, away: away.map(rounded), message });
    })?;
    Ok(Arc::new(Mutex::new(Some(tee))))
}

pub(super) fn open_crew(
    config: &AirConfig,
    teller: &Teller,
    tee: SharedTee,
    feed: &SharedFeed,
) -> Result<Crew, SessionError> {
    let of_made = teller.clone();
    let heard = config.feed.as_ref().filter(|coming| coming.sound).map(|_| Arc::clone(feed));
    let late = config.delay.0 / (Flicks::PER_SECOND / i64::from(AIR_SOUND_RATE));
    let deliver = move |made: Made| {
        let Made { index, opening, picture, mask } = made;
        let mut sound = |sample: i64, left: &mut [f32], right: &mut [f32]| {
            if let Some(feed) = heard.as_ref().and_then(|feed| feed.get()) {
                feed.sound(sample - late, left, right);
            }
        };
        if let Some(tee) = lock(&tee).as_mut()
            && let Err(error) = tee.push(index, opening, picture, mask, &mut sound)
        {
            of_made.say(AirEvent::Session { kind: "warning", utterance: None, message: error.to_string() });
        }
    };
    let of_crew = teller.clone();
    Crew::open(config.studio.clone(), config.command.clone(), deliver, move |event| {
        let studio = |state, pid, away: Option<Duration>, message| AirEvent::Studio {
            state,
            pid,
            away: away.map(rounded),
            message,
        };
        of_crew.say(match event {
            CrewEvent::Works { pid, away } => studio("works", Some(pid), away, "it makes the picture".to_owned()),
            CrewEvent::StandsBy { pid } => studio("stands_by", Some(pid), None, "it would take over".to_owned()),
            CrewEvent::Lost { pid, why } => studio("lost", Some(pid), None, why),
            CrewEvent::Failed(why) => studio("failed", None, None, format!("{why}; it is tried again")),
            CrewEvent::GaveUp { frames } => {
                studio("failed", None, None, format!("{frames} frames are given up: no studio made them in time"))
            }
        });
    })
}
