//! A word of the source on its way to a sign, and the choice of an entry for it.

use std::ops::Range;

use lexicon::{Entry, Lang, Lexicon, PartOfSpeech, Relation, Status};
use signing::Inflection;
use text::Quantity;

/// An entry that was chosen for a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<'l> {
    pub(crate) entry: &'l Entry,
    pub(crate) relation: Relation,
}

/// What an item is.
#[derive(Debug, Clone)]
pub(crate) enum Kind<'l> {
    /// A word, with the entry that has it.
    Word(Option<Choice<'l>>),
    /// A number with its unit, and the entry whose slot takes both.
    Number { quantity: Quantity, slot: Option<&'l Entry> },
    /// A person's name.
    Name,
    /// Latin letters, with the entry that has the English word.
    Latin(Option<Choice<'l>>),
}

/// A piece of the source in its place in the signed order.
#[derive(Debug, Clone)]
pub(crate) struct Item<'l> {
    /// Its characters.
    pub(crate) text: String,
    /// Where it stands in the sentence, in normalised characters; further ranges for what it took in.
    pub(crate) ranges: Vec<Range<usize>>,
    /// The segmenter's tag.
    pub(crate) tag: String,
    pub(crate) kind: Kind<'l>,
    pub(crate) inflection: Inflection,
    /// 很 and the like stood before it: the face gives it weight.
    pub(crate) weighed: bool,
}

/// A stretch of the source between commas.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clause<'l> {
    pub(crate) items: Vec<Item<'l>>,
    /// If…, when…: brows up until the consequence.
    pub(crate) condition: bool,
    /// What the rest is about: brows up, a short hold.
    pub(crate) topic: bool,
    /// A question word asks here.
    pub(crate) asks: bool,
}

/// Source that is not signed, in normalised characters of the sentence.
#[derive(Debug, Clone)]
pub(crate) struct Drop {
    pub(crate) range: Range<usize>,
    pub(crate) reason: String,
}

impl Drop {
    pub(crate) fn new(range: Range<usize>, reason: impl Into<String>) -> Self {
        Self { range, reason: reason.into() }
    }
}

impl<'l> Item<'l> {
    pub(crate) fn word(text: String, range: Range<usize>, tag: &str, choice: Option<Choice<'l>>) -> Self {
        Self {
            text,
            ranges: vec![range],
            tag: tag.to_owned(),
            kind: Kind::Word(choice),
            inflection: Inflection::default(),
            weighed: false,
        }
    }

    /// Takes in the source up to the end of `other`, which stands behind it.
    pub(crate) fn reach(&mut self, other: &Self) {
        if let (Some(first), Some(last)) = (self.ranges.first(), other.ranges.last()) {
            let whole = first.start..last.end;
            self.ranges = vec![whole];
        }
    }

    /// The entry chosen for it, if it is a word that has one.
    pub(crate) fn entry(&self) -> Option<&'l Entry> {
        match self.kind {
            Kind::Word(choice) | Kind::Latin(choice) => choice.map(|choice| choice.entry),
            Kind::Number { slot, .. } => slot,
            Kind::Name => None,
        }
    }

    /// The entry's part of speech.
    pub(crate) fn pos(&self) -> Option<PartOfSpeech> {
        match self.kind {
            Kind::Number { .. } => Some(PartOfSpeech::Number),
            Kind::Name => Some(PartOfSpeech::Name),
            _ => self.entry().map(|entry| entry.pos),
        }
    }

    /// Whether it is one of `words`, as written in the source.
    pub(crate) fn is(&self, words: &[&str]) -> bool {
        matches!(self.kind, Kind::Word(_)) && words.contains(&self.text.as_str())
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number { .. })
    }

    pub(crate) fn is_verb(&self) -> bool {
        match self.pos() {
            Some(PartOfSpeech::Verb) => true,
            None => self.tag.starts_with('v') && self.tag != "vn",
            // A noun's sign may stand for a verb too: 工作, 打电话, 下雨.
            Some(PartOfSpeech::Noun) => self.tag == "v" || self.has_verb_before_noun(),
            Some(_) => false,
        }
    }

    /// 打电话, whose sign is that of 电话.
    fn has_verb_before_noun(&self) -> bool {
        const VERBS: [char; 8] = ['打', '下', '开', '上', '坐', '看', '做', '吃'];
        self.entry().is_some_and(|entry| {
            self.text.strip_prefix(VERBS).is_some_and(|rest| rest == entry.headword || entry.headword.ends_with(rest))
        })
    }

    pub(crate) fn is_adjective(&self) -> bool {
        match self.pos() {
            Some(PartOfSpeech::Adjective) => true,
            None => self.tag.starts_with('a') && self.tag != "ad",
            Some(_) => false,
        }
    }

    /// Something that can be had, counted or acted upon.
    pub(crate) fn is_nominal(&self) -> bool {
        match self.pos() {
            Some(PartOfSpeech::Noun | PartOfSpeech::Place | PartOfSpeech::Name | PartOfSpeech::Pronoun) => true,
            Some(PartOfSpeech::Verb) => self.tag.starts_with('n'),
            Some(PartOfSpeech::Time) => self.is(&["时间", "时候", "时刻"]),
            None => {
                matches!(self.kind, Kind::Latin(_))
                    || self.tag.starts_with(['n', 'r', 's', 'i', 'l', 'j', 'z'])
                    || self.tag == "vn"
                    || self.tag == "x"
            }
            Some(_) => false,
        }
    }

    pub(crate) fn is_time(&self) -> bool {
        use text::Unit;
        match &self.kind {
            Kind::Number { quantity, slot } => {
                slot.is_some_and(|entry| entry.pos == PartOfSpeech::Time)
                    || matches!(
                        quantity.unit,
                        Unit::Year | Unit::Month | Unit::Day | Unit::Weekday | Unit::Hour | Unit::Minute | Unit::Second
                    )
            }
            // Time as a thing that one has is no time at which something happens.
            Kind::Word(_) if self.is(&["时间", "时候", "时刻", "钟头"]) => false,
            Kind::Word(_) => self.pos() == Some(PartOfSpeech::Time) || (self.pos().is_none() && self.tag == "t"),
            Kind::Latin(_) => self.pos() == Some(PartOfSpeech::Time),
            Kind::Name => false,
        }
    }

    /// So many hours, months or years: how long, not when.
    pub(crate) fn is_duration(&self) -> bool {
        let counted = |quantity: &Quantity| matches!(quantity.unit, text::Unit::None | text::Unit::Measure);
        matches!(&self.kind, Kind::Number { quantity, slot: Some(entry) } if entry.pos == PartOfSpeech::Time && counted(quantity))
    }

    pub(crate) fn is_place(&self) -> bool {
        self.pos() == Some(PartOfSpeech::Place) || self.tag == "ns" || self.tag == "s"
    }

    pub(crate) fn is_negation(&self) -> bool {
        self.pos() == Some(PartOfSpeech::Negation)
            || (self.pos().is_none() && self.is(&["不", "没", "没有", "别", "未"]))
    }

    pub(crate) fn is_question(&self) -> bool {
        self.pos() == Some(PartOfSpeech::Question) || self.is(QUESTION_WORDS)
    }
}

/// Question words, should no pack have them.
pub(crate) const QUESTION_WORDS: &[&str] = &[
    "谁",
    "什么",
    "哪里",
    "哪儿",
    "哪",
    "哪个",
    "怎么",
    "怎么样",
    "怎样",
    "为什么",
    "什么时候",
    "多少",
    "几",
    "如何",
    "为何",
    "啥",
    "多久",
    "多大",
    "多长",
    "多远",
    "哪位",
    "哪些",
];

/// The best entry for a word, or none.
///
/// Letters, number signs, number slots and surnames are no words; an entry without a form can't be signed.
/// Among entries tied to the word alike, one whose part of speech fits the segmenter's `tag` comes first.
pub(crate) fn choose<'l>(lexicon: &'l Lexicon, word: &str, lang: Lang, tag: &str) -> Option<Choice<'l>> {
    let found: Vec<_> = lexicon.lookup(word, lang).into_iter().filter(|found| usable(found.entry, tag)).collect();
    let best = found.first()?.relation;
    let chosen =
        found.iter().find(|found| found.relation == best && fits(found.entry.pos, tag)).or_else(|| found.first())?;
    Some(Choice { entry: chosen.entry, relation: chosen.relation })
}

fn usable(entry: &Entry, tag: &str) -> bool {
    let word = match entry.pos {
        PartOfSpeech::Letter | PartOfSpeech::Number => false,
        PartOfSpeech::Name => tag.starts_with("nr"),
        _ => entry.number_slot.is_none(),
    };
    word && signable(entry)
}

/// Whether the entry has a form, whole or in part.
pub(crate) fn signable(entry: &Entry) -> bool {
    entry.form().is_some() && entry.status() != Status::Error
}

fn fits(pos: PartOfSpeech, tag: &str) -> bool {
    match pos {
        PartOfSpeech::Noun => tag.starts_with('n') || tag == "vn",
        PartOfSpeech::Verb => tag.starts_with('v'),
        PartOfSpeech::Adjective => tag.starts_with('a'),
        PartOfSpeech::Adverb => tag.starts_with('d'),
        PartOfSpeech::Pronoun | PartOfSpeech::Question => tag.starts_with('r'),
        PartOfSpeech::Time => tag.starts_with('t'),
        PartOfSpeech::Place => tag == "ns" || tag == "s",
        PartOfSpeech::Conjunction => tag.starts_with('c'),
        _ => false,
    }
}
