//! What is wrong with a signing beside the knowledge leg's, sentences that have something to lose, and faults that lose
//! it. Shared by the tests of the gate and of the local models behind it; nothing of the gate's own is used here.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use lexicon::{Lexicon, PartOfSpeech};
use signing::{Grounding, Origin, SentenceType, SignSentence, Transcript};
use understanding::{Understanding, corpus::Pair};

pub(crate) static LEXICON: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(Lexicon::core().unwrap()));
pub(crate) static KNOWLEDGE: LazyLock<Understanding> = LazyLock::new(|| Understanding::new(LEXICON.clone()));

fn corpus() -> Vec<Pair> {
    let files = [include_str!("../../corpus/authored.jsonl"), include_str!("../../corpus/grammar.jsonl")];
    files.iter().flat_map(|file| file.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Sentences that have something to lose: numbers, names, negations, questions.
pub(crate) fn suite() -> Vec<Pair> {
    let keeps = |pair: &Pair| {
        pair.kind == "wh"
            || pair.kind == "yes_no"
            || pair.glosses.iter().any(|gloss| {
                gloss.chars().any(|c| c.is_ascii_digit()) || ["不", "没有", "不要", "不能"].contains(&gloss.as_str())
            })
            || ["李", "王", "张", "刘", "陈", "杨"].iter().any(|name| pair.zh.contains(name))
    };
    let all: Vec<Pair> = corpus().into_iter().filter(keeps).collect();
    let (written, made): (Vec<_>, Vec<_>) = all.into_iter().partition(|pair| pair.id.contains("-a"));
    written.into_iter().chain(made.into_iter().step_by(9)).collect()
}

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound.max(1) as u64) as usize
    }
}

pub(crate) const FAULTS: [&str; 11] =
    ["drop", "invent", "swap", "duplicate", "reverse", "number", "name", "negate", "affirm", "rotate numbers", "move"];

/// Does one kind of harm to a list of glosses.
pub(crate) fn spoil(fault: &str, glosses: &mut Vec<String>, random: &mut Random) {
    let at = random.below(glosses.len());
    let digit = |gloss: &String| gloss.chars().any(|c| c.is_ascii_digit());
    match fault {
        "drop" => {
            glosses.remove(at);
        }
        "invent" => {
            let words = ["医院", "死", "火", "警察", "王", "北京", "明天", "5", "钱", "不", "谁", "冠军"];
            glosses.insert(at, words[random.below(words.len())].to_owned());
        }
        "swap" => {
            let other = random.below(glosses.len());
            glosses.swap(at, other);
        }
        "duplicate" => {
            let again = glosses[at].clone();
            glosses.insert(at, again);
        }
        "reverse" => glosses.reverse(),
        "number" => {
            if let Some(number) = glosses.iter_mut().find(|gloss| digit(gloss)) {
                *number = number.chars().map(|c| if c.is_ascii_digit() { '7' } else { c }).collect();
            }
        }
        "name" => {
            for gloss in glosses.iter_mut() {
                for (from, to) in [("李", "王"), ("王", "张"), ("张", "刘"), ("刘", "李"), ("陈", "杨")] {
                    if gloss.starts_with(from) {
                        *gloss = gloss.replacen(from, to, 1);
                        break;
                    }
                }
            }
        }
        "negate" => glosses.insert(at + 1, "不".to_owned()),
        "affirm" => glosses.retain(|gloss| !["不", "没有", "不要", "不能"].contains(&gloss.as_str())),
        "rotate numbers" => {
            let places: Vec<usize> = (0..glosses.len()).filter(|&at| digit(&glosses[at])).collect();
            for pair in places.windows(2) {
                glosses.swap(pair[0], pair[1]);
            }
        }
        _ => {
            let gloss = glosses.remove(at);
            let to = random.below(glosses.len() + 1);
            glosses.insert(to, gloss);
        }
    }
}

pub(crate) fn interpret(
    understanding: &Understanding,
    text: &str,
) -> (Vec<SignSentence>, Vec<understanding::LegReport>) {
    let found = understanding.interpret(&Transcript::plain(text, "zh")).unwrap();
    (found.sentences, found.legs)
}

fn pos(token: &signing::SignToken) -> Option<PartOfSpeech> {
    token.lexeme.as_deref().and_then(|id| LEXICON.entry(id)).map(|entry| entry.pos)
}

/// What must be the same in any signing of one sentence; nothing of the gate's own is used here.
#[derive(Debug, PartialEq)]
struct Facts {
    kind: SentenceType,
    numbers: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
    negations: BTreeMap<String, usize>,
    questions: BTreeMap<String, usize>,
}

fn facts(sentence: &SignSentence) -> Facts {
    let count = |wanted: &dyn Fn(&signing::SignToken) -> bool| {
        let mut counts = BTreeMap::new();
        for token in sentence.tokens.iter().filter(|token| wanted(token)) {
            *counts.entry(token.gloss.clone()).or_default() += 1;
        }
        counts
    };
    Facts {
        kind: sentence.sentence_type,
        numbers: count(&|token| token.origin == Origin::Number),
        // A word that is merely spelled may find a sign; Latin letters stay as they are.
        names: count(&|token| {
            token.origin == Origin::Name
                || (token.origin == Origin::Letters && token.gloss.starts_with(|c: char| c.is_ascii_alphabetic()))
        }),
        negations: count(&|token| pos(token) == Some(PartOfSpeech::Negation)),
        questions: count(&|token| pos(token) == Some(PartOfSpeech::Question)),
    }
}

/// What is wrong with a signing, beside the knowledge leg's.
pub(crate) fn wrong(signed: &SignSentence, known: &SignSentence) -> Option<String> {
    if facts(signed) != facts(known) {
        return Some(format!("{:?} is not {:?}", facts(signed), facts(known)));
    }
    // Every token renders a source that a token of the knowledge leg renders, or is one of grammar's additions.
    let sources = |sentence: &SignSentence| -> Vec<u32> {
        let mut all: Vec<u32> =
            sentence.tokens.iter().filter_map(|token| token.source.first().map(|range| range.start)).collect();
        all.sort_unstable();
        all
    };
    let (mine, theirs) = (sources(signed), sources(known));
    if mine.iter().any(|start| !theirs.contains(start))
        || mine.windows(2).any(|pair| pair[0] == pair[1] && theirs.iter().filter(|&&at| at == pair[0]).count() < 2)
    {
        return Some("a source is signed twice, or none".to_owned());
    }
    let light: Vec<&str> =
        "是 就 才 很 也 又 还 非常 正 在 把 被 给 着 过 了 来 去 一下 一些 一点 这 那 之 与 而 以 于 会 将 所"
            .split(' ')
            .collect();
    for token in &known.tokens {
        let Some(range) = token.source.first() else { continue };
        let text: String =
            known.source.text.chars().skip(range.start as usize).take((range.end - range.start) as usize).collect();
        if !mine.contains(&range.start) && !light.contains(&text.as_str()) {
            return Some(format!("“{text}” is not signed"));
        }
    }
    for token in &signed.tokens {
        if token.source.is_empty()
            && !(token.grounding == Grounding::Grammatical
                && ["完", "有", "人", "我", "你", "他", "结束"].contains(&token.gloss.as_str()))
        {
            return Some(format!("“{}” comes from nowhere", token.gloss));
        }
    }
    // Who does what to whom: things and acts in the knowledge leg's order, or as spoken.
    for kinds in [&[PartOfSpeech::Noun, PartOfSpeech::Pronoun][..], &[PartOfSpeech::Verb], &[PartOfSpeech::Number]] {
        let order = |sentence: &SignSentence| -> Vec<u32> {
            // 打电话 is an act, whose sign is that of 电话.
            let act = |token: &signing::SignToken| {
                let range = token.source.first().map_or(0..0, |range| range.start as usize..range.end as usize);
                let text: Vec<char> = sentence.source.text.chars().skip(range.start).take(range.len()).collect();
                text.len() > 1 && ['打', '下', '开', '上', '坐', '看', '做', '吃'].contains(&text[0])
            };
            let of = |token: &&signing::SignToken| {
                pos(token).is_some_and(|pos| kinds.contains(&pos) && !(pos == PartOfSpeech::Noun && act(token)))
                    || (kinds.contains(&PartOfSpeech::Number) && token.origin == Origin::Number)
            };
            sentence.tokens.iter().filter(of).filter_map(|token| token.source.first().map(|r| r.start)).collect()
        };
        let (mine, known) = (order(signed), order(known));
        let known: Vec<u32> = known.into_iter().filter(|at| mine.contains(at)).collect();
        let mut spoken = mine.clone();
        spoken.sort_unstable();
        if mine != known && mine != spoken && kinds[0] != PartOfSpeech::Verb && !topicalised(signed, &mine, &known) {
            // Times and what stands between clauses move; only things of one clause are compared.
            return Some(format!("{kinds:?} in another order: {mine:?}, not {known:?}"));
        }
    }
    None
}

/// Whether the order differs by lifeless things alone that became topics: 茶 我 喝 for 我喝茶. Whoever can act keeps
/// the order, lifeless things keep theirs, and no lifeless thing goes behind somebody.
fn topicalised(signed: &SignSentence, mine: &[u32], known: &[u32]) -> bool {
    const ENDS: &str =
        "我你他她它们人员师生者手长民友客众家爸妈爷奶哥姐弟妹孩子儿女公婆狗猫鸟鱼马牛羊猪鸡队组国府司校院行厂店局部会";
    let lives = |start: &u32| {
        let token = signed.tokens.iter().find(|token| token.source.first().is_some_and(|range| range.start == *start));
        token.is_some_and(|token| {
            let range = token.source[0];
            let last = signed.source.text.chars().nth(range.end as usize - 1);
            pos(token) == Some(PartOfSpeech::Pronoun)
                || token.origin == Origin::Name
                || last.is_some_and(|last| ENDS.contains(last))
        })
    };
    let part =
        |order: &[u32], living: bool| -> Vec<u32> { order.iter().copied().filter(|at| lives(at) == living).collect() };
    let spoken = |order: &[u32]| {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        sorted
    };
    let kept = |living: bool| {
        let own = part(mine, living);
        own == part(known, living) || own == spoken(&own)
    };
    // How many living ones stand before each lifeless thing: never more than they were.
    let before = |order: &[u32], at: u32| order.iter().take_while(|&&other| other != at).filter(|at| lives(at)).count();
    let earlier = |at: &u32| before(mine, *at) <= before(known, *at).max(before(&spoken(mine), *at));
    kept(true) && kept(false) && part(mine, false).iter().all(earlier)
}
