//! `shouyu gloss`: the sign sentence of each line.

use std::{path::Path, process::ExitCode, sync::Arc, time::Duration};

use ::lexicon::Lexicon;
use anyhow::Context as _;
use endpoint::{Endpoint, EndpointConfig};
use signing::{Boundary, SignSentence};
use understanding::{Abuse, AbusePolicy, GlossLine, Leg, Pace, Proposer, Spelling, Understanding};

use crate::{
    args::{
        GlossArguments, SpellingArgument, TextArguments,
        meaning::{AbuseArgument, AbuseArguments, GlmArguments},
    },
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
    let mut understanding = Understanding::new(lexicon).with_spelling(match arguments.spelling {
        SpellingArgument::Initials => Spelling::Initials,
        SpellingArgument::Full => Spelling::Full,
    });
    if let Some(characters) = arguments.pace {
        let pace = Pace { characters_a_minute: f32::from(characters), signs_a_second: SIGNS_A_SECOND };
        understanding = understanding.with_pace(pace);
    }
    with_abuse(with_glm(understanding, &arguments.glm)?, &arguments.abuse)
}

/// What a viewer can follow.
const SIGNS_A_SECOND: f32 = 2.5;

/// The understanding with the data leg that the arguments ask for.
pub(crate) fn with_glm(understanding: Understanding, arguments: &GlmArguments) -> anyhow::Result<Understanding> {
    Ok(match proposer(arguments)? {
        Some(proposer) => understanding.with_proposer(proposer),
        None => understanding,
    })
}

/// The understanding under the policy for abusive words that the arguments ask for.
pub(crate) fn with_abuse(understanding: Understanding, arguments: &AbuseArguments) -> anyhow::Result<Understanding> {
    let policy = match arguments.abuse {
        None | Some(AbuseArgument::Pass) => AbusePolicy::Pass,
        Some(AbuseArgument::Mask) => AbusePolicy::Mask,
        Some(AbuseArgument::Refuse) => AbusePolicy::Refuse,
    };
    Ok(match &arguments.abuse_words {
        Some(path) => {
            let list = std::fs::read_to_string(path).with_context(|| format!("--abuse-words {}", path.display()))?;
            let abuse = Abuse::new(policy, &list);
            understanding.with_abuse(abuse.with_context(|| format!("--abuse-words {}", path.display()))?)
        }
        None => understanding.with_abuse(Abuse::new(policy, Abuse::WORDS)?),
    })
}

/// Who proposes sign sentences; nobody where the knowledge leg is asked for.
pub(crate) fn proposer(arguments: &GlmArguments) -> anyhow::Result<Option<Arc<dyn Proposer>>> {
    let glm = arguments.glm.as_str();
    if glm.starts_with("http://") || glm.starts_with("https://") {
        let model = arguments.glm_model.clone();
        let model = model.context("--glm with an address needs --glm-model, the model's name there")?;
        return Ok(Some(Arc::new(Endpoint::new(EndpointConfig {
            url: glm.to_owned(),
            key: std::env::var("SHOUYU_GLM_KEY").ok(),
            budget: Duration::from_millis(arguments.glm_budget),
            disable_thinking: glm.contains("bigmodel") || model.starts_with("glm-4"),
            model,
        })?)));
    }
    anyhow::ensure!(arguments.glm_model.is_none(), "--glm-model is for an address; --glm is “{glm}”");
    Ok(match glm {
        "knowledge" => None,
        "embedded" => Some(session::embedded_glm()?),
        path => {
            let path = Path::new(path);
            anyhow::ensure!(
                path.exists(),
                "--glm is “{glm}”, where nothing is; expected knowledge, embedded, a checkpoint's folder, a GGUF file, or \
                 https://host/v1"
            );
            Some(session::glm_at(path, Duration::from_millis(arguments.glm_budget))?)
        }
    })
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
    for report in &gloss.legs {
        let who = report.proposer.as_deref().unwrap_or("nobody");
        let reasons = report.reasons.join("; ");
        match report.leg {
            Leg::Proposal => say!("leg: proposed by {who}"),
            Leg::Repaired => say!("leg: proposed by {who}, repaired: {reasons}"),
            Leg::Knowledge => say!("leg: knowledge, not {who}: {reasons}"),
        }
    }
    for dropped in &gloss.dropped {
        say!("not signed: “{}” ({})", dropped.text.escape_debug(), dropped.reason);
    }
}
