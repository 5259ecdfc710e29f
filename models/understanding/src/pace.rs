//! A limit on how many signs a second, under which less important words go first.
//!
//! In: a sentence taken apart, in signed order, and how many signs it has time for. Out: the same without the least
//! important words, each told. Never: leaves out a number, a name, a negation or what it negates, a question word or a
//! place; where these alone are too many, the sentence stays too long.

use std::collections::HashSet;

use crate::{
    analyse::Analysis,
    item::{Clause, Drop, Item, Kind},
    ladder::Ladder,
};

/// How fast the source is spoken, and how fast it may be signed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Characters of the source in a minute, with its punctuation: 250 to 300 of a news reader.
    pub characters_a_minute: f32,
    /// The most signs a second, counted as [`time_of`] does.
    pub signs_a_second: f32,
}

/// How much of a sign's time each further letter of a word, or part of a numeral, takes: fingers change their shape
/// where a sign brings the hands to another place.
const PART: f32 = 0.6;

/// The time that a token of so many forms (letters, parts of a numeral) takes, in signs.
pub fn time_of(forms: usize) -> f32 {
    1.0 + PART * forms.saturating_sub(1) as f32
}

impl Pace {
    /// How many signs there is time for while so many characters are spoken.
    pub(crate) fn signs(&self, characters: usize) -> f32 {
        characters as f32 * 60.0 / self.characters_a_minute * self.signs_a_second
    }
}

/// What the reason of a word that was left out for want of time begins with.
pub const LEFT_OUT: &str = "left out to keep pace";

/// A pace, and how much of a sentence stays under it in any case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limit {
    pub(crate) pace: Pace,
    /// Part of a sentence's signs.
    pub(crate) least: f32,
}

impl From<Pace> for Limit {
    fn from(pace: Pace) -> Self {
        Self { pace, least: 0.0 }
    }
}

impl Limit {
    /// Less of a sentence is no longer the sentence.
    const LEAST: f32 = 0.35;

    /// Time for `signs` signs in all, shared among sentences by their characters.
    pub(crate) fn within(characters: usize, signs: f32) -> Self {
        let pace = Pace { characters_a_minute: 60.0 * characters.max(1) as f32, signs_a_second: signs.max(0.0) };
        Self { pace, least: Self::LEAST }
    }
}

/// Time saved by short sentences that a later one may use, in signs: a signer lags by no more than this.
pub(crate) const SAVED: f32 = 6.0;

/// A word that was taken out.
struct Taken<'l> {
    clause: usize,
    /// Its place among the clause's words before any was taken out.
    place: usize,
    item: Item<'l>,
    cost: f32,
    weight: u8,
    why: &'static str,
}

/// Takes out words until the sentence takes the time of at most `budget` signs, or that part of its time which stays in
/// any case, and returns how much it takes. What was taken out first and fits after all is put back. `chars` is the
/// sentence.
pub(crate) fn condense<'l>(
    ladder: &Ladder<'l>,
    analysis: &mut Analysis<'l>,
    chars: &[char],
    budget: f32,
    least_part: f32,
) -> f32 {
    let cost = |item: &Item<'l>| -> f32 {
        ladder.resolve(item, &mut Vec::new()).iter().map(|draft| time_of(draft.forms.len())).sum()
    };
    let mut costs: Vec<Vec<f32>> =
        analysis.clauses.iter().map(|clause| clause.items.iter().map(cost).collect()).collect();
    // Where a word stands among those that were there before any was taken out.
    let mut places: Vec<Vec<usize>> = costs.iter().map(|clause| (0..clause.len()).collect()).collect();
    let mut signs: f32 = costs.iter().flatten().sum();
    let budget = budget.max(signs * least_part);
    let mut words: usize = costs.iter().map(Vec::len).sum();
    let mut taken: Vec<Taken<'l>> = Vec::new();
    // A sentence of one word is that word.
    while signs > budget && words > 1 {
        let Some((clause, at, weight, why)) = least(&analysis.clauses, &costs, chars) else { break };
        let item = analysis.clauses[clause].items.remove(at);
        let (cost, place) = (costs[clause].remove(at), places[clause].remove(at));
        signs -= cost;
        words -= 1;
        taken.push(Taken { clause, place, item, cost, weight, why });
    }
    // The last ones saved more than was needed, perhaps: the most important first, and of equals the first in the sentence.
    taken.sort_by_key(|taken| (std::cmp::Reverse(taken.weight), taken.clause, taken.place));
    for Taken { clause, place, item, cost, why, .. } in taken {
        if cost > 0.0 && signs + cost <= budget {
            let at = places[clause].partition_point(|other| *other < place);
            analysis.clauses[clause].items.insert(at, item);
            places[clause].insert(at, place);
            signs += cost;
        } else if cost == 0.0 {
            // It has no sign anyway; the ladder says why.
            ladder.resolve(&item, &mut analysis.dropped);
        } else {
            let ranges = item.ranges.into_iter();
            analysis.dropped.extend(ranges.map(|range| Drop::new(range, format!("{LEFT_OUT}: {why}"))));
        }
    }
    analysis.clauses.retain(|clause| !clause.items.is_empty());
    signs
}

/// The least important word: its clause, its place, its weight and why it may go. Of equals the one that takes the most
/// time, so that the fewest go, and then the last.
fn least(clauses: &[Clause<'_>], costs: &[Vec<f32>], chars: &[char]) -> Option<(usize, usize, u8, &'static str)> {
    let mut seen = HashSet::new();
    let mut best: Option<(u8, f32, usize, usize, &'static str)> = None;
    for (clause, (of, costs)) in clauses.iter().zip(costs).enumerate() {
        for (at, (item, &cost)) in of.items.iter().zip(costs).enumerate() {
            let again = !seen.insert(item.text.as_str());
            let Some((weight, why)) = weight(&of.items, chars, at, again) else { continue };
            if best.is_none_or(|(least, most, ..)| weight < least || (weight == least && cost >= most)) {
                best = Some((weight, cost, clause, at, why));
            }
        }
    }
    best.map(|(weight, _, clause, at, why)| (clause, at, weight, why))
}

/// Whether a word stands before the noun it describes: at once, or with 的 between.
fn describes(chars: &[char], item: &Item<'_>, next: &Item<'_>) -> bool {
    let (Some(item), Some(noun)) = (item.ranges.last(), next.ranges.first()) else { return false };
    next.is_nominal() && chars.get(item.end..noun.start).is_some_and(|between| matches!(between, [] | ['的' | '之']))
}

/// Whether the word is who or what its clause speaks of: the first of its nouns that describes none.
fn is_subject(items: &[Item<'_>], chars: &[char], at: usize) -> bool {
    let speaks = |at: &usize| {
        let (item, next) = (&items[*at], items.get(at + 1));
        item.is_nominal() && !item.is_time() && !next.is_some_and(|next| describes(chars, item, next))
    };
    (0..items.len()).find(speaks) == Some(at)
}

/// How important a word is, and why it may go; none if it must stay.
fn weight(items: &[Item<'_>], chars: &[char], at: usize, again: bool) -> Option<(u8, &'static str)> {
    let item = &items[at];
    let next = items.get(at + 1);
    let kept = matches!(item.kind, Kind::Number { .. } | Kind::Name | Kind::Latin(_))
        || item.is_negation()
        || item.is_question()
        || item.is_place()
        || item.tag.starts_with("nr")
        || item.tag.starts_with("ns")
        || item.tag == "nt"
        || item.tag == "nz"
        || item.is(&["几", "半", "两", "一半", "零下", "负", "多", "超过", "不到", "比", "以上", "以下", "第", "到", "至"])
        // What is negated, and what is counted on either side.
        || next.is_some_and(Item::is_negation)
        || next.is_some_and(Item::is_number)
        || (at > 0 && items[at - 1].is_number() && item.ranges.first().zip(items[at - 1].ranges.last()).is_some_and(|(mine, number)| mine.start == number.end));
    if kept {
        return None;
    }
    let spelled = item.entry().is_none();
    let describes = next.is_some_and(|next| describes(chars, item, next));
    let verbs = items.iter().filter(|item| item.is_verb()).count();
    let tag = item.tag.chars().next().unwrap_or('x');
    Some(if matches!(tag, 'u' | 'y' | 'e' | 'o') || (tag == 'd' && !item.is_time()) {
        (0, "an adverb or a particle")
    } else if matches!(tag, 'c' | 'p') {
        (1, "a conjunction or a preposition")
    } else if again {
        (2, "said before in the sentence")
    } else if item.is_adjective() && describes {
        (3, "it describes another word")
    } else if item.is_nominal() && describes && spelled {
        (4, "it describes another word and has no sign")
    } else if item.is_verb() && verbs > 1 && spelled {
        (5, "another verb says the act, and this one has no sign")
    } else if item.is_nominal() && describes {
        (6, "it describes another word")
    } else if spelled && !item.is_verb() {
        (7, "it has no sign")
    } else if is_subject(items, chars, at) {
        (12, "what it speaks of")
    } else if item.is_time() {
        (11, "a time")
    } else if item.is_verb() && verbs > 1 {
        (8, "another verb says the act")
    } else if item.is_verb() {
        (10, "an act")
    } else {
        (9, "less important than what stays")
    })
}
