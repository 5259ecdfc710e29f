//! The way of a hand, or of both, from where it will be to where it should be: straight on, and round what is between.

use glam::{Quat, Vec3};

use super::{Planner, timing};
use crate::{
    arm::ArmLimits,
    clear::{Correction, clear_of_body, clear_of_other},
    hand::{DIGITS, Digits},
    reach::arm_of,
    rig::Rig,
    touch,
    track::{Change, HandState, Profile, Submovement, Touch},
};

/// What a way leads round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// Head and trunk.
    Body,
    /// The other hand and its arm too: what they do meanwhile is planned.
    BodyAndOther,
}

impl Planner {
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
    pub(super) fn go_all(&mut self, targets: &[Option<HandState>; 2], start: f64, secs: f64, round: Round) -> f64 {
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
                if length > FAR_M || self.care.further {
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
        let rig = &self.rig;
        let touch::Shaping { lead, lift } =
            self.shapings.look_up((hand, *from, *to), |_| touch::shaping(rig, hand, from, to));
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
        /// The same with care.
        const MORE: [f64; 12] = [0.14, 0.2, 0.26, 0.32, 0.38, 0.44, 0.5, 0.56, 0.62, 0.7, 0.78, 0.86];
        let (moments, rounds, beyond): (&[f64], _, _) =
            if self.care.further { (&MORE, 4, 1.25) } else { (&MOMENTS, 2, 1.1) };
        for _ in 0..rounds {
            let mut worst = (Correction::default(), 0.0);
            for &moment in moments {
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
            let by = (shift * beyond).clamp_length_max(0.20);
            aside += by.length();
            let swivel = swivel.clamp(-0.8, 0.8);
            let change =
                Change::Shift { by, bow: Vec3::ZERO, anchor: Vec3::ZERO, swivel, with_head: 0.0, touch: Touch::NONE };
            self.push(hand, start, secs, Profile::Return, change);
        }
        aside
    }
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
pub(super) fn turn_between(rig: &Rig, hand: usize, from: &HandState, to: &HandState, share: f32) -> Quat {
    let (a, b) = (arm_of(rig, hand, from), arm_of(rig, hand, to));
    let mix = |from: f32, to: f32| from + (to - from) * share;
    let middle = HandState {
        point: from.wrist().lerp(to.wrist(), share),
        anchor: Vec3::ZERO,
        swivel: mix(from.swivel, to.swivel),
        ..*from
    };
    let limits = ArmLimits::HUMAN;
    let held = |from: f32, to: f32, (low, high): (f32, f32)| mix(from.clamp(low, high), to.clamp(low, high));
    rig.arms[hand].turn_with(
        &arm_of(rig, hand, &middle),
        held(a.roll, b.roll, limits.roll),
        held(a.flexion, b.flexion, limits.flexion),
        held(a.deviation, b.deviation, limits.deviation),
    )
}
