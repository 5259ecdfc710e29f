//! What is asked for, checked; what is answered.

use proto::v1::{self, streaming_sign_response::Content};
use session::live::{EventKind, Output, Wants};
use signing::{FrameRate, Origin, Side};
use tonic::Status;

use crate::{
    render::{Picture, chunk},
    stages::Plan,
    state::State,
    status::invalid,
};

/// A checked request for a session.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) language: String,
    pub(super) rate: FrameRate,
    pub(super) poses: bool,
    transcripts: bool,
    sentences: bool,
    picture: Option<Picture>,
    dominant: Side,
    seed: u64,
    degradation: bool,
}

impl Asked {
    pub(super) fn of(config: &v1::SigningConfig, state: &State) -> Result<Self, Status> {
        let outputs: Vec<v1::Output> = config
            .outputs
            .iter()
            .map(|&output| match v1::Output::try_from(output) {
                Ok(v1::Output::Unspecified) | Err(_) => {
                    let message = format!("outputs: {output} is none; use TRANSCRIPT, SENTENCE, POSE or VIDEO");
                    Err(invalid("OUTPUT", message))
                }
                Ok(output) => Ok(output),
            })
            .collect::<Result<_, _>>()?;
        let wants = |output| outputs.contains(&output);
        if !matches!(config.sign_language.as_str(), "" | "csl") {
            let message = format!("sign_language “{}” is not loaded here: csl is", config.sign_language);
            return Err(invalid("SIGN_LANGUAGE", message));
        }
        let loaded = |pack: &String| {
            state.config.packs.iter().filter_map(|path| path.file_name()).any(|name| name.to_string_lossy() == *pack)
        };
        if let Some(pack) = config.packs.iter().find(|pack| !loaded(pack)) {
            return Err(invalid("PACK", format!("pack “{pack}” is not loaded here; packs are named at start")));
        }
        let video = config.video.unwrap_or_default();
        let picture = Picture::of(&video, &state.config.limits)?;
        Ok(Self {
            // Words of a text are told apart by their script.
            language: if matches!(config.language.as_str(), "" | "auto") { "zh" } else { &config.language }.to_owned(),
            rate: picture.rate,
            transcripts: wants(v1::Output::Transcript),
            sentences: wants(v1::Output::Sentence) || outputs.is_empty(),
            poses: wants(v1::Output::Pose),
            picture: wants(v1::Output::Video).then_some(picture),
            dominant: if config.left_handed { Side::Left } else { Side::Right },
            seed: config.seed,
            degradation: config.accept_degradation,
        })
    }

    /// Half the size, then half the rate, if the client accepts less and there is less.
    pub(super) fn degraded(&self) -> Option<Self> {
        let picture = self.picture.filter(|_| self.degradation)?;
        let (width, height) = picture.size;
        let mut smaller = self.clone();
        if height > 360 {
            let even = |side: u32| (side / 2).next_multiple_of(2);
            smaller.picture = Some(Picture { size: (even(width), even(height)), ..picture });
            return Some(smaller);
        }
        let rate =
            FrameRate::new(picture.rate.num(), picture.rate.den() * 2).ok().filter(|rate| rate.as_f64() >= 12.0)?;
        smaller.picture = Some(Picture { rate, ..picture });
        smaller.rate = rate;
        Some(smaller)
    }

    /// Whether there are pictures.
    pub(super) const fn draws(&self) -> bool {
        self.picture.is_some()
    }

    pub(super) fn pixels_per_sec(&self) -> u64 {
        self.picture.map_or(0, |picture| picture.pixels_per_sec())
    }

    /// Outputs of `secs` of session, a few more for what is said beside them.
    pub(super) fn outputs_a_second(&self, secs: f64) -> usize {
        let kinds = f64::from(u8::from(self.poses) + u8::from(self.picture.is_some()));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
        let outputs = (self.rate.as_f64() * secs * kinds) as usize;
        outputs + 64
    }

    pub(super) fn plan(&self, id: &str) -> Plan {
        Plan {
            rate: self.rate,
            dominant: self.dominant,
            seed: self.seed,
            picture: self.picture,
            wants: Wants { transcripts: self.transcripts, sentences: self.sentences, poses: self.poses },
            name: id.to_owned(),
        }
    }

    /// What a session begins with.
    fn head(&self, id: &str) -> Vec<Content> {
        let video = self.picture.map(|picture| picture.config());
        let mut head = vec![Content::SessionStarted(v1::SessionStarted { session_id: id.to_owned(), video })];
        if self.poses {
            head.push(Content::PoseHeader(proto::pose_header(self.rate)));
        }
        head
    }
}

pub(super) fn response(content: Content) -> v1::StreamingSignResponse {
    v1::StreamingSignResponse { content: Some(content) }
}

/// An output on the wire.
pub(super) fn contents(output: Output, asked: &Asked, id: &str) -> Vec<Content> {
    vec![match output {
        Output::Started => return asked.head(id),
        Output::Transcript { utterance, transcript } => Content::Transcript(v1::UtteranceTranscript {
            utterance_id: utterance.as_ref().to_owned(),
            transcript: Some(transcript.into()),
        }),
        Output::Sentence { utterance, sentence } => Content::Sentence(v1::UtteranceSentence {
            utterance_id: utterance.as_ref().to_owned(),
            sentence: Some((*sentence).into()),
        }),
        Output::Pose(pose) => Content::Poses(v1::PoseChunk { frames: vec![pose.as_ref().into()] }),
        Output::Video(piece) => Content::Video(chunk(piece)),
        Output::Event(event) => Content::Event(self::event(&event)),
    }]
}

/// Puts an output into the answer of a unary call.
pub(super) fn collect(output: Output, whole: &mut v1::SignResponse) {
    match output {
        Output::Started | Output::Transcript { .. } => {}
        Output::Sentence { sentence, .. } => whole.sentences.push((*sentence).into()),
        Output::Pose(pose) => whole.poses.push(pose.as_ref().into()),
        Output::Video(piece) => whole.video.extend(piece.data),
        Output::Event(event) => whole.events.push(self::event(&event)),
    }
}

fn event(event: &session::live::Event) -> v1::SessionEvent {
    let kind = match event.kind {
        EventKind::UtteranceStarted => v1::EventKind::UtteranceStarted,
        EventKind::UtteranceFinished => v1::EventKind::UtteranceFinished,
        EventKind::Overloaded => v1::EventKind::Overloaded,
        EventKind::Fallback => v1::EventKind::Fallback,
        EventKind::Recovered => v1::EventKind::Recovered,
        EventKind::Omitted => v1::EventKind::Omitted,
        EventKind::Flushed => v1::EventKind::Flushed,
        EventKind::Interrupted => v1::EventKind::Interrupted,
        EventKind::Warning => v1::EventKind::Warning,
        EventKind::Ordered => v1::EventKind::Ordered,
    };
    v1::SessionEvent {
        kind: kind.into(),
        time_flicks: event.time.0.0,
        utterance_id: event.utterance.as_deref().unwrap_or_default().to_owned(),
        message: event.message.clone(),
    }
}

pub(super) const fn kind_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::UtteranceStarted => "utterance_started",
        EventKind::UtteranceFinished => "utterance_finished",
        EventKind::Overloaded => "overloaded",
        EventKind::Fallback => "fallback",
        EventKind::Recovered => "recovered",
        EventKind::Omitted => "omitted",
        EventKind::Flushed => "flushed",
        EventKind::Interrupted => "interrupted",
        EventKind::Warning => "warning",
        EventKind::Ordered => "ordered",
    }
}

pub(super) const fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Sign => "sign",
        Origin::Synonym => "synonym",
        Origin::Parts => "parts",
        Origin::Name => "name",
        Origin::Number => "number",
        Origin::Letters => "letters",
        Origin::Pointing => "pointing",
    }
}
