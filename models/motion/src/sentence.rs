//! Sentences on the planner's clock: which hand takes which form, what holds, what is released.

use std::collections::VecDeque;

use signing::{
    Anchor, Aspect, Boundary, ChannelUse, Hand, HeadMotion, HeadMotionKind, ManualSegment, Origin, OutputTime,
    SentenceType, SignSentence, Span, Tier,
};

use crate::{
    plan::{Manner, Planned, Planner, Roles, timing::Fluency},
    presence::{Asked, Cue, CueId, Presence},
};

/// When a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenTime {
    /// Which sentence, counted from 0 in the order of pushing.
    pub sentence: u64,
    /// Index of the token.
    pub token: usize,
    /// When the hands set out for it.
    pub start: OutputTime,
    /// When it is over, with the hold that follows it.
    pub end: OutputTime,
}

/// When tokens are signed, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// One entry a token.
    pub tokens: Vec<TokenTime>,
}

impl Timeline {
    /// The token that is signed at a time; after the last one, that one.
    pub fn at(&self, time: OutputTime) -> Option<&TokenTime> {
        self.tokens.iter().filter(|token| token.start <= time).max_by_key(|token| token.start)
    }
}

/// A token's time in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TokenSecs {
    pub(crate) sentence: u64,
    pub(crate) token: usize,
    pub(crate) start: f64,
    pub(crate) end: f64,
}

/// A sentence that is being signed.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) sentence: SignSentence,
    pub(crate) serial: u64,
    /// The token to be planned next.
    pub(crate) next: usize,
}

/// How long before a sign's end the hands set out for the next, seconds.
const OVERLAP_SECS: f64 = 0.05;

/// Holds after boundaries, seconds.
const PHRASE_HOLD_SECS: f64 = 0.14;
const CLAUSE_HOLD_SECS: f64 = 0.28;
const SENTENCE_HOLD_SECS: f64 = 0.30;
/// The last sign of a yes/no question stands longer, seconds.
const QUESTION_HOLD_SECS: f64 = 0.55;
/// Hands lower after a sentence within this time, seconds.
const LOWER_SECS: f64 = 0.32;
/// How far the hands lower between sentences that follow each other, of the way to rest.
const LOWER_SHARE: f32 = 0.45;
/// What is said of many is signed so far beside itself each time, metres to the signer's left on a body of 1.70 m: to the
/// dominant side, less than a hand's breadth, so that the weak arm need not cross the trunk.
const BESIDE_M: f32 = -0.055;
/// An idle hand takes this long to rest, seconds.
const RELEASE_SECS: f64 = 0.75;

impl Queued {
    /// Signs that still wait.
    pub(crate) fn waiting(&self) -> usize {
        self.sentence.tokens.len().saturating_sub(self.next)
    }

    fn segments_of(&self, hand: Hand, token: usize) -> impl Iterator<Item = &ManualSegment> {
        self.sentence.channel(hand).0.iter().filter(move |segment| segment.token as usize == token)
    }

    /// A token that the weak hand signs while the dominant one signs another.
    fn rides_along(&self, token: usize) -> bool {
        self.segments_of(Hand::Dominant, token).next().is_none()
            && self.segments_of(Hand::Weak, token).any(|segment| {
                segment.span.start.token as usize != token
                    && matches!(segment.kind, ChannelUse::Lexeme | ChannelUse::Transferred)
            })
    }

    /// The token during which a token is signed: itself, unless the weak hand signs it beside another.
    fn host(&self, token: usize) -> usize {
        if !self.rides_along(token) {
            return token;
        }
        let weak = self.segments_of(Hand::Weak, token).next();
        weak.map_or(token, |segment| segment.span.start.token as usize)
    }

    /// The tokens that the weak hand signs while the dominant one signs `token`.
    pub(crate) fn riders(&self, token: usize) -> impl Iterator<Item = usize> {
        (0..self.sentence.tokens.len()).filter(move |&other| other != token && self.host(other) == token)
    }

    /// Whether a segment of the weak hand keeps it through a token.
    fn weak_is_held(&self, token: usize) -> bool {
        self.sentence
            .channel(Hand::Weak)
            .0
            .iter()
            .any(|segment| matches!(segment.kind, ChannelUse::Hold | ChannelUse::Spread) && covers(segment.span, token))
    }

    /// The token that is signed after another.
    fn following(&self, token: usize) -> Option<usize> {
        (token + 1..self.sentence.tokens.len()).find(|&next| !self.rides_along(next))
    }

    /// Which hands play a token's forms.
    fn roles(&self, token: usize) -> Roles {
        let lexeme = |segment: &ManualSegment| segment.kind == ChannelUse::Lexeme;
        let dominant = self.segments_of(Hand::Dominant, token).any(lexeme);
        let weak = self.segments_of(Hand::Weak, token).any(lexeme);
        let transferred = self.segments_of(Hand::Weak, token).any(|segment| segment.kind == ChannelUse::Transferred)
            || self.segments_of(Hand::Dominant, token).any(|segment| segment.kind == ChannelUse::Transferred);
        let weak_is_taken = self
            .sentence
            .channel(Hand::Weak)
            .0
            .iter()
            .any(|segment| segment.token as usize != token && covers(segment.span, token));
        match (dominant, weak, transferred) {
            (false, _, true) => Roles::TRANSFERRED,
            (false, true, false) => Roles::WEAK,
            _ if weak_is_taken && !weak => Roles::DOMINANT,
            _ => Roles::BOTH,
        }
    }

    /// Whether nothing keeps a hand through a token: neither the token itself, nor another that is signed beside it or held.
    fn is_idle(&self, token: usize, hand: Hand) -> bool {
        let kept = hand == Hand::Weak && (self.weak_is_held(token) || self.riders(token).next().is_some());
        !self.uses(token, hand) && !kept
    }

    /// Whether a hand takes part in a token.
    fn uses(&self, token: usize, hand: Hand) -> bool {
        let Some(known) = self.sentence.tokens.get(token) else { return false };
        let roles = self.roles(token);
        Hand::BOTH.into_iter().any(|of_form| {
            roles.players[of_form.index()] == Some(hand.index())
                && known
                    .forms
                    .iter()
                    .any(|form| form.form.steps.iter().any(|step| step.hands.config(of_form).is_some()))
        })
    }
}

/// How an idle hand is let go, seconds.
#[derive(Debug, Clone, Copy)]
struct Idle {
    player: usize,
    /// When its part in what went before is over.
    free: f64,
    secs: f64,
    /// How far down, of the way to rest; all the way if it is not needed again at once.
    share: Option<f32>,
}

/// An idle hand sets out so long after the one that signs, if it is free by then, seconds.
const IDLE_AFTER_SECS: f64 = 0.06;

/// How a hand is let go that has no part in a token; `None` if it still signs something, or is down.
fn idle_hand(planner: &Planner, queued: &Queued, hand: Hand, start: f64) -> Option<Idle> {
    /// A head may have the other hand set out so much before the last sign ends.
    const EARLIER_SECS: f64 = 0.05;
    let player = hand.index();
    let free = planner.busy_until(player);
    // What it signs beside another token may last longer than that one.
    if hand == Hand::Weak && free > start + IDLE_AFTER_SECS + EARLIER_SECS {
        return None;
    }
    let soon = queued.next < queued.sentence.tokens.len() && queued.uses(queued.next, hand);
    if !soon {
        return Some(Idle { player, free, secs: RELEASE_SECS, share: None });
    }
    // It is needed again at once: half-way down, no twitch.
    (!planner.resting[player]).then_some(Idle { player, free, secs: RELEASE_SECS * 0.8, share: Some(0.55) })
}

fn covers(span: Span, token: usize) -> bool {
    let (start, end) = (span.start.token as usize, span.end.token as usize);
    (start < token || (start == token && span.start.fraction < 0.5))
        && (end > token || (end == token && span.end.fraction > 0.5))
}

/// Plans the next token of `queued` from `start`; `None` if all are planned.
///
/// Looks at most one token ahead.
pub(crate) fn plan_token(
    planner: &mut Planner,
    presence: &mut Presence,
    queued: &mut Queued,
    more_follow: bool,
    start: f64,
) -> Option<TokenSecs> {
    while queued.next < queued.sentence.tokens.len() && queued.rides_along(queued.next) {
        queued.next += 1;
    }
    let index = queued.next;
    let token = queued.sentence.tokens.get(index)?;
    queued.next += 1;
    planner.context = (queued.serial, index, token.gloss.clone());
    planner.shaper.enter(queued.serial, &queued.sentence, index, queued.following(index));

    let roles = queued.roles(index);
    // What the hands do is planned as if idle ones were already on their way: it need not lead round where they were.
    let idle = Hand::BOTH.map(|hand| queued.is_idle(index, hand));
    let (tracks, resting) = (planner.tracks.clone(), planner.resting);
    for hand in Hand::BOTH.into_iter().filter(|hand| idle[hand.index()]) {
        if let Some(Idle { player, free, secs, share }) = idle_hand(planner, queued, hand, start) {
            planner.leave(player, start, [IDLE_AFTER_SECS, free], secs, share.unwrap_or(1.0));
        }
    }
    let planned = plan_forms(planner, queued, index, roles, start);
    for hand in Hand::BOTH.into_iter().filter(|hand| idle[hand.index()]) {
        planner.tracks[hand.index()].clone_from(&tracks[hand.index()]);
        planner.resting[hand.index()] = resting[hand.index()];
    }
    let shape = planner.shaper.last();
    planner.shaper.pass();
    ride(planner, queued, index, planned);
    let token = queued.sentence.tokens.get(index)?;

    for hand in Hand::BOTH.into_iter().filter(|hand| idle[hand.index()]) {
        if let Some(Idle { player, free, secs, share }) = idle_hand(planner, queued, hand, planned.start) {
            let from = (planned.start + IDLE_AFTER_SECS).max(free);
            planner.let_go(player, [from, planned.end], secs, share);
        }
    }

    let question = queued.sentence.sentence_type == SentenceType::YesNoQuestion;
    let mut end = planned.end;
    match token.boundary {
        // What ends in a touch is touched before the hand leaves.
        None if (0..2).any(|hand| planner.tracks[hand].cursor.touch.most() > 0.9) => {}
        // The next sign sets out while this one's movement runs out.
        None => {
            let sets_out = |earlier: f64| (end - OVERLAP_SECS - earlier).max(planned.first + 0.08).max(planned.seen);
            // From whom to whom is told by where a way ends, and several forms are told apart by how long each is seen;
            // what the head does to a hand that goes along with it is not planned.
            let at_head = (0..2).any(|hand| planner.tracks[hand].cursor.with_head > 0.5);
            let waits = token.inflection.direction.is_some() || token.forms.len() > 1 || at_head;
            let earlier = if token.origin == Origin::Number && !planner.shaper.is_absent() {
                // A number's last digit is seen whole, however soon it is made.
                -OVERLAP_SECS
            } else if waits {
                shape.earlier_secs().min(0.0)
            } else {
                shape.earlier_secs()
            };
            let shaped = sets_out(earlier);
            // Planning alone would have overlapped the last step so far.
            let usual = planned.usual;
            let overlap = usual.end - (usual.end - OVERLAP_SECS).max(usual.first + 0.08).max(usual.seen);
            planner.save(end, (end - shaped) - overlap);
            end = shaped;
        }
        Some(Boundary::Phrase) => end += held(planner, end, PHRASE_HOLD_SECS, shape.boundary()),
        Some(Boundary::Clause) => {
            presence.blink(end + 0.06);
            end += held(planner, end, CLAUSE_HOLD_SECS, shape.boundary());
        }
        Some(Boundary::Sentence) => {
            if question {
                end += held(planner, end, QUESTION_HOLD_SECS, shape.boundary().max(1.0));
                presence.blink(end);
            } else {
                presence.blink(end + 0.10);
                presence.ask(Cue {
                    id: None,
                    asked: Asked::Head(HeadMotion { kind: HeadMotionKind::Nod, times: 1 }),
                    intensity: 0.45,
                    start: end,
                    end: end + 0.45,
                });
                end += held(planner, end, SENTENCE_HOLD_SECS, shape.boundary().max(1.0));
            }
            if more_follow {
                planner.let_both_go(end, LOWER_SECS, LOWER_SHARE);
                end += LOWER_SECS * 0.7;
            }
        }
    }
    tiers(presence, queued, index, planned, end);
    for cue in planner.cues.drain(..) {
        presence.ask(cue);
    }
    Some(TokenSecs { sentence: queued.serial, token: index, start: planned.start, end })
}

/// How long a sign stands at a boundary that begins at `at`, seconds: `share` of what planning alone has.
fn held(planner: &mut Planner, at: f64, usual: f64, share: f64) -> f64 {
    planner.save(at, usual * (1.0 - share));
    usual * share
}

fn plan_forms(planner: &mut Planner, queued: &Queued, index: usize, roles: Roles, start: f64) -> Planned {
    let Some(token) = queued.sentence.tokens.get(index) else {
        return Planned::nothing(start);
    };
    let steps = token.forms.iter().map(|form| form.form.steps.len()).sum();
    let letters = token.origin == Origin::Letters;
    let pointing = token.origin == Origin::Pointing;
    let mut manner = Manner { roles, inflection: token.inflection, pointing, ..Manner::of(Fluency::Sentence, steps) };
    let around = planner.shaper.around();
    (around.pointing, around.mirrored) = (pointing, roles.mirrored);
    around.both = roles.players == Roles::BOTH.players;
    let mut at = start;
    let (mut first, mut last) = (None, Planned::nothing(start));
    let mut before: Option<&str> = None;
    let mut aside = 0.0;
    for (nth, form) in token.forms.iter().enumerate() {
        // A doubled letter or digit moves aside, so that it is seen twice.
        let doubled = before == Some(form.name.as_str()) && token.forms.len() > 1;
        aside = if doubled { aside - 1.0 } else { 0.0 };
        before = Some(&form.name);
        manner.letter = letters || (token.origin == Origin::Name && is_letter(&form.name));
        manner.aside = aside;
        planner.shaper.around().letter = manner.letter;
        let planned = planner.form(&form.form, at, &manner);
        first.get_or_insert(planned.first);
        last = planned;
        at = if nth + 1 < token.forms.len() && token.origin == Origin::Parts {
            planner.runs_out(&planned)
        } else {
            planned.end
        };
    }
    let times = match (token.inflection.repetitions, token.inflection.aspect) {
        (Some(times), _) => times.clamp(1, 4),
        (None, Some(Aspect::Iterative)) => 3,
        (None, Some(Aspect::Continuous)) => 2,
        (None, _) => 1,
    };
    if let Some(form) = token.forms.last() {
        let plural = token.inflection.repetitions.is_some();
        let mut again = Manner { aside: 0.0, again: true, stretch: 0.75, ..manner };
        for time in 1..times {
            again.beside = if plural { BESIDE_M * time as f32 } else { 0.0 };
            let planned = planner.again(&form.form, at, &again);
            (at, last) = (planned.end, planned);
        }
    }
    let usual = last.usual.of_last(token.forms.len() > 1 || times > 1);
    Planned { start, first: first.unwrap_or(start), end: at, usual, ..last }
}

fn is_letter(name: &str) -> bool {
    name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What the weak hand signs of another token meanwhile.
fn ride(planner: &mut Planner, queued: &Queued, index: usize, planned: Planned) {
    let length = planned.end - planned.start;
    for segment in &queued.sentence.channel(Hand::Weak).0 {
        let other = segment.token as usize;
        if other == index || segment.span.start.token as usize != index {
            continue;
        }
        let roles = match segment.kind {
            ChannelUse::Lexeme => Roles::WEAK,
            ChannelUse::Transferred => Roles::TRANSFERRED,
            ChannelUse::Hold | ChannelUse::Spread => continue,
        };
        let start = planned.start + length * f64::from(segment.span.start.fraction);
        let own = plan_forms(planner, queued, other, roles, start);
        planner.keep_until(Hand::Weak.index(), own.end.max(planned.end));
    }
}

/// Opens and ends the cues of a sentence's tiers that begin or end in a token.
fn tiers(presence: &mut Presence, queued: &Queued, token: usize, planned: Planned, end: f64) {
    let tiers = &queued.sentence.tiers;
    let serial = queued.serial;
    let mut tier = Tiers { presence, queued, serial, token, start: planned.start, end };
    tier.run(0, &tiers.brows, |what| Asked::Brows(*what));
    tier.run(1, &tiers.eyes, |what| Asked::Eyes(*what));
    tier.run(2, &tiers.cheeks, |what| Asked::Cheeks(*what));
    tier.run(3, &tiers.expression, |what| Asked::Expression(*what));
    tier.run(4, &tiers.head, |what| Asked::Head(*what));
    tier.run(5, &tiers.gaze, |what| Asked::Gaze(*what));
    tier.run(6, &tiers.torso, |what| Asked::Torso(*what));
    tier.run(7, &tiers.mouth, |what| Asked::Mouth(*what));
    tier.run(8, &tiers.tongue, |what| Asked::Tongue(*what));
    // A word is on the lips while the hands sign, not while they travel there or hold.
    tier.start = planned.start.midpoint(planned.first);
    tier.end = planned.end;
    tier.run(9, &tiers.mouthing, |what| Asked::Mouthing(what.clone()));
}

struct Tiers<'a> {
    presence: &'a mut Presence,
    queued: &'a Queued,
    serial: u64,
    token: usize,
    start: f64,
    end: f64,
}

impl Tiers<'_> {
    fn run<T>(&mut self, number: u8, tier: &Tier<T>, asked: impl Fn(&T) -> Asked) {
        let time = |anchor: Anchor| self.start + (self.end - self.start) * f64::from(anchor.fraction);
        for (index, timed) in tier.iter().enumerate() {
            let id = CueId { sentence: self.serial, tier: number, index };
            let begins = self.queued.host(timed.span.start.token as usize) == self.token;
            let ends = self.queued.host(timed.span.end.token as usize) == self.token;
            if begins {
                let end = if ends { time(timed.span.end) } else { f64::INFINITY };
                let start = time(timed.span.start);
                let asked = asked(&timed.what);
                self.presence.ask(Cue { id: Some(id), asked, intensity: timed.intensity, start, end });
            } else if ends {
                let end = time(timed.span.end);
                self.presence.end(id, end);
            }
        }
    }
}

/// Sentences that wait, the one being signed in front.
#[derive(Debug, Default)]
pub(crate) struct Queue(pub(crate) VecDeque<Queued>);

impl Queue {
    /// Signs that wait in all.
    pub(crate) fn waiting(&self) -> usize {
        self.0.iter().map(Queued::waiting).sum()
    }
}
