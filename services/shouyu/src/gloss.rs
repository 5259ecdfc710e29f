//! `shouyu gloss`: the sign sentence of each line.

use std::process::ExitCode;

use ::lexicon::Lexicon;
use anyhow::Context as _;
use signing::{Boundary, SignSentence};
use understanding::{GlossLine, Spelling, Understanding};

use crate::{
    args::{GlossArguments, SpellingArgument, TextArguments},
    input::read_text,
    output::{reader_is_gone, say},
};

pub(crate) fn run(arguments: &GlossArguments) -> anyhow::Result<ExitCode> {
    let text = read_text(&arguments.input)?;
    let understanding = understanding(&arguments.input)?;
    // An empty text is one empty line: programs count lines.
    for (index, line) in text.lines().chain(text.is_empty().then_some("")).enumerate() {
        if reader_is_gone() {
            break;
        }
        let gloss = understanding.gloss(line, &arguments.input.lang).with_context(|| format!("line {}", index + 1))?;
        if arguments.json {
            say!("{}", serde_json::to_string(&gloss)?);
        } else {
            say!("gloss: {}", gloss.line());
            print_ladder(&gloss);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The understanding that the arguments ask for. What is odd about its packs is said on standard error.
pub(crate) fn understanding(arguments: &TextArguments) -> anyhow::Result<Understanding> {
    let lexicon = Lexicon::core_with(&arguments.packs)?;
    for warning in lexicon.warnings() {
        eprintln!("warning: {warning}");
    }
    Ok(Understanding::new(lexicon).with_spelling(match arguments.spelling {
        SpellingArgument::Initials => Spelling::Initials,
        SpellingArgument::Full => Spelling::Full,
    }))
}

/// The gloss line of each sentence, then what [`print_ladder`] shows.
pub(crate) fn print_sentences(text: &str, sentences: &[SignSentence]) {
    for sentence in sentences {
        let mut line = String::new();
        for token in &sentence.tokens {
            line.push_str(&token.gloss);
            line.push_str(match token.boundary {
                Some(Boundary::Sentence) => " //",
                Some(Boundary::Phrase | Boundary::Clause) => " / ",
                None => " ",
            });
        }
        say!("gloss: {}", line.trim_end());
    }
    print_ladder(&GlossLine::new(text, sentences));
}

/// How many tokens came from each step of the ladder, and what is not signed.
fn print_ladder(gloss: &GlossLine) {
    let counts = &gloss.counts;
    say!(
        "tokens: {} (sign {}, synonym {}, parts {}, name {}, number {}, letters {}, pointing {})",
        counts.tokens(),
        counts.sign,
        counts.synonym,
        counts.parts,
        counts.name,
        counts.number,
        counts.letters,
        counts.pointing,
    );
    for dropped in &gloss.dropped {
        say!("not signed: “{}” ({})", dropped.text.escape_debug(), dropped.reason);
    }
}
