//! Checkpoints that can't be loaded say what was found and what would have been right.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

use std::path::{Path, PathBuf};

use glm::{Checkpoint, GlmError, LoadOptions};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A copy of a fixture's folder that a test may spoil.
fn copy(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(fixture(name)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn load(path: &Path) -> Result<(), GlmError> {
    Checkpoint::open(path)?.load(&LoadOptions::default()).map(|_| ())
}

#[track_caller]
fn refuses(path: &Path, words: &[&str]) {
    let error = load(path).unwrap_err().to_string();
    for word in words {
        assert!(error.contains(word), "“{word}” is not in: {error}");
    }
}

fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn another_architecture_is_named_beside_those_supported() {
    let folder = copy("glm");
    change(folder.path(), "config.json", "GlmForCausalLM", "LlamaForCausalLM");
    refuses(folder.path(), &["LlamaForCausalLM", "GlmForCausalLM", "Glm4ForCausalLM", "ChatGLMModel", "config.json"]);
    let folder = copy("gguf-chatglm-q4_0");
    let path = folder.path().join("model.gguf");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(7).position(|window| window == b"chatglm").unwrap();
    bytes[at..at + 7].copy_from_slice(b"chatbot");
    std::fs::write(&path, bytes).unwrap();
    refuses(&path, &["chatbot", "chatglm", "glm4"]);
}

#[test]
fn a_missing_shard_is_named() {
    let folder = copy("glm-sharded");
    std::fs::remove_file(folder.path().join("model-00002-of-00004.safetensors")).unwrap();
    refuses(folder.path(), &["model-00002-of-00004.safetensors", "missing", "index.json"]);
}

#[test]
fn an_index_does_not_lead_out_of_its_folder() {
    let folder = copy("glm-sharded");
    change(folder.path(), "model.safetensors.index.json", "model-00002", "../model-00002");
    refuses(folder.path(), &["missing"]);
}

#[test]
fn files_cut_short_are_told_from_whole_ones() {
    let folder = copy("glm");
    let path = folder.path().join("model.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    for length in [0, 5, 100, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        refuses(folder.path(), &["model.safetensors"]);
    }
    let folder = copy("gguf-glm4-q5_0");
    let path = folder.path().join("model.gguf");
    let bytes = std::fs::read(&path).unwrap();
    for length in [0, 3, 20, 300, bytes.len() / 2, bytes.len() - 100] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        refuses(&path, &["model.gguf", "expected"]);
    }
}

#[test]
fn a_configuration_that_does_not_fit_its_weights_names_the_tensor() {
    let folder = copy("glm");
    change(folder.path(), "config.json", "\"intermediate_size\": 40", "\"intermediate_size\": 44");
    refuses(folder.path(), &["gate_up_proj", "[80, 32]", "[88, 32]"]);
    let folder = copy("glm");
    change(folder.path(), "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
    refuses(folder.path(), &["model.layers.2.", "not in the checkpoint"]);
}

#[test]
fn values_that_are_not_supported_name_their_field() {
    for (file, from, to, word) in [
        ("glm", "\"silu\"", "\"swoosh\"", "hidden_act"),
        ("glm", "\"rope_type\": \"default\"", "\"rope_type\": \"longrope\"", "rope_type"),
        ("glm", "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "evenly"),
        ("glm", "\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "number of heads"),
        ("glm", "\"hidden_size\": 32", "\"hidden_size\": \"wide\"", "config.json"),
        ("chatglm", "\"rmsnorm\": true", "\"rmsnorm\": false", "rmsnorm"),
        ("chatglm", "\"rope_ratio\"", "\"quantization_bit\": 4, \"rope_ratio\"", "quantization_bit"),
        ("chatglm", "\"padded_vocab_size\"", "\"vocab_size\"", "first ChatGLM-6B"),
    ] {
        let folder = copy(file);
        change(folder.path(), "config.json", from, to);
        refuses(folder.path(), &[word]);
    }
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let folder = copy("glm");
    let vocabulary: Vec<String> = (0..60).map(|id| format!("\"t{id}\": {id}")).collect();
    let json = format!(
        r#"{{"version": "1.0", "model": {{"type": "BPE", "vocab": {{{}}}, "merges": []}}}}"#,
        vocabulary.join(",")
    );
    std::fs::write(folder.path().join("tokenizer.json"), json).unwrap();
    let error = Checkpoint::open(folder.path()).unwrap().tokenizer(&LoadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("60 ids") && error.contains("48 rows"), "{error}");
}

#[test]
fn a_place_without_a_checkpoint_says_what_was_expected() {
    let empty = tempfile::tempdir().unwrap();
    refuses(empty.path(), &["config.json", ".gguf"]);
    refuses(&empty.path().join("nowhere"), &["nowhere"]);
    std::fs::copy(fixture("glm").join("config.json"), empty.path().join("config.json")).unwrap();
    refuses(empty.path(), &["no weights", "model.safetensors"]);
}
