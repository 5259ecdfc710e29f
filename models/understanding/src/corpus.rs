//! The corpus: pairs of a sentence and its signs, and the rule that parts them into splits.
//!
//! In: the authored lines and the grammar of `corpus/`. Out: [`Pair`]s, the same for the same files. The rule
//! of the splits is a law: sentences alike ([`alike`]) are of one family and so of one split.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

mod grammar;

pub use grammar::{Grammar, GrammarError};

/// A sentence and how it is signed: a line of `corpus/*.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Domain, `a` or `g`, and a number.
    #[serde(default)]
    pub id: String,
    /// `train`, `dev` or `test`.
    #[serde(default)]
    pub split: String,
    /// What it is about.
    #[serde(default)]
    pub domain: String,
    /// The sentence in Chinese.
    pub zh: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// The signs in order.
    pub glosses: Vec<String>,
    /// `statement`, `yes_no`, `wh`, `imperative` or `exclamation`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// What face and head do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub non_manuals: Vec<String>,
    /// The template it is of; not written.
    #[serde(skip)]
    pub family: Option<String>,
}

/// A line of an authored file that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: expected `zh | glosses` or `zh | glosses | en`, found “{found}”")]
pub struct AuthoredError {
    /// The file's name.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// The line.
    pub found: String,
}

/// The pairs of an authored file, without ids and splits. Empty lines and lines with `#` first are skipped.
///
/// Errors: the first line that is no pair.
pub fn authored(file: &str, domain: &str, text: &str) -> Result<Vec<Pair>, AuthoredError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(at, line)| {
            let wrong = || AuthoredError { file: file.to_owned(), line: at + 1, found: line.to_owned() };
            let fields: Vec<&str> = line.split('|').map(str::trim).collect();
            let (zh, glosses, en) = match fields.as_slice() {
                [zh, glosses] => (*zh, *glosses, None),
                [zh, glosses, en] if !en.is_empty() => (*zh, *glosses, Some((*en).to_owned())),
                _ => return Err(wrong()),
            };
            if zh.is_empty() || glosses.is_empty() {
                return Err(wrong());
            }
            Ok(pair(domain, zh, glosses, en))
        })
        .collect()
}

pub(crate) fn pair(domain: &str, zh: &str, glosses: &str, en: Option<String>) -> Pair {
    let kind = kind_of(zh);
    let mut non_manuals = Vec::new();
    match kind {
        "yes_no" => non_manuals.push("brows_up".to_owned()),
        "wh" => non_manuals.push("brows_drawn".to_owned()),
        _ => {}
    }
    if ["如果", "要是", "只要", "万一", "的话"].iter().any(|word| zh.contains(word)) {
        non_manuals.push("condition".to_owned());
    }
    Pair {
        id: String::new(),
        split: String::new(),
        domain: domain.to_owned(),
        zh: zh.to_owned(),
        en,
        glosses: glosses.split_whitespace().map(str::to_owned).collect(),
        kind: kind.to_owned(),
        non_manuals,
        family: None,
    }
}

/// The type of a sentence, from its marks and words.
fn kind_of(zh: &str) -> &'static str {
    const ASKING: [&str; 13] =
        ["什么", "谁", "哪", "怎么", "为什么", "多少", "几", "多久", "多大", "多远", "多长", "如何", "怎样"];
    if zh.ends_with('？') {
        if !zh.contains('吗') && ASKING.iter().any(|word| zh.contains(word)) { "wh" } else { "yes_no" }
    } else if ["请", "别", "不要", "禁止", "快"].iter().any(|word| zh.starts_with(word)) {
        "imperative"
    } else if zh.ends_with('！') {
        "exclamation"
    } else {
        "statement"
    }
}

/// Neighbouring characters without punctuation, sorted; every digit counts as the same.
pub fn bigrams(text: &str) -> Vec<(char, char)> {
    let chars: Vec<char> =
        text.chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let mut pairs: Vec<_> = chars.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Whether two sentences, as [`bigrams`], share at least half of what either has.
pub fn alike(a: &[(char, char)], b: &[(char, char)]) -> bool {
    let shared = a.iter().filter(|pair| b.binary_search(pair).is_ok()).count();
    let all = a.len() + b.len() - shared;
    all > 0 && shared * 2 >= all
}

/// Gives every pair its id and its split, and leaves out sentences that occurred before.
pub fn finish(pairs: Vec<Pair>, mark: char) -> Vec<Pair> {
    let mut seen = std::collections::HashSet::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let fresh = pairs.into_iter().filter(|pair| seen.insert(pair.zh.clone()));
    fresh
        .map(|mut pair| {
            let count = counts.entry(pair.domain.clone()).or_default();
            *count += 1;
            pair.id = format!("{}-{mark}{count:04}", pair.domain);
            pair
        })
        .collect()
}

/// Parts pairs into splits: families first, then the hash of each family's name.
pub fn part(pairs: &mut [Pair]) {
    let grams: Vec<_> = pairs.iter().map(|pair| bigrams(&pair.zh)).collect();
    let mut parent: Vec<usize> = (0..pairs.len()).collect();
    let mut templates: HashMap<&str, usize> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        if let Some(family) = &pair.family {
            let first = *templates.entry(family).or_insert(at);
            join(&mut parent, first, at);
        }
    }
    let mut having: HashMap<(char, char), Vec<usize>> = HashMap::new();
    for (at, mine) in grams.iter().enumerate() {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for gram in mine {
            let others = having.entry(*gram).or_default();
            for other in others.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            others.push(at);
        }
        let mut near: Vec<usize> = shared
            .into_iter()
            .filter(|(other, shared)| shared * 2 >= mine.len() + grams[*other].len() - shared)
            .map(|(other, _)| other)
            .collect();
        near.sort_unstable();
        for other in near {
            join(&mut parent, other, at);
        }
    }
    let mut names: HashMap<usize, String> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        let root = root(&mut parent, at);
        let name = names.entry(root).or_insert_with(|| pair.zh.clone());
        if pair.zh < *name {
            name.clone_from(&pair.zh);
        }
    }
    for (at, pair) in pairs.iter_mut().enumerate() {
        let root = root(&mut parent, at);
        split_of(names.get(&root).map_or("", String::as_str)).clone_into(&mut pair.split);
    }
}

/// The split of a family by its name: FNV-1a; of a hundred, 8 test and 6 dev.
fn split_of(name: &str) -> &'static str {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    match (hash >> 17) % 100 {
        0..8 => "test",
        8..14 => "dev",
        _ => "train",
    }
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// The smaller index leads.
fn join(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}
