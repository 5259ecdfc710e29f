//! Closes what finger angles leave open: thumb and fingers that should touch do, on this body.

use glam::Vec3;
use signing::{Finger, FingerTouch, HandPart, Handshape};

use crate::{
    hand::{DIGIT_LIMITS, DIGITS, Digits, HandFrames, clamp_digits, digits_of},
    rig::{Rig, Spot},
    track::{Flutter, Profile, minimum_jerk},
    volume::{Segment, between_segments},
};

/// A finger that is bent this far at its knuckle covers its base, radians.
const BENT_RAD: f32 = 0.9;

/// Half the thickness of a finger, metres: from a joint to the skin.
const HALF_FINGER_M: f32 = 0.008;

/// The angles of a handshape on this body, with its touches closed.
pub(crate) fn close(rig: &Rig, hand: usize, shape: &Handshape) -> Digits {
    let asked = digits_of(shape);
    let mut digits = asked;
    let mut pairs = Vec::new();
    for &touch in &shape.touches {
        match touch {
            FingerTouch::CrossedOverNext(finger) => cross(&mut digits, finger),
            other => pairs.push(other),
        }
    }
    if let [FingerTouch::ThumbToBase(finger)] = pairs[..]
        && (Finger::Index.index() + 1..=Finger::Little.index()).contains(&finger.index())
        && digits[finger.index() * 4] > BENT_RAD
    {
        tuck_thumb(rig, hand, &mut digits, finger);
        return digits;
    }
    if !pairs.is_empty() {
        digits = descend(rig, hand, digits, &pairs);
    }
    lift_thumb(rig, hand, &mut digits, &pairs);
    digits
}

/// Which of a hand's digits move first when it changes its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// All at once.
    Together,
    /// The thumb gives way, then the fingers move.
    Thumb,
    /// The fingers move, then the thumb lies over or under them.
    Fingers,
}

impl Lead {
    /// When thumb and fingers move, as shares of the whole change.
    pub(crate) const fn spans(self) -> [(f64, f64); 2] {
        let (first, second) = ((0.0, 0.68), (0.32, 1.0));
        match self {
            Self::Together => [(0.0, 1.0); 2],
            Self::Thumb => [first, second],
            Self::Fingers => [second, first],
        }
    }
}

/// How a hand changes its shape: which digits go first, and how far the thumb gives way meanwhile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shaping {
    pub(crate) lead: Lead,
    /// What is added to the thumb's angles half-way, and taken back; see [`Profile::Return`].
    pub(crate) lift: [f32; 4],
}

/// In which order thumb and fingers change, and how far the thumb is lifted, so that they pass through each other least.
pub(crate) fn shaping(rig: &Rig, hand: usize, from: &Digits, to: &Digits) -> Shaping {
    const MOMENTS: [f32; 6] = [0.2, 0.32, 0.44, 0.56, 0.68, 0.8];
    /// As deep as that is a touch, metres.
    const DEEP_M: f32 = 0.004;
    /// So much shallower is worth a change, metres.
    const BETTER_M: f32 = 0.001;
    /// Ways for the thumb to give: off the palm, away from the fingers, straight, and both.
    const LIFTS: [[f32; 4]; 5] = [
        [0.0, 0.45, -0.2, -0.2],
        [0.45, 0.0, -0.2, -0.2],
        [0.0, 0.0, -0.5, -0.6],
        [0.45, 0.35, -0.3, -0.3],
        [0.30, -0.45, -0.2, -0.2],
    ];
    let deepest = |shaping: Shaping| {
        let [thumb, fingers] = shaping.lead.spans();
        let depth = |moment: f32| {
            #[expect(clippy::cast_possible_truncation, reason = "a share")]
            let share = |(start, end): (f64, f64)| minimum_jerk((moment - start as f32) / (end - start) as f32);
            let mut digits = *from;
            for (index, angle) in digits.iter_mut().enumerate() {
                *angle += (to[index] - *angle) * if index < 4 { share(thumb) } else { share(fingers) };
            }
            let lifted = Profile::Return.at(moment);
            digits.iter_mut().zip(shaping.lift).for_each(|(angle, lift)| *angle += lift * lifted);
            clamp_digits(&mut digits);
            thumb_depth(&rig.thumb_segments(hand, &digits), &rig.finger_segments(hand, &digits)).1
        };
        MOMENTS.into_iter().map(depth).fold(0.0, f32::max)
    };
    let plain = |lead: Lead| Shaping { lead, lift: [0.0; 4] };
    let mut best = (plain(Lead::Together), deepest(plain(Lead::Together)));
    let mut offer = |shaping: Shaping| {
        if best.1 > DEEP_M {
            let depth = deepest(shaping);
            if depth < best.1 - BETTER_M {
                best = (shaping, depth);
            }
        }
    };
    offer(plain(Lead::Thumb));
    offer(plain(Lead::Fingers));
    for lift in LIFTS {
        for lead in [Lead::Together, Lead::Thumb, Lead::Fingers] {
            offer(Shaping { lead, lift });
        }
    }
    best.0
}

/// How a thumb rubs over the fingers that it touches without going into them: how much of the swing is left, and what is
/// added to the thumb's angles half-way, and taken back.
pub(crate) fn rubbing(rig: &Rig, hand: usize, from: &Digits, rub: &Flutter) -> (f32, [f32; 4]) {
    /// As deep as that is a touch, metres.
    const DEEP_M: f32 = 0.004;
    /// Of the change that are looked at.
    const MOMENTS: usize = 15;
    const LIFTS: [[f32; 4]; 8] = [
        [0.0; 4],
        [0.0, 0.0, -0.12, -0.15],
        [0.0, -0.12, 0.0, 0.0],
        [0.0, 0.12, 0.0, 0.0],
        [0.12, 0.0, -0.1, -0.1],
        [-0.1, 0.0, -0.1, -0.1],
        [0.2, 0.0, -0.15, -0.2],
        [0.12, 0.12, -0.15, -0.2],
    ];
    let deepest = |share: f32, lift: [f32; 4]| {
        let depth = |moment: usize| {
            let u = moment as f32 / (MOMENTS + 1) as f32;
            let mut rubbed = *from;
            rub.of(share).apply(u, &mut rubbed);
            let lifted = Profile::Return.at(u);
            rubbed.iter_mut().zip(lift).for_each(|(angle, lift)| *angle += lift * lifted);
            clamp_digits(&mut rubbed);
            thumb_in_fingers(rig, hand, &rubbed)
        };
        (1..=MOMENTS).map(depth).fold(0.0, f32::max)
    };
    let mut best = ((1.0, LIFTS[0]), f32::INFINITY);
    for share in [1.0, 0.7, 0.45, 0.3] {
        for lift in LIFTS {
            let depth = deepest(share, lift);
            if depth < best.1 {
                best = ((share, lift), depth);
            }
            if best.1 <= DEEP_M {
                return best.0;
            }
        }
    }
    best.0
}

/// Tucks the thumb into the palm and lays bent fingers over it (M, N): its tip comes to lie below the base of `last`,
/// each finger from the index to `last` closes onto it.
fn tuck_thumb(rig: &Rig, hand: usize, digits: &mut Digits, last: Finger) {
    /// How far below the fingers' roots, and above the palm's bones, the tip lies, metres.
    const BELOW_M: f32 = 0.030;
    const ABOVE_M: f32 = 0.014;
    let asked = *digits;
    let measures = &rig.hands[hand];
    let frames = measures.frames(&asked);
    let root = |finger: usize| frames.head[1 + finger * 3];
    let last = last.index();
    let target = root(last).lerp(root(last - 1), 0.35) - measures.fingers * BELOW_M + measures.palm * ABOVE_M;
    let over = 4..4 * last + 4;
    let cost = |digits: &Digits| {
        let thumb = rig.thumb_segments(hand, digits);
        let (sum, most) = thumb_depth(&thumb, &rig.finger_segments(hand, digits));
        let open: f32 = over.clone().map(|index| (digits[index] - asked[index]).powi(2)).sum();
        let away = thumb[1].to.distance(target) / 0.01;
        700.0 * most + 60.0 * sum + 2.5 * open + 0.5 * away * away
    };
    let mut found = (f32::INFINITY, asked);
    for abduction in [0.1, 0.4, 0.7] {
        for opposition in [0.8, 1.1, 1.4] {
            for bend in [0.2, 0.8] {
                let mut seed = asked;
                seed[..4].copy_from_slice(&[abduction, opposition, bend, bend]);
                // From open fingers: closing, they come to lie over the thumb, not beside it.
                for index in over.clone().filter(|index| index % 4 == 1 || index % 4 == 2) {
                    seed[index] = 0.1;
                }
                let mut best = cost(&seed);
                for step in [0.3, 0.15, 0.08, 0.04, 0.02] {
                    for _ in 0..10 {
                        let before = best;
                        for index in (0..4).chain(over.clone().filter(|index| index % 4 != 3)) {
                            for sign in [1.0, -1.0] {
                                let mut next = seed;
                                let (low, high) = DIGIT_LIMITS[index];
                                next[index] = (next[index] + sign * step).clamp(low, high);
                                let cost = cost(&next);
                                if cost < best {
                                    (seed, best) = (next, cost);
                                    break;
                                }
                            }
                        }
                        if best > before * 0.995 {
                            break;
                        }
                    }
                }
                if best < found.0 {
                    found = (best, seed);
                }
            }
        }
    }
    *digits = found.1;
}

/// Depth by which a thumb's flesh gives way to a finger's, metres.
const SOFT_M: f32 = 0.003;

/// How deep the thumb of a hand with these angles is in its fingers at most, metres beyond what is soft.
pub(crate) fn thumb_in_fingers(rig: &Rig, hand: usize, digits: &Digits) -> f32 {
    thumb_depth(&rig.thumb_segments(hand, digits), &rig.finger_segments(hand, digits)).1
}

/// How deep the thumb is in the fingers of its hand, metres: the sum and the most.
fn thumb_depth(thumb: &[Segment; 2], fingers: &[Segment]) -> (f32, f32) {
    let (mut sum, mut most) = (0.0, 0.0_f32);
    for thumb in thumb {
        for finger in fingers {
            let apart = between_segments(thumb.from, thumb.to, finger.from, finger.to).0;
            let depth = (thumb.radius + finger.radius - apart - SOFT_M).max(0.0);
            sum += depth;
            most = most.max(depth);
        }
    }
    (sum, most)
}

/// Takes the thumb out of the fingers, by the least that does it: what touches stays in touch.
fn lift_thumb(rig: &Rig, hand: usize, digits: &mut Digits, touches: &[FingerTouch]) {
    let start = *digits;
    // Pads that pinch are pressed together: there the other fingers count.
    let pinched: Vec<usize> = touches
        .iter()
        .filter(|touch| matches!(touch, FingerTouch::ThumbTipToTip(_)))
        .map(|&touch| finger_of(touch).index() - 1)
        .collect();
    let others = |digits: &Digits| {
        let mut all = rig.finger_segments(hand, digits);
        all.keep(|index| !pinched.contains(&(index / 3)));
        all
    };
    let fingers = others(&start);
    if thumb_depth(&rig.thumb_segments(hand, &start), &fingers).1 < 0.001 {
        return;
    }
    let touched: Vec<Finger> = touches.iter().map(|&touch| finger_of(touch)).collect();
    let gap = |digits: &Digits| {
        let frames = rig.hands[hand].frames(digits);
        touches
            .iter()
            .map(|&touch| {
                let (a, b) = ends(rig, hand, touch, digits, &frames);
                a.point.distance(b.point)
            })
            .sum::<f32>()
    };
    // Flesh is soft where it touches: a few millimetres are no gap.
    let before = gap(&start).max(0.004 * touches.len() as f32);
    let cost = |digits: &Digits| {
        let thumb = rig.thumb_segments(hand, digits);
        // Fingers only move where the thumb touches them.
        let (sum, most) =
            if touched.is_empty() { thumb_depth(&thumb, &fingers) } else { thumb_depth(&thumb, &others(digits)) };
        let away: f32 = digits.iter().zip(start).map(|(now, was)| (now - was) * (now - was)).sum();
        let apart = if touched.is_empty() { 0.0 } else { (gap(digits) - before).max(0.0) };
        most * 700.0 + sum * 60.0 + 0.5 * away + apart * 220.0
    };
    // The way out may lead over a finger: several beginnings.
    let mut starts: Vec<(f32, Digits)> = Vec::new();
    for abduction in [-0.3, 0.0, 0.3] {
        for opposition in [-0.3, 0.0, 0.3, 0.6] {
            for bend in [0.0, -0.4] {
                let mut seed = start;
                seed[0] += abduction;
                seed[1] += opposition;
                seed[2] += bend;
                seed[3] += bend;
                clamp_digits(&mut seed);
                starts.push((cost(&seed), seed));
            }
        }
    }
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = (cost(&start), start);
    for (_, seed) in starts.into_iter().take(3).chain([found]) {
        let (now, seed) = lift_from(seed, &touched, &cost);
        if now < found.0 {
            found = (now, seed);
        }
    }
    *digits = found.1;
}

/// Pattern search over the thumb's angles, and a little those of the fingers that it touches.
fn lift_from(mut digits: Digits, touched: &[Finger], cost: &dyn Fn(&Digits) -> f32) -> (f32, Digits) {
    let mut best = cost(&digits);
    for step in [0.2, 0.1, 0.05, 0.02] {
        for _ in 0..6 {
            let before = best;
            for index in 0..DIGITS {
                let finger = Finger::ALL[index / 4];
                if finger != Finger::Thumb && !(touched.contains(&finger) && index % 4 != 3) {
                    continue;
                }
                for sign in [1.0, -1.0] {
                    let mut next = digits;
                    let (low, high) = DIGIT_LIMITS[index];
                    let give = if finger == Finger::Thumb { 1.0 } else { 0.4 };
                    next[index] = (next[index] + sign * step * give).clamp(low, high);
                    let cost = cost(&next);
                    if cost < best {
                        (digits, best) = (next, cost);
                        break;
                    }
                }
            }
            if best > before * 0.995 {
                break;
            }
        }
    }
    (best, digits)
}

/// Lays a finger across the back of the next one.
fn cross(digits: &mut Digits, finger: Finger) {
    let index = finger.index();
    if !(1..4).contains(&index) {
        return;
    }
    let (over, under) = (index * 4, index * 4 + 4);
    digits[over] = (digits[over] - 0.10).max(-0.4);
    digits[over + 1] += 0.22;
    digits[over + 3] = -0.26;
    digits[under] += 0.14;
    digits[under + 1] += 0.10;
    // Ring and little finger spread the other way.
    digits[under + 3] = if index == 1 { 0.10 } else { -0.10 };
}

/// The two places that should meet.
fn ends(rig: &Rig, hand: usize, touch: FingerTouch, digits: &Digits, frames: &HandFrames) -> (Spot, Spot) {
    let part = |part| rig.part_in_hand(hand, part, digits, frames);
    let between = |a: Spot, b: Spot, normal: Vec3| Spot { point: a.point.lerp(b.point, 0.55), normal };
    let end_of = |finger| {
        let pad = part(HandPart::Pad(finger));
        between(part(HandPart::Tip(finger)), pad, pad.normal)
    };
    let measures = &rig.hands[hand];
    match touch {
        FingerTouch::ThumbTipToTip(finger) => (end_of(Finger::Thumb), end_of(finger)),
        FingerTouch::ThumbOver(finger) => (part(HandPart::Pad(Finger::Thumb)), part(HandPart::FingerBack(finger))),
        FingerTouch::ThumbToBase(finger) => {
            let bone = 1 + finger.index() * 3;
            let normal = measures.palm;
            let point = frames.head[bone] + normal * HALF_FINGER_M * 1.2 + measures.fingers * 0.004;
            (end_of(Finger::Thumb), Spot { point, normal })
        }
        FingerTouch::ThumbToMiddleJoint(finger) => {
            let bone = 2 + finger.index() * 3;
            let normal = frames.turn[bone] * (measures.palm * 0.7 + measures.radial * 0.7).normalize();
            (end_of(Finger::Thumb), Spot { point: frames.head[bone] + normal * HALF_FINGER_M, normal })
        }
        FingerTouch::CrossedOverNext(finger) => {
            let spot = part(HandPart::FingerSide(finger));
            (spot, spot)
        }
    }
}

const fn finger_of(touch: FingerTouch) -> Finger {
    match touch {
        FingerTouch::ThumbTipToTip(finger)
        | FingerTouch::ThumbOver(finger)
        | FingerTouch::ThumbToBase(finger)
        | FingerTouch::ThumbToMiddleJoint(finger)
        | FingerTouch::CrossedOverNext(finger) => finger,
    }
}

fn descend(rig: &Rig, hand: usize, start: Digits, touches: &[FingerTouch]) -> Digits {
    // Fingers side by side can't all be where the thumb's tip is.
    let slack = if touches.len() > 2 { 0.007 * (touches.len() as f32 - 1.0) } else { 0.0 };
    let mut free = [0.0_f32; DIGITS];
    free[..4].fill(1.0);
    for &touch in touches {
        let finger = finger_of(touch).index() * 4;
        // A finger that is only touched keeps its shape.
        let gives = if matches!(touch, FingerTouch::ThumbTipToTip(_)) { 0.8 } else { 0.25 };
        free[finger..finger + 3].fill(gives);
        let aside = matches!(finger_of(touch), Finger::Ring | Finger::Little);
        if touches.len() > 2 || aside {
            free[finger + 3] = 0.5;
        }
    }
    let cost = |digits: &Digits| {
        let frames = rig.hands[hand].frames(digits);
        let mut cost = 0.0;
        for &touch in touches {
            let (a, b) = ends(rig, hand, touch, digits, &frames);
            let gap = (a.point.distance(b.point) - slack).max(0.0) / 0.003;
            cost += gap * gap + 0.8 * (1.0 + a.normal.dot(b.normal));
        }
        for index in 0..DIGITS {
            if free[index] > 0.0 {
                let off = (digits[index] - start[index]) / (0.45 * free[index]);
                cost += 0.025 * off * off;
            }
        }
        // The end joint follows the middle one.
        for &touch in touches {
            let finger = finger_of(touch).index() * 4;
            let off = digits[finger + 2] - 0.55 * digits[finger + 1];
            cost += 0.02 * off * off;
        }
        cost
    };
    let mut digits = start;
    let mut best = cost(&digits);
    for step in [0.4, 0.2, 0.1, 0.05, 0.025, 0.012, 0.006] {
        for _ in 0..12 {
            let before = best;
            for index in 0..DIGITS {
                if free[index] == 0.0 {
                    continue;
                }
                for sign in [1.0, -1.0] {
                    let mut next = digits;
                    let (low, high) = DIGIT_LIMITS[index];
                    next[index] = (next[index] + sign * step).clamp(low, high);
                    let cost = cost(&next);
                    if cost < best {
                        (digits, best) = (next, cost);
                        break;
                    }
                }
            }
            if best > before * 0.99 {
                break;
            }
        }
    }
    digits
}
