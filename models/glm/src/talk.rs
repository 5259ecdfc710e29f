use std::path::Path;

use inference::{Generation, GenerationOptions, Guide, ListForm, Pieces, StopReason, Tokenizer};

use crate::{ChatFormat, Checkpoint, Glm, GlmError, LoadOptions, Turn};

/// A checkpoint with its tokenizer and chat format: turns in, an answer out.
pub struct Talk {
    model: Glm,
    tokenizer: Tokenizer,
    format: ChatFormat,
    end_tokens: Vec<u32>,
    /// Made when an answer of a given form is first asked for.
    pieces: Option<Pieces>,
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
            pieces: None,
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
        self.generate(&prompt, None, options, watch)
    }

    /// The same, where nothing but a text of this form can be said: what else the model would say is not looked at.
    ///
    /// Errors: as for [`Talk::answer`]; the form has no text, or the vocabulary can't spell it.
    pub fn answer_within(
        &mut self,
        turns: &[Turn],
        form: &ListForm,
        options: GenerationOptions,
        watch: impl FnMut(&str),
    ) -> Result<Said, GlmError> {
        let prompt = self.format.prompt(&self.tokenizer, turns)?;
        self.generate(&prompt, Some(form), options, watch)
    }

    /// How the model goes on with a text that stands alone, without roles around it.
    ///
    /// Errors: as for [`Talk::answer`].
    pub fn go_on(&mut self, text: &str, options: GenerationOptions, watch: impl FnMut(&str)) -> Result<Said, GlmError> {
        let prompt = self.tokenizer.encode(text)?;
        self.generate(&prompt, None, options, watch)
    }

    fn generate(
        &mut self,
        prompt: &[u32],
        form: Option<&ListForm>,
        mut options: GenerationOptions,
        mut watch: impl FnMut(&str),
    ) -> Result<Said, GlmError> {
        options.end_tokens.extend(&self.end_tokens);
        let ends = options.end_tokens.clone();
        let mut guide = form.map(|form| {
            let pieces = self.pieces.get_or_insert_with(|| Pieces::of(&self.tokenizer));
            Guide::new(form, pieces, &ends)
        });
        let mut generation = Generation::new(&mut self.model, &self.tokenizer, prompt, options)?;
        let mut text = String::new();
        while let Some(piece) = generation.step_allowed(|so_far| guide.as_mut().map(|guide| guide.next(so_far)))? {
            watch(&piece);
            text += &piece;
        }
        Ok(Said { text, tokens: generation.ids().len(), stopped: generation.stopped() })
    }
}
