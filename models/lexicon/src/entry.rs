//! What a pack says of one sign.

use serde::{Deserialize, Serialize};
use signing::{PackRef, SignForm};

use crate::description::{Compiled, Status};

/// A language of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WordList {
    /// Chinese words, simplified characters.
    pub zh: Vec<String>,
    /// English words, lower case but for names.
    pub en: Vec<String>,
}

impl WordList {
    /// The words of one language.
    pub fn of(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One sense of a sign: words that it renders, the headword's own first.
pub type Sense = WordList;

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = concat!("`", $text, "`")] $variant,)* }

        impl $name {
            /// As a pack writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

named! {
    /// Part of speech.
    PartOfSpeech {
        Noun "noun",
        Verb "verb",
        Adjective "adjective",
        Adverb "adverb",
        Pronoun "pronoun",
        Numeral "numeral",
        Time "time",
        Place "place",
        Question "question",
        Negation "negation",
        Conjunction "conjunction",
        Interjection "interjection",
        Particle "particle",
        Name "name",
        Letter "letter",
        Number "number",
        Classifier "classifier",
    }
}

named! {
    /// How a verb agrees.
    VerbClass {
        Plain "plain",
        Directional "directional",
        Spatial "spatial",
    }
}

named! {
    /// Where the knowledge of a form comes from.
    ProvenanceKind {
        Corroborated "corroborated",
        Recalled "recalled",
    }
}

/// A number inside a sign: 数字“N” in the description is the number's hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberSlot {
    /// Least.
    pub min: u32,
    /// Greatest; beyond it the number is a sign of its own.
    pub max: u32,
    /// The word with `{n}` for the number, such as `第{n}名`.
    pub zh: String,
}

/// Where the knowledge of a form comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Corroborated by a public source, or recalled.
    pub kind: ProvenanceKind,
    /// The public source: title, address or ISBN. Needed where the kind is corroborated.
    #[serde(default)]
    pub source: Option<String>,
    /// 0 to 1.
    pub confidence: f32,
    /// What else a reviewer should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// One sign of a pack, with its compiled form.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Unique in its pack.
    pub id: String,
    /// The word it stands under.
    pub headword: String,
    /// What it means: at least one sense.
    pub senses: Vec<Sense>,
    /// Narrower words that may fall back to this sign.
    pub hypernym_of: WordList,
    /// `standard`, or a region's or another variant's name.
    pub variant: String,
    /// Part of speech.
    pub pos: PartOfSpeech,
    /// For verbs.
    pub verb_class: Option<VerbClass>,
    /// A number inside the sign.
    pub number_slot: Option<NumberSlot>,
    /// What it classifies, such as `person`.
    pub classifier: Option<String>,
    /// Pinyin of what the mouth says; `Some("")`: nothing; `None`: the headword's own.
    pub mouthing: Option<String>,
    /// Ids of the entries it is a compound of, in order.
    pub parts: Vec<String>,
    /// How it is formed, in words; `None` for a compound of its parts.
    pub description: Option<String>,
    /// Where the knowledge comes from.
    pub provenance: Provenance,
    /// Who reviewed it; nobody is the honest default.
    pub reviewers: Vec<String>,
    /// The pack it is from.
    pub pack: PackRef,
    /// The file inside the pack and the line of its head, counted from 1.
    pub place: (String, usize),
    /// What the description compiles to; with a number slot: with a placeholder for the number's hand.
    pub form: Compiled,
}

impl Entry {
    /// How it is formed; `None` if nothing of the description could be read.
    pub fn form(&self) -> Option<&SignForm> {
        self.form.form.as_ref()
    }

    /// Whether the description was understood whole, in part or not at all.
    pub fn status(&self) -> Status {
        self.form.status
    }
}
