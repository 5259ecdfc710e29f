//! Documents that are malformed, hostile or strange.

use super::{compile, one};
use crate::Status;

const SIGN: &str =
    "<hns_sign gloss=\"G\"><hamnosys_manual><hamfist/><hamextfingeru/><hampalmd/></hamnosys_manual></hns_sign>";

#[test]
fn documents_of_every_shape_give_their_signs_or_say_where_they_are_wrong() {
    // Document, statuses of the rows, what the last row's message says.
    let bomb = "<!DOCTYPE sigml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sigml>&b;</sigml>";
    let rows: Vec<(String, &[Status], &str)> = vec![
        (format!("<sigml>{SIGN}</sigml>"), &[Status::Ok], ""),
        (
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sigml>{SIGN}\n{SIGN}</sigml>"),
            &[Status::Ok, Status::Ok],
            "",
        ),
        (SIGN.to_owned(), &[Status::Ok], ""),
        (format!("\u{feff}<sigml>{SIGN}</sigml>"), &[Status::Ok], ""),
        (format!("<!DOCTYPE sigml SYSTEM \"http://example.org/x.dtd\">\n<sigml>{SIGN}</sigml>"), &[Status::Ok], ""),
        ("<sigml>\n</sigml>".to_owned(), &[Status::Error], "holds no sign"),
        (String::new(), &[Status::Error], "holds no sign"),
        ("not xml at all".to_owned(), &[Status::Error], "holds no sign"),
        (
            "<sigml>\n\n<hns_sign gloss=\"e\"><hamnosys_manual/></hns_sign></sigml>".to_owned(),
            &[Status::Error],
            "t:3: the sign is empty",
        ),
        (bomb.to_owned(), &[Status::Error], "defines entities"),
        ("<sigml>\n<hns_sign gloss=\"&foo;\"/></sigml>".to_owned(), &[Status::Error], "t:2:"),
        ("<sigml><hns_sign>&foo;</hns_sign></sigml>".to_owned(), &[Status::Error], "“&foo;” is not defined"),
        (
            format!("<sigml>\n<hns_sign gloss=\"b\"><hamfist></hamfast></hns_sign>\n{SIGN}</sigml>"),
            &[Status::Error, Status::Ok],
            "",
        ),
        (format!("<sigml><hns_sign gloss=\"b\"><hamfist/>\n{SIGN}</sigml>"), &[Status::Error, Status::Ok], ""),
        ("<sigml><hns_sign><hamfist/>".to_owned(), &[Status::Error], "the file ends inside <hns_sign>"),
        (
            "<sigml><hns_sign gloss='x'><hamnosys_manual><hamfrob/></hamnosys_manual></hns_sign>".to_owned(),
            &[Status::Error],
            "hamfrob",
        ),
        (
            "<sigml><hns_sign gloss='x'><hamnosys_manual>\n<hamfist/><hamfrob/></hamnosys_manual></hns_sign></sigml>"
                .to_owned(),
            &[Status::Partial],
            "t:2: “hamfrob”",
        ),
    ];
    for (document, statuses, message) in rows {
        let mut signs = Vec::new();
        super::super::read(document.as_bytes(), "t", &mut |sign| signs.push(sign));
        let found: Vec<Status> = signs.iter().map(|sign| sign.status).collect();
        assert_eq!(found, statuses, "{document}\n{signs:?}");
        let last = signs.last().unwrap().row();
        assert!(last.message.contains(message), "{document}: {}", last.message);
    }
}

#[test]
fn a_million_nested_elements_are_refused() {
    let deep = "<sigml><hns_sign gloss='x'>".to_owned() + &"<a>".repeat(1_000_000);
    let sign = one(&deep);
    assert!(sign.message.contains("nested more than 64 deep"), "{}", sign.message);
    let outside = "<a>".repeat(1_000_000);
    assert!(one(&outside).message.contains("nested more than 64 deep"));
}

#[test]
fn a_sign_of_a_million_symbols_is_refused_and_the_next_one_read() {
    let wide = format!(
        "<sigml><hns_sign>{}</hns_sign>\n<hns_sign gloss='y'><hamfist/></hns_sign></sigml>",
        "<hamfist/>".repeat(1_000_000)
    );
    let signs = compile(&wide);
    assert_eq!(signs.len(), 2);
    assert!(signs[0].message.contains("more than 10000 elements"), "{}", signs[0].message);
    assert_eq!((signs[1].line, signs[1].gloss.as_str()), (2, "y"));
}

#[test]
fn other_encodings_are_read() {
    let document = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><sigml><hns_sign gloss=\"gr\u{fc}n\"><hamfist/></hns_sign></sigml>";
    let latin: Vec<u8> = document.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(document.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(document.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [latin, little, big] {
        let mut signs = Vec::new();
        super::super::read(&bytes, "t", &mut |sign| signs.push(sign));
        assert_eq!(signs[0].gloss, "grün");
    }
    let mut signs = Vec::new();
    super::super::read(b"<sigml>\n<hns_sign gloss='\xff'/></sigml>", "t", &mut |sign| signs.push(sign));
    assert!(signs[0].row().message.starts_with("t:2: byte 25 is not UTF-8"), "{}", signs[0].row().message);
}

#[test]
fn files_and_folders_give_rows_with_their_positions() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("a")).unwrap();
    std::fs::write(folder.path().join("a/two.sigml"), format!("<sigml>\n{SIGN}\n{SIGN}</sigml>")).unwrap();
    std::fs::write(folder.path().join("b.sigml"), SIGN).unwrap();
    std::fs::write(folder.path().join("note.txt"), "no").unwrap();
    let ids: Vec<String> =
        super::super::compile_folder(folder.path()).unwrap().iter().map(|sign| sign.row().id).collect();
    assert_eq!(ids, ["a/two.sigml:2", "a/two.sigml:3", "b.sigml:1"]);
    assert_eq!(super::super::report(folder.path()).unwrap().len(), 3);
    assert_eq!(super::super::report(&folder.path().join("b.sigml")).unwrap()[0].status, Status::Ok);
    assert!(
        super::super::compile_file(&folder.path().join("none.sigml"))
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
}
