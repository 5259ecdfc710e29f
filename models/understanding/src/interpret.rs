//! Transcripts into sign sentences.

use std::{ops::Range, sync::Arc};

use lexicon::{Lang, Lexicon};
use signing::{Dropped, Origin, SentenceType, SignSentence, SignToken, SourceRange, Transcript, Versions};
use text::{Normalised, Segmenter};

use crate::{
    abuse::{Abuse, Kept},
    analyse::{Analysis, Knowledge, analyse, is_mark},
    date::{self, date},
    depict::{self, depict},
    discourse::{Discourse, place_referents},
    english::transfer,
    error::UnderstandingError,
    item::Drop,
    ladder::{Draft, Ladder},
    order::{Signals, reorder},
    pace::{Limit, Pace, SAVED, condense},
    proposal::{LegReport, Proposer},
    proposing::Proposing,
    senses::disambiguate,
    slots::Slots,
    tiers::{self, ClauseSpan},
};

/// More characters are not taken at once: at the rate of signing, this is an hour and a half.
pub const MAX_CHARACTERS: usize = 20_000;
/// More sentences are not taken at once.
pub const MAX_SENTENCES: usize = 4_000;

/// How words without a sign are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// The manual letter of each syllable's beginning, as signers do.
    #[default]
    Initials,
    /// Every letter of the pinyin.
    Full,
}

/// The knowledge leg: the lexicon's words and the tendencies of the grammar.
#[derive(Debug)]
pub struct Understanding {
    lexicon: Arc<Lexicon>,
    segmenter: Segmenter,
    slots: Slots,
    spelling: Spelling,
    proposing: Option<Proposing>,
    pace: Option<Pace>,
    abuse: Abuse,
}

/// What the sentences before one leave to it.
#[derive(Debug, Default)]
struct Before {
    /// What they say.
    context: Vec<String>,
    /// The time that they saved, or overran, in signs.
    saved: f32,
}

/// What a transcript becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpretation {
    /// The sentences in order; at least one, each with at least one token. Source ranges, and each sentence's
    /// own source, are those of the whole transcript.
    pub sentences: Vec<SignSentence>,
    /// How its tokens came about.
    pub counts: Counts,
    /// Which leg each sentence is of, and why.
    pub legs: Vec<LegReport>,
}

/// How many tokens came from each step of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// The word's own sign.
    pub sign: usize,
    /// A sign of the same or a wider sense.
    pub synonym: usize,
    /// Signs of the word's parts.
    pub parts: usize,
    /// Names.
    pub name: usize,
    /// Numbers.
    pub number: usize,
    /// Words spelled in manual letters.
    pub letters: usize,
    /// Pointing.
    pub pointing: usize,
    /// Pieces of the source that are not signed.
    pub dropped: usize,
}

impl Counts {
    /// Over all tokens and omissions of `sentences`.
    pub fn of(sentences: &[SignSentence]) -> Self {
        let mut counts = Self::default();
        for sentence in sentences {
            for token in &sentence.tokens {
                *counts.step(token.origin) += 1;
            }
            counts.dropped += sentence.dropped.len();
        }
        counts
    }

    const fn step(&mut self, origin: Origin) -> &mut usize {
        match origin {
            Origin::Sign => &mut self.sign,
            Origin::Synonym => &mut self.synonym,
            Origin::Parts => &mut self.parts,
            Origin::Name => &mut self.name,
            Origin::Number => &mut self.number,
            Origin::Letters => &mut self.letters,
            Origin::Pointing => &mut self.pointing,
        }
    }

    /// How many tokens in all.
    pub const fn tokens(&self) -> usize {
        self.sign + self.synonym + self.parts + self.name + self.number + self.letters + self.pointing
    }
}

impl Understanding {
    /// With the words of `lexicon`. Loads the segmenter's dictionary: do it once.
    pub fn new(lexicon: impl Into<Arc<Lexicon>>) -> Self {
        let lexicon = lexicon.into();
        let segmenter = Segmenter::new(lexicon.words(Lang::Zh).filter(|word| !word.contains('{')).map(|word| {
            let tag = lexicon.lookup(word, Lang::Zh).first().map_or("n", |found| tag_of(found.entry.pos));
            (word, tag)
        }));
        let slots = Slots::new(&lexicon);
        Self {
            lexicon,
            segmenter,
            slots,
            spelling: Spelling::default(),
            proposing: None,
            pace: None,
            abuse: Abuse::default(),
        }
    }

    /// The same, spelling as asked.
    #[must_use]
    pub fn with_spelling(self, spelling: Spelling) -> Self {
        Self { spelling, ..self }
    }

    /// The same, with a data leg: what it proposes is signed where it passes the gate.
    #[must_use]
    pub fn with_proposer(self, proposer: Arc<dyn Proposer>) -> Self {
        let proposing = Some(Proposing::new(proposer, &self.lexicon));
        Self { proposing, ..self }
    }

    /// The same, leaving out less important words where there is no time for them.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace: Some(pace), ..self }
    }

    /// The same, under an operator's policy for abusive words. What is kept out is told under `dropped`, and starred in
    /// the text that sentences carry.
    #[must_use]
    pub fn with_abuse(self, abuse: Abuse) -> Self {
        Self { abuse, ..self }
    }

    /// The lexicon in use.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The sign sentences of a transcript. The same transcript, packs and version give the same sentences.
    ///
    /// Errors: nothing in it can be signed, it is too long, not stable, in a language without rules, or a
    /// pack's form breaks a sentence; see [`UnderstandingError`].
    pub fn interpret(&self, transcript: &Transcript) -> Result<Interpretation, UnderstandingError> {
        self.interpret_in(&mut Discourse::default(), transcript)
    }

    /// The same, as the next text of `discourse`: whom the texts before it spoke of is pointed at where they stand. What
    /// cannot be understood leaves the discourse as it was.
    ///
    /// Errors: as for [`interpret`](Self::interpret).
    pub fn interpret_in(
        &self,
        discourse: &mut Discourse,
        transcript: &Transcript,
    ) -> Result<Interpretation, UnderstandingError> {
        self.interpret_under(discourse, transcript, self.pace.map(Limit::from))
    }

    /// The same, when there is time for `signs` signs: less important words are left out, each told under `dropped` with
    /// a reason that begins with [`LEFT_OUT`](crate::LEFT_OUT). About a third of the signs stay, and whatever must not be
    /// left out, so that it may still be too long.
    ///
    /// Errors: as for [`interpret`](Self::interpret).
    pub fn interpret_within(&self, transcript: &Transcript, signs: f32) -> Result<Interpretation, UnderstandingError> {
        self.interpret_within_in(&mut Discourse::default(), transcript, signs)
    }

    /// The same, as the next text of `discourse`.
    ///
    /// Errors: as for [`interpret`](Self::interpret).
    pub fn interpret_within_in(
        &self,
        discourse: &mut Discourse,
        transcript: &Transcript,
        signs: f32,
    ) -> Result<Interpretation, UnderstandingError> {
        self.interpret_under(discourse, transcript, Some(Limit::within(transcript.text.chars().count(), signs)))
    }

    fn interpret_under(
        &self,
        discourse: &mut Discourse,
        transcript: &Transcript,
        limit: Option<Limit>,
    ) -> Result<Interpretation, UnderstandingError> {
        if !transcript.stable {
            return Err(UnderstandingError::Unstable);
        }
        // Chinese and English words are told apart by their script, in either language's text.
        let language = transcript.language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        if !matches!(language.as_str(), "zh" | "cmn" | "en") {
            return Err(UnderstandingError::Language { found: transcript.language.clone() });
        }
        let length = transcript.text.chars().count();
        if length > MAX_CHARACTERS {
            return Err(UnderstandingError::TooLong { found: length, max: MAX_CHARACTERS });
        }
        let kept = self.abuse.apply(transcript, &self.segmenter);
        let Kept { transcript, text: normalised, .. } = &kept;
        let original: Vec<char> = transcript.text.chars().collect();
        let mut ranges = text::sentences(normalised.chars());
        if ranges.len() > MAX_SENTENCES {
            return Err(UnderstandingError::TooManySentences { found: ranges.len(), max: MAX_SENTENCES });
        }
        ranges.retain(|range| !kept.is_refused(range));
        let mut sentences: Vec<SignSentence> = Vec::new();
        let mut waiting: Vec<Dropped> = Vec::new();
        let (mut legs, mut before) = (Vec::new(), Before::default());
        let knowledge = Knowledge { lexicon: &self.lexicon, segmenter: &self.segmenter, slots: &self.slots };
        let mut analyses: Vec<Analysis<'_>> =
            ranges.iter().map(|range| self.understood(knowledge, &normalised.chars()[range.clone()])).collect();
        let mut spoken_of = discourse.clone();
        place_referents(&mut spoken_of, &mut analyses);
        for (range, analysis) in ranges.into_iter().zip(analyses) {
            let (mut sentence, leg) =
                self.sentence(transcript, &original, normalised, range.clone(), analysis, limit, &mut before);
            if self.proposing.is_some() {
                before.context.push(normalised.slice(range));
            }
            if sentence.tokens.is_empty() {
                // What a sentence without tokens leaves out is told with the one before, or the first.
                sentences.last_mut().map_or(&mut waiting, |last| &mut last.dropped).append(&mut sentence.dropped);
                continue;
            }
            sentence.dropped.splice(0..0, waiting.drain(..));
            sentences.push(sentence);
            legs.push(leg);
        }
        let mut unseen = unseen(normalised, &transcript.text);
        unseen.extend(kept.dropped());
        if sentences.is_empty() {
            waiting.extend(unseen);
            waiting.sort_by_key(|dropped| dropped.source);
            return Err(UnderstandingError::NothingToSign {
                found: found(&waiting, &transcript.text),
                dropped: waiting,
            });
        }
        // Told with the last sentence that begins before it.
        for dropped in unseen {
            let begins = |sentence: &SignSentence| {
                sentence.tokens.iter().flat_map(|token| &token.source).map(|range| range.start).min().unwrap_or(0)
            };
            let at = sentences.iter().rposition(|sentence| begins(sentence) <= dropped.source.start).unwrap_or(0);
            if let Some(sentence) = sentences.get_mut(at) {
                sentence.dropped.push(dropped);
            }
        }
        for sentence in &mut sentences {
            sentence.dropped.sort_by_key(|dropped| dropped.source);
            sentence.validate().map_err(|error| UnderstandingError::Invalid { text: excerpt(sentence), error })?;
        }
        *discourse = spoken_of;
        let counts = Counts::of(&sentences);
        Ok(Interpretation { sentences, counts, legs })
    }

    /// What of `text` may be shown, starred where the operator's policy keeps words out.
    pub fn shown(&self, text: &str) -> String {
        self.abuse.apply(&Transcript::plain(text, "zh"), &self.segmenter).transcript.into_owned().text
    }

    /// A sentence taken apart, its words in their senses.
    fn understood<'l>(&'l self, knowledge: Knowledge<'l>, chars: &[char]) -> Analysis<'l> {
        let mut analysis = analyse(knowledge, chars);
        for clause in &mut analysis.clauses {
            disambiguate(&self.lexicon, chars, &mut clause.items);
            transfer(knowledge, &mut clause.items, &mut analysis.dropped);
        }
        analysis
    }

    /// One sentence of the transcript: `range` in normalised characters.
    #[expect(clippy::too_many_arguments, reason = "what a transcript and its sentences share")]
    fn sentence<'l>(
        &'l self,
        transcript: &Transcript,
        original: &[char],
        normalised: &Normalised,
        range: Range<usize>,
        mut analysis: Analysis<'l>,
        limit: Option<Limit>,
        before: &mut Before,
    ) -> (SignSentence, LegReport) {
        let chars = &normalised.chars()[range.clone()];
        let knowledge = Knowledge { lexicon: &self.lexicon, segmenter: &self.segmenter, slots: &self.slots };
        let ladder = Ladder { knowledge, spelling: self.spelling };
        depict(&self.lexicon, &mut analysis);
        let signals = reorder(&mut analysis);
        let mut leg = LegReport::default();
        if let Some(proposing) = &self.proposing {
            let language = &transcript.language;
            leg = proposing.apply(&ladder, &mut analysis, &normalised.slice(range.clone()), language, &before.context);
        }
        if let Some(limit) = limit {
            let time = limit.pace.signs(chars.len()) + before.saved;
            let signs = condense(&ladder, &mut analysis, chars, time, limit.least);
            before.saved = (time - signs).min(SAVED);
        }
        let kind = sentence_type(signals, analysis.mark);
        let mut drops = std::mem::take(&mut analysis.dropped);
        let mut drafts: Vec<Draft> = Vec::new();
        let (mut spans, mut shaken, mut weighed, mut dates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for clause in &analysis.clauses {
            let first = drafts.len();
            let mut items = clause.items.iter().peekable();
            while let Some(item) = items.next() {
                if let Some(pair) = items.peek().and_then(|day| date(&ladder, item, day)) {
                    dates.push(index(drafts.len()));
                    drafts.extend(pair);
                    items.next();
                    continue;
                }
                let mut tokens = ladder.resolve(item, &mut drops);
                if item.ranges.is_empty() {
                    for token in &mut tokens {
                        token.grounding = signing::Grounding::Grammatical;
                    }
                }
                if tokens.is_empty() && item.is_negation() && !drafts.is_empty() {
                    shaken.push(index(drafts.len() - 1));
                    for drop in &mut drops {
                        if item.ranges.contains(&drop.range) {
                            "a headshake says it".clone_into(&mut drop.reason);
                        }
                    }
                }
                if item.weighed {
                    weighed.extend((drafts.len()..drafts.len() + tokens.len()).map(index));
                }
                drafts.extend(tokens);
            }
            if drafts.len() > first {
                spans.push(ClauseSpan {
                    first: index(first),
                    last: index(drafts.len() - 1),
                    condition: clause.condition,
                    topic: clause.topic,
                    asks: clause.asks,
                });
            }
        }
        uncovered(chars, &drafts, &mut drops);
        let source_of = |part: &Range<usize>| {
            let original = normalised.original(range.start + part.start..range.start + part.end);
            SourceRange::new(original.start, original.end)
        };
        let mut mouthing: Vec<_> = drafts.iter_mut().map(|draft| std::mem::take(&mut draft.mouthing)).collect();
        for &month in &dates {
            // Two hands at once, one mouth: the month, then the day.
            if let Some(day) = mouthing.get_mut(month as usize + 1).map(std::mem::take) {
                mouthing[month as usize].extend(day);
            }
        }
        let mut tokens: Vec<SignToken> = drafts
            .into_iter()
            .map(|draft| SignToken {
                source: draft.ranges.iter().map(source_of).collect(),
                gloss: draft.gloss,
                lexeme: draft.lexeme,
                pack: draft.pack,
                origin: draft.origin,
                grounding: draft.grounding,
                confidence: draft.confidence,
                inflection: draft.inflection,
                forms: draft.forms,
                caption: draft.caption,
                boundary: None,
            })
            .collect();
        tiers::boundaries(&mut tokens, &spans, goes_on(chars));
        let mut manual = tiers::manual(&tokens);
        depict::hold_lists(&mut manual, &tokens);
        let mut constructions = Vec::new();
        for month in dates {
            date::bind(&mut manual, &mut constructions, month);
        }
        let dropped = drops
            .into_iter()
            .map(|drop| {
                let source = source_of(&drop.range);
                let text = original.get(source.start as usize..source.end as usize).unwrap_or_default();
                Dropped { source, text: text.iter().collect(), reason: drop.reason }
            })
            .collect();
        let sentence = SignSentence {
            sign_language: "csl".to_owned(),
            source: transcript.clone(),
            sentence_type: kind,
            manual,
            constructions,
            tiers: tiers::tiers(kind, &tokens, &spans, mouthing, &shaken, &weighed),
            tokens,
            dropped,
            versions: self.versions(&leg),
        };
        (sentence, leg)
    }

    fn versions(&self, leg: &LegReport) -> Versions {
        Versions {
            software: concat!("shouyu ", env!("CARGO_PKG_VERSION")).to_owned(),
            understanding: leg.to_string(),
            packs: self.lexicon.references(),
        }
    }
}

const fn tag_of(pos: lexicon::PartOfSpeech) -> &'static str {
    use lexicon::PartOfSpeech as Pos;
    match pos {
        Pos::Verb => "v",
        Pos::Adjective => "a",
        Pos::Adverb | Pos::Negation => "d",
        Pos::Pronoun | Pos::Question => "r",
        Pos::Time => "t",
        Pos::Place => "ns",
        Pos::Conjunction => "c",
        Pos::Interjection => "l",
        Pos::Numeral | Pos::Number => "m",
        Pos::Particle => "y",
        Pos::Noun | Pos::Name | Pos::Letter | Pos::Classifier => "n",
    }
}

fn sentence_type(signals: Signals, mark: Option<char>) -> SentenceType {
    // 我知道他为什么没来。 tells; without a mark, a question word asks.
    let worded = signals.question_word && !signals.yes_no && mark != Some('。') && mark != Some('!');
    if signals.yes_no && mark != Some('!') {
        SentenceType::YesNoQuestion
    } else if worded {
        SentenceType::ContentQuestion
    } else if mark == Some('?') || (signals.ne && mark != Some('。')) {
        SentenceType::YesNoQuestion
    } else if signals.request {
        SentenceType::Imperative
    } else if mark == Some('!') {
        SentenceType::Exclamation
    } else {
        SentenceType::Statement
    }
}

/// Whether the text ends within a sentence: what a listener or captions hand on bit by bit.
fn goes_on(chars: &[char]) -> bool {
    chars
        .iter()
        .rev()
        .find(|char| !char.is_whitespace())
        .is_some_and(|last| matches!(last, '，' | '、' | '；' | '：' | ',' | ';' | ':'))
}

/// Names what no token renders and nothing has named yet, so that nothing goes silently.
fn uncovered(chars: &[char], drafts: &[Draft], drops: &mut Vec<Drop>) {
    let mut seen: Vec<bool> = chars.iter().map(|&c| c.is_whitespace() || is_mark(c)).collect();
    let ranges = drafts.iter().flat_map(|draft| &draft.ranges).chain(drops.iter().map(|drop| &drop.range));
    for range in ranges {
        if let Some(part) = seen.get_mut(range.clone()) {
            part.fill(true);
        }
    }
    let mut at = 0;
    while at < seen.len() {
        let run = seen[at..].iter().take_while(|seen| !**seen).count();
        if run > 0 {
            drops.push(Drop::new(at..at + run, "not understood"));
        }
        at += run.max(1);
    }
}

/// Characters that were taken out before anything was read; neighbours of one kind together.
fn unseen(normalised: &Normalised, text: &str) -> Vec<Dropped> {
    let mut out: Vec<Dropped> = Vec::new();
    let chars: Vec<char> = if normalised.removed().is_empty() { Vec::new() } else { text.chars().collect() };
    for removed in normalised.removed() {
        let reason = removed.why.reason();
        match out.last_mut() {
            Some(last) if last.source.end == removed.at && last.reason == reason => {
                last.source.end += 1;
                last.text.extend(chars.get(removed.at as usize));
            }
            _ => out.push(Dropped {
                source: SourceRange::new(removed.at, removed.at + 1),
                text: removed.character.to_string(),
                reason: reason.to_owned(),
            }),
        }
    }
    out
}

/// What a text without anything to sign holds, in words.
fn found(dropped: &[Dropped], text: &str) -> String {
    if text.is_empty() {
        return "no characters".to_owned();
    }
    let mut reasons: Vec<&str> = dropped.iter().map(|dropped| dropped.reason.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    if reasons.is_empty() {
        return if text.chars().all(char::is_whitespace) { "white space only" } else { "punctuation only" }.to_owned();
    }
    format!("only what cannot be signed ({})", reasons.join("; "))
}

/// The beginning of what a sentence was made of.
fn excerpt(sentence: &SignSentence) -> String {
    let ranges = || sentence.tokens.iter().flat_map(|token| &token.source);
    let start = ranges().map(|range| range.start).min().unwrap_or(0) as usize;
    sentence.source.text.chars().skip(start).take(20).collect()
}

/// Token indices; a sentence has at most [`MAX_CHARACTERS`] tokens.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "interpret_tests.rs"]
mod tests;
