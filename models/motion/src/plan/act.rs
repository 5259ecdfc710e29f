//! What a step does: its tree of movements in time.

use signing::{
    Action, ContactKind, Hand, HandSelector, Hands, Movement, MovementKind, Path, PathShape, Place, Site, Step,
    Symmetry,
};

use super::{
    Manner, Planner,
    bend::Bend,
    make::{Doing, Image, shift},
    timing::{self, least_transition_secs},
};
use crate::track::{HandState, Profile};

/// The same again is a little faster: its share of the first time's length.
const AGAIN: f64 = 0.85;

impl Planner {
    /// Natural length of an action, seconds.
    pub(super) fn action_secs(&self, action: &Action, manner: &Manner) -> f64 {
        match action {
            Action::Seq(parts) => parts.iter().map(|part| self.action_secs(part, manner)).sum(),
            Action::Par(parts) => parts.iter().map(|part| self.action_secs(part, manner)).fold(0.0, f64::max),
            Action::Repeat { times, action } => {
                let once = self.action_secs(action, manner);
                let times = manner.times(*times);
                let again = f64::from(times - 1) * (once * AGAIN + if returns(action) { 0.0 } else { back_secs(once) });
                once + again
            }
            Action::Move(movement) => timing::movement_secs(&movement.kind, movement.manner, manner.fluency),
        }
    }

    /// The least share of its natural length in which a hand can make an action.
    pub(super) fn least_share(&self, action: &Action, manner: &Manner) -> f64 {
        let most = |parts: &[Action]| parts.iter().map(|part| self.least_share(part, manner)).fold(0.0, f64::max);
        match action {
            Action::Seq(parts) | Action::Par(parts) => most(parts),
            Action::Repeat { times, action } => {
                let again = if manner.times(*times) > 1 { AGAIN } else { 1.0 };
                self.least_share(action, manner) / again
            }
            Action::Move(movement) => {
                let natural = timing::movement_secs(&movement.kind, movement.manner, manner.fluency);
                if natural > 0.0 {
                    timing::least_secs(&movement.kind, movement.manner, self.rig.scale) / natural
                } else {
                    0.0
                }
            }
        }
    }

    /// Makes an action from `start`, `secs` long or, where a way turns out to be further than that, longer. When it ends.
    pub(super) fn act(
        &mut self,
        action: &Action,
        start: f64,
        secs: f64,
        step: &Step,
        manner: &Manner,
        bend: &Bend,
    ) -> f64 {
        let natural = self.action_secs(action, manner);
        if natural <= 0.0 {
            return start;
        }
        let stretch = secs / natural;
        match action {
            Action::Seq(parts) => {
                let mut at = start;
                for part in parts {
                    let length = self.action_secs(part, manner) * stretch;
                    at = self.act(part, at, length, step, manner, bend);
                }
                at
            }
            Action::Par(parts) => {
                // Where a hand goes depends on its shape and turn: those are planned first.
                let mut end = start + secs;
                for last in [false, true] {
                    for part in parts.iter().filter(|part| travels(part) == last) {
                        end = end.max(self.act(part, start, secs, step, manner, bend));
                    }
                }
                end
            }
            Action::Repeat { times, action } => self.repeat(*times, action, start, stretch, step, manner, bend),
            Action::Move(movement) => self.movement(movement, start, secs, step, manner, bend),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the same as `act`, and how often")]
    fn repeat(
        &mut self,
        written: u32,
        action: &Action,
        start: f64,
        stretch: f64,
        step: &Step,
        manner: &Manner,
        bend: &Bend,
    ) -> f64 {
        let times = manner.times(written);
        let once = self.action_secs(action, manner) * stretch;
        // Circles run on without stopping.
        if let Action::Move(Movement { hand, kind: MovementKind::Path(path), manner: how }) = action
            && let PathShape::Circle { axis, turns } = path.shape
            && path.to.is_none()
        {
            let shape = PathShape::Circle { axis, turns: turns * times as f32 };
            let whole =
                Movement { hand: *hand, kind: MovementKind::Path(Path { shape, ..path.clone() }), manner: *how };
            let secs = once + f64::from(times - 1) * once * AGAIN;
            return self.movement(&whole, start, secs, step, manner, bend);
        }
        let begin = [self.tracks[0].cursor, self.tracks[1].cursor];
        let usual_back = back_secs(once);
        let mut at = start;
        for time in 0..times {
            let secs = if time == 0 { once } else { once * AGAIN };
            at = self.act(action, at, secs, step, manner, bend);
            if time + 1 < times && !returns(action) {
                let quickest = (0..2).map(|player| {
                    least_transition_secs(&self.rig, player, &self.tracks[player].cursor, &begin[player])
                });
                let back = quickest.fold(usual_back, f64::max);
                for (player, begin) in begin.iter().enumerate() {
                    let now = self.tracks[player].cursor;
                    if moved(&now, begin) {
                        self.go(player, begin, at, back);
                    }
                }
                at += back;
            }
        }
        at
    }

    fn movement(
        &mut self,
        movement: &Movement,
        start: f64,
        secs: f64,
        step: &Step,
        manner: &Manner,
        bend: &Bend,
    ) -> f64 {
        let symmetry = match &step.hands {
            Hands::Two { symmetry, .. } => *symmetry,
            Hands::One(_) | Hands::None => Symmetry::Independent,
        };
        let hands: &[Hand] = match movement.hand {
            HandSelector::One(Hand::Dominant) => &[Hand::Dominant],
            HandSelector::One(Hand::Weak) => &[Hand::Weak],
            HandSelector::Both => &Hand::BOTH,
        };
        let both = hands.len() == 2 && Hand::BOTH.iter().all(|&hand| manner.roles.player(hand).is_some());
        let meets = both
            && match &movement.kind {
                MovementKind::Contact(contact) => matches!(contact.place.site, Site::OtherHand(_)),
                MovementKind::Path(path) => path.to.is_some_and(|place| matches!(place.site, Site::OtherHand(_))),
                _ => false,
            };
        if meets {
            return start + self.meet(movement, start, secs, manner, bend);
        }
        let mut end = start + secs;
        for &hand in hands {
            let Some(player) = manner.roles.player(hand) else { continue };
            let of_weak = movement.hand == HandSelector::Both && hand == Hand::Weak;
            let image = Image {
                mirror: (of_weak && symmetry != Symmetry::Parallel) != manner.roles.mirrored,
                opposite: of_weak && symmetry == Symmetry::Alternating,
                parallel: of_weak && symmetry == Symmetry::Parallel,
            };
            let doing = Doing { movement, player, image, start, secs, manner, bend, half: false };
            end = end.max(self.make(&doing));
        }
        end
    }

    /// Both hands go to each other. How long it takes, seconds.
    fn meet(&mut self, movement: &Movement, start: f64, secs: f64, manner: &Manner, bend: &Bend) -> f64 {
        let (Some(first), Some(second)) = (manner.roles.player(Hand::Dominant), manner.roles.player(Hand::Weak)) else {
            return secs;
        };
        let image = Image { mirror: manner.roles.mirrored, opposite: false, parallel: false };
        let before = self.tracks[first].cursor;
        // The dominant hand's way to the other says how far; each makes half of it.
        let Some(place) = goal_of(&movement.kind) else { return secs };
        let reached = self.placed_at(first, &place, manner);
        let way = self.exact(first, &reached, &before);
        let bounce = matches!(&movement.kind, MovementKind::Contact(contact) if contact.kind == ContactKind::Tap);
        let half = way.length() * 0.5;
        let secs = secs.max(if bounce { timing::round_secs(0.0, half) } else { timing::round_secs(half, 0.0) });
        let doing = Doing { movement, player: first, image, start, secs, manner, bend, half: true };
        self.make(&doing);
        let profile = if bounce { Profile::Return } else { Profile::Smooth };
        let touch = reached.touch - self.tracks[second].cursor.touch;
        self.push(second, start, secs, profile, shift(-way * 0.5, touch));
        secs
    }
}

const fn goal_of(kind: &MovementKind) -> Option<Place> {
    match kind {
        MovementKind::Contact(contact) => Some(contact.place),
        MovementKind::Path(path) => path.to,
        _ => None,
    }
}

/// Time to come back before the same again, seconds.
fn back_secs(once: f64) -> f64 {
    (once * 0.7).clamp(0.10, 0.30)
}

/// Whether an action ends where it began.
fn returns(action: &Action) -> bool {
    action.movements().iter().all(|movement| match &movement.kind {
        MovementKind::Path(path) => {
            path.there_and_back
                || matches!(path.shape, PathShape::Circle { turns, .. } if turns.fract().abs() < 0.01 && path.to.is_none())
        }
        MovementKind::Rotate(rotation) => rotation.there_and_back,
        MovementKind::Finger(_) | MovementKind::Hold { .. } => true,
        MovementKind::Contact(contact) => contact.kind == ContactKind::Tap,
        MovementKind::Orient { .. } | MovementKind::Shape(_) => false,
    })
}

/// Whether an action brings a hand somewhere.
pub(super) fn travels(action: &Action) -> bool {
    action.movements().iter().any(|movement| matches!(movement.kind, MovementKind::Path(_) | MovementKind::Contact(_)))
}

fn moved(now: &HandState, before: &HandState) -> bool {
    now.wrist().distance(before.wrist()) > 0.004
        || now.turn.angle_between(before.turn) > 0.03
        || now.digits.iter().zip(before.digits).any(|(a, b)| (a - b).abs() > 0.03)
}
