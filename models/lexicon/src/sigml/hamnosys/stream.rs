//! Tokens one after the other, and brackets among them.

use super::{Token, symbols::Symbol};

/// Tokens and where the reading is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stream<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
}

impl<'a> Stream<'a> {
    pub(super) const fn new(tokens: &'a [Token]) -> Self {
        Self { tokens, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'a Symbol> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<&'a Symbol> {
        self.tokens.get(self.at + by).map(|token| &token.symbol)
    }

    pub(super) const fn advance(&mut self) {
        self.at += 1;
    }

    /// The inside of the bracket that opens here, and where it ends; `None` if it is not closed.
    pub(super) fn group(&self) -> Option<(&'a [Token], usize)> {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(self.at) {
            match token.symbol {
                Symbol::ParBegin | Symbol::SeqBegin | Symbol::FusionBegin => depth += 1,
                Symbol::ParEnd | Symbol::SeqEnd | Symbol::FusionEnd => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some((&self.tokens[self.at + 1..index], index + 1));
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// The parts for the dominant and the weak hand, if `hamplus` stands between them.
pub(super) fn halves(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.symbol {
            Symbol::ParBegin | Symbol::SeqBegin | Symbol::FusionBegin => depth += 1,
            Symbol::ParEnd | Symbol::SeqEnd | Symbol::FusionEnd => depth = depth.saturating_sub(1),
            Symbol::Plus if depth == 0 => return Some((&tokens[..index], &tokens[index + 1..])),
            _ => {}
        }
    }
    None
}

pub(super) fn any(tokens: &[Token], is: impl Fn(&Symbol) -> bool) -> bool {
    tokens.iter().any(|token| is(&token.symbol))
}
