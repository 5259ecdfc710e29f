//! The corpus keeps its promises: its size, its splits, and that its files are what their sources make.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests state what they expect and print what they measure"
)]

use std::collections::HashSet;

use understanding::corpus::{Pair, alike, bigrams};

fn pairs(text: &str) -> Vec<Pair> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

fn all() -> Vec<Pair> {
    let mut all = pairs(include_str!("../corpus/authored.jsonl"));
    all.extend(pairs(include_str!("../corpus/grammar.jsonl")));
    all
}

#[test]
fn pairs_are_whole() {
    let all = all();
    let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
    for pair in &all {
        assert!(ids.insert(&pair.id) && texts.insert(&pair.zh), "twice: {} {}", pair.id, pair.zh);
        assert!(["train", "dev", "test"].contains(&pair.split.as_str()), "{}", pair.id);
        assert!(
            ["statement", "yes_no", "wh", "imperative", "exclamation"].contains(&pair.kind.as_str()),
            "{}",
            pair.id
        );
        assert!(!pair.glosses.is_empty() && pair.glosses.iter().all(|gloss| !gloss.is_empty()), "{}", pair.id);
        assert!(
            !pair.zh.contains(['{', '|']) && pair.glosses.iter().all(|gloss| !gloss.contains(['{', '，', '。'])),
            "{}",
            pair.id
        );
    }
    let english = all.iter().filter(|pair| pair.en.is_some()).count();
    println!("{} pairs, {english} with English", all.len());
    assert!(english >= 1500, "{english}");
}

#[test]
fn no_near_duplicate_stands_in_two_splits() {
    let all = all();
    let grams: Vec<_> = all.iter().map(|pair| bigrams(&pair.zh)).collect();
    let of = |split: &str| (0..all.len()).filter(|&at| all[at].split == split).collect::<Vec<_>>();
    let (train, dev, test) = (of("train"), of("dev"), of("test"));
    assert!(dev.len() * 100 >= all.len() * 2 && test.len() * 100 >= all.len() * 4, "{} {}", dev.len(), test.len());
    for (some, others) in [(&test, &train), (&test, &dev), (&dev, &train)] {
        for &a in some {
            let near = others.iter().find(|&&b| alike(&grams[a], &grams[b]));
            assert!(near.is_none(), "{} is like {}", all[a].zh, all[*near.unwrap()].zh);
        }
    }
}
