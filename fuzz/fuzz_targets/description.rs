//! Any text compiles to something lawful: a valid form or none, the status to match, clauses within the text.
#![no_main]

use lexicon::{Status, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let compiled = compile(text);
    if let Some(form) = &compiled.form {
        assert!(form.validate().is_ok(), "{:?}", form.validate());
    }
    assert_eq!(compiled.form.is_none(), compiled.status == Status::Error);
    assert_eq!(compiled.status == Status::Ok, compiled.message().is_empty());
    let chars: Vec<char> = text.chars().collect();
    for unparsed in &compiled.unparsed {
        let clause: String = chars[unparsed.start..unparsed.end].iter().collect();
        assert_eq!(clause, unparsed.clause);
        assert!(!unparsed.render(text).is_empty());
    }
});
