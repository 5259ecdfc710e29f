//! What a verb takes into itself: from whom to whom it moves, and its aspect.

use lexicon::VerbClass;
use signing::{Aspect, LocusId, Side};

use super::leave_out;
use crate::item::{Drop, Item, Kind};

/// Where whom the item speaks of stands, if it stands anywhere.
fn locus(item: &Item<'_>) -> Option<LocusId> {
    if item.inflection.locus.is_some() {
        item.inflection.locus
    } else if item.is(&["我", "我们", "咱们", "本人"]) {
        Some(LocusId::Signer)
    } else if item.is(&["你", "您", "你们"]) {
        Some(LocusId::Addressee)
    } else if item.is(&["他", "她", "它", "他们", "她们", "它们"]) {
        Some(LocusId::Side(Side::Right, 0))
    } else {
        None
    }
}

fn directional(item: &Item<'_>) -> bool {
    item.entry().is_some_and(|entry| entry.verb_class == Some(VerbClass::Directional))
}

/// 把, 被 and 给: word order and the verb's own direction say it.
pub(super) fn agreement(items: &mut Vec<Item<'_>>, dropped: &mut Vec<Drop>) {
    for item in items.iter_mut() {
        if matches!(item.kind, Kind::Word(_)) {
            item.inflection.locus = locus(item);
        }
    }
    let passive =
        items.iter().position(|item| item.is(&["被", "受", "遭", "为"]) && item.tag == "p" && !item.is(&["为"]));
    let verb_after =
        |items: &[Item<'_>], at: usize| items.iter().skip(at + 1).position(Item::is_verb).map(|v| v + at + 1);
    let given = items.iter().position(|item| item.is(&["给"])).filter(|&at| {
        let after_verb =
            at > 0 && items[at - 1].is_verb() && !items[at - 1].is(&["请", "想", "要", "能", "可以", "会"]);
        after_verb || verb_after(items, at).is_some_and(|verb| verb > at + 1)
    });
    let toward = items.iter().position(|item| item.is(&["对", "向", "跟", "同", "为"]) && item.tag == "p");
    // The verb that takes the direction: the one behind the preposition, or the directional one.
    let verb = passive
        .or(given)
        .or(toward)
        .and_then(|at| verb_after(items, at).filter(|&verb| directional(&items[verb])))
        .or_else(|| items.iter().rposition(|item| item.is_verb() && directional(item)));
    if let Some(verb) = verb {
        let before = items[..verb].iter().find_map(locus);
        let after = items[verb + 1..].iter().find_map(locus);
        let marked = passive.or(given).or(toward).and_then(|at| items.get(at + 1)).and_then(locus);
        let (giver, receiver) = if passive.is_some() {
            (marked, before.filter(|_| passive != Some(0)))
        } else if marked.is_some() {
            let first = items[..verb].first().and_then(locus).filter(|_| given != Some(0) && toward != Some(0));
            (first, marked)
        } else {
            (before, after)
        };
        // Who is not named is the other of the two who talk.
        let other = |of: LocusId| match of {
            LocusId::Signer => LocusId::Addressee,
            LocusId::Addressee | LocusId::Side(..) => LocusId::Signer,
        };
        items[verb].inflection.direction = match (giver, receiver) {
            (Some(giver), Some(receiver)) if giver != receiver => Some((giver, receiver)),
            (None, Some(receiver)) => Some((other(receiver), receiver)),
            _ => None,
        };
    }
    let said = "the verb's direction or the order says it";
    if let Some(at) = given {
        leave_out(items, at, said, dropped);
    }
    if let Some(at) = items.iter().position(|item| item.is(&["被"]) && item.tag != "n") {
        leave_out(items, at, said, dropped);
    }
    if let Some(at) = items.iter().position(|item| item.is(&["把", "将"]) && item.tag == "p") {
        leave_out(items, at, "the affected thing stands before the verb", dropped);
    }
}

/// 了, 过, 着, 正在: the verb's aspect.
pub(super) fn aspects(items: &mut Vec<Item<'_>>, dropped: &mut Vec<Drop>) {
    let mut at = 0;
    while at < items.len() {
        let after_verb = at > 0 && (items[at - 1].is_verb() || items[at - 1].is_adjective());
        let experienced = items[at].is(&["过"]) && after_verb && items[at].tag != "v";
        let (aspect, reason) = if items[at].is(&["了"]) || experienced {
            (Some(Aspect::Completed), "aspect particle: the verb is signed as completed")
        } else if items[at].is(&["着"]) && after_verb {
            (Some(Aspect::Continuous), "aspect particle: the verb is signed as going on")
        } else if items[at].is(&["正在", "正", "在"])
            // 正在比赛: what is done may be a noun's sign.
            && items.get(at + 1).is_some_and(|next| next.is_verb() || next.tag.starts_with('v'))
            && !items[at].is_verb_alone(items, at)
        {
            if let Some(verb) = items.get_mut(at + 1) {
                verb.inflection.aspect = Some(Aspect::Continuous);
            }
            leave_out(items, at, "aspect: the verb is signed as going on", dropped);
            continue;
        } else {
            at += 1;
            continue;
        };
        if after_verb && items[at - 1].is_verb() {
            items[at - 1].inflection.aspect = aspect;
            leave_out(items, at, reason, dropped);
        } else {
            leave_out(items, at, "aspect particle", dropped);
        }
    }
}

impl Item<'_> {
    /// Whether 在 or 正 at `at` is the only verb there is: 他在 … 家.
    fn is_verb_alone(&self, items: &[Item<'_>], at: usize) -> bool {
        self.is(&["在"])
            && items.get(at + 1).is_none_or(|next| next.is_place() || (next.is_nominal() && !next.tag.starts_with('v')))
    }
}
