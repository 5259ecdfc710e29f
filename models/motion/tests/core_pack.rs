//! Every sign of the core pack, measured on the default avatar: within limits, or listed with its reason in
//! `core_pack_exceptions.tsv`; an entry that is not needed any more fails too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests state what they expect, and show the table"
)]

mod common;

use std::{collections::BTreeMap, fmt::Write as _};

use common::*;
use lexicon::Lexicon;
use motion::{
    MotionConfig,
    check::{Kind, Table, check},
    sign_form,
};
use signing::{FrameRate, SignForm};

/// What is beyond a limit, and why: sign, kind, the most that is granted (in the kind's unit), reason.
const EXCEPTIONS: &str = include_str!("core_pack_exceptions.tsv");
/// An entry must be of use: what is measured is at least this share of what is granted.
const OF_USE: f32 = 0.4;

fn forms(lexicon: &Lexicon) -> Vec<(String, SignForm)> {
    lexicon
        .entries()
        .filter_map(|entry| {
            let form = match &entry.number_slot {
                Some(slot) => lexicon.form_with_number(entry, 3.clamp(slot.min, slot.max.max(slot.min))).unwrap(),
                None => entry.form()?.clone(),
            };
            Some((entry.id.clone(), form))
        })
        .collect()
}

fn exceptions() -> BTreeMap<(String, Kind), f32> {
    let mut all = BTreeMap::new();
    for (index, line) in EXCEPTIONS.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut fields = line.split('\t');
        let mut field = |what: &str| fields.next().unwrap_or_else(|| panic!("line {}: no {what}", index + 1));
        let (sign, kind, most, reason) = (field("sign"), field("kind"), field("amount"), field("reason"));
        let kind = Kind::from_name(kind).unwrap_or_else(|| panic!("line {}: no kind “{kind}”", index + 1));
        let most: f32 = most.parse().unwrap_or_else(|_| panic!("line {}: “{most}” is no number", index + 1));
        assert!(reason.trim().len() > 10, "line {}: an exception needs a reason", index + 1);
        let before = all.insert((sign.to_owned(), kind), most);
        assert!(before.is_none(), "line {}: {sign} {} is listed twice", index + 1, kind.name());
    }
    all
}

#[test]
fn every_sign_of_the_core_pack_is_sound() {
    let lexicon = Lexicon::core().unwrap();
    let config = MotionConfig { rate: FrameRate::new(100, 1).unwrap(), ..config() };
    let mut table = Table::default();
    for (id, form) in forms(&lexicon) {
        let motion = sign_form(&avatar(), config, &form).unwrap();
        table.add(id, check(&avatar(), &motion.frames, &motion.asked));
    }
    println!("{table}");
    let granted = exceptions();
    let (mut unlisted, mut stale) = (String::new(), granted.clone());
    for (id, checked) in table.rows() {
        for finding in &checked.findings {
            println!("{id}: {finding}");
        }
        for kind in Kind::ALL {
            let Some(worst) = checked.worst(kind).filter(|worst| *worst > kind.limit()) else { continue };
            match granted.get(&(id.clone(), kind)) {
                Some(most) if worst <= *most => {
                    if worst >= most * OF_USE {
                        stale.remove(&(id.clone(), kind));
                    }
                }
                _ => {
                    let _ = writeln!(unlisted, "{id}\t{}\t{:.0}\t", kind.name(), (worst * 1.1).ceil());
                }
            }
        }
    }
    assert!(unlisted.is_empty(), "beyond limits and not listed (or by more than is granted):\n{unlisted}");
    assert!(stale.is_empty(), "listed, but no longer needed or far too generous: {stale:?}");
}
