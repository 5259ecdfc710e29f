//! The rank files of tiktoken (`base64 rank` a line) as a byte-level BPE.
//!
//! Ranks are merges in disguise: what a token was merged from are the two parts that are left when it is split by all
//! merges of lower rank. The file's order is therefore enough to rebuild the merges.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::InferenceError;

/// How GLM-4 cuts text before merging.
const GLM4_PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// A rank file as the description of a tokenizer, in the form of a `tokenizer.json`; `special` are its further tokens.
pub(crate) fn description(path: &Path, text: &str, special: &[(String, u32)]) -> Result<Value, InferenceError> {
    let wrong = |line: usize, reason: &str| InferenceError::Tokenizer {
        path: path.to_owned(),
        reason: format!("line {line}: {reason}; expected a token in base64, a space and its rank"),
    };
    let mut ranks: HashMap<Vec<u8>, u32> = HashMap::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (token, rank) = line.split_once(' ').ok_or_else(|| wrong(at + 1, "no rank"))?;
        let token = base64(token).ok_or_else(|| wrong(at + 1, "the token is not base64"))?;
        let rank = rank.trim().parse().map_err(|_| wrong(at + 1, "the rank is not a number"))?;
        ranks.insert(token, rank);
    }
    if (0..=u8::MAX).any(|byte| !ranks.contains_key(&vec![byte])) {
        return Err(InferenceError::Tokenizer {
            path: path.to_owned(),
            reason: "not every single byte has a rank; the file may be cut short: fetch it again".to_owned(),
        });
    }
    let letters = byte_letters();
    let spell = |bytes: &[u8]| bytes.iter().map(|byte| letters[usize::from(*byte)]).collect::<String>();
    let mut merges: Vec<(u32, String, String)> = Vec::new();
    for (token, &rank) in ranks.iter().filter(|(token, _)| token.len() > 1) {
        if let Some(at) = last_merge(token, rank, &ranks) {
            merges.push((rank, spell(&token[..at]), spell(&token[at..])));
        }
    }
    merges.sort();
    let vocabulary: serde_json::Map<String, Value> =
        ranks.iter().map(|(token, rank)| (spell(token), json!(rank))).collect();
    let merges = merges.into_iter().map(|(_, left, right)| json!([left, right])).collect();
    Ok(tokenizer(vocabulary, merges, special))
}

/// The same for a byte-level BPE whose tokens and merges are known, as GGUF files have them.
pub(crate) fn from_merges(tokens: &[&str], merges: &[&str], special: &[(String, u32)]) -> Value {
    let vocabulary: serde_json::Map<String, Value> =
        tokens.iter().enumerate().map(|(id, token)| ((*token).to_owned(), json!(id))).collect();
    tokenizer(vocabulary, merges.iter().map(|merge| json!(merge)).collect(), special)
}

/// A byte-level BPE in the words of `tokenizer.json`.
fn tokenizer(vocabulary: serde_json::Map<String, Value>, merges: Vec<Value>, special: &[(String, u32)]) -> Value {
    json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": special.iter().map(|(content, id)| added(content, *id)).collect::<Vec<_>>(),
        "normalizer": null,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": GLM4_PATTERN}, "behavior": "Isolated", "invert": false},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
        ]},
        "post_processor": null,
        "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": true,
            "vocab": vocabulary,
            "merges": merges,
        },
    })
}

pub(crate) fn added(content: &str, id: u32) -> Value {
    json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true})
}

/// Where the token was joined last: the end of its first part when all merges of a lower rank are done.
fn last_merge(token: &[u8], rank: u32, ranks: &HashMap<Vec<u8>, u32>) -> Option<usize> {
    let mut ends: Vec<usize> = (1..=token.len()).collect();
    loop {
        let part = |at: usize| if at == 0 { 0 } else { ends[at - 1] };
        let best = (0..ends.len().saturating_sub(1))
            .filter_map(|at| ranks.get(&token[part(at)..ends[at + 1]]).map(|found| (*found, at)))
            .filter(|(found, _)| *found < rank)
            .min();
        match best {
            Some((_, at)) => {
                ends.remove(at);
            }
            None => return (ends.len() == 2).then(|| ends[0]),
        }
    }
}

/// What each of [`byte_letters`] stands for.
pub(crate) fn letter_bytes() -> HashMap<char, u8> {
    byte_letters().into_iter().zip(0..=u8::MAX).collect()
}

/// The printable stand-ins of bytes in byte-level vocabularies.
pub(crate) fn byte_letters() -> Vec<char> {
    let printable =
        |byte: u32| (33..=126).contains(&byte) || (161..=172).contains(&byte) || (174..=255).contains(&byte);
    let mut next = 256;
    (0..256u32)
        .map(|byte| {
            let code = if printable(byte) {
                byte
            } else {
                next += 1;
                next - 1
            };
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect()
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_known_texts() {
        assert_eq!(base64("IQ=="), Some(b"!".to_vec()));
        assert_eq!(base64("5Lit5Zu9"), Some("中国".as_bytes().to_vec()));
        assert_eq!(base64("§"), None);
    }

    #[test]
    fn a_token_comes_from_its_two_last_parts() {
        let ranks: HashMap<Vec<u8>, u32> =
            [("a", 0), ("b", 1), ("c", 2), ("bc", 3), ("abc", 4)].map(|(t, r)| (t.as_bytes().to_vec(), r)).into();
        assert_eq!(last_merge(b"abc", 4, &ranks), Some(1));
        assert_eq!(last_merge(b"bc", 3, &ranks), Some(1));
    }
}
