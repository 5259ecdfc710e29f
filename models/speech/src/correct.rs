//! What was misheard: words that sound alike, chosen between by the dictionary, the vocabulary and the sound itself.
//!
//! A character that the network was sure of is never changed. What is proposed must sound like what was heard; the
//! network then says how probable it finds each proposal, and the best of all is taken.

use std::sync::Arc;

use text::{Segmenter, Syllable};

use crate::homophone::{Homophones, sound};

/// A character of at least this probability was heard for sure.
const SURE: f32 = 0.85;
/// Proposals that the network is asked about.
const PROPOSALS: usize = 5;
/// Open paths at each position.
const BEAM: usize = 12;
/// The longest word that is looked for.
const LONGEST: usize = 8;
/// Weight of the dictionary against the network.
const WORDS: f32 = 0.5;
/// What a unit of unlikeness costs before the network is asked.
const UNLIKE: f32 = 1.5;
/// What a word of the vocabulary is worth.
const VOCABULARY: f32 = 3.0;
/// A pack's word is at least as probable as this.
const PACK_WORD: f32 = -11.0;
/// By how much a proposal must beat what was heard.
const MARGIN: f32 = 0.7;

/// Says how well a text fits what is known beyond the sound: the larger, the better, as a natural logarithm.
pub trait Rescorer: Send + Sync {
    /// Of each text, in order.
    fn score(&self, texts: &[String]) -> Vec<f32>;
}

/// What listeners should expect to hear.
pub struct Vocabulary {
    segmenter: Segmenter,
    homophones: Homophones,
    words: Vec<(Vec<char>, Vec<Syllable>)>,
    rescorer: Option<Arc<dyn Rescorer>>,
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

impl Vocabulary {
    /// The dictionary with these words and names (Chinese ones of two characters and more count).
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words: Vec<&str> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        let segmenter = Segmenter::new(words.iter().map(|word| (*word, "n")));
        let homophones = Homophones::new(&segmenter);
        let words = words.into_iter().filter_map(|word| {
            let chars: Vec<char> = word.chars().map(text::simplify).collect();
            let sounds = text::syllables(&chars.iter().collect::<String>());
            let fits = (2..=LONGEST).contains(&chars.len()) && sounds.len() == chars.len();
            fits.then_some((chars, sounds))
        });
        Self { words: words.collect(), segmenter, homophones, rescorer: None }
    }

    /// With somebody who knows more.
    #[must_use]
    pub fn with_rescorer(mut self, rescorer: Arc<dyn Rescorer>) -> Self {
        self.rescorer = Some(rescorer);
        self
    }
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, in characters of the text as it is given out: `[start, end)`.
    pub range: (usize, usize),
    /// What had been heard there.
    pub heard: String,
}

/// A character as it was heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heard {
    pub char: char,
    pub probability: f32,
}

/// A way to read the whole.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub chars: Vec<char>,
    /// Dictionary and vocabulary; the network's opinion is added to it.
    pub words: f32,
    price: f32,
}

/// A word that may stand at a position.
struct Edge {
    chars: Vec<char>,
    words: f32,
    price: f32,
}

impl Vocabulary {
    /// What was heard, and up to five other readings of the same sounds. The first is what was heard.
    pub(crate) fn proposals(&self, heard: &[Heard]) -> Vec<Proposal> {
        let original: Vec<char> = heard.iter().map(|heard| heard.char).collect();
        let as_heard = Proposal { words: self.words_score(&original), chars: original.clone(), price: 0.0 };
        if heard.iter().all(|heard| heard.probability >= SURE || !text::is_han(heard.char)) {
            return vec![as_heard];
        }
        // A beam over positions: paths that end there, best first.
        let mut paths: Vec<Vec<Proposal>> = vec![Vec::new(); heard.len() + 1];
        paths[0].push(Proposal { chars: Vec::new(), words: 0.0, price: 0.0 });
        for at in 0..heard.len() {
            let mut here = std::mem::take(&mut paths[at]);
            prune(&mut here, BEAM);
            for edge in self.edges(heard, at) {
                for path in &here {
                    let mut chars = path.chars.clone();
                    chars.extend(&edge.chars);
                    let end = chars.len();
                    paths[end].push(Proposal { chars, words: path.words + edge.words, price: path.price + edge.price });
                }
            }
        }
        let mut found = std::mem::take(&mut paths[heard.len()]);
        found.retain(|path| path.chars != original);
        prune(&mut found, PROPOSALS);
        let mut proposals = vec![as_heard];
        proposals.extend(found);
        proposals
    }

    /// The best proposal, given how probable the network finds each.
    pub(crate) fn choose(&self, proposals: &[Proposal], network: &[f32]) -> usize {
        let texts: Vec<String> = proposals.iter().map(|proposal| proposal.chars.iter().collect()).collect();
        let further = self.rescorer.as_ref().map_or_else(Vec::new, |rescorer| rescorer.score(&texts));
        let score = |n: usize| {
            network[n] + WORDS * proposals[n].words + further.get(n).copied().unwrap_or(0.0)
                - if n == 0 { 0.0 } else { MARGIN }
        };
        (1..proposals.len()).fold(0, |best, n| if score(n) > score(best) { n } else { best })
    }

    /// The dictionary's opinion of a text as it stands.
    fn words_score(&self, chars: &[char]) -> f32 {
        self.segmenter
            .cut_known(chars)
            .iter()
            .filter(|word| word.text.chars().all(text::is_han))
            .map(|word| self.word_score(&word.text))
            .sum()
    }

    fn word_score(&self, word: &str) -> f32 {
        let chars = word.chars().count();
        let probability = self.segmenter.log_probability(word);
        if chars > 1 && self.words.iter().any(|(known, _)| known.iter().copied().eq(word.chars())) {
            probability.max(PACK_WORD) + VOCABULARY
        } else {
            probability
        }
    }

    /// The words that may begin at `at`.
    fn edges(&self, heard: &[Heard], at: usize) -> Vec<Edge> {
        let mut edges = Vec::new();
        let first = heard[at].char;
        if !text::is_han(first) {
            return vec![Edge { chars: vec![first], words: 0.0, price: 0.0 }];
        }
        let window =
            |len: usize| heard.get(at..at + len).filter(|window| window.iter().all(|heard| text::is_han(heard.char)));
        for len in 1..=LONGEST {
            let Some(window) = window(len) else { break };
            let word: String = window.iter().map(|heard| heard.char).collect();
            if len == 1 || self.segmenter.knows(&word) {
                edges.push(Edge { chars: word.chars().collect(), words: self.word_score(&word), price: 0.0 });
            }
            if len <= 4 {
                self.dictionary(window, &mut edges);
            }
            self.vocabulary(window, &mut edges);
        }
        edges
    }

    /// Words of the dictionary that sound like the window and keep what was sure.
    fn dictionary(&self, window: &[Heard], edges: &mut Vec<Edge>) {
        let open: Vec<usize> = (0..window.len()).filter(|&n| window[n].probability < SURE).collect();
        let most = match (open.len(), window.len()) {
            (0, _) | (4.., _) => return,
            (1, 1) => 12,
            (1, _) => 200,
            (2, _) => 50,
            _ => 14,
        };
        let choices: Vec<Vec<(char, f32)>> = open
            .iter()
            .map(|&n| {
                let alike = self.homophones.of(window[n].char, most);
                let same = (window.len() > 1).then_some((window[n].char, 0.0));
                same.into_iter().chain(alike.into_iter().map(|alike| (alike.char, alike.price))).collect()
            })
            .collect();
        let mut index = vec![0; open.len()];
        if choices.iter().any(Vec::is_empty) {
            return;
        }
        loop {
            let mut chars: Vec<char> = window.iter().map(|heard| heard.char).collect();
            let mut price = 0.0;
            for (n, &at) in open.iter().enumerate() {
                let (char, cost) = choices[n][index[n]];
                chars[at] = char;
                price += cost;
            }
            let word: String = chars.iter().collect();
            let is_new = chars.iter().zip(window).any(|(char, heard)| *char != heard.char);
            if is_new && (chars.len() == 1 || self.segmenter.knows(&word)) {
                edges.push(Edge { words: self.word_score(&word), chars, price });
            }
            // The next combination.
            let Some(n) = (0..index.len()).find(|&n| index[n] + 1 < choices[n].len()) else { break };
            index[n] += 1;
            index[..n].fill(0);
        }
    }

    /// The same of the vocabulary, however long.
    fn vocabulary(&self, window: &[Heard], edges: &mut Vec<Edge>) {
        let sounds: Vec<Option<Syllable>> = window.iter().map(|heard| sound(heard.char)).collect();
        for (chars, syllables) in self.words.iter().filter(|(chars, _)| chars.len() == window.len()) {
            let mut price = 0.0;
            let fits = (0..chars.len()).all(|n| {
                if chars[n] == window[n].char {
                    return true;
                }
                let alike = sounds[n].as_ref().and_then(|heard| Homophones::price(heard, &syllables[n]));
                price += alike.unwrap_or(0.0);
                alike.is_some() && window[n].probability < SURE
            });
            if fits && (price > 0.0 || chars.iter().zip(window).any(|(char, heard)| *char != heard.char)) {
                let word: String = chars.iter().collect();
                edges.push(Edge { words: self.word_score(&word), chars: chars.clone(), price });
            }
        }
    }
}

/// Keeps the best `most` of the different ones.
fn prune(paths: &mut Vec<Proposal>, most: usize) {
    let score = |path: &Proposal| path.words * WORDS - path.price * UNLIKE;
    paths.sort_by(|a, b| score(b).total_cmp(&score(a)).then_with(|| a.chars.cmp(&b.chars)));
    let mut kept: Vec<Proposal> = Vec::new();
    for path in paths.drain(..) {
        if kept.len() == most {
            break;
        }
        if !kept.iter().any(|other| other.chars == path.chars) {
            kept.push(path);
        }
    }
    *paths = kept;
}

/// Where `chars` differs from what was heard: neighbouring characters are one change.
pub(crate) fn changes(heard: &[Heard], chars: &[char]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for (at, (heard, &char)) in heard.iter().zip(chars).enumerate() {
        if heard.char == char {
            continue;
        }
        match changes.last_mut() {
            Some(last) if last.range.1 == at => {
                last.range.1 = at + 1;
                last.heard.push(heard.char);
            }
            _ => changes.push(Change { range: (at, at + 1), heard: heard.char.to_string() }),
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str, unsure: &str) -> Vec<Heard> {
        text.chars().map(|char| Heard { char, probability: if unsure.contains(char) { 0.3 } else { 0.95 } }).collect()
    }

    fn texts(vocabulary: &Vocabulary, text: &str, unsure: &str) -> Vec<String> {
        vocabulary.proposals(&heard(text, unsure)).iter().map(|proposal| proposal.chars.iter().collect()).collect()
    }

    #[test]
    fn words_of_the_vocabulary_are_proposed_where_the_sound_allows() {
        let vocabulary = Vocabulary::new(["冰壶"]);
        assert_eq!(texts(&vocabulary, "彬虎比赛", "彬虎")[..2], ["彬虎比赛", "冰壶比赛"]);
    }

    #[test]
    fn what_was_sure_stays() {
        let vocabulary = Vocabulary::new(["冰壶"]);
        for text in texts(&vocabulary, "彬虎比赛", "彬") {
            assert!(text.ends_with("虎比赛"), "{text}");
        }
        assert_eq!(texts(&vocabulary, "彬虎比赛", ""), ["彬虎比赛"]);
    }

    #[test]
    fn the_network_has_the_last_word_and_changes_are_marked() {
        let vocabulary = Vocabulary::new(["冰壶"]);
        let heard = heard("彬虎比赛", "彬虎");
        let proposals = vocabulary.proposals(&heard);
        let network =
            |others: f32| -> Vec<f32> { (0..proposals.len()).map(|n| if n == 0 { 0.0 } else { others }).collect() };
        assert_eq!(vocabulary.choose(&proposals, &network(0.0)), 1);
        assert_eq!(vocabulary.choose(&proposals, &network(-60.0)), 0);
        let found = changes(&heard, &proposals[1].chars);
        assert_eq!(found, [Change { range: (0, 2), heard: "彬虎".to_owned() }]);
    }
}
