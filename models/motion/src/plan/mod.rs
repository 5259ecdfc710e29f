//! When and how long, which hand and where: forms become submovements of both hands.
//!
//! In: one form at a time, and when it may begin. Out: submovements on the hands' tracks, cues for
//! face and body. Never: a rotation of a bone; that is projection's.

mod act;
pub(crate) mod asked;
mod bend;
mod care;
mod contact;
mod guard;
mod look;
mod make;
mod outcome;
mod pair;
mod path;
mod place;
mod step;
pub(crate) mod timing;
mod verdict;
mod way;

use std::sync::Arc;

use glam::{Quat, Vec3};
use signing::{Hand, HandSelector, Hands, Handshape, Inflection, SignForm, SpacePoint};

use crate::{
    Complaint, Warning,
    clear::Looked,
    hand::{DIGITS, Digits},
    head::Shaper,
    lately::Lately,
    presence::Cue,
    reach::{Searches, Wish, reach},
    rig::{HeadMove, Rig},
    touch::Shaping,
    track::{Flutter, HandState, Profile, Touch, Track},
};
pub(crate) use asked::Asked;
use care::Care;
use guard::Sooner;
use pair::acts_on_other;
use place::Target;
use timing::Fluency;
pub(crate) use way::Round;
use way::turn_between;

/// Which of the signer's hands play the form's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Roles {
    /// The hand (0: dominant, 1: weak) that plays the form's dominant hand and its weak one.
    pub(crate) players: [Option<usize>; 2],
    /// Whether the form is mirrored: its dominant hand is played by the weak one.
    pub(crate) mirrored: bool,
}

impl Roles {
    /// Each hand its own part.
    pub(crate) const BOTH: Self = Self { players: [Some(0), Some(1)], mirrored: false };
    /// Only the dominant hand's part.
    pub(crate) const DOMINANT: Self = Self { players: [Some(0), None], mirrored: false };
    /// Only the weak hand's part.
    pub(crate) const WEAK: Self = Self { players: [None, Some(1)], mirrored: false };
    /// The dominant hand's part on the weak hand.
    pub(crate) const TRANSFERRED: Self = Self { players: [Some(1), None], mirrored: true };

    fn player(self, hand: Hand) -> Option<usize> {
        self.players[hand.index()]
    }

    /// A direction of the form in the signer's space.
    fn dir(self, dir: Vec3) -> Vec3 {
        if self.mirrored { Vec3::new(-dir.x, dir.y, dir.z) } else { dir }
    }
}

/// How a form is to be signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) fluency: Fluency,
    pub(crate) roles: Roles,
    pub(crate) inflection: Inflection,
    /// Whether the form is a letter or numeral of a spelled word, and which: each holds; doubled ones move aside.
    pub(crate) letter: bool,
    /// Whether the form points: its finger goes to the locus.
    pub(crate) pointing: bool,
    /// Displacement of unplaced hands to the signer's left, twentieths of a metre on a body of 1.70 m.
    pub(crate) aside: f32,
    /// Whether it is the same once more: what it repeats within itself is made once, and what only stands is left and
    /// come back to.
    pub(crate) again: bool,
    /// How far to the signer's left the same is made once more, hands as they stand to each other, metres on a body of
    /// 1.70 m. What is made at the body stays there.
    pub(crate) beside: f32,
    /// How many steps the whole token has.
    pub(crate) steps: usize,
    /// Further factor on lengths.
    pub(crate) stretch: f64,
}

impl Manner {
    pub(crate) fn of(fluency: Fluency, steps: usize) -> Self {
        Self {
            fluency,
            roles: Roles::BOTH,
            inflection: Inflection::default(),
            letter: false,
            pointing: false,
            aside: 0.0,
            again: false,
            beside: 0.0,
            steps,
            stretch: 1.0,
        }
    }

    /// How often what is written so often is made: parts of a compound don't repeat what they do, nor does what is
    /// repeated as a whole.
    fn times(&self, written: u32) -> u32 {
        if self.is_compound() || self.again { 1 } else { timing::times(written, self.fluency) }
    }

    /// Whether the form is signed as parts that have grown together.
    pub(crate) fn is_compound(&self) -> bool {
        self.fluency == Fluency::Sentence && self.steps > 1 && !self.letter
    }
}

/// When a form's parts happen, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Planned {
    /// When the hands begin to move to it.
    pub(crate) start: f64,
    /// When the first configuration is reached.
    pub(crate) first: f64,
    /// When its last movement ends.
    pub(crate) end: f64,
    /// Until when its last configuration is to be seen before a hand sets out for what follows.
    pub(crate) seen: f64,
    /// The same of its last step with planning alone, from when that step began.
    pub(crate) usual: Usual,
}

/// When the parts of a step would happen with planning alone, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Usual {
    /// Of all that is planned together; before everything if that is not the last step's.
    pub(crate) first: f64,
    pub(crate) end: f64,
    pub(crate) seen: f64,
}

impl Usual {
    /// As those of the last of several steps.
    pub(crate) fn of_last(self, several: bool) -> Self {
        let first = if several { f64::NEG_INFINITY } else { self.first };
        Self { first, ..self }
    }
}

impl Planned {
    /// Nothing, at that time.
    pub(crate) const fn nothing(at: f64) -> Self {
        Self { start: at, first: at, end: at, seen: at, usual: Usual { first: at, end: at, seen: at } }
    }
}

/// How an idle hand is let go.
#[derive(Debug)]
struct Leaving {
    /// Before it is.
    track: Track,
    resting: bool,
    /// When the step could begin that is planned meanwhile, seconds.
    start: f64,
    /// How long after its beginning the hand sets out, and when it is free to, seconds.
    when: [f64; 2],
    secs: f64,
    share: f32,
}

impl Leaving {
    /// When the hand sets out if the step begins at `start`, seconds.
    fn from(&self, start: f64) -> f64 {
        (start + self.when[0]).max(self.when[1])
    }
}

/// Plans both hands.
#[derive(Debug)]
pub(crate) struct Planner {
    pub(crate) rig: Arc<Rig>,
    pub(crate) tracks: [Track; 2],
    /// Cues of forms, to be taken by whoever shows them.
    pub(crate) cues: Vec<Cue>,
    /// What forms ask of the hands and when, for whoever checks it; kept only if wanted.
    pub(crate) asked: Option<Vec<Asked>>,
    /// What was asked last, and may be due or touched while the next step is planned.
    due: Vec<Asked>,
    /// How much sooner things are made than planning alone would make them.
    sooner: Sooner,
    /// What could not be done as asked.
    pub(crate) warnings: Vec<Warning>,
    /// Where warnings come from.
    pub(crate) context: (u64, usize, String),
    /// Who shapes what is planned.
    pub(crate) shaper: Shaper,
    /// Idle hands that are on their way while the next step is planned.
    leaving: [Option<Leaving>; 2],
    /// How carefully the present step is planned.
    care: Care,
    /// What clearing has looked at.
    pub(crate) looked: Looked,
    rest: [HandState; 2],
    shapes: Vec<(usize, Handshape, Digits)>,
    /// How hands change from one shape to another.
    shapings: Lately<(usize, Digits, Digits), Shaping, 32>,
    /// How thumbs rub over fingers.
    rubs: Lately<(usize, Digits, Flutter), (f32, [f32; 4]), 8>,
    searches: Searches,
    /// Whether both hands take part in the present step, neither as the other's mirror image.
    independent: bool,
    /// Whether they are each other's mirror image in it.
    paired: bool,
    /// How the head will be when hands get to it, if the step moves it.
    head: Option<HeadMove>,
    /// When each hand's current part in a sign is over.
    busy_until: [f64; 2],
    /// Whether each hand is at rest, or on the way there.
    pub(crate) resting: [bool; 2],
}

/// A hand that is let go at the head goes along with it for so much of its way.
const WITH_HEAD: f64 = 0.5;

/// Relaxed fingers.
fn relaxed() -> Digits {
    let mut digits = [0.0; DIGITS];
    digits[..4].copy_from_slice(&[0.50, 0.35, 0.20, 0.25]);
    for (finger, slot) in digits[4..].chunks_exact_mut(4).enumerate() {
        let more = finger as f32 * 0.06;
        slot.copy_from_slice(&[0.30 + more, 0.42 + more, 0.24, 0.04]);
    }
    digits
}

impl Planner {
    /// Handshapes with touches that are remembered.
    const REMEMBERED_SHAPES: usize = 128;
    /// Warnings that are kept; more say nothing new.
    const KEPT_WARNINGS: usize = 256;

    pub(crate) fn new(rig: Arc<Rig>) -> Self {
        let rest = [0, 1].map(|hand| rest_state(&rig, hand));
        Self {
            tracks: rest.map(Track::new),
            rest,
            rig,
            cues: Vec::new(),
            asked: None,
            due: Vec::new(),
            sooner: Sooner::default(),
            warnings: Vec::new(),
            context: (0, 0, String::new()),
            shaper: Shaper::analytic(),
            leaving: [None, None],
            care: Care::USUAL,
            looked: Looked::default(),
            shapes: Vec::new(),
            shapings: Lately::default(),
            rubs: Lately::default(),
            searches: Searches::default(),
            independent: false,
            paired: false,
            head: None,
            busy_until: [0.0; 2],
            resting: [true; 2],
        }
    }

    fn complain(&mut self, hand: Hand, complaint: Complaint) {
        let (sentence, token, name) = &self.context;
        let warning = Warning { sentence: *sentence, token: *token, name: name.clone(), hand, complaint };
        let known = |known: &Warning| {
            known.sentence == warning.sentence
                && known.token == warning.token
                && known.hand == warning.hand
                && std::mem::discriminant(&known.complaint) == std::mem::discriminant(&warning.complaint)
        };
        if self.warnings.len() < Self::KEPT_WARNINGS && !self.warnings.iter().any(known) {
            self.warnings.push(warning);
        }
    }

    /// Plans a form to begin at `start`.
    pub(crate) fn form(&mut self, form: &SignForm, start: f64, manner: &Manner) -> Planned {
        let mut at = start;
        let (mut first, mut last) = (None, Planned::nothing(start));
        for (index, step) in form.steps.iter().enumerate() {
            if index > 0 {
                self.free_of(form, index, at, manner);
            }
            let planned = self.careful(step, at, manner);
            first.get_or_insert(planned.first);
            (at, last) = (planned.end, planned);
            if index + 1 < form.steps.len() && manner.is_compound() {
                at = self.runs_out(&planned);
            }
        }
        let usual = last.usual.of_last(form.steps.len() > 1);
        Planned { start, first: first.unwrap_or(start), end: at, usual, ..last }
    }

    /// When the hands set out for what follows within a compound: while the last movement runs out, unless it ends in a
    /// touch.
    pub(crate) fn runs_out(&mut self, planned: &Planned) -> f64 {
        /// Seconds.
        const EARLIER: f64 = 0.06;
        const AT_LEAST: f64 = 0.08;
        if self.tracks.iter().any(|track| track.cursor.touch.most() > 0.9) {
            return planned.end;
        }
        let runs_out = |first: f64, end: f64| (end - EARLIER).max(first + AT_LEAST).min(end);
        let (at, usual) = (runs_out(planned.first, planned.end), planned.usual);
        self.save(at, (planned.end - at) - (usual.end - runs_out(usual.first, usual.end)));
        at
    }

    /// Lets a hand go that had a part in the step before and has none in this one: else it stands in the other's way.
    fn free_of(&mut self, form: &SignForm, index: usize, at: f64, manner: &Manner) {
        /// As an idle hand between signs, seconds and share of the way to rest.
        const SECS: f64 = 0.6;
        const HALF_WAY: f32 = 0.55;
        let (before, step) = (&form.steps[index - 1], &form.steps[index]);
        for hand in Hand::BOTH {
            let Some(player) = manner.roles.player(hand) else { continue };
            let idle = step.hands.config(hand).is_none() && !matches!(step.hands, Hands::None);
            let asked_of =
                step.action.movements().iter().any(|movement| movement.hand != HandSelector::One(hand.other()));
            if idle && !asked_of && !acts_on_other(step, hand.other()) && before.hands.config(hand).is_some() {
                let again = form.steps[index + 1..].iter().any(|later| later.hands.config(hand).is_some());
                self.release(player, at, SECS, if again { HALF_WAY } else { 1.0 });
            }
        }
    }

    /// Repeats a form's last movements, for plural and aspect.
    pub(crate) fn again(&mut self, form: &SignForm, start: f64, manner: &Manner) -> Planned {
        match form.steps.last() {
            Some(step) => self.careful(step, start, manner),
            None => Planned::nothing(start),
        }
    }

    /// Lets a hand go: to rest, or only part of the way there (`share` below 1).
    pub(crate) fn release(&mut self, hand: usize, start: f64, secs: f64, share: f32) {
        if self.resting[hand] && share >= 1.0 {
            return;
        }
        let mut target = self.rest[hand];
        let from = self.tracks[hand].cursor;
        if share < 1.0 {
            let from = from.anchored_at(target.anchor);
            let (wrist, turn) =
                (from.wrist().lerp(target.wrist(), share), turn_between(&self.rig, hand, &from, &target, share));
            (target.point, target.turn) = (wrist + turn * target.anchor, turn);
            target.swivel = from.swivel + (target.swivel - from.swivel) * share;
            for (angle, from) in target.digits.iter_mut().zip(from.digits) {
                *angle = from + (*angle - from) * share.max(0.7);
            }
        } else {
            self.resting[hand] = true;
        }
        // It soon goes along with the head no more: a nod would take it into the trunk.
        target.with_head = from.with_head;
        let mut targets = [None; 2];
        targets[hand] = Some(target);
        let secs = self.go_all(&targets, start, secs * self.care.longer, Round::BodyAndOther);
        if from.with_head > 0.0 {
            let left = make::leaving(from.with_head, Touch::NONE);
            self.push(hand, start, secs * WITH_HEAD, Profile::Smooth, left);
        }
        let aside = self.care.aside_of(self.rig.arms[hand].side, self.rig.scale);
        if aside != Vec3::ZERO {
            self.push(hand, start, secs, Profile::Return, make::shift(aside, Touch::NONE));
        }
    }

    /// Lets an idle hand go so long after the step begins that is planned next, which could be at `start`, and not before it
    /// is free (`when`, seconds); until that step is planned. `secs` and `share`: as [`Planner::release`].
    pub(crate) fn leave(&mut self, hand: usize, start: f64, when: [f64; 2], secs: f64, share: f32) {
        let (track, resting) = (self.tracks[hand].clone(), self.resting[hand]);
        let leaving = Leaving { track, resting, start, when, secs, share };
        self.release(hand, leaving.from(start), secs, share);
        self.leaving[hand] = Some(leaving);
    }

    /// Hands that are leaving set out with a step that begins at `start`.
    fn leave_for(&mut self, start: f64) {
        for hand in 0..2 {
            let Some(leaving) = self.leaving[hand].take() else { continue };
            if (start - leaving.start).abs() > 1e-9 {
                self.tracks[hand].clone_from(&leaving.track);
                self.resting[hand] = leaving.resting;
                self.release(hand, leaving.from(start), leaving.secs, leaving.share);
            }
            self.leaving[hand] = Some(leaving);
        }
    }

    /// When a hand's current part is over.
    pub(crate) const fn busy_until(&self, hand: usize) -> f64 {
        self.busy_until[hand]
    }

    /// Marks a hand as taking part until `time`.
    pub(crate) const fn keep_until(&mut self, hand: usize, time: f64) {
        self.busy_until[hand] = time;
    }
}

/// Hands in front of the lower belly, relaxed, one beside the other.
fn rest_state(rig: &Rig, hand: usize) -> HandState {
    let side = rig.arms[hand].side.sign();
    let digits = relaxed();
    let at = SpacePoint { x: 0.82 * side, y: if hand == 0 { 0.20 } else { 0.16 }, z: 0.20 };
    let anchor = rig.hands[hand].fingers * rig.hands[hand].palm_length() * 0.6;
    let point = rig.space(at);
    let wish = Wish {
        point,
        anchor,
        palm: Some(Vec3::new(-0.25 * side, -0.1, -1.0).normalize()),
        fingers: Some(Vec3::new(-side, -0.80, 0.16).normalize()),
        radial: None,
        facing: None,
        prefer: Quat::IDENTITY,
        loose: false,
        touching: false,
        digits,
        own_side: false,
        shows_eyes: false,
        other: None,
    };
    let reached = reach(rig, hand, &wish);
    HandState { point, anchor, turn: reached.turn, swivel: reached.swivel, with_head: 0.0, touch: Touch::NONE, digits }
}

/// A target in the air.
const fn in_air(point: Vec3) -> Target {
    Target { point, normal: None, with_head: 0.0, touch: Touch::NONE, on_shoulder: None }
}
