//! Motions of gestural SiGML.

use super::Reader;
use crate::sigml::{
    direction::{between, direction, letters, second_direction},
    face,
    sign::{Circle, Line, Motion, RepeatKind, SignStep, Simple, Sized, Split, Target, What},
    site::digits,
    xml::Node,
};

/// Motions nest no deeper in any sign.
const MAX_DEPTH: usize = 10;

const MANNER: &[&str] = &[
    "fast",
    "slow",
    "tense",
    "rest",
    "halt",
    "manner",
    "alternating",
    "second_alternating",
    "bouncing",
    "abs_motion",
    "fused",
    "def_locname",
    "incrdecr",
    "incrdecr_size",
];

impl Reader<'_> {
    /// The motions of an element: none if it says that nothing moves or cannot be read.
    pub(super) fn motion(&mut self, node: &Node, depth: usize, alternating: &mut bool) -> Vec<Motion> {
        if depth > MAX_DEPTH {
            self.reject_element(node, "motions nested too deeply");
            return Vec::new();
        }
        *alternating |= self.flag(node, "alternating");
        let mut inner = |reader: &mut Self, node: &Node| -> Vec<Motion> {
            node.children.iter().flat_map(|child| reader.motion(child, depth + 1, alternating)).collect()
        };
        match node.name.as_str() {
            "par_motion" => {
                self.known(node, MANNER);
                vec![Motion::Par(inner(self, node))]
            }
            "seq_motion" => {
                self.known(node, MANNER);
                vec![Motion::Seq(inner(self, node))]
            }
            "split_motion" => {
                self.known(node, MANNER);
                let mut sides = [Vec::new(), Vec::new()];
                let halves: Vec<&Node> = self.halves(node).into_iter().map(|(_, half)| half).collect();
                for (side, half) in sides.iter_mut().zip(halves) {
                    *side = self.motion(half, depth + 1, alternating);
                }
                let [dominant, weak] = sides;
                vec![Motion::Split(dominant, weak)]
            }
            "rpt_motion" => self.repetition(node, depth, alternating),
            "tgt_motion" => self.targeted(node, depth, alternating),
            "nonman_motion" => {
                self.known(node, MANNER);
                let said: Vec<Motion> = inner(
                    self,
                    &Node {
                        children: node.children.iter().filter(|child| child.name != "handconfig").cloned().collect(),
                        ..Node::default()
                    },
                );
                self.sign.notes.push("a part of the body moves by itself".to_owned());
                said
            }
            "handconfig" | "split_handconfig" | "location_bodyarm" | "location_hand" | "handconstellation"
            | "split_location" => {
                let mut simple = Simple::default();
                self.adjunct(node, &mut simple.postures, &mut simple.target);
                vec![alone(simple)]
            }
            name if face::is_nonmanual(name) => {
                face::element(node, self.sign);
                Vec::new()
            }
            "nomotion" | "no_motion" => {
                self.known(node, MANNER);
                vec![alone(Simple { what: What::Still, ..Simple::default() })]
            }
            _ => self.single(node).map(alone).into_iter().collect(),
        }
    }

    /// A change of posture or place that comes after motions, as one more motion.
    pub(super) fn after_motion(&mut self, node: &Node, step: &mut SignStep) {
        let mut simple = Simple::default();
        self.adjunct(node, &mut simple.postures, &mut simple.target);
        step.motion.push(alone(simple));
    }

    fn adjunct(&mut self, node: &Node, postures: &mut Split<crate::sigml::sign::Posture>, target: &mut Target) {
        match node.name.as_str() {
            "handconfig" => self.handconfig(node, &mut postures.both),
            "split_handconfig" => self.split_handconfig(node, postures),
            _ => self.target(node, target),
        }
    }

    fn targeted(&mut self, node: &Node, depth: usize, alternating: &mut bool) -> Vec<Motion> {
        self.known(node, MANNER);
        let mut motions = Vec::new();
        let mut simple = Simple::default();
        self.manner(node, &mut simple);
        for child in &node.children {
            match child.name.as_str() {
                "handconfig" | "split_handconfig" | "location_bodyarm" | "location_hand" | "handconstellation"
                | "split_location" | "use_locname" => {
                    self.adjunct(child, &mut simple.postures, &mut simple.target);
                }
                _ => motions.extend(self.motion(child, depth + 1, alternating)),
            }
        }
        if let [Motion::Alone(motion)] = motions.as_mut_slice()
            && motion.target.is_empty()
        {
            motion.target = simple.target;
            motion.postures = simple.postures;
            motion.fast |= simple.fast;
            motion.slow |= simple.slow;
            motion.tense |= simple.tense;
            motion.halt |= simple.halt;
            motion.rest |= simple.rest;
            return motions;
        }
        let nothing = simple.target.is_empty() && simple.postures.both.is_empty();
        if !nothing || motions.is_empty() {
            motions.push(alone(simple));
        }
        vec![Motion::Par(motions)]
    }

    fn repetition(&mut self, node: &Node, depth: usize, alternating: &mut bool) -> Vec<Motion> {
        self.known(
            node,
            &[
                MANNER,
                &[
                    "repetition",
                    "second_repetition",
                    "repetition_incrdecr",
                    "repetition_incrdecr_size",
                    "repetition_baseshift",
                    "baseshift_size",
                    "baseshift_incrdecr",
                    "baseshift_incrdecr_size",
                ],
            ]
            .concat(),
        );
        let read = |text: &str| {
            Some(match text {
                "fromstart" => (RepeatKind::FromStart, 1),
                "fromstart_several" | "fromstartseveral" | "manyrandom" => (RepeatKind::FromStart, 2),
                "continue" => (RepeatKind::Continue, 1),
                "continue_several" | "continueseveral" => (RepeatKind::Continue, 2),
                "reverse" | "swap" => (RepeatKind::Reverse, 1),
                "tofroto" => (RepeatKind::Reverse, 2),
                _ => return None,
            })
        };
        let first = self.value(node, "repetition", read);
        let second = self.value(node, "second_repetition", read);
        let (kind, more) = match (first, second) {
            (Some((kind, more)), Some((other, other_more))) => {
                let reverse = kind == RepeatKind::Reverse || other == RepeatKind::Reverse;
                (if reverse { RepeatKind::Reverse } else { kind }, more + other_more)
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => (RepeatKind::FromStart, 1),
        };
        let grows = self.value(node, "repetition_incrdecr", |text| match text.trim_start_matches("ham_") {
            "increasing" => Some(true),
            "decreasing" => Some(false),
            _ => None,
        });
        let shift_size = self.value(node, "baseshift_size", size).flatten();
        let shift = self.value(node, "repetition_baseshift", direction).map(|direction| (direction, shift_size));
        let mut motions: Vec<Motion> =
            node.children.iter().flat_map(|child| self.motion(child, depth + 1, alternating)).collect();
        if motions.is_empty() {
            self.reject_element(node, "repeats nothing: expected a motion inside");
            return Vec::new();
        }
        let motion = if motions.len() == 1 { motions.remove(0) } else { Motion::Seq(motions) };
        vec![Motion::Repeat { kind, times: 1 + more, grows, shift, motion: Box::new(motion) }]
    }

    fn single(&mut self, node: &Node) -> Option<Simple> {
        let mut simple = Simple::default();
        simple.what = match node.name.as_str() {
            "directedmotion" => self.directed(node, &mut simple)?,
            "circularmotion" => self.circular(node, &mut simple)?,
            "wristmotion" => {
                self.known(node, &[MANNER, &["motion", "size"]].concat());
                self.value(node, "motion", |text| {
                    Some(match text {
                        "nodding" => What::Nod,
                        "swinging" => What::Swing,
                        "twisting" => What::Twist,
                        "stircw" => What::Stir { clockwise: true },
                        "stirccw" => What::Stir { clockwise: false },
                        _ => return None,
                    })
                })?
            }
            "fingerplay" => {
                self.known(node, &[MANNER, &["digits", "size"]].concat());
                What::Fingers(self.value(node, "digits", digits).unwrap_or_default())
            }
            "crossmotion" => {
                self.known(node, &[MANNER, &["size"]].concat());
                What::Cross { slanted: false }
            }
            "changeposture" => {
                self.known(node, MANNER);
                What::Change
            }
            _ => {
                self.reject_element(node, "not a motion of gestural SiGML");
                return None;
            }
        };
        if simple.size.is_none() {
            simple.size = self.value(node, "size", size).flatten();
        }
        self.manner(node, &mut simple);
        // The place that is brushed stands inside; a posture changes meanwhile.
        for child in &node.children {
            match child.name.as_str() {
                "handconfig" | "split_handconfig" => {
                    self.adjunct(child, &mut simple.postures, &mut simple.target);
                }
                "location_bodyarm" | "location_hand" | "handconstellation" | "split_location" => {
                    simple.brushing = simple.what != What::Change;
                    self.adjunct(child, &mut simple.postures, &mut simple.target);
                }
                _ => self.reject_element(child, "expected a location"),
            }
        }
        Some(simple)
    }

    fn directed(&mut self, node: &Node, simple: &mut Simple) -> Option<What> {
        self.known(
            node,
            &[
                MANNER,
                &[
                    "direction",
                    "second_direction",
                    "size",
                    "second_size",
                    "curve",
                    "second_curve",
                    "curve_size",
                    "zigzag_style",
                    "zigzag_size",
                    "ellipse_direction",
                ],
            ]
            .concat(),
        );
        let first = self.value(node, "direction", direction)?;
        let second = self.value(node, "second_direction", second_direction).flatten();
        let plane = |text: &str| letters(text).filter(|vector| vector.length_squared() > 0.0);
        simple.size = self.value(node, "size", size).flatten();
        let mut path = Line::Straight;
        if let Some(curve) = self.value(node, "curve", plane) {
            let other = self.value(node, "second_curve", plane).unwrap_or_default();
            let bulge = curve + other;
            let sized = self.value(node, "curve_size", size).flatten();
            match sized {
                Some(Sized::Small) => self.sign.notes.push("a shallow arc".to_owned()),
                Some(Sized::Large) => self.sign.notes.push("a deep arc".to_owned()),
                None => {}
            }
            path = Line::Arc { left: bulge.x, up: bulge.y, size: sized };
        }
        let across = self.value(node, "ellipse_direction", ellipse);
        if let Some(style) = self.value(node, "zigzag_style", |text| match text {
            "wavy" => Some(Line::Wavy(across)),
            "zigzag" => Some(Line::ZigZag(across)),
            _ => None,
        }) {
            path = style;
            if self.value(node, "zigzag_size", size).flatten().is_some() {
                self.sign.notes.push(format!("{} waves", node.attribute("zigzag_size").unwrap_or_default()));
            }
        }
        Some(What::Travel { direction: between(first, second), path })
    }

    fn circular(&mut self, node: &Node, simple: &mut Simple) -> Option<What> {
        self.known(
            node,
            &[
                MANNER,
                &[
                    "axis",
                    "second_axis",
                    "size",
                    "second_size",
                    "start",
                    "end",
                    "clockplus",
                    "second_clockplus",
                    "ellipse_direction",
                    "ellipse_size",
                    "zigzag_style",
                    "zigzag_size",
                ],
            ]
            .concat(),
        );
        let first = self.value(node, "axis", direction)?;
        let second = self.value(node, "second_axis", second_direction).flatten();
        simple.size = self.value(node, "size", size).flatten();
        let point = |text: &str| {
            let vector = letters(text).filter(|vector| vector.length_squared() > 0.0)?.normalize();
            Some([vector.x, vector.y])
        };
        let circle = Circle {
            axis: between(first, second),
            start: self.value(node, "start", point),
            end: self.value(node, "end", point),
            full: u32::from(self.flag(node, "clockplus")) + u32::from(self.flag(node, "second_clockplus")),
            ellipse: self.value(node, "ellipse_direction", ellipse),
        };
        if self.value(node, "zigzag_style", |text| matches!(text, "wavy" | "zigzag").then_some(())).is_some() {
            self.sign.notes.push("the circle is wavy".to_owned());
        }
        Some(What::Circle(circle))
    }

    fn manner(&mut self, node: &Node, simple: &mut Simple) {
        simple.fast |= self.flag(node, "fast");
        simple.slow |= self.flag(node, "slow");
        simple.tense |= self.flag(node, "tense");
        simple.rest |= self.flag(node, "rest");
        simple.halt |= self.flag(node, "halt");
        if let Some(manner) = self.value(node, "manner", |text| {
            matches!(text, "fast" | "slow" | "tense" | "rest" | "halt" | "targetted" | "normal")
                .then(|| text.to_owned())
        }) {
            match manner.as_str() {
                "fast" => simple.fast = true,
                "slow" => simple.slow = true,
                "tense" => simple.tense = true,
                "rest" => simple.rest = true,
                "halt" => simple.halt = true,
                _ => {}
            }
        }
        // A numeric speed is relative to the usual one.
        if let Some(speed) = node.attribute("speed").and_then(|speed| speed.parse::<f32>().ok()) {
            simple.fast |= speed > 1.3;
            simple.slow |= speed < 0.7;
        }
    }
}

fn alone(simple: Simple) -> Motion {
    Motion::Alone(Box::new(simple))
}

fn size(text: &str) -> Option<Option<Sized>> {
    Some(match text {
        "small" => Some(Sized::Small),
        "big" | "large" => Some(Sized::Large),
        "medium" | "normal" => None,
        _ => return None,
    })
}

fn ellipse(text: &str) -> Option<[f32; 2]> {
    Some(match text {
        "h" => [1.0, 0.0],
        "v" => [0.0, 1.0],
        "ul" => [1.0, 1.0],
        "ur" => [-1.0, 1.0],
        _ => return None,
    })
}
