//! A checkpoint written as GGUF says what it said before, up to what the format rounds.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

use std::path::Path;

use glm::{Blueprint, Checkpoint, LoadOptions, write_random_gguf};
use inference::{LanguageModel, Precision, Quantisation};

fn checkpoint(name: &str) -> Checkpoint {
    Checkpoint::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn logits(checkpoint: &Checkpoint) -> Vec<f32> {
    let ids: Vec<u32> = (4..30).collect();
    checkpoint.load(&LoadOptions { precision: Precision::Full, ..LoadOptions::default() }).unwrap().step(&ids).unwrap()
}

#[test]
fn every_layout_survives_being_quantised() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["glm", "glm4", "chatglm", "chatglm-by-head"] {
        let before = checkpoint(name);
        let path = folder.path().join(format!("{name}.gguf"));
        let mut seen = Vec::new();
        before.quantise(&path, Quantisation::Q8_0, |done, all| seen.push((done, all))).unwrap();
        assert_eq!(seen.last().unwrap().0, seen.last().unwrap().1);
        let after = Checkpoint::open(&path).unwrap();
        let apart: Vec<f32> = logits(&before).iter().zip(logits(&after)).map(|(a, b)| a - b).collect();
        let square = |values: &[f32]| values.iter().map(|value| value * value).sum::<f32>().sqrt();
        let share = square(&apart) / square(&logits(&before));
        assert!(share > 0.0 && share < 0.03, "{name}: {share}");
        let error = after.quantise(&path, Quantisation::Q8_0, |_, _| {}).unwrap_err().to_string();
        assert!(error.contains("GGUF"), "{error}");
    }
}

#[test]
fn random_weights_in_a_shape_can_be_loaded_and_read_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("random.gguf");
    let blueprint = Blueprint {
        vocabulary: 300,
        width: 256,
        inner_width: 512,
        layers: 2,
        heads: 4,
        key_value_heads: 2,
        head_width: 64,
        end_tokens: vec![1],
        ..Blueprint::glm_edge_1_5b()
    };
    write_random_gguf(&path, &blueprint, Quantisation::Q4K, 3, |_, _| {}).unwrap();
    let checkpoint = Checkpoint::open(&path).unwrap();
    let mut model = checkpoint.load(&LoadOptions::default()).unwrap();
    let logits = model.step(&[5, 6, 7]).unwrap();
    assert!(logits.len() == 300 && logits.iter().all(|logit| logit.is_finite()));
    assert!(checkpoint.tokenizer(&LoadOptions::default()).is_ok());
}
