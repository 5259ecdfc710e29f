//! A text at 280 characters a minute is signed at no more than 2.5 signs a second; nothing that must be said is lost, and
//! all that is left out is told.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests state what they expect and print what they measure"
)]

use lexicon::{Lexicon, PartOfSpeech};
use signing::{Origin, SignToken, Transcript};
use understanding::{Pace, Understanding, time_of};

const CHARACTERS_A_MINUTE: f32 = 280.0;

#[test]
fn ten_minutes_of_news_keep_pace() {
    let news: String = include_str!("news.txt").lines().collect();
    assert!(news.chars().count() as f32 >= 10.0 * CHARACTERS_A_MINUTE);
    keep_pace(&news);
}

#[test]
fn reports_full_of_facts_and_a_lecture_keep_pace() {
    keep_pace(&include_str!("reports.txt").lines().collect::<String>());
    keep_pace(&include_str!("lecture.txt").lines().collect::<String>());
}

fn keep_pace(text: &str) {
    let characters = text.chars().count();
    let lexicon = std::sync::Arc::new(Lexicon::core().unwrap());
    let free = Understanding::new(lexicon.clone());
    let paced = Understanding::new(lexicon.clone())
        .with_pace(Pace { characters_a_minute: CHARACTERS_A_MINUTE, signs_a_second: 2.5 });
    let all = free.interpret(&Transcript::plain(text, "zh")).unwrap();
    let kept = paced.interpret(&Transcript::plain(text, "zh")).unwrap();
    let signs = |found: &understanding::Interpretation| -> f32 {
        found.sentences.iter().flat_map(|sentence| &sentence.tokens).map(|token| time_of(token.forms.len())).sum()
    };
    let seconds = characters as f32 * 60.0 / CHARACTERS_A_MINUTE;
    let (before, after) = (signs(&all) / seconds, signs(&kept) / seconds);
    let tokens = |found: &understanding::Interpretation| found.counts.tokens() as f32 / seconds;
    println!(
        "{characters} characters, {seconds:.0} s: {before:.2} signs a second before, {after:.2} after; tokens {:.2} and {:.2}; {} left out",
        tokens(&all),
        tokens(&kept),
        kept.counts.dropped - all.counts.dropped
    );
    assert!(after <= 2.5, "{after}");
    let pos = |token: &SignToken| token.lexeme.as_deref().and_then(|id| lexicon.entry(id)).map(|entry| entry.pos);
    let protected = |token: &SignToken| {
        matches!(token.origin, Origin::Number | Origin::Name)
            // 这 points, with the sign of 这里.
            || (token.origin != Origin::Pointing
                && matches!(pos(token), Some(PartOfSpeech::Negation | PartOfSpeech::Question | PartOfSpeech::Place)))
    };
    let mut begin = 0;
    for (full, short) in all.sentences.iter().zip(&kept.sentences) {
        let facts = |tokens: &[SignToken]| {
            tokens.iter().filter(|token| protected(token)).map(|token| token.gloss.clone()).collect::<Vec<_>>()
        };
        assert_eq!(facts(&full.tokens), facts(&short.tokens));
        // What is gone is told.
        for token in &full.tokens {
            let signed = short.tokens.iter().any(|other| other.source == token.source);
            let told = token.source.iter().all(|range| {
                short.dropped.iter().any(|drop| drop.source.start <= range.start && range.end <= drop.source.end)
            });
            assert!(signed || told, "“{}” went without a word", token.gloss);
        }
        begin += 1;
    }
    assert_eq!((begin, all.sentences.len()), (kept.sentences.len(), kept.sentences.len()));
}

#[test]
fn what_a_clause_speaks_of_goes_last() {
    let lexicon = std::sync::Arc::new(Lexicon::core().unwrap());
    let understanding = Understanding::new(lexicon);
    for (text, subject) in [("运动员昨天从张家口坐火车出发。", "运动员"), ("学生明天上午去北京参观博物馆。", "学生")]
    {
        let glosses = |signs: f32| -> Vec<String> {
            let found = understanding.interpret_within(&Transcript::plain(text, "zh"), signs).unwrap();
            found.sentences.iter().flat_map(|sentence| &sentence.tokens).map(|token| token.gloss.clone()).collect()
        };
        let (all, kept) = (glosses(100.0), glosses(4.0));
        assert!(kept.len() < all.len(), "{kept:?} of {all:?}");
        assert!(kept.iter().any(|gloss| gloss == subject), "{kept:?} of {all:?}");
    }
}
