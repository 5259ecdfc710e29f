//! What is said of a clause that could not be read.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    sync::LazyLock,
};

use super::{lex::Clause, token::Token, vocabulary::vocabulary};

/// A clause that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unparsed {
    /// The clause as it stands in the description.
    pub clause: String,
    /// Where it begins in the description, counted in characters from 0.
    pub start: usize,
    /// Where it ends (exclusive).
    pub end: usize,
    /// The word at which reading stopped: its half-open range in characters of the description.
    pub word: (usize, usize),
    /// What could have stood there.
    pub expected: String,
    /// The known word nearest to the one that was not understood; empty if none is near.
    pub nearest: String,
}

/// So much of a clause is shown.
const SHOWN: usize = 200;

impl fmt::Display for Unparsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, rest) =
            self.clause.split_at(self.clause.char_indices().nth(SHOWN).map_or(self.clause.len(), |c| c.0));
        write!(
            f,
            "characters {}–{}: cannot read “{start}{}”: expected {}",
            self.start + 1,
            self.end,
            if rest.is_empty() { "" } else { "…" },
            self.expected
        )?;
        if !self.nearest.is_empty() {
            write!(f, "; did you mean “{}”?", self.nearest)?;
        }
        Ok(())
    }
}

impl Unparsed {
    /// The description's line with the clause underlined, the word that stopped it in ^, and what was expected.
    pub fn render(&self, description: &str) -> String {
        let chars: Vec<char> = description.chars().collect();
        let line_start = chars[..self.start.min(chars.len())].iter().rposition(|&c| c == '\n').map_or(0, |at| at + 1);
        let line_end = chars.iter().skip(line_start).position(|&c| c == '\n').map_or(chars.len(), |n| line_start + n);
        // A long line is shown around the clause only.
        const AROUND: usize = 24;
        let from = line_start.max(self.start.saturating_sub(AROUND));
        let to = line_end.min(self.end + AROUND).min(from + AROUND + SHOWN);
        let shown: String = chars[from..to].iter().collect();
        let mut marks = String::new();
        for (at, &c) in chars.iter().enumerate().take(to).skip(from) {
            let mark = match at {
                at if (self.word.0..self.word.1).contains(&at) => '^',
                at if (self.start..self.end).contains(&at) => '~',
                _ => ' ',
            };
            marks.extend(std::iter::repeat_n(mark, columns(c)));
        }
        let mut text = format!("  {shown}\n  {}\n  expected {}", marks.trim_end(), self.expected);
        if !self.nearest.is_empty() {
            text.push_str(&format!("\n  did you mean “{}”?", self.nearest));
        }
        text
    }
}

/// How many columns of a terminal a character takes.
fn columns(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 2,
        '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}' => 2,
        '\u{200b}'..='\u{200f}' | '\u{0300}'..='\u{036f}' => 0,
        _ => 1,
    }
}

/// The report of `clause`, which stopped making sense at token `at`.
pub(crate) fn unparsed(clause: &Clause, tokens: &[Token], at: usize, expected: String) -> Unparsed {
    let (start, end) = clause.range();
    // Unknown characters in a row are one word to a reader.
    let unknown = |token: &Token| matches!(token.meanings[..], [super::words::Word::Unknown(_)]);
    let first = tokens.get(at);
    let mut last = at;
    while first.is_some_and(unknown) && tokens.get(last + 1).is_some_and(unknown) {
        last += 1;
    }
    let word = match (first, tokens.get(last)) {
        (Some(first), Some(last)) => (first.start, last.end),
        _ => (start, end),
    };
    let near = |from: usize, to: usize| tokens[from..=to].iter().map(|token| token.text.as_str()).collect::<String>();
    // A word that is known but stands in the wrong place is no slip of another.
    let nearest = first.filter(|first| unknown(first)).map_or_else(String::new, |_| {
        let wrong = near(at, last);
        // With a neighbour the word may be a slip of a longer one.
        let wider = near(at.saturating_sub(1), (last + 1).min(tokens.len() - 1));
        nearest_word(&wrong).or_else(|| nearest_word(&wider)).unwrap_or_default()
    });
    Unparsed { clause: clause.chars.iter().map(|&(c, _)| c).collect(), start, end, word, expected, nearest }
}

/// The vocabulary by length, for the nearest word.
static BY_LENGTH: LazyLock<BTreeMap<usize, Vec<Vec<char>>>> = LazyLock::new(|| {
    let mut by_length: BTreeMap<usize, Vec<Vec<char>>> = BTreeMap::new();
    // In the vocabulary's order, so that of equally near words those of hands come before those of the face.
    let mut seen = HashSet::new();
    for (word, _) in vocabulary() {
        if !seen.insert(word.clone()) {
            continue;
        }
        let chars: Vec<char> = word.chars().collect();
        by_length.entry(chars.len()).or_default().push(chars);
    }
    by_length
});

/// Longer words than this are compared with nothing.
const LONGEST_COMPARED: usize = 8;

/// The known word at the least edit distance from `wrong`, if it shares half of its characters.
fn nearest_word(wrong: &str) -> Option<String> {
    let wrong: Vec<char> = wrong.chars().collect();
    if wrong.is_empty() || wrong.len() > LONGEST_COMPARED {
        return None;
    }
    let shares = |word: &[char]| word.iter().any(|c| wrong.contains(c));
    let mut best: Option<(usize, &Vec<char>)> = None;
    for length in wrong.len().saturating_sub(1)..=wrong.len() + 1 {
        for word in BY_LENGTH.get(&length).into_iter().flatten().filter(|word| shares(word)) {
            let distance = distance(&wrong, word);
            if 2 * distance <= wrong.len().max(word.len()) && distance > 0 && best.is_none_or(|best| distance < best.0)
            {
                best = Some((distance, word));
            }
        }
    }
    best.map(|(_, word)| word.iter().collect())
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
