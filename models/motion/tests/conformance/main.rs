//! Sentences of conformance: what a signer must see, asserted on the poses themselves.
//!
//! `rows.txt` holds a sentence a line, or several that follow each other in one text or session, and what its motion
//! must show; `check` is the small language of that, `measure` reads the poses, `mutate` breaks features on purpose.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests state what they expect, and show the table"
)]

mod check;
#[path = "../exceptions/mod.rs"]
mod exceptions;
mod measure;
mod mutate;

use std::collections::BTreeSet;

use check::{Check, parse};
use exceptions::Exceptions;
use measure::{NEXT_TEXT, Shown, avatar, interpret, poses};
use motion::{HeadChoice, Lengths, MotionConfig, check::Table, sign_all};
use mutate::Mutation;
use signing::{FrameRate, Side};

/// A line of the table.
struct Row {
    text: String,
    checks: Vec<Check>,
    /// Why it isn't reached, if it isn't: the first failing check is expected to fail.
    gap: Option<String>,
}

fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/rows.txt");
    let table = std::fs::read_to_string(path).unwrap();
    let lines = table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut fields = line.split('|').map(str::trim);
            let text = fields.next().unwrap().to_owned();
            let checks = parse(fields.next().unwrap_or_else(|| panic!("“{line}”: expected `text | checks`")));
            assert!(!checks.is_empty(), "“{line}” asserts nothing");
            let gap = fields
                .next()
                .map(|gap| gap.strip_prefix("gap:").expect("a third field is `gap: why`").trim().to_owned());
            Row { text, checks, gap }
        })
        .collect()
}

#[test]
fn every_row_is_shown_and_every_known_gap_is_one() {
    let rows = rows();
    assert!(rows.len() >= 200, "{} rows", rows.len());
    let mut wrong = Vec::new();
    let (mut asserted, mut gaps) = (0, 0);
    for row in &rows {
        let shown = Shown::of(&row.text);
        let failed: Vec<String> = row
            .checks
            .iter()
            .filter_map(|check| check.run(&shown).err().map(|found| format!("{} {check}: {found}", row.text)))
            .collect();
        match &row.gap {
            Some(_) if failed.is_empty() => {
                wrong.push(format!("{}: a known gap is closed: take its mark away", row.text))
            }
            Some(why) => {
                gaps += 1;
                println!("gap: {} ({why})", row.text);
            }
            None => {
                asserted += row.checks.len();
                wrong.extend(failed);
            }
        }
    }
    println!("{} rows, {asserted} facts asserted, {gaps} known gaps, {} wrong", rows.len(), wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_row_is_shown_by_the_head_that_is_learnt() {
    let mut asserted = 0;
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| row.gap.is_none()) {
        let shown = Shown::learnt(&row.text);
        for check in &row.checks {
            asserted += 1;
            if let Err(found) = check.run(&shown) {
                wrong.push(format!("{} {check}: {found}", row.text));
            }
        }
    }
    println!("{asserted} facts asserted of the head that is learnt, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The checker over every sentence with a head. What is beyond a limit belongs to the sign during which it is worst: that
/// sign is what `exceptions.tsv` names.
fn checked(head: HeadChoice) -> Exceptions {
    let config = MotionConfig { rate: FrameRate::new(100, 1).unwrap(), head, ..MotionConfig::default() };
    let mut exceptions = Exceptions::read("conformance/exceptions.tsv");
    let (mut table, mut lengths) = (Table::default(), Lengths::default());
    let texts: BTreeSet<String> = rows().into_iter().map(|row| row.text).collect();
    for text in &texts {
        let sentences = interpret(text);
        let (frames, report) = sign_all(avatar(), config, &sentences).unwrap();
        let checked = motion::check::check(avatar(), &frames, &report.asked);
        for finding in &checked.findings {
            let token = report.timeline.at(finding.at);
            let sign = token.map_or("", |token| sentences[token.sentence as usize].tokens[token.token].gloss.as_str());
            let [from, to] = token.map_or([0.0; 2], |token| [token.start, token.end].map(|time| time.as_secs()));
            println!("{text} {sign}: {finding} ({from:.2}, {to:.2})");
            exceptions.note(sign, finding.kind, finding.amount);
        }
        table.add(text.as_str(), checked);
        lengths.add(avatar(), MotionConfig { head, ..MotionConfig::default() }, &sentences).unwrap();
    }
    println!("{table}\n{lengths}");
    exceptions
}

#[test]
fn every_sentence_is_sound() {
    checked(HeadChoice::Analytic).hold();
}

/// What is granted to planning alone is granted to the head that is learnt, and a little more, which has a list of its own.
#[test]
fn every_sentence_is_sound_with_the_head_that_is_learnt() {
    checked(HeadChoice::Neural).hold_with(Exceptions::read("conformance/exceptions_learnt.tsv"));
}

#[test]
fn rows_fail_when_their_feature_is_broken() {
    let (mut broken, mut noticed, mut unseen) = (0, 0, Vec::new());
    for row in rows().iter().filter(|row| row.gap.is_none()) {
        for check in &row.checks {
            let Some(mutation) = Mutation::of(check) else { continue };
            broken += 1;
            match check.run(&Shown::broken(&row.text, mutation)) {
                Err(_) => noticed += 1,
                Ok(()) => unseen.push(format!("{} {check} survives {mutation:?}", row.text)),
            }
        }
    }
    for row in rows().iter().filter(|row| row.gap.is_none() && row.text.contains(NEXT_TEXT)) {
        broken += 1;
        let shown = Shown::broken(&row.text, Mutation::Forgets);
        if row.checks.iter().any(|check| check.run(&shown).is_err()) {
            noticed += 1;
        } else {
            unseen.push(format!("{} holds in a session that forgets", row.text));
        }
    }
    println!("{noticed} of {broken} broken facts are noticed");
    assert!(broken >= 50 && unseen.is_empty(), "{} unnoticed:\n{}", unseen.len(), unseen.join("\n"));
}

#[test]
fn a_left_handed_signer_is_the_mirror_image() {
    for row in rows().iter().step_by(10) {
        let sentences = interpret(&row.text);
        let right = poses(&sentences, Side::Right);
        let left = poses(&sentences, Side::Left);
        assert_eq!(right.len(), left.len(), "{}", row.text);
        for (right, left) in right.iter().zip(&left) {
            assert_eq!(&right.mirrored(), left, "{}", row.text);
        }
        assert!(right.iter().zip(&left).any(|(right, left)| right != left), "{}: the two signers differ", row.text);
    }
}

#[test]
fn a_check_that_does_not_exist_is_refused() {
    let shown = Shown::of("你好。");
    let unknown = Check { name: "dances".to_owned(), args: Vec::new() };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| unknown.run(&shown))).is_err());
    assert!(shown.token("再见").is_err());
}
