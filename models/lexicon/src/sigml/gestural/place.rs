//! `location_bodyarm`, `location_hand`, `handconstellation`, `split_location`.

use super::Reader;
use crate::sigml::{
    sign::{Contact, Location, Mark, Meeting, PartRef, SiteRef, Target, Whose},
    site::{body, digits, finger_part, zone},
    xml::Node,
};

const BODY: &[&str] = &[
    "location",
    "second_location",
    "side",
    "second_side",
    "contact",
    "behind",
    "approx_location",
    "digits",
    "second_digits",
];
const HAND: &[&str] = &[
    "location",
    "second_location",
    "side",
    "second_side",
    "contact",
    "digits",
    "second_digits",
    "approx_location",
    "behind",
];

impl Reader<'_> {
    /// Adds the place that the element names.
    pub(super) fn target(&mut self, node: &Node, target: &mut Target) {
        match node.name.as_str() {
            "location_bodyarm" => target.both = Some(self.location_bodyarm(node)),
            "location_hand" => target.both = Some(self.location_hand(node)),
            "handconstellation" => self.handconstellation(node, target),
            "split_location" => {
                self.known(node, &[]);
                for (whose, half) in self.halves(node) {
                    let location = match half.name.as_str() {
                        "location_bodyarm" => self.location_bodyarm(half),
                        "location_hand" => self.location_hand(half),
                        _ => {
                            self.reject_element(half, "expected location_bodyarm or location_hand");
                            continue;
                        }
                    };
                    match whose {
                        Whose::Weak => target.weak = Some(location),
                        _ => target.dominant = Some(location),
                    }
                }
            }
            _ => self.reject_element(node, "a place that is named elsewhere"),
        }
    }

    fn site(&mut self, node: &Node, prefix: &str) -> Option<(SiteRef, Mark)> {
        let mark = self.value(node, &format!("{prefix}side"), Mark::named).unwrap_or_default();
        let site = self.value(node, &format!("{prefix}location"), |name| {
            body(name).or_else(|| {
                let zone = zone(name)?;
                Some(SiteRef::Other(PartRef { zone: Some(zone), mark, ..PartRef::default() }))
            })
        })?;
        Some((site, mark))
    }

    fn location_bodyarm(&mut self, node: &Node) -> Location {
        self.known(node, BODY);
        let mut location = Location {
            // Nothing named is the space before the signer.
            site: self.site(node, ""),
            second: self.site(node, "second_"),
            contact: self.value(node, "contact", Contact::named).unwrap_or_default(),
            part: None,
            behind: self.flag(node, "behind"),
        };
        if location.site.is_none() && node.attribute("location").is_none_or(str::is_empty) {
            location.site = Some((SiteRef::Neutral, Mark::None));
        }
        if node.attribute("digits").is_some() {
            location.part = Some(self.part_of_hand(node));
        }
        self.own_part(node, &mut location);
        location
    }

    /// A place on the other hand.
    fn location_hand(&mut self, node: &Node) -> Location {
        self.known(node, HAND);
        let part = self.part_of_hand(node);
        let mut location = Location {
            site: Some((SiteRef::Other(part), Mark::None)),
            second: None,
            contact: self.value(node, "contact", Contact::named).unwrap_or_default(),
            part: None,
            behind: self.flag(node, "behind"),
        };
        self.own_part(node, &mut location);
        location
    }

    /// The part of the hand that is at a place, which stands inside the place.
    fn own_part(&mut self, node: &Node, location: &mut Location) {
        for child in &node.children {
            match child.name.as_str() {
                "location_hand" => {
                    self.known(child, HAND);
                    location.part = Some(self.part_of_hand(child));
                    if let Some(contact) = self.value(child, "contact", Contact::named)
                        && location.contact == Contact::None
                    {
                        location.contact = contact;
                    }
                }
                _ => self.reject_element(child, "expected location_hand"),
            }
        }
    }

    /// A part of a hand; between two the first stands and the digits of both are named.
    fn part_of_hand(&mut self, node: &Node) -> PartRef {
        let mut part = PartRef {
            mark: self.value(node, "side", Mark::named).unwrap_or_default(),
            fingers: self.value(node, "digits", digits).unwrap_or_default(),
            ..PartRef::default()
        };
        self.value(node, "location", |name| Some((zone(name), finger_part(name))).filter(|two| *two != (None, None)))
            .into_iter()
            .for_each(|(zone, finger_part)| {
                part.zone = zone;
                part.part = finger_part;
            });
        // The other end of a stretch is only checked.
        self.value(node, "second_location", |name| zone(name).map(|_| ()).or_else(|| finger_part(name).map(|_| ())));
        self.value(node, "second_side", Mark::named);
        if let Some(others) = self.value(node, "second_digits", digits) {
            for finger in others {
                if !part.fingers.contains(&finger) {
                    part.fingers.push(finger);
                }
            }
        }
        part
    }

    fn handconstellation(&mut self, node: &Node, target: &mut Target) {
        self.known(node, &["contact"]);
        let contact = self.value(node, "contact", Contact::named).unwrap_or_default();
        let mut parts = Vec::new();
        for child in &node.children {
            match child.name.as_str() {
                "location_hand" => {
                    self.known(child, HAND);
                    parts.push(self.part_of_hand(child));
                }
                "location_bodyarm" => target.both = Some(self.location_bodyarm(child)),
                _ => self.reject_element(child, "expected location_hand or location_bodyarm"),
            }
        }
        let mut parts = parts.into_iter();
        let first = parts.next();
        // Named once: the same part of both.
        let second = parts.next().or_else(|| first.clone());
        target.meeting = Some(Meeting { parts: [first, second], contact });
    }
}
