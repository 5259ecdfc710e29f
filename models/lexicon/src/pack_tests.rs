//! Packs as their authors write them, and as they should not.

use std::{fs, path::PathBuf};

use crate::{Lang, Lexicon, LexiconError, Numeral, Relation, Status, compile_pack, compile_tsv};

const INFO: &str =
    "name = \"p\"\nversion = \"1\"\nsign_language = \"csl\"\nlicence = \"MIT\"\nprovenance = \"made up\"\n";

fn sign(id: &str, headword: &str, rest: &str) -> String {
    format!(
        "[[sign]]\nid = \"{id}\"\nheadword = \"{headword}\"\nsenses = [{{ zh = [\"{headword}\"], en = [] }}]\npos = \"noun\"\n\
         provenance = {{ kind = \"recalled\", confidence = 0.5 }}\n{rest}\n"
    )
}

/// A folder with `pack.toml` and these entries.
fn folder(name: &str, entries: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join(name);
    fs::create_dir_all(root.join("signs")).unwrap();
    fs::write(root.join("pack.toml"), INFO.replace("\"p\"", &format!("{name:?}"))).unwrap();
    fs::write(root.join("signs/a.toml"), entries).unwrap();
    (dir, root)
}

const UPRIGHT: &str = "description = \"一手直立，掌心向外。\"";

#[test]
fn the_core_pack_loads_and_every_entry_has_a_form() {
    let lexicon = Lexicon::core().unwrap();
    assert_eq!(lexicon.packs()[0].sign_language, "csl");
    for entry in lexicon.entries() {
        assert_eq!(entry.status(), Status::Ok, "{} ({}): {}", entry.id, entry.headword, entry.form.message());
        entry.form().unwrap().validate().unwrap();
    }
    assert!(lexicon.warnings().is_empty(), "{}", lexicon.warnings()[0]);
    for letter in "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z ZH CH SH NG".split(' ') {
        assert!(lexicon.letter(letter).is_some(), "{letter}");
    }
}

#[test]
fn words_lead_to_entries_best_first() {
    let entries = "[[sign]]\nid = \"a\"\nheadword = \"雪\"\nsenses = [{ zh = [\"雪\", \"下雪\"], en = [\"Snow\"] }]\n\
         hypernym_of = { zh = [\"暴雪\"], en = [] }\npos = \"noun\"\n\
         provenance = { kind = \"recalled\", confidence = 0.5 }\ndescription = \"一手直立。\"\n"
        .to_owned()
        + &sign("b", "暴雪", UPRIGHT);
    let (_dir, root) = folder("one", &entries);
    let lexicon = Lexicon::load(&[root]).unwrap();
    let found = |word, lang| -> Vec<(String, Relation)> {
        lexicon.lookup(word, lang).iter().map(|found| (found.entry.id.clone(), found.relation)).collect()
    };
    assert_eq!(found("雪", Lang::Zh), [("a".to_owned(), Relation::Same)]);
    assert_eq!(found("下雪", Lang::Zh), [("a".to_owned(), Relation::Synonym)]);
    assert_eq!(found("暴雪", Lang::Zh), [("b".to_owned(), Relation::Same), ("a".to_owned(), Relation::Hypernym)]);
    assert_eq!(found("SNOW", Lang::En), [("a".to_owned(), Relation::Same)]);
    assert!(found("火", Lang::Zh).is_empty());
    assert_eq!(lexicon.words(Lang::Zh).collect::<Vec<_>>(), ["下雪", "暴雪", "雪"]);
}

#[test]
fn of_two_packs_the_upper_wins_and_it_is_said() {
    let (_a, lower) = folder("lower", &sign("a", "冰壶", UPRIGHT));
    let (_b, upper) = folder("upper", &sign("a", "冰壶", "description = \"一手握拳。\""));
    let lexicon = Lexicon::load(&[lower, upper]).unwrap();
    let found = lexicon.lookup("冰壶", Lang::Zh);
    assert_eq!(found.iter().map(|found| found.entry.pack.name.as_str()).collect::<Vec<_>>(), ["upper", "lower"]);
    assert_eq!(lexicon.entry("a").unwrap().pack.name, "upper");
    let warning = lexicon.warnings().iter().find(|warning| warning.message.contains("冰壶")).unwrap();
    assert!(warning.message.contains("lower") && warning.pack == "upper", "{warning}");
    assert_eq!(lexicon.references()[0].name, "upper");
}

#[test]
fn an_unknown_key_names_file_and_line() {
    let (_dir, root) = folder("p", &sign("a", "雪", "description = \"一手直立。\"\nmeaning = \"cold\""));
    let error = Lexicon::load(&[root]).unwrap_err();
    let LexiconError::Syntax { file, line, message } = &error else { panic!("{error}") };
    assert_eq!((file.as_str(), *line), ("signs/a.toml", 8), "{error}");
    assert!(message.contains("meaning"), "{error}");
}

#[test]
fn broken_toml_a_missing_pack_and_a_missing_folder_are_clear_errors() {
    let (_dir, root) = folder("p", "[[sign]]\nid = \"a\nheadword");
    assert!(matches!(Lexicon::load(&[root]).unwrap_err(), LexiconError::Syntax { line: 2 | 3, .. }));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Lexicon::load(&[empty.path().to_owned()]).unwrap_err(), LexiconError::NoPack { .. }));
    let missing = empty.path().join("nothing");
    assert!(matches!(Lexicon::load(&[missing]).unwrap_err(), LexiconError::Unreadable { .. }));
}

#[test]
fn a_broken_description_keeps_its_entry_and_is_said_with_its_line() {
    let entries =
        sign("a", "雪", "description = \"一手直立，咕噜咕噜。\"") + &sign("b", "火", "description = \"咕噜。\"");
    let (_dir, root) = folder("p", &entries);
    let lexicon = Lexicon::load(&[root]).unwrap();
    assert_eq!(lexicon.entry("a").unwrap().status(), Status::Partial);
    assert_eq!(lexicon.entry("b").unwrap().status(), Status::Error);
    assert!(lexicon.entry("b").unwrap().form().is_none());
    let warnings: Vec<String> = lexicon.warnings().iter().map(ToString::to_string).collect();
    assert!(warnings.iter().any(|w| w.contains("signs/a.toml:1") && w.contains("咕噜咕噜")), "{warnings:?}");
    assert!(warnings.iter().any(|w| w.contains("signs/a.toml:8")), "{warnings:?}");
}

#[test]
fn the_first_of_two_entries_with_one_id_is_used() {
    let entries = sign("a", "雪", UPRIGHT) + &sign("a", "火", "description = \"一手握拳。\"");
    let (_dir, root) = folder("p", &entries);
    let lexicon = Lexicon::load(std::slice::from_ref(&root)).unwrap();
    assert_eq!(lexicon.entry("a").unwrap().headword, "雪");
    assert!(lexicon.lookup("火", Lang::Zh).is_empty());
    assert!(lexicon.warnings()[0].message.contains("already defined"), "{:?}", lexicon.warnings());
    let rows = compile_pack(&root).unwrap();
    assert_eq!(rows.iter().map(|row| row.gloss.as_str()).collect::<Vec<_>>(), ["雪", "火"]);
    assert!(rows[1].message.contains("already") && rows[1].status == Status::Ok, "{:?}", rows[1]);
}

#[test]
fn a_compound_has_its_parts_forms_in_order() {
    let entries = sign("a", "冰", UPRIGHT)
        + &sign("b", "壶", "description = \"一手握拳。\"")
        + &sign("c", "冰壶", "parts = [\"a\", \"b\"]");
    let (_dir, root) = folder("p", &entries);
    let lexicon = Lexicon::load(&[root]).unwrap();
    let form = lexicon.entry("c").unwrap().form().unwrap();
    let part = |id: &str| lexicon.entry(id).unwrap().form().unwrap().steps[0].clone();
    assert_eq!(form.steps, [part("a"), part("b")]);
    assert_eq!(lexicon.entry("c").unwrap().form.clauses, 3);
}

#[test]
fn a_sign_that_includes_itself_is_a_clear_error() {
    let entries =
        sign("a", "冰", "parts = [\"b\"]") + &sign("b", "壶", "parts = [\"a\"]") + &sign("c", "火", "parts = [\"x\"]");
    let (_dir, root) = folder("p", &entries);
    let lexicon = Lexicon::load(&[root]).unwrap();
    let message = lexicon.entry("a").unwrap().form.message();
    assert!(message.contains("include itself: a → b → a"), "{message}");
    assert!(lexicon.entry("c").unwrap().form.message().contains("“x” is not an id"));
}

#[test]
fn a_number_slot_takes_numbers_within_its_range() {
    let slot = "number_slot = { min = 1, max = 3, zh = \"第{n}\" }\ndescription = \"一手打数字“N”的手形，掌心向外。\"";
    let (_dir, root) = folder("p", &(sign("a", "第", slot) + &sign("b", "雪", UPRIGHT)));
    let lexicon = Lexicon::load(&[root]).unwrap();
    let (slot, none) = (lexicon.entry("a").unwrap(), lexicon.entry("b").unwrap());
    let two = lexicon.form_with_number(slot, 2).unwrap();
    let three = lexicon.form_with_number(slot, 3).unwrap();
    assert_ne!(two, three);
    assert!(matches!(lexicon.form_with_number(slot, 4), Err(LexiconError::OutsideSlot { max: 3, found: 4, .. })));
    assert!(matches!(lexicon.form_with_number(none, 1), Err(LexiconError::NoSlot { .. })));
}

#[test]
fn numbers_are_composed_as_they_are_said() {
    let lexicon = Lexicon::core().unwrap();
    let names = |numeral: Numeral| -> String {
        let forms = lexicon.number_forms(&numeral).unwrap();
        for (name, form) in &forms {
            form.validate().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        forms.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(Numeral::Cardinal(0)), "0");
    assert_eq!(names(Numeral::Cardinal(10)), "10");
    assert_eq!(names(Numeral::Cardinal(13)), "13");
    assert_eq!(names(Numeral::Cardinal(24)), "20 4");
    assert_eq!(names(Numeral::Cardinal(105)).split(' ').count(), 3);
    assert_eq!(names(Numeral::Digits("2022".to_owned())), "2 0 2 2");
    assert_eq!(names(Numeral::Decimal("3.14".to_owned())), "3 小数点 1 4");
    assert_eq!(names(Numeral::Negative(Box::new(Numeral::Cardinal(3)))), "负 3");
    assert_eq!(names(Numeral::Cardinal(-3)), "负 3");
    assert!(names(Numeral::Percent(Box::new(Numeral::Cardinal(60)))).contains('%'));
    assert_eq!(lexicon.number_forms(&Numeral::Ordinal(1)).unwrap().len(), 1);
    assert!(lexicon.number_forms(&Numeral::Digits("2a".to_owned())).is_err());
    assert!(lexicon.number_forms(&Numeral::Decimal("3".to_owned())).is_err());
    for value in [7, 19, 20, 99, 100, 110, 999, 1000, 1001, 9999, 10_000, 20_300, 123_456, 100_000_000] {
        let count = lexicon.number_forms(&Numeral::Cardinal(value)).map(|forms| forms.len());
        assert!(matches!(count, Ok(1..) | Err(_)), "{value}");
    }
}

#[test]
fn a_corpus_gives_one_row_a_line_in_order() {
    let corpus = "a\t雪\t一手直立，掌心向外。\n\nb\t火\t一手直立，咕噜咕噜。\nbad line\na\t冰\t一手握拳。\r\n";
    let rows = compile_tsv(corpus.as_bytes()).unwrap();
    let statuses: Vec<(&str, Status, usize)> =
        rows.iter().map(|row| (row.id.as_str(), row.status, row.clauses)).collect();
    assert_eq!(
        statuses,
        [("a", Status::Ok, 2), ("b", Status::Partial, 2), ("bad line", Status::Error, 0), ("a", Status::Ok, 1)]
    );
    assert_eq!(rows[1].unparsed, ["咕噜咕噜"]);
    assert!(rows[2].message.contains("line 4"), "{}", rows[2].message);
    assert!(rows[3].message.contains("already on line 1"), "{}", rows[3].message);
    let json = serde_json::to_value(&rows[1]).unwrap();
    assert_eq!(json["status"], "partial");
    assert_eq!(json["unparsed"][0], "咕噜咕噜");
    let broken = compile_tsv(&b"a\tb\t\xff\xfe\n"[..]).unwrap();
    assert_eq!(broken[0].status, Status::Error);
}

#[test]
fn a_pack_of_many_entries_loads() {
    let entries: String = (0..100_000).map(|n| sign(&format!("s{n}"), &format!("词{n}"), UPRIGHT)).collect();
    let (_dir, root) = folder("large", &entries);
    let lexicon = Lexicon::load(&[root]).unwrap();
    assert_eq!(lexicon.entries().count(), 100_000);
    assert_eq!(lexicon.lookup("词99999", Lang::Zh)[0].entry.id, "s99999");
}

#[test]
fn eleven_to_nineteen_end_in_the_units_hand() {
    let lexicon = Lexicon::core().unwrap();
    let units = |n| {
        let forms = lexicon.number_forms(&Numeral::Cardinal(n)).unwrap();
        let [(_, form)] = &forms[..] else { panic!("one movement") };
        let movements = form.steps[0].action.movements();
        let shape = movements.iter().find_map(|movement| match &movement.kind {
            signing::MovementKind::Shape(shape) => Some(shape.name.clone()),
            _ => None,
        });
        shape.unwrap_or_else(|| panic!("{n}: the hand changes"))
    };
    assert_eq!(units(13), "数字3");
    assert_eq!(units(18), "数字8");
}
