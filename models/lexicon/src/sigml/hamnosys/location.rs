//! Places: sites with their sides, parts of hands, contacts, and how two hands meet.

use signing::HandPart;

use super::{
    parse::Parser,
    stream::{Stream, any, halves},
    symbols::Symbol,
};
use crate::sigml::sign::{Contact, Location, Mark, Meeting, PartRef, SiteRef, Target};

/// What was said last, for the mark that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Site,
    Part,
}

/// What a run of location symbols says.
#[derive(Debug, Default)]
struct Run {
    site: Option<(SiteRef, Mark)>,
    second: Option<(SiteRef, Mark)>,
    /// A hand's part named before a contact, and after it.
    part: Option<PartRef>,
    part_after: Option<PartRef>,
    /// A contact named before a site of the body, and after it.
    contact_before: Contact,
    contact: Contact,
    has_contact: bool,
    behind: bool,
    split: Option<Box<[Run; 2]>>,
}

impl Parser {
    /// The location that begins here.
    pub(super) fn location(&mut self, stream: &mut Stream<'_>, two_handed: bool) -> Target {
        self.run(stream, true).target(two_handed)
    }

    fn run(&mut self, stream: &mut Stream<'_>, may_split: bool) -> Run {
        let mut run = Run::default();
        let mut last = Last::Nothing;
        let mut pending = None;
        let mut between = false;
        while let Some(symbol) = stream.peek() {
            match symbol {
                Symbol::At | Symbol::Beside => {
                    let beside = *symbol == Symbol::Beside;
                    let right = if beside { Mark::RightBeside } else { Mark::RightAt };
                    let left = if beside { Mark::LeftBeside } else { Mark::LeftAt };
                    let marked = match last {
                        Last::Site => run.second.as_mut().or(run.site.as_mut()).map(|(_, mark)| mark),
                        Last::Part => run.last_part().map(|part| &mut part.mark),
                        Last::Nothing => None,
                    };
                    match marked {
                        // At and beside together: beside.
                        Some(mark) if *mark == Mark::None || *mark == Mark::RightAt => *mark = right,
                        _ => pending = Some(left),
                    }
                }
                Symbol::Site(site) => {
                    let marked = (site.clone(), pending.take().unwrap_or_default());
                    match (&run.site, &run.second) {
                        (None, _) => run.site = Some(marked),
                        (Some(_), None) if between || !run.has_contact => run.second = Some(marked),
                        _ => break,
                    }
                    if run.has_contact && run.second.is_none() {
                        run.contact_before = std::mem::take(&mut run.contact);
                    }
                    last = Last::Site;
                }
                Symbol::Zone(_) | Symbol::Finger(_) | Symbol::FingerPart(_) | Symbol::WristSide(_) => {
                    let part = if run.has_contact { &mut run.part_after } else { &mut run.part };
                    let part = part.get_or_insert_default();
                    match *symbol {
                        Symbol::Zone(zone) if part.zone.is_none() => part.zone = Some(zone),
                        Symbol::FingerPart(named) if part.part.is_none() => part.part = Some(named),
                        Symbol::Finger(finger) => {
                            part.between |= between && !part.fingers.is_empty();
                            part.fingers.push(finger);
                        }
                        Symbol::WristSide(mark) => part.mark = mark,
                        // Between two parts the first is as near.
                        _ => {}
                    }
                    if let Some(mark) = pending.take()
                        && let Some(part) = run.last_part()
                    {
                        part.mark = mark;
                    }
                    last = Last::Part;
                }
                Symbol::Contact(contact) => {
                    // An interlock or a cross also touches.
                    if !matches!(run.contact, Contact::Interlock | Contact::Cross) {
                        run.contact = *contact;
                    }
                    run.has_contact = true;
                    last = Last::Nothing;
                }
                Symbol::Behind => run.behind = true,
                Symbol::Between if stream.ahead(1).is_some_and(Symbol::is_location) => {
                    between = true;
                    last = Last::Nothing;
                    stream.advance();
                    continue;
                }
                // A little closer or further.
                Symbol::Small | Symbol::Large if run.has_contact => {}
                Symbol::ParBegin if may_split && run.split.is_none() => {
                    let Some((inside, after)) = stream.group() else { break };
                    let Some((dominant, weak)) = halves(inside) else { break };
                    if any(inside, |symbol| symbol.is_motion() || symbol.is_posture()) {
                        break;
                    }
                    stream.at = after;
                    let mut both = [dominant, weak].map(|tokens| {
                        let mut half = Stream::new(tokens);
                        let run = self.run(&mut half, false);
                        while half.peek().is_some() {
                            self.reject(&mut half, "expected a location");
                        }
                        run
                    });
                    if let Some(mark) = pending.take() {
                        for half in &mut both {
                            if let Some((_, marked)) = &mut half.site {
                                *marked = mark;
                            }
                        }
                    }
                    run.split = Some(Box::new(both));
                    last = Last::Nothing;
                    between = false;
                    continue;
                }
                _ => break,
            }
            // A mark of the side may stand between.
            if !matches!(symbol, Symbol::Small | Symbol::Large | Symbol::At | Symbol::Beside) {
                between = false;
            }
            stream.advance();
        }
        // A mark that nothing follows is of the site before it.
        if let (Some(mark), Some((_, marked))) = (pending, &mut run.site)
            && *marked == Mark::None
        {
            *marked = if mark == Mark::LeftBeside { Mark::RightBeside } else { Mark::RightAt };
        }
        run
    }
}

impl Run {
    const fn last_part(&mut self) -> Option<&mut PartRef> {
        if self.part_after.is_some() { self.part_after.as_mut() } else { self.part.as_mut() }
    }

    fn target(self, two_handed: bool) -> Target {
        if self.split.is_some() {
            return self.split_target();
        }
        if !two_handed {
            return Target { both: self.single(), ..Target::default() };
        }
        if self.site.is_none() {
            if self.contact == Contact::ArmExtended {
                return Target { both: self.single(), ..Target::default() };
            }
            let parts = match (self.part, self.part_after) {
                (Some(arm), own) if is_arm(&arm) => [own, Some(arm)],
                (Some(other), Some(own)) => [Some(own), Some(other)],
                // Named once: the same part of both.
                (Some(part), None) | (None, Some(part)) => [Some(part.clone()), Some(part)],
                (None, None) => [None, None],
            };
            return Target { meeting: Some(Meeting { parts, contact: self.contact }), ..Target::default() };
        }
        let part = self.part_after.or(self.part);
        let mut target = Target::default();
        let mut location =
            Location { site: self.site, second: self.second, contact: self.contact, part: None, behind: self.behind };
        if self.contact_before == Contact::None || self.contact_before == Contact::ArmExtended {
            location.part = part;
            if self.contact_before == Contact::ArmExtended {
                location.contact = Contact::ArmExtended;
            }
        } else {
            target.meeting = Some(Meeting { parts: [part.clone(), part], contact: self.contact_before });
        }
        target.both = Some(location);
        target
    }

    /// One hand's place; without a site of the body a part named is the other hand's.
    fn single(self) -> Option<Location> {
        let contact = if self.contact == Contact::None { self.contact_before } else { self.contact };
        if self.site.is_some() {
            let part = self.part_after.or(self.part);
            return Some(Location { site: self.site, second: self.second, contact, part, behind: self.behind });
        }
        let (site, part) = match (self.part, self.part_after) {
            (Some(site), own) => (Some(site), own),
            (None, after) => (after, None),
        };
        if site.is_none() && contact == Contact::None && !self.behind {
            return None;
        }
        Some(Location {
            site: site.map(|site| (SiteRef::Other(site), Mark::None)),
            second: None,
            contact,
            part,
            behind: self.behind,
        })
    }

    fn split_target(self) -> Target {
        let Some(split) = self.split else { return Target::default() };
        let [dominant, weak] = *split;
        let on_body = dominant.site.is_some() || weak.site.is_some();
        if on_body {
            let with = |mut half: Self| {
                if !half.has_contact {
                    half.contact = self.contact;
                    half.has_contact = self.has_contact;
                }
                half.single()
            };
            let (dominant, weak) = (with(dominant), with(weak));
            return Target { both: None, dominant, weak, meeting: None };
        }
        let both = self.site.map(|site| Location {
            site: Some(site),
            second: self.second,
            contact: if self.contact_before == Contact::None { Contact::None } else { self.contact },
            part: None,
            behind: self.behind,
        });
        let contact = [self.contact_before, self.contact, dominant.contact, weak.contact]
            .into_iter()
            .find(|&contact| contact != Contact::None)
            .unwrap_or_default();
        let parts = [dominant.part.or(dominant.part_after), weak.part.or(weak.part_after)];
        Target { both, dominant: None, weak: None, meeting: Some(Meeting { parts, contact }) }
    }
}

fn is_arm(part: &PartRef) -> bool {
    matches!(
        part.zone,
        Some(
            HandPart::UpperArm
                | HandPart::Elbow
                | HandPart::ElbowInner
                | HandPart::ForearmOuter
                | HandPart::ForearmInner
                | HandPart::WristBack
                | HandPart::Wrist
        )
    )
}
