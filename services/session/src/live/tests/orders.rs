//! An operator's orders.

use super::*;

/// How often the first sign of a sentence whose text is `text` began.
fn begun(bench: &mut Bench, frames: u64) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), None);
    for _ in 0..frames {
        bench.tick(1);
        let now = bench.live.signing().map(|it| (Arc::clone(it.utterance), it.token, source_of(it.sentence)));
        if let Some((_, 0, text)) = &now
            && before != now
        {
            found.push(text.clone());
        }
        before = now;
    }
    found
}

#[test]
fn a_hold_rests_and_what_was_broken_off_is_signed_again_in_full() {
    let mut bench = Bench::new();
    bench.say("a", "北京今天有雪，冰壶比赛下午三点开始。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.tick(30);
    let first = source_of(bench.live.signing().unwrap().sentence);
    let done = bench.live.order(Order::Hold).unwrap();
    assert!(done.contains(&first), "{done}");
    assert_eq!(bench.live.order(Order::Hold), Err(OrderError::HeldAlready));
    bench.tick(60);
    let at_rest = begun(&mut bench, 100);
    assert!(at_rest.is_empty() && bench.live.backlog() > 0, "{at_rest:?}");
    bench.live.order(Order::Resume).unwrap();
    assert_eq!(bench.live.order(Order::Resume), Err(OrderError::NotHeld));
    let after = begun(&mut bench, 600);
    assert_eq!(after, [first, "他喜欢下雪".to_owned()].map(|text| text));
    assert!(bench.live.is_idle());
    let omitted: Vec<_> = bench.events.iter().filter(|event| event.kind == EventKind::Omitted).collect();
    assert!(omitted.is_empty(), "{omitted:?}");
    bench.check_clock();
}

#[test]
fn a_hold_does_not_count_as_lag() {
    let mut bench = Bench::new();
    for name in ["a", "b"] {
        bench.say(name, "他喜欢下雪。", 1_000);
    }
    bench.tick(10);
    bench.live.order(Order::Hold).unwrap();
    bench.tick(25 * 30);
    bench.live.order(Order::Resume).unwrap();
    bench.tick(400);
    assert!(bench.events.iter().all(|event| event.kind != EventKind::Omitted), "{:?}", bench.events);
    assert!(bench.live.is_idle());
}

#[test]
fn a_skip_leaves_out_one_sentence_and_says_which() {
    let mut bench = Bench::new();
    assert_eq!(bench.live.order(Order::Skip), Err(OrderError::NothingToSkip));
    bench.say("a", "北京今天有雪，冰壶比赛下午三点开始。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.tick(30);
    bench.live.order(Order::Skip).unwrap();
    let after = begun(&mut bench, 400);
    assert_eq!(after, ["他喜欢下雪"]);
    let kinds = bench.kinds();
    assert!(
        kinds.contains(&(EventKind::Omitted, "a")) && kinds.contains(&(EventKind::UtteranceFinished, "a")),
        "{kinds:?}"
    );
    assert!(kinds.contains(&(EventKind::UtteranceFinished, "b")), "{kinds:?}");
    bench.check_clock();
}

#[test]
fn a_skip_on_hold_leaves_out_what_would_come_next() {
    let mut bench = Bench::new();
    bench.live.order(Order::Hold).unwrap();
    bench.say("a", "我去北京。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.tick(10);
    bench.live.order(Order::Skip).unwrap();
    bench.live.order(Order::Resume).unwrap();
    assert_eq!(begun(&mut bench, 300), ["他喜欢下雪"]);
}

#[test]
fn a_repetition_signs_the_sentence_under_way_or_the_last_one_once_more() {
    let mut bench = Bench::new();
    assert_eq!(bench.live.order(Order::Repeat), Err(OrderError::NothingToRepeat));
    bench.say("a", "他喜欢下雪。", 0);
    bench.tick(30);
    bench.live.order(Order::Repeat).unwrap();
    assert_eq!(begun(&mut bench, 300), ["他喜欢下雪"]);
    assert!(bench.live.is_idle());
    bench.live.order(Order::Repeat).unwrap();
    assert_eq!(begun(&mut bench, 300), ["他喜欢下雪"]);
    bench.check_clock();
}

#[test]
fn another_text_takes_the_place_of_the_sentence_under_way() {
    let mut bench = Bench::new();
    bench.say("a", "北京今天有雪，冰壶比赛下午三点开始。", 0);
    bench.say("b", "他喜欢下雪。", 0);
    bench.tick(30);
    let (transcript, sentences) = bench.sentences("我去北京。", 0);
    let left_out = bench.live.sign_instead(&"x".into(), &transcript, sentences);
    assert!(left_out.is_some_and(|text| text.contains("北京今天")));
    assert_eq!(begun(&mut bench, 500), ["我去北京", "他喜欢下雪"]);
    let kinds = bench.kinds();
    for expected in [(EventKind::Omitted, "a"), (EventKind::UtteranceStarted, "x"), (EventKind::UtteranceFinished, "b")]
    {
        assert!(kinds.contains(&expected), "{expected:?}: {kinds:?}");
    }
    bench.check_clock();
}
