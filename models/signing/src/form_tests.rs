//! Round trips and refusals of sign forms.

use glam::Vec3;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::{
    Action, ArcPlane, BodyMotion, BodyMotionKind, BodySite, Brows, Cheeks, Contact, ContactKind, Expression, Eyes,
    Finger, FingerFlex, FingerMotion, FingerMotionKind, FingerTouch, Gaze, HandPart, HandSelector, HeadMotion,
    HeadMotionKind, Lateral, Manner, MouthShape, Movement, NonManual, Path, Rotation, RotationAxis, SpacePoint, Speed,
    ThumbFlex, Tongue,
};

fn dir() -> impl Strategy<Value = Dir> {
    [-1.0f32..1.0, -1.0f32..1.0, 0.1f32..1.0].prop_map(|v| Dir::new(Vec3::from_array(v)).unwrap())
}

fn finger() -> impl Strategy<Value = Finger> {
    select(Finger::ALL.to_vec())
}

fn handshape() -> impl Strategy<Value = Handshape> {
    let flex = [-0.3f32..1.6, 0.0f32..1.9, 0.0f32..1.4, -0.3f32..0.4].prop_map(|[mcp, pip, dip, spread]| FingerFlex {
        mcp,
        pip,
        dip,
        spread,
    });
    let thumb = [0.0f32..1.2, -0.2f32..1.4, -0.2f32..1.1, -0.3f32..1.4]
        .prop_map(|[abduction, opposition, mcp, ip]| ThumbFlex { abduction, opposition, mcp, ip });
    let touch = prop_oneof![
        finger().prop_map(FingerTouch::ThumbTipToTip),
        finger().prop_map(FingerTouch::ThumbOver),
        finger().prop_map(FingerTouch::ThumbToBase),
        finger().prop_map(FingerTouch::ThumbToMiddleJoint),
        finger().prop_map(FingerTouch::CrossedOverNext),
    ];
    ("[A-Z食指 ]{0,6}", thumb, [flex.clone(), flex.clone(), flex.clone(), flex], vec(touch, 0..3))
        .prop_map(|(name, thumb, fingers, touches)| Handshape { name, thumb, fingers, touches })
}

fn place() -> impl Strategy<Value = Place> {
    let part = select(HandPart::all().collect::<Vec<_>>());
    let lateral = select(vec![Lateral::Left, Lateral::Centre, Lateral::Right]);
    let site = prop_oneof![
        (select(BodySite::ALL.to_vec()), lateral).prop_map(|(site, lateral)| Site::Body { site, lateral }),
        part.clone().prop_map(Site::OtherHand),
        [-2.0f32..2.0, -1.0f32..2.0, 0.0f32..1.0].prop_map(|[x, y, z]| Site::Space(SpacePoint { x, y, z })),
    ];
    let distance = prop_oneof![
        Just(Distance::Contact),
        Just(Distance::Near),
        Just(Distance::Before),
        (0.0f32..1.0).prop_map(Distance::Metres)
    ];
    (part, site, distance, [-1.0f32..1.0, -1.0f32..1.0, -1.0f32..1.0])
        .prop_map(|(part, site, distance, offset)| Place { part, site, distance, offset })
}

fn size() -> impl Strategy<Value = Size> {
    prop_oneof![Just(Size::Small), Just(Size::Normal), Just(Size::Large), (0.0f32..1.0).prop_map(Size::Metres)]
}

fn path() -> impl Strategy<Value = Path> {
    let shape = prop_oneof![
        Just(PathShape::Straight),
        Just(PathShape::Arc(ArcPlane::Usual)),
        dir().prop_map(|d| PathShape::Arc(ArcPlane::Towards(d))),
        (dir(), 0.1f32..4.0).prop_map(|(axis, turns)| PathShape::Circle { axis, turns }),
        (dir(), 1u32..20).prop_map(|(across, strokes)| PathShape::ZigZag { across, strokes }),
        (dir(), 1u32..20).prop_map(|(across, waves)| PathShape::Wave { across, waves }),
        (1u32..20).prop_map(|stops| PathShape::Steps { stops }),
        vec(vec([-0.5f32..0.5, -0.5f32..0.5, -0.5f32..0.5], 1..4), 1..3).prop_map(PathShape::Trace),
    ];
    (shape, option::of(dir()), option::of(place()), size(), any::<bool>())
        .prop_map(|(shape, direction, to, size, there_and_back)| Path { shape, direction, to, size, there_and_back })
}

fn movement_kind() -> impl Strategy<Value = MovementKind> {
    let axis = prop_oneof![
        Just(RotationAxis::Forearm),
        Just(RotationAxis::WristFlexion),
        Just(RotationAxis::WristSway),
        dir().prop_map(RotationAxis::ElbowSwing),
        dir().prop_map(RotationAxis::About),
    ];
    let finger_kind = select(vec![
        FingerMotionKind::Wiggle,
        FingerMotionKind::Bend,
        FingerMotionKind::OpenClose,
        FingerMotionKind::Rub,
        FingerMotionKind::Flick,
        FingerMotionKind::Tremble,
    ]);
    let contact_kind =
        select(vec![ContactKind::Tap, ContactKind::Touch, ContactKind::Brush, ContactKind::Grasp, ContactKind::Insert]);
    prop_oneof![
        path().prop_map(MovementKind::Path),
        (axis, -6.0f32..6.0, any::<bool>()).prop_map(|(axis, angle_rad, there_and_back)| MovementKind::Rotate(
            Rotation { axis, angle_rad, there_and_back }
        )),
        (option::of(dir()), option::of(dir()), option::of(dir()))
            .prop_map(|(palm, fingers, radial)| MovementKind::Orient { palm, fingers, radial }),
        handshape().prop_map(MovementKind::Shape),
        (finger_kind, vec(finger(), 1..5), 1u32..20)
            .prop_map(|(kind, fingers, times)| MovementKind::Finger(FingerMotion { kind, fingers, times })),
        (contact_kind, place(), option::of(dir()), size())
            .prop_map(|(kind, place, along, size)| MovementKind::Contact(Contact { kind, place, along, size })),
        (0.0f32..5.0).prop_map(|beats| MovementKind::Hold { beats }),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let hand = select(vec![HandSelector::Both, HandSelector::One(Hand::Dominant), HandSelector::One(Hand::Weak)]);
    let speed = select(vec![Speed::Slow, Speed::Normal, Speed::Fast]);
    let leaf =
        (hand, movement_kind(), speed, any::<bool>(), any::<bool>()).prop_map(|(hand, kind, speed, forceful, stop)| {
            Action::Move(Movement { hand, kind, manner: Manner { speed, forceful, stop } })
        });
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Action::Seq),
            vec(inner.clone(), 0..3).prop_map(Action::Par),
            (1u32..20, inner).prop_map(|(times, action)| Action::Repeat { times, action: Box::new(action) }),
        ]
    })
}

fn nonmanual() -> impl Strategy<Value = TimedNonManual> {
    use NonManual as N;
    let what = prop_oneof![
        select(vec![Brows::Raised, Brows::Furrowed, Brows::InnerRaised]).prop_map(N::Brows),
        select(vec![Eyes::Wide, Eyes::Squint, Eyes::Closed, Eyes::Blink]).prop_map(N::Eyes),
        select(vec![Cheeks::Puffed, Cheeks::Sucked, Cheeks::TonguePushed]).prop_map(N::Cheeks),
        select(vec![Expression::Smile, Expression::Thinking, Expression::Blank]).prop_map(N::Expression),
        select(vec![MouthShape::Open, MouthShape::Pouted, MouthShape::Blowing]).prop_map(N::Mouth),
        Just(N::Tongue(Tongue::Out)),
        (select(vec![HeadMotionKind::Nod, HeadMotionKind::Shake, HeadMotionKind::Forward]), 1u32..4)
            .prop_map(|(kind, times)| N::Head(HeadMotion { kind, times })),
        prop_oneof![Just(Gaze::Addressee), Just(Gaze::DominantHand), dir().prop_map(Gaze::Towards)].prop_map(N::Gaze),
        (select(vec![BodyMotionKind::LeanForward, BodyMotionKind::ShrugShoulders]), 1u32..4)
            .prop_map(|(kind, times)| N::Body(BodyMotion { kind, times })),
    ];
    (what, 0.0f32..=1.0, 0.0f32..0.5, 0.5f32..=1.0).prop_map(|(what, intensity, start, end)| TimedNonManual {
        what,
        intensity,
        start,
        end,
    })
}

fn config() -> impl Strategy<Value = HandConfig> {
    (handshape(), option::of(dir()), option::of(dir()), option::of(dir()), option::of(place()))
        .prop_map(|(shape, palm, fingers, radial, place)| HandConfig { shape, palm, fingers, radial, place })
}

/// Any form that `validate` takes.
pub(crate) fn sign_form() -> impl Strategy<Value = SignForm> {
    let symmetry = select(vec![Symmetry::Mirror, Symmetry::Parallel, Symmetry::Alternating, Symmetry::Independent]);
    let two =
        (config(), config(), symmetry).prop_map(|(dominant, weak, symmetry)| Hands::Two { dominant, weak, symmetry });
    let step = (two, action(), vec(nonmanual(), 0..3)).prop_map(|(hands, action, nonmanuals)| Step {
        hands,
        action,
        nonmanuals,
    });
    let handless =
        vec(nonmanual(), 1..3).prop_map(|nonmanuals| Step { hands: Hands::None, action: Action::NONE, nonmanuals });
    let one = config().prop_map(|config| Step { hands: Hands::One(config), action: Action::NONE, nonmanuals: vec![] });
    (vec(prop_oneof![4 => step, 1 => handless, 1 => one], 1..3), vec("[表示如状]{1,4}", 0..2))
        .prop_map(|(steps, notes)| SignForm { steps, notes })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_form_round_trips_through_json(form in sign_form()) {
        prop_assert_eq!(form.validate(), Ok(()));
        let json = serde_json::to_string(&form).unwrap();
        prop_assert_eq!(serde_json::from_str::<SignForm>(&json).unwrap(), form);
    }

    #[test]
    fn a_configuration_mirrored_twice_is_itself(config in config()) {
        prop_assert_eq!(config.mirrored().mirrored(), config);
    }
}

fn one_handed(action: Action) -> SignForm {
    let shape = Handshape {
        name: "五指".into(),
        thumb: ThumbFlex::default(),
        fingers: [FingerFlex::STRAIGHT; 4],
        touches: vec![],
    };
    let config = HandConfig { shape, palm: None, fingers: None, radial: None, place: None };
    SignForm { steps: vec![Step { hands: Hands::One(config), action, nonmanuals: vec![] }], notes: vec![] }
}

fn hold(hand: HandSelector, beats: f32) -> Action {
    Action::Move(Movement { hand, kind: MovementKind::Hold { beats }, manner: Manner::USUAL })
}

#[test]
fn what_types_cannot_refuse_validation_refuses() {
    let dominant = HandSelector::One(Hand::Dominant);
    let repeat = |times| Action::Repeat { times, action: Box::new(hold(dominant, 1.0)) };
    let deep = (0..40).fold(hold(dominant, 1.0), |inner, _| Action::Seq(vec![inner]));
    for (action, expected) in [
        (repeat(1_000_000), "1000000 times: expected 1 to 20"),
        (repeat(0), "0 times"),
        (hold(dominant, f32::NAN), "NaN"),
        (hold(dominant, f32::INFINITY), "inf"),
        (hold(HandSelector::Both, 1.0), "Weak hand, which takes no part"),
        (deep, "nested more than 16 deep"),
    ] {
        let error = one_handed(action).validate().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let empty = SignForm { steps: vec![], notes: vec![] };
    assert_eq!(empty.validate(), Err(FormError::NoSteps));
}
