//! The stages, joined.

use std::{collections::VecDeque, sync::Arc};

use avatar::{Renderer, RendererConfig};
use body::Body;
use lexicon::Lexicon;
use motion::{MotionConfig, Signer, TokenTime};
use signing::{OutputTime, PoseFrame, SignSentence, Transcript, VideoFrame};
use stream::Font;
use understanding::{Interpretation, Understanding};

use crate::{
    config::{Background, PictureConfig, SessionConfig},
    error::SessionError,
    meter::{Meter, Stage},
    overlay::Overlay,
};

/// A running session: text goes in, marked frames come out at a constant rate.
///
/// Lookahead: the signer's one sign and the renderer's frames in flight; a frame comes out a few
/// [`advance`](Self::advance)s after its pose went in, in order, none lost.
pub struct Session {
    understanding: Arc<Understanding>,
    signer: Signer,
    renderer: Renderer,
    overlay: Overlay,
    script: Script,
    meter: Meter,
}

/// A frame, and the token whose time it belongs to.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The finished picture.
    pub frame: VideoFrame,
    /// The token; `None` at rest.
    pub token: Option<ShownToken>,
}

/// A token of a sentence that was pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownToken {
    /// Which sentence, counted from 0 in the order of pushing.
    pub sentence: u64,
    /// Index of the token.
    pub token: usize,
}

/// One tick of the output clock.
#[derive(Debug)]
pub struct Tick {
    /// The pose that went into the renderer.
    pub pose: PoseFrame,
    /// The picture that came out, of an earlier pose.
    pub shown: Option<Shown>,
}

impl Session {
    /// Signs that may wait before [`wants_more`](Self::wants_more) says no: some twenty seconds.
    const ENOUGH_SIGNS: usize = 40;

    /// Loads lexicon and body and warms the renderer.
    ///
    /// Errors: whatever a stage lacks, said by that stage.
    pub fn open(config: &SessionConfig) -> Result<Self, SessionError> {
        let lexicon = Lexicon::core_with(&config.packs)?;
        let understanding = Understanding::new(lexicon).with_spelling(config.spelling);
        Self::with_understanding(understanding, &config.picture)
    }

    /// Joins an understanding that is already there with the rest.
    ///
    /// Errors: as for [`open`](Self::open).
    pub fn with_understanding(
        understanding: impl Into<Arc<Understanding>>,
        picture: &PictureConfig,
    ) -> Result<Self, SessionError> {
        let font = Font::system_chinese()?;
        let body = Arc::new(Body::read(&picture.avatar)?);
        let signer = Signer::new(
            body,
            MotionConfig {
                rate: picture.rate,
                dominant: picture.dominant,
                seed: picture.seed,
                head: picture.head,
                ..MotionConfig::default()
            },
        )?;
        let renderer = Renderer::start(RendererConfig {
            background: match picture.background {
                Background::Color(color) => avatar::Background::Color(color),
                Background::Transparent => avatar::Background::Transparent,
            },
            ..RendererConfig::new(picture.size, picture.avatar.clone())
        })?;
        Ok(Self {
            understanding: understanding.into(),
            signer,
            renderer,
            overlay: Overlay::new(picture.size, &font, picture.mark),
            script: Script::default(),
            meter: Meter::default(),
        })
    }

    /// What `transcript` means in signs. Nothing is queued.
    ///
    /// Errors: as for [`interpret`].
    pub fn interpret(&mut self, transcript: &Transcript) -> Result<Interpretation, SessionError> {
        interpret(&self.understanding, transcript, &mut self.meter)
    }

    /// Queues a sentence.
    ///
    /// Errors: the signer's, above all that its queue is full; the sentence is then not taken.
    pub fn push(&mut self, sentence: SignSentence) -> Result<(), SessionError> {
        let captions = sentence.tokens.iter().map(|token| token.caption.clone()).collect();
        let Self { meter, signer, .. } = self;
        meter.measure(Stage::Motion, || signer.push(sentence))?;
        self.script.captions.push_back(captions);
        Ok(())
    }

    /// Whether it is time to push the next sentence: a feeder that heeds it never holds a long text twice.
    pub fn wants_more(&self) -> bool {
        self.signer.remaining() < Self::ENOUGH_SIGNS
    }

    /// No more sentences: the signer comes to rest.
    pub fn finish(&mut self) {
        self.signer.finish();
    }

    /// Lets the current sign reach its end, drops what waits, and brings the signer to rest.
    pub fn interrupt(&mut self) {
        self.signer.interrupt();
    }

    /// Whether everything that was queued is signed and the hands are at rest.
    pub fn is_idle(&self) -> bool {
        self.signer.is_idle()
    }

    /// One tick: a pose goes into the renderer, and a picture comes out if one is ready.
    ///
    /// Errors: the renderer's.
    pub fn advance(&mut self) -> Result<Tick, SessionError> {
        let Self { meter, signer, renderer, script, .. } = self;
        let pose = meter.measure(Stage::Motion, || signer.step());
        script.times.extend(signer.take_timeline());
        let frame = meter.measure(Stage::Avatar, || {
            renderer.push(&pose)?;
            renderer.step()
        })?;
        let shown = frame.map(|frame| self.finish_frame(frame));
        Ok(Tick { pose, shown })
    }

    /// The pictures that the renderer still holds, in order.
    ///
    /// Errors: the renderer's.
    pub fn flush(&mut self) -> Result<Vec<Shown>, SessionError> {
        let Self { meter, renderer, .. } = self;
        let frames = meter.measure(Stage::Avatar, || renderer.flush())?;
        Ok(frames.into_iter().map(|frame| self.finish_frame(frame)).collect())
    }

    /// What motion could not do as it was asked: nearest feasible poses and why.
    pub fn warnings(&self) -> Vec<String> {
        self.signer.warnings().iter().map(ToString::to_string).collect()
    }

    /// What each stage cost so far.
    pub const fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }

    fn finish_frame(&mut self, mut frame: VideoFrame) -> Shown {
        let token = self.script.token_at(frame.time());
        let Self { meter, overlay, script, .. } = self;
        meter.measure(Stage::Avatar, || overlay.apply(&mut frame, token.and_then(|token| script.caption(token))));
        Shown { frame, token }
    }
}

/// What `transcript` means in signs.
///
/// Errors: [`SessionError::TooLong`], or the understanding's.
pub fn interpret(
    understanding: &Understanding,
    transcript: &Transcript,
    meter: &mut Meter,
) -> Result<Interpretation, SessionError> {
    let (found, limit) = (transcript.text.chars().count(), SessionConfig::MAX_CHARACTERS);
    if found > limit {
        return Err(SessionError::TooLong { found, limit });
    }
    Ok(meter.measure(Stage::Understanding, || understanding.interpret(transcript))?)
}

/// What the frames that are still to be shown belong to.
#[derive(Default)]
struct Script {
    /// Tokens in order of time; the first one is shown or still to be shown.
    times: VecDeque<TokenTime>,
    /// Count of the first sentence whose captions are kept.
    first: u64,
    /// The tokens' captions, one list a sentence.
    captions: VecDeque<Vec<Option<String>>>,
}

impl Script {
    /// The token of a frame. Times must rise from call to call: what is past is forgotten.
    fn token_at(&mut self, time: OutputTime) -> Option<ShownToken> {
        while self.times.front().is_some_and(|token| token.end <= time) {
            self.times.pop_front();
        }
        let token = self.times.front().filter(|token| token.start <= time)?;
        Some(ShownToken { sentence: token.sentence, token: token.token })
    }

    fn caption(&mut self, token: ShownToken) -> Option<&str> {
        while self.first < token.sentence && !self.captions.is_empty() {
            self.captions.pop_front();
            self.first += 1;
        }
        self.captions.front()?.get(token.token)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use signing::Flicks;

    use super::*;

    #[test]
    fn a_caption_stands_while_its_token_is_signed_and_is_then_forgotten() {
        let at = |millis| OutputTime(Flicks::from_millis(millis));
        let time = |sentence, token, start, end| TokenTime { sentence, token, start: at(start), end: at(end) };
        let mut script = Script::default();
        script.times.extend([time(0, 0, 200, 600), time(0, 1, 600, 1000), time(1, 0, 1500, 2000)]);
        script.captions.extend([vec![None, Some("李明".to_owned())], vec![Some("北京".to_owned())]]);
        let mut caption_at = |millis| {
            let token = script.token_at(at(millis))?;
            script.caption(token).map(str::to_owned)
        };
        for (millis, expected) in [
            (0, None),
            (200, None),
            (600, Some("李明")),
            (999, Some("李明")),
            (1000, None),
            (1500, Some("北京")),
            (2000, None),
        ] {
            assert_eq!(caption_at(millis).as_deref(), expected, "{millis} ms");
        }
        assert!(script.times.is_empty());
        assert_eq!(script.captions.len(), 1);
    }
}
