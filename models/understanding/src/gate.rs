//! What stands between a proposal and the hands.
//!
//! In: the knowledge leg's analysis of a sentence, in signed order, and a proposal. Out: the analysis in the
//! proposal's order and words, with what was repaired; or the reason why the proposal falls. What passes has
//! every number, name, negation and question word of the source exactly once and bound to what it was bound
//! to, who does what to whom unchanged, and no sign without a tie to the source.

mod sequence;

use lexicon::Lang;
use sequence::in_order;
use signing::Grounding;

use crate::{
    analyse::Analysis,
    grounds::GROUNDS,
    item::{Clause, Drop, Item, Kind, choose},
    ladder::Ladder,
};

/// An analysis that passed.
#[derive(Debug)]
pub(crate) struct Passed<'l> {
    pub(crate) clauses: Vec<Clause<'l>>,
    pub(crate) dropped: Vec<Drop>,
    /// What was mended.
    pub(crate) repairs: Vec<String>,
}

/// A piece of the source that is signed.
struct Unit<'a, 'l> {
    item: &'a Item<'l>,
    clause: usize,
    /// The glosses that the knowledge leg signs it with.
    glosses: Vec<String>,
    /// Where it begins in the source.
    start: usize,
}

/// A place in the proposed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Unit(usize),
    /// The proposed gloss of this index, which the grammar adds.
    Added(usize),
}

/// What a unit counts as when its order is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Number,
    Negation,
    Question,
    Time,
    Place,
    Nominal,
    Verb,
    /// Says something about its neighbour.
    Bound,
}

/// Judges a proposal against the analysis, whose clauses are already in the knowledge leg's order.
///
/// Errors: the reason for which the proposal can't be signed.
pub(crate) fn judge<'l>(
    ladder: &Ladder<'l>,
    analysis: &Analysis<'l>,
    glosses: &[String],
    source: &str,
) -> Result<Passed<'l>, String> {
    let units = units(ladder, analysis);
    if units.is_empty() {
        return Err("nothing in the source is signed".to_owned());
    }
    let mut repairs = Vec::new();
    let (mut order, invented, changed) = matched(ladder, &units, glosses, source);
    if !invented.is_empty() {
        if invented.len() * 3 > glosses.len() {
            return Err(format!("{} are not in the source", invented.join(", ")));
        }
        repairs.push(format!("{} taken out: not in the source", invented.join(", ")));
    }
    let mut dropped = Vec::new();
    let mut missing = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        if order.contains(&Slot::Unit(at)) {
            continue;
        }
        if role(unit.item) != Role::Number && !protected(unit.item) && GROUNDS.is_light(&unit.item.text) {
            let ranges = unit.item.ranges.iter();
            dropped.extend(ranges.map(|range| Drop::new(range.clone(), "a light word: the proposal signs without it")));
        } else {
            missing.push(at);
        }
    }
    if missing.len() * 3 > units.len() {
        return Err(format!("{} are missing", texts(&units, &missing)));
    }
    for &at in &missing {
        // Behind what it follows in the knowledge leg's order, among what is signed.
        let place = (0..at)
            .rev()
            .find_map(|before| order.iter().position(|slot| *slot == Slot::Unit(before)))
            .map_or(0, |place| place + 1);
        order.insert(place, Slot::Unit(at));
    }
    if !missing.is_empty() {
        repairs.push(format!("{} put back", texts(&units, &missing)));
    }
    let signed: Vec<usize> = order
        .iter()
        .filter_map(|slot| match slot {
            Slot::Unit(at) => Some(*at),
            Slot::Added(_) => None,
        })
        .collect();
    in_order(&units, &signed)?;
    let clauses = rebuilt(ladder, analysis, &units, &order, glosses, &changed);
    Ok(Passed { clauses, dropped, repairs })
}

fn units<'a, 'l>(ladder: &Ladder<'l>, analysis: &'a Analysis<'l>) -> Vec<Unit<'a, 'l>> {
    let mut units = Vec::new();
    for (clause, of) in analysis.clauses.iter().enumerate() {
        for item in &of.items {
            let drafts = ladder.resolve(item, &mut Vec::new());
            if drafts.is_empty() && !protected(item) {
                continue;
            }
            let start = item.ranges.first().map_or(0, |range| range.start);
            units.push(Unit { item, clause, glosses: drafts.into_iter().map(|draft| draft.gloss).collect(), start });
        }
    }
    units
}

/// What must survive as it is.
fn protected(item: &Item<'_>) -> bool {
    matches!(item.kind, Kind::Name | Kind::Latin(_))
        || matches!(role(item), Role::Number | Role::Negation | Role::Question)
        || item.tag.starts_with("nr")
        || item.tag == "ns"
}

/// Words that point at the noun beside them.
fn points(item: &Item<'_>) -> bool {
    item.is(&["这", "那", "这些", "那些", "此"])
}

fn role(item: &Item<'_>) -> Role {
    if item.is_negation() {
        Role::Negation
    } else if item.is_question() {
        Role::Question
    } else if item.is_time() {
        Role::Time
    } else if item.is_number() || item.is(&["几", "多少", "半", "两", "一半", "零下", "负"]) {
        Role::Number
    } else if points(item) {
        Role::Bound
    } else if item.is_place() {
        Role::Place
    } else if item.is_verb() {
        Role::Verb
    } else if item.is_nominal() || matches!(item.kind, Kind::Name) {
        Role::Nominal
    } else {
        Role::Bound
    }
}

/// A word of the source that a gloss of another word stands for: the unit and the gloss's index.
type Change = (usize, usize, Grounding);

/// Finds the unit of every proposed gloss: the order, what has no unit, and where another word is signed.
fn matched(
    ladder: &Ladder<'_>,
    units: &[Unit<'_, '_>],
    glosses: &[String],
    source: &str,
) -> (Vec<Slot>, Vec<String>, Vec<Change>) {
    let (mut order, mut invented, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let mut used = vec![false; units.len()];
    // Exact words claim their units first, so that a synonym does not take what is another's.
    let mut claims: Vec<Option<(usize, usize)>> = vec![None; glosses.len()];
    let mut at = 0;
    while at < glosses.len() {
        let found = (0..units.len()).filter(|&unit| !used[unit]).find_map(|unit| {
            let length = exact(&units[unit], &glosses[at..])?;
            Some((unit, length))
        });
        if let Some((unit, length)) = found {
            used[unit] = true;
            claims[at] = Some((unit, length));
            at += length;
        } else {
            at += 1;
        }
    }
    let mut at = 0;
    while at < glosses.len() {
        if let Some((unit, length)) = claims[at] {
            order.push(Slot::Unit(unit));
            at += length;
            continue;
        }
        let gloss = &glosses[at];
        let tied = (0..units.len()).filter(|&unit| !used[unit] && !protected(units[unit].item)).find_map(|unit| {
            GROUNDS.tie(ladder.knowledge.lexicon, gloss, &units[unit].item.text).map(|grounding| (unit, grounding))
        });
        let added = order.iter().filter(|slot| matches!(slot, Slot::Added(_))).count();
        let again = glosses[..at].contains(gloss);
        if let Some((unit, grounding)) = tied {
            used[unit] = true;
            order.push(Slot::Unit(unit));
            changed.push((unit, at, grounding));
        } else if added < 2
            && !again
            && GROUNDS.may_add(gloss, source)
            && choose(ladder.knowledge.lexicon, gloss, Lang::Zh, "").is_some()
        {
            order.push(Slot::Added(at));
        } else {
            invented.push(format!("“{gloss}”"));
        }
        at += 1;
    }
    (order, invented, changed)
}

/// How many of `glosses` say exactly what the unit says: its word, or all the signs it is signed with.
fn exact(unit: &Unit<'_, '_>, glosses: &[String]) -> Option<usize> {
    if glosses.first().is_some_and(|gloss| *gloss == unit.item.text) {
        return Some(1);
    }
    let length = unit.glosses.len();
    (length > 0 && glosses.get(..length).is_some_and(|some| some == unit.glosses.as_slice())).then_some(length)
}

fn texts(units: &[Unit<'_, '_>], which: &[usize]) -> String {
    which.iter().map(|&at| format!("“{}”", units[at].item.text)).collect::<Vec<_>>().join(", ")
}

/// The clauses in the proposed order, with the words that were changed and added.
fn rebuilt<'l>(
    ladder: &Ladder<'l>,
    analysis: &Analysis<'l>,
    units: &[Unit<'_, 'l>],
    order: &[Slot],
    glosses: &[String],
    changed: &[Change],
) -> Vec<Clause<'l>> {
    let lexicon = ladder.knowledge.lexicon;
    let mut clauses: Vec<Clause<'l>> =
        analysis.clauses.iter().map(|clause| Clause { items: Vec::new(), ..clause.clone() }).collect();
    let mut clause = 0;
    for slot in order {
        match *slot {
            Slot::Unit(at) => {
                clause = units[at].clause;
                let mut item = units[at].item.clone();
                let other = changed.iter().find(|(unit, ..)| *unit == at).map(|(_, gloss, _)| *gloss);
                if let Some(choice) = other.and_then(|gloss| choose(lexicon, &glosses[gloss], Lang::Zh, "")) {
                    let own = item.entry().is_some_and(|entry| entry.id == choice.entry.id);
                    if !own {
                        let relation = changed.iter().find(|(unit, ..)| *unit == at).map_or(
                            lexicon::Relation::Synonym,
                            |(.., grounding)| match grounding {
                                Grounding::Hypernym => lexicon::Relation::Hypernym,
                                _ => lexicon::Relation::Synonym,
                            },
                        );
                        item.kind = Kind::Word(Some(crate::item::Choice { relation, ..choice }));
                    }
                }
                clauses[clause].items.push(item);
            }
            Slot::Added(gloss) => {
                let text = &glosses[gloss];
                let mut item = Item::word(text.clone(), 0..0, "", choose(lexicon, text, Lang::Zh, ""));
                item.ranges.clear();
                clauses[clause].items.push(item);
            }
        }
    }
    // What the knowledge leg names as dropped is resolved as before.
    for (at, of) in analysis.clauses.iter().enumerate() {
        for item in &of.items {
            if !units.iter().any(|unit| unit.clause == at && unit.item.ranges == item.ranges) {
                clauses[at].items.push(item.clone());
            }
        }
    }
    clauses.retain(|clause| !clause.items.is_empty());
    clauses
}
