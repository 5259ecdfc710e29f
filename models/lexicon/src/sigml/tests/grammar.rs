//! Signs made at random by the grammars of HamNoSys 4 and gestural SiGML, as often as real files use
//! each part: every one must be understood whole, and say no less than was written.

use proptest::prelude::*;
use signing::{Action, Hands, MovementKind, PathShape, SignForm};

use super::{hns, one};
use crate::{Status, sigml::CompiledSign};

mod gestural;

/// A source of choices, so that a sign is a number.
struct Dice(u64);

impl Dice {
    /// Below `sides` (xorshift).
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }

    /// One word of a list, whose weights follow the words: `"u:9 ul:3"`.
    fn word<'a>(&mut self, list: &'a str) -> &'a str {
        let weighted = || {
            list.split_whitespace().map(|word| {
                let (word, weight) = word.split_once(':').unwrap_or((word, "1"));
                (word, weight.parse::<u64>().unwrap())
            })
        };
        let mut roll = self.roll(weighted().map(|(_, weight)| weight).sum());
        for (word, weight) in weighted() {
            if roll < weight {
                return word;
            }
            roll -= weight;
        }
        unreachable!("the roll is below the sum")
    }
}

const SHAPES: &str = "flathand:65 finger2:44 finger2345:39 fist:31 pinchall:12 finger23spread:12 finger23:10 \
                      pinch12open:6 cee12:6 pinch12:5 ceeall:5 pinchopen:1 ceeopen:1";
const FINGERS: &str = "indexfinger:25 middlefinger:18 pinky:10 ringfinger:5";
const DIRECTIONS: &str = "u:63 o:53 l:34 ol:26 ul:25 uo:16 or:16 r:11 d:8 ur:5 do:4 dl:4 ui:3 il:2 i:2 dr:1 ir:1 di:1";
const PALMS: &str = "l:68 d:58 u:34 dl:20 r:20 ud:17 ul:12 dr:7 ur:4";
const SITES: &str = "chest:42 shoulders:39 stomach:9 shouldertop:9 forehead:6 head:5 chin:5 lips:4 neck:4 cheek:3 \
                     underchin:3 nose:2 belowstomach:2 ear:2 headtop:2 eyes:2 teeth:1 earlobe:1 nostrils:1 tongue:1 \
                     eyebrows:1 neutralspace:1";
const ARM: &str = "palm:17 pinkyside:5 handback:6 thumbside:4 wristback:3 thumbball:2 lowerarm:1 elbow:1 \
                   elbowinside:1 upperarm:1 Upperarm:1 wristpulse:1";
const FINGER_PARTS: &str = "fingertip:17 fingerpad:8 fingermidjoint:8 fingernail:4 fingerside:3 fingerbase:2";
const MOVES: &str = "d:31 r:24 o:19 i:19 u:18 l:17 do:6 or:5 dr:4 ur:3 ol:3 dl:3 il:2 ir:2 uo:2 ui:2 udl:1 ul:1 di:1";

impl Dice {
    fn shape(&mut self) -> String {
        let mut text = self.one_shape();
        if self.chance(12) {
            text += " between ";
            text += &self.one_shape();
        }
        text
    }

    fn one_shape(&mut self) -> String {
        let mut text = self.word(SHAPES).to_owned();
        if self.chance(50) {
            text += self.word(" thumboutmod:63 thumbacrossmod:55 thumbopenmod:14").trim();
            text = text.replacen("thumb", " thumb", 1);
        }
        if self.chance(30) {
            text = format!(
                "{text} {}",
                self.word("fingerstraightmod:29 fingerbendmod:20 fingerhookmod:11 doublebent:3 doublehooked:1")
            );
        }
        if self.chance(15) {
            text = format!("{text} {}", self.word(FINGERS));
            if self.chance(30) {
                text = format!("{text} {}", self.word("fingerstraightmod fingerbendmod fingerhookmod"));
            }
            if self.chance(20) {
                text = format!("{text} {}", self.word(FINGERS));
            }
        }
        text
    }

    fn orientation(&mut self) -> String {
        let mut text = format!("extfinger{}", self.word(DIRECTIONS));
        if self.chance(15) {
            text = format!("{text} between extfinger{}", self.word(DIRECTIONS));
        }
        text = format!("{text} palm{}", self.word(PALMS));
        if self.chance(20) {
            text = format!("{text} between palm{}", self.word(PALMS));
        }
        if self.chance(2) {
            text += " orirelative";
        }
        text
    }

    fn hand_part(&mut self) -> String {
        if self.chance(50) {
            return self.word(ARM).to_owned();
        }
        let finger = self.word("thumb indexfinger middlefinger ringfinger pinky").to_owned();
        match self.roll(5) {
            0 => finger,
            1 => format!("{} {finger}", self.word(FINGER_PARTS)),
            2 => format!("{finger} between {}", self.word(FINGERS)),
            _ => format!("{finger} {}", self.word(FINGER_PARTS)),
        }
    }

    fn site(&mut self) -> String {
        let site = self.word(SITES);
        match self.roll(6) {
            0 => format!("{site} lrat"),
            1 => format!("lrat {site}"),
            2 => format!("{site} lrbeside"),
            3 => format!("lrbeside {site}"),
            _ => site.to_owned(),
        }
    }

    fn contact(&mut self) -> &'static str {
        self.word("touch:60 close:45 armextended:2")
    }

    fn location(&mut self, two_handed: bool) -> String {
        let mut text = match self.roll(if two_handed { 8 } else { 5 }) {
            0 => format!("{} between {}", self.site(), self.word(SITES)),
            1 => self.hand_part(),
            2 => format!("{} {}", self.hand_part(), self.site()),
            3 | 4 => self.site(),
            meeting => {
                let meeting = if meeting == 5 {
                    format!("parbegin {} plus {} parend", self.hand_part(), self.hand_part())
                } else {
                    self.hand_part()
                };
                let contact = self.word("touch close interlock cross");
                let site = if self.chance(70) { self.site() } else { return format!("{meeting} {contact}") };
                format!("{meeting} {contact} {site}")
            }
        };
        if self.chance(50) {
            text = format!("{text} {}", self.contact());
        }
        text
    }

    fn manner(&mut self) -> String {
        if self.chance(30) {
            format!(" {}", self.word("smallmod:65 largemod:20 fast:8 slow:2 tense:2 rest:1 halt:3"))
        } else {
            String::new()
        }
    }

    fn simple(&mut self) -> String {
        let mut text = match self.roll(12) {
            0..=5 => {
                let mut text = format!("move{}", self.word(MOVES));
                text += &self.manner();
                match self.roll(8) {
                    0 => text = format!("{text} arc{}{}", self.word("u:8 d:5 r:4 l:3"), self.manner()),
                    1 => text = format!("{text} {}", self.word("wavy:18 zigzag:11")),
                    2 => text = format!("{text} between move{}", self.word(MOVES)),
                    _ => {}
                }
                text
            }
            6 => {
                let mut text = format!("circle{}", self.word("l:31 i:22 o:22 u:21 d:14 r:7 ol:2 ir:1 ui:1 dl:1 di:1"));
                if self.chance(25) {
                    text = format!("{text} clock{}", self.word("u:5 d:5 full:3 l:2 r:1 ur:1 dr:1 ul:1 dl:1"));
                }
                if self.chance(10) {
                    text = format!("{text} {}", self.word("ellipseh:4 ellipsev:2 ellipseul ellipseur"));
                }
                text
            }
            7 => format!("fingerplay {}", if self.chance(30) { self.word(FINGERS) } else { "" }),
            8 => self.word("swinging:3 twisting:2 nodding:2 stircw:1 stirccw:1").to_owned(),
            _ => return format!("replace {}", self.change()),
        };
        text += &self.manner();
        text
    }

    fn change(&mut self) -> String {
        let mut text = match self.roll(6) {
            0 => return format!("{} {}", self.site(), self.contact()),
            1 => self.shape(),
            2 => self.orientation(),
            _ => format!("{} {}", self.shape(), self.orientation()),
        };
        if self.chance(10) {
            text = format!("{text} {}", self.site());
        }
        text
    }

    fn repetition(&mut self) -> &'static str {
        self.word(
            "repeatfromstart:30 repeatfromstartseveral:8 repeatreverse:1 repeatcontinueseveral:1 repeatcontinue:1",
        )
    }

    fn motion(&mut self, two_handed: bool, depth: u64) -> String {
        let deeper = depth < 3;
        let mut text = match self.roll(10) {
            0 if deeper => {
                format!("seqbegin {} {} seqend", self.motion(two_handed, depth + 1), self.motion(two_handed, depth + 1))
            }
            1 if deeper => format!("parbegin {} {} parend", self.simple(), self.simple()),
            2 if deeper && two_handed => {
                let still = self.chance(40);
                let weak = if still { "nomotion".to_owned() } else { self.motion(false, depth + 1) };
                format!("parbegin {} plus {weak} parend", self.motion(false, depth + 1))
            }
            3 if deeper && self.chance(10) => format!("fusionbegin {} {} fusionend", self.simple(), self.simple()),
            4 if deeper && two_handed && self.chance(20) => format!("nondominant {}", self.simple()),
            5 => {
                format!("move{} {} {}", self.word(MOVES), self.location(two_handed), self.word("touch:3 brushing:1"))
            }
            _ => self.simple(),
        };
        if self.chance(25) {
            text = format!("{text} {}", self.repetition());
            if self.chance(6) {
                text = format!("{text} alternatingmotion");
            }
        }
        text
    }

    fn part(&mut self) -> String {
        let operator = self.word("none:55 symmlr:33 symmpar:9 different:6 nondominant:1");
        let two_handed = !matches!(operator, "none" | "nondominant");
        let mut text = match operator {
            "none" | "different" => String::new(),
            other => format!("{other} "),
        };
        if operator.starts_with("symm") {
            for (mark, percent) in [("fingerstraightmod ", 2), ("largemod ", 1), ("alternatingmotion ", 4)] {
                if self.chance(percent) {
                    text += mark;
                }
            }
        }
        let split = operator == "different" || (two_handed && self.chance(20));
        text += &match (split, self.roll(3)) {
            (true, 0) => format!(
                "parbegin {} {} plus {} {} parend ",
                self.shape(),
                self.orientation(),
                self.shape(),
                self.orientation()
            ),
            (true, 1) => format!(
                "parbegin {} plus {} parend parbegin {} plus {} parend ",
                self.shape(),
                self.shape(),
                self.orientation(),
                self.orientation()
            ),
            (true, _) => format!("parbegin {} plus {} parend {} ", self.shape(), self.shape(), self.orientation()),
            (false, _) => format!("{} {} ", self.shape(), self.orientation()),
        };
        if self.chance(80) {
            text += &self.location(two_handed);
        }
        for _ in 0..self.roll(4) {
            text = format!("{text} {}", self.motion(two_handed, 0));
        }
        text
    }

    fn hamnosys(&mut self) -> String {
        let mut text = self.part();
        while self.chance(8) {
            let plus = if self.chance(50) { "plus " } else { "symmpar " };
            let part = self.part();
            text = if plus == "symmpar " && !part.starts_with("symm") && !part.starts_with("nondominant") {
                format!("{text} {plus}{part}")
            } else {
                format!("{text} plus {part}")
            };
        }
        text
    }
}

fn movements(form: &SignForm) -> Vec<MovementKind> {
    fn walk(action: &Action, found: &mut Vec<MovementKind>) {
        match action {
            Action::Seq(parts) | Action::Par(parts) => parts.iter().for_each(|part| walk(part, found)),
            Action::Repeat { action, .. } => walk(action, found),
            Action::Move(movement) => found.push(movement.kind.clone()),
        }
    }
    let mut found = Vec::new();
    form.steps.iter().for_each(|step| walk(&step.action, &mut found));
    found
}

fn understood(text: &str, sign: &CompiledSign) {
    let Some(form) = &sign.form else { panic!("{text}\n{}", sign.row().message) };
    assert_eq!(sign.status, Status::Ok, "{text}\n{}", sign.row().message);
    assert_eq!(form.validate(), Ok(()), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn random_hamnosys_is_understood(seed in 1_u64..) {
        let text = Dice(seed).hamnosys();
        let sign = hns(&text);
        understood(&text, &sign);
        prop_assert_eq!(sign.clauses, text.split_whitespace().count());
        // What moves in the text moves in the form; an ellipse is traced.
        let form = sign.form.unwrap();
        let circles = text.split_whitespace().filter(|word| word.starts_with("circle")).count();
        let found = movements(&form);
        let circling = found.iter().filter(|kind| {
            matches!(kind, MovementKind::Path(path) if matches!(path.shape, PathShape::Circle { .. } | PathShape::Trace(_)))
        }).count();
        prop_assert!(circling >= circles, "{circling} of {circles} circles: {text}");
        let plays = text.split_whitespace().filter(|word| *word == "fingerplay").count();
        let playing = found.iter().filter(|kind| matches!(kind, MovementKind::Finger(_))).count();
        prop_assert!(playing >= plays, "{playing} of {plays} finger plays: {text}");
        let both = text.starts_with("symm");
        prop_assert!(!both || matches!(form.steps[0].hands, Hands::Two { .. }), "{text}");
    }

    #[test]
    fn random_gestural_sigml_is_understood(seed in 1_u64..) {
        let text = Dice(seed).gestural();
        let sign = one(&text);
        understood(&text, &sign);
    }
}
