//! A pack with any entry file loads or is refused with a reason; what loads can be looked up.
#![no_main]

use std::fs;

use lexicon::{Lang, Lexicon};
use libfuzzer_sys::fuzz_target;

const INFO: &str =
    "name = \"p\"\nversion = \"1\"\nsign_language = \"csl\"\nlicence = \"MIT\"\nprovenance = \"made up\"\n";

fuzz_target!(|text: &str| {
    let Ok(folder) = tempfile::tempdir() else { return };
    // Up to a line of dashes: pack.toml, or the usual one where there is no such line.
    let (info, entries) = text.split_once("\n---\n").unwrap_or((INFO, text));
    let written = fs::write(folder.path().join("pack.toml"), info)
        .and_then(|()| fs::write(folder.path().join("signs.toml"), entries));
    if written.is_err() {
        return;
    }
    match Lexicon::load(&[folder.path().to_path_buf()]) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(lexicon) => {
            for entry in lexicon.entries() {
                if let Some(form) = entry.form() {
                    assert!(form.validate().is_ok());
                }
                let _ = lexicon.lookup(&entry.headword, Lang::Zh);
            }
        }
    }
});
