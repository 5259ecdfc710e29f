use super::*;

fn review() -> Review {
    Review {
        gloss: "雪".to_owned(),
        lexeme: Some("snow".to_owned()),
        origin: Some("sign".to_owned()),
        faults: vec!["handshape".to_owned(), "movement".to_owned()],
        comment: "手指要分开".to_owned(),
        reviewer: "王老师".to_owned(),
        text: "北京今天有雪。".to_owned(),
        source: Some((5, 6)),
    }
}

fn version() -> Version {
    Version {
        pack: Some("csl".to_owned()),
        pack_version: Some("0.1.0".to_owned()),
        software: "0.1.0".to_owned(),
        description: Some("双手平伸".to_owned()),
    }
}

fn store() -> (tempfile::TempDir, Reviews) {
    let folder = tempfile::tempdir().unwrap();
    let reviews = Reviews::open(&folder.path().join("deep/reviews.sqlite")).unwrap();
    (folder, reviews)
}

fn all(reviews: &Reviews) -> Vec<Kept> {
    let mut found = Vec::new();
    reviews
        .each(|kept| {
            found.push(kept);
            Ok::<_, DemoError>(())
        })
        .unwrap();
    found
}

fn export(reviews: &Reviews, format: ExportFormat) -> String {
    let mut out = Vec::new();
    reviews.export(format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_review_comes_back_as_it_was_given_after_the_file_is_opened_again() {
    let (_folder, mut reviews) = store();
    assert_eq!(reviews.add(&review(), &version()).unwrap(), 1);
    let bare = Review { gloss: "3点".to_owned(), faults: vec!["other".to_owned()], ..Review::default() };
    assert_eq!(reviews.add(&bare, &Version::default()).unwrap(), 2);
    let path = reviews.path().to_owned();
    drop(reviews);
    let reviews = Reviews::open(&path).unwrap();
    let found = all(&reviews);
    assert_eq!((found.len(), reviews.count().unwrap()), (2, 2));
    assert_eq!((&found[0].review, &found[0].version), (&review(), &version()));
    assert_eq!(found[1].review, bare);
    assert!(found[0].time.len() == 20 && found[0].time.ends_with('Z'), "{}", found[0].time);
}

#[test]
fn sql_in_a_text_is_a_text() {
    let (_folder, mut reviews) = store();
    let evil = "'); DROP TABLE reviews; --";
    let review = Review { comment: evil.to_owned(), gloss: evil.to_owned(), ..review() };
    reviews.add(&review, &version()).unwrap();
    assert_eq!(all(&reviews)[0].review.comment, evil);
}

#[test]
fn what_is_too_long_empty_unknown_or_out_of_range_is_refused_by_its_field() {
    let (_folder, mut reviews) = store();
    for (field, wrong) in [
        ("gloss", Review { gloss: " ".to_owned(), ..review() }),
        ("gloss", Review { gloss: "雪".repeat(101), ..review() }),
        ("lexeme", Review { lexeme: Some("x".repeat(101)), ..review() }),
        ("comment", Review { comment: "长".repeat(1_001), ..review() }),
        ("comment", Review { comment: "\0".to_owned(), ..review() }),
        ("reviewer", Review { reviewer: "x".repeat(101), ..review() }),
        ("text", Review { text: "x".repeat(2_001), ..review() }),
        ("faults", Review { faults: Vec::new(), ..review() }),
        ("faults", Review { faults: vec!["everything".to_owned()], ..review() }),
        ("faults", Review { faults: vec!["other".to_owned(); 10], ..review() }),
        ("source", Review { source: Some((6, 5)), ..review() }),
        ("source", Review { source: Some((0, 8)), ..review() }),
    ] {
        match reviews.add(&wrong, &version()) {
            Err(DemoError::Review { field: found, .. }) => assert_eq!(found, field),
            other => panic!("{field}: {other:?}"),
        }
    }
    assert_eq!(reviews.count().unwrap(), 0);
}

#[test]
fn exports_are_whole_and_harmless() {
    let (_folder, mut reviews) = store();
    assert_eq!(export(&reviews, ExportFormat::Json), "[]\n");
    reviews.add(&review(), &version()).unwrap();
    let comment = "=HYPERLINK(\"x\"),\nsecond\tline".to_owned();
    reviews.add(&Review { comment: comment.clone(), ..review() }, &version()).unwrap();

    let json: serde_json::Value = serde_json::from_str(&export(&reviews, ExportFormat::Json)).unwrap();
    assert_eq!(json[1]["comment"], comment);
    assert_eq!(json[0]["source"], serde_json::json!([5, 6]));
    assert_eq!(json[0]["faults"], serde_json::json!(["handshape", "movement"]));
    assert_eq!(json[0]["pack_version"], "0.1.0");

    let csv = export(&reviews, ExportFormat::Csv);
    assert!(csv.starts_with("id,time,gloss,") && csv.contains("\"'=HYPERLINK(\"\"x\"\"),\nsecond\tline\""), "{csv}");

    let tsv = export(&reviews, ExportFormat::Tsv);
    let lines: Vec<&str> = tsv.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.split('\t').count() == COLUMNS), "{tsv}");
    assert!(lines[2].contains("'=HYPERLINK(\"x\"), second line"), "{tsv}");
}

const COLUMNS: usize = 15;

#[test]
fn a_file_that_is_no_store_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reviews.sqlite");
    std::fs::write(
        &path,
        "this is a letter to a friend, and longer than a hundred bytes so that it is read as a header, certainly",
    )
    .unwrap();
    let error = Reviews::open(&path).unwrap_err().to_string();
    assert!(error.contains("reviews.sqlite") && error.contains("SHOUYU_CACHE"), "{error}");
}

#[test]
fn two_programs_may_use_the_file_at_once() {
    let (_folder, mut first) = store();
    let mut second = Reviews::open(first.path()).unwrap();
    for _ in 0..20 {
        first.add(&review(), &version()).unwrap();
        second.add(&review(), &version()).unwrap();
    }
    assert_eq!(first.count().unwrap(), 40);
}

#[test]
fn secrets_differ() {
    let (_folder, reviews) = store();
    let (a, b) = (reviews.secret().unwrap(), reviews.secret().unwrap());
    assert!(a.len() == 32 && a != b);
}
