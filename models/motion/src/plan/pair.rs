//! Two hands together: which is placed first, which mirror each other, which must stand apart.

use signing::{
    BodySite, Dir, Distance, Hand, HandConfig, HandPart, HandSelector, Hands, Lateral, MovementKind, Place, Site, Step,
};

/// Whether the weak hand is written as the dominant one's mirror image, neither placed at the other.
pub(super) fn is_mirror_image(hands: &Hands) -> bool {
    let Hands::Two { dominant, weak, .. } = hands else { return false };
    let at_other = |config: &HandConfig| config.place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)));
    is_turned_like_image(dominant, weak) && weak.place == dominant.mirrored().place && !at_other(dominant)
}

/// Two mirrored hands of which one part meets the same part of the other (并拢, 相抵, 合十): they do so on the midline.
/// The part, and how far it stays from the midline, metres on a body of 1.70 m.
pub(super) fn mirror_meeting(hands: &Hands) -> Option<(HandPart, f32)> {
    let Hands::Two { dominant, weak, .. } = hands else { return None };
    let place = dominant.place?;
    let aside = match place.distance {
        Distance::Contact => 0.0,
        Distance::Near => 0.015,
        Distance::Before | Distance::Metres(_) => return None,
    };
    let same = place.site == Site::OtherHand(place.part) && place.offset == [0.0; 3];
    (same && weak.place.is_none() && is_turned_like_image(dominant, weak)).then_some((place.part, aside))
}

fn is_turned_like_image(dominant: &HandConfig, weak: &HandConfig) -> bool {
    let image = dominant.mirrored();
    let near = |a: Option<Dir>, b: Option<Dir>| match (a, b) {
        (Some(a), Some(b)) => a.angle_to(b) < 0.01,
        (None, None) => true,
        _ => false,
    };
    let shape = |config: &HandConfig| (config.shape.thumb, config.shape.fingers);
    shape(weak) == shape(dominant)
        && near(weak.palm, image.palm)
        && near(weak.fingers, image.fingers)
        && near(weak.radial, image.radial)
}

/// Two hands that a form puts before the same place of the midline stand on both sides of it: by how much
/// each moves outwards, metres on a body of 1.70 m.
pub(super) fn apart(place: &Place, other: Option<&HandConfig>) -> Option<f32> {
    let other = other?.place?;
    let (here, there) = (place.offset[0], other.offset[0]);
    // Both in the middle, or beside it on their own sides but nearer than hands can be.
    let mirrored = (here + there).abs() < 0.01 && here.abs() < 0.15;
    if other.site != place.site || !mirrored || other.part != place.part {
        return None;
    }
    let wanted = match (place.site, place.distance) {
        (Site::Body { lateral: Lateral::Centre, site }, distance) if distance != Distance::Contact => {
            // Hands before the face leave it to be seen.
            if (site as u8) <= (BodySite::UnderChin as u8) { 0.17 } else { 0.12 }
        }
        (Site::Space(point), _) if point.x.abs() < 0.2 => 0.11,
        _ => return None,
    };
    (wanted > here.abs()).then(|| wanted - here.abs())
}

/// Whether `hand` is placed at the other one, or goes to it.
pub(super) fn acts_on_other(step: &Step, hand: Hand) -> bool {
    let at_other = |place: Option<Place>| place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)));
    at_other(step.hands.config(hand).and_then(|config| config.place))
        || step.action.movements().into_iter().any(|movement| {
            movement.hand == HandSelector::One(hand)
                && match &movement.kind {
                    MovementKind::Contact(contact) => at_other(Some(contact.place)),
                    MovementKind::Path(path) => at_other(path.to),
                    _ => false,
                }
        })
}

/// Which hand is placed first: the one whose place does not depend on the other.
pub(super) fn order(hands: &Hands) -> [Hand; 2] {
    let leans = |hand: Hand| {
        let place = hands.config(hand).and_then(|config| config.place);
        place.is_some_and(|place| matches!(place.site, Site::OtherHand(_)))
    };
    if leans(Hand::Weak) && !leans(Hand::Dominant) {
        [Hand::Dominant, Hand::Weak]
    } else {
        [Hand::Weak, Hand::Dominant]
    }
}
