//! Named places become places of a form.

use glam::Vec3;
use signing::{BodySite, Dir, Distance, Hand, HandPart, Lateral, Place, Site, SpacePoint};

use super::sign::{Contact, Location, Mark, Paired, SiteRef};

/// The usual distance from a site of the head, metres on a body of 1.70 m.
const FROM_HEAD: f32 = 0.20;
/// The usual distance from the trunk: the middle of signing space.
const FROM_TRUNK: f32 = 0.28;
/// With the arm extended.
const ARM_EXTENDED: f32 = 0.52;
/// Beside a site: so far to its side.
const BESIDE: f32 = 0.12;
/// Two hands before one site are each so far from the midline.
const APART: f32 = 0.09;

/// How a hand is turned, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Turned {
    pub(super) fingers: Option<Dir>,
    pub(super) palm: Option<Dir>,
}

impl Turned {
    /// Where the thumb's side points: fingers × palm on the right hand, the opposite on the left.
    fn radial(self, hand: Hand) -> Option<Vec3> {
        let radial = self.fingers?.vec().cross(self.palm?.vec());
        Some(if hand == Hand::Dominant { radial } else { -radial })
    }

    /// Where this part of the hand faces.
    fn facing(self, part: HandPart, hand: Hand) -> Option<Vec3> {
        Some(match part {
            HandPart::Palm | HandPart::FingerPads | HandPart::Pad(_) | HandPart::Wrist | HandPart::ForearmInner => {
                self.palm?.vec()
            }
            HandPart::Back
            | HandPart::FingerBacks
            | HandPart::FingerBack(_)
            | HandPart::Knuckles
            | HandPart::WristBack
            | HandPart::ForearmOuter => -self.palm?.vec(),
            HandPart::Fingertips | HandPart::Tip(_) => self.fingers?.vec(),
            HandPart::RadialEdge | HandPart::Web | HandPart::FingerSide(_) => self.radial(hand)?,
            HandPart::UlnarEdge => -self.radial(hand)?,
            _ => return None,
        })
    }

    /// The part of the hand that faces most nearly this way; the palm if that is not known.
    pub(super) fn part_facing(self, towards: Vec3, hand: Hand) -> HandPart {
        // Earlier ones win ties: a palm is meant rather than an edge.
        let candidates =
            [HandPart::Palm, HandPart::Fingertips, HandPart::UlnarEdge, HandPart::RadialEdge, HandPart::Back];
        let mut best = (HandPart::Palm, 0.3);
        for part in candidates {
            let Some(facing) = self.facing(part, hand) else { continue };
            let agreement = facing.dot(towards.normalize_or_zero());
            if agreement > best.1 + 1e-3 {
                best = (part, agreement);
            }
        }
        best.0
    }
}

/// A hand that is to be placed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placing {
    pub(super) hand: Hand,
    /// Whether the other hand is given the same place.
    pub(super) paired: bool,
    pub(super) turned: Turned,
    pub(super) other: Turned,
}

impl Placing {
    /// The place that a location means for this hand; `None` if it names nothing.
    pub(super) fn place(self, location: &Location) -> Option<Place> {
        let Some((site, mark)) = &location.site else {
            return self.bare(location);
        };
        let mut place = match site {
            SiteRef::Neutral => {
                let mut point = self.neutral();
                if location.contact == Contact::ArmExtended {
                    point.z = 0.85;
                }
                let mut place = Place::in_space(point);
                place.part = location.part.as_ref().map_or(HandPart::Palm, super::sign::PartRef::hand_part);
                return Some(place);
            }
            SiteRef::Other(part) => self.at_other(location, part.hand_part()),
            &SiteRef::Body(site, paired) => self.on_body(location, site, paired, *mark),
        };
        if let (Site::Body { site, lateral }, Some((SiteRef::Body(second, paired), mark))) =
            (place.site, &location.second)
        {
            let (second, second_lateral) =
                sided(*second, self.lateral(*second, *paired, *mark, location.contact), *mark);
            let half = (position(second, second_lateral) - position(site, lateral)) / 2.0;
            place.offset = (Vec3::from_array(place.offset) + half).to_array();
        }
        if location.behind {
            place.offset[2] -= 0.15;
            if place.distance != Distance::Contact {
                place.distance = Distance::Near;
            }
        }
        Some(place)
    }

    pub(super) fn neutral(self) -> SpacePoint {
        match self.hand {
            Hand::Dominant => SpacePoint::NEUTRAL_RIGHT,
            Hand::Weak => SpacePoint::NEUTRAL_RIGHT.mirrored(),
        }
    }

    /// A contact or distance without a site.
    fn bare(self, location: &Location) -> Option<Place> {
        match location.contact {
            Contact::None => None,
            Contact::ArmExtended => Some(Place::in_space(SpacePoint { z: 0.85, ..self.neutral() })),
            // The other hand is meant.
            _ => {
                let towards = if self.hand == Hand::Dominant { Vec3::X } else { Vec3::NEG_X };
                let other_hand = self.hand.other();
                Some(self.at_other(location, self.other.part_facing(-towards, other_hand)))
            }
        }
    }

    fn at_other(self, location: &Location, part: HandPart) -> Place {
        let towards = self.other.facing(part, self.hand.other()).map_or(Vec3::NEG_Y, |facing| -facing);
        Place {
            part: self.own_part(location, towards),
            site: Site::OtherHand(part),
            distance: distance(location.contact, 0.12),
            offset: [0.0; 3],
        }
    }

    fn own_part(self, location: &Location, towards: Vec3) -> HandPart {
        match &location.part {
            Some(part) => part.hand_part(),
            None if location.contact.touches() || location.contact == Contact::Close => {
                self.turned.part_facing(towards, self.hand)
            }
            None => HandPart::Palm,
        }
    }

    fn on_body(self, location: &Location, site: BodySite, paired: Paired, mark: Mark) -> Place {
        let (site, lateral) = sided(site, self.lateral(site, paired, mark, location.contact), mark);
        let usual = if is_of_head(site) { FROM_HEAD } else { FROM_TRUNK };
        let mut offset = [0.0; 3];
        offset[0] = match mark {
            Mark::LeftBeside => BESIDE,
            Mark::RightBeside => -BESIDE,
            _ => 0.0,
        };
        if self.paired && lateral == Lateral::Centre {
            let apart = if location.contact.touches() { APART / 3.0 } else { APART };
            offset[0] = if self.hand == Hand::Dominant { -apart } else { apart };
        }
        let towards = towards(site, lateral);
        Place {
            part: self.own_part(location, towards),
            site: Site::Body { site, lateral },
            distance: distance(location.contact, usual),
            offset,
        }
    }

    /// The side of a site that is meant: as marked, else the hand's own for what comes in pairs, and
    /// for the trunk where both hands are given the same place.
    fn lateral(self, site: BodySite, paired: Paired, mark: Mark, contact: Contact) -> Lateral {
        let own = if self.hand == Hand::Dominant { Lateral::Right } else { Lateral::Left };
        match mark {
            Mark::LeftAt | Mark::LeftBeside => Lateral::Left,
            Mark::RightAt | Mark::RightBeside => Lateral::Right,
            _ if paired == Paired::Own => own,
            _ if paired == Paired::Middle && (self.paired || contact == Contact::Touch) => own,
            _ if self.paired && matches!(site, BodySite::Chest | BodySite::Belly | BodySite::LowerBelly) => own,
            _ => Lateral::Centre,
        }
    }
}

fn distance(contact: Contact, usual: f32) -> Distance {
    match contact {
        Contact::None => Distance::Metres(usual),
        Contact::Close => Distance::Near,
        Contact::ArmExtended => Distance::Metres(ARM_EXTENDED),
        Contact::Touch | Contact::Interlock | Contact::Cross => Distance::Contact,
    }
}

/// What the side of a site on the midline is called.
const fn sided(site: BodySite, lateral: Lateral, mark: Mark) -> (BodySite, Lateral) {
    if matches!(mark, Mark::Back) {
        return match site {
            BodySite::Face => (BodySite::HeadBack, Lateral::Centre),
            BodySite::Throat => (BodySite::NeckBack, Lateral::Centre),
            site => (site, lateral),
        };
    }
    if matches!(lateral, Lateral::Centre) {
        return (site, lateral);
    }
    let site = match site {
        BodySite::Face => BodySite::HeadSide,
        BodySite::Forehead => BodySite::Temple,
        BodySite::NoseTip => BodySite::Nostril,
        BodySite::Mouth => BodySite::MouthCorner,
        BodySite::Throat => BodySite::NeckSide,
        site => site,
    };
    (site, lateral)
}

const fn is_of_head(site: BodySite) -> bool {
    !matches!(
        site,
        BodySite::Shoulder
            | BodySite::ShoulderFront
            | BodySite::Chest
            | BodySite::Heart
            | BodySite::Belly
            | BodySite::LowerBelly
            | BodySite::Waist
            | BodySite::Hip
            | BodySite::Thigh
    )
}

/// From before a site to the body.
fn towards(site: BodySite, lateral: Lateral) -> Vec3 {
    let inward = match lateral {
        Lateral::Left => Vec3::NEG_X,
        Lateral::Right => Vec3::X,
        Lateral::Centre => Vec3::ZERO,
    };
    match site {
        BodySite::HeadTop | BodySite::Shoulder => Vec3::NEG_Y,
        BodySite::UnderChin => Vec3::Y,
        BodySite::Ear | BodySite::Earlobe | BodySite::HeadSide | BodySite::NeckSide => inward,
        BodySite::Cheek | BodySite::Temple => inward + Vec3::NEG_Z,
        BodySite::HeadBack | BodySite::NeckBack => Vec3::Z,
        _ => Vec3::NEG_Z,
    }
}

/// Roughly where a site is on a body of 1.70 m, metres; only differences count.
fn position(site: BodySite, lateral: Lateral) -> Vec3 {
    let (half_width, height, front) = match site {
        BodySite::HeadTop => (0.05, 1.70, 0.0),
        BodySite::Forehead => (0.05, 1.62, 0.09),
        BodySite::Temple => (0.07, 1.60, 0.05),
        BodySite::Brow => (0.03, 1.60, 0.09),
        BodySite::Eye => (0.03, 1.58, 0.08),
        BodySite::NoseTip | BodySite::NoseBridge => (0.0, 1.545, 0.11),
        BodySite::Nostril => (0.015, 1.54, 0.10),
        BodySite::UnderNose => (0.0, 1.53, 0.10),
        BodySite::Ear => (0.075, 1.56, 0.0),
        BodySite::Earlobe => (0.07, 1.53, 0.0),
        BodySite::Cheek => (0.05, 1.54, 0.07),
        BodySite::Mouth | BodySite::UpperLip | BodySite::LowerLip => (0.02, 1.51, 0.10),
        BodySite::MouthCorner => (0.03, 1.51, 0.09),
        BodySite::Chin => (0.03, 1.475, 0.09),
        BodySite::UnderChin => (0.03, 1.46, 0.06),
        BodySite::Throat | BodySite::NeckBack => (0.0, 1.42, 0.05),
        BodySite::NeckSide => (0.055, 1.43, 0.0),
        BodySite::Shoulder => (0.16, 1.41, 0.0),
        BodySite::ShoulderFront => (0.15, 1.36, 0.09),
        BodySite::Chest | BodySite::Heart => (0.10, 1.25, 0.12),
        BodySite::Belly => (0.10, 1.08, 0.12),
        BodySite::LowerBelly => (0.10, 0.96, 0.12),
        BodySite::Waist => (0.14, 1.05, 0.05),
        BodySite::Hip => (0.16, 0.90, 0.05),
        BodySite::Thigh => (0.12, 0.70, 0.08),
        BodySite::Face | BodySite::HeadSide | BodySite::HeadBack => (0.07, 1.58, 0.08),
    };
    let side = match lateral {
        Lateral::Left => half_width,
        Lateral::Right => -half_width,
        Lateral::Centre => 0.0,
    };
    Vec3::new(side, height, front)
}
