//! What a stream of poses shows, measured on the default avatar.

use std::sync::{Arc, OnceLock};

use body::{Body, Posture, Rigid};
use glam::Vec3;
use lexicon::Lexicon;
use motion::{HeadChoice, MotionConfig, sign_all};
use signing::*;
use understanding::{Discourse, Understanding};

use crate::mutate::Mutation;

pub(crate) fn avatar() -> &'static Arc<Body> {
    static BODY: OnceLock<Arc<Body>> = OnceLock::new();
    BODY.get_or_init(|| Arc::new(Body::read(&body::default_avatar_path().unwrap()).unwrap()))
}

pub(crate) fn understanding() -> &'static Understanding {
    static SHARED: OnceLock<Understanding> = OnceLock::new();
    SHARED.get_or_init(|| Understanding::new(Lexicon::core().unwrap()))
}

/// What parts the texts of a row that come one after the other in one session.
pub(crate) const NEXT_TEXT: &str = "//";

/// What a row's text means, or texts of one session.
pub(crate) fn interpret(text: &str) -> Vec<SignSentence> {
    let mut discourse = Discourse::default();
    text.split(NEXT_TEXT).flat_map(|text| interpret_one(&mut discourse, text)).collect()
}

/// The same when each text is the first of a session.
fn interpret_apart(text: &str) -> Vec<SignSentence> {
    text.split(NEXT_TEXT).flat_map(|text| interpret_one(&mut Discourse::default(), text)).collect()
}

fn interpret_one(discourse: &mut Discourse, text: &str) -> Vec<SignSentence> {
    let found = understanding().interpret_in(discourse, &Transcript::plain(text.trim(), "zh"));
    found.unwrap_or_else(|error| panic!("{text}: {error}")).sentences
}

/// A token's stretch of frames.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) gloss: String,
    pub(crate) sentence: u64,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Everything that is measured of one text.
pub(crate) struct Shown {
    pub(crate) frames: Vec<PoseFrame>,
    postures: Vec<Posture>,
    pub(crate) tokens: Vec<Stretch>,
    rate: f32,
    /// What was broken of it, if anything.
    mutation: Option<Mutation>,
    head: HeadChoice,
}

pub(crate) fn poses(sentences: &[SignSentence], dominant: Side) -> Vec<PoseFrame> {
    sign_all(avatar(), MotionConfig { dominant, ..MotionConfig::default() }, sentences).unwrap().0
}

impl Shown {
    /// What a text shows.
    pub(crate) fn of(text: &str) -> Self {
        Self::with(text, None, HeadChoice::Analytic)
    }

    /// What a text shows with the head that is learnt.
    pub(crate) fn learnt(text: &str) -> Self {
        Self::with(text, None, HeadChoice::Neural)
    }

    /// What a text shows when a feature is broken.
    pub(crate) fn broken(text: &str, mutation: Mutation) -> Self {
        Self::with(text, Some(mutation), HeadChoice::Analytic)
    }

    /// What another text shows, broken in the same way and by the same head.
    pub(crate) fn another(&self, text: &str) -> Self {
        Self::with(text, self.mutation, self.head)
    }

    fn with(text: &str, mutation: Option<Mutation>, head: HeadChoice) -> Self {
        let forgets = mutation == Some(Mutation::Forgets);
        let mut sentences = if forgets { interpret_apart(text) } else { interpret(text) };
        if let Some(mutation) = mutation {
            mutation.apply(&mut sentences);
        }
        let sentences = &sentences;
        let config = MotionConfig { head, ..MotionConfig::default() };
        let (frames, report) = sign_all(avatar(), config, sentences).unwrap();
        let rate = config.rate.as_f64();
        let last = frames.len() - 1;
        let frame = |time: OutputTime| ((time.as_secs() * rate).round() as usize).min(last);
        let tokens = report.timeline.tokens.iter().map(|token| Stretch {
            gloss: sentences[token.sentence as usize].tokens[token.token].gloss.clone(),
            sentence: token.sentence,
            start: frame(token.start),
            end: frame(token.end),
        });
        let postures = frames.iter().map(|pose| {
            let mut out = [Rigid::IDENTITY; Bone::COUNT];
            avatar().solve(pose.hips, &pose.rotations, &mut out);
            out
        });
        Self { tokens: tokens.collect(), postures: postures.collect(), frames, rate: rate as f32, mutation, head }
    }

    /// `给` is the first of its gloss, `他#2` the second.
    pub(crate) fn token(&self, name: &str) -> Result<&Stretch, String> {
        let (gloss, nth) = name.split_once('#').map_or((name, 1), |(gloss, nth)| (gloss, nth.parse().unwrap()));
        let mut of_gloss = self.tokens.iter().filter(|token| token.gloss == gloss);
        of_gloss.nth(nth - 1).ok_or_else(|| {
            let all: Vec<_> = self.tokens.iter().map(|token| token.gloss.as_str()).collect();
            format!("nothing is signed for {name}, only {all:?}")
        })
    }

    pub(crate) fn secs(&self, frames: usize) -> f32 {
        frames as f32 / self.rate
    }

    pub(crate) fn face(&self, frame: usize, shape: FaceShape) -> f32 {
        self.frames[frame].face[shape.index()]
    }

    pub(crate) fn joint(&self, frame: usize, bone: Bone) -> Vec3 {
        self.postures[frame][bone.index()].translation
    }

    pub(crate) fn part(&self, frame: usize, side: Side, part: HandPart) -> Vec3 {
        let at = avatar().hand_part(side, part).unwrap();
        self.postures[frame][at.bone.index()].point(at.point_in_bone)
    }

    pub(crate) fn wrist(&self, frame: usize, side: Side) -> Vec3 {
        self.joint(frame, Bone::on(side, "Hand").unwrap())
    }

    /// How high a wrist is above the hips, as a share of the shoulders' height above them.
    pub(crate) fn height(&self, frame: usize, side: Side) -> f32 {
        let (hips, shoulder) = (self.joint(frame, Bone::Hips), self.joint(frame, Bone::RightUpperArm));
        (self.wrist(frame, side).y - hips.y) / (shoulder.y - hips.y)
    }

    /// How far a wrist is from where it rests, metres.
    pub(crate) fn lifted(&self, frame: usize, side: Side) -> f32 {
        self.wrist(frame, side).distance(self.wrist(0, side))
    }

    /// Which way the index finger points.
    pub(crate) fn index(&self, frame: usize, side: Side) -> Vec3 {
        let base = self.joint(frame, Bone::on(side, "IndexProximal").unwrap());
        (self.part(frame, side, HandPart::Tip(Finger::Index)) - base).normalize_or_zero()
    }

    /// How many fingers of a hand are out, the thumb left aside.
    pub(crate) fn fingers(&self, frame: usize, side: Side) -> usize {
        let at = |name: &str| self.joint(frame, Bone::on(side, name).unwrap());
        let along = (at("MiddleProximal") - at("Hand")).normalize_or_zero();
        let out = |finger: Finger, name: &str| {
            let base = at(&format!("{name}Proximal"));
            let middle = at(&format!("{name}Intermediate"));
            let tip = self.part(frame, side, HandPart::Tip(finger));
            let straight = (tip - base).normalize_or_zero().dot((middle - base).normalize_or_zero());
            straight > 0.85 && (tip - base).normalize_or_zero().dot(along) > 0.25
        };
        let fingers =
            [(Finger::Index, "Index"), (Finger::Middle, "Middle"), (Finger::Ring, "Ring"), (Finger::Little, "Little")];
        fingers.into_iter().filter(|(finger, name)| out(*finger, name)).count()
    }

    /// Whether a finger or a palm is between an eye and who looks at the signer from ahead.
    pub(crate) fn covers_an_eye(&self, frame: usize) -> bool {
        /// Half a finger and half an iris, metres.
        const APART_M: f32 = 0.014;
        const KNUCKLES: [(Finger, [&str; 2]); 5] = [
            (Finger::Thumb, ["ThumbMetacarpal", "ThumbProximal"]),
            (Finger::Index, ["IndexProximal", "IndexIntermediate"]),
            (Finger::Middle, ["MiddleProximal", "MiddleIntermediate"]),
            (Finger::Ring, ["RingProximal", "RingIntermediate"]),
            (Finger::Little, ["LittleProximal", "LittleIntermediate"]),
        ];
        let before = |eye: Vec3, from: Vec3, to: Vec3| {
            let (flat, along) = (from.truncate(), (to - from).truncate());
            let share = ((eye.truncate() - flat).dot(along) / along.length_squared().max(1e-9)).clamp(0.0, 1.0);
            let nearest = from.lerp(to, share);
            nearest.z > eye.z && nearest.truncate().distance(eye.truncate()) < APART_M
        };
        let eyes = [Lateral::Left, Lateral::Right].map(|lateral| {
            let spot = avatar().site(BodySite::Eye, lateral).unwrap();
            self.postures[frame][spot.bone.index()].point(spot.point_in_bone)
        });
        [Side::Left, Side::Right].into_iter().any(|side| {
            KNUCKLES.into_iter().any(|(finger, knuckles)| {
                let [root, middle] = knuckles.map(|name| self.joint(frame, Bone::on(side, name).unwrap()));
                let chain = [self.wrist(frame, side), root, middle, self.part(frame, side, HandPart::Tip(finger))];
                chain.windows(2).any(|way| eyes.iter().any(|&eye| before(eye, way[0], way[1])))
            })
        })
    }

    /// The head's turn to the signer's left, radians.
    pub(crate) fn yaw(&self, frame: usize) -> f32 {
        let facing = self.postures[frame][Bone::Head.index()].rotation * Vec3::Z;
        facing.x.atan2(facing.z)
    }

    /// The head's tilt upwards, radians.
    pub(crate) fn pitch(&self, frame: usize) -> f32 {
        (self.postures[frame][Bone::Head.index()].rotation * Vec3::Z).y.asin()
    }

    /// Metres that a wrist covers in a stretch.
    pub(crate) fn way(&self, token: &Stretch, side: Side) -> f32 {
        (token.start + 1..=token.end).map(|at| self.wrist(at, side).distance(self.wrist(at - 1, side))).sum()
    }
}
