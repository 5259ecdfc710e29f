//! What comes out is a body: unit rotations, human joints, places that meet, palms that face.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod common;

use common::*;
use glam::Vec3;
use motion::{Complaint, sign_all, sign_form};
use proptest::prelude::*;
use signing::*;

/// Sites a flat right hand reaches without help.
const SITES: &[(BodySite, Lateral)] = &[
    (BodySite::Forehead, Lateral::Centre),
    (BodySite::Temple, Lateral::Right),
    (BodySite::Cheek, Lateral::Right),
    (BodySite::Cheek, Lateral::Left),
    (BodySite::NoseTip, Lateral::Centre),
    (BodySite::Mouth, Lateral::Centre),
    (BodySite::Chin, Lateral::Centre),
    (BodySite::UnderChin, Lateral::Centre),
    (BodySite::Earlobe, Lateral::Right),
    (BodySite::Throat, Lateral::Centre),
    (BodySite::Shoulder, Lateral::Left),
    (BodySite::ShoulderFront, Lateral::Right),
    (BodySite::Chest, Lateral::Centre),
    (BodySite::Chest, Lateral::Left),
    (BodySite::Heart, Lateral::Centre),
    (BodySite::Belly, Lateral::Centre),
    (BodySite::LowerBelly, Lateral::Centre),
    (BodySite::HeadTop, Lateral::Centre),
    (BodySite::Waist, Lateral::Right),
];

const PARTS: &[HandPart] = &[
    HandPart::Palm,
    HandPart::Tip(Finger::Index),
    HandPart::Tip(Finger::Middle),
    HandPart::Pad(Finger::Middle),
    HandPart::Web,
    HandPart::UlnarEdge,
];

#[test]
fn touches_meet_within_a_centimetre() {
    let mut wrong = Vec::new();
    let mut misses = 0;
    for &(place, lateral) in SITES {
        for &with in PARTS {
            let motion = sign_form(&avatar(), config(), &touch(with, place, lateral)).unwrap();
            let pose = &motion.frames[motion.moments.end];
            let gap = part(pose, Side::Right, with).0.distance(site(pose, place, lateral).0);
            let warned =
                motion.warnings.iter().any(|warning| matches!(warning.complaint, Complaint::Unreachable { .. }));
            if gap >= 0.01 && !warned {
                wrong.push(format!("{with:?} at {place:?} {lateral:?}: {:.1} mm apart", gap * 1e3));
            }
            misses += usize::from(warned);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // A web on the ear from inside, a palm's edge under the chin: some pairs no arm can make.
    assert!(misses * 12 <= SITES.len() * PARTS.len(), "{misses} of {} are out of reach", SITES.len() * PARTS.len());
}

#[test]
fn palms_face_where_the_form_says() {
    use Dir as D;
    let feasible = [
        (D::FORWARD, D::UP),
        (D::BACK, D::UP),
        (D::LEFT, D::UP),
        (D::DOWN, D::FORWARD),
        (D::UP, D::FORWARD),
        (D::LEFT, D::FORWARD),
        (D::BACK, D::LEFT),
        (D::DOWN, D::LEFT),
        (D::UP, D::LEFT),
        (D::BACK, D::DOWN),
    ];
    for (palm, fingers) in feasible {
        for hands in [false, true] {
            // Two supinated forearms can't both lie across the chest.
            if hands && (palm, fingers) == (D::UP, D::LEFT) {
                continue;
            }
            let dominant = config_of(flat(), Some(palm), Some(fingers), None);
            let form = if hands {
                two(dominant.clone(), dominant.mirrored(), Symmetry::Mirror, Action::NONE)
            } else {
                one(dominant.clone(), Action::NONE)
            };
            let motion = sign_form(&avatar(), config(), &form).unwrap();
            let (found, along) = palm_and_fingers(&motion.frames[motion.moments.end], Side::Right);
            let off = found.angle_between(palm.vec()).to_degrees();
            assert!(off < 10.0, "palm {palm:?}, fingers {fingers:?}, two hands: {hands}: off by {off:.0}°");
            let off = along.angle_between(fingers.vec()).to_degrees();
            assert!(off < 45.0, "fingers {fingers:?}, palm {palm:?}, two hands: {hands}: off by {off:.0}°");
        }
    }
}

#[test]
fn hands_meet_each_other() {
    let base = config_of(flat(), Some(Dir::UP), Some(Dir::RIGHT), None);
    for (with, on) in [
        (HandPart::UlnarEdge, HandPart::Palm),
        (HandPart::Palm, HandPart::Palm),
        (HandPart::Tip(Finger::Index), HandPart::Palm),
        (HandPart::Palm, HandPart::Back),
        (HandPart::Tip(Finger::Index), HandPart::Wrist),
        (HandPart::Palm, HandPart::ForearmOuter),
    ] {
        let place = Place::touching(with, Site::OtherHand(on));
        let weak = if on == HandPart::Palm {
            base.clone()
        } else {
            config_of(fist(), Some(Dir::DOWN), Some(Dir::RIGHT), None)
        };
        let form = two(config_of(flat(), None, None, Some(place)), weak, Symmetry::Independent, Action::NONE);
        let motion = sign_form(&avatar(), config(), &form).unwrap();
        let pose = &motion.frames[motion.moments.end];
        let gap = part(pose, Side::Right, with).0.distance(part(pose, Side::Left, on).0);
        assert!(gap < 0.01, "{with:?} on {on:?}: {:.1} mm apart, {:?}", gap * 1e3, motion.warnings);
    }
}

#[test]
fn thumbs_meet_fingers() {
    let bent = flex(0.8, 0.9, 0.5, 0.0);
    let mut shapes = vec![];
    for finger in Finger::LONG {
        let mut fingers = [FingerFlex::STRAIGHT; 4];
        fingers[finger.index() - 1] = bent;
        shapes.push((finger, shape([0.5, 1.0, 0.2, 0.4], fingers, &[FingerTouch::ThumbTipToTip(finger)])));
    }
    for (finger, shape) in shapes {
        let form = one(config_of(shape, Some(Dir::FORWARD), Some(Dir::UP), None), Action::NONE);
        let motion = sign_form(&avatar(), config(), &form).unwrap();
        let pose = &motion.frames[motion.moments.end];
        let end = |finger| {
            let tip = part(pose, Side::Right, HandPart::Tip(finger)).0;
            tip.lerp(part(pose, Side::Right, HandPart::Pad(finger)).0, 0.55)
        };
        let gap = end(Finger::Thumb).distance(end(finger));
        assert!(gap < 0.008, "thumb and {finger:?}: {:.1} mm apart", gap * 1e3);
    }
}

fn check_joints(frames: &[PoseFrame]) {
    let body = avatar();
    for (index, frame) in frames.iter().enumerate() {
        assert!(frame.hips.is_finite());
        assert!(frame.face.iter().all(|weight| (0.0..=1.0).contains(weight)), "frame {index}: face");
        for bone in Bone::ALL {
            let rotation = frame.rotation(bone);
            assert!(rotation.is_finite() && rotation.is_normalized(), "frame {index}: {bone:?} {rotation}");
            // Upper arms and shoulders turn about each other; what they do together is checked by elbow and wrist.
            let free = matches!(bone.name(), name if name.ends_with("UpperArm") || name.ends_with("Shoulder") || name.contains("ThumbMetacarpal"));
            let excess = body.limits(bone).excess(rotation);
            assert!(free || excess < 0.06, "frame {index}: {bone:?} is {:.0}° beyond its limit", excess.to_degrees());
        }
    }
}

#[test]
fn joints_stay_within_human_limits() {
    let (frames, _) = sign_all(&avatar(), config(), &[ordinary(), ordinary()]).unwrap();
    check_joints(&frames);
}

#[test]
fn motion_has_no_jumps() {
    let config = motion::MotionConfig { rate: FrameRate::new(100, 1).unwrap(), ..config() };
    let (frames, _) = sign_all(&avatar(), config, &[ordinary(), ordinary()]).unwrap();
    let dt = 0.01;
    let mut before: Option<Vec<(Vec3, f32)>> = None;
    for (index, pair) in frames.windows(2).enumerate() {
        let velocities: Vec<(Vec3, f32)> = Bone::ALL
            .into_iter()
            .map(|bone| {
                let turn = pair[1].rotation(bone) * pair[0].rotation(bone).inverse();
                let turn = if turn.w < 0.0 { -turn } else { turn };
                let velocity = turn.to_scaled_axis() / dt;
                assert!(velocity.length() < 30.0, "frame {index}: {bone:?} turns at {:.0} rad/s", velocity.length());
                (velocity, velocity.length())
            })
            .collect();
        if let Some(before) = &before {
            for (bone, (now, was)) in Bone::ALL.into_iter().zip(velocities.iter().zip(before)) {
                let acceleration = (now.0 - was.0).length() / dt;
                assert!(acceleration < 900.0, "frame {index}: {bone:?} accelerates at {acceleration:.0} rad/s²");
            }
        }
        before = Some(velocities);
    }
}

#[test]
fn hands_stay_out_of_the_body() {
    let (frames, _) = sign_all(&avatar(), config(), &[ordinary()]).unwrap();
    let body = avatar();
    for (index, frame) in frames.iter().enumerate() {
        let posture = posture(frame);
        for side in [Side::Left, Side::Right] {
            let wrist = posture[Bone::on(side, "Hand").unwrap().index()].translation;
            let knuckle = posture[Bone::on(side, "MiddleProximal").unwrap().index()].translation;
            for capsule in body.capsules() {
                use body::CapsuleKind::*;
                if !matches!(capsule.kind, Head | Neck | Trunk) {
                    continue;
                }
                let bone = &posture[capsule.bone.index()];
                let (from, to) = (bone.point(capsule.from_in_bone), bone.point(capsule.to_in_bone));
                for point in [wrist, wrist.lerp(knuckle, 0.5), knuckle] {
                    let axis = to - from;
                    let along = ((point - from).dot(axis) / axis.length_squared().max(1e-9)).clamp(0.0, 1.0);
                    let outside = point.distance(from + axis * along) - capsule.radius;
                    assert!(
                        outside > -0.012,
                        "frame {index}: {side:?} hand is {:.0} mm inside {:?}",
                        -outside * 1e3,
                        capsule.kind
                    );
                }
            }
        }
    }
}

#[test]
fn what_no_arm_can_do_is_done_as_far_as_it_goes_and_said() {
    let far = Place::in_space(SpacePoint { x: 3.0, y: 3.5, z: 3.0 });
    let motion = sign_form(&avatar(), config(), &one(config_of(flat(), None, None, Some(far)), Action::NONE)).unwrap();
    assert!(motion.warnings.iter().any(|warning| matches!(warning.complaint, Complaint::Unreachable { .. })));
    check_joints(&motion.frames);

    let parallel = config_of(flat(), Some(Dir::UP), Some(Dir::UP), None);
    let motion = sign_form(&avatar(), config(), &one(parallel, Action::NONE)).unwrap();
    assert!(motion.warnings.iter().any(|warning| warning.complaint == Complaint::Contradiction));
    check_joints(&motion.frames);

    let behind = Place::in_space(SpacePoint { x: 0.0, y: 0.8, z: -0.8 });
    let motion =
        sign_form(&avatar(), config(), &one(config_of(flat(), None, None, Some(behind)), Action::NONE)).unwrap();
    assert!(!motion.warnings.is_empty());
    check_joints(&motion.frames);
}

fn any_dir() -> impl Strategy<Value = Option<Dir>> + Clone {
    prop_oneof![
        1 => Just(None),
        3 => (-1.0_f32..1.0, -1.0_f32..1.0, -1.0_f32..1.0).prop_map(|(x, y, z)| Dir::new(Vec3::new(x, y, z))),
    ]
}

fn any_part() -> impl Strategy<Value = HandPart> {
    proptest::sample::select(HandPart::all().collect::<Vec<_>>())
}

fn any_place() -> impl Strategy<Value = Option<Place>> {
    let lateral = prop_oneof![Just(Lateral::Left), Just(Lateral::Centre), Just(Lateral::Right)];
    let site = prop_oneof![
        (proptest::sample::select(BodySite::ALL), lateral).prop_map(|(site, lateral)| Site::Body { site, lateral }),
        any_part().prop_map(Site::OtherHand),
        (-3.0_f32..3.0, -1.0_f32..3.0, -2.0_f32..3.0).prop_map(|(x, y, z)| Site::Space(SpacePoint { x, y, z })),
    ];
    let distance = prop_oneof![
        Just(Distance::Contact),
        Just(Distance::Near),
        Just(Distance::Before),
        (-0.2_f32..1.0).prop_map(Distance::Metres)
    ];
    let place = (any_part(), site, distance, proptest::array::uniform3(-0.5_f32..0.5))
        .prop_map(|(part, site, distance, offset)| Place { part, site, distance, offset });
    proptest::option::of(place)
}

fn any_shape() -> impl Strategy<Value = Handshape> {
    let finger = proptest::array::uniform4(-2.0_f32..2.0).prop_map(|[mcp, pip, dip, spread]| FingerFlex {
        mcp,
        pip,
        dip,
        spread,
    });
    let of = proptest::sample::select(Finger::ALL.to_vec());
    let touch = (0..5, of).prop_map(|(kind, finger)| match kind {
        0 => FingerTouch::ThumbTipToTip(finger),
        1 => FingerTouch::ThumbOver(finger),
        2 => FingerTouch::ThumbToBase(finger),
        3 => FingerTouch::ThumbToMiddleJoint(finger),
        _ => FingerTouch::CrossedOverNext(finger),
    });
    (
        proptest::array::uniform4(-2.0_f32..2.0),
        proptest::array::uniform4(finger),
        proptest::collection::vec(touch, 0..3),
    )
        .prop_map(|(thumb, fingers, touches)| shape(thumb, fingers, &touches))
}

fn any_config() -> impl Strategy<Value = HandConfig> {
    (any_shape(), any_dir(), any_dir(), any_dir(), any_place())
        .prop_map(|(shape, palm, fingers, radial, place)| HandConfig { shape, palm, fingers, radial, place })
}

fn any_action() -> impl Strategy<Value = Action> {
    let dir = any_dir().prop_map(|dir| dir.unwrap_or(Dir::UP));
    let path_shape = prop_oneof![
        Just(PathShape::Straight),
        dir.clone().prop_map(|dir| PathShape::Arc(ArcPlane::Towards(dir))),
        (dir.clone(), 0.05_f32..3.0).prop_map(|(axis, turns)| PathShape::Circle { axis, turns }),
        (dir.clone(), 1_u32..5).prop_map(|(across, strokes)| PathShape::ZigZag { across, strokes }),
        (dir.clone(), 1_u32..4).prop_map(|(across, waves)| PathShape::Wave { across, waves }),
        (1_u32..4).prop_map(|stops| PathShape::Steps { stops }),
        proptest::collection::vec(proptest::collection::vec(proptest::array::uniform3(-0.3_f32..0.3), 0..4), 0..3)
            .prop_map(PathShape::Trace),
    ];
    let size =
        prop_oneof![Just(Size::Small), Just(Size::Normal), Just(Size::Large), (0.0_f32..1.0).prop_map(Size::Metres)];
    let axis = prop_oneof![
        Just(RotationAxis::Forearm),
        Just(RotationAxis::WristFlexion),
        Just(RotationAxis::WristSway),
        dir.clone().prop_map(RotationAxis::ElbowSwing),
        dir.prop_map(RotationAxis::About),
    ];
    let contact_kind = prop_oneof![
        Just(ContactKind::Tap),
        Just(ContactKind::Touch),
        Just(ContactKind::Brush),
        Just(ContactKind::Grasp),
        Just(ContactKind::Insert)
    ];
    let finger_kind = prop_oneof![
        Just(FingerMotionKind::Wiggle),
        Just(FingerMotionKind::Bend),
        Just(FingerMotionKind::OpenClose),
        Just(FingerMotionKind::Rub),
        Just(FingerMotionKind::Flick),
        Just(FingerMotionKind::Tremble)
    ];
    let kind = prop_oneof![
        (path_shape, any_dir(), any_place(), size.clone(), any::<bool>()).prop_map(
            |(shape, direction, to, size, there_and_back)| {
                MovementKind::Path(Path { shape, direction, to, size, there_and_back })
            }
        ),
        (axis, -6.5_f32..6.5, any::<bool>()).prop_map(|(axis, angle_rad, there_and_back)| MovementKind::Rotate(
            Rotation { axis, angle_rad, there_and_back }
        )),
        (any_dir(), any_dir(), any_dir()).prop_map(|(palm, fingers, radial)| MovementKind::Orient {
            palm,
            fingers,
            radial
        }),
        any_shape().prop_map(MovementKind::Shape),
        (finger_kind, proptest::sample::subsequence(Finger::ALL.to_vec(), 0..5), 1_u32..5)
            .prop_map(|(kind, fingers, times)| MovementKind::Finger(FingerMotion { kind, fingers, times })),
        (contact_kind, any_place(), any_dir(), size).prop_map(|(kind, place, along, size)| {
            let place = place.unwrap_or(Place::in_space(SpacePoint::NEUTRAL_RIGHT));
            MovementKind::Contact(Contact { kind, place, along, size })
        }),
        (0.0_f32..3.0).prop_map(|beats| MovementKind::Hold { beats }),
    ];
    let selector = prop_oneof![Just(DOMINANT), Just(HandSelector::One(Hand::Weak)), Just(HandSelector::Both)];
    let manner = (0..3, any::<bool>(), any::<bool>()).prop_map(|(speed, forceful, stop)| Manner {
        speed: [Speed::Slow, Speed::Normal, Speed::Fast][usize::try_from(speed).unwrap_or(1)],
        forceful,
        stop,
    });
    let leaf = (selector, kind, manner).prop_map(|(hand, kind, manner)| Action::Move(Movement { hand, kind, manner }));
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Action::Seq),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Action::Par),
            (1_u32..4, inner).prop_map(|(times, action)| Action::Repeat { times, action: Box::new(action) }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_form_gives_a_body(dominant in any_config(), weak in any_config(), symmetry in 0..4_usize, action in any_action()) {
        let symmetry = [Symmetry::Mirror, Symmetry::Parallel, Symmetry::Alternating, Symmetry::Independent][symmetry];
        let form = two(dominant, weak, symmetry, action);
        let motion = sign_form(&avatar(), config(), &form).unwrap();
        check_joints(&motion.frames);
        prop_assert!(motion.moments.start <= motion.moments.first && motion.moments.first <= motion.moments.end);
    }
}
