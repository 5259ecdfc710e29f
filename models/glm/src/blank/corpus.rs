use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::GlmError;

/// Which part of the corpus a pair belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Learnt from.
    Train,
    /// Looked at between epochs.
    Dev,
    /// Measured once, at the end.
    Test,
}

/// A sentence and what is signed for it: one line of the corpus. Fields that training does not use are not read.
#[derive(Debug, Clone, Deserialize)]
pub struct Pair {
    /// Its name in the corpus.
    pub id: String,
    /// Its part.
    pub split: Split,
    /// The sentence in Chinese.
    pub zh: String,
    /// The same in English.
    #[serde(default)]
    pub en: Option<String>,
    /// The signs, in order.
    pub glosses: Vec<String>,
    /// The sentence's type, such as `statement`.
    #[serde(rename = "type")]
    pub sentence_type: String,
    /// What rules make of the Chinese sentence; empty where nobody asked them.
    #[serde(default)]
    pub draft: Vec<String>,
    /// What rules make of the English one.
    #[serde(default)]
    pub draft_en: Vec<String>,
}

impl Pair {
    /// Whether a grammar made it, which its name says: `weather-g0001`; nobody wrote it one by one.
    pub(crate) fn made(&self) -> bool {
        self.id.split_once('-').is_some_and(|(_, number)| number.starts_with('g'))
    }
}

/// Reads every `.jsonl` file of a folder, in the order of their names.
///
/// Errors: a file that can't be read, or a line that is not a pair (named by file and line).
pub fn read_corpus(folder: &Path) -> Result<Vec<Pair>, GlmError> {
    let unread =
        |path: &Path, source| GlmError::Inference(inference::InferenceError::Read { path: path.to_owned(), source });
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|source| unread(folder, source))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(GlmError::Corpus {
            path: folder.to_owned(),
            line: 0,
            reason: "no `.jsonl` file in the folder".to_owned(),
        });
    }
    let mut pairs = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|source| unread(&file, source))?;
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = |reason: String| GlmError::Corpus { path: file.clone(), line: at + 1, reason };
            let pair: Pair = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
            if pair.glosses.iter().any(|gloss| gloss.trim().is_empty()) || pair.glosses.is_empty() {
                return Err(wrong("“glosses” is empty or has an empty gloss".to_owned()));
            }
            pairs.push(pair);
        }
    }
    Ok(pairs)
}
