//! HamNoSys: symbols, and the parts of the form they must yield.

use proptest::prelude::*;

use super::{check, hns};
use crate::sigml::{compile_hamnosys_text, hamnosys};

const ROWS: &[(&str, &[&str])] = &[
    ("fist extfingeru palmd", &["one; D [fist] fingers=u palm=o at=space(near)", "does nothing"]),
];

#[test]
fn symbols_yield_these_parts() {
    for (symbols, expected) in ROWS {
        check(symbols, &hns(symbols), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_sequence_of_symbols_compiles_without_panic(picks in prop::collection::vec(0_usize..1000, 0..60)) {
        let names: Vec<&str> = hamnosys::names().collect();
        let symbols: Vec<&str> = picks.iter().map(|pick| names[pick % names.len()]).collect();
        let sign = hns(&symbols.join(" "));
        if let Some(form) = &sign.form {
            prop_assert_eq!(form.validate(), Ok(()));
        }
    }

    #[test]
    fn any_text_compiles_without_panic(text in "[\\u{e000}-\\u{e0f8}{|}., a\n]{0,80}") {
        compile_hamnosys_text(&text);
    }
}
