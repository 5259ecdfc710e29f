use std::path::Path;

use inference::{Generation, GenerationOptions, StopReason, Tokenizer};

use crate::{ChatFormat, Checkpoint, Glm, GlmError, LoadOptions, Turn};

/// A checkpoint with its tokenizer and chat format: turns in, an answer out.
pub struct Talk {
    model: Glm,
    tokenizer: Tokenizer,
    format: ChatFormat,
    end_tokens: Vec<u32>,
}

/// A text that was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text, without stop texts and special tokens.
    pub text: String,
    /// How many tokens came, the end token included.
    pub tokens: usize,
    /// Why it ended.
    pub stopped: Option<StopReason>,
}

impl Talk {
    /// Loads everything. `path` is as for [`Checkpoint::open`].
    ///
    /// Errors: whatever of the three is missing or does not fit.
    pub fn open(path: &Path, options: &LoadOptions) -> Result<Self, GlmError> {
        let checkpoint = Checkpoint::open(path)?;
        let tokenizer = checkpoint.tokenizer(options)?;
        Ok(Self {
            model: checkpoint.load(options)?,
            format: checkpoint.chat_format(&tokenizer),
            end_tokens: checkpoint.end_tokens(&tokenizer),
            tokenizer,
        })
    }

    /// How it is spoken to.
    pub fn format(&self) -> ChatFormat {
        self.format
    }

    /// What the model says after these turns. `watch` sees each piece of the text as it comes. The checkpoint's end
    /// tokens are added to those of the options.
    ///
    /// Errors: a conversation longer than the model's context, or an option out of range.
    pub fn answer(
        &mut self,
        turns: &[Turn],
        options: GenerationOptions,
        watch: impl FnMut(&str),
    ) -> Result<Said, GlmError> {
        let prompt = self.format.prompt(&self.tokenizer, turns)?;
        self.generate(&prompt, options, watch)
    }

    /// How the model goes on with a text that stands alone, without roles around it.
    ///
    /// Errors: as for [`Talk::answer`].
    pub fn go_on(&mut self, text: &str, options: GenerationOptions, watch: impl FnMut(&str)) -> Result<Said, GlmError> {
        let prompt = self.tokenizer.encode(text)?;
        self.generate(&prompt, options, watch)
    }

    fn generate(
        &mut self,
        prompt: &[u32],
        mut options: GenerationOptions,
        mut watch: impl FnMut(&str),
    ) -> Result<Said, GlmError> {
        options.end_tokens.extend(&self.end_tokens);
        let mut generation = Generation::new(&mut self.model, &self.tokenizer, prompt, options)?;
        let mut text = String::new();
        while let Some(piece) = generation.step()? {
            watch(&piece);
            text += &piece;
        }
        Ok(Said { text, tokens: generation.ids().len(), stopped: generation.stopped() })
    }
}
