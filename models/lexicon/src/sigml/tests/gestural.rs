//! Gestural SiGML: elements and attributes, and the parts of the form they must yield.

use proptest::prelude::*;

use super::{check, compile, gestural};
use crate::Status;

/// What stands before the motions of a row.
const FLAT: &str = "<handconfig handshape='flat' extfidir='o' palmor='d'/>";

/// Attributes of the `sign_manual`, what is in it, and the parts that the form must have.
const ROWS: &[(&str, &str, &[&str])] = &[
    (
        "",
        "<handconfig handshape='flat' thumbpos='out'/><handconfig extfidir='ul'/><handconfig palmor='l'/>\
         <location_bodyarm location='chest' contact='touch'/>",
        &["one; D [flat, thumb out] fingers=ul palm=i at=Palm@Chest.Centre/touch; does nothing"],
    ),
    (
        "",
        "<handconfig handshape='finger2' thumbpos='across' second_handshape='finger23spread' second_thumbpos='out'/>\
         <handconfig extfidir='u' second_extfidir='o' palmor='d' second_palmor='l'/>",
        &["[between finger2, thumb across and finger23spread, thumb out] fingers=uo palm=dol"],
    ),
    (
        "",
        "<handconfig handshape='flat' mainbend='bent' second_mainbend='round'/>",
        &["between flat, bend 400 and flat, bend 222"],
    ),
    ("", "<handconfig handshape='finger2' specialfingers='5'/>", &["[finger2, fingers 5]"]),
    ("", "<handconfig handshape='flat' bend3='111 2' mainbend='0.50.50.5'/>", &["[flat, bend 222, finger 3 111]"]),
    ("", "<handconfig handshape='cee12' ceeopening='slack'/>", &["[cee12, slack]"]),
    ("", "<handconfig handshape='fist' thumbenclosed='true'/>", &["[fist, thumb enclosed]"]),
    ("", "<handconfig handshape='finger23' contactpair='23' contactkind='nail'/>", &["[finger23, 2 at 3's nail]"]),
    ("", "<handconfig handshape='flat' extfidir='u' palmor='od'/>", &["fingers=u palm=do"]),
    ("", "<handconfig handshape='flat' extfidir='ul' palmor='l' abs_palmor='true'/>", &["fingers=ul palm=l"]),
    (
        "",
        "<handconfig handshape='flat' extfidir='o' palmor='d'/><location_bodyarm location='lowerarm' side='dorsal' \
         contact='touch'><location_hand location='tip' digits='23'/></location_bodyarm>",
        &["at=Fingertips@other ForearmOuter/touch"],
    ),
    (
        "",
        "<location_bodyarm location='shoulders' side='right_at' contact='armextended'/>",
        &["ShoulderFront.Right/far"],
    ),
    ("", "<location_bodyarm location='chest' side='left_beside' contact='close'/>", &["Chest.Left/close+l"]),
    ("", "<location_bodyarm location='neck' second_location='chest'/>", &["Throat.Centre/usual+d"]),
    ("", "<location_bodyarm location='head' side='back'/>", &["HeadBack.Centre"]),
    ("", "<location_bodyarm contact='armextended'/>", &["at=space(far)"]),
    ("", "<location_hand location='handback' contact='touch'/>", &["other Back/touch"]),
    ("", "<location_hand location='nail' digits='3' side='palmar' contact='touch'/>", &["other Pad(Middle)/touch"]),
    (
        "",
        "<location_hand location='nail' digits='3' side='dorsal' contact='touch'/>",
        &["other FingerBack(Middle)/touch"],
    ),
    ("", "<location_hand location='thumbside' digits='2' contact='close'/>", &["other FingerSide(Index)/close"]),
    (
        "both_hands='true' lr_symm='true'",
        "<handconfig handshape='flat' extfidir='ol' palmor='l'/>\
         <directedmotion direction='o' size='small' curve='u' curve_size='big' fast='true'/>",
        &["two mirror", "W [flat] fingers=or palm=ir", "does B:arc^u o small fast", "note a deep arc"],
    ),
    (
        "both_hands='true' lr_symm='true'",
        "<split_handconfig><handconfig handshape='fist'/><handconfig handshape='flat' thumbpos='across'/></split_handconfig>\
         <split_handconfig><handconfig extfidir='ol' palmor='l'/><handconfig extfidir='or' palmor='u'/></split_handconfig>\
         <handconstellation contact='touch'><location_hand location='pinkyside'/><location_hand location='palm'/>\
         <location_bodyarm location='chest' contact='close'/></handconstellation>\
         <split_motion><directedmotion direction='u'/><nomotion/></split_motion>",
        &[
            "D [fist] fingers=ol palm=il at=UlnarEdge@other Palm/touch",
            "W [flat, thumb across] fingers=or palm=u at=",
            "@Chest.Centre/close; does D:go u",
        ],
    ),
    (
        "both_hands='true' lr_symm='true' outofphase='true'",
        "<rpt_motion repetition='fromstart'><circularmotion axis='l' size='small' start='u' end='d'/></rpt_motion>",
        &["two alternating", "2x(B:circle^l*0.50 small)", "begins at its top"],
    ),
    ("both_hands='true'", "<directedmotion direction='r'/>", &["two parallel", "does B:go r"]),
    (
        "both_hands='true' ud_symm='true'",
        "<directedmotion direction='u'/>",
        &["two independent", "par[D:go u, W:go d]"],
    ),
    (
        "both_hands='true' lr_symm='true'",
        "<split_location><location_bodyarm location='chest' side='right_at'/>\
         <location_hand location='elbowinside' contact='touch'/></split_location>",
        &["Chest.Right/usual", "other ElbowInner/touch"],
    ),
    (
        "nondominant='true'",
        "<handconfig handshape='fist'/><directedmotion direction='u'/>",
        &["W [fist]", "does W:go u"],
    ),
    ("", "<tgt_motion><changeposture/><handconfig handshape='fist'/></tgt_motion>", &["does D:shape[fist]"]),
    (
        "",
        "<par_motion><directedmotion direction='d'/><tgt_motion><changeposture/><handconfig extfidir='u' palmor='l'/>\
         </tgt_motion></par_motion>",
        &["does par[D:go d, D:orient(palm=l fingers=u)]"],
    ),
    (
        "",
        "<tgt_motion fast='true'><directedmotion direction='i'/><location_bodyarm location='chin' contact='touch'>\
         <location_hand digits='2' location='tip'/></location_bodyarm></tgt_motion>",
        &["does D:go i to Tip(Index)@Chin.Centre/touch fast"],
    ),
    (
        "both_hands='true' lr_symm='true'",
        "<tgt_motion><directedmotion direction='i'/><handconstellation contact='touch'/></tgt_motion>",
        &["does B:go i to ", "@other "],
    ),
    (
        "",
        "<directedmotion direction='d'><location_bodyarm location='chest' contact='touch'/></directedmotion>",
        &["does D:Brush(", "Chest.Centre/touch along=d)"],
    ),
    (
        "",
        "<rpt_motion repetition='fromstart_several' second_repetition='fromstart_several' repetition_baseshift='r'>\
         <seq_motion fused='true'><directedmotion direction='u'/><wristmotion motion='twisting'/></seq_motion></rpt_motion>",
        &["does par[5x(seq[D:go u, D:twist]), D:go r]"],
    ),
    ("", "<rpt_motion repetition='reverse'><directedmotion direction='l'/></rpt_motion>", &["does D:go l and back"]),
    (
        "",
        "<rpt_motion repetition='tofroto'><directedmotion direction='l'/></rpt_motion>",
        &["does 2x(D:go l and back)"],
    ),
    ("", "<fingerplay digits='23'/>", &["does D:Wiggle[Index, Middle]"]),
    ("", "<wristmotion motion='nodding' size='big'/>", &["does D:nod"]),
    ("", "<wristmotion motion='swinging'/>", &["does D:sway"]),
    ("", "<wristmotion motion='stirccw'/>", &["does D:circle^i*1.00 small"]),
    (
        "",
        "<directedmotion direction='r' zigzag_style='wavy' ellipse_direction='h' slow='true'/>",
        &["does D:wave^o r slow"],
    ),
    ("", "<circularmotion axis='u' ellipse_direction='v' halt='true'/>", &["does D:trace*1 halt"]),
    ("", "<circularmotion axis='ol' clockplus='true' tense='true'/>", &["does D:circle^ol*2.00 tense"]),
    ("", "<directedmotion direction='u'/><handconfig handshape='fist'/>", &["does seq[D:go u, D:shape[fist]]"]),
    ("holdover='true'", "", &["note the hands keep what the sign before left them in"]),
];

#[test]
fn elements_yield_these_parts() {
    for (attributes, inside, expected) in ROWS {
        let moves_only = !inside.contains("handconfig ") || inside.starts_with("<tgt") || inside.starts_with("<par");
        let inside = if moves_only && !inside.is_empty() { format!("{FLAT}{inside}") } else { (*inside).to_owned() };
        check(&inside, &gestural(attributes, &inside), expected);
    }
}

/// Attributes that say what would be meant without them, by a part of their row.
const PLAIN: &[(&str, &str)] = &[
    ("thumbpos='out'/>", "handshape"),
    ("mainbend", "handshape"),
    ("split_handconfig", "handshape"),
    ("lowerarm", "side"),
    // Several fingertips are those that are out.
    ("location='tip' digits='23'", "location"),
    ("location='tip' digits='23'", "digits"),
    ("location='nail'", "location"),
    ("location='nail' digits='3' side='dorsal'", "side"),
    ("location='palm'/>", "location"),
    ("digits='2' location='tip'", "location"),
    ("repetition='fromstart'>", "repetition"),
    ("<directedmotion direction='d'><location_bodyarm", "contact"),
    ("fused", "fused"),
];

#[test]
fn no_attribute_of_a_row_is_ignored() {
    let mut ignored = Vec::new();
    for (attributes, inside, _) in ROWS {
        let whole = gestural(attributes, inside);
        for (name, rest) in inside.split(' ').filter_map(|piece| piece.split_once("='")) {
            let value = rest.split('\'').next().unwrap();
            let said = format!(" {name}='{value}'");
            if PLAIN.iter().any(|&(row, plain)| plain == name && inside.contains(row)) || !inside.contains(&said) {
                continue;
            }
            let other = gestural(attributes, &inside.replacen(&said, "", 1));
            if other.form == whole.form && whole.form.is_some() {
                ignored.push(format!("{inside}: without{said} the form is the same"));
            }
        }
    }
    assert!(ignored.is_empty(), "{}", ignored.join("\n"));
}

/// Attributes and the values that real files give them; `|` separates the values.
const USED: &[(&str, &str)] = &[
    ("handconfig@extfidir", "u|o|ul|ol|uo|l|or|dl|ur|r|do|ui|il|d|dr|uol|i|uuo|ir|uor|dol|di|uul|dor"),
    ("handconfig@palmor", "l|d|u|r|dl|ul|dr|ur|o|il|od|uo|i|do"),
    (
        "handconfig@handshape",
        "flat|finger2|fist|finger2345|pinch12open|finger23|finger23spread|pinchall|cee12|pinch12|ceeall|cee12open",
    ),
    ("handconfig@thumbpos", "across|out|opposed|none"),
    ("handconfig@mainbend", "bent|hooked|round|dblbent|dblhooked|0.50.50.5|410"),
    ("handconfig@ceeopening", "slack|tight"),
    ("handconfig@bend5", "dblhooked|dblbent|bent|111 2|hooked"),
    ("handconfig@bend1", "bent"),
    ("handconfig@specialfingers", "23|45|5|345|2345|234"),
    ("handconfig@contactkind", "nail|midjoint|tip"),
    ("handconfig@contactpair", "13|23|31|12"),
    ("handconfig@exempteddigits", "1|23|345|5"),
    ("handconfig@opposedfinger", "4"),
    ("handconfig@thumbcontact", "pad"),
    ("handconfig@thumbenclosed", "true"),
    ("handconfig@rel_palmor", "true"),
    ("handconfig@successivefingers", "towards_pinky"),
    (
        "location_bodyarm@location",
        "shoulders|chest|neck|chin|head|forehead|shouldertop|stomach|lips|cheek|nose|underchin|ear|eyes|earlobe|eyebrows|headtop|belowstomach|lowerarm|nostrils|upperarm|tongue|teeth|upperlip|lowerlip|uppereyelid",
    ),
    ("location_bodyarm@contact", "close|touch|armextended"),
    ("location_bodyarm@side", "right_at|left_at|right_beside|left_beside|dorsal|front"),
    ("location_bodyarm@second_location", "elbowinside|chest"),
    ("location_bodyarm@approx_location", "true"),
    (
        "location_hand@location",
        "tip|nail|midjoint|base|thumbside|palm|pinkyside|wristback|handback|thumbball|elbowinside",
    ),
    ("location_hand@digits", "2|3|1|5|4|23|234|12|13|32"),
    ("location_hand@side", "palmar|dorsal|right_beside|left_beside"),
    ("location_hand@second_location", "midjoint|handback|tip|wristback|base"),
    ("location_hand@second_side", "right_beside|dorsal"),
    ("handconstellation@contact", "touch|close"),
    ("directedmotion@direction", "d|r|o|u|l|i|or|do|dl|il|dr|ur|ol|ui|uo|ir|ul|di|uir"),
    ("directedmotion@size", "small|big"),
    ("directedmotion@curve", "u|d|r|l"),
    ("directedmotion@curve_size", "small|big"),
    ("directedmotion@second_direction", "or|ol|o|r"),
    ("directedmotion@zigzag_size", "small|big"),
    ("directedmotion@zigzag_style", "wavy|zigzag"),
    ("directedmotion@ellipse_direction", "h"),
    ("directedmotion@alternating", "true"),
    ("directedmotion@speed", "1.2|0.3"),
    ("circularmotion@axis", "l|i|o|d|ol|ir|u|r|uo|uir|ui|or|il"),
    ("circularmotion@start", "r|ur|u|d|l|ul|dr|dl"),
    ("circularmotion@end", "d|l|ul|r|ur"),
    ("circularmotion@second_clockplus", "true"),
    ("wristmotion@motion", "swinging|nodding|twisting|stircw|stirccw"),
    ("wristmotion@alternating", "true"),
];

#[test]
fn every_attribute_in_use_is_known() {
    for (attribute, values) in USED {
        let (element, name) = attribute.split_once('@').unwrap();
        for value in values.split('|') {
            let needed = match (element, name) {
                ("directedmotion", "direction") | ("circularmotion", "axis") | ("wristmotion", "motion") => "",
                ("directedmotion", _) => "direction='o'",
                ("circularmotion", _) => "axis='o'",
                ("wristmotion", _) => "motion='nodding'",
                _ => "",
            };
            let sign = gestural("both_hands='true'", &format!("{FLAT}<{element} {needed} {name}='{value}'/>"));
            assert_eq!(sign.status, Status::Ok, "{attribute}={value}: {}", sign.row().message);
        }
    }
}

/// Codes of the non-manual tiers in use.
const CODES: &[(&str, &str)] = &[
    ("mouth_gesture@movement", "L06|L04|T05|C02|L31|L23|L30|C04|L19|D01|T13|J03|C07|T16"),
    ("body_movement@movement", "ST|TB|SI|RR|TF|TR|RL|TL"),
    ("eye_brows@movement", "RB|DN|FU|RL"),
    ("head_movement@movement", "SH|SL|ND|TR|NO|SR|NF|NB|TL|PB|NU|PF"),
    ("eye_lids@movement", "SB|WB|TB|CB|SL"),
    ("eye_gaze@movement", "DN|LD|RI|UP|RD|LE"),
    ("eye_gaze@direction", "AD|LD|HC|RD"),
    ("shoulder_movement@movement", "UB|SL|UR|ND|HR|NU|SB|UL|HB|PB|HL"),
    ("extra_movement@movement", "OAQ"),
];

#[test]
fn every_nonmanual_code_in_use_is_known() {
    for (attribute, codes) in CODES {
        let (element, name) = attribute.split_once('@').unwrap();
        for code in codes.split('|') {
            let sign = &compile(&format!(
                "<hamgestural_sign gloss='n'><sign_manual>{FLAT}</sign_manual><sign_nonmanual><x_tier><y_par>\
                 <{element} {name}='{code}' amount='0.5' speed='0.8'/></y_par></x_tier></sign_nonmanual></hamgestural_sign>"
            ))[0];
            assert_eq!(sign.status, Status::Ok, "{attribute}={code}: {}", sign.row().message);
            if !matches!(code, "ST" | "OAQ") {
                let timed = sign.form.as_ref().unwrap().steps[0].nonmanuals[0];
                assert!((timed.intensity - 0.5).abs() < 1e-6, "{attribute}={code}");
            }
        }
    }
}

#[test]
fn mouthing_gaze_and_several_manuals_are_kept() {
    let sign = &compile(&format!(
        "<hamgestural_sign gloss='n'><sign_manual><sign_manual>{FLAT}<directedmotion direction='u'/></sign_manual>\
         <sign_manual>{FLAT}<directedmotion direction='d'/></sign_manual></sign_manual><sign_nonmanual>\
         <facialexpr_tier><eye_gaze direction='LE'/></facialexpr_tier>\
         <mouthing_tier><mouth_picture picture='hUys'/></mouthing_tier></sign_nonmanual></hamgestural_sign>"
    ))[0];
    assert_eq!(sign.mouthing.as_deref(), Some("hUys"));
    check("compound", sign, &["D:go u", "D:go d", "Gaze(Towards", "note mouthing: hUys"]);
    assert_eq!(sign.form.as_ref().unwrap().steps.len(), 2);
}

#[test]
fn unknown_elements_attributes_and_values_are_named() {
    let rows = [
        ("<handconfig handshape='flat' wibble='1'/>", "handconfig@wibble=1"),
        ("<handconfig handshape='flat' palmor='q'/>", "handconfig@palmor=q"),
        ("<handconfig handshape='paw'/>", "handconfig@handshape=paw"),
        ("<location_bodyarm location='knee'/>", "location_bodyarm@location=knee"),
        ("<frob/>", "frob"),
        ("<directedmotion direction='lr'/>", "directedmotion@direction=lr"),
        ("<rpt_motion repetition='fromstart'/>", "rpt_motion"),
        ("<split_handconfig><handconfig/><handconfig/><handconfig/></split_handconfig>", "handconfig"),
    ];
    for (inside, culprit) in rows {
        let sign = gestural("", &format!("{FLAT}\n{inside}"));
        assert_eq!(sign.status, Status::Partial, "{inside}");
        assert_eq!((sign.unparsed[0].line, sign.unparsed[0].what.as_str()), (2, culprit), "{inside}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_tree_of_elements_compiles_without_panic(picks in prop::collection::vec((0_usize..20, 0_usize..60, 0_usize..40, 0_u8..3), 0..40)) {
        let elements = [
            "handconfig", "split_handconfig", "location_bodyarm", "location_hand", "handconstellation", "split_location",
            "directedmotion", "circularmotion", "wristmotion", "fingerplay", "par_motion", "seq_motion", "split_motion",
            "rpt_motion", "tgt_motion", "changeposture", "nomotion", "nonman_motion", "crossmotion", "sign_manual",
        ];
        let mut document = String::new();
        let mut open = Vec::new();
        for (element, attribute, value, kind) in picks {
            let (owner, values) = USED[attribute % USED.len()];
            let name = owner.split_once('@').unwrap().1;
            let values: Vec<&str> = values.split('|').collect();
            let element = elements[element];
            let tag = format!("<{element} {name}='{}'", values[value % values.len()]);
            if kind == 0 {
                document += &format!("{tag}>");
                open.push(element);
            } else {
                document += &format!("{tag}/>");
            }
            if kind == 2 && let Some(element) = open.pop() {
                document += &format!("</{element}>");
            }
        }
        while let Some(element) = open.pop() {
            document += &format!("</{element}>");
        }
        let sign = gestural("both_hands='true' lr_symm='true'", &document);
        if let Some(form) = &sign.form {
            prop_assert_eq!(form.validate(), Ok(()));
        }
    }
}
