use std::collections::BTreeMap;

use super::Vocabulary;
use super::vocabulary::{GLOSS_END, UNKNOWN};

/// Which glosses may come out: a tree over their tokens, with the glosses at the leaves.
#[derive(Debug, Clone)]
pub struct AllowedGlosses {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    next: BTreeMap<u32, usize>,
    /// The gloss that ends here: the first of those that are spelled alike.
    gloss: Option<String>,
}

/// A place in a tree.
pub(crate) type Place = usize;

impl AllowedGlosses {
    /// The tree's root: where every gloss starts.
    pub(crate) const ROOT: Place = 0;

    /// A tree of these glosses. Characters that the vocabulary lacks all look alike to the network; a gloss made of
    /// nothing else is left out, since it could not be told from others.
    pub fn new<'a>(vocabulary: &Vocabulary, glosses: impl IntoIterator<Item = &'a str>) -> Self {
        let mut tree = Self { nodes: vec![Node::default()] };
        for gloss in glosses.into_iter().filter(|gloss| !gloss.is_empty()) {
            let ids = vocabulary.gloss(gloss);
            if ids.iter().all(|id| matches!(*id, UNKNOWN | GLOSS_END)) {
                continue;
            }
            let mut place = Self::ROOT;
            for id in ids {
                let fresh = tree.nodes.len();
                place = *tree.nodes[place].next.entry(id).or_insert(fresh);
                if place == fresh {
                    tree.nodes.push(Node::default());
                }
            }
            tree.nodes[place].gloss.get_or_insert_with(|| gloss.to_owned());
        }
        tree
    }

    /// What may come next at a place.
    pub(crate) fn next(&self, place: Place) -> impl Iterator<Item = u32> {
        self.nodes[place].next.keys().copied()
    }

    /// Where a token leads.
    pub(crate) fn follow(&self, place: Place, token: u32) -> Option<Place> {
        self.nodes[place].next.get(&token).copied()
    }

    /// The gloss that ends at a place.
    pub(crate) fn gloss(&self, place: Place) -> Option<&str> {
        self.nodes[place].gloss.as_deref()
    }

    /// Whether nothing is allowed.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }
}
