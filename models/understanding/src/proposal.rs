//! The data leg's door: whoever proposes a sign sentence does it through [`Proposer`].
//!
//! In: the source and the signs that may come out. Out: a [`Proposed`] sentence that nothing has checked yet.
//! Never: signed as it is; the gate stands behind it.

use signing::SentenceType;

/// What is asked of a proposer.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The sentence.
    pub text: &'a str,
    /// Its language, `zh` or `en`.
    pub language: &'a str,
    /// The sentences before it, the nearest last.
    pub context: &'a [String],
    /// The signs of the loaded packs, sorted.
    pub allowed: &'a [String],
    /// What this sentence may sign beyond them: its numbers, its names, its words that are spelled.
    pub further: &'a [String],
    /// The knowledge leg's sentence: what is signed where nothing better is proposed.
    pub draft: &'a [String],
}

/// At most so many signs are listed in a prompt.
const LISTED: usize = 800;

/// The words for a sentence's type in answers and in the corpus.
pub const SENTENCE_TYPES: [&str; 5] = ["statement", "yes_no", "wh", "imperative", "exclamation"];

impl Request<'_> {
    /// How a model that follows instructions is asked: what holds for the whole conversation, and what the user says.
    /// What is the same for every sentence stands in front, so that a model need not read it twice. The answer is read by
    /// [`read_answer`].
    pub fn prompt(&self) -> (String, String) {
        let rules = "你是中国手语翻译。把句子变成手语词序：时间、地点在前，话题在前，否定词和疑问词在后，数词在名词后，不加原文没有的意思。\
                      数字、人名、否定、疑问必须保留。只用给出的词和also里的词。只输出JSON：{\"glosses\":[…],\"type\":\"statement|yes_no|wh|imperative|exclamation\"}";
        let user = serde_json::json!({
            "text": self.text,
            "before": self.context,
            "also": self.further,
            "draft": self.draft,
        });
        let listed = &self.allowed[..self.allowed.len().min(LISTED)];
        (format!("{rules}\n可用的词：{}", listed.join("、")), user.to_string())
    }
}

/// A sign sentence as proposed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposed {
    /// The signs in order.
    pub glosses: Vec<String>,
    /// Further sentences, the better first: they are tried where the first does not pass as it is.
    pub others: Vec<Vec<String>>,
    /// Of what type the proposer takes the sentence to be. The source's own signals win.
    pub sentence_type: Option<SentenceType>,
}

/// Why there is no proposal.
#[derive(Debug, thiserror::Error)]
pub enum ProposeError {
    /// It took longer than it may.
    #[error("{who} did not answer within {milliseconds} ms")]
    Timeout {
        /// The proposer's name.
        who: String,
        /// The budget.
        milliseconds: u64,
    },
    /// It answered something that is no sign sentence.
    #[error("{who} answered with {found}; expected a JSON object with a list “glosses” of words")]
    Answer {
        /// The proposer's name.
        who: String,
        /// What came, shortened.
        found: String,
    },
    /// It holds the knowledge leg's sentence to be as good as its own.
    #[error("{who} prefers no other sentence: {reason}")]
    Declined {
        /// The proposer's name.
        who: String,
        /// By how much.
        reason: String,
    },
    /// It can't be reached, or failed.
    #[error("{who} failed: {reason}")]
    Failed {
        /// The proposer's name.
        who: String,
        /// What happened.
        reason: String,
    },
}

/// Somebody who proposes sign sentences: the small GLM, a checkpoint, an endpoint.
pub trait Proposer: std::fmt::Debug + Send + Sync {
    /// What results name it by, such as `glm`.
    fn name(&self) -> &str;

    /// A sign sentence for a source.
    ///
    /// Errors: it has none; the knowledge leg's is signed instead.
    fn propose(&self, request: &Request<'_>) -> Result<Proposed, ProposeError>;
}

/// Which leg a sentence is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// The knowledge leg; nobody proposed, or the proposal fell.
    Knowledge,
    /// The proposal as it was.
    Proposal,
    /// The proposal, repaired.
    Repaired,
}

/// Which leg a sentence is of, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LegReport {
    /// The leg.
    pub leg: Leg,
    /// Who proposed, if anybody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposer: Option<String>,
    /// What was repaired, or why the proposal fell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

impl Default for LegReport {
    fn default() -> Self {
        Self { leg: Leg::Knowledge, proposer: None, reasons: Vec::new() }
    }
}

impl std::fmt::Display for LegReport {
    /// As versions name it: `knowledge`, `glm`, `glm, repaired`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let who = self.proposer.as_deref().unwrap_or("proposal");
        match self.leg {
            Leg::Knowledge => f.write_str("knowledge"),
            Leg::Proposal => f.write_str(who),
            Leg::Repaired => write!(f, "{who}, repaired"),
        }
    }
}

/// Reads the answer of a model that was asked for JSON: `{"glosses": […], "type": "…"}`, also with words or a code
/// fence around it. A list alone is taken, and a string of glosses with spaces between.
pub fn read_answer(who: &str, answer: &str) -> Result<Proposed, ProposeError> {
    let wrong = || ProposeError::Answer { who: who.to_owned(), found: excerpt(answer) };
    let value = json_in(answer).ok_or_else(wrong)?;
    let list = if value.is_array() { Some(&value) } else { value.get("glosses") }.ok_or_else(wrong)?;
    let glosses: Vec<String> = match list {
        serde_json::Value::String(line) => line.split_whitespace().map(str::to_owned).collect(),
        serde_json::Value::Array(items) => items
            .iter()
            .map(|item| match item {
                serde_json::Value::String(text) => Ok(text.trim().to_owned()),
                serde_json::Value::Number(number) => Ok(number.to_string()),
                _ => Err(wrong()),
            })
            .collect::<Result<_, _>>()?,
        _ => return Err(wrong()),
    };
    let glosses: Vec<String> = glosses.into_iter().filter(|gloss| !gloss.is_empty()).collect();
    if glosses.is_empty() || glosses.len() > 400 {
        return Err(wrong());
    }
    let sentence_type = value.get("type").and_then(|kind| kind.as_str()).and_then(sentence_type);
    Ok(Proposed { glosses, others: Vec::new(), sentence_type })
}

/// The first JSON value in a text.
fn json_in(text: &str) -> Option<serde_json::Value> {
    text.char_indices().filter(|(_, c)| matches!(c, '{' | '[')).take(64).find_map(|(at, _)| {
        serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<serde_json::Value>().next()?.ok()
    })
}

/// The corpus's word for a type.
pub fn sentence_type(word: &str) -> Option<SentenceType> {
    match word {
        "statement" => Some(SentenceType::Statement),
        "yes_no" => Some(SentenceType::YesNoQuestion),
        "wh" => Some(SentenceType::ContentQuestion),
        "imperative" => Some(SentenceType::Imperative),
        "exclamation" => Some(SentenceType::Exclamation),
        _ => None,
    }
}

fn excerpt(text: &str) -> String {
    if text.trim().is_empty() {
        return "nothing".to_owned();
    }
    format!("“{}”", text.chars().take(80).collect::<String>().escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_many_kinds_are_read_and_others_refused() {
        let read = |answer: &str| read_answer("endpoint", answer).map(|found| found.glosses.join(" ")).ok();
        for (answer, expected) in [
            (r#"{"glosses": ["我", "去"], "type": "statement"}"#, Some("我 去")),
            ("好的：\n```json\n{\"glosses\":[\"我\",3]}\n```", Some("我 3")),
            (r#"["我", " 去 ", ""]"#, Some("我 去")),
            (r#"{"glosses": "我 去"}"#, Some("我 去")),
            (r#"{"glosses": []}"#, None),
            (r#"{"glosses": [{}]}"#, None),
            (r#"{"signs": ["我"]}"#, None),
            ("我 去", None),
            ("{\"glosses\": [\"我\"", None),
            ("", None),
        ] {
            assert_eq!(read(answer).as_deref(), expected, "{answer}");
        }
        let error = read_answer("endpoint", "").unwrap_err().to_string();
        assert!(error.contains("endpoint answered with nothing"), "{error}");
    }
}
