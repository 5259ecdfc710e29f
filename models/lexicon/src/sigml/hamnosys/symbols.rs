//! The symbols of HamNoSys 4: element names, code points, meanings.
//!
//! Source of names and code points: the HamNoSysUnicode encoding of the University of Hamburg
//! (private use area U+E000 to U+E0F1, and a few of ASCII).

use std::{collections::HashMap, sync::LazyLock};

use signing::{Dir, Finger, HandPart};

use crate::sigml::{
    direction::{direction, letters},
    hand::{Base, Bend, FingerPart, Thumb},
    sign::{Contact, Mark, SiteRef},
    site,
};

/// What a symbol means by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Symbol {
    SymmetryParallel,
    SymmetryMirror,
    NonDominant,
    /// Not on the hand's own side.
    NonIpsi,
    Shape(Base),
    /// Index, middle and ring finger out: not of HamNoSys, but some files write it.
    ThreeFingers,
    Thumb(Thumb),
    Bend(Bend),
    Fingers(Dir),
    Palm {
        left: f32,
        up: f32,
    },
    RelativeOrientation,
    Site(SiteRef),
    /// Before a site: on its left; after it: on its right.
    Beside,
    At,
    Zone(HandPart),
    Finger(Finger),
    FingerPart(FingerPart),
    /// A side of the wrist or arm.
    WristSide(Mark),
    Contact(Contact),
    Behind,
    Brushing,
    Move(Dir),
    MoveCross {
        slanted: bool,
    },
    Circle(Dir),
    Clock {
        left: f32,
        up: f32,
    },
    ClockFull,
    Arc {
        left: f32,
        up: f32,
    },
    Wavy,
    ZigZag,
    Ellipse {
        left: f32,
        up: f32,
    },
    FingerPlay,
    Nod,
    Swing,
    Twist,
    Stir {
        clockwise: bool,
    },
    Replace,
    Still,
    Small,
    Large,
    Fast,
    Slow,
    Tense,
    Rest,
    Halt,
    Increasing,
    Decreasing,
    RepeatFromStart,
    RepeatFromStartSeveral,
    RepeatContinue,
    RepeatContinueSeveral,
    RepeatReverse,
    Alternating,
    SeqBegin,
    SeqEnd,
    ParBegin,
    ParEnd,
    FusionBegin,
    FusionEnd,
    Between,
    Plus,
    AltBegin,
    AltSeparator,
    AltEnd,
    /// And so on.
    EtCetera,
    Mime,
    /// Of the notation, not of the sign: punctuation, version, references.
    Silent,
}

/// Code points and names; what a name means follows from [`meaning`].
const NAMES: &[(u32, &[&str])] = &[
    (0x20, &["space", "exclaim"]),
    (0x2c, &["comma"]),
    (0x2e, &["fullstop"]),
    (0x3f, &["query"]),
    (0x7b, &["altbegin", "metaalt", "altend"]),
    (0xe000, &["fist", "flathand", "finger2", "finger23", "finger23spread", "finger2345", "pinch12", "pinchall"]),
    (0xe008, &["pinch12open", "cee12", "ceeall", "ceeopen", "thumboutmod", "thumbacrossmod", "thumbopenmod"]),
    (0xe010, &["fingerstraightmod", "fingerbendmod", "fingerhookmod", "doublebent", "doublehooked"]),
    (0xe020, &["extfingeru", "extfingerur", "extfingerr", "extfingerdr", "extfingerd", "extfingerdl", "extfingerl"]),
    (0xe027, &["extfingerul", "extfingerol", "extfingero", "extfingeror", "extfingeril", "extfingeri", "extfingerir"]),
    (0xe02e, &["extfingerui", "extfingerdi", "extfingerdo", "extfingeruo"]),
    (0xe038, &["palmu", "palmur", "palmr", "palmdr", "palmd", "palmdl", "palml", "palmul"]),
    (0xe040, &["head", "headtop", "forehead", "eyebrows", "eyes", "nose", "nostrils", "ear", "earlobe", "cheek"]),
    (0xe04a, &["lips", "tongue", "teeth", "chin", "underchin", "neck", "shouldertop", "shoulders", "chest"]),
    (0xe053, &["stomach", "belowstomach"]),
    (0xe058, &["lrbeside", "lrat", "coreftag", "corefref"]),
    (0xe05f, &["neutralspace", "upperarm", "elbow", "elbowinside", "lowerarm", "wristback", "wristpulse"]),
    (0xe066, &["thumbball", "palm", "handback", "thumbside", "pinkyside"]),
    (0xe070, &["thumb", "indexfinger", "middlefinger", "ringfinger", "pinky"]),
    (0xe075, &["fingertip", "fingernail", "fingerpad", "fingermidjoint", "fingerbase", "fingerside"]),
    (0xe07c, &["wristtopulse", "wristtoback", "wristtothumb", "wristtopinky"]),
    (0xe080, &["moveu", "moveur", "mover", "movedr", "moved", "movedl", "movel", "moveul", "moveol", "moveo"]),
    (0xe08a, &["moveor", "moveil", "movei", "moveir", "moveui", "movedi", "movedo", "moveuo"]),
    (0xe092, &["circleo", "circlei", "circled", "circleu", "circlel", "circler", "circleul", "circledr", "circleur"]),
    (0xe09b, &["circledl", "circleol", "circleir", "circleor", "circleil", "circleui", "circledo", "circleuo"]),
    (0xe0a3, &["circledi", "fingerplay", "nodding", "swinging", "twisting", "stircw", "stirccw", "replace"]),
    (0xe0ad, &["movecross", "movex", "nomotion"]),
    (0xe0b0, &["clocku", "clockul", "clockl", "clockdl", "clockd", "clockdr", "clockr", "clockur", "clockfull"]),
    (0xe0b9, &["arcl", "arcu", "arcr", "arcd", "wavy", "zigzag"]),
    (0xe0c0, &["ellipseh", "ellipseur", "ellipsev", "ellipseul", "increasing", "decreasing", "smallmod", "largemod"]),
    (0xe0c8, &["fast", "slow", "tense", "rest", "halt"]),
    (0xe0d0, &["close", "touch", "interlock", "cross", "armextended", "behind", "brushing"]),
    (0xe0d8, &["repeatfromstart", "repeatfromstartseveral", "repeatcontinue", "repeatcontinueseveral"]),
    (0xe0dc, &["repeatreverse", "alternatingmotion"]),
    (0xe0e0, &["seqbegin", "seqend", "parbegin", "parend", "fusionbegin", "fusionend", "between", "plus", "symmpar"]),
    (0xe0e9, &["symmlr", "nondominant", "nonipsi", "etc", "orirelative"]),
    (0xe0f0, &["mime", "version40"]),
];

/// Names that files use besides, and the symbol they stand for.
const ALIASES: &[(&str, &str)] = &[
    // A converter in wide use misspells U+E03C and U+E085 so.
    ("palmud", "palmd"),
    ("moveudl", "movedl"),
    ("pinchopen", "pinch12open"),
    ("cee12open", "ceeopen"),
    ("indxfinger", "indexfinger"),
    ("fingerhookedmod", "fingerhookmod"),
    ("fingerbentmod", "fingerbendmod"),
    ("sympar", "symmpar"),
    ("symlr", "symmlr"),
    ("thumbout", "thumboutmod"),
    ("thumbacross", "thumbacrossmod"),
    ("thumbopen", "thumbopenmod"),
    ("clockplus", "clockfull"),
    ("period", "fullstop"),
    ("doublebentmod", "doublebent"),
    ("doublehookedmod", "doublehooked"),
];

static BY_NAME: LazyLock<HashMap<String, Symbol>> = LazyLock::new(|| {
    let names = NAMES.iter().flat_map(|(_, names)| names.iter().copied());
    let mut symbols: HashMap<String, Symbol> =
        names.filter_map(|name| Some((name.to_owned(), meaning(name)?))).collect();
    for &(alias, name) in ALIASES {
        if let Some(symbol) = symbols.get(name).cloned() {
            symbols.insert(alias.to_owned(), symbol);
        }
    }
    symbols.insert("finger234".to_owned(), Symbol::ThreeFingers);
    symbols
});

/// The symbol of an element; names are compared without case, for files write `hamUpperarm` too.
pub(super) fn by_element(name: &str) -> Option<Symbol> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("ham")?;
    if let Some(symbol) = BY_NAME.get(name) {
        return Some(symbol.clone());
    }
    // Directions between the font's own, such as `hamextfingeruol`.
    direction_symbol(name)
}

/// The symbol of a character and its element's name.
pub(super) fn by_character(character: char) -> Option<(&'static str, Symbol)> {
    let code = u32::from(character);
    NAMES.iter().find_map(|(first, names)| {
        let name = names.get(usize::try_from(code.checked_sub(*first)?).ok()?)?;
        Some((*name, meaning(name)?))
    })
}

/// Every element's name, without `ham`.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().flat_map(|(_, names)| names.iter().copied())
}

fn direction_symbol(name: &str) -> Option<Symbol> {
    if let Some(text) = name.strip_prefix("extfinger") {
        return direction(text).map(Symbol::Fingers);
    }
    if let Some(text) = name.strip_prefix("move") {
        return direction(text).map(Symbol::Move);
    }
    name.strip_prefix("circle").and_then(direction).map(Symbol::Circle)
}

fn plane(text: &str, symbol: fn(f32, f32) -> Symbol) -> Option<Symbol> {
    let vector = letters(text).filter(|vector| vector.length_squared() > 0.0 && vector.z == 0.0)?.normalize();
    Some(symbol(vector.x, vector.y))
}

fn meaning(name: &str) -> Option<Symbol> {
    use Symbol as S;
    let exact = match name {
        "symmpar" => S::SymmetryParallel,
        "symmlr" => S::SymmetryMirror,
        "nondominant" => S::NonDominant,
        "nonipsi" => S::NonIpsi,
        "thumboutmod" => S::Thumb(Thumb::Out),
        "thumbacrossmod" => S::Thumb(Thumb::Across),
        "thumbopenmod" => S::Thumb(Thumb::Opposed),
        "fingerstraightmod" => S::Bend(Bend::BENT),
        "fingerbendmod" => S::Bend(Bend::ROUND),
        "fingerhookmod" => S::Bend(Bend::HOOKED),
        "doublebent" => S::Bend(Bend::DOUBLE_BENT),
        "doublehooked" => S::Bend(Bend::DOUBLE_HOOKED),
        "orirelative" => S::RelativeOrientation,
        "lrbeside" => S::Beside,
        "lrat" => S::At,
        "thumb" => S::Finger(Finger::Thumb),
        "indexfinger" => S::Finger(Finger::Index),
        "middlefinger" => S::Finger(Finger::Middle),
        "ringfinger" => S::Finger(Finger::Ring),
        "pinky" => S::Finger(Finger::Little),
        "wristtopulse" => S::WristSide(Mark::Palmar),
        "wristtoback" => S::WristSide(Mark::Dorsal),
        "wristtothumb" => S::WristSide(Mark::LeftAt),
        "wristtopinky" => S::WristSide(Mark::RightAt),
        "close" => S::Contact(Contact::Close),
        "touch" => S::Contact(Contact::Touch),
        "interlock" => S::Contact(Contact::Interlock),
        "cross" => S::Contact(Contact::Cross),
        "armextended" => S::Contact(Contact::ArmExtended),
        "behind" => S::Behind,
        "brushing" => S::Brushing,
        "movecross" => S::MoveCross { slanted: false },
        "movex" => S::MoveCross { slanted: true },
        "clockfull" => S::ClockFull,
        "wavy" => S::Wavy,
        "zigzag" => S::ZigZag,
        "ellipseh" => S::Ellipse { left: 1.0, up: 0.0 },
        "ellipsev" => S::Ellipse { left: 0.0, up: 1.0 },
        "ellipseur" => S::Ellipse { left: -1.0, up: 1.0 },
        "ellipseul" => S::Ellipse { left: 1.0, up: 1.0 },
        "fingerplay" => S::FingerPlay,
        "nodding" => S::Nod,
        "swinging" => S::Swing,
        "twisting" => S::Twist,
        "stircw" => S::Stir { clockwise: true },
        "stirccw" => S::Stir { clockwise: false },
        "replace" => S::Replace,
        "nomotion" => S::Still,
        "smallmod" => S::Small,
        "largemod" => S::Large,
        "fast" => S::Fast,
        "slow" => S::Slow,
        "tense" => S::Tense,
        "rest" => S::Rest,
        "halt" => S::Halt,
        "increasing" => S::Increasing,
        "decreasing" => S::Decreasing,
        "repeatfromstart" => S::RepeatFromStart,
        "repeatfromstartseveral" => S::RepeatFromStartSeveral,
        "repeatcontinue" => S::RepeatContinue,
        "repeatcontinueseveral" => S::RepeatContinueSeveral,
        "repeatreverse" => S::RepeatReverse,
        "alternatingmotion" => S::Alternating,
        "seqbegin" => S::SeqBegin,
        "seqend" => S::SeqEnd,
        "parbegin" => S::ParBegin,
        "parend" => S::ParEnd,
        "fusionbegin" => S::FusionBegin,
        "fusionend" => S::FusionEnd,
        "between" => S::Between,
        "plus" => S::Plus,
        "altbegin" => S::AltBegin,
        "metaalt" => S::AltSeparator,
        "altend" => S::AltEnd,
        "etc" => S::EtCetera,
        "mime" => S::Mime,
        "space" | "exclaim" | "comma" | "fullstop" | "query" | "version40" | "coreftag" | "corefref" => S::Silent,
        _ => return compound(name),
    };
    Some(exact)
}

/// Names that are made of a kind and directions, or that gestural SiGML shares.
fn compound(name: &str) -> Option<Symbol> {
    if let Some(base) = Base::named(name) {
        return Some(Symbol::Shape(base));
    }
    if let Some(zone) = site::zone(name) {
        return Some(Symbol::Zone(zone));
    }
    if let Some(site) = site::body(name) {
        return Some(Symbol::Site(site));
    }
    if let Some(part) = name.strip_prefix("finger").and_then(site::finger_part) {
        return Some(Symbol::FingerPart(part));
    }
    for (kind, symbol) in [
        ("palm", (|left, up| Symbol::Palm { left, up }) as fn(f32, f32) -> Symbol),
        ("clock", |left, up| Symbol::Clock { left, up }),
        ("arc", |left, up| Symbol::Arc { left, up }),
    ] {
        if let Some(text) = name.strip_prefix(kind) {
            return plane(text, symbol);
        }
    }
    direction_symbol(name)
}

impl Symbol {
    /// Whether it begins, or belongs to, a motion.
    pub(super) const fn is_motion(&self) -> bool {
        matches!(
            self,
            Self::Move(_)
                | Self::MoveCross { .. }
                | Self::Circle(_)
                | Self::FingerPlay
                | Self::Nod
                | Self::Swing
                | Self::Twist
                | Self::Stir { .. }
                | Self::Replace
                | Self::Still
                | Self::SeqBegin
                | Self::FusionBegin
                | Self::RepeatFromStart
                | Self::RepeatFromStartSeveral
                | Self::RepeatContinue
                | Self::RepeatContinueSeveral
                | Self::RepeatReverse
        )
    }

    /// Whether it says how the hand is formed or turned.
    pub(super) const fn is_posture(&self) -> bool {
        matches!(
            self,
            Self::Shape(_)
                | Self::ThreeFingers
                | Self::Thumb(_)
                | Self::Bend(_)
                | Self::Fingers(_)
                | Self::Palm { .. }
                | Self::RelativeOrientation
        )
    }

    /// Whether it says where the hand is.
    pub(super) const fn is_location(&self) -> bool {
        matches!(
            self,
            Self::Site(_)
                | Self::Beside
                | Self::At
                | Self::Zone(_)
                | Self::Finger(_)
                | Self::FingerPart(_)
                | Self::WristSide(_)
                | Self::Contact(_)
                | Self::Behind
        )
    }
}
