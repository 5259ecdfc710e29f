//! A hand that is told of at two places at once.

use signing::{BodySite, Dir, Distance, Finger, Hand, HandPart, Lateral, Place, Site};

use super::Assembler;

impl Assembler<'_> {
    /// 拇指置于耳边，小指置于嘴边; 叠于左手上，虎口贴于右眼: a hand that is at two places at once has one of
    /// them; the other turns it, or is where the other hand is.
    pub(super) fn second_place(&mut self, hand: Hand, known: Place, told: Place) -> Place {
        let others = |of: HandPart, at: &Place| Place {
            part: of,
            site: Site::OtherHand(at.part),
            distance: at.distance,
            offset: at.offset.map(|shift| -shift),
        };
        let other = &mut self.step.hands[hand.other().index()];
        match (known.site, told.site) {
            (Site::OtherHand(of), Site::Body { .. }) if other.place.is_none() => {
                other.place = Some(others(of, &known));
                told
            }
            (Site::Body { .. }, Site::OtherHand(of))
                if other.place.is_none() && known.distance == Distance::Contact =>
            {
                other.place = Some(others(of, &told));
                known
            }
            (Site::Body { .. }, Site::Body { .. }) if known.part != told.part => {
                let between = |place: &Place| where_it_is(place.site).map(glam::Vec3::from);
                // At right angles to the palm, of which more may be said.
                let palm = self.step.hands[hand.index()].said.palm.map_or(glam::Vec3::ZERO, Dir::vec);
                let way = between(&known).zip(between(&told)).map(|(from, to)| from - to);
                let way = way.and_then(|way| Dir::new(way - palm * way.dot(palm)));
                let ([x0, y0], [x1, y1]) = (in_the_hand(known.part), in_the_hand(told.part));
                let (across, along): (f32, f32) = (x0 - x1, y0 - y1);
                let said = &mut self.step.hands[hand.index()].said;
                match way {
                    Some(way) if across.abs() > along.abs() => {
                        said.radial = said.radial.or(Some(if across > 0.0 { way } else { -way }));
                    }
                    Some(way) if along != 0.0 => {
                        said.fingers = said.fingers.or(Some(if along > 0.0 { way } else { -way }));
                    }
                    _ => {}
                }
                known
            }
            _ => told,
        }
    }
}

/// Roughly where a place on the body is, metres from the chin: left, up, forward.
fn where_it_is(site: Site) -> Option<[f32; 3]> {
    use BodySite as B;
    let Site::Body { site, lateral } = site else { return None };
    let (aside, up, forward) = match site {
        B::HeadTop => (0.0, 0.22, 0.0),
        B::HeadSide => (0.09, 0.14, 0.0),
        B::HeadBack => (0.0, 0.14, -0.1),
        B::Forehead => (0.0, 0.16, 0.08),
        B::Temple => (0.07, 0.13, 0.03),
        B::Brow => (0.03, 0.13, 0.08),
        B::Eye => (0.03, 0.11, 0.08),
        B::Face => (0.0, 0.09, 0.09),
        B::NoseBridge => (0.0, 0.1, 0.09),
        B::NoseTip => (0.0, 0.07, 0.11),
        B::Nostril => (0.015, 0.065, 0.1),
        B::UnderNose => (0.0, 0.055, 0.09),
        B::Cheek => (0.06, 0.05, 0.05),
        B::Ear => (0.09, 0.09, 0.0),
        B::Earlobe => (0.08, 0.06, 0.0),
        B::Mouth => (0.0, 0.035, 0.09),
        B::MouthCorner => (0.03, 0.035, 0.08),
        B::Chin => (0.0, 0.0, 0.08),
        B::Shoulder | B::ShoulderFront => (0.18, -0.14, 0.0),
        B::Chest => (0.1, -0.25, 0.08),
        B::Belly => (0.1, -0.45, 0.08),
        B::Waist => (0.14, -0.45, 0.0),
        _ => return None,
    };
    let side = match lateral {
        Lateral::Left => 1.0,
        Lateral::Right => -1.0,
        Lateral::Centre => 0.0,
    };
    Some([aside * side, up, forward])
}

/// Where a part is on a hand: towards the thumb, towards the fingertips.
const fn in_the_hand(part: HandPart) -> [f32; 2] {
    match part {
        HandPart::Tip(finger) | HandPart::Pad(finger) | HandPart::FingerSide(finger) => match finger {
            Finger::Thumb => [1.0, 0.5],
            Finger::Index => [0.4, 1.0],
            Finger::Middle => [0.1, 1.1],
            Finger::Ring => [-0.1, 1.0],
            Finger::Little => [-0.5, 0.9],
        },
        HandPart::Fingertips | HandPart::FingerPads => [0.1, 1.0],
        HandPart::Web | HandPart::RadialEdge => [0.6, 0.2],
        HandPart::UlnarEdge => [-0.6, 0.1],
        HandPart::Wrist | HandPart::WristBack | HandPart::PalmHeel => [0.0, -1.0],
        _ => [0.0, 0.0],
    }
}
