//! Whether an order says what the source says.

use super::{Role, Unit, points, role, texts};
use crate::{
    grounds::GROUNDS,
    item::{Item, Kind},
    order::MODALS,
};

/// Whether an order of all units says what the source says. `signed` leaves out light words.
pub(super) fn in_order(units: &[Unit<'_, '_>], signed: &[usize]) -> Result<(), String> {
    let mut known: Vec<usize> = signed.to_vec();
    known.sort_unstable();
    let mut spoken = known.clone();
    spoken.sort_by_key(|&at| units[at].start);
    if !signed.windows(2).all(|pair| units[pair[0]].clause <= units[pair[1]].clause) {
        return Err("words of one clause stand in another".to_owned());
    }
    for (kind, what) in [
        (Role::Number, "numbers"),
        (Role::Time, "times"),
        (Role::Place, "places"),
        (Role::Negation, "negations"),
        (Role::Question, "question words"),
    ] {
        let only = |order: &[usize]| -> Vec<usize> {
            order.iter().copied().filter(|&at| role(units[at].item) == kind).collect()
        };
        let mine = only(signed);
        if mine != only(&known) && mine != only(&spoken) {
            return Err(format!("the order of {what} is another: {}", texts(units, &mine)));
        }
    }
    acts(units, signed, &known, &spoken)?;
    things(units, signed, &known, &spoken)?;
    let numbers =
        |order: &[usize]| -> Vec<usize> { order.iter().copied().filter(|&at| units[at].item.is_number()).collect() };
    if numbers(signed) != numbers(&known) && numbers(signed) != numbers(&spoken) {
        return Err(format!("the order of numbers is another: {}", texts(units, &numbers(signed))));
    }
    // 8月28日 is one date, and 3比2 one score.
    for pair in known.windows(2).filter(|pair| pair.iter().all(|&at| units[at].item.is_number())) {
        if !signed.windows(2).any(|other| other == pair) {
            return Err(format!("{} no longer stand together", texts(units, pair)));
        }
    }
    let beside = |order: &[usize], at: usize| {
        let place = order.iter().position(|&other| other == at).unwrap_or(0);
        (place.checked_sub(1).map(|before| order[before]), order.get(place + 1).copied())
    };
    for &at in signed {
        let role = role(units[at].item);
        let bound = matches!(role, Role::Number | Role::Bound | Role::Negation);
        if !bound {
            continue;
        }
        let mine = beside(signed, at);
        let (knows, says) = (beside(&known, at), beside(&spoken, at));
        let kept = match role {
            // What is negated stands before the negation as signed, behind it as spoken.
            Role::Negation => {
                (mine.0.is_some() && mine.0 == knows.0) || (mine.1.is_some() && mine.1 == says.1 && mine.0 == says.0)
            }
            // A number keeps what it counts: on both sides, or on the one where that is.
            Role::Number => mine == knows || mine == says || counted(units, at, mine, knows, says),
            // 这病 and 病 这 are the same.
            _ if points(units[at].item) && mine.0.is_some() && (mine.0 == knows.1 || mine.0 == says.1) => true,
            _ => {
                (mine.0.is_some() && (mine.0 == knows.0 || mine.0 == says.0))
                    || (mine.1.is_some() && (mine.1 == knows.1 || mine.1 == says.1))
            }
        };
        let alone = signed.len() == 1;
        if !kept && !alone && mine != knows {
            return Err(format!("“{}” stands with something else", units[at].item.text));
        }
    }
    Ok(())
}

/// A number's noun precedes it as signed or follows it as spoken.
fn counted(
    units: &[Unit<'_, '_>],
    at: usize,
    mine: (Option<usize>, Option<usize>),
    knows: (Option<usize>, Option<usize>),
    says: (Option<usize>, Option<usize>),
) -> bool {
    let noun = |side: Option<usize>| side.filter(|&side| role(units[side].item) == Role::Nominal);
    match noun(says.1).filter(|&noun| units[noun].clause == units[at].clause) {
        Some(noun) => mine.0 == Some(noun) && knows.0 == Some(noun) || mine.1 == Some(noun),
        None => (mine.0.is_some() && mine.0 == knows.0) && (mine.1 == knows.1 || noun(mine.1).is_none()),
    }
}

/// Acts keep their order. 想 and 能 may stand behind the act that they modify, where signers have them.
fn acts(units: &[Unit<'_, '_>], signed: &[usize], known: &[usize], spoken: &[usize]) -> Result<(), String> {
    let modal = |at: usize| units[at].item.is(MODALS);
    let verbs = |order: &[usize], modals: bool| -> Vec<usize> {
        order.iter().copied().filter(|&at| role(units[at].item) == Role::Verb && (modals || !modal(at))).collect()
    };
    let (mine, full) = (verbs(signed, false), verbs(signed, true));
    if full == verbs(known, true) || full == verbs(spoken, true) {
        return Ok(());
    }
    let wrong = || Err(format!("the order of acts is another: {}", texts(units, &full)));
    if mine != verbs(known, false) && mine != verbs(spoken, false) {
        return wrong();
    }
    for at in full.iter().copied().filter(|&at| modal(at)) {
        let behind = spoken.iter().skip_while(|&&other| other != at).skip(1);
        let mut acts = behind.filter(|&&act| role(units[act].item) == Role::Verb && !modal(act));
        let Some(&act) = acts.find(|&&act| units[act].clause == units[at].clause) else { return wrong() };
        // Nothing else is done between the two.
        let place = |of: usize| mine.iter().position(|&other| other == of);
        let before = signed.iter().take_while(|&&other| other != at).filter(|&&other| mine.contains(&other)).count();
        if place(act).is_none_or(|act| before != act && before != act + 1) {
            return wrong();
        }
    }
    Ok(())
}

/// Who and what: people, things and places together keep their order; a place may be what is compared, or what is given.
/// A sum of money is a thing too: what is bought goes before whoever buys it, but not past what it costs.
///
/// What somebody does something to may become the topic: 茶 我 喝. It goes before whoever acts, with what belongs to
/// it, and what is done comes behind both. Those who can act keep their order among each other, and so do the rest.
fn things(units: &[Unit<'_, '_>], signed: &[usize], known: &[usize], spoken: &[usize]) -> Result<(), String> {
    let thing = |at: usize| {
        use lexicon::PartOfSpeech as Pos;
        let item = units[at].item;
        (item.is_nominal() && !points(item))
            || matches!(item.kind, Kind::Number { slot: Some(entry), .. } if entry.pos == Pos::Noun)
            || matches!(item.pos(), Some(Pos::Noun | Pos::Pronoun | Pos::Place | Pos::Name))
    };
    let of = |order: &[usize], which: &dyn Fn(usize) -> bool| -> Vec<usize> {
        order.iter().copied().filter(|&at| which(at)).collect()
    };
    let mine = of(signed, &thing);
    if mine == of(known, &thing) || mine == of(spoken, &thing) {
        return Ok(());
    }
    let wrong = || Err(format!("the order of who and what is another: {}", texts(units, &mine)));
    let acting = |at: usize| thing(at) && may_act(units[at].item);
    let acted_on = |at: usize| thing(at) && !may_act(units[at].item);
    for which in [&acting as &dyn Fn(usize) -> bool, &acted_on] {
        if of(signed, which) != of(known, which) && of(signed, which) != of(spoken, which) {
            return wrong();
        }
    }
    let place = |order: &[usize], at: usize| order.iter().position(|&other| other == at).unwrap_or(usize::MAX);
    let act_in = |part: &[usize]| part.iter().any(|&at| role(units[at].item) == Role::Verb);
    for topic in of(signed, &acted_on) {
        for actor in of(signed, &acting) {
            let first = place(signed, topic) < place(signed, actor);
            let was = [known, spoken].map(|order| place(order, topic) < place(order, actor));
            if was.contains(&first) {
                continue;
            }
            let (here, there) = (place(signed, topic), place(signed, actor));
            let (from, to) = (place(spoken, actor), place(spoken, topic));
            let topicalised = first
                && units[topic].clause == units[actor].clause
                && act_in(&spoken[from..to])
                && !act_in(&signed[here..there])
                && act_in(&signed[there..])
                && together(units, signed, spoken, topic, &thing);
            if !topicalised {
                return wrong();
            }
        }
    }
    Ok(())
}

/// Whether what stands beside `at` in its phrase as spoken stands beside it as signed.
fn together(
    units: &[Unit<'_, '_>],
    signed: &[usize],
    spoken: &[usize],
    at: usize,
    thing: &dyn Fn(usize) -> bool,
) -> bool {
    let beside = |order: &[usize]| -> Vec<usize> {
        let place = order.iter().position(|&other| other == at).unwrap_or(0);
        let before = place.checked_sub(1).map(|before| order[before]);
        before.into_iter().chain(order.get(place + 1).copied()).collect()
    };
    let mine = beside(signed);
    beside(spoken).into_iter().filter(|&other| units[other].clause == units[at].clause).all(|other| {
        let phrase = thing(other) || units[other].item.is_adjective() || units[other].item.is_number();
        !phrase || mine.contains(&other)
    })
}

/// Whether it can do something: a person, an animal, a body of people.
fn may_act(item: &Item<'_>) -> bool {
    matches!(item.kind, Kind::Name | Kind::Latin(_))
        || item.pos() == Some(lexicon::PartOfSpeech::Pronoun)
        || item.tag.starts_with("nr")
        || item.tag == "nt"
        || GROUNDS.acts(&item.text)
}
