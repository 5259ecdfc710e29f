//! The hands of the manual letters (汉语手指字母方案) and of the numbers 0 to 10.

use signing::{Finger, FingerFlex, FingerTouch, Handshape, ThumbFlex};

use super::{
    handshape::{bend, extended, fist, flat, glyph, round},
    words::{Bend, FingerSet, RoundWord},
};

const INDEX: FingerSet = FingerSet(0b00010);
const INDEX_MIDDLE: FingerSet = FingerSet(0b00110);
const OUTER_THREE: FingerSet = FingerSet(0b11100);
const THUMB_INDEX: FingerSet = FingerSet(0b00011);

const fn flex(mcp: f32, pip: f32, dip: f32) -> FingerFlex {
    FingerFlex { mcp, pip, dip, spread: 0.0 }
}

/// Fingers bent over the thumb (M, N).
const OVER_THUMB: FingerFlex = flex(1.45, 1.2, 0.6);
/// Below the round of C, well apart from it.
const THUMB_OF_C: ThumbFlex = ThumbFlex { abduction: 1.0, opposition: 0.85, mcp: 0.0, ip: 0.35 };
/// Bent forward at the knuckles like a roof (S, SH).
const ROOF: FingerFlex = flex(0.9, 0.1, 0.05);
/// Beneath the roof, pointing forward.
const THUMB_BENEATH: ThumbFlex = ThumbFlex { abduction: 0.35, opposition: 0.9, mcp: 0.1, ip: 0.0 };

/// The hand of a manual letter, `A` to `Z`, `ZH`, `CH`, `SH`, `NG`, in either case.
pub(crate) fn letter(letter: &str) -> Option<Handshape> {
    let upper = letter.trim().to_uppercase();
    let mut shape = match upper.as_str() {
        "A" => extended(FingerSet(1)),
        "B" => extended(FingerSet::LONG),
        "C" => {
            let mut shape = flat();
            round(&mut shape, FingerSet::ALL, RoundWord::HalfCircle);
            shape.thumb = THUMB_OF_C;
            shape
        }
        "D" => fist(),
        "E" => {
            let mut shape = extended(OUTER_THREE);
            bend(&mut shape, OUTER_THREE, Bend::Spread);
            shape.fingers[0] = flex(1.1, 1.4, 0.8);
            shape.touches = vec![FingerTouch::ThumbOver(Finger::Index)];
            shape
        }
        "F" | "V" => {
            let mut shape = extended(INDEX_MIDDLE);
            bend(&mut shape, INDEX_MIDDLE, Bend::Spread);
            shape
        }
        "G" | "I" => extended(INDEX),
        "H" => extended(INDEX_MIDDLE),
        "J" => {
            let mut shape = extended(INDEX);
            bend(&mut shape, INDEX, Bend::Bent);
            shape
        }
        "K" => {
            let mut shape = extended(INDEX_MIDDLE);
            shape.fingers[1] = flex(1.45, 0.0, 0.0);
            shape.thumb = ThumbFlex { abduction: 0.4, opposition: 0.6, mcp: 0.1, ip: 0.1 };
            shape.touches = vec![FingerTouch::ThumbToMiddleJoint(Finger::Middle)];
            shape
        }
        "L" | "R" => extended(THUMB_INDEX),
        "M" => over_thumb(3),
        "N" => over_thumb(2),
        "O" => {
            let mut shape = flat();
            round(&mut shape, FingerSet::ALL, RoundWord::Circle);
            shape.touches.truncate(2);
            shape
        }
        "P" => {
            let mut shape = flat();
            round(&mut shape, THUMB_INDEX, RoundWord::Circle);
            shape
        }
        "Q" => {
            let mut shape = fist();
            bend(&mut shape, FingerSet(0b00111), Bend::Pinched);
            shape
        }
        "S" => roof(FingerSet::LONG),
        "SH" => roof(INDEX_MIDDLE),
        "T" => {
            let mut shape = extended(FingerSet(0b10010));
            shape.touches = vec![FingerTouch::ThumbOver(Finger::Middle), FingerTouch::ThumbOver(Finger::Ring)];
            shape
        }
        "U" => {
            let mut shape = flat();
            shape.thumb = ThumbFlex { abduction: 1.05, opposition: 0.15, mcp: 0.0, ip: 0.0 };
            shape
        }
        "W" => {
            let mut shape = extended(FingerSet(0b01110));
            bend(&mut shape, FingerSet(0b01110), Bend::Spread);
            shape.touches = vec![FingerTouch::ThumbOver(Finger::Little)];
            shape
        }
        "X" => {
            let mut shape = extended(INDEX_MIDDLE);
            bend(&mut shape, INDEX_MIDDLE, Bend::Crossed);
            shape.touches.push(FingerTouch::ThumbOver(Finger::Ring));
            shape
        }
        "Y" => extended(FingerSet(0b10001)),
        "Z" => extended(FingerSet(0b10010)),
        "ZH" => extended(FingerSet(0b10110)),
        "CH" => {
            let mut shape = fist();
            let known = glyph(&mut shape, FingerSet(0b00111), "C");
            debug_assert!(known, "C is a figure of the table");
            shape.thumb = THUMB_OF_C;
            shape
        }
        "NG" => extended(FingerSet(0b10000)),
        _ => return None,
    };
    shape.name = format!("字母{upper}");
    Some(shape)
}

/// The first `count` fingers together, bent down over the thumb; the others closed.
fn over_thumb(count: usize) -> Handshape {
    let mut shape = fist();
    for finger in shape.fingers.iter_mut().take(count) {
        *finger = OVER_THUMB;
    }
    shape.thumb = ThumbFlex { abduction: 0.3, opposition: 1.1, mcp: 0.6, ip: 0.4 };
    // Its tip reaches the last finger that lies over it.
    shape.touches = vec![FingerTouch::ThumbToBase(Finger::LONG[count - 1])];
    shape
}

fn roof(set: FingerSet) -> Handshape {
    let mut shape = extended(set);
    for finger in set.iter() {
        shape.fingers[finger.index() - 1] = ROOF;
    }
    shape.thumb = THUMB_BENEATH;
    shape.touches.clear();
    shape
}

/// The hand of a number from 0 to 10; 20 to 90 by tens have the hand of their first digit.
pub(crate) fn number(n: u32) -> Option<Handshape> {
    let mut shape = match n {
        0 => letter("O")?,
        1 => extended(INDEX),
        2 => letter("V")?,
        3 => {
            let mut shape = extended(OUTER_THREE);
            bend(&mut shape, OUTER_THREE, Bend::Spread);
            shape.touches = vec![FingerTouch::ThumbOver(Finger::Index)];
            shape
        }
        4 => {
            let mut shape = extended(FingerSet::LONG);
            bend(&mut shape, FingerSet::LONG, Bend::Spread);
            shape
        }
        5 => {
            let mut shape = flat();
            bend(&mut shape, FingerSet::ALL, Bend::Spread);
            shape
        }
        6 => letter("Y")?,
        7 => letter("Q")?,
        8 => letter("L")?,
        9 => letter("J")?,
        10 => {
            let mut shape = letter("X")?;
            shape.touches.truncate(2);
            shape
        }
        _ => return None,
    };
    shape.name = format!("数字{n}");
    Some(shape)
}

/// A quoted number: `7`, `七`, `10`.
pub(crate) fn number_named(text: &str) -> Option<u32> {
    let text = text.trim();
    if let Ok(n) = text.parse() {
        return Some(n);
    }
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('零' | '〇'), None) => Some(0),
        (Some(c), None) => super::token::numeral(c),
        _ => None,
    }
}
