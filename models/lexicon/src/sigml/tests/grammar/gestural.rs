//! Gestural signs made at random: elements, attributes and values as often as real files use them.

use super::Dice;

/// Attribute, its weighted values, and how often it stands, of a hundred.
type Attribute = (&'static str, &'static str, u64);

const SHAPE: &[Attribute] = &[
    (
        "handshape",
        "flat:110 finger2:71 fist:41 finger2345:35 pinch12open:15 finger23:13 finger23spread:12 pinchall:12 cee12:8 pinch12:7 ceeall:4 cee12open:2",
        100,
    ),
    ("thumbpos", "across:10 out:5 opposed:2", 50),
    ("mainbend", "bent:30 hooked:18 round:9 dblbent:4 dblhooked:2 0.50.50.5 410 halfbent", 17),
    ("second_handshape", "flat:50 finger2345:29 finger2:20 finger23spread:7 fist:5 pinch12open:2 cee12open", 30),
    ("second_thumbpos", "out:5 across:3 opposed:2", 15),
    ("second_mainbend", "round:3 bent:3 hooked:1", 10),
    ("bend1", "bent dblbent", 1),
    ("bend2", "dblbent:8 bent:2 111:2 round hooked", 3),
    ("bend3", "bent:14 dblbent:8 hooked:3 111:2", 3),
    ("bend4", "dblhooked:12 dblbent:9 bent:7 hooked:2 round:1", 3),
    ("bend5", "dblhooked:48 dblbent:11 bent:3 111:2 hooked:2", 4),
    ("ceeopening", "slack:75 tight:6", 4),
    ("specialfingers", "5:23 45:9 23:4 2:2 4:2 345:2 3:2 2345:2 234:1", 4),
    ("exempteddigits", "1:6 23:3 345:2 5:1", 2),
    ("opposedfinger", "4", 1),
    ("contactkind", "nail midjoint tip pad", 2),
    ("contactpair", "13 23 31 12", 2),
    ("thumbenclosed", "true", 1),
    ("thumbcontact", "pad", 1),
    ("successivefingers", "towards_pinky towards_thumb", 1),
];
const TURN: &[Attribute] = &[
    (
        "extfidir",
        "u:99 o:66 ul:62 ol:60 uo:40 l:35 or:34 dl:8 ur:8 r:6 do:5 ui:5 il:4 d:2 dr:1 uol:1 i:1 uuo:1 ir uor dol di uul dor ddl",
        100,
    ),
    ("second_extfidir", "uo:55 ol:31 ul:30 u:22 o:21 l:11 or:11 ui:10 do:9 uuil:1 uol:1 uul:1", 40),
    ("palmor", "l:129 d:121 u:46 r:27 dl:25 ul:17 dr:14 ur:4 o:1 il:1 od:1 uo:1 i:1 do:1", 90),
    ("second_palmor", "dl:26 ul:19 dr:12 ur:6 d:6 l:5 u:2 r:2", 20),
    ("abs_palmor", "true", 1),
    ("rel_palmor", "true", 1),
];
const BODY: &[Attribute] = &[
    (
        "location",
        "shoulders:123 chest:50 neck:21 chin:15 head:13 forehead:10 shouldertop:8 stomach:8 lips:7 cheek:5 nose:4 underchin:4 ear:3 eyes:2 earlobe:2 eyebrows:2 headtop:1 belowstomach:1 lowerarm:1 nostrils:1 upperarm:1 tongue:1 teeth:1",
        99,
    ),
    ("second_location", "shoulders:54 chest:54 neck:7 stomach:6 head:4 chin:3 lips:3 elbowinside:1 eyebrows:1", 40),
    ("contact", "close:147 touch:57 armextended:8", 75),
    ("side", "right_at:90 left_at:16 right_beside:11 left_beside:2 dorsal:1 front:1 back:1", 42),
    ("second_side", "right_at:54 left_at:15 right_beside:4 left_beside:1", 25),
    ("approx_location", "true", 1),
];
const PART: &[Attribute] = &[
    (
        "location",
        "tip:70 nail:43 midjoint:40 base:22 thumbside:19 palm:11 pinkyside:9 wristback:7 handback:4 thumbball:3 elbowinside:1 pad:1 side:1",
        100,
    ),
    ("digits", "2:78 3:56 1:21 5:11 4:5 23:1 234:1 12:1 13:1 32:1", 77),
    ("side", "palmar:48 dorsal:28 right_beside:17 left_beside:9", 44),
    ("second_location", "midjoint handback tip wristback base", 1),
    ("second_digits", "2 5 3", 1),
    ("second_side", "right_beside dorsal", 1),
    ("contact", "touch:2 close:1", 2),
];
const MANNER: &[Attribute] = &[
    ("fast", "true", 15),
    ("slow", "true", 4),
    ("tense", "true", 1),
    ("rest", "true", 1),
    ("halt", "true", 3),
    ("speed", "1.2 0.3 2", 1),
    ("alternating", "true", 1),
];
const DIRECTED: &[Attribute] = &[
    (
        "direction",
        "d:49 r:41 o:39 u:25 l:22 i:20 or:14 do:12 dl:9 il:8 dr:8 ur:7 ol:6 ui:5 uo:5 ir:5 ul:3 di:3 uir:1",
        100,
    ),
    ("size", "small:15 big:2", 60),
    ("curve", "u:4 d:2 r:1 l:1", 28),
    ("curve_size", "small:4 big:1", 15),
    ("second_direction", "or ol o oi r", 1),
    ("zigzag_style", "wavy zigzag", 1),
    ("zigzag_size", "small big", 1),
    ("ellipse_direction", "h", 1),
];
const CIRCULAR: &[Attribute] = &[
    ("axis", "l:8 i:5 o:4 d:3 ol:2 ir:2 u:1 r:1 uo uir ui or il", 100),
    ("size", "small:20 big:1", 75),
    ("start", "r u ur d l ul dr dl", 25),
    ("end", "d l ul r ur", 5),
    ("clockplus", "true", 1),
    ("second_clockplus", "true", 1),
];
const REPEAT: &[Attribute] = &[
    ("repetition", "fromstart_several:39 fromstart:22 reverse:1 tofroto:1", 99),
    ("second_repetition", "fromstart_several:28 reverse:1", 5),
    ("repetition_baseshift", "d o r u", 2),
    ("alternating", "true", 1),
    ("speed", "0.8", 1),
];
/// Elements of the tiers with the attributes that they have.
const TIERS: &[(&str, &str, &[Attribute])] = &[
    (
        "mouthing_tier",
        "mouth_gesture",
        &[
            (
                "movement",
                "L06 L04 T05 C02 L31 L23 L30 C04 L19 D01 T13 L02 L20 T02 J03 C01 C07 T16 L29 L26 T04 D02 L21 T06",
                100,
            ),
            ("speed", "0.8 1.4", 17),
        ],
    ),
    (
        "body_tier",
        "body_movement",
        &[("movement", "ST TB SI RR TF TR RL TL RD HE", 100), ("amount", "0.2 0.6", 3), ("speed", "0.7", 3)],
    ),
    (
        "head_tier",
        "head_movement",
        &[("movement", "SH SL ND TR NO SR NF NB TL PB NU PF LI", 100), ("amount", "0.5 1.5", 3), ("size", "small", 3)],
    ),
    ("shoulder_tier", "shoulder_movement", &[("movement", "UB SL UR ND HR NU SB UL HB PB HL", 100)]),
    ("facialexpr_tier", "eye_brows", &[("movement", "RB DN FU RL RR", 100), ("big", "true", 1), ("amount", "0.4", 1)]),
    ("facialexpr_tier", "eye_lids", &[("movement", "SB WB TB CB SL BB", 100), ("speed", "0.7", 20)]),
    ("facialexpr_tier", "eye_gaze", &[("movement", "DN LD RI UP RD LE", 80), ("direction", "AD LD HC RD", 20)]),
    ("eyegaze_tier", "eye_gaze", &[("movement", "DN LD RI UP RD LE", 100)]),
    ("extra_tier", "extra_movement", &[("movement", "OAQ", 100)]),
];

impl Dice {
    fn attributes(&mut self, list: &[Attribute]) -> String {
        let mut text = String::new();
        for &(name, values, percent) in list {
            if self.chance(percent) {
                text += &format!(" {name}=\"{}\"", self.word(values));
            }
        }
        text
    }

    fn empty(&mut self, name: &str, lists: &[&[Attribute]]) -> String {
        let attributes: String = lists.iter().map(|list| self.attributes(list)).collect();
        format!("<{name}{attributes}/>")
    }

    fn config(&mut self) -> String {
        match self.roll(3) {
            0 => self.empty("handconfig", &[SHAPE]),
            1 => self.empty("handconfig", &[TURN]),
            _ => self.empty("handconfig", &[SHAPE, TURN]),
        }
    }

    fn split_config(&mut self) -> String {
        format!("<split_handconfig>{}{}</split_handconfig>", self.config(), self.config())
    }

    fn place(&mut self, two_handed: bool) -> String {
        match self.roll(if two_handed { 6 } else { 3 }) {
            0 => self.empty("location_hand", &[PART]),
            1 => {
                let attributes = self.attributes(BODY);
                format!("<location_bodyarm{attributes}>{}</location_bodyarm>", self.empty("location_hand", &[PART]))
            }
            2 => self.empty("location_bodyarm", &[BODY]),
            3 => format!(
                "<split_location>{}{}</split_location>",
                self.empty("location_bodyarm", &[BODY]),
                self.place(false)
            ),
            _ => {
                let contact = self.attributes(&[("contact", "touch:66 close:30", 98)]);
                let mut inside = String::new();
                for _ in 0..self.roll(3) {
                    inside += &self.empty("location_hand", &[PART]);
                }
                if self.chance(80) {
                    inside += &self.empty("location_bodyarm", &[BODY]);
                }
                format!("<handconstellation{contact}>{inside}</handconstellation>")
            }
        }
    }

    fn gesture(&mut self, two_handed: bool, depth: u64) -> String {
        let list = |dice: &mut Self, two_handed| {
            (0..=dice.roll(2)).map(|_| dice.gesture(two_handed, depth + 1)).collect::<String>()
        };
        match self.roll(if depth < 4 { 16 } else { 8 }) {
            0..=3 => {
                let attributes = self.attributes(DIRECTED) + &self.attributes(MANNER);
                let brushed = if self.chance(4) { self.place(two_handed) } else { String::new() };
                format!("<directedmotion{attributes}>{brushed}</directedmotion>")
            }
            4 => self.empty("circularmotion", &[CIRCULAR, MANNER]),
            5 => self.empty(
                "wristmotion",
                &[&[("motion", "swinging nodding twisting stircw stirccw", 100), ("size", "small big", 70)], MANNER],
            ),
            6 => self.empty("fingerplay", &[&[("digits", "2345 23", 20)], MANNER]),
            7 => self.word("<nomotion/> <no_motion/> <crossmotion/>").to_owned(),
            8 => format!("<par_motion>{}</par_motion>", list(self, two_handed)),
            9 => {
                let fused = self.attributes(&[("fused", "true", 10)]);
                format!("<seq_motion{fused}>{}</seq_motion>", list(self, two_handed))
            }
            10 if two_handed => format!(
                "<split_motion>{}{}</split_motion>",
                self.gesture(false, depth + 1),
                self.gesture(false, depth + 1)
            ),
            11 => {
                let attributes = self.attributes(REPEAT);
                format!("<rpt_motion{attributes}>{}</rpt_motion>", self.gesture(two_handed, depth + 1))
            }
            _ => {
                let attributes = self.attributes(MANNER);
                let changes = if two_handed && self.chance(20) { self.split_config() } else { self.config() };
                let place = if self.chance(30) { self.place(two_handed) } else { String::new() };
                let moves = if self.chance(70) {
                    "<changeposture/>".to_owned()
                } else {
                    self.empty("directedmotion", &[DIRECTED, MANNER])
                };
                format!("<tgt_motion{attributes}>{moves}{changes}{place}</tgt_motion>")
            }
        }
    }

    fn tiers(&mut self) -> String {
        let mut text = String::new();
        if self.chance(94) {
            text += "<mouthing_tier fitpicturetomanual=\"true\"><mouth_picture picture=\"a_I\"/></mouthing_tier>";
        }
        for &(tier, element, attributes) in TIERS {
            if self.chance(8) {
                let one = self.empty(element, &[attributes]);
                let inside = match self.roll(3) {
                    0 => format!("<head_par>{one}{one}</head_par>"),
                    1 => format!("<facial_expr_par>{one}</facial_expr_par>"),
                    _ => one,
                };
                text += &format!("<{tier} postsynchronization=\"lasts_longer\">{inside}</{tier}>");
            }
        }
        format!("<sign_nonmanual>{text}</sign_nonmanual>")
    }

    pub(super) fn gestural(&mut self) -> String {
        let mut manual = String::new();
        let parts = if self.chance(25) { 3 } else { 1 };
        for _ in 0..=self.roll(parts) {
            let two_handed = self.chance(40);
            let symmetry = match (two_handed, self.roll(20)) {
                (true, 0) => " both_hands=\"true\" ud_symm=\"true\"",
                (true, 1) => " both_hands=\"true\" lr_symm=\"true\" oi_symm=\"true\"",
                (true, 2) => " both_hands=\"true\" lr_symm=\"true\" outofphase=\"true\"",
                (true, _) => " both_hands=\"true\" lr_symm=\"true\"",
                (false, 0) => " nondominant=\"true\"",
                (false, _) => "",
            };
            let mut inside = String::new();
            if two_handed && self.chance(35) {
                inside += &self.split_config();
            }
            inside += &self.empty("handconfig", &[SHAPE]);
            inside += &self.empty("handconfig", &[TURN]);
            inside += &self.place(two_handed);
            for _ in 0..self.roll(3) {
                inside += &self.gesture(two_handed, 0);
            }
            manual += &format!("<sign_manual{symmetry}>{inside}</sign_manual>");
        }
        let tiers = self.tiers();
        format!(
            "<sigml><hamgestural_sign gloss=\"x\" timescale=\".7\" duration=\"1.2\">{tiers}{manual}</hamgestural_sign></sigml>"
        )
    }
}
