//! Pairs from slots and templates.

use std::collections::BTreeMap;

use super::{Pair, pair};

/// One filling of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Filling {
    zh: String,
    glosses: String,
    en: String,
}

#[derive(Debug, Clone)]
struct Template {
    domain: String,
    zh: String,
    glosses: String,
    en: Option<String>,
}

/// Slots and templates, read from `grammar.txt`.
#[derive(Debug, Clone, Default)]
pub struct Grammar {
    slots: BTreeMap<String, Vec<Filling>>,
    templates: Vec<Template>,
}

/// What is wrong with a grammar.
#[derive(Debug, thiserror::Error)]
#[error("grammar:{line}: {reason}: “{found}”")]
pub struct GrammarError {
    line: usize,
    reason: &'static str,
    found: String,
}

impl Grammar {
    /// Reads a grammar: `name = zh/glosses/en; …` is a slot (glosses and English may be left out), and
    /// `domain | zh | glosses | en` a template, in which `{name}` is filled; `{name2}` is another filling of `{name}`.
    ///
    /// Errors: the first line that is neither, or that names an unknown slot.
    pub fn read(text: &str) -> Result<Self, GrammarError> {
        let mut grammar = Self::default();
        for (at, line) in text.lines().enumerate() {
            let wrong = |reason| GrammarError { line: at + 1, reason, found: line.to_owned() };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.contains('|') {
                let fields: Vec<&str> = line.split('|').map(str::trim).collect();
                let [domain, zh, glosses, rest @ ..] = fields.as_slice() else {
                    return Err(wrong("a template is `domain | zh | glosses | en`"));
                };
                for name in holes(zh) {
                    if !grammar.slots.contains_key(slot(name)) {
                        return Err(wrong("a slot that is not defined above"));
                    }
                }
                for side in [*glosses].iter().chain(rest) {
                    if holes(side).any(|name| !zh.contains(&format!("{{{name}}}"))) {
                        return Err(wrong("a side fills a slot that the Chinese lacks"));
                    }
                }
                grammar.templates.push(Template {
                    domain: (*domain).to_owned(),
                    zh: (*zh).to_owned(),
                    glosses: (*glosses).to_owned(),
                    en: rest.first().filter(|en| !en.is_empty()).map(|en| (*en).to_owned()),
                });
            } else if let Some((name, fillings)) = line.split_once('=') {
                let fillings = fillings.split(';').map(str::trim).filter(|filling| !filling.is_empty());
                let fillings: Vec<Filling> = fillings
                    .map(|filling| {
                        let mut parts = filling.split('/').map(str::trim);
                        let zh = parts.next().unwrap_or_default().to_owned();
                        let glosses = parts.next().filter(|part| !part.is_empty()).unwrap_or(&zh).to_owned();
                        Filling { glosses, en: parts.next().unwrap_or_default().to_owned(), zh }
                    })
                    .collect();
                grammar.slots.insert(name.trim().to_owned(), fillings);
            } else {
                return Err(wrong("neither a slot nor a template"));
            }
        }
        Ok(grammar)
    }

    /// How many templates it has.
    pub fn templates(&self) -> usize {
        self.templates.len()
    }

    /// Up to `each` different pairs of every template; the same for the same seed.
    pub fn pairs(&self, each: usize, seed: u64) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (at, template) in self.templates.iter().enumerate() {
            let mut random = Random(seed ^ (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let mut made: Vec<Pair> = Vec::new();
            for _ in 0..each * 4 {
                if made.len() == each {
                    break;
                }
                let filled = self.fill(template, &mut random, &format!("template {at}"));
                if made.iter().all(|other| other.zh != filled.zh) {
                    made.push(filled);
                }
            }
            pairs.append(&mut made);
        }
        pairs
    }

    fn fill(&self, template: &Template, random: &mut Random, family: &str) -> Pair {
        let (mut zh, mut glosses, mut en) = (template.zh.clone(), template.glosses.clone(), template.en.clone());
        let mut taken: Vec<&Filling> = Vec::new();
        for name in holes(&template.zh) {
            let Some(fillings) = self.slots.get(slot(name)) else { continue };
            let start = random.below(fillings.len());
            let Some(filling) =
                (0..fillings.len()).map(|n| &fillings[(start + n) % fillings.len()]).find(|one| !taken.contains(one))
            else {
                continue;
            };
            taken.push(filling);
            let hole = format!("{{{name}}}");
            zh = zh.replace(&hole, &filling.zh);
            glosses = glosses.replace(&hole, &filling.glosses);
            en = en.filter(|_| !filling.en.is_empty()).map(|en| en.replace(&hole, &filling.en));
        }
        let en = en.map(|en| {
            let mut chars = en.chars();
            chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
        });
        Pair { family: Some(family.to_owned()), ..pair(&template.domain, &zh, &glosses, en) }
    }
}

/// The names in braces, in order.
fn holes(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// `food2` is another `food`.
fn slot(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }
}
