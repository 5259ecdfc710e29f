//! From a shape to submovements and cues: what is added to the plan before projection has its word.

use glam::Vec3;

use super::shape::{HandResidual, Shape};
use crate::{
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
        let of_hands = self.tracks.iter().map(|track| track.cursor.touch.hand).fold(0.0, f32::max);
        for (hand, _) in taking_part.into_iter().enumerate().filter(|(_, takes_part)| *takes_part) {
            let residual =
                if paired && hand == 1 { shape.hand(0).map(HandResidual::mirrored) } else { shape.hand(hand) };
            if let Some(residual) = residual {
                // What touches stays where it touches.
                let free = 1.0 - self.tracks[hand].cursor.touch.body.max(of_hands).clamp(0.0, 1.0);
                self.add_to_hand(hand, &residual, free, start, secs);
            }
        }
    }

    /// `free`: 0 where the hand is to touch, 1 where it is not.
    fn add_to_hand(&mut self, hand: usize, residual: &HandResidual, free: f32, start: f64, secs: f64) {
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
        let (offset, turn, bend) = (residual.offset * scale * free, residual.turn * free, residual.bend * free);
        let reach = offset.length() + (residual.swivel.abs() + turn.length() + bend.abs()) * 0.1;
        let part = share(reach, ONCE);
        push(self, Profile::Smooth, shift(offset * part, residual.swivel * part));
        if turn != Vec3::ZERO {
            push(self, Profile::Smooth, Change::Turn { by: turn * part });
        }
        if bend != 0.0 {
            let mut by: Digits = [0.0; DIGITS];
            by[4..].iter_mut().step_by(4).for_each(|angle| *angle = bend * part);
            push(self, Profile::Smooth, Change::Digits { by });
        }
        let bow = residual.bow * scale;
        let part = share(bow.length() + residual.bow_swivel.abs() * 0.1, THERE_AND_BACK);
        if part > 0.05 {
            push(self, Profile::Return, shift(bow * part, residual.bow_swivel * part));
            self.detour(hand, start, secs, Round::Body);
        }
    }

    /// Adds what a shape says of head, torso and face while a sign is made. A head that hands are at is left alone: what
    /// clears them of it is planned before it moves.
    pub(crate) fn add_body(&mut self, shape: &Shape, start: f64, end: f64) {
        /// Nearer to the eyes than this a hand is at the head, metres on a body of 1.70 m.
        const AT_HEAD_M: f32 = 0.34;
        const MOMENTS: [f64; 4] = [0.0, 0.35, 0.7, 1.0];
        if let Some(mut residual) = shape.body() {
            let at_head = |hand: usize| {
                let state = |share: f64| self.tracks[hand].peek(start + (end - start) * share);
                MOMENTS.iter().any(|&share| state(share).wrist().distance(self.rig.eyes) < AT_HEAD_M * self.rig.scale)
            };
            if at_head(0) || at_head(1) {
                residual.head = [0.0; 3];
            }
            self.cues.push(Cue { id: None, asked: Asked::Learnt(residual), intensity: 1.0, start, end });
        }
    }
}
