//! `handconfig` and `split_handconfig`.

use signing::Finger;

use super::Reader;
use crate::sigml::{
    direction::{between, direction, letters, second_direction},
    hand::{Base, Bend, Crossing, Opening, ShapeSpec, Thumb, ThumbSpecial, halfway},
    sign::{Palm, Posture, Split},
    site::{digits, finger_part},
    xml::Node,
};

const ATTRIBUTES: &[&str] = &[
    "handshape",
    "second_handshape",
    "thumbpos",
    "second_thumbpos",
    "mainbend",
    "second_mainbend",
    "bend1",
    "bend2",
    "bend3",
    "bend4",
    "bend5",
    "ceeopening",
    "second_ceeopening",
    "specialfingers",
    "exempteddigits",
    "opposedfinger",
    "contactpair",
    "contactkind",
    "second_contactpair",
    "second_contactkind",
    "thumbcontact",
    "thumbbetween",
    "thumbenclosed",
    "extfidir",
    "second_extfidir",
    "palmor",
    "second_palmor",
    "abs_palmor",
    "rel_palmor",
    "approx_palmor",
    "abs_extfidir",
    "rel_extfidir",
    "approx_extfidir",
    "approx_shape",
    "successivefingers",
];

impl Reader<'_> {
    pub(super) fn split_handconfig(&mut self, node: &Node, postures: &mut Split<Posture>) {
        self.known(node, &[]);
        for (whose, half) in self.halves(node) {
            if half.name == "handconfig" {
                self.handconfig(half, postures.slot(whose));
            } else {
                self.reject_element(half, "expected handconfig");
            }
        }
    }

    /// Adds what the element says; several say the shape, the fingers and the palm in turn.
    pub(super) fn handconfig(&mut self, node: &Node, posture: &mut Posture) {
        self.known(node, ATTRIBUTES);
        let first = self.shape(node, "");
        let second = self.shape(node, "second_");
        match (first, second) {
            (Some(first), Some(second)) => {
                posture.shape = Some(halfway(&first.handshape(), &second.handshape()));
            }
            (Some(shape), None) | (None, Some(shape)) => posture.shape = Some(shape.handshape()),
            (None, None) => {}
        }
        if let Some(first) = self.value(node, "extfidir", direction) {
            let second = self.value(node, "second_extfidir", second_direction).flatten();
            posture.fingers = Some(between(first, second));
        }
        let absolute = self.flag(node, "abs_palmor");
        if let Some(first) = self.value(node, "palmor", |text| palm(text, absolute)) {
            let second = self.value(node, "second_palmor", |text| palm(text, absolute));
            posture.palm = Some(second.map_or(first, |second| between_palms(first, second)));
        }
        for relative in ["rel_palmor", "rel_extfidir"] {
            if self.flag(node, relative) {
                self.sign.notes.push("the orientation is kept relative to the path".to_owned());
            }
        }
        if let Some(towards) = self.value(node, "successivefingers", |text| {
            Some(match text {
                "towards_pinky" => "little finger",
                "towards_thumb" => "thumb",
                _ => return None,
            })
        }) {
            self.sign.notes.push(format!("finger after finger, towards the {towards}"));
        }
    }

    /// The shape that the element names; `prefix` is `second_` for the other of two between which it is.
    fn shape(&mut self, node: &Node, prefix: &str) -> Option<ShapeSpec> {
        let named = |name: &str| format!("{prefix}{name}");
        let base = self.value(node, &named("handshape"), Base::named);
        let thumb = self.value(node, &named("thumbpos"), |text| {
            Some(match text {
                "out" => Some(Thumb::Out),
                "across" => Some(Thumb::Across),
                "opposed" | "open" => Some(Thumb::Opposed),
                "default" => None,
                _ => return None,
            })
        });
        let bend = self.value(node, &named("mainbend"), Bend::named);
        let opening = self.value(node, &named("ceeopening"), |text| {
            Some(match text {
                "tight" => Some(Opening::Tight),
                "slack" => Some(Opening::Slack),
                "loose" | "default" => None,
                _ => return None,
            })
        });
        let second = !prefix.is_empty();
        let bends: Vec<(Finger, Bend)> = if second {
            Vec::new()
        } else {
            Finger::ALL
                .into_iter()
                .filter_map(|finger| {
                    let attribute = format!("bend{}", finger.index() + 1);
                    Some((finger, self.value(node, &attribute, Bend::named)?))
                })
                .collect()
        };
        if base.is_none() && thumb.is_none() && bend.is_none() && opening.is_none() && bends.is_empty() {
            return None;
        }
        // The second may name only what is different.
        let base = base.or_else(|| second.then(|| Base::named(node.attribute("handshape")?)).flatten());
        let mut spec = ShapeSpec::new(base.unwrap_or(Base::Flat));
        spec.thumb = thumb.flatten();
        spec.bend = bend;
        spec.opening = opening.flatten();
        spec.finger_bends = bends;
        if let Some(fingers) = self.value(node, "specialfingers", digits) {
            spec.fingers = fingers;
        }
        if second {
            return Some(spec);
        }
        if let Some(opposed) = self.value(node, "opposedfinger", digits)
            && spec.fingers.is_empty()
        {
            spec.fingers = opposed;
        }
        if let Some(exempt) = self.value(node, "exempteddigits", digits) {
            spec.exempt = exempt;
        }
        for prefix in ["", "second_"] {
            let pair =
                self.value(node, &format!("{prefix}contactpair"), |text| digits(text).filter(|two| two.len() == 2));
            let part = self.value(node, &format!("{prefix}contactkind"), finger_part);
            if let Some(&[finger, other]) = pair.as_deref() {
                let part = part.unwrap_or(crate::sigml::hand::FingerPart::Tip);
                spec.crossings.push(Crossing { finger, part, other });
            }
        }
        if let Some(part) = self.value(node, "thumbcontact", finger_part) {
            let other = spec.fingers.last().copied().unwrap_or(Finger::Index);
            spec.crossings.push(Crossing { finger: Finger::Thumb, part, other });
        }
        if let Some(fingers) = self.value(node, "thumbbetween", digits) {
            spec.special = fingers.first().map(|&finger| ThumbSpecial::Between(finger));
        }
        if self.flag(node, "thumbenclosed") {
            spec.special = Some(ThumbSpecial::Enclosed);
        }
        Some(spec)
    }
}

/// HamNoSys' eight symbols; with a letter for depth, or said to be so, a direction of space.
fn palm(text: &str, absolute: bool) -> Option<Palm> {
    let vector = letters(text).filter(|vector| vector.length_squared() > 0.0)?;
    if absolute || vector.z != 0.0 {
        return direction(text).map(Palm::Absolute);
    }
    let vector = vector.normalize();
    Some(Palm::Symbol { left: vector.x, up: vector.y })
}

fn between_palms(first: Palm, second: Palm) -> Palm {
    match (first, second) {
        (Palm::Symbol { left, up }, Palm::Symbol { left: left2, up: up2 }) => {
            let (left, up) = (left + left2, up + up2);
            // Opposite symbols have no middle: the first stands.
            if left.hypot(up) < 1e-3 { first } else { Palm::Symbol { left, up } }
        }
        (Palm::Absolute(first), Palm::Absolute(second)) => Palm::Absolute(between(first, Some(second))),
        _ => first,
    }
}
