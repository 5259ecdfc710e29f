//! Paths and manners: lines, arcs, waves, circles; size, speed and effort.

use signing::Dir;

use super::{parse::Parser, stream::Stream, symbols::Symbol};
use crate::sigml::{
    direction::between,
    sign::{Circle, Line, Simple, Sized, What},
};

/// What a size that follows is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SizeOf {
    Motion,
    Arc,
    Shape,
}

impl Parser {
    pub(super) fn line(&mut self, stream: &mut Stream<'_>, direction: Dir, simple: &mut Simple) -> What {
        let mut direction = direction;
        let mut path = Line::Straight;
        let mut of = SizeOf::Motion;
        loop {
            match stream.peek() {
                Some(Symbol::Between) => match stream.ahead(1) {
                    Some(&Symbol::Move(other)) => {
                        direction = between(direction, Some(other));
                        stream.advance();
                    }
                    _ => break,
                },
                Some(&Symbol::Arc { left, up }) => {
                    path = match path {
                        // Between two arcs.
                        Line::Arc { left: first, up: first_up, size } => {
                            Line::Arc { left: first + left, up: first_up + up, size }
                        }
                        _ => Line::Arc { left, up, size: None },
                    };
                    of = SizeOf::Arc;
                }
                Some(Symbol::Wavy) => {
                    path = Line::Wavy(None);
                    of = SizeOf::Shape;
                }
                Some(Symbol::ZigZag) => {
                    path = Line::ZigZag(None);
                    of = SizeOf::Shape;
                }
                Some(&Symbol::Ellipse { left, up }) => match &mut path {
                    Line::Wavy(across) | Line::ZigZag(across) => *across = Some([left, up]),
                    _ => break,
                },
                Some(symbol) if is_manner(symbol) => {
                    self.manner(stream, simple);
                    continue;
                }
                Some(symbol @ (Symbol::Small | Symbol::Large)) => {
                    let sized = size(symbol);
                    match (of, &mut path) {
                        (SizeOf::Arc, Line::Arc { size, .. }) => {
                            *size = sized;
                            let depth = if sized == Some(Sized::Small) { "shallow" } else { "deep" };
                            self.notes.push(format!("a {depth} arc"));
                        }
                        (SizeOf::Shape, _) => {
                            let breadth = if sized == Some(Sized::Small) { "small" } else { "large" };
                            self.notes.push(format!("{breadth} waves"));
                        }
                        _ => simple.size = sized,
                    }
                }
                _ => break,
            }
            stream.advance();
        }
        What::Travel { direction, path }
    }

    pub(super) fn circle(&mut self, stream: &mut Stream<'_>, axis: Dir, simple: &mut Simple) -> What {
        let mut circle = Circle { axis, start: None, end: None, full: 0, ellipse: None };
        loop {
            match stream.peek() {
                Some(Symbol::Between) => match stream.ahead(1) {
                    Some(&Symbol::Circle(other)) => {
                        circle.axis = between(circle.axis, Some(other));
                        stream.advance();
                    }
                    _ => break,
                },
                Some(&Symbol::Clock { left, up }) => {
                    if circle.start.is_none() {
                        circle.start = Some([left, up]);
                    } else {
                        circle.end = Some([left, up]);
                    }
                }
                Some(Symbol::ClockFull) => circle.full += 1,
                Some(&Symbol::Ellipse { left, up }) => circle.ellipse = Some([left, up]),
                Some(Symbol::Wavy | Symbol::ZigZag) => self.notes.push("the circle is wavy".to_owned()),
                Some(symbol @ (Symbol::Small | Symbol::Large)) => simple.size = size(symbol),
                Some(symbol) if is_manner(symbol) => {
                    self.manner(stream, simple);
                    continue;
                }
                _ => break,
            }
            stream.advance();
        }
        What::Circle(circle)
    }

    /// Size, speed and effort.
    pub(super) fn manner(&mut self, stream: &mut Stream<'_>, simple: &mut Simple) {
        while let Some(symbol) = stream.peek() {
            match symbol {
                Symbol::Small | Symbol::Large => simple.size = size(symbol),
                Symbol::Fast => simple.fast = true,
                Symbol::Slow => simple.slow = true,
                Symbol::Tense => simple.tense = true,
                Symbol::Rest => simple.rest = true,
                Symbol::Halt => simple.halt = true,
                _ => return,
            }
            stream.advance();
        }
    }
}

pub(super) const fn size(symbol: &Symbol) -> Option<Sized> {
    match symbol {
        Symbol::Small => Some(Sized::Small),
        Symbol::Large => Some(Sized::Large),
        _ => None,
    }
}

/// Speed and effort; a size may be of a path's form.
pub(super) const fn is_manner(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Fast | Symbol::Slow | Symbol::Tense | Symbol::Rest | Symbol::Halt)
}
