//! When and how long, which hand and where: forms become submovements of both hands.
//!
//! In: one form at a time, and when it may begin. Out: submovements on the hands' tracks, cues for
//! face and body. Never: a rotation of a bone; that is projection's.

mod act;
pub(crate) mod asked;
mod bend;
mod guard;
mod make;
mod pair;
mod place;
pub(crate) mod timing;

use std::sync::Arc;

use glam::{Quat, Vec3};
use signing::{Hand, HandConfig, HandSelector, Hands, Handshape, Inflection, NonManual, SignForm, SpacePoint, Step};

use crate::{
    Complaint, Warning,
    clear::{Correction, clear_of_body, clear_of_other},
    hand::{DIGITS, Digits},
    head::{
        Shaper,
        features::{HandPlan, StepPlan},
    },
    presence::{self, Cue},
    reach::{Wish, reach},
    rig::{HeadMove, Rig},
    touch,
    track::{Change, HandState, Profile, Submovement, Touch, Track},
};
pub(crate) use asked::Asked;
use bend::{Bend, is_in_air};
use pair::{acts_on_other, apart, is_mirror_image, mirror_meeting, order};
use place::{Stance, Target};
use timing::{Fluency, transition_secs};

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
    /// Displacement of unplaced hands, half shoulder widths.
    pub(crate) aside: f32,
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
            steps,
            stretch: 1.0,
        }
    }

    /// How often what is written so often is made: parts of a compound don't repeat what they do.
    fn times(&self, written: u32) -> u32 {
        if self.is_compound() { 1 } else { timing::times(written, self.fluency) }
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
    /// What could not be done as asked.
    pub(crate) warnings: Vec<Warning>,
    /// Where warnings come from.
    pub(crate) context: (u64, usize, String),
    /// Who shapes what is planned.
    pub(crate) shaper: Shaper,
    rest: [HandState; 2],
    shapes: Vec<(usize, Handshape, Digits)>,
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
            warnings: Vec::new(),
            context: (0, 0, String::new()),
            shaper: Shaper::analytic(),
            shapes: Vec::new(),
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
        let mut first = None;
        for (index, step) in form.steps.iter().enumerate() {
            if index > 0 {
                self.free_of(form, index, at, manner);
            }
            let planned = self.step(step, at, manner);
            first.get_or_insert(planned.first);
            at = planned.end;
            if index + 1 < form.steps.len() && manner.is_compound() {
                at = self.runs_out(&planned);
            }
        }
        Planned { start, first: first.unwrap_or(start), end: at }
    }

    /// When the hands set out for what follows within a compound: while the last movement runs out, unless it ends in a
    /// touch.
    pub(crate) fn runs_out(&self, planned: &Planned) -> f64 {
        /// Seconds.
        const EARLIER: f64 = 0.06;
        const AT_LEAST: f64 = 0.08;
        if self.tracks.iter().any(|track| track.cursor.touch.most() > 0.9) {
            return planned.end;
        }
        (planned.end - EARLIER).max(planned.first + AT_LEAST).min(planned.end)
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
            Some(step) => self.step(step, start, manner),
            None => Planned { start, first: start, end: start },
        }
    }

    /// A step with whatever shape the head gives it; [`Planner::step`] looks at where that leads.
    fn step_as_shaped(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        let roles = manner.roles;
        let configs = Hand::BOTH.map(|hand| step.hands.config(hand));
        let players: Vec<(Hand, usize, &HandConfig)> = order(&step.hands)
            .into_iter()
            .filter_map(|hand| Some((hand, roles.player(hand)?, configs[hand.index()]?)))
            .collect();
        let two_hands = players.len() == 2;

        let bend = Bend::of(step, manner, &self.rig);
        self.head = self.head_in(step);
        // Two hands that turn to somebody, or make the same again aside, go together: they mirror each other no more.
        let turned = bend.goes_aside() || manner.aside != 0.0;
        let meeting = if self.rig.symmetric && !turned { mirror_meeting(&step.hands) } else { None };
        let image = is_mirror_image(&step.hands) && !turned;
        self.independent = two_hands && meeting.is_none() && !image;
        self.paired = two_hands && self.rig.symmetric && !self.independent;
        for &(_, player, _) in &players {
            self.tracks[player].halt(start);
        }
        let mut arrival: f64 = 0.0;
        let mut targets = [None; 2];
        let before = [self.tracks[0].cursor, self.tracks[1].cursor];
        let resting = self.resting;
        for (nth, &(hand, player, config)) in players.iter().enumerate() {
            let config = bend.config(config, hand);
            let place = match config.place {
                Some(_) => None,
                None => place::approach(&step.action, hand),
            };
            let mut shift = Vec3::ZERO;
            if config.place.is_none() && place.is_none() {
                shift = match bend.start {
                    Some(shift) => shift,
                    None => roles.dir(place::centring(&step.action, hand)) * self.rig.scale,
                };
                if hand == Hand::Weak
                    && !turned
                    && matches!(step.hands, Hands::Two { symmetry: signing::Symmetry::Mirror, .. })
                {
                    shift.x = -shift.x;
                }
            }
            if config.place.is_none_or(|place| is_in_air(&place)) && place.is_none() {
                shift.x += roles.dir(Vec3::X).x * manner.aside * 0.05 * self.rig.scale;
            }
            if let Some(aside) = config.place.and_then(|place| apart(&place, configs[hand.other().index()])) {
                shift.x += self.rig.arms[player].side.sign() * aside * self.rig.scale;
            }
            let ground = acts_on_other(step, hand.other());
            let stance = Stance {
                config: &config,
                place,
                shift,
                two_hands,
                ground,
                own_side: two_hands && image,
                other_stands: nth > 0 && self.independent,
                meets: meeting.filter(|_| two_hands),
            };
            let state = self.stand(player, &stance, roles);
            arrival = arrival.max(transition_secs(&self.rig, player, &before[player], &state));
            targets[player] = Some(state);
            // The other hand's place may depend on this one.
            self.tracks[player].cursor = state;
            self.resting[player] = false;
        }
        if two_hands
            && self.rig.symmetric
            && (meeting.is_some() || image)
            && let [Some(dominant), Some(_)] = targets
        {
            let dominant = if meeting.is_some() { dominant } else { self.on_own_side(dominant) };
            targets = [Some(dominant), Some(dominant.mirrored())];
        }
        // Cursors were only lent to find dependent places.
        for (track, before) in self.tracks.iter_mut().zip(before) {
            track.cursor = before;
        }
        let arrival = arrival * manner.fluency.transition_factor() * manner.stretch;
        let length = self.action_secs(&step.action, manner);
        let least = length * self.least_share(&step.action, manner);
        let action =
            if length > 0.0 { timing::compressed(length, manner.steps, manner.fluency) * manner.stretch } else { 0.0 };
        let hand = |hand: usize| HandPlan { from: before[hand], to: targets[hand], resting: resting[hand] };
        let plan = StepPlan { hands: [hand(0), hand(1)], arrival, action: action.max(least) };
        let shape = self.shaper.shape(step, &plan, &self.rig);
        let arrival = arrival * shape.transition();
        let arrival = self.go_all(&targets, start, arrival, if image { Round::Body } else { Round::BodyAndOther });
        self.add_residuals(&shape, targets.map(|target| target.is_some()), self.paired, start, arrival);
        let first = start + arrival;
        for &(hand, player, config) in &players {
            let config = bend.config(config, hand);
            let moved = apart_of(&config, configs[hand.other().index()]);
            self.ask_config(player, &config, roles, [start, first], moved);
        }

        let mut at = first;
        if length > 0.0 {
            at += manner.fluency.onset_secs() * manner.stretch;
            let compressed = (action * shape.movement()).max(least);
            at = self.act(&step.action, at, compressed, step, manner, &bend) + manner.fluency.coda_secs();
        } else if manner.letter {
            at += timing::LETTER_HOLD_SECS * manner.fluency.transition_factor() * shape.hold();
        } else if !players.is_empty() {
            at += manner.fluency.hold_secs() * manner.stretch * shape.hold();
        } else {
            // Face and head alone need time too.
            at += if step.nonmanuals.is_empty() { 0.1 } else { 0.6 };
        }
        for player in players.iter().map(|(_, player, _)| *player) {
            self.busy_until[player] = at;
        }
        self.add_body(&shape, start, at);
        for timed in &step.nonmanuals {
            let span = at - start;
            self.cues.push(Cue {
                id: None,
                asked: timed.what.into(),
                intensity: timed.intensity,
                start: start + span * f64::from(timed.start),
                end: start + span * f64::from(timed.end),
            });
        }
        Planned { start, first, end: at }
    }

    /// How the head is turned early in a step; none if the step leaves it alone.
    fn head_in(&self, step: &Step) -> Option<HeadMove> {
        /// What begins later moves hand and head together, shares of the step.
        const EARLY: f32 = 0.3;
        let mut moved = None;
        for timed in step.nonmanuals.iter().filter(|timed| timed.start < EARLY) {
            if let NonManual::Head(motion) = timed.what {
                moved = Some(presence::turned_head(motion, timed.intensity));
            }
        }
        moved.map(|[neck, head]| HeadMove::new(&self.rig, neck, head))
    }

    /// Moves the dominant hand of a mirrored pair so far out that the pair's fingers don't pass through each other.
    fn on_own_side(&self, mut state: HandState) -> HandState {
        let rig = &self.rig.hands[0];
        let inwards = -self.rig.arms[0].side.sign();
        let frames = rig.frames(&state.digits);
        let past = |point: Vec3| (state.wrist() + state.turn * point).x * inwards;
        if past(rig.fingers * rig.palm_length() * 0.6) > 0.02 {
            // The palm itself is on the other side: crossed on purpose.
            return state;
        }
        let tips = [3, 6, 9, 12, 15].map(|bone| past(frames.head[bone]));
        let furthest = tips.into_iter().fold(f32::NEG_INFINITY, f32::max) + 0.022 * self.rig.scale;
        state.point.x -= inwards * furthest.max(0.0);
        state
    }

    /// Brings a hand from where it will be to `target`, within `secs` from `start` or, if that is too short for the
    /// way, a little later. How long it takes, seconds.
    ///
    /// What else the other hand does meanwhile may not be planned yet: the way leads round the body alone.
    pub(crate) fn go(&mut self, hand: usize, target: &HandState, start: f64, secs: f64) -> f64 {
        let mut targets = [None; 2];
        targets[hand] = Some(*target);
        self.go_all(&targets, start, secs, Round::Body)
    }

    /// As [`Planner::go`], of one hand or of both at once.
    fn go_all(&mut self, targets: &[Option<HandState>; 2], start: f64, secs: f64, round: Round) -> f64 {
        /// A way that must be made in less than its shortest time takes at least this share of it.
        const HASTE: f64 = 0.92;
        /// No shorter way leads round anything, metres.
        const FAR_M: f32 = 0.06;
        let ways: Vec<(usize, HandState, HandState)> =
            (0..2).filter_map(|hand| Some((hand, self.tracks[hand].cursor, targets[hand]?))).collect();
        let least = |(hand, from, to): &(usize, HandState, HandState)| {
            timing::least_transition_secs(&self.rig, *hand, from, to) * HASTE
        };
        let mut secs = ways.iter().map(least).fold(secs.max(0.04), f64::max);
        let before = self.tracks.clone();
        for attempt in 0..2 {
            for (hand, _, target) in &ways {
                self.way(*hand, target, start, secs);
            }
            let mut longest = 0.0_f64;
            for (hand, from, to) in &ways {
                let length = from.wrist().distance(to.wrist());
                if length > FAR_M {
                    let aside = self.detour(*hand, start, secs, round);
                    longest = longest.max(timing::round_secs(length, aside) * HASTE);
                }
            }
            if longest <= secs || attempt > 0 {
                break;
            }
            // Round something is further than straight on.
            self.tracks.clone_from(&before);
            secs = longest;
        }
        secs
    }

    /// Plans a way straight on that takes just so long.
    fn way(&mut self, hand: usize, target: &HandState, start: f64, secs: f64) {
        let from = self.tracks[hand].cursor;
        let track = &mut self.tracks[hand];
        let mut push = |start: f64, duration: f64, change: Change| {
            track.push(Submovement { start, duration, profile: Profile::Smooth, change });
        };
        push(
            start,
            secs,
            Change::Shift {
                by: target.point - from.point,
                bow: Vec3::ZERO,
                anchor: target.anchor - from.anchor,
                swivel: target.swivel - from.swivel,
                with_head: target.with_head - from.with_head,
                touch: target.touch - from.touch,
            },
        );
        // The hand is formed before it arrives.
        self.form_hand(hand, &from.digits, &target.digits, start, secs * 0.88, Profile::Smooth);
        for (turn, from, to) in turns(&self.rig, hand, &from, target).into_iter().flatten() {
            self.tracks[hand].push(Submovement {
                start: start + secs * from,
                duration: secs * (to - from),
                profile: Profile::Smooth,
                change: Change::Turn { by: turn },
            });
        }
    }

    /// Changes the hand's shape, thumb and fingers out of each other's way.
    pub(crate) fn form_hand(
        &mut self,
        hand: usize,
        from: &Digits,
        to: &Digits,
        start: f64,
        secs: f64,
        profile: Profile,
    ) {
        let touch::Shaping { lead, lift } = touch::shaping(&self.rig, hand, from, to);
        let mut push = |digits: std::ops::Range<usize>, (first, last): (f64, f64)| {
            let mut by = [0.0; DIGITS];
            for index in digits {
                by[index] = to[index] - from[index];
            }
            self.push(hand, start + secs * first, secs * (last - first), profile, Change::Digits { by });
        };
        let [thumb, fingers] = lead.spans();
        if lead == touch::Lead::Together {
            push(0..DIGITS, thumb);
        } else {
            push(0..4, thumb);
            push(4..DIGITS, fingers);
        }
        if lift != [0.0; 4] {
            let mut by = [0.0; DIGITS];
            by[..4].copy_from_slice(&lift);
            self.push(hand, start, secs, Profile::Return, Change::Digits { by });
        }
    }

    /// Adds what keeps hand and forearm out of head and trunk on a way that has just been planned: from nothing to
    /// nothing, so that neither its beginning nor its end moves. How far it leads aside, metres.
    pub(crate) fn detour(&mut self, hand: usize, start: f64, secs: f64, round: Round) -> f32 {
        let mut aside = 0.0;
        /// Ends are where the form wants them; what is in the body there is not the way's fault.
        const MOMENTS: [f64; 6] = [0.22, 0.34, 0.46, 0.58, 0.7, 0.8];
        for _ in 0..2 {
            let mut worst = (Correction::default(), 0.0);
            for moment in MOMENTS {
                let states = [0, 1].map(|hand| self.tracks[hand].peek(start + secs * moment));
                let mut found = clear_of_body(&self.rig, hand, &states[hand]);
                if round == Round::BodyAndOther {
                    found.shift += clear_of_other(&self.rig, hand, &states);
                }
                let size = found.shift.length() + found.swivel.abs() * 0.1;
                if size > worst.1 {
                    #[expect(clippy::cast_possible_truncation, reason = "a share")]
                    let part = Profile::Return.at(moment as f32);
                    let whole = Correction { shift: found.shift / part, swivel: found.swivel / part };
                    worst = (whole, size);
                }
            }
            let (Correction { shift, swivel }, size) = worst;
            if size < 0.004 {
                break;
            }
            let by = (shift * 1.1).clamp_length_max(0.20);
            aside += by.length();
            let swivel = swivel.clamp(-0.8, 0.8);
            let change =
                Change::Shift { by, bow: Vec3::ZERO, anchor: Vec3::ZERO, swivel, with_head: 0.0, touch: Touch::NONE };
            self.push(hand, start, secs, Profile::Return, change);
        }
        aside
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
        let mut targets = [None; 2];
        targets[hand] = Some(target);
        self.go_all(&targets, start, secs, Round::BodyAndOther);
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

/// What a way leads round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// Head and trunk.
    Body,
    /// The other hand and its arm too: what they do meanwhile is planned.
    BodyAndOther,
}

/// The turns that lead from one state to another: rotation vectors with the fractions of the way
/// over which each runs. A wide turn goes by way of an orientation that the arm has half-way, so that
/// the forearm doesn't roll through its limit.
fn turns(rig: &Rig, hand: usize, from: &HandState, to: &HandState) -> [Option<(Vec3, f64, f64)>; 2] {
    let between = |a: Quat, b: Quat| {
        let turn = b * a.inverse();
        (if turn.w < 0.0 { -turn } else { turn }).to_scaled_axis()
    };
    let whole = between(from.turn, to.turn);
    if whole.length() < 1.0 {
        return [Some((whole, 0.0, 1.0)), None];
    }
    let half_way = turn_between(rig, hand, from, to, 0.5);
    [Some((between(from.turn, half_way), 0.0, 0.66)), Some((between(half_way, to.turn), 0.34, 1.0))]
}

/// How the hand is turned at a share of the way: forearm and wrist turn evenly, so that no limit is passed.
fn turn_between(rig: &Rig, hand: usize, from: &HandState, to: &HandState, share: f32) -> Quat {
    let (a, b) = (crate::reach::arm_of(rig, hand, from), crate::reach::arm_of(rig, hand, to));
    let mix = |from: f32, to: f32| from + (to - from) * share;
    let middle = HandState {
        point: from.wrist().lerp(to.wrist(), share),
        anchor: Vec3::ZERO,
        swivel: mix(from.swivel, to.swivel),
        ..*from
    };
    let limits = crate::arm::ArmLimits::HUMAN;
    let held = |from: f32, to: f32, (low, high): (f32, f32)| mix(from.clamp(low, high), to.clamp(low, high));
    rig.arms[hand].turn_with(
        &crate::reach::arm_of(rig, hand, &middle),
        held(a.roll, b.roll, limits.roll),
        held(a.flexion, b.flexion, limits.flexion),
        held(a.deviation, b.deviation, limits.deviation),
    )
}

/// Whether a form's place is shifted so that two hands have room.
fn apart_of(config: &HandConfig, other: Option<&HandConfig>) -> bool {
    config.place.is_some_and(|place| apart(&place, other).is_some())
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
        other: None,
    };
    let reached = reach(rig, hand, &wish);
    HandState { point, anchor, turn: reached.turn, swivel: reached.swivel, with_head: 0.0, touch: Touch::NONE, digits }
}

/// A target in the air.
const fn in_air(point: Vec3) -> Target {
    Target { point, normal: None, with_head: 0.0, touch: Touch::NONE, on_shoulder: None }
}
