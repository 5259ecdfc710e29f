//! What must be open before the first frame: the programme, the receivers, the studios.

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use signing::{Flicks, FrameRate, SourceTime};
use stream::{
    Feed, FeedConfig, FeedEvent, SourceTimecode,
    air::{AIR_SOUND_RATE, AirCodec, Broadcast, SenderEvent, SenderState, Tee, TeeConfig},
};

use super::{
    AirConfig, AirEvent, AirFeed, Form, StudioConfig,
    crew::{Crew, CrewEvent},
    lines::TimeCode,
    pace::Pacer,
    run::Teller,
    timecode::{Clock, News},
    wire::Made,
};
use crate::error::SessionError;

/// Frames that a studio has in hand when all is well.
const IN_HAND: usize = 3;

/// The programme, once it is there, and whether its sound goes out.
pub(super) type SharedFeed = Arc<OnceLock<Feed>>;

/// Begins to read the programme; the second value is set when it has ended.
pub(super) fn open_feed(
    coming: AirFeed,
    config: &AirConfig,
    zero: Instant,
    teller: &Teller,
    clock: Clock,
) -> Result<(Feed, Arc<OnceLock<Instant>>), SessionError> {
    let pictures = matches!(config.studio.form, Form::Inset { .. }).then_some(config.studio.size);
    let tick = config.studio.rate.flicks_per_frame();
    let wanted = FeedConfig { source: coming.source, pictures, delay: config.delay, tick };
    let ended = Arc::new(OnceLock::new());
    let (of_feed, end) = (teller.clone(), Arc::clone(&ended));
    let pictures_of = (config.studio.rate, config.studio.form.codec());
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
            FeedEvent::Timecode { code, at } => match timecode(&clock, &code, at, pictures_of) {
                Some(told) => told,
                None => return,
            },
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

/// What an operator hears of a live feed's timecode, if it is news.
fn timecode(
    clock: &Clock,
    found: &SourceTimecode,
    at: SourceTime,
    (rate, codec): (FrameRate, AirCodec),
) -> Option<(&'static str, String)> {
    let label = &found.label;
    let code = match TimeCode::parse(label, found.rate.unwrap_or(rate)) {
        Some(Ok(code)) => code,
        Some(Err(error)) => return clock.say_once().then(|| ("warning", format!("its {error}"))),
        None => return clock.say_once().then(|| ("warning", format!("its timecode “{label}” can't be read"))),
    };
    let came = at.as_secs();
    Some(match clock.found(code, at)? {
        News::First if codec == AirCodec::H264 => {
            let message = format!("{label} came at {came:.2} s: what comes in at a timecode goes out at that + delay");
            ("timecode", message)
        }
        News::First => {
            let message = format!(
                "{label} came at {came:.2} s: lines are placed by it; files with alpha keep only one that is given when \
                 they begin (--timecode)"
            );
            ("timecode", message)
        }
        News::Broke(away) => {
            ("timecode", format!("{label}: it jumped by {:+.1} s, and what goes out with it", away.as_secs()))
        }
        News::Apart(away) => {
            ("warning", format!("its timecode {label} is {:+.1} s from the one given, which holds", away.as_secs()))
        }
    })
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

/// Whoever sends frames at their moments, with sound and timecode.
pub(super) fn open_pacer(
    config: &AirConfig,
    teller: &Teller,
    tee: SharedTee,
    feed: &SharedFeed,
    clock: Clock,
) -> Result<Pacer, SessionError> {
    let of_made = teller.clone();
    let heard = config.feed.as_ref().filter(|coming| coming.sound).map(|_| Arc::clone(feed));
    let late = config.delay.0 / (Flicks::PER_SECOND / i64::from(AIR_SOUND_RATE));
    let (rate, codec) = (config.studio.rate, config.studio.form.codec());
    let send = move |made: Made| {
        let Made { index, opening, mut picture, mut mask } = made;
        let mut sound = |sample: i64, left: &mut [f32], right: &mut [f32]| {
            if let Some(feed) = heard.as_ref().and_then(|feed| feed.get()) {
                feed.sound(sample - late, left, right);
            }
        };
        if let Some(zero) = clock.zero().filter(|_| codec == AirCodec::H264) {
            let code = TimeCode(zero.0 + rate.time_of(index).0).at_rate(rate);
            std::iter::once(&mut picture).chain(&mut mask).for_each(|packet| packet.stamp(code));
        }
        if let Some(tee) = lock(&tee).as_mut()
            && let Err(error) = tee.push(index, opening, picture, mask, &mut sound)
        {
            of_made.say(AirEvent::Session { kind: "warning", utterance: None, message: error.to_string() });
        }
    };
    Pacer::start(rate, config.buffer, Arc::clone(&teller.zero), send)
}

pub(super) fn open_crew(config: &AirConfig, teller: &Teller, pacer: &Arc<Pacer>) -> Result<Crew, SessionError> {
    let (of_crew, pacer) = (teller.clone(), Arc::clone(pacer));
    let deliver = move |made: Made| pacer.push(made);
    // A count of frames.
    let behind = (config.buffer.as_secs_f64() * config.studio.rate.as_f64()).ceil() as usize + IN_HAND;
    Crew::open(config.studio.clone(), config.command.clone(), behind, deliver, move |event| {
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
