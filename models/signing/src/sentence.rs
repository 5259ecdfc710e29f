//! What will be signed.
//!
//! A sentence is self-contained: each token carries its resolved forms, so that motion never opens
//! a pack and never sees text. It has no clock: everything is anchored to tokens.

use serde::{Deserialize, Serialize};

use crate::{
    SignLanguageCode,
    form::{FormError, SignForm},
    nonmanual::{BodyMotion, Brows, Cheeks, Expression, Eyes, Gaze, HeadMotion, MouthShape, Tongue},
    space::{Hand, Side},
    transcript::{SourceRange, Transcript},
};

/// A sentence in signs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignSentence {
    /// The sign language it is in.
    pub sign_language: SignLanguageCode,
    /// What it was made from. Source ranges index into its text.
    pub source: Transcript,
    /// What kind of sentence it is.
    pub sentence_type: SentenceType,
    /// The tokens in signing order.
    pub tokens: Vec<SignToken>,
    /// What each hand does: the dominant hand's channel, then the weak hand's.
    pub manual: [ManualChannel; 2],
    /// Segments of both hands that belong together.
    pub constructions: Vec<Construction>,
    /// What face, head, gaze, torso and mouth do.
    pub tiers: Tiers,
    /// Source that is not signed, and why.
    pub dropped: Vec<Dropped>,
    /// What made it.
    pub versions: Versions,
}

/// What kind of sentence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentenceType {
    /// 陈述
    Statement,
    /// 是非问: brows up.
    YesNoQuestion,
    /// 特指问: brows drawn.
    ContentQuestion,
    /// 祈使
    Imperative,
    /// 感叹
    Exclamation,
}

/// One thing that is signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignToken {
    /// The bare headword; for a name or spelled word the source word; for numbers Arabic digits;
    /// for pointing 我, 你, 他.
    pub gloss: String,
    /// The pack entry's id; `None` for what has none (a spelled word, a composed number).
    pub lexeme: Option<String>,
    /// The pack that gave the forms; `None` for what is formed by rule.
    pub pack: Option<PackRef>,
    /// How it came about.
    pub origin: Origin,
    /// Source characters it renders, in order; empty for what the grammar adds.
    pub source: Vec<SourceRange>,
    /// How it is grounded in the source.
    pub grounding: Grounding,
    /// 0 to 1.
    pub confidence: f32,
    /// How the lexeme is inflected.
    pub inflection: Inflection,
    /// The forms to sign, in order.
    pub forms: Vec<TokenForm>,
    /// Characters shown on screen while it is signed (names without a sign of their own).
    pub caption: Option<String>,
    /// The prosodic boundary that follows it.
    pub boundary: Option<Boundary>,
}

/// A form, and what it is within its token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenForm {
    /// What it is called: the headword, a letter, a numeral, a part of a compound.
    pub name: String,
    /// The pack entry's id; `None` for what is formed by rule.
    pub lexeme: Option<String>,
    /// How it is formed.
    pub form: SignForm,
}

/// A pack and its version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PackRef {
    /// The pack's name.
    pub name: String,
    /// The pack's version.
    pub version: String,
}

/// How a token came about: the ladder's steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The lexicon has a sign for the word.
    Sign,
    /// A sign of the same or a wider sense.
    Synonym,
    /// Parts that carry meaning, each as its sign.
    Parts,
    /// A name: surname sign, character signs or initials.
    Name,
    /// A number.
    Number,
    /// Manual letters.
    Letters,
    /// Pointing.
    Pointing,
}

impl Origin {
    /// All, in the order of the ladder.
    pub const ALL: [Self; 7] =
        [Self::Sign, Self::Synonym, Self::Parts, Self::Name, Self::Number, Self::Letters, Self::Pointing];
}

/// What ties a token to the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounding {
    /// The same word.
    SameWord,
    /// A word of the same sense.
    Synonym,
    /// A word of a wider sense.
    Hypernym,
    /// A part of the word.
    Part,
    /// A pronoun or a pointing for it.
    Pronoun,
    /// Added or changed by the grammar of the sign language.
    Grammatical,
    /// A number's value.
    Number,
    /// A name.
    Name,
}

/// A place in signing space where a referent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocusId {
    /// The signer (first person).
    Signer,
    /// The person addressed (second person).
    Addressee,
    /// A third referent, on a side, counted from the middle.
    Side(Side, u8),
}

/// How a lexeme is inflected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Inflection {
    /// Where it is signed or pointed at.
    pub locus: Option<LocusId>,
    /// From whom to whom a directional verb moves.
    pub direction: Option<(LocusId, LocusId)>,
    /// Plural by repetition: how many times in all; 1 is none.
    pub repetitions: Option<u32>,
    /// Aspect.
    pub aspect: Option<Aspect>,
}

/// Aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Over and done.
    Completed,
    /// Going on.
    Continuous,
    /// Again and again.
    Iterative,
}

/// A prosodic boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// After a topic: a short hold.
    Phrase,
    /// A comma: a hold, a blink.
    Clause,
    /// A full stop: hold, blink, small nod, hands lower; about half a second.
    Sentence,
}

/// A point in a sentence: `fraction` of the way through token `token`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Anchor {
    /// Index into the tokens.
    pub token: u32,
    /// 0 at its start, 1 at its end.
    pub fraction: f32,
}

/// From one anchor to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: Anchor,
    /// Where it ends.
    pub end: Anchor,
}

impl Span {
    /// The whole of the tokens `first` to `last`, both included.
    pub const fn tokens(first: u32, last: u32) -> Self {
        Self { start: Anchor { token: first, fraction: 0.0 }, end: Anchor { token: last, fraction: 1.0 } }
    }
}

/// What one hand does through the sentence: segments in order that do not overlap. Between them the hand is idle.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ManualChannel(pub Vec<ManualSegment>);

/// A stretch of one hand's channel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ManualSegment {
    /// The token whose forms it takes.
    pub token: u32,
    /// How it takes them.
    pub kind: ChannelUse,
    /// When.
    pub span: Span,
}

/// What a hand does with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelUse {
    /// Signs its part of the token (the weak hand: the weak hand's part).
    Lexeme,
    /// Signs the dominant hand's part of the token with this hand (a one-handed sign on the other hand).
    Transferred,
    /// Keeps the token's last configuration where it is.
    Hold,
    /// Keeps the token's handshape while the other hand goes on (辅手延伸).
    Spread,
}

/// Segments of both hands that a construction binds together: a date, a list, a classifier on its ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Construction {
    /// Index of the dominant hand's segment.
    pub dominant: u32,
    /// Index of the weak hand's segment.
    pub weak: u32,
}

/// Something on a tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timed<T> {
    /// What.
    pub what: T,
    /// How strong: 0 to 1.
    pub intensity: f32,
    /// When.
    pub span: Span,
}

/// A tier, in order of start.
pub type Tier<T> = Vec<Timed<T>>;

/// What is not done with the hands. What a sign's own form brings along is not repeated here.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tiers {
    /// Brows.
    pub brows: Tier<Brows>,
    /// Lids.
    pub eyes: Tier<Eyes>,
    /// Cheeks.
    pub cheeks: Tier<Cheeks>,
    /// Whole expressions.
    pub expression: Tier<Expression>,
    /// Head.
    pub head: Tier<HeadMotion>,
    /// Gaze.
    pub gaze: Tier<Gaze>,
    /// Torso.
    pub torso: Tier<BodyMotion>,
    /// Mouth gestures (口动).
    pub mouth: Tier<MouthShape>,
    /// Tongue.
    pub tongue: Tier<Tongue>,
    /// Mouthings (口型): the word, reduced. Where a gesture overlaps, the gesture wins.
    pub mouthing: Tier<Vec<Viseme>>,
}

/// A mouth position of a spoken sound. After the fifteen visemes of MPEG-4 and its successors, with ü added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Viseme {
    /// Rest.
    Silence,
    /// b, p, m
    Pp,
    /// f
    Ff,
    /// d, t
    Dd,
    /// n, l
    Nn,
    /// g, k, h
    Kk,
    /// j, q, x
    Ch,
    /// z, c, s
    Ss,
    /// zh, ch, sh, r
    Rr,
    /// a
    Aa,
    /// e
    E,
    /// i
    I,
    /// o
    O,
    /// u
    U,
    /// ü
    Yu,
}

/// Source that is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Where.
    pub source: SourceRange,
    /// What.
    pub text: String,
    /// Why, for a reader: such as “particle”, “measure word”, “the verb's direction says it”.
    pub reason: String,
}

/// What made a sentence: same input, same versions, same motion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Versions {
    /// The software.
    pub software: String,
    /// Where the proposal came from: `knowledge`, or a model's name and version.
    pub understanding: String,
    /// The packs in use, in order of precedence.
    pub packs: Vec<PackRef>,
}

/// What is wrong with a sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SentenceError {
    /// A token without a form.
    #[error("token {token} “{gloss}” carries no sign form")]
    NoForm {
        /// Index of the token.
        token: usize,
        /// Its gloss.
        gloss: String,
    },
    /// A form that is not valid.
    #[error("token {token} “{gloss}”: {error}")]
    Form {
        /// Index of the token.
        token: usize,
        /// Its gloss.
        gloss: String,
        /// What is wrong with the form.
        #[source]
        error: FormError,
    },
    /// A span outside of the sentence, backwards, or overlapping the one before.
    #[error(
        "{tier}: span {index} runs from {start:?} to {end:?}: expected an ordered span within {tokens} tokens{rule}"
    )]
    Span {
        /// Which tier or channel.
        tier: &'static str,
        /// Which span.
        index: usize,
        /// Its start.
        start: Anchor,
        /// Its end.
        end: Anchor,
        /// How many tokens there are.
        tokens: usize,
        /// A further rule that was broken, or nothing.
        rule: &'static str,
    },
    /// A source range outside of the source text.
    #[error("token {token} “{gloss}”: source range {range:?} reaches beyond the text's {length} characters")]
    Source {
        /// Index of the token.
        token: usize,
        /// Its gloss.
        gloss: String,
        /// As found.
        range: SourceRange,
        /// Characters in the source text.
        length: usize,
    },
    /// A construction that names a segment that does not exist.
    #[error("construction {0} names a segment that does not exist")]
    Construction(usize),
}

impl SignSentence {
    /// The channel of one hand.
    pub const fn channel(&self, hand: Hand) -> &ManualChannel {
        &self.manual[hand.index()]
    }

    /// Checks what the types cannot: forms, spans in order and in range, source ranges, constructions.
    ///
    /// Errors: the first [`SentenceError`].
    pub fn validate(&self) -> Result<(), SentenceError> {
        let length = self.source.text.chars().count();
        for (index, token) in self.tokens.iter().enumerate() {
            let gloss = || token.gloss.clone();
            if token.forms.is_empty() {
                return Err(SentenceError::NoForm { token: index, gloss: gloss() });
            }
            for form in &token.forms {
                form.form.validate().map_err(|error| SentenceError::Form { token: index, gloss: gloss(), error })?;
            }
            if let Some(&range) =
                token.source.iter().find(|range| range.start > range.end || range.end as usize > length)
            {
                return Err(SentenceError::Source { token: index, gloss: gloss(), range, length });
            }
        }
        for (tier, channel) in ["dominant hand", "weak hand"].into_iter().zip(&self.manual) {
            self.spans(tier, channel.0.iter().map(|segment| segment.span), true)?;
        }
        let tiers = &self.tiers;
        self.spans("brows", tiers.brows.iter().map(|timed| timed.span), false)?;
        self.spans("eyes", tiers.eyes.iter().map(|timed| timed.span), false)?;
        self.spans("cheeks", tiers.cheeks.iter().map(|timed| timed.span), false)?;
        self.spans("expression", tiers.expression.iter().map(|timed| timed.span), false)?;
        self.spans("head", tiers.head.iter().map(|timed| timed.span), false)?;
        self.spans("gaze", tiers.gaze.iter().map(|timed| timed.span), false)?;
        self.spans("torso", tiers.torso.iter().map(|timed| timed.span), false)?;
        self.spans("mouth", tiers.mouth.iter().map(|timed| timed.span), false)?;
        self.spans("tongue", tiers.tongue.iter().map(|timed| timed.span), false)?;
        self.spans("mouthing", tiers.mouthing.iter().map(|timed| timed.span), false)?;
        let exists = |channel: &ManualChannel, index: u32| (index as usize) < channel.0.len();
        match self
            .constructions
            .iter()
            .position(|c| !exists(&self.manual[0], c.dominant) || !exists(&self.manual[1], c.weak))
        {
            Some(index) => Err(SentenceError::Construction(index)),
            None => Ok(()),
        }
    }

    fn spans(&self, tier: &'static str, spans: impl Iterator<Item = Span>, apart: bool) -> Result<(), SentenceError> {
        let tokens = self.tokens.len();
        let mut before: Option<Span> = None;
        for (index, span) in spans.enumerate() {
            let inside = |anchor: Anchor| (anchor.token as usize) < tokens && (0.0..=1.0).contains(&anchor.fraction);
            let error = |rule| SentenceError::Span { tier, index, start: span.start, end: span.end, tokens, rule };
            if !inside(span.start) || !inside(span.end) || span.start > span.end {
                return Err(error(""));
            }
            if let Some(before) = before {
                if apart
                    && !(before.end <= span.start
                        || (before.end.fraction >= 1.0 && before.end.token < span.start.token))
                {
                    return Err(error(", after the end of the one before"));
                }
                if before.start > span.start {
                    return Err(error(", in order of start"));
                }
            }
            before = Some(span);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;
