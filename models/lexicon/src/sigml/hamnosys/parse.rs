//! The order of a sign: operator, hands, place, motions; and brackets.

use signing::SignForm;

use super::{
    Token,
    stream::{Stream, any, halves},
    symbols::Symbol,
};
use crate::sigml::{
    direction::between,
    face,
    hand::{Base, Bend, ShapeSpec},
    report::UnparsedItem,
    sign::{Contact, Location, Palm, Posture, Relation, Sign, SignStep, SiteRef, Split, Target, Whose},
};

/// Brackets nest no deeper in any sign.
pub(super) const MAX_DEPTH: usize = 10;

/// Reads the tokens of one sign.
pub(super) struct Parser {
    pub(super) unparsed: Vec<UnparsedItem>,
    pub(super) notes: Vec<String>,
    /// Whether the step that is being read has two hands.
    pub(super) two_handed: bool,
    pub(super) alternating: bool,
    /// Increasing or decreasing, until the repetition that it is of.
    pub(super) grows: Option<bool>,
    /// The last base that a handshape had, for a change that names only thumb or bend.
    pub(super) base: Base,
    /// The last shape as it was told, for what is told of it later.
    pub(super) last: ShapeSpec,
    /// Where the step begins, for a repetition that has nothing else to repeat.
    pub(super) begins: Target,
}

impl Parser {
    pub(super) fn parse(tokens: Vec<Token>, sign: &mut Sign) {
        let mut parser = Self {
            unparsed: Vec::new(),
            notes: Vec::new(),
            two_handed: false,
            alternating: false,
            grows: None,
            base: Base::Flat,
            last: ShapeSpec::new(Base::Flat),
            begins: Target::default(),
        };
        let tokens = parser.signed(tokens);
        let mut stream = Stream::new(&tokens);
        while let Some(symbol) = stream.peek() {
            // Outside of brackets a plus joins the parts of a compound.
            if *symbol == Symbol::Plus {
                stream.advance();
                continue;
            }
            if sign.steps.len() == SignForm::MAX_STEPS {
                parser.reject(&mut stream, "begins one part more than a sign can have");
                break;
            }
            let before = stream.at;
            let step = parser.step(&mut stream, sign);
            if stream.at == before {
                parser.reject(&mut stream, "a symbol that has no place here");
                continue;
            }
            let says_something = !step.postures.both.is_empty()
                || !step.postures.dominant.is_empty()
                || !step.postures.weak.is_empty()
                || !step.location.is_empty()
                || !step.motion.is_empty();
            if says_something {
                sign.steps.push(step);
            }
        }
        sign.unparsed.append(&mut parser.unparsed);
        sign.unparsed.sort_by_key(|item| item.line);
        sign.notes.append(&mut parser.notes);
    }

    /// Notes that the token here was not understood, and goes on.
    pub(super) fn reject(&mut self, stream: &mut Stream<'_>, message: &str) {
        if let Some(token) = stream.tokens.get(stream.at) {
            self.unparsed.push(UnparsedItem {
                line: token.line,
                what: token.name.clone(),
                message: message.to_owned(),
            });
        }
        stream.advance();
    }

    fn reject_all(&mut self, tokens: &[Token], message: &str) {
        let mut stream = Stream::new(tokens);
        while stream.peek().is_some() {
            self.reject(&mut stream, message);
        }
    }

    /// What is signed: of alternatives `{a|b}` the first, without what is only for the reader.
    fn signed(&mut self, tokens: Vec<Token>) -> Vec<Token> {
        let mut kept = Vec::new();
        let mut skipping = false;
        for token in tokens {
            match token.symbol {
                Symbol::AltBegin | Symbol::AltEnd => skipping = false,
                Symbol::AltSeparator => {
                    if !skipping {
                        self.notes.push("of alternatives the first is signed".to_owned());
                    }
                    skipping = true;
                }
                _ if skipping => {}
                Symbol::Silent => {}
                Symbol::EtCetera => self.notes.push("and so on".to_owned()),
                Symbol::Mime => self.notes.push("mime".to_owned()),
                _ => kept.push(token),
            }
        }
        kept
    }

    fn step(&mut self, stream: &mut Stream<'_>, sign: &mut Sign) -> SignStep {
        let mut step = SignStep { relation: self.relation(stream), ..SignStep::default() };
        while self.body_part_moves(stream, sign) {}
        self.two_handed = step.relation.is_two_handed();
        self.configuration(stream, Whose::Both, &mut step, 0);
        if step.relation == Relation::Dominant && (!step.postures.weak.is_empty() || step.location.weak.is_some()) {
            step.relation = Relation::Apart;
        }
        self.two_handed = step.relation.is_two_handed();
        self.begins.clone_from(&step.location);
        step.motion = self.motions(stream, 0);
        step.alternating = std::mem::take(&mut self.alternating);
        self.grows = None;
        step
    }

    /// The symmetry operator with its modifiers.
    fn relation(&mut self, stream: &mut Stream<'_>) -> Relation {
        let mut relation = Relation::Dominant;
        loop {
            match stream.peek() {
                Some(Symbol::SymmetryMirror) => relation = Relation::Both([true, false, false]),
                Some(Symbol::SymmetryParallel) => relation = Relation::Both([false; 3]),
                Some(Symbol::NonDominant) if relation == Relation::Dominant => relation = Relation::Weak,
                Some(Symbol::Alternating) if relation.is_two_handed() => self.alternating = true,
                // The bar mirrors front and back as well, the long stroke top and bottom.
                Some(Symbol::Bend(Bend::BENT)) => match &mut relation {
                    Relation::Both(flip) => flip[2] = true,
                    _ => return relation,
                },
                Some(Symbol::Large) => match &mut relation {
                    Relation::Both(flip) => flip[1] = true,
                    _ => return relation,
                },
                Some(Symbol::NonIpsi) if relation.is_two_handed() => {
                    self.notes.push("the hands are crossed over to each other's side".to_owned());
                }
                _ => return relation,
            }
            stream.advance();
        }
    }

    /// A part of the body with a motion of its own, which stands before the hands (`hamhead
    /// hamnodding`). False if none begins here.
    fn body_part_moves(&mut self, stream: &mut Stream<'_>, sign: &mut Sign) -> bool {
        let Some(Symbol::Site(SiteRef::Body(site, _))) = stream.peek() else { return false };
        let marks = (1..).take_while(|&ahead| matches!(stream.ahead(ahead), Some(Symbol::At | Symbol::Beside))).count();
        let moves = stream.ahead(1 + marks).is_some_and(|next| next.is_motion() && *next != Symbol::Replace);
        let hands_follow = any(&stream.tokens[stream.at..], |symbol| matches!(symbol, Symbol::Shape(_)));
        if !moves || !hands_follow {
            return false;
        }
        let at = stream.at;
        stream.at += 1 + marks;
        let Some(simple) = self.one(stream) else {
            stream.at = at;
            return false;
        };
        let times = match stream.peek() {
            Some(Symbol::RepeatFromStart | Symbol::RepeatContinue | Symbol::RepeatReverse) => 2,
            Some(Symbol::RepeatFromStartSeveral | Symbol::RepeatContinueSeveral) => 3,
            _ => 1,
        };
        if times > 1 {
            stream.advance();
        }
        match face::body_part(*site, &simple.what, times) {
            Some(what) => sign.nonmanuals.push(signing::TimedNonManual::throughout(what)),
            None => self.reject(&mut Stream { tokens: stream.tokens, at }, "a motion of this part that has no form"),
        }
        true
    }

    /// Hands and places until the motions begin.
    fn configuration(&mut self, stream: &mut Stream<'_>, whose: Whose, step: &mut SignStep, depth: usize) {
        while let Some(symbol) = stream.peek() {
            match symbol {
                Symbol::Shape(_) | Symbol::ThreeFingers => {
                    if step.postures.slot(whose).shape.is_some() {
                        return;
                    }
                    let shape = self.shape(stream);
                    step.postures.slot(whose).shape = Some(shape);
                }
                Symbol::Fingers(_) | Symbol::Palm { .. } | Symbol::RelativeOrientation => {
                    let slot = step.postures.slot(whose);
                    self.orientation(stream, slot);
                }
                // A bend or thumb that comes late, after the place, is still of the shape.
                Symbol::Bend(_) | Symbol::Thumb(_) if step.postures.slot(whose).shape.is_some() => {
                    step.postures.slot(whose).shape = Some(self.amended_shape(stream));
                }
                symbol if symbol.is_location() => self.place(stream, whose, step),
                Symbol::ParBegin => {
                    let Some((inside, after)) = stream.group() else {
                        self.reject(stream, "is not closed: expected hamparend");
                        continue;
                    };
                    if any(inside, Symbol::is_motion) {
                        return;
                    }
                    if !any(inside, Symbol::is_posture) && halves(inside).is_some() {
                        self.place(stream, whose, step);
                        continue;
                    }
                    stream.at = after;
                    if depth >= MAX_DEPTH {
                        self.reject_all(inside, "brackets nested too deeply");
                        continue;
                    }
                    match halves(inside) {
                        Some((dominant, weak)) => {
                            self.inside(dominant, Whose::Dominant, step, depth);
                            self.inside(weak, Whose::Weak, step, depth);
                            if step.relation == Relation::Dominant {
                                step.relation = Relation::Apart;
                            }
                            self.two_handed = true;
                        }
                        None => self.inside(inside, whose, step, depth),
                    }
                }
                _ => return,
            }
        }
    }

    /// A bracket's part, which has to be read whole.
    fn inside(&mut self, tokens: &[Token], whose: Whose, step: &mut SignStep, depth: usize) {
        let mut stream = Stream::new(tokens);
        loop {
            self.configuration(&mut stream, whose, step, depth + 1);
            match stream.peek() {
                None => return,
                // The weak hand takes part, however it is held.
                Some(Symbol::NonDominant) if whose == Whose::Weak => {
                    self.notes.push("the weak hand is named without a posture".to_owned());
                    stream.advance();
                }
                Some(_) => self.reject(&mut stream, "expected handshape, orientation or location"),
            }
        }
    }

    /// Extended finger direction and palm, each possibly between two.
    pub(super) fn orientation(&mut self, stream: &mut Stream<'_>, posture: &mut Posture) {
        loop {
            match *match stream.peek() {
                Some(symbol) => symbol,
                None => return,
            } {
                Symbol::Fingers(direction) => {
                    stream.advance();
                    let mut second = None;
                    if let (Some(Symbol::Between), Some(&Symbol::Fingers(other))) = (stream.peek(), stream.ahead(1)) {
                        second = Some(other);
                        stream.at += 2;
                    }
                    posture.fingers = Some(between(direction, second));
                }
                Symbol::Palm { left, up } => {
                    stream.advance();
                    let mut palm = Palm::Symbol { left, up };
                    if let (Some(Symbol::Between), Some(&Symbol::Palm { left: left2, up: up2 })) =
                        (stream.peek(), stream.ahead(1))
                    {
                        palm = Palm::Symbol { left: left + left2, up: up + up2 };
                        stream.at += 2;
                    }
                    posture.palm = Some(palm);
                }
                Symbol::RelativeOrientation => {
                    self.notes.push("the orientation is kept relative to the path".to_owned());
                    stream.advance();
                }
                _ => return,
            }
        }
    }

    /// A new posture, of both hands or split, after `hamreplace` or by itself in a bracket.
    pub(super) fn posture(&mut self, stream: &mut Stream<'_>, postures: &mut Split<Posture>) {
        let mut shaped = false;
        while let Some(symbol) = stream.peek() {
            match symbol {
                Symbol::Shape(_) | Symbol::ThreeFingers if !shaped => {
                    shaped = true;
                    postures.both.shape = Some(self.shape(stream));
                }
                // The shape stays; its thumb or bend changes.
                Symbol::Thumb(_) | Symbol::Bend(_) if !shaped => {
                    shaped = true;
                    postures.both.shape = Some(self.changed_shape(stream));
                }
                Symbol::Fingers(_) | Symbol::Palm { .. } | Symbol::RelativeOrientation => {
                    self.orientation(stream, &mut postures.both);
                }
                Symbol::ParBegin => {
                    let Some((inside, after)) = stream.group() else { return };
                    let Some((dominant, weak)) = halves(inside) else { return };
                    if any(inside, |symbol| symbol.is_motion() && *symbol != Symbol::Still)
                        || !any(inside, Symbol::is_posture)
                        || any(inside, |symbol| *symbol == Symbol::ParBegin)
                    {
                        return;
                    }
                    stream.at = after;
                    for (tokens, whose) in [(dominant, Whose::Dominant), (weak, Whose::Weak)] {
                        self.half_posture(tokens, postures.slot(whose));
                    }
                    self.two_handed = true;
                }
                _ => return,
            }
        }
    }

    fn half_posture(&mut self, tokens: &[Token], posture: &mut Posture) {
        let mut stream = Stream::new(tokens);
        while let Some(symbol) = stream.peek() {
            match symbol {
                Symbol::Shape(_) | Symbol::ThreeFingers => posture.shape = Some(self.shape(&mut stream)),
                Symbol::Fingers(_) | Symbol::Palm { .. } | Symbol::RelativeOrientation => {
                    self.orientation(&mut stream, posture);
                }
                // The hand keeps what it has.
                Symbol::Still => stream.advance(),
                _ => self.reject(&mut stream, "expected handshape or orientation"),
            }
        }
    }

    fn place(&mut self, stream: &mut Stream<'_>, whose: Whose, step: &mut SignStep) {
        let two_handed = self.two_handed && whose == Whose::Both;
        let at = stream.at;
        let target = self.location(stream, two_handed);
        if stream.at == at {
            self.reject(stream, "a location that cannot be read");
            return;
        }
        let Target { both, dominant, weak, meeting } = target;
        let known = &mut step.location;
        let fits = match whose {
            Whose::Both => {
                let fits = [
                    merge(&mut known.both, both),
                    merge(&mut known.dominant, dominant),
                    merge(&mut known.weak, weak),
                    meeting.is_none() || known.meeting.is_none(),
                ];
                known.meeting = known.meeting.take().or(meeting);
                fits == [true; 4]
            }
            Whose::Dominant => merge(&mut known.dominant, both.or(dominant)),
            Whose::Weak => merge(&mut known.weak, both.or(weak)),
        };
        if !fits {
            self.reject(&mut Stream { tokens: stream.tokens, at }, "a second place: expected one");
        }
        if step.location.weak.is_some() || step.location.meeting.is_some() {
            self.two_handed = true;
        }
    }
}

/// What was said first stays; what is new is added. False if both name a place.
fn merge(known: &mut Option<Location>, new: Option<Location>) -> bool {
    match (known.as_mut(), new) {
        (_, None) => true,
        (None, new) => {
            *known = new;
            true
        }
        (Some(known), Some(new)) => {
            let fits = known.site.is_none() || new.site.is_none();
            known.site = known.site.take().or(new.site);
            known.second = known.second.take().or(new.second);
            known.part = known.part.take().or(new.part);
            if known.contact == Contact::None {
                known.contact = new.contact;
            }
            known.behind |= new.behind;
            fits
        }
    }
}
