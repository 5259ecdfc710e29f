//! HamNoSys: symbols, and the parts of the form they must yield.

use proptest::prelude::*;

use super::{check, compile, hns};
use crate::{
    Status,
    sigml::{compile_hamnosys_text, hamnosys},
};

/// One hand's shape and orientation.
const HANDS: &[(&str, &[&str])] = &[
    ("fist extfingeru palmd", &["one; D [fist] fingers=u palm=o; does nothing"]),
    ("flathand thumboutmod extfingerol palml", &["[flat, thumb out] fingers=ol palm=il"]),
    ("finger2 thumbacrossmod extfingeril palmr", &["[finger2, thumb across] fingers=il palm=ir"]),
    ("finger23spread thumbopenmod extfingeruo palmd", &["[finger23spread, thumb opposed] fingers=uo palm=do"]),
    ("finger2345 fingerbendmod extfingerl palmu", &["[finger2345, bend 222] fingers=l palm=u"]),
    ("finger23 fingerhookmod extfingerl palml", &["[finger23, bend 044] fingers=l palm=i"]),
    ("flathand fingerstraightmod extfingerl palmr", &["[flat, bend 400] fingers=l palm=o"]),
    ("finger2 doublebent extfingero palmud", &["[finger2, bend 440] fingers=o palm=d"]),
    ("finger2 doublehooked extfingerd palmd", &["[finger2, bend 444] fingers=d palm=i"]),
    ("fist thumboutmod pinky extfingeru palmd", &["[fist, thumb out, fingers 5]"]),
    ("fist indexfinger middlefinger extfingeru palmd", &["[fist, thumb between 2-3]"]),
    ("fist thumbacrossmod between extfingeru palmd", &["[fist, thumb across, thumb enclosed]"]),
    ("finger2 middlefinger extfingeru palmd", &["[finger2, fingers 3]"]),
    ("finger23spread indexfinger pinky extfingeru palmd", &["[finger23spread, fingers 25]"]),
    ("finger2345 middlefinger fingerbendmod extfingero palmd", &["[finger2345, finger 3 222]"]),
    ("finger23 indexfinger fingernail middlefinger extfingeru palmd", &["[finger23, 2 at 3's nail]"]),
    ("flathand thumboutmod between finger2345 extfingeru palmd", &["[between flat, thumb out and finger2345]"]),
    ("pinch12 fingerstraightmod extfingero palmd", &["[pinch12, bend 400]"]),
    ("pinchopen middlefinger extfingeru palml", &["[pinch12open, fingers 3]"]),
    ("cee12 thumbacrossmod extfingero palml", &["[cee12, tight]"]),
    ("ceeall thumbopenmod extfingero palml", &["[ceeall, slack]"]),
    ("flathand extfingeru between extfingero palmd between palml", &["fingers=uo palm=dol"]),
    ("flathand extfingerdl palml", &["fingers=dl palm=i"]),
    ("flathand extfingeri palmu", &["fingers=i palm=u"]),
    ("finger234 extfingeru palmd", &["[finger23, fingers 234]"]),
];

/// Where the hand is.
const PLACES: &[(&str, &[&str])] = &[
    ("flathand extfingeru palml neutralspace", &["at=space(near)"]),
    ("flathand extfingeru palml neutralspace armextended", &["at=space(far)"]),
    ("flathand extfingerul palml chest touch", &["at=Palm@Chest.Centre/touch"]),
    ("flathand extfingeru palml head lrat", &["at=Palm@HeadSide.Right/usual"]),
    ("flathand extfingeru palmr lrat head touch", &["at=Palm@HeadSide.Left/touch"]),
    ("flathand extfingeru palml cheek close", &["at=Palm@Cheek.Right/close"]),
    ("flathand extfingeru palmd lrbeside shoulders armextended", &["at=Palm@ShoulderFront.Left/far+l"]),
    ("flathand extfingeru palml shouldertop lrbeside between ear lrat close", &["at=Palm@Shoulder.Right/close+ur"]),
    ("flathand extfingerl palmd lowerarm touch", &["one; D [flat]", "at=Palm@other ForearmOuter/touch"]),
    ("flathand extfingerl palmd touch handback", &["at=Palm@other Back/touch"]),
    ("flathand extfingerl palmd palm touch indexfinger fingertip", &["at=Tip(Index)@other Palm/touch"]),
    ("finger2 extfingeru palmd chin touch indexfinger fingertip", &["at=Tip(Index)@Chin.Centre/touch"]),
    ("pinchall extfingeri palmu lips touch", &["at=Fingertips@Mouth.Centre/touch"]),
    ("flathand extfingerl palmd headtop touch", &["at=Palm@HeadTop.Centre/touch"]),
    ("flathand extfingerl palmu chest touch", &["at=UlnarEdge@Chest.Centre/touch"]),
    ("flathand extfingeru palmd ear behind", &["at=Palm@Ear.Right/close+i"]),
    ("flathand extfingeru palmd indexfinger between middlefinger touch", &["at=Palm@other Gap(Index)/touch"]),
    (
        "flathand extfingerl palmd indexfinger fingertip middlefinger fingertip touch",
        &["at=Palm@other Fingertips/touch"],
    ),
    ("flathand extfingerl palmd wristback touch", &["at=Palm@other WristBack/touch"]),
    ("flathand extfingeru palmd chest between stomach", &["at=Palm@Chest.Centre/usual+d"]),
    (
        "flathand extfingeru palmd altbegin chin metaalt cheek altend touch",
        &["Chin.Centre/touch", "note of alternatives"],
    ),
    ("flathand extfingerul palml Upperarm touch", &["other UpperArm/touch"]),
    ("finger2 extfingeri palmd nose lrat touch", &["at=Fingertips@Nostril.Right/touch"]),
    ("flathand extfingeru palmd chest between lrat stomach", &["at=Palm@"]),
];

/// Both hands.
const BOTH: &[(&str, &[&str])] = &[
    (
        "symmlr flathand extfingerol palml",
        &["two mirror", "D [flat] fingers=ol palm=il", "W [flat] fingers=or palm=ir"],
    ),
    (
        "symmpar finger2 extfingerol palmd",
        &["two parallel", "D [finger2] fingers=ol palm=d", "W [finger2] fingers=ol palm=d"],
    ),
    ("symmlr largemod flathand extfingero palmd moveu", &["two independent", "W [flat] fingers=o palm=u", "W:go d"]),
    ("symmlr fingerstraightmod flathand extfingerl palml moveo", &["W [flat] fingers=r palm=o", "par[D:go o, W:go i]"]),
    ("symmlr alternatingmotion fist extfingero palmd moveu", &["two alternating", "B:go u"]),
    (
        "parbegin fist plus flathand parend extfingero palmd moved",
        &["two independent; D [fist]", "W [flat]", "does D:go d"],
    ),
    (
        "symmlr parbegin finger2 plus flathand parend parbegin extfingerol palml plus extfingeror palmu parend",
        &["D [finger2] fingers=ol palm=il", "W [flat] fingers=or palm=u"],
    ),
    (
        "symmlr flathand extfingerul palml parbegin fingertip plus palm parend touch",
        &["at=Fingertips@other Palm/touch", "W [flat] fingers=ur palm=i; does"],
    ),
    (
        "symmlr flathand extfingerl palml touch chest",
        &["at=Fingertips@other Fingertips/touch", "W [flat] fingers=r palm=i at=Palm@Chest.Centre/usual"],
    ),
    (
        "symmlr fist extfingerol palml parbegin pinkyside plus thumbside parend touch stomach close",
        &["at=UlnarEdge@other RadialEdge/touch", "Belly.Centre/close"],
    ),
    (
        "symmlr flathand extfingero palmu parbegin indexfinger fingertip plus indexfinger fingermidjoint parend close",
        &["at=Tip(Index)@other MiddleJoint(Index)/close"],
    ),
    (
        "symmlr flathand extfingerol palml parbegin chest lrat plus stomach parend touch",
        &["at=Palm@Chest.Right/touch", "Belly.Centre/touch"],
    ),
    ("symmlr finger2 extfingerl palml indexfinger fingertip touch", &["at=Tip(Index)@other Tip(Index)/touch"]),
    (
        "symmlr flathand extfingerul palml chest touch",
        &["D [flat] fingers=ul palm=i at=Palm@Chest.Right/touch", "at=Palm@Chest.Left/touch"],
    ),
    ("symmlr flathand extfingerul palml lips", &["at=Palm@Mouth.Centre/usual+r; W", "at=Palm@Mouth.Centre/usual+l"]),
    (
        "symmlr fist extfingerol palml interlock",
        &["at=Gap(Middle)@other Gap(Middle)/touch", "note the hands interlock"],
    ),
    (
        "nondominant fist extfingeru palmd moveu",
        &["W [fist] fingers=u palm=o", "does W:go u", "note signed with the weak hand"],
    ),
    ("finger2 extfingeru palmd replace increasing fist", &["does D:shape[fist]", "note finger after finger"]),
];

/// What the hands do.
const MOTIONS: &[(&str, &[&str])] = &[
    ("fist extfingero palmd moveo", &["does D:go o"]),
    ("fist extfingero palmd moveo largemod fast halt", &["does D:go o large fast halt"]),
    ("fist extfingero palmd moveol slow tense", &["does D:go ol slow tense"]),
    ("fist extfingero palmd moveudl smallmod", &["does D:go dl small"]),
    ("fist extfingero palmd moveu between moveo", &["does D:go uo"]),
    ("fist extfingero palmd mover arcu smallmod", &["does D:arc^u r", "note a shallow arc"]),
    ("fist extfingero palmd moveu arcu", &["does D:arc^i u"]),
    ("fist extfingero palmd mover fast wavy", &["does D:wave^u r fast"]),
    ("fist extfingero palmd mover wavy ellipseh", &["does D:wave^o r"]),
    ("fist extfingero palmd moved zigzag smallmod", &["does D:zigzag^l d", "note small waves"]),
    ("fist extfingero palmd circlel", &["does D:circle^l*1.00"]),
    ("fist extfingero palmd circleo smallmod clocku clockr", &["does D:circle^o*0.25 small", "begins at its top"]),
    ("fist extfingero palmd circleo clocku clockl", &["does D:circle^o*0.75"]),
    ("fist extfingero palmd circlei clocku clockl", &["does D:circle^i*0.25"]),
    ("fist extfingero palmd circleo clocku clockfull", &["does D:circle^o*2.00"]),
    ("fist extfingero palmd circleu between circleo", &["does D:circle^uo*1.00"]),
    ("fist extfingero palmd circleo ellipseh", &["does D:trace*1"]),
    ("fist extfingero palmd movei chest touch", &["does D:go i to Palm@Chest.Centre/touch"]),
    ("fist extfingero palmd chest touch moved brushing", &["does D:Brush(Palm@Chest.Centre/touch along=d)"]),
    ("fist extfingero palmd mover cheek touch brushing", &["does D:Brush(", "Cheek.Right/touch along=r)"]),
    ("flathand extfingero palmd fingerplay chest brushing", &["Brush(", "D:Wiggle[Index, Middle, Ring, Little]"]),
    ("fist extfingero palmd circlei chest brushing", &["Brush(", "D:circle"]),
    ("fist extfingero palmd nodding", &["does D:nod"]),
    ("fist extfingero palmd swinging smallmod repeatfromstartseveral", &["does 3x(D:sway)"]),
    ("fist extfingero palmd twisting repeatfromstart", &["does 2x(D:twist)"]),
    ("fist extfingeru palmd stircw", &["does D:circle^u*1.00 small"]),
    ("finger23spread extfingero palmd fingerplay", &["does D:Wiggle[Index, Middle]"]),
    ("flathand extfingero palmd fingerplay", &["does D:Wiggle[Index, Middle, Ring, Little]"]),
    ("flathand extfingero palmd fingerplay indexfinger middlefinger", &["does D:Wiggle[Index, Middle]"]),
    ("fist extfingero palmd replace flathand thumboutmod", &["does D:shape[flat, thumb out]"]),
    ("fist extfingero palmd replace extfingeru palml", &["does D:orient(palm=l fingers=u)"]),
    ("fist extfingeru palmd replace palmu fast", &["does D:orient(palm=i fingers=) fast"]),
    ("finger2 extfingeru palmd replace fingerhookmod", &["does D:shape[finger2, bend 044]"]),
    (
        "fist extfingero palmd replace finger2345 increasing",
        &["D:shape[finger2345]", "note finger after finger, towards the little"],
    ),
    (
        "fist extfingero palmd replace extfingerl palml chest close",
        &["par[D:orient(palm=i fingers=l), D:go to Palm@Chest.Centre/close]"],
    ),
    ("fist extfingero palmd parbegin moveo replace finger2345 parend", &["does par[D:go o, D:shape[finger2345]]"]),
    ("fist extfingero palmd seqbegin moveu moved seqend repeatfromstart", &["does 2x(seq[D:go u, D:go d])"]),
    ("fist extfingero palmd fusionbegin moveu mover fusionend", &["does seq[D:go u, D:go r]"]),
    ("fist extfingero palmd moveu moved repeatfromstart", &["does seq[D:go u, 2x(D:go d)]"]),
    ("fist extfingero palmd moveu repeatreverse", &["does D:go u and back"]),
    ("fist extfingero palmd seqbegin moveu mover seqend repeatreverse", &["does seq[D:go u, D:go r, D:go l, D:go d]"]),
    ("fist extfingero palmd moveu repeatcontinue", &["does seq[D:go u, D:go u]"]),
    ("fist extfingero palmd circleo repeatcontinueseveral", &["does D:circle^o*3.00"]),
    ("fist extfingero palmd moveu repeatfromstart repeatfromstart", &["does 3x(D:go u)"]),
    ("fist extfingero palmd moveu repeatfromstartseveral mover smallmod", &["does par[3x(D:go u), D:go r small]"]),
    // After a repetition a direction that has a path or an end of its own is the next motion.
    ("fist extfingero palmd moveu repeatfromstart mover arcu", &["does seq[2x(D:go u), D:arc^u r]"]),
    ("fist extfingero palmd moveu repeatfromstart mover chest touch", &["does seq[2x(D:go u), D:go r to Palm@Chest"]),
    (
        "fist extfingero palmd moveu repeatfromstartseveral increasing",
        &["does seq[D:go u small, D:go u, D:go u large]"],
    ),
    (
        "finger2 extfingeri palmr chest touch repeatfromstart",
        &["does 2x(D:go to Fingertips@Chest", "at=Fingertips@Chest"],
    ),
    ("fist extfingero palmd nomotion", &["does nothing"]),
    ("finger2 extfingeru palmd moveu rest moved", &["does seq[D:go u, D:hold0.5, D:go d]"]),
    ("finger2 extfingeru palmd moveX", &["does D:trace*2"]),
    ("symmlr fist extfingero palmd moveo", &["two mirror", "does B:go o"]),
    ("symmpar fist extfingero palmd mover", &["two parallel", "does B:go r"]),
    ("symmlr fist extfingero palmd parbegin moveo plus nomotion parend", &["does D:go o"]),
    (
        "symmlr fist extfingero palmd parbegin moveu plus moved parend repeatfromstart alternatingmotion",
        &["two alternating", "does 2x(par[D:go u, W:go d])"],
    ),
    (
        "symmlr fist extfingero palmd parbegin moveo plus movei parend fast halt",
        &["does par[D:go o fast halt, W:go i fast halt]"],
    ),
    (
        "finger2 extfingeru palmd chin symmlr flathand extfingero palmd moveo",
        &["one; D [finger2]", "does nothing; two mirror", "does B:go o"],
    ),
    ("symmlr flathand extfingerol palml movei touch", &["does B:go i to Palm@other Palm/touch"]),
    (
        "symmlr flathand extfingerol palml movei parbegin indexfinger plus palm parend touch",
        &["to Tip(Index)@other Palm/touch"],
    ),
    (
        "symmlr flathand extfingerol palml replace parbegin extfingeru palml plus extfingeror palmd parend",
        &["D:orient(palm=l fingers=u), W:orient(palm=d fingers=or)"],
    ),
    ("symmlr flathand extfingerol palml nondominant moveu", &["does W:go u"]),
    (
        "flathand extfingerol palml moved parbegin chest plus stomach parend touch",
        &["D:go d to Palm@Chest.Centre/touch, W:go to"],
    ),
    (
        "finger2 extfingeru palmd movel flathand extfingero palmu moved",
        &["does D:go l; one; D [flat] fingers=o palm=u", "does D:go d"],
    ),
    (
        "pinch12 extfingerul palmd shoulders lrat plus cee12 extfingerul palmd chest",
        &["[pinch12]", "does nothing; one; D [cee12]"],
    ),
    ("finger2 extfingeru palmd orirelative mover", &["does D:go r", "note the orientation is kept relative"]),
    ("fist extfingero palmd mover etc", &["does D:go r", "note and so on"]),
];

#[test]
fn symbols_yield_these_parts() {
    for (symbols, expected) in HANDS.iter().chain(PLACES).chain(BOTH).chain(MOTIONS) {
        check(symbols, &hns(symbols), expected);
    }
}

/// Symbols that say what would be meant without them, by a part of their row.
const PLAIN: &[(&str, &str)] = &[
    ("", "fingertip"),
    ("", "between"),
    ("ear lrat", "lrat"),
    ("replace flathand", "replace"),
    ("replace finger2345", "replace"),
    ("plus palm parend touch", "palm"),
];

#[test]
fn no_symbol_of_a_row_is_ignored() {
    // Without any one of its symbols a row compiles to something else, or not at all.
    let mut ignored = Vec::new();
    let silent =
        ["nomotion", "neutralspace", "plus", "parend", "parbegin", "seqbegin", "seqend", "fusionbegin", "fusionend"];
    for (symbols, _) in HANDS.iter().chain(PLACES).chain(BOTH).chain(MOTIONS) {
        let names: Vec<&str> = symbols.split_whitespace().collect();
        let whole = hns(symbols);
        for (index, name) in names.iter().enumerate() {
            let plain = PLAIN.iter().any(|&(row, plain)| *name == plain && symbols.contains(row));
            if silent.contains(name) || plain || symbols.contains("altbegin") {
                continue;
            }
            let mut fewer = names.clone();
            fewer.remove(index);
            let other = hns(&fewer.join(" "));
            if other.form == whole.form {
                ignored.push(format!("{symbols}: without “{name}” the form is the same"));
            }
        }
    }
    assert!(ignored.is_empty(), "{}", ignored.join("\n"));
}

/// Every symbol that real files use (without those of the gestural notation).
const USED: &str = "parbegin parend plus replace between palml smallmod flathand thumboutmod extfingeru touch palmd
    thumbacrossmod extfingero lrat close symmlr finger2 chest finger2345 palmu extfingerl shoulders moved fist
    repeatfromstart fingerstraightmod extfingerol extfingerul indexfinger mover fingerbendmod palmdl seqend seqbegin palmr
    largemod moveo movei middlefinger moveu fingertip movel palmud palm nomotion extfingeruo extfingeror thumbopenmod
    pinchall finger23spread palmul symmpar fingerhookmod extfingerr pinky finger23 lrbeside thumb stomach shouldertop
    fingerpad arcu fast extfingerd fingermidjoint repeatfromstartseveral palmdr forehead movedo pinch12open handback cee12
    arcd ringfinger head pinch12 chin extfingerur pinkyside ceeall moveor arcr fingernail lips fingerplay extfingerdo
    extfingerdl neck thumbside palmur movedr alternatingmotion moveur cheek circlel moveol fingerside underchin swinging
    halt arcl extfingerui wristback doublebent movedl nose belowstomach fingerbase circlei moveil ear circleo extfingeril
    circleu thumbball tense twisting slow wavy moveir moveuo moveui headtop armextended extfingeri nodding eyes circled
    nondominant repeatreverse brushing moveudl moveul pinchopen extfingerdr doublehooked zigzag repeatcontinueseveral teeth
    ceeopen earlobe movedi nostrils tongue repeatcontinue interlock stircw circler lowerarm clocku clockd clockfull
    fusionbegin fusionend stirccw elbowinside rest ellipseh orirelative circleol cross decreasing behind Upperarm eyebrows
    circleil ellipsev upperarm increasing etc elbow clockl extfingerir circleir circleui extfingerdi circledl wristpulse
    clockur clockdr clockr circleor neutralspace circledi circleur circleuo circleul circledo altbegin metaalt altend
    clockul ellipseul clockdl space movecross ellipseur finger234 indxfinger";

#[test]
fn every_symbol_in_use_is_known() {
    for name in USED.split_whitespace().chain(hamnosys::names()) {
        assert!(hamnosys::is_symbol(&format!("ham{name}")), "{name}");
    }
    assert!(!hamnosys::is_symbol("hamfrob"));
    assert!(!hamnosys::is_symbol("fist"));
}

#[test]
fn text_compiles_as_its_elements_do() {
    // Flat hand, thumb out; fingers up; palm down; chest; touch; moves out; repeated.
    let text = "\u{e001}\u{e00c}\u{e020}\u{e03c} \u{e052}\u{e0d1}\n\u{e089}\u{e0d8}";
    let elements = hns("flathand thumboutmod extfingeru palmd chest touch moveo repeatfromstart");
    let compiled = compile_hamnosys_text(text);
    assert_eq!((compiled.status, &compiled.form), (Status::Ok, &elements.form));
    assert_eq!(compiled.clauses, 8);
    let inside = compile(&format!("<hns_sign><hamnosys_manual>{text}</hamnosys_manual></hns_sign>"));
    assert_eq!(inside[0].form, elements.form);
    let as_text = compile(&format!("<s:hamnosys_sign gloss='x'><s:text>{text}</s:text></s:hamnosys_sign>"));
    assert_eq!(as_text[0].form, elements.form);
    let unknown = compile_hamnosys_text("\u{e000}\u{e020}\n\u{e03c}x");
    assert_eq!(unknown.status, Status::Partial);
    assert_eq!((unknown.unparsed[0].line, unknown.unparsed[0].what.as_str()), (2, "x (U+0078)"));
}

#[test]
fn what_is_not_understood_is_named_and_the_rest_compiles() {
    let rows = [
        ("fist extfingeru palmd clocku", "clocku"),
        ("fist extfingeru palmd parbegin moveo", "parbegin"),
        ("fist extfingeru palmd moveo seqend", "seqend"),
        ("fist extfingeru palmd chest touch cheek touch", "cheek"),
        ("fist extfingeru palmd repeatfromstart", "repeatfromstart"),
        ("fist extfingeru palmd moveo frob", "frob"),
        ("fist extfingeru palmd smallmod", "smallmod"),
        ("fist extfingeru palmd parbegin palml plus chest plus head parend moveo", "plus"),
    ];
    for (symbols, culprit) in rows {
        let sign = hns(symbols);
        assert_eq!(sign.status, Status::Partial, "{symbols}");
        assert_eq!(sign.unparsed[0].what, format!("ham{culprit}"), "{symbols}");
        assert!(sign.form.is_some(), "{symbols}");
        assert!(sign.row().message.contains(&format!("“ham{culprit}”")), "{}", sign.row().message);
    }
}

#[test]
fn a_part_of_the_body_may_move_before_the_hands() {
    check(
        "head",
        &hns("head nodding repeatfromstart fist extfingeru palmd moved"),
        &["one; D [fist]", "D:go d", "kind: Nod, times: 2"],
    );
    check(
        "shoulders",
        &hns("symmlr shoulders moveu fist extfingeru palmd"),
        &["two mirror; D [fist]", "does nothing", "ShrugShoulders"],
    );
}

#[test]
fn nonmanuals_and_mouthing_come_along() {
    let signs = compile(
        "<hns_sign gloss='n'><hamnosys_nonmanual><hnm_head tag='SH'/><hnm_eyebrows tag='FU'/><hnm_body tag='TF'/>\
         <hnm_mouthpicture picture='naIn'/><hnm_mouthgesture tag='C01'/></hamnosys_nonmanual><hamnosys_manual/></hns_sign>\
         <hns_sign gloss='b'><hamnosys_nonmanual><hnm_head tag='QQ'/></hamnosys_nonmanual>\
         <hamnosys_manual><hamfist/></hamnosys_manual></hns_sign>",
    );
    assert_eq!(signs[0].mouthing.as_deref(), Some("naIn"));
    check(
        "nonmanual",
        &signs[0],
        &[
            "no hands; does nothing",
            "kind: Shake, times: 2",
            "Brows(Furrowed)",
            "LeanForward",
            "Cheeks(Puffed)",
            "note mouthing: naIn",
        ],
    );
    assert_eq!((signs[1].status, signs[1].unparsed[0].what.as_str()), (Status::Partial, "hnm_head@tag=QQ"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_sequence_of_symbols_compiles_without_panic(picks in prop::collection::vec(0_usize..1000, 0..60)) {
        let names: Vec<&str> = hamnosys::names().collect();
        let symbols: Vec<&str> = picks.iter().map(|pick| names[pick % names.len()]).collect();
        let sign = hns(&symbols.join(" "));
        prop_assert_eq!(sign.form.is_none(), sign.status == Status::Error);
        if let Some(form) = &sign.form {
            prop_assert_eq!(form.validate(), Ok(()));
        }
    }

    #[test]
    fn brackets_and_repetitions_however_deep_make_valid_forms(picks in prop::collection::vec(0_usize..14, 0..200)) {
        let names = [
            "parbegin", "parend", "seqbegin", "seqend", "plus", "moveu", "replace", "repeatreverse", "repeatcontinue",
            "repeatfromstart", "fist", "touch", "chest", "nondominant",
        ];
        let symbols: Vec<&str> = picks.iter().map(|&pick| names[pick]).collect();
        let sign = hns(&format!("symmlr fist extfingeru palmd {}", symbols.join(" ")));
        prop_assert!(sign.form.is_some(), "{}", sign.row().message);
    }

    #[test]
    fn any_text_compiles_without_panic(text in "[\\u{e000}-\\u{e0f8}{|}., a\n]{0,80}") {
        compile_hamnosys_text(&text);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        crate::sigml::read(&bytes, "x", &mut |_| {});
    }

    #[test]
    fn a_document_broken_anywhere_is_read_without_panic(at in 0_usize..200, byte in any::<u8>()) {
        let mut bytes = b"<?xml version='1.0'?><sigml><hns_sign gloss='x'><hamnosys_manual><hamfist/><hamextfingeru/>\
            </hamnosys_manual></hns_sign><hamgestural_sign><sign_manual><handconfig handshape='fist'/></sign_manual>\
            </hamgestural_sign></sigml>".to_vec();
        let index = at % bytes.len();
        bytes[index] = byte;
        let mut rows = 0;
        crate::sigml::read(&bytes, "x", &mut |_| rows += 1);
        prop_assert!(rows > 0);
    }
}
