//! Names of places, shared by both notations: SiGML's `location="chest"` is HamNoSys' `hamchest`.

use signing::{BodySite, Finger, HandPart};

use super::{
    hand::FingerPart,
    sign::{Mark, Paired, PartRef, SiteRef},
};

/// A place on the body, or in the air.
pub(super) fn body(name: &str) -> Option<SiteRef> {
    use BodySite as B;
    use Paired::{Middle, No, Own};
    let (site, paired) = match name {
        "head" => (B::Face, No),
        "headtop" => (B::HeadTop, No),
        "forehead" => (B::Forehead, No),
        "eyebrows" => (B::Brow, Middle),
        "eyes" | "uppereyelid" | "lowereyelid" => (B::Eye, Middle),
        "nose" => (B::NoseTip, No),
        "nostrils" => (B::Nostril, Middle),
        "ear" => (B::Ear, Own),
        "earlobe" => (B::Earlobe, Own),
        "cheek" => (B::Cheek, Own),
        "lips" => (B::Mouth, No),
        "upperlip" | "lowerlip" | "tongue" | "teeth" | "upperteeth" | "lowerteeth" => (B::Mouth, No),
        "chin" => (B::Chin, No),
        "underchin" => (B::UnderChin, No),
        "neck" => (B::Throat, No),
        "shouldertop" => (B::Shoulder, Own),
        "shoulders" => (B::ShoulderFront, Middle),
        "chest" => (B::Chest, No),
        "stomach" => (B::Belly, No),
        "belowstomach" => (B::LowerBelly, No),
        "neutralspace" | "neutral" => return Some(SiteRef::Neutral),
        _ => return None,
    };
    Some(SiteRef::Body(site, paired))
}

/// A part of the arm or hand that is named without fingers.
pub(super) fn zone(name: &str) -> Option<HandPart> {
    Some(match name {
        "upperarm" => HandPart::UpperArm,
        "elbow" => HandPart::Elbow,
        "elbowinside" => HandPart::ElbowInner,
        "lowerarm" => HandPart::ForearmOuter,
        "wristback" => HandPart::WristBack,
        "wristpulse" => HandPart::Wrist,
        "thumbball" => HandPart::PalmHeel,
        "palm" => HandPart::Palm,
        "handback" => HandPart::Back,
        "thumbside" => HandPart::RadialEdge,
        "pinkyside" => HandPart::UlnarEdge,
        _ => return None,
    })
}

/// A part of a digit; SiGML's `tip` is HamNoSys' `hamfingertip`.
pub(super) fn finger_part(name: &str) -> Option<FingerPart> {
    Some(match name.strip_prefix("finger").unwrap_or(name) {
        "tip" => FingerPart::Tip,
        "nail" => FingerPart::Nail,
        "pad" => FingerPart::Pad,
        "midjoint" => FingerPart::MidJoint,
        "base" => FingerPart::Base,
        "side" => FingerPart::Side,
        _ => return None,
    })
}

/// Digits by number, 1 the thumb to 5 the little finger: `23`.
pub(super) fn digits(text: &str) -> Option<Vec<Finger>> {
    let digit = |digit: char| Finger::ALL.get(digit.to_digit(10)?.checked_sub(1)? as usize).copied();
    let fingers: Option<Vec<Finger>> = text.chars().filter(|c| !c.is_whitespace()).map(digit).collect();
    fingers.filter(|fingers| !fingers.is_empty())
}

impl PartRef {
    /// The part that is meant.
    pub(super) fn hand_part(&self) -> HandPart {
        if let (Some(finger), true) = (self.gap(), self.between) {
            return HandPart::Gap(finger);
        }
        match (self.zone, self.part, self.fingers.as_slice()) {
            (Some(zone), None, fingers) => zone_of(zone, fingers, self.mark),
            // A zone beside a finger's part says which side of the finger is meant.
            (Some(HandPart::Palm), Some(_), &[finger]) => HandPart::Pad(finger),
            (Some(HandPart::Back), Some(_), &[finger]) => HandPart::FingerBack(finger),
            (_, Some(part), &[finger]) => part_of(part, finger, self.mark),
            (_, Some(part), fingers) => part_of_several(part, fingers, self.mark),
            (None, None, &[finger]) => match self.mark {
                Mark::Palmar => HandPart::Pad(finger),
                Mark::Dorsal => HandPart::FingerBack(finger),
                Mark::None | Mark::Front | Mark::Back => HandPart::Tip(finger),
                _ => HandPart::FingerSide(finger),
            },
            (None, None, []) => HandPart::Palm,
            (None, None, _) => match self.mark {
                Mark::Palmar => HandPart::FingerPads,
                Mark::Dorsal => HandPart::FingerBacks,
                _ => HandPart::Fingertips,
            },
        }
    }

    /// The finger before the gap between those named.
    fn gap(&self) -> Option<Finger> {
        self.fingers.iter().copied().min()
    }
}

fn zone_of(zone: HandPart, fingers: &[Finger], mark: Mark) -> HandPart {
    match (zone, fingers) {
        (HandPart::RadialEdge, &[finger, ..]) => HandPart::FingerSide(finger),
        // The little finger's side of a finger is the gap to the next; the little finger's own is the hand's edge.
        (HandPart::UlnarEdge, &[finger, ..]) if finger != Finger::Little => HandPart::Gap(finger),
        (HandPart::Palm, &[finger]) => HandPart::Pad(finger),
        (HandPart::Back, &[finger]) => HandPart::FingerBack(finger),
        (HandPart::Palm, [_, ..]) => HandPart::FingerPads,
        (HandPart::Back, [_, ..]) => HandPart::FingerBacks,
        (HandPart::WristBack, _) if mark == Mark::Palmar => HandPart::Wrist,
        (HandPart::Wrist, _) if mark == Mark::Dorsal => HandPart::WristBack,
        (HandPart::ForearmOuter, _) if mark == Mark::Palmar => HandPart::ForearmInner,
        (HandPart::Palm, []) if mark == Mark::Dorsal || mark == Mark::Back => HandPart::Back,
        (HandPart::Back, []) if mark == Mark::Palmar => HandPart::Palm,
        (zone, _) => zone,
    }
}

fn part_of(part: FingerPart, finger: Finger, mark: Mark) -> HandPart {
    match (part, mark) {
        (FingerPart::Tip, Mark::Palmar) | (FingerPart::Nail, Mark::Palmar) | (FingerPart::Pad, _) => {
            HandPart::Pad(finger)
        }
        (FingerPart::Tip, Mark::Dorsal) | (FingerPart::Nail, _) => HandPart::FingerBack(finger),
        (FingerPart::Tip, _) => HandPart::Tip(finger),
        (FingerPart::MidJoint, _) => HandPart::MiddleJoint(finger),
        (FingerPart::Base, _) => HandPart::Base(finger),
        (FingerPart::Side, _) => HandPart::FingerSide(finger),
    }
}

fn part_of_several(part: FingerPart, fingers: &[Finger], mark: Mark) -> HandPart {
    match (part, mark) {
        (FingerPart::Tip | FingerPart::Nail, Mark::Palmar) | (FingerPart::Pad, _) => HandPart::FingerPads,
        (FingerPart::Tip, Mark::Dorsal) | (FingerPart::Nail, _) => HandPart::FingerBacks,
        (FingerPart::Tip, _) => HandPart::Fingertips,
        (FingerPart::MidJoint, _) => HandPart::MiddleJoint(fingers.first().copied().unwrap_or(Finger::Middle)),
        (FingerPart::Base, _) => HandPart::Knuckles,
        (FingerPart::Side, _) => fingers.first().map_or(HandPart::RadialEdge, |&finger| HandPart::FingerSide(finger)),
    }
}
