use std::path::PathBuf;

use candle_core::{Device, Tensor};
use inference::{Precision, SafetensorsFile, Weights};

use super::{config::Config, decoder::Decoder, encoder::Encoder};

fn fixture() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tiny-whisper"))
}

struct Tiny {
    encoder: Encoder,
    decoder: Decoder,
    mel: Tensor,
    ids: Vec<u32>,
    /// `[positions][vocabulary]`, from the reference implementation.
    logits: Vec<Vec<f32>>,
}

fn tiny() -> Tiny {
    let config = Config::read(&fixture()).unwrap();
    let weights = Weights::safetensors(SafetensorsFile::open(&fixture()).unwrap(), &Device::Cpu, Precision::Full);
    let expected = candle_core::safetensors::load(fixture().join("expected.safetensors"), &Device::Cpu).unwrap();
    Tiny {
        encoder: Encoder::load(&weights, &config).unwrap(),
        decoder: Decoder::load(&weights, &config, Precision::Full).unwrap(),
        mel: expected["mel"].clone(),
        ids: expected["ids"].flatten_all().unwrap().to_vec1().unwrap(),
        logits: expected["logits"].squeeze(0).unwrap().to_vec2().unwrap(),
    }
}

fn assert_near(found: &[Vec<f32>], expected: &[Vec<f32>], within: f32) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!((a - b).abs() < within, "{a} {b}");
    }
}

#[test]
fn logits_are_the_reference_implementation_s() {
    let tiny = tiny();
    let mut memory = tiny.decoder.listen(&tiny.encoder.forward(&tiny.mel).unwrap()).unwrap();
    let step = tiny.decoder.step(&mut memory, &tiny.ids, 1).unwrap();
    let found = tiny.decoder.logits(&step.hidden.squeeze(0).unwrap()).unwrap();
    assert_near(&found, &tiny.logits, 1e-3);
}

#[test]
fn token_by_token_is_all_at_once() {
    let tiny = tiny();
    let mut memory = tiny.decoder.listen(&tiny.encoder.forward(&tiny.mel).unwrap()).unwrap();
    let found: Vec<Vec<f32>> = tiny
        .ids
        .iter()
        .map(|&id| {
            let step = tiny.decoder.step(&mut memory, &[id], 1).unwrap();
            tiny.decoder.logits(&step.hidden.squeeze(0).unwrap()).unwrap().remove(0)
        })
        .collect();
    assert_near(&found, &tiny.logits, 1e-3);
}

#[test]
fn rows_of_a_batch_do_not_hear_each_other() {
    let tiny = tiny();
    let mut one = tiny.decoder.listen(&tiny.encoder.forward(&tiny.mel).unwrap()).unwrap();
    tiny.decoder.step(&mut one, &tiny.ids[..2], 1).unwrap();
    let mut both = one.clone();
    let alone = tiny.decoder.step(&mut one, &tiny.ids[2..4], 1).unwrap();
    let rows = [&tiny.ids[2..4], &[7, 8]].concat();
    let together = tiny.decoder.step(&mut both, &rows, 2).unwrap();
    let logits = |hidden: Tensor| tiny.decoder.logits(&hidden).unwrap();
    assert_near(&logits(together.hidden.get(0).unwrap()), &logits(alone.hidden.squeeze(0).unwrap()), 1e-4);
}

#[test]
fn a_folder_without_a_checkpoint_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = super::Whisper::load(folder.path(), super::Numbers::Fast).unwrap_err().to_string();
    assert!(error.contains("config.json") && error.contains("cargo xtask setup"), "{error}");
    std::fs::write(folder.path().join("config.json"), "{\"d_model\": 3}").unwrap();
    let error = super::Whisper::load(folder.path(), super::Numbers::Fast).unwrap_err().to_string();
    assert!(error.contains("config.json") && error.contains("num_mel_bins"), "{error}");
}
