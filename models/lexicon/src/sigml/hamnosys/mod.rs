//! HamNoSys 4: symbols, as elements or characters, to a sign.
//!
//! The order of a sign: symmetry operator, handshape, extended finger direction, palm, location,
//! motions. Two hands that differ stand in `hamparbegin … hamplus … hamparend`, the dominant one
//! first. What stands after the motions and begins with a handshape is the next step of the sign.

mod location;
mod motion;
mod parse;
mod path;
mod shape;
mod stream;
mod symbols;

use self::{
    parse::Parser,
    symbols::{Symbol, by_character, by_element as symbol_of},
};
use super::{
    face,
    report::{CompiledSign, UnparsedItem},
    sign::Sign,
    xml::Node,
};

/// Every symbol's name, without `ham`.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    symbols::names()
}

/// Whether an element of this name is a symbol.
#[cfg(test)]
pub(super) fn is_symbol(element: &str) -> bool {
    symbol_of(element).is_some()
}

/// A symbol where it stands.
#[derive(Debug, Clone)]
struct Token {
    symbol: Symbol,
    /// The element's name, for messages.
    name: String,
    line: usize,
}

/// Compiles a `hns_sign`, or a `hamnosys_sign` with its characters in `text`.
pub(super) fn compile(source: &str, node: &Node) -> CompiledSign {
    let mut sign = Sign::default();
    let mut tokens = Vec::new();
    for child in &node.children {
        match child.name.as_str() {
            "hamnosys_manual" | "hamnosys" | "text" => manual(child, &mut tokens, &mut sign),
            "hamnosys_nonmanual" | "sign_nonmanual" => face::walk(child, &mut sign),
            _ if face::is_nonmanual(&child.name) => face::element(child, &mut sign),
            _ => element(child, &mut tokens, &mut sign),
        }
    }
    characters(&node.text, node.line, &mut tokens, &mut sign);
    Parser::parse(tokens, &mut sign);
    let gloss = node.attribute("gloss").unwrap_or_default().to_owned();
    CompiledSign::assembled(source, node.line, gloss, &sign)
}

/// Compiles HamNoSys as Unicode text.
pub(super) fn compile_text(text: &str) -> CompiledSign {
    let mut sign = Sign::default();
    let mut tokens = Vec::new();
    for (index, line) in text.lines().enumerate() {
        characters(line, index + 1, &mut tokens, &mut sign);
    }
    Parser::parse(tokens, &mut sign);
    CompiledSign::assembled("", 1, String::new(), &sign)
}

fn manual(node: &Node, tokens: &mut Vec<Token>, sign: &mut Sign) {
    characters(&node.text, node.line, tokens, sign);
    for child in &node.children {
        if face::is_nonmanual(&child.name) {
            face::element(child, sign);
        } else {
            element(child, tokens, sign);
        }
    }
}

/// One element, and what stands inside it: files without empty-element tags nest by mistake.
fn element(node: &Node, tokens: &mut Vec<Token>, sign: &mut Sign) {
    sign.clauses += 1;
    match symbol_of(&node.name) {
        Some(symbol) => tokens.push(Token { symbol, name: node.name.clone(), line: node.line }),
        None => sign.unparsed.push(UnparsedItem {
            line: node.line,
            what: node.name.clone(),
            message: "not a symbol of HamNoSys 4".to_owned(),
        }),
    }
    characters(&node.text, node.line, tokens, sign);
    for child in &node.children {
        element(child, tokens, sign);
    }
}

fn characters(text: &str, line: usize, tokens: &mut Vec<Token>, sign: &mut Sign) {
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        sign.clauses += 1;
        match by_character(character) {
            Some((name, symbol)) => tokens.push(Token { symbol, name: format!("ham{name}"), line }),
            None => sign.unparsed.push(UnparsedItem {
                line,
                what: format!("{character} (U+{:04X})", u32::from(character)),
                message: "not a character of HamNoSys 4".to_owned(),
            }),
        }
    }
}
