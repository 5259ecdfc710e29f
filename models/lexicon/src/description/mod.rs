//! The description compiler: controlled Chinese in, [`SignForm`] out.
//!
//! Four passes, each over the whole description: `lex` (characters to clauses), `token` (characters
//! to words, by the vocabulary of `words` and `vocabulary`), `parse` (words to phrases: a clause is
//! read whole or not at all), `assemble` (phrases to steps: whose hand, since when, in what order).
//! Nothing is matched phrase by phrase: any known part combines with any other.
//!
//! Left and right are printed for a right-handed signer: 右手 is the dominant hand, 左手 the weak one.

use serde::Serialize;
use signing::{Handshape, SignForm};

mod assemble;
mod dir;
mod face;
mod handshape;
mod item;
mod letters;
mod lex;
mod message;
mod parse;
mod token;
mod trace;
mod vocabulary;
mod words;

pub use message::Unparsed;

/// How far a description was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every clause was read.
    Ok,
    /// Some clauses were not read; the form holds the others.
    Partial,
    /// There is no form.
    Error,
}

/// What a description compiles to.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// The form of what was understood; none if nothing was.
    pub form: Option<SignForm>,
    /// How far it was understood.
    pub status: Status,
    /// How many clauses the description has.
    pub clauses: usize,
    /// The clauses that could not be read, in order.
    pub unparsed: Vec<Unparsed>,
    /// What the description says besides the form: asides, meanings, comparisons. Also in the form.
    pub notes: Vec<String>,
    /// What is wrong with the description as a whole.
    problem: Option<String>,
}

impl Compiled {
    /// No form, for this reason.
    pub(crate) fn failed(problem: String) -> Self {
        Self { status: Status::Error, problem: Some(problem), ..Self::empty() }
    }

    pub(crate) const fn empty() -> Self {
        Self { form: None, status: Status::Ok, clauses: 0, unparsed: Vec::new(), notes: Vec::new(), problem: None }
    }

    /// What is wrong, one line a finding; empty if nothing is.
    pub fn message(&self) -> String {
        let clauses = self.unparsed.iter().map(ToString::to_string);
        clauses.chain(self.problem.clone()).collect::<Vec<_>>().join("\n")
    }
}

/// The hand that stands for 数字“N” in a description with a number slot.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberHand(Handshape);

impl NumberHand {
    /// The hand of a number from 0 to 10; `None` for what no single hand shows.
    pub fn of(n: u32) -> Option<Self> {
        letters::number(n).map(Self)
    }
}

/// The most characters of a clause that is read: the longest of real descriptions have some fifty.
const LONGEST_CLAUSE: usize = 1_000;

/// Compiles a description. Total: whatever the text, it never panics; what cannot be read is reported.
///
/// A number's hand (数字“N”) is left as a placeholder with one finger.
pub fn compile(description: &str) -> Compiled {
    compile_inner(description, None)
}

/// Compiles a description with a number's hand in its slot.
pub fn compile_with_number(description: &str, number: &NumberHand) -> Compiled {
    compile_inner(description, Some(&number.0))
}

/// Whether a description has a place for a number's hand.
pub(crate) fn has_number_placeholder(description: &str) -> bool {
    lex::lex(description)
        .clauses
        .iter()
        .any(|clause| clause.chars.windows(3).any(|three| (three[0].0, three[1].0, three[2].0) == ('“', 'N', '”')))
        && description.contains("数字")
}

fn compile_inner(description: &str, number: Option<&Handshape>) -> Compiled {
    let lexed = lex::lex(description);
    if lexed.clauses.is_empty() {
        return Compiled {
            notes: lexed.asides,
            ..Compiled::failed("the description is empty: expected clauses such as 一手直立，掌心向外。".to_owned())
        };
    }
    let original: Vec<char> = description.chars().collect();
    let mut assembler = assemble::Assembler::new(number);
    let mut unparsed = Vec::new();
    for clause in &lexed.clauses {
        assembler.open(clause.opens_step, clause.after_stop);
        let too_long = clause.chars.len() > LONGEST_CLAUSE;
        let tokens = if too_long { Vec::new() } else { token::tokens(clause) };
        let read = if too_long {
            let expected = format!("a clause of at most {LONGEST_CLAUSE} characters, then a comma");
            Err(message::unparsed(clause, &tokens, 0, expected))
        } else {
            parse::parse(&tokens)
                .map_err(|stuck| message::unparsed(clause, &tokens, stuck.at, stuck.expected.to_owned()))
                .and_then(|items| {
                    assembler
                        .check(&items)
                        .map_err(|expected| message::unparsed(clause, &tokens, 0, expected))
                        .map(|()| items)
                })
        };
        match read {
            Ok(items) => assembler.clause(&items),
            Err(mut error) => {
                assembler.skip(&tokens);
                // As it stands, not as it was normalised.
                error.clause = original[error.start..error.end].iter().collect();
                unparsed.push(error);
            }
        }
    }
    let (steps, mut notes) = assembler.finish();
    notes.extend(lexed.asides);
    let mut problem = lexed.unclosed.map(|at| format!("position {}: a bracket （ that nothing closes", at + 1));
    let mut form = (!steps.is_empty()).then(|| SignForm { steps, notes: notes.clone() });
    if let Some(Err(error)) = form.as_ref().map(SignForm::validate) {
        problem = Some(error.to_string());
        form = None;
    }
    if form.is_none() && problem.is_none() && unparsed.is_empty() {
        problem = Some("nothing in the description says how the sign is formed".to_owned());
    }
    let status = match &form {
        None => Status::Error,
        Some(_) if unparsed.is_empty() && problem.is_none() => Status::Ok,
        Some(_) => Status::Partial,
    };
    Compiled { form, status, clauses: lexed.clauses.len(), unparsed, notes, problem }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
