//! A form in one line, so that a table can say what must be in it.

use glam::Vec3;
use signing::{
    Action, ArcPlane, Contact, Dir, Distance, Hand, HandConfig, HandSelector, Hands, Movement, MovementKind, Path,
    PathShape, Place, RotationAxis, SignForm, Site, Size, Speed, Symmetry,
};

pub(super) fn form(form: &SignForm) -> String {
    let mut parts = Vec::new();
    for step in &form.steps {
        match &step.hands {
            Hands::None => parts.push("no hands".to_owned()),
            Hands::One(config) => parts.push(format!("one; D {}", hand(config))),
            Hands::Two { dominant, weak, symmetry } => {
                let symmetry = match symmetry {
                    Symmetry::Mirror => "mirror",
                    Symmetry::Parallel => "parallel",
                    Symmetry::Alternating => "alternating",
                    Symmetry::Independent => "independent",
                };
                parts.push(format!("two {symmetry}; D {}; W {}", hand(dominant), hand(weak)));
            }
        }
        parts.push(format!("does {}", action(&step.action)));
        for timed in &step.nonmanuals {
            parts.push(format!("{:?}", timed.what));
        }
    }
    for note in &form.notes {
        parts.push(format!("note {note}"));
    }
    parts.join("; ")
}

fn hand(config: &HandConfig) -> String {
    let mut text = format!("[{}]", config.shape.name);
    if let Some(fingers) = config.fingers {
        text += &format!(" fingers={}", dir(fingers));
    }
    if let Some(palm) = config.palm {
        text += &format!(" palm={}", dir(palm));
    }
    if let Some(at) = &config.place {
        text += &format!(" at={}", place(at));
    }
    text
}

/// The nearest of the 26 directions.
pub(super) fn dir(dir: Dir) -> String {
    let mut best = (String::new(), -1.0);
    for (x, side) in [(0.0, ""), (1.0, "l"), (-1.0, "r")] {
        for (y, height) in [(0.0, ""), (1.0, "u"), (-1.0, "d")] {
            for (z, depth) in [(0.0, ""), (1.0, "o"), (-1.0, "i")] {
                let agreement = dir.vec().dot(Vec3::new(x, y, z).normalize_or_zero());
                if agreement > best.1 + 1e-4 && (x, y, z) != (0.0, 0.0, 0.0) {
                    best = (format!("{height}{depth}{side}"), agreement);
                }
            }
        }
    }
    best.0
}

fn place(place: &Place) -> String {
    let site = match place.site {
        Site::Body { site, lateral } => format!("{site:?}.{lateral:?}"),
        Site::OtherHand(part) => format!("other {part:?}"),
        Site::Space(point) => {
            return format!("space({})", if point.z > 0.8 { "far" } else { "near" });
        }
    };
    let distance = match place.distance {
        Distance::Contact => "touch".to_owned(),
        Distance::Near => "close".to_owned(),
        Distance::Before => "before".to_owned(),
        Distance::Metres(metres) if metres > 0.4 => "far".to_owned(),
        Distance::Metres(_) => "usual".to_owned(),
    };
    let mut text = format!("{:?}@{site}/{distance}", place.part);
    if place.offset != [0.0; 3] {
        text += &format!("+{}", dir(Dir::new(Vec3::from_array(place.offset)).unwrap()));
    }
    text
}

fn action(action: &Action) -> String {
    let list = |parts: &[Action]| parts.iter().map(self::action).collect::<Vec<_>>().join(", ");
    match action {
        Action::Seq(parts) if parts.is_empty() => "nothing".to_owned(),
        Action::Seq(parts) => format!("seq[{}]", list(parts)),
        Action::Par(parts) => format!("par[{}]", list(parts)),
        Action::Repeat { times, action } => format!("{times}x({})", self::action(action)),
        Action::Move(movement) => self::movement(movement),
    }
}

fn movement(movement: &Movement) -> String {
    let who = match movement.hand {
        HandSelector::Both => "B",
        HandSelector::One(Hand::Dominant) => "D",
        HandSelector::One(Hand::Weak) => "W",
    };
    let what = match &movement.kind {
        MovementKind::Path(path) => self::path(path),
        MovementKind::Rotate(rotation) => match rotation.axis {
            RotationAxis::Forearm => "twist".to_owned(),
            RotationAxis::WristFlexion => "nod".to_owned(),
            RotationAxis::WristSway => "sway".to_owned(),
            other => format!("{other:?}"),
        },
        MovementKind::Orient { palm, fingers, .. } => {
            format!(
                "orient(palm={} fingers={})",
                palm.map(dir).unwrap_or_default(),
                fingers.map(dir).unwrap_or_default()
            )
        }
        MovementKind::Shape(shape) => format!("shape[{}]", shape.name),
        MovementKind::Finger(motion) => format!("{:?}{:?}", motion.kind, motion.fingers),
        MovementKind::Contact(Contact { kind, place, along, .. }) => {
            format!("{kind:?}({} along={})", self::place(place), along.map(dir).unwrap_or_default())
        }
        MovementKind::Hold { beats } => format!("hold{beats}"),
    };
    let mut text = format!("{who}:{what}");
    if movement.manner.speed == Speed::Fast {
        text += " fast";
    }
    if movement.manner.speed == Speed::Slow {
        text += " slow";
    }
    if movement.manner.forceful {
        text += " tense";
    }
    if movement.manner.stop {
        text += " halt";
    }
    text
}

fn path(path: &Path) -> String {
    let mut text = match &path.shape {
        PathShape::Straight => "go".to_owned(),
        PathShape::Arc(ArcPlane::Usual) => "arc".to_owned(),
        PathShape::Arc(ArcPlane::Towards(bulge)) => format!("arc^{}", dir(*bulge)),
        PathShape::Circle { axis, turns } => format!("circle^{}*{turns:.2}", dir(*axis)),
        PathShape::ZigZag { across, .. } => format!("zigzag^{}", dir(*across)),
        PathShape::Wave { across, .. } => format!("wave^{}", dir(*across)),
        PathShape::Steps { .. } => "steps".to_owned(),
        PathShape::Trace(strokes) => format!("trace*{}", strokes.len()),
    };
    if let Some(direction) = path.direction {
        text += &format!(" {}", dir(direction));
    }
    match path.size {
        Size::Small => text += " small",
        Size::Large => text += " large",
        Size::Normal | Size::Metres(_) => {}
    }
    if let Some(to) = &path.to {
        text += &format!(" to {}", place(to));
    }
    if path.there_and_back {
        text += " and back";
    }
    text
}
