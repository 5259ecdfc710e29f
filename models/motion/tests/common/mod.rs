//! The default avatar's body, forms to sign, and what poses say about them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "shared by tests, which state what they expect")]

use std::sync::{Arc, OnceLock};

use body::{Body, Posture, Rigid, SurfacePoint, default_avatar_path};
use glam::{Quat, Vec3};
use motion::MotionConfig;
use signing::*;

pub(crate) fn avatar() -> Arc<Body> {
    static BODY: OnceLock<Arc<Body>> = OnceLock::new();
    Arc::clone(BODY.get_or_init(|| Arc::new(Body::read(&default_avatar_path().unwrap()).unwrap())))
}

pub(crate) fn config() -> MotionConfig {
    MotionConfig::default()
}

/// Where every bone is.
pub(crate) fn posture(pose: &PoseFrame) -> Posture {
    let mut out = [Rigid::IDENTITY; Bone::COUNT];
    avatar().solve(pose.hips, &pose.rotations, &mut out);
    out
}

pub(crate) fn in_world(posture: &Posture, at: &SurfacePoint) -> (Vec3, Vec3) {
    let bone = &posture[at.bone.index()];
    (bone.point(at.point_in_bone), bone.rotation * at.normal_in_bone)
}

pub(crate) fn part(pose: &PoseFrame, side: Side, part: HandPart) -> (Vec3, Vec3) {
    in_world(&posture(pose), avatar().hand_part(side, part).unwrap())
}

pub(crate) fn site(pose: &PoseFrame, site: BodySite, lateral: Lateral) -> (Vec3, Vec3) {
    in_world(&posture(pose), avatar().site(site, lateral).unwrap())
}

pub(crate) fn joint(pose: &PoseFrame, bone: Bone) -> Vec3 {
    posture(pose)[bone.index()].translation
}

pub(crate) fn turn(pose: &PoseFrame, bone: Bone) -> Quat {
    posture(pose)[bone.index()].rotation
}

/// Palm's outward normal and the fingers' direction: the hand's axes in the T-pose, turned.
pub(crate) fn palm_and_fingers(pose: &PoseFrame, side: Side) -> (Vec3, Vec3) {
    let hand = turn(pose, Bone::on(side, "Hand").unwrap());
    let body = avatar();
    let at = |name: &str| body.joint(Bone::on(side, name).unwrap()).unwrap().head_in_world;
    let fingers = (at("MiddleProximal") - at("Hand")).normalize();
    let across = at("IndexProximal") - at("LittleProximal");
    let radial = (across - fingers * across.dot(fingers)).normalize();
    (hand * (fingers.cross(radial) * side.sign()), hand * fingers)
}

pub(crate) const fn flex(mcp: f32, pip: f32, dip: f32, spread: f32) -> FingerFlex {
    FingerFlex { mcp, pip, dip, spread }
}

pub(crate) fn shape(thumb: [f32; 4], fingers: [FingerFlex; 4], touches: &[FingerTouch]) -> Handshape {
    let [abduction, opposition, mcp, ip] = thumb;
    Handshape {
        name: String::new(),
        thumb: ThumbFlex { abduction, opposition, mcp, ip },
        fingers,
        touches: touches.to_vec(),
    }
}

pub(crate) fn flat() -> Handshape {
    shape([0.15, 0.1, 0.1, 0.1], [FingerFlex::STRAIGHT; 4], &[])
}

pub(crate) fn fist() -> Handshape {
    shape([0.35, 0.9, 0.6, 0.6], [FingerFlex::CLOSED; 4], &[FingerTouch::ThumbOver(Finger::Middle)])
}

pub(crate) fn index() -> Handshape {
    let closed = FingerFlex::CLOSED;
    shape(
        [0.35, 0.9, 0.6, 0.6],
        [FingerFlex::STRAIGHT, closed, closed, closed],
        &[FingerTouch::ThumbOver(Finger::Middle)],
    )
}

pub(crate) fn config_of(shape: Handshape, palm: Option<Dir>, fingers: Option<Dir>, place: Option<Place>) -> HandConfig {
    HandConfig { shape, palm, fingers, radial: None, place }
}

pub(crate) fn form(hands: Hands, action: Action) -> SignForm {
    SignForm { steps: vec![Step { hands, action, nonmanuals: Vec::new() }], notes: Vec::new() }
}

pub(crate) fn one(config: HandConfig, action: Action) -> SignForm {
    form(Hands::One(config), action)
}

pub(crate) fn two(dominant: HandConfig, weak: HandConfig, symmetry: Symmetry, action: Action) -> SignForm {
    form(Hands::Two { dominant, weak, symmetry }, action)
}

pub(crate) fn movement(hand: HandSelector, kind: MovementKind) -> Action {
    Action::Move(Movement { hand, kind, manner: Manner::USUAL })
}

pub(crate) const DOMINANT: HandSelector = HandSelector::One(Hand::Dominant);

pub(crate) fn straight(direction: Dir) -> MovementKind {
    MovementKind::Path(Path {
        shape: PathShape::Straight,
        direction: Some(direction),
        to: None,
        size: Size::Normal,
        there_and_back: false,
    })
}

/// Touches a place on the body and stays there.
pub(crate) fn touch(part: HandPart, site: BodySite, lateral: Lateral) -> SignForm {
    let place = Place::touching(part, Site::Body { site, lateral });
    one(config_of(flat(), None, None, Some(place)), Action::NONE)
}

pub(crate) fn token(gloss: &str, forms: Vec<SignForm>, boundary: Option<Boundary>) -> SignToken {
    SignToken {
        gloss: gloss.to_owned(),
        lexeme: Some(gloss.to_owned()),
        pack: None,
        origin: Origin::Sign,
        source: Vec::new(),
        grounding: Grounding::SameWord,
        confidence: 1.0,
        inflection: Inflection::default(),
        forms: forms.into_iter().map(|form| TokenForm { name: gloss.to_owned(), lexeme: None, form }).collect(),
        caption: None,
        boundary,
    }
}

/// Each token on both hands as its form has it.
pub(crate) fn sentence(tokens: Vec<SignToken>) -> SignSentence {
    let channel = ManualChannel(
        (0..u32::try_from(tokens.len()).unwrap())
            .map(|token| ManualSegment { token, kind: ChannelUse::Lexeme, span: Span::tokens(token, token) })
            .collect(),
    );
    SignSentence {
        sign_language: "csl".to_owned(),
        source: Transcript::plain("", "zh"),
        sentence_type: SentenceType::Statement,
        tokens,
        manual: [channel.clone(), channel],
        constructions: Vec::new(),
        tiers: Tiers::default(),
        dropped: Vec::new(),
        versions: Versions::default(),
    }
}

/// A sentence of ordinary signs: one hand, two hands, at the head, at the other hand.
pub(crate) fn ordinary() -> SignSentence {
    let palm_down = config_of(flat(), Some(Dir::DOWN), Some(Dir::FORWARD), None);
    let apart = two(
        palm_down.clone(),
        palm_down.mirrored(),
        Symmetry::Mirror,
        movement(HandSelector::Both, straight(Dir::RIGHT)),
    );
    let you =
        one(config_of(index(), Some(Dir::DOWN), Some(Dir::FORWARD), None), movement(DOMINANT, straight(Dir::FORWARD)));
    let think = one(
        config_of(index(), None, None, None),
        movement(
            DOMINANT,
            MovementKind::Contact(Contact {
                kind: ContactKind::Tap,
                place: Place::touching(
                    HandPart::Tip(Finger::Index),
                    Site::Body { site: BodySite::Temple, lateral: Lateral::Right },
                ),
                along: None,
                size: Size::Normal,
            }),
        ),
    );
    let on_palm = two(
        config_of(
            fist(),
            Some(Dir::LEFT),
            Some(Dir::FORWARD),
            Some(Place::touching(HandPart::UlnarEdge, Site::OtherHand(HandPart::Palm))),
        ),
        config_of(flat(), Some(Dir::UP), Some(Dir::RIGHT), None),
        Symmetry::Independent,
        Action::NONE,
    );
    sentence(vec![
        token("你", vec![you], Some(Boundary::Phrase)),
        token("大", vec![apart], None),
        token("想", vec![think], None),
        token("要", vec![on_palm], Some(Boundary::Sentence)),
    ])
}

pub(crate) fn wrist_path(sentence: &SignSentence) -> (Vec<Vec3>, motion::Report) {
    let (frames, report) = motion::sign_all(&avatar(), config(), std::slice::from_ref(sentence)).unwrap();
    (frames.iter().map(|frame| joint(frame, Bone::RightHand)).collect(), report)
}
