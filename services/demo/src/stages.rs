//! Understanding and motion as the page wants them: told of every sentence and of every sign as it begins, and at half
//! speed when asked.
//!
//! Which utterance a sentence belongs to travels in the private part of its source's language tag, such as
//! `zh-x-u12-s3`: sentence 3 of utterance 12.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
};

use body::Body;
use lexicon::Lexicon;
use motion::{MotionError, TokenTime};
use session::live::{EventKind, Interpret, LocalMove, Move, Moved, Show, StageError};
use signing::{Dropped, Flicks, FrameRate, OutputTime, PoseFrame, Side, SignSentence, Transcript};
use stream::Piece;
use understanding::{Discourse, Interpretation, Understanding, UnderstandingError};

use crate::{
    citation,
    lines::Lines,
    protocol::{ToPage, secs},
    room::Room,
};

/// The language of a transcript whose text is the id of a sign in the lexicon.
pub(crate) const SIGN: &str = "csl";

/// An utterance, and which of its sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    utterance: u64,
    sentence: usize,
}

/// The language tag of a transcript of `utterance`.
pub(crate) fn tag(language: &str, utterance: u64) -> String {
    format!("{language}-x-u{utterance}")
}

/// A tag's language and utterance.
fn untag(tag: &str) -> Option<(&str, u64)> {
    let (language, private) = tag.split_once("-x-u")?;
    let utterance = private.split('-').next()?.parse().ok()?;
    Some((language, utterance))
}

fn place(tag: &str) -> Option<Place> {
    let (_, utterance) = untag(tag)?;
    let sentence = tag.rsplit_once("-s")?.1.parse().ok()?;
    Some(Place { utterance, sentence })
}

/// What `transcript`, whose language may be [`SIGN`], means in signs as the next text of `discourse`; in at most `signs` if
/// there is no time for more.
///
/// Errors: why nothing of it is signed, and what was left out.
pub(crate) fn interpret(
    understanding: &Understanding,
    discourse: &mut Discourse,
    transcript: &Transcript,
    signs: Option<f64>,
) -> Result<Interpretation, (String, Vec<Dropped>)> {
    if transcript.language != SIGN {
        let found = match signs {
            #[expect(clippy::cast_possible_truncation, reason = "a small count")]
            Some(signs) => understanding.interpret_within_in(discourse, transcript, signs as f32),
            None => understanding.interpret_in(discourse, transcript),
        };
        return found.map_err(|error| match error {
            UnderstandingError::NothingToSign { ref dropped, .. } => (error.to_string(), dropped.clone()),
            other => (other.to_string(), Vec::new()),
        });
    }
    let lexicon = understanding.lexicon();
    let Some(entry) = lexicon.entry(&transcript.text) else {
        return Err((format!("no sign has the id “{}”", transcript.text), Vec::new()));
    };
    let sentence = citation::sentence(lexicon, entry).map_err(|error| (error.to_string(), Vec::new()))?;
    let sentences = vec![sentence];
    Ok(Interpretation { counts: understanding::Counts::of(&sentences), sentences, legs: Vec::new() })
}

/// Understanding that tells the page what it made of a text.
pub(crate) struct PageInterpret {
    understanding: Arc<Understanding>,
    /// Whom the visitor has spoken of.
    discourse: Discourse,
    room: Arc<Room>,
}

impl PageInterpret {
    pub(crate) fn new(understanding: Arc<Understanding>, room: Arc<Room>) -> Self {
        Self { understanding, discourse: Discourse::default(), room }
    }

    fn tell(&self, utterance: u64, lines: Lines) {
        self.room.tell(&ToPage::Sentences { utterance, lines });
    }

    fn lexicon(&self) -> &Lexicon {
        self.understanding.lexicon()
    }

    fn understand(&mut self, transcript: &Transcript, signs: Option<f64>) -> Result<Vec<SignSentence>, StageError> {
        let refused = |reason: String| StageError::Refused { stage: "understanding", reason };
        let (language, utterance) =
            untag(&transcript.language).ok_or_else(|| refused("a text without an utterance".to_owned()))?;
        let plain = Transcript { language: language.to_owned(), ..transcript.clone() };
        match interpret(&self.understanding, &mut self.discourse, &plain, signs) {
            Ok(mut found) => {
                let text = found.sentences.first().map_or("", |sentence| sentence.source.text.as_str());
                self.tell(utterance, Lines::new(text, &found.sentences, &found.legs, self.lexicon()));
                for (index, sentence) in found.sentences.iter_mut().enumerate() {
                    sentence.source.language = format!("{}-s{index}", transcript.language);
                }
                Ok(found.sentences)
            }
            Err((reason, dropped)) => {
                self.tell(utterance, Lines::nothing(&plain.text, dropped));
                self.room.done(utterance);
                Err(refused(reason))
            }
        }
    }
}

impl Interpret for PageInterpret {
    fn interpret(&mut self, transcript: &Transcript) -> Result<Vec<SignSentence>, StageError> {
        self.understand(transcript, None)
    }

    fn interpret_within(&mut self, transcript: &Transcript, signs: f64) -> Result<Vec<SignSentence>, StageError> {
        self.understand(transcript, Some(signs))
    }
}

/// A token that begins with the next pose; how long it lasts at full speed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begun {
    place: Place,
    token: usize,
    length: Flicks,
}

/// Motion that notes each sign as it begins, and goes at half speed when asked.
///
/// Poses are made at twice the rate of the picture: at full speed every second one is shown, at half speed each.
pub(crate) struct PageMove {
    inner: LocalMove,
    rate: FrameRate,
    room: Arc<Room>,
    /// Pictures so far.
    frame: u64,
    /// Sentences so far, and what those that may still begin are called.
    serial: u64,
    places: VecDeque<(u64, Option<Place>)>,
    /// Tokens that have not begun, on the inner clock.
    due: VecDeque<TokenTime>,
}

impl PageMove {
    /// A signer at rest for pictures at `rate`.
    ///
    /// Errors: [`MotionError::MissingBone`].
    pub(crate) fn new(body: Arc<Body>, rate: FrameRate, seed: u64, room: Arc<Room>) -> Result<Self, MotionError> {
        // A rate that can't be doubled is shown as it is, at both speeds.
        let double = FrameRate::new(rate.num() * 2, rate.den()).unwrap_or(rate);
        let inner = LocalMove::with(body, double, Side::Right, seed)?;
        Ok(Self { inner, rate, room, frame: 0, serial: 0, places: VecDeque::new(), due: VecDeque::new() })
    }

    /// Notes the tokens that begin by now, on the inner clock.
    fn begin(&mut self, now: OutputTime, half: bool) {
        while let Some(token) = self.due.pop_front_if(|token| token.start <= now) {
            while self.places.front().is_some_and(|(serial, _)| *serial < token.sentence) {
                self.places.pop_front();
            }
            let place = self.places.iter().find(|(serial, _)| *serial == token.sentence).and_then(|(_, place)| *place);
            if let Some(place) = place {
                self.room.begin(Begun { place, token: token.token, length: stretched(token.end - now, half) });
            }
        }
    }

    fn forget(&mut self) {
        self.due.clear();
        self.places.clear();
    }
}

impl Move for PageMove {
    fn push(&mut self, sentence: &SignSentence) -> Result<(), StageError> {
        self.inner.push(sentence)?;
        self.places.push_back((self.serial, place(&sentence.source.language)));
        self.serial += 1;
        Ok(())
    }

    fn step(&mut self) -> Result<Moved, StageError> {
        let half = self.room.half.load(Ordering::Relaxed);
        let mut moved = self.inner.step()?;
        if !half && self.frame > 0 {
            let before = moved.times;
            moved = self.inner.step()?;
            moved.times.splice(0..0, before);
        }
        let (inner_now, now) = (moved.pose.time, self.rate.time_of(self.frame));
        self.frame += 1;
        self.due.extend(moved.times.iter().copied());
        self.begin(inner_now, half);
        for time in &mut moved.times {
            // As it will be if the speed stays.
            for moment in [&mut time.start, &mut time.end] {
                *moment = now + stretched(*moment - inner_now, half);
            }
        }
        moved.pose.time = now;
        Ok(moved)
    }

    fn interrupt(&mut self) -> Result<(), StageError> {
        self.forget();
        self.inner.interrupt()
    }

    fn revive(&mut self) -> Result<(), StageError> {
        self.inner.revive()?;
        (self.frame, self.serial) = (0, 0);
        self.forget();
        Ok(())
    }
}

/// How long something takes at this speed.
fn stretched(length: Flicks, half: bool) -> Flicks {
    if half { Flicks(length.0.saturating_mul(2)) } else { length }
}

/// Pictures, and the moment at which each sign begins on their clock: the page is told of both.
pub(crate) struct PageShow {
    pub(crate) inner: Box<dyn Show>,
    pub(crate) room: Arc<Room>,
}

impl Show for PageShow {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        for Begun { place: Place { utterance, sentence }, token, length } in self.room.take_begun() {
            let (start, end) = (secs(pose.time), secs(pose.time + length));
            self.room.tell(&ToPage::Token { utterance, sentence, token, start, end });
        }
        self.inner.push(pose, caption)
    }

    fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        self.inner.finish()
    }

    fn revive(&mut self, first_frame: u64) -> Result<bool, StageError> {
        self.inner.revive(first_frame)
    }

    fn trace(&mut self, span: &tracing::Span) {
        self.inner.trace(span);
    }

    fn gives_back(&self) -> bool {
        self.inner.gives_back()
    }

    fn news(&mut self) -> Option<(EventKind, String)> {
        self.inner.news()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::outbox::Item;

    #[test]
    fn tags_lead_back_to_the_utterance() {
        for (language, utterance) in [("zh", 1), ("en", 12), ("csl", 9_000)] {
            let tag = tag(language, utterance);
            assert_eq!(untag(&tag), Some((language, utterance)));
            assert_eq!(place(&format!("{tag}-s7")), Some(Place { utterance, sentence: 7 }));
            assert_eq!(place(&tag), None);
        }
        assert_eq!(untag("zh"), None);
    }

    /// Shows nothing.
    struct Nothing;

    impl Show for Nothing {
        fn push(&mut self, _: &PoseFrame, _: Option<&str>) -> Result<Vec<Piece>, StageError> {
            Ok(Vec::new())
        }
        fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
            Ok(Vec::new())
        }
    }

    /// The tokens that the page was told of, and the frames after which all was still.
    fn tokens(half: bool) -> (Vec<(u64, u64, f64, f64)>, u64) {
        let body = Arc::new(Body::read(&body::default_avatar_path().unwrap()).unwrap());
        let understanding = Arc::new(Understanding::new(Lexicon::core().unwrap()));
        let room = Arc::new(Room::new("test".to_owned()));
        let mut interpret = PageInterpret::new(understanding, Arc::clone(&room));
        room.half.store(half, Ordering::Relaxed);
        let mut mover = PageMove::new(body, FrameRate::PAL, 1, Arc::clone(&room)).unwrap();
        let mut show = PageShow { inner: Box::new(Nothing), room: Arc::clone(&room) };
        let transcript = Transcript::plain("我去北京。他喜欢下雪。", tag("zh", 4));
        for sentence in interpret.interpret(&transcript).unwrap() {
            mover.push(&sentence).unwrap();
        }
        let mut frames = 0;
        loop {
            let moved = mover.step().unwrap();
            assert_eq!(moved.pose.time, FrameRate::PAL.time_of(frames));
            assert!(show.push(&moved.pose, None).unwrap().is_empty());
            frames += 1;
            if moved.idle || frames > 2_000 {
                break;
            }
        }
        let mut told = Vec::new();
        while let Some(Item::Text(text)) = room.outbox.poll() {
            let value: Value = serde_json::from_str(&text).unwrap();
            if value["type"] == "token" {
                assert_eq!(value["utterance"], 4);
                let number = |key: &str| value[key].as_f64().unwrap();
                told.push((
                    value["sentence"].as_u64().unwrap(),
                    value["token"].as_u64().unwrap(),
                    number("start"),
                    number("end"),
                ));
            }
        }
        (told, frames)
    }

    #[test]
    fn each_sign_is_told_as_it_begins_and_half_speed_takes_twice_as_long() {
        let (full, full_frames) = tokens(false);
        let (half, half_frames) = tokens(true);
        let order = |told: &[(u64, u64, f64, f64)]| told.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>();
        assert!(full.len() >= 5 && full.iter().any(|it| it.0 == 1), "{full:?}");
        assert_eq!(order(&full), order(&half));
        for pair in full.windows(2) {
            assert!(pair[0].2 <= pair[1].2 && pair[0].2 < pair[0].3, "{pair:?}");
        }
        for (full, half) in full.iter().zip(&half) {
            assert!((half.2 - 2.0 * full.2).abs() < 0.15, "{full:?} {half:?}");
        }
        assert!(half_frames.abs_diff(2 * full_frames) < 6, "{full_frames} {half_frames}");
    }

    #[test]
    fn a_sign_of_the_lexicon_is_signed_by_its_id_and_an_unknown_one_is_refused() {
        let understanding = Understanding::new(Lexicon::core().unwrap());
        let id = understanding.lexicon().entries().next().unwrap().id.clone();
        let found = interpret(&understanding, &mut Discourse::default(), &Transcript::plain(id, SIGN), None).unwrap();
        assert_eq!(found.counts.sign, 1);
        let unknown = Transcript::plain("nothing", SIGN);
        let (reason, _) = interpret(&understanding, &mut Discourse::default(), &unknown, None).unwrap_err();
        assert!(reason.contains("nothing"), "{reason}");
    }
}
