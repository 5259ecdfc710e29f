//! From a shape to submovements and cues: what is added to the plan before projection has its word.

use glam::Vec3;

use super::shape::{HandResidual, Shape};
use crate::{
    clear::clear_of_body,
    hand::{DIGITS, Digits},
    plan::{Planner, Round},
    presence::{Asked, Cue},
    track::{Change, Profile, Submovement, Touch},
};

/// A residual's jerk stays below this, m/s³: it comes on top of the plan's own.
const RESIDUAL_JERK: f32 = 900.0;
/// Peak jerk of a way of one metre made in a second: minimum jerk, and there and back.
const ONCE: f32 = 60.0;
const THERE_AND_BACK: f32 = 384.0;

impl Planner {
    /// Adds a shape's residuals to the way of `secs` seconds from `start` to a configuration. `taking_part`: which hands
    /// go there; `paired`: whether they are each other's mirror image and stay so.
    pub(crate) fn add_residuals(&mut self, shape: &Shape, taking_part: [bool; 2], paired: bool, start: f64, secs: f64) {
        for (hand, _) in taking_part.into_iter().enumerate().filter(|(_, takes_part)| *takes_part) {
            let residual =
                if paired && hand == 1 { shape.hand(0).map(HandResidual::mirrored) } else { shape.hand(hand) };
            if let Some(residual) = residual {
                self.add_to_hand(hand, &residual, start, secs);
            }
        }
    }

    fn add_to_hand(&mut self, hand: usize, residual: &HandResidual, start: f64, secs: f64) {
        let scale = self.rig.scale;
        let shift = |by: Vec3, swivel: f32| Change::Shift {
            by,
            bow: Vec3::ZERO,
            anchor: Vec3::ZERO,
            swivel,
            with_head: 0.0,
            touch: Touch::NONE,
        };
        let push = |planner: &mut Self, profile: Profile, change: Change| {
            planner.tracks[hand].push(Submovement { start, duration: secs, profile, change });
        };
        #[expect(clippy::cast_possible_truncation, reason = "a few tenths of a second")]
        let room = secs as f32;
        // In a shorter time as much less as keeps the jerk.
        let share = |metres: f32, shape: f32| (RESIDUAL_JERK * room.powi(3) / (shape * metres).max(1e-6)).min(1.0);
        let offset = residual.offset * scale;
        let reach = offset.length() + (residual.swivel.abs() + residual.turn.length() + residual.bend.abs()) * 0.1;
        let room = self.room(hand, offset, residual.swivel);
        let part = share(reach, ONCE) * room;
        push(self, Profile::Smooth, shift(offset * part, residual.swivel * part));
        if residual.turn != Vec3::ZERO {
            push(self, Profile::Smooth, Change::Turn { by: residual.turn * part });
        }
        if residual.bend != 0.0 {
            let mut by: Digits = [0.0; DIGITS];
            by[4..].iter_mut().step_by(4).for_each(|angle| *angle = residual.bend * part);
            push(self, Profile::Smooth, Change::Digits { by });
        }
        let bow = residual.bow * scale;
        let part = share(bow.length() + residual.bow_swivel.abs() * 0.1, THERE_AND_BACK);
        if part > 0.05 {
            push(self, Profile::Return, shift(bow * part, residual.bow_swivel * part));
            self.detour(hand, start, secs, Round::Body);
        }
    }

    /// How much of an offset leads no deeper into the body than the configuration is: all, half or nothing. Projection would
    /// lead the hand out again, but only as far as it can.
    fn room(&self, hand: usize, offset: Vec3, swivel: f32) -> f32 {
        /// What counts as deeper, metres and, a tenth of it, radians.
        const DEEPER: f32 = 0.001;
        let state = self.tracks[hand].cursor;
        let depth = |part: f32| {
            let mut moved = state;
            moved.point += offset * part;
            moved.swivel += swivel * part;
            let found = clear_of_body(&self.rig, hand, &moved);
            found.shift.length() + found.swivel.abs() * 0.1
        };
        let before = depth(0.0);
        [1.0, 0.5].into_iter().find(|&part| depth(part) <= before + DEEPER).unwrap_or(0.0)
    }

    /// Adds what a shape says of head, torso and face while a sign is made.
    pub(crate) fn add_body(&mut self, shape: &Shape, start: f64, end: f64) {
        if let Some(residual) = shape.body() {
            self.cues.push(Cue { id: None, asked: Asked::Learnt(residual), intensity: 1.0, start, end });
        }
    }
}
