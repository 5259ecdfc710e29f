//! Handshapes as HamNoSys builds them: a base, a thumb, a bend, and single fingers' exceptions.

use std::f32::consts::FRAC_PI_2;

use signing::{Finger, FingerFlex, FingerTouch, Handshape, ThumbFlex};

/// The base forms of HamNoSys 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Fist,
    Flat,
    Finger2,
    Finger23,
    Finger23Spread,
    Finger2345,
    Pinch12,
    PinchAll,
    Pinch12Open,
    Cee12,
    CeeAll,
    Cee12Open,
}

impl Base {
    /// By its name in gestural SiGML; names that only some files use are read as what they stand for.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "fist" => Self::Fist,
            "flat" | "flathand" => Self::Flat,
            "finger2" => Self::Finger2,
            "finger23" => Self::Finger23,
            "finger23spread" => Self::Finger23Spread,
            "finger2345" => Self::Finger2345,
            "pinch12" => Self::Pinch12,
            "pinchall" => Self::PinchAll,
            "pinch12open" | "pinchopen" => Self::Pinch12Open,
            "cee12" => Self::Cee12,
            "ceeall" => Self::CeeAll,
            "cee12open" | "ceeopen" => Self::Cee12Open,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Fist => "fist",
            Self::Flat => "flat",
            Self::Finger2 => "finger2",
            Self::Finger23 => "finger23",
            Self::Finger23Spread => "finger23spread",
            Self::Finger2345 => "finger2345",
            Self::Pinch12 => "pinch12",
            Self::PinchAll => "pinchall",
            Self::Pinch12Open => "pinch12open",
            Self::Cee12 => "cee12",
            Self::CeeAll => "ceeall",
            Self::Cee12Open => "cee12open",
        }
    }

    const fn is_pinch(self) -> bool {
        matches!(self, Self::Pinch12 | Self::PinchAll | Self::Pinch12Open)
    }

    const fn is_cee(self) -> bool {
        matches!(self, Self::Cee12 | Self::CeeAll | Self::Cee12Open)
    }
}

/// Where the thumb is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thumb {
    Out,
    Across,
    Opposed,
}

/// Flexion of knuckle, middle and end joint, in quarters of a right angle.
///
/// Source: HamNoSys' bending operators as the h2s transformation of ViSiCAST numbers them: bent
/// 400, round 222, hooked 044, half bent 200, double bent 440, double hooked 444.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bend(pub(super) [f32; 3]);

impl Bend {
    /// `hamfingerstraightmod`
    pub(super) const BENT: Self = Self([4.0, 0.0, 0.0]);
    /// `hamfingerbendmod`
    pub(super) const ROUND: Self = Self([2.0, 2.0, 2.0]);
    /// `hamfingerhookmod`
    pub(super) const HOOKED: Self = Self([0.0, 4.0, 4.0]);
    pub(super) const HALF_BENT: Self = Self([2.0, 0.0, 0.0]);
    /// `hamdoublebent`
    pub(super) const DOUBLE_BENT: Self = Self([4.0, 4.0, 0.0]);
    /// `hamdoublehooked`
    pub(super) const DOUBLE_HOOKED: Self = Self([4.0, 4.0, 4.0]);

    /// By its name in gestural SiGML, or as numbers: `222`, `111 2` (the fourth is a spread, which
    /// the base gives already), `0.5 0.5 0.5`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bent" => Self::BENT,
            "round" => Self::ROUND,
            "hooked" => Self::HOOKED,
            "halfbent" => Self::HALF_BENT,
            "dblbent" | "doublebent" => Self::DOUBLE_BENT,
            "dblhooked" | "doublehooked" => Self::DOUBLE_HOOKED,
            "straight" => Self([0.0; 3]),
            _ => return Self::numbers(name),
        })
    }

    fn numbers(text: &str) -> Option<Self> {
        let quarters: Option<Vec<f32>> = if text.contains('.') {
            // 0.50.50.5 is written without spaces: each number has one decimal.
            let dense: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            dense
                .chunks(3)
                .map(|chunk| {
                    chunk.iter().collect::<String>().parse::<f32>().ok().map(|right_angles| right_angles * 4.0)
                })
                .collect()
        } else {
            let digits = text.split_whitespace().next()?;
            let spaced = text.split_whitespace().count() >= 3;
            let digits = if spaced { text.split_whitespace().collect::<String>() } else { digits.to_owned() };
            digits.chars().map(|digit| digit.to_digit(10).map(|digit| digit as f32)).collect()
        };
        match *quarters?.as_slice() {
            [knuckle, middle, end, ..] if [knuckle, middle, end].iter().all(|q| (0.0..=9.0).contains(q)) => {
                Some(Self([knuckle, middle, end]))
            }
            [knuckle, middle] => Some(Self([knuckle, middle, middle])),
            _ => None,
        }
    }

    fn flex(self, spread: f32) -> FingerFlex {
        let [mcp, pip, dip] = self.0.map(|quarters| quarters * FRAC_PI_2 / 4.0);
        FingerFlex { mcp: mcp.min(1.55), pip: pip.min(1.75), dip: dip.min(1.3), spread }
    }
}

/// How far a cee or pinch is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    Tight,
    Slack,
}

/// What the thumb does besides its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ThumbSpecial {
    /// Between this finger and the next.
    Between(Finger),
    /// Inside the closed fingers.
    Enclosed,
}

/// A contact within the hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crossing {
    pub(super) finger: Finger,
    pub(super) part: FingerPart,
    pub(super) other: Finger,
}

/// A part of a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FingerPart {
    Tip,
    Nail,
    Pad,
    MidJoint,
    Base,
    Side,
}

/// All that a notation says of a handshape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ShapeSpec {
    pub(super) base: Base,
    pub(super) thumb: Option<Thumb>,
    pub(super) bend: Option<Bend>,
    /// Named fingers: those that are out, that pinch, or that a bend leaves out, as the base has it.
    pub(super) fingers: Vec<Finger>,
    pub(super) finger_bends: Vec<(Finger, Bend)>,
    pub(super) crossings: Vec<Crossing>,
    pub(super) special: Option<ThumbSpecial>,
    pub(super) opening: Option<Opening>,
    /// Fingers that the bend leaves out.
    pub(super) exempt: Vec<Finger>,
}

impl ShapeSpec {
    pub(super) const fn new(base: Base) -> Self {
        Self {
            base,
            thumb: None,
            bend: None,
            fingers: Vec::new(),
            finger_bends: Vec::new(),
            crossings: Vec::new(),
            special: None,
            opening: None,
            exempt: Vec::new(),
        }
    }

    /// The joint angles.
    pub(super) fn handshape(&self) -> Handshape {
        let mut touches = Vec::new();
        let out = self.extended();
        let mut fingers = [FingerFlex::CLOSED; 4];
        for (flex, finger) in fingers.iter_mut().zip(Finger::LONG) {
            let is_out = out.contains(&finger);
            *flex = if self.base.is_pinch() || self.base.is_cee() {
                self.combined(finger, is_out)
            } else if is_out {
                let bend = self.bend.filter(|_| !self.is_exempt(finger)).unwrap_or(Bend([0.0; 3]));
                bend.flex(self.spread(finger))
            } else {
                FingerFlex::CLOSED
            };
        }
        if matches!(self.base, Base::Fist)
            && let Some(bend) = self.bend
        {
            for (flex, finger) in fingers.iter_mut().zip(Finger::LONG) {
                if !self.is_exempt(finger) {
                    *flex = bend.flex(0.0);
                }
            }
        }
        for &(finger, bend) in &self.finger_bends {
            if finger != Finger::Thumb {
                fingers[finger.index() - 1] = bend.flex(self.spread(finger));
            }
        }
        let mut thumb = self.thumb_flex(&out, &mut touches);
        if let Some(&(_, Bend([_, mcp, ip]))) = self.finger_bends.iter().find(|(finger, _)| *finger == Finger::Thumb) {
            thumb.mcp = (mcp * FRAC_PI_2 / 4.0).min(0.9);
            thumb.ip = (ip * FRAC_PI_2 / 4.0).min(1.2);
        }
        for crossing in &self.crossings {
            cross(*crossing, &mut fingers, &mut touches);
        }
        Handshape { name: self.name(), thumb, fingers, touches }
    }

    /// The long fingers that are out, or that meet the thumb.
    fn extended(&self) -> Vec<Finger> {
        let named: Vec<Finger> = self.fingers.iter().copied().filter(|&finger| finger != Finger::Thumb).collect();
        let default: &[Finger] = match self.base {
            Base::Fist => &[],
            Base::Finger2 | Base::Pinch12 | Base::Pinch12Open | Base::Cee12 | Base::Cee12Open => &[Finger::Index],
            Base::Finger23 | Base::Finger23Spread => &[Finger::Index, Finger::Middle],
            Base::Flat | Base::Finger2345 | Base::PinchAll | Base::CeeAll => &Finger::LONG,
        };
        let replaces = match self.base {
            // A bend on a fist leaves the named fingers out of it.
            Base::Fist => self.bend.is_none(),
            Base::Finger2 | Base::Pinch12 | Base::Pinch12Open | Base::Cee12 | Base::Cee12Open => true,
            Base::Finger23 | Base::Finger23Spread => named.len() > 1 || self.bend.is_none(),
            Base::Flat | Base::Finger2345 | Base::PinchAll | Base::CeeAll => false,
        };
        if replaces && !named.is_empty() { named } else { default.to_vec() }
    }

    fn is_exempt(&self, finger: Finger) -> bool {
        let by_name = match self.base {
            Base::Fist | Base::Flat | Base::Finger2345 => true,
            Base::Finger23 | Base::Finger23Spread => self.fingers.len() < 2,
            _ => false,
        };
        self.exempt.contains(&finger) || (by_name && self.fingers.contains(&finger))
    }

    fn spread(&self, finger: Finger) -> f32 {
        let fan = match self.base {
            Base::Finger2345 | Base::Pinch12Open | Base::Cee12Open => [0.25, 0.0, 0.18, 0.35],
            Base::Finger23Spread => [0.22, -0.12, 0.12, 0.25],
            _ => [0.0; 4],
        };
        if finger == Finger::Thumb { 0.0 } else { fan[finger.index() - 1] }
    }

    /// A long finger of a pinch or cee: one that meets the thumb, or another.
    fn combined(&self, finger: Finger, meets: bool) -> FingerFlex {
        if !meets {
            let open = matches!(self.base, Base::Pinch12Open | Base::Cee12Open);
            return if open { Bend([0.0; 3]).flex(self.spread(finger)) } else { FingerFlex::CLOSED };
        }
        let bend = self.bend.filter(|_| !self.is_exempt(finger));
        if self.base.is_pinch() {
            return match bend {
                Some(Bend::BENT) => FingerFlex { mcp: 1.1, pip: 0.25, dip: 0.1, spread: 0.0 },
                Some(Bend::HOOKED | Bend::DOUBLE_HOOKED) => FingerFlex { mcp: 0.6, pip: 1.3, dip: 0.8, spread: 0.0 },
                Some(Bend::DOUBLE_BENT) => FingerFlex { mcp: 1.0, pip: 1.2, dip: 0.1, spread: 0.0 },
                _ => FingerFlex { mcp: 0.85, pip: 0.75, dip: 0.4, spread: 0.0 },
            };
        }
        let opening = match self.opening {
            Some(Opening::Tight) => 0.2,
            Some(Opening::Slack) => -0.15,
            None => 0.0,
        };
        match bend {
            Some(Bend::BENT) => FingerFlex { mcp: 0.95 + opening, pip: 0.1, dip: 0.05, spread: 0.0 },
            Some(Bend::HOOKED | Bend::DOUBLE_HOOKED) => {
                FingerFlex { mcp: 0.3 + opening, pip: 1.2, dip: 0.7, spread: 0.0 }
            }
            _ => FingerFlex { mcp: 0.5 + opening, pip: 0.7 + opening, dip: 0.45, spread: 0.0 },
        }
    }

    fn thumb_flex(&self, out: &[Finger], touches: &mut Vec<FingerTouch>) -> ThumbFlex {
        if let Some(special) = self.special {
            return match special {
                ThumbSpecial::Between(finger) => {
                    touches.push(FingerTouch::ThumbToMiddleJoint(finger));
                    ThumbFlex { abduction: 0.3, opposition: 0.9, mcp: 0.3, ip: 0.2 }
                }
                ThumbSpecial::Enclosed => {
                    touches.push(FingerTouch::ThumbToBase(Finger::Ring));
                    ThumbFlex { abduction: 0.1, opposition: 1.25, mcp: 0.8, ip: 0.9 }
                }
            };
        }
        if self.base.is_pinch() {
            touches.extend(out.iter().map(|&finger| FingerTouch::ThumbTipToTip(finger)));
            return ThumbFlex { abduction: 0.5, opposition: 1.0, mcp: 0.35, ip: 0.3 };
        }
        if self.base.is_cee() {
            let abduction = match self.opening {
                Some(Opening::Tight) => 0.6,
                Some(Opening::Slack) => 1.0,
                None => 0.8,
            };
            return match self.thumb {
                Some(Thumb::Out) => ThumbFlex { abduction: 1.1, opposition: 0.1, mcp: 0.0, ip: 0.0 },
                _ => ThumbFlex { abduction, opposition: 0.9, mcp: 0.2, ip: 0.25 },
            };
        }
        match self.thumb {
            None => ThumbFlex { abduction: 0.05, opposition: 0.1, mcp: 0.1, ip: 0.05 },
            Some(Thumb::Out) => ThumbFlex { abduction: 1.1, opposition: 0.1, mcp: 0.0, ip: 0.0 },
            Some(Thumb::Opposed) => ThumbFlex { abduction: 0.7, opposition: 1.2, mcp: 0.1, ip: 0.1 },
            Some(Thumb::Across) => {
                // Over the back of the first finger that is closed, or flat across an open palm.
                let closed = Finger::LONG.into_iter().find(|finger| !out.contains(finger));
                match closed {
                    Some(_) if out.is_empty() => touches.push(FingerTouch::ThumbOver(Finger::Middle)),
                    Some(finger) => touches.push(FingerTouch::ThumbOver(finger)),
                    None => {}
                }
                ThumbFlex { abduction: 0.15, opposition: 1.1, mcp: 0.5, ip: 0.5 }
            }
        }
    }

    fn name(&self) -> String {
        let mut parts = vec![self.base.name().to_owned()];
        if let Some(thumb) = self.thumb {
            parts.push(format!("thumb {}", format!("{thumb:?}").to_lowercase()));
        }
        if let Some(Bend([a, b, c])) = self.bend {
            parts.push(format!("bend {a}{b}{c}"));
        }
        match self.special {
            Some(ThumbSpecial::Between(finger)) => {
                parts.push(format!("thumb between {}-{}", finger.index() + 1, finger.index() + 2))
            }
            Some(ThumbSpecial::Enclosed) => parts.push("thumb enclosed".to_owned()),
            None => {}
        }
        if !self.fingers.is_empty() {
            let digits: String = self.fingers.iter().map(|finger| (finger.index() + 1).to_string()).collect();
            parts.push(format!("fingers {digits}"));
        }
        for (finger, Bend([a, b, c])) in &self.finger_bends {
            parts.push(format!("finger {} {a}{b}{c}", finger.index() + 1));
        }
        match self.opening {
            Some(Opening::Tight) => parts.push("tight".to_owned()),
            Some(Opening::Slack) => parts.push("slack".to_owned()),
            None => {}
        }
        for crossing in &self.crossings {
            let (one, two) = (crossing.finger.index() + 1, crossing.other.index() + 1);
            parts.push(format!("{one} at {two}'s {}", format!("{:?}", crossing.part).to_lowercase()));
        }
        parts.join(", ")
    }
}

fn cross(crossing: Crossing, fingers: &mut [FingerFlex; 4], touches: &mut Vec<FingerTouch>) {
    let (finger, other) = (crossing.finger, crossing.other);
    if finger == Finger::Thumb || other == Finger::Thumb {
        let long = if finger == Finger::Thumb { other } else { finger };
        if long == Finger::Thumb {
            return;
        }
        touches.retain(|touch| !matches!(touch, FingerTouch::ThumbOver(_) | FingerTouch::ThumbTipToTip(_)));
        touches.push(match crossing.part {
            FingerPart::Tip | FingerPart::Pad => FingerTouch::ThumbTipToTip(long),
            FingerPart::Nail => FingerTouch::ThumbOver(long),
            FingerPart::MidJoint | FingerPart::Side => FingerTouch::ThumbToMiddleJoint(long),
            FingerPart::Base => FingerTouch::ThumbToBase(long),
        });
        return;
    }
    let first = finger.index().min(other.index());
    if finger.index().abs_diff(other.index()) == 1 {
        touches.push(FingerTouch::CrossedOverNext(Finger::ALL[first]));
    }
    fingers[first - 1].spread = -0.25;
}

/// Half-way between two shapes; contacts stay where both have them.
pub(super) fn halfway(a: &Handshape, b: &Handshape) -> Handshape {
    let middle = |x: f32, y: f32| (x + y) / 2.0;
    let mut fingers = a.fingers;
    for (flex, other) in fingers.iter_mut().zip(b.fingers) {
        *flex = FingerFlex {
            mcp: middle(flex.mcp, other.mcp),
            pip: middle(flex.pip, other.pip),
            dip: middle(flex.dip, other.dip),
            spread: middle(flex.spread, other.spread),
        };
    }
    Handshape {
        name: format!("between {} and {}", a.name, b.name),
        thumb: ThumbFlex {
            abduction: middle(a.thumb.abduction, b.thumb.abduction),
            opposition: middle(a.thumb.opposition, b.thumb.opposition),
            mcp: middle(a.thumb.mcp, b.thumb.mcp),
            ip: middle(a.thumb.ip, b.thumb.ip),
        },
        fingers,
        touches: a.touches.iter().filter(|touch| b.touches.contains(touch)).copied().collect(),
    }
}
