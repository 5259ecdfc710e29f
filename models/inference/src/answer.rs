//! Answers of a given form: which tokens may come next so that the text is a list of known words.
//!
//! The form is an automaton over bytes, so that it holds for every vocabulary, however that cuts words into tokens.

use std::{collections::HashMap, ops::Range};

use crate::Tokenizer;

/// The text of a list: what opens it, words, what stands between two of them, and what may close it.
#[derive(Debug, Clone)]
pub struct ListForm {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// Sorted by byte.
    edges: Vec<(u8, usize)>,
    /// A node whose edges are also this node's.
    also: Option<usize>,
    end: bool,
}

impl ListForm {
    const START: usize = 0;

    /// `opening`, at least one of `words` with `between` among them, then one of `closings`. Empty words are left out;
    /// without any word there is no text of this form.
    ///
    /// No word may contain the first byte of `between` or of a closing: it would not be known where the word ends.
    pub fn new<'a>(
        opening: &str,
        words: impl IntoIterator<Item = &'a str>,
        between: &str,
        closings: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut form = Self { nodes: vec![Node::default()] };
        let first = form.path(Self::START, opening.as_bytes());
        let behind = form.add();
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            let end = form.path(first, word.as_bytes());
            form.nodes[end].also = Some(behind);
        }
        if let Some((last, before)) = between.as_bytes().split_last() {
            let node = form.path(behind, before);
            form.link(node, *last, first);
        }
        for closing in closings {
            let end = form.path(behind, closing.as_bytes());
            form.nodes[end].end = true;
        }
        form
    }

    fn add(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    fn link(&mut self, from: usize, byte: u8, to: usize) {
        let edges = &mut self.nodes[from].edges;
        let at = edges.partition_point(|(other, _)| *other < byte);
        edges.insert(at, (byte, to));
    }

    /// The node at the end of `bytes`; what is missing on the way is made.
    fn path(&mut self, from: usize, bytes: &[u8]) -> usize {
        bytes.iter().fold(from, |node, byte| {
            let known = self.nodes[node].edges.iter().find(|(other, _)| other == byte).map(|(_, to)| *to);
            known.unwrap_or_else(|| {
                let to = self.add();
                self.link(node, *byte, to);
                to
            })
        })
    }

    fn edges(&self, node: usize) -> impl Iterator<Item = (u8, usize)> {
        let also = self.nodes[node].also.map(|also| self.nodes[also].edges.as_slice()).unwrap_or_default();
        self.nodes[node].edges.iter().chain(also).copied()
    }

    fn follow(&self, node: usize, bytes: &[u8]) -> Option<usize> {
        bytes.iter().try_fold(node, |node, byte| self.edges(node).find(|(other, _)| other == byte).map(|(_, to)| to))
    }
}

/// A vocabulary's tokens as the bytes they stand for, in their order.
#[derive(Debug, Clone)]
pub struct Pieces {
    sorted: Vec<(Vec<u8>, u32)>,
    /// Where an id stands in `sorted`.
    places: HashMap<u32, usize>,
}

impl Pieces {
    /// Every token of the vocabulary that stands for bytes.
    pub fn of(tokenizer: &Tokenizer) -> Self {
        Self::new(tokenizer.pieces())
    }

    fn new(mut sorted: Vec<(Vec<u8>, u32)>) -> Self {
        sorted.retain(|(bytes, _)| !bytes.is_empty());
        sorted.sort_unstable();
        let places = sorted.iter().enumerate().map(|(at, (_, id))| (*id, at)).collect();
        Self { sorted, places }
    }

    fn bytes(&self, id: u32) -> Option<&[u8]> {
        self.places.get(&id).map(|at| self.sorted[*at].0.as_slice())
    }

    /// The tokens whose bytes the form allows from `node` on. `range` are those that agree up to `depth`.
    fn allowed(&self, form: &ListForm, node: usize, range: Range<usize>, depth: usize, found: &mut Vec<u32>) {
        let tokens = &self.sorted[range.clone()];
        let whole = tokens.partition_point(|(bytes, _)| bytes.len() == depth);
        if depth > 0 {
            found.extend(tokens[..whole].iter().map(|(_, id)| *id));
        }
        for (byte, to) in form.edges(node) {
            let longer = &tokens[whole..];
            let from = longer.partition_point(|(bytes, _)| bytes[depth] < byte);
            let until = longer.partition_point(|(bytes, _)| bytes[depth] <= byte);
            if from < until {
                let first = range.start + whole;
                self.allowed(form, to, first + from..first + until, depth + 1, found);
            }
        }
    }
}

/// Follows an answer token by token.
#[derive(Debug)]
pub struct Guide<'a> {
    form: &'a ListForm,
    pieces: &'a Pieces,
    /// What ends the answer.
    ends: &'a [u32],
    /// Where the text has come to; none once it left the form.
    node: Option<usize>,
    read: usize,
}

impl<'a> Guide<'a> {
    /// At the start of an answer, which one of `ends` will end.
    pub fn new(form: &'a ListForm, pieces: &'a Pieces, ends: &'a [u32]) -> Self {
        Self { form, pieces, ends, node: Some(ListForm::START), read: 0 }
    }

    /// The tokens that may come next, after the answer so far. Empty where no text of this form goes on.
    pub fn next(&mut self, so_far: &[u32]) -> Vec<u32> {
        for id in so_far.get(self.read..).unwrap_or_default() {
            let bytes = self.pieces.bytes(*id);
            self.node = self.node.zip(bytes).and_then(|(node, bytes)| self.form.follow(node, bytes));
        }
        self.read = so_far.len();
        let Some(node) = self.node else { return Vec::new() };
        let mut found = Vec::new();
        self.pieces.allowed(self.form, node, 0..self.pieces.sorted.len(), 0, &mut found);
        if self.form.nodes[node].end {
            found.extend(self.ends);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    use super::*;

    const END: u32 = 1000;

    /// Single bytes, and longer pieces that cut characters and reach over words.
    fn pieces() -> Pieces {
        let mut sorted: Vec<(Vec<u8>, u32)> = (0..=255_u8).map(|byte| (vec![byte], u32::from(byte))).collect();
        let long: [&[u8]; 6] =
            ["雪".as_bytes(), &"雪".as_bytes()[..2], b"[\"", b"\", \"", "人\"".as_bytes(), "雪人\"]".as_bytes()];
        sorted.extend((256..).zip(long).map(|(id, bytes)| (bytes.to_vec(), id)));
        Pieces::new(sorted)
    }

    fn form() -> ListForm {
        ListForm::new("[\"", ["雪", "雪人", "大"], "\", \"", ["\"]", "\"] 问"])
    }

    #[test]
    fn whatever_is_drawn_is_a_list_of_the_words() {
        let (pieces, form) = (pieces(), form());
        let mut random = StdRng::seed_from_u64(5);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..2_000 {
            let mut guide = Guide::new(&form, &pieces, &[END]);
            let (mut ids, mut text) = (Vec::new(), Vec::new());
            loop {
                let allowed = guide.next(&ids);
                assert!(!allowed.is_empty(), "{:?}", String::from_utf8_lossy(&text));
                let id = allowed[random.random_range(0..allowed.len())];
                if id == END {
                    break;
                }
                text.extend(pieces.bytes(id).unwrap());
                ids.push(id);
            }
            let text = String::from_utf8(text).unwrap();
            let list = text.strip_suffix(" 问").unwrap_or(&text);
            let words: Vec<String> = serde_json::from_str(list).unwrap();
            assert!(
                !words.is_empty() && words.iter().all(|word| ["雪", "雪人", "大"].contains(&word.as_str())),
                "{text}"
            );
            seen.extend(words);
        }
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn what_leaves_the_form_has_no_next() {
        let (pieces, form) = (pieces(), form());
        let mut guide = Guide::new(&form, &pieces, &[END]);
        assert!(guide.next(&[u32::from(b'x')]).is_empty());
        let none = ListForm::new("[\"", [], ",", ["]"]);
        assert!(Guide::new(&none, &pieces, &[END]).next(&[258]).is_empty());
    }
}
