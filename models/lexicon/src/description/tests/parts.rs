//! What of a compiled form a row of the table names, and whether it is there.

use signing::{
    Action, Contact, ContactKind, Dir, Distance, FingerMotionKind, Hand, HandConfig, HandSelector, Hands, Handshape,
    MovementKind, NonManual, PathShape, Place, Site, Size, Speed, Step, Symmetry,
};

use crate::description::handshape;

/// Directions agree within this, radians.
const SAME_DIRECTION: f32 = 0.45;

fn dir_named(name: &str) -> Dir {
    let sum = name.split('+').map(|one| match one {
        "left" => Dir::LEFT.vec(),
        "right" => Dir::RIGHT.vec(),
        "up" => Dir::UP.vec(),
        "down" => Dir::DOWN.vec(),
        "forward" => Dir::FORWARD.vec(),
        "back" => Dir::BACK.vec(),
        other => panic!("unknown direction {other}"),
    });
    Dir::new(sum.sum()).unwrap()
}

fn same(dir: Option<Dir>, name: &str) -> bool {
    dir.is_some_and(|dir| dir.angle_to(dir_named(name)) < SAME_DIRECTION)
}

/// Which fingers are out, `TIMRL` with `-` for closed ones.
fn out(shape: &Handshape) -> String {
    let set = handshape::out(shape);
    "TIMRL".chars().zip(signing::Finger::ALL).map(|(c, finger)| if set.has(finger) { c } else { '-' }).collect()
}

/// Every path's and brush's direction, rotation's axis aside.
fn headings(step: &Step) -> Vec<Dir> {
    step.action
        .movements()
        .iter()
        .filter_map(|movement| match &movement.kind {
            MovementKind::Path(path) => path.direction,
            MovementKind::Contact(contact) => contact.along,
            _ => None,
        })
        .collect()
}

fn repeats(action: &Action) -> Vec<u32> {
    match action {
        Action::Repeat { times, action } => std::iter::once(*times).chain(repeats(action)).collect(),
        Action::Seq(parts) | Action::Par(parts) => parts.iter().flat_map(repeats).collect(),
        Action::Move(movement) => match &movement.kind {
            MovementKind::Finger(fingers) => vec![fingers.times],
            MovementKind::Path(path) => match path.shape {
                PathShape::Circle { turns, .. } => vec![turns as u32],
                PathShape::Steps { stops } => vec![stops],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        },
    }
}

fn place_name(place: &Place) -> String {
    let site = match place.site {
        Site::Body { site, lateral } => format!("{site:?}/{lateral:?}"),
        Site::OtherHand(part) => format!("other:{part:?}"),
        Site::Space(_) => "space".to_owned(),
    };
    let distance = match place.distance {
        Distance::Contact => "contact",
        Distance::Near => "near",
        Distance::Before => "before",
        Distance::Metres(_) => "metres",
    };
    let [_, up, ahead] = place.offset;
    let raised = if up > 0.02 { " raised" } else { "" };
    let lowered = if up < -0.02 { " lowered" } else { "" };
    let moved_on = if ahead > 0.02 { " ahead" } else { "" };
    format!("{site} {distance}{raised}{lowered}{moved_on}").to_lowercase()
}

/// Every word of `wanted` is in `found`.
fn names(found: &str, wanted: &str) -> bool {
    wanted.to_lowercase().split_whitespace().all(|word| found.contains(word))
}

fn contacts(step: &Step) -> Vec<Contact> {
    step.action
        .movements()
        .iter()
        .filter_map(|movement| if let MovementKind::Contact(contact) = movement.kind { Some(contact) } else { None })
        .collect()
}

fn shapes(step: &Step) -> Vec<&Handshape> {
    let movements = step.action.movements();
    movements
        .into_iter()
        .filter_map(|movement| if let MovementKind::Shape(shape) = &movement.kind { Some(shape) } else { None })
        .collect()
}

fn config(step: &Step, hand: Hand) -> &HandConfig {
    step.hands.config(hand).unwrap_or_else(|| panic!("the {hand:?} hand takes no part"))
}

/// Whether `step` has the part; the message says what it has instead.
pub(super) fn has_part(step: &Step, part: &str) -> Result<(), String> {
    let (key, value) = part.split_once('=').map_or((part, ""), |(key, value)| (key.trim(), value.trim()));
    let movements = step.action.movements();
    let found = match key {
        "hands" => match &step.hands {
            Hands::None => "none".to_owned(),
            Hands::One(_) => "one".to_owned(),
            Hands::Two { symmetry, .. } => match symmetry {
                Symmetry::Mirror => "mirror",
                Symmetry::Parallel => "parallel",
                Symmetry::Alternating => "alternating",
                Symmetry::Independent => "independent",
            }
            .to_owned(),
        },
        "moves" => {
            let mut movers: Vec<&str> = movements
                .iter()
                .map(|movement| match movement.hand {
                    HandSelector::One(Hand::Dominant) => "right",
                    HandSelector::One(Hand::Weak) => "left",
                    HandSelector::Both => "both",
                })
                .collect();
            movers.sort_unstable();
            movers.dedup();
            movers.join("+")
        }
        "path" => {
            let headings = headings(step);
            return check(headings.iter().any(|&dir| same(Some(dir), value)), format!("headings {headings:?}"));
        }
        "times" => {
            let wanted: u32 = value.parse().unwrap();
            let found = repeats(&step.action);
            return check(found.contains(&wanted), format!("counts {found:?}"));
        }
        "shape" => {
            let all: Vec<String> = shapes(step).into_iter().map(out).collect();
            return check(all.iter().any(|shape| shape == value), format!("shapes {all:?}"));
        }
        "contact" => {
            let (kind, place) = value.split_once(' ').unwrap_or((value, ""));
            let all: Vec<String> = contacts(step)
                .iter()
                .map(|c| format!("{:?} {}", c.kind, place_name(&c.place)).to_lowercase())
                .collect();
            return check(all.iter().any(|c| c.starts_with(kind) && names(c, place)), format!("contacts {all:?}"));
        }
        "to" => {
            let all: Vec<String> = movements
                .iter()
                .filter_map(|movement| match &movement.kind {
                    MovementKind::Path(path) => path.to.as_ref().map(place_name),
                    MovementKind::Contact(contact) => Some(place_name(&contact.place)),
                    _ => None,
                })
                .collect();
            return check(all.iter().any(|place| names(place, value)), format!("ends {all:?}"));
        }
        "kind" => {
            let all: Vec<String> = movements.iter().map(|movement| kind_name(&movement.kind)).collect();
            return check(all.iter().any(|kind| names(kind, value)), format!("kinds {all:?}"));
        }
        "turn" => {
            let all: Vec<String> = movements
                .iter()
                .filter_map(|movement| match &movement.kind {
                    MovementKind::Orient { palm, fingers, radial } => Some((*palm, *fingers, *radial)),
                    _ => None,
                })
                .flat_map(|(palm, fingers, radial)| [("palm", palm), ("fingers", fingers), ("radial", radial)])
                .filter_map(|(axis, dir)| dir.map(|dir| (axis, dir)))
                .map(|(axis, dir)| {
                    let (wanted, name) = value.split_once(' ').unwrap();
                    format!("{axis} {dir:?} {}", axis == wanted && same(Some(dir), name))
                })
                .collect();
            return check(all.iter().any(|turn| turn.ends_with("true")), format!("turns {all:?}"));
        }
        "manner" => {
            let all: Vec<String> = movements
                .iter()
                .map(|movement| {
                    let manner = movement.manner;
                    let speed = match manner.speed {
                        Speed::Slow => "slow",
                        Speed::Normal => "",
                        Speed::Fast => "fast",
                    };
                    let size = match &movement.kind {
                        MovementKind::Path(path) => path.size,
                        MovementKind::Contact(contact) => contact.size,
                        _ => Size::Normal,
                    };
                    let size = match size {
                        Size::Small => "small",
                        Size::Large => "large",
                        _ => "",
                    };
                    let (forceful, stop) =
                        (if manner.forceful { "forceful" } else { "" }, if manner.stop { "stop" } else { "" });
                    format!("{speed} {size} {forceful} {stop}")
                })
                .collect();
            return check(all.iter().any(|manner| names(manner, value)), format!("manners {all:?}"));
        }
        "at_once" => {
            fn pars(action: &Action) -> usize {
                match action {
                    Action::Par(parts) => parts.len().max(parts.iter().map(pars).max().unwrap_or(0)),
                    Action::Seq(parts) => parts.iter().map(pars).max().unwrap_or(0),
                    Action::Repeat { action, .. } => pars(action),
                    Action::Move(_) => 0,
                }
            }
            pars(&step.action).to_string()
        }
        "face" => {
            let all: Vec<String> = step.nonmanuals.iter().map(|timed| face_name(&timed.what)).collect();
            return check(all.iter().any(|face| names(face, value)), format!("faces {all:?}"));
        }
        _ => {
            let (hand, what) = key.split_once(' ').unwrap_or_else(|| panic!("unknown part {part}"));
            let hand = match hand {
                "right" => Hand::Dominant,
                "left" => Hand::Weak,
                other => panic!("unknown hand {other} in {part}"),
            };
            let config = config(step, hand);
            match what {
                "fingers" if value.contains(['T', 'I', 'M', 'R', 'L', '-']) => out(&config.shape),
                "palm" => return check(same(config.palm, value), format!("palm {:?}", config.palm)),
                "points" => return check(same(config.fingers, value), format!("fingers {:?}", config.fingers)),
                "radial" => return check(same(config.radial, value), format!("radial {:?}", config.radial)),
                "at" => {
                    let found = config.place.as_ref().map_or_else(|| "nowhere".to_owned(), place_name);
                    return check(names(&found, value), found);
                }
                "part" => config.place.map_or_else(String::new, |place| format!("{:?}", place.part)),
                "touch" => {
                    let found = format!("{:?}", config.shape.touches);
                    return check(found.contains(value), found);
                }
                "name" => config.shape.name.clone(),
                "spread" => (config.shape.fingers[0].spread > 0.1).to_string(),
                "bent" => format!("{:.1}", config.shape.fingers[0].pip),
                other => panic!("unknown part {other}"),
            }
        }
    };
    check(found == value, found)
}

fn kind_name(kind: &MovementKind) -> String {
    match kind {
        MovementKind::Path(path) => match &path.shape {
            PathShape::Circle { axis, turns } => {
                let [x, y, z] = <[f32; 3]>::from(*axis).map(|c| c.round() as i32);
                format!("circle axis({x},{y},{z}) turns({turns})")
            }
            PathShape::Trace(strokes) => format!("trace strokes({})", strokes.len()),
            shape => format!("{shape:?}{}", if path.there_and_back { " there_and_back" } else { "" }).to_lowercase(),
        },
        MovementKind::Rotate(rotation) => {
            let sign = if rotation.angle_rad > 0.0 { "+" } else { "-" };
            format!("rotate {:?} {sign}{}", rotation.axis, if rotation.there_and_back { " there_and_back" } else { "" })
                .to_lowercase()
        }
        MovementKind::Finger(motion) => {
            let kind = match motion.kind {
                FingerMotionKind::Wiggle => "wiggle",
                FingerMotionKind::Bend => "bend",
                FingerMotionKind::OpenClose => "open_close",
                FingerMotionKind::Rub => "rub",
                FingerMotionKind::Flick => "flick",
                FingerMotionKind::Tremble => "tremble",
            };
            let fingers: String =
                motion.fingers.iter().map(|&finger| ["t", "i", "m", "r", "l"][finger.index()]).collect();
            format!("{kind} of({fingers})")
        }
        MovementKind::Contact(contact) => match contact.kind {
            ContactKind::Tap => "tap",
            ContactKind::Touch => "touch",
            ContactKind::Brush => "brush",
            ContactKind::Grasp => "grasp",
            ContactKind::Insert => "insert",
        }
        .to_owned(),
        MovementKind::Shape(_) => "shape".to_owned(),
        MovementKind::Orient { .. } => "orient".to_owned(),
        MovementKind::Hold { .. } => "hold".to_owned(),
    }
}

fn face_name(what: &NonManual) -> String {
    format!("{what:?}").to_lowercase()
}

fn check(holds: bool, found: String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(found) }
}
