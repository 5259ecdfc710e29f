//! A checkpoint that is held to a form says a text of this form, whatever its weights; what two conversations begin with
//! is read once.
#![allow(clippy::unwrap_used, reason = "tests state what they expect")]

use glm::{Blueprint, GenerationOptions, ListForm, LoadOptions, Role, Talk, Turn, write_random_gguf};
use inference::{Quantisation, SamplingOptions};

const WORDS: [&str; 5] = ["雪", "雪人", "北京", "CT", "三点"];

fn talk() -> (tempfile::TempDir, Talk) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("random.gguf");
    let blueprint = Blueprint {
        vocabulary: 400,
        width: 256,
        inner_width: 512,
        layers: 2,
        heads: 4,
        key_value_heads: 2,
        head_width: 64,
        end_tokens: vec![395],
        ..Blueprint::glm_edge_1_5b()
    };
    write_random_gguf(&path, &blueprint, Quantisation::Q8_0, 3, |_, _| {}).unwrap();
    let talk = Talk::open(&path, &LoadOptions::default()).unwrap();
    (folder, talk)
}

fn turns(text: &str) -> [Turn; 2] {
    [(Role::System, "把句子变成手语词序。"), (Role::User, text)]
        .map(|(role, text)| Turn { role, text: text.to_owned() })
}

fn options(seed: u64) -> GenerationOptions {
    let sampling = SamplingOptions { temperature: 1.0, seed, ..SamplingOptions::default() };
    GenerationOptions { sampling, max_tokens: 400, ..GenerationOptions::default() }
}

#[test]
fn whatever_its_weights_it_says_known_words() {
    let (_folder, mut talk) = talk();
    let form = ListForm::new("[\"", WORDS, "\",\"", ["\"]"]);
    let (mut said, mut free) = (0, 0);
    for seed in 0..12 {
        let text = talk.answer_within(&turns("北京下雪。"), &form, options(seed), |_| {}).unwrap().text;
        let words: Vec<String> = serde_json::from_str(&text).unwrap();
        assert!(words.iter().all(|word| WORDS.contains(&word.as_str())), "{text}");
        said += words.len();
        let other = talk.answer(&turns("北京下雪。"), options(seed), |_| {}).unwrap().text;
        free += usize::from(serde_json::from_str::<Vec<String>>(&other).is_ok());
    }
    assert!(said > 12, "{said} words");
    assert_eq!(free, 0, "without the form it says anything");
}

#[test]
fn what_was_said_before_changes_nothing() {
    let (_folder, mut first) = talk();
    let form = ListForm::new("[\"", WORDS, "\",\"", ["\"]"]);
    let mut ask = |text: &str| first.answer_within(&turns(text), &form, options(1), |_| {}).unwrap().text;
    let alone = ask("北京下雪。");
    ask("上海下雨，请大家注意安全。");
    assert_eq!(ask("北京下雪。"), alone);
    assert_eq!(ask("北京下雪。"), alone);
}
