//! Any bytes read as SiGML end: every form that comes out is valid. The same bytes as HamNoSys text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    lexicon::sigml::read(bytes, "fuzz.sigml", &mut |sign| {
        if let Some(form) = &sign.form {
            assert!(form.validate().is_ok(), "{:?}", form.validate());
        }
    });
    // One byte a symbol of the private use area.
    let symbols: String = bytes.iter().filter_map(|&byte| char::from_u32(0xE000 + u32::from(byte))).collect();
    let sign = lexicon::sigml::compile_hamnosys_text(&symbols);
    if let Some(form) = &sign.form {
        assert!(form.validate().is_ok(), "{:?}", form.validate());
    }
});
