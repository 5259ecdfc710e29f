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
mod exceptions;

use common::*;
use exceptions::Exceptions;
use lexicon::Lexicon;
use motion::{
    MotionConfig,
    check::{Kind, Table, check},
    sign_form,
};
use signing::{FrameRate, SignForm};

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

#[test]
fn every_sign_of_the_core_pack_is_sound() {
    let lexicon = Lexicon::core().unwrap();
    let config = MotionConfig { rate: FrameRate::new(100, 1).unwrap(), ..config() };
    let (mut table, mut spans) = (Table::default(), Vec::new());
    for (id, form) in forms(&lexicon) {
        let motion = sign_form(&avatar(), config, &form).unwrap();
        let at = |moment: usize| motion.frames[moment].time.as_secs();
        let [start, first, end] = [motion.moments.start, motion.moments.first, motion.moments.end].map(at);
        spans.push(format!("({start:.2}, {first:.2}, {end:.2})"));
        table.add(id, check(&avatar(), &motion.frames, &motion.asked));
    }
    println!("{table}");
    let mut exceptions = Exceptions::read("core_pack_exceptions.tsv");
    for ((id, checked), span) in table.rows().iter().zip(spans) {
        for finding in &checked.findings {
            println!("{id}: {finding} {span}");
        }
        for kind in Kind::ALL {
            exceptions.note(id, kind, checked.worst(kind).unwrap_or_default());
        }
    }
    exceptions.hold();
}
