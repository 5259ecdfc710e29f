//! Motions: what moves, how, where to, and how often.

use signing::Dir;

use super::{
    Token,
    parse::{MAX_DEPTH, Parser},
    path::{is_manner, size},
    stream::{Stream, any, halves},
    symbols::Symbol,
};
use crate::sigml::sign::{Motion, RepeatKind, Simple, Sized, Target, What};

impl Parser {
    /// Motions until the stream ends, or outside of brackets until the next step begins.
    pub(super) fn motions(&mut self, stream: &mut Stream<'_>, depth: usize) -> Vec<Motion> {
        let mut list = Vec::new();
        let mut of_weak = false;
        while let Some(symbol) = stream.peek() {
            let before = list.len();
            match symbol {
                Symbol::Shape(_) | Symbol::ThreeFingers if depth == 0 && !list.is_empty() => break,
                Symbol::SymmetryMirror | Symbol::SymmetryParallel if depth == 0 => break,
                Symbol::Plus if depth == 0 => break,
                Symbol::Shape(_) | Symbol::ThreeFingers | Symbol::Fingers(_) | Symbol::Palm { .. } => {
                    let mut simple = Simple::default();
                    self.posture(stream, &mut simple.postures);
                    self.manner(stream, &mut simple);
                    list.push(Motion::Alone(Box::new(simple)));
                }
                Symbol::SeqBegin | Symbol::FusionBegin | Symbol::ParBegin => self.bracket(stream, depth, &mut list),
                Symbol::SeqEnd | Symbol::FusionEnd | Symbol::ParEnd => {
                    self.reject(stream, "closes a bracket that is not open");
                }
                Symbol::NonDominant => {
                    of_weak = true;
                    stream.advance();
                    continue;
                }
                symbol if is_location(symbol) => self.target_of_last(stream, &mut list),
                Symbol::Brushing => {
                    if let Some(simple) = list.last_mut().and_then(last_simple) {
                        simple.brushing = true;
                    } else {
                        list.push(Motion::Alone(Box::new(Simple { brushing: true, ..Simple::default() })));
                    }
                    stream.advance();
                }
                Symbol::RepeatFromStart
                | Symbol::RepeatFromStartSeveral
                | Symbol::RepeatContinue
                | Symbol::RepeatContinueSeveral
                | Symbol::RepeatReverse => self.repetition(stream, &mut list),
                Symbol::Alternating => {
                    self.alternating = true;
                    stream.advance();
                }
                Symbol::Increasing | Symbol::Decreasing => {
                    self.change_of_size(*symbol == Symbol::Increasing, &mut list);
                    stream.advance();
                }
                Symbol::Small
                | Symbol::Large
                | Symbol::Fast
                | Symbol::Slow
                | Symbol::Tense
                | Symbol::Rest
                | Symbol::Halt => {
                    let at = stream.at;
                    let mut said = Simple::default();
                    self.manner(stream, &mut said);
                    match list.last_mut() {
                        Some(motion) => give_manner(motion, &said),
                        None if said == (Simple { size: said.size, ..Simple::default() }) => {
                            stream.at = at;
                            self.reject(stream, "has no motion to belong to");
                        }
                        None => {
                            self.notes.push("the hands are held in a manner of their own".to_owned());
                            list.push(Motion::Alone(Box::new(Simple { what: What::Still, ..said })));
                        }
                    }
                }
                Symbol::RelativeOrientation => {
                    self.notes.push("the orientation is kept relative to the path".to_owned());
                    stream.advance();
                }
                Symbol::NonIpsi => {
                    self.notes.push("on the other side".to_owned());
                    stream.advance();
                }
                symbol if symbol.is_motion() => match self.one(stream) {
                    Some(simple) => list.push(Motion::Alone(Box::new(simple))),
                    None => self.reject(stream, "says nothing of what changes"),
                },
                _ => self.reject(stream, "has no motion to belong to"),
            }
            if of_weak && list.len() > before {
                of_weak = false;
                let weak = list.split_off(before);
                list.push(Motion::Weak(weak));
            }
        }
        if of_weak && depth == 0 {
            self.notes.push("the weak hand is named without a motion".to_owned());
        }
        list
    }

    fn bracket(&mut self, stream: &mut Stream<'_>, depth: usize, list: &mut Vec<Motion>) {
        let Some((inside, after)) = stream.group() else {
            self.reject(stream, "is not closed: expected its end");
            return;
        };
        if depth >= MAX_DEPTH {
            self.reject(stream, "brackets nested too deeply");
            stream.at = after;
            return;
        }
        let parallel = stream.peek() == Some(&Symbol::ParBegin);
        let moves = any(inside, Symbol::is_motion);
        if parallel && !moves && halves(inside).is_some() {
            if any(inside, Symbol::is_posture) {
                let mut simple = Simple::default();
                let at = stream.at;
                self.posture(stream, &mut simple.postures);
                if stream.at == at {
                    self.reject(stream, "expected handshapes or orientations");
                    return;
                }
                list.push(Motion::Alone(Box::new(simple)));
            } else {
                self.target_of_last(stream, list);
            }
            return;
        }
        stream.at = after;
        match (parallel, halves(inside)) {
            (true, Some((dominant, weak))) => {
                let dominant = self.half(dominant, depth);
                let weak = self.half(weak, depth);
                list.push(Motion::Split(dominant, weak));
            }
            (true, None) => list.push(Motion::Par(self.half(inside, depth))),
            (false, _) => {
                if let Some((first, second)) = halves(inside) {
                    // A plus inside a sequence joins its parts.
                    let mut parts = self.half(first, depth);
                    parts.extend(self.half(second, depth));
                    list.push(Motion::Seq(parts));
                } else {
                    list.push(Motion::Seq(self.half(inside, depth)));
                }
            }
        }
    }

    fn half(&mut self, tokens: &[Token], depth: usize) -> Vec<Motion> {
        self.motions(&mut Stream::new(tokens), depth + 1)
    }

    /// A location after a motion is where it ends; by itself it is where the hand goes.
    fn target_of_last(&mut self, stream: &mut Stream<'_>, list: &mut Vec<Motion>) {
        let at = stream.at;
        let target = self.location(stream, self.two_handed);
        if stream.at == at {
            self.reject(stream, "a location that cannot be read");
            return;
        }
        if target == Target::default() {
            return;
        }
        match list.last_mut().and_then(last_simple).filter(|simple| simple.target.is_empty()) {
            Some(simple) => simple.target = target,
            None => list.push(Motion::Alone(Box::new(Simple { target, ..Simple::default() }))),
        }
    }

    fn repetition(&mut self, stream: &mut Stream<'_>, list: &mut Vec<Motion>) {
        let at = stream.at;
        let mut times = 1;
        let mut kind = None;
        loop {
            let (this, more) = match stream.peek() {
                Some(Symbol::RepeatFromStart) => (RepeatKind::FromStart, 1),
                Some(Symbol::RepeatFromStartSeveral) => (RepeatKind::FromStart, 2),
                Some(Symbol::RepeatContinue) => (RepeatKind::Continue, 1),
                Some(Symbol::RepeatContinueSeveral) => (RepeatKind::Continue, 2),
                Some(Symbol::RepeatReverse) => (RepeatKind::Reverse, 1),
                _ => break,
            };
            // Back and forth, however often it is said to be repeated besides.
            kind = match (kind, this) {
                (Some(RepeatKind::Reverse), _) | (_, RepeatKind::Reverse) => Some(RepeatKind::Reverse),
                (None, this) => Some(this),
                (known, _) => known,
            };
            times += more;
            stream.advance();
        }
        let Some(kind) = kind else { return };
        match stream.peek() {
            Some(Symbol::Increasing) => {
                self.grows = Some(true);
                stream.advance();
            }
            Some(Symbol::Decreasing) => {
                self.grows = Some(false);
                stream.advance();
            }
            _ => {}
        }
        let shift = self.shift(stream);
        if list.is_empty() && !self.begins.is_empty() {
            // The hand goes to its place again and again.
            list.push(Motion::Alone(Box::new(Simple { target: self.begins.clone(), ..Simple::default() })));
        }
        if list.is_empty() {
            stream.at = at;
            self.reject(stream, "repeats nothing: expected a motion before it");
            return;
        }
        // A repetition is of the one motion, or the one bracket, before it.
        let Some(motion) = list.pop() else { return };
        let grows = self.grows.take();
        list.push(Motion::Repeat { kind, times, grows, shift, motion: Box::new(motion) });
    }

    /// A direction right after a repetition: so the place shifts from one to the next. What has a
    /// path of its own, or an end, is the next motion and no shift.
    fn shift(&mut self, stream: &mut Stream<'_>) -> Option<(Dir, Option<Sized>)> {
        let Some(&Symbol::Move(direction)) = stream.peek() else { return None };
        let at = stream.at;
        stream.advance();
        let mut sized = None;
        while let Some(symbol @ (Symbol::Small | Symbol::Large)) = stream.peek() {
            sized = size(symbol);
            stream.advance();
        }
        let goes_on = stream.peek().is_some_and(|symbol| {
            symbol.is_location()
                || is_manner(symbol)
                || matches!(
                    symbol,
                    Symbol::Between
                        | Symbol::Arc { .. }
                        | Symbol::Wavy
                        | Symbol::ZigZag
                        | Symbol::Ellipse { .. }
                        | Symbol::Brushing
                        | Symbol::RepeatFromStart
                        | Symbol::RepeatFromStartSeveral
                        | Symbol::RepeatContinue
                        | Symbol::RepeatContinueSeveral
                        | Symbol::RepeatReverse
                )
        });
        if goes_on {
            stream.at = at;
            return None;
        }
        Some((direction, sized))
    }

    fn change_of_size(&mut self, grows: bool, list: &mut [Motion]) {
        let word = if grows { "growing" } else { "shrinking" };
        match list.last_mut() {
            Some(Motion::Repeat { grows: known, .. }) => *known = Some(grows),
            Some(motion) => {
                if last_simple(motion).is_some_and(|simple| simple.postures.both.shape.is_some()) {
                    let towards = if grows { "little finger" } else { "thumb" };
                    self.notes.push(format!("finger after finger, towards the {towards}"));
                } else {
                    self.notes.push(format!("a {word} motion"));
                    self.grows = Some(grows);
                }
            }
            None => self.grows = Some(grows),
        }
    }

    /// One motion with its modifiers; `None` if nothing follows `hamreplace`.
    pub(super) fn one(&mut self, stream: &mut Stream<'_>) -> Option<Simple> {
        let mut simple = Simple::default();
        let at = stream.at;
        let symbol = stream.peek()?;
        stream.advance();
        simple.what = match *symbol {
            Symbol::Move(direction) => self.line(stream, direction, &mut simple),
            Symbol::MoveCross { slanted } => What::Cross { slanted },
            Symbol::Circle(axis) => self.circle(stream, axis, &mut simple),
            Symbol::FingerPlay => {
                let mut fingers = Vec::new();
                while let Some(&Symbol::Finger(finger)) = stream.peek() {
                    fingers.push(finger);
                    stream.advance();
                }
                What::Fingers(fingers)
            }
            Symbol::Nod => What::Nod,
            Symbol::Swing => What::Swing,
            Symbol::Twist => What::Twist,
            Symbol::Stir { clockwise } => What::Stir { clockwise },
            Symbol::Still => What::Still,
            Symbol::Replace => {
                // Fast, slow: before or after what is taken on.
                self.manner(stream, &mut simple);
                while let Some(symbol @ (Symbol::Increasing | Symbol::Decreasing)) = stream.peek() {
                    let towards = if *symbol == Symbol::Increasing { "little finger" } else { "thumb" };
                    self.notes.push(format!("finger after finger, towards the {towards}"));
                    stream.advance();
                }
                let begins = stream.at;
                self.posture(stream, &mut simple.postures);
                if stream.at == begins && !stream.peek().is_some_and(|next| is_location(next) || is_meeting(stream)) {
                    stream.at = at;
                    return None;
                }
                What::Change
            }
            _ => {
                stream.at = at;
                return None;
            }
        };
        self.manner(stream, &mut simple);
        Some(simple)
    }
}

const fn is_location(symbol: &Symbol) -> bool {
    symbol.is_location()
}

/// Whether a bracket of places for the two hands opens here.
fn is_meeting(stream: &Stream<'_>) -> bool {
    stream.peek() == Some(&Symbol::ParBegin)
        && stream.group().is_some_and(|(inside, _)| {
            any(inside, Symbol::is_location) && !any(inside, |symbol| symbol.is_motion() || symbol.is_posture())
        })
}

/// A manner after a motion is of the whole of it.
fn give_manner(motion: &mut Motion, said: &Simple) {
    match motion {
        Motion::Alone(simple) => {
            simple.size = said.size.or(simple.size);
            simple.fast |= said.fast;
            simple.slow |= said.slow;
            simple.tense |= said.tense;
            simple.halt |= said.halt;
            simple.rest |= said.rest;
        }
        Motion::Seq(parts) | Motion::Par(parts) | Motion::Weak(parts) => {
            parts.iter_mut().for_each(|part| give_manner(part, said));
        }
        Motion::Split(dominant, weak) => {
            dominant.iter_mut().chain(weak).for_each(|part| give_manner(part, said));
        }
        Motion::Repeat { motion, .. } => give_manner(motion, said),
    }
}

/// The motion that a target or a brush which follows belongs to.
fn last_simple(motion: &mut Motion) -> Option<&mut Simple> {
    match motion {
        Motion::Alone(simple) => Some(simple),
        Motion::Seq(parts) | Motion::Weak(parts) => parts.last_mut().and_then(last_simple),
        Motion::Par(parts) => {
            // The part that travels, if one does.
            let travels = parts.iter().position(
                |part| matches!(part, Motion::Alone(simple) if matches!(simple.what, What::Travel { .. } | What::Circle(_))),
            );
            let index = travels.or(parts.len().checked_sub(1))?;
            last_simple(parts.get_mut(index)?)
        }
        Motion::Repeat { motion, .. } => last_simple(motion),
        Motion::Split(..) => None,
    }
}
