//! By how much skin and flesh give way, and when more of it is granted because a form asks for contact.

use signing::{HandPart, Side, Site};

use crate::{Asked, Grip};

/// Depth by which skin and flesh give way, metres.
pub(crate) const SOFT_M: f32 = 0.008;
/// Further depth where the form asks for contact.
const TOUCHING_M: f32 = 0.014;
/// What lies against the body near the elbow is sleeve and flesh.
pub(crate) const FOREARM_M: f32 = SOFT_M + 0.006;
/// A contact is on from this long before the hand sets out for it, seconds.
const BEFORE_SECS: f64 = 0.1;
/// And this long after the hand has set out for something else.
const AFTER_SECS: f64 = 0.25;

/// What contact is asked for at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Allowed {
    /// Of the left and the right hand with the body.
    pub(crate) body: [bool; 2],
    /// Of the hands, or of a hand with the other arm.
    pub(crate) hands: bool,
    /// One hand closes around the other.
    pub(crate) closed: bool,
}

/// When a contact is asked for.
pub(crate) struct Window {
    from: f64,
    to: f64,
    allowed: Allowed,
}

/// By how much a hand may be in the body, metres.
pub(crate) fn of_body(allowed: Allowed, side: Side) -> f32 {
    SOFT_M + if allowed.body[usize::from(side == Side::Right)] { TOUCHING_M } else { 0.0 }
}

/// By how much hands and arms may be in each other, metres.
pub(crate) fn of_hands(allowed: Allowed) -> f32 {
    SOFT_M + if allowed.hands { TOUCHING_M } else { 0.0 }
}

/// From when to when contact is asked for: until the hand has left for what is asked next.
pub(crate) fn windows(asked: &[&Asked]) -> Vec<Window> {
    let mut windows = Vec::new();
    for (index, ask) in asked.iter().enumerate() {
        let Some(meeting) = ask.meeting else { continue };
        let next = asked[index + 1..]
            .iter()
            .find(|next| next.side == ask.side && next.since >= ask.time)
            .map_or(f64::INFINITY, |next| next.since.as_secs());
        let mut allowed = Allowed::default();
        match meeting.site {
            Site::Body { .. } => allowed.body[usize::from(ask.side == Side::Right)] = true,
            Site::OtherHand(part) => {
                allowed.hands = true;
                // Between fingers there is no surface to stay outside of.
                let between = |part: HandPart| matches!(part, HandPart::Gap(_) | HandPart::Web);
                allowed.closed = meeting.grip == Grip::Closed || between(part) || between(meeting.part);
            }
            Site::Space(_) => continue,
        }
        let from = ask.since.as_secs() - BEFORE_SECS;
        windows.push(Window { from, to: next + AFTER_SECS, allowed });
    }
    windows
}

/// What is asked for at a time, seconds.
pub(crate) fn at(windows: &[Window], secs: f64) -> Allowed {
    let mut all = Allowed::default();
    for window in windows.iter().filter(|window| (window.from..=window.to).contains(&secs)) {
        let Allowed { body, hands, closed } = window.allowed;
        all.body = [all.body[0] | body[0], all.body[1] | body[1]];
        all.hands |= hands;
        all.closed |= closed;
    }
    all
}
