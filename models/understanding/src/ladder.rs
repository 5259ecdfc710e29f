//! From words to tokens: the ladder for what has no sign of its own.
//!
//! A sign, a sign of the same or a wider sense, parts that carry meaning, a name's signs and initials, manual
//! letters. What none of them can render is left out with its reason.

mod number;
mod spell;

use std::ops::Range;

use lexicon::{Entry, Lang, Lexicon, PartOfSpeech, Relation, Status};
use signing::{Grounding, Inflection, Origin, SignForm, TokenForm, Viseme};

use crate::{
    Spelling,
    analyse::Knowledge,
    item::{Choice, Drop, Item, Kind, choose},
    mouth,
};

/// A token before it has its place in a sentence; ranges are in normalised characters of the sentence.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) gloss: String,
    pub(crate) lexeme: Option<String>,
    pub(crate) pack: Option<signing::PackRef>,
    pub(crate) origin: Origin,
    pub(crate) ranges: Vec<Range<usize>>,
    pub(crate) grounding: Grounding,
    pub(crate) confidence: f32,
    pub(crate) inflection: Inflection,
    pub(crate) forms: Vec<TokenForm>,
    pub(crate) caption: Option<String>,
    pub(crate) mouthing: Vec<Viseme>,
}

/// How sure each step of the ladder is.
mod sure {
    pub(super) const SAME: f32 = 1.0;
    pub(super) const SYNONYM: f32 = 0.9;
    pub(super) const HYPERNYM: f32 = 0.7;
    pub(super) const PART: f32 = 0.6;
    pub(super) const NAME: f32 = 0.9;
    pub(super) const INITIALS: f32 = 0.6;
    pub(super) const LETTERS: f32 = 0.3;
    /// What is left of it where a form was understood in part.
    pub(super) const PARTIAL: f32 = 0.7;
}

/// Words that point, and the signs that point for them where they have none of their own.
const POINTING: [(&str, &str); 4] = [("这", "这里"), ("那", "那里"), ("此", "这里"), ("这些", "这里")];

/// Words of two characters and more that, without a sign, are left out and not spelled.
const FUNCTION_WORDS_ZH: [&str; 48] = [
    "关于", "对于", "按照", "根据", "通过", "随着", "为了", "自从", "至于", "鉴于", "由于", "以及", "并且", "而且",
    "所以", "因此", "但是", "可是", "不过", "然而", "于是", "虽然", "尽管", "即使", "竟然", "居然", "终于", "其实",
    "甚至", "尤其", "反正", "到底", "究竟", "毕竟", "似乎", "不禁", "往往", "其中", "其他", "之间", "以来", "等等",
    "那么", "这么", "这样", "那样", "的话", "正在",
];

/// Words that the segmenter takes for function words, and without which the sentence says something else.
const BEARING: [&str; 6] = ["只有", "或者", "或", "还是", "除了", "除"];

/// Words that say no more than another one does.
const SAID_BY: [(&str, &str); 3] = [("块钱", "钱"), ("元钱", "钱"), ("毛钱", "毛")];

pub(crate) struct Ladder<'l> {
    pub(crate) knowledge: Knowledge<'l>,
    pub(crate) spelling: Spelling,
}

impl<'l> Ladder<'l> {
    /// The tokens of an item; none if it cannot be signed, which `dropped` then says.
    pub(crate) fn resolve(&self, item: &Item<'l>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
        match &item.kind {
            Kind::Word(Some(choice)) => vec![sign(*choice, item)],
            Kind::Word(None) => self.without_sign(item, dropped),
            Kind::Number { quantity, slot: Some(entry) } => {
                self.slotted(entry, quantity, item).map_or_else(|| self.number(quantity, item, dropped), |d| vec![d])
            }
            Kind::Number { quantity, slot: None } => self.number(quantity, item, dropped),
            Kind::Name => self.name(item, dropped),
            Kind::Latin(Some(choice)) => vec![sign(*choice, item)],
            Kind::Latin(None) => self.latin(item, dropped),
        }
    }

    fn lexicon(&self) -> &'l Lexicon {
        self.knowledge.lexicon
    }

    fn without_sign(&self, item: &Item<'l>, dropped: &mut Vec<Drop>) -> Vec<Draft> {
        // 这 and 那 point, as 这里 and 那里 do.
        let pointed = POINTING.iter().find(|(word, _)| *word == item.text);
        if let Some(choice) = pointed.and_then(|(_, at)| choose(self.lexicon(), at, Lang::Zh, "r")) {
            let mut draft = sign(choice, item);
            draft.gloss.clone_from(&item.text);
            draft.origin = Origin::Pointing;
            draft.grounding = Grounding::Pronoun;
            return vec![draft];
        }
        let shorter = SAID_BY.iter().find(|(word, _)| *word == item.text);
        if let Some(choice) = shorter.and_then(|(_, word)| choose(self.lexicon(), word, Lang::Zh, "n")) {
            return vec![sign(Choice { relation: Relation::Synonym, ..choice }, item)];
        }
        let single = item.text.chars().nth(1).is_none();
        let function = match item.tag.chars().next() {
            _ if BEARING.contains(&item.text.as_str()) => false,
            Some('c' | 'u' | 'y' | 'e' | 'o' | 'k' | 'h') => true,
            Some('p' | 'd' | 'r' | 'f') => single || FUNCTION_WORDS_ZH.contains(&item.text.as_str()),
            _ => FUNCTION_WORDS_ZH.contains(&item.text.as_str()),
        };
        let (parts, rest) = self.parts(item);
        let whole = rest.is_empty();
        if !parts.is_empty() && (whole || !function) {
            dropped.extend(rest.into_iter().map(|range| {
                Drop::new(range, format!("no sign for this part of “{}”; the rest stands for it", item.text))
            }));
            return parts;
        }
        if function {
            return left_out(item, "a function word without a sign", dropped);
        }
        if item.tag.starts_with("nr") || item.tag == "ns" || item.tag == "nt" || item.tag == "nz" {
            return self.name(item, dropped);
        }
        self.spelled(item, dropped)
    }

    /// Longest parts first, from the left; what no sign covers is returned beside them.
    ///
    /// None unless they cover the word, or half of it with a part of at least two characters.
    fn parts(&self, item: &Item<'l>) -> (Vec<Draft>, Vec<Range<usize>>) {
        let chars: Vec<char> = item.text.chars().collect();
        let none = (Vec::new(), Vec::new());
        let Some(base) = item.ranges.first().map(|range| range.start) else { return none };
        if chars.len() < 2 || chars.len() != item.ranges.iter().map(ExactSizeIterator::len).sum::<usize>() {
            return none;
        }
        let best = cover(&chars, |word| self.part(word, &item.tag));
        let covered: usize = best.iter().map(|(range, _)| range.len()).sum();
        let longest = best.iter().map(|(range, _)| range.len()).max().unwrap_or_default();
        let enough = covered == chars.len() || (covered * 2 >= chars.len() && longest >= 2);
        if !enough {
            return none;
        }
        let mut rest = Vec::new();
        let mut at = 0;
        let mut drafts = Vec::new();
        for (range, choice) in best {
            if range.start > at {
                rest.push(base + at..base + range.start);
            }
            at = range.end;
            let mut draft = sign(choice, item);
            draft.origin = Origin::Parts;
            draft.grounding = Grounding::Part;
            draft.confidence = draft.confidence.min(sure::PART);
            let part = base + range.start..base + range.end;
            draft.ranges = vec![part];
            drafts.push(draft);
        }
        if at < chars.len() {
            rest.push(base + at..base + chars.len());
        }
        (drafts, rest)
    }

    /// The entry for a part of a word with the segmenter's `tag`. A single character must carry meaning.
    fn part(&self, word: &str, tag: &str) -> Option<Choice<'l>> {
        // 公元, 元旦: money has no part in them.
        let choice = choose(self.lexicon(), word, Lang::Zh, "").filter(|_| word != "元")?;
        let single = word.chars().nth(1).is_none();
        // 国 of 国家, 赛 of 比赛; but 点 is not always 点钟, nor 晚 晚上.
        let carries = match choice.entry.pos {
            PartOfSpeech::Noun | PartOfSpeech::Place => choice.relation != Relation::Hypernym,
            // 去 of 去年 is not to go.
            PartOfSpeech::Verb => choice.relation == Relation::Same && !tag.starts_with('t'),
            PartOfSpeech::Adjective | PartOfSpeech::Adverb | PartOfSpeech::Time | PartOfSpeech::Negation => {
                choice.relation == Relation::Same
            }
            _ => false,
        };
        (!single || carries).then_some(choice)
    }
}

/// The longest words that `find` has, so that most characters are covered by the fewest words; ties go to the
/// longer word on the left.
fn cover<'l>(chars: &[char], find: impl Fn(&str) -> Option<Choice<'l>>) -> Vec<(Range<usize>, Choice<'l>)> {
    #[derive(Clone, Copy)]
    struct Best<'l> {
        covered: usize,
        words: usize,
        step: usize,
        choice: Option<Choice<'l>>,
    }
    let end = Best { covered: 0, words: 0, step: 0, choice: None };
    let mut best = vec![end; chars.len() + 1];
    for at in (0..chars.len()).rev() {
        best[at] = Best { step: 1, choice: None, ..best[at + 1] };
        for length in 1..=chars.len() - at {
            // The word itself has no sign: that is why its parts are asked for.
            if length == chars.len() {
                continue;
            }
            let word: String = chars[at..at + length].iter().collect();
            let Some(choice) = find(&word) else { continue };
            let rest = best[at + length];
            let (covered, words) = (rest.covered + length, rest.words + 1);
            if covered > best[at].covered || (covered == best[at].covered && words <= best[at].words) {
                best[at] = Best { covered, words, step: length, choice: Some(choice) };
            }
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let step = best[at].step.max(1);
        if let Some(choice) = best[at].choice {
            found.push((at..at + step, choice));
        }
        at += step;
    }
    found
}

fn left_out(item: &Item<'_>, reason: &str, dropped: &mut Vec<Drop>) -> Vec<Draft> {
    dropped.extend(item.ranges.iter().map(|range| Drop::new(range.clone(), reason)));
    Vec::new()
}

/// The entry's own sign.
fn sign(choice: Choice<'_>, item: &Item<'_>) -> Draft {
    let entry = choice.entry;
    let pointing =
        entry.pos == PartOfSpeech::Pronoun && matches!(entry.headword.as_str(), "我" | "你" | "他" | "她" | "它");
    let (origin, grounding, confidence) = match choice.relation {
        _ if pointing => (Origin::Pointing, Grounding::Pronoun, sure::SAME),
        Relation::Same => (Origin::Sign, Grounding::SameWord, sure::SAME),
        Relation::Synonym => (Origin::Synonym, Grounding::Synonym, sure::SYNONYM),
        Relation::Hypernym => (Origin::Synonym, Grounding::Hypernym, sure::HYPERNYM),
    };
    let syllables = match entry.mouthing.as_deref() {
        Some(written) => text::written_syllables(written),
        None => text::syllables(&entry.headword),
    };
    Draft {
        gloss: entry.headword.clone(),
        lexeme: Some(entry.id.clone()),
        pack: Some(entry.pack.clone()),
        origin,
        ranges: item.ranges.clone(),
        grounding,
        confidence: whole(entry, confidence),
        inflection: item.inflection,
        forms: form_of(entry).into_iter().collect(),
        caption: None,
        mouthing: mouth::visemes(&syllables),
    }
}

fn whole(entry: &Entry, confidence: f32) -> f32 {
    if entry.status() == Status::Partial { confidence * sure::PARTIAL } else { confidence }
}

fn form_of(entry: &Entry) -> Option<TokenForm> {
    let form: SignForm = entry.form()?.clone();
    Some(TokenForm { name: entry.headword.clone(), lexeme: Some(entry.id.clone()), form })
}
