//! What signs must yield, and what must be refused.

mod describe;
mod gestural;
mod grammar;
mod hamnosys;
mod limits;

use super::{CompiledSign, read};

/// Every sign of a document.
fn compile(document: &str) -> Vec<CompiledSign> {
    let mut signs = Vec::new();
    read(document.as_bytes(), "test.sigml", &mut |sign| signs.push(sign));
    signs
}

/// HamNoSys symbols by their names without `ham`, as a `hns_sign`.
fn hns(symbols: &str) -> CompiledSign {
    let elements: String = symbols.split_whitespace().map(|name| format!("<ham{name}/>\n")).collect();
    one(&format!("<sigml><hns_sign gloss=\"x\"><hamnosys_manual>{elements}</hamnosys_manual></hns_sign></sigml>"))
}

/// What stands inside a `sign_manual` with these attributes.
fn gestural(attributes: &str, inside: &str) -> CompiledSign {
    one(&format!(
        "<sigml><hamgestural_sign gloss=\"x\"><sign_manual {attributes}>{inside}</sign_manual>\
         <sign_nonmanual/></hamgestural_sign></sigml>"
    ))
}

fn one(document: &str) -> CompiledSign {
    let mut signs = compile(document);
    assert_eq!(signs.len(), 1, "{document}");
    signs.remove(0)
}

/// Holds a sign's form, in one line, against the parts that it must have.
fn check(what: &str, sign: &CompiledSign, expected: &[&str]) {
    let Some(form) = &sign.form else { panic!("{what}: {}", sign.row().message) };
    let line = describe::form(form);
    assert!(sign.unparsed.is_empty(), "{what}: {:?}", sign.unparsed);
    assert_eq!(form.validate(), Ok(()), "{what}");
    for part in expected {
        assert!(line.contains(part), "{what}: expected “{part}” in\n{line}");
    }
}
