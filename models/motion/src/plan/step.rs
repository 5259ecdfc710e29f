//! One step of a form: where both hands stand in it, when they get there, and what they do then.

use glam::Vec3;
use signing::{Hand, HandConfig, Hands, MovementKind, NonManual, Site, Step, Symmetry};

use super::{
    Manner, Planned, Planner, Roles, Round, Usual, act,
    bend::{Bend, is_in_air},
    make::shift as shifted,
    pair::{acts_on_other, apart, is_mirror_image, mirror_meeting, order},
    place::{self, Stance, Target},
    timing::{self, transition_secs},
};
use crate::{
    head::features::{HandPlan, StepPlan},
    presence::{self, Cue},
    rig::HeadMove,
    track::{HandState, Profile, Touch},
};

impl Planner {
    /// A step with whatever shape the head gives it; [`Planner::step`] looks at where that leads.
    pub(super) fn step_as_shaped(&mut self, step: &Step, start: f64, manner: &Manner) -> Planned {
        let care = self.care;
        self.leave_for(start);
        let start = start + care.later;
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
        self.paired = two_hands && self.rig.symmetric && !self.independent && manner.beside == 0.0;
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
                if hand == Hand::Weak && !turned && matches!(step.hands, Hands::Two { symmetry: Symmetry::Mirror, .. })
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
        let hops =
            if manner.again && !act::travels(&step.action) { self.hops(&players, roles) } else { [Vec3::ZERO; 2] };
        if targets.iter().flatten().all(|target| target.touch.body < 0.4 && target.with_head == 0.0) {
            let beside = roles.dir(Vec3::X) * manner.beside * self.rig.scale;
            targets.iter_mut().flatten().for_each(|target| target.point += beside);
        }
        // Cursors were only lent to find dependent places.
        for (track, before) in self.tracks.iter_mut().zip(before) {
            track.cursor = before;
        }
        let mut arrival = arrival * manner.fluency.transition_factor() * manner.stretch;
        for (hop, (before, target)) in hops.iter().zip(before.iter().zip(&targets)) {
            if let (Some(target), true) = (target, *hop != Vec3::ZERO) {
                arrival = arrival.max(timing::round_secs(before.wrist().distance(target.wrist()), hop.length()));
            }
        }
        let length = self.action_secs(&step.action, manner);
        let least_action = length * self.least_share(&step.action, manner);
        let action =
            if length > 0.0 { timing::compressed(length, manner.steps, manner.fluency) * manner.stretch } else { 0.0 };
        let hand = |hand: usize| HandPlan { from: before[hand], to: targets[hand], resting: resting[hand] };
        let plan = StepPlan { hands: [hand(0), hand(1)], arrival, action: action.max(least_action) };
        let shape = self.shaper.shape(step, &plan, &self.rig);
        // Where a hand goes along with the head, what the head does meanwhile is not planned: there is no less time for it.
        let at_head = |state: &HandState| state.with_head > 0.5;
        let gets_there = targets.iter().flatten().any(at_head);
        let with_head = gets_there || players.iter().any(|&(_, player, _)| at_head(&before[player]));
        let least = |unchanged: bool| if unchanged { 1.0 } else { 0.0 };
        let aside = |hand: usize| care.aside_of(self.rig.arms[hand].side, self.rig.scale);
        let asides = [0, 1].map(|hand| if targets[hand].is_some() { aside(hand) } else { Vec3::ZERO });
        let mut asked_for = arrival * shape.transition().max(least(with_head)) * care.longer;
        for (hand, by) in asides.into_iter().enumerate() {
            if let (Some(target), true) = (&targets[hand], by != Vec3::ZERO) {
                let way = before[hand].wrist().distance(target.wrist());
                asked_for = asked_for.max(timing::round_secs(way, by.length()));
            }
        }
        let usual = arrival * care.longer;
        let arrival = self.go_all(&targets, start, asked_for, if image { Round::Body } else { Round::BodyAndOther });
        // A way that must be longer than was asked for would have been so at least with planning alone.
        let usual = if arrival > asked_for { usual.max(arrival) } else { usual };
        let there_and_back = (0..2).zip(hops).chain((0..2).zip(asides));
        for (player, by) in there_and_back.filter(|(_, by)| *by != Vec3::ZERO) {
            self.push(player, start, arrival, Profile::Return, shifted(by, Touch::NONE));
        }
        self.add_residuals(&shape, targets.map(|target| target.is_some()), self.paired, start, arrival);
        let (first, usual_first) = (start + arrival, start + usual);
        for &(hand, player, config) in &players {
            let config = bend.config(config, hand);
            let moved = apart_of(&config, configs[hand.other().index()]);
            self.ask_config(player, &config, roles, [start, first], moved);
        }

        // What only stands is seen for a while, however early the next sign sets out.
        let seen_for = if length > 0.0 { 0.0 } else { timing::LEAST_SEEN_SECS };
        let (mut at, mut usual_end) = (first, usual_first);
        if length > 0.0 {
            let onset = manner.fluency.onset_secs() * manner.stretch;
            at += onset;
            // A touch is made in its time.
            let touches =
                step.action.movements().iter().any(|movement| matches!(movement.kind, MovementKind::Contact(_)));
            let compressed =
                (action * shape.movement().max(least(touches || gets_there))).max(least_action) * care.slower;
            let acted = self.act(&step.action, at, compressed, step, manner, &bend);
            let usually = action.max(least_action) * care.slower;
            usual_end += onset + (acted - at) * usually / compressed.max(1e-6) + manner.fluency.coda_secs();
            at = acted + manner.fluency.coda_secs();
        } else if manner.letter {
            let hold = timing::LETTER_HOLD_SECS * manner.fluency.transition_factor();
            at += hold * shape.hold().max(1.0);
            usual_end += hold;
        } else if !players.is_empty() {
            let hold = manner.fluency.hold_secs() * manner.stretch;
            at += hold * shape.hold().max(least(gets_there));
            usual_end += hold;
        } else {
            // Face and head alone need time too.
            let alone = if step.nonmanuals.is_empty() { 0.1 } else { 0.6 };
            at += alone;
            usual_end += alone;
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
        let usual = Usual { first: usual_first, end: usual_end, seen: usual_first + seen_for };
        Planned { start, first, end: at, seen: first + seen_for, usual }
    }

    /// The ways off and back by which hands that only stand show that they are there once more, metres on this body.
    fn hops(&self, players: &[(Hand, usize, &HandConfig)], roles: Roles) -> [Vec3; 2] {
        /// Off the skin, and up from a place in the air, metres on a body of 1.70 m.
        const OFF_SKIN_M: f32 = 0.05;
        const UP_M: f32 = 0.03;
        let mut hops = [Vec3::ZERO; 2];
        for &(_, player, config) in players {
            let target = config.place.map(|place| (self.target(player, &place, roles), place));
            hops[player] = match target {
                Some((Target { normal: Some(normal), .. }, place)) if matches!(place.site, Site::Body { .. }) => {
                    normal * OFF_SKIN_M * self.rig.scale
                }
                _ => Vec3::Y * UP_M * self.rig.scale,
            };
        }
        hops
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
}

/// Whether a form's place is shifted so that two hands have room.
fn apart_of(config: &HandConfig, other: Option<&HandConfig>) -> bool {
    config.place.is_some_and(|place| apart(&place, other).is_some())
}
