//! One stream of sound → interim and stable text.
//!
//! A segment is speech between two pauses. While it grows it is decoded from time to time; what two decodings in a row
//! agree on, up to a mark of punctuation, is committed. At the pause the rest is. Committed tokens are given to every
//! later decoding as said, so that it goes on from them and cannot contradict them.

use std::{ops::Range, sync::Arc};

use signing::{Flicks, SourceTime, Transcript};

use crate::{
    Change, Model, PcmChunk, SpeechError, Vocabulary,
    audio::{RATE, Resampler},
    clock::{Clock, flicks_of, samples_of},
    correct::{self, Heard},
    growing::Segment,
    guard::{self, Evidence},
    mel::{HOP, LogMel},
    model::Place,
    segment::{Edge, Pauses},
    vad::{STEP, VadState},
    whisper::{Decoded, Piece, Request},
    written::as_written,
};

/// Sound before the first voice that belongs to the segment: soft beginnings.
const BEFORE: usize = RATE as usize / 5;
/// Sound after the last voice that belongs to it: soft ends.
const AFTER: usize = RATE as usize * 3 / 20;
/// Silence behind the sound that the encoder hears. Chosen by measured error: with less, last words get lost.
const PAD_FRAMES: usize = 250;
/// The least the encoder hears.
const LEAST_FRAMES: usize = 400;
/// Silence after which the segment is decoded in case it is a pause.
const GUESS_STEPS: usize = 5;
/// A reader breathes for less than a pause between two sentences: the longer speech has gone on, the shorter the silence
/// that ends a segment of a live stream. From so many milliseconds on, so many steps of it. Chosen by measured error and delay
/// over sentences at 280 characters a minute with 150 to 400 ms between them.
const PATIENCE: [(u64, usize); 4] = [(1_000, 8), (2_000, 5), (3_000, 3), (4_500, 2)];
/// Speech of a live stream without any silence is cut after so long: its first words wait all the while, and each decoding
/// ahead takes longer.
const LONGEST_LIVE: Flicks = Flicks::from_millis(6_000);
/// Sound that has to lie behind a token before it can be committed.
const SETTLED: u64 = RATE as u64 * 4 / 5;
/// Samples of one heard position.
const POSITION: u64 = HOP as u64 * 2;
/// A chunk's time may differ from the count of samples by this much before the count is set right.
const DRIFT: Flicks = Flicks::from_millis(10);
/// By more than this it is a gap or a jump: what was said before is closed.
const JUMP: Flicks = Flicks::from_millis(250);
/// Said before everything Chinese, so that Whisper writes Mandarin with punctuation.
const STYLE: &str = "以下是普通话的句子。";

/// The language that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Mandarin.
    Chinese,
    /// English.
    English,
    /// Found out for each segment.
    Detected,
}

/// How to listen.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is spoken.
    pub language: Language,
    /// How often speech that goes on is decoded; `None` waits for the pause.
    pub interim: Option<Flicks>,
    /// Silence that ends a segment.
    pub pause: Flicks,
    /// Speech without a pause is cut after so long.
    pub longest: Flicks,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            language: Language::Chinese,
            interim: None,
            pause: Flicks::from_millis(320),
            longest: Flicks::from_millis(20_000),
        }
    }
}

/// A piece of text with its times.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Text, language, times, stability.
    pub transcript: Transcript,
    /// What the correction changed.
    pub changes: Vec<Change>,
    /// Mean probability of its tokens, 0 to 1.
    pub confidence: f32,
}

/// Listens to one stream.
pub struct Listener {
    model: Place,
    vocabulary: Arc<Vocabulary>,
    options: Options,
    style: Vec<u32>,
    /// One for a run of chunks with the same rate.
    resampler: Option<(u32, Resampler)>,
    clock: Clock,
    /// Sound from sample `first` on: what the detector has not heard, and a little before.
    sound: Vec<f32>,
    first: u64,
    vad: VadState,
    pauses: Pauses,
    /// First sample the detector has not heard.
    heard: u64,
    segment: Option<Segment>,
}

fn pause_steps(pause: Flicks) -> usize {
    usize::try_from(samples_of(pause)).unwrap_or(usize::MAX).div_ceil(STEP).max(1)
}

impl Listener {
    /// A new stream. Errors: [`SpeechError::Busy`], [`SpeechError::Language`].
    pub fn new(model: &Arc<Model>, vocabulary: Arc<Vocabulary>, options: Options) -> Result<Self, SpeechError> {
        if model.whisper.is_english_only() && options.language == Language::Chinese {
            return Err(SpeechError::Language { found: "zh".to_owned() });
        }
        let style = if model.whisper.is_english_only() { Vec::new() } else { model.whisper.tokenizer.encode(STYLE)? };
        Ok(Self {
            pauses: Pauses::new(pause_steps(options.pause)),
            model: model.admit()?,
            vocabulary,
            options,
            style,
            resampler: None,
            clock: Clock::default(),
            sound: Vec::new(),
            first: 0,
            vad: VadState::default(),
            heard: 0,
            segment: None,
        })
    }

    /// Hears a chunk, and says what it made known: stable spans in order of time, and at most one interim span behind
    /// them, which replaces the one before.
    ///
    /// Errors: a chunk that is no sound. What was heard before stays.
    pub fn push(&mut self, chunk: &PcmChunk) -> Result<Vec<Span>, SpeechError> {
        let mono = chunk.mono()?;
        let mut spans = Vec::new();
        self.follow_clock(chunk, &mut spans)?;
        let rate = chunk.rate;
        if let Some((_, count, _)) = &mut self.clock.run {
            *count += mono.len() as u64;
        }
        let resampler = self.resampler.get_or_insert_with(|| (rate, Resampler::new(rate)));
        let samples = resampler.1.push(&mono);
        self.hear(&samples, &mut spans)?;
        Ok(spans)
    }

    /// The stream is over: what is still open becomes stable. The listener can hear another stream then.
    pub fn finish(&mut self) -> Result<Vec<Span>, SpeechError> {
        let mut spans = Vec::new();
        self.close_run(&mut spans)?;
        Ok(spans)
    }

    /// Changes how often speech that goes on is decoded, from the next segment or decoding on.
    pub const fn set_interim(&mut self, interim: Option<Flicks>) {
        self.options.interim = interim;
    }

    /// Up to which time the sound has been heard.
    pub fn heard_until(&self) -> SourceTime {
        self.clock.time(self.heard)
    }

    /// Notes gaps, jumps, drift and changes of rate.
    fn follow_clock(&mut self, chunk: &PcmChunk, spans: &mut Vec<Span>) -> Result<(), SpeechError> {
        let end = self.first + self.sound.len() as u64;
        if let Some((start, count, rate)) = self.clock.run {
            let off = chunk.start - (start + flicks_of(count, rate));
            if rate == chunk.rate && off.0.abs() <= JUMP.0 {
                if off.0.abs() > DRIFT.0 {
                    self.clock.run = Some((chunk.start, 0, rate));
                    self.clock.anchor(end, chunk.start);
                }
                return Ok(());
            }
            self.close_run(spans)?;
        }
        let end = self.first + self.sound.len() as u64;
        self.clock.run = Some((chunk.start, 0, chunk.rate));
        self.clock.anchor(end, chunk.start);
        Ok(())
    }

    /// Closes what is open and forgets what was heard.
    fn close_run(&mut self, spans: &mut Vec<Span>) -> Result<(), SpeechError> {
        if let Some((_, mut resampler)) = self.resampler.take() {
            let rest = resampler.finish();
            self.hear(&rest, spans)?;
        }
        // The last step is filled up with silence: a word may end in it.
        let end = self.first + self.sound.len() as u64;
        let fill = (end - self.heard) as usize % STEP;
        if fill > 0 {
            self.hear(&vec![0.0; STEP - fill], spans)?;
        }
        if let Some(segment) = self.segment.take() {
            let voice_end = self.pauses.last_voice().min(end);
            self.close(segment, voice_end, spans)?;
        }
        let end = self.first + self.sound.len() as u64;
        (self.sound, self.first, self.heard) = (Vec::new(), end, end);
        self.vad = VadState::default();
        self.pauses = Pauses::new(pause_steps(self.options.pause));
        self.clock.run = None;
        Ok(())
    }

    fn hear(&mut self, samples: &[f32], spans: &mut Vec<Span>) -> Result<(), SpeechError> {
        self.sound.extend_from_slice(samples);
        let from = (self.heard - self.first) as usize;
        let whole = (self.sound.len() - from) / STEP * STEP;
        let probabilities = self.model.0.vad.steps(&mut self.vad, &self.sound[from..from + whole])?;
        for probability in probabilities {
            self.step(probability, spans)?;
        }
        // An interim text that a later stable one of the same call replaced says nothing.
        if let Some(last) = spans.iter().rposition(|span| span.transcript.stable) {
            let mut n = 0;
            spans.retain(|span| {
                n += 1;
                span.transcript.stable || n > last + 1
            });
        }
        // Keep what a segment that is about to begin may need.
        let keep = BEFORE + 4 * STEP;
        let behind = ((self.heard - self.first) as usize).saturating_sub(keep);
        if behind > RATE as usize {
            self.sound.drain(..behind);
            self.first += behind as u64;
        }
        Ok(())
    }

    /// The step at `self.heard`.
    fn step(&mut self, probability: f32, spans: &mut Vec<Span>) -> Result<(), SpeechError> {
        let at = self.heard;
        self.heard += STEP as u64;
        self.pauses.wait_for(self.patience());
        let edge = self.pauses.step(at, probability);
        if let Some(segment) = &mut self.segment {
            let from = (at - self.first) as usize;
            segment.mel.push(&self.sound[from..from + STEP]);
            segment.samples += STEP as u64;
            segment.voices.push(probability);
        }
        match edge {
            Edge::Began(voice_start) => self.segment = Some(self.begin(voice_start)),
            Edge::Ended(voice_end) => {
                if let Some(segment) = self.segment.take() {
                    self.close(segment, voice_end, spans)?;
                }
            }
            Edge::None => self.look(spans)?,
        }
        Ok(())
    }

    fn begin(&self, voice_start: u64) -> Segment {
        let start = voice_start.saturating_sub(BEFORE as u64).max(self.first);
        let mut mel = LogMel::new(self.model.0.bank.clone());
        mel.push(&self.sound[(start - self.first) as usize..(self.heard - self.first) as usize]);
        Segment {
            start,
            mel,
            samples: self.heard - start,
            voices: Vec::new(),
            next_interim: self.heard + self.interim_samples(),
            open: Vec::new(),
            committed: Vec::new(),
            committed_end: voice_start,
            guess: None,
        }
    }

    fn interim_samples(&self) -> u64 {
        self.options.interim.map_or(u64::MAX / 2, samples_of).max(STEP as u64)
    }

    /// Decodes ahead, where it is time to; cuts what is too long.
    fn look(&mut self, spans: &mut Vec<Span>) -> Result<(), SpeechError> {
        let Some(mut segment) = self.segment.take() else { return Ok(()) };
        if segment.samples >= self.longest_samples() {
            let cut = segment.quietest().max(segment.committed_end);
            // Speech goes on: what follows has its sound from there.
            let next = segment.rest(cut, self.heard + self.interim_samples());
            self.close(segment, cut, spans)?;
            self.segment = Some(next);
            return Ok(());
        }
        let live = self.options.interim.is_some();
        let voice_end = self.pauses.last_voice();
        if live && self.pauses.silent_steps() == GUESS_STEPS {
            let span = self.rest(&segment, voice_end)?;
            segment.guess = Some((voice_end, span));
        // Not in a silence: what is decoded then would keep the phrase's end waiting.
        } else if live && self.pauses.silent_steps() == 0 && self.heard >= segment.next_interim {
            let decoded = self.decode(&segment, self.heard)?;
            self.commit_agreed(&mut segment, &decoded, spans)?;
            segment.next_interim = self.heard + self.interim_samples();
        }
        self.segment = Some(segment);
        Ok(())
    }

    /// Steps of silence that end the segment now.
    fn patience(&self) -> usize {
        let whole = pause_steps(self.options.pause);
        let long = self.segment.as_ref().map_or(0, |segment| segment.samples);
        let since = |millis: u64| self.options.interim.is_some() && long >= millis * u64::from(RATE) / 1000;
        PATIENCE.iter().rev().find(|(millis, _)| since(*millis)).map_or(whole, |(_, steps)| whole.min(*steps))
    }

    fn longest_samples(&self) -> u64 {
        let room = (self.model.0.whisper.most_frames() - PAD_FRAMES) * HOP;
        let live = if self.options.interim.is_some() { LONGEST_LIVE } else { Flicks(i64::MAX) };
        samples_of(self.options.longest.min(live)).clamp(2 * u64::from(RATE), room as u64)
    }

    fn decode(&self, segment: &Segment, voice_end: u64) -> Result<Decoded, SpeechError> {
        let whisper = &self.model.0.whisper;
        let len = ((voice_end - segment.start) as usize + AFTER).min(segment.samples as usize);
        let frames = (len.div_ceil(HOP) + PAD_FRAMES).max(LEAST_FRAMES).min(whisper.most_frames());
        let heard = whisper.encode(segment.mel.features(len, frames - frames % 2))?;
        let language = match self.options.language {
            Language::Chinese => Some("zh"),
            Language::English => Some("en"),
            Language::Detected => None,
        };
        let previous = if language == Some("zh") { self.style.clone() } else { Vec::new() };
        // Fast speech has seven syllables a second, and a character is up to three tokens.
        let most = 12 + len * 14 / RATE as usize;
        let sound = len / POSITION as usize;
        let committed = segment.committed.clone();
        whisper.decode(&heard, &Request { language, previous, committed, most, sound })
    }

    /// What this decoding and the one before agree on is committed up to a mark of punctuation; the rest is interim.
    fn commit_agreed(
        &self,
        segment: &mut Segment,
        decoded: &Decoded,
        spans: &mut Vec<Span>,
    ) -> Result<(), SpeechError> {
        let ids: Vec<u32> = decoded.pieces.iter().map(|piece| piece.id).collect();
        let agreed = ids.iter().zip(&segment.open).take_while(|(a, b)| a == b).count();
        let settled = (self.heard - segment.start).saturating_sub(SETTLED);
        let mut cut = 0;
        for n in 1..=agreed {
            let position = decoded.pieces[n - 1].position as u64 * POSITION;
            if position < settled && self.ends_clause(&ids, n)? {
                cut = n;
            }
        }
        let evidence = segment.evidence(decoded);
        if cut > 0
            && let Some(mut span) = self.stable_text(decoded, cut, &evidence)?
        {
            let end = (segment.start + decoded.pieces[cut - 1].position as u64 * POSITION).max(segment.committed_end);
            self.stamp(&mut span, segment.committed_end, end, true);
            segment.committed.extend(&ids[..cut]);
            segment.committed_end = end;
            spans.push(span);
        } else {
            cut = 0;
        }
        segment.open = ids[cut..].to_vec();
        // Not corrected: that costs as much as decoding, and the next text replaces it.
        if let Some(heard) = self.believed(decoded, cut..ids.len(), &evidence)? {
            let mut span = span(decoded, cut..ids.len(), heard.iter().map(|heard| heard.char).collect(), Vec::new());
            self.stamp(&mut span, segment.committed_end, self.heard, false);
            spans.push(span);
        }
        Ok(())
    }

    /// Whether the text of the first `n` tokens ends where a clause does.
    fn ends_clause(&self, ids: &[u32], n: usize) -> Result<bool, SpeechError> {
        let tokenizer = &self.model.0.whisper.tokenizer;
        let text = tokenizer.decode(&ids[n - 1..n])?;
        Ok(match text.trim_end().chars().last() {
            Some('。' | '！' | '？' | '，' | '；' | '!' | '?' | ';') => true,
            // In a number they are not followed by a space.
            Some('.' | ',') => match ids.get(n) {
                Some(&next) => {
                    let next = tokenizer.decode(&[next])?;
                    next.starts_with(' ') || next.chars().next().is_some_and(text::is_han)
                }
                None => false,
            },
            _ => false,
        })
    }

    /// Everything that is not committed becomes stable.
    fn close(&self, mut segment: Segment, voice_end: u64, spans: &mut Vec<Span>) -> Result<(), SpeechError> {
        // Nobody spoke since the guess, so that nothing would come out differently.
        let span = match segment.guess.take() {
            Some((known, span)) if known == voice_end => span,
            _ => self.rest(&segment, voice_end)?,
        };
        if let Some(mut span) = span {
            self.stamp(&mut span, segment.committed_end, voice_end.max(segment.committed_end), true);
            spans.push(span);
        }
        Ok(())
    }

    /// What is said behind the committed text up to the last voice.
    fn rest(&self, segment: &Segment, voice_end: u64) -> Result<Option<Span>, SpeechError> {
        let decoded = self.decode(segment, voice_end)?;
        self.stable_text(&decoded, decoded.pieces.len(), &segment.evidence(&decoded))
    }

    fn stamp(&self, span: &mut Span, start: u64, end: u64, stable: bool) {
        span.transcript.start = self.clock.time(start);
        span.transcript.end = self.clock.time(end);
        span.transcript.stable = stable;
    }

    /// The text of the first `len` tokens: believed, in Simplified characters, corrected. `None` if nobody said it.
    fn stable_text(&self, decoded: &Decoded, len: usize, evidence: &Evidence) -> Result<Option<Span>, SpeechError> {
        let Some(heard) = self.believed(decoded, 0..len, evidence)? else { return Ok(None) };
        let mut chars: Vec<char> = heard.iter().map(|heard| heard.char).collect();
        if decoded.language == "zh" {
            let whisper = &self.model.0.whisper;
            let proposals = self.vocabulary.proposals(&heard);
            if proposals.len() > 1 {
                let rows: Result<Vec<Vec<u32>>, _> = proposals
                    .iter()
                    .map(|proposal| whisper.tokenizer.encode(&proposal.chars.iter().collect::<String>()))
                    .collect();
                let scores = whisper.score(decoded, &rows?)?;
                let best = self.vocabulary.choose(&proposals, &scores);
                tracing::debug!(?proposals, ?scores, best, "corrected");
                chars = proposals[best].chars.clone();
            }
        }
        let changes = correct::changes(&heard, &chars);
        Ok(Some(span(decoded, 0..len, chars, changes)))
    }

    /// The characters of some of the tokens, as the language is written. `None` if nobody said them.
    fn believed(
        &self,
        decoded: &Decoded,
        range: Range<usize>,
        evidence: &Evidence,
    ) -> Result<Option<Vec<Heard>>, SpeechError> {
        let pieces = &decoded.pieces[range];
        let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
        let raw = self.model.0.whisper.tokenizer.decode(&ids)?;
        if !guard::is_believable(&raw, evidence) {
            tracing::debug!(text = raw, ?evidence, "not believed");
            return Ok(None);
        }
        let mut heard = self.characters(pieces)?;
        if decoded.language == "zh" {
            as_written(&mut heard);
        }
        Ok(Some(heard))
    }

    /// Characters with their probabilities: a character of several tokens has that of the least sure one.
    fn characters(&self, pieces: &[Piece]) -> Result<Vec<Heard>, SpeechError> {
        let tokenizer = &self.model.0.whisper.tokenizer;
        let mut heard = Vec::new();
        let mut from = 0;
        for to in 1..=pieces.len() {
            let ids: Vec<u32> = pieces[from..to].iter().map(|piece| piece.id).collect();
            let text = tokenizer.decode(&ids)?;
            if text.ends_with(char::REPLACEMENT_CHARACTER) && to < pieces.len() {
                continue;
            }
            let least = pieces[from..to].iter().map(|piece| piece.log_probability).fold(0.0, f32::min);
            heard.extend(
                text.chars()
                    .filter(|&char| char != char::REPLACEMENT_CHARACTER)
                    .map(|char| Heard { char, probability: least.exp() }),
            );
            from = to;
        }
        let blank = heard.iter().take_while(|heard| heard.char.is_whitespace()).count();
        heard.drain(..blank);
        while heard.last().is_some_and(|heard| heard.char.is_whitespace()) {
            heard.pop();
        }
        Ok(heard)
    }
}

/// A span that has no times yet and is not stable.
fn span(decoded: &Decoded, range: Range<usize>, chars: Vec<char>, changes: Vec<Change>) -> Span {
    let pieces = &decoded.pieces[range];
    let mean = pieces.iter().map(|piece| piece.log_probability).sum::<f32>() / pieces.len().max(1) as f32;
    let mut transcript = Transcript::plain(chars.into_iter().collect::<String>(), decoded.language);
    transcript.stable = false;
    Span { transcript, changes, confidence: mean.exp() }
}
