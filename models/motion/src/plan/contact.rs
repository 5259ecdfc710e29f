//! Contacts: taps, strokes and grasps.

use glam::Vec3;
use signing::{Contact, ContactKind, Site};

use super::{
    Planner,
    asked::Grip,
    make::{Doing, shift},
    timing,
};
use crate::{
    hand::{DIGITS, Digits},
    track::{Change, HandState, Profile, Touch},
};

impl Planner {
    /// Makes a contact. When it ends.
    pub(super) fn contact(&mut self, doing: &Doing<'_>, contact: &Contact) -> f64 {
        let Doing { player, start, secs, manner, .. } = *doing;
        let reached = self.placed_at(player, &contact.place, manner);
        let (meets, end) = match contact.kind {
            ContactKind::Tap => self.tap(doing, contact, &reached),
            ContactKind::Touch if doing.half => {
                let now = self.tracks[player].cursor;
                let way = self.exact(player, &reached, &now);
                let touch = Touch { body: 0.0, hand: 1.0 } - now.touch;
                self.push(player, start, secs, Profile::Smooth, shift(way * 0.5, touch));
                (start + secs, start + secs)
            }
            ContactKind::Touch => {
                let met = start + self.go(player, &reached, start, secs);
                (met, met)
            }
            ContactKind::Brush => self.brush(doing, contact, &reached),
            ContactKind::Grasp => self.grasp(doing, &reached),
            ContactKind::Insert => {
                let target = self.target(player, &contact.place, manner.roles);
                let mut inside = reached;
                inside.point -= target.normal.unwrap_or(Vec3::Y) * 0.02 * self.rig.scale;
                let met = start + self.go(player, &inside, start, secs);
                (met, met)
            }
        };
        let grip = match contact.kind {
            ContactKind::Grasp | ContactKind::Insert => Grip::Closed,
            ContactKind::Tap | ContactKind::Touch | ContactKind::Brush => Grip::Light,
        };
        self.ask_meeting(player, &contact.place, manner.roles, [start, meets], grip);
        end
    }

    /// There and back. When it meets, and when it ends.
    fn tap(&mut self, doing: &Doing<'_>, contact: &Contact, reached: &HandState) -> (f64, f64) {
        let Doing { player, start, secs, .. } = *doing;
        let now = self.tracks[player].cursor;
        let way = reached.anchored_at(now.anchor).point - now.point;
        let back = back_metres(contact) * self.rig.scale;
        if doing.half || way.length() <= back * 2.0 {
            // Close by: there and back.
            if doing.half {
                let by = self.exact(player, reached, &now) * 0.5;
                let secs = secs.max(timing::round_secs(0.0, by.length()));
                self.push(player, start, secs, Profile::Return, shift(by, reached.touch - now.touch));
                return (start + secs * 0.5, start + secs);
            }
            let secs = secs.max(timing::round_secs(0.0, now.wrist().distance(reached.wrist())));
            let change = Change::Shift {
                by: reached.point - now.point,
                bow: Vec3::ZERO,
                anchor: reached.anchor - now.anchor,
                swivel: reached.swivel - now.swivel,
                with_head: 0.0,
                touch: reached.touch - now.touch,
            };
            self.push(player, start, secs, Profile::Return, change);
            let turn = reached.turn * now.turn.inverse();
            let by = (if turn.w < 0.0 { -turn } else { turn }).to_scaled_axis();
            self.push(player, start, secs, Profile::Return, Change::Turn { by });
            return (start + secs * 0.5, start + secs);
        }
        let met = start + self.go(player, reached, start, secs * 0.62);
        let off = -way.normalize_or(Vec3::Z) * back;
        let secs = (secs * 0.38).max(timing::round_secs(back, 0.0));
        self.push(player, met, secs, Profile::Smooth, shift(off, Touch::NONE - reached.touch));
        (met, met + secs)
    }

    /// To the skin and along it. When it meets (anywhere on the way along), and when it ends.
    fn brush(&mut self, doing: &Doing<'_>, contact: &Contact, reached: &HandState) -> (f64, f64) {
        let Doing { player, start, secs, .. } = *doing;
        let target = self.target(player, &contact.place, doing.manner.roles);
        let normal = target.normal.unwrap_or(Vec3::Z);
        let wanted = contact.along.map_or(Vec3::NEG_Y, |along| doing.image.direction(along.vec()));
        let along_skin = |dir: Vec3| dir - normal * dir.dot(normal);
        // What faces up or down is not stroked downwards: from where the hand comes to its own side.
        let own_side = Vec3::X * self.rig.arms[player].side.sign();
        let tangent = [wanted, own_side].map(along_skin).into_iter().find(|dir| dir.length() > STEEP);
        let tangent = tangent.map_or(wanted, Vec3::normalize);
        let on_hand = matches!(contact.place.site, Site::OtherHand(_));
        let usual = if on_hand { timing::BRUSH_M * STROKE_ON_HAND } else { timing::BRUSH_M };
        let stroke = tangent * timing::metres(contact.size, usual) * self.rig.scale;
        // Hands and bodies are round: what is grazed in the middle is not gone through at both ends.
        let off = normal * GRAZE_M * self.rig.scale;
        let mut begin = *reached;
        begin.point += off - stroke * 0.5;
        let on = start + self.go(player, &begin, start, secs * 0.42);
        let secs = (secs * 0.58).max(timing::round_secs(stroke.length(), off.length()));
        self.push(player, on, secs, Profile::Smooth, shift(stroke, Touch::NONE));
        self.push(player, on, secs, Profile::Return, shift(-off, Touch::NONE));
        (on + secs * 0.5, on + secs)
    }

    /// There, and the fingers shut around it. When it meets, and when it ends.
    fn grasp(&mut self, doing: &Doing<'_>, reached: &HandState) -> (f64, f64) {
        let Doing { player, start, secs, .. } = *doing;
        let digits = self.tracks[player].cursor.digits;
        let took = self.go(player, reached, start, secs * 0.7);
        let mut by: Digits = [0.0; DIGITS];
        for finger in 1..5 {
            for (joint, share) in [0.35, 0.45, 0.3].into_iter().enumerate() {
                let index = finger * 4 + joint;
                let shut = [1.3, 1.5, 0.9][joint];
                by[index] = (shut - digits[index]).max(0.0) * share;
            }
        }
        by[1] = (0.9 - digits[1]).max(0.0) * 0.5;
        by[2] = (0.5 - digits[2]).max(0.0) * 0.5;
        self.push(player, start + took * 0.64, secs * 0.55, Profile::Smooth, Change::Digits { by });
        (start + took, start + took * 0.64 + secs * 0.55)
    }
}

/// How long a stroke along the other hand is, of what it is elsewhere.
const STROKE_ON_HAND: f32 = 0.6;

/// The sine of the least angle between the skin's normal and a direction along it.
const STEEP: f32 = 0.35;

/// How far off the skin a stroke along it begins and ends, metres on a body of 1.70 m.
const GRAZE_M: f32 = 0.013;

/// How far a tap backs off, metres on a body of 1.70 m.
const fn back_metres(contact: &Contact) -> f32 {
    timing::metres(contact.size, timing::BACK_OFF_M)
}
