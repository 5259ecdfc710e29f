//! Whole sentences, and single forms, at once.

use std::sync::Arc;

use body::Body;
use signing::{PoseFrame, SignForm, SignSentence};

use crate::{Asked, Head, MotionConfig, MotionError, Signer, Timeline, Warning};

/// What was signed, and what could not be made as asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// When each token is signed.
    pub timeline: Timeline,
    /// What could not be made as asked.
    pub warnings: Vec<Warning>,
    /// What the forms asked of the hands and when, for [`crate::check`].
    pub asked: Vec<Asked>,
}

/// Frames that show the body at rest after the last sign.
const TAIL_SECS: f64 = 0.3;
/// Rest before a single form, seconds.
const LEAD_IN_SECS: f64 = 0.2;

/// Signs sentences from rest to rest.
///
/// The frames are those that stepping a [`Signer`] gives.
///
/// Errors: as [`Signer::new`] and [`Signer::push`]; a backlog is not one, all sentences are taken.
pub fn sign_all(
    body: &Arc<Body>,
    config: MotionConfig,
    sentences: &[SignSentence],
) -> Result<(Vec<PoseFrame>, Report), MotionError> {
    sign_all_as(body, config, &Head::choose(config.head)?, sentences)
}

/// As [`sign_all`], with a head of one's own in the place of [`MotionConfig::head`].
///
/// Errors: as [`sign_all`].
pub fn sign_all_as(
    body: &Arc<Body>,
    config: MotionConfig,
    head: &Head,
    sentences: &[SignSentence],
) -> Result<(Vec<PoseFrame>, Report), MotionError> {
    drive(&mut Signer::with_head(body, unlimited(config), head)?, config, sentences)
}

/// A whole script is taken at once.
pub(crate) fn unlimited(config: MotionConfig) -> MotionConfig {
    MotionConfig { queued_signs: usize::MAX, ..config }
}

/// Lets a signer at rest sign sentences, until it is at rest again.
pub(crate) fn drive(
    signer: &mut Signer,
    config: MotionConfig,
    sentences: &[SignSentence],
) -> Result<(Vec<PoseFrame>, Report), MotionError> {
    signer.note_asked();
    for sentence in sentences {
        signer.push(sentence.clone())?;
    }
    signer.finish();
    let mut frames = vec![signer.step()];
    let mut timeline = Timeline::default();
    while !signer.is_idle() {
        frames.push(signer.step());
        timeline.tokens.extend(signer.take_timeline());
    }
    for _ in 0..frames_in(&config, TAIL_SECS) {
        frames.push(signer.step());
    }
    timeline.tokens.extend(signer.take_timeline());
    timeline.tokens.sort_by_key(|token| (token.sentence, token.start));
    Ok((frames, Report { timeline, warnings: signer.warnings().to_vec(), asked: signer.take_asked() }))
}

/// Indices into the frames of a single form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// The hands set out.
    pub start: usize,
    /// The first configuration is reached.
    pub first: usize,
    /// Half-way between the first configuration and the end.
    pub middle: usize,
    /// The last movement is over.
    pub end: usize,
}

/// A single form from rest to rest.
#[derive(Debug, Clone, PartialEq)]
pub struct FormMotion {
    /// The poses.
    pub frames: Vec<PoseFrame>,
    /// When its parts happen.
    pub moments: Moments,
    /// What could not be made as asked.
    pub warnings: Vec<Warning>,
    /// What the form asked of the hands and when, for [`crate::check`].
    pub asked: Vec<Asked>,
}

/// Signs one form as a dictionary shows it: slower than in a sentence, with all its repetitions.
///
/// Errors: [`MotionError::Form`] for a form that is not valid, and as [`Signer::new`].
pub fn sign_form(body: &Arc<Body>, config: MotionConfig, form: &SignForm) -> Result<FormMotion, MotionError> {
    form.validate()?;
    let mut signer = Signer::new(Arc::clone(body), config)?;
    signer.note_asked();
    let planned = signer.cite(form, LEAD_IN_SECS);
    let mut frames = vec![signer.step()];
    while !signer.is_idle() {
        frames.push(signer.step());
    }
    for _ in 0..frames_in(&config, TAIL_SECS) {
        frames.push(signer.step());
    }
    let last = frames.len() - 1;
    // The last frame of what is meant, not the first of what comes after.
    let index = |secs: f64| frames_in(&config, secs - 0.5 / config.rate.as_f64()).min(last);
    let moments = Moments {
        start: index(planned.start),
        first: index(planned.first),
        middle: index(planned.first.midpoint(planned.end)),
        end: index(planned.end),
    };
    Ok(FormMotion { frames, moments, warnings: signer.warnings().to_vec(), asked: signer.take_asked() })
}

/// Whole frames in a time.
fn frames_in(config: &MotionConfig, secs: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of frames")]
    let frames = (secs.max(0.0) * config.rate.as_f64()).round() as usize;
    frames
}
