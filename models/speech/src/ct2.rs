//! Packaged weights (CTranslate2's `model.bin`) → a checkpoint folder in Hugging Face's layout.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use safetensors::{Dtype, tensor::TensorView};
use serde_json::{Value, json};

use crate::SpeechError;

/// Bytes of an element, by CTranslate2's type number: f32, i8, i16, i32, f16.
const ELEMENT: [usize; 5] = [4, 1, 2, 4, 2];
const F32: u8 = 0;
const F16: u8 = 4;

/// A variable of the file.
struct Variable<'a> {
    shape: Vec<usize>,
    kind: u8,
    bytes: &'a [u8],
}

/// Reads `parts` one after the other as one `model.bin`, with `config.json` and `tokenizer.json` in `beside`, and
/// writes the checkpoint to `into`, which must exist.
///
/// Errors: files that can't be read or written, and a `model.bin` that is not a Whisper in f32 or f16.
pub fn convert(parts: &[&Path], beside: &Path, into: &Path) -> Result<(), SpeechError> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend(read(part)?);
    }
    let model = parts.first().copied().unwrap_or(beside);
    let wrong = |found: String| SpeechError::Checkpoint {
        path: model.to_owned(),
        found,
        expected: "a Whisper model of CTranslate2 in 32- or 16-bit floats",
    };
    let variables = variables(&bytes).map_err(wrong)?;
    let tensors = rename(&variables).map_err(wrong)?;
    let config = config(&variables, &read(&beside.join("config.json"))?).map_err(wrong)?;

    let views: Result<BTreeMap<&String, TensorView<'_>>, SpeechError> = tensors
        .iter()
        .map(|(name, tensor)| {
            let kind = if tensor.kind == F16 { Dtype::F16 } else { Dtype::F32 };
            let view = TensorView::new(kind, tensor.shape.clone(), tensor.bytes)
                .map_err(|error| wrong(format!("{name}: {error}")))?;
            Ok((name, view))
        })
        .collect();
    let path = into.join("model.safetensors");
    let whole = safetensors::serialize(views?, None).map_err(|error| wrong(error.to_string()))?;
    write(&path, &whole)?;
    let (config, generation) = config;
    write(&into.join("config.json"), format!("{config:#}\n").as_bytes())?;
    write(&into.join("generation_config.json"), format!("{generation:#}\n").as_bytes())?;
    write(&into.join("tokenizer.json"), &read(&beside.join("tokenizer.json"))?)
}

fn read(path: &Path) -> Result<Vec<u8>, SpeechError> {
    std::fs::read(path).map_err(|source| SpeechError::Io { path: path.to_owned(), doing: "reading it", source })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), SpeechError> {
    std::fs::write(path, bytes).map_err(|source| SpeechError::Io { path: path.to_owned(), doing: "writing it", source })
}

/// What is left of the file.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) =
            self.0.split_at_checked(count).ok_or_else(|| "the file ends too early: it is cut short".to_owned())?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self, bytes: usize) -> Result<usize, String> {
        Ok(self.take(bytes)?.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte)))
    }

    /// Length, characters, a closing zero.
    fn text(&mut self) -> Result<String, String> {
        let len = self.number(2)?;
        let bytes = self.take(len)?;
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        String::from_utf8(bytes.to_vec()).map_err(|_| "a name is not UTF-8".to_owned())
    }
}

fn variables(bytes: &[u8]) -> Result<HashMap<String, Variable<'_>>, String> {
    let mut rest = Rest(bytes);
    let version = rest.number(4)?;
    if !(4..=6).contains(&version) {
        return Err(format!("format version {version}"));
    }
    let kind = rest.text()?;
    if kind != "WhisperSpec" {
        return Err(format!("a model of the kind “{kind}”"));
    }
    rest.number(4)?;
    let mut variables = HashMap::new();
    for _ in 0..rest.number(4)? {
        let name = rest.text()?;
        let rank = rest.number(1)?;
        let shape = (0..rank).map(|_| rest.number(4)).collect::<Result<Vec<_>, _>>()?;
        let kind = rest.number(1)? as u8;
        let size = rest.number(4)?;
        let element = ELEMENT.get(usize::from(kind)).ok_or_else(|| format!("{name} has the unknown type {kind}"))?;
        let expected = shape.iter().try_fold(*element, |product, &side| product.checked_mul(side));
        if expected != Some(size) {
            return Err(format!("{name} of shape {shape:?} has {size} bytes"));
        }
        variables.insert(name, Variable { shape, kind, bytes: rest.take(size)? });
    }
    for _ in 0..rest.number(4)? {
        let alias = rest.text()?;
        let name = rest.text()?;
        if let Some(Variable { shape, kind, bytes }) = variables.get(&name) {
            let same = Variable { shape: shape.clone(), kind: *kind, bytes };
            variables.insert(alias, same);
        }
    }
    Ok(variables)
}

/// Where the variables of a block go. Projections that share a matrix are rows of it, one below the other.
const NORMS: [(&str, &str); 3] = [
    ("self_attention/layer_norm", "self_attn_layer_norm"),
    ("attention/layer_norm", "encoder_attn_layer_norm"),
    ("ffn/layer_norm", "final_layer_norm"),
];
const LINEARS: [(&str, &[&str]); 7] = [
    ("self_attention/linear_0", &["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]),
    ("self_attention/linear_1", &["self_attn.out_proj"]),
    ("attention/linear_0", &["encoder_attn.q_proj"]),
    ("attention/linear_1", &["encoder_attn.k_proj", "encoder_attn.v_proj"]),
    ("attention/linear_2", &["encoder_attn.out_proj"]),
    ("ffn/linear_0", &["fc1"]),
    ("ffn/linear_1", &["fc2"]),
];

fn rename<'a>(variables: &HashMap<String, Variable<'a>>) -> Result<BTreeMap<String, Variable<'a>>, String> {
    let mut out = BTreeMap::new();
    let mut put = |from: &str, to: String, part: usize, parts: usize| -> Result<(), String> {
        let found = variables.get(from).ok_or_else(|| format!("it has no {from}"))?;
        if found.kind != F16 && found.kind != F32 {
            return Err(format!("{from} is quantised"));
        }
        let mut shape = found.shape.clone();
        if let Some(rows) = shape.first_mut() {
            if !rows.is_multiple_of(parts) {
                return Err(format!("{from} has {rows} rows for {parts} projections"));
            }
            *rows /= parts;
        }
        let size = found.bytes.len() / parts;
        let bytes = &found.bytes[part * size..(part + 1) * size];
        out.insert(to, Variable { shape, kind: found.kind, bytes });
        Ok(())
    };
    for name in ["conv1", "conv2"] {
        for part in ["weight", "bias"] {
            put(&format!("encoder/{name}/{part}"), format!("model.encoder.{name}.{part}"), 0, 1)?;
        }
    }
    put("decoder/embeddings/weight", "model.decoder.embed_tokens.weight".to_owned(), 0, 1)?;
    for side in ["encoder", "decoder"] {
        put(&format!("{side}/position_encodings/encodings"), format!("model.{side}.embed_positions.weight"), 0, 1)?;
        let mut norms = vec![(format!("{side}/layer_norm"), format!("model.{side}.layer_norm"))];
        for layer in 0..layers(variables, side) {
            let (from, to) = (format!("{side}/layer_{layer}"), format!("model.{side}.layers.{layer}"));
            let is_there = |name: &str| side == "decoder" || !name.starts_with("attention/");
            norms.extend(
                NORMS
                    .iter()
                    .filter(|(name, _)| is_there(name))
                    .map(|(a, b)| (format!("{from}/{a}"), format!("{to}.{b}"))),
            );
            for (name, targets) in LINEARS.iter().filter(|(name, _)| is_there(name)) {
                for (n, target) in targets.iter().enumerate() {
                    put(&format!("{from}/{name}/weight"), format!("{to}.{target}.weight"), n, targets.len())?;
                    // Whisper's keys have no bias; the shared row of zeros is left out.
                    if !target.ends_with("k_proj") {
                        put(&format!("{from}/{name}/bias"), format!("{to}.{target}.bias"), n, targets.len())?;
                    }
                }
            }
        }
        for (from, to) in norms {
            put(&format!("{from}/gamma"), format!("{to}.weight"), 0, 1)?;
            put(&format!("{from}/beta"), format!("{to}.bias"), 0, 1)?;
        }
    }
    Ok(out)
}

fn layers(variables: &HashMap<String, Variable<'_>>, side: &str) -> usize {
    (0..).take_while(|n| variables.contains_key(&format!("{side}/layer_{n}/self_attention/linear_0/weight"))).count()
}

/// `config.json` and `generation_config.json`.
fn config(variables: &HashMap<String, Variable<'_>>, beside: &[u8]) -> Result<(Value, Value), String> {
    let theirs: Value = serde_json::from_slice(beside).map_err(|error| format!("config.json: {error}"))?;
    let shape = |name: &str, axis: usize| {
        variables.get(name).and_then(|found| found.shape.get(axis).copied()).ok_or_else(|| format!("it has no {name}"))
    };
    let width = shape("decoder/embeddings/weight", 1)?;
    // All of Whisper's sizes have heads of 64.
    let heads = (width / 64).max(1);
    let config = json!({
        "architectures": ["WhisperForConditionalGeneration"],
        "model_type": "whisper",
        "num_mel_bins": shape("encoder/conv1/weight", 1)?,
        "max_source_positions": shape("encoder/position_encodings/encodings", 0)?,
        "max_target_positions": shape("decoder/position_encodings/encodings", 0)?,
        "d_model": width,
        "vocab_size": shape("decoder/embeddings/weight", 0)?,
        "encoder_layers": layers(variables, "encoder"),
        "decoder_layers": layers(variables, "decoder"),
        "encoder_attention_heads": heads,
        "decoder_attention_heads": heads,
        "encoder_ffn_dim": shape("encoder/layer_0/ffn/linear_0/weight", 0)?,
        "decoder_ffn_dim": shape("decoder/layer_0/ffn/linear_0/weight", 0)?,
    });
    let generation = json!({
        "alignment_heads": theirs["alignment_heads"],
        "suppress_tokens": theirs["suppress_ids"],
        "begin_suppress_tokens": theirs["suppress_ids_begin"],
    });
    Ok((config, generation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_something_else_is_named() {
        for (bytes, expected) in [
            (&b""[..], "cut short"),
            (&[6, 0, 0, 0, 4, 0, b'B', b'a', b'd', 0][..], "“Bad”"),
            (&[9, 0, 0, 0][..], "version 9"),
        ] {
            let error = variables(bytes).err().unwrap();
            assert!(error.contains(expected), "{error}");
        }
    }
}
