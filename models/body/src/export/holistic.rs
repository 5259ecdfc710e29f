//! The field's layout of points, and what each of them is on a body.
//!
//! Names, order and limbs are those of MediaPipe Holistic as the Python library `pose-format`
//! writes it: 33 body points, 478 of the face (irises and all), 21 a hand, and the 33 body points again in metres.
//!
//! Joints and fingertips are exact. Of the face those points are given whose place on MediaPipe's
//! canonical face lies within 8 mm of a landmark that [`Body`] measures; all others are unknown, as
//! are the heels, the corners of the eyes and the irises.

use signing::{BodySite, Bone, FaceShape, Finger, Lateral, Side};

/// What a point is on a body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Source {
    /// A joint.
    Joint(Bone),
    /// A fingertip.
    Tip(Side, Finger),
    /// A place on the head, and what of the face displaces it.
    Head(BodySite, Lateral, MovedBy),
    /// Nothing that a body knows.
    Unknown,
}

/// Which face shapes displace a place of the head.
///
/// A body's landmarks turn with the head but don't follow the face, so that such a place is known
/// the less the stronger these shapes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MovedBy {
    Nothing,
    Brows,
    Nose,
    Cheeks,
    Mouth,
    Jaw,
}

impl MovedBy {
    /// Whether `shape` displaces such a place.
    pub(super) fn holds(self, shape: FaceShape) -> bool {
        let begins = |stems: &[&str]| stems.iter().any(|stem| shape.name().starts_with(stem));
        match self {
            Self::Nothing => false,
            Self::Brows => begins(&["brow"]),
            Self::Nose => begins(&["noseSneer"]),
            Self::Cheeks => begins(&["cheek", "mouthSmile", "noseSneer"]),
            Self::Mouth => begins(&["mouth", "jaw", "cheekPuff"]),
            Self::Jaw => begins(&["jaw"]),
        }
    }
}

/// From where a component's depth is counted, and in what its points are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Image; depth from the middle of the hips.
    Hips,
    /// Image; depth from the middle of the head.
    Head,
    /// Image; depth from this wrist.
    Wrist(Side),
    /// Metres from the middle of the hips.
    World,
}

/// A group of points.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) name: &'static str,
    pub(super) origin: Origin,
    pub(super) points: Vec<(String, Source)>,
    pub(super) limbs: &'static [(u16, u16)],
    /// RGB; the library takes a point's colour by its index, and begins again where they end.
    pub(super) colours: Vec<[u16; 3]>,
}

/// All components in the file's order.
pub(super) fn components() -> [Component; 5] {
    let body = |name, origin| Component {
        name,
        origin,
        points: body_points(),
        limbs: &BODY_LIMBS,
        colours: vec![[200, 40, 40]],
    };
    let hand = |name, side| Component {
        name,
        origin: Origin::Wrist(side),
        points: hand_points(side),
        limbs: &HAND_LIMBS,
        colours: hand_colours(),
    };
    [
        body("POSE_LANDMARKS", Origin::Hips),
        Component {
            name: "FACE_LANDMARKS",
            origin: Origin::Head,
            points: face_points(),
            limbs: &FACE_LIMBS,
            colours: vec![[130, 60, 20]],
        },
        hand("LEFT_HAND_LANDMARKS", Side::Left),
        hand("RIGHT_HAND_LANDMARKS", Side::Right),
        body("POSE_WORLD_LANDMARKS", Origin::World),
    ]
}

fn body_points() -> Vec<(String, Source)> {
    use Side::{Left, Right};
    let bone = |side, name| Bone::on(side, name).map_or(Source::Unknown, Source::Joint);
    let eye = |side| Source::Head(BodySite::Eye, lateral(side), MovedBy::Nothing);
    let mut points = vec![("NOSE".to_owned(), Source::Head(BodySite::NoseTip, Lateral::Centre, MovedBy::Nothing))];
    for (side, prefix) in [(Left, "LEFT"), (Right, "RIGHT")] {
        points.push((format!("{prefix}_EYE_INNER"), Source::Unknown));
        points.push((format!("{prefix}_EYE"), eye(side)));
        points.push((format!("{prefix}_EYE_OUTER"), Source::Unknown));
    }
    for (side, prefix) in [(Left, "LEFT"), (Right, "RIGHT")] {
        points.push((format!("{prefix}_EAR"), Source::Head(BodySite::Ear, lateral(side), MovedBy::Nothing)));
    }
    for (side, suffix) in [(Left, "LEFT"), (Right, "RIGHT")] {
        let corner = Source::Head(BodySite::MouthCorner, lateral(side), MovedBy::Mouth);
        points.push((format!("MOUTH_{suffix}"), corner));
    }
    // BlazePose's hand points are the first knuckle of little and index finger, the second of the thumb.
    let limbs = [
        ("SHOULDER", "UpperArm"),
        ("ELBOW", "LowerArm"),
        ("WRIST", "Hand"),
        ("PINKY", "LittleProximal"),
        ("INDEX", "IndexProximal"),
        ("THUMB", "ThumbDistal"),
        ("HIP", "UpperLeg"),
        ("KNEE", "LowerLeg"),
        ("ANKLE", "Foot"),
        ("HEEL", ""),
        ("FOOT_INDEX", "Toes"),
    ];
    for (name, joint) in limbs {
        for (side, prefix) in [(Left, "LEFT"), (Right, "RIGHT")] {
            points.push((format!("{prefix}_{name}"), bone(side, joint)));
        }
    }
    points
}

fn hand_points(side: Side) -> Vec<(String, Source)> {
    let joint = |name: &str| Bone::on(side, name).map_or(Source::Unknown, Source::Joint);
    let mut points = vec![("WRIST".to_owned(), joint("Hand"))];
    for finger in Finger::ALL {
        let (name, bones, joints) = match finger {
            Finger::Thumb => ("THUMB", "Thumb", [("CMC", "Metacarpal"), ("MCP", "Proximal"), ("IP", "Distal")]),
            Finger::Index => ("INDEX_FINGER", "Index", LONG),
            Finger::Middle => ("MIDDLE_FINGER", "Middle", LONG),
            Finger::Ring => ("RING_FINGER", "Ring", LONG),
            Finger::Little => ("PINKY", "Little", LONG),
        };
        for (joint_name, bone) in joints {
            points.push((format!("{name}_{joint_name}"), joint(&format!("{bones}{bone}"))));
        }
        points.push((format!("{name}_TIP"), Source::Tip(side, finger)));
    }
    points
}

const LONG: [(&str, &str); 3] = [("MCP", "Proximal"), ("PIP", "Intermediate"), ("DIP", "Distal")];

/// How many points MediaPipe's face mesh has with its ten of the irises (`refine_face_landmarks`).
const FACE_COUNT: usize = 478;

fn face_points() -> Vec<(String, Source)> {
    use Lateral::{Centre, Left, Right};
    let mut points: Vec<(String, Source)> = (0..FACE_COUNT).map(|index| (index.to_string(), Source::Unknown)).collect();
    for (index, site, lateral, moved) in [
        (10, BodySite::Forehead, Centre, MovedBy::Nothing),
        (6, BodySite::NoseBridge, Centre, MovedBy::Nothing),
        (195, BodySite::Face, Centre, MovedBy::Nothing),
        (4, BodySite::NoseTip, Centre, MovedBy::Nothing),
        (164, BodySite::UnderNose, Centre, MovedBy::Mouth),
        (11, BodySite::UpperLip, Centre, MovedBy::Mouth),
        (13, BodySite::Mouth, Centre, MovedBy::Mouth),
        (14, BodySite::Mouth, Centre, MovedBy::Mouth),
        (16, BodySite::LowerLip, Centre, MovedBy::Mouth),
        (199, BodySite::Chin, Centre, MovedBy::Jaw),
        (295, BodySite::Brow, Left, MovedBy::Brows),
        (65, BodySite::Brow, Right, MovedBy::Brows),
        (368, BodySite::Temple, Left, MovedBy::Nothing),
        (139, BodySite::Temple, Right, MovedBy::Nothing),
        (344, BodySite::Nostril, Left, MovedBy::Nose),
        (115, BodySite::Nostril, Right, MovedBy::Nose),
        (436, BodySite::Cheek, Left, MovedBy::Cheeks),
        (216, BodySite::Cheek, Right, MovedBy::Cheeks),
        (291, BodySite::MouthCorner, Left, MovedBy::Mouth),
        (61, BodySite::MouthCorner, Right, MovedBy::Mouth),
    ] {
        points[index].1 = Source::Head(site, lateral, moved);
    }
    points
}

const fn lateral(side: Side) -> Lateral {
    match side {
        Side::Left => Lateral::Left,
        Side::Right => Lateral::Right,
    }
}

/// MediaPipe's connections of the body.
const BODY_LIMBS: [(u16, u16); 35] = [
    (0, 1),
    (1, 2),
    (2, 3),
    (3, 7),
    (0, 4),
    (4, 5),
    (5, 6),
    (6, 8),
    (9, 10),
    (11, 12),
    (11, 13),
    (13, 15),
    (15, 17),
    (15, 19),
    (15, 21),
    (17, 19),
    (12, 14),
    (14, 16),
    (16, 18),
    (16, 20),
    (16, 22),
    (18, 20),
    (11, 23),
    (12, 24),
    (23, 24),
    (23, 25),
    (24, 26),
    (25, 27),
    (26, 28),
    (27, 29),
    (28, 30),
    (29, 31),
    (30, 32),
    (27, 31),
    (28, 32),
];

/// MediaPipe's connections of a hand.
const HAND_LIMBS: [(u16, u16); 21] = [
    (0, 1),
    (1, 2),
    (2, 3),
    (3, 4),
    (0, 5),
    (5, 6),
    (6, 7),
    (7, 8),
    (5, 9),
    (9, 10),
    (10, 11),
    (11, 12),
    (9, 13),
    (13, 14),
    (14, 15),
    (15, 16),
    (13, 17),
    (0, 17),
    (17, 18),
    (18, 19),
    (19, 20),
];

/// Between the points of the face that are given: midline, brows to temples, mouth, cheeks.
const FACE_LIMBS: [(u16, u16); 17] = [
    (10, 6),
    (6, 195),
    (195, 4),
    (4, 164),
    (164, 11),
    (61, 11),
    (11, 291),
    (291, 16),
    (16, 61),
    (16, 199),
    (6, 65),
    (6, 295),
    (65, 139),
    (295, 368),
    (4, 115),
    (4, 344),
    (13, 14),
];

/// A hue a finger, lighter towards its tip; the wrist is grey.
fn hand_colours() -> Vec<[u16; 3]> {
    const FINGERS: [[u16; 3]; 5] = [[190, 30, 45], [215, 140, 0], [35, 140, 60], [20, 110, 190], [125, 60, 170]];
    let mut colours = vec![[110, 110, 110]];
    for finger in FINGERS {
        colours.extend((0..4).map(|joint| finger.map(|channel| channel + (255 - channel) * joint / 8)));
    }
    colours
}
