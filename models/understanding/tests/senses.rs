//! Ambiguous words in context: how many get the sense that they have.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests state what they expect and print what they measure"
)]

use lexicon::Lexicon;
use understanding::{Understanding, sense};

#[test]
fn senses_are_chosen_in_context() {
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for line in include_str!("senses.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [text, word, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let at = text[..text.find(word).unwrap()].chars().count();
        all += 1;
        match sense(text, word, at) {
            Some(found) if found == expected => right += 1,
            found => wrong.push(format!("{text} {word}: {found:?}, not {expected}")),
        }
    }
    println!("senses: {right} of {all}\n{}", wrong.join("\n"));
    assert!(all >= 60 && right * 100 >= all * 85, "{right} of {all}: {}", wrong.join("\n"));
}

#[test]
fn the_sense_is_signed() {
    let understanding = Understanding::new(Lexicon::core().unwrap());
    let gloss = |text: &str| understanding.gloss(text, "zh").unwrap().line();
    for (text, sign) in
        [("下午给奶奶打电话", "电话"), ("他们打篮球", "篮球"), ("他花了很多钱", "用"), ("下雨时要带伞", "时间")]
    {
        assert!(gloss(text).contains(sign), "{text}: {}", gloss(text));
    }
}
