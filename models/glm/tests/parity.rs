//! The family against the reference implementation, on tiny checkpoints that `fixtures/make.py` made with it.
//!
//! `SHOUYU_GLM_FIXTURES` names another folder of such checkpoints: other seeds, other sizes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use glm::{Checkpoint, Glm, LoadOptions};
use inference::{Device, LanguageModel, Precision, Tensor};

/// How far logits may be from the reference's, in f32.
const CLOSE: f32 = 1e-4;
/// How far with quantised weights, as a share of the logits' root mean square: their kernels round the activations to
/// 8 bits, the reference does not.
const QUANTISED_SHARE: f32 = 0.05;

fn folders() -> Vec<PathBuf> {
    let root = std::env::var_os("SHOUYU_GLM_FIXTURES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), PathBuf::from);
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.safetensors").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no fixtures in {}", root.display());
    folders
}

struct Expected {
    name: String,
    checkpoint: Checkpoint,
    tokens: Vec<u32>,
    logits: Vec<Vec<f32>>,
    quantised: bool,
}

impl Expected {
    fn read(folder: &Path) -> Self {
        let tensors: HashMap<String, Tensor> =
            candle_core::safetensors::load(folder.join("expected.safetensors"), &Device::Cpu).unwrap();
        let tokens: Vec<i64> = tensors["tokens"].to_vec1().unwrap();
        let gguf = folder.join("model.gguf");
        let quantised = gguf.is_file();
        Self {
            name: folder.file_name().unwrap().to_string_lossy().into_owned(),
            checkpoint: Checkpoint::open(if quantised { &gguf } else { folder }).unwrap(),
            tokens: tokens.into_iter().map(|token| u32::try_from(token).unwrap()).collect(),
            logits: tensors["logits"].to_vec2().unwrap(),
            quantised,
        }
    }

    fn load(&self, precision: Precision) -> Glm {
        self.checkpoint.load(&LoadOptions { precision, ..LoadOptions::default() }).unwrap()
    }
}

fn all() -> Vec<Expected> {
    folders().iter().map(|folder| Expected::read(folder)).collect()
}

fn farthest(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found
        .iter()
        .zip(expected)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, |most, next| if next > most || next.is_nan() { next } else { most })
}

#[track_caller]
fn assert_close(name: &str, found: &[Vec<f32>], expected: &[Vec<f32>], limit: f32) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let distance = farthest(found, expected);
        assert!(distance <= limit, "{name}: position {at} is {distance} from the reference");
    }
}

#[track_caller]
fn assert_near(name: &str, found: &[Vec<f32>], expected: &[Vec<f32>]) {
    let square = |rows: &mut dyn Iterator<Item = f32>| rows.map(|value| value * value).sum::<f32>().sqrt();
    let apart = square(&mut found.iter().flatten().zip(expected.iter().flatten()).map(|(a, b)| a - b));
    let share = apart / square(&mut expected.iter().flatten().copied());
    assert!(found.len() == expected.len() && share <= QUANTISED_SHARE, "{name}: {share} of the logits apart");
}

#[test]
fn logits_are_those_of_the_reference() {
    for expected in all() {
        let found = expected.load(Precision::Full).forward_all(&expected.tokens).unwrap().to_vec2().unwrap();
        assert_close(&expected.name, &found, &expected.logits, CLOSE);
    }
}

#[test]
fn one_token_at_a_time_gives_the_same_and_so_does_any_cut() {
    for expected in all() {
        let mut model = expected.load(Precision::Full);
        for cut in [1, 7, 50] {
            model.reset();
            for (at, ids) in expected.tokens.chunks(cut).enumerate() {
                let found = model.step(ids).unwrap();
                let position = at * cut + ids.len() - 1;
                let distance = farthest(&found, &expected.logits[position]);
                assert!(distance <= CLOSE, "{} in cuts of {cut}: position {position} is {distance} off", expected.name);
            }
        }
    }
}

#[test]
fn the_fixtures_reach_over_200_positions_and_all_architectures() {
    let all = all();
    assert!(all.iter().any(|expected| expected.tokens.len() > 200));
    for architecture in ["GlmForCausalLM", "Glm4ForCausalLM", "ChatGLMModel", "chatglm", "glm4"] {
        assert!(
            all.iter().any(|expected| expected.checkpoint.blueprint().architecture == architecture),
            "{architecture}"
        );
    }
}

#[test]
fn quantised_arithmetic_stays_near_the_same_weights_widened() {
    for expected in all().into_iter().filter(|expected| expected.quantised) {
        let mut model = expected.load(Precision::Stored);
        let found: Vec<Vec<f32>> = model.forward_all(&expected.tokens).unwrap().to_vec2().unwrap();
        assert_near(&expected.name, &found, &expected.logits);
        model.reset();
        let stepwise: Vec<Vec<f32>> = expected.tokens.iter().map(|id| model.step(&[*id]).unwrap()).collect();
        assert_near(&format!("{} stepwise", expected.name), &stepwise, &expected.logits);
    }
}
