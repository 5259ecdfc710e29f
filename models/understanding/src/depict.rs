//! Figures that move on a ground: 鱼在水里游, 汽车在路上开; things that lie on one: 书放在桌子上; lists on the fingers:
//! 第一，…。第二，….
//!
//! The packs say what class a noun is of (`fish`, `vehicle`, `water`, `road`, `flat`, `long`, `surface`) and how a
//! figure of one class goes over a ground of another (`fish@water`), or lies on it (`flat@surface`). Figure and ground
//! are named; then both hands show what happens.

use lexicon::{Entry, Lexicon, PartOfSpeech, Relation};
use signing::{ChannelUse, ManualChannel, ManualSegment, SignToken, Span};
use text::Numeral;

use crate::{
    analyse::Analysis,
    item::{Choice, Clause, Drop, Item, Kind, signable},
};

/// Verbs of motion that say no more than that something goes as such things do.
pub(crate) const GOING: &[&str] = &[
    "游", "游动", "游泳", "开", "跑", "走", "行驶", "行走", "前进", "走路", "航行", "跑步", "散步", "滑行", "来往",
    "驶",
];
/// Words that only say where on the ground.
const WHERE: &[&str] = &["里", "上", "中", "里面", "上面", "面", "边"];

/// The class of what things lie on; over grounds of other classes they move.
const SURFACE: &str = "surface";
/// Words that say no more than that something lies there, or is put there, and the same grown together with 在.
const LYING: &[&str] = &["放", "摆", "搁", "躺", "摆放"];
const LYING_AT: &[&str] = &["放在", "摆在", "搁在", "躺在"];
/// What may follow without saying more.
const NO_MORE: &[&str] = &["着", "了"];

/// Lets the hands show what moves on what, and count a list on the fingers.
pub(crate) fn depict<'l>(lexicon: &'l Lexicon, analysis: &mut Analysis<'l>) {
    let Analysis { clauses, dropped, .. } = analysis;
    for clause in clauses {
        listed(lexicon, clause);
        depicted(lexicon, clause, dropped);
    }
}

fn class<'l>(item: &Item<'l>) -> Option<&'l str> {
    let entry = item.entry()?;
    (entry.pos != PartOfSpeech::Classifier).then_some(entry.classifier.as_deref()?)
}

fn depicted<'l>(lexicon: &'l Lexicon, clause: &mut Clause<'l>, dropped: &mut Vec<Drop>) {
    let items = &mut clause.items;
    let Some(at) = items.iter().position(|item| item.is(&["在"]) || item.is(LYING_AT)) else { return };
    // A negated or asked motion isn't shown: 鱼不在水里游.
    if items.iter().any(|item| item.is_negation() || item.is_question()) {
        return;
    }
    let Some(figure) = items[..at].iter().rev().find_map(class) else { return };
    let Some(ground) = (at + 1..items.len()).find(|&ground| class(&items[ground]).is_some()) else { return };
    let mut behind = ground + 1;
    while items.get(behind).is_some_and(|item| item.is(WHERE)) {
        behind += 1;
    }
    let ground_class = class(&items[ground]);
    let lies = ground_class == Some(SURFACE);
    // What goes is shown for the verb; what lies still for the last word that says where.
    let shown = if lies {
        if behind == ground + 1 || !items[behind..].iter().all(|item| item.is(NO_MORE)) {
            return;
        }
        behind - 1
    } else if items.get(behind).is_some_and(|item| item.is(GOING)) && items[at].is(&["在"]) {
        behind
    } else {
        return;
    };
    let Some(entry) = ground_class.and_then(|ground| construction(lexicon, figure, ground)) else { return };
    let before = if lies && at > 0 && items[at - 1].is(LYING) { at - 1 } else { at };
    let after = if lies { shown + 1..items.len() } else { 0..0 };
    let depicted = &mut items[shown];
    depicted.kind = Kind::Word(Some(Choice { entry, relation: Relation::Synonym }));
    depicted.inflection.locus = None;
    if lies {
        (depicted.text, depicted.tag) = (entry.headword.clone(), "v".to_owned());
    }
    for index in (before..=at).chain(ground + 1..shown).chain(after).rev() {
        let item = items.remove(index);
        let reason = "where it happens is shown by the hands";
        dropped.extend(item.ranges.into_iter().map(|range| Drop::new(range, reason)));
    }
}

/// 第一，洗手: a bare ordinal that opens a clause is a finger of a list, no rank.
fn listed<'l>(lexicon: &'l Lexicon, clause: &mut Clause<'l>) {
    let Some(first) = clause.items.first_mut() else { return };
    let Kind::Number { quantity, .. } = &first.kind else { return };
    let Numeral::Ordinal(rank) = quantity.value else { return };
    if first.text.chars().count() != 2 {
        return;
    }
    if let Some(entry) = construction(lexicon, "list", &rank.to_string()) {
        first.kind = Kind::Word(Some(Choice { entry, relation: Relation::Synonym }));
    }
}

/// Keeps the hand whose fingers are a list where it is, while the other hand goes on alone.
pub(crate) fn hold_lists(manual: &mut [ManualChannel; 2], tokens: &[SignToken]) {
    let weak = &mut manual[1];
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let of_list = |token: &SignToken| token.lexeme.as_deref().is_some_and(|lexeme| lexeme.starts_with("list_"));
    for at in (0..tokens.len()).filter(|&at| of_list(&tokens[at])) {
        let taken = |token: usize| {
            let place = index(token);
            weak.0.iter().any(|segment| segment.span.start.token <= place && place <= segment.span.end.token)
        };
        let end = (at + 1..tokens.len()).find(|&token| taken(token)).unwrap_or(tokens.len());
        if end > at + 1 {
            let span = Span::tokens(index(at + 1), index(end - 1));
            let behind = weak.0.partition_point(|segment| segment.span.start.token <= index(at));
            weak.0.insert(behind, ManualSegment { token: index(at), kind: ChannelUse::Hold, span });
        }
    }
}

fn construction<'l>(lexicon: &'l Lexicon, figure: &str, ground: &str) -> Option<&'l Entry> {
    lexicon.entries().find(|entry| {
        entry.pos == PartOfSpeech::Classifier
            && signable(entry)
            && entry.classifier.as_deref().and_then(|name| name.split_once('@')) == Some((figure, ground))
    })
}
