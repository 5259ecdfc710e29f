//! Handshapes: base, thumb, bend, and what is said of single fingers.

use signing::{Finger, Handshape};

use super::{parse::Parser, stream::Stream, symbols::Symbol};
use crate::sigml::hand::{Base, Crossing, Opening, ShapeSpec, Thumb, ThumbSpecial, halfway};

impl Parser {
    /// The handshape that begins here, possibly between two.
    pub(super) fn shape(&mut self, stream: &mut Stream<'_>) -> Handshape {
        let first = self.one_shape(stream);
        if let (Some(Symbol::Between), Some(Symbol::Shape(_))) = (stream.peek(), stream.ahead(1)) {
            stream.advance();
            let second = self.one_shape(stream);
            return halfway(&first, &second);
        }
        first
    }

    fn one_shape(&mut self, stream: &mut Stream<'_>) -> Handshape {
        let mut spec = match stream.peek() {
            Some(&Symbol::Shape(base)) => ShapeSpec::new(base),
            _ => {
                let mut spec = ShapeSpec::new(Base::Finger23);
                spec.fingers = vec![Finger::Index, Finger::Middle, Finger::Ring];
                spec
            }
        };
        stream.advance();
        self.base = spec.base;
        self.details(stream, &mut spec);
        self.last = spec.clone();
        spec.handshape()
    }

    /// The last shape and what is told of it after its place.
    pub(super) fn amended_shape(&mut self, stream: &mut Stream<'_>) -> Handshape {
        let mut spec = self.last.clone();
        self.details(stream, &mut spec);
        spec.handshape()
    }

    /// The last shape with another thumb or bend.
    pub(super) fn changed_shape(&mut self, stream: &mut Stream<'_>) -> Handshape {
        let mut spec = ShapeSpec::new(self.base);
        self.details(stream, &mut spec);
        spec.handshape()
    }

    /// What follows the base.
    fn details(&mut self, stream: &mut Stream<'_>, spec: &mut ShapeSpec) {
        let base = spec.base;
        while let Some(symbol) = stream.peek() {
            match *symbol {
                Symbol::Thumb(thumb) => match (base, thumb) {
                    (Base::Cee12 | Base::CeeAll | Base::Cee12Open, Thumb::Across) => {
                        spec.opening = Some(Opening::Tight);
                    }
                    (Base::Cee12 | Base::CeeAll | Base::Cee12Open, Thumb::Opposed) => {
                        spec.opening = Some(Opening::Slack);
                    }
                    _ => spec.thumb = Some(thumb),
                },
                Symbol::Bend(bend) => {
                    if spec.bend.is_none() && spec.fingers.is_empty() && spec.finger_bends.is_empty() {
                        spec.bend = Some(bend);
                    } else {
                        // A second bend without a finger of its own is the index finger's.
                        spec.finger_bends.push((Finger::Index, bend));
                    }
                }
                Symbol::Finger(finger) => {
                    if let (Some(&Symbol::FingerPart(part)), Some(&Symbol::Finger(other))) =
                        (stream.ahead(1), stream.ahead(2))
                    {
                        spec.crossings.push(Crossing { finger, part, other });
                        stream.at += 2;
                    } else if let Some(&Symbol::Bend(bend)) = stream.ahead(1) {
                        spec.finger_bends.push((finger, bend));
                        stream.at += 1;
                    } else {
                        spec.fingers.push(finger);
                    }
                }
                // Which part of the fingers the thumb meets.
                Symbol::FingerPart(part) => {
                    let other = spec.fingers.last().copied().unwrap_or(Finger::Index);
                    spec.crossings.push(Crossing { finger: Finger::Thumb, part, other });
                }
                Symbol::Small => spec.opening = Some(Opening::Tight),
                Symbol::Large => spec.opening = Some(Opening::Slack),
                Symbol::Between => match (stream.ahead(1), spec.fingers.last().copied()) {
                    (Some(Symbol::Shape(_)), _) => break,
                    (Some(Symbol::Finger(_)), Some(finger)) => {
                        spec.special = Some(ThumbSpecial::Between(finger));
                        spec.fingers.pop();
                        stream.advance();
                    }
                    _ => spec.special = Some(ThumbSpecial::Enclosed),
                },
                _ => break,
            }
            stream.advance();
        }
        if base == Base::Fist
            && spec.special.is_none()
            && let &[one, two] = spec.fingers.as_slice()
            && one != Finger::Thumb
            && two.index() == one.index() + 1
        {
            // Two neighbours named of a fist: the thumb stands between them.
            spec.special = Some(ThumbSpecial::Between(one));
            spec.fingers.clear();
        }
    }
}
