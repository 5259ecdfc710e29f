//! Handshapes as joint angles.
//!
//! Angles are the project's own estimates of a relaxed adult hand within the ranges that
//! [`FingerFlex`] and [`ThumbFlex`] document; contacts within the hand are named as touches, which
//! motion closes exactly.

use signing::{Finger, FingerFlex, FingerTouch, Handshape, ThumbFlex};

use super::words::{Bend, FingerSet};

mod figure;

pub(crate) use figure::{glyph, right_angle, round};

const fn flex(mcp: f32, pip: f32, dip: f32) -> FingerFlex {
    FingerFlex { mcp, pip, dip, spread: 0.0 }
}

const fn thumb(abduction: f32, opposition: f32, mcp: f32, ip: f32) -> ThumbFlex {
    ThumbFlex { abduction, opposition, mcp, ip }
}

/// Bent: like a claw or a hook.
const BENT: FingerFlex = flex(0.35, 1.3, 0.7);
/// Slightly bent.
const CURVED: FingerFlex = flex(0.4, 0.55, 0.3);
/// Bent at the knuckle only.
const ARCHED: FingerFlex = flex(0.95, 0.25, 0.1);
/// At right angles to the palm.
const RIGHT_ANGLE: FingerFlex = flex(1.5, 0.05, 0.0);
/// Half of a circle.
const HALF_CIRCLE: FingerFlex = flex(0.5, 0.7, 0.35);
/// The tip meets the thumb's.
const PINCHED: FingerFlex = flex(0.85, 0.75, 0.35);
/// A circle with the thumb.
const CIRCLE: FingerFlex = flex(0.7, 1.05, 0.55);
/// Bunched with the others.
const BUNCHED: FingerFlex = flex(0.8, 0.5, 0.25);
/// A fist that holds something.
const LOOSE: FingerFlex = flex(1.0, 1.25, 0.6);
/// Loosely straight.
const RELAXED: FingerFlex = flex(0.15, 0.2, 0.1);

/// Beside the index finger.
const THUMB_ALONG: ThumbFlex = thumb(0.1, 0.0, 0.0, 0.0);
/// Out.
const THUMB_OUT: ThumbFlex = thumb(1.05, 0.15, 0.0, 0.0);
/// Over the closed fingers.
const THUMB_OVER: ThumbFlex = thumb(0.2, 0.95, 0.6, 0.7);
/// Across the palm.
const THUMB_ACROSS: ThumbFlex = thumb(0.05, 1.15, 0.6, 0.5);
/// Opposite the fingertips.
const THUMB_OPPOSED: ThumbFlex = thumb(0.55, 1.05, 0.25, 0.35);
/// Opposite and apart, as below a bowl.
const THUMB_BELOW: ThumbFlex = thumb(0.75, 0.9, 0.15, 0.3);

/// Spread angles of index, middle, ring and little finger when all are spread.
const SPREAD: [f32; 4] = [0.3, 0.0, 0.22, 0.4];

/// A flat hand, fingers together.
pub(crate) fn flat() -> Handshape {
    Handshape {
        name: "五指并拢".to_owned(),
        thumb: THUMB_ALONG,
        fingers: [FingerFlex::STRAIGHT; 4],
        touches: Vec::new(),
    }
}

/// A hand at ease.
pub(crate) fn relaxed() -> Handshape {
    Handshape {
        name: "自然微曲".to_owned(),
        thumb: thumb(0.3, 0.4, 0.1, 0.1),
        fingers: [CURVED; 4],
        touches: Vec::new(),
    }
}

/// A fist, the thumb over index and middle finger.
pub(crate) fn fist() -> Handshape {
    Handshape {
        name: "握拳".to_owned(),
        thumb: THUMB_OVER,
        fingers: [FingerFlex::CLOSED; 4],
        touches: vec![FingerTouch::ThumbOver(Finger::Middle)],
    }
}

/// These fingers out, the others closed; the unused thumb over the first closed finger.
pub(crate) fn extended(set: FingerSet) -> Handshape {
    let mut shape = fist();
    shape.touches.clear();
    shape.name = format!("伸{}", set.name());
    for finger in Finger::LONG {
        if set.has(finger) {
            shape.fingers[finger.index() - 1] = FingerFlex::STRAIGHT;
        }
    }
    if set.has(Finger::Thumb) {
        shape.thumb = THUMB_OUT;
        return shape;
    }
    let closed = FingerSet::LONG.but(set);
    // The thumb holds the closed finger next to those that are out; of a fist, the middle finger.
    let held = match closed.0 {
        0 => None,
        _ if closed == FingerSet::LONG => Some(Finger::Middle),
        _ if set.has(Finger::Index) => closed.first(),
        _ if closed.has(Finger::Middle) => Some(Finger::Middle),
        _ => Some(Finger::Index),
    };
    match held {
        Some(finger) => shape.touches.push(FingerTouch::ThumbOver(finger)),
        None => shape.thumb = THUMB_ACROSS,
    }
    if set == FingerSet(0b00010) || set == FingerSet(0b10010) {
        shape.touches = vec![FingerTouch::ThumbOver(Finger::Middle)];
    }
    shape
}

/// Thumb and fingers about to take something between them; the others closed.
pub(crate) fn about_to_pinch(set: FingerSet) -> Handshape {
    let mut shape = extended(set);
    if !set.has(Finger::Thumb) {
        // Fingers alone hook.
        bend(&mut shape, set, Bend::Bent);
        return shape;
    }
    pinch(&mut shape, set, PINCHED);
    shape.touches.clear();
    shape.name = format!("{}相捏", set.name());
    shape
}

/// A hand about to close on something.
pub(crate) fn about_to_grasp() -> Handshape {
    Handshape { name: "握".to_owned(), thumb: THUMB_BELOW, fingers: [HALF_CIRCLE; 4], touches: Vec::new() }
}

fn long(set: FingerSet) -> impl Iterator<Item = (Finger, usize)> {
    set.iter().filter(|&finger| finger != Finger::Thumb).map(|finger| (finger, finger.index() - 1))
}

/// Drops contacts of the fingers in `set`, which are about to move.
fn release(shape: &mut Handshape, set: FingerSet) {
    shape.touches.retain(|touch| {
        let finger = match *touch {
            // The base of a finger stays where it is, however the finger bends.
            FingerTouch::ThumbToBase(_) => return !set.has(Finger::Thumb),
            FingerTouch::ThumbTipToTip(finger)
            | FingerTouch::ThumbOver(finger)
            | FingerTouch::ThumbToMiddleJoint(finger) => {
                if set.has(Finger::Thumb) {
                    return false;
                }
                finger
            }
            FingerTouch::CrossedOverNext(finger) => finger,
        };
        !set.has(finger)
    });
}

/// Changes the fingers of `set` in `shape` as `bend` says.
pub(crate) fn bend(shape: &mut Handshape, set: FingerSet, bend: Bend) {
    release(shape, set);
    let has_thumb = set.has(Finger::Thumb);
    let mut all = |to: FingerFlex| {
        for (_, index) in long(set) {
            shape.fingers[index] = FingerFlex { spread: shape.fingers[index].spread, ..to };
        }
    };
    match bend {
        Bend::Straight => {
            all(FingerFlex::STRAIGHT);
            if has_thumb {
                shape.thumb = THUMB_OUT;
            }
        }
        Bend::Bent => {
            all(BENT);
            if has_thumb {
                shape.thumb = thumb(0.8, 0.6, 0.35, 0.7);
            }
        }
        Bend::Curved | Bend::Cupped => {
            all(CURVED);
            if has_thumb {
                shape.thumb = thumb(0.6, 0.6, 0.15, 0.25);
            }
        }
        Bend::Relaxed => {
            all(RELAXED);
            if has_thumb {
                shape.thumb = thumb(0.35, 0.3, 0.05, 0.05);
            }
        }
        Bend::Arched => {
            all(ARCHED);
            if has_thumb {
                shape.thumb = thumb(0.3, 0.5, 0.1, 0.1);
            }
        }
        Bend::Together => {
            for (_, index) in long(set) {
                shape.fingers[index].spread = 0.0;
            }
            if has_thumb && set.count() > 1 {
                shape.thumb = THUMB_ALONG;
            }
        }
        Bend::Spread | Bend::SlightlySpread => spread(shape, set, if bend == Bend::Spread { 1.0 } else { 0.5 }),
        Bend::Bunched => bunch(shape, set),
        Bend::Pinched => pinch(shape, set, PINCHED),
        Bend::Crossed => cross(shape, set),
        Bend::Fist => {
            all(FingerFlex::CLOSED);
            for (_, index) in long(set) {
                shape.fingers[index].spread = 0.0;
            }
            if has_thumb {
                shape.thumb = THUMB_OVER;
                shape.touches.push(FingerTouch::ThumbOver(Finger::Middle));
            }
        }
        Bend::LooseFist => {
            all(LOOSE);
            if has_thumb {
                shape.thumb = thumb(0.4, 0.95, 0.3, 0.5);
            }
        }
        Bend::Closed | Bend::Withdrawn => {
            all(FingerFlex::CLOSED);
            if has_thumb {
                shape.thumb = THUMB_OVER;
            }
        }
        Bend::Hooked => all(BENT),
        Bend::ElbowBent => {}
    }
}

/// Opens the fingers of `set` by `share` of the whole; closed ones straighten.
fn spread(shape: &mut Handshape, set: FingerSet, share: f32) {
    let only_two = set.but(FingerSet(1)).count() == 2;
    for (finger, index) in long(set) {
        let now = shape.fingers[index];
        if now.mcp + now.pip > 0.6 {
            shape.fingers[index] = if share < 1.0 { CURVED } else { FingerFlex::STRAIGHT };
        }
        let angle = match (finger, only_two) {
            (Finger::Middle, true) => -0.12,
            (Finger::Index, true) => 0.25,
            _ => SPREAD[index],
        };
        shape.fingers[index].spread = angle * share;
    }
    if set.has(Finger::Thumb) {
        // Of thumb and index alone, opening means apart and opposite; of a whole hand, out in its plane.
        let opposed = set.count() == 2;
        shape.thumb = match (opposed, share < 1.0) {
            (true, true) => thumb(0.5, 0.8, 0.1, 0.2),
            (true, false) => thumb(0.9, 0.5, 0.0, 0.0),
            (false, true) => thumb(0.55, 0.2, 0.0, 0.0),
            (false, false) => thumb(0.95, 0.1, 0.0, 0.0),
        };
        if opposed && share < 1.0 {
            for (_, index) in long(set) {
                shape.fingers[index] = FingerFlex { spread: 0.0, ..CURVED };
            }
        }
    }
}

fn bunch(shape: &mut Handshape, set: FingerSet) {
    for (_, index) in long(set) {
        shape.fingers[index] = BUNCHED;
    }
    shape.thumb = THUMB_OPPOSED;
    for (finger, _) in long(set).take(2) {
        shape.touches.push(FingerTouch::ThumbTipToTip(finger));
    }
}

fn pinch(shape: &mut Handshape, set: FingerSet, to: FingerFlex) {
    for (_, index) in long(set) {
        shape.fingers[index] = to;
    }
    shape.thumb = THUMB_OPPOSED;
    shape.touches.retain(|touch| !matches!(touch, FingerTouch::ThumbOver(_)));
    for (finger, _) in long(set) {
        shape.touches.push(FingerTouch::ThumbTipToTip(finger));
    }
}

/// 食、中指相叠: the middle finger over the index; thumb and index: like 十.
fn cross(shape: &mut Handshape, set: FingerSet) {
    if set.has(Finger::Thumb) {
        shape.thumb = thumb(0.25, 0.75, 0.1, 0.1);
        if set.has(Finger::Index) {
            shape.fingers[0] = flex(0.5, 0.35, 0.15);
        }
        shape.touches.push(FingerTouch::ThumbToMiddleJoint(Finger::Index));
        return;
    }
    for (finger, index) in long(set) {
        shape.fingers[index] = FingerFlex { spread: -0.2, ..FingerFlex::STRAIGHT };
        if finger == Finger::Middle {
            shape.fingers[index] = FingerFlex { mcp: 0.2, pip: 0.15, dip: 0.1, spread: 0.25 };
        }
    }
    if let Some((first, _)) = long(set).next() {
        shape.touches.push(FingerTouch::CrossedOverNext(first));
    }
}

/// Spreads fingers bent as they are.
pub(crate) fn spread_only(shape: &mut Handshape, set: FingerSet) {
    let only_two = set.but(FingerSet(1)).count() == 2;
    for (finger, index) in long(set) {
        shape.fingers[index].spread = match (finger, only_two) {
            (Finger::Middle, true) => -0.12,
            (Finger::Index, true) => 0.25,
            _ => SPREAD[index],
        };
    }
    if set.has(Finger::Thumb) {
        shape.thumb.abduction = shape.thumb.abduction.max(0.9);
    }
}

/// Whether none of these fingers is closed or meets the thumb.
pub(crate) fn is_open(shape: &Handshape, set: FingerSet) -> bool {
    let held = shape.touches.iter().any(|touch| matches!(touch, FingerTouch::ThumbTipToTip(_)));
    !held && set.count() > 2 && long(set).all(|(_, index)| shape.fingers[index].mcp + shape.fingers[index].pip < 2.0)
}

/// The fingers that are out: not closed into the palm.
pub(crate) fn out(shape: &Handshape) -> FingerSet {
    let mut set = FingerSet::default();
    for finger in Finger::LONG {
        let flex = shape.fingers[finger.index() - 1];
        if flex.mcp + flex.pip < 2.4 {
            set = set.with(finger);
        }
    }
    if shape.thumb.abduction > 0.4 || shape.touches.iter().any(|touch| matches!(touch, FingerTouch::ThumbTipToTip(_))) {
        set = set.with(Finger::Thumb);
    }
    set
}

/// How far the fingertips that are out turn from the hand's axis towards the palm, radians.
pub(crate) fn tip_angle(shape: &Handshape) -> f32 {
    let out: Vec<f32> = long(out(shape))
        .map(|(_, index)| {
            let FingerFlex { mcp, pip, dip, .. } = shape.fingers[index];
            // The tip's way from the knuckle: each joint turns what is beyond it.
            0.45 * mcp + 0.35 * (mcp + pip) + 0.2 * (mcp + pip + dip)
        })
        .collect();
    if out.is_empty() { 0.0 } else { out.iter().sum::<f32>() / out.len() as f32 }
}

/// A contact within the hand: `mover` (usually the thumb) at a part of `goal`, or at the palm.
pub(crate) fn touch_itself(
    shape: &mut Handshape,
    mover: FingerSet,
    goal: Option<Finger>,
    part: Option<super::words::Part>,
) {
    use super::words::Part;
    if mover.has(Finger::Thumb) || mover == FingerSet::default() {
        release(shape, FingerSet(1));
        match (goal, part) {
            (Some(finger), Some(Part::Root)) => {
                shape.thumb = thumb(0.2, 0.7, 0.4, 0.5);
                shape.touches.push(FingerTouch::ThumbToBase(finger));
            }
            (Some(finger), Some(Part::Tips | Part::Pads)) => {
                shape.thumb = THUMB_OPPOSED;
                shape.touches.push(FingerTouch::ThumbTipToTip(finger));
            }
            (Some(finger), Some(Part::Joint)) => {
                shape.thumb = thumb(0.3, 0.6, 0.2, 0.2);
                shape.touches.push(FingerTouch::ThumbToMiddleJoint(finger));
            }
            (Some(finger), _) => {
                shape.thumb = THUMB_OVER;
                shape.touches.push(FingerTouch::ThumbOver(finger));
            }
            (None, _) => shape.thumb = THUMB_ACROSS,
        }
        return;
    }
    // A finger on another finger, or bent to the palm.
    match goal {
        Some(Finger::Thumb) => pinch(shape, mover, PINCHED),
        Some(_) => {
            if let Some(first) = mover.first() {
                shape.touches.push(FingerTouch::CrossedOverNext(first));
            }
        }
        None => {
            for (_, index) in long(mover) {
                shape.fingers[index] = FingerFlex::CLOSED;
            }
        }
    }
}
