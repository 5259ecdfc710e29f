//! What descriptions compile to, part by part: the rows of `tests/table.txt`, and laws of the compiler.

use proptest::prelude::*;
use signing::{Hands, Handshape};

use super::*;

#[path = "tests/parts.rs"]
mod parts;

#[path = "tests/composed.rs"]
mod composed;

use parts::has_part;

/// Rows of `description | step: part = value; …`.
const TABLE: &str = include_str!("tests/table.txt");

fn rows() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let (description, parts) = line.split_once('|').unwrap_or_else(|| panic!("no parts: {line}"));
        (description.trim(), parts.split(';').map(str::trim).filter(|part| !part.is_empty()).collect())
    })
}

/// What of a row the compiled form lacks.
fn lacking(description: &str, parts: &[&str]) -> Vec<String> {
    let compiled = compile(description);
    if compiled.status != Status::Ok {
        return vec![format!("{:?}: {}", compiled.status, compiled.message())];
    }
    let form = compiled.form.unwrap();
    let mut lacking = Vec::new();
    let mut step = 0;
    for part in parts {
        let mut part = *part;
        if let Some((number, rest)) = part.split_once(':')
            && let Ok(number) = number.trim().parse::<usize>()
        {
            step = number - 1;
            part = rest.trim();
        }
        if let Some(steps) = part.strip_prefix("steps =") {
            if form.steps.len().to_string() != steps.trim() {
                lacking.push(format!("steps = {}", form.steps.len()));
            }
            continue;
        }
        if let Some(note) = part.strip_prefix("note =") {
            if !form.notes.iter().any(|found| found.contains(note.trim())) {
                lacking.push(format!("note {note}: notes are {:?}", form.notes));
            }
            continue;
        }
        match form.steps.get(step) {
            None => lacking.push(format!("no step {}", step + 1)),
            Some(found) => {
                if let Err(found) = has_part(found, part) {
                    lacking.push(format!("step {}: “{part}”: found {found}", step + 1));
                }
            }
        }
    }
    lacking
}

#[test]
fn every_description_yields_its_parts() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (description, parts) in rows() {
        count += 1;
        assert!(!parts.is_empty(), "a row without parts proves nothing: {description}");
        let lacking = lacking(description, &parts);
        if !lacking.is_empty() {
            failures.push(format!("{description}\n    {}", lacking.join("\n    ")));
        }
    }
    assert!(failures.is_empty(), "{} of {count} descriptions:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 300, "the table has {count} descriptions");
}

/// A compiler that ignores a clause gives the same form without it.
#[test]
fn no_clause_is_ignored() {
    let mut ignored = Vec::new();
    for (description, _) in rows() {
        let whole = compile(description).form.unwrap();
        let clauses: Vec<&str> = description.split_inclusive(['，', '；', '。']).collect();
        for left_out in 0..clauses.len() {
            let clause = clauses[left_out];
            let rest: String =
                clauses.iter().enumerate().filter(|&(index, _)| index != left_out).map(|(_, clause)| *clause).collect();
            // What a posture implies anyway may be said again (横伸，掌心向下).
            let says_again = SAID_AGAIN.iter().any(|(d, c)| *d == description && clause.contains(c));
            let unchanged = compile(&rest).form.as_ref() == Some(&whole);
            if unchanged && !says_again && !says_what_is(clause) {
                ignored.push(format!("“{clause}” of {description}"));
            }
        }
    }
    assert!(ignored.is_empty(), "clauses that change nothing:\n{}", ignored.join("\n"));
}

/// Clauses that repeat what another one implies.
const SAID_AGAIN: &[(&str, &str)] = &[
    ("双手横立，掌心向内，一前一后，向前移动一下。", "掌心向内"),
    ("一手垂立，手背向外，左右摆动两下。", "手背向外"),
    ("双手横伸，掌心向下，指尖相对，一高一低，交替移动两下。", "指尖相对"),
    ("双手横伸，手背向上，从中间向两侧移动。", "手背向上"),
    ("双手侧立，掌心左右相对，与肩同宽，向下移动。", "掌心左右相对"),
    ("一手横立，掌心向内，由中间向两侧做弧形移动。", "掌心向内"),
    ("一手伸食指，弯动食指两下。", "一手伸食指"),
    ("双手平伸，手背向上，五指张开，左右交替下按几下。", "手背向上"),
    ("双手侧立，掌心相对，由窄变宽，向前移动。", "掌心相对"),
    // A palm that is met from above.
    ("左手横伸，掌心向上；右手伸食指，在左手掌心上点一下。", "掌心向上"),
    ("左手平伸，掌心向上；右手五指撮合，指尖朝下，按向左手掌心。", "掌心向上"),
    ("左手横伸，掌心向上；右手五指微曲，置于左手掌心上方，向下移动。", "掌心向上"),
    ("左手横伸，掌心向上；右手横伸，掌心向下，置于左手掌心上，向右移动。", "掌心向上"),
    ("左手横伸，掌心向上；右手食指尖朝下，在左手掌心上从左向右一顿一顿点几下。", "掌心向上"),
];

/// A clause that by itself only says that nothing happens, or what the posture word before it implies.
fn says_what_is(clause: &str) -> bool {
    ["不动", "掌心向下", "五指并拢", "掌心向外", "先"].iter().any(|word| clause.contains(word))
}

/// A phrase of the language in a description: hands and figures filled in.
fn in_context(phrase: &str) -> String {
    let other = phrase.contains("H2");
    let figure = match phrase {
        phrase if phrase.contains("字母") => "“A”",
        phrase if phrase.contains("音") => "“青”",
        phrase if ["字形", "书空", "搭成", "划", "书写"].iter().any(|word| phrase.contains(word)) => "“十”",
        _ => "“⊃”",
    };
    let phrase = phrase.replace("“X”", figure).replace("H2", "左手");
    let phrase = phrase.replace('H', if other { "右手" } else { "双手" });
    if other {
        format!("左手横伸，掌心向上；右手伸食指，向下移动一下，{phrase}。")
    } else {
        format!("双手伸食指，向下移动一下，{phrase}。")
    }
}

#[test]
fn every_phrase_of_the_language_is_read_and_says_something() {
    let phrases = include_str!("tests/phrases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (mut count, mut unread, mut idle) = (0, Vec::new(), Vec::new());
    for phrase in phrases {
        count += 1;
        let description = in_context(phrase);
        let compiled = compile(&description);
        if compiled.status != Status::Ok {
            unread.push(format!("{description}: {}", compiled.message()));
            continue;
        }
        // Without the phrase the form is another, unless the phrase says that something stays as it is.
        let without = description.rsplit_once('，').map_or("", |(before, _)| before);
        let changes = compile(without).form != compiled.form;
        if !changes && !STAYS.iter().any(|word| phrase.contains(word)) {
            idle.push(description);
        }
    }
    assert!(unread.is_empty(), "{} of {count} are not read:\n{}", unread.len(), unread.join("\n"));
    assert!(idle.is_empty(), "{} of {count} change nothing:\n{}", idle.len(), idle.join("\n"));
    assert!(count >= 880, "{count} phrases");
}

/// Free descriptions, most with several steps: nearly all are read, and what is not is named by clause.
#[test]
fn free_descriptions_are_read_nearly_all() {
    let lines =
        include_str!("tests/descriptions.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (mut count, mut partial) = (0, Vec::new());
    for description in lines {
        count += 1;
        let compiled = compile(description);
        if compiled.status == Status::Ok {
            continue;
        }
        assert!(compiled.unparsed.iter().all(|unparsed| description.contains(&unparsed.clause)), "{description}");
        assert!(!compiled.unparsed.is_empty(), "{description}: {}", compiled.message());
        partial.push(format!("{description}: {}", compiled.message()));
    }
    assert!(count >= 450, "{count} descriptions");
    assert!(partial.len() * 50 <= count, "{} of {count} are partial:\n{}", partial.len(), partial.join("\n"));
}

/// What leaves a hand as it is.
const STAYS: &[&str] = &["不动"];

#[test]
fn unreadable_clauses_are_named_with_their_place_and_the_rest_compiles() {
    let description = "一手横伸，掌心向下，咕噜咕噜，向前移动。";
    let compiled = compile(description);
    assert_eq!(compiled.status, Status::Partial);
    let [unparsed] = &compiled.unparsed[..] else { panic!("one clause: {:?}", compiled.unparsed) };
    assert_eq!((unparsed.clause.as_str(), unparsed.start, unparsed.end), ("咕噜咕噜", 10, 14));
    let form = compiled.form.unwrap();
    has_part(&form.steps[0], "path = forward").unwrap();
    has_part(&form.steps[0], "right palm = down").unwrap();
}

#[test]
fn a_message_underlines_the_word_and_names_the_nearest() {
    let description = "一手直立，掌心像外。";
    let compiled = compile(description);
    let [unparsed] = &compiled.unparsed[..] else { panic!("one clause: {:?}", compiled.unparsed) };
    let rendered = unparsed.render(description);
    let lines: Vec<&str> = rendered.lines().collect();
    assert!(lines[0].contains(description), "{rendered}");
    assert!(lines[1].contains('^'), "{rendered}");
    assert!(rendered.contains("expected"), "{rendered}");

    let compiled = compile("双手虚渥，虎口朝上。");
    assert_eq!(compiled.unparsed[0].nearest, "虚握", "{:?}", compiled.unparsed);
    assert_eq!(compiled.unparsed[0].clause, "双手虚渥");
}

/// What is made of known words and means nothing is not understood.
#[test]
fn known_words_in_no_order_are_not_understood() {
    for nonsense in [
        "一手掌心拇指下",
        "一手前后左右",
        "双手向",
        "一手置于",
        "一手直立向掌心",
        "一手从移动到",
        "一手掌心朝",
        "双手搭成",
        "一手慢慢地",
        "一手两下",
        "一手一侧",
        "一手胸前",
        "一手“十”",
        "一手打手指字母",
        "一手打手指字母“Ü”的指式",
        "一手打数字“11”的手形",
        "一手面露",
        "头",
        "一手的着了",
        "一手食指",
        "一手边移动边",
        "一手然后",
        "左右交替",
        "一手高兴",
        "重复两次",
        "一手书空“龘”字",
        "双手搭成“龘”字形",
        "一手移动一百下",
    ] {
        let compiled = compile(&format!("一手直立，{nonsense}。"));
        assert_eq!(compiled.status, Status::Partial, "{nonsense} {:?}", compiled.form);
        assert_eq!(compiled.unparsed[0].clause, nonsense);
    }
}

#[test]
fn widths_punctuation_and_traditional_characters_do_not_matter() {
    let plain = compile("一手拇、食指捏成圆形，虎口朝内，置于头一侧，向前移动两下。");
    assert_eq!(plain.status, Status::Ok, "{}", plain.message());
    for variant in [
        "一手拇､食指捏成圆形,虎口朝内,置于头一侧,向前移动两下.",
        "一手拇、食指捏成圓形，虎口朝內，置於頭一側，向前移動兩下。",
        " 一手 拇、食指捏成圆形，\u{200b}虎口朝内， 置于头一侧，向前移动两下",
    ] {
        assert_eq!(compile(variant).form, plain.form, "{variant}: {}", compile(variant).message());
    }
}

#[test]
fn empty_and_meaningless_text_is_an_error_with_a_reason() {
    for text in ["", "   ", "。，；", "（一）（二）", "（注）", "\u{200b}"] {
        let compiled = compile(text);
        assert_eq!(compiled.status, Status::Error, "{text:?}");
        assert!(compiled.form.is_none() && !compiled.message().is_empty(), "{text:?}");
    }
    assert_eq!(compile("哈哈哈").status, Status::Error);
}

/// However a description was typed or scanned, it is the same sign.
#[test]
fn the_same_description_in_other_hands_is_the_same_form() {
    let plain = "（一）双手伸拇、食指，掌心向上，从两侧向中间移动。（二）一手打手指字母“B”的指式，反复点动两下。";
    let wanted = compile(plain).form.unwrap();
    let numbered = |marks: [&str; 2]| plain.replace("（一）", marks[0]).replace("（二）", marks[1]);
    let mut all: Vec<String> = [
        ["(1)", "(2)"],
        ["（１）", "（２）"],
        ["①", "②"],
        ["1.", "2."],
        ["1、", "2、"],
        ["一、", "二、"],
        ["一）", "二）"],
        ["第一步：", "第二步，"],
        ["第一动，", "第二动，"],
        ["\n（一）", "\n\n（二）"],
    ]
    .map(numbered)
    .into();
    all.push(plain.replace('，', ", ").replace('。', ". ").replace('（', "(").replace('）', ")"));
    all.push(plain.replace(['“', '”'], "\""));
    all.push(plain.replace("拇、", "拇，"));
    all.push(plain.replace("拇、", "拇"));
    all.push(plain.replace('、', "·"));
    all.push(plain.replace('，', "，\u{3000}"));
    // Lines that end within a clause, as in a scanned page.
    all.push(plain.replace("两侧向", "两侧\n向").replace("指式", "指\n式"));
    all.push(
        "（一）雙手伸拇、食指，掌心嚮上，從兩側向中間移動。（二）一手打手指字母「B」的指式，反覆點動兩下。".to_owned(),
    );
    for text in all {
        let compiled = compile(&text);
        assert_eq!(compiled.status, Status::Ok, "{text}: {}", compiled.message());
        assert_eq!(compiled.form.unwrap().steps, wanted.steps, "{text}");
    }
}

#[test]
fn a_bracket_that_nothing_closes_is_said() {
    let compiled = compile("一手直立，（左手不动，掌心向外。");
    assert_eq!(compiled.status, Status::Partial);
    assert!(compiled.message().contains("bracket"), "{}", compiled.message());
}

#[test]
fn a_number_takes_its_place_in_the_slot() {
    let description = "左手伸拇指，手背向外；右手打数字“N”的手形，碰一下左手拇指，然后向上移动。";
    assert!(has_number_placeholder(description));
    assert!(!has_number_placeholder("一手打数字“7”的手形。"));
    let form = |n| compile_with_number(description, &NumberHand::of(n).unwrap()).form.unwrap();
    has_part(&form(6).steps[0], "right fingers = T---L").unwrap();
    has_part(&form(3).steps[0], "right fingers = --MRL").unwrap();
    assert!(NumberHand::of(11).is_none());
}

#[test]
fn thirty_letters_and_eleven_numbers_have_hands_of_their_own() {
    let letters = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z ZH CH SH NG";
    for letter in letters.split(' ') {
        let shape = letters::letter(letter).unwrap_or_else(|| panic!("{letter}"));
        let form = compile(&format!("一手打手指字母“{letter}”的指式。")).form.unwrap();
        let Hands::One(config) = &form.steps[0].hands else { panic!("{letter}: one hand") };
        assert_eq!(config.shape, shape, "{letter}");
    }
    assert!(letters::letter("Ü").is_none());
    // Pairs that differ by direction or movement only.
    let same = [("F", "V"), ("G", "I"), ("L", "R")];
    let mut seen: Vec<(&str, Handshape)> = Vec::new();
    for letter in letters.split(' ') {
        let mut shape = letters::letter(letter).unwrap();
        shape.name.clear();
        for (other, other_shape) in &seen {
            let twin = same.contains(&(other, letter));
            assert_eq!(*other_shape == shape, twin, "{other} and {letter}");
        }
        seen.push((letter, shape));
    }
    for n in 0..=10 {
        assert!(letters::number(n).is_some(), "{n}");
    }
}

#[test]
fn long_descriptions_take_linear_time_and_end_with_a_clear_error() {
    let long = "一手直立，掌心向外，向前移动两下，".repeat(6_000);
    let compiled = compile(&long);
    assert_eq!(compiled.clauses, 18_000);
    assert!(compiled.form.is_some() || !compiled.message().is_empty());
    let steps = "（一）一手直立。".repeat(5_000);
    assert!(compile(&steps).message().contains("at most 32 steps"));
    let repeats = format!("一手直立，向前移动，{}", "重复一次，".repeat(5_000));
    assert!(!compile(&repeats).unparsed.is_empty());
    let commas = format!("一手直立{}掌心向上，向前移动。", "、".repeat(100_000));
    let compiled = compile(&commas);
    assert_eq!((compiled.clauses, compiled.unparsed.len(), compiled.status), (2, 1, Status::Partial));
    assert!(compiled.message().contains("at most 1000 characters") && compiled.message().len() < 2_000);
    assert!(compiled.unparsed[0].render(&commas).len() < 4_000);
    assert!(compile(&"、掌".repeat(400)).form.is_none());
    assert_eq!(compile(&"（".repeat(30_000)).status, Status::Error);
    assert_eq!(compile(&"“".repeat(30_000)).status, Status::Error);
}

/// Fragments of the language, for descriptions that nobody wrote.
const FRAGMENTS: &[&str] = &[
    "一手",
    "双手",
    "左手",
    "右手",
    "横伸",
    "直立",
    "五指",
    "拇、食指",
    "食指",
    "张开",
    "撮合",
    "捏成圆形",
    "掌心",
    "向外",
    "朝上",
    "指尖",
    "虎口",
    "相对",
    "左右",
    "置于",
    "胸前",
    "贴于",
    "左手掌心上",
    "太阳穴",
    "向前",
    "移动",
    "两下",
    "一下",
    "二十五下",
    "边",
    "然后",
    "先",
    "再",
    "同时",
    "交替",
    "转动",
    "一圈",
    "顺时针",
    "书空",
    "“十”字形",
    "搭成",
    "“∧”形",
    "打手指字母",
    "“A”的指式",
    "，",
    "。",
    "；",
    "（一）",
    "（二）",
    "（",
    "）",
    "“",
    "”",
    "重复一次",
    "从",
    "向",
    "在",
    "碰",
    "敲",
    "弯动",
    "面露",
    "难受的表情",
    "口张开",
    "头微低",
    "表示",
    "如",
    "状",
    "与",
    "、",
    "的",
    "其他三指",
    "互",
    "翻转为",
    "变为",
    "套环",
    "一上一下",
    "相距",
    "10厘米",
    "90度",
    "沿",
    "绕",
    "以",
    "不动",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_compiles_to_something(text in "\\PC{0,60}") {
        lawful(&text)?;
    }

    #[test]
    fn any_run_of_fragments_compiles_to_something(parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)) {
        lawful(&parts.concat())?;
    }
}

/// What holds for any text: a form is valid, the status agrees, positions are those of the clauses.
fn lawful(text: &str) -> Result<(), TestCaseError> {
    let compiled = compile(text);
    if let Some(form) = &compiled.form {
        prop_assert!(form.validate().is_ok(), "{:?}", form.validate());
    }
    prop_assert_eq!(compiled.form.is_none(), compiled.status == Status::Error);
    prop_assert_eq!(compiled.status == Status::Ok, compiled.message().is_empty(), "{}", compiled.message());
    prop_assert!(compiled.unparsed.len() <= compiled.clauses);
    let chars: Vec<char> = text.chars().collect();
    for unparsed in &compiled.unparsed {
        let stands: String = chars[unparsed.start..unparsed.end].iter().collect();
        prop_assert_eq!(&stands, &unparsed.clause);
        prop_assert!(unparsed.start <= unparsed.word.0 && unparsed.word.1 <= unparsed.end);
        prop_assert!(!unparsed.render(text).is_empty());
    }
    Ok(())
}
