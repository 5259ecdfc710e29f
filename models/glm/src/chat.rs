//! How each member of the family is spoken to, written down from the templates that come with their checkpoints.

use inference::Tokenizer;

use crate::{Blueprint, GlmError};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What holds for the whole conversation.
    System,
    /// The one who asks.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
}

/// The four forms of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatFormat {
    /// `[gMASK]sop`, then numbered rounds in plain text.
    ChatGlm2,
    /// `[gMASK]sop`, then a role's token, a line end and the text.
    ChatGlm3,
    /// `[gMASK]<sop>`, then the same with GLM-4's tokenizer.
    Glm4,
    /// The same without the two tokens in front.
    GlmEdge,
}

/// The special tokens of GLM-Edge that a conversation needs.
pub(crate) const CHAT_TOKENS: [&str; 5] =
    ["<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"];

/// GLM-Edge's vocabulary is the smaller one of the two that share GLM-4's special tokens.
const GLM_EDGE_VOCABULARY: usize = 65_536;

impl ChatFormat {
    /// The form that belongs to a checkpoint, seen from its special tokens, its vocabulary and its name.
    ///
    /// ChatGLM2 and 3 have the same tokenizer and shape; they are told apart by the name that their configuration keeps
    /// of where they came from. Without one it is ChatGLM3.
    pub fn of(blueprint: &Blueprint, tokenizer: &Tokenizer) -> Self {
        if tokenizer.special("sop").is_some() {
            let second = blueprint.name.as_deref().is_some_and(|name| name.to_lowercase().contains("chatglm2"));
            return if second { Self::ChatGlm2 } else { Self::ChatGlm3 };
        }
        if blueprint.vocabulary <= GLM_EDGE_VOCABULARY { Self::GlmEdge } else { Self::Glm4 }
    }

    fn name(self) -> &'static str {
        match self {
            Self::ChatGlm2 => "ChatGLM2",
            Self::ChatGlm3 => "ChatGLM3",
            Self::Glm4 => "GLM-4",
            Self::GlmEdge => "GLM-Edge",
        }
    }

    /// The ids of a conversation up to where the model speaks. What turns say is only ever text: no word in it becomes
    /// a special token.
    pub fn prompt(self, tokenizer: &Tokenizer, turns: &[Turn]) -> Result<Vec<u32>, GlmError> {
        let special =
            |token: &'static str| tokenizer.special(token).ok_or(GlmError::ChatToken { token, format: self.name() });
        let mut ids = match self {
            Self::ChatGlm2 | Self::ChatGlm3 => vec![special("[gMASK]")?, special("sop")?],
            Self::Glm4 => vec![special("[gMASK]")?, special("<sop>")?],
            Self::GlmEdge => Vec::new(),
        };
        if self == Self::ChatGlm2 {
            ids.extend(tokenizer.encode(&rounds(turns))?);
            return Ok(ids);
        }
        for turn in turns {
            ids.push(special(role_token(turn.role))?);
            if self == Self::ChatGlm3 {
                // The reference encodes the line end and the text apart, each with the word mark in front.
                ids.extend(tokenizer.encode("\n")?);
                ids.extend(tokenizer.encode(&turn.text)?);
            } else {
                ids.extend(tokenizer.encode(&format!("\n{}", turn.text))?);
            }
        }
        ids.push(special(role_token(Role::Assistant))?);
        Ok(ids)
    }
}

fn role_token(role: Role) -> &'static str {
    match role {
        Role::System => "<|system|>",
        Role::User => "<|user|>",
        Role::Assistant => "<|assistant|>",
    }
}

/// ChatGLM2's numbered rounds. It has no system role: such a turn stands in front of the first question.
fn rounds(turns: &[Turn]) -> String {
    let (mut text, mut round, mut preface) = (String::new(), 0, String::new());
    for turn in turns {
        match turn.role {
            Role::System => preface = format!("{}\n\n", turn.text),
            Role::User => {
                round += 1;
                text += &format!("[Round {round}]\n\n问：{preface}{}\n\n答：", turn.text);
                preface.clear();
            }
            Role::Assistant => text += &format!("{}\n\n", turn.text),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_numbered_and_end_where_the_model_speaks() {
        let turn = |role, text: &str| Turn { role, text: text.to_owned() };
        let turns = [turn(Role::User, "你好"), turn(Role::Assistant, "好"), turn(Role::User, "谢谢")];
        assert_eq!(rounds(&turns), "[Round 1]\n\n问：你好\n\n答：好\n\n[Round 2]\n\n问：谢谢\n\n答：");
    }
}
