//! Corrections of what was said.

use super::*;

/// Corrects the utterance `name` to `text`.
fn correct(bench: &mut Bench, name: &str, text: &str) -> Corrected {
    let (_, fresh) = bench.sentences(text, 0);
    let (_, repair) = bench.sentences(&format!("错，{text}"), 0);
    bench.live.replace(&name.into(), fresh, repair)
}

/// The text of each sign that is begun within so many frames.
fn signs(bench: &mut Bench, frames: u64) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), None);
    for _ in 0..frames {
        bench.tick(1);
        let now = bench.live.signing().map(|it| (Arc::clone(it.utterance), source_of(it.sentence), it.token));
        if now != before
            && let Some(it) = bench.live.signing()
        {
            found.push(it.sentence.tokens[it.token].gloss.clone());
        }
        before = now;
    }
    found
}

#[test]
fn what_waits_is_replaced_in_its_place() {
    let mut bench = Bench::new();
    bench.say("a", "北京今天有雪，冰壶比赛下午三点开始。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.say("c", "谢谢。", 0);
    bench.tick(5);
    assert_eq!(correct(&mut bench, "b", "我去学校。"), Corrected::Replaced);
    let found = signs(&mut bench, 700);
    let at = |word: &str| found.iter().position(|gloss| gloss == word);
    assert!(at("学校") < at("谢谢") && at("学校") > at("比赛"), "{found:?}");
    assert_eq!((at("喜欢"), at("错")), (None, None), "{found:?}");
    assert!(bench.live.is_idle());
    bench.check_clock();
}

#[test]
fn what_is_under_way_ends_with_its_sign_and_is_repaired() {
    let mut bench = Bench::new();
    bench.say("a", "老师和学生今天下午坐火车去学校。", 0);
    bench.say("b", "谢谢。", 0);
    let first = signs(&mut bench, 30);
    assert!(!first.is_empty());
    assert_eq!(correct(&mut bench, "a", "他喜欢下雪。"), Corrected::Repaired);
    let found = signs(&mut bench, 600);
    let at = |word: &str| found.iter().position(|gloss| gloss == word);
    assert!(at("错").is_some() && at("错") < at("喜欢") && at("喜欢") < at("谢谢"), "{found:?}");
    assert_eq!(at("学校"), None, "what was not signed of it is left out: {found:?}");
    use EventKind::{UtteranceFinished as Finished, UtteranceStarted as Started};
    assert_eq!(bench.kinds(), [(Started, "a"), (Finished, "a"), (Started, "b"), (Finished, "b")]);
    bench.check_clock();
}

#[test]
fn what_was_signed_is_repaired_as_an_utterance_of_its_own() {
    use EventKind::{UtteranceFinished as Finished, UtteranceStarted as Started};
    let mut bench = Bench::new();
    bench.say("a", "他喜欢下雪。", 0);
    bench.tick(300);
    assert!(bench.live.is_idle());
    assert_eq!(correct(&mut bench, "a", "他喜欢下雨。"), Corrected::Repaired);
    let found = signs(&mut bench, 300);
    assert_eq!(found.first().map(String::as_str), Some("错"), "{found:?}");
    assert_eq!(bench.kinds(), [(Started, "a"), (Finished, "a"), (Started, "a"), (Finished, "a")]);
}

#[test]
fn a_correction_of_nothing_is_told_and_not_taken() {
    let mut bench = Bench::new();
    bench.say("a", "他喜欢下雪。", 0);
    assert_eq!(correct(&mut bench, "b", "我去学校。"), Corrected::Refused);
    let found = signs(&mut bench, 300);
    assert!(!found.contains(&"学校".to_owned()), "{found:?}");
    let told = bench.events.iter().find(|event| event.kind == EventKind::Warning).unwrap();
    assert!(told.message.contains("“b”"), "{told:?}");
}

#[test]
fn a_correction_of_what_has_a_time_keeps_it() {
    let mut bench = Bench::new();
    let (_, sentences) = bench.sentences("他喜欢下雪。", 0);
    bench.live.sign_at(&"a".into(), sentences, &[signing::OutputTime(Flicks::from_secs(4.0))]);
    assert_eq!(correct(&mut bench, "a", "我去学校。"), Corrected::Replaced);
    let found = signs(&mut bench, 400);
    assert!(found.contains(&"学校".to_owned()) && !found.contains(&"喜欢".to_owned()), "{found:?}");
    let begun = bench.events.iter().find(|event| event.kind == EventKind::UtteranceStarted).unwrap();
    assert!((begun.time.as_secs() - 4.0).abs() < 0.5, "at {} s", begun.time.as_secs());
}
