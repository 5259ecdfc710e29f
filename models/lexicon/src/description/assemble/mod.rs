//! Phrases to steps: whose hand, since when, in what order.
//!
//! A hand's phrases describe how it begins until it has moved; from then on, and after 然后, 再 or
//! 边, they are changes. 一手, 双手, 左手 and 右手 hold for the following clauses until another is named.

use signing::{Action, Hand, Handshape, Manner, MovementKind, NonManual, SignForm, Step, TimedNonManual};

use super::{
    item::{Act, Figure, Item, ShapePhrase, SiteOf, Topic},
    letters,
    token::Token,
    trace,
    words::{Adverb, FingerSet, Link, Verb, Who, Word},
};
use state::{HandState, Node, StepState, Subject};

mod act;
mod between;
mod contact;
mod draw;
mod figure;
mod lower;
mod place;
mod relation;
mod shape;
mod state;
mod turn;

/// 重复一次 within 重复一次: no description nests more.
const MAX_REPEATS: usize = 6;

/// Reads phrases, clause by clause.
#[derive(Debug)]
pub(super) struct Assembler<'a> {
    number: Option<&'a Handshape>,
    steps: Vec<Step>,
    notes: Vec<String>,
    step: StepState,
    /// The hands at the end of the step before.
    before: [HandState; 2],
    subject: Option<Subject>,
    clause: ClauseState,
}

/// What holds within a clause only.
#[derive(Debug, Default)]
struct ClauseState {
    /// 然后, 再, 边, 变为: what follows is a change.
    changing: bool,
    /// 同时 opened the clause: what follows joins the last action.
    meanwhile: bool,
    topic: Topic,
    /// Adverbs that wait for their movement.
    adverbs: Vec<Adverb>,
}

/// Where the actions of a phrase go.
type Actions = Vec<Node>;

impl<'a> Assembler<'a> {
    pub(super) fn new(number: Option<&'a Handshape>) -> Self {
        Self {
            number,
            steps: Vec::new(),
            notes: Vec::new(),
            step: StepState::default(),
            before: Default::default(),
            subject: None,
            clause: ClauseState::default(),
        }
    }

    /// A clause begins. A semicolon or full stop ends what 边 had begun.
    pub(super) fn open(&mut self, opens_step: bool, after_stop: bool) {
        if opens_step {
            self.end_step();
        }
        if after_stop {
            self.step.at_once = false;
        }
        self.clause = ClauseState::default();
    }

    /// A clause that could not be read: whom it speaks of still holds for the next.
    pub(super) fn skip(&mut self, tokens: &[Token]) {
        let who = tokens.first().and_then(|token| {
            token.meanings.iter().find_map(|word| if let Word::Who(who) = word { Some(*who) } else { None })
        });
        if let Some(who) = who {
            self.who(who);
        }
    }

    pub(super) fn finish(mut self) -> (Vec<Step>, Vec<String>) {
        self.end_step();
        (self.steps, self.notes)
    }

    fn end_step(&mut self) {
        // 模仿…的动作 is the movement of a step that tells of no other.
        if let Some(mime) = self.step.mime.take().filter(|_| self.step.actions.is_empty()) {
            let mut actions = Actions::new();
            self.clause = ClauseState::default();
            self.act(&mime, &mut actions);
            self.put(actions);
        }
        let mut state = std::mem::take(&mut self.step);
        // 双手手背相贴: what is said of both is all there is to say.
        if !(state.as_pair && state.hands.iter().any(HandState::is_told)) {
            for (hand, before) in state.hands.iter_mut().zip(&self.before) {
                hand.carry_on(before);
            }
        }
        self.before = state.hands.clone();
        // One more than allowed is enough to be refused.
        if self.steps.len() <= SignForm::MAX_STEPS {
            self.steps.extend(lower::step(state));
        }
    }

    /// Whether every part of the clause can be put into a form. The error says what was expected.
    pub(super) fn check(&self, items: &[Item]) -> Result<(), String> {
        let (mut subject, mut moves) = (self.subject, false);
        for item in items {
            match item {
                Item::Who(who) => subject = Some(self.spoken_of(*who, subject)),
                Item::Shape(shape) => {
                    subject = shape.who.map(|who| self.spoken_of(who, subject)).or(subject);
                    // 移动成“S”形: the way.
                    let of_a_way = moves && shape.bare_figure().is_some_and(|glyph| trace::strokes(glyph).is_some());
                    if !of_a_way {
                        self.check_shape(shape, subject)?;
                    }
                }
                Item::Act(act) => {
                    moves = true;
                    check_count(act.times)?;
                    if act.turns.is_some_and(|turns| !(0.05..=20.0).contains(&turns)) {
                        return Err("at most 20 turns".to_owned());
                    }
                    if let Some(Figure::Glyph(glyph)) = &act.figure
                        && trace::strokes(glyph).is_none()
                    {
                        return Err(format!("a figure that can be drawn; the strokes of “{glyph}” are not known"));
                    }
                }
                Item::Again(times) => {
                    check_count(Some(times.saturating_add(1)))?;
                    let done = items.iter().any(|item| matches!(item, Item::Act(_) | Item::Shape(_) | Item::Face(_)));
                    if !done && self.step.actions.is_empty() && self.step.nonmanuals.is_empty() {
                        return Err("a movement before it that can be repeated".to_owned());
                    }
                    if self.step.actions.iter().map(Node::depth).max().unwrap_or(0) > MAX_REPEATS {
                        return Err("fewer repetitions of repetitions".to_owned());
                    }
                }
                Item::Face(what) => {
                    for one in what {
                        check_count(match one {
                            NonManual::Head(head) => Some(head.times),
                            NonManual::Body(body) => Some(body.times),
                            _ => None,
                        })?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_shape(&self, shape: &ShapePhrase, subject: Option<Subject>) -> Result<(), String> {
        check_count(shape.times)?;
        if let Some(letter) = &shape.letter
            && letters::letter(letter).is_none()
            && letters::number_named(letter).is_none()
        {
            return Err(format!("a manual letter (A to Z, ZH, CH, SH, NG) in place of “{letter}”"));
        }
        if let Some(number) = &shape.number
            && !is_placeholder(number)
            && letters::number_named(number).and_then(letters::number).is_none()
        {
            return Err(format!("a number from 0 to 10, or N, in place of “{number}”"));
        }
        if let Some((_, Figure::Glyph(glyph))) = &shape.figure {
            let mut hand = super::handshape::flat();
            let for_one = super::handshape::glyph(&mut hand, FingerSet::ALL, glyph);
            let subject = subject.unwrap_or(Subject::One(Hand::Dominant));
            let [dominant, weak] = self.figure_fingers(subject, shape);
            if !for_one && !figure::is_known_for_two(glyph, dominant, weak) {
                return Err(format!("a figure that these fingers can form; how they form “{glyph}” is not known"));
            }
        }
        Ok(())
    }

    /// Takes in a clause that was read.
    pub(super) fn clause(&mut self, items: &[Item]) {
        match items {
            [Item::Note(note)] => {
                self.notes.push(note.clone());
                return;
            }
            [Item::Note(note), Item::Mime(act)] => {
                self.notes.push(note.clone());
                self.step.mime = Some((**act).clone());
                return;
            }
            _ => {}
        }
        // 边…边…: what stands between is done at once.
        let groups = at_once_groups(items);
        match groups {
            None => {
                self.step.at_once = false;
                let actions = self.items(items);
                self.put(actions);
            }
            Some((before, groups, after)) => {
                // 五指边移边张开: only whose movement it is.
                let opens = before.iter().all(|item| matches!(item, Item::Topic(_)));
                let goes_on = self.step.at_once && opens;
                if !before.is_empty() {
                    let actions = self.items(before);
                    self.put(actions);
                }
                self.clause.changing = true;
                let mut parts: Vec<Node> = Vec::new();
                // 由下向上移动，边移动边收拢: the movement that was told just before.
                let told_before = groups.len() > 1 && opens && self.step.actions.last().is_some_and(Node::is_free);
                let heads = before.last().is_some_and(
                    |item| matches!(item, Item::Act(act) if act.verb == Some(Verb::Travel(None)) && act.from.is_some()),
                );
                let goes_on = goes_on || (told_before || heads) && groups.iter().any(|group| is_bare_travel(group));
                for group in groups.iter().filter(|group| !(goes_on && is_bare_travel(group))) {
                    parts.push(Node::Seq(self.items(group)));
                }
                let single = groups.len() == 1;
                match self.step.actions.last_mut() {
                    Some(Node::Par(last)) if goes_on => last.extend(parts),
                    Some(last) if goes_on => {
                        parts.insert(0, last.clone());
                        *last = Node::Par(parts);
                    }
                    _ => self.step.actions.push(Node::Par(parts)),
                }
                self.step.reconfiguring = false;
                self.step.at_once = single || goes_on;
                if !after.is_empty() {
                    let actions = self.items(after);
                    self.put(actions);
                }
            }
        }
        self.settle_adverbs();
        self.join_sides(items);
    }

    /// 双手握拳，左手在上，右手在下: once it is said where each of a pair is, both are spoken of again.
    fn join_sides(&mut self, items: &[Item]) {
        match items {
            [Item::Who(Who::Left | Who::Right | Who::One | Who::Other), Item::AtSide(_) | Item::Orient(..)] => {
                self.step.sided += 1;
            }
            // 一手置于鼻前，另一手置于身后
            [Item::Who(Who::Left | Who::Right | Who::One | Who::Other), Item::At { site, .. }]
                if matches!(site.of, SiteOf::Body(_)) =>
            {
                self.step.sided += 1;
            }
            _ => self.step.sided = 0,
        }
        if self.step.sided == 2 && self.step.as_pair {
            self.subject = Some(Subject::Both);
        }
    }

    /// Appends actions, or joins them with the last where 同时 opened the clause.
    fn put(&mut self, actions: Actions) {
        if actions.is_empty() {
            return;
        }
        let joins = self.clause.meanwhile && !self.step.actions.is_empty();
        if joins && let Some(last) = self.step.actions.pop() {
            let mut together = match last {
                Node::Par(parts) => parts,
                last => vec![last],
            };
            together.push(Node::Seq(actions));
            self.step.actions.push(Node::Par(together));
        } else {
            self.step.actions.extend(actions);
        }
    }

    /// 动作幅度大些 after the movement is of the movement.
    fn settle_adverbs(&mut self) {
        let adverbs = std::mem::take(&mut self.clause.adverbs);
        if let Some(last) = self.step.actions.last_mut() {
            act::modify(last, &adverbs);
        }
    }

    fn items(&mut self, items: &[Item]) -> Actions {
        let mut actions = Actions::new();
        for (index, item) in items.iter().enumerate() {
            // 交叉向胸前移动: 移动 adds nothing to the movement before it.
            if is_bare_travel(&items[index..=index]) && index > 0 && matches!(items[index - 1], Item::Act(_)) {
                continue;
            }
            match item {
                Item::Who(who) => self.who(*who),
                Item::Link(link) => {
                    let opens = items[..index].iter().all(|item| matches!(item, Item::Who(_) | Item::Link(_)));
                    self.link(*link, opens, items);
                }
                Item::Topic(topic) => self.clause.topic = *topic,
                Item::Becomes => self.clause.changing = true,
                Item::Adverbs(adverbs) => self.clause.adverbs.extend(adverbs),
                Item::Shape(shape) => self.shape(shape, &mut actions),
                Item::Orient(topic, pointing) => self.orient(*topic, pointing, &mut actions),
                Item::At { topic, how, site, adverbs } => {
                    self.clause.adverbs.extend(adverbs);
                    self.at(*topic, *how, site, &mut actions);
                }
                Item::AtSide(dir) => self.at_side(*dir, &mut actions),
                Item::Relation { topic, axis, relation, with, centimetres } => {
                    self.relation(*topic, *axis, *relation, with.as_ref(), *centimetres, &mut actions);
                }
                Item::Act(act) => self.act(act, &mut actions),
                Item::Again(times) => self.again(*times, &mut actions),
                Item::Face(what) => self.face(what),
                Item::Note(note) => self.notes.push(note.clone()),
                Item::Mime(act) => self.step.mime = Some((**act).clone()),
            }
        }
        actions
    }

    /// Whose hand a word names, after `before` was spoken of.
    fn spoken_of(&self, who: Who, before: Option<Subject>) -> Subject {
        match (who, before) {
            // 双手…，一手掌心向上，一手掌心向下: the one, then the other.
            // 一手捏住鼻子，一手扇动: likewise.
            (Who::One, Some(Subject::One(Hand::Dominant))) if self.step.as_pair || self.step.one_named => {
                Subject::One(Hand::Weak)
            }
            (Who::One | Who::Right, _) | (Who::Other, Some(Subject::One(Hand::Weak))) => Subject::One(Hand::Dominant),
            (Who::Left | Who::Other, _) => Subject::One(Hand::Weak),
            (Who::Both, _) => Subject::Both,
            (Who::Same, Some(subject)) => subject,
            (Who::Same, None) => Subject::One(Hand::Dominant),
        }
    }

    fn who(&mut self, who: Who) {
        let subject = self.spoken_of(who, self.subject);
        if subject == Subject::Both && !self.step.hands[0].present && !self.step.hands[1].present {
            self.step.as_pair = true;
        }
        self.step.one_named |= who == Who::One;
        self.subject = Some(subject);
        for &hand in subject.hands() {
            self.step.hands[hand.index()].present = true;
        }
    }

    /// Whose hand the clause is about; a description that names none speaks of one hand.
    fn subject(&mut self) -> Subject {
        let subject = *self.subject.get_or_insert(Subject::One(Hand::Dominant));
        for &hand in subject.hands() {
            self.step.hands[hand.index()].present = true;
        }
        subject
    }

    fn link(&mut self, link: Link, opens: bool, items: &[Item]) {
        match link {
            Link::Then => {
                self.clause.changing = true;
                self.step.reconfiguring = false;
            }
            Link::Meanwhile if opens => {
                // 右手置于左手上，同时向上移动: nothing has moved that it could join, so both hands do.
                let of_hands = items.iter().any(|item| matches!(item, Item::Act(act) if act.topic == Topic::default()));
                // 再同时向上一举: not beside what was before.
                let after_that = self.clause.changing && items.contains(&Item::Link(Link::Then));
                let names_none = !items.iter().any(|item| matches!(item, Item::Who(_)));
                if of_hands
                    && names_none
                    && (self.step.actions.is_empty() || after_that)
                    && self.step.hands.iter().all(|hand| hand.present)
                {
                    self.subject = Some(Subject::Both);
                }
                // 双手…，同时向下一顿: both hands at once. Another hand, or a change of shape: beside the last movement.
                let changes_shape = items.iter().any(|item| matches!(item, Item::Shape(_)));
                let names_hand = items.iter().any(|item| matches!(item, Item::Who(who) if *who != Who::Both));
                let of_both = self.subject == Some(Subject::Both);
                let of_fingers = items
                    .iter()
                    .any(|item| matches!(item, Item::Act(act) if matches!(act.verb, Some(Verb::Fingers(_)))));
                // 上下交替移动，同时向两侧拉开: what keeps going to and fro goes on the way.
                let on_the_way = self.step.actions.last().is_some_and(Node::keeps_on)
                    && items.iter().any(|item| matches!(item, Item::Act(act) if !act.dirs.is_empty()));
                self.clause.meanwhile =
                    !after_that && (!of_both || changes_shape || names_hand || of_fingers || on_the_way);
                self.clause.changing |= changes_shape && !self.step.actions.is_empty();
            }
            Link::First | Link::Meanwhile | Link::AtOnce | Link::And => {}
        }
    }

    /// Whether a phrase about `hand` is a change and not how it begins.
    fn changes(&self, hand: Hand) -> bool {
        let state = &self.step.hands[hand.index()];
        state.moved || self.clause.changing && (state.shape.is_some() || !self.step.actions.is_empty())
    }

    /// Records a change of configuration; changes told in a row happen together.
    fn reconfigure(&mut self, change: Node, actions: &mut Actions) {
        for (slot, hand) in Hand::BOTH.into_iter().enumerate() {
            let concerned = match &change {
                Node::One(of, ..) => *of == hand,
                _ => true,
            };
            self.step.hands[slot].moved |= concerned;
        }
        if self.step.reconfiguring {
            let last = if actions.is_empty() { self.step.actions.last_mut() } else { actions.last_mut() };
            if let Some(Node::Par(parts)) = last {
                // 指尖相抵，搭成“∧”形 says the same twice.
                if !parts.contains(&change) {
                    parts.push(change);
                }
                return;
            }
        }
        actions.push(Node::Par(vec![change]));
        self.step.reconfiguring = true;
    }

    fn again(&mut self, times: u32, actions: &mut Actions) {
        let mut done = std::mem::take(&mut self.step.actions);
        done.append(actions);
        if !done.is_empty() {
            actions.push(Node::Repeat(times.saturating_add(1), Box::new(Node::Seq(done))));
        }
        self.step.reconfiguring = false;
    }

    fn face(&mut self, what: &[NonManual]) {
        // 同时 and no link at all: through the step; 然后: in its second half.
        let start = if self.clause.changing { 0.5 } else { 0.0 };
        let slight = self.clause.adverbs.contains(&Adverb::Slight);
        let intensity = if slight { 0.5 } else { 1.0 };
        // 由喜变悲, 头左右偏: one after the other, where it is of one organ.
        let of_one = what.windows(2).all(|two| std::mem::discriminant(&two[0]) == std::mem::discriminant(&two[1]));
        let share = if of_one && what.len() > 1 { (1.0 - start) / what.len() as f32 } else { 0.0 };
        self.step.nonmanuals.extend(what.iter().enumerate().map(|(index, &what)| {
            let start = start + share * index as f32;
            let end = if share > 0.0 { start + share } else { 1.0 };
            TimedNonManual { what, intensity, start, end: end.min(1.0) }
        }));
    }

    /// A movement of each hand in question: `make` gives it for one hand.
    fn both(&self, subject: Subject, manner: Manner, alternating: bool, make: impl Fn(Hand) -> MovementKind) -> Node {
        match subject {
            Subject::One(hand) => Node::One(hand, make(hand), manner),
            Subject::Both => Node::Both { dominant: make(Hand::Dominant), weak: make(Hand::Weak), manner, alternating },
        }
    }
}

fn is_placeholder(number: &str) -> bool {
    matches!(number.trim(), "N" | "n" | "X" | "Ｎ")
}

fn check_count(times: Option<u32>) -> Result<(), String> {
    match times {
        Some(found) if !(1..=Action::MAX_TIMES).contains(&found) => {
            Err(format!("a count from 1 to {}, not {found}", Action::MAX_TIMES))
        }
        _ => Ok(()),
    }
}

/// 移动 and no more.
fn is_bare_travel(items: &[Item]) -> bool {
    let [Item::Act(act)] = items else { return false };
    let bare = Act { verb: act.verb, text: act.text.clone(), ..Act::default() };
    act.verb == Some(Verb::Travel(None)) && **act == bare
}

type Groups<'i> = (&'i [Item], Vec<&'i [Item]>, &'i [Item]);

/// What stands before the first 边, each 边's phrases, and what comes after 再 or 然后.
fn at_once_groups(items: &[Item]) -> Option<Groups<'_>> {
    let is_at_once = |item: &Item| *item == Item::Link(Link::AtOnce);
    let first = items.iter().position(is_at_once)?;
    let rest = &items[first..];
    let end = rest.iter().position(|item| matches!(item, Item::Link(Link::Then | Link::First))).unwrap_or(rest.len());
    let mut groups: Vec<&[Item]> = rest[..end].split(is_at_once).filter(|group| !group.is_empty()).collect();
    if groups.is_empty() {
        groups.push(&[]);
    }
    Some((&items[..first], groups, &rest[end..]))
}
