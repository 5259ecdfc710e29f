//! HamNoSys' codes for what is not done with the hands.
//!
//! Source: the non-manual tiers of HamNoSys 4 as SiGML carries them: two letters for shoulders,
//! body, head, gaze, brows, lids and nose; a letter and two digits for mouth gestures.

use signing::{
    BodyMotion, BodyMotionKind, BodySite, Brows, Cheeks, Dir, Expression, Eyes, Gaze, HeadMotion, HeadMotionKind,
    MouthShape, NonManual, TimedNonManual, Tongue,
};

use super::{
    direction::direction,
    report::UnparsedItem,
    sign::{Sign, What},
    xml::Node,
};

/// Which part of the body a code is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    Shoulder,
    Body,
    Head,
    Gaze,
    Brows,
    Lids,
    Nose,
    Mouth,
    Extra,
}

impl Tier {
    /// The tier of an element of either notation.
    pub(super) fn of_element(name: &str) -> Option<Self> {
        Some(match name {
            "hnm_shoulder" | "shoulder_movement" => Self::Shoulder,
            "hnm_body" | "body_movement" => Self::Body,
            "hnm_head" | "head_movement" => Self::Head,
            "hnm_eyegaze" | "eye_gaze" => Self::Gaze,
            "hnm_eyebrows" | "eye_brows" => Self::Brows,
            "hnm_eyelids" | "eye_lids" => Self::Lids,
            "hnm_nose" | "nose" => Self::Nose,
            "hnm_mouthgesture" | "mouth_gesture" => Self::Mouth,
            "hnm_extra" | "extra_movement" => Self::Extra,
            _ => return None,
        })
    }

    /// The tiers in which a code is looked for: its own first; files put head codes on other tiers.
    const fn lookups(self) -> &'static [Self] {
        match self {
            Self::Shoulder => &[Self::Shoulder, Self::Head, Self::Body],
            Self::Body => &[Self::Body, Self::Shoulder, Self::Head],
            Self::Head => &[Self::Head, Self::Body, Self::Shoulder],
            Self::Gaze => &[Self::Gaze, Self::Head],
            Self::Brows => &[Self::Brows],
            Self::Lids => &[Self::Lids],
            Self::Nose => &[Self::Nose],
            Self::Mouth => &[Self::Mouth],
            Self::Extra => &[Self::Extra],
        }
    }
}

/// What a code means; empty: nothing moves, or nothing that a form can hold. `None`: not a code.
pub(super) fn code(tier: Tier, code: &str) -> Option<Vec<NonManual>> {
    let code = code.trim().to_ascii_uppercase();
    tier.lookups().iter().find_map(|&tier| of_tier(tier, &code))
}

/// As a part of a sign: through the whole of it, as strong as `amount` says.
pub(super) fn timed(what: NonManual, amount: Option<f32>) -> TimedNonManual {
    let intensity = amount.filter(|amount| amount.is_finite()).map_or(1.0, |amount| amount.clamp(0.1, 1.0));
    TimedNonManual { intensity, ..TimedNonManual::throughout(what) }
}

fn of_tier(tier: Tier, code: &str) -> Option<Vec<NonManual>> {
    match tier {
        Tier::Shoulder => shoulder(code),
        Tier::Body => body(code),
        Tier::Head => head(code),
        Tier::Gaze => gaze(code),
        Tier::Brows => Some(match code {
            "RB" | "RR" | "RL" | "UP" => vec![NonManual::Brows(Brows::Raised)],
            "FU" | "DN" | "LB" => vec![NonManual::Brows(Brows::Furrowed)],
            _ => return None,
        }),
        Tier::Lids => Some(match code {
            "WB" | "WR" | "WL" => vec![NonManual::Eyes(Eyes::Wide)],
            "SB" | "SR" | "SL" => vec![NonManual::Eyes(Eyes::Squint)],
            "CB" | "CR" | "CL" | "TB" | "TR" | "TL" => vec![NonManual::Eyes(Eyes::Closed)],
            "BB" | "BR" | "BL" => vec![NonManual::Eyes(Eyes::Blink)],
            _ => return None,
        }),
        Tier::Nose => Some(match code {
            // Wrinkled; widened nostrils and a twitch show on the face as little else.
            "WR" => vec![NonManual::Expression(Expression::Disgusted)],
            "TW" | "WI" => Vec::new(),
            _ => return None,
        }),
        Tier::Mouth => mouth(code),
        // Codes of the avatar's own, such as moving the other arm away.
        Tier::Extra => Some(Vec::new()),
    }
}

fn motion(kind: HeadMotionKind, times: u32) -> NonManual {
    NonManual::Head(HeadMotion { kind, times })
}

fn torso(kind: BodyMotionKind) -> NonManual {
    NonManual::Body(BodyMotion { kind, times: 1 })
}

fn shoulder(code: &str) -> Option<Vec<NonManual>> {
    Some(match code {
        // Raised, shrugging: left, right, both.
        "UL" | "UR" | "UB" | "SL" | "SR" | "SB" => vec![torso(BodyMotionKind::ShrugShoulders)],
        "HL" | "HR" | "HB" => vec![torso(BodyMotionKind::Hunch)],
        _ => return None,
    })
}

fn body(code: &str) -> Option<Vec<NonManual>> {
    Some(match code {
        "RL" => vec![torso(BodyMotionKind::TurnLeft)],
        "RR" => vec![torso(BodyMotionKind::TurnRight)],
        "TL" => vec![torso(BodyMotionKind::LeanLeft)],
        "TR" => vec![torso(BodyMotionKind::LeanRight)],
        "TF" => vec![torso(BodyMotionKind::LeanForward)],
        "TB" => vec![torso(BodyMotionKind::LeanBack)],
        // A sigh and a heave lift the chest; round is its opposite.
        "SI" | "HE" => vec![torso(BodyMotionKind::ChestOut)],
        "RD" => vec![torso(BodyMotionKind::Hunch)],
        "ST" => Vec::new(),
        _ => return None,
    })
}

fn head(code: &str) -> Option<Vec<NonManual>> {
    use HeadMotionKind as Kind;
    Some(match code {
        "NO" => vec![motion(Kind::Nod, 2)],
        "ND" => vec![motion(Kind::Nod, 1)],
        "NU" => vec![motion(Kind::TiltUp, 1)],
        "SH" => vec![motion(Kind::Shake, 2)],
        "SR" => vec![motion(Kind::TurnRight, 1)],
        "SL" => vec![motion(Kind::TurnLeft, 1)],
        "TR" => vec![motion(Kind::TiltRight, 1)],
        "TL" => vec![motion(Kind::TiltLeft, 1)],
        "NF" => vec![motion(Kind::TiltDown, 1)],
        "NB" => vec![motion(Kind::TiltUp, 1)],
        "PF" => vec![motion(Kind::Forward, 1)],
        "PB" => vec![motion(Kind::Backward, 1)],
        // Follows the gaze.
        "LI" | "ST" => Vec::new(),
        _ => return None,
    })
}

fn gaze(code: &str) -> Option<Vec<NonManual>> {
    let towards = |letters: &str| direction(letters).map(Gaze::Towards);
    let gaze = match code {
        "AD" => Gaze::Addressee,
        "HD" | "HI" => Gaze::DominantHand,
        "HC" => Gaze::WeakHand,
        "FR" => Gaze::Towards(Dir::FORWARD),
        "UP" => towards("uo")?,
        "DN" => towards("do")?,
        "LE" => towards("lo")?,
        "RI" => towards("ro")?,
        "LU" => towards("luo")?,
        "LD" => towards("ldo")?,
        "RU" => towards("ruo")?,
        "RD" => towards("rdo")?,
        // Rolls round; no fixed direction.
        "RO" => towards("uo")?,
        "NO" => return Some(Vec::new()),
        _ => return None,
    };
    Some(vec![NonManual::Gaze(gaze)])
}

/// A mouth gesture by its class: teeth `D`, jaw `J`, lips `L`, cheeks `C`, tongue `T`.
fn mouth(code: &str) -> Option<Vec<NonManual>> {
    let mut characters = code.chars();
    let class = characters.next()?;
    let number: u32 = characters.as_str().parse().ok().filter(|number| (1..=99).contains(number))?;
    Some(match (class, number) {
        ('D', _) => vec![NonManual::Mouth(MouthShape::TeethBared)],
        ('J', _) => vec![NonManual::Mouth(MouthShape::Open)],
        ('L', _) => vec![NonManual::Mouth(MouthShape::Pouted)],
        ('C', 7..=9) => vec![NonManual::Cheeks(Cheeks::Sucked)],
        ('C', 10..) => vec![NonManual::Cheeks(Cheeks::TonguePushed)],
        ('C', _) => vec![NonManual::Cheeks(Cheeks::Puffed)],
        ('T', _) => vec![NonManual::Tongue(Tongue::Out)],
        _ => return None,
    })
}

/// What a motion of a part of the body is; `None` if a form has nothing for it.
pub(super) fn body_part(site: BodySite, what: &What, times: u32) -> Option<NonManual> {
    use HeadMotionKind as Head;
    let across = match what {
        What::Travel { direction, .. } => direction.vec(),
        _ => glam::Vec3::ZERO,
    };
    let shoulders = matches!(site, BodySite::Shoulder | BodySite::ShoulderFront);
    let trunk = matches!(site, BodySite::Chest | BodySite::Belly | BodySite::LowerBelly);
    if shoulders || trunk {
        let kind = if shoulders && across.y > 0.5 {
            BodyMotionKind::ShrugShoulders
        } else if across.z > 0.5 {
            BodyMotionKind::LeanForward
        } else if across.z < -0.5 {
            BodyMotionKind::LeanBack
        } else if matches!(what, What::Swing | What::Twist | What::Nod) {
            BodyMotionKind::Sway
        } else {
            sideways(across, BodyMotionKind::LeanLeft, BodyMotionKind::LeanRight)?
        };
        return Some(NonManual::Body(BodyMotion { kind, times }));
    }
    if matches!(site, BodySite::Eye | BodySite::Brow | BodySite::Mouth | BodySite::Cheek | BodySite::NoseTip) {
        return None;
    }
    let kind = match what {
        What::Nod => Head::Nod,
        What::Twist | What::Swing => Head::Shake,
        _ if across.z > 0.5 => Head::Forward,
        _ if across.z < -0.5 => Head::Backward,
        _ if across.y < -0.5 => Head::TiltDown,
        _ if across.y > 0.5 => Head::TiltUp,
        _ => sideways(across, Head::TiltLeft, Head::TiltRight)?,
    };
    Some(motion(kind, times))
}

/// One or the other, by the side that a motion goes to.
fn sideways<T>(direction: glam::Vec3, left: T, right: T) -> Option<T> {
    if direction.x > 0.5 { Some(left) } else { (direction.x < -0.5).then_some(right) }
}

/// Whether an element belongs to a non-manual tier.
pub(super) fn is_nonmanual(name: &str) -> bool {
    Tier::of_element(name).is_some() || is_mouthing(name) || is_container(name) || name == "avatar_morph"
}

fn is_mouthing(name: &str) -> bool {
    matches!(name, "hnm_mouthpicture" | "mouth_picture" | "mouth_meta")
}

fn is_container(name: &str) -> bool {
    name.ends_with("_tier") || name.ends_with("_par") || matches!(name, "sign_nonmanual" | "hamnosys_nonmanual")
}

/// Every element of a tier or of the non-manual part.
pub(super) fn walk(node: &Node, sign: &mut Sign) {
    for child in &node.children {
        element(child, sign);
    }
}

/// One non-manual element with what is in it.
pub(super) fn element(node: &Node, sign: &mut Sign) {
    sign.clauses += 1;
    if is_container(&node.name) {
        walk(node, sign);
        return;
    }
    if is_mouthing(&node.name) {
        if let Some(picture) = node.attribute("picture").filter(|picture| !picture.is_empty()) {
            let mouthing = sign.mouthing.get_or_insert_default();
            if !mouthing.is_empty() {
                mouthing.push(' ');
            }
            mouthing.push_str(picture);
        }
        walk(node, sign);
        return;
    }
    // A shape of one avatar's own face: no other avatar has it.
    if node.name == "avatar_morph" {
        sign.notes.push(format!("avatar_morph {}", node.attribute("name").unwrap_or_default()));
        return;
    }
    let unparsed = |sign: &mut Sign, what: String, message: &str| {
        sign.unparsed.push(UnparsedItem { line: node.line, what, message: message.to_owned() });
    };
    let Some(tier) = Tier::of_element(&node.name) else {
        unparsed(sign, node.name.clone(), "not a non-manual element of SiGML");
        return;
    };
    let amount = node.attribute("amount").and_then(|amount| amount.parse().ok());
    let small = node.attribute("size") == Some("small");
    let amount = amount.or_else(|| small.then_some(0.5));
    for attribute in ["tag", "movement", "direction", "second_tag"] {
        let Some(found) = node.attribute(attribute).filter(|found| !found.is_empty()) else { continue };
        match code(tier, found) {
            Some(whats) => {
                sign.notes.push(format!("{} {found}", node.name.trim_start_matches("hnm_")));
                let known: Vec<NonManual> = sign.nonmanuals.iter().map(|timed| timed.what).collect();
                sign.nonmanuals
                    .extend(whats.into_iter().filter(|what| !known.contains(what)).map(|what| timed(what, amount)));
            }
            None => unparsed(sign, format!("{}@{attribute}={found}", node.name), "not a code of this tier"),
        }
    }
    walk(node, sign);
}
