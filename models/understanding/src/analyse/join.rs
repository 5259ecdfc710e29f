//! Words of the segmenter that belong together: one entry's word, a person's name.

use lexicon::{Lang, Lexicon};
use text::is_han;

use super::Knowledge;
use crate::{
    item::{Item, Kind, QUESTION_WORDS, choose},
    names,
};

/// The most words of the segmenter that one entry's word may be made of.
const MERGED: usize = 4;

/// Neighbouring words that one entry has together become one; the longest first.
pub(super) fn merge<'l>(knowledge: Knowledge<'l>, items: Vec<Item<'l>>) -> Vec<Item<'l>> {
    let mut merged = Vec::with_capacity(items.len());
    let mut rest = items.as_slice();
    'next: while let Some((first, after)) = rest.split_first() {
        for count in (2..=MERGED.min(rest.len())).rev() {
            if let Some(item) = together(knowledge, &rest[..count]) {
                merged.push(item);
                rest = &rest[count..];
                continue 'next;
            }
        }
        merged.push(first.clone());
        rest = after;
    }
    merged
}

fn together<'l>(knowledge: Knowledge<'l>, items: &[Item<'l>]) -> Option<Item<'l>> {
    let (first, last) = (items.first()?, items.last()?);
    let range = first.ranges.first()?.start..last.ranges.last()?.end;
    if items.iter().all(|item| matches!(item.kind, Kind::Latin(_))) {
        let text = items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(" ");
        let choice = choose(knowledge.lexicon, &text, Lang::En, "")?;
        let mut item = Item::word(text, range, "eng", None);
        item.kind = Kind::Latin(Some(choice));
        return Some(item);
    }
    let joined = items.iter().all(|item| matches!(item.kind, Kind::Word(_)))
        && items.windows(2).all(|pair| pair[0].ranges[0].end == pair[1].ranges[0].start);
    if !joined {
        return None;
    }
    let text: String = items.iter().map(|item| item.text.as_str()).collect();
    let known = choose(knowledge.lexicon, &text, Lang::Zh, &last.tag);
    if known.is_none() && !QUESTION_WORDS.contains(&text.as_str()) {
        return None;
    }
    Some(Item::word(text, range, &last.tag, known))
}

/// Marks people's names, and joins a surname with what follows where a name must stand.
pub(super) fn people<'l>(lexicon: &'l Lexicon, items: Vec<Item<'l>>) -> Vec<Item<'l>> {
    let mut out: Vec<Item<'l>> = Vec::with_capacity(items.len());
    let mut items = items.into_iter().peekable();
    while let Some(mut item) = items.next() {
        // 欧阳 | 娜娜: a surname and what the segmenter takes for another person.
        if names::is_surname(&item.text)
            && let Some(next) = items.next_if(|next| {
                let double = item.text.chars().count() == 2;
                (next.tag.starts_with("nr") || (double && matches!(next.kind, Kind::Word(None))))
                    && (double || item.tag.starts_with("nr"))
                    && next.text.chars().all(is_han)
                    && next.text.chars().count() <= 2
                    && next.ranges[0].start == item.ranges[0].end
            })
        {
            item.text.push_str(&next.text);
            item.reach(&next);
            item.kind = Kind::Name;
            out.push(item);
            continue;
        }
        // 小 | 李.
        if item.text.chars().count() == 1
            && item.text.starts_with(names::FAMILIAR)
            && let Some(next) = items.next_if(|next| {
                names::is_surname(&next.text)
                    && next.ranges[0].start == item.ranges[0].end
                    && (next.tag.starts_with("nr") || matches!(next.kind, Kind::Word(None)))
            })
        {
            item.text.push_str(&next.text);
            item.reach(&next);
            item.kind = Kind::Name;
            out.push(item);
            continue;
        }
        let introduced = out.last().is_some_and(|before| before.is(&names::INTRODUCED_BY));
        let titled = items.peek().is_some_and(|after| after.is(&names::TITLES));
        // 那位老师: the measure word is a surname too.
        let measure = text::MEASURES.contains(&item.text.as_str())
            && out.last().is_some_and(|before| before.tag.starts_with('r') && before.text.chars().count() == 1);
        let person = item.tag.starts_with("nr") && !measure;
        let counted = out.last().is_some_and(Item::is_number);
        if counted && person && item.text.chars().count() == 1 {
            // 五毛: a unit that is a surname too.
            "q".clone_into(&mut item.tag);
        }
        let free = matches!(item.kind, Kind::Word(None)) && item.text.chars().all(is_han);
        let full = names::is_full_name(&item.text);
        if free && ((person && full) || (introduced && full && item.tag != "r") || (person && introduced)) {
            item.kind = Kind::Name;
        } else if names::is_surname(&item.text)
            && matches!(item.kind, Kind::Word(_))
            && !measure
            && (introduced || titled || (person && !counted))
        {
            // 叫 | 张 | 伟, 王 | 老师.
            let mut given = 0;
            while introduced
                && given < 2
                && items.peek().is_some_and(|next| {
                    let length = next.text.chars().count();
                    matches!(next.kind, Kind::Word(_))
                        && length <= 2 - given
                        && next.text.chars().all(is_han)
                        && !next.is(&names::TITLES)
                        && !next.tag.starts_with(['u', 'y'])
                        && next.ranges[0].start == item.ranges[0].end
                })
            {
                let Some(next) = items.next() else { break };
                given += next.text.chars().count();
                item.text.push_str(&next.text);
                item.reach(&next);
            }
            if given > 0 || titled || (person && !counted) {
                item.kind = Kind::Name;
                item.tag = "nr".to_owned();
            }
        } else if item.text.chars().count() == 1
            && matches!(item.kind, Kind::Word(Some(choice)) if choice.entry.pos == lexicon::PartOfSpeech::Name)
        {
            // A surname's sign for a word that is no name.
            item.kind = Kind::Word(choose(lexicon, &item.text, Lang::Zh, "x"));
        }
        out.push(item);
    }
    out
}
