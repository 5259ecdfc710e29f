//! Gestural SiGML: the same model as HamNoSys, written out as elements and attributes.

mod hands;
mod motion;
mod place;

use super::{
    face,
    report::{CompiledSign, UnparsedItem},
    sign::{Relation, Sign, SignStep, Whose},
    xml::Node,
};

/// Attributes that any element may have: how long it takes, which a form leaves to motion.
const TIMING: &[&str] = &["speed", "duration", "timescale", "scale", "start_time", "end_time", "id"];

/// Compiles a `hamgestural_sign`.
pub(super) fn compile(source: &str, node: &Node) -> CompiledSign {
    let mut sign = Sign::default();
    let mut reader = Reader { sign: &mut sign };
    for child in &node.children {
        match child.name.as_str() {
            "sign_manual" => reader.manual(child),
            "sign_nonmanual" => face::walk(child, reader.sign),
            name if face::is_nonmanual(name) => face::element(child, reader.sign),
            _ => reader.reject_element(child, "expected sign_manual or sign_nonmanual"),
        }
    }
    sign.unparsed.sort_by_key(|item| item.line);
    let gloss = node.attribute("gloss").unwrap_or_default().to_owned();
    CompiledSign::assembled(source, node.line, gloss, &sign)
}

/// Reads elements and notes what it does not know.
struct Reader<'a> {
    sign: &'a mut Sign,
}

impl Reader<'_> {
    fn reject_element(&mut self, node: &Node, message: &str) {
        self.sign.clauses += 1;
        self.sign.unparsed.push(UnparsedItem { line: node.line, what: node.name.clone(), message: message.to_owned() });
    }

    fn reject_attribute(&mut self, node: &Node, attribute: &str, message: &str) {
        let value = node.attribute(attribute).unwrap_or_default();
        self.sign.unparsed.push(UnparsedItem {
            line: node.line,
            what: format!("{}@{attribute}={value}", node.name),
            message: message.to_owned(),
        });
    }

    /// Counts an element and notes the attributes that it should not have.
    fn known(&mut self, node: &Node, attributes: &[&str]) {
        self.sign.clauses += 1;
        for (name, _) in &node.attributes {
            if !attributes.contains(&name.as_str()) && !TIMING.contains(&name.as_str()) && !name.starts_with("xml") {
                self.reject_attribute(node, name, "not an attribute of this element");
            }
        }
    }

    /// An attribute's meaning; noted as not understood if it has a value without one.
    fn value<T>(&mut self, node: &Node, attribute: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = node.attribute(attribute).filter(|text| !text.trim().is_empty())?;
        let value = read(text);
        // Editors write “none” for what they leave out.
        if value.is_none() && !text.eq_ignore_ascii_case("none") {
            self.reject_attribute(node, attribute, "not a value of this attribute");
        }
        value
    }

    fn flag(&mut self, node: &Node, attribute: &str) -> bool {
        self.value(node, attribute, |text| match text {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        })
        .unwrap_or(false)
    }

    fn manual(&mut self, node: &Node) {
        // A compound holds one part for each of its signs.
        if node.child("sign_manual").is_some() {
            self.known(node, MANUAL);
            for child in &node.children {
                match child.name.as_str() {
                    "sign_manual" => self.manual(child),
                    _ => self.reject_element(child, "expected sign_manual beside a sign_manual"),
                }
            }
            return;
        }
        self.known(node, MANUAL);
        let mut step = SignStep { relation: self.relation(node), ..SignStep::default() };
        step.alternating = self.flag(node, "outofphase");
        if self.flag(node, "holdover") {
            self.sign.holdover = true;
        }
        for child in &node.children {
            self.part(child, &mut step);
        }
        let says_something = !node.children.is_empty();
        if says_something {
            self.sign.steps.push(step);
        }
    }

    fn relation(&mut self, node: &Node) -> Relation {
        let flip = ["lr_symm", "ud_symm", "oi_symm"].map(|name| self.flag(node, name));
        let both = self.flag(node, "both_hands") || flip.contains(&true);
        let weak = self.flag(node, "nondominant");
        match (both, weak) {
            (true, _) => Relation::Both(flip),
            (false, true) => Relation::Weak,
            (false, false) => Relation::Dominant,
        }
    }

    fn part(&mut self, node: &Node, step: &mut SignStep) {
        let before_motion = step.motion.is_empty();
        match node.name.as_str() {
            "handconfig" if before_motion => self.handconfig(node, &mut step.postures.both),
            "split_handconfig" if before_motion => self.split_handconfig(node, &mut step.postures),
            "location_bodyarm" | "location_hand" | "handconstellation" | "split_location" | "use_locname"
                if before_motion =>
            {
                self.target(node, &mut step.location);
            }
            "handconfig" | "split_handconfig" | "location_bodyarm" | "location_hand" | "handconstellation"
            | "split_location" => self.after_motion(node, step),
            name if face::is_nonmanual(name) => face::element(node, self.sign),
            _ => {
                let motion = self.motion(node, 0, &mut step.alternating);
                step.motion.extend(motion);
            }
        }
    }

    /// The hand of each half of a split element, in order.
    fn halves<'n>(&mut self, node: &'n Node) -> Vec<(Whose, &'n Node)> {
        for extra in node.children.iter().skip(2) {
            self.reject_element(extra, "a third part: expected one for each hand");
        }
        [Whose::Dominant, Whose::Weak].into_iter().zip(&node.children).collect()
    }
}

const MANUAL: &[&str] =
    &["both_hands", "lr_symm", "ud_symm", "oi_symm", "outofphase", "nondominant", "holdover", "realspace"];
