//! Packs stacked on each other, and their words.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use signing::{PackRef, SignForm};

use crate::{
    description::{self, NumberHand},
    entry::{Entry, Lang, PartOfSpeech},
    error::{LexiconError, Warning},
    pack::{Pack, PackInfo},
};

/// The core pack's files: `(path inside the pack, text)`.
const CORE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/core_pack.rs"));

/// Packs stacked on each other: what a later pack says of a word wins.
#[derive(Debug)]
pub struct Lexicon {
    packs: Vec<PackInfo>,
    entries: Vec<Entry>,
    /// Index into `packs`, beside `entries`.
    pack_of: Vec<usize>,
    ids: HashMap<String, usize>,
    zh: HashMap<String, Vec<Sighting>>,
    en: HashMap<String, Vec<Sighting>>,
    warnings: Vec<Warning>,
}

/// How a word is tied to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It is the headword.
    Same,
    /// It is another word of the same sense.
    Synonym,
    /// The entry means something wider.
    Hypernym,
}

/// An entry that a word leads to.
#[derive(Debug, Clone, Copy)]
pub struct Match<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Which of its senses; for a hypernym 0.
    pub sense: usize,
    /// How the word is tied to it.
    pub relation: Relation,
}

#[derive(Debug, Clone, Copy)]
struct Sighting {
    entry: usize,
    sense: usize,
    relation: Relation,
}

impl Lexicon {
    /// The core pack alone.
    ///
    /// Errors: the core pack is broken, which its own test rules out for a build that passed its tests.
    pub fn core() -> Result<Self, LexiconError> {
        Self::stack(vec![Pack::parse(CORE, Path::new("packs/csl"))?])
    }

    /// The packs in these folders, stacked in order: the last has the highest precedence.
    ///
    /// Errors: a folder that is no pack, or a file in it that cannot be read, with file and line.
    /// A description that cannot be compiled, a duplicate id or a shadowed word is no error: see
    /// [`Lexicon::warnings`].
    pub fn load(folders: &[PathBuf]) -> Result<Self, LexiconError> {
        Self::stack(folders.iter().map(|folder| Pack::read(folder)).collect::<Result<_, _>>()?)
    }

    /// The core pack, and the packs in these folders on top of it.
    ///
    /// Errors: as [`Lexicon::load`].
    pub fn core_with(folders: &[PathBuf]) -> Result<Self, LexiconError> {
        let mut packs = vec![Pack::parse(CORE, Path::new("packs/csl"))?];
        for folder in folders {
            packs.push(Pack::read(folder)?);
        }
        Self::stack(packs)
    }

    fn stack(packs: Vec<Pack>) -> Result<Self, LexiconError> {
        let mut lexicon = Self {
            packs: Vec::new(),
            entries: Vec::new(),
            pack_of: Vec::new(),
            ids: HashMap::new(),
            zh: HashMap::new(),
            en: HashMap::new(),
            warnings: Vec::new(),
        };
        for (pack_index, pack) in packs.into_iter().enumerate() {
            lexicon.warnings.extend(pack.warnings);
            lexicon.packs.push(pack.info);
            for entry in pack.entries {
                lexicon.add(entry, pack_index);
            }
        }
        lexicon.sort();
        lexicon.report_shadowed();
        Ok(lexicon)
    }

    fn add(&mut self, entry: Entry, pack: usize) {
        let index = self.entries.len();
        for lang in [Lang::Zh, Lang::En] {
            let words = match lang {
                Lang::Zh => &mut self.zh,
                Lang::En => &mut self.en,
            };
            let mut see = |word: &str, sense, relation| {
                let sightings = words.entry(key(word, lang)).or_default();
                // The best relation of a word to an entry comes first and is kept.
                if sightings.last().is_none_or(|last| last.entry != index) {
                    sightings.push(Sighting { entry: index, sense, relation });
                }
            };
            if lang == Lang::Zh {
                let sense = entry.senses.iter().position(|sense| sense.zh.contains(&entry.headword)).unwrap_or(0);
                see(&entry.headword, sense, Relation::Same);
            }
            for (sense, words) in entry.senses.iter().enumerate() {
                for (place, word) in words.of(lang).iter().enumerate() {
                    // The first English word of a sense stands for the headword.
                    let same = lang == Lang::En && place == 0;
                    see(word, sense, if same { Relation::Same } else { Relation::Synonym });
                }
            }
            for word in entry.hypernym_of.of(lang) {
                see(word, 0, Relation::Hypernym);
            }
        }
        self.ids.insert(entry.id.clone(), index);
        self.entries.push(entry);
        self.pack_of.push(pack);
    }

    /// Best first: same sense before wider, then the higher pack, the closer relation, the standard variant.
    fn sort(&mut self) {
        let (entries, pack_of) = (&self.entries, &self.pack_of);
        for sightings in self.zh.values_mut().chain(self.en.values_mut()) {
            sightings.sort_by_key(|sighting| {
                (
                    sighting.relation == Relation::Hypernym,
                    std::cmp::Reverse(pack_of[sighting.entry]),
                    sighting.relation,
                    entries[sighting.entry].variant != "standard",
                    sighting.entry,
                )
            });
        }
    }

    fn report_shadowed(&mut self) {
        let mut shadowed: Vec<(usize, Warning)> = Vec::new();
        for (word, sightings) in &self.zh {
            let mut seen = sightings.iter().filter(|sighting| sighting.relation != Relation::Hypernym);
            let Some(top) = seen.next() else { continue };
            let Some(below) = seen.find(|below| self.pack_of[below.entry] != self.pack_of[top.entry]) else {
                continue;
            };
            let (top, below) = (&self.entries[top.entry], &self.entries[below.entry]);
            let message = format!(
                "“{word}” is also in pack {} (“{}” at {}:{}); this pack's “{}” is used, as it is stacked above",
                below.pack.name, below.id, below.place.0, below.place.1, top.id
            );
            let warning = Warning { pack: top.pack.name.clone(), place: Some(top.place.clone()), message };
            shadowed.push((self.ids.get(&top.id).copied().unwrap_or_default(), warning));
        }
        shadowed.sort_by(|a, b| (a.0, &a.1.message).cmp(&(b.0, &b.1.message)));
        self.warnings.extend(shadowed.into_iter().map(|(_, warning)| warning));
    }

    /// The packs, the lowest first.
    pub fn packs(&self) -> &[PackInfo] {
        &self.packs
    }

    /// Every pack as tokens refer to it, in order of precedence, the highest first.
    pub fn references(&self) -> Vec<PackRef> {
        self.packs.iter().rev().map(PackInfo::reference).collect()
    }

    /// What authors of the packs should look at.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// All entries: packs from the lowest, each in its own order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The entry with this id, from the highest pack that has it.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.ids.get(id).map(|&index| &self.entries[index])
    }

    /// The entries a word leads to, best first.
    ///
    /// Same sense comes before wider sense; among those the higher pack, then the headword before
    /// its synonyms, then the standard variant. English is looked up without regard to case.
    pub fn lookup(&self, word: &str, lang: Lang) -> Vec<Match<'_>> {
        let words = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        words.get(&key(word, lang)).map_or_else(Vec::new, |sightings| {
            sightings
                .iter()
                .map(|s| Match { entry: &self.entries[s.entry], sense: s.sense, relation: s.relation })
                .collect()
        })
    }

    /// Every word that leads to an entry, in order of code points.
    pub fn words(&self, lang: Lang) -> impl Iterator<Item = &str> {
        let words = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        words.keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter()
    }

    /// The manual letter, such as `A` or `ZH`.
    pub fn letter(&self, letter: &str) -> Option<&Entry> {
        self.of_kind(PartOfSpeech::Letter, &letter.to_uppercase())
    }

    /// The number sign under this headword, such as `8` or `百`.
    pub fn number(&self, headword: &str) -> Option<&Entry> {
        self.of_kind(PartOfSpeech::Number, headword)
    }

    fn of_kind(&self, pos: PartOfSpeech, headword: &str) -> Option<&Entry> {
        self.lookup(headword, Lang::Zh)
            .into_iter()
            .find(|found| found.entry.pos == pos && found.relation == Relation::Same)
            .map(|found| found.entry)
    }

    /// The form of `entry` with number `n` in its slot.
    ///
    /// The number's hand is that of the number sign in the packs, or the norm's where they have none.
    ///
    /// Errors: no slot, a number outside of it, or a description that gives no form.
    pub fn form_with_number(&self, entry: &Entry, n: u32) -> Result<SignForm, LexiconError> {
        let Some(slot) = &entry.number_slot else { return Err(LexiconError::NoSlot { id: entry.id.clone() }) };
        if !(slot.min..=slot.max).contains(&n) {
            return Err(LexiconError::OutsideSlot { id: entry.id.clone(), min: slot.min, max: slot.max, found: n });
        }
        let no_form =
            |reason: String| LexiconError::NoForm { id: entry.id.clone(), headword: entry.headword.clone(), reason };
        let description =
            entry.description.as_deref().ok_or_else(|| no_form("a number slot needs a description".to_owned()))?;
        let hand = NumberHand::of(n).ok_or_else(|| no_form(format!("no single hand shows {n}")))?;
        let compiled = description::compile_with_number(description, &hand);
        let message = compiled.message();
        compiled.form.ok_or_else(|| no_form(message))
    }
}

fn key(word: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => word.to_owned(),
        Lang::En => word.to_lowercase(),
    }
}
