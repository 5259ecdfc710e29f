//! The nouns on the wire, to and from the project's own types.

use glam::{Quat, Vec3};
use serde::{Deserialize, Serialize};
use signing::{
    self as model, Bone, Construction, FaceShape, Flicks, Inflection, ManualChannel, OutputTime, SourceTime, Tiers,
    TokenForm,
};

use crate::{error::ConvertError, v1};

/// Most bytes of one JSON field.
const MAX_JSON: usize = 1 << 20;

macro_rules! enums {
    ($($wire:ident / $model:ident as $field:literal { $($variant:ident),* $(,)? })*) => { $(
        impl From<model::$model> for v1::$wire {
            fn from(value: model::$model) -> Self {
                match value { $(model::$model::$variant => Self::$variant,)* }
            }
        }

        impl TryFrom<v1::$wire> for model::$model {
            type Error = ConvertError;
            fn try_from(value: v1::$wire) -> Result<Self, ConvertError> {
                match value {
                    v1::$wire::Unspecified => Err(ConvertError::Enum { field: $field, found: 0 }),
                    $(v1::$wire::$variant => Ok(Self::$variant),)*
                }
            }
        }
    )* };
}

enums! {
    SentenceType / SentenceType as "sentence_type" { Statement, YesNoQuestion, ContentQuestion, Imperative, Exclamation }
    Origin / Origin as "origin" { Sign, Synonym, Parts, Name, Number, Letters, Pointing }
    Grounding / Grounding as "grounding" { SameWord, Synonym, Hypernym, Part, Pronoun, Grammatical, Number, Name }
    Boundary / Boundary as "boundary" { Phrase, Clause, Sentence }
}

/// The value of an enum field, unknown numbers refused.
fn named<T: TryFrom<i32>>(field: &'static str, found: i32) -> Result<T, ConvertError> {
    T::try_from(found).map_err(|_| ConvertError::Enum { field, found })
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    // The types are plain data with string keys; should that ever change, the empty answer is refused on arrival.
    serde_json::to_vec(value).unwrap_or_default()
}

fn from_json<'a, T: Deserialize<'a>>(field: &'static str, json: &'a [u8]) -> Result<T, ConvertError> {
    if json.len() > MAX_JSON {
        return Err(ConvertError::TooBig { field, found: json.len(), limit: MAX_JSON });
    }
    serde_json::from_slice(json).map_err(|error| ConvertError::Json { field, reason: error.to_string() })
}

impl From<model::SourceRange> for v1::SourceRange {
    fn from(range: model::SourceRange) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl From<v1::SourceRange> for model::SourceRange {
    fn from(range: v1::SourceRange) -> Self {
        Self::new(range.start, range.end)
    }
}

impl From<model::Transcript> for v1::Transcript {
    fn from(transcript: model::Transcript) -> Self {
        let model::Transcript { text, language, start, end, stable } = transcript;
        Self { text, language, start_flicks: start.0.0, end_flicks: end.0.0, stable }
    }
}

impl From<v1::Transcript> for model::Transcript {
    fn from(transcript: v1::Transcript) -> Self {
        let v1::Transcript { text, language, start_flicks, end_flicks, stable } = transcript;
        let time = |flicks| SourceTime(Flicks(flicks));
        Self { text, language, start: time(start_flicks), end: time(end_flicks), stable }
    }
}

impl From<model::PackRef> for v1::PackRef {
    fn from(pack: model::PackRef) -> Self {
        Self { name: pack.name, version: pack.version }
    }
}

impl From<v1::PackRef> for model::PackRef {
    fn from(pack: v1::PackRef) -> Self {
        Self { name: pack.name, version: pack.version }
    }
}

/// `form_json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormJson {
    inflection: Inflection,
    forms: Vec<TokenForm>,
}

impl From<model::SignToken> for v1::SignToken {
    fn from(token: model::SignToken) -> Self {
        Self {
            origin: v1::Origin::from(token.origin).into(),
            grounding: v1::Grounding::from(token.grounding).into(),
            boundary: token.boundary.map_or(v1::Boundary::Unspecified, v1::Boundary::from).into(),
            form_json: to_json(&FormJson { inflection: token.inflection, forms: token.forms }),
            gloss: token.gloss,
            lexeme: token.lexeme,
            pack: token.pack.map(Into::into),
            source: token.source.into_iter().map(Into::into).collect(),
            confidence: token.confidence,
            caption: token.caption,
        }
    }
}

impl TryFrom<v1::SignToken> for model::SignToken {
    type Error = ConvertError;

    fn try_from(token: v1::SignToken) -> Result<Self, ConvertError> {
        let FormJson { inflection, forms } = from_json("tokens.form_json", &token.form_json)?;
        if !(0.0..=1.0).contains(&token.confidence) {
            let (field, found) = ("tokens.confidence", token.confidence);
            return Err(ConvertError::Number { field, index: 0, found, expected: "0 to 1" });
        }
        Ok(Self {
            origin: named::<v1::Origin>("tokens.origin", token.origin)?.try_into()?,
            grounding: named::<v1::Grounding>("tokens.grounding", token.grounding)?.try_into()?,
            boundary: match named("tokens.boundary", token.boundary)? {
                v1::Boundary::Unspecified => None,
                boundary => Some(boundary.try_into()?),
            },
            inflection,
            forms,
            gloss: token.gloss,
            lexeme: token.lexeme,
            pack: token.pack.map(Into::into),
            source: token.source.into_iter().map(Into::into).collect(),
            confidence: token.confidence,
            caption: token.caption,
        })
    }
}

/// `score_json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoreJson {
    manual: [ManualChannel; 2],
    constructions: Vec<Construction>,
    tiers: Tiers,
}

impl From<model::SignSentence> for v1::SignSentence {
    fn from(sentence: model::SignSentence) -> Self {
        let model::SignSentence { manual, constructions, tiers, versions, .. } = sentence;
        Self {
            score_json: to_json(&ScoreJson { manual, constructions, tiers }),
            sign_language: sentence.sign_language,
            source: Some(sentence.source.into()),
            sentence_type: v1::SentenceType::from(sentence.sentence_type).into(),
            tokens: sentence.tokens.into_iter().map(Into::into).collect(),
            dropped: sentence
                .dropped
                .into_iter()
                .map(|it| v1::Dropped { source: Some(it.source.into()), text: it.text, reason: it.reason })
                .collect(),
            versions: Some(v1::Versions {
                software: versions.software,
                understanding: versions.understanding,
                packs: versions.packs.into_iter().map(Into::into).collect(),
            }),
        }
    }
}

impl TryFrom<v1::SignSentence> for model::SignSentence {
    type Error = ConvertError;

    fn try_from(sentence: v1::SignSentence) -> Result<Self, ConvertError> {
        let ScoreJson { manual, constructions, tiers } = from_json("score_json", &sentence.score_json)?;
        let dropped = |it: v1::Dropped| {
            let source = it.source.ok_or(ConvertError::Missing("dropped.source"))?.into();
            Ok(model::Dropped { source, text: it.text, reason: it.reason })
        };
        let versions = sentence.versions.unwrap_or_default();
        let sentence = Self {
            manual,
            constructions,
            tiers,
            sign_language: sentence.sign_language,
            source: sentence.source.ok_or(ConvertError::Missing("source"))?.into(),
            sentence_type: named::<v1::SentenceType>("sentence_type", sentence.sentence_type)?.try_into()?,
            tokens: sentence.tokens.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            dropped: sentence.dropped.into_iter().map(dropped).collect::<Result<_, ConvertError>>()?,
            versions: model::Versions {
                software: versions.software,
                understanding: versions.understanding,
                packs: versions.packs.into_iter().map(Into::into).collect(),
            },
        };
        sentence.validate()?;
        Ok(sentence)
    }
}

impl From<&model::PoseFrame> for v1::PoseFrame {
    fn from(pose: &model::PoseFrame) -> Self {
        Self {
            time_flicks: pose.time.0.0,
            hips: pose.hips.to_array().to_vec(),
            rotations: pose.rotations.iter().flat_map(|rotation| rotation.to_array()).collect(),
            face: pose.face.to_vec(),
        }
    }
}

/// Why a pose was refused.
pub type BadPose = ConvertError;

fn counted<const N: usize>(field: &'static str, values: &[f32]) -> Result<[f32; N], ConvertError> {
    values.try_into().map_err(|_| ConvertError::Count { field, expected: N, found: values.len() })
}

impl TryFrom<&v1::PoseFrame> for model::PoseFrame {
    type Error = BadPose;

    fn try_from(pose: &v1::PoseFrame) -> Result<Self, BadPose> {
        let hips: [f32; 3] = counted("pose.hips", &pose.hips)?;
        let flat: [f32; Bone::COUNT * 4] = counted("pose.rotations", &pose.rotations)?;
        let face: [f32; FaceShape::COUNT] = counted("pose.face", &pose.face)?;
        let number = |field, index, found, expected| ConvertError::Number { field, index, found, expected };
        if let Some(index) = hips.iter().position(|value| value.is_nan() || value.abs() > 10.0) {
            return Err(number("pose.hips", index, hips[index], "−10 to 10 m"));
        }
        if let Some(index) = face.iter().position(|value| !(0.0..=1.0).contains(value)) {
            return Err(number("pose.face", index, face[index], "0 to 1"));
        }
        let mut rotations = [Quat::IDENTITY; Bone::COUNT];
        for (index, (rotation, four)) in rotations.iter_mut().zip(flat.chunks_exact(4)).enumerate() {
            *rotation = Quat::from_slice(four);
            if !rotation.is_normalized() {
                return Err(number("pose.rotations", index, rotation.length(), "unit quaternions"));
            }
        }
        Ok(Self { time: OutputTime(Flicks(pose.time_flicks)), hips: Vec3::from_array(hips), rotations, face })
    }
}

/// The rate on the wire.
pub const fn rate_of(rate: model::FrameRate) -> v1::FrameRate {
    v1::FrameRate { num: rate.num(), den: rate.den() }
}

/// The rate that is meant; 25 where none is given.
///
/// Errors: [`ConvertError::Rate`].
pub fn rate_from(rate: Option<&v1::FrameRate>) -> Result<model::FrameRate, ConvertError> {
    match rate {
        Some(rate) => Ok(model::FrameRate::new(rate.num, rate.den)?),
        None => Ok(model::FrameRate::PAL),
    }
}

/// What the numbers of poses mean.
pub fn pose_header(rate: model::FrameRate) -> v1::PoseHeader {
    v1::PoseHeader {
        bones: Bone::ALL.iter().map(|bone| bone.name().to_owned()).collect(),
        shapes: FaceShape::ALL.iter().map(|shape| shape.name().to_owned()).collect(),
        rate: Some(rate_of(rate)),
    }
}
