//! The small GLM learns, is saved, comes back the same, and says nothing that is not allowed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

use std::path::Path;

use glm::blank::{
    AllowedGlosses, BlankConfig, BlankGlm, Language, Pair, ProposalOptions, Source, Split, Stage, Trainer,
    TrainingOptions, read_corpus,
};

/// A small grammar: subject, time and verb, in another order and with other words in signs.
fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (subject, signed) in [("我", "我"), ("他", "他"), ("妈妈", "妈妈"), ("老师", "教师")] {
        for time in ["今天", "明天"] {
            for verb in ["上班", "吃饭", "看书"] {
                pairs.push(Pair {
                    id: format!("{subject}{time}{verb}"),
                    split: if verb == "看书" && time == "明天" { Split::Dev } else { Split::Train },
                    zh: format!("{subject}{time}{verb}。"),
                    en: (verb == "吃饭").then(|| format!("{signed} eats {time}")),
                    glosses: [time, signed, verb].map(str::to_owned).to_vec(),
                    sentence_type: "statement".to_owned(),
                    draft: [subject, time, verb].map(str::to_owned).to_vec(),
                    draft_en: Vec::new(),
                });
            }
        }
    }
    pairs
}

fn tiny(vocabulary: usize) -> BlankConfig {
    BlankConfig {
        vocabulary,
        said: vocabulary,
        width: 32,
        inner_width: 64,
        layers: 2,
        heads: 4,
        places: 64,
        inside: 32,
        copy_width: 32,
    }
}

fn options(blank_epochs: u32, translation_epochs: u32) -> TrainingOptions {
    TrainingOptions { seed: 4, blank_epochs, translation_epochs, batch_tokens: 64, rate: 4e-3 }
}

fn trainer(options: TrainingOptions) -> Trainer {
    Trainer::new(pairs(), "", tiny, options).unwrap()
}

fn glosses(network: &BlankGlm, source: &str, allowed: &[&str], further: &[&str], beams: usize) -> Vec<String> {
    let tree = |glosses: &[&str]| AllowedGlosses::new(network.vocabulary(), glosses.iter().copied());
    let options = ProposalOptions { beams, max_glosses: 8 };
    network.propose(&chinese(source), &tree(allowed), &tree(further), &options).unwrap().remove(0).glosses
}

fn chinese(text: &str) -> Source<'_> {
    Source { text, language: Language::Chinese, draft: &[] }
}

const WORDS: [&str; 9] = ["我", "他", "妈妈", "教师", "今天", "明天", "上班", "吃饭", "看书"];

#[test]
fn the_loss_falls_and_what_was_learnt_survives_the_file() {
    let mut trainer = trainer(options(10, 60));
    let (mut blanks, mut translations) = (Vec::new(), Vec::new());
    while let Some(report) = trainer.epoch(|_| {}).unwrap() {
        assert!(report.loss.is_finite() && report.dev_loss.is_finite());
        match report.stage {
            Stage::Blanks => blanks.push(report.loss),
            Stage::Translation => translations.push(report.loss),
        }
    }
    assert_eq!((blanks.len(), translations.len()), (10, 60));
    assert!(blanks[9] < 0.8 * blanks[0], "{blanks:?}");
    assert!(translations[59] < 0.3 * translations[0], "{translations:?}");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.gguf");
    trainer.export(&path).unwrap();
    let (learnt, saved) = (trainer.network().unwrap(), BlankGlm::open(&path).unwrap());
    let mut right = 0;
    for pair in pairs() {
        let found = glosses(&saved, &pair.zh, &WORDS, &[], 1);
        assert_eq!(found, glosses(&learnt, &pair.zh, &WORDS, &[], 1), "{}", pair.zh);
        right += usize::from(found == pair.glosses);
    }
    assert!(right >= 16, "{right} of 24, {translations:?}");
}

#[test]
fn a_resumed_training_is_the_same_training() {
    let folder = tempfile::tempdir().unwrap();
    let mut whole = trainer(options(1, 2));
    let mut halted = trainer(options(1, 2));
    halted.epoch(|_| {}).unwrap();
    halted.save_state(folder.path()).unwrap();
    let mut resumed = trainer(options(1, 2));
    assert!(resumed.resume(folder.path()).unwrap());
    assert_eq!(resumed.epochs(), (3, 1));
    whole.epoch(|_| {}).unwrap();
    loop {
        let (one, other) = (whole.epoch(|_| {}).unwrap(), resumed.epoch(|_| {}).unwrap());
        assert_eq!(one.map(|report| report.loss), other.map(|report| report.loss));
        if one.is_none() {
            break;
        }
    }
    let error = trainer(options(2, 2)).resume(folder.path()).unwrap_err().to_string();
    assert!(error.contains("other options"), "{error}");
    assert!(!trainer(options(1, 2)).resume(&folder.path().join("nothing")).unwrap());
}

#[test]
fn an_untrained_network_still_says_only_what_is_allowed() {
    let network = trainer(options(0, 1)).network().unwrap();
    for (allowed, further) in [(&WORDS[..3], &[][..]), (&WORDS[5..], &["3点", "我上"][..]), (&[][..], &["看"][..])]
    {
        for beams in [1, 4] {
            let found = glosses(&network, "他今天看书。", allowed, further, beams);
            assert!(!found.is_empty() && found.len() <= 8, "{found:?}");
            assert!(
                found.iter().all(|gloss| allowed.contains(&gloss.as_str()) || further.contains(&gloss.as_str())),
                "{found:?}"
            );
        }
    }
    let nothing = AllowedGlosses::new(network.vocabulary(), ["龘"]);
    let error = network.propose(&chinese("我"), &nothing, &nothing, &ProposalOptions::default()).unwrap_err();
    assert!(error.to_string().contains("no token is allowed"), "{error}");
    let allowed = AllowedGlosses::new(network.vocabulary(), WORDS);
    let long = "我".repeat(64);
    let error = network.propose(&chinese(&long), &allowed, &nothing, &ProposalOptions::default()).unwrap_err();
    assert!(error.to_string().contains("context of 63"), "{error}");
}

#[test]
fn a_spoilt_corpus_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| std::fs::write(folder.path().join("a.jsonl"), text).unwrap();
    let good = r#"{"id": "1", "split": "train", "zh": "好", "glosses": ["好"], "type": "statement", "domain": "x"}"#;
    write(&format!("{good}\n\n{good}\n"));
    assert_eq!(read_corpus(folder.path()).unwrap().len(), 2);
    for (line, word) in [
        ("{\"id\": 1}", "a.jsonl:2"),
        (&good.replace("train", "tarin"), "tarin"),
        (&good.replace("[\"好\"]", "[]"), "empty"),
    ] {
        write(&format!("{good}\n{line}\n"));
        let error = read_corpus(folder.path()).unwrap_err().to_string();
        assert!(error.contains("a.jsonl:2") && error.contains(word), "{error}");
    }
    assert!(read_corpus(Path::new("nowhere")).unwrap_err().to_string().contains("nowhere"));
}

#[test]
fn the_embedded_weights_are_small_and_know_their_words() {
    let network = BlankGlm::embedded().unwrap();
    assert!(network.parameters() < 20_000_000);
    assert!(!network.notes().is_empty());
    let allowed = AllowedGlosses::new(network.vocabulary(), WORDS);
    let draft = ["我", "今天", "不", "上班"].map(str::to_owned);
    let source = Source { text: "我今天不上班。", language: Language::Chinese, draft: &draft };
    let further = AllowedGlosses::new(network.vocabulary(), ["不"]);
    let options = ProposalOptions { beams: 4, ..ProposalOptions::default() };
    let proposals = network.propose(&source, &allowed, &further, &options).unwrap();
    assert!((1..=4).contains(&proposals.len()));
    assert!(proposals.windows(2).all(|pair| pair[0].mean_log_probability.is_finite() && pair[0].complete));
    let best = &proposals[0];
    let again = network.mean_log_probability(&source, &best.sentence_type, &best.glosses).unwrap();
    assert!((again - best.mean_log_probability).abs() < 1e-4, "{again} {best:?}");
}
